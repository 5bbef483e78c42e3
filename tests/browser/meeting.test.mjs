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
  // Its minutes are adjusted: what they tell of is changed while the next version is a draft.
  assert.equal((await k.api(`/meetings/${meeting}/minutes`, { method: 'POST', token, body: {} })).status, 201);
  recusal = await first(`/meetings/${meeting}/recusals`);
});
after(() => browser.close());

const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).first().click();
const titles = (page) => page.locator('.order .t').allInnerTexts();
const rows = (page) => page.locator('.order li');
const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());
const saved = (page) => page.waitForResponse((reply) => reply.url().includes('/agenda-orders/new') && reply.request().method() === 'POST');

for (const js of [true, false]) {
  test(`the agenda is put in order and attendance is noted${js ? '' : ' without scripts'}`, async () => {
    const page = await browser.page(k, { js, cookies: jars.karin });
    await page.goto(`/meetings/${meeting}`);
    const before = await titles(page);
    const down = rows(page).nth(1).getByRole('button', { name: 'Flytta ner' });
    if (js) await Promise.all([saved(page), down.click()]);
    else {
      await down.click();
      await page.getByText('Ordningen är sparad', { exact: false }).first().waitFor();
      assert.match(page.url(), /#a-/, 'the page begins where the item stands now');
    }
    await page.goto(`/meetings/${meeting}`);
    assert.deepEqual((await titles(page)).slice(0, 3), [before[0], before[2], before[1]]);
    await page.goto(`/meetings/${meeting}/attendance`);
    const row = page.locator('tbody tr').filter({ has: page.locator('input[type=radio]') }).first();
    await row.getByLabel(js ? 'På distans' : 'Närvarande').check();
    await press(page, 'Spara närvaron');
    await page.getByText('Närvaron är', { exact: false }).first().waitFor();
    assert.ok(await page.locator('tbody tr').filter({ has: page.locator('input[type=radio]') }).first().getByLabel(js ? 'På distans' : 'Närvarande').isChecked());
    noProblems(page);
  });
}

test('by keyboard the focus stays on the button and the new place is told; by dragging nothing comes before the standing question', async () => {
  const page = await browser.page(k, { cookies: jars.karin });
  await page.goto(`/meetings/${meeting}`);
  const before = await titles(page), n = before.length;
  await rows(page).nth(1).getByRole('button', { name: 'Flytta ner' }).focus();
  await Promise.all([saved(page), page.keyboard.press('Enter')]);
  assert.equal(await focused(page), `Flytta ner ${before[1]}`);
  await page.getByRole('status').getByText(`${before[1]}`, { exact: false }).first().waitFor();
  assert.match(await page.getByRole('status').first().innerText(), new RegExp(`3.*${n}`));
  assert.deepEqual(await titles(page), [before[0], before[2], before[1], ...before.slice(3)]);
  await rows(page).nth(1).getByRole('button', { name: 'Flytta upp' }).focus();
  await page.keyboard.press('Enter'); // the second goes no further
  assert.equal((await titles(page))[0], before[0]);
  await Promise.all([saved(page), rows(page).nth(2).dragTo(rows(page).nth(0))]);
  assert.deepEqual(await titles(page), before, 'dropped on the first it becomes the second');
  await page.reload();
  assert.deepEqual(await titles(page), before, 'and it is kept');
  noProblems(page);
});

// That every page is sound in its first look is pages.test.mjs's; here: other looks, another reader, another language.
describe('pages', () => {
  const other = ['', '/notices/new', '/attendance', '/recusals/:recusal/edit', '/minutes'];
  for (const [who, look, rests] of [
    ['viveka', {}, ['', '/attendance', '/answers/new']],
    ['karin', { theme: 'dark', width: 390, height: 800 }, other],
    ['karin', { language: 'en-GB' }, other],
  ]) {
    test(`are valid, accessible and fit: ${who} ${JSON.stringify(look)}`, async () => {
      const page = await browser.page(k, { ...look, cookies: jars[who] });
      const all = rests.map((rest) => `/meetings/${meeting}${rest.replace(':recusal', recusal)}`);
      for (const address of [...all, `/groups/${group}/meetings`]) {
        const reply = await page.goto(address);
        assert.equal(reply.status(), 200, address);
        if (look.language) await valid(address, await reply.text());
        else await accessible(page);
        await fitsWidth(page);
      }
      noProblems(page);
    });
  }
});
