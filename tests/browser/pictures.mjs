// Pictures for people, of a fresh demo register: `make pictures`.
//
// The few that the README shows go to tests/pictures, one screen each; every page in every look, in its
// whole length, to tests/out/pictures, for the eyes of whoever changes a template. Not a test: it asks
// nothing but that each page is there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { launch } from '../lib/browser.mjs';
import { out, root, start } from '../lib/kansli.mjs';

const shown = path.join(root, 'tests/pictures');
const every = path.join(out, 'pictures');
for (const directory of [shown, every]) fs.mkdirSync(directory, { recursive: true });
const inReadme = ['levels-light', 'group-light', 'members-light', 'coverage-light', 'matrix-light', 'levels-mobile-dark',
  'tasks-light', 'board-light', 'comparison-light', 'question-mobile', 'meeting-light', 'editor-light', 'minutes-light',
  'search-light', 'calendar-light', 'year-light', 'plan-light', 'review-light', 'gaps-light', 'steering-light', 'import-light', 'api-light'];

// The worked example as it stands on one day, so that next year's pictures show the same.
const k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
const meetingOn = async (name, day) => (await k.api(`/groups/${name}/meetings?from=${day}&to=${day}`, { token })).json.items[0].id;
const minutesOf = async (meeting) => (await k.api(`/meetings/${meeting}/minutes`, { token })).json.items[0].id;
const token = await k.token('karin.bergstrom@kansli.example', 'read');
const held = await meetingOn('nag-palliativ-vard', '2026-05-21');
const draft = await minutesOf(await meetingOn('nag-fallskador-hos-aldre', '2026-11-12'));
const [, item] = (await k.api(`/meetings/${held}/agenda-items`, { token })).json.items;
const planOf = async (group, year) => (await k.api(`/groups/${group}/plans?year=${year}`, { token: await k.token('oskar.lillbro@kansli.example', 'read') })).json.items[0].id;
const [seat] = (await k.api('/nomination-calls?groupId=nag-palliativ-vard&q=S%C3%B6dra')).json.items;

// A spreadsheet as it is kept: people who are known, one of them with a new title, one who is new, and an address that is wrong.
const support = await k.token('support@kansli.example', 'write');
const known = (await k.api('/persons?employerId=region-dalarna&limit=20', { token: support })).json.items.filter((p) => p.email).slice(0, 3);
const sheet = ['Förnamn;Efternamn;E-post;Titel', ...known.map((p, i) => [p.givenName, p.familyName, p.email, i ? p.title ?? '' : 'Medicinskt ledningsansvarig'].join(';')),
  'Ylva;Nyström;ylva.nystrom@kansli.example;Sjuksköterska', 'Bo;Falk;bo.falk@;Fysioterapeut'].join('\r\n');
const sent = await k.api('/imports?resource=persons', { method: 'POST', token: support, headers: { 'content-type': 'multipart/form-data; boundary=x' },
  body: `--x\r\nContent-Disposition: form-data; name="file"; filename="Vårens nya.csv"\r\n\r\n${sheet}\r\n--x--\r\n` });
assert.equal(sent.status, 201, sent.text);

const upTo = (page, what) => page.locator(what).evaluate((e) => e.scrollIntoView());

const pages = {
  start: ['/', 'karin.bergstrom'],
  levels: ['/levels', 'karin.bergstrom'],
  region: ['/levels/healthcare-region/norra'],
  group: ['/groups/nag-palliativ-vard', 'karin.bergstrom'],
  members: ['/groups/nag-palliativ-vard/memberships', 'karin.bergstrom'],
  coverage: ['/groups/nag-palliativ-vard/coverage', 'karin.bergstrom'],
  mandate: ['/groups/nag-palliativ-vard/mandates', 'karin.bergstrom'],
  introduction: ['/groups/nag-palliativ-vard/introduction', 'viveka.lundhede'],
  organisation: ['/organisations/norra', 'norra'],
  vacancies: ['/vacancies'],
  shares: ['/statistics/shares?healthcareRegion=norra'],
  checks: ['/checks', 'karin.bergstrom'],
  persons: ['/persons', 'support'],
  imports: ['/imports/new', 'karin.bergstrom'],
  import: [`/imports/${sent.json.id}`, 'support'],
  api: ['/api', 'karin.bergstrom'],
  try: ['/api/try?path=/groups/nag-palliativ-vard', 'karin.bergstrom'],
  matrix: ['/matrix'],
  list: ['/groups?kind=rpo'],
  login: ['/login'],
  'edit-errors': ['/groups/nag-palliativ-vard/edit', 'karin.bergstrom', async (page) => {
    await page.locator('#f-name').fill('');
    await page.locator('#f-contactEmail').fill('ingen adress');
    await page.locator('main form button.pri').click();
    await page.locator('.errors').waitFor();
  }],
  history: ['/groups/nag-palliativ-vard/history', 'karin.bergstrom'],
  tasks: ['/me/tasks', 'karin.bergstrom'],
  call: [`/nomination-calls/${seat.id}`],
  board: [`/nomination-calls/${seat.id}/nominations`, 'karin.bergstrom'],
  comparison: [`/nomination-calls/${seat.id}/comparison`, 'karin.bergstrom'],
  meeting: [`/meetings/${held}?item=${item.id}`, 'karin.bergstrom'],
  attendance: [`/meetings/${held}/attendance`, 'karin.bergstrom'],
  editor: [`/minutes/${draft}/edit`, 'karin.bergstrom'],
  minutes: [`/minutes/${await minutesOf(held)}`, 'karin.bergstrom'],
  document: [`/minutes/${await minutesOf(held)}/document`, 'karin.bergstrom'],
  decisions: ['/decisions', 'karin.bergstrom'],
  actions: ['/actions', 'karin.bergstrom'],
  reports: ['/groups/npo-aldres-halsa-och-palliativ-vard/status-reports', 'karin.bergstrom'],
  search: ['/search?q=ordination', 'karin.bergstrom'],
  calendar: ['/calendar?mine=true', 'karin.bergstrom'],
  year: ['/calendar?mine=true&year=2026', 'karin.bergstrom'],
  plan: [`/plans/${await planOf('npo-aldres-halsa-och-palliativ-vard', 2026)}`, 'karin.bergstrom', (page) => upTo(page, '.head .tabs')],
  review: [`/plans/${await planOf('npo-lung-och-allergisjukdomar', 2027)}/review?show=sides`, 'oskar.lillbro', (page) => upTo(page, 'main .cols')],
  incoming: ['/groups/sks/incoming-plans', 'oskar.lillbro'],
  gaps: ['/groups/npo-aldres-halsa-och-palliativ-vard/gaps', 'karin.bergstrom', (page) => upTo(page, '.head .tabs')],
  reviews: ['/groups/npo-aldres-halsa-och-palliativ-vard/reviews', 'karin.bergstrom'],
  steering: ['/steering', 'oskar.lillbro'],
  progress: ['/groups/npo-aldres-halsa-och-palliativ-vard/progress', 'oskar.lillbro'],
  statuses: ['/groups/nag-palliativ-vard/declaration-statuses', 'karin.bergstrom'],
  question: ['/declarations/new', 'viveka.lundhede', async (page) => {
    await page.locator('main .btn.pri').first().click(); // begins, and from the second look on goes on
    await page.waitForURL(/questions/);
    await page.locator('#f-answer-yes').check();
  }],
};
const looks = {
  light: { height: 980 },
  dark: { theme: 'dark' },
  mobile: { width: 390, height: 844 },
  'mobile-dark': { width: 390, height: 844, theme: 'dark' },
  english: { language: 'en-GB' },
};

const browser = await launch();
for (const [look, how] of Object.entries(looks)) {
  const jars = {};
  for (const [name, [address, who, act]] of Object.entries(pages)) {
    if (who) jars[who] ??= await k.login(`${who}@kansli.example`, 'kansli-demo-2026');
    const page = await browser.page(k, { ...how, cookies: who && jars[who] });
    const reply = await page.goto(address);
    assert.equal(reply.status(), 200, address);
    await act?.(page);
    await page.evaluate(() => document.fonts.ready);
    const file = `${name}-${look}`;
    await page.screenshot({ path: path.join(every, `${file}.png`), fullPage: true, animations: 'disabled' });
    if (inReadme.includes(file)) await page.screenshot({ path: path.join(shown, `${file}.png`), animations: 'disabled' });
    await page.context().close();
  }
}
await browser.close();
await k.stop();
