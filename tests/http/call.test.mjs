// Calls for nominations through the real binary: who keeps them, what they are from day to day, the gaps, refusals, drafts
// that leak nowhere, who is told and reminded, tasks, the feed, the form without scripts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made, refused, wrong } from '../lib/said.mjs';

const today = '2026-11-22';
const password = 'kansli-demo-2026';
const karin = 'karin.bergstrom@kansli.example'; // process leader of nag-palliativ-vard and of its principal
const viveka = 'viveka.lundhede@kansli.example'; // member of nag-palliativ-vard
let k;
const tokens = {};
async function logIn(server) {
  const all = { nobody: '' };
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) all[who] = await server.token(`${who}@kansli.example`);
  all.karin = await server.token(karin);
  all.viveka = await server.token(viveka);
  all.steering = await server.token('oskar.lillbro@kansli.example');
  all.reader = (await server.actor(null)).token;
  return all;
}
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
  Object.assign(tokens, await logIn(k));
});

const get = (where, who) => k.api(where, { token: tokens[who] });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who], method: 'POST', body });
async function change(where, body, { who = 'support', method = 'PATCH', etag } = {}) {
  etag ??= (await get(where, who)).etag;
  return k.api(where, { token: tokens[who], method, body, headers: etag ? { 'if-match': etag } : {} });
}
const sql = (statement, db = k.db) => execFileSync('sqlite3', [db], { input: `.timeout 5000\n${statement}`, encoding: 'utf8' }).trim();
let serial = 0;
// A group of its own, so that no test reads what another wrote.
async function group(fields = {}) {
  return made(await post('/groups', { kind: 'nag', name: `Utlysning ${++serial}`, startDate: '2024-01-01', principalIds: ['npo-tandvard'], ...fields })).id;
}
const text = { title: 'Ledamot', seats: 1, askedIds: ['norra'], opensOn: today, closesOn: '2026-12-31' };
const draft = async (id, fields = {}, who) => made(await post(`/groups/${id}/nomination-calls`, { ...text, ...fields }, who));
const publish = async (call, who) => made(await post(`/nomination-calls/${call.id}/publications`, {}, who));
const open = async (id, fields) => publish(await draft(id, fields));
const requirements = async (id) => (await get(`/groups/${id}/requirements`)).json.items;
const mails = (call) => sql(`SELECT event || ' ' || kind || ' ' || address FROM mail WHERE event LIKE 'nomination-calls:${call.id}:%' ORDER BY event, address;`)
  .split('\n').filter(Boolean);
// A nomination as the register keeps one, of somebody whom nothing else here is about.
function nominate(call, state = 'submitted', more = '') {
  const nominator = more || 'NULL';
  sql(`INSERT INTO nomination (id, call_key, person_key, nominator_key, role, capacity, state, submitted_at, decided_at, modified) SELECT lower(hex(randomblob(16))), c.key,
    (SELECT p.key FROM person p WHERE NOT EXISTS (SELECT 1 FROM nomination n WHERE n.person_key = p.key) ORDER BY p.key LIMIT 1), ${nominator}, 'member',
    'profession', '${state}', '2026-11-22T09:00:00.000Z', NULL, '2026-11-22T09:00:00.000Z' FROM nomination_call c WHERE c.id = '${call.id}';`);
}

// ---------------------------------------------------------------- the object

describe('a call', () => {
  test('is written as a draft with all that was said', async () => {
    const id = await group();
    const [region, patients] = await requirements(id);
    const reply = await post('/nomination-calls', {
      groupId: id, ...text, text: 'Vi söker **dig**.', requirementIds: [patients.id, region.id], askedIds: ['sodra', 'rss-skane'], seats: 2, selfNomination: true,
    });
    const one = made(reply);
    assert.match(reply.headers.location, new RegExp(`/api/v1/nomination-calls/${one.id}$`));
    assert.equal(one.status, 'draft');
    assert.equal(one.statusLabel, 'Utkast');
    assert.equal(one.groupId, id);
    assert.equal(one.groupName, `NAG Utlysning ${serial}`);
    assert.equal(one.level, 'national');
    assert.deepEqual(one.askedIds, ['sodra', 'rss-skane']);
    assert.deepEqual(one.askedNames, ['Södra sjukvårdsregionen', 'RSS Skåne län']);
    assert.deepEqual(one.requirementIds, [patients.id, region.id], 'in the order in which they were sent');
    assert.deepEqual(one.requirementTexts, [patients.text, region.text]);
    assert.equal(one.seats, 2);
    assert.equal(one.selfNomination, true);
    assert.equal(one.publishedAt, null);
    assert.deepEqual(one.nominationCounts, { submitted: 0, appointed: 0, reserve: 0, notAppointed: 0, withdrawn: 0 });
    assert.ok(!('fromGaps' in one));
    const history = (await get(`/groups/${id}/history`, 'support')).json.items.find((e) => e.objectId === one.id);
    assert.equal(history.act, 'create');
    assert.equal(history.asSupport, true);
    assert.ok(history.changes.some((c) => c.field === 'askedIds'));
  });

  test('says everything that is wrong at once', async () => {
    const id = await group();
    const other = (await requirements('nag-stroke'))[0];
    wrong(await post('/nomination-calls', {}), '/groupId', '/title', '/opensOn');
    wrong(await post('/nomination-calls', { ...text, groupId: 'ingen-grupp' }), '/groupId');
    wrong(await post(`/groups/${id}/nomination-calls`, { ...text, groupId: 'nag-stroke' }), '/groupId');
    wrong(await post(`/groups/${id}/nomination-calls`, {
      title: 'x', seats: 51, opensOn: '2026-12-01', closesOn: '2026-11-30', askedIds: ['ingen'], requirementIds: [other.id, 'x'], selfNomination: 'ja', status: 'open',
    }), '/seats', '/closesOn', '/askedIds/0', '/requirementIds/1', '/selfNomination', '/status');
    wrong(await post(`/groups/${id}/nomination-calls`, { ...text, seats: 0, requirementIds: [other.id] }), '/seats', '/requirementIds/0');
    wrong(await post(`/groups/${id}/nomination-calls`, { ...text, seats: null, selfNomination: null, closesOn: '2026-02-30' }), '/seats', '/selfNomination', '/closesOn');
    wrong(await change(`/nomination-calls/${(await draft(await group())).id}`, { selfNomination: null }), '/selfNomination');
    wrong(await post(`/groups/${id}/nomination-calls`, { ...text, askedIds: ['norra', 'norra'] }), '/askedIds');
    wrong(await post(`/groups/${id}/nomination-calls`, { ...text, text: `${'> '.repeat(30)}x` }), '/text');
    wrong(await post(`/groups/${id}/nomination-calls`, { ...text, text: 'Fråga 19121212-1212.' }), '/text');
    assert.equal((await post('/groups/ingen-grupp/nomination-calls', text)).status, 404);
    assert.equal((await get(`/groups/${id}/nomination-calls`, 'support')).json._meta.totalRecords, 0, 'nothing half-made is left');
  });

  test('is kept by officers of the group and of those above it, and by nobody else', async () => {
    const where = '/groups/nag-palliativ-vard/nomination-calls';
    assert.equal((await post(where, text, 'nobody')).status, 401);
    for (const who of ['reader', 'viveka', 'norra', 'auditor', 'admin']) refused(await post(where, text, who), 403, 'may-keep-call');
    for (const who of ['karin', 'steering', 'support']) {
      const one = await draft('nag-palliativ-vard', {}, who);
      assert.equal((await change(`/nomination-calls/${one.id}`, undefined, { who, method: 'DELETE' })).status, 204);
    }
    const one = await draft('nag-palliativ-vard');
    const at = `/nomination-calls/${one.id}`;
    refused(await change(at, { seats: 2 }, { who: 'viveka' }), 403, 'may-keep-call');
    refused(await post(`${at}/publications`, {}, 'viveka'), 403, 'may-keep-call');
    assert.equal((await post(`${at}/publications`, {}, 'reader')).status, 404, 'who may not see the draft learns nothing');
    assert.equal((await change(at, undefined, { method: 'DELETE' })).status, 204);
    const links = (await get((await get('/nomination-calls?q=Södra', 'karin')).json.items[0]._links[0].href.replace(/.*api\/v1/, ''), 'karin')).json._links;
    assert.deepEqual(links.map((l) => l.rel), ['self', 'edit', 'close']);
  });
});

// ---------------------------------------------------------------- its life

describe('a call\'s life', () => {
  test('published once, told to those who are asked, closed once with a reason', async () => {
    const id = await group();
    const one = await draft(id, { askedIds: ['norra', 'region-vasterbotten', 'sodra'] });
    const where = `/nomination-calls/${one.id}`;
    refused(await post(`${where}/closures`), 409, 'call-not-open');
    assert.deepEqual(mails(one), []);
    assert.equal((await publish(one)).status, 'open');
    assert.deepEqual(mails(one), ['norra', 'vasterbotten'].map((who) => `nomination-calls:${one.id}:published request ${who}@kansli.example`));
    refused(await post(`${where}/publications`), 409, 'not-draft');
    refused(await change(where, undefined, { method: 'DELETE' }), 409, 'call-published');
    wrong(await post(`${where}/closures`, { reason: 'x'.repeat(501) }), '/reason');
    const closed = made(await post(`${where}/closures`, { reason: 'Gruppen får ett nytt uppdrag.' }));
    assert.equal(closed.status, 'closed');
    assert.equal(closed.closedOn, today);
    assert.equal(closed.closeReason, 'Gruppen får ett nytt uppdrag.');
    refused(await post(`${where}/closures`), 409, 'call-not-open');
    refused(await change(where, { seats: 2 }), 409, 'call-over');
    const acts = (await get(`/groups/${id}/history`, 'support')).json.items.filter((e) => e.objectId === one.id).map((e) => e.act);
    assert.deepEqual(acts, ['close', 'publish', 'create']);
    assert.equal((await get(where)).json.status, 'closed', 'and public');
  });

  test('is over when its group is', async () => {
    const id = await group();
    const one = await open(id);
    made(await post(`/groups/${id}/closures`, { endDate: today, reason: 'Klart.' }));
    const status = async (query) => (await get(`/nomination-calls/${one.id}${query}`)).json.status;
    assert.equal(await status(''), 'open', 'on its last day');
    assert.equal(await status('?asOf=2026-11-23'), 'closed');
  });

  test('is not sent out when nobody can answer it', async () => {
    const id = await group();
    refused(await post(`/nomination-calls/${(await draft(id, { askedIds: [] })).id}/publications`), 409, 'call-asks-nobody');
    refused(await post(`/nomination-calls/${(await draft(id, { opensOn: '2026-10-01', closesOn: '2026-11-21' })).id}/publications`), 409, 'call-over');
    assert.equal((await open(id, { askedIds: [], selfNomination: true, closesOn: null })).status, 'open');
    const late = await open(id, { opensOn: '2026-10-01' });
    assert.equal(late.opensOn, today, 'a first day that has passed becomes today');
    const closed = await group();
    const one = await draft(closed);
    made(await post(`/groups/${closed}/closures`, { endDate: '2026-11-21', reason: 'Klart.' }));
    refused(await post(`/nomination-calls/${one.id}/publications`), 409, 'group-closed');
    refused(await post(`/groups/${closed}/nomination-calls`, text), 409, 'group-closed');
  });

  test('published ahead it is a draft to the world until its first day, and opens by itself', async () => {
    const id = await group();
    const one = await draft(id, { opensOn: '2026-11-30', closesOn: '2026-12-10' });
    assert.equal((await publish(one)).status, 'draft');
    assert.deepEqual(mails(one), [], 'nobody is sent to a page that is not there');
    const where = `/nomination-calls/${one.id}`;
    assert.equal((await get(where)).status, 404);
    assert.equal((await get(`${where}?asOf=2026-12-05`)).status, 404, 'nor by looking ahead');
    assert.ok(!(await get('/nomination-calls?asOf=2026-12-05&limit=500')).json.items.some((c) => c.id === one.id));
    assert.equal((await get(`${where}?asOf=2026-12-05`, 'support')).json.status, 'open');
    assert.equal((await get(`${where}?asOf=2026-12-11`, 'support')).json.status, 'closed');
    assert.equal((await change(where, { opensOn: '2026-11-28', askedIds: ['norra', 'sodra', 'region-vasterbotten'] })).json.opensOn, '2026-11-28', 'until then it may be changed');
    await k.stop();
    k = await start({ db: k.db, env: { KANSLI_NOW: '2026-11-28T10:00:00Z' } });
    assert.equal((await get(where)).json.status, 'open');
    await until(() => mails(one).length === 2);
    assert.deepEqual(mails(one), ['norra', 'vasterbotten'].map((who) => `nomination-calls:${one.id}:published request ${who}@kansli.example`), 'told on its first day');
    nominate(one, 'submitted', "(SELECT key FROM body WHERE id = 'region-vasterbotten')");
    await k.stop();
    k = await start({ db: k.db, env: { KANSLI_NOW: '2026-12-04T10:00:00Z' } });
    await until(() => mails(one).length === 3);
    assert.deepEqual(mails(one)[2], `nomination-calls:${one.id}:reminder:2026-12-10 reminder norra@kansli.example`, 'a week before, who has nominated nobody');
    await k.stop();
    k = await start({ db: k.db, env: { KANSLI_NOW: '2026-12-11T00:30:00Z' } });
    assert.equal((await get(where)).json.status, 'closed', 'the day after its last');
    assert.equal(mails(one).length, 3, 'each once');
  });

  // The clock of this register stays where the test before left it: what follows says its own days.
  const now = { opensOn: '2026-12-11', closesOn: '2026-12-31' };

  test('once out it changes only in ways that take nothing from anybody', async () => {
    const id = await group();
    const [region, patients] = await requirements(id);
    const one = await open(id, { ...now, requirementIds: [region.id] });
    const where = `/nomination-calls/${one.id}`;
    for (const body of [{ opensOn: '2026-12-12' }, { closesOn: '2026-12-30' }, { askedIds: [] }, { askedIds: ['sodra'] }]) {
      refused(await change(where, body), 409, 'call-published');
    }
    const reply = await change(where, {
      text: 'Mer.', title: 'Ledamöter', seats: 3, closesOn: '2027-01-15', askedIds: ['norra', 'region-vasterbotten'], selfNomination: true, requirementIds: [patients.id],
    });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.json.seats, 3);
    assert.deepEqual(reply.json.requirementIds, [patients.id]);
    assert.deepEqual(mails(one).map((m) => m.split(' ')[2]), ['norra@kansli.example', 'vasterbotten@kansli.example'], 'who is asked since is told too');
    refused(await change(where, { selfNomination: false }), 409, 'call-published');
    nominate(one);
    refused(await change(where, { requirementIds: [region.id] }), 409, 'call-has-nominations');
    assert.equal((await change(where, { text: null, closesOn: null })).json.closesOn, null);
    wrong(await change(where, { closesOn: '2026-12-10' }), '/closesOn');
    sql(`UPDATE nomination_call SET opens_on = '2026-12-01' WHERE id = '${one.id}';`);
    refused(await change(where, { closesOn: '2026-12-10' }), 409, 'call-published');
    assert.equal((await change(where, { closesOn: '2026-12-11' })).status, 200, 'an open end may become a day');
    refused(await k.api(where, { token: tokens.support, method: 'PATCH', body: { seats: 2 } }), 428, 'if-match-needed');
    refused(await change(where, { seats: 2 }, { etag: '"1.0"' }), 412, 'changed-meanwhile');
    wrong(await change(where, { groupId: 'nag-stroke' }), '/groupId');
    wrong(await change(where, { status: 'closed' }), '/status');
  });

  test('is decided when something is and nothing waits, or every seat is filled', async () => {
    const id = await group();
    const one = await open(id, { ...now, seats: 2 });
    const status = async () => (await get(`/nomination-calls/${one.id}`)).json.status;
    nominate(one, 'submitted');
    nominate(one, 'appointed');
    assert.equal(await status(), 'open');
    made(await post(`/nomination-calls/${one.id}/closures`));
    assert.equal(await status(), 'closed', 'somebody waits');
    sql(`UPDATE nomination SET state = 'notAppointed' WHERE state = 'submitted' AND call_key = (SELECT key FROM nomination_call WHERE id = '${one.id}');`);
    assert.equal(await status(), 'decided');
    const full = await open(id, now);
    nominate(full, 'appointed');
    assert.equal((await get(`/nomination-calls/${full.id}`)).json.status, 'decided', 'before its last day');
    refused(await change(`/nomination-calls/${full.id}`, { seats: 2 }), 409, 'call-over');
    refused(await post(`/nomination-calls/${full.id}/closures`), 409, 'call-not-open');
    const inside = (await get(`/nomination-calls/${one.id}`, 'auditor')).json.nominationCounts;
    assert.deepEqual(inside, { submitted: 0, appointed: 1, reserve: 0, notAppointed: 1, withdrawn: 0 });
    for (const who of ['nobody', 'reader', 'norra', 'admin']) {
      assert.ok(!('nominationCounts' in (await get(`/nomination-calls/${one.id}`, who)).json), `${who} learns no number`);
    }
  });
});

async function until(holds) {
  for (let i = 0; i < 100 && !holds(); i++) await new Promise((resolve) => { setTimeout(resolve, 50); });
}

// ---------------------------------------------------------------- lists

describe('lists', () => {
  let hidden;
  let shown;
  let id;
  before(async () => {
    id = await group();
    hidden = await draft(id, { title: 'Hemlig lapplisa', askedIds: ['sodra'] });
    shown = await publish(await draft(id, { title: 'Öppen lapplisa', opensOn: '2026-12-01', closesOn: '2027-02-01', askedIds: ['sodra', 'rss-skane'], selfNomination: true }));
  });

  test('tell nobody outside of drafts: not by filter, search, order, count, change or file', async () => {
    const seen = async (query, who) => (await get(`/nomination-calls?limit=500&${query}`, who)).json;
    for (const query of ['', 'q=lapplisa', `groupId=${id}`, 'askedIds=sodra', 'sort=title', 'sort=-opensOn', 'modifiedSince=2026-01-01', 'asOf=2027-01-01', 'status=draft', 'level=national']) {
      for (const who of ['nobody', 'reader', 'norra', 'karin', 'admin']) { // drafts of this group are none of theirs
        const list = await seen(query, who);
        assert.ok(!list.items.some((c) => c.id === hidden.id), `${query} as ${who}`);
        if (query === 'q=lapplisa' || query === `groupId=${id}`) assert.equal(list._meta.totalRecords, 1, `${query} as ${who}`);
      }
      if (query !== 'asOf=2027-01-01') assert.ok((await seen(query, 'auditor')).items.some((c) => c.id === hidden.id), `${query} as auditor`);
    }
    assert.equal((await get(`/nomination-calls/${hidden.id}`)).status, 404);
    assert.equal((await get(`/groups/${id}/nomination-calls`)).json._meta.totalRecords, 1);
    assert.ok(!(await k.api('/nomination-calls?format=csv&q=lapplisa')).text.includes('Hemlig'));
    assert.ok(!(await (await fetch(`${k.url}/nomination-calls/feed`)).text()).includes('Hemlig'));
    assert.ok(!(await (await fetch(`${k.url}/groups/${id}`)).text()).includes('Hemlig'));
    assert.ok(!(await (await fetch(`${k.url}/groups/${id}/nomination-calls`)).text()).includes('Hemlig'));
    assert.equal((await change(`/nomination-calls/${hidden.id}`, undefined, { method: 'DELETE' })).status, 204);
    const gone = (list) => list.json.items.some((c) => c.id === hidden.id && c.deleted);
    assert.ok(!gone(await get('/nomination-calls?modifiedSince=2026-01-01&limit=500')), 'nor by its grave');
    assert.ok(gone(await get('/nomination-calls?modifiedSince=2026-01-01&limit=500', 'support')));
  });

  test('filter and sort by what a call says', async () => {
    const ids = async (query) => (await get(`/nomination-calls?limit=500&${query}`)).json.items.map((c) => c.id);
    assert.deepEqual(await ids(`groupId=${id}&status=open&selfNomination=true&askedIds=rss-skane`), [shown.id]);
    assert.deepEqual(await ids(`groupId=${id}&selfNomination=false`), []);
    assert.ok((await ids('q=utlysning')).includes(shown.id), 'by the name of the group too');
    assert.deepEqual(await ids(`groupId=${id}&level=local`), []);
    assert.ok((await ids('level=local')).length >= 1);
    assert.deepEqual(await ids(`groupId=${id}&asOf=2026-12-20`), [shown.id]);
    assert.deepEqual(await ids(`groupId=${id}&asOf=2027-02-02`), []);
    wrong(await get('/nomination-calls?status=x'), 'status');
    wrong(await get('/nomination-calls?askedIds=ingen'), 'askedIds');
    wrong(await get('/nomination-calls?nominationCounts=1'), 'nominationCounts');
    wrong(await get('/nomination-calls?sort=nominationCounts'), 'sort');
  });

  test('a restricted group\'s calls are for those who may know of it', async () => {
    const secret = await group({ accessMode: 'restricted' });
    const one = await publish(await draft(secret, { title: 'Sluten krets', opensOn: '2026-12-11', closesOn: '2027-02-01' }));
    assert.equal(one.status, 'open');
    for (const who of ['nobody', 'reader', 'vasterbotten']) {
      assert.equal((await get(`/nomination-calls/${one.id}`, who)).status, 404);
      assert.equal((await get('/nomination-calls?q=krets', who)).json._meta.totalRecords, 0);
      assert.equal((await get(`/groups/${secret}/nomination-calls`, who)).status, 404);
    }
    const jar = await k.login('support@kansli.example', password);
    assert.ok(!(await jar.get('/nomination-calls/feed')).text.includes('krets'), 'the feed is the same for all');
    const [row] = (await get(`/groups/${secret}/requirements`, 'support')).json.items;
    wrong(await get(`/nomination-calls?requirementIds=${row.id}`, 'reader'), 'requirementIds');
  });

  test('and for the coordinators whom they ask, who learn nothing more of the group', async () => {
    const secret = await group({ accessMode: 'restricted', purpose: 'Hemligt syfte.' });
    const [row, other] = (await get(`/groups/${secret}/requirements`, 'support')).json.items;
    const days = { opensOn: '2026-12-11', closesOn: '2027-02-01' };
    const hidden = await draft(secret, { ...days, title: 'Ännu utkast' });
    const one = await publish(await draft(secret, { ...days, title: 'Sluten fråga', requirementIds: [row.id] }));
    assert.equal((await get(`/nomination-calls/${hidden.id}`, 'norra')).status, 404);
    const seen = await get(`/nomination-calls/${one.id}`, 'norra');
    assert.equal(seen.status, 200, seen.text);
    assert.deepEqual(seen.json.requirementTexts, [row.text]);
    assert.ok(!('nominationCounts' in seen.json));
    assert.ok((await get('/me/tasks?limit=500', 'norra')).json.items.some((t) => t.objectId === one.id));
    assert.equal((await get('/nomination-calls?q=fråga', 'norra')).json._meta.totalRecords, 1);
    for (const where of [`/groups/${secret}`, `/groups/${secret}/nomination-calls`, `/groups/${secret}/coverage`])
      assert.equal((await get(where, 'norra')).status, 404, where);
    const jar = await k.login('norra@kansli.example', password);
    for (const where of ['', '/nominations', '/nominations/new']) {
      const page = await jar.get(`/nomination-calls/${one.id}${where}`);
      assert.equal(page.status, 200, where);
      assert.ok(!page.text.includes('Hemligt syfte') && !page.text.includes(`href="/groups/${secret}`), where);
    }
    assert.ok((await jar.get(`/nomination-calls/${one.id}`)).text.includes(row.text));
    const person = (await get('/persons?limit=1', 'support')).json.items[0].id;
    const nomination = { personId: person, nominatorId: 'norra', role: 'member', capacity: 'profession' };
    wrong(await post(`/nomination-calls/${one.id}/nominations`, { ...nomination, requirementIds: [other.id] }, 'norra'), '/requirementIds/0');
    const named = made(await post(`/nomination-calls/${one.id}/nominations`, { ...nomination, requirementIds: [row.id] }, 'norra'));
    assert.equal(named.effect, null);
  });
});

// ---------------------------------------------------------------- from the gaps

describe('from the gaps', () => {
  const fill = (id, more = {}, who = 'support') => post(`/groups/${id}/nomination-calls`, { fromGaps: true, ...more }, who);

  test('Södra is missing in NAG Palliativ vård: one seat, and Södra is asked', async () => {
    const one = made(await fill('nag-palliativ-vard', {}, 'karin'));
    assert.equal(one.status, 'draft');
    assert.equal(one.seats, 1);
    assert.deepEqual(one.askedIds, ['sodra']);
    assert.deepEqual(one.requirementTexts, ['Alla sjukvårdsregioner är företrädda']);
    assert.match(one.title, /NAG Palliativ vård, Södra sjukvårdsregionen/);
    assert.match(one.text, /- Alla sjukvårdsregioner är företrädda: i dag ingen från Södra sjukvårdsregionen/);
    const own = made(await fill('nag-palliativ-vard', { title: 'Egen', seats: 4, askedIds: ['region-skane'], opensOn: '2027-01-07', requirementIds: [] }, 'karin'));
    assert.deepEqual([own.title, own.seats, own.opensOn], ['Egen', 4, '2027-01-07'], 'given values win');
    assert.deepEqual(own.askedIds, ['region-skane']);
    assert.deepEqual(own.requirementIds, []);
    for (const call of [one, own]) await change(`/nomination-calls/${call.id}`, undefined, { method: 'DELETE' });
  });

  test('an empty group seeks everything: six regions, two patients, all healthcare regions asked', async () => {
    const one = made(await fill(await group()));
    assert.equal(one.seats, 8);
    assert.deepEqual(one.askedIds.toSorted?.() ?? [...one.askedIds].sort(), ['mellansverige', 'norra', 'sodra', 'stockholm-gotland', 'sydostra', 'vastra']);
    assert.equal(one.requirementIds.length, 2);
  });

  test('a group of a healthcare region asks its own regions, and networks for the municipalities', async () => {
    const id = await group({ kind: 'rag', principalIds: ['rpo-tandvard-norra'], healthcareRegionId: 'norra' });
    const sorted = (list) => [...list].sort();
    assert.deepEqual(sorted(made(await fill(id)).askedIds),
      ['region-jamtland-harjedalen', 'region-norrbotten', 'region-vasterbotten', 'region-vasternorrland']);
    for (const row of (await get(`/groups/${id}/requirements`, 'support')).json.items) {
      await change(`/groups/${id}/requirements/${row.id}`, undefined, { method: 'DELETE' });
    }
    refused(await fill(id), 409, 'no-gaps');
    made(await post(`/groups/${id}/requirements`, { type: 'eachRegion', text: 'Kommunerna i varje län', capacity: 'municipality' }));
    const networks = made(await fill(id));
    assert.deepEqual(sorted(networks.askedIds), ['rss-jamtland-harjedalen', 'rss-norrbotten', 'rss-vasterbotten', 'rss-vasternorrland']);
    assert.equal(networks.seats, 4);
  });

  test('only whoever may keep a call', async () => {
    refused(await fill('nag-palliativ-vard', {}, 'viveka'), 403, 'may-keep-call');
    wrong(await post('/nomination-calls', { fromGaps: true }), '/groupId', '/title', '/opensOn');
  });
});

// ---------------------------------------------------------------- what waits

describe('what waits', () => {
  const tasksOf = async (who) => (await get('/me/tasks', who)).json.items.filter((t) => t.objectType === 'nomination-calls');

  test('a draft whose day has come, and a thin call that closes soon, for the group\'s officers', async () => {
    const one = await draft('nag-palliativ-vard', { title: 'Väntar på publicering', opensOn: '2026-12-11', closesOn: '2026-12-20', seats: 2 });
    const mine = async (who) => (await tasksOf(who)).filter((t) => t.objectId === one.id);
    assert.deepEqual((await mine('karin')).map((t) => [t.id, t.dueDate, t.href]), [[`call-publish:${one.id}`, '2026-12-11', `${k.url}/nomination-calls/${one.id}`]]);
    assert.deepEqual(await mine('steering'), [], 'not for those above');
    assert.deepEqual(await mine('support'), []);
    await publish(one);
    const [thin] = await mine('karin');
    assert.equal(thin.id, `call-thin:${one.id}`);
    assert.equal(thin.dueDate, '2026-12-20');
    assert.match(thin.about, /0 av minst 2/);
    assert.deepEqual((await mine('norra')).map((t) => [t.id, t.dueDate]), [[`call-answer:${one.id}`, '2026-12-20']]);
    assert.deepEqual(await mine('vasterbotten'), [], 'not asked');
    nominate(one, 'submitted', "(SELECT key FROM body WHERE id = 'norra')");
    assert.deepEqual(await mine('norra'), [], 'answered');
    assert.match((await mine('karin'))[0].about, /1 av minst 2/);
    nominate(one);
    assert.deepEqual(await mine('karin'), []);
  });

  test('nominations that wait a month after the last day are a warning', async () => {
    const id = await group();
    const one = await open(id, { opensOn: '2026-12-11', closesOn: '2026-12-31' });
    nominate(one);
    sql(`UPDATE nomination_call SET opens_on = '2026-10-01', closes_on = '2026-11-11' WHERE id = '${one.id}';`);
    const found = async () => (await get('/checks?rule=nomination-overdue', 'support')).json;
    const has = (list) => (list.items ?? list).some((f) => f.objectId === one.id);
    assert.ok(!has(await found()), 'thirty days are not more than thirty');
    sql(`UPDATE nomination_call SET closes_on = '2026-11-10' WHERE id = '${one.id}';`);
    assert.ok(has(await found()));
  });
});

// ---------------------------------------------------------------- the feed

// A small strict reader: well-formed, nothing unescaped, every element closed. → {name, attributes, children, text}
function readXml(xml) {
  const root = { name: '', children: [], text: '' };
  const open = [root];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="utf-8"\?>\n/, '');
  assert.notEqual(body, xml, 'begins with its declaration');
  const token = /<(\/?)([\w:]+)((?: [\w:]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let at = 0;
  for (let m = token.exec(body); m; m = token.exec(body)) {
    at = token.lastIndex;
    const top = open[open.length - 1];
    if (m[5] !== undefined) {
      assert.ok(!/&(?!(?:amp|lt|gt|quot|#39|#x27);)/.test(m[5]), `unescaped: ${m[5].slice(0, 80)}`);
      // eslint-disable-next-line no-control-regex
      assert.ok(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(m[5]), 'a character that XML cannot say');
      top.text += m[5].replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;|&#x27;/g, "'").replace(/&amp;/g, '&');
    } else if (m[1]) {
      assert.equal(m[2], top.name);
      open.pop();
    } else {
      const attributes = Object.fromEntries([...m[3].matchAll(/ ([\w:]+)="([^"]*)"/g)].map((a) => [a[1], a[2]]));
      const one = { name: m[2], attributes, children: [], text: '' };
      top.children.push(one);
      if (!m[4]) open.push(one);
    }
  }
  assert.equal(at, body.length, `not XML: ${body.slice(at, at + 80)}`);
  assert.equal(open.length, 1);
  return root.children[0];
}
const child = (node, name) => node.children.find((c) => c.name === name);
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

describe('the feed', () => {
  test('is valid Atom of the open calls, newest first, and stable', async () => {
    const id = await group();
    const odd = await open(id, { title: 'Kött & <fisk> "på" \'rot\' ]]>', text: 'En **viktig** plats & mer.', opensOn: '2026-12-11', closesOn: '2027-03-01' });
    const reply = await fetch(`${k.url}/nomination-calls/feed`, { headers: { 'accept-language': 'sv' } });
    assert.equal(reply.status, 200);
    assert.match(reply.headers.get('content-type'), /^application\/atom\+xml/);
    const xml = await reply.text();
    const feed = readXml(xml);
    assert.equal(feed.name, 'feed');
    assert.equal(feed.attributes.xmlns, 'http://www.w3.org/2005/Atom');
    assert.equal(feed.attributes['xml:lang'], 'sv');
    for (const name of ['id', 'title', 'updated', 'author']) assert.ok(child(feed, name), name);
    assert.ok(feed.children.some((c) => c.name === 'link' && c.attributes.rel === 'self' && c.attributes.href.startsWith(k.url)));
    const entries = feed.children.filter((c) => c.name === 'entry');
    assert.ok(entries.length >= 2 && entries.length <= 50);
    for (const entry of entries) {
      assert.match(child(entry, 'id').text, /^urn:uuid:[0-9a-f-]{36}$/);
      assert.match(child(entry, 'updated').text, instant);
      assert.match(child(entry, 'published').text, instant);
      assert.ok(child(entry, 'title').text && child(child(entry, 'author'), 'name').text && child(entry, 'summary').text);
    }
    const published = entries.map((e) => child(e, 'published').text);
    assert.deepEqual(published, [...published].sort().reverse());
    const mine = entries.find((e) => child(e, 'id').text === `urn:uuid:${odd.id}`);
    assert.equal(child(mine, 'title').text, 'Kött & <fisk> "på" \'rot\' ]]>');
    assert.match(child(mine, 'content').text, /<strong>viktig<\/strong> plats &amp; mer\./);
    const open_ = (await get('/nomination-calls?status=open&limit=500')).json.items.map((c) => `urn:uuid:${c.id}`);
    assert.deepEqual(entries.map((e) => child(e, 'id').text), open_.slice(0, 50));
    assert.equal(await (await fetch(`${k.url}/nomination-calls/feed`, { headers: { 'accept-language': 'sv' } })).text(), xml);
    const again = await fetch(`${k.url}/nomination-calls/feed`, { headers: { 'accept-language': 'sv', 'if-none-match': reply.headers.get('etag') } });
    assert.equal(again.status, 304);
  });

  test('speaks the language that is asked for', async () => {
    const english = readXml(await (await fetch(`${k.url}/nomination-calls/feed?language=en`)).text());
    assert.equal(child(english, 'title').text, 'Open calls for nominations');
    assert.equal((await fetch(`${k.url}/nomination-calls/feed?language=de`)).status, 400);
  });
});

// ---------------------------------------------------------------- pages

describe('pages', () => {
  test('a call says what the group does, the time it takes, whom it seeks and asks, to whoever reads', async () => {
    const one = (await get('/nomination-calls?q=Närståendeföreträdare i')).json.items[0];
    const page = await (await fetch(`${k.url}/nomination-calls/${one.id}`)).text();
    for (const words of ['Vad gruppen gör', '10 procent', 'Minst två patient- eller närståendeföreträdare', 'Exempelförbundet Patienter', 'Nominera dig själv', '35 dagar kvar',
      'Vad som händer sedan', 'Personuppgifter', '/nomination-calls/feed']) assert.ok(page.includes(words), words);
    for (const words of ['Jämförelse', 'väntar<', '/closures/new', '/publications']) assert.ok(!page.includes(words), words);
  });

  test('the list begins with what is open; the tab of a group has them all', async () => {
    const page = await (await fetch(`${k.url}/nomination-calls`)).text();
    assert.ok(page.includes('Närståendeföreträdare i arbetsgruppen'));
    assert.ok(!page.includes('Patient- och närståendeföreträdare till läkemedelsgruppen'));
    assert.ok((await (await fetch(`${k.url}/nomination-calls?status=closed,decided`)).text()).includes('läkemedelsgruppen'));
    assert.ok((await (await fetch(`${k.url}/groups/nag-lakemedel-for-aldre/nomination-calls`)).text()).includes('läkemedelsgruppen'));
    assert.ok((await (await fetch(`${k.url}/groups/nag-palliativ-vard`)).text()).includes('Närståendeföreträdare i arbetsgruppen'));
    const asked = (await get('/organisations/exempelforbundet-patienter?embed=nominationCalls')).json._embedded.nominationCalls;
    assert.deepEqual(asked.calls.map((c) => c.title), ['Närståendeföreträdare i arbetsgruppen för palliativ vård'], 'only what is open');
    assert.equal((await get('/organisations/exempelforbundet-diabetes?embed=nominationCalls')).json._embedded.nominationCalls, null);
  });

  test('a process leader makes a call of the gaps, publishes and closes it, without scripts', async () => {
    const jar = await k.login(karin, password);
    const page = await jar.get('/groups/nag-palliativ-vard/nomination-calls/new?fromGaps=true');
    assert.match(page.text, /value="sodra" checked/);
    const requirement = /requirementId=([0-9a-f-]{36})/.exec((await jar.get('/groups/nag-palliativ-vard/coverage')).text)[1];
    const seat = await jar.get(`/groups/nag-palliativ-vard/nomination-calls/new?requirementId=${requirement}`);
    assert.match(seat.text, /value="sodra" checked/, 'one seat is filled in like all of them');
    const form = page.formWith((input) => input.name === 'title');
    let reply = await jar.submit(form, { title: '', 'askedIds[]': ['', 'sodra'] });
    assert.equal(reply.status, 400);
    assert.match(reply.text, /value="sodra" checked/, 'what was ticked stays ticked');
    reply = await jar.submit(form, { title: 'Ur luckorna', 'askedIds[]': ['', 'sodra', 'Region Skåne'] });
    assert.equal(reply.status, 303, reply.text);
    const at = new URL(reply.headers.location, k.url).pathname;
    const one = (await get(at, 'karin')).json;
    assert.equal(one.title, 'Ur luckorna');
    assert.deepEqual(one.askedIds, ['sodra', 'region-skane']);
    let shown = await jar.get(at);
    reply = await jar.submit(shown.forms.find((f) => f.action.endsWith('/publications')), {});
    assert.equal(reply.status, 303, reply.text);
    const edit = await jar.get(`${at}/edit`);
    assert.equal((await jar.submit(edit.formWith((input) => input.name === 'title'), { seats: '2' })).status, 303);
    assert.equal((await get(at)).json.seats, 2);
    shown = await jar.get(`${at}/closures/new`);
    assert.equal((await jar.submit(shown.formWith((input) => input.name === 'reason'), { reason: 'Prov.' })).status, 303);
    assert.equal((await get(at)).json.closeReason, 'Prov.');
  });
});
