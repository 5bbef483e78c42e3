// What others gather by themselves: Popolo, DCAT-AP-SE, the catalogue of interfaces; and that nothing of
// it, nor any list, file, feed or search, tells a stranger what domain.md 3 and 4 keep to few. The
// register is planted with words that stand nowhere else.
import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import { before, describe, test } from 'node:test';
import { Parser } from 'n3';
import { start } from '../lib/kansli.mjs';

let k, support, popolo;
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  support = await k.token('support@kansli.example');
});

const post = (where, body, token = support) => k.api(where, { token, method: 'POST', body });
async function made(where, body, token) {
  const reply = await post(where, body, token);
  assert.equal(reply.status, 201, `${where}: ${reply.text}`);
  return reply.json;
}
const classes = ['persons', 'organizations', 'memberships', 'posts', 'events', 'areas'];
const every = async (where) => {
  const items = [];
  for (let page = 1; ; page++) {
    const { json } = await k.api(`${where}${where.includes('?') ? '&' : '?'}limit=500&page=${page}`);
    items.push(...json.items);
    if (json.items.length < 500) return items;
  }
};

describe('Popolo', () => {
  before(async () => (popolo = await k.api('/exports/popolo')));

  test('has its six classes, each object once, with names of that standard', () => {
    assert.equal(popolo.status, 200);
    assert.deepEqual(Object.keys(popolo.json), classes);
    // The terms of popoloproject.com's schemas that the export uses; nothing else may stand in it.
    const terms = {
      persons: 'id name family_name given_name links', events: 'id name classification organization_id start_date end_date status location links',
      organizations: 'id name classification parent_id founding_date dissolution_date area_id links identifiers other_names',
      memberships: 'id person_id organization_id role post_id on_behalf_of_id start_date end_date label',
      posts: 'id role organization_id start_date end_date label', areas: 'id name classification identifier parent_id',
    };
    const day = /^\d{4}-\d\d-\d\d$/;
    for (const [name, items] of Object.entries(popolo.json)) {
      assert.ok(items.length > 5, name);
      assert.equal(new Set(items.map((i) => i.id)).size, items.length, `${name}: each once`);
      for (const item of items) {
        assert.deepEqual(Object.keys(item).filter((member) => !terms[name].split(' ').includes(member)), [], name);
        assert.deepEqual(Object.values(item).filter((value) => value === null), [], 'what there is not is absent');
        for (const member of ['founding_date', 'dissolution_date']) if (item[member]) assert.match(item[member], day);
        if (name === 'events') assert.match(item.start_date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        else if (item.start_date) assert.match(item.start_date, day);
      }
    }
  });

  test('leads nowhere that is not in it', () => {
    const ids = Object.fromEntries(classes.map((name) => [name, new Set(popolo.json[name].map((i) => i.id))]));
    const ties = {
      person_id: 'persons', organization_id: 'organizations', on_behalf_of_id: 'organizations', post_id: 'posts', area_id: 'areas',
    };
    for (const [name, items] of Object.entries(popolo.json)) {
      for (const item of items) {
        for (const [member, of] of Object.entries({ ...ties, parent_id: name })) {
          if (member in item) assert.ok(ids[of].has(item[member]), `${name} ${item.id}: ${member} ${item[member]}`);
        }
      }
    }
    const seated = new Set(popolo.json.memberships.map((m) => m.person_id));
    assert.deepEqual([...ids.persons].filter((id) => !seated.has(id)), [], 'nobody without a role');
  });

  test('is what a stranger finds in the lists, less patients and those whose name is withheld', async () => {
    const groups = await every('/groups');
    const organisations = await every('/organisations');
    assert.deepEqual(popolo.json.organizations.map((o) => o.id).sort(), [...groups, ...organisations].map((o) => o.id).sort());
    const seats = (await every('/memberships')).filter((m) => m.personId);
    assert.deepEqual(popolo.json.memberships.map((m) => m.id).sort(), seats.map((m) => m.id).sort());
    assert.deepEqual(popolo.json.persons.map((p) => p.id).sort(), [...new Set(seats.map((m) => m.personId))].sort());
    assert.deepEqual(popolo.json.events.map((e) => e.id).sort(), (await every('/meetings')).map((m) => m.id).sort());
    assert.equal(popolo.json.areas.length, 6 + 21 + 290);
    const halland = popolo.json.areas.find((a) => a.id === 'region-halland');
    assert.deepEqual(halland, { id: 'region-halland', name: 'Region Halland', classification: 'region', identifier: '13', parent_id: 'sodra' });
  });

  test('is the same for everybody, may be read by scripts of any site, and is not sent twice', async () => {
    const mine = await k.api('/exports/popolo', { token: support });
    assert.equal(mine.text, popolo.text);
    assert.equal(popolo.headers['access-control-allow-origin'], '*');
    for (const token of [undefined, support]) {
      assert.equal((await k.api('/exports/popolo', { token, headers: { 'if-none-match': popolo.etag } })).status, 304);
    }
    const again = await k.api('/exports/popolo');
    assert.equal(again.text, popolo.text);
    assert.equal(again.headers['access-control-allow-origin'], '*', 'also when it was kept');
    const faults = await k.api('/exports/popolo?page=1');
    assert.equal(faults.status, 400);
  });
});

describe('DCAT-AP-SE', () => {
  const dcat = 'http://www.w3.org/ns/dcat#';
  const terms = 'http://purl.org/dc/terms/';
  const vcard = 'http://www.w3.org/2006/vcard/ns#';
  const foaf = 'http://xmlns.com/foaf/0.1/';
  const type = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
  async function read() {
    const reply = await k.page('/dcat.ttl');
    assert.equal(reply.status, 200);
    assert.match(reply.headers['content-type'], /^text\/turtle/);
    assert.equal(reply.headers['access-control-allow-origin'], '*');
    const quads = new Parser({ baseIRI: `${k.url}/` }).parse(reply.text);
    const all = (subject, property) => quads.filter((q) => q.subject.value === subject && q.predicate.value === property).map((q) => q.object);
    const typed = (name) => quads.filter((q) => q.predicate.value === type && q.object.value === name).map((q) => q.subject.value);
    return { all, typed, one: (subject, property) => all(subject, property)[0]?.value };
  }

  test('is Turtle, and has what the profile asks of catalogue, sets, distributions and service', async () => {
    const { all, one, typed } = await read();
    const needs = (subject, properties) => properties.forEach((p) => assert.ok(all(subject, p).length, `${subject} ${p}`));
    const [catalogue] = typed(`${dcat}Catalog`);
    needs(catalogue, [...['title', 'description', 'publisher', 'license', 'language', 'spatial'].map((n) => terms + n), `${dcat}dataset`, `${foaf}homepage`]);
    const sets = typed(`${dcat}Dataset`);
    assert.deepEqual(all(catalogue, `${dcat}dataset`).map((o) => o.value).sort(), sets.sort());
    for (const set of sets) {
      needs(set, [...['title', 'description', 'publisher', 'accessRights', 'accrualPeriodicity', 'language', 'license'].map((n) => terms + n),
        ...['contactPoint', 'theme', 'keyword', 'distribution'].map((n) => dcat + n)]);
      for (const property of ['title', 'description']) {
        assert.deepEqual(all(set, terms + property).map((o) => o.language).sort(), ['en', 'sv'], `${set} ${property}`);
      }
      for (const { value: distribution } of all(set, `${dcat}distribution`)) {
        needs(distribution, [`${dcat}accessURL`, `${terms}format`, `${terms}license`]);
      }
    }
    const [service] = typed(`${dcat}DataService`);
    needs(service, [...['title', 'description', 'publisher', 'license'].filter((n) => n !== 'description').map((n) => terms + n), `${dcat}endpointURL`, `${dcat}endpointDescription`]);
    assert.equal(one(service, `${dcat}endpointURL`), `${k.url}/api/v1`);
    for (const contact of typed(`${vcard}Organization`)) needs(contact, [`${vcard}fn`, `${vcard}hasEmail`]);
  });

  test('every distribution is there for anybody, of the type that is told', async () => {
    const { all, one, typed } = await read();
    const found = typed(`${dcat}Distribution`);
    assert.ok(found.length >= 15);
    const types = new Set();
    for (const distribution of found) {
      const reply = await fetch(one(distribution, `${dcat}downloadURL`));
      assert.equal(reply.status, 200, reply.url);
      assert.equal(reply.headers.get('content-type').split(';')[0], one(distribution, `${terms}format`), reply.url);
      types.add(one(distribution, `${terms}format`));
      await reply.arrayBuffer();
    }
    assert.equal(types.size, 4, 'JSON, CSV, Excel and iCalendar');
    assert.ok(all);
  });

  test('names who runs the register when that is set, whatever the name has in it', async () => {
    const administrator = await k.token('admin@kansli.example');
    const set = async (name, value) => {
      const { etag } = await k.api(`/settings/${name}`, { token: administrator });
      assert.equal((await k.api(`/settings/${name}`, { token: administrator, method: 'PATCH', body: { value }, headers: { 'if-match': etag } })).status, 200);
    };
    const name = 'Stöd "funktionen" \\ <SKR> .';
    await set('operatorName', name);
    await set('operatorEmail', 'a+b@kansli.example');
    const { one, typed } = await read();
    assert.equal(one(typed(`${foaf}Agent`)[0], `${foaf}name`), name);
    const [contact] = typed(`${vcard}Organization`);
    assert.equal(one(contact, `${vcard}hasEmail`), 'mailto:a%2Bb@kansli.example');
  });
});

describe('the catalogue of interfaces', () => {
  test('is a linkset that leads to the description, the documentation and the data', async () => {
    const reply = await k.page('/.well-known/api-catalog');
    assert.equal(reply.status, 200);
    assert.equal(reply.headers['content-type'], 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"');
    const [catalogue, api] = JSON.parse(reply.text).linkset;
    assert.equal(catalogue.anchor, `${k.url}/.well-known/api-catalog`);
    assert.equal(catalogue.item[0].href, api.anchor);
    assert.equal(api.anchor, `${k.url}/api/v1`);
    for (const relation of ['service-desc', 'service-doc', 'service-meta', 'status']) {
      const [{ href, type }] = api[relation];
      const found = await fetch(href);
      assert.equal(found.status, 200, href);
      assert.equal(found.headers.get('content-type').split(';')[0], type);
      await found.text();
    }
  });

  test('says where it is when only its head is asked for', async () => {
    const reply = await fetch(`${k.url}/.well-known/api-catalog`, { method: 'HEAD' });
    assert.equal(reply.headers.get('link'), `<${k.url}/.well-known/api-catalog>; rel="api-catalog"`);
  });
});

describe('a register full of what few may read', () => {
  // Every word stands for one thing that a stranger may not know, but for the first two.
  const words = {
    open: 'Klarhetsson', published: 'Solglimtsson', // may be known
    withheld: 'Undanhållsson', patient: 'Fårhågasson', nextOfKin: 'Närståendesson', protected: 'Skyddslindsson',
    restricted: 'Slutenhetsgrupp', insideRestricted: 'Slutrumsson', insideTransparent: 'Glasrutesson',
    email: 'brevladeord', phone: '+46 70 174 06 05', endReason: 'avgångsskälsord', mandate: 'utkastsuppdragsord',
    plan: 'planutkastsord', meeting: 'medlemsmötesord', minutes: 'anteckningsutkastsord', counterparty: 'Motpartsbolaget',
    interest: 'bindningsbeskrivningsord', statement: 'nomineringsmotivord', report: 'lägesrapportsord', competence: 'patienterfarenhetsord',
    link: 'anslutningslänksord', paper: 'handlingsutkastsord',
  };
  const secret = Object.entries(words).filter(([name]) => !['open', 'published'].includes(name));
  const groups = {};
  const told = []; // {where, text}: all that a stranger was answered

  async function person(familyName, more = {}) {
    return (await made('/persons', { givenName: 'Prov', familyName, ...more })).id;
  }
  const seat = (groupId, personId, more = {}) =>
    made('/memberships', { groupId, personId, role: 'member', capacity: 'profession', startDate: '2026-01-01', ...more });
  const group = (name, more = {}) =>
    made('/groups', { kind: 'nag', name, startDate: '2025-01-01', principalIds: ['npo-tandvard'], ...more }).then((g) => g.id);

  before(async () => {
    groups.open = await group('Öppet provområde');
    groups.transparent = await group('Genomskinligt provområde', { accessMode: 'transparent' });
    groups.restricted = await group(words.restricted, { accessMode: 'restricted' });
    const open = await person(words.open, { email: `${words.email}@kansli.example`, phone: words.phone });
    await seat(groups.open, open, { onBehalfOfId: 'norra' });
    await seat(groups.open, await person(words.published, { publishName: true }), { capacity: 'patient', onBehalfOfId: 'skr', competences: [words.competence] });
    await seat(groups.open, await person(words.withheld, { publishName: false }));
    await seat(groups.open, await person(words.patient), { capacity: 'patient', competences: [words.competence] });
    await seat(groups.open, await person(words.nextOfKin), { capacity: 'nextOfKin' });
    await seat(groups.open, await person(words.protected, { protectedIdentity: true }), { role: 'secretary' });
    await seat(groups.restricted, await person(words.insideRestricted, { publishName: true }));
    await seat(groups.transparent, await person(words.insideTransparent, { publishName: true }));
    const gone = await seat(groups.open, await person('Avgångsson'), { startDate: '2025-01-01' });
    await made(`/memberships/${gone.id}/endings`, { endDate: '2026-05-31', endReason: words.endReason });
    await made('/mandates', { groupId: groups.open, purpose: words.mandate, tasks: [words.mandate], validFrom: '2026-01-01',
      resourceEstimate: { memberCount: 5, memberPercent: 10, chairPercent: 10, processLeaderPercent: 10 } });
    await made('/plans', { groupId: 'npo-tandvard', year: 2028, goals: words.plan });
    const meeting = await made('/meetings', { groupIds: [groups.open], title: words.meeting, startsAt: '2026-12-01T08:00:00Z', endsAt: '2026-12-01T10:00:00Z', mode: 'online', location: `https://x.example/${words.link}`, visibility: 'members' });
    await made(`/meetings/${meeting.id}/minutes`, { text: words.minutes });
    await made(`/meetings/${meeting.id}/papers`, { title: words.paper, href: `https://x.example/${words.paper}` });
    const visible = await made('/meetings', { groupIds: [groups.open], title: 'Öppet provmöte', startsAt: '2026-12-08T08:00:00Z', endsAt: '2026-12-08T10:00:00Z', mode: 'hybrid', location: `https://x.example/${words.link}`, visibility: 'public' });
    await made(`/meetings/${visible.id}/notices`, {});
    await made('/status-reports', { groupId: groups.open, periodStart: '2026-01-01', periodEnd: '2026-06-30', state: 'onTrack', text: words.report });
    await k.user('prov.klarhetsson@example.org', null, { person: open });
    const own = await k.token('prov.klarhetsson@example.org');
    const declaration = await made('/declarations', { formVariant: 'publicRepresentative', attested: true, noInterests: false, groupIds: [groups.open],
      interests: [{ kind: 'advisoryBoard', proximity: 'direct', nature: 'financial', holder: 'self', counterparty: `${words.counterparty} AB`, description: words.interest, startDate: '2025-01-01', amountBand: 'upTo50kSek' }] }, own);
    await made(`/declarations/${declaration.id}/submissions`, {}, own);
    const call = await made('/nomination-calls', { groupId: groups.open, title: 'Provutlysning', seats: 1, askedIds: ['norra'], selfNomination: true, opensOn: '2026-11-01', closesOn: '2026-12-31' });
    await made(`/nomination-calls/${call.id}/publications`, {});
    const nomination = await made('/nominations', { callId: call.id, personId: await person('Nomineringsson'), nominatorId: 'norra', role: 'member', capacity: 'patient', statement: words.statement });
    await made(`/nominations/${nomination.id}/submissions`, {});
  });

  // What stands in a workbook: every part of the zip file, unpacked.
  function unpacked(bytes) {
    const parts = [];
    for (let at = 0; (at = bytes.indexOf('PK\x01\x02', at)) >= 0; at += 46) {
      const [packed, title, extra] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)];
      const data = extra + 30 + bytes.readUInt16LE(extra + 26) + bytes.readUInt16LE(extra + 28);
      const part = bytes.subarray(data, data + packed);
      parts.push(bytes.subarray(at + 46, at + 46 + title), bytes.readUInt16LE(at + 10) ? zlib.inflateRawSync(part) : part);
    }
    return Buffer.concat(parts);
  }
  async function ask(where) {
    const reply = await fetch(k.url + where, { headers: { 'accept-language': 'sv' } });
    const bytes = Buffer.from(await reply.arrayBuffer());
    const text = (/spreadsheetml/.test(reply.headers.get('content-type') ?? '') ? unpacked(bytes) : bytes).toString();
    told.push({ where, status: reply.status, text });
    return { status: reply.status, text };
  }

  test('is asked at every address that anybody may ask at, as every kind of file', async () => {
    const { json: api } = await k.api('/openapi.json');
    for (const [path, { get }] of Object.entries(api.paths)) {
      if (!get) continue;
      const filled = path.includes('{') ? (path.startsWith('/groups/{id}') && !/\{(?!id\})/.test(path) ? Object.values(groups).map((id) => path.replace('{id}', id)) : []) : [path];
      const needed = get.parameters.some((p) => p.required && p.in === 'query');
      if (needed) continue;
      const names = get.parameters.map((p) => p.name ?? p.$ref.split('/').at(-1));
      for (const where of filled) {
        const limit = names.includes('limit') ? '?limit=500' : '';
        const { status } = await ask(`/api/v1${where}${limit}`);
        assert.ok([200, 401, 403, 404].includes(status), `${where}: ${status}`);
        if (status === 200 && names.includes('modifiedSince')) await ask(`/api/v1${where}?modifiedSince=2020-01-01T00:00:00Z&limit=500`);
        if (status === 200 && names.includes('format')) for (const format of ['csv', 'xlsx']) assert.equal((await ask(`/api/v1${where}?format=${format}`)).status, 200, where);
      }
    }
    for (const id of Object.values(groups)) for (const page of ['', '/memberships', '/mandates', '/coverage', '/meetings']) await ask(`/groups/${id}${page}`);
    for (const where of ['/dcat.ttl', '/api', '/calendar', '/tree', '/api/v1/levels/national/calendar']) await ask(where);
    assert.ok(told.length > 150, `${told.length} answers`);
    for (const form of [/popolo/, /csv/, /xlsx/, /calendar/, /dcat/]) assert.ok(told.some((t) => t.status === 200 && form.test(t.where) && t.text.length > 100), String(form));
    for (const where of ['/api/v1/memberships?format=csv', '/api/v1/memberships?format=xlsx', '/api/v1/exports/popolo']) {
      assert.ok(told.find((t) => t.where === where).text.includes(words.open), `${where} tells what it may`);
    }
  });

  test('and nothing of what was planted is in any answer', () => {
    // What a member of a group can is told within that group.
    const within = (where, name) => name === 'competence' && where.includes(`/groups/${groups.open}`);
    const leaks = told.flatMap(({ where, text }) => secret.filter(([name, word]) => text.includes(word) && !within(where, name)).map(([name]) => `${where}: ${name}`));
    assert.deepEqual(leaks, []);
  });

  test('nor found by searching for it', async () => {
    for (const [name, word] of secret) {
      const { json } = await k.api(`/search?q=${encodeURIComponent(word)}`);
      assert.deepEqual(json.items, [], name);
      for (const list of ['groups', 'persons', 'memberships', 'meetings', 'mandates', 'nomination-calls']) {
        const reply = await k.api(`/${list}?q=${encodeURIComponent(word)}`);
        if (reply.status === 200) assert.equal(reply.json._meta.totalRecords, 0, `${list} ${name}`);
      }
    }
  });

  test('Popolo tells who speaks as a patient by nothing in the row', async () => {
    const { json } = await k.api('/exports/popolo');
    const known = json.persons.find((p) => p.family_name === words.published);
    const seats = json.memberships.filter((m) => m.person_id === known.id);
    assert.equal(seats.length, 1);
    assert.deepEqual(Object.keys(seats[0]).sort(), ['id', 'label', 'organization_id', 'person_id', 'role', 'start_date']);
    assert.equal(json.memberships.find((m) => m.organization_id === groups.open && m.on_behalf_of_id).on_behalf_of_id, 'norra');
    assert.equal(json.memberships.some((m) => [groups.transparent, groups.restricted].includes(m.organization_id)), false);
    assert.ok(json.organizations.some((o) => o.id === groups.transparent));
    assert.ok(!json.posts.some((p) => p.organization_id === groups.transparent), 'nor who has a post there');
  });
});
