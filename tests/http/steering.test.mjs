// The steering group's page through the real binary: every figure against a count by hand, who is told what is not decided,
// other days, the order, files; one area with what points to it; the pages of the levels; the wheel.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

const today = '2026-11-22';
const area = 'npo-aldres-halsa-och-palliativ-vard'; // Karin is its process leader, Oskar that of the steering group
let k;
const tokens = { nobody: '' };
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  for (const who of ['karin.bergstrom', 'oskar.lillbro', 'viveka.lundhede']) tokens[who.split('.')[0]] = await k.token(`${who}@kansli.example`);
  tokens.reader = (await k.actor(null)).token;
});

const ask = (where, who = 'nobody') => k.api(where, { token: tokens[who] ?? who });
// The whole list at once, unless the test says how much of it.
async function get(where, who) {
  const whole = /^\/steering/.test(where) && !/limit=/.test(where) ? `${where}${where.includes('?') ? '&' : '?'}limit=500` : where;
  const reply = await ask(whole, who);
  assert.equal(reply.status, 200, `${where}: ${reply.text}`);
  return reply.json;
}
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who], method: 'POST', body });
async function made(where, body, who) {
  const reply = await post(where, body, who);
  assert.equal(reply.status, 201, `${where}: ${reply.text}`);
  return reply.json;
}
const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', '-json', k.db], { input: statement, encoding: 'utf8', maxBuffer: 1 << 26 });
const rows = (statement) => JSON.parse(sql(statement) || '[]');
const by = (items, id) => items.find((i) => i.id === id);
const sum = (list) => list.reduce((a, b) => a + b, 0);
let serial = 0;
const group = async (fields = {}) => (await made('/groups', { kind: 'npo', name: `Styrning ${++serial}`, startDate: '2024-01-01', principalIds: ['sks'], ...fields })).id;
const plan = async (of, year = 2027, initiatives = []) => {
  const one = await made('/plans', { groupId: of, year, goals: 'Bättre vård.' });
  one.initiatives = [];
  for (const more of initiatives) one.initiatives.push(await made(`/plans/${one.id}/initiatives`, { title: `Insats ${++serial}`, priority: 2, ...more }));
  return one;
};
const submit = (one) => made(`/plans/${one.id}/submissions`);
const approve = (one) => made(`/plans/${one.id}/decisions`, { outcome: 'approved' }, 'support');

// ---- everything once more, from the tables, as slowly as can be ----

function world(day) {
  const inForce = (r) => (!r.start_date || r.start_date <= day) && (!r.end_date || r.end_date >= day);
  const closed = new Set(rows("SELECT * FROM group_pause WHERE status = 'closed'").filter(inForce).map((p) => p.group_key));
  const dormant = new Set(rows("SELECT * FROM group_pause WHERE status = 'dormant'").filter(inForce).map((p) => p.group_key));
  const groups = rows(`SELECT w.*, b.id, k.id AS kind, k.level, k.category FROM workgroup w JOIN body b ON b.key = w.key JOIN group_kind k ON k.key = w.kind_key`)
    .filter((g) => inForce(g) && !closed.has(g.key));
  const hosts = rows('SELECT * FROM hosting ORDER BY status, key').filter(inForce);
  const organisations = new Map(rows('SELECT o.*, b.id, a.healthcare_region_key AS above FROM organisation o JOIN body b ON b.key = o.key LEFT JOIN organisation_area a ON a.organisation_key = o.key AND a.is_primary = 1').map((o) => [o.key, o]));
  return {
    day, groups, organisations,
    principals: rows('SELECT * FROM group_principal').filter(inForce),
    memberships: rows('SELECT * FROM membership').filter(inForce),
    mandates: rows("SELECT * FROM mandate WHERE state = 'approved'").filter((m) => m.valid_from <= day),
    host: (g) => organisations.get(hosts.find((h) => h.group_key === g.key)?.body_key),
    works: (g) => !dormant.has(g.key) && !(hosts.some((h) => h.group_key === g.key && h.status === 'dormant') && !hosts.some((h) => h.group_key === g.key && h.status === 'active')),
  };
}
function under(w, root) {
  const found = new Map([[root.key, root]]);
  for (let more = true; more;) {
    more = false;
    for (const p of w.principals) {
      const g = w.groups.find((one) => one.key === p.group_key);
      if (g && found.has(p.principal_key) && !found.has(g.key)) more = Boolean(found.set(g.key, g));
    }
  }
  return [...found.values()];
}
const vacancies = new Map();
async function vacant(w, g) {
  const name = `${w.day} ${g.id}`;
  if (!vacancies.has(name)) {
    const { items } = await get(`/groups/${g.id}/coverage?asOf=${w.day}`, 'support');
    vacancies.set(name, w.works(g) ? items.filter((i) => i.weight === 'required' && i.status !== 'covered').length : 0);
  }
  return vacancies.get(name);
}
function estimate(w, g) {
  const [m] = w.mandates.filter((one) => one.group_key === g.key).sort((a, b) => (a.valid_from === b.valid_from ? b.number - a.number : a.valid_from < b.valid_from ? 1 : -1));
  if (!m || (m.valid_to && m.valid_to < w.day)) return 0;
  return (m.member_count ?? 0) * (m.member_percent ?? 0) + (m.chair_percent ?? 0) + (m.process_leader_percent ?? 0);
}
async function figures(w, groups, year) {
  const seats = w.memberships.filter((m) => groups.some((g) => g.key === m.group_key));
  const last = [`${year - 1}-12-31`, w.day].sort()[0];
  const due = groups.filter((g) => g.category === 'workingGroup' && g.start_date < `${year - 1}-07-01` && (!g.end_date || g.end_date >= last));
  const reviews = rows(`SELECT group_key FROM review WHERE year = ${year - 1} AND reviewed_on <= '${w.day}'`).map((r) => r.group_key);
  return {
    groups: groups.length,
    people: new Set(seats.map((m) => m.person_key)).size,
    fullTimeEquivalents: sum(seats.map((m) => m.workload_percent ?? 0)) / 100,
    estimatedFullTimeEquivalents: sum(groups.map((g) => estimate(w, g))) / 100,
    vacancies: sum(await Promise.all(groups.map((g) => vacant(w, g)))),
    reviews: { due: due.length, done: due.filter((g) => reviews.includes(g.key)).length },
  };
}
const told = ({ groups, people, fullTimeEquivalents, estimatedFullTimeEquivalents, vacancies: n, reviews }) =>
  ({ groups, people, fullTimeEquivalents, estimatedFullTimeEquivalents, vacancies: n, reviews });

describe('figures', () => {
  for (const [level, category, day] of [['national', 'programmeArea', today], ['national', 'collaboration', today], ['healthcareRegion', 'programmeArea', today], ['local', 'programmeArea', today], ['national', 'programmeArea', '2025-03-01']])
    test(`of every ${category} of the level ${level} on ${day}, as counted by hand`, async () => {
      const w = world(day);
      const year = Number(day.slice(0, 4)) + (day.slice(5) >= '09-01' ? 1 : 0);
      const document = await get(`/steering?level=${level}&category=${category}&asOf=${day}&limit=500`, 'auditor');
      const areas = w.groups.filter((g) => g.level === level && g.category === category);
      assert.equal(document.year, year);
      assert.deepEqual(document.items.map((i) => i.id).sort(), areas.map((g) => g.id).sort());
      for (const one of areas) assert.deepEqual(told(by(document.items, one.id)), await figures(w, under(w, one), year), one.id);
      const all = [...new Map(areas.flatMap((one) => under(w, one)).map((g) => [g.key, g])).values()];
      assert.deepEqual(told(document.total), await figures(w, all, year));
    });

  test('by host and by healthcare region: each group in one row', async () => {
    const w = world(today);
    const all = [...new Map(w.groups.filter((g) => g.kind === 'npo').flatMap((one) => under(w, one)).map((g) => [g.key, g])).values()];
    const region = (g) => {
      const host = w.host(g);
      const key = g.healthcare_region_key ?? w.organisations.get(g.region_key)?.above
        ?? (host?.type === 'healthcareRegion' ? host.key : host?.type === 'region' ? host.above : w.organisations.get(host?.parent_key)?.above);
      return w.organisations.get(key)?.id ?? null;
    };
    for (const [name, of] of [['host', (g) => w.host(g)?.id ?? null], ['healthcareRegion', region]]) {
      const { items, total } = await get(`/steering?by=${name}`, 'auditor');
      assert.deepEqual(new Set(items.map((i) => i.id)), new Set(all.map(of)), name);
      for (const item of items) assert.deepEqual(told(item), await figures(w, all.filter((g) => of(g) === item.id), 2027), `${name} ${item.id}`);
      assert.equal(sum(items.map((i) => i.groups)), total.groups);
      assert.equal(sum(items.map((i) => i.plans.expected)), total.plans.expected);
      assert.equal(sum(items.map((i) => i.initiatives.total)), total.initiatives.total);
    }
  });

  test('against the same day a year before', async () => {
    const now = await get('/steering', 'auditor');
    const then = await get('/steering?asOf=2025-11-22&year=2026', 'auditor');
    assert.deepEqual(now.before, { asOf: '2025-11-22', year: 2026 });
    assert.ok(now.items.some((i) => i.change.people !== 0));
    for (const item of now.items) {
      const was = by(then.items, item.id);
      assert.deepEqual(told(item.before), told(was), item.id);
      for (const name of ['groups', 'people', 'vacancies']) assert.equal(item.change[name], item[name] - was[name]);
      assert.equal(item.change.initiatives, item.initiatives.total - was.initiatives.total);
      assert.ok(Math.abs(item.change.fullTimeEquivalents - (item.fullTimeEquivalents - was.fullTimeEquivalents)) < 0.001);
      assert.equal(item.change.peopleText, item.change.people === 0 ? null : `${item.change.people > 0 ? '+' : '−'}${Math.abs(item.change.people)}`);
    }
    assert.deepEqual(told(now.total.before), told(then.total));
  });

  test('an area that has begun since has nothing to be compared with', async () => {
    const id = await group({ startDate: '2026-03-01' });
    const item = by((await get('/steering')).items, id);
    assert.deepEqual([item.groups, item.before, item.change], [1, null, null]);
  });

  test('plans and initiatives, as their own lists have them', async () => {
    for (const year of [2025, 2026, 2027]) {
      const { items } = await get(`/steering?year=${year}&limit=500`, 'auditor');
      const plans = (await get(`/plans?year=${year}&kind=npo&limit=500`, 'auditor')).items;
      for (const item of items) {
        const own = plans.find((p) => p.groupId === item.id);
        assert.deepEqual([item.planId, item.planStatus], [own?.id ?? null, own?.status ?? null], item.id);
        const initiatives = own ? (await get(`/plans/${own.id}/initiatives?limit=500`, 'auditor')).items : [];
        const of = (progress) => initiatives.filter((i) => (i.progress ?? null) === progress).length;
        const { text, ...counts } = item.initiatives;
        assert.deepEqual(counts, { total: initiatives.length, onTrack: of('onTrack'), delayed: of('delayed'), stopped: of('stopped'), done: of('done'), untold: of(null) });
        assert.ok(text === null || counts.total > counts.untold);
      }
    }
  });
});

describe('what is not decided', () => {
  test('is told to those who may see the drafts, and not even how far it is to others', async () => {
    const id = await group();
    const one = await plan(id, 2027, [{}, {}]);
    const inside = ['support', 'auditor', 'oskar'];
    const outside = ['nobody', 'reader', 'norra', 'vasterbotten', 'viveka', 'admin', 'karin'];
    const seen = async (who) => by((await get('/steering', who)).items, id);
    const none = await seen('nobody');
    for (const step of ['draft', 'submitted', 'returned']) {
      for (const who of inside) {
        const item = await seen(who);
        assert.deepEqual([item.planId, item.planStatus, item.initiatives.total, item.plans[step]], [one.id, step, 2, 1], `${who} ${step}`);
      }
      for (const who of outside) {
        const item = await seen(who);
        assert.deepEqual([item.planId, item.planStatus, item.initiatives.total], [null, null, 0], `${who} ${step}`);
        assert.deepEqual(Object.keys(item.plans).sort(), ['approved', 'expected', 'followedUp', 'rest', 'text', 'undecided'], `${who} ${step}`);
        assert.deepEqual(item, none, `${who} ${step}`);
      }
      if (step === 'draft') await submit(one);
      if (step === 'submitted') await made(`/plans/${one.id}/decisions`, { outcome: 'returned', comment: 'Mål saknas.' });
    }
    await submit(one);
    await approve(one);
    for (const who of [...inside, ...outside]) assert.deepEqual([(await seen(who)).planStatus, (await seen(who)).initiatives.total], ['approved', 2], who);
  });

  test('is no part of the sum, of the order, of a file or of the page for who may not know it', async () => {
    const [drafted, nothing] = [await group(), await group()];
    const before = await get('/steering');
    await plan(drafted, 2027, [{ title: 'Hemlig insats' }]);
    const after = await get('/steering');
    assert.deepEqual(after.total, before.total);
    for (const sort of ['plans', '-plans', 'initiatives', '-initiatives']) {
      const ids = (await get(`/steering?sort=${sort}&limit=500`)).items.filter((i) => !i.planStatus).map((i) => i.id);
      assert.ok(Math.abs(ids.indexOf(drafted) - ids.indexOf(nothing)) === 1, sort); // by name among equals
    }
    const csv = (await ask('/steering?format=csv')).text.split('\r\n');
    const cells = (id) => csv.find((line) => line.includes(before.items.find((i) => i.id === id).name)).replace(/^[^;]*;/, '');
    assert.equal(cells(drafted), cells(nothing));
    const page = await (await fetch(`${k.url}/groups/${drafted}/progress?year=2027`)).text();
    assert.ok(!page.includes('Hemlig insats'));
    assert.equal((await get(`/groups/${drafted}/progress?year=2027`)).plan, null);
    assert.equal((await get(`/groups/${drafted}/progress?year=2027`, 'oskar')).plan.initiatives.length, 1);
  });

  test('a restricted area and group count for those alone who may know of them', async () => {
    const hidden = await group({ accessMode: 'restricted', name: 'Dolt område' });
    const nag = await made('/groups', { kind: 'nag', name: 'Dold grupp', startDate: '2024-01-01', principalIds: [area], accessMode: 'restricted' });
    const of = async (who) => (await get('/steering?limit=500', who)).items;
    for (const who of ['nobody', 'reader', 'norra', 'viveka']) {
      const items = await of(who);
      assert.equal(by(items, hidden), undefined, who);
      assert.ok(!JSON.stringify(await get(`/groups/${area}/progress`, who)).includes(nag.id), who);
      assert.equal((await ask(`/groups/${hidden}/progress`, who)).status, 404, who);
    }
    for (const who of ['support', 'auditor', 'oskar']) assert.ok(by(await of(who), hidden), who);
    const groups = async (who) => by(await of(who), area).groups;
    assert.equal(await groups('support'), (await groups('nobody')) + 1);
    assert.equal(await groups('karin'), await groups('support')); // principal of the one below
    assert.equal((await get('/steering', 'nobody')).total.groups + 2, (await get('/steering', 'support')).total.groups);
  });

  test('the reviews of a group whose people only those signed in see are counted for them', async () => {
    const id = await group();
    await made('/groups', { kind: 'nag', name: 'Genomlyst', startDate: '2024-01-01', principalIds: [id], accessMode: 'transparent' });
    const due = async (who) => by((await get('/steering?limit=500', who)).items, id).reviews.due;
    assert.deepEqual([await due('nobody'), await due('reader'), await due('support')], [0, 1, 1]);
  });
});

describe('another day', () => {
  test('a plan is what had been submitted and decided by then', async () => {
    const at = async (day, year = 2026) => by((await get(`/steering?asOf=${day}&year=${year}`, 'auditor')).items, 'npo-barn-och-ungdomars-halsa');
    const found = {};
    for (const day of ['2025-11-01', '2025-12-03', '2025-12-04', '2026-01-14', '2026-01-15', '2026-02-02', '2026-02-12', today]) found[day] = (await at(day)).planStatus;
    assert.deepEqual(found, { '2025-11-01': null, '2025-12-03': null, '2025-12-04': 'submitted', '2026-01-14': 'submitted', '2026-01-15': 'returned', '2026-02-02': 'submitted', '2026-02-12': 'approved', [today]: 'approved' });
    assert.equal((await at('2025-11-01')).plans.missing, 1);
    const open = by((await get('/steering?asOf=2026-01-15&year=2026')).items, 'npo-barn-och-ungdomars-halsa');
    assert.deepEqual([open.planStatus, open.planId, open.initiatives.total], [null, null, 0]);
  });

  test('the year is that whose plans are written or decided then; another can be asked for', async () => {
    for (const [day, year] of [['2025-08-31', 2025], ['2025-09-01', 2026], ['2026-02-01', 2026], [today, 2027]])
      assert.equal((await get(`/steering?asOf=${day}`)).year, year, day);
    assert.equal((await get('/steering?year=2020')).year, 2020);
  });

  test('a followed-up plan was approved until it was followed up', async () => {
    const { items } = await get('/steering?year=2025', 'auditor');
    const then = await get('/steering?year=2025&asOf=2025-03-01', 'auditor');
    for (const item of items.filter((i) => i.planStatus === 'followedUp')) assert.equal(by(then.items, item.id).planStatus, 'approved', item.id);
    assert.ok(items.some((i) => i.planStatus === 'followedUp'));
  });

  test('before the system began there is nothing, and no error', async () => {
    const { items, total } = await get('/steering?asOf=2017-11-22');
    assert.deepEqual([items, total.groups, total.people, total.plans.expected], [[], 0, 0, 0]);
    assert.equal((await fetch(`${k.url}/steering?asOf=2017-11-22`)).status, 200);
  });
});

describe('asking', () => {
  test('what cannot be asked for is refused by its name', async () => {
    for (const [query, name] of [['level=x', 'level'], ['category=workingGroup', 'category'], ['by=x', 'by'], ['sort=x', 'sort'], ['year=1', 'year'], ['year=x', 'year'], ['region=norra&level=local', 'region'], ['healthcareRegion=region-uppsala', 'healthcareRegion'], ['asOf=2026-02-30', 'asOf'], ['page=0', 'page'], ['x=1', 'x']]) {
      const reply = await ask(`/steering?${query}`);
      assert.equal(reply.status, 400, query);
      assert.deepEqual(reply.json.errors.map((e) => e.parameter ?? e.pointer), [name], query);
    }
    assert.equal((await ask('/groups/finns-inte/progress')).status, 404);
    assert.equal((await ask(`/groups/${area}/progress?year=1`)).status, 400);
  });

  test('sorted by each figure both ways, equals by name', async () => {
    const key = {
      groups: (i) => i.groups, people: (i) => i.people, fullTimeEquivalents: (i) => i.fullTimeEquivalents, estimatedFullTimeEquivalents: (i) => i.estimatedFullTimeEquivalents,
      initiatives: (i) => i.initiatives.total, reviews: (i) => i.reviews.due - i.reviews.done, vacancies: (i) => i.vacancies,
    };
    const named = (await get('/steering?year=2026&limit=500', 'auditor')).items;
    const place = new Map(named.map((i, at) => [i.id, at]));
    assert.deepEqual(named.map((i) => i.name), named.map((i) => i.name).sort((a, b) => a.localeCompare(b, 'sv')));
    assert.deepEqual((await get('/steering?year=2026&sort=-name&limit=500', 'auditor')).items.map((i) => i.id), named.map((i) => i.id).reverse());
    for (const [name, of] of Object.entries(key)) {
      const up = (await get(`/steering?year=2026&sort=${name}&limit=500`, 'auditor')).items;
      assert.deepEqual(up.map((i) => i.id), [...named].sort((a, b) => of(a) - of(b) || place.get(a.id) - place.get(b.id)).map((i) => i.id), name);
      const down = (await get(`/steering?year=2026&sort=-${name}&limit=500`, 'auditor')).items;
      assert.deepEqual(down.map((i) => i.id), [...named].sort((a, b) => of(b) - of(a) || place.get(a.id) - place.get(b.id)).map((i) => i.id), `-${name}`);
    }
  });

  test('in pages that together are the whole', async () => {
    const whole = await get('/steering?level=local&limit=500');
    const ids = [];
    for (let page = 1; page <= Math.ceil(whole._meta.totalRecords / 30); page++) ids.push(...(await get(`/steering?level=local&limit=30&page=${page}`)).items.map((i) => i.id));
    assert.deepEqual(ids, whole.items.map((i) => i.id));
    assert.deepEqual((await get('/steering?level=local&limit=30&page=99')).items, []);
  });

  test('only the areas of a place', async () => {
    const norra = await get('/steering?level=healthcareRegion&healthcareRegion=norra&limit=500');
    assert.ok(norra.items.length && norra.items.every((i) => i.id.endsWith('-norra')));
    const local = await get('/steering?level=local&healthcareRegion=norra&limit=500');
    const regions = ['region-norrbotten', 'region-vasterbotten', 'region-vasternorrland', 'region-jamtland-harjedalen'];
    const parts = await Promise.all(regions.map((id) => get(`/steering?level=local&region=${id}&limit=500`)));
    assert.deepEqual(local.items.map((i) => i.id).sort(), parts.flatMap((p) => p.items.map((i) => i.id)).sort());
    assert.ok(local.items.every((i) => i.placeName));
  });

  test('as a file: the whole list in its order, decimals as Swedish spreadsheets read them', async () => {
    const { items } = await get('/steering?sort=-people&year=2026', 'auditor');
    const reply = await ask('/steering?sort=-people&year=2026&format=csv', 'auditor');
    assert.match(reply.headers['content-disposition'], /steering-2026-11-22\.csv/);
    const lines = reply.text.replace(/^\ufeff/, '').trim().split('\r\n').map((line) => line.match(/("([^"]|"")*"|[^;]*)(;|$)/g).map((c) => c.replace(/;$/, '').replace(/^"|"$/g, '')));
    assert.equal(lines.length, items.length + 1);
    items.forEach((item, i) => {
      const [name, groups, , people, , time] = lines[i + 1];
      assert.deepEqual([name, groups, people, time], [item.name, String(item.groups), String(item.people), item.fullTimeEquivalents.toFixed(2).replace('.', ',')]);
    });
    const book = await fetch(`${k.url}/api/v1/steering?format=xlsx`);
    assert.equal(Buffer.from(await book.arrayBuffer()).subarray(0, 2).toString(), 'PK');
  });

  test('on the page: a link that sorts each column, the row to the area, the same figures', async () => {
    const page = await (await fetch(`${k.url}/steering`)).text();
    for (const name of ['-name', '-groups', '-people', '-fullTimeEquivalents', '-plans', '-initiatives', '-reviews', '-vacancies']) assert.ok(page.includes(`?sort=${name}`), name);
    const { items } = await get('/steering');
    for (const item of items) assert.ok(page.includes(`href="/groups/${item.id}/progress"`), item.id);
  });
});

describe('one area', () => {
  test('its initiatives with those that point to them, level by level, and how they go', async () => {
    const top = await group();
    const rpo = await group({ kind: 'rpo', principalIds: ['rsk-norra'], healthcareRegionId: 'norra', mirrorsId: top });
    const lpo = await group({ kind: 'lpo', principalIds: [], regionId: 'region-vasterbotten', mirrorsId: rpo });
    const above = await plan(top, 2027, [{ title: 'Överst', cost: 50000, prioritisationReference: 'Beslut 4' }, { title: 'Ensam' }]);
    await submit(above);
    await approve(above);
    const middle = await plan(rpo, 2027, [{ title: 'Mitten', parentInitiativeId: above.initiatives[0].id, resourceNeeds: 'En dag i veckan.' }]);
    const see = async (who) => (await get(`/groups/${top}/progress?year=2027`, who)).plan.initiatives;
    assert.deepEqual((await see('nobody')).map((i) => [i.title, i.below.total]), [['Överst', 0], ['Ensam', 0]]);
    assert.deepEqual((await see('support')).map((i) => i.below.total), [1, 0]);
    await submit(middle);
    await approve(middle);
    const low = await plan(lpo, 2027, [{ title: 'Nederst', parentInitiativeId: middle.initiatives[0].id }]);
    await submit(low);
    await approve(low);
    const [first, second] = await see('nobody');
    assert.deepEqual([first.title, first.cost, first.below.total, first.below.untold, second.below.total], ['Överst', 50000, 1, 1, 0]);
    assert.deepEqual([first.items[0].title, first.items[0].areaId, first.items[0].resourceNeeds, first.items[0].below.total], ['Mitten', rpo, 'En dag i veckan.', 1]);
    assert.deepEqual([first.items[0].items[0].title, first.items[0].items[0].planId], ['Nederst', low.id]);
    const one = await k.api(`/plans/${middle.id}/initiatives/${middle.initiatives[0].id}`, { token: tokens.support });
    const changed = await k.api(`/plans/${middle.id}/initiatives/${middle.initiatives[0].id}`, { token: tokens.support, method: 'PATCH', body: { progress: 'delayed' }, headers: { 'if-match': one.etag } });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual((({ delayed, untold, text }) => [delayed, untold, text])((await see('nobody'))[0].below), [1, 0, '1 försenad']);
    const mirrors = (await get(`/groups/${top}/progress?year=2027`)).mirrors;
    assert.deepEqual(mirrors.map((m) => [m.id, m.planStatus, m.initiatives.total]), [[rpo, 'approved', 1]]);
    assert.deepEqual((await get(`/groups/${rpo}/progress?year=2027`)).mirrors.map((m) => m.id), [lpo]);
  });

  test('the sum of its groups, each by itself, and what has become of the figures since the last decision', async () => {
    const document = await get(`/groups/${area}/progress?year=2026`);
    const item = by((await get('/steering?year=2026')).items, area);
    assert.deepEqual(told(document.all), told(item));
    assert.equal(document.groups.length, item.groups);
    assert.equal(sum(document.groups.map((g) => g.vacancies)), item.vacancies);
    assert.equal(Math.round(100 * sum(document.groups.map((g) => g.fullTimeEquivalents))), Math.round(100 * item.fullTimeEquivalents));
    const since = document.sinceDecision;
    assert.deepEqual([since.year, since.decidedOn], [2026, '2026-02-12']);
    const version = (await get(`/plans/${since.planId}/versions`)).items.find((v) => v.version === since.version);
    for (const fact of since.facts) assert.equal(fact.then, version.facts[fact.name], fact.name);
    assert.equal(since.facts.find((f) => f.name === 'groups').now, item.groups);
    assert.equal((await get(`/groups/${area}/progress?asOf=2026-02-11&year=2026`)).sinceDecision.year, 2025);
  });

  test('its needs as the list of gaps counts them', async () => {
    const { gaps } = await get(`/groups/${area}/progress`);
    const below = rows("SELECT id FROM body WHERE id LIKE 'rpo-aldres-halsa-och-palliativ-vard%' OR id LIKE 'lpo-aldres-halsa-och-palliativ-vard%'").map((r) => r.id).join(',');
    const { gapsBelow } = await get(`/groups/${area}/progress`);
    assert.ok(gapsBelow.addressed > 0);
    for (const [status, n] of Object.entries(gapsBelow)) assert.equal((await get(`/gaps?groupId=${below}&status=${status}`))._meta.totalRecords, n, status);
    for (const [status, n] of Object.entries(gaps)) assert.equal((await get(`/gaps?groupId=${area}&status=${status}`))._meta.totalRecords, n, status);
  });

  test('every kind of group has such a page', async () => {
    for (const id of ['sks', 'rsk-norra', 'nag-palliativ-vard', 'lpo-aldres-halsa-och-palliativ-vard-vasterbotten']) {
      const reply = await fetch(`${k.url}/groups/${id}/progress`);
      assert.equal(reply.status, 200, id);
    }
  });
});

describe('the pages of the levels', () => {
  test('tell how many plans are decided, and to who sees everything what the others are', async () => {
    for (const [where, query] of [['/levels/national', 'level=national'], ['/levels/healthcare-region', 'level=healthcareRegion'], ['/levels/healthcare-region/norra', 'level=healthcareRegion&healthcareRegion=norra'], ['/levels/local/region-vasterbotten', 'level=local&region=region-vasterbotten']]) {
      const areas = (await get(`/steering?${query}`, 'auditor')).total.plans;
      const kinds = query.includes('national') ? (await get('/steering?category=collaboration', 'auditor')).total.plans : { expected: 0, approved: 0, followedUp: 0, undecided: 0, submitted: 0, returned: 0, draft: 0, missing: 0 };
      const open = (await get(where)).plans;
      const all = (await get(where, 'auditor')).plans;
      assert.deepEqual(Object.keys(open).sort(), ['approved', 'decided', 'expected', 'followedUp', 'undecided', 'year'], where);
      for (const name of ['submitted', 'returned', 'draft', 'missing', 'expected', 'approved', 'followedUp', 'undecided']) assert.equal(all[name], areas[name] + kinds[name], `${where} ${name}`);
      assert.deepEqual([open.approved + open.followedUp, open.decided + open.undecided], [open.decided, open.expected]);
      for (const who of ['reader', 'norra', 'karin']) assert.deepEqual(Object.keys((await get(where, who)).plans).sort(), Object.keys(open).sort(), `${where} ${who}`);
    }
  });

  test('lead from each count to its rows', async () => {
    const page = async (where) => (await (await fetch(k.url + where)).text()).replaceAll('&amp;', '&');
    for (const level of ['national', 'healthcareRegion', 'local']) {
      const all = await page('/levels');
      const card = (await get('/levels')).levels.find((l) => l.level === level);
      const own = await get(card.href);
      assert.deepEqual([card.plans, card.reviews], [own.plans, own.reviews], level);
      for (const to of [`/plans?year=2027&level=${level}`, `/reviews?year=2026&level=${level}`]) {
        assert.ok(all.includes(`href="${to}"`) && (await page(card.href)).includes(`href="${to}"`), to);
        assert.equal((await fetch(k.url + to)).status, 200, to);
      }
      assert.equal((await get(`/plans?year=2027&level=${level}&status=approved,followedUp`))._meta.totalRecords, card.plans.decided, level);
      assert.equal((await get(`/reviews?year=2026&level=${level}`))._meta.totalRecords >= card.reviews.done, true, level);
    }
    for (const [where, query] of [['/levels/healthcare-region/norra', 'level=healthcareRegion&healthcareRegion=norra'], ['/levels/local/region-vasterbotten', 'level=local&region=region-vasterbotten']]) {
      assert.ok((await page(where)).includes(`href="/steering?${query}"`), where);
      assert.equal((await get(`/steering?${query}`)).total.plans.expected, (await get(where)).plans.expected, where);
    }
    assert.ok((await page(`/groups/${area}/plans`)).includes(`href="/groups/${area}/progress"`));
    assert.ok((await page(`/groups/${area}/progress`)).includes(`href="/groups/${area}/plans"`));
  });

  test('tell the reviews done of those to be done', async () => {
    const nag = await made('/groups', { kind: 'nag', name: 'Översedd', startDate: '2024-01-01', principalIds: [area] });
    const before = (await get('/levels/national')).reviews;
    assert.equal(before.year, 2026);
    await made('/reviews', { groupId: nag.id, year: 2026, outcome: 'continue', text: 'Fortsätter.' });
    assert.deepEqual((await get('/levels/national')).reviews, { ...before, done: before.done + 1 });
    assert.equal(by((await get('/steering')).items, area).reviews.done, rows(`SELECT count(*) AS n FROM review r JOIN group_principal p ON p.group_key = r.group_key JOIN body b ON b.key = p.principal_key JOIN workgroup w ON w.key = r.group_key
      WHERE b.id = '${area}' AND r.year = 2026 AND w.access_mode = 'open' AND w.start_date < '2026-07-01' AND (w.end_date IS NULL OR w.end_date >= '${today}') AND p.end_date IS NULL`)[0].n);
  });
});

describe('the wheel', () => {
  const events = async (query, who = 'nobody') => (await (await fetch(`${k.url}/calendar?${query}`, { headers: tokens[who] ? { authorization: `Bearer ${tokens[who]}` } : {} })).text());

  test('has the terms that end, as how many and never whose, and the reviews of the year', async () => {
    const page = await events('year=2026&groupId=nag-palliativ-vard');
    assert.ok(page.includes('Översynerna för 2026 är gjorda'));
    const ending = rows(`SELECT m.end_date AS day, count(*) AS n FROM membership m JOIN body b ON b.key = m.group_key WHERE b.id = 'nag-palliativ-vard' AND m.end_date BETWEEN '2026-01-01' AND '2026-12-31'
      AND m.role NOT IN ('contact', 'observer') AND NOT EXISTS (SELECT 1 FROM membership o WHERE o.person_key = m.person_key AND o.group_key = m.group_key AND o.key <> m.key AND o.role NOT IN ('contact', 'observer')
      AND o.start_date > m.start_date AND (o.end_date IS NULL OR o.end_date > m.end_date)) GROUP BY m.end_date`);
    assert.ok(ending.length);
    for (const { n } of ending) assert.ok(page.includes(n === 1 ? '1 uppdrag löper ut' : `${n} uppdrag löper ut`), String(n));
  });
});
