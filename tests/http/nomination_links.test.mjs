// Links for people without an account, through the real binary: the nominee's answer and the way to a login, the employer's
// approval; what is in a mail and what is not; used, expired, replaced and invented links; the pages around a nomination.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made, refused } from '../lib/said.mjs';

const today = '2026-11-22';
const password = 'kansli-demo-2026';
const karin = 'karin.bergstrom@kansli.example'; // process leader of nag-palliativ-vard and of its principal
let k;
const tokens = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token(karin);
});

const get = (where, who = 'support') => k.api(where, { token: tokens[who] });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who], method: 'POST', body });
const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: `.timeout 5000\n${statement}`, encoding: 'utf8' }).trim();
let serial = 0;
// A call of its own in the group of the worked example, which asks Norra.
async function call(fields = {}) {
  const one = made(await post('/groups/nag-palliativ-vard/nomination-calls', { title: `Ledamot ${++serial}`, seats: 1, askedIds: ['norra'], opensOn: today, closesOn: '2026-12-31', ...fields }));
  return made(await post(`/nomination-calls/${one.id}/publications`));
}
const person = async (fields = {}) => made(await post('/persons', { givenName: 'Ny', familyName: `Person ${++serial}`, email: `ny.${serial}@region.example`, ...fields }, 'norra'));
async function nominated({ person: who, call: where, fields = {}, submit = true } = {}) {
  who ??= await person();
  where ??= await call();
  let one = made(await post(`/nomination-calls/${where.id}/nominations`, { personId: who.id, nominatorId: 'norra', role: 'member', capacity: 'profession', ...fields }, 'norra'));
  if (submit) one = made(await post(`/nominations/${one.id}/submissions`, {}, 'norra'));
  return { ...one, who };
}
const mails = (id, event) => sql(`SELECT json_object('event', event, 'address', address, 'content', json(content)) FROM mail WHERE event LIKE 'nominations:${id}:${event}%' ORDER BY key;`)
  .split('\n').filter(Boolean).map((line) => JSON.parse(line));
const link = (id, event) => mails(id, event).at(-1).content.path;
const answerLink = (one) => link(one.id, 'answer');
async function employerLink(one, who = 'norra') {
  made(await post(`/nominations/${one.id}/employer-requests`, { name: 'Chefen', email: `chef.${++serial}@region.example` }, who));
  return link(one.id, 'employer');
}
const open = (where) => k.jar().get(where);
async function answer(where, value, changes = {}) {
  const jar = k.jar();
  const page = await jar.get(where);
  assert.equal(page.status, 200, page.text);
  const form = page.forms.find((f) => f.buttons.some((b) => b.name === 'answer' && b.value === value));
  return { jar, page, reply: await jar.submit(form, changes, { button: value }) };
}

describe('the nominee', () => {
  test('is asked by mail when the nomination is submitted, not before', async () => {
    const draft = await nominated({ submit: false });
    assert.deepEqual(mails(draft.id, 'answer'), []);
    made(await post(`/nominations/${draft.id}/submissions`, {}, 'norra'));
    const [mail] = mails(draft.id, 'answer');
    assert.equal(mail.address, draft.who.email);
    assert.match(mail.content.path, /^\/candidates\/[\w-]{43}$/);
    const page = await open(mail.content.path);
    assert.equal(page.status, 200, page.text);
    assert.match(page.text, /NAG Palliativ vård/);
    assert.match(page.text, /Norra/);
    assert.match(page.text, /Får ditt namn visas/);
    assert.equal(page.headers['cache-control'], 'no-store');
    assert.equal(page.headers['x-robots-tag'], 'noindex');
  });

  test('says yes, chooses whether the name is shown, and is led to an invitation bound to the person', async () => {
    const one = await nominated();
    const { reply, jar } = await answer(answerLink(one), 'yes', { publishName: 'no' });
    assert.equal(reply.status, 303, reply.text);
    assert.match(reply.headers.location, /^\/invitations\/[\w-]{43}$/);
    const after = (await get(`/nominations/${one.id}`, 'norra')).json;
    assert.equal(after.answer, 'yes');
    assert.equal(after.status, 'submitted');
    assert.equal((await get(`/persons/${one.who.id}`)).json.publishName, false);
    assert.deepEqual(JSON.parse(sql(`SELECT changes FROM audit_event WHERE object_type = 'persons' AND object_id = '${one.who.id}' ORDER BY key DESC LIMIT 1;`)), { publishName: [null, false] });
    const invitation = await jar.follow(reply);
    assert.match(invitation.text, new RegExp(one.who.email));
    const chosen = await jar.submit(invitation.formWith((i) => i.name === 'again'), { password: 'fyra ord som inte hör ihop', again: 'fyra ord som inte hör ihop' });
    assert.equal(chosen.headers.location, '/login?next=/me/tasks');
    const mine = await k.login(one.who.email, 'fyra ord som inte hör ihop');
    assert.match((await mine.get(`/nominations/${one.id}`)).text, /Deklarera/);
    // The same link shows the answer and the way on; nothing is asked again.
    const again = await open(answerLink(one));
    assert.match(again.text, /svarat ja/);
    assert.doesNotMatch(again.text, /value="no"/);
    assert.match(again.text, /\/login\?next=\/declarations\/new/);
  });

  test('who said yes and lost the invitation gets another by the same link', async () => {
    const one = await nominated();
    const first = await answer(answerLink(one), 'yes');
    const second = await answer(answerLink(one), 'yes');
    assert.match(second.reply.headers.location, /^\/invitations\//);
    assert.notEqual(second.reply.headers.location, first.reply.headers.location);
    assert.equal((await open(first.reply.headers.location)).status, 404);
    assert.equal(sql(`SELECT count(*) FROM account WHERE email = '${one.who.email}';`), '1');
  });

  test('says no with a reason: the nomination is withdrawn, and the link shows the answer', async () => {
    const one = await nominated();
    const { reply, jar } = await answer(answerLink(one), 'no', { reason: 'Jag har inte tid i år.' });
    assert.equal(reply.status, 303, reply.text);
    const page = await jar.follow(reply);
    assert.match(page.text, /svarat nej/);
    const after = (await get(`/nominations/${one.id}`, 'norra')).json;
    assert.deepEqual([after.status, after.answer, after.reason], ['withdrawn', 'no', 'Jag har inte tid i år.']);
    assert.equal(sql(`SELECT count(*) FROM account WHERE email = '${one.who.email}';`), '0');
  });

  test('answers once', async () => {
    const one = await nominated();
    const { page, jar } = await answer(answerLink(one), 'yes');
    const csrf = page.forms.find((f) => f.fields._csrf).fields._csrf;
    const other = await jar.post(answerLink(one), { _csrf: csrf, answer: 'no' });
    assert.equal(other.status, 409);
    assert.match(other.text, /svarat redan/);
    assert.equal((await get(`/nominations/${one.id}`)).json.status, 'submitted');
  });

  test('a form without an answer, with a wrong one, or from elsewhere does nothing', async () => {
    const one = await nominated();
    const where = answerLink(one), jar = k.jar();
    const csrf = (await jar.get(where)).forms.find((f) => f.fields._csrf).fields._csrf;
    assert.equal((await jar.post(where, { _csrf: csrf })).status, 400);
    assert.equal((await jar.post(where, { _csrf: csrf, answer: 'perhaps' })).status, 400);
    assert.equal((await jar.post(where, { _csrf: csrf, answer: 'yes', publishName: 'x' })).status, 400);
    assert.equal((await jar.post(where, { answer: 'yes' })).status, 403);
    assert.equal((await jar.post(where, { _csrf: csrf, answer: 'yes' }, { origin: 'https://elsewhere.example' })).status, 403);
    assert.equal((await get(`/nominations/${one.id}`)).json.answer, null);
  });

  test('with an account already is led to the login', async () => {
    const who = await person();
    const email = `konto.${++serial}@region.example`;
    await k.user(email);
    sql(`UPDATE account SET person_key = (SELECT key FROM person WHERE id = '${who.id}') WHERE email = '${email}';`);
    const one = await nominated({ person: who });
    assert.equal(mails(one.id, 'answer')[0].address, email);
    const { reply } = await answer(answerLink(one), 'yes');
    assert.equal(reply.headers.location, '/login?next=/declarations/new');
  });

  test('whose address is another account’s is told kindly, and so is the support function', async () => {
    const who = await person({ email: `delad.${++serial}@region.example` });
    await k.user(who.email); // an account of nobody
    const one = await nominated({ person: who });
    const { reply, jar } = await answer(answerLink(one), 'yes');
    const page = await jar.follow(reply);
    assert.equal(page.status, 200);
    assert.match(page.text, /Stödfunktionen/);
    assert.equal((await get(`/nominations/${one.id}`)).json.answer, 'yes');
    assert.equal(mails(one.id, 'stuck').length, 1);
    assert.equal(sql(`SELECT coalesce(person_key, 'nobody') FROM account WHERE email = '${who.email}';`), 'nobody');
  });

  test('without an address gets no link; the nomination says who must do what', async () => {
    const who = await person({ email: null });
    const one = await nominated({ person: who });
    assert.deepEqual(mails(one.id, 'answer'), []);
    const jar = await k.login('norra@kansli.example', password);
    assert.match((await jar.get(`/nominations/${one.id}`)).text, /har ingen adress/);
  });
});

describe('asked again', () => {
  test('the nominee gets a new link when an address was entered since, and the one before ends', async () => {
    const who = await person({ email: null });
    const one = await nominated({ person: who });
    refused(await post(`/nominations/${one.id}/answer-requests`, {}, 'norra'), 409, 'no-address');
    sql('DROP INDEX IF EXISTS person_email_folded;'); // the shell knows no fold()
    sql(`UPDATE person SET email = 'sent.${one.id}@region.example' WHERE id = '${who.id}';`);
    made(await post(`/nominations/${one.id}/answer-requests`, {}, 'norra'));
    const first = answerLink(one);
    assert.equal((await open(first)).status, 200);
    refused(await post(`/nominations/${one.id}/answer-requests`, {}, 'norra'), 409, 'link-just-sent');
    sql(`UPDATE nomination_link SET created = '2026-11-22T09:00:00.000Z' WHERE nomination_key = (SELECT key FROM nomination WHERE id = '${one.id}');`);
    made(await post(`/nominations/${one.id}/answer-requests`, {}, 'support'));
    assert.equal((await open(first)).status, 404);
    await answer(answerLink(one), 'yes');
    refused(await post(`/nominations/${one.id}/answer-requests`, {}, 'norra'), 409, 'already-answered');
  });

  test('only by the nominating coordinator and support', async () => {
    const one = await nominated();
    refused(await post(`/nominations/${one.id}/answer-requests`, {}, 'karin'), 403, 'may-record-check');
    refused(await post(`/nominations/${one.id}/answer-requests`, {}, 'vasterbotten'), 404, 'not-found');
    assert.equal((await k.api(`/nominations/${one.id}/answer-requests`, { method: 'POST', body: {} })).status, 401);
  });
});

describe('the employer', () => {
  test('is sent a link by the coordinator, approves without an account, once', async () => {
    const one = await nominated();
    const where = await employerLink(one);
    assert.match(where, /^\/employer-approvals\/[\w-]{43}$/);
    const jar = k.jar(), page = await jar.get(where);
    assert.equal(page.status, 200, page.text);
    assert.match(page.text, new RegExp(`Ny ${one.who.familyName}`));
    const form = page.formWith((i) => i.name === 'outcome');
    assert.equal(form.fields.name, 'Chefen');
    const wrong = await jar.submit(form, { outcome: '', name: '', workloadPercent: '110' });
    assert.equal(wrong.status, 400);
    for (const id of ['f-outcome', 'f-name', 'f-workloadPercent']) assert.match(wrong.text, new RegExp(`href="#${id}"`));
    const reply = await jar.submit(form, { outcome: 'approved', name: 'Chef Chefsson', workloadPercent: '10' });
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.text, /Tack/);
    const { employer } = (await get(`/nominations/${one.id}`, 'norra')).json.checks;
    assert.deepEqual([employer.done, employer.by, employer.workloadPercent], [true, 'Chef Chefsson', 10]);
    assert.equal((await jar.get(where)).status, 404);
    assert.equal((await jar.submit(form, { outcome: 'declined', name: 'Någon annan' })).status, 404);
    assert.equal((await get(`/nominations/${one.id}`)).json.checks.employer.done, true);
  });

  test('may decline with a reason', async () => {
    const one = await nominated();
    const jar = k.jar(), page = await jar.get(await employerLink(one));
    await jar.submit(page.formWith((i) => i.name === 'outcome'), { outcome: 'declined', name: 'Chef', reason: 'Enheten är underbemannad.' });
    const { employer } = (await get(`/nominations/${one.id}`, 'norra')).json.checks;
    assert.deepEqual([employer.done, employer.outcome, employer.reason], [false, 'declined', 'Enheten är underbemannad.']);
  });

  test('gets a mail without the name of a protected identity; the page names the person', async () => {
    const who = await person();
    sql(`UPDATE person SET protected_identity = 1 WHERE id = '${who.id}';`);
    const one = await nominated({ person: who });
    await employerLink(one, 'support');
    const all = sql(`SELECT group_concat(content) FROM mail WHERE event LIKE 'nominations:${one.id}:%' AND address NOT LIKE '${who.email}';`);
    assert.doesNotMatch(all, new RegExp(who.familyName));
    assert.match((await open(link(one.id, 'employer'))).text, new RegExp(who.familyName));
  });

  test('only the nominating coordinator, the person and support send the link', async () => {
    const one = await nominated();
    const body = { name: 'Chefen', email: 'chef@region.example' };
    refused(await post(`/nominations/${one.id}/employer-requests`, body, 'karin'), 403, 'may-record-check');
    refused(await post(`/nominations/${one.id}/employer-requests`, body, 'vasterbotten'), 404, 'not-found');
    refused(await post(`/nominations/${one.id}/employer-requests`, body, 'auditor'), 403, 'may-record-check');
    assert.equal((await k.api(`/nominations/${one.id}/employer-requests`, { method: 'POST', body })).status, 401);
    assert.equal((await post(`/nominations/${one.id}/employer-requests`, { name: '', email: 'nej' }, 'norra')).status, 400);
    made(await post(`/nominations/${one.id}/employer-requests`, body, 'norra'));
    refused(await post(`/nominations/${one.id}/employer-requests`, body, 'norra'), 409, 'link-just-sent');
  });
});

describe('links that do not open', () => {
  const words = (page) => page.text.replace(/login\?next=[^"]*/g, 'login').replace(/value="\/[^"]*"/g, '');

  test('used, replaced, expired, ended and invented ones answer alike', async () => {
    const used = await nominated(), replaced = await nominated(), expired = await nominated(), ended = await nominated();
    const where = { used: await employerLink(used), replaced: await employerLink(replaced), expired: await employerLink(expired), ended: await employerLink(ended) };
    const jar = k.jar();
    await jar.submit((await jar.get(where.used)).formWith((i) => i.name === 'outcome'), { outcome: 'approved', name: 'Chef' });
    sql(`UPDATE nomination_link SET created = '2026-11-22T09:00:00.000Z' WHERE nomination_key = (SELECT key FROM nomination WHERE id = '${replaced.id}');`);
    await employerLink(replaced);
    sql(`UPDATE nomination_link SET expires = '2026-11-22T09:59:59.000Z' WHERE nomination_key = (SELECT key FROM nomination WHERE id = '${expired.id}');`);
    made(await post(`/nominations/${ended.id}/withdrawals`, { reason: 'Fel person.' }, 'norra'));
    const invented = `/employer-approvals/${'A'.repeat(43)}`;
    const pages = [];
    for (const one of [...Object.values(where), invented, '/employer-approvals/x', `/employer-approvals/${answerLink(used).split('/').at(-1)}`]) {
      const page = await open(one);
      assert.equal(page.status, 404);
      assert.equal(page.headers['cache-control'], 'no-store');
      pages.push(words(page));
    }
    assert.equal(new Set(pages).size, 1);
    assert.match(pages[0], /link-used/);
  });

  test('an answer is asked for no more when the nomination was decided or withdrawn by another', async () => {
    const one = await nominated();
    const where = answerLink(one);
    made(await post(`/nominations/${one.id}/decisions`, { outcome: 'notAppointed', reason: 'En annan utsågs.' }));
    assert.equal((await open(where)).status, 404);
  });

  test('the register keeps digests, the log routes: no token stands in either', async () => {
    const one = await nominated();
    const token = answerLink(one).split('/').at(-1);
    await open(`/candidates/${token}`);
    assert.equal(sql(`SELECT count(*) FROM nomination_link WHERE digest LIKE '%${token}%' OR address LIKE '%${token}%';`), '0');
    assert.doesNotMatch(k.stderr, new RegExp(token));
    assert.match(k.stderr, /\/candidates\/\{token\}/);
  });
});

describe('the pages of those who decide', () => {
  const appointedOf = async () => (await get('/nominations?status=appointed')).json.items[0];

  test('the comparison tells what each would do to the coverage, and nothing of women and men', async () => {
    const where = await call({ askedIds: ['norra', 'sodra'] });
    const gap = made(await post(`/nomination-calls/${where.id}/nominations`, { personId: (await person()).id, nominatorId: 'sodra', capacity: 'profession' }));
    made(await post(`/nominations/${gap.id}/submissions`));
    await nominated({ call: where });
    const reply = await get(`/nomination-calls/${where.id}/comparison`);
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.json.candidates.length, 2);
    const at = reply.json.candidates.findIndex((one) => one.nominatorId === 'sodra');
    const row = reply.json.effect.find((one) => /sjukvårdsregioner/i.test(one.label));
    assert.match(row.now, /Södra/);
    assert.deepEqual(row.cells.map((cell) => cell.mark), at ? [null, 'yes'] : ['yes', null]);
    assert.doesNotMatch(reply.text, /gender|women|kvinn/i);
    refused(await get(`/nomination-calls/${where.id}/comparison`, 'norra'), 403, 'may-see-nominations');
  });

  test('a coordinator’s list of a call holds the own nominations alone', async () => {
    const where = await call({ askedIds: ['norra', 'sodra'] });
    const theirs = made(await post(`/nomination-calls/${where.id}/nominations`, { personId: (await person()).id, nominatorId: 'sodra', capacity: 'profession' }));
    made(await post(`/nominations/${theirs.id}/submissions`));
    const own = await nominated({ call: where });
    const jar = await k.login('norra@kansli.example', password);
    for (const view of ['board', 'list']) {
      const page = await jar.get(`/nomination-calls/${where.id}/nominations?view=${view}`);
      assert.match(page.text, new RegExp(own.id));
      assert.doesNotMatch(page.text, new RegExp(theirs.id));
    }
  });

  test('a batch in the browser tells each row what it lacks, and decides nothing', async () => {
    const where = await call();
    const [a, b] = [await nominated({ call: where }), await nominated({ call: where })];
    const jar = await k.login('support@kansli.example', password);
    const page = await jar.get(`/nomination-calls/${where.id}/comparison`);
    const form = page.formWith((input) => input.name === 'decisions.1.outcome');
    const confirm = await jar.submit(form, { 'decisions.1.outcome': 'appointed', 'decisions.2.outcome': 'reserve' });
    assert.equal(confirm.status, 200, confirm.text);
    const refusal = await jar.submit(confirm.formWith((input) => input.name === 'decisions.1.outcome'), { 'decisions.1.reference': '§ 9' });
    assert.equal(refusal.status, 409);
    assert.match(refusal.text, /id="row-0"/);
    assert.match(refusal.text, /value="§ 9"/);
    for (const one of [a, b]) assert.equal((await get(`/nominations/${one.id}`)).json.status, 'submitted');
    const none = await jar.submit(form, {});
    assert.match(none.text, /Inget beslut valdes/);
  });

  test('an exemption shows on the routine as not applicable, with its reason', async () => {
    const one = await nominated({ fields: { capacity: 'nextOfKin' } });
    made(await post(`/nominations/${one.id}/exemptions`, { check: 'employer', reason: 'Är pensionär.' }, 'norra'));
    const jar = await k.login('norra@kansli.example', password);
    const page = await jar.get(`/nominations/${one.id}`);
    assert.match(page.text, /Inte tillämplig/);
    assert.match(page.text, /Är pensionär/);
  });

  test('a step that has passed is refused in words, a step of another’s by name', async () => {
    const one = await nominated();
    made(await post(`/nominations/${one.id}/withdrawals`, {}, 'norra'));
    const jar = await k.login('norra@kansli.example', password);
    assert.equal((await jar.get(`/nominations/${one.id}/region-approvals/new`)).status, 409);
    assert.equal((await jar.get(`/nominations/${one.id}/edit`)).status, 409);
    const other = await nominated();
    assert.equal((await jar.get(`/nominations/${other.id}/decisions/new`)).status, 403);
    assert.equal((await jar.get(`/nominations/${other.id}/answers/new`)).status, 403);
  });

  test('the letter and the days are for those who know of the nomination', async () => {
    const one = await appointedOf();
    const seat = (await get(`/memberships/${one.membershipId}`)).json;
    const jar = await k.login('support@kansli.example', password);
    const letter = await jar.get(`/nominations/${one.id}/letter`);
    assert.equal(letter.status, 200, letter.text);
    assert.match(letter.text, new RegExp(`/groups/${one.groupId}/introduction`));
    const file = await jar.get(`/nominations/${one.id}/calendar`);
    assert.match(file.headers['content-type'], /^text\/calendar/);
    assert.match(file.headers['content-disposition'], /appointment\.ics/);
    const day = (text) => text.replaceAll('-', '');
    assert.match(file.text, new RegExp(`UID:nominations/${one.id}/first-day@[\\s\\S]*DTSTART;VALUE=DATE:${day(seat.startDate)}`));
    assert.match(file.text, new RegExp(`UID:nominations/${one.id}/last-day@[\\s\\S]*DTSTART;VALUE=DATE:${day(seat.endDate)}`));
    const norra = await k.login('norra@kansli.example', password);
    for (const what of ['letter', 'calendar']) assert.equal((await norra.get(`/nominations/${one.id}/${what}`)).status, 404);
    const waiting = await nominated();
    assert.equal((await jar.get(`/nominations/${waiting.id}/letter`)).status, 404);
  });

  test('a person’s page has the nominations that the reader may know of, and no other', async () => {
    const one = await nominated();
    const shows = async (who) => new RegExp(`/nominations/${one.id}`).test((await (await k.login(who, password)).get(`/persons/${one.who.id}`)).text);
    assert.equal(await shows('norra@kansli.example'), true);
    assert.equal(await shows(karin), true);
    assert.equal(await shows('vasterbotten@kansli.example'), false);
    assert.doesNotMatch((await open(`/persons/${one.who.id}`)).text, new RegExp(one.id));
  });
});

test('what opens nothing any more is forgotten the next day; what still opens is kept', async () => {
  const used = await nominated(), waits = await nominated();
  const jar = k.jar();
  await jar.submit((await jar.get(await employerLink(used))).formWith((i) => i.name === 'outcome'), { outcome: 'approved', name: 'Chef' });
  const still = await employerLink(waits);
  await k.restart({ env: { KANSLI_NOW: '2026-11-23T10:00:00Z' } });
  const left = (one) => sql(`SELECT group_concat(purpose) FROM nomination_link WHERE nomination_key = (SELECT key FROM nomination WHERE id = '${one.id}');`);
  for (let i = 0; i < 50 && left(used) !== 'answer'; i++) await new Promise((done) => setTimeout(done, 100));
  assert.equal(left(used), 'answer');
  assert.equal(left(waits), 'answer,employer');
  assert.equal((await open(still)).status, 200);
});
