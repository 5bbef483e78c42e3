// Anything may be sent to every operation that openapi.json describes, by anybody: the answer is one that the
// description has, never a fault of ours, and what was refused left no trace.
//
// Plans of requests are drawn from the description (lib/anything.mjs) by fast-check under a seed: KANSLI_SEED=n draws
// others, KANSLI_RUNS=n more of them, KANSLI_ONLY=text tries the operations whose name has it. A failure tells seed,
// request and answer. The register is one for all: what one request made the next may meet.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fs from 'node:fs';
import fc from 'fast-check';
import { root, run, start, long } from '../lib/kansli.mjs';
import { description } from '../lib/openapi.mjs';
import { lookAround, requests, worldOf } from '../lib/anything.mjs';

const seed = Number(process.env.KANSLI_SEED) || 20261122;
const rounds = Number(process.env.KANSLI_RUNS) || (long ? 150 : 0);
const runs = (method) => rounds || (method === 'GET' ? 4 : 7);

let k;
let api;
let world;
const actors = [];
let watcher;

const ask = (where, token = watcher.support) => k.api(where, { token });
before(async () => {
  k = await start({ demo: true, record: false, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  api = description(await (await fetch(`${k.url}/api/v1/openapi.json`)).json());
  world = worldOf(api.document);
  const administrator = await k.actor('administrator');
  const support = await k.actor('support');
  const officer = await k.token('karin.bergstrom@kansli.example');
  const one = (name, token, share, may = 'write') => actors.push(...Array(share).fill({ name, token, may }));
  one('support', support.token, 5);
  one('administrator', administrator.token, 3);
  one('officer', officer, 3);
  one('anonymous', undefined, 1, 'nothing');
  one('a read token', await k.token(support.email, 'read'), 1, 'read');
  one('data protection', await k.token('dataskydd@kansli.example'), 1);
  one('coordinator', await k.token('norra@kansli.example'), 1);
  watcher = { support: (await k.actor('support')).token, administrator: (await k.actor('administrator')).token };
  const mine = /-\d+@example\.org|karin\.bergstrom|dataskydd|norra@/;
  const administers = /accounts|mails|audit|settings|me\//;
  await lookAround(k, api, world, (path) => (administers.test(path) ? watcher.administrator : watcher.support), (item) => mine.test(item.email ?? ''));
  assert.ok(world.places.size > 34, [...world.places.keys()].join(' '));
});

// ---- what must hold of every answer ----

const inner = /sqlite|SELECT |INSERT |constraint failed|errno|\/src\/|\.c:\d|core\/|jansson|no such (column|table)/i;
// Said before any operation is found: 414 and 431 of the head's length.
const beforeAny = new Set([414, 431]);
const traced = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const problemMembers = ['type', 'title', 'status', 'detail', 'instance'];

function common(request, reply) {
  const { method, where, who } = request;
  const found = api.find(method, request.path);
  const faults = [...api.faults({ method, path: where, status: reply.status, headers: reply.headers, body: reply.json, sent: { body: isObject(request.body) ? request.body : undefined } })];
  if (reply.status >= 500) faults.push(`a fault of ours: ${reply.status}`);
  if (found && reply.status < 500 && !found.operation.responses[reply.status] && !beforeAny.has(reply.status)) faults.push(`${reply.status} is not declared`);
  if (reply.status >= 400) {
    for (const name of problemMembers) if (!(name in (reply.json ?? {}))) faults.push(`the problem has no ${name}`);
    if (reply.json?.status !== reply.status) faults.push('the problem tells another status');
    if (inner.test(reply.text)) faults.push('tells of what is inside');
    if (reply.status === 400 && reply.json.errors && !reply.json.errors.every((e) => e.detail && ('pointer' in e) !== ('parameter' in e))) faults.push('an error is of a member or of a parameter');
  }
  if (traced.test(request.headers.traceparent) && reply.json?.rule !== 'malformed-request' && reply.headers.traceparent !== request.headers.traceparent) faults.push('traceparent is not given back');
  if (who.token && reply.status !== 304 && reply.headers['cache-control'] !== 'no-store') faults.push(`Cache-Control is ${reply.headers['cache-control']} although somebody is logged in`);
  return faults;
}
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

async function attempt(request) {
  const { method, path, where, who } = request;
  const changes = method !== 'GET';
  const object = changes && method !== 'POST' ? await ask(path) : undefined;
  const list = method === 'POST' ? await ask(path) : undefined;
  const total = changes ? await happened() : undefined;
  const headers = { ...request.headers };
  let stale = false;
  if (method === 'PATCH' || method === 'DELETE') {
    const tag = request.ifMatch === 'present' ? object.etag : request.ifMatch === 'missing' ? undefined : request.ifMatch;
    if (tag !== undefined) headers['if-match'] = tag;
    stale = request.ifMatch !== 'present' && !/"1\./.test(tag ?? '');
  } else if (method === 'GET' && request.ifNoneMatch) {
    headers['if-none-match'] = request.ifNoneMatch === 'present' ? (await k.api(where, { token: who.token, headers: request.headers })).etag ?? '' : request.ifNoneMatch;
  }
  Object.assign(request.headers, headers);
  const reply = await k.api(where, { method, token: who.token, headers, body: request.bytes });
  const faults = common(request, reply);
  const done = reply.status >= 200 && reply.status < 300;
  if (done && changes && request.operation.security && who.may !== 'write' && !request.operation.security.some((s) => !Object.keys(s).length)) faults.push(`${who.name} may not write`);
  if (done && stale) faults.push('nobody said what is changed: If-Match');
  if (changes && !done && api.find(method, path)) {
    if (await happened() !== total) faults.push('what was refused left its trace in the history');
    if (object && (await ask(path)).etag !== object.etag) faults.push('what was refused changed the object');
    if (list && (await ask(path)).json?._meta?.totalRecords !== list.json?._meta?.totalRecords) faults.push('what was refused changed the list');
  }
  if (done && changes) faults.push(...await afterwards(request, reply));
  world.learn(reply.json);
  return { reply, faults };
}

// Every change leaves its row in the history.
const happened = async () => (await k.api('/audit-events?limit=1', { token: watcher.administrator })).json._meta.totalRecords;

async function afterwards({ method, path, who, template }, reply) {
  const faults = [];
  if (reply.status === 201) {
    const { location } = reply.headers;
    if (!location) return ['201 without Location'];
    const made = await k.api(location, { token: who.token });
    const there = location.slice(`${k.url}/api/v1`.length);
    faults.push(...api.faults({ method: 'GET', path: there, ...made, body: made.json }));
    const item = api.find('GET', there);
    if (item) world.visit(item.template, there);
    // A change may tell more, once: a link, what was noticed. It is the same version all the same.
    if (made.etag && reply.etag && made.etag.split('.')[0] !== reply.etag.split('.')[0]) faults.push(`made with ETag ${reply.etag}, read with ${made.etag}`);
    if (who.name === 'support' && made.status >= 400 && !['/shortcomings'].includes(template)) faults.push(`what was made at ${there} answers ${made.status}`);
  }
  // An import that was applied is undone, and stays as what happened.
  if (method === 'DELETE' && template !== '/imports/{id}' && (await ask(path)).status === 200) faults.push('it is still there');
  return faults;
}

function told(request, reply, faults) {
  const { who, method, where, headers, bytes } = request;
  return `${faults.slice(0, 5).join('\n')}\n${method} ${where}\nas ${who.name} ${JSON.stringify(headers)}\n${String(bytes ?? '').slice(0, 3000)}\n→ ${reply.status} ${reply.text.slice(0, 1500)}`;
}

const document = JSON.parse((await run(['openapi'])).stdout);
const operations = description(document).operations.filter((o) => !process.env.KANSLI_ONLY || `${o.method} ${o.template}`.includes(process.env.KANSLI_ONLY));
// Not the same plans for each.
const number = ({ method, template }) => [...`${method} ${template}`].reduce((n, c) => (n * 31 + c.charCodeAt(0)) % 1_000_003, 0);
// What is taken away last; reads first, so that what they tell is known to the others.
const order = { GET: 0, POST: 1, PATCH: 2, DELETE: 3 };
describe(`seed ${seed}`, () => {
  for (const operation of operations.sort((a, b) => order[a.method] - order[b.method])) {
    test(`${operation.method} ${operation.template}`, async () => {
      const found = await fc.check(fc.asyncProperty(requests(document, operation), async (plan) => {
        const request = world.request(operation, plan);
        const first = plan.who % actors.length;
        // Whom it is not for is told so; then somebody else tries.
        for (const who of new Set([...actors.slice(first), ...(plan.odd === 'nothing' ? actors : [])].slice(0, plan.odd === 'nothing' ? undefined : 1))) {
          const { reply, faults } = await attempt({ ...request, who });
          note(operation, reply);
          assert.equal(faults.length, 0, faults.length ? told({ ...request, who }, reply, faults) : '');
          if (![401, 403, 404].includes(reply.status)) break;
        }
      }), { seed: seed + number(operation), numRuns: runs(operation.method), endOnFailure: true });
      assert.ok(!found.failed, `${found.errorInstance?.message ?? found.errorInstance}\n(KANSLI_SEED=${seed}, after ${found.numRuns})`);
    });
  }
});

// null takes a member away. Where a default stood behind it a status was compared with nothing, and the server ended.
test('null for each member of each patch is taken or refused', async () => {
  for (const { template, operation } of operations.filter((o) => o.method === 'PATCH')) {
    const path = world.places.get(template)?.[0];
    const schema = operation.requestBody.content['application/json'].schema;
    const { properties } = schema.$ref.slice(2).split('/').reduce((o, key) => o[key], document);
    for (const name of path ? Object.keys(properties) : []) {
      for (const who of [watcher.support, watcher.administrator]) {
        const { etag } = await ask(path, who);
        const reply = await k.api(path, { method: 'PATCH', token: who, body: { [name]: null }, headers: { 'if-match': etag ?? '"1.x"' } });
        const faults = api.faults({ method: 'PATCH', path, ...reply, body: reply.json, sent: { body: { [name]: null } } });
        assert.ok(reply.status < 500 && !faults.length, `${path} {"${name}": null} → ${reply.status} ${faults.join(' ')} ${reply.text}`);
      }
    }
  }
});

// What the plans met: a suite that is refused everywhere tries nothing.
const met = new Map();
function note({ method, template }, { status }) {
  const name = `${method} ${template}`;
  met.set(name, (met.get(name) ?? new Map()).set(status, (met.get(name)?.get(status) ?? 0) + 1));
}
test('the plans reach what is done and what is refused', () => {
  const all = [...met.values()].flatMap((statuses) => [...statuses.keys()]);
  for (const status of [200, 201, 400, 401, 403, 404, 409]) assert.ok(process.env.KANSLI_ONLY || all.includes(status), `nothing was answered ${status}`);
  if (process.env.KANSLI_MET) fs.writeFileSync(process.env.KANSLI_MET, [...met].map(([name, s]) => `${name} ${JSON.stringify([...s])}`).join('\n'));
});
