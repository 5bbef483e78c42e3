// A client generated from openapi.json takes the journeys of the register: what the description says is enough to
// write a program, and its types hold. See lib/journeys.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import openapiTS, { astToString } from 'openapi-typescript';
import { out, root, run, start } from '../lib/kansli.mjs';
import * as journeys from '../lib/journeys.mjs';

test('the journeys compile against the types of the description', async () => {
  const document = JSON.parse((await run(['openapi'])).stdout);
  fs.writeFileSync(path.join(out, 'api.d.ts'), astToString(await openapiTS(document, { defaultNonNullable: false })));
  const compiler = path.join(root, 'tests/node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '--project', path.join(root, 'tests/tsconfig.json')], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});

let k;
let cast;
const tokens = {};
// After a restart the address is another.
const again = () => Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, journeys.caller(k.url, token)]));
before(async () => {
  k = await start({ demo: true, record: false, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  const enroll = async (name, person) => {
    tokens[name] = (await k.actor(null, { email: `${name}@client.example`, person })).token;
    return journeys.caller(k.url, tokens[name]);
  };
  for (const [name, email] of [['support', 'support'], ['norra', 'norra'], ['steering', 'oskar.lillbro']]) tokens[name] = await k.token(`${email}@kansli.example`);
  cast = { enroll, ...again() };
});

describe('a program', () => {
  test('sets up a group with an approved mandate', async () => Object.assign(cast, await journeys.setUp(cast)));
  test('calls, nominates, declares, reviews and appoints', () => journeys.appoint(cast));
  test('calls a meeting and writes its agenda', async () => Object.assign(cast, await journeys.callMeeting(cast)));
  test('holds the meeting, adjusts its minutes and distributes them', async () => {
    await k.restart({ env: { KANSLI_NOW: '2026-12-03T12:00:00Z' } });
    Object.assign(cast, again());
    await journeys.minute(cast);
  });
  test('plans, answers remarks, is approved and follows up', () => journeys.plan(cast));
  test('reports and reviews', () => journeys.followUp(cast));
});
