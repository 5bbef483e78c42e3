// Where plans come in to be decided, through the real binary: at a group, and at an area for its groups that nobody
// commissions: the queue, several decisions, who works there, how one finds the way; who is told by mail of what.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

const here = '/organisations/region-vasterbotten';
let k;
const tokens = { nobody: '' };
const jars = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin', 'karin.bergstrom', 'oskar.lillbro']) tokens[who] = await k.token(`${who}@kansli.example`);
  for (const who of ['vasterbotten', 'support', 'karin.bergstrom', 'oskar.lillbro']) jars[who] = (await k.login(`${who}@kansli.example`, 'kansli-demo-2026')).header;
});

const get = (where, who = 'support') => k.api(where, { token: tokens[who] });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who], method: 'POST', body });
const ok = (reply) => (assert.equal(reply.status, 200, reply.text), reply.json);
const made = (reply) => (assert.equal(reply.status, 201, reply.text), reply.json);
const page = async (path, who = 'vasterbotten', status = 200) => {
  const reply = await k.page(path, { cookies: jars[who] ?? '' });
  assert.equal(reply.status, status, `${path}: ${reply.text}`);
  return reply.text;
};
const hidden = (html, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];
const send = (path, html, values, who = 'vasterbotten') => k.page(path, {
  cookies: jars[who], method: 'POST', headers: { origin: k.url, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ _csrf: hidden(html, '_csrf'), ...values }).toString(),
});
const sql = (statement) => execFileSync('sqlite3', ['-json', k.db], { input: `.timeout 5000\n${statement}`, encoding: 'utf8' });
const mails = (event) => JSON.parse(sql(`SELECT address, content FROM mail WHERE event LIKE '${event}' ORDER BY address;`) || '[]');
let serial = 0;
const group = async (fields = {}) => made(await post('/groups', { kind: 'lpo', name: `Område ${++serial}`, startDate: '2024-01-01', regionId: 'region-vasterbotten', ...fields })).id;
async function submitted(of) {
  const plan = made(await post('/plans', { groupId: of ?? await group(), year: 2027, goals: 'Bättre vård.' }));
  return made(await post(`/plans/${plan.id}/submissions`));
}

describe('an area\'s desk', () => {
  test('has the plans of its groups that nobody commissions, and no others', async () => {
    const own = await submitted();
    const away = await submitted(await group({ regionId: 'region-norrbotten' }));
    const led = await submitted(await group({ kind: 'rpo', regionId: undefined, healthcareRegionId: 'norra', principalIds: ['rsk-norra'] }));
    const free = await submitted(await group({ kind: 'rpo', regionId: undefined, healthcareRegionId: 'norra' }));
    const at = async (where) => ok(await get(`${where}/incoming-plans?year=2027`)).items.map((i) => i.planId);
    const region = await at(here);
    assert.deepEqual([own, away, led, free].map((p) => region.includes(p.id)), [true, false, false, false]);
    assert.deepEqual([own, away, led, free].map((p) => p.id).filter((id) => region.includes(id)), [own.id]);
    const norra = await at('/organisations/norra');
    assert.deepEqual([own, led, free].map((p) => norra.includes(p.id)), [false, false, true]);
    assert.ok((await at('/groups/rsk-norra')).includes(led.id));
    const queue = ok(await get(`${here}/incoming-plans?stage=submitted`, 'vasterbotten'));
    assert.deepEqual([queue.groupId, queue.organisationId, queue.year], [null, 'region-vasterbotten', 2027]);
    assert.ok(queue.items.every((i) => i.stage === 'submitted' && i.mayDecide));
    assert.ok(ok(await get(`${here}/incoming-plans`, 'auditor')).items.every((i) => !i.mayDecide), 'who reads everything decides nothing');
  });

  test('is the coordinator\'s and the support function\'s', async () => {
    for (const [who, status] of [['nobody', 401], ['norra', 403], ['admin', 403], ['karin.bergstrom', 403], ['support', 200], ['auditor', 200]])
      assert.equal((await get(`${here}/incoming-plans`, who)).status, status, who);
    assert.equal((await get(`${here}/incoming-plans`, 'norra')).json.rule, 'may-decide-plan');
    for (const where of ['/organisations/ingen', '/organisations/kommun-umea']) assert.equal((await get(`${where}/incoming-plans`)).status, 404, where);
    assert.equal((await get(`${here}/incoming-plans?stage=x`)).status, 400);
    assert.equal((await get(`${here}/incoming-plans?year=1`)).status, 400);
  });

  test('decides several together or none, and none that comes in elsewhere', async () => {
    const [one, two] = [await submitted(), await submitted()];
    const away = await submitted(await group({ regionId: 'region-norrbotten' }));
    const decisions = (second) => ({ decisions: [{ planId: one.id, version: 1, outcome: 'approved' }, { planId: second, version: 1, outcome: 'returned', comment: 'Mer.' }], reference: 'RV § 4' });
    const wrong = await post(`${here}/plan-decisions`, decisions(away.id), 'vasterbotten');
    assert.equal(wrong.status, 400, wrong.text);
    assert.deepEqual(wrong.json.errors.map((e) => e.pointer), ['/decisions/1']);
    assert.equal(ok(await get(`/plans/${one.id}`)).status, 'submitted');
    assert.equal((await post(`${here}/plan-decisions`, decisions(two.id), 'norra')).status, 403);
    const reply = await post(`${here}/plan-decisions`, decisions(two.id), 'vasterbotten');
    assert.equal(made(reply).id, 'region-vasterbotten');
    const [first, second] = [ok(await get(`/plans/${one.id}?embed=decisions`)), ok(await get(`/plans/${two.id}`))];
    assert.deepEqual([first.status, second.status], ['approved', 'returned']);
    const [fact] = first._embedded.decisions;
    assert.deepEqual([fact.reference, fact.principalId], ['RV § 4', null]);
  });

  test('has a page of its own, on which several are decided without a script', async () => {
    const plan = await submitted();
    const list = await page(`${here}/incoming-plans`);
    assert.match(list, /<h1>Region Västerbotten<\/h1>/);
    assert.match(list, new RegExp(`name="decisions\\.\\d+\\.planId" value="${plan.id}"`));
    const form = await send(`${here}/plan-decisions/new`, list, { 'decisions.0.planId': plan.id, 'decisions.0.version': '1' });
    assert.equal(form.status, 200, form.text);
    assert.match(form.text, new RegExp(`action="${here}/plan-decisions"`));
    const back = await send(`${here}/plan-decisions`, form.text, { 'decisions.0.planId': plan.id, 'decisions.0.version': '1', 'decisions.0.outcome': 'approved' });
    assert.equal(back.status, 303, back.text);
    assert.equal(ok(await get(`/plans/${plan.id}`)).status, 'approved');
    assert.match(await page(`${here}/incoming-plans?year=2031&stage=decided`), /områdets grupper som ingen ger uppdrag/);
  });

  test('is found from what waits, from the organisation, from the list of plans and from a plan', async () => {
    const plan = await submitted();
    const way = `href="${here}/incoming-plans"`;
    for (const path of ['/me/tasks', here, '/plans']) assert.ok((await page(path)).includes(way), path);
    assert.ok((await page(here, 'support')).includes(way));
    assert.ok((await page(`/plans/${plan.id}/review`)).includes(`href="${here}/incoming-plans?year=2027"`));
    for (const path of [here, '/plans']) assert.ok(!(await page(path, 'karin.bergstrom')).includes('incoming-plans'), path);
    assert.ok(!(await page('/organisations/kommun-umea', 'support')).includes('incoming-plans'));
    const desks = async (who) => ok(await get('/me/tasks?embed=incomingPlans', who))._embedded.incomingPlans;
    const [desk] = (await desks('vasterbotten')).desks;
    assert.deepEqual(Object.keys(desk).sort(), ['href', 'name', 'waiting']);
    assert.equal(desk.waiting, ok(await get(`${here}/incoming-plans?stage=submitted`, 'vasterbotten')).items.length);
    assert.ok((await desks('oskar.lillbro')).desks.some((d) => d.href === '/groups/sks/incoming-plans' && d.waiting > 0));
    assert.equal(await desks('karin.bergstrom'), null);
    const flagged = await send(`/plans/${plan.id}/flags`, await page(`/plans/${plan.id}/review`), { flagged: 'true' });
    assert.equal(flagged.headers.location, `${here}/incoming-plans?year=2027#plan-${plan.id}`);
  });

  test('is not offered to those who may not look there', async () => {
    const html = await page((await get('/plans?status=submitted&groupId=npo-akut-vard')).json.items.map((p) => `/plans/${p.id}/review`)[0], 'oskar.lillbro');
    assert.ok(html.includes('href="/groups/sks/incoming-plans?year=2027"'));
    const own = ok(await get('/plans?groupId=npo-aldres-halsa-och-palliativ-vard&year=2027')).items[0];
    assert.ok(!(await page(`/plans/${own.id}/review`, 'karin.bergstrom')).includes('incoming-plans'));
  });
});

describe('mails', () => {
  test('tell the programme area of remarks once a day, of what was decided, and hold none of it', async () => {
    const plan = await submitted('npo-tandvard');
    for (const text of ['Hemlig fråga ett?', 'Hemlig fråga två?']) made(await post(`/plans/${plan.id}/remarks`, { text }, 'oskar.lillbro'));
    const asked = mails(`plans:${plan.id}:remarks:%`);
    assert.ok(asked.length >= 1);
    assert.equal(new Set(asked.map((m) => m.address)).size, asked.length, 'one each');
    assert.match(asked[0].content, /Frågor om planen från NPO Tandvård för 2027/);
    made(await post(`/plans/${plan.id}/decisions`, { outcome: 'returned', comment: 'Hemlig kommentar.' }, 'oskar.lillbro'));
    assert.match(mails(`plans:${plan.id}:decided:1`)[0].content, /återlämnad/);
    made(await post(`/plans/${plan.id}/submissions`));
    made(await post(`/plans/${plan.id}/decisions`, { outcome: 'approved' }, 'oskar.lillbro'));
    assert.match(mails(`plans:${plan.id}:decided:2`)[0].content, /godkänd/);
    assert.ok(!mails(`plans:${plan.id}:%`).some((m) => m.content.includes('Hemlig')));
  });

  test('are in the reader\'s language', async () => {
    sql("UPDATE account SET language = 'en' WHERE email = 'vasterbotten@kansli.example';");
    const plan = await submitted();
    assert.match(mails(`plans:${plan.id}:submitted:1`)[0].content, /is submitted/);
    sql("UPDATE account SET language = NULL WHERE email = 'vasterbotten@kansli.example';");
  });

  test('of a plan that nobody commissions go to the coordinator, and of a group that coordinators do not know of to the support function', async () => {
    const plan = await submitted();
    assert.deepEqual(mails(`plans:${plan.id}:submitted:1`).map((m) => m.address), ['vasterbotten@kansli.example']);
    const closed = await submitted(await group({ accessMode: 'restricted' }));
    const national = await submitted(await group({ kind: 'npo', regionId: undefined }));
    for (const one of [closed, national]) assert.deepEqual(mails(`plans:${one.id}:submitted:1`).map((m) => m.address), ['support@kansli.example']);
  });
});

test('history says in words what the order and the decision changed', async () => {
  const plan = made(await post('/plans', { groupId: await group(), year: 2027, goals: 'Mål' }));
  const ids = [];
  for (const title of ['Första', 'Andra']) ids.push(made(await post(`/plans/${plan.id}/initiatives`, { title, priority: 1 })).id);
  made(await post(`/plans/${plan.id}/initiative-orders`, { initiativeIds: ids.reverse() }));
  made(await post(`/plans/${plan.id}/submissions`));
  made(await post(`/plans/${plan.id}/decisions`, { outcome: 'returned', comment: 'Mer.', reference: '§ 3' }, 'vasterbotten'));
  const changes = ok(await get(`/groups/${plan.groupId}/history?limit=100`)).items.filter((e) => e.objectId === plan.id).flatMap((e) => e.changes);
  const words = Object.fromEntries(changes.map((c) => [c.field, [c.label, c.afterText]]));
  assert.deepEqual(words.initiatives, ['Insatserna i ordning', 'Andra, Första']);
  assert.deepEqual(words.comment, ['Kommentar', 'Mer.']);
  assert.deepEqual(words.reference, ['Beslutets nummer', '§ 3']);
});
