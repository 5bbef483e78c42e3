// What nobody should send: malformed JSON, forms, text, dates, paths, methods and HTTP itself, forged forms and
// stolen hosts. Each has a clear answer of the right status, nothing is stored, nothing internal is told.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { long, run, start } from '../lib/kansli.mjs';

let k, support, jar;
const told = [];
const inner = /sqlite|SQLite|\b(SELECT|INSERT|UPDATE|errno|SQL)\b|constraint failed|no such (table|column)|[Jj]ansson|[Mm]ustache|\.c:\d+|\/src\/|\/tmp\/|0x[0-9a-f]{8}/;

async function api(where, options) {
  const reply = await k.api(where, options);
  told.push(reply.text);
  return reply;
}
async function raw(...args) {
  const reply = await k.raw(...args);
  told.push(reply.text);
  return reply;
}
const post = (body, headers = {}, where = '/glossary') => api(where, { method: 'POST', token: support.token, body, headers: { 'content-type': 'application/json', ...headers } });
const word = (more) => post(JSON.stringify({ abbreviation: `I${++serial}`, name: 'Ord', ...more }));
let serial = 0;
const pointers = (reply) => {
  assert.equal(reply.status, 400, reply.text);
  return reply.json.errors.map((e) => e.pointer ?? e.parameter).sort();
};
const total = async () => (await k.api('/glossary?limit=1')).json._meta.totalRecords;

before(async () => {
  k = await start({ demo: true });
  support = await k.actor('support');
  jar = await k.login(support.email);
});
after(() => {
  for (const text of told) assert.doesNotMatch(text, inner);
});

describe('JSON', () => {
  test('what is not JSON, or could be read in two ways, is refused with its place', async () => {
    const before = await total();
    for (const body of ['{', '{"abbreviation":"X",', '{"abbreviation":"X" "name":"y"}', '[]', '"x"', '1', 'null', '', ' ', '{}{}', '{"a":1}x',
      '{"abbreviation":"X","abbreviation":"Y","name":"n"}', '{"abbreviation":"X","\\u0061bbreviation":"Y","name":"n"}',
      '{"abbreviation":"X","name":"a\u0000b"}', '{"abbreviation":"X","name":"a\\u0000b"}', '{"a\\u0000b":1}', '\ufeff{"abbreviation":"X","name":"n"}',
      "{'abbreviation':'X'}", '{abbreviation:1}', '{"abbreviation":NaN}', '{"abbreviation":1e999}', '{"abbreviation":99999999999999999999999}',
      '{"abbreviation":01}', '{"abbreviation":"X",}', '{"abbreviation":"\\x"}', '{"abbreviation":"\\ud800"}', '{"abbreviation":"\\udc00\\ud800"}',
      '{"abbreviation":"X"}//', '{"a":'.repeat(33) + '1' + '}'.repeat(33), `{"a":${'['.repeat(100_000)}`, '\u0000', '{"abbreviation":"\t"}']) {
      const reply = await post(body);
      assert.equal(reply.status, 400, body.slice(0, 60));
      assert.ok(reply.json.errors.length > 0, body.slice(0, 60));
      for (const e of reply.json.errors) assert.ok(e.detail && typeof e.pointer === 'string', body.slice(0, 60));
    }
    for (const bytes of [[0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xe5, 0x22]]) {
      const reply = await post(Buffer.concat([Buffer.from('{"abbreviation":"X","name":'), Buffer.from(bytes), Buffer.from('}')]));
      assert.equal(reply.status, 400, reply.text);
    }
    for (const encoding of ['utf16le', 'latin1']) assert.equal((await post(Buffer.from('{"abbreviation":"Å","name":"n"}', encoding))).status, 400, encoding);
    assert.equal(await total(), before);
  });

  test('types are asked for, not guessed', async () => {
    for (const wrong of [1, true, 1.5, [], {}, ['x'], { x: 1 }]) assert.deepEqual(pointers(await word({ name: wrong })), ['/name'], JSON.stringify(wrong));
    const kind = (more) => api('/group-kinds', { method: 'POST', token: admin, body: { id: `k${++serial}`, name: 'Sort', nameEnglish: 'Kind', level: 'local', category: 'other', ...more } });
    const admin = (await k.actor('administrator')).token;
    for (const wrong of ['36', 36.5, 1e3 + 0.1, -1, 1e15, true, []]) assert.deepEqual(pointers(await kind({ chairMaxMonths: wrong })), ['/chairMaxMonths'], JSON.stringify(wrong));
    const real = await api('/group-kinds', { method: 'POST', token: admin, body: '{"id":"k-real","name":"Sort","nameEnglish":"Kind","level":"local","category":"other","chairMaxMonths":36.0}', headers: { 'content-type': 'application/json' } });
    assert.deepEqual(pointers(real), ['/chairMaxMonths'], '36.0 is a real');
    for (const wrong of ['npo', 7, {}, [7], ['npo', 'npo'], Array(101).fill('npo')]) {
      const found = pointers(await kind({ principalKinds: wrong }));
      assert.ok(found.length && found.every((p) => p.startsWith('/principalKinds')), JSON.stringify(wrong));
    }
    assert.equal((await kind({ chairMaxMonths: null, principalKinds: null })).status, 201);
  });

  test('members that nobody knows are named, all of them', async () => {
    assert.deepEqual(pointers(await word({ isAdministrator: true, _csrf: 'x', '': 1, ID: 'x', key: 1 })), ['/', '/ID', '/_csrf', '/isAdministrator', '/key']);
    assert.deepEqual(pointers(await word({ __proto__x: 1, constructor: 2 })), ['/__proto__x', '/constructor']);
    assert.deepEqual(pointers(await word({ 'na\u0000me': 1, 'näme': 2 })).length > 0, true);
  });

  test('references that lead nowhere are named', async () => {
    const reply = await post(JSON.stringify({ kind: 'nag', name: 'Vilse', startDate: '2026-01-01', principalIds: ['nosuch', 'npo-tandvard', 'norra'], parentId: 'norra',
      mirrorsId: '../x', healthcareRegionId: 'region-skane', regionId: 'norra' }), {}, '/groups');
    assert.deepEqual(pointers(reply), ['/healthcareRegionId', '/mirrorsId', '/parentId', '/principalIds/0', '/principalIds/2', '/regionId']);
  });

  test('an end before its start is refused at the end', async () => {
    const reply = await post(JSON.stringify({ kind: 'nag', name: 'Baklänges', startDate: '2026-02-01', endDate: '2026-01-31', principalIds: ['npo-tandvard'] }), {}, '/groups');
    assert.deepEqual(pointers(reply), ['/endDate']);
  });
});

describe('days', () => {
  const group = (startDate) => post(JSON.stringify({ kind: 'nag', name: `Dag ${++serial}`, startDate, principalIds: ['npo-tandvard'] }), {}, '/groups');
  test('a day is a real one of four, two and two digits', async () => {
    for (const wrong of ['2026-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '2026-01-00', '2026-01-32', '0000-01-01', '10000-01-01', '2026-1-1', '26-01-01', '20260101',
      '2026-01-01T00:00:00Z', ' ', '2026-01-01x', '２０２６-01-01', '1900-02-29', '2100-02-29', '-026-01-01', '2026/01/01', 'idag']) {
      assert.deepEqual(pointers(await group(wrong)), ['/startDate'], wrong);
    }
    for (const right of ['2024-02-29', '2000-02-29', '2026-12-31']) assert.equal((await group(right)).status, 201, right);
  });
});

describe('text', () => {
  test('what cannot be seen, or turns what can, is refused', async () => {
    for (const point of [0, 1, 8, 0xb, 0xc, 0x1b, 0x1f, 0x7f, 0x80, 0x9f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f, 0x61c, 0xfffe, 0xffff]) {
      assert.deepEqual(pointers(await word({ text: `a${String.fromCodePoint(point)}b` })), point ? ['/text'] : [''], point.toString(16));
    }
  });

  test('text is kept composed, trimmed, with its line ends as LF', async () => {
    for (const [sent, kept] of [['A\u030angstro\u0308m', 'Ångström'], ['  ord  ', 'ord'], ['\u00a0ord\u2003', 'ord'], ['\u1e9b\u0323', '\u1e9b\u0323'], ['\u0344', '\u0308\u0301'], ['가', '가']]) {
      const made = await word({ name: sent });
      assert.equal(made.json.name, kept, JSON.stringify(sent));
    }
    assert.equal((await word({ text: ' a\r\nb\rc\u2028d\u2029e ' })).json.text, 'a\nb\nc\nd\ne');
    assert.deepEqual(pointers(await word({ name: 'två\nrader' })), ['/name']);
    assert.deepEqual(pointers(await word({ name: ' \t ' })), ['/name'], 'blank is empty, and empty is missing');
    assert.equal((await word({ text: '   ' })).json.text, null);
  });

  test('lengths are counted in characters, to the last one', async () => {
    for (const [resource, fields] of Object.entries({
      glossary: { name: 200, abbreviation: 30, nameEnglish: 200, text: 1000 },
      organisations: { name: 200, shortName: 60, code: 10 },
    })) {
      for (const [field, max] of Object.entries(fields)) {
        for (const letter of ['x', 'ö', '🩺']) {
          const body = (n) => JSON.stringify({ ...(resource === 'glossary' ? { abbreviation: `L${++serial}`, name: 'n' } : { type: 'other', name: 'n', id: `l-${++serial}` }),
            [field]: String(serial).padEnd(n - 1, 'a').slice(0, n - 1) + letter });
          const right = await post(body(max), {}, `/${resource}`);
          assert.equal(right.status, 201, `${resource} ${field} ${letter}: ${right.text}`);
          assert.equal([...right.json[field]].length, max);
          assert.deepEqual(pointers(await post(body(max + 1), {}, `/${resource}`)), [`/${field}`], `${resource} ${field} ${letter}`);
        }
      }
    }
  });

  test('an address is a slug of at most eighty characters', async () => {
    const make = (id) => post(JSON.stringify({ type: 'other', name: 'Adress', id }), {}, '/organisations');
    for (const wrong of ['Å', 'A', 'a b', '-a', 'a-', 'a--b', 'a/b', 'a.b', 'å', 'a'.repeat(81), '%41', 'a\u0000']) assert.equal((await make(wrong)).status, 400, wrong);
    assert.equal((await make('a'.repeat(80))).status, 201);
    // What would hide behind a page of its own is no address either.
    assert.equal((await make('new')).status, 400);
    assert.equal((await post(JSON.stringify({ kind: 'nag', name: 'Ny', id: 'new', startDate: '2026-01-01' }), {}, '/groups')).status, 400);
  });

  test('every character of every plane comes back as it was sent', async () => {
    const refused = /[\p{Cc}\p{Cn}\p{Cs}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;
    const step = long ? 1 : 61;
    let chunk = '';
    const send = async () => {
      const text = `<${chunk}>`;
      const made = await word({ text });
      assert.equal(made.status, 201, made.text.slice(0, 300));
      const read = await api(`/glossary/${made.json.id}`);
      const expected = text.normalize('NFC');
      if (read.json.text !== expected) {
        const [a, b] = [[...read.json.text], [...expected]];
        const at = b.findIndex((c, i) => a[i] !== c);
        assert.fail(`U+${b[at]?.codePointAt(0).toString(16)} came back as U+${a[at]?.codePointAt(0).toString(16)}`);
      }
      chunk = '';
    };
    for (let point = 0x20; point <= 0x10ffff; point += step) {
      if (point >= 0xe000 && point < 0xf900) continue;
      if (point >= 0xf0000 && point % 997) continue; // private planes: a sample
      const letter = String.fromCodePoint(point);
      if (refused.test(letter)) continue;
      // Each between letters, so that nothing composes with its neighbour by chance.
      chunk += `${letter}|`;
      if (chunk.length > 900) await send();
    }
    await send();
  });
});

describe('forms', () => {
  const form = (body, headers) => jar.post('/glossary', body, headers);
  const csrf = async () => (await jar.get('/glossary/new')).form('/glossary').fields._csrf;
  test('a form that is none is refused, and shown again when it can be', async () => {
    const token = await csrf();
    const before = await total();
    for (const body of ['abbreviation=%', 'abbreviation=%4', 'abbreviation=%zz', 'abbreviation=%ff', 'abbreviation=%00', 'abbreviation=a&abbreviation=b', 'abbreviation%zz=1',
      `${Array.from({ length: 501 }, (_, i) => `a${i}=1`).join('&')}`, 'name=%E2%80%AE', 'nosuch=1']) {
      const page = await form(`_csrf=${token}&${body}`);
      told.push(page.text);
      assert.equal(page.status, 400, body.slice(0, 40));
      assert.match(page.headers['content-type'], /^text\/html/);
    }
    assert.equal(await total(), before);
    const again = await form(`_csrf=${token}&abbreviation=&name=Skrivet+h%C3%A4r`);
    assert.equal(again.status, 400);
    const back = again.form('/glossary');
    assert.equal(back.fields.name, 'Skrivet här', 'what was typed stands there again');
    assert.ok(back.inputs.find((i) => i.name === 'abbreviation').attributes['aria-invalid'] === 'true');
  });

  test('a form of an object that is none is shown again with its object', async () => {
    const token = await csrf();
    for (const where of ['/groups/npo-tandvard?_method=PATCH', '/groups/npo-tandvard/plans', '/groups/npo-tandvard/memberships', '/organisations/norra?_method=PATCH']) {
      const page = await jar.post(where, `_csrf=${token}&name=%00`);
      told.push(page.text);
      assert.equal(page.status, 400, where);
    }
    assert.equal((await jar.get('/groups/npo-tandvard')).status, 200, 'and the server goes on');
  });

  test('what has a value always gets back what it is otherwise when it is left empty', async () => {
    const gap = (await k.api('/gaps?status=declined&limit=1')).json.items[0];
    const page = await jar.get(`/gaps/${gap.id}/edit`);
    assert.equal((await jar.submit(page.formWith((i) => i.name === 'status'), { status: '' })).status, 303);
    assert.equal((await k.api(`/gaps/${gap.id}`)).json.status, 'raised');
  });

  test('a page takes forms, not JSON', async () => {
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const page = await form('{"abbreviation":"J"}', { 'content-type': type });
      assert.equal(page.status, 415, type);
    }
  });
});

describe('forged forms', () => {
  let routes;
  before(async () => {
    // The way to stop mail by one click is guarded by the secret in its address alone (RFC 8058): mail.test.mjs.
    routes = JSON.parse((await run(['routes'])).stdout)
      .filter((r) => r.page && r.method !== 'GET' && r.path !== '/mail/stop/{secret}');
    assert.ok(routes.length > 20, 'there are pages that change something');
  });
  const address = (route) => `${route.path.replace(/\{[^}]*\}/g, 'x')}${route.method === 'POST' ? '' : `?_method=${route.method}`}`;

  test('without the token, with a wrong one, from another site: 403 on every route that changes something', async () => {
    const token = (await jar.get('/glossary/new')).form('/glossary').fields._csrf;
    const tries = [
      ['no token', { a: '1' }, {}],
      ['a wrong token', { _csrf: 'x'.repeat(token.length) }, {}],
      ['an empty token', { _csrf: '' }, {}],
      ['an anonymous token', { _csrf: (await k.page('/login')).forms.map((f) => f.fields._csrf).find(Boolean) }, {}],
      ['another origin', { _csrf: token }, { origin: 'https://evil.example' }],
      ['an opaque origin', { _csrf: token }, { origin: 'null' }],
      ['another port', { _csrf: token }, { origin: k.url.replace(/\d+$/, '1') }],
      ['another site', { _csrf: token }, { 'sec-fetch-site': 'cross-site' }],
      ['a sister site', { _csrf: token }, { 'sec-fetch-site': 'same-site' }],
      ['a spoofed host', { _csrf: token }, { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }],
    ];
    for (const route of routes) {
      for (const [what, fields, headers] of tries) {
        const page = await jar.post(address(route), fields, headers);
        told.push(page.text);
        assert.equal(page.status, 403, `${route.method} ${route.path} with ${what}: ${page.status}`);
      }
    }
  });

  test('and logged out the same, but where a login is asked for first', async () => {
    for (const route of routes) {
      const page = await k.jar().post(address(route), { _csrf: 'x' });
      assert.ok([401, 403].includes(page.status), `${route.method} ${route.path}: ${page.status}`);
    }
  });

  test('the token itself is right: the same forms go through', async () => {
    const page = await jar.get('/glossary/new');
    const reply = await jar.submit(page.form('/glossary'), { abbreviation: 'CSRF', name: 'Förfalskat formulär' });
    assert.equal(reply.status, 303);
  });

  test('a token of one session is none of another', async () => {
    const mine = (await jar.get('/glossary/new')).form('/glossary').fields._csrf;
    const other = await k.login((await k.actor('support')).email);
    assert.equal((await other.post('/glossary', { _csrf: mine, abbreviation: 'ZZ', name: 'z' })).status, 403);
  });
});

describe('addresses', () => {
  test('tricks with paths lead nowhere', async () => {
    const cases = { '/groups/%00': 400, '/groups/a%00b': 400, '/groups/%2e%2e/login': 400, '/groups/../login': 400, '/./groups': 400, '/groups%2fnpo-tandvard': 400, '/groups/%5c': 400,
      '//groups': 400, '/groups//npo-tandvard': 400, '/groups/%ff': 400, '/groups/%': 400, '/groups/%4': 400, '/groups/%zz': 400, '/groups/a%0ab': 400, '/groups/%0d%0aX: y': 400,
      '/static/../../etc/passwd': 400, '/static/%2e%2e/%2e%2e/etc/passwd': 400, '/static/..%2fapp.js': 400, '/static/nosuch.css': 404, '/static': 404, '/static/': 404, '/.git/config': 404,
      '/groups/npo-tandvard.json': 404, '/Groups': 404, '/api/v1/Groups': 404, '/api/v2/groups': 404 };
    for (const [path, status] of Object.entries(cases)) {
      const reply = await raw(`GET ${path.replace(' ', '%20')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.equal(reply.status, status, path);
      assert.doesNotMatch(reply.text, /root:/);
    }
    const slash = await raw('GET /api/v1/groups/?limit=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.equal(slash.status, 200);
  });

  test('a target that is no absolute path is refused', async () => {
    for (const target of ['*', 'groups', 'http://evil.example/groups', 'http://x/', '/groups#x', '/gr\u00f6ups', '?x', '/a b', '']) {
      const reply = await raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.equal(reply.status, 400, target);
    }
  });

  test('queries that say two things, or nothing that can be read, are refused', async () => {
    for (const query of ['%', 'a=%zz', 'q=%ff', 'q=%00', 'q=a&q=b', 'q=%E2%80%AE', '%00=1', 'q[]=a', `${'a'.repeat(100)}=1`]) {
      assert.equal((await api(`/groups?${query}`)).status, 400, query);
    }
    for (const query of ['&', '&&q=a&', 'q', 'q=', 'q=a%0d%0ab', 'q=%F0%9F%A9%BA', `q=${'a'.repeat(3000)}`]) {
      const reply = await api(`/groups?${query}`);
      assert.equal(reply.status, 200, query);
    }
  });

  test('a long address is 414, a long head 431', async () => {
    assert.equal((await raw(`GET /api/v1/groups?q=${'a'.repeat(9000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).status, 414);
    assert.equal((await raw(`GET /api/v1/groups HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`)).status, 431);
    assert.equal((await raw(`GET /api/v1/groups HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 150 }, (_, i) => `X-${i}: 1\r\n`).join('')}\r\n`)).status, 431);
  });
});

describe('methods', () => {
  test('what nobody knows is 405, and no header or parameter makes another of it', async () => {
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'GETX', 'get', 'X-Y']) {
      const reply = await raw(`${method} /api/v1/groups HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.ok([400, 405].includes(reply.status), `${method} ${reply.status}`);
    }
    const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', 'x-http-method': 'DELETE' };
    assert.equal((await api('/groups/npo-tandvard', { token: support.token, headers })).status, 200);
    assert.deepEqual(pointers(await api('/groups?_method=DELETE')), ['_method']);
    assert.deepEqual(pointers(await api('/groups/npo-tandvard?_method=DELETE', { method: 'POST', token: support.token, body: {} })), ['_method']);
    for (const method of ['GET', 'PUT', 'patch', 'POST', 'HEAD', '']) assert.equal((await jar.post(`/groups/npo-tandvard?_method=${method}`, {})).status, 400, method);
    assert.equal((await jar.get('/groups/npo-tandvard?_method=DELETE')).status, 400);
    assert.equal((await api('/groups/npo-tandvard')).status, 200);
  });
});

describe('heads', () => {
  test('nothing that is sent becomes a header of the answer', async () => {
    for (const where of ['/login?next=/a%0d%0aX-Evil:%201', '/groups?q=a%0d%0aX-Evil:%201', '/nosuch%0d%0aX-Evil:1', '/groups/x?fields=a%0d%0aX-Evil:%201']) {
      const reply = await raw(`GET ${where} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.doesNotMatch(reply.text.split('\r\n\r\n')[0], /\nX-Evil/i, where);
    }
    const page = await jar.get('/account');
    const form = page.forms.find((f) => f.names.includes('returnTo'));
    assert.ok(form, 'a form that leads back');
    for (const to of ['/a\r\nX-Evil: 1', '/a\tb', '//evil.example', 'https://evil.example', '/\\evil.example', '\\\\evil.example', 'javascript:alert(1)', '/%0d%0aX-Evil: 1 ', '/å', ' /x', '', '/\u2028x', `/${'a'.repeat(3000)}`]) {
      const reply = await jar.submit(form, { returnTo: to });
      assert.ok([303, 400].includes(reply.status), `${JSON.stringify(to)}: ${reply.status}`);
      assert.equal(reply.headers['x-evil'], undefined);
      if (reply.status === 303) assert.match(reply.headers.location, /^\/(?![/\\])[\x21-\x7e]*$/, to);
    }
    assert.equal((await jar.submit(form, { returnTo: '/groups?q=a' })).headers.location, '/groups?q=a');
  });

  test('login leads to our own pages only', async () => {
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', '/\n/evil.example', '\u0000/x', '/%2f%2fevil.example\r\n', '///evil.example']) {
      const visitor = k.jar();
      const page = await visitor.get(`/login?next=${encodeURIComponent(next)}`);
      if (page.status === 400) continue;
      const form = page.formWith((i) => i.type === 'password');
      const reply = await visitor.submit(form, { email: support.email, password: support.password });
      assert.equal(reply.status, 303);
      assert.match(reply.headers.location, /^\/(?![/\\])[\x21-\x7e]*$/, JSON.stringify(next));
      assert.ok(!reply.headers.location.startsWith('//'));
    }
  });

  test('links are made of the base address, whatever Host and its like say', async () => {
    for (const header of ['Host: evil.example', 'Host: x\r\nX-Forwarded-Host: evil.example', 'Host: x\r\nForwarded: host=evil.example;proto=https', 'Host: x\r\nX-Forwarded-Proto: https', 'Host: x\r\nX-Original-URL: /evil.example', 'Host: x\r\nX-Rewrite-URL: /evil.example']) {
      for (const where of ['/api/v1/groups?limit=2', '/api/v1/nosuch', '/groups/npo-tandvard', '/login', '/account']) {
        const reply = await raw(`GET ${where} HTTP/1.1\r\n${header}\r\nConnection: close\r\n\r\n`);
        assert.doesNotMatch(reply.text, /evil\.example/, `${header} ${where}`);
      }
    }
    const based = await start({ args: ['--base-url', 'https://kansli.example'] });
    const { json } = await based.api('/groups?limit=1', { headers: {} });
    for (const link of [...json._links, ...json.items[0]._links]) assert.ok(link.href.startsWith('https://kansli.example/api/v1/groups'), link.href);
    const made = await based.api('/glossary', { method: 'POST', token: (await based.actor('support')).token, body: { abbreviation: 'BAS', name: 'Basadress' } });
    assert.match(made.headers.location, /^https:\/\/kansli\.example\/api\/v1\/glossary\//);
    assert.match((await based.api('/nosuch')).json.type, /^https:\/\/kansli\.example\/problems\//);
  });
});

describe('HTTP itself', () => {
  const hidden = 'GET /api/v1/api-info HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const [what, head] of Object.entries({
    'two lengths': 'Host: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n',
    'a length and chunks': 'Host: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n',
    'a space before a colon': 'Host: x\r\nTransfer-Encoding : chunked\r\n',
    'two hosts': 'Host: x\r\nHost: y\r\n',
    'no host': '',
    'two cookies': 'Host: x\r\nCookie: a=1\r\nCookie: session=x\r\n',
    'a coding nobody knows': 'Host: x\r\nTransfer-Encoding: gzip, chunked\r\n',
    'a folded line': 'Host: x\r\nX-A: 1\r\n folded: 2\r\n',
    'a bare LF': 'Host: x\nX-A: 1\r\n',
    'a NUL': 'Host: x\r\nX-A: a\u0000b\r\n',
    'a control': 'Host: x\r\nX-A: a\u0001b\r\n',
    'a length that is none': 'Host: x\r\nContent-Length: 1x\r\n',
    'a negative length': 'Host: x\r\nContent-Length: -1\r\n',
    'a line without colon': 'Host: x\r\nnonsense\r\n',
  })) {
    test(`${what}: 400, once, and no more on that connection`, async () => {
      const reply = await raw(`POST /api/v1/glossary HTTP/1.1\r\n${head}\r\n${hidden}`);
      // What libmicrohttpd refuses by itself it says twice; what counts is that nothing behind it is answered.
      assert.deepEqual([...new Set(reply.statuses)], [400], reply.text.slice(0, 300));
      if (!/^Content-Length: [^\d]|1x/m.test(head)) assert.equal(reply.statuses.length, 1);
      assert.ok(reply.closed, 'the connection is closed');
    });
  }

  test('a body too big is 413, announced or not, and the register answers on', async () => {
    const head = `POST /api/v1/glossary HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${support.token}\r\n`;
    assert.equal((await raw(`${head}Content-Length: 262145\r\n\r\n`)).status, 413);
    assert.equal((await raw(`${head}Content-Length: 99999999999999999999999\r\n\r\n`)).status, 413);
    assert.equal((await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65536)}\r\n`.repeat(5)}0\r\n\r\n`)).status, 413);
    const most = JSON.stringify({ abbreviation: 'STOR', name: 'x', text: 'x' });
    const exact = await post(most + ' '.repeat(262144 - most.length));
    assert.equal(exact.status, 201, 'exactly the limit');
    assert.equal((await post(most + ' '.repeat(262145 - most.length))).status, 413);
    const chunked = await raw(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"abb\r\n27\r\nreviation":"BIT","name":"I bitar","x":1\r\n1\r\n}\r\n0\r\n\r\n`);
    assert.equal(chunked.status, 400, 'the whole of it is read: x is unknown');
    assert.match(chunked.text, /"\/x"/);
  });

  test('a body cut short is nobody\'s answer, and nothing is stored', async () => {
    const before = await total();
    const body = JSON.stringify({ abbreviation: 'KORT', name: 'Kort' });
    await raw(`POST /api/v1/glossary HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${support.token}\r\nContent-Length: ${body.length + 1}\r\n\r\n${body}`, { end: true, ms: 1000 });
    assert.equal(await total(), before);
  });

  test('requests on one connection are answered in their order, each once', async () => {
    const one = (q) => `GET /api/v1/groups?limit=1&q=${q} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const reply = await raw(`${one('tandvard')}${one('xyzzy')}GET /api/v1/nosuch HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.deepEqual(reply.statuses, [200, 200, 404]);
  });
});

describe('headers of every answer', () => {
  const wanted = {
    'content-security-policy': /^default-src 'none'/, 'x-content-type-options': /^nosniff$/, 'referrer-policy': /./,
    'cross-origin-opener-policy': /^same-origin$/, 'cross-origin-resource-policy': /^(same|cross)-origin$/, 'permissions-policy': /./,
  };
  test('a policy without unsafe, nosniff and the rest stand on all of them, HSTS behind https', async () => {
    for (const secure of [false, true]) {
      const s = secure ? await start({ demo: true, args: ['--base-url', 'https://kansli.example'] }) : k;
      const etag = (await s.api('/groups')).etag;
      const css = /href="(\/static\/style[^"]*)"/.exec((await s.page('/')).text)[1];
      const file = await s.page(css);
      const replies = {
        page: await s.page('/'), kept: await s.page('/'), list: await s.api('/groups'), same: await s.api('/groups', { headers: { 'if-none-match': etag } }),
        absent: await s.page('/nosuch'), 'absent in the API': await s.api('/nosuch'), method: await s.api('/groups', { method: 'PUT' }), options: await s.api('/groups', { method: 'OPTIONS' }),
        wrong: await s.api('/groups?limit=0'), 'wrong page': await s.page('/groups?limit=0'), login: await s.page('/account'), forged: await s.page('/glossary', { method: 'POST', body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
        denied: await s.api('/glossary', { method: 'POST', body: {} }), style: file, 'same style': await s.page(css, { headers: { 'if-none-match': file.headers.etag } }),
        unguarded: await s.api('/groups/npo-tandvard', { method: 'PATCH', body: {} }), description: await s.api('/openapi.json'), head: await s.api('/groups', { method: 'HEAD' }),
        type: await s.api('/glossary', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }), icon: await s.page('/favicon.ico'),
      };
      assert.equal(replies.same.status, 304);
      assert.equal(replies['same style'].status, 304);
      for (const [what, reply] of Object.entries(replies)) {
        for (const [name, pattern] of Object.entries(wanted)) assert.match(reply.headers[name] ?? '', pattern, `${what}: ${name}`);
        assert.doesNotMatch(reply.headers['content-security-policy'], /unsafe|\*|data:|http:/, what);
        assert.equal(/max-age=\d{8}/.test(reply.headers['strict-transport-security'] ?? ''), secure, `${what}: HSTS`);
        assert.equal(reply.headers.server, undefined, what);
      }
    }
  });

  test('refusals of HTTP itself have them too', async () => {
    for (const [request, status] of [['GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n', 400], ['TRACE / HTTP/1.1\r\nHost: x\r\n\r\n', 405], [`GET /?${'a'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
      [`POST /api/v1/groups HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${support.token}\r\nContent-Length: 9999999\r\n\r\n`, 413]]) {
      const { text } = await raw(request, { ms: 2000 });
      assert.match(text, new RegExp(`^HTTP/1.1 ${status} `));
      for (const name of Object.keys(wanted)) assert.match(text, new RegExp(`^${name}: `, 'mi'), `${status}: ${name}`);
      assert.match(text, /^Content-Type: application\/problem\+json/mi);
    }
  });
});
