// What is mailed about a meeting, through the real binary and a real mail server: the notice with its event for calendars, to
// everyone once; moved, cancelled, and to who came in later; the link in it before and after the meeting.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import ICAL from 'ical.js';
import { start } from '../lib/kansli.mjs';
import { mailServer, sqlite } from '../lib/mail.mjs';

const sender = 'kansli@register.example';
let k, mail, token;
before(async () => {
  mail = await mailServer();
  k = await start({ env: mail.env, args: ['--base-url', 'https://kansli.example'] });
  token = (await k.actor('support')).token;
  mail.settle(k);
});
after(() => mail.stop());

const get = (where) => k.api(where, { token });
const post = (where, body = {}) => k.api(where, { token, method: 'POST', body });
const made = (reply, status = 201) => { assert.equal(reply.status, status, reply.text); return reply.json; };
const patch = async (where, body) => made(await k.api(where, { token, method: 'PATCH', body, headers: { 'if-match': (await get(where)).etag } }), 200);
let serial = 0;
const group = async (name) => made(await post('/groups', { kind: 'nag', name: `${name} ${++serial}`, startDate: '2024-01-01', principalIds: ['npo-tandvard'] })).id;
async function person(language = 'sv') {
  const email = `led-${++serial}@example.org`;
  return { ...made(await post('/persons', { givenName: 'Led', familyName: `Amot ${serial}`, email, language, protectedIdentity: false })), email };
}
const seat = (who, groupId, fields = {}) => post('/memberships', { personId: who.id, groupId, role: 'member', capacity: 'profession', startDate: '2024-01-01', ...fields }).then(made);
const plan = async (groupIds, fields = {}) => made(await post('/meetings', { groupIds, startsAt: '2099-03-30T08:00:00Z', endsAt: '2099-03-30T10:00:00Z', mode: 'online', location: 'https://mote.example/rum?a=1;b=2', ...fields }));
// What arrived since, by address.
async function arrived(n, since) {
  const all = await mail.arrived(since + n);
  return new Map(all.slice(since).map((one) => [one.to.text.match(/[\w.-]+@[\w.-]+/)[0], one]));
}
function eventOf(one) {
  const [file, ...more] = one.attachments;
  assert.deepEqual(more, []);
  assert.equal(file.contentType, 'text/calendar');
  const calendar = new ICAL.Component(ICAL.parse(file.content.toString('utf8')));
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent'));
  const said = (name) => event.component.getFirstPropertyValue(name);
  assert.match(one.raw, new RegExp(`Content-Type: text/calendar; charset=utf-8; method=${calendar.getFirstPropertyValue('method')}\r\n`));
  return { method: calendar.getFirstPropertyValue('method'), uid: event.uid, sequence: event.sequence, start: event.startDate.toString(), end: event.endDate.toString(),
    zone: event.startDate.zone.tzid, status: said('status'), organizer: said('organizer'), attendee: said('attendee'), location: event.location, summary: event.summary, description: event.description, url: said('url') };
}

describe('a joint meeting', () => {
  let meeting, both, one, other, gone, groups;
  before(async () => {
    groups = [await group('Första'), await group('Andra')];
    [both, one, other, gone] = [await person(), await person(), await person('en'), await person()];
    for (const of of groups) await seat(both, of);
    await seat(one, groups[0]);
    await seat(other, groups[1]);
    await seat(gone, groups[1], { endDate: '2099-04-02' });
    meeting = await plan(groups, { title: 'Gemensamt' });
    made(await post(`/meetings/${meeting.id}/agenda-items`, { title: 'Målnivåer; åäö, "citat"' }));
  });

  test('calls the people of all its groups, each once, with the agenda and the event', async () => {
    const since = mail.got.length;
    made(await post(`/meetings/${meeting.id}/notices`, { message: 'Läs bilagan.' }));
    const got = await arrived(4, since);
    assert.deepEqual([...got.keys()].sort(), [both, one, other, gone].map((p) => p.email).sort());
    for (const p of [both, one]) {
      const { subject, text, html } = got.get(p.email);
      assert.match(subject, /^Kallelse: Gemensamt, NAG Första \d+, NAG Andra \d+$/);
      for (const part of [text, html.replaceAll('&quot;', '"')]) for (const words of ['30 mars 2099', '10.00–12.00', 'Läs bilagan.', 'Målnivåer; åäö, "citat"']) assert.ok(part.includes(words), `${words}: ${part}`);
    }
    assert.match(got.get(other.email).text, /30 March 2099/);
    const event = eventOf(got.get(one.email));
    assert.deepEqual({ ...event, description: undefined, summary: undefined }, {
      method: 'PUBLISH', uid: `meetings/${meeting.id}@kansli.example`, sequence: 0, start: '2099-03-30T08:00:00Z', end: '2099-03-30T10:00:00Z', zone: 'UTC', status: null,
      organizer: `mailto:${sender}`, attendee: null, location: 'https://mote.example/rum?a=1;b=2', url: `https://kansli.example/meetings/${meeting.id}`, description: undefined, summary: undefined,
    });
    assert.match(event.summary, /^Gemensamt, NAG Första/);
    assert.equal(event.description.split('\n')[1], '2. Målnivåer; åäö, "citat"');
    assert.equal(new Set([...got.values()].map((one_) => /meeting-answers\/([\w-]{43})/.exec(one_.text)[1])).size, 4, 'each a link of its own');
  });

  test('stands in both groups\' lists', async () => {
    for (const of of groups) assert.deepEqual((await get(`/groups/${of}/meetings`)).json.items.map((m) => m.groupIds), [groups]);
  });

  test('who came in since gets it by asking for those who have not got it; the others hear nothing', async () => {
    const late = await person();
    await seat(late, groups[1]);
    const since = mail.got.length;
    sqlite(k, "UPDATE meeting_link SET created = '2026-11-20T08:00:00.000Z';"); // else nobody is reminded today
    made(await post(`/meetings/${meeting.id}/notices`, { to: 'new' }));
    made(await post(`/meetings/${meeting.id}/notices`, { to: 'new' }));
    const got = await arrived(1, since);
    assert.deepEqual([...got.keys()], [late.email]);
    assert.match(got.get(late.email).subject, /^Kallelse/);
    assert.equal((await post(`/meetings/${meeting.id}/notices`, { to: 'everybody' })).status, 400);
  });

  test('moved: the same event at its new time, for those who were called; who is no member then is let go', async () => {
    const since = mail.got.length;
    await patch(`/meetings/${meeting.id}`, { startsAt: '2099-04-06T07:00:00Z', endsAt: '2099-04-06T09:00:00Z' });
    const got = await arrived(5, since);
    const moved = eventOf(got.get(both.email));
    assert.deepEqual([moved.method, moved.uid, moved.sequence, moved.start, moved.status], ['PUBLISH', `meetings/${meeting.id}@kansli.example`, 1, '2099-04-06T07:00:00Z', null]);
    assert.match(got.get(both.email).text, /6 april 2099 kl\. 09\.00–11\.00/);
    const past = eventOf(got.get(gone.email));
    assert.deepEqual([past.method, past.uid, past.sequence, past.status], ['CANCEL', moved.uid, 1, 'CANCELLED']);
    assert.doesNotMatch(got.get(gone.email).text, /meeting-answers/);
    const old = /meeting-answers\/([\w-]{43})/.exec(mail.got.find((m) => m.to[0] === gone.email).raw.replaceAll('=\r\n', ''))[1];
    assert.equal((await k.page(`/meeting-answers/${old}`)).status, 404, 'nor does the link open anything');
  });

  test('cancelled: struck out in the calendars of those who were called', async () => {
    const since = mail.got.length;
    made(await post(`/meetings/${meeting.id}/cancellations`, { reason: 'Sjukdom i båda grupperna' }));
    const got = await arrived(4, since);
    const event = eventOf(got.get(other.email));
    assert.deepEqual([event.method, event.uid, event.sequence, event.status, event.organizer], ['CANCEL', `meetings/${meeting.id}@kansli.example`, 2, 'CANCELLED', `mailto:${sender}`]);
    assert.match(got.get(one.email).text, /Sjukdom i båda grupperna/);
  });
});

describe('the link in a mail', () => {
  test('takes an answer until the meeting is over, and then says so', async () => {
    const of = await group('Länken');
    const who = await person();
    await seat(who, of);
    const meeting = await plan([of], { startsAt: '2099-12-01T08:00:00Z', endsAt: '2099-12-01T09:00:00Z' });
    const since = mail.got.length;
    made(await post(`/meetings/${meeting.id}/notices`));
    const link = /https:\/\/kansli\.example(\/meeting-answers\/[\w-]{43})/.exec((await arrived(1, since)).get(who.email).text)[1];
    const answer = async (server, value) => {
      const page = await server.page(link);
      const csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1];
      const cookies = [page.headers['set-cookie'] ?? ''].flat().map((c) => c.split(';')[0]).join('; ');
      const reply = csrf && await server.page(link, { cookies, method: 'POST', headers: { origin: 'https://kansli.example', 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ _csrf: csrf, answer: value }).toString() });
      return { page, reply };
    };
    assert.equal((await answer(k, 'yes')).reply.status, 303);
    assert.match((await k.page(link)).text, /Kommer/);
    const later = await start({ db: k.db, env: { KANSLI_NOW: '2099-12-01T09:00:00Z' }, args: ['--base-url', 'https://kansli.example'] });
    const { page } = await answer(later, 'no');
    assert.equal(page.status, 200);
    assert.match(page.text, /Mötet har hållits/);
    assert.doesNotMatch(page.text, /name="answer"/);
    await later.stop();
    const [row] = (await get(`/meetings/${meeting.id}/attendance`)).json.items;
    assert.equal(row.answer, 'yes');
  });
});

describe('an address', () => {
  test('with a line break in it is refused, and never a command or a header', async () => {
    for (const email of ['a@example.org\r\nBcc: b@example.org', 'a@example.org\nRCPT TO:<b@example.org>', 'a@example.org\u2028b@example.org', 'a b@example.org', '<a@example.org>']) {
      const reply = await post('/persons', { givenName: 'Rad', familyName: 'Brytning', email, protectedIdentity: false });
      assert.equal(reply.status, 400, email);
      assert.equal(reply.json.errors[0].pointer, '/email');
    }
    const of = await group('Adressen');
    const who = await person();
    await seat(who, of);
    sqlite(k, 'DROP INDEX person_email_folded;'); // the shell knows no fold()
    sqlite(k, `UPDATE person SET email = 'x@example.org' || char(13) || char(10) || 'Bcc: <smyg@example.org>' WHERE id = '${who.id}';`);
    const meeting = await plan([of]);
    const since = mail.got.length;
    made(await post(`/meetings/${meeting.id}/notices`));
    const state = () => sqlite(k, `SELECT state FROM mail WHERE event = 'meetings:${meeting.id}:notice';`);
    for (let i = 0; i < 200 && state() !== 'failed'; i++) await new Promise((next) => setTimeout(next, 50));
    assert.equal(state(), 'failed');
    assert.equal(mail.got.length, since);
  });
});
