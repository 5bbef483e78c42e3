// Mandates through the real binary: states and refusals, several principals, days, who sees what, comparison, documents,
// the generic annex, previews, forms.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';
import { made, refused, wrong } from '../lib/said.mjs';

const today = '2026-11-22';
const password = 'kansli-demo-2026';
const karin = 'karin.bergstrom@kansli.example'; // process leader of nag-palliativ-vard and of its principal
let k;
const tokens = {};
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: `${today}T10:00:00Z` } });
  tokens.nobody = '';
  for (const who of ['support', 'auditor', 'norra', 'admin']) tokens[who] = await k.token(`${who}@kansli.example`);
  tokens.karin = await k.token(karin);
  tokens.reader = (await k.actor(null)).token;
});

const get = (where, who) => k.api(where, { token: tokens[who] ?? who });
const post = (where, body = {}, who = 'support') => k.api(where, { token: tokens[who] ?? who, method: 'POST', body });
async function change(where, body, { who = 'support', method = 'PATCH', etag } = {}) {
  etag ??= (await get(where, who)).etag;
  return k.api(where, { token: tokens[who], method, body, headers: etag ? { 'if-match': etag } : {} });
}
const text = {
  purpose: 'Gör vården **lika** god.', tasks: ['Pröva.', 'Berätta.'], validFrom: '2026-12-01', validTo: '2028-11-30',
  resourceEstimate: { memberCount: 8, memberPercent: 10, chairPercent: 20, processLeaderPercent: 20 },
};
const sql = (statement) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db], { input: statement, encoding: 'utf8' }).trim();
let serial = 0;
// A group of its own, so that no test reads what another wrote.
async function group(fields = {}) {
  return made(await post('/groups', { kind: 'nag', name: `Uppdrag ${++serial}`, startDate: '2024-01-01', principalIds: ['npo-tandvard'], ...fields })).id;
}
const draft = async (id, fields = {}, who) => made(await post(`/groups/${id}/mandates`, { ...text, ...fields }, who));
const submit = async (m, who) => made(await post(`/mandates/${m.id}/submissions`, {}, who));
const approve = (m, principalId, more = {}, who = 'support') => post(`/mandates/${m.id}/approvals`, { principalId, outcome: 'approved', ...more }, who);
async function approved(id, fields = {}, principalId = 'npo-tandvard') {
  const one = await draft(id, fields);
  await submit(one);
  return made(await approve(one, principalId));
}
// An account of somebody who is officer of that group and of no other.
async function officer(of) {
  const id = sql(`SELECT p.id FROM person p WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.person_key = p.key) AND NOT EXISTS (SELECT 1 FROM membership m
    WHERE m.person_key = p.key AND m.role IN ('chair', 'viceChair', 'processLeader', 'secretary')) ORDER BY p.key LIMIT 1;`);
  assert.ok(id);
  sql(`INSERT INTO membership (id, person_key, group_key, role, capacity, start_date, modified) SELECT lower(hex(randomblob(16))), p.key, b.key, 'secretary', 'profession',
    '2024-01-01', '2026-01-01T00:00:00.000Z' FROM person p, body b WHERE p.id = '${id}' AND b.id = '${of}';`);
  const email = `officer-${++serial}@example.org`;
  await k.user(email, null, { person: id });
  return k.token(email);
}

// ---------------------------------------------------------------- the object

describe('a mandate', () => {
  test('is written as a draft under the next number of its group, with all that was said', async () => {
    const id = await group();
    const one = made(await post('/mandates', {
      groupId: id, ...text, scope: 'Hela vården.', timePlan: 'Två år.', nominationProcess: 'Som vanligt.', costs: 'Inga.', reporting: 'Varje halvår.',
      reference: 'Dnr 1', deliverables: [{ text: 'Rapport', dueDate: '2027-06-30' }, { text: 'Råd' }],
    }));
    assert.equal(one.version, 1);
    assert.equal(one.status, 'draft');
    assert.equal(one.statusLabel, 'Utkast');
    assert.equal(one.groupId, id);
    assert.equal(one.groupName, `NAG Uppdrag ${serial}`);
    assert.deepEqual(one.tasks, text.tasks);
    assert.deepEqual(one.resourceEstimate, text.resourceEstimate);
    assert.deepEqual(one.deliverables, [{ text: 'Rapport', dueDate: '2027-06-30' }, { text: 'Råd', dueDate: null }]);
    assert.equal((await draft(id)).version, 2);
    const other = await get(`/mandates/${one.id}`, 'support');
    assert.equal(other.json.reference, 'Dnr 1');
    assert.match(other.etag, /^"1\.\w+"$/, 'the ETag has the row\'s version, not the mandate\'s number');
  });

  test('needs a group, a purpose, tasks and a first day, and says so all at once', async () => {
    wrong(await post('/mandates', {}), '/groupId', '/purpose', '/tasks', '/validFrom');
    wrong(await post('/mandates', { ...text, groupId: 'ingen-grupp' }), '/groupId');
    const id = await group();
    wrong(await post(`/groups/${id}/mandates`, { tasks: [] }), '/purpose', '/tasks', '/validFrom');
    wrong(await post(`/groups/${id}/mandates`, { ...text, groupId: 'nag-stroke' }), '/groupId');
    wrong(await post(`/groups/${id}/mandates`, { ...text, validTo: '2026-11-30' }), '/validTo');
    wrong(await post(`/groups/${id}/mandates`, { ...text, version: 4, status: 'approved' }), '/status', '/version');
    assert.equal((await post('/groups/ingen-grupp/mandates', text)).status, 404);
  });

  test('has objects within: each fault is pointed at where it is', async () => {
    const id = await group();
    wrong(await post(`/groups/${id}/mandates`, { ...text, resourceEstimate: { memberCount: 'åtta', chairPercent: 101, okänt: 1 } }),
      '/resourceEstimate/memberCount', '/resourceEstimate/chairPercent', '/resourceEstimate/okänt');
    wrong(await post(`/groups/${id}/mandates`, { ...text, resourceEstimate: 7 }), '/resourceEstimate');
    wrong(await post(`/groups/${id}/mandates`, { ...text, 'resourceEstimate.memberCount': 7 }), '/resourceEstimate.memberCount');
    wrong(await post(`/groups/${id}/mandates`, { ...text, deliverables: [{ dueDate: '2027-02-30' }, 'x', { text: 'a', fel: 1 }] }),
      '/deliverables/0/text', '/deliverables/0/dueDate', '/deliverables/1', '/deliverables/2/fel');
    wrong(await post(`/groups/${id}/mandates`, { ...text, deliverables: { text: 'a' } }), '/deliverables');
  });

  test('takes a merge patch that merges inside the estimate and replaces lists', async () => {
    const one = await draft(await group(), { deliverables: [{ text: 'A' }] });
    const where = `/mandates/${one.id}`;
    let reply = await change(where, { resourceEstimate: { chairPercent: 25 }, deliverables: [{ text: 'B', dueDate: '2027-01-01' }] });
    assert.deepEqual(reply.json.resourceEstimate, { ...text.resourceEstimate, chairPercent: 25 });
    assert.deepEqual(reply.json.deliverables, [{ text: 'B', dueDate: '2027-01-01' }]);
    reply = await change(where, { resourceEstimate: null, deliverables: null });
    assert.deepEqual(reply.json.resourceEstimate, { memberCount: null, memberPercent: null, chairPercent: null, processLeaderPercent: null });
    assert.deepEqual(reply.json.deliverables, []);
    refused(await k.api(where, { token: tokens.support, method: 'PATCH', body: { reference: 'x' } }), 428, 'if-match-needed');
    refused(await change(where, { reference: 'x' }, { etag: '"1.0"' }), 412, 'changed-meanwhile');
    wrong(await change(where, { groupId: 'nag-stroke' }), '/groupId');
    const history = await get(`/groups/${one.groupId}/history`, 'support');
    const changes = history.json.items.flatMap((e) => e.changes);
    assert.ok(changes.some((c) => c.field === 'resourceEstimate.chairPercent' && c.before === 20 && c.after === 25), 'the member is told of by itself');
    assert.ok(changes.some((c) => c.field === 'deliverables' && c.afterText === 'B, 2027-01-01'));
  });

  test('refuses what is too complex to show, and a personal identity number', async () => {
    const id = await group();
    wrong(await post(`/groups/${id}/mandates`, { ...text, purpose: '- '.repeat(40), scope: `${'> '.repeat(30)}x` }), '/purpose', '/scope');
    wrong(await post(`/groups/${id}/mandates`, { ...text, costs: 'Fråga 19121212-1212.' }), '/costs');
    wrong(await post(`/groups/${id}/mandates`, { ...text, deliverables: [{ text: 'Fråga 19121212-1212.' }] }), '/deliverables/0/text');
  });
});

// ---------------------------------------------------------------- its life

describe('a mandate\'s life', () => {
  test('draft, submitted, approved: each step once, and nothing is changed after it', async () => {
    const id = await group();
    const one = await draft(id);
    const where = `/mandates/${one.id}`;
    refused(await approve(one, 'npo-tandvard'), 409, 'not-submitted');
    const etag = (await get(where, 'support')).etag;
    assert.equal((await submit(one)).status, 'submitted');
    assert.notEqual((await get(where, 'support')).etag, etag);
    refused(await post(`${where}/submissions`), 409, 'not-draft');
    refused(await change(where, { purpose: 'Nytt.' }), 409, 'not-draft');
    refused(await change(where, undefined, { method: 'DELETE' }), 409, 'not-draft');
    wrong(await post(`${where}/approvals`, {}), '/outcome', '/principalId');
    wrong(await approve(one, 'npo-stroke'), '/principalId');
    wrong(await approve(one, 'npo-akut-vard'), '/principalId');
    const done = made(await approve(one, 'npo-tandvard'));
    assert.equal(done.status, 'approved');
    assert.equal(done.approvedAt.slice(0, 10), today);
    refused(await approve(one, 'npo-tandvard'), 409, 'not-submitted');
    refused(await change(where, { purpose: 'Nytt.' }), 409, 'not-draft');
    const acts = (await get(`/groups/${id}/history`, 'support')).json.items.filter((e) => e.objectId === one.id).map((e) => e.act);
    assert.deepEqual(acts, ['approve', 'submit', 'create']);
  });

  test('returned with a comment, changed, submitted again: earlier words no longer count', async () => {
    const id = await group({ kind: 'rag', principalIds: ['rpo-tandvard-norra', 'rpo-kirurgi-norra'], healthcareRegionId: 'norra' });
    const one = await draft(id);
    await submit(one);
    made(await approve(one, 'rpo-tandvard-norra'));
    wrong(await approve(one, 'rpo-kirurgi-norra', { outcome: 'returned' }), '/comment');
    assert.equal(made(await approve(one, 'rpo-kirurgi-norra', { outcome: 'returned', comment: 'Säg hur det följs upp.' })).status, 'returned');
    refused(await approve(one, 'rpo-kirurgi-norra'), 409, 'not-submitted');
    refused(await change(`/mandates/${one.id}`, undefined, { method: 'DELETE' }), 409, 'not-draft');
    assert.equal((await change(`/mandates/${one.id}`, { reporting: 'Varje år.' })).json.status, 'returned');
    await submit(one);
    assert.equal(made(await approve(one, 'rpo-kirurgi-norra')).status, 'submitted', 'the other must say it again');
    const { _embedded: said } = (await get(`/mandates/${one.id}?embed=approvals,awaits`, 'support')).json;
    assert.deepEqual(said.awaits.map((a) => a.id), ['rpo-tandvard-norra']);
    assert.deepEqual(said.approvals.map((a) => [a.principalId, a.outcome, a.comment]), [
      ['rpo-tandvard-norra', 'approved', null], ['rpo-kirurgi-norra', 'returned', 'Säg hur det följs upp.'], ['rpo-kirurgi-norra', 'approved', null]]);
    assert.equal(made(await approve(one, 'rpo-tandvard-norra')).status, 'approved');
  });

  test('the RAG of two principals: an officer of one approves for that one alone', async () => {
    const rag = 'rag-palliativ-vard-mellansverige';
    const [aldre, cancer] = [await officer('rpo-aldres-halsa-och-palliativ-vard-mellansverige'), await officer('rpo-cancersjukdomar-mellansverige')];
    const one = await draft(rag, { validFrom: '2027-01-01' }, aldre); // officers of a principal may write
    await submit(one, aldre);
    const both = ['rpo-aldres-halsa-och-palliativ-vard-mellansverige', 'rpo-cancersjukdomar-mellansverige'];
    refused(await approve(one, both[1], {}, aldre), 403, 'may-approve-mandate');
    assert.equal(made(await approve(one, both[0], {}, aldre)).status, 'submitted');
    assert.equal(made(await approve(one, both[1], {}, cancer)).status, 'approved');
    refused(await approve(one, both[1], {}, await officer(rag)), 403, 'may-approve-mandate');
  });

  test('a group that nobody commissions asks the support function', async () => {
    const id = await group({ kind: 'lpo', principalIds: [], regionId: 'region-vasterbotten' });
    const one = await draft(id);
    await submit(one);
    wrong(await approve(one, 'npo-tandvard'), '/principalId');
    refused(await post(`/mandates/${one.id}/approvals`, { outcome: 'approved' }, await officer(id)), 403, 'may-approve-mandate');
    assert.equal(made(await post(`/mandates/${one.id}/approvals`, { outcome: 'approved' })).status, 'approved');
    const { approvals } = (await get(`/mandates/${one.id}?embed=approvals`)).json._embedded;
    assert.equal(approvals.length, 1);
    assert.equal(approvals[0].principalId, null);
  });

  test('a draft that was never submitted is deleted, and leaves a tombstone for those who knew of it', async () => {
    const id = await group();
    const one = await draft(id);
    assert.equal((await change(`/mandates/${one.id}`, undefined, { method: 'DELETE' })).status, 204);
    assert.equal((await get(`/mandates/${one.id}`, 'support')).status, 404);
    const gone = async (who) => (await get('/mandates?modifiedSince=2026-11-22T00:00:00Z&limit=500', who)).json.items.some((i) => i.id === one.id && i.deleted);
    assert.equal(await gone('support'), true);
    assert.equal(await gone(), false);
  });

  test('an extension is a version of its own with the same text', async () => {
    const id = await group();
    const one = await approved(id, { validFrom: '2025-01-01', validTo: '2026-12-31', deliverables: [{ text: 'A' }], reference: 'Dnr 1' });
    wrong(await post(`/mandates/${one.id}/extensions`, {}), '/validTo');
    wrong(await post(`/mandates/${one.id}/extensions`, { validTo: '2026-12-31' }), '/validTo');
    const more = made(await post(`/mandates/${one.id}/extensions`, { validTo: '2028-12-31', reference: 'Dnr 2' }));
    assert.deepEqual([more.version, more.status, more.validFrom, more.validTo, more.reference], [2, 'draft', '2027-01-01', '2028-12-31', 'Dnr 2']);
    assert.deepEqual([more.purpose, more.tasks, more.deliverables, more.resourceEstimate], [one.purpose, one.tasks, one.deliverables, one.resourceEstimate]);
    refused(await post(`/mandates/${more.id}/extensions`, { validTo: '2029-12-31' }), 409, 'not-approved');
    const run = await approved(await group(), { validFrom: '2024-01-01', validTo: '2025-12-31' });
    assert.equal(made(await post(`/mandates/${run.id}/extensions`, { validTo: '2027-12-31' })).validFrom, today, 'what has run out goes on today');
    const open = await approved(await group(), { validTo: null });
    refused(await post(`/mandates/${open.id}/extensions`, { validTo: '2029-12-31' }), 409, 'not-approved');
  });
});

// ---------------------------------------------------------------- days

describe('days', () => {
  test('an approved mandate is superseded from the first day of the next approved one', async () => {
    const id = await group();
    const first = await approved(id, { validFrom: '2025-01-01', validTo: null });
    const second = await draft(id, { validFrom: '2027-01-01', validTo: null });
    const status = async (m, day = '') => (await get(`/mandates/${m.id}${day && `?asOf=${day}`}`, 'support')).json.status;
    assert.equal(await status(first, '2027-01-01'), 'approved', 'a draft supersedes nothing');
    await submit(second);
    made(await approve(second, 'npo-tandvard'));
    assert.equal(await status(first), 'approved');
    assert.equal(await status(first, '2026-12-31'), 'approved');
    assert.equal(await status(first, '2027-01-01'), 'superseded');
    const inForce = async (day) => (await get(`/groups/${id}/mandates?asOf=${day}`)).json.items.map((m) => m.version);
    assert.deepEqual(await inForce('2024-12-31'), []);
    assert.deepEqual(await inForce('2025-01-01'), [1]);
    assert.deepEqual(await inForce('2026-12-31'), [1]);
    assert.deepEqual(await inForce('2027-01-01'), [2]);
    assert.deepEqual((await get(`/groups/${id}/mandates`)).json.items.map((m) => m.version), [2, 1]);
  });

  test('the group\'s page says how its mandate stands, in words', async () => {
    const words = async (id) => (await k.page(`/groups/${id}`)).text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    assert.match(await words('nag-fallskador-hos-aldre'), /Uppdraget gäller 1 jan\.? 2026 – 31 dec\.? 2027 13 månader kvar/);
    assert.match(await words('nag-fast-lakarkontakt'), /Uppdraget gällde till 30 juni 2026/);
    assert.match(await words('nag-palliativ-vard'), /Uppdraget gäller 1 feb\.? 2023 – tills vidare/);
    assert.match(await words('nag-stroke'), /Inget godkänt/);
    const soon = await group();
    await approved(soon, { validFrom: '2026-01-01', validTo: '2026-12-22' });
    assert.match(await words(soon), /Uppdraget upphör om 30 dagar, 22 dec\.? 2026/);
    const facts = async (id, day) => (await get(`/groups/${id}?embed=mandateStanding&asOf=${day}`)).json._embedded.mandateStanding;
    assert.equal((await facts('nag-fallskador-hos-aldre', '2025-12-31')).state, 'coming');
    const last = await facts('nag-fallskador-hos-aldre', '2027-12-31');
    assert.deepEqual([last.state, last.days, last.months, last.soon], ['inForce', 0, 0, true]);
    assert.equal((await facts('nag-fallskador-hos-aldre', '2027-10-01')).months, 3);
    assert.equal((await facts('nag-fallskador-hos-aldre', '2027-07-04')).soon, true, '180 days before');
    assert.equal((await facts('nag-fallskador-hos-aldre', '2027-07-03')).soon, false);
    assert.equal((await facts('nag-stroke', today)).state, 'none');
  });

  test('the checks find what is missing, run out, ending, waiting', async () => {
    const id = await group({ permanence: 'timeLimited', endDate: '2028-12-31' });
    const [waits, ends] = [await group(), await group()];
    const one = await draft(waits);
    await submit(one);
    await approved(ends, { validFrom: '2026-01-01', validTo: '2027-03-31' });
    sql(`UPDATE mandate SET submitted_at = '2026-09-01T10:00:00.000Z' WHERE id = '${one.id}';`);
    const all = [];
    for (let page = 1, items; page === 1 || items.length; page++) all.push(...(items = (await get(`/checks?limit=500&page=${page}`, 'support')).json.items));
    const has = (rule, object) => all.find((f) => f.rule === rule && f.objectId === object);
    assert.equal(has('mandate-missing', id)?.severity, 'notice');
    assert.equal(has('mandate-missing', 'nag-palliativ-vard'), undefined);
    assert.equal(has('mandate-run-out', 'nag-fast-lakarkontakt')?.severity, 'warning');
    assert.equal(has('mandate-ending', ends)?.severity, 'notice');
    assert.equal(has('mandate-ending', 'nag-fallskador-hos-aldre'), undefined);
    assert.match(has('mandate-waiting', one.id)?.message, /2026-09-01/);
  });
});

// ---------------------------------------------------------------- who sees what

describe('who sees what', () => {
  test('a draft is for those who see the group\'s drafts, an approved one for everyone', async () => {
    const m = (await get('/groups/nag-palliativ-vard/mandates?status=draft', 'support')).json.items[0];
    tokens.nobody = '';
  for (const who of ['support', 'auditor', 'karin', 'norra']) assert.equal((await get(`/mandates/${m.id}`, who)).status, 200, who);
    for (const who of [undefined, 'reader', 'admin']) {
      assert.equal((await get(`/mandates/${m.id}`, who)).status, 404, who);
      assert.equal((await get(`/mandates/${m.id}/document`, who)).status, 404, who);
      assert.equal((await get(`/mandates/${m.id}/comparison`, who)).status, 404, who);
      const list = await get('/groups/nag-palliativ-vard/mandates', who);
      assert.deepEqual(list.json.items.map((i) => i.version), [1], who);
      assert.equal(list.json._meta.totalRecords, 1);
      assert.equal((await get('/mandates?status=draft,submitted,returned', who)).json._meta.totalRecords, 0, who);
    }
    const first = (await get('/groups/nag-palliativ-vard/mandates')).json.items[0];
    wrong(await get(`/mandates/${first.id}/comparison?with=${m.id}`), 'with');
    refused(await change(`/mandates/${m.id}`, { reference: 'x' }, { who: 'auditor' }), 403, 'may-change-group');
    refused(await post(`/mandates/${m.id}/submissions`, {}, 'auditor'), 403, 'may-change-group');
    refused(await post(`/mandates/${m.id}/submissions`, {}, 'norra'), 403, 'may-change-group');
    assert.equal((await post(`/mandates/${m.id}/submissions`, {}, 'reader')).status, 404);
    const rels = async (who) => (await get(`/mandates/${m.id}`, who)).json._links.map((l) => l.rel).sort();
    assert.deepEqual(await rels('karin'), ['delete', 'document', 'edit', 'self', 'submit']);
    assert.deepEqual(await rels('auditor'), ['document', 'self']);
  });

  test('a transparent group\'s mandate is public, a restricted one\'s is not', async () => {
    const open = await approved(await group({ accessMode: 'transparent' }));
    assert.equal((await get(`/mandates/${open.id}`)).status, 200);
    const shut = await approved(await group({ accessMode: 'restricted' }));
    for (const who of [undefined, 'reader', 'admin']) {
      assert.equal((await get(`/mandates/${shut.id}`, who)).status, 404);
      assert.equal((await get(`/groups/${shut.groupId}/mandates`, who)).status, 404);
      assert.ok(!(await get('/mandates?limit=500', who)).json.items.some((i) => i.id === shut.id));
      wrong(await get(`/mandates?groupId=${shut.groupId}`, who), 'groupId');
    }
    assert.equal((await get(`/mandates/${shut.id}`, 'auditor')).status, 200);
  });

  test('comments and names behind an approval are for those who see drafts', async () => {
    const one = await draft(await group());
    await submit(one);
    made(await approve(one, 'npo-tandvard', { comment: 'Lycka till.' }));
    const said = async (who) => (await get(`/mandates/${one.id}?embed=approvals`, who)).json._embedded.approvals[0];
    assert.deepEqual([(await said('support')).comment, (await said('support')).byName], ['Lycka till.', 'Nationella stödfunktionen']);
    assert.deepEqual([(await said()).comment, (await said()).byName, (await said()).principalId], [null, null, 'npo-tandvard']);
  });

  test('the support function acts in another\'s place, and the history says so', async () => {
    const one = await approved(await group());
    const events = (await get(`/groups/${one.groupId}/history`, 'support')).json.items.filter((e) => e.objectId === one.id);
    assert.deepEqual(events.map((e) => [e.act, e.asSupport]), [['approve', true], ['submit', true], ['create', true]]);
  });
});

// ---------------------------------------------------------------- comparison and document

describe('two versions', () => {
  test('are compared field by field and word by word', async () => {
    const id = await group();
    const one = await draft(id, { costs: 'Inga.', resourceEstimate: { memberCount: 8 } });
    const two = await draft(id, { purpose: 'Gör vården **mer lika** god.', reporting: 'Varje år.', tasks: ['Pröva.', 'Mät.', 'Berätta.'], resourceEstimate: { memberCount: 9 } });
    const { json } = await get(`/mandates/${two.id}/comparison?with=${one.id}`, 'support');
    assert.deepEqual([json.from.version, json.to.version], [1, 2]);
    const of = (field) => json.changes.find((c) => c.field === field);
    assert.deepEqual(of('purpose').parts, [
      { op: 'same', text: 'Gör vården' }, { op: 'deleted', text: ' **lika**' }, { op: 'inserted', text: ' **mer lika**' }, { op: 'same', text: ' god.' }]);
    assert.equal(of('purpose').kind, 'changed');
    assert.equal(of('costs').kind, 'removed');
    assert.equal(of('reporting').kind, 'added');
    assert.equal(of('validFrom').kind, 'same');
    assert.deepEqual(of('resourceEstimate.memberCount').parts.map((p) => p.text), ['8', '9']);
    assert.deepEqual(of('tasks').parts.filter((p) => p.op !== 'same'), [{ op: 'inserted', text: '\nMät.' }]);
    assert.equal(of('scope'), undefined, 'what neither says is not told');
    assert.equal(json.changed, json.changes.filter((c) => c.kind !== 'same').length);
    assert.equal((await get(`/mandates/${two.id}/comparison`, 'support')).json.from.version, 1, 'the version before, when nothing is said');
    assert.equal((await get(`/mandates/${one.id}/comparison`, 'support')).json.changed, 0);
    wrong(await get(`/mandates/${two.id}/comparison?with=x`, 'support'), 'with');
    wrong(await get(`/mandates/${two.id}/comparison?with=00000000-0000-4000-8000-000000000000`, 'support'), 'with');
  });

  test('are chosen on the group\'s page', async () => {
    const jar = await k.login(karin, password);
    const page = await jar.get('/groups/nag-palliativ-vard/mandates');
    const form = page.formWith((input) => input.name === 'from');
    assert.ok(form, 'two lists to choose from');
    const ids = (await get('/groups/nag-palliativ-vard/mandates', 'support')).json.items.map((m) => m.id);
    const reply = await jar.get(`/groups/nag-palliativ-vard/mandates/comparison?from=${ids[1]}&to=${ids[0]}`);
    assert.equal(reply.status, 303);
    assert.equal(reply.headers.location, `/mandates/${ids[0]}/comparison?with=${ids[1]}`);
    const shown = await jar.get(reply.headers.location);
    assert.match(shown.text, /<ins><span class="vh">tillagt: <\/span>/);
    assert.match(shown.text, /<del><span class="vh">borttaget: <\/span>/);
  });
});

describe('a document', () => {
  test('is Markdown for scripts, with everything that the mandate says, and its annex', async () => {
    const m = (await get('/groups/nag-palliativ-vard/mandates')).json.items[0];
    const reply = await get(`/mandates/${m.id}/document`);
    assert.equal(reply.headers['content-type'], 'text/markdown; charset=utf-8');
    assert.match(reply.text, /^# Uppdragsbeskrivning för NAG Palliativ vård\n/);
    assert.match(reply.text, /- \*\*Version:\*\* 1\n/);
    assert.match(reply.text, /NPO Äldres hälsa och palliativ vård/);
    for (const said of [m.purpose, m.scope, m.timePlan, m.nominationProcess, m.costs, m.reporting, m.reference, ...m.tasks]) assert.ok(reply.text.includes(said), said);
    assert.match(reply.text, /\n10\. Vara sakkunnig/);
    assert.match(reply.text, /Ledamot:\*\* 10 % av heltid/);
    assert.match(reply.text, /\n## Bilaga: generisk uppdragsbeskrivning, version 1\n/);
    assert.match(await (await k.api(`/mandates/${m.id}/document`, { headers: { 'accept-language': 'en' } })).text, /^# Mandate of NAG/);
    const page = await k.page(`/mandates/${m.id}/document`);
    assert.match(page.text, /<article class="paper"/);
    assert.match(page.text, /Namnförtydligande/);
    const twin = await get(`/mandates/${m.id}/document?embed=page`);
    assert.equal(twin.json.mandate.id, m.id);
    assert.equal(twin.json.signers[0].id, 'npo-aldres-halsa-och-palliativ-vard');
  });
});

// ---------------------------------------------------------------- the annex

describe('the generic annex of a kind', () => {
  test('is written and approved by the support function, versioned, and goes with each mandate of its days', async () => {
    const body = { purpose: 'Alla **LAG** gör så här.', validFrom: '2026-01-01' };
    for (const who of ['nobody', 'reader']) assert.ok([401, 403].includes((await post('/group-kinds/lag/mandates', body, who)).status));
    refused(await post('/group-kinds/lag/mandates', body, 'admin'), 403, 'may-change-organisation');
    const one = made(await post('/group-kinds/lag/mandates', body));
    assert.deepEqual([one.kindId, one.version, one.status], ['lag', 1, 'draft']);
    const where = `/group-kinds/lag/mandates/${one.id}`;
    assert.equal((await get(where)).status, 404, 'a draft is the support function\'s own');
    assert.equal((await get(`/group-kinds/nag/mandates/${one.id}`, 'support')).status, 404, 'an annex of another kind');
    assert.equal((await get(`/mandates/${one.id}`, 'support')).status, 404, 'an annex is no group\'s mandate');
    refused(await k.api(where, { token: tokens.support, method: 'PATCH', body: { scope: 'x' } }), 428, 'if-match-needed');
    assert.equal((await change(where, { scope: 'Överallt.' })).json.scope, 'Överallt.');
    assert.equal(made(await post(`${where}/approvals`)).status, 'approved');
    refused(await post(`${where}/approvals`), 409, 'not-draft');
    refused(await change(where, { scope: 'x' }), 409, 'not-draft');
    const two = made(await post('/group-kinds/lag/mandates', { ...body, validFrom: '2027-06-01' }));
    assert.equal(two.version, 2);
    made(await post(`/group-kinds/lag/mandates/${two.id}/approvals`));
    const group = 'lag-palliativ-vard-vasterbotten';
    const mandate = await draft(group, { validFrom: '2026-06-01', validTo: '2028-12-31' });
    const annex = async (day) => (await get(`/mandates/${mandate.id}?embed=annex&asOf=${day}`, 'support')).json._embedded.annex?.version;
    assert.equal(await annex('2027-05-31'), 1);
    assert.equal(await annex('2027-06-01'), 2);
    assert.equal(await annex('2020-01-01'), 1, 'before its first day, as on it');
    assert.deepEqual((await get('/group-kinds/lag/mandates')).json.items.map((i) => i.version), [2, 1]);
    assert.deepEqual((await get('/group-kinds/lag/mandates?asOf=2027-01-01')).json.items.map((i) => i.version), [1]);
    assert.ok(!(await get('/mandates?limit=500', 'support')).json.items.some((i) => i.id === one.id), 'annexes are no mandates');
    const third = made(await post('/group-kinds/lag/mandates', { ...body, validFrom: '2028-01-01' }));
    assert.equal((await change(`/group-kinds/lag/mandates/${third.id}`, undefined, { method: 'DELETE' })).status, 204);
    assert.equal((await get('/group-kinds/ingen/mandates')).status, 404);
  });
});

// ---------------------------------------------------------------- forms and previews

describe('forms', () => {
  test('a new version begins as the one in force, and another group\'s when asked', async () => {
    const jar = await k.login(karin, password);
    const page = await jar.get('/groups/nag-palliativ-vard/mandates/new');
    assert.equal(page.status, 200);
    assert.match(page.text, /Vara en mötesplats/);
    assert.match(page.text, /name="resourceEstimate\.memberCount" type="text" inputmode="numeric" value="10"/);
    const other = (await get('/groups/nag-fallskador-hos-aldre/mandates')).json.items[0];
    const copy = await jar.get(`/groups/nag-palliativ-vard/mandates/new?from=${other.id}`);
    assert.match(copy.text, /name="deliverables\.0\.text" value="Gapanalys"/);
    assert.match(copy.text, /name="deliverables\.4\.text" value=""/, 'empty rows to spare');
    assert.doesNotMatch(copy.text, /Exempel 2025\/148/, 'the reference is its own');
  });

  test('rows are kept when something else is wrong, and the message stands by the row', async () => {
    const jar = await k.login(karin, password);
    const page = await jar.get('/groups/nag-palliativ-vard/mandates/new');
    const form = page.formWith((input) => input.name === 'purpose');
    const fields = { purpose: '', 'tasks[]': ['En sak'], 'deliverables.0.text': '', 'deliverables.0.dueDate': '', 'deliverables.1.text': 'Rapport', 'deliverables.1.dueDate': '2027-02-30' };
    const reply = await jar.submit(form, fields);
    assert.equal(reply.status, 400, reply.text.slice(0, 300));
    assert.match(reply.text, /name="deliverables\.0\.text" value="Rapport"/);
    assert.match(reply.text, /name="deliverables\.0\.dueDate" value="2027-02-30" aria-invalid="true"/);
    const right = await jar.submit(reply.formWith((input) => input.name === 'purpose'), { ...fields, purpose: 'Skrivet i ett formulär.', 'deliverables.1.dueDate': '2027-02-28', validFrom: '2029-01-01' });
    assert.equal(right.status, 303, right.text.slice(0, 300));
    const saved = await get(right.headers.location, 'karin');
    assert.equal(saved.json.purpose, 'Skrivet i ett formulär.');
    assert.deepEqual(saved.json.deliverables, [{ text: 'Rapport', dueDate: '2027-02-28' }]);
    const edit = await jar.get(`${right.headers.location}/edit`);
    const gone = await jar.submit(edit.formWith((input) => input.name === 'purpose'), { 'deliverables.0.text': '', 'deliverables.0.dueDate': '' });
    assert.equal(gone.status, 303, gone.text.slice(0, 300));
    assert.deepEqual((await get(right.headers.location, 'karin')).json.deliverables, []);
  });

  test('a preview is the server\'s own rendering, for scripts and for pages, and refuses what is too complex', async () => {
    const reply = await post('/previews', { text: '# Ett\n\n<script>x</script>[a](javascript:b) **c**' }, 'karin');
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.json.html, /<h2>Ett<\/h2>/);
    assert.doesNotMatch(reply.json.html, /script/);
    wrong(await post('/previews', { text: '- '.repeat(40) }, 'karin'), '/text');
    wrong(await post('/previews', { text: 'x'.repeat(20001) }, 'karin'), '/text');
    assert.equal((await post('/previews', { text: 'x' }, 'nobody')).status, 401);
    const jar = await k.login(karin, password);
    const form = (await jar.get('/groups/nag-palliativ-vard/mandates/new')).formWith((input) => input.name === 'purpose');
    const shown = await jar.post('/mandates/previews', { _csrf: form.fields._csrf, purpose: 'En **tanke**', 'tasks[]': 'Göra' });
    assert.equal(shown.status, 200);
    assert.match(shown.text, /En <strong>tanke<\/strong>/);
    assert.match(shown.text, /<li>Göra<\/li>/);
  });
});
