// Whatever a browser can do a script can do (api.md): every form of every page, as several readers, finds an operation
// in openapi.json and each of its fields a member or a parameter there. And every act that an object offers in `_links` is
// an operation too. Exceptions stand here by name, each with its reason; one that is no longer met fails.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { run, start } from '../lib/kansli.mjs';
import { description } from '../lib/openapi.mjs';
import { lookAround, worldOf } from '../lib/anything.mjs';
import { addresses, readers } from '../browser/addresses.mjs';

const document = JSON.parse((await run(['openapi'])).stdout);
const api = description(document);
const solved = (value) => (value?.$ref ? value.$ref.slice(2).split('/').reduce((o, key) => o[key], document) : value);

// Forms that need no operation of their own, and why.
const session = 'login, passwords and tokens are the browser\'s and the command line\'s (api.md)';
const mailed = 'a link from a mail, for who has no login: with one it is ';
const shown = 'shows the form once more with another row or choice and changes nothing: the act itself is ';
const exceptions = {
  'POST /login': session,
  'POST /logout': session,
  'POST /account/password': session,
  'POST /account/second-factor': session,
  'POST /account/session-endings': session,
  'POST /account/tokens': session,
  'POST /account/tokens/{id}/revocations': session,
  'POST /invitations/{id}': session,
  'POST /resets/{id}': session,
  'POST /account': 'language, theme and shortcuts of the pages',
  'POST /preferences': 'language and theme of this browser',
  'POST /candidates/{id}': `${mailed}POST /nominations/{id}/answers`,
  'POST /employer-approvals/{id}': `${mailed}POST /nominations/{id}/employer-approvals`,
  'POST /meeting-answers/{id}': `${mailed}POST /meetings/{id}/answers`,
  'POST /mail/stop/{id}': `${mailed}POST /me/mail-choices`,
  'POST /declaration-forms/new': `${shown}POST /declaration-forms`,
  'POST /declarations/{id}/questions/1': `one question at a time: ${shown}PATCH /declarations/{id}`,
  'POST /groups/{id}/declarations/new-paper': `${shown}POST /groups/{id}/declarations`,
  'POST /groups/{id}/memberships/new': `${shown}POST /groups/{id}/memberships`,
  'POST /meetings/{id}/agenda-orders/new': `${shown}POST /meetings/{id}/agenda-orders`,
  'POST /meetings/{id}/attendance/new': `${shown}POST /meetings/{id}/attendance`,
  'POST /nomination-calls/{id}/decisions/new': `${shown}POST /nomination-calls/{id}/decisions`,
  'POST /nomination-calls/{id}/nominations/new': `${shown}POST /nomination-calls/{id}/nominations`,
  'POST /organisations/{id}/plan-decisions/new': `${shown}POST /organisations/{id}/plan-decisions`,
  'POST /plans/{id}/initiative-orders/new': `${shown}POST /plans/{id}/initiative-orders`,
  'POST /minutes/{id}/draft': 'what is typed and not saved yet is no state of the register',
  'POST /minutes/{id}/edit': `joins what two wrote at once: ${shown}PATCH /minutes/{id}`,
  'POST /minutes/{id}/previews': `${shown}POST /previews`,
  'POST /mandates/previews': `${shown}POST /previews`,
  'POST /plans/previews': `${shown}POST /previews`,
  'POST /site-texts/{id}/previews': `${shown}POST /previews`,
  'POST /groups/{id}/addresses': 'a choice of rows: GET /groups/{id}/addresses gives them all',
  'GET /groups/{id}/mandates/comparison': 'leads on to GET /mandates/{id}/comparison?with=',
  'GET /api/try': 'asks an operation for the reader: each is one already',
  'GET /plans/{id}/review': 'lays out what GET /plans/{id} and its initiatives and remarks tell',
};

let k;
let pages;
let jars;
before(async () => {
  k = await start({ demo: true, record: false, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  pages = await addresses(k);
  jars = await readers(k);
});

// The schema of a field's name: "a.b" is a member of an object, "a.0.b" of an object in a list.
function memberOf(schema, name) {
  let at = solved(schema);
  for (const word of name.replace(/\[\]$/, '').split('.')) {
    if (/^(\d+|new)$/.test(word)) at = solved(at?.items);
    else at = solved(at?.properties?.[word]);
  }
  return at;
}

// What stands for an id in an address that no operation has.
const named = (path) => path.split('/').map((word) => (/^[0-9a-f-]{36}$|^[\w.-]{40,}$/.test(word) ? '{id}' : word)).join('/').replace(/\/(nag-palliativ-vard|region-vasterbotten)\b/, '/{id}');

function faultsOf(form, button, address) {
  const { pathname: path, search: query } = new URL(button?.action || form.action, `http://page${address}`);
  const sent = new URLSearchParams(query);
  const method = form.method === 'get' ? 'GET' : (sent.get('_method') ?? form.fields._method ?? 'POST');
  sent.delete('_method');
  const found = api.find(method, path);
  const name = `${method} ${found?.template ?? named(path)}`;
  if (!found) return [{ name, fault: 'no operation' }];
  const parameters = new Set((found.operation.parameters ?? []).map((p) => solved(p)).filter((p) => p.in === 'query').map((p) => p.name));
  const content = found.operation.requestBody?.content ?? {};
  const schema = Object.values(content)[0]?.schema;
  const faults = [];
  for (const field of [...sent.keys(), ...form.names, ...form.buttons.map((b) => b.name).filter(Boolean)]) {
    if (field.startsWith('_')) continue;
    if (!parameters.has(field) && !Object.values(content).some((c) => memberOf(c.schema, field))) faults.push({ name, fault: `no member ${field}` });
  }
  return faults;
}

test('every form finds its operation, every field its member', async () => {
  const found = new Map();
  let forms = 0;
  for (const [who, jar] of Object.entries(jars)) {
    for (const { address, may } of pages) {
      if (!jar && may !== 'all') continue;
      const page = await (jar ?? k.jar()).get(address);
      if (page.status !== 200) continue;
      for (const form of page.forms) {
        forms++;
        for (const button of [undefined, ...form.buttons.filter((b) => b.action)]) {
          for (const { name, fault } of faultsOf(form, button, address)) {
            const key = `${name}: ${fault}`;
            if (!found.has(key)) found.set(key, `${address} as ${who}`);
          }
        }
      }
    }
  }
  assert.ok(forms > 300, `${forms} forms`);
  const excepted = ([key]) => key.endsWith(': no operation') && key.slice(0, -': no operation'.length) in exceptions;
  const left = [...found].filter((one) => !excepted(one));
  const met = new Set([...found.keys()].map((key) => key.split(': ')[0]));
  assert.deepEqual(Object.keys(exceptions).filter((name) => !met.has(name)), [], 'an exception that nothing needs');
  assert.equal(left.length, 0, left.map(([key, where]) => `${key}   (${where})`).join('\n'));
});

test('every act that is offered is an operation', async () => {
  const tokens = [undefined];
  for (const who of ['support', 'admin', 'karin.bergstrom', 'oskar.lillbro', 'dataskydd', 'norra', 'viveka.lundhede']) tokens.push(await k.token(`${who}@kansli.example`));
  const world = worldOf(document);
  const longest = await lookAround(k, api, world, (path) => (/^\/(accounts|mails|settings)/.test(path) ? tokens[2] : /^\/retention/.test(path) ? tokens[5] : tokens[1]));
  const offered = new Set();
  const wrong = new Set();
  const take = (json) => {
    for (const { href, method, rel } of json?._links ?? []) {
      const where = href.slice(`${k.url}/api/v1`.length);
      const found = href.startsWith(`${k.url}/api/v1/`) && api.find(method, where);
      if (found) offered.add(`${method} ${found.template}`);
      else wrong.add(`${rel}: ${method} ${href}`);
    }
  };
  for (const [template, places] of world.places) {
    if (!api.find('GET', places[0])) continue;
    for (const place of places) for (const token of tokens) take((await k.api(place, { token })).json);
  }
  for (const { path } of longest.values()) for (const token of tokens) take((await k.api(`${path}?limit=1`, { token })).json);
  assert.deepEqual([...wrong], []);
  // What the worked example's objects offer its accounts; the rest needs another state, or another body to name the object.
  const acts = api.operations.filter((o) => o.method !== 'GET').map((o) => `${o.method} ${o.template}`);
  const never = acts.filter((act) => !offered.has(act));
  assert.ok(never.length < 50, `${never.length} of ${acts.length} acts are offered by nothing:\n${never.join('\n')}`);
});
