// The worked example as an editor reads it: who sits where, counted through the API and by nothing of
// the server's own statistics.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

const today = '2026-11-22';
const k = await start({ demo: true, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
const { token } = await k.actor('support');
const seats = ['chair', 'viceChair', 'member'];
const areas = {
  norra: ['region-norrbotten', 'region-jamtland-harjedalen', 'region-vasternorrland', 'region-vasterbotten'],
};

async function all(where) {
  const items = [];
  for (let page = 1; ; page++) {
    const { status, json, text } = await k.api(`${where}${where.includes('?') ? '&' : '?'}limit=500&page=${page}`, { token });
    assert.equal(status, 200, text);
    items.push(...json.items);
    if (items.length >= json._meta.totalRecords) return items;
  }
}
const byId = (items) => new Map(items.map((one) => [one.id, one]));
const inForce = (day) => (one) => one.startDate <= day && (!one.endDate || one.endDate >= day);

let groups;
let persons;
let organisations;
let memberships;
before(async () => {
  groups = byId(await all('/groups'));
  persons = byId(await all('/persons'));
  organisations = byId(await all('/organisations'));
  memberships = await all('/memberships');
});

// The region behind an organisation: itself, or what it belongs to.
function regionOf(id) {
  let one = organisations.get(id);
  while (one && one.type !== 'region') one = organisations.get(one.parentId);
  return one?.id;
}
// Which region a seat counts for (api.md, statistics/shares), or undefined.
function countsFor(membership) {
  const behind = organisations.get(membership.onBehalfOfId);
  if (behind?.type === 'healthcareRegion') return regionOf(persons.get(membership.personId).employerId);
  return behind && ['region', 'municipality'].includes(behind.type) ? regionOf(behind.id) : undefined;
}
const national = (day) => memberships.filter((m) =>
  inForce(day)(m) && seats.includes(m.role) && ['npo', 'nsg', 'nag'].includes(groups.get(m.groupId).kind));

describe('Norra', () => {
  for (const day of ['2023-08-31', '2026-01-01', today, '2027-01-01', '2027-12-31', '2028-12-31']) {
    test(`holds 52 national seats on ${day}: 6, 9, 7 and 30`, () => {
      const count = Object.fromEntries(areas.norra.map((id) => [id, 0]));
      for (const one of national(day)) {
        const region = countsFor(one);
        if (region in count) count[region]++;
      }
      assert.deepEqual(Object.values(count), [6, 9, 7, 30]);
    });
  }

  test('has no seat that counts for no region', () => {
    const astray = memberships.filter((m) => m.onBehalfOfId === 'norra' && seats.includes(m.role)
      && ['npo', 'nsg', 'nag'].includes(groups.get(m.groupId).kind) && !areas.norra.includes(countsFor(m)));
    assert.deepEqual(astray, []);
  });
});

describe('the national groups', () => {
  const led = () => [...groups.values()].filter((one) => ['npo', 'nsg'].includes(one.kind));
  const now = (id, role) => memberships.filter((m) => m.groupId === id && m.role === role && inForce(today)(m));

  test('each has one chair and a process leader', () => {
    assert.equal(led().length, 33);
    for (const { id } of led()) {
      assert.equal(now(id, 'chair').length, 1, id);
      assert.ok(now(id, 'processLeader').length > 0, id);
    }
  });

  test('a chair is appointed by the principal, a process leader by the host, and a decision stands behind both', () => {
    for (const { id, hostId, principalIds } of led()) {
      for (const one of now(id, 'chair')) {
        assert.ok(principalIds.includes(one.appointedById), id);
        assert.ok(one.decisionReference.includes(`${one.appointedDate} §`), id);
      }
      for (const one of now(id, 'processLeader')) assert.equal(one.appointedById, hostId, id);
    }
  });

  test('whoever sits for a healthcare region is employed in it', () => {
    for (const one of memberships) {
      const behind = organisations.get(one.onBehalfOfId);
      if (behind?.type !== 'healthcareRegion' || !seats.includes(one.role)) continue;
      const employer = organisations.get(persons.get(one.personId).employerId);
      const region = organisations.get(regionOf(employer.id));
      assert.ok(region.healthcareRegions.some(({ id }) => id === behind.id), `${one.groupId}: ${employer.id} for ${behind.id}`);
    }
  });
});

describe('the register', () => {
  test('is of a size to work with, and plainly invented', () => {
    assert.ok(persons.size >= 450 && persons.size <= 700, `${persons.size} persons`);
    for (const { email } of persons.values()) assert.match(email, /^[a-z.-]+@kansli\.example$/);
  });

  test('has past, coming and expiring seats, and people in several groups', () => {
    const of = (status) => memberships.filter((one) => one.status === status).length;
    for (const status of ['ended', 'upcoming', 'expiring']) assert.ok(of(status) >= 10, `${of(status)} ${status}`);
    const groupsOf = new Map();
    for (const one of memberships.filter(inForce(today))) groupsOf.set(one.personId, (groupsOf.get(one.personId) ?? 0) + 1);
    assert.ok([...groupsOf.values()].filter((n) => n > 1).length > 50);
  });

  test('keeps the vacancies that the mandates of the documents speak of', () => {
    const held = (groupId, behind, day) => memberships.some((m) =>
      m.groupId === groupId && m.onBehalfOfId === behind && seats.includes(m.role) && inForce(day)(m));
    for (const [groupId, behind, last] of [['nag-palliativ-vard', 'sodra', '2026-08-31'],
      ['rag-palliativ-vard-mellansverige', 'region-gavleborg', '2026-05-31']]) {
      assert.ok(held(groupId, behind, last));
      assert.ok(!held(groupId, behind, today));
    }
  });

  test('has no error among its checks', async () => {
    assert.deepEqual(await all('/checks?severity=error'), []);
  });
});
