// The harness of every test that talks to the real binary.
//
//   const k = await start({ demo: true });
//   const admin = await k.user('a@example.org', 'administrator');
//   const token = await k.token('a@example.org', 'write');
//   const reply = await k.api('/groups', { token, method: 'POST', body: { … } });
//
// Owns: a register of its own per start() in a temporary directory, the process that serves it, and
// the rule that it ends cleanly: exit code 0 after SIGTERM, no word from a sanitizer. Whoever does
// not call stop() gets it called when the file's tests are over. Knows the command line and the
// conventions of the API; knows no page and no resource.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cookieJar } from './jar.mjs';
import { readPage } from './html.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const out = path.join(root, 'tests/out');
fs.mkdirSync(out, { recursive: true });

// True in `make test-long`: the full sizes.
export const long = process.env.KANSLI_LONG === '1';

// A password that every rule about passwords accepts.
export const goodPassword = 'sju lindrande hav 1742';

export function binary() {
  const named = process.env.KANSLI_BIN ||
    (process.env.BUILD && path.join(process.env.BUILD, 'kansli'));
  if (named) return path.resolve(root, named);
  const built = ['build-asan/kansli', 'build/kansli'].map((name) => path.join(root, name));
  return built.find((name) => fs.existsSync(name)) || built[1];
}

// What every process of a test gets. TZ and LANG are hostile on purpose: nothing may depend on them.
function environment(extra) {
  return {
    PATH: process.env.PATH,
    HOME: os.tmpdir(),
    TZ: 'Pacific/Auckland',
    LANG: 'C',
    KANSLI_FAST_PASSWORDS: '1',
    KANSLI_STRICT: '1',
    ASAN_OPTIONS: 'detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:exitcode=99',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
    LSAN_OPTIONS: `suppressions=${path.join(root, 'tests/lib/lsan.supp')}:print_suppressions=0`,
    TSAN_OPTIONS: `suppressions=${path.join(root, 'tests/lib/tsan.supp')}:exitcode=66:second_deadlock_stack=1`,
    ...extra,
  };
}

// A TSan binary wants its addresses where they always are.
function command(args) {
  const bin = binary();
  return /tsan/.test(path.basename(path.dirname(bin))) ? ['setarch', ['-R', bin, ...args]] : [bin, args];
}

const sanitizer = /==\d+==ERROR|runtime error:|WARNING: ThreadSanitizer|AddressSanitizer|LeakSanitizer/;

let home;
// The directory of this run: run.mjs makes and removes one for all files, else this file does.
function runDirectory() {
  if (home) return home;
  if (process.env.KANSLI_TEST_DIR) return (home = process.env.KANSLI_TEST_DIR);
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kansli-'));
  process.on('exit', () => fs.rmSync(home, { recursive: true, force: true }));
  return home;
}

// Runs the binary to its end: {code, stdout, stderr}. A sanitizer's report is a failure in itself.
export function run(args, { input = '', env = {}, cwd = root, ms = 120_000 } = {}) {
  const [file, all] = command(args);
  return new Promise((resolve, reject) => {
    const child = execFile(file, all, { cwd, env: environment(env), timeout: ms, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        const code = error ? error.code ?? error.signal : 0;
        if (error && typeof error.code === 'string') return reject(error);
        if (sanitizer.test(stderr)) return reject(new Error(`kansli ${args.join(' ')}:\n${stderr}`));
        resolve({ code, stdout, stderr });
      });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

async function mustRun(args, options) {
  const { code, stdout, stderr } = await run(args, options);
  assert.equal(code, 0, `kansli ${args.join(' ')} → ${code}\n${stdout}${stderr}`);
  return stdout;
}

// A fresh register costs a copy: each kind is made once in a run, under a name of its own, then renamed.
async function freshRegister(db, demo) {
  const template = path.join(runDirectory(), demo ? 'demo.template' : 'plain.template');
  if (!fs.existsSync(template)) {
    const mine = fs.mkdtempSync(path.join(runDirectory(), 'template-'));
    const made = path.join(mine, 'register.db');
    // Made before any instant that a test sets: a register's clock never goes back.
    const said = await mustRun(['init', '--db', made, ...(demo ? ['--demo'] : [])],
      { env: { KANSLI_NOW: '2026-11-01T00:00:00.000Z' } });
    assert.ok(!fs.existsSync(`${made}-wal`) || fs.statSync(`${made}-wal`).size === 0,
      'init leaves everything in the file itself');
    fs.writeFileSync(`${template}.txt`, said);
    fs.renameSync(made, template);
    fs.rmSync(mine, { recursive: true, force: true });
  }
  fs.copyFileSync(template, db);
  return fs.readFileSync(`${template}.txt`, 'utf8');
}

const running = new Set();
// Tests need not stop what they started: a file's end does it, and an unclean end fails the file.
process.on('beforeExit', async () => {
  for (const k of [...running]) {
    try {
      await k.stop();
    } catch (error) {
      process.exitCode = 1;
      console.error(error.message);
    }
  }
});
process.on('exit', () => running.forEach((k) => k.process.kill('SIGKILL')));

// Starts a server.
//   demo     with the worked example; db: an existing file instead of a fresh register
//   env      more environment; args: more arguments of serve
//   noLimits false keeps the rate limits
//   record   false keeps the replies out of tests/out/replies.jsonl (deliberately broken servers)
export async function start({ demo = false, db, env = {}, args = [], noLimits = true, record = true } = {}) {
  const dir = fs.mkdtempSync(path.join(runDirectory(), 'k-'));
  let initSaid = '';
  if (!db) {
    db = path.join(dir, 'register.db');
    initSaid = await freshRegister(db, demo);
  }
  const server = new Server(dir, db, initSaid, env, record);
  await server.launch([
    'serve', '--db', db, '--listen', '127.0.0.1:0', ...(noLimits ? ['--no-limits'] : []), ...args,
  ]);
  return server;
}

class Server {
  constructor(dir, db, initSaid, env, record) {
    Object.assign(this, { dir, db, initSaid, env, record, stderr: '' });
  }

  async launch(args) {
    const [file, all] = command(args);
    this.args = args;
    this.stderr = '';
    this.process = spawn(file, all, { cwd: root, env: environment(this.env), stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => {
      this.process.on('close', (code, signal) => resolve(code ?? signal));
      this.process.on('error', (error) => resolve(error.message));
    });
    this.process.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.url = await new Promise((resolve, reject) => {
      let text = '';
      this.process.stdout.setEncoding('utf8').on('data', (more) => {
        text += more;
        const line = /^(http:\/\/\S+)\n/.exec(text);
        if (line) resolve(line[1]);
      });
      this.ended.then((code) => reject(new Error(`kansli ${args.join(' ')} ended with ${code}\n${this.stderr}`)));
      setTimeout(() => reject(new Error(`kansli serve said no address in 60 s\n${this.stderr}`)), 60_000).unref();
    });
    running.add(this);
    // From here on the server alone does not keep a test file alive.
    this.process.unref();
    this.process.stdout.unref();
    this.process.stderr.unref();
  }

  // SIGTERM, then: it ends by itself, with 0, and no sanitizer has said a word.
  async stop({ signal = 'SIGTERM', clean = true } = {}) {
    if (!running.delete(this)) return;
    this.process.ref();
    this.process.stderr.ref();
    const late = setTimeout(() => this.process.kill('SIGKILL'), 30_000);
    this.process.kill(signal);
    const code = await this.ended;
    clearTimeout(late);
    if (!clean) return;
    assert.ok(!sanitizer.test(this.stderr), `a sanitizer's report:\n${this.stderr}`);
    assert.equal(code, 0, `kansli serve ended with ${code}\n${this.stderr.slice(-4000)}`);
  }

  // The same register, served again; the address changes.
  async restart({ signal, clean, env } = {}) {
    await this.stop({ signal, clean });
    if (env) this.env = env;
    await this.launch(this.args);
  }

  // A command on this register: cli('check', '--json') → {code, stdout, stderr}.
  cli(...args) {
    const options = args.at(-1) && typeof args.at(-1) === 'object' ? args.pop() : {};
    const words = ['user', 'token'].includes(args[0]) ? 2 : 1;
    return run([...args.slice(0, words), '--db', this.db, ...args.slice(words)],
      { ...options, env: { ...this.env, ...options.env } });
  }

  async #mustCli(...args) {
    const { code, stdout, stderr } = await this.cli(...args);
    assert.equal(code, 0, `kansli ${args.filter((a) => typeof a === 'string').join(' ')} → ${code}\n${stderr}`);
    return stdout.trim();
  }

  // An account: {email, password, said}. role may be null: an account that may read what is open.
  async user(email, role = null, { organisation, person, password = goodPassword } = {}) {
    const args = ['user', 'add', email];
    if (role) args.push('--role', role);
    if (organisation) args.push('--organisation', organisation);
    if (person) args.push('--person', person);
    const said = await this.#mustCli(...args, '--password-stdin', { input: `${password}\n` });
    return { email, password, said };
  }

  // A token of an account, as text.
  token(email, scope = 'write') {
    return this.#mustCli('token', 'add', '--account', email, '--scope', scope);
  }

  // An account and its token in one: for tests that only need somebody with a role.
  async actor(role, { scope = 'write', ...options } = {}) {
    const email = options.email || `${role || 'reader'}-${++serial}@example.org`;
    const user = await this.user(email, role, options);
    return { ...user, token: await this.token(email, scope) };
  }

  // One request to the API. `where` begins after /api/v1 ('/groups?limit=2'). body: an object is sent as
  // JSON (merge patch for PATCH), text and bytes as they are. → {status, headers, text, json, etag}
  async api(where, { token, method = 'GET', body, headers = {} } = {}) {
    const send = { ...headers };
    if (token) send.authorization = `Bearer ${token}`;
    let bytes = body;
    if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) {
      bytes = JSON.stringify(body);
      send['content-type'] ??= method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    }
    const url = where.startsWith('http') ? where : `${this.url}/api/v1${where}`;
    const response = await fetch(url, { method, headers: send, body: bytes, redirect: 'manual' });
    const text = await response.text();
    const reply = { status: response.status, headers: Object.fromEntries(response.headers), text };
    const type = reply.headers['content-type'] || '';
    reply.json = /[/+]json\b/.test(type) && text ? JSON.parse(text) : undefined;
    reply.etag = reply.headers.etag;
    if (this.record) record(method, where, send, reply, body);
    return reply;
  }

  // One HTML page, nobody logged in unless cookies say so. → as api(), with forms, title, form(action).
  page(where, { cookies = '', method = 'GET', body, headers = {} } = {}) {
    return readPage(this.url, where, {
      method, body, headers: { accept: 'text/html', ...(cookies && { cookie: cookies }), ...headers },
    });
  }

  // A browser without a browser: cookies, forms, redirects left to the test.
  jar(options) {
    return cookieJar(this, options);
  }

  // Logs in through the page's own form, as a browser does; fails unless it leads on.
  async login(email, password = goodPassword, options) {
    const jar = this.jar(options);
    const page = await jar.get('/login');
    const form = page.formWith((input) => input.type === 'password');
    assert.ok(form, 'the login page has a form with a password');
    const name = form.inputs.find((input) => /e-?mail|user|account/i.test(input.name) || input.type === 'email');
    const secret = form.inputs.find((input) => input.type === 'password');
    const reply = await jar.submit(form, { [name.name]: email, [secret.name]: password });
    assert.equal(reply.status, 303, `login of ${email}: ${reply.status} ${reply.text.slice(0, 2000)}`);
    jar.after = reply.headers.location;
    return jar;
  }

  // Bytes as they are on a new connection; → all that came back until it closed or `ms` passed.
  // parts may be a list: then each is sent `gap` ms after the one before.
  raw(parts, { ms = 5000, gap = 20, end = false } = {}) {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname);
      const timer = setTimeout(() => done(false), ms);
      let text = '';
      let settled = false;
      function done(closed) {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        socket.destroy();
        // Not at the beginning of a line: a body need not end one.
        const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map((m) => Number(m[1]));
        resolve({ text, closed, status: statuses[0], statuses });
      }
      socket.setEncoding('latin1').on('data', (more) => (text += more));
      socket.on('close', () => done(true));
      socket.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? done(true) : reject(error)));
      socket.on('connect', async () => {
        for (const part of [parts].flat()) {
          if (settled) return;
          socket.write(part, 'latin1');
          await new Promise((next) => setTimeout(next, gap));
        }
        if (end) socket.end();
      });
    });
  }
}

let serial = 0;

// One line per reply, for the contract test. The request's secrets stay out.
function record(method, where, headers, reply, body) {
  const { authorization, cookie, ...sent } = headers;
  fs.appendFileSync(path.join(out, 'replies.jsonl'), `${JSON.stringify({
    test: path.basename(process.argv[1] || ''), method, path: where.replace(/^https?:\/\/[^/]+(\/api\/v1)?/, ''),
    authorized: Boolean(authorization || cookie), sent: { headers: sent, body: isPlain(body) ? body : undefined },
    status: reply.status, headers: reply.headers, body: reply.json,
  })}\n`);
}
function isPlain(value) {
  return value !== null && typeof value === 'object' && !(value instanceof Uint8Array);
}

// Every reply recorded so far: [{test, method, path, authorized, sent, status, headers, body}].
export function replies() {
  const file = path.join(out, 'replies.jsonl');
  if (!fs.existsSync(file)) return [];
  return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

// A figure that a long run leaves behind, one line in tests/out/figures.txt.
export function figure(name, value) {
  fs.appendFileSync(path.join(out, 'figures.txt'), `${name}: ${value}\n`);
}
