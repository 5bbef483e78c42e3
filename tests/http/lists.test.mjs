// Every list that openapi.json describes, tried by the description alone: its envelope and links, pages, order,
// fields, filters, ETag, files, and that it can be copied by modifiedSince. What a list's own rows mean is its feature's matter.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { long, run, start } from '../lib/kansli.mjs';
import { description } from '../lib/openapi.mjs';
import { lookAround, worldOf } from '../lib/anything.mjs';

const document = JSON.parse((await run(['openapi'])).stdout);
const api = description(document);
const solved = (value) => (value.$ref ? value.$ref.slice(2).split('/').reduce((o, key) => o[key], document) : value);
const parametersOf = ({ operation }) => operation.parameters.map(solved).filter((p) => p.in === 'query');
const envelope = ({ operation }) => solved(operation.responses[200] ?? {}).content?.['application/json']?.schema?.properties;
const isList = (one) => one.method === 'GET' && envelope(one)?._meta && envelope(one)?.items && envelope(one)?._links;
const lists = api.operations.filter(isList);
// Of the same shape, but of no stored rows: found, computed or laid out anew for each reader. Nothing is there to be copied.
const computed = new Set(['/search', '/checks', '/vacancies', '/me/tasks', '/statistics/attendance', '/steering']);
const copied = lists.filter(({ template }) => !computed.has(template));

// Asked within one group alone (api.md 2), or told of each but not gathered: who is there as a patient would show.
const withinOneGroup = /^-?(capacity|speaksFor)$/;
const gathers = /^nominatorId$/;

let k;
let longest;
const tokens = {};
before(async () => {
  k = await start({ demo: true, record: false, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  for (const who of ['support', 'admin', 'karin.bergstrom', 'dataskydd']) tokens[who] = await k.token(`${who}@kansli.example`);
  await make();
  longest = await lookAround(k, api, worldOf(document), tokenFor);
});
const tokenFor = (path) => (/^\/(accounts|mails|settings)/.test(path) ? tokens.admin : /^\/(retention|persons\/\w+\/data)/.test(path) ? tokens.dataskydd : /^\/(me\b|declarations(\?|$))/.test(path) ? tokens['karin.bergstrom'] : tokens.support);
const get = (where, headers = {}) => k.api(where, { token: tokenFor(where), headers });

// What the worked example has none of.
async function make() {
  const post = async (path, body, token = tokens.support) => assert.ok((await k.api(path, { method: 'POST', token, body })).status < 300, path);
  await post('/groups/nag-palliativ-vard/requirements', { type: 'role', role: 'chair', text: 'En ordförande' });
  await post('/groups/nag-palliativ-vard/relations', { type: 'near', bodyId: 'npo-tandvard' });
  await post('/shortcomings', { text: 'Knappen syns inte.' }, undefined);
  await post('/group-kinds/nag/mandates', { purpose: 'Att pröva', tasks: ['En'], validFrom: '2026-01-01' });
  const plan = (await k.api('/plans?status=submitted', { token: tokens.support })).json.items[0].id;
  await post(`/plans/${plan}/positions`, { position: 'supports' });
  await post('/me/calendar-secrets', {}, tokens['karin.bergstrom']);
  await k.api('/imports?resource=persons', { method: 'POST', token: tokens.support, headers: { 'content-type': 'text/csv' }, body: 'Förnamn;Efternamn\nÅsa;Öberg\nBo;Ek\n' });
}

const query = (path, more) => `${path}${path.includes('?') ? '&' : '?'}${more}`;
const link = (json, rel) => json._links.find((l) => l.rel === rel)?.href;
const inside = (href) => href.slice(`${k.url}/api/v1`.length);
async function walk(where) {
  const items = [];
  for (let at = where; at;) {
    const { status, json, text } = await get(at);
    assert.equal(status, 200, `${at}: ${text}`);
    items.push(...json.items);
    at = link(json, 'next') && inside(link(json, 'next'));
    assert.ok(items.length < 20_000, `${where} does not end`);
  }
  return items;
}
const keyOf = (item) => item.id ?? JSON.stringify(item);
function refused(reply, parameter) {
  assert.equal(reply.status, 400, reply.text.slice(0, 300));
  assert.deepEqual(reply.json.errors.map((e) => e.parameter), [parameter]);
}

test('each list was found with something in it', () => {
  assert.ok(lists.length > 60, `${lists.length} lists`);
  const empty = lists.filter(({ template }) => !longest.get(template)?.total).map((l) => l.template);
  // Who may read declarations is told by their own tests; nobody asks there to be shown another's.
  const may = ['/declarations', '/me/actions', '/me/tasks', '/search'];
  assert.deepEqual(empty.filter((t) => !may.includes(t)), []);
});

test('each list that is kept can be synchronised', () => {
  const without = lists.filter((one) => !['modifiedSince', 'after'].every((name) => parametersOf(one).some((p) => p.name === name)));
  assert.deepEqual(without.map((one) => one.template).sort(), [...computed].filter((t) => lists.some((l) => l.template === t)).sort());
});

for (const one of lists) {
  const { template } = one;
  const parameters = parametersOf(one);
  const has = (name) => parameters.some((p) => p.name === name);
  describe(`GET ${template}`, () => {
    let path;
    let whole;
    const part = (n) => Math.min(500, Math.max(1, Math.ceil(whole.length / n)));
    before(async () => {
      path = longest.get(template)?.path;
      if (path && template === '/search') path = '/search?q=palliativ';
      if (path) whole = await walk(query(path, 'limit=500'));
    });

    test('envelope, links and pages', async () => {
      if (!path) return;
      const limit = part(4);
      const { json } = await get(query(path, `limit=${limit}`));
      const { more, ...meta } = json._meta; // a search tells that it stopped counting
      assert.deepEqual(meta, { totalRecords: whole.length, page: 1, limit, count: Math.min(limit, whole.length) });
      assert.ok(more === undefined || template === '/search');
      for (const { href, rel, method } of json._links) {
        assert.ok(href.startsWith(`${k.url}/api/v1/`), href);
        if (method === 'GET' && ['self', 'first', 'next', 'prev', 'last'].includes(rel)) assert.equal(new URL(href).searchParams.get('limit'), String(limit), `${rel} repeats the parameters`);
      }
      assert.ok(link(json, 'self'));
      const paged = await walk(query(path, `limit=${limit}`));
      assert.deepEqual(paged.map(keyOf), whole.map(keyOf), 'the pages are the whole, in its order');
      const past = await get(query(path, 'page=9999&limit=500'));
      assert.equal(past.status, 200);
      assert.deepEqual([past.json.items, past.json._meta.totalRecords], [[], whole.length]);
      for (const wrong of ['limit=501', 'limit=0', 'limit=x', 'page=0', 'page=-1', 'page=1.5']) refused(await get(query(path, wrong)), wrong.split('=')[0]);
      refused(await get(query(path, 'nosuch=1')), 'nosuch');
    });

    test('what the caller has still holds', async () => {
      if (!path) return;
      const { etag } = await get(path);
      assert.ok(etag, 'a list has an ETag');
      const again = await get(path, { 'if-none-match': etag });
      assert.deepEqual([again.status, again.text], [304, '']);
      assert.equal((await get(path, { 'if-none-match': '"1.x"' })).status, 200);
    });

    test('each order is whole and stable', async () => {
      if (!path) return;
      const sorts = solved(parameters.find((p) => p.name === 'sort')?.schema ?? {}).items?.enum ?? [];
      for (const sort of sorts) {
        if (withinOneGroup.test(sort)) continue;
        const ordered = (await walk(query(path, `limit=500&sort=${sort}`))).map(keyOf);
        assert.deepEqual([...ordered].sort(), whole.map(keyOf).sort(), sort);
        if (whole.length > 200) continue; // paged just now, or by another order
        const limit = part(3);
        assert.deepEqual((await walk(query(path, `limit=${limit}&sort=${sort}`))).map(keyOf), ordered, `pages by ${sort}`);
      }
      if (has('sort')) refused(await get(query(path, 'sort=nosuch')), 'sort');
    });

    test('each value of each filter is taken, and gives what has it', async () => {
      if (!path) return;
      for (const p of parameters) {
        const schema = solved(p.schema);
        const values = (schema.items ?? schema).enum ?? (schema.type === 'boolean' ? ['true', 'false'] : whole.map((item) => item[p.name]).filter((v) => typeof v === 'string'));
        if (['sort', 'format', 'fields', 'embed', 'page', 'limit', 'q', 'view', 'column'].includes(p.name)) continue;
        if (withinOneGroup.test(p.name) || (template === '/statistics/attendance' && p.name === 'by')) continue;
        for (const value of [...new Set(values)].slice(0, whole.length > 1000 ? 2 : long ? 50 : 4)) {
          if (value === null) continue;
          const found = await walk(query(path, `limit=500&${p.name}=${encodeURIComponent(value)}`));
          const mine = whole.filter((item) => typeof item[p.name] === 'string' || typeof item[p.name] === 'boolean');
          if (mine.length < whole.length || computed.has(template) || p.name === 'status' || `${p.name}s` in (whole[0] ?? {}) || gathers.test(p.name)) continue;
          const expected = mine.filter((item) => String(item[p.name]) === value).map(keyOf).sort();
          const there = found.map(keyOf).sort();
          // What several groups hold together is each one's, and tells the one that leads.
          assert.deepEqual(p.name === 'groupId' ? there.filter((id) => expected.includes(id)) : there, expected, `${p.name}=${value}`);
        }
        if ((schema.items ?? schema).enum) refused(await get(query(path, `${p.name}=nosuch`)), p.name);
      }
    });

    test('fields, and the list as a file', async () => {
      if (!path) return;
      if (has('fields')) {
        const items = await walk(query(path, 'limit=500&fields=id'));
        assert.deepEqual(items.map((i) => i.id), whole.map((i) => i.id));
        for (const item of items) assert.deepEqual(Object.keys(item).filter((name) => name !== '_links'), ['id']);
        refused(await get(query(path, 'fields=nosuch')), 'fields');
        // What a page adds is worked out of rows that may lack what it asks: once that ended the server.
        for (const name of long ? Object.keys(whole[0] ?? {}).filter((n) => !n.startsWith('_')) : ['id']) assert.equal((await get(query(path, `limit=3&embed=page&fields=${name}`))).status, 200, name);
      }
      if (has('format')) {
        const csv = await get(query(path, 'format=csv'));
        assert.equal(csv.status, 200, csv.text.slice(0, 300));
        assert.match(csv.headers['content-type'], /^text\/csv/);
        refused(await get(query(path, 'format=pdf')), 'format');
      }
    });

    if (copied.includes(one)) {
      test('it can be copied by modifiedSince', async () => {
        if (!path) return;
        const limit = part(4);
        const copy = new Map();
        for (const item of await walk(query(path, `modifiedSince=1970-01-01T00:00:00Z&limit=${limit}`))) {
          if (item.deleted) copy.delete(item.id);
          else copy.set(item.id, item);
        }
        const byId = (items) => [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
        assert.deepEqual(byId(copy.values()), byId(whole));
        assert.deepEqual((await get(query(path, 'modifiedSince=2099-01-01'))).json.items, []);
        refused(await get(query(path, 'modifiedSince=yesterday')), 'modifiedSince');
      });
    }
  });
}
