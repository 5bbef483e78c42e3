// Pages of meetings through the real binary: what each reader is shown, the forms that notes, orders and attendance are
// written by without a script, and the link by which somebody without a login answers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

const group = 'nag-palliativ-vard';
let k, officer, member, token, meeting, items;
const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
const post = (where, body = {}) => k.api(where, { token, method: 'POST', body });
const page = async (path, cookies = officer) => {
  const reply = await k.page(path, { cookies });
  assert.equal(reply.status, 200, `${path}: ${reply.text}`);
  return reply.text;
};
const hidden = (html, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)[1];
const formed = () => ({ origin: k.url, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' });
const send = (path, html, values, cookies = officer) => k.page(path, {
  cookies, method: 'POST', headers: formed(), body: new URLSearchParams([['_csrf', hidden(html, '_csrf')], ...values]).toString(),
});
const cookieOf = (reply) => [reply.headers['set-cookie'] ?? ''].flat().map((one) => one.split(';')[0]).join('; ');
const agenda = async () => (await k.api(`/meetings/${meeting}/agenda-items`, { token })).json.items;

before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  const login = async (who) => (await k.login(`${who}@kansli.example`, 'kansli-demo-2026')).header;
  officer = await login('karin.bergstrom');
  member = await login('viveka.lundhede');
  token = await k.token('karin.bergstrom@kansli.example');
  const made = await post(`/groups/${group}/meetings`, {
    title: 'Möte om provningen', startsAt: '2026-12-17T12:00:00Z', endsAt: '2026-12-17T14:00:00Z', mode: 'online', location: 'https://video.example/prov', visibility: 'public',
  });
  assert.equal(made.status, 201, made.text);
  meeting = made.json.id;
  for (const title of ['Första saken', 'Andra saken']) {
    const item = await post(`/meetings/${meeting}/agenda-items`, { title });
    assert.equal(item.status, 201, item.text);
  }
  items = await agenda();
});

describe('who sees what', () => {
  test('the group\'s list offers a new meeting to its officer alone', async () => {
    assert.match(await page(`/groups/${group}/meetings`), /meetings\/new/);
    assert.doesNotMatch(await page(`/groups/${group}/meetings`, member), /meetings\/new/);
    assert.doesNotMatch(await page(`/groups/${group}/meetings`, ''), /Möte om provningen/);
  });
  test('a planned meeting is no page for others', async () => {
    assert.equal((await k.page(`/meetings/${meeting}`)).status, 404);
    assert.match(await page(`/meetings/${meeting}`, member), /Första saken/);
  });
  test('every form is a page for the officer', async () => {
    for (const rest of ['edit', 'delete', 'notices/new', 'cancellations/new', 'agenda-items/new', `agenda-items/${items[1].id}/edit`,
      `agenda-items/${items[1].id}/delete`, 'attendance', 'attendance/new', 'recusals/new', 'minutes'])
      assert.match(await page(`/meetings/${meeting}/${rest}`), /Möte om provningen/, rest);
    await page(`/groups/${group}/meetings/new`);
    await page('/meetings', '');
  });
  test('no form is one for a member', async () => {
    for (const rest of ['edit', 'notices/new', 'agenda-items/new', 'attendance/new'])
      assert.equal((await k.page(`/meetings/${meeting}/${rest}`, { cookies: member })).status, 403, rest);
  });
});

describe('a meeting whose minutes are adjusted', () => {
  test('is a page as before, and its forms say why nothing is changed', async () => {
    const [held] = (await k.api(`/groups/${group}/meetings?from=2026-05-21&to=2026-05-21`, { token })).json.items;
    const [item] = (await k.api(`/meetings/${held.id}/agenda-items`, { token })).json.items;
    for (const tab of ['', '/attendance', '/papers', '/minutes', `?item=${item.id}`]) {
      const html = await page(`/meetings/${held.id}${tab}`);
      assert.doesNotMatch(html, /recusals\/new|attendance-marks|agenda-items\/new/, tab);
    }
    for (const form of ['/recusals/new', '/attendance/new', '/agenda-items/new', `/agenda-items/${item.id}/edit`]) {
      for (const [cookies, status] of [[officer, 409], [member, 403]]) {
        const reply = await k.page(`/meetings/${held.id}${form}`, { cookies });
        assert.equal(reply.status, status, `${form}: ${reply.status} ${reply.text.slice(0, 300)}`);
        if (status === 409) assert.match(reply.text, /minutes-locked/);
      }
    }
  });
});

describe('without a script', () => {
  test('a button moves an item and leads back to it', async () => {
    const where = `/meetings/${meeting}/agenda-orders/new`, html = await page(`/meetings/${meeting}`);
    const [first, second, third] = items.map((item) => item.id);
    const order = (...ids) => ids.map((id) => ['itemIds[]', id]);
    const press = async (move, ...ids) => send(where, html, [...order(...ids), ['move', move]]);
    const reply = await press('2:up', first, second, third);
    assert.equal(reply.status, 303, reply.text);
    assert.ok(reply.headers.location.endsWith(`/meetings/${meeting}?item=${third}#a-${third}`), reply.headers.location);
    assert.deepEqual((await agenda()).map((item) => item.id), [first, third, second]);
    for (const still of ['1:up', '2:down', '0:down', '0:up', '9:up', '1:sideways', 'up']) {
      assert.equal((await press(still, first, third, second)).status, 303, still);
      assert.deepEqual((await agenda()).map((item) => item.id), [first, third, second], still);
    }
    const standing = html.split('<li id="a-')[1];
    assert.ok(standing.includes('data-fixed') && !standing.includes('<button'), 'the standing question has no buttons');
    await press('1:down', first, third, second);
  });
  test('an order of an agenda that has changed is refused on the meeting\'s page, in words', async () => {
    const where = `/meetings/${meeting}/agenda-orders/new`, html = await page(`/meetings/${meeting}`);
    const reply = await send(where, html, items.slice(0, 2).map((item) => ['itemIds[]', item.id]));
    assert.equal(reply.status, 409);
    assert.match(reply.text, /role="alert"[^>]*><h2>[^<]*<\/h2><p>En punkt har lagts till/);
    assert.match(reply.text, /Andra saken/);
  });
  test('an item is added on the page, and a mistake leads to the whole form with what was typed', async () => {
    const html = await page(`/meetings/${meeting}`);
    const reply = await send(`/meetings/${meeting}/agenda-items`, html, [['title', 'Uppkommen sak'], ['type', 'decision']]);
    assert.equal(reply.status, 303, reply.text);
    const [last] = (await agenda()).slice(-1);
    assert.ok(reply.headers.location.endsWith(`?item=${last.id}#item`));
    const again = await send(`/meetings/${meeting}/agenda-items`, html, [['title', ''], ['type', 'decision']]);
    assert.equal(again.status, 400);
    assert.match(again.text, /f-title-error/);
    assert.match(again.text, /value="decision" selected/);
    await send(`/meetings/${meeting}/agenda-items/${last.id}?_method=DELETE`, await page(`/meetings/${meeting}/agenda-items/${last.id}/delete`), [['_version', '1']]);
    assert.equal((await agenda()).length, items.length);
  });
  test('two who write notes at the same item: the second sees both texts and loses nothing', async () => {
    const id = items[2].id, where = `/meetings/${meeting}/agenda-items/${id}?_method=PATCH`;
    await k.api(`/meetings/${meeting}/agenda-items/${id}`, { token, method: 'PATCH', body: { text: 'Bakgrund som ska stå kvar.', tags: ['Tandkräm'] }, headers: { 'if-match': (await k.api(`/meetings/${meeting}/agenda-items/${id}`, { token })).etag } });
    const html = await page(`/meetings/${meeting}?item=${id}`), version = hidden(html, '_version');
    const note = (text, seen) => send(where, html, [['_version', seen], ['_checkbox[]', 'postponed'], ['minutesText', text]]);
    assert.equal((await note('Den enas text.\n\nI två stycken.', version)).status, 303);
    const reply = await note('Den andras <text>.', version);
    assert.equal(reply.status, 412);
    assert.match(reply.text, /name="minutesText"[^>]*>Den andras &lt;text&gt;\./);
    assert.match(reply.text, /readonly>Den enas text\.\s+I två stycken\.<\/textarea>/);
    assert.doesNotMatch(reply.text, /name="(title|text|tags\[\])"/, 'the rest of the item is not in the form');
    const seen = hidden(reply.text, '_version');
    assert.notEqual(seen, version);
    assert.equal((await note('Bådas text.', seen)).status, 303);
    const now = (await k.api(`/meetings/${meeting}/agenda-items/${id}`, { token })).json;
    assert.deepEqual([now.title, now.text, now.tags, now.minutesText, now.postponed], ['Andra saken', 'Bakgrund som ska stå kvar.', ['Tandkräm'], 'Bådas text.', false]);
  });
  test('notes that cannot be kept come back as they were typed', async () => {
    const id = items[2].id, html = await page(`/meetings/${meeting}?item=${id}`);
    const deep = '- '.repeat(60) + 'a';
    const reply = await send(`/meetings/${meeting}/agenda-items/${id}?_method=PATCH`, html, [['_version', hidden(html, '_version')], ['minutesText', deep]]);
    assert.equal(reply.status, 400);
    assert.ok(reply.text.includes(deep));
    assert.doesNotMatch(reply.text, /readonly/);
  });
  test('notes are saved from the meeting\'s own page', async () => {
    const id = items[1].id, html = await page(`/meetings/${meeting}?item=${id}`);
    const reply = await send(`/meetings/${meeting}/agenda-items/${id}?_method=PATCH`, html, [['_version', hidden(html, '_version')], ['minutesText', 'Det **noterades**.']]);
    assert.equal(reply.status, 303, reply.text);
    assert.match(reply.headers.location, new RegExp(`item=${id}#item$`)); // the same item stays open
    const [now] = (await agenda()).filter((item) => item.id === id);
    assert.deepEqual([now.title, now.minutesText], ['Första saken', 'Det **noterades**.']);
  });
  test('nobody is noted where nobody is named', async () => {
    const reply = await send(`/meetings/${meeting}/attendance`, await page(`/meetings/${meeting}/attendance/new`), [['personId', ''], ['status', ''], ['forId', ''], ['note', '']]);
    assert.equal(reply.status, 400, reply.text.slice(0, 400));
    assert.match(reply.text, /aria-invalid="true"/);
  });

  test('one form notes attendance, and writes only what was changed', async () => {
    const where = `/meetings/${meeting}/attendance`, html = await page(where);
    const people = [...html.matchAll(/name="was\.([^"]+)"/g)].map((m) => m[1]);
    assert.ok(people.length > 2);
    const reply = await send(`${where}/new`, html, [
      [`was.${people[0]}`, ''], [`status.${people[0]}`, 'present'],
      [`was.${people[1]}`, 'absent'], [`status.${people[1]}`, 'absent'], // as it was shown
    ]);
    assert.equal(reply.status, 303, reply.text);
    const rows = (await k.api(where, { token })).json.items.filter((row) => row.status);
    assert.deepEqual(rows.map((row) => [row.personId, row.status]), [[people[0], 'present']]);
    assert.equal((await send(`${where}/new`, html, [['all', 'remote']])).status, 303);
    assert.ok((await k.api(where, { token })).json.items.filter((row) => row.status === 'remote').length >= people.length - 1);
  });
});

describe('standing aside', () => {
  test('is recorded from the item and leads back to it; the item says so, and who is left', async () => {
    const id = items[1].id, person = sql("SELECT id FROM person WHERE email = 'bo.ersmarken@kansli.example';");
    const html = await page(`/meetings/${meeting}/recusals/new?item=${id}`);
    assert.match(html, new RegExp(`<option value="${id}" selected>`));
    const before = /(\d+) av (\d+) platser deltar/.exec(await page(`/meetings/${meeting}?item=${id}`)).slice(1, 3).map(Number);
    const reply = await send(`/meetings/${meeting}/recusals`, html, [['agendaItemId', id], ['personId', person], ['action', 'leftRoom'], ['note', 'Sitter i styrelsen']]);
    assert.equal(reply.status, 303, reply.text);
    assert.ok(reply.headers.location.endsWith(`/meetings/${meeting}?item=${id}#item`));
    const after = await page(`/meetings/${meeting}?item=${id}`);
    assert.match(after, /Bo Ersmarken: Lämnade mötet under punkten/);
    assert.match(after, /Sitter i styrelsen/);
    assert.match(after, new RegExp(`${before[0] - 1} av ${before[1]} platser deltar`));
    assert.match(await page(`/meetings/${meeting}?item=${items[2].id}`), new RegExp(`${before[0]} av ${before[1]} platser deltar`), 'only at that item');
    assert.match(await page(`/meetings/${meeting}?item=${id}`, member), /Bo Ersmarken/);
  });
});

describe('the form of a meeting', () => {
  const where = `/groups/${group}/meetings`;
  const plan = async (values) => send(where, await page(`${where}/new`), Object.entries({ mode: 'online', visibility: 'members', ...values }));
  const made = async (reply) => {
    assert.equal(reply.status, 303, reply.text);
    return (await k.api(reply.headers.location.replace(k.url, ''), { token })).json;
  };
  const field = (html, name) => new RegExp(`name="${name}" type="datetime-local" value="([^"]*)"`).exec(html)[1];

  test('proposes the weekday, the hours, the place and the rhythm of the last ones, and what they left', async () => {
    const own = async (fields) => (await post(`/groups/${group}/meetings`, { mode: 'hybrid', location: 'Umeå', ...fields })).json;
    await own({ startsAt: '2027-05-06T07:00:00Z', endsAt: '2027-05-06T10:30:00Z' });
    const last = await own({ startsAt: '2027-10-14T07:00:00Z', endsAt: '2027-10-14T10:30:00Z', title: 'Höstens möte' }); // Thursdays, 23 weeks
    const { json: left } = await post(`/meetings/${last.id}/agenda-items`, { title: 'Det som inte hanns med', postponed: true });
    const html = await page(`${where}/new`);
    assert.equal(field(html, 'startsAt'), '2028-03-23T09:00', 'nine o\'clock stays nine o\'clock over summer time');
    assert.equal(field(html, 'endsAt'), '2028-03-23T12:30');
    assert.match(html, /value="hybrid" selected/);
    assert.match(html, /value="Umeå"/);
    assert.match(html, new RegExp(`name="carryOverIds\\[\\]" value="${left.id}" checked><span>Det som inte hanns med \\(Höstens möte\\)`));
    const next = await made(await plan({ startsAt: '2028-03-23T09:00', endsAt: '2028-03-23T12:30', 'carryOverIds[]': left.id }));
    assert.deepEqual((await k.api(`/meetings/${next.id}/agenda-items`, { token })).json.items.map((item) => item.title).slice(1), ['Det som inte hanns med']);
    assert.doesNotMatch(await page(`${where}/new`), /Det som inte hanns med/);
    const again = await plan({ startsAt: '2028-04-20T09:00', endsAt: '', title: 'Det som typats', 'carryOverIds[]': left.id });
    assert.equal(again.status, 400);
    assert.match(again.text, /value="Det som typats"/);
    const late = await plan({ startsAt: '2028-04-20T09:00', endsAt: '2028-04-20T10:00', 'carryOverIds[]': left.id });
    assert.equal(late.status, 400);
    assert.match(late.text, /tagits upp av ett annat möte/);
  });
  test('knows the hours that clocks skip and show twice, and a night between two days', async () => {
    for (const skipped of ['2027-03-28T02:00', '2027-03-28T02:30', '2027-03-28T02:59']) {
      const reply = await plan({ startsAt: skipped, endsAt: '2027-03-28T05:00' });
      assert.equal(reply.status, 400, skipped);
      assert.match(reply.text, /f-startsAt-error[^]*hoppar över den timmen/);
      assert.match(reply.text, new RegExp(`value="${skipped}"`), 'what was typed stands there');
    }
    const spring = await made(await plan({ startsAt: '2027-03-28T01:30', endsAt: '2027-03-28T03:30' }));
    assert.deepEqual([spring.startsAt, spring.endsAt], ['2027-03-28T00:30:00.000Z', '2027-03-28T01:30:00.000Z'], 'one hour, as it was');
    const autumn = await made(await plan({ startsAt: '2026-10-25T02:30', endsAt: '2026-10-25T03:30' }));
    assert.deepEqual([autumn.startsAt, autumn.endsAt], ['2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00.000Z'], 'of two the first');
    const night = await made(await plan({ startsAt: '2026-12-31T22:00', endsAt: '2027-01-01T01:00' }));
    assert.equal(night.startsOn, '2026-12-31');
    assert.match(await page(`/meetings/${night.id}`), /31 december 2026 kl\. 22\.00 – 1 januari 2027 kl\. 01\.00/);
    const back = await plan({ startsAt: '2026-12-31T22:00', endsAt: '2026-12-31T22:00' });
    assert.equal(back.status, 400);
    assert.match(back.text, /f-endsAt-error/);
  });
  test('moves nothing that looks the same: seconds, and the hour that comes twice', async () => {
    const { json: m } = await post(where, { mode: 'online', startsAt: '2026-10-25T01:30:00Z', endsAt: '2026-10-25T03:00:45Z' }); // the second 02:30
    const html = await page(`/meetings/${m.id}/edit`);
    assert.equal(field(html, 'startsAt'), '2026-10-25T02:30');
    const save = (values) => send(`/meetings/${m.id}?_method=PATCH`, html, Object.entries({ _version: hidden(html, '_version'), title: 'Nytt namn', mode: 'online', visibility: 'members', startsAt: field(html, 'startsAt'), endsAt: field(html, 'endsAt'), ...values }));
    assert.equal((await save({})).status, 303);
    const now = (await k.api(`/meetings/${m.id}`, { token })).json;
    assert.deepEqual([now.title, now.startsAt, now.endsAt], ['Nytt namn', '2026-10-25T01:30:00.000Z', '2026-10-25T03:00:45.000Z']);
    const stale = await save({ title: 'Den andras namn', location: 'Skype' });
    assert.equal(stale.status, 412);
    assert.match(stale.text, /value="Den andras namn"/);
    assert.match(stale.text, /Sparat av någon annan[^<]*<strong>Nytt namn/);
    assert.match(stale.text, /value="Skype"/);
  });
  test('an item that two change: the second sees what the first wrote in every field, lists too', async () => {
    const { json: m } = await post(where, { mode: 'online', startsAt: '2027-01-07T08:00:00Z', endsAt: '2027-01-07T09:00:00Z' });
    const { json: one } = await post(`/meetings/${m.id}/agenda-items`, { title: 'Saken', tags: ['Ett', 'Två'] });
    const edit = `/meetings/${m.id}/agenda-items/${one.id}`, html = await page(`${edit}/edit`);
    const save = (values) => send(`${edit}?_method=PATCH`, html, [['_version', hidden(html, '_version')], ['presenterIds[]', ''], ...values]);
    assert.equal((await save([['title', 'Saken'], ['type', 'decision'], ['text', 'Den enas bakgrund'], ['tags[]', 'Ett'], ['tags[]', 'Tre']])).status, 303);
    const reply = await save([['title', 'Saken'], ['type', 'discussion'], ['text', ''], ['tags[]', 'Ett'], ['tags[]', 'Fyra']]);
    assert.equal(reply.status, 412);
    const present = [...reply.text.matchAll(/Sparat av någon annan[^<]*<strong>([^<]*)</g)].map((found) => found[1]);
    assert.deepEqual(present, ['Beslut', 'Den enas bakgrund', 'Ett; Tre']);
    assert.match(reply.text, /value="Fyra"/, 'what was typed stands in the form');
  });
  test('makes a meeting joint, and not any more', async () => {
    const other = 'nag-fallskador-hos-aldre';
    const m = await made(await plan({ startsAt: '2027-08-05T09:00', endsAt: '2027-08-05T10:00', title: 'Två grupper', 'groupIds[]': 'NAG Fallskador hos äldre' }));
    assert.deepEqual(m.groupIds, [group, other]);
    for (const of of [group, other]) {
      const list = await page(`/groups/${of}/meetings?q=${encodeURIComponent('Två grupper')}`);
      assert.match(list, /NAG Palliativ vård, NAG Fallskador hos äldre/);
    }
    assert.match(await page(`/meetings?q=${encodeURIComponent('Två grupper')}`), /NAG Palliativ vård<\/a>, NAG Fallskador/);
    const html = await page(`/meetings/${m.id}/edit`);
    const save = (ids, version) => send(`/meetings/${m.id}?_method=PATCH`, html, [['_version', version], ['title', 'Två grupper'], ['mode', 'online'], ['startsAt', '2027-08-05T09:00'], ['endsAt', '2027-08-05T10:00'], ...ids.map((id) => ['groupIds[]', id])]);
    const version = hidden(html, '_version');
    assert.equal((await save([other], version)).status, 303);
    assert.deepEqual((await k.api(`/meetings/${m.id}`, { token })).json.groupIds, [other], 'the first leads');
    const empty = await save([''], String(Number(version) + 1));
    assert.equal(empty.status, 400);
    assert.match(empty.text, /f-groupIds-error/);
  });
});

describe('the answer by a link', () => {
  let link;
  before(async () => {
    assert.equal((await post(`/meetings/${meeting}/notices`)).status, 201);
    link = sql(`SELECT json_extract(content, '$.path') FROM mail WHERE json_extract(content, '$.path') LIKE '/meeting-answers/%' LIMIT 1;`);
  });
  test('it is answered logged out, and changed', async () => {
    for (const answer of ['deputy', 'yes']) {
      const first = await k.page(link);
      assert.equal(first.status, 200, first.text);
      assert.match(first.headers['cache-control'], /no-store/);
      const reply = await k.page(link, {
        cookies: cookieOf(first), method: 'POST', headers: formed(), body: new URLSearchParams({ _csrf: hidden(first.text, '_csrf'), answer }).toString(),
      });
      assert.equal(reply.status, 303, reply.text);
    }
    assert.equal(sql(`SELECT count(*) FROM attendance t JOIN meeting m ON m.key = t.meeting_key WHERE m.id = '${meeting}' AND t.answer = 'yes';`), '1');
  });
  test('its calendar has the meeting', async () => assert.match((await k.page(`${link}/calendar`)).text, /SUMMARY:Möte om provningen/));
  test('a meeting that is called is public without what is inside', async () => {
    const html = await page(`/meetings/${meeting}`, '');
    assert.match(html, /Första saken/);
    assert.doesNotMatch(html, /noterades|video\.example|Viveka/);
  });
  test('it ends for whom the meeting does not concern when it becomes the officers\' alone', async () => {
    const made = await post(`/groups/${group}/meetings`, { startsAt: '2026-12-18T12:00:00Z', endsAt: '2026-12-18T14:00:00Z', mode: 'online' });
    const { id } = made.json;
    assert.equal((await post(`/meetings/${id}/notices`)).status, 201);
    const links = ['karin.bergstrom', 'viveka.lundhede'].map((who) => sql(`SELECT json_extract(content, '$.path') FROM mail WHERE event = 'meetings:${id}:notice' AND address = '${who}@kansli.example';`));
    const opened = async () => Promise.all(links.map(async (one) => (await k.page(one)).status));
    assert.deepEqual(await opened(), [200, 200]);
    const { etag } = await k.api(`/meetings/${id}`, { token });
    assert.equal((await k.api(`/meetings/${id}`, { token, method: 'PATCH', body: { visibility: 'principals' }, headers: { 'if-match': etag } })).status, 200);
    assert.deepEqual(await opened(), [200, 404]);
  });
  test('whoever was called answers on the page', async () => assert.match(await page(`/meetings/${meeting}/answers/new`, member), /<select|radio/));
  test('the page of the notice says who gets it and what it says', async () => {
    const html = await page(`/meetings/${meeting}/notices/new`);
    assert.match(html, /Andra saken/);
    assert.match(html, /Har svarat, eller är noterad/);
    assert.match(html, /<option value="new">/);
  });
  test('after the meeting is cancelled the link says so; an invented one says nothing', async () => {
    assert.equal((await post(`/meetings/${meeting}/cancellations`, { reason: 'Förfall' })).status, 201);
    const html = await page(link, '');
    assert.match(html, /Mötet är inställt[^]*Förfall/);
    assert.doesNotMatch(html, /name="answer"/);
    assert.match((await k.page(`${link}/calendar`)).text, /STATUS:CANCELLED/);
    assert.equal((await k.page(`/meeting-answers/${'x'.repeat(43)}`)).status, 404);
  });
});
