// What waits for somebody: /me/tasks as a list and as a page, for the right person and for nobody else; days and
// numbers in words; the count in the head; the mail on Mondays.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made } from '../lib/said.mjs';

const today = '2026-11-22'; // a Sunday
const password = 'kansli-demo-2026';
const demo = (now = `${today}T10:00:00Z`, env = {}) => start({ demo: true, env: { KANSLI_NOW: now, ...env } });
let k;
let serial = 0;
const tokens = {};
before(async () => {
  k = await demo();
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token('karin.bergstrom@kansli.example');   // process leader of nag-palliativ-vard and of its principal
  tokens.viveka = await k.token('viveka.lundhede@kansli.example');  // a member of nag-palliativ-vard
  tokens.reader = (await k.actor(null)).token;
});

const sqlite = (db, statement, ...how) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', ...how, db], { input: statement, encoding: 'utf8' }).trim();
const sqlOf = (server) => (statement) => sqlite(server.db, statement);
const sql = (statement) => sqlOf(k)(statement);
const get = (where, who) => k.api(where, { token: tokens[who] ?? who });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who] ?? who, method: 'POST', body });
async function tasks(who, query = '') {
  const reply = await get(`/me/tasks?limit=500${query}`, who);
  assert.equal(reply.status, 200, reply.text);
  return reply.json.items;
}
const about = async (who, objectId) => (await tasks(who)).filter((t) => t.objectId === objectId);
const day = (n, from = today) => new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10);

async function group(fields = {}) {
  return made(await post('/groups', { kind: 'nag', name: `Uppgift ${++serial}`, startDate: '2024-01-01', principalIds: ['npo-tandvard'], ...fields })).id;
}
// A person, with an account and a token, in a role of a group.
async function somebody(groupId, role, { endDate, onBehalfOfId, startDate = '2025-01-01', server = k, by = tokens.support, login = true, more = {} } = {}) {
  const name = `Prov${++serial}`;
  const person = made(await server.api('/persons', { token: by, method: 'POST', body: { givenName: name, familyName: 'Provsson', email: `${name.toLowerCase()}@kansli.example`, ...more } }));
  const body = { groupId, personId: person.id, role, capacity: 'profession', startDate, ...(endDate && { endDate }), ...(onBehalfOfId && { onBehalfOfId }) };
  const membership = made(await server.api('/memberships', { token: by, method: 'POST', body }));
  const email = `konto-${serial}@example.org`;
  if (!login) return { person, membership, name: `${name} Provsson` };
  await server.user(email, null, { person: person.id });
  return { person, membership, email, name: `${name} Provsson`, token: await server.token(email) };
}
const text = { purpose: 'Gör vården lika god.', tasks: ['Pröva.'], validFrom: '2027-01-01', validTo: '2028-12-31' };
const draft = async (id, fields = {}) => made(await post(`/groups/${id}/mandates`, { ...text, ...fields }));
const submit = async (m) => made(await post(`/mandates/${m.id}/submissions`));

// ---------------------------------------------------------------- whose

describe('a mandate', () => {
  let id, chief, chair, member, principal;
  before(async () => {
    id = await group();
    principal = await somebody('npo-tandvard', 'secretary');
    chief = await somebody(id, 'processLeader');
    chair = await somebody(id, 'secretary');
    member = await somebody(id, 'member');
  });

  test('waits for each officer of a principal once it is submitted, and for nobody else', async () => {
    const one = await draft(id);
    assert.deepEqual(await about(principal.token, one.id), []);
    await submit(one);
    const [task, ...more] = await about(principal.token, one.id);
    assert.deepEqual(more, []);
    assert.deepEqual({ ...task, title: undefined, groupName: undefined }, {
      id: `mandate-approve:${one.id}:npo-tandvard`, type: 'mandates', typeLabel: 'Uppdragsbeskrivningar', title: undefined, about: 'för NPO Tandvård',
      groupId: id, groupName: undefined, dueDate: '2027-01-01', objectType: 'mandates', objectId: one.id,
      href: `${k.url}/mandates/${one.id}/approvals/new?principalId=npo-tandvard`, action: 'Granska',
    });
    assert.equal(task.title, 'Godkänn eller återsänd uppdragsbeskrivningen, version 1');
    for (const who of [chief.token, chair.token, member.token, 'karin', 'viveka', 'reader', 'support', 'auditor', 'norra', 'admin']) assert.deepEqual(await about(who, one.id), []);
    made(await post(`/mandates/${one.id}/approvals`, { principalId: 'npo-tandvard', outcome: 'approved' }, principal.token));
    assert.deepEqual(await about(principal.token, one.id), []);
  });

  test('that should be in force already is answered within thirty days', async () => {
    const other = await group();
    const one = await submit(await draft(other, { validFrom: '2026-10-01' }));
    assert.equal((await about(principal.token, one.id))[0].dueDate, day(30));
  });

  test('that is returned waits for the officers of its own group', async () => {
    const other = await group();
    const leader = await somebody(other, 'processLeader');
    const plain = await somebody(other, 'member');
    const one = await submit(await draft(other));
    made(await post(`/mandates/${one.id}/approvals`, { principalId: 'npo-tandvard', outcome: 'returned', comment: 'Säg mer om tiden.' }, principal.token));
    const [task] = await about(leader.token, one.id);
    assert.equal(task.id, `mandate-change:${one.id}`);
    assert.equal(task.about, 'återsänd av NPO Tandvård');
    assert.equal(task.dueDate, null);
    for (const who of [principal.token, plain.token, chief.token, 'support']) assert.deepEqual(await about(who, one.id), []);
    await submit(one);
    assert.deepEqual(await about(leader.token, one.id), []);
    assert.equal((await about(principal.token, one.id)).length, 1, 'and once more for the principal');
  });

  test('that runs out within ninety days waits for a new one, a draft is still to be submitted', async () => {
    const other = await group();
    const leader = await somebody(other, 'processLeader');
    const plain = await somebody(other, 'member');
    const first = await submit(await draft(other, { validFrom: '2025-01-01', validTo: day(90) }));
    made(await post(`/mandates/${first.id}/approvals`, { principalId: 'npo-tandvard', outcome: 'approved' }));
    const [task] = await about(leader.token, first.id);
    assert.equal(task.title, 'Förläng eller ersätt uppdragsbeskrivningen');
    assert.equal(task.dueDate, day(90));
    for (const who of [principal.token, plain.token, 'support', 'karin']) assert.deepEqual(await about(who, first.id), []);
    const next = await draft(other, { validFrom: day(91), validTo: day(400) });
    const [ready] = await about(leader.token, first.id);
    assert.equal(ready.title, 'Lämna in den nya uppdragsbeskrivningen');
    assert.equal(ready.href, `${k.url}/mandates/${next.id}`);
    await submit(next);
    assert.deepEqual(await about(leader.token, first.id), []);
  });

  test('that ends later, or with its group, waits for nobody', async () => {
    for (const [fields, validTo] of [[{}, day(91)], [{ endDate: day(30), permanence: 'timeLimited' }, day(30)]]) {
      const other = await group(fields);
      const leader = await somebody(other, 'processLeader');
      const one = await submit(await draft(other, { validFrom: '2025-01-01', validTo }));
      made(await post(`/mandates/${one.id}/approvals`, { principalId: 'npo-tandvard', outcome: 'approved' }));
      assert.deepEqual(await about(leader.token, one.id), []);
    }
  });

  test('of a group that nobody commissions waits for the support function', async () => {
    const other = made(await post('/groups', { kind: 'lpo', name: `Uppgift ${++serial}`, startDate: '2024-01-01', regionId: 'region-vasterbotten' })).id;
    const one = await submit(await draft(other));
    const [task] = await about('support', one.id);
    assert.equal(task.href, `${k.url}/mandates/${one.id}/approvals/new`);
    for (const who of ['vasterbotten', 'auditor', 'admin', 'karin']) assert.deepEqual(await about(who, one.id), []);
    made(await post(`/mandates/${one.id}/approvals`, { outcome: 'approved' }));
    assert.deepEqual(await about('support', one.id), []);
  });
});

describe('a membership that ends within ninety days', () => {
  let id, leader, member;
  before(async () => {
    id = await group();
    leader = await somebody(id, 'processLeader', { endDate: day(60) });
    member = await somebody(id, 'member', { endDate: day(39), onBehalfOfId: 'norra' });
  });

  test('waits for the officers of the group, not for the one who sits there', async () => {
    const [task] = await about(leader.token, member.membership.id);
    assert.equal(task.title, `Förläng eller ersätt ${member.name}`);
    assert.equal(task.about, 'Ledamot, mandatet löper ut');
    assert.equal(task.dueDate, day(39));
    assert.equal(task.groupId, id);
    for (const who of [member.token, 'karin', 'support', 'auditor', 'norra', 'reader']) assert.deepEqual(await about(who, member.membership.id), []);
  });

  test('waits for the officers of a direct principal when it is the chair\'s', async () => {
    const officer = await somebody('npo-tandvard', 'secretary');
    const chair = await somebody(id, 'chair', { endDate: day(10), onBehalfOfId: 'norra' });
    assert.equal((await about(officer.token, chair.membership.id)).length, 1);
    for (const who of [leader.token, chair.token, 'support', 'karin']) assert.deepEqual(await about(who, chair.membership.id), []);
  });

  test('waits for the coordinator of the host when it is the process leader\'s', async () => {
    assert.deepEqual(await about('norra', leader.membership.id), []);
    made(await post(`/groups/${id}/hosts`, { bodyId: 'norra', status: 'active', startDate: '2025-01-01' }));
    const [task] = await about('norra', leader.membership.id);
    assert.equal(task.title, `Förläng eller ersätt ${leader.name}`);
    for (const who of [leader.token, member.token, 'vasterbotten', 'support']) assert.deepEqual(await about(who, leader.membership.id), []);
  });

  test('waits no more when somebody comes after, or it is extended', async () => {
    const other = await somebody(id, 'member', { endDate: day(39), onBehalfOfId: 'sodra', login: false });
    assert.equal((await about(leader.token, other.membership.id)).length, 1);
    await somebody(id, 'member', { startDate: day(40), onBehalfOfId: 'sodra', login: false });
    assert.deepEqual(await about(leader.token, other.membership.id), []);
    made(await post(`/memberships/${member.membership.id}/extensions`, { endDate: day(400) }));
    assert.deepEqual(await about(leader.token, member.membership.id), []);
  });

  test('is to be filled, not extended, when it was ended for a reason', async () => {
    const other = await somebody(id, 'member', { onBehalfOfId: 'vastra', login: false });
    made(await post(`/memberships/${other.membership.id}/endings`, { endDate: day(20), endReason: 'Nytt arbete.' }));
    const [task] = await about(leader.token, other.membership.id);
    assert.equal(task.title, `Ersätt ${other.name}`);
    assert.match(task.href, /\/successions\/new$/);
  });

  test('names only those who are named in public: tasks are mailed, too', async () => {
    const fresh = await group();
    const officer = await somebody(fresh, 'secretary');
    const title = async (fields) => {
      const one = await somebody(fresh, 'member', { endDate: day(10), login: false });
      const set = (table, id, changes) => changes && sql(`UPDATE ${table} SET ${changes} WHERE id = '${id}';`);
      set('person', one.person.id, fields.person);
      set('membership', one.membership.id, fields.membership);
      return (await about(officer.token, one.membership.id))[0].title.replace(one.name, 'NAMN');
    };
    const unnamed = 'Förläng eller ersätt någon vars mandat löper ut';
    assert.equal(await title({}), 'Förläng eller ersätt NAMN');
    assert.equal(await title({ person: 'protected_identity = 1' }), unnamed);
    assert.equal(await title({ person: 'publish_name = 0' }), unnamed);
    assert.equal(await title({ membership: "capacity = 'patient'" }), unnamed);
    assert.equal(await title({ membership: "capacity = 'nextOfKin'", person: 'publish_name = 1' }), 'Förläng eller ersätt NAMN');
    assert.equal(await title({ membership: "end_reason = 'Slutar.'", person: 'publish_name = 0' }), 'Ersätt någon vars mandat löper ut');
  });
});

test('what somebody told about accessibility waits for those who answer', async () => {
  const { id } = made(await k.api('/shortcomings', { method: 'POST', body: { text: 'Knappen syns inte.', place: '/matrix' } }));
  for (const who of ['support', 'admin']) assert.equal((await about(who, id)).length, 1);
  for (const who of ['auditor', 'karin', 'norra', 'reader']) assert.deepEqual(await about(who, id), []);
  const etag = (await get(`/shortcomings/${id}`, 'support')).etag;
  const reply = await k.api(`/shortcomings/${id}`, { token: tokens.support, method: 'PATCH', body: { status: 'answered', answer: 'Nu syns den.' }, headers: { 'if-match': etag } });
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(await about('support', id), []);
});

// ---------------------------------------------------------------- the list

describe('the list', () => {
  test('is for those who are logged in', async () => {
    assert.equal((await k.api('/me/tasks')).status, 401);
    assert.deepEqual(await tasks('reader'), []);
  });

  test('goes by day, and what has none comes last', async () => {
    const items = await tasks('support');
    const days = items.map((t) => t.dueDate ?? '9999');
    assert.deepEqual(days, [...days].sort());
  });

  test('is narrowed by type and paged, and refuses what it does not know', async () => {
    const all = await tasks('karin');
    const seats = all.filter((t) => t.type === 'memberships');
    assert.ok(seats.length >= 3);
    assert.deepEqual(await tasks('karin', '&type=shortcomings,memberships'), seats);
    assert.deepEqual(await tasks('karin', '&type=shortcomings'), []);
    const second = (await get('/me/tasks?limit=2&page=2', 'karin')).json;
    assert.deepEqual(second.items, all.slice(2, 4));
    assert.equal(second._meta.totalRecords, all.length);
    assert.ok(second._links.some((l) => l.rel === 'prev'));
    const { json: { items: past, _meta } } = await get('/me/tasks?page=9', 'karin');
    assert.deepEqual([past, _meta.count], [[], 0]);
    for (const [query, name] of [['type=okänd', 'type'], ['page=0', 'page'], ['limit=501', 'limit'], ['sort=title', 'sort'], ['asOf=2026-01-01', 'asOf']]) {
      const reply = await get(`/me/tasks?${query}`, 'karin');
      assert.equal(reply.status, 400, query);
      assert.equal(reply.json.errors[0].parameter, name);
    }
  });

  test('is a file, too', async () => {
    const reply = await get('/me/tasks?format=csv', 'karin');
    assert.equal(reply.status, 200);
    assert.match(reply.text, /^\uFEFF?Senast;Typ;Uppgift;Grupp;Om;Var det görs\r\n/);
    assert.match(reply.text, /Elin Sarri/);
  });

  test('says the same to a token that only reads', async () => {
    const reading = await k.token('karin.bergstrom@kansli.example', 'read');
    assert.deepEqual(await tasks(reading), await tasks('karin'));
  });
});

// ---------------------------------------------------------------- in words (tests/unit/test_task.c has them all)

// The seats that end on each of these days, as an officer of the group sees them at that time.
async function pageAt(now, ends, { language } = {}) {
  const server = await demo(now);
  const by = await server.token('support@kansli.example');
  const { id } = made(await server.api('/groups', { token: by, method: 'POST', body: { kind: 'nag', name: 'Ord', startDate: '2024-01-01', principalIds: ['npo-tandvard'] } }));
  const leader = await somebody(id, 'processLeader', { server, by, startDate: '2024-02-01' });
  for (const endDate of ends) await somebody(id, 'member', { server, by, endDate, startDate: '2024-02-01', login: false });
  if (language) sqlOf(server)(`UPDATE account SET language = '${language}' WHERE email = '${leader.email}';`);
  const page = await (await server.login(leader.email)).get('/me/tasks?type=memberships');
  assert.equal(page.status, 200);
  await server.stop();
  const sections = page.text.split('<div class="grp">').slice(1).map((text) => ({
    title: /<h2>([^<]*)<\/h2><span class="n">(\d+)/.exec(text).slice(1).join(' '),
    due: [...text.matchAll(/<b(?: class="(\w+)")?>([^<]*)<\/b><span class="mut">([^<]*)</g)].map((m) => m.slice(1).join('|')),
  }));
  return { sections, lead: /<p class="lead">([^<]*)</.exec(page.text)[1] };
}

describe('days in words', () => {
  test('today, tomorrow, the week that follows and later, under headings', async () => {
    const { sections, lead } = await pageAt('2026-11-22T10:00:00Z', ['2026-11-22', '2026-11-23', '2026-11-28', '2026-11-29', '2027-01-04']);
    assert.deepEqual(sections, [
      { title: 'Närmaste veckan 3', due: ['soon|I dag|sön 22 nov.', 'soon|I morgon|mån 23 nov.', 'soon|Om 6 dagar|lör 28 nov.'] },
      { title: 'Senare 2', due: ['|Om 7 dagar|29 nov.', '|Om 43 dagar|4 jan. 2027'] },
    ]);
    assert.match(lead, /^Söndag 22 november, vecka 47\. \p{L}+ öppna uppgifter/u);
  });

  test('by the day in Stockholm, not in London', async () => {
    const { sections, lead } = await pageAt('2026-11-22T23:30:00Z', ['2026-11-23', '2026-11-24']);
    assert.deepEqual(sections[0].due, ['soon|I dag|mån 23 nov.', 'soon|I morgon|tis 24 nov.']);
    assert.match(lead, /^Måndag 23 november, vecka 48\./);
  });

  test('in English', async () => {
    const { sections, lead } = await pageAt('2026-12-31T10:00:00Z', ['2027-01-01', '2027-01-12'], { language: 'en' });
    assert.deepEqual(sections, [{ title: 'The next seven days 1', due: ['soon|Tomorrow|Fri 1 Jan 2027'] }, { title: 'Later 1', due: ['|In 12 days|12 Jan 2027'] }]);
    assert.match(lead, /^Thursday 31 December, week 53\. \w+ open tasks/);
  });
});

// ---------------------------------------------------------------- the page

describe('the page', () => {
  test('counts in the head of every page, also of one that is refused, and at once after a change', async () => {
    const id = await group();
    const leader = await somebody(id, 'processLeader');
    const jar = await k.login(leader.email);
    const count = async (where) => Number(/<span class="count">(\d+)/.exec((await jar.get(where)).text)?.[1] ?? 0);
    const before = await count('/levels');
    const member = await somebody(id, 'member', { endDate: day(3), login: false });
    for (const where of ['/levels', '/me/tasks', '/groups', '/finns-inte', '/accounts', '/groups?asOf=2020-01-01']) assert.equal(await count(where), before + 1, where);
    assert.match((await jar.get('/levels')).text, /<span class="count">\d+<span class="vh"> öpp\S+ uppgift\S*<\/span><\/span>/);
    made(await post(`/memberships/${member.membership.id}/extensions`, { endDate: day(400) }));
    assert.equal(await count('/levels'), before);
    assert.doesNotMatch((await k.jar().get('/levels')).text, /\/me\/tasks/, 'and is not there for who is not logged in');
  });

  test('offers each type that waits, with how much of it there is', async () => {
    const jar = await k.login('karin.bergstrom@kansli.example', password);
    const all = await tasks('karin');
    const seats = all.filter((t) => t.type === 'memberships').length;
    const page = await jar.get('/me/tasks?type=memberships');
    assert.match(page.text, new RegExp(`<a class="chip" href="/me/tasks">Alla <span>${all.length}</span></a>`));
    assert.match(page.text, new RegExp(`<a class="chip" href="\\?type=memberships" aria-current="page">\\S+ <span>${seats}</span></a>`));
    assert.doesNotMatch(page.text, /type=shortcomings/);
    const none = await jar.get('/me/tasks?type=shortcomings');
    assert.match(none.text, /href="\?type=shortcomings" aria-current="page">[^<]*<span>0</);
    assert.match(none.words, /Ingenting väntar på dig här\./);
  });

  test('shows the groups of the reader under each other, with how much waits in each', async () => {
    const { groups } = (await get('/me/tasks?embed=page', 'karin')).json._embedded;
    const area = groups.find((g) => g.id === 'npo-aldres-halsa-och-palliativ-vard');
    assert.deepEqual(area.below.map((g) => g.id), ['nag-barn-i-palliativ-vard', 'nag-fallskador-hos-aldre', 'nag-palliativ-vard']);
    assert.equal(area.role, 'Processledare');
    const all = await tasks('karin');
    for (const g of [area, ...area.below]) assert.equal(g.count ?? 0, all.filter((t) => t.groupId === g.id).length);
    assert.deepEqual((await get('/me/tasks?embed=page', 'reader')).json._embedded.groups, []);
  });

  test('tells officers what happened in their groups, and of declarations nothing', async () => {
    const id = await group();
    const leader = await somebody(id, 'processLeader');
    const member = await somebody(id, 'member');
    const events = async (who) => (await get('/me/tasks?embed=events', who)).json._embedded.events;
    assert.ok((await events(leader.token)).length > 0);
    assert.ok((await events(leader.token)).every((e) => e.groupId === id));
    assert.deepEqual(await events(member.token), []);
    const before = await events(leader.token);
    const key = sql(`SELECT key FROM body WHERE id = '${id}';`);
    sql(`INSERT INTO audit_event (id, at, actor, object_type, object_key, object_id, within_type, within_key, act, version, digest, chain)
      VALUES ('e1', '2026-11-22T10:00:00.000Z', 'kansli', 'declarations', 1, 'hemlig', 'groups', ${key}, 'submit', 1, '', '');`);
    assert.deepEqual(await events(leader.token), before);
    sql(`UPDATE audit_event SET object_type = 'memberships' WHERE id = 'e1';`);
    assert.notDeepEqual(await events(leader.token), before, 'the same event of something else is told');
    sql(`DELETE FROM audit_event WHERE id = 'e1';`);
  });
});

// ---------------------------------------------------------------- the mail

describe('the mail of the week', () => {
  let db, leader, late;
  const mails = () => JSON.parse(sqlite(db, "SELECT event, address, language, content FROM mail WHERE kind = 'digest' ORDER BY key;", '-json') || '[]');
  // A day of the register: what it does by itself begins when it starts. Waits for as many mails as are
  // expected; when no more are, long enough for one to have come.
  async function on(now, expected) {
    const already = mails().length;
    const server = await start({ db, env: { KANSLI_NOW: now } });
    const until = Date.now() + (expected > already ? 10_000 : 400);
    while (Date.now() < until && mails().length <= already) await new Promise((resolve) => setTimeout(resolve, 20));
    await server.stop();
    const sent = mails();
    assert.equal(sent.length, expected, now);
    return sent;
  }
  before(async () => {
    const server = await demo('2026-11-22T10:00:00Z');
    const by = await server.token('support@kansli.example');
    db = server.db;
    const { id } = made(await server.api('/groups', { token: by, method: 'POST', body: { kind: 'nag', name: 'Brev', startDate: '2024-01-01', principalIds: ['npo-tandvard'] } }));
    leader = await somebody(id, 'processLeader', { server, by, more: { language: 'en' } });
    await somebody(id, 'secretary', { server, by }); // who has tasks, and has not asked
    await server.user('utan-uppgift@example.org', null);
    late = await somebody(id, 'member', { server, by, endDate: '2026-11-26', login: false });
    for (let i = 0; i < 30; i++) await somebody(id, 'member', { server, by, endDate: '2026-12-20', login: false });
    for (const email of [leader.email, 'utan-uppgift@example.org']) {
      const jar = await server.login(email);
      const page = await jar.get('/me/mail-choices');
      const reply = await jar.submit(page.form('/me/mail-choices'), { digest: 'weekly' });
      assert.equal(reply.status, 303, reply.words);
    }
    await server.cli('backup', `${db}.copy`);
    await server.stop();
    db = `${db}.copy`;
  });

  test('goes on Mondays to those who asked for it and have something to do, in their language, once', async () => {
    await on('2026-11-22T10:00:00Z', 0); // a Sunday
    const [mail] = await on('2026-11-23T06:00:00Z', 1);
    assert.equal(mail.address, leader.email);
    assert.equal(mail.language, 'en');
    const content = JSON.parse(mail.content);
    assert.equal(content.subject, 'What waits for you this week');
    assert.match(content.paragraphs[0], /^Monday 23 November, week 48\. \w+ open tasks?/);
    assert.equal(content.paragraphs[1], 'The 30 that are due first are listed here.');
    assert.equal(content.list.length, 30);
    assert.equal(content.path, '/me/tasks');
    assert.deepEqual(content.list.find((one) => one.path === `/memberships/${late.membership.id}`), {
      title: `Extend or replace ${late.name}`, about: 'NAG Brev · Member; the term ends', due: 'In 3 days, Thu 26 Nov', path: `/memberships/${late.membership.id}`,
    });
    await on('2026-11-23T20:00:00Z', 1); // the same day again
    await on('2026-11-24T06:00:00Z', 1);
    await on('2026-11-30T06:00:00Z', 2); // the next Monday
  });

  test('goes to nobody whose account is disabled', async () => {
    sqlite(db, `DELETE FROM mail; UPDATE account SET disabled = 1 WHERE email = '${leader.email}';`);
    await on('2026-11-23T06:00:00Z', 0);
    sqlite(db, `UPDATE account SET disabled = 0 WHERE email = '${leader.email}';`);
    await on('2026-11-23T06:00:00Z', 1);
  });
});

// ---------------------------------------------------------------- to declare

test('a declaration is due two weeks after one joined, and after the register began to ask', async () => {
  const due = async (who) => (await tasks(who.token)).find((t) => t.id.startsWith('declaration-own:')).dueDate;
  const asked = sql('SELECT substr(min(modified), 1, 10) FROM declaration_form;');
  const id = await group();
  assert.equal(await due(await somebody(id, 'member', { startDate: '2024-03-01' })), day(14, asked));
  assert.equal(await due(await somebody(id, 'member', { startDate: '2026-11-20' })), '2026-12-04');
});
