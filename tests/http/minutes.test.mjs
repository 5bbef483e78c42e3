// Minutes through the real binary: compiled from the agenda, lifted into decisions and actions, locked by adjusting,
// corrected by the next version, sent with receipts; who sees what, and nothing lost between two writers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made, refused, wrong } from '../lib/said.mjs';

let k;
const tokens = { nobody: '' };
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.reader = (await k.actor(null)).token;
  tokens.reads = await k.token('support@kansli.example', 'read');
});

const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
const get = (where, who = 'support') => k.api(where, { token: tokens[who] });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who], method: 'POST', body });
async function change(where, body, { who = 'support', method = 'PATCH', etag } = {}) {
  etag ??= (await get(where, who)).etag;
  return k.api(where, { token: tokens[who], method, body, headers: etag ? { 'if-match': etag } : {} });
}

let serial = 0;
const group = async (fields = {}) => made(await post('/groups', { kind: 'nag', name: `Protokoll ${++serial}`, startDate: '2024-01-01', principalIds: ['npo-tandvard'], ...fields })).id;
// Somebody new in a group, with an account and a token of his own.
async function join(groupId, role = 'member', { fields = {}, seat = {} } = {}) {
  const email = `skribent-${++serial}@example.org`;
  const person = made(await post('/persons', { givenName: 'Prov', familyName: `Nummer ${serial}`, email, protectedIdentity: false, ...fields }));
  if (groupId) made(await post('/memberships', { personId: person.id, groupId, role, capacity: 'profession', startDate: '2024-01-01', ...seat }));
  await k.user(email, null, { person: person.id });
  tokens[email] = await k.token(email);
  return { id: person.id, email, name: person.name };
}
const past = { startsAt: '2026-11-10T08:00:00Z', endsAt: '2026-11-10T11:00:00Z', mode: 'online', location: 'https://mote.example/hemligt' };
const meeting = async (of, fields = {}) => made(await post(`/groups/${of}/meetings`, { ...past, ...fields }));
const item = async (m, fields = {}) => made(await post(`/meetings/${m.id}/agenda-items`, { title: `Punkt ${++serial}`, type: 'decision', ...fields }));
const draft = async (m, text, who) => made(await post(`/meetings/${m.id}/minutes`, text === undefined ? {} : { text }, who));
const adjust = async (v) => made(await post(`/minutes/${v.id}/adjustments`));
const decisions = (m) => JSON.parse(sql(`SELECT json_group_array(json_array(number, text)) FROM (SELECT number, text FROM decision d JOIN meeting m ON m.key = d.meeting_key WHERE m.id = '${m.id}' ORDER BY d.position);`));
const actions = (m) => JSON.parse(sql(`SELECT json_group_array(json_array(text, id, due_date)) FROM (SELECT a.text, p.id, a.due_date FROM action a JOIN meeting m ON m.key = a.meeting_key LEFT JOIN person p ON p.key = a.owner_key WHERE m.id = '${m.id}' ORDER BY a.position);`));
const mails = (v) => sql(`SELECT address FROM mail WHERE event = 'minutes:${v.id}:distributed' ORDER BY 1;`).split('\n').filter(Boolean);

// ---------------------------------------------------------------- a draft

describe('a draft', () => {
  test('is compiled from the agenda: who was there, who stood aside with the public note, what was noted', async () => {
    const of = await group();
    const chair = await join(of, 'chair');
    const away = await join(of);
    const guest = await join();
    const m = await meeting(of, { title: 'Höst*möte' });
    const budget = await item(m, { title: 'Budget [2027]', minutesText: 'Vi talade.\n\nBeslut: Budgeten antas.', presenterIds: [chair.id] });
    await item(m, { title: 'Senare', postponed: true });
    made(await post(`/meetings/${m.id}/attendance`, { personId: chair.id, status: 'remote' }));
    made(await post(`/meetings/${m.id}/attendance`, { personId: away.id, status: 'excused' }));
    made(await post(`/meetings/${m.id}/attendance`, { personId: guest.id, status: 'present' }));
    made(await post(`/meetings/${m.id}/recusals`, { agendaItemId: budget.id, personId: chair.id, action: 'leftRoom', note: 'Äger *aktier*.' }));
    const v = await draft(m);
    assert.equal(v.status, 'draft');
    assert.equal(v.version, 1);
    assert.equal(v.meetingId, m.id);
    assert.deepEqual(v.warnings, []);
    assert.match(v.text, /^# Höst\\\*möte\n\n/);
    assert.match(v.text, /tisdag 10 november 2026 kl\. 09\.00–12\.00/);
    assert.doesNotMatch(v.text, /hemligt/, 'the way into a video meeting is told to nobody');
    const [there, gone] = v.text.split('## Frånvarande');
    assert.match(there, new RegExp(`- ${chair.name}, ordförande.* \\(på distans\\)`));
    assert.match(there, new RegExp(`- ${guest.name}`));
    assert.match(gone, new RegExp(`- ${away.name}`));
    assert.match(v.text, new RegExp(`## 2\\. Budget \\\\\\[2027\\\\\\]\n\nFöredragande: ${chair.name}\n\n- Jäv: ${chair.name}\\. .+\\. Äger \\\\\\*aktier\\\\\\*\\.`));
    assert.match(v.text, /## 3\. Senare\n\nPunkten skjuts upp/);
    assert.match(v.textHtml, /<h3 id="part-5">\n2\. Budget \[2027\]\n<\/h3>/);
    assert.match(v.textHtml, /<span class="tag ok">Beslut<\/span> Budgeten antas\./);
    assert.deepEqual(v.contents.map((part) => [part.anchor, part.level]), [['part-1', 2], ['part-2', 3], ['part-3', 3], ['part-4', 3], ['part-5', 3], ['part-6', 3]]);
    assert.deepEqual(decisions(m), [[null, 'Budgeten antas.']]);
    assert.equal(sql(`SELECT a.id FROM decision d JOIN agenda_item a ON a.key = d.item_key WHERE d.text = 'Budgeten antas.';`), budget.id, 'a title with markup is found again');
  });

  test('does not name whom it may not: a protected identity, and at a public meeting who did not want to', async () => {
    const of = await group();
    const hidden = await join(of, 'member', { fields: { protectedIdentity: true } });
    const patient = await join(of, 'member', { seat: { capacity: 'patient' } });
    for (const [visibility, named] of [['public', false], ['members', true]]) {
      const m = await meeting(of, { visibility });
      for (const one of [hidden, patient]) made(await post(`/meetings/${m.id}/attendance`, { personId: one.id, status: 'present' }));
      const { text } = await draft(m);
      assert.equal(text.includes(hidden.name), false);
      assert.equal(text.includes(patient.name), named);
      assert.match(text, /- Ledamot/);
    }
  });

  test('is one at a time, changed with If-Match, and never empty', async () => {
    const m = await meeting(await group());
    const v = await draft(m, 'Ett');
    refused(await post(`/meetings/${m.id}/minutes`, { text: 'Två' }), 409, 'draft-exists');
    const { etag } = await get(`/minutes/${v.id}`);
    assert.equal((await k.api(`/minutes/${v.id}`, { token: tokens.support, method: 'PATCH', body: { text: 'x' } })).status, 428);
    const saved = made(await change(`/minutes/${v.id}`, { text: 'Två **två**' }, { etag }), 200);
    assert.match(saved.textHtml, /<strong>två<\/strong>/);
    const stale = await change(`/minutes/${v.id}`, { text: 'Tre' }, { etag });
    assert.equal(stale.status, 412, stale.text);
    wrong(await change(`/minutes/${v.id}`, { text: null }), '/text');
    wrong(await change(`/minutes/${v.id}`, { text: 'å'.repeat(40_000) }), '/text');
    wrong(await change(`/minutes/${v.id}`, { text: '- '.repeat(500) }), '/text');
    wrong(await change(`/minutes/${v.id}`, { status: 'adjusted', version: 7 }), '/status', '/version');
    made(await change(`/minutes/${v.id}`, { text: 'a'.repeat(65_000) }), 200);
    assert.equal((await change(`/minutes/${v.id}`, undefined, { method: 'DELETE' })).status, 204);
    assert.equal((await get(`/minutes/${v.id}`)).status, 404);
    assert.equal((await draft(m, 'Igen')).version, 1);
  });

  test('is not written of a cancelled meeting', async () => {
    const m = await meeting(await group(), { startsAt: '2027-01-10T08:00:00Z', endsAt: '2027-01-10T09:00:00Z' });
    made(await post(`/meetings/${m.id}/cancellations`, { reason: 'Snö' }));
    refused(await post(`/meetings/${m.id}/minutes`, {}), 409, 'meeting-cancelled');
  });
});

// ---------------------------------------------------------------- what its lines say

describe('a line', () => {
  const of = {};
  before(async () => {
    of.id = await group();
    of.anna = await join(of.id, 'chair', { fields: { givenName: 'Anna', familyName: 'Berg' } });
    of.longer = await join(of.id, 'member', { fields: { givenName: 'Anna', familyName: 'Berg Åström' } });
    for (let i = 0; i < 2; i++) await join(of.id, 'member', { fields: { givenName: 'Två', familyName: 'Lika' } });
    of.outside = await join(null, 'member', { fields: { givenName: 'Utan', familyName: 'Grupp' } });
  });
  const lifted = async (text) => {
    const m = await meeting(of.id);
    const v = await draft(m, text);
    return { m, v, decisions: decisions(m).map((d) => d[1]), actions: actions(m).map(([what, owner, due]) => [what, Object.values(of).find((one) => one.id === owner)?.name ?? owner, due]), warned: v.warnings.map((w) => w.line) };
  };

  test('that begins with Beslut: or Decision: is a decision, in a paragraph or a list, not in quotes or code', async () => {
    const { decisions: found, warned } = await lifted([
      'Inledning. Beslut: inte först på raden', '**Beslut:** *ett*', '', '- Decision: two', '  - Beslut: tre', '1. a', '', '   Beslut: fyra', '',
      '> Beslut: citerat', '', '    Beslut: kod', '', '```', 'Beslut: kod', '```', '', '`Beslut: kod`', '', '# Beslut: rubrik', '', 'beslut: litet', '', 'Beslut:', '<b>Beslut:</b> fem',
    ].join('\n'));
    assert.deepEqual(found, ['ett', 'two', 'tre', 'fyra', 'fem']);
    assert.deepEqual(warned, [24], 'a decision that says nothing');
  });

  test('that begins with Åtgärd: has an owner, the longest full name, and a day', async () => {
    const { actions: found, warned } = await lifted([
      'Åtgärd: @Anna Berg skriver, senast 2026-12-01', '',
      'Åtgärd: @anna  BERG astrom: ringer senast 2026-12-02.', '',
      'Action: @Anna Berg writes by 2026-12-03', '',
      '- Åtgärd: alla läser', '',
      'Åtgärd: @Anna Bergström målar, senast 2026-12-04', '',
      'Åtgärd: @Två Lika delar', '',
      'Åtgärd: @Utan Grupp smyger', '',
      'Åtgärd: @Anna Berg, senast 2026-12-05', '',
      'Åtgärd: @Anna Berg räknar, senast 2026-02-30', '',
      'Åtgärd: @Anna Berg läser 2026-12-06',
    ].join('\n'));
    assert.deepEqual(found, [
      ['skriver', 'Anna Berg', '2026-12-01'],
      ['ringer', 'Anna Berg Åström', '2026-12-02'],
      ['writes', 'Anna Berg', '2026-12-03'],
      ['alla läser', null, null],
      ['@Anna Bergström målar', null, '2026-12-04'],
      ['@Två Lika delar', null, null],
      ['@Utan Grupp smyger', null, null],
      ['räknar, senast 2026-02-30', 'Anna Berg', null],
      ['läser 2026-12-06', 'Anna Berg', null],
    ]);
    assert.deepEqual(warned, [9, 11, 13, 15, 17]);
  });

  test('is read as people read it: through emphasis, capitals, letters in two pieces; up to the end of the line', async () => {
    const asa = await join(of.id, 'member', { fields: { givenName: 'Åsa', familyName: 'Öberg-Ängström' } });
    of.asa = asa;
    const { decisions: said, actions: found, warned } = await lifted([
      '**Åtgärd:** @*Anna Berg* skriver **allt**, senast `2026-12-01`', '',
      'Åtgärd: @ÅSA ÖBERG-ÄNGSTRÖM ringer', '',
      'Åtgärd: @Åsa Öberg-Ängström läser'.normalize('NFD'), '',
      'Åtgärd: @Anna Berg', 'senast 2026-12-02', '',
      '- Beslut: första', '  raden', '  Beslut: andra  ', '  Beslut: tredje\\', '  Beslut: fjärde', '',
      '| Beslut: tabell |', '', '[Beslut:](/x) femte', '', '![Beslut:](/y) sjätte', '', '* * *', 'Beslut: sjunde', '===',
    ].join('\n'));
    assert.deepEqual(found, [['skriver allt', 'Anna Berg', '2026-12-01'], ['ringer', asa.name, null], ['läser', asa.name, null]]);
    assert.deepEqual(said, ['första', 'andra', 'tredje', 'fjärde', 'femte', 'sjätte'], 'a heading is no line');
    assert.deepEqual(warned, [7], 'what is to be done stands on the line');
  });

  test('may name the people of every group of a joint meeting, who was there, and nobody whom the writer may not know of', async () => {
    const joint = await group();
    const member = await join(joint, 'member', { fields: { givenName: 'Mia', familyName: 'Andragruppen' } });
    const guest = await join(null, 'member', { fields: { givenName: 'Gun', familyName: 'Gästande' } });
    const quiet = await join(joint, 'member', { fields: { givenName: 'Tyst', familyName: 'Namnlös', publishName: false } });
    const hidden = await join(joint, 'member', { fields: { givenName: 'Skydd', familyName: 'Adsson', protectedIdentity: true } });
    const boss = await join('npo-tandvard', 'secretary', { seat: { capacity: 'other' } });
    const officer = await join(joint, 'secretary');
    const text = ['Mia Andragruppen', 'Gun Gästande', 'Tyst Namnlös', 'Skydd Adsson'].map((name) => `Åtgärd: @${name} gör`).join('\n\n');
    const owners = async (who, own) => {
      const m = made(await post('/meetings', { ...past, groupIds: [of.id, joint], visibility: 'members' }));
      made(await post(`/meetings/${m.id}/attendance`, { personId: guest.id, status: 'present' }));
      const v = await draft(m, text, who);
      if (own) made(await post(`/minutes/${v.id}/adjustments`, {}, own));
      return [actions(m).map((a) => a[1]), v.warnings.map((w) => w.line)];
    };
    assert.deepEqual(await owners(officer.email), [[member.id, guest.id, quiet.id, hidden.id], []]);
    assert.deepEqual(await owners(boss.email), [[member.id, guest.id, quiet.id, null], [7]], 'a principal does not learn of a protected identity');
    assert.deepEqual((await owners(officer.email, boss.email))[0], [member.id, guest.id, quiet.id, hidden.id], 'who adjusts changes no owner');
  });

  test('stands under the item of its headings', async () => {
    const m = await meeting(of.id);
    const one = await item(m, { title: 'Samma' });
    const other = await item(m, { title: 'Samma' });
    const year = await item(m, { title: '2026 års plan' });
    await draft(m, ['Beslut: före', '# Protokoll', '## 2. samma', 'Beslut: a', '### Bakgrund', 'Beslut: b', '## § 3 Samma', 'Beslut: c', '## 2026 års plan', 'Beslut: d', '## Övrigt', 'Beslut: e'].join('\n\n'));
    const under = JSON.parse(sql(`SELECT json_group_object(d.text, a.id) FROM decision d JOIN meeting m ON m.key = d.meeting_key LEFT JOIN agenda_item a ON a.key = d.item_key WHERE m.id = '${m.id}';`));
    assert.deepEqual(under, { före: null, a: one.id, b: one.id, c: other.id, d: year.id, e: null });
  });

  test('that is edited edits its row; one that is taken away takes it away', async () => {
    const { m, v } = await lifted('Beslut: a\n\nBeslut: b\n\nÅtgärd: c');
    const keys = () => JSON.parse(sql(`SELECT json_group_object(d.text, d.id) FROM decision d JOIN meeting m ON m.key = d.meeting_key WHERE m.id = '${m.id}';`));
    const first = keys();
    made(await change(`/minutes/${v.id}`, { text: 'Beslut: b\n\nBeslut: a' }), 200);
    assert.deepEqual(keys(), first);
    assert.deepEqual(actions(m), []);
    made(await change(`/minutes/${v.id}`, { text: 'Beslut: b' }), 200);
    assert.deepEqual(keys(), { b: first.b });
    assert.equal((await change(`/minutes/${v.id}`, undefined, { method: 'DELETE' })).status, 204);
    assert.deepEqual(decisions(m), [], 'a draft that is deleted decided nothing');
  });

  test('is one of five hundred at most', async () => {
    const m = await meeting(of.id);
    wrong(await post(`/meetings/${m.id}/minutes`, { text: 'Beslut: x\n\n'.repeat(501) }), '/text');
    assert.equal((await get(`/meetings/${m.id}/minutes`)).json.items.length, 0);
  });
});

// ---------------------------------------------------------------- adjusted, corrected

describe('adjusting', () => {
  test('locks the version and numbers its decisions in the group\'s year; a correction is the next version', async () => {
    const of = await group();
    const one = await meeting(of);
    const two = await meeting(of);
    const v = await draft(one, 'Beslut: a\n\nBeslut: b');
    const w = await draft(two, 'Beslut: c');
    assert.equal((await adjust(w)).status, 'adjusted');
    const locked = await adjust(v);
    assert.match(locked.adjustedAt, /^2026-11-22T/);
    assert.deepEqual(decisions(two), [[1, 'c']]);
    assert.deepEqual(decisions(one), [[2, 'a'], [3, 'b']]);
    refused(await post(`/minutes/${v.id}/adjustments`), 409, 'minutes-locked');
    refused(await change(`/minutes/${v.id}`, { text: 'x' }), 409, 'minutes-locked');
    refused(await change(`/minutes/${v.id}`, undefined, { method: 'DELETE' }), 409, 'minutes-locked');

    const next = await draft(one);
    assert.equal(next.version, 2);
    assert.equal(next.text, 'Beslut: a\n\nBeslut: b', 'it begins with what it corrects');
    made(await change(`/minutes/${next.id}`, { text: 'Beslut: a\n\nBeslut: b\n\nBeslut: till' }), 200);
    assert.deepEqual(decisions(one), [[2, 'a'], [3, 'b']], 'until it is adjusted what was adjusted stands');
    assert.deepEqual((await get(`/meetings/${one.id}/minutes`)).json.items.map((i) => [i.version, i.status]), [[2, 'draft'], [1, 'adjusted']]);
    const comparison = made(await get(`/minutes/${next.id}/comparison`), 200);
    assert.deepEqual([comparison.from.version, comparison.to.version, comparison.changed], [1, 2, true]);
    assert.equal(comparison.parts.filter((p) => p.op !== 'inserted').map((p) => p.text).join(''), 'Beslut: a\n\nBeslut: b');
    assert.equal((await get(`/minutes/${v.id}/comparison?with=${v.id}`)).json.changed, false);
    wrong(await get(`/minutes/${next.id}/comparison?with=${w.id}`), 'with');
    await adjust(next);
    assert.deepEqual(decisions(one), [[2, 'a'], [3, 'b'], [4, 'till']]);
  });

  test('keeps the facts of its decisions: attendance, recusals and the agenda stay until the next version is begun', async () => {
    const of = await group();
    const [chair, other] = [await join(of, 'chair'), await join(of)];
    const m = await meeting(of);
    const point = await item(m, { presenterIds: [other.id] });
    const present = made(await post(`/meetings/${m.id}/attendance`, { personId: chair.id, status: 'present' }));
    const aside = made(await post(`/meetings/${m.id}/recusals`, { agendaItemId: point.id, personId: other.id, action: 'leftRoom' }));
    const at = `/meetings/${m.id}`;
    const before = await draft(m, `## 2. ${point.title}\n\nBeslut: a`);
    made(await change(`${at}/attendance/${present.id}`, { note: 'skrivs' }), 200);
    await adjust(before);
    const links = async (where) => (await get(where)).json._links.map((l) => l.rel).filter((rel) => rel !== 'self');
    const locked = async (reply) => refused(await reply, 409, 'minutes-locked');
    const everything = async () => {
      await locked(post(`${at}/attendance`, { personId: other.id, status: 'present' }));
      await locked(post(`${at}/attendance-marks`, { status: 'remote' }));
      await locked(change(`${at}/attendance/${present.id}`, { status: 'absent' }));
      await locked(change(`${at}/attendance/${present.id}`, undefined, { method: 'DELETE' }));
      await locked(post(`${at}/recusals`, { agendaItemId: point.id, personId: chair.id, action: 'leftRoom' }));
      await locked(change(`${at}/recusals/${aside.id}`, { action: 'openDeclaration' }));
      await locked(change(`${at}/recusals/${aside.id}`, undefined, { method: 'DELETE' }));
      await locked(change(`${at}/agenda-items/${point.id}`, { presenterIds: [chair.id] }));
      await locked(post(`${at}/agenda-items`, { title: 'Efteråt' }));
      await locked(change(`${at}/agenda-items/${point.id}`, undefined, { method: 'DELETE' }));
      const ids = (await get(`${at}/agenda-items`)).json.items.map((i) => i.id);
      await locked(post(`${at}/agenda-orders`, { itemIds: ids }));
      for (const where of [`attendance/${present.id}`, `recusals/${aside.id}`, `agenda-items/${point.id}`]) assert.deepEqual(await links(`${at}/${where}`), []);
      const page = made(await get(`${at}?embed=page&item=${point.id}`), 200)._embedded;
      assert.deepEqual([page.mayChange, page.item.mayChange, page.item.mayRecuse, page.newItem, page.item.mayAddPaper], [false, false, false, null, true]);
      assert.equal((await get(`${at}/attendance?embed=page`)).json._embedded.mayChange, false);
    };
    await everything();
    made(await post(`/minutes/${before.id}/distributions`));
    await everything();
    const next = await draft(m);
    made(await change(`${at}/attendance/${present.id}`, { status: 'remote' }), 200);
    made(await change(`${at}/agenda-items/${point.id}`, { presenterIds: [chair.id] }), 200);
    await adjust(next);
    await everything();
  });

  test('keeps the meeting itself when it has not ended yet, and decides in the year in which it was held in the end', async () => {
    const of = await group();
    const m = await meeting(of, { startsAt: '2026-12-30T08:00:00Z', endsAt: '2026-12-30T09:00:00Z' });
    const v = await draft(m, 'Beslut: efter nyår');
    refused(await change(`/meetings/${m.id}`, { groupIds: [await group()] }), 409, 'meeting-noted');
    made(await change(`/meetings/${m.id}`, { startsAt: '2027-01-05T08:00:00Z', endsAt: '2027-01-05T09:00:00Z' }), 200);
    await adjust(v);
    const [decided] = (await get(`/decisions?meetingId=${m.id}`)).json.items;
    assert.deepEqual([decided.number, decided.year, decided.decidedOn], [1, 2027, '2027-01-05']);
    refused(await change(`/meetings/${m.id}`, { startsAt: '2027-01-06T08:00:00Z', endsAt: '2027-01-06T09:00:00Z' }), 409, 'minutes-locked');
    refused(await post(`/meetings/${m.id}/cancellations`, { reason: 'Snö' }), 409, 'minutes-locked');
    assert.ok(!(await get(`/meetings/${m.id}`)).json._links.some((l) => l.rel === 'cancel'));
    made(await change(`/meetings/${m.id}`, { title: 'Nyårsmöte' }), 200);
  });

  test('of a meeting that is opened to everyone afterwards names nobody who has not agreed', async () => {
    const of = await group();
    const patient = await join(of, 'member', { seat: { capacity: 'patient' } });
    const m = await meeting(of);
    made(await post(`/meetings/${m.id}/attendance`, { personId: patient.id, status: 'present' }));
    const v = await draft(m);
    assert.match(v.text, new RegExp(patient.name));
    refused(await change(`/meetings/${m.id}`, { visibility: 'public' }), 409, 'minutes-named');
    made(await change(`/meetings/${m.id}`, { visibility: 'principals' }), 200);
    assert.equal((await change(`/minutes/${v.id}`, undefined, { method: 'DELETE' })).status, 204);
    made(await change(`/meetings/${m.id}`, { visibility: 'public' }), 200);
    assert.doesNotMatch((await draft(m)).text, new RegExp(patient.name));
  });
});

// ---------------------------------------------------------------- sent

describe('sending', () => {
  test('gives each receipt an address, and a recipient the comparison with what it may read alone', async () => {
    const [principal, of] = [await group({ kind: 'npo', principalIds: [] }), await group()];
    const boss = await join(principal, 'chair', { seat: { onBehalfOfId: 'sydostra' } });
    const m = await meeting(of, { visibility: 'principals' });
    const first = await adjust(await draft(m, 'Ett'));
    const second = await draft(m, 'Två');
    made(await post(`/minutes/${second.id}/distributions`, { bodyIds: [principal, 'norra'] }));
    const [receipt] = (await get(`/minutes/${second.id}/receipts?bodyId=${principal}`)).json.items;
    assert.equal(made(await k.api(receipt._links[0].href, { token: tokens.support }), 200).bodyId, principal);
    assert.equal((await get(`/minutes/${first.id}/receipts/${receipt.id}`)).status, 404);
    assert.equal((await get(`/minutes/${second.id}/receipts/${receipt.id}`, boss.email)).status, 200);
    const [other] = (await get(`/minutes/${second.id}/receipts?bodyId=norra`)).json.items;
    assert.equal((await get(`/minutes/${second.id}/receipts/${other.id}`, boss.email)).status, 404, 'another recipient\'s');
    const rels = async (who) => (await get(`/minutes/${second.id}`, who)).json._links.map((l) => l.rel);
    assert.ok((await rels('support')).includes('comparison'));
    assert.ok(!(await rels(boss.email)).includes('comparison'));
    assert.equal((await get(`/minutes/${second.id}/comparison`, boss.email)).json.changed, false);
    wrong(await get(`/minutes/${second.id}/comparison?with=${first.id}`, boss.email), 'with');
  });

  test('adjusts, writes a receipt for every principal and host, mails, and notes who opens', async () => {
    const principal = await group({ kind: 'npo', principalIds: [] });
    const of = await group({ principalIds: [principal] });
    made(await post(`/groups/${of}/hosts`, { bodyId: 'norra', startDate: '2024-01-01', status: 'active' }));
    const boss = await join(principal, 'chair', { seat: { onBehalfOfId: 'sydostra' } });
    const member = await join(of);
    const m = await meeting(of);
    const v = await draft(m, 'Beslut: a');
    const sent = made(await post(`/minutes/${v.id}/distributions`));
    assert.equal(sent.status, 'distributed');
    assert.ok(sent.adjustedAt && sent.distributedAt);
    assert.deepEqual(sent.receipts.map((r) => [r.bodyId, r.openedAt ?? null]).sort(), [['norra', null], [principal, null]].sort());
    assert.deepEqual(decisions(m), [[1, 'a']]);
    assert.deepEqual(mails(v), [boss.email, member.email, 'norra@kansli.example'].sort());

    const opened = async () => (await get(`/minutes/${v.id}/receipts`)).json.items.filter((r) => r.openedAt).map((r) => r.bodyId);
    const waits = async (who) => (await get('/me/tasks', who)).json.items.filter((t) => t.id === `minutes-read:${v.id}`).length;
    assert.equal(await waits(boss.email), 1);
    assert.equal(await waits('norra'), 1);
    assert.equal(await waits(member.email), 0);
    await get(`/minutes/${v.id}`, member.email);
    await get(`/minutes/${v.id}`, 'support');
    await get('/minutes', 'norra');
    assert.deepEqual(await opened(), [], 'who receives for nobody opens nothing, and a list is not read');
    await get(`/minutes/${v.id}`, boss.email);
    assert.deepEqual(await opened(), [principal]);
    assert.equal(await waits(boss.email), 0);
    await get(`/minutes/${v.id}`, 'norra');
    assert.equal((await opened()).length, 2);

    made(await post(`/minutes/${v.id}/distributions`, { bodyIds: ['region-vasterbotten', 'norra'] }));
    assert.equal((await get(`/minutes/${v.id}/receipts`)).json.items.length, 3, 'nobody gets two');
    assert.equal(mails(v).length, 4);

    const next = await draft(m, 'Beslut: a\n\nRättat.');
    assert.equal((await get(`/minutes/${next.id}`, 'vasterbotten')).status, 404, 'a draft is sent to nobody');
    const again = made(await post(`/minutes/${next.id}/distributions`));
    assert.deepEqual(again.receipts.map((r) => r.bodyId).sort(), ['norra', principal, 'region-vasterbotten'].sort(), 'a correction goes to the same');
    wrong(await post(`/minutes/${next.id}/distributions`, { bodyIds: ['ingen'] }), '/bodyIds/0');
  });

  test('is a task for the officers until it is done, and a check after thirty days', async () => {
    const of = await group();
    const chair = await join(of, 'chair');
    const m = await meeting(of, { startsAt: '2026-10-01T08:00:00Z', endsAt: '2026-10-01T09:00:00Z' });
    const task = async () => (await get('/me/tasks', chair.email)).json.items.filter((t) => t.type === 'minutes').map((t) => t.id);
    const late = async () => (await get('/checks')).json.items.filter((c) => c.rule === 'minutes-undelivered' && c.objectId === m.id).length;
    assert.deepEqual(await task(), [`minutes-write:${m.id}`]);
    assert.equal(await late(), 1);
    const v = await draft(m, 'x', chair.email);
    assert.deepEqual(await task(), [`minutes-adjust:${v.id}`]);
    await adjust(v);
    assert.deepEqual(await task(), [`minutes-distribute:${v.id}`]);
    assert.equal(await late(), 1);
    made(await post(`/minutes/${v.id}/distributions`, {}, chair.email));
    assert.deepEqual(await task(), []);
    assert.equal(await late(), 0);
  });
});

// ---------------------------------------------------------------- who

describe('minutes', () => {
  test('are seen as the meeting once adjusted, before that as a draft; changed by who may change a group of it', async () => {
    const of = await group({ kind: 'nag' });
    const joint = await group();
    made(await post(`/groups/${joint}/hosts`, { bodyId: 'norra', startDate: '2024-01-01', status: 'active' }));
    const boss = await join('npo-tandvard', 'processLeader', { seat: { capacity: 'other', workloadPercent: 10 } });
    const top = await join('sks', 'secretary', { seat: { capacity: 'other' } });
    const chair = await join(of, 'chair');
    const member = await join(of);
    const observer = await join(of, 'observer');
    const otherChair = await join(joint, 'chair');
    const who = ['nobody', 'reader', 'vasterbotten', observer.email, member.email, 'norra', chair.email, otherChair.email, boss.email, top.email, 'auditor', 'support'];
    const inside = [member.email, 'norra', chair.email, otherChair.email, boss.email, top.email, 'auditor', 'support'];
    const seenBy = async (v) => {
      const seen = [];
      for (const one of who) {
        const { status } = await get(`/minutes/${v.id}`, one);
        assert.equal((await get('/minutes?limit=500', one)).json?.items?.some((i) => i.id === v.id) ?? false, status === 200, `the list as ${one}`);
        if (status === 200) seen.push(one);
        else assert.equal(status, 404);
      }
      return seen;
    };
    for (const [visibility, adjusted] of [['members', inside], ['public', who], ['principals', [chair.email, otherChair.email, boss.email, top.email, 'auditor', 'support']]]) {
      const m = made(await post('/meetings', { ...past, startsAt: '2026-11-23T08:00:00Z', endsAt: '2026-11-23T09:00:00Z', groupIds: [of, joint], visibility }));
      made(await post(`/meetings/${m.id}/notices`));
      const v = await draft(m, 'Text', otherChair.email);
      assert.deepEqual(await seenBy(v), adjusted.filter((one) => inside.includes(one)), `${visibility}, draft`);
      for (const one of [member.email, observer.email, 'reader', 'auditor', 'reads']) {
        const reply = await change(`/minutes/${v.id}`, { text: 'x' }, { who: one, etag: '"1"' });
        assert.ok([403, 404].includes(reply.status), `${one}: ${reply.status}`);
        assert.ok([403, 404].includes((await post(`/minutes/${v.id}/adjustments`, {}, one)).status));
        assert.ok([403, 404].includes((await post(`/minutes/${v.id}/distributions`, {}, one)).status));
      }
      await adjust(v);
      assert.deepEqual(await seenBy(v), adjusted, `${visibility}, adjusted`);
      made(await post(`/minutes/${v.id}/distributions`, { bodyIds: ['region-vasterbotten'] }));
      assert.deepEqual(await seenBy(v), who.filter((one) => adjusted.includes(one) || one === 'vasterbotten'), `${visibility}, distributed: whoever it was sent to besides`);
      assert.deepEqual((await get(`/minutes/${v.id}/receipts`, 'vasterbotten')).json.items.map((r) => r.bodyId), ['region-vasterbotten']);
      if (visibility === 'public') assert.deepEqual((await get(`/minutes/${v.id}/receipts`, 'nobody')).json.items, []);
    }
  });
});

// ---------------------------------------------------------------- pages

describe('pages', () => {
  test('show a version with its receipts, the versions of a meeting, and the form of a draft to who may change it', async () => {
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const [sent] = (await get('/minutes?groupId=nag-palliativ-vard&status=distributed')).json.items;
    const shown = await jar.get(`/minutes/${sent.id}`);
    assert.equal(shown.status, 200);
    assert.match(shown.text, /NPO Äldres hälsa och palliativ vård/);
    assert.doesNotMatch(shown.text, /\/adjustments"/);
    const [open] = (await get('/minutes?groupId=nag-fallskador-hos-aldre&status=draft')).json.items;
    assert.match((await jar.get(`/minutes/${open.id}`)).text, new RegExp(`href="/minutes/${open.id}/adjustments/new"`));
    assert.match((await jar.get(`/minutes/${open.id}/edit`)).text, /Närvarande/);
    assert.doesNotMatch((await jar.get(`/meetings/${open.meetingId}/minutes`)).text, /action="[^"]*\/minutes"/, 'one draft at a time');
    assert.match((await jar.get(`/meetings/${sent.meetingId}/minutes`)).text, new RegExp(`action="/meetings/${sent.meetingId}/minutes"`));
    assert.equal((await jar.get(`/minutes/${sent.id}/edit`)).status, 409);
  });

  test('say in history that a text changed, never what it said', async () => {
    const m = await meeting(await group());
    const v = await draft(m, 'Hemligt ett');
    made(await change(`/minutes/${v.id}`, { text: 'Hemligt två' }), 200);
    const events = sql(`SELECT changes FROM audit_event WHERE object_id = '${v.id}';`);
    assert.match(events, /"text"/);
    assert.doesNotMatch(events, /Hemligt/);
  });
});
