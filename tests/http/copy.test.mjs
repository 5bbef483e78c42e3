// A copy of a list kept by modifiedSince, `after` and tombstones while others create, change and delete: whoever follows
// `next` to its end holds exactly what the list holds. And as a reader whose rights change: what she may no longer see
// leaves without a word (a tombstone would tell of it), and what she may see from now on was changed long ago; then the
// ids of the list (`fields=id`) say what to drop and what to fetch.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { long, start } from '../lib/kansli.mjs';

const seed = Number(process.env.KANSLI_SEED) || 20261122;
let k;
const tokens = {};
let serial = 0;
const send = (method, where, body, { who = 'support', headers = {} } = {}) => k.api(where, { method, token: tokens[who], body, headers });
async function made(where, body, who) {
  const reply = await send('POST', where, body, { who });
  assert.equal(reply.status, 201, reply.text);
  return reply.json.id;
}
async function change(where, method, body, who) {
  const { etag } = await k.api(where, { token: tokens[who ?? 'support'] });
  const reply = await send(method, where, body, { who, headers: { 'if-match': etag } });
  assert.ok(reply.status < 300, `${method} ${where} ${reply.text}`);
}

const area = 'npo-aldres-halsa-och-palliativ-vard';
const group = 'nag-palliativ-vard';
let plan;
let meeting;
before(async () => {
  k = await start({ demo: true, record: false, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  for (const who of ['support', 'admin', 'norra']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token('karin.bergstrom@kansli.example');
  plan = (await k.api(`/groups/${area}/plans?year=2027`, { token: tokens.support })).json.items[0].id;
  meeting = await made(`/groups/${group}/meetings`, { startsAt: '2027-03-04T08:00:00Z', endsAt: '2027-03-04T09:00:00Z', mode: 'online' });
});

// Lists of every sort: of bodies and of uuids, within a group, a meeting and a plan, with and without a DELETE.
// one: what is made; other: how it is changed; end: false where nothing is deleted.
const word = () => `Prov ${++serial}`;
const day = (n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);
const lists = {
  '/organisations': { one: () => ({ type: 'other', name: word() }), other: () => ({ name: word() }) },
  '/groups': { one: () => ({ kind: 'other', name: word(), startDate: '2026-01-01' }), other: () => ({ purpose: word() }) },
  '/glossary': { one: () => ({ abbreviation: `P${++serial}`, name: word() }), other: () => ({ name: word() }) },
  '/persons': { one: () => ({ givenName: 'Prov', familyName: word(), email: `prov${++serial}@kansli.example` }), other: () => ({ title: word() }) },
  [`/groups/${group}/relations`]: { one: () => ({ type: 'near', bodyId: 'skr', startDate: day(++serial), endDate: day(serial) }), other: () => ({ type: 'cooperatesWith' }) },
  [`/groups/${group}/requirements`]: { one: () => ({ type: 'role', role: 'chair', text: word() }), other: () => ({ text: word() }) },
  [`/groups/${group}/actions`]: { item: '/actions', one: () => ({ text: word() }), other: () => ({ text: word() }) },
  [`/groups/${group}/gaps`]: { item: '/gaps', one: () => ({ type: 'care', title: word(), priority: 2 }), other: () => ({ title: word() }), end: false },
  [`/groups/${group}/meetings`]: { item: '/meetings', one: () => ({ startsAt: `2027-05-04T08:00:00Z`, endsAt: '2027-05-04T09:00:00Z', mode: 'online', title: word() }), other: () => ({ title: word() }) },
  '/meetings/{meeting}/agenda-items': { one: () => ({ title: word() }), other: () => ({ title: word() }) },
  '/plans/{plan}/initiatives': { one: () => ({ title: word(), priority: 1 }), other: () => ({ title: word() }) },
};

// What a client keeps. `held` tells which ids its reader holds.
class Copy {
  constructor(where, who, item = where, first = 100) {
    Object.assign(this, { where, who, item, held: new Map(), at: `${where}?modifiedSince=1970-01-01T00:00:00Z&limit=${first}` });
  }

  // One page; false at the end. The next reading begins where this one ended: an instant before the last change.
  async page() {
    const { status, json, text } = await k.api(this.at, { token: tokens[this.who] });
    assert.equal(status, 200, text);
    for (const item of json.items) {
      if (item.deleted) this.held.delete(item.id);
      else this.held.set(item.id, item);
      this.latest = item.modified ?? this.latest;
    }
    const next = json._links.find((l) => l.rel === 'next')?.href;
    this.at = next ? next.slice(`${k.url}/api/v1`.length) : `${this.where}?modifiedSince=${this.latest ?? '1970-01-01T00:00:00Z'}&limit=2`;
    return Boolean(next);
  }

  async follow(between = () => {}) {
    while (await this.page()) await between();
  }

  // The whole list by its ids, and what is missing one by one.
  async reconcile() {
    const ids = (await all(`${this.where}?fields=id`, this.who)).map((item) => item.id);
    for (const id of this.held.keys()) if (!ids.includes(id)) this.held.delete(id);
    for (const id of ids) if (!this.held.has(id)) this.held.set(id, (await k.api(`${this.item}/${id}`, { token: tokens[this.who] })).json);
  }
}
async function all(where, who) {
  const items = [];
  for (let page = 1; ; page++) {
    const { json } = await k.api(`${where}${where.includes('?') ? '&' : '?'}limit=500&page=${page}`, { token: tokens[who] });
    items.push(...json.items);
    if (items.length >= json._meta.totalRecords) return items;
  }
}
// What was changed, by id: what is computed (a count, another's name) may be newer than the object's own change.
const told = (items) => [...items].map(({ id, modified }) => `${id} ${modified}`).sort();

describe('a copy', () => {
  for (const [name, { one, other, end = true, item }] of Object.entries(lists)) {
    test(`of ${name}`, async () => {
      const where = name.replace('{meeting}', meeting).replace('{plan}', plan);
      const at = (id) => `${item ?? where}/${id}`;
      const found = await fc.check(fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('make', 'make', 'change', 'change', 'end', 'end'), fc.nat(999)), { minLength: 12, maxLength: 40 }), async (acts) => {
        const mine = [];
        for (let n = 0; n < 5; n++) mine.push(await made(where, one()));
        const copies = [new Copy(where, 'support', item), new Copy(where, 'karin', item)];
        const act = async () => {
          const [what, which] = acts.shift() ?? [];
          const id = mine[which % mine.length];
          if (what === 'make') mine.push(await made(where, one()));
          else if (what === 'change' && id) await change(at(id), 'PATCH', other());
          else if (what === 'end' && id && end) {
            await change(at(id), 'DELETE');
            mine.splice(mine.indexOf(id), 1);
          }
        };
        const several = async () => {
          for (let n = acts.length % 3; n >= 0; n--) await act();
        };
        while (acts.length) for (const copy of copies) await copy.follow(several).then(several);
        for (const copy of copies) {
          await copy.follow();
          // Deleted out of sight (a draft, a meeting of the members) is told to those who see all alone.
          if (copy.who !== 'support') await copy.reconcile();
          assert.deepEqual(told(copy.held.values()), told(await all(where, copy.who)), `as ${copy.who}`);
        }
        if (end) for (const id of mine) await change(at(id), 'DELETE'); // an agenda and a plan take a hundred
      }), { seed, numRuns: long ? 30 : 2, endOnFailure: true });
      assert.ok(!found.failed, `${found.errorInstance?.message}\n(KANSLI_SEED=${seed}, after ${found.numRuns}: ${JSON.stringify(found.counterexample)})`);
    });
  }

  test('of what was made and deleted in one instant, in pages of every size', async () => {
    const sent = await k.api('/imports?resource=persons&dryRun=false', { method: 'POST', token: tokens.support, headers: { 'content-type': 'text/csv' },
      body: `Förnamn;Efternamn\n${Array.from({ length: 12 }, (_, i) => `Samtidig${i};Provsson\n`).join('')}` });
    assert.equal(sent.json.status, 'applied', sent.text);
    const { items: people } = (await k.api('/persons?q=Samtidig&limit=50', { token: tokens.support })).json;
    assert.equal(people.length, 12);
    await change(`/imports/${sent.json.id}`, 'DELETE');
    const since = people[0].modified;
    for (const limit of [1, 2, 5, 12, 50]) {
      const gone = [];
      for (let at = `/persons?modifiedSince=${since}&limit=${limit}`; at;) {
        const { json } = await k.api(at, { token: tokens.support });
        gone.push(...json.items.filter((item) => item.deleted).map((item) => item.id));
        at = json._links.find((l) => l.rel === 'next')?.href.slice(`${k.url}/api/v1`.length);
      }
      assert.deepEqual(gone.sort(), people.map((p) => p.id).sort(), `${limit} at a time`);
    }
  });

  test('of a reader whose rights change', async () => {
    const email = 'reader-of-copies@example.org';
    await k.user(email, null);
    tokens.reader = await k.token(email, 'read');
    const account = (await k.api('/accounts?q=reader-of-copies', { token: tokens.admin })).json.items[0].id;
    const roles = [['support'], []];
    const hidden = await made('/groups', { kind: 'other', name: word(), startDate: '2026-01-01', accessMode: 'restricted' });
    const closing = await made('/groups', { kind: 'other', name: word(), startDate: '2026-01-01' });
    for (const where of ['/groups', '/meetings', '/mandates', '/memberships', '/gaps']) {
      const copy = new Copy(where, 'reader', where, 7);
      let turn = 0;
      await copy.follow(async () => {
        turn += 1;
        if (turn === 2) await change(`/accounts/${account}`, 'PATCH', { roles: roles[0] }, 'admin');
        if (turn === 4) await change(`/groups/${closing}`, 'PATCH', { accessMode: 'restricted' });
        if (turn === 6) await change(`/accounts/${account}`, 'PATCH', { roles: roles[1] }, 'admin');
        if (turn === 8) await change(`/groups/${closing}`, 'PATCH', { accessMode: 'open' });
      });
      await change(`/accounts/${account}`, 'PATCH', { roles: [] }, 'admin');
      await copy.follow();
      await copy.reconcile();
      const list = await all(where, 'reader');
      assert.deepEqual([...copy.held.keys()].sort(), list.map((item) => item.id).sort(), where);
      assert.ok(!copy.held.has(hidden));
      // What is seen anew comes with the next change of it, without asking for all.
      for (const { id, modified } of list) assert.ok(copy.held.get(id).modified <= modified, id);
    }
  });
});
