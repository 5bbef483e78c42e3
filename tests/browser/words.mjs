// Whether a page speaks one language: no text of the catalogue's other side may stand in it.
//
// A text with gaps ({name}, tags) is held against its longer pieces, any other against whole text
// nodes. What is data (names of bodies, kinds, entries) keeps its language and is left out.
import fs from 'node:fs';
import path from 'node:path';
import { catalogue, parsePo } from '../lint/po.mjs';
import { root } from '../lib/kansli.mjs';

const entries = parsePo(fs.readFileSync(path.join(root, catalogue), 'utf8'))
  .filter((entry) => entry.id && entry.strings[0]);
const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
const pieces = (text) => text.split(/\{[^}]*\}+|<[^>]*>/).map(squeeze).filter(Boolean);

function side(ours, theirs) {
  const own = new Set(entries.flatMap(ours).map(squeeze));
  const whole = new Set();
  const parts = new Set();
  for (const text of entries.flatMap(theirs).map(squeeze)) {
    if (own.has(text)) continue;
    const gaps = pieces(text);
    if (gaps.length === 1 && gaps[0] === text) whole.add(text);
    else gaps.filter((piece) => piece.length > 10 && / \S+ /.test(piece)).forEach((piece) => parts.add(piece));
  }
  return { whole, parts: [...parts] };
}
const english = (entry) => [entry.id, entry.plural ?? entry.id];
const swedish = (entry) => entry.strings;
const foreign = { sv: side(swedish, english), en: side(english, swedish) };

// Every text that a reader or a screen reader meets and that is not marked as another language.
export function textsOf(page) {
  return page.evaluate(() => {
    const lang = document.documentElement.lang;
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.nodeType === Node.ELEMENT_NODE) {
        if (node.closest('[lang]').lang !== lang) continue;
        texts.push(...['title', 'aria-label', 'placeholder'].map((name) => node.getAttribute(name)).filter(Boolean));
      } else if (element.closest('[lang]').lang === lang && !element.closest('script, style, template, code, del, ins')) {
        texts.push(node.data);
      }
    }
    return texts;
  });
}

// What stands in the wrong language on a page; data: a Set of texts that are nobody's language.
export async function misspoken(page, data) {
  const language = await page.evaluate(() => document.documentElement.lang);
  const { whole, parts } = foreign[language];
  const found = (await textsOf(page)).map(squeeze)
    .filter((text) => !data.has(text) && (whole.has(text) || parts.some((piece) => text.includes(piece))));
  return [...new Set(found)];
}

// The names in the register, as the API tells them, and those of the demo's accounts.
export async function namesOf(k) {
  const names = new Set(['Administratör', 'Revisor', 'Dataskyddsombud', 'Nationella stödfunktionen']);
  for (const where of ['/group-kinds', '/glossary', '/organisations', '/groups']) {
    for (let next = `${where}?limit=200`; next;) {
      const { json } = await k.api(next);
      for (const one of json.items) Object.values(one).filter((v) => typeof v === 'string').forEach((v) => names.add(squeeze(v)));
      next = json._links.find((link) => link.rel === 'next')?.href;
    }
  }
  return names;
}
