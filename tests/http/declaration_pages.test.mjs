// The pages of declarations, as a browser without scripts sees them: written one question at a time, checked and signed,
// read by each reader as far as domain.md 3 goes, reviewed beside the one before, asked about, recorded from paper.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { sqlite } from '../lib/mail.mjs';

const password = 'kansli-demo-2026';
const group = 'nag-palliativ-vard';
const secret = 'Läkemedelsbolaget Exempel'; // a counterparty
const detail = 'Föreläste om smärtlindring vid tre tillfällen.';
let k;
const jars = {};
const tokens = {};

const personOf = async (name) => (await k.api(`/persons?q=${encodeURIComponent(name)}`, { token: tokens.support })).json.items[0].id;
async function as(who, name) {
  await k.user(`${who}@example.org`, null, { person: await personOf(name) });
  jars[who] = await k.login(`${who}@example.org`);
}
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  sqlite(k, 'PRAGMA foreign_keys = ON; DELETE FROM declaration;'); // nobody has declared anything yet
  tokens.support = await k.token('support@kansli.example');
  tokens.admin = await k.token('admin@kansli.example');
  for (const [who, email] of Object.entries({ viveka: 'viveka.lundhede', karin: 'karin.bergstrom', support: 'support', admin: 'admin', norra: 'norra' })) {
    jars[who] = await k.login(`${email}@kansli.example`, password);
  }
  await as('chair', 'helena brunnmark');
  await as('member', 'bo ersmarken');
  await as('aino', 'aino lehtovaara');
  await as('david', 'david roslundh');
  await k.user('mellansverige@example.org', 'coordinator', { organisation: 'mellansverige' }); // the host's
  jars.reviewer = await k.login('mellansverige@example.org');
  jars.anonymous = k.jar();
});

const hasForm = (name) => (input) => input.name === name;
const questionForm = (page) => page.formWith(hasForm('answer'));
async function ok(reply) {
  assert.equal(reply.status, 200, reply.text);
  return reply;
}
const seen = async (who, where) => ok(await jars[who].get(where));
function led(reply, to) {
  assert.equal(reply.status, 303, reply.text);
  assert.match(reply.headers.location, to);
  return reply.headers.location.split('#')[0];
}
const errors = (page) => /<div class="errors"[\s\S]*?<\/ul>/.exec(page.text)?.[0] ?? '';

// Begins a declaration and gives its id; what was begun before is deleted.
async function begin(who, changes = {}) {
  let page = await seen(who, '/declarations/new');
  const draft = /\/declarations\/([0-9a-f-]+)\/delete/.exec(page.text);
  if (draft) {
    const form = (await seen(who, `/declarations/${draft[1]}/delete`)).formWith(hasForm('_method'));
    led(await jars[who].submit(form ?? (await seen(who, `/declarations/${draft[1]}/delete`)).forms.at(-1)), /^\/declarations$/);
    page = await seen(who, '/declarations/new');
  }
  return led(await jars[who].submit(page.formWith(hasForm('formVariant')), changes), /\/questions\/1$/).split('/')[2];
}
const interest = (at, kind, counterparty, more = {}) => Object.fromEntries(
  Object.entries({ kind, counterparty, nature: 'financial', ...more }).map(([name, value]) => [`interests.${at}.${name}`, value]));
async function step(who, id, number, changes, button = 'next') {
  return jars[who].submit(questionForm(await seen(who, `/declarations/${id}/questions/${number}`)), changes, { button });
}
// Answers every question, no to those that nothing is said of, and signs.
async function declare(who, answers, changes) {
  const id = await begin(who, changes);
  let at = `/declarations/${id}/questions/1`;
  while (/questions/.test(at)) {
    const page = await seen(who, at);
    const form = questionForm(page);
    const offered = (form.inputs.find(hasForm('interests.0.kind'))?.options ?? []).map((o) => o.value);
    const kind = Object.keys(answers).find((one) => offered.includes(one));
    const reply = await jars[who].submit(form, kind ? { answer: 'yes', ...interest(0, kind, ...answers[kind]) } : { answer: 'no' }, { button: 'next' });
    at = led(reply, /questions|check/);
  }
  const check = await seen(who, at);
  led(await jars[who].submit(check.formWith(hasForm('attested')), { attested: 'true' }), new RegExp(`^/declarations/${id}$`));
  return id;
}

describe('written one question at a time', () => {
  test('the form is guessed from the roles and explained, and nobody else sees the draft', async () => {
    const page = await seen('viveka', '/declarations/new');
    const chosen = page.formWith(hasForm('formVariant')).inputs.filter((i) => i.name === 'formVariant' && i.checked);
    assert.deepEqual(chosen.map((i) => i.value), ['patientRepresentative']);
    assert.match(page.words, /Ingen|Vem som läser vad/);
    const id = await begin('viveka');
    for (const who of ['karin', 'support', 'reviewer', 'admin', 'member']) {
      for (const where of ['/questions/1', '/check', '', '/delete', '/withdrawals/new', '/reviews/new']) {
        assert.equal((await jars[who].get(`/declarations/${id}${where}`)).status, 404, `${who} ${where}`);
      }
    }
    const reply = await jars.anonymous.get(`/declarations/${id}/questions/1`);
    assert.match(reply.headers.location, /^\/login/);
    assert.doesNotMatch((await seen('karin', '/declarations')).text, new RegExp(id));
    for (const number of ['0', '01', '99', '-1', 'x', '1e1', '99999999999999999999']) {
      assert.equal((await jars.viveka.get(`/declarations/${id}/questions/${number}`)).status, 404, number);
    }
    const rows = await seen('viveka', `/declarations/${id}/questions/1?rows=99999999`);
    assert.equal(rows.text.match(/<fieldset class="interest"/g).length, 100, 'no more rows than are read');
    assert.match((await seen('viveka', `/declarations/${id}/questions/1?rows=x`)).text, /<fieldset class="interest"/);
  });

  test('what is missing is told over the form and beside the field, and what was typed stays', async () => {
    const id = await begin('viveka');
    let reply = await step('viveka', id, 1, {});
    assert.equal(reply.status, 400);
    assert.match(errors(reply), /href="#f-answer-yes"[^<]*>Ditt svar: Välj ja eller nej/);
    reply = await step('viveka', id, 1, { answer: 'yes' });
    assert.equal(reply.status, 400);
    assert.match(errors(reply), /minst en bindning/);
    reply = await step('viveka', id, 1, { answer: 'yes', ...interest(0, 'employment', secret, { nature: '', startDate: '2026-02-01', endDate: '2026-01-01' }) });
    assert.equal(reply.status, 400);
    const back = questionForm(reply);
    assert.equal(back.fields.answer, 'yes');
    assert.equal(back.fields['interests.0.counterparty'], secret);
    assert.match(errors(reply), /href="#f-interests-0-nature"/);
    assert.match(reply.text, /id="f-interests-0-nature-error"/);
    assert.match(reply.text, /aria-invalid="true" aria-describedby="[^"]*f-interests-0-nature-error/);
    reply = await jars.viveka.submit(back, { 'interests.0.nature': 'financial' }, { button: 'next' });
    assert.match(errors(reply), /href="#f-interests-0-endDate"/);
    reply = await step('viveka', id, 1, { answer: 'yes', ...interest(0, 'employment', 'Anna 19121212-1212') }, 'close');
    assert.equal(reply.status, 400, 'a personal identity number is kept nowhere');
    assert.match(questionForm(reply).fields['interests.0.counterparty'], /1212/);
    reply = await jars.viveka.post(`/declarations/${id}/questions/1`, {
      _csrf: back.fields._csrf, _act: 'close', answer: 'yes', ...interest(0, 'ownership', secret, { proximity: 'direct', holder: 'self' }) });
    assert.equal(reply.status, 400);
    assert.match(errors(reply), /andra bindningar/, 'a kind that another question asks for');
    reply = await jars.viveka.post(`/declarations/${id}/questions/1`, { _csrf: back.fields._csrf, _act: 'next', answer: 'kanske' });
    assert.equal(reply.status, 400);
    assert.equal((await jars.viveka.post(`/declarations/${id}/questions/1`, { answer: 'no' })).status, 403, 'no token');
  });

  test('every button saves: rows come and go by submitting, back and close lose nothing', async () => {
    const id = await begin('viveka');
    let at = led(await step('viveka', id, 1, { answer: 'yes', ...interest(0, 'employment', 'Ett', { nature: '' }) }, 'add'), /\?rows=2#interest-2$/);
    let page = await seen('viveka', at);
    assert.equal(questionForm(page).fields['interests.0.counterparty'], 'Ett', 'also without what is needed in the end');
    assert.ok(questionForm(page).names.includes('interests.1.counterparty'));
    assert.match(page.words, /Utkast sparat 22 november 2026 kl\. 11\.00/);
    let reply = await jars.viveka.submit(questionForm(page), interest(1, 'publicPosition', 'Två')); // the first button, which Enter presses
    assert.equal(reply.status, 400, 'goes on, and asks for what is needed');
    assert.equal(questionForm(reply).fields['interests.1.counterparty'], 'Två');
    led(await jars.viveka.submit(questionForm(reply), {}, { button: 'back' }), /^\/declarations$/);
    page = await seen('viveka', `/declarations/${id}/questions/1`);
    assert.match(page.text, /value="Ett"[\s\S]*value="Två"/);
    at = led(await jars.viveka.submit(questionForm(page), {}, { button: 'remove.0' }), /#interests$/);
    page = await seen('viveka', at);
    assert.doesNotMatch(page.text, /value="Ett"/);
    assert.match(page.text, /value="Två"/);
    led(await jars.viveka.submit(questionForm(page), {}, { button: 'close' }), /^\/declarations$/);
    page = await seen('viveka', '/declarations');
    assert.match(page.words, /Utkastet är sparat/);
    assert.match(page.words, /Du har börjat på en deklaration/);
    page = await seen('viveka', `/declarations/${id}/questions/1`);
    led(await jars.viveka.submit(questionForm(page), { answer: 'no' }, { button: 'next' }), /questions\/2$/);
    assert.doesNotMatch((await seen('viveka', `/declarations/${id}/questions/1`)).text, /value="Två"/, 'no means none');
  });

  test('a page saves by itself without a button, and keeps what another question has', async () => {
    const id = await begin('viveka');
    led(await step('viveka', id, 1, { answer: 'yes', ...interest(0, 'employment', 'Ett') }), /questions\/2$/);
    const form = questionForm(await seen('viveka', `/declarations/${id}/questions/2`));
    const reply = await jars.viveka.post(form.action, { _csrf: form.fields._csrf, answer: 'yes', ...interest(0, 'organisationRole', 'Två', { proximity: 'direct', holder: 'self' }) });
    led(reply, /questions\/2$/);
    assert.match((await seen('viveka', `/declarations/${id}/questions/1`)).text, /value="Ett"/);
    assert.match((await seen('viveka', `/declarations/${id}/questions/2`)).text, /value="Två"/);
  });

  test('the answers are checked, changed and signed; no interests is said in so many words', async () => {
    const id = await begin('viveka');
    let page = await seen('viveka', `/declarations/${id}/check`);
    assert.match(page.words, /Inte besvarad än/);
    assert.equal(page.formWith(hasForm('attested')), null, 'nothing to sign yet');
    let at = `/declarations/${id}/questions/1`;
    while (/questions/.test(at)) at = led(await step('viveka', id, Number(at.split('/').pop()), { answer: 'no' }), /questions|check/);
    page = await seen('viveka', at);
    assert.match(page.words, /du inte har några bindningar/);
    assert.match(page.words, /gäller till och med 21 november 2029/);
    assert.match(page.words, /NAG Palliativ vård \(prövas av: [^)]*Mellansverige/);
    // Changed from here, and back here.
    page = await seen('viveka', `/declarations/${id}/questions/2?from=check`);
    led(await jars.viveka.submit(questionForm(page), { answer: 'yes', ...interest(0, 'boardRole', secret) }, { button: 'next' }), /\/check$/);
    page = await seen('viveka', `/declarations/${id}/check`);
    assert.match(page.words, new RegExp(secret));
    assert.doesNotMatch(page.words, /inte har några bindningar/);
    let reply = await jars.viveka.submit(page.formWith(hasForm('attested')), { attested: undefined });
    assert.equal(reply.status, 409);
    assert.match(errors(reply), /href="#f-attested"/);
    const read = page.formWith(hasForm('attested'));
    page = await seen('viveka', `/declarations/${id}/questions/2?from=check`);
    led(await jars.viveka.submit(questionForm(page), { answer: 'no' }, { button: 'next' }), /\/check$/);
    reply = await jars.viveka.submit(read, { attested: 'true' });
    assert.equal(reply.status, 412, 'what was changed in another window is not signed unread');
    page = await seen('viveka', `/declarations/${id}/check`);
    led(await jars.viveka.submit(page.formWith(hasForm('attested')), { attested: 'true' }), new RegExp(`^/declarations/${id}$`));
    page = await seen('viveka', `/declarations/${id}`);
    assert.match(page.words, /väntar på prövning/);
    assert.match(page.words, /Inga bindningar, enligt personen själv/);
    assert.equal((await k.api(`/declarations/${id}`, { token: await k.token('viveka.lundhede@kansli.example') })).json.noInterests, true);
    for (const where of ['questions/1', 'check', 'delete']) assert.equal((await jars.viveka.get(`/declarations/${id}/${where}`)).status, 409, `${where}: nothing submitted is edited`);
    reply = await jars.viveka.post(`/declarations/${id}/questions/1`, { _csrf: questionForm(await seen('viveka', `/declarations/${await begin('viveka')}/questions/1`)).fields._csrf, answer: 'no', _act: 'next' });
    assert.equal(reply.status, 409);
  });

  test('a new one begins from the last, or from nothing', async () => {
    await declare('aino', { consultancy: [secret] });
    let id = await begin('aino', { from: 'last' });
    assert.match((await seen('aino', `/declarations/${id}/check`)).words, new RegExp(secret));
    id = await begin('aino', { from: 'empty' });
    assert.doesNotMatch((await seen('aino', `/declarations/${id}/check`)).words, new RegExp(secret));
    const page = await seen('aino', '/declarations/new');
    assert.equal(page.formWith(hasForm('formVariant')), null, 'one draft at a time');
    assert.match(page.words, /Fortsätt med den/);
    const csrf = page.forms.find((f) => f.fields._csrf).fields._csrf;
    const twice = await jars.aino.post('/declarations/new', { _csrf: csrf, formVariant: 'staff' });
    led(twice, new RegExp(`^/declarations/${id}/questions/1$`));
    assert.equal((await jars.aino.post('/declarations/new', { _csrf: csrf, formVariant: 'annat' })).status, 400);
    assert.equal((await jars.support.post('/declarations/new', { _csrf: (await seen('support', '/declarations')).forms.find((f) => f.fields._csrf).fields._csrf, formVariant: 'staff' })).status, 403, 'who is nobody declares nothing');
  });
});

describe('read', () => {
  let id;
  before(async () => {
    id = await declare('david', { lectureFee: [secret, { amountBand: 'upTo10kSek', description: detail }] });
  });

  test('by each as far as the table of domain.md 3 goes, and told of the reading', async () => {
    const page = {};
    for (const who of ['member', 'chair', 'karin', 'reviewer', 'support', 'david']) page[who] = await seen(who, `/declarations/${id}`);
    for (const who of ['member', 'support']) assert.doesNotMatch(page[who].text, new RegExp(`${secret}|${detail}`), who);
    assert.match(page.chair.words, new RegExp(secret));
    assert.doesNotMatch(page.chair.text, new RegExp(`${detail}|10.000`), 'without details');
    for (const who of ['karin', 'reviewer', 'david']) assert.match(page[who].words, new RegExp(detail), who);
    assert.match(page.chair.words, /Du läser detta som ordförande\. Läsningen antecknas och visas för personen/);
    assert.match(page.karin.words, /Du läser detta som processledare/);
    assert.match(page.reviewer.words, /Du läser detta som den som prövar/);
    for (const who of ['member', 'support', 'david']) assert.doesNotMatch(page[who].words, /Läsningen antecknas/, who);
    for (const who of ['admin', 'norra']) assert.equal((await jars[who].get(`/declarations/${id}`)).status, 404, who);
    const own = await seen('david', '/declarations');
    assert.match(own.words, /Helena Brunnmark|chair@example\.org/);
    assert.match(own.words, /Karin Bergström/);
    assert.match(own.words, /mellansverige@example\.org/);
    assert.doesNotMatch(own.words, /Bo Ersmarken|member@example\.org|support@/, 'who read nothing is not there');
  });

  test('in lists, search, statuses and files by nobody', async () => {
    for (const who of ['member', 'chair', 'karin', 'reviewer', 'support']) {
      for (const where of ['/declarations', `/groups/${group}/declaration-statuses`, `/groups/${group}`, `/groups/${group}/memberships`, '/declaration-statuses', `/search?q=${encodeURIComponent(secret)}`]) {
        const reply = await jars[who].get(where);
        if (reply.status === 200) assert.doesNotMatch(reply.text.replaceAll(/value="[^"]*"|<title>[\s\S]*?<\/title>|<h1>[\s\S]*?<\/h1>|[”"'][^”"'<]*Läkemedelsbolaget[^”"'<]*[”"']/g, ''), new RegExp(detail), `${who} ${where}`);
      }
    }
  });
});

describe('reviewed', () => {
  let first;
  let second;
  const form = (page) => page.formWith(hasForm('outcome'));
  before(async () => {
    first = await declare('chair', { consultancy: [secret, { description: 'Rådgivning om smärta.' }], ownership: ['Aktiebolaget Ägd'] });
    second = await declare('chair', { consultancy: [secret, { description: 'Rådgivning om sömn.' }], boardRole: ['Nya Bolaget'] }, { from: 'empty' });
  });

  test('who has not read it is shown nothing of it by a form that fails', async () => {
    const token = (await seen('reviewer', '/declarations')).forms.find((f) => f.fields._csrf).fields._csrf;
    const reply = await jars.reviewer.post(`/declarations/${second}/reviews`, { _csrf: token, groupId: group });
    assert.equal(reply.status, 400, reply.text);
    assert.doesNotMatch(reply.text, new RegExp(`${secret}|sömn`));
    assert.match(reply.words, /visas inte här/);
  });

  test('beside the one before, with what differs marked by more than colour', async () => {
    const page = await seen('reviewer', `/declarations/${second}/reviews/new?groupId=${group}`);
    assert.match(page.words, /Jämfört med deklarationen från 22 nov\. 2026/);
    assert.match(page.text, /<del><span class="vh">borttaget: <\/span> ?smärta/);
    assert.match(page.text, /<ins><span class="vh">tillagt: <\/span> ?sömn/);
    const states = [...page.text.matchAll(/<span class="tag[^"]*">([^<]+)<\/span><\/h3>/g)].map((m) => m[1]);
    assert.deepEqual(states, ['Ändrat', 'Tillagt', 'Borttaget']);
    for (const who of ['karin', 'member', 'support', 'admin', 'norra', 'chair']) {
      assert.ok([403, 404, 409].includes((await jars[who].get(`/declarations/${second}/reviews/new?groupId=${group}`)).status), who);
    }
    assert.equal((await jars.reviewer.get(`/declarations/${second}/reviews/new?groupId=nag-fallskador-hos-aldre`)).status, 403);
  });

  test('the first one stands plain', async () => {
    const id = await declare('member', { organisationRole: ['Föreningen Exempel'] });
    const page = await seen('reviewer', `/declarations/${id}/reviews/new?groupId=${group}`);
    assert.match(page.words, /Föreningen Exempel/);
    assert.doesNotMatch(page.text, /<ins>|<del>/);
  });

  test('more is asked, and answered with a new one that shows the question', async () => {
    const page = await seen('reviewer', `/declarations/${second}/reviews/new?groupId=${group}`);
    let reply = await jars.reviewer.submit(page.formWith(hasForm('text')), { text: '' });
    assert.equal(reply.status, 400);
    assert.match(errors(reply), /f-text/);
    reply = await jars.reviewer.submit(reply.formWith(hasForm('text')), { text: 'Hur ofta ger du råd?' });
    assert.equal(reply.status, 303, reply.text);
    const own = await seen('chair', '/declarations');
    assert.match(own.words, /Hur ofta ger du råd\?/);
    assert.doesNotMatch((await seen('karin', `/declarations/${second}`)).words, /Hur ofta/, 'between the person and who reviews');
    const id = await begin('chair', { from: 'last' });
    for (const where of ['questions/1', 'check']) assert.match((await seen('chair', `/declarations/${id}/${where}`)).words, /Hur ofta ger du råd\?/);
    assert.match((await seen('reviewer', '/declarations')).words, /Du har frågat om mer/);
  });

  test('with an outcome for the group; the reason is for the person and the reviewer', async () => {
    let page = await seen('reviewer', '/declarations');
    assert.match(page.words, /Väntar på din prövning/);
    page = await seen('reviewer', `/declarations/${second}/reviews/new?groupId=${group}`);
    assert.equal(form(page).fields.validUntil, '2029-11-21', 'as long as the declaration');
    let reply = await jars.reviewer.submit(form(page), {});
    assert.equal(reply.status, 400);
    assert.match(errors(reply), /f-outcome/);
    assert.match(reply.words, /sömn/, 'who has read it reads on');
    reply = await jars.reviewer.submit(form(reply), { outcome: 'partialExclusion' });
    assert.match(errors(reply), /f-conditions/);
    assert.match(reply.text, /value="partialExclusion" checked/);
    reply = await jars.reviewer.submit(form(reply), { outcome: 'partialExclusion', conditions: 'Avstår när bolaget berörs.', motivation: 'Pågående uppdrag mot betalning.' });
    assert.equal(reply.status, 303, reply.text);
    const words = {};
    for (const who of ['member', 'karin', 'support', 'chair', 'reviewer']) words[who] = (await seen(who, `/declarations/${second}`)).words;
    for (const who of Object.keys(words)) assert.match(words[who], /Avstår när bolaget berörs/, who);
    for (const who of ['member', 'karin', 'support']) assert.doesNotMatch(words[who], /Pågående uppdrag/, who);
    for (const who of ['chair', 'reviewer']) assert.match(words[who], /Pågående uppdrag/, who);
    page = await seen('member', `/groups/${group}/declaration-statuses`);
    assert.match(page.words, /Avstår när bolaget berörs/);
    assert.match((await seen('chair', '/declarations')).words, /Avstår när bolaget berörs/);
    assert.match((await seen('member', `/groups/${group}`)).words, /saknar en giltig deklaration/);
    assert.doesNotMatch((await seen('anonymous', `/groups/${group}`)).words, /saknar en giltig deklaration/);
    assert.ok(first);
  });

  test('withdrawn by the person alone', async () => {
    for (const who of ['karin', 'reviewer', 'support']) assert.equal((await jars[who].get(`/declarations/${first}/withdrawals/new`)).status, 403, who);
    const page = await seen('chair', `/declarations/${second}/withdrawals/new`);
    const reply = await jars.chair.submit(page.forms.find((f) => /withdrawals/.test(f.action)));
    led(reply, new RegExp(`^/declarations/${second}$`));
    assert.match((await seen('chair', `/declarations/${second}`)).words, /tillbaka|Withdrawn/i);
  });
});

describe("a group's page", () => {
  test('reminds, for officers; a member sees who has declared and nothing to press', async () => {
    const page = await seen('karin', `/groups/${group}/declaration-statuses`);
    const form = page.formWith(hasForm('personIds[]'));
    assert.ok(form.inputs.filter(hasForm('personIds[]')).length > 3);
    const reply = await jars.karin.submit(form, { 'personIds[]': [form.inputs.find(hasForm('personIds[]')).value] });
    led(reply, new RegExp(`^/groups/${group}/declaration-statuses`));
    const member = await seen('member', `/groups/${group}/declaration-statuses`);
    assert.equal(member.formWith(hasForm('personIds[]')), null);
    assert.doesNotMatch(member.text, /new-paper|declaration-reminders/);
    assert.equal((await jars.member.get(`/groups/${group}/declarations/new-paper`)).status, 403);
    assert.equal((await jars.support.get(`/groups/${group}/declarations/new-paper`)).status, 403, 'support acts in nobody\'s place here');
    assert.match((await jars.anonymous.get(`/groups/${group}/declaration-statuses`)).headers.location, /^\/login/);
  });

  test('takes a paper form in one step, with rows to add, and says whose hand it was', async () => {
    let page = await seen('karin', `/groups/${group}/declarations/new-paper`);
    const paper = (p) => p.formWith(hasForm('signedDate'));
    let reply = await jars.karin.submit(paper(page), {});
    assert.equal(reply.status, 400);
    assert.match(errors(reply), /f-personId/);
    const typed = { personId: 'Mehmet Arıksoy', formVariant: 'publicRepresentative', signedDate: '2026-11-01', ...interest(0, 'researchFunding', 'Forskningsbolaget', { proximity: 'direct', holder: 'employer' }) };
    reply = await jars.karin.submit(paper(page), typed, { button: paper(page).buttons.find((b) => /new-paper/.test(b.action ?? '')).text });
    page = await ok(reply);
    assert.equal(paper(page).fields['interests.0.counterparty'], 'Forskningsbolaget', 'another row, and nothing is lost');
    assert.equal(paper(page).fields.personId, 'Mehmet Arıksoy');
    assert.ok(paper(page).names.includes('interests.2.counterparty'));
    reply = await jars.karin.submit(paper(page), { attested: 'true' });
    led(reply, new RegExp(`^/groups/${group}/declaration-statuses`));
    const id = (await k.api(`/declarations?personId=${await personOf('mehmet')}`, { token: tokens.support })).json.items[0].id;
    page = await seen('karin', `/declarations/${id}`);
    assert.match(page.words, /Undertecknad på papper/);
    assert.match(page.words, /inlagd av Karin Bergström/);
    assert.match(page.words, /Forskningsbolaget/);
  });

  test('who has not declared is found by status and group, without what anybody declared', async () => {
    const page = await seen('support', '/declaration-statuses?status=missing');
    assert.match(page.words, /Visar 1–/);
    assert.doesNotMatch(page.text, new RegExp(`${secret}|${detail}`));
    const empty = await seen('viveka', '/declaration-statuses?role=secretary');
    assert.match(empty.words, /Ingen passar/);
  });
});

test('what a page shows beside its object is asked for by name', async () => {
  const ask = async (who, where) => {
    const reply = await k.api(where, { token: await k.token(`${who}@kansli.example`) });
    assert.equal(reply.status, 200, reply.text);
    return reply.json._embedded;
  };
  const { counts } = await ask('karin.bergstrom', `/groups/${group}/declaration-statuses?embed=counts`);
  assert.equal(counts.total, counts.reviewed + counts.expiring + counts.submitted + counts.expired + counts.missing);
  assert.deepEqual((await ask('karin.bergstrom', `/groups/${group}?embed=declarations`)).declarations.lacking, counts.lacking);
  assert.equal((await ask('admin', `/groups/${group}?embed=declarations`)).declarations, null, 'an administrator sees no statuses');
  const own = await ask('viveka.lundhede', '/declarations?embed=stands,own,draft');
  assert.ok(own.stands.some((s) => s.groupId === group));
  assert.deepEqual((await ask('norra', '/declarations?embed=stands,awaiting')).stands, []);
});

describe('forms', () => {
  test('are shown in both languages and get a new version from the last', async () => {
    const list = await seen('admin', '/declaration-forms');
    const id = /\/declaration-forms\/([0-9a-f-]{36})/.exec(list.text)[1];
    const page = await seen('admin', `/declaration-forms/${id}`);
    assert.match(page.text, /lang="sv"/);
    assert.match(page.text, /lang="en"/);
    const fresh = await seen('admin', `/declaration-forms/new?from=${id}`);
    const form = fresh.formWith(hasForm('variant'));
    assert.ok(form.fields['questions.0.text']);
    let reply = await jars.admin.submit(form, { 'questions.0.text': '', validFrom: '2026-12-01' });
    assert.equal(reply.status, 400);
    assert.match(errors(reply), /f-questions-0-text/);
    assert.equal(reply.formWith(hasForm('variant')).fields['questions.0.code'], form.fields['questions.0.code'], 'what was typed stays');
    reply = await jars.admin.submit(reply.formWith(hasForm('variant')), { 'questions.0.text': 'Har du något uppdrag?' });
    const at = led(reply, /^\/declaration-forms\/[0-9a-f-]{36}$/);
    assert.match((await seen('admin', at)).words, /Har du något uppdrag\?/);
    assert.equal((await jars.support.get('/declaration-forms/new')).status, 403);
    assert.doesNotMatch((await seen('viveka', '/declaration-forms')).text, /declaration-forms\/new/);
  });
});
