// Debian's Chromium for the tests: pages in themes, widths and languages, with and without scripts.
//
//   const browser = await launch();            after(() => browser.close());
//   const page = await browser.page(k, { theme: 'dark', width: 390, cookies: jar });
//   await page.goto('/groups/npo-tandvard');   await accessible(page);   noProblems(page);
//
// Chromium is told to contact nobody but the server under test, and what a page tries all the same,
// what it writes on the console and what its Content-Security-Policy stops is in page.problems.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { long, out } from './kansli.mjs';

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const themes = ['light', 'dark'];
export const widths = [1280, 390];

export async function launch() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-default-apps', '--no-first-run',
      '--disable-domain-reliability', '--disable-breakpad', '--no-pings', '--metrics-recording-only',
      '--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  return {
    close: () => browser.close(),
    // A page in a context of its own. cookies: a jar from k.login(). js: false switches scripts off.
    // theme: light, dark or print; contrast: more; motion: reduce unless told otherwise.
    async page(k, {
      theme = 'light', width = 1280, height = 900, js = true, language = 'sv-SE', cookies,
      contrast = 'no-preference', forcedColors = 'none', motion = 'reduce', zoom = 1,
    } = {}) {
      const context = await browser.newContext({
        baseURL: k.url, viewport: { width, height }, javaScriptEnabled: js, locale: language,
        timezoneId: 'Europe/Stockholm', colorScheme: theme === 'print' ? 'light' : theme, forcedColors,
        reducedMotion: motion, deviceScaleFactor: zoom, serviceWorkers: 'block',
      });
      if (cookies) {
        await context.addCookies([...cookies.cookies].map(([name, value]) => ({ name, value, url: k.url })));
      }
      const page = await context.newPage();
      page.scripts = js;
      page.look = [theme, width, contrast, forcedColors, zoom].join(' ');
      await page.emulateMedia({ media: theme === 'print' ? 'print' : 'screen', contrast });
      page.setDefaultTimeout(15_000);
      page.problems = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) page.problems.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => page.problems.push(`script: ${error.message}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(k.url) && !/^(data|blob|about):/.test(request.url())) {
          page.problems.push(`contacts ${request.url()}`);
        }
      });
      return page;
    },
  };
}

// What axe finds: [] or one line for each rule and element. It waits for timers, which a page without
// scripts has not: look at the same page with them. axe comes with each further page by itself, and only
// what breaks a rule is told: both are large.
const equipped = new WeakSet();
export async function axe(page, { exclude = [] } = {}) {
  assert.ok(page.scripts, 'axe needs a page with scripts');
  if (!equipped.has(page)) {
    equipped.add(page);
    await page.addInitScript({ content: axeSource });
    await page.evaluate(axeSource);
  }
  return page.evaluate(async ([tags, skip]) => {
    const { violations } = await globalThis.axe.run({ include: [['html']], exclude: skip.map((one) => [one]) },
      { runOnly: tags, resultTypes: ['violations'] });
    return violations.flatMap((rule) => rule.nodes.map((node) =>
      `${rule.id}: ${rule.help}: ${node.target.join(' ')} ${node.failureSummary.split('\n').slice(1, 3).join(' ').trim()}`));
  }, [axeTags, exclude]);
}

// Asks axe. It judges how elements are made and not what they say: a short run spares it a page on which every
// kind of element has been judged before, by this file and in this look.
const judged = new Map();
export async function accessible(page, options) {
  const known = judged.get(page.look) ?? new Set();
  judged.set(page.look, known);
  const kinds = long ? [] : await page.evaluate(() => {
    const name = (e) => `${e?.localName}.${e?.getAttribute('class')}`;
    return [...new Set(Array.from(document.querySelectorAll('body *'), (e) =>
      [name(e.parentElement.parentElement), name(e.parentElement), name(e), e.getAttribute('type'), ...e.getAttributeNames()].join(' ')))];
  });
  if (!long && kinds.every((kind) => known.has(kind))) return;
  const found = await axe(page, options);
  assert.deepEqual(found, [], `${page.url()} has accessibility problems:\n${found.join('\n')}`);
  for (const kind of kinds) known.add(kind);
}

// Nothing on the console, nobody contacted, no policy violated; expected: patterns that may stand there.
export function noProblems(page, expected = []) {
  const left = page.problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
  assert.deepEqual(left, [], `${page.url()}:\n${left.join('\n')}`);
}

// The page itself never scrolls sideways (WCAG 1.4.10); tables may, inside themselves.
export async function fitsWidth(page) {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const guilty = [...document.body.querySelectorAll('*')]
      .filter((e) => e.getBoundingClientRect().right > clientWidth + 1 && !e.closest('[tabindex], .scroll'))
      .slice(0, 3).map((e) => `${e.tagName.toLowerCase()}.${e.className}`);
    return `${scrollWidth} px in ${clientWidth}: ${guilty.join(', ')}`;
  });
  assert.equal(wide, null, `${page.url()} scrolls sideways: ${wide}`);
}

// A picture for people, in tests/out/NAME.png.
export async function shoot(page, name, { whole = true } = {}) {
  const file = path.join(out, `${name}.png`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, fullPage: whole, animations: 'disabled' });
  return file;
}

// Where Tab leads, in words: for tests that use the keyboard alone.
export function focused(page) {
  return page.evaluate(() => {
    const e = document.activeElement;
    return e && e !== document.body
      ? `${e.tagName.toLowerCase()} ${(e.getAttribute('aria-label') || e.innerText || e.name || e.id || '').trim()}` : '';
  });
}
