// Writing minutes in a browser: what is typed is previewed and kept while it is typed, a lost network is told and made good,
// two who write at once choose between their texts, and every page of it in all looks. Without scripts: minutes_edit.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';
import { valid } from './look.mjs';

let k;
let browser;
let karin;
let token;
let minutes;
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  browser = await launch();
  karin = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
  token = await k.token('support@kansli.example');
  const made = await k.api('/groups/nag-palliativ-vard/meetings', { token, method: 'POST', body: { title: 'Skrivmöte', startsAt: '2026-11-10T08:00:00Z', endsAt: '2026-11-10T11:00:00Z', mode: 'online' } });
  minutes = (await k.api(`/meetings/${made.json.id}/minutes`, { token, method: 'POST', body: { text: '## Öppning\n\nMötet öppnas.' } })).json.id;
});
after(() => browser.close());

const others = async (text) => {
  const { etag } = await k.api(`/minutes/${minutes}`, { token });
  assert.equal((await k.api(`/minutes/${minutes}`, { token, method: 'PATCH', body: { text }, headers: { 'if-match': etag } })).status, 200);
};
async function looks(where) {
  for (const look of [{}, { width: 390, theme: 'dark', language: 'en-GB' }]) {
    const page = await browser.page(k, { ...look, cookies: karin });
    const reply = await page.goto(where);
    if (!look.width) await valid(where, await reply.text());
    await accessible(page);
    await fitsWidth(page);
    noProblems(page);
    await page.context().close();
  }
}

test('what is typed is previewed and kept; a lost network is told and made good; two texts become one', async () => {
  const page = await browser.page(k, { cookies: karin });
  await page.goto(`/minutes/${minutes}/edit`);
  const text = page.getByLabel('Text', { exact: true });
  const status = page.locator('[data-draft-status]');
  await text.press('Control+End');
  await text.pressSequentially('\n\nBeslut: Utkast 2 skickas.\n\nÅtgärd: @Ingen ringer');
  await page.locator('#preview .tag.ok', { hasText: 'Beslut' }).waitFor();
  await page.locator('#preview').getByText('Rad 7:').waitFor();
  await status.getByText('Utkastet sparades 11.00.').waitFor();
  await page.context().setOffline(true);
  await text.pressSequentially(' runt');
  await status.getByText('Försöker igen', { exact: false }).waitFor();
  await page.context().setOffline(false);
  await status.getByText('Utkastet sparades 11.00.').waitFor();
  await page.goto('/groups');
  await page.goto(`/minutes/${minutes}/edit`);
  assert.match(await text.inputValue(), /ringer runt$/, 'nothing asked on the way out, everything there on the way back');
  await looks(`/minutes/${minutes}/edit`);

  await others('## Öppning\n\nMötet öppnades 9.00.');
  await page.getByRole('button', { name: 'Spara', exact: true }).click();
  await page.getByRole('heading', { name: 'Två texter blir en' }).waitFor();
  await looks(`/minutes/${minutes}/merge`);
  await page.getByRole('button', { name: 'Sätt ihop texterna' }).press('Enter');
  await text.waitFor();
  assert.equal(await text.inputValue(), '## Öppning\n\nMötet öppnades 9.00.\n\nBeslut: Utkast 2 skickas.\n\nÅtgärd: @Ingen ringer runt');
  await page.getByRole('button', { name: 'Spara', exact: true }).click();
  await page.waitForURL(`**/minutes/${minutes}`);
  page.problems.splice(0, page.problems.length, ...page.problems.filter((one) => !/ERR_INTERNET_DISCONNECTED/.test(one)));
  noProblems(page);
});
