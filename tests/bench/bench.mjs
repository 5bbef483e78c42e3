// `make bench`: what kansli costs beside nginx and a bare libmicrohttpd, in one run, as ratios.
//
//   BENCH_SECONDS=5 BENCH_ROUNDS=3 BENCH_CONNECTIONS=32 BENCH_SWEDENS=1,10,100   how long, how big
//   BENCH_MINUTES=50000                                                          what is searched
//   BENCH_ROWS=50000                                                             what is imported
//   BENCH_ONLY=pages,size,writes,search,markdown,start,weight,register,import            which parts
//
// Prints Markdown and keeps it in $BUILD/bench.md. Rounds are interleaved: nginx, bare, kansli, again;
// each figure is the median of its rounds. Registers are kept beside it and made anew when a migration
// is newer.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cookieJar } from '../lib/jar.mjs';
import { importPart, registerPart } from './exchange.mjs';
import { cpu, load, median, memory, nginx, round, serve, sleep, table } from './measure.mjs';

const run = promisify(execFile);
const number = (name, other) => Number(process.env[name]) || other;
const load_ = { seconds: number('BENCH_SECONDS', 5), connections: number('BENCH_CONNECTIONS', 32) };
const rounds = number('BENCH_ROUNDS', 3);
const swedens = (process.env.BENCH_SWEDENS || '1,10,100').split(',').map(Number);
const parts = (process.env.BENCH_ONLY || 'pages,size,writes,search,markdown,start,weight,register,import').split(',');

const build = process.env.BUILD || 'build';
const bin = path.resolve(build, 'kansli');
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kansli-bench-'));
fs.chmodSync(home, 0o755); // nginx's worker is another user
process.on('exit', () => fs.rmSync(home, { recursive: true, force: true }));

const demoPassword = 'kansli-demo-2026';
const group = process.env.BENCH_GROUP || 'nag-palliativ-vard';
// A page, its address, and who asks: nobody, or an account of the worked example.
const pages = [
  ['group, JSON', `/api/v1/groups/${group}?embed=page`],
  ['group, HTML', `/groups/${group}`],
  ['its coverage, JSON', `/api/v1/groups/${group}/coverage`],
  ['its members, HTML', `/groups/${group}/memberships`],
  ['levels, HTML', '/levels'],
  ['national level, HTML', '/levels/national'],
  ['matrix, HTML', '/matrix'],
  ['vacancies, HTML', '/vacancies'],
  ['shares, JSON', '/api/v1/statistics/shares?level=national'],
  ['steering group, HTML', '/steering'],
  ['its regions, JSON', '/api/v1/steering?level=local&limit=500'],
  ['an area with what is below, HTML', '/groups/npo-aldres-halsa-och-palliativ-vard/progress'],
  ['incoming plans, HTML', '/groups/sks/incoming-plans', 'oskar.lillbro'],
  ['plans, HTML', '/plans'],
  ['gaps, HTML', '/gaps'],
  ['resources, JSON', '/api/v1/statistics/resources'],
  ['the year’s wheel, HTML', `/calendar?year=${new Date().getFullYear()}`],
  ['100 groups, JSON', '/api/v1/groups?limit=100'],
  ['500 groups, JSON', '/api/v1/groups?limit=500'],
  ['calls, HTML', '/nomination-calls'],
  ['nominations, HTML', '/nominations', 'karin.bergstrom'],
  ['who has declared, JSON', `/api/v1/groups/${group}/declaration-statuses`, 'karin.bergstrom'],
  ['200 meetings, HTML', '/groups/nag-fallskador-hos-aldre/meetings'],
  ['200 meetings, JSON', '/api/v1/groups/nag-fallskador-hos-aldre/meetings?limit=200'],
  ['a meeting, HTML', '/meetings/00000001-000d-4000-8000-000000000001', 'karin.bergstrom'],
  ['to do, HTML', '/me/tasks', 'karin.bergstrom'],
  ['to do, JSON', '/api/v1/me/tasks', 'karin.bergstrom'],
];
const scaling = [...pages.slice(0, 4), ['level of a region, HTML', '/levels/local/region-uppsala'], ...pages.slice(4)];

const lines = [];
function say(text) {
  lines.push(text);
  console.log(text);
}
const note = (text) => console.error(`  ${text}`);

async function register(countries) {
  const file = path.resolve(build, `sweden-${countries}.db`);
  const newest = Math.max(...fs.readdirSync('migrations').map((n) => fs.statSync(path.join('migrations', n)).mtimeMs));
  if (fs.existsSync(file) && fs.statSync(file).mtimeMs > newest) return file;
  note(`making a register of ${countries} ${countries === 1 ? 'country' : 'countries'}`);
  for (const end of ['', '-wal', '-shm', '.new', '.new-wal', '.new-shm']) fs.rmSync(file + end, { force: true });
  await run(bin, ['init', '--db', `${file}.new`, '--demo']);
  await run(path.resolve(build, 'bench-sweden'), [`${file}.new`, String(countries)], { maxBuffer: 1 << 26 });
  fs.renameSync(`${file}.new`, file);
  return file;
}
// The first country with as many minutes, and its index made by migrate. → {file, seconds}
async function registerOfMinutes(count) {
  const file = path.resolve(build, `minutes-${count}.db`);
  const from = await register(swedens[0]);
  if (fs.existsSync(file) && fs.statSync(file).mtimeMs > fs.statSync(from).mtimeMs) return { file };
  note(`making ${count} minutes`);
  for (const end of ['', '-wal', '-shm', '.new', '.new-wal', '.new-shm']) fs.rmSync(file + end, { force: true });
  fs.copyFileSync(from, `${file}.new`);
  await run(path.resolve(build, 'bench-minutes'), [`${file}.new`, String(count)], { maxBuffer: 1 << 26 });
  const before = fs.statSync(`${file}.new`).size;
  const began = performance.now();
  await run(bin, ['migrate', '--db', `${file}.new`]);
  const seconds = (performance.now() - began) / 1000;
  fs.renameSync(`${file}.new`, file);
  return { file, seconds, added: fs.statSync(file).size - before };
}
// A copy, so that what a part writes is not in the next one's way.
function copy(file) {
  const mine = path.join(home, `copy-${Math.random().toString(36).slice(2)}.db`);
  fs.copyFileSync(file, mine);
  return mine;
}
const kansli = (db, env) => serve([bin, 'serve', '--db', db, '--listen', '127.0.0.1:0', '--no-limits'], { env });
const uncached = { KANSLI_PAGE_CACHE: '0' };

// The cookies of those who ask, logged in at a server.
async function cookiesOf(server) {
  const cookies = {};
  for (const who of new Set(pages.map((page) => page[2]).filter(Boolean))) {
    const jar = cookieJar(server);
    const form = (await jar.get('/login')).formWith((input) => input.type === 'password');
    await jar.submit(form, { email: `${who}@kansli.example`, password: demoPassword });
    cookies[who] = jar.header;
  }
  return cookies;
}

async function bytesOf(server, where, cookie) {
  const response = await fetch(server.url + where, { headers: { 'accept-encoding': 'identity', ...(cookie && { cookie }) } });
  if (response.status !== 200) throw new Error(`${where} answers ${response.status}`);
  return { bytes: Buffer.from(await response.arrayBuffer()), type: response.headers.get('content-type') };
}

// ---- parts ----

async function pagesPart(db) {
  const plain = await kansli(db, uncached);
  const cached = await kansli(db);
  const cookies = await cookiesOf(plain);
  const web = await nginx(fs.mkdtempSync(path.join(home, 'nginx-')));
  const rows = [];
  for (const [name, where, who] of pages) {
    const how = { ...load_, cookie: cookies[who] };
    note(name);
    let got;
    try {
      got = await bytesOf(plain, where, cookies[who]);
      await bytesOf(cached, where, cookies[who]); // what is kept is made once, not by 32 at the same time
    } catch (error) {
      rows.push([name, error.message, ...Array(8).fill('–')]);
      continue;
    }
    const file = path.join(home, 'page');
    const served = `/page-${rows.length}.${/html/.test(got.type) ? 'html' : 'json'}`;
    fs.writeFileSync(file, got.bytes);
    fs.writeFileSync(path.join(web.root, served), got.bytes);
    const bare = await serve([path.resolve(build, 'bench-bare'), file, got.type], { stdin: 'pipe' });
    const all = { web: [], bare: [], plain: [], cached: [] };
    for (let i = 0; i < rounds; i++) {
      all.web.push(await load(web, served, load_));
      all.bare.push(await load(bare, '/', load_));
      all.plain.push(await load(plain, where, how));
      all.cached.push(await load(cached, where, how));
    }
    await bare.stop();
    const us = Object.fromEntries(Object.entries(all).map(([k, list]) => [k, median(list.map((r) => r.us))]));
    const p99 = (k) => round(median(all[k].map((r) => r.p99)));
    rows.push([name, round(got.bytes.length / 1024, 1), round(us.web), round(us.bare), round(us.plain), round(us.cached),
      `**${round(us.plain / us.web, 1)}**`, `**${round(us.cached / us.web, 1)}**`, `${p99('web')} / ${p99('plain')} / ${p99('cached')}`]);
  }
  say('\nServer CPU per answer, µs; *unchanged* is the page cache, *made* is without it.\n');
  say(table(['page', 'kB', 'nginx', 'bare', 'made', 'unchanged', 'made ÷ nginx', 'unchanged ÷ nginx', 'p99 ms nginx / made / unchanged'], rows));
  say(`\nMemory under load: kansli ${round(memory(plain.pid), 0)} MB made, ${round(memory(cached.pid), 0)} MB with the page cache; nginx ${round(memory(web.pid), 0)} MB.`);
  for (const server of [plain, cached, web]) await server.stop();
}

async function sizePart() {
  const cost = new Map(scaling.map(([name]) => [name, []]));
  const mbs = [];
  for (const n of swedens) {
    const server = await kansli(await register(n), uncached); // but for a login read only: no need for a copy
    const cookies = await cookiesOf(server);
    for (const [name, where, who] of scaling) {
      note(`${name}, ${n} × Sweden`);
      const list = [];
      try {
        await bytesOf(server, where, cookies[who]);
        for (let i = 0; i < rounds; i++) list.push((await load(server, where, { ...load_, cookie: cookies[who], seconds: Math.max(2, load_.seconds / 2) })).us);
      } catch (error) {
        note(error.message.split('\n')[0]);
      }
      cost.get(name).push(list.length ? median(list) : NaN);
    }
    mbs.push(memory(server.pid));
    await server.stop();
  }
  say('\nThe same pages, made, in larger registers: µs of server CPU.\n');
  say(table(['page', ...swedens.map((n) => `${n} × 5 000 groups`), 'largest ÷ smallest'],
    [...cost].map(([name, list]) => [name, ...list.map((n) => round(n)), `**${round(list.at(-1) / list[0], 2)}**`])
      .concat([['memory, MB', ...mbs.map((n) => round(n, 0)), '']])));
}

// A small client for writes: kept connections, one address, PATCH with If-Match.
class Writer {
  constructor(server, token, id) {
    Object.assign(this, { server, token, id, n: 0, agent: new http.Agent({ keepAlive: true, maxSockets: 1 }) });
  }
  ask(method, body) {
    const { hostname, port } = new URL(this.server.url);
    return new Promise((resolve, reject) => {
      const request = http.request({
        hostname, port, method, path: `/api/v1/groups/${this.id}`, agent: this.agent,
        headers: {
          authorization: `Bearer ${this.token}`, ...(this.etag && method === 'PATCH' && { 'if-match': this.etag }),
          ...(body && { 'content-type': 'application/merge-patch+json', 'content-length': Buffer.byteLength(body) }),
        },
      }, (response) => {
        this.etag = response.headers.etag ?? this.etag;
        let text = '';
        response.setEncoding('utf8').on('data', (more) => (text += more)).on('end', () =>
          (response.statusCode === 200 ? resolve() : reject(new Error(`${method} ${this.id}: ${response.statusCode} ${text.slice(0, 400)}`))));
      });
      request.on('error', reject);
      request.end(body);
    });
  }
  write() {
    return this.ask('PATCH', JSON.stringify({ purpose: `Påhittad text nummer ${++this.n} för mätning.` }));
  }
}
async function writers(db, server, count) {
  const { stdout } = await run(bin, ['token', 'add', '--db', db, '--account', 'support@kansli.example', '--scope', 'write']);
  const { items } = JSON.parse((await bytesOf(server, `/api/v1/groups?kind=lag&limit=${count}&fields=id`)).bytes);
  const list = items.map(({ id }) => new Writer(server, stdout.trim(), id));
  await Promise.all(list.map((w) => w.ask('GET')));
  return list;
}

async function writesPart(file) {
  const db = copy(file);
  const server = await kansli(db);
  const all = await writers(db, server, 32);
  const { stdout } = await run(path.resolve(build, 'bench-insert'), [path.join(home, 'bare.db'), '2000']);
  const alone = async (act) => {
    const took = [];
    for (let i = 0; i < 500; i++) {
      const began = performance.now();
      await act();
      took.push((performance.now() - began) * 1000);
    }
    return median(took);
  };
  const read = await alone(() => all[0].ask('GET'));
  const one = await alone(() => all[0].write());
  const from = performance.now();
  const before = cpu(server.pid);
  await Promise.all(all.map(async (w) => {
    for (let i = 0; i < 60; i++) await w.write();
  }));
  const rate = (all.length * 60) / ((performance.now() - from) / 1000);
  const each = (cpu(server.pid) - before) / (all.length * 60);
  const bare = Number(stdout);
  say('\nWrites: PATCH of a group with its history row, from a client on the other core.\n');
  say(table(['what', 'µs', '÷ bare insert'], [
    ['bare SQLite insert, synchronous=FULL', round(bare), '1'],
    ['one read after the other by the same client, wall', round(read), round(read / bare, 1)],
    ['one write after the other, wall', round(one), `**${round(one / bare, 1)}**`],
    ['32 writers at once, wall for each write', round(1e6 / rate), round(1e6 / rate / bare, 1)],
    ['server CPU for each', round(each), ''],
  ]));
  note('reads beside 200 writes a second');
  const quiet = [];
  const busy = [];
  const where = `/groups/${group}`;
  for (let i = 0; i < rounds; i++) {
    quiet.push((await load(server, where, load_)).p99);
    let going = true;
    let written = 0;
    const writing = (async () => {
      for (let due = performance.now(); going; due += 20) {
        // Four at a time every 20 ms.
        await Promise.all(Array.from({ length: 4 }, () => all[written++ % all.length].write()));
        await sleep(Math.max(0, due + 20 - performance.now()));
      }
    })();
    busy.push((await load(server, where, load_)).p99);
    going = false;
    await writing;
    note(`${Math.round(written / load_.seconds)} writes a second`);
  }
  say(`\np99 of the group page: ${round(median(quiet))} ms alone, ${round(median(busy))} ms beside 200 writes a second (**${round(median(busy) / median(quiet), 1)} ×**).`);
  await server.stop();
}

// Words of all minutes, of a programme area's, of a few hundred, of some by two words and by a phrase; by nobody, who may read a
// third of them and for whom the others are gone through, by somebody who has groups of her own besides, and by the support function.
const sought = [
  ['in every one', 'beslut'], ['a programme area', 'palliativ'], ['a few hundred', 'smärtteamet'], ['two words', 'triagelarmet skåne'],
  ['a phrase', '"palliativ vård"'], ['beginnings', 'vår'], ['none', 'xyzzy'],
];
async function searchPart() {
  const count = number('BENCH_MINUTES', 50000);
  const { file, seconds, added } = await registerOfMinutes(count);
  if (seconds) say(`\nThe index of ${count} minutes, made by migrate: ${round(seconds)} s, ${round((seconds * 1e6) / count)} µs each; the file grows by ${round(added / 1048576, 0)} MB.`);
  const db = copy(file);
  const readers = [['nobody']];
  for (const who of ['karin.bergstrom', 'support']) {
    const { stdout } = await run(bin, ['token', 'add', '--db', db, '--account', `${who}@kansli.example`, '--scope', 'read']);
    readers.push([who, stdout.trim()]);
  }
  const server = await kansli(db, uncached);
  const figures = async (where, token) => {
    const how = { ...load_, token, seconds: Math.max(2, load_.seconds / 2) };
    const list = [];
    await load(server, where, { ...how, seconds: 1 }); // what the file's pages cost the first time is not the search's
    for (let i = 0; i < rounds; i++) list.push(await load(server, where, how));
    return ['us', 'p50', 'p99'].map((name) => median(list.map((r) => r[name])));
  };
  const page = await figures(`/groups/${group}`);
  const rows = [['the group page', '', round(page[0]), round(page[1]), round(page[2]), '1']];
  for (const [name, q] of sought) {
    for (const [who, token] of readers) {
      note(`${q}, ${who}`);
      const [us, p50, p99] = await figures(`/api/v1/search?embed=types&q=${encodeURIComponent(q)}`, token);
      rows.push([`${name}: ${q}`, who, round(us), round(p50), round(p99), `**${round(p99 / page[2], 1)}**`]);
    }
  }
  say(`\nSearch over ${count} minutes, first page with the counts of all types: µs of server CPU, median and p99 in ms at ${load_.connections} connections.\n`);
  say(table(['what stands', 'who asks', 'µs', 'median', 'p99', 'p99 ÷ the group page'], rows));
  await server.stop();
}

// Rendering minutes, beside the parser alone.
async function markdownPart() {
  const { stdout } = await run(path.resolve(build, 'bench-markdown'));
  const [bare, ours] = stdout.split(' ').map(Number);
  say(`\nMarkdown, CPU for each MB of minutes: ${round(ours)} ms, cmark alone ${round(bare)} ms (**${round(ours / bare, 2)} ×**).`);
}

async function startPart(db) {
  const file = path.join(home, 'page');
  fs.writeFileSync(file, 'x'.repeat(4096));
  const times = { bare: [], kansli: [] };
  for (let i = 0; i < 9; i++) {
    for (const name of Object.keys(times)) {
      const server = name === 'bare' ? await serve([path.resolve(build, 'bench-bare'), file, 'text/html'], { stdin: 'pipe' }) : await kansli(db);
      await bytesOf(server, name === 'bare' ? '/' : `/groups/${group}`);
      times[name].push(Number(process.hrtime.bigint() - server.began) / 1e6);
      await server.stop();
    }
  }
  const [bare, ours] = [median(times.bare), median(times.kansli)];
  say(`\nCold start to the first group page: ${round(ours)} ms, bare libmicrohttpd ${round(bare)} ms (**${round(ours / bare, 1)} ×**).`);
}

// What a browser fetches on a first visit, and on the next: bytes of bodies as sent, gzip accepted.
async function weightPart(db) {
  const server = await kansli(db);
  const stripped = path.join(home, 'kansli');
  await run('strip', ['-o', stripped, bin]);
  const weigh = (where) => new Promise((resolve, reject) => {
    http.get(server.url + where, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).length));
    }).on('error', reject);
  });
  const where = `/groups/${group}`;
  const html = (await bytesOf(server, where)).bytes.toString();
  const found = [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="(\/[^"]+\.(?:css|js|svg|woff2)[^"]*)"/g)].map((m) => m[1]);
  for (const sheet of found.filter((name) => /\.css/.test(name))) {
    const css = (await bytesOf(server, sheet)).bytes.toString();
    found.push(...[...css.matchAll(/url\("?([^")]*latin\.[^")]*woff2[^")]*)"?\)/g)].map((m) => new URL(m[1], server.url + sheet).pathname));
  }
  const page = await weigh(where);
  let rest = 0;
  for (const name of new Set(found)) rest += await weigh(name);
  say(`\nOver the wire: first visit of the group page ${round((page + rest) / 1024, 0)} kB with ${new Set(found).size} files, then ${round(page / 1024, 1)} kB; the binary, stripped, ${round(fs.statSync(stripped).size / 1048576, 1)} MB.`);
  await server.stop();
}

const db = await register(swedens[0]);
const model = /model name\s*:\s*(.*)/.exec(fs.readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? os.arch();
say(`${new Date().toISOString().slice(0, 10)}, ${model}, ${os.cpus().length} cores; ${load_.connections} connections, ${load_.seconds} s, median of ${rounds}.`);
const all = {
  pages: () => pagesPart(copy(db)), size: sizePart, writes: () => writesPart(db), search: searchPart,
  markdown: markdownPart, start: () => startPart(copy(db)), weight: () => weightPart(copy(db)),
  register: () => registerPart({ bin, home, db: copy(db), say, note }),
  import: async () => {
    const mine = copy(db), server = await kansli(mine);
    await importPart({ bin, db: mine, server, say, note });
    await server.stop();
  },
};
for (const part of parts) {
  try {
    await all[part]();
  } catch (error) {
    say(`\n${part}: ${error.message.split('\n')[0]}`);
    process.exitCode = 1;
  }
}
fs.writeFileSync(path.join(build, 'bench.md'), `${lines.join('\n')}\n`);
