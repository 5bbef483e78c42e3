// Meetings in a browser: every page as who runs the meeting and as who takes part, in all looks; the order of the agenda moved
// with and without scripts, and attendance noted.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';
import { valid } from './look.mjs';

const password = 'kansli-demo-2026';
const group = 'nag-palliativ-vard';
let k;
let browser;
let meeting;
let item;
let recusal;
const jars = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  browser = await launch();
  jars.karin = await k.login('karin.bergstrom@kansli.example', password);
  jars.viveka = await k.login('viveka.lundhede@kansli.example', password);
  const token = await k.token('karin.bergstrom@kansli.example');
  const first = async (where) => (await k.api(where, { token })).json.items[0]?.id;
  meeting = await first(`/groups/${group}/meetings?from=2026-05-21&to=2026-05-21`);
  item = await first(`/meetings/${meeting}/agenda-items`);
  recusal = await first(`/meetings/${meeting}/recusals`);
});
after(() => browser.close());

const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).first().click();
const titles = (page) => page.locator('.order .t').allInnerTexts();

for (const js of [true, false]) {
  test(`the agenda is put in order and attendance is noted${js ? '' : ' without scripts'}`, async () => {
    const page = await browser.page(k, { js, cookies: jars.karin });
    await page.goto(`/meetings/${meeting}/agenda-orders/new`);
    const before = await titles(page);
    await page.locator('.order li').nth(1).getByRole('button', { name: 'Flytta ner' }).click();
    if (js) await press(page, 'Spara ordningen');
    await page.getByText('Ordningen är sparad', { exact: false }).first().waitFor();
    await page.goto(`/meetings/${meeting}/agenda-orders/new`);
    assert.deepEqual((await titles(page)).slice(1, 3), [before[2], before[1]]);
    await page.goto(`/meetings/${meeting}/attendance`);
    const row = page.locator('tbody tr').filter({ has: page.locator('input[type=radio]') }).first();
    await row.getByLabel(js ? 'På distans' : 'Närvarande').check();
    await press(page, 'Spara närvaron');
    await page.getByText('Närvaron är', { exact: false }).first().waitFor();
    assert.ok(await page.locator('tbody tr').filter({ has: page.locator('input[type=radio]') }).first().getByLabel(js ? 'På distans' : 'Närvarande').isChecked());
    noProblems(page);
  });
}

describe('every page', () => {
  const pages = {
    karin: ['', '/edit', '/delete', '/notices/new', '/cancellations/new', '/agenda-items/new', '/agenda-items/:item/edit',
      '/agenda-items/:item/delete', '/agenda-orders/new', '/attendance', '/attendance/new', '/recusals/new', '/recusals/:recusal/edit', '/recusal-suggestions', '/minutes'],
    viveka: ['', '/attendance', '/answers/new'],
  };
  for (const look of [{}, { theme: 'dark' }, { width: 390, height: 800 }, { language: 'en-GB' }]) {
    test(`is valid, accessible and fits: ${JSON.stringify(look)}`, async () => {
      for (const [who, rests] of Object.entries(pages)) {
        const page = await browser.page(k, { ...look, cookies: jars[who] });
        const all = rests.map((rest) => `/meetings/${meeting}${rest.replace(':item', item).replace(':recusal', recusal)}`);
        for (const address of [...all, '/meetings', `/groups/${group}/meetings`, `/groups/${group}`]) {
          const reply = await page.goto(address);
          assert.equal(reply.status(), 200, address);
          if (!look.width) await valid(address, await reply.text());
          await accessible(page);
          await fitsWidth(page);
        }
        noProblems(page);
      }
    });
  }
});
