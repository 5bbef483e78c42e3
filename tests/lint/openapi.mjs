// `make lint`, the part that asks the program: its own description of the API by the recommended rules of
// Redocly's linter and of Spectral, and by Sweden's REST API profile (profile.mjs). A warning counts
// as much as an error: exit code 1.
//
//   BUILD=build node tests/lint/openapi.mjs
import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectralCore from '@stoplight/spectral-core';
import spectralRulesets from '@stoplight/spectral-rulesets';
import { run } from '../lib/kansli.mjs';
import { operationsOf, rules } from './profile.mjs';

async function redocly(text) {
  const config = await createConfig({ extends: ['recommended'] });
  const found = await lintFromString({ source: text, absoluteRef: 'openapi.json', config });
  return found.map((p) => `${p.ruleId}: ${p.message} ${p.location.map((l) => l.pointer).join(' ')}`);
}

async function spectral(text) {
  const linter = new spectralCore.Spectral();
  linter.setRuleset({ extends: [[spectralRulesets.oas, 'recommended']] });
  const found = await linter.run(JSON.parse(text));
  return found.map((p) => `${p.code}: ${p.message} #/${p.path.join('/')}`);
}

function profile(text) {
  const document = JSON.parse(text);
  return rules.flatMap(({ id, says, faults }) => faults(document).map((fault) => `${id}: ${says}: ${fault}`));
}

const { code, stdout, stderr } = await run(['openapi', '--base-url', 'https://kansli.example']);
if (code !== 0) throw new Error(`kansli openapi ended with ${code}: ${stderr}`);
let broken = 0;
for (const [name, lint] of Object.entries({ redocly, spectral, profile })) {
  const found = await lint(stdout);
  for (const fault of found.slice(0, 50)) console.log(`openapi: ${name}: ${fault}`);
  broken += found.length;
}
console.log(`openapi: ${operationsOf(JSON.parse(stdout)).length} operations, ${broken} errors and warnings`);
process.exitCode = broken ? 1 : 0;
