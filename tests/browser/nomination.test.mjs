// From a call to an answer in the browser: a coordinator nominates somebody who is not in the register, the nominee and the
// employer answer by their links, and those who decide look at the board, the comparison and what is missing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';
import { sqlite } from '../lib/mail.mjs';

const group = 'nag-palliativ-vard';
const words = 'fyra ord som inte hör ihop';
let k, browser, support, call;
const jars = {};

async function made(where, body = {}) {
  const reply = await k.api(where, { token: support, method: 'POST', body });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  browser = await launch();
  support = await k.token('support@kansli.example');
  for (const who of ['norra', 'support', 'karin.bergstrom']) jars[who] = await k.login(`${who}@kansli.example`, 'kansli-demo-2026');
  const sought = (await k.api(`/groups/${group}/requirements`, { token: support })).json.items.slice(0, 2).map((one) => one.id);
  call = await made(`/groups/${group}/nomination-calls`, { title: 'Två ledamöter', seats: 2, askedIds: ['norra'], requirementIds: sought, opensOn: '2026-11-01', closesOn: '2026-12-31' });
  await made(`/nomination-calls/${call.id}/publications`);
});
after(() => browser.close());

const open = (look = {}, who) => browser.page(k, { ...look, cookies: jars[who] });
const path = (page) => new URL(page.url()).pathname;
const link = (id, purpose) => sqlite(k, `SELECT json_extract(content, '$.path') FROM mail WHERE event LIKE 'nominations:${id}:${purpose}:%' ORDER BY key DESC LIMIT 1;`);
const one = async (id) => (await k.api(`/nominations/${id}`, { token: support })).json;
const flash = (page) => page.getByRole('status').first().innerText();

for (const js of [true, false]) {
  describe(js ? 'with scripts' : 'without scripts', () => {
    const name = js ? 'Medskript' : 'Utanskript', email = `ylva.${name.toLowerCase()}@region.example`;
    let id;

    test('a coordinator nominates somebody who is not in the register, and submits', async () => {
      const page = await open({ js }, 'norra');
      await page.goto(`/nomination-calls/${call.id}`);
      await page.getByRole('link', { name: 'Nominera', exact: true }).click();
      await page.locator('[name=givenName]').fill('Ylva');
      await page.locator('[name=familyName]').fill(name);
      await page.locator('[name=email]').fill(email);
      await page.locator('[name="requirementIds[]"][type=checkbox]').first().check();
      await page.locator('[name=statement]').fill('Kan vården i hela sjukvårdsregionen.');
      await page.getByRole('button', { name: 'Spara utkastet' }).click();
      assert.match(path(page), /^\/nominations\/[\w-]+$/);
      id = path(page).split('/').at(-1);
      assert.match(await page.locator('main').innerText(), new RegExp(`Ylva ${name}`));
      await page.getByRole('link', { name: 'Lämna in' }).first().click();
      await page.getByRole('button', { name: 'Lämna in' }).click();
      assert.equal(path(page), `/nominations/${id}`);
      assert.equal((await one(id)).status, 'submitted');
      assert.match(await page.locator('.routine').innerText(), /Personen svarar genom länken i mejlet/);
      noProblems(page);
    });

    test('a mistake stands beside its field, and what was typed is there', async () => {
      const page = await open({ js }, 'norra');
      await page.goto(`/nomination-calls/${call.id}/nominations/new`);
      await page.getByRole('button', { name: 'Spara utkastet' }).click();
      assert.match(await page.locator('#f-personId-error').innerText(), /Välj någon, eller fyll i namnet på någon som är ny/);
      await page.locator('[name=givenName]').fill('Ylva');
      await page.locator('[name=email]').fill('fel');
      await page.getByRole('button', { name: 'Spara utkastet' }).click();
      assert.equal(await page.locator('[name=givenName]').inputValue(), 'Ylva');
      assert.match(await page.locator('#f-familyName-error').innerText(), /Måste fyllas i/);
      assert.match(await page.locator('#f-email-error').innerText(), /e-postadress/);
      noProblems(page, [/status of 400/]);
    });

    test('the nominee reads what it means, says yes and comes to a login of her own', async () => {
      const page = await open({ js });
      await page.goto(link(id, 'answer'));
      assert.match(await page.locator('h1').innerText(), /Du är nominerad till NAG Palliativ vård/);
      await page.getByLabel('Ja, det får visas').check();
      await page.getByRole('button', { name: 'Ja, jag vill delta' }).click();
      assert.match(path(page), /^\/invitations\//);
      await page.locator('[name=password]').fill(words);
      await page.locator('[name=again]').fill(words);
      await page.getByRole('button', { name: 'Spara lösenordet' }).click();
      assert.equal(path(page), '/login');
      await page.locator('[name=email]').fill(email);
      await page.locator('[name=password]').fill(words);
      await page.getByRole('button', { name: 'Logga in' }).click();
      await page.goto(`/nominations/${id}`);
      await page.getByRole('link', { name: 'Deklarera' }).first().click();
      assert.equal(path(page), '/declarations/new');
      assert.equal((await one(id)).answer, 'yes');
      noProblems(page);
    });

    test('the employer is asked by the coordinator and approves by the link, once', async () => {
      const page = await open({ js }, 'norra');
      await page.goto(`/nominations/${id}`);
      await page.getByRole('link', { name: 'Fråga arbetsgivaren' }).first().click();
      await page.locator('[name=name]').fill('Chef Chefsson');
      await page.locator('[name=email]').fill('chef@region.example');
      await page.getByRole('button', { name: 'Skicka länken' }).click();
      assert.match(await flash(page), /på väg/);
      const manager = await open({ js });
      await manager.goto(link(id, 'employer'));
      await manager.locator('[name=outcome]').selectOption('approved');
      await manager.locator('[name=workloadPercent]').fill('10');
      await manager.getByRole('button', { name: 'Skicka svaret' }).click();
      assert.match(await manager.locator('h1').innerText(), /Tack/);
      assert.equal((await manager.goto(link(id, 'employer'))).status(), 404);
      await page.goto(`/nominations/${id}`);
      assert.match(await page.locator('.routine').innerText(), /Chef Chefsson/);
      noProblems(page);
    });

    test('a decision says what is missing before it is sent, and when it is refused', async () => {
      const page = await open({ js }, 'support');
      await page.goto(`/nominations/${id}/decisions/new`);
      assert.match(await page.locator('.notice.box').innerText(), /Norra sjukvårdsregionen/);
      await page.locator('[name=outcome]').selectOption('appointed');
      await page.locator('[name=reference]').fill('§ 7');
      await page.getByRole('button', { name: 'Registrera beslutet' }).click();
      assert.match(await page.locator('.errors').innerText(), /Norra sjukvårdsregionen/);
      assert.equal(await page.locator('[name=reference]').inputValue(), '§ 7');
      assert.equal((await one(id)).status, 'submitted');
      noProblems(page, [/status of 409/]);
    });

    test('several are decided from the comparison: chosen, looked at once more, all or none', async () => {
      const page = await open({ js }, 'support');
      await page.goto(`/nomination-calls/${call.id}/comparison`);
      const choice = page.getByLabel(`Beslut, Ylva ${name}`);
      await choice.selectOption('notAppointed');
      await page.getByRole('button', { name: 'Kontrollera besluten' }).click();
      await page.getByRole('button', { name: 'Registrera besluten' }).click();
      assert.match(await page.locator('.errors').innerText(), new RegExp(`Ylva ${name}`));
      assert.equal((await one(id)).status, 'submitted');
      await page.locator('[name="decisions.0.reason"]').fill('En annan hade längre erfarenhet.');
      await page.getByRole('button', { name: 'Registrera besluten' }).click();
      assert.equal(path(page), `/nomination-calls/${call.id}/nominations`);
      assert.equal((await one(id)).status, 'notAppointed');
      noProblems(page, [/status of 400/]);
    });
  });
}

describe('how it looks', () => {
  let ids;
  before(async () => {
    ids = [];
    for (const [given, by] of [['Mats', 'norra'], ['Lisa', 'sodra'], ['Per', 'vastra']]) {
      const who = await made('/persons', { givenName: given, familyName: 'Prövad', email: `${given.toLowerCase()}@region.example` });
      const { id } = await made(`/nomination-calls/${call.id}/nominations`, { personId: who.id, nominatorId: by, capacity: 'profession' });
      await made(`/nominations/${id}/submissions`);
      ids.push(id);
    }
    await made(`/nominations/${ids[1]}/region-approvals`, { outcome: 'approved' });
  });
  const pages = {
    board: [() => `/nomination-calls/${call.id}/nominations`, 'karin.bergstrom'], comparison: [() => `/nomination-calls/${call.id}/comparison`, 'support'],
    'one nomination': [() => `/nominations/${ids[0]}`, 'norra'], 'the nominee’s page': [() => link(ids[0], 'answer')],
  };
  for (const [name, [where, who]] of Object.entries(pages)) {
    for (const look of [{ width: 390 }, { theme: 'dark' }, { width: 390, theme: 'dark' }]) {
      test(`${name} ${JSON.stringify(look)}`, async () => {
        const page = await open(look, who);
        await page.goto(where());
        await fitsWidth(page);
        await accessible(page);
        noProblems(page);
      });
    }
  }

  test('a narrow board shows one column at a time, and links lead to the others', async () => {
    const page = await open({ width: 390, js: false }, 'karin.bergstrom');
    await page.goto(`/nomination-calls/${call.id}/nominations`);
    const shown = () => page.locator('.column:visible h3').allInnerTexts();
    assert.deepEqual((await shown()).map((text) => text.split(/\s+\d/)[0]), ['Inkommen']);
    await page.getByRole('link', { name: /^Arbetsgivaren/ }).click();
    assert.equal((await shown()).length, 1);
    assert.match(await page.locator('.column:visible').innerText(), /Lisa Prövad/);
    const wide = await open({ js: false }, 'karin.bergstrom');
    await wide.goto(`/nomination-calls/${call.id}/nominations?column=employer`);
    assert.equal((await wide.locator('.column:visible').count()), 6);
  });

  test('the letter prints as a sheet without the page around it', async () => {
    const { items: [appointed] } = (await k.api('/nominations?status=appointed', { token: support })).json;
    const page = await open({ theme: 'print' }, 'support');
    await page.goto(`/nominations/${appointed.id}/letter`);
    assert.equal(await page.locator('.top').isVisible(), false);
    assert.equal(await page.locator('.paper h1').isVisible(), true);
    assert.equal(await page.getByText('Dagarna till din kalender').isVisible(), false);
  });
});
