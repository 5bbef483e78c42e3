// Decisions, actions and status reports in a browser: an owner's day with and without scripts, a report to the principal, and
// every page in all looks.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';
import { valid } from './look.mjs';

const password = 'kansli-demo-2026';
const palliative = 'nag-palliativ-vard';
const falls = 'nag-fallskador-hos-aldre';
const principal = 'npo-aldres-halsa-och-palliativ-vard';
let k;
let browser;
let decision;
const action = {};
const jars = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  browser = await launch();
  for (const who of ['karin.bergstrom', 'viveka.lundhede']) jars[who] = await k.login(`${who}@kansli.example`, password);
  const token = await k.token('karin.bergstrom@kansli.example');
  const first = async (where) => (await k.api(where, { token })).json.items[0]?.id;
  decision = await first('/decisions?q=Erbjudandet');
  action.lifted = await first('/actions?q=kort+version');
  action.dropped = await first('/actions?status=dropped');
});
after(() => browser.close());

const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).first().click();

for (const js of [true, false]) {
  test(`an owner chooses another day, and then it is done${js ? '' : ', without scripts'}`, async () => {
    const page = await browser.page(k, { js, cookies: jars['viveka.lundhede'] });
    await page.goto('/me/tasks');
    await page.locator('main').getByRole('link', { name: 'Mina åtgärder' }).click();
    if (!js) await page.getByRole('link', { name: 'Alla', exact: true }).click();
    const text = 'Läser nästa utkast till kapitlet om vård i hemmet';
    await page.getByRole('link', { name: text, exact: true }).click();
    if (!js) await press(page, 'Öppna den igen');
    if (!js) await page.getByRole('link', { name: text, exact: true }).click();
    await page.locator('input[name=dueDate]').fill('2026-12-18');
    await press(page, 'Välj den dagen');
    await page.getByText('Åtgärden är sparad').first().waitFor();
    await page.getByRole('row', { name: text }).getByText('18 dec. 2026').waitFor();
    await page.getByRole('row', { name: text }).getByRole('button', { name: /^Klar/ }).click();
    await page.getByText('Åtgärden är sparad').first().waitFor();
    assert.equal(await page.getByRole('row', { name: text }).count(), 0, 'it is among the done ones');
    noProblems(page);
  });
}

test('a process leader reports, and the principal has it among the others', async () => {
  const page = await browser.page(k, { cookies: jars['karin.bergstrom'] });
  await page.goto(`/groups/${falls}/status-reports/new`);
  assert.equal(await page.getByLabel('Från').inputValue(), '2026-10-01');
  await page.getByLabel('Hur det går').selectOption('offTrack');
  await page.getByLabel('I ord').fill('Provet är **pausat** till i vår.');
  await press(page, 'Skicka rapporten');
  await page.getByText('Rapporten är skickad', { exact: false }).first().waitFor();
  assert.equal(await page.locator('.prose strong').innerText(), 'pausat');
  await page.goto(`/groups/${principal}/status-reports`);
  await page.getByRole('row', { name: /NAG Fallskador hos äldre.*Ur kurs/ }).waitFor();
  noProblems(page);
});

// That every page is sound in its first look is pages.test.mjs's; here: other looks, other states.
describe('pages', () => {
  const other = ['/decisions/:decision', '/actions?status=open,done,dropped&sort=-dueDate', '/actions/:lifted', `/groups/${palliative}/decisions`,
    `/groups/${principal}/status-reports`, `/groups/${palliative}/status-reports/new`];
  const looks = [
    ['karin.bergstrom', {}, [`/groups/${principal}/status-reports`, '/decisions?q=finnsinte', '/actions/:dropped']],
    ['viveka.lundhede', {}, ['/me/actions?status=dropped', '/actions/:lifted', '/decisions/:decision']],
    ['karin.bergstrom', { theme: 'dark' }, other],
    ['karin.bergstrom', { width: 390, height: 800 }, other],
    ['karin.bergstrom', { language: 'en-GB' }, other],
  ];
  for (const [who, look, list] of looks) {
    test(`are valid, accessible and fit: ${who} ${JSON.stringify(look)}`, async () => {
      const page = await browser.page(k, { ...look, cookies: jars[who] });
      for (const one of list) {
        const where = one.replace(':decision', decision).replace(/:(lifted|dropped)/, (_, which) => action[which]);
        const reply = await page.goto(where);
        assert.equal(reply.status(), 200, where);
        if (look.language) await valid(where, await reply.text());
        else await accessible(page);
        await fitsWidth(page);
      }
      noProblems(page);
    });
  }
});
