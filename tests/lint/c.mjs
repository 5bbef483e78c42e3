// Rules about C: who may include whom, calls that are banned, comments that must be there, SQL that
// both SQLite and PostgreSQL understand.
import { argumentsAt, finding, literals, scanC } from './source.mjs';

const isC = (file) => /^(src|include|tests)\/.*\.[ch]$/.test(file.path);
const isHouse = (file) => /^(src|include)\/.*\.[ch]$/.test(file.path);

// ---- rooms ----

const level = { base: 0, db: 1, http: 1, view: 1, core: 2, feature: 3, app: 4, main: 5 };
// Headers that no file of the same name tells the room of.
const headerRoom = { base: 'base', json: 'base', asset: 'base', db: 'db', http: 'http', route: 'http', view: 'view' };

// 'base' … 'core', 'feature:group', 'app', 'main', 'tool'.
function roomOf(path) {
  const [, directory] = /^src\/(\w+)\//.exec(path) ?? [];
  if (!directory) return /^src\/(main|command)\w*\./.test(path) ? 'main' : 'app';
  if (['base', 'db', 'http', 'view', 'core', 'tool'].includes(directory)) return directory;
  return `feature:${directory}`;
}
const kindOf = (room) => room.split(':')[0];

// <kansli/x.h> belongs to the room that has x.c, unless headerRoom says otherwise.
function roomsOfHeaders(files) {
  const rooms = { ...headerRoom };
  for (const { path } of files) {
    const [, name] = /^src\/(?:\w+\/)?(\w+)\.c$/.exec(path) ?? [];
    if (name && !(name in rooms)) rooms[name] = roomOf(path);
  }
  return rooms;
}

// Where a library's header may be included, and nowhere else.
const libraries = [
  [/^sqlite3\.h$/, /^src\/db\//],
  [/^microhttpd\.h$/, /^src\/http\//],
  [/^cmark.*\.h$/, /^src\/view\/markdown\.c$/],
  [/^sodium.*\.h$/, /^src\/(base\/crypt|tool\/embed)\.c$/],
  [/^csv\.h$/, /^src\/base\/csv\.c$/],
  [/^zlib\.h$/, /^src\/(base|http|tool)\//],
  [/^zip\.h$/, /^src\/base\/zip\.c$/],
  [/^libstemmer\.h$/, /^src\/base\/word\.c$/],
  [/^expat\.h$/, /^src\/base\/xlsx\.c$/],
  [/^(curl\/|libical\/|xlsxwriter)/, /^src\/\w+\/\w+\.c$/],
  [/^(locale|libintl)\.h$/, /^$/],
];

export function includes(files) {
  const found = [];
  const rooms = roomsOfHeaders(files);
  const users = new Map();
  const between = new Map();
  for (const file of files.filter(isHouse)) {
    const room = roomOf(file.path);
    for (const m of file.text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)) {
      const say = (message) => found.push(finding(file.path, file.text, m.index, 'include', message));
      const [, quote, name] = m;
      if (quote === '"') {
        if (name.includes('/')) say(`"${name}": a private header stands in the same directory`);
        continue;
      }
      if (!name.startsWith('kansli/')) {
        for (const [pattern, where] of libraries) {
          if (pattern.test(name) && !where.test(file.path)) say(`<${name}> has no place here (design.md, rooms)`);
        }
        if (/^(curl\/|libical\/|xlsxwriter)/.test(name)) {
          const library = name.split(/[/.]/)[0];
          users.set(library, [...(users.get(library) ?? []), { file, at: m.index }]);
        }
        continue;
      }
      if (file.path.startsWith('include/') || room === 'tool') continue;
      const header = name.slice('kansli/'.length, -2);
      const other = rooms[header];
      if (other === undefined || other === room) continue;
      const [mine, theirs] = [kindOf(room), kindOf(other)];
      if (level[theirs] > level[mine]) say(`${room} includes ${name} of ${other}, which lies above it`);
      else if (level[theirs] === level[mine] && mine !== 'feature') say(`${room} includes ${name} of its sibling ${other}`);
      else if (mine === 'core' && ['http', 'view'].includes(theirs)) say(`core knows neither http nor view: ${name}`);
      else if (mine === 'feature') {
        const pages = /_pages\.c$/.test(file.path);
        if (pages && theirs === 'db') say('a file of pages has no SQL and no db.h');
        if (!pages && ['http', 'view'].includes(theirs)) say(`${name}: rules know no pages; that belongs in a _pages.c`);
        if (theirs === 'feature') {
          const edges = between.get(room) ?? new Map();
          edges.set(other, { file, at: m.index, name });
          between.set(room, edges);
        }
      }
    }
  }
  for (const [library, places] of users) {
    for (const { file, at } of places.slice(1)) {
      found.push(finding(file.path, file.text, at, 'include', `${library} has one file, ${places[0].file.path}`));
    }
  }
  for (const [room, edges] of between) {
    for (const [other, { file, at, name }] of edges) {
      if (reaches(between, other, room)) {
        found.push(finding(file.path, file.text, at, 'include', `${room} and ${other} include each other (${name}): features form no circle`));
      }
    }
  }
  return found;
}
function reaches(graph, from, to) {
  const seen = new Set([from]);
  for (const room of seen) {
    if (room === to) return true;
    for (const next of graph.get(room)?.keys() ?? []) seen.add(next);
  }
  return false;
}

// ---- calls ----

const banned = {
  'strcpy|strcat|stpcpy|sprintf|vsprintf|strtok|gets': 'unbounded or easily wrong; use buf.h',
  'localtime|gmtime|ctime|asctime|mktime': 'the system’s zone or a shared buffer; use date.h',
  'setlocale|uselocale|newlocale': 'the locale stays "C"',
  'atoi': 'says nothing of what is wrong; use params.h or strtoll',
  'MHD_basic_auth_\\w+|MHD_queue_basic_\\w+|MHD_digest_\\w+|MHD_queue_auth_\\w+|MHD_create_post_processor': 'known to be broken (security.md 1)',
};
// What a test may do, and the house may not.
const bannedInHouse = {
  'atol|atof|atoll|scanf|sscanf|strncpy|strncat': 'easily wrong; use buf.h or params.h',
  'system|popen|execl|execlp|execv|execvp|tmpnam|tempnam|mktemp|alloca|rand|srand|random': 'never needed here',
};
const bannedWords = {
  'JSON_ALLOW_NUL|JSON_DECODE_ANY|JSON_DISABLE_EOF_CHECK': 'never with what came from outside (security.md 3)',
};

export function calls(files) {
  const found = [];
  for (const file of files.filter(isC)) {
    const { code, strings } = scanC(file.text);
    const search = (words, suffix, why) => {
      for (const m of code.matchAll(new RegExp(`(?<![\\w.]|->)(${words})\\b${suffix}`, 'g'))) {
        found.push(finding(file.path, file.text, m.index, 'banned', `${m[1]}: ${why}`));
      }
    };
    for (const [words, why] of Object.entries(banned)) search(words, '\\s*\\(', why);
    if (!isHouse(file)) continue;
    for (const [words, why] of Object.entries(bannedInHouse)) search(words, '\\s*\\(', why);
    for (const [words, why] of Object.entries(bannedWords)) search(words, '', why);
    if (!/^(src\/(base|tool)\/|include\/)/.test(file.path)) {
      search('malloc|calloc|realloc|strdup|strndup|asprintf|reallocarray', '\\s*\\(', 'an allocation that can fail; use must_malloc and friends');
    }
    const why = 'only the writer checkpoints, src/db/checkpoint.c (security.md 2)';
    search('sqlite3_wal_autocheckpoint', '\\s*\\((?!\\s*\\w+,\\s*0\\s*\\))', why);
    if (file.path !== 'src/db/checkpoint.c') {
      search('sqlite3_wal_checkpoint(?:_v2)?', '\\s*\\(', why);
      for (const string of strings) {
        if (/\bwal_checkpoint\b/i.test(string.text)) found.push(finding(file.path, file.text, string.at, 'banned', why));
      }
    }
  }
  return found;
}

// ---- comments and sizes ----

export function comments(files) {
  const found = [];
  for (const file of files.filter(isC)) {
    const opening = /^\/\*[\s\S]*?\*\//.exec(file.text)?.[0] ?? '';
    // A test says at least what it tries.
    const least = file.path.startsWith('tests/') ? 15 : 40;
    if (opening.replace(/[\s*/]+/g, ' ').trim().length < least) {
      found.push(finding(file.path, file.text, 0, 'design-comment', 'a file opens with what it owns, what it must never know, why like this'));
    }
    const lines = file.text.split('\n');
    if (lines.length > 701 && !/_table\.h$/.test(file.path)) {
      found.push(finding(file.path, file.text, 0, 'size', `${lines.length - 1} lines; 700 is the house's limit`, true));
    }
    const wide = lines.findIndex((line) => [...line].length > 100);
    if (wide >= 0) {
      const count = lines.filter((line) => [...line].length > 100).length;
      found.push({ path: file.path, line: wide + 1, rule: 'width', message: `${count} lines over 100 columns`, warn: true });
    }
    if (!file.path.endsWith('.c')) continue;
    let begun = -1;
    lines.forEach((line, i) => {
      if (line === '{') begun = i;
      else if (line === '}' && begun >= 0) {
        if (i - begun - 1 > 60) found.push({ path: file.path, line: begun + 1, rule: 'size', message: `a function of ${i - begun - 1} lines; 60 is the house's limit`, warn: true });
        begun = -1;
      }
    });
  }
  return found;
}

// Every prototype of a public header has a comment above it, or above its group: lines without an
// empty line between. Names that end with _ belong to the macro above them.
export function headers(files) {
  const found = [];
  for (const file of files.filter((f) => /^include\/kansli\/\w+\.h$/.test(f.path))) {
    const { code, comments: said } = scanC(file.text);
    let depth = 0;
    let begun = 0;
    for (let i = 0; i < code.length; i++) {
      if (code[i] === '#' && /(^|\n)[ \t]*$/.test(code.slice(Math.max(0, i - 80), i))) {
        const end = /\n(?<!\\\n)/.exec(file.text.slice(i));
        i += end ? end.index : code.length;
        begun = i + 1;
      } else if (code[i] === '{') depth++;
      else if (code[i] === '}') {
        depth--;
        if (depth === 0) begun = i + 1;
      } else if (code[i] === ';' && depth === 0) {
        const declaration = code.slice(begun, i).replace(/__attribute__\s*\(\(.*?\)\)|PRINTF\([^)]*\)|NODISCARD|NORETURN/gs, '');
        const name = /^[^=(]*?\b(\w+)\s*\((?!\s*\*)/s.exec(declaration)?.[1];
        const at = begun + code.slice(begun, i).search(/\S/);
        begun = i + 1;
        if (!name || name.endsWith('_') || /^\s*typedef\b/.test(declaration)) continue;
        const group = Math.max(file.text.lastIndexOf('\n\n', at), 0);
        if (!said.some((c) => c.at >= group && c.end <= at && !(c.at === 0))) {
          found.push(finding(file.path, file.text, at, 'undocumented', `${name} has no contract above it`));
        }
      }
    }
  }
  return found;
}

// ---- SQL ----

const looksLikeSql = /\b(SELECT|INSERT|UPDATE|DELETE FROM|WHERE|ORDER BY|GROUP BY|JOIN|WITH RECURSIVE|UNION|EXISTS|CASE WHEN)\b/;
const notPortable = [
  [/\b(julianday|strftime|unixepoch|datetime|date|time)\s*\(/i, 'days and instants are computed in C'],
  [/\bIFNULL\s*\(/i, 'COALESCE'],
  [/\bIIF\s*\(/i, 'CASE WHEN'],
  [/\browid\b|\b_rowid_\b|\boid\b|\blast_insert_rowid\b/i, 'name the key; RETURNING gives it'],
  [/\bPRAGMA\b/i, 'belongs to src/db'],
  [/\bjson(b)?_\w+\s*\(|\bjson\s*\(|->>?\s*['?]/i, 'JSON is taken apart in C'],
  [/\bGLOB\b|\bREGEXP\b|\bMATCH\b/, 'search goes through DB_FOUND'],
  [/\b(INSERT|UPDATE) OR \w+|\bREPLACE INTO\b/i, 'ON CONFLICT'],
  [/\bAUTOINCREMENT\b|\bWITHOUT ROWID\b|\bINDEXED BY\b/i, 'SQLite only'],
  [/\bgroup_concat\s*\(|\btotal\s*\(/i, 'gather in C'],
  [/\b(printf|format|instr|typeof|quote|hex|randomblob|zeroblob|changes|char|unicode|random)\s*\(/i, 'SQLite only'],
  [/\bIS\s+(NOT\s+)?\?/i, 'IS takes no parameter in PostgreSQL: IS NOT DISTINCT FROM'],
  [/\bLIMIT\s+[?\w]+\s*,/i, 'LIMIT … OFFSET …'],
  [/==/, '='],
  [/`|\[\w+\]/, 'names in double quotes'],
  [/\bAS\s+[a-z]+[A-Z]\w*/, 'an alias in capitals and small letters stands in double quotes'],
  [/\blower\s*\(|\bupper\s*\(/i, 'knows no å: fold()'],
];

// Scalar max() and min(): more than one argument.
function scalarExtreme(sql) {
  for (const m of sql.matchAll(/\b(max|min)\s*\(/gi)) {
    if ((argumentsAt(sql.replace(/'[^']*'/g, "''"), m.index + m[0].length - 1)?.length ?? 0) > 1) return m;
  }
  return null;
}

export function sql(files) {
  const found = [];
  for (const file of files.filter((f) => /^src\/.*\.[ch]$/.test(f.path))) {
    const kind = kindOf(roomOf(file.path));
    if (!['core', 'feature', 'app', 'main'].includes(kind)) continue;
    const scan = scanC(file.text);
    for (const { at, text } of literals(scan)) {
      const isSql = looksLikeSql.test(text);
      if (/_pages\.c$/.test(file.path)) {
        if (/^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s/.test(text)) {
          found.push(finding(file.path, file.text, at, 'sql', 'a file of pages has no SQL'));
        }
        continue;
      }
      if (!isSql) continue;
      const bare = text.replace(/'[^']*'/g, "''");
      for (const [pattern, instead] of notPortable) {
        const m = pattern.exec(bare);
        if (m) found.push(finding(file.path, file.text, at, 'sql', `${m[0].trim()}: not in both SQLite and PostgreSQL: ${instead}`));
      }
      const extreme = scalarExtreme(bare);
      if (extreme) found.push(finding(file.path, file.text, at, 'sql', `scalar ${extreme[1]}(): CASE WHEN`));
    }
  }
  return found;
}
