// A broken world: statements that fail, a process that is killed, a disk that is full, a register that somebody
// else has written to. An error is told, nothing is half-done, what was acknowledged is there, the next request is fine.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { figure, long, run, start } from '../lib/kansli.mjs';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const sqlite = (db, sql) => execFileSync('sqlite3', [db], { input: sql, encoding: 'utf8', maxBuffer: 1 << 28 });
const copy = (from, to) => (fs.copyFileSync(from, to), to);

// The sum of all that is kept, but for the notes that a session or token was used.
async function kept(db) {
  const { stdout } = await promisify(execFile)('sh', ['-c',
    'sqlite3 -readonly "$0" .dump | grep -vE "^INSERT INTO (token|session|login_failure) " | sha256sum', db]);
  return stdout;
}

async function checked(k) {
  const { code, stdout } = await k.cli('check');
  assert.equal(code, 0, stdout.split('\n').filter((l) => l.startsWith('error')).join('\n'));
}

// A register with something to change in every way; served once, then copied.
let base, dir, token, admin, password, email, nominate, order;
const made = {};
before(async () => {
  const k = await start({ demo: true });
  dir = k.dir;
  const support = await k.actor('support');
  ({ token, password, email } = support);
  admin = (await k.actor('administrator')).token;
  const create = async (name, where, body) => {
    const reply = await k.api(where, { method: 'POST', token, body });
    assert.equal(reply.status, 201, reply.text);
    made[name] = { where: reply.headers.location.replace(/^.*\/api\/v1/, ''), etag: reply.etag };
  };
  await create('word', '/glossary', { abbreviation: 'BRO', name: 'Bruten' });
  await create('organisation', '/organisations', { type: 'other', name: 'Bruten förening', parentId: 'norra' });
  await create('group', '/groups', { kind: 'nag', name: 'Bruten grupp', startDate: '2026-01-01', principalIds: ['npo-tandvard'], purpose: 'Att brytas.' });
  await create('host', `${made.group.where}/hosts`, { bodyId: 'norra', status: 'active', startDate: '2026-01-01' });
  await create('relation', `${made.group.where}/relations`, { type: 'near', bodyId: 'npo-ogonsjukdomar' });
  await create('resting', '/groups', { kind: 'nag', name: 'Vilande grupp', startDate: '2026-01-01', principalIds: ['npo-tandvard'] });
  const rest = await k.api(`${made.resting.where}/dormancies`, { method: 'POST', token, body: { startDate: '2026-02-01', reason: 'Paus.' }, headers: { 'if-match': made.resting.etag } });
  assert.equal(rest.status, 201, rest.text);
  const text = { purpose: 'Att brytas.', tasks: ['Brytas.'], validFrom: '2026-01-01', validTo: '2027-12-31', deliverables: [{ text: 'Skärvor' }] };
  const act = async (name, sub, body = {}) => {
    const reply = await k.api(made[name].where + sub, { method: 'POST', token, body });
    assert.equal(reply.status, 201, reply.text);
  };
  const approved = { principalId: 'npo-tandvard', outcome: 'approved' };
  await create('draft', `${made.resting.where}/mandates`, text);
  await create('submitted', `${made.resting.where}/mandates`, text);
  await act('submitted', '/submissions');
  await create('mandate', `${made.resting.where}/mandates`, text);
  await act('mandate', '/submissions');
  await act('mandate', '/approvals', approved);
  await create('annex', '/group-kinds/lag/mandates', text);
  const meeting = { startsAt: '2099-03-01T08:00:00Z', endsAt: '2099-03-01T10:00:00Z', mode: 'online' };
  await create('person', '/persons', { givenName: 'Bro', familyName: 'Bruten', email: 'bro@example.org', protectedIdentity: false });
  const personId = made.person.where.split('/').at(-1);
  await create('seat', '/memberships', { personId, groupId: made.group.where.split('/').at(-1), role: 'chair', capacity: 'profession', startDate: '2026-01-01' });
  await create('planned', `${made.group.where}/meetings`, meeting);
  await create('item', `${made.planned.where}/agenda-items`, { title: 'Skärvor', type: 'decision' });
  await create('left', `${made.planned.where}/agenda-items`, { title: 'Uppskjutet', postponed: true });
  const [standing, ...items] = (await k.api(`${made.planned.where}/agenda-items`, { token })).json.items;
  order = [standing, ...items.reverse()].map((i) => i.id);
  await create('called', `${made.group.where}/meetings`, meeting);
  await act('called', '/notices');
  const call = { title: 'Bruten utlysning', opensOn: '2026-01-01', askedIds: ['norra', 'region-vasterbotten'] };
  await create('call', `${made.resting.where}/nomination-calls`, call);
  await create('out', `${made.resting.where}/nomination-calls`, call);
  await act('out', '/publications');
  // The example has a nomination that only waits for its decision, and a call that does not close.
  const [item] = (await k.api('/nominations?groupId=nag-palliativ-vard&stage=decision', { token })).json.items;
  made.ready = { where: `/nominations/${item.id}` };
  const [open] = (await k.api('/groups/lag-fallprevention-vasterbotten/nomination-calls', { token })).json.items;
  const persons = (await k.api('/persons?employerId=region-dalarna&limit=3', { token })).json.items;
  nominate = (i) => ({ callId: open.id, personId: persons[i].id, nominatorId: 'region-vasterbotten', capacity: 'profession', competences: ['Skärvor'] });
  await create('nomination', '/nominations', nominate(0));
  await create('sent', '/nominations', nominate(1));
  await act('sent', '/submissions');
  // The example has a decided plan of 2026 to go on from.
  const year = { groupId: 'npo-tandvard', goals: 'Att brytas.' };
  await create('plan', '/plans', { ...year, year: 2051 });
  await create('initiative', `${made.plan.where}/initiatives`, { title: 'Skärvor', priority: 1 });
  await create('sentPlan', '/plans', { ...year, year: 2052 });
  await act('sentPlan', '/submissions');
  await create('goodPlan', '/plans', { ...year, year: 2053 });
  await act('goodPlan', '/submissions');
  await act('goodPlan', '/decisions', { outcome: 'approved' });
  await create('gap', '/gaps', { groupId: 'npo-tandvard', type: 'care', title: 'Skärvor', priority: 1 });
  await create('review', `${made.group.where}/reviews`, { year: 2026, outcome: 'close', text: 'Bruten.' });
  for (const one of Object.values(made)) one.etag = (await k.api(one.where, { token })).etag;
  await k.stop();
  base = copy(k.db, path.join(dir, 'base.db'));
});

const post = (where, body, more = {}) => (k) => k.api(where, { method: 'POST', token, body, ...more });
const on = (name, method, body, sub = '') => (k) => k.api(made[name].where + sub, { method, token, body, headers: { 'if-match': made[name].etag } });
const shapes = {
  'a word is added': post('/glossary', { abbreviation: 'NY', name: 'Ny' }),
  'a word is changed': on('word', 'PATCH', { name: 'Ändrad', text: 'Nytt.' }),
  'a word is deleted': on('word', 'DELETE'),
  'an organisation is added': post('/organisations', { type: 'hospital', name: 'Nytt sjukhus', parentId: 'region-vasterbotten' }),
  'an organisation is moved and renamed': on('organisation', 'PATCH', { id: 'bruten-och-lagad', name: 'Lagad', parentId: 'sodra' }),
  'an organisation is deleted': on('organisation', 'DELETE'),
  'a kind is added': (k) => k.api('/group-kinds', { method: 'POST', token: admin, body: { id: 'ny', name: 'Ny', nameEnglish: 'New', level: 'national', category: 'other', principalKinds: ['npo', 'nsg'] } }),
  'a group is established': post('/groups', { kind: 'nag', name: 'Ny grupp', startDate: '2026-01-01', principalIds: ['npo-tandvard', 'nsg-patientsakerhet'].slice(0, 1), purpose: 'Ny.' }),
  'a group is established under a key': post('/groups', { kind: 'nag', name: 'Nyckelgrupp', startDate: '2026-01-01', principalIds: ['npo-tandvard'] }, { headers: { 'idempotency-key': 'broken' } }),
  'a group is moved and renamed': on('group', 'PATCH', { id: 'nag-lagad', name: 'Lagad grupp', principalIds: ['npo-ogonsjukdomar'], purpose: 'Lagad.' }),
  'a group is closed': on('group', 'POST', { endDate: '2026-12-31', reason: 'Klart.' }, '/closures'),
  'a group is made dormant': on('group', 'POST', { startDate: '2026-12-01', reason: 'Paus.' }, '/dormancies'),
  'a group is woken': on('resting', 'POST', { startDate: '2026-12-24' }, '/reopenings'),
  'a group is deleted': on('resting', 'DELETE'),
  'a host is added': (k) => k.api(`${made.resting.where}/hosts`, { method: 'POST', token, body: { bodyId: 'sodra', status: 'active', startDate: '2026-01-01' } }),
  'a host is changed': on('host', 'PATCH', { endDate: '2026-12-31' }),
  'a host is deleted': on('host', 'DELETE'),
  'a relation is added': (k) => k.api(`${made.resting.where}/relations`, { method: 'POST', token, body: { type: 'near', bodyId: 'norra' } }),
  'a relation is changed': on('relation', 'PATCH', { startDate: '2026-03-01' }),
  'a relation is deleted': on('relation', 'DELETE'),
  'a mandate is written': (k) => k.api(`${made.resting.where}/mandates`, { method: 'POST', token, body: { purpose: 'Ny.', tasks: ['Ny.'], validFrom: '2028-01-01' } }),
  'a mandate is changed': on('draft', 'PATCH', { purpose: 'Lagat.', resourceEstimate: { memberCount: 3 }, deliverables: [] }),
  'a mandate is deleted': on('draft', 'DELETE'),
  'a mandate is submitted': on('draft', 'POST', {}, '/submissions'),
  'a mandate is approved': on('submitted', 'POST', { principalId: 'npo-tandvard', outcome: 'approved' }, '/approvals'),
  'a mandate is returned': on('submitted', 'POST', { principalId: 'npo-tandvard', outcome: 'returned', comment: 'Inte så.' }, '/approvals'),
  'a mandate is extended': on('mandate', 'POST', { validTo: '2029-12-31' }, '/extensions'),
  'an annex is approved': on('annex', 'POST', {}, '/approvals'),
  'a meeting is planned': (k) => k.api(`${made.group.where}/meetings`, { method: 'POST', token, body: { startsAt: '2099-04-01T08:00:00Z', endsAt: '2099-04-01T10:00:00Z', mode: 'online', carryOverIds: [made.left.where.split('/').at(-1)] } }),
  'a meeting is called': on('planned', 'POST', {}, '/notices'),
  'a meeting is moved': on('called', 'PATCH', { startsAt: '2099-03-01T07:00:00Z' }),
  'a meeting is cancelled': on('called', 'POST', { reason: 'Snö' }, '/cancellations'),
  'an agenda gets an item': on('planned', 'POST', { title: 'Ny', type: 'decision', tags: ['Skärvor'] }, '/agenda-items'),
  'an agenda is put in order': (k) => on('planned', 'POST', { itemIds: order }, '/agenda-orders')(k),
  'a paper is added': (k) => k.api(`${made.planned.where}/papers`, { method: 'POST', token, headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: `--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4\n${'x'.repeat(300_000)}\n%%EOF\n\r\n--x--\r\n` }),
  'attendance is marked': on('called', 'POST', { status: 'present' }, '/attendance-marks'),
  'somebody stands aside': (k) => on('planned', 'POST', { agendaItemId: made.item.where.split('/').at(-1), personId: made.person.where.split('/').at(-1), action: 'leftRoom' }, '/recusals')(k),
  'a plan is begun from the last one': post('/plans', { groupId: 'npo-tandvard', year: 2027 }),
  'a plan is deleted': on('plan', 'DELETE'),
  'a plan is submitted': on('plan', 'POST', {}, '/submissions'),
  'an initiative comes first': on('plan', 'POST', { title: 'Ny', priority: 2, position: 1 }, '/initiatives'),
  'an initiative is taken away': on('initiative', 'DELETE'),
  'a plan is returned': on('sentPlan', 'POST', { outcome: 'returned', comment: 'Inte så.' }, '/decisions'),
  'plans are decided together': (k) => post('/groups/sks/plan-decisions', { decisions: [{ planId: made.sentPlan.where.split('/').at(-1), outcome: 'approved' }] })(k),
  'a plan is followed up': on('goodPlan', 'POST', { summary: 'Klart.' }, '/follow-ups'),
  'a gap is raised': post('/gaps', { groupId: 'npo-tandvard', type: 'research', title: 'Nya skärvor', priority: 2, dimensions: ['safe'] }),
  'a gap is declined': on('gap', 'PATCH', { status: 'declined', reason: 'Lagat.' }),
  'a group is reviewed': (k) => k.api(`${made.resting.where}/reviews`, { method: 'POST', token, body: { year: 2026, outcome: 'continue', text: 'Bruten.', contributions: { safe: 'Lagat.' } } }),
  'a review is changed': on('review', 'PATCH', { text: 'Lagad.' }),
  'a step of the checklist is noted': on('review', 'POST', { item: 'thanks', done: true, note: 'Tårta.' }, '/closing-steps'),
  'a call is written from the gaps': (k) => k.api(`${made.group.where}/nomination-calls`, { method: 'POST', token, body: { fromGaps: true } }),
  'a call is changed': on('call', 'PATCH', { title: 'Lagad utlysning', askedIds: ['sodra'], requirementIds: [] }),
  'a call that is out asks more': on('out', 'PATCH', { askedIds: ['norra', 'region-vasterbotten', 'vastra'] }),
  'a call is published': on('call', 'POST', {}, '/publications'),
  'a call is closed': on('out', 'POST', { reason: 'Klart.' }, '/closures'),
  'a call is deleted': on('call', 'DELETE'),
  'a nomination is written': (k) => k.api('/nominations', { method: 'POST', token, body: nominate(2) }),
  'a nomination is changed': on('nomination', 'PATCH', { statement: 'Lagad.', competences: [] }),
  'a nomination is deleted': on('nomination', 'DELETE'),
  'a nomination is submitted': on('nomination', 'POST', {}, '/submissions'),
  'a check is recorded': on('sent', 'POST', { outcome: 'approved', name: 'Chef', workloadPercent: 10 }, '/employer-approvals'),
  'a nomination is withdrawn': on('sent', 'POST', { reason: 'Ångrad.' }, '/withdrawals'),
  'somebody is appointed': on('ready', 'POST', { outcome: 'appointed', reference: '§ 1' }, '/decisions'),
  'a form is sent': async (k) => {
    const jar = k.jar();
    jar.cookies.set('session', k.session ??= (await k.login(email, password)).cookies.get('session'));
    const page = await jar.get('/glossary/new');
    return jar.submit(page.form('/glossary'), { abbreviation: 'FRM', name: 'Formulär' });
  },
};

// What the register does by itself would be counted, too.
const alone = { KANSLI_NO_CHORES: '1' };

describe('the n-th statement fails', () => {
  const counts = new Map();
  for (const [what, act] of Object.entries(shapes)) {
    test(`while ${what}: an error is told, nothing is half-done, the next request is fine`, async () => {
      const untouched = await kept(base);
      let hits = 0;
      let harmless = 0;
      // A short run looks at statements further and further apart, a long one at every one of them. (The first may be
      // the note that a token was used, which harms nobody.)
      for (let n = long ? 1 : 3; harmless < (long ? 3 : 1); n = long ? n + 1 : n * 4) {
        const db = copy(base, path.join(dir, `fail-${n}.db`));
        const form = what === 'a form is sent';
        const k = await start({ db, record: false, env: form ? alone : { ...alone, KANSLI_FAIL_STATEMENT: String(n) } });
        if (form) { // log in first, then serve again with the fault
          k.session = (await k.login(email, password)).cookies.get('session');
          await k.restart({ env: { ...alone, KANSLI_FAIL_STATEMENT: String(n) } });
        }
        const before = form ? await kept(db) : untouched;
        const reply = await act(k);
        if (reply.status >= 500) {
          hits++;
          harmless = 0;
          assert.ok([500, 507].includes(reply.status), `${n}: ${reply.status}`);
          if (reply.json) {
            assert.equal(reply.json.status, reply.status);
            assert.ok(reply.json.title && reply.json.detail && reply.json.rule);
          }
          assert.doesNotMatch(reply.text, /sqlite|disk I\/O|INSERT|UPDATE/i);
          assert.equal(await kept(db), before, `statement ${n} left something behind`);
          const again = await act(k);
          assert.ok(again.status < 400, `${n}: then ${again.status} ${again.text.slice(0, 300)}`);
        } else {
          harmless++;
          assert.ok(reply.status < 400, `${n}: ${reply.status} ${reply.text.slice(0, 300)}`);
        }
        assert.notEqual(await kept(db), before, `${n}: done at last`);
        if (long) await checked(k);
        await k.stop();
        fs.rmSync(db);
      }
      assert.ok(hits > 0, 'no statement failed');
      counts.set(what, hits);
    });
  }
  after(() => long && figure('failing statements', [...counts].map(([what, n]) => `${what} ${n}`).join(', ')));
});

describe('the process', () => {
  test('killed at any moment: what was acknowledged is there, nothing is half', async () => {
    const kills = long ? 200 : 5;
    const k = await start({ db: copy(base, path.join(dir, 'kill.db')), record: false });
    const acknowledged = new Map();
    let serial = 0;
    for (let kill = 0; kill < kills; kill++) {
      let stopped = false;
      const worker = async () => {
        while (!stopped) {
          const n = ++serial;
          const body = n % 3 ? { type: 'other', name: `Dödad ${n}`, id: `dodad-${n}`, parentId: 'norra' } : { kind: 'nag', name: `Dödad ${n}`, id: `dodad-${n}`, startDate: '2026-01-01', principalIds: ['npo-tandvard'] };
          const where = n % 3 ? '/organisations' : '/groups';
          try {
            const reply = await k.api(where, { method: 'POST', token, body });
            assert.equal(reply.status, 201, reply.text);
            acknowledged.set(`${where}/dodad-${n}`, reply.etag);
            if (n % 5 === 0) {
              const gone = await k.api(`${where}/dodad-${n}`, { method: 'DELETE', token, headers: { 'if-match': reply.etag } });
              assert.equal(gone.status, 204, gone.text);
              acknowledged.set(`${where}/dodad-${n}`, null);
            }
          } catch (error) {
            if (error.code === 'ERR_ASSERTION') throw error;
            if (n % 5 === 0) acknowledged.delete(`${where}/dodad-${n}`); // its deletion may have been kept without a word
            return; // the line is cut: nothing was promised
          }
        }
      };
      const workers = Array.from({ length: 8 }, worker);
      const before = acknowledged.size;
      await sleep(30 + ((kill * 97) % 270));
      for (let wait = 0; acknowledged.size === before && wait < 500; wait++) await sleep(10);
      await k.stop({ signal: 'SIGKILL', clean: false });
      stopped = true;
      await Promise.all(workers);
      await k.launch(k.args);
      const there = new Map();
      for (const where of ['/organisations', '/groups']) {
        for (let page = 1; ; page++) {
          const { json } = await k.api(`${where}?limit=500&page=${page}&q=${encodeURIComponent('dödad')}`);
          for (const item of json.items) there.set(`${where}/${item.id}`, item);
          if (json.items.length < 500) break;
        }
      }
      for (const [where, etag] of acknowledged) assert.equal(there.has(where), etag !== null, `${where} after kill ${kill + 1}`);
      for (const [where, item] of there) {
        if (item.kind) assert.deepEqual(item.principalIds, ['npo-tandvard'], `${where} is whole`);
        else assert.equal(item.parentId, 'norra', `${where} is whole`);
      }
      if (kill % 20 === 0 || kill === kills - 1) await checked(k);
    }
    assert.ok(acknowledged.size >= kills, `only ${acknowledged.size} writes were acknowledged`);
    if (long) figure('kill -9', `${kills} kills, ${acknowledged.size} acknowledged writes, none lost`);
    assert.equal((await k.cli('backup', path.join(dir, 'whole.db'))).code, 0, 'a backup verifies every page');
  });

  test('asked to stop: what has begun is finished, then it ends with 0 and everything in one file', async () => {
    const k = await start({ db: copy(base, path.join(dir, 'stop.db')), record: false });
    const body = JSON.stringify({ abbreviation: 'SLUT', name: 'Till sist' });
    const head = `POST /api/v1/glossary HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const slow = k.raw([head + body.slice(0, 10), body.slice(10)], { gap: 600 });
    const quick = Array.from({ length: 30 }, (_, n) => k.api('/glossary', { method: 'POST', token, body: { abbreviation: `ST${n}`, name: 'Samtidigt' } })
      .then((reply) => [n, reply.status], () => [n, 'cut']));
    await sleep(100);
    const began = Date.now();
    await k.stop(); // asserts the 0
    assert.ok(Date.now() - began < 8000);
    assert.equal((await slow).status, 201, 'what was half sent is heard out');
    const outcomes = await Promise.all(quick);
    const wal = `${k.db}-wal`;
    assert.ok(!fs.existsSync(wal) || fs.statSync(wal).size === 0, 'the log is empty');
    const names = sqlite(k.db, "SELECT abbreviation || '' FROM glossary NOT INDEXED;").split('\n');
    assert.ok(names.includes('SLUT'));
    for (const [n, status] of outcomes) assert.equal(names.includes(`ST${n}`), status === 201, `ST${n}: ${status}`);
    assert.ok(outcomes.some(([, status]) => status === 201));
  });
});

describe('history that somebody else has written to', () => {
  const rows = () => Number(sqlite(base, 'SELECT max(key) FROM audit_event;'));
  const cases = {
    'its content': ['UPDATE audit_event SET changes = \'{"name":[null,"Annan"]}\' WHERE key = 7', 7],
    'one letter of it': ["UPDATE audit_event SET changes = replace(changes, 'a', 'b') WHERE key = 9", 9],
    'who did it': ["UPDATE audit_event SET actor = 'annan' WHERE key = 7", 7],
    'when it was done': ["UPDATE audit_event SET at = '2020-01-01T00:00:00.000Z' WHERE key = 7", 7],
    'what was done': ["UPDATE audit_event SET act = 'delete' WHERE key = 7", 7],
    'to what': ["UPDATE audit_event SET object_id = 'annan' WHERE key = 7", 7],
    'whose page shows it': ["UPDATE audit_event SET within_key = 12345, within_type = 'groups' WHERE key = 7", 7],
    'in whose place': ['UPDATE audit_event SET as_support = 1 - as_support WHERE key = 7', 7],
    'the version': ['UPDATE audit_event SET version = version + 1 WHERE key = 7', 7],
    'content and salt blanked, as if erased': ['UPDATE audit_event SET changes = NULL, salt = NULL WHERE key = 7', 7],
    'content and its digest': ["UPDATE audit_event SET changes = '{}', digest = (SELECT digest FROM audit_event WHERE key = 8) WHERE key = 7", 7],
    'a row taken out': ['DELETE FROM audit_event WHERE key = 7', 7],
    'the first row taken out': ['DELETE FROM audit_event WHERE key = 1', 1],
    'a row taken out and the others moved up': ['DELETE FROM audit_event WHERE key = 7; UPDATE audit_event SET key = -key WHERE key > 7; UPDATE audit_event SET key = -key - 1 WHERE key < 0', 7],
    'two rows exchanged': ['UPDATE audit_event SET key = -7 WHERE key = 7; UPDATE audit_event SET key = 7 WHERE key = 8; UPDATE audit_event SET key = 8 WHERE key = -7', 7],
    'the end cut off': () => [`DELETE FROM audit_event WHERE key > ${rows() - 3}`, rows() - 2],
    'all of it': ['DELETE FROM audit_event', 1],
    'a row put behind the last': () => [`INSERT INTO audit_event SELECT key + 1, 'x', at, actor, as_support, object_type, object_key, object_id, within_type, within_key, act, version, changes, salt, digest, chain FROM audit_event WHERE key = ${rows()}`, rows() + 1],
    'the note of its end': ["UPDATE audit_head SET chain = 'x'", () => rows()],
  };
  for (const [what, given] of Object.entries(cases)) {
    test(`${what}: found, with the row`, async () => {
      let [sql, row] = typeof given === 'function' ? given() : given;
      if (typeof row === 'function') row = row();
      const db = copy(base, path.join(dir, 'history.db'));
      sqlite(db, sql);
      const { code, stdout } = await run(['check', '--db', db, '--json']);
      assert.equal(code, 1);
      const found = JSON.parse(stdout).filter((f) => f.rule === 'history-altered');
      assert.ok(found.some((f) => f.severity === 'error' && f.objectType === 'audit-events' && f.objectId === String(row)), JSON.stringify(found.slice(0, 3)));
      fs.rmSync(db);
    });
  }

  test('and an untouched one is not accused', async () => {
    const { code, stdout } = await run(['check', '--db', base, '--json']);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout).filter((f) => f.severity === 'error'), []);
  });
});

describe('the command line', () => {
  const refuses = async (args, code, words) => {
    const reply = await run(args);
    assert.equal(reply.code, code, `kansli ${args.join(' ')}: ${reply.stdout}${reply.stderr}`);
    const told = reply.stderr.trim().split('\n').filter((line) => line.startsWith('kansli'));
    assert.equal(told.length, 1, `one clear line: ${reply.stderr}`);
    if (words) assert.match(told[0], words);
    return reply;
  };

  test('init never writes over a file', async () => {
    const before = fs.readFileSync(base);
    await refuses(['init', '--db', base], 1, /base\.db/);
    assert.ok(fs.readFileSync(base).equals(before));
    const other = path.join(dir, 'notes.txt');
    fs.writeFileSync(other, 'not a register');
    await refuses(['init', '--db', other], 1);
    assert.equal(fs.readFileSync(other, 'utf8'), 'not a register');
  });

  test('a word it does not know exits 2', async () => {
    await refuses(['nosuch'], 2, /nosuch/);
    for (const args of [['serve'], ['user', '--db', base, 'nosuch'], ['token', '--db', base, 'add'], ['backup', '--db', base], ['serve', '--db', base, '--base-url', 'kansli.example/x']]) await refuses(args, 2);
    for (const args of [['check', '--db', base, 'nosuch'], ['version', '--demo'], ['check', '--db', base, '--role', 'support'],
      ['token', 'add', '--db', base, '--account', 'a@example.org', '--scope', 'read', '--days', 'x']]) await refuses(args, 2);
    await refuses(['user', 'add', '--db', base, 'nosuch'], 1);
    assert.equal((await run(['serve', '--nosuch'])).code, 2);
    assert.equal((await run([])).code, 2);
    for (const word of ['init', 'serve', 'check', 'user', 'token', 'backup', 'migrate', 'openapi', 'version']) {
      const { code, stdout } = await run([word, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`kansli ${word}`));
    }
  });

  test('what is no register, or a newer one, is refused by every command', async () => {
    const newer = copy(base, path.join(dir, 'newer.db'));
    sqlite(newer, "INSERT INTO schema_migration SELECT 9999, '9999_future.sql', checksum, applied FROM schema_migration LIMIT 1;".replace('applied', sqlite(newer, "SELECT name FROM pragma_table_info('schema_migration') WHERE name NOT IN ('number', 'name', 'checksum');").trim()));
    const text = path.join(dir, 'text.db');
    fs.writeFileSync(text, 'x'.repeat(10_000));
    const foreign = path.join(dir, 'foreign.db');
    sqlite(foreign, 'CREATE TABLE a (b);');
    const half = path.join(dir, 'half.db');
    fs.writeFileSync(half, fs.readFileSync(base).subarray(0, 5000));
    for (const db of [newer, text, foreign, half, path.join(dir, 'absent.db'), dir]) {
      for (const word of [['check'], ['serve', '--listen', '127.0.0.1:0'], ['migrate'], ['user', 'list'], ['backup', path.join(dir, 'never')]]) {
        await refuses([...word.slice(0, word[0] === 'user' ? 2 : 1), '--db', db, ...word.slice(word[0] === 'user' ? 2 : 1)], 1);
      }
    }
    assert.ok(!fs.existsSync(path.join(dir, 'absent.db')), 'asking makes nothing');
    assert.ok(!fs.existsSync(path.join(dir, 'never')));
  });

  test('a backup taken while writing is whole', async () => {
    const k = await start({ db: copy(base, path.join(dir, 'served.db')), record: false });
    let stopped = false;
    let n = 0;
    const writer = (async () => {
      while (!stopped) assert.equal((await k.api('/glossary', { method: 'POST', token, body: { abbreviation: `BK${++n}`, name: 'Under tiden' } })).status, 201);
    })();
    for (let i = 0; i < 3; i++) {
      const out = path.join(dir, `backup-${i}.db`);
      const { code, stderr } = await k.cli('backup', out);
      assert.equal(code, 0, stderr);
      assert.equal((await run(['check', '--db', out])).code, 0);
      assert.equal((await k.cli('backup', out)).code, 1, 'never over a file');
    }
    stopped = true;
    await writer;
    assert.ok(n > 3);
  });
});

describe('the disk', () => {
  const write = (k, n) => k.api('/glossary', { method: 'POST', token, body: { abbreviation: `DISK${n}`, name: 'Disk', text: 'x'.repeat(1000) } });

  // Writes fail, reads go on, and when there is room again all is well: nothing has to be started anew.
  async function fails(k, spoil, heal) {
    assert.equal((await write(k, 1)).status, 201);
    await spoil();
    for (let n = 2; n < 5; n++) {
      const reply = await write(k, n);
      assert.equal(reply.status, 507, reply.text);
      assert.equal(reply.json.rule, 'storage');
      assert.equal((await k.api('/groups', { token })).status, 200);
      assert.equal((await k.page('/')).status, 200);
    }
    await heal();
    assert.equal((await write(k, 5)).status, 201);
    const { json } = await k.api('/glossary?limit=500');
    assert.deepEqual(json.items.map((w) => w.abbreviation).filter((a) => a.startsWith('DISK')).sort(), ['DISK1', 'DISK5']);
    await checked(k);
  }

  test('that takes no more: writes 507, reads 200, and it heals by itself', async () => {
    const k = await start({ db: copy(base, path.join(dir, 'limit.db')), record: false });
    const limit = (bytes) => execFileSync('prlimit', ['--pid', String(k.process.pid), `--fsize=${bytes}:unlimited`]);
    await fails(k, () => limit(1), () => limit('unlimited'));
    await k.stop();
  });

  test('that is nearly full: the same, before SQLite finds out', async (t) => {
    const mount = path.join(dir, 'disk');
    fs.mkdirSync(mount);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=90m', 'tmpfs', mount]).status !== 0) {
      t.diagnostic('mounting is not allowed here: the limit above stands for it');
      return;
    }
    try {
      const k = await start({ db: copy(base, path.join(mount, 'register.db')), record: false });
      const ballast = path.join(mount, 'ballast');
      await fails(k, () => fs.writeFileSync(ballast, Buffer.alloc(60 << 20)), () => fs.rmSync(ballast));
      await k.stop();
      spawnSync('mount', ['-o', 'remount,ro', mount]);
      const reply = await run(['serve', '--db', path.join(mount, 'register.db'), '--listen', '127.0.0.1:0'], { ms: 5000 });
      assert.equal(reply.code, 1, 'a directory that cannot be written to is told at the start');
      assert.match(reply.stderr, /^kansli: /m);
    } finally {
      spawnSync('umount', ['-l', mount]);
    }
  });
});
