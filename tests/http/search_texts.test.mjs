// The search over texts: what is found by which words, how it is shown, and that nobody finds, counts or reads what the
// lists would not give him. Names: search.test.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made } from '../lib/said.mjs';

const palliative = 'nag-palliativ-vard';
const actors = ['nobody', 'reader', 'viveka', 'elin', 'karin', 'oskar', 'norra', 'vasterbotten', 'admin', 'auditor', 'support'];
const inside = ['viveka', 'karin', 'oskar', 'norra', 'auditor', 'support'];
let k;
const tokens = { nobody: '' };
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  for (const who of ['support', 'auditor', 'norra', 'vasterbotten', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token('karin.bergstrom@kansli.example'); // process leader of both groups and of their principal
  tokens.viveka = await k.token('viveka.lundhede@kansli.example'); // member of nag-palliativ-vard, as a patient
  tokens.oskar = await k.token('oskar.lillbro@kansli.example'); // process leader of the steering group
  tokens.elin = await k.token('elin.sarri@kansli.example'); // member of nag-fallskador-hos-aldre
  tokens.reader = (await k.actor(null)).token;
});

const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
const get = (where, who = 'support') => k.api(where, { token: tokens[who] });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who], method: 'POST', body });
async function change(where, body, { who = 'support', method = 'PATCH' } = {}) {
  const { etag } = await get(where, who);
  return k.api(where, { token: tokens[who], method, body, headers: { 'if-match': etag } });
}
const find = (query, who = 'support') => get(`/search?${new URLSearchParams(typeof query === 'string' ? { q: query } : query)}`, who);
const hits = async (query, who) => (await find(query, who)).json.items;
const ids = async (query, who) => (await hits(query, who)).map((hit) => hit.id);
const marked = (hit) => (hit.snippet ?? []).filter((part) => part.mark).map((part) => part.text);
const text = (hit) => hit.snippet.map((part) => part.text).join('');

// Words that stand nowhere else, and that no ending or beginning makes alike.
let serial = 0;
const word = () => `zq${[...String(1000 + ++serial)].map((d) => 'bcdfghjklm'[d]).join('')}x`;
const past = { startsAt: '2026-11-10T08:00:00Z', endsAt: '2026-11-10T11:00:00Z', mode: 'online' };
const meeting = async (fields = {}, of = palliative) => made(await post(`/groups/${of}/meetings`, { title: `Prov ${++serial}`, ...past, ...fields }));
const draft = async (m, body) => made(await post(`/meetings/${m.id}/minutes`, { text: body }));
const adjust = async (v) => made(await post(`/minutes/${v.id}/adjustments`));
const item = async (m, fields) => made(await post(`/meetings/${m.id}/agenda-items`, { title: `Punkt ${++serial}`, type: 'discussion', ...fields }));
const call = (m) => sql(`UPDATE meeting SET called_at = '2026-11-01T10:00:00.000Z' WHERE id = '${m.id}';`);
const group = async (fields = {}) => made(await post('/groups', { kind: 'nag', name: `Sökt ${++serial}`, startDate: '2024-01-01', principalIds: ['npo-tandvard'], ...fields })).id;
const mandate = async (of, fields = {}) => made(await post(`/groups/${of}/mandates`, { purpose: 'Att pröva.', tasks: ['En.'], resourceEstimate: {}, validFrom: '2026-01-01', ...fields }));

// Exactly these find the word, with one hit; for the others nothing of it is in answer, total or counts.
async function foundBy(sought, who, id, type) {
  const found = [];
  for (const actor of actors) {
    const { json } = await find({ q: sought, embed: 'types' }, actor);
    const counts = json._embedded.types.filter((t) => t.count).map((t) => [t.type, t.count]);
    if (json._meta.totalRecords === 0) {
      assert.deepEqual([json.items, counts], [[], []], `${actor}: nothing is told`);
      continue;
    }
    assert.deepEqual([json._meta.totalRecords, counts, json.items.map((hit) => hit.id)], [1, [[type, 1]], [id]], actor);
    const page = new URL(json.items[0].href);
    assert.equal((await k.api(page.pathname, { token: tokens[actor] })).status, 200, `${actor} may read what was found`);
    found.push(actor);
  }
  assert.deepEqual(found, who, sought);
}

// ---------------------------------------------------------------- words

describe('finds', () => {
  let one;
  before(async () => {
    const m = await meeting({ title: 'Språkprovet' });
    one = await draft(m, '# Möte\n\nLedamöterna diskuterade **palliativa** riktlinjer, COVID-19 och Göta sjukhus.\n\nÄrende HSN 2024/12345 om kvicksilvertermometrar bordläggs. The guidelines were discussed; [länken](https://example.org/hemligadress).\n\n> Citerat skogslöparord\n\n    kodkvastord\n');
  });
  const finds = async (q) => (await ids({ q, type: 'minutes', limit: 100 })).includes(one.id);

  for (const q of ['palliativ', 'palliativt', 'ledamot diskutera', 'ledamöternas', 'riktlinje', 'riktlinjerna', 'kvicksilvertermometrarna', 'kvicksilverterm',
    'gota', 'GÖTA', 'Göta', 'covid-19', 'covid 19', 'hsn 2024/12345', '2024/12345', '2024/123', '"göta sjukhus"', 'guideline', 'guidelines discussed',
    'skogslöparord', 'kodkvastord', 'lanken', 'ledamoter', 'LEDAMÖTERNA', '"palliativa riktlinjer" covid'])
    test(q, async () => assert.ok(await finds(q), q));
  for (const q of ['"sjukhus göta"', '"palliativ riktlinjer"', '2024/99', 'covid-18', 'palliativa finnsinte', 'hemligadress'])
    test(`not ${q}`, async () => assert.ok(!await finds(q), q));

  test('mötet by möten, and not what only looks like it without its dots', async () => {
    const of = await group();
    const [dotted, plain] = [await draft(await meeting({ title: 'A' }, of), 'Mötet började.'), await draft(await meeting({ title: 'B' }, of), 'Tvärt mot vad vi trodde.')];
    const among = async (q) => ids({ q, groupId: of, type: 'minutes' });
    assert.deepEqual(await among('möten'), [dotted.id]);
    assert.deepEqual((await among('moten')).sort(), [dotted.id, plain.id].sort(), 'without dots it may be either');
  });

  test('a decision by its §', async () => {
    const of = await group();
    const m = await meeting({}, of);
    await adjust(await draft(m, 'Beslut: Det första.\n\nBeslut: Det andra.\n'));
    const rows = (await get(`/groups/${of}/decisions`)).json.items;
    for (const q of ['§ 2', '§2', '"§ 2"', '§ 2 2026'])
      assert.deepEqual(await ids({ q, groupId: of, type: 'decisions' }), [rows.find((row) => row.number === 2).id], q);
  });

  test('the title before the text, and the word itself before its other forms', async () => {
    const of = await group();
    const sought = 'kopparslagare';
    const m = await meeting({ title: 'Ordning' }, of);
    const other = await item(m, { title: 'Ett', text: 'Om kopparslagarnas villkor.' });
    const same = await item(m, { title: 'Två', text: `Om ${sought} och deras villkor.` });
    const title = await item(m, { title: `En ${sought}`, text: 'Om villkor.' });
    assert.deepEqual(await ids({ q: `${sought} villkor`, groupId: of }), [title.id, same.id, other.id]);
  });

  test('newest first, within days, of one group', async () => {
    const [of, sought] = [await group(), word()];
    const made_ = [];
    for (const day of ['2025-03-01', '2026-03-01', '2025-09-01']) {
      const m = await meeting({ startsAt: `${day}T08:00:00Z`, endsAt: `${day}T09:00:00Z` }, of);
      made_.push([day, (await draft(m, `Om ${sought}.`)).id]);
    }
    const id = Object.fromEntries(made_);
    assert.deepEqual(await ids({ q: sought, sort: 'newest' }), [id['2026-03-01'], id['2025-09-01'], id['2025-03-01']]);
    assert.deepEqual(await ids({ q: sought, from: '2025-09-01', to: '2026-02-28' }), [id['2025-09-01']]);
    assert.deepEqual(await ids({ q: sought, groupId: palliative }), []);
    const first = (await find({ q: sought, limit: 1, page: 3, sort: 'newest' })).json;
    assert.deepEqual([first.items.map((hit) => hit.id), first._meta.totalRecords], [[id['2025-03-01']], 3]);
    assert.equal((await find({ q: sought, from: 'i går' })).status, 400);
    assert.equal((await find({ q: sought, groupId: 'finns-inte' })).status, 400);
  });
});

describe('shows', () => {
  test('where it stands, marked in the text as it was written, and in a hit of its own shape', async () => {
    const m = await meeting({ title: 'Utdraget' });
    const v = await draft(m, `${'Inledning utan innehåll. '.repeat(40)}\n\nGruppen beslutade om vattenödlornas övervintring och dess följder.\n\n${'Slut utan innehåll. '.repeat(40)}`);
    const { items: [hit], _meta } = (await find({ q: 'vattenödlorna övervintringar' }, 'karin')).json;
    assert.deepEqual([_meta.totalRecords, hit.type, hit.id, hit.name, hit.info, hit.day, hit.groupId, hit.groupName, new URL(hit.href).pathname],
      [1, 'minutes', v.id, 'Utdraget', 'Utkast', '2026-11-10', palliative, 'NAG Palliativ vård', `/minutes/${v.id}`]);
    assert.deepEqual(marked(hit), ['vattenödlornas', 'övervintring']);
    assert.match(text(hit), /^….*Gruppen beslutade om vattenödlornas övervintring och dess följder\..*…$/);
    assert.ok(text(hit).length < 300);
  });

  test('nothing as markup but the marks', async () => {
    await draft(await meeting({ title: '<i>Titel</i> rävlyor' }), 'Om <script>alert(1)</script> & "rävlyor" i <b>skog</b>.');
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const page = await jar.get('/search?q=r%C3%A4vlya');
    assert.match(page.text, /&lt;script&gt;alert\(1\)&lt;\/script&gt; &amp; &quot;<mark>rävlyor<\/mark>&quot; i &lt;b&gt;/);
    assert.match(page.text, /&lt;i&gt;Titel/);
    assert.ok(!page.text.includes('<script>alert'));
    assert.match(page.text, /href="\/minutes\/[0-9a-f-]{36}">&lt;i&gt;Titel/);
    assert.match(page.text, /href="\?q=r%C3%A4vlya&amp;type=meetings"/);
  });
});

// ---------------------------------------------------------------- who

describe('who finds what', () => {
  test('minutes of a closed meeting: those inside, the last version alone', async () => {
    const [first, second] = [word(), word()];
    const m = await meeting();
    const one = await draft(m, `Om ${first}.`);
    await foundBy(first, inside, one.id, 'minutes');
    await adjust(one);
    await foundBy(first, inside, one.id, 'minutes');
    const two = await draft(m, `Om ${second}.`);
    await foundBy(second, inside, two.id, 'minutes');
    await foundBy(first, [], one.id, 'minutes');
  });

  test('minutes of a public meeting: a draft is for those inside, what a correction takes out for nobody', async () => {
    const [first, second] = [word(), word()];
    const m = await meeting({ visibility: 'public' });
    const one = await draft(m, `Om ${first}.`);
    await foundBy(first, inside, one.id, 'minutes');
    await adjust(one);
    await foundBy(first, inside, one.id, 'minutes'); // not called yet
    call(m);
    await foundBy(first, actors, one.id, 'minutes');
    const two = await draft(m, `Om ${second}.`);
    const outside = actors.filter((who) => !inside.includes(who));
    await foundBy(first, outside, one.id, 'minutes');
    await foundBy(second, inside, two.id, 'minutes');
    for (const who of outside) assert.deepEqual(await ids(`"om ${second}"`, who), [], who);
    await adjust(two);
    await foundBy(first, [], one.id, 'minutes');
    await foundBy(second, actors, two.id, 'minutes');
  });

  test('a meeting for principals: officers of the group and of those above', async () => {
    const [name, sought] = [word(), word()];
    const m = await meeting({ visibility: 'principals', title: `Prov ${name}` });
    const led = ['karin', 'oskar', 'auditor', 'support'];
    await foundBy(name, led, m.id, 'meetings');
    const v = await draft(m, `Om ${sought}.`);
    await foundBy(sought, led, v.id, 'minutes');
  });

  test('an agenda item: the background as the meeting, the notes those inside', async () => {
    const [title, background, notes] = [word(), word(), word()];
    const m = await meeting({ visibility: 'public' });
    const i = await item(m, { title: `Om ${title}`, text: `Bakgrund ${background}`, minutesText: `Antecknat ${notes}` });
    call(m);
    await foundBy(title, actors, i.id, 'agenda-items');
    await foundBy(background, actors, i.id, 'agenda-items');
    await foundBy(notes, inside, i.id, 'agenda-items');
    await foundBy(`${background} ${notes}`, inside, i.id, 'agenda-items');
    for (const hit of await hits(title, 'nobody')) assert.ok(!JSON.stringify(hit).includes(notes), 'no snippet of the notes');
    made(await change(`/meetings/${m.id}/agenda-items/${i.id}`, { minutesText: null }), 200);
    await foundBy(notes, [], i.id, 'agenda-items');
    await foundBy(background, actors, i.id, 'agenda-items');
  });

  test('decisions and actions of minutes: as their lists', async () => {
    const [decided, done] = [word(), word()];
    const m = await meeting({ visibility: 'public' });
    call(m);
    const v = await draft(m, `Beslut: ${decided} antas.\n\nÅtgärd: ${done} skrivs, senast 2026-12-24\n`);
    const of = async (path) => (await get(`/groups/${palliative}/${path}?limit=500`)).json.items.find((row) => row.text.includes(path === 'decisions' ? decided : done));
    const both = async (who) => {
      for (const [sought, type] of [[decided, 'decisions'], [done, 'actions']]) {
        const row = await of(type);
        for (const actor of actors)
          assert.deepEqual(await ids({ q: sought, type }, actor), who.includes(actor) ? [row.id] : [], `${actor} ${type}`);
        for (const actor of actors)
          assert.equal((await get(`/${type}/${row.id}`, actor)).status === 200, who.includes(actor), `${actor} and the object`);
      }
    };
    await both(inside);
    await adjust(v);
    await both(actors);
  });

  test('an action entered by hand: those inside, and its owner', async () => {
    const sought = word();
    const elin = sql("SELECT id FROM person WHERE email LIKE 'elin.sarri@%';");
    const row = made(await post(`/groups/${palliative}/actions`, { text: `Ring om ${sought}.`, dueDate: '2026-12-24', ownerId: elin }));
    const who = actors.filter((actor) => inside.includes(actor) || actor === 'elin');
    for (const actor of actors) assert.equal((await get(`/actions/${row.id}`, actor)).status === 200, who.includes(actor), actor);
    await foundBy(sought, who, row.id, 'actions');
  });

  test('mandates: drafts those inside, approved ones everybody, a restricted group\'s its own', async () => {
    const [sought, tasks, shut] = [word(), word(), word()];
    const m = await mandate(palliative, { purpose: `Att ${sought}.`, tasks: ['Först.', `Sedan "${tasks}".`], validFrom: '2030-01-01' });
    await foundBy(sought, inside, m.id, 'mandates');
    await foundBy(tasks, inside, m.id, 'mandates');
    sql(`UPDATE mandate SET state = 'approved' WHERE id = '${m.id}';`);
    await foundBy(sought, actors, m.id, 'mandates');
    const of = await group({ accessMode: 'restricted' });
    const hidden = await mandate(of, { purpose: `Att ${shut}.` });
    sql(`UPDATE mandate SET state = 'approved' WHERE id = '${hidden.id}';`);
    await foundBy(shut, ['oskar', 'auditor', 'support'], hidden.id, 'mandates');
    assert.equal((await find({ q: shut, groupId: of }, 'nobody')).status, 400);
    assert.equal((await find({ q: shut, groupId: of }, 'support')).json._meta.totalRecords, 1);
  });

  test('an annex: its draft support alone, approved everybody', async () => {
    const sought = word();
    const annex = made(await post('/group-kinds/nag/mandates', { purpose: `Att ${sought}.`, validFrom: '2031-01-01' }));
    await foundBy(sought, ['auditor', 'support'], annex.id, 'mandates');
    made(await post(`/group-kinds/nag/mandates/${annex.id}/approvals`));
    await foundBy(sought, actors, annex.id, 'mandates');
  });

  // A plan of the area whose officers Karin is among, begun for a year that has none yet.
  const area = 'npo-aldres-halsa-och-palliativ-vard';
  const readers = ['karin', 'oskar', 'norra', 'auditor', 'support']; // Norra bears it
  const plan = async (fields, of = area) => made(await post(`/groups/${of}/plans`, { year: 2040 + ++serial % 100, ...fields }));
  const initiative = async (of, fields = {}) => made(await post(`/plans/${of.id}/initiatives`, { title: `Insats ${++serial}`, priority: 2, ...fields }));
  const gap = async (fields = {}) => made(await post('/gaps', { groupId: area, type: 'care', title: `Brist ${++serial}`, priority: 2, ...fields }));

  test('a plan and what it means to do: those inside until it is decided, then everybody', async () => {
    const [goal, focus, title, problem, milestone] = Array.from({ length: 5 }, word);
    const p = await plan({ goals: `Att **${goal}**.`, focusAreas: ['Ett', `Om ${focus}`] });
    const i = await initiative(p, { title: `Gör ${title}`, problem: `För ${problem}.`, milestones: [{ text: `Klart med ${milestone}`, dueDate: `${p.year}-05-01` }] });
    for (const [who, state] of [[readers, 'draft'], [actors, 'approved']]) {
      sql(`UPDATE plan SET state = '${state}' WHERE id = '${p.id}';`);
      await foundBy(goal, who, p.id, 'plans');
      await foundBy(focus, who, p.id, 'plans');
      for (const sought of [title, problem, milestone]) await foundBy(sought, who, i.id, 'initiatives');
    }
    const [hit] = await hits(goal);
    assert.deepEqual([hit.name, hit.info, hit.day, hit.groupId, new URL(hit.href).pathname],
      [`NPO Äldres hälsa och palliativ vård ${p.year}`, 'Godkänd', `${p.year}-01-01`, area, `/plans/${p.id}`]);
    assert.ok((await ids({ q: `verksamhetsplan ${p.year}`, type: 'plans' }, 'nobody')).includes(p.id));
    assert.deepEqual(await ids({ q: title, from: `${p.year}-12-31` }), [i.id], 'of a day within its year');
    assert.deepEqual([await ids({ q: title, to: `${p.year - 1}-12-31` }), await ids({ q: title, groupId: palliative })], [[], []]);
  });

  test('what is asked of a plan, and where reviewers stand, is found by nobody', async () => {
    const [remark, position] = [word(), word()];
    const p = await plan({ goals: 'Mål' });
    await initiative(p);
    made(await post(`/plans/${p.id}/submissions`));
    made(await post(`/plans/${p.id}/remarks`, { text: remark }));
    made(await post(`/plans/${p.id}/positions`, { position: 'supports', text: position }));
    for (const sought of [remark, position]) await foundBy(sought, [], p.id, 'plans');
  });

  test('a plan that is rewritten or deleted takes its words along', async () => {
    const [goal, title] = [word(), word()];
    const p = await plan({ goals: goal });
    const i = await initiative(p, { title });
    made(await change(`/plans/${p.id}`, { goals: 'Annat.' }), 200);
    await foundBy(goal, [], p.id, 'plans');
    await foundBy(title, readers, i.id, 'initiatives');
    assert.equal((await change(`/plans/${p.id}`, undefined, { method: 'DELETE' })).status, 204);
    await foundBy(title, [], i.id, 'initiatives');
    assert.ok(!sql('SELECT c0, c1 FROM search_plans_content; SELECT c0, c1 FROM search_initiatives_content;').includes(title), 'as far down as the file');
  });

  test('gaps: as the papers of the group in whose inventory they stand', async () => {
    const [title, evidence, reason, shy, shut] = Array.from({ length: 5 }, word);
    const one = await gap({ title: `Brist ${title}`, evidence: `Enligt *${evidence}*.` });
    await foundBy(title, actors, one.id, 'gaps');
    await foundBy(evidence, actors, one.id, 'gaps');
    made(await change(`/gaps/${one.id}`, { status: 'declined', reason: `Ty ${reason}.` }), 200);
    await foundBy(reason, actors, one.id, 'gaps');
    const inner = await gap({ groupId: await group({ accessMode: 'transparent' }), title: shy });
    await foundBy(shy, actors.filter((who) => who !== 'nobody'), inner.id, 'gaps');
    const hidden = await gap({ groupId: await group({ accessMode: 'restricted' }), title: shut });
    await foundBy(shut, ['oskar', 'auditor', 'support'], hidden.id, 'gaps');
    const p = await plan({ goals: 'Mål' });
    const i = await initiative(p, { gapId: hidden.id });
    sql(`UPDATE plan SET state = 'approved' WHERE id = '${p.id}';`);
    assert.deepEqual(await ids({ q: shut, type: 'initiatives' }), [], 'an initiative is not found by the gap that it names');
    assert.equal((await get(`/plans/${p.id}/initiatives/${i.id}`, 'nobody')).json.gapTitle, null);
  });

  test('a form in which a gap is named suggests those that its reader may know of', async () => {
    const [title, shut] = [word(), word()];
    const one = await gap({ title: `Väntan på ${title}` });
    await gap({ groupId: await group({ accessMode: 'restricted' }), title: shut });
    const jar = await k.login('karin.bergstrom@kansli.example', 'kansli-demo-2026');
    const page = await jar.get(`/groups/new?kind=nag&principal=${area}`);
    const lookup = page.text.match(/data-lookup="([^"]*type=gaps[^"]*)"/)[1].replaceAll('&amp;', '&');
    const suggested = async (q) => (await get(`${lookup.replace('/api/v1', '')}&q=${q}`, 'karin')).json.items.map((hit) => [hit.id, hit.name]);
    assert.deepEqual(await suggested(title.slice(0, -1)), [[one.id, `Väntan på ${title}`]]);
    assert.deepEqual(await suggested(shut), []);
  });

  test('a recipient finds what was sent to him, though not the meeting', async () => {
    const [sought, name] = [word(), word()];
    const m = await meeting({ title: `Prov ${name}` });
    const v = await draft(m, `Om ${sought}.`);
    made(await post(`/minutes/${v.id}/distributions`, { bodyIds: ['region-vasterbotten'] }));
    await foundBy(sought, actors.filter((who) => inside.includes(who) || who === 'vasterbotten'), v.id, 'minutes');
    await foundBy(name, inside, m.id, 'meetings');
  });

  test('a group that is shut takes its texts along, at once', async () => {
    const sought = word();
    const of = await group();
    const m = await meeting({ visibility: 'public' }, of);
    call(m);
    const v = await draft(m, `Om ${sought}.`);
    await adjust(v);
    assert.deepEqual(await ids(sought, 'nobody'), [v.id]);
    made(await change(`/groups/${of}`, { accessMode: 'restricted' }), 200);
    assert.deepEqual(await ids(sought, 'nobody'), []);
    assert.deepEqual(await ids(sought, 'oskar'), [v.id]);
  });

  test('drafts that a reader may not see do not move what he sees', async () => {
    const sought = word();
    const of = await group();
    const ranks = [];
    const shown = async () => (await find({ q: `${sought} villkor`, limit: 100 }, 'nobody')).json.items.map((hit) => hit.id);
    for (const times of [1, 3, 2]) {
      const m = await meeting({ visibility: 'public' }, of);
      call(m);
      const v = await draft(m, `Om villkor. ${`${sought}. `.repeat(times)}`);
      await adjust(v);
      ranks.push([times, v.id]);
    }
    const before_ = await shown();
    assert.deepEqual(before_, ranks.sort((a, b) => b[0] - a[0]).map(([, id]) => id));
    for (let i = 0; i < 12; i++) await draft(await meeting({}, of), `${sought} `.repeat(30));
    assert.deepEqual(await shown(), before_);
  });

  test('what is deleted or rewritten is gone, as far down as the file', async () => {
    const [one, two, three, four] = [word(), word(), word(), word()];
    const m = await meeting({ title: `Prov ${one}` });
    const v = await draft(m, `Om ${two}.`);
    made(await change(`/minutes/${v.id}`, { text: 'Tomt.' }), 200);
    await foundBy(two, [], v.id, 'minutes');
    made(await change(`/meetings/${m.id}`, { title: 'Prov' }), 200);
    await foundBy(one, [], m.id, 'meetings');
    const i = await item(m, { title: three, text: four });
    assert.equal((await change(`/meetings/${m.id}/agenda-items/${i.id}`, undefined, { method: 'DELETE' })).status, 204);
    await foundBy(three, [], i.id, 'agenda-items');
    const d = await mandate(await group(), { purpose: four });
    assert.equal((await change(`/mandates/${d.id}`, undefined, { method: 'DELETE' })).status, 204);
    await foundBy(four, [], d.id, 'mandates');
    const kept = sql('SELECT c0, c1 FROM search_minutes_content; SELECT c0, c1 FROM search_meetings_content; SELECT c0, c1 FROM search_agenda_items_content; SELECT c0, c1 FROM search_mandates_content;');
    for (const gone of [one, two, three, four]) assert.ok(!kept.includes(gone), gone);
  });

  test('declarations stand in no text, patients are gathered by nothing', async () => {
    for (const table of ['minutes', 'decisions', 'actions', 'meetings', 'agenda_items', 'mandates', 'plans', 'initiatives', 'gaps'])
      assert.equal(sql(`SELECT count(*) FROM search_${table}_content WHERE c1 LIKE '%counterparty%';`), '0');
    assert.deepEqual((await hits({ q: 'patient', type: 'persons', limit: 100 }, 'support')).filter((hit) => hit.name === 'Viveka Lundhede'), []);
  });
});

// ---------------------------------------------------------------- whatever is typed

test('whatever is typed is answered, soon, and is never an error of ours', async () => {
  const odd = ['NEAR', 'NEAR(a b)', 'a AND', 'OR', 'NOT x', 'AND AND', '*', '"', '""', '"""', '"a', 'a"b', '^', '^a', '-', '-a', 'a-', 'a:b', 'title:a', 'body : b', '{title}:a', '(', ')', '(a', '+', 'a + b', 'a*b', "'", "a'b", '\\', '~', '~mot', '~ ~', ';', '--', '/*', '%', '_',
    '§', '§§', '§ §', '§ x', '§ 1 § 2', '§'.repeat(150), '😀', '😀😀 möte', 'möte😀mötet', '日本語', 'ﬁ', 'ǅ', 'ß', 'ẞ', 'ﷺ', 'é', 'é', 'ö', 'İ', 'ı', '\u200b', 'a\u200bb', '\u00ad', 'a\u0301'.repeat(60),
    'a '.repeat(90), 'möte '.repeat(40).trim(), 'x'.repeat(200), 'å'.repeat(200), '" " '.repeat(40), '"a" '.repeat(50).trim(), 'a b c d e f g h i j k l m n o p q r s t u v', '1 2 3 4 5 6 7 8 9', '0', '00000000000000000000', '1e9', 'null', 'undefined', '<mark>', '&lt;', '${x}', '{{x}}'];
  for (const q of odd) {
    const began = Date.now();
    const reply = await find({ q, limit: 500 });
    assert.equal(reply.status, 200, `${q}: ${reply.text}`);
    assert.ok(Date.now() - began < 2000, `${q} took ${Date.now() - began} ms`);
    const page = await k.page(`/search?${new URLSearchParams({ q })}`);
    assert.equal(page.status, 200, q);
  }
  for (const q of ['x'.repeat(1000), 'ord '.repeat(300), '"a b" '.repeat(300), 'ord '.repeat(5000), 'a\u202eb', 'a\u0000b', '\u0007'])
    assert.ok([200, 400, 414, 431].includes((await find({ q })).status), JSON.stringify(q.slice(0, 20)));
  assert.equal((await get('/search?q=%ff')).status, 400);
  assert.equal((await get('/search?q=a&q=b')).status, 400);
});

// ---------------------------------------------------------------- the index as a whole

test('a register without its index, or with one by other rules, gets it from migrate and from serve', async () => {
  const hit = async () => (await find({ q: 'palliativ', type: 'mandates' }, 'nobody')).json._meta.totalRecords;
  const before_ = await hit();
  assert.ok(before_ > 0);
  for (const renew of [() => k.cli('migrate'), null]) {
    await k.stop();
    sql("DELETE FROM search_mandates_content; DELETE FROM search_mandates_data; UPDATE setting SET value = 'andra' WHERE name = 'searchRules';"
      + 'INSERT INTO search_mandates_data SELECT id, block FROM search_decisions_data WHERE id IN (1, 10);');
    if (renew) assert.equal((await renew()).code, 0);
    await k.launch(k.args);
    assert.equal(await hit(), before_);
  }
});
