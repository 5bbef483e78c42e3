// The glossary: abbreviations, their page by letter, and who keeps them.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

let k;
let support;
before(async () => {
  k = await start();
  support = await k.actor('support');
});

const at = (id) => `/glossary/${id}`;
const create = (body, options) => k.api('/glossary', { method: 'POST', token: support.token, body, ...options });
const rule = (reply, status, name) => assert.deepEqual([reply.status, reply.json.rule], [status, name], reply.text);
const pointers = (reply) => reply.json.errors.map((e) => e.pointer ?? e.parameter).sort();
const words = (reply) => reply.json.items.map((item) => item.abbreviation);

async function send(method, id, body, options = {}) {
  const now = await k.api(at(id));
  return k.api(at(id), { method, token: support.token, body, headers: { 'if-match': now.etag }, ...options });
}

test('explains the abbreviations of the field', async () => {
  const [npo] = (await k.api('/glossary?abbreviation=NPO')).json.items;
  assert.equal(npo.name, 'Nationellt programområde');
  assert.equal(npo.nameEnglish, 'National programme area');
  assert.match(npo.id, /^[0-9a-f-]{36}$/);
  assert.equal((await k.api(at(npo.id))).json.abbreviation, 'NPO');
  assert.equal((await k.api(at('00000000-0000-4000-8000-000000000000'))).status, 404);
});

test('the list finds, sorts and refuses as lists do', async () => {
  assert.ok(words(await k.api('/glossary?q=programomrade')).includes('NPO'));
  assert.ok(words(await k.api('/glossary?q=healthcare&limit=100')).includes('RPO'));
  const all = words(await k.api('/glossary?limit=100'));
  assert.deepEqual(words(await k.api('/glossary?limit=100&sort=-abbreviation')), all.toReversed?.() ?? [...all].reverse());
  assert.deepEqual(words(await k.api('/glossary?abbreviation=NPO,NAG')), ['NAG', 'NPO']);
  assert.equal((await k.api('/glossary')).json._meta.limit, 20);
  assert.deepEqual(pointers(await k.api('/glossary?limit=501&sort=text')), ['limit', 'sort']);
  assert.equal((await k.api('/glossary?colour=red')).status, 400);
});

describe('keeping it', () => {
  test('is the support function\'s', async () => {
    const body = { abbreviation: 'ÅÄÖ', name: 'Å, ä och ö' };
    for (const role of ['administrator', 'auditor', null]) {
      const actor = await k.actor(role);
      rule(await create(body, { token: actor.token }), 403, 'may-change-organisation');
    }
    rule(await create(body, { token: undefined }), 401, 'login-needed');
    const reply = await create(body);
    assert.equal(reply.status, 201, reply.text);
    assert.match(reply.headers.location, new RegExp(`/api/v1/glossary/${reply.json.id}$`));
    assert.deepEqual([reply.json.nameEnglish, reply.json.text], [null, null]);
    assert.deepEqual(words(await k.api('/glossary?q=aao')), ['ÅÄÖ']);
  });

  test('refuses a second explanation and every fault at once', async () => {
    rule(await create({ abbreviation: 'NPO', name: 'Igen' }), 409, 'abbreviation-taken');
    const reply = await create({ abbreviation: 'x'.repeat(31), text: 'x'.repeat(1001), colour: 'red', id: 'x' });
    rule(reply, 400, 'invalid-input');
    assert.deepEqual(pointers(reply), ['/abbreviation', '/colour', '/id', '/name', '/text']);
  });

  test('keeps to the version that was seen', async () => {
    const { json: word, etag } = await create({ abbreviation: 'VER', name: 'Version', text: 'Rad 1\nRad 2', nameEnglish: 'Version' });
    const patch = (headers) => k.api(at(word.id), { method: 'PATCH', token: support.token, body: { text: null }, headers });
    rule(await patch({}), 428, 'if-match-needed');
    rule(await patch({ 'if-match': '*' }), 400, 'if-match-star');
    const done = await patch({ 'if-match': etag });
    assert.deepEqual([done.status, done.json.text, done.json.nameEnglish], [200, null, 'Version']);
    rule(await patch({ 'if-match': etag }), 412, 'changed-meanwhile');
    rule(await send('PATCH', word.id, { abbreviation: 'NPO' }), 409, 'abbreviation-taken');
    assert.equal((await send('PATCH', word.id, { abbreviation: 'VERS' })).json.abbreviation, 'VERS');
    assert.deepEqual(words(await k.api('/glossary?q=vers')), ['VERS']);
    const seen = (await k.api(at(word.id))).json.modified;
    rule(await k.api(at(word.id), { method: 'DELETE', token: support.token }), 428, 'if-match-needed');
    assert.equal((await send('DELETE', word.id)).status, 204);
    assert.equal((await k.api(at(word.id))).status, 404);
    assert.deepEqual(words(await k.api('/glossary?q=vers')), []);
    const { items } = (await k.api(`/glossary?modifiedSince=${seen}`)).json;
    assert.deepEqual(items.filter((item) => item.deleted), [{ id: word.id, deleted: true }]);
  });
});

describe('the page', () => {
  test('shows every word by letter, å ä ö last', async () => {
    await create({ abbreviation: 'ädel', name: 'Äldredelegationen' });
    const page = await k.page('/glossary');
    assert.equal(page.status, 200, page.words);
    const total = (await k.api('/glossary')).json._meta.totalRecords;
    assert.equal(page.text.match(/<dt>/g).length, total);
    const letters = [...page.text.matchAll(/<h2 id="letter-[0-9a-f]+">(.)<\/h2>/gu)].map((m) => m[1]);
    assert.deepEqual(letters.slice(-2), ['Å', 'Ä'], letters.join(' '));
    assert.deepEqual(letters, [...new Set(letters)]);
    for (const [, anchor] of page.text.matchAll(/href="#(letter-[^"]+)"/g)) assert.ok(page.text.includes(`id="${anchor}"`), anchor);
  });

  test('narrows to what is looked for', async () => {
    const page = await k.page('/glossary?q=npo');
    assert.equal(page.text.match(/<dt>/g).length, 1);
    assert.match((await k.page('/glossary?q=finnsinte')).words, /Ingen förkortning passar/);
    assert.match((await k.page('/glossary?q=%25')).words, /Ingen förkortning passar/);
  });

  test('one word has a page of its own', async () => {
    const [npo] = (await k.api('/glossary?abbreviation=NPO')).json.items;
    const page = await k.page(at(npo.id));
    assert.match(page.words, /NPO Nationellt programområde – National programme area/);
    assert.equal(page.link('Ändra'), null);
  });

  test('takes words from forms', async () => {
    const jar = await k.login(support.email);
    assert.equal((await jar.get('/glossary')).link('Ny förkortning'), '/glossary/new');
    const form = (await jar.get('/glossary/new')).form('/glossary');
    const wrong = await jar.submit(form, { abbreviation: 'FORM', text: 'Kvar' });
    assert.equal(wrong.status, 400);
    assert.equal(wrong.form('/glossary').fields.text, 'Kvar');
    const taken = await jar.submit(form, { abbreviation: 'NPO', name: 'Redan' });
    assert.equal(taken.status, 409);
    assert.match(taken.words, /NPO är redan förklarad/);
    assert.equal(taken.form('/glossary').fields.name, 'Redan');
    const right = await jar.submit(wrong.form('/glossary'), { name: 'Formulär' });
    assert.deepEqual([right.status, right.headers.location], [303, '/glossary'], right.words);
    const [word] = (await k.api('/glossary?abbreviation=FORM')).json.items;
    const edit = await jar.get(`${at(word.id)}/edit`);
    const saved = await jar.submit(edit.formWith((input) => input.name === 'text'), { text: 'Två\nrader' });
    assert.equal(saved.status, 303, saved.words);
    assert.equal((await k.api(at(word.id))).json.text, 'Två\nrader');
    const gone = await jar.submit((await jar.get(`${at(word.id)}/edit`)).form(/DELETE/));
    assert.equal(gone.headers.location, '/glossary');
    assert.equal((await k.api(at(word.id))).status, 404);
  });
});
