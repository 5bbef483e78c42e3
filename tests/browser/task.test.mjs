// The page "To do" in a browser: what waits is seen in the head, narrowed by a pill, opened and done; then it is gone.
// In every dress, without a script, and empty.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems, themes, widths } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';
import { onlookers, valid } from './look.mjs';

const password = 'kansli-demo-2026';
const karin = 'karin.bergstrom@kansli.example';
let k;
let browser;
let support;
let jar;
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  support = await k.token('support@kansli.example');
  jar = await k.login(karin, password);
  browser = await launch();
});
after(() => browser.close());

const count = async (page) => Number(/\d+/.exec(await page.locator('.mainnav .count').innerText())[0]);

describe('what waits', () => {
  test('is seen in the head, narrowed by its kind, opened, done and gone', async () => {
    const group = 'nag-fallskador-hos-aldre'; // its principal is led by the reader
    const { json } = await k.api(`/groups/${group}/mandates?status=draft`, { token: support });
    const mandate = json.items[0] ?? (await k.api(`/groups/${group}/mandates`, {
      token: support, method: 'POST', body: { purpose: 'Gör vården lika god.', tasks: ['Pröva.'], validFrom: '2027-01-01', validTo: '2028-12-31' },
    })).json;
    const sent = await k.api(`/mandates/${mandate.id}/submissions`, { token: support, method: 'POST', body: {} });
    assert.equal(sent.status, 201, sent.text);

    const page = await browser.page(k, { cookies: jar });
    await page.goto('/');
    const before_ = await count(page);
    assert.ok(before_ > 0);
    await page.locator('.mainnav').getByRole('link', { name: 'Att göra' }).click();
    assert.equal(await page.locator('.mainnav [aria-current]').innerText().then((text) => text.split(/\s\d/)[0].trim()), 'Att göra');
    await page.locator('.chips').getByRole('link', { name: /Uppdragsbeskrivningar/ }).click();
    assert.equal(new URL(page.url()).search, '?type=mandates');
    const row = page.locator('.task', { hasText: 'Godkänn eller återsänd' });
    assert.match(await row.innerText(), /Om 40 dagar\s+1 jan\. 2027/);
    await row.getByRole('link', { name: /^Granska/ }).click();
    await page.getByLabel('Beslut').selectOption('approved');
    await page.locator('main form button[type=submit]').last().click();
    assert.equal(new URL(page.url()).pathname, `/mandates/${mandate.id}`);
    assert.equal(await count(page), before_ - 1);
    await page.goto('/me/tasks?type=mandates');
    assert.equal(await page.locator('.task', { hasText: 'Godkänn eller återsänd' }).count(), 0);
    noProblems(page);
  });

  test('is readable in every dress', async (t) => {
    const eyes = await onlookers();
    for (const who of ['process leader', 'support']) await valid('/me/tasks', (await eyes.fetch(who, '/me/tasks')).text);
    for (const theme of themes)
      for (const width of widths)
        for (const language of ['sv-SE', 'en-GB'])
          await t.test(`${theme}, ${width} px, ${language}`, () => eyes.look('process leader', '/me/tasks', { theme, width, language }));
    await eyes.close();
  });

  test('is shown without a script', async () => {
    const page = await browser.page(k, { cookies: jar, js: false });
    await page.goto('/me/tasks');
    await page.locator('.chips a').nth(1).click();
    assert.match(new URL(page.url()).search, /^\?type=\w+$/);
    assert.ok(await page.locator('.task').count() > 0);
  });

  test('is a kind word when there is nothing', async () => {
    await k.user('ingen@example.org');
    const page = await browser.page(k, { cookies: await k.login('ingen@example.org') });
    await page.goto('/me/tasks');
    assert.match(await page.locator('main').innerText(), /Ingenting väntar på dig här\./);
    assert.equal(await page.locator('.mainnav .count').count(), 0);
    await accessible(page);
    await fitsWidth(page);
  });
});
