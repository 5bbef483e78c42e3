// Plans in a browser: a plan is written, put in order and submitted, then reviewed beside the last one, remarked on and
// decided; every page in all looks.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';
import { valid } from './look.mjs';

const password = 'kansli-demo-2026';
const area = 'npo-aldres-halsa-och-palliativ-vard';
let k;
let browser;
const jars = {};
const plans = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  browser = await launch();
  jars.karin = await k.login('karin.bergstrom@kansli.example', password);
  jars.oskar = await k.login('oskar.lillbro@kansli.example', password);
  const token = await k.token('support@kansli.example');
  const first = async (where) => (await k.api(where, { token })).json.items[0];
  for (const [name, year] of [['draft', 2027], ['approved', 2026]]) plans[name] = (await first(`/groups/${area}/plans?year=${year}`)).id;
  for (const status of ['submitted', 'returned']) plans[status] = (await first(`/plans?status=${status}&year=2027&level=national`)).id;
  for (const name of ['draft', 'approved']) plans[`${name}One`] = (await first(`/plans/${plans[name]}/initiatives`)).id;
});
after(() => browser.close());

const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).first().click();

describe('every page', () => {
  const pages = {
    karin: [':draft', ':draft/edit', ':draft/submissions/new', ':draft/initiatives/new', ':draft/initiatives/:draftOne/edit', ':draft/initiative-orders/new',
      ':draft/comparison', ':approved/follow-ups/new', ':approved/initiatives/:approvedOne', ':approved/document'],
    oskar: [':submitted', ':submitted/review', ':returned', ':submitted/remarks/new', ':submitted/decisions/new'],
  };
  for (const look of [{}, { theme: 'dark', width: 390, height: 800, language: 'en-GB' }]) {
    test(`is valid, accessible and fits: ${JSON.stringify(look)}`, async () => {
      for (const [who, rests] of Object.entries(pages)) {
        const page = await browser.page(k, { ...look, cookies: jars[who] });
        const own = rests.map((rest) => `/plans/${rest.replace(/:(\w+)/g, (all, name) => plans[name])}`);
        for (const address of [...own, ...who === 'oskar' ? ['/groups/sks/incoming-plans', '/plans'] : [`/groups/${area}/plans`]]) {
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

for (const js of [true, false]) {
  test(`a plan is written, submitted, remarked on and returned${js ? '' : ' without scripts'}`, async () => {
    const mine = await browser.page(k, { js, cookies: jars.karin });
    await mine.goto(`/plans/${plans.draft}/initiatives/new`);
    await mine.locator('#f-title').fill('Samtal om mål');
    await mine.locator('#f-priority').selectOption('1');
    await press(mine, 'Lägg till insatsen');
    await mine.getByText('Insatsen är tillagd').first().waitFor();
    await mine.goto(`/plans/${plans.draft}/initiative-orders/new`);
    await mine.locator('.order li').last().getByRole('button', { name: 'Flytta upp' }).click();
    if (js) {
      const rows = mine.locator('.order li'), last = await rows.last().locator('.t').textContent();
      await rows.last().dragTo(rows.first());
      await mine.locator('.order li').first().getByText(last, { exact: true }).waitFor();
      await press(mine, 'Spara ordningen');
    }
    await mine.getByText('Ordningen är sparad', { exact: false }).first().waitFor();
    await mine.goto(`/plans/${plans.draft}`);
    await mine.locator('main').getByRole('link', { name: 'Lämna in' }).click();
    await press(mine, 'Lämna in');
    await mine.locator('[aria-current=step]', { hasText: 'Granskas' }).waitFor();
    const other = await browser.page(k, { js, cookies: jars.oskar });
    await other.goto(`/plans/${plans.draft}/review`);
    const row = other.locator('ol.compare > li', { hasText: 'Samtal om mål' }).first();
    await row.getByText('Lämna en synpunkt').click();
    await row.getByLabel('Synpunkt').fill(`Hur märks det? ${js}`);
    await row.getByRole('button', { name: 'Lämna synpunkten' }).click();
    await other.getByText(`Hur märks det? ${js}`).first().waitFor();
    await other.goto(`/plans/${plans.draft}/review`);
    await other.locator('#f-outcome').selectOption('returned');
    await other.locator('#f-comment').fill('Säg mer.');
    await press(other, 'Registrera beslutet');
    await other.locator('[aria-current=step]', { hasText: 'Kompletteras' }).waitFor();
    await mine.goto(`/plans/${plans.draft}`);
    await mine.getByText('Säg mer.').first().waitFor();
    noProblems(mine);
    noProblems(other);
  });
}
