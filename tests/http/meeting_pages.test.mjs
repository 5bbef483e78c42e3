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
