// Declarations of interests (R40, R41; domain.md 3): written by the person alone, reviewed for each
// group, read by few, and every reading told. The table of who reads what is tried field class by
// field class, wherever a document leaves the register, with words that stand nowhere else.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { before, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

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
  assert.deepEqual(twice.json.errors.map((one) => one.pointer), ['/questions/1/code']);
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
  assert.equal((await review('reviewer', { groupId: group, outcome: 'partialExclusion' })).json.errors[0].pointer, '/conditions');
  assert.equal((await review('reviewer', { groupId: group, outcome: 'noConflict', validUntil: '2029-11-22' })).json.errors[0].pointer, '/validUntil');
  assert.equal((await review('reviewer', { groupId: group, outcome: 'noConflict', validUntil: '2026-11-21' })).json.errors[0].pointer, '/validUntil');
  assert.equal((await review('reviewer', { groupId: 'nag-fallskador-hos-aldre', outcome: 'noConflict' })).json.errors[0].pointer, '/groupId');
  assert.equal((await review('reviewer', {})).json.errors.length, 2);
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
  const row = { interests: 'c', details: 'd', motivation: 'e', conditions: 'b' };
  for (const [name, list] of Object.entries(words))
    for (const word of list) {
      if (!row[name] || !rows.includes(row[name])) assert.ok(!text.includes(word), `${where}: ${word}`);
      else if (exactly) assert.ok(text.includes(word), `${where}: no ${word}`);
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
      told((await jar.get(path)).text, rows.replace(/[cde]/g, ''), `${as} ${path}`, false);
  }
});
