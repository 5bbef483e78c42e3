// Shows that every rule can fail: one broken file per rule, and one beside it that is right.
import assert from 'node:assert/strict';
import { calls, comments, headers, includes, sql } from './c.mjs';
import { catalogue, formatPo, keyOf, merge, parsePo, translations, update, extract } from './po.mjs';
import { strangers, templates, words } from './text.mjs';

const opening = '/* x.c: a file that stands here so that a rule has something to look at. */\n';
const c = (text) => opening + text;
const tree = ['src/base/buf.c', 'src/core/access.c', 'src/db/pool.c', 'src/group/group.c', 'src/person/person.c', 'src/app.c']
  .map((path) => ({ path, text: c('') }));

// rule, path, what must be found (a part of the message), broken text, right text.
const cases = [
  [includes, 'src/base/arena.c', 'lies above it', '#include <kansli/db.h>\n', '#include <kansli/buf.h>\n'],
  [includes, 'src/db/query.c', 'sibling', '#include <kansli/view.h>\n', '#include <kansli/db.h>\n'],
  [includes, 'src/core/flow.c', 'neither http nor view', '#include <kansli/http.h>\n', '#include <kansli/db.h>\n'],
  [includes, 'src/core/flow.c', 'lies above it', '#include <kansli/group.h>\n', '#include <kansli/access.h>\n'],
  [includes, 'src/group/kind.c', 'lies above it', '#include <kansli/app.h>\n', '#include <kansli/access.h>\n'],
  [includes, 'src/group/kind.c', 'know no pages', '#include <kansli/view.h>\n', '#include <kansli/db.h>\n'],
  [includes, 'src/group/kind_pages.c', 'no db.h', '#include <kansli/db.h>\n', '#include <kansli/http.h>\n'],
  [includes, 'src/http/server.c', 'no place', '#include <sqlite3.h>\n', '#include <microhttpd.h>\n'],
  [includes, 'src/view/template.c', 'no place', '#include <cmark.h>\n', '#include <stdio.h>\n'],
  [includes, 'src/db/search.c', 'no place', '#include <libstemmer.h>\n', '#include <kansli/word.h>\n'],
  [includes, 'src/core/flow.c', 'no place', '#include <sodium.h>\n', '#include <jansson.h>\n'],
  [includes, 'src/core/flow.c', 'no place', '#include <locale.h>\n', '#include <string.h>\n'],
  [includes, 'src/core/flow.c', 'same directory', '#include "../db/internal.h"\n', '#include "internal.h"\n'],
  [calls, 'src/core/flow.c', 'strcpy', 'strcpy(a, b);\n', '/* strcpy(a, b) */ f("strcpy(");\n'],
  [calls, 'tests/unit/test_x.c', 'sprintf', 'sprintf(a, "x");\n', 'snprintf(a, 2, "x");\n'],
  [calls, 'src/base/date.c', 'localtime', 'localtime (&t);\n', 'localtime_r(&t, &tm);\n'],
  [calls, 'src/core/flow.c', 'atoi', 'n = atoi(s);\n', 'n = my_atoi(s); p->atoi(s);\n'],
  [calls, 'src/core/flow.c', 'malloc', 'p = malloc(2);\n', 'p = must_malloc(2);\n'],
  [calls, 'src/db/pool.c', 'checkpoint', 'sqlite3_wal_checkpoint_v2(db, 0, 1, 0, 0);\n', 'sqlite3_wal_autocheckpoint(db, 0);\n'],
  [calls, 'src/db/pool.c', 'checkpoint', 'sqlite3_wal_autocheckpoint(db, 100);\n', 'sqlite3_step(s);\n'],
  [calls, 'src/db/pool.c', 'checkpoint', 'run("PRAGMA wal_checkpoint");\n', 'run("PRAGMA page_size");\n'],
  [calls, 'src/http/server.c', 'MHD_create_post_processor', 'MHD_create_post_processor(c, 1, f, p);\n', 'MHD_create_response(c);\n'],
  [calls, 'src/base/json.c', 'JSON_ALLOW_NUL', 'json_loads(s, JSON_ALLOW_NUL, &e);\n', 'json_loads(s, JSON_REJECT_DUPLICATES, &e);\n'],
  [sql, 'src/group/group.c', 'COALESCE', 'db_run(tx, "SELECT IFNULL(a, 1) FROM t");\n', 'db_run(tx, "SELECT COALESCE(a, 1) FROM t");\n'],
  [sql, 'src/core/audit.c', 'computed in C', 'q("SELECT julianday(a)"\n  " FROM t");\n', 'q("SELECT a FROM t WHERE b = \'julianday(a)\'");\n'],
  [sql, 'src/core/audit.c', 'name the key', 'q("DELETE FROM t WHERE rowid = ?1");\n', 'q("DELETE FROM t WHERE key = ?1");\n'],
  [sql, 'src/core/audit.c', 'scalar max', 'q("UPDATE t SET a = max(a, ?1)");\n', 'q("SELECT max(a), min((b)) FROM t");\n'],
  [sql, 'src/core/audit.c', 'ON CONFLICT', 'q("INSERT OR IGNORE INTO t VALUES (1)");\n', 'q("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING");\n'],
  [sql, 'src/core/audit.c', 'double quotes', 'q("SELECT a AS startDate FROM t");\n', 'q("SELECT a AS \\"startDate\\" FROM t");\n'],
  [sql, 'src/core/audit.c', 'taken apart', 'q("SELECT json_extract(a, 1) FROM t");\n', 'q("SELECT a FROM t");\n'],
  [sql, 'src/core/audit.c', 'DISTINCT FROM', 'q("SELECT a FROM t WHERE b IS ?1");\n', 'q("SELECT a FROM t WHERE b IS NULL");\n'],
  [sql, 'src/core/audit.c', 'gather', 'q("SELECT group_concat(a) FROM t");\n', 'q("SELECT count(a) FROM t");\n'],
  [sql, 'src/group/group_pages.c', 'no SQL', 'q("SELECT a FROM t");\n', 'q("Select one");\n'],
  [templates, 'web/templates/a.html', 'inline style', '<p style="color: red">x</p>', '<p class="style">style = x</p>'],
  [templates, 'web/templates/a.html', 'style belongs', '<style>p{}</style>', '<link rel="stylesheet" href="/a.css">'],
  [templates, 'web/templates/a.html', 'without src', '<script>1</script>', '<script src="/app.js" type="module"></script>'],
  [templates, 'web/templates/a.html', 'handler', '<a onclick="x()">x</a>', '<a data-once="x">x</a>'],
  [templates, 'web/templates/a.html', 'Html', '<p>{{{text}}}</p>', '<p>{{{textHtml}}}{{text}}</p>'],
  [templates, 'web/templates/a.html', 'type', '<button>x</button>', '<button type="submit" name="a">x</button>'],
  [strangers, 'web/static/app.js', 'contacts', 'fetch("https://example.org/x")', 'const ns = "http://www.w3.org/2000/svg"'],
  [words, 'README.md', 'TO' + 'DO', 'TO' + 'DO: more', 'todos'],
  [words, 'README.md', 'machine', 'see /' + 'work/x', 'see framework/x and http://a/' + 'work/'],
  [words, 'README.md', 'registry', 'https://registry.' + 'npmjs.org/x', 'npm'],
  [translations, 'src/group/group.c', 'no Swedish', 'N_("Another " /* text */ "text");\n', 'N_("A " "text");\n'],
  [translations, 'src/group/group.c', 'no Swedish', 'NC_("state", "Close");\n', 'NC_("button", "Close");\n'],
  [translations, 'src/group/group.c', 'no literal', 'f(N_(label));\n', '#define LABEL(x) N_(x)\n#define A \\\n  N_("A " \\\n "text")\n'],
  [translations, 'src/group/group.c', 'no Swedish', 'lang_plural(lang, "{{n}} plan", "{{n}} plans", n);\n', 'lang_plural(lang, "{{n}} group", "{{n}} groups", n);\n'],
  [translations, 'web/templates/a.html', 'no Swedish', '<p>{{#_}}Other\n text{{/_}}</p>', '<p>{{#_}}\n  A\n  text {{/_}}{{! {{#_}}no{{/_}} }}</p>'],
  [translations, 'web/templates/a.html', 'no Swedish', '{{#_ state}}Close{{/_}}', '{{#_ button}}Close{{/_}}'],
  [translations, 'web/templates/a.html', 'no Swedish', '{{#_n n}}{{n}} group{{|}}{{n}} teams{{/_n}}', '{{#_n n}}{{n}} group{{|}}{{n}} groups{{/_n}}'],
  [translations, 'web/templates/a.html', 'two forms', '{{#_n n}}{{n}} group{{/_n}}', ''],
  [translations, 'web/templates/a.html', 'not closed', '{{#_}}A text', ''],
];

const po = `msgid ""
msgstr "Language: sv\\n"

msgid "A text"
msgstr "En text"

msgctxt "button"
msgid "Close"
msgstr "Stäng"

#: src/x.c
msgid "{{n}} group"
msgid_plural "{{n}} groups"
msgstr[0] "en grupp"
msgstr[1] "{{n}} grupper"
`;
const errorsOf = (rule, path, text) =>
  rule([...tree.filter((f) => f.path !== path), { path, text }, ...(path === catalogue ? [] : [{ path: catalogue, text: po }])])
    .filter((one) => !one.warn);

for (const [rule, path, part, broken, right] of cases) {
  const wrap = /\.[ch]$/.test(path) ? c : (text) => text;
  const found = errorsOf(rule, path, wrap(broken));
  assert.ok(found.some((one) => one.path === path && one.message.includes(part)),
    `${rule.name} does not find "${part}" in:\n${broken}\nbut ${JSON.stringify(found)}`);
  assert.deepEqual(errorsOf(rule, path, wrap(right)), [], `${rule.name} finds something in:\n${right}`);
}

// Rules that look at a whole file, or at two.
const one = (rule, path, text) => rule([{ path, text }]).map((found) => found.rule);
assert.deepEqual(one(comments, 'src/group/group.c', '#include <x.h>\n'), ['design-comment']);
assert.deepEqual(one(comments, 'src/group/group.c', opening), []);
assert.deepEqual(one(comments, 'src/group/group.c', c('int a;\n'.repeat(702))), ['size']);
assert.deepEqual(one(comments, 'src/group/group.c', c(`int f(void)\n{\n${'    g();\n'.repeat(61)}}\n`)), ['size']);
assert.deepEqual(one(comments, 'src/group/group.c', c(`${'x'.repeat(101)}\n`)), ['width']);

const undocumented = (text) => headers([{ path: 'include/kansli/x.h', text: c(`#define X(a) \\\n    f(a)\n${text}`) }]).map((f) => f.message.split(' ')[0]);
assert.deepEqual(undocumented('\nstruct x *x_new(void);\n'), ['x_new']);
assert.deepEqual(undocumented('\n/* Says what. */\nstruct x *x_new(int a);\nvoid x_free(struct x *x);\n'), []);
assert.deepEqual(undocumented('\n/* Says what. */\nstruct a;\n\nvoid x_free(struct x *x);\n'), ['x_free']);
assert.deepEqual(undocumented('\nstruct a {\n    void (*f)(int);\n};\n\nint x_(void);\nextern const int a;\n'), []);
assert.deepEqual(undocumented('\nstatic inline int f(int a)\n{\n    return a;\n}\n'), []);

const circle = includes([
  { path: 'src/group/group.c', text: c('#include <kansli/person.h>\n') },
  { path: 'src/person/person.c', text: c('#include <kansli/group.h>\n') },
]);
assert.ok(circle.length === 2 && circle[0].message.includes('circle'));
assert.deepEqual(includes([
  { path: 'src/group/group.c', text: c('') },
  { path: 'src/person/person.c', text: c('#include <kansli/group.h>\n') },
]), []);

// The catalogue's own mistakes.
const inPo = (id, string) => translations([{ path: catalogue, text: `msgid "${id}"\nmsgstr "${string}"\n` }])
  .filter((f) => !f.warn).map((f) => f.message);
assert.ok(inPo('At most {max}.', 'Högst {mest}.').some((m) => m.includes('has {mest}')));
assert.ok(inPo('At most {max}.', 'Högst några.').some((m) => m.includes('lacks {max}')));
assert.ok(inPo('{{count}} of {{total}}', '{{count}}').some((m) => m.includes('lacks {{total}}')));
assert.deepEqual(inPo('{{count}} of {{total}}', 'av {{total}} {{count}}'), []);
assert.ok(translations([{ path: catalogue, text: po }]).some((f) => f.warn && f.message.includes('nothing asks')));
assert.ok(translations([{ path: catalogue, text: 'msgid "A\n' }]).some((f) => f.message.includes('neither')));

// Update, merge and the file's form.
const entries = parsePo(po);
const { asked } = extract([
  { path: 'src/a.c', text: 'N_("Zebra \\"x\\"\\n"); N_("A text"); NC_("state", "Close"); ' },
  { path: 'web/templates/b.html', text: '{{#_}}A text{{/_}}{{#_n n}}a plan{{|}}{{n}} plans{{/_n}}' },
]);
assert.equal(update(entries, asked), 3);
assert.deepEqual(merge(entries, { 'a plan\u0000{{n}} plans': ['en plan', '{{n}} planer'], 'state\u0004Close': 'Stängd', 'No such': 'x' }), ['No such']);
const again = parsePo(formatPo(entries));
assert.deepEqual(again.map(keyOf), parsePo(formatPo(again)).map(keyOf));
assert.equal(formatPo(again), formatPo(entries));
assert.deepEqual(again.find((e) => e.id === 'A text').comments, ['#: src/a.c', '#: web/templates/b.html']);
assert.deepEqual(again.find((e) => e.id === 'a plan').strings, ['en plan', '{{n}} planer']);
assert.equal(again.find((e) => e.context === 'state').strings[0], 'Stängd');
assert.equal(again.find((e) => e.id.startsWith('Zebra')).id, 'Zebra "x"\n');
assert.equal(update(again, asked), 0);

console.log(`lint's selftest: ${cases.length} rules broken and mended`);
