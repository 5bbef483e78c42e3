// Declarations of interests (R40, R41; domain.md 3): written by the person alone, reviewed for each
// group, read by few, and every reading told. The table of who reads what is tried field class by
// field class, wherever a document leaves the register, with words that stand nowhere else.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { before, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { sqlite } from '../lib/mail.mjs';

const k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
const group = 'nag-palliativ-vard';

// Words that must not be found where they may not be read.
const words = {
  interests: ['Zornplast', 'Mörkblå Instrument'],
  details: ['granskogshemlighet', 'kvittomottagaren'],
  motivation: ['granskarskälet'],
  conditions: ['villkorsordet'],
  inquiry: ['följdfrågan'],
};
const interests = [
  { kind: 'advisoryBoard', proximity: 'direct', nature: 'financial', holder: 'self', counterparty: 'Zornplast AB',
    description: 'En granskogshemlighet.', startDate: '2025-01-01', payee: 'kvittomottagaren', amountBand: 'upTo50kSek',
    expectedFuture: true },
  { kind: 'ownership', proximity: 'indirect', nature: 'financial', holder: 'household',
    counterparty: 'Mörkblå Instrument AB', startDate: '2020-03-01', endDate: '2024-12-31' },
];

const who = {};
const ids = {};
const api = (path, as, method = 'GET', body, headers) =>
  k.api(path, { token: who[as]?.token, method, body, headers });
const personOf = async (email) =>
  (await api(`/persons?q=${encodeURIComponent(email.split('@')[0].replace('.', ' '))}`, 'support')).json.items[0].id;

async function account(name, email, { role = null, organisation, person, scope } = {}) {
  who[name] = { ...(await k.user(email, role, { organisation, person })), token: await k.token(email, scope) };
}

async function declare(as, body, submit = true) {
  const made = await api('/declarations', as, 'POST', { formVariant: 'publicRepresentative', attested: true, ...body });
  assert.equal(made.status, 201, made.text);
  if (!submit) return made.json;
  const done = await api(`/declarations/${made.json.id}/submissions`, as, 'POST', {});
  assert.equal(done.status, 201, done.text);
  return done.json;
}

before(async () => {
  for (const [name, email] of Object.entries({
    support: 'support@kansli.example', auditor: 'auditor@kansli.example', administrator: 'admin@kansli.example',
    dataProtection: 'dataskydd@kansli.example', reviewer: 'norra@kansli.example',
    leader: 'karin.bergstrom@kansli.example', member: 'viveka.lundhede@kansli.example',
    steering: 'oskar.lillbro@kansli.example',
  })) who[name] = { email, password: 'kansli-demo-2026', token: await k.token(email) };
  for (const [name, email] of Object.entries({
    self: 'nils-anders.vinbergson@kansli.example', chair: 'helena.brunnmark@kansli.example',
    outsider: 'sara.wallin@kansli.example', colleague: 'aino.lehtovaara@kansli.example',
    vice: 'david.roslundh@kansli.example', nominee: 'petter.alund@kansli.example',
  })) {
    ids[name] = await personOf(email);
    await account(name, email, { person: ids[name] });
  }
  ids.member = await personOf('viveka.lundhede@kansli.example');
  ids.leader = await personOf('karin.bergstrom@kansli.example');
  await account('host', 'mellansverige@example.org', { role: 'coordinator', organisation: 'mellansverige' });
  await account('otherRegion', 'vastra@example.org', { role: 'coordinator', organisation: 'vastra' });
  who.chairReads = { ...who.chair, token: await k.token(who.chair.email, 'read') };
  const seats = await api(`/memberships?groupId=${group}&personId=${ids.vice}`, 'support');
  const seat = await api(`/memberships/${seats.json.items[0].id}`, 'support');
  const changed = await api(`/memberships/${seat.json.id}`, 'support', 'PATCH', { role: 'viceChair' }, { 'if-match': seat.etag });
  assert.equal(changed.status, 200, changed.text);
});

// ---------------------------------------------------------------- forms

test('the forms of all variants are public, and each asks of every kind of interest but the shorter staff form', async () => {
  const list = await k.api('/declaration-forms');
  assert.equal(list.status, 200);
  const kinds = (variant) => new Set(list.json.items.find((one) => one.variant === variant).questions.flatMap((q) => q.kinds));
  assert.deepEqual(list.json.items.map((one) => [one.variant, one.version]),
    ['organisationRepresentative', 'patientRepresentative', 'publicRepresentative', 'staff'].map((one) => [one, 1]));
  assert.equal(kinds('publicRepresentative').size, 18);
  assert.equal(kinds('staff').size, 18);
  for (const variant of ['patientRepresentative', 'organisationRepresentative'])
    assert.ok(kinds(variant).has('organisationRole') && kinds(variant).has('organisationFunding'), variant);
  for (const one of list.json.items)
    for (const question of one.questions) assert.ok(question.text && question.textEnglish && question.code);
});

test('an administrator enters a new version from a day on; what is written then asks its questions, what was written before keeps its own', async () => {
  const body = { variant: 'staff', validFrom: '2026-11-22',
    questions: [{ code: 'allt', text: 'Något?', textEnglish: 'Anything?', kinds: ['other'] }] };
  assert.equal((await api('/declaration-forms', 'support', 'POST', body)).json.rule, 'may-change-kind');
  const early = await api('/declaration-forms', 'administrator', 'POST', { ...body, validFrom: '2017-01-01' });
  assert.deepEqual(early.json.errors.map((one) => one.pointer), ['/validFrom']);
  const twice = await api('/declaration-forms', 'administrator', 'POST', { ...body, questions: [body.questions[0], body.questions[0]] });
  assert.deepEqual(twice.json.errors.map((one) => one.pointer), ['/questions/1/code', '/questions/1/kinds']);
  const made = await api('/declaration-forms', 'administrator', 'POST', body);
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.version, 2);
  const current = await k.api('/declaration-forms?asOf=2026-11-21&variant=staff');
  assert.deepEqual(current.json.items.map((one) => one.version), [1]);
});

// ---------------------------------------------------------------- writing

test('a person writes her own, and nobody in her place', async () => {
  for (const as of ['support', 'administrator', 'dataProtection', 'auditor', 'reviewer'])
    assert.equal((await api('/declarations', as, 'POST', { formVariant: 'staff', noInterests: true })).json.rule, 'may-write-declaration', as);
  for (const as of ['support', 'steering', 'chair', 'reviewer', 'outsider'])
    assert.equal((await api('/declarations', as, 'POST',
      { personId: ids.self, formVariant: 'staff', noInterests: true, signedDate: '2026-11-01' })).status, 403, as);
  assert.equal((await k.api('/declarations', { method: 'POST', body: { formVariant: 'staff' } })).status, 401);
  assert.equal((await api('/declarations', 'chairReads', 'POST', { formVariant: 'staff' })).json.rule, 'token-scope');
});

test('what cannot be is told field by field', async () => {
  const errors = async (body) => {
    const reply = await api('/declarations', 'self', 'POST', { formVariant: 'publicRepresentative', ...body });
    assert.equal(reply.status, 400, reply.text);
    return reply.json.errors.map((one) => one.pointer);
  };
  const one = interests[0];
  assert.deepEqual(await errors({ interests: [one, one, { ...one, endDate: '2024-12-31' }] }), ['/interests/2/endDate']);
  assert.deepEqual(await errors({ noInterests: true, interests: [one] }), ['/noInterests']);
  assert.deepEqual(await errors({ interests: [{ description: 'x' }] }),
    ['kind', 'counterparty', 'proximity', 'nature', 'holder'].map((name) => `/interests/0/${name}`));
  assert.deepEqual(await errors({ interests: [{ ...one, kind: 'bribe' }] }), ['/interests/0/kind']);
  assert.deepEqual(await errors({ interests: [{ ...one, description: 'Född 19811218-9876 i Umeå' }] }), ['/interests/0/description']);
  assert.deepEqual(await errors({ interests: [{ ...one, counterparty: '811218-9876' }] }), ['/interests/0/counterparty']);
  assert.deepEqual(await errors({ formVariant: undefined }), ['/formVariant']);
  assert.deepEqual(await errors({ formVariant: 'other' }), ['/formVariant']);
  assert.deepEqual(await errors({ groupIds: ['nag-fallskador-hos-aldre'] }), ['/groupIds/0']);
  assert.deepEqual(await errors({ groupIds: ['nothing'] }), ['/groupIds/0']);
  assert.deepEqual(await errors({ signedDate: '2026-11-01' }), ['/signedDate']);
  assert.deepEqual(await errors({ status: 'submitted', validUntil: '2031-01-01' }), ['/status', '/validUntil']);
  assert.deepEqual(await errors({ beginFrom: true }), ['/beginFrom']);
  assert.deepEqual(await errors({ beginFrom: '00000000-0000-4000-8000-000000000000' }), ['/beginFrom']);
});

test('a draft is its writer\'s alone: seen, changed and deleted by nobody else', async () => {
  const draft = await declare('self', { interests }, false);
  assert.equal(draft.status, 'draft');
  assert.equal(draft.personId, ids.self);
  assert.deepEqual(draft.groupIds, [group]);
  assert.equal(draft.interests[0].kindLabel, 'Rådgivande grupp');
  for (const as of ['support', 'auditor', 'administrator', 'dataProtection', 'reviewer', 'host', 'leader', 'chair', 'member', 'steering']) {
    assert.equal((await api(`/declarations/${draft.id}`, as)).status, 404, as);
    assert.equal((await api(`/declarations/${draft.id}`, as, 'PATCH', { attested: true }, { 'if-match': '"1"' })).status, 404, as);
    assert.equal((await api(`/declarations/${draft.id}`, as, 'DELETE', undefined, { 'if-match': '"1"' })).status, 404, as);
    assert.equal((await api(`/declarations/${draft.id}/submissions`, as, 'POST', {})).status, 404, as);
    const list = await api('/declarations?limit=500', as);
    assert.ok(!list.json.items.some((one) => one.id === draft.id), as);
  }
  assert.equal((await api(`/declarations/${draft.id}`, 'self', 'PATCH', { attested: false })).status, 428);
  assert.equal((await api(`/declarations/${draft.id}`, 'self', 'PATCH', { attested: false }, { 'if-match': '"7"' })).status, 412);
  const changed = await api(`/declarations/${draft.id}`, 'self', 'PATCH', { attested: false }, { 'if-match': '"1"' });
  assert.equal(changed.status, 200, changed.text);
  assert.equal(changed.json.attested, false);
  assert.equal(changed.json.interests.length, 2);
  const history = await api('/audit-events?limit=500', 'support');
  assert.ok(!history.json.items.some((one) => one.objectId === draft.id), 'nor does history tell of it');
  const gone = await api(`/declarations/${draft.id}`, 'self', 'DELETE', undefined, { 'if-match': changed.etag });
  assert.equal(gone.status, 204);
  const since = await api('/declarations?modifiedSince=2026-11-01', 'support');
  assert.ok(!since.json.items.some((one) => one.id === draft.id), 'nor a tombstone');
});

test('what is submitted must be whole: something declared or expressly nothing, and assured', async () => {
  const empty = await declare('colleague', { attested: false }, false);
  const submit = () => api(`/declarations/${empty.id}/submissions`, 'colleague', 'POST', {});
  let reply = await submit();
  assert.equal(reply.status, 409);
  assert.equal(reply.json.rule, 'declaration-incomplete');
  assert.deepEqual(reply.json.missing, ['interests', 'attested']);
  await api(`/declarations/${empty.id}`, 'colleague', 'PATCH', { noInterests: true }, { 'if-match': '*' });
  const now = await api(`/declarations/${empty.id}`, 'colleague');
  assert.equal((await api(`/declarations/${empty.id}`, 'colleague', 'PATCH', { noInterests: true }, { 'if-match': now.etag })).status, 200);
  reply = await submit();
  assert.deepEqual(reply.json.missing, ['attested']);
  const done = await api(`/declarations/${empty.id}/submissions`, 'colleague', 'POST', { attested: true });
  assert.equal(done.status, 201, done.text);
  assert.equal(done.json.status, 'submitted');
  assert.equal(done.json.validUntil, '2029-11-21');
  assert.deepEqual(done.json.groupIds.sort(), ['nag-barn-i-palliativ-vard', group, 'rag-palliativ-vard-mellansverige']);
  const again = await api(`/declarations/${empty.id}`, 'colleague', 'PATCH', { noInterests: false }, { 'if-match': done.etag });
  assert.equal(again.json.rule, 'not-draft');
  assert.equal((await submit()).json.rule, 'not-draft');
  assert.equal((await api(`/declarations/${empty.id}`, 'colleague', 'DELETE', undefined, { 'if-match': done.etag })).json.rule, 'not-draft');
});

// ---------------------------------------------------------------- who reads what

let mine; // the declaration of the table
test('the coordinator of the organisation represented, or of the host, reviews it for a group; nobody else does', async () => {
  mine = await declare('self', { interests });
  const review = (as, body = { groupId: group, outcome: 'declareOnly' }) => api(`/declarations/${mine.id}/reviews`, as, 'POST', body);
  for (const as of ['support', 'administrator', 'dataProtection', 'auditor', 'otherRegion', 'chair', 'leader', 'member', 'steering', 'outsider']) {
    const reply = await review(as);
    const knows = ['support', 'auditor', 'chair', 'leader', 'member'].includes(as);
    assert.deepEqual([reply.status, reply.json.rule], knows ? [403, 'may-review-declaration'] : [404, 'not-found'], as);
  }
  assert.equal((await review('self')).json.rule, 'reviewer-is-self');
  assert.equal((await review('reviewer', { groupId: group, outcome: 'noConflict', validUntil: '2029-11-22' })).json.errors[0].pointer, '/validUntil');
  assert.equal((await review('reviewer', { groupId: group, outcome: 'noConflict', validUntil: '2026-11-21' })).json.errors[0].pointer, '/validUntil');
  assert.equal((await review('reviewer', { groupId: 'nag-fallskador-hos-aldre', outcome: 'noConflict' })).json.errors[0].pointer, '/groupId');
  assert.equal((await review('reviewer', {})).json.errors.length, 2);
  assert.equal((await review('reviewer', { groupId: group, outcome: 'partialExclusion' })).json.reviews[0].conditions, null, 'a form asks for them');
  const done = await review('reviewer', { groupId: group, outcome: 'partialExclusion', conditions: 'Inte om villkorsordet.',
    motivation: 'Enligt granskarskälet.', validUntil: '2028-06-30' });
  assert.equal(done.status, 201, done.text);
  assert.equal(done.json.status, 'reviewed');
  assert.deepEqual(done.json.reviews.map((one) => [one.groupId, one.outcome, one.conditions, one.motivation, one.validUntil]),
    [[group, 'partialExclusion', 'Inte om villkorsordet.', 'Enligt granskarskälet.', '2028-06-30']]);
  assert.ok(done.json.reviews[0].reviewerName);
});

test('who reviews asks for more; the person and who reviews for that group read the question', async () => {
  const ask = (as) => api(`/declarations/${mine.id}/inquiries`, as, 'POST', { groupId: group, text: 'Här är följdfrågan?' });
  assert.equal((await ask('leader')).status, 403);
  assert.equal((await ask('host')).status, 201);
  for (const as of ['self', 'reviewer', 'host'])
    assert.equal((await api(`/declarations/${mine.id}/inquiries`, as)).json.items[0].text, 'Här är följdfrågan?', as);
  for (const as of ['support', 'chair', 'leader', 'member'])
    assert.deepEqual((await api(`/declarations/${mine.id}/inquiries`, as)).json.items, [], as);
});

// domain.md 3's table: which rows each reads. a: that it exists, b: outcome and conditions, c: kind,
// counterparty, period, d: the rest, e: the reviewer's motivation.
const table = {
  member: 'ab', vice: 'ab', colleague: 'ab', chair: 'abc', chairReads: 'abc', leader: 'abcd', reviewer: 'abcde', host: 'abcde',
  support: 'ab', auditor: 'ab', self: 'abcde', steering: '', outsider: '', administrator: '', dataProtection: '',
  otherRegion: '', // its coordinator reviews others of the group
};

const present = (object) => Object.keys(object).filter((name) => !name.startsWith('_'));

test('one declaration has the members that the reader may read, and no others, absent and not null', async () => {
  for (const [as, rows] of Object.entries(table)) {
    const reply = await api(`/declarations/${mine.id}`, as);
    if (!rows) {
      assert.equal(reply.status, 404, as);
      continue;
    }
    assert.equal(reply.status, 200, `${as}: ${reply.text}`);
    const got = reply.json, has = (row) => rows.includes(row);
    assert.equal(got.personId, ids.self, as);
    assert.equal(got.status, 'reviewed', as);
    assert.equal(got.validUntil, '2029-11-21', as);
    assert.deepEqual(got.groupIds, [group], as);
    assert.equal(got.reviews[0].conditions, 'Inte om villkorsordet.', as);
    assert.equal('motivation' in got.reviews[0], has('e'), as);
    for (const name of ['formVariant', 'noInterests', 'interests']) assert.equal(name in got, has('c'), `${as} ${name}`);
    assert.equal('attested' in got, has('d'), as);
    if (has('c'))
      assert.deepEqual(present(got.interests[0]).sort(), has('d')
        ? ['amountBand', 'amountBandLabel', 'counterparty', 'description', 'endDate', 'expectedFuture', 'holder', 'holderLabel',
          'kind', 'kindLabel', 'nature', 'natureLabel', 'payee', 'proximity', 'proximityLabel', 'startDate']
        : ['counterparty', 'endDate', 'kind', 'kindLabel', 'startDate'], as);
    told(reply.text, rows, `${as}, one`);
  }
});

// A text holds the planted words of the rows that are read, and no others.
function told(text, rows, where, exactly = true) {
  const row = { interests: 'c', details: 'd', motivation: 'e', conditions: 'b', inquiry: 'e' };
  for (const [name, list] of Object.entries(words))
    for (const word of list) {
      if (!row[name] || !rows.includes(row[name])) assert.ok(!text.includes(word), `${where}: ${word}`);
      else if (exactly && name !== 'inquiry') assert.ok(text.includes(word), `${where}: no ${word}`);
    }
}

test('lists, spreadsheets, searches, statuses and other pages never say what somebody declared, to anyone', async () => {
  for (const [as, rows] of Object.entries(table)) {
    const list = await api('/declarations?limit=500', as);
    const item = list.json.items.find((one) => one.id === mine.id);
    assert.equal(Boolean(item), Boolean(rows), as);
    if (item) assert.deepEqual(present(item).sort(), ['groupIds', 'groupNames', 'id', 'modified', 'onPaper', 'personId', 'personName',
      'reviews', 'status', 'statusLabel', 'submittedAt', 'validUntil'], as);
    const seen = rows.replace(/[cde]/g, '');
    for (const path of ['/declarations?limit=500', '/declarations?limit=500&modifiedSince=2026-11-01', '/declarations?format=csv',
      `/groups/${group}/declaration-statuses?limit=500`, `/groups/${group}/declaration-statuses?format=csv`, '/declaration-statuses?limit=500',
      `/declarations?personId=${ids.self}`, `/groups/${group}?embed=page`, `/persons/${ids.self}?embed=page`, '/me/tasks',
      `/groups/${group}/history?limit=500`, '/audit-events?limit=500', '/exports/popolo', '/checks'])
      told((await api(path, as)).text, seen, `${as} ${path}`, false);
    const found = await api('/search?q=Zornplast', as);
    assert.ok(!/Zornplast (AB|Instr)/.test(found.text.replace(/"q":"[^"]*"/, '')), `${as} search`);
    const sheet = await fetch(`${k.url}/api/v1/declarations?format=xlsx`, { headers: { authorization: `Bearer ${who[as].token}` } });
    told(Buffer.from(await sheet.arrayBuffer()).toString('latin1'), seen, `${as} xlsx`, false);
  }
});

test('what somebody declared is nothing to filter or sort by, and a filter tells no more than the list', async () => {
  for (const query of ['formVariant=patientRepresentative', 'noInterests=true', 'attested=true', 'interests=x', 'q=Zornplast', 'sort=formVariant',
    'sort=personName', 'fields=interests', 'fields=formVariant', 'asOf=2026-11-22'])
    assert.equal((await api(`/declarations?${query}`, 'reviewer')).status, 400, query);
  const asked = async (as, of) => (await api(`/declarations?groupId=${of}&limit=500`, as)).json.items.map((one) => one.id);
  // Aino sits in three groups; who meets her in one learns nothing of the others.
  const aino = (await api(`/declarations?personId=${ids.colleague}`, 'member')).json.items[0];
  assert.deepEqual(aino.groupIds, [group]);
  assert.ok((await asked('member', group)).includes(aino.id));
  assert.ok(!(await asked('member', 'nag-barn-i-palliativ-vard')).includes(aino.id));
  assert.ok((await asked('support', 'nag-barn-i-palliativ-vard')).includes(aino.id));
  assert.ok((await asked('colleague', 'nag-barn-i-palliativ-vard')).includes(aino.id));
});

test('pages say what their documents say', async () => {
  for (const [as, rows] of Object.entries(table)) {
    if (!who[as].password || as === 'chairReads') continue;
    const jar = await k.login(who[as].email, who[as].password);
    const page = await jar.get(`/declarations/${mine.id}`);
    assert.equal(page.status, rows ? 200 : 404, as);
    const twin = await api(`/declarations/${mine.id}?embed=page`, as);
    told(page.text, rows, `${as}, page`, false);
    if (rows.includes('c')) assert.ok(page.text.includes('Zornplast'), as);
    if (rows.includes('d')) assert.ok(page.text.includes('granskogshemlighet'), as);
    assert.equal(twin.status, rows ? 200 : 404, as);
    for (const path of ['/declarations', `/groups/${group}/declaration-statuses`, `/groups/${group}`, `/persons/${ids.self}`, '/me/tasks'])
      told((await jar.get(path)).text, as === 'self' ? 'be' : rows.replace(/[cde]/g, ''), `${as} ${path}`, false);
  }
});

// ---------------------------------------------------------------- what a reading leaves

test('every reading of interests by another is a row that the person sees, with what was read; reading one\'s own leaves none', async () => {
  const rows = async () => (await api(`/declarations/${mine.id}/readings`, 'self')).json.items;
  const before_ = (await rows()).length;
  const read = async (as) => (await api(`/declarations/${mine.id}`, as)).status;
  for (const as of ['self', 'member', 'support', 'auditor']) await read(as);
  assert.equal((await rows()).length, before_, 'status and outcome are read without a trace');
  for (const as of ['chair', 'leader', 'reviewer', 'chair']) await read(as);
  await api('/declarations?limit=500', 'chair');
  await api(`/groups/${group}/declaration-statuses`, 'leader');
  const seen = (await rows()).slice(0, (await rows()).length - before_);
  assert.deepEqual(seen.map((one) => one.parts), [['interests'], ['interests', 'details', 'motivation'], ['interests', 'details'], ['interests']]);
  assert.equal(seen[2].byName, 'Karin Bergström');
  assert.ok(seen.every((one) => one.at && one.partsLabel));
  for (const as of ['leader', 'support', 'reviewer']) {
    const reply = await api(`/declarations/${mine.id}/readings`, as);
    assert.deepEqual([reply.status, reply.json.rule], [403, 'may-see-readings'], as);
  }
  assert.equal((await api(`/declarations/${mine.id}/readings`, 'administrator')).status, 404);
});

test('a conditional request that is answered 304 is a reading all the same', async () => {
  const count = async () => (await api(`/declarations/${mine.id}/readings`, 'self')).json.items.length;
  const reply = await api(`/declarations/${mine.id}`, 'leader'), before_ = await count();
  assert.equal((await api(`/declarations/${mine.id}`, 'leader', 'GET', undefined, { 'if-none-match': reply.etag })).status, 304);
  assert.equal(await count(), before_ + 1);
});

test('under an Idempotency-Key only the address is kept of what somebody declared: done once, read anew', async () => {
  const key = { 'idempotency-key': 'deklaration-1' };
  const body = { formVariant: 'publicRepresentative', interests };
  const made = await api('/declarations', 'self', 'POST', body, key);
  assert.equal(made.status, 201);
  const again = await api('/declarations', 'self', 'POST', body, key);
  assert.deepEqual([again.status, again.json.id, again.headers.location, again.etag], [201, made.json.id, made.headers.location, made.etag]);
  assert.deepEqual(again.json.interests, made.json.interests);
  assert.equal((await api('/declarations', 'self', 'POST', { ...body, noInterests: true }, key)).json.rule, 'idempotency-key-reused');
  await api(`/declarations/${made.json.id}`, 'self', 'DELETE', undefined, { 'if-match': made.etag });
  assert.equal((await api('/declarations', 'self', 'POST', body, key)).status, 404, 'it is gone since');
});

// ---------------------------------------------------------------- the life of a declaration

test('a new one begins from the last and supersedes it; the last review holds until the new one has one', async () => {
  const begun = await api('/declarations', 'self', 'POST', { beginFrom: true });
  assert.equal(begun.status, 201, begun.text);
  assert.deepEqual(begun.json.interests.map((one) => one.counterparty), interests.map((one) => one.counterparty));
  assert.equal(begun.json.attested, false, 'nobody has assured it yet');
  assert.equal(begun.json.formVariant, 'publicRepresentative');
  const other = await api('/declarations', 'colleague', 'POST', { beginFrom: mine.id, formVariant: 'staff' });
  assert.equal(other.status, 400, 'from nobody else\'s');
  const submitted = await api(`/declarations/${begun.json.id}/submissions`, 'self', 'POST', { attested: true });
  assert.equal(submitted.status, 201, submitted.text);
  assert.equal((await api(`/declarations/${mine.id}`, 'self')).json.status, 'superseded');
  const row = async () => (await api(`/groups/${group}/declaration-statuses?personId=${ids.self}`, 'support')).json.items[0];
  assert.deepEqual([(await row()).status, (await row()).outcome, (await row()).validUntil], ['reviewed', 'partialExclusion', '2028-06-30']);
  const late = await api(`/declarations/${mine.id}/reviews`, 'reviewer', 'POST', { groupId: group, outcome: 'noConflict' });
  assert.deepEqual([late.status, late.json.rule], [409, 'not-submitted'], 'the superseded one is not reviewed again');
  await api(`/declarations/${begun.json.id}/reviews`, 'host', 'POST', { groupId: group, outcome: 'noConflict' });
  assert.deepEqual([(await row()).status, (await row()).outcome], ['reviewed', 'noConflict']);
  const withdrawn = await api(`/declarations/${begun.json.id}/withdrawals`, 'self', 'POST', {});
  assert.equal(withdrawn.json.status, 'withdrawn');
  assert.equal((await api(`/declarations/${begun.json.id}/withdrawals`, 'self', 'POST', {})).json.rule, 'not-submitted');
  assert.equal((await api(`/declarations/${mine.id}/withdrawals`, 'leader', 'POST', {})).json.rule, 'may-write-declaration');
  assert.deepEqual([(await row()).status, (await row()).outcome], ['reviewed', 'partialExclusion'], 'the one before stands again');
  const taken = await api(`/declarations/${begun.json.id}`, 'leader');
  assert.equal('interests' in taken.json, false, 'what was taken back is told to nobody');
});

test('of a declaration that asks several groups each reader learns of his own, and it is reviewed when all have', async () => {
  const own = await declare('colleague', { interests });
  assert.equal(own.groupIds.length, 3);
  assert.deepEqual((await api(`/declarations/${own.id}`, 'member')).json.groupIds, [group]);
  // The regional group's host is a group, and that one's host Region Uppsala.
  await account('uppsala', 'uppsala@example.org', { role: 'coordinator', organisation: 'region-uppsala' });
  const review = (as, of) => api(`/declarations/${own.id}/reviews`, as, 'POST', { groupId: of, outcome: 'declareOnly', motivation: `Skäl för ${of}.` });
  const regional = own.groupIds.find((of) => of.startsWith('rag-'));
  for (const of of own.groupIds.filter((one) => one !== regional))
    assert.equal((await review('host', of)).json.status, 'submitted', of);
  assert.equal((await review('host', regional)).status, 403);
  const last = await review('uppsala', regional);
  assert.equal(last.status, 201, last.text);
  assert.equal(last.json.status, 'reviewed');
  assert.deepEqual(last.json.reviews.map((one) => [one.groupId, one.motivation]), [[regional, `Skäl för ${regional}.`]]);
  assert.equal((await api(`/declarations/${own.id}`, 'member')).json.reviews.length, 1);
  const onlyOne = await declare('colleague', { interests, groupIds: [group] });
  assert.deepEqual(onlyOne.groupIds, [group]);
});

test('a chair\'s is reviewed by somebody who is no officer of the group', async () => {
  const chairs = await declare('chair', { noInterests: true });
  // The coordinator of Stockholm–Gotland, whom the chair represents, is the group's secretary.
  const secretary = (await api('/persons', 'support', 'POST', { givenName: 'Sekre', familyName: 'Teraren', email: 'sekre@example.org' })).json.id;
  await account('secretary', 'sekre@example.org', { role: 'coordinator', organisation: 'stockholm-gotland', person: secretary });
  const asked = { groupId: group, outcome: 'noConflict' };
  await api('/memberships', 'support', 'POST', { personId: secretary, groupId: group, role: 'secretary', capacity: 'other', startDate: '2026-11-01' });
  const reply = await api(`/declarations/${chairs.id}/reviews`, 'secretary', 'POST', asked);
  assert.deepEqual([reply.status, reply.json.rule], [409, 'reviewer-is-officer']);
  assert.equal('interests' in (await api(`/declarations/${chairs.id}`, 'secretary')).json, false, 'nor read by her as a reviewer');
  // Nominated for another seat there as well, she is its chair all the same.
  const call = (await api('/nomination-calls', 'support', 'POST', { groupId: group, title: 'Prov', opensOn: '2026-11-01', askedIds: ['stockholm-gotland'], seats: 1 })).json.id;
  await api(`/nomination-calls/${call}/publications`, 'support', 'POST', {});
  const named = await api('/nominations', 'support', 'POST', { callId: call, personId: ids.chair, nominatorId: 'stockholm-gotland', role: 'member', capacity: 'profession' });
  assert.equal(named.status, 201, named.text);
  await api(`/nominations/${named.json.id}/submissions`, 'support', 'POST', {});
  assert.equal((await api(`/declarations/${chairs.id}/reviews`, 'secretary', 'POST', asked)).json.rule, 'reviewer-is-officer');
  assert.equal((await api(`/declarations/${chairs.id}/reviews`, 'host', 'POST', asked)).status, 201);
});

test('the host of a host reviews, and of a group without one its principal\'s host', async () => {
  const at = { kind: 'nag', startDate: '2026-01-01', principalIds: ['npo-aldres-halsa-och-palliativ-vard'] };
  const made = (await api('/groups', 'support', 'POST', { ...at, name: 'Prov av värd' })).json.id;
  await api('/memberships', 'support', 'POST', { personId: ids.outsider, groupId: made, role: 'member', capacity: 'profession', startDate: '2026-11-01' });
  const own = await declare('outsider', { noInterests: true, groupIds: [made] });
  const review = (as) => api(`/declarations/${own.id}/reviews`, as, 'POST', { groupId: made, outcome: 'noConflict' });
  assert.equal((await review('otherRegion')).status, 404);
  assert.equal((await review('host')).status, 201, 'Mellansverige hosts the principal');
  await api(`/groups/${made}/hosts`, 'support', 'POST', { bodyId: 'rpo-aldres-halsa-och-palliativ-vard-norra', status: 'active' });
  const hosts = (await api('/groups/rpo-aldres-halsa-och-palliativ-vard-norra', 'support')).json.hostId;
  assert.equal((await review('host')).status, 404, 'now it has a host of its own');
  if (hosts) assert.equal((await review('reviewer')).status, hosts === 'norra' ? 201 : 404);
});

test('a form signed on paper is recorded by a process leader of the person\'s group, marked so, and valid from the day it was signed', async () => {
  const body = { personId: ids.member, formVariant: 'patientRepresentative', noInterests: true, attested: true };
  assert.equal((await api('/declarations', 'chair', 'POST', { ...body, signedDate: '2026-11-02' })).json.rule, 'may-record-paper');
  assert.deepEqual((await api('/declarations', 'leader', 'POST', body)).json.errors.map((one) => one.pointer), ['/signedDate']);
  assert.deepEqual((await api('/declarations', 'leader', 'POST', { ...body, signedDate: '2026-11-23' })).json.errors.map((one) => one.pointer), ['/signedDate']);
  const draft = await api('/declarations', 'leader', 'POST', { ...body, signedDate: '2024-02-29' });
  assert.equal(draft.status, 201, draft.text);
  assert.deepEqual([draft.json.onPaper, draft.json.recordedBy, draft.json.personId], [true, 'Karin Bergström', ids.member]);
  assert.equal((await api(`/declarations/${draft.json.id}`, 'member')).status, 404, 'until then it is its recorder\'s');
  const done = await api(`/declarations/${draft.json.id}/submissions`, 'leader', 'POST', {});
  assert.equal(done.json.validUntil, '2027-02-27', 'a day that the year lacks is the month\'s last, less a day');
  const own = await api(`/declarations/${draft.json.id}`, 'member');
  assert.deepEqual([own.json.onPaper, own.json.signedDate, own.json.noInterests], [true, '2024-02-29', true]);
  assert.equal((await api(`/declarations/${draft.json.id}`, 'leader', 'PATCH', { attested: true }, { 'if-match': done.etag })).status, 403);
  const one = await api(`/groups/${group}/declarations`, 'leader', 'POST', { ...body, signedDate: '2026-11-20' });
  assert.equal(one.status, 201, one.text);
  assert.deepEqual([one.json.status, one.json.groupIds, one.json.validUntil], ['submitted', [group], '2029-11-19']);
  const wrong = await api(`/groups/${group}/declarations`, 'leader', 'POST', { ...body, personId: ids.outsider, signedDate: '2026-11-20' });
  assert.deepEqual(wrong.json.errors.map((error) => error.pointer), ['/personId']);
});

test('the months of validity are a setting, thirty-six at most', async () => {
  const now = await api('/settings/declarationMonths', 'administrator');
  assert.equal((await api('/settings/declarationMonths', 'administrator', 'PATCH', { value: '37' }, { 'if-match': now.etag })).status, 400);
  assert.equal((await api('/settings/declarationMonths', 'administrator', 'PATCH', { value: '12' }, { 'if-match': now.etag })).status, 200);
  assert.equal((await declare('vice', { noInterests: true })).validUntil, '2027-11-21');
  const later = await api('/settings/declarationMonths', 'administrator');
  await api('/settings/declarationMonths', 'administrator', 'PATCH', { value: '36' }, { 'if-match': later.etag });
});

// ---------------------------------------------------------------- who has declared

test('who of a group has declared is seen by those of the group, who reviews, support and auditors; a nominee only by its officers', async () => {
  const list = (as, path = `/groups/${group}/declaration-statuses?limit=500`) => api(path, as);
  for (const as of ['member', 'vice', 'chair', 'leader', 'host', 'support', 'auditor', 'self']) {
    const reply = await list(as);
    assert.equal(reply.status, 200, as);
    const row = reply.json.items.find((one) => one.personId === ids.self);
    assert.deepEqual([row.status, row.outcome, row.role, row.personName], ['reviewed', 'partialExclusion', 'member', 'Nils-Anders Vinbergson'], as);
    assert.equal('capacity' in row || 'interests' in row, false);
  }
  for (const as of ['administrator', 'dataProtection', 'steering', 'outsider']) assert.equal((await list(as)).json.rule, 'may-see-statuses', as);
  const only = (await list('reviewer')).json.items;
  assert.deepEqual(only.map((one) => one.personId), [ids.self], 'a region\'s coordinator sees those it reviews');
  for (const as of ['administrator', 'dataProtection']) assert.deepEqual((await list(as, '/declaration-statuses')).json.items, [], as);
  const all = (await list('support', '/declaration-statuses?status=missing&limit=1')).json;
  assert.ok(all._meta.totalRecords > 0);
  assert.equal((await list('member', '/declaration-statuses?capacity=patient')).status, 400);
  const one = all.items[0];
  assert.equal((await list('support', `/declaration-statuses/${one.id}`)).json.status, 'missing');
  assert.equal((await list('outsider', `/declaration-statuses/${one.id}`)).status, 404);
});

test('who lacks a valid one is reminded once a day, by officers and support', async () => {
  const remind = (as, body = {}) => api(`/groups/${group}/declaration-reminders`, as, 'POST', body);
  for (const as of ['member', 'self', 'reviewer', 'auditor', 'administrator']) assert.equal((await remind(as)).json.rule, 'may-remind-declarants', as);
  const mails = async () => (await api('/mails?limit=500', 'administrator')).json._meta.totalRecords;
  const before_ = await mails();
  assert.equal((await remind('leader')).status, 201);
  const first = await mails();
  assert.ok(first > before_);
  assert.equal((await remind('support')).status, 201);
  assert.equal(await mails(), first, 'nobody twice on a day');
  const row = (await api(`/groups/${group}/declaration-statuses?status=missing&limit=1`, 'leader')).json.items[0];
  assert.ok(row.remindedAt, 'and the list says so');
});

// ---------------------------------------------------------------- interests close together

test('a group where more than half share a direct interest is warned of, without a name; names are read by few, and leave a trace', async () => {
  const made = (await api('/groups', 'support', 'POST', { kind: 'nag', name: 'Prov av täthet', startDate: '2026-01-01',
    principalIds: ['npo-aldres-halsa-och-palliativ-vard'] })).json.id;
  const seat = (who_, role) => api('/memberships', 'support', 'POST', { personId: ids[who_], groupId: made, role, capacity: 'profession', startDate: '2026-11-01' });
  for (const [who_, role] of [['self', 'member'], ['colleague', 'member'], ['vice', 'member'], ['leader', 'processLeader']])
    assert.equal((await seat(who_, role)).status, 201, who_);
  const at = async (as) => (await api(`/groups/${made}/declaration-concentration`, as)).json?.concentration;
  const own = (counterparty, more = {}) => ({ groupIds: [made], interests: [{ ...interests[0], counterparty, ...more }] });
  await declare('self', own('Tätbolaget AB'));
  await declare('colleague', own('tätbolaget  ab', { proximity: 'indirect' }));
  assert.equal(await at('self'), null, 'one of three, and an indirect one');
  await declare('colleague', own('TÄTBOLAGET AB', { endDate: '2026-11-21' }));
  assert.equal(await at('self'), null, 'one that has ended');
  const last = await declare('colleague', own('TÄTBOLAGET AB', { endDate: '2026-11-22' }));
  assert.deepEqual(await at('vice'), { level: 'members', members: 2, of: 3, readable: false });
  assert.deepEqual(await at('support'), { level: 'members', members: 2, of: 3, readable: false });
  const page = await (await k.login(who.leader.email, who.leader.password)).get(`/groups/${made}/declaration-concentration`);
  assert.match(page.text, /tätbolaget/i);
  const before_ = (await api(`/declarations/${last.id}/readings`, 'colleague')).json.items.length;
  assert.deepEqual((await at('leader')).counterparties.length, 1);
  assert.match((await at('host')).counterparties[0], /tätbolaget/i);
  assert.equal((await api(`/declarations/${last.id}/readings`, 'colleague')).json.items.length, before_ + 2);
  const checks = (await api('/checks', 'support')).json.items.filter((one) => one.rule === 'interests-concentrated');
  assert.ok(checks.some((one) => one.objectId === made && one.severity === 'warning' && !/tätbolaget/i.test(JSON.stringify(one))));
  await api(`/declarations/${last.id}/withdrawals`, 'colleague', 'POST', {});
  assert.equal(await at('leader'), null);
});

// ---------------------------------------------------------------- what waits

test('a declaration waits for its writer, a review for who reviews, and names nobody', async () => {
  const tasks = async (as) => (await api('/me/tasks', as)).json.items.filter((one) => one.type === 'declarations');
  const outsider = await declare('nominee', { noInterests: true });
  const due = (await tasks('host')).find((one) => one.objectId === outsider.id);
  assert.deepEqual([due.title, due.dueDate, due.groupId], ['Pröva en jävsdeklaration', '2026-12-06', outsider.groupIds[0]]);
  assert.ok(!JSON.stringify(due).includes('Ålund'));
  await api(`/declarations/${outsider.id}/inquiries`, 'host', 'POST', { groupId: outsider.groupIds[0], text: 'Vad menas?' });
  assert.ok(!(await tasks('host')).some((one) => one.objectId === outsider.id), 'now it waits for the person');
  assert.equal((await tasks('nominee'))[0].title, 'Svara på frågan om din jävsdeklaration');
  const draft = await declare('nominee', { noInterests: true }, false);
  assert.deepEqual((await tasks('nominee')).map((one) => one.title), ['Gör klart din jävsdeklaration']);
  await api(`/declarations/${draft.id}`, 'nominee', 'DELETE', undefined, { 'if-match': (await api(`/declarations/${draft.id}`, 'nominee')).etag });
});

test('whoever takes part without a valid declaration is counted by group, and never named', async () => {
  const findings = (await api('/checks', 'support')).json.items;
  const missing = findings.filter((one) => one.rule === 'declaration-missing');
  assert.ok(missing.some((one) => one.objectId === group));
  assert.ok(missing.every((one) => one.severity === 'warning' && one.objectType === 'groups'));
  assert.equal(new Set(missing.map((one) => one.objectId)).size, missing.length);
});

// ---------------------------------------------------------------- a whole person

test('two that are one keep their declarations; a copy has everything for the person, for data protection that they exist', async () => {
  const twin = (await api('/persons', 'support', 'POST', { givenName: 'Dubbel', familyName: 'Gångare', email: 'dubbel@example.org' })).json.id;
  await account('twin', 'dubbel@example.org', { person: twin });
  await api('/memberships', 'support', 'POST', { personId: twin, groupId: group, role: 'coOpted', capacity: 'profession', startDate: '2026-11-01' });
  const own = await declare('twin', { interests });
  const copy = async (as, id) => (await api(`/persons/${id}/data-export`, as)).text;
  assert.ok((await copy('twin', twin)).includes('granskogshemlighet'));
  const official = await copy('dataProtection', twin);
  assert.ok(official.includes(own.id) && !words.interests.concat(words.details).some((word) => official.includes(word)));
  const stays = (await api('/persons', 'support', 'POST', { givenName: 'Dubbel', familyName: 'Gångare' })).json.id;
  assert.equal((await api(`/persons/${twin}/merges`, 'support', 'POST', { intoId: stays })).status, 201);
  assert.equal((await api(`/declarations/${own.id}`, 'support')).json.personId, stays);
  assert.equal((await api(`/declarations/${own.id}`, 'twin')).json.interests.length, 2);
  // Forgotten: what was said is gone; that it was submitted stays.
  await api(`/declarations/${own.id}/reviews`, 'host', 'POST', { groupId: group, outcome: 'partialExclusion', conditions: 'Glömskevillkor.', motivation: 'Glömskeskäl.' });
  const seat = (await api(`/memberships?personId=${stays}`, 'support')).json.items[0];
  await api(`/memberships/${seat.id}/endings`, 'support', 'POST', { endDate: '2026-11-21' });
  const gone = await api(`/persons/${stays}/anonymisations`, 'dataProtection', 'POST', { reason: 'Begäran.' });
  assert.equal(gone.status, 201, gone.text);
  const left = await api(`/declarations/${own.id}`, 'support');
  assert.deepEqual([left.json.status, left.json.reviews[0].outcome, left.json.reviews[0].conditions], ['reviewed', 'partialExclusion', null]);
  const file = fs.readFileSync(k.db, 'latin1');
  for (const word of ['Glömskevillkor', 'Glömskeskäl'])
    assert.ok(!file.includes(Buffer.from(word).toString('latin1')), word);
});

// ---------------------------------------------------------------- lists and objects agree

test('a declaration is in the list of exactly those who can open it; a nominee\'s is known to the group\'s officers, not to its members', async () => {
  const all = (await api('/declarations?limit=500', 'support')).json.items;
  assert.ok(all.length > 45);
  for (const as of ['member', 'vice', 'chair', 'leader', 'reviewer', 'host', 'otherRegion', 'uppsala', 'secretary', 'outsider', 'steering', 'administrator', 'dataProtection']) {
    const listed = new Set((await api('/declarations?limit=500', as)).json.items.map((one) => one.id));
    for (const { id } of all) assert.equal((await api(`/declarations/${id}`, as)).status, listed.has(id) ? 200 : 404, `${as} ${id}`);
  }
  const nominee = await personOf('cecilia.hedmarker@kansli.example');
  const theirs = all.find((one) => one.personId === nominee);
  for (const [as, knows] of Object.entries({ leader: true, chair: true, vice: true, secretary: true, host: true, member: false, colleague: false, reviewer: false, otherRegion: false }))
    assert.equal((await api(`/declarations/${theirs.id}`, as)).status, knows ? 200 : 404, as);
  const rows = async (as) => (await api(`/groups/${group}/declaration-statuses?nominated=true`, as)).json.items.map((one) => one.personId);
  assert.ok((await rows('vice')).includes(nominee));
  assert.deepEqual(await rows('member'), []);
});

// ---------------------------------------------------------------- what the register reminds of by itself

let logged = ''; // before each restart
test('reminders go when 90, 30 and 7 days are left, once each, also to who has joined without', async () => {
  const newcomer = (await api('/persons', 'support', 'POST', { givenName: 'Ny', familyName: 'Kommen', email: 'ny@example.org' })).json.id;
  await api('/memberships', 'support', 'POST', { personId: newcomer, groupId: group, role: 'coOpted', capacity: 'profession', startDate: '2026-11-20' });
  const events = () => sqlite(k, "SELECT event || ' ' || kind FROM mail WHERE kind = 'reminder' AND event LIKE 'declarations:%' ORDER BY 1;").split('\n').filter(Boolean);
  const ending = (until) => sqlite(k, `SELECT id FROM declaration WHERE valid_until = '${until}' AND state = 'submitted';`);
  const settled = async (now) => {
    logged += k.stderr;
    await k.restart({ env: { KANSLI_NOW: now } });
    for (let i = 0, n = -1; i < 50 && n !== events().length; i++) { n = events().length; await new Promise((next) => setTimeout(next, 200)); }
  };
  await settled('2026-11-22T11:00:00Z');
  const once = events();
  const lucja = ending('2027-01-14');
  assert.ok(once.includes(`declarations:${lucja}:90 reminder`), once.join());
  assert.ok(!once.some((event) => event.includes(ending('2026-08-20'))), 'what has run out is not reminded of here');
  assert.equal(once.filter((event) => event.startsWith('declarations:memberships:')).length, 1);
  await settled('2026-11-22T12:00:00Z');
  assert.deepEqual(events(), once);
  await settled('2027-01-10T12:00:00Z');
  assert.deepEqual(events().filter((event) => event.includes(lucja)), [`declarations:${lucja}:7 reminder`, `declarations:${lucja}:90 reminder`]);
});

// ---------------------------------------------------------------- nowhere else

test('what somebody declared stands in the columns of declarations and nowhere else: not in history, mail, search, kept answers, nor the log', async () => {
  const all = Object.values(words).flat();
  for (const word of all) assert.ok(!(logged + k.stderr).includes(word), `${word} in the log`);
  // The whole register but the five columns that are to hold it.
  const kept = new Set(['declaration.interests', 'declaration_review.conditions', 'declaration_review.motivation', 'declaration_inquiry.text']);
  for (const table_ of sqlite(k, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search\\_%' ESCAPE '\\';").split('\n'))
    for (const column of sqlite(k, `SELECT name FROM pragma_table_info('${table_}');`).split('\n')) {
      if (kept.has(`${table_}.${column}`)) continue;
      const found = sqlite(k, all.map((word) => `SELECT '${word}' FROM "${table_}" WHERE "${column}" LIKE '%${word}%' LIMIT 1;`).join('\n'));
      assert.equal(found, '', `${table_}.${column}`);
    }
  assert.notEqual(sqlite(k, "SELECT count(*) FROM declaration WHERE interests LIKE '%Zornplast%';"), '0', 'and what is looked for is there');
  const found = sqlite(k, 'SELECT words FROM search_text;');
  for (const word of all) assert.ok(!found.includes(word.toLowerCase()), `${word} in search`);
});
