// Decisions, actions and status reports through the real binary: who reads and who changes, what a draft hides, what a
// line of the minutes becomes, done and dropped, the owner's own part, reports to the principals and reminders.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { lifted as lift } from '../lib/lifted.mjs';
import { mailServer, until } from '../lib/mail.mjs';
import { made, refused, wrong } from '../lib/said.mjs';

const demoPassword = 'kansli-demo-2026';
const today = '2026-11-22';
const palliative = 'nag-palliativ-vard';
const falls = 'nag-fallskador-hos-aldre';
const principal = 'npo-aldres-halsa-och-palliativ-vard';
let k;
const tokens = { nobody: '' };
const people = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token('karin.bergstrom@kansli.example'); // process leader of both groups and of their principal
  tokens.viveka = await k.token('viveka.lundhede@kansli.example'); // member of nag-palliativ-vard
  tokens.elin = await k.token('elin.sarri@kansli.example'); // member of nag-fallskador-hos-aldre
  tokens.reader = (await k.actor(null)).token;
  tokens.reads = await k.token('viveka.lundhede@kansli.example', 'read');
  for (const line of sql('SELECT email, id FROM person WHERE email IS NOT NULL;').split('\n')) {
    const [email, id] = line.split('|');
    people[email.split('@')[0]] = id;
  }
});

// Somebody new with a role; insider: and with an account.
async function seated(groupId, role = 'member', seat = {}) {
  const n = ++serial;
  const email = `prov.${n}@kansli.example`;
  const person = made(await post('/persons', { givenName: 'Prov', familyName: `Nummer ${n}`, email, protectedIdentity: false }, 'support'));
  const held = made(await post('/memberships', { personId: person.id, groupId, role, capacity: 'profession', startDate: '2026-01-01', ...seat }, 'support'));
  return { ...person, email, seat: held.id };
}
async function insider(...seat) {
  const person = await seated(...seat);
  tokens[person.email] = (await k.actor(null, { email: person.email, person: person.id })).token;
  return { ...person, who: person.email };
}

const sql = (statement) => sqlAt(k, statement);
const sqlAt = (where, statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', where.db], { input: statement, encoding: 'utf8' }).trim();
const get = (where, who = 'karin') => k.api(where, { token: tokens[who] });
const post = (where, body = {}, who = 'karin') => k.api(where, { token: tokens[who], method: 'POST', body });
async function change(where, body, { who = 'karin', method = 'PATCH', etag } = {}) {
  etag ??= (await get(where, who)).etag;
  return k.api(where, { token: tokens[who], method, body, headers: etag ? { 'if-match': etag } : {} });
}
const remove = (where, who) => change(where, undefined, { method: 'DELETE', who });
const texts = async (where, who) => made(await get(where, who), 200).items.map((item) => item.text);
let serial = 0;
const word = (text) => `${text} ${++serial}`;

// A row as minutes leave it: lifted from a held meeting of the palliative group.
async function lifted(table, fields = {}) {
  const { items } = made(await get(`/groups/${palliative}/meetings?from=2026-05-21&to=2026-05-21`, 'support'), 200);
  return lift(k, table, items[0].id, fields);
}
const personKey = (id) => Number(sql(`SELECT key FROM person WHERE id = '${id}';`));
const action = async (body = {}, where = `/groups/${palliative}/actions`) => made(await post(where, { text: word('Åtgärd för hand'), ...body }));

describe('who sees', () => {
  test('a decision of a draft: those inside; with its §: whoever sees the meeting', async () => {
    const draft = await lifted('decision');
    const numbered = await lifted('decision', { number: 901 });
    for (const who of ['karin', 'viveka', 'support', 'auditor']) assert.equal((await get(`/decisions/${draft.id}`, who)).status, 200, who);
    for (const who of ['elin', 'reader', 'nobody']) {
      assert.equal((await get(`/decisions/${draft.id}`, who)).status, 404, who);
      assert.ok(!(await texts('/decisions?q=lyft&limit=500', who)).includes(draft.text), who);
    }
    const meeting = (await get(`/decisions/${numbered.id}`)).json.meetingId;
    for (const who of ['elin', 'reader', 'nobody', 'viveka'])
      assert.equal((await get(`/decisions/${numbered.id}`, who)).status, (await get(`/meetings/${meeting}`, who)).status, who);
  });
  test('an action by hand: those who may see drafts, and its owner', async () => {
    const { id, text } = await action({ ownerId: people['elin.sarri'] });
    for (const who of ['karin', 'viveka', 'support', 'auditor', 'elin']) assert.equal((await get(`/actions/${id}`, who)).status, 200, who);
    for (const who of ['reader', 'nobody']) assert.equal((await get(`/actions/${id}`, who)).status, 404, who);
    assert.ok((await texts('/me/actions', 'elin')).includes(text));
    assert.ok(!(await texts('/me/actions', 'viveka')).includes(text));
    assert.equal((await get('/me/actions', 'nobody')).status, 401);
  });
  test('an action of a meeting that its owner does not see tells of no meeting', async () => {
    const meeting = made(await post(`/groups/${palliative}/meetings`, { title: word('Slutet'), startsAt: '2026-11-04T09:00:00+01:00', endsAt: '2026-11-04T10:00:00+01:00', mode: 'online', visibility: 'principals' }));
    const item = made(await post(`/meetings/${meeting.id}/agenda-items`, { title: 'Hemligt' }));
    const row = lift(k, 'action', meeting.id, { owner_key: personKey(people['viveka.lundhede']), item_key: Number(sql(`SELECT key FROM agenda_item WHERE id = '${item.id}';`)) });
    assert.equal((await get(`/meetings/${meeting.id}`, 'viveka')).status, 404);
    const seen = made(await get(`/actions/${row.id}?embed=page`, 'viveka'), 200);
    assert.deepEqual([seen.meetingId, seen.meetingTitle, seen.agendaItemId, seen.agendaItemTitle, seen._embedded.minutes], [null, null, null, null, null]);
    assert.ok(!(await get('/me/actions?limit=500', 'viveka')).text.includes('Slutet'));
    assert.equal((await get(`/actions/${row.id}`)).json.meetingTitle, meeting.title);
    assert.equal((await change(`/actions/${row.id}`, { status: 'done' }, { who: 'viveka' })).json.status, 'done');
  });
  test('an owner who is protected is named to officers alone, and found by nobody else', async () => {
    const person = made(await post('/persons', { givenName: 'Prov', familyName: `Skyddad ${++serial}`, protectedIdentity: true }, 'support'));
    made(await post('/memberships', { personId: person.id, groupId: palliative, role: 'member', capacity: 'profession', startDate: '2026-01-01' }, 'support'));
    const { id } = await action({ ownerId: person.id });
    assert.equal((await get(`/actions/${id}`)).json.ownerId, person.id);
    const seen = (await get(`/actions/${id}`, 'viveka')).json;
    assert.equal(seen.ownerId, null);
    assert.equal(seen.ownerName, null);
    assert.equal((await get(`/actions?ownerId=${person.id}`, 'viveka')).status, 400);
  });
});

describe('whose name is withheld', () => {
  // A meeting that everybody sees, with adjusted minutes; who sits as a patient is named where she chose to be.
  const open = async (groupId) => {
    const meeting = made(await post(`/groups/${groupId}/meetings`, { title: word('Öppet'), startsAt: '2026-11-03T09:00:00+01:00', endsAt: '2026-11-03T10:00:00+01:00', mode: 'online', visibility: 'public' }, 'support'));
    sql(`UPDATE meeting SET called_at = '2026-10-20T08:00:00.000Z' WHERE id = '${meeting.id}';`);
    return meeting;
  };
  test('is told in no list, count, filter, order, file or page', async () => {
    const group = await commissioned();
    const other = await commissioned();
    const patient = await insider(group, 'member', { capacity: 'patient' });
    made(await post('/memberships', { personId: patient.id, groupId: other, role: 'member', capacity: 'profession', startDate: '2026-01-01' }, 'support'));
    const meeting = await open(group);
    const draft = made(await post(`/meetings/${meeting.id}/minutes`, { text: `Åtgärd: @${patient.name} läser, senast 2026-12-01\n` }, 'support'));
    made(await post(`/minutes/${draft.id}/adjustments`, {}, 'support'));
    const [row] = made(await get(`/actions?meetingId=${meeting.id}`, 'support'), 200).items;
    assert.equal(row.ownerId, patient.id);
    for (const who of ['nobody', 'reader', 'elin']) {
      const [seen] = made(await get(`/actions?meetingId=${meeting.id}`, who), 200).items;
      assert.deepEqual([seen.ownerId, seen.ownerName], [null, null], who);
      // known elsewhere, so the filter is an answer: none
      assert.equal((await get(`/actions?ownerId=${patient.id}`, who)).json._meta.totalRecords, 0, who);
      assert.equal((await get(`/actions?meetingId=${meeting.id}&ownerId=${patient.id}`, who)).json._meta.totalRecords, 0, who);
      assert.ok(!(await get(`/actions?meetingId=${meeting.id}&format=csv`, who)).text.includes(patient.familyName), who);
      assert.ok(!(await get(`/actions?withinId=${group}&embed=page`, who)).text.includes(patient.name), who);
      assert.ok(!(await get(`/actions/${row.id}?embed=page`, who)).text.includes(patient.name), who);
    }
    const seen = made(await get(`/actions?withinId=${group}&embed=page`, patient.who), 200);
    assert.equal(seen.items.find((a) => a.id === row.id).ownerName, patient.name);
  });
  test('a protected identity is told to officers of that group, not of another of hers', async () => {
    const group = await commissioned();
    const other = await commissioned();
    const person = made(await post('/persons', { givenName: 'Prov', familyName: `Skyddad ${++serial}`, protectedIdentity: true }, 'support'));
    for (const groupId of [group, other]) made(await post('/memberships', { personId: person.id, groupId, role: 'member', capacity: 'profession', startDate: '2026-01-01' }, 'support'));
    const officer = await insider(other, 'processLeader');
    made(await post('/memberships', { personId: officer.id, groupId: group, role: 'member', capacity: 'profession', startDate: '2026-01-01' }, 'support'));
    const { id } = made(await post(`/groups/${group}/actions`, { text: word('Läser'), ownerId: person.id }, 'support'));
    assert.equal((await get(`/persons/${person.id}`, officer.who)).status, 200);
    assert.equal((await get(`/actions/${id}`, officer.who)).json.ownerId, null);
    assert.equal((await get(`/actions?ownerId=${person.id}`, officer.who)).json._meta.totalRecords, 0);
    const own = await insider(group, 'secretary');
    assert.equal((await get(`/actions/${id}`, own.who)).json.ownerId, person.id);
  });
  test('who presented is named as the meeting names', async () => {
    const group = await commissioned();
    const patient = await insider(group, 'member', { capacity: 'nextOfKin' });
    const meeting = await open(group);
    const item = made(await post(`/meetings/${meeting.id}/agenda-items`, { title: 'Punkt', type: 'decision', presenterIds: [patient.id] }, 'support'));
    const key = sql(`SELECT key FROM agenda_item WHERE id = '${item.id}';`);
    const row = lift(k, 'decision', meeting.id, { number: 904, item_key: Number(key) });
    assert.deepEqual((await get(`/decisions/${row.id}`, patient.who)).json.presenterIds, [patient.id]);
    for (const who of ['nobody', 'reader']) {
      assert.deepEqual((await get(`/decisions/${row.id}`, who)).json.presenterNames, [], who);
      assert.ok(!(await get(`/decisions?withinId=${group}&embed=page`, who)).text.includes(patient.name), who);
      assert.equal((await get(`/decisions?presenterIds=${patient.id}`, who)).status, 400, who);
    }
    assert.equal((await get(`/decisions?presenterIds=${patient.id}&withinId=${group}`, patient.who)).json._meta.totalRecords, 1);
  });
});

describe('a decision', () => {
  test('tells who decided, who presented, who took part without deciding and who stood aside', async () => {
    const group = await commissioned();
    const chair = await insider(group, 'chair');
    const [open, asked, left] = [await seated(group), await seated(group), await seated(group)];
    const leader = await insider(group, 'processLeader');
    const absent = await seated(group);
    const deputy = made(await post('/persons', { givenName: 'Prov', familyName: `Ersättare ${++serial}`, protectedIdentity: false }, 'support'));
    const guest = made(await post('/persons', { givenName: 'Prov', familyName: `Gäst ${++serial}`, protectedIdentity: false }, 'support'));
    const meeting = made(await post(`/groups/${group}/meetings`, { title: word('Möte'), startsAt: '2026-11-03T09:00:00+01:00', endsAt: '2026-11-03T10:00:00+01:00', mode: 'online' }, leader.who));
    const item = made(await post(`/meetings/${meeting.id}/agenda-items`, { title: 'Val av väg', type: 'decision', presenterIds: [leader.id] }, leader.who));
    for (const [person, status, forId] of [[chair, 'present'], [open, 'present'], [asked, 'remote'], [left, 'present'], [leader, 'present'], [absent, 'excused'], [deputy, 'present', absent.id], [guest, 'present']])
      made(await post(`/meetings/${meeting.id}/attendance`, { personId: person.id, status, ...(forId && { forId }) }, leader.who));
    for (const [person, action] of [[open, 'openDeclaration'], [asked, 'answeredQuestionsOnly'], [left, 'leftRoom']])
      made(await post(`/meetings/${meeting.id}/recusals`, { agendaItemId: item.id, personId: person.id, action }, leader.who));
    const draft = made(await post(`/meetings/${meeting.id}/minutes`, { text: '## 2. Val av väg\n\nBeslut: Den norra vägen.\n' }, leader.who));
    made(await post(`/minutes/${draft.id}/adjustments`, {}, leader.who));
    const [decision] = made(await get(`/decisions?meetingId=${meeting.id}`, leader.who), 200).items;
    assert.deepEqual([decision.decidedOn, decision.text, decision.number, decision.agendaItemTitle], ['2026-11-03', 'Den norra vägen.', 1, 'Val av väg']);
    assert.deepEqual(decision.presenterNames, [leader.name]);
    const page = made(await get(`/decisions/${decision.id}?embed=page`, leader.who), 200)._embedded;
    const names = (part) => page.people[part].map((one) => one.personName).sort();
    assert.deepEqual(names('decided'), [chair.name, open.name, deputy.name].sort());
    assert.deepEqual(names('tookPart'), [asked.name, leader.name, guest.name].sort());
    assert.deepEqual(names('stoodAside'), [left.name]);
    assert.deepEqual([page.minutes.id, page.minutes.version, page.minutes.status], [draft.id, 1, 'adjusted']);
    sql(`UPDATE meeting SET visibility = 'public', called_at = '2026-10-20T08:00:00.000Z' WHERE id = '${meeting.id}';`);
    const outside = made(await get(`/decisions/${decision.id}?embed=page`, 'nobody'), 200);
    assert.equal(outside._embedded.people, null);
    assert.equal(outside._embedded.minutes.id, draft.id);
    assert.ok(!outside._links.some((l) => l.rel === 'history'));
  });
  test('has a page with its number and year, for whoever sees it', async () => {
    const [offer] = made(await get('/decisions?q=Erbjudandet+avböjs'), 200).items;
    const page = await (await k.login('viveka.lundhede@kansli.example', demoPassword)).get(`/decisions/${offer.id}`);
    assert.equal(page.status, 200);
    assert.match(page.text, new RegExp(`<h1>§ ${offer.number}/${offer.year}</h1>`));
    for (const words of ['Beslutad av', 'Föredras av', 'Medverkade utan att besluta', 'Deltog inte i frågan', `/meetings/${offer.meetingId}"`, `?item=${offer.agendaItemId}`, '/minutes/']) assert.ok(page.text.includes(words), words);
    assert.ok(!page.text.includes('/history'));
    assert.equal((await k.page(`/decisions/${offer.id}`)).status, (await get(`/meetings/${offer.meetingId}`, 'nobody')).status);
  });
});

describe('lists', () => {
  test('decisions are found by group, meeting, year, level, principal and word', async () => {
    const row = await lifted('decision', { number: 902 });
    const { meetingId } = (await get(`/decisions/${row.id}`)).json;
    for (const query of [`groupId=${palliative}`, `meetingId=${meetingId}`, 'year=2026', 'level=national', `principalId=${principal}`, `q=${encodeURIComponent(row.text)}`])
      assert.ok((await texts(`/decisions?limit=500&${query}`)).includes(row.text), query);
    for (const query of [`groupId=${falls}&year=1999`, 'year=2019', 'level=local', `principalId=${palliative}`, 'q=finnsinte'])
      assert.ok(!(await texts(`/decisions?limit=500&${query}`)).includes(row.text), query);
    assert.ok((await texts(`/groups/${palliative}/decisions?limit=500`)).includes(row.text));
    assert.ok(!(await texts(`/groups/${falls}/decisions?limit=500`)).includes(row.text));
  });
  test('actions are found by owner, status and whether their day has passed', async () => {
    const late = await action({ dueDate: '2026-11-21', ownerId: people['viveka.lundhede'] });
    const on = await action({ dueDate: today });
    assert.equal(late.overdue, true);
    assert.equal(on.overdue, false);
    const found = await texts(`/actions?ownerId=${people['viveka.lundhede']}&status=open&overdue=true`);
    assert.ok(found.includes(late.text) && !found.includes(on.text));
    assert.ok((await texts(`/groups/${palliative}/actions?limit=500`)).includes(on.text));
    assert.ok((await texts(`/actions?principalId=${principal}&limit=500`)).includes(on.text));
  });
  test('a group brings those below it, in any number of steps, and those it met with', async () => {
    const sub = await commissioned(palliative, { kind: 'other' });
    const { text } = await action({}, `/groups/${sub}/actions`);
    const hand = await action();
    const row = await lifted('decision', { number: 903 });
    const joint = made(await get(`/groups/${palliative}/meetings?from=2026-10-14&to=2026-10-14`), 200).items[0];
    const shared = lift(k, 'action', joint.id);
    for (const [within, has] of [['sks', true], [principal, true], [palliative, true], [sub, false], ['npo-tandvard', false]]) {
      const found = await texts(`/actions?limit=500&withinId=${within}`);
      assert.equal(found.includes(hand.text), has, within);
      assert.equal(found.includes(text), has || within === sub, within);
      assert.equal((await texts(`/decisions?limit=500&withinId=${within}`)).includes(row.text), has, within);
    }
    assert.ok((await texts(`/actions?limit=500&withinId=${falls}`)).includes(shared.text), 'of a joint meeting');
    wrong(await get('/actions?withinId=finns-inte'), 'withinId');
    wrong(await get('/decisions?from=2026-02-30&to=i+dag'), 'from', 'to');
    assert.equal((await get(`/groups/${palliative}/actions?withinId=${palliative}`)).status, 400, 'the address says it');
  });
  test('a group that is hidden brings nothing and is not there', async () => {
    const hidden = await commissioned(principal, { accessMode: 'restricted' });
    const under = await commissioned(hidden, { kind: 'other' });
    const owner = await insider(hidden);
    await action({ ownerId: owner.id }, `/groups/${hidden}/actions`);
    for (const who of ['elin', 'reader', 'nobody']) {
      wrong(await get(`/actions?withinId=${hidden}`, who), 'withinId');
      wrong(await get(`/decisions?groupId=${hidden}`, who), 'groupId');
      wrong(await get(`/decisions?principalId=${hidden}`, who), 'principalId');
    }
    assert.equal((await get(`/actions?withinId=${hidden}`, owner.who)).json._meta.totalRecords, 1);
    assert.equal((await get(`/actions?withinId=${under}`, owner.who)).json._meta.totalRecords, 0);
  });
  test('by period, by who presented, sorted, paged and as a file', async () => {
    const early = await action({ dueDate: '2031-01-01' });
    const late = await action({ dueDate: '2031-12-31' });
    const found = async (query) => texts(`/actions?limit=500&${query}`);
    assert.deepEqual(await found('from=2031-01-01&to=2031-01-01'), [early.text]);
    assert.deepEqual(await found('from=2031-01-01&sort=-dueDate'), [late.text, early.text]);
    assert.deepEqual(await found('from=2031-01-02'), [late.text]);
    assert.deepEqual(await texts('/actions?from=2031-01-01&limit=1&page=2'), [late.text]);
    const csv = await get(`/actions?from=2031-01-01&format=csv`);
    assert.match(csv.text, new RegExp(`Möte.*\r\n.*${early.text}.*\r\n.*${late.text}`));
    wrong(await get('/actions?sort=text'), 'sort');
    wrong(await get('/decisions?year=i+fjol&sort=ownerName'), 'sort', 'year');
    assert.deepEqual((await get('/decisions?year=2025,2026&limit=500')).json._meta.totalRecords, (await get('/decisions?limit=500')).json._meta.totalRecords);
    const [offer] = made(await get('/decisions?q=Erbjudandet+avböjs'), 200).items;
    assert.equal(offer.presenterIds.length, offer.presenterNames.length);
    assert.ok(offer.presenterIds.length && offer.meetingTitle && offer.agendaItemTitle);
    assert.ok((await texts(`/decisions?presenterIds=${offer.presenterIds[0]}`)).includes(offer.text));
    assert.deepEqual(await texts(`/decisions?presenterIds=${people['elin.sarri']}&q=Erbjudandet`), []);
    assert.deepEqual(await texts('/decisions?from=2026-05-21&to=2026-05-21&q=Erbjudandet'), [offer.text]);
    assert.deepEqual(await texts('/decisions?from=2026-05-22&q=Erbjudandet'), []);
  });
  test('what was deleted is told by modifiedSince to those who saw it', async () => {
    const { id } = await action();
    const since = '2026-11-22T00:00:00Z';
    assert.equal((await remove(`/actions/${id}`)).status, 204);
    const told = async (who) => (await get(`/actions?modifiedSince=${since}&limit=500`, who)).text.includes(id);
    assert.equal(await told('nobody'), false);
    assert.equal(await told('support'), true);
  });
});

// A held meeting with minutes of this text; saved again it is the same version's line that changes.
async function minutes(text) {
  const held = { startsAt: '2026-11-10T08:00:00Z', endsAt: `2026-11-10T1${++serial % 10}:30:00Z`, mode: 'online', title: word('Lyft') };
  const meeting = made(await post(`/groups/${falls}/meetings`, held));
  const draft = made(await post(`/meetings/${meeting.id}/minutes`, { text }));
  const all = async (of) => made(await get(`/${of}?meetingId=${meeting.id}&limit=100`), 200).items;
  return {
    meeting, id: draft.id,
    write: async (next) => made(await change(`/minutes/${draft.id}`, { text: next }), 200),
    adjust: async () => made(await post(`/minutes/${draft.id}/adjustments`)),
    decisions: () => all('decisions'), actions: () => all('actions'),
  };
}

describe('lines of the minutes', () => {
  test('become decisions, keep their rows while they are moved and rewritten, and go with them', async () => {
    const m = await minutes('Beslut: A.\n\nBeslut: B.\n\nBeslut: C.\n');
    const before = Object.fromEntries((await m.decisions()).map((d) => [d.text, d.id]));
    assert.deepEqual(Object.keys(before).sort(), ['A.', 'B.', 'C.']);
    await m.write('Beslut: Ny.\n\nBeslut: A.\n\nBeslut: B, rättat.\n\nBeslut: C.\n');
    const after = Object.fromEntries((await m.decisions()).map((d) => [d.text, d.id]));
    assert.equal(after['A.'], before['A.']);
    assert.equal(after['B, rättat.'], before['B.']);
    assert.equal(after['C.'], before['C.']);
    await m.write('Beslut: C.\n\nBeslut: A.\n');
    assert.deepEqual((await m.decisions()).map((d) => [d.text, d.id]), [['C.', before['C.']], ['A.', before['A.']]]);
    assert.equal((await get(`/decisions/${before['B.']}`)).status, 404);
    assert.ok((await get('/decisions?modifiedSince=2026-11-22T00:00:00Z&limit=500', 'support')).text.includes(before['B.']));
  });
  test('nothing is written when nothing differs', async () => {
    const text = 'Beslut: Samma.\n\nÅtgärd: Skriv, senast 2026-12-24\n';
    const m = await minutes(text);
    const versions = () => sql(`SELECT group_concat(v) FROM (SELECT version || modified AS v FROM decision WHERE text = 'Samma.' UNION ALL SELECT version || modified FROM action WHERE due_date = '2026-12-24');`);
    const before = versions();
    await m.write(`${text}\nMer text.\n`);
    assert.equal(versions(), before);
  });
  test('get their § in order when the minutes are adjusted, in the series of the year', async () => {
    const m = await minutes('Beslut: Ett.\n\nBeslut: Två.\n');
    for (const d of await m.decisions()) assert.equal(d.number, null);
    const last = Number(sql(`SELECT coalesce(max(number), 0) FROM decision d JOIN body b ON b.key = d.group_key WHERE b.id = '${falls}' AND year = 2026;`));
    await m.adjust();
    assert.deepEqual((await m.decisions()).map((d) => [d.text, d.number, d.year]), [['Ett.', last + 1, 2026], ['Två.', last + 2, 2026]]);
  });
  test('actions keep what was agreed since while the line says the same, and follow it when it changes', async () => {
    const line = (rest) => `Åtgärd: @Elin Sarri ${rest}\n`;
    const m = await minutes(line('skriver brevet, senast 2026-12-01'));
    const [{ id, ownerId }] = await m.actions();
    assert.equal(ownerId, people['elin.sarri']);
    made(await change(`/actions/${id}`, { dueDate: '2026-12-10', status: 'done' }), 200);
    await m.write(line('skriver brevet klart, senast 2026-12-01'));
    let [now] = await m.actions();
    assert.deepEqual([now.id, now.dueDate, now.status], [id, '2026-12-10', 'done']);
    await m.write(line('skriver brevet klart, senast 2026-12-15'));
    [now] = await m.actions();
    assert.deepEqual([now.id, now.dueDate, now.status], [id, '2026-12-15', 'done']);
  });
});

describe('actions', () => {
  test('are entered by those who may change the group', async () => {
    for (const who of ['viveka', 'elin', 'auditor']) refused(await post(`/groups/${palliative}/actions`, { text: 'Nej' }, who), 403, 'may-change-group');
    assert.equal((await post('/actions', { text: 'Nej', groupId: palliative }, 'nobody')).status, 401);
    made(await post('/actions', { text: 'Ja', groupId: palliative }));
    wrong(await post('/actions', { text: 'Ja' }), '/groupId');
    wrong(await post(`/groups/${palliative}/actions`, { text: 'Ja', groupId: falls }), '/groupId');
    wrong(await post(`/groups/${palliative}/actions`, { text: '', dueDate: '2026-02-30', status: 'klar' }), '/dueDate', '/status', '/text');
  });
  test('are done on a day, dropped with a reason, and open again', async () => {
    const { id } = await action();
    assert.equal((await change(`/actions/${id}`, { status: 'done' })).json.closedOn, today);
    assert.equal((await change(`/actions/${id}`, { status: 'open' })).json.closedOn, null);
    wrong(await change(`/actions/${id}`, { status: 'dropped' }), '/reason');
    const dropped = made(await change(`/actions/${id}`, { status: 'dropped', reason: 'Behövs inte längre.' }), 200);
    assert.deepEqual([dropped.status, dropped.closedOn, dropped.overdue], ['dropped', today, false]);
    const again = made(await change(`/actions/${id}`, { status: 'open' }), 200);
    assert.deepEqual([again.closedOn, again.reason], [null, null]);
    wrong(await change(`/actions/${id}`, { dueDate: '2026-13-01', status: 'slut', ownerId: 'ingen', text: '' }), '/dueDate', '/ownerId', '/status', '/text');
    wrong(await change(`/actions/${id}`, { closedOn: today }), '/closedOn');
    wrong(await change(`/actions/${id}`, { groupId: falls }), '/groupId');
  });
  test('by whom: domain.md 1, row by row', async () => {
    const steering = await insider('sks', 'secretary'); // two steps up
    const above = await insider(principal, 'viceChair');
    const [member, observer, coOpted] = [await insider(palliative), await insider(palliative, 'observer'), await insider(palliative, 'coOpted')];
    const owner = await insider(falls); // of another group
    const may = { [steering.who]: 'all', [above.who]: 'all', karin: 'all', support: 'all', [owner.who]: 'own', [member.who]: 'sees', [coOpted.who]: 'sees', auditor: 'sees', elin: '', [observer.who]: '', norra: 'tied', vasterbotten: 'tied', admin: '', reader: '', nobody: '' };
    for (const [who, right] of Object.entries(may)) {
      const { id } = await action({ ownerId: owner.id, dueDate: '2026-12-01' });
      const seen = (await get(`/actions/${id}`, who)).status;
      if (right !== 'tied') assert.equal(seen, right ? 200 : 404, who);
      const all = right === 'all' ? 200 : seen !== 200 ? (who === 'nobody' ? 401 : 404) : 403;
      const follow = right === 'own' ? 200 : all;
      const tried = async (body) => (await k.api(`/actions/${id}`, { token: tokens[who], method: 'PATCH', body, headers: { 'if-match': (await get(`/actions/${id}`, 'support')).etag } })).status;
      assert.equal(await tried({ dueDate: '2026-12-24' }), follow, `${who}: later`);
      assert.equal(await tried({ status: 'dropped', reason: 'Prov.' }), follow, `${who}: dropped`);
      assert.equal(await tried({ status: 'done' }), follow, `${who}: done`);
      assert.equal(await tried({ text: 'Annat' }), all, `${who}: rewritten`);
      assert.equal(await tried({ ownerId: people['elin.sarri'] }), all, `${who}: handed over`);
    }
    const { id } = await action({ ownerId: owner.id });
    const no = await change(`/actions/${id}`, { status: 'done' }, { who: member.who });
    refused(no, 403, 'may-follow-action');
    assert.match(no.json.detail, /personen det gäller/);
  });
  test('of a joint meeting are followed up by the officers of each of its groups', async () => {
    const joint = made(await get(`/groups/${palliative}/meetings?from=2026-10-14&to=2026-10-14`), 200).items[0];
    const secretary = await insider(falls, 'secretary'); // the other group leads
    const row = lift(k, 'action', joint.id);
    assert.equal((await change(`/actions/${row.id}`, { ownerId: people['elin.sarri'] }, { who: secretary.who })).json.ownerId, people['elin.sarri']);
    assert.equal((await change(`/actions/${row.id}`, { status: 'done' }, { who: secretary.who })).json.status, 'done');
    refused(await change(`/actions/${row.id}`, { text: 'Annat' }, { who: secretary.who }), 409, 'action-in-minutes');
  });
  test('are given to somebody who can be named', async () => {
    tokens.protection ??= await k.token('dataskydd@kansli.example');
    const gone = made(await post('/persons', { givenName: 'Prov', familyName: `Borta ${++serial}`, protectedIdentity: false }, 'support')).id;
    made(await post(`/persons/${gone}/anonymisations`, { reason: 'Begäran.' }, 'protection'));
    const { id } = await action();
    refused(await change(`/actions/${id}`, { ownerId: gone }, { who: 'support' }), 409, 'person-anonymised');
    refused(await post(`/groups/${palliative}/actions`, { text: 'Nej', ownerId: gone }, 'support'), 409, 'person-anonymised');
  });
  test('the owner says how it goes, not what it is or whose', async () => {
    const { id } = await action({ ownerId: people['viveka.lundhede'], dueDate: '2026-12-01' });
    assert.equal((await change(`/actions/${id}`, { dueDate: '2026-12-24' }, { who: 'viveka' })).json.dueDate, '2026-12-24');
    assert.equal((await change(`/actions/${id}`, { status: 'done' }, { who: 'viveka' })).json.status, 'done');
    refused(await change(`/actions/${id}`, { text: 'Något annat' }, { who: 'viveka' }), 403, 'may-change-group');
    refused(await change(`/actions/${id}`, { ownerId: null }, { who: 'viveka' }), 403, 'may-change-group');
    assert.equal((await change(`/actions/${id}`, { status: 'open' }, { who: 'reads' })).status, 403);
    refused(await remove(`/actions/${id}`, 'viveka'), 403, 'may-change-group');
  });
  test('the text of a lifted one is the minutes\' own', async () => {
    const row = await lifted('action', { owner_key: personKey(people['viveka.lundhede']) });
    refused(await change(`/actions/${row.id}`, { text: 'Något annat' }), 409, 'action-in-minutes');
    refused(await remove(`/actions/${row.id}`), 409, 'action-in-minutes');
    assert.equal((await change(`/actions/${row.id}`, { status: 'done' }, { who: 'viveka' })).json.status, 'done');
  });
  test('an owner whom the writer may not know of stays', async () => {
    const other = made(await post('/groups', { kind: 'nag', name: `Annan ${++serial}`, startDate: '2024-01-01', principalIds: ['npo-tandvard'] }, 'support')).id;
    const person = made(await post('/persons', { givenName: 'Prov', familyName: `Skyddad ${++serial}`, protectedIdentity: true }, 'support'));
    made(await post('/memberships', { personId: person.id, groupId: other, role: 'member', capacity: 'profession', startDate: '2026-01-01' }, 'support'));
    const { id } = made(await post(`/groups/${palliative}/actions`, { text: 'Av en skyddad', ownerId: person.id }, 'support'));
    assert.equal((await get(`/actions/${id}`)).json.ownerId, null);
    made(await change(`/actions/${id}`, { dueDate: '2027-01-01' }), 200);
    assert.equal((await get(`/actions/${id}`, 'support')).json.ownerId, person.id);
  });
  test('two who write at once: the second is told', async () => {
    const { id } = await action();
    const { etag } = await get(`/actions/${id}`);
    made(await change(`/actions/${id}`, { dueDate: '2027-01-01' }, { etag }), 200);
    assert.equal((await change(`/actions/${id}`, { dueDate: '2027-01-02' }, { etag })).status, 412);
  });
});

const report = (fields) => ({ periodStart: '2026-01-01', periodEnd: '2026-06-30', state: 'onTrack', text: 'Arbetet går **enligt plan**.', ...fields });
// A group of its own that the principal commissions, or another.
const commissioned = async (by = principal, fields = {}) => made(await post('/groups', { kind: 'nag', name: `Prov ${++serial}`, startDate: '2025-01-01', principalIds: [by], ...fields }, 'support')).id;

describe('lines and people', () => {
  test('whoever took over from somebody who is forgotten keeps the action', async () => {
    tokens.protection ??= await k.token('dataskydd@kansli.example');
    const gone = await seated(falls);
    const text = `Åtgärd: @${gone.name} skriver, senast 2026-12-01\n`;
    const m = await minutes(text);
    const [{ id, ownerId }] = await m.actions();
    assert.equal(ownerId, gone.id);
    made(await change(`/memberships/${gone.seat}`, { endDate: '2026-11-01' }, { who: 'support' }), 200);
    made(await post(`/persons/${gone.id}/anonymisations`, { reason: 'Begäran.' }, 'protection'));
    assert.equal((await get(`/actions/${id}`)).json.ownerId, null);
    made(await change(`/actions/${id}`, { ownerId: people['elin.sarri'] }), 200);
    await m.write(`${text}\nMer text.\n`);
    const [now] = await m.actions();
    assert.deepEqual([now.ownerId, now.dueDate], [people['elin.sarri'], '2026-12-01']);
  });
  test('a group that goes leaves tombstones of its actions and reports', async () => {
    const group = await commissioned('npo-tandvard');
    const { id } = made(await post(`/groups/${group}/actions`, { text: word('Går med') }, 'support'));
    const told = made(await post(`/groups/${group}/status-reports`, report(), 'support'));
    assert.equal((await change(`/groups/${group}`, undefined, { method: 'DELETE', who: 'support' })).status, 204);
    for (const [list, of] of [['actions', id], ['status-reports', told.id]]) {
      const since = made(await get(`/${list}?modifiedSince=2026-11-22T00:00:00Z&limit=500`, 'support'), 200).items;
      assert.equal(since.find((one) => one.id === of)?.deleted, true, list);
    }
  });
});

describe('status reports', () => {
  const body = report();
  test('officers report; those who may see drafts read; facts come from the register', async () => {
    for (const who of ['viveka', 'elin', 'auditor', 'norra']) refused(await post(`/groups/${palliative}/status-reports`, body, who), 403, 'may-report-status');
    const report = made(await post(`/groups/${palliative}/status-reports`, body));
    assert.ok(report.facts.meetings > 0 && report.facts.members > 0);
    assert.ok(report.facts.attendancePercent > 0 && report.facts.attendancePercent <= 100);
    for (const who of ['karin', 'viveka', 'support', 'auditor']) assert.equal((await get(`/status-reports/${report.id}`, who)).status, 200, who);
    for (const who of ['elin', 'reader']) assert.equal((await get(`/status-reports/${report.id}`, who)).status, 404, who);
    assert.equal((await get(`/status-reports/${report.id}`, 'nobody')).status, 401);
    refused(await get(`/groups/${palliative}/status-reports`, 'reader'), 403, 'may-see-drafts');
    assert.ok(Number(sql(`SELECT count(*) FROM mail WHERE event = 'status-reports:${report.id}:new';`)) > 0);
  });
  test('only the newest is changed', async () => {
    const first = made(await post(`/groups/${falls}/status-reports`, body));
    assert.equal((await change(`/status-reports/${first.id}`, { state: 'atRisk' })).json.state, 'atRisk');
    const earlier = made(await post('/status-reports', { ...body, groupId: falls, periodStart: '2025-07-01', periodEnd: '2025-12-31' }));
    made(await change(`/status-reports/${earlier.id}`, { text: 'Rättat.' }), 200); // of an earlier time, written last
    made(await change(`/status-reports/${first.id}`, { text: 'Också rättat.' }), 200);
    made(await post('/status-reports', { ...body, groupId: falls, periodStart: '2026-07-01', periodEnd: '2026-10-31' }));
    refused(await change(`/status-reports/${first.id}`, { state: 'offTrack' }), 409, 'report-not-newest');
  });
  test('what makes no sense is told', async () => {
    wrong(await post(`/groups/${falls}/status-reports`, { ...body, periodEnd: '2025-12-31' }), '/periodEnd');
    wrong(await post(`/groups/${falls}/status-reports`, { ...body, periodEnd: '2026-11-23' }), '/periodEnd');
    wrong(await post(`/groups/${falls}/status-reports`, { state: 'fine' }), '/periodEnd', '/periodStart', '/state', '/text');
  });
  test('who reads: domain.md 1, row by row; a group that is hidden tells nobody of its reports', async () => {
    const group = await commissioned();
    const leader = await insider(group, 'processLeader');
    const { id } = made(await post(`/groups/${group}/status-reports`, body, leader.who));
    const reads = { [leader.who]: 200, karin: 200, support: 200, auditor: 200, viveka: 404, elin: 404, norra: 404, admin: 404, reader: 404, nobody: 401 };
    const member = await insider(group, 'member', { onBehalfOfId: 'norra' });
    Object.assign(reads, { [member.who]: 200, [(await insider(group, 'observer')).who]: 404, [(await insider(group, 'contact')).who]: 404, [(await insider('sks', 'secretary')).who]: 200, [(await insider('sks')).who]: 404 });
    reads.norra = 200; // represented now
    for (const [who, status] of Object.entries(reads)) {
      assert.equal((await get(`/status-reports/${id}`, who)).status, status, who);
      const list = await get(`/status-reports?groupId=${group}`, who);
      assert.equal(list.json._meta?.totalRecords ?? list.status, { 200: 1, 404: 0, 401: 401 }[status], who);
    }
    made(await change(`/groups/${group}`, { accessMode: 'restricted' }, { who: 'support' }), 200);
    assert.equal((await get(`/status-reports/${id}`, member.who)).status, 200);
    assert.equal((await get(`/status-reports/${id}`, 'norra')).status, 404, 'sees no such group');
  });
  test('facts: who came and who went, with a seat, and what was closed within the period', async () => {
    const group = await commissioned();
    const stays = await seated(group);
    const left = await seated(group);
    made(await change(`/memberships/${left.seat}`, { endDate: '2026-03-31' }, { who: 'support' }), 200);
    const promoted = await seated(group);
    made(await change(`/memberships/${promoted.seat}`, { endDate: '2026-04-30' }, { who: 'support' }), 200);
    made(await post('/memberships', { personId: promoted.id, groupId: group, role: 'chair', capacity: 'profession', startDate: '2026-05-01' }, 'support'));
    await seated(group, 'member', { startDate: '2026-04-01' });
    await seated(group, 'processLeader');
    const done = await action({ ownerId: stays.id, status: 'done' }, `/groups/${group}/actions`);
    await action({ status: 'dropped', reason: 'Prov.' }, `/groups/${group}/actions`);
    await action({}, `/groups/${group}/actions`);
    const facts = async (periodStart, periodEnd) => made(await post(`/groups/${group}/status-reports`, { ...body, periodStart, periodEnd }, 'support')).facts;
    const spring = await facts('2026-01-02', '2026-03-31');
    assert.deepEqual([spring.members, spring.membersJoined, spring.membersLeft], [3, 0, 0], 'the last day is a day with a seat');
    const summer = await facts('2026-04-01', '2026-06-30');
    assert.deepEqual([summer.members, summer.membersJoined, summer.membersLeft], [3, 1, 1], 'another role is no coming and going');
    assert.deepEqual([summer.actionsDone, summer.actionsDropped, summer.actionsOpen, summer.attendancePercent], [0, 0, 1, null]);
    sql(`UPDATE action SET closed_on = '2026-07-01' WHERE id = '${done.id}';`);
    const autumn = await facts('2026-07-01', today);
    assert.deepEqual([autumn.actionsDone, autumn.actionsDropped, autumn.meetings, autumn.decisions], [1, 1, 0, 0]);
    // One meeting for all, where a deputy sits for one of three, and one for the officers alone.
    for (const visibility of ['members', 'principals']) {
      const meeting = made(await post(`/groups/${group}/meetings`, { title: word('Möte'), startsAt: '2026-11-03T09:00:00+01:00', endsAt: '2026-11-03T10:00:00+01:00', mode: 'online', visibility }, 'support'));
      made(await post(`/meetings/${meeting.id}/attendance`, { personId: (await seated(falls)).id, status: 'remote', forId: stays.id }, 'support'));
      const draft = made(await post(`/meetings/${meeting.id}/minutes`, { text: 'Beslut: Ja.\n\nÅtgärd: Skriv, senast 2026-12-24\n' }, 'support'));
      made(await post(`/minutes/${draft.id}/adjustments`, {}, 'support'));
    }
    const told = await facts('2026-07-02', today);
    assert.deepEqual([told.meetings, told.attendancePercent, told.decisions, told.actionsOpen], [1, 33, 1, 2]);
  });
  test('the period follows the last, and what the register says stands beside the form', async () => {
    const group = await commissioned();
    const leads = { personId: people['karin.bergstrom'], groupId: group, role: 'processLeader', capacity: 'profession', startDate: '2026-01-01' };
    made(await post('/memberships', leads, 'support'));
    const jar = await k.login('karin.bergstrom@kansli.example', demoPassword);
    const field = async (name) => (await jar.get(`/groups/${group}/status-reports/new`)).formWith((input) => input.name === 'periodStart').fields[name];
    assert.deepEqual([await field('periodStart'), await field('periodEnd')], ['2025-11-22', today], 'a year back');
    made(await post(`/groups/${group}/status-reports`, { ...body, periodEnd: '2026-10-31' }));
    assert.equal(await field('periodStart'), '2026-11-01');
    made(await post(`/groups/${group}/status-reports`, { ...body, periodEnd: today }));
    assert.deepEqual([await field('periodStart'), await field('periodEnd')], [today, today]);
    const page = await jar.get(`/groups/${palliative}/status-reports/new`);
    for (const words of ['Ur registret', 'Nya ledamöter', 'Vad mötena ledde till']) assert.ok(page.text.includes(words), words);
  });
  test('are told by mail to officers of the principal, once, but not to who wrote it', async () => {
    const group = await commissioned();
    const leads = { personId: people['karin.bergstrom'], groupId: group, role: 'processLeader', capacity: 'profession', startDate: '2026-01-01' };
    made(await post('/memberships', leads, 'support')); // and the principal
    const { id } = made(await post(`/groups/${group}/status-reports`, body));
    const chair = sql(`SELECT p.email FROM membership s JOIN person p ON p.key = s.person_key JOIN body b ON b.key = s.group_key WHERE b.id = '${principal}' AND s.role = 'chair' AND s.end_date IS NULL OR b.id = '${principal}' AND s.role = 'chair' AND s.end_date >= '${today}';`);
    const told = () => sql(`SELECT address FROM mail WHERE event = 'status-reports:${id}:new';`).split('\n');
    assert.ok(told().includes(chair));
    assert.ok(!told().includes('karin.bergstrom@kansli.example'));
    assert.ok(!sql(`SELECT content FROM mail WHERE event = 'status-reports:${id}:new';`).includes('enligt plan**'), 'not what it says');
    const before = told().length;
    made(await change(`/status-reports/${id}`, { state: 'atRisk' }), 200);
    assert.equal(told().length, before);
  });
  test('a wider view: those further down, and who has been silent, in neutral words', async () => {
    const quiet = await commissioned();
    made(await post(`/groups/${quiet}/status-reports`, { ...body, periodEnd: '2026-05-25' }, 'support'));
    const below = await commissioned(palliative, { kind: 'other' });
    made(await post(`/groups/${below}/status-reports`, { ...body, state: 'offTrack' }, 'support'));
    const { below: near, further } = made(await get(`/groups/${principal}/status-reports?embed=below,further`), 200)._embedded;
    const row = (rows, id) => rows.rows.find((r) => r.groupId === id);
    assert.equal(row(near, quiet).silent, true);
    assert.equal(row(near, palliative).silent, false);
    assert.equal(row(near, 'nag-lakemedel-for-aldre').id, undefined);
    assert.equal(row(near, below), undefined);
    assert.equal(row(further, below).stateLabel, 'Ur kurs');
    const page = await (await k.login('karin.bergstrom@kansli.example', demoPassword)).get(`/groups/${principal}/status-reports`);
    for (const words of ['Ingen rapport sedan 25 maj 2026', 'har inte rapporterat', 'Längre ned', 'class="tag bad"']) assert.ok(page.text.includes(words), words);
  });
  test('the principal has its groups side by side', async () => {
    const jar = await k.login('karin.bergstrom@kansli.example', demoPassword);
    const page = await jar.get(`/groups/${principal}/status-reports`);
    assert.equal(page.status, 200);
    assert.match(page.text, new RegExp(`href="/status-reports/`));
  });
});

describe('what waits', () => {
  const own = async (who) => made(await get('/me/tasks?limit=500', who), 200).items;
  test('an open action waits for its owner by its day, until it is done', async () => {
    const { id } = await action({ ownerId: people['viveka.lundhede'], dueDate: '2026-12-06' });
    const [task] = (await own('viveka')).filter((t) => t.objectId === id);
    assert.equal(task.dueDate, '2026-12-06');
    assert.ok(task.href.endsWith(`/actions/${id}`));
    assert.ok(!(await own('karin')).some((t) => t.objectId === id));
    made(await change(`/actions/${id}`, { status: 'done' }, { who: 'viveka' }), 200);
    assert.ok(!(await own('viveka')).some((t) => t.objectId === id));
  });
  test('an action without a day waits at once, one further off not yet', async () => {
    const owner = { ownerId: people['viveka.lundhede'] };
    const [undated, edge, far] = [await action(owner), await action({ ...owner, dueDate: '2026-12-06' }), await action({ ...owner, dueDate: '2026-12-07' })];
    const waiting = (await own('viveka')).map((t) => t.objectId);
    assert.deepEqual([undated, edge, far].map((a) => waiting.includes(a.id)), [true, true, false]);
  });
  test('a report waits for the process leader of a group that has met and not reported for half a year', async () => {
    const group = await commissioned();
    const leader = await insider(group, 'processLeader');
    const chair = await insider(group, 'chair');
    const waits = async (who) => (await own(who)).some((t) => t.id === `status-report:${group}`);
    const meet = async (day) => made(await post(`/groups/${group}/meetings`, { title: word('Möte'), startsAt: `${day}T09:00:00+01:00`, endsAt: `${day}T10:00:00+01:00`, mode: 'online' }, 'support'));
    assert.equal(await waits(leader.who), false, 'it has not met');
    await meet('2026-10-01');
    assert.equal(await waits(leader.who), true);
    assert.equal(await waits(chair.who), false, 'there is a process leader');
    made(await post(`/groups/${group}/status-reports`, report({ periodEnd: '2026-05-25' }), leader.who));
    assert.equal(await waits(leader.who), true, '181 days ago');
    made(await post(`/groups/${group}/status-reports`, report({ periodStart: '2026-05-26', periodEnd: '2026-05-26' }), leader.who));
    assert.equal(await waits(leader.who), false, '180 days ago');
    made(await change(`/memberships/${leader.seat}`, { endDate: '2026-11-01' }, { who: 'support' }), 200);
    assert.equal(await waits(leader.who), false, 'no longer');
  });
  test('a new report waits for each officer of the principal until it is read, and again when it is corrected', async () => {
    const group = await commissioned();
    const leader = await insider(group, 'processLeader');
    const reader = await insider(principal, 'secretary');
    const { id } = made(await post(`/groups/${group}/status-reports`, report(), leader.who));
    const waits = async (who) => (await own(who)).filter((t) => t.objectId === id).map((t) => t.about).join();
    assert.equal(await waits(reader.who), 'Enligt plan');
    assert.equal(await waits('karin'), 'Enligt plan');
    for (const who of [leader.who, 'viveka', 'elin', 'support']) assert.equal(await waits(who), '', who);
    await get(`/status-reports/${id}`, 'support');
    assert.equal(await waits(reader.who), 'Enligt plan', 'somebody else read it');
    await get(`/status-reports/${id}`, reader.who);
    await get(`/status-reports/${id}`, reader.who);
    assert.deepEqual([await waits(reader.who), await waits('karin')], ['', 'Enligt plan']);
    assert.equal(made(await get('/audit-events?act=open&objectType=status-reports&limit=500', 'support'), 200).items.filter((e) => e.objectId === id).length, 1);
    made(await change(`/status-reports/${id}`, { state: 'atRisk' }, { who: leader.who }), 200);
    assert.equal(await waits(reader.who), 'Risk');
    made(await post(`/groups/${group}/status-reports`, report({ periodStart: '2026-07-01', periodEnd: '2026-10-31' }), leader.who));
    assert.equal(await waits(reader.who), '', 'the newest alone');
  });
  test('three days before and the day after, once each, in words that tell nothing', async () => {
    const owner = { ownerId: people['viveka.lundhede'] };
    const soon = await action({ ...owner, dueDate: '2026-11-25' });
    const late = await action({ ...owner, dueDate: '2026-11-21' });
    const far = await action({ ...owner, dueDate: '2026-11-26' });
    const done = await action({ ...owner, dueDate: '2026-11-25', status: 'done' });
    await k.stop();
    for (let i = 0; i < 2; i++) { // and once more on the same day: nobody is told twice
      k = await start({ db: k.db, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
      if (!i) await k.stop();
    }
    const mails = (id) => sql(`SELECT event FROM mail WHERE event LIKE 'actions:${id}:%';`);
    for (let i = 0; i < 50 && !mails(late.id); i++) await new Promise((resolve) => setTimeout(resolve, 100)); // chores run beside
    assert.equal(mails(soon.id), `actions:${soon.id}:before:2026-11-25`);
    assert.equal(mails(late.id), `actions:${late.id}:after:2026-11-21`);
    assert.equal(mails(far.id), '');
    assert.equal(mails(done.id), '');
    assert.ok(!sql(`SELECT content FROM mail WHERE event LIKE 'actions:${soon.id}:%';`).includes(soon.text));
  });
  test('by mail: neutral words, a way to stop, nothing for what is done or dropped', async () => {
    const mail = await mailServer();
    const r = await start({ demo: true, env: { KANSLI_NOW: '2026-11-20T10:00:00Z', KANSLI_NO_CHORES: '1', ...mail.env } });
    const token = await r.token('support@kansli.example');
    const owner = async (who) => (await r.api(`/me`, { token: await r.token(`${who}@kansli.example`) })).json.personId;
    const ids = { viveka: await owner('viveka.lundhede'), elin: await owner('elin.sarri') };
    const make = async (groupId, fields) => (await r.api(`/groups/${groupId}/actions`, { token, method: 'POST', body: { text: 'Hemlig sak', ...fields } })).json.id;
    sqlAt(r, 'DELETE FROM mail; UPDATE action SET due_date = NULL;');
    const soon = await make(palliative, { ownerId: ids.viveka, dueDate: '2026-11-25' });
    const late = await make(falls, { ownerId: ids.elin, dueDate: '2026-11-20' });
    for (const fields of [{ status: 'done' }, { status: 'dropped', reason: 'Nej.' }, { dueDate: '2026-11-26' }]) await make(palliative, { ownerId: ids.viveka, dueDate: '2026-11-25', ...fields });
    await r.stop();
    // The register wakes up on a day: everything waits for a server, and the others' mail is put aside. Then once more, with one.
    const wake = (hour) => start({ db: r.db, env: { KANSLI_NOW: `2026-11-22T${hour}:00:00Z`, ...mail.env }, args: ['--base-url', 'https://kansli.example'] });
    let now = await wake('06');
    await until(() => sqlAt(r, "SELECT count(*) FROM mail WHERE event LIKE 'actions:%';") === '2');
    await now.stop();
    sqlAt(r, "UPDATE mail SET state = 'sent' WHERE event NOT LIKE 'actions:%';");
    mail.settle(r);
    now = await wake('07');
    const all = await mail.arrived(2);
    await now.stop();
    const about = (id) => all.filter((one) => one.text.includes(`/actions/${id}`));
    assert.equal(about(soon).length, 1);
    assert.equal(about(late).length, 1);
    assert.equal(mail.got.length, 2);
    const [before] = about(soon);
    assert.deepEqual(before.envelope, ['viveka.lundhede@kansli.example']);
    assert.match(before.subject, /25 november 2026/);
    assert.ok(!before.raw.includes('Hemlig'));
    assert.match(before.raw, /\r\nList-Unsubscribe: </);
    assert.match(before.text, /https:\/\/kansli\.example\/mail\/stop\//);
    assert.match(about(late)[0].subject, /20 november 2026/);
    await mail.stop();
  });
  test('what nobody follows up or has taken on is told by the checks', async () => {
    const late = await action({ ownerId: people['viveka.lundhede'], dueDate: '2026-08-01' });
    const free = await action();
    const found = async (rule) => made(await get(`/checks?rule=${rule}&limit=500`, 'support'), 200).items.map((f) => f.objectId);
    assert.ok((await found('action-overdue')).includes(late.id));
    assert.ok((await found('action-unowned')).includes(free.id));
  });
});

describe('people', () => {
  const person = async () => made(await post('/persons', { givenName: 'Prov', familyName: `Nummer ${++serial}`, protectedIdentity: false }, 'support')).id;
  test('of two who are one, the actions go along', async () => {
    const [from, into] = [await person(), await person()];
    const { id } = made(await post(`/groups/${palliative}/actions`, { text: word('Den enas'), ownerId: from }, 'support'));
    made(await post(`/persons/${from}/merges`, { intoId: into }, 'support'));
    assert.equal((await get(`/actions/${id}`, 'support')).json.ownerId, into);
  });
  test('of somebody who is forgotten, open actions are nobody\'s and reasons are gone', async () => {
    tokens.protection = await k.token('dataskydd@kansli.example');
    const ownerId = await person();
    const open = made(await post(`/groups/${palliative}/actions`, { text: word('Öppen'), ownerId }, 'support'));
    const dropped = made(await post(`/groups/${palliative}/actions`, { text: word('Avskriven'), ownerId, status: 'dropped', reason: 'Sjukskriven.' }, 'support'));
    made(await post(`/persons/${ownerId}/anonymisations`, { reason: 'Begäran.' }, 'protection'));
    assert.equal((await get(`/actions/${open.id}`, 'support')).json.ownerId, null);
    assert.equal((await get(`/actions/${dropped.id}`, 'support')).json.reason, null);
    assert.ok(!(await get('/audit-events?limit=500', 'support')).text.includes('Sjukskriven'));
  });
});

describe('pages', () => {
  test('an owner says done with one button', async () => {
    const { id } = await action({ ownerId: people['karin.bergstrom'] });
    const jar = await k.login('karin.bergstrom@kansli.example', demoPassword);
    for (const where of ['/me/actions', '/actions', `/groups/${palliative}/decisions`, `/groups/${palliative}/actions`, '/decisions', '/status-reports',
      `/groups/${palliative}/status-reports/new`, `/groups/${palliative}/actions/new`, `/actions/${id}/edit`, `/actions/${id}/delete`]) {
      const page = await jar.get(where);
      assert.equal(page.status, 200, where);
    }
    const page = await jar.get('/me/actions');
    assert.match(page.text, new RegExp(`action="/actions/${id}\\?_method=PATCH"`));
  });
  test('done, later, somebody else\'s, dropped and open again, each one form', async () => {
    const { id } = await action({ ownerId: people['viveka.lundhede'], dueDate: '2026-12-01' });
    const jar = await k.login('karin.bergstrom@kansli.example', demoPassword);
    const form = async (test) => (await jar.get(`/actions/${id}`)).formWith(test);
    const now = async () => (await get(`/actions/${id}`)).json;
    const press = async (test, changes, location = `/groups/${palliative}/decisions`) => {
      const reply = await jar.submit(await form(test), changes);
      assert.equal(reply.status, 303, reply.text);
      assert.ok(reply.headers.location.endsWith(location), reply.headers.location);
    };
    await press((input) => input.name === 'dueDate', { dueDate: '2026-12-24' });
    assert.equal((await now()).dueDate, '2026-12-24');
    await press((input) => input.name === 'ownerId', { ownerId: 'Elin Sarri' });
    assert.equal((await now()).ownerId, people['elin.sarri']);
    const refusal = await jar.submit(await form((input) => input.name === 'reason'), { reason: '' });
    assert.equal(refusal.status, 400);
    assert.match(refusal.text, /Skriv varför åtgärden skrivs av|Säg varför|varför/);
    await press((input) => input.name === 'reason', { reason: 'Görs av en annan grupp.' });
    assert.deepEqual([(await now()).status, (await now()).reason], ['dropped', 'Görs av en annan grupp.']);
    await press((input) => input.name === 'status' && input.value === 'open', {});
    await press((input) => input.name === 'status' && input.value === 'done', {});
    const page = await jar.get(`/actions/${id}`);
    for (const words of ['<del>', '2026-12-01', '2026-12-24', 'Öppna den igen']) assert.ok(page.text.includes(words), words); // the old day is kept
    // who owns it gets back to her own; who neither owns nor leads has no form
    const own = await action({ ownerId: people['viveka.lundhede'] });
    const viveka = await k.login('viveka.lundhede@kansli.example', demoPassword);
    const mine = await viveka.get(`/actions/${own.id}`);
    assert.ok(!mine.text.includes('name="ownerId"') && !mine.text.includes('Historik</h2>'));
    const reply = await viveka.submit(mine.formWith((input) => input.name === 'status' && input.value === 'done'));
    assert.ok(reply.headers.location.endsWith('/me/actions'));
    assert.equal((await viveka.get(`/actions/${id}`)).formWith((input) => input.name === 'status'), null);
  });
  test('two press Done at once: the second sees how it is now', async () => {
    const { id } = await action({ ownerId: people['viveka.lundhede'] });
    const [one, two] = [await k.login('karin.bergstrom@kansli.example', demoPassword), await k.login('viveka.lundhede@kansli.example', demoPassword)];
    const done = (input) => input.name === 'status' && input.value === 'done';
    const [first, second] = [(await one.get(`/actions/${id}`)).formWith(done), (await two.get(`/actions/${id}`)).formWith(done)];
    const replies = await Promise.all([one.submit(first), two.submit(second)]);
    assert.deepEqual(replies.map((r) => r.status).sort(), [303, 412]);
    assert.match(replies.find((r) => r.status === 412).text, /Någon annan|har ändrats/);
    assert.equal((await get(`/actions/${id}`)).json.status, 'done');
    assert.equal((await get(`/actions/${id}`)).etag.split('.')[0], '"2');
  });
  test('registers lead on: by tabs, by group, by person, and keep what was asked', async () => {
    const jar = await k.login('karin.bergstrom@kansli.example', demoPassword);
    const meetings = await jar.get('/meetings');
    for (const where of ['/decisions', '/actions', '/me/actions', '/status-reports']) assert.ok(meetings.text.includes(`href="${where}"`), where);
    const page = await jar.get(`/actions?withinId=${principal}&q=a&ownerId=${people['viveka.lundhede']}&status=done,open`);
    const form = page.formWith((input) => input.name === 'withinId');
    assert.deepEqual(['withinId', 'q', 'ownerId', 'status'].map((name) => form.fields[name]), [principal, 'a', people['viveka.lundhede'], 'done,open']);
    assert.match(page.text, /aria-current="true">Öppna|href="\?[^"]*withinId=[^"]*&amp;q=a[^"]*&amp;overdue=true"/);
    assert.match(page.text, /href="\?[^"]*sort=dueDate"/);
    const nobody = await k.page('/actions');
    assert.ok(!nobody.text.includes('href="/me/actions"') && !nobody.text.includes('href="/status-reports"'));
    const tab = await jar.get(`/groups/${principal}/decisions`);
    assert.ok(tab.text.includes(`/decisions?withinId=${principal}`) && tab.text.includes(`/groups/${principal}/status-reports`));
    assert.ok(!(await jar.get(`/groups/${falls}/decisions`)).text.includes(`/decisions?withinId=${falls}`), 'it commissions nobody');
  });
  test('who may do nothing has no button', async () => {
    const { text } = await action({ ownerId: people['karin.bergstrom'] });
    const page = await (await k.login('viveka.lundhede@kansli.example', demoPassword)).get('/actions?limit=500');
    assert.ok(page.text.includes(text));
    assert.ok(!page.text.includes(`: ${text}`));
  });
});
