// How a figure is taken: servers pinned to one core, the load to the other, CPU from /proc.
//
// A time proves nothing on a noisy machine; the server's own CPU per answer hardly moves. Knows
// processes and wrk, no page of kansli.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const cores = fs.readFileSync('/proc/cpuinfo', 'utf8').match(/^processor/gm).length;
const [serverCore, loadCore] = cores > 1 ? ['0', '1'] : ['0', '0'];

const alive = new Set();
process.on('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

// Starts a server on its core; url: a text, or a pattern looked for in what it prints.
export async function serve(command, { url, env = {}, stdin = 'ignore' } = {}) {
  const began = process.hrtime.bigint();
  const child = spawn('taskset', ['-c', serverCore, ...command],
    { stdio: [stdin, 'pipe', 'pipe'], env: { ...process.env, ...env } });
  alive.add(child);
  let said = '';
  let wrong = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (wrong = (wrong + text).slice(-4000)));
  const ended = new Promise((resolve) => child.on('close', resolve));
  const address = await new Promise((resolve, reject) => {
    ended.then((code) => reject(new Error(`${command.join(' ')} ended with ${code}\n${wrong}`)));
    if (!url) {
      child.stdout.setEncoding('utf8').on('data', (text) => {
        said += text;
        const m = /^(http:\/\/\S+)\n/m.exec(said);
        if (m) resolve(m[1]);
      });
    } else {
      (async () => {
        for (;;) {
          try {
            await fetch(url);
            return resolve(url);
          } catch {
            await sleep(1);
          }
        }
      })();
    }
  });
  return {
    url: address, pid: child.pid, began,
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(late);
      alive.delete(child);
    },
  };
}

// The process and its children.
function family(pid) {
  let children = [];
  try {
    children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  } catch {
    // a kernel without the list: the process alone
  }
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

// User and system time so far, in microseconds (the kernel counts in ticks of 10 ms).
export function cpu(pid) {
  return family(pid).reduce((sum, one) => {
    const fields = fs.readFileSync(`/proc/${one}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * 10_000;
  }, 0);
}

// Resident memory of the process and its children, in MB; shared pages counted once for each.
export function memory(pid) {
  return family(pid).reduce((sum, one) =>
    sum + Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${one}/status`, 'utf8'))?.[1] ?? 0) / 1024, 0);
}

// Loads one address for some seconds: {us, p50, p99, rate, mb}: server CPU per answer, milliseconds,
// answers per second, memory at the end.
export async function load(server, where, { seconds, connections, cookie, token }) {
  const before = cpu(server.pid);
  const { stdout } = await run('taskset', ['-c', loadCore, 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`,
    '--latency', '--timeout', '30s', ...(cookie ? ['-H', `Cookie: ${cookie}`] : []),
    ...(token ? ['-H', `Authorization: Bearer ${token}`] : []), server.url + where]);
  const after = cpu(server.pid);
  const answers = Number(/(\d+) requests in/.exec(stdout)?.[1] ?? 0);
  const broken = /Non-2xx or 3xx responses: (\d+)/.exec(stdout);
  if (!answers || broken) throw new Error(`${server.url}${where}: ${stdout}`);
  const within = (share) => {
    const [, value, unit] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s|m)\\b`).exec(stdout);
    return Number(value) * { us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit];
  };
  return {
    us: (after - before) / answers, p50: within(50), p99: within(99),
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]), mb: memory(server.pid),
  };
}

// nginx with one worker over a directory, its own configuration, on loopback.
export async function nginx(directory) {
  const port = 18000 + Math.floor(Math.random() * 2000);
  const conf = path.join(directory, 'nginx.conf');
  fs.chmodSync(directory, 0o755);
  fs.writeFileSync(conf, `daemon off; worker_processes 1; pid ${directory}/nginx.pid; error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type application/json;
  types { text/html html; application/json json; }
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${directory}/${n};`).join(' ')}
  server { listen 127.0.0.1:${port}; root ${directory}/www; }
}
`);
  fs.mkdirSync(path.join(directory, 'www'), { recursive: true, mode: 0o755 });
  const server = await serve(['nginx', '-e', 'stderr', '-p', directory, '-c', conf], { url: `http://127.0.0.1:${port}` });
  return Object.assign(server, { root: path.join(directory, 'www') });
}

// A Markdown table with figures to the right.
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i ? '--:' : '---'))), ...rows.map(line)].join('\n');
}
export const round = (n, digits = n < 10 ? 1 : 0) => (n === undefined || Number.isNaN(n) ? '–' : n.toFixed(digits));
