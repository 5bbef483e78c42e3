// Anything that could be sent to an operation, right and wrong, made from its own description.
//
//   const world = worldOf(api.document);                 // what has been seen: addresses and values, by name
//   fc.sample(requests(api.document, operation), …)      → plans: {where, query, headers, body, …}
//   world.request(operation, plan)                       → {path, query, headers, body, text}
//
// A plan is drawn before anything is known of the register: where it needs an address or a value that exists it
// says which of those seen (`{$seen, at}`), so that a seed gives the same plans every day. Owns what is odd:
// texts, days, bodies that are no JSON. Knows JSON Schema as our descriptions use it; knows no resource.
import fc from 'fast-check';

// ---- what is odd ----

const texts = [
  '', ' ', '\t', '\n', 'å', 'A\u030a', 'Åsa Öberg', '🩺', '👩‍⚕️'.repeat(3), '\u202eomvänt', '\u200b', '\ufeffmärke', '\u0000', 'a\u0000b', '\u0001', '\u007f',
  '\u0085', '\uffff', '\ud800', '\udc00x', '\u{10ffff}', 'ﬃ', 'ﷺ', 'İı', 'e' + '\u0301'.repeat(300), '<script>alert(1)</script>', "'; DROP TABLE body; --",
  '{{#_}}{{/_}}', '../../etc/passwd', '%00', '%s%n', 'null', 'true', '-1', '811228-9874', '19811228-9874', '=1+1', '"', '\\', 'a,b', '*', '[x](javascript:x)',
  '# rubrik\n\n* rad\n> citat', 'x'.repeat(79), 'norra', 'npo-tandvard', '00000000-0000-4000-8000-000000000000', '3F2B8C1E-5D04-4A77-9C1B-8E2D6F0A9B31',
];
const days = ['2026-11-22', '2026-11-23', '2018-01-01', '2024-02-29', '2027-01-01', '2029-12-31', '1900-01-01', '9999-12-31', '2026-12-31'];
const noDays = ['2026-02-29', '2026-13-01', '0000-00-00', '10000-01-01', '2026-1-1', '2026-11-22T00:00:00Z', 'idag', '20261122', '٢٠٢٦-١١-٢٢'];
const instants = ['2026-11-22T10:00:00Z', '2026-12-03T09:00:00Z', '2026-12-03T10:30:00.000Z', '2026-03-29T02:30:00+01:00', '2027-10-31T02:30:00Z', '1970-01-01T00:00:00Z'];
const noInstants = ['2026-11-22T25:00:00Z', '2026-11-22 10:00', '2026-11-22T10:00:00', 'T', '2026-02-30T10:00:00Z', '9'.repeat(40)];
const addresses = ['namn@region.example', 'a@b.example', 'åsa@region.example', 'x'.repeat(60) + '@region.example'];
const numbers = [0, 1, -1, 2, 100, 2026, 1.5, 1e3, 2 ** 31, 2 ** 53, -(2 ** 63), 1e300, 1e-300];
const anyValue = fc.oneof(
  fc.constantFrom(null, true, false, {}, [], [null], [[]], { id: 'norra' }, [{}], ...numbers),
  fc.constantFrom(...texts), fc.string({ unit: 'binary', maxLength: 40 }), fc.jsonValue({ maxDepth: 3 }),
);

// Bodies that are not what they should be, as text.
const noBodies = [
  '', ' ', '{', '}', 'null', 'true', '[]', '[{}]', '"text"', '0', '{"id":"a","id":"b"}', '{}{}', '\ufeff{}', '{"a":1e999}', '{"a":NaN}', "{'a':1}", '{"a":01}',
  '{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"":""}', '{"__proto__":{}}', '{"a":12345678901234567890123}', '['.repeat(3000), `{"a":${'['.repeat(400)}${']'.repeat(400)}}`,
  '{"a":"\u0001"}', `{"${'k'.repeat(5000)}":1}`, '{"_links":[]}', '{"_csrf":"x"}', '{"_method":"DELETE"}', '{"version":1}', '{"key":1}', '// {}',
];
const noUtf8 = Buffer.from([0x7b, 0x22, 0x6e, 0x61, 0x6d, 0x65, 0x22, 0x3a, 0x22, 0xff, 0xc3, 0x28, 0x22, 0x7d]);

// ---- from a schema ----

const typesOf = (schema) => [schema.type ?? []].flat();
const without = (array, value) => array.filter((one) => one !== value);

export function arbitraries(document) {
  const solved = (schema) => (schema?.$ref ? schema.$ref.slice(2).split('/').reduce((o, key) => o[key], document) : schema);

  // A value that the schema takes, most of the time: what exists under the name, or what the type allows.
  function right(given, name, depth = 0) {
    const schema = solved(given);
    const choices = [];
    const types = typesOf(schema);
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    for (const several of [schema.anyOf, schema.oneOf]) if (several) return fc.oneof(...several.map((one) => right(one, name, depth)));
    if (types.includes('string')) choices.push({ weight: 6, arbitrary: rightText(schema, name) });
    if (types.includes('integer') || types.includes('number')) choices.push({ weight: 6, arbitrary: rightNumber(schema) });
    if (types.includes('boolean')) choices.push({ weight: 6, arbitrary: fc.boolean() });
    if (types.includes('null')) choices.push({ weight: 1, arbitrary: fc.constant(null) });
    if (types.includes('array')) {
      const maxLength = Math.min(schema.maxItems ?? 3, 3);
      choices.push({ weight: 6, arbitrary: fc.array(right(schema.items ?? {}, name, depth + 1), { minLength: schema.minItems ?? 0, maxLength }) });
    }
    if (types.includes('object')) choices.push({ weight: 6, arbitrary: object(schema, 0, depth + 1) });
    return choices.length ? fc.oneof(...choices) : anyValue;
  }

  function rightText(schema, name) {
    const seen = { weight: name && /Ids?$|^(id|kind|role|with)$/.test(name) ? 20 : 1, arbitrary: fc.nat(60).map((at) => ({ $seen: name, at })) };
    if (schema.format === 'date') return fc.oneof({ weight: 1, arbitrary: seen.arbitrary }, { weight: 8, arbitrary: fc.constantFrom(...days) });
    if (schema.format === 'date-time') return fc.constantFrom(...instants);
    if (schema.format === 'email') return fc.constantFrom(...addresses);
    if (schema.format === 'uuid') return fc.oneof(seen, { weight: 1, arbitrary: fc.constant('00000000-0000-4000-8000-000000000000') });
    if (schema.format === 'uri') return fc.constantFrom('https://region.example/plan', 'https://region.example/å?b=c#d');
    if (schema.pattern) return fc.oneof(seen, { weight: 4, arbitrary: fc.stringMatching(/^[a-z0-9]{1,12}(-[a-z0-9]{1,8}){0,3}$/) });
    const most = schema.maxLength ?? 200;
    const least = schema.minLength ?? 0;
    return fc.oneof(
      seen,
      { weight: 6, arbitrary: fc.nat(999).map((n) => `Prov ${n}`.slice(0, most).padEnd(least, 'x')) },
      { weight: 1, arbitrary: fc.constantFrom(...texts).map((t) => [...t].slice(0, most).join('').padEnd(least, 'x')) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: least, maxLength: Math.min(most, 60) }).map((t) => [...t].slice(0, most).join('')) },
      { weight: 1, arbitrary: fc.constantFrom('x', 'å', '😀', 'ord ').map((unit) => [...unit.repeat(most)].slice(0, most).join('')) },
    );
  }

  function rightNumber(schema) {
    const min = schema.minimum ?? 0;
    const max = schema.maximum ?? 100;
    return fc.oneof(fc.integer({ min, max: Math.max(min, max) }), fc.constantFrom(min, max));
  }

  // A value that the schema does not take.
  function wrong(given) {
    const schema = solved(given);
    const choices = [anyValue];
    if (schema.maxLength) choices.push(fc.constantFrom('x', 'å', '😀').map((unit) => unit.repeat(schema.maxLength + 1)));
    if (schema.format === 'date') choices.push(fc.constantFrom(...noDays));
    if (schema.format === 'date-time') choices.push(fc.constantFrom(...noInstants));
    if (schema.format === 'email') choices.push(fc.constantFrom('a', '@', 'a@', 'a b@c.example', 'a@b\nBcc: c@d.example', '<a@b.example>'));
    if (schema.maximum !== undefined) choices.push(fc.constant(schema.maximum + 1));
    if (schema.minimum !== undefined) choices.push(fc.constant(schema.minimum - 1));
    if (schema.maxItems) choices.push(fc.constant(Array(schema.maxItems + 1).fill('norra')));
    if (schema.enum) choices.push(fc.constantFrom(...schema.enum.filter((v) => typeof v === 'string').map((v) => v.toUpperCase()), 'nosuch'));
    if (typesOf(schema).includes('array')) choices.push(fc.array(anyValue, { maxLength: 3 }));
    if (typesOf(schema).includes('object')) choices.push(object(schema, 2, 1));
    return fc.oneof(...choices);
  }

  // An object of the schema; wrongness: 0 none, 1 a little, 2 much.
  function object(schema, wrongness, depth = 0) {
    const required = new Set(schema.required ?? []);
    const model = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, member]) => [name, fc.tuple(
      fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }), depth > 3 ? fc.constant(null) : right(member, name, depth), wrongness ? wrong(member) : fc.constant(null))]));
    const names = Object.keys(model);
    const extra = wrongness ? fc.option(fc.tuple(fc.constantFrom('nosuch', 'key', 'version', 'modified', '_links', 'å', '', 'id', 'a.b', '__proto__'), anyValue), { freq: 4 }) : fc.constant(null);
    const share = wrongness === 2 ? 40 : wrongness === 1 ? Math.max(8, 100 / Math.max(1, names.length)) : 0;
    return fc.tuple(fc.record(model), extra, fc.constantFrom(0, 0, 15, 40, 100)).map(([members, more, density]) => {
      const made = {};
      for (const [name, [there, bad, good, evil]] of Object.entries(members)) {
        const present = required.has(name) ? there < (wrongness ? 90 : 100) : there < density;
        if (present) made[name] = wrongness && bad < share ? evil : good;
      }
      if (more) Object.defineProperty(made, more[0], { value: more[1], enumerable: true, configurable: true, writable: true });
      return made;
    });
  }

  return { solved, right, wrong, object };
}

// ---- files ----

// A table as a spreadsheet leaves it: headings that mean something, among cells that mean nothing.
const headings = [
  ['Förnamn', 'Efternamn', 'E-post'], ['givenName', 'familyName', 'employerId', 'professions'], ['Namn', 'Typ'], ['name', 'type', 'parentId', 'id'], ['kind', 'name', 'startDate', 'principalIds'],
  ['groupId', 'personId', 'role', 'startDate', 'endDate'], ['groupIds', 'startsAt', 'endsAt', 'mode'], ['groupId', 'year', 'goals'], ['id', 'å', ''], [],
];
const cell = fc.constantFrom('Prov', 'norra', 'npo-tandvard', 'other', 'member', '2027', 'online', ...days, ...instants, ...texts);
const table = fc.tuple(fc.constantFrom(';', ',', '\t'), fc.constantFrom(...headings), fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { maxLength: 6 }))
  .map(([between, names, rows]) => ({ type: 'text/csv', text: [names, ...rows].map((row) => row.map((c) => (/[";,\n\t]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c)).join(between)).join('\r\n') }));

// A form with a file, whole or not.
const form = () => fc.tuple(fc.array(fc.tuple(fc.constantFrom('file', 'title', 'agendaItemId', 'nosuch', '', 'å"'), fc.option(fc.constantFrom('a.csv', 'b.pdf', 'å.docx', '../x', '')), fc.constantFrom(...texts)), { maxLength: 4 }),
  fc.constantFrom('--b--\r\n', '--b', '', '--c--\r\n'))
  .map(([parts, end]) => ({ type: 'multipart/form-data; boundary=b', text: parts.map(([name, file, text]) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${file === null ? '' : `; filename="${file}"\r\nContent-Type: application/octet-stream`}\r\n\r\n${text}\r\n`).join('') + end }));

// ---- a request ----

const jsonTypes = ['application/json', 'application/merge-patch+json'];
const tags = ['"0.x"', '*', '"99.abc"', 'W/"1.x"', 'nosuch', '"', '', '"1.x", *', '"1.a","2.b"', `"${'9'.repeat(400)}.x"`];

export function requests(document, { method, operation, segments }) {
  const { solved, right, wrong, object } = arbitraries(document);
  const parameters = (operation.parameters ?? []).map(solved);
  const asked = parameters.filter((p) => p.in === 'query');
  const named = (value) => (asked.length ? fc.uniqueArray(fc.constantFrom(...asked).chain((p) => fc.tuple(fc.constant(p.name), value(p))), { maxLength: 2, selector: ([name]) => name }) : fc.constant([]));
  // What the schema leaves open of some: which members and parts there are.
  const open = { fields: fc.constantFrom('id', 'id,modified'), embed: fc.constant('page'), after: fc.constant('2026-11-22T09:00:00.000Z~1~o') };
  const strange = fc.tuple(fc.constantFrom('nosuch', 'Page', 'key', 'å', '_method', 'constructor', ''), fc.constantFrom(...texts)).map((one) => [one]);
  // What an operation cannot do without is always there when the query is usual.
  const needed = fc.tuple(...asked.filter((p) => p.required).map((p) => fc.tuple(fc.constant(p.name), right(p.schema, p.name))));
  const files = Object.keys(operation.requestBody?.content ?? {}).filter((type) => !/json$/.test(type));
  const file = files.length ? fc.oneof(table, form()) : null;
  const content = Object.entries(operation.requestBody?.content ?? {}).find(([type]) => /json$/.test(type))?.[1] ?? {};
  const schema = solved(content.schema) ?? {};
  const json = (wrongness) => object(schema, wrongness).map((made) => ({ json: made }));
  // The description's own example, about what exists, now and then with some members of another kind.
  const example = fc.tuple(fc.nat(60), object(schema, 0), fc.nat(2)).map(([at, other, share]) => ({ json: {
    ...Object.fromEntries(Object.entries(content.example ?? {}).map(([name, value]) => [name,
      !/Ids?$|^id$/.test(name) || value === null ? value : Array.isArray(value) ? [{ $seen: name, at }] : { $seen: name, at }])),
    ...Object.fromEntries(Object.entries(other).filter((_, i) => share && i % 3 === share)),
  } }));
  // Of each part what is usual, and what is odd; `odd` says which part is to be odd this time.
  const part = (usual, odd) => fc.record({ usual, odd });
  const header = (usual, ...others) => part(fc.constant(usual), fc.constantFrom(...others));
  return fc.record({
    who: fc.nat(99),
    odd: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'body', 'body', 'body', 'query', 'where', 'headers', 'tags', 'everything'),
    where: part(fc.array(fc.nat(200), { minLength: segments.length, maxLength: segments.length }),
      fc.array(fc.option(fc.constantFrom(...texts, 'nosuch', 'x'.repeat(300), '%2F', 'NPO-TANDVARD')), { minLength: segments.length, maxLength: segments.length })),
    query: part(method === 'GET' ? named((p) => open[p.name] ?? right(p.schema, p.name)).chain((some) => needed.map((must) => [...must, ...some.filter(([name]) => !must.some(([n]) => n === name))])) : needed, fc.oneof(strange, named((p) => wrong(p.schema)))),
    body: part(method === 'GET' || method === 'DELETE' ? fc.constant(null) : file ?? fc.oneof(json(0), example), method === 'GET' ? fc.constant(null) : fc.oneof(
      { weight: 6, arbitrary: json(1) }, { weight: 2, arbitrary: json(2) }, { weight: 2, arbitrary: fc.constantFrom(...noBodies).map((text) => ({ text })) }, { weight: 1, arbitrary: fc.constant({ bytes: noUtf8 }) })),
    type: header(undefined, 'text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data', 'application/json; charset=latin1', 'x', ...jsonTypes),
    ifMatch: header('present', 'missing', ...tags),
    ifNoneMatch: part(fc.constantFrom(null, null, null, null, 'present'), fc.constantFrom(...tags)),
    key: header(null, 'a', 'b', 'å', '', 'k'.repeat(255), 'k'.repeat(256), '\t'),
    accept: header('application/json', '*/*', 'text/html', 'application/xml', 'image/*;q=0', '', ';;;', 'text/html,application/xhtml+xml,*/*;q=0.1', 'application/problem+json'),
    language: header('sv', 'en', 'de', '*', 'en;q=x', '', 'x'.repeat(3000)),
    trace: header('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'x', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, 'ff', ''),
  });
}

// ---- the world: what exists ----

// Some items of each list, as somebody who sees most; `asking(path)` gives the token. Accounts that a test acts by
// stay out of reach: `apart` knows their items. → {template → {path, total}} of each list where it is longest.
export async function lookAround(k, api, world, asking, apart = () => false) {
  const spread = (list, n) => list.filter((_, i) => list.length <= n || i % Math.ceil(list.length / n) === 0);
  const longest = new Map();
  for (const id of ['nag-palliativ-vard', 'npo-aldres-halsa-och-palliativ-vard', 'npo-cancersjukdomar', 'rag-palliativ-vard-norra']) world.visit('/groups/{id}', `/groups/${id}`);
  world.visit('/group-kinds/{id}', '/group-kinds/nag');
  for (const { template, segments } of api.operations.filter((o) => o.method === 'GET').sort((a, b) => a.segments.length - b.segments.length)) {
    const last = segments.findLastIndex((s) => s.startsWith('{'));
    if (last === segments.length - 1) continue;
    const parents = last < 0 ? [''] : spread(world.places.get(segments.slice(0, last + 1).join('/')) ?? [], 8);
    for (const parent of parents) {
      const path = last < 0 ? template : `${parent}/${segments.slice(last + 1).join('/')}`;
      const { status, json } = await k.api(path, { token: asking(path) });
      if (status !== 200 || !json) continue;
      const items = (json.items ?? []).filter((item) => !apart(item));
      world.learn(json.items ? items : json);
      const total = json._meta?.totalRecords;
      if (total !== undefined && total > (longest.get(template)?.total ?? -1)) longest.set(template, { path, total });
      const item = api.operations.find((o) => o.segments.length === segments.length + 1 && o.template.startsWith(`${template}/{`));
      for (const one of spread(items, 8)) if (item && typeof (one.id ?? one.rule) === 'string') world.visit(item.template, `${path}/${one.id ?? one.rule}`);
    }
  }
  return longest;
}

export function worldOf(document) {
  const places = new Map(); // '/groups/{id}' → ['/groups/npo-tandvard', …]
  const values = new Map(); // 'groupId' → ['npo-tandvard', …]
  const most = 60;
  const put = (map, name, value) => {
    const list = map.get(name) ?? map.set(name, []).get(name);
    if (list.includes(value)) return;
    if (list.length >= most) list.splice(list.length % 7, 1);
    list.push(value);
  };

  const world = {
    places,
    // An address that answered: it stands for its template, and its parents for theirs.
    visit(template, path) {
      const words = template.split('/');
      const real = path.split('/');
      words.forEach((word, i) => {
        if (word.startsWith('{')) put(places, words.slice(0, i + 1).join('/'), real.slice(0, i + 1).join('/'));
      });
    },
    // Every text of a document, under its name.
    learn(json, name) {
      if (Array.isArray(json)) for (const one of json) world.learn(one, name);
      else if (json && typeof json === 'object') {
        for (const [key, value] of Object.entries(json)) if (!key.startsWith('_')) world.learn(value, key);
      } else if (typeof json === 'string' && name && json.length <= 200) {
        put(values, name, json);
        if (/Ids$/.test(name)) put(values, name.slice(0, -1), json);
      }
    },
    resolve(value) {
      if (Array.isArray(value)) return value.map(world.resolve);
      if (value && typeof value === 'object' && !(value instanceof Uint8Array)) {
        if ('$seen' in value) {
          const all = values.get(value.$seen) ?? values.get(value.$seen?.replace(/s$/, '')) ?? values.get(`${value.$seen}s`) ?? values.get('id');
          return all?.length ? all[value.at % all.length] : 'nosuch';
        }
        return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, world.resolve(v)]));
      }
      return value;
    },
    // The plan against what exists now.
    request({ method, template, segments, operation }, plan) {
      const odd = (part) => plan.odd === part || plan.odd === 'everything';
      const of = (name, part = name) => plan[name][odd(part) ? 'odd' : 'usual'];
      let path = '';
      segments.forEach((word, i) => {
        if (i === 0) return;
        const strange = odd('where') ? plan.where.odd[i] : null;
        const here = (places.get(segments.slice(0, i + 1).join('/')) ?? []).filter((p) => p.startsWith(`${path}/`));
        if (!word.startsWith('{')) path += `/${word}`;
        else if (strange !== null) path += `/${encodeURIComponent(whole(strange))}`;
        else path += `/${here.length ? here[plan.where.usual[i] % here.length].split('/').at(-1) : '00000000-0000-4000-8000-000000000000'}`;
      });
      const query = of('query').map(([name, value]) => [name, [world.resolve(value)].flat().map((v) => (typeof v === 'string' ? v : JSON.stringify(v))).join(',')]);
      const headers = { accept: of('accept', 'headers'), 'accept-language': of('language', 'headers'), traceparent: of('trace', 'headers') };
      const key = of('key', 'headers');
      if (key !== null && method === 'POST') headers['idempotency-key'] = key;
      const sent = of('body');
      let body;
      let bytes;
      if (sent) {
        body = 'json' in sent ? world.resolve(sent.json) : undefined;
        bytes = sent.bytes ?? sent.text ?? JSON.stringify(body);
        headers['content-type'] = of('type', 'headers') ?? sent.type ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
      }
      const tail = query.length ? `?${query.map(([n, v]) => `${encodeURIComponent(n)}=${encodeURIComponent(whole(v))}`).join('&')}` : '';
      return { method, template, operation, path, query, where: path + tail, headers, body, bytes, ifMatch: of('ifMatch', 'tags'), ifNoneMatch: of('ifNoneMatch', 'tags') };
    },
  };
  return world;
}

// No half of a pair: an address cannot have it (toWellFormed came with Node 20).
const whole = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
