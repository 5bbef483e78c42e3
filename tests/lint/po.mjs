// The catalogue: what the sources ask for, what web/i18n/sv.po has, and how the two are brought
// together.
//
//   node tests/lint/po.mjs --update         adds what is asked for and missing, with empty translations
//   node tests/lint/po.mjs --merge FILE…    fills translations in from JSON {"source": "översättning"};
//                                           a context is "ctx\u0004source", a plural
//                                           "one\u0000many": ["en", "flera"]
//   node tests/lint/po.mjs --prune          takes out what nothing asks for
//   node tests/lint/po.mjs --missing        prints what lacks a translation, as such a JSON
//
// Sorted by source text, files without line numbers, one line each: two people who add words meet in
// different places of the file. Existing translations are never changed but by --merge.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { argumentsAt, finding, lineOf, literals, scanC } from './source.mjs';

export const catalogue = 'web/i18n/sv.po';
const header = [
  'Project-Id-Version: kansli', 'Language: sv', 'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit',
  'Plural-Forms: nplurals=2; plural=(n != 1);',
].map((line) => `${line}\n`).join('');

// What names an entry: context, source and plural together.
export const keyOf = ({ context, id, plural }) =>
  (context ? `${context}\u0004` : '') + id + (plural ? `\u0000${plural}` : '');

// ---- the file ----

export function parsePo(text) {
  const entries = [];
  let entry = null;
  let field = null;
  const begin = () => {
    if (!entry || 'id' in entry) entries.push((entry = { comments: [], line: 0, strings: [] }));
    return entry;
  };
  text.split('\n').forEach((line, i) => {
    const where = `${catalogue}:${i + 1}`;
    if (line.startsWith('#~')) return;
    if (line.startsWith('#')) {
      if (entry && 'id' in entry) entry = null;
      begin().comments.push(line);
      return;
    }
    const m = /^(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[(\d)\])?)\s+)?"(.*)"\s*$/.exec(line);
    if (!m) {
      if (line.trim()) throw new Error(`${where}: neither a comment nor a text: ${line}`);
      entry = null;
      return;
    }
    const value = JSON.parse(`"${m[3].replace(/\\([^"\\nrtbf/u])/g, '$1')}"`);
    if (m[1] === 'msgctxt' || (m[1] === 'msgid' && !(entry && 'context' in entry && !('id' in entry)))) begin();
    if (!entry) throw new Error(`${where}: a text that belongs to nothing`);
    if (m[1]) {
      field = m[1].startsWith('msgstr') ? Number(m[2] ?? 0) : { msgctxt: 'context', msgid: 'id', msgid_plural: 'plural' }[m[1]];
      if (field === 'id') entry.line = i + 1;
      if (typeof field === 'number') entry.strings[field] = '';
      else entry[field] = '';
    }
    if (typeof field === 'number') entry.strings[field] += value;
    else entry[field] += value;
  });
  return entries.filter((e) => 'id' in e);
}

function quote(text) {
  const escape = (s) => `"${s.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t')}"`;
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return lines.length < 2 ? escape(text) : ['""', ...lines.map(escape)].join('\n');
}

export function formatPo(entries) {
  const first = entries.find((e) => e.id === '' && !e.context) ?? { comments: [], id: '', strings: [header] };
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const rest = entries.filter((e) => e !== first)
    .sort((a, b) => order(a.id.toLowerCase(), b.id.toLowerCase()) || order(keyOf(a), keyOf(b)));
  return [first, ...rest].map((e) => [
    ...e.comments,
    ...(e.context ? [`msgctxt ${quote(e.context)}`] : []),
    `msgid ${quote(e.id)}`,
    ...(e.plural ? [`msgid_plural ${quote(e.plural)}`,
      ...[0, 1].map((n) => `msgstr[${n}] ${quote(e.strings[n] ?? '')}`)] : [`msgstr ${quote(e.strings[0] ?? '')}`]),
  ].join('\n')).join('\n\n') + '\n';
}

// ---- what is asked for ----

// [{context, id, plural, path, line}] of C sources and templates, and findings about what cannot be read.
export function extract(files) {
  const asked = [];
  const found = [];
  for (const file of files) {
    if (/^src\/.*\.[ch]$/.test(file.path)) extractC(file, asked, found);
    else if (/^web\/templates\/.*\.html$/.test(file.path)) extractTemplate(file, asked, found);
  }
  return { asked, found };
}

function extractC(file, asked, found) {
  const scan = scanC(file.text);
  const all = literals(scan);
  for (const m of scan.code.matchAll(/\b(N_|NC_|lang_plural)\s*\(/g)) {
    const args = argumentsAt(scan.code, m.index + m[0].length - 1);
    if (!args) continue;
    const texts = args.map(({ at, end }) => {
      const inside = all.filter((l) => l.at >= at && l.end <= end);
      // Nothing but literals and white space stands between the commas.
      return inside.length === 1 && /^[\s"]*$/.test(scan.code.slice(at, end)) ? inside[0].text : null;
    });
    const line = lineOf(file.text, m.index);
    const defines = /^[ \t]*#[ \t]*define\b/.test(scan.code.slice(scan.code.lastIndexOf('\n', m.index) + 1, m.index));
    const add = (entry) => asked.push({ context: undefined, plural: undefined, path: file.path, line, ...entry });
    if (m[1] === 'N_' && texts[0] !== null) add({ id: texts[0] });
    else if (m[1] === 'NC_' && texts.length === 2 && !texts.includes(null)) add({ context: texts[0], id: texts[1] });
    else if (m[1] === 'lang_plural' && texts[1] != null && texts[2] != null) add({ id: texts[1], plural: texts[2] });
    else if (m[1] !== 'lang_plural' && !defines) {
      found.push(finding(file.path, file.text, m.index, 'translation', `${m[1]} of something that is no literal`));
    }
  }
}

function extractTemplate(file, asked, found) {
  const pattern = /\{\{#(_n?)((?:\s+[^}]*?)?)\s*\}\}([\s\S]*?)\{\{\/\1(?:\s[^}]*)?\}\}/g;
  const text = file.text.replace(/\{\{![\s\S]*?\}\}/g, (c) => c.replace(/[^\n]/g, ' '));
  let closed = 0;
  for (const m of text.matchAll(pattern)) {
    closed++;
    const line = lineOf(text, m.index);
    const tidy = (s) => s.replace(/\s+/g, ' ').trim();
    if (m[1] === '_') {
      asked.push({ context: tidy(m[2]) || undefined, id: tidy(m[3]), plural: undefined, path: file.path, line });
      continue;
    }
    const forms = m[3].split('{{|}}').map(tidy);
    if (forms.length !== 2) found.push(finding(file.path, text, m.index, 'translation', 'a plural has two forms with {{|}} between'));
    else asked.push({ context: undefined, id: forms[0], plural: forms[1], path: file.path, line });
  }
  const opened = [...text.matchAll(/\{\{#_n?(?:\s[^}]*)?\}\}/g)];
  if (opened.length !== closed) {
    found.push(finding(file.path, text, opened[Math.min(closed, opened.length - 1)].index, 'translation', 'a text that is not closed'));
  }
}

// ---- the check ----

const tagsOf = (text) => new Set(text.match(/\{\{[^}]*\}\}|(?<!\{)\{[a-zA-Z]\w*\}(?!\})|<\/?[a-z]\w*/g) ?? []);
const within = (a, b) => [...a].filter((x) => !b.has(x));

export function translations(files) {
  const { asked, found } = extract(files);
  const po = files.find((f) => f.path === catalogue);
  let entries = [];
  try {
    entries = po ? parsePo(po.text) : [];
  } catch (error) {
    return [...found, { path: catalogue, line: 1, rule: 'translation', message: error.message, warn: false }];
  }
  const known = new Map();
  const say = (entry, message, warn = false) => found.push({ path: catalogue, line: entry.line, rule: 'translation', message, warn });
  for (const entry of entries) {
    if (known.has(keyOf(entry))) say(entry, `twice: ${entry.id}`);
    known.set(keyOf(entry), entry);
  }
  const used = new Set();
  for (const one of asked) {
    const key = keyOf(one);
    if (used.has(key)) continue;
    used.add(key);
    const entry = known.get(key);
    const want = one.plural ? 2 : 1;
    if (!entry || entry.strings.length < want || entry.strings.slice(0, want).some((s) => !s)) {
      found.push({ path: one.path, line: one.line, rule: 'translation', message: `no Swedish for "${one.id}"${one.context ? ` (${one.context})` : ''}`, warn: false });
    }
  }
  for (const entry of entries) {
    if (entry.id === '') continue;
    if (!used.has(keyOf(entry))) say(entry, `nothing asks for "${entry.id}"`, true);
    const source = new Set([...tagsOf(entry.id), ...tagsOf(entry.plural ?? '')]);
    entry.strings.forEach((string, n) => {
      if (!string) return;
      const more = within(tagsOf(string), source);
      const must = entry.plural ? (n === 0 ? new Set() : tagsOf(entry.plural)) : source;
      const less = within(must, tagsOf(string));
      if (more.length) say(entry, `"${string}" has ${more.join(' ')}, which "${entry.id}" has not`);
      if (less.length) say(entry, `"${string}" lacks ${less.join(' ')}`);
    });
  }
  return found;
}

// ---- by hand ----

// Adds what is asked for, notes where from; returns how many were new.
export function update(entries, asked) {
  const known = new Map(entries.map((e) => [keyOf(e), e]));
  const places = new Map();
  let added = 0;
  for (const one of asked) {
    const key = keyOf(one);
    if (!places.has(key)) places.set(key, new Set());
    places.get(key).add(one.path);
    if (known.has(key)) continue;
    const entry = { comments: [], context: one.context, id: one.id, plural: one.plural, strings: [] };
    known.set(key, entry);
    entries.push(entry);
    added++;
  }
  for (const [key, entry] of known) {
    if (entry.id === '') continue;
    const from = [...(places.get(key) ?? [])].sort();
    entry.comments = [...entry.comments.filter((c) => !c.startsWith('#:')), ...from.map((p) => `#: ${p}`)];
  }
  return added;
}

// Fills in {key: text or [one, many]}; returns the keys that no entry has.
export function merge(entries, translated) {
  const known = new Map(entries.map((e) => [keyOf(e), e]));
  const strangers = [];
  for (const [key, value] of Object.entries(translated)) {
    const entry = known.get(key);
    if (entry) entry.strings = [value].flat();
    else strangers.push(key);
  }
  return strangers;
}

async function main(words) {
  const { readTree, root } = await import('./tree.mjs');
  const file = path.join(root, catalogue);
  const read = () => (fs.existsSync(file) ? parsePo(fs.readFileSync(file, 'utf8')) : []);
  const files = readTree();
  const { asked } = extract(files);
  const entries = read();
  const write = () => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.new`, formatPo(entries));
    fs.renameSync(`${file}.new`, file);
  };
  if (words[0] === '--update') {
    const added = update(entries, asked);
    write();
    const empty = entries.filter((e) => e.id && (!e.strings[0] || (e.plural && !e.strings[1]))).length;
    console.log(`${added} added, ${empty} lack a translation, ${entries.filter((e) => e.id).length} in all`);
  } else if (words[0] === '--merge' && words.length > 1) {
    update(entries, asked);
    const strangers = words.slice(1).flatMap((name) => merge(entries, JSON.parse(fs.readFileSync(name, 'utf8'))));
    write();
    for (const key of strangers) console.log(`nothing asks for ${JSON.stringify(key)}: left out`);
  } else if (words[0] === '--prune') {
    const used = new Set(asked.map(keyOf));
    const kept = entries.filter((e) => e.id === '' || used.has(keyOf(e)));
    console.log(`${entries.length - kept.length} taken out`);
    entries.splice(0, Infinity, ...kept);
    update(entries, asked);
    write();
  } else if (words[0] === '--missing') {
    update(entries, asked);
    const empty = entries.filter((e) => e.id && (!e.strings[0] || (e.plural && !e.strings[1])));
    console.log(JSON.stringify(Object.fromEntries(empty.map((e) => [keyOf(e), e.plural ? ['', ''] : ''])), null, 2));
  } else {
    console.error('usage: node tests/lint/po.mjs --update | --merge FILE… | --prune | --missing');
    process.exitCode = 2;
  }
}

// What gettext itself says of the file: [] or its lines.
export function wellFormed(file) {
  if (!fs.existsSync(file)) return [];
  try {
    execFileSync('msgfmt', ['--check', '--output-file=/dev/null', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    return [];
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    return String(error.stderr).trim().split('\n')
      .map((message) => ({ path: catalogue, line: Number(/:(\d+):/.exec(message)?.[1] ?? 1), rule: 'msgfmt', message, warn: false }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
