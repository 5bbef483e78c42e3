// Other themes, widths and the other language on a dozen pages; all of them in the long run.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { long } from '../lib/kansli.mjs';
import { addresses, dozen } from './addresses.mjs';
import { onlookers } from './look.mjs';

const looks = [
  { theme: 'dark' },
  { width: 390, height: 800 },
  { width: 320, height: 700, rules: false },
  { language: 'en-GB' },
];
const more = [
  { theme: 'dark', width: 390, height: 800 },
  { theme: 'dark', language: 'en-GB' },
  { language: 'en-GB', width: 390, height: 800 },
  { language: 'en-GB', width: 320, height: 700, rules: false },
  { contrast: 'more' },
  { forcedColors: 'active' },
];

let eyes;
let list;
before(async () => {
  eyes = await onlookers();
  if (long) list = await addresses(eyes.k);
});
after(() => eyes.close());

for (const how of long ? [...looks, ...more] : looks) {
  const words = Object.entries(how).filter(([key]) => !['height', 'rules'].includes(key)).map((pair) => pair.join(' ')).join(', ');
  describe(`pages with ${words}`, () => {
    for (const [address, who = 'anonymous'] of dozen) {
      test(address, async () => {
        const told = await eyes.look(who, address, how);
        assert.equal(told.lang, how.language ? 'en' : 'sv');
      });
    }
    if (!long) return;
    test('and all others', async (t) => {
      for (const who of ['anonymous', 'support', 'administrator']) {
        for (const { address } of list) {
          const { status } = await eyes.fetch(who, address);
          if (status === 200) await t.test(`${address} as ${who}`, async () => { await eyes.look(who, address, how); });
        }
      }
    });
  });
}
