// Groups through the real binary: reading, establishing, changing, days, hosts, rights, pages.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { start } from '../lib/kansli.mjs';
import { refused } from '../lib/said.mjs';

const today = '2026-11-22';
const env = { KANSLI_NOW: `${today}T10:00:00Z` };
let k, support, sql;

before(async () => {
  k = await start({ demo: true, env });
  support = (await k.actor('support')).token;
  sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: text, encoding: 'utf8' }).trim();
});

const get = (where, token = support) => k.api(where, { token });
const post = (where, body, token = support) => k.api(where, { token, method: 'POST', body });
async function patch(id, body, { token = support, etag } = {}) {
  etag ??= (await get(`/groups/${id}`)).etag;
  return k.api(`/groups/${id}`, { token, method: 'PATCH', body, headers: { 'if-match': etag } });
}
function wrong(reply, ...pointers) {
  assert.equal(reply.status, 400, reply.text);
  assert.deepEqual(reply.json.errors.map((e) => e.pointer ?? e.parameter).sort(), pointers.sort());
}
let serial = 0;
async function made(fields = {}, token = support) {
  const reply = await post('/groups', {
    kind: 'nag', name: `Prov ${++serial}`, startDate: '2026-01-01', principalIds: ['npo-akut-vard'], ...fields,
  }, token);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

// ---------------------------------------------------------------- reading

test('a group tells what it is on the day, with names beside ids and labels beside enumerations', async () => {
  const { json, headers } = await k.api('/groups/npo-cancersjukdomar');
  assert.equal(json.fullName, 'NPO Cancersjukdomar');
  assert.equal(json.kind, 'npo');
  assert.equal(json.kindLabel, 'Nationellt programområde');
  assert.equal(json.level, 'national');
  assert.equal(json.status, 'active');
  assert.equal(json.statusLabel, 'Aktiv');
  assert.equal(json.hostId, 'rcc-i-samverkan');
  assert.equal(json.hostStatus, 'active');
  assert.ok(json.hostName);
  assert.deepEqual(json.principalIds, ['sks']);
  assert.deepEqual(json.coverage, { covered: 0, partial: 1, missing: 0 }); // five of six healthcare regions
  assert.equal('key' in json, false);
  assert.equal('version' in json, false);
  assert.match(headers.etag, /^"\d+\.\w+"$/);
});

test('English readers get English labels', async () => {
  const { json } = await k.api('/groups/npo-akut-vard', { headers: { 'accept-language': 'en' } });
  assert.equal(json.kindLabel, 'National programme area');
  assert.equal(json.statusLabel, 'Active');
});

test('names sort as Swedish sorts, å ä ö last', async () => {
  const { json } = await k.api('/groups?kind=npo&limit=50');
  const names = json.items.map((g) => g.name);
  assert.equal(json._meta.totalRecords, 26);
  assert.deepEqual(names.slice(-3).map((n) => n[0]), ['Ä', 'Ö', 'Ö']);
  assert.deepEqual([...names].sort(new Intl.Collator('sv').compare), names);
});

test('every filter of the contract selects, and lists of values mean or', async () => {
  const total = async (query) => (await get(`/groups?${query}&limit=1`)).json._meta.totalRecords;
  assert.equal(await total('kind=npo,nsg'), 33);
  assert.equal(await total('level=national&kind=npo'), 26);
  assert.ok(await total('status=dormant') > 0);
  assert.ok(await total('status=planned') > 0);
  assert.ok(await total('status=closed') > 0);
  assert.ok(await total('permanence=timeLimited') > 0);
  assert.equal(await total('accessMode=open') > 0, true);
  assert.equal(await total('parentId=nag-palliativ-vard'), 1);
  assert.equal(await total('principalIds=npo-akut-vard'), 2);
  assert.equal(await total('kind=npo&hostId=rcc-i-samverkan'), 1);
  assert.ok(await total('hostStatus=active') > 25);
  assert.ok(await total('healthcareRegionId=norra&kind=rpo') > 15);
  assert.ok(await total('regionId=region-norrbotten') > 5);
  assert.ok(await total('mirrorsId=npo-akut-vard') >= 5);
  assert.equal(await total('q=aldre%20palliativ'), await total('q=%C3%84ldre%20palliativ'));
  assert.ok(await total('q=aldre') > 0);
});

test('an unknown filter, value or sort is refused, never ignored', async () => {
  wrong(await get('/groups?colour=red'), 'colour');
  wrong(await get('/groups?status=sleeping'), 'status');
  wrong(await get('/groups?kind=xyz'), 'kind');
  wrong(await get('/groups?sort=purpose'), 'sort');
  wrong(await get('/groups?hostId=nobody-at-all'), 'hostId');
});

test('the list sorts by each field it promises, up and down', async () => {
  for (const name of ['name', 'fullName', 'kind', 'startDate', 'endDate', 'status', 'memberCount']) {
    assert.equal((await get(`/groups?sort=${name}`)).status, 200, name);
    assert.equal((await get(`/groups?sort=-${name}&limit=500`)).status, 200, name);
  }
  const { json } = await get('/groups?sort=-memberCount&limit=3');
  assert.ok(json.items[0].memberCount >= json.items[1].memberCount);
});

test('pages of the list hold every group once', async () => {
  const ids = [];
  for (let page = 1; ; page++) {
    const { json } = await get(`/groups?limit=100&page=${page}`);
    ids.push(...json.items.map((g) => g.id));
    if (json.items.length < 100) break;
  }
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(ids.length, (await get('/groups?limit=1')).json._meta.totalRecords);
});

test('asOf shows the group, its host and its principals of that day', async () => {
  const id = 'rpo-aldres-halsa-och-palliativ-vard-norra';
  assert.equal((await get(`/groups/${id}?asOf=2020-05-01`)).json.hostId, 'region-vasternorrland');
  assert.equal((await get(`/groups/${id}?asOf=2024-05-01`)).json.hostId, 'region-jamtland-harjedalen');
  assert.equal((await get('/groups/npo-akut-vard?asOf=2017-12-31')).json.status, 'planned');
  assert.equal((await get('/groups?asOf=2017-12-31')).json._meta.totalRecords, 0);
  wrong(await get('/groups?asOf=2026-02-30'), 'asOf');
});

test('a pause gives its status on its days only', async () => {
  const at = async (day) => (await get(`/groups/nag-hoftledsartros?asOf=${day}`)).json.status;
  assert.equal(await at('2022-12-31'), 'active');
  assert.equal(await at('2023-01-01'), 'dormant');
  assert.equal(await at('2023-06-30'), 'dormant');
  assert.equal(await at('2023-07-01'), 'active');
});

// ---------------------------------------------------------------- establishing

test('a new group gets its address from kind and name, and the region when that is taken', async () => {
  const first = await made({ name: 'Åska & blixt' });
  assert.equal(first.id, 'nag-aska-blixt');
  assert.equal(first.fullName, 'NAG Åska & blixt');
  assert.equal(first.permanence, 'permanent');
  assert.equal(first.accessMode, 'open');
  assert.deepEqual(first.principalIds, ['npo-akut-vard']);
  const rpo = await made({ kind: 'rpo', name: 'Åska', principalIds: ['rsk-norra'], healthcareRegionId: 'norra' });
  assert.equal(rpo.id, 'rpo-aska');
  const second = await made({ kind: 'rpo', name: 'Åska', principalIds: ['rsk-sodra'], healthcareRegionId: 'sodra' });
  assert.equal(second.id, 'rpo-aska-sodra');
  refused(await post('/groups', { kind: 'rpo', name: 'Åska', startDate: today, healthcareRegionId: 'sodra' }), 409, 'slug-taken');
});

test('an address that is given and taken is refused', async () => {
  const body = { kind: 'nag', name: 'Tagen', startDate: today };
  refused(await post('/groups', { ...body, id: 'npo-akut-vard' }), 409, 'slug-taken');
  refused(await post('/groups', { ...body, id: 'norra' }), 409, 'slug-taken');
  wrong(await post('/groups', { ...body, id: 'new' }), '/id');
  wrong(await post('/groups', { ...body, id: 'Å' }), '/id');
});

test('steering, preparation, support and other groups are called by their name alone', async () => {
  assert.equal((await made({ kind: 'other', name: 'Fria gruppen', principalIds: [] })).fullName, 'Fria gruppen');
});

test('every message comes at once', async () => {
  wrong(await post('/groups', {
    name: '', startDate: '2026-02-30', kind: 'xyz', permanence: 'often', healthcareRegionId: 'region-skane',
    regionId: 'norra', contactEmail: 'nobody', level: 'national', colour: 'red', principalIds: ['nobody'],
  }), '/colour', '/contactEmail', '/healthcareRegionId', '/kind', '/level', '/name', '/permanence', '/principalIds/0',
  '/regionId', '/startDate');
  wrong(await post('/groups', { kind: 'nag', name: 'X', startDate: today, endDate: '2026-01-01' }), '/endDate');
  wrong(await post('/groups', {}), '/kind', '/name', '/startDate');
});

test('a missing principal, region or gap never refuses', async () => {
  const group = await made({ principalIds: [], name: 'Utan uppdragsgivare' });
  assert.deepEqual(group.principalIds, []);
  await made({ kind: 'rpo', name: 'Utan region', principalIds: [] });
  const { json } = await get('/checks');
  const found = json.items.filter((f) => f.objectId === group.id).map((f) => f.rule);
  assert.ok(found.includes('principal-missing'));
  assert.ok(json.items.some((f) => f.objectId === 'rpo-utan-region' && f.rule === 'area-missing'));
});

test('a principal whose kind may not commission is refused by name', async () => {
  const reply = await post('/groups', { kind: 'npo', name: 'Fel', startDate: today, principalIds: ['npo-akut-vard'] });
  assert.match(refused(reply, 409, 'kind-may-not-commission').detail, /sks/);
  refused(await post('/groups', { kind: 'rss', name: 'Fel', startDate: today, principalIds: ['sks'] }), 409, 'kind-may-not-commission');
  assert.equal((await post('/groups', { kind: 'other', name: 'Rätt', startDate: today, principalIds: ['npo-akut-vard'] })).status, 201);
});

test('a repeated POST under the same Idempotency-Key acts once', async () => {
  const body = { kind: 'nag', name: 'En gång', startDate: today };
  const send = (name) => k.api('/groups', {
    token: support, method: 'POST', body: { ...body, name }, headers: { 'idempotency-key': 'group-once' },
  });
  const first = await send('En gång');
  const again = await send('En gång');
  assert.equal(first.status, 201, first.text);
  assert.equal(again.status, 201);
  assert.equal(again.json.id, first.json.id);
  refused(await send('Annat'), 409, 'idempotency-key-reused');
});

// ---------------------------------------------------------------- changing

test('a change needs If-Match of the present version', async () => {
  const group = await made();
  const where = `/groups/${group.id}`;
  const send = (etag) => k.api(where, {
    token: support, method: 'PATCH', body: { shortName: 'K' }, headers: etag ? { 'if-match': etag } : {},
  });
  assert.equal((await send()).status, 428);
  assert.equal((await send('*')).status, 400);
  const { etag } = await get(where);
  assert.equal((await send('"99.abc"')).status, 412);
  assert.equal((await send('"99.abc"')).headers.etag.split('.')[0], etag.split('.')[0]);
  const done = await send(etag);
  assert.equal(done.status, 200);
  assert.equal(done.json.shortName, 'K');
  assert.equal((await send(etag)).status, 412);
  assert.equal((await k.api(where, { token: support, headers: { 'if-none-match': (await get(where)).etag } })).status, 304);
});

test('a merge patch keeps what it does not name and null takes away', async () => {
  const group = await made({ purpose: 'Syftet', shortName: 'Kort' });
  const reply = await patch(group.id, { shortName: null });
  assert.equal(reply.json.shortName, null);
  assert.equal(reply.json.purpose, 'Syftet');
  wrong(await patch(group.id, { name: null }), '/name');
  wrong(await patch(group.id, { id: null }), '/id');
  wrong(await patch(group.id, { status: 'closed' }), '/status');
});

test('a change that changes nothing leaves the version', async () => {
  const group = await made({ purpose: 'Samma' });
  const before = (await get(`/groups/${group.id}`)).etag;
  const reply = await patch(group.id, { purpose: 'Samma' });
  assert.equal(reply.status, 200);
  assert.equal(reply.etag.split('.')[0], before.split('.')[0]);
});

test('another name changes the full name and the search', async () => {
  const group = await made({ name: 'Gammalt namn' });
  const reply = await patch(group.id, { name: 'Zebraränder' });
  assert.equal(reply.json.fullName, 'NAG Zebraränder');
  assert.equal((await get('/groups?q=zebrarander')).json._meta.totalRecords, 1);
  assert.equal((await get('/groups?q=NAG%20Gammalt')).json.items.every((g) => g.id === group.id), true);
});

test('a renamed group answers 308 at its old address, which nobody else gets', async () => {
  const group = await made({ name: 'Byter adress' });
  const reply = await patch(group.id, { id: 'nag-ny-adress' });
  assert.equal(reply.json.id, 'nag-ny-adress');
  const old = await k.api(`/groups/${group.id}`, { redirect: 'manual' });
  assert.equal(old.status, 308);
  assert.match(old.headers.location, /\/api\/v1\/groups\/nag-ny-adress$/);
  const below = await k.api(`/groups/${group.id}/hosts`);
  assert.match(below.headers.location, /\/groups\/nag-ny-adress\/hosts$/);
  const page = await k.page(`/groups/${group.id}`);
  assert.equal(page.status, 308);
  refused(await post('/groups', { kind: 'nag', name: 'x', startDate: today, id: group.id }), 409, 'slug-taken');
  const back = await patch('nag-ny-adress', { id: group.id });
  assert.equal(back.json.id, group.id, 'its own old address it may take back');
});

test('principals that are taken away end yesterday, new ones begin today', async () => {
  const group = await made({ principalIds: ['npo-akut-vard', 'npo-kirurgi'] });
  const reply = await patch(group.id, { principalIds: ['npo-kirurgi', 'npo-tandvard'] });
  assert.deepEqual(reply.json.principalIds, ['npo-kirurgi', 'npo-tandvard']);
  assert.deepEqual((await get(`/groups/${group.id}?asOf=2026-11-21`)).json.principalIds, ['npo-akut-vard', 'npo-kirurgi']);
  assert.deepEqual((await get(`/groups/${group.id}?asOf=${today}`)).json.principalIds, ['npo-kirurgi', 'npo-tandvard']);
  const all = (await get(`/groups/${group.id}?embed=principals`)).json._embedded.principals;
  assert.equal(all.find((p) => p.id === 'npo-akut-vard').endDate, '2026-11-21');
  assert.equal(all.find((p) => p.id === 'npo-tandvard').startDate, today);
  const undone = await patch(group.id, { principalIds: ['npo-kirurgi'] });
  assert.deepEqual(undone.json.principalIds, ['npo-kirurgi']);
  assert.equal((await get(`/groups/${group.id}?embed=principals`)).json._embedded.principals.length, 2, 'what began today has never been');
});

test('a planned group has its principals from its first day and shows them already', async () => {
  const group = await made({ startDate: '2027-03-01' });
  assert.equal(group.status, 'planned');
  assert.deepEqual(group.principalIds, ['npo-akut-vard']);
  const moved = await patch(group.id, { startDate: '2027-05-01' });
  assert.equal(moved.status, 200, moved.text);
  assert.deepEqual(moved.json.principalIds, ['npo-akut-vard']);
});

test('a kind that its principals may not commission is refused at a change too', async () => {
  const group = await made();
  refused(await patch(group.id, { kind: 'rag' }), 409, 'kind-may-not-commission');
  refused(await patch(group.id, { principalIds: ['rsk-norra'] }), 409, 'kind-may-not-commission');
  refused(await patch('npo-akut-vard', { kind: 'bg' }), 409, 'kind-may-not-commission');
});

test('a circle of parents, principals or mirrors is refused', async () => {
  const a = await made(), b = await made({ parentId: a.id }), c = await made({ parentId: b.id, mirrorsId: a.id });
  refused(await patch(a.id, { parentId: a.id }), 409, 'body-cycle');
  refused(await patch(a.id, { parentId: c.id }), 409, 'body-cycle');
  refused(await patch(a.id, { mirrorsId: c.id }), 409, 'body-cycle');
  const x = await made({ kind: 'other', name: 'Ring X', principalIds: [] });
  const y = await made({ kind: 'other', name: 'Ring Y', principalIds: [x.id] });
  const z = await made({ kind: 'other', name: 'Ring Z', principalIds: [y.id] });
  refused(await patch(x.id, { principalIds: [z.id] }), 409, 'body-cycle');
});

test('days that leave a host outside are refused', async () => {
  const group = await made();
  await post(`/groups/${group.id}/hosts`, { bodyId: 'norra', startDate: '2026-02-01' });
  refused(await patch(group.id, { startDate: '2026-03-01' }), 409, 'outside-group-dates');
  assert.equal((await patch(group.id, { startDate: '2026-02-01' })).status, 200);
  wrong(await patch(group.id, { endDate: '2025-01-01' }), '/endDate');
});

// ---------------------------------------------------------------- closing, resting, reopening

test('closing sets the last day, cuts what would outlast it, and says so in the history', async () => {
  const group = await made();
  const host = await post(`/groups/${group.id}/hosts`, { bodyId: 'norra', endDate: '2027-06-30' });
  assert.equal(host.status, 201, host.text);
  wrong(await post(`/groups/${group.id}/closures`, {}), '/endDate', '/reason');
  wrong(await post(`/groups/${group.id}/closures`, { endDate: '2025-01-01', reason: 'x' }), '/endDate');
  const reply = await post(`/groups/${group.id}/closures`, { endDate: '2026-10-31', reason: 'Uppdraget är slutfört.' });
  assert.equal(reply.status, 201, reply.text);
  assert.match(reply.headers.location, new RegExp(`/api/v1/groups/${group.id}$`));
  assert.equal(reply.json.status, 'closed');
  assert.equal(reply.json.statusReason, 'Uppdraget är slutfört.');
  assert.equal(reply.json.endDate, '2026-10-31');
  assert.equal(reply.json.hostId, 'norra', 'shown as on its last day');
  assert.equal((await get(`/groups/${group.id}/hosts`)).json.items[0].endDate, '2026-10-31');
  refused(await post(`/groups/${group.id}/closures`, { endDate: today, reason: 'igen' }), 409, 'group-closed');
  refused(await post(`/groups/${group.id}/dormancies`, { startDate: today, reason: 'igen' }), 409, 'group-closed');
  refused(await patch(group.id, { principalIds: [] }), 409, 'group-closed');
  const { json } = await get(`/groups/${group.id}/history`);
  const acts = json.items.filter((e) => e.objectType !== 'requirements').map((e) => e.act);
  assert.deepEqual(acts, ['close', 'update', 'create', 'create']);
  assert.deepEqual(json.items[0].changes.map((c) => c.after), ['2026-10-31', 'Uppdraget är slutfört.']);
});

test('a reopened group was closed on the days between', async () => {
  const group = await made();
  await post(`/groups/${group.id}/closures`, { endDate: '2026-09-30', reason: 'Paus.' });
  wrong(await post(`/groups/${group.id}/reopenings`, { startDate: '2026-09-30' }), '/startDate');
  const reply = await post(`/groups/${group.id}/reopenings`, { startDate: '2026-11-01' });
  assert.equal(reply.status, 201, reply.text);
  assert.equal(reply.json.status, 'active');
  assert.equal(reply.json.endDate, null);
  const at = async (day) => (await get(`/groups/${group.id}?asOf=${day}`)).json.status;
  assert.equal(await at('2026-09-30'), 'active');
  assert.equal(await at('2026-10-15'), 'closed');
  assert.equal(await at('2026-11-01'), 'active');
  const listed = async (day) => (await get(`/groups?limit=500&asOf=${day}`)).json.items.some((g) => g.id === group.id);
  assert.deepEqual([await listed('2026-09-30'), await listed('2026-10-15'), await listed('2026-11-01')], [true, false, true]);
  refused(await post(`/groups/${group.id}/reopenings`, { startDate: today }), 409, 'group-at-work');
});

test('a dormant group rests until it is reopened', async () => {
  const group = await made();
  refused(await post(`/groups/${group.id}/dormancies`, { startDate: '2025-01-01', reason: 'x' }), 409, 'outside-group-dates');
  const rest = await post(`/groups/${group.id}/dormancies`, { startDate: '2026-11-01', reason: 'Ingen ordförande.' });
  assert.equal(rest.json.status, 'dormant', rest.text);
  assert.equal(rest.json.statusReason, 'Ingen ordförande.');
  refused(await post(`/groups/${group.id}/dormancies`, { startDate: today, reason: 'x' }), 409, 'group-dormant');
  wrong(await post(`/groups/${group.id}/reopenings`, { startDate: '2026-10-01' }), '/startDate');
  assert.equal((await post(`/groups/${group.id}/reopenings`, { startDate: today })).json.status, 'active');
  assert.equal((await get(`/groups/${group.id}?asOf=2026-11-21`)).json.status, 'dormant');
});

test('a group whose only hosting is dormant is dormant', async () => {
  const group = await made();
  await post(`/groups/${group.id}/hosts`, { bodyId: 'norra', status: 'dormant' });
  const { json } = await get(`/groups/${group.id}`);
  assert.equal(json.status, 'dormant');
  assert.equal(json.hostStatus, 'dormant');
  refused(await post(`/groups/${group.id}/reopenings`, { startDate: today }), 409, 'hosting-dormant');
  assert.equal((await get(`/groups?status=dormant&limit=500`)).json.items.some((g) => g.id === group.id), true);
});

test('the nouns of actions have no GET', async () => {
  for (const noun of ['closures', 'dormancies', 'reopenings']) {
    const reply = await get(`/groups/npo-akut-vard/${noun}`);
    assert.equal(reply.status, 405);
    assert.match(reply.headers.allow, /POST/);
  }
});

test('only a group that nothing refers to can be deleted', async () => {
  const remove = async (id) => k.api(`/groups/${id}`, {
    token: support, method: 'DELETE', headers: { 'if-match': (await get(`/groups/${id}`)).etag },
  });
  const group = await made();
  assert.equal((await remove(group.id)).status, 204);
  assert.equal((await get(`/groups/${group.id}`)).status, 404);
  const since = (await get('/groups?modifiedSince=2020-01-01&limit=500')).json;
  assert.ok(since.items.some((g) => g.id === group.id && g.deleted), 'a tombstone tells those who synchronise');
  refused(await remove('npo-akut-vard'), 409, 'in-use');
  refused(await remove('nag-palliativ-vard'), 409, 'in-use');
});

test('what lived within a group goes with it, each with its tombstone and its history', async () => {
  const group = await made();
  const mandate = await post(`/groups/${group.id}/mandates`, {
    purpose: 'Ett utkast.', tasks: ['Pröva.'], validFrom: '2027-01-01', validTo: '2027-12-31', resourceEstimate: { memberCount: 8 },
  });
  assert.equal(mandate.status, 201);
  const [row] = (await get(`/groups/${group.id}/requirements`)).json.items;
  const reply = await k.api(`/groups/${group.id}`, {
    token: support, method: 'DELETE', headers: { 'if-match': (await get(`/groups/${group.id}`)).etag },
  });
  assert.equal(reply.status, 204);
  const since = (await get('/mandates?modifiedSince=2020-01-01&limit=500')).json.items;
  assert.ok(since.some((m) => m.id === mandate.json.id && m.deleted));
  const events = (await get('/audit-events?act=delete&limit=500')).json.items.map((e) => e.objectId);
  for (const id of [group.id, mandate.json.id, row.id]) assert.ok(events.includes(id), id);
});

test('a tombstone tells no more than its object did, and only where it lived', async () => {
  const gone = async (where, token) => (await get(`${where}?modifiedSince=2020-01-01&limit=500`, token)).json.items
    .filter((item) => item.deleted).map((item) => item.id);
  const remove = async (where) => assert.equal((await k.api(where, {
    token: support, method: 'DELETE', headers: { 'if-match': (await get(where)).etag },
  })).status, 204);
  const group = await made({ accessMode: 'restricted' });
  const auditor = (await k.actor('auditor')).token;
  const { totalRecords } = (await k.api('/groups?modifiedSince=2020-01-01')).json._meta;
  await remove(`/groups/${group.id}`);
  assert.ok((await gone('/groups', auditor)).includes(group.id), 'who saw it learns that it is gone');
  assert.ok(!(await gone('/groups', null)).includes(group.id), 'the others do not');
  assert.equal((await k.api('/groups?modifiedSince=2020-01-01')).json._meta.totalRecords, totalRecords);

  const [here, elsewhere] = [await made(), await made()];
  const tie = (await post(`/groups/${here.id}/relations`, { type: 'near', bodyId: 'norra' })).json;
  await remove(`/groups/${here.id}/relations/${tie.id}`);
  assert.deepEqual(await gone(`/groups/${here.id}/relations`, null), [tie.id]);
  assert.deepEqual(await gone(`/groups/${elsewhere.id}/relations`, null), []);
});

test('a group names a gap that there is, and is filtered by it', async () => {
  const gap = (await post('/gaps', { groupId: 'npo-tandvard', type: 'care', title: 'Munnen bedöms inte', priority: 1 })).json;
  const group = await made({ gapId: gap.id });
  assert.equal(group.gapTitle, 'Munnen bedöms inte');
  assert.deepEqual((await get(`/groups?gapId=${gap.id}`)).json.items.map((g) => g.id), [group.id]);
  wrong(await get('/groups?gapId=gap'), 'gapId');
  const none = '00000000-0000-4000-8000-000000000001';
  wrong(await post('/groups', { kind: 'nag', name: 'Utan gap', startDate: '2026-01-01', principalIds: ['npo-tandvard'], gapId: none }), '/gapId');
  const changed = await patch(group.id, { gapId: null });
  assert.deepEqual([changed.json.gapId, changed.json.gapTitle], [null, null]);
});

test('what every object has can be asked for of an empty list too', async () => {
  const reply = await get('/groups?q=finnsintealls&fields=id,modified');
  assert.deepEqual([reply.status, reply.json.items], [200, []]);
});

// ---------------------------------------------------------------- hosts and relations

test('a hosting lives in its group: made, read, changed, taken away', async () => {
  const group = await made();
  const where = `/groups/${group.id}/hosts`;
  const host = await post(where, { bodyId: 'norra', status: 'active', startDate: '2026-02-01' });
  assert.equal(host.status, 201, host.text);
  assert.match(host.headers.location, new RegExp(`${where}/${host.json.id}$`));
  assert.equal(host.json.bodyName, 'Norra sjukvårdsregionen');
  const one = await get(`${where}/${host.json.id}`);
  assert.equal(one.status, 200);
  const changed = await k.api(`${where}/${host.json.id}`, {
    token: support, method: 'PATCH', body: { endDate: '2026-06-30' }, headers: { 'if-match': one.etag },
  });
  assert.equal(changed.json.endDate, '2026-06-30', changed.text);
  assert.equal((await get(`/groups/npo-akut-vard/hosts/${host.json.id}`)).status, 404, 'it belongs to its own group');
  const gone = await k.api(`${where}/${host.json.id}`, { token: support, method: 'DELETE', headers: { 'if-match': changed.etag } });
  assert.equal(gone.status, 204);
  assert.equal((await get(where)).json._meta.totalRecords, 0);
});

test('two active hosts on the same day are refused, one after the other is not', async () => {
  const group = await made();
  const where = `/groups/${group.id}/hosts`;
  await post(where, { bodyId: 'norra', startDate: '2026-01-01', endDate: '2026-06-30' });
  refused(await post(where, { bodyId: 'sodra', startDate: '2026-06-30' }), 409, 'host-taken');
  refused(await post(where, { bodyId: 'sodra' }), 409, 'host-taken');
  assert.equal((await post(where, { bodyId: 'sodra', status: 'dormant' })).status, 201);
  assert.equal((await post(where, { bodyId: 'sodra', startDate: '2026-07-01' })).status, 201);
  refused(await post(where, { bodyId: 'vastra', startDate: '2025-07-01' }), 409, 'outside-group-dates');
  refused(await post(where, { bodyId: group.id, status: 'dormant' }), 409, 'body-cycle');
  wrong(await post(where, { bodyId: 'nobody', status: 'sleeping' }), '/bodyId', '/status');
});

test('relations have a type, a body and days', async () => {
  const group = await made();
  const where = `/groups/${group.id}/relations`;
  const near = await post(where, { type: 'near', bodyId: 'npo-kirurgi' });
  assert.equal(near.status, 201, near.text);
  assert.equal(near.json.typeLabel, 'Närliggande');
  assert.equal((await post(where, { type: 'anchoredWith', bodyId: 'socialstyrelsen', startDate: '2026-02-01' })).status, 201);
  wrong(await post(where, { type: 'far', bodyId: 'socialstyrelsen', endDate: '2026-99-01' }), '/endDate', '/type');
  const list = (await get(`${where}?type=near`)).json;
  assert.equal(list._meta.totalRecords, 1);
  assert.equal((await get(`${where}?asOf=2026-01-15`)).json._meta.totalRecords, 1);
});

// ---------------------------------------------------------------- rights

// Somebody of the worked example, freed of what the example gave, with one role. (The sqlite3 command cannot add a person: names
// are sorted by our own collation.)
async function officer(groupId, role = 'secretary') {
  const id = sql(`.timeout 5000
    SELECT id FROM person p WHERE id NOT IN (SELECT coalesce(p.id, '') FROM account a JOIN person p ON p.key = a.person_key)
    AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.person_key = p.key
    AND m.role IN ('chair', 'viceChair', 'processLeader', 'secretary')) ORDER BY key LIMIT 1`);
  assert.ok(id, 'a person is left');
  sql(`.timeout 5000
    DELETE FROM membership WHERE person_key = (SELECT key FROM person WHERE id = '${id}');
    INSERT INTO membership (id, person_key, group_key, role, capacity, start_date, modified)
    SELECT '${crypto.randomUUID()}', p.key, b.key, '${role}', 'profession', w.start_date, '2026-01-01T00:00:00.000Z'
    FROM person p, body b JOIN workgroup w ON w.key = b.key WHERE p.id = '${id}' AND b.id = '${groupId}'`);
  return (await k.actor(null, { person: id })).token;
}

test('who is not logged in reads but changes nothing', async () => {
  assert.equal((await k.api('/groups', { method: 'POST', body: {} })).status, 401);
  assert.equal((await k.api('/groups/npo-akut-vard', { method: 'PATCH', body: {} })).status, 401);
  assert.deepEqual((await k.api('/groups/npo-akut-vard')).json._links.filter((l) => l.method !== 'GET'), []);
});

test('a read token changes nothing', async () => {
  const reader = (await k.actor('support', { scope: 'read' })).token;
  refused(await post('/groups', { kind: 'nag', name: 'x', startDate: today }, reader), 403, 'token-scope');
});

test('an officer of the principal establishes, a stranger may not and is told who may', async () => {
  const chair = await officer('npo-akut-vard');
  const group = await made({ name: 'Ordförandens' }, chair);
  const refusal = refused(await post('/groups', { kind: 'nag', name: 'Andras', startDate: today, principalIds: ['npo-kirurgi'] }, chair), 403, 'may-establish-group');
  assert.ok(refusal.detail.length > 20);
  refused(await post('/groups', { kind: 'nag', name: 'Ingens', startDate: today }, chair), 403, 'may-establish-group');
  assert.equal((await post(`/groups/${group.id}/closures`, { endDate: today, reason: 'Klart.' }, chair)).status, 201);
});

test('a programme area is established and closed by the steering group', async () => {
  const body = { kind: 'npo', name: 'Nytt område', startDate: today, principalIds: ['sks'] };
  const npoChair = await officer('npo-kirurgi'), steering = await officer('sks');
  refused(await post('/groups', body, npoChair), 403, 'may-establish-programme-area');
  assert.equal((await post('/groups', body, steering)).status, 201);
  refused(await post('/groups/npo-kirurgi/closures', { endDate: today, reason: 'x' }, npoChair), 403, 'may-establish-programme-area');
});

test('a kind that nobody commissions is established by the coordinator of its area', async () => {
  const norra = (await k.actor('coordinator', { organisation: 'norra' })).token;
  const body = { kind: 'rcc', name: 'Norr', startDate: today, healthcareRegionId: 'norra' };
  assert.equal((await post('/groups', body, norra)).status, 201);
  refused(await post('/groups', { ...body, name: 'Syd', healthcareRegionId: 'sodra' }, norra), 403, 'may-establish-free');
  refused(await post('/groups', { ...body, name: 'Ingen', healthcareRegionId: undefined }, norra), 403, 'may-establish-free');
  const region = (await k.actor('coordinator', { organisation: 'region-skane' })).token;
  assert.equal((await post('/groups', { kind: 'lpo', name: 'Skåne', startDate: today, regionId: 'region-skane' }, region)).status, 201);
});

test('a group is changed by its officers, its principals in any number of steps and the coordinator of its area', async () => {
  const group = await made({ name: 'Rättigheter' });
  const mine = await officer(group.id, 'secretary'), above = await officer('sks', 'viceChair');
  const member = await officer(group.id, 'member'), stranger = await officer('npo-kirurgi');
  assert.equal((await patch(group.id, { purpose: 'A' }, { token: mine })).status, 200);
  assert.equal((await patch(group.id, { purpose: 'B' }, { token: above })).status, 200);
  refused(await patch(group.id, { purpose: 'C' }, { token: member }), 403, 'may-change-group');
  refused(await patch(group.id, { purpose: 'C' }, { token: stranger }), 403, 'may-change-group');
  refused(await post(`/groups/${group.id}/hosts`, { bodyId: 'norra' }, stranger), 403, 'may-change-group');
  refused(await post(`/groups/${group.id}/closures`, { endDate: today, reason: 'x' }, mine), 403, 'may-establish-group');
  refused(await patch(group.id, { endDate: today }, { token: mine }), 403, 'may-establish-group');
  const norra = (await k.actor('coordinator', { organisation: 'norra' })).token;
  assert.equal((await patch('rpo-tandvard-norra', { purpose: 'D' }, { token: norra })).status, 200);
  refused(await patch('rpo-tandvard-mellansverige', { purpose: 'D' }, { token: norra }), 403, 'may-change-group');
});

test('the history says when the support function acted in another place', async () => {
  const group = await made();
  const { json } = await get(`/groups/${group.id}/history`);
  assert.equal(json.items[0].asSupport, true);
  assert.equal((await k.api(`/groups/${group.id}/history`)).status, 401);
  const stranger = await officer('npo-kirurgi');
  refused(await get(`/groups/${group.id}/history`, stranger), 403, 'may-see-history');
});

test('a restricted group is known to those concerned only', async () => {
  const group = await made({ name: 'Hemliga klubben', accessMode: 'restricted', contactEmail: 'x@example.org' });
  await post(`/groups/nag-hjartsvikt/relations`, { type: 'near', bodyId: group.id });
  await made({ name: 'Har hemlig förälder', parentId: group.id });
  const member = await officer(group.id, 'member'), stranger = await officer('npo-kirurgi'), above = await officer('npo-akut-vard');
  for (const token of [undefined, stranger]) {
    assert.equal((await k.api(`/groups/${group.id}`, { token })).status, 404);
    assert.equal((await k.api('/groups?q=hemliga', { token })).json._meta.totalRecords, 0);
    assert.equal((await k.api(`/groups?parentId=${group.id}`, { token })).status, 400, 'as if it were not there');
    assert.equal((await k.api('/groups/nag-har-hemlig-foralder', { token })).json.parentId, null);
    assert.equal((await k.api('/groups/nag-hjartsvikt/relations', { token })).json.items.some((r) => r.bodyId === group.id), false);
    assert.equal((await k.api('/groups/npo-akut-vard?embed=page', { token })).text.includes('Hemliga'), false);
    assert.equal((await k.api('/tree', { token })).text.includes('Hemliga'), false);
  }
  assert.equal((await k.api(`/groups/${group.id}`, { token: stranger, method: 'PATCH', body: {} })).status, 404);
  assert.equal((await post(`/groups/${group.id}/closures`, { endDate: today, reason: 'x' }, stranger)).status, 404);
  for (const token of [member, above, support])
    assert.equal((await k.api(`/groups/${group.id}`, { token })).status, 200);
});

test('contact details are for those who may see drafts', async () => {
  const group = await made({ contactEmail: 'kontakt@example.org' });
  const member = await officer(group.id, 'member'), stranger = await officer('npo-kirurgi');
  assert.equal('contactEmail' in (await k.api(`/groups/${group.id}`)).json, false);
  assert.equal('contactEmail' in (await get(`/groups/${group.id}`, stranger)).json, false);
  assert.equal((await get(`/groups/${group.id}`, member)).json.contactEmail, 'kontakt@example.org');
  assert.equal((await get(`/groups/${group.id}`)).json.contactEmail, 'kontakt@example.org');
});

test('_links say what the caller may do now', async () => {
  const rels = async (id, token) => (await get(`/groups/${id}`, token)).json._links.map((l) => l.rel);
  const group = await made();
  const mine = await officer(group.id);
  assert.deepEqual((await rels(group.id, mine)).filter((rel) =>
    ['self', 'hosts', 'relations', 'history', 'edit', 'add-host', 'add-relation', 'rest', 'close', 'delete', 'reopen'].includes(rel)),
  ['self', 'hosts', 'relations', 'history', 'edit', 'add-host', 'add-relation', 'rest']);
  assert.ok((await rels(group.id)).includes('close'));
  await post(`/groups/${group.id}/closures`, { endDate: '2026-11-01', reason: 'x' });
  assert.ok((await rels(group.id)).includes('reopen'));
  assert.ok(!(await rels(group.id)).includes('close'));
});

test('a group leads to everything below it: what is linked is answered, and what may be entered is linked', async () => {
  const group = await made();
  const lists = (await k.api(`/groups/${group.id}`)).json._links.filter((l) => l.method === 'GET').map((l) => l.rel);
  for (const list of ['memberships', 'requirements', 'coverage', 'mandates', 'nomination-calls', 'meetings', 'decisions', 'actions', 'gaps', 'plans', 'reviews']) {
    assert.ok(lists.includes(list), list);
  }
  for (const token of [undefined, await officer(group.id), await officer(group.id, 'member'), await officer('npo-kirurgi'), support.token]) {
    const links = (await k.api(`/groups/${group.id}`, { token })).json._links;
    for (const { rel, method, href } of links) {
      const path = href.replace(`${k.url}/api/v1`, '');
      if (method === 'GET') assert.equal((await k.api(path, { token })).status, 200, rel);
      if (method !== 'POST') continue;
      assert.equal((await k.api(path, { token, method, body: { nosuch: 1 } })).status, 400, rel);
    }
    for (const { rel, href } of links.filter((l) => l.method === 'GET')) {
      const enter = (await k.api(href.replace(`${k.url}/api/v1`, ''), { token })).json._links?.some((l) => l.method === 'POST' && l.href === href);
      if (enter) assert.ok(links.some((l) => l.method === 'POST' && l.href === href), `${rel}: a row may be entered there`);
    }
  }
});

// ---------------------------------------------------------------- documents and pages

test('embed gives parts of the page, and embed=page its twin', async () => {
  const some = (await get('/groups/npo-akut-vard?embed=hosts,relations')).json;
  assert.deepEqual(Object.keys(some._embedded).sort(), ['hosts', 'relations']);
  assert.equal((await get('/groups/npo-akut-vard')).json._embedded, undefined);
  const page = (await get('/groups/npo-akut-vard?embed=page')).json._embedded;
  assert.equal(page.commissions[0].kind, 'nag');
  assert.ok(page.mirrors.find((m) => m.level === 'healthcareRegion').count >= 5);
  assert.equal(page.place.nodes[0].id, 'sks');
  wrong(await get('/groups/npo-akut-vard?embed=nothing'), 'embed');
  assert.deepEqual(Object.keys((await get('/groups/npo-akut-vard?fields=id,name')).json).sort(), ['_links', 'id', 'name']);
});

test('the tree holds the nation, and a healthcare region on demand', async () => {
  const { json } = await get('/tree');
  const sks = json.nodes.find((n) => n.id === 'sks');
  assert.ok(sks.nodes.length >= 33);
  const npo = sks.nodes.find((n) => n.id === 'npo-aldres-halsa-och-palliativ-vard');
  const nag = npo.nodes.find((n) => n.id === 'nag-palliativ-vard');
  assert.ok(nag.nodes.some((n) => n.id === 'nag-barn-i-palliativ-vard'), 'a subgroup stands under its group');
  const norra = (await get('/tree?healthcareRegion=norra')).json;
  const rpo = norra.nodes.find((n) => n.id === 'rsk-norra').nodes.find((n) => n.id === 'rpo-akut-vard-norra');
  assert.ok(rpo.nodes.some((n) => n.id === 'lpo-akut-vard-norrbotten'));
  wrong(await get('/tree?healthcareRegion=region-skane'), 'healthcareRegion');
  assert.equal((await get('/tree?asOf=2017-01-01')).json.nodes.length > 0, true);
});

test('the pages answer, with a title, crumbs and the actions one may take', async () => {
  for (const where of ['/groups', '/groups?status=closed', '/groups/npo-akut-vard', '/groups/npo-akut-vard/hosts', '/tree',
    '/tree?healthcareRegion=norra', '/groups/nag-palliativ-vard?asOf=2020-01-01', '/groups?sort=-startDate&kind=npo&page=2']) {
    const page = await k.page(where);
    assert.equal(page.status, 200, where);
    assert.match(page.text, /<h1>/);
  }
  const shown = await k.page('/groups/nag-palliativ-vard');
  assert.match(shown.words, /NPO Äldres hälsa och palliativ vård/);
  assert.equal(shown.link('Ändra'), null);
  assert.equal((await k.page('/groups/nag-palliativ-vard/edit')).status, 303, 'the way in first');
});

test('a browser establishes, changes, closes and reopens a group', async () => {
  const { email } = await k.user('browser@example.org', 'support');
  const jar = await k.login(email);
  let page = await jar.get('/groups/new?principal=npo-akut-vard&kind=nag');
  let form = page.form('/groups');
  assert.equal(form.fields.kind, 'nag');
  let reply = await jar.submit(form, { name: 'Webbgrupp', startDate: '2026-03-01' });
  assert.equal(reply.status, 303, reply.text);
  assert.equal(reply.headers.location, '/groups/nag-webbgrupp');
  page = await jar.get('/groups/nag-webbgrupp');
  assert.match(page.words, /Gruppen är inrättad/);
  page = await jar.get('/groups/nag-webbgrupp/edit');
  form = page.form(/_method=PATCH/);
  reply = await jar.submit(form, { purpose: 'Nytt syfte' });
  assert.equal(reply.status, 303, reply.text);
  const changed = (await get('/groups/nag-webbgrupp')).json;
  assert.equal(changed.purpose, 'Nytt syfte');
  assert.deepEqual(changed.principalIds, ['npo-akut-vard'], 'what was not touched stays');
  assert.equal(changed.healthcareRegionId, null);
  form = (await jar.get('/groups/nag-webbgrupp/closures/new')).form(/closures/);
  assert.equal((await jar.submit(form, { endDate: '2026-10-31', reason: 'Färdigt' })).status, 303);
  form = (await jar.get('/groups/nag-webbgrupp/reopenings/new')).form(/reopenings/);
  assert.equal((await jar.submit(form, { startDate: today })).status, 303);
  form = (await jar.get('/groups/nag-webbgrupp/hosts/new')).form(/hosts/);
  reply = await jar.submit(form, { bodyId: 'norra' });
  assert.equal(reply.status, 303, reply.text);
  assert.equal((await get('/groups/nag-webbgrupp')).json.hostId, 'norra');
  form = (await jar.get('/groups/nag-webbgrupp/delete')).form(/_method=DELETE/);
  assert.equal((await jar.submit(form)).status, 303);
  assert.equal((await get('/groups/nag-webbgrupp')).status, 404);
});

test('a form comes back with what was typed and each message beside its field', async () => {
  const { email } = await k.user('typing@example.org', 'support');
  const jar = await k.login(email);
  const page = await jar.get('/groups/new');
  const reply = await jar.submit(page.form('/groups'), { kind: 'nag', name: '', startDate: '2026-02-30', purpose: 'Kvar <här>' });
  assert.equal(reply.status, 400);
  const form = reply.form('/groups');
  assert.equal(form.fields.purpose, 'Kvar <här>');
  assert.equal(form.fields.startDate, '2026-02-30');
  assert.equal(form.inputs.find((i) => i.name === 'name').attributes['aria-invalid'], 'true');
  const rule = await jar.submit(form, { name: 'x', startDate: today, kind: 'npo', 'principalIds[]': ['npo-akut-vard'] });
  assert.equal(rule.status, 409);
  assert.match(rule.words, /får inte ge uppdrag/);
  assert.equal(rule.form('/groups').fields.name, 'x');
});

test('a form that was overtaken shows how it is now', async () => {
  const { email } = await k.user('stale@example.org', 'support');
  const jar = await k.login(email);
  const group = await made({ purpose: 'Först' });
  const page = await jar.get(`/groups/${group.id}/edit`);
  await patch(group.id, { purpose: 'Emellan' });
  const reply = await jar.submit(page.form(/_method=PATCH/), { purpose: 'Sist' });
  assert.equal(reply.status, 412);
  assert.match(reply.words, /Emellan/);
  assert.equal((await jar.submit(reply.form(/_method=PATCH/))).status, 303);
  assert.equal((await get(`/groups/${group.id}`)).json.purpose, 'Sist');
});

test('a form keeps namesakes apart without a script', async () => {
  const { email } = await k.user('namesake@example.org', 'support');
  const jar = await k.login(email);
  const id = 'rag-palliativ-vard-mellansverige';
  const before = (await get(`/groups/${id}`)).json;
  const page = await jar.get(`/groups/${id}/edit`);
  assert.equal((await jar.submit(page.form(/_method=PATCH/), { shortName: 'RAG pall' })).status, 303);
  const after = (await get(`/groups/${id}`)).json;
  assert.deepEqual(after.principalIds, before.principalIds);
  assert.equal(after.mirrorsId, before.mirrorsId);
  assert.equal(after.shortName, 'RAG pall');
});

test('a stranger sees the form of nothing', async () => {
  const { email } = await k.user('stranger@example.org', null);
  const jar = await k.login(email);
  assert.equal((await jar.get('/groups/new')).status, 403);
  assert.equal((await jar.get('/groups/npo-akut-vard/edit')).status, 403);
  assert.equal((await jar.get('/groups/npo-akut-vard/closures/new')).status, 403);
});

test('a fresh register, the demo too, has no errors, and the register still has none', async () => {
  const { json } = await get('/checks');
  assert.deepEqual(json.items.filter((f) => f.severity === 'error'), []);
});

test('the checks find what another tool has broken', async () => {
  const broken = await start({ demo: true, env });
  await broken.stop();
  // Names are sorted by our own collation: without its indexes another tool can write.
  execFileSync('sqlite3', [broken.db, `
    DROP INDEX workgroup_name; DROP INDEX workgroup_kind;
    UPDATE group_principal SET principal_key = (SELECT key FROM body WHERE id = 'nag-hjartsvikt')
      WHERE group_key = (SELECT key FROM body WHERE id = 'npo-akut-vard');
    UPDATE workgroup SET parent_key = key WHERE key = (SELECT key FROM body WHERE id = 'npo-kirurgi');
    UPDATE hosting SET status = 'active' WHERE group_key = (SELECT key FROM body WHERE id = 'npo-cancersjukdomar');
    UPDATE workgroup SET end_date = '2017-01-01' WHERE key = (SELECT key FROM body WHERE id = 'npo-tandvard');
    UPDATE workgroup SET end_date = '2020-01-01' WHERE key = (SELECT key FROM body WHERE id = 'rsk-norra');
    UPDATE workgroup SET permanence = 'timeLimited' WHERE key = (SELECT key FROM body WHERE id = 'npo-levnadsvanor');`]);
  const { stdout, code } = await broken.cli('check', '--json');
  assert.equal(code, 1);
  const found = JSON.parse(stdout);
  const rules = new Set((found.items ?? found).map((f) => f.rule));
  for (const rule of ['kind-may-not-commission', 'body-cycle', 'host-taken', 'outside-group-dates', 'end-before-start',
    'principal-closed', 'closed-but-commissions', 'end-missing'])
    assert.ok(rules.has(rule), rule);
});
