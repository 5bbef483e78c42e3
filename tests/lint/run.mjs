// `make lint`: every rule over the whole tree. Exit code 1 when one is broken; warnings do not count.
//
//   node tests/lint/run.mjs [--quiet] [PATH…]   only findings under these paths; --quiet: no warnings
import path from 'node:path';
import { calls, comments, headers, includes, sql } from './c.mjs';
import { catalogue, translations, wellFormed } from './po.mjs';
import { strangers, templates, words } from './text.mjs';
import { readTree, root } from './tree.mjs';

const files = readTree();
const quiet = process.argv.includes('--quiet');
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const rules = [includes, calls, comments, headers, sql, templates, strangers, words, translations];
const found = [...rules.flatMap((rule) => rule(files)), ...wellFormed(path.join(root, catalogue))]
  .filter((one) => only.length === 0 || only.some((prefix) => one.path.startsWith(prefix)))
  .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));

const errors = found.filter((one) => !one.warn);
for (const { path: where, line, rule, message, warn } of found) {
  if (!warn || !quiet) console.log(`${where}:${line}: ${warn ? 'warning: ' : ''}${rule}: ${message}`);
}
console.log(`lint: ${files.length} files, ${errors.length} errors, ${found.length - errors.length} warnings`);
process.exitCode = errors.length ? 1 : 0;
