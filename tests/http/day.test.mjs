// A page of another day leads to pages of that day, and back to today.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { start } from '../lib/kansli.mjs';

describe('the day of a page', () => {
  let k;
  before(async () => {
    k = await start({ demo: true, env: { KANSLI_NOW: '2026-11-22T10:00:00Z' } });
  });
  const links = (html) => [...html.matchAll(/<a ([^>]*)>/g)].map(([, tag]) => ({
    tag, to: /href="([^"]*)"/.exec(tag)?.[1].replaceAll('&amp;', '&'),
  }));

  test('goes along with every link to a page that has a day', async () => {
    const { text } = await k.page('/groups/npo-cancersjukdomar?asOf=2024-08-01');
    const to = links(text).map((link) => link.to);
    assert.ok(to.includes('/levels?asOf=2024-08-01'));
    assert.ok(to.includes('/groups/npo-cancersjukdomar/hosts?asOf=2024-08-01'));
    assert.ok(to.some((one) => /^\/groups\?principalIds=npo-cancersjukdomar&kind=nag&asOf=2024-08-01$/.test(one)) ||
      !to.some((one) => one?.startsWith('/groups?principalIds')));
    assert.ok(to.includes('/glossary') || to.includes('/glossary?asOf=2024-08-01'));
  });

  test('is taken by every page it leads to', async () => {
    for (const path of ['/levels', '/matrix', '/groups/nag-palliativ-vard', '/organisations/norra', '/tree']) {
      const { text } = await k.page(`${path}?asOf=2024-08-01`);
      const to = new Set(links(text).map((link) => link.to).filter((one) => one?.includes('asOf=')));
      assert.ok(to.size > 3, `${path} leads on`);
      for (const one of [...to].slice(0, 25)) {
        const reply = await k.page(one.startsWith('?') ? `${path}${one}` : one);
        assert.ok(reply.status < 400, `${path} leads to ${one}: ${reply.status}`);
      }
    }
  });

  test('is left by the way back to today, and nothing else', async () => {
    const { text } = await k.page('/levels?asOf=2024-08-01');
    const back = links(text).filter((link) => link.tag.includes('data-today'));
    assert.deepEqual(back.map((link) => link.to), ['/levels']);
    const login = links(text).filter((link) => link.to?.startsWith('/login'));
    assert.ok(login.every((link) => !/[?&]asOf=/.test(link.to.split('returnTo')[0])), 'a form has no day');
  });

  test('is nowhere on a page of today', async () => {
    const { text } = await k.page('/levels');
    assert.ok(!links(text).some((link) => link.to?.includes('asOf=')));
  });
});
