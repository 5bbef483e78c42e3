// A mail server for tests, and what a mail of ours is made of.
//
//   const mail = await mailServer();                        // STARTTLS, a login, a CA of its own
//   const k = await start({ env: mail.env });               // the password and the CA
//   await mail.settle(k);                                   // server, sender and user, by SQL: before anything waits
//   const [one] = await mail.arrived(1);                    // parsed, with .raw, .to, .headers
//
// Owns certificates made for the run, the server in this process, and its faults: mail.fault = (stage,
// envelope) => undefined | {code, text} | 'cut' | 'hang', asked at 'rcpt' and 'data'.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export const sqlite = (k, text) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: text, encoding: 'utf8' }).trim();
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Asks until the answer is true; the last answer otherwise.
export async function until(ask, ms = 15_000) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer || Date.now() > end) return answer;
    await pause(50);
  }
}

// The secret in a mail's own way to stop it, made as the register makes it: for pages, without a mail.
export function stopSecret(k, email, kind = 'reminder') {
  const [id, secret] = sqlite(k, `SELECT a.id, s.value FROM account a, setting s WHERE a.email = '${email}' AND s.name = 'serverSecret';`).split('|');
  const named = `${kind === 'reminder' ? 'r' : 'd'}a.${id}`;
  return `${named}.${crypto.createHmac('sha256', secret).update(`stop mail ${named}`).digest('hex')}`;
}

let made;
// A CA and a certificate for 127.0.0.1 that it signed.
function certificates() {
  if (made) return made;
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kansli-ca-'));
  process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));
  const at = (name) => path.join(dir, name);
  const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'ignore'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', '3650', '-subj', '/CN=kansli test CA');
  openssl('req', ...key, '-keyout', at('key.pem'), '-out', at('request.pem'), '-subj', '/CN=127.0.0.1');
  fs.writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1\n');
  openssl('x509', '-req', '-in', at('request.pem'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at('cert.pem'), '-days', '3650', '-extfile', at('names'));
  made = { ca: at('ca.pem'), key: fs.readFileSync(at('key.pem')), cert: fs.readFileSync(at('cert.pem')) };
  return made;
}

export async function mailServer({ tls = 'starttls', login = true } = {}) {
  const files = certificates();
  const mail = { user: 'kansli', password: 'sju hemliga ord', got: [], sessions: 0, fault: () => undefined };
  const refuse = (fault) => Object.assign(new Error(fault.text), { responseCode: fault.code });
  const meet = (stage, session, stream, done) => {
    const fault = mail.fault(stage, session.envelope);
    if (fault === 'cut') return server.connections.forEach((c) => c._socket.destroy());
    if (fault === 'hang') return undefined;
    return fault ? done(refuse(fault)) : done();
  };
  const server = new SMTPServer({
    key: files.key, cert: files.cert, secure: tls === 'tls', hideSTARTTLS: tls === 'none',
    disabledCommands: login ? [] : ['AUTH'], authOptional: !login, closeTimeout: 100, logger: false,
    allowInsecureAuth: tls === 'none', disableReverseLookup: true,
    onConnect: (session, done) => { mail.sessions += 1; done(); },
    onAuth: (auth, session, done) => (auth.username === mail.user && auth.password === mail.password
      ? done(null, { user: auth.username }) : done(new Error('wrong'))),
    onRcptTo: (address, session, done) => meet('rcpt', session, null, done),
    onData: (stream, session, done) => {
      const parts = [];
      stream.on('data', (part) => parts.push(part));
      stream.on('end', () => meet('data', session, stream, (error) => {
        if (error) return done(error);
        mail.got.push({ raw: Buffer.concat(parts).toString('utf8'), to: session.envelope.rcptTo.map((r) => r.address), from: session.envelope.mailFrom.address, secure: session.secure });
        return done();
      }));
    },
  });
  server.on('error', () => {}); // a client that leaves in the middle is what some tests want
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.server.address();
  server.server.unref();
  mail.url = `${{ starttls: 'smtp', tls: 'smtps', none: 'smtp+plain' }[tls]}://127.0.0.1:${port}`;
  mail.env = { KANSLI_CA_FILE: files.ca, KANSLI_MAIL_PASSWORD: mail.password };
  mail.settle = (k, values = {}) => sqlite(k, Object.entries({
    mailServer: mail.url, mailSender: 'kansli@register.example', mailUser: login ? mail.user : '', ...values,
  }).map(([name, value]) => `UPDATE setting SET value = '${value}' WHERE name = '${name}';`).join(''));
  mail.arrived = async (n) => {
    await until(() => mail.got.length >= n);
    return Promise.all(mail.got.map(async (one) => ({ ...one, ...await simpleParser(one.raw), envelope: one.to })));
  };
  mail.stop = () => new Promise((resolve) => { server.close(resolve); });
  return mail;
}
