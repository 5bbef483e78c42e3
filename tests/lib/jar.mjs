// A browser's memory without a browser: cookies kept, Origin sent with what changes state, forms
// submitted with all their fields. Redirects are left to the test: where they lead is part of what
// is tested.
import assert from 'node:assert/strict';
import { readPage } from './html.mjs';

// multipart/form-data by hand: Debian's Node 18 warns of what FormData makes of a file. A file is
// {name, type, text}, as `chosen` gives it.
const boundary = 'kansli-boundary-7f1c';
const quoted = (text) => text.replaceAll('"', '%22');
export const chosen = (name, text, type = 'text/csv') => ({ name, text, type });
function part(name, value) {
  const file = typeof value === 'object' ? value : undefined;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"` +
    (file ? `; filename="${quoted(file.name)}"\r\nContent-Type: ${file.type}` : '');
  return Buffer.from(`${head}\r\n\r\n${file ? file.text : value}\r\n`);
}

export function cookieJar(k, { headers: always = {} } = {}) {
  const cookies = new Map();
  const jar = {
    cookies,
    get header() {
      return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    },
    get: (where, headers = {}) => ask('GET', where, undefined, headers),

    // fields: an object (a list repeats the name), or ready text.
    post: (where, fields = {}, headers = {}) => ask('POST', where, encode(fields), {
      'content-type': 'application/x-www-form-urlencoded', ...headers,
    }),

    // Sends a form as the page has it, with some values changed (undefined leaves a field out).
    // button: the name, value or text of the one pressed; the first otherwise.
    submit(form, changes = {}, { button, headers } = {}) {
      assert.ok(form, 'no such form on the page');
      for (const name of Object.keys(changes)) {
        assert.ok(form.names.includes(name), `the form has no field ${name}; it has ${form.names.join(', ')}`);
      }
      const fields = { ...form.fields, ...changes };
      const pressed = button === undefined ? form.buttons[0]
        : form.buttons.find((b) => [b.name, b.value, b.text].includes(button));
      assert.ok(pressed || button === undefined, `the form has no button ${button}`);
      if (pressed?.name) fields[pressed.name] = pressed.value;
      const action = pressed?.action || form.action;
      if (form.method === 'get') {
        const query = encode(fields).toString();
        return jar.get(query ? `${action.split('?')[0]}?${query}` : action, headers);
      }
      if (form.enctype !== 'multipart/form-data') return jar.post(action, fields, headers);
      const parts = [];
      for (const [name, value] of Object.entries(fields)) {
        for (const one of [value].flat()) if (one !== undefined) parts.push(part(name, one));
      }
      return ask('POST', action, Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
        { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` });
    },

    // Follows a redirect within the site, as often as it leads on.
    async follow(reply, most = 5) {
      while (reply.headers.location && reply.status >= 300 && reply.status < 400) {
        assert.ok(most-- > 0, `too many redirects, last to ${reply.headers.location}`);
        reply = await jar.get(reply.headers.location);
      }
      return reply;
    },
  };

  async function ask(method, where, body, headers = {}) {
    const send = {
      accept: 'text/html',
      ...(cookies.size && { cookie: jar.header }),
      ...(method !== 'GET' && { origin: k.url, 'sec-fetch-site': 'same-origin' }),
      ...always,
      ...headers,
    };
    // null takes a header away: what a browser of another kind would not send.
    for (const name of Object.keys(send)) if (send[name] === null) delete send[name];
    const page = await readPage(k.url, where, { method, body, headers: send });
    for (const cookie of page.setCookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (!value || /;\s*max-age=0/i.test(cookie)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return page;
  }
  return jar;
}

function encode(fields) {
  if (typeof fields === 'string') return fields;
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) if (one !== undefined) pairs.append(name, one);
  }
  return pairs;
}
