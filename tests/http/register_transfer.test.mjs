// A whole register goes out as text and comes in again: the same bytes, the same answers, nothing left out,
// whatever tables there are. A file that is not whole makes no register.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { binary, run, start } from '../lib/kansli.mjs';
import { gaveUp } from '../lib/said.mjs';

const now = { KANSLI_NOW: '2026-11-22T10:00:00Z' };
let k, dir, out, copy, lines, support;
const at = (name) => path.join(dir, name);
const sqlite = (db, sql) => execFileSync('sqlite3', [db, sql], { encoding: 'utf8' });
const cli = (...args) => run(args, { env: now });
const refuses = async (code, pattern, ...args) => gaveUp(await cli(...args), code, pattern);

before(async () => {
  k = await start({ demo: true, env: now });
  dir = path.dirname(k.db);
  support = await k.token('support@kansli.example');
  // What a worked example lacks: a session, a tombstone, something undone.
  await k.login('support@kansli.example', 'kansli-demo-2026');
  const word = await k.api('/glossary', { method: 'POST', token: support, body: { abbreviation: 'BORT', name: '“Åäö” \\ "citat"', text: 'rad 1\nrad 2' } });
  const gone = await k.api('/glossary', { method: 'POST', token: support, body: { abbreviation: 'GRAV', name: 'Borta' } });
  await k.api(`/glossary/${gone.json.id}`, { method: 'DELETE', token: support, headers: { 'if-match': gone.etag } });
  assert.equal(word.status, 201);
  out = at('allt.jsonl');
  const said = await cli('export', '--db', k.db, '--out', out);
  assert.deepEqual([said.code, said.stdout, said.stderr], [0, '', '']);
  lines = fs.readFileSync(out, 'utf8').trimEnd().split('\n');
  copy = at('kopia.db');
  assert.equal((await cli('import', '--db', copy, out)).code, 0);
});

describe('a whole register', () => {
  test('comes back equal: its own export is the same to the byte, and it holds', async () => {
    const { stdout, code } = await cli('export', '--db', copy);
    assert.equal(code, 0);
    assert.ok(stdout === fs.readFileSync(out, 'utf8'), 'not the same bytes');
    const found = JSON.parse((await cli('check', '--db', copy, '--json')).stdout);
    assert.deepEqual(found.filter((one) => one.severity === 'error'), []);
    assert.equal((await cli('backup', '--db', copy, at('kopians-kopia.db'))).code, 0, 'every page and reference is looked through');
    assert.equal(fs.statSync(out).mode & 0o777, 0o600, 'as confidential as the register');
  });

  test('leaves no table out: every one is there with all of its rows', () => {
    const tables = sqlite(k.db, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT IN ('sqlite_schema', 'sqlite_stat1', 'sqlite_stat4')").trim().split('\n').sort();
    const read = {};
    let table;
    for (const line of lines.slice(1, -1).map((text) => JSON.parse(text)))
      if (Array.isArray(line)) read[table]++;
      else { table = line.table; read[table] = 0; }
    assert.deepEqual(Object.keys(read).sort(), tables);
    for (const name of tables.filter((one) => !one.startsWith('search_') || one === 'search_entry'))
      assert.equal(read[name], Number(sqlite(k.db, `SELECT count(*) FROM "${name}" NOT INDEXED`)), name);
    for (const name of ['person', 'audit_event', 'tombstone', 'session', 'paper_piece', 'token', 'search_text', 'search_minutes'])
      assert.ok(read[name] > 0, `${name}: the test has nothing to lose there`);
  });

  test('carries a table that nobody has told it of', async () => {
    const grown = at('vuxen.db');
    fs.copyFileSync(copy, grown);
    sqlite(grown, "CREATE TABLE later (key INTEGER PRIMARY KEY, what TEXT, twice TEXT AS (what || what)) STRICT; INSERT INTO later (what) VALUES ('mer'), (NULL); CREATE TABLE pair (a TEXT, b INTEGER, PRIMARY KEY (b, a)) STRICT, WITHOUT ROWID; INSERT INTO pair VALUES ('y', 1), ('x', 1);");
    const { stdout } = await cli('export', '--db', grown);
    assert.match(stdout, /\{"table":"later","columns":\["key","what"\]\}\n\[1,"mer"\]\n\[2,null\]\n/);
    assert.match(stdout, /\{"table":"pair","columns":\["a","b"\]\}\n\["x",1\]\n\["y",1\]\n/);
    fs.writeFileSync(at('vuxen.jsonl'), stdout);
    await refuses(1, /later/, 'import', '--db', at('nej.db'), at('vuxen.jsonl'));
  });

  test('answers every list and search as before, to the administrator and the support function', async () => {
    const other = await start({ db: copy, env: now });
    const admin = (await k.cli('token', 'add', '--account', 'admin@kansli.example', '--scope', 'read')).stdout.trim();
    const theirs = (await other.cli('token', 'add', '--account', 'admin@kansli.example', '--scope', 'read')).stdout.trim();
    const { paths } = (await k.api('/openapi.json')).json;
    const lists = Object.keys(paths).filter((where) => !where.includes('{') && paths[where].get);
    assert.ok(lists.length > 40);
    const skip = /openapi|api-info|^\/me\/tokens|audit-events|\/exports\/|try|dcat|catalog/;
    const same = async (where, mine, yours) => {
      const [a, b] = await Promise.all([k.api(where, { token: mine }), other.api(where, { token: yours })]);
      const text = (reply, register) => reply.text.replaceAll(register.url.replace('http:', ''), '').replace(/"instance":"[^"]*"/, '');
      assert.equal(a.status, b.status, where);
      assert.equal(text(a, k), text(b, other), where);
    };
    for (const where of lists.filter((one) => !skip.test(one))) {
      await same(`${where}${paths[where].get.parameters?.some((p) => p.$ref?.endsWith('/limit') || p.name === 'limit') ? '?limit=100' : ''}`, support, support);
      if (/accounts|settings|mails|checks/.test(where)) await same(where, admin, theirs);
    }
    await same('/search?q=palliativ', support, support);
    await same('/search?q=beslut&type=minutes', support, support);
    await same('/glossary?modifiedSince=2026-11-22T00:00:00Z', support, support);
    assert.equal((await other.api('/glossary', { method: 'POST', token: support, body: { abbreviation: 'NYTT', name: 'Det går vidare' } })).status, 201);
    const jar = await other.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    assert.equal((await jar.get('/')).status, 200);
  });
});

describe('what makes no register', () => {
  // A small one: each attempt makes a register and throws it away.
  let lines;
  before(async () => {
    const db = at('liten.db');
    assert.equal((await cli('init', '--db', db)).code, 0);
    for (const name of ['en', 'två']) assert.equal((await cli('user', 'add', '--db', db, `${name.replace('å', 'a')}@kansli.example`, '--role', 'support')).code, 0);
    lines = (await cli('export', '--db', db)).stdout.trimEnd().split('\n');
  });
  const attempt = async (pattern, text, ...more) => {
    fs.writeFileSync(at('fel.jsonl'), text);
    await refuses(1, pattern, 'import', '--db', at('nej.db'), at('fel.jsonl'), ...more);
    assert.deepEqual(fs.readdirSync(dir).filter((name) => name.startsWith('nej.db')), [], 'nothing is left of it');
  };
  const joined = (all) => `${all.join('\n')}\n`;
  const first = (table) => lines.indexOf(lines.find((line) => line.startsWith(`{"table":"${table}"`))) + 1;
  const changed = (n, edit) => joined(lines.map((line, i) => (i === n ? edit(line) : line)));

  test('a file that was cut off, altered, or is something else: one line says where', async () => {
    await attempt(/ends after line 200/, joined(lines.slice(0, 200)));
    await attempt(/Line 301 is not JSON/, changed(300, (line) => line.slice(0, -3)));
    await attempt(/altered/, changed(first('glossary'), (line) => line.replace(/"[^"]{3,}"/, '"annat"')));
    await attempt(/altered/, joined(lines.filter((line, i) => i !== first('glossary') + 1)));
    await attempt(/no export of a whole register/, '{"a":1}\n');
    await attempt(/no export of a whole register/, 'Namn;E-post\nBo Ek;bo@region.example\n');
    await attempt(/ends after line 0/, '');
    await attempt(/after the end/, joined([...lines, '[1]']));
  });

  test('a row that no register has: the line and the member are named', async () => {
    const n = first('account');
    const columns = JSON.parse(lines[n - 1]).columns;
    const edit = (name, value) => changed(n, (line) => { const row = JSON.parse(line); row[columns.indexOf(name)] = value; return JSON.stringify(row); });
    await attempt(new RegExp(`Line ${n + 1}: [^\\n]*account\\.disabled`), edit('disabled', 'kanske'));
    await attempt(new RegExp(`Line ${n + 1}: [^\\n]*account\\.id`), edit('id', null));
    await attempt(new RegExp(`Line ${n + 2}: [^\\n]*account\\.`), changed(n + 1, () => lines[n]));
    await attempt(new RegExp(`Line ${n + 1}: value 2`), edit(columns[1], [1]));
    await attempt(new RegExp(`Line ${n + 1}: [^\\n]*account`), changed(n, (line) => line.replace(/^\[\d+,/, '[')));
    await attempt(/no table trollkarl/, changed(n - 1, () => '{"table":"trollkarl","columns":["key"]}'));
    await attempt(/columns of account/, changed(n - 1, (line) => line.replace('"key",', '')));
    const without = lines.filter((line, i) => i < first('gap') - 1 || i >= first('glossary') - 1);
    await attempt(/table gap is missing/, joined(without));
    await attempt(/another version/, changed(0, (line) => line.replace('0005_plans', '0005_planer')));
  });

  test('what was altered with care, digest and all, makes no register that cannot be opened', async () => {
    const from = first('schema_migration');
    const kept = lines.slice(0, -1).filter((line, i) => i < from || line.startsWith('{"table"') || i >= from + JSON.parse(lines[0]).schema.length);
    let digest = '';
    for (const line of kept) digest = crypto.createHash('sha256').update(digest + line).digest('hex');
    const rows = kept.filter((line) => line.startsWith('[')).length;
    await attempt(/kansli migrate/, joined([...kept, JSON.stringify({ end: true, rows, digest })]));
  });

  test('what could not be written was not done', async () => {
    for (const words of ['openapi', 'version', `check --db ${k.db}`, `export --db ${k.db} --resource groups`, `export --db ${k.db}`]) {
      const { status, stderr } = spawnSync('sh', ['-c', `"$0" ${words} > /dev/full`, binary()], { encoding: 'utf8' });
      assert.equal(status, 1, words);
      assert.match(stderr, /could not be written/, words);
    }
  });

  test('nothing is ever written over, and a stream will do', async () => {
    const before_ = fs.readFileSync(at('kopians-kopia.db'));
    await refuses(1, /kopia\.db: The file exists/, 'import', '--db', at('kopians-kopia.db'), out);
    await refuses(1, /allt\.jsonl: The file exists/, 'export', '--db', copy, '--out', out);
    assert.ok(fs.readFileSync(at('kopians-kopia.db')).equals(before_));
    const said = await run(['import', '--db', at('ström.db'), '-'], { env: now, input: fs.readFileSync(out) });
    assert.equal(said.code, 0, said.stderr);
    await refuses(1, /cannot be read/, 'import', '--db', at('nej.db'), at('finns-inte.jsonl'));
    await refuses(1, /directory/, 'import', '--db', '/nowhere/x.db', out);
  });
});
