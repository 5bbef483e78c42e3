// Every page, in the browser, as each kind of reader for whom it is something of its own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addresses } from './addresses.mjs';
import { onlookers, valid } from './look.mjs';

let eyes;
let list;
before(async () => {
  eyes = await onlookers();
  list = await addresses(eyes.k);
});
after(() => eyes.close());

describe('every page', () => {
  const seen = new Map();
  // Two readers at a time, each in a window of his own.
  describe('as each reader', { concurrency: 2 }, () => {
    for (const who of ['anonymous', 'process leader', 'support', 'administrator', 'data protection']) {
      test(who, async (t) => {
        for (const { address, may } of list) {
          if (who === 'anonymous' && may !== 'all') continue;
          const { status, text } = await eyes.fetch(who, address);
          // Whom a page is not for is another test's matter; here: the page it is for, and nothing broken.
          if (status >= 300) {
            assert.ok([303, 403, 404, 409].includes(status), `${address} as ${who}: ${status}`);
            continue;
          }
          // What lacks a line of what was seen is nothing new; what the last two see is mostly what support sees.
          const lines = /<main[\s\S]*<\/main>/.exec(text)[0].replace(/name="_csrf" value="[^"]*"/g, '').split('\n');
          const known = seen.get(address) ?? new Set();
          const rules = !known.size || !['administrator', 'data protection'].includes(who);
          seen.set(address, known);
          if (known.size && lines.every((line) => known.has(line))) continue;
          for (const line of lines) known.add(line);
          await t.test(address, async () => {
            await valid(address, text);
            await eyes.look(who, address, { rules });
          });
        }
      });
    }
  });
  test('was seen by somebody', () => {
    // Half logged in only: the page for the code is a step of the login journey. What two lists of a page chose only leads on.
    // What is done with somebody's declaration is seen in declaration.test.mjs.
    const elsewhere = /^\/login\/code$|^\/groups\/[^/]+\/mandates\/comparison$|^\/declarations\/[^/]+\/(withdrawals|reviews|inquiries)\/new$/;
    const unseen = list.map((one) => one.address).filter((address) => !seen.has(address) && !elsewhere.test(address));
    assert.deepEqual(unseen, []);
  });
});

describe('a page that is not there or not for the reader, is empty, or shows another day', () => {
  for (const [who, address, status] of [
    ['anonymous', '/groups/finns-inte', 404], ['anonymous', '/finns/inte', 404], ['process leader', '/accounts', 403],
    ['anonymous', '/groups?utan=mening', 400], ['anonymous', '/groups?q=finnsinte', 200], ['anonymous', '/organisations?q=finnsinte', 200],
    ['anonymous', '/search?q=finnsinte', 200], ['anonymous', '/levels?asOf=2017-01-01', 200], ['anonymous', '/matrix?asOf=2017-01-01', 200],
    ['anonymous', '/groups?status=closed', 200], ['anonymous', '/groups/nag-palliativ-vard?asOf=2019-06-01', 200],
    ['anonymous', '/groups?sort=-name&kind=lpo&page=2', 200],
  ]) {
    test(`${address} as ${who}`, async () => {
      await valid(address, (await eyes.fetch(who, address)).text);
      await eyes.look(who, address, { status });
    });
  }
});
