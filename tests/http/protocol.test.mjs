// What holds of every address that openapi.json has: HEAD beside GET, OPTIONS, 405 with Allow, the caller's trace given
// back, and what may be kept by whom.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { run, start } from '../lib/kansli.mjs';
import { description } from '../lib/openapi.mjs';
import { lookAround, worldOf } from '../lib/anything.mjs';

const document = JSON.parse((await run(['openapi'])).stdout);
const api = description(document);
const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const vary = 'Accept-Language, Authorization, Cookie';

let k;
let token;
let world;
before(async () => {
  k = await start({ demo: true, record: false, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  token = await k.token('support@kansli.example');
  world = worldOf(document);
  await lookAround(k, api, world, () => token);
});
const nothing = '00000000-0000-4000-8000-000000000000';
// An address of a template, with what exists where something does.
function place(template) {
  const words = template.split('/');
  const last = words.findLastIndex((word) => word.startsWith('{'));
  const prefix = words.slice(0, last + 1).join('/');
  const real = world.places.get(prefix)?.[0];
  return real ? `${real}/${words.slice(last + 1).join('/')}`.replace(/\/$/, '') : template.replace(/\{\w+\}/g, nothing);
}
const ask = (where, method, more = {}) => k.api(where, { method, token, headers: { traceparent: trace, ...more } });
function traced(reply, what) {
  assert.equal(reply.headers.traceparent, trace, `${what}: ${reply.status} without traceparent`);
}

describe('every address', () => {
  for (const [template, item] of Object.entries(document.paths)) {
    test(template, async () => {
      const path = place(template);
      const methods = Object.keys(item).map((m) => m.toUpperCase());
      const allowed = new Set([...methods, 'OPTIONS', ...(methods.includes('GET') ? ['HEAD'] : [])]);
      const options = await ask(path, 'OPTIONS');
      assert.deepEqual([options.status, options.text], [204, '']);
      assert.deepEqual(new Set(options.headers.allow.split(', ')), allowed);
      traced(options, 'OPTIONS');
      for (const method of ['PUT', 'GET', 'POST', 'PATCH', 'DELETE'].filter((m) => !allowed.has(m))) {
        const reply = await ask(path, method);
        assert.equal(reply.status, 405, `${method}: ${reply.text}`);
        assert.deepEqual(new Set(reply.headers.allow.split(', ')), allowed);
        assert.equal(reply.json.rule, 'method-not-allowed');
        traced(reply, method);
      }
      if (!methods.includes('GET')) return;
      const read = await ask(path, 'GET');
      traced(read, 'GET');
      assert.equal(read.headers.vary, vary);
      assert.equal(read.headers['cache-control'], 'no-store', 'somebody is logged in');
      const head = await ask(path, 'HEAD');
      assert.deepEqual([head.status, head.text], [read.status, '']);
      for (const name of ['content-type', 'content-length', 'etag', 'vary', 'cache-control', 'traceparent']) {
        if (template === '/persons/{id}/data-export' || template === '/me') continue;
        assert.equal(head.headers[name], read.headers[name], `HEAD tells another ${name}`);
      }
      if (read.etag) {
        const same = await ask(path, 'GET', { 'if-none-match': read.etag });
        assert.equal(same.status, 304);
        traced(same, '304');
        assert.deepEqual([same.headers.vary, same.headers['cache-control'], same.etag], [vary, 'no-store', read.etag]);
      }
      const open = await k.api(path, { headers: { traceparent: trace } });
      traced(open, 'without a login');
      assert.equal(open.headers.vary, vary);
      assert.equal(open.headers['cache-control'], open.status === 200 && !template.startsWith('/calendars/{') ? 'no-cache' : 'no-store');
    });
  }
});

test('a refusal gives the trace back too', async () => {
  for (const [where, more] of [['/nowhere', {}], ['/groups?nosuch=1', {}], ['/groups/nosuch', {}], ['/accounts', { authorization: 'Bearer nosuch' }]]) {
    const reply = await ask(where, 'GET', more);
    assert.ok(reply.status >= 400, where);
    traced(reply, where);
    assert.equal(reply.headers['cache-control'], 'no-store');
  }
  traced(await k.api('/glossary', { method: 'POST', token, headers: { traceparent: trace, 'content-type': 'application/json' }, body: 'x'.repeat(2 << 20) }), 'too big');
  const silent = await k.api('/groups/nosuch', { headers: { traceparent: 'x'.repeat(55) } });
  assert.equal(silent.headers.traceparent, undefined, 'what is no trace is not given back');
});
