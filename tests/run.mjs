// Runs the tests and counts them: node tests/run.mjs unit lint lib browser http [FILE…].
//
// One more at a time than there are cores (JOBS), since tests also wait; a time limit for each, and at
// the end one line `N passed, N failed`; exit code 1 when anything failed or nothing ran. A program
// that dies, leaks or answers nothing is a failure of its own, whatever its tests said. Words: unit
// (the cmocka programs of BUILD), lint, and directories or files of node tests. What looks back on the
// others' replies (contract, routes) runs when they are through.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = path.join(root, 'tests/out');
const jobs = Number(process.env.JOBS) || os.cpus().length + 1;
const long = process.env.KANSLI_LONG === '1';
const limit = (long ? 60 : 8) * 60_000;
const afterwards = /(contract|routes)\.test\.mjs$/;

fs.mkdirSync(out, { recursive: true });
fs.rmSync(path.join(out, 'replies.jsonl'), { force: true });
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kansli-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

const words = process.argv.slice(2);
const steps = (words.length ? words : ['unit', 'lint', 'lib', 'browser', 'http']).flatMap(expand);
for (const late of [false, true]) {
  const todo = steps.filter((s) => s.late === late);
  await Promise.all(Array.from({ length: jobs }, () => work(todo)));
}
fs.rmSync(directory, { recursive: true, force: true });

for (const { name, text } of failures) console.log(`\n✗ ${name}\n${indent(text)}`);
if (total.passed + total.failed === 0) console.log('no test was run');
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

// A word of the command line → [{name, run, late}].
function expand(word) {
  if (word === 'lint') return ['selftest', 'run', 'openapi'].map((n) => step(`lint/${n}`, () => program([process.execPath, `tests/lint/${n}.mjs`])));
  if (word === 'unit') {
    const where = path.resolve(root, process.env.BUILD || 'build-asan', 'tests/unit');
    return list(where, /^test_\w+$/).map((n) => step(`unit/${n}`, () => unit(path.join(where, n))));
  }
  if (word.endsWith('.mjs')) {
    const name = path.relative(path.join(root, 'tests'), path.resolve(word));
    return [step(name, () => nodeFile(name))];
  }
  return list(path.join(root, 'tests', word), /\.test\.mjs$/).map((n) => step(`${word}/${n}`, () => nodeFile(`${word}/${n}`)));
}
function step(name, run) {
  return { name, run, late: afterwards.test(name), taken: false };
}
function list(where, pattern) {
  return fs.existsSync(where) ? fs.readdirSync(where).filter((n) => pattern.test(n)).sort() : [];
}

async function work(todo) {
  for (const one of todo) {
    if (one.taken) continue;
    one.taken = true;
    const began = Date.now();
    const found = await one.run();
    for (const key of Object.keys(total)) total[key] += found[key] ?? 0;
    for (const text of found.texts) failures.push({ name: one.name, text });
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    console.log(`${found.failed ? '✗' : '✓'} ${one.name}: ${found.passed} passed, ${found.failed} failed, ${seconds} s`);
  }
}

// Runs a program to its end or to the time limit: {code, text}. Its process group dies with it.
function execute([file, ...args], env = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, KANSLI_TEST_DIR: directory, ...env },
    });
    let text = '';
    let late = false;
    const take = (more) => (text = (text + more).slice(-200_000));
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const timer = setTimeout(() => {
      late = true;
      kill(child.pid);
    }, limit);
    child.on('error', (error) => take(error.message));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      kill(child.pid);
      resolve({ code: late ? `no end after ${limit / 1000} s` : code ?? signal, text });
    });
  });
}
function kill(group) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // gone already
  }
}

async function program(command) {
  const { code, text } = await execute(command);
  return code === 0 ? { passed: 1, failed: 0, texts: [] } : { passed: 0, failed: 1, texts: [text] };
}

// cmocka's standard output, summed over the groups of the program.
async function unit(file) {
  const { code, text } = await execute([file], {
    KANSLI_FAST_PASSWORDS: '1',
    // No strict_string_checks, as the server has: every strcspn would walk to the end of 64 kB of Markdown.
    ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  });
  const sum = (word) => [...text.matchAll(new RegExp(`^\\[ +${word} +\\] (\\d+) test\\(s\\)[.,]`, 'gm'))]
    .reduce((n, m) => n + Number(m[1]), 0);
  const found = { passed: sum('PASSED'), failed: sum('FAILED'), skipped: sum('SKIPPED'), texts: [] };
  if (code !== 0 && found.failed === 0) found.failed = 1;
  if (code === 0 && found.passed + found.failed === 0) {
    found.failed = 1;
    found.texts.push('no test in it');
  }
  if (found.failed) found.texts.push(`ended with ${code}\n${text.replace(/^\[ +(RUN|OK) +\].*\n/gm, '')}`);
  return found;
}

async function nodeFile(name) {
  const results = path.join(directory, `${name.replace(/\W/g, '_')}.jsonl`);
  const { code, text } = await execute([
    process.execPath, `--test-reporter=${path.join(root, 'tests/lib/reporter.mjs')}`,
    `--test-reporter-destination=${results}`, path.join(root, 'tests', name),
  ]);
  const tests = fs.existsSync(results)
    ? fs.readFileSync(results, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
  const of = (outcome) => tests.filter((t) => t.outcome === outcome);
  const found = { passed: of('passed').length, failed: of('failed').length, skipped: of('skipped').length, texts: [] };
  for (const t of of('failed')) found.texts.push(`${t.name}\n${t.error}`);
  // 1 is what node says of failed tests; a signal, a limit or another code is a failure by itself.
  if ((code !== 0 && (code !== 1 || found.failed === 0)) || tests.length === 0) {
    found.failed += 1;
    found.texts.push(`ended with ${code} after ${tests.length} tests\n${text.slice(-20_000)}`);
  } else if (found.failed && text.trim()) {
    found.texts.push(`what it wrote:\n${text.slice(-5000)}`);
  }
  return found;
}

function indent(text) {
  return text.trimEnd().split('\n').map((line) => `    ${line}`).join('\n');
}
