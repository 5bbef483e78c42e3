// The contract: every JSON reply that any test met, and every page of the API that can be reached
// from here, is what the served description says. Runs after the others (run.mjs): what they
// recorded is in tests/out/replies.jsonl.
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { replies, start } from '../lib/kansli.mjs';
import { description } from '../lib/openapi.mjs';

let k;
let api;
before(async () => {
  k = await start({ demo: true, record: false });
  api = description(await (await fetch(`${k.url}/api/v1/openapi.json`)).json());
});

// Where the server itself is the example's base, other servers' addresses differ: only paths count.
const isApi = (path) => !path.startsWith('/api/v1/') && path.startsWith('/');
const listed = (path) => !/^\/openapi\.json/.test(path);

// One line for a kind of fault, whichever item of a list has it.
function told(faults) {
  const unique = [...new Set(faults.map((fault) => fault.replace(/\/\d+(?=[/ ])/g, '/n')))];
  return unique.slice(0, 40).join('\n') + (unique.length > 40 ? `\n… and ${unique.length - 40} more` : '');
}

test('what the tests met is what the description says', () => {
  const met = replies().filter((r) => isApi(r.path) && listed(r.path));
  const faults = met.flatMap((r) => api.faults(r).map((fault) => `${fault}  (${r.test})`));
  assert.equal(faults.length, 0, `${faults.length} of ${met.length} replies:\n${told(faults)}`);
});

test('what can be reached from the lists is what the description says', async () => {
  const administrator = await k.actor('administrator');
  const support = await k.actor('support');
  const seen = new Set();
  const faults = [];
  const ids = new Map(); // collection → an id
  async function get(path, token) {
    if (seen.has(path + token)) return undefined;
    seen.add(path + token);
    const reply = await k.api(path, { token });
    faults.push(...api.faults({ method: 'GET', path, ...reply, body: reply.json }));
    return reply;
  }
  const reads = api.operations.filter((o) => o.method === 'GET')
    .sort((a, b) => a.segments.length - b.segments.length);
  for (const { template, operation, segments } of reads) {
    const path = segments.map((s, i) => (s.startsWith('{') ? ids.get(segments.slice(0, i).join('/')) : s));
    if (path.includes(undefined)) continue;
    const where = path.join('/');
    for (const token of [undefined, administrator.token, support.token]) {
      const reply = await get(where, token);
      const first = reply?.json?.items?.[0];
      const id = first?.id ?? first?.rule;
      if (id && !ids.has(template)) ids.set(template, id);
      if (operation.parameters.some((p) => p.$ref?.endsWith('/embed'))) await get(`${where}?embed=page`, token);
      if (operation.parameters.some((p) => p.$ref?.endsWith('/asOf'))) await get(`${where}?asOf=2020-01-01`, token);
      if (operation.parameters.some((p) => p.$ref?.endsWith('/modifiedSince'))) await get(`${where}?modifiedSince=2020-01-01&limit=500`, token);
    }
  }
  assert.ok(seen.size > 30, 'a register has more than that');
  assert.equal(faults.length, 0, `of ${seen.size} replies:\n${told(faults)}`);
});

test('a reply that drifts is found', () => {
  const body = { apiName: 'kansli', apiVersion: '1', apiReleased: '2026-11-22', apiDocumentation: 'http://x/api', apiStatus: 'active' };
  const headers = { 'content-type': 'application/json' };
  const faults = (changes) => api.faults({ method: 'GET', path: '/api-info', status: 200, headers, body: { ...body, ...changes } });
  assert.deepEqual(faults({}), []);
  assert.equal(faults({ extra: 1 }).length, 1);
  assert.equal(faults({ apiStatus: 'asleep' }).length, 1);
  assert.equal(faults({ apiName: undefined }).length, 1);
  assert.equal(api.faults({ method: 'GET', path: '/nowhere', status: 200, headers, body: {} }).length, 1);
  assert.equal(api.faults({ method: 'GET', path: '/api-info', status: 418, headers, body: {} }).length, 1);
});
