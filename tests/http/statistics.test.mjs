// Shares of seats, chairs and hostings, and resources: a small register whose every seat is known, and the worked example.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

const env = { KANSLI_NOW: '2026-11-22T10:00:00Z' };
const counts = (shares, name = 'seats') => Object.fromEntries(shares.items.map((i) => [i.organisationId, [i[name], i.percent]]));
const some = (all) => Object.fromEntries(Object.entries(all).filter(([, [n]]) => n));

describe('a register whose every seat is known', () => {
  let k;
  let support;
  const get = async (where, token) => {
    const reply = await k.api(where, { token });
    assert.equal(reply.status, 200, `${where}: ${reply.text}`);
    return reply.json;
  };
  const shares = (query, token) => get(`/statistics/shares?${query}`, token);

  before(async () => {
    k = await start({ demo: true, env });
    support = await k.actor('support');
    const made = await k.api('/groups', {
      method: 'POST', token: support.token,
      body: { id: 'dold', kind: 'nag', name: 'Dold', startDate: '2020-01-01', accessMode: 'restricted', principalIds: ['npo-akut-vard'] },
    });
    assert.equal(made.status, 201, made.text);
    await k.stop();
    const body = (id) => (id ? `(SELECT key FROM body WHERE id = '${id}')` : 'NULL');
    let person = 0;
    const employed = [];
    // A new person each: role, whom for, employer, and what differs.
    const seat = (group, role, behalf, employer, more = {}) => {
      const key = more.person ?? (person += 1);
      const { from = '2020-01-01', to, workload } = more;
      employed.push(`UPDATE person SET employer_key = ${body(employer)} WHERE key = ${key};`);
      return `(hex(randomblob(8)), ${key}, ${body(group)}, '${role}', 'profession', ${body(behalf)}, ${workload ?? 'NULL'}, '${from}', ${to ? `'${to}'` : 'NULL'}, '2026-01-01T00:00:00.000Z')`;
    };
    const seats = [
      seat('nag-palliativ-vard', 'member', 'region-vasterbotten', 'region-uppsala'), // for itself, wherever employed
      seat('nag-palliativ-vard', 'chair', 'norra', 'region-norrbotten'),
      seat('nag-palliativ-vard', 'member', 'norra', 'kommun-umea'),                  // Västerbotten
      seat('nag-palliativ-vard', 'member', 'norra', 'norrlands-universitetssjukhus'), // Västerbotten
      seat('nag-palliativ-vard', 'member', 'norra', 'region-uppsala'),               // Norra's, but no region's in it
      seat('nag-palliativ-vard', 'member', 'norra', null),                           // the same
      seat('nag-palliativ-vard', 'member', 'kommun-kungsbacka', null),               // Halland
      seat('nag-palliativ-vard', 'member', 'region-halland', null),
      seat('nag-palliativ-vard', 'member', 'exempelforbundet-patienter', 'region-skane'), // nobody's
      seat('nag-palliativ-vard', 'member', null, 'region-skane'),                    // nobody's
      seat('nag-palliativ-vard', 'coOpted', 'region-skane', null),                   // no seat
      seat('nag-palliativ-vard', 'processLeader', 'region-skane', null),             // no seat
      seat('nag-palliativ-vard', 'member', 'region-gotland', null, { from: '2019-03-01', to: '2026-11-21' }), // over since yesterday
      seat('nag-palliativ-vard', 'member', 'region-gotland', null, { from: '2026-11-23' }),                   // from tomorrow
      seat('npo-akut-vard', 'viceChair', 'region-skane', null, { workload: 20 }),
      seat('nag-prehospital-bedomning', 'member', 'exempelforbundet-patienter', null, { workload: 10 }),
      seat('nag-prehospital-bedomning', 'member', null, null, { person: 15, workload: 15 }), // the vice chair again
      seat('sks', 'member', 'region-skane', null),                                   // leads, and is no NPO, NSG or NAG
      seat('dold', 'member', 'region-blekinge', null, { workload: 50 }),             // not everyone's to know
      seat('rpo-akut-vard-norra', 'member', 'region-norrbotten', null),
    ];
    const mandate = (group, number, state, members, from, to) =>
      `(hex(randomblob(8)), ${body(group)}, ${number}, '${state}', 'Syfte', ${members}, 10, 20, 20, '${from}', ${to ? `'${to}'` : 'NULL'}, '2026-01-01T00:00:00.000Z')`;
    execFileSync('sqlite3', [k.db, `
      DELETE FROM membership; DELETE FROM mandate_approval; DELETE FROM mandate;
      INSERT INTO membership (id, person_key, group_key, role, capacity, on_behalf_of_key, workload_percent, start_date, end_date, modified)
        VALUES ${seats.join(', ')};
      ${employed.join('\n')}
      INSERT INTO mandate (id, group_key, number, state, purpose, member_count, member_percent, chair_percent, process_leader_percent, valid_from, valid_to, modified)
        VALUES ${[mandate('npo-akut-vard', 1, 'approved', 30, '2020-01-01', null), // superseded by the next
    mandate('npo-akut-vard', 2, 'approved', 10, '2024-01-01', null),
    mandate('npo-akut-vard', 3, 'submitted', 50, '2025-01-01', null),
    mandate('nag-prehospital-bedomning', 1, 'approved', 8, '2022-01-01', '2025-12-31')].join(', ')};`]); // has run out
    await k.restart();
  });

  test('a seat counts for the region it represents, its municipality, or the employer of who represents the healthcare region', async () => {
    const norra = await shares('healthcareRegion=norra');
    assert.deepEqual(norra.items.map((i) => i.organisationId),
      ['region-vasternorrland', 'region-jamtland-harjedalen', 'region-vasterbotten', 'region-norrbotten'], 'by code, also with nothing');
    assert.deepEqual(counts(norra), {
      'region-vasternorrland': [0, 0], 'region-jamtland-harjedalen': [0, 0], 'region-vasterbotten': [3, 75], 'region-norrbotten': [1, 25],
    });
    assert.deepEqual([norra.total, norra.healthcareRegionId, norra.level, norra.asOf], [4, 'norra', 'national', '2026-11-22']);
  });

  test('for the nation a seat counts for its healthcare region, Halland for Södra', async () => {
    const nation = await shares('');
    assert.equal(nation.total, 9);
    assert.equal(nation.items.length, 6);
    assert.deepEqual(some(counts(nation)), { norra: [6, 67], sodra: [3, 33] });
    assert.deepEqual(some(counts(await shares('healthcareRegion=sodra'))), { 'region-skane': [1, 33], 'region-halland': [2, 67] });
    const vastra = await shares('healthcareRegion=vastra');
    assert.deepEqual([vastra.total, counts(vastra)], [0, { 'region-halland': [0, 0], 'region-vastra-gotaland': [0, 0] }]);
    assert.equal((await shares('healthcareRegion=mellansverige')).total, 0, 'who is employed there represents another');
  });

  test('any day, both ends included', async () => {
    const gotland = async (day) => some(counts(await shares(`healthcareRegion=stockholm-gotland&asOf=${day}`)));
    assert.deepEqual(await gotland('2019-02-28'), {});
    assert.deepEqual(await gotland('2019-03-01'), { 'region-gotland': [1, 100] });
    assert.deepEqual(await gotland('2026-11-21'), { 'region-gotland': [1, 100] });
    assert.deepEqual(await gotland('2026-11-22'), {});
    assert.deepEqual(await gotland('2026-11-23'), { 'region-gotland': [1, 100] });
  });

  test('chairs and hostings are counted likewise, under their own name', async () => {
    const chairs = await shares('of=chairs');
    assert.deepEqual([chairs.total, some(counts(chairs, 'chairs'))], [1, { norra: [1, 100] }]);
    assert.deepEqual(some(counts(await shares('of=chairs&healthcareRegion=norra'), 'chairs')), { 'region-norrbotten': [1, 100] });
    const hostings = await shares('of=hostings');
    assert.ok(hostings.total >= 20 && hostings.items.every((i) => !('seats' in i)));
    assert.equal(hostings.items.reduce((sum, i) => sum + i.percent, 0), 100);
  });

  test('the other levels count their own groups', async () => {
    assert.deepEqual(some(counts(await shares('level=healthcareRegion'))), { norra: [1, 100] });
    assert.deepEqual(some(counts(await shares('level=healthcareRegion&healthcareRegion=norra'))), { 'region-norrbotten': [1, 100] });
    assert.equal((await shares('level=local')).total, 0);
  });

  test('a restricted group counts only for those who may know of it', async () => {
    await shares(''); // is kept now
    assert.equal((await shares('', support.token)).total, 10);
    assert.deepEqual(some(counts(await shares('healthcareRegion=sodra', support.token)))['region-blekinge'], [1, 25]);
    assert.equal((await shares('')).total, 9);
    const open = await get('/statistics/resources');
    const all = await get('/statistics/resources', support.token);
    assert.ok(all.total.groups > open.total.groups);
    assert.equal(all.total.people, open.total.people + 1);
    assert.ok(!JSON.stringify(await shares('embed=page')).includes('dold'));
  });

  test('a series has the last day of each year since 2018, and the day itself', async () => {
    const { _embedded: { series } } = await shares('healthcareRegion=stockholm-gotland&embed=series');
    assert.deepEqual(series.map((s) => s.asOf), [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025].map((y) => `${y}-12-31`).concat('2026-11-22'));
    assert.deepEqual(series.map((s) => s.year), [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026]);
    assert.deepEqual(series.map((s) => s.total), [0, 1, 1, 1, 1, 1, 1, 1, 0]);
    for (const entry of series.slice(0, -1)) {
      const { asOf, total, items } = await shares(`healthcareRegion=stockholm-gotland&asOf=${entry.asOf}`);
      assert.deepEqual({ year: entry.year, asOf, total, items }, entry);
    }
    const far = (await shares('asOf=9999-12-31&embed=series'))._embedded.series;
    assert.deepEqual(far.map((s) => s.year).slice(-2), [2026, 9999]);
    assert.equal((await shares('asOf=2017-06-01&embed=series'))._embedded.series.length, 1);
  });

  test('what is unknown is refused, all at once', async () => {
    const reply = await k.api('/statistics/shares?healthcareRegion=region-skane&level=galactic&of=votes');
    assert.deepEqual([reply.status, reply.json.errors.map((e) => e.parameter).sort()], [400, ['healthcareRegion', 'level', 'of']]);
    assert.equal((await k.api('/statistics/shares?year=2020')).status, 400);
    for (const query of ['year=x', 'year=1999', 'year=2101', 'asOf=2020-01-01']) {
      assert.equal((await k.api(`/statistics/resources?${query}`)).status, 400, query);
    }
  });

  test('resources roll up to the area: each group and person once, time from memberships and from mandates in force', async () => {
    const of = async (query) => (await get(`/statistics/resources${query}`)).items.find((i) => i.groupId === 'npo-akut-vard');
    const now = await of('');
    assert.deepEqual([now.groups, now.people, now.fullTimeEquivalents, now.estimatedFullTimeEquivalents], [now.groups, 2, 0.45, 1.4]);
    assert.deepEqual([now.fullTimeEquivalentsText, now.estimatedFullTimeEquivalentsText], ['0,5', '1,4']);
    assert.deepEqual(now.byRole.map((r) => [r.role, r.fullTimeEquivalents, r.estimatedFullTimeEquivalents]),
      [['member', 0.45, 1], ['chair', 0, 0.2], ['processLeader', 0, 0.2], ['other', 0, 0]]);
    assert.equal((await of('?year=2023')).estimatedFullTimeEquivalents, 3.4 + 1.2, 'the one before, and one that had not run out');
    assert.equal((await of('?year=2019')).people, 0);
    const { asOf, year, total, items } = await get('/statistics/resources');
    assert.deepEqual([asOf, year, items.length], ['2026-11-22', 2026, 33]);
    assert.ok(total.people >= 12 && total.groups > 33);
    assert.equal((await get('/statistics/resources?year=2023')).asOf, '2023-12-31');
  });

  test('a group and an organisation have theirs on their pages', async () => {
    const { resources } = (await get('/groups/npo-akut-vard?embed=resources'))._embedded;
    assert.deepEqual([resources.own.people, resources.own.fullTimeEquivalents, resources.own.estimatedFullTimeEquivalents], [1, 0.2, 1.4]);
    assert.deepEqual([resources.all.people, resources.all.fullTimeEquivalents], [2, 0.45]);
    assert.equal((await get('/groups/nag-prehospital-bedomning?embed=resources'))._embedded.resources.all, null);
    const share = async (id) => (await get(`/organisations/${id}?embed=share`))._embedded.share;
    const region = await share('region-vasterbotten');
    assert.deepEqual([region.withinId, region.seats, region.percent, region.total, region.regions], ['norra', 3, 75, 4, null]);
    const area = await share('norra');
    assert.deepEqual([area.withinId, area.seats, area.percent, area.total], [null, 6, 67, 9]);
    assert.deepEqual(some(counts(area.regions)), { 'region-vasterbotten': [3, 75], 'region-norrbotten': [1, 25] });
    assert.equal(await share('kommun-umea'), null);
  });
});

describe('the worked example', () => {
  let k;
  before(async () => {
    k = await start({ demo: true, env });
  });

  test('Norra has 52 seats: 12, 17, 13 and 58 per cent', async () => {
    const { json } = await k.api('/statistics/shares?healthcareRegion=norra&level=national');
    assert.equal(json.total, 52);
    assert.deepEqual(counts(json), {
      'region-vasternorrland': [7, 13], 'region-jamtland-harjedalen': [9, 17], 'region-vasterbotten': [30, 58], 'region-norrbotten': [6, 12],
    });
  });

  test('a bar is as long as the number beside it, and each drawing has its numbers as a table', async () => {
    const { text } = await k.page('/statistics/shares?healthcareRegion=norra');
    const bars = [...text.matchAll(/<rect class="v" y="2" width="(\d+)" height="6"><\/rect>.*?<strong>(\d+) %<\/strong>/g)];
    assert.deepEqual(bars.map(([, width, percent]) => [width, percent]), [['13', '13'], ['17', '17'], ['58', '58'], ['12', '12']]);
    assert.equal((text.match(/<polyline points="\d+,\d+( \d+,\d+)*">/g) ?? []).length, 4);
    assert.equal((text.match(/<th scope="col" class="num">20\d\d<\/th>/g) ?? []).length, 9);
  });

  test('resources and shares are everyone’s to read, as pages too', async () => {
    for (const page of ['/statistics', '/statistics/shares', '/statistics/resources', '/statistics/resources?year=2020']) {
      assert.equal((await k.page(page)).status, 200, page);
    }
    const { json } = await k.api('/statistics');
    assert.equal(json.shares.total, (await k.api('/statistics/shares')).json.total);
    assert.deepEqual(json.resources.total, (await k.api('/statistics/resources')).json.total);
  });
});
