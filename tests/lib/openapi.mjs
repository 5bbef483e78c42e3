// The API's description, as something to hold replies against.
//
//   const api = description(await (await fetch(`${k.url}/api/v1/openapi.json`)).json());
//   api.faults({ method, path, status, headers, body, sent })   → [] or one line for each
//
// Owns: which operation answers a path, and what its schemas say of a reply. Knows the conventions
// that hold for all of them (fields= leaves members out); knows no resource.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

// What the server says before any operation is found: malformed requests, other methods.
const protocol = new Set([400, 404, 405, 408, 413, 414, 429, 431, 500, 503, 505]);

export function description(document) {
  const operations = [];
  for (const [template, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      operations.push({ method: method.toUpperCase(), template, operation, segments: template.split('/') });
    }
  }
  const whole = validator(document);
  const partial = validator(withoutRequired(document));

  // The operation of a path (without /api/v1): literal words beat names.
  function find(method, path) {
    const segments = path.split('?')[0].replace(/(.)\/$/, '$1').split('/');
    const fits = operations.filter((o) => o.method === (method === 'HEAD' ? 'GET' : method) &&
      o.segments.length === segments.length && o.segments.every((s, i) => s.startsWith('{') || s === segments[i]));
    const names = (o) => o.segments.filter((s) => s.startsWith('{')).length;
    return fits.sort((a, b) => names(a) - names(b))[0];
  }

  function faults({ method, path, status, headers = {}, body, sent }) {
    if (method === 'OPTIONS') return [];
    const type = (headers['content-type'] ?? '').split(';')[0];
    const found = find(method, path);
    if (!found) {
      if (status < 400 || status >= 500) return [`${method} ${path} → ${status}: no such operation is described`];
      return type === 'application/problem+json' ? whole('#/components/schemas/Problem', body) : [];
    }
    const said = found.operation.responses[status];
    if (!said) {
      if (protocol.has(status)) return whole('#/components/schemas/Problem', body);
      return [`${method} ${found.template} does not say that it may answer ${status}`];
    }
    if (status === 204 || status === 304 || status === 308 || method === 'HEAD') return [];
    const where = pointer(document, `#/paths/${escape(found.template)}/${found.method.toLowerCase()}/responses/${status}`);
    const content = at(document, where).content ?? {};
    if (type && !content[type] && content['*/*'] && !/json$/.test(type)) return []; // whatever was kept
    if (!type || !content[type]) return [`${method} ${found.template} → ${status}: ${type || 'no type'} is not described`];
    if (!type.endsWith('json')) return []; // a file: that it is described is all that a schema can say
    const check = /[?&]fields=/.test(path) ? partial : whole;
    return [
      ...check(`${where}/content/${escape(type)}/schema`, body),
      ...(status < 300 ? sentFaults(found, sent) : []),
    ].map((fault) => `${method} ${found.template} → ${status}: ${fault}`);
  }

  // What was accepted must be what is described: else a client that trusts the schema cannot say it.
  function sentFaults(found, sent) {
    if (!sent?.body || !found.operation.requestBody) return [];
    const where = `#/paths/${escape(found.template)}/${found.method.toLowerCase()}/requestBody/content/application~1json/schema`;
    return whole(where, sent.body).map((fault) => `accepted, but the body ${fault}`);
  }

  return { document, operations, find, faults };
}

const escape = (name) => name.replaceAll('~', '~0').replaceAll('/', '~1');
const at = (document, where) => where.slice(2).split('/').map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'))
  .reduce((value, key) => value?.[key], document);

// Follows a reference once: a response may stand in components.
function pointer(document, where) {
  return at(document, where).$ref ?? where;
}

function validator(document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats(ajv);
  ajv.addSchema({ ...document, $id: 'kansli', jsonSchemaDialect: undefined, $schema: undefined });
  const compiled = new Map();
  return (where, value) => {
    if (!compiled.has(where)) compiled.set(where, ajv.compile({ $ref: `kansli${encodeURI(where)}` }));
    const check = compiled.get(where);
    if (check(value)) return [];
    return check.errors.map((e) => {
      const extra = e.params.additionalProperty ?? e.params.missingProperty ?? JSON.stringify(e.params.allowedValues ?? '');
      return `${e.instancePath || 'the document'} ${e.message} ${extra}`;
    });
  };
}

// With fields= any member may be left out.
function withoutRequired(document) {
  return JSON.parse(JSON.stringify(document, (key, value) => (key === 'required' && Array.isArray(value) ? undefined : value)));
}
