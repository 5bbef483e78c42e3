// The checks of the register: who may run them and of what, how they are found again, and that each leads to where it is mended.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { start } from '../lib/kansli.mjs';

const demoPassword = 'kansli-demo-2026';
let k;
let support;
let officer;
let items;
const checks = (query = '', token = support) => k.api(`/checks?${query}`, { token });
// All of them, page by page.
async function all(query = '', token = support) {
  const found = [];
  for (let page = 1; ; page += 1) {
    const { json } = await checks(`${query}&limit=500&page=${page}`, token);
    found.push(...json.items);
    if (found.length >= json._meta.totalRecords) return found;
  }
}
before(async () => {
  k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  support = await k.token('support@kansli.example');
  officer = await k.token('karin.bergstrom@kansli.example');
  items = await all();
});
const set = (list, name) => [...new Set(list.map((one) => one[name]))];

describe('who may run them', () => {
  test('support, auditor and administrator for all, an officer for the groups of one’s own and those below, nobody else', async () => {
    for (const who of ['auditor', 'admin']) {
      assert.equal((await checks('limit=1', await k.token(`${who}@kansli.example`))).json._meta.totalRecords, items.length, who);
    }
    for (const who of ['norra', 'vasterbotten', 'dataskydd']) {
      const reply = await checks('', await k.token(`${who}@kansli.example`));
      assert.deepEqual([reply.status, reply.json.rule], [403, 'may-run-checks'], who);
    }
    assert.equal((await k.api('/checks')).status, 401);
    const own = await all('', officer);
    assert.ok(own.length > 0 && own.length < items.length);
    const history = async (group) => (await k.api(`/groups/${group}/history`, { token: officer })).status;
    for (const group of set(own, 'groupId')) assert.equal(await history(group), 200, group);
    const not = set(items, 'groupId').filter((group) => group && !own.some((found) => found.groupId === group));
    for (const group of not.slice(0, 20)) assert.ok([403, 404].includes(await history(group)), group);
    const groups = new Set(own.map((found) => found.groupId));
    assert.deepEqual(items.filter((found) => groups.has(found.groupId)).map((found) => found.message), own.map((found) => found.message));
  });

  test('a filter tells an officer nothing of other groups', async () => {
    const other = items.find((found) => found.groupId === 'npo-akut-vard' || found.level === 'local');
    const { json } = await checks(`objectId=${other.objectId}`, officer);
    assert.deepEqual([json.items, json._meta.totalRecords], [[], 0]);
    const jar = await k.login('karin.bergstrom@kansli.example', demoPassword);
    assert.ok(!(await jar.get('/checks')).text.includes(other.message));
  });
});

describe('what they say', () => {
  test('every rule has a title of its own, and the group it belongs to', () => {
    for (const found of items) {
      assert.notEqual(found.ruleLabel, found.rule);
      assert.ok(found.groupId === null || (found.groupName && found.levelLabel), found.message);
      assert.ok(!/[{}]/.test(found.message + found.href + (found.mendHref ?? '')), `${found.message} ${found.href} ${found.mendHref}`);
    }
  });

  test('one of each rule leads to its object and to a page that mends it', async () => {
    const jar = await k.login('support@kansli.example', demoPassword);
    for (const rule of set(items, 'rule')) {
      const { href, mendHref } = items.find((found) => found.rule === rule);
      for (const address of [href, mendHref].filter(Boolean)) {
        assert.equal((await jar.get(new URL(address).pathname + new URL(address).search)).status, 200, `${rule}: ${address}`);
      }
    }
  });

  test('whose name is not to be known is not told of as process leader either', async () => {
    const { groupId, processLeaderId } = items.find((found) => found.processLeaderId);
    await k.stop();
    execFileSync('sqlite3', [k.db, `UPDATE person SET protected_identity = 1 WHERE id = '${processLeaderId}';`]);
    await k.restart();
    const told = async (who) => (await checks(`objectId=${groupId}`, await k.token(`${who}@kansli.example`))).json.items[0];
    assert.equal((await told('support')).processLeaderId, processLeaderId);
    assert.deepEqual([(await told('admin')).processLeaderId, (await told('admin')).processLeaderName], [null, null]);
    const found = await checks(`processLeaderId=${processLeaderId}`, await k.token('admin@kansli.example'));
    assert.equal(found.json._meta.totalRecords, 0);
  });
});

describe('finding them again', () => {
  test('by rule, severity, level and who could mend it', async () => {
    for (const name of ['rule', 'severity', 'level', 'processLeaderId']) {
      const value = items.map((found) => found[name]).filter(Boolean).at(-1);
      const want = items.filter((found) => found[name] === value).map((found) => found.message).sort();
      assert.deepEqual((await all(`${name}=${value}`)).map((found) => found.message).sort(), want, name);
      assert.ok(want.length && want.length <= items.length);
    }
    const reply = await checks('rule=nosuch&level=galactic&severity=grave&by=colour');
    assert.deepEqual([reply.status, reply.json.errors.map((e) => e.parameter).sort()],
      [400, ['by', 'level', 'rule', 'severity']]);
  });

  test('each process leader’s together, on pages that lead to each other', async () => {
    const order = (await all('by=processLeader')).map((found) => found.processLeaderId);
    assert.equal(order.filter((id, i) => i === 0 || id !== order[i - 1]).length, new Set(order).size);
    assert.equal(order.length, items.length);
    const jar = await k.login('support@kansli.example', demoPassword);
    const page = await jar.get('/checks?by=processLeader&severity=notice&limit=5');
    assert.equal(page.status, 200);
    assert.match(page.text, /href="\?by=processLeader&amp;severity=notice&amp;limit=5&amp;page=2"/);
    assert.match(page.text, /<option value="notice" selected>/);
    assert.match(page.text, /<input type="hidden" name="by" value="processLeader">/);
    assert.equal((page.text.match(/<ul class="alerts mt">/g) ?? []).length > 0, true);
  });
});
