// Six resources come in from files by one mechanism; many rows go in slices, between which others write;
// what fails, is stopped or is killed in the middle leaves nothing half-done.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { figure, run, start } from '../lib/kansli.mjs';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const now = { KANSLI_NOW: '2026-11-22T10:00:00Z' };
const working = ['trying', 'applying', 'undoing'];
let k, support, officer, norra;
before(async () => {
  k = await start({ demo: true, env: now });
  support = await k.token('support@kansli.example');
  officer = await k.token('karin.bergstrom@kansli.example');
  norra = await k.token('norra@kansli.example');
});

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
const counts = (n, c, s, e) => ({ new: n, changed: c, same: s, error: e });
const api = (where, options = {}) => k.api(where, { token: support, ...options });
const send = (resource, body, { token = support, type = 'text/csv', more = '' } = {}) =>
  k.api(`/imports?resource=${resource}${more}`, { method: 'POST', token, body, headers: { 'content-type': type } });
async function settled(id, token = support) {
  for (let n = 0; n < 900; n++) {
    const reply = await k.api(`/imports/${id}`, { token });
    if (!working.includes(reply.json.status)) return reply.json;
    await sleep(50);
  }
  throw new Error(`import ${id} goes on and on`);
}
async function importing(resource, body, options = {}) {
  const reply = await send(resource, body, options);
  assert.equal(reply.status, 201, reply.text);
  return settled(reply.json.id, options.token);
}
const rows = async (done, query = '', token = support) => (await k.api(`/imports/${done.id}/rows?limit=500${query}`, { token })).json.items;
const apply = (done, body = {}, token = support) => k.api(`/imports/${done.id}/applications`, { method: 'POST', token, body });
async function undo(done, token = support) {
  const { etag } = await k.api(`/imports/${done.id}`, { token });
  return k.api(`/imports/${done.id}`, { method: 'DELETE', token, headers: { 'if-match': etag } });
}
async function applied(resource, body, options) {
  const done = await importing(resource, body, options);
  assert.equal(done.counts.error, 0, JSON.stringify(await rows(done, '&act=error')));
  const reply = await apply(done, {}, options?.token);
  assert.equal(reply.status, 201, reply.text);
  return settled(done.id, options?.token);
}
const file = async (where, token = support, language = 'sv') => Buffer.from(await (await fetch(`${k.url}/api/v1${where}`, {
  headers: { authorization: `Bearer ${token}`, 'accept-language': language } })).arrayBuffer());
const total = async (where) => (await api(`${where}${where.includes('?') ? '&' : '?'}limit=1`)).json._meta.totalRecords;
const people = (n, word) => `Förnamn;Efternamn;E-post\n${Array.from({ length: n }, (_, i) => `${word}${i};Mängdsson;${word.toLowerCase()}${i}@region.example`).join('\n')}\n`;
const made = (word) => total(`/persons?q=${word}`);

const resources = ['organisations', 'groups', 'persons', 'memberships', 'meetings', 'plans'];

describe('six resources', () => {
  for (const resource of resources) {
    test(`${resource}: a list's own files read back as the same, in both languages`, async () => {
      const all = await total(`/${resource}`);
      assert.ok(all > 3, `${resource}: ${all}`);
      for (const [format, language] of [['csv', 'sv'], ['xlsx', 'en']]) {
        const done = await importing(resource, await file(`/${resource}?format=${format}`, support, language), { type: format === 'csv' ? 'text/csv' : xlsx });
        assert.deepEqual(done.counts, counts(0, 0, all, 0), `${format} ${language} ${JSON.stringify((await rows(done, '&act=error,update,create')).slice(0, 2))}`);
      }
    });

    test(`${resource}: there is a file to begin with, and every heading of it is known`, async () => {
      const template = (await k.page(`/imports/template?resource=${resource}`, { token: support }));
      const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
      const headings = (await jar.get(`/imports/template?resource=${resource}`)).text.replace(/^\ufeff/, '').trim().split(';');
      assert.ok(template && headings.length >= 4, headings.join());
      const done = await importing(resource, `${headings.join(';')}\n${headings.map(() => 'x').join(';')}\n`);
      assert.deepEqual(done.columns.filter((c) => !c.field), []);
    });
  }

  test('organisations with Swedish headings: made, found again by code or name, changed, undone', async () => {
    const text = 'Typ;Namn;Kortnamn;Tillhör\nSjukhus;Provsjukhuset;Prov;Region Skåne\nKommun;Provköping;;Region Skåne\n';
    const done = await applied('organisations', text);
    assert.deepEqual(done.counts, counts(2, 0, 0, 0));
    const one = (await api('/organisations/provsjukhuset')).json;
    assert.deepEqual([one.type, one.shortName, one.parentId, one.healthcareRegions[0].id], ['hospital', 'Prov', 'region-skane', 'sodra']);
    const again = await importing('organisations', text.replace('Prov;Region Skåne\n', 'Provet;Region Skåne\n'));
    assert.deepEqual(again.counts, counts(0, 1, 1, 0));
    assert.equal((await rows(again))[0].matchedBy, 'content');
    assert.equal((await undo(done)).status, 204);
    assert.equal((await api('/organisations/provsjukhuset')).status, 404);
  });

  test('groups, meetings and plans with Swedish headings, each under the rules of its own feature', async () => {
    const groups = await applied('groups', 'Slag;Namn;Uppdragsgivare;Första dag;Syfte\nnag;Provgruppen;npo-tandvard;2026-01-01;Att prova.\n');
    const group = (await api(`/groups/${(await rows(groups))[0].objectId}`)).json;
    assert.deepEqual([group.fullName.includes('Provgruppen'), group.principalIds, group.purpose], [true, ['npo-tandvard'], 'Att prova.']);
    const meetings = await applied('meetings', `Grupp;Rubrik;Börjar;Slutar;Hur;Plats\n${group.id};Första;3 dec 2026 kl. 13.00;2026-12-03 15:00;Digitalt;Länk\n${group.id};Andra;10/12 2026 9.30;2026-12-10T11:00:00+01:00;inPerson;Lund\n`);
    const [second, first] = (await api(`/groups/${group.id}/meetings`)).json.items;
    assert.deepEqual([first.title, first.startsAt, first.endsAt, first.mode], ['Första', '2026-12-03T12:00:00.000Z', '2026-12-03T14:00:00.000Z', 'online']);
    assert.deepEqual([second.startsAt, second.endsAt], ['2026-12-10T08:30:00.000Z', '2026-12-10T10:00:00.000Z']);
    const moved = await importing('meetings', `Börjar;Slutar;Hur;Plats\n3 dec 2026 13.00;3 dec 2026 16.00;;Malmö\n`, { more: `&groupId=${group.id}` });
    assert.deepEqual(moved.counts, counts(0, 1, 0, 0), JSON.stringify(await rows(moved)));
    // A choice that is none is told the words of the page, as people write them in a cell.
    const [who] = await rows(await importing('meetings', `Grupp;Rubrik;Börjar;Slutar;Hur;Vem som ser mötet\n${group.id};Tredje;2026-12-17 13:00;2026-12-17 14:00;Digitalt;Somliga\n`));
    assert.match(who.cells.find((c) => c.field === 'visibility').message, /^Välj något av: (?=.*Alla)(?!.*principals)/, JSON.stringify(who.cells));
    const plans = await applied('plans', 'Grupp;År;Mål;Insatsområden\nnpo-tandvard;2031;Bättre tänder.;Barn; Äldre\n'.replace('Barn; Äldre', '"Barn; Äldre"'));
    const plan = (await api(`/plans/${(await rows(plans))[0].objectId}`)).json;
    assert.deepEqual([plan.groupId, plan.year, plan.goals, plan.focusAreas], ['npo-tandvard', 2031, 'Bättre tänder.', ['Barn', 'Äldre']]);
    const wrong = await importing('plans', 'Grupp;År\nnag-palliativ-vard;2031\nnpo-tandvard;snart\n;2031\n');
    const [kind, year, none] = await rows(wrong);
    assert.equal(wrong.counts.error, 3);
    assert.match(kind.message, /verksamhetsplaner/);
    assert.ok(none.cells.some((c) => c.field === 'groupId' && c.message), JSON.stringify(none));
    assert.equal(year.cells.find((c) => c.field === 'year').state, 'error');
    for (const done of [plans, meetings, groups]) assert.equal((await undo(done)).status, 204, done.resource);
    for (const where of [`/plans/${plan.id}`, `/meetings/${first.id}`, `/groups/${group.id}`]) assert.equal((await api(where)).status, 404, where);
  });

  test('the rights of a row are its sender\'s: what may not be done is an error and tells nothing more', async () => {
    const one = await importing('organisations', 'Typ;Namn\nSjukhus;Otillåtet\n', { token: officer });
    assert.equal((await rows(one, '', officer))[0].act, 'error');
    assert.match((await rows(one, '', officer))[0].message, /stödfunktionen/i);
    const groups = await importing('groups', 'Adress;Slag;Namn;Första dag;Syfte\nnpo-tandvard;npo;Tandvård;2018-01-01;Annat\n', { token: norra });
    assert.equal((await rows(groups, '', norra))[0].act, 'error');
    // A restricted group is no more known through a row than through its address.
    const hidden = (await api('/groups', { method: 'POST', body: { kind: 'nag', name: 'Hemlig prov', startDate: '2026-01-01', accessMode: 'restricted', principalIds: ['npo-tandvard'] } })).json;
    assert.equal((await k.api(`/groups/${hidden.id}`, { token: officer })).status, 404);
    const tried = await importing('meetings', `Grupp;Börjar;Slutar;Hur\n${hidden.id};2026-12-01 10:00;2026-12-01 11:00;online\nnag-finns-inte;2026-12-01 10:00;2026-12-01 11:00;online\n`, { token: officer });
    const [known, unknown] = await rows(tried, '', officer);
    const said = (row) => row.cells.map((c) => c.message).concat(row.message).filter(Boolean);
    assert.deepEqual([known.act, unknown.act], ['error', 'error']);
    assert.deepEqual(said(known), said(unknown), 'the same words for what is hidden and what is not there');
    assert.deepEqual(await people_of('Otillåtet'), 0);
  });
  const people_of = (word) => total(`/organisations?q=${word}`);

  test('nobody lends his rights to another\'s file: who sent it applies it, support may undo it, in its own name', async () => {
    const guarded = (await api('/persons', { method: 'POST', body: { givenName: 'Skyddad', familyName: 'Prov', title: 'Okänd titel', protectedIdentity: true } })).json;
    const mine = await importing('persons', `id;Förnamn;Efternamn;Titel\n${guarded.id};;;Annan titel\n;Utlånad;Rättsson;\n`, { token: officer });
    const rels = async (token) => (await k.api(`/imports/${mine.id}`, { token })).json._links.map((l) => l.rel);
    assert.deepEqual(await rels(officer), ['self', 'rows', 'apply', 'choose', 'delete']);
    assert.deepEqual(await rels(support), ['self', 'rows', 'delete']);
    assert.deepEqual(await rels(await k.token('auditor@kansli.example')), ['self', 'rows']);
    assert.deepEqual(await rels(await k.token('karin.bergstrom@kansli.example', 'read')), ['self', 'rows']);
    const [, row] = await rows(mine, '', officer);
    for (const [act, body] of [['choices', { rowId: row.id }], ['applications', { skipErrors: true }]]) {
      const refused = await k.api(`/imports/${mine.id}/${act}`, { method: 'POST', token: support, body });
      assert.deepEqual([refused.status, refused.json.rule], [403, 'import-of-another']);
    }
    assert.ok(!JSON.stringify(await rows(mine, '', officer)).includes('Okänd titel'));
    assert.equal((await apply(mine, { skipErrors: true }, officer)).status, 201);
    const made = (await rows(mine, '', officer))[1].objectId;
    assert.equal((await undo(mine, support)).status, 204);
    const { json: { items } } = await api('/audit-events?limit=2');
    assert.deepEqual(items.map((e) => [e.objectId, e.act, e.asSupport]), [[mine.id, 'undo', true], [made, 'delete', true]]);
  });

  test('history says of each row whether support stood in another\'s place', async () => {
    const made = await applied('organisations', 'Typ;Namn\nSjukhus;Eget rum\n');
    const [org] = await rows(made);
    const seat = await applied('memberships', 'Namn;E-post;Grupp;Roll;Deltar som;Första dag\nEgen Plats;egen.plats@region.example;npo-tandvard;observatör;profession;2026-11-22\n');
    const [member] = await rows(seat);
    assert.equal((await undo(seat)).status, 204);
    const said = async (id) => (await api('/audit-events?limit=20')).json.items.filter((e) => e.objectId === id).map((e) => [e.act, e.asSupport]);
    assert.deepEqual(await said(org.objectId), [['create', false]], 'organisations are support\'s own');
    assert.deepEqual(await said(member.objectId), [['delete', true], ['create', true]]);
    await undo(made);
  });

  test('what a row fits is looked for among what its sender may know of', async () => {
    const meeting = (await api('/groups/npo-tandvard/meetings', { method: 'POST', body: { title: 'Känt', startsAt: '2027-05-03T09:00:00Z', endsAt: '2027-05-03T10:00:00Z', mode: 'online', visibility: 'public' } })).json;
    assert.equal((await api(`/meetings/${meeting.id}/notices`, { method: 'POST', body: {} })).status, 201);
    const hidden = { title: 'Hemligt', startsAt: meeting.startsAt, endsAt: meeting.endsAt, mode: 'online', visibility: 'members' };
    assert.equal((await api('/groups/npo-tandvard/meetings', { method: 'POST', body: hidden })).status, 201);
    const vasterbotten = await k.token('vasterbotten@kansli.example');
    const file = 'Grupp;Rubrik;Börjar\nnpo-tandvard;Känt;2027-05-03T09:00:00Z\n';
    const [theirs] = await rows(await importing('meetings', file, { token: vasterbotten }), '', vasterbotten);
    const [ours] = await rows(await importing('meetings', file));
    assert.deepEqual([theirs.act, theirs.objectId, ours.act], ['none', meeting.id, 'error'], JSON.stringify([theirs, ours]));
  });
});

describe('many rows', () => {
  test('are taken at once, tried while others write, applied, and undone', async () => {
    const body = people(1200, 'Skara');
    const reply = await send('persons', body);
    assert.deepEqual([reply.status, reply.json.status, reply.json.rowCount], [201, 'trying', 1200]);
    assert.match(reply.headers.location, new RegExp(`/imports/${reply.json.id}$`));
    let slowest = 0, writes = 0, over = false;
    const others = (async () => {
      while (!over) {
        const began = Date.now();
        assert.equal((await api('/glossary', { method: 'POST', body: { abbreviation: `Sk${++writes}`, name: 'Under tiden' } })).status, 201);
        slowest = Math.max(slowest, Date.now() - began);
      }
    })();
    const seen = new Set();
    let untried;
    for (let at; ; await sleep(20)) {
      at = (await api(`/imports/${reply.json.id}`)).json;
      seen.add(`${at.status} ${at.doneCount > 0 && at.doneCount < at.rowCount}`);
      if (at.status === 'trying' && at.doneCount > 0 && at.doneCount < 800 && !untried) {
        const { items } = (await api(`/imports/${at.id}/rows?limit=1&page=1200`)).json;
        if ((await api(`/imports/${at.id}`)).json.doneCount < 1100) untried = items.map((row) => row.act);
      }
      if (at.status === 'tried') break;
    }
    assert.ok(seen.has('trying true'), [...seen].join());
    assert.deepEqual(untried, [null], 'a row that has not been tried says nothing yet');
    assert.equal(await made('Skara'), 0, 'a trial writes no person');
    assert.equal((await apply(reply.json)).json.status, 'applying');
    const busy = await apply(reply.json);
    assert.equal(busy.status, 409);
    const done = await settled(reply.json.id);
    assert.deepEqual([done.status, done.counts, done.doneCount], ['applied', counts(1200, 0, 0, 0), 1200], JSON.stringify(done));
    assert.equal(await made('Skara'), 1200);
    assert.equal((await undo(done)).status, 204);
    const undone = await settled(done.id);
    assert.deepEqual([undone.status, undone.message], ['undone', null]);
    over = true;
    await others;
    assert.deepEqual([await made('Skara'), (await rows(undone)).length], [0, 0]);
    figure('longest another write waited beside 1 200 imported rows, ms', slowest);
    assert.ok(slowest < 3000, `${slowest} ms`);
  });

  test('of a fifth file are refused until one of the others is through', async () => {
    const sent = [];
    for (let n = 0; n < 5; n++) sent.push(await send('persons', people(900, `Ko${n}`)));
    const waiting = sent.filter((reply) => reply.status === 201);
    assert.ok(waiting.length >= 4);
    const refused = sent.find((reply) => reply.status !== 201);
    if (refused) assert.deepEqual([refused.status, refused.json.rule, refused.headers['retry-after']], [503, 'busy', '30'], refused.text);
    for (const reply of waiting) await undo(reply.json);
    for (let n = 0; n < 200 && (await send('persons', people(201, 'Efter'))).status !== 201; n++) await sleep(50);
  });

  test('are undone by the support function in its own name', async () => {
    const mine = await applied('persons', people(210, 'Namnlan'), { token: officer });
    assert.equal((await undo(mine)).status, 204);
    assert.equal((await settled(mine.id)).status, 'undone');
    const me = (await k.api('/me', { token: support })).json.id;
    const { json: { items } } = await api('/audit-events?limit=211');
    assert.deepEqual([...new Set(items.map((e) => e.act === 'undo' ? `undo ${e.actor === me}` : `${e.act} ${e.actor === me} ${e.asSupport}`))], ['undo true', 'delete true true']);
  });

  test('that somebody has changed since are not undone at all, and the import says whose', async () => {
    const done = await applied('persons', people(300, 'Orust'));
    const [one] = (await api('/persons?q=Orust17&limit=1')).json.items;
    const { etag } = await api(`/persons/${one.id}`);
    await api(`/persons/${one.id}`, { method: 'PATCH', body: { title: 'Ny' }, headers: { 'if-match': etag } });
    assert.equal((await undo(done)).status, 204);
    const after = await settled(done.id);
    assert.equal(after.status, 'applied');
    assert.match(after.message, /Orust17/);
    assert.equal(await made('Orust'), 300);
  });

  test('with an error are not applied unless it is left out; deleted, they are gone', async () => {
    const done = await importing('persons', people(250, 'Mora') + 'Fel;Mängdsson;ingen-adress\n');
    assert.deepEqual([done.status, done.counts], ['tried', counts(250, 0, 0, 1)]);
    const refused = await apply(done);
    assert.deepEqual([refused.status, refused.json.rule], [409, 'import-has-errors']);
    assert.match(refused.json.missing[0], /^Rad 252, E-post/);
    assert.equal((await apply(done, { skipErrors: true })).status, 201);
    assert.deepEqual([(await settled(done.id)).status, await made('Mora')], ['applied', 250]);
    const other = await importing('persons', people(250, 'Alno'));
    assert.equal((await undo(other)).status, 204);
    assert.equal((await api(`/imports/${other.id}`)).status, 404);
    assert.equal(await made('Alno'), 0);
  });

  test('dryRun=false applies them as soon as they are tried', async () => {
    const reply = await send('persons', people(300, 'Sylt'), { more: '&dryRun=false' });
    const done = await settled(reply.json.id);
    assert.deepEqual([done.status, await made('Sylt')], ['applied', 300]);
    const wrong = await send('persons', people(300, 'Rum') + 'Fel;Fel;fel\n', { more: '&dryRun=false' });
    assert.deepEqual([(await settled(wrong.json.id)).status, await made('Rum')], ['tried', 0]);
  });

  test('of which one can no longer be applied are all taken back', async () => {
    const lines = Array.from({ length: 400 }, (_, i) => `prov-org-${i};Annan organisation;Backprov ${i}`).join('\n');
    const done = await importing('organisations', `Adress;Typ;Namn\n${lines}\n`);
    assert.deepEqual(done.counts, counts(400, 0, 0, 0));
    const taken = await api('/groups', { method: 'POST', body: { id: 'prov-org-390', kind: 'nag', name: 'Tar adressen', startDate: '2026-01-01', principalIds: ['npo-tandvard'] } });
    assert.equal(taken.status, 201, taken.text);
    assert.equal((await apply(done)).status, 201);
    const failed = await settled(done.id);
    assert.equal(failed.status, 'failed', JSON.stringify(failed));
    assert.match(failed.message, /^Rad 392/);
    assert.equal((await rows(failed, '&act=error')).length, 1);
    assert.equal(await total('/organisations?q=Backprov'), 0, 'nothing half-done remains');
    assert.equal((await api('/organisations/prov-org-3')).status, 404);
  });

  test('are stopped in the middle, and taken back', async () => {
    const done = await importing('persons', people(800, 'Halt'));
    await apply(done);
    for (let at; !(at?.doneCount > 0); await sleep(5)) at = (await api(`/imports/${done.id}`)).json;
    assert.equal((await undo(done)).status, 204);
    const stopped = await settled(done.id);
    assert.deepEqual([stopped.status, await made('Halt')], ['failed', 0]);
    assert.match(stopped.message, /stoppades/);
  });

  test('survive kill -9: a trial begins anew, an application goes on, nothing is done twice', async () => {
    // The last row changes what the first one makes: undoing knows both, also when it is taken up after a crash.
    const again = 'Kraft0;Mängdsson;kraft0@region.example;Sist\n';
    const reply = await send('persons', people(900, 'Kraft').replace('E-post\n', 'E-post;Titel\n') + again);
    for (let at; !(at?.doneCount > 0); await sleep(5)) at = (await api(`/imports/${reply.json.id}`)).json;
    await k.restart({ signal: 'SIGKILL', clean: false });
    const tried = await settled(reply.json.id);
    assert.deepEqual([tried.status, tried.counts], ['tried', counts(900, 1, 0, 0)]);
    await apply(tried);
    for (let at; !(at?.doneCount > 0); await sleep(5)) at = (await api(`/imports/${tried.id}`)).json;
    await k.restart({ signal: 'SIGKILL', clean: false });
    const done = await settled(tried.id);
    assert.deepEqual([done.status, done.counts, done.doneCount], ['applied', counts(900, 1, 0, 0), 901]);
    assert.equal(await made('Kraft'), 900);
    assert.equal((await undo(done)).status, 204);
    for (let at; !(at?.doneCount > 0); await sleep(5)) at = (await api(`/imports/${tried.id}`)).json;
    await k.restart({ signal: 'SIGKILL', clean: false });
    const undone = await settled(tried.id);
    assert.deepEqual([undone.status, undone.message], ['undone', null]);
    assert.equal(await made('Kraft'), 0);
    assert.deepEqual(fs.readdirSync(path.dirname(k.db)).filter((name) => name.includes('.trial')), [], 'no copy is left behind');
    const { stdout } = await k.cli('check', '--json');
    assert.deepEqual(JSON.parse(stdout).filter((found) => found.severity === 'error'), []);
  });

  test('of an account that is closed meanwhile are all taken back', async () => {
    const done = await importing('persons', people(900, 'Stangd'), { token: norra });
    assert.deepEqual([done.status, done.counts], ['tried', counts(900, 0, 0, 0)], JSON.stringify((await rows(done)).slice(0, 1)));
    const admin = await k.token('admin@kansli.example');
    const where = `/accounts/${(await k.api('/accounts?q=norra', { token: admin })).json.items[0].id}`;
    const { etag } = await k.api(where, { token: admin });
    await apply(done, {}, norra);
    const closed = await k.api(where, { method: 'PATCH', token: admin, body: { disabled: true }, headers: { 'if-match': etag } });
    assert.equal(closed.status, 200, closed.text);
    const failed = await settled(done.id);
    assert.deepEqual([failed.status, await made('Stangd')], ['failed', 0]);
    assert.match(failed.message, /Kontot/);
  });

  test('that cannot be taken back by a fault of ours wait, and no other waits for them', async () => {
    const done = await applied('persons', people(250, 'Fast'));
    const key = sql(`SELECT key FROM import_run WHERE id = '${done.id}'`);
    sql(`CREATE TRIGGER fault BEFORE DELETE ON import_row WHEN old.run_key = ${key} BEGIN SELECT RAISE(ABORT, 'fault'); END`);
    assert.equal((await undo(done)).status, 204);
    const other = await importing('persons', people(250, 'Vidare'));
    assert.deepEqual([other.status, other.counts], ['tried', counts(250, 0, 0, 0)]);
    assert.equal((await api(`/imports/${done.id}`)).json.status, 'undoing');
    sql('DROP TRIGGER fault');
    assert.equal((await settled(done.id)).status, 'undone');
    assert.deepEqual([await made('Fast'), (await undo(other)).status], [0, 204]);
  });

  test('show on their page how far they have come, without JavaScript', async () => {
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    const reply = await send('persons', people(900, 'Sida'));
    let page;
    for (let n = 0; n < 100; n++) {
      page = await jar.get(`/imports/${reply.json.id}`);
      if (/<progress/.test(page.text)) break;
    }
    assert.match(page.words, /Rader som jämförts med registret: [\d\s]+ av 900/);
    assert.match(page.text, /<a href="\?" data-follow>/);
    // What looks again by itself holds all that changes: the status too.
    assert.match(page.text.slice(page.text.indexOf('id="import"')), /<span class="tag info">Prövas/);
    const done = await settled(reply.json.id);
    assert.equal(done.status, 'tried');
    const english = await k.api(`/imports/${done.id}/rows?limit=1`, { token: support, headers: { 'accept-language': 'en' } });
    assert.equal(english.json.items[0].cells[0].label, 'Given name', 'a heading is in the language of who reads it');
    assert.doesNotMatch((await jar.get(`/imports/${done.id}`)).text, /<progress/);
    assert.equal((await undo(done)).status, 204);
  });
});

describe('on the command line', () => {
  const write = (name, text) => { const at = path.join(path.dirname(k.db), name); fs.writeFileSync(at, text); return at; };

  test('a file is tried, applied, and refused with the lines that are wrong; beside a server too', async () => {
    const at = write('folk.csv', people(450, 'Kommando'));
    const dry = await run(['import', '--db', k.db, '--resource', 'persons', '--dry-run', at], { env: now });
    assert.deepEqual([dry.code, dry.stdout], [0, 'tried: 450 new, 0 changed, 0 the same, 0 with errors\n'], dry.stderr);
    assert.equal(await made('Kommando'), 0);
    const wet = await run(['import', '--db', k.db, '--resource', 'persons', '--json', at], { env: { ...now, KANSLI_PROGRESS: '1' } });
    assert.equal(wet.code, 0, wet.stderr);
    assert.deepEqual([JSON.parse(wet.stdout).status, JSON.parse(wet.stdout).counts], ['applied', counts(450, 0, 0, 0)]);
    assert.match(wet.stderr, /450 of 450 rows/);
    assert.equal(await made('Kommando'), 450);
    const wrong = await run(['import', '--db', k.db, '--resource', 'persons', write('fel.csv', 'Namn;E-post\nBo Ek;fel\n')], { env: now });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /Rad 2, E-post[^\n]*\nkansli: import: /);
    const meetings = await run(['import', '--db', k.db, '--resource', 'meetings', '--group', 'npo-tandvard', write('m.csv', 'Börjar;Slutar;Hur\n2027-01-11 10:00;2027-01-11 11:00;Digitalt\n')], { env: now });
    assert.match(meetings.stdout, /^applied: 1 new/, meetings.stderr);
  });

  test('without a server it does the work itself, and an export of a list goes in again', async () => {
    const db = path.join(path.dirname(k.db), 'ensam.db');
    assert.equal((await run(['init', '--db', db, '--demo'], { env: { KANSLI_NOW: '2026-11-01T00:00:00.000Z' } })).code, 0);
    const done = await run(['import', '--db', db, '--resource', 'persons', write('folk2.csv', people(450, 'Ensam'))], { env: now });
    assert.match(done.stdout, /^applied: 450 new/, done.stderr);
    for (const format of ['csv', 'xlsx']) {
      const out = path.join(path.dirname(k.db), `grupper.${format}`);
      const exported = await run(['export', '--db', db, '--resource', 'groups', '--format', format, '--out', out], { env: now });
      assert.deepEqual([exported.code, exported.stdout], [0, ''], exported.stderr);
      assert.match((await run(['import', '--db', db, '--resource', 'groups', '--dry-run', out], { env: now })).stdout, /^tried: 0 new, 0 changed, \d+ the same, 0 with/);
      assert.equal((await run(['export', '--db', db, '--resource', 'groups', '--out', out], { env: now })).code, 1, 'never over a file');
    }
    assert.deepEqual(fs.readdirSync(path.dirname(db)).filter((name) => name.includes('.trial')), []);
  });

  test('what is not understood exits 2, what cannot be read 1', async () => {
    const exits = async (code, ...args) => {
      const said = await run(args, { env: now });
      assert.equal(said.code, code, `${args.join(' ')}: ${said.stderr}`);
      assert.equal(said.stderr.trim().split('\n').length, 1, said.stderr);
    };
    await exits(2, 'import', '--db', k.db);
    await exits(2, 'import', '--db', k.db, '--dry-run', 'x.csv');
    await exits(2, 'export', '--db', k.db, '--resource', 'trollkarlar');
    await exits(2, 'export', '--db', k.db, '--format', 'csv');
    await exits(2, 'export', '--db', k.db, '--resource', 'groups', '--format', 'ods');
    await exits(1, 'import', '--db', k.db, '--resource', 'persons', '/nowhere.csv');
    await exits(1, 'import', '--db', k.db, '--resource', 'glossary', write('g.csv', 'Namn\nx\n'));
    await exits(1, 'export', '--db', '/nowhere.db');
  });
});
