/* kansli: shortens the way, never is the way. Everything works without this file.
 *
 * No eval, no inline styles, no texts of its own: what it says stands in data-say-* on <body>, in the reader's language.
 * Whatever is listened to on the document also works for parts of the page that are swapped in later; `enhance` prepares the rest. */
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, run) => document.addEventListener(type, run);
const say = (name, values = {}) => (document.body.dataset[`say${name}`] ?? '').replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
const post = (url, body) => fetch(url, { method: 'POST', body, headers: { 'X-CSRF': $('meta[name="csrf"]')?.content ?? '' } });
const debounce = (run, ms) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(run, ms, ...args); }; };
const make = (tag, attributes, text) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
};

/* --- toasts: the box with role=status is in the page --- */
export function toast(text) {
  const box = $('.toasts');
  if (!box || !text) return;
  const p = make('p', { class: 'toast' }, text);
  box.append(p);
  setTimeout(() => p.remove(), 6000);
}

/* --- swap: <section id data-swap> replaces itself for links to "?…" and GET forms inside it --- */
let latest;
async function swap(box, url, push = true) {
  latest?.abort();
  const ticket = latest = new AbortController();
  box.setAttribute('aria-busy', 'true');
  try {
    const reply = await fetch(url, { signal: ticket.signal });
    const fresh = reply.ok && new DOMParser().parseFromString(await reply.text(), 'text/html').getElementById(box.id);
    if (!fresh) throw new Error(reply.status);
    const { id, selectionStart: caret, value } = document.activeElement ?? {};
    box.replaceWith(fresh);
    enhance(fresh);
    if (push) history.replaceState({ swap: box.id }, ''); /* so that the way back finds what stood here */
    history[push ? 'pushState' : 'replaceState']({ swap: box.id }, '', url);
    const again = id && document.getElementById(id);
    if (again && fresh.contains(again)) {
      if (caret != null && again.value !== undefined) again.value = value;
      again.focus();
      if (caret != null) try { again.setSelectionRange(caret, caret); } catch { /* a type without a caret */ }
    }
    toast($('[data-count]', fresh)?.dataset.count);
  } catch (fault) {
    if (fault.name !== 'AbortError') location.assign(url);
  }
}
const formUrl = form => {
  const url = new URL(form.action, location);
  url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
  return url;
};
on('click', e => {
  const a = e.target.closest?.('[data-swap] a[href^="?"]:not([download])');
  if (!a || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
  e.preventDefault();
  swap(a.closest('[data-swap]'), a.href);
});
on('submit', e => {
  const box = e.target.closest('[data-swap]');
  if (!box || e.target.method !== 'get') return;
  e.preventDefault();
  swap(box, formUrl(e.target));
});
const live = debounce(form => {
  const box = form.closest('[data-swap]');
  if (box) swap(box, formUrl(form), false);
}, 250);
on('input', e => {
  const form = e.target.closest?.('[data-swap] form[method="get"]');
  if (form) live(form);
});
addEventListener('popstate', e => { if (e.state?.swap) location.reload(); });

/* --- lookup: <input name data-lookup="/api/v1/search?type=groups" data-id="id"> becomes a combobox.
 *     Without a script the name typed is sent. Here a hidden field takes over the name of the input and sends
 *     "Name (id)" of what was chosen, or still the text when nothing was: the server understands both, and a form
 *     that comes back with errors shows words. --- */
let lookups = 0;
function lookup(input) {
  const id = `lookup-${++lookups}`;
  const list = make('ul', { id, role: 'listbox', 'aria-label': input.labels[0]?.textContent ?? input.getAttribute('aria-label') ?? '' });
  const sent = make('input', { type: 'hidden', name: input.name });
  let known = input.dataset.id ? { id: input.dataset.id, name: input.value } : null;
  let items = [], current = -1, ticket;
  const carry = () => {
    const chosen = known?.name === input.value && known.id !== known.name && !input.value.endsWith(`(${known.id})`);
    sent.value = chosen ? `${known.name} (${known.id})` : input.value;
  };
  const open = yes => {
    list.hidden = !yes;
    input.setAttribute('aria-expanded', String(yes));
    if (!yes) { current = -1; input.removeAttribute('aria-activedescendant'); }
  };
  const mark = i => {
    current = i;
    [...list.children].forEach((li, j) => li.setAttribute('aria-selected', String(j === i)));
    input.setAttribute('aria-activedescendant', list.children[i].id);
    list.children[i].scrollIntoView({ block: 'nearest' });
  };
  const pick = i => {
    if (!items[i]) return;
    known = items[i];
    input.value = known.name;
    carry();
    open(false);
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const option = (item, i) => {
    const li = make('li', { id: `${id}-${i}`, role: 'option', 'aria-selected': 'false' }, `${item.name} `);
    li.append(make('small', {}, item.typeLabel));
    return li;
  };
  const load = debounce(async () => {
    const text = input.value.trim();
    ticket?.abort();
    if (text.length < 2) return open(false);
    ticket = new AbortController();
    const url = new URL(input.dataset.lookup, location);
    url.searchParams.set('q', text);
    try {
      const reply = await fetch(url, { signal: ticket.signal, headers: { Accept: 'application/json' } });
      items = reply.ok ? (await reply.json()).items : [];
    } catch { return; }
    if (document.activeElement !== input) return;
    list.replaceChildren(...items.map(option));
    open(items.length > 0);
    if (!items.length) toast(say('None'));
  }, 150);
  input.removeAttribute('name');
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id, autocomplete: 'off' })) input.setAttribute(name, value);
  input.parentElement.classList.add('combo');
  input.after(list, sent);
  carry();
  open(false);
  input.addEventListener('input', () => { carry(); load(); });
  input.addEventListener('keydown', e => {
    if (list.hidden) return;
    if (e.key === 'ArrowDown') mark((current + 1) % items.length);
    else if (e.key === 'ArrowUp') mark((Math.max(current, 0) - 1 + items.length) % items.length);
    else if (e.key === 'Enter' && current >= 0) pick(current);
    else if (e.key === 'Escape') { e.stopPropagation(); open(false); }
    else return;
    e.preventDefault();
  });
  list.addEventListener('pointerdown', e => {
    e.preventDefault();
    pick([...list.children].indexOf(e.target.closest('li')));
  });
  input.addEventListener('blur', () => open(false));
}

/* --- rows: <div data-rows> with a <template> of one more row; without a script the page has empty rows to spare --- */
function rows(box) {
  const add = make('button', { type: 'button', class: 'btn sm' }, say('Add'));
  box.append(add);
  add.addEventListener('click', () => {
    const row = $('template', box).content.firstElementChild.cloneNode(true);
    const n = $$(':scope > .row', box).length; /* rows of cells have a number in their names */
    for (const cell of $$('[name*=".new."]', row)) cell.name = cell.name.replace('.new.', `.${n}.`);
    add.before(row);
    enhance(row);
    $('input, textarea', row).focus();
  });
}

/* --- preview: the server's own renderer, its own sanitised HTML --- */
function preview(area) {
  const out = document.getElementById(area.dataset.target);
  if (!out) return;
  const fold = out.closest('details');
  let asked = 0;
  const show = debounce(async () => {
    const ticket = ++asked;
    const reply = await post(area.dataset.preview, new URLSearchParams({ text: area.value })).catch(() => ({}));
    const html = reply.ok && await reply.text(), part = html && new DOMParser().parseFromString(html, 'text/html').getElementById(out.id);
    if (html !== false && ticket === asked) out.innerHTML = part ? part.innerHTML : html; /* a piece, or the page that it stands on */
  }, 300);
  if (fold) fold.hidden = false;
  fold?.addEventListener('toggle', show);
  area.addEventListener('input', () => { if (!fold || fold.open) show(); });
}

/* --- forms: a warning while something is unsaved (data-guard), drafts kept by the server (data-draft) --- */
function guard(form) {
  const status = $('[data-draft-status]', form), url = form.dataset.draft;
  const tell = (name, values) => { if (status) status.textContent = say(name, values); };
  let dirty = false, touched = 0;
  const save = debounce(async () => {
    const sent = touched;
    tell('Saving');
    let code = 0;
    try {
      const reply = await post(url, new URLSearchParams(new FormData(form)));
      code = reply.status;
      if (!reply.ok) throw new Error(code);
      dirty = touched !== sent;
      if (status && reply.headers.get('Content-Type')?.startsWith('text/plain')) status.textContent = await reply.text();
      else tell('Saved', { time: new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' }) });
    } catch {
      const stale = code === 409 || code === 412;
      const refused = code >= 400 && code < 500 && code !== 408 && code !== 429;
      tell(stale ? 'Stale' : refused ? 'Refused' : 'Unsaved');
      if (!refused) setTimeout(save, 5000);
    }
  }, 1200);
  const touch = () => { dirty = true; touched++; if (url) save(); };
  form.addEventListener('input', touch);
  form.addEventListener('change', touch);
  form.addEventListener('submit', () => { dirty = false; });
  addEventListener('beforeunload', e => { if (dirty) e.preventDefault(); });
}

/* --- order: up and down are submit buttons (name=move, value=…:up); here without reloading, and by dragging.
 *     Each move is sent at once, one after the other; what is refused is sent as a form, whose page says why. <li data-fixed>
 *     stays where it is. --- */
function order(list) {
  const form = list.closest('form');
  let drag, sent = Promise.resolve();
  const clear = () => $$('.over', list).forEach(li => li.classList.remove('over'));
  const save = () => post(form.action, new URLSearchParams(new FormData(form))).then(reply => { if (!reply.ok) throw reply; }).catch(() => form.submit());
  const moved = li => {
    toast(say('Place', { name: $('.t', li).textContent.trim(), n: [...list.children].indexOf(li) + 1, total: list.children.length }));
    sent = sent.then(save);
  };
  list.addEventListener('click', e => {
    const button = e.target.closest('button[name="move"]');
    if (!button) return;
    e.preventDefault();
    const li = button.closest('li'), up = button.value.endsWith('up');
    const other = up ? li.previousElementSibling : li.nextElementSibling;
    if (!other || 'fixed' in other.dataset) return;
    if (up) other.before(li); else other.after(li);
    button.focus();
    moved(li);
  });
  $$('li:not([data-fixed])', list).forEach(li => { li.draggable = true; $('.drag', li)?.removeAttribute('hidden'); });
  list.addEventListener('dragstart', e => { drag = e.target.closest?.('li[draggable="true"]'); });
  list.addEventListener('dragend', () => { drag = null; clear(); });
  list.addEventListener('dragover', e => {
    const li = e.target.closest('li');
    if (!drag || !li) return;
    e.preventDefault();
    clear();
    li.classList.add('over');
  });
  list.addEventListener('drop', e => {
    const li = e.target.closest('li');
    e.preventDefault();
    clear();
    if (!li || !drag || li === drag) return;
    if ('fixed' in li.dataset || drag.compareDocumentPosition(li) & Node.DOCUMENT_POSITION_FOLLOWING) li.after(drag); else li.before(drag);
    moved(drag);
  });
}

/* --- choice: <input type=checkbox data-all> ticks every other one in its form; [data-ticked] counts them --- */
on('change', e => {
  const form = e.target.closest?.('form:has([data-all])');
  if (!form || e.target.type !== 'checkbox') return;
  const all = $('[data-all]', form), boxes = $$('input[type="checkbox"]', form).filter(box => box !== all);
  if (e.target === all) boxes.forEach(box => { box.checked = all.checked; });
  const n = boxes.filter(box => box.checked).length, count = $('[data-ticked]', form);
  all.checked = n > 0 && n === boxes.length;
  all.indeterminate = n > 0 && n < boxes.length;
  if (count) count.textContent = n;
});

/* --- file: <input type=file data-most="bytes" data-large="words"> says at once what the server would refuse --- */
on('change', e => {
  const file = e.target;
  if (!file.dataset?.most) return;
  file.setCustomValidity(file.files[0]?.size > file.dataset.most ? file.dataset.large : '');
  file.reportValidity();
});

/* --- dialog: <a href="/page" data-dialog="id"> opens <dialog id>; without it the link leads to the page --- */
on('click', e => {
  const a = e.target.closest?.('[data-dialog]'), dialog = a && document.getElementById(a.dataset.dialog);
  if (!dialog?.showModal) return;
  e.preventDefault();
  dialog.showModal();
});

/* --- keys: Ctrl+K always; a single character can be switched off (WCAG 2.1.4) --- */
const MENUS = 'details[open]:is(.who,.more)';
on('keydown', e => {
  const search = $('#q'), typing = e.target.closest?.('input,textarea,select,[contenteditable]');
  const chord = (e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k';
  const slash = e.key === '/' && !typing && document.documentElement.dataset.keys !== 'off';
  if (search && (chord || slash)) {
    e.preventDefault();
    search.focus();
    search.select();
  }
  if (e.key === 'Escape') $$(MENUS).forEach(menu => { menu.open = false; $('summary', menu).focus(); });
});
on('click', e => $$(MENUS).forEach(menu => { if (!menu.contains(e.target)) menu.open = false; }));

/* --- follow: <a href="?" data-follow> in a swapped section: while it stands there, the section looks again by itself --- */
const follow = a => setTimeout(() => a.isConnected && swap(a.closest('[data-swap]'), a.href, false), 2000);

/* --- start --- */
function enhance(root) {
  const each = (selector, run) => $$(selector, root).forEach(run);
  each('input[data-lookup]', lookup);
  each('[data-rows]', rows);
  each('textarea[data-preview]', preview);
  each('form:is([data-guard],[data-draft])', guard);
  each('[data-order]', order);
  each('[data-follow]', follow);
}
enhance(document);
$('.errors')?.focus();
/* Where one is, in a menu that is wider than the screen. */
$$(':is(.mainnav, .tabs) [aria-current]').forEach(a => {
  const box = a.closest('nav');
  box.scrollLeft = a.offsetLeft - (box.clientWidth - a.offsetWidth) / 2;
});
