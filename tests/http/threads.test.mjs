// Many at once: one winner and a clear word to the others, no reader sees half a change. Quick in `make test`; under
// the thread sanitizer (`make tsan`) it is what makes the threads meet.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { long, start } from '../lib/kansli.mjs';

const crowd = 20;
const times = (n, act) => Promise.all(Array.from({ length: n }, (_, i) => act(i)));
const tally = (replies) => replies.reduce((all, r) => ({ ...all, [r.status]: (all[r.status] ?? 0) + 1 }), {});
let k, support;
const send = (where, method, body, headers = {}) => k.api(where, { method, token: support.token, body, headers });

before(async () => {
  k = await start({ demo: true, record: false });
  support = await k.actor('support');
});

test('twenty want the same address: one gets it, the others hear that it is taken', async () => {
  for (let round = 0; round < (long ? 20 : 3); round++) {
    const replies = await times(crowd, (i) => send(i % 2 ? '/organisations' : '/groups', 'POST', i % 2 ? { type: 'other', name: `Trängsel ${i}`, id: `trangsel-${round}` }
      : { kind: 'nag', name: `Trängsel ${i}`, id: `trangsel-${round}`, startDate: '2026-01-01', principalIds: ['npo-tandvard'] }));
    assert.deepEqual(tally(replies), { 201: 1, 409: crowd - 1 });
    for (const r of replies) if (r.status === 409) assert.equal(r.json.rule, 'slug-taken');
  }
});

test('twenty change what they all read: one does, the others are shown how it is now', async () => {
  const made = await send('/organisations', 'POST', { type: 'other', name: 'Tävling' });
  const where = made.headers.location;
  let etag = made.etag;
  for (let round = 0; round < (long ? 20 : 3); round++) {
    const replies = await times(crowd, (i) => send(where, 'PATCH', { name: `Tävling ${round} ${i}` }, { 'if-match': etag }));
    assert.deepEqual(tally(replies), { 200: 1, 412: crowd - 1 });
    const winner = replies.findIndex((r) => r.status === 200);
    const now = await k.api(where, { token: support.token });
    assert.equal(now.json.name, `Tävling ${round} ${winner}`);
    for (const r of replies) assert.equal(r.etag, now.etag);
    etag = now.etag;
  }
});

test('twenty delete the same: one does, the others find nothing', async () => {
  const made = await send('/organisations', 'POST', { type: 'other', name: 'Borttagen en gång' });
  const replies = await times(crowd, () => send(made.headers.location, 'DELETE', undefined, { 'if-match': made.etag }));
  assert.deepEqual(tally(replies), { 204: 1, 404: crowd - 1 });
});

test('a double click is one object: twenty under one key have one answer', async () => {
  const replies = await times(crowd, () => send('/glossary', 'POST', { abbreviation: 'DUBBEL', name: 'Dubbelklick' }, { 'idempotency-key': 'threads' }));
  assert.deepEqual(tally(replies), { 201: crowd });
  assert.equal(new Set(replies.map((r) => r.json.id)).size, 1);
});

test('whoever reads while others write sees one state, whole: the object, its page and the list', async () => {
  const made = await send('/organisations', 'POST', { type: 'other', name: 'Läge 0', shortName: 'L0', code: '0' });
  const where = `/organisations/${made.json.id}`;
  let done = false;
  const writes = long ? 400 : 40;
  const writer = (async () => {
    let { etag } = made;
    for (let n = 1; n <= writes; n++) {
      const reply = await send(where, 'PATCH', { name: `Läge ${n}`, shortName: `L${n}`, code: String(n) }, { 'if-match': etag });
      assert.equal(reply.status, 200, reply.text);
      etag = reply.etag;
    }
    done = true;
  })();
  const whole = (o) => {
    assert.equal(o.name, `Läge ${o.code}`);
    assert.equal(o.shortName, `L${o.code}`);
    return Number(o.code);
  };
  const forwards = (reader) => {
    let last = 0;
    return async () => {
      while (!done) {
        const n = await reader();
        assert.ok(n >= last, `after ${last} came ${n}`);
        last = n;
      }
    };
  };
  const readers = [
    async () => whole((await k.api(where)).json),
    async () => whole((await k.api(where, { token: support.token })).json),
    async () => whole((await k.api(`/organisations?type=other&limit=500`)).json.items.find((o) => o.id === made.json.id)),
    async () => {
      const reply = await k.api(where);
      const again = await k.api(where, { headers: { 'if-none-match': reply.etag } });
      if (again.status === 200) return whole(again.json);
      assert.equal(again.status, 304);
      return whole(reply.json);
    },
    async () => {
      const { text } = await k.page(where);
      const n = Number(/Läge (\d+)/.exec(text)[1]);
      for (const [, other] of text.matchAll(/Läge (\d+)/g)) assert.equal(Number(other), n, 'one page, one state');
      return n;
    },
    async () => {
      const { totalRecords, count } = (await k.api('/groups?limit=500')).json._meta;
      assert.equal(count, Math.min(totalRecords, 500));
      return 0;
    },
  ];
  await Promise.all([writer, ...readers.map((r) => forwards(r)())]);
  assert.equal((await k.api(where)).json.code, String(writes), 'and the last word stands, also in what is kept');
});

test('logins, tokens, pages and searches meet without harm', async () => {
  const jars = await times(4, async () => k.login((await k.actor('support')).email));
  const acts = [
    (i) => jars[i % 4].get('/account'), (i) => jars[i % 4].get('/groups?q=palliativ'), () => k.page('/levels'), () => k.page('/matrix'), () => k.page('/search?q=vard'),
    () => k.api('/openapi.json'), () => k.api('/checks', { token: support.token }), () => k.page('/nosuch'), () => k.api('/groups?limit=0'),
    (i) => send('/glossary', 'POST', { abbreviation: `TR${i}-${Math.random()}`.slice(0, 25), name: 'Tråd' }),
  ];
  const expected = [200, 200, 200, 200, 200, 200, 200, 404, 400, 201];
  for (let round = 0; round < (long ? 10 : 1); round++) {
    const replies = await times(120, (i) => acts[i % acts.length](i));
    replies.forEach((r, i) => assert.equal(r.status, expected[i % acts.length], `${i % acts.length}: ${r.text.slice(0, 200)}`));
  }
});

test('more slow work than may wait is told to come back, and nobody else suffers', async () => {
  const replies = await times(200, () => k.api('/checks', { token: support.token }));
  const counts = tally(replies);
  assert.deepEqual(Object.keys(counts).filter((status) => !['200', '503'].includes(status)), []);
  assert.ok(counts[200] > 0);
  for (const r of replies) if (r.status === 503) assert.match(r.headers['retry-after'], /^[1-9]/);
  assert.equal((await k.api('/groups')).status, 200);
  assert.equal((await k.api('/checks', { token: support.token })).status, 200);
});
