// The API's description: valid for others' tools, true to Sweden's REST profile, and the program's own.
import assert from 'node:assert/strict';
import test, { before, describe } from 'node:test';
import { bundleFromString, createConfig, lintFromString } from '@redocly/openapi-core';
import { run, start } from '../lib/kansli.mjs';
import { description } from '../lib/openapi.mjs';
import { rules } from '../lint/profile.mjs';

let k;
let document;
let reply;
let operations;
before(async () => {
  k = await start({ demo: true });
  reply = await fetch(`${k.url}/api/v1/openapi.json`);
  document = await reply.json();
  operations = description(document).operations;
});

test('is open to scripts of any site, without login', () => {
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('access-control-allow-origin'), '*');
  assert.match(reply.headers.get('content-type'), /^application\/json/);
});

test('breaks no recommended rule of Redocly, not even those that only warn', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
  const told = problems.map((p) => `${p.ruleId}: ${p.message} ${p.location.map((l) => l.pointer).join(' ')}`);
  assert.deepEqual(told, []);
  const { bundle } = await bundleFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
  assert.ok(bundle.parsed.paths['/groups']);
});

test('is the same from the command line', async () => {
  const { code, stdout } = await run(['openapi', '--base-url', k.url]);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), document);
});

test('has every route of the API, once, and no page', async () => {
  const { stdout } = await run(['routes']);
  const rows = JSON.parse(stdout);
  const wanted = rows.filter((r) => r.api && !r.path.includes('.')).map((r) => `${r.method} ${r.path}`).sort();
  assert.deepEqual(operations.map((o) => `${o.method} ${o.template}`).sort(), wanted);
});

test('refusals of HTTP itself are problems too, with all their members', async () => {
  const { required } = document.components.schemas.Problem;
  for (const [request, status, instance] of [['GET /api/v1/groups HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', 400, '/api/v1/groups'],
    [`GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414, `/${'a'.repeat(199)}`], ['GET /a"b HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', 400, '/a'],
    ['BREW /coffee HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', 400, '/coffee']]) {
    const said = await k.raw(request);
    const problem = JSON.parse(said.text.slice(said.text.indexOf('{')));
    assert.deepEqual(required.filter((name) => !(name in problem)), [], request.slice(0, 40));
    assert.deepEqual([said.status, problem.status, problem.instance], [status, status, instance]);
  }
});

test('describes a name beside an id and beside nothing else', () => {
  const stray = Object.entries(document.components.schemas).flatMap(([schema, { properties = {} }]) =>
    Object.keys(properties).filter((name) => /[a-z]Names$/.test(name) && !(name.replace(/Names$/, 'Ids') in properties)).map((name) => `${schema}.${name}`));
  assert.deepEqual(stray, []);
});

test('names the server that it was asked of; on paper, one behind https', async () => {
  assert.equal(document.servers[0].url, `${k.url}/api/v1`);
  assert.equal(JSON.parse((await run(['openapi'])).stdout).servers[0].url, 'https://kansli.example/api/v1');
  assert.equal(document.info.license.name, 'European Union Public Licence 1.2');
});

describe('follows Sweden\'s REST API profile:', () => {
  let whole;
  before(async () => {
    whole = JSON.parse((await run(['openapi', '--base-url', 'https://kansli.example'])).stdout);
  });
  for (const { id, says, faults, breaks } of rules) {
    test(`${says} (${id})`, () => {
      assert.deepEqual(faults(whole), []);
      const spoilt = structuredClone(whole);
      breaks(spoilt);
      assert.notDeepEqual(faults(spoilt), [], 'the rule finds what is broken');
    });
  }
});

test('api-info has what the profile asks for', async () => {
  const { json } = await k.api('/api-info');
  assert.deepEqual(Object.keys(json), ['apiName', 'apiVersion', 'apiReleased', 'apiDocumentation', 'apiStatus']);
  assert.equal(json.apiDocumentation, `${k.url}/api`);
});
