// Papers through the real binary: what a file is told by, its name, who may read and change, the log of downloads, bytes
// that come back as they went in, and the memory that takes.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import { before, describe, test } from 'node:test';
import { chosen } from '../lib/jar.mjs';
import { figure, start } from '../lib/kansli.mjs';
import { sqlite } from '../lib/mail.mjs';
import { made, refused, wrong } from '../lib/said.mjs';
import { repeated, workbook, zip } from '../lib/workbook.mjs';

const palliative = 'nag-palliativ-vard';
const MB = 1 << 20;
let k;
let meeting;
const tokens = { nobody: '' };
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token('karin.bergstrom@kansli.example'); // process leader of the group and of its principal
  tokens.viveka = await k.token('viveka.lundhede@kansli.example'); // member, as a patient
  tokens.elin = await k.token('elin.sarri@kansli.example'); // member of another group
  tokens.reader = (await k.actor(null)).token;
  tokens.reads = await k.token('karin.bergstrom@kansli.example', 'read');
  meeting = await planned();
});

const get = (where, who = 'karin') => k.api(where, { token: tokens[who] });
const post = (where, body = {}, who = 'karin') => k.api(where, { token: tokens[who], method: 'POST', body });
async function change(where, body, { who = 'karin', method = 'PATCH', etag } = {}) {
  etag ??= (await get(where, who)).etag;
  return k.api(where, { token: tokens[who], method, body, headers: etag ? { 'if-match': etag } : {} });
}
const remove = (where, who) => change(where, undefined, { method: 'DELETE', who });
let serial = 0;
const planned = async (fields = {}, who = 'support') => made(await post('/meetings', {
  groupIds: [palliative], title: `Handlingar ${++serial}`, startsAt: '2027-03-01T09:00:00Z', endsAt: '2027-03-01T10:00:00Z', mode: 'online', ...fields,
}, who));
const papersOf = (id) => `/meetings/${id}/papers`;

// ---- files ----

const pdf = (text = 'Handling') => `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n% ${text}\nxref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \ntrailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n120\n%%EOF\n`;
// A PDF of that many bytes, with nothing that could be packed in its middle.
function pdfOf(size) {
  const beginning = Buffer.from('%PDF-1.7\n');
  const end = Buffer.from('\nstartxref\n0\n%%EOF\n');
  return Buffer.concat([beginning, crypto.randomBytes(size - beginning.length - end.length), end]);
}
const odfType = (kind) => `application/vnd.oasis.opendocument.${kind}`;
const odf = (kind, more = {}) => zip({
  mimetype: { stored: odfType(kind) },
  'content.xml': '<office:document-content/>',
  'META-INF/manifest.xml': '<manifest:manifest/>',
  ...more,
});
const office = 'application/vnd.openxmlformats-officedocument.';
const mains = {
  docx: ['word/document.xml', `${office}wordprocessingml.document`],
  xlsx: ['xl/workbook.xml', `${office}spreadsheetml.sheet`],
  pptx: ['ppt/presentation.xml', `${office}presentationml.presentation`],
};
const types = (inside) => `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>${inside}</Types>`;
const overriding = (name, type) => `<Override PartName="/${name}" ContentType="${type}"/>`;
const ooxml = (kind, { more = {}, inside } = {}) => zip({
  '[Content_Types].xml': inside ?? types(overriding(mains[kind][0], `${mains[kind][1]}.main+xml`)),
  '_rels/.rels': '<Relationships/>',
  [mains[kind][0]]: '<document/>',
  ...more,
});

// What a browser sends of a form with a file.
function form(fields, file) {
  const mark = 'kansli-7f1c';
  const part = (head, bytes) => [Buffer.from(`--${mark}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), Buffer.from(bytes), Buffer.from('\r\n')];
  const parts = Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value));
  if (file) parts.push(part(`name="file"; filename="${file.name}"\r\nContent-Type: ${file.type ?? 'application/octet-stream'}`, file.bytes));
  return { body: Buffer.concat([...parts.flat(), Buffer.from(`--${mark}--\r\n`)]), type: `multipart/form-data; boundary=${mark}` };
}
async function upload(bytes, { name = 'fil', fields = {}, who = 'karin', type, at = meeting.id, headers = {} } = {}) {
  const sent = form(fields, { name, bytes, type });
  return k.api(papersOf(at), { token: tokens[who], method: 'POST', body: sent.body, headers: { ...headers, 'content-type': sent.type } });
}
// The bytes themselves, which k.api would read as text.
async function download(paper, { who = 'karin', headers = {}, method = 'GET' } = {}) {
  const token = tokens[who];
  const reply = await fetch(`${k.url}/api/v1/meetings/${paper.meetingId}/papers/${paper.id}/file`, { method, headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } });
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) };
}
const sum = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
const count = (where) => Number(sqlite(k, `SELECT count(*) FROM ${where};`));
const memory = (what) => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${k.process.pid}/status`, 'utf8'))[1]) / 1024;

// ---- what a file is ----

describe('what a file is', () => {
  test('seven kinds are taken, whatever they are called', async () => {
    const export_ = await fetch(`${k.url}/groups?format=xlsx`);
    const kinds = [
      ['.pdf', 'application/pdf', pdf()],
      ['.odt', odfType('text'), odf('text')],
      ['.ods', odfType('spreadsheet'), odf('spreadsheet')],
      ['.odp', odfType('presentation'), odf('presentation')],
      ['.docx', mains.docx[1], ooxml('docx')],
      ['.xlsx', mains.xlsx[1], ooxml('xlsx')],
      ['.xlsx', mains.xlsx[1], Buffer.from(await export_.arrayBuffer())], // as libxlsxwriter makes it
      ['.pptx', mains.pptx[1], ooxml('pptx')],
      ['.docx', mains.docx[1], ooxml('docx', { inside: types("<x:Override ContentType='" + `${mains.docx[1]}.main+xml' PartName='/word/document2.xml'/>`), more: { 'word/document2.xml': '<d/>' } })],
    ];
    for (const [ending, type, bytes] of kinds) {
      const one = made(await upload(bytes, { name: 'Underlag 1.exe', type: 'text/html' }));
      assert.equal(one.mediaType, type);
      assert.equal(one.fileName, `Underlag 1.exe${ending}`);
      assert.equal(one.title, 'Underlag 1.exe');
      assert.equal(one.size, Buffer.from(bytes).length);
      assert.equal(one.href, null);
      assert.match(one.sizeLabel, /^\d+ KB$/);
      const back = await download(one);
      assert.equal(back.headers.get('content-type'), type);
      assert.deepEqual(back.bytes, Buffer.from(bytes));
      made(await remove(`${papersOf(meeting.id)}/${one.id}`), 204);
    }
  });

  test('what is none of them, or two at once, is refused', async () => {
    const before_ = count('paper');
    const small = Buffer.from(pdf());
    const text = odf('text');
    const main = (type) => ooxml('docx', { inside: types(overriding('word/document.xml', type)) });
    const macro = 'application/vnd.ms-word.document.macroEnabled.main+xml';
    const rows = [
      ['paper-type', Buffer.from('MZ\x90\x00 a program', 'latin1')],
      ['paper-type', '<html><script>alert(1)</script></html>'],
      ['paper-type', `<html>${pdf()}`],
      ['paper-type', ''],
      ['paper-type', '%PDF-'],
      ['paper-type', '%PDF-x.4\n%%EOF'],
      ['paper-type', Buffer.from('d0cf11e0a1b11ae1', 'hex')], // Office before 2007, and what is locked
      ['paper-type', '{\\rtf1 text}'],
      ['paper-type', Buffer.concat([small, zip({ 'a.html': '<html/>' })])], // a PDF that is a zip file, too
      ['paper-type', Buffer.concat([Buffer.from('#!/bin/sh\n'), text])],
      ['paper-type', zip({ 'a.txt': 'a' })],
      ['paper-type', zip({ 'classes.dex': 'x', 'AndroidManifest.xml': 'x' })],
      ['paper-type', workbook({ rows: '' })], // without the type of its main part
      ['paper-type', odf('graphics')],
      ['paper-type', odf('text-template')],
      ['paper-type', zip({ 'content.xml': '<x/>', 'META-INF/manifest.xml': '<x/>', mimetype: { stored: odfType('text') } })], // not first
      ['paper-type', zip({ mimetype: odfType('text'), 'content.xml': '<x/>', 'META-INF/manifest.xml': '<x/>' })], // packed
      ['paper-type', main(`${office}wordprocessingml.template.main+xml`)],
      ['paper-type', ooxml('docx', { inside: types(overriding('word/nowhere.xml', `${mains.docx[1]}.main+xml`)) })],
      ['paper-type', ooxml('docx', { inside: types(overriding('word/document.xml', `${mains.docx[1]}.main+xml`) + overriding('_rels/.rels', `${mains.xlsx[1]}.main+xml`)) })],
      ['paper-type', ooxml('docx', { inside: types(overriding('word/document.xml', `${mains.docx[1]}.main+xml`) + overriding('x.xml', 'application/vnd.ms-word.document.&#109;acroEnabled.main+xml')) })],
      ['paper-type', ooxml('docx', { inside: `<!DOCTYPE x>${types(overriding('word/document.xml', `${mains.docx[1]}.main+xml`))}` })],
      ['paper-type', ooxml('docx', { inside: Buffer.from(types(overriding('word/document.xml', `${mains.docx[1]}.main+xml`)), 'utf16le') })],
      ['paper-macros', main(macro)],
      ['paper-macros', ooxml('docx', { more: { 'word/vbaProject.bin': 'x' } })],
      ['paper-macros', ooxml('docx', { inside: types(overriding('word/document.xml', `${mains.docx[1]}.main+xml`) + '<Default Extension="docm" ContentType="application/vnd.ms-word.document.macroEnabled.12"/>') })],
      ['paper-macros', ooxml('xlsx', { more: { 'xl/macrosheets/sheet1.xml': '<x/>' } })],
      ['paper-macros', odf('spreadsheet', { 'Basic/Standard/Module1.xml': '<x/>' })],
      ['paper-macros', odf('text', { 'Scripts/python/a.py': 'x' })],
      ['paper-damaged', small.subarray(0, small.length - 20)],
      ['paper-damaged', text.subarray(0, text.length - 10)],
      ['paper-damaged', text.subarray(0, text.length / 2)],
      ['paper-damaged', Buffer.concat([text, Buffer.from('more')])],
      ['paper-damaged', Buffer.concat([text, small])],
      ['paper-damaged', zip({ mimetype: { stored: odfType('text') } })],
      ['paper-damaged', odf('text', { 'CONTENT.xml': '<x/>' })], // one name twice
      ['paper-damaged', odf('text', { '../evil': 'x' })],
      ['paper-damaged', odf('text', { '/etc/passwd': 'x' })],
      ['paper-damaged', odf('text', { 'a\\b': 'x' })],
      ['paper-damaged', odf('text', { 'Pictures/a.png': { deflated: Buffer.from('not deflate'), size: 10, crc: 0 } })],
      ['paper-packed', odf('text', { 'styles.xml': { deflated: repeated('<x>', 'a'.repeat(100), 1_000_000, '</x>'), size: 10, crc: 0 } })],
      ['paper-packed', odf('text', Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`Pictures/${i}`, ''])))],
    ];
    for (const [i, [rule, bytes]] of rows.entries()) {
      const reply = await upload(bytes, { name: 'underlag.pdf', type: 'application/pdf' });
      assert.deepEqual([i, reply.json.rule], [i, rule], reply.text.slice(0, 300));
      assert.equal(reply.status, 400);
    }
    assert.equal(count('paper'), before_);
  });

  test('each refusal says what to do, in the reader’s language', async () => {
    const sent = form({}, { name: 'a.pdf', bytes: 'MZ' });
    const ask = async (language) => (await k.api(papersOf(meeting.id), { token: tokens.karin, method: 'POST', body: sent.body, headers: { 'content-type': sent.type, 'accept-language': language } })).json.detail;
    assert.match(await ask('sv'), /varken en PDF eller ett dokument.*Spara den som PDF/);
    assert.match(await ask('en'), /neither a PDF nor a document.*Save it as a PDF/);
    for (const rule of ['paper-type', 'paper-damaged', 'paper-macros', 'paper-packed', 'paper-too-large', 'papers-full']) {
      assert.equal((await k.page(`/problems/${rule}`)).status, 200);
    }
  });
});

// ---- bytes ----

describe('large files', () => {
  test('20 MB come back as they went in, and leave no memory behind', async () => {
    const plain = !/asan|tsan/.test(process.env.BUILD ?? 'build-asan');
    const bytes = pdfOf(20 * MB);
    const small = made(await upload(pdf()));
    await download(small);
    const before_ = memory('VmRSS');
    const began = Date.now();
    const one = made(await upload(bytes, { name: 'Bilder.pdf' }));
    figure('a paper of 20 MB in, ms', Date.now() - began);
    assert.deepEqual([one.size, one.sizeLabel], [20 * MB, '20,0 MB']);
    assert.equal(count(`paper_piece WHERE paper_key = (SELECT key FROM paper WHERE id = '${one.id}')`), 160);
    const kept = memory('VmRSS') - before_;
    const again = Date.now();
    const back = await download(one);
    figure('a paper of 20 MB out, ms', Date.now() - again);
    assert.equal(back.headers.get('content-length'), String(20 * MB));
    assert.equal(sum(back.bytes), sum(bytes));
    const high = memory('VmHWM');
    for (let i = 0; i < 3; i++) assert.equal(sum((await download(one)).bytes), sum(bytes));
    const downloads = memory('VmHWM') - high;
    figure('memory that an upload of 20 MB leaves, MB', kept.toFixed(0));
    figure('memory that downloads of 20 MB add, MB', downloads.toFixed(0));
    // A sanitizer keeps what was freed.
    assert.ok(kept < (plain ? 30 : 300), `${kept} MB`); // the writer's page cache is 16 MB
    assert.ok(downloads < (plain ? 10 : 300), `${downloads} MB`);
    made(await remove(`${papersOf(meeting.id)}/${one.id}`), 204);
    made(await remove(`${papersOf(meeting.id)}/${small.id}`), 204);
    assert.equal(count('paper_piece p LEFT JOIN paper x ON x.key = p.paper_key WHERE x.key IS NULL'), 0);
    assert.equal(count(`audit_event WHERE length(changes) > 100000`), 0, 'history has no bytes');
  });

  test('one byte more is too much', async () => {
    const reply = await upload(pdfOf(20 * MB + 1));
    assert.match(refused(reply, 413, 'paper-too-large').detail, /20 MB/);
    refused(await upload(Buffer.alloc(22 * MB, 'x')), 413, 'body-too-big');
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const page = (await jar.get(`${papersOf(meeting.id)}/new`)).form(/\/papers$/);
    const over = await jar.submit(page, { file: chosen('stor.pdf', `%PDF-1.4${'x'.repeat(20 * MB)}%%EOF`, 'application/pdf') });
    assert.equal(over.status, 413);
    assert.match(over.words, /Filen är större än 20 MB\. Gör den mindre/);
    assert.ok(over.form(/\/papers$/), 'the form is there again');
  });

  test('a browser that sends far too much gets a page', async () => {
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const host = new URL(k.url).host;
    const reply = await k.raw(`POST ${papersOf(meeting.id)} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${k.url}\r\nCookie: ${jar.header}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${100 * MB}\r\n\r\n--x\r\n`, { end: true });
    assert.equal(reply.status, 413);
    assert.match(reply.text, /text\/html/);
  });

  test('who leaves in the middle, of either, leaves nothing', async () => {
    const { port, hostname } = new URL(k.url);
    const before_ = count('paper');
    const sent = form({}, { name: 'a.pdf', bytes: pdfOf(5 * MB) });
    const head = `POST /api/v1${papersOf(meeting.id)} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${tokens.karin}\r\nContent-Type: ${sent.type}\r\nContent-Length: ${sent.body.length}\r\n\r\n`;
    await new Promise((done) => {
      const socket = net.connect(Number(port), hostname, () => {
        socket.write(head);
        socket.write(sent.body.subarray(0, 2 * MB), () => setTimeout(() => { socket.destroy(); done(); }, 50));
      });
    });
    const one = made(await upload(pdfOf(20 * MB)));
    await new Promise((done) => {
      const socket = net.connect(Number(port), hostname, () => socket.write(`GET /api/v1${papersOf(meeting.id)}/${one.id}/file HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${tokens.karin}\r\n\r\n`));
      socket.once('data', () => { socket.destroy(); done(); });
      socket.on('error', () => {});
    });
    assert.equal((await get('/me')).status, 200);
    assert.equal(count('paper'), before_ + 1);
    made(await remove(`${papersOf(meeting.id)}/${one.id}`), 204);
  });

  test('a paper that goes while it is read ends the connection, not the server', async () => {
    const { port, hostname } = new URL(k.url);
    const one = made(await upload(pdfOf(20 * MB)));
    let got = 0;
    const closed = new Promise((done) => {
      const socket = net.connect(Number(port), hostname, () => socket.write(`GET /api/v1${papersOf(meeting.id)}/${one.id}/file HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${tokens.karin}\r\n\r\n`));
      socket.once('data', async (bytes) => {
        got += bytes.length;
        socket.pause();
        made(await remove(`${papersOf(meeting.id)}/${one.id}`), 204);
        socket.on('data', (more) => (got += more.length));
        socket.resume();
      });
      socket.on('error', () => {});
      socket.on('close', done);
    });
    await closed;
    assert.ok(got < 20 * MB, `${got} bytes`);
    assert.equal((await get('/me')).status, 200);
  });

  test('an account has four uploads under way at most, and gets its places back', async () => {
    const { port, hostname } = new URL(k.url);
    const head = `POST /api/v1${papersOf(meeting.id)} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${tokens.karin}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n`;
    const sockets = await Promise.all(Array.from({ length: 4 }, () => new Promise((done) => {
      const socket = net.connect(Number(port), hostname, () => socket.write(head, () => done(socket)));
    })));
    await new Promise((next) => setTimeout(next, 200));
    const full = await upload(pdf());
    refused(full, 503, 'busy');
    assert.ok(Number(full.headers['retry-after']) > 0);
    made(await upload(pdf(), { who: 'support' })); // others have theirs
    sockets.forEach((socket) => socket.destroy());
    let reply;
    for (let i = 0; i < 50 && reply?.status !== 201; i++) {
      reply = await upload(pdf());
      if (reply.status !== 201) await new Promise((next) => setTimeout(next, 100));
    }
    made(reply);
  });

  test('the same upload under the same key is done once', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const bytes = pdfOf(3 * MB);
    const [first, second] = [await upload(bytes, { headers }), await upload(bytes, { headers })];
    assert.equal(made(first).id, made(second).id);
    refused(await upload(pdfOf(3 * MB), { headers }), 409, 'idempotency-key-reused');
  });
});

// ---- names ----

describe('names', () => {
  test('a download is an attachment under a name that any program understands', async () => {
    const rows = [ // what a browser says, the title, the name
      ['Årsrapport 2026.pdf', 'Årsrapport 2026', 'Årsrapport 2026.pdf'],
      ['A\u030Arsrapport.PDF', 'Årsrapport', 'Årsrapport.pdf'], // NFC
      ['C:\\Users\\x\\Underlag.pdf', 'Underlag', 'Underlag.pdf'],
      ['../../etc/passwd', 'passwd', 'passwd.pdf'],
      ['%22citat%22; filename=%22x.exe.pdf', '"citat"; filename="x.exe', '_citat__ filename=_x.exe.pdf'],
      ['a<b>|c?*:d%0D%0ASet-Cookie: x=1.pdf', 'a<b>|c?*:d%0D%0ASet-Cookie: x=1', 'a_b__c___d_0D_0ASet-Cookie_ x=1.pdf'],
      ['..hidden..pdf.pdf', 'hidden..pdf', 'hidden..pdf.pdf'],
      [`${'lång '.repeat(60)}.pdf`, `${'lång '.repeat(20)}`.trim(), `${'lång '.repeat(20)}`.trim() + '.pdf'],
      ['会议.docx', '会议.docx', '会议.docx.pdf'],
    ];
    for (const [name, title, fileName] of rows) {
      const one = made(await upload(pdf(), { name }));
      assert.deepEqual([one.title, one.fileName], [title, fileName]);
      const { headers } = await download(one);
      const said = headers.get('content-disposition');
      assert.match(said, /^attachment; filename="[ !#-$&-[\]-~]*"(; filename\*=UTF-8''[\w.~%-]+)?$/, said);
      const whole = /filename\*=UTF-8''(.*)$/.exec(said)?.[1];
      assert.equal(whole ? decodeURIComponent(whole) : /filename="(.*)"$/.exec(said)[1], fileName);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('set-cookie'), null);
      assert.match(headers.get('content-security-policy'), /default-src 'none'/);
      made(await remove(`${papersOf(meeting.id)}/${one.id}`), 204);
    }
  });

  test('a name that cannot be shown is none, and then a title is needed', async () => {
    for (const name of ['\u202Efdp.exe', '.pdf', ' . ', '/', '19121212-1212.pdf', Buffer.from([0x61, 0xe5]).toString('latin1') + '\u0001']) {
      wrong(await upload(pdf(), { name }), '/title');
      const one = made(await upload(pdf(), { name, fields: { title: 'Vår handling' } }));
      assert.deepEqual([one.title, one.fileName], ['Vår handling', 'Vår handling.pdf']);
      made(await remove(`${papersOf(meeting.id)}/${one.id}`), 204);
    }
    const odd = made(await upload(pdf(), { name: '...', fields: { title: '???...' } }));
    assert.equal(odd.fileName, '___.pdf');
    made(await remove(`${papersOf(meeting.id)}/${odd.id}`), 204);
  });
});

// ---- rights and the log ----

describe('who reads', () => {
  const readers = ['nobody', 'reader', 'elin', 'vasterbotten', 'viveka', 'norra', 'karin', 'auditor', 'support'];
  const groupOf = async (accessMode) => {
    const id = made(await post('/groups', { kind: 'nag', name: `Läsare ${++serial}`, startDate: '2024-01-01', principalIds: ['npo-tandvard'], accessMode }, 'support')).id;
    return id;
  };
  const withPaper = async (fields, called = true) => {
    const one = await planned(fields);
    if (called) sqlite(k, `UPDATE meeting SET called_at = '2026-11-01T08:00:00.000Z' WHERE id = '${one.id}';`);
    return made(await upload(pdf(), { at: one.id, who: 'support' }));
  };
  const may = async (paper) => {
    const all = [];
    for (const who of readers) {
      const [list, one, file] = [await get(papersOf(paper.meetingId), who), await get(`${papersOf(paper.meetingId)}/${paper.id}`, who), await download(paper, { who })];
      assert.ok([200, 404].includes(list.status), list.text);
      assert.equal(one.status, list.status, who);
      assert.equal(file.status, list.status, who);
      if (list.status === 200) all.push(who);
    }
    return all;
  };
  const log = (paper) => sqlite(k, `SELECT coalesce(a.email, '-') FROM paper_reading r LEFT JOIN account a ON a.key = r.account_key JOIN paper p ON p.key = r.paper_key WHERE p.id = '${paper.id}' ORDER BY r.key;`).split('\n').filter(Boolean).map((email) => email.split('@')[0].split('.')[0]);

  test('follows the meeting, and what not everyone may read is logged', async () => {
    const open = await withPaper({ visibility: 'public' });
    assert.deepEqual(await may(open), readers);
    assert.deepEqual(log(open), []);
    const uncalled = await withPaper({ visibility: 'public' }, false);
    const inside = ['viveka', 'norra', 'karin', 'auditor', 'support'];
    assert.deepEqual(await may(uncalled), inside);
    assert.deepEqual(log(uncalled), inside);
    const members = await withPaper({ visibility: 'members' });
    assert.deepEqual(await may(members), inside);
    assert.deepEqual(log(members), inside);
    const principals = await withPaper({ visibility: 'principals' });
    assert.deepEqual(await may(principals), ['karin', 'auditor', 'support']);
    assert.deepEqual(log(principals), ['karin', 'auditor', 'support']);
    const transparent = await withPaper({ visibility: 'public', groupIds: [await groupOf('transparent')] });
    assert.deepEqual(await may(transparent), readers.slice(1));
    assert.deepEqual(log(transparent).length, readers.length - 1);
    const restricted = await withPaper({ visibility: 'public', groupIds: [await groupOf('restricted')] });
    assert.deepEqual(await may(restricted), ['auditor', 'support']);
    assert.deepEqual(log(restricted), ['auditor', 'support']);
  });

  test('the log is for who may change the meeting', async () => {
    const paper = await withPaper({ visibility: 'members' });
    await download(paper, { who: 'viveka' });
    await download(paper, { who: 'viveka', headers: { 'if-none-match': '*', range: 'bytes=0-3' } });
    const { readings } = (await get(`${papersOf(paper.meetingId)}?embed=readings`)).json._embedded;
    assert.deepEqual(readings.map((r) => [r.byName, r.paperId, r.paperTitle]), [['Viveka Lundhede', paper.id, 'fil'], ['Viveka Lundhede', paper.id, 'fil']]);
    for (const who of ['viveka', 'auditor', 'norra']) {
      assert.equal((await get(`${papersOf(paper.meetingId)}?embed=readings`, who)).json._embedded.readings, null, who);
    }
    const own = (await get(`/persons/${(await get('/me', 'viveka')).json.personId}/data-export`, 'viveka')).json;
    assert.equal(own.paperReadings.length, sqlite(k, "SELECT count(*) FROM paper_reading r JOIN account a ON a.key = r.account_key WHERE a.email LIKE 'viveka%';") * 1);
    assert.deepEqual(own.paperReadings.at(-1).paperId, paper.id);
  });

  test('a protected name is in no other’s log', async () => {
    const paper = await withPaper({ visibility: 'members' });
    await download(paper, { who: 'viveka' });
    sqlite(k, "UPDATE person SET protected_identity = 1 WHERE email = 'viveka.lundhede@kansli.example';");
    const told = async (who) => (await get(`${papersOf(paper.meetingId)}?embed=readings`, who)).json._embedded.readings[0].byName;
    tokens.oskar = await k.token('oskar.lillbro@kansli.example'); // leads the steering group: changes the meeting, is no officer of the group
    assert.deepEqual([await told('karin'), await told('support'), await told('oskar')], ['Viveka Lundhede', 'Viveka Lundhede', null]);
    sqlite(k, "UPDATE person SET protected_identity = 0 WHERE email = 'viveka.lundhede@kansli.example';");
  });

  test('who may change a meeting changes its papers, also of one that is held or cancelled', async () => {
    const rows = { nobody: [401, 'login-needed'], reader: [404], elin: [404], vasterbotten: [404], viveka: [403, 'may-change-group'], norra: [403], auditor: [403], reads: [403] };
    const paper = await withPaper({ visibility: 'members' });
    const at = `${papersOf(paper.meetingId)}/${paper.id}`;
    const { etag } = await get(at);
    for (const [who, [status, rule]] of Object.entries(rows)) {
      const all = [
        await upload(pdf(), { who, at: paper.meetingId }),
        await upload('MZ', { who, at: paper.meetingId }), // what it is comes after who asks
        await post(papersOf(paper.meetingId), { title: 'Länk', href: 'https://exempel.se/' }, who),
        await change(at, { title: 'Annan' }, { who, etag }),
        await change(at, undefined, { who, etag, method: 'DELETE' }),
      ];
      for (const reply of all) {
        assert.equal(reply.status, status, `${who}: ${reply.text}`);
        if (rule) assert.equal(reply.json.rule, rule, who);
      }
    }
    const held = (await get(`/groups/${palliative}/meetings?from=2026-05-21&to=2026-05-21`)).json.items[0];
    made(await upload(pdf(), { at: held.id }));
    const cancelled = await planned();
    made(await post(`/meetings/${cancelled.id}/cancellations`, { reason: 'För få.' }));
    made(await upload(pdf(), { at: cancelled.id }));
  });

  test('nothing is found of papers where they are not read', async () => {
    const paper = await withPaper({ visibility: 'principals' });
    made(await change(`${papersOf(paper.meetingId)}/${paper.id}`, { title: 'Hemligstämpel Qvx' }), 200);
    for (const who of ['nobody', 'viveka', 'karin']) {
      assert.equal((await get('/search?q=Qvx', who)).text.includes('Hemligstämpel'), false);
    }
    const csv = await get(`${papersOf(paper.meetingId)}?format=csv`);
    assert.match(csv.text, /Hemligstämpel Qvx/);
    assert.doesNotMatch(csv.text, /%PDF/);
    assert.doesNotMatch((await get(papersOf(paper.meetingId))).text, /%PDF|JVBERi/);
    assert.equal((await get(`${papersOf(paper.meetingId)}?agendaItemId=${crypto.randomUUID()}`)).status, 400);
    // Another meeting's address does not lead there.
    for (const end of ['', '/file']) assert.equal((await get(`${papersOf(meeting.id)}/${paper.id}${end}`)).status, 404);
    assert.equal((await change(`${papersOf(meeting.id)}/${paper.id}`, { title: 'x' }, { etag: '"1.x"' })).status, 404);
  });
});

// ---- rules ----

describe('papers', () => {
  let items;
  before(async () => {
    for (const title of ['En punkt', 'En annan']) made(await post(`/meetings/${meeting.id}/agenda-items`, { title }));
    items = (await get(`/meetings/${meeting.id}/agenda-items`)).json.items;
  });

  test('a link has an address of the web and nothing else', async () => {
    const one = made(await post(papersOf(meeting.id), { title: 'Regler', href: 'https://exempel.se/a?b=c#d', agendaItemId: items[1].id }));
    assert.deepEqual([one.href, one.mediaType, one.size, one.fileName, one.agendaItemTitle, one.agendaItemNumber], ['https://exempel.se/a?b=c#d', null, null, null, 'En punkt', 2]);
    assert.equal((await download(one)).status, 404);
    assert.equal(one._links.some((link) => link.rel === 'file'), false);
    for (const href of ['javascript:alert(1)', 'ftp://exempel.se', 'data:text/html,x', '//exempel.se', 'https://', 'http:///x', 'https://a b', 'https://user@', 'exempel.se', 'https://"onclick=', 'mailto:a@b.se', 'HTTPS://@evil', `https://exempel.se/${'x'.repeat(2000)}`]) {
      wrong(await post(papersOf(meeting.id), { title: 'Fel', href }), '/href');
    }
    wrong(await post(papersOf(meeting.id), { title: 'Inget' }), '/file');
    wrong(await post(papersOf(meeting.id), {}), '/file', '/title');
    wrong(await post(papersOf(meeting.id), { href: 'https://exempel.se/' }), '/title');
    wrong(await post(papersOf(meeting.id), { title: 'x', href: 'https://exempel.se/', colour: 'red' }), '/colour');
    wrong(await post(papersOf(meeting.id), { title: 'x', href: 'https://exempel.se/', size: 3 }), '/size');
    wrong(await upload(pdf(), { fields: { href: 'https://exempel.se/' } }), '/href');
    wrong(await upload(pdf(), { fields: { title: 'x'.repeat(201) } }), '/title');
    wrong(await upload(pdf(), { fields: { agendaItemId: crypto.randomUUID() } }), '/agendaItemId');
    const other = await planned();
    const theirs = (await get(`/meetings/${other.id}/agenda-items`)).json.items[0];
    wrong(await upload(pdf(), { fields: { agendaItemId: theirs.id } }), '/agendaItemId');
    refused(await k.api(papersOf(meeting.id), { token: tokens.karin, method: 'POST', body: pdf(), headers: { 'content-type': 'application/pdf' } }), 415, 'media-type');
    made(await change(`${papersOf(meeting.id)}/${one.id}`, { href: 'http://exempel.se/ny' }), 200);
    wrong(await change(`${papersOf(meeting.id)}/${one.id}`, { href: null }), '/href');
  });

  test('is renamed and moved, and goes with its version', async () => {
    const one = made(await upload(pdf(), { name: 'Utkast.pdf', fields: { agendaItemId: items[1].id } }));
    const at = `${papersOf(meeting.id)}/${one.id}`;
    assert.equal((await k.api(at, { token: tokens.karin, method: 'PATCH', body: { title: 'x' } })).status, 428);
    const moved = made(await change(at, { title: 'Utkast 2', agendaItemId: items[2].id }), 200);
    assert.deepEqual([moved.title, moved.agendaItemTitle, moved.fileName], ['Utkast 2', 'En annan', 'Utkast.pdf']);
    assert.equal((await change(at, { title: 'x' }, { etag: '"1.0"' })).status, 412);
    wrong(await change(at, { title: null }), '/title');
    wrong(await change(at, { href: 'https://exempel.se/' }), '/href');
    wrong(await change(at, { mediaType: 'text/html' }), '/mediaType');
    assert.equal(made(await change(at, { agendaItemId: null }), 200).agendaItemId, null);
    const since = '2000-01-01T00:00:00Z';
    made(await remove(at), 204);
    assert.ok((await get(`${papersOf(meeting.id)}?modifiedSince=${since}&limit=500`, 'support')).json.items.some((row) => row.id === one.id && row.deleted));
    assert.equal((await download(one)).status, 404);
    const acts = (await get(`/audit-events?objectId=${one.id}`, 'support')).json.items;
    assert.deepEqual(acts.map((event) => event.act), ['delete', 'update', 'update', 'create']);
  });

  test('stays with the meeting when its item goes, and goes with the meeting', async () => {
    const own = await planned();
    const item = made(await post(`/meetings/${own.id}/agenda-items`, { title: 'Tillfällig' }));
    const one = made(await upload(pdf(), { at: own.id, fields: { agendaItemId: item.id } }));
    const { etag } = await get(`${papersOf(own.id)}/${one.id}`);
    made(await remove(`/meetings/${own.id}/agenda-items/${item.id}`), 204);
    const after = await get(`${papersOf(own.id)}/${one.id}`);
    assert.equal(after.json.agendaItemId, null);
    assert.ok(after.json.modified > one.modified);
    assert.notEqual(after.etag, etag);
    await download(one);
    made(await remove(`/meetings/${own.id}`), 204);
    assert.equal(count(`paper WHERE id = '${one.id}'`), 0);
    assert.equal(count(`tombstone WHERE type = 'papers' AND id = '${one.id}'`), 1);
    assert.equal(count('paper_piece p LEFT JOIN paper x ON x.key = p.paper_key WHERE x.key IS NULL'), 0);
    assert.equal(count('paper_reading p LEFT JOIN paper x ON x.key = p.paper_key WHERE x.key IS NULL'), 0);
  });

  test('are a hundred at most', async () => {
    const own = await planned();
    sqlite(k, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99) INSERT INTO paper (id, meeting_key, title, href, added_at, modified) SELECT 'p' || i, m.key, 'p', 'https://exempel.se', m.modified, m.modified FROM n, meeting m WHERE m.id = '${own.id}';`);
    made(await upload(pdf(), { at: own.id }));
    refused(await upload(pdf(), { at: own.id }), 409, 'papers-full');
  });

  test('stand in the order of the agenda, those of the whole meeting first', async () => {
    const own = await planned();
    const one = made(await post(`/meetings/${own.id}/agenda-items`, { title: 'A' }));
    const two = made(await post(`/meetings/${own.id}/agenda-items`, { title: 'B' }));
    for (const [title, agendaItemId] of [['b', two.id], ['a', one.id], ['hela', null], ['a2', one.id]]) {
      made(await post(papersOf(own.id), { title, agendaItemId, href: 'https://exempel.se' }));
    }
    assert.deepEqual((await get(papersOf(own.id))).json.items.map((p) => p.title), ['hela', 'a', 'a2', 'b']);
    assert.deepEqual((await get(`${papersOf(own.id)}?agendaItemId=${one.id}`)).json.items.map((p) => p.title), ['a', 'a2']);
  });
});

// ---- pages ----

describe('in the browser', () => {
  test('a file and a link are added, changed and taken away', async () => {
    const own = await planned({ visibility: 'members' });
    const item = made(await post(`/meetings/${own.id}/agenda-items`, { title: 'Rutinen' }));
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const tab = papersOf(own.id);
    const empty = await jar.get(tab);
    assert.match(empty.words, /Det finns inga handlingar\. Lägg till det som gruppen bör ha läst/);
    assert.match(empty.words, /Varje nedladdning noteras/);
    const open = await jar.get(`/meetings/${own.id}?item=${item.id}`);
    assert.match(open.text, new RegExp(`href="${tab}/new\\?item=${item.id}"`));
    const page = await jar.get(`${tab}/new?item=${item.id}`);
    const adding = page.form(/\/papers$/);
    assert.equal(adding.enctype, 'multipart/form-data');
    assert.equal(adding.fields.agendaItemId, item.id);
    const none = await jar.submit(adding, { file: undefined, title: 'Behålls' });
    assert.equal(none.status, 400);
    assert.match(none.words, /Välj en fil, eller ange en adress/);
    assert.equal(none.form(/\/papers$/).fields.title, 'Behålls');
    assert.equal(none.form(/\/papers$/).fields.agendaItemId, item.id);
    const program = await jar.submit(adding, { file: chosen('rutin.pdf', 'MZ', 'application/pdf') });
    assert.equal(program.status, 400);
    assert.match(program.words, /Spara den som PDF/);
    const sent = await jar.submit(adding, { file: chosen('Rutin å.pdf', pdf(), 'application/pdf') });
    assert.equal(sent.status, 303, sent.words);
    const list = await jar.get(sent.headers.location);
    assert.match(list.words, /Handlingen är tillagd/);
    assert.match(list.words, /Rutin å 2\. Rutinen PDF 1 KB/);
    const link = await jar.submit(adding, { file: undefined, href: 'https://exempel.se/x?a=1&b="', title: '<b>Länk</b>' });
    assert.equal(link.status, 400);
    assert.equal((await jar.submit(adding, { file: undefined, href: 'https://exempel.se/x?a=1&b=2', title: '<b>Länk</b>' })).status, 303);
    const both = await jar.get(`/meetings/${own.id}?item=${item.id}`);
    assert.match(both.text, /href="https:\/\/exempel\.se\/x\?a=1&amp;b=2"[^>]*>&lt;b&gt;Länk/);
    const [, file] = /href="([^"]+\/file)" download/.exec(both.text);
    const got = await jar.get(file);
    assert.match(got.headers['content-disposition'], /^attachment; filename="Rutin _\.pdf"; filename\*=UTF-8''Rutin%20%C3%A5\.pdf$/);
    assert.equal(got.text, pdf());
    assert.match((await jar.get(tab)).words, /Vem som har laddat ner.*Karin Bergström Rutin å/);
    const edit = (await jar.get(file.replace('/file', '/edit'))).form(/PATCH/);
    assert.ok(!edit.names.includes('href'), 'a file has no address');
    assert.equal((await jar.submit(edit, { title: 'Rutin 2', agendaItemId: '' })).status, 303);
    assert.match((await jar.get(tab)).words, /Rutin 2 Hela mötet/);
    const deletion = await jar.get(file.replace('/file', '/delete'));
    assert.match(deletion.words, /”Rutin 2” raderas och går inte att få tillbaka/);
    assert.equal((await jar.submit(deletion.form(/DELETE/))).status, 303);
    assert.doesNotMatch((await jar.get(tab)).words, /Rutin 2/);
  });

  test('a member reads, and sees neither forms nor the log', async () => {
    const own = await planned({ visibility: 'members' });
    made(await upload(pdf(), { at: own.id, name: 'Läs.pdf' }));
    const jar = await k.login('viveka.lundhede@kansli.example', 'kansli-demo-2026');
    const page = await jar.get(papersOf(own.id));
    await jar.get(/href="([^"]+\/file)" download/.exec(page.text)[1]);
    const again = await jar.get(papersOf(own.id));
    assert.doesNotMatch(again.text, /papers\/new|\/edit|\/delete|laddat ner/);
    for (const end of ['/new', `/${crypto.randomUUID()}/edit`]) assert.equal((await jar.get(`${papersOf(own.id)}${end}`)).status, 403);
    const anonymous = await k.page(papersOf(own.id));
    assert.equal(anonymous.status, 404);
  });

  test('a form that another site sends adds nothing', async () => {
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const adding = (await jar.get(`${papersOf(meeting.id)}/new`)).form(/\/papers$/);
    const before_ = count('paper');
    const forged = await jar.submit(adding, { _csrf: 'fel', file: chosen('a.pdf', pdf()) });
    refused({ ...forged, json: { rule: 'forged-form' } }, 403, 'forged-form');
    assert.equal(count('paper'), before_);
  });
});
