// How a page is looked at, whichever it is: status, one heading, a title, nothing meant for programs,
// within its width, accessible, in one language, quiet; and its HTML by the rules of htmlvalidate.json.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { start } from '../lib/kansli.mjs';
import { readers } from './addresses.mjs';
import { misspoken, namesOf } from './words.mjs';

const validator = new HtmlValidate(new StaticConfigLoader(
  JSON.parse(fs.readFileSync(new URL('htmlvalidate.json', import.meta.url)))));

// A demo register that is served, a browser, and one page of it for each reader and way of looking.
export async function onlookers() {
  const k = await start({ demo: true });
  const [browser, jars, names] = await Promise.all([launch(), readers(k), namesOf(k)]);
  const open = new Map();

  async function pageFor(who, how) {
    const name = JSON.stringify([who, how]);
    if (!open.has(name)) open.set(name, await browser.page(k, { ...how, cookies: jars[who] }));
    const page = open.get(name);
    page.problems.length = 0;
    return page;
  }

  return {
    k,
    close: () => browser.close(),
    // The page as its bytes: {status, text}.
    fetch: (who, address) => k.page(address, { cookies: jars[who]?.header }),

    // The page as the browser shows it: {lang}. how: what lib/browser.mjs takes: theme, width, language …
    // rules: false leaves axe out, where only the width is new.
    async look(who, address, { status = 200, rules = true, ...how } = {}) {
      const page = await pageFor(who, how);
      const reply = await page.goto(address);
      assert.equal(reply.status(), status, `${address}: ${reply.status()}`);
      const told = await page.evaluate(() => ({
        lang: document.documentElement.lang,
        title: document.title,
        h1: [...document.querySelectorAll('h1')].map((e) => e.innerText.trim()),
        raw: [...document.querySelectorAll('main :is(td, dd, p, li, th, h1, h2, h3, .tag)')].map((e) => e.innerText)
          .filter((text) => /\{\{|\}\}|\bundefined\b|^null$|\[object/.test(text)),
      }));
      assert.equal(told.h1.length, 1, `h1 of ${address}: ${told.h1.join(' | ')}`);
      assert.ok(told.h1[0], `the heading of ${address} is empty`);
      assert.match(told.title, address === '/' ? /kansli/ : /\S+ – kansli$/, `the title of ${address}`);
      assert.deepEqual(told.raw, [], `${address} shows what is meant for programs`);
      await fitsWidth(page);
      if (rules) await accessible(page);
      const strange = await misspoken(page, names);
      assert.deepEqual(strange, [], `${address} in ${told.lang} says: ${strange.join(' | ')}`);
      noProblems(page, status === 200 ? [] : [/Failed to load resource/]);
      return told;
    },
  };
}

export async function valid(address, text) {
  const report = await validator.validateString(text, address);
  const found = report.results.flatMap((r) => r.messages).map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
  assert.deepEqual(found, [], `${address}:\n${found.join('\n')}`);
}
