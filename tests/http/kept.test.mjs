// What is kept while the register stands: counts, the levels' documents, the tree, packed pages. A change is seen at once by
// everyone, and nobody finds what was made for another.
import assert from 'node:assert/strict';
import http from 'node:http';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { start } from '../lib/kansli.mjs';

let k;
let support;
before(async () => {
  k = await start({ demo: true });
  support = await k.actor('support');
});

// Without fetch, which unpacks.
const raw = (where, headers) => new Promise((resolve, reject) => {
  http.get(k.url + where, { headers }, (response) => {
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve({ response, bytes: Buffer.concat(chunks) }));
  }).on('error', reject);
});
const create = async (body) => {
  const reply = await k.api('/groups', { method: 'POST', token: support.token, body });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
};
const national = { kind: 'other', permanence: 'permanent', startDate: '2020-01-01' };
const total = async (token) => (await k.api('/groups?limit=1', { token })).json._meta.totalRecords;
const names = async (where, token) => JSON.stringify((await k.api(where, { token })).json);

describe('counts', () => {
  test('grow with the next group, for everyone', async () => {
    const [open, all] = [await total(), await total(support.token)];
    await create({ ...national, name: 'Räknad' });
    assert.equal(await total(), open + 1);
    assert.equal(await total(support.token), all + 1);
  });

  test('of one reader are not given to another', async () => {
    const [open, all] = [await total(), await total(support.token)];
    await create({ ...national, name: 'Dold', accessMode: 'restricted' });
    assert.equal(await total(support.token), all + 1);
    assert.equal(await total(), open);
    assert.equal(await total(support.token), all + 1);
  });

  test('of one account are its own, and grow with what it may see', async () => {
    const karin = await k.token('karin.bergstrom@kansli.example', 'read');
    const { token: reader } = await k.actor();
    const all = async () => [await total(karin), await total(reader), await total()];
    const groupId = (await create({ ...national, name: 'Dold för de flesta', accessMode: 'restricted' })).id;
    const [mine, theirs, open] = await all();
    const personId = (await k.api('/persons?q=Karin%20Bergstr%C3%B6m', { token: support.token })).json.items[0].id;
    const seat = { groupId, personId, role: 'member', capacity: 'other', startDate: '2026-01-01' };
    assert.equal((await k.api('/memberships', { method: 'POST', token: support.token, body: seat })).status, 201);
    for (let i = 0; i < 2; i++) assert.deepEqual(await all(), [mine + 1, theirs, open]);
  });

  test('of one filter are not given to another', async () => {
    const of = async (query) => (await k.api(`/groups?limit=1&${query}`)).json._meta.totalRecords;
    const first = [await of('kind=npo'), await of('kind=nsg'), await of('q=palliativ'), await of('q=barn')];
    assert.deepEqual([await of('kind=npo'), await of('kind=nsg'), await of('q=palliativ'), await of('q=barn')], first);
    assert.deepEqual(first.slice(0, 2), [26, 7]);
  });
});

describe('documents of levels and the tree', () => {
  for (const where of ['/levels', '/levels/national', '/matrix', '/tree']) {
    test(`${where} shows the next group at once, and a hidden one to those who may know of it`, async () => {
      await names(where);
      const id = `sedd-${where.replace(/\W+/g, '')}`;
      const kind = where === '/levels' || where === '/matrix' ? 'npo' : 'other';
      const body = { ...national, kind, name: id };
      await create({ ...body, id });
      assert.ok((await names(where)).includes(id));
      await create({ ...body, name: `${id} dold`, id: `${id}-dold`, accessMode: 'restricted' });
      assert.ok((await names(where, support.token)).includes(`${id}-dold`));
      assert.ok(!(await names(where)).includes(`${id}-dold`));
    });
  }

  test('come in the language asked for', async () => {
    const of = async (language) => (await k.api('/levels', { headers: { 'accept-language': language } })).json.levels[0].levelLabel;
    assert.notEqual(await of('sv'), await of('en'));
    assert.equal(await of('sv'), await of('sv'));
  });

  test('of another day are others', async () => {
    const of = async (query) => (await k.api(`/levels/national${query}`)).json.asOf;
    assert.equal(await of('?asOf=2030-01-01'), '2030-01-01');
    assert.notEqual(await of(''), '2030-01-01');
  });
});

describe('packed pages', () => {
  for (const where of ['/groups/nag-palliativ-vard', '/api/v1/groups?limit=50', '/matrix']) {
    test(`${where} is the same packed and not, made and kept`, async () => {
      const seen = [];
      for (const encoding of ['identity', 'gzip', 'gzip', 'identity']) {
        const { response, bytes } = await raw(where, { 'accept-encoding': encoding });
        assert.equal(response.statusCode, 200);
        assert.equal(response.headers['content-encoding'], encoding === 'gzip' ? 'gzip' : undefined);
        assert.match(response.headers['content-type'], /^(text\/html|application\/json)/);
        seen.push((encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString());
        if (encoding === 'gzip') assert.ok(bytes.length < seen[0].length / 2);
      }
      assert.equal(new Set(seen).size, 1);
    });
  }

  test('of who has logged in are not packed: their length would tell of what is secret', async () => {
    const { response } = await raw('/api/v1/groups?limit=50', { 'accept-encoding': 'gzip', authorization: `Bearer ${support.token}` });
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-encoding'], undefined);
  });

  test('answer 304 to who has them', async () => {
    const { response } = await raw('/matrix', { 'accept-encoding': 'gzip' });
    const again = await raw('/matrix', { 'accept-encoding': 'gzip', 'if-none-match': response.headers.etag });
    assert.equal(again.response.statusCode, 304);
    assert.equal(again.bytes.length, 0);
  });
});
