// What goes out and comes in: a whole register as text, and a file of 50 000 people beside somebody who writes.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { memory, round, sleep, table } from './measure.mjs';

const run = promisify(execFile);
const rowsMost = Number(process.env.BENCH_ROWS) || 50000;
const seconds = (from) => (performance.now() - from) / 1000;

// A command to its end: seconds, and the most memory that it had, MB.
function measured(bin, args) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(bin, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    let peak = 0;
    const look = setInterval(() => {
      try {
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
      } catch { /* it has ended */ }
    }, 20);
    child.on('exit', (code) => {
      clearInterval(look);
      if (code) reject(new Error(`${args.join(' ')} exits ${code}`));
      else resolve({ took: seconds(began), peak });
    });
  });
}

export async function registerPart({ bin, home, db, say, note }) {
  const out = path.join(home, 'register.jsonl');
  note('a register out and in');
  const exported = await measured(bin, ['export', '--db', db, '--out', out]);
  const imported = await measured(bin, ['import', '--db', path.join(home, 'again.db'), out]);
  const copied = await measured(bin, ['backup', '--db', db, path.join(home, 'backup.db')]);
  const restored = await measured(bin, ['restore', '--db', path.join(home, 'restored.db'), path.join(home, 'backup.db')]);
  const { rows } = JSON.parse((await run('tail', ['-n', '1', out])).stdout);
  const row = (what, { took, peak }) => [what, round(took, 1), round(rows / took), round(peak, 0)];
  say(`\nA whole register, ${rows} rows, ${round(fs.statSync(out).size / 1048576, 0)} MB as text.\n`);
  say(table(['what', 's', 'rows a second', 'memory, MB'], [row('export', exported), row('import', imported), row('backup', copied), row('restore', restored)]));
}

// One after the other, as somebody who types would: the longest that any waited.
function beside(server, token) {
  let going = true, longest = 0, n = 0;
  const took = [];
  const done = (async () => {
    for (; going; await sleep(10)) {
      const began = performance.now();
      const reply = await fetch(`${server.url}/api/v1/glossary`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ abbreviation: `B${++n}`, name: 'Vid sidan av' }) });
      await reply.text();
      took.push(performance.now() - began);
      longest = Math.max(longest, took.at(-1));
    }
  })();
  return async () => {
    going = false;
    await done;
    took.sort((a, b) => a - b);
    return [round(took[took.length >> 1]), round(longest)];
  };
}

export async function importPart({ bin, db, server, say, note }) {
  const { stdout } = await run(bin, ['token', 'add', '--db', db, '--account', 'support@kansli.example', '--scope', 'write']);
  const token = stdout.trim();
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (method, where, body, more = {}) => {
    const reply = await fetch(server.url + where, { method, body, headers: { ...headers, ...more } });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${where}: ${reply.status} ${text.slice(0, 300)}`);
    return { etag: reply.headers.get('etag'), json: text && JSON.parse(text) };
  };
  const lines = Array.from({ length: rowsMost }, (_, i) => `Mätning${i};Massimport${i % 977};m${i}@region.example;Region Skåne;läkare`);
  const idle = memory(server.pid), rows = [];
  const act = async (what, start) => {
    note(`${rowsMost} rows, ${what}`);
    const stop = beside(server, token), began = performance.now();
    let at = await start();
    for (; ['trying', 'applying', 'undoing'].includes(at.json.status); await sleep(100)) at = await ask('GET', `/api/v1/imports/${at.json.id}`);
    const took = seconds(began);
    rows.push([what, round(took, 1), round(rowsMost / took), ...await stop(), round(memory(server.pid), 0)]);
    return at;
  };
  const file = `Förnamn;Efternamn;E-post;Arbetsgivare;Yrke\n${lines.join('\n')}\n`;
  let at = await act('sent and tried', () => ask('POST', '/api/v1/imports?resource=persons', file, { 'content-type': 'text/csv' }));
  at = await act('applied', () => ask('POST', `/api/v1/imports/${at.json.id}/applications`, '{}', { 'content-type': 'application/json' }));
  await act('undone', async () => {
    await ask('DELETE', `/api/v1/imports/${at.json.id}`, undefined, { 'if-match': at.etag });
    return ask('GET', `/api/v1/imports/${at.json.id}`);
  });
  say(`\nA file of ${rowsMost} people, ${round(Buffer.byteLength(file) / 1048576, 1)} MB, while another client writes; memory before: ${round(idle, 0)} MB.\n`);
  say(table(['what', 's', 'rows a second', 'another write: median, ms', 'longest, ms', 'memory, MB'], rows));
}
