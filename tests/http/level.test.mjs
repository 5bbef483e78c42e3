// The levels, the matrix of areas and the start page: what is counted, who may know of it, and on which day.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

let k;
let plain;
let support;
before(async () => {
  k = await start({ demo: true });
  plain = await start();
  support = await k.actor('support');
});

const get = async (where, options) => {
  const reply = await k.api(where, options);
  assert.equal(reply.status, 200, `${where}: ${reply.text}`);
  return reply.json;
};
const level = (document, name) => document.levels.find((one) => one.level === name);
const count = (kinds, kind) => kinds.find((one) => one.kind === kind)?.count ?? 0;
const groups = (document) => document.kinds.flatMap((kind) => kind.groups);
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const row = (matrix, id) => matrix.rows.find((one) => one.id === id);
const cell = (matrix, area, body) => row(matrix, area).cells.find((one) => one.bodyId === body);
const pip = (overview, area, region) =>
  overview.programmeAreas.find((one) => one.id === area).regions.find((one) => one.id === region);
const parameters = (reply) => reply.json.errors.map((e) => e.parameter).sort();

async function create(body) {
  const reply = await k.api('/groups', { method: 'POST', token: support.token, body });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

describe('the overview', () => {
  test('a fresh register has the nation of the reference data', async () => {
    const { json } = await plain.api('/levels');
    assert.deepEqual(json.levels.map((one) => one.level), ['national', 'healthcareRegion', 'local']);
    assert.equal(count(level(json, 'national').kinds, 'npo'), 26);
    assert.equal(count(level(json, 'national').kinds, 'nsg'), 7);
    assert.equal(count(level(json, 'healthcareRegion').kinds, 'rsk'), 6);
    assert.equal(level(json, 'local').groups, 0);
    assert.equal(json.programmeAreas.length, 26);
    assert.ok(json.programmeAreas.every((area) => area.regions.every((one) => one.state === 'missing')));
    assert.ok(json.levels.every((one) => one.members === 0));
  });

  test('has every key of a level', async () => {
    const json = await get('/levels');
    assert.deepEqual(Object.keys(json.coverage), ['covered', 'partial', 'missing']);
    assert.deepEqual([Object.keys(json.plans), Object.keys(json.reviews)], [['year', 'expected', 'decided', 'approved', 'followedUp', 'undecided'], ['year', 'due', 'done']]);
    assert.match(json.asOf, /^\d{4}-\d\d-\d\d$/);
  });

  test('areas come in Swedish order with their host, their working groups and six signs', async () => {
    const { programmeAreas } = await get('/levels');
    assert.deepEqual([programmeAreas[0].name, programmeAreas.at(-1).name], ['Akut vård', 'Öron-, näsa-, halssjukdomar']);
    assert.equal(programmeAreas.at(-3).name, 'Äldres hälsa och palliativ vård');
    assert.equal(programmeAreas.at(-3).nag, 4);
    const cancer = programmeAreas.find((area) => area.id === 'npo-cancersjukdomar');
    assert.equal(cancer.hostId, 'rcc-i-samverkan', 'the active host, not the dormant one');
    assert.deepEqual(cancer.regions.map((one) => one.sign), ['N', 'M', 'S', 'V', 'Ö', 'Sö']);
  });

  test('a pip tells what stands, what is joint and what is missing', async () => {
    const json = await get('/levels');
    assert.equal(pip(json, 'npo-akut-vard', 'norra').state, 'exists');
    assert.equal(pip(json, 'npo-akut-vard', 'norra').groupId, 'rpo-akut-vard-norra');
    assert.equal(pip(json, 'npo-hud-och-konssjukdomar', 'vastra').state, 'missing', 'a closed group is none');
    assert.equal(pip(json, 'npo-kirurgi', 'sodra').state, 'joint');
    assert.equal(pip(json, 'npo-endokrina-sjukdomar', 'stockholm-gotland').state, 'exists');
    assert.match(pip(json, 'npo-endokrina-sjukdomar', 'stockholm-gotland').stateLabel, /vilande/);
  });

  test('filters by name without accents and by region, and sorts both ways', async () => {
    const names = async (query) => (await get(`/levels?${query}`)).programmeAreas.map((area) => area.name);
    assert.deepEqual(await names('q=aldres'), ['Äldres hälsa och palliativ vård']);
    assert.deepEqual(await names('q=finns-inte'), []);
    const missing = (await get('/levels?missing=sodra')).programmeAreas;
    assert.ok(missing.length > 0 && missing.every((area) => area.regions.at(-1).state === 'missing'));
    const all = await names('');
    assert.deepEqual(await names('sort=-name'), [...all].reverse());
    const most = (await get('/levels?sort=-nag')).programmeAreas.map((area) => area.nag);
    assert.deepEqual(most, [...most].sort((a, b) => b - a));
  });

  test('refuses what it does not know, all at once', async () => {
    const reply = await k.api('/levels?missing=region-uppsala');
    assert.deepEqual([reply.status, parameters(reply)], [400, ['missing']]);
    assert.deepEqual(parameters(await k.api('/levels?sort=size&missing=nowhere')), ['missing', 'sort']);
    assert.equal((await k.api('/levels?page=2')).status, 400);
    assert.equal((await k.api('/levels?asOf=2026-02-30')).status, 400);
  });

  test('before the system began there was nothing', async () => {
    const json = await get('/levels?asOf=2017-12-31');
    assert.deepEqual(json.levels.map((one) => one.groups), [0, 0, 0]);
    assert.deepEqual(json.programmeAreas, []);
    assert.equal(json.asOf, '2017-12-31');
  });
});

describe('a level', () => {
  test('cards, lists and sums agree', async () => {
    const overview = await get('/levels');
    const national = await get('/levels/national');
    assert.equal(national.totals.groups, level(overview, 'national').groups);
    assert.equal(national.totals.members, level(overview, 'national').members);
    assert.equal(groups(national).length, national.totals.groups);
    for (const [path, name] of [['/levels/healthcare-region', 'healthcareRegion'], ['/levels/local', 'local']]) {
      const places = await get(path);
      assert.equal(places.level, name);
      assert.equal(places.totals.groups, level(overview, name).groups);
      assert.equal(sum(places.organisations.map((one) => one.groups)), places.totals.groups);
      assert.equal(sum(places.organisations.map((one) => one.members)), places.totals.members);
      for (const place of places.organisations) {
        const one = await get(place.href);
        assert.deepEqual([one.totals.groups, one.totals.members], [place.groups, place.members], place.id);
      }
    }
  });

  test('what groups hold adds up: rows covered, vacancies and missing chairs of a level are those of its groups', async () => {
    const overview = await get('/levels');
    const parts = (one) => [one.coverage.covered, one.coverage.partial, one.coverage.missing, one.vacancies, Number(one.chairVacant)];
    const total = (list) => list.map(parts).reduce((a, b) => a.map((n, i) => n + b[i]), [0, 0, 0, 0, 0]);
    const own = (document) => [...parts({ ...document.totals, coverage: document.coverage })];
    assert.deepEqual(own(overview), total(overview.levels));
    const national = await get('/levels/national');
    assert.deepEqual(own(national), total(groups(national)));
    assert.deepEqual(parts(level(overview, 'national')), own(national));
    for (const [path, name] of [['/levels/healthcare-region', 'healthcareRegion'], ['/levels/local', 'local']]) {
      const places = await get(path);
      assert.deepEqual(own(places), total(places.organisations), path);
      assert.deepEqual(parts(level(overview, name)), own(places), path);
    }
    for (const id of ['norra', 'sodra']) {
      const place = await get(`/levels/healthcare-region/${id}`);
      assert.deepEqual(own(place), total(groups(place)), id);
      const { organisations } = await get('/levels/healthcare-region');
      assert.deepEqual(parts(organisations.find((one) => one.id === id)), own(place), id);
    }
    const vacant = groups(national).filter((group) => group.chairVacant).map((group) => group.id);
    const matrix = await get('/matrix');
    const inMatrix = matrix.rows.filter((one) => one.cells[0].state === 'chairVacant').map((one) => one.id);
    assert.deepEqual(inMatrix.filter((id) => !vacant.includes(id)), []);
  });

  test('what a group at work holds is what its own coverage says', async () => {
    const national = await get('/levels/national');
    for (const group of groups(national).filter((one) => one.status === 'active').slice(0, 12)) {
      const { items, covered, partial, missing } = await get(`/groups/${group.id}/coverage`);
      assert.deepEqual(group.coverage, { covered, partial, missing }, group.id);
      assert.equal(group.vacancies, items.filter((row) => row.weight === 'required' && row.status !== 'covered').length, group.id);
    }
    assert.ok(national.vacancies.length <= 10);
    const since = national.vacancies.map((one) => one.vacantSince);
    assert.deepEqual(since, [...since].sort());
    for (const one of national.vacancies) {
      assert.equal(groups(national).find((group) => group.id === one.groupId).vacancies, one.vacancies);
    }
  });

  test('shares stand on the national page and on a healthcare region’s, as statistics has them', async () => {
    const shares = async (query) => (await get(`/statistics/shares?${query}`)).items;
    assert.deepEqual((await get('/levels/national')).shares, await shares(''));
    assert.deepEqual((await get('/levels')).shares, await shares(''));
    assert.deepEqual((await get('/levels/healthcare-region/norra')).shares, await shares('healthcareRegion=norra'));
    assert.deepEqual((await get('/levels/national?asOf=2023-08-31')).shares, await shares('asOf=2023-08-31'));
    assert.deepEqual((await get('/levels/local/region-skane')).shares, []);
  });

  test('members are the seats of chair, vice chair and members, as the groups say themselves', async () => {
    const json = await get('/levels/national?kind=nag');
    for (const group of groups(json).filter((one) => one.memberCount > 0)) {
      assert.equal((await get(`/groups/${group.id}`)).memberCount, group.memberCount, group.id);
    }
    assert.ok(sum(groups(json).map((one) => one.memberCount)) > 10);
  });

  test('there are six healthcare regions and 21 regions', async () => {
    const six = await get('/levels/healthcare-region');
    assert.deepEqual(six.organisations.map((one) => one.sign), ['N', 'M', 'S', 'V', 'Ö', 'Sö']);
    const regions = await get('/levels/local');
    assert.equal(regions.organisations.length, 21);
    const halland = regions.organisations.find((one) => one.id === 'region-halland');
    assert.deepEqual(halland.healthcareRegions.map((one) => [one.id, one.isPrimary]), [['sodra', true], ['vastra', false]]);
  });

  test('a healthcare region has its groups, and its regions with theirs', async () => {
    const json = await get('/levels/healthcare-region/norra');
    assert.equal(json.organisation.id, 'norra');
    assert.ok(groups(json).every((group) => group.status === 'active' || group.status === 'dormant'));
    assert.deepEqual(json.kinds.map((kind) => kind.kind), ['rsk', 'rpo', 'rsg', 'rag']);
    assert.deepEqual(json.regions.map((one) => one.id).sort(), ['region-jamtland-harjedalen', 'region-norrbotten',
      'region-vasterbotten', 'region-vasternorrland']);
    assert.ok(json.regions.every((one) => one.groups > 0));
  });

  test('a region knows its municipalities and healthcare regions', async () => {
    const json = await get('/levels/local/region-halland');
    assert.equal(json.municipalities, 6);
    assert.deepEqual(json.healthcareRegions.map((one) => one.id), ['sodra', 'vastra']);
  });

  test('what is no place of the level is absent', async () => {
    for (const path of ['/levels/local/norra', '/levels/healthcare-region/region-uppsala', '/levels/local/nowhere',
      '/levels/local/npo-tandvard', '/levels/local/kommun-umea']) {
      assert.equal((await k.api(path)).status, 404, path);
    }
  });

  test('filters by kind, status and name', async () => {
    const rpo = await get('/levels/healthcare-region/norra?kind=rpo');
    assert.deepEqual(rpo.kinds.map((kind) => kind.kind), ['rpo']);
    const closed = await get('/levels/national?status=closed');
    assert.ok(groups(closed).length > 0 && groups(closed).every((group) => group.status === 'closed'));
    assert.equal(groups(closed).length, closed.totals.closed);
    assert.equal(groups(await get('/levels/national?status=planned')).length, closed.totals.planned);
    assert.deepEqual(groups(await get('/levels/national?q=PALLIATIV%20vard&kind=nag')).map((one) => one.id),
      ['nag-barn-i-palliativ-vard', 'nag-palliativ-vard']);
    assert.deepEqual(parameters(await k.api('/levels/national?kind=rpo&status=ill')), ['kind', 'status']);
  });

  test('another day shows that day', async () => {
    const then = await get('/levels/national?kind=nag&asOf=2022-06-01');
    assert.ok(groups(then).some((group) => group.id === 'nag-tobak-infor-operation'));
    assert.ok(!groups(then).some((group) => group.id === 'nag-fallskador-hos-aldre'));
    const now = await get('/levels/national?kind=nag&asOf=2026-11-22');
    assert.ok(!groups(now).some((group) => group.id === 'nag-tobak-infor-operation'));
  });

  test('labels follow the language', async () => {
    const english = await get('/levels/national', { headers: { 'accept-language': 'en' } });
    assert.equal(english.kinds.find((kind) => kind.kind === 'npo').kindLabel, 'National programme area');
    const swedish = await get('/levels/national', { headers: { 'accept-language': 'sv' } });
    assert.equal(swedish.kinds.find((kind) => kind.kind === 'npo').kindLabel, 'Nationellt programområde');
  });
});

describe('what not everyone may know of', () => {
  const secret = 'nag-ordnat-inforande';

  test('a restricted group is in no list, count, page or cell of others', async () => {
    const open = await get('/levels/national');
    const all = await get('/levels/national', { token: support.token });
    assert.ok(!groups(open).some((group) => group.id === secret));
    assert.ok(groups(all).some((group) => group.id === secret));
    assert.equal(all.totals.groups, open.totals.groups + 1);
    const cards = await get('/levels');
    const more = await get('/levels', { token: support.token });
    assert.equal(level(more, 'national').groups, level(cards, 'national').groups + 1);
    assert.equal(level(more, 'national').groups, all.totals.groups);
    for (const one of [[cards, open], [more, all]]) {
      assert.equal(level(one[0], 'national').vacancies, sum(groups(one[1]).map((group) => group.vacancies)), 'nor in what it holds');
      assert.deepEqual(level(one[0], 'national').coverage, one[1].coverage);
    }
    assert.ok(!(await k.page('/levels/national')).text.includes('Ordnat införande'));
  });

  test('a restricted programme area leaves no trace in the matrix', async () => {
    const group = await create({ kind: 'rpo', name: 'Hemligt område', startDate: '2020-01-01', healthcareRegionId: 'vastra',
      mirrorsId: 'npo-tandvard', accessMode: 'restricted' });
    const open = await get('/matrix');
    assert.equal(cell(open, 'npo-tandvard', 'vastra').state, 'missing');
    assert.ok(!JSON.stringify(open).includes(group.id));
    const seen = await get('/matrix', { token: support.token });
    assert.equal(cell(seen, 'npo-tandvard', 'vastra').groupId, group.id);
  });
});

describe('what groups hold', () => {
  let held;
  before(async () => {
    held = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
    await held.stop();
    const group = (id) => `(SELECT key FROM body WHERE id = '${id}')`;
    const row = (id, of, type, condition, weight = 'required') => `INSERT INTO requirement (id, group_key, type, text, ${Object.keys(condition).join()}, weight, modified)
      VALUES ('${id}', ${group(of)}, '${type}', 'Krav ${id}', '${Object.values(condition).join("', '")}', '${weight}', '2026-01-01T00:00:00.000Z');`;
    execFileSync('sqlite3', [held.db, `DELETE FROM requirement;
      ${row('r1', 'npo-kirurgi', 'role', { role: 'observer' })}
      ${row('r2', 'npo-akut-vard', 'capacity', { capacity: 'research', competence: 'ingen har den' })}
      ${row('r3', 'npo-akut-vard', 'role', { role: 'member' })}
      ${row('r4', 'npo-tandvard', 'competence', { competence: 'ingen har den' }, 'desirable')}
      ${row('r5', 'rpo-akut-vard-norra', 'role', { role: 'contact' })}
      INSERT INTO membership (id, person_key, group_key, role, capacity, start_date, end_date, modified)
        VALUES ('m1', 1, ${group('npo-kirurgi')}, 'observer', 'profession', '2020-01-01', '2024-05-31', '2026-01-01T00:00:00.000Z');
      UPDATE membership SET end_date = '2026-11-21' WHERE role = 'chair' AND group_key = ${group('npo-tandvard')};`]);
    await held.restart();
  });
  const at = async (where) => (await held.api(where)).json;

  test('rows that are not covered, and of these the required as vacancies, the oldest first', async () => {
    const national = await at('/levels/national');
    assert.deepEqual(national.coverage, { covered: 1, partial: 0, missing: 3 });
    assert.equal(national.totals.vacancies, 2);
    assert.deepEqual(national.vacancies.map((one) => [one.groupId, one.vacancies, one.vacantSince]),
      [['npo-akut-vard', 1, '2018-01-01'], ['npo-kirurgi', 1, '2024-06-01']]);
    const [akut, tand] = ['npo-akut-vard', 'npo-tandvard'].map((id) => groups(national).find((one) => one.id === id));
    assert.deepEqual([akut.coverage, akut.vacancies], [{ covered: 1, partial: 0, missing: 1 }, 1]);
    assert.deepEqual([tand.coverage, tand.vacancies], [{ covered: 0, partial: 0, missing: 1 }, 0]);
  });

  test('roll up to the cards, the places and the whole', async () => {
    const overview = await at('/levels');
    assert.deepEqual(overview.levels.map((one) => [one.vacancies, one.coverage.covered, one.coverage.missing]), [[2, 1, 3], [1, 0, 1], [0, 0, 0]]);
    assert.deepEqual([overview.coverage.missing, overview.totals.vacancies], [4, 3]);
    assert.deepEqual(overview.vacancies.map((one) => one.groupId).sort(), ['npo-akut-vard', 'npo-kirurgi', 'rpo-akut-vard-norra']);
    assert.equal(overview.vacancies.at(-1).groupId, 'npo-kirurgi', 'the oldest first');
    const norra = (await at('/levels/healthcare-region')).organisations.find((one) => one.id === 'norra');
    assert.deepEqual([norra.vacancies, norra.coverage.missing], [1, 1]);
    assert.deepEqual((await at('/levels/healthcare-region/norra')).vacancies.map((one) => one.groupId), ['rpo-akut-vard-norra']);
  });

  test('as of any day', async () => {
    const then = await at('/levels/national?asOf=2024-05-31');
    assert.deepEqual([then.coverage.covered, then.totals.vacancies], [2, 1]);
    assert.deepEqual(then.vacancies.map((one) => one.groupId), ['npo-akut-vard']);
  });

  test('a chair who has left leaves the chair vacant, on the level, the card and in the matrix', async () => {
    const national = await at('/levels/national');
    const vacant = groups(national).filter((one) => one.chairVacant).map((one) => one.id);
    assert.ok(vacant.includes('npo-tandvard'));
    assert.equal(national.totals.chairVacant, vacant.length);
    assert.equal(level(await at('/levels'), 'national').chairVacant, vacant.length);
    assert.equal(cell(await at('/matrix'), 'npo-tandvard', 'national').state, 'chairVacant');
    assert.equal(cell(await at('/matrix?asOf=2026-11-21'), 'npo-tandvard', 'national').state, 'exists');
  });
});

describe('the matrix', () => {
  test('has the nation, six healthcare regions each before its regions, and 26 rows', async () => {
    const json = await get('/matrix');
    assert.equal(json.columns.length, 28);
    assert.deepEqual(json.columns.slice(0, 2).map((one) => one.id), ['national', 'norra']);
    let above = null;
    for (const column of json.columns.slice(1)) {
      if (column.level === 'healthcareRegion') above = column.id;
      assert.equal(column.parentId, column.level === 'local' ? above : 'national', column.id);
    }
    assert.equal(json.columns.find((one) => one.id === 'region-halland').parentId, 'sodra');
    assert.equal(json.rows.length, 26);
    assert.ok(json.rows.every((one) => one.cells.length === 28));
    assert.ok(json.rows.every((one) => one.cells[0].state !== 'missing'));
  });

  test('a region mirrors through its healthcare region, or the nation directly', async () => {
    const json = await get('/matrix');
    assert.equal(cell(json, 'npo-tandvard', 'region-jamtland-harjedalen').groupId, 'lpo-tandvard-jamtland-harjedalen');
    const direct = await create({ kind: 'lpo', name: 'Tandvård', startDate: '2020-01-01', regionId: 'region-skane',
      mirrorsId: 'npo-tandvard' });
    assert.equal(cell(await get('/matrix'), 'npo-tandvard', 'region-skane').groupId, direct.id);
  });

  test('cooperation makes a place joint, but never hides a group of its own', async () => {
    const json = await get('/matrix');
    assert.equal(cell(json, 'npo-hud-och-konssjukdomar', 'region-norrbotten').state, 'joint');
    assert.equal(cell(json, 'npo-hud-och-konssjukdomar', 'region-norrbotten').groupId,
      'lpo-hud-och-konssjukdomar-vasterbotten');
    assert.equal(cell(json, 'npo-sallsynta-sjukdomar', 'norra').state, 'joint');
    assert.equal(cell(json, 'npo-sallsynta-sjukdomar', 'mellansverige').state, 'exists');
  });

  test('a chair is vacant only when somebody has been appointed', async () => {
    const chairless = (json) => cell(json, 'npo-aldres-halsa-och-palliativ-vard', 'national').state;
    assert.equal(chairless(await get('/matrix?asOf=2026-11-22')), 'exists');
    assert.equal(chairless(await get('/matrix?asOf=2021-06-01')), 'chairVacant', 'members, no chair yet');
    assert.equal(chairless(await get('/matrix?asOf=2020-06-01')), 'exists', 'nobody was ever appointed');
  });

  test('totals add up for every column', async () => {
    const json = await get('/matrix');
    assert.deepEqual(json.totals.map((one) => one.bodyId), json.columns.map((one) => one.id));
    json.totals.forEach((one, i) => {
      assert.equal(one.exists + one.joint + one.missing + one.chairVacant, 26);
      assert.equal(one.missing, json.rows.filter((r) => r.cells[i].state === 'missing').length);
    });
  });

  test('shows one healthcare region, and collaboration groups', async () => {
    const norra = await get('/matrix?healthcareRegion=norra');
    assert.deepEqual(norra.columns.map((one) => one.id), ['national', 'norra', 'region-jamtland-harjedalen',
      'region-norrbotten', 'region-vasterbotten', 'region-vasternorrland']);
    const nsg = await get('/matrix?category=collaboration');
    assert.equal(nsg.rows.length, 7);
    assert.equal(cell(nsg, 'nsg-patientsakerhet', 'region-norrbotten').groupId, 'lsg-patientsakerhet-norrbotten');
    assert.deepEqual(parameters(await k.api('/matrix?category=steering&healthcareRegion=skr')), ['category', 'healthcareRegion']);
  });
});

describe('counts follow the register', () => {
  test('a new and a closed group are counted at once', async () => {
    const before = await get('/levels');
    const now = async () => count(level(await get('/levels'), 'healthcareRegion').kinds, 'rag');
    const was = count(level(before, 'healthcareRegion').kinds, 'rag');
    const group = await create({ kind: 'rag', name: 'Räknas genast', startDate: '2020-01-01', healthcareRegionId: 'sodra' });
    assert.equal(await now(), was + 1);
    assert.equal(groups(await get('/levels/healthcare-region/sodra?q=raknas')).length, 1);
    const act = async (noun, body) => {
      const { etag } = await k.api(`/groups/${group.id}`);
      const reply = await k.api(`/groups/${group.id}/${noun}`,
        { method: 'POST', token: support.token, body, headers: { 'if-match': etag } });
      assert.equal(reply.status, 201, reply.text);
    };
    await act('closures', { endDate: '2024-12-31', reason: 'Provet är över.' });
    assert.equal(await now(), was);
    const nobodys = await create({ kind: 'rag', name: 'Utan plats', startDate: '2020-01-01' });
    assert.equal(await now(), was + 1, 'a group that says no place counts for its level');
    assert.equal((await get(`/groups/${nobodys.id}`)).healthcareRegionId ?? null, null);
  });

  test('a rename keeps the old address of a place', async () => {
    const { etag } = await k.api('/organisations/region-gotland');
    const renamed = await k.api('/organisations/region-gotland', { method: 'PATCH', token: support.token,
      body: { id: 'region-ostersjon' }, headers: { 'if-match': etag } });
    assert.equal(renamed.status, 200, renamed.text);
    const reply = await k.api('/levels/local/region-gotland');
    assert.equal(reply.status, 308);
    assert.match(reply.headers.location, /\/levels\/local\/region-ostersjon$/);
    assert.equal((await k.api('/levels/local/region-ostersjon')).status, 200);
  });
});

describe('the pages', () => {
  test('show what their documents say, with ways on', async () => {
    const page = await k.page('/levels');
    assert.equal(page.status, 200);
    assert.equal(page.link('Akut vård'), '/groups/npo-akut-vard');
    assert.equal(page.link('Nationell nivå'), '/levels/national');
    assert.ok(page.link(/^\/groups\?kind=rpo/));
    assert.ok(page.link(/^\?sort=-name/));
    const filtered = await k.page('/levels?q=hud&missing=vastra');
    const form = filtered.formWith((input) => input.name === 'missing');
    assert.deepEqual([form.fields.q, form.fields.missing], ['hud', 'vastra']);
    assert.equal(filtered.link('Akut vård'), null);
  });

  test('a place leads to its regions and back', async () => {
    const page = await k.page('/levels/healthcare-region/norra');
    assert.ok(page.text.includes('<a href="/levels/local/region-norrbotten">Region Norrbotten</a>'));
    assert.equal(page.link('Grupper'), '/levels');
    assert.match((await k.page('/levels/local/region-norrbotten')).title, /Region Norrbotten/);
    assert.equal((await k.page('/levels/local/nowhere')).status, 404);
  });

  test('a cell of the matrix has a word beside its sign', async () => {
    const page = await k.page('/matrix?healthcareRegion=norra');
    assert.match(page.words, /Finns: RPO Akut vård/);
    assert.match(page.words, /Gemensam med andra: LPO Hud- och könssjukdomar/);
  });

  test('the start page is the same for everybody without login, and has a twin', async () => {
    const json = await get('/');
    assert.equal(json.programmeAreas.length, 26);
    assert.equal(json.me, null);
    const page = await k.page('/');
    assert.ok(page.formWith((input) => input.name === 'q' && input.id === 'start-search'));
    for (const way of ['/matrix', '/tree', '/glossary', '/api', '/levels']) assert.ok(page.link(way), way);
  });

  test('the start page of who is logged in leads to what is theirs', async () => {
    const coordinator = await k.actor('coordinator', { organisation: 'norra' });
    const mine = (await k.api('/', { token: coordinator.token })).json.me;
    assert.deepEqual(mine.roles.map((one) => one.role), ['coordinator']);
    assert.deepEqual(mine.organisations.map((one) => [one.id, one.href]), [['norra', '/levels/healthcare-region/norra']]);
    const admin = await k.actor('administrator');
    const theirs = (await k.api('/', { token: admin.token })).json.me;
    assert.ok(theirs.shortcuts.some((one) => one.href === '/accounts'));
    const leader = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const page = await leader.get('/');
    assert.match(page.words, /NAG Palliativ vård Processledare/);
  });

  test('and to no group that is not theirs to see', async () => {
    const { token } = await k.actor('support');
    const post = async (where, body) => {
      const reply = await k.api(where, { token, method: 'POST', body });
      assert.equal(reply.status, 201, reply.text);
      return reply.json;
    };
    const hidden = await post('/groups', { kind: 'nag', name: 'Bara inåt', startDate: '2024-01-01', principalIds: ['npo-tandvard'], accessMode: 'restricted' });
    const led = {};
    for (const role of ['contact', 'member']) {
      const person = await post('/persons', { givenName: 'Tuva', familyName: role, protectedIdentity: false });
      await post('/memberships', { personId: person.id, groupId: hidden.id, role, capacity: 'profession', startDate: '2024-01-01' });
      const reader = await k.actor(null, { person: person.id });
      led[role] = (await k.api('/', { token: reader.token })).text.includes(`"${hidden.id}"`);
    }
    assert.deepEqual(led, { contact: false, member: true });
  });
});
