// The outbox and the thread that sends: with a real SMTP server in this process, its faults, and a
// program that is killed in the middle.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import fs from 'node:fs';
import net from 'node:net';
import { goodPassword, start } from '../lib/kansli.mjs';
import { mailServer, pause, sqlite, stopSecret, until } from '../lib/mail.mjs';

const quote = (text) => (text === null ? 'NULL' : `'${String(text).replaceAll("'", "''")}'`);
let serial = 0;

// A mail in the outbox, as a rule would have queued it; → its id. email: an account's address, or of nobody.
function write(k, email, { kind = 'notice', language = 'sv', due = '2020-01-01T00:00:00.000Z', ...content } = {}) {
  const id = `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`;
  const all = JSON.stringify({
    name: 'Åsa Öberg', subject: 'Åtgärder i rätt ordning', paragraphs: ['Först det ena.', 'Sedan <b>det andra</b> & mer.'],
    path: '/groups/nag-palliativ-vard', action: 'Öppna gruppen', why: 'Du får det här därför att du sitter i gruppen.', ...content,
  });
  sqlite(k, `INSERT INTO mail (id, event, kind, address, account_key, language, content, due, created, modified) VALUES
    ('${id}', 'test:${serial}', '${kind}', ${quote(email)}, (SELECT key FROM account WHERE email = ${quote(email)}), '${language}',
     ${quote(all)}, '${due}', strftime('%Y-%m-%dT%H:%M:%fZ'), strftime('%Y-%m-%dT%H:%M:%fZ'));`);
  return id;
}
const stateOf = (k, id) => sqlite(k, `SELECT state FROM mail WHERE id = '${id}';`);
const reaches = async (k, id, state) => {
  await until(() => stateOf(k, id) === state);
  assert.equal(stateOf(k, id), state, sqlite(k, `SELECT problem FROM mail WHERE id = '${id}';`));
};
const dueNow = (k, id) => sqlite(k, `UPDATE mail SET due = '2020-01-01T00:00:00.000Z' WHERE id = '${id}';`);
// Long enough for the thread to have looked again, and found nothing.
const aLook = () => pause(2200);

// Each has a register and a server of its own, and mostly waits.
const alone = { concurrency: 1 };
describe('mail', { concurrency: 4 }, () => {
  describe('a mail', alone, () => {
    let k, mail, admin;
    before(async () => {
      mail = await mailServer();
      k = await start({ env: mail.env, args: ['--base-url', 'https://kansli.example'] });
      admin = await k.actor('administrator', { email: 'admin@example.org' });
      mail.settle(k);
    });
    after(() => mail.stop());

    test('is sent encrypted, after a login, in two parts that say the same', async () => {
      const id = write(k, 'admin@example.org');
      const [one] = await mail.arrived(1);
      assert.equal(one.secure, true);
      assert.deepEqual(one.envelope, ['admin@example.org']);
      assert.equal(one.from.text, '"kansli" <kansli@register.example>');
      assert.deepEqual(one.to.value, [{ address: 'admin@example.org', name: 'Åsa Öberg' }]);
      assert.equal(one.subject, 'Åtgärder i rätt ordning');
      assert.equal(one.messageId, `<${id}@kansli.example>`);
      assert.equal(one.headers.get('auto-submitted'), 'auto-generated');
      assert.equal(one.headers.get('content-language'), 'sv');
      assert.ok(Math.abs(one.date - Date.now()) < 60_000);
      assert.match(one.text, /^Först det ena\.\n\nSedan <b>det andra<\/b> & mer\.\n\nÖppna gruppen:\nhttps:\/\/kansli\.example\/groups\/nag-palliativ-vard\n\n-- \nDu får det här/);
      assert.match(one.html, /<p>Sedan &lt;b&gt;det andra&lt;\/b&gt; &amp; mer\.<\/p>/);
      assert.match(one.html, /<a href="https:\/\/kansli\.example\/groups\/nag-palliativ-vard"><strong>Öppna gruppen<\/strong><\/a>/);
      for (const part of [one.text.replaceAll('\n', ' '), one.html]) assert.match(part, /den här sortens mejl går inte att stänga av/);
      await reaches(k, id, 'sent');
      assert.equal(sqlite(k, `SELECT content IS NULL FROM mail WHERE id = '${id}';`), '1', 'what was in it is gone');
    });

    test('is in the reader’s language', async () => {
      sqlite(k, "UPDATE account SET language = 'en' WHERE email = 'admin@example.org';");
      const n = mail.got.length;
      assert.equal((await k.api('/mails/tests', { method: 'POST', token: admin.token, body: {} })).status, 201);
      const english = (await mail.arrived(n + 1)).at(-1);
      sqlite(k, "UPDATE account SET language = 'sv' WHERE email = 'admin@example.org';");
      await k.api('/mails/tests', { method: 'POST', token: admin.token, body: {} });
      const swedish = (await mail.arrived(n + 2)).at(-1);
      assert.deepEqual([english.subject, swedish.subject], ["A test of the register's mail", 'Ett prov av registrets e-post']);
      assert.match(english.text.replaceAll('\n', ' '), /kind of mail cannot be stopped/);
      assert.match(english.html, /lang="en"/);
      assert.match(swedish.html, /lang="sv"/);
    });

    test('has an HTML part that is valid and loads nothing', async () => {
      const n = mail.got.length;
      write(k, 'admin@example.org', { kind: 'reminder', list: [{ title: 'Ett', about: 'Om', due: '2026-12-03', path: '/a' }, { title: 'Två', about: null, due: null, path: null }] });
      const one = (await mail.arrived(n + 1)).at(-1);
      const html = one.html;
      const rules = JSON.parse(fs.readFileSync(new URL('../browser/htmlvalidate.json', import.meta.url)));
      const report = await new HtmlValidate(new StaticConfigLoader(rules)).validateString(html);
      assert.deepEqual(report.results.flatMap((r) => r.messages.map((m) => `${m.ruleId}: ${m.message}`)), []);
      assert.doesNotMatch(html, /<(img|link|script|style|iframe)\b/);
      assert.match(one.text, /- Ett\n {2}Om\n {2}Senast 3 december 2026\n {2}https:\/\/kansli\.example\/a\n\n- Två\n/);
      assert.match(html, /<li><a href="https:\/\/kansli\.example\/a">Ett<\/a><br>Om<br>Senast 3 december 2026<\/li>\n<li>Två<\/li>/);
    });

    test('carries nothing into its head but what belongs there', async () => {
      const n = mail.got.length;
      const evil = 'x\r\nBcc: all@example.org\r\n\r\nbody';
      write(k, 'admin@example.org', { subject: evil, name: evil });
      const one = (await mail.arrived(n + 1)).at(-1);
      assert.equal(one.headers.has('bcc'), false);
      assert.equal(one.subject, 'x  Bcc: all@example.org    body');
      const refused = write(k, 'a@example.org>\r\nRCPT TO:<all@example.org');
      await reaches(k, refused, 'failed');
      assert.equal(mail.got.length, n + 1);
    });

    test('is not written about in the log with its address, words or password', async () => {
      assert.match(k.stderr, /mail id=[0-9a-f-]+ kind=notice outcome=sent/);
      assert.doesNotMatch(k.stderr, /example\.org|Åtgärder|sju hemliga|Först/);
    });
  });

  describe('a server that says no', alone, () => {
    let k, mail, admin;
    before(async () => {
      mail = await mailServer();
      k = await start({ env: mail.env });
      admin = await k.actor('administrator', { email: 'admin@example.org' });
      mail.settle(k);
    });
    after(() => mail.stop());

    for (const [stage, code] of [['rcpt', 451], ['rcpt', 421], ['data', 452]]) {
      test(`for now (${code} at ${stage}) is asked again after a pause`, async () => {
        const n = mail.got.length;
        mail.fault = (at) => (at === stage ? { code, text: 'try later' } : undefined);
        const id = write(k, 'admin@example.org');
        await until(() => /try later/.test(sqlite(k, `SELECT problem FROM mail WHERE id = '${id}';`)));
        const [state, attempts, wait] = sqlite(k, `SELECT state, attempts, round((julianday(due) - julianday(modified)) * 86400) FROM mail WHERE id = '${id}';`).split('|');
        assert.deepEqual([state, attempts], ['waiting', '1']);
        assert.ok(wait >= 59 && wait <= 60, wait);
        mail.fault = () => undefined;
        await aLook();
        assert.equal(mail.got.length, n, 'not before its time');
        dueNow(k, id);
        await reaches(k, id, 'sent');
        assert.equal(mail.got.length, n + 1);
      });
    }

    for (const [stage, code] of [['rcpt', 550], ['data', 554]]) {
      test(`for good (${code} at ${stage}) is not asked again, and a person is told`, async () => {
        mail.fault = (at) => (at === stage ? { code, text: 'no such person' } : undefined);
        const id = write(k, 'admin@example.org');
        await reaches(k, id, 'failed');
        mail.fault = () => undefined;
        const { json } = await k.api(`/mails/${id}`, { token: admin.token });
        assert.match(json.problem, new RegExp(`${code}.*no such person`));
        assert.match(k.stderr, new RegExp(`mail id=${id} kind=notice outcome=given-up`));
        const checks = await k.api('/checks', { token: admin.token });
        const found = checks.json.items.find((f) => f.rule === 'mail-given-up');
        assert.match(found.href, /\/mails\?state=failed$/);
        assert.doesNotMatch(found.message, /@|no such/);
      });
    }

    test('is answered by a person: again, or never', async () => {
      const ids = sqlite(k, "SELECT id FROM mail WHERE state = 'failed' ORDER BY key;").split('\n');
      const n = mail.got.length;
      const again = await k.api(`/mails/${ids[0]}/retries`, { method: 'POST', token: admin.token, body: {} });
      assert.deepEqual([again.status, again.json.state, again.json.attempts], [201, 'waiting', 0]);
      await reaches(k, ids[0], 'sent');
      assert.equal(mail.got.length, n + 1);
      const never = await k.api(`/mails/${ids[1]}/cancellations`, { method: 'POST', token: admin.token, body: {} });
      assert.deepEqual([never.status, never.json.state], [201, 'stopped']);
      assert.equal(sqlite(k, `SELECT content IS NULL FROM mail WHERE id = '${ids[1]}';`), '1');
      for (const id of ids.slice(0, 2)) {
        const refused = await k.api(`/mails/${id}/retries`, { method: 'POST', token: admin.token, body: {} });
        assert.deepEqual([refused.status, refused.json.rule], [409, 'mail-settled']);
      }
      const acts = (await k.api('/audit-events?objectType=mails', { token: admin.token })).json.items.map((e) => [e.act, e.changes[0].after]);
      assert.deepEqual(acts, [['cancel', 'stopped'], ['retry', 'waiting']]);
    });

    test('nothing after the text was given leaves it unsure, and it is not sent again', async () => {
      const n = mail.got.length;
      mail.fault = (at) => (at === 'data' ? 'cut' : undefined);
      const id = write(k, 'admin@example.org');
      await reaches(k, id, 'unsure');
      mail.fault = () => undefined;
      dueNow(k, id);
      await aLook();
      await k.restart();
      await aLook();
      assert.deepEqual([stateOf(k, id), mail.got.length], ['unsure', n]);
      await k.api(`/mails/${id}/retries`, { method: 'POST', token: admin.token, body: {} });
      await reaches(k, id, 'sent');
      assert.equal(mail.got.length, n + 1);
    });

    test('before the text was given only makes it wait', async () => {
      mail.fault = (at) => (at === 'rcpt' ? 'cut' : undefined);
      const id = write(k, 'admin@example.org');
      await until(() => sqlite(k, `SELECT problem IS NOT NULL FROM mail WHERE id = '${id}';`) === '1');
      mail.fault = () => undefined;
      assert.equal(stateOf(k, id), 'waiting');
      dueNow(k, id);
      await reaches(k, id, 'sent');
    });

    test('to the password makes mail wait, for passwords can be mended', async () => {
      mail.password = 'another';
      const id = write(k, 'admin@example.org');
      await until(() => sqlite(k, `SELECT problem IS NOT NULL FROM mail WHERE id = '${id}';`) === '1');
      assert.equal(stateOf(k, id), 'waiting');
      mail.password = mail.env.KANSLI_MAIL_PASSWORD;
      dueNow(k, id);
      await reaches(k, id, 'sent');
    });
  });

  describe('a program that ends in the middle', alone, () => {
    let k, mail;
    before(async () => {
      mail = await mailServer();
      k = await start({ env: mail.env });
      await k.actor('administrator', { email: 'admin@example.org' });
      mail.settle(k);
    });
    after(() => mail.stop());

    test('killed while a mail is sent, never sends it again by itself', async () => {
      mail.fault = (at) => (at === 'data' ? 'hang' : undefined);
      const id = write(k, 'admin@example.org');
      await reaches(k, id, 'sending');
      await k.restart({ signal: 'SIGKILL', clean: false });
      mail.fault = () => undefined;
      await reaches(k, id, 'unsure');
      await aLook();
      assert.deepEqual([stateOf(k, id), mail.got.length], ['unsure', 0]);
    });

    test('asked to stop while a server is silent, stops within ten seconds and does not know', async () => {
      mail.fault = (at) => (at === 'data' ? 'hang' : undefined);
      const id = write(k, 'admin@example.org');
      await reaches(k, id, 'sending');
      const began = Date.now();
      await k.stop();
      assert.ok(Date.now() - began < 11_000, `${Date.now() - began} ms`);
      assert.equal(stateOf(k, id), 'unsure');
      mail.fault = () => undefined;
    });

    test('sends at its next start what waited', async () => {
      const id = write(k, 'admin@example.org');
      await k.launch(k.args);
      await reaches(k, id, 'sent');
      assert.equal(mail.got.length, 1);
    });
  });

  describe('what is between', alone, () => {
    const sends = async (mail, env = mail.env, values = {}) => {
      const k = await start({ env });
      await k.actor('administrator', { email: 'admin@example.org' });
      mail.settle(k, values);
      const id = write(k, 'admin@example.org');
      await until(() => sqlite(k, `SELECT state = 'sent' OR problem IS NOT NULL FROM mail WHERE id = '${id}';`) === '1');
      const state = stateOf(k, id);
      await k.stop();
      return state;
    };

    test('TLS from the start is spoken where the address says so', async () => {
      const mail = await mailServer({ tls: 'tls' });
      assert.equal(await sends(mail), 'sent');
      assert.equal(mail.got[0].secure, true);
      await mail.stop();
    });

    test('without encryption, nothing is said to a server that offers none', async () => {
      const mail = await mailServer({ tls: 'none' });
      assert.equal(await sends(mail, mail.env, { mailServer: mail.url.replace('smtp+plain', 'smtp') }), 'waiting');
      assert.equal(mail.got.length, 0);
      await mail.stop();
    });

    test('unless it is on this machine and the setting says so', async () => {
      const mail = await mailServer({ tls: 'none', login: false });
      assert.equal(await sends(mail), 'sent');
      assert.equal(mail.got[0].secure, false);
      await mail.stop();
    });

    test('a certificate that nobody vouches for is not believed', async () => {
      const mail = await mailServer();
      assert.equal(await sends(mail, { KANSLI_MAIL_PASSWORD: mail.password }), 'waiting');
      assert.equal(mail.got.length, 0);
      await mail.stop();
    });

    test('a server that takes a mail need not say goodbye', async () => {
      const server = net.createServer((socket) => {
        const say = (text) => socket.write(`${text}\r\n`);
        let said = '';
        say('220 mail');
        socket.setEncoding('utf8').on('error', () => {}).on('data', (more) => {
          said += more;
          const text = said.startsWith('DATA\r\n') && said.length > 6;
          if (!(text ? said.endsWith('\r\n.\r\n') : said.endsWith('\r\n'))) return;
          if (said === 'DATA\r\n') return void say('354 go on');
          if (said !== 'QUIT\r\n') say('250 good');
          said = '';
        });
      });
      await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
      server.unref();
      const mail = await mailServer({ tls: 'none', login: false });
      const began = Date.now();
      assert.equal(await sends(mail, mail.env, { mailServer: `smtp+plain://127.0.0.1:${server.address().port}` }), 'sent');
      assert.ok(Date.now() - began < 10_000);
      server.close();
      await mail.stop();
    });

    test('the password may stand in a file; one that cannot be read stops the start', async () => {
      const mail = await mailServer();
      const file = `${mail.env.KANSLI_CA_FILE}.password`;
      fs.writeFileSync(file, `${mail.password}\n`);
      assert.equal(await sends(mail, { KANSLI_CA_FILE: mail.env.KANSLI_CA_FILE, KANSLI_MAIL_PASSWORD_FILE: file }), 'sent');
      await assert.rejects(start({ env: { KANSLI_MAIL_PASSWORD_FILE: `${file}.none` } }), /KANSLI_MAIL_PASSWORD_FILE names cannot be read/);
      await mail.stop();
    });
  });

  describe('mail that is not sent', alone, () => {
    let k, mail, admin;
    before(async () => {
      mail = await mailServer();
      k = await start({ env: mail.env });
      admin = await k.actor('administrator', { email: 'admin@example.org' });
    });
    after(() => mail.stop());
    const waits = async () => (await k.api('/checks', { token: admin.token })).json.items.find((f) => f.rule === 'mail-waits');

    test('waits for a server, and after an hour a check says so', async () => {
      const id = write(k, 'admin@example.org');
      await aLook();
      assert.equal(stateOf(k, id), 'waiting');
      assert.equal(await waits(), undefined);
      sqlite(k, `UPDATE mail SET created = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-61 minutes') WHERE id = '${id}';`);
      const found = await waits();
      assert.equal(found.severity, 'warning');
      assert.match(found.message, /1\. Ingen server är inställd\./);
      const jar = await k.login('admin@example.org');
      const page = await jar.get('/mails');
      assert.match(page.words, /Det finns ingen server för e-post/);
      mail.settle(k);
      await reaches(k, id, 'sent');
      assert.doesNotMatch((await jar.get('/mails')).words, /Det finns ingen server/);
      assert.equal(await waits(), undefined);
    });

    test('waits while sending is paused', async () => {
      mail.settle(k, { mailPaused: 'yes' });
      const id = write(k, 'admin@example.org');
      await aLook();
      assert.equal(stateOf(k, id), 'waiting');
      const jar = await k.login('admin@example.org');
      assert.match((await jar.get('/mails')).words, /Utskicken är pausade/);
      mail.settle(k, { mailPaused: 'no' });
      await reaches(k, id, 'sent');
    });

    test('goes to nobody whose account was disabled meanwhile', async () => {
      await k.user('gone@example.org');
      mail.settle(k, { mailPaused: 'yes' });
      const id = write(k, 'gone@example.org');
      await k.cli('user', 'disable', 'gone@example.org');
      mail.settle(k, { mailPaused: 'no' });
      await reaches(k, id, 'stopped');
      assert.ok(!mail.got.some((one) => one.to.includes('gone@example.org')));
    });

    test('is forgotten ninety days after it was sent', async () => {
      const count = () => Number(sqlite(k, 'SELECT count(*) FROM mail;'));
      sqlite(k, "UPDATE mail SET modified = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-91 days') WHERE state = 'sent'; UPDATE mail SET modified = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-89 days') WHERE state = 'stopped';");
      mail.settle(k, { mailPaused: 'yes' });
      const old = write(k, 'admin@example.org');
      sqlite(k, `UPDATE mail SET modified = '2020-01-01T00:00:00.000Z' WHERE id = '${old}';`);
      await k.restart();
      await until(() => count() === 2);
      assert.deepEqual(sqlite(k, 'SELECT DISTINCT state FROM mail ORDER BY state;').split('\n'), ['stopped', 'waiting']);
    });
  });

  describe('what is done once a day', alone, () => {
    test('may fail, and harms nothing else', async () => {
      // The first write of all, or the second: imports begin beside the chores and may meet the fault instead.
      let k;
      for (const nth of ['1', '2', '3']) {
        k = await start({ demo: true, env: { KANSLI_FAIL_STATEMENT: nth } });
        if (await until(() => /chore-failed/.test(k.stderr), 3000)) break;
        await k.stop();
      }
      assert.match(k.stderr, /fault chore-failed chore=mail-forgotten/);
      assert.equal((k.stderr.match(/chore-failed/g)).length, 1);
      assert.equal((await k.api('/groups')).status, 200);
      await k.stop();
    });

    test('is done at the start', async () => {
      const k = await start({ demo: true });
      sqlite(k, "INSERT INTO mail (id, event, kind, address, language, state, due, created, modified) VALUES ('x', 'x', 'notice', 'a@b.example', 'sv', 'sent', '', '2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z');");
      await k.restart();
      assert.equal(await until(() => sqlite(k, "SELECT count(*) FROM mail WHERE id = 'x';") === '0'), true);
      await k.stop();
    });
  });

  describe('who chooses', alone, () => {
    let k, mail, reader, reminder;
    before(async () => {
      mail = await mailServer();
      k = await start({ env: mail.env });
      reader = await k.actor(null, { email: 'reader@example.org' });
      mail.settle(k);
      write(k, 'reader@example.org', { kind: 'reminder' });
      [reminder] = await mail.arrived(1);
    });
    after(() => mail.stop());
    const choices = async () => (await k.api('/me/mail-choices', { token: reader.token })).json;

    test('finds the way to stop in every reminder', async () => {
      const way = reminder.headers.get('list').unsubscribe.url;
      assert.equal(way, `${k.url}/mail/stop/${stopSecret(k, 'reader@example.org')}`);
      assert.match(reminder.raw, /\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n/);
      assert.ok(reminder.text.includes(way));
      assert.ok(reminder.html.includes(`<a href="${way}">Stoppa</a>`));
    });

    test('is asked before anything stops, logged out, and then it does', async () => {
      const secret = stopSecret(k, 'reader@example.org');
      const page = await k.page(`/mail/stop/${secret}`);
      assert.equal(page.status, 200);
      assert.match(page.text, /Stoppa påminnelser/);
      assert.deepEqual((await choices()).reminders, true, 'looking stops nothing');
      const waiting = write(k, 'reader@example.org', { kind: 'reminder', due: '2999-01-01T00:00:00.000Z' });
      const jar = k.jar();
      const form = (await jar.get(`/mail/stop/${secret}`)).form(`/mail/stop/${secret}`);
      const done = await jar.submit(form);
      assert.equal(done.status, 200);
      assert.match(done.words, /Du får inga påminnelser/);
      assert.equal((await choices()).reminders, false);
      dueNow(k, waiting);
      await reaches(k, waiting, 'stopped');
      assert.equal(mail.got.length, 1);
      const log = sqlite(k, "SELECT e.actor = a.id, e.changes FROM audit_event e, account a WHERE a.email = 'reader@example.org' AND e.object_type = 'accounts' ORDER BY e.key DESC LIMIT 1;");
      assert.equal(log, '1|{"reminders":[true,false]}');
    });

    test('chooses under the account, too', async () => {
      const jar = await k.login('reader@example.org', goodPassword);
      assert.ok((await jar.get('/account')).text.includes('href="/me/mail-choices"'));
      const form = (await jar.get('/me/mail-choices')).form('/me/mail-choices');
      const saved = await jar.submit(form, { reminders: 'true', digest: 'weekly' });
      assert.equal(saved.headers.location, '/account');
      assert.deepEqual(await choices(), { reminders: true, digest: 'weekly', digestLabel: 'Varje måndag' });
      const id = write(k, 'reader@example.org', { kind: 'digest' });
      await reaches(k, id, 'sent');
      const bad = await k.api('/me/mail-choices', { method: 'POST', token: reader.token, body: { digest: 'daily' } });
      assert.equal(bad.status, 400);
      assert.equal((await k.api('/me/mail-choices')).status, 401);
    });

    test('stops with one click of a mail program: any body, no cookie, no redirection', async () => {
      const bodies = [
        ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
        ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'],
      ];
      for (const [type, body] of bodies) {
        for (const kind of ['reminder', 'digest']) {
          await k.api('/me/mail-choices', { method: 'POST', token: reader.token, body: { reminders: true, digest: 'weekly' } });
          const reply = await k.page(`/mail/stop/${stopSecret(k, 'reader@example.org', kind)}`, { method: 'POST', body, headers: { 'content-type': type, origin: 'https://mail.example' } });
          assert.equal(reply.status, 200);
          const now = await choices();
          assert.deepEqual([now.reminders, now.digest], kind === 'reminder' ? [false, 'weekly'] : [true, 'off']);
        }
      }
    });

    test('and nobody else with a secret that is not whole', async () => {
      const secret = stopSecret(k, 'reader@example.org');
      const other = secret.replace(/^ra\.(.)/, (all, c) => `ra.${c === '0' ? '1' : '0'}`);
      for (const wrong of [secret.slice(0, -1), `${secret}0`, secret.replace(/^ra/, 'da'), secret.replace(/^ra/, 'rp'), other, 'x', '%C3%A5']) {
        for (const method of ['GET', 'POST']) {
          const reply = await k.page(`/mail/stop/${wrong}`, { method });
          assert.equal(reply.status, 404, `${method} ${wrong}`);
        }
      }
    });
  });

  describe('the outbox', alone, () => {
    let k, admin, id;
    before(async () => {
      k = await start({ demo: true });
      admin = await k.actor('administrator', { email: 'admin@example.org' });
      id = write(k, 'karin.bergstrom@kansli.example', { kind: 'request' });
    });

    test('shows administrators what waits, never what it says', async () => {
      const list = await k.api('/mails?state=waiting&kind=request&address=karin.bergstrom@kansli.example&sort=-attempts', { token: admin.token });
      assert.ok(list.json.items.some((m) => m.id === id));
      const one = await k.api(`/mails/${id}`, { token: admin.token });
      assert.deepEqual(Object.keys(one.json).filter((name) => !name.startsWith('_')).sort(), [
        'address', 'attempts', 'created', 'due', 'id', 'kind', 'kindLabel', 'language', 'languageLabel', 'modified', 'problem', 'sent', 'state', 'stateLabel']);
      const jar = await k.login('admin@example.org');
      for (const text of [list.text, one.text, (await jar.get('/mails')).text, (await jar.get(`/mails/${id}`)).text,
        (await k.api('/mails?format=csv', { token: admin.token })).text]) {
        assert.doesNotMatch(text, /Åtgärder|Först|Öppna gruppen|test:\d/);
      }
      assert.equal((await k.api('/mails?subject=x', { token: admin.token })).status, 400);
    });

    test('is nobody else’s to see', async () => {
      for (const who of ['support', 'auditor', 'karin.bergstrom', 'dataskydd', 'norra']) {
        const token = await k.token(`${who}@kansli.example`);
        for (const [where, method] of [['/mails', 'GET'], [`/mails/${id}`, 'GET'], [`/mails/${id}/retries`, 'POST'], [`/mails/${id}/cancellations`, 'POST'], ['/mails/tests', 'POST']]) {
          const reply = await k.api(where, { method, token, body: method === 'POST' ? {} : undefined });
          assert.deepEqual([reply.status, reply.json.rule], [403, 'may-keep-mail'], `${method} ${where} as ${who}`);
        }
      }
      assert.equal((await k.api('/mails')).status, 401);
      assert.equal((await k.api('/audit-events?objectType=mails', { token: await k.token('support@kansli.example') })).status, 200);
    });

    test('counts anew although no history tells of what the program does', async () => {
      const both = await k.actor('administrator', { email: 'both@example.org' });
      sqlite(k, "INSERT INTO account_role (account_key, role) SELECT key, 'support' FROM account WHERE email = 'both@example.org';");
      const total = async () => (await k.api('/mails?state=waiting', { token: both.token })).json._meta.totalRecords;
      const n = await total();
      write(k, 'admin@example.org');
      assert.equal(await total(), n + 1);
    });

    test('is reached from the administration, and its acts from a mail’s page', async () => {
      const jar = await k.login('admin@example.org');
      assert.ok((await jar.get('/administration')).text.includes('href="/mails"'));
      const tried = await jar.submit((await jar.get('/mails')).form('/mails/tests'));
      assert.equal(tried.headers.location, '/mails');
      const page = await jar.get(`/mails/${id}`);
      const sent = await jar.submit(page.form(`/mails/${id}/retries`));
      assert.equal(sent.headers.location, `/mails/${id}`);
      const stopped = await jar.submit((await jar.get(`/mails/${id}`)).form(`/mails/${id}/cancellations`));
      assert.equal(stopped.status, 303);
      const after = await jar.get(`/mails/${id}`);
      assert.ok(!after.form(`/mails/${id}/retries`));
      assert.match(after.words, /Stoppat/);
    });
  });
});
