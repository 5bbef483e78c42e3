// Yearly reviews of groups through the real binary: who makes them and of which years, what is public and what is for those
// inside, the checklist of a group that is to be closed, what is left to do, tasks, checks, people who are merged or forgotten.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made, ok, refused, wrong } from '../lib/said.mjs';

const area = 'npo-aldres-halsa-och-palliativ-vard'; // Karin is its process leader and that of nag-palliativ-vard
let k;
const tokens = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  tokens.nobody = '';
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin', 'dataskydd']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token('karin.bergstrom@kansli.example');
  tokens.oskar = await k.token('oskar.lillbro@kansli.example'); // process leader of the steering group
  tokens.viveka = await k.token('viveka.lundhede@kansli.example'); // member of nag-palliativ-vard
  tokens.reader = (await k.actor(null)).token;
});

const get = (where, who = 'support') => k.api(where, { token: tokens[who] ?? who });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who] ?? who, method: 'POST', body });
async function change(where, body, { who = 'support', etag } = {}) {
  etag ??= (await get(where)).etag;
  return k.api(where, { token: tokens[who] ?? who, method: 'PATCH', body, headers: etag ? { 'if-match': etag } : {} });
}
const links = (object) => object._links.map((l) => l.rel);
const sat = (day, id, who) => k.api(`/groups/${id}/memberships`, { token: tokens.support, method: 'POST', body: { role: 'member', startDate: day, ...who } });
let serial = 0;
const group = async (fields = {}) => made(await post('/groups', { kind: 'nag', name: `Översyn ${++serial}`, startDate: '2024-01-01', principalIds: [area], ...fields })).id;
const review = async (id, fields = {}, who = 'karin') => made(await post('/reviews', { groupId: id, year: 2026, outcome: 'continue', text: 'Arbetet går **framåt**.', ...fields }, who));

describe('made', () => {
  test('once a year by an officer of the principal, with the register’s own figures', async () => {
    const id = await group();
    const reply = await post(`/groups/${id}/reviews`, { year: 2026, outcome: 'change', text: 'Kompletteras **nu**.', contributions: { safe: 'Färre fall.', equal: 'Lika i landet.' } }, 'karin');
    const one = made(reply);
    assert.equal(new URL(reply.headers.location, k.url).pathname, `/api/v1/reviews/${one.id}`);
    assert.deepEqual([one.groupId, one.year, one.outcome, one.outcomeLabel, one.text, one.reviewedByName, one.reviewedOn, one.level, one.closing],
      [id, 2026, 'change', 'Förändras', 'Kompletteras **nu**.', 'Karin Bergström', '2026-11-22', 'national', null]);
    assert.deepEqual(one.contributions, { knowledgeBased: null, safe: 'Färre fall.', individual: null, efficient: null, equal: 'Lika i landet.', accessible: null });
    assert.deepEqual([one.facts.year, one.facts.asOf, one.facts.members, one.facts.meetings], [2026, '2026-11-22', 0, 0]);
    refused(await post('/reviews', { groupId: id, year: 2026, outcome: 'continue', text: 'x' }, 'karin'), 409, 'review-exists');
    assert.deepEqual(ok(await get(`/groups/${id}/reviews`)).items.map((r) => r.id), [one.id]);
    const both = await Promise.all([1, 2].map(() => post('/reviews', { groupId: id, year: 2025, outcome: 'continue', text: 'x' }, 'karin')));
    assert.deepEqual(both.map((r) => r.status).sort(), [201, 409], 'of two at once one is kept');
  });

  test('and told to the group', async () => {
    const id = await group();
    const person = (await get('/persons?q=viveka lundhede')).json.items[0].id;
    made(await sat('2026-01-01', id, { personId: person, role: 'secretary', capacity: 'profession' }));
    const one = await review(id);
    const kept = execFileSync('sqlite3', [k.db, `SELECT content FROM mail WHERE event = 'reviews:${one.id}:new';`], { encoding: 'utf8' });
    assert.match(kept, /Den årliga översynen av NAG Översyn/);
  });

  test('by nobody else', async () => {
    const id = await group(), body = { groupId: id, year: 2026, outcome: 'continue', text: 'x' };
    refused(await post('/reviews', body, 'nobody'), 401, 'login-needed');
    for (const who of ['reader', 'viveka', 'oskar', 'norra', 'auditor', 'admin']) refused(await post('/reviews', body, who), 403, 'may-review-group');
    refused(await post(`/groups/${area}/reviews`, { ...body, groupId: area }, 'karin'), 403, 'may-review-group');
    made(await post(`/groups/${area}/reviews`, { ...body, groupId: area }, 'oskar'));
    const mine = await k.token('karin.bergstrom@kansli.example', 'read');
    refused(await post('/reviews', body, mine), 403, 'token-scope');
    made(await post('/reviews', body));
  });

  test('of years that have been and in which the group stood', async () => {
    const id = await group({ startDate: '2025-03-01', endDate: '2026-03-31' });
    wrong(await post('/reviews', { groupId: id, year: 2027, outcome: 'continue', text: 'x' }, 'karin'), '/year');
    refused(await post('/reviews', { groupId: id, year: 2024, outcome: 'continue', text: 'x' }, 'karin'), 409, 'outside-group-dates');
    await review(id, { year: 2025 });
    assert.equal((await review(id, { year: 2026 })).facts.year, 2026);
  });

  test('bad input is told all at once', async () => {
    const id = await group();
    wrong(await post('/reviews', {}), '/groupId', '/year', '/outcome', '/text');
    wrong(await post(`/groups/${id}/reviews`, { groupId: area, year: 3000, outcome: 'stänga', text: 'x'.repeat(10001), contributions: { safe: 'x'.repeat(1001), billig: 'x' }, reviewedOn: '2026-01-01', facts: {}, reviewedById: 'x', closing: [] }),
      '/groupId', '/year', '/outcome', '/text', '/contributions/safe', '/contributions/billig', '/reviewedOn', '/facts', '/reviewedById', '/closing');
    wrong(await post('/reviews', { groupId: id, year: 1999, outcome: 'close', text: 'x' }), '/year');
    wrong(await post('/reviews', { groupId: 'ingen', year: 2026, outcome: 'close', text: 'x' }), '/groupId');
    const [told, ...more] = (await post('/reviews', { groupId: id, year: 2026, outcome: 'close', text: 'Om 19121212-1212.' })).json.errors;
    assert.deepEqual([told.pointer, more], ['/text', []], 'once');
    assert.deepEqual(ok(await get(`/groups/${id}/reviews`)).items, []);
  });
});

describe('changed', () => {
  test('while it is the newest, by those who may make it', async () => {
    const id = await group(), old = await review(id, { year: 2025 });
    const where = `/reviews/${old.id}`, etag = (await get(where)).etag;
    const changed = ok(await change(where, { outcome: 'change', contributions: { safe: 'Mindre väntan.' } }, { who: 'karin', etag }));
    assert.deepEqual([changed.outcome, changed.contributions.safe, changed.text], ['change', 'Mindre väntan.', old.text]);
    assert.equal((await change(where, { outcome: 'close' }, { etag })).status, 412);
    wrong(await change(where, { text: null }), '/text');
    wrong(await change(where, { year: 2024 }), '/year');
    refused(await change(where, { outcome: 'close' }, { who: 'viveka' }), 403, 'may-review-group');
    assert.deepEqual(links(ok(await get(where, 'karin'))), ['self', 'edit']);
    await review(id);
    refused(await change(where, { outcome: 'continue' }, { who: 'karin' }), 409, 'review-not-newest');
    assert.deepEqual(links(ok(await get(where, 'karin'))), ['self']);
  });
});

describe('seen', () => {
  const inner = ['text', 'contributions', 'facts', 'reviewedById', 'reviewedByName', 'closing'];
  test('the outcome where the group’s papers are, the reasons by those who see its drafts', async () => {
    const where = `/reviews/${ok(await get('/groups/nag-palliativ-vard/reviews?year=2025')).items[0].id}`;
    for (const who of ['nobody', 'reader', 'admin']) {
      const one = ok(await get(where, who));
      assert.deepEqual(inner.filter((name) => name in one), [], who);
      assert.equal(one.outcomeLabel, one.outcome === 'change' ? 'Förändras' : 'Fortsätter');
      const page = ok(await get(`${where}?embed=page`, who));
      assert.deepEqual([page._embedded.textHtml, page._embedded.contributions], [null, []]);
      for (const item of ok(await get('/reviews?limit=500', who)).items) assert.ok(!inner.some((name) => name in item));
    }
    for (const who of ['viveka', 'karin', 'oskar', 'norra', 'auditor', 'support']) {
      const one = ok(await get(where, who));
      assert.deepEqual(inner.filter((name) => !(name in one)), [], who);
    }
    const sheet = (await get('/groups/nag-palliativ-vard/reviews?format=csv', 'reader')).text;
    assert.doesNotMatch(sheet, /Karin|uppdrag/);
  });

  test('not at all where the group is not', async () => {
    const restricted = await group({ accessMode: 'restricted' }), transparent = await group({ accessMode: 'transparent' });
    const hidden = await review(restricted), shy = await review(transparent);
    assert.equal((await get(`/reviews/${hidden.id}`, 'reader')).status, 404);
    assert.equal((await get(`/reviews/${shy.id}`, 'nobody')).status, 404);
    assert.equal(ok(await get(`/reviews/${shy.id}`, 'reader')).outcome, 'continue');
    assert.ok(!ok(await get('/reviews?limit=500', 'reader')).items.some((r) => r.id === hidden.id));
    const below = async (who) => ok(await get(`/groups/${area}/reviews?embed=below`, who))._embedded.below.map((r) => r.groupId);
    assert.deepEqual([(await below('karin')).includes(restricted), (await below('reader')).includes(restricted), (await below('reader')).includes(transparent), (await below('nobody')).includes(transparent)], [true, false, true, false]);
    refused(await get(`/reviews/${hidden.id}/closing`, 'reader'), 404, 'not-found');
  });

  test('in the history of the group', async () => {
    const id = await group();
    const one = await review(id);
    const event = ok(await get(`/groups/${id}/history`, 'karin')).items.find((e) => e.objectId === one.id);
    assert.deepEqual([event.objectType, event.act], ['reviews', 'create']);
  });

  test('by who made it, where the reader may know that', async () => {
    const id = await group();
    const one = await review(id);
    const found = async (who) => ok(await get(`/groups/${id}/reviews?reviewedById=${one.reviewedById}`, who)).items.map((r) => r.id);
    assert.deepEqual([await found('karin'), await found('reader')], [[one.id], []]);
    wrong(await get('/reviews?reviewedById=00000000-0000-4000-8000-000000000000'), 'reviewedById');
  });

  test('filtered and sorted by what everyone sees', async () => {
    assert.ok(ok(await get('/reviews?year=2025&outcome=change&level=national&limit=500', 'nobody')).items.every((r) => r.year === 2025 && r.outcome === 'change'));
    assert.ok(ok(await get(`/reviews?principalId=${area}&sort=-reviewedOn&limit=500`, 'nobody')).items.length >= 6);
    assert.ok(ok(await get('/reviews?groupId=nag-stroke', 'nobody')).items.length >= 2);
    for (const query of ['sort=text', 'q=framåt', 'reviewedById=x', 'outcome=stänga']) assert.equal((await get(`/reviews?${query}`, 'reader')).status, 400, query);
  });
});

describe('a group that is to be closed', () => {
  test('has a checklist for those inside, noted by those who may change the group', async () => {
    const id = await group(), one = await review(id, { outcome: 'close' });
    const where = `/reviews/${one.id}`;
    assert.deepEqual(one.closing.map((s) => [s.item, s.note, s.doneOn]), [['actions', null, null], ['products', null, null], ['thanks', null, null]]);
    assert.deepEqual(links(one), ['self', 'edit', 'closing', 'step']);
    made(await post(`/groups/${id}/actions`, { text: 'Lämna över listan' }, 'karin'));
    const list = ok(await get(`${where}/closing`, 'karin'));
    assert.deepEqual([list.groupId, list.actions.map((a) => a.text), list.initiatives, list.memberCount], [id, ['Lämna över listan'], [], 0]);
    const done = made(await post(`${where}/closing-steps`, { item: 'products', done: true, note: 'NPO tar över.' }, 'karin'));
    assert.deepEqual([done.closing[1].doneOn, done.closing[1].note], ['2026-11-22', 'NPO tar över.']);
    assert.deepEqual(made(await post(`${where}/closing-steps`, { item: 'products', done: false }, 'karin')).closing[1].doneOn, null);
    assert.ok(ok(await get('/audit-events?limit=20')).items.some((e) => e.act === 'closing-step'), 'history tells');
    for (const who of ['reader', 'auditor']) refused(await post(`${where}/closing-steps`, { item: 'thanks', done: true }, who), 403, 'may-change-group');
    refused(await get(`${where}/closing`, 'reader'), 403, 'may-see-drafts');
    refused(await get(`${where}/closing`, 'nobody'), 401, 'login-needed');
    wrong(await post(`${where}/closing-steps`, { item: 'fika', done: 'kanske', note: 'x'.repeat(1001), vem: 'jag' }), '/item', '/done', '/note', '/vem');
    wrong(await post(`${where}/closing-steps`, {}), '/item');
  });

  test('thanks those who take part by mail, once, with words of one’s own, and counts whom no mail reaches', async () => {
    const id = await group(), one = await review(id, { outcome: 'close' });
    const person = async (fields) => made(await post('/persons', { givenName: 'Tack', familyName: `Prov${++serial}`, ...fields })).id;
    const reached = [`tack${++serial}@kansli.example`, `tack${++serial}@kansli.example`];
    for (const email of [...reached, undefined]) made(await sat('2026-01-01', id, { personId: await person(email ? { email } : {}), role: 'member', capacity: 'profession' }));
    made(await sat('2026-01-01', id, { personId: await person({ email: `tack${++serial}@kansli.example` }), role: 'observer', capacity: 'profession' }));
    made(await sat('2025-01-01', id, { personId: await person({ email: `tack${++serial}@kansli.example` }), role: 'member', capacity: 'profession', endDate: '2026-03-31' }));
    const list = ok(await get(`/reviews/${one.id}/closing`, 'karin'));
    assert.deepEqual([list.memberCount, list.unreachedCount], [3, 1]);
    const sent = () => execFileSync('sqlite3', [k.db, `SELECT address || ' ' || content FROM mail WHERE event = 'reviews:${one.id}:thanks' ORDER BY address;`], { encoding: 'utf8' });
    for (const who of ['reader', 'auditor']) refused(await post(`/reviews/${one.id}/thanks`, {}, who), 403, 'may-change-group');
    wrong(await post(`/reviews/${one.id}/thanks`, { text: 'x'.repeat(1001) }), '/text');
    assert.equal(sent(), '');
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const page = await jar.get(`/reviews/${one.id}/closing`);
    const reply = await jar.submit(page.forms.find((f) => f.action.endsWith('/thanks')), { text: 'Ni har gjort skillnad.' });
    assert.equal(reply.status, 303, reply.text);
    const step = ok(await get(`/reviews/${one.id}`)).closing[2];
    assert.deepEqual([step.doneOn, step.note], ['2026-11-22', 'Ni har gjort skillnad.']);
    const once = sent();
    assert.deepEqual(once.match(/tack\d+@kansli.example/g), [...reached].sort());
    assert.equal(once.match(/Ni har gjort skillnad/g).length, 2);
    made(await post(`/reviews/${one.id}/thanks`, {}, 'karin'));
    assert.equal(sent(), once, 'nobody is thanked twice');
    refused(await post(`/reviews/${(await review(await group())).id}/thanks`), 409, 'review-not-close');
  });

  test('and no other', async () => {
    const one = await review(await group());
    refused(await get(`/reviews/${one.id}/closing`), 404, 'not-found');
    refused(await post(`/reviews/${one.id}/closing-steps`, { item: 'thanks', done: true }), 409, 'review-not-close');
  });

  test('its page leads through the three to where it is closed', async () => {
    const id = await group(), one = await review(id, { outcome: 'close' });
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const page = await jar.get(`/reviews/${one.id}/closing`);
    assert.match(page.text, new RegExp(`href="/groups/${id}/closures/new"`));
    const sent = await jar.submit(page.forms.find((f) => f.fields.item === 'thanks'), { done: 'true', note: 'Tårta.' });
    assert.equal(sent.status, 303, sent.text);
    assert.equal(new URL(sent.headers.location, k.url).pathname, `/reviews/${one.id}/closing`);
    assert.equal(ok(await get(`/reviews/${one.id}`)).closing[2].doneOn, '2026-11-22');
    const again = await jar.get(`/reviews/${one.id}/closing`);
    await jar.submit(again.forms.find((f) => f.fields.item === 'thanks'), { done: undefined });
    assert.equal(ok(await get(`/reviews/${one.id}`)).closing[2].doneOn, null, 'a tick that is taken away');
  });

  test('waits for its officers and for those who commission it', async () => {
    const id = await group({ name: `Avslutas ${++serial}` }), one = await review(id, { outcome: 'close' });
    const tasks = async (who) => ok(await get('/me/tasks', who)).items.filter((t) => t.id === `review-close:${one.id}`).length;
    assert.deepEqual([await tasks('karin'), await tasks('oskar'), await tasks('viveka')], [1, 0, 0]);
    made(await post(`/groups/${id}/closures`, { endDate: '2026-11-21', reason: 'Klart.' }));
    assert.equal(await tasks('karin'), 0);
  });
});

describe('what is left', () => {
  test('a principal sees its working groups, done and not; those begun after June wait a year', async () => {
    const npo = made(await post('/groups', { kind: 'npo', name: `Huvudman ${++serial}`, startDate: '2020-01-01', principalIds: ['sks'] })).id;
    const [done, left, late] = [await group({ principalIds: [npo] }), await group({ principalIds: [npo], startDate: '2026-06-30' }), await group({ principalIds: [npo], startDate: '2026-07-01' })];
    await review(done, {}, 'support');
    const rows = ok(await get(`/groups/${npo}/reviews?embed=below`))._embedded.below;
    assert.deepEqual(rows.map((r) => [r.groupId, r.outcome, r.mayReview]), [[done, 'continue', false], [left, null, true]]);
    assert.equal(ok(await get(`/groups/${npo}/reviews?embed=below&year=2025`))._embedded.below.length, 1);
    assert.deepEqual(ok(await get(`/groups/${npo}?embed=reviews`, 'nobody'))._embedded.reviews.below, { done: 1, all: 2 });
    assert.deepEqual(ok(await get(`/groups/${done}?embed=reviews`, 'nobody'))._embedded.reviews.last.outcome, 'continue');
    assert.equal(ok(await get(`/groups/${late}?embed=reviews`))._embedded.reviews, null);
    const waiting = ok(await get('/reviews?embed=page', 'nobody'))._embedded.waiting.find((w) => w.groupId === npo);
    assert.deepEqual([waiting.done, waiting.all], [1, 2]);
    assert.ok(!ok(await get('/reviews?embed=page&level=local', 'nobody'))._embedded.waiting.some((w) => w.groupId === npo));
  });

  test('one task for each principal, until all are done', async () => {
    const task = ok(await get('/me/tasks', 'karin')).items.find((t) => t.id === `review-write:${area}`);
    assert.deepEqual([task.type, task.dueDate, task.objectType], ['reviews', '2026-12-31', 'groups']);
    assert.ok(!ok(await get('/me/tasks', 'viveka')).items.some((t) => t.type === 'reviews'));
  });

  test('nothing is missing before its year is over; then the check tells of it', async () => {
    const id = await group({ startDate: '2025-06-01' });
    const found = async () => ok(await get('/checks?rule=review-not-done')).items.filter((f) => f.objectId === id).map((f) => f.message);
    assert.deepEqual((await found()).length, 1);
    assert.match((await found())[0], /2025/);
    await review(id, { year: 2025 });
    assert.deepEqual(await found(), [], 'that of 2026 is not due yet');
  });
});

describe('in the plan of the principal', () => {
  test('the groups stand as they were reviewed the year before, done and not, for those who may know of them', async () => {
    const npo = made(await post('/groups', { kind: 'npo', name: `Plan ${++serial}`, startDate: '2020-01-01', principalIds: ['sks'] })).id;
    const [done, left, shut] = [await group({ principalIds: [npo] }), await group({ principalIds: [npo] }), await group({ principalIds: [npo], accessMode: 'restricted' })];
    await review(done, { outcome: 'change' }, 'support');
    await review(shut, { outcome: 'close' }, 'support');
    const plan = made(await post('/plans', { groupId: npo, year: 2027, goals: 'Mål' }));
    const { reviews } = ok(await get(`/plans/${plan.id}?embed=reviews`))._embedded;
    assert.deepEqual([reviews.year, reviews.groups.map((g) => [g.groupId, g.outcome]).sort()], [2026, [[done, 'change'], [left, null], [shut, 'close']].sort()]);
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    assert.match((await jar.get(`/plans/${plan.id}`)).text, new RegExp(`/groups/${left}/reviews/new`));
    assert.match((await jar.get(`/plans/${plan.id}/document`)).text, /Förändras/);
    execFileSync('sqlite3', [k.db, `UPDATE plan SET state = 'approved' WHERE id = '${plan.id}';`]);
    const seen = ok(await get(`/plans/${plan.id}?embed=reviews`, 'nobody'))._embedded.reviews.groups.map((g) => g.groupId);
    assert.deepEqual(seen.sort(), [done, left].sort());
    const none = made(await post('/groups', { kind: 'npo', name: `Plan ${++serial}`, startDate: '2020-01-01', principalIds: ['sks'] })).id;
    const empty = made(await post('/plans', { groupId: none, year: 2027, goals: 'Mål' }));
    assert.equal(ok(await get(`/plans/${empty.id}?embed=reviews`))._embedded.reviews, null);
  });
});

describe('who made it', () => {
  test('goes over to whom it was merged into, and stays when somebody is forgotten', async () => {
    const person = async (familyName) => made(await post('/persons', { givenName: 'Prov', familyName: `${familyName}${++serial}`, email: `prov${serial}@kansli.example` })).id;
    const from = await person('Från'), into = await person('Till'), npo = made(await post('/groups', { kind: 'npo', name: `Ledd ${++serial}`, startDate: '2020-01-01', principalIds: ['sks'] })).id;
    const seat = made(await sat('2026-01-01', npo, { personId: from, role: 'secretary', capacity: 'profession' }));
    const token = (await k.actor(null, { person: from })).token, one = await review(await group({ principalIds: [npo] }), {}, token);
    assert.equal(one.reviewedById, from);
    assert.deepEqual(ok(await get(`/persons/${from}/data-export`, 'dataskydd')).reviews.length, 1);
    made(await post(`/persons/${from}/merges`, { intoId: into }));
    assert.equal(ok(await get(`/reviews/${one.id}`)).reviewedById, into);
    assert.ok(seat.id);
  });
});

describe('pages', () => {
  test('the form begins with the year, and what is wrong stands beside its field', async () => {
    const id = await group(), jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const page = await jar.get(`/groups/${id}/reviews/new`);
    const form = page.formWith((input) => input.name === 'year');
    assert.equal(form.fields.year, '2026');
    const bad = await jar.submit(form, { outcome: 'continue', text: '' });
    assert.equal(bad.status, 400);
    const sent = await jar.submit(form, { outcome: 'change', text: 'Behöver **fler** ledamöter.', 'contributions.safe': 'Tryggare vård.' });
    assert.equal(sent.status, 303, sent.text);
    const one = ok(await get(`/groups/${id}/reviews`)).items[0];
    assert.deepEqual([one.outcome, one.contributions.safe], ['change', 'Tryggare vård.']);
    const shown = await jar.get(`/reviews/${one.id}`);
    assert.match(shown.text, /<strong>fler<\/strong>/);
    assert.match((await jar.get(`/groups/${area}/reviews`)).text, new RegExp(`/reviews/${one.id}`));
    assert.match((await k.page(`/reviews/${one.id}`)).text, /Skälen läses av gruppen/);
  });
});
