// A page is its document laid into a template (design.md 1): every page that nobody need log in for equals its own
// JSON, asked for with embed=page and rendered away from the server. With the kept answers and without them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { binary, run, start } from '../lib/kansli.mjs';
import { textOf } from '../lib/html.mjs';

const renderer = path.join(path.dirname(binary()), 'render');

// What stands for the names in a path.
const examples = {
  '/groups/{id}': 'npo-aldres-halsa-och-palliativ-vard', '/organisations/{id}': 'region-halland', '/group-kinds/{id}': 'npo',
  '/levels/healthcare-region/{organisationId}': 'norra', '/levels/local/{regionId}': 'region-vasterbotten', '/problems/{rule}': 'slug-taken',
};
// The same pages asked for in other ways.
const variants = ['/groups?kind=npo&sort=-name&limit=10&page=2', '/groups?q=aldre', '/groups?q=xyzzy', '/groups?asOf=2019-06-01', '/groups/npo-cancersjukdomar?asOf=2030-01-01',
  '/groups/nag-palliativ-vard', '/organisations?type=municipality&page=3', '/organisations/kommun-umea', '/matrix?asOf=2024-01-01', '/levels/national?asOf=2020-02-02', '/search?q=palliativ',
  '/search?q=%3Cscript%3E', '/levels/healthcare-region/sodra', '/levels/local/region-halland'];

function render(view, language, document, page) {
  return new Promise((resolve, reject) => {
    const child = spawn(renderer, [view, language], { env: { PATH: process.env.PATH, ASAN_OPTIONS: 'detect_leaks=0', TSAN_OPTIONS: 'exitcode=66' } });
    const out = [];
    let said = '';
    child.stdout.on('data', (more) => out.push(more));
    child.stderr.on('data', (more) => (said += more));
    child.on('error', reject);
    child.on('close', (code) => (code ? reject(new Error(`render ${view}: ${said}`)) : resolve(Buffer.concat(out).toString())));
    child.stdin.end(JSON.stringify({ document, page: { page } }));
  });
}

const inside = (html) => /<main\b[^>]*>\n([\s\S]*)<\/main>/.exec(html)[1];

// What surrounds a page and is not its document: who reads, where, when.
function around(html, where, language, today) {
  const [address, query = ''] = where.split('?');
  const asOf = new URLSearchParams(query).get('asOf');
  return {
    lang: language, theme: '', title: textOf(/<title>([\s\S]*?)<\/title>/.exec(html)[1]).replace(/ – kansli$/, ''), siteName: 'kansli', nav: [], user: null,
    csrf: /name="csrf" content="([^"]*)"/.exec(html)[1], flash: null, today, asOf, asOfLabel: asOf, keysOff: false, demo: true, path: address, query, returnTo: where,
    todayAddress: null, api: null, baseUrl: '', css: '', js: '', icons: '', font: '',
  };
}

test('the program that renders was built beside the one that serves', () => {
  assert.ok(fs.existsSync(renderer), `make ${path.relative(process.cwd(), renderer)}`);
});

for (const caching of ['1', '0']) {
  describe(caching === '1' ? 'with kept answers' : 'without kept answers', () => {
    let k, pages, today;
    before(async () => {
      k = await start({ demo: true, record: false, env: { KANSLI_PAGE_CACHE: caching } });
      today = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Stockholm' }).format(new Date());
      const routes = JSON.parse((await run(['routes'])).stdout).filter((r) => r.method === 'GET' && r.api && r.page && r.may === 'all' && r.view);
      const word = (await k.api('/glossary?limit=1')).json.items[0].id;
      const viewOf = (where) => routes.find((r) => r.path === where.split('?')[0])?.view
        ?? routes.find((r) => new RegExp(`^${r.path.replace(/\{[^}]*\}/g, '[^/]+')}$`).test(where.split('?')[0])).view;
      const all = routes.map((r) => {
        const owner = Object.keys(examples).find((e) => r.path === e || r.path.startsWith(`${e}/`));
        const filled = owner ? r.path.replace(/\{[^}]*\}/, examples[owner]) : r.path.replace('/glossary/{id}', `/glossary/${word}`);
        return filled.includes('{') ? null : filled;
      }).filter(Boolean);
      pages = [...all, ...variants].map((where) => ({ where, view: viewOf(where) }));
    });

    test('every open page equals its JSON', async () => {
      assert.ok(pages.length > 24, `${pages.length} pages`);
      for (const { where, view } of pages) {
        for (const language of where.includes('?') ? ['sv'] : ['sv', 'en']) {
          const headers = { 'accept-language': language };
          // Twice: the second is the kept one.
          const html = [await k.page(where, { headers }), await k.page(where, { headers })];
          assert.equal(html[0].status, 200, `${where}: ${html[0].status}`);
          assert.equal(html[1].text, html[0].text, `${where} is the same again`);
          const twin = await k.api(`${where}${where.includes('?') ? '&' : '?'}embed=page`, { headers });
          assert.equal(twin.status, 200, `${where}: ${twin.text.slice(0, 300)}`);
          // Its own links repeat how it was asked for; the page was not asked for with embed.
          const document = JSON.parse(twin.text.replaceAll(/([?&])embed=page(&?)/g, (_, mark, more) => (more ? mark : '')));
          const page = around(html[0].text, where, language, today);
          const drawn = await render(view, language, document, page);
          const shown = inside(html[0].text).replace(/^<div class="notice info">.*\n/, (notice) => (page.asOf ? '' : notice));
          // The application carries the day to every link (day.test.mjs); the template knows nothing of it.
          const plain = (text) => text.trim().replaceAll(/(?:\?|&amp;)asOf=\d{4}-\d\d-\d\d(?=["#])/g, '');
          if (plain(shown) !== plain(drawn)) {
            const [a, b] = [plain(shown).split('\n'), plain(drawn).split('\n')];
            const at = a.findIndex((line, i) => line !== b[i]);
            assert.fail(`${where} (${language}) differs from its JSON:\n  page: ${a[at]}\n  JSON: ${b[at]}`);
          }
        }
      }
    });
  });
}
