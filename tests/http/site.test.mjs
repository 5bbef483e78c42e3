// The site's own pages: what the law asks for, shortcomings, settings, the error catalogue, the API
// explaining itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { root, run, start } from '../lib/kansli.mjs';

const demo = (name) => [`${name}@kansli.example`, 'kansli-demo-2026'];
let k;
let support;
let token;
before(async () => {
  k = await start({ demo: true });
  support = await k.login(...demo('support'));
  token = await k.token('support@kansli.example', 'write');
});

describe('what the law asks for', () => {
  test('the accessibility statement says what Digg wants it to, in both languages', async () => {
    for (const [language, words] of [
      ['sv', ['delvis förenlig', '2018:1937', 'Oskäligt betungande', 'Innehåll som inte omfattas', 'själva bedömt', '22 november 2026']],
      ['en', ['partially compliant', '2018:1937', 'Disproportionate burden', 'does not cover', 'assessed the site ourselves', '22 November 2026']],
    ]) {
      const page = await k.page('/tillganglighet', { headers: { 'accept-language': language } });
      assert.equal(page.status, 200);
      for (const word of words) assert.ok(page.words.includes(word), `${language}: ${word}`);
      assert.match(page.text, /href="https:\/\/www\.digg\.se\/tdosanmalan"/);
      assert.match(page.text, new RegExp(`<article[^>]*><div[^>]*lang="${language}"`));
    }
  });

  test('both pages are linked from every page and have a twin in JSON', async () => {
    const start_ = await k.page('/shortcuts');
    for (const where of ['/tillganglighet', '/personuppgifter']) {
      assert.ok(start_.link(where), where);
      const { status, json } = await k.api(where, { headers: { 'accept-language': 'en' } });
      assert.equal(status, 200);
      assert.equal(json.language, 'en');
      assert.match(json.textHtml, /<h2>/);
    }
  });

  test('a text is changed with a version, its HTML follows, and history tells', async () => {
    const { json: { items } } = await k.api('/site-texts?topic=personalData&language=en');
    const where = `/site-texts/${items[0].id}`;
    const before_ = await k.api(where, { token });
    assert.ok(before_.json._links.some((l) => l.rel === 'change' && l.method === 'PATCH'));
    const refused = await k.api(where, { token, method: 'PATCH', body: { text: 'x' } });
    assert.equal(refused.status, 428);
    const text = '# Heading\n\n<script>alert(1)</script>\n\n*new*';
    const changed = await k.api(where, { token, method: 'PATCH', body: { text }, headers: { 'if-match': before_.etag } });
    assert.equal(changed.status, 200);
    assert.match(changed.json.textHtml, /<h2>Heading<\/h2>/);
    assert.match(changed.json.textHtml, /<em>new<\/em>/);
    assert.doesNotMatch(changed.json.textHtml, /<script/);
    const stale = await k.api(where, { token, method: 'PATCH', body: { text: 'y' }, headers: { 'if-match': before_.etag } });
    assert.equal(stale.status, 412);
    const page = await support.get(where);
    assert.match(page.words, /Heading new/);
    assert.match(page.text, /class="log"/);
    assert.match((await k.page('/personuppgifter', { headers: { 'accept-language': 'en' } })).text, /<em>new<\/em>/);
  });

  test('a form shows how the text will look, without scripts and with', async () => {
    const { json: { items } } = await k.api('/site-texts?topic=accessibility&language=sv');
    const page = await support.get(`/site-texts/${items[0].id}/edit`);
    const form = page.formWith((input) => input.name === 'text');
    const shown = await support.submit(form, { text: 'Nytt **ord**' }, { button: 'Förhandsgranska' });
    assert.equal(shown.status, 200);
    assert.match(shown.text, /<strong>ord<\/strong>/);
    assert.equal(shown.formWith((input) => input.name === 'text').fields.text, 'Nytt **ord**');
    const piece = await support.post('/previews', { text: '# A\n\n[b](javascript:c)', _csrf: form.fields._csrf });
    assert.equal(piece.status, 200);
    assert.match(piece.text, /^<h2>A<\/h2>/);
    assert.doesNotMatch(piece.text, /javascript:/);
    const saved = await support.submit(shown.formWith((input) => input.name === 'text'));
    assert.equal(saved.status, 303);
    assert.equal((await k.api(`/site-texts/${items[0].id}`)).json.text, 'Nytt **ord**');
  });

  test('a text that an older renderer made is rendered when it is read', async () => {
    const old = await start();
    await old.stop();
    execFileSync('sqlite3', [old.db, "UPDATE site_text SET html = '<p>old</p>', renderer = -1 WHERE page = 'accessibility'"]);
    await old.launch(old.args);
    const { json } = await old.api('/tillganglighet');
    assert.match(json.textHtml, /<h2>/);
    assert.equal('renderer' in json, false);
    await old.stop();
  });

  test('an empty or too complex text comes back with its message', async () => {
    const { json: { items } } = await k.api('/site-texts?topic=accessibility&language=en');
    const form = (await support.get(`/site-texts/${items[0].id}/edit`)).formWith((input) => input.name === 'text');
    const empty = await support.submit(form, { text: '' });
    assert.equal(empty.status, 400);
    assert.match(empty.words, /Måste fyllas i/);
    const deep = await support.submit(form, { text: `${'> '.repeat(40)}x` });
    assert.equal(deep.status, 400);
    assert.equal(deep.formWith((input) => input.name === 'text').fields.text, `${'> '.repeat(40)}x`);
  });
});

describe('shortcomings', () => {
  test('are told without login, counted, answered and remembered', async () => {
    const jar = k.jar();
    const form = (await jar.get('/tillganglighet')).form('/shortcomings');
    const wrong = await jar.submit(form, { text: '', contact: 'nagon@region.example' });
    assert.equal(wrong.status, 400);
    assert.equal(wrong.form('/shortcomings').fields.contact, 'nagon@region.example');
    assert.match(wrong.text, /id="f-text-error"/);
    const told = await jar.submit(form, { text: 'Trädet läses inte upp.', place: '/tree', contact: 'nagon@region.example' });
    assert.equal(told.status, 303);
    assert.match((await jar.follow(told)).words, /Tack/);

    assert.match((await support.get('/administration')).words, /1 väntar på svar/);
    assert.equal((await k.api('/shortcomings')).status, 401);
    const [one] = (await k.api('/shortcomings?status=new', { token })).json.items;
    assert.equal(one.place, '/tree');
    const page = await support.get(`/shortcomings/${one.id}`);
    const answer = page.formWith((input) => input.name === 'answer');
    assert.ok(!answer.names.includes('text'), 'what was told is not changed');
    assert.equal((await support.submit(answer, { status: 'answered', answer: 'Rättat.' })).status, 303);
    const after_ = await k.api(`/shortcomings/${one.id}`, { token });
    assert.deepEqual([after_.json.status, after_.json.answer, after_.json.text], ['answered', 'Rättat.', 'Trädet läses inte upp.']);
    assert.match((await support.get('/administration')).words, /0 väntar på svar/);
    const fixed = await k.api(`/shortcomings/${one.id}`, { token, method: 'PATCH', body: { text: 'x' }, headers: { 'if-match': after_.etag } });
    assert.equal(fixed.status, 400);
  });

  test('cannot be sent from another site', async () => {
    const jar = k.jar();
    const form = (await jar.get('/tillganglighet')).form('/shortcomings');
    const { _csrf, ...bare } = { ...form.fields, text: 'x' };
    assert.equal((await jar.post('/shortcomings', bare)).status, 403);
    assert.equal((await jar.post('/shortcomings', { ...bare, _csrf }, { origin: 'https://elsewhere.example' })).status, 403);
  });

  test('are limited for each address, and the form says so', async () => {
    const limited = await start({ noLimits: false });
    for (let i = 0; i < 5; i++) {
      assert.equal((await limited.api('/shortcomings', { method: 'POST', body: { text: `nr ${i}` } })).status, 201);
    }
    const reply = await limited.api('/shortcomings', { method: 'POST', body: { text: 'nr 6' } });
    assert.equal(reply.status, 429);
    assert.equal(reply.json.rule, 'too-many-shortcomings');
    assert.ok(Number(reply.headers['retry-after']) > 0);
    const jar = limited.jar();
    const again = await jar.submit((await jar.get('/tillganglighet')).form('/shortcomings'), { text: 'nr 7' });
    assert.equal(again.status, 429);
    assert.equal(again.form('/shortcomings').fields.text, 'nr 7');
    await limited.stop();
  });
});

describe('settings', () => {
  let administrator;
  before(async () => {
    administrator = await k.token('admin@kansli.example', 'write');
  });
  const patch = async (name, value) => {
    const { etag } = await k.api(`/settings/${name}`, { token: administrator });
    return k.api(`/settings/${name}`, { token: administrator, method: 'PATCH', body: { value }, headers: { 'if-match': etag } });
  };

  test('show what a person may change, and never a secret', async () => {
    const { json } = await k.api('/settings', { token: administrator });
    assert.deepEqual(json.items.map((s) => s.id).sort(), ['declarationMonths', 'mailPaused', 'mailSender',
      'mailServer', 'mailUser', 'operatorEmail', 'operatorName', 'planDecided', 'planSubmitted', 'planWritten', 'requestBurst', 'requestsPerSecond', 'secondFactorRoles', 'sessionHours', 'sessionIdleMinutes']);
    assert.equal((await k.api('/settings/serverSecret', { token: administrator })).status, 404);
    assert.equal((await k.api('/settings', { token })).status, 403);
  });

  test('are checked, changed and remembered', async () => {
    for (const [name, value] of [['sessionHours', '0'], ['sessionHours', '25'], ['sessionHours', 'två'], ['sessionIdleMinutes', ''], ['secondFactorRoles', 'king'],
      ['declarationMonths', '37'], ['mailPaused', 'perhaps'], ['mailSender', 'nobody'], ['mailSender', 'a\u0301@x.example'],
      ['mailServer', 'smtp://user:word@mail.example'], ['mailServer', 'http://mail.example'], ['mailServer', 'smtp://mail.example/x'],
      ['mailServer', 'smtp://mail.example:0'], ['mailServer', 'smtp+plain://mail.example'], ['mailServer', 'smtp+plain://127.0.0.1.mail.example']]) {
      const reply = await patch(name, value);
      assert.equal(reply.status, 400, `${name}=${value}`);
      assert.equal(reply.json.errors[0].pointer, '/value');
    }
    assert.equal((await patch('sessionHours', '8')).json.value, '8');
    assert.equal((await patch('secondFactorRoles', 'auditor')).json.value, 'auditor');
    assert.equal((await patch('secondFactorRoles', '')).json.value, '');
    const { json } = await k.api('/audit-events?objectType=settings', { token: administrator });
    assert.equal(json.items.length, 3);
  });

  test('have a form', async () => {
    const jar = await k.login(...demo('admin'));
    const form = (await jar.get('/settings/sessionIdleMinutes/edit')).formWith((input) => input.name === 'value');
    assert.equal((await jar.submit(form, { value: '1' })).status, 400);
    const saved = await jar.submit(form, { value: '45' });
    assert.equal(saved.headers.location, '/settings');
    assert.match((await jar.follow(saved)).words, /45/);
  });
});

describe('the error catalogue', () => {
  // Refusals that only the command line and the log know.
  const elsewhere = /^src\/(db\/(?!connection)|http\/|main|load|command|tool\/|view\/template)/;
  const notRules = new Set(['no-secret', 'not-a-register', 'mail-password']);

  function sources(directory) {
    return fs.readdirSync(path.join(root, directory), { withFileTypes: true }).flatMap((entry) => {
      const name = `${directory}/${entry.name}`;
      return entry.isDirectory() ? sources(name) : name.endsWith('.c') ? [name] : [];
    });
  }

  test('explains every rule that the sources name', async () => {
    const { json } = await k.api('/problems');
    const known = new Set(json.items.map((p) => p.rule));
    assert.equal(known.size, json.items.length, 'each once');
    assert.deepEqual([...known], [...known].sort());
    // A rule of the field has a way out of its own: one that fits many tells nobody what to do.
    const remedies = json.items.filter((p) => p.status === 409).map((p) => p.remedy);
    assert.deepEqual(remedies.filter((r) => remedies.filter((other) => other === r).length > 3), []);
    const missing = [];
    for (const file of sources('src').filter((f) => !elsewhere.test(f) && f !== 'src/site/problem.c')) {
      const text = fs.readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
      const named = [
        ...text.matchAll(/\b(?:err_set|err_setf|ctx_fail|refuse|make_refusal)\s*\([^;]*?E_[A-Z]+\s*,\s*"([a-z-]+)"/g),
        ...text.matchAll(/\{\s*"(may-[a-z-]+)"/g),
        ...text.matchAll(/\[E_[A-Z]+\]\s*=\s*\{\s*\d+\s*,\s*"([a-z-]+)"/g),
        ...text.matchAll(/\{\d{3}, E_[A-Z]+, "([a-z-]+)"/g),
      ].map((m) => m[1]);
      for (const rule of named) if (!known.has(rule) && !notRules.has(rule)) missing.push(`${file}: ${rule}`);
    }
    assert.deepEqual([...new Set(missing)], []);
  });

  test('is where a problem document leads', async () => {
    const { json } = await k.api('/groups?colour=red');
    const { pathname } = new URL(json.type);
    const page = await k.page(pathname);
    assert.equal(page.status, 200);
    assert.match(page.text, new RegExp(`<code>${json.rule}</code>`));
    const twin = await k.api(pathname, { headers: { 'accept-language': 'en' } });
    assert.equal(twin.json.type, json.type);
    assert.match(twin.json.remedy, /^Mend/);
    assert.equal((await k.page('/problems/no-such-rule')).status, 404);
  });
});

describe('the API explains itself', () => {
  test('with ten examples that this register answers just so', async () => {
    const page = await k.page('/api');
    assert.equal(page.status, 200);
    const shown = [...page.text.matchAll(/<h3>(\d+)\. ([^<]+)<\/h3>/g)];
    assert.ok(shown.length >= 10, `${shown.length} examples`);
    const commands = [...page.text.matchAll(/<code>curl &#39;([^<]+?)&#39;<\/code>/g)].map((m) => m[1].replaceAll('&amp;', '&'));
    assert.ok(commands.length >= 10);
    for (const address of commands) {
      assert.ok(address.startsWith(k.url), address);
      assert.equal((await fetch(address)).status, 200, address);
    }
    assert.match(page.text, /&quot;fullName&quot;: &quot;NPO Tandvård&quot;/);
  });

  test('and says each in Python and JavaScript, which run as they stand', async (t) => {
    const page = await k.page('/api');
    const blocks = [...page.text.matchAll(/<code>([\s\S]*?)<\/code>/g)].map((m) => m[1]
      .replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
    const python = blocks.filter((b) => b.startsWith('import json'));
    const scripts = blocks.filter((b) => /^const (reply|address|copy)\b/.test(b));
    assert.ok(python.length >= 12 && scripts.length === python.length, `${python.length} and ${scripts.length}`);
    const Run = Object.getPrototypeOf(async () => {}).constructor;
    const copying = [python.shift(), scripts.shift()];
    for (const script of scripts.filter((b) => !b.includes('TOKEN'))) {
      const said = [];
      await new Run('console', script)({ log: (...words) => said.push(...words) });
      assert.equal(typeof said[0], 'object', script);
      assert.ok(!said[0].rule, script);
    }
    const group = scripts.find((b) => b.includes("method: 'POST'")).replace('TOKEN', token);
    const said = [];
    await new Run('console', group)({ log: (...words) => said.push(...words) });
    assert.deepEqual([said[0], said[1].id], [201, 'nag-munhalsa-hos-aldre']);
    const reread = scripts.find((b) => b.includes("method: 'PATCH'")).replace('TOKEN', token);
    said.length = 0;
    await new Run('console', reread)({ log: (...words) => said.push(...words) });
    assert.deepEqual([said[0], said[1].shortName], [200, 'Munhälsa'], JSON.stringify(said));
    // A copy, begun and gone on with: what is there, less what is gone.
    const all = (await k.api('/groups?limit=1')).json._meta.totalRecords;
    said.length = 0;
    await new Run('console', copying[1])({ log: (...words) => said.push(...words) });
    assert.equal(said[0], all);
    await new Run('console', copying[1].replace("since = '2018-01-01'", `since = '${said[1]}'`))({ log: (...words) => said.push(...words) });
    assert.ok(said[2] <= said[0] && said[3] === said[1], JSON.stringify(said));
    let there = true;
    try {
      execFileSync('python3', ['--version'], { stdio: 'ignore' });
    } catch {
      there = false;
      t.diagnostic('no python3 here: its examples were not run');
    }
    const change = python.find((b) => b.includes("method='PATCH'")).replace('TOKEN', token);
    if (there) assert.equal(execFileSync('python3', ['-c', copying[0]], { encoding: 'utf8' }).split(' ')[0], String(all));
    for (const script of there ? [python[0], python[3], change] : []) {
      const out = execFileSync('python3', ['-c', script], { encoding: 'utf8', env: { ...process.env, PYTHONIOENCODING: 'utf-8' } });
      assert.match(out, /'id': /, script);
    }
  });

  test('tells purpose, tokens, limits as they are set, errors, versions; in both languages', async () => {
    for (const [language, wanted] of [['sv', ['Vad API:et är till för', 'Nycklar och gränser', '200 gånger i sekunden', '1\u00a0000 gånger på en gång', 'Authorization: Bearer TOKEN', 'modifiedSince', 'ett år i förväg']],
      ['en', ['What the API is for', 'Tokens and limits', '200 times a second', 'kansli token add', 'Retry-After', 'a year before']]]) {
      const page = await k.page('/api', { headers: { 'accept-language': language } });
      for (const text of wanted) assert.ok(page.words.replace(/\u202f/g, '\u00a0').includes(text), `${language}: ${text}`);
      for (const where of ['/problems', '/account/tokens', '/api/v1/openapi.json', '/api/v1/exports/popolo', '/dcat.ttl', '/.well-known/api-catalog', '/calendars']) assert.ok(page.link(where), where);
    }
    const { json } = await k.api('/openapi.json');
    const info = await k.api('/api-info');
    assert.equal(info.json.apiVersion, json.info.version);
    assert.ok((await k.page('/api')).words.includes(json.info.version), 'the change log begins with the version that answers');
  });

  test('an address can be tried: what it answers there is what it answers', async () => {
    const tried = async (where, reader = k.jar()) => reader.get(`/api/try?path=${encodeURIComponent(where)}`);
    const form = (await k.page('/api')).formWith((input) => input.name === 'path');
    assert.deepEqual([form.method.toLowerCase(), form.action.replace(k.url, '')], ['get', '/api/try']);
    for (const where of ['/groups?limit=2', '/api/v1/groups/npo-tandvard', `${k.url}/api/v1/levels/national`, '/groups?colour=red', '/nosuch', '/', '/groups/npo-tandvard/']) {
      const real = await k.api(where.replace(k.url, '').replace(/^\/api\/v1/, ''), { headers: { 'accept-language': 'sv' } });
      const page = await tried(where);
      assert.equal(page.status, 200, where);
      assert.match(page.text, new RegExp(`<h2>${real.status}</h2>`), where);
      assert.ok(page.text.includes(`Content-Type: ${real.headers['content-type']}`), where);
      const body = /Svarets innehåll"><code>([\s\S]*?)<\/code>/.exec(page.text)[1].replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
      if (body.length < 15_000) assert.deepEqual(JSON.parse(body), real.json, where);
      if (real.etag) assert.ok(page.text.includes(real.etag.replaceAll('"', '&quot;')), `${where}: ETag`);
    }
    // What the browser says of the page that it has is not said of the answer that is tried.
    const { etag } = await k.api('/groups/npo-tandvard', { headers: { 'accept-language': 'sv' } });
    const again = await fetch(`${k.url}/api/try?path=/groups/npo-tandvard`, { headers: { 'if-none-match': etag } });
    assert.match(await again.text(), /<h2>200<\/h2>/);
  });

  test('with the session of who tries it, and what that may see', async () => {
    const own = await support.get('/api/try?path=/me');
    assert.match(own.text, /support@kansli\.example/);
    assert.match(own.headers['cache-control'], /no-store/);
    assert.match((await k.page('/api/try?path=/me')).text, /<h2>401<\/h2>/);
    assert.match((await support.get('/api/try?path=/settings')).text, /<h2>403<\/h2>/);
    const long = await support.get(`/api/try?path=${encodeURIComponent('/groups?limit=500')}`);
    assert.match(long.words, /Bara början visas/);
    assert.ok(long.text.length < 60_000);
  });

  test('what is no address of this API is not tried, nor what is a file or leaves a trace', async () => {
    for (const where of ['https://example.org/', '//example.org/api/v1/groups', 'http://127.0.0.1:1/api/v1/groups', '/groups/../../login', '/groups%2f..', '/api/v1/openapi.json',
      'groups', '\\\\example.org', '/groups#x', '/groups?a b', '/groups//x', 'javascript:alert(1)', '/api/v2/groups/"><script>', '/groups?format=csv', '/exports/popolo']) {
      const page = await k.page(`/api/try?path=${encodeURIComponent(where)}`);
      assert.equal(page.status, 400, where);
      assert.match(page.text, /id="try-why"/, where);
      assert.doesNotMatch(page.text, /id="result"|<script>/, where);
      assert.equal(page.headers.location, undefined);
    }
    const { stdout } = await run(['routes']);
    assert.ok(JSON.parse(stdout).some((r) => r.path === '/api/try' && r.page && !r.api), 'a page, no operation');
    for (const method of ['POST', 'DELETE']) assert.equal((await fetch(`${k.url}/api/try?path=/groups`, { method })).status, 405);
    const overseer = await k.token('auditor@kansli.example', 'read');
    const before_ = await k.api('/audit-events?limit=1', { token: overseer });
    const declarations = (await k.api('/declarations?limit=1', { token })).json.items;
    if (declarations.length) assert.match((await support.get(`/api/try?path=/declarations/${declarations[0].id}`)).text, /id="try-why"|id="result"/);
    assert.equal((await k.api('/audit-events?limit=1', { token: overseer })).json._meta.totalRecords, before_.json._meta.totalRecords);
  });

  test('shows the same to everybody: what is public', async () => {
    const answers = (text) => [...text.matchAll(/<code>\{[\s\S]*?<\/code>/g)].map((m) => m[0]);
    const anonymous = answers((await k.page('/api')).text);
    assert.ok(anonymous.length >= 9);
    assert.deepEqual(answers((await support.get('/api')).text), anonymous);
  });

  test('robots are sent to the pages, not to the API', async () => {
    const reply = await k.page('/robots.txt');
    assert.match(reply.headers['content-type'], /^text\/plain/);
    assert.match(reply.text, /^Disallow: \/api\/v1\/$/m);
  });

  test('shortcuts are told', async () => {
    assert.match((await k.page('/shortcuts')).words, /Ctrl K/);
  });
});
