// A call for nominations in a browser: made from a gap, published and closed with and without scripts; every page of it as
// each kind of reader, dark, narrow and in English; the feed as a browser's own reader of XML takes it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';
import { valid } from './look.mjs';

const password = 'kansli-demo-2026';
const group = 'nag-palliativ-vard';
let k;
let browser;
const jars = {};
const calls = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  browser = await launch();
  jars.karin = await k.login('karin.bergstrom@kansli.example', password);
  jars.norra = await k.login('norra@kansli.example', password);
  const token = await k.token('support@kansli.example');
  for (const call of (await k.api('/nomination-calls?limit=500', { token })).json.items) calls[call.title] = call.id;
});
after(() => browser.close());

const where = (page) => new URL(page.url()).pathname;
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).first().click();
const follow = (page, name) => page.locator('main').getByRole('link', { name, exact: false }).first().click();

for (const js of [true, false]) {
  test(`is made from a gap, published, changed and closed${js ? '' : ' without scripts'}`, async () => {
    const page = await browser.page(k, { js, cookies: jars.karin });
    const title = `Ur en lucka${js ? '' : ' utan skript'}`;
    await page.goto(`/groups/${group}/coverage`);
    await follow(page, 'Utlys det som saknas');
    assert.equal(where(page), `/groups/${group}/nomination-calls/new`);
    assert.ok(await page.getByLabel('Södra sjukvårdsregionen').isChecked());
    assert.ok(await page.getByLabel('Alla sjukvårdsregioner är företrädda').isChecked());
    await page.getByLabel('Titel').fill('');
    await press(page, 'Spara utkastet');
    await page.getByText('Måste fyllas i.').first().waitFor();
    assert.ok(await page.getByLabel('Södra sjukvårdsregionen').isChecked(), 'what was ticked stays ticked');
    await page.getByLabel('Titel').fill(title);
    await page.getByLabel('Sista dag').fill('2026-12-22');
    await page.getByLabel('Norra sjukvårdsregionen').check();
    await press(page, 'Spara utkastet');
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    const address = where(page);
    await press(page, 'Publicera');
    await page.getByText('Utlysningen är publicerad.', { exact: false }).waitFor();
    assert.equal(where(page), address);
    assert.match(await page.locator('dl.facts').innerText(), /30 dagar kvar/);
    await follow(page, 'Ändra');
    await page.getByLabel('Sista dag').fill('2026-12-01');
    await press(page, 'Spara');
    await page.getByText('flyttas bara framåt', { exact: false }).first().waitFor();
    await page.getByLabel('Sista dag').fill('2027-01-31');
    await press(page, 'Spara');
    await page.getByText('Utlysningen är ändrad.').waitFor();
    await follow(page, 'Stäng');
    await page.getByLabel('Skäl').fill('Uppdraget ändras.');
    await press(page, 'Stäng utlysningen');
    await page.getByText('Uppdraget ändras.').waitFor();
    noProblems(page, [/Failed to load resource/]); // the refusals above
  });
}

test('a coordinator who is asked comes from the list to the form', async () => {
  const page = await browser.page(k, { cookies: jars.norra });
  await page.goto('/nomination-calls');
  await page.getByLabel('Tillfrågade').selectOption({ label: 'Norra sjukvårdsregionen' });
  await press(page, 'Filtrera');
  await page.waitForURL(/askedIds=norra/);
  await page.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
  await page.locator('tbody tr').filter({ hasText: 'Kommunal hälso- och sjukvård' }).waitFor();
  await follow(page, 'Kommunal hälso- och sjukvård');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await follow(page, 'Nominera');
  await page.waitForURL(/\/nominations\/new$/);
});

describe('every page of a call', () => {
  const open = 'Ledamot från Södra sjukvårdsregionen';
  const self = 'Närståendeföreträdare i arbetsgruppen för palliativ vård';
  const draft = 'Företrädare för kommunerna i fallskadegruppen';
  const decided = 'Ledamot från Västra sjukvårdsregionen';
  const pages = [
    [null, () => '/nomination-calls'], [null, () => '/nomination-calls?q=finnsinte'], [null, () => '/nomination-calls?status=closed'],
    ['karin', () => '/nomination-calls?status=draft'], [null, () => `/nomination-calls/${calls[open]}`], [null, () => `/nomination-calls/${calls[self]}`],
    ['norra', () => `/nomination-calls/${calls[open]}`], ['karin', () => `/nomination-calls/${calls[draft]}`], ['karin', () => `/nomination-calls/${calls[decided]}`],
    [null, () => `/groups/${group}/nomination-calls`], ['karin', () => `/groups/${group}/nomination-calls`],
    [null, () => '/groups/npo-tandvard/nomination-calls'], ['karin', () => `/groups/${group}/nomination-calls/new`],
    ['karin', () => `/nomination-calls/${calls[draft]}/edit`], ['karin', () => `/nomination-calls/${calls[draft]}/delete`],
    ['karin', () => `/nomination-calls/${calls[open]}/closures/new`], [null, () => `/groups/${group}`], ['karin', () => `/groups/${group}/coverage`],
    ['karin', () => '/vacancies?healthcareRegionId=sodra'],
  ];
  const some = [0, 5, 6, 10, 12]; // the list, what may be answered, the group's, the form
  for (const [how, look, seen] of [
    ['light', {}, pages], ['dark and narrow', { theme: 'dark', width: 390 }, some.map((i) => pages[i])],
    ['in English', { language: 'en-GB' }, some.map((i) => pages[i])],
  ]) {
    test(how, async () => {
      for (const [who, address] of seen) {
        const page = await browser.page(k, { ...look, cookies: jars[who] });
        const reply = await page.goto(address());
        assert.equal(reply.status(), 200, address());
        await fitsWidth(page);
        await accessible(page);
        noProblems(page);
        if (how === 'light') await valid(address(), await reply.text());
        await page.context().close();
      }
    });
  }
});

test('the feed is XML by a browser\'s own reader, in both languages', async () => {
  const page = await browser.page(k);
  await page.goto('/nomination-calls');
  for (const language of ['sv', 'en']) {
    const read = await page.evaluate(async (address) => {
      const text = await (await fetch(address)).text();
      const feed = new DOMParser().parseFromString(text, 'application/xml');
      const atom = 'http://www.w3.org/2005/Atom';
      return {
        wrong: feed.querySelector('parsererror')?.textContent ?? null, root: [feed.documentElement.namespaceURI, feed.documentElement.localName],
        language: feed.documentElement.getAttribute('xml:lang'),
        entries: [...feed.getElementsByTagNameNS(atom, 'entry')].map((e) => e.getElementsByTagNameNS(atom, 'title')[0].textContent),
        images: new DOMParser().parseFromString(feed.getElementsByTagNameNS(atom, 'content')[0].textContent, 'text/html').querySelectorAll('script').length,
      };
    }, `/nomination-calls/feed?language=${language}`);
    assert.equal(read.wrong, null);
    assert.deepEqual(read.root, ['http://www.w3.org/2005/Atom', 'feed']);
    assert.equal(read.language, language);
    assert.ok(read.entries.includes('Ledamot från Södra sjukvårdsregionen'));
    assert.equal(read.images, 0);
  }
});
