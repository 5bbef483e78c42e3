// Writing minutes through the real binary: the editor, what is kept of it before it is saved and for whom, two who
// write at once, and what becomes of a text whose minutes were locked meanwhile. Without a script throughout.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made } from '../lib/said.mjs';

let k, token, karin, helper;
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  token = await k.token('support@kansli.example');
  karin = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
  helper = await k.login('support@kansli.example', 'kansli-demo-2026');
});

const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
const get = (where) => k.api(where, { token });
const post = (where, body = {}) => k.api(where, { token, method: 'POST', body });
let serial = 0;
async function minutes(text) {
  const m = made(await post('/groups/nag-palliativ-vard/meetings', { startsAt: `2026-11-1${serial % 9}T08:00:00Z`, endsAt: `2026-11-1${serial++ % 9}T11:00:00Z`, mode: 'online', title: `Skrivmöte ${serial}` }));
  return made(await post(`/meetings/${m.id}/minutes`, { text }));
}
const saved = async (v) => (await get(`/minutes/${v.id}`)).json.text;
const drafts = (v) => Number(sql(`SELECT count(*) FROM minutes_draft d JOIN minutes v ON v.key = d.minutes_key WHERE v.id = '${v.id}';`));
const typed = (page) => page.text.match(/<textarea[^>]*>\n?([^<]*)<\/textarea>/)[1];
const form = (page, action) => page.forms.find((one) => one.action.endsWith(action));
const editor = async (jar, v) => {
  const page = await jar.get(`/minutes/${v.id}/edit`);
  assert.equal(page.status, 200, page.text.slice(0, 2000));
  return page;
};
const to = (page, where, v) => ({ ...form(page, '/edit'), action: `/minutes/${v.id}${where}`, buttons: [] });
const keep = async (jar, v, page, text) => jar.submit(to(page, '/draft', v), { text });
const save = async (jar, v, page, text, button) => jar.submit(form(page, '/edit'), { text }, { button });

describe('the editor', () => {
  test('is where writing the minutes begins', async () => {
    const m = made(await post('/groups/nag-palliativ-vard/meetings', { startsAt: '2026-11-09T08:00:00Z', endsAt: '2026-11-09T09:00:00Z', mode: 'online' }));
    made(await post(`/meetings/${m.id}/attendance-marks`, { status: 'present' }));
    const page = await karin.get(`/meetings/${m.id}`);
    const reply = await karin.submit(form(page, `/meetings/${m.id}/minutes`), {});
    assert.equal(reply.status, 303);
    assert.match(reply.headers.location, /^\/minutes\/[0-9a-f-]{36}\/edit$/);
  });

  test('shows text and preview with marks, and tells what is not understood', async () => {
    const v = await minutes('## 1. Öppning\n\nBeslut: Mötet öppnas.\n\nÅtgärd: @Ingen Alls ringer, senast 2026-02-30');
    const page = await editor(karin, v);
    assert.match(typed(page), /Beslut: Mötet öppnas\./);
    assert.match(page.text, /<span class="tag ok">Beslut<\/span> Mötet öppnas\./);
    assert.match(page.text, /<span class="tag info">Åtgärd<\/span>/);
    assert.equal(page.text.match(/Rad 5:/g).length, 2, 'a name that is nobody, a day that is not a day');
    assert.match(page.text, /<code>@Karin Bergström<\/code>/);
  });

  test('previews what is typed and saves nothing but a draft; says which line cannot be saved', async () => {
    const v = await minutes('Ett');
    const page = await editor(karin, v);
    const seen = await karin.submit(to(page, '/previews', v), { text: 'Beslut: två' });
    assert.equal(seen.status, 200);
    assert.match(seen.text, /<span class="tag ok">Beslut<\/span> två/);
    assert.equal(typed(seen), 'Beslut: två');
    assert.equal(typed(await editor(karin, v)), 'Beslut: två', 'who leaves the preview has lost nothing');
    assert.equal(await saved(v), 'Ett');
    const deep = await karin.submit(to(page, '/previews', v), { text: `Ett\n\n${'- '.repeat(30)}x` });
    assert.match(deep.text, /Rad 3:/);
    const refused = await save(karin, v, page, `Ett\n\n${'- '.repeat(30)}x`);
    assert.equal(refused.status, 400);
    assert.match(refused.text, /class="errors"/);
    assert.match(refused.text, /Rad 3:/);
    assert.match(typed(refused), /^Ett\n\n- - /, 'what was typed is there still');
    const long = await save(karin, v, page, 'å'.repeat(33_000));
    assert.equal(long.status, 400);
    assert.match(long.text, /64 kB/);
  });

  test('saves, and leads to adjusting', async () => {
    const v = await minutes('Ett');
    const first = await save(karin, v, await editor(karin, v), 'Två');
    assert.equal(first.status, 303);
    assert.equal(first.headers.location, `/minutes/${v.id}`);
    assert.equal(await saved(v), 'Två');
    const then = await save(karin, v, await editor(karin, v), 'Tre', '_adjust');
    assert.equal(then.headers.location, `/minutes/${v.id}/adjustments/new`);
    assert.equal(await saved(v), 'Tre');
  });
});

describe('a draft', () => {
  test('is kept while it is written, offered back to its writer alone, and gone when saved', async () => {
    const v = await minutes('Ett');
    const events = () => sql(`SELECT count(*) FROM audit_event;`);
    const before = events();
    const kept = await keep(karin, v, await editor(karin, v), 'Ett och hemligt');
    assert.equal(kept.status, 200);
    assert.match(kept.headers['content-type'], /^text\/plain/);
    assert.match(kept.text, /^Utkastet sparades 11\.00\.$/);
    assert.equal(events(), before, 'no state of the register, no history');
    const back = await editor(karin, v);
    assert.equal(typed(back), 'Ett och hemligt');
    assert.match(back.text, /11\.00/);
    const other = await editor(helper, v);
    assert.equal(typed(other), 'Ett');
    assert.doesNotMatch(other.text, /hemligt/);
    assert.match(other.text, /Karin Bergström skriver också \(sedan 11\.00\)/);
    assert.equal(await saved(v), 'Ett');
    assert.doesNotMatch((await get(`/minutes/${v.id}`)).text, /hemligt/);
    assert.match((await keep(helper, v, other, 'Annat')).text, /Karin Bergström skriver också/);
    await save(karin, v, back, 'Ett och öppet');
    assert.equal(drafts(v), 1, 'the other one\'s stays');
    assert.equal(typed(await editor(karin, v)), 'Ett och öppet');
  });

  test('is saved by a button, and thrown away by another', async () => {
    const v = await minutes('Ett');
    const page = await editor(karin, v);
    const kept = await save(karin, v, page, 'Två', '_back');
    assert.equal(kept.headers.location, `/minutes/${v.id}/edit`);
    const back = await editor(karin, v);
    assert.equal(typed(back), 'Två');
    const gone = await karin.submit(form(back, '/draft'));
    assert.equal(gone.headers.location, `/minutes/${v.id}/edit`);
    assert.equal(drafts(v), 0);
    assert.equal(typed(await editor(karin, v)), 'Ett');
  });

  test('that says what is saved is none; an empty one is one; one too long to be saved is kept', async () => {
    const v = await minutes('Ett');
    const page = await editor(karin, v);
    await keep(karin, v, page, 'Två');
    await keep(karin, v, page, 'Ett');
    assert.equal(drafts(v), 0);
    await keep(karin, v, page, '');
    assert.equal(typed(await editor(karin, v)), '');
    const long = 'a'.repeat(70_000);
    assert.equal((await keep(karin, v, page, long)).status, 200);
    const back = await editor(karin, v);
    assert.equal(typed(back).length, 70_000);
    assert.match(back.text, /64 kB/);
    assert.equal((await keep(karin, v, page, 'Född 19121212-1212')).status, 400, 'no identity number is kept here either');
  });

  test('is not kept by who may not change the minutes, nor after the minutes are deleted', async () => {
    const v = await minutes('Ett');
    const page = await editor(karin, v);
    const member = await k.login('viveka.lundhede@kansli.example', 'kansli-demo-2026');
    const denied = await member.post(`/minutes/${v.id}/draft`, { text: 'x', _csrf: form(await member.get('/me'), '/logout').fields._csrf });
    assert.equal(denied.status, 403);
    await keep(karin, v, page, 'Två');
    const { etag } = await get(`/minutes/${v.id}`);
    assert.equal((await k.api(`/minutes/${v.id}`, { token, method: 'DELETE', headers: { 'if-match': etag } })).status, 204);
    assert.equal(sql('SELECT count(*) FROM minutes_draft d LEFT JOIN minutes v ON v.key = d.minutes_key WHERE v.key IS NULL;'), '0');
    assert.equal((await keep(karin, v, page, 'Tre')).status, 404);
  });
});

describe('two who write at once', () => {
  const both = async (base, mine, theirs) => {
    const v = await minutes(base);
    const mineFirst = await editor(karin, v), theirFirst = await editor(helper, v);
    if (mine !== null) await keep(karin, v, mineFirst, mine);
    assert.equal((await save(helper, v, theirFirst, theirs)).status, 303);
    return { v, page: mineFirst };
  };

  test('have both changes when they touched different paragraphs', async () => {
    const { v, page } = await both('a\n\nb\n\nc', 'A\n\nb\n\nc', 'a\n\nb\n\nC');
    const stale = await save(karin, v, page, 'A\n\nb\n\nc');
    assert.equal(stale.headers.location, `/minutes/${v.id}/merge`);
    assert.equal(await saved(v), 'a\n\nb\n\nC', 'the first stands');
    const merge = await karin.get(`/minutes/${v.id}/merge`);
    assert.match(merge.text, /2 ställen/);
    const put = await karin.submit(form(merge, '/merge'), {});
    assert.equal(put.headers.location, `/minutes/${v.id}/edit`);
    assert.equal(await saved(v), 'a\n\nb\n\nC', 'seen before it is saved');
    const back = await editor(karin, v);
    assert.equal(typed(back), 'A\n\nb\n\nC');
    assert.equal((await save(karin, v, back, typed(back))).headers.location, `/minutes/${v.id}`);
    assert.equal(await saved(v), 'A\n\nb\n\nC');
    assert.equal(drafts(v), 0);
  });

  test('choose paragraph by paragraph; as it is proposed nothing is lost', async () => {
    for (const [choice, text] of [[undefined, 'a\n\nb1\n\nb2'], ['mine', 'a\n\nb1'], ['theirs', 'a\n\nb2']]) {
      const { v, page } = await both('a\n\nb', 'a\n\nb1', 'a\n\nb2');
      await save(karin, v, page, 'a\n\nb1');
      const merge = await karin.get(`/minutes/${v.id}/merge`);
      await karin.submit(form(merge, '/merge'), choice ? { 'place.1': choice } : {});
      assert.equal(typed(await editor(karin, v)), text);
    }
  });

  test('are asked again when a third has saved meanwhile', async () => {
    const { v, page } = await both('a', 'a\n\nmin', 'a\n\nderas');
    await save(karin, v, page, 'a\n\nmin');
    const merge = await karin.get(`/minutes/${v.id}/merge`);
    await save(helper, v, await editor(helper, v), 'a\n\nderas\n\nmer');
    const again = await karin.submit(form(merge, '/merge'), {});
    assert.equal(again.headers.location, `/minutes/${v.id}/merge`);
    await karin.submit(form(await karin.get(`/minutes/${v.id}/merge`), '/merge'), {});
    const back = await editor(karin, v);
    await save(helper, v, await editor(helper, v), 'a\n\nderas\n\nännu mer');
    assert.equal((await save(karin, v, back, typed(back))).headers.location, `/minutes/${v.id}/merge`);
    await karin.submit(form(await karin.get(`/minutes/${v.id}/merge`), '/merge'), {});
    assert.match(typed(await editor(karin, v)), /min/);
  });

  test('lose nothing when the second never kept a draft: both texts, though nobody knows where they began', async () => {
    const { v, page } = await both('a\n\nb', null, 'a\n\nb\n\nnytt');
    await save(karin, v, page, 'a\n\nbb');
    await karin.submit(form(await karin.get(`/minutes/${v.id}/merge`), '/merge'), {});
    const text = typed(await editor(karin, v));
    for (const part of ['bb', 'b', 'nytt']) assert.ok(text.split('\n\n').includes(part), text);
  });

  test('are told in the editor that somebody has saved', async () => {
    const { v, page } = await both('a', 'b', 'c');
    assert.match((await editor(karin, v)).text, /Någon annan har sparat/);
    assert.match((await keep(karin, v, page, 'bb')).text, /väljer du mellan texterna/);
  });

  test('find nothing to put together when there is nothing', async () => {
    const v = await minutes('a');
    assert.equal((await karin.get(`/minutes/${v.id}/merge`)).headers.location, `/minutes/${v.id}/edit`);
  });
});

describe('a text whose minutes were adjusted meanwhile', () => {
  test('is offered as a correction', async () => {
    const v = await minutes('a\n\nb');
    const page = await editor(karin, v);
    made(await post(`/minutes/${v.id}/adjustments`));
    const late = await save(karin, v, page, 'a\n\nb\n\nsent');
    assert.equal(late.headers.location, `/minutes/${v.id}/edit`);
    const locked = await editor(karin, v);
    assert.match(locked.text, /sent<\/div>/);
    assert.equal((await helper.get(`/minutes/${v.id}/edit`)).status, 409);
    const next = await karin.submit(form(locked, '/drafts'), {});
    assert.match(next.headers.location, /\/merge$/);
    const merge = await karin.get(next.headers.location);
    await karin.submit(form(merge, '/merge'), {});
    const id = next.headers.location.split('/')[2];
    const back = await editor(karin, { id });
    assert.equal(typed(back), 'a\n\nb\n\nsent');
    await save(karin, { id }, back, typed(back));
    const comparison = await karin.get(`/minutes/${id}/comparison`);
    assert.equal(comparison.status, 200);
    assert.match(comparison.text, /<ins><span class="vh">[^<]+<\/span>\s*sent<\/ins>/);
    assert.match((await karin.get(`/meetings/${(await get(`/minutes/${id}`)).json.meetingId}/minutes`)).text, new RegExp(`/minutes/${id}/comparison`));
    assert.equal(drafts(v), 0);
  });

  test('is kept by a preview too', async () => {
    const v = await minutes('a');
    const page = await editor(karin, v);
    made(await post(`/minutes/${v.id}/adjustments`));
    assert.equal((await karin.submit(to(page, '/previews', v), { text: 'a\n\nsent' })).headers.location, `/minutes/${v.id}/edit`);
    assert.match((await editor(karin, v)).text, /sent<\/div>/);
  });

  test('is no draft when it says what was adjusted', async () => {
    const v = await minutes('a');
    const page = await editor(karin, v);
    await keep(karin, v, page, 'b');
    await save(helper, v, await editor(helper, v), 'b');
    made(await post(`/minutes/${v.id}/adjustments`));
    assert.equal(drafts(v), 0);
  });
});

describe('a script', () => {
  test('is told what it lacks: If-Match, a newer version, a text over 64 kB, the line that is wrong', async () => {
    const v = await minutes('a');
    const patch = (text, headers = {}) => k.api(`/minutes/${v.id}`, { token, method: 'PATCH', body: { text }, headers });
    const { etag } = await get(`/minutes/${v.id}`);
    assert.equal((await patch('b')).status, 428);
    assert.equal((await patch('b', { 'if-match': '*' })).status, 400);
    made(await patch('b', { 'if-match': etag }), 200);
    const stale = await patch('c', { 'if-match': etag });
    assert.equal(stale.status, 412);
    assert.equal(stale.json.rule, 'changed-meanwhile');
    const now = { 'if-match': stale.etag };
    made(await patch('x'.repeat(65_536), now), 200);
    const then = { 'if-match': (await get(`/minutes/${v.id}`)).etag };
    const long = await patch(`rad\n${'x'.repeat(65_533)}`, then);
    assert.equal(long.status, 400);
    assert.match(long.json.errors[0].detail, /65536/);
    const wide = await patch(`å${'x'.repeat(65_535)}`, then);
    assert.match(wide.json.errors[0].detail, /64 kB.*1/);
    assert.match((await patch(`a\n\n${'> '.repeat(30)}x`, then)).json.errors[0].detail, /3/);
  });
});

test('a draft that nobody has touched for thirty days is thrown away', async () => {
  const old = await minutes('a'), young = await minutes('a');
  for (const [v, at] of [[old, '2026-10-22'], [young, '2026-10-24']]) {
    await keep(karin, v, await editor(karin, v), 'b');
    sql(`UPDATE minutes_draft SET saved_at = '${at}T10:00:00.000Z' WHERE minutes_key = (SELECT key FROM minutes WHERE id = '${v.id}');`);
  }
  await k.restart();
  for (let i = 0; i < 100 && drafts(old); i++) await new Promise((go) => setTimeout(go, 100));
  assert.deepEqual([drafts(old), drafts(young)], [0, 1]);
});
