// The same ways without a script: what app.js shortens works without it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';

let k;
let browser;
before(async () => {
  k = await start({ demo: true });
  browser = await launch();
});
after(() => browser.close());

const path = (page) => new URL(page.url()).pathname;
const main = (page) => page.locator('main').innerText();
const send = (page) => page.locator('main form button.pri').click();
async function anonymous() {
  return browser.page(k, { js: false });
}
async function support() {
  const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
  return browser.page(k, { js: false, cookies: jar });
}

describe('without scripts', () => {
  test('one logs in where one was going, and out again', async () => {
    const page = await anonymous();
    await page.goto('/groups/nag-palliativ-vard/edit');
    assert.equal(path(page), '/login');
    await page.getByLabel('E-postadress').fill('karin.bergstrom@kansli.example');
    await page.getByLabel('Lösenord').fill('kansli-demo-2026');
    await send(page);
    assert.equal(path(page), '/groups/nag-palliativ-vard/edit');
    await page.locator('details.who summary').click();
    await page.getByRole('button', { name: 'Logga ut' }).click();
    assert.ok(await page.getByRole('link', { name: 'Logga in' }).isVisible());
  });

  test('search, filters, sorting and pages are links and forms', async () => {
    const page = await anonymous();
    await page.goto('/');
    await page.locator('#q').fill('aldre');
    await page.locator('#q').press('Enter');
    assert.equal(path(page), '/search');
    assert.match(await main(page), /NPO Äldres hälsa och palliativ vård/);
    await page.goto('/groups');
    await page.getByLabel('Grupptyp').selectOption('npo');
    await page.getByRole('button', { name: 'Filtrera' }).click();
    assert.match(page.url(), /kind=npo/);
    assert.match(await main(page), /av 26/);
    await page.locator('th .sortbtn').first().click();
    assert.match(await page.locator('#groups tbody a').first().innerText(), /^NPO Ö/);
    await page.getByRole('link', { name: 'Nästa sida' }).click();
    assert.match(page.url(), /page=2/);
    await page.goto('/matrix');
    await page.getByLabel('Sjukvårdsregion').selectOption('norra');
    await page.getByRole('button', { name: 'Filtrera' }).click();
    assert.match(page.url(), /norra/);
  });

  test('a group is established with names typed in full, its errors come back, and it is changed', async () => {
    const page = await support();
    await page.goto('/groups/new');
    await page.getByLabel('Grupptyp').selectOption('nag');
    await page.locator('[name="principalIds[]"]').first().fill('NPO Finns inte');
    await send(page);
    assert.ok(await page.locator('.errors li').count() >= 2);
    assert.equal(await page.locator('[name="principalIds[]"]').first().inputValue(), 'NPO Finns inte');
    await page.locator('#f-name').fill('Utan skript');
    await page.locator('[name="principalIds[]"]').first().fill('NPO Tandvård');
    await send(page);
    assert.equal(await page.locator('h1').innerText(), 'NAG Utan skript');
    await page.getByRole('link', { name: 'Ändra', exact: true }).click();
    await page.locator('#f-purpose').fill('Ändrat utan skript.');
    await send(page);
    assert.equal(await page.locator('.lead').innerText(), 'Ändrat utan skript.');
    await page.locator('details.more summary').click();
    await page.getByRole('link', { name: /Gör vilande/ }).click();
    await page.locator('#f-startDate').fill('2027-01-01');
    await page.locator('#f-reason').fill('Väntar.');
    await send(page);
    assert.match(await main(page), /NAG Utan skript/);
  });

  test('a shortcoming is told of, the language chosen, and another day looked at', async () => {
    const page = await anonymous();
    await page.goto('/tillganglighet');
    await page.locator('#f-text').fill('Texten är för liten.');
    await page.getByRole('button', { name: 'Skicka' }).click();
    assert.equal(path(page), '/shortcomings/thanks');
    await page.goto('/levels');
    await page.locator('details.who summary').click();
    await page.getByRole('button', { name: 'English' }).click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.locator('#as-of').fill('2020-05-01');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    assert.match(await page.locator('.notice.info').innerText(), /1 May 2020/);
    await page.getByRole('link', { name: 'Back to today' }).click();
    assert.doesNotMatch(page.url(), /asOf/);
  });
});
