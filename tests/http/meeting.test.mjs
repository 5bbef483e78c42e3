// Meetings through the real binary: who sees and who changes, instants across summer time, the agenda's order, the notice
// and its mail, answers, attendance and quorum, standing aside and who is told that somebody may want to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made, refused, wrong } from '../lib/said.mjs';

const today = '2026-11-22';
const palliative = 'nag-palliativ-vard';
const falls = 'nag-fallskador-hos-aldre';
let k;
const tokens = { nobody: '' };
const people = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token('karin.bergstrom@kansli.example'); // process leader of both groups and of their principal
  tokens.viveka = await k.token('viveka.lundhede@kansli.example'); // member of nag-palliativ-vard, as a patient
  tokens.oskar = await k.token('oskar.lillbro@kansli.example'); // process leader of the steering group
  tokens.elin = await k.token('elin.sarri@kansli.example'); // member of nag-fallskador-hos-aldre
  tokens.reader = (await k.actor(null)).token;
  tokens.reads = await k.token('karin.bergstrom@kansli.example', 'read');
  for (const line of sql('SELECT email, id FROM person WHERE email IS NOT NULL;').split('\n')) {
    const [email, id] = line.split('|');
    people[email.split('@')[0]] = id;
  }
});

const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
const get = (where, who = 'karin') => k.api(where, { token: tokens[who] });
const post = (where, body = {}, who = 'karin') => k.api(where, { token: tokens[who], method: 'POST', body });
async function change(where, body, { who = 'karin', method = 'PATCH', etag } = {}) {
  etag ??= (await get(where, who)).etag;
  return k.api(where, { token: tokens[who], method, body, headers: etag ? { 'if-match': etag } : {} });
}
const remove = (where, who) => change(where, undefined, { method: 'DELETE', who });
let serial = 0;
// A group of its own, without people; support may change it.
const group = async (fields = {}) => made(await post('/groups', { kind: 'nag', name: `Möten ${++serial}`, startDate: '2024-01-01', principalIds: ['npo-tandvard'], ...fields }, 'support')).id;
// Somebody new in a group, with an account and a token of his own.
async function join(groupId, role = 'member', { fields = {}, seat = {}, account = true } = {}) {
  const email = `person-${++serial}@example.org`;
  const person = made(await post('/persons', { givenName: 'Prov', familyName: `Nummer ${serial}`, email, protectedIdentity: false, ...fields }, 'support'));
  if (groupId) made(await post('/memberships', { personId: person.id, groupId, role, capacity: 'profession', startDate: '2024-01-01', ...seat }, 'support'));
  if (account) {
    await k.user(email, null, { person: person.id });
    tokens[email] = await k.token(email);
  }
  return { id: person.id, email, name: person.name ?? `Prov Nummer ${serial}` };
}
const coming = { startsAt: '2027-03-01T08:00:00Z', endsAt: '2027-03-01T11:00:00Z', mode: 'online', location: 'https://mote.example/rum' };
const past = { startsAt: '2026-11-10T08:00:00Z', endsAt: '2026-11-10T11:00:00Z', mode: 'online' };
const meeting = async (of, fields = {}, who = 'support') => made(await post(`/groups/${of}/meetings`, { ...coming, ...fields }, who));
const call = async (m, who = 'support') => made(await post(`/meetings/${m.id}/notices`, {}, who));
const item = async (m, fields, who = 'support') => made(await post(`/meetings/${m.id}/agenda-items`, { title: `Punkt ${++serial}`, type: 'discussion', ...fields }, who));
const agenda = async (m, who = 'support') => (await get(`/meetings/${m.id}/agenda-items`, who)).json.items;
const mails = (m, what = '%') => sql(`SELECT event || ' ' || address FROM mail WHERE event LIKE 'meetings:${m.id}:${what}' ORDER BY 1;`).split('\n').filter(Boolean);

// ---------------------------------------------------------------- the object

describe('a meeting', () => {
  test('is planned with its days in UTC, a number in the group\'s series and the standing question first', async () => {
    const of = await group();
    const first = await meeting(of, { startsAt: '2026-12-03T13:00:00+01:00', endsAt: '2026-12-03T15:30:00+01:00' });
    assert.equal(first.title, 'Möte 1');
    assert.equal(first.startsAt, '2026-12-03T12:00:00.000Z');
    assert.equal(first.endsAt, '2026-12-03T14:30:00.000Z');
    assert.equal(first.startsOn, '2026-12-03');
    assert.deepEqual(first.groupIds, [of]);
    assert.equal(first.groupId, of);
    assert.equal(first.status, 'planned');
    assert.equal(first.visibility, 'members');
    assert.equal((await meeting(of)).title, 'Möte 2');
    assert.equal((await meeting(of, { title: 'Uppstart' })).title, 'Uppstart');
    const [standing, ...rest] = await agenda(first);
    assert.equal(standing.type, 'declaration');
    assert.equal(standing.number, 1);
    assert.match(standing.title, /Jäv/);
    assert.deepEqual(rest, []);
  });

  test('and what lives in it are found by each reference and enumeration', async () => {
    const of = await group();
    const [one, other] = [await join(of, 'chair', { account: false }), await join(of, 'member', { account: false })];
    const m = await meeting(of, past);
    await meeting(await group(), past);
    const point = await item(m, { type: 'decision', presenterIds: [one.id] }, 'support');
    const deputy = await join(null, '', { account: false });
    made(await post(`/meetings/${m.id}/attendance`, { personId: deputy.id, forId: other.id }, 'support'));
    made(await post(`/meetings/${m.id}/attendance`, { personId: one.id }, 'support'));
    made(await post(`/meetings/${m.id}/minutes`, { text: `## 2. ${point.title}\n\nBeslut: a\n\nÅtgärd: b\n\n## Annat\n\nBeslut: c` }, 'support'));
    const found = async (where) => made(await get(where, 'support'), 200).items;
    assert.deepEqual((await found(`/meetings?groupIds=${of}`)).map((i) => i.id), [m.id]);
    assert.deepEqual((await found(`/meetings/${m.id}/agenda-items?type=decision`)).map((i) => i.id), [point.id]);
    assert.deepEqual((await found(`/meetings/${m.id}/agenda-items?presenterIds=${one.id}`)).map((i) => i.id), [point.id]);
    assert.deepEqual(await found(`/meetings/${m.id}/agenda-items?presenterIds=${other.id}`), []);
    assert.deepEqual((await found(`/meetings/${m.id}/attendance?forId=${other.id}`)).map((i) => i.personId), [deputy.id]);
    assert.deepEqual((await found(`/decisions?agendaItemId=${point.id}`)).map((i) => i.text), ['a']);
    assert.deepEqual((await found(`/actions?agendaItemId=${point.id}`)).map((i) => i.text), ['b']);
  });

  test('says all at once what is wrong', async () => {
    const of = await group();
    wrong(await post('/meetings', {}, 'support'), '/startsAt', '/endsAt', '/mode');
    wrong(await post('/meetings', { ...coming }, 'support'), '/groupIds');
    wrong(await post(`/groups/${of}/meetings`, { ...coming, endsAt: coming.startsAt }, 'support'), '/endsAt');
    wrong(await post(`/groups/${of}/meetings`, { ...coming, endsAt: '2027-04-02T08:00:00Z' }, 'support'), '/endsAt');
    wrong(await post(`/groups/${of}/meetings`, { ...coming, startsAt: '2027-03-01 08:00', endsAt: '2027-03-01' }, 'support'), '/startsAt', '/endsAt');
    wrong(await post(`/groups/${of}/meetings`, { ...coming, mode: 'telephone', visibility: 'all', status: 'held', startsOn: today }, 'support'), '/mode', '/visibility', '/status', '/startsOn');
    wrong(await post(`/groups/${of}/meetings`, { ...coming, title: 'a\nb', location: 'x'.repeat(301) }, 'support'), '/title', '/location');
    wrong(await post(`/groups/${of}/meetings`, { ...coming, groupIds: ['ingen'] }, 'support'), '/groupIds/0');
    refused(await post(`/groups/${of}/meetings`, { ...coming, startsAt: '2023-01-01T08:00:00Z', endsAt: '2023-01-01T09:00:00Z' }, 'support'), 409, 'outside-group-dates');
    assert.equal((await post('/groups/ingen-grupp/meetings', coming, 'support')).status, 404);
  });

  test('has the clocks of Stockholm on both sides of summer time', async () => {
    const of = await group();
    const spring = await meeting(of, { startsAt: '2027-03-27T23:30:00Z', endsAt: '2027-03-28T01:30:00Z' });
    assert.equal(spring.startsOn, '2027-03-28', 'half past midnight is the next day');
    const autumn = await meeting(of, { startsAt: '2026-10-24T22:30:00Z', endsAt: '2026-10-25T01:30:00Z' });
    assert.equal(autumn.startsOn, '2026-10-25');
    const list = async (query) => (await get(`/groups/${of}/meetings?${query}`, 'support')).json.items.map((m) => m.id);
    assert.deepEqual(await list('from=2027-03-28&to=2027-03-28'), [spring.id]);
    assert.deepEqual(await list('from=2027-03-27&to=2027-03-27'), []);
    assert.deepEqual(await list('from=2026-10-25'), [spring.id, autumn.id]);
    await join(of, 'chair', { account: false });
    await call(spring);
    const [mail] = JSON.parse(`[${sql(`SELECT content FROM mail WHERE event = 'meetings:${spring.id}:notice';`)}]`);
    assert.ok(mail.paragraphs.some((p) => p.includes('00.30–03.30')), `the hour that is skipped is not counted: ${mail.paragraphs}`);
  });

  test('is found by group, status, mode, day, word and change', async () => {
    const of = await group();
    const a = await meeting(of, { title: 'Vårmöte', mode: 'inPerson', location: 'Umeå' });
    const b = await meeting(of, { ...past, title: 'Höstmöte' });
    const ids = async (query, who = 'support') => (await get(`/meetings?groupId=${of}&${query}`, who)).json.items.map((m) => m.id);
    assert.deepEqual(await ids(''), [a.id, b.id], 'the latest first');
    assert.deepEqual(await ids('sort=startsAt'), [b.id, a.id]);
    assert.deepEqual(await ids('status=held'), [b.id]);
    assert.deepEqual(await ids('status=planned,called'), [a.id]);
    assert.deepEqual(await ids('mode=inPerson'), [a.id]);
    assert.deepEqual(await ids('visibility=public'), []);
    assert.deepEqual(await ids('q=höst'), [b.id]);
    assert.deepEqual(await ids('to=2026-12-31'), [b.id]);
    const { modified } = (await get(`/meetings/${b.id}`, 'support')).json;
    assert.deepEqual(await ids(`modifiedSince=${modified}`), [b.id]);
    wrong(await get('/meetings?from=2026-02-30', 'support'), 'from');
    wrong(await get('/meetings?from=nu&to=sen', 'support'), 'from', 'to');
    assert.equal((await get('/meetings?asOf=2026-01-01', 'support')).status, 400, 'a meeting is not in force');
  });

  test('is held when its end has passed, without anybody\'s doing', async () => {
    const of = await group();
    const m = await meeting(of, { startsAt: `${today}T08:00:00Z`, endsAt: `${today}T10:00:01Z`, visibility: 'public' });
    assert.equal(m.status, 'planned');
    await call(m);
    const { json, headers } = await get(`/meetings/${m.id}`, 'nobody');
    assert.equal(json.status, 'called');
    assert.ok(headers.etag);
    const later = await start({ db: k.db, env: { KANSLI_NOW: `${today}T10:00:02Z` } });
    const then = await later.api(`/meetings/${m.id}`);
    assert.equal(then.json.status, 'held');
    await later.stop();
  });

  test('takes over what was left: postponed items that nobody took up, and open actions', async () => {
    const of = await group();
    const old = await meeting(of, past);
    const left = await item(old, { title: 'Tandhälsa', type: 'decision', text: 'Bakgrund', tags: ['Tandkräm AB'], postponed: true });
    await item(old, { title: 'Klart' });
    const action = (text) => {
      const id = crypto.randomUUID();
      sql(`INSERT INTO action (id, group_key, text, due_date, modified) SELECT '${id}', key, '${text}', '2026-12-01', '2026-01-01T00:00:00.000Z' FROM body WHERE id = '${of}';`);
      return id;
    };
    const [mine, dropped] = [action('Skriv *klart* [texten]'), action('Ring upp')];
    const next = await meeting(of, { carryOverIds: [left.id, mine] });
    const items = await agenda(next);
    assert.deepEqual(items.map((i) => [i.number, i.type]), [[1, 'declaration'], [2, 'information'], [3, 'decision']]);
    assert.equal(items[1].text, '- Skriv \\*klart\\* \\[texten\\], senast 2026-12-01\n');
    assert.equal(items[2].title, 'Tandhälsa');
    assert.equal(items[2].fromId, left.id);
    assert.deepEqual(items[2].tags, ['Tandkräm AB']);
    assert.equal(items[2].postponed, false);
    const later = { startsAt: '2027-04-01T08:00:00Z', endsAt: '2027-04-01T09:00:00Z' };
    wrong(await post(`/groups/${of}/meetings`, { ...coming, ...later, carryOverIds: [mine, left.id] }, 'support'), '/carryOverIds/1');
    wrong(await post(`/groups/${of}/meetings`, { ...coming, ...later, carryOverIds: ['nonsens'] }, 'support'), '/carryOverIds/0');
    const open = await agenda(await meeting(of, { ...later, carryOverIds: [mine, dropped], visibility: 'public' }));
    assert.deepEqual(open.map((i) => i.title).slice(2), [], 'actions are one item');
    assert.ok(!open[1].text.includes('Skriv'), 'a public agenda names no action');
    assert.equal((await agenda(await meeting(of))).length, 1, 'only what is asked for');
    const elsewhere = await group();
    wrong(await post(`/groups/${elsewhere}/meetings`, { ...coming, carryOverIds: [dropped] }, 'support'), '/carryOverIds/0');
  });
});

// ---------------------------------------------------------------- who sees, who changes

describe('who sees a meeting', () => {
  const seenBy = async (m) => {
    const seen = [];
    for (const who of ['nobody', 'reader', 'viveka', 'elin', 'karin', 'oskar', 'norra', 'vasterbotten', 'support', 'auditor']) {
      const one = await get(`/meetings/${m.id}`, who);
      const listed = (await get(`/groups/${palliative}/meetings?limit=500`, who)).json.items.some((i) => i.id === m.id);
      const found = (await get(`/meetings?q=${encodeURIComponent(m.title)}`, who)).json;
      assert.equal(one.status === 200, listed, `${who}: list and object agree`);
      assert.equal(found._meta.totalRecords === 1, listed, `${who}: search, count and object agree`);
      assert.equal(one.status === 200 || one.status === 404, true);
      if (listed) seen.push(who);
    }
    return seen;
  };
  const inside = ['viveka', 'karin', 'oskar', 'norra', 'support', 'auditor'];
  const all = ['nobody', 'reader', 'viveka', 'elin', 'karin', 'oskar', 'norra', 'vasterbotten', 'support', 'auditor'];

  test('members: whoever may see the group\'s drafts', async () => {
    const m = await meeting(palliative, { title: 'Slutet möte' }, 'karin');
    assert.deepEqual(await seenBy(m), inside);
    await call(m, 'karin');
    assert.deepEqual(await seenBy(m), inside);
  });

  test('public: everyone, once the notice was sent', async () => {
    const m = await meeting(palliative, { title: 'Öppet möte', visibility: 'public' }, 'karin');
    assert.deepEqual(await seenBy(m), inside);
    await call(m, 'karin');
    assert.deepEqual(await seenBy(m), all);
  });

  test('principals: officers of the group and of those above', async () => {
    const m = await meeting(palliative, { title: 'Ledningens möte', visibility: 'principals' }, 'karin');
    assert.deepEqual(await seenBy(m), ['karin', 'oskar', 'support', 'auditor']);
    await call(m, 'karin');
    const addresses = mails(m).map((line) => line.split(' ')[1]);
    assert.ok(addresses.includes('karin.bergstrom@kansli.example'));
    assert.ok(!addresses.includes('viveka.lundhede@kansli.example'), 'who may not see it is not told its agenda');
  });

  test('a public meeting of a group that only those signed in see shows itself to them alone', async () => {
    const of = await group({ accessMode: 'transparent' });
    const m = await meeting(of, { visibility: 'public' });
    await call(m);
    assert.equal((await get(`/meetings/${m.id}`, 'nobody')).status, 404);
    assert.equal((await get(`/meetings/${m.id}`, 'reader')).status, 200);
    const hidden = await group({ accessMode: 'restricted' });
    const secret = await meeting(hidden, { visibility: 'public' });
    await call(secret);
    assert.equal((await get(`/meetings/${secret.id}`, 'reader')).status, 404);
  });

  test('a restricted group\'s meetings are not told its coordinators, who do not know of the group', async () => {
    const of = await group({ accessMode: 'restricted' });
    made(await post(`/groups/${of}/hosts`, { bodyId: 'norra', startDate: '2024-01-01', status: 'active' }, 'support'));
    await join(of, 'chair', { seat: { onBehalfOfId: 'region-vasterbotten' } });
    const m = await meeting(of, { ...past, visibility: 'members' });
    made(await post(`/meetings/${m.id}/minutes`, { text: 'Beslut: i det tysta' }, 'support'));
    made(await post(`/groups/${of}/actions`, { text: 'I det tysta' }, 'support'));
    for (const who of ['norra', 'vasterbotten']) {
      for (const where of [`/meetings/${m.id}`, `/meetings/${m.id}/attendance`, `/groups/${of}`]) assert.equal((await get(where, who)).status, 404, where);
      for (const where of ['/meetings', '/minutes', '/decisions', '/actions']) assert.ok(!(await get(`${where}?limit=500`, who)).text.includes(m.id), where);
      assert.equal((await get('/search?q=tysta', who)).json._meta.totalRecords, 0);
    }
  });

  test('what is inside a public meeting stays inside: how to join, notes, attendance, who stands aside', async () => {
    const m = await meeting(palliative, { title: 'Öppet med länk', visibility: 'public' }, 'karin');
    const withheld = await join(palliative, 'coOpted', { account: false, seat: { capacity: 'nextOfKin' } });
    await item(m, { title: 'Öppen punkt', minutesText: 'Antecknat.', presenterIds: [withheld.id, people['helena.brunnmark']] }, 'karin');
    await call(m, 'karin');
    const open = (await get(`/meetings/${m.id}`, 'nobody')).json;
    assert.ok(!('location' in open), 'the address of the video meeting');
    assert.equal((await get(`/meetings/${m.id}`, 'viveka')).json.location, coming.location);
    const [, shown] = await agenda(m, 'nobody');
    assert.equal(shown.title, 'Öppen punkt');
    assert.ok(!('minutesText' in shown) && !('postponed' in shown));
    assert.deepEqual(shown.presenterNames, ['Helena Brunnmark'], 'a next of kin who was not asked is not named');
    assert.deepEqual((await agenda(m, 'viveka'))[1].presenterNames, [withheld.name, 'Helena Brunnmark']);
    for (const part of ['attendance', 'recusals']) {
      refused(await get(`/meetings/${m.id}/${part}`, 'nobody'), 401, 'login-needed');
      refused(await get(`/meetings/${m.id}/${part}`, 'reader'), 403, 'may-see-drafts');
      assert.equal((await get(`/meetings/${m.id}/${part}`, 'viveka')).status, 200);
    }
    const place = await meeting(palliative, { title: 'I en sal', visibility: 'public', mode: 'inPerson', location: 'Umeå' }, 'karin');
    await call(place, 'karin');
    assert.equal((await get(`/meetings/${place.id}`, 'nobody')).json.location, 'Umeå');
  });

  test('is changed by officers of one of its groups, their principals, support; never by a read token', async () => {
    const m = await meeting(palliative, { title: 'Min rätt' }, 'karin');
    for (const who of ['viveka', 'norra', 'auditor']) refused(await change(`/meetings/${m.id}`, { title: 'x' }, { who }), 403, who === 'auditor' ? 'may-change-group' : 'may-change-group');
    assert.equal((await change(`/meetings/${m.id}`, { title: 'Ny' }, { who: 'reader' })).status, 404);
    refused(await change(`/meetings/${m.id}`, { title: 'x' }, { who: 'reads' }), 403, 'token-scope');
    made(await change(`/meetings/${m.id}`, { title: 'Styrgruppens' }, { who: 'oskar' }), 200);
    made(await change(`/meetings/${m.id}`, { title: 'Stödets' }, { who: 'support' }), 200);
    refused(await post(`/groups/${falls}/meetings`, coming, 'viveka'), 403, 'may-change-group');
    refused(await post('/meetings', { ...coming, groupIds: [palliative, 'nag-stroke'] }, 'karin'), 403, 'may-change-group');
  });

  test('whoever coordinates a group\'s area plans its meetings, and sees them', async () => {
    const m = made(await post('/groups/rag-palliativ-vard-norra/meetings', coming, 'norra'));
    assert.equal(m.status, 'planned');
    assert.equal((await get(`/meetings/${m.id}/attendance`, 'norra')).status, 200);
    assert.equal((await get(`/meetings/${m.id}`, 'reader')).status, 404);
  });
});

// ---------------------------------------------------------------- its life

describe('the life of a meeting', () => {
  test('planned, called, moved: those who were called are told, and asked once more', async () => {
    const of = await group();
    const one = await join(of, 'chair');
    const m = await meeting(of);
    made(await change(`/meetings/${m.id}`, { location: 'Umeå' }, { who: 'support' }), 200);
    assert.deepEqual(mails(m), [], 'nobody is told of what nobody was called to');
    assert.equal((await get(`/meetings/${m.id}`, 'support')).json.sequence, 0);
    assert.equal((await call(m)).status, 'called');
    made(await post(`/meetings/${m.id}/answers`, { answer: 'yes' }, one.email));
    const moved = made(await change(`/meetings/${m.id}`, { startsAt: '2027-03-02T08:00:00Z', endsAt: '2027-03-02T11:00:00Z' }, { who: 'support' }), 200);
    assert.equal(moved.sequence, 1);
    assert.equal(moved.startsOn, '2027-03-02');
    const [row] = (await get(`/meetings/${m.id}/attendance`, 'support')).json.items;
    assert.equal(row.answer, null, 'nobody has answered whether he comes then');
    made(await post(`/meetings/${m.id}/answers`, { answer: 'yes' }, one.email));
    made(await change(`/meetings/${m.id}`, { location: 'Skellefteå' }, { who: 'support' }), 200);
    assert.equal((await get(`/meetings/${m.id}/attendance`, 'support')).json.items[0].answer, 'yes', 'another place asks nothing anew');
    made(await change(`/meetings/${m.id}`, { title: 'Bara namnet' }, { who: 'support' }), 200);
    assert.deepEqual(mails(m).map((line) => line.split(' ')[0].split(':').slice(2).join(':')), ['moved:1', 'moved:2', 'notice']);
    wrong(await change(`/meetings/${m.id}`, { title: null }, { who: 'support' }), '/title');
  });

  test('its groups stay once it is called, and until then follow whoever may bind them', async () => {
    const a = await group();
    const b = await group();
    const m = await meeting(a, { groupIds: [b] });
    assert.deepEqual(m.groupIds, [a, b], 'the address leads');
    const turned = made(await change(`/meetings/${m.id}`, { groupIds: [b, a] }, { who: 'support' }), 200);
    assert.deepEqual(turned.groupIds, [b, a]);
    assert.equal(turned.groupId, b);
    for (const of of [a, b]) assert.ok((await get(`/groups/${of}/meetings`, 'support')).json.items.some((i) => i.id === m.id));
    wrong(await change(`/meetings/${m.id}`, { groupIds: [] }, { who: 'support' }), '/groupIds');
    await call(m);
    refused(await change(`/meetings/${m.id}`, { groupIds: [a] }, { who: 'support' }), 409, 'meeting-called');
  });

  test('an officer who does not know of one of its groups changes nothing about that one', async () => {
    const open = await group();
    const hidden = await group({ accessMode: 'restricted' });
    const other = await group();
    const leader = await join(open, 'processLeader');
    const second = await join(other, 'processLeader');
    assert.ok(second);
    const m = await meeting(open, { groupIds: [hidden] });
    const seen = (await get(`/meetings/${m.id}`, leader.email)).json;
    assert.deepEqual(seen.groupIds, [open]);
    made(await change(`/meetings/${m.id}`, { title: 'Nytt namn', groupIds: [open] }, { who: leader.email }), 200);
    assert.deepEqual((await get(`/meetings/${m.id}`, 'support')).json.groupIds, [open, hidden]);
    refused(await change(`/meetings/${m.id}`, { groupIds: [open, other] }, { who: leader.email }), 403, 'may-change-group');
    wrong(await change(`/meetings/${m.id}`, { groupIds: [open, hidden] }, { who: leader.email }), '/groupIds/1');
    assert.equal((await get(`/meetings?groupId=${hidden}`, leader.email)).status, 400, 'nor is it a filter');
  });

  test('cancelled: told once, and over', async () => {
    const of = await group();
    await join(of, 'chair', { account: false });
    const m = await meeting(of);
    await call(m);
    wrong(await post(`/meetings/${m.id}/cancellations`, {}, 'support'), '/reason');
    const cancelled = made(await post(`/meetings/${m.id}/cancellations`, { reason: 'Snöstorm' }, 'support'));
    assert.equal(cancelled.status, 'cancelled');
    assert.equal(cancelled.cancelReason, 'Snöstorm');
    assert.equal(mails(m, 'cancelled').length, 1);
    for (const [where, body] of [['cancellations', { reason: 'x' }], ['notices', {}], ['agenda-items', { title: 'x' }], ['attendance-marks', { status: 'present' }]]) {
      refused(await post(`/meetings/${m.id}/${where}`, body, 'support'), 409, 'meeting-cancelled');
    }
    refused(await change(`/meetings/${m.id}`, { title: 'x' }, { who: 'support' }), 409, 'meeting-cancelled');
    refused(await remove(`/meetings/${m.id}`, 'support'), 409, 'meeting-cancelled');
    const unsent = await meeting(of);
    made(await post(`/meetings/${unsent.id}/cancellations`, { reason: 'x' }, 'support'));
    assert.deepEqual(mails(unsent), [], 'nobody was called');
  });

  test('held: nobody is called any more, and once something is noted its time stands', async () => {
    const of = await group();
    const one = await join(of, 'chair', { account: false });
    const m = await meeting(of, past);
    refused(await post(`/meetings/${m.id}/notices`, {}, 'support'), 409, 'meeting-held');
    refused(await post(`/meetings/${m.id}/cancellations`, { reason: 'x' }, 'support'), 409, 'meeting-held');
    made(await change(`/meetings/${m.id}`, { startsAt: '2026-11-10T09:00:00Z' }, { who: 'support' }), 200);
    made(await post(`/meetings/${m.id}/attendance`, { personId: one.id, status: 'present' }, 'support'));
    refused(await change(`/meetings/${m.id}`, { startsAt: '2026-11-10T08:00:00Z' }, { who: 'support' }), 409, 'meeting-held');
    made(await change(`/meetings/${m.id}`, { title: 'Rätt namn' }, { who: 'support' }), 200);
    refused(await remove(`/meetings/${m.id}`, 'support'), 409, 'meeting-noted');
  });

  test('is deleted while nobody was called and nothing noted, with its agenda, and leaves tombstones', async () => {
    const of = await group();
    const m = await meeting(of);
    await item(m, {});
    const since = (await get(`/meetings/${m.id}`, 'support')).json.modified;
    refused(await k.api(`/meetings/${m.id}`, { token: tokens.support, method: 'DELETE' }), 428, 'if-match-needed');
    assert.equal((await remove(`/meetings/${m.id}`, 'support')).status, 204);
    assert.equal((await get(`/meetings/${m.id}`, 'support')).status, 404);
    assert.equal((await get(`/meetings/${m.id}/agenda-items`, 'support')).status, 404);
    const gone = (await get(`/groups/${of}/meetings?modifiedSince=${since}`, 'support')).json.items;
    assert.deepEqual(gone, [{ id: m.id, deleted: true }]);
    const called = await meeting(of);
    await call(called);
    refused(await remove(`/meetings/${called.id}`, 'support'), 409, 'meeting-called');
  });

  test('two who change it at once: the second is told', async () => {
    const m = await meeting(await group());
    const { etag } = await get(`/meetings/${m.id}`, 'support');
    const both = await Promise.all(['A', 'B'].map((title) => change(`/meetings/${m.id}`, { title }, { who: 'support', etag })));
    assert.deepEqual(both.map((r) => r.status).sort(), [200, 412]);
  });
});

// ---------------------------------------------------------------- the agenda

describe('an agenda', () => {
  test('is numbered without gaps whoever comes and goes', async () => {
    const m = await meeting(await group());
    const [a, b, c] = [await item(m, { title: 'a' }), await item(m, { title: 'b' }), await item(m, { title: 'c' })];
    const order = async () => (await agenda(m)).map((i) => `${i.number}${i.type === 'declaration' ? '!' : i.title}`).join(' ');
    assert.equal(await order(), '1! 2a 3b 4c');
    assert.equal((await remove(`/meetings/${m.id}/agenda-items/${b.id}`, 'support')).status, 204);
    assert.equal(await order(), '1! 2a 3c');
    assert.equal((await item(m, { title: 'd' })).number, 4);
    wrong(await post(`/meetings/${m.id}/agenda-items`, { number: 2, type: 'fun', text: 'x'.repeat(20001) }, 'support'), '/number', '/title', '/type', '/text');
    wrong(await change(`/meetings/${m.id}/agenda-items/${a.id}`, { number: 3 }, { who: 'support' }), '/number');
    assert.ok(c);
  });

  test('and the meeting itself lead to what is below them: what is linked is answered, by whoever asks', async () => {
    const of = await group();
    const member = (await join(of)).email;
    const [open, off] = [await meeting(of), await meeting(of)];
    const point = await item(off);
    made(await post(`/meetings/${off.id}/cancellations`, { reason: 'Snöstorm' }, 'support'));
    for (const who of ['nobody', 'reader', member, 'support']) {
      for (const at of [`/meetings/${open.id}`, `/meetings/${off.id}`, `/meetings/${off.id}/agenda-items/${point.id}`]) {
        const { status, json } = await get(at, who);
        if (status !== 200) continue;
        for (const { rel, method, href } of json._links) {
          const path = href.replace(`${k.url}/api/v1`, '');
          const reply = await k.api(path, { token: tokens[who], method, ...(['GET', 'DELETE'].includes(method) ? {} : { body: { nosuch: 1 } }), headers: method === 'GET' ? {} : { 'if-match': '"0.0"' } });
          assert.ok((method === 'GET' ? [200] : [400, 412]).includes(reply.status), `${who} ${rel} ${reply.status}`);
        }
      }
    }
    const rels = (await get(`/meetings/${open.id}`, member)).json._links.map((l) => l.rel);
    for (const rel of ['agenda-items', 'papers', 'minutes', 'calendar', 'attendance', 'recusals', 'add-recusal']) assert.ok(rels.includes(rel), rel);
  });

  test('begins with the standing question for good: worded and noted at, never moved, made another or taken away', async () => {
    const m = await meeting(await group());
    const [a, again] = [await item(m, { title: 'a' }), await item(m, { title: 'en gång till', type: 'declaration' })];
    const [first] = await agenda(m);
    const at = `/meetings/${m.id}/agenda-items/${first.id}`;
    assert.ok(!(await get(at, 'support')).json._links.some((l) => l.rel === 'delete'));
    assert.ok((await get(`/meetings/${m.id}/agenda-items/${again.id}`, 'support')).json._links.some((l) => l.rel === 'delete'), 'asked once more it is an item like others');
    refused(await remove(at, 'support'), 409, 'agenda-standing');
    wrong(await change(at, { type: 'decision', postponed: true }, { who: 'support' }), '/type', '/postponed');
    const worded = made(await change(at, { title: 'Jäv', text: 'Har någon något att anmäla?', minutesText: 'Ingen anmälde jäv.' }, { who: 'support' }), 200);
    assert.deepEqual([worded.number, worded.type, worded.title], [1, 'declaration', 'Jäv']);
    refused(await post(`/meetings/${m.id}/agenda-orders`, { itemIds: [a.id, first.id, again.id] }, 'support'), 409, 'agenda-standing');
    made(await post(`/meetings/${m.id}/agenda-orders`, { itemIds: [first.id, again.id, a.id] }, 'support'));
    made(await change(`/meetings/${m.id}`, { startsAt: '2027-03-02T08:00:00Z', endsAt: '2027-03-02T09:00:00Z' }, { who: 'support' }), 200);
    assert.deepEqual((await agenda(m)).map((i) => i.id), [first.id, again.id, a.id]);
  });

  test('is put in order at once; an order of other items is refused, one in between is in nobody\'s way', async () => {
    const m = await meeting(await group());
    for (const title of ['a', 'b', 'c']) await item(m, { title });
    const items = await agenda(m);
    const ids = [items[0], ...items.slice(1).reverse()].map((i) => i.id);
    const etag = (await get(`/meetings/${m.id}/agenda-items/${ids[1]}`, 'support')).etag;
    const { etag: whole } = await get(`/meetings/${m.id}`, 'support');
    made(await post(`/meetings/${m.id}/agenda-orders`, { itemIds: ids }, 'support'));
    assert.deepEqual((await agenda(m)).map((i) => i.id), ids);
    made(await change(`/meetings/${m.id}/agenda-items/${ids[1]}`, { title: 'ändrad' }, { who: 'support', etag }), 200);
    made(await change(`/meetings/${m.id}`, { title: 'ändrat' }, { who: 'support', etag: whole }), 200);
    refused(await post(`/meetings/${m.id}/agenda-orders`, { itemIds: ids.slice(1) }, 'support'), 409, 'agenda-changed');
    await item(m, { title: 'ny' });
    refused(await post(`/meetings/${m.id}/agenda-orders`, { itemIds: ids }, 'support'), 409, 'agenda-changed');
    const elsewhere = (await agenda(await meeting(await group())))[0].id;
    refused(await post(`/meetings/${m.id}/agenda-orders`, { itemIds: [...ids, elsewhere] }, 'support'), 409, 'agenda-changed');
    wrong(await post(`/meetings/${m.id}/agenda-orders`, { itemIds: [...ids, ids[0]] }, 'support'), '/itemIds');
    wrong(await post(`/meetings/${m.id}/agenda-orders`, {}, 'support'), '/itemIds');
  });

  test('ten who add, take away and order at once leave numbers 1 to n', async () => {
    const m = await meeting(await group());
    const made_ = [];
    for (let i = 0; i < 8; i++) made_.push(await item(m, {}));
    const [first] = await agenda(m);
    await Promise.all(Array.from({ length: 12 }, (_, i) => [
      () => post(`/meetings/${m.id}/agenda-items`, { title: `samtidig ${i}` }, 'support'),
      () => remove(`/meetings/${m.id}/agenda-items/${made_[i % 8].id}`, 'support'),
      () => post(`/meetings/${m.id}/agenda-orders`, { itemIds: [first, ...made_.slice().reverse()].map((one) => one.id) }, 'support'),
    ][i % 3]()));
    const items = await agenda(m);
    assert.deepEqual(items.map((i) => i.number), items.map((_, i) => i + 1));
    assert.equal(items[0].id, first.id);
  });

  test('keeps a presenter whom the one who edits may not know of', async () => {
    const of = await group();
    const shown = await join(of, 'member', { account: false });
    const secret = await join(of, 'member', { fields: { protectedIdentity: true }, account: false });
    const m = await meeting(of);
    const one = await item(m, { presenterIds: [secret.id, shown.id] });
    const oskar = (await get(`/meetings/${m.id}/agenda-items/${one.id}`, 'oskar')).json; // officer of the principal's principal
    assert.deepEqual(oskar.presenterIds, [shown.id]);
    made(await change(`/meetings/${m.id}/agenda-items/${one.id}`, { title: 'Annat' }, { who: 'oskar' }), 200);
    assert.deepEqual((await get(`/meetings/${m.id}/agenda-items/${one.id}`, 'support')).json.presenterIds.sort(), [secret.id, shown.id].sort());
    made(await change(`/meetings/${m.id}/agenda-items/${one.id}`, { presenterIds: [] }, { who: 'support' }), 200);
    assert.deepEqual((await get(`/meetings/${m.id}/agenda-items/${one.id}`, 'support')).json.presenterIds, []);
  });

  test('an item is only at its own meeting, and what somebody stands aside for stays', async () => {
    const of = await group();
    const person = await join(of, 'member', { account: false });
    const m = await meeting(of);
    const other = await meeting(of);
    const one = await item(m, {});
    assert.equal((await get(`/meetings/${other.id}/agenda-items/${one.id}`, 'support')).status, 404);
    assert.equal((await remove(`/meetings/${other.id}/agenda-items/${one.id}`, 'support')).status, 404);
    const aside = made(await post(`/meetings/${m.id}/recusals`, { agendaItemId: one.id, personId: person.id, action: 'leftRoom' }, 'support'));
    refused(await remove(`/meetings/${m.id}/agenda-items/${one.id}`, 'support'), 409, 'agenda-item-noted');
    assert.equal((await remove(`/meetings/${m.id}/recusals/${aside.id}`, 'support')).status, 204);
    assert.equal((await remove(`/meetings/${m.id}/agenda-items/${one.id}`, 'support')).status, 204);
  });
});

// ---------------------------------------------------------------- called

describe('a notice', () => {
  test('goes to every role but contact and observer, once, with the agenda and a link of each one\'s own', async () => {
    const of = await group();
    const wanted = [];
    for (const role of ['chair', 'member', 'coOpted', 'processLeader', 'secretary']) wanted.push((await join(of, role, { account: false })).email);
    for (const role of ['contact', 'observer']) await join(of, role, { account: false });
    await join(of, 'member', { account: false, seat: { endDate: '2026-12-31' } }); // no member on the meeting's day
    const later = await join(of, 'member', { account: false, seat: { startDate: '2027-02-01' } });
    const m = await meeting(of);
    await item(m, { title: 'Punkt i kallelsen' });
    made(await post(`/meetings/${m.id}/notices`, { message: 'Läs bilagan.' }, 'support'));
    assert.deepEqual(mails(m).map((line) => line.split(' ')[1]).sort(), [...wanted, later.email].sort());
    const rows = sql(`SELECT content FROM mail WHERE event = 'meetings:${m.id}:notice';`).split('\n').map(JSON.parse);
    for (const mail of rows) {
      assert.ok(mail.paragraphs.includes('Läs bilagan.'));
      assert.ok(mail.paragraphs.some((p) => p.includes('1 mars 2027') && p.includes('09.00–12.00')), 'Stockholm\'s time');
      assert.equal(mail.list[1].title, '2. Punkt i kallelsen');
      assert.match(mail.path, /^\/meeting-answers\/[\w-]{43}$/);
    }
    assert.equal(new Set(rows.map((r) => r.path)).size, rows.length);
    assert.ok(!sql('SELECT digest FROM meeting_link;').includes(rows[0].path.split('/')[2]), 'kept as digests');
    const [kind] = sql(`SELECT DISTINCT kind FROM mail WHERE event = 'meetings:${m.id}:notice';`).split('\n');
    assert.equal(kind, 'request', 'what must be known is not stopped');
  });

  test('sent again it reminds those without an answer, once a day, and calls who came in since', async () => {
    const of = await group();
    const answers = await join(of, 'chair');
    const silent = await join(of, 'member', { account: false });
    const m = await meeting(of);
    await call(m);
    made(await post(`/meetings/${m.id}/answers`, { answer: 'no' }, answers.email));
    await call(m);
    assert.deepEqual(mails(m, 'reminder:%'), [], 'not on the day of the notice');
    sql(`UPDATE meeting_link SET created = '2026-11-21T22:59:59.000Z' WHERE meeting_key = (SELECT key FROM meeting WHERE id = '${m.id}');`);
    const fresh = await join(of, 'member', { account: false });
    const guest = await join(null, 'member', { account: false });
    made(await post(`/meetings/${m.id}/attendance`, { personId: guest.id }, 'support'));
    await call(m);
    await call(m);
    assert.deepEqual(mails(m, `reminder:${today}`).map((line) => line.split(' ')[1]), [silent.email]);
    assert.deepEqual(mails(m, 'notice').map((line) => line.split(' ')[1]).sort(), [answers.email, silent.email, fresh.email, guest.email].sort());
  });

  test('two who send it at once send it once', async () => {
    const of = await group();
    await join(of, 'chair', { account: false });
    const m = await meeting(of);
    const both = await Promise.all([0, 1].map(() => post(`/meetings/${m.id}/notices`, {}, 'support')));
    assert.deepEqual(both.map((r) => r.status), [201, 201]);
    assert.equal(mails(m, 'notice').length, 1);
  });

  test('three days before, who has not answered is reminded by the register itself', async () => {
    const of = await group();
    const silent = await join(of, 'chair', { account: false });
    const m = await meeting(of, { startsAt: '2026-12-10T08:00:00Z', endsAt: '2026-12-10T09:00:00Z' });
    await call(m);
    const reminded = () => mails(m, 'before:%').map((line) => line.split(' ')[1]);
    for (const [day, wanted] of [['2026-12-06', []], ['2026-12-07', [silent.email]], ['2026-12-08', [silent.email]]]) {
      const then = await start({ db: k.db, env: { KANSLI_NOW: `${day}T06:00:00Z` } });
      for (let i = 0; i < 100 && reminded().length < wanted.length; i++) await new Promise((next) => setTimeout(next, 50));
      await then.stop();
      assert.deepEqual(reminded(), wanted, day);
    }
  });
});

// ---------------------------------------------------------------- answers, attendance

describe('who comes', () => {
  test('a person answers for himself, may change it, and it waits among his tasks until then', async () => {
    const of = await group();
    const one = await join(of, 'chair');
    const m = await meeting(of);
    const waiting = async () => (await get('/me/tasks', one.email)).json.items.filter((t) => t.objectId === m.id).map((t) => t.id.split(':')[0]);
    assert.deepEqual(await waiting(), []);
    await call(m);
    assert.deepEqual(await waiting(), ['meeting-answer']);
    wrong(await post(`/meetings/${m.id}/answers`, {}, one.email), '/answer');
    wrong(await post(`/meetings/${m.id}/answers`, { answer: 'kanske' }, one.email), '/answer');
    wrong(await post(`/meetings/${m.id}/answers`, { answer: 'no', note: 'Se 19121212-1212' }, one.email), '/note');
    made(await post(`/meetings/${m.id}/answers`, { answer: 'deputy', note: 'Bo kommer' }, one.email));
    made(await post(`/meetings/${m.id}/answers`, { answer: 'no' }, one.email));
    assert.deepEqual(await waiting(), []);
    const [row] = (await get(`/meetings/${m.id}/attendance`, one.email)).json.items;
    assert.equal(row.answer, 'no');
    assert.equal(row.note, null);
    assert.equal(row.personName, one.name);
    refused(await post(`/meetings/${m.id}/answers`, { answer: 'yes' }, 'support'), 403, 'answer-own-meeting');
  });

  test('attendance is noted for members, deputies and guests; noted once more it is changed', async () => {
    const of = await group();
    const [a, b] = [await join(of, 'chair', { account: false, seat: { onBehalfOfId: 'norra' } }), await join(of, 'member', { account: false })];
    const [guest, deputy] = [await join(null, '', { account: false }), await join(null, '', { account: false })];
    const m = await meeting(of);
    const note = (body) => post(`/meetings/${m.id}/attendance`, body, 'support');
    const first = made(await note({ personId: a.id, status: 'present' }));
    assert.equal(first.represents, 'Norra sjukvårdsregionen');
    assert.equal(made(await note({ personId: a.id, status: 'remote' })).id, first.id);
    made(await note({ personId: guest.id, status: 'present' }));
    const stand = made(await note({ personId: deputy.id, forId: b.id, status: 'present' }));
    assert.equal(stand.forName, b.name);
    assert.equal(made(await note({ personId: deputy.id, status: 'remote' })).forId, b.id, 'what is not sent stays');
    wrong(await note({ personId: a.id, forId: a.id }), '/forId');
    wrong(await note({ status: 'present' }), '/personId');
    wrong(await note({ personId: a.id, status: 'late' }), '/status');
    refused(await note({ personId: guest.id, forId: b.id }), 409, 'deputy-taken');
    refused(await note({ personId: guest.id, forId: (await join(null, '', { account: false })).id }), 409, 'deputy-of-nobody');
    wrong(await note({ personId: crypto.randomUUID() }), '/personId');
    const where = `/meetings/${m.id}/attendance/${stand.id}`;
    assert.equal(made(await change(where, { forId: null }, { who: 'support' }), 200).forId, null);
    wrong(await change(where, { personId: guest.id }, { who: 'support' }), '/personId');
    assert.equal((await remove(where, 'support')).status, 204);
    const all = (await get(`/meetings/${m.id}/attendance?embed=people`, 'support')).json;
    assert.deepEqual(all._embedded.people.map((p) => [p.personId, p.role, p.status]),
      [[a.id, 'chair', 'remote'], [b.id, 'member', null], [guest.id, null, 'present']]);
  });

  test('all are marked at once, but who sent word or a deputy, or is noted already', async () => {
    const of = await group();
    const [a, b, c, d] = [await join(of, 'chair', { account: false }), await join(of, 'member'), await join(of, 'member', { account: false }), await join(of, 'member', { account: false })];
    const deputy = await join(null, '', { account: false });
    const m = await meeting(of);
    await call(m);
    made(await post(`/meetings/${m.id}/answers`, { answer: 'no' }, b.email));
    made(await post(`/meetings/${m.id}/attendance`, { personId: c.id, status: 'absent' }, 'support'));
    made(await post(`/meetings/${m.id}/attendance`, { personId: deputy.id, forId: d.id }, 'support'));
    made(await post(`/meetings/${m.id}/attendance-marks`, { status: 'present' }, 'support'));
    const status = async () => Object.fromEntries((await get(`/meetings/${m.id}/attendance?embed=people`, 'support')).json._embedded.people.map((p) => [p.personId, p.status]));
    assert.deepEqual(await status(), { [a.id]: 'present', [b.id]: null, [c.id]: 'absent', [d.id]: null, [deputy.id]: 'present' });
    made(await post(`/meetings/${m.id}/attendance-marks`, { status: 'excused', personIds: [b.id, c.id] }, 'support'));
    const now = await status();
    assert.equal(now[b.id], 'excused');
    assert.equal(now[c.id], 'excused');
    wrong(await post(`/meetings/${m.id}/attendance-marks`, {}, 'support'), '/status');
  });

  test('the group can decide when over half of its seats are there and take part', async () => {
    const of = await group();
    const joint = await group();
    const seats = [];
    for (const role of ['chair', 'member', 'member', 'member']) seats.push(await join(of, role, { account: false }));
    for (const role of ['coOpted', 'processLeader']) seats.push(await join(of, role, { account: false }));
    const elsewhere = await join(joint, 'member', { account: false });
    const deputy = await join(null, '', { account: false });
    const m = await meeting(of, { groupIds: [joint] });
    const one = await item(m, {});
    const quorum = async () => (await get(`/meetings/${m.id}/attendance?embed=quorum`, 'support')).json._embedded.quorum;
    const note = async (who, body = {}) => made(await post(`/meetings/${m.id}/attendance`, { personId: who.id, status: 'present', ...body }, 'support'));
    assert.deepEqual(await quorum(), { seats: 4, present: 0, aside: 0, needed: 3, quorate: false });
    for (const who of [seats[0], seats[1], seats[4], seats[5], elsewhere]) await note(who);
    assert.deepEqual(await quorum(), { seats: 4, present: 2, aside: 0, needed: 3, quorate: false }, 'half is not over half; others have no seat');
    await note(deputy, { forId: seats[2].id, status: 'remote' });
    assert.equal((await quorum()).quorate, true);
    made(await post(`/meetings/${m.id}/recusals`, { agendaItemId: one.id, personId: deputy.id, action: 'leftForDecision' }, 'support'));
    made(await post(`/meetings/${m.id}/recusals`, { agendaItemId: one.id, personId: seats[0].id, action: 'openDeclaration' }, 'support'));
    assert.equal((await quorum()).quorate, true, 'who stands aside for one item counts for the meeting');
  });

  test('names are told as the group tells them', async () => {
    const of = await group();
    const hidden = await join(of, 'member', { fields: { protectedIdentity: true }, account: false });
    const reader = await join(of, 'member');
    const leader = await join(of, 'processLeader');
    const m = await meeting(of);
    made(await post(`/meetings/${m.id}/attendance`, { personId: hidden.id, status: 'present' }, 'support'));
    const named = async (who) => {
      const { json } = await get(`/meetings/${m.id}/attendance?embed=people`, who);
      return [json.items[0].personId, json.items[0].personName, json._embedded.people.some((p) => p.personName === hidden.name)];
    };
    assert.deepEqual(await named(leader.email), [hidden.id, hidden.name, true]);
    assert.deepEqual(await named(reader.email), [null, null, false]);
    assert.deepEqual((await get(`/meetings/${m.id}/attendance?personId=${hidden.id}`, reader.email)).status, 400, 'nor by a filter');
  });

  test('what waits for officers: to call within a fortnight, to note who came', async () => {
    const of = await group();
    const leader = await join(of, 'processLeader');
    const waiting = async () => (await get('/me/tasks', leader.email)).json.items.filter((t) => t.type === 'meetings').map((t) => t.id.split(':')[0]).sort();
    await meeting(of);
    assert.deepEqual(await waiting(), []);
    const soon = await meeting(of, { startsAt: '2026-12-04T08:00:00Z', endsAt: '2026-12-04T09:00:00Z' });
    const held = await meeting(of, past);
    assert.deepEqual(await waiting(), ['meeting-attendance', 'meeting-call']);
    const found = (await get('/checks?rule=attendance-unnoted', 'support')).json.items.map((c) => c.objectId);
    assert.ok(found.includes(held.id) && !found.includes(soon.id));
    made(await post(`/meetings/${held.id}/attendance-marks`, { status: 'present' }, 'support'));
    await call(soon);
    made(await post(`/meetings/${soon.id}/answers`, { answer: 'yes' }, leader.email));
    assert.deepEqual(await waiting(), []);
  });
});

// ---------------------------------------------------------------- standing aside

describe('standing aside', () => {
  test('is recorded by the person, until the meeting is over, or by an officer', async () => {
    const of = await group();
    const [one, other] = [await join(of, 'member'), await join(of, 'member', { account: false })];
    const leader = await join(of, 'secretary');
    const m = await meeting(of);
    const point = await item(m, {});
    const aside = (body, who) => post(`/meetings/${m.id}/recusals`, { agendaItemId: point.id, action: 'leftRoom', ...body }, who);
    const own = made(await aside({ note: 'Är anställd där.' }, one.email));
    assert.equal(own.personId, one.id);
    assert.equal(own.agendaItemTitle, point.title);
    refused(await aside({}, one.email), 409, 'recusal-exists');
    refused(await aside({ personId: other.id }, one.email), 403, 'may-keep-recusal');
    made(await aside({ personId: other.id }, leader.email));
    refused(await aside({ personId: (await join(null, '', { account: false })).id }, leader.email), 409, 'takes-no-part');
    wrong(await aside({ action: 'slept', agendaItemId: crypto.randomUUID() }, leader.email), '/action', '/agendaItemId');
    const elsewhere = (await agenda(await meeting(of)))[0].id;
    wrong(await aside({ agendaItemId: elsewhere }, leader.email), '/agendaItemId');
    made(await change(`/meetings/${m.id}/recusals/${own.id}`, { action: 'leftForDecision' }, { who: one.email }), 200);
    const list = (await get(`/meetings/${m.id}/recusals`, one.email)).json.items;
    const others = list.find((r) => r.personId === other.id);
    refused(await change(`/meetings/${m.id}/recusals/${others.id}`, { action: 'leftForDecision' }, { who: one.email }), 403, 'may-keep-recusal');
    sql(`UPDATE meeting SET starts_at = '2026-11-01T08:00:00.000Z', ends_at = '2026-11-01T09:00:00.000Z' WHERE id = '${m.id}';`);
    refused(await change(`/meetings/${m.id}/recusals/${own.id}`, { note: 'x' }, { who: one.email }), 409, 'meeting-held');
    made(await change(`/meetings/${m.id}/recusals/${own.id}`, { note: 'Som sades.' }, { who: leader.email }), 200);
  });

  test('is suggested to the member, the chair and the secretary where an item meets what was declared', async () => {
    const of = await group();
    const member = await join(of, 'member');
    const roles = {};
    for (const role of ['chair', 'secretary', 'processLeader', 'viceChair']) roles[role] = await join(of, role);
    declare(member, of, [{ kind: 'consultancy', proximity: 'direct', nature: 'financial', holder: 'self', counterparty: 'Nordfarma AB' },
      { kind: 'employment', proximity: 'direct', nature: 'financial', holder: 'self', counterparty: 'Gammalt Bolag', endDate: '2025-12-31' }],
    { outcome: 'partialExclusion', conditions: 'Deltar inte i frågor om läkemedelsval.' });
    const m = await meeting(of);
    const met = await item(m, { title: 'Avtal', tags: ['nordfarma'] });
    const byReview = await item(m, { title: 'Val', tags: ['Läkemedelsval'] });
    await item(m, { title: 'Annat', tags: ['Nordfarmare', 'Gammalt Bolag', 'AB'] });
    const told = async (who) => {
      const reply = await get(`/meetings/${m.id}/recusal-suggestions`, who);
      assert.equal(reply.status, 200, reply.text);
      return reply.json.items;
    };
    const own = await told(member.email);
    assert.deepEqual(own.map((s) => [s.agendaItemId, s.word, s.counterparty, s.own]),
      [[met.id, 'nordfarma', 'Nordfarma AB', true], [byReview.id, 'Läkemedelsval', undefined, true]]);
    assert.match(own[1].conditions, /läkemedelsval/);
    assert.equal(readings(member), 0, 'one\'s own leaves no trace');
    const chair = await told(roles.chair.email);
    assert.equal(chair[0].counterparty, 'Nordfarma AB');
    assert.equal(chair[0].personName, member.name);
    assert.equal(readings(member), 1);
    const secretary = await told(roles.secretary.email);
    assert.equal(secretary.length, 2);
    assert.ok(!('counterparty' in secretary[0]), 'a secretary is told of whom to ask, not of what');
    assert.equal(readings(member), 2);
    for (const who of [roles.processLeader.email, roles.viceChair.email, 'support']) assert.deepEqual(await told(who), [], who);
    assert.equal(readings(member), 2);
    made(await post(`/meetings/${m.id}/recusals`, { agendaItemId: met.id, action: 'leftRoom' }, member.email));
    assert.deepEqual((await told(member.email)).map((s) => s.agendaItemId), [byReview.id], 'what is settled is not suggested');
    refused(await get(`/meetings/${m.id}/recusal-suggestions`, 'nobody'), 401, 'login-needed');
    refused(await get(`/meetings/${m.id}/recusal-suggestions`, 'reader'), 404, 'not-found');
  });
});

// A declaration as the register keeps it, submitted and reviewed for a group.
function declare(person, of, interests, { outcome, conditions }) {
  const id = crypto.randomUUID();
  const at = '2026-10-01T09:00:00.000Z';
  sql(`INSERT INTO declaration (id, person_key, form_key, state, no_interests, interests, attested, submitted_at, submitted_on, valid_until, modified)
    SELECT '${id}', p.key, f.key, 'submitted', 0, '${JSON.stringify(interests)}', 1, '${at}', '2026-10-01', '2029-09-30', '${at}'
    FROM person p, declaration_form f WHERE p.id = '${person.id}' ORDER BY f.key LIMIT 1;
    INSERT INTO declaration_group (declaration_key, group_key) SELECT d.key, b.key FROM declaration d, body b WHERE d.id = '${id}' AND b.id = '${of}';
    INSERT INTO declaration_review (id, declaration_key, group_key, outcome, conditions, valid_until, at)
    SELECT '${crypto.randomUUID()}', d.key, b.key, '${outcome}', '${conditions}', '2029-09-30', '${at}' FROM declaration d, body b WHERE d.id = '${id}' AND b.id = '${of}';`);
}
const readings = (person) => Number(sql(`SELECT count(*) FROM declaration_reading r JOIN declaration d ON d.key = r.declaration_key JOIN person p ON p.key = d.person_key WHERE p.id = '${person.id}';`));

// ---------------------------------------------------------------- a person's own

describe('a person who stands in meetings', () => {
  test('is merged with another without standing anywhere twice', async () => {
    const of = await group();
    const [from, into] = [await join(null, '', { account: false }), await join(of, 'member', { account: false })];
    const m = await meeting(of);
    const point = await item(m, { presenterIds: [from.id, into.id] });
    made(await post(`/meetings/${m.id}/attendance`, { personId: from.id, status: 'present' }, 'support'));
    made(await post(`/meetings/${m.id}/attendance`, { personId: into.id }, 'support'));
    for (const who of [from, into]) made(await post(`/meetings/${m.id}/recusals`, { agendaItemId: point.id, personId: who.id, action: 'leftRoom' }, 'support'));
    made(await post(`/persons/${from.id}/merges`, { intoId: into.id }, 'support'));
    const { items } = (await get(`/meetings/${m.id}/attendance`, 'support')).json;
    assert.deepEqual(items.map((a) => [a.personId, a.status]), [[into.id, 'present']]);
    assert.equal((await get(`/meetings/${m.id}/recusals`, 'support')).json.items.length, 1);
    assert.deepEqual((await get(`/meetings/${m.id}/agenda-items/${point.id}`, 'support')).json.presenterIds, [into.id]);
  });

  test('gets everything kept, meetings too', async () => {
    const of = await group();
    const one = await join(of, 'member');
    const m = await meeting(of);
    await call(m);
    made(await post(`/meetings/${m.id}/answers`, { answer: 'yes', note: 'Kommer senare' }, one.email));
    const copy = (await get(`/persons/${one.id}/data-export`, one.email)).json;
    assert.deepEqual(copy.meetings.map((x) => [x.id, x.answer, x.note]), [[m.id, 'yes', 'Kommer senare']]);
  });
});
