// The manual page says what the program says of itself: each command as it is written, each option, the
// version; and it is set without a warning.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { root, run } from '../lib/kansli.mjs';

const page = path.join(root, 'src/kansli.1');
const text = fs.readFileSync(page, 'utf8').replaceAll('\\-', '-');
const usage = {};
before(async () => {
  const { stdout } = await run(['--help']);
  for (const [, name] of stdout.matchAll(/^ {2}([a-z]+) /gm)) usage[name] = (await run([name, '--help'])).stdout.split('\n')[0];
});

test('every command stands there as its own help writes it, in the same order', () => {
  assert.ok(Object.keys(usage).length >= 10);
  assert.deepEqual([...text.matchAll(/^\.SS (.*)$/gm)].map((m) => m[1]), Object.values(usage));
});

test('every command is described, and every option of any, once, by name', () => {
  for (const [, name, body] of text.matchAll(/^\.SS kansli ([a-z]+).*\n([^.]|\.[A-Z]+ )/gm)) assert.ok(body.trim(), name);
  const options = (from) => [...new Set([...from.matchAll(/--([a-z][a-z-]*)/g)].map((m) => m[1]))].sort();
  const described = [...text.slice(text.indexOf('.SH OPTIONS'), text.indexOf('.SH EXIT')).matchAll(/^\.TP\n\.BI? --([a-z-]+)/gm)].map((m) => m[1]);
  assert.deepEqual(described, options([...Object.values(usage), '--help'].join(' ')), 'in alphabetical order');
});

test('an option that is described is one that the program knows', async () => {
  for (const [command, line] of Object.entries(usage)) {
    for (const [, option] of line.matchAll(/--([a-z-]+)/g)) {
      const { stderr } = await run([command, `--${option}=x`, '--help']);
      assert.doesNotMatch(stderr, /has no option|unrecognized/, `${command} --${option}`);
    }
  }
  assert.equal((await run(['serve', '--nosuch'])).code, 2);
});

test('it is of this version', async () => {
  const { stdout } = await run(['version']);
  assert.equal(/^\.TH KANSLI 1 \d{4}-\d\d-\d\d "(.*?)"/m.exec(text)[1], stdout.trim());
});

test('it is set without a warning', () => {
  const { stdout, stderr, status } = spawnSync('groff', ['-man', '-ww', '-z', page], { encoding: 'utf8' });
  assert.deepEqual([status, stdout + stderr], [0, '']);
});

test('make install puts it where man finds it', () => {
  const said = execFileSync('make', ['-n', 'install', 'DESTDIR=/nowhere', 'PREFIX=/usr', `BUILD=${path.dirname(process.env.KANSLI_BIN ?? 'build/kansli')}`], { cwd: root, encoding: 'utf8' });
  assert.match(said, /install -D -m 644 src\/kansli\.1 \/nowhere\/usr\/share\/man\/man1\/kansli\.1/);
});
