/* heap.h: memory for JSON documents, which are built of a thousand small pieces and freed at once.
 *
 * Given to Jansson in main.c instead of malloc. A piece may be freed by another thread than the one
 * that asked for it. Not for what lives long: one piece keeps its whole chunk. */
#ifndef KANSLI_HEAP_H
#define KANSLI_HEAP_H

#include <kansli/base.h>

/* `size` bytes, aligned for any type; never NULL. Given back by heap_free only. */
void *heap_alloc(size_t size);
/* NULL is fine. */
void heap_free(void *piece);

#endif
