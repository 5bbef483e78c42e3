// What people come for, as they do it: a process leader, the support function, an administrator, a
// passer-by. Each journey has pages of its own; what one changes, no other reads.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { accessible, fitsWidth, launch, noProblems } from '../lib/browser.mjs';
import { goodPassword, start } from '../lib/kansli.mjs';

const password = 'kansli-demo-2026';
const karin = 'karin.bergstrom@kansli.example';
let k;
let browser;
let support;
const jars = {};
before(async () => {
  k = await start({ demo: true });
  browser = await launch();
  support = await k.token('support@kansli.example');
});
after(() => browser.close());

// A page of somebody who is logged in already; nobody's without a name.
async function as(name, look = {}) {
  const email = name?.includes('@') ? name : `${name}@kansli.example`;
  if (name) jars[email] ??= await k.login(email, password);
  return browser.page(k, { ...look, cookies: name && jars[email] });
}
const fill = (page, label, value) => page.getByLabel(label, { exact: false }).first().fill(value);
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname + new URL(page.url()).search;
const focusOn = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.className);
async function group(fields = {}) {
  const { json, status, text } = await k.api('/groups', { token: support, method: 'POST', body: {
    kind: 'nag', name: `Resa ${Math.random().toString(36).slice(2)}`, startDate: '2024-01-01',
    principalIds: ['npo-tandvard'], ...fields,
  } });
  assert.equal(status, 201, text);
  return json;
}
function totp(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe('a process leader', () => {
  test('logs in where she was, and finds her groups on the first page', async () => {
    const page = await as();
    await page.goto('/groups/nag-palliativ-vard');
    await page.getByRole('link', { name: 'Logga in' }).click();
    await fill(page, 'E-postadress', karin);
    await fill(page, 'Lösenord', 'fel lösenord här');
    await press(page, 'Logga in');
    assert.match(await page.locator('.errors').innerText(), /lösenord/i);
    assert.equal(await page.getByLabel('E-postadress').inputValue(), karin, 'the address is kept');
    assert.equal(await page.getByLabel('Lösenord').inputValue(), '', 'the password is not');
    await fill(page, 'Lösenord', password);
    await press(page, 'Logga in');
    assert.equal(path(page), '/groups/nag-palliativ-vard');
    await page.goto('/');
    const mine = page.locator('section', { has: page.getByRole('heading', { name: 'Dina grupper' }) }).first();
    assert.match(await mine.innerText(), /NAG Palliativ vård/);
    noProblems(page, [/Failed to load resource/]);
  });

  test('finds a group with Ctrl+K and without its dots', async () => {
    const page = await as('karin.bergstrom');
    await page.goto('/levels');
    await page.keyboard.press('Control+k');
    assert.equal(await focusOn(page), 'q');
    await page.keyboard.type('aldres halsa');
    await page.keyboard.press('Enter');
    await page.waitForURL(/search/);
    await page.getByRole('link', { name: 'NPO Äldres hälsa och palliativ vård' }).click();
    assert.equal(await heading(page), 'NPO Äldres hälsa och palliativ vård');
    noProblems(page);
  });

  test('changes the purpose of her group and sees it told in its history', async () => {
    const page = await as('karin.bergstrom');
    await page.goto('/groups/nag-palliativ-vard');
    const before = await page.locator('.lead').innerText();
    await page.getByRole('link', { name: 'Ändra', exact: true }).click();
    await fill(page, 'Syfte', 'Gör vården i livets slut lika god överallt.');
    await press(page, 'Spara');
    assert.equal(path(page), '/groups/nag-palliativ-vard');
    assert.ok(await page.locator('.notice.ok [role=status]').innerText());
    assert.equal(await page.locator('.lead').innerText(), 'Gör vården i livets slut lika god överallt.');
    await page.getByRole('link', { name: 'Historik', exact: true }).first().click();
    const first = page.locator('.log > li').first();
    assert.match(await first.innerText(), /Karin Bergström/);
    assert.ok((await first.locator('del').innerText()).endsWith(before));
    assert.match(await first.locator('ins').innerText(), /lika god överallt/);
    await accessible(page);
    noProblems(page);
  });

  test('gets a form back with what she typed, each message beside its field and focus on the summary', async () => {
    const page = await as('karin.bergstrom');
    await page.goto('/groups/nag-fallskador-hos-aldre/edit');
    await fill(page, 'Namn', '');
    await fill(page, 'Kontaktadress', 'ingen adress');
    await fill(page, 'Syfte', 'Text som ska finnas kvar.');
    await press(page, 'Spara');
    assert.match(await focusOn(page), /errors/);
    assert.equal(await page.locator('.errors li').count(), 2);
    assert.equal(await page.getByLabel('Kontaktadress').inputValue(), 'ingen adress');
    assert.equal(await page.getByLabel('Syfte').inputValue(), 'Text som ska finnas kvar.');
    const name = page.locator('#f-name');
    assert.equal(await name.getAttribute('aria-invalid'), 'true');
    const described = (await name.getAttribute('aria-describedby')).split(' ').at(-1);
    assert.ok((await page.locator(`#${described}`).innerText()).length > 8);
    await page.locator('.errors a').first().click();
    assert.equal(await focusOn(page), 'f-name', 'the summary leads to the field');
    await accessible(page);
    await fitsWidth(page);
    noProblems(page, [/Failed to load resource/]);
    page.once('dialog', (dialog) => dialog.accept());
  });

  test('and a colleague change the same group: the later one sees both values and can go on', async () => {
    const { id } = await group({ purpose: 'Före.' });
    const page = await as('support');
    await page.goto(`/groups/${id}/edit`);
    await fill(page, 'Syfte', 'Min text.');
    const { etag } = await k.api(`/groups/${id}`, { token: support });
    const other = await k.api(`/groups/${id}`, { token: support, method: 'PATCH', body: { purpose: 'Kollegans text.' }, headers: { 'if-match': etag } });
    assert.equal(other.status, 200);
    await press(page, 'Spara');
    assert.equal(await page.getByLabel('Syfte').inputValue(), 'Min text.');
    assert.match(await page.locator('.field', { has: page.locator('#f-purpose') }).innerText(), /Kollegans text\./);
    await press(page, 'Spara');
    assert.equal(await page.locator('.lead').innerText(), 'Min text.');
  });

  test('may not administer, and is told so kindly', async () => {
    const page = await as('karin.bergstrom');
    const reply = await page.goto('/accounts');
    assert.equal(reply.status(), 403);
    assert.equal(await page.locator('.mainnav').getByText('Administration').count(), 0);
    assert.match(await page.locator('main').innerText(), /\S{4}/);
  });

  test('logs out, and Back shows nothing that needed her', async () => {
    const jar = await k.login(karin, password);
    const page = await browser.page(k, { cookies: jar });
    await page.goto('/account');
    await page.locator('details.who summary').click();
    await page.getByRole('button', { name: 'Logga ut' }).click();
    await page.getByRole('link', { name: 'Logga in' }).waitFor();
    await page.waitForLoadState();
    await page.goBack();
    await page.waitForLoadState();
    assert.ok(!(await page.locator('body').innerText()).includes(karin));
  });
});

describe('the support function', () => {
  test('has the whole menu on one line at 1280, and on a phone the place where it is', async () => {
    for (const language of ['sv-SE', 'en-GB']) {
      const page = await as('support', { language });
      await page.goto('/statistics');
      assert.deepEqual(await page.locator('.mainnav').evaluate((nav) => [nav.scrollWidth - nav.clientWidth, nav.clientHeight < 64]), [0, true], language);
    }
    const phone = await as('support', { width: 390 });
    await phone.goto('/statistics');
    const { left, right } = await phone.locator('.mainnav [aria-current]').evaluate((a) => a.getBoundingClientRect());
    assert.ok(left >= 0 && right <= 390, `${left}–${right}`);
  });

  test('establishes a NAG under an NPO, renames it, rests, closes and reopens it', async () => {
    const page = await as('support');
    await page.goto('/groups/npo-tandvard');
    await page.goto('/groups');
    await page.getByRole('link', { name: 'Ny grupp' }).click();
    await page.getByLabel('Grupptyp').selectOption('nag');
    await fill(page, 'Namn', 'Resans grupp');
    await page.locator('[data-rows] input.in').first().fill('NPO Tandvård');
    await page.getByLabel('Första dag').fill('2026-01-01');
    await press(page, 'Inrätta gruppen');
    assert.equal(await heading(page), 'NAG Resans grupp');
    assert.equal(path(page), '/groups/nag-resans-grupp');
    assert.match(await page.locator('.facts').innerText(), /NPO Tandvård/);

    await page.getByRole('link', { name: 'Ändra', exact: true }).click();
    await fill(page, 'Namn', 'Resans mål');
    await page.locator('#f-id').fill('nag-resans-mal');
    await press(page, 'Spara');
    assert.equal(path(page), '/groups/nag-resans-mal');
    await page.goto('/groups/nag-resans-grupp');
    assert.equal(path(page), '/groups/nag-resans-mal', 'the old address leads on');

    const act = async (what) => {
      await page.getByText('Mer', { exact: true }).click();
      await page.getByRole('link', { name: what }).click();
    };
    await act('Gör vilande');
    await page.locator('#f-startDate').fill('2026-02-01');
    await fill(page, 'Skäl', 'Väntar på nytt uppdrag.');
    await page.locator('main form button.pri').click();
    assert.match(await page.locator('.facts').innerText(), /Vilande/);
    assert.match(await page.locator('main').innerText(), /Väntar på nytt uppdrag\./);
    await act('Avsluta');
    await page.locator('#f-endDate').fill('2026-03-01');
    await fill(page, 'Skäl', 'Uppdraget är slutfört.');
    await page.locator('main form button.pri').click();
    assert.match(await page.locator('.facts').innerText(), /Avslutad/);
    await act('Öppna igen');
    await page.locator('main form input[type=date]').first().fill('2026-04-01');
    await page.locator('main form button.pri').click();
    assert.match(await page.locator('.facts').innerText(), /Aktiv/);
    noProblems(page);
  });

  test('answers a shortcoming that somebody without an account has told of', async () => {
    const passerby = await as();
    await passerby.goto('/tillganglighet');
    await passerby.locator('#f-text').fill('Matrisen går inte att läsa upp i min läsare.');
    await passerby.locator('#f-contact').fill('anna@example.org');
    await press(passerby, 'Skicka');
    assert.equal(path(passerby), '/shortcomings/thanks');
    noProblems(passerby);

    const page = await as('support');
    await page.goto('/administration');
    await page.getByRole('link', { name: /Brister/ }).first().click();
    await page.locator('main a', { hasText: /Matrisen går inte/ }).first().click();
    await page.locator('#f-status').selectOption('answered');
    await page.locator('#f-answer').fill('Tack, det är mendat i nästa version.');
    await page.locator('main form button.pri').click();
    assert.match(await page.locator('main').innerText(), /nästa version/);
    noProblems(page);
  });
});

describe('an administrator', () => {
  test('invites a colleague, who sets a password, a second factor and makes a token', async () => {
    const admin = await as('admin');
    await admin.goto('/accounts');
    await admin.getByRole('link', { name: 'Nytt konto' }).click();
    await fill(admin, 'E-postadress', 'ny@example.org');
    await admin.locator('#f-name').fill('Nya Kollegan');
    await press(admin, 'Skapa och bjud in');
    const link = /https?:\/\/\S+\/invitations\/\S+/.exec(await admin.locator('main').innerText())[0];
    await admin.reload();
    assert.ok(!(await admin.locator('main').innerText()).includes(link), 'the link is shown once');

    const page = await as();
    await page.goto(link);
    assert.match(await page.locator('main').innerText(), /ny@example\.org/);
    const fields = page.locator('main input[type=password]');
    for (let i = 0; i < await fields.count(); i++) await fields.nth(i).fill('kort');
    await page.locator('main form button.pri').click();
    assert.ok(await page.locator('.errors').innerText(), 'a short password is refused');
    for (let i = 0; i < await fields.count(); i++) await fields.nth(i).fill(goodPassword);
    await page.locator('main form button.pri').click();
    if (/login/.test(path(page))) {
      await fill(page, 'E-postadress', 'ny@example.org');
      await fill(page, 'Lösenord', goodPassword);
      await press(page, 'Logga in');
    }
    await page.locator('details.who').waitFor();
    const again = await (await as()).goto(link);
    assert.ok(again.status() >= 400, 'the link works once');

    await page.goto('/account/second-factor');
    await page.locator('main input[type=password]').fill(goodPassword);
    await page.locator('main form button.pri').click();
    const secret = (await page.locator('main code').innerText()).replace(/\s/g, '');
    await page.locator('main input[name=code]').fill('000000');
    await page.locator('main form button.pri').click();
    assert.ok(await page.locator('.errors').count(), 'a wrong code is refused');
    await page.locator('main input[name=code]').fill(totp(secret));
    await page.locator('main form button.pri').click();
    await page.goto('/account');
    assert.match(await page.locator('.facts').innerText(), /På/);

    await page.goto('/account/tokens');
    await fill(page, 'Namn', 'Nattens skript');
    await page.locator('main select[name=scope]').selectOption('read');
    await page.getByRole('button', { name: 'Skapa en nyckel' }).click();
    const token = (await page.locator('main p.code code').innerText()).trim();
    assert.equal((await k.api('/me', { token })).status, 200);
    await page.getByRole('button', { name: /Återkalla/ }).first().click();
    assert.equal((await k.api('/me', { token })).status, 401);

    const next = await as();
    await next.goto('/login');
    await fill(next, 'E-postadress', 'ny@example.org');
    await fill(next, 'Lösenord', goodPassword);
    await press(next, 'Logga in');
    assert.equal(new URL(next.url()).pathname, '/login/code');
    await accessible(next);
    await next.locator('main input[name=code]').fill(totp(secret, 1));
    await next.locator('main form button.pri').click();
    await next.locator('details.who').waitFor();
    noProblems(next);
  });
});

describe('somebody who looks around', () => {
  test('filters and sorts a list without a reload; the address tells it, Back takes it back', async () => {
    const page = await as();
    await page.goto('/groups');
    await page.evaluate(() => { globalThis.notReloaded = true; });
    await page.locator('#filter-kind').selectOption('npo');
    await page.waitForURL(/kind=npo/);
    await page.getByText(/av 26/).waitFor();
    await page.locator('#filter-q, #filter-name').first().fill('aldre');
    await page.waitForURL(/aldre/);
    await page.waitForFunction(() => document.querySelectorAll('#groups tbody tr').length === 1);
    assert.match(await focusOn(page), /^filter-/, 'focus stays in the field');
    await page.goto('/groups?kind=npo');
    await page.evaluate(() => { globalThis.notReloaded = true; });
    await page.locator('th .sortbtn').first().click();
    await page.waitForURL(/sort=/);
    const descending = await page.locator('#groups tbody a').first().innerText();
    assert.match(descending, /^NPO Ö/);
    assert.equal(await page.locator('th[aria-sort]').first().getAttribute('aria-sort'), 'descending');
    await page.getByRole('link', { name: 'Nästa sida' }).click();
    await page.waitForURL(/page=2/);
    assert.equal(await page.evaluate(() => globalThis.notReloaded), true);
    await page.goBack();
    await page.waitForURL((url) => !/page=2/.test(url));
    await page.waitForFunction(() => /^NPO Ö/.test(document.querySelector('#groups tbody a').innerText));
    noProblems(page);
  });

  test('sees another day, is told which, and goes back to today', async () => {
    const page = await as();
    await page.goto('/groups/nag-palliativ-vard');
    await page.locator('#as-of').fill('2020-05-01');
    await press(page, 'Visa');
    await page.waitForURL(/asOf=2020-05-01/);
    assert.match(await page.locator('.notice.info:not(.box)').innerText(), /1 maj 2020/);
    await page.getByRole('link', { name: 'Tillbaka till i dag' }).click();
    assert.doesNotMatch(page.url(), /asOf/);
    assert.equal(await page.locator('.notice.info:not(.box)').count(), 0);
  });

  test('chooses English and dark, and both last', async () => {
    const page = await as();
    await page.goto('/levels');
    await page.locator('details.who summary').click();
    await press(page, 'English');
    await page.waitForFunction(() => document.documentElement.lang === 'en');
    assert.equal(path(page), '/levels');
    await page.locator('details.who summary').click();
    await press(page, 'Dark');
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    await page.goto('/matrix');
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]), ['en', 'dark']);
    await page.locator('details.who summary').click();
    await press(page, 'Automatic');
    await page.waitForFunction(() => !document.documentElement.dataset.theme);
    noProblems(page);
  });

  test('prints a group and the matrix without what belongs to the screen', async () => {
    for (const address of ['/groups/nag-palliativ-vard', '/matrix']) {
      const page = await as(undefined, { theme: 'print' });
      await page.goto(address);
      for (const what of ['.top', '.tabs', '.foot', '.filters', '.noprint']) {
        for (const one of await page.locator(what).all()) assert.equal(await one.isVisible(), false, `${what} of ${address} is printed`);
      }
      assert.ok(await page.locator('h1').isVisible());
      const pdf = (await page.pdf({ preferCSSPageSize: true, tagged: true })).toString('latin1');
      const sheets = pdf.match(/\/Type\s*\/Page\b(?!s)/g).length;
      assert.ok(sheets >= 1 && sheets <= 4, `${address} takes ${sheets} pages`);
    }
  });
});

describe('with the keyboard alone', () => {
  const tabTo = async (page, wanted, most = 60) => {
    for (let i = 0; i < most; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((selector) => document.activeElement.matches(selector), wanted)) return i + 1;
    }
    throw new Error(`Tab does not lead to ${wanted}`);
  };

  test('the first stop skips to the content', async () => {
    const page = await as();
    await page.goto('/levels');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    assert.ok(await page.locator('.skip').isVisible());
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('main')), 'what comes next is in the content');
  });

  test('every stop is seen, in the order of the page, and none is a trap', async () => {
    for (const [who, address] of [[undefined, '/levels'], ['support', '/groups/nag-palliativ-vard'], ['support', '/groups/nag-palliativ-vard/edit']]) {
      const page = await as(who);
      await page.goto(address);
      await page.evaluate(() => { globalThis.stops = new Set(); });
      for (let i = 0; i < 150; i++) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate(() => {
          const e = document.activeElement;
          if (e === document.body || globalThis.stops.has(e)) return { over: true };
          const before = [...globalThis.stops].at(-1);
          globalThis.stops.add(e);
          const box = e.getBoundingClientRect();
          const style = getComputedStyle(e);
          return {
            name: `${e.tagName} ${e.id || e.className} ${e.innerText?.slice(0, 30)}`,
            seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
            ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
            ordered: !before || Boolean(before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING),
          };
        });
        if (stop.over) break;
        assert.ok(stop.seen, `${address}: focus is out of sight on ${stop.name}`);
        assert.ok(stop.ring, `${address}: no ring round ${stop.name}`);
        assert.ok(stop.ordered, `${address}: ${stop.name} comes out of order`);
      }
      assert.ok(await page.evaluate(() => globalThis.stops.size) > 15);
    }
  });

  test('a menu opens with Enter or Space and closes with Esc, focus back on its button', async () => {
    const page = await as('support');
    await page.goto('/groups/nag-palliativ-vard');
    await tabTo(page, 'details.who > summary');
    await page.keyboard.press('Enter');
    assert.ok(await page.locator('details.who .menu').isVisible());
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('details.who .menu').isVisible(), false);
    assert.ok(await page.evaluate(() => document.activeElement.matches('details.who > summary')));
    await tabTo(page, 'details.more > summary');
    await page.keyboard.press('Space');
    assert.ok(await page.locator('details.more .menu').isVisible());
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('details.more .menu').isVisible(), false);
  });

  test('a principal is chosen from what the combobox suggests, and Esc leaves the field alone', async () => {
    const { id } = await group();
    const page = await as('support');
    await page.goto(`/groups/${id}/edit`);
    const field = page.locator('#f-parentId');
    await field.focus();
    await page.keyboard.type('palliativ');
    await page.waitForFunction(() => document.activeElement.getAttribute('aria-expanded') === 'true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const active = await field.getAttribute('aria-activedescendant');
    assert.equal(await page.locator(`#${active}`).getAttribute('aria-selected'), 'true');
    await accessible(page);
    await page.keyboard.press('Escape');
    assert.equal(await field.getAttribute('aria-expanded'), 'false');
    assert.equal(await field.inputValue(), 'palliativ');
    await field.fill('');
    await page.keyboard.type('NAG Fallskador');
    await page.waitForFunction(() => document.activeElement.getAttribute('aria-expanded') === 'true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.match(await field.inputValue(), /NAG Fallskador hos äldre/);
    assert.equal(await page.evaluate(() => new FormData(document.querySelector('main form')).get('parentId')), 'NAG Fallskador hos äldre (nag-fallskador-hos-aldre)');
    noProblems(page);
    page.once('dialog', (dialog) => dialog.accept());
  });

  test('somebody logs in, changes a group and logs out', async () => {
    const page = await as();
    const { id } = await group();
    await page.goto(`/login?next=/groups/${id}/edit`);
    await tabTo(page, '#f-email');
    await page.keyboard.type('support@kansli.example');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/^[^?]*edit$/);
    await tabTo(page, '#f-purpose');
    await page.keyboard.type('Skrivet utan mus.');
    await tabTo(page, 'main form button.pri');
    await page.keyboard.press('Space');
    await page.waitForURL((url) => !/edit/.test(url));
    assert.equal(await page.locator('.lead').innerText(), 'Skrivet utan mus.');
    await tabTo(page, 'details.who > summary');
    await page.keyboard.press('Enter');
    await tabTo(page, 'form[action="/logout"] button');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Logga in' }).waitFor();
  });
});
