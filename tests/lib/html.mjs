// Reads what a test needs of our own pages: forms with their fields, title, links, text.
//
// A small scanner, no parser of the world's HTML: our templates close what they open and quote their
// attributes (html-validate holds them to it).

const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', shy: '\u00ad' };
export function unescapeHtml(text) {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, dec, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : dec ? String.fromCodePoint(Number(dec)) : named[name] ?? whole);
}

// [{name, attributes, at, end, closing}] of every tag outside comments and scripts.
export function tags(html) {
  const found = [];
  const pattern = /<!--[\s\S]*?-->|<(script|style)\b[^>]*>[\s\S]*?<\/\1>|<(\/?)([a-z][\w-]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*\/?>/gi;
  for (const m of html.matchAll(pattern)) {
    if (!m[3]) continue;
    const attributes = {};
    for (const a of m[4].matchAll(/([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g)) {
      attributes[a[1].toLowerCase()] = unescapeHtml(a[2] ?? a[3] ?? a[4] ?? '');
    }
    found.push({
      name: m[3].toLowerCase(), closing: m[2] === '/', attributes, at: m.index, end: m.index + m[0].length,
    });
  }
  return found;
}

// The words a reader sees, white space collapsed.
export function textOf(html) {
  return unescapeHtml(html.replace(/<(script|style|template)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->/gi, ' ')
    .replace(/<[^>]*>/g, ' ')).replace(/[ \t\r\n\f]+/g, ' ').trim();
}

// Every form: {id, action, method, enctype, fields, names, inputs, buttons, html}. fields is what a
// browser would send untouched; inputs describe each control (type, name, value, checked, options, …).
export function forms(html) {
  const all = tags(html);
  const found = [];
  const controls = [];
  let open = null;
  for (let i = 0; i < all.length; i++) {
    const tag = all[i];
    if (tag.name === 'form') {
      if (tag.closing) {
        if (open) open.html = html.slice(open.at, tag.end);
        open = null;
      } else {
        const a = tag.attributes;
        open = {
          id: a.id, action: a.action ?? '', method: (a.method || 'get').toLowerCase(),
          enctype: a.enctype || 'application/x-www-form-urlencoded',
          fields: {}, names: [], inputs: [], buttons: [], at: tag.at, html: '',
        };
        found.push(open);
      }
      continue;
    }
    if (tag.closing || !['input', 'select', 'textarea', 'button'].includes(tag.name)) continue;
    const owner = tag.attributes.form ? { later: tag.attributes.form } : open;
    if (owner) controls.push({ owner, control: readControl(html, all, i) });
  }
  for (const { owner, control } of controls) {
    const form = owner.later ? found.find((f) => f.id === owner.later) : owner;
    if (form) addControl(form, control);
  }
  return found;
}
function readControl(html, all, i) {
  const { name: tag, attributes: a, end } = all[i];
  const close = all.findIndex((t, j) => j > i && t.closing && t.name === tag);
  const inner = tag === 'input' || close < 0 ? '' : html.slice(end, all[close].at);
  const control = {
    tag, type: tag === 'input' ? (a.type || 'text').toLowerCase() : tag === 'button' ? a.type || 'submit' : tag,
    name: a.name || '', value: a.value, id: a.id, attributes: a, disabled: 'disabled' in a, checked: 'checked' in a,
    text: textOf(inner),
  };
  if (tag === 'textarea') control.value = unescapeHtml(inner).replace(/^\n/, '');
  if (tag === 'select') {
    control.options = [...inner.matchAll(/<option\b([^>]*)>([^<]*)/gi)].map(([, attributes, label]) => {
      const value = /\bvalue="([^"]*)"/.exec(attributes);
      return {
        value: value ? unescapeHtml(value[1]) : unescapeHtml(label).trim(), text: unescapeHtml(label).trim(),
        selected: /\bselected\b/.test(attributes.replace(/"[^"]*"/g, '')),
      };
    });
    const chosen = control.options.filter((o) => o.selected);
    control.value = 'multiple' in a ? chosen.map((o) => o.value) : (chosen[0] || control.options[0])?.value;
  }
  return control;
}

function addControl(form, control) {
  const button = control.tag === 'button' || ['submit', 'image', 'button', 'reset'].includes(control.type);
  if (button) {
    if (control.type === 'submit' && !control.disabled) {
      form.buttons.push({
        name: control.name, value: control.value ?? '', text: control.text || control.value || '',
        action: control.attributes.formaction,
      });
    }
    return;
  }
  form.inputs.push(control);
  if (!control.name) return;
  if (!form.names.includes(control.name)) form.names.push(control.name);
  if (control.disabled || control.type === 'file') return;
  if (['checkbox', 'radio'].includes(control.type) && !control.checked) return;
  const value = control.value ?? (control.type === 'checkbox' ? 'on' : '');
  if (control.name in form.fields) form.fields[control.name] = [form.fields[control.name], value].flat();
  else form.fields[control.name] = value;
}

// Debian's Node 18 cannot give cookies one by one: then the joined header is cut where a new name begins (ours
// carry no Expires, whose comma would look the same).
function cookiesOf(headers) {
  if (headers.getSetCookie) return headers.getSetCookie();
  return (headers.get('set-cookie') ?? '').split(/, (?=[^;,= ]+=)/).filter(Boolean);
}

// Fetches a page: {url, status, headers, setCookies, text, title, forms, form(match), formWith(test), words}.
export async function readPage(base, where, { method = 'GET', body, headers = {} } = {}) {
  const url = new URL(where, base);
  const response = await fetch(url, { method, body, headers, redirect: 'manual' });
  const text = await response.text();
  let parsed;
  return {
    url: url.pathname + url.search,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    setCookies: cookiesOf(response.headers),
    text,
    get title() {
      return textOf(/<title>([\s\S]*?)<\/title>/i.exec(text)?.[1] ?? '');
    },
    get words() {
      return textOf(text);
    },
    get forms() {
      return (parsed ??= forms(text).map((form) => ({ ...form, action: form.action || url.pathname + url.search })));
    },
    // The form with this action (text or pattern), or null.
    form(action) {
      return this.forms.find((f) => (action instanceof RegExp ? action.test(f.action) : f.action === action)) ?? null;
    },
    // The form that has a control like this.
    formWith(test) {
      return this.forms.find((f) => f.inputs.some(test)) ?? null;
    },
    // The address of the link with these words or this pattern, or null.
    link(match) {
      for (const [, attributes, inner] of text.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/gi)) {
        const href = unescapeHtml(/\bhref="([^"]*)"/.exec(attributes)?.[1] ?? '');
        const label = textOf(inner);
        if (match instanceof RegExp ? match.test(label) || match.test(href) : label === match || href === match) return href;
      }
      return null;
    },
  };
}
