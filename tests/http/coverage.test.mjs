// Requirements, coverage, "what if", vacancies through the real binary.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { start } from '../lib/kansli.mjs';

const env = { KANSLI_NOW: '2026-11-22T10:00:00Z' };
let k, support, admin;

before(async () => {
  k = await start({ demo: true, env });
  support = (await k.actor('support')).token;
  admin = (await k.actor('administrator')).token;
});

const get = (where, token = support) => k.api(where, { token });
const post = (where, body, token = support) => k.api(where, { token, method: 'POST', body });
let serial = 0;
async function group(fields = {}) {
  const reply = await post('/groups', { kind: 'bg', name: `Bemannad ${++serial}`, startDate: '2024-01-01', ...fields });
  assert.equal(reply.status, 201, reply.text);
  return reply.json.id;
}
async function person() {
  const reply = await post('/persons', { givenName: 'Prov', familyName: `Person ${++serial}` });
  assert.equal(reply.status, 201, reply.text);
  return reply.json.id;
}
async function seat(groupId, fields = {}) {
  const reply = await post('/memberships', {
    groupId, personId: await person(), role: 'member', capacity: 'profession', startDate: '2024-01-01', ...fields,
  });
  assert.equal(reply.status, 201, reply.text);
  return reply.json.id;
}
async function ask(groupId, fields) {
  const reply = await post(`/groups/${groupId}/requirements`, { text: `Krav ${++serial}`, weight: 'required', ...fields });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}
async function held(groupId, requirement, query = '') {
  const { json } = await get(`/groups/${groupId}/coverage${query}`);
  return json.items.find((item) => item.requirementId === requirement.id);
}

test('a group begins with the requirements of its kind, each a row of its own', async () => {
  const id = await group({ kind: 'nag', principalIds: ['npo-akut-vard'] });
  const { json } = await get(`/groups/${id}/requirements`);
  assert.deepEqual(json.items.map((r) => [r.type, r.capacity, r.minCount, r.weight]),
    [['eachHealthcareRegion', null, 1, 'required'], ['capacity', 'patient', 2, 'required']]);
  const { json: kind } = await get('/group-kinds/nag/requirements');
  assert.deepEqual(kind.items.map((r) => r.text), json.items.map((r) => r.text));
  assert.notEqual(kind.items[0].id, json.items[0].id);
  const { json: history } = await get(`/groups/${id}/history`);
  assert.equal(history.items.filter((e) => e.objectType === 'requirements').length, 2);
  const { json: coverage } = await get(`/groups/${id}`);
  assert.deepEqual(coverage.coverage, { covered: 0, partial: 0, missing: 2 });
});

test('the defaults of every kind that the documents name', async () => {
  const found = {};
  for (const kind of ['npo', 'nag', 'rpo', 'rag', 'lag'])
    found[kind] = (await get(`/group-kinds/${kind}/requirements`)).json.items.map((r) => `${r.type} ${r.minCount} ${r.weight}`);
  assert.deepEqual(found, {
    npo: ['eachHealthcareRegion 1 required'],
    nag: ['eachHealthcareRegion 1 required', 'capacity 2 required'],
    rpo: ['eachRegion 1 required'],
    rag: ['eachRegion 1 required', 'capacity 2 desirable'],
    lag: ['capacity 2 desirable'],
  });
});

test('an administrator changes the defaults; groups that exist keep theirs', async () => {
  const before_ = await group({ kind: 'nsg', principalIds: ['sks'] });
  const body = { type: 'role', role: 'chair', text: 'En ordförande', weight: 'required' };
  assert.equal((await post('/group-kinds/nsg/requirements', body)).status, 403);
  const made = await post('/group-kinds/nsg/requirements', body, admin);
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.kindId, 'nsg');
  const after = await group({ kind: 'nsg', principalIds: ['sks'] });
  assert.equal((await get(`/groups/${before_}/requirements`)).json.items.length, 0);
  assert.equal((await get(`/groups/${after}/requirements`)).json.items.length, 1);
  const gone = await k.api(`/group-kinds/nsg/requirements/${made.json.id}`, {
    method: 'DELETE', token: admin, headers: { 'if-match': made.headers.etag },
  });
  assert.equal(gone.status, 204);
});

test('each type names the condition that it cannot do without, beside the field', async () => {
  const id = await group();
  for (const [type, field] of [['body', 'bodyId'], ['capacity', 'capacity'], ['competence', 'competence'], ['role', 'role']]) {
    const reply = await post(`/groups/${id}/requirements`, { type, text: 'Något', minCount: 0 });
    assert.equal(reply.status, 400, reply.text);
    assert.deepEqual(reply.json.errors.map((e) => e.pointer).sort(), [`/${field}`, '/minCount'].sort());
  }
});

test('coverage says what is held by whom, what is missing since when, and what breaks on which day', async () => {
  const id = await group();
  const row = await ask(id, { type: 'eachHealthcareRegion' });
  const missing = await held(id, row);
  assert.equal(missing.status, 'missing');
  assert.equal(missing.missing.length, 6);
  assert.equal(missing.vacantSince, '2024-01-01');
  for (const behalf of ['norra', 'region-uppsala', 'region-gotland', 'vastra', 'region-kalmar-lan'])
    await seat(id, { onBehalfOfId: behalf });
  const partial = await held(id, row);
  assert.equal(partial.status, 'partial');
  assert.deepEqual(partial.missing, ['sodra']);
  assert.equal(partial.membershipIds.length, 5);
  const last = await seat(id, { onBehalfOfId: 'region-halland', startDate: '2025-03-01', endDate: '2027-02-28' });
  const covered = await held(id, row);
  assert.equal(covered.status, 'covered');
  assert.deepEqual(covered.missing, []);
  assert.equal('vacantSince' in covered, false);
  assert.equal(covered.breaksOn, '2027-03-01');
  assert.equal(covered.breaksBy, last);
  assert.equal((await held(id, row, '?asOf=2025-02-28')).status, 'partial');
  const later = await held(id, row, '?asOf=2027-06-01');
  assert.equal(later.status, 'partial');
  assert.equal(later.vacantSince, '2027-03-01');
  const { json } = await get(`/groups/${id}`);
  assert.deepEqual(json.coverage, { covered: 1, partial: 0, missing: 0 });
});

test('conditions hold together: a municipal member from each region, a municipality counts for its region', async () => {
  const id = await group({ kind: 'rsk', healthcareRegionId: 'norra' });
  const row = await ask(id, { type: 'eachRegion', capacity: 'municipality' });
  await seat(id, { onBehalfOfId: 'region-vasterbotten' });
  await seat(id, { onBehalfOfId: 'kommun-umea', capacity: 'municipality' });
  const found = await held(id, row);
  assert.equal(found.status, 'partial');
  assert.deepEqual(found.missing.sort(), ['region-jamtland-harjedalen', 'region-norrbotten', 'region-vasternorrland']);
});

test('seats count; the co-opted for bodies and competences too; others only for a role; competences folded', async () => {
  const id = await group();
  const body = await ask(id, { type: 'body', bodyId: 'nrpv' });
  const skill = await ask(id, { type: 'competence', competence: 'Öron- och NÄSsjukdomar' });
  const role = await ask(id, { type: 'role', role: 'secretary' });
  const patients = await ask(id, { type: 'capacity', capacity: 'patient', minCount: 2 });
  await seat(id, { role: 'coOpted', onBehalfOfId: 'nrpv', capacity: 'patient', competences: ['oron- och nässjukdomar'] });
  await seat(id, { role: 'secretary', capacity: 'patient' });
  assert.equal((await held(id, body)).status, 'covered');
  assert.equal((await held(id, skill)).status, 'covered');
  assert.equal((await held(id, role)).status, 'covered');
  assert.equal((await held(id, patients)).status, 'missing');
  await seat(id, { capacity: 'patient' });
  assert.equal((await held(id, patients)).status, 'partial');
  await seat(id, { capacity: 'nextOfKin' });
  assert.equal((await held(id, patients)).status, 'covered');
});

test('what if: nothing is written, and the effect stands beside what is', async () => {
  const { json: now } = await get('/groups/nag-palliativ-vard/coverage');
  const { json } = await get('/groups/nag-palliativ-vard/coverage?withRole=member&withBehalf=region-skane');
  assert.equal(json.after.covered, now.covered + 1);
  const row = json.after.items[0];
  assert.equal(row.status, 'covered');
  assert.equal(row.before, 'partial');
  const register = now.items.find((i) => /Palliativregistret/.test(i.text));
  const { json: less } = await get(`/groups/nag-palliativ-vard/coverage?without=${register.membershipIds[0]}`);
  assert.equal(less.after.items.find((i) => i.requirementId === register.requirementId).status, 'missing');
  assert.deepEqual((await get('/groups/nag-palliativ-vard/coverage')).json, now);
  const wrong = await get('/groups/nag-palliativ-vard/coverage?withRole=kung');
  assert.equal(wrong.status, 400);
});

test('the NAG and the RAG of the documents hold what the documents say, once', async () => {
  const { json: nag } = await get('/groups/nag-palliativ-vard/coverage');
  assert.equal(nag.items.length, 12);
  assert.deepEqual(nag.items.filter((i) => i.status !== 'covered').map((i) => [i.type, i.missing, i.vacantSince]),
    [['eachHealthcareRegion', ['sodra'], '2026-09-01']]);
  const { json: rag } = await get('/groups/rag-palliativ-vard-mellansverige/coverage');
  assert.equal(rag.items.filter((i) => i.type === 'eachRegion').length, 2);
  assert.deepEqual(rag.items[0].missing, ['region-gavleborg']);
  assert.equal(new Set(rag.items.map((i) => i.text)).size, rag.items.length);
});

test('who may not see the people gets no memberships, only whether it holds', async () => {
  const id = await group({ accessMode: 'transparent' });
  const row = await ask(id, { type: 'capacity', capacity: 'profession' });
  await seat(id, { endDate: '2027-01-31' });
  const { json } = await k.api(`/groups/${id}/coverage`);
  const item = json.items.find((i) => i.requirementId === row.id);
  assert.equal(item.status, 'covered');
  assert.deepEqual(item.membershipIds, []);
  assert.equal(item.breaksOn, '2027-02-01');
  assert.equal('breaksBy' in item, false);
  assert.equal((await get(`/groups/${id}/coverage`)).json.items[0].membershipIds.length, 1);
  const secret = await group({ accessMode: 'restricted' });
  await ask(secret, { type: 'eachHealthcareRegion' });
  assert.equal((await k.api(`/groups/${secret}/coverage`)).status, 404);
  assert.equal((await k.api(`/groups/${secret}/requirements`)).status, 404);
  const all = await k.api('/vacancies?limit=500');
  assert.equal(all.json.items.some((i) => i.groupId === secret), false);
  assert.equal((await get('/vacancies?limit=500')).json.items.some((i) => i.groupId === secret), true);
});

test('a withheld name is no name in the page', async () => {
  const page = await k.page('/groups/nag-palliativ-vard/coverage');
  assert.match(page.text, /Namnet visas inte/);
  assert.doesNotMatch(page.text, /Lundhede/);
});

test('vacancies: oldest first, filtered, a page at a time; groups that have not begun lack nothing', async () => {
  const { json } = await get('/vacancies?limit=500');
  const days = json.items.map((i) => i.vacantSince);
  assert.deepEqual(days, [...days].sort());
  assert.equal(json._meta.totalRecords, json.items.length);
  const south = (await get('/vacancies?healthcareRegionId=sodra&level=national&limit=500')).json.items;
  assert.ok(south.some((i) => i.groupId === 'nag-palliativ-vard'));
  assert.ok(south.every((i) => i.level === 'national' && i.missing.includes('sodra')));
  const wishes = (await get('/vacancies?weight=desirable&kind=lag&limit=500')).json.items;
  assert.ok(wishes.length && wishes.every((i) => i.weight === 'desirable' && i.kind === 'lag'));
  assert.equal((await get('/vacancies?level=galactic')).status, 400);
  const later = await group({ kind: 'nag', principalIds: ['npo-akut-vard'], startDate: '2027-05-01' });
  assert.equal((await get('/vacancies?limit=500')).json.items.some((i) => i.groupId === later), false);
  assert.equal((await get('/vacancies?limit=500&asOf=2027-05-01')).json.items.some((i) => i.groupId === later), true);
  const two = (await get('/vacancies?limit=2&page=2')).json;
  assert.equal(two.items.length, 2);
});

test('a row moves a step up or down and stays where it is at the end', async () => {
  const id = await group();
  const rows = [];
  for (const text of ['a', 'b', 'c']) rows.push(await ask(id, { type: 'eachHealthcareRegion', text }));
  const order = async () => (await get(`/groups/${id}/requirements`)).json.items.map((r) => r.text).join('');
  const move = (row, direction) => post(`/groups/${id}/requirements/${row.id}/moves`, { direction });
  assert.equal((await move(rows[2], 'up')).status, 201);
  assert.equal(await order(), 'acb');
  await move(rows[0], 'up');
  assert.equal(await order(), 'acb');
  await move(rows[0], 'down');
  assert.equal(await order(), 'cab');
  assert.equal((await move(rows[0], 'sideways')).status, 400);
});

test('what needs doing is told to those who can do it, on the page of a group at work', async () => {
  const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
  const own = await jar.get('/groups/nag-palliativ-vard');
  assert.match(own.text, /Kräver åtgärd/);
  assert.match(own.text, /Ingen från Södra sjukvårdsregionen. Sedan 1 september 2026/);
  assert.match(own.text, /David Roslundh: uppdraget löper ut 31 december 2026/);
  assert.doesNotMatch((await k.page('/groups/nag-palliativ-vard')).text, /Kräver åtgärd/);
});

test("an organisation's page is its lens, without patients", async () => {
  const { json } = await k.api('/organisations/norra?embed=seats');
  const seats = json._embedded.seats;
  assert.ok(seats.count >= 52);
  assert.ok(seats.items.every((s) => !('capacity' in s)));
  const kin = await k.api('/organisations/exempelforeningen-narstaende?embed=seats');
  assert.equal(kin.json._embedded.seats.items.length, 0);
});

test('the checks name what is not held, one row for each group and rule', async () => {
  const { json } = await get('/checks?limit=500');
  const of = (rule) => json.items.filter((i) => i.rule === rule).map((i) => i.objectId);
  assert.ok(of('healthcare-region-missing').includes('nag-palliativ-vard'));
  for (const rule of ['healthcare-region-missing', 'patients-too-few', 'requirement-unmet', 'wish-unmet'])
    assert.equal(new Set(of(rule)).size, of(rule).length, rule);
});
