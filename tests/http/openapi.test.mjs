// The API's description: valid for others' tools, true to Sweden's REST profile, and the program's own.
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { bundleFromString, createConfig, lintFromString } from '@redocly/openapi-core';
import { run, start } from '../lib/kansli.mjs';
import { description } from '../lib/openapi.mjs';

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

const each = (test_) => operations.flatMap((o) => {
  const fault = test_(o);
  return fault ? [`${o.method} ${o.template}: ${fault}`] : [];
});

test('is open to scripts of any site, without login', () => {
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('access-control-allow-origin'), '*');
  assert.match(reply.headers.get('content-type'), /^application\/json/);
});

test('has no error by the recommended rules of Redocly', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
  const told = problems.filter((p) => p.severity === 'error')
    .map((p) => `${p.ruleId}: ${p.message} ${p.location.map((l) => l.pointer).join(' ')}`);
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

test('says who runs it, under which licence and terms, and what is not promised', () => {
  const { info } = document;
  assert.match(document.openapi, /^3\.1/);
  for (const name of ['title', 'version', 'description', 'termsOfService', 'contact', 'license', 'x-sla']) assert.ok(info[name], name);
  assert.equal(info.license.identifier, 'EUPL-1.2');
  assert.match(info.description, /register över/);
  assert.match(info.description, /is a register of/);
  assert.match(info.description, /Limitations/);
  assert.equal(document.servers[0].url, `${k.url}/api/v1`);
});

test('knows bearer tokens and no other way in', () => {
  assert.deepEqual(Object.values(document.components.securitySchemes).map((s) => [s.type, s.scheme]), [['http', 'bearer']]);
  assert.deepEqual(each((o) => !Array.isArray(o.operation.security) && 'no security'), []);
});

test('describes each operation, parameter and response', () => {
  const resolve = (x) => (x.$ref ? x.$ref.slice(2).split('/').reduce((v, key) => v[key], document) : x);
  assert.deepEqual(each((o) => !(o.operation.description && o.operation.summary && o.operation.tags.length) && 'not described'), []);
  assert.deepEqual(each((o) => Object.entries(o.operation.responses).find(([, r]) => !resolve(r).description)?.[0]), []);
  assert.deepEqual(each((o) => o.operation.parameters.map(resolve).find((p) => !p.description)?.name), []);
  const ids = operations.map((o) => o.operation.operationId);
  assert.equal(new Set(ids).size, ids.length, 'operation ids are unique');
});

test('follows the profile: plural lower-case paths, camelCase names without digits', () => {
  assert.deepEqual(each((o) => !/^\/$|^(\/([a-z]+(-[a-z]+)*|\{[a-zA-Z]+\}))+$/.test(o.template) && 'path'), []);
  assert.deepEqual(Object.values(document.paths).filter((p) => 'parameters' in p), []);
  const names = new Set();
  JSON.stringify(document.components.schemas, (key, value) => {
    if (key === 'properties') Object.keys(value).forEach((name) => names.add(name));
    return value;
  });
  assert.deepEqual([...names].filter((n) => !/^_?[a-z]+([A-Z][a-z]+)*$/.test(n)), []);
});

test('carries traceparent in and out, and offers JSON for every patch', () => {
  const has = (o) => o.operation.parameters.some((p) => p.$ref === '#/components/parameters/traceparent');
  assert.deepEqual(each((o) => !has(o) && 'no traceparent'), []);
  assert.deepEqual(each((o) => o.method === 'PATCH' &&
    Object.keys(o.operation.requestBody.content).sort().join() !== 'application/json,application/merge-patch+json' && 'content'), []);
  const responses = [...operations.flatMap((o) => Object.values(o.operation.responses)), ...Object.values(document.components.responses)];
  assert.deepEqual(responses.filter((r) => !r.$ref && !r.headers?.traceparent), []);
});

test('gives an example of each body and each day', () => {
  assert.deepEqual(each((o) => o.operation.requestBody &&
    Object.values(o.operation.requestBody.content).some((c) => !c.example) && 'no example'), []);
  const bare = [];
  JSON.stringify(document, (key, value) => {
    if (value?.format === 'date' && !value.example) bare.push(value);
    return value;
  });
  assert.deepEqual(bare, []);
});

test('closes every object, so that an undeclared member is found', () => {
  const open = [];
  function look(schema, where) {
    if (!schema || typeof schema !== 'object') return;
    if (schema.properties && schema.additionalProperties !== false) open.push(where);
    for (const [name, one] of Object.entries(schema)) look(one, `${where}/${name}`);
  }
  look(document.components.schemas, '#/components/schemas');
  look(document.components.responses, '#/components/responses');
  assert.deepEqual(open, []);
});

test('api-info has what the profile asks for', async () => {
  const { json } = await k.api('/api-info');
  assert.deepEqual(Object.keys(json), ['apiName', 'apiVersion', 'apiReleased', 'apiDocumentation', 'apiStatus']);
  assert.equal(json.apiDocumentation, `${k.url}/api`);
});
