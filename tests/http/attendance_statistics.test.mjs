// Attendance in numbers: a group whose every meeting is known, and who is told what of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

const where = '/statistics/attendance';
const group = 'nag-prov';
let k;
const tokens = {};
const ids = { persons: {}, memberships: {} };
const post = async (path, body = {}, status = 201) => {
  const reply = await k.api(path, { token: tokens.support, method: 'POST', body });
  assert.equal(reply.status, status, `${path}: ${reply.text}`);
  return reply.json;
};
const get = async (query, who, status = 200) => {
  const reply = await k.api(`${where}?${query}`, { token: tokens[who] });
  assert.equal(reply.status, status, `${query}: ${reply.text}`);
  return reply.json;
};

const groupOf = (fields) => post('/groups', { kind: 'nag', startDate: '2024-01-01', principalIds: ['npo-aldres-halsa-och-palliativ-vard'], ...fields });
const person = async (name) => { ids.persons[name] ??= (await post('/persons', { givenName: name, familyName: 'Provsson' })).id; return ids.persons[name]; };
const seat = async (name, fields = {}, at = group) => {
  const made = await post(`/groups/${at}/memberships`, { personId: await person(name), role: 'member', capacity: 'profession', startDate: '2026-01-01', ...fields });
  ids.memberships[name] = made.id;
};
async function held(day, came, fields = {}, at = group) {
  const m = await post(`/groups/${at}/meetings`, { title: `Möte ${day}`, startsAt: `${day}T08:00:00Z`, endsAt: `${day}T10:00:00Z`, mode: 'online', visibility: 'members', ...fields });
  for (const [name, status] of Object.entries(came)) {
    const body = typeof status === 'string' ? { status } : status;
    await post(`/meetings/${m.id}/attendance`, { personId: await person(name), ...body });
  }
  return m;
}

before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  for (const who of ['support', 'karin.bergstrom', 'norra', 'auditor', 'viveka.lundhede']) tokens[who] = await k.token(`${who}@kansli.example`);
  await groupOf({ id: group, name: 'Prov' });
  await seat('Ada', { role: 'chair' });
  await seat('Bo', { onBehalfOfId: 'norra' });
  await seat('Cia', { startDate: '2026-05-01', onBehalfOfId: 'norra' });          // came in May
  await seat('Dag', { endDate: '2026-04-30', onBehalfOfId: 'sodra' });            // left before
  await seat('Eva', { onBehalfOfId: 'sodra' });
  await seat('Fia', { role: 'coOpted' });                                         // no seat
  await seat('Gun', { role: 'observer' });                                        // not one of those expected
  const deputy = await person('Stig');
  await held('2026-03-10', { Ada: 'present', Bo: 'absent', Dag: 'remote', Eva: 'excused', Fia: 'present' });
  await held('2026-06-10', { Ada: 'present', Bo: 'remote', Cia: 'present', Stig: { status: 'present', forId: await person('Eva') }, Gun: 'present' });
  await held('2026-09-10', {});                                                   // nothing noted
  const cancelled = await held('2026-10-10', {});
  execFileSync('sqlite3', ['-cmd', '.timeout 10000', k.db, `UPDATE meeting SET cancelled_at = '2026-10-01T08:00:00.000Z' WHERE id = '${cancelled.id}';`]);
  await held('2026-11-22', { Ada: 'absent', Bo: 'absent' });                      // today: from tomorrow on
  await held('2026-12-10', {});                                                   // planned
  assert.ok(deputy);
});

const row = (list, name) => list.items.find((item) => item.groupId === name || item.organisationId === name || item.personName === `${name} Provsson`);

describe('what is counted', () => {
  test('held meetings up to yesterday; places in each one\'s own term; a deputy takes the seat', async () => {
    const list = await get(`groupId=${group}`, 'support');
    const { meetings, noted, expected, attended, percent, daysBetween, lastOn } = row(list, group);
    // March: Ada, Bo, Dag, Eva; June: Ada, Bo, Cia, Eva.
    assert.deepEqual([meetings, noted, expected, attended, percent, daysBetween, lastOn], [3, 2, 8, 6, 75, 92, '2026-09-10']);
    assert.deepEqual(list.total, { meetings: 3, expected: 8, attended: 6, percent: 75 });
    assert.deepEqual([list.from, list.to, list.year], ['2026-01-01', '2026-12-31', 2026]);
  });

  test('by member: who came in May is not absent in March', async () => {
    const list = await get(`groupId=${group}&by=member`, 'support');
    const of = (name) => { const { expected, attended, byDeputy, percent } = row(list, name); return [expected, attended, byDeputy, percent]; };
    assert.deepEqual(of('Ada'), [2, 2, 0, 100]);
    assert.deepEqual(of('Bo'), [2, 1, 0, 50]);
    assert.deepEqual(of('Cia'), [1, 1, 0, 100]);
    assert.deepEqual(of('Dag'), [1, 1, 0, 100]);
    assert.deepEqual(of('Eva'), [2, 1, 1, 50]);
    assert.deepEqual(of('Fia'), [2, 1, 0, 50], 'of no seat, but expected');
    assert.ok(!row(list, 'Gun') && !row(list, 'Stig'));
    assert.ok(list.items.every((item) => !('capacity' in item)));
  });

  test('by organisation, and for days of one\'s own choosing within a group', async () => {
    const of = async (query) => Object.fromEntries((await get(`groupId=${group}&by=organisation${query}`, 'support')).items
      .map((item) => [item.organisationId, [item.people, item.expected, item.attended]]));
    assert.deepEqual(await of(''), { norra: [2, 3, 2], sodra: [2, 3, 2] });
    assert.deepEqual(await of('&from=2026-03-10&to=2026-03-10'), { norra: [1, 1, 0], sodra: [2, 2, 1] });
    assert.deepEqual(await of('&from=2026-03-11&to=2026-06-09'), {});
    assert.deepEqual(await of('&organisationId=sodra'), { sodra: [2, 3, 2] });
    assert.deepEqual(await of('&year=2025'), {});
  });

  test('a joint meeting counts for each of its groups, with its own members', async () => {
    await groupOf({ id: 'nag-bredvid', name: 'Bredvid' });
    await seat('Hans', {}, 'nag-bredvid');
    const other = 'nag-fallskador-hos-aldre';
    const meetings = async (id) => row(await get(`groupId=${id}`, 'support'), id).meetings;
    const had = await meetings(other);
    const joint = await post('/meetings', { groupIds: ['nag-bredvid', other], startsAt: '2026-07-01T08:00:00Z', endsAt: '2026-07-01T09:00:00Z', mode: 'online' });
    await post(`/meetings/${joint.id}/attendance`, { personId: ids.persons.Hans, status: 'present' });
    assert.deepEqual([await meetings('nag-bredvid'), await meetings(other)], [1, had + 1]);
    assert.deepEqual((await get('groupId=nag-bredvid&by=member', 'support')).items.map((item) => [item.personName, item.attended]), [['Hans Provsson', 1]]);
  });

  test('how old minutes become, and which meetings have none sent a month on', async () => {
    const list = await get('groupId=nag-palliativ-vard', 'support');
    const { adjustedAfter, sentAfter, withoutMinutes } = row(list, 'nag-palliativ-vard');
    assert.ok(adjustedAfter > 0 && sentAfter >= adjustedAfter && withoutMinutes >= 0);
    assert.deepEqual([row(await get(`groupId=${group}`, 'support'), group)].map((r) => [r.adjustedAfter, r.sentAfter, r.withoutMinutes]), [[null, null, 3]]);
  });
});

describe('who is told', () => {
  test('members by name: inside one group alone, to those who may read its papers', async () => {
    for (const who of ['support', 'auditor']) await get(`groupId=${group}&by=member`, who);
    await get('groupId=nag-palliativ-vard&by=member', 'karin.bergstrom');
    await get('groupId=nag-palliativ-vard&by=member', 'viveka.lundhede');
    await get('groupId=nag-palliativ-vard&by=member', 'norra'); // represented in it
    assert.equal((await get(`groupId=${group}&by=member`, 'viveka.lundhede', 403)).rule, 'may-see-drafts');
    assert.equal((await get(`groupId=${group}&by=member`, undefined, 401)).rule, 'may-see-drafts');
    await get(`groupId=${group}&by=organisation`, undefined, 401);
    await get(`groupId=${group}&from=2026-03-10&to=2026-03-10`, undefined, 401);
    const refused = await get('by=member', 'support', 400);
    assert.deepEqual(refused.errors.map((e) => e.parameter), ['groupId'], 'nowhere are people gathered across groups');
  });

  test('beside each member of a group, to the same readers', async () => {
    const beside = async (who) => (await k.api(`/groups/${group}/memberships?embed=page`, { token: tokens[who] })).json.items
      .find((item) => item.id === ids.memberships.Bo)._embedded.attendance;
    assert.deepEqual(await beside('support'), { expected: 2, attended: 1 });
    assert.equal(await beside('viveka.lundhede'), null);
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    assert.match((await jar.get(`/groups/${group}/memberships`)).text, /Närvaro: 1 av 2/);
    assert.ok(!(await k.page(`/groups/${group}/memberships`)).text.includes('Närvaro:'));
  });

  test('others by the year, where five people stand behind', async () => {
    const few = row(await get(`groupId=${group}`), group); // Ada, Bo, Cia, Dag, Eva: five in the year
    assert.deepEqual([few.tooFew, few.percent, few.lastOn, few.withoutMinutes, few.sentAfter], [false, 75, null, null, null]);
    await groupOf({ id: 'nag-liten', name: 'Liten' });
    for (const name of ['Ada', 'Bo', 'Cia', 'Eva']) await seat(name, {}, 'nag-liten');
    await held('2026-02-01', { Ada: 'present', Bo: 'absent', Cia: 'present', Eva: 'present' }, {}, 'nag-liten');
    const small = await get('groupId=nag-liten');
    assert.deepEqual([row(small, 'nag-liten')].map((r) => [r.meetings, r.tooFew, r.expected, r.attended, r.percent]), [[1, true, null, null, null]]);
    assert.deepEqual(small.total, { meetings: 1, expected: 0, attended: 0, percent: null }, 'nor by the sum');
    assert.equal(row(await get('groupId=nag-liten', 'support'), 'nag-liten').percent, 75);
  });

  test('organisations across groups likewise, and never those of patients', async () => {
    await groupOf({ id: 'nag-patienter', name: 'Patienter' });
    await seat('Ida', { onBehalfOfId: 'exempelforbundet-patienter' }, 'nag-patienter');
    await held('2026-02-02', { Ida: 'present' }, {}, 'nag-patienter');
    for (const who of [undefined, 'support']) {
      const list = await get('by=organisation&limit=500', who);
      assert.ok(!list.items.some((item) => item.organisationId.startsWith('exempelforbundet')));
      assert.deepEqual((await get('organisationId=exempelforbundet-patienter', who)).items, [], 'nor in which groups patients sit');
      assert.ok(who || list.items.every((item) => item.tooFew === (item.people === null)));
      assert.equal(row(list, 'kommun-norrkoping').tooFew, !who);
    }
    assert.ok(row(await get('by=organisation&groupId=nag-patienter', 'support'), 'exempelforbundet-patienter'));
  });

  test('nothing of a restricted group, nor of a transparent one to strangers, nor of the officers\' own meetings', async () => {
    await groupOf({ id: 'nag-dold', name: 'Dold', accessMode: 'restricted' });
    await groupOf({ id: 'nag-genomsynlig', name: 'Genomsynlig', accessMode: 'transparent' });
    await held('2026-02-03', {}, {}, 'nag-dold');
    const seen = async (who) => (await get('limit=500', who)).items.map((item) => item.groupId);
    assert.ok(!(await seen()).some((id) => ['nag-dold', 'nag-genomsynlig'].includes(id)));
    assert.ok((await seen('viveka.lundhede')).includes('nag-genomsynlig') && !(await seen('viveka.lundhede')).includes('nag-dold'));
    assert.ok((await seen('support')).includes('nag-dold'));
    const absent = await get('groupId=nag-dold', 'viveka.lundhede', 400);
    const never = await get('groupId=nag-aldrig', 'viveka.lundhede', 400);
    assert.deepEqual(absent.errors[0].detail.replace('nag-dold', ''), never.errors[0].detail.replace('nag-aldrig', ''));
    await held('2026-02-04', { Ada: 'present' }, { visibility: 'principals' });
    assert.equal(row(await get(`groupId=${group}`), group).meetings, 3);
    assert.equal(row(await get(`groupId=${group}`, 'support'), group).meetings, 4);
  });
});

describe('what is asked', () => {
  test('by level, by the organisation represented, page by page, and as a file', async () => {
    const all = await get('limit=500');
    assert.ok(all.items.every((item) => item.level === 'national') && all._meta.totalRecords === all.items.length);
    const some = await get('organisationId=norra&limit=500');
    assert.ok(some.items.some((item) => item.groupId === group) && some.items.length < all.items.length);
    const second = await get('limit=10&page=2');
    assert.deepEqual(second.items, all.items.slice(10, 20));
    assert.equal((await get('level=local')).items.every((item) => item.level === 'local'), true);
    const csv = await fetch(`${k.url}/api/v1${where}?groupId=${group}&by=member&format=csv`, { headers: { authorization: `Bearer ${tokens.support}` } });
    const text = await csv.text();
    assert.match(csv.headers.get('content-type'), /^text\/csv/);
    assert.ok(text.includes('Ada Provsson') && text.includes('Närvaro, procent'));
  });

  test('what is unknown is refused, all at once', async () => {
    const reply = await get('by=votes&level=galactic&groupId=ingen&organisationId=ingen&year=1999', 'support', 400);
    assert.deepEqual(reply.errors.map((e) => e.parameter).sort(), ['by', 'groupId', 'level', 'organisationId', 'year']);
    for (const query of [`groupId=${group}&from=2026-02-30`, `groupId=${group}&from=2026-03-02&to=2026-03-01`, `groupId=${group}&year=2026&from=2026-01-01`,
      `groupId=${group}&level=national`, 'from=2026-01-01', 'year=x', 'page=0', 'asOf=2026-01-01', 'capacity=patient', 'personId=x']) {
      await get(query, 'support', 400);
    }
  });

  test('a bar is as long as the number beside it, and says in words what is not told', async () => {
    const { text } = await k.page(`${where}?groupId=${group}`);
    assert.match(text, /<rect class="v" y="2" width="75" height="6"><\/rect>.*?<strong>75 %<\/strong>/s);
    assert.match((await k.page(`${where}?groupId=nag-liten`)).text, /färre än fem personer/);
    const names = (await k.page(`${where}?groupId=${group}`)).text;
    assert.ok(!names.includes('Provsson') && !names.includes('by=member'), 'no way that leads nowhere');
    const jar = await k.login('support@kansli.example', 'kansli-demo-2026');
    assert.ok((await jar.get(`${where}?groupId=${group}&by=member`)).text.includes('Provsson'));
  });

  test('follows the register: what was noted today is in tomorrow\'s count, what was corrected at once', async () => {
    const before_ = row(await get(`groupId=${group}`), group).attended;
    const meeting = (await k.api(`/groups/${group}/meetings?from=2026-03-10&to=2026-03-10`, { token: tokens.support })).json.items[0].id;
    await post(`/meetings/${meeting}/attendance`, { personId: ids.persons.Bo, status: 'present' });
    assert.equal(row(await get(`groupId=${group}`), group).attended, before_ + 1);
    await k.restart({ env: { KANSLI_NOW: '2026-11-23T10:00:00Z' } });
    assert.equal(row(await get(`groupId=${group}`), group).meetings, 4);
  });
});
