// A mandate's way in a browser: written with a preview, submitted, approved by both principals, compared, printed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';

const password = 'kansli-demo-2026';
const rag = 'rag-palliativ-vard-mellansverige';
const principals = ['rpo-aldres-halsa-och-palliativ-vard-mellansverige', 'rpo-cancersjukdomar-mellansverige'];
let k;
let browser;
const jars = {};
before(async () => {
  k = await start({ demo: true });
  browser = await launch();
  jars.karin = await k.login('karin.bergstrom@kansli.example', password); // process leader of the first principal
  jars.other = await k.login((await officer(principals[1])).email);
});
after(() => browser.close());

// Somebody who is officer of that group and of no other.
async function officer(of) {
  const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
  const id = sql(`SELECT p.id FROM person p WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.person_key = p.key) AND NOT EXISTS (SELECT 1 FROM membership m
    WHERE m.person_key = p.key AND m.role IN ('chair', 'viceChair', 'processLeader', 'secretary')) ORDER BY p.key LIMIT 1;`);
  sql(`INSERT INTO membership (id, person_key, group_key, role, capacity, start_date, modified) SELECT 'c0ffee00-0000-4000-8000-000000000001', p.key, b.key, 'secretary',
    'profession', '2024-01-01', '2026-01-01T00:00:00.000Z' FROM person p, body b WHERE p.id = '${id}' AND b.id = '${of}';`);
  return k.user('sekreterare@example.org', null, { person: id });
}
const as = (who, look = {}) => browser.page(k, { ...look, cookies: jars[who] });
const press = (page, name) => page.getByRole('button', { name, exact: false }).first().click();
const follow = (page, name) => page.locator('main').getByRole('link', { name, exact: false }).first().click();
const where = (page) => new URL(page.url()).pathname;

describe('a mandate', () => {
  let address;

  test('is written from the one in force, with a preview made by the server and rows added', async () => {
    const page = await as('karin');
    await page.goto(`/groups/${rag}/mandates`);
    await follow(page, 'Ny version');
    assert.equal(where(page), `/groups/${rag}/mandates/new`);
    const purpose = page.getByLabel('Syfte');
    assert.match(await purpose.inputValue(), /expertgrupp/);
    await purpose.fill('Arbetsgruppen är uppdragsgivarnas **expertgrupp**.\n\n<script>alert(1)</script>\n\n- ett\n- två');
    await page.getByText('Så här kommer det att se ut').first().click();
    await page.locator('#f-purpose-preview li').nth(1).waitFor();
    assert.equal(await page.locator('#f-purpose-preview strong').innerText(), 'expertgrupp');
    assert.equal(await page.locator('#f-purpose-preview script').count(), 0);
    const rows = page.locator('#f-deliverables .row');
    const before_ = await rows.count();
    await page.locator('#f-deliverables').getByRole('button', { name: 'Lägg till en rad' }).click();
    assert.equal(await rows.count(), before_ + 1);
    await rows.last().getByLabel('Leverans').fill('Rapport till båda');
    await rows.last().getByLabel('Senast').fill('2029-06-30');
    await page.getByLabel('Gäller från').fill('2029-01-01');
    await page.getByLabel('Gäller till').fill('2028-12-31');
    await accessible(page);
    await fitsWidth(page);
    await press(page, 'Spara utkastet');
    assert.equal(await page.locator('.errors li').count(), 1, 'the last day comes before the first');
    assert.equal(await page.locator('#f-deliverables .row').first().getByLabel('Leverans').inputValue(), 'Rapport till båda');
    await page.getByLabel('Gäller till').fill('2031-12-31');
    await press(page, 'Spara utkastet');
    address = where(page);
    assert.match(address, /^\/mandates\/[0-9a-f-]+$/);
    assert.match(await page.locator('main').innerText(), /Rapport till båda senast 30 juni 2029/);
    await accessible(page);
    noProblems(page, [/Failed to load resource/]);
  });

  test('is submitted and approved by both principals, each for itself', async () => {
    const page = await as('karin');
    await page.goto(address);
    await press(page, 'Skicka in för godkännande');
    assert.equal(where(page), address);
    assert.match(await page.locator('main').innerText(), /Väntar på RPO Äldres hälsa och palliativ vård[\s\S]*, RPO Cancersjukdomar/);
    await follow(page, 'Godkänn eller återlämna');
    assert.match(await page.getByRole('combobox', { name: 'Uppdragsgivare' }).inputValue(), /^RPO Äldres hälsa/, 'her own group is there already');
    await page.getByLabel('Beslut').selectOption('returned');
    await press(page, 'Godkänn eller återlämna');
    assert.match(await page.locator('.errors').innerText(), /Skriv vad som bör ändras/);
    await accessible(page);
    await page.getByLabel('Beslut').selectOption('approved');
    await press(page, 'Godkänn eller återlämna');
    assert.match(await page.locator('.notice.ok').innerText(), /väntar fortfarande/);
    const other = await as('other', { width: 390, theme: 'dark' });
    await other.goto(`/groups/${rag}/mandates`);
    await accessible(other);
    await fitsWidth(other);
    await follow(other, 'Godkänn eller återlämna');
    assert.match(await other.getByRole('combobox', { name: 'Uppdragsgivare' }).inputValue(), /^RPO Cancersjukdomar/);
    await other.getByLabel('Beslut').selectOption('approved');
    await press(other, 'Godkänn eller återlämna');
    assert.match(await other.locator('.notice.ok').innerText(), /är godkänd/);
    assert.equal((await k.api(address)).json.status, 'approved', 'and public');
    noProblems(page, [/Failed to load resource/]);
    noProblems(other);
  });

  test('is compared with the version before, changes marked by words and by more than colour', async () => {
    const page = await as();
    await page.goto(`/groups/${rag}/mandates`);
    await press(page, 'Jämför');
    assert.equal(where(page), `${address}/comparison`);
    const purpose = page.locator('.change').first();
    assert.match(await purpose.locator('del').first().innerText(), /borttaget:/);
    assert.match(await purpose.locator('ins').first().innerText(), /tillagt:/);
    assert.match(await purpose.locator('del').first().evaluate((e) => getComputedStyle(e).textDecorationLine), /line-through/);
    assert.match(await purpose.locator('ins').first().evaluate((e) => getComputedStyle(e).textDecorationLine), /underline/);
    await accessible(page);
    noProblems(page);
  });

  test('prints as pages of A4 with their number, without navigation, with places to sign', async () => {
    const page = await as();
    await page.goto(`${address}/document`);
    await accessible(page);
    const file = path.join(k.dir, 'mandate.pdf');
    await page.pdf({ path: file, preferCSSPageSize: true });
    const bytes = fs.readFileSync(file).toString('latin1');
    const pages = [...bytes.matchAll(/\/Type\s*\/Page\b/g)].length;
    assert.ok(pages >= 1 && pages < 6, `${pages} pages`);
    assert.match(bytes, /\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.top').isVisible(), false);
    assert.equal(await page.locator('.foot').isVisible(), false);
    assert.equal(await page.getByText('Tillbaka till').isVisible(), false);
    assert.equal(await page.locator('.signature').count(), 2);
    noProblems(page);
  });

  test('can be written and looked at without a script', async () => {
    const page = await as('karin', { js: false });
    await page.goto('/groups/nag-palliativ-vard/mandates/new');
    await page.getByLabel('Syfte').fill('Utan **skript**.');
    await page.locator('#f-deliverables .row').last().getByLabel('Leverans').fill('En rad');
    const [shown] = await Promise.all([page.context().waitForEvent('page'), press(page, 'Förhandsgranska')]);
    await shown.waitForLoadState();
    assert.match(await shown.locator('main').innerText(), /Utan skript\./);
    assert.equal(await shown.locator('main strong').first().innerText(), 'skript');
    assert.equal(await page.getByLabel('Syfte').inputValue(), 'Utan **skript**.', 'what was typed stands');
    await page.getByLabel('Gäller från').fill('2030-01-01');
    await press(page, 'Spara utkastet');
    assert.match(await page.locator('main').innerText(), /En rad/);
  });
});
