// Calendars through the real binary: what a client reads, what everyone is told, what a secret address tells.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import ICAL from 'ical.js';
import { start } from '../lib/kansli.mjs';
import { made } from '../lib/said.mjs';

const group = 'nag-palliativ-vard';
let k;
const tokens = { nobody: '' };
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  for (const who of ['support', 'norra']) tokens[who] = await k.token(`${who}@kansli.example`);
});

const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
const post = (where, body = {}) => k.api(where, { token: tokens.support, method: 'POST', body });
const meeting = async (fields = {}, where = group) => made(await post(`/groups/${where}/meetings`, {
  title: 'Vårens möte', startsAt: '2027-03-01T08:00:00Z', endsAt: '2027-03-01T11:00:00Z', mode: 'online', location: 'https://mote.example/rum', visibility: 'public', ...fields,
}));
const call = async (m) => made(await post(`/meetings/${m.id}/notices`, {}));

// A strict reader of RFC 5545: lines of at most 75 octets that end with CR LF, balanced components, one value for each name.
function read(text) {
  assert.ok(text.endsWith('\r\n'));
  assert.ok(!/[^\r]\n|\r[^\n]/.test(text), 'CR LF only');
  for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
  const lines = text.replace(/\r\n[ \t]/g, '').trim().split('\r\n');
  assert.equal(lines.shift(), 'BEGIN:VCALENDAR');
  assert.equal(lines.pop(), 'END:VCALENDAR');
  const events = [];
  let event = null;
  for (const line of lines) {
    const [, name, value] = /^([A-Z-]+)(?:;[A-Z]+=[^:;]+)*:(.*)$/.exec(line) ?? assert.fail(line);
    if (name === 'BEGIN') {
      assert.equal(event, null);
      event = {};
    } else if (name === 'END') {
      for (const needed of ['UID', 'DTSTAMP', 'DTSTART', 'SUMMARY']) assert.ok(event[needed], needed);
      events.push(event);
      event = null;
    } else if (event) {
      assert.ok(!(name in event), `${name} twice`);
      event[name] = value.replace(/\\n/gi, '\n').replace(/\\([\\;,])/g, '$1');
    }
  }
  assert.equal(event, null);
  assert.equal(new Set(events.map((one) => one.UID)).size, events.length, 'no UID twice');
  return events;
}
async function calendar(where, headers = {}) {
  const reply = await fetch(`${k.url}${where}`, { headers, redirect: 'manual' });
  const text = await reply.text();
  if (reply.status === 200) assert.equal(reply.headers.get('content-type'), 'text/calendar; charset=utf-8');
  return { status: reply.status, text, etag: reply.headers.get('etag'), headers: reply.headers, events: reply.status === 200 ? read(text) : [] };
}
// What a calendar makes of it: a client's own library, and clocks in Stockholm.
function client(text) {
  const root = new ICAL.Component(ICAL.parse(text));
  const clock = (time) => time.toJSDate().toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm', dateStyle: 'short', timeStyle: 'short' });
  return {
    name: root.getFirstPropertyValue('x-wr-calname'),
    root,
    events: root.getAllSubcomponents('vevent').map((one) => {
      const event = new ICAL.Event(one);
      return {
        event, one, uid: event.uid, sequence: event.sequence, summary: event.summary, location: event.location, status: one.getFirstPropertyValue('status'),
        from: clock(event.startDate), to: clock(event.endDate), names: new Set(one.getAllProperties().map((p) => p.name)),
      };
    }),
  };
}
const find = (events, m) => events.find((one) => one.UID.startsWith(`meetings/${m.id}@`));

describe('one meeting', () => {
  test('is told in UTC, in summer and winter, and keeps its UID when it moves and is cancelled', async () => {
    const m = await meeting({ startsAt: '2027-03-29T09:00:00+02:00', endsAt: '2027-03-29T11:00:00+02:00', mode: 'inPerson', location: 'Rum A, plan 2; Umeå' });
    await call(m);
    const [first] = (await calendar(`/meetings/${m.id}/calendar`)).events;
    assert.equal(first.DTSTART, '20270329T070000Z');
    assert.equal(first.DTEND, '20270329T090000Z');
    assert.equal(first.LOCATION, 'Rum A, plan 2; Umeå');
    assert.ok(first.SUMMARY.endsWith(': Vårens möte'));
    assert.ok(first.URL.endsWith(`/meetings/${m.id}`));
    assert.ok(!('STATUS' in first));
    const { etag } = await k.api(`/meetings/${m.id}`, { token: tokens.support });
    made(await k.api(`/meetings/${m.id}`, { token: tokens.support, method: 'PATCH', body: { startsAt: '2027-03-27T09:00:00+01:00', endsAt: '2027-03-27T11:00:00+01:00' }, headers: { 'if-match': etag } }), 200);
    const [moved] = (await calendar(`/meetings/${m.id}/calendar`)).events;
    assert.equal(moved.DTSTART, '20270327T080000Z', 'the day before summer time');
    assert.equal(moved.UID, first.UID);
    assert.ok(Number(moved.SEQUENCE) > Number(first.SEQUENCE));
    made(await post(`/meetings/${m.id}/cancellations`, { reason: 'Sjukdom, hemligt skäl' }));
    const [cancelled] = (await calendar(`/meetings/${m.id}/calendar`)).events;
    assert.equal(cancelled.STATUS, 'CANCELLED');
    assert.ok(Number(cancelled.SEQUENCE) > Number(moved.SEQUENCE));
    assert.ok(!JSON.stringify(cancelled).includes('Sjukdom'));
  });

  test('is there for who may see it, and the way in for who takes part', async () => {
    const open = await meeting();
    const closed = await meeting({ visibility: 'members' });
    for (const m of [open, closed]) await call(m);
    assert.ok(!('LOCATION' in (await calendar(`/meetings/${open.id}/calendar`)).events[0]));
    assert.equal((await calendar(`/meetings/${closed.id}/calendar`)).status, 404);
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    assert.ok((await jar.get(`/meetings/${open.id}/calendar`)).text.includes('LOCATION:https://mote.example/rum'));
    assert.equal((await jar.get(`/meetings/${closed.id}/calendar`)).status, 200);
  });
});

describe('the public feeds', () => {
  test('tell what everyone may see, and the same to all', async () => {
    const open = await meeting();
    const closed = await meeting({ title: 'Slutet', visibility: 'members' });
    const planned = await meeting({ title: 'Inte kallat' });
    await call(open);
    await call(closed);
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    for (const where of [`/groups/${group}/calendar`, '/levels/national/calendar']) {
      const { events, text } = await calendar(where);
      assert.ok(find(events, open) && !find(events, closed) && !find(events, planned));
      assert.ok(!text.includes('mote.example'));
      assert.equal((await jar.get(where)).text, text);
    }
    for (const where of ['/levels/local/calendar', '/levels/local/region-vasterbotten/calendar', '/levels/healthcare-region/calendar', '/levels/healthcare-region/norra/calendar']) {
      assert.ok(!find((await calendar(where)).events, open), where);
    }
  });

  test('are not sent again unchanged', async () => {
    const first = await calendar(`/groups/${group}/calendar`);
    assert.equal((await calendar(`/groups/${group}/calendar`, { 'if-none-match': first.etag })).status, 304);
    await call(await meeting());
    assert.equal((await calendar(`/groups/${group}/calendar`, { 'if-none-match': first.etag })).status, 200);
  });

  test('are of places and groups that there are, and of no group that is for its members alone', async () => {
    const hidden = made(await post('/groups', { kind: 'nag', name: 'Dold krets', startDate: '2024-01-01', principalIds: ['npo-tandvard'], accessMode: 'restricted' })).id;
    await call(await meeting({ title: 'Hemligt' }, hidden));
    for (const where of [`/groups/${hidden}/calendar`, '/groups/ingen/calendar', '/levels/local/norra/calendar', '/levels/healthcare-region/region-halland/calendar']) {
      assert.equal((await calendar(where)).status, 404, where);
    }
    assert.ok(!(await calendar('/levels/national/calendar')).text.includes('Hemligt'));
  });
});

describe('the secret address', () => {
  const send = async (jar) => jar.submit((await jar.get('/me/calendar-secrets')).form('/me/calendar-secrets'));
  const end = async (jar) => jar.submit((await jar.get('/me/calendar-secrets')).formWith((input) => input.name === '_version'));
  const address = (page) => /<code>[^<]*(\/calendars\/[\w-]{43})<\/code>/.exec(page.text)?.[1];

  test('is shown once, ends the one before, and ends', async () => {
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const make = async () => address(await send(jar));
    const first = await make();
    assert.ok(first);
    assert.equal(address(await jar.get('/me/calendar-secrets')), undefined, 'no second time');
    assert.ok(!sql('SELECT digest FROM calendar_secret;').includes(first.split('/').at(-1)), 'kept as a digest');
    const read = await calendar(first);
    assert.equal(read.status, 200);
    assert.equal(read.headers.get('cache-control'), 'no-store');
    assert.equal(read.headers.get('x-robots-tag'), 'noindex');
    const second = await make();
    const plain = (text) => text.replace(/next=[^"]*|[\w-]{43}|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16}/g, '');
    const refusal = await calendar(first);
    assert.equal(refusal.status, 404);
    assert.equal((await calendar(second)).status, 200);
    assert.equal((await end(jar)).status, 303);
    const ended = await calendar(second);
    const invented = await calendar(`/calendars/${'x'.repeat(43)}`);
    assert.equal(ended.status, 404);
    assert.equal(plain(ended.text), plain(invented.text), 'the same words');
    assert.equal(plain(refusal.text), plain(invented.text));
    assert.equal((await calendar('/me/calendar-secrets')).status, 303, 'login');
  });

  test('tells when the account\'s own groups meet, and of what is not public nothing else', async () => {
    const jar = await k.login('viveka.lundhede@kansli.example', 'kansli-demo-2026'); // a member of nag-palliativ-vard alone
    const where = address(await send(jar));
    const open = await meeting({ title: 'Öppet seminarium', mode: 'inPerson', location: 'Aulan' });
    const closed = await meeting({ title: 'Om Anna Andersson', visibility: 'members', mode: 'hybrid', location: 'https://mote.example/hemligt' });
    const above = await meeting({ title: 'Bara ledningen', visibility: 'principals' });
    const other = await meeting({ title: 'Annan grupp' }, 'nag-fallskador-hos-aldre');
    made(await post(`/meetings/${closed.id}/agenda-items`, { title: 'Hemlig punkt', type: 'discussion' }));
    for (const m of [open, closed, above, other]) await call(m);
    const { events, text } = await calendar(where);
    assert.ok(find(events, open).SUMMARY.endsWith('Öppet seminarium'));
    assert.equal(find(events, open).LOCATION, 'Aulan');
    assert.equal(find(events, closed).DTSTART, '20270301T080000Z');
    assert.ok(!('LOCATION' in find(events, closed)));
    assert.ok(!find(events, above) && !find(events, other));
    for (const word of ['Anna Andersson', 'mote.example', 'Hemlig punkt', 'viveka', 'Viveka']) assert.ok(!text.includes(word), word);
  });

  test('works no longer than the account', async () => {
    const jar = await k.login('elin.sarri@kansli.example', 'kansli-demo-2026');
    const where = address(await send(jar));
    assert.equal((await calendar(where)).status, 200);
    sql("UPDATE account SET disabled = 1 WHERE email = 'elin.sarri@kansli.example';");
    assert.equal((await calendar(where)).status, 404);
  });
});

describe('the secret address as a script has it', () => {
  let token;
  before(async () => { token = await k.token('karin.bergstrom@kansli.example'); });
  const post = (headers = {}) => k.api('/me/calendar-secrets', { token, method: 'POST', body: {}, headers });
  const acts = (id) => sql(`SELECT act FROM audit_event WHERE object_type = 'me/calendar-secrets' AND object_id = '${id}' ORDER BY key;`).split('\n');

  test('is made, made anew and revoked, each with its row of history and never with the secret', async () => {
    const first = made(await post());
    assert.match(first.address, /\/calendars\/[\w-]{43}$/);
    const read = async ({ address }) => (await calendar(new URL(address).pathname)).status;
    assert.equal(await read(first), 200);
    const { json: list } = await k.api('/me/calendar-secrets', { token });
    assert.deepEqual([list.items.length, list.items[0].id, 'address' in list.items[0]], [1, first.id, false]);
    const second = made(await post());
    assert.equal(second.id, first.id);
    assert.deepEqual([await read(first), await read(second)], [404, 200]);
    const { json: one, etag } = await k.api(`/me/calendar-secrets/${first.id}`, { token });
    assert.ok(!('address' in one) && one.created);
    const where = `/me/calendar-secrets/${first.id}`;
    assert.equal((await k.api(where, { token, method: 'DELETE' })).status, 428);
    assert.equal((await k.api(where, { token: tokens.norra, method: 'DELETE', headers: { 'if-match': etag } })).status, 404, 'nobody else\'s');
    assert.equal((await k.api(where, { token, method: 'DELETE', headers: { 'if-match': etag } })).status, 204);
    assert.equal(await read(second), 404, 'at once');
    assert.deepEqual(acts(first.id), ['create', 'update', 'delete']);
    const history = sql("SELECT group_concat(changes) FROM audit_event WHERE object_type = 'me/calendar-secrets';");
    for (const { address } of [first, second]) assert.ok(!history.includes(address.split('/').at(-1)));
  });

  test('is told once, also to who asks twice under one key', async () => {
    const first = made(await post({ 'idempotency-key': 'kalender-1' }));
    const again = made(await post({ 'idempotency-key': 'kalender-1' }));
    assert.ok(first.address);
    assert.deepEqual([again.id, again.address], [first.id, undefined]);
    assert.equal((await calendar(new URL(first.address).pathname)).status, 200, 'nothing was made anew');
  });

  test('is not made by who only reads, nor with anything said', async () => {
    const reader = await k.token('karin.bergstrom@kansli.example', 'read');
    assert.equal((await k.api('/me/calendar-secrets', { token: reader, method: 'POST', body: {} })).status, 403);
    assert.equal((await k.api('/me/calendar-secrets', { token, method: 'POST', body: { address: 'min-egen' } })).status, 400);
  });
});

describe('the feeds in a calendar of their reader\'s', () => {
  const at = async (day, hours, fields = {}, where = group) => {
    const m = await meeting({ startsAt: `${day}T${hours[0]}`, endsAt: `${day}T${hours[1]}`, ...fields }, where);
    await call(m);
    return m;
  };
  const feed = async (where = `/groups/${group}/calendar`, headers = {}) => {
    const reply = await fetch(`${k.url}${where}`, { headers });
    return { ...client(await reply.text()), reply };
  };
  const seen = (events, m) => events.find((one) => one.uid.startsWith(`meetings/${m.id}@`));

  test('keep the hour that people agreed on when the clocks change', async () => {
    const days = [['2027-03-26', '+01:00'], ['2027-03-29', '+02:00'], ['2027-10-29', '+02:00'], ['2027-11-01', '+01:00']];
    const all = [];
    for (const [day, zone] of days) all.push(await at(day, [`09:00:00${zone}`, `12:30:00${zone}`]));
    const across = await at('2027-10-30', ['23:30:00+02:00', '23:59:00+02:00']);
    const night = made(await post(`/groups/${group}/meetings`, { startsAt: '2027-10-31T01:30:00+02:00', endsAt: '2027-10-31T03:30:00+01:00', mode: 'online', visibility: 'public' }));
    await call(night);
    const { events } = await feed();
    for (const [i, [day]] of days.entries()) {
      assert.deepEqual([seen(events, all[i]).from, seen(events, all[i]).to], [`${day} 09:00`, `${day} 12:30`]);
    }
    assert.equal(seen(events, across).to, '2027-10-30 23:59');
    const { event } = seen(events, night);
    assert.equal(event.duration.toSeconds(), 3 * 3600, 'the hour that comes twice is there twice');
  });

  test('are named, say how often they are worth asking, and cut no character in two', async () => {
    const title = `Å${'åäö €🙂'.repeat(25)}; kommatecken, bakåtstreck \\ och slut`;
    const m = await at('2027-04-01', ['07:00:00Z', '08:00:00Z'], { title });
    const { name, root, events, reply } = await feed();
    assert.equal(name, 'NAG Palliativ vård');
    assert.equal(root.getFirstPropertyValue('name'), name);
    assert.equal(root.getFirstPropertyValue('x-published-ttl'), 'PT4H');
    assert.equal(root.getFirstPropertyValue('refresh-interval').toSeconds(), 4 * 3600);
    assert.equal(seen(events, m).summary, `NAG Palliativ vård: ${title}`);
    assert.equal(new URL(seen(events, m).one.getFirstPropertyValue('url')).pathname, `/meetings/${m.id}`);
    assert.equal(reply.headers.get('set-cookie'), null);
    assert.equal((await feed('/levels/healthcare-region/norra/calendar')).name, 'Norra sjukvårdsregionen');
  });

  test('tell what moved and what was cancelled as the same event, higher each time; a new agenda changes no hour', async () => {
    const m = await at('2027-05-03', ['07:00:00Z', '08:00:00Z']);
    const change = async (body) => {
      const { etag } = await k.api(`/meetings/${m.id}`, { token: tokens.support });
      return k.api(`/meetings/${m.id}`, { token: tokens.support, method: 'PATCH', body, headers: { 'if-match': etag } });
    };
    const first = seen((await feed()).events, m);
    made(await change({ startsAt: '2027-05-04T07:00:00Z', endsAt: '2027-05-04T08:00:00Z' }), 200);
    const second = seen((await feed()).events, m);
    made(await change({ startsAt: '2027-05-05T07:00:00Z', endsAt: '2027-05-05T08:00:00Z' }), 200);
    const third = seen((await feed()).events, m);
    made(await post(`/meetings/${m.id}/agenda-items`, { title: 'En punkt till', type: 'discussion' }));
    assert.equal(seen((await feed()).events, m).sequence, third.sequence);
    made(await post(`/meetings/${m.id}/cancellations`, { reason: 'Sjukdom' }));
    const last = seen((await feed()).events, m);
    assert.ok(first.sequence < second.sequence && second.sequence < third.sequence && third.sequence < last.sequence);
    assert.deepEqual([last.status, last.from, last.uid], ['CANCELLED', '2027-05-05 09:00', first.uid]);
    assert.ok(['dtstamp', 'last-modified', 'sequence', 'dtstart', 'dtend'].every((name) => last.names.has(name)));
  });

  test('two who move one meeting at a time leave one event, at the hour of who came first', async () => {
    const m = await at('2027-06-07', ['07:00:00Z', '08:00:00Z']);
    const { etag } = await k.api(`/meetings/${m.id}`, { token: tokens.support });
    const move = (hour) => k.api(`/meetings/${m.id}`, {
      token: tokens.support, method: 'PATCH', body: { startsAt: `2027-06-07T${hour}:00:00Z`, endsAt: `2027-06-07T${hour}:45:00Z` }, headers: { 'if-match': etag },
    });
    const both = await Promise.all([move('09'), move('10')]);
    assert.deepEqual(both.map((reply) => reply.status).sort(), [200, 412]);
    const won = both[0].status === 200 ? '11:00' : '12:00';
    const { events } = await feed();
    assert.deepEqual(events.filter((one) => one.uid.startsWith(`meetings/${m.id}@`)).map((one) => one.from), [`2027-06-07 ${won}`]);
  });

  test('a joint meeting stands once in the level, and in each of its groups', async () => {
    const other = 'nag-fallskador-hos-aldre';
    const m = await at('2027-09-06', ['07:00:00Z', '08:00:00Z'], { groupIds: [group, other] }, group).catch(() => null) ?? assert.fail('no joint meeting');
    for (const where of [`/groups/${group}/calendar`, `/groups/${other}/calendar`, '/levels/national/calendar']) {
      assert.equal((await feed(where)).events.filter((one) => one.uid.startsWith(`meetings/${m.id}@`)).length, 1, where);
    }
  });

  test('are at the API\'s address too, the same bytes, with HEAD and 304', async () => {
    const m = await at('2027-05-10', ['07:00:00Z', '08:00:00Z']);
    for (const where of [`/meetings/${m.id}/calendar`, `/groups/${group}/calendar`, '/levels/national/calendar', '/levels/healthcare-region/norra/calendar', '/levels/local/region-skane/calendar']) {
      const page = await calendar(where);
      const api = await calendar(`/api/v1${where}`);
      assert.deepEqual([api.status, api.text, api.etag], [200, page.text, page.etag], where);
      const head = await fetch(`${k.url}${where}`, { method: 'HEAD' });
      assert.deepEqual([head.status, head.headers.get('content-type'), head.headers.get('etag'), await head.text()], [200, 'text/calendar; charset=utf-8', page.etag, '']);
      assert.equal((await calendar(`/api/v1${where}`, { 'if-none-match': page.etag })).status, 304);
    }
    const closed = await at('2027-05-11', ['07:00:00Z', '08:00:00Z'], { visibility: 'members' });
    assert.equal((await k.api(`/meetings/${closed.id}/calendar`)).status, 404);
    assert.equal((await k.api(`/meetings/${closed.id}/calendar`, { token: tokens.support })).status, 200);
    assert.equal((await k.api(`/groups/${group}/calendar?limit=1`)).status, 400);
  });

  test('guessing at secret addresses meets the limit of requests', async () => {
    const guarded = await start({ noLimits: false, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
    const guess = (end) => `GET /api/v1/calendars/${'y'.repeat(43)} HTTP/1.1\r\nHost: x\r\n${end}\r\n`;
    const { statuses } = await guarded.raw(guess('').repeat(3000) + guess('Connection: close\r\n'), { ms: 60_000 });
    assert.deepEqual([...new Set(statuses)].sort(), [404, 429]);
    assert.ok(statuses.indexOf(429) >= 1000);
    await guarded.stop();
  });
});

describe('the calendar page', () => {
  const page = async (where) => (await fetch(`${k.url}${where}`)).text();

  test('lists a month by the days and hours people see, with links to the months beside it', async () => {
    const summer = await meeting({ title: 'Efter midnatt', startsAt: '2028-06-30T22:30:00Z', endsAt: '2028-06-30T23:30:00Z' });
    const closed = await meeting({ title: 'Bara för gruppen', visibility: 'members', startsAt: '2028-07-02T08:00:00Z', endsAt: '2028-07-02T09:00:00Z' });
    for (const m of [summer, closed]) await call(m);
    const july = await page('/calendar?month=2028-07');
    assert.ok(july.includes('<time datetime="2028-07-01">') && july.includes('00.30–01.30'));
    assert.ok(july.includes('month=2028-06"') && july.includes('month=2028-08"'));
    assert.ok(!july.includes('Bara för gruppen'));
    assert.ok(!(await page('/calendar?month=2028-06')).includes('Efter midnatt'));
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    assert.ok((await jar.get('/calendar?month=2028-07')).text.includes('Bara för gruppen'));
  });

  test('draws a year and lists the same dates', async () => {
    const text = await page('/calendar?year=2028');
    const points = text.match(/<(circle class="dot"|rect class="mark")/g).length;
    assert.equal(new Set(text.match(/<time datetime="2028-[\d-]+">/g)).size, points - 2, 'a point for each day, and two in the legend');
    assert.match(text, /<svg class="chart wheel"[^>]* role="img" aria-labelledby="wheel-title wheel-desc">/);
    assert.ok(!text.includes('class="hand"'), 'no today in another year');
    assert.match(await page('/calendar?year=2026'), /class="hand"/);
  });

  test('takes a group or a level, and names where to subscribe', async () => {
    const ours = await page(`/calendar?year=2028&groupId=${group}`);
    assert.ok(ours.includes('Efter midnatt') && ours.includes(`href="/calendars?groupId=${group}"`));
    assert.ok(!(await page('/calendar?year=2028&groupId=nag-fallskador-hos-aldre')).includes('Efter midnatt'));
    assert.ok((await page('/calendar?year=2028&level=national')).includes('Efter midnatt'));
    assert.ok(!(await page('/calendar?year=2028&level=local')).includes('Efter midnatt'));
  });

  test('tells nothing of a group that the reader may not know of', async () => {
    const hidden = sql("SELECT b.id FROM workgroup g JOIN body b ON b.key = g.key WHERE g.full_name LIKE '%Dold krets%';");
    assert.ok(hidden);
    const plain = (text, id) => text.replaceAll(id, '').replace(/[0-9a-f]{16,}|nonce[^>]*/g, '');
    assert.equal(plain(await page(`/calendar?year=2027&groupId=${hidden}`), hidden), plain(await page('/calendar?year=2027&groupId=ingen'), 'ingen'));
  });

  test('lays a month in weeks, with today, and what lasts over several days on each of them', async () => {
    for (const [from, to, title] of [['2026-11-30T11:00:00Z', '2026-12-01T11:00:00Z', 'Internat'], ['2026-11-22T18:00:00Z', '2026-11-22T19:00:00Z', 'Kvällsmöte']]) {
      await call(await meeting({ startsAt: from, endsAt: to, title }));
    }
    const text = await page(`/calendar?month=2026-11&groupId=${group}`);
    const cells = /<table>.*<\/table>/s.exec(text)[0].split('<td').slice(1);
    assert.equal(text.match(/<th scope="row">(\d+)<\/th>/g).join(), [44, 45, 46, 47, 48, 49].map((n) => `<th scope="row">${n}</th>`).join());
    assert.equal(cells.filter((cell) => cell.startsWith(' aria-current="date"')).length, 1);
    assert.match(cells.find((cell) => cell.startsWith(' aria-current="date"')), /datetime="2026-11-22".*19\.00.*Kvällsmöte/);
    assert.equal(cells.filter((cell) => cell.includes('Internat')).length, 1);
    assert.match(text, /till 1 dec/);
    for (let hour = 6; hour < 12; hour += 1) await call(await meeting({ startsAt: `2029-03-14T0${hour % 10}:00:00Z`, endsAt: `2029-03-14T0${hour % 10}:30:00Z`, title: 'Ett av många' }));
    assert.match(await page(`/calendar?month=2029-03&groupId=${group}`), /<a href="#d-2029-03-14">2 till<\/a>.*id="d-2029-03-14"/s);
  });

  test('has the reader\'s own groups, on Att göra too, as a wheel with the same dates', async () => {
    const jar = await k.login('viveka.lundhede@kansli.example', 'kansli-demo-2026'); // a member of nag-palliativ-vard, not of the other
    const other = await meeting({ title: 'Inte min grupp', startsAt: '2026-12-17T08:00:00Z', endsAt: '2026-12-17T09:00:00Z' }, 'nag-fallskador-hos-aldre');
    const mine = await meeting({ title: 'Min grupp', startsAt: '2026-12-18T08:00:00Z', endsAt: '2026-12-18T09:00:00Z', visibility: 'members' });
    const off = await meeting({ title: 'Blev inte av', startsAt: '2026-12-19T08:00:00Z', endsAt: '2026-12-19T09:00:00Z' });
    for (const m of [other, mine, off]) await call(m);
    made(await post(`/meetings/${off.id}/cancellations`, { reason: 'Sjukdom' }));
    const { text } = await jar.get('/me/tasks');
    assert.ok(text.includes('Min grupp') && !text.includes('Inte min grupp') && !text.includes('Blev inte av'));
    const wheel = /<svg class="chart wheel".*?<\/details>/s.exec(text)[0];
    const days = new Set(/<details.*/s.exec(wheel)[0].match(/datetime="[\d-]+"/g));
    const points = (sign) => wheel.match(new RegExp(`<${sign} [^>]*>`, 'g')).length - 1; // one is in the legend
    assert.equal(points('circle class="dot"') + points('rect class="mark"'), days.size);
    assert.ok(points('rect class="mark"') > 0, 'a day of the year of plans is no meeting');
    const year = (await jar.get('/calendar?year=2026&mine=true')).text;
    assert.ok(year.includes('Min grupp') && !year.includes('Inte min grupp') && year.includes('Inställt'));
    const support = await k.login('support@kansli.example', 'kansli-demo-2026');
    assert.ok(!(await support.get('/me/tasks')).text.includes('chart wheel'), 'no person, no groups');
    assert.ok(!(await page('/calendar?mine=true&year=2026')).includes('Min grupp'));
  });

  test('shows a thousand dates at most, and says so', async () => {
    sql(`INSERT INTO meeting (id, group_key, title, starts_at, ends_at, starts_on, mode, visibility, called_at, modified)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1010)
      SELECT 'm' || i, (SELECT key FROM body WHERE id = '${group}'), 'Möte', '2031-02-01T08:00:00.000Z', '2031-02-01T09:00:00.000Z', '2031-02-01', 'online', 'public', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' FROM n;
      INSERT INTO meeting_group SELECT key, group_key, 1, starts_on FROM meeting WHERE starts_on = '2031-02-01';`);
    for (const query of ['year=2031', 'year=2031&level=national', `month=2031-02&groupId=${group}`]) {
      const text = await page(`/calendar?${query}`);
      assert.equal(text.match(/class="t" href="\/meetings\/m/g).length, 1000, query);
      assert.ok(text.includes('fler datum än'));
    }
    assert.ok(!(await page('/calendar?year=2026')).includes('fler datum än'));
  });

  test('leads to what there is to subscribe to, as a page and as a list', async () => {
    const { json } = await k.api('/calendars');
    assert.deepEqual(['own', 'level', 'healthcareRegion', 'region'].map((of) => json.items.filter((i) => i.of === of).length), [0, 3, 6, 21]);
    for (const { address, webcal } of json.items) {
      assert.equal(webcal, address.replace(/^https?/, 'webcal'));
      assert.equal((await calendar(new URL(address).pathname)).status, 200, address);
    }
    const own = (await k.api('/calendars', { token: await k.token('viveka.lundhede@kansli.example', 'read') })).json.items.filter((i) => i.of === 'own');
    assert.deepEqual(own.map((i) => i.name), ['NAG Palliativ vård', 'NAG Patientmedverkan']);
    assert.equal((await k.api(`/calendars?groupId=${group}`)).json.items[0].name, 'NAG Palliativ vård');
    const hidden = sql("SELECT b.id FROM workgroup g JOIN body b ON b.key = g.key WHERE g.full_name LIKE '%Dold krets%';");
    for (const id of [hidden, 'ingen']) assert.equal((await k.api(`/calendars?groupId=${id}`)).status, 400);
    const text = await page('/calendars');
    assert.ok(text.includes(json.items[0].address) && text.includes('href="webcal://'));
  });

  test('refuses what is no month, year or level', async () => {
    for (const query of ['month=2026-13', 'month=1', 'month=2026-1-1', 'year=0000', 'year=20261', 'year=x', 'level=x', 'week=1', 'mine=x', 'mine=true&level=national', `mine=true&groupId=${group}`, `groupId=${encodeURIComponent('"><b>')}&month=x`]) {
      const reply = await fetch(`${k.url}/calendar?${query}`);
      assert.equal(reply.status, 400, query);
      await reply.text();
    }
  });
});
