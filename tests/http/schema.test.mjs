// What all migrations add up to, as a file that a reviewer can read: tests/schema.sql. After a new migration,
// KANSLI_WRITE_SCHEMA=1 node --test tests/http/schema.test.mjs writes it anew.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../lib/kansli.mjs';

const golden = new URL('../schema.sql', import.meta.url);

test('the migrations add up to the schema that is written down', async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kansli-schema-'));
  try {
    const db = path.join(dir, 'register.db');
    await run(['init', '--db', db]);
    const query = "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND sql NOT LIKE 'CREATE TABLE ''%' "
      + "AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, tbl_name, name";
    const schema = execFileSync('sqlite3', [db, query], { encoding: 'utf8' });
    if (process.env.KANSLI_WRITE_SCHEMA) fs.writeFileSync(golden, schema);
    assert.equal(schema, fs.readFileSync(golden, 'utf8'));
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
});
