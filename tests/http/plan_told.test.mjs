// What plans tell, and to whom: names of those who may not be named, what an initiative names, the history of a plan and of
// what is in it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made, ok } from '../lib/said.mjs';

let k;
const tokens = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  tokens.support = await k.token('support@kansli.example');
  tokens.oskar = await k.token('oskar.lillbro@kansli.example'); // process leader of the steering group
});

const get = (where, who = 'support') => k.api(where, { token: tokens[who] ?? who });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who] ?? who, method: 'POST', body });
async function change(where, body, who = 'support') {
  return k.api(where, { token: tokens[who] ?? who, method: 'PATCH', body, headers: { 'if-match': (await get(where, who)).etag } });
}
let serial = 0;
const group = async (fields = {}) => made(await post('/groups', { kind: 'npo', name: `Sagt ${++serial}`, startDate: '2024-01-01', principalIds: ['sks'], ...fields })).id;
// Somebody with one seat and an account: her token.
async function seated(groupId, role, person = {}) {
  const one = made(await post('/persons', { givenName: 'Tuva', familyName: `Sittande ${++serial}`, protectedIdentity: false, ...person }));
  made(await post('/memberships', { personId: one.id, groupId, role, capacity: 'profession', startDate: '2026-01-01' }));
  const email = `seated-${serial}@example.org`;
  await k.user(email, null, { person: one.id });
  return k.token(email);
}
async function submitted(id, who) {
  const plan = made(await post('/plans', { groupId: id, year: 2027, goals: 'Mål' }));
  const one = made(await post(`/plans/${plan.id}/initiatives`, { title: 'Enkät', priority: 1, dimensions: ['safe'] }));
  made(await post(`/plans/${plan.id}/submissions`, {}, who));
  return { ...plan, one };
}

describe('names', () => {
  test('a protected identity that asks, decides or submits is named to nobody but her own groups\' officers and support', async () => {
    const id = await group();
    const hidden = await seated('sks', 'secretary', { protectedIdentity: true });
    const author = await seated(id, 'secretary', { protectedIdentity: true });
    const officer = await seated(id, 'viceChair'), member = await seated(id, 'member');
    const plan = await submitted(id, author);
    made(await post(`/plans/${plan.id}/remarks`, { text: 'Varför?' }, hidden));
    made(await post(`/plans/${plan.id}/positions`, { position: 'supports' }, hidden));
    made(await post(`/plans/${plan.id}/decisions`, { outcome: 'returned', comment: 'Se frågan.' }, hidden));
    const names = async (who) => {
      const [remark] = ok(await get(`/plans/${plan.id}/remarks`, who)).items, [position] = ok(await get(`/plans/${plan.id}/positions`, who)).items;
      return [remark.byName, position.personName, ok(await get(`/plans/${plan.id}/versions`, who)).items[0].submittedByName];
    };
    assert.deepEqual(await names(member), [null, null, null]);
    assert.deepEqual((await names(officer)).map(Boolean), [false, false, true], 'her own group\'s officers know her');
    assert.deepEqual((await names('oskar')).map(Boolean), [true, true, false]);
    assert.deepEqual((await names('support')).map(Boolean), [true, true, true]);
    const actor = async (who) => ok(await get(`/groups/${id}/history`, who)).items.find((e) => e.act === 'return').actorName;
    assert.equal(await actor(officer), null);
    assert.ok(await actor('oskar'));
    assert.equal((await k.page(`/plans/${plan.id}`)).status, 404);
  });
});

describe('history', () => {
  test('of a plan has what happened to all that is in it, for those who may see the group\'s', async () => {
    const id = await group();
    const officer = await seated(id, 'secretary'), member = await seated(id, 'member');
    const plan = await submitted(id, officer);
    const remark = made(await post(`/plans/${plan.id}/remarks`, { text: 'Varför?' }, 'oskar'));
    ok(await change(`/plans/${plan.id}/remarks/${remark.id}`, { answer: 'Därför.' }, officer));
    made(await post(`/plans/${plan.id}/positions`, { position: 'supports' }, 'oskar'));
    made(await post(`/plans/${plan.id}/decisions`, { outcome: 'approved' }, 'oskar'));
    const events = ok(await get(`/plans/${plan.id}/history?limit=100`, officer)).items;
    assert.deepEqual(events.map((e) => `${e.objectType} ${e.act}`), ['plans approve', 'positions create', 'remarks update', 'remarks create', 'plans submit',
      'initiatives create', 'plans create']);
    assert.deepEqual(events[2].changes.map((c) => [c.field, c.before, c.after]), [['answer', null, 'Därför.']]);
    assert.ok(ok(await get(`/plans/${plan.id}`, officer))._links.some((l) => l.rel === 'history'));
    const refused = await get(`/plans/${plan.id}/history`, member);
    assert.deepEqual([refused.status, refused.json.rule], [403, 'may-see-history']);
    assert.equal((await k.api(`/plans/${plan.id}/history`)).status, 401);
    const { personId } = ok(await get('/me', 'oskar'));
    const kept = ok(await get(`/persons/${personId}/data-export`, 'oskar')).plans.filter((p) => p.planId === plan.id);
    assert.deepEqual(kept.map((p) => [p.act, p.said, p.text]).sort(), [['decision', 'approved', null], ['position', 'supports', null], ['remark', null, 'Varför?']]);
    const page = await (await k.login('oskar.lillbro@kansli.example', 'kansli-demo-2026')).get(`/plans/${plan.id}/history`);
    assert.equal(page.status, 200);
    assert.match(page.words, /Planens historik .*synpunkt .*Därför/);
  });

  test('names nothing that its reader may not know of', async () => {
    const id = await group(), hidden = await group({ accessMode: 'restricted' });
    const officer = await seated(id, 'secretary');
    const gap = made(await post('/gaps', { groupId: hidden, type: 'care', title: 'Ingen ska veta', priority: 1 }));
    const plan = made(await post('/plans', { groupId: id, year: 2027, goals: 'Mål' }));
    made(await post(`/plans/${plan.id}/initiatives`, { title: 'Enkät', priority: 1, groupId: hidden, gapId: gap.id }));
    const named = async (who) => {
      const [{ changes }] = ok(await get(`/plans/${plan.id}/history`, who)).items;
      return ['groupId', 'gapId'].flatMap((field) => changes.filter((c) => c.field === field).map((c) => c.after));
    };
    assert.deepEqual(await named('support'), [hidden, gap.id]);
    assert.deepEqual(await named(officer), [null, null]);
  });
});

test('initiatives, positions and versions are filtered by all that they refer to', async () => {
  const id = await group();
  const plan = await submitted(id);
  const titles = async (query) => ok(await get(`/plans/${plan.id}/initiatives?${query}`)).items.map((i) => i.title);
  assert.deepEqual([await titles('dimensions=safe,equal'), await titles('dimensions=equal')], [['Enkät'], []]);
  assert.deepEqual(await titles(`parentInitiativeId=${plan.one.id}`), []);
  assert.deepEqual(await titles(`fromInitiativeId=${plan.one.id}`), []);
  assert.equal((await get(`/plans/${plan.id}/initiatives?dimensions=billig`)).status, 400);
  const position = made(await post(`/plans/${plan.id}/positions`, { position: 'supports' }, 'oskar'));
  assert.deepEqual(ok(await get(`/plans/${plan.id}/positions?personId=${position.personId}`)).items.map((p) => p.id), [position.id]);
  assert.deepEqual(ok(await get(`/plans/${plan.id}/versions?decision=returned`)).items, []);
});

test('an initiative hangs on none of another healthcare region, Halland\'s on one of either', async () => {
  const begun = async (fields) => {
    const plan = made(await post('/plans', { groupId: await group({ principalIds: [], ...fields }), year: 2027, goals: 'Mål' }));
    return { ...plan, one: made(await post(`/plans/${plan.id}/initiatives`, { title: 'Enkät', priority: 1 })) };
  };
  const above = {};
  for (const id of ['norra', 'sodra', 'vastra']) above[id] = await begun({ kind: 'rpo', healthcareRegionId: id });
  const local = { vasterbotten: await begun({ kind: 'lpo', regionId: 'region-vasterbotten' }), halland: await begun({ kind: 'lpo', regionId: 'region-halland' }) };
  const hung = async (from, to) => (await post(`/plans/${local[from].id}/initiatives`, { title: 'Del', priority: 1, parentInitiativeId: above[to].one.id })).json.rule ?? 'made';
  assert.deepEqual([await hung('vasterbotten', 'norra'), await hung('vasterbotten', 'sodra')], ['made', 'initiative-direction']);
  assert.deepEqual([await hung('halland', 'norra'), await hung('halland', 'sodra'), await hung('halland', 'vastra')], ['initiative-direction', 'made', 'made']);
});

test('who reads the drafts of a group is told which of them are gone', async () => {
  const id = await group(), hidden = await group({ accessMode: 'restricted' });
  const member = await seated(id, 'member'), other = await seated(hidden, 'member');
  const since = '2026-11-22T09:00:00Z', gone = [];
  for (const of of [id, hidden]) {
    const plan = made(await post('/plans', { groupId: of, year: 2027, goals: 'Mål' }));
    const { etag } = await get(`/plans/${plan.id}`);
    assert.equal((await k.api(`/plans/${plan.id}`, { token: tokens.support, method: 'DELETE', headers: { 'if-match': etag } })).status, 204);
    gone.push(plan.id);
  }
  const told = async (who) => {
    const { items, _meta } = ok(await get(`/plans?modifiedSince=${since}&limit=500`, who));
    assert.equal(_meta.totalRecords, items.length);
    return items.filter((i) => i.deleted && gone.includes(i.id)).map((i) => i.id);
  };
  assert.deepEqual(await told(member), [gone[0]]);
  assert.deepEqual(await told(other), [gone[1]]);
  assert.deepEqual(await told(''), []);
  assert.deepEqual(await told('support'), gone);
});

test('a plan of many long texts is compared as any other', async () => {
  const id = await group();
  const plan = made(await post('/plans', { groupId: id, year: 2027, goals: 'Mål' }));
  const long = 'å '.repeat(1999);
  for (let i = 0; i < 25; i++) made(await post(`/plans/${plan.id}/initiatives`, { title: `Insats ${i}`, priority: 2, problem: long, priorityReason: long, resourceNeeds: long }));
  made(await post(`/plans/${plan.id}/submissions`));
  const compared = ok(await get(`/plans/${plan.id}/comparison?with=1`));
  assert.deepEqual([compared.changed, compared.initiatives.length], [0, 25]);
});
