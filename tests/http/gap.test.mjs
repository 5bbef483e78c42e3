// Needs and gaps through the real binary: raised from any level, answered where they stand, what names them, who sees and may
// what, the board and its forms, tasks and checks.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made, ok, refused, wrong } from '../lib/said.mjs';

const area = 'npo-aldres-halsa-och-palliativ-vard'; // Karin is its process leader
let k;
const tokens = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  tokens.nobody = '';
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token('karin.bergstrom@kansli.example');
  tokens.viveka = await k.token('viveka.lundhede@kansli.example'); // member of nag-palliativ-vard, officer of nothing
  const jelena = (await k.api('/persons?q=jelena petrovic', { token: tokens.support })).json.items[0].id; // leads the LPO in Västerbotten
  tokens.jelena = (await k.actor(null, { person: jelena })).token;
  tokens.reader = (await k.actor(null)).token;
  tokens.read = await k.token('karin.bergstrom@kansli.example', 'read');
});

const get = (where, who = 'support') => k.api(where, { token: tokens[who] ?? who });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who] ?? who, method: 'POST', body });
async function change(where, body, { who = 'support', etag } = {}) {
  etag ??= (await get(where)).etag;
  return k.api(where, { token: tokens[who] ?? who, method: 'PATCH', body, headers: etag ? { 'if-match': etag } : {} });
}
const links = (object) => object._links.map((l) => l.rel);
let serial = 0;
const group = async (fields = {}) => made(await post('/groups', { kind: 'npo', name: `Gap ${++serial}`, startDate: '2024-01-01', principalIds: ['sks'], ...fields })).id;
const raise = async (fields = {}, who) => made(await post('/gaps', { groupId: area, type: 'care', title: `Brist ${++serial}`, priority: 2, ...fields }, who));

describe('raised', () => {
  test('a gap says what is lacking, for whom it counts and where it was seen', async () => {
    const said = { type: 'research', title: 'Det saknas kunskap', evidence: 'Enligt **registret**.', raisedBy: 'Kvalitetsregister', raisedOn: '2026-11-01', dimensions: ['safe', 'equal'], priority: 3 };
    const reply = await post(`/groups/${area}/gaps`, said, 'karin');
    const one = made(reply);
    for (const [name, value] of Object.entries(said)) assert.deepEqual(one[name], value, name);
    assert.deepEqual([one.status, one.statusLabel, one.typeLabel, one.dimensionsLabels, one.groupId, one.groupName, one.level, one.raisedById, one.reason, one.answeredOn, one.initiativeCount, one.groupCount, one.hasInitiative],
      ['raised', 'Anmält', 'Forskning', ['Säker', 'Jämlik'], area, 'NPO Äldres hälsa och palliativ vård', 'national', null, null, null, 0, 0, false]);
    assert.equal(new URL(reply.headers.location, k.url).pathname, `/api/v1/gaps/${one.id}`);
    assert.deepEqual(ok(await get(`/gaps/${one.id}`, 'nobody')).title, said.title);
    assert.match(ok(await get(`/gaps/${one.id}?embed=page`))._embedded.evidenceHtml, /<strong>registret<\/strong>/);
    assert.equal((await raise({ raisedOn: null })).raisedOn, '2026-11-22');
  });

  test('a group of another level raises in its own name, and only who takes part in it', async () => {
    const lpo = 'lpo-aldres-halsa-och-palliativ-vard-vasterbotten';
    const one = await raise({ raisedById: lpo }, 'jelena');
    assert.deepEqual([one.raisedById, one.raisedByName, one.groupId], [lpo, 'LPO Äldres hälsa och palliativ vård', area]);
    assert.deepEqual(ok(await get(`/gaps?raisedById=${lpo}&limit=500`)).items.filter((g) => g.id === one.id).length, 1);
    refused(await post('/gaps', { groupId: area, type: 'care', title: 'I någon annans namn', priority: 1, raisedById: 'npo-tandvard' }, 'jelena'), 403, 'may-raise-gap');
    refused(await post('/gaps', { groupId: area, type: 'care', title: 'I områdets namn', priority: 1 }, 'jelena'), 403, 'may-raise-gap');
    await raise({ groupId: 'nag-palliativ-vard' }, 'viveka'); // in that of her own group
    await raise({ raisedById: 'npo-tandvard' }, 'karin'); // who keeps the inventory writes for others
    assert.equal((await raise({ raisedById: area }, 'karin')).raisedById, null);
  });

  test('nobody else raises, and what is raised is not answered at once', async () => {
    const body = { groupId: area, type: 'care', title: 'Brist', priority: 1 };
    refused(await post('/gaps', body, 'nobody'), 401, 'login-needed');
    for (const who of ['reader', 'norra', 'auditor', 'admin']) refused(await post('/gaps', body, who), 403, 'may-raise-gap');
    refused(await post('/gaps', body, 'read'), 403, 'token-scope');
    refused(await post('/gaps', { ...body, groupId: 'nag-palliativ-vard', status: 'prioritised' }, 'viveka'), 403, 'may-change-group');
    assert.equal((await raise({ status: 'prioritised' }, 'karin')).answeredOn, '2026-11-22');
  });

  test('bad input is told all at once', async () => {
    wrong(await post('/gaps', {}), '/groupId', '/type', '/title', '/priority');
    wrong(await post(`/groups/${area}/gaps`, { groupId: 'npo-tandvard', type: 'väntan', title: 'x'.repeat(301), priority: 5, raisedOn: '2026-11-23', dimensions: ['billig'], raisedById: 'ingen', status: 'klar', answeredOn: '2026-01-01', initiativeCount: 4 }),
      '/groupId', '/type', '/title', '/priority', '/raisedOn', '/dimensions/0', '/raisedById', '/status', '/answeredOn', '/initiativeCount');
    wrong(await post('/gaps', { groupId: area, type: 'care', title: 'x', priority: 0, status: 'declined' }), '/priority', '/reason');
    wrong(await post('/gaps', { groupId: area, type: 'care', title: 'Om 19121212-1212', priority: 1 }), '/title');
    wrong(await post('/gaps', { groupId: 'ingen', type: 'care', title: 'x', priority: 1 }), '/groupId');
  });
});

test('what has a value always may be left out and never taken away', async () => {
  const one = await raise();
  wrong(await post('/gaps', { groupId: area, type: 'care', title: 'Brist', priority: 1, status: null }), '/status');
  wrong(await change(`/gaps/${one.id}`, { status: null }), '/status');
  wrong(await post('/groups', { kind: 'npo', name: 'Intet', startDate: '2027-01-01', permanence: null, accessMode: null }), '/permanence', '/accessMode');
});

describe('answered', () => {
  test('from raised on to prioritised, addressed or declined, with the day', async () => {
    const one = await raise();
    const where = `/gaps/${one.id}`;
    const prioritised = ok(await change(where, { status: 'prioritised', priority: 1 }, { who: 'karin' }));
    assert.deepEqual([prioritised.status, prioritised.priority, prioritised.answeredOn], ['prioritised', 1, '2026-11-22']);
    wrong(await change(where, { status: 'declined' }, { who: 'karin' }), '/reason');
    assert.equal(ok(await change(where, { status: 'declined', reason: 'Finns redan.' }, { who: 'karin' })).reason, 'Finns redan.');
    assert.equal(ok(await change(where, { status: 'raised' }, { who: 'karin' })).answeredOn, null);
  });

  test('addressed needs an initiative or a group that names it, or words on what else does', async () => {
    const where = `/gaps/${(await raise()).id}`;
    refused(await change(where, { status: 'addressed' }), 409, 'gap-not-answered');
    refused(await post('/gaps', { groupId: area, type: 'care', title: 'Brist', priority: 1, status: 'addressed' }), 409, 'gap-not-answered');
    assert.equal(ok(await change(where, { status: 'addressed', reason: 'Socialstyrelsen tar fram råd.' })).status, 'addressed');
    const other = await raise();
    const nag = await group({ kind: 'nag', principalIds: [area], gapId: other.id });
    const answered = ok(await change(`/gaps/${other.id}`, { status: 'addressed' }));
    assert.deepEqual([answered.groupCount, answered.hasInitiative], [1, false]);
    assert.deepEqual(ok(await get(`/gaps/${other.id}?embed=groups`))._embedded.groups.map((g) => g.id), [nag]);
  });

  test('what set once stays, and a lost race is told', async () => {
    const one = await raise({ raisedById: 'npo-tandvard' });
    const where = `/gaps/${one.id}`, etag = (await get(where)).etag;
    wrong(await change(where, { groupId: 'npo-tandvard', raisedById: area }), '/groupId', '/raisedById');
    ok(await change(where, { title: 'En annan rubrik' }, { etag }));
    assert.equal((await change(where, { title: 'En tredje' }, { etag })).status, 412);
    assert.equal((await k.api(where, { token: tokens.support, method: 'PATCH', body: { title: 'x' } })).status, 428);
    assert.equal(ok(await get(where)).raisedById, 'npo-tandvard');
    assert.equal((await k.api(where, { token: tokens.support, method: 'DELETE', headers: { 'if-match': etag } })).status, 405);
  });

  test('only by those who keep the inventory', async () => {
    const where = `/gaps/${(await raise({ groupId: 'nag-palliativ-vard' }, 'viveka')).id}`;
    for (const who of ['viveka', 'reader', 'norra', 'auditor']) refused(await change(where, { title: 'x' }, { who }), 403, 'may-change-group');
    refused(await change(where, { title: 'x' }, { who: 'nobody' }), 401, 'login-needed');
    assert.deepEqual(links(ok(await get(where, 'karin'))), ['self', 'edit']);
    assert.deepEqual(links(ok(await get(where, 'viveka'))), ['self']);
  });
});

describe('what names a gap', () => {
  test('an initiative is counted for those who may know of its plan', async () => {
    const npo = await group(), one = await raise({ groupId: npo });
    const plan = made(await post('/plans', { groupId: npo, year: 2027, goals: 'Mål' }));
    const initiative = made(await post(`/plans/${plan.id}/initiatives`, { title: 'Enkät', priority: 1, gapId: one.id }));
    const seen = ok(await get(`/gaps/${one.id}?embed=initiatives`));
    assert.deepEqual([seen.initiativeCount, seen.hasInitiative, seen._embedded.initiatives.map((i) => i.id)], [1, true, [initiative.id]]);
    const outside = ok(await get(`/gaps/${one.id}?embed=initiatives`, 'reader'));
    assert.deepEqual([outside.initiativeCount, outside.hasInitiative, outside._embedded.initiatives], [0, false, []]);
    assert.deepEqual(ok(await get(`/groups/${npo}/gaps?hasInitiative=true`, 'reader')).items, []);
    assert.equal(ok(await get(`/groups/${npo}/gaps?hasInitiative=false`, 'reader'))._meta.totalRecords, 1);
    assert.equal(ok(await get(`/groups/${npo}/gaps?hasInitiative=true`))._meta.totalRecords, 1);
    const submitted = made(await post(`/plans/${plan.id}/submissions`));
    made(await post(`/plans/${submitted.id}/decisions`, { outcome: 'approved' }));
    assert.equal(ok(await get(`/gaps/${one.id}`, 'nobody')).initiativeCount, 1);
  });

  test('is found by its title in the form of a group, and shown there as such', async () => {
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    const one = await raise({ title: `Uppföljning saknas ${++serial}` });
    const page = await jar.get(`/groups/new?kind=nag&principal=${area}&gap=${one.id}`);
    assert.ok(page.text.includes(`name="gapId" type="text" value="${one.title}"`), 'the title stands in the form');
    const sent = await jar.submit(page.formWith((input) => input.name === 'gapId'), { name: `Uppföljning ${serial}` });
    assert.equal(sent.status, 303, sent.text);
    assert.equal(ok(await get(`/groups/nag-uppfoljning-${serial}`)).gapId, one.id);
  });
});

describe('seen', () => {
  test('as the papers of the group: by all, by those signed in, by those concerned', async () => {
    const open = await raise(), transparent = await group({ accessMode: 'transparent' }), restricted = await group({ accessMode: 'restricted' });
    const inner = await raise({ groupId: transparent }), hidden = await raise({ groupId: restricted });
    const sees = async (one, who) => [(await get(`/gaps/${one.id}`, who)).status, ok(await get(`/gaps?limit=500&q=${encodeURIComponent(one.title)}`, who))._meta.totalRecords];
    assert.deepEqual(await sees(open, 'nobody'), [200, 1]);
    assert.deepEqual(await sees(inner, 'nobody'), [404, 0]);
    assert.deepEqual(await sees(inner, 'reader'), [200, 1]);
    assert.deepEqual(await sees(hidden, 'reader'), [404, 0]);
    assert.deepEqual(await sees(hidden, 'support'), [200, 1]);
    assert.equal((await get(`/groups/${restricted}/gaps`, 'reader')).status, 404);
    wrong(await post('/gaps', { groupId: restricted, type: 'care', title: 'x', priority: 1 }, 'karin'), '/groupId');
    const nag = await group({ kind: 'nag', principalIds: [area], gapId: hidden.id });
    const told = ok(await get(`/groups/${nag}`, 'karin'));
    assert.deepEqual([told.gapId, told.gapTitle], [null, null]);
    wrong(await get(`/groups?gapId=${hidden.id}`, 'karin'), 'gapId');
    ok(await change(`/groups/${nag}`, { shortName: 'Kort' }, { who: 'karin', etag: (await get(`/groups/${nag}`, 'karin')).etag }));
    assert.equal(ok(await get(`/groups/${nag}`)).gapId, hidden.id, 'what is not known of stays');
  });

  test('a restricted group that raised it is not named', async () => {
    const restricted = await group({ accessMode: 'restricted' });
    const one = await raise({ raisedById: restricted });
    assert.deepEqual([one.raisedById, ok(await get(`/gaps/${one.id}`, 'karin')).raisedById], [restricted, null]);
    ok(await change(`/gaps/${one.id}`, { priority: 4 }, { who: 'karin', etag: (await get(`/gaps/${one.id}`, 'karin')).etag }));
    assert.equal(ok(await get(`/gaps/${one.id}`)).raisedById, restricted);
    assert.equal((await post(`/groups/${restricted}`, {})).status, 405);
    const etag = (await get(`/groups/${restricted}`)).etag;
    refused(await k.api(`/groups/${restricted}`, { token: tokens.support, method: 'DELETE', headers: { 'if-match': etag } }), 409, 'in-use');
  });

  test('in the history of the group whose inventory it is, without what its reader may not know of', async () => {
    const npo = await group(), hidden = await group({ accessMode: 'restricted' }), nag = await group({ kind: 'nag', principalIds: [area] });
    const one = await raise({ groupId: npo, raisedById: hidden });
    const secret = await raise({ groupId: hidden });
    const events = async (id, who) => ok(await get(`/groups/${id}/history`, who)).items;
    const told = (await events(npo)).find((e) => e.objectId === one.id);
    assert.deepEqual([told.objectType, told.act], ['gaps', 'create']);
    ok(await change(`/groups/${nag}`, { gapId: secret.id }));
    const [{ changes: [named] }] = await events(nag), [{ changes: [kept] }] = await events(nag, 'karin');
    assert.deepEqual([named.field, named.after, named.afterText], ['gapId', secret.id, secret.title]);
    assert.deepEqual([kept.field, kept.after, kept.afterText], ['gapId', null, null]);
  });

  test('filtered, sorted and searched', async () => {
    const npo = await group();
    const first = await raise({ groupId: npo, priority: 3, dimensions: ['safe'], title: 'Alfa' });
    const second = await raise({ groupId: npo, priority: 1, type: 'research', dimensions: ['equal', 'efficient'], title: 'Beta', status: 'prioritised' });
    const titles = async (query) => ok(await get(`/groups/${npo}/gaps?${query}`)).items.map((g) => g.title);
    assert.deepEqual(await titles(''), ['Alfa', 'Beta'], 'what waits stands first');
    assert.deepEqual(await titles('sort=-title'), ['Beta', 'Alfa']);
    assert.deepEqual(await titles('type=research'), ['Beta']);
    assert.deepEqual(await titles('status=raised,declined'), ['Alfa']);
    assert.deepEqual(await titles('dimensions=efficient'), ['Beta']);
    assert.deepEqual(await titles('dimensions=safe,equal&sort=priority'), ['Beta', 'Alfa']);
    assert.deepEqual(await titles('priority=3'), ['Alfa']);
    assert.deepEqual(await titles('q=beta'), ['Beta']);
    assert.deepEqual(ok(await get(`/gaps?groupId=${npo}&level=national`)).items.map((g) => g.id), [first.id, second.id]);
    assert.deepEqual(await titles('level=local'), []);
    wrong(await get('/gaps?dimensions=billig,safe'), 'dimensions');
    assert.match((await get(`/groups/${npo}/gaps?format=csv`)).text, /Alfa/);
  });
});

describe('pages', () => {
  test('the board has a column for each status, and leads to where a gap is moved', async () => {
    const npo = await group(), one = await raise({ groupId: npo });
    const board = ok(await get(`/groups/${npo}/gaps?embed=page`))._embedded.columns;
    assert.deepEqual(board.map((c) => [c.status, c.count, c.now]), [['raised', 1, true], ['prioritised', 0, false], ['addressed', 0, false], ['declined', 0, false]]);
    assert.deepEqual(ok(await get(`/groups/${npo}/gaps?embed=page&column=declined`))._embedded.columns.map((c) => c.now), [false, false, false, true]);
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    const page = await jar.get(`/groups/${npo}/gaps`);
    assert.ok(page.text.includes(`href="/gaps/${one.id}#move"`));
    const shown = await jar.get(`/gaps/${one.id}`);
    const form = shown.formWith((input) => input.name === 'status');
    const send = (fields) => jar.submit(form, fields);
    const refusal = await send({ status: 'declined', reason: '' });
    assert.equal(refusal.status, 400);
    assert.match(refusal.text, /Skriv varför det avböjs\./);
    const again = refusal.formWith((input) => input.name === 'status');
    assert.deepEqual([again.fields.status, again.fields.title], ['declined', undefined], 'it comes back as it was sent');
    assert.equal((await jar.submit(again, { reason: 'Det finns redan.' })).status, 303);
    const declined = ok(await get(`/gaps/${one.id}`));
    assert.deepEqual([declined.status, declined.title], ['declined', one.title]);
    const edit = (await jar.get(`/gaps/${one.id}/edit`)).formWith((input) => input.name === 'title');
    const wrongly = (await jar.submit(edit, { title: '', evidence: 'Nytt underlag.' })).formWith((input) => input.name === 'title');
    assert.deepEqual([wrongly.fields.title, wrongly.fields.evidence, wrongly.fields.reason], ['', 'Nytt underlag.', 'Det finns redan.']);
    assert.doesNotMatch((await k.page(`/groups/${npo}/gaps`)).text, /#move/);
  });

  test('who takes part in another group raises in its name', async () => {
    const jar = await k.login('viveka.lundhede@kansli.example', 'kansli-demo-2026');
    const page = await jar.get(`/groups/${area}/gaps/new`);
    assert.match(page.text, /name="raisedById" type="text" value="[^"]*NAG Palliativ vård/);
    assert.doesNotMatch(page.text, /name="status"/);
    const sent = await jar.submit(page.formWith((input) => input.name === 'title'), { type: 'care', title: 'Från en ledamot', priority: '2', 'dimensions[]': ['', 'safe'] });
    assert.equal(sent.status, 303, sent.text);
    const one = ok(await get(`/gaps?q=${encodeURIComponent('från en ledamot')}`)).items[0];
    assert.deepEqual([one.raisedById, one.raisedOn, one.dimensions], ['nag-palliativ-vard', '2026-11-22', ['safe']]);
  });

  test('the group has what stands open, and no panel where there is nothing', async () => {
    const npo = await group();
    assert.equal(ok(await get(`/groups/${npo}?embed=gaps`, 'nobody'))._embedded.gaps, null);
    assert.deepEqual(ok(await get(`/groups/${npo}?embed=gaps`))._embedded.gaps.gaps, [], 'who may raise one finds the way');
    for (let i = 0; i < 6; i++) await raise({ groupId: npo });
    await raise({ groupId: npo, status: 'declined', reason: 'Nej.' });
    const part = ok(await get(`/groups/${npo}?embed=gaps`, 'nobody'))._embedded.gaps;
    assert.deepEqual([part.open, part.gaps.length], [6, 5]);
  });
});

describe('the way there', () => {
  test('what belongs to plans lights one item of the menu and one tab of a group, and leads on to the others', async () => {
    const lit = (text, within) => [...text.split(within)[1].split('</ul>')[0].matchAll(/<a[^>]*href="([^"]*)"[^>]*aria-current/g)].map((m) => m[1]);
    for (const path of ['/plans', '/steering', '/reviews', '/gaps']) {
      const { text } = await k.page(path);
      assert.deepEqual([lit(text, 'class="mainnav"'), lit(text, 'class="tabs"')], [['/plans'], [path]], path);
    }
    for (const [group, first, pages] of [[area, 'plans', ['plans', 'progress', 'reviews', 'gaps']], ['nag-palliativ-vard', 'reviews', ['reviews', 'gaps']]]) {
      for (const page of pages) {
        const { text } = await k.page(`/groups/${group}/${page}`);
        assert.deepEqual([lit(text, 'class="tabs"'), lit(text, 'class="wrap beneath')], [[`/groups/${group}/${first}`], [`/groups/${group}/${page}`]]);
        for (const other of pages) assert.ok(text.includes(`<a class="chip" href="/groups/${group}/${other}"`), `${page} leads to ${other}`);
      }
    }
    assert.doesNotMatch((await k.page(`/groups/${area}`)).text, /class="wrap beneath/);
    const jar = await k.login('oskar.lillbro@kansli.example', 'kansli-demo-2026');
    assert.match((await jar.get('/groups/sks')).text, /href="\/groups\/sks\/incoming-plans"/);
    assert.doesNotMatch((await k.page('/groups/sks')).text, /incoming-plans/);
    assert.deepEqual(lit((await k.page('/organisations')).text, 'class="mainnav"'), ['/levels']);
  });
});

describe('what waits', () => {
  test('the officers of an inventory answer what was raised, within a year of the first', async () => {
    const task = ok(await get('/me/tasks', 'karin')).items.find((t) => t.id === `gaps-answer:${area}`);
    assert.deepEqual([task.type, task.dueDate, task.objectType], ['gaps', '2026-08-19', 'groups']);
    assert.ok(!ok(await get('/me/tasks', 'viveka')).items.some((t) => t.type === 'gaps'));
  });

  test('a national working group that names no gap is told, and no other', async () => {
    const one = await raise();
    const [without, withOne, regional] = [await group({ kind: 'nag', principalIds: [area] }), await group({ kind: 'nag', principalIds: [area], gapId: one.id }), 'rag-palliativ-vard'];
    const found = ok(await get('/checks?rule=gap-missing&limit=500')).items.map((f) => f.objectId);
    assert.deepEqual([without, withOne, regional].map((id) => found.includes(id)), [true, false, false]);
  });

  test('a gap unanswered for a year is told, one day later and not before', async () => {
    const npo = await group();
    const old = await raise({ groupId: npo, raisedOn: '2025-11-21' }), young = await raise({ groupId: npo, raisedOn: '2025-11-22' });
    const found = async () => ok(await get('/checks?rule=gap-unanswered')).items.map((f) => f.objectId);
    let all = await found();
    assert.deepEqual([all.includes(old.id), all.includes(young.id)], [true, false]);
    ok(await change(`/gaps/${old.id}`, { status: 'prioritised' }));
    all = await found();
    assert.ok(!all.includes(old.id));
  });
});
