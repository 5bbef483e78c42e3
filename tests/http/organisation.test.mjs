// Organisations: reference data, healthcare regions that are inherited, rules, rights, pages.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

let k;
let support;
let reader;
before(async () => {
  k = await start({ demo: true });
  support = await k.actor('support');
  reader = await k.actor(null);
});

const at = (id) => `/organisations/${id}`;
const ids = (reply) => reply.json.items.map((item) => item.id);
const regions = (reply) => reply.json.healthcareRegions.map((r) => (r.isPrimary ? r.id : `(${r.id})`)).join(' ');
const create = (body, options) => k.api('/organisations', { method: 'POST', token: support.token, body, ...options });

async function made(body) {
  const reply = await create(body);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

async function change(id, body, options = {}) {
  const now = await k.api(at(id));
  return k.api(at(id), { method: 'PATCH', token: support.token, body, headers: { 'if-match': now.etag }, ...options });
}

async function remove(id, options = {}) {
  const now = await k.api(at(id));
  return k.api(at(id), { method: 'DELETE', token: support.token, headers: { 'if-match': now.etag }, ...options });
}

const rule = (reply, status, name) => assert.deepEqual([reply.status, reply.json.rule], [status, name], reply.text);
const pointers = (reply) => reply.json.errors.map((e) => e.pointer ?? e.parameter).sort();

describe('the country', () => {
  test('has 6 healthcare regions, 21 regions and 290 municipalities', async () => {
    for (const [type, n] of [['healthcareRegion', 6], ['region', 21], ['municipality', 290]]) {
      assert.equal((await k.api(`/organisations?type=${type}`)).json._meta.totalRecords, n);
    }
  });

  test('keeps codes as text: Gotland is a region and a municipality', async () => {
    assert.equal((await k.api(at('region-gotland'))).json.code, '09');
    assert.deepEqual(ids(await k.api('/organisations?code=09,0980')), ['kommun-gotland', 'region-gotland']);
  });

  test('has Halland in two healthcare regions, Södra first, and its north in Västra alone', async () => {
    assert.equal(regions(await k.api(at('region-halland'))), 'sodra (vastra)');
    assert.equal(regions(await k.api(at('kommun-kungsbacka'))), 'vastra');
    assert.equal(regions(await k.api(at('kommun-umea'))), 'norra');
    assert.equal(regions(await k.api(at('norra'))), '');
  });

  test('says what an organisation is, in the language that was asked for', async () => {
    const get = async (language) => (await k.api(at('kommun-umea'), { headers: { 'accept-language': language } })).json;
    const english = await get('en');
    assert.equal(english.type, 'municipality');
    assert.equal(english.typeLabel, 'Municipality');
    assert.equal(english.parentId, 'region-vasterbotten');
    assert.equal(english.parentName, 'Region Västerbotten');
    assert.equal((await get('sv')).typeLabel, 'Kommun');
    for (const name of ['key', 'version', 'parentKey']) assert.ok(!(name in english), name);
  });
});

describe('the list', () => {
  test('is sorted as Swedish is, 20 at a time, and its links repeat what was asked', async () => {
    const reply = await k.api('/organisations?type=municipality&sort=-name');
    assert.equal(reply.json.items.length, 20);
    assert.deepEqual(ids(reply).slice(0, 3), ['kommun-overtornea', 'kommun-overkalix', 'kommun-ostra-goinge']);
    assert.deepEqual(reply.json._meta, { totalRecords: 290, page: 1, limit: 20, count: 20 });
    const next = reply.json._links.find((link) => link.rel === 'next').href;
    assert.match(next, /type=municipality/);
    assert.match(next, /sort=-name/);
    const second = await k.api(next);
    assert.equal(second.json._meta.page, 2);
    const past = await k.api('/organisations?page=999');
    assert.deepEqual([past.status, past.json.items.length], [200, 0]);
  });

  test('filters by type, parent, code and healthcare region; a comma means or', async () => {
    assert.deepEqual(ids(await k.api('/organisations?type=region&parentId=stockholm-gotland')), ['region-gotland', 'region-stockholm']);
    assert.deepEqual(ids(await k.api('/organisations?type=region&healthcareRegion=vastra')), ['region-halland', 'region-vastra-gotaland']);
    assert.equal((await k.api('/organisations?type=region,hospital')).json._meta.totalRecords, 28);
    assert.equal((await k.api('/organisations?type=region&healthcareRegion=norra,sydostra')).json._meta.totalRecords, 7);
  });

  test('finds by words without dots over them, by code and by address', async () => {
    assert.ok(ids(await k.api('/organisations?q=ostergotland')).includes('region-ostergotland'));
    assert.deepEqual(ids(await k.api('/organisations?q=0980')), ['kommun-gotland']);
    assert.deepEqual(ids(await k.api('/organisations?q=skellef')), ['kommun-skelleftea']);
    assert.deepEqual(ids(await k.api('/organisations?q=%25%25')), []);
  });

  test('gives the members that are asked for', async () => {
    const [item] = (await k.api('/organisations?fields=id,code&code=2480')).json.items;
    assert.deepEqual(Object.keys(item).filter((name) => name[0] !== '_'), ['id', 'code']);
  });

  test('refuses what it does not know, all at once', async () => {
    const reply = await k.api('/organisations?type=planet&colour=red&healthcareRegion=region-skane&limit=0&sort=modified&asOf=2026-02-30');
    rule(reply, 400, 'invalid-input');
    assert.deepEqual(pointers(reply), ['asOf', 'colour', 'healthcareRegion', 'limit', 'sort', 'type']);
  });

  test('holds the rows in force on a day when one is given', async () => {
    await made({ id: 'for-en-tid', type: 'council', name: 'Rådet för en tid', startDate: '2020-01-01', endDate: '2020-12-31' });
    const on = async (day) => ids(await k.api(`/organisations?type=council&limit=500${day ? `&asOf=${day}` : ''}`)).includes('for-en-tid');
    assert.equal(await on(), true);
    for (const [day, is] of [['2019-12-31', false], ['2020-01-01', true], ['2020-12-31', true], ['2021-01-01', false]]) {
      assert.equal(await on(day), is, day);
    }
  });

  test('tells who synchronises what changed and what is gone', async () => {
    const { modified } = await made({ id: 'kommer-och-gar', type: 'other', name: 'Kommer och går' });
    assert.equal((await remove('kommer-och-gar')).status, 204);
    const changed = await made({ id: 'stannar', type: 'other', name: 'Stannar' });
    const reply = await k.api(`/organisations?modifiedSince=${modified}`);
    assert.ok(reply.json.items.some((item) => item.id === changed.id && !item.deleted));
    assert.deepEqual(reply.json.items.find((item) => item.id === 'kommer-och-gar'), { id: 'kommer-och-gar', deleted: true });
  });
});

describe('a new organisation', () => {
  test('gets its address from its name and its healthcare regions from its parent', async () => {
    const reply = await create({ type: 'hospital', name: 'Sjukhuset i Åre & Ödeshög', parentId: 'region-halland' });
    assert.equal(reply.status, 201, reply.text);
    assert.equal(reply.json.id, 'sjukhuset-i-are-odeshog');
    assert.match(reply.headers.location, /\/api\/v1\/organisations\/sjukhuset-i-are-odeshog$/);
    assert.equal(regions(reply), 'sodra (vastra)');
    const under = await create({ type: 'region', name: 'Region Nya', parentId: 'norra' });
    assert.equal(regions(under), 'norra');
  });

  test('is refused with every fault at once', async () => {
    const reply = await create({
      type: 'planet', shortName: 'x'.repeat(61), parentId: 'nobody', startDate: '2026-05-01', endDate: '2026-04-30',
      healthcareRegions: [], colour: 'red', id: 'Stor Bokstav',
    });
    rule(reply, 400, 'invalid-input');
    assert.deepEqual(pointers(reply), ['/colour', '/endDate', '/healthcareRegions', '/id', '/name', '/parentId', '/shortName', '/type']);
  });

  test('shares its addresses with groups, and the form has one of its own', async () => {
    rule(await create({ id: 'norra', type: 'other', name: 'Norra igen' }), 409, 'slug-taken');
    rule(await create({ id: 'npo-akut-vard', type: 'other', name: 'En grupps adress' }), 409, 'slug-taken');
    rule(await create({ id: 'new', type: 'other', name: 'Ny' }), 400, 'invalid-input');
    rule(await create({ type: 'other', name: '***' }), 400, 'invalid-input');
  });

  test('is made once when the same request comes twice', async () => {
    const body = { type: 'other', name: 'En enda' };
    const headers = { 'idempotency-key': 'en-enda-1' };
    const first = await create(body, { headers });
    const second = await create(body, { headers });
    assert.deepEqual([first.status, second.status], [201, 201]);
    assert.equal(second.text, first.text);
    rule(await create({ ...body, name: 'En annan' }, { headers }), 409, 'idempotency-key-reused');
  });
});

describe('a change', () => {
  test('needs the version that was seen', async () => {
    await made({ id: 'versioner', type: 'other', name: 'Versioner' });
    const patch = (headers) => k.api(at('versioner'), { method: 'PATCH', token: support.token, body: { name: 'Ny' }, headers });
    const { etag } = await k.api(at('versioner'));
    rule(await patch({}), 428, 'if-match-needed');
    rule(await patch({ 'if-match': '*' }), 400, 'if-match-star');
    const done = await patch({ 'if-match': etag });
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.name, 'Ny');
    const late = await patch({ 'if-match': etag });
    rule(late, 412, 'changed-meanwhile');
    assert.equal(late.etag.split('.')[0], done.etag.split('.')[0]);
    assert.equal((await k.api(at('versioner'), { headers: { 'if-none-match': (await k.api(at('versioner'))).etag } })).status, 304);
  });

  test('takes away what is null, and nothing changes when nothing differs', async () => {
    await made({ id: 'tomt', type: 'other', name: 'Tomt', code: '7', shortName: 'T', parentId: 'skr' });
    const reply = await change('tomt', { code: null, parentId: null });
    assert.deepEqual([reply.json.code, reply.json.parentId, reply.json.shortName], [null, null, 'T']);
    const same = await change('tomt', { shortName: 'T' });
    assert.equal(same.etag, reply.etag);
    rule(await change('tomt', { name: null }), 400, 'invalid-input');
    const derived = await change('tomt', { healthcareRegions: [], typeLabel: 'x', startDate: '2026-02-02', endDate: '2026-02-01' });
    assert.deepEqual(pointers(derived), ['/endDate', '/healthcareRegions', '/typeLabel']);
  });

  test('of the address leaves one that leads on, for pages and scripts', async () => {
    await made({ id: 'gammal-adress', type: 'other', name: 'Flyttar' });
    const reply = await change('gammal-adress', { id: 'ny-adress' });
    assert.equal(reply.json.id, 'ny-adress');
    const script = await k.api(`${at('gammal-adress')}?embed=parts`);
    assert.equal(script.status, 308);
    assert.match(script.headers.location, /\/api\/v1\/organisations\/ny-adress\?embed=parts$/);
    const page = await k.page(at('gammal-adress'));
    assert.deepEqual([page.status, new URL(page.headers.location).pathname], [308, at('ny-adress')]);
    rule(await create({ id: 'gammal-adress', type: 'other', name: 'Tar över' }), 409, 'slug-taken');
    assert.equal((await change('ny-adress', { id: 'gammal-adress' })).json.id, 'gammal-adress');
    rule(await change('gammal-adress', { id: 'skr' }), 409, 'slug-taken');
    assert.deepEqual(ids(await k.api('/organisations?q=gammal')), ['gammal-adress']);
  });

  test('that would put it under itself is refused', async () => {
    await made({ id: 'overst', type: 'other', name: 'Överst' });
    await made({ id: 'mellan', type: 'other', name: 'Mellan', parentId: 'overst' });
    await made({ id: 'underst', type: 'other', name: 'Underst', parentId: 'mellan' });
    rule(await change('overst', { parentId: 'underst' }), 409, 'body-cycle');
    rule(await change('overst', { parentId: 'overst' }), 409, 'body-cycle');
    assert.equal((await k.api(at('overst'))).json.parentId, null);
  });

  test('of the parent moves everything under it to another healthcare region', async () => {
    await made({ id: 'flyttregionen', type: 'region', name: 'Flyttregionen', parentId: 'norra', code: '99' });
    await made({ id: 'flyttkommunen', type: 'municipality', name: 'Flyttkommunen', parentId: 'flyttregionen', code: '9999' });
    await change('flyttregionen', { parentId: 'sodra' });
    assert.equal(regions(await k.api(at('flyttregionen'))), 'sodra');
    assert.equal(regions(await k.api(at('flyttkommunen'))), 'sodra');
    await change('flyttregionen', { parentId: null });
    assert.equal(regions(await k.api(at('flyttkommunen'))), '');
    await change('flyttregionen', { type: 'healthcareRegion' });
    assert.equal(regions(await k.api(at('flyttkommunen'))), 'flyttregionen');
  });

  test('of anything else leaves what the reference data says of its healthcare regions', async () => {
    await change('kommun-varberg', { shortName: 'Varberg stad' });
    assert.equal(regions(await k.api(at('kommun-varberg'))), 'vastra');
  });
});

describe('a deletion', () => {
  test('takes what was entered by mistake', async () => {
    await made({ id: 'misstag', type: 'other', name: 'Misstag' });
    rule(await k.api(at('misstag'), { method: 'DELETE', token: support.token }), 428, 'if-match-needed');
    assert.equal((await remove('misstag')).status, 204);
    assert.equal((await k.api(at('misstag'))).status, 404);
    assert.deepEqual(ids(await k.api('/organisations?q=misstag')), []);
  });

  test('is refused while anything refers to it', async () => {
    for (const id of ['norra', 'region-skane', 'rcc-i-samverkan']) {
      rule(await remove(id), 409, 'in-use');
      assert.equal((await k.api(at(id))).status, 200);
    }
  });
});

describe('rights', () => {
  test('everybody reads, the support function writes', async () => {
    const body = { type: 'other', name: 'Får inte' };
    rule(await create(body, { token: undefined }), 401, 'login-needed');
    rule(await create(body, { token: reader.token }), 403, 'may-change-organisation');
    for (const role of ['administrator', 'auditor']) {
      const actor = await k.actor(role);
      rule(await create(body, { token: actor.token }), 403, 'may-change-organisation');
      rule(await change('skr', { name: 'Annat' }, { token: actor.token }), 403, 'may-change-organisation');
      rule(await remove('skr', { token: actor.token }), 403, 'may-change-organisation');
      assert.equal((await k.api(`${at('skr')}/history`, { token: actor.token })).status, 200);
    }
    const reads = await k.token(support.email, 'read');
    rule(await create(body, { token: reads }), 403, 'token-scope');
    rule(await k.api(`${at('skr')}/history`, { token: reader.token }), 403, 'may-see-all-history');
    rule(await k.api(`${at('skr')}/history`), 401, 'login-needed');
  });

  test('links tell what the caller may do now', async () => {
    const rels = async (token) => (await k.api(at('skr'), { token })).json._links.map((link) => link.rel);
    assert.deepEqual(await rels(), ['self']);
    assert.deepEqual(await rels(support.token), ['self', 'edit', 'delete', 'history']);
  });
});

test('history tells who changed what, before and after', async () => {
  await made({ id: 'minns', type: 'other', name: 'Minns' });
  await change('minns', { name: 'Minns allt', parentId: 'skr' });
  const reply = await k.api(`${at('minns')}/history`, { token: support.token, headers: { 'accept-language': 'en' } });
  assert.deepEqual(reply.json.items.map((event) => event.act), ['update', 'create']);
  const [last] = reply.json.items;
  assert.deepEqual(last.changes.map(({ field, before, after }) => [field, before, after]),
    [['name', 'Minns', 'Minns allt'], ['parentId', null, 'skr']]);
  assert.equal(last.changes[1].afterText, 'Sveriges Kommuner och Regioner', 'a reference by its name');
  const { changes } = reply.json.items[1];
  const type = changes.find(({ field }) => field === 'type');
  assert.deepEqual([type.before, type.after, type.afterText], [null, 'other', 'Other organisation'], 'the code for scripts, words for people');
});

describe('what a page shows', () => {
  test('a script gets by asking for its parts', async () => {
    const { _embedded: parts } = (await k.api(`${at('vastra')}?embed=parts,area,hosted,related`)).json;
    const under = parts.parts.find((section) => section.type === 'region').items.map((item) => item.id);
    assert.ok(under.includes('region-halland') && under.includes('region-vastra-gotaland'), under.join(' '));
    assert.equal(parts.area.href, '/levels/healthcare-region/vastra');
    assert.ok(parts.area.groups >= 0);
    assert.deepEqual(Object.keys(parts).sort(), ['area', 'hosted', 'parts', 'related']);
    assert.equal((await k.api(`${at('vastra')}?embed=nothing`)).status, 400);
    assert.equal((await k.api(`${at('skr')}?embed=area`)).json._embedded.area, null);
  });

  test('a dormant hosting stands there as dormant', async () => {
    const hosted = (await k.api(`${at('norra')}?embed=hosted`)).json._embedded.hosted;
    assert.deepEqual(hosted.filter((group) => group.id === 'npo-cancersjukdomar').map((group) => group.status), ['dormant']);
    assert.deepEqual((await k.api(`${at('norra')}?embed=hosted&asOf=2017-12-31`)).json._embedded.hosted, []);
  });

  test('groups tied to it', async () => {
    const related = (await k.api(`${at('socialstyrelsen')}?embed=related`)).json._embedded.related;
    assert.ok(related.some((group) => group.id === 'nag-palliativ-vard' && group.type === 'cooperatesWith'), JSON.stringify(related));
  });

  test('a restricted group is not told of to those who may not know', async () => {
    const hosted = async (token) => (await k.api(`${at('skr')}?embed=hosted`, { token })).json._embedded.hosted.map((g) => g.id);
    const now = await k.api('/groups/nag-patientmedverkan', { token: support.token });
    assert.ok((await hosted()).includes('nag-patientmedverkan'));
    const done = await k.api('/groups/nag-patientmedverkan', {
      method: 'PATCH', token: support.token, body: { accessMode: 'restricted' }, headers: { 'if-match': now.etag },
    });
    assert.equal(done.status, 200, done.text);
    assert.ok(!(await hosted()).includes('nag-patientmedverkan'));
    assert.ok(!(await hosted(reader.token)).includes('nag-patientmedverkan'));
    assert.ok((await hosted(support.token)).includes('nag-patientmedverkan'));
  });
});

describe('pages', () => {
  test('show the list with ways in, and one organisation with its parts', async () => {
    const list = await k.page('/organisations');
    assert.equal(list.status, 200);
    assert.match(list.words, /Sjukvårdsregioner \d Regioner 2\d Kommuner 29\d/);
    const some = await k.page('/organisations?type=region&q=halland');
    assert.match(some.words, /Region Halland/);
    assert.match((await k.page('/organisations?q=finnsinte')).words, /Ingen organisation passar/);
    const page = await k.page(at('region-vasterbotten'));
    assert.match(page.title, /^Region Västerbotten/);
    assert.equal(page.link('Norra'), at('norra'));
    assert.match(page.words, /Umeå 2480/);
    assert.equal(page.link('Ändra'), null);
    assert.equal((await k.page(at('ingen'))).status, 404);
  });

  test('give a form back with what was typed and each message beside its field', async () => {
    const jar = await k.login(support.email);
    const page = await jar.get('/organisations/new');
    const form = page.form('/organisations');
    const wrong = await jar.submit(form, { name: 'Typad & klar', endDate: '2020-01-01', startDate: '2021-01-01', parentId: 'finns inte' });
    assert.equal(wrong.status, 400);
    const again = wrong.form('/organisations');
    assert.equal(again.fields.name, 'Typad & klar');
    assert.equal(again.fields.parentId, 'finns inte');
    assert.match(wrong.text, /id="f-endDate-error"/);
    assert.match(wrong.text, /id="f-parentId-error"/);
    const right = await jar.submit(again, { endDate: '', parentId: 'Region Skåne', type: 'hospital', id: '' });
    assert.equal(right.status, 303, right.words);
    assert.equal(right.headers.location, at('typad-klar'));
    assert.match((await jar.get(at('typad-klar'))).words, /Region Skåne/);
  });

  test('change, rename and delete by forms', async () => {
    await made({ id: 'formularet', type: 'other', name: 'Formuläret' });
    const jar = await k.login(support.email);
    assert.equal((await jar.get(at('formularet'))).link('Ändra'), `${at('formularet')}/edit`);
    const edit = await jar.get(`${at('formularet')}/edit`);
    const form = edit.formWith((input) => input.name === 'shortName');
    const saved = await jar.submit(form, { shortName: 'Form', id: 'formularet-2' });
    assert.deepEqual([saved.status, saved.headers.location], [303, at('formularet-2')], saved.words);
    const stale = await jar.submit({ ...form, action: form.action.replace('formularet', 'formularet-2') }, { name: 'För sent' });
    assert.equal(stale.status, 412);
    const late = stale.formWith((input) => input.name === 'shortName');
    assert.equal(late.fields.name, 'För sent');
    assert.match(stale.words, /Formuläret/);
    const page = await jar.get(`${at('formularet-2')}/edit`);
    const gone = await jar.submit(page.form(/DELETE/));
    assert.deepEqual([gone.status, gone.headers.location], [303, '/organisations'], gone.words);
    const skr = await jar.get(`${at('skr')}/edit`);
    const refused = await jar.submit(skr.form(/DELETE/));
    assert.equal(refused.status, 409);
    assert.match(refused.words, /hänvisar ännu/);
  });

  test('show history to those who may see it', async () => {
    const jar = await k.login(support.email);
    const page = await jar.get(`${at('kommun-varberg')}/history`);
    assert.equal(page.status, 200, page.words);
    assert.match(page.words, /Varberg stad/);
    assert.equal((await k.page(`${at('skr')}/history`)).status, 303);
  });

  test('are the same document as their twin', async () => {
    const twin = await k.api(`${at('norra')}?embed=page`);
    assert.deepEqual(Object.keys(twin.json._embedded).sort(), ['area', 'crumbs', 'hosted', 'incomingPlans', 'mayChange', 'nominationCalls', 'parts', 'related', 'seats', 'share', 'tabs', 'unreadMinutes']);
    assert.equal((await k.api('/organisations?embed=page')).json._embedded.ways.length, 6);
  });
});

test('checks tell what the rules do not refuse, and a fresh register has no error', async () => {
  await made({ id: 'utan-allt', type: 'region', name: 'Region utan allt' });
  await made({ id: 'kommun-utan-region', type: 'municipality', name: 'Kommun utan region', parentId: 'skr' });
  const check = (query) => k.api(`/checks?${query}`, { token: support.token });
  const everything = async () => {
    const found = [];
    for (let page = 1, more = true; more; page++) {
      const { items: some } = (await check(`limit=500&page=${page}`)).json;
      found.push(...some);
      more = some.length > 0;
    }
    return found;
  };
  const items = await everything();
  const broken = (id) => items.filter((item) => item.objectId === id).map((item) => item.rule).sort();
  assert.deepEqual(broken('utan-allt'), ['code-missing', 'region-without-healthcare-region']);
  assert.deepEqual(broken('kommun-utan-region'), ['code-missing', 'municipality-without-region']);
  assert.deepEqual(items.filter((item) => item.severity === 'error'), []);
  await change('socialstyrelsen', { endDate: '2020-01-01' });
  await change('vastra', { endDate: '2020-01-01' });
  const all = await everything();
  const { json: second } = await check('limit=2&page=2');
  assert.deepEqual(second.items, all.slice(2, 4));
  assert.deepEqual([second._meta.totalRecords, second._meta.count], [all.length, 2]);
  assert.deepEqual(second._links.map((link) => link.rel), ['self', 'first', 'prev', 'next', 'last']);
  assert.deepEqual((await check('severity=error,warning&limit=500')).json.items, all.filter((found) => found.severity !== 'notice').slice(0, 500));
  assert.deepEqual((await check(`rule=${all[0].rule}&objectType=${all[0].objectType}&objectId=${all[0].objectId}`)).json.items, [all[0]]);
  assert.deepEqual((await check('severity=grave&objectType=stars&limit=0')).json.errors.map((e) => e.parameter).sort(), ['limit', 'objectType', 'severity']);
  const later = await everything();
  assert.ok(later.some((item) => item.rule === 'ended-host' && item.objectId === 'vastra'));
});
