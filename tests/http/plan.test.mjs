// Annual plans through the real binary: how a year begins, what is written when, submissions and their versions, remarks,
// positions, decisions and their facts, follow-up, comparison, who sees and may what, the year's days, tasks, reminders, checks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { until } from '../lib/mail.mjs';
import { made, ok, refused, wrong } from '../lib/said.mjs';

const now = { KANSLI_NOW: '2026-11-22T10:00:00Z' };
const area = 'npo-aldres-halsa-och-palliativ-vard'; // Karin is its process leader, Oskar that of the steering group
const lpo = 'lpo-aldres-halsa-och-palliativ-vard-vasterbotten';
let k;
const tokens = {};
before(async () => {
  k = await start({ demo: true, env: now });
  tokens.nobody = '';
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token('karin.bergstrom@kansli.example');
  tokens.oskar = await k.token('oskar.lillbro@kansli.example');
  tokens.viveka = await k.token('viveka.lundhede@kansli.example');
  tokens.reader = (await k.actor(null)).token;
});

const get = (where, who = 'support') => k.api(where, { token: tokens[who] ?? who });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who] ?? who, method: 'POST', body });
async function change(where, body, { who = 'support', method = 'PATCH', etag } = {}) {
  etag ??= (await get(where, who)).etag;
  return k.api(where, { token: tokens[who] ?? who, method, body, headers: etag ? { 'if-match': etag } : {} });
}
const remove = (where, who = 'support') => change(where, undefined, { who, method: 'DELETE' });
const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
const links = (object) => object._links.map((l) => l.rel);
let serial = 0;
// A group of its own, so that no test reads what another wrote.
const group = async (fields = {}) => made(await post('/groups', { kind: 'npo', name: `Plan ${++serial}`, startDate: '2024-01-01', principalIds: ['sks'], ...fields })).id;
const begin = async (id, fields = {}, who) => made(await post('/plans', { groupId: id, year: 2027, goals: 'Bättre **vård**.', ...fields }, who));
const add = async (plan, fields = {}, who) => made(await post(`/plans/${plan.id}/initiatives`, { title: `Insats ${++serial}`, priority: 2, ...fields }, who));
const submit = async (plan, who) => made(await post(`/plans/${plan.id}/submissions`, {}, who));
const decide = (plan, body, who = 'oskar') => post(`/plans/${plan.id}/decisions`, body, who);
async function submitted(fields = {}, of) {
  const plan = await begin(of ?? await group(), fields);
  const one = await add(plan, { title: 'Enkät till kommuner' });
  return { ...await submit(plan), one };
}
async function approved(fields, of) {
  const plan = await submitted(fields, of);
  return { ...made(await decide(plan, { outcome: 'approved' })), one: plan.one };
}
// An account of somebody who has that role in a group, and no other.
async function holder(of, role = 'secretary') {
  const id = sql(`SELECT p.id FROM person p WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.person_key = p.key) AND NOT EXISTS (SELECT 1 FROM membership m
    WHERE m.person_key = p.key AND (m.role IN ('chair', 'viceChair', 'processLeader', 'secretary') OR m.group_key IN (SELECT key FROM body WHERE id = 'sks'))) AND p.protected_identity = 0 ORDER BY p.key LIMIT 1;`);
  assert.ok(id);
  sql(`INSERT INTO membership (id, person_key, group_key, role, capacity, start_date, modified) SELECT lower(hex(randomblob(16))), p.key, b.key, '${role}', 'profession',
    '2024-01-01', '2026-01-01T00:00:00.000Z' FROM person p, body b WHERE p.id = '${id}' AND b.id = '${of}';`);
  const email = `holder-${++serial}@example.org`;
  await k.user(email, null, { person: id });
  return k.token(email);
}

// ---------------------------------------------------------------- begun

describe('a plan', () => {
  test('is begun as a draft of a group and a year', async () => {
    const id = await group();
    const plan = await begin(id, { focusAreas: ['Barn', 'Äldre'], collaboration: 'Med alla.', risks: 'Tid.', resources: 'Två.' });
    assert.equal(plan.status, 'draft');
    assert.equal(plan.statusLabel, 'Utkast');
    assert.deepEqual([plan.groupId, plan.year, plan.version, plan.kind, plan.level], [id, 2027, 1, 'npo', 'national']);
    assert.deepEqual(plan.focusAreas, ['Barn', 'Äldre']);
    assert.equal(plan.groupName, `NPO Plan ${serial}`);
    assert.deepEqual(links(plan).sort(), ['add', 'comparison', 'delete', 'edit', 'history', 'initiatives', 'self', 'submit', 'versions']);
    assert.match((await get(`/plans/${plan.id}`)).etag, /^"1\.\w+"$/);
    const other = made(await post(`/groups/${id}/plans`, { year: 2028 }));
    assert.equal(other.goals, null);
  });

  test('is one for a group and a year, in years in which the group stands, and of kinds that have plans', async () => {
    const id = await group({ endDate: '2028-06-30' });
    await begin(id);
    refused(await post('/plans', { groupId: id, year: 2027 }), 409, 'plan-exists');
    refused(await post('/plans', { groupId: id, year: 2029 }), 409, 'outside-group-dates');
    refused(await post('/plans', { groupId: id, year: 2023 }), 409, 'outside-group-dates');
    refused(await post('/plans', { groupId: 'nag-palliativ-vard', year: 2027 }), 409, 'kind-has-no-plan');
    refused(await post('/plans', { groupId: 'rsk-norra', year: 2027 }), 409, 'kind-has-no-plan');
    for (const kind of ['nsg', 'rpo', 'lpo']) {
      const more = { nsg: {}, rpo: { healthcareRegionId: 'norra', principalIds: ['rsk-norra'] }, lpo: { regionId: 'region-vasterbotten', principalIds: [] } }[kind];
      assert.equal((await begin(await group({ kind, ...more }))).kind, kind);
    }
  });

  test('says all that is wrong at once', async () => {
    wrong(await post('/plans', {}), '/groupId', '/year');
    wrong(await post('/plans', { groupId: 'ingen', year: 99 }), '/groupId', '/year');
    const id = await group();
    wrong(await post(`/groups/${id}/plans`, { groupId: 'npo-tandvard', year: 2027 }), '/groupId');
    wrong(await post('/plans', { groupId: id, year: 2027, status: 'approved', version: 3, flagged: true }), '/flagged', '/status', '/version');
    wrong(await post('/plans', { groupId: id, year: '2027', focusAreas: 'Barn', goals: 7 }), '/focusAreas', '/goals', '/year');
    wrong(await post('/plans', { groupId: id, year: 2027, goals: '- '.repeat(40), risks: 'Fråga 19121212-1212.' }), '/goals', '/risks');
    assert.equal((await post('/groups/ingen/plans', { year: 2027 })).status, 404);
    assert.equal((await get('/plans/00000000-0000-4000-8000-000000000000')).status, 404);
  });

  test('goes on from the last decided one: its texts, and the initiatives that are neither done nor stopped', async () => {
    const id = await group();
    const last = await begin(id, { year: 2026, focusAreas: ['Barn'], risks: 'Tid.' });
    const going = await add(last, { title: 'Fortsätter', focusArea: 'Barn', problem: 'Ojämnt.', groupId: 'nag-stroke', priority: 1, dimensions: ['safe', 'equal'], cost: 9000,
      prioritisationReference: '§ 3', startDate: '2026-02-01', endDate: '2026-12-31', milestones: [{ text: 'Halvvägs', dueDate: '2026-06-30' }], indicators: 'Fler.' });
    const done = await add(last, { title: 'Klar' });
    await add(last, { title: 'Avbruten', progress: 'stopped' });
    await submit(last);
    assert.equal((await begin(id, { year: 2030, goals: undefined })).goals, null, 'what is not decided is nothing to go on from');
    made(await decide(last, { outcome: 'approved' }));
    ok(await change(`/plans/${last.id}/initiatives/${done.id}`, { progress: 'done', outcome: 'Levererad.' }));
    const next = made(await post('/plans', { groupId: id, year: 2027, goals: 'Egna mål' }));
    assert.deepEqual([next.goals, next.focusAreas, next.risks, next.initiativeCount], ['Egna mål', ['Barn'], 'Tid.', 1]);
    const [one] = ok(await get(`/plans/${next.id}/initiatives`)).items;
    assert.equal(one.fromInitiativeId, going.id);
    for (const field of ['title', 'focusArea', 'problem', 'groupId', 'priority', 'cost', 'prioritisationReference', 'startDate', 'indicators']) assert.equal(one[field], going[field], field);
    assert.deepEqual([one.dimensions, one.milestones, one.endDate, one.progress], [['safe', 'equal'], going.milestones, null, null], 'a last day that has passed is not carried on');
    const { _embedded: { before: was, facts } } = ok(await get(`/plans/${next.id}?embed=before,facts`));
    assert.equal(was.id, last.id);
    assert.deepEqual(was.delivered.map((i) => [i.title, i.outcome]), [['Klar', 'Levererad.']]);
    assert.deepEqual([was.goesOn.map((i) => i.title), was.stopped.map((i) => i.title)], [['Fortsätter'], ['Avbruten']]);
    assert.equal(facts.year, 2026);
  });

  test('is changed by merge patch with the version that was read, and leaves history', async () => {
    const plan = await begin(await group(), { focusAreas: ['Barn'] });
    const where = `/plans/${plan.id}`;
    const { etag } = await get(where);
    const reply = await change(where, { goals: 'Andra mål', focusAreas: null, risks: 'Nya' });
    assert.deepEqual([ok(reply).goals, reply.json.focusAreas, reply.json.risks], ['Andra mål', [], 'Nya']);
    refused(await change(where, { goals: 'x' }, { etag }), 412, 'changed-meanwhile');
    refused(await k.api(where, { token: tokens.support, method: 'PATCH', body: {} }), 428, 'if-match-needed');
    refused(await change(where, {}, { etag: '*' }), 400, 'if-match-star');
    wrong(await change(where, { year: 2029 }), '/year');
    wrong(await change(where, { status: 'approved', summary: 'x' }), '/status', '/summary');
    const history = ok(await get(`/groups/${plan.groupId}/history`)).items;
    assert.ok(history.some((e) => e.objectId === plan.id && e.changes.some((c) => c.field === 'goals' && c.after === 'Andra mål')));
  });

  test('is deleted while nobody was asked to decide it, with what is in it, and leaves tombstones', async () => {
    const since = sql('SELECT max(modified) FROM plan;');
    const plan = await begin(await group());
    const one = await add(plan);
    assert.equal((await remove(`/plans/${plan.id}`)).status, 204);
    assert.equal((await get(`/plans/${plan.id}`)).status, 404);
    assert.equal(sql(`SELECT count(*) FROM initiative WHERE id = '${one.id}';`), '0');
    const { items } = ok(await get(`/plans?modifiedSince=${since}&limit=500`));
    assert.ok(items.some((i) => i.id === plan.id && i.deleted));
    assert.ok(!ok(await get(`/plans?modifiedSince=${since}&limit=500`, 'nobody')).items.some((i) => i.id === plan.id), 'who never saw the draft does not see it go');
    refused(await remove(`/plans/${(await submitted()).id}`), 409, 'not-draft');
  });
});

// ---------------------------------------------------------------- initiatives

describe('an initiative', () => {
  let plan;
  let where;
  before(async () => {
    plan = await begin(await group());
    where = `/plans/${plan.id}/initiatives`;
  });

  test('has all that the plan says of it', async () => {
    const gap = '11111111-2222-4333-8444-555555555555';
    sql(`INSERT INTO gap (id, group_key, type, title, priority, raised_on, modified) SELECT '${gap}', key, 'care', 'Väntan', 1, '2026-01-01', '2026-01-01T00:00:00.000Z' FROM body WHERE id = 'npo-tandvard';`);
    const said = { title: 'Vårdförlopp', focusArea: 'Barn', problem: 'Ojämn vård.', gapId: gap, groupId: 'nag-stroke', deliverableType: 'vårdförlopp', dimensions: ['equal', 'safe'],
      priority: 1, priorityReason: 'Många berörs.', cost: 50000, prioritisationReference: 'SKS § 4', resourceNeeds: 'En dag i veckan.', startDate: '2027-02-01', endDate: '2027-11-30',
      milestones: [{ text: 'Remiss', dueDate: '2027-09-01' }, { text: 'Klart', dueDate: null }], indicators: 'Fler i tid.', progress: 'onTrack', outcome: 'Prövat.', deviation: 'Inget.' };
    const one = made(await post(where, said));
    for (const [field, value] of Object.entries(said)) assert.deepEqual(one[field], value, field);
    assert.deepEqual([one.groupName, one.gapTitle, one.progressLabel, one.dimensionsLabels, one.planId], ['NAG Stroke', 'Väntan', 'Enligt plan', ['Jämlik', 'Säker'], plan.id]);
    assert.equal(ok(await get(`${where}/${one.id}`)).title, 'Vårdförlopp');
    assert.equal(ok(await get(`${where}?progress=onTrack&groupId=nag-stroke&gapId=${gap}&priority=1`)).items[0].id, one.id);
  });

  test('costs nothing but what a prioritisation decision allows (R64)', async () => {
    wrong(await post(where, { title: 'Dyr', priority: 1, cost: 1 }), '/prioritisationReference');
    const one = await add(plan, { cost: 0 });
    wrong(await change(`${where}/${one.id}`, { cost: 10 }), '/prioritisationReference');
    assert.equal(ok(await change(`${where}/${one.id}`, { cost: 10, prioritisationReference: '§ 1' })).cost, 10);
    wrong(await change(`${where}/${one.id}`, { prioritisationReference: null }), '/prioritisationReference');
  });

  test('says all that is wrong at once', async () => {
    wrong(await post(where, {}), '/priority', '/title');
    wrong(await post(where, { title: 'x', priority: 5, dimensions: ['billig'], progress: 'klar', groupId: 'ingen', gapId: '00000000-0000-4000-8000-000000000000', parentInitiativeId: 'x',
      position: 0, cost: -1 }), '/priority', '/dimensions/0', '/progress', '/groupId', '/gapId', '/parentInitiativeId', '/position', '/cost');
    wrong(await post(where, { title: 'x', priority: 0 }), '/priority');
    wrong(await post(where, { title: 'x', priority: 1, startDate: '2027-05-01', endDate: '2027-04-30', milestones: [{ dueDate: 'snart' }] }), '/endDate', '/milestones/0/text', '/milestones/0/dueDate');
    wrong(await post(where, { title: 'x', priority: 1, planId: plan.id, fromInitiativeId: plan.id }), '/fromInitiativeId', '/planId');
    assert.equal((await post('/plans/00000000-0000-4000-8000-000000000000/initiatives', { title: 'x', priority: 1 })).status, 404);
    const other = await submitted();
    assert.equal((await get(`${where}/${other.one.id}`)).status, 404, 'it stands in another plan');
    assert.equal((await remove(`${where}/${other.one.id}`)).status, 404);
  });

  test('stands in an order without gaps', async () => {
    const own = await begin(await group());
    const at = `/plans/${own.id}/initiatives`;
    const titles = async () => ok(await get(at)).items.map((i) => i.title).join('');
    const of = {};
    for (const title of 'ABCD') of[title] = await add(own, { title });
    await add(own, { title: 'E', position: 2 });
    assert.equal(await titles(), 'AEBCD');
    const { etag } = await get(`${at}/${of.B.id}`);
    ok(await change(`${at}/${of.D.id}`, { position: 1 }));
    assert.equal(await titles(), 'DAEBC');
    ok(await change(`${at}/${of.D.id}`, { position: 99 }));
    assert.equal(await titles(), 'AEBCD');
    ok(await change(`${at}/${of.B.id}`, { problem: 'x' }, { etag }), 'who was moved by others keeps its version');
    assert.equal((await remove(`${at}/${of.A.id}`)).status, 204);
    assert.deepEqual(ok(await get(at)).items.map((i) => i.position), [1, 2, 3, 4]);
  });

  test('hangs on one of the same area one level up, and on nothing else', async () => {
    const national = await begin(await group());
    const top = await add(national);
    const rpo = await group({ kind: 'rpo', healthcareRegionId: 'norra', principalIds: ['rsk-norra'], mirrorsId: national.groupId });
    const local = await group({ kind: 'lpo', regionId: 'region-vasterbotten', principalIds: [], mirrorsId: rpo });
    const [regional, nearby] = [await begin(rpo), await begin(local)];
    const middle = await add(regional, { parentInitiativeId: top.id });
    assert.equal(middle.parentInitiativeTitle, top.title);
    const low = await add(nearby, { parentInitiativeId: middle.id });
    const direction = (p, parent) => post(`/plans/${p.id}/initiatives`, { title: 'x', priority: 1, parentInitiativeId: parent });
    refused(await direction(nearby, top.id), 409, 'initiative-direction');
    refused(await direction(regional, low.id), 409, 'initiative-direction');
    refused(await direction(regional, middle.id), 409, 'initiative-direction');
    refused(await direction(national, middle.id), 409, 'initiative-direction');
    refused(await change(`/plans/${regional.id}/initiatives/${middle.id}`, { parentInitiativeId: middle.id }), 409, 'initiative-direction');
    const elsewhere = await add(await begin(await group()));
    refused(await direction(regional, elsewhere.id), 409, 'initiative-direction');
    refused(await remove(`/plans/${national.id}/initiatives/${top.id}`), 409, 'in-use');
    refused(await remove(`/plans/${national.id}`), 409, 'in-use');
    // The local level's coordinator does not see the draft above: the tie stays, and is told to nobody.
    const seen = ok(await get(`/plans/${nearby.id}/initiatives/${low.id}`, 'vasterbotten'));
    assert.equal(seen.parentInitiativeId, null);
    assert.equal(ok(await change(`/plans/${nearby.id}/initiatives/${low.id}`, { problem: 'Nytt.' }, { who: 'vasterbotten' })).parentInitiativeTitle, null);
    assert.equal(ok(await get(`/plans/${nearby.id}/initiatives/${low.id}`)).parentInitiativeId, middle.id);
    assert.ok(!(await get(`/groups/${local}/history`, 'support')).text.includes('"parentInitiativeId","label"'), 'and history tells of no change');
  });

  test('names nothing that the reader may not know of', async () => {
    const hidden = await group({ kind: 'nag', accessMode: 'restricted', principalIds: ['npo-tandvard'] });
    const own = await approved();
    sql(`UPDATE initiative SET group_key = (SELECT key FROM body WHERE id = '${hidden}') WHERE id = '${own.one.id}';`);
    const at = `/plans/${own.id}/initiatives/${own.one.id}`;
    assert.equal(ok(await get(at)).groupId, hidden);
    assert.deepEqual([ok(await get(at, 'reader')).groupId, ok(await get(at, 'reader')).groupName], [null, null]);
    assert.equal(ok(await get(`/plans/${own.id}/initiatives?groupId=${hidden}`)).items.length, 1);
    wrong(await get(`/plans/${own.id}/initiatives?groupId=${hidden}`, 'reader'), 'groupId');
  });

  test('of a plan that waits is not changed; of a decided one only what became of it', async () => {
    const own = await submitted();
    const at = `/plans/${own.id}/initiatives/${own.one.id}`;
    refused(await post(`/plans/${own.id}/initiatives`, { title: 'x', priority: 1 }), 409, 'not-draft');
    refused(await change(at, { progress: 'done' }), 409, 'not-draft');
    refused(await remove(at), 409, 'not-draft');
    made(await decide(own, { outcome: 'approved' }));
    const reply = ok(await change(at, { progress: 'delayed', outcome: 'Halvvägs', deviation: 'Remissen dröjde', title: own.one.title }));
    assert.deepEqual([reply.progress, reply.outcome], ['delayed', 'Halvvägs']);
    for (const field of [{ title: 'Annan' }, { priority: 4 }, { cost: 5, prioritisationReference: 'x' }, { dimensions: ['safe'] }, { position: 7 }]) refused(await change(at, field), 409, 'not-draft');
    assert.equal(ok(await change(at, { groupId: 'nag-stroke' })).groupId, 'nag-stroke', 'nobody carried it out');
    refused(await change(at, { groupId: 'nag-sepsis' }), 409, 'not-draft');
    refused(await remove(at), 409, 'not-draft');
    made(await post(`/plans/${own.id}/follow-ups`));
    refused(await change(at, { progress: 'done' }), 409, 'not-draft');
  });
});

// ---------------------------------------------------------------- submitted

describe('a submission', () => {
  test('needs goals, freezes the plan with what the register says, and tells those who decide', async () => {
    const id = await group();
    const plan = made(await post('/plans', { groupId: id, year: 2027 }));
    assert.deepEqual(refused(await post(`/plans/${plan.id}/submissions`), 409, 'plan-incomplete').missing, ['goals']);
    ok(await change(`/plans/${plan.id}`, { goals: 'Mål' }));
    const one = await add(plan, { title: 'Före' });
    const reply = await submit(plan);
    assert.deepEqual([reply.status, reply.version], ['submitted', 1]);
    assert.ok(reply.submittedAt);
    refused(await change(`/plans/${plan.id}`, { goals: 'Efter' }), 409, 'not-draft');
    const [version] = ok(await get(`/plans/${plan.id}/versions`)).items;
    assert.deepEqual([version.version, version.document.goals, version.document.initiatives[0].title, version.decision], [1, 'Mål', 'Före', null]);
    assert.equal(version.facts.year, 2026);
    assert.equal(version.facts.groups, 1);
    made(await decide(plan, { outcome: 'returned', comment: 'Mer' }));
    ok(await change(`/plans/${plan.id}/initiatives/${one.id}`, { title: 'Efter' }));
    assert.equal((await submit(plan)).version, 2);
    const both = ok(await get(`/plans/${plan.id}/versions`)).items;
    assert.deepEqual(both.map((v) => [v.version, v.document.initiatives[0].title, v.decision]), [[2, 'Efter', null], [1, 'Före', 'returned']]);
    assert.equal(ok(await get(`/plans/${plan.id}/versions/${both[1].id}`)).document.initiatives[0].title, 'Före');
    assert.equal((await get(`/plans/${(await submitted()).id}/versions/${both[1].id}`)).status, 404, 'it is another plan\'s');
    assert.ok(Number(sql(`SELECT count(*) FROM mail WHERE event = 'plans:${plan.id}:submitted:1';`)) >= 2, 'the officers of the steering group are told');
    assert.ok(!sql(`SELECT content FROM mail WHERE event LIKE 'plans:${plan.id}:%';`).includes('Före'), 'and no mail holds the plan');
  });

  test('is the programme area\'s: its officers, not those who decide', async () => {
    const plan = await begin(await group());
    refused(await post(`/plans/${plan.id}/submissions`, {}, 'oskar'), 403, 'may-submit-plan');
    const officer = await holder(plan.groupId);
    made(await post(`/plans/${plan.id}/submissions`, {}, officer));
  });

  test('takes nothing, and happens once when two submit at the same moment', async () => {
    const plan = await begin(await group());
    wrong(await post(`/plans/${plan.id}/submissions`, { goals: 'x' }), '/goals');
    const replies = await Promise.all([1, 2, 3, 4].map(() => post(`/plans/${plan.id}/submissions`)));
    assert.deepEqual(replies.map((r) => r.status).sort(), [201, 409, 409, 409]);
    assert.equal(ok(await get(`/plans/${plan.id}/versions`)).items.length, 1);
  });
});

// ---------------------------------------------------------------- remarks and positions

describe('a remark', () => {
  test('is asked by who decides, answered by the area, resolved by who decides', async () => {
    const plan = await submitted();
    const officer = await holder(plan.groupId);
    const where = `/plans/${plan.id}/remarks`;
    refused(await post(where, { text: 'Varför?' }, officer), 403, 'may-decide-plan');
    const remark = made(await post(where, { initiativeId: plan.one.id, text: 'Varför?' }, 'oskar'));
    assert.deepEqual([remark.version, remark.initiativeTitle, remark.resolved, remark.answer, remark.byName], [1, 'Enkät till kommuner', false, null, 'Oskar Lillbro']);
    assert.equal(ok(await get(`/plans/${plan.id}`, officer)).openRemarkCount, 1);
    const at = `${where}/${remark.id}`;
    refused(await change(at, { answer: 'Därför' }, { who: 'oskar' }), 403, 'may-submit-plan');
    assert.equal(ok(await change(at, { text: 'Varför då?' }, { who: 'oskar' })).text, 'Varför då?');
    refused(await change(at, { text: 'Nej' }, { who: officer }), 403, 'remark-of-another');
    refused(await change(at, { resolved: true }, { who: officer }), 403, 'may-decide-plan');
    assert.equal(ok(await change(at, { answer: 'Därför' }, { who: officer })).answer, 'Därför');
    refused(await change(at, { text: 'En annan fråga' }, { who: 'oskar' }), 409, 'remark-answered');
    assert.equal(ok(await change(at, { resolved: true }, { who: 'oskar' })).resolved, true);
    assert.equal(ok(await get(`${where}?resolved=false`, officer)).items.length, 0);
    refused(await change(at, { resolved: false }, { who: 'reader' }), 404, 'not-found');
  });

  test('is made between submission and approval, on what is in the plan', async () => {
    const draft = await begin(await group());
    refused(await post(`/plans/${draft.id}/remarks`, { text: 'x' }, 'oskar'), 409, 'not-submitted');
    const plan = await submitted();
    const where = `/plans/${plan.id}/remarks`;
    wrong(await post(where, {}, 'oskar'), '/text');
    wrong(await post(where, { text: 'x', initiativeId: (await submitted()).one.id }, 'oskar'), '/initiativeId');
    wrong(await post(where, { text: 'x', answer: 'y' }, 'oskar'), '/answer');
    wrong(await post(where, { text: 'x', byName: 'y', planId: plan.id }, 'oskar'), '/byName', '/planId');
    const remark = made(await post(where, { text: 'x' }, 'oskar'));
    made(await decide(plan, { outcome: 'returned', comment: 'Svara.' }));
    ok(await change(`${where}/${remark.id}`, { answer: 'Svar' }));
    await submit(plan);
    assert.equal(made(await post(where, { text: 'Och nu?' }, 'oskar')).version, 2);
    made(await decide(plan, { outcome: 'approved' }));
    refused(await change(`${where}/${remark.id}`, { resolved: true }, { who: 'oskar' }), 409, 'not-submitted');
    refused(await post(where, { text: 'x' }, 'oskar'), 409, 'not-submitted');
  });
});

describe('a position', () => {
  test('is one of each reviewer about a version, changed by who took it until the decision', async () => {
    const plan = await submitted();
    const where = `/plans/${plan.id}/positions`;
    const own = made(await post(where, { position: 'supportsWithRemarks', text: 'Bra, men.' }, 'oskar'));
    assert.deepEqual([own.version, own.positionLabel, own.personName], [1, 'Tillstyrker med synpunkter', 'Oskar Lillbro']);
    refused(await post(where, { position: 'supports' }, 'oskar'), 409, 'position-taken');
    const other = made(await post(where, { position: 'returns' }));
    assert.equal(other.personName, 'Nationella stödfunktionen', 'an account that is nobody\'s own');
    refused(await post(where, { position: 'supports' }), 409, 'position-taken');
    refused(await change(`${where}/${other.id}`, { position: 'supports' }, { who: 'oskar' }), 403, 'position-of-another');
    assert.equal(ok(await change(`${where}/${own.id}`, { position: 'supports', text: null }, { who: 'oskar' })).position, 'supports');
    wrong(await post(where, {}, await holder('sks')), '/position');
    wrong(await post(where, { position: 'kanske' }, await holder('sks')), '/position');
    refused(await post(where, { position: 'supports' }, await holder(plan.groupId)), 403, 'may-decide-plan');
    made(await decide(plan, { outcome: 'returned', comment: 'x' }));
    refused(await post(where, { position: 'supports' }, await holder('sks')), 409, 'not-submitted');
    await submit(plan);
    refused(await change(`${where}/${own.id}`, { position: 'returns' }, { who: 'oskar' }), 409, 'plan-superseded');
    assert.equal(made(await post(where, { position: 'returns' }, 'oskar')).version, 2);
  });
});

// ---------------------------------------------------------------- decided

describe('a decision', () => {
  test('has its five facts, and needs a comment when the plan is returned', async () => {
    const plan = await submitted();
    wrong(await decide(plan, {}), '/outcome');
    wrong(await decide(plan, { outcome: 'returned' }), '/comment');
    wrong(await decide(plan, { outcome: 'approved', decidedOn: '2026-11-23' }), '/decidedOn');
    wrong(await decide(plan, { outcome: 'nej', decidedById: 'x' }), '/outcome', '/decidedById');
    const chair = sql("SELECT id FROM person WHERE email = 'torbjorn.ekvalla@kansli.example';");
    const reply = made(await decide(plan, { outcome: 'approved', decidedOn: '2026-11-20', decidedById: chair, presentedById: sql("SELECT id FROM person WHERE email = 'oskar.lillbro@kansli.example';"),
      present: 'Lena Westin', reference: 'SKS § 12', comment: 'Fint.' }));
    assert.deepEqual([reply.status, reply.decidedOn], ['approved', '2026-11-20']);
    const facts = async (who) => ok(await get(`/plans/${plan.id}?embed=decisions`, who))._embedded.decisions;
    const [one] = await facts('oskar');
    assert.deepEqual([one.outcome, one.decidedOn, one.decidedByName, one.presentedByName, one.present, one.reference, one.comment, one.principalId, one.version],
      ['approved', '2026-11-20', 'Torbjörn Ekvalla', 'Oskar Lillbro', 'Lena Westin', 'SKS § 12', 'Fint.', 'sks', 1]);
    const [open] = await facts('nobody');
    assert.equal(open.reference, 'SKS § 12');
    assert.ok(!('comment' in open) && !('present' in open));
    assert.ok(Number(sql(`SELECT count(*) FROM audit_event WHERE object_id = '${plan.id}' AND act = 'approve';`)) === 1);
  });

  test('is made once, and about the version that was read', async () => {
    const plan = await submitted();
    const replies = await Promise.all(['approved', 'returned', 'approved'].map((outcome) => decide(plan, { outcome, comment: 'x', version: 1 })));
    assert.deepEqual(replies.map((r) => r.status).sort(), [201, 409, 409]);
    refused(await decide(plan, { outcome: 'approved' }), 409, 'not-submitted');
    const other = await submitted();
    made(await decide(other, { outcome: 'returned', comment: 'x', version: 1 }));
    refused(await decide(other, { outcome: 'approved' }), 409, 'not-submitted');
    await submit(other);
    refused(await decide(other, { outcome: 'approved', version: 1 }), 409, 'plan-superseded');
    assert.equal(made(await decide(other, { outcome: 'approved', version: 2 })).status, 'approved');
    refused(await post(`/plans/${other.id}/submissions`), 409, 'not-draft');
  });

  test('is the steering group\'s for NPO and NSG, the direct principal\'s for others, the area\'s where nobody commissions', async () => {
    const national = await submitted();
    for (const who of ['karin', 'norra', 'viveka', 'reader']) assert.ok([403, 404].includes((await decide(national, { outcome: 'approved' }, who)).status), who);
    assert.equal((await decide(national, { outcome: 'approved' }, 'nobody')).status, 401);
    refused(await decide(national, { outcome: 'approved' }, await holder('sks', 'member')), 404, 'not-found');
    refused(await decide(national, { outcome: 'approved' }, 'auditor'), 403, 'may-decide-plan');
    const rpo = await submitted({}, await group({ kind: 'rpo', healthcareRegionId: 'norra', principalIds: ['rsk-norra'] }));
    refused(await decide(rpo, { outcome: 'approved' }, 'norra'), 403, 'may-decide-plan');
    assert.equal(made(await decide(rpo, { outcome: 'approved' }, await holder('rsk-norra', 'chair'))).status, 'approved');
    const local = await submitted({}, await group({ kind: 'lpo', regionId: 'region-vasterbotten', principalIds: [] }));
    assert.equal((await decide(local, { outcome: 'approved' }, 'norra')).status, 404, 'the coordinator of another area');
    assert.equal(made(await decide(local, { outcome: 'approved' }, 'vasterbotten')).status, 'approved');
    assert.equal(ok(await get(`/plans/${local.id}?embed=decisions`))._embedded.decisions[0].principalId, null);
  });

  test('is never about the plan of one\'s own group', async () => {
    const plan = await submitted();
    sql(`INSERT INTO membership (id, person_key, group_key, role, capacity, start_date, modified) SELECT lower(hex(randomblob(16))), p.key, b.key, 'member', 'profession', '2024-01-01',
      '2026-01-01T00:00:00.000Z' FROM person p, body b WHERE p.email = 'oskar.lillbro@kansli.example' AND b.id = '${plan.groupId}';`);
    refused(await decide(plan, { outcome: 'approved' }), 409, 'plan-of-own-group');
    refused(await post(`/plans/${plan.id}/positions`, { position: 'supports' }, 'oskar'), 409, 'plan-of-own-group');
    refused(await post(`/plans/${plan.id}/remarks`, { text: 'x' }, 'oskar'), 409, 'plan-of-own-group');
    refused(await post('/groups/sks/plan-decisions', { decisions: [{ planId: plan.id, outcome: 'approved' }] }, 'oskar'), 409, 'plan-of-own-group');
    assert.ok(!links(ok(await get(`/plans/${plan.id}`, 'oskar'))).includes('decide'));
    made(await decide(plan, { outcome: 'approved' }, 'support'));
  });

  test('is made of several together: all of them or none, each row told', async () => {
    const [a, b, c] = [await submitted(), await submitted(), await begin(await group())];
    const where = '/groups/sks/plan-decisions';
    const row = (plan, more = {}) => ({ planId: plan.id, outcome: 'approved', ...more });
    const reply = await post(where, { decisions: [row(a), row(b, { version: 9 }), row(c), row(a, { outcome: 'returned' })] }, 'oskar');
    refused(reply, 409, 'plan-superseded');
    assert.deepEqual(reply.json.errors.map((e) => e.pointer), ['/decisions/1', '/decisions/2', '/decisions/3']);
    assert.equal(ok(await get(`/plans/${a.id}`)).status, 'submitted', 'nothing was decided');
    wrong(await post(where, {}, 'oskar'), '/decisions');
    wrong(await post(where, { decisions: [{ planId: 'x' }] }, 'oskar'), '/decisions/0/planId', '/decisions/0/outcome');
    refused(await post(where, { decisions: [row(a)] }, 'karin'), 403, 'may-decide-plan');
    refused(await post(`/groups/${area}/plan-decisions`, { decisions: [row(a)] }, 'karin'), 400, 'invalid-input');
    made(await post(where, { decidedOn: '2026-11-19', reference: 'SKS § 9', decisions: [row(a), row(b, { outcome: 'returned', comment: 'Mer.' })] }, 'oskar'));
    assert.deepEqual([ok(await get(`/plans/${a.id}`)).decidedOn, ok(await get(`/plans/${b.id}`)).status], ['2026-11-19', 'returned']);
  });

  test('may be prepared by a flag for the meeting, which only those inside see', async () => {
    const plan = await submitted();
    wrong(await post(`/plans/${plan.id}/flags`, {}, 'oskar'), '/flagged');
    assert.equal(made(await post(`/plans/${plan.id}/flags`, { flagged: true }, 'oskar')).flagged, true);
    assert.ok(ok(await get('/plans?flagged=true&limit=500', 'oskar')).items.some((p) => p.id === plan.id));
    assert.equal(ok(await get('/plans?flagged=true&limit=500', 'reader')).items.length, 0);
    refused(await post(`/plans/${plan.id}/flags`, { flagged: true }, await holder(plan.groupId)), 403, 'may-decide-plan');
    assert.equal(made(await decide(plan, { outcome: 'approved' })).flagged, false);
    assert.ok(!('flagged' in ok(await get(`/plans/${plan.id}`, 'nobody'))));
    refused(await post(`/plans/${plan.id}/flags`, { flagged: true }, 'oskar'), 409, 'not-submitted');
  });
});

// ---------------------------------------------------------------- followed up

test('a plan is followed up once it is approved: what came of each initiative, and of the year', async () => {
  const plan = await submitted();
  const where = `/plans/${plan.id}/follow-ups`;
  refused(await post(where), 409, 'plan-not-approved');
  made(await decide(plan, { outcome: 'approved' }));
  const officer = await holder(plan.groupId);
  refused(await post(where, {}, 'oskar'), 403, 'may-submit-plan');
  wrong(await post(where, { initiatives: [{ progress: 'färdig' }] }, officer), '/initiatives/0/initiativeId', '/initiatives/0/progress');
  wrong(await post(where, { initiatives: [{ initiativeId: (await submitted()).one.id, progress: 'done' }] }, officer), '/initiatives/0/initiativeId');
  assert.equal(ok(await get(`/plans/${plan.id}`)).status, 'approved');
  const reply = made(await post(where, { summary: 'Ett **gott** år.', initiatives: [{ initiativeId: plan.one.id, progress: 'done', outcome: 'Levererad.', deviation: 'Sent.' }] }, officer));
  assert.deepEqual([reply.status, reply.summary], ['followedUp', 'Ett **gott** år.']);
  const one = ok(await get(`/plans/${plan.id}/initiatives/${plan.one.id}`, 'nobody'));
  assert.deepEqual([one.progress, one.outcome, one.deviation], ['done', 'Levererad.', 'Sent.']);
  refused(await post(where, {}, officer), 409, 'plan-not-approved');
  refused(await decide(plan, { outcome: 'approved' }), 409, 'not-submitted');
});

// ---------------------------------------------------------------- compared

describe('a comparison', () => {
  test('shows two versions word by word and initiative by initiative', async () => {
    const plan = await begin(await group(), { goals: 'Enkät till alla kommuner.', focusAreas: ['Barn'] });
    const [kept, gone] = [await add(plan, { title: 'Behålls', problem: 'Enkät till kommuner', priority: 2 }), await add(plan, { title: 'Tas bort' })];
    await submit(plan);
    made(await decide(plan, { outcome: 'returned', comment: 'x' }));
    ok(await change(`/plans/${plan.id}`, { goals: 'Intervjuer med alla kommuner.', focusAreas: ['Barn', 'Äldre'] }));
    ok(await change(`/plans/${plan.id}/initiatives/${kept.id}`, { problem: 'Intervjuer med kommuner', priority: 1, groupId: 'nag-stroke' }));
    assert.equal((await remove(`/plans/${plan.id}/initiatives/${gone.id}`)).status, 204);
    const fresh = await add(plan, { title: 'Ny' });
    const now_ = ok(await get(`/plans/${plan.id}/comparison`));
    assert.deepEqual([now_.from.version, now_.to.version], [1, null]);
    const goals = now_.changes.find((c) => c.field === 'goals');
    assert.equal(goals.kind, 'changed');
    assert.deepEqual(goals.parts.filter((p) => p.op !== 'same').map((p) => [p.op, p.text.trim()]), [['deleted', 'Enkät till'], ['inserted', 'Intervjuer med']]);
    assert.equal(goals.parts.filter((p) => p.op !== 'deleted').map((p) => p.text).join(''), 'Intervjuer med alla kommuner.');
    assert.deepEqual(now_.initiatives.map((i) => [i.kind, i.title, i.id, i.fromId]), [['changed', 'Behålls', kept.id, kept.id], ['added', 'Ny', fresh.id, null], ['removed', 'Tas bort', null, gone.id]]);
    const of = Object.fromEntries(now_.initiatives[0].changes.map((c) => [c.field, c.kind]));
    assert.deepEqual([of.title, of.problem, of.priority, of.groupId, of.progress], ['same', 'changed', 'changed', 'added', undefined]);
    assert.equal(now_.initiatives[0].changes.find((c) => c.field === 'groupId').parts[0].text, 'NAG Stroke');
    assert.equal(now_.changed, 5, 'goals, focus areas, one changed, one added, one removed');
    await submit(plan);
    const versions = ok(await get(`/plans/${plan.id}/versions`)).items;
    const two = ok(await get(`/plans/${plan.id}/comparison?with=${versions[1].id}&version=2`));
    assert.deepEqual([two.from.version, two.to.version, two.changed], [1, 2, 5]);
    assert.deepEqual(ok(await get(`/plans/${plan.id}/comparison?with=1&version=2`)).changes, two.changes);
    assert.equal(ok(await get(`/plans/${plan.id}/comparison?with=2`)).changed, 0);
    assert.equal(ok(await get(`/plans/${plan.id}/comparison?with=2&version=1`)).initiatives[0].kind, 'changed');
  });

  test('shows this year beside the last, and any other plan that the reader may see', async () => {
    const id = await group();
    const last = await approved({ year: 2026 }, id);
    const next = await begin(id, { goals: 'Bättre **vård** för fler.' });
    const own = ok(await get(`/plans/${next.id}/comparison`));
    assert.deepEqual([own.from.id, own.from.year, own.to.year], [last.id, 2026, 2027]);
    assert.deepEqual(own.initiatives.map((i) => [i.kind, i.fromId]), [['same', last.one.id]], 'what goes on is held against what it goes on with');
    const other = await submitted();
    assert.equal(ok(await get(`/plans/${next.id}/comparison?with=${other.id}`)).from.id, other.id);
    wrong(await get(`/plans/${last.id}/comparison?with=${other.id}`, 'reader'), 'with');
    wrong(await get(`/plans/${last.id}/comparison?with=00000000-0000-4000-8000-000000000000`), 'with');
    wrong(await get(`/plans/${last.id}/comparison?with=7&version=9`), 'version', 'with');
    wrong(await get(`/plans/${last.id}/comparison?version=x`), 'version');
    assert.equal((await get(`/plans/${next.id}/comparison`, 'reader')).status, 404);
  });

  test('names in a frozen version what the reader may know of today', async () => {
    const hidden = await group({ kind: 'nag', principalIds: ['npo-tandvard'] });
    const plan = await begin(await group());
    await add(plan, { groupId: hidden });
    await submit(plan);
    made(await decide(plan, { outcome: 'approved' }));
    const named = async (who) => ok(await get(`/plans/${plan.id}/versions`, who)).items[0].document.initiatives[0].groupId;
    assert.equal(await named('nobody'), hidden);
    ok(await change(`/groups/${hidden}`, { id: `${hidden}-ny` }));
    assert.equal(await named('nobody'), `${hidden}-ny`, 'under its present address');
    ok(await change(`/groups/${hidden}-ny`, { accessMode: 'restricted' }));
    assert.equal(await named('nobody'), null);
    assert.equal(await named('support'), `${hidden}-ny`);
    assert.ok(!(await get(`/plans/${plan.id}/comparison`, 'nobody')).text.includes(hidden));
  });

  test('tells everyone of the approved version alone', async () => {
    const plan = await submitted({ goals: 'Hemligt utkast' });
    made(await decide(plan, { outcome: 'returned', comment: 'x' }));
    ok(await change(`/plans/${plan.id}`, { goals: 'Öppet' }));
    await submit(plan);
    assert.equal((await get(`/plans/${plan.id}/versions`, 'reader')).status, 404);
    made(await decide(plan, { outcome: 'approved' }));
    const { items } = ok(await get(`/plans/${plan.id}/versions`, 'nobody'));
    assert.deepEqual(items.map((v) => [v.version, v.decision]), [[2, 'approved']]);
    assert.ok(!('submittedByName' in items[0]));
    wrong(await get(`/plans/${plan.id}/comparison?with=1`, 'nobody'), 'with');
    assert.ok(!(await get(`/plans/${plan.id}/comparison`, 'nobody')).text.includes('Hemligt'));
    const first = ok(await get(`/plans/${plan.id}/versions`)).items[1].id;
    assert.equal((await get(`/plans/${plan.id}/versions/${first}`, 'nobody')).status, 404);
  });
});

// ---------------------------------------------------------------- who sees

test('what is approved is everybody\'s; before that it is for those inside', async () => {
  const plan = await submitted();
  const seen = async (who) => (await get(`/plans/${plan.id}`, who)).status;
  for (const who of ['nobody', 'reader', 'viveka', 'norra', 'vasterbotten', 'admin']) assert.equal(await seen(who), 404, who);
  for (const who of ['support', 'auditor', 'oskar', await holder(plan.groupId, 'member')]) assert.equal(await seen(who), 200, who);
  assert.equal(await seen(await holder(plan.groupId, 'observer')), 404);
  const count = async (who) => ok(await get(`/plans?groupId=${plan.groupId}&status=submitted`, who))._meta.totalRecords;
  assert.deepEqual([await count('oskar'), await count('reader')], [1, 0]);
  made(await decide(plan, { outcome: 'approved' }));
  assert.equal(await seen('nobody'), 200);
  for (const part of ['remarks', 'positions']) {
    assert.equal((await get(`/plans/${plan.id}/${part}`, 'nobody')).status, 401);
    refused(await get(`/plans/${plan.id}/${part}`, 'reader'), 403, 'may-see-drafts');
    assert.deepEqual(ok(await get(`/plans/${plan.id}?embed=${part}`, 'reader'))._embedded[part], []);
  }
  ok(await change(`/groups/${plan.groupId}`, { accessMode: 'transparent' }));
  assert.deepEqual([await seen('nobody'), await seen('reader')], [404, 200], 'a transparent group\'s papers are for those signed in');
  assert.equal((await get(`/plans/${plan.id}/versions`, 'nobody')).status, 404);
  ok(await change(`/groups/${plan.groupId}`, { accessMode: 'restricted' }));
  assert.equal(await seen('reader'), 404, 'a restricted group\'s plans are as hidden as the group');
  assert.equal((await get(`/plans/${plan.id}/initiatives`, 'reader')).status, 404);
  assert.equal(await seen('oskar'), 200);
});

test('a group with a plan, or that carries out an initiative, is closed and not deleted', async () => {
  const plan = await begin(await group());
  refused(await remove(`/groups/${plan.groupId}`), 409, 'in-use');
  const nag = await group({ kind: 'nag', principalIds: ['npo-tandvard'] });
  await add(plan, { groupId: nag });
  refused(await remove(`/groups/${nag}`), 409, 'in-use');
});

test('lists are filtered, searched and sorted', async () => {
  const list = async (query) => ok(await get(`/plans?limit=500&${query}`));
  assert.ok((await list('year=2026&kind=npo')).items.every((p) => p.year === 2026 && p.kind === 'npo'));
  assert.equal((await list(`year=2026&groupId=${area}`)).items.length, 1);
  assert.ok((await list('level=local')).items.some((p) => p.groupId === lpo));
  assert.ok((await list('principalId=sks&year=2025')).items.length >= 26);
  assert.equal((await list('q=tandv&year=2025')).items[0].groupId, 'npo-tandvard');
  const years = (await list('sort=-year,-submittedAt&status=approved,followedUp')).items;
  assert.ok(years.length > 50);
  wrong(await get('/plans?color=red'), 'color');
  wrong(await get('/plans?status=klar'), 'status');
  assert.equal((await k.api('/plans?format=csv&year=2026', { token: tokens.support })).status, 200);
});

test('on a day a plan is in force in its year, once it is decided (api.md 1)', async () => {
  const id = await group();
  const last = await approved({ year: 2026 }, id);
  sql(`UPDATE plan SET decided_on = '2026-02-20' WHERE id = '${last.id}';`);
  await begin(id);
  for (const list of [`/plans?groupId=${id}&`, `/groups/${id}/plans?`]) {
    const on = async (day, who) => ok(await get(`${list}asOf=${day}`, who)).items.map((p) => p.id);
    assert.equal(ok(await get(list)).items.length, 2, 'without a day every row');
    assert.deepEqual(await on('2026-06-30'), [last.id]);
    assert.deepEqual(await on('2026-06-30', 'nobody'), [last.id]);
    for (const day of ['2025-12-31', '2026-02-19', '2027-06-30']) assert.deepEqual(await on(day), [], day);
    wrong(await get(`${list}asOf=igår`), 'asOf');
  }
  wrong(await get(`/plans/${last.id}/initiatives?asOf=2026-06-30`), 'asOf');
  assert.ok(ok(await get('/plans?asOf=2025-06-30&limit=500')).items.length >= 26);
  assert.equal((await fetch(`${k.url}/plans?asOf=2025-06-30`)).status, 200);
});

test('what the register says is the same for all: it counts no meeting for officers and principals alone', async () => {
  const id = await group();
  const meeting = async (visibility) => made(await post('/meetings', { groupIds: [id], mode: 'online', startsAt: '2026-03-03T09:00:00Z', endsAt: '2026-03-03T10:00:00Z', visibility }));
  await meeting('members');
  await meeting('principals');
  const plan = await begin(id);
  const facts = ok(await get(`/plans/${plan.id}?embed=facts`))._embedded.facts;
  assert.equal(facts.meetings, 1);
  const report = made(await post('/status-reports', { groupId: id, periodStart: '2026-01-01', periodEnd: '2026-11-22', state: 'onTrack', text: 'x' }));
  for (const [one, other] of [['meetings', 'meetings'], ['members', 'members'], ['joined', 'membersJoined'], ['left', 'membersLeft'], ['decisions', 'decisions'], ['openActions', 'actionsOpen'], ['attendancePercent', 'attendancePercent']])
    assert.deepEqual(facts[one], report.facts[other], one);
});

// ---------------------------------------------------------------- the year

describe('the year\'s days', () => {
  test('are settings, and the wheel shows them', async () => {
    wrong(await change('/settings/planSubmitted', { value: '13-01' }, { who: 'admin' }), '/value');
    wrong(await change('/settings/planSubmitted', { value: '2026-12-15' }, { who: 'admin' }), '/value');
    const events = () => fetch(`${k.url}/calendar?year=2026`).then((r) => r.text());
    assert.match(await events(), /Planerna för 2027 lämnas in senast/);
    ok(await change('/settings/planSubmitted', { value: '11-30' }, { who: 'admin' }));
    const tasks = ok(await get('/me/tasks?limit=500', 'karin')).items.filter((t) => t.type === 'plans');
    assert.ok(tasks.some((t) => t.title === 'Lämna in planen för 2027' && t.dueDate === '2026-11-30'), JSON.stringify(tasks));
    ok(await change('/settings/planSubmitted', { value: '12-15' }, { who: 'admin' }));
  });

  test('make tasks for the area and for those who decide', async () => {
    const id = await group();
    const officer = await holder(id);
    const tasks = async (who) => ok(await get('/me/tasks?limit=500', who)).items.filter((t) => t.type === 'plans' && t.groupId === id).map((t) => [t.title, t.dueDate, t.href.replace(/.*\/\/[^/]+/, '')]);
    assert.deepEqual(await tasks(officer), [['Börja planen för 2027', '2026-12-15', `/groups/${id}/plans`]]);
    assert.deepEqual(await tasks('oskar'), []);
    const plan = await begin(id);
    const href = `/plans/${plan.id}`;
    assert.deepEqual(await tasks(officer), [['Lämna in planen för 2027', '2026-12-15', href]]);
    await submit(plan);
    assert.deepEqual(await tasks(officer), []);
    assert.deepEqual(await tasks('oskar'), [['Besluta om planen för 2027', '2027-02-28', `${href}/review`]]);
    const remark = made(await post(`/plans/${plan.id}/remarks`, { text: 'x' }, 'oskar'));
    assert.deepEqual(await tasks(officer), [['Svara på frågor om planen för 2027', null, `${href}#remark-${remark.id}`]]);
    ok(await change(`/plans/${plan.id}/remarks/${remark.id}`, { answer: 'y' }, { who: officer }));
    assert.deepEqual((await tasks('oskar')).map((t) => t[0]).sort(), ['Besluta om planen för 2027', 'Läs svaren om planen för 2027']);
    made(await decide(plan, { outcome: 'returned', comment: 'x' }));
    assert.deepEqual((await tasks(officer)).map((t) => t[0]), ['Ändra och lämna in planen för 2027']);
    await submit(plan);
    made(await decide(plan, { outcome: 'approved' }));
    assert.deepEqual(await tasks(officer), []);
    const past = await approved({ year: 2025 }, id);
    assert.deepEqual((await tasks(officer)).map((t) => [t[0], t[2]]), [['Följ upp planen för 2025', `/plans/${past.id}/follow-ups/new`]]);
    const local = await submitted({}, await group({ kind: 'lpo', regionId: 'region-vasterbotten', principalIds: [] }));
    assert.ok(ok(await get('/me/tasks?limit=500', 'vasterbotten')).items.some((t) => t.objectId === local.id), 'the coordinator of an area where nobody commissions');
  });

  test('remind by mail a month and a week before, each once; and a check says what has not come, after the day', async () => {
    const at = (day, db) => start({ demo: !db, db, env: { KANSLI_NOW: `${day}T10:00:00Z` } });
    const sent = (r, of = 'npo-tandvard') => Number(execFileSync('sqlite3', [r.db, `SELECT count(*) FROM mail WHERE event LIKE 'plans:${of}:2027:%';`], { encoding: 'utf8' }));
    const missing = async (r) => (await r.api('/checks?rule=plan-not-submitted&limit=500', { token: await r.token('support@kansli.example') })).json.items;
    const early = await at('2026-11-14');
    assert.deepEqual(await missing(early), [], 'nothing is missing before its day');
    const month = await at('2026-11-16');
    await until(() => sent(month) > 0);
    await until(() => sent(month, 'npo-barn-och-ungdomars-halsa') > 0, 5000);
    const n = sent(month);
    assert.equal(sent(month, 'npo-akut-vard'), 0, 'that plan is submitted already');
    assert.equal(sent(early), 0, 'more than a month before');
    await month.stop();
    const week = await at('2026-12-09', month.db);
    await until(() => sent(week) === 2 * n);
    await week.stop();
    const after_ = await at('2026-12-16', month.db);
    const late = await missing(after_);
    assert.ok(late.some((f) => f.objectId === 'npo-tandvard' && f.severity === 'notice' && /2027/.test(f.message)), JSON.stringify(late[0]));
    assert.ok(!late.some((f) => f.objectId === 'npo-akut-vard'));
    assert.ok(!late.some((f) => /^(rpo|lpo)-/.test(f.objectId) && !/aldres/.test(f.objectId)), 'regional areas only when they have written one before');
    assert.equal(sent(after_), 2 * n, 'nobody is reminded when the day has passed');
    assert.equal(sent(after_, 'sks:decide'), 0);
    await after_.stop();
    for (const [day, times] of [['2027-02-01', 1], ['2027-02-23', 2]]) {
      const r = await at(day, month.db);
      const count = (of) => Number(execFileSync('sqlite3', [r.db, `SELECT count(DISTINCT event) FROM mail WHERE event LIKE 'plans:${of}:decide:2027:%';`], { encoding: 'utf8' }));
      await until(() => count('sks') === times);
      assert.equal(count('rsk-norra'), 0, 'where nothing waits nobody is reminded');
      await r.stop();
    }
  });

  test('an initiative that nobody carries out is found', async () => {
    const found = (await get('/checks?rule=initiative-without-group&limit=500')).json.items;
    assert.ok(found.length >= 1 && found.every((f) => f.severity === 'notice' && f.href.endsWith(`#initiative-${f.objectId}`)));
  });
});

// ---------------------------------------------------------------- people, history, pages

test('positions and decisions are among what is kept of a person, go with it when two are one, and lose their words when it is forgotten', async () => {
  const plan = await submitted();
  const token = await holder('sks');
  const id = ok(await get('/me', token)).personId;
  made(await post(`/plans/${plan.id}/positions`, { position: 'supports', text: 'Egna ord.' }, token));
  made(await decide(plan, { outcome: 'approved', presentedById: id }, token));
  const { plans } = ok(await get(`/persons/${id}/data-export`, token));
  assert.deepEqual(plans.map((p) => [p.act, p.said]).sort(), [['decision', 'approved'], ['position', 'supports']]);
  const into = made(await post('/persons', { givenName: 'Ny', familyName: 'Person' })).id;
  const merged = await post(`/persons/${id}/merges`, { intoId: into });
  assert.ok([200, 201].includes(merged.status), merged.text);
  const positions = ok(await get(`/plans/${plan.id}/positions`)).items;
  assert.deepEqual(positions.map((p) => p.personId), [into]);
  assert.equal(ok(await get(`/plans/${plan.id}?embed=decisions`))._embedded.decisions[0].decidedById, into);
  sql(`DELETE FROM membership WHERE person_key = (SELECT key FROM person WHERE id = '${into}');`);
  const erased = await post(`/persons/${into}/anonymisations`, { reason: 'Begärt.' }, await k.token('dataskydd@kansli.example'));
  assert.equal(erased.status, 201, erased.text);
  assert.equal(ok(await get(`/plans/${plan.id}/positions`)).items[0].text, null);
  assert.equal(sql("SELECT count(*) FROM audit_event WHERE changes LIKE '%Egna ord.%';"), '0');
});

test('the pages show what the API gives, in both languages', async () => {
  const plan = ok(await get(`/plans?groupId=${area}&year=2026`, 'nobody')).items[0];
  for (const address of ['/plans', `/groups/${area}/plans`, `/plans/${plan.id}`]) {
    for (const lang of ['sv', 'en']) {
      const reply = await fetch(k.url + address, { headers: { 'accept-language': lang } });
      assert.equal(reply.status, 200, address);
    }
  }
  assert.match(await (await fetch(`${k.url}/plans/${plan.id}`)).text(), /Förvaltning av vårdförlopp palliativ vård/);
});
