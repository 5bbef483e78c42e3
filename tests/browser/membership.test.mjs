// The journeys of a process leader among the people of a group: enter, change in the row, end, extend
// several; with a script, without one, and by keyboard alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';

const where = '/groups/nag-palliativ-vard/memberships';
let k, browser, token, jar;

before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  browser = await launch();
  token = await k.token('support@kansli.example');
  jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
});
after(() => browser.close());

const karin = (look = {}) => browser.page(k, { ...look, cookies: jar });
const members = async (query = '') => (await k.api(`${where}?role=member&status=current&sort=personName${query}`, { token })).json.items;
const one = async (id) => (await k.api(`/memberships/${id}`, { token })).json;
const path = (page) => new URL(page.url()).pathname;
const flash = (page) => page.getByRole('status').first().innerText();

for (const js of [true, false]) {
  describe(js ? 'with scripts' : 'without scripts', () => {
    test('somebody who is not in the register is entered in one form', async () => {
      const page = await karin({ js });
      await page.goto(where);
      await page.getByRole('link', { name: 'Ny ledamot' }).click();
      await page.locator('[name=givenName]').fill('Ylva');
      await page.locator('[name=familyName]').fill(js ? 'Medskript' : 'Utanskript');
      await page.getByLabel('Företräder').first().fill('Region Dalarna');
      await page.locator('[name=startDate]').fill('2026-12-01');
      await page.getByRole('button', { name: 'Lägg in uppdraget' }).click();
      assert.equal(path(page), where);
      assert.match(await page.locator('#memberships').innerText(), js ? /Ylva Medskript/ : /Ylva Utanskript/);
      noProblems(page);
    });

    test('a row is changed where it stands', async () => {
      const { id } = (await members())[js ? 1 : 2];
      const page = await karin({ js });
      await page.goto(where);
      await page.locator(`#m-${id} a.btn`).click();
      const row = page.locator(`#m-${id}`);
      await row.locator('[name=workloadPercent]').fill('35');
      await row.getByRole('button', { name: 'Spara' }).click();
      await page.locator(`#m-${id} a.btn`).waitFor();
      assert.equal((await one(id)).workloadPercent, 35);
      assert.match(await flash(page), /sparad/);
      noProblems(page);
    });

    test('a membership gets a last day', async () => {
      const { id } = (await members())[js ? 3 : 4];
      const page = await karin({ js });
      await page.goto(`/memberships/${id}`);
      await page.getByRole('link', { name: 'Avsluta', exact: true }).click();
      await page.locator('[name=endDate]').fill('2026-11-30');
      await page.locator('[name=endReason]').fill('Ny tjänst.');
      await page.getByRole('button', { name: 'Sätt sista dag' }).click();
      assert.equal(path(page), where);
      assert.equal((await one(id)).endReason, 'Ny tjänst.');
      noProblems(page);
    });

    test('several are extended at once, and a mistake is told beside what was sent', async () => {
      const ids = (await members()).filter((m) => m.endDate && m.endDate < '2028-01-01').slice(0, 2).map((m) => m.id);
      const page = await karin({ js });
      await page.goto(where);
      for (const id of ids) await page.locator(`#m-${id} .pick`).check();
      await page.locator('#batch-end').fill('2020-01-01');
      await page.locator('#batch').getByRole('button', { name: 'Utför' }).click();
      assert.match(await page.locator('main').innerText(), /kan|förläng|slutar|sista/i);
      assert.equal(await page.locator('main input[type=checkbox]:checked').count(), 2, 'what was chosen stays chosen');
      await page.locator('[name=endDate]').fill(js ? '2029-06-30' : '2029-12-31');
      await page.getByRole('button', { name: 'Ändra dem' }).click();
      assert.equal(path(page), where);
      for (const id of ids) assert.equal((await one(id)).endDate, js ? '2029-06-30' : '2029-12-31');
    });
  });
}

test('by keyboard alone: to a row, into its form, saved', async () => {
  const { id } = (await members())[5];
  const page = await karin();
  await page.goto(`${where}?edit=${id}#m-${id}`);
  await page.locator(`#m-${id} [name=workloadPercent]`).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.search);
  assert.equal((await one(id)).workloadPercent, 12);
});

test('the tab, a row as a form and the introduction are accessible and fit a telephone', async () => {
  const { id } = (await members())[0];
  for (const address of [where, `${where}?edit=${id}`, `${where}/new`, '/groups/nag-palliativ-vard/introduction', '/groups/nag-palliativ-vard/addresses']) {
    const page = await karin({ width: 390, theme: 'dark' });
    await page.goto(address);
    await accessible(page);
    await fitsWidth(page);
    noProblems(page);
  }
});
