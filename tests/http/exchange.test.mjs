// Lists go out as files and come back without loss; files as process leaders keep them come in, tried
// cell by cell, applied as a whole, undone. Hostile files are refused in little memory.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { before, describe, test } from 'node:test';
import { chosen } from '../lib/jar.mjs';
import { figure, long, start } from '../lib/kansli.mjs';
import { cell, repeated, rowsOf, workbook, zip } from '../lib/workbook.mjs';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
let k, support, officer, reader;
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  support = { token: await k.token('support@kansli.example') };
  officer = { token: await k.token('karin.bergstrom@kansli.example') };
  reader = await k.actor(null);
});

const rule = (reply, status, name) => assert.deepEqual([reply.status, reply.json?.rule], [status, name], reply.text);

// The bytes of an answer: api() reads text.
async function bytes(where, token) {
  const reply = await fetch(`${k.url}/api/v1${where}`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  assert.equal(reply.status, 200, where);
  return { reply, body: Buffer.from(await reply.arrayBuffer()) };
}

// A CSV text of ours as rows of cells.
function parse(text) {
  assert.ok(text.startsWith('\ufeff'), 'the mark that Excel wants');
  const rows = [[]];
  let at = 1;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) { value += text[at]; if (text[at] === '"') at++; }
      at++;
    } else while (at < text.length && !';\r'.includes(text[at])) value += text[at++];
    rows.at(-1).push(value);
    if (text[at] === ';') { at++; continue; }
    assert.equal(text.slice(at, at + 2), '\r\n');
    at += 2;
    rows.push([]);
  }
  rows.pop();
  return rows;
}

const send = (where, body, { token = support.token, type = 'text/csv' } = {}) =>
  k.api(where, { method: 'POST', token, body, headers: { 'content-type': type } });
const working = ['trying', 'applying', 'undoing'];
// The import when nothing is being done with its rows: many are gone through in the background.
const settled = async (id, token = support.token, register = k) => {
  for (let n = 0; n < 600; n++) {
    const reply = await register.api(`/imports/${id}`, { token });
    if (!working.includes(reply.json.status)) return reply;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`import ${id} goes on and on`);
};
const importing = async (body, { resource = 'persons', more = '', ...options } = {}) => {
  const reply = await send(`/imports?resource=${resource}${more}`, body, options);
  assert.equal(reply.status, 201, reply.text);
  return working.includes(reply.json.status) ? settled(reply.json.id, options.token) : reply;
};
const rows = async (reply, { token = support.token, query = '' } = {}) =>
  (await k.api(`/imports/${reply.json.id}/rows?limit=500${query}`, { token })).json.items;
const states = (row) => Object.fromEntries(row.cells.filter((c) => c.value !== '').map((c) => [c.field, c.state]));
const apply = (reply, body = {}, token = support.token) =>
  k.api(`/imports/${reply.json.id}/applications`, { method: 'POST', token, body });
const undo = async (reply, token = support.token) => {
  const { etag } = await k.api(`/imports/${reply.json.id}`, { token });
  return k.api(`/imports/${reply.json.id}`, { method: 'DELETE', token, headers: { 'if-match': etag } });
};
const people = async (q) => (await k.api(`/persons?q=${encodeURIComponent(q)}&limit=100`, { token: support.token })).json.items;
const counts = (n, c, s, e) => ({ new: n, changed: c, same: s, error: e });

describe('a list as a file', () => {
  test('holds every row of the list, not a page, with headings in the reader\'s language', async () => {
    const list = (await k.api('/groups?limit=500')).json;
    const { reply, body } = await bytes('/groups?format=csv');
    const [headings, ...lines] = parse(body.toString());
    assert.equal(lines.length, list._meta.totalRecords);
    assert.ok(headings.includes('Sjukvårdsregion (id)') && headings.includes('Sjukvårdsregion'), headings.join());
    assert.match(reply.headers.get('content-disposition'), /^attachment; filename="groups-2026-11-22\.csv"$/);
    assert.match(reply.headers.get('content-type'), /^text\/csv/);
    const id = headings.indexOf('Adress'), name = headings.indexOf('Fullständigt namn');
    assert.deepEqual(lines.map((l) => [l[id], l[name]]), list.items.map((i) => [i.id, i.fullName]));
    const english = await k.api('/groups?format=csv', { headers: { 'accept-language': 'en' } });
    assert.ok(english.text.includes('Healthcare region (id)'));
  });

  test('keeps the filters, the order, the chosen fields and the day', async () => {
    const { body } = await bytes('/groups?format=csv&kind=npo&sort=-name&fields=id,name&asOf=2024-01-01');
    const list = (await k.api('/groups?kind=npo&sort=-name&asOf=2024-01-01&limit=500')).json.items;
    const [headings, ...lines] = parse(body.toString());
    assert.deepEqual(headings, ['Namn', 'Adress']);
    assert.deepEqual(lines.map((l) => l[1]), list.map((i) => i.id));
  });

  test('is found under every list, and answers HEAD, ETag and its own address only', async () => {
    const { operations } = await (await fetch(`${k.url}/api/v1/openapi.json`)).json().then((d) => ({
      operations: Object.entries(d.paths).filter(([, p]) => p.get?.parameters?.some((q) => q.$ref?.endsWith('/format'))),
    }));
    assert.ok(operations.length > 8);
    for (const [path] of operations.filter(([p]) => !p.includes('{'))) {
      for (const format of ['csv', 'xlsx']) {
        const reply = await k.api(`${path}?format=${format}`, { token: support.token });
        assert.ok([200, 403].includes(reply.status), `${path} ${reply.status} ${reply.text.slice(0, 300)}`);
      }
    }
    const first = await k.api('/glossary?format=xlsx');
    assert.ok(first.etag);
    assert.equal((await k.api('/glossary?format=xlsx', { headers: { 'if-none-match': first.etag } })).status, 304);
    const head = await k.api('/glossary?format=csv', { method: 'HEAD' });
    assert.deepEqual([head.status, head.text], [200, '']);
    rule(await k.api('/glossary?format=ods'), 400, 'invalid-input');
    const paged = await k.api('/glossary?format=csv&page=2&limit=3&embed=filters&modifiedSince=2020-01-01');
    assert.deepEqual(paged.json.errors.map((e) => e.parameter).sort(), ['embed', 'limit', 'modifiedSince', 'page']);
    rule(await k.api('/groups/nag-palliativ-vard?format=csv'), 400, 'invalid-input');
  });

  test('is had of what is computed too: checks and vacancies, every row, under the same filters', async () => {
    for (const [where, member, heading] of [['/checks?rule=term-ending', 'message', 'Meddelande'], ['/vacancies?level=national', 'text', 'Krav']]) {
      const list = (await k.api(`${where}&limit=500`, support)).json;
      assert.ok(list.items.length > 20 && list.items.length === list._meta.totalRecords, where);
      const [headings, ...lines] = parse((await bytes(`${where}&format=csv`, support.token)).body.toString());
      assert.deepEqual(lines.map((l) => l[headings.indexOf(heading)]), list.items.map((i) => i[member]), where);
      assert.equal((await k.api(`${where}&format=xlsx`, support)).status, 200);
      const bad = await k.api(`${where}&format=csv&page=1`, support);
      assert.deepEqual(bad.json.errors.map((e) => e.parameter), ['page']);
      const { pages } = (await k.api(`${where}&limit=20&embed=pages`, support)).json._embedded;
      assert.match(pages.csv, /^\?\w+=[^&]+&embed=pages&format=csv$/);
    }
    assert.equal((await k.api('/checks?format=csv')).status, 401);
    rule(await k.api('/statistics/shares?format=csv'), 400, 'invalid-input');
  });

  test('tells nobody more than the list does', async () => {
    const details = /E-postadress|kansli\.example/;
    const open = (await bytes('/persons?format=csv')).body.toString();
    assert.doesNotMatch(open, details);
    assert.equal(parse(open).length - 1, (await k.api('/persons')).json._meta.totalRecords);
    assert.match((await k.api('/persons?format=csv', { token: support.token })).text, details);
    assert.equal((await k.api('/accounts?format=csv', { token: reader.token })).status, 403);
  });

  test('never makes a formula of a text, and loses none of it', async () => {
    const texts = ['=1+1', '+46 70', '-5', '@SUM(A1)', "'=1", "''@x", 'a;b', 'say "hej"', 'rad 1\nrad 2', '_x000D_', '<b>&amp;', "'", 'åäöÅÄÖ'];
    for (const [i, text] of texts.entries()) {
      const reply = await k.api('/glossary', { method: 'POST', token: support.token, body: { abbreviation: `Ö${i}`, name: `N${i}`, text } });
      assert.equal(reply.status, 201, reply.text);
    }
    const [headings, ...lines] = parse((await bytes('/glossary?format=csv')).body.toString());
    const at = headings.indexOf('Förklaring') >= 0 ? headings.indexOf('Förklaring') : headings.length - 1;
    const kept = Object.fromEntries(lines.map((l) => [l[headings.indexOf('Förkortning')], l]));
    for (const [i, text] of texts.entries()) {
      const found = kept[`Ö${i}`].find((c) => c.replace(/^'(?='*[=+\-@])/, '') === text);
      assert.ok(found !== undefined, `${text}: ${kept[`Ö${i}`].join('|')}`);
      assert.doesNotMatch(found, /^[=+\-@]/);
    }
    assert.ok(at >= 0);
  });

  test('is linked from the list\'s page with what it shows, and asked for there too', async () => {
    const page = await k.page('/groups?kind=npo&limit=5');
    const link = page.link('Excel') ?? '';
    assert.equal(link.replace(/&amp;/g, '&'), '?kind=npo&format=xlsx');
    const file = await k.page('/groups?kind=npo&format=csv');
    assert.equal(file.status, 200);
    assert.match(file.headers['content-disposition'], /groups-2026-11-22\.csv/);
    assert.equal((await k.page('/accounts?format=csv')).status, 303, 'the way to the login');
  });
});

describe('people from a file', () => {
  test('what was exported comes back as the same, from CSV and from Excel, in both languages', async () => {
    for (const format of ['csv', 'xlsx'])
      for (const language of ['sv', 'en']) {
        const reply = await fetch(`${k.url}/api/v1/persons?format=${format}`, { headers: { authorization: `Bearer ${support.token}`, 'accept-language': language } });
        const file = Buffer.from(await reply.arrayBuffer());
        const done = await importing(file, { type: format === 'csv' ? 'text/csv' : xlsx });
        const total = (await k.api('/persons', { token: support.token })).json._meta.totalRecords;
        assert.deepEqual(done.json.counts, counts(0, 0, total, 0), `${format} ${language}`);
      }
  });

  test('Swedish headings, Windows-1252, semicolons; nothing but the import is written by a trial', async () => {
    const before_ = await people('Öberg');
    const text = 'Efternamn, Förnamn;E-post;Mobil;Arbetsgivare;Yrke;Skostorlek\r\n"Öberg, Åsa";asa.oberg@region.example;+46 70 123 45 67;Norrbotten;läkare; forskare;38\r\n';
    const reply = await importing(Buffer.from(text.replace('Efternamn, Förnamn', 'Namn').replace('läkare; forskare', '"läkare; forskare"'), 'latin1'));
    assert.deepEqual(reply.json.counts, counts(1, 0, 0, 0));
    assert.deepEqual(reply.json.columns.map((c) => c.field), ['name', 'email', 'phone', 'employerId', 'professions', null]);
    const [row] = await rows(reply);
    assert.deepEqual([row.act, row.line, row.objectId], ['create', 2, row.objectId]);
    assert.deepEqual(states(row), { familyName: 'new', givenName: 'new', email: 'new', phone: 'new', employerId: 'new', professions: 'new' });
    assert.deepEqual(await people('Öberg'), before_);
    const done = await apply(reply);
    assert.deepEqual([done.status, done.json.status, done.json.counts], [201, 'applied', counts(1, 0, 0, 0)], done.text);
    const made = (await people('Åsa Öberg'))[0];
    assert.deepEqual([made.givenName, made.familyName, made.email, made.employerId, made.professions],
      ['Åsa', 'Öberg', 'asa.oberg@region.example', 'region-norrbotten', ['läkare', 'forskare']]);
    rule(await apply(reply), 409, 'import-done');
    const gone = await undo(reply);
    assert.equal(gone.status, 204, gone.text);
    assert.deepEqual(await people('Öberg'), before_);
    assert.equal((await k.api(`/imports/${reply.json.id}`, { token: support.token })).json.status, 'undone');
    assert.deepEqual(await rows(reply), []);
  });

  test('a known person is changed where the file says otherwise; an empty cell says nothing', async () => {
    const [was] = (await k.api('/persons?limit=1', { token: support.token })).json.items;
    const reply = await importing(`E-post;Titel;Telefon\n${was.email};Ny titel;\n`);
    const [row] = await rows(reply);
    assert.deepEqual([row.act, row.matchedBy, row.objectId], ['update', 'email', was.id]);
    const title = row.cells.find((c) => c.field === 'title');
    assert.deepEqual([title.state, title.before], was.title ? ['changed', was.title] : ['new', null]);
    assert.equal((await apply(reply)).status, 201);
    const now = (await k.api(`/persons/${was.id}`, { token: support.token })).json;
    assert.deepEqual([now.title, now.phone], ['Ny titel', was.phone]);
    assert.equal((await undo(reply)).status, 204);
    assert.equal((await k.api(`/persons/${was.id}`, { token: support.token })).json.title, was.title);
  });

  test('what somebody has changed since stands in the way of undoing, by name, and nothing is undone', async () => {
    const reply = await importing('Förnamn;Efternamn;E-post\nEn;Undosson;en@region.example\nTvå;Undosson;tva@region.example\n');
    await apply(reply);
    const [one] = await people('En Undosson');
    const { etag } = await k.api(`/persons/${one.id}`, { token: support.token });
    const changed = await k.api(`/persons/${one.id}`, { method: 'PATCH', token: support.token, body: { title: 'Annan' }, headers: { 'if-match': etag } });
    assert.equal(changed.status, 200, changed.text);
    const refused = await undo(reply);
    rule(refused, 409, 'import-outdated');
    assert.deepEqual(refused.json.missing, ['En Undosson']);
    assert.equal((await people('Undosson')).length, 2);
  });

  test('what is no longer allowed to stand as it stood is in the way of undoing, by name', async () => {
    const [was] = (await k.api('/persons?limit=1', { token: support.token })).json.items;
    execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db, `UPDATE person SET title = '811218-9876' WHERE id = '${was.id}'`]);
    const reply = await importing(`E-post;Titel\n${was.email};Omtyckt\n`);
    assert.equal((await apply(reply)).status, 201);
    const refused = await undo(reply);
    rule(refused, 409, 'import-outdated');
    assert.deepEqual(refused.json.missing, [was.name]);
  });

  test('errors stand in their cells, all of them, and keep the rest from being applied unless they are left out', async () => {
    const reply = await importing('Förnamn;Efternamn;E-post;Arbetsgivare;Titel\nBo;Felsson;ingen-adress;Ingenstans;ok\nEva;Rättsson;eva.r@region.example;;850709-9805\nAnna;Rättsson;anna.r@region.example;Region Skåne;\n;;;;Ensam\n');
    assert.deepEqual(reply.json.counts, counts(1, 0, 0, 3));
    const [bo, eva, anna, nobody] = await rows(reply);
    assert.deepEqual(bo.cells.filter((c) => c.state === 'error').map((c) => c.field), ['email', 'employerId']);
    assert.match(eva.cells.find((c) => c.field === 'title').message, /personnummer/);
    assert.equal(anna.act, 'create');
    assert.match(nobody.message, /Ingen är namngiven/);
    const refused = await apply(reply);
    rule(refused, 409, 'import-has-errors');
    assert.match(refused.json.missing[0], /^Rad 2, E-post/);
    assert.deepEqual(await people('Rättsson'), []);
    assert.equal((await apply(reply, { skipErrors: true })).status, 201);
    assert.deepEqual((await people('Rättsson')).map((p) => p.givenName), ['Anna']);
    assert.equal((await undo(reply)).status, 204);
  });

  test('a personal identity number is kept in no row, no heading and no name of a file', async () => {
    const number = '850709-9805';
    const reply = await importing(`Förnamn;Efternamn;Telefon;${number}\nEva ${number};Nummersson;08-1234567;x\n`);
    const kept = reply.text + JSON.stringify(await rows(reply));
    assert.ok(!kept.includes(number) && kept.includes('personnummer'), kept);
    rule(await apply(reply), 409, 'import-has-errors'); // tried again, it is wrong again
    assert.ok(!(await k.api('/audit-events?limit=20', support)).text.includes(number));
    assert.equal(Buffer.from(fs.readFileSync(k.db)).includes(number) || fs.readFileSync(`${k.db}-wal`).includes(number), false);
    assert.equal((await undo(reply)).status, 204);
  });

  test('who a row is about is never guessed: somebody chooses', async () => {
    const [someone] = (await k.api('/persons?employerId=region-skane&limit=1', { token: support.token })).json.items;
    const file = `Namn;Arbetsgivare;Titel\n${someone.name};Region Halland;Vem då\n`;
    for (const choice of [someone.id, undefined]) {
      const reply = await importing(file);
      const [row] = await rows(reply);
      assert.deepEqual([row.act, row.candidates.map((c) => c.id)], ['error', [someone.id]], JSON.stringify(row));
      const body = { rowId: row.id, ...(choice && { personId: choice }) };
      const chosen = await k.api(`/imports/${reply.json.id}/choices`, { method: 'POST', token: support.token, body });
      assert.equal(chosen.status, 201, chosen.text);
      const [after] = await rows(reply);
      assert.deepEqual([after.act, after.matchedBy], choice ? ['update', 'choice'] : ['create', null]);
      rule(await k.api(`/imports/${reply.json.id}/choices`, { method: 'POST', token: support.token, body: { rowId: someone.id } }), 400, 'invalid-input');
      assert.equal((await undo(reply)).status, 204, 'one that was only tried goes');
      assert.equal((await k.api(`/imports/${reply.json.id}`, { token: support.token })).status, 404);
    }
  });

  test('rows that hold much are taken in smaller pieces; one that no fields could hold is refused by its line', async () => {
    const long = 'x'.repeat(60_000);
    const heavy = await importing(`Förnamn;Efternamn;Titel\n${Array.from({ length: 90 }, (_, i) => `Nr${i};Tungsson;${long}\n`).join('')}`);
    assert.deepEqual(heavy.json.counts, counts(0, 0, 0, 90));
    assert.match((await rows(heavy))[89].cells.find((c) => c.field === 'title').message, /Högst \d+ tecken/);
    assert.equal((await undo(heavy)).status, 204);
    const refused = await send('/imports?resource=persons', `Förnamn;Efternamn\nEn;Rad\nTvå;${'x'.repeat(300_000)}\n`);
    rule(refused, 413, 'import-too-big');
    assert.match(refused.json.detail, /Rad 3/);
  });

  test('the same new person twice in a file is one', async () => {
    const reply = await importing('Förnamn;Efternamn;E-post;Titel\nDubbel;Nyman;d@region.example;\nDubbel;Nyman;d@region.example;Andra\n');
    assert.deepEqual(reply.json.counts, counts(1, 1, 0, 0));
    assert.equal((await apply(reply)).status, 201);
    const found = await people('Dubbel Nyman');
    assert.deepEqual(found.map((p) => p.title), ['Andra']);
    assert.equal((await undo(reply)).status, 204);
    assert.deepEqual(await people('Dubbel Nyman'), []);
  });

  test('dryRun=false applies at once, or not at all', async () => {
    const wrong = await send('/imports?resource=persons&dryRun=false', 'Förnamn;Efternamn;E-post\nA;Genast;a@region.example\nB;Genast;fel\n');
    rule(wrong, 409, 'import-has-errors');
    assert.deepEqual(await people('Genast'), []);
    const right = await send('/imports?resource=persons&dryRun=false', 'Förnamn;Efternamn;E-post\nA;Genast;a@region.example\n');
    assert.deepEqual([right.status, right.json.status], [201, 'applied'], right.text);
    assert.equal((await undo(right)).status, 204);
  });

  test('is for those who may enter people, and seen by its account and the support function', async () => {
    const file = 'Förnamn;Efternamn\nNy;Nysson\n';
    rule(await send('/imports?resource=persons', file, { token: reader.token }), 403, 'may-enter-person');
    rule(await k.api('/imports?resource=persons', { method: 'POST', body: file, headers: { 'content-type': 'text/csv' } }), 401, 'login-needed');
    const mine = await importing(file, { token: officer.token });
    const norra = { token: await k.token('norra@kansli.example') };
    assert.equal((await k.api(`/imports/${mine.json.id}`, { token: norra.token })).status, 404);
    assert.equal((await k.api(`/imports/${mine.json.id}/rows`, { token: norra.token })).status, 404);
    assert.equal((await k.api('/imports', { token: norra.token })).json._meta.totalRecords, 0);
    assert.equal((await k.api(`/imports/${mine.json.id}`, { token: support.token })).status, 200);
    rule(await apply(mine, {}, norra.token), 404, 'not-found');
    assert.equal((await undo(mine, officer.token)).status, 204);
  });

  test('rows go after thirty days', async () => {
    const old = await importing('Förnamn;Efternamn\nGammal;Gammelsson\n');
    await k.restart({ env: { KANSLI_NOW: '2026-12-23T10:00:00Z' } });
    const gone = async () => (await k.api(`/imports/${old.json.id}`, { token: support.token })).status === 404;
    for (let n = 0; n < 100 && !await gone(); n++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(await gone());
    assert.deepEqual(await rows(old).catch(() => []) ?? [], []);
  });
});

describe('memberships from a file', () => {
  const group = 'nag-palliativ-vard';
  const seats = async (who) => (await k.api(`/groups/${group}/memberships?limit=500`, { token: support.token })).json.items
    .filter((m) => m.personName?.includes(who));
  const more = `&groupId=${group}`;
  const headings = 'Namn;E-post;Arbetsgivare;Roll;Deltar som;Företräder;Kompetens;Från;Till;Omfattning %\n';

  test('what was exported comes back as the same: one group\'s, and all', async () => {
    for (const [where, type] of [[`/groups/${group}/memberships?format=csv`, 'text/csv'], [`/groups/${group}/memberships?format=xlsx`, xlsx], ['/memberships?format=xlsx', xlsx]]) {
      const { body } = await bytes(where, support.token);
      const total = (await k.api(where.replace(/format=.*/, 'limit=1'), { token: support.token })).json._meta.totalRecords;
      const reply = await importing(body, { resource: 'memberships', type });
      assert.deepEqual(reply.json.counts, counts(0, 0, total, 0), where);
    }
  });

  test('a row brings the person along: made or known, in the group that the file is for', async () => {
    const [known] = await seats('Bergström');
    const file = `${headings}"Nysson, Nina";nina@region.example;Västerbotten;Ledamot;Professionsföreträdare;norra;Palliativ vård; etik;1/1 2027;31 dec 2029;10 %\n`
      .replace('Palliativ vård; etik', '"Palliativ vård; etik"') + `${known.personName};;;;;;;;2029-06-30;\n`;
    const reply = await importing(file, { resource: 'memberships', more, token: officer.token });
    const [nina, karin] = await rows(reply);
    assert.deepEqual([nina.act, karin.act, karin.matchedBy, karin.objectId], ['create', 'update', 'name', known.id], JSON.stringify([nina, karin]));
    assert.deepEqual(await seats('Nysson'), []);
    const done = await apply(reply, {}, officer.token);
    assert.equal(done.status, 201, done.text);
    const [seat] = await seats('Nysson');
    assert.deepEqual([seat.role, seat.onBehalfOfId, seat.competences, seat.startDate, seat.endDate, seat.workloadPercent],
      ['member', 'norra', ['Palliativ vård', 'etik'], '2027-01-01', '2029-12-31', 10]);
    assert.equal((await seats('Bergström'))[0].endDate, '2029-06-30');
    const again = await importing(file, { resource: 'memberships', more, token: officer.token });
    assert.deepEqual(again.json.counts, counts(0, 0, 2, 0));
    assert.equal((await undo(reply, officer.token)).status, 204);
    assert.deepEqual([await seats('Nysson'), await people('Nysson')], [[], []]);
    assert.equal((await seats('Bergström'))[0].endDate, known.endDate);
  });

  test('every rule and right holds, told by the row or the cell', async () => {
    const [chair] = (await seats('')).filter((m) => m.role === 'chair' && m.status !== 'ended');
    const file = `${headings}Andra Ordförande;a.o@region.example;;Ordf;profession;norra;;2026-12-01;2026-12-31;\nTidig Person;t.p@region.example;;ledamot;profession;norra;;1990-01-01;;\n` +
      'Fel Roll;f.r@region.example;;trollkarl;profession;norra;;2027-01-01;;\nIngen Dag;i.d@region.example;;ledamot;profession;norra;;;;\n';
    assert.ok(chair);
    const reply = await importing(file, { resource: 'memberships', more });
    const [taken, early, wizard, dayless] = await rows(reply);
    assert.deepEqual([taken.act, early.act, wizard.act, dayless.act], ['error', 'error', 'error', 'error']);
    assert.ok(taken.message && early.message, JSON.stringify([taken, early]));
    assert.equal(wizard.cells.find((c) => c.field === 'role').state, 'error');
    assert.ok(dayless.cells.find((c) => c.field === 'startDate').message, JSON.stringify(dayless));
    assert.deepEqual(await people('Tidig Person'), [], 'a row that fails leaves no person behind');
    const elsewhere = await importing(`${headings}Ny Person;n.p@region.example;;ledamot;profession;norra;;2027-01-01;;\n`, { resource: 'memberships', more: '&groupId=npo-tandvard', token: officer.token });
    const [refused] = await rows(elsewhere, { token: officer.token });
    assert.match(refused.message ?? '', /får/);
  });
});

describe('files that other programs wrote', () => {
  const dated = (serial, style = 1) => `<c r="B2" s="${style}"><v>${serial}</v></c>`;
  const table = (rest, formats, more) => workbook({ rows: `<row r="1">${cell('A1', 'E-post')}${cell('B1', 'Titel')}</row><row r="2">${cell('A2', 'ny@region.example')}${rest}</row>`, formats, ...more });
  const title = async (file) => (await rows(await importing(file, { type: xlsx })))[0].cells.find((c) => c.field === 'title')?.value;

  test('days by their style in both calendars, numbers, truths, shared texts, formulas by their value', async () => {
    const cases = [
      [table(dated(46348), [14]), '2026-11-22'], [table(dated(46348), ['yyyy\\-mm\\-dd']), '2026-11-22'],
      [table(dated(46348), ['[$-41D]d mmmm yyyy;@']), '2026-11-22'], [table(dated(46348), ['0.00 "days"']), '46348'],
      [table(dated(46348.5), [22]), '2026-11-22 12:00'], [table(dated(59), [14]), '1900-02-28'], [table(dated(61), [14]), '1900-03-01'],
      [table(dated(44886), [14], { date1904: true }), '2026-11-22'], [table(dated(46348, 0), [14]), '46348'],
      [table('<c r="B2"><v>4.5E-1</v></c>'), '0.45'], [table('<c r="B2" t="b"><v>1</v></c>'), 'true'],
      [table('<c r="B2" t="s"><v>1</v></c>', [], { strings: ['<t>x</t>', '<r><t>rik </t></r><r><t>text</t></r><rPh><t>uttal</t></rPh>'] }), 'rik text'],
      [table('<c r="B2" t="str"><f>HYPERLINK("x")</f><v>värde</v></c>'), 'värde'],
      [table('<c r="B2" t="inlineStr"><is><t>a_x000A_b</t></is></c>').subarray(0), 'a\nb'],
    ];
    for (const [i, [file, wanted]] of cases.entries()) assert.equal(await title(file).catch((e) => `${i}: ${e.message}`), wanted);
  });

  test('prefixes, rows and cells without addresses, hidden sheets, the second sheet', async () => {
    const inner = '<x:row><x:c t="inlineStr"><x:is><x:t>E-post</x:t></x:is></x:c></x:row><x:row><x:c t="inlineStr"><x:is><x:t>ny@region.example</x:t></x:is></x:c></x:row>';
    const prefixed = `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>${inner}</x:sheetData></x:worksheet>`;
    const file = workbook({
      sheets: '<sheet name="dold" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Blad2" sheetId="2" r:id="rId2"/>',
      sheet: '<worksheet><sheetData/></worksheet>', more: { 'xl/worksheets/sheet2.xml': prefixed },
    });
    const [row] = await rows(await importing(file, { type: xlsx }));
    assert.deepEqual(row.cells.map((c) => [c.field, c.value]), [['email', 'ny@region.example']]);
  });

  test('what cannot be read is refused with a reason', async () => {
    const refused = async (body, status, name, type = xlsx) => rule(await send('/imports?resource=persons', body, { type }), status, name);
    await refused(Buffer.from('d0cf11e0a1b11ae1', 'hex'), 400, 'unreadable-file');
    await refused('<html><table><tr><td>Namn</td></tr></table></html>', 400, 'unreadable-file', 'text/csv');
    await refused(zip({ 'content.xml': '<x/>' }), 400, 'unreadable-file');
    const whole = workbook({ rows: rowsOf([['Namn'], ['Bo Ek']]) });
    await refused(whole.subarray(0, whole.length / 2), 400, 'malformed-workbook');
    await refused(workbook({ sheet: '<worksheet><sheetData><row><c>' }), 400, 'malformed-workbook');
    await refused(workbook({ rows: rowsOf([['Skostorlek'], ['38']]) }), 400, 'import-headings');
    await refused(workbook({ rows: rowsOf([['Namn']]) }), 400, 'invalid-input');
    await refused(workbook({ rows: rowsOf([['Namn', 'Namn'], ['a', 'b']]) }), 400, 'malformed-workbook');
    await refused('Namn;Namn\na;b\n', 400, 'malformed-csv', 'text/csv');
    await refused('', 415, 'media-type', 'text/csv');
    await refused('Namn\nx', 415, 'media-type', 'text/plain');
    await refused('{"a":1}', 415, 'media-type', 'application/json');
    rule(await send('/imports', 'Namn\nBo Ek\n'), 400, 'invalid-input');
    rule(await send('/imports?resource=glossary', 'Namn\nBo Ek\n'), 400, 'invalid-input');
    rule(await send('/imports?resource=persons&colour=red', 'Namn\nBo Ek\n'), 400, 'invalid-input');
    const rowsOver = await send('/imports?resource=persons', `Namn\n${'x\n'.repeat(50001)}`);
    rule(rowsOver, 413, 'import-too-big');
    assert.match(rowsOver.json.detail, /50 ?000/);
    const bytesOver = await send('/imports?resource=persons', Buffer.alloc((20 << 20) + 1, 'x'));
    rule(bytesOver, 413, 'body-too-big');
    assert.match(bytesOver.json.detail, /20 MB/);
    rule(await send('/glossary', Buffer.alloc((256 << 10) + 1, 'x')), 413, 'body-too-big');
  });

  const high = () => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${k.process.pid}/status`, 'utf8'))[1]) / 1024;
  test('bombs are refused in little memory', async () => {
    const refused = async (body, status, name) => rule(await send('/imports?resource=persons', body, { type: xlsx }), status, name);
    const packed = repeated('<worksheet><sheetData>', '<row><c r="A1"></c><c></c></row>', 4_000_000, '</sheetData></worksheet>');
    const bomb = workbook({ more: { 'xl/worksheets/sheet1.xml': { deflated: packed, size: 10, crc: 0 } } });
    await refused(workbook({ rows: rowsOf([['Namn']]) }), 400, 'invalid-input'); // everything that is loaded once is
    const before_ = high();
    await refused(bomb, 413, 'import-too-big');
    const laughs = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>';
    await refused(workbook({ sheet: `${laughs}<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>` }), 400, 'malformed-workbook');
    await refused(workbook({ sheet: `<!DOCTYPE w SYSTEM "file:///etc/passwd"><worksheet/>` }), 400, 'malformed-workbook');
    await refused(workbook({ sheet: `<worksheet>${'<a>'.repeat(100000)}` }), 400, 'malformed-workbook');
    const noise = Array.from({ length: 40000 }, (_, i) => (i * 2654435761 % 4294967296).toString(36)).join('');
    await refused(workbook({ sheet: `<worksheet x="${noise.repeat(4)}"/>` }), 413, 'import-too-big');
    const text = noise.slice(0, 30000);
    const many = Array.from({ length: 3000 }, (_, r) => `<row r="${r + 2}"><c t="s"><v>0</v></c></row>`).join('');
    await refused(workbook({ rows: `<row r="1">${cell('A1', 'Namn')}</row>${many}`, strings: [`<t>${text}</t>`] }), 413, 'import-too-big');
    await refused(zip(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, '']))), 413, 'import-too-big');
    await refused(workbook({ rows: `<row r="1">${cell('A1', 'Namn')}${cell('ZZZ1', 'x')}</row>` }), 400, 'malformed-workbook');
    const grown = high() - before_;
    figure('memory of hostile workbooks, MB', grown.toFixed(0));
    const most = /tsan/.test(process.env.BUILD ?? '') ? 256 : 64; // ThreadSanitizer keeps shadows of its own
    assert.ok(grown < most, `${grown} MB`);
  });

  test('a table of separators alone is refused before it fills the memory', async () => {
    const wide = `${Array.from({ length: 400 }, (_, i) => `k${i}`).join(';')}\n${`${';'.repeat(399)}\n`.repeat(49000)}`;
    rule(await send('/imports?resource=persons', wide), 413, 'import-too-big');
    const most = /tsan|asan/.test(process.env.BUILD ?? '') ? 1200 : 320;
    assert.ok(high() < most, `${high()} MB`);
  });
});

describe('in the browser', () => {
  test('a file is chosen, looked through, applied and undone', async () => {
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    const form = (await jar.get('/imports/new')).form('/imports');
    assert.equal(form.enctype, 'multipart/form-data');
    const none = await jar.submit(form, { resource: 'persons', file: undefined });
    assert.equal(none.status, 400);
    assert.match(none.words, /Välj en fil/);
    const nothing = await jar.submit(form, { resource: '', file: undefined });
    assert.match(nothing.words, /Vad filen innehåller: Måste fyllas i.*Välj en fil/, 'all that is lacking at once');
    const file = chosen('Åsas lista.csv', 'Förnamn;Efternamn;E-post;Annat\nWebb;Läsarsson;webb@region.example;x\nBo;Ek;fel;x\n');
    const sent = await jar.submit(form, { resource: 'persons', file });
    assert.equal(sent.status, 303, sent.words);
    const page = await jar.get(sent.headers.location);
    assert.match(page.words, /Åsas lista\.csv/);
    assert.match(page.words, /Nya rader 1/);
    assert.match(page.words, /lämnas åt sidan.*Annat/);
    assert.match(page.words, /Filen är inläst/);
    const refused = await jar.submit(page.form(/applications/));
    assert.equal(refused.status, 409);
    assert.match(refused.words, /Rad 3, E-post/);
    const applied = await jar.submit(page.form(/applications/), { skipErrors: 'true' });
    assert.equal(applied.status, 303, applied.words);
    assert.equal((await people('Läsarsson')).length, 1);
    const undone = await jar.submit((await jar.get(applied.headers.location)).form(/DELETE/));
    assert.equal(undone.status, 303, undone.words);
    assert.match((await jar.get(undone.headers.location)).words, /Ångrad/);
    assert.deepEqual(await people('Läsarsson'), []);
    assert.match((await jar.get('/imports')).words, /Åsas lista\.csv/);
    // What would do nothing is not offered; what there is nothing of is not asked about.
    const wrong = await jar.get((await jar.submit(form, { resource: 'persons', file: chosen('fel.csv', 'Förnamn;Efternamn;E-post\nBo;Ek;fel\n') })).headers.location);
    assert.match(wrong.words, /inget att genomföra/);
    assert.equal(wrong.text.includes('/applications'), false);
    const right = await jar.get((await jar.submit(form, { resource: 'persons', file: chosen('ny.csv', 'Förnamn;Efternamn;E-post\nBo;Ny;bo.ny@region.example\n') })).headers.location);
    assert.match(right.text, /\/applications/);
    assert.doesNotMatch(right.words, /Utelämna raderna/);
  });

  test('a form from elsewhere is refused, and a file to begin with can be had', async () => {
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    const form = (await jar.get('/imports/new')).form('/imports');
    const file = chosen('a.csv', 'Namn\nBo Ek\n');
    assert.equal((await jar.submit(form, { _csrf: 'x', file })).status, 403);
    const template = await jar.get('/imports/template?resource=memberships');
    assert.match(template.headers['content-disposition'], /memberships\.csv/);
    assert.ok(template.text.startsWith('\ufeffFörnamn;Efternamn;') || template.text.startsWith('Förnamn;Efternamn;'));
  });
});

if (long) test('five thousand rows', async () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `Många${i};Massimport;m${i}@region.example;Region Skåne`).join('\n');
  const began = Date.now();
  const reply = await importing(`Förnamn;Efternamn;E-post;Arbetsgivare\n${lines}\n`);
  figure('5 000 persons tried, ms', Date.now() - began);
  assert.deepEqual(reply.json.counts, counts(5000, 0, 0, 0));
  const second = Date.now();
  assert.equal((await apply(reply)).status, 201);
  figure('5 000 persons applied, ms', Date.now() - second);
  const third = Date.now();
  assert.equal((await undo(reply)).status, 204);
  figure('5 000 persons undone, ms', Date.now() - third);
});
