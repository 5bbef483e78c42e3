/* heap: pieces hold what was put there, whoever frees them and in whatever order. */
#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/heap.h>

enum { PIECES = 4000 };

static void *piece[PIECES];

static size_t size_of(int i)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 40, 200, 8191, 8192, 100000};

    return sizes[(size_t)i % LEN(sizes)];
}

static void fill(void)
{
    for (int i = 0; i < PIECES; i++) {
        piece[i] = heap_alloc(size_of(i));
        memset(piece[i], i % 251, size_of(i));
    }
}

static void check(void)
{
    for (int i = 0; i < PIECES; i++) {
        const unsigned char *byte = piece[i];
        assert_int_equal((uintptr_t)piece[i] % _Alignof(max_align_t), 0);
        for (size_t j = 0; j < size_of(i); j += 97)
            assert_int_equal(byte[j], i % 251);
    }
}

static void *free_half(void *from)
{
    for (int i = *(int *)from; i < PIECES; i += 2)
        heap_free(piece[i]);
    return NULL;
}

static void pieces_do_not_overlap(void **state)
{
    fill();
    check();
    free_half(&(int){0});
    free_half(&(int){1});
}

static void pieces_may_be_freed_by_other_threads(void **state)
{
    for (int round = 0; round < 5; round++) {
        pthread_t other;
        int odd = 1, even = 0;

        fill();
        check();
        assert_int_equal(pthread_create(&other, NULL, free_half, &odd), 0);
        free_half(&even);
        assert_int_equal(pthread_join(other, NULL), 0);
    }
}

static void *build(void *unused)
{
    fill();
    return unused;
}

static void pieces_outlive_the_thread_that_asked_for_them(void **state)
{
    pthread_t other;

    assert_int_equal(pthread_create(&other, NULL, build, NULL), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    check();
    free_half(&(int){0});
    free_half(&(int){1});
}

static void nothing_can_be_freed(void **state)
{
    heap_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(pieces_may_be_freed_by_other_threads),
        cmocka_unit_test(pieces_outlive_the_thread_that_asked_for_them),
        cmocka_unit_test(nothing_can_be_freed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
