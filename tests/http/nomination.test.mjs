// Nominations through the real binary, each actor with an account of its own: from a draft to a membership, every
// refusal, who knows what, what a decision would do, several decided together, races, and who is written to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made, refused, wrong } from '../lib/said.mjs';

const today = '2026-11-22';
let k;
const tokens = {};
const persons = {};
const tell = {}; // names of what cast() made
let serial = 0;

const api = (method) => (where, who, body) => k.api(where, { token: who ? tokens[who] : undefined, method, body });
const get = api('GET');
const post = (where, body = {}, who = 'support') => api('POST')(where, who, body);
async function change(where, body, who = 'norra', { method = 'PATCH', etag } = {}) {
  etag ??= (await get(where, who)).etag;
  return k.api(where, { token: tokens[who], method, body, headers: etag ? { 'if-match': etag } : {} });
}
const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', k.db], { input: statement, encoding: 'utf8', maxBuffer: 1 << 28 }).trim();

// ---------------------------------------------------------------- who

async function person(fields = {}) {
  serial += 1;
  return made(await post('/persons', { givenName: 'Prov', familyName: `Person${serial}`, email: `prov${serial}@kansli.example`, ...fields })).id;
}
async function account(name, personId, role = null, more = {}) {
  const email = `${name}-${++serial}@example.org`;
  await k.user(email, role, { person: personId, ...more });
  tokens[name] = await k.token(email);
  persons[name] = personId;
}
async function seat(personId, groupId, role, more = {}) {
  return made(await post('/memberships', { personId, groupId, role, capacity: 'profession', startDate: '2025-01-01', ...more }));
}
// An account of somebody with a role in a group.
async function sits(name, groupId, role, more = {}) {
  const id = await person({ employerId: 'region-skane' });
  await seat(id, groupId, role, more);
  await account(name, id);
}

before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.reader = (await k.actor(null)).token;
  tokens.sodra = (await k.actor('coordinator', { organisation: 'sodra' })).token;
  tokens.patients = (await k.actor('coordinator', { organisation: 'exempelforbundet-patienter' })).token;
  tell.principal = made(await post('/groups', { kind: 'npo', name: 'Prov', startDate: '2024-01-01', principalIds: ['sks'] })).id;
  tell.group = made(await post('/groups', { kind: 'nag', name: 'Prov', startDate: '2024-01-01', principalIds: [tell.principal] })).id;
  tell.restricted = made(await post('/groups', { kind: 'nag', name: 'Prov sluten', startDate: '2024-01-01', principalIds: [tell.principal], accessMode: 'restricted' })).id;
  await sits('officer', tell.group, 'processLeader');
  tell.officerAddress = sql(`SELECT a.email FROM account a JOIN person p ON p.key = a.person_key WHERE p.id = '${persons.officer}';`);
  await sits('member', tell.group, 'member', { onBehalfOfId: 'sodra' });
  await sits('principal', tell.principal, 'processLeader');
  await sits('above', 'sks', 'secretary');
  await account('nominee', await person({ employerId: 'region-vasterbotten' }));
});

// ---------------------------------------------------------------- what

async function requirement(groupId, fields) {
  return made(await post(`/groups/${groupId}/requirements`, { type: 'competence', text: `Krav ${++serial}`, competence: `Kunskap ${serial}`, minCount: 1, weight: 'required', ...fields })).id;
}
async function call(fields = {}, groupId = tell.group) {
  const one = made(await post(`/groups/${groupId}/nomination-calls`, {
    title: `Upprop ${++serial}`, seats: 5, askedIds: ['norra', 'sodra'], selfNomination: true, opensOn: '2026-11-01', closesOn: '2026-12-31', ...fields,
  }));
  return made(await post(`/nomination-calls/${one.id}/publications`));
}
async function draft(callId, fields = {}, who = 'norra') {
  return made(await post(`/nomination-calls/${callId}/nominations`, {
    personId: fields.personId ?? await person({ employerId: 'region-vasterbotten' }), nominatorId: 'norra', role: 'member', capacity: 'profession',
    statement: 'Kan detta väl.', competences: ['Palliativ vård'], ...fields,
  }, who));
}
const act = (one, noun, body, who) => post(`/nominations/${one.id}/${noun}`, body, who);
async function submitted(callId, fields, who = 'norra') {
  return made(await act(await draft(callId, fields, who), 'submissions', {}, who));
}
// A review that holds, as the declaration's own rules would leave it.
function review(personId, groupId, outcome = 'noConflict', at = '2026-11-20T08:00:00.000Z') {
  sql(`INSERT INTO declaration_form (id, variant, number, valid_from, questions, modified) SELECT 'form-${++serial}', 'staff', ${serial}, '2020-01-01', '[]', '${at}';
    INSERT INTO declaration (id, person_key, form_key, state, no_interests, attested, submitted_at, submitted_on, valid_until, modified)
      SELECT 'decl-${serial}', p.key, f.key, 'submitted', 1, 1, '${at}', '2026-11-20', '2029-11-19', '${at}' FROM person p, declaration_form f
      WHERE p.id = '${personId}' AND f.id = 'form-${serial}';
    INSERT INTO declaration_group SELECT d.key, b.key FROM declaration d, body b WHERE d.id = 'decl-${serial}' AND b.id = '${groupId}';
    INSERT INTO declaration_review (id, declaration_key, group_key, outcome, motivation, valid_until, at)
      SELECT 'rev-${serial}', d.key, b.key, '${outcome}', 'HEMLIG MOTIVERING', '2029-11-19', '${at}' FROM declaration d, body b WHERE d.id = 'decl-${serial}' AND b.id = '${groupId}';`);
}
const employer = (one, who = 'norra', more = {}) => act(one, 'employer-approvals', { outcome: 'approved', name: 'Chef Chefsson', workloadPercent: 15, ...more }, who);
const region = (one, who = 'norra', more = {}) => act(one, 'region-approvals', { outcome: 'approved', ...more }, who);
async function ready(callId, fields, who = 'norra') {
  const one = await submitted(callId, fields, who);
  made(await region(one, who));
  made(await employer(one, who));
  review(one.personId, one.groupId);
  return one;
}
const decide = (one, body, who = 'principal') => act(one, 'decisions', { outcome: 'appointed', ...body }, who);
const mails = (like) => sql(`SELECT event || ' ' || address FROM mail WHERE event LIKE '${like}' ORDER BY event, address;`).split('\n').filter(Boolean);

// ---------------------------------------------------------------- the journey

describe('from a name to a member', () => {
  test('a draft is submitted, checked three times, decided; the membership says whose decision it was', async () => {
    const row = await requirement(tell.group);
    const one = await call({ requirementIds: [row] });
    let n = await draft(one.id, { personId: persons.nominee, requirementIds: [row] });
    assert.equal(n.status, 'draft');
    assert.equal(n.statusLabel, 'Utkast');
    assert.equal(n.stage, 'draft');
    assert.equal(n.callId, one.id);
    assert.equal(n.groupId, tell.group);
    assert.equal(n.nominatorName, 'Norra sjukvårdsregionen');
    assert.deepEqual(n.requirementIds, [row]);
    assert.deepEqual(n.competences, ['Palliativ vård']);
    assert.equal(n.answer, null);
    assert.equal(n.membershipId, null);

    n = made(await act(n, 'submissions', {}, 'norra'));
    assert.equal(n.status, 'submitted');
    assert.equal(n.stage, 'received');
    assert.ok(n.submittedAt);

    n = made(await act(n, 'answers', { answer: 'yes' }, 'nominee'));
    assert.equal(n.answer, 'yes');

    n = made(await region(n));
    assert.equal(n.stage, 'employer');
    assert.deepEqual(n.checks.regionProcess, {
      done: true, at: n.checks.regionProcess.at, notApplicable: false, outcome: 'approved', outcomeLabel: 'Godkänt', by: 'Samordnare Norra sjukvårdsregionen', reason: null,
    });
    n = made(await employer(n));
    assert.equal(n.stage, 'declaration');
    assert.equal(n.checks.employer.by, 'Chef Chefsson');
    assert.equal(n.checks.employer.workloadPercent, 15);
    assert.equal(n.checks.declaration.done, false);

    const early = refused(await decide(n), 409, 'nomination-incomplete');
    assert.deepEqual(early.missing, ['declaration']);
    review(n.personId, tell.group);
    assert.equal((await act(n, 'region-approvals', { outcome: 'approved' }, 'norra')).json.stage, 'decision');

    n = made(await decide(n, { startDate: '2026-12-01', endDate: '2028-11-30', reference: 'NPO 2026-11-22 § 4' }));
    assert.equal(n.status, 'appointed');
    assert.equal(n.stage, 'ended');
    assert.equal(n.decidedForId, tell.principal);
    assert.equal(n.decisionReference, 'NPO 2026-11-22 § 4');
    assert.ok(n.decidedAt && n.supportToldAt && n.membershipId);
    assert.equal(n.effect, null, 'what is decided has no effect to weigh');
    assert.equal(n.checks.declaration.done, true, 'what held when it was decided stays told');

    const m = (await get(`/memberships/${n.membershipId}`, 'support')).json;
    const want = {
      personId: persons.nominee, groupId: tell.group, role: 'member', capacity: 'profession', onBehalfOfId: 'norra', workloadPercent: 15, competences: ['Palliativ vård'],
      startDate: '2026-12-01', endDate: '2028-11-30', appointedById: tell.principal, appointedDate: today, decisionReference: 'NPO 2026-11-22 § 4', speaksFor: null,
    };
    for (const [name, value] of Object.entries(want)) assert.deepEqual(m[name], value, name);
    assert.equal(sql(`SELECT group_concat(act, ' ') FROM (SELECT act FROM audit_event WHERE object_type = 'nominations' AND object_id = '${n.id}' ORDER BY key);`),
      'create submit answer check check check decide');
    assert.match(sql(`SELECT changes FROM audit_event WHERE object_type = 'memberships' AND object_id = '${n.membershipId}';`), /norra/);
  });

  test('a membership says what decided also when nobody gave the decision a number', async () => {
    const n = made(await decide(await ready((await call()).id)));
    assert.equal(n.decisionReference, null);
    assert.equal((await get(`/memberships/${n.membershipId}`, null)).json.decisionReference, `NPO Prov, ${today}`);
    const closed = made(await post('/groups', { kind: 'npo', name: 'Prov slutet', startDate: '2024-01-01', principalIds: ['sks'], accessMode: 'restricted' })).id;
    const open = made(await post('/groups', { kind: 'nag', name: 'Prov under slutet', startDate: '2024-01-01', principalIds: [closed] })).id;
    const other = made(await decide(await ready((await call({}, open)).id), {}, 'support'));
    assert.equal((await get(`/memberships/${other.membershipId}`, null)).json.decisionReference, null, 'a closed principal is not named in the open');
  });

  test('a reserve may be appointed later; what has ended is not opened again', async () => {
    const one = await call();
    const n = await ready(one.id);
    assert.equal(made(await decide(n, { outcome: 'reserve' })).status, 'reserve');
    refused(await decide(n, { outcome: 'reserve' }), 409, 'nomination-ended');
    assert.equal(made(await decide(n)).status, 'appointed');
    for (const outcome of ['appointed', 'reserve', 'notAppointed']) refused(await decide(n, { outcome, reason: 'x' }), 409, 'nomination-ended');
    for (const noun of ['withdrawals']) refused(await act(n, noun, {}, 'norra'), 409, 'nomination-ended');
    refused(await region(n), 409, 'nomination-ended');
    refused(await act(n, 'submissions', {}, 'norra'), 409, 'not-draft');
    refused(await change(`/nominations/${n.id}`, { statement: 'Mer' }), 409, 'not-draft');
    refused(await change(`/nominations/${n.id}`, undefined, 'norra', { method: 'DELETE' }), 409, 'not-draft');
  });

  test('not appointed needs a reason, and no check', async () => {
    const one = await call();
    const n = await submitted(one.id);
    wrong(await decide(n, { outcome: 'notAppointed' }), '/reason');
    wrong(await decide(n, { outcome: 'kanske' }), '/outcome');
    const done = made(await decide(n, { outcome: 'notAppointed', reason: 'En annan hade mer erfarenhet.' }));
    assert.equal(done.status, 'notAppointed');
    assert.equal(done.reason, 'En annan hade mer erfarenhet.');
    assert.equal(done.membershipId, null);
    assert.equal(done.supportToldAt, null);
  });

  test('a draft is changed and deleted under guard', async () => {
    const row = await requirement(tell.group);
    const one = await call({ requirementIds: [row] });
    const n = await draft(one.id);
    const where = `/nominations/${n.id}`;
    const reply = await change(where, { statement: 'Ännu bättre.', capacity: 'research', requirementIds: [row], competences: null });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.json.statement, 'Ännu bättre.');
    assert.equal(reply.json.capacity, 'research');
    assert.deepEqual(reply.json.requirementIds, [row]);
    assert.deepEqual(reply.json.competences, []);
    wrong(await change(where, { capacity: null }), '/capacity');
    wrong(await change(where, { personId: await person() }), '/personId');
    wrong(await change(where, { nominatorId: 'sodra' }), '/nominatorId');
    wrong(await change(where, { status: 'submitted', checks: { employer: { done: true } } }), '/status', '/checks/employer');
    refused(await k.api(where, { token: tokens.norra, method: 'PATCH', body: { statement: 'x' } }), 428, 'if-match-needed');
    refused(await change(where, { statement: 'x' }, 'norra', { etag: '"1.0"' }), 412, 'changed-meanwhile');
    assert.equal((await change(where, undefined, 'norra', { method: 'DELETE' })).status, 204);
    assert.equal((await get(where, 'norra')).status, 404);
  });
});

// ---------------------------------------------------------------- what is refused

describe('nominating', () => {
  test('needs a call, a person, a role and in what capacity, all told at once', async () => {
    wrong(await post('/nominations', {}, 'norra'), '/callId', '/personId', '/capacity');
    wrong(await post('/nominations', { callId: 'fel', personId: 'fel', nominatorId: 'ingen', role: 'kung', capacity: 'alla' }, 'norra'),
      '/callId', '/personId', '/nominatorId', '/role', '/capacity');
    const one = await call();
    const other = await call();
    wrong(await post(`/nomination-calls/${one.id}/nominations`, { callId: other.id, personId: await person(), nominatorId: 'norra', capacity: 'profession' }, 'norra'), '/callId');
    wrong(await post(`/nomination-calls/${one.id}/nominations`, { personId: await person(), nominatorId: 'norra', capacity: 'profession', status: 'appointed', effect: {} }, 'norra'), '/status', '/effect');
    wrong(await post(`/nomination-calls/${one.id}/nominations`, { personId: await person(), nominatorId: 'norra', capacity: 'profession', statement: 'Fråga 19121212-1212.' }, 'norra'), '/statement');
    assert.equal((await post('/nomination-calls/6f1f9a52-5f5d-4c6e-9f7e-000000000000/nominations', {}, 'norra')).status, 404);
  });

  test('only what the call seeks can be filled', async () => {
    const row = await requirement(tell.group);
    const other = await requirement(tell.group);
    const one = await call({ requirementIds: [row] });
    wrong(await post(`/nomination-calls/${one.id}/nominations`, { personId: await person(), nominatorId: 'norra', capacity: 'profession', requirementIds: [other] }, 'norra'), '/requirementIds');
    wrong(await post(`/nomination-calls/${one.id}/nominations`, { personId: await person(), nominatorId: 'norra', capacity: 'profession', requirementIds: ['x'] }, 'norra'), '/requirementIds/0');
  });

  test('only while the call is open, for the draft and for its submission', async () => {
    const one = await call();
    const n = await draft(one.id);
    made(await post(`/nomination-calls/${one.id}/closures`, {}));
    refused(await act(n, 'submissions', {}, 'norra'), 409, 'call-not-open');
    refused(await post(`/nomination-calls/${one.id}/nominations`, { personId: await person(), nominatorId: 'norra', capacity: 'profession' }, 'norra'), 409, 'call-not-open');
    const coming = await call({ opensOn: '2026-12-01', closesOn: '2026-12-31' });
    refused(await post(`/nomination-calls/${coming.id}/nominations`, { personId: await person(), nominatorId: 'norra', capacity: 'profession' }, 'support'), 409, 'call-not-open');
    assert.equal((await post(`/nomination-calls/${coming.id}/nominations`, { personId: await person(), nominatorId: 'region-vasterbotten', capacity: 'profession' }, 'vasterbotten')).status, 404);
    // What was nominated in time is decided although the call has closed.
    const open = await call();
    const ok = await ready(open.id);
    made(await post(`/nomination-calls/${open.id}/closures`, {}));
    made(await decide(ok));
  });

  test('is the coordinator\'s of the organisation that nominates, or support\'s', async () => {
    const one = await call();
    const body = async () => ({ personId: await person(), nominatorId: 'norra', capacity: 'profession' });
    for (const who of ['reader', 'sodra', 'vasterbotten', 'officer', 'principal', 'member', 'auditor', 'admin', 'nominee'])
      refused(await post(`/nomination-calls/${one.id}/nominations`, await body(), who), 403, 'may-nominate');
    refused(await post(`/nomination-calls/${one.id}/nominations`, await body(), null), 401, 'login-needed');
    made(await post(`/nomination-calls/${one.id}/nominations`, await body(), 'norra'));
    const n = made(await post(`/nomination-calls/${one.id}/nominations`, await body(), 'support'));
    assert.equal(sql(`SELECT as_support FROM audit_event WHERE object_id = '${n.id}';`), '1');
    // An organisation that was not asked may, too.
    made(await post(`/nomination-calls/${one.id}/nominations`, { ...await body(), nominatorId: 'region-vasterbotten' }, 'vasterbotten'));
  });

  test('by oneself: where the call lets it, of oneself', async () => {
    const open = await call();
    const closed = await call({ selfNomination: false });
    const own = { personId: persons.nominee, capacity: 'profession' };
    refused(await post(`/nomination-calls/${closed.id}/nominations`, own, 'nominee'), 409, 'self-nomination-closed');
    wrong(await post(`/nomination-calls/${closed.id}/nominations`, { personId: await person(), capacity: 'profession' }, 'norra'), '/nominatorId');
    refused(await post(`/nomination-calls/${open.id}/nominations`, { personId: persons.member, capacity: 'profession' }, 'nominee'), 403, 'may-nominate');
    refused(await post(`/nomination-calls/${open.id}/nominations`, { personId: persons.member, capacity: 'profession' }, 'norra'), 403, 'may-nominate');
    let n = made(await post(`/nomination-calls/${open.id}/nominations`, own, 'nominee'));
    assert.equal(n.nominatorId, null);
    assert.equal((await change(`/nominations/${n.id}`, { statement: 'Jag vill.' }, 'nominee')).status, 200);
    n = made(await act(n, 'submissions', {}, 'nominee'));
    assert.equal(n.answer, 'yes', 'who nominates herself has answered');
    // Vouched for where the person works: the employer's coordinator, or that of what it belongs to.
    refused(await region(n, 'nominee'), 403, 'may-record-check');
    assert.equal((await region(n, 'sodra')).status, 404);
    made(await region(n, 'norra'));
    made(await employer(n, 'vasterbotten'));
  });

  test('nobody twice in a call, but again after a withdrawal; another\'s draft is not told of', async () => {
    const one = await call();
    const id = await person();
    const body = { personId: id, capacity: 'profession' };
    const first = made(await post(`/nomination-calls/${one.id}/nominations`, { ...body, nominatorId: 'norra' }, 'norra'));
    refused(await post(`/nomination-calls/${one.id}/nominations`, { ...body, nominatorId: 'norra' }, 'norra'), 409, 'already-nominated');
    const second = made(await post(`/nomination-calls/${one.id}/nominations`, { ...body, nominatorId: 'sodra' }, 'support'));
    made(await act(first, 'submissions', {}, 'norra'));
    refused(await act(second, 'submissions', {}, 'sodra'), 409, 'already-nominated');
    refused(await post(`/nomination-calls/${one.id}/nominations`, { ...body, nominatorId: 'region-vasterbotten' }, 'vasterbotten'), 409, 'already-nominated');
    made(await act(first, 'withdrawals', { reason: 'Fel person.' }, 'norra'));
    made(await act(second, 'submissions', {}, 'sodra'));
  });
});

describe('the checks', () => {
  test('are recorded by the nominator\'s coordinator, the last word counts, a no is no yes', async () => {
    const one = await call();
    const n = await submitted(one.id);
    for (const who of ['officer', 'principal', 'auditor']) refused(await region(n, who), 403, 'may-record-check');
    for (const who of ['reader', 'sodra', 'member', 'admin', 'vasterbotten']) assert.equal((await region(n, who)).status, 404, who);
    let now = made(await region(n, 'norra', { outcome: 'declined', reason: 'Inte prövad.' }));
    assert.equal(now.checks.regionProcess.done, false);
    assert.equal(now.checks.regionProcess.outcome, 'declined');
    assert.equal(now.checks.regionProcess.reason, 'Inte prövad.');
    now = made(await region(n, 'norra'));
    assert.equal(now.checks.regionProcess.done, true);
    assert.equal(now.checks.regionProcess.reason, null);
    now = made(await employer(n, 'support', { outcome: 'declined' }));
    assert.equal(now.checks.employer.done, false);
    wrong(await act(n, 'employer-approvals', { outcome: 'approved' }, 'norra'), '/name');
    wrong(await act(n, 'employer-approvals', { outcome: 'approved', name: 'C', workloadPercent: 101 }, 'norra'), '/workloadPercent');
    wrong(await act(n, 'region-approvals', { outcome: 'notApplicable' }, 'norra'), '/outcome');
    const lacks = refused(await decide(n), 409, 'nomination-incomplete');
    assert.deepEqual(lacks.missing, ['employer', 'declaration']);
    assert.match(lacks.detail, /arbetsgivaren/);
    assert.equal(sql(`SELECT count(*) FROM nomination_check c JOIN nomination n ON n.key = c.nomination_key WHERE n.id = '${n.id}';`), '3', 'everything that was said stays');
  });

  test('of a draft are not recorded', async () => {
    const n = await draft((await call()).id);
    refused(await region(n), 409, 'not-submitted');
    refused(await decide(n, {}, 'support'), 409, 'not-submitted');
    refused(await act(n, 'withdrawals', {}, 'norra'), 409, 'not-submitted');
  });

  test('are not applicable for patients and next of kin alone, with a reason', async () => {
    const one = await call();
    const plain = await submitted(one.id);
    refused(await act(plain, 'exemptions', { check: 'employer', reason: 'Ingen chef.' }, 'norra'), 409, 'exemption-capacity');
    const n = await submitted(one.id, { capacity: 'nextOfKin' });
    wrong(await act(n, 'exemptions', { check: 'declaration', reason: 'x' }, 'norra'), '/check');
    wrong(await act(n, 'exemptions', { check: 'employer' }, 'norra'), '/reason');
    for (const who of ['officer', 'principal']) refused(await act(n, 'exemptions', { check: 'employer', reason: 'x' }, who), 403, 'may-record-check');
    let now = made(await act(n, 'exemptions', { check: 'employer', reason: 'Pensionär.' }, 'norra'));
    assert.equal(now.checks.employer.done, true);
    assert.equal(now.checks.employer.notApplicable, true);
    assert.equal(now.checks.employer.reason, 'Pensionär.');
    assert.deepEqual(refused(await decide(n), 409, 'nomination-incomplete').missing, ['regionProcess', 'declaration']);
    now = made(await act(n, 'exemptions', { check: 'regionProcess', reason: 'Föreningen utser.' }, 'support'));
    review(n.personId, tell.group);
    now = made(await decide(n));
    const m = (await get(`/memberships/${now.membershipId}`, 'support')).json;
    assert.equal(m.onBehalfOfId, null, 'a next of kin holds no seat for a region');
    assert.equal(m.speaksFor, 'self');
  });

  test('a review that says not eligible is none', async () => {
    const n = await ready((await call()).id);
    review(n.personId, tell.group, 'notEligible', '2026-11-21T08:00:00.000Z');
    assert.deepEqual(refused(await decide(n), 409, 'nomination-incomplete').missing, ['declaration']);
    review(n.personId, tell.group, 'partialExclusion', '2026-11-22T08:00:00.000Z');
    made(await decide(n));
  });
});

describe('deciding', () => {
  test('is the direct principal\'s officers\', and support\'s in their place; never one\'s own', async () => {
    const one = await call();
    const n = await ready(one.id);
    for (const who of ['officer', 'above', 'norra', 'auditor']) refused(await decide(n, {}, who), 403, 'may-decide-nomination');
    for (const who of ['member', 'reader', 'sodra', 'admin']) assert.equal((await decide(n, {}, who)).status, 404, who);
    const own = await ready(one.id, { personId: persons.principal });
    refused(await decide(own, {}, 'principal'), 409, 'decider-is-self');
    const now = made(await decide(n, {}, 'support'));
    assert.equal(now.decidedForId, tell.principal);
    assert.equal(sql(`SELECT as_support FROM audit_event WHERE object_id = '${n.id}' AND act = 'decide';`), '1');
  });

  test('asks every rule of a membership, and leaves nothing half done', async () => {
    const one = await call();
    const n = await ready(one.id);
    refused(await decide(n, { startDate: '2023-01-01' }), 409, 'outside-group-dates');
    wrong(await decide(n, { startDate: '2027-01-01', endDate: '2026-12-31' }), '/endDate');
    const sitting = await ready(one.id, { personId: persons.member });
    refused(await decide(sitting), 409, 'membership-overlap');
    assert.equal((await get(`/nomination-calls/${one.id}`, 'support')).json.nominationCounts.appointed, 0);
    const a = await ready(one.id, { role: 'chair' });
    const b = await ready(one.id, { role: 'chair' });
    const replies = await Promise.all([decide(a), decide(b, {}, 'support')]);
    assert.deepEqual(replies.map((r) => r.status).sort(), [201, 409], 'the last chair is given once');
    assert.equal(replies.find((r) => r.status === 409).json.rule, 'chair-taken');
    const loser = replies[0].status === 409 ? a : b;
    assert.equal(made(await decide(loser, { role: 'viceChair' })).role, 'viceChair');
  });

  test('twice at once is done once', async () => {
    const one = await call();
    const n = await ready(one.id);
    const replies = await Promise.all([decide(n), decide(n), decide(n)]);
    assert.deepEqual(replies.map((r) => r.status).sort(), [201, 409, 409]);
    assert.equal(sql(`SELECT count(*) FROM membership m JOIN nomination n ON n.person_key = m.person_key WHERE n.id = '${n.id}';`), '1');
    const d = await draft(one.id);
    const twice = await Promise.all([act(d, 'submissions', {}, 'norra'), act(d, 'submissions', {}, 'norra')]);
    assert.deepEqual(twice.map((r) => r.status).sort(), [201, 409]);
  });

  test('several together: all of them or none', async () => {
    const one = await call();
    const a = await ready(one.id);
    const b = await submitted(one.id);
    const where = `/nomination-calls/${one.id}/decisions`;
    const both = { decisions: [{ nominationId: a.id, outcome: 'appointed' }, { nominationId: b.id, outcome: 'appointed' }] };
    const no = refused(await post(where, both, 'principal'), 409, 'nomination-incomplete');
    assert.deepEqual(no.errors.map((e) => e.pointer), ['/decisions/1']);
    assert.deepEqual(no.missing, ['regionProcess', 'employer', 'declaration']);
    assert.equal((await get(`/nomination-calls/${one.id}`, 'support')).json.nominationCounts.appointed, 0, 'nothing was decided');
    for (const who of ['officer', 'above', 'norra', 'reader']) refused(await post(where, both, who), 403, 'may-decide-nomination');
    wrong(await post(where, {}, 'principal'), '/decisions');
    wrong(await post(where, { decisions: [{ nominationId: a.id }] }, 'principal'), '/decisions/0/outcome');
    wrong(await post(where, { decisions: [{ nominationId: '6f1f9a52-5f5d-4c6e-9f7e-000000000000', outcome: 'reserve' }] }, 'principal'), '/decisions/0');
    const elsewhere = await submitted((await call()).id);
    wrong(await post(where, { decisions: [{ nominationId: elsewhere.id, outcome: 'reserve' }] }, 'principal'), '/decisions/0');
    const done = made(await post(where, { decisions: [{ nominationId: a.id, outcome: 'appointed', reference: '§ 7' }, { nominationId: b.id, outcome: 'notAppointed', reason: 'Fel kompetens.' }] }, 'principal'));
    assert.equal(done.id, one.id);
    assert.equal(done.nominationCounts.appointed, 1);
    assert.equal(done.nominationCounts.notAppointed, 1);
  });

  test('a patient representative alone is warned of, two together are not', async () => {
    const group = made(await post('/groups', { kind: 'nag', name: `Patienter ${++serial}`, startDate: '2024-01-01', principalIds: [tell.principal] })).id;
    await post(`/groups/${group}/requirements`, { type: 'capacity', text: 'Två patientföreträdare', capacity: 'patient', minCount: 2, weight: 'required' });
    const one = await call({}, group);
    const three = [];
    for (let i = 0; i < 3; i++) three.push(await ready(one.id, { capacity: i ? 'patient' : 'nextOfKin' }));
    const first = made(await decide(three[0]));
    assert.equal(first._embedded.warnings[0].rule, 'patients-together');
    assert.match(first._embedded.warnings[0].message, /tillsammans/);
    const rest = made(await post(`/nomination-calls/${one.id}/decisions`, { decisions: three.slice(1).map((n) => ({ nominationId: n.id, outcome: 'appointed' })) }, 'principal'));
    assert.equal(rest._embedded?.warnings, undefined);
  });

  test('the effect is the coverage with the person in it', async () => {
    const group = made(await post('/groups', { kind: 'nag', name: `Verkan ${++serial}`, startDate: '2024-01-01', principalIds: [tell.principal] })).id;
    for (const r of (await get(`/groups/${group}/requirements`, 'support')).json.items) sql(`DELETE FROM requirement WHERE id = '${r.id}';`);
    await requirement(group, { text: 'Sakkunnig', competence: 'Palliativ vård' });
    await requirement(group, { text: 'Norra', type: 'body', competence: undefined, bodyId: 'norra' });
    await requirement(group, { text: 'Patient', type: 'capacity', competence: undefined, capacity: 'patient' });
    const one = await call({}, group);
    const before = (await get(`/groups/${group}/coverage`, 'norra')).json;
    assert.deepEqual([before.covered, before.partial, before.missing], [0, 0, 3]);
    let n = await draft(one.id);
    assert.deepEqual(n.effect, { covered: 2, partial: 0, missing: 1 });
    n = await draft(one.id, { capacity: 'patient', competences: [] });
    assert.deepEqual(n.effect, { covered: 1, partial: 0, missing: 2 }, 'a patient whom a region nominates does not stand for the region');
  });
});

describe('withdrawing', () => {
  test('is the person\'s, the nominator\'s or support\'s; a no withdraws', async () => {
    const one = await call();
    let n = await submitted(one.id, { personId: persons.nominee });
    for (const who of ['officer', 'principal', 'auditor']) refused(await act(n, 'withdrawals', {}, who), 403, 'may-nominate');
    for (const who of ['reader', 'sodra', 'member']) assert.equal((await act(n, 'withdrawals', {}, who)).status, 404, who);
    for (const who of ['norra', 'support', 'officer']) refused(await act(n, 'answers', { answer: 'yes' }, who), 403, 'answer-self');
    wrong(await act(n, 'answers', { answer: 'kanske' }, 'nominee'), '/answer');
    for (let i = 0; i < 2; i++) assert.equal(made(await act(n, 'answers', { answer: 'yes' }, 'nominee')).answer, 'yes');
    n = made(await act(n, 'answers', { answer: 'no' }, 'nominee'));
    assert.equal(sql(`SELECT group_concat(act, ' ') FROM (SELECT act FROM audit_event WHERE object_type = 'nominations' AND object_id = '${n.id}' ORDER BY key);`),
      'create submit answer withdraw', 'a yes said again is no news');
    assert.equal(n.status, 'withdrawn');
    assert.equal(n.answer, 'no');
    n = await submitted(one.id, { personId: persons.nominee });
    n = made(await act(n, 'withdrawals', { reason: 'Jag hinner inte.' }, 'nominee'));
    assert.equal(n.answer, 'no');
    assert.equal(n.reason, 'Jag hinner inte.');
    n = made(await act(await submitted(one.id), 'withdrawals', {}, 'support'));
    assert.equal(n.answer, null);
    refused(await act(n, 'withdrawals', {}, 'support'), 409, 'nomination-ended');
  });
});

// ---------------------------------------------------------------- who knows what

describe('knowing of a nomination', () => {
  const everyone = ['reader', 'norra', 'sodra', 'vasterbotten', 'patients', 'officer', 'member', 'principal', 'above', 'support', 'auditor', 'admin', 'nominee'];
  let call1;
  let hidden; // a draft of Norra's
  let sent;   // submitted
  let own;    // a draft by the nominee
  let theirs; // a patient nominated by a patient organisation
  let secret; // of somebody protected
  before(async () => {
    call1 = await call({ askedIds: ['norra', 'exempelforbundet-patienter'] });
    hidden = await draft(call1.id, { personId: await person({ familyName: 'Utkastsson' }) });
    sent = await submitted(call1.id, { personId: await person({ familyName: 'Inlämnadsson', employerId: 'region-vasterbotten' }), capacity: 'research' });
    made(await region(sent, 'norra', { reason: 'Enligt rutin.' }));
    own = made(await post(`/nomination-calls/${call1.id}/nominations`, { personId: persons.nominee, capacity: 'profession' }, 'nominee'));
    theirs = await submitted(call1.id, { personId: await person({ familyName: 'Patientsson' }), nominatorId: 'exempelforbundet-patienter', capacity: 'patient' }, 'patients');
    made(await act(theirs, 'exemptions', { check: 'employer', reason: 'HEMLIGT UNDANTAG' }, 'patients'));
    secret = made(await post(`/nomination-calls/${call1.id}/nominations`, {
      personId: await person({ familyName: 'Skyddadsson', protectedIdentity: true }), nominatorId: 'norra', capacity: 'profession',
    }));
    made(await act(secret, 'submissions', {}));
  });

  const knows = {
    hidden: ['norra', 'support', 'auditor'],
    own: ['nominee', 'support', 'auditor'],
    sent: ['norra', 'officer', 'principal', 'above', 'support', 'auditor'],
    theirs: ['patients', 'officer', 'principal', 'above', 'support', 'auditor'],
    secret: ['norra', 'officer', 'principal', 'above', 'support', 'auditor'],
  };
  test('the same in the object, the lists, the count, the search, the filters and the links', async () => {
    const all = { hidden, own, sent, theirs, secret };
    for (const who of everyone) {
      const want = Object.keys(all).filter((name) => knows[name].includes(who));
      for (const [name, n] of Object.entries(all))
        assert.equal((await get(`/nominations/${n.id}`, who)).status, want.includes(name) ? 200 : 404, `${who} ${name}`);
      const ids = want.map((name) => all[name].id).sort();
      const listed = (reply) => reply.json.items.map((i) => i.id).sort();
      const of = await get(`/nomination-calls/${call1.id}/nominations?limit=100`, who);
      assert.deepEqual(listed(of), ids, who);
      assert.equal(of.json._meta.totalRecords, ids.length, who);
      assert.deepEqual(listed(await get(`/nominations?callId=${call1.id}&limit=100&sort=-personName`, who)), ids, who);
      for (const [name, q] of [['hidden', 'Utkastsson'], ['sent', 'Inlämnadsson'], ['theirs', 'Patientsson']])
        assert.equal((await get(`/nominations?q=${encodeURIComponent(q)}`, who)).json._meta.totalRecords, want.includes(name) ? 1 : 0, `${who} q=${q}`);
      assert.equal((await get(`/nominations?callId=${call1.id}&status=draft`, who)).json._meta.totalRecords,
        ['hidden', 'own'].filter((name) => want.includes(name)).length, who);
    }
    assert.equal((await get('/nominations', null)).status, 401);
    assert.equal((await get(`/nominations/${sent.id}`, null)).status, 401);
  });

  test('a protected identity is named to support, the group\'s officers and the person', async () => {
    for (const who of ['norra', 'principal', 'above']) {
      const n = (await get(`/nominations/${secret.id}`, who)).json;
      assert.deepEqual([n.personId, n.personName], [null, null], who);
      assert.equal((await get('/nominations?q=Skyddadsson', who)).json._meta.totalRecords, 0, who);
    }
    for (const who of ['officer', 'support', 'auditor']) assert.match((await get(`/nominations/${secret.id}`, who)).json.personName, /Skyddadsson/, who);
  });

  test('what somebody is nominated as is told within one call or group only', async () => {
    const told = ['capacity', 'statement', 'competences', 'requirementIds', 'effect', 'reason'];
    const across = (await get('/nominations?limit=500', 'support')).json.items;
    assert.ok(across.length > 5);
    for (const n of across) {
      for (const name of told) assert.ok(!(name in n), name);
      assert.deepEqual(Object.keys(n.checks.employer).sort(), ['at', 'done']);
      assert.deepEqual(Object.keys(n.checks.regionProcess).sort(), ['at', 'done']);
    }
    assert.doesNotMatch(JSON.stringify(across), /HEMLIGT|notApplicable/);
    wrong(await get('/nominations?capacity=patient', 'support'), 'capacity');
    wrong(await get('/nominations?sort=capacity', 'support'), 'sort');
    wrong(await get(`/nominations?capacity=patient&callId=${call1.id},${call1.id}`, 'support'), 'capacity');
    const within = (await get(`/nominations?callId=${call1.id}&capacity=patient`, 'support')).json.items;
    assert.deepEqual(within.map((n) => n.id), [theirs.id]);
    assert.equal(within[0].checks.employer.reason, 'HEMLIGT UNDANTAG');
    assert.equal((await get(`/nominations?groupId=${tell.group}&capacity=patient`, 'support')).status, 200);
    const csv = await get('/nominations?format=csv', 'support');
    assert.doesNotMatch(csv.text, /HEMLIGT|Patient\b(?!sson)/);
  });

  test('no list gathers those whom a patient organisation nominates, but for its own coordinator', async () => {
    const list = async (who) => (await get('/nominations?nominatorId=exempelforbundet-patienter', who)).json.items.map((n) => n.id);
    assert.deepEqual(await list('support'), []);
    assert.deepEqual(await list('officer'), []);
    assert.deepEqual(await list('patients'), [theirs.id]);
  });

  test('the history of the register tells who did, never as what', async () => {
    const events = async (who) => (await get('/audit-events?objectType=nominations&limit=500', who)).json.items;
    const seen = await events('support');
    assert.ok(seen.some((e) => e.act === 'check'));
    const text = JSON.stringify(seen);
    assert.doesNotMatch(text, /notApplicable|HEMLIGT|"capacity"|"statement"/);
    for (const e of await events('admin')) for (const c of e.changes) assert.deepEqual([c.before, c.after], [null, null], 'an administrator learns that, not what');
    assert.equal((await get(`/nominations/${sent.id}/history`, 'admin')).status, 404);
    const one = (await get(`/nominations/${theirs.id}/history`, 'support')).json;
    assert.match(JSON.stringify(one), /Inte tillämpligt/);
  });

  test('the outcome of a review is told to those who may read it, to others only that it is done', async () => {
    review(sent.personId, tell.group, 'partialExclusion');
    for (const who of ['officer', 'support', 'auditor']) {
      const check = (await get(`/nominations/${sent.id}`, who)).json.checks.declaration;
      assert.equal(check.outcome, 'partialExclusion', who);
    }
    for (const who of ['norra', 'principal', 'above']) {
      const check = (await get(`/nominations/${sent.id}`, who)).json.checks.declaration;
      assert.deepEqual(Object.keys(check).sort(), ['at', 'done'], who);
      assert.equal(check.done, true);
    }
    for (const who of everyone) assert.doesNotMatch((await get('/nominations?limit=500', who)).text, /HEMLIG MOTIVERING/);
    assert.equal((await get(`/nominations/${hidden.id}`, 'norra')).json.checks.declaration.done, false, 'a draft tries nobody\'s declaration out');
  });

  test('the links are what the caller may do now', async () => {
    const rels = async (n, who) => (await get(`/nominations/${n.id}`, who)).json._links.map((l) => l.rel).filter((r) => r !== 'self').sort();
    assert.deepEqual(await rels(hidden, 'norra'), ['delete', 'edit', 'submit']);
    assert.deepEqual(await rels(hidden, 'auditor'), []);
    assert.deepEqual(await rels(sent, 'officer'), []);
    assert.deepEqual(await rels(sent, 'principal'), ['decide']);
    assert.deepEqual(await rels(sent, 'above'), []);
    assert.deepEqual(await rels(sent, 'norra'), ['approve-employer', 'approve-region', 'request-employer', 'withdraw']);
    assert.ok((await rels(theirs, 'patients')).includes('exempt'));
  });

  test('nobody finds the name of a nominee by a filter', async () => {
    wrong(await get('/nominations?personId=6f1f9a52-5f5d-4c6e-9f7e-000000000000', 'support'), 'personId');
    assert.equal((await get(`/nominations?personId=${persons.nominee}`, 'nominee')).json.items.some((n) => n.id === own.id), true);
    assert.equal((await get('/search?q=Utkastsson', null)).text.includes('Prov Utkastsson'), false);
  });
});

describe('a restricted group', () => {
  test('tells who nominated nothing of what it holds', async () => {
    const one = await call({ askedIds: ['norra'] }, tell.restricted);
    refused(await post('/nominations', { callId: one.id, personId: await person(), nominatorId: 'sodra', capacity: 'profession' }, 'sodra'), 400, 'invalid-input');
    const n = made(await post('/nominations', { callId: one.id, personId: await person(), nominatorId: 'norra', capacity: 'profession' }, 'norra'));
    assert.equal((await get(`/nominations/${n.id}`, 'norra')).json.effect, null);
    assert.ok((await get(`/nominations/${n.id}`, 'support')).json.effect);
  });
});

describe('an act that takes nothing', () => {
  test('refuses what it does not know, and does nothing', async () => {
    const fresh = made(await post(`/groups/${tell.group}/nomination-calls`, { title: 'Utan nämnd', seats: 1, askedIds: ['norra'], opensOn: today }));
    wrong(await post(`/nomination-calls/${fresh.id}/publications`, { closesOn: '2026-12-24' }), '/closesOn');
    assert.equal((await get(`/nomination-calls/${fresh.id}`, 'support')).json.status, 'draft');
    const n = await draft((await call()).id);
    wrong(await act(n, 'submissions', { foo: 1 }, 'norra'), '/foo');
    assert.equal((await get(`/nominations/${n.id}`, 'norra')).json.status, 'draft');
    assert.deepEqual(mails(`nominations:${n.id}:%`), []);
    refused(await act(made(await act(n, 'submissions', {}, 'norra')), 'submissions', { foo: 1 }, 'norra'), 409, 'not-draft');
  });
});

describe('a draft that is deleted', () => {
  test('leaves no trace to those who never knew of it', async () => {
    const one = await call();
    const n = await draft(one.id);
    assert.equal((await change(`/nominations/${n.id}`, undefined, 'norra', { method: 'DELETE' })).status, 204);
    const gone = async (who) => (await get('/nominations?modifiedSince=2026-11-22T00:00:00Z&limit=500', who)).json.items.some((i) => i.id === n.id);
    assert.equal(await gone('support'), true);
    for (const who of ['reader', 'member', 'officer', 'sodra']) assert.equal(await gone(who), false, who);
  });
});

// ---------------------------------------------------------------- tied to a person, waiting

describe('a nominated person', () => {
  test('who stands twice keeps both, unless both are open in a call', async () => {
    const one = await call();
    const [a, b] = [await person(), await person()];
    const first = await submitted(one.id, { personId: a });
    const second = await submitted(one.id, { personId: b });
    const no = refused(await post(`/persons/${a}/merges`, { intoId: b }), 409, 'already-nominated');
    assert.deepEqual(no.missing, [one.id]);
    made(await act(first, 'withdrawals', {}, 'norra'));
    made(await post(`/persons/${a}/merges`, { intoId: b }));
    for (const n of [first, second]) assert.equal((await get(`/nominations/${n.id}`, 'support')).json.personId, b);
  });

  test('is given all that is kept, and is forgotten', async () => {
    tokens.dataProtection ??= await k.token('dataskydd@kansli.example');
    const one = await call();
    const id = await person({ familyName: 'Glömdsson' });
    const n = await submitted(one.id, { personId: id, statement: 'HEMLIG ATT GLÖMMA' });
    made(await employer(n, 'norra', { name: 'Chef Attglömma' }));
    const copy = (await get(`/persons/${id}/data-export`, 'dataProtection')).json;
    assert.equal(copy.nominations[0].statement, 'HEMLIG ATT GLÖMMA');
    assert.equal(copy.nominations[0].checks[0].byName, 'Chef Attglömma');
    assert.equal(copy.nominations[0].key, undefined);
    made(await post(`/persons/${id}/anonymisations`, { reason: 'Personen har bett om det.' }, 'dataProtection'));
    const left = (await get(`/nominations/${n.id}`, 'support')).json;
    assert.equal(left.status, 'withdrawn');
    assert.equal(left.statement, null);
    assert.equal(left.nominatorId, 'norra');
    assert.equal(left.checks.employer.by, 'Samordnare Norra sjukvårdsregionen', 'who recorded it, not the manager');
    for (const table of ['nomination', 'nomination_check', 'nomination_link', 'audit_event', 'idempotency'])
      assert.doesNotMatch(sql(`SELECT * FROM ${table};`), /ATT GLÖMMA|Attglömma/, table);
    refused(await post(`/nomination-calls/${one.id}/nominations`, { personId: id, nominatorId: 'norra', role: 'member', capacity: 'profession' }), 409, 'person-anonymised');
    refused(await post('/memberships', { personId: id, groupId: tell.group, role: 'member', capacity: 'profession', startDate: today }), 409, 'person-anonymised');
  });

  test('waits for an answer; the others for a check, a submission, a decision', async () => {
    const one = await call();
    const tasks = async (who) => (await get('/me/tasks?limit=500', who)).json.items.map((t) => t.id);
    const n = await draft(one.id, { personId: persons.nominee });
    assert.ok((await tasks('norra')).includes(`nomination-submit:${n.id}`));
    made(await act(n, 'submissions', {}, 'norra'));
    assert.ok((await tasks('nominee')).includes(`nomination-answer:${n.id}`));
    assert.ok((await tasks('norra')).includes(`nomination-check:${n.id}`));
    assert.ok(!(await tasks('principal')).includes(`nomination-decide:${n.id}`));
    made(await act(n, 'answers', { answer: 'yes' }, 'nominee'));
    made(await region(n));
    made(await employer(n));
    review(persons.nominee, tell.group);
    assert.ok(!(await tasks('nominee')).includes(`nomination-answer:${n.id}`));
    assert.ok(!(await tasks('norra')).includes(`nomination-check:${n.id}`));
    assert.ok((await tasks('principal')).includes(`nomination-decide:${n.id}`));
    for (const who of ['officer', 'above', 'support', 'norra']) assert.ok(!(await tasks(who)).includes(`nomination-decide:${n.id}`), who);
  });

  test('a decision that waits over thirty days is found', async () => {
    const n = await ready((await call()).id);
    const found = async () => (await get('/checks?rule=decision-waiting', 'support')).json.items.filter((i) => i.objectId === n.id);
    assert.deepEqual(await found(), []);
    sql(`UPDATE nomination_check SET at = '2026-10-01T08:00:00.000Z' WHERE nomination_key = (SELECT key FROM nomination WHERE id = '${n.id}');
      UPDATE declaration_review SET at = '2026-10-01T08:00:00.000Z' WHERE declaration_key IN (SELECT d.key FROM declaration d JOIN person p ON p.key = d.person_key WHERE p.id = '${n.personId}');`);
    const [one] = await found();
    assert.equal(one.severity, 'warning');
    assert.doesNotMatch(one.message, /Prov Person/);
  });
});

// ---------------------------------------------------------------- who is written to

describe('mail', () => {
  test('goes once for each event, and tells no reason, capacity or declaration', async () => {
    const one = await call();
    sql('DELETE FROM mail;');
    const n = await ready(one.id, { capacity: 'research', statement: 'HEMLIG TEXT' });
    const officers = mails(`nominations:${n.id}:submitted`);
    assert.ok(officers.some((line) => line.includes(tell.officerAddress)), 'the process leader is told');
    assert.equal(mails(`nominations:${n.id}:answer:%`).length, 1, 'the nominee is asked');
    made(await decide(n, { reason: 'HEMLIGT SKÄL' }));
    assert.ok(mails(`nominations:${n.id}:appointed`).length >= 1, 'the nominator is told');
    assert.equal(mails(`nominations:${n.id}:letter`).length, 1, 'the nominee gets a letter');
    assert.ok(mails(`nominations:${n.id}:support`).length >= 1, 'the support function is told');
    const other = await submitted(one.id, {}, 'norra');
    made(await decide(other, { outcome: 'notAppointed', reason: 'HEMLIGT SKÄL' }));
    assert.ok(mails(`nominations:${other.id}:notAppointed`).length >= 2);
    const third = await submitted(one.id);
    made(await act(third, 'withdrawals', { reason: 'HEMLIGT SKÄL' }, 'norra'));
    assert.ok(mails(`nominations:${third.id}:withdrawn`).length >= 1);
    const all = sql('SELECT coalesce(content, \'\') FROM mail;');
    assert.doesNotMatch(all, /HEMLIG|forskning|research|noConflict/i);
    assert.equal(sql('SELECT count(*) FROM (SELECT event, address FROM mail GROUP BY 1, 2 HAVING count(*) > 1);'), '0');
  });

  test('a protected identity is named in none', async () => {
    const id = await person({ givenName: 'Gömd', familyName: 'Skyddad', protectedIdentity: true });
    const one = await call();
    sql('DELETE FROM mail;');
    const n = made(await post(`/nomination-calls/${one.id}/nominations`, { personId: id, nominatorId: 'norra', capacity: 'profession' }));
    made(await act(n, 'submissions', {}));
    made(await region(n, 'support'));
    made(await employer(n, 'support'));
    review(id, tell.group);
    made(await decide(n));
    assert.ok(mails(`nominations:${n.id}:%`).length > 2);
    assert.doesNotMatch(sql(`SELECT coalesce(content, '') FROM mail WHERE address <> (SELECT email FROM person WHERE id = '${id}');`), /Gömd|Skyddad/);
  });
});
