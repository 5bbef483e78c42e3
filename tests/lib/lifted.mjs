// A decision or an action as a line of the minutes leaves it, without writing minutes: for tests of what becomes of it.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';

let serial = 0;
const value = (v) => (v === null ? 'NULL' : typeof v === 'number' ? v : `'${v}'`);

// table: decision or action; meeting: its id. → the row, with id and text.
export function lifted(k, table, meeting, fields = {}) {
  const row = { id: crypto.randomUUID(), text: `Lyft ur protokollet ${++serial}`, position: 50 + serial, modified: '2026-11-22T09:00:00.000Z', ...fields };
  if (table === 'decision') Object.assign(row, { year: 2026, decided_on: '2026-05-21' });
  const names = Object.keys(row);
  const input = `INSERT INTO ${table} (group_key, meeting_key, ${names.join(', ')}) SELECT group_key, key, ${names.map((n) => value(row[n])).join(', ')} FROM meeting WHERE id = '${meeting}';`;
  execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input });
  return row;
}
