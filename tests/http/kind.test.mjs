// Kinds of groups: data that an administrator keeps, and who may commission whom.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

let k;
let admin;
before(async () => {
  k = await start();
  admin = await k.actor('administrator');
});

const at = (id) => `/group-kinds/${id}`;
const create = (body, options) => k.api('/group-kinds', { method: 'POST', token: admin.token, body, ...options });
const kind = (id, more = {}) => ({
  id, name: `Typ ${id}`, nameEnglish: `Kind ${id}`, level: 'national', category: 'other', ...more,
});
const rule = (reply, status, name) => assert.deepEqual([reply.status, reply.json.rule], [status, name], reply.text);
const pointers = (reply) => reply.json.errors.map((e) => e.pointer ?? e.parameter).sort();
const ids = (reply) => reply.json.items.map((item) => item.id);

async function send(method, id, body, options = {}) {
  const now = await k.api(at(id));
  return k.api(at(id), { method, token: admin.token, body, headers: { 'if-match': now.etag }, ...options });
}

test('the register is born with the kinds of the system and who commissions them', async () => {
  const { items } = (await k.api('/group-kinds?limit=100')).json;
  const principals = Object.fromEntries(items.map((item) => [item.id, item.principalKinds.join(' ')]));
  assert.deepEqual(principals, {
    sks: '', bg: 'sks', support: 'sks', npo: 'sks', nsg: 'sks', nag: 'npo nsg', rsk: '', rpo: 'rsk', rsg: 'rsk',
    rag: 'rpo rsg', rcc: '', rco: '', lpo: '', lsg: '', lag: 'lpo lsg', rss: '', other: 'any',
  });
  assert.deepEqual(items.filter((item) => item.chairMaxMonths).map((item) => [item.id, item.chairMaxMonths]), [['npo', 36]]);
  assert.deepEqual(items.map((item) => item.level), items.map((item) => item.level).sort((a, b) =>
    ['national', 'healthcareRegion', 'local'].indexOf(a) - ['national', 'healthcareRegion', 'local'].indexOf(b)));
});

test('its name is shown in the reader\'s language', async () => {
  const label = async (language) => (await k.api(at('npo'), { headers: { 'accept-language': language } })).json.label;
  assert.equal(await label('sv'), 'Nationellt programområde');
  assert.equal(await label('en'), 'National programme area');
});

test('the list filters, sorts and finds', async () => {
  assert.deepEqual(ids(await k.api('/group-kinds?principalKinds=npo')), ['nag']);
  assert.deepEqual(ids(await k.api('/group-kinds?principalKinds=any,sks&sort=id')), ['bg', 'npo', 'nsg', 'other', 'support']);
  assert.deepEqual(ids(await k.api('/group-kinds?level=local&category=programmeArea')), ['lpo']);
  assert.deepEqual(ids(await k.api('/group-kinds?q=cancer')), ['rcc']);
  assert.deepEqual((await k.api('/group-kinds?fields=id,level&q=rcc')).json.items.map((item) => Object.keys(item).sort()), [['_links', 'id', 'level']]);
  assert.deepEqual(pointers(await k.api('/group-kinds?level=galaxy&principalKinds=xyz&sort=text')), ['level', 'principalKinds', 'sort']);
  assert.equal((await k.api('/group-kinds?colour=red')).status, 400);
});

describe('a new kind', () => {
  test('is the administrator\'s to add', async () => {
    const reply = await create(kind('nfg', { principalKinds: ['nsg', 'npo'], chairMaxMonths: 24 }));
    assert.equal(reply.status, 201, reply.text);
    assert.match(reply.headers.location, /\/group-kinds\/nfg$/);
    assert.deepEqual(reply.json.principalKinds, ['npo', 'nsg']);
    assert.equal(reply.json.chairMaxMonths, 24);
    for (const role of ['support', 'auditor', null]) {
      const actor = await k.actor(role);
      rule(await create(kind('nej'), { token: actor.token }), 403, 'may-change-kind');
      rule(await send('PATCH', 'nfg', { name: 'Nej' }, { token: actor.token }), 403, 'may-change-kind');
      rule(await send('DELETE', 'nfg', undefined, { token: actor.token }), 403, 'may-change-kind');
    }
    rule(await create(kind('nej'), { token: undefined }), 401, 'login-needed');
  });

  test('may be commissioned by any kind, or by certain ones, not both', async () => {
    assert.deepEqual((await create(kind('alla', { principalKinds: ['any'] }))).json.principalKinds, ['any']);
    assert.deepEqual(pointers(await create(kind('bada', { principalKinds: ['any', 'npo'] }))), ['/principalKinds']);
    assert.deepEqual(pointers(await create(kind('okand', { principalKinds: ['npo', 'xyz'] }))), ['/principalKinds/1']);
    assert.deepEqual(pointers(await create(kind('dubbel', { principalKinds: ['npo', 'npo'] }))), ['/principalKinds']);
  });

  test('is refused with every fault at once', async () => {
    const reply = await create({ id: 'X', level: 'galaxy', category: 'x', chairMaxMonths: 0, colour: 'red', label: 'x' });
    rule(reply, 400, 'invalid-input');
    assert.deepEqual(pointers(reply), ['/category', '/chairMaxMonths', '/colour', '/id', '/label', '/level', '/name', '/nameEnglish']);
    for (const id of ['new', 'any']) assert.deepEqual(pointers(await create(kind(id))), ['/id']);
    rule(await create(kind('npo')), 409, 'slug-taken');
  });
});

describe('a change', () => {
  test('keeps to the version that was seen, and takes away what is null', async () => {
    await create(kind('andras', { principalKinds: ['sks'], chairMaxMonths: 12 }));
    const { etag } = await k.api(at('andras'));
    rule(await k.api(at('andras'), { method: 'PATCH', token: admin.token, body: {} }), 428, 'if-match-needed');
    rule(await k.api(at('andras'), { method: 'PATCH', token: admin.token, body: {}, headers: { 'if-match': '*' } }), 400, 'if-match-star');
    const reply = await send('PATCH', 'andras', { principalKinds: null, chairMaxMonths: null, nameEnglish: 'Changed' });
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual([reply.json.principalKinds, reply.json.chairMaxMonths, reply.json.nameEnglish], [[], null, 'Changed']);
    rule(await k.api(at('andras'), { method: 'PATCH', token: admin.token, body: {}, headers: { 'if-match': etag } }), 412, 'changed-meanwhile');
    const any = await send('PATCH', 'andras', { principalKinds: ['any'] });
    assert.deepEqual(any.json.principalKinds, ['any']);
    const some = await send('PATCH', 'andras', { principalKinds: ['nsg', 'npo'] });
    assert.deepEqual(some.json.principalKinds, ['npo', 'nsg']);
    const same = await send('PATCH', 'andras', { principalKinds: ['npo', 'nsg'] });
    assert.equal(same.etag, some.etag);
    const turned = await send('PATCH', 'andras', { principalKinds: ['nsg', 'npo'] });
    assert.equal(turned.etag, some.etag, 'the order means nothing');
  });

  test('of the abbreviation or the level waits for nobody while there are no groups, and is refused after', async () => {
    await create(kind('fri'));
    const reply = await send('PATCH', 'fri', { id: 'friare', level: 'local' });
    assert.deepEqual([reply.status, reply.json.id, reply.json.level], [200, 'friare', 'local']);
    const old = await k.api(at('fri'));
    assert.equal(old.status, 308);
    assert.match(old.headers.location, /\/api\/v1\/group-kinds\/friare$/);
    assert.match((await k.page('/group-kinds/fri', { redirect: 'manual' })).headers.location, /\/group-kinds\/friare$/);
    const admin = (await k.actor('administrator')).token;
    const left = await k.api(at('fri'), { method: 'PATCH', token: admin, body: { name: 'Fri' }, headers: { 'if-match': '"2"' } });
    assert.equal(left.status, 308, left.text);
    rule(await create(kind('fri')), 409, 'slug-taken');
    assert.equal((await send('PATCH', 'friare', { id: 'fri' })).status, 200, 'its own it may have back');
    assert.equal((await k.api(at('friare'))).status, 308);
    assert.equal((await send('PATCH', 'fri', { id: 'friare' })).status, 200);
    rule(await send('PATCH', 'friare', { id: 'npo' }), 409, 'slug-taken');
    rule(await send('PATCH', 'npo', { id: 'npx' }), 409, 'in-use');
    rule(await send('PATCH', 'npo', { level: 'local' }), 409, 'in-use');
    assert.equal((await send('PATCH', 'npo', { chairMaxMonths: 48 })).status, 200);
    assert.equal((await send('PATCH', 'npo', { chairMaxMonths: 36 })).status, 200);
  });
});

test('a kind that is used cannot be deleted', async () => {
  await create(kind('bort'));
  assert.equal((await send('DELETE', 'bort')).status, 204);
  assert.equal((await k.api(at('bort'))).status, 404);
  rule(await send('DELETE', 'npo'), 409, 'in-use');
  rule(await send('DELETE', 'rpo'), 409, 'in-use');
  assert.deepEqual((await k.api(at('rag'))).json.principalKinds, ['rpo', 'rsg']);
});

describe('pages', () => {
  test('tell who may commission whom', async () => {
    const list = await k.page('/group-kinds');
    assert.equal(list.status, 200, list.words);
    assert.match(list.words, /NAG Nationell arbetsgrupp Arbetsgrupp NPO , NSG|NAG Nationell arbetsgrupp Arbetsgrupp NPO, NSG/);
    assert.equal(list.link('Ny grupptyp'), null);
    const page = await k.page(at('npo'));
    assert.match(page.words, /Ordförande högst 36 månader/);
    assert.match(page.words, /26 grupper/);
    assert.equal((await k.page(at('ingen'))).status, 404);
    assert.equal((await k.page(at('other'))).status, 200);
  });

  test('take a kind from a form, and give the form back', async () => {
    const jar = await k.login(admin.email);
    assert.equal((await jar.get('/group-kinds')).link('Ny grupptyp'), '/group-kinds/new');
    const page = await jar.get('/group-kinds/new');
    assert.match(page.words, /Vilken grupptyp som helst/);
    const wrong = await jar.submit(page.form('/group-kinds'), { id: 'webb', name: 'Webb', 'principalKinds[]': ['', 'npo', 'any'] });
    assert.equal(wrong.status, 400);
    const again = wrong.form('/group-kinds');
    assert.equal(again.fields.name, 'Webb');
    assert.deepEqual([again.fields['principalKinds[]']].flat().filter(Boolean).sort(), ['any', 'npo']);
    const right = await jar.submit(again, { nameEnglish: 'Web', level: 'national', category: 'other', 'principalKinds[]': ['', 'npo'] });
    assert.deepEqual([right.status, right.headers.location], [303, at('webb')], right.words);
    const edit = await jar.get(`${at('webb')}/edit`);
    const saved = await jar.submit(edit.formWith((input) => input.name === 'nameEnglish'), { 'principalKinds[]': [''], chairMaxMonths: '18' });
    assert.equal(saved.status, 303, saved.words);
    const now = (await k.api(at('webb'))).json;
    assert.deepEqual([now.principalKinds, now.chairMaxMonths], [[], 18]);
    const gone = await jar.submit((await jar.get(`${at('webb')}/edit`)).form(/DELETE/));
    assert.equal(gone.headers.location, '/group-kinds');
  });
});
