// One search over groups, people, organisations and the glossary; whom it finds, person.test.mjs tries.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

let k;
let support;
before(async () => {
  k = await start({ demo: true });
  support = await k.actor('support');
});

const find = (query, options) => k.api(`/search?${new URLSearchParams(query)}`, options);
const ids = (reply) => reply.json.items.map((item) => item.id);
const names = (reply) => reply.json.items.map((item) => item.name);

describe('finds', () => {
  test('without dots and rings, whatever way it is written', async () => {
    const wanted = 'npo-aldres-halsa-och-palliativ-vard';
    for (const q of ['aldre', 'ÄLDRE', 'äldres hälsa', 'npo aldres', 'halsa npo']) {
      assert.ok(ids(await find({ q, type: 'groups' })).includes(wanted), q);
    }
    assert.ok(ids(await find({ q: 'npo tand' })).includes('npo-tandvard'));
  });

  test('codes and abbreviations', async () => {
    assert.deepEqual(ids(await find({ q: '0980' })), ['kommun-gotland']);
    const [first] = (await find({ q: 'NPO' }, { headers: { 'accept-language': 'sv' } })).json.items;
    assert.deepEqual([first.type, first.name, first.info], ['glossary', 'NPO', 'Nationellt programområde']);
  });

  test('the exact first, then what begins so, each in Swedish order', async () => {
    assert.equal(ids(await find({ q: 'norra', type: 'organisations' }))[0], 'norra');
    assert.equal(ids(await find({ q: 'Umeå kommun' }))[0], 'kommun-umea');
    const begin = names(await find({ q: 'region', type: 'organisations', limit: 100 })).filter((name) => /^Region /.test(name));
    assert.deepEqual(begin, [...begin].sort(new Intl.Collator('sv').compare));
  });

  test('says what each hit is', async () => {
    const [hit] = (await find({ q: 'kommun-umea' }, { headers: { 'accept-language': 'sv' } })).json.items;
    assert.deepEqual(hit, {
      id: 'kommun-umea', name: 'Umeå kommun', info: 'Kommun, Region Västerbotten, 2480', type: 'organisations',
      typeLabel: 'Organisation', href: `${k.url}/organisations/kommun-umea`,
    });
    const [group] = (await find({ q: 'npo-tandvard' }, { headers: { 'accept-language': 'en' } })).json.items;
    assert.deepEqual([group.typeLabel, group.info], ['Group', 'National programme area']);
    for (const { href } of (await find({ q: 'nor' })).json.items) {
      assert.equal((await k.page(new URL(href).pathname)).status, 200, href);
    }
  });

  test('nothing when nothing was asked for, and nothing that is not there', async () => {
    for (const query of [{}, { q: '' }, { q: '  ' }, { q: '%_"*' }, { q: 'finnsintealls' }]) {
      const reply = await find(query);
      assert.deepEqual([reply.status, reply.json.items, reply.json._meta.totalRecords], [200, [], 0], JSON.stringify(query));
    }
  });

  test('as many as were asked for, and tells how many there are', async () => {
    const reply = await find({ q: 'kommun', limit: 5 });
    assert.equal(reply.json.items.length, 5);
    assert.equal(reply.json._meta.count, 5);
    assert.ok(reply.json._meta.totalRecords >= 290);
    assert.match(reply.json._links[0].href, /\/api\/v1\/search\?q=kommun&limit=5$/);
  });

  test('page by page, in one order, and nothing past the end', async () => {
    const all = ids(await find({ q: 'kommun', limit: 500 }));
    const paged = [];
    let where = '/search?q=kommun&limit=100';
    for (let reply; where; where = reply.json._links.find((l) => l.rel === 'next')?.href.split('/api/v1')[1]) {
      reply = await k.api(where);
      paged.push(...ids(reply));
    }
    assert.deepEqual(paged, all);
    const past = await find({ q: 'kommun', limit: 100, page: 99999999 });
    assert.deepEqual([past.status, past.json.items, past.json._meta.count, past.json._meta.page], [200, [], 0, 99999999]);
    assert.equal((await find({ q: 'kommun', page: 0 })).status, 400);
  });

  test('certain types; a comma means or', async () => {
    const types = (reply) => [...new Set(reply.json.items.map((item) => item.type))].sort();
    assert.deepEqual(types(await find({ q: 'cancer', type: 'organisations', limit: 100 })), ['organisations']);
    assert.deepEqual(types(await find({ q: 'cancer', type: 'groups,glossary', limit: 100 })), ['glossary', 'groups']);
    const { types: counts } = (await find({ q: 'cancer', type: 'groups', embed: 'types' })).json._embedded;
    assert.deepEqual(counts.map((type) => [type.type, type.current]),
      [['groups', true], ...['persons', 'organisations', 'glossary', 'minutes', 'decisions', 'actions', 'meetings', 'agenda-items', 'mandates', 'plans', 'initiatives', 'gaps'].map((type) => [type, false])]);
    assert.ok(counts.every((type) => type.count > 0 === ['groups', 'organisations', 'glossary', 'mandates', 'plans'].includes(type.type)), JSON.stringify(counts));
    assert.deepEqual(types(await find({ q: 'cancer', type: 'bodies', limit: 100 })), ['groups', 'organisations']);
  });

  test('people, with what tells namesakes apart', async () => {
    const [hit] = (await find({ q: 'karin bergström' })).json.items;
    assert.deepEqual([hit.type, hit.name, hit.info, new URL(hit.href).pathname],
      ['persons', 'Karin Bergström', 'Processledare, Region Uppsala', `/persons/${hit.id}`]);
    assert.deepEqual(ids(await find({ q: 'BERGSTROM kar', type: 'persons' })), [hit.id]);
  });
});

test('refuses unknown types, limits and parameters', async () => {
  const reply = await find({ q: 'x', type: 'groups,stars', limit: 501 });
  assert.equal(reply.status, 400);
  assert.deepEqual(reply.json.errors.map((e) => e.parameter), ['type', 'limit']);
  assert.equal((await find({ q: 'x', sort: 'name' })).status, 400);
});

test('a restricted group is found, and counted, only by those who may know of it', async () => {
  const id = 'nag-fallskador-hos-aldre';
  const total = async (token) => (await find({ q: 'fallskador', type: 'groups' }, { token })).json._meta.totalRecords;
  const before = await total();
  assert.ok(before >= 1);
  const now = await k.api(`/groups/${id}`, { token: support.token });
  const done = await k.api(`/groups/${id}`, {
    method: 'PATCH', token: support.token, body: { accessMode: 'restricted' }, headers: { 'if-match': now.etag },
  });
  assert.equal(done.status, 200, done.text);
  assert.equal(await total(), before - 1);
  assert.equal(await total(support.token), before);
  assert.doesNotMatch((await k.page('/search?q=fallskador')).text, new RegExp(id));
});

test('what is renamed is found under its new name alone', async () => {
  const made = await k.api('/organisations', { method: 'POST', token: support.token, body: { type: 'other', name: 'Gamla Namnet' } });
  await k.api('/organisations/gamla-namnet', {
    method: 'PATCH', token: support.token, body: { id: 'nya', name: 'Nya' }, headers: { 'if-match': made.etag },
  });
  assert.deepEqual(ids(await find({ q: 'gamla namnet' })), []);
  assert.deepEqual(ids(await find({ q: 'nya', type: 'organisations' })), ['nya']);
});

describe('the page', () => {
  test('gives advice before and when nothing fits', async () => {
    assert.match((await k.page('/search')).words, /Skriv början av ett namn.*ord som står i minnesanteckningar/);
    const none = await k.page('/search?q=finnsintealls');
    assert.match(none.words, /Inget passar/);
    assert.equal(none.formWith((input) => input.id === 'search-q').fields.q, 'finnsintealls');
  });

  test('shows hits with what they are, and chips by type', async () => {
    const page = await k.page('/search?q=norra');
    assert.match(page.words, /träffar på ”norra”/);
    assert.equal(page.link('Norra sjukvårdsregionen'), '/organisations/norra');
    assert.match(page.text, /href="\?q=norra&amp;type=organisations"/);
    const some = await k.page('/search?q=norra&type=organisations');
    assert.match(some.text, /type=organisations" aria-current="page"/);
    assert.match((await k.page('/search?q=kommun')).words, /Visar 1–20 av/);
  });

  test('shows what was typed as text, whatever it is', async () => {
    const page = await k.page(`/search?q=${encodeURIComponent('<script>"&\'')}`);
    assert.equal(page.status, 200);
    assert.ok(!page.text.includes('<script>"'));
    assert.equal((await k.page('/search?q=x&type=stars')).status, 400);
  });
});
