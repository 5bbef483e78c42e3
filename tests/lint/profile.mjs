// Sweden's REST API profile (1.2.0, with the traceability rules of 2.0.0) as checks of an OpenAPI
// document, and what the house asks of it besides.
//
//   for (const { id, faults } of rules) faults(document)   → [] or one line for each fault
//
// The ids are the profile's own where a rule is from there. Each rule has `breaks`, which spoils a
// copy: a rule that cannot find that finds nothing. Knows OpenAPI; knows no resource but those whose
// names have no plural, and the one export whose names are another standard's (Popolo).
const verbs = ['get', 'post', 'patch', 'delete'];
const camel = /^[a-z]+([A-Z][a-z]*)*$/;
// What is read to be mended: a script that misses the rest would call a register right.
const wholeAtOnce = new Set(['/checks']);
const foreignNames = '/exports/popolo';
// The last word of a collection is a plural; these have none, or are one in Swedish law's own words.
const noPlural = new Set(['glossary', 'attendance', 'healthcare-region', 'local', 'minutes']);

export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    verbs.filter((verb) => item[verb]).map((verb) => ({ path, verb, operation: item[verb], name: `${verb} ${path}` })));
}
export function resolved(document, value) {
  return value?.$ref ? value.$ref.slice(2).split('/').reduce((at, key) => at?.[key], document) : value;
}

const parametersOf = (document, { operation }) => (operation.parameters ?? []).map((p) => resolved(document, p));
const responsesOf = (document) => operationsOf(document).flatMap(({ operation, name }) =>
  Object.entries(operation.responses).map(([status, r]) => ({ status, response: resolved(document, r), name: `${name} → ${status}` })));
const queryOf = (document) => operationsOf(document).flatMap((o) =>
  parametersOf(document, o).filter((p) => p.in === 'query').map((p) => ({ parameter: p, name: `${o.name} ?${p.name}` })));
const each = (document, test) => operationsOf(document).filter(test).map((o) => o.name);
const first = (document, verb) => operationsOf(document).find((o) => o.verb === verb).operation;
const absent = (object, names) => names.filter((name) => !object?.[name]);

// Every schema in a value, with where it stands.
function* schemas(value, where = '#') {
  if (!value || typeof value !== 'object') return;
  if (value.type || value.properties || value.format) yield { schema: value, where };
  for (const [key, one] of Object.entries(value)) {
    if (key !== 'example' && key !== 'examples') yield* schemas(one, `${where}/${key}`);
  }
}

export const rules = [
  {
    id: 'DOK.17', says: 'the description is OpenAPI 3.1',
    faults: (d) => (/^3\.1\.\d+$/.test(d.openapi) ? [] : [d.openapi]),
    breaks: (d) => (d.openapi = '2.0'),
  },
  {
    id: 'DOK.01', says: 'the documentation is online, and the description says where',
    faults: (d) => absent(d.externalDocs, ['description', 'url']),
    breaks: (d) => delete d.externalDocs.url,
  },
  {
    id: 'DOK.03', says: 'info has title, version, description, terms, contact and licence',
    faults: ({ info }) => [...absent(info, ['title', 'version', 'description', 'termsOfService', 'contact', 'license']),
      ...absent(info.contact, ['name', 'url']), ...absent(info.license, ['name', 'url'])],
    breaks: (d) => delete d.info.license,
  },
  {
    id: 'DOK.06', says: 'what the API is stands there in Swedish and in English',
    faults: ({ info }) => ['är ett register', 'is a register'].filter((words) => !info.description.includes(words)),
    breaks: (d) => (d.info.description = d.info.description.replace('är ett register', '')),
  },
  {
    id: 'DOK.08', says: 'the level of service is told',
    faults: ({ info }) => absent(info['x-sla'], ['availability', 'responseTime', 'support']),
    breaks: (d) => delete d.info['x-sla'],
  },
  {
    id: 'DOK.09', says: 'limitations stand in the text, in both languages',
    faults: ({ info }) => ['Limitations:', 'Begränsningar:'].filter((words) => !info.description.includes(words)),
    breaks: (d) => (d.info.description = d.info.description.replace('Begränsningar', '')),
  },
  {
    id: 'DOK.15', says: 'every JSON body, sent or answered, has an example',
    faults: (d) => [
      ...each(d, ({ operation }) => Object.values(operation.requestBody?.content ?? {}).some((c) => c.example === undefined)),
      ...responsesOf(d).filter(({ response }) => Object.entries(response.content ?? {})
        .some(([type, c]) => type.endsWith('json') && c.example === undefined)).map((r) => r.name),
    ],
    breaks: (d) => delete d.components.responses.GroupList.content['application/json'].example,
  },
  {
    id: 'DOK.19', says: 'every operation is described, has a summary, a tag and an id of its own',
    faults: (d) => {
      const ids = operationsOf(d).map((o) => o.operation.operationId);
      const tags = new Set(d.tags.filter((t) => t.description).map((t) => t.name));
      return [...each(d, ({ operation: o }) => !o.description || !o.summary || !o.tags?.every((tag) => tags.has(tag))),
        ...ids.filter((id, i) => !id || ids.indexOf(id) !== i)];
    },
    breaks: (d) => delete first(d, 'get').description,
  },
  {
    id: 'DOK.20', says: 'every response is described, and failures are among them',
    faults: (d) => [
      ...responsesOf(d).filter(({ response }) => !response.description).map((r) => r.name),
      ...each(d, ({ operation }) => !operation.responses['400'] || !operation.responses['500']),
    ],
    breaks: (d) => (d.components.responses.Absent.description = ''),
  },
  {
    id: 'UFN.01', says: 'the server is https://HOST/api/v1',
    faults: (d) => d.servers.map((s) => s.url).filter((url) => !/^https:\/\/[a-z0-9.-]+\/api\/v1$/.test(url)),
    breaks: (d) => (d.servers[0].url = 'http://kansli.example/api/v1'),
  },
  {
    id: 'UFN.05', says: 'no address is longer than 2 048 characters',
    faults: (d) => Object.keys(d.paths).filter((path) => (d.servers[0].url + path).length > 1024),
    breaks: (d) => (d.paths[`/${'a'.repeat(2048)}`] = {}),
  },
  {
    id: 'UFN.07–09, RES.06', says: 'paths are words in lower case with hyphens, and have no dot',
    faults: (d) => Object.keys(d.paths).filter((path) => !/^\/$|^(\/([a-z]+(-[a-z]+)*|\{[a-zA-Z]+\}))+$/.test(path)),
    breaks: (d) => (d.paths['/openapi.json'] = {}),
  },
  {
    id: 'RES.04', says: 'what holds several has a name in the plural',
    faults: (d) => Object.keys(d.paths).flatMap((path) => {
      const word = /\/([a-z-]+)\/\{[^/]*$/.exec(path)?.[1];
      return word && !word.endsWith('s') && !noPlural.has(word) ? [path] : [];
    }),
    breaks: (d) => (d.paths['/group/{id}'] = {}),
  },
  {
    id: 'RES.02', says: 'nothing is asked for by personal identity number',
    faults: (d) => queryOf(d).filter((q) => /person(al)?(number|nummer|Number)|identityNumber|ssn/i.test(q.parameter.name)).map((q) => q.name),
    breaks: (d) => first(d, 'get').parameters.push({ in: 'query', name: 'personnummer' }),
  },
  {
    id: 'FNS.01, FNS.03', says: 'parameters are named in camelCase, without digits',
    faults: (d) => operationsOf(d).flatMap((o) => parametersOf(d, o).filter((p) => p.in !== 'header' && !camel.test(p.name)).map((p) => `${o.name} ${p.name}`)),
    breaks: (d) => first(d, 'get').parameters.push({ in: 'query', name: 'start_date' }),
  },
  {
    id: 'FNS, parameters', says: 'parameters stand with the operation, each described',
    faults: (d) => [...Object.keys(d.paths).filter((path) => 'parameters' in d.paths[path]),
      ...operationsOf(d).flatMap((o) => parametersOf(d, o).filter((p) => !p?.description || !p.schema).map((p) => `${o.name} ${p?.name}`))],
    breaks: (d) => (d.paths['/groups'].parameters = []),
  },
  {
    id: 'FNS.07–09', says: 'pages have page, from 1, and limit, 20 by default and at most 500',
    faults: (d) => operationsOf(d).flatMap((o) => {
      const [page, limit] = ['page', 'limit'].map((name) => parametersOf(d, o).find((p) => p.name === name));
      const told = !page || (page.schema.default === 1 && page.schema.minimum === 1 && limit?.schema.default === (wholeAtOnce.has(o.path) ? 500 : 20) && limit.schema.maximum === 500);
      return told ? [] : [o.name];
    }),
    breaks: (d) => delete d.components.parameters.limit.schema.default,
  },
  {
    id: 'AME.04–07', says: 'fields are named in camelCase, without digits',
    faults: (d) => [...schemas(d)].filter(({ where }) => !where.startsWith(`#/paths/${foreignNames}/`))
      .flatMap(({ schema, where }) => Object.keys(schema.properties ?? {})
        .filter((name) => !camel.test(name) && !['_links', '_meta', '_embedded'].includes(name)).map((name) => `${where} ${name}`)),
    breaks: (d) => (d.components.schemas.Group.properties.start_date = { type: 'string' }),
  },
  {
    id: 'AME.02, ARQ.01', says: 'what is sent may be JSON, unless it is a file',
    faults: (d) => each(d, ({ operation: { requestBody: body } }) => body && !body.content['application/json'] && !body.content['text/csv']),
    breaks: (d) => delete first(d, 'post').requestBody.content['application/json'],
  },
  {
    id: 'ARQ.05', says: 'no header is a structure',
    faults: (d) => operationsOf(d).flatMap((o) => parametersOf(d, o).filter((p) => p.in === 'header' && p.schema.type !== 'string').map((p) => `${o.name} ${p.name}`)),
    breaks: (d) => (d.components.parameters.traceparent.schema.type = 'object'),
  },
  {
    id: 'DOT.02, DOT.04', says: 'every day and instant has an example of its format, instants in UTC',
    faults: (d) => [...schemas(d)].filter(({ schema: { format, example } }) =>
      (format === 'date' && !/^\d{4}-\d\d-\d\d$/.test(example)) || (format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(example)))
      .map(({ where }) => where),
    breaks: (d) => delete d.components.schemas.Group.properties.startDate.example,
  },
  {
    id: 'FEL.01', says: 'a problem has all five members of RFC 9457',
    faults: (d) => ['type', 'title', 'status', 'detail', 'instance'].filter((name) =>
      !d.components.schemas.Problem.properties[name] || !d.components.schemas.Problem.required.includes(name)),
    breaks: (d) => d.components.schemas.Problem.required.splice(0, 1),
  },
  {
    id: 'FEL.02', says: 'every failure is application/problem+json',
    faults: (d) => responsesOf(d).filter(({ status, response }) => status >= '400' &&
      response.content?.['application/problem+json']?.schema?.$ref !== '#/components/schemas/Problem').map((r) => r.name),
    breaks: (d) => (d.components.responses.Absent.content = {}),
  },
  {
    id: 'FOR.02', says: 'nothing is sent to be read',
    faults: (d) => each(d, ({ verb, operation }) => verb === 'get' && operation.requestBody),
    breaks: (d) => (first(d, 'get').requestBody = { content: {} }),
  },
  {
    id: 'MOG.01', says: 'methods are those of the second level',
    faults: (d) => Object.entries(d.paths).flatMap(([path, item]) => Object.keys(item).filter((verb) => !verbs.includes(verb)).map((verb) => `${verb} ${path}`)),
    breaks: (d) => (d.paths['/groups'].trace = {}),
  },
  {
    id: 'SAK.09, SAK.10', says: 'a bearer token is the one way in, and every operation says whether it is needed',
    faults: (d) => [
      ...Object.values(d.components.securitySchemes).filter((s) => s.type !== 'http' || s.scheme !== 'bearer').map((s) => s.type),
      ...each(d, ({ operation }) => !operation.security?.length || !operation.security.every((way) => Object.keys(way).every((name) => name === 'bearer'))),
    ],
    breaks: (d) => (d.components.securitySchemes.cookie = { type: 'apiKey', in: 'cookie', name: 'session' }),
  },
  {
    id: 'SPA.02', says: 'every operation takes traceparent',
    faults: (d) => operationsOf(d).filter((o) => !parametersOf(d, o).some((p) => p.in === 'header' && p.name === 'traceparent')).map((o) => o.name),
    breaks: (d) => (first(d, 'post').parameters = []),
  },
  {
    id: 'SPA.04', says: 'every response gives traceparent back',
    faults: (d) => responsesOf(d).filter(({ response }) => !resolved(d, response.headers?.traceparent)?.schema).map((r) => r.name),
    breaks: (d) => delete d.components.responses.Absent.headers.traceparent,
  },
  {
    id: 'VER.06', says: 'what the API is called stands at /api-info',
    faults: (d) => absent(d.paths['/api-info']?.get?.responses['200'].content['application/json'].schema.properties,
      ['apiName', 'apiVersion', 'apiReleased', 'apiDocumentation', 'apiStatus']),
    breaks: (d) => delete d.paths['/api-info'],
  },
  {
    id: 'PATCH', says: 'a change may be sent as application/json too',
    faults: (d) => each(d, ({ verb, operation }) => verb === 'patch' &&
      Object.keys(operation.requestBody.content).sort().join() !== 'application/json,application/merge-patch+json'),
    breaks: (d) => delete first(d, 'patch').requestBody.content['application/json'],
  },
  {
    id: 'lists', says: 'the envelope of a list stands inline under components.responses',
    faults: (d) => [
      ...each(d, ({ operation }) => operation.parameters.some((p) => p.$ref === '#/components/parameters/modifiedSince') &&
        !/^#\/components\/responses\/\w+List$/.test(operation.responses['200'].$ref ?? '')),
      ...Object.entries(d.components.responses).filter(([name, r]) => name.endsWith('List') &&
        absent(r.content['application/json'].schema.properties, ['items', '_meta', '_links']).length).map(([name]) => name),
    ],
    breaks: (d) => (d.components.responses.GroupList.content['application/json'].schema = { $ref: '#/components/schemas/Group' }),
  },
  {
    id: 'limits', says: 'every operation may answer 429, and says how long to wait',
    faults: (d) => each(d, ({ operation }) => !resolved(d, operation.responses['429'])?.headers?.['Retry-After']),
    breaks: (d) => delete first(d, 'get').responses['429'],
  },
  {
    id: 'closed', says: 'no object has members that nobody described',
    faults: (d) => [...schemas(d.components.schemas, '#/components/schemas'), ...schemas(d.components.responses, '#/components/responses')]
      .filter(({ schema }) => schema.properties && schema.additionalProperties !== false).map(({ where }) => where),
    breaks: (d) => delete d.components.schemas.Group.additionalProperties,
  },
];
