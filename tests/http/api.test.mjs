// The conventions of the API (api.md 1), tried on real resources: what holds for one must hold for all.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { long, start } from '../lib/kansli.mjs';

const lists = ['groups', 'organisations', 'glossary', 'group-kinds'];
const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const nowhere = '/groups/no-such-group';

const href = (json, rel) => json._links.find((l) => l.rel === rel)?.href;
const ids = (reply) => reply.json.items.map((i) => i.id);
// The test's own copy of an address: what stands behind the base.
const path = (address) => address.replace(/^https?:\/\/[^/]+\/api\/v1/, '');

// Every object in a document, the document itself first.
function* objects(value) {
  if (Array.isArray(value)) for (const one of value) yield* objects(one);
  else if (value && typeof value === 'object') {
    yield value;
    for (const one of Object.values(value)) yield* objects(one);
  }
}

function isProblem(reply, status, rule) {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.headers['content-type'], 'application/problem+json');
  const { type, title, detail, instance } = reply.json;
  for (const text of [type, title, detail, instance, reply.json.rule]) assert.ok(text && typeof text === 'string', reply.text);
  assert.equal(reply.json.status, status);
  assert.ok(type.endsWith(`/problems/${reply.json.rule}`), type);
  if (rule) assert.equal(reply.json.rule, rule);
  assert.equal(reply.headers['cache-control'], 'no-store');
  return reply.json;
}
const faults = (reply) => (isProblem(reply, 400).errors ?? []).map((e) => e.pointer ?? e.parameter).sort();

// Follows `next` to the end: every item met.
async function walk(k, where, options) {
  const met = [];
  for (let at = where, pages = 0; at; pages++) {
    assert.ok(pages < 500, `${where} does not end`);
    const reply = await k.api(at, options);
    assert.equal(reply.status, 200, reply.text);
    met.push(...reply.json.items);
    const next = href(reply.json, 'next');
    at = next && path(next);
  }
  return met;
}

describe('reading', () => {
  let k, openapi;
  before(async () => {
    k = await start({ demo: true });
    openapi = (await k.api('/openapi.json')).json;
  });

  for (const name of lists) {
    test(`${name}: a list is items, _meta and _links, twenty at a time`, async () => {
      const { status, headers, json } = await k.api(`/${name}`);
      assert.equal(status, 200);
      assert.equal(headers['content-type'], 'application/json');
      assert.deepEqual(Object.keys(json).sort(), ['_links', '_meta', 'items']);
      const { totalRecords, ...meta } = json._meta;
      assert.ok(totalRecords > 14, `${totalRecords} is too few to try pages with`);
      assert.deepEqual(meta, { page: 1, limit: 20, count: Math.min(20, totalRecords) });
      assert.equal(json.items.length, meta.count);
      assert.equal(href(json, 'self'), `${k.url}/api/v1/${name}`);
    });

    test(`${name}: pages follow each other, every row once, in the order of the whole list`, async () => {
      const whole = await walk(k, `/${name}?limit=500`);
      const met = await walk(k, `/${name}?limit=7`);
      assert.deepEqual(met.map((i) => i.id), whole.map((i) => i.id));
      assert.equal(new Set(met.map((i) => i.id)).size, met.length);
      const { json } = await k.api(`/${name}?limit=7&page=2`);
      assert.equal(json._meta.totalRecords, whole.length);
      const last = Math.ceil(whole.length / 7);
      assert.deepEqual(['first', 'prev', 'next', 'last'].map((rel) => new URL(href(json, rel)).searchParams.get('page') ?? '1'),
        ['1', '1', '3', String(last)]);
    });

    test(`${name}: past the end is an empty page, not an error`, async () => {
      for (const page of [1000, 999_999_999]) {
        const { status, json } = await k.api(`/${name}?page=${page}&limit=500`);
        assert.equal(status, 200);
        assert.deepEqual(json.items, []);
        assert.equal(json._meta.count, 0);
        assert.equal(json._meta.page, page);
        assert.ok(json._meta.totalRecords > 0);
        assert.equal(href(json, 'next'), undefined);
      }
    });

    test(`${name}: limit is 1 to 500 and page at least 1`, async () => {
      for (const limit of [1, 500]) {
        const { status, json } = await k.api(`/${name}?limit=${limit}`);
        assert.equal(status, 200);
        assert.equal(json._meta.limit, limit);
      }
      for (const wrong of ['0', '501', '-1', '1.5', 'ten', '1e2', '99999999999999999999', '+', '0x10', '']) {
        assert.deepEqual(faults(await k.api(`/${name}?limit=${wrong}`)), ['limit'], wrong);
      }
      for (const wrong of ['0', '-1', 'x', '']) assert.deepEqual(faults(await k.api(`/${name}?page=${wrong}`)), ['page'], wrong);
    });

    test(`${name}: links repeat every parameter`, async () => {
      const { json } = await k.api(`/${name}?sort=-name&limit=3&page=2&fields=id`);
      for (const rel of ['self', 'first', 'prev', 'next', 'last']) {
        const query = new URL(href(json, rel)).searchParams;
        assert.deepEqual([query.get('sort'), query.get('limit'), query.get('fields')], ['-name', '3', 'id'], rel);
      }
    });

    test(`${name}: what is unknown is refused by name, all at once`, async () => {
      assert.deepEqual(faults(await k.api(`/${name}?nosuch=1&limit=0&Sort=name`)), ['Sort', 'limit', 'nosuch']);
      assert.deepEqual(faults(await k.api(`/${name}?sort=nosuch`)), ['sort']);
      assert.deepEqual(faults(await k.api(`/${name}?sort=name;drop`)), ['sort']);
      assert.deepEqual(faults(await k.api(`/${name}?sort=${Array(9).fill('name').join()}`)), ['sort']);
      assert.deepEqual(faults(await k.api(`/${name}?fields=id,nosuch`)), ['fields']);
      assert.deepEqual(faults(await k.api(`/${name}?fields=_links`)), ['fields']);
      assert.deepEqual(faults(await k.api(`/${name}?embed=nosuch`)), ['embed']);
      assert.deepEqual(faults(await k.api(`/${name}?limit=2&limit=3`)), ['limit']);
      assert.deepEqual(faults(await k.api(`/${name}?limit[]=2`)), ['limit']);
    });

    test(`${name}: sort takes fields, a minus turns one around`, async () => {
      const up = await walk(k, `/${name}?limit=500&sort=name`);
      const down = await walk(k, `/${name}?limit=50&sort=-name`);
      assert.deepEqual(down.map((i) => i.name), up.map((i) => i.name).reverse());
      assert.deepEqual(down.map((i) => i.id).sort(), up.map((i) => i.id).sort());
      assert.ok(new Set(up.map((i) => i.name)).size > 14);
    });

    test(`${name}: fields keeps those members alone, in lists and in one object`, async () => {
      const { json } = await k.api(`/${name}?fields=name&limit=5`);
      for (const item of json.items) assert.deepEqual(Object.keys(item).sort(), ['_links', 'name']);
      const self = path(href(json.items[0], 'self'));
      const one = await k.api(`${self}?fields=id,name`);
      assert.deepEqual(Object.keys(one.json).sort(), ['_links', 'id', 'name']);
      assert.deepEqual(faults(await k.api(`${self}?fields=nosuch`)), ['fields']);
      // An empty list knows the same names as a full one.
      assert.equal((await k.api(`/${name}?page=1000&fields=id,name`)).status, 200);
      assert.deepEqual(faults(await k.api(`/${name}?page=1000&fields=nosuch`)), ['fields']);
    });

    test(`${name}: every enumerated filter selects its values, and a comma means or`, async () => {
      const enums = openapi.paths[`/${name}`].get.parameters.map((p) => p.$ref
        ? openapi.components.parameters[p.$ref.split('/').at(-1)] : p)
        .map((p) => ({ name: p.name, values: p.schema?.items?.enum ?? p.schema?.enum })).filter((p) => p.values && !['sort', 'fields', 'embed', 'format'].includes(p.name));
      for (const { name: filter, values } of enums) {
        const sizes = [];
        for (const value of values) {
          const { status, json } = await k.api(`/${name}?limit=500&${filter}=${value}`);
          assert.equal(status, 200);
          for (const item of json.items) assert.equal(item[filter], value);
          sizes.push(json._meta.totalRecords);
        }
        const all = await k.api(`/${name}?limit=1&${filter}=${values.join(',')}`);
        assert.equal(all.json._meta.totalRecords, sizes.reduce((a, b) => a + b), filter);
        assert.deepEqual(faults(await k.api(`/${name}?${filter}=${values[0]},nosuch`)), [filter]);
        assert.deepEqual(faults(await k.api(`/${name}?${filter}=`)), [filter]);
      }
    });

    test(`${name}: ids are of their kind, row numbers stay inside, links are absolute`, async () => {
      const items = await walk(k, `/${name}?limit=500`);
      for (const item of items) {
        assert.match(item.id, name === 'glossary' ? uuid : slug);
        assert.equal(href(item, 'self'), `${k.url}/api/v1/${name}/${item.id}`);
      }
      for (const object of objects([items, (await k.api(path(href(items[0], 'self')))).json])) {
        for (const [member, value] of Object.entries(object)) {
          assert.doesNotMatch(member, /^(key|version|rowid)$|Key$|_key$/);
          if (member === 'href') assert.ok(value.startsWith(`${k.url}/`), value);
        }
      }
    });

    test(`${name}: whoever is named by id is named by name, and a code has its label`, async () => {
      const schema = openapi.components.schemas;
      const bodies = new Set([...(await walk(k, '/groups?limit=500')), ...(await walk(k, '/organisations?limit=500'))].map((b) => b.id));
      for (const item of await walk(k, `/${name}?limit=500`)) {
        for (const [member, value] of Object.entries(item)) {
          if (/Id$/.test(member) && member !== 'gapId') {
            const companion = member.replace(/Id$/, 'Name');
            assert.ok(companion in item, `${member} comes without ${companion}`);
            assert.equal(item[companion] === null, value === null, `${item.id} ${companion}`);
            if (value !== null) assert.ok(bodies.has(value), `${item.id} names ${value}`);
          }
          if (/^(type|level|category|permanence|accessMode|status|hostStatus)$/.test(member) && value !== null) {
            assert.ok(item[`${member}Label`], `${member} comes without its label`);
          }
        }
      }
      assert.ok(schema);
    });

    test(`${name}: HEAD says what GET says without saying it, OPTIONS what may be asked`, async () => {
      const get = await k.api(`/${name}?limit=2`);
      const head = await k.api(`/${name}?limit=2`, { method: 'HEAD' });
      assert.equal(head.status, 200);
      assert.equal(head.text, '');
      for (const header of ['etag', 'content-type', 'content-length', 'vary', 'cache-control']) {
        assert.equal(head.headers[header], get.headers[header], header);
      }
      const options = await k.api(`/${name}`, { method: 'OPTIONS' });
      assert.equal(options.status, 204);
      assert.equal(options.headers.allow, 'GET, HEAD, POST, OPTIONS'.split(', ').filter((m) => options.headers.allow.includes(m)).join(', '));
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) assert.ok(options.headers.allow.split(', ').includes(method));
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const reply = await k.api(`/${name}`, { method });
        isProblem(reply, 405, 'method-not-allowed');
        assert.equal(reply.headers.allow, options.headers.allow);
      }
    });
  }

  test('filters by reference take ids, several of them, and refuse what does not exist', async () => {
    const count = async (where) => (await k.api(where)).json._meta.totalRecords;
    assert.equal(await count('/groups?kind=npo'), 26);
    assert.equal(await count('/groups?kind=nsg'), 7);
    assert.equal(await count('/groups?kind=npo,nsg'), 33);
    assert.equal(await count('/groups?kind=npo&kind=nsg').catch(() => 'refused'), 'refused');
    assert.equal(await count('/organisations?type=region'), 21);
    assert.equal(await count('/organisations?type=municipality'), 290);
    const under = await walk(k, '/organisations?parentId=region-vasterbotten&type=municipality&limit=500');
    assert.equal(under.length, 15);
    for (const one of under) assert.equal(one.parentId, 'region-vasterbotten');
    const commissioned = await walk(k, '/groups?principalIds=npo-aldres-halsa-och-palliativ-vard&limit=500');
    assert.ok(commissioned.some((g) => g.id === 'nag-palliativ-vard'));
    for (const one of commissioned) assert.ok(one.principalIds.includes('npo-aldres-halsa-och-palliativ-vard'));
    for (const [where, name] of [['/groups?kind=nosuch', 'kind'], ['/groups?principalIds=nosuch', 'principalIds'],
      ['/organisations?parentId=nosuch', 'parentId'], ['/groups?hostId=nosuch', 'hostId'], ['/groups?regionId=norra', 'regionId']]) {
      assert.deepEqual(faults(await k.api(where)), [name], where);
    }
  });

  test('filters hold together', async () => {
    const both = await walk(k, '/groups?kind=rag,rpo&healthcareRegionId=mellansverige&limit=500');
    assert.ok(both.length > 1);
    for (const one of both) {
      assert.ok(['rag', 'rpo'].includes(one.kind));
      assert.equal(one.healthcareRegionId, 'mellansverige');
    }
  });

  test('more filter values than fit are refused, also while synchronising', async () => {
    const many = Array(201).fill('npo').join();
    assert.deepEqual(faults(await k.api(`/groups?kind=${many}`)), ['kind']);
    const most = Array(200).fill('npo').join();
    assert.equal((await k.api(`/groups?kind=${most}`)).json._meta.totalRecords, 26);
    const since = await k.api(`/groups?kind=${most}&modifiedSince=2000-01-01T00:00:00Z&limit=5`);
    assert.equal(since.status, 200);
    assert.equal((await k.api(path(href(since.json, 'next')))).status, 200);
  });

  test('q finds folded words and beginnings', async () => {
    for (const q of ['aldre', 'ÄLDRE', 'äldres h', 'Aldres halsa', 'palliativ aldres']) {
      assert.ok(ids(await k.api(`/groups?limit=500&q=${encodeURIComponent(q)}`)).includes('npo-aldres-halsa-och-palliativ-vard'), q);
    }
    assert.deepEqual(ids(await k.api('/groups?q=xyzzy')), []);
    for (const q of ['"', "'", '*', 'a OR b', '(', 'NEAR(', '%', '-', ':', '^a', '{name}:a', 'ﬃ', '🩺']) {
      assert.equal((await k.api(`/groups?q=${encodeURIComponent(q)}`)).status, 200, q);
    }
  });

  test('names sort as Swedes sort: å, ä and ö last, capitals beside small letters', async () => {
    const names = (await walk(k, '/groups?kind=npo&sort=name&limit=500')).map((g) => g.name);
    assert.deepEqual(names.slice(-4), ['Tandvård', 'Äldres hälsa och palliativ vård', 'Ögonsjukdomar', 'Öron-, näsa-, halssjukdomar']);
    const towns = (await walk(k, '/organisations?type=municipality&sort=name&limit=500')).map((g) => g.name);
    assert.deepEqual(towns, [...towns].sort(new Intl.Collator('sv').compare));
  });

  test('several sort keys decide one after the other', async () => {
    const items = await walk(k, '/organisations?sort=type,-name&limit=500');
    for (let i = 1; i < items.length; i++) {
      const [a, b] = [items[i - 1], items[i]];
      assert.ok(a.type < b.type || (a.type === b.type && new Intl.Collator('sv').compare(a.name, b.name) >= 0), `${a.id} ${b.id}`);
    }
  });

  test('asOf keeps the rows in force that day; without it a list holds all', async () => {
    const all = await walk(k, '/groups?limit=500');
    for (const day of ['2019-06-01', '2026-11-22', '2090-01-01', '2017-12-31']) {
      const there = new Set((await walk(k, `/groups?limit=500&asOf=${day}`)).map((g) => g.id));
      for (const g of all) {
        const inForce = g.startDate <= day && (g.endDate === null || g.endDate >= day);
        assert.equal(there.has(g.id), inForce, `${g.id} on ${day}`);
      }
    }
    assert.ok(all.some((g) => g.status === 'planned') && all.some((g) => g.status === 'closed'));
    const planned = all.find((g) => g.status === 'planned');
    const then = await k.api(`/groups/${planned.id}?asOf=${planned.startDate}`);
    assert.equal(then.json.status, 'active', 'derived fields are those of the day');
    for (const wrong of ['2026-02-29', '2026-13-01', '0000-01-01', '10000-01-01', 'today', '2026-1-1', '']) {
      assert.deepEqual(faults(await k.api(`/groups?asOf=${wrong}`)), ['asOf'], wrong);
      assert.deepEqual(faults(await k.api(`/groups/${planned.id}?asOf=${wrong}`)), ['asOf'], wrong);
    }
  });

  test('Swedish is the default, English by Accept-Language and its q values', async () => {
    const label = async (language) => (await k.api('/groups/npo-tandvard?fields=status,statusLabel',
      { headers: language === null ? { 'accept-language': '' } : { 'accept-language': language } })).json.statusLabel;
    const [sv, en] = [await label('sv'), await label('en')];
    assert.notEqual(sv, en);
    for (const [header, text] of [['de', sv], ['*', sv], ['en-GB', en], ['EN', en], ['sv;q=0.2, en;q=0.8', en], ['en;q=0.2, sv', sv],
      ['de, en;q=0.5', en], ['en;q=0', sv], ['sv-FI, en', sv], ['x'.repeat(2000), sv], [';;,q=', sv], ['en;q=2', en]]) {
      const got = await label(header);
      if (header === 'en;q=2') assert.ok([sv, en].includes(got));
      else assert.equal(got, text, header);
    }
  });

  test('a problem speaks the language that was asked for', async () => {
    const [sv, en] = [await k.api(nowhere, { headers: { 'accept-language': 'sv' } }), await k.api(nowhere, { headers: { 'accept-language': 'en' } })];
    assert.notEqual(sv.json.title, en.json.title);
    assert.equal(en.json.title, 'Not found');
    assert.match((await k.page('/nosuch', { headers: { 'accept-language': 'en' } })).text, /<html lang="en"/);
  });

  test('every problem has its members, and its type leads to an explanation', async () => {
    const seen = new Set();
    for (const reply of [await k.api(nowhere), await k.api('/groups?limit=0'), await k.api('/groups', { method: 'PUT' }),
      await k.api('/groups', { method: 'POST', body: {} }), await k.api('/nosuch')]) {
      const problem = isProblem(reply, reply.status);
      assert.ok(problem.type.startsWith(`${k.url}/`));
      assert.ok(problem.instance.startsWith('/api/v1/'), problem.instance);
      seen.add(problem.type);
    }
    for (const type of seen) assert.equal((await k.page(type)).status, 200, type);
  });

  test('an unknown address is 404 under the API and beside it', async () => {
    for (const where of ['/nosuch', nowhere, '/groups/npo-tandvard/nosuch', '/glossary/00000000-0000-4000-8000-000000000000',
      '/groups/%C3%A5', '/groups/NPO-TANDVARD', '/GROUPS']) isProblem(await k.api(where), 404);
    const page = await k.page('/nosuch');
    assert.equal(page.status, 404);
    assert.match(page.headers['content-type'], /^text\/html/);
  });

  test('an object tells its version, and has the same ETag as long as it is the same', async () => {
    const first = await k.api('/groups/npo-tandvard');
    assert.match(first.etag, /^"\d+\.[0-9a-zA-Z_-]+"$/);
    const again = await k.api('/groups/npo-tandvard', { headers: { 'if-none-match': first.etag } });
    assert.equal(again.status, 304);
    assert.equal(again.text, '');
    assert.equal(again.etag, first.etag);
    for (const same of [`W/${first.etag}`, `"nosuch", ${first.etag}`, '*']) {
      assert.equal((await k.api('/groups/npo-tandvard', { headers: { 'if-none-match': same } })).status, 304, same);
    }
    const [number] = first.etag.slice(1).split('.');
    for (const other of ['"nosuch"', `"${number}"`, `"${number}.x"`, 'nosuch']) {
      assert.equal((await k.api('/groups/npo-tandvard', { headers: { 'if-none-match': other } })).status, 200, other);
    }
    const english = await k.api('/groups/npo-tandvard', { headers: { 'accept-language': 'en' } });
    assert.notEqual(english.etag, first.etag);
    assert.equal(english.etag.split('.')[0], first.etag.split('.')[0], 'the version is the same in every language');
    assert.notEqual((await k.api('/groups/npo-tandvard?asOf=2017-01-01')).etag, first.etag);
  });

  test('Vary says what an answer depends on, on 200, 304 and 404', async () => {
    const first = await k.api('/groups?limit=3');
    for (const reply of [first, await k.api('/groups?limit=3'), await k.api('/groups?limit=3', { headers: { 'if-none-match': first.etag } }),
      await k.api(nowhere), await k.api('/groups?limit=0')]) {
      assert.deepEqual(reply.headers.vary.split(', ').sort(), ['Accept-Language', 'Authorization', 'Cookie'], String(reply.status));
    }
  });

  test('traceparent comes back on answers and refusals, and nothing else does', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    for (const where of ['/groups/npo-tandvard', nowhere, '/groups?limit=0']) {
      assert.equal((await k.api(where, { headers: { traceparent } })).headers.traceparent, traceparent, where);
    }
    for (const bad of ['x', `${traceparent}-`, traceparent.toUpperCase(), '"><script>']) {
      assert.equal((await k.api('/groups/npo-tandvard', { headers: { traceparent: bad } })).headers.traceparent, undefined, bad);
    }
  });

  test('_embedded comes only when asked for, and embed=page brings all of it', async () => {
    for (const where of ['/groups/npo-tandvard', '/organisations/norra', '/group-kinds/npo', '/groups', '/organisations', '/glossary']) {
      const plain = await k.api(where);
      assert.equal(plain.json._embedded, undefined);
      const page = await k.api(`${where}?embed=page`);
      assert.equal(page.status, 200, page.text);
      assert.ok(Object.keys(page.json._embedded).length > 0, where);
      const { _embedded, ...rest } = page.json;
      delete rest._links;
      const { _links, ...bare } = plain.json;
      assert.deepEqual(rest, bare, `${where} is the same object with more beside it`);
      assert.ok(_links && _embedded);
      assert.deepEqual(faults(await k.api(`${where}?embed=page,nosuch`)), ['embed']);
    }
  });

  test('the description needs no login and may be read by scripts of other sites', async () => {
    const reply = await k.api('/openapi.json', { headers: { origin: 'https://elsewhere.example' } });
    assert.equal(reply.status, 200);
    assert.match(reply.json.openapi, /^3\.1\./);
    assert.equal(reply.headers['access-control-allow-origin'], '*');
    assert.equal((await k.api('/groups', { headers: { origin: 'https://elsewhere.example' } })).headers['access-control-allow-origin'], undefined);
    const info = await k.api('/api-info');
    for (const member of ['apiName', 'apiVersion', 'apiReleased', 'apiDocumentation', 'apiStatus']) assert.ok(info.json[member], member);
  });
});

describe('writing', () => {
  let k, support, admin;
  const make = (name, more = {}) => k.api('/organisations', { method: 'POST', token: support.token, body: { type: 'other', name, ...more } });
  before(async () => {
    k = await start();
    support = await k.actor('support');
    admin = await k.actor('administrator');
  });

  test('POST creates: 201, Location, the object and its ETag', async () => {
    const reply = await make('Ny förening');
    assert.equal(reply.status, 201, reply.text);
    assert.equal(reply.json.id, 'ny-forening');
    assert.equal(reply.headers.location, `${k.url}/api/v1/organisations/ny-forening`);
    const got = await k.api(reply.headers.location, { token: support.token });
    assert.deepEqual(got.json, reply.json);
    assert.equal(got.etag, reply.etag);
    const word = await k.api('/glossary', { method: 'POST', token: support.token, body: { abbreviation: 'XYZ', name: 'Prov' } });
    assert.equal(word.status, 201, word.text);
    assert.match(word.json.id, uuid);
  });

  test("a group's id is kind, name and region, folded, and may be chosen", async () => {
    const body = { kind: 'nag', name: 'Åldrande & Öra', startDate: '2026-01-01', principalIds: ['npo-tandvard'] };
    const first = await k.api('/groups', { method: 'POST', token: support.token, body });
    assert.equal(first.status, 201, first.text);
    assert.equal(first.json.id, 'nag-aldrande-ora');
    assert.deepEqual([first.json.permanence, first.json.accessMode], ['permanent', 'open']);
    const chosen = await k.api('/groups', { method: 'POST', token: support.token, body: { ...body, name: 'Ett annat', id: 'nag-vald' } });
    assert.equal(chosen.json.id, 'nag-vald');
    const taken = await k.api('/groups', { method: 'POST', token: support.token, body: { ...body, id: 'nag-vald' } });
    isProblem(taken, 409, 'slug-taken');
    isProblem(await k.api('/groups', { method: 'POST', token: support.token, body: { ...body, id: 'norra' } }), 409, 'slug-taken');
  });

  test('all that is wrong is told at once, each at its JSON pointer', async () => {
    const reply = await k.api('/groups', { method: 'POST', token: support.token, body: {
      kind: 'nosuch', name: '', startDate: '2026-02-29', endDate: 7, permanence: 'sometimes', principalIds: ['npo-tandvard', 'nosuch'],
      nosuch: 1, status: 'active', 'a/b~c': 1,
    } });
    assert.deepEqual(faults(reply), ['/a~1b~0c', '/endDate', '/kind', '/name', '/nosuch', '/permanence', '/principalIds/1', '/startDate', '/status']);
    for (const error of reply.json.errors) assert.ok(error.detail, JSON.stringify(error));
    assert.deepEqual(faults(await k.api('/groups', { method: 'POST', token: support.token, body: {} })), ['/kind', '/name', '/startDate']);
    assert.deepEqual(faults(await k.api('/groups', { method: 'POST', token: support.token })), ['/kind', '/name', '/startDate']);
  });

  test('PATCH is a merge patch: null takes away, arrays replace, the rest stays', async () => {
    const made = await make('Att ändra', { shortName: 'ATÄ', code: '77', parentId: 'norra' });
    const where = path(made.headers.location);
    const patch = (body, etag, type) => k.api(where, { method: 'PATCH', token: support.token, body: JSON.stringify(body), headers: { 'content-type': type ?? 'application/merge-patch+json', 'if-match': etag } });
    const one = await patch({ shortName: null, code: '78' }, made.etag);
    assert.equal(one.status, 200, one.text);
    assert.deepEqual([one.json.shortName, one.json.code, one.json.name, one.json.parentId], [null, '78', 'Att ändra', 'norra']);
    assert.notEqual(one.etag, made.etag);
    const two = await patch({ parentId: null }, one.etag, 'application/json');
    assert.equal(two.json.parentId, null);
    assert.equal(two.json.parentName, null);
    const same = await patch({ code: '78' }, two.etag);
    assert.equal(same.etag, two.etag, 'what changes nothing makes no version');
    assert.deepEqual(faults(await patch({ name: null }, two.etag)), ['/name'], 'what is needed cannot be taken away');
    const kind = await k.api('/group-kinds/nag');
    const kinds = await k.api('/group-kinds/nag', { method: 'PATCH', token: admin.token, body: { principalKinds: ['npo'] }, headers: { 'if-match': kind.etag } });
    assert.deepEqual(kinds.json.principalKinds, ['npo']);
  });

  test('what is computed is not patched', async () => {
    const group = await k.api('/groups/npo-tandvard', { token: support.token });
    for (const name of ['fullName', 'hostId', 'hostStatus', 'level', 'status', 'memberCount', 'coverage', 'hostName', 'kindLabel', '_links', 'key', 'version', 'modified']) {
      const reply = await k.api('/groups/npo-tandvard', { method: 'PATCH', token: support.token, body: { [name]: 'x' }, headers: { 'if-match': group.etag } });
      assert.deepEqual(faults(reply), [`/${name}`], name);
    }
  });

  test('a change needs to know what it changes: If-Match', async () => {
    const made = await make('Att vakta');
    const where = path(made.headers.location);
    for (const [method, body] of [['PATCH', { name: 'Vaktad' }], ['DELETE', undefined]]) {
      const ask = (headers) => k.api(where, { method, body, token: support.token, headers });
      isProblem(await ask({}), 428);
      isProblem(await ask({ 'if-match': '*' }), 400);
      for (const old of ['"0.x"', '"99.abc"', '"nosuch"', 'nosuch', '""', '"1', '"-1.x"', 'W/"7.x"']) {
        const reply = await ask({ 'if-match': old });
        isProblem(reply, 412);
        assert.equal(reply.etag, (await k.api(where, { token: support.token })).etag, `the present ETag, after ${old}`);
      }
    }
    // Only the version counts, also among several and behind a proxy that weakens.
    const second = await k.api(where, { method: 'PATCH', token: support.token, body: { name: 'B' }, headers: { 'if-match': '"9.x", "1.other"' } });
    assert.equal(second.status, 200, second.text);
    const third = await k.api(where, { method: 'PATCH', token: support.token, body: { name: 'C' }, headers: { 'if-match': `W/${second.etag}` } });
    assert.equal(third.status, 200, third.text);
    isProblem(await k.api(where, { method: 'PATCH', token: support.token, body: { name: 'D' }, headers: { 'if-match': second.etag } }), 412);
    const read = await k.api(where, { token: support.token, headers: { 'accept-language': 'en' } });
    assert.equal((await k.api(where, { method: 'PATCH', token: support.token, body: { name: 'D' }, headers: { 'if-match': read.etag } })).status, 200, 'a version read in English');
  });

  test('DELETE is 204, then 404, and a tombstone for those who synchronise', async () => {
    const made = await make('Att ta bort');
    const where = path(made.headers.location);
    const before = new Date(Date.now() - 1000).toISOString();
    const gone = await k.api(where, { method: 'DELETE', token: support.token, headers: { 'if-match': made.etag } });
    assert.equal(gone.status, 204, gone.text);
    assert.equal(gone.text, '');
    isProblem(await k.api(where), 404);
    isProblem(await k.api(where, { method: 'DELETE', token: support.token, headers: { 'if-match': made.etag } }), 404);
    const changes = await k.api(`/organisations?modifiedSince=${before}&limit=500`);
    assert.ok(changes.json.items.some((i) => i.id === 'att-ta-bort' && i.deleted === true));
    assert.ok(!(await walk(k, '/organisations?limit=500')).some((i) => i.id === 'att-ta-bort'));
    isProblem(await k.api('/organisations/norra', { method: 'DELETE', token: support.token, headers: { 'if-match': (await k.api('/organisations/norra')).etag } }), 409, 'in-use');
  });

  test('a renamed body answers 308 at its old address, sub-paths and query too', async () => {
    const made = await make('Gammalt namn');
    const renamed = await k.api(path(made.headers.location), { method: 'PATCH', token: support.token, body: { id: 'nytt-namn' }, headers: { 'if-match': made.etag } });
    assert.equal(renamed.status, 200, renamed.text);
    assert.equal(renamed.json.id, 'nytt-namn');
    const old = await k.api('/organisations/gammalt-namn?fields=id&asOf=2026-01-01');
    assert.equal(old.status, 308);
    assert.equal(old.headers.location, `${k.url}/api/v1/organisations/nytt-namn?fields=id&asOf=2026-01-01`);
    assert.equal((await k.page('/organisations/gammalt-namn')).headers.location, `${k.url}/organisations/nytt-namn`);
    const sub = await k.api('/organisations/gammalt-namn/history', { token: support.token });
    assert.equal(sub.status, 308, sub.text);
    assert.equal(sub.headers.location, `${k.url}/api/v1/organisations/nytt-namn/history`);
    isProblem(await make('Ett annat', { id: 'gammalt-namn' }), 409, 'slug-taken');
    const back = await k.api('/organisations/nytt-namn', { method: 'PATCH', token: support.token, body: { id: 'gammalt-namn' }, headers: { 'if-match': renamed.etag } });
    assert.equal(back.json.id, 'gammalt-namn', 'its own old address may be taken back');
    assert.equal((await k.api('/organisations/nytt-namn')).status, 308);
  });

  test('other media types are 415', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', 'application/merge-patch+json']) {
      isProblem(await k.api('/organisations', { method: 'POST', token: support.token, body: '{"type":"other","name":"x"}', headers: { 'content-type': type } }), 415);
    }
    const made = await make('Typer');
    isProblem(await k.api(path(made.headers.location), { method: 'PATCH', token: support.token, body: '[]', headers: { 'content-type': 'application/json-patch+json', 'if-match': made.etag } }), 415);
    assert.equal((await k.api('/organisations', { method: 'POST', token: support.token, body: '{"type":"other","name":"Med teckentabell"}', headers: { 'content-type': 'Application/JSON; charset=utf-8' } })).status, 201);
  });

  test('Idempotency-Key: the same request has the same answer and is done once', async () => {
    const ask = (key, body, token = support.token) => k.api('/organisations', { method: 'POST', token, body, headers: { 'idempotency-key': key } });
    const body = { type: 'other', name: 'En gång' };
    const first = await ask('a-1', body);
    const again = await ask('a-1', body);
    assert.equal(first.status, 201);
    assert.equal(again.status, 201);
    assert.equal(again.text, first.text);
    for (const header of ['location', 'content-type', 'etag']) assert.equal(again.headers[header], first.headers[header], header);
    assert.equal((await walk(k, '/organisations?limit=500')).filter((o) => o.name === 'En gång').length, 1);
    isProblem(await ask('a-1', { ...body, name: 'En annan gång' }), 409, 'idempotency-key-reused');
    isProblem(await k.api('/glossary', { method: 'POST', token: support.token, body: { abbreviation: 'QQ', name: 'x' }, headers: { 'idempotency-key': 'a-1' } }), 409, 'idempotency-key-reused');
    const other = await k.actor('support');
    assert.equal((await ask('a-1', { ...body, name: 'En tredje' }, other.token)).status, 201, "another actor's key is another key");
    isProblem(await ask('a-2', { type: 'other' }), 400);
    assert.equal((await ask('a-2', { ...body, name: 'Rättad' })).status, 201, 'a refusal is not kept');
    isProblem(await ask('x'.repeat(256), body), 400);
    assert.equal((await ask('x'.repeat(255), { ...body, name: 'Lång nyckel' })).status, 201);
  });

  test('two at once under one key are one', async () => {
    const body = { type: 'other', name: 'Dubbelklick' };
    const replies = await Promise.all(Array.from({ length: 8 }, () => k.api('/organisations', { method: 'POST', token: support.token, body, headers: { 'idempotency-key': 'double' } })));
    assert.deepEqual(replies.map((r) => r.status), Array(8).fill(201));
    assert.equal(new Set(replies.map((r) => r.text)).size, 1);
  });

  test('without login 401, with the wrong one 403 and who may, with a read token 403 token-scope', async () => {
    const body = { type: 'other', name: 'Inte jag' };
    const anonymous = await k.api('/organisations', { method: 'POST', body });
    isProblem(anonymous, 401);
    assert.equal(anonymous.headers['www-authenticate'], 'Bearer');
    const reader = await k.actor(null);
    const denied = isProblem(await k.api('/organisations', { method: 'POST', token: reader.token, body }), 403);
    assert.match(denied.detail, /stödfunktionen/);
    const scope = await k.token(support.email, 'read');
    isProblem(await k.api('/organisations', { method: 'POST', token: scope, body }), 403, 'token-scope');
    const norra = await k.api('/organisations/norra');
    isProblem(await k.api('/organisations/norra', { method: 'PATCH', token: scope, body: { code: '1' }, headers: { 'if-match': norra.etag } }), 403, 'token-scope');
    isProblem(await k.api('/organisations/norra', { method: 'DELETE', token: scope, headers: { 'if-match': norra.etag } }), 403, 'token-scope');
    assert.equal((await k.api('/organisations/norra', { token: scope })).status, 200);
    isProblem(await k.api('/organisations/nosuch', { method: 'PATCH', token: support.token, body: {}, headers: { 'if-match': '"1.x"' } }), 404);
  });

  test('a token that is wrong, disabled or no token at all is 401 everywhere', async () => {
    for (const token of ['nosuch', `${support.token}x`, support.token.slice(1), '', ' ']) {
      isProblem(await k.api('/groups', { headers: { authorization: `Bearer ${token}` } }), 401);
    }
    const passing = await k.actor('support');
    assert.equal((await k.api('/groups', { token: passing.token })).status, 200);
    await k.cli('user', 'disable', passing.email);
    isProblem(await k.api('/groups', { token: passing.token }), 401);
    assert.equal((await k.page('/', { headers: { authorization: `Bearer ${support.token}` } })).status === 200, false, 'tokens are for the API');
    const two = await k.actor('support');
    const mine = (await k.api('/me/tokens', { token: two.token })).json.items;
    assert.equal(mine.length, 1);
    const expired = await k.token(two.email, 'read');
    execFileSync('sqlite3', ['-cmd', '.timeout 5000', k.db, `UPDATE token SET expires = '2020-01-01T00:00:00.000Z' WHERE scope = 'read' AND account_key = (SELECT account_key FROM token WHERE id = '${mine[0].id}')`]);
    isProblem(await k.api('/groups', { token: expired }), 401);
    assert.equal((await k.api('/groups', { token: two.token })).status, 200, 'the other one stands');
  });

  test("a session reads under /api/v1 and changes nothing there", async () => {
    const jar = await k.login(support.email);
    const history = '/organisations/norra/history';
    const cookie = { cookie: jar.header };
    isProblem(await k.api(history), 401);
    assert.equal((await k.api(history, { headers: cookie })).status, 200);
    assert.equal((await k.api(history, { method: 'HEAD', headers: cookie })).status, 200);
    const norra = await k.api('/organisations/norra', { headers: cookie });
    isProblem(await k.api('/organisations', { method: 'POST', headers: cookie, body: { type: 'other', name: 'Via kaka' } }), 401);
    isProblem(await k.api('/organisations/norra', { method: 'PATCH', headers: { ...cookie, 'if-match': norra.etag }, body: { code: '1' } }), 401);
    isProblem(await k.api('/organisations/norra', { method: 'DELETE', headers: { ...cookie, 'if-match': norra.etag } }), 401);
  });

  test('what needed a login is not kept by anybody, what did not may be asked for again', async () => {
    assert.equal((await k.api('/groups')).headers['cache-control'], 'no-cache');
    assert.equal((await k.api('/groups', { token: support.token })).headers['cache-control'], 'no-store');
    const jar = await k.login(support.email);
    assert.equal((await jar.get('/groups')).headers['cache-control'], 'no-store');
    assert.equal((await k.api('/groups', { headers: { cookie: jar.header } })).headers['cache-control'], 'no-store');
  });

  test('links offer only what the caller may do', async () => {
    const methods = async (token) => (await k.api('/organisations/norra', { token })).json._links.map((l) => l.method);
    assert.deepEqual(new Set(await methods(undefined)), new Set(['GET']));
    assert.ok((await methods(support.token)).includes('PATCH'));
    assert.deepEqual(new Set(await methods(await k.token(support.email, 'read'))), new Set(['GET']));
  });

  test('a role taken away is gone at the next request', async () => {
    const passing = await k.actor('support');
    const body = { type: 'other', name: 'Sista gången' };
    assert.equal((await k.api('/organisations', { method: 'POST', token: passing.token, body })).status, 201);
    await k.cli('user', 'disable', passing.email);
    isProblem(await k.api('/organisations', { method: 'POST', token: passing.token, body: { ...body, name: 'Efteråt' } }), 401);
  });

  test('an answer that was kept is forgotten when the register changes', async () => {
    const made = await make('Kvar i minnet');
    const where = path(made.headers.location);
    for (let i = 0; i < 5; i++) {
      const seen = await k.api(where);
      assert.equal(seen.json.name, i ? `Namn ${i}` : 'Kvar i minnet');
      const changed = await k.api(where, { method: 'PATCH', token: support.token, body: { name: `Namn ${i + 1}` }, headers: { 'if-match': seen.etag } });
      assert.equal(changed.status, 200, changed.text);
    }
  });
});

describe('synchronising', () => {
  let k, support;
  const call = (where, method, body, etag) => k.api(where, { method, body, token: support.token, headers: etag ? { 'if-match': etag } : {} });
  const create = async (n) => call('/glossary', 'POST', { abbreviation: `S${n}`, name: `Ord ${n}` });
  before(async () => {
    k = await start();
    support = await k.actor('support');
  });

  // A reader's copy, kept by modifiedSince and after. between() runs after every page.
  async function synchronise(copy, since, between = async () => {}) {
    let at = `/glossary?modifiedSince=${since}&limit=3`;
    for (let pages = 0; at; pages++) {
      assert.ok(pages < 200, 'synchronising does not end');
      const { status, json, text } = await k.api(at);
      assert.equal(status, 200, text);
      assert.ok(json.items.length <= 3);
      for (const item of json.items) {
        if (item.deleted) {
          assert.deepEqual(Object.keys(item).sort(), ['deleted', 'id']);
          copy.delete(item.id);
        } else {
          copy.set(item.id, item);
        }
      }
      const next = href(json, 'next');
      at = next && path(next);
      if (next) assert.equal(new URL(next).searchParams.get('limit'), '3');
      await between(pages);
    }
  }

  test('nothing is lost or stale, whatever happens between the pages', async () => {
    const copy = new Map();
    const made = [];
    let n = 0;
    for (; n < 12; n++) made.push(await create(n));
    let state = 12345;
    const random = (max) => (state = (state * 1103515245 + 12345) % 2147483648) % max;
    for (let round = 0; round < (long ? 60 : 6); round++) {
      const since = new Date(Date.now() - 5000).toISOString();
      await synchronise(copy, round ? since : '2000-01-01T00:00:00Z', async (page) => {
        if (page > 12) return;
        const victim = made[random(made.length)];
        const now = await k.api(path(victim.headers.location));
        const act = random(3);
        if (act === 0) made.push(await create(n++));
        else if (act === 1 && now.status === 200) assert.equal((await call(path(victim.headers.location), 'PATCH', { name: `Nytt ${n++}` }, now.etag)).status, 200);
        else if (act === 2 && now.status === 200) assert.equal((await call(path(victim.headers.location), 'DELETE', undefined, now.etag)).status, 204);
      });
      await synchronise(copy, since);
      const whole = await walk(k, '/glossary?limit=500');
      assert.deepEqual([...copy.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), whole.sort((a, b) => (a.id < b.id ? -1 : 1)));
    }
  });

  test('while nothing happens every change comes exactly once', async () => {
    const met = await walk(k, '/glossary?modifiedSince=2000-01-01&limit=2');
    assert.equal(new Set(met.map((i) => i.id)).size, met.length);
    const { json } = await k.api('/glossary?modifiedSince=2000-01-01&limit=500');
    assert.equal(json._meta.totalRecords, met.length);
    assert.deepEqual(json.items.map((i) => i.id), met.map((i) => i.id));
  });

  test('fields keeps a tombstone whole', async () => {
    const made = await create('bort');
    await call(path(made.headers.location), 'DELETE', undefined, made.etag);
    const { status, json } = await k.api('/glossary?modifiedSince=2000-01-01&limit=500&fields=name');
    assert.equal(status, 200);
    assert.ok(json.items.some((i) => i.id === made.json.id && i.deleted === true));
    assert.ok(json.items.filter((i) => !i.deleted).every((i) => !('id' in i)));
  });

  test('a cursor is taken as it was given, or refused', async () => {
    const { json } = await k.api('/glossary?modifiedSince=2000-01-01&limit=2');
    const after = new URL(href(json, 'next')).searchParams.get('after');
    for (const wrong of ['x', `${after}x`.replace(/.$/, '~'), '~~', '2026-01-01T00:00:00Z~1', '2026-13-01T00:00:00Z~1~o', '2026-01-01T00:00:00Z~-1~o', '2026-01-01T00:00:00Z~1~x',
      '2026-01-01T00:00:00Z~9999999999999999999~o', '']) {
      assert.deepEqual(faults(await k.api(`/glossary?modifiedSince=2000-01-01&after=${encodeURIComponent(wrong)}`)), ['after'], wrong);
    }
    assert.deepEqual(faults(await k.api(`/glossary?after=${encodeURIComponent(after)}`)), ['after']);
    for (const wrong of ['yesterday', '2026-02-30', '2026-01-01T25:00:00Z', '2026-01-01T00:00:00', '']) {
      assert.deepEqual(faults(await k.api(`/glossary?modifiedSince=${wrong}`)), ['modifiedSince'], wrong);
    }
    assert.deepEqual(faults(await k.api('/glossary?modifiedSince=2000-01-01&page=2')), ['page']);
    assert.deepEqual(faults(await k.api('/glossary?modifiedSince=2000-01-01&sort=name')), ['sort']);
    assert.deepEqual((await k.api('/glossary?modifiedSince=2099-01-01T00:00:00%2B02:00')).json.items, []);
  });
});

describe('limits', () => {
  test('too many requests are 429 with Retry-After, one caller beside another', async () => {
    const k = await start({ noLimits: false });
    const support = await k.actor('support');
    const line = `GET /api/v1/nosuch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${support.token}\r\n\r\n`;
    const { statuses, text } = await k.raw(`${line.repeat(3000)}GET /api/v1/nosuch HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, { ms: 60_000 });
    assert.ok(statuses.includes(429), `none of ${statuses.length} was refused`);
    assert.ok(statuses.indexOf(429) >= 1000, 'the burst is a thousand');
    assert.match(text, /\r\nRetry-After: [1-9]\d*\r\n/);
    assert.match(text, /"status":429,.*"rule":"too-many-requests"/);
    assert.equal((await k.api('/groups')).status, 200, 'the address itself has asked little');
    assert.equal((await k.api('/groups', { token: await k.token(support.email) })).status, 200);
  });

  test('who invents tokens has the limit of an address for all of them', async () => {
    const k = await start({ demo: true, noLimits: false });
    const line = (token) => `GET /api/v1/groups?limit=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
    const guesses = Array.from({ length: 2500 }, (_, i) => `${line(`guess${i}`)}\r\n`).join('');
    const { statuses } = await k.raw(`${guesses}${line('last')}Connection: close\r\n\r\n`, { ms: 60_000 });
    assert.deepEqual([...new Set(statuses)].sort(), [401, 429]);
    assert.ok(statuses.indexOf(429) >= 1000, `${statuses.indexOf(429)}`);
    assert.equal((await k.api('/groups?limit=1', { token: await k.token('support@kansli.example') })).status, 200, 'a real one is not kept out');
  });

  test('the figures are settings, and hold from the moment they are saved', async () => {
    const k = await start({ demo: true, noLimits: false });
    const administrator = await k.token('admin@kansli.example');
    const refused = async () => {
      const token = await k.token('support@kansli.example');
      const line = `GET /api/v1/nosuch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
      const { statuses } = await k.raw(`${line.repeat(300)}GET /api/v1/nosuch HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, { ms: 60_000 });
      return statuses.indexOf(429);
    };
    const set = async (name, value) => {
      const { etag } = await k.api(`/settings/${name}`, { token: administrator });
      return (await k.api(`/settings/${name}`, { token: administrator, method: 'PATCH', body: { value }, headers: { 'if-match': etag } })).status;
    };
    assert.equal(await refused(), -1);
    assert.deepEqual([await set('requestsPerSecond', '10'), await set('requestBurst', '100')], [200, 200]);
    const first = await refused();
    assert.ok(first >= 100 && first < 200, `${first} were answered before the first 429`);
    assert.deepEqual([await set('requestsPerSecond', '9'), await set('requestBurst', '99')], [400, 400]);
    await k.restart();
    const again = await refused();
    assert.ok(again >= 100 && again < 200, `after a restart ${again}`);
    assert.deepEqual([await set('requestsPerSecond', '200'), await set('requestBurst', '1000')], [200, 200]);
    assert.equal(await refused(), -1);
  });
});
