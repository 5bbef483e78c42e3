// A declaration's way in a browser: a patient representative writes it on a telephone, without scripts and by keyboard alone;
// it is reviewed beside the one before; a member of the group sees that it is there and nothing of what it says.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, focused, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';
import { sqlite } from '../lib/mail.mjs';

const password = 'kansli-demo-2026';
const group = 'nag-palliativ-vard';
const counterparty = 'Läkemedelsbolaget Exempel';
let k;
let browser;
const jars = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  sqlite(k, 'PRAGMA foreign_keys = ON; DELETE FROM declaration;'); // nobody has declared anything yet
  browser = await launch();
  for (const who of ['viveka.lundhede', 'karin.bergstrom', 'admin', 'support']) jars[who.split('.')[0]] = await k.login(`${who}@kansli.example`, password);
  const token = await k.token('support@kansli.example');
  const person = (await k.api('/persons?q=bo ersmarken', { token })).json.items[0].id;
  jars.member = await k.login((await k.user('medlem@example.org', null, { person })).email);
  jars.reviewer = await k.login((await k.user('vardens@example.org', 'coordinator', { organisation: 'mellansverige' })).email);
});
after(() => browser.close());

const as = (who, look = {}) => browser.page(k, { ...look, cookies: jars[who] });
const where = (page) => new URL(page.url()).pathname;
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).last().click();
const follow = (page, name) => page.locator('main').getByRole('link', { name }).first().click();
const main = (page) => page.locator('main').innerText();

// Answers no to what is left, from the question that the page is at, to the page that checks.
async function noToTheRest(page) {
  while (/questions/.test(where(page))) {
    await page.getByLabel('Nej').check();
    await press(page, 'Spara och fortsätt');
  }
}
async function sign(page) {
  await page.getByLabel(/Jag intygar/).check();
  await press(page, 'Skriv under och skicka in');
}

describe('a patient representative with a telephone', () => {
  let address;

  test('writes it without scripts, stops half-way and goes on', async () => {
    const page = await as('viveka', { js: false, width: 390, height: 844 });
    await page.goto('/declarations');
    await follow(page, 'Börja på en ny deklaration');
    assert.ok(await page.getByLabel(/Patient/).isChecked(), 'guessed from the roles');
    await press(page, 'Börja');
    assert.match(await main(page), /Steg 1 av 8/);
    address = where(page).replace(/\/questions.*/, '');
    assert.ok(await page.locator('#interests').isHidden(), 'rows come with a yes');
    await press(page, 'Spara och fortsätt');
    assert.match(await page.locator('.errors').innerText(), /Välj ja eller nej/);
    await page.getByLabel('Ja', { exact: true }).check();
    assert.ok(await page.locator('#interests').isVisible(), 'without a script');
    await page.locator('[name="interests.0.kind"]').selectOption('consultancy');
    await page.locator('[name="interests.0.counterparty"]').fill(counterparty);
    await page.locator('[name="interests.0.nature"]').selectOption('financial');
    await page.locator('[name="interests.0.startDate"]').fill('2025-03-01');
    await press(page, 'Lägg till en bindning till');
    assert.equal(await page.locator('.interest').count(), 2);
    assert.equal(await page.locator('[name="interests.0.counterparty"]').inputValue(), counterparty);
    await page.locator('[name="interests.1.kind"]').selectOption('publicPosition');
    await page.locator('[name="interests.1.counterparty"]').fill('Kommunen');
    await page.locator('.interest').nth(1).getByRole('button', { name: /Ta bort raden/ }).click();
    assert.equal(await page.locator('.interest').count(), 1);
    await fitsWidth(page);
    await press(page, 'Spara och stäng');
    assert.match(await main(page), /Utkastet är sparat/);
    await follow(page, 'Fortsätt');
    assert.equal(await page.locator('[name="interests.0.counterparty"]').inputValue(), counterparty);
    for (const target of await page.locator('main :is(button:not(.vh), input:not([type=hidden], .tick *), select, .answer, .tick)').all()) {
      const box = await target.boundingBox();
      if (box) assert.ok(box.height >= 24, `${await target.evaluate((e) => e.outerHTML.slice(0, 80))}: ${box.height} px`);
    }
    await press(page, 'Spara och fortsätt');
    await noToTheRest(page);
    assert.equal(where(page), `${address}/check`);
    assert.match(await main(page), new RegExp(counterparty));
    assert.match(await main(page), /Bara den som prövar/);
    await press(page, 'Skriv under och skicka in');
    assert.match(await page.locator('.errors').innerText(), /Din underskrift/);
    await sign(page);
    assert.equal(where(page), address);
    assert.match(await main(page), /väntar på prövning/);
    await fitsWidth(page);
    noProblems(page, [/Failed to load resource/]);
  });

  test('writes another by keyboard alone, begun from the last', async () => {
    const page = await as('viveka', { js: false, width: 390, height: 844 });
    const tabTo = async (pattern) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        if (pattern.test(await focused(page))) return;
      }
      assert.fail(`Tab does not lead to ${pattern}`);
    };
    await page.goto('/declarations/new');
    await page.getByLabel('Nej').count();
    await tabTo(/^button Börja$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/questions\/1/);
    assert.equal(await page.locator('[name="interests.0.counterparty"]').inputValue(), counterparty, 'begun from the last');
    for (let n = 1; n <= 7; n++) {
      await page.waitForURL(new RegExp(`questions/${n}$`));
      await tabTo(/^button Spara och fortsätt$/);
      await page.keyboard.press('Enter');
    }
    await page.waitForURL(/check$/);
    await tabTo(/^input.*attested/);
    await page.keyboard.press('Space');
    await tabTo(/^button Skriv under/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/declarations\/[0-9a-f-]+$/);
    address = where(page);
    await page.goto('/declarations');
    assert.equal(await page.locator('.log > li').count(), 2);
  });

  test('Enter in a field saves and goes on: it never takes a row away', async () => {
    const page = await as('viveka', { js: false });
    await page.goto('/declarations/new');
    await press(page, 'Börja');
    await page.locator('[name="interests.0.counterparty"]').press('Enter');
    await page.waitForURL(/questions\/2$/); // loaded whole: who goes back earlier may find no page to go from
    await page.goBack();
    assert.equal(await page.locator('[name="interests.0.counterparty"]').inputValue(), counterparty);
  });

  test('with scripts what is typed is saved by itself', async () => {
    const page = await as('viveka');
    await page.goto('/declarations');
    await follow(page, 'Fortsätt');
    await page.locator('[name="interests.0.counterparty"]').fill('Bolaget Självsparat');
    await page.getByText(/^Utkast sparat \d\d[.:]\d\d$/).waitFor();
    const again = await as('viveka');
    await again.goto(page.url());
    assert.equal(await again.locator('[name="interests.0.counterparty"]').inputValue(), 'Bolaget Självsparat');
    noProblems(page);
  });

  test('every page of it is accessible, in both themes, languages and widths', async () => {
    for (const look of [{ theme: 'light', width: 1280 }, { theme: 'dark', width: 390 }, { theme: 'light', width: 390, language: 'en-GB' }]) {
      const page = await as('viveka', look);
      await page.goto('/declarations');
      const draft = (await page.locator('a[href$="/questions/1"]').first().getAttribute('href')).replace('/questions/1', '');
      for (const one of ['/declarations', '/declarations/new', `${draft}/questions/1`, `${draft}/questions/2?rows=2`, `${draft}/check`, `${draft}/delete`,
        address, `${address}/withdrawals/new`, `/groups/${group}/declaration-statuses`]) {
        await page.goto(one);
        await accessible(page);
        await fitsWidth(page);
        if (look.language && !/groups/.test(one)) assert.doesNotMatch(await page.title(), /[åäö]/, `${one} in English`);
      }
      await page.goto(`${draft}/questions/2`);
      if (!look.language) {
        await press(page, 'Spara och fortsätt');
        await accessible(page);
        await fitsWidth(page);
      }
      noProblems(page, [/Failed to load resource/]);
    }
  });
});

describe('who reviews', () => {
  test('sees the one before beside the new, with what differs, decides, and the next waits', async () => {
    const own = await as('viveka');
    await own.goto('/declarations');
    await follow(own, 'Fortsätt');
    await own.locator('[name="interests.0.counterparty"]').fill(counterparty);
    await own.locator('.interest details summary').first().click();
    await own.locator('[name="interests.0.description"]').fill('Tre möten om året i en patientpanel.');
    await press(own, 'Spara och fortsätt');
    await noToTheRest(own);
    await sign(own);

    const page = await as('reviewer');
    await page.goto('/declarations');
    assert.match(await main(page), /Väntar på din prövning/);
    await page.getByRole('link', { name: /Pröva ?: Viveka Lundhede, NAG Palliativ vård/ }).click();
    assert.match(await page.locator('.compare').innerText(), /Ändrat[\s\S]*Tidigare[\s\S]*Nu[\s\S]*patientpanel/);
    assert.equal(await page.locator('.compare ins').first().evaluate((e) => getComputedStyle(e).textDecorationLine), 'underline');
    await accessible(page);
    await fitsWidth(page);
    await press(page, 'Besluta');
    assert.match(await page.locator('.errors').innerText(), /Utfall/);
    await accessible(page);
    await page.locator('[name=outcome][value=partialExclusion]').check();
    await page.locator('[name=conditions]').fill('Avstår när bolaget berörs.');
    await page.locator('[name=motivation]').fill('Uppdraget pågår.');
    await press(page, 'Besluta');
    assert.match(await page.locator('.notice.ok').innerText(), /sparad/i);
    const narrow = await as('reviewer', { theme: 'dark', width: 390 });
    await narrow.goto('/declarations');
    await accessible(narrow);
    await fitsWidth(narrow);
    noProblems(page, [/Failed to load resource/]);
  });

  test('is told of to the person, who sees who read what', async () => {
    const page = await as('viveka');
    await page.goto('/declarations');
    assert.match(await main(page), /Avstår när bolaget berörs/);
    await page.locator('.log details summary').first().click();
    assert.match(await page.locator('.log').innerText(), /vardens@example\.org/);
    await accessible(page);
  });
});

describe('others', () => {
  test('a member sees status, outcome and conditions, and nothing of what it says', async () => {
    const page = await as('member', { width: 390 });
    await page.goto(`/groups/${group}/declaration-statuses`);
    assert.match(await main(page), /Viveka Lundhede[\s\S]*Avstår när bolaget berörs/);
    assert.doesNotMatch(await page.content(), new RegExp(`${counterparty}|patientpanel|Uppdraget pågår`));
    await accessible(page);
    await fitsWidth(page);
    await page.goto(`/groups/${group}`);
    assert.match(await main(page), /saknar en giltig deklaration/);
    await accessible(page);
    noProblems(page);
  });

  test('a process leader reminds, and records a paper form', async () => {
    const page = await as('karin', { js: false });
    await page.goto(`/groups/${group}/declaration-statuses`);
    await page.getByRole('checkbox').first().check();
    await press(page, 'Påminn');
    assert.match(await page.locator('.notice.ok').innerText(), /påmin/i);
    await follow(page, 'Lägg in en pappersblankett');
    await page.locator('[name=personId]').fill('Mehmet Arıksoy');
    await page.locator('[name=formVariant]').selectOption('publicRepresentative');
    await page.locator('[name=signedDate]').fill('2026-11-01');
    await page.locator('[name=noInterests]').check();
    await page.locator('[name=attested]').check();
    await press(page, 'Lägg in pappersblanketten');
    assert.equal(where(page), `/groups/${group}/declaration-statuses`);
    for (const look of [{}, { theme: 'dark', width: 390 }]) {
      const see = await as('karin', look);
      for (const one of [`/groups/${group}/declaration-statuses`, `/groups/${group}/declarations/new-paper`, `/groups/${group}/declaration-concentration`]) {
        await see.goto(one);
        await accessible(see);
        await fitsWidth(see);
      }
    }
  });

  test('the support function sees who has not declared; an administrator writes a new version of a form', async () => {
    const support = await as('support', { theme: 'dark', width: 390 });
    await support.goto('/declaration-statuses?status=missing');
    await accessible(support);
    await fitsWidth(support);
    const page = await as('admin', { width: 390 });
    await page.goto('/declaration-forms');
    await accessible(page);
    await page.locator('tbody a').first().click();
    await accessible(page);
    await fitsWidth(page);
    await follow(page, 'Ny version utifrån den här');
    await accessible(page);
    await fitsWidth(page);
    await page.locator('[name="questions.0.text"]').fill('Har du något annat uppdrag?');
    await press(page, 'Spara versionen');
    assert.match(await main(page), /Har du något annat uppdrag\?/);
    noProblems(page);
  });
});
