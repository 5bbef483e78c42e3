// Memberships through the real binary: status over days, refusals, rights, withheld names, acts, pages.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { goodPassword, start } from '../lib/kansli.mjs';
import { refused } from '../lib/said.mjs';

const today = '2026-11-22';
let k, support, sql;

before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
  support = (await k.actor('support')).token;
  sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: text, encoding: 'utf8' }).trim();
});

const get = (where, token = support) => k.api(where, { token });
const post = (where, body, token = support) => k.api(where, { token, method: 'POST', body });
async function patch(id, body, { token = support, etag } = {}) {
  etag ??= (await get(`/memberships/${id}`)).etag;
  return k.api(`/memberships/${id}`, { token, method: 'PATCH', body, headers: { 'if-match': etag } });
}
async function remove(id, token = support) {
  const { etag } = await get(`/memberships/${id}`);
  return k.api(`/memberships/${id}`, { token, method: 'DELETE', headers: { 'if-match': etag } });
}
function wrong(reply, ...pointers) {
  assert.equal(reply.status, 400, reply.text);
  assert.deepEqual(reply.json.errors.map((e) => e.pointer ?? e.parameter).sort(), pointers.sort());
}
function ok(reply, status = 201) {
  assert.equal(reply.status, status, reply.text);
  return reply.json;
}

let serial = 0;
const person = async (fields = {}) =>
  ok(await post('/persons', { givenName: 'Prov', familyName: `Person ${++serial}`, ...fields })).id;
const group = async (fields = {}) =>
  ok(await post('/groups', { kind: 'nag', name: `Sits ${++serial}`, startDate: '2020-01-01', principalIds: ['npo-akut-vard'], ...fields })).id;
async function seat(groupId, fields = {}, token = support) {
  const personId = fields.personId ?? await person();
  return post(`/groups/${groupId}/memberships`,
    { personId, role: 'member', capacity: 'profession', startDate: '2026-01-01', ...fields }, token);
}
const seated = async (...args) => ok(await seat(...args));

// ---------------------------------------------------------------- reading

test('a membership tells who, for whom, until when, with names beside ids', async () => {
  const g = await group();
  const made = await seated(g, {
    onBehalfOfId: 'region-halland', competences: ['Geriatrik', 'Primärvård'], workloadPercent: 10,
    endDate: '2028-12-31', decisionReference: 'NPO § 4', appointedById: 'npo-akut-vard', appointedDate: '2025-12-01',
  });
  const { json, etag } = await k.api(`/memberships/${made.id}`);
  assert.equal(json.groupId, g);
  assert.ok(json.groupName);
  assert.match(json.personName, /^Prov Person/);
  assert.equal(json.onBehalfOfName, 'Region Halland');
  assert.equal(json.healthcareRegionId, 'sodra', 'Halland counts for Södra');
  assert.deepEqual(json.competences, ['Geriatrik', 'Primärvård']);
  assert.equal(json.status, 'current');
  assert.equal(json.roleLabel, 'Ledamot');
  assert.equal(json.capacity, 'profession', 'one object is within its group');
  assert.equal(json.appointedByName, 'NPO Akut vård');
  for (const inside of ['key', 'group_key', 'mode_key', 'drafts_key']) assert.equal(inside in json, false);
  assert.match(etag, /^"\d+\.\w+"$/);
});

test('status follows the day asked for; what is expiring is current too', async () => {
  const g = await group();
  const { id } = await seated(g, { startDate: '2026-12-01', endDate: '2027-06-30' });
  const at = async (day) => (await get(`/memberships/${id}?asOf=${day}`)).json.status;
  assert.equal(await at('2026-11-30'), 'upcoming');
  assert.equal(await at('2026-12-01'), 'current');
  assert.equal(await at('2027-03-31'), 'current', '91 days left');
  assert.equal(await at('2027-04-01'), 'expiring', '90 days left');
  assert.equal(await at('2027-06-30'), 'expiring');
  assert.equal(await at('2027-07-01'), 'ended');
  const count = async (query) => (await get(`/groups/${g}/memberships?${query}`)).json._meta.totalRecords;
  assert.equal(await count('status=upcoming'), 1);
  assert.equal(await count('asOf=2027-05-01&status=current'), 1);
  assert.equal(await count('asOf=2027-05-01&status=expiring'), 1);
  assert.equal(await count('asOf=2027-01-01&status=expiring'), 0);
  assert.equal(await count('status=ended,current'), 0);
  assert.equal(await count(''), 1, 'without asOf every row, also those to come');
  assert.equal(await count(`asOf=${today}`), 0, 'with it only those in force');
});

test('every filter of the contract selects', async () => {
  const g = await group();
  const mine = await seated(g, { onBehalfOfId: 'region-dalarna', competences: ['Logopedi'], speaksFor: 'self' });
  await seated(g, { role: 'coOpted' });
  const count = async (query) => ok(await get(`/groups/${g}/memberships?${query}`), 200)._meta.totalRecords;
  assert.equal(await count('role=coOpted'), 1);
  assert.equal(await count('capacity=profession'), 2);
  assert.equal(await count('speaksFor=self'), 1);
  assert.equal(await count(`personId=${mine.personId}`), 1);
  assert.equal(await count('onBehalfOfId=region-dalarna'), 1);
  assert.equal(await count('healthcareRegionId=mellansverige'), 1);
  assert.equal(await count('q=logop'), 1);
  assert.equal(await count(`q=${encodeURIComponent(mine.personName)}`), 1);
  assert.equal((await get(`/memberships?groupId=${g}`)).json._meta.totalRecords, 2);
  for (const name of ['personName', 'role', 'startDate', 'endDate', 'status', 'capacity'])
    assert.equal((await get(`/groups/${g}/memberships?sort=-${name}`)).status, 200, name);
});

test('capacity and speaksFor are told within one group only', async () => {
  const { json } = await get('/memberships?limit=50');
  assert.ok(json.items.length > 0);
  for (const item of json.items) assert.ok(!('capacity' in item) && !('speaksFor' in item) && !('capacityLabel' in item));
  wrong(await get('/memberships?capacity=patient'), 'capacity');
  wrong(await get('/memberships?speaksFor=self'), 'speaksFor');
  wrong(await get('/memberships?sort=capacity'), 'sort');
  wrong(await get('/memberships?capacity=patient&groupId=nag-palliativ-vard,npo-akut-vard'), 'capacity');
  const within = await get('/memberships?groupId=nag-palliativ-vard&capacity=patient,nextOfKin');
  assert.ok(within.json.items.length >= 2);
  assert.ok(within.json.items.every((m) => m.capacity));
  const csv = await get('/memberships?format=csv');
  assert.equal(csv.status, 200);
  assert.doesNotMatch(csv.text.split('\n')[0], /capacity|Deltar som|Talar för/);
});

test('nothing gathers patient representatives across groups', async () => {
  const own = { role: 'member', capacity: 'patient', onBehalfOfId: 'exempelforeningen-narstaende', competences: ['Levd vardag'] };
  const g = await group();
  const patient = await seated(g, own);
  const other = await seated(g, { onBehalfOfId: 'exempelforeningen-narstaende', competences: ['Levd vardag'], appointedById: 'norra' });
  const found = async (query) => (await get(`/memberships?limit=500&${query}`)).json.items.map((m) => m.id);
  assert.deepEqual(await found('q=levd vardag'), [other.id], 'by what they are like');
  assert.deepEqual(await found(`q=levd vardag&groupId=${g}`), [other.id]);
  assert.ok(!(await found('onBehalfOfId=exempelforeningen-narstaende')).includes(patient.id), 'by organisation');
  assert.deepEqual((await found(`onBehalfOfId=exempelforeningen-narstaende&groupId=${g}`)).sort(), [patient.id, other.id].sort());
  assert.deepEqual(await found(`appointedById=norra&groupId=${g}`), [other.id], 'every reference is a filter');
  assert.deepEqual(await found(`onBehalfOfType=group&groupId=${g}`), []);
  const told = async (where) => (await get(where)).json.items.find((e) => e.objectId === patient.id)
    .changes.filter((c) => ['capacity', 'role'].includes(c.field)).map((c) => [c.field, c.after, c.afterText]);
  assert.deepEqual(await told('/audit-events?objectType=memberships'), [['role', 'member', 'Ledamot']]);
  assert.deepEqual(await told(`/groups/${g}/history`), [['role', 'member', 'Ledamot'], ['capacity', 'patient', 'Patient']]);
  assert.doesNotMatch((await get('/audit-events?objectType=memberships&format=csv')).text, /"capacity|speaksFor|nextOfKin/);
});

// ---------------------------------------------------------------- withheld names

test('a withheld name is told to those who may see drafts, and by no filter, order, search or file to others', async () => {
  const g = await group();
  const patient = await person({ givenName: 'Zebulon', familyName: 'Hemlig' });
  const { id } = await seated(g, { personId: patient, capacity: 'patient' });
  const open = await seated(g, {});
  const hidden = (await k.api(`/memberships/${id}`)).json;
  assert.equal(hidden.personId, null);
  assert.equal(hidden.personName, null);
  assert.equal((await get(`/memberships/${id}`)).json.personName, 'Zebulon Hemlig');
  const list = async (query) => (await k.api(`/groups/${g}/memberships${query}`)).json;
  assert.equal((await list('')).items.find((m) => m.id === id).personId, null);
  assert.equal((await k.api(`/groups/${g}/memberships?personId=${patient}`)).status, 400, 'nobody that the reader may know of');
  assert.equal((await list('?q=Zebulon'))._meta.totalRecords, 0);
  assert.equal((await get(`/groups/${g}/memberships?q=Zebulon`)).json._meta.totalRecords, 1);
  for (const order of ['personName', '-personName']) { // an unknown name stands where no name stands
    const ids = (await list(`?sort=${order}`)).items.map((m) => m.id);
    assert.deepEqual(ids.sort(), [id, open.id].sort());
  }
  const csv = (await k.api(`/groups/${g}/memberships?format=csv`)).text;
  assert.doesNotMatch(csv, /Zebulon|Hemlig/);
  assert.ok(!csv.includes(patient));
  const page = (await k.page(`/groups/${g}/memberships`)).text;
  assert.match(page, /Namn ej publikt/);
  assert.doesNotMatch(page, /Zebulon/);
  assert.doesNotMatch((await k.page(`/groups/${g}`)).text, /Zebulon/);
});

test('who chose to be public is; who chose not to be is not, whatever the capacity', async () => {
  const g = await group();
  const yes = await seated(g, { personId: await person({ publishName: true }), capacity: 'nextOfKin' });
  const no = await seated(g, { personId: await person({ publishName: false }) });
  assert.ok((await k.api(`/memberships/${yes.id}`)).json.personId);
  assert.equal((await k.api(`/memberships/${no.id}`)).json.personId, null);
});

test('a protected identity is told to the officers of the group and support, not to its members', async () => {
  const g = await group();
  const who = await person({ protectedIdentity: true });
  const { id } = await seated(g, { personId: who });
  const as = async (role) => {
    const p = await person();
    await seated(g, { personId: p, role });
    return (await k.actor(null, { person: p })).token;
  };
  assert.equal((await get(`/memberships/${id}`, await as('secretary'))).json.personId, who);
  assert.equal((await get(`/memberships/${id}`, await as('member'))).json.personId, null);
  assert.equal((await get(`/memberships/${id}`, (await k.actor(null, { person: who })).token)).json.personId, who, 'self');
});

test('why it ended and when the introduction was read are for those who may see drafts', async () => {
  const g = await group();
  const { id } = await seated(g, { endDate: '2026-10-31', endReason: 'Ny tjänst.', introducedDate: '2026-01-15' });
  const seen = (await get(`/memberships/${id}`)).json;
  assert.equal(seen.endReason, 'Ny tjänst.');
  const open = (await k.api(`/memberships/${id}`)).json;
  assert.ok(!('endReason' in open) && !('introducedDate' in open));
});

test('people of a transparent group are for those signed in, of a restricted one for its own', async () => {
  const transparent = await group({ accessMode: 'transparent' });
  const a = await seated(transparent);
  const reader = (await k.actor(null)).token;
  assert.equal((await k.api(`/memberships/${a.id}`)).status, 404);
  assert.equal((await k.api(`/groups/${transparent}/memberships`)).json._meta.totalRecords, 0);
  assert.equal((await get(`/memberships/${a.id}`, reader)).status, 200);
  const restricted = await group({ accessMode: 'restricted' });
  const b = await seated(restricted);
  assert.equal((await get(`/memberships/${b.id}`, reader)).status, 404);
  assert.equal((await get(`/groups/${restricted}/memberships`, reader)).status, 404);
  assert.equal((await get(`/memberships?personId=${b.personId}`, reader)).status, 400);
  const member = (await k.actor(null, { person: b.personId })).token;
  assert.equal((await get(`/memberships/${b.id}`, member)).status, 200);
});

// ---------------------------------------------------------------- refusals

test('what is needed is named, all at once', async () => {
  const g = await group();
  wrong(await post(`/groups/${g}/memberships`, {}), '/role', '/startDate');
  wrong(await post('/memberships', { role: 'member', capacity: 'other', startDate: '2026-01-01', personId: await person() }), '/groupId');
  wrong(await post(`/groups/${g}/memberships`, { role: 'member', startDate: '2026-01-01', personId: await person() }), '/capacity');
  wrong(await seat(g, { endDate: '2025-12-31' }), '/endDate');
  wrong(await seat(g, { role: 'king' }), '/role');
  wrong(await seat(g, { status: 'current' }), '/status');
  wrong(await seat(g, { personId: '00000000-0000-4000-8000-000000000000' }), '/personId');
  wrong(await seat(g, { workloadPercent: 101 }), '/workloadPercent');
  wrong(await seat(g, { groupId: 'npo-akut-vard' }), '/groupId');
});

test('a person sits once in a group at a time, day by day', async () => {
  const g = await group();
  const who = await person();
  await seated(g, { personId: who, startDate: '2026-01-01', endDate: '2026-06-30' });
  refused(await seat(g, { personId: who, startDate: '2026-06-30' }), 409, 'membership-overlap');
  refused(await seat(g, { personId: who, startDate: '2025-01-01', endDate: '2026-01-01' }), 409, 'membership-overlap');
  refused(await seat(g, { personId: who, startDate: '2025-01-01' }), 409, 'membership-overlap');
  const next = await seated(g, { personId: who, startDate: '2026-07-01' });
  refused(await patch(next.id, { startDate: '2026-06-01' }), 409, 'membership-overlap');
  await seated(await group(), { personId: who });
});

test('a group has one chair at a time', async () => {
  const g = await group();
  await seated(g, { role: 'chair', startDate: '2026-01-01', endDate: '2026-12-31' });
  refused(await seat(g, { role: 'chair', startDate: '2026-12-31' }), 409, 'chair-taken');
  const member = await seated(g);
  refused(await patch(member.id, { role: 'chair' }), 409, 'chair-taken');
  await seated(g, { role: 'chair', startDate: '2027-01-01' });
  await seated(g, { role: 'viceChair' });
});

test('a membership lies within the days of its group, and the group around its memberships', async () => {
  const g = await group({ startDate: '2026-01-01', endDate: '2026-12-31' });
  refused(await seat(g, { startDate: '2025-12-31' }), 409, 'outside-group-dates');
  refused(await seat(g, { endDate: '2027-01-01' }), 409, 'outside-group-dates');
  refused(await seat(g, { startDate: '2027-01-01' }), 409, 'outside-group-dates');
  await seated(g, { startDate: '2026-01-01', endDate: '2026-12-31' });
  const { etag } = await get(`/groups/${g}`);
  const reply = await k.api(`/groups/${g}`, { method: 'PATCH', token: support, body: { endDate: '2026-11-30' }, headers: { 'if-match': etag } });
  refused(reply, 409, 'outside-group-dates');
});

test('nobody sits longer than the group: an open last day is the group’s, and closing ends all', async () => {
  const limited = await group({ endDate: '2027-12-31' });
  assert.equal((await seated(limited)).endDate, '2027-12-31');
  const g = await group();
  const [open, later] = [await seated(g), await seated(g, { endDate: '2028-12-31' })];
  ok(await post(`/groups/${g}/closures`, { endDate: '2026-10-31', reason: 'Uppdraget är slutfört.' }));
  for (const { id } of [open, later]) {
    const { json } = await get(`/memberships/${id}`);
    assert.equal(json.endDate, '2026-10-31');
    assert.equal(json.status, 'ended');
  }
});

test('the chair of an NPO sits three years at most, once, for a healthcare region', async () => {
  const g = await group({ kind: 'npo', principalIds: ['sks'] });
  const who = await person();
  const chair = (fields) => seat(g, { personId: who, role: 'chair', startDate: '2026-01-01', onBehalfOfId: 'norra', ...fields });
  refused(await chair({ endDate: '2029-01-01' }), 409, 'chair-term');
  refused(await chair({ onBehalfOfId: undefined }), 409, 'chair-seat');
  refused(await chair({ onBehalfOfId: 'socialstyrelsen' }), 409, 'chair-seat');
  const made = ok(await chair({}));
  assert.equal(made.endDate, '2028-12-31', 'set when nothing is said');
  refused(await patch(made.id, { endDate: '2029-06-30' }), 409, 'chair-term');
  refused(await patch(made.id, { onBehalfOfId: null }), 409, 'chair-seat');
  refused(await patch(made.id, { onBehalfOfId: 'socialstyrelsen' }), 409, 'chair-seat');
  refused(await post(`/memberships/${made.id}/extensions`, { endDate: '2029-06-30' }), 409, 'chair-term');
  ok(await patch(made.id, { endDate: '2026-03-31' }), 200);
  refused(await chair({ startDate: '2027-01-01' }), 409, 'chair-term');
  const municipal = ok(await chair({ personId: await person(), startDate: '2026-04-01', onBehalfOfId: 'kommun-umea' }));
  assert.equal(municipal.endDate, '2029-03-31');
  assert.equal(municipal.healthcareRegionId, 'norra');
  const nag = await group();
  assert.equal((await seated(nag, { role: 'chair' })).endDate, null, 'other kinds set no term');
});

test('a change carries the version that was seen, and derived fields are not changed', async () => {
  const { id } = await seated(await group());
  const { etag } = await get(`/memberships/${id}`);
  ok(await patch(id, { workloadPercent: 20 }, { etag }), 200);
  assert.equal((await patch(id, { workloadPercent: 30 }, { etag })).status, 412);
  assert.equal((await k.api(`/memberships/${id}`, { method: 'PATCH', token: support, body: {} })).status, 428);
  wrong(await patch(id, { status: 'ended' }), '/status');
  wrong(await patch(id, { personId: await person() }), '/personId');
  wrong(await patch(id, { startDate: null }), '/startDate');
  wrong(await patch(id, { endDate: '2025-01-01' }), '/endDate');
});

// ---------------------------------------------------------------- who may (domain.md 1)

test('officers, principals and support enter memberships; the chair is the principal’s, the process leader the host’s', async () => {
  const npo = await group({ kind: 'npo', principalIds: ['sks'] });
  const g = await group({ principalIds: [npo] });
  ok(await post(`/groups/${g}/hosts`, { bodyId: 'vastra', status: 'active' }));
  await seated(g, { onBehalfOfId: 'sodra' });
  const as = async (where, role) => {
    const p = await person();
    await seated(where, { personId: p, role, startDate: '2025-01-01', onBehalfOfId: 'norra' });
    return (await k.actor(null, { person: p })).token;
  };
  const coordinator = async (organisation) => (await k.actor('coordinator', { organisation })).token;
  const actors = {
    chair: [await as(g, 'chair'), true, false, false],
    viceChair: [await as(g, 'viceChair'), true, false, false],
    processLeader: [await as(g, 'processLeader'), true, false, false],
    secretary: [await as(g, 'secretary'), true, false, false],
    member: [await as(g, 'member'), false, false, false],
    coOpted: [await as(g, 'coOpted'), false, false, false],
    observer: [await as(g, 'observer'), false, false, false],
    contact: [await as(g, 'contact'), false, false, false],
    principal: [await as(npo, 'secretary'), true, true, true],
    memberOfPrincipal: [await as(npo, 'member'), false, false, false],
    steering: [await as('sks', 'secretary'), true, true, true], // commissions the principal: downwards in any number of steps
    host: [await coordinator('vastra'), false, false, true],
    represented: [await coordinator('sodra'), false, false, false],
    elsewhere: [await coordinator('norra'), false, false, false],
    support: [support, true, true, true],
    auditor: [(await k.actor('auditor')).token, false, false, false],
    administrator: [(await k.actor('administrator')).token, false, false, false],
    dataProtection: [(await k.actor('dataProtection')).token, false, false, false],
    reader: [(await k.actor(null)).token, false, false, false],
  };
  const chair = (await get(`/groups/${g}/memberships?role=chair`)).json.items[0];
  const leader = (await get(`/groups/${g}/memberships?role=processLeader`)).json.items[0];
  const open = await group(); // somebody whom everyone may know of
  const known = async () => (await seated(open)).personId;
  for (const [name, [token, member, chairs, leads]] of Object.entries(actors)) {
    const p = await known();
    const entered = await seat(g, { personId: p, role: 'observer' }, token);
    assert.equal(entered.status, member ? 201 : 403, `${name} enters: ${entered.text}`);
    if (!member) assert.match(entered.json.rule, /^may-enter-/);
    const asChair = await seat(g, { personId: p, role: 'chair', startDate: '2026-02-01' }, token);
    if (chairs) refused(asChair, 409, member ? 'membership-overlap' : 'chair-taken');
    else refused(asChair, 403, member || leads ? 'may-enter-chair' : 'may-enter-membership');
    const asLeader = await seat(g, { personId: await known(), role: 'processLeader' }, token);
    if (leads) ok(asLeader);
    else refused(asLeader, 403, member ? 'may-enter-process-leader' : 'may-enter-membership');
    const own = member ? entered.json.id : (await seated(g)).id;
    assert.equal((await patch(own, { workloadPercent: 5 }, { token })).status, member ? 200 : 403, `${name} changes`);
    assert.equal((await patch(chair.id, { workloadPercent: 5 + serial % 90 }, { token })).status, chairs ? 200 : 403, `${name} changes the chair`);
    assert.equal((await patch(leader.id, { workloadPercent: 5 + serial % 90 }, { token })).status, leads ? 200 : 403, `${name} changes the process leader`);
    if (!leads) refused(await patch(own, { role: 'processLeader' }, { token }), 403, member ? 'may-enter-process-leader' : 'may-enter-membership');
    assert.equal((await post(`/memberships/${own}/endings`, { endDate: '2026-12-31' }, token)).status, member ? 201 : 403, `${name} ends`);
    assert.equal((await remove(own, token)).status, member ? 204 : 403, `${name} deletes`);
  }
  assert.equal((await post(`/groups/${g}/memberships`, {}, null)).status, 401);
});

test('a read token changes nothing', async () => {
  const token = (await k.actor('support', { scope: 'read' })).token;
  refused(await seat('nag-palliativ-vard', {}, token), 403, 'token-scope');
});

// ---------------------------------------------------------------- acts

test('an ending sets an earlier last day, an extension a later one', async () => {
  const g = await group();
  const { id } = await seated(g);
  wrong(await post(`/memberships/${id}/extensions`, { endDate: '2027-12-31' }), '/endDate');
  const ended = ok(await post(`/memberships/${id}/endings`, { endDate: '2026-12-31', endReason: 'Pension.' }));
  assert.equal(ended.endDate, '2026-12-31');
  assert.equal(ended.endReason, 'Pension.');
  assert.equal(ended.status, 'expiring');
  wrong(await post(`/memberships/${id}/endings`, { endDate: '2027-01-31' }), '/endDate');
  wrong(await post(`/memberships/${id}/endings`, { endDate: '2025-01-31' }), '/endDate');
  wrong(await post(`/memberships/${id}/endings`, {}), '/endDate');
  const extended = ok(await post(`/memberships/${id}/extensions`, { endDate: '2028-12-31', decisionReference: '§ 7' }));
  assert.equal(extended.endDate, '2028-12-31');
  assert.equal(extended.decisionReference, '§ 7');
  const acts = (await get(`/groups/${g}/history`)).json.items.map((e) => e.act);
  assert.ok(acts.includes('end') && acts.includes('extend') && acts.includes('create'));
});

test('a succession ends one and begins another in one decision, or does nothing', async () => {
  const g = await group({ kind: 'npo', principalIds: ['sks'] });
  const old = await seated(g, { role: 'chair', startDate: '2024-01-01', onBehalfOfId: 'vastra' });
  const next = await person();
  wrong(await post(`/memberships/${old.id}/successions`, { personId: next, startDate: '2024-01-01' }), '/startDate');
  const blocked = await person();
  await seated(g, { personId: blocked });
  refused(await post(`/memberships/${old.id}/successions`, { personId: blocked, startDate: '2026-12-01' }), 409, 'membership-overlap');
  assert.equal((await get(`/memberships/${old.id}`)).json.endDate, '2026-12-31', 'nothing half-done');
  const reply = await post(`/memberships/${old.id}/successions`, { personId: next, startDate: '2026-12-01', decisionReference: 'SKS § 9' });
  const former = ok(reply);
  assert.equal(former.id, old.id);
  assert.equal(former.endDate, '2026-11-30');
  assert.equal(reply.headers.location.endsWith(`/memberships/${old.id}`), true);
  const href = former._links.find((l) => l.rel === 'successor').href;
  const made = (await get(href.replace(/.*\/api\/v1/, ''))).json;
  assert.equal(made.personId, next);
  assert.equal(made.role, 'chair');
  assert.equal(made.onBehalfOfId, 'vastra');
  assert.equal(made.startDate, '2026-12-01');
  assert.equal(made.endDate, '2029-11-30');
  assert.equal(made.decisionReference, 'SKS § 9');
});

test('a new role ends one membership and begins another the next day', async () => {
  const g = await group();
  const { id, personId } = await seated(g, { competences: ['Geriatrik'] });
  ok(await post(`/memberships/${id}/successions`, { role: 'viceChair', startDate: '2026-12-01' }));
  const { items } = (await get(`/groups/${g}/memberships?personId=${personId}&sort=startDate`)).json;
  assert.deepEqual(items.map((m) => [m.role, m.startDate, m.endDate]),
    [['member', '2026-01-01', '2026-11-30'], ['viceChair', '2026-12-01', null]]);
});

test('the person marks the introduction as read; others who enter members may, too', async () => {
  const g = await group();
  const { id, personId } = await seated(g, { capacity: 'municipality' });
  const self = await k.actor(null, { person: personId });
  const other = await seated(g);
  assert.equal((await post(`/memberships/${other.id}/introductions`, {}, self.token)).status, 403);
  assert.equal(ok(await post(`/memberships/${id}/introductions`, {}, self.token)).introducedDate, today);
  assert.equal(ok(await post(`/memberships/${other.id}/introductions`, { introducedDate: '2026-02-02' })).introducedDate, '2026-02-02');
});

test('a batch changes all or nothing, and says what each row lacks', async () => {
  const g = await group();
  const rows = [];
  for (let i = 0; i < 3; i++) rows.push((await seated(g, { endDate: '2026-12-31' })).id);
  const where = `/groups/${g}/membership-changes`;
  const reply = await post(where, { membershipIds: rows, act: 'extend', endDate: '2028-12-31', decisionReference: '§ 3' });
  assert.equal(ok(reply).id, g);
  const ends = async () => (await get(`/groups/${g}/memberships`)).json.items.map((m) => m.endDate);
  assert.deepEqual(await ends(), Array(3).fill('2028-12-31'));
  const foreign = (await seated(await group())).id;
  wrong(await post(where, { membershipIds: [rows[0], foreign, rows[1]], act: 'end', endDate: '2025-06-30' }),
    '/membershipIds/0', '/membershipIds/1', '/membershipIds/2');
  wrong(await post(where, { membershipIds: [rows[0], foreign], act: 'end', endDate: '2027-06-30' }), '/membershipIds/1');
  assert.deepEqual(await ends(), Array(3).fill('2028-12-31'), 'nothing half-done');
  wrong(await post(where, { membershipIds: [], act: 'end', endDate: '2027-06-30' }), '/membershipIds');
  const closing = await group({ endDate: '2026-12-31' });
  const last = (await seated(closing, { endDate: '2026-11-30' })).id;
  const json = refused(await post(`/groups/${closing}/membership-changes`, { membershipIds: [last], act: 'extend', endDate: '2027-06-30' }), 409, 'outside-group-dates');
  assert.equal(json.errors[0].pointer, '/membershipIds/0');
});

test('a deleted membership leaves a history and a tombstone', async () => {
  const g = await group();
  const { id } = await seated(g);
  assert.equal((await remove(id)).status, 204);
  assert.equal((await get(`/memberships/${id}`)).status, 404);
  assert.ok((await get(`/groups/${g}/history`)).json.items.some((e) => e.act === 'delete' && e.objectId === id));
  const since = await get(`/groups/${g}/memberships?modifiedSince=${today}T00:00:00Z`);
  assert.deepEqual(since.json.items, [{ id, deleted: true }]);
});

// ---------------------------------------------------------------- parts and checks

test('a group’s page has its people of the day, its officers, and a balance of five seats or more', async () => {
  const g = await group();
  const women = [];
  for (let i = 0; i < 4; i++) {
    const p = await person();
    women.push(p);
    await seated(g, { personId: p });
  }
  sql(`UPDATE person SET gender = 'woman' WHERE id IN (${women.map((w) => `'${w}'`).join(',')})`);
  const parts = async (query = '') => (await k.api(`/groups/${g}?embed=memberships,genderBalance,officers${query}`)).json._embedded;
  assert.equal((await parts()).memberships.length, 4);
  assert.equal((await parts()).genderBalance, null, 'four seats tell nothing');
  await seated(g, { role: 'chair' });
  assert.deepEqual((await parts()).genderBalance, { total: 5, women: 4, men: 0, others: 1 });
  assert.equal((await parts('&asOf=2026-10-01')).genderBalance, null, 'two days beside each other would tell of one person');
  assert.equal((await parts()).officers.chairs.length, 1);
  assert.equal((await parts('&asOf=2025-12-31')).memberships.length, 0);
});

test('checks find what has come in another way, and the demo has no error', async () => {
  const all = async () => (await get('/checks?limit=500')).json.items;
  const rules = async (severity) => [...new Set((await all()).filter((c) => c.severity === severity).map((c) => c.rule))];
  assert.equal((await rules('error')).filter((r) => /chair|membership|outside/.test(r)).length, 0);
  const g = await group({ kind: 'npo', principalIds: ['sks'], endDate: '2030-12-31' });
  const a = await seated(g, { role: 'chair', onBehalfOfId: 'norra' });
  const b = await seated(g);
  sql(`UPDATE membership SET role = 'chair', person_key = (SELECT person_key FROM membership WHERE id = '${a.id}'), start_date = '2019-01-01', end_date = '2031-01-01' WHERE id = '${b.id}'`);
  const found = (await rules('error')).sort();
  for (const rule of ['chair-seat', 'chair-taken', 'chair-term', 'membership-overlap', 'outside-group-dates'])
    assert.ok(found.includes(rule), `${rule} of ${found}`);
  sql(`DELETE FROM membership WHERE group_key = (SELECT key FROM body WHERE id = '${g}')`);
});

// ---------------------------------------------------------------- pages without a script

const browser = async (fields = {}) => {
  const email = `webb-${++serial}@example.org`;
  await k.user(email, 'support', fields);
  return k.login(email, goodPassword);
};

test('somebody new is entered together with the membership, in one transaction', async () => {
  const g = await group();
  const jar = await browser();
  const page = await jar.get(`/groups/${g}/memberships/new`);
  const form = page.formWith((input) => input.name === 'givenName');
  const count = () => sql('SELECT count(*) FROM person');
  const before_ = count();
  const failed = await jar.submit(form, { givenName: 'Ny', familyName: 'Ledamot', startDate: '1999-01-01' });
  assert.equal(failed.status, 409);
  assert.match(failed.text, /value="Ledamot"/, 'what was typed stays');
  assert.equal(count(), before_, 'nobody half-entered');
  const done = await jar.submit(form, { givenName: 'Ny', familyName: 'Ledamot', onBehalfOfId: 'Region Dalarna', startDate: '2026-12-01' });
  assert.equal(done.status, 303, done.text);
  assert.match(done.headers.location, new RegExp(`^/groups/${g}/memberships#m-`));
  assert.match((await jar.get(`/groups/${g}/memberships`)).text, /Ny Ledamot/);
});

test('a row is changed where it stands', async () => {
  const g = await group();
  const { id } = await seated(g);
  const jar = await browser();
  const page = await jar.get(`/groups/${g}/memberships?edit=${id}`);
  const form = page.formWith((input) => input.name === 'workloadPercent');
  const done = await jar.submit(form, { workloadPercent: '15' });
  assert.equal(done.status, 303, done.text);
  assert.equal((await get(`/memberships/${id}`)).json.workloadPercent, 15);
  assert.equal((await jar.get(`/groups/${g}/memberships?edit=${randomUUID()}`)).status, 200, 'an old address shows the list');
});

test('several are extended, ended or written to from the table', async () => {
  const g = await group();
  const rows = [];
  for (const email of ['a@example.org', 'b@example.org']) rows.push((await seated(g, { personId: await person({ email }), endDate: '2026-12-31' })).id);
  const jar = await browser();
  const page = await jar.get(`/groups/${g}/memberships`);
  const form = page.formWith((input) => input.name === 'decisionReference');
  const done = await jar.post(`/groups/${g}/membership-changes`, { _csrf: form.fields._csrf, 'membershipIds[]': ['', ...rows], act: 'extend', endDate: '2027-12-31' });
  assert.equal(done.status, 303, done.text);
  assert.equal((await get(`/memberships/${rows[1]}`)).json.endDate, '2027-12-31');
  const mail = await jar.get(`/groups/${g}/addresses`);
  assert.match(mail.text, /mailto:a@example.org,b@example.org/);
  assert.equal((await k.api(`/groups/${g}/addresses`, { token: (await k.actor(null)).token })).status, 403);
});

test('the introduction tells municipal members their task, and lets them say they have read it', async () => {
  const g = await group();
  const { id, personId } = await seated(g, { capacity: 'municipality' });
  assert.doesNotMatch((await k.page(`/groups/${g}/introduction`)).text, /kommunala perspektivet/);
  const email = `kommun-${++serial}@example.org`;
  await k.user(email, null, { person: personId });
  const jar = await k.login(email, goodPassword);
  const page = await jar.get(`/groups/${g}/introduction`);
  assert.match(page.text, /kommunala perspektivet/);
  assert.match(page.text, /inte din uppgift/);
  const done = await jar.submit(page.form(`/memberships/${id}/introductions`));
  assert.equal(done.status, 303, done.text);
  assert.equal((await get(`/memberships/${id}`)).json.introducedDate, today);
  assert.doesNotMatch((await jar.get(`/groups/${g}/introduction`)).text, /Jag har läst/);
});
