// A backup is brought back after all of it was looked through; what is damaged, cut off, newer or no backup at
// all makes no register. Every command explains itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { run, start } from '../lib/kansli.mjs';
import { gaveUp } from '../lib/said.mjs';

const now = { KANSLI_NOW: '2026-11-22T10:00:00Z' };
let k, dir, backup, support;
const at = (name) => path.join(dir, name);
const sqlite = (db, sql) => execFileSync('sqlite3', [db, sql], { encoding: 'utf8' });
const cli = (...args) => run(args, { env: now });
const refuses = async (code, pattern, ...args) => gaveUp(await cli(...args), code, pattern);
const noRestore = async (pattern, file) => {
  await refuses(1, pattern, 'restore', '--db', at('nej.db'), file);
  assert.deepEqual(fs.readdirSync(dir).filter((name) => name.startsWith('nej.db')), []);
};
const seal = 82; // bytes of the last line, which vouches for the others
const spoiled = (name, change) => {
  const file = at(name);
  fs.copyFileSync(backup, file);
  change(file);
  return file;
};

before(async () => {
  k = await start({ demo: true, env: now });
  dir = path.dirname(k.db);
  support = await k.token('support@kansli.example');
  backup = at('säkerhet.db');
});

test('a backup taken while others write is brought back, serves, and says what it said', async () => {
  let over = false, n = 0;
  const writer = (async () => {
    while (!over) assert.equal((await k.api('/glossary', { method: 'POST', token: support, body: { abbreviation: `SK${++n}`, name: 'Under tiden' } })).status, 201);
  })();
  const said = await k.cli('backup', backup);
  over = true;
  await writer;
  assert.deepEqual([said.code, said.stderr], [0, '']);
  assert.deepEqual(await cli('restore', '--db', at('ny.db'), backup), { code: 0, stdout: '', stderr: '' });
  const other = await start({ db: at('ny.db'), env: now });
  const where = '/groups?limit=500';
  const [mine, theirs] = [await k.api(where, { token: support }), await other.api(where, { token: support })];
  assert.equal(theirs.text.replaceAll(other.url, ''), mine.text.replaceAll(k.url, ''));
  assert.equal((await other.api('/glossary', { method: 'POST', token: support, body: { abbreviation: 'EFTER', name: 'Efter' } })).status, 201);
});

test('what is damaged, cut off or not whole is told in one line, and makes nothing', async () => {
  const whole = fs.readFileSync(backup);
  await noRestore(/damaged or cut off/, spoiled('kapad.db', (file) => fs.truncateSync(file, whole.length - 4096 * 10)));
  await noRestore(/damaged or cut off/, spoiled('halv.db', (file) => fs.truncateSync(file, 5000)));
  await noRestore(/damaged or cut off/, spoiled('skadad.db', (file) => {
    const bytes = Buffer.from(whole);
    bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 65536);
    fs.writeFileSync(file, bytes);
  }));
  await noRestore(/damaged or cut off/, spoiled('lös.db', (file) =>
    sqlite(file, 'PRAGMA foreign_keys = OFF; DELETE FROM body WHERE key IN (SELECT key FROM workgroup LIMIT 1);')));
});

test('a letter in a text that another took the place of is noticed, and so is any other byte', async () => {
  const whole = fs.readFileSync(backup);
  assert.match(whole.subarray(-seal).toString(), /^kansli backup 1: [0-9a-f]{64}\n$/);
  const name = whole.indexOf('Palliativ vård');
  assert.ok(name > 0);
  for (const place of [name, 5000, Math.floor(whole.length / 3), whole.length - 4096, whole.length - seal, whole.length - 1])
    await noRestore(/damaged or cut off/, spoiled(`byte-${place}.db`, (file) => {
      const bytes = Buffer.from(whole);
      bytes[place] ^= 1;
      fs.writeFileSync(file, bytes);
    }));
});

test('a register that is served from the backup itself goes on as any other', async () => {
  const file = spoiled('direkt.db', () => {});
  const served = await start({ db: file, env: now });
  assert.equal((await served.api('/glossary', { method: 'POST', token: support, body: { abbreviation: 'DIR', name: 'Direkt' } })).status, 201);
  await served.stop();
  assert.equal(fs.statSync(file).size % 512, 0);
  assert.equal((await cli('restore', '--db', at('direkt-ny.db'), file)).code, 0);
});

test('what is no backup of ours, or a newer program\'s, is refused; nothing is written over', async () => {
  const text = at('anteckningar.txt');
  fs.writeFileSync(text, 'x'.repeat(9000));
  await noRestore(/not a register/, text);
  const foreign = at('annan.db');
  sqlite(foreign, 'CREATE TABLE a (b)');
  await noRestore(/not a register/, foreign);
  await noRestore(/newer than this program/, spoiled('nyare.db', (file) =>
    sqlite(file, "INSERT INTO schema_migration SELECT 9999, '9999_future.sql', checksum, at FROM schema_migration LIMIT 1")));
  await noRestore(/another version of 0003_/, spoiled('annorlunda.db', (file) =>
    sqlite(file, "UPDATE schema_migration SET checksum = 'x' WHERE number = 3")));
  await noRestore(/no register at this path/, at('finns-inte.db'));
  await refuses(1, /exists already/, 'restore', '--db', k.db, backup);
  await refuses(1, /cannot be read/, 'import', '--db', at('nej.db'), dir);
  await refuses(1, /directory/, 'restore', '--db', '/nowhere/x.db', backup);
});

test('one of an older program is brought back as it is, and says what comes next', async () => {
  const older = spoiled('äldre.db', (file) => {
    fs.truncateSync(file, fs.statSync(file).size - seal);
    sqlite(file, 'DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration)');
  });
  assert.equal((await cli('restore', '--db', at('äldre-ny.db'), older)).code, 0);
  await refuses(1, /kansli migrate/, 'check', '--db', at('äldre-ny.db'));
});

test('many rows that were only tried, by a command alone, leave nothing in the register', async () => {
  const alone = spoiled('torr.db', () => {}), file = at('torr.csv');
  fs.writeFileSync(file, `Förnamn;Efternamn\n${Array.from({ length: 201 }, (_, i) => `Nr${i};Torrsson\n`).join('')}`);
  const dry = await cli('import', '--db', alone, '--resource', 'persons', '--dry-run', file);
  assert.deepEqual(dry, { code: 0, stdout: 'tried: 201 new, 0 changed, 0 the same, 0 with errors\n', stderr: '' });
  assert.equal(sqlite(alone, 'SELECT (SELECT count(*) FROM import_run) + (SELECT count(*) FROM import_row)').trim(), '0');
});

test('check says what it found, for people and for programs, and exits 1 for an error', async () => {
  const fine = await k.cli('check', '--json');
  const found = JSON.parse(fine.stdout);
  assert.equal(fine.code, 0);
  assert.ok(found.length > 5 && found.every((one) => one.rule && one.severity && one.message && one.href));
  assert.match((await k.cli('check')).stdout, new RegExp(`${found.length} found, 0 of them errors\n$`));
  const broken = spoiled('bruten.db', (file) =>
    sqlite(file, "UPDATE membership SET end_date = '1990-01-01' WHERE key = (SELECT min(key) FROM membership)"));
  const wrong = await cli('check', '--db', broken, '--json');
  assert.equal(wrong.code, 1);
  assert.ok(JSON.parse(wrong.stdout).some((one) => one.severity === 'error'));
});

test('every command explains itself, and a word that it does not know exits 2', async () => {
  const { stdout } = await cli('--help');
  const words = [...stdout.matchAll(/^ {2}(\w+) /gm)].map((match) => match[1]);
  for (const word of ['init', 'serve', 'check', 'migrate', 'backup', 'restore', 'export', 'import', 'user', 'token', 'openapi', 'version'])
    assert.ok(words.includes(word), word);
  for (const word of words) {
    const help = await cli(word, '--help');
    assert.deepEqual([help.code, help.stderr], [0, ''], word);
    assert.match(help.stdout, new RegExp(`^kansli ${word}`));
    await refuses(2, /x-okänt|does not know the word|option/, word, ...(/--db/.test(help.stdout) ? ['--db', k.db] : []), 'ett', 'två', 'tre', 'x-okänt');
  }
  await refuses(2, /restore/, 'restore', '--db', at('nej.db'));
  await refuses(2, /restore/, 'restore', backup);
  await refuses(2, /backup/, 'backup', '--db', k.db);
});
