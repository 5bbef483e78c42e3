// Decisions, actions and status reports through the real binary: who reads and who changes, what a draft hides, what a
// line of the minutes becomes, done and dropped, the owner's own part, reports to the principals and reminders.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { lifted as lift } from '../lib/lifted.mjs';

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

const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
const get = (where, who = 'karin') => k.api(where, { token: tokens[who] });
const post = (where, body = {}, who = 'karin') => k.api(where, { token: tokens[who], method: 'POST', body });
async function change(where, body, { who = 'karin', method = 'PATCH', etag } = {}) {
  etag ??= (await get(where, who)).etag;
  return k.api(where, { token: tokens[who], method, body, headers: etag ? { 'if-match': etag } : {} });
}
const remove = (where, who) => change(where, undefined, { method: 'DELETE', who });
function refused(reply, status, rule) {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.json.rule, rule);
}
function wrong(reply, ...pointers) {
  assert.equal(reply.status, 400, reply.text);
  assert.deepEqual([...new Set(reply.json.errors.map((e) => e.pointer ?? e.parameter))].sort(), pointers.sort());
}
function made(reply, status = 201) {
  assert.equal(reply.status, status, reply.text);
  return reply.json;
}
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
    assert.equal((await change(`/actions/${id}`, { status: 'dropped', reason: 'Behövs inte längre.' })).json.status, 'dropped');
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

describe('status reports', () => {
  const body = { periodStart: '2026-01-01', periodEnd: '2026-06-30', state: 'onTrack', text: 'Arbetet går **enligt plan**.' };
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
    made(await post('/status-reports', { ...body, groupId: falls, periodStart: '2026-07-01', periodEnd: '2026-10-31' }));
    refused(await change(`/status-reports/${first.id}`, { state: 'offTrack' }), 409, 'report-not-newest');
  });
  test('what makes no sense is told', async () => {
    wrong(await post(`/groups/${falls}/status-reports`, { ...body, periodEnd: '2025-12-31' }), '/periodEnd');
    wrong(await post(`/groups/${falls}/status-reports`, { ...body, periodEnd: '2026-11-23' }), '/periodEnd');
    wrong(await post(`/groups/${falls}/status-reports`, { state: 'fine' }), '/periodEnd', '/periodStart', '/state', '/text');
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
  test('a report waits for officers when a year has passed', async () => {
    const waits = async (group) => (await own('karin')).some((t) => t.id === `status-report:${group}`);
    assert.equal(await waits(principal), sql(`SELECT count(*) FROM group_principal p JOIN body b ON b.key = p.group_key WHERE b.id = '${principal}';`) !== '0');
    made(await post(`/groups/${principal}/status-reports`, { periodStart: '2026-01-01', periodEnd: today, state: 'onTrack', text: 'Bra.' }));
    assert.equal(await waits(principal), false);
    assert.ok(!(await own('viveka')).some((t) => t.id.startsWith('status-report:')));
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
  test('who may do nothing has no button', async () => {
    const { text } = await action({ ownerId: people['karin.bergstrom'] });
    const page = await (await k.login('viveka.lundhede@kansli.example', demoPassword)).get('/actions?limit=500');
    assert.ok(page.text.includes(text));
    assert.ok(!page.text.includes(`: ${text}`));
  });
});
