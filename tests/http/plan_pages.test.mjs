// Pages of plans through the real binary: what each reader is shown, the forms by which a plan is begun, written, put in
// order, submitted, remarked on, decided alone and with others, followed up, without a script; two versions side by side.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

const area = 'npo-aldres-halsa-och-palliativ-vard'; // Karin is its process leader; Oskar decides for the steering group
let k, token, karin, oskar, viveka, draft, approved, queued;
const get = async (where) => (await k.api(where, { token })).json;
const post = async (where, body = {}) => {
  const reply = await k.api(where, { token, method: 'POST', body });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
};
const page = async (path, cookies = karin, status = 200) => {
  const reply = await k.page(path, { cookies });
  assert.equal(reply.status, status, `${path}: ${reply.text}`);
  return reply.text;
};
const hidden = (html, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];
const send = (path, html, values, cookies = karin) => k.page(path, {
  cookies, method: 'POST', headers: { origin: k.url, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams([['_csrf', hidden(html, '_csrf')], ...(Array.isArray(values) ? values : Object.entries(values))]).toString(),
});
const sent = async (path, html, values, cookies) => {
  const reply = await send(path, html, values, cookies);
  assert.equal(reply.status, 303, `${path}: ${reply.text}`);
  return reply.headers.location;
};
const again = async (path, html, values, cookies, status = 400) => {
  const reply = await send(path, html, values, cookies);
  assert.equal(reply.status, status, `${path}: ${reply.text}`);
  return reply.text;
};

before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  const login = async (who) => (await k.login(`${who}@kansli.example`, 'kansli-demo-2026')).header;
  [karin, oskar, viveka] = [await login('karin.bergstrom'), await login('oskar.lillbro'), await login('viveka.lundhede')];
  token = await k.token('support@kansli.example');
  const mine = (await get(`/groups/${area}/plans`)).items;
  [draft, approved] = [2027, 2026].map((year) => mine.find((p) => p.year === year).id);
  queued = (await get('/plans?status=submitted&year=2027&level=national')).items.map((p) => p.id);
});

describe('who sees what', () => {
  test('an approved plan is everybody\'s, with its facts apart, and without what reviewers said', async () => {
    const html = await page(`/plans/${approved}`, '');
    for (const words of ['Ur registret', 'Insatsområden och insatser', 'Styrgruppen 2026-02-12 § 10', 'Levererat']) assert.match(html, new RegExp(words));
    assert.match(html, /aria-current="step"[^>]*>Beslutad/);
    assert.doesNotMatch(html, /Synpunkter|Ställningstaganden|Kommentar|method="post" action="\/plans/);
    await page(`/plans/${draft}`, '', 404);
    await page(`/plans/${draft}/document`, '', 404);
    await page(`/plans/${draft}/comparison`, viveka, 404);
  });
  test('the next step is offered to whose it is', async () => {
    assert.match(await page(`/plans/${draft}`), /class="btn pri" href="\/plans\/[^"]*\/submissions\/new"/);
    assert.doesNotMatch(await page(`/plans/${draft}`, oskar), /submissions\/new/);
    assert.match(await page(`/plans/${queued[0]}`, oskar), /class="btn pri" href="\/plans\/[^"]*\/review"/);
    assert.match(await page(`/plans/${approved}`), /follow-ups\/new/);
  });
  test('no form is one for those who may not', async () => {
    for (const rest of ['edit', 'delete', 'submissions/new', 'initiatives/new', 'initiative-orders/new']) await page(`/plans/${draft}/${rest}`, viveka, 404);
    for (const rest of ['review', 'remarks/new', 'positions/new', 'decisions/new']) await page(`/plans/${approved}/${rest}`, viveka, 403);
    for (const rest of ['edit', 'initiatives/new', 'initiative-orders/new']) await page(`/plans/${approved}/${rest}`, karin, 409);
    await page('/groups/sks/incoming-plans', karin, 403);
    await page('/groups/nag-palliativ-vard/plans/new', karin, 409); // such a group has none
  });
  test('the group\'s page and its tab lead to its plans; other groups show what they carry out', async () => {
    const html = await page(`/groups/${area}`, '');
    assert.match(html, new RegExp(`href="/groups/${area}/plans">Plan<`));
    assert.match(html, /Plan för 2026/);
    assert.doesNotMatch(html, /Plan för 2027/);
    const other = await page('/groups/nag-palliativ-vard', '');
    assert.match(other, /Insatser som den genomför/);
    assert.doesNotMatch(other, /href="\/groups\/nag-palliativ-vard\/plans"/);
  });
  test('the list is filtered by year and status, and is a file', async () => {
    const html = await page('/plans?year=2025', '');
    assert.match(html, /<option value="2025" selected>/);
    assert.doesNotMatch(html, /Plan för 2026/);
    assert.doesNotMatch(await page('/plans', ''), /<option value="2028"|Utkast<\/span>/);
    assert.match(await page('/plans?status=draft', ''), /Ingen plan/);
    assert.match((await k.api('/plans?year=2026&format=csv')).text, /NPO Akut vård;/);
  });
});

describe('a plan is written', () => {
  test('begun for a year, with what goes on', async () => {
    const html = await page(`/groups/${area}/plans/new`);
    assert.match(html, /name="year"[^>]*value="2028"/); // the first that has none
    const refused = await again(`/groups/${area}/plans`, html, { year: '2027' }, karin, 409);
    assert.match(refused, /Gruppen har redan en plan för 2027|plan för 2027/);
    const where = await sent(`/groups/${area}/plans`, html, { year: '2028' });
    assert.match(await page(where), /Förvaltning av vårdförlopp palliativ vård/);
    const form = await page(`${where}/delete`);
    assert.equal(await sent(`${where}?_method=DELETE`, form, { _version: hidden(form, '_version') }), `/groups/${area}/plans`);
  });
  test('two who write at once: the second is shown what the first has saved', async () => {
    const html = await page(`/plans/${draft}/edit`), version = hidden(html, '_version');
    assert.match(html, /Ur registret/);
    assert.equal(await sent(`/plans/${draft}?_method=PATCH`, html, { _version: version, risks: 'För lite tid.' }), `/plans/${draft}`);
    const stale = await again(`/plans/${draft}?_method=PATCH`, html, { _version: version, risks: 'För få händer.' }, karin, 412);
    assert.match(stale, /Sparat av någon annan under tiden:<\/?[^>]*> *<strong>För lite tid\.<\/strong>|För lite tid\./);
    assert.match(stale, /För få händer\./);
    await sent(`/plans/${draft}?_method=PATCH`, stale, { _version: hidden(stale, '_version'), risks: 'För få händer.' });
    assert.equal((await get(`/plans/${draft}`)).risks, 'För få händer.');
  });
  test('its texts are looked at before they are saved', async () => {
    const html = await page(`/plans/${draft}/edit`);
    const reply = await send('/plans/previews', html, { goals: 'Bättre **vård**.', risks: '' });
    assert.equal(reply.status, 200);
    assert.match(reply.text, /Bättre <strong>vård<\/strong>/);
    assert.doesNotMatch(reply.text, /Risker/);
  });
  test('initiatives are added, changed and taken out', async () => {
    const form = await page(`/plans/${draft}/initiatives/new`);
    assert.match(form, /<option value="Palliativ vård">/);
    for (const name of ['progress', 'outcome', 'position']) assert.doesNotMatch(form, new RegExp(`name="${name}"`));
    const wrong = await again(`/plans/${draft}/initiatives`, form, { title: 'Samtal', priority: '1', cost: '5000' });
    assert.match(wrong, /id="f-prioritisationReference-error"/);
    assert.match(wrong, /value="Samtal"/);
    await sent(`/plans/${draft}/initiatives`, form, { title: 'Samtal', priority: '1', focusArea: 'Palliativ vård', 'milestones.0.text': 'Halva', 'milestones.0.dueDate': '2027-06-30' });
    const one = (await get(`/plans/${draft}/initiatives`)).items.at(-1);
    assert.deepEqual([one.title, one.focusArea, one.milestones], ['Samtal', 'Palliativ vård', [{ text: 'Halva', dueDate: '2027-06-30' }]]);
    const where = `/plans/${draft}/initiatives/${one.id}`, edit = await page(`${where}/edit`);
    assert.match(edit, /<option value="Palliativ vård" selected>/);
    await sent(`${where}?_method=PATCH`, edit, { _version: hidden(edit, '_version'), title: 'Brytpunktssamtal' });
    assert.match(await page(where), /Brytpunktssamtal/);
    await page(`/plans/${approved}/initiatives/${one.id}/edit`, karin, 404);
    const away = await page(`${where}/delete`);
    await sent(`${where}?_method=DELETE`, away, { _version: hidden(away, '_version') });
    assert.ok(!(await get(`/plans/${draft}/initiatives`)).items.some((i) => i.id === one.id));
  });
  test('and put in order by buttons, or all at once', async () => {
    const where = `/plans/${draft}/initiative-orders/new`, ids = async () => (await get(`/plans/${draft}/initiatives`)).items.map((i) => i.id);
    const was = await ids();
    assert.ok((await sent(where, await page(where), [...was.map((id) => ['initiativeIds[]', id]), ['move', '1:up']])).endsWith('/initiative-orders/new'));
    assert.deepEqual(await ids(), [was[1], was[0], ...was.slice(2)]);
    const whole = (all) => k.api(`/plans/${draft}/initiative-orders`, { token, method: 'POST', body: { initiativeIds: all } });
    assert.equal((await whole(was)).status, 201);
    assert.deepEqual(await ids(), was);
    assert.equal((await whole(was.slice(1))).json.rule, 'initiatives-changed');
    assert.notEqual((await whole([was[0], was[0]])).status, 201, 'each once');
    assert.deepEqual(await ids(), was);
    assert.equal((await k.api(`/plans/${approved}/initiative-orders`, { token, method: 'POST', body: { initiativeIds: [] } })).json.rule, 'not-draft');
  });
});

describe('side by side', () => {
  test('words are marked where they differ, and hidden words say how', async () => {
    const form = await page(`/plans/${draft}/edit`);
    await sent(`/plans/${draft}?_method=PATCH`, form, { _version: hidden(form, '_version'), goals: 'Den som är gammal ska få en god vård.' });
    const html = await page(`/plans/${draft}/comparison`);
    assert.match(html, /<del><span class="vh">borttaget: <\/span>/);
    assert.match(html, /<ins><span class="vh">tillagt: <\/span>/);
    assert.match(html, /Plan för 2026 → Plan för 2027/);
    assert.match(html, /class="split"/);
    assert.match(html, /Oförändrat/);
    assert.doesNotMatch(await page(`/plans/${draft}/comparison?show=changes`), /Oförändrat/);
    assert.doesNotMatch(await page(`/plans/${draft}/comparison?show=running`), /class="split"/);
    await page(`/plans/${draft}/comparison?show=sideways`, karin, 400);
  });
  test('what can be chosen is what the reader may see', async () => {
    assert.doesNotMatch(await page(`/plans/${approved}/comparison`, ''), new RegExp(draft));
    assert.match(await page(`/plans/${approved}/comparison`), new RegExp(draft));
    const of = (await get(`/groups/${area}/plans?year=2025`)).items[0].id;
    assert.match(await page(`/plans/${approved}/comparison?with=${of}&version=1`, ''), /Plan för 2025 → Plan för 2026, version 1/);
    await page(`/plans/${approved}/comparison?with=${draft}`, '', 400);
  });
});

describe('reviewed and decided', () => {
  test('the queue says what has come in, how it differs, and what has not, in neutral words', async () => {
    const html = await page('/groups/sks/incoming-plans', oskar);
    assert.match(html, /Nya 1, borta 0 sedan 2026/);
    assert.match(html, /23 dagar kvar/);
    assert.match(html, /Inte påbörjad/);
    assert.doesNotMatch(html, /saknas|försenad/i);
    const { items, counts } = await get('/groups/sks/incoming-plans?year=2027');
    assert.equal(items.length, counts.all);
    assert.equal(items.filter((i) => i.stage === 'awaited').every((i) => i.added === null && i.cost === null && i.daysLeft === 23), true);
    assert.equal((await get('/groups/sks/incoming-plans?year=2027&stage=submitted')).items.length, queued.length);
    assert.equal(hidden(await page('/groups/sks/incoming-plans?stage=decided', oskar), 'decisions.0.planId'), undefined);
    const late = await get('/groups/sks/incoming-plans?year=2026');
    assert.ok(late.items.filter((i) => i.stage === 'awaited').every((i) => i.daysPast > 300 && i.daysLeft === null));
  });
  test('a plan is flagged for the meeting, and one is back in the queue', async () => {
    const html = await page('/groups/sks/incoming-plans', oskar);
    assert.equal(await sent(`/plans/${queued[0]}/flags`, html, { flagged: 'true' }, oskar), `/groups/sks/incoming-plans?year=2027#plan-${queued[0]}`);
    assert.equal((await get(`/plans/${queued[0]}`)).flagged, true);
    await page(`/plans/${queued[0]}`, '', 404);
  });
  test('a remark on a row is made, answered and marked as resolved', async () => {
    await post(`/plans/${draft}/submissions`);
    const [one] = (await get(`/plans/${draft}/initiatives`)).items, review = await page(`/plans/${draft}/review`, oskar);
    assert.match(review, new RegExp(`id="initiative-${one.id}"`));
    await sent(`/plans/${draft}/remarks`, review, { initiativeId: one.id, text: 'Hur märks det?' }, oskar);
    assert.match(await again(`/plans/${draft}/remarks`, review, { initiativeId: one.id, text: '' }, oskar), /id="f-text-error"/);
    const mine = await page(`/plans/${draft}`), [remark] = (await get(`/plans/${draft}/remarks`)).items;
    assert.match(mine, /Hur märks det\?/);
    const card = mine.slice(mine.indexOf(`id="remark-${remark.id}"`));
    await sent(`/plans/${draft}/remarks/${remark.id}?_method=PATCH`, card, { _version: hidden(card, '_version'), answer: 'I registret.' });
    const seen = await page(`/plans/${draft}`, oskar), now = seen.slice(seen.indexOf(`id="remark-${remark.id}"`));
    assert.match(now, /I registret\./);
    await sent(`/plans/${draft}/remarks/${remark.id}?_method=PATCH`, now, { _version: hidden(now, '_version'), resolved: 'true' }, oskar);
    assert.match(await page(`/plans/${draft}`, oskar), /Löst/);
    await page(`/plans/${approved}/remarks/${remark.id}/edit`, oskar, 409); // that plan is decided
    await page(`/plans/${queued[0]}/remarks/${remark.id}/edit`, oskar, 404);
  });
  test('a position is taken once and changed', async () => {
    const html = await page(`/plans/${draft}/review`, oskar);
    await sent(`/plans/${draft}/positions`, html, { position: 'supportsWithRemarks', text: 'Bra.' }, oskar);
    const now = await page(`/plans/${draft}/review`, oskar), way = /positions\/([0-9a-f-]+)\/edit/.exec(now);
    assert.match(now, /Bra\./);
    assert.doesNotMatch(now, /name="position"/);
    const form = await page(`/plans/${draft}/${way[0]}`, oskar);
    await sent(`/plans/${draft}/positions/${way[1]}?_method=PATCH`, form, { _version: hidden(form, '_version'), position: 'supports' }, oskar);
    await page(`/plans/${queued[0]}/${way[0]}`, oskar, 404);
    await page(`/plans/${draft}/${way[0]}`, karin, 403);
  });
  test('the decision says which version was read, and comes back when something is missing', async () => {
    const html = await page(`/plans/${draft}/review`, oskar);
    const at = html.slice(html.indexOf('id="decide"'));
    const values = { version: hidden(at, 'version'), outcome: 'returned', decidedOn: '2026-11-20', reference: '§ 7', present: 'Bo Ek' };
    assert.equal(values.version, '1');
    const wrong = await again(`/plans/${draft}/decisions`, html, values, oskar);
    assert.match(wrong, /id="f-comment-error"/);
    assert.match(wrong, /value="2026-11-20"/);
    assert.equal(await sent(`/plans/${draft}/decisions`, wrong, { ...values, comment: 'Säg mer om målen.' }, oskar), `/plans/${draft}`);
    const mine = await page(`/plans/${draft}`);
    assert.match(mine, /Planen är återlämnad\.<\/strong> Säg mer om målen\./);
    assert.match(mine, /aria-current="step"[^>]*>Kompletteras/);
    for (const words of ['§ 7', 'Bo Ek', 'Oskar Lillbro']) assert.match(mine, new RegExp(words));
  });
  test('several are looked at once more, and decided together or not at all', async () => {
    const list = await page('/groups/sks/incoming-plans', oskar);
    const rows = queued.slice(0, 2).flatMap((id, i) => [[`decisions.${i * 3}.planId`, id], [`decisions.${i * 3}.version`, '1']]);
    const reply = await send('/groups/sks/plan-decisions/new', list, [...rows, ['decisions.1.version', '1']], oskar);
    assert.equal(reply.status, 200, reply.text);
    assert.equal([...reply.text.matchAll(/name="decisions\.\d\.planId"/g)].length, 2, 'a row that was not ticked is none');
    const both = (second) => [['decisions.0.planId', queued[0]], ['decisions.0.version', '1'], ['decisions.0.outcome', 'approved'],
      ['decisions.1.planId', queued[1]], ['decisions.1.version', '1'], ['decisions.1.outcome', 'returned'], ['decisions.1.comment', second], ['reference', 'SKS § 4']];
    const wrong = await again('/groups/sks/plan-decisions', reply.text, both(''), oskar);
    assert.match(wrong, /Inget beslutades/);
    assert.match(wrong, /href="#row-1"/);
    assert.match(wrong, /value="SKS § 4"/);
    assert.equal((await get(`/plans/${queued[0]}`)).status, 'submitted');
    await sent('/groups/sks/plan-decisions', wrong, both('Pröva kostnaden.'), oskar);
    assert.deepEqual([(await get(`/plans/${queued[0]}`)).status, (await get(`/plans/${queued[1]}`)).status], ['approved', 'returned']);
    assert.match((await send('/groups/sks/plan-decisions/new', list, {}, oskar)).text, /Ingen plan valdes/);
  });
});

describe('afterwards', () => {
  test('an initiative shows what hangs on it, as far down as the reader may see', async () => {
    const [one] = (await get(`/plans/${approved}/initiatives`)).items;
    const html = await page(`/plans/${approved}/initiatives/${one.id}`, '');
    assert.match(html, /Enligt plan 2, Klar 1/);
    assert.match(html, /LPO Äldres hälsa/);
    const below = (await get('/plans?level=local&status=approved')).items[0], child = (await get(`/plans/${below.id}/initiatives`)).items[0];
    assert.match(await page(`/plans/${below.id}/initiatives/${child.id}`, ''), new RegExp(child.parentInitiativeTitle));
    const hung = await post('/plans', { groupId: 'rpo-aldres-halsa-och-palliativ-vard-norra', year: 2029, goals: 'Mål' });
    await post(`/plans/${hung.id}/initiatives`, { title: 'Hemligt utkast', priority: 1, parentInitiativeId: one.id });
    const now = await page(`/plans/${approved}/initiatives/${one.id}`, '');
    assert.doesNotMatch(now, /Hemligt utkast/);
    assert.match(now, /Enligt plan 2, Klar 1/, 'nor is it counted');
  });
  test('how an initiative of an approved plan goes is written on its own form', async () => {
    const one = (await get(`/plans/${approved}/initiatives`)).items[0], where = `/plans/${approved}/initiatives/${one.id}`, form = await page(`${where}/edit`);
    assert.doesNotMatch(form, /name="title"/);
    await sent(`${where}?_method=PATCH`, form, { _version: hidden(form, '_version'), progress: 'delayed', deviation: 'Väntar på data.' });
    assert.match(await page(`/plans/${approved}`, ''), /Väntar på data\./);
  });
  test('the year is followed up on one page', async () => {
    const where = `/plans/${approved}/follow-ups`, form = await page(`${where}/new`), rows = (await get(`/plans/${approved}/initiatives`)).items;
    assert.match(form, /Väntar på data\./);
    const values = rows.flatMap((one, i) => [[`initiatives.${i}.initiativeId`, one.id], [`initiatives.${i}.progress`, 'done'], [`initiatives.${i}.outcome`, `Utfall ${i}`], [`initiatives.${i}.deviation`, '']]);
    const wrong = await again(where, form, [...values.slice(0, -1), [values.at(-1)[0], 'x'.repeat(4001)], ['summary', 'Ett år.']]);
    assert.match(wrong, /Utfall 0/);
    await sent(where, wrong, [...values, ['summary', 'Ett **gott** år.']]);
    const html = await page(`/plans/${approved}`, '');
    assert.match(html, /Ett <strong>gott<\/strong> år\./);
    assert.match(html, /aria-current="step"[^>]*>Uppföljd/);
    await page(`${where}/new`, karin, 409);
  });
  test('a sheet to print has its version, its decision and the day', async () => {
    const html = await page(`/plans/${approved}/document`, '');
    for (const words of ['class="paper"', 'Styrgruppen 2026-02-12 § 10', '12 februari 2026', 'Utfall 0', 'Delmål', 'Beslutad av']) assert.match(html, new RegExp(words));
  });
});
