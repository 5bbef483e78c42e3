// The harness itself, against a small server of its own: forms are read and sent as a browser would,
// cookies kept, origins sent, redirects left to the test.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { forms, tags, textOf } from './html.mjs';
import { cookieJar } from './jar.mjs';

const page = `<!DOCTYPE html><html lang="sv"><head><title>T &amp; t</title></head><body>
<!-- <form action="/no"></form> -->
<form action="/save" method="post" id="f">
<input type="hidden" name="csrf" value="a&quot;b"><input name="name" value="x">
<select name="kind"><option value="a">A</option><option value="b" selected>Bé</option></select>
<textarea name="text">
rad &lt;1&gt;</textarea>
<input type="checkbox" name="c" value="1" checked><input type="checkbox" name="c" value="2">
<input name="off" value="x" disabled><button type="button">Nej</button>
<button type="submit" name="do" value="save">Spara</button>
<button type="submit" name="do" value="try" formaction="/try">Pröva</button>
</form><input name="outside" form="f" value="ö"><a href="/a?b=1&amp;c=2">En <b>länk</b></a></body></html>`;

const seen = [];
const k = {};
const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (more) => (body += more)).on('end', () => {
    seen.push({ method: request.method, url: request.url, headers: request.headers, body: new URLSearchParams(body) });
    if (request.method === 'POST') {
      response.writeHead(303, { location: '/', 'set-cookie': ['a=1; Path=/; HttpOnly', 'b=; Max-Age=0'] }).end();
    } else {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    }
  });
});
before(async () => {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  k.url = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});

test('a form is read with what a browser would send untouched', () => {
  const [form, ...others] = forms(page);
  assert.deepEqual(others, []);
  assert.deepEqual(form.fields, { csrf: 'a"b', name: 'x', kind: 'b', text: 'rad <1>', c: '1', outside: 'ö' });
  assert.deepEqual(form.buttons.map((b) => b.text), ['Spara', 'Pröva']);
  assert.deepEqual(form.inputs.find((i) => i.name === 'kind').options.map((o) => o.value), ['a', 'b']);
});

test('a form is sent with its origin, its button and the cookies so far', async () => {
  const jar = cookieJar(k);
  const read = await jar.get('/');
  assert.equal(read.title, 'T & t');
  assert.equal(read.link('En länk'), '/a?b=1&c=2');
  const reply = await jar.submit(read.form('/save'), { name: 'å', c: ['1', '2'] });
  assert.equal(reply.status, 303);
  assert.equal(jar.header, 'a=1');
  const sent = seen.at(-1);
  assert.equal(sent.headers.origin, k.url);
  assert.equal(sent.headers['sec-fetch-site'], 'same-origin');
  assert.deepEqual(sent.body.getAll('c'), ['1', '2']);
  assert.equal(sent.body.get('name'), 'å');
  assert.equal(sent.body.get('do'), 'save');
  assert.equal((await jar.follow(reply)).status, 200);
  assert.equal(seen.at(-1).headers.cookie, 'a=1');
});

test('another button, another address, and a header taken away', async () => {
  const jar = cookieJar(k);
  const form = (await jar.get('/')).form('/save');
  await jar.submit(form, { text: undefined }, { button: 'Pröva', headers: { origin: null } });
  assert.equal(seen.at(-1).url, '/try');
  assert.equal(seen.at(-1).body.has('text'), false);
  assert.equal(seen.at(-1).headers.origin, undefined);
  assert.throws(() => jar.submit(form, { nope: '1' }), /no field nope/);
  assert.throws(() => jar.submit(form, {}, { button: 'Nej' }), /no button/);
});

test('text and tags are read without comments and scripts', () => {
  assert.equal(textOf('<p>a<!-- b --><script>c</script>\n d&nbsp;&auml;</p>'), 'a d\u00a0&auml;');
  assert.deepEqual(tags('<!-- <i> --><p class="a>b" data-x=1 hidden><br></p>').map((t) => t.name), ['p', 'br', 'p']);
});
