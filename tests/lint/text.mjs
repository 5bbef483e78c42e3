// Rules about everything else that is text: templates, static files, and words that never belong in
// what is committed.
import { finding } from './source.mjs';
import { tags } from '../lib/html.mjs';

export function templates(files) {
  const found = [];
  for (const file of files.filter((f) => /^web\/templates\/.*\.html$/.test(f.path))) {
    const say = (at, message) => found.push(finding(file.path, file.text, at, 'inline', message));
    const plain = file.text.replace(/\{\{![\s\S]*?\}\}/g, (c) => c.replace(/[^\n]/g, ' '));
    for (const m of plain.matchAll(/<style\b/gi)) say(m.index, 'style belongs in web/static');
    for (const m of plain.matchAll(/<script\b([^>]*)>/gi)) if (!/\bsrc=/.test(m[1])) say(m.index, 'a script without src');
    for (const m of plain.matchAll(/[\s"']style\s*=\s*["'{]/gi)) say(m.index, 'an inline style');
    for (const m of plain.matchAll(/[\s"']on[a-z]{3,}\s*=\s*["'{]/gi)) say(m.index, 'an inline handler');
    for (const m of plain.matchAll(/javascript:/gi)) say(m.index, 'an address that is a script');
    for (const m of plain.matchAll(/\{\{\{\s*([^}]*?)\s*\}\}\}|\{\{&\s*([^}]*?)\s*\}\}/g)) {
      if (!/Html$/.test(m[1] ?? m[2])) say(m.index, `{{{${m[1] ?? m[2]}}}}: unescaped only for names that end in Html`);
    }
    for (const tag of tags(plain)) {
      if (tag.name === 'button' && !tag.closing && !tag.attributes.type) say(tag.at, 'a button says its type');
    }
  }
  return found;
}

export function strangers(files) {
  const found = [];
  for (const file of files.filter((f) => /^web\/static\/.*\.(css|m?js|svg)$/.test(f.path))) {
    for (const m of file.text.matchAll(/https?:\/\/(?!www\.w3\.org\/)[\w.-]+/g)) {
      found.push(finding(file.path, file.text, m.index, 'stranger', `${m[0]}: a page contacts nobody else`));
    }
  }
  return found;
}

const unfinished = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
// A socket or a file of a test's own in /tmp, named after us, is nobody's machine.
const places = /(?<![\w.)}*-])\/(work|tmp(?!\/k)|home\/\w+|root|Users)\/\w/;
const registries = /registry\.npmjs|deb\.debian\.org|security\.debian\.org|pypi\.org|files\.pythonhosted|crates\.io|proxy\.golang|rubygems\.org|maven\.org/;

export function words(files) {
  const found = [];
  for (const file of files) {
    file.text.split('\n').forEach((line, i) => {
      const say = (rule, message) => found.push({ path: file.path, line: i + 1, rule, message, warn: false });
      if (!file.path.endsWith('package-lock.json') && unfinished.test(line)) say('unfinished', unfinished.exec(line)[0]);
      if (places.test(line)) say('machine', `a place on somebody's machine: ${places.exec(line)[0]}`);
      if (registries.test(line)) say('registry', `the host of a registry: ${registries.exec(line)[0]}`);
    });
  }
  return found;
}
