// Writes src/base/unicode_table.h from what this Node knows of Unicode:
//
//     node tests/tools/unicode-table.mjs > src/base/unicode_table.h
//
// The result is committed: a collation stands in an index and must not change with a library. Who
// regenerates it with a newer Unicode must rebuild the indexes that use text_compare_sv.
//
// JavaScript tells decompositions and lower case directly. Combining classes it does not tell, but
// normalisation sorts marks by them, so their order is found by asking which marks change places.

const all = [];
for (let c = 0xa0; c < 0x110000; c++) {
    if (c >= 0xac00 && c <= 0xd7a3) continue; // Hangul syllables: by arithmetic in utf8.c
    if (c >= 0xd800 && c <= 0xdfff) continue;
    all.push(c);
}
const text = String.fromCodePoint;
const codes = (s) => [...s].map((x) => x.codePointAt(0));
const nfd = (s) => s.normalize('NFD');
const hex = (c) => '0x' + c.toString(16).toUpperCase();

// Full canonical decompositions, texts shared in one pool.
const pool = [], decompositions = [];
for (const c of all) {
    const parts = codes(nfd(text(c)));
    if (parts.length === 1 && parts[0] === c) continue;
    let at = pool.findIndex((_, i) => parts.every((p, k) => pool[i + k] === p));
    if (at < 0) {
        at = pool.length;
        pool.push(...parts);
    }
    decompositions.push([c, at, parts.length]);
}

// Primary composites: first and last half of what composes again.
const compositions = [];
for (const [c, , length] of decompositions) {
    if (length < 2 || text(c).normalize('NFC') !== text(c)) continue;
    const parts = codes(nfd(text(c)));
    const first = codes(text(...parts.slice(0, -1)).normalize('NFC'));
    if (first.length !== 1) throw new Error(`no pair for ${hex(c)}`);
    compositions.push([first[0], parts.at(-1), c]);
}
compositions.sort((a, b) => a[0] - b[0] || a[1] - b[1]);

// Marks in the order of their combining classes.
const swaps = (a, b) => nfd(text(a, b)) !== text(a, b);
const lowest = 0x334, highest = 0x345;
const classes = [];
const marks = [];
for (const c of all) {
    if (!/\p{M}/u.test(text(c)) || nfd(text(c)) !== text(c)) continue;
    if (swaps(highest, c) || swaps(c, lowest) || c === lowest || c === highest) marks.push(c);
}
for (const c of marks)
    if (!classes.some((k) => !swaps(k, c) && !swaps(c, k))) classes.push(c);
classes.sort((a, b) => (swaps(b, a) ? -1 : 1));
const ranges = [];
for (const c of marks) {
    const rank = 1 + classes.findIndex((k) => !swaps(k, c) && !swaps(c, k));
    const last = ranges.at(-1);
    if (last && last[1] === c - 1 && last[2] === rank) last[1] = c;
    else ranges.push([c, c, rank]);
}

// Lower case of single code points, as runs with one difference and a step of 1 or 2.
const lowers = [];
for (const c of all) {
    const lower = codes(text(c).toLowerCase());
    if (lower.length !== 1 || lower[0] === c) continue;
    const difference = lower[0] - c, last = lowers.at(-1);
    const step = last ? c - last[1] : 0;
    if (last && last[3] === difference && (last[0] === last[1] ? step <= 2 : step === last[2])) {
        last[1] = c;
        last[2] = step;
    } else {
        lowers.push([c, c, 1, difference]);
    }
}

const rows = (list) => {
    const lines = [''];
    for (const item of list) {
        const next = item + ', ';
        if ((lines.at(-1) + next).length > 95) lines.push('');
        lines[lines.length - 1] += next;
    }
    return lines.map((l) => '    ' + l.trimEnd()).join('\n');
};
const struct = (list) => rows(list.map((r) => `{ ${r.join(', ')} }`));

console.log(`/* unicode_table.h: canonical decompositions, combining classes and lower case of Unicode ${process.versions.unicode}.
 *
 * Written by tests/tools/unicode-table.mjs; not for editing. Included by utf8.c only. */
#ifndef KANSLI_UNICODE_TABLE_H
#define KANSLI_UNICODE_TABLE_H

#include <stdint.h>

/* The full decomposition of a code point: \`length\` code points in the pool. Sorted by code. */
static const struct decomposition {
    uint32_t code;
    uint16_t at;
    uint16_t length;
} decompositions[] = {
${struct(decompositions.map(([c, at, n]) => [hex(c), at, n]))}
};

static const uint32_t decomposition_pool[] = {
${rows(pool.map(hex))}
};

/* Two code points and the one they compose to. Sorted by first, then second. */
static const struct composition {
    uint32_t first, second, code;
} compositions[] = {
${struct(compositions.map((r) => r.map(hex)))}
};

/* Combining marks by rank: ranks order as combining classes do, but are numbered from 1. */
enum { MARK_RANKS = ${classes.length} };
static const struct mark_range {
    uint32_t first, last;
    uint32_t rank;
} mark_ranges[] = {
${struct(ranges.map(([a, b, r]) => [hex(a), hex(b), r]))}
};

/* Letters with a lower case: every step-th code point from first to last, and the difference. */
static const struct lower_range {
    uint32_t first, last;
    int32_t step, difference;
} lower_ranges[] = {
${struct(lowers.map(([a, b, s, d]) => [hex(a), hex(b), s, d]))}
};

#endif`);
