// People: who may know of whom, who may change what, merging, the data export, erasure, retention.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

const now = { KANSLI_NOW: '2026-11-22T10:00:00Z' };
const demoPassword = 'kansli-demo-2026';
const group = 'nag-prov';
let k;
let support;
let serial = 0;

const at = (id, rest = '') => `/persons/${id}${rest}`;
const rule = (reply, status, name) => assert.deepEqual([reply.status, reply.json?.rule], [status, name], reply.text);
const pointers = (reply) => reply.json.errors.map((e) => e.pointer ?? e.parameter).sort();
const ids = (reply) => reply.json.items.map((item) => item.id);
const post = (where, body = {}, token = support.token, more = {}) => k.api(where, { method: 'POST', token, body, ...more });

async function person(body, token) {
  const reply = await post('/persons', { givenName: 'Prov', familyName: `Person${++serial}`, ...body }, token);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

// A role in a group, by the support function.
async function seat(personId, more = {}) {
  const reply = await post('/memberships', {
    personId, groupId: group, role: 'member', capacity: 'profession', startDate: '2026-02-01', ...more });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

async function change(id, body, token = support.token, headers) {
  const { etag } = await k.api(at(id), { token });
  return k.api(at(id), { method: 'PATCH', token, body, headers: headers ?? { 'if-match': etag } });
}

async function remove(id, token = support.token) {
  const { etag } = await k.api(at(id), { token });
  return k.api(at(id), { method: 'DELETE', token, headers: { 'if-match': etag } });
}

before(async () => {
  k = await start({ demo: true, env: now });
  support = await k.actor('support');
  const made = await post('/groups', {
    id: group, kind: 'nag', name: 'Prov', startDate: '2026-01-01', principalIds: ['npo-tandvard'] });
  assert.equal(made.status, 201, made.text);
});

// ---- who may know of whom ----

describe('who may know of whom', () => {
  // Four of one group and one employer, with one family name; an account of the withheld one.
  const four = {};
  const tokens = {};
  const all = ['public', 'withheld', 'patient', 'protected'];
  const open = ['public', 'withheld', 'patient'];
  // Whom each may know of, and how each of those is reached.
  const table = {
    anonymous: { sees: ['public'], reaches: [] },
    outsider: { sees: ['public'], reaches: [] },
    administrator: { sees: ['public'], reaches: [] },
    self: { sees: ['public', 'withheld'], reaches: ['withheld'] }, // an observer: no member's right
    observer: { sees: ['public'], reaches: [] },
    member: { sees: open, reaches: open },
    coordinator: { sees: open, reaches: open },
    host: { sees: open, reaches: open },
    dataProtection: { sees: open, reaches: open },
    officer: { sees: all, reaches: all },
    support: { sees: all, reaches: all },
    auditor: { sees: all, reaches: all },
  };
  const api = (where, who, options) => k.api(where, { token: tokens[who], ...options });

  before(async () => {
    const details = { familyName: 'Provsson', employerId: 'region-gotland', phone: '08-123 45 67', language: 'fi' };
    const each = {
      public: {}, withheld: { publishName: false }, patient: {}, protected: { protectedIdentity: true },
    };
    for (const [name, more] of Object.entries(each)) {
      const email = `${name}@provsson.example`;
      four[name] = (await person({ givenName: name, email, ...details, ...more })).id;
      await seat(four[name], { capacity: name === 'patient' ? 'patient' : 'profession', role: name === 'withheld' ? 'observer' : 'member' });
    }
    const officer = await person({ employerId: 'region-uppsala' });
    const member = await person({});
    const observer = await person({});
    await seat(officer.id, { role: 'processLeader' });
    await seat(member.id);
    await seat(observer.id, { role: 'observer' });
    const host = await post(`/groups/${group}/hosts`, { bodyId: 'sodra', status: 'active', startDate: '2026-01-01' });
    assert.equal(host.status, 201, host.text);
    tokens.outsider = (await k.actor(null)).token;
    tokens.officer = (await k.actor(null, { person: officer.id })).token;
    tokens.member = (await k.actor(null, { person: member.id })).token;
    tokens.observer = (await k.actor(null, { person: observer.id })).token;
    tokens.coordinator = (await k.actor('coordinator', { organisation: 'region-gotland' })).token;
    tokens.host = (await k.actor('coordinator', { organisation: 'sodra' })).token;
    for (const role of ['support', 'auditor', 'administrator', 'dataProtection']) tokens[role] = (await k.actor(role)).token;
    // Last, so that nothing but this account is the person's.
    tokens.self = (await k.actor(null, { person: four.withheld })).token;
  });

  for (const [who, { sees, reaches }] of Object.entries(table)) {
    test(`${who}: one by one`, async () => {
      for (const name of all) {
        const reply = await api(at(four[name]), who);
        assert.equal(reply.status, sees.includes(name) ? 200 : 404, `${name}: ${reply.status}`);
        if (reply.status !== 200) continue;
        const contact = ['email', 'phone', 'language', 'publishName'].filter((field) => field in reply.json);
        assert.equal(contact.length, reaches.includes(name) ? 4 : 0, `${name}: ${contact}`);
        assert.equal('gender' in reply.json, who === 'self' && name === 'withheld', `${name}: gender`);
        assert.equal(reply.json.protectedIdentity, name === 'protected');
      }
    });

    test(`${who}: in lists, counts, filters, order, search`, async () => {
      const wanted = sees.map((name) => four[name]).sort();
      for (const query of ['q=provsson', 'employerId=region-gotland&q=prov', 'q=provsson&sort=-name', 'q=provsson&sort=familyName&limit=500']) {
        const reply = await api(`/persons?${query}`, who);
        assert.deepEqual(ids(reply).sort(), wanted, query);
        assert.equal(reply.json._meta.totalRecords, wanted.length, query);
        assert.deepEqual(reply.json.items.filter((i) => 'email' in i).map((i) => i.id).sort(), reaches.map((n) => four[n]).sort());
      }
      for (const name of all) {
        const reply = await api(`/search?type=persons&q=${name} provsson`, who);
        assert.deepEqual(ids(reply), sees.includes(name) ? [four[name]] : [], name);
        assert.equal(reply.json._meta.totalRecords, sees.includes(name) ? 1 : 0);
      }
      const synced = await api('/persons?modifiedSince=2026-11-22&limit=500', who);
      assert.deepEqual(ids(synced).filter((id) => Object.values(four).includes(id)).sort(), wanted);
    });

    test(`${who}: no way round by acts, history, parts or another language`, async () => {
      for (const name of all.filter((one) => !sees.includes(one))) {
        for (const [method, rest] of [['PATCH', ''], ['DELETE', ''], ['GET', '/history'], ['GET', '/data-export'],
          ['POST', '/merges'], ['POST', '/anonymisations']]) {
          const body = method === 'PATCH' || method === 'POST' ? {} : undefined;
          const reply = await api(at(four[name], rest), who, { method, body, headers: { 'if-match': '"1.x"' } });
          assert.ok([401, 404].includes(reply.status), `${method} ${rest} of ${name}: ${reply.status}`);
          assert.ok(!/provsson/i.test(reply.text), reply.text);
        }
      }
    });
  }

  test('the pages tell no more than the documents', async () => {
    const page = await k.page('/persons?q=provsson');
    assert.match(page.text, /public Provsson/);
    for (const name of ['withheld', 'patient', 'protected']) {
      assert.ok(!page.text.includes(four[name]));
      const one = await k.page(at(four[name]));
      assert.equal(one.status, 404);
      assert.ok(!/provsson/i.test(one.text.replace(/returnTo|next=[^"]*/g, '')));
    }
  });

  test('a sort by what is not shown is refused', async () => {
    for (const field of ['email', 'gender', 'phone', 'publishName', 'protectedIdentity']) {
      assert.equal((await api(`/persons?sort=${field}`, 'anonymous')).status, 400, field);
      assert.equal((await api(`/persons?${field}=1`, 'support')).status, 400, field);
    }
    for (const field of ['capacity', 'status']) assert.equal((await api(`/persons?${field}=patient`, 'support')).status, 400);
  });

  test('roles: those alone that show the name to the reader, and never in which capacity', async () => {
    const other = await post('/groups', { id: 'nag-prov-tva', kind: 'nag', name: 'Prov två', startDate: '2026-01-01', principalIds: ['npo-tandvard'] });
    assert.equal(other.status, 201, other.text);
    await seat(four.public, { groupId: 'nag-prov-tva', capacity: 'nextOfKin', startDate: '2026-03-01' });
    const groups = async (who) => {
      const { json } = await api(`${at(four.public)}?embed=roles`, who);
      assert.ok(!/capacity|nextOfKin|speaksFor/.test(JSON.stringify(json)), 'a capacity');
      return json._embedded.roles.current.map((r) => r.groupId).sort();
    };
    assert.deepEqual(await groups('anonymous'), [group]);
    assert.deepEqual(await groups('member'), [group]);
    assert.deepEqual(await groups('officer'), [group]);
    assert.deepEqual(await groups('support'), [group, 'nag-prov-tva']);
    const past = await api(`${at(four.public)}?embed=roles,bars&asOf=2026-01-15`, 'support');
    assert.deepEqual(past.json._embedded.roles.coming.length, 2);
    assert.equal(past.json._embedded.bars.bars.length, 2);
    assert.equal((await k.api(`${at(four.public)}?embed=nothing`)).status, 400);
  });

  test('a group that shows its people to those signed in alone, or to nobody else', async () => {
    const mode = async (accessMode) => {
      const { etag } = await api(`/groups/${group}`, 'support');
      const reply = await api(`/groups/${group}`, 'support', { method: 'PATCH', body: { accessMode }, headers: { 'if-match': etag } });
      assert.equal(reply.status, 200, reply.text);
    };
    const status = async (who) => (await api(at(four.withheld === who ? who : four.publicOnly), who)).status;
    four.publicOnly = (await person({ familyName: 'Ensamsson' })).id;
    await seat(four.publicOnly, { startDate: '2026-04-01' });
    const seen = {};
    for (const accessMode of ['transparent', 'restricted', 'open']) {
      await mode(accessMode);
      seen[accessMode] = [await status('anonymous'), await status('outsider'), await status('member')];
    }
    assert.deepEqual(seen, { transparent: [404, 200, 200], restricted: [404, 404, 200], open: [200, 200, 200] });
  });

  test('who entered a person sees it, protected too, until it has a seat', async () => {
    const free = await person({ familyName: 'Osedd', protectedIdentity: true, email: 'a@osedd.example' }, tokens.officer);
    assert.equal(free.email, 'a@osedd.example');
    assert.equal((await api(at(free.id), 'officer')).status, 200);
    assert.equal((await api(at(free.id), 'member')).status, 404);
    await seat(free.id, { groupId: 'npo-tandvard' });
    assert.equal((await api(at(free.id), 'officer')).status, 404);
    const plain = await person({ familyName: 'Sedd' }, tokens.coordinator);
    assert.equal((await api(at(plain.id), 'coordinator')).status, 200);
    assert.equal((await api(at(plain.id), 'outsider')).status, 404);
  });

  test('who may enter people knows whom nobody has given a seat yet, and may give it', async () => {
    const [free, withheld, hidden] = [await person(), await person({ publishName: false }), await person({ protectedIdentity: true })];
    for (const who of ['officer', 'coordinator', 'host']) {
      const seen = [];
      for (const one of [free, withheld, hidden]) seen.push((await api(at(one.id), who)).status);
      assert.deepEqual(seen, [200, 404, 404], who);
    }
    assert.ok(!('email' in (await api(at(free.id), 'officer')).json), 'by name alone');
    for (const who of ['anonymous', 'outsider', 'member', 'observer', 'administrator']) assert.equal((await api(at(free.id), who)).status, 404, who);
    const entered = await post(`/groups/${group}/memberships`, { personId: free.id, role: 'member', capacity: 'patient', startDate: '2026-03-01' }, tokens.officer);
    assert.equal(entered.status, 201, entered.text);
    assert.equal((await api(at(free.id), 'host')).status, 200, 'the host sees whom the group has');
    const stranger = (await k.actor('coordinator', { organisation: 'region-dalarna' })).token;
    assert.equal((await k.api(at(free.id), { token: stranger })).status, 404, 'a seat, and a patient is withheld');
  });

  test('the history tells an administrator that something changed, not what', async () => {
    await change(four.public, { title: 'Hemlig titel' });
    const told = async (who) => (await api(at(four.public, '/history'), who)).json.items[0].changes;
    assert.deepEqual((await told('support')).map((c) => [c.field, c.after]), [['title', 'Hemlig titel']]);
    assert.deepEqual((await told('administrator')).map((c) => [c.field, c.after]), [['title', null]]);
    const whole = await api('/audit-events?objectType=persons&limit=500', 'administrator');
    assert.ok(!/provsson|hemlig titel/i.test(whole.text), 'names in the whole history');
  });

  test('a form\'s fields suggest nobody whom the reader may not know of', async () => {
    const jar = await k.login('admin@kansli.example', demoPassword);
    const account = (await jar.get('/accounts/new')).formWith((input) => input.name === 'personId');
    const told = await jar.submit(account, { email: 'ny@provsson.example', personId: 'provss' });
    assert.equal(told.status, 400);
    assert.ok(!/Provsson|withheld|protected/.test(told.text.replace(/ny@provsson.example/g, '')), 'by a part of a name');
    const officer = await person({ familyName: 'Annanledare' });
    await seat(officer.id, { groupId: 'npo-akut-vard', role: 'secretary' }); // commissions nothing of theirs
    await k.user('annan@example.org', null, { person: officer.id });
    const own = await k.login('annan@example.org');
    const form = (await own.get('/groups/npo-akut-vard/memberships/new')).formWith((input) => input.name === 'personId');
    const typed = async (personId) => (await own.submit(form, { personId, startDate: 'fel' })).text;
    for (const text of ['protected Provsson', 'patient Provsson', 'public@provsson.example', four.protected]) {
      assert.ok(!(await typed(text)).includes(`${four.protected})`) && /f-personId-error/.test(await typed(text)), text);
    }
    assert.ok(!/f-personId-error/.test(await typed('public Provsson')), 'whom everyone knows');
  });

  test('the checks name nobody', async () => {
    const reply = await api('/checks?objectType=persons&limit=500', 'administrator');
    assert.equal(reply.status, 200);
    assert.ok(!/provsson/i.test(reply.text));
  });
});

// ---- writing ----

describe('a person is entered and changed', () => {
  let id;
  let self;
  let officer;
  let protection;
  before(async () => {
    id = (await person({ givenName: 'Egil', familyName: 'Egen', email: 'egil@example.org', title: 'Läkare', professions: ['läkare', 'leg. psykolog'] })).id;
    await seat(id, { startDate: '2026-05-01' });
    self = await k.actor(null, { person: id });
    officer = await k.actor(null, { email: 'karin.bergstrom@kansli.example'.replace('karin', `k${++serial}`), person: (await leader()).id });
    protection = await k.actor('dataProtection');
  });
  // A process leader of the group; the former one makes way.
  async function leader() {
    const one = await person({});
    await seat(one.id, { role: 'secretary', startDate: '2026-05-01' });
    return one;
  }

  test('all fields come back, and what is wrong is told at once', async () => {
    const reply = await k.api(at(id), { token: support.token });
    const { json } = reply;
    assert.deepEqual([json.name, json.title, json.professions, json.publishName, json.protectedIdentity],
      ['Egil Egen', 'Läkare', ['läkare', 'leg. psykolog'], null, false]);
    const bad = await post('/persons', { givenName: '', email: 'x', language: 'xx', employerId: 'finns-inte', protectedIdentity: null, name: 'A', capacity: 'patient' });
    assert.deepEqual(pointers(bad), ['/capacity', '/email', '/employerId', '/familyName', '/givenName', '/language', '/name', '/protectedIdentity']);
  });

  test('no text keeps a personal identity number, but a telephone number may look like one', async () => {
    for (const field of ['givenName', 'familyName', 'title', 'email']) {
      const value = field === 'email' ? '19121212-1212@example.org' : 'född 19121212-1212';
      const reply = await post('/persons', { givenName: 'A', familyName: 'B', [field]: value });
      assert.deepEqual([reply.status, pointers(reply)], [400, [`/${field}`]], field);
    }
    const list = await post('/persons', { givenName: 'A', familyName: 'B', professions: ['läkare', '121212-1212'] });
    assert.deepEqual(pointers(list), ['/professions/1']);
    assert.equal((await change(id, { phone: '121212-1212' })).status, 200);
  });

  test('the person: own contact details and choices, nothing else', async () => {
    const reply = await change(id, { email: 'ny@example.org', phone: null, language: 'sv', gender: 'other', publishName: true }, self.token);
    assert.deepEqual([reply.status, reply.json.gender, reply.json.email, reply.json.publishName], [200, 'other', 'ny@example.org', true], reply.text);
    for (const field of ['givenName', 'title', 'professions', 'employerId', 'protectedIdentity']) {
      rule(await change(id, { [field]: null }, self.token), 403, 'may-change-person');
    }
  });

  test('the gender is the person\'s alone: to state, to see, and not told by history', async () => {
    for (const token of [support.token, officer.token, protection.token]) {
      rule(await change(id, { gender: 'man' }, token), 403, 'gender-self-stated');
      rule(await change(id, { gender: null }, token), 403, 'gender-self-stated');
      assert.ok(!('gender' in (await k.api(at(id), { token })).json));
    }
    rule(await post('/persons', { givenName: 'A', familyName: 'B', gender: 'man' }), 403, 'gender-self-stated');
    const events = (await k.api(at(id, '/history'), { token: support.token })).json.items;
    const told = events.flatMap((e) => e.changes).filter((c) => c.field === 'gender');
    assert.deepEqual(told.map((c) => [c.before, c.after]), [[null, null]]);
    assert.equal((await k.api(at(id), { token: self.token })).json.gender, 'other');
  });

  test('officers: everything else; a change by others keeps what they do not see', async () => {
    const reply = await change(id, { title: 'Överläkare' }, officer.token);
    assert.deepEqual([reply.status, reply.json.title], [200, 'Överläkare']);
    assert.equal((await k.api(at(id), { token: self.token })).json.gender, 'other');
    const stranger = await k.actor(null);
    rule(await change(id, { title: 'X' }, stranger.token), 403, 'may-change-person');
    rule(await change(id, { title: 'X' }, null), 401, 'login-needed');
    rule(await change(id, { title: 'X' }, (await k.actor('auditor')).token), 403, 'may-change-person');
  });

  test('data protection corrects, and the history says so', async () => {
    const reply = await change(id, { familyName: 'Egensson' }, protection.token);
    assert.equal(reply.status, 200, reply.text);
    const [first, second] = (await k.api(at(id, '/history'), { token: support.token })).json.items;
    assert.deepEqual([first.act, second.act], ['correct', 'update']);
    assert.deepEqual(ids(await k.api('/persons?q=egensson')), [id]);
    assert.deepEqual(ids(await k.api('/persons?q="egen "')).filter((one) => one === id), [id], 'a prefix');
  });

  test('needs the version that was seen', async () => {
    const { etag } = await k.api(at(id), { token: support.token });
    rule(await change(id, { title: 'A' }, support.token, {}), 428, 'if-match-needed');
    rule(await change(id, { title: 'A' }, support.token, { 'if-match': '*' }), 400, 'if-match-star');
    assert.equal((await change(id, { title: 'A' }, support.token, { 'if-match': etag })).status, 200);
    const stale = await change(id, { title: 'B' }, support.token, { 'if-match': etag });
    assert.equal(stale.status, 412);
    const fresh = await k.api(at(id), { token: support.token });
    assert.equal((await k.api(at(id), { token: support.token, headers: { 'if-none-match': fresh.etag } })).status, 304);
    assert.notEqual((await k.api(at(id))).etag, fresh.etag, 'what is told differs');
  });

  test('is deleted only when nothing refers to it, and tells nobody who did not know', async () => {
    rule(await remove(id), 409, 'in-use');
    const alone = await person({ familyName: 'Bortsson' });
    assert.equal((await remove(alone.id)).status, 204);
    assert.equal((await k.api(at(alone.id), { token: support.token })).status, 404);
    const gone = async (token) => (await k.api('/persons?modifiedSince=2026-11-22&limit=500', { token })).json.items.filter((i) => i.deleted).map((i) => i.id);
    assert.ok((await gone(support.token)).includes(alone.id));
    assert.ok(!(await gone()).includes(alone.id));
    const next = await person({});
    assert.equal((await k.api(at(next.id, '/history'), { token: support.token })).json.items.length, 1, 'another\'s history');
  });

  test('who may enter one', async () => {
    for (const token of [self.token, protection.token]) rule(await post('/persons', { givenName: 'A', familyName: 'B' }, token), 403, 'may-enter-person');
    assert.equal((await post('/persons', { givenName: 'A', familyName: 'B' }, officer.token)).status, 201);
  });

  test('lists in Swedish order', async () => {
    for (const familyName of ['Öhrnsson', 'Ährnsson', 'Zhrnsson', 'Åhrnsson']) await person({ givenName: 'Ordning', familyName });
    const order = async (sort) => (await k.api(`/persons?q=ordning hrnsson&limit=500${sort}`, { token: support.token }));
    const names = async (sort) => (await k.api(`/persons?q=ordning${sort}`, { token: support.token })).json.items.map((i) => i.familyName[0]).join('');
    assert.equal((await order('')).status, 200);
    assert.equal(await names(''), 'ZÅÄÖ');
    assert.equal(await names('&sort=-name'), 'ÖÄÅZ');
  });
});

// ---- merging ----

describe('two that are one are merged', () => {
  test('roles, account and what was not known go over; the old address leads on', async () => {
    const from = await person({ givenName: 'Dubbel', familyName: 'Gångare', phone: '070-1', title: 'Chef', protectedIdentity: true, publishName: false });
    const into = await person({ givenName: 'Dubbel', familyName: 'Gångare', email: 'd@example.org', title: 'Läkare', publishName: true });
    const membership = await seat(from.id, { startDate: '2026-02-01', endDate: '2026-03-31' });
    const owner = await k.actor(null, { person: from.id });
    await change(from.id, { gender: 'man' }, owner.token);
    const pairs = (await k.api('/persons/duplicates', { token: support.token })).json.items;
    assert.ok(pairs.some((set) => set.reason === 'name' && set.persons.map((p) => p.id).sort().join() === [from.id, into.id].sort().join()));
    const found = (await k.api('/checks?rule=person-twice&limit=500', { token: support.token })).json.items;
    assert.ok(found.some((f) => f.objectId === from.id && f.severity === 'notice' && /duplicates$/.test(f.mendHref)));

    const reply = await post(at(from.id, '/merges'), { intoId: into.id });
    assert.equal(reply.status, 201, reply.text);
    assert.ok(reply.headers.location.endsWith(at(into.id)));
    const { id, phone, title, email, publishName, protectedIdentity } = reply.json;
    assert.deepEqual({ id, phone, title, email, publishName, protectedIdentity },
      { id: into.id, phone: '070-1', title: 'Läkare', email: 'd@example.org', publishName: false, protectedIdentity: true });
    assert.equal((await k.api(at(into.id), { token: owner.token })).json.gender, 'man');
    const moved = await k.api(at(from.id), { token: support.token });
    assert.deepEqual([moved.status, new URL(moved.headers.location).pathname], [308, `/api/v1${at(into.id)}`]);
    assert.equal((await k.page(at(from.id))).status, 404, 'who may not know the one learns nothing of the other');
    assert.equal((await k.api(`/memberships/${membership.id}`, { token: support.token })).json.personId, into.id);
    const history = (await k.api(at(into.id, '/history'), { token: support.token })).json.items[0];
    assert.deepEqual([history.act, history.changes.find((c) => c.field === 'mergedFrom').after], ['merge', from.id]);
    // Once more: the first address goes on leading to the last.
    const third = await person({ givenName: 'Dubbel', familyName: 'Gångare' });
    assert.equal((await post(at(into.id, '/merges'), { intoId: third.id })).status, 201);
    assert.ok((await k.api(at(from.id), { token: support.token })).headers.location.endsWith(third.id));
  });

  test('everyone who knew of the one that is gone is told so', async () => {
    const from = await person({ familyName: 'Känd' });
    const into = await person({ familyName: 'Känd' });
    await seat(from.id, { startDate: '2026-02-01' });
    assert.equal((await post(at(from.id, '/merges'), { intoId: into.id })).status, 201);
    const gone = (await k.api('/persons?modifiedSince=2026-11-22&limit=500')).json.items.filter((i) => i.deleted).map((i) => i.id);
    assert.ok(gone.includes(from.id));
    assert.equal((await k.api(at(from.id))).status, 308);
  });

  test('not when both have a role in a group at the same time, not with itself', async () => {
    const from = await person({});
    const into = await person({});
    await seat(from.id, { startDate: '2026-02-01', endDate: '2026-06-30' });
    await seat(into.id, { startDate: '2026-06-30' });
    const reply = await post(at(from.id, '/merges'), { intoId: into.id });
    rule(reply, 409, 'membership-overlap');
    assert.deepEqual(reply.json.missing, [group]);
    assert.deepEqual(pointers(await post(at(from.id, '/merges'), { intoId: from.id })), ['/intoId']);
    assert.deepEqual(pointers(await post(at(from.id, '/merges'), {})), ['/intoId']);
    assert.equal((await k.api(at(from.id), { token: support.token })).status, 200, 'nothing was moved');
  });
});

// ---- everything about a person, and erasure ----

describe('everything about a person', () => {
  let subject;
  let self;
  let protection;
  const word = 'Kvartsbergius';
  before(async () => {
    protection = await k.actor('dataProtection');
    subject = await person({ givenName: 'Ymer', familyName: word, email: 'ymer@kvartsbergius.example', phone: '070-99', title: 'Titel Kvartsbergius' });
    await seat(subject.id, { startDate: '2026-02-01', endDate: '2026-03-31', competences: ['Kvartsbergiuskunskap'] });
    self = await k.actor(null, { person: subject.id, email: 'ymer@kvartsbergius.example' });
  });

  test('is for the person and data protection', async () => {
    const own = await k.api(at(subject.id, '/data-export'), { token: self.token });
    assert.equal(own.status, 200, own.text);
    const { person: row, memberships, accounts, historyAbout } = own.json;
    assert.deepEqual([row.email, row.phone, memberships.length, memberships[0].capacity], ['ymer@kvartsbergius.example', '070-99', 1, 'profession']);
    assert.deepEqual(accounts.map((a) => a.email), ['ymer@kvartsbergius.example']);
    assert.ok(historyAbout.some((e) => e.objectType === 'persons' && e.act === 'create'));
    for (const token of [support.token, (await k.actor('auditor')).token]) rule(await k.api(at(subject.id, '/data-export'), { token }), 403, 'may-export-person');
    assert.equal(own.headers['cache-control'], 'no-store');
  });

  test('read by another leaves a trace', async () => {
    const events = async () => (await k.api(at(subject.id, '/history'), { token: support.token })).json.items.filter((e) => e.act === 'export').length;
    assert.equal(await events(), 0);
    assert.equal((await k.api(at(subject.id, '/data-export'), { token: protection.token })).status, 200);
    assert.equal(await events(), 1);
  });

  test('is not taken away while there is a role', async () => {
    const sitting = await person({});
    await seat(sitting.id, { startDate: '2026-02-01' });
    const reply = await post(at(sitting.id, '/anonymisations'), { reason: 'Begäran.' }, protection.token);
    rule(reply, 409, 'person-has-roles');
    assert.deepEqual(reply.json.missing, [group]);
    assert.deepEqual(pointers(await post(at(subject.id, '/anonymisations'), {}, protection.token)), ['/reason']);
    rule(await post(at(subject.id, '/anonymisations'), { reason: 'X' }), 403, 'may-erase-person');
  });

  test('is taken away everywhere; role, organisation and days stay', async () => {
    const twin = await person({ givenName: 'Ymer', familyName: `${word}-Tvilling` });
    assert.equal((await post(at(twin.id, '/merges'), { intoId: subject.id })).status, 201);
    const before_ = (await k.api(`${at(subject.id)}?embed=roles`, { token: support.token })).json._embedded.roles.past;
    const reply = await post(at(subject.id, '/anonymisations'), { reason: 'Begäran från den registrerade.' }, protection.token, { headers: { 'idempotency-key': 'a1' } });
    assert.equal(reply.status, 201, reply.text);
    const after = await k.api(`${at(subject.id)}?embed=roles`, { token: support.token });
    assert.deepEqual([after.json.name, after.json.email, after.json.title, after.json.anonymisedDate], ['Anonymiserad person', null, null, '2026-11-22']);
    assert.deepEqual(after.json._embedded.roles.past.map((r) => [r.groupId, r.role, r.startDate, r.endDate]),
      before_.map((r) => [r.groupId, r.role, r.startDate, r.endDate]));
    assert.equal((await k.api(at(subject.id))).status, 404, 'withheld for everyone else');
    assert.equal((await k.api('/me', { token: self.token })).status, 401, 'the account is closed');
    rule(await change(subject.id, { title: 'Ny' }), 409, 'person-anonymised');
    rule(await post(at(subject.id, '/anonymisations'), { reason: 'Igen' }, protection.token), 409, 'person-anonymised');
    for (const where of ['/persons?q=kvartsbergius', '/search?q=kvartsbergius', '/audit-events?limit=500', at(subject.id, '/history'), '/accounts?limit=500']) {
      const told = await k.api(where, { token: where === '/accounts?limit=500' ? (await k.actor('administrator')).token : support.token });
      assert.ok(!/kvartsbergius/i.test(told.text.replace(/q=kvartsbergius/g, '')), where);
    }
    assert.equal((await k.cli('check')).code, 0, 'the chain of history still stands');
    await k.restart();
    for (const file of [k.db, `${k.db}-wal`].filter((one) => fs.existsSync(one))) {
      assert.ok(!/kvartsbergius/i.test(fs.readFileSync(file, 'latin1')), file);
    }
  });
});

// ---- pages ----

describe('pages and forms', () => {
  test('a person is entered and changed in the browser, in both languages', async () => {
    const jar = await k.login('support@kansli.example', demoPassword);
    let page = await jar.get('/persons/new');
    let form = page.form('/persons');
    assert.deepEqual(form.names.filter((n) => ['gender', 'publishName', 'protectedIdentity'].includes(n)).sort(), ['protectedIdentity', 'publishName']);
    const wrong = await jar.submit(form, { familyName: 'Blankett', email: 'fel' });
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /Förnamn/);
    const made = await jar.submit(form, { givenName: 'Berit', familyName: 'Blankett', publishName: 'false' });
    assert.equal(made.status, 303, made.text);
    page = await jar.get(made.headers.location);
    assert.equal(page.title, 'Berit Blankett – kansli');
    assert.match(page.text, /visas inte/);
    form = (await jar.get(`${made.headers.location}/edit`)).formWith((input) => input.name === 'title');
    assert.equal(form.fields.publishName, 'false');
    assert.equal((await jar.submit(form, { publishName: '' })).status, 303);
    const id = made.headers.location.split('/').at(-1);
    const now_ = (await k.api(at(id), { token: support.token })).json;
    assert.deepEqual([now_.publishName, now_.protectedIdentity], [null, false]);
    const english = await k.page(made.headers.location, { cookies: jar.header, headers: { 'accept-language': 'en' } });
    assert.match(english.text, /No role that can be shown here/);
    const gone = await jar.submit((await jar.get(`${made.headers.location}/edit`)).forms.find((f) => /_method=DELETE/.test(f.action)));
    assert.deepEqual([gone.status, gone.headers.location], [303, '/persons']);
  });

  test('the person sees a form with what is hers to change', async () => {
    const mine = await person({ familyName: 'Formulär' });
    await k.user('formular@example.org', null, { person: mine.id });
    const jar = await k.login('formular@example.org');
    const page = await jar.get(`${at(mine.id)}/edit`);
    const form = page.formWith((input) => input.name === 'gender');
    assert.deepEqual(form.names.filter((n) => !n.startsWith('_')).sort(), ['email', 'gender', 'language', 'phone', 'publishName']);
    assert.equal((await jar.submit(form, { gender: 'woman', language: 'swl' })).status, 303);
    const shown = await jar.get(at(mine.id));
    assert.match(shown.text, /Kvinna/);
    assert.match(shown.text, /Svenskt teckenspråk/);
    const file = /href="([^"]*data-export)" download/.exec((await jar.get(`${at(mine.id)}/data-export`)).text)[1];
    assert.equal(JSON.parse((await jar.get(file)).text).person.gender, 'woman');
  });

  test('merging and anonymising by form, with a way back from a mistake', async () => {
    const a = await person({ familyName: 'Sammanslagen' });
    const b = await person({ familyName: 'Kvarvarande' });
    const jar = await k.login('support@kansli.example', demoPassword);
    const form = (await jar.get(`${at(a.id)}/merges/new?intoId=${b.id}`)).formWith((input) => input.name === 'intoId');
    assert.equal(form.fields.intoId, b.name);
    const wrong = await jar.submit(form, { intoId: 'Ingen Alls' });
    assert.equal(wrong.status, 400);
    const reply = await jar.submit(form);
    assert.deepEqual([reply.status, reply.headers.location], [303, at(b.id)]);
    assert.equal((await jar.get(at(a.id))).status, 308);
    const protection = await k.login('dataskydd@kansli.example', demoPassword);
    const erase = (await protection.get(`${at(b.id)}/anonymisations/new`)).formWith((input) => input.name === 'reason');
    assert.equal((await protection.submit(erase, { reason: 'Prov.' })).status, 303);
    assert.match((await protection.get(at(b.id))).text, /Anonymiserad person/);
  });

  test('the picture of the roles has a title, a description and a bar for each', async () => {
    const one = await person({ familyName: 'Bildsson' });
    await seat(one.id, { startDate: '2026-02-01', endDate: '2026-03-31' });
    await seat(one.id, { role: 'observer', startDate: '2026-07-01', endDate: '2027-06-30' });
    const page = await k.page(at(one.id));
    assert.match(page.text, /<svg class="lanes"[^>]*role="img"[^>]*aria-labelledby="lanes-title lanes-desc"/);
    assert.equal([...page.text.matchAll(/<rect class="lane (\w+)"/g)].map((m) => m[1]).join(), 'current,past');
    assert.match(page.text, /class="hand"/);
  });
});

// ---- how long what is kept: last, for it closes accounts ----

describe('retention', () => {
  let protection;
  let administrator;
  before(async () => {
    protection = await k.actor('dataProtection');
    administrator = await k.actor('administrator');
  });
  const rules = async (token = protection.token) => (await k.api('/retention-rules', { token })).json.items;
  const byKind = async (appliesTo) => (await rules()).find((r) => r.appliesTo === appliesTo);
  const apply = (id, token = protection.token) => post(`/retention-rules/${id}/applications`, {}, token);
  async function decide(id, body) {
    const { etag } = await k.api(`/retention-rules/${id}`, { token: protection.token });
    return k.api(`/retention-rules/${id}`, { method: 'PATCH', token: protection.token, body, headers: { 'if-match': etag } });
  }

  test('rules come without a decision, count, and destroy nothing', async () => {
    assert.deepEqual((await rules()).map((r) => [r.appliesTo, r.decision]).sort(), [['accounts', null], ['contactDetails', null], ['personsWithoutRoles', null]]);
    assert.equal((await rules(administrator.token)).length, 3);
    for (const { id } of await rules()) rule(await apply(id), 409, 'retention-undecided');
    rule(await k.api('/retention-rules', { token: support.token }), 403, 'may-keep-retention');
    rule(await apply((await byKind('accounts')).id, administrator.token), 403, 'may-keep-retention');
    const { id } = await byKind('accounts');
    assert.deepEqual(pointers(await decide(id, { decision: 'KS 2026/1' })), ['/decidedDate']);
    assert.deepEqual(pointers(await decide(id, { decision: 'KS 2026/1', decidedDate: '2026-11-23' })), ['/decidedDate']);
  });

  test('with one they take away what they concern, and nothing else', async () => {
    const old = await person({ familyName: 'Gammelsson', email: 'g@example.org' });
    const young = await person({ familyName: 'Ungsson', email: 'u@example.org' });
    const working = await person({ familyName: 'Verksam', email: 'v@example.org' });
    const long = await post('/groups', { id: 'nag-gammal', kind: 'nag', name: 'Gammal', startDate: '2019-01-01', principalIds: ['npo-tandvard'] });
    assert.equal(long.status, 201, long.text);
    for (const { id } of [old, working]) await seat(id, { groupId: 'nag-gammal', startDate: '2019-01-01', endDate: '2025-11-21' });
    await seat(young.id, { groupId: 'nag-gammal', startDate: '2019-01-01', endDate: '2025-11-22' });
    await k.actor('auditor', { person: working.id });
    const contact = await byKind('contactDetails');
    assert.equal((await decide(contact.id, { months: 12, decision: 'KS 2026/1 § 4', decidedDate: '2026-11-20' })).status, 200);
    const concerned = (await byKind('contactDetails')).concerned;
    assert.ok(concerned >= 1);
    assert.equal((await apply(contact.id)).status, 201);
    assert.equal((await byKind('contactDetails')).concerned, 0);
    const email = async ({ id }) => (await k.api(at(id), { token: support.token })).json.email;
    assert.deepEqual([await email(old), await email(young), await email(working)], [null, 'u@example.org', 'v@example.org']);
    assert.ok(!/g@example.org/.test((await k.api('/audit-events?limit=500', { token: support.token })).text));

    const persons = await byKind('personsWithoutRoles');
    assert.equal((await decide(persons.id, { months: 12, decision: 'KS 2026/1 § 5', decidedDate: '2026-11-20' })).status, 200);
    assert.equal((await apply(persons.id)).status, 201);
    const name = async ({ id }) => (await k.api(at(id), { token: support.token })).json.name;
    assert.deepEqual([await name(old), (await name(young)).endsWith('Ungsson'), (await name(working)).endsWith('Verksam')], ['Anonymiserad person', true, true]);
    const events = (await k.api('/audit-events?objectType=retention-rules&act=apply&limit=500', { token: support.token })).json.items;
    assert.equal(events.length, 2);
    assert.equal((await k.cli('check')).code, 0);
  });

  test('accounts that nobody has used are closed and say no longer whose they were', async () => {
    const idle = await k.user('lange.sedan@example.org');
    const accounts = await byKind('accounts');
    assert.equal((await decide(accounts.id, { months: 0, decision: 'KS 2026/1 § 6', decidedDate: '2026-11-20' })).status, 200);
    await k.restart({ env: { KANSLI_NOW: '2026-11-24T10:00:00Z' } });
    assert.equal((await apply(accounts.id)).status, 201);
    const all = await k.api('/accounts?limit=500', { token: administrator.token });
    assert.ok(!all.text.includes(idle.email));
    assert.equal(all.json.items.filter((a) => a.roles.includes('administrator') && !a.disabled).length >= 1, true);
  });
});
