// Accounts: login and what protects it, sessions, second factor, tokens, one-time links, administration.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import { before, describe, test } from 'node:test';
import { goodPassword, start } from '../lib/kansli.mjs';

const otherPassword = 'nio tysta paraplyer 58';

// What an authenticator app shows for a secret, `steps` half minutes from now.
function totp(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const withPassword = (page) => page.formWith((input) => input.type === 'password');
const sessionOf = (jar) => jar.cookies.get('session') ?? jar.cookies.get('__Host-session');

async function tryLogin(k, email, password, next) {
  const jar = k.jar();
  const page = await jar.get(next === undefined ? '/login' : `/login?next=${encodeURIComponent(next)}`);
  const reply = await jar.submit(withPassword(page), { email, password });
  return { jar, reply };
}

// Turns the second factor on for who is logged in; returns the secret.
async function turnOn(jar, password = goodPassword) {
  const begin = await jar.get('/account/second-factor');
  const form = begin.form('/account/second-factor');
  const begun = await jar.submit(form, form.names.includes('password') ? { password } : {});
  assert.equal(begun.status, 303);
  const page = await jar.get('/account/second-factor');
  const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page.text)[1].replace(/ /g, '');
  const done = await jar.submit(page.form('/account/second-factor/confirmations'), { code: totp(secret) });
  assert.equal(done.status, 303, done.words);
  return secret;
}

describe('login', () => {
  let k;
  before(async () => {
    k = await start();
    await k.user('reader@example.org');
    await k.user('closed@example.org');
    await k.cli('user', 'disable', 'closed@example.org');
    await k.user('guest@example.org', null);
  });

  test('leads on, with a cookie that scripts and other sites never see', async () => {
    const { reply, jar } = await tryLogin(k, 'reader@example.org', goodPassword);
    assert.equal(reply.status, 303);
    assert.equal(reply.headers.location, '/');
    const cookie = reply.setCookies.find((c) => c.startsWith('session='));
    assert.match(cookie, /; Path=\//);
    assert.match(cookie, /; HttpOnly/);
    assert.match(cookie, /; SameSite=Lax/);
    assert.equal(sessionOf(jar).length, 43);
    assert.equal((await jar.get('/account')).status, 200);
  });

  test('takes the address in capitals', async () => {
    assert.equal((await tryLogin(k, 'Reader@Example.ORG', goodPassword)).reply.status, 303);
  });

  test('says the same of an unknown address, a wrong password and a disabled account', async () => {
    const replies = [];
    for (const [email, password] of [['nobody@example.org', goodPassword], ['reader@example.org', otherPassword],
      ['closed@example.org', goodPassword]]) {
      replies.push((await tryLogin(k, email, password)).reply);
    }
    const [first, ...others] = replies.map((r) =>
      r.text.replace(/value="[^"]*"/g, '').replace(/content="[0-9a-f]{64}"/g, ''));
    assert.equal(replies[0].status, 400);
    assert.match(replies[0].words, /E-postadressen eller lösenordet är fel/);
    for (const other of others) assert.equal(other, first);
    assert.deepEqual(replies.map((r) => r.status), [400, 400, 400]);
    for (const r of replies) assert.equal(r.setCookies.filter((c) => c.startsWith('session=')).length, 0);
  });

  test('shows what was typed again, but never the password', async () => {
    const { reply } = await tryLogin(k, 'someone@example.org', 'a secret never shown');
    const form = withPassword(reply);
    assert.equal(form.fields.email, 'someone@example.org');
    assert.ok(!reply.text.includes('a secret never shown'));
  });

  test('asks for both fields at once', async () => {
    const { reply } = await tryLogin(k, '', '');
    assert.equal(reply.status, 400);
    assert.equal(reply.text.match(/class="err"/g).length, 2);
  });

  test('leads to a path of ours and never elsewhere', async () => {
    for (const [next, location] of [
      ['/groups?q=a', '/groups?q=a'], ['//evil.example', '/'], ['/\\evil.example', '/'],
      ['https://evil.example', '/'], ['/a\\b', '/'], ['javascript:alert(1)', '/'], ['evil', '/'],
      ['/ x', '/'], ['', '/'],
    ]) {
      const { reply } = await tryLogin(k, 'reader@example.org', goodPassword, next);
      assert.equal(reply.status, 303, next);
      assert.equal(reply.headers.location, location, next);
    }
  });

  test('gives a new session and ends the one that was there: nobody can plant one', async () => {
    const { jar } = await tryLogin(k, 'reader@example.org', goodPassword);
    const old = sessionOf(jar);
    const page = await jar.get('/login');
    const reply = await jar.submit(withPassword(page), { email: 'guest@example.org', password: goodPassword });
    assert.equal(reply.status, 303);
    assert.notEqual(sessionOf(jar), old);
    assert.equal((await k.page('/account', { cookies: `session=${old}` })).status, 303);

    const planted = k.jar();
    planted.cookies.set('session', 'A'.repeat(43));
    const form = withPassword(await planted.get('/login'));
    await planted.submit(form, { email: 'reader@example.org', password: goodPassword });
    assert.notEqual(sessionOf(planted), 'A'.repeat(43));
  });

  test('needs the form\'s token and our own origin', async () => {
    const jar = k.jar();
    const form = withPassword(await jar.get('/login'));
    const fields = { email: 'reader@example.org', password: goodPassword };
    assert.equal((await jar.submit(form, { ...fields, _csrf: 'x' })).status, 403);
    assert.equal((await jar.submit(form, fields, { headers: { origin: 'https://evil.example' } })).status, 403);
    assert.equal((await jar.submit(form, fields, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
  });

  test('is not in the API', async () => {
    const reply = await k.api('/login', { method: 'POST', body: { email: 'a@b.se', password: 'x' } });
    assert.equal(reply.status, 404);
  });

  test('leaves no password, token or cookie in the log', async () => {
    const { jar } = await tryLogin(k, 'reader@example.org', goodPassword);
    await tryLogin(k, 'reader@example.org', 'wrong but secret');
    assert.ok(!k.stderr.includes(goodPassword) && !k.stderr.includes('wrong but secret'));
    assert.ok(!k.stderr.includes(sessionOf(jar)));
    assert.match(k.stderr, /login-failed/);
  });
});

describe('logout and sessions', () => {
  let k;
  before(async () => {
    k = await start();
    await k.user('reader@example.org');
  });

  test('logout ends the session itself, not only the cookie', async () => {
    const jar = await k.login('reader@example.org');
    const old = sessionOf(jar);
    const page = await jar.get('/account');
    const reply = await jar.submit(page.form('/logout'));
    assert.equal(reply.status, 303);
    assert.equal(sessionOf(jar), undefined);
    const again = await k.page('/account', { cookies: `session=${old}` });
    assert.equal(again.status, 303);
    assert.match(again.headers.location, /^\/login\?next=/);
    assert.equal((await k.api('/me', { headers: { cookie: `session=${old}` } })).status, 401);
  });

  test('the account\'s page ends the other sessions and keeps this one', async () => {
    const here = await k.login('reader@example.org');
    const there = await k.login('reader@example.org', goodPassword, {
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
    });
    const page = await here.get('/account');
    assert.match(page.words, /Firefox, Linux/);
    assert.equal((await here.submit(page.form('/account/session-endings'))).status, 303);
    assert.equal((await here.get('/account')).status, 200);
    assert.equal((await there.get('/account')).status, 303);
  });

  test('a session reads the API and writes nothing there', async () => {
    const jar = await k.login('reader@example.org');
    const me = await k.api('/me', { headers: { cookie: jar.header } });
    assert.equal(me.status, 200);
    assert.equal(me.json.email, 'reader@example.org');
    assert.deepEqual(me.json.roles, []);
    const write = await k.api('/accounts', { method: 'POST', headers: { cookie: jar.header }, body: {} });
    assert.equal(write.status, 401);
  });

  test('who is not logged in is led to the login and back', async () => {
    const reply = await k.page('/account/tokens');
    assert.equal(reply.status, 303);
    assert.equal(reply.headers.location, '/login?next=%2Faccount%2Ftokens');
    assert.equal((await k.api('/me')).status, 401);
  });

  test('a session ends after half an hour without use', async () => {
    const early = await start({ env: { KANSLI_NOW: '2026-11-22T08:00:00.000Z' } });
    await early.user('reader@example.org');
    const jar = await early.login('reader@example.org');
    const cookies = jar.header;
    const at = async (instant) => {
      await early.restart({ env: { KANSLI_NOW: instant } });
      return (await early.page('/account', { cookies })).status;
    };
    assert.equal(await at('2026-11-22T08:29:00.000Z'), 200);
    assert.equal(await at('2026-11-22T08:58:00.000Z'), 200, 'use has been noted');
    assert.equal(await at('2026-11-22T09:29:00.000Z'), 303);
  });

  test('a session in constant use ends after twelve hours', async () => {
    const k12 = await start({ env: { KANSLI_NOW: '2026-11-22T08:00:00.000Z' } });
    await k12.user('reader@example.org');
    const cookies = (await k12.login('reader@example.org')).header;
    const last = [];
    for (let minutes = 25; minutes <= 12 * 60 + 5; minutes += 25) {
      const now = new Date(Date.UTC(2026, 10, 22, 8, minutes)).toISOString();
      await k12.restart({ env: { KANSLI_NOW: now } });
      last.push([minutes, (await k12.page('/account', { cookies })).status]);
    }
    assert.deepEqual(last.filter(([, status]) => status !== 200), [[725, 303]]);
  });
});

describe('throttling', () => {
  test('an account waits longer and longer, whether it exists or not', async () => {
    const k = await start({ noLimits: false });
    await k.user('reader@example.org');
    const seen = {};
    for (const email of ['reader@example.org', 'nobody@example.org']) {
      seen[email] = [];
      for (let i = 0; i < 6; i++) {
        const { reply } = await tryLogin(k, email, otherPassword);
        seen[email].push(reply.status);
        if (reply.status === 429) assert.match(reply.headers['retry-after'], /^[1-9]\d*$/);
      }
    }
    assert.deepEqual(seen['reader@example.org'], [400, 400, 400, 400, 400, 429]);
    assert.deepEqual(seen['nobody@example.org'], seen['reader@example.org']);
    const right = await tryLogin(k, 'reader@example.org', goodPassword);
    assert.equal(right.reply.status, 429, 'the right password waits too');
    await new Promise((resolve) => setTimeout(resolve, 2100));
    assert.equal((await tryLogin(k, 'reader@example.org', goodPassword)).reply.status, 303);
    assert.equal((await tryLogin(k, 'reader@example.org', otherPassword)).reply.status, 400, 'and all is forgotten');
  });

  test('an address is stopped after thirty failures, with Retry-After; right ones are not counted', async () => {
    const k = await start({ noLimits: false });
    await k.user('reader@example.org');
    for (let i = 0; i < 5; i++) assert.equal((await tryLogin(k, 'reader@example.org', goodPassword)).reply.status, 303);
    const statuses = [];
    for (let i = 0; i < 31; i++) statuses.push((await tryLogin(k, `nobody${i}@example.org`, otherPassword)).reply);
    assert.deepEqual(statuses.map((r) => r.status), [...Array(30).fill(400), 429]);
    assert.ok(Number(statuses[30].headers['retry-after']) > 0);
    assert.equal((await tryLogin(k, 'reader@example.org', goodPassword)).reply.status, 429);
  });
});

describe('the password', () => {
  let k;
  before(async () => {
    k = await start();
  });
  const change = async (jar, current, password, again = password) =>
    jar.submit((await jar.get('/account/password')).form('/account/password'), { current, password, again });

  test('changing it renews this session and ends the others', async () => {
    await k.user('one@example.org');
    const here = await k.login('one@example.org');
    const there = await k.login('one@example.org');
    const old = sessionOf(here);
    assert.equal((await change(here, goodPassword, otherPassword)).status, 303);
    assert.notEqual(sessionOf(here), old);
    assert.equal((await here.get('/account')).status, 200);
    assert.equal((await there.get('/account')).status, 303);
    assert.equal((await tryLogin(k, 'one@example.org', goodPassword)).reply.status, 400);
    assert.equal((await tryLogin(k, 'one@example.org', otherPassword)).reply.status, 303);
  });

  test('every refusal stands beside its field', async () => {
    await k.user('karin.bergstrom@example.org');
    const jar = await k.login('karin.bergstrom@example.org');
    for (const [current, password, again, words] of [
      [otherPassword, otherPassword, otherPassword, /inte ditt lösenord/],
      [goodPassword, 'kort', 'kort', /Minst 12 tecken/],
      [goodPassword, 'x'.repeat(129), 'x'.repeat(129), /Högst 128 tecken/],
      [goodPassword, 'Sommar2026!!!', 'Sommar2026!!!', /lätt att gissa/],
      [goodPassword, 'karin gillar tegel', 'karin gillar tegel', /ditt namn/],
      [goodPassword, otherPassword, 'något annat här', /är olika/],
    ]) {
      const reply = await change(jar, current, password, again);
      assert.equal(reply.status, 400, password);
      assert.match(reply.words, words);
      assert.ok(!reply.text.includes(`value="${password}"`));
    }
    assert.equal((await tryLogin(k, 'karin.bergstrom@example.org', goodPassword)).reply.status, 303);
  });
});

describe('the second factor', () => {
  let k;
  before(async () => {
    k = await start();
  });

  test('asks for a code at login; half a login reaches nothing', async () => {
    await k.user('two@example.org', 'administrator');
    const jar = await k.login('two@example.org');
    const before = sessionOf(jar);
    const secret = await turnOn(jar);
    assert.notEqual(sessionOf(jar), before, 'a new session after a change of rights');

    const half = await k.login('two@example.org');
    assert.match(half.after, /^\/login\/code/);
    const halfSession = sessionOf(half);
    for (const path of ['/account', '/accounts', '/account/tokens', '/account/password']) {
      const reply = await half.get(path);
      assert.equal(reply.status, 303, path);
      assert.match(reply.headers.location, /^\/login\/code/, path);
    }
    assert.equal((await half.get('/account/second-factor')).headers.location, '/login/code');
    assert.equal((await k.api('/me', { headers: { cookie: half.header } })).status, 401);

    const form = (await half.get('/login/code')).form('/login/code');
    assert.equal((await half.submit(form, { code: '000000' })).status, 400);
    const done = await half.submit(form, { code: totp(secret, 1) });
    assert.equal(done.status, 303, done.words);
    assert.notEqual(sessionOf(half), halfSession);
    assert.equal((await half.get('/accounts')).status, 200);
    assert.equal((await k.page('/account', { cookies: `session=${halfSession}` })).status, 303);
  });

  test('a code works once', async () => {
    await k.user('replay@example.org');
    const jar = await k.login('replay@example.org');
    const secret = await turnOn(jar);
    const code = totp(secret, 1);
    const first = await k.login('replay@example.org');
    assert.equal((await first.submit((await first.get('/login/code')).form('/login/code'), { code })).status, 303);
    const second = await k.login('replay@example.org');
    const reply = await second.submit((await second.get('/login/code')).form('/login/code'), { code });
    assert.equal(reply.status, 400);
    assert.match(reply.words, /stämmer inte, eller är redan använd/);
  });

  test('is set up with the password and removed with password and code', async () => {
    await k.user('setup@example.org');
    const jar = await k.login('setup@example.org');
    const begin = (await jar.get('/account/second-factor')).form('/account/second-factor');
    assert.equal((await jar.submit(begin, { password: otherPassword })).status, 400);
    const secret = await turnOn(jar);
    assert.ok(!(await jar.get('/account/second-factor')).text.includes(secret), 'shown only while it is set up');
    const remove = (await jar.get('/account/second-factor')).form('/account/second-factor/removals');
    assert.equal((await jar.submit(remove, { password: otherPassword, code: totp(secret, 1) })).status, 400);
    assert.equal((await jar.submit(remove, { password: goodPassword, code: '123456' })).status, 400);
    assert.equal((await jar.submit(remove, { password: goodPassword, code: totp(secret, 1) })).status, 303);
    assert.equal((await k.login('setup@example.org')).after, '/');
  });

  test('an administrator can remove it for who has lost the device', async () => {
    const admin = await k.actor('administrator');
    await k.user('lost@example.org');
    await turnOn(await k.login('lost@example.org'));
    const { json: list } = await k.api('/accounts?q=lost', { token: admin.token });
    assert.equal(list.items[0].secondFactor, true);
    const reply = await k.api(`/accounts/${list.items[0].id}/second-factor-removals`, { token: admin.token, method: 'POST' });
    assert.equal(reply.status, 201);
    assert.equal(reply.json.secondFactor, false);
    assert.equal((await k.login('lost@example.org')).after, '/');
  });
});

describe('tokens', () => {
  let k;
  before(async () => {
    k = await start();
    await k.user('script@example.org', 'administrator');
  });

  test('are shown once, kept with scope, end and last use, and end when revoked', async () => {
    const jar = await k.login('script@example.org');
    const page = await jar.get('/account/tokens');
    const made = await jar.submit(page.form('/account/tokens'), { name: 'nightly export', scope: 'read', days: '30' });
    const token = /<code>([\w-]{43})<\/code>/.exec(made.text)[1];
    assert.match(made.headers['cache-control'], /no-store/);
    assert.ok(!(await jar.get('/account/tokens')).text.includes(token));
    const me = await k.api('/me', { token });
    assert.deepEqual(me.json._links.map((link) => link.rel), ['self', 'tokens']);
    assert.equal(me.json.email, 'script@example.org');
    const { json: list } = await k.api('/me/tokens', { token });
    const own = list.items.find((item) => item.name === 'nightly export');
    assert.equal(own.scope, 'read');
    assert.ok(own.expires > new Date(Date.now() + 29 * 86400e3).toISOString());
    assert.ok(!JSON.stringify(list).includes(token));
    assert.equal((await k.api(`/me/tokens/${own.id}`, { token })).json.id, own.id);

    const write = await k.api('/accounts', { token, method: 'POST', body: { email: 'x@example.org' } });
    assert.equal(write.status, 403);
    assert.equal(write.json.rule, 'token-scope');

    const revoke = (await jar.get('/account/tokens')).form(`/account/tokens/${own.id}/revocations`);
    assert.equal((await jar.submit(revoke)).status, 303);
    const after = await k.api('/me', { token });
    assert.equal(after.status, 401);
    assert.equal(after.json.rule, 'bad-token');
  });

  test('are not made through the API, and not by others', async () => {
    const token = await k.token('script@example.org');
    assert.equal((await k.api('/me/tokens', { token, method: 'POST', body: { name: 'x', scope: 'write' } })).status, 405);
    await k.user('other@example.org');
    const { json: list } = await k.api('/me/tokens', { token });
    const theirs = await k.token('other@example.org');
    assert.equal((await k.api(`/me/tokens/${list.items[0].id}`, { token: theirs })).status, 404);
    assert.equal((await k.api('/me/tokens', { token: theirs })).json.items.length, 1);
  });

  test('end with the account, and an invented one is refused', async () => {
    await k.user('leaver@example.org', 'support');
    const token = await k.token('leaver@example.org');
    assert.equal((await k.api('/me', { token })).status, 200);
    await k.cli('user', 'disable', 'leaver@example.org');
    assert.equal((await k.api('/me', { token })).status, 401);
    assert.equal((await k.api('/groups', { token: 'x'.repeat(43) })).status, 401);
  });

  test('a wrong scope or too many days is told', async () => {
    const jar = await k.login('script@example.org');
    const page = await jar.get('/account/tokens');
    const reply = await jar.submit(page.form('/account/tokens'), { name: '', scope: 'read', days: '9999' });
    assert.equal(reply.status, 400);
    assert.equal(reply.text.match(/class="err"/g).length, 2);
  });
});

describe('one-time links', () => {
  let k, admin;
  before(async () => {
    k = await start();
    admin = await k.actor('administrator');
  });
  const choose = async (jar, path, password) =>
    jar.submit(withPassword(await jar.get(path)), { password, again: password });
  const invite = async (email) =>
    (await k.api('/accounts', { token: admin.token, method: 'POST', body: { email } })).json;

  test('an invitation gives a password, once', async () => {
    const account = await invite('new@example.org');
    assert.match(account.invitation, /^http:\/\/[^/]+\/invitations\/[\w-]{43}$/);
    const again = await k.api(`/accounts/${account.id}`, { token: admin.token });
    assert.equal(again.json.invitation, undefined);
    assert.equal(again.json.activated, false);

    const path = new URL(account.invitation).pathname;
    const jar = k.jar();
    const page = await jar.get(path);
    assert.equal(page.headers['referrer-policy'], 'same-origin', 'nothing to other sites');
    assert.match(page.headers['cache-control'], /no-store/);
    assert.equal((await choose(jar, path, 'kort')).status, 400, 'a refused password does not use the link');
    assert.equal((await choose(jar, path, goodPassword)).status, 303);
    assert.equal((await jar.get(path)).status, 404);
    const form = withPassword(page);
    assert.equal((await jar.submit(form, { password: otherPassword, again: otherPassword })).status, 404);
    assert.equal((await tryLogin(k, 'new@example.org', goodPassword)).reply.status, 303);
    assert.ok(!k.stderr.includes(path.split('/')[2]), 'the link is not in the log');
  });

  test('a reset ends the sessions, and only the latest link works', async () => {
    const user = await k.user('forgot@example.org');
    const jar = await k.login(user.email);
    const { json: list } = await k.api('/accounts?q=forgot', { token: admin.token });
    const make = async () =>
      (await k.api(`/accounts/${list.items[0].id}/resets`, { token: admin.token, method: 'POST' })).json.reset;
    const first = new URL(await make()).pathname;
    const second = new URL(await make()).pathname;
    assert.equal((await k.page(first)).status, 404);
    assert.equal((await k.page(second.replace('resets', 'invitations'))).status, 404, 'a reset is no invitation');
    assert.equal((await choose(k.jar(), second, otherPassword)).status, 303);
    assert.equal((await jar.get('/account')).status, 303);
    assert.equal((await tryLogin(k, user.email, otherPassword)).reply.status, 303);
  });

  test('links run out', async () => {
    const early = await start({ env: { KANSLI_NOW: '2026-11-22T08:00:00.000Z' } });
    const said = await early.cli('user', 'add', 'late@example.org');
    const path = /\/invitations\/[\w-]{43}/.exec(said.stdout)[0];
    await early.restart({ env: { KANSLI_NOW: '2026-11-29T07:59:00.000Z' } });
    assert.equal((await early.page(path)).status, 200);
    await early.restart({ env: { KANSLI_NOW: '2026-11-29T08:01:00.000Z' } });
    assert.equal((await early.page(path)).status, 404);
  });

  test('the command line links to the address that the server was told', async () => {
    const told = await start({ args: ['--base-url', 'https://kansli.example'] });
    const said = await told.cli('user', 'add', 'linked@example.org');
    assert.match(said.stdout, /^https:\/\/kansli\.example\/invitations\//);
  });

  test('an invented link and a used one say the same', async () => {
    const reply = await k.page(`/invitations/${'x'.repeat(43)}`);
    assert.equal(reply.status, 404);
    assert.match(reply.words, /använd, ersatt eller har gått ut/);
  });
});

describe('administration of accounts', () => {
  let k, admin;
  const api = (path, options) => k.api(path, { token: admin.token, ...options });
  const patch = async (id, body) => {
    const { etag } = await api(`/accounts/${id}`);
    return api(`/accounts/${id}`, { method: 'PATCH', body, headers: { 'if-match': etag } });
  };
  before(async () => {
    k = await start();
    admin = await k.actor('administrator', { email: 'admin@example.org' });
  });

  test('is for administrators', async () => {
    assert.equal((await k.api('/accounts')).status, 401);
    for (const role of ['support', 'auditor', 'dataProtection', null]) {
      const { token } = await k.actor(role);
      assert.equal((await k.api('/accounts', { token })).status, 403, role);
      assert.equal((await k.api('/accounts', { token, method: 'POST', body: { email: 'a@b.example' } })).status, 403);
    }
  });

  test('creates with roles, lists, and shows no secret', async () => {
    const made = await api('/accounts', {
      method: 'POST', body: { email: 'norra@example.org', name: 'Nora', roles: ['auditor', 'coordinator:norra'] },
    });
    assert.equal(made.status, 201);
    assert.match(made.headers.location, /\/api\/v1\/accounts\/[0-9a-f-]{36}$/);
    assert.deepEqual(made.json.roles, ['auditor', 'coordinator:norra']);
    assert.equal(made.json.roleLabels.length, 2);
    const list = await api('/accounts?q=nora');
    assert.deepEqual(list.json.items.map((item) => item.email), ['norra@example.org']);
    assert.ok(!/password"|digest|totpSecret|argon/i.test(JSON.stringify(list.json)));
  });

  test('refuses what is no address, no role, no organisation, taken', async () => {
    for (const [body, status] of [
      [{ email: 'not an address' }, 400], [{}, 400], [{ email: 'a@b.example', roles: ['king'] }, 400],
      [{ email: 'a@b.example', roles: ['coordinator'] }, 400],
      [{ email: 'a@b.example', roles: ['coordinator:nowhere'] }, 400],
      [{ email: 'a@b.example', roles: ['support', 'support'] }, 400],
      [{ email: 'a@b.example', secondFactor: true }, 400], [{ email: 'a@b.example', password: 'x' }, 400],
      [{ email: 'ADMIN@example.org' }, 409],
    ]) {
      const reply = await api('/accounts', { method: 'POST', body });
      assert.equal(reply.status, status, JSON.stringify(body));
    }
    assert.equal((await api('/accounts?q=b.example')).json.items.length, 0, 'nothing was kept');
  });

  test('a role works, and is gone, at the next request', async () => {
    const user = await k.actor(null, { email: 'changing@example.org' });
    const { json: list } = await api('/accounts?q=changing');
    assert.equal((await k.api('/accounts', { token: user.token })).status, 403);
    assert.equal((await patch(list.items[0].id, { roles: ['administrator'] })).status, 200);
    assert.equal((await k.api('/accounts', { token: user.token })).status, 200);
    assert.equal((await patch(list.items[0].id, { roles: [] })).status, 200);
    assert.equal((await k.api('/accounts', { token: user.token })).status, 403);
  });

  test('disabling ends sessions, tokens and links', async () => {
    const user = await k.actor('support', { email: 'ended@example.org' });
    const jar = await k.login(user.email);
    const { json: list } = await api('/accounts?q=ended');
    const { json: reset } = await api(`/accounts/${list.items[0].id}/resets`, { method: 'POST' });
    assert.equal((await patch(list.items[0].id, { disabled: true })).status, 200);
    assert.equal((await k.api('/me', { token: user.token })).status, 401);
    assert.equal((await jar.get('/account')).status, 303);
    assert.equal((await k.page(new URL(reset.reset).pathname)).status, 404);
    assert.equal((await api(`/accounts/${list.items[0].id}/resets`, { method: 'POST' })).status, 409);
  });

  test('somebody remains administrator, and nobody disables himself', async () => {
    const lone = await start();
    const boss = await lone.actor('administrator', { email: 'boss@example.org' });
    const { json: list } = await lone.api('/accounts', { token: boss.token });
    const [account] = list.items;
    const change = async (body) => {
      const { etag } = await lone.api(`/accounts/${account.id}`, { token: boss.token });
      return lone.api(`/accounts/${account.id}`, { token: boss.token, method: 'PATCH', body, headers: { 'if-match': etag } });
    };
    for (const body of [{ roles: [] }, { roles: ['support'] }, { disabled: true }]) {
      const reply = await change(body);
      assert.equal(reply.status, 409);
      assert.equal(reply.json.rule, 'last-administrator');
    }
    assert.equal((await lone.cli('user', 'disable', 'boss@example.org')).code, 1);
    await lone.user('second@example.org', 'administrator');
    assert.equal((await change({ disabled: true })).status, 409, 'not oneself, also when another remains');
    assert.equal((await change({ roles: [] })).status, 200);
  });

  test('changes are guarded and leave history without secrets', async () => {
    const { json: account } = await api('/accounts', { method: 'POST', body: { email: 'traced@example.org' } });
    assert.equal((await api(`/accounts/${account.id}`, { method: 'PATCH', body: { name: 'T' } })).status, 428);
    const stale = await api(`/accounts/${account.id}`, { method: 'PATCH', body: { name: 'T' }, headers: { 'if-match': '"9"' } });
    assert.equal(stale.status, 412);
    assert.equal((await patch(account.id, { name: 'Traced', roles: ['support'] })).status, 200);
    const jar = await k.login('admin@example.org');
    const page = await jar.get(`/accounts/${account.id}`);
    assert.equal(page.status, 200);
    assert.match(page.words, /Traced/);
    assert.ok(!page.text.includes(new URL(account.invitation).pathname.split('/')[2]));
  });

  test('the pages do the same: create with ticked roles, show the link once, change', async () => {
    const jar = await k.login('admin@example.org');
    const form = (await jar.get('/accounts/new')).form('/accounts');
    const made = await jar.submit(form, { email: 'paged@example.org', name: 'Paged', 'roles[]': ['', 'support', 'coordinator:norra'] });
    assert.ok(made.status < 300, made.words);
    assert.match(made.text, /\/invitations\/[\w-]{43}/);
    const { json: list } = await api('/accounts?q=paged');
    assert.deepEqual(list.items[0].roles, ['coordinator:norra', 'support']);
    const edit = await jar.get(`/accounts/${list.items[0].id}/edit`);
    const changed = await jar.submit(edit.forms.find((f) => f.names.includes('roles[]')), { name: 'Changed', 'roles[]': '' });
    assert.equal(changed.status, 303, changed.words);
    const { json: after } = await api(`/accounts/${list.items[0].id}`);
    assert.equal(after.name, 'Changed');
    assert.deepEqual(after.roles, []);
    const wrong = await jar.submit((await jar.get('/accounts/new')).form('/accounts'), { email: 'nothing', 'roles[]': ['', 'auditor'] });
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /value="auditor" checked/);
  });
});

describe('what is secret', () => {
  test('stands nowhere in the register: passwords, sessions, tokens, links', async () => {
    const k = await start();
    const admin = await k.actor('administrator');
    const jar = await k.login(admin.email);
    const made = await k.api('/accounts', {
      token: admin.token, method: 'POST', body: { email: 'new@example.org' }, headers: { 'idempotency-key': 'once' },
    });
    const link = made.json.invitation.split('/').at(-1);
    const again = await k.api('/accounts', {
      token: admin.token, method: 'POST', body: { email: 'new@example.org' }, headers: { 'idempotency-key': 'once' },
    });
    assert.deepEqual([again.status, again.json.id, again.headers.location], [201, made.json.id, made.headers.location]);
    assert.ok(!('invitation' in again.json), 'what is shown once is not kept to be told again');
    const bytes = [k.db, `${k.db}-wal`].filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file, 'latin1')).join('');
    assert.ok(bytes.includes('new@example.org'));
    for (const secret of [goodPassword, sessionOf(jar), admin.token, link]) assert.ok(!bytes.includes(secret), secret);
  });
});

describe('preferences', () => {
  let k;
  before(async () => {
    k = await start();
    await k.user('reader@example.org');
  });

  test('a visitor\'s language and theme stay in cookies', async () => {
    const jar = k.jar();
    const form = (await jar.get('/login')).form('/preferences');
    const reply = await jar.submit(form, { returnTo: '/login' }, { button: 'en' });
    assert.equal(reply.status, 303);
    assert.equal(reply.headers.location, '/login');
    assert.match(reply.setCookies.find((c) => c.startsWith('language=')), /language=en; Path=\/; Max-Age=31536000; SameSite=Lax/);
    assert.match((await jar.get('/login')).words, /E-mail address/);
    assert.equal((await jar.submit(form, { returnTo: '//evil.example' }, { button: 'dark' })).headers.location, '/');
    assert.match((await jar.get('/login')).text, /data-theme="dark"/);
    await jar.submit(form, {}, { button: 'system' });
    assert.doesNotMatch((await jar.get('/login')).text, /data-theme/);
  });

  test('an account\'s follow it, and stand in its history', async () => {
    const jar = await k.login('reader@example.org');
    const page = await jar.get('/account');
    const form = page.form('/account');
    assert.equal((await jar.submit(form, { language: 'en', theme: 'dark', shortcuts: undefined })).status, 303);
    const other = await k.login('reader@example.org');
    const seen = await other.get('/account');
    assert.match(seen.text, /<html lang="en" data-theme="dark" data-keys="off">/);
    const me = await k.api('/me', { headers: { cookie: other.header } });
    assert.deepEqual([me.json.language, me.json.theme, me.json.shortcuts], ['en', 'dark', false]);
  });
});

describe('a second factor by role', () => {
  test('whoever has the role sets it up before anything else', async () => {
    const k = await start();
    await k.user('strict@example.org', 'administrator');
    const { DatabaseSync } = await import('node:sqlite').catch(() => ({}));
    if (!DatabaseSync) return;
    const db = new DatabaseSync(k.db);
    db.exec("INSERT INTO setting (name, value) VALUES ('secondFactorRoles', 'administrator support') ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    db.close();
    const jar = await k.login('strict@example.org');
    const reply = await jar.get('/accounts');
    assert.equal(reply.status, 303);
    const page = await jar.follow(reply);
    assert.match(page.words, /Din roll kräver en andra faktor/);
    await turnOn(jar);
    assert.equal((await jar.get('/accounts')).status, 200);
    const remove = (await jar.get('/account/second-factor')).form('/account/second-factor/removals');
    assert.ok(remove);
  });
});
