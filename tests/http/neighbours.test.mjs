// A caller who is slow, huge or many harms nobody else (api.md 3, performance.md): what the others wait
// for is measured beside it. That each such caller is cut off is tried with short deadlines in
// unit/test_http_life.c.
import assert from 'node:assert/strict';
import net from 'node:net';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

// Instrumented builds answer in some ten milliseconds; what is blocked waits for seconds.
const atMost = 5000;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let k, token, port;
before(async () => {
  k = await start({ demo: true });
  token = await k.token('support@kansli.example');
  port = Number(new URL(k.url).port);
});

// A connection that says this and then what `more` says, every 300 ms; it reads nothing when `deaf`.
function hold(text, { more, deaf = false } = {}) {
  const socket = net.connect(port, '127.0.0.1');
  let timer;
  socket.on('error', () => {}).on('close', () => clearInterval(timer));
  socket.on('connect', () => {
    if (deaf) socket.pause();
    else socket.resume();
    socket.write(text);
    if (more) timer = setInterval(() => socket.write(more), 300);
  });
  return socket;
}
async function slowest(n, where = '/groups/npo-tandvard') {
  let most = 0;
  for (let i = 0; i < n; i++) {
    const began = performance.now();
    const reply = await fetch(`${k.url}/api/v1${where}`);
    assert.equal(reply.status, 200);
    await reply.arrayBuffer();
    most = Math.max(most, performance.now() - began);
  }
  return most;
}
async function beside(sockets, n = 30) {
  await wait(400);
  const most = await slowest(n);
  for (const socket of sockets) socket.destroy();
  assert.ok(most < atMost, `somebody waited ${Math.round(most)} ms`);
}
const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const head = (line, more = '') => `${line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${more}`;

describe('others are served at once beside', () => {
  test('two hundred who never finish their head', () => beside(times(200, () => hold('GET /api/v1/groups HTTP/1.1\r\nHost: x\r\nX-A: ', { more: 'a' }))));

  test('two hundred who never finish their body', () => beside(times(200, () =>
    hold(head('POST /api/v1/glossary', 'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"name":"'), { more: 'a' }))));

  test('sixteen who send a large file in drops', () => beside(times(16, () =>
    hold(head('POST /api/v1/imports?resource=persons&dryRun=true', 'Content-Type: text/csv\r\nContent-Length: 9000000\r\n\r\nFörnamn'), { more: 'a;b\r\n' }))));

  test('sixty who ask for the whole register and do not read it', () => beside(times(60, (i) =>
    hold(head(`GET /api/v1/${['exports/popolo', 'memberships?limit=500', 'memberships?format=csv'][i % 3]}`, '\r\n'), { deaf: true }))));

  test('forty who say too much: in headers, in the address, in the body', async () => {
    const huge = [
      `GET /api/v1/groups HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(60_000)}\r\n\r\n`,
      `GET /api/v1/groups?q=${'a'.repeat(60_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      head('POST /api/v1/glossary', `Content-Type: application/json\r\nContent-Length: 4000000\r\n\r\n${'a'.repeat(4_000_000)}`),
      head('POST /api/v1/glossary', `Connection: close\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n${'['.repeat(200_000)}`),
    ];
    const sockets = times(40, (i) => hold(huge[i % huge.length]));
    await beside(sockets);
    const said = await Promise.all(huge.map((text) => k.raw(text, { ms: 10_000 })));
    assert.deepEqual(said.map((reply) => reply.status).map((s) => [400, 413, 414, 431].includes(s)), huge.map(() => true), said.map((r) => r.status).join());
  });

  test('a caller who asks a hundred times for what is slow', () => beside(times(100, () =>
    hold(head('GET /api/v1/checks', '\r\n') + head('GET /api/v1/exports/popolo', '\r\n')))));
});

test('one address has half of all connections, and the others have the rest', async () => {
  const limited = await start({ demo: true, noLimits: false });
  const to = Number(new URL(limited.url).port);
  let closed = 0;
  const sockets = times(3000, () => { // fewer than the system's own queue holds
    const socket = net.connect({ port: to, host: '127.0.0.1', localAddress: '127.0.0.2' }, () => socket.write('GET /'));
    return socket.on('error', () => {}).on('close', () => (closed += 1)).resume();
  });
  const began = performance.now();
  for (let i = 0; i < 20; i++) assert.equal((await limited.api('/groups/npo-tandvard')).status, 200);
  const took = performance.now() - began;
  while (closed < sockets.length - 500 && performance.now() - began < 9000) await wait(50);
  assert.ok(closed >= sockets.length - 500, `${closed} of ${sockets.length} were closed`);
  for (const socket of sockets) socket.destroy();
  assert.ok(took < atMost, `twenty answers took ${Math.round(took)} ms`);
});

test('and the server is well afterwards', async () => {
  assert.ok(await slowest(50) < atMost);
  assert.equal((await k.api('/exports/popolo')).status, 200);
});
