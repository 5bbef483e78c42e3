// Which pages there are, and who looks at them: every GET page of the route table with ids that the
// demo register has. A new route is visited the day it is born; one with a parameter that nobody has
// given a value here fails.
import assert from 'node:assert/strict';
import { run } from '../lib/kansli.mjs';
import { lifted } from '../lib/lifted.mjs';
import { sqlite, stopSecret } from '../lib/mail.mjs';

const demoPassword = 'kansli-demo-2026';
const programmeArea = 'npo-aldres-halsa-och-palliativ-vard';

// The readers: cookie jars by name, anonymous first.
export async function readers(k) {
  const login = (name) => k.login(`${name}@kansli.example`, demoPassword);
  return {
    anonymous: undefined, support: await login('support'), administrator: await login('admin'),
    'process leader': await login('karin.bergstrom'), 'data protection': await login('dataskydd'),
  };
}

// A call that asks Norra, with a nomination that waits (of the process leader who looks, as a patient: every form is there), its
// links, a draft, and one of the worked example that ended with an appointment.
async function nominations(k, group, token) {
  const make = async (where, body) => {
    const reply = await k.api(where, { token, method: 'POST', body });
    assert.equal(reply.status, 201, reply.text);
    return reply.json.id;
  };
  const first = async (where) => (await k.api(where, { token })).json.items[0].id;
  const call = await make(`/groups/${group}/nomination-calls`, { title: 'Två ledamöter', askedIds: ['norra'], opensOn: '2026-01-01' });
  await make(`/nomination-calls/${call}/publications`, {});
  const nominate = async (who, capacity) => make(`/nomination-calls/${call}/nominations`, { personId: await first(`/persons?q=${who}`), nominatorId: 'norra', capacity });
  const waiting = await nominate('karin bergström', 'patient');
  await make(`/nominations/${waiting}/submissions`, {});
  await make(`/nominations/${waiting}/employer-requests`, { name: 'Chefen', email: 'chef@region.example' });
  const link = (purpose) => sqlite(k, `SELECT json_extract(content, '$.path') FROM mail WHERE event LIKE 'nominations:${waiting}:${purpose}:%';`).split('/').at(-1);
  return {
    call, waiting, draft: await nominate('astrid lindqvist', 'profession'), answer: link('answer'), employer: link('employer'),
    appointed: await first('/nominations?status=appointed'),
  };
}

// The link of a notice to somebody who is called to a meeting to come.
async function meetingLink(k, group, token) {
  const send = (where, body) => k.api(where, { token, method: 'POST', body });
  const made = await send(`/groups/${group}/meetings`, { startsAt: '2099-01-15T12:00:00Z', endsAt: '2099-01-15T13:00:00Z', mode: 'online' });
  assert.equal(made.status, 201, made.text);
  assert.equal((await send(`/meetings/${made.json.id}/notices`, {})).status, 201);
  return sqlite(k, "SELECT json_extract(content, '$.path') FROM mail WHERE json_extract(content, '$.path') LIKE '/meeting-answers/%' LIMIT 1;").split('/').at(-1);
}

// [{path, address, may}] of every page. One-time links are made for it; they are not used up by reading.
export async function addresses(k) {
  const { stdout } = await run(['routes']);
  const token = await k.token('admin@kansli.example');
  const support = await k.token('support@kansli.example');
  const first = async (where, by = token) => (await k.api(where, { token: by })).json.items[0].id;
  const group = 'nag-palliativ-vard';
  const meeting = await first(`/groups/${group}/meetings?from=2026-05-21&to=2026-05-21`, support);
  const made = await k.api(`/meetings/${meeting}/minutes`, { token: support, method: 'POST', body: {} });
  const minutes = made.json.id ?? await first(`/meetings/${meeting}/minutes`, support);
  const sent = await first(`/meetings/${meeting}/minutes?status=distributed`, support);
  const account = await first('/accounts?q=norra');
  const link = async (what, whose) => {
    const reply = await k.api(`/accounts/${whose}/${what}`, { token, method: 'POST', body: {} });
    assert.equal(reply.status, 201, reply.text);
    return /\/(?:invitations|resets)\/([^"]+)/.exec(reply.text)[1];
  };
  const reported = await k.api('/shortcomings', {
    method: 'POST', body: { text: 'Knappen syns inte i min läsare.', place: '/matrix' },
  });
  assert.equal(reported.status, 201, reported.text);
  const file = await k.api('/imports?resource=persons', {
    method: 'POST', token: support, headers: { 'content-type': 'text/csv' },
    body: 'Förnamn;Efternamn;E-post;Skostorlek\nÅsa;Öberg;asa.oberg@region.example;38\nBo;Ek;fel-adress;44\nAstrid;Lindqvist;ny@region.example;39\n',
  });
  assert.equal(file.status, 201, file.text);
  const decision = lifted(k, 'decision', meeting, { number: 900 }).id;
  const make = async (where, body) => (await k.api(where, { token: support, method: 'POST', body })).json.id;
  const action = await make(`/groups/${group}/actions`, { text: 'Skicka remissen till medlemmarna', dueDate: '2026-11-01' });
  const report = await make(`/groups/${group}/status-reports`, { periodStart: '2026-01-01', periodEnd: '2026-06-30', state: 'onTrack', text: 'Arbetet går **enligt plan**.' });
  const draft = await k.api('/declarations', {
    method: 'POST', token: await k.token('karin.bergstrom@kansli.example'), body: { formVariant: 'staff' },
  });
  assert.equal(draft.status, 201, draft.text);
  const nominated = await nominations(k, group, support);
  // Plans in three of their states: written, submitted with a remark and a position, approved.
  const plans = `/groups/${programmeArea}/plans`;
  const written = await first(`${plans}?year=2027`, support), approved = await first(`${plans}?year=2026`);
  const submitted = await first('/groups/npo-lung-och-allergisjukdomar/plans?year=2027', support);
  const position = await make(`/plans/${submitted}/positions`, { position: 'supports' });
  const remark = await first(`/plans/${submitted}/remarks`, support);
  const values = {
    '/groups/{id}': group,
    '/meetings/{id}': meeting,
    '/meetings/{id}/agenda-items/{itemId}': await first(`/meetings/${meeting}/agenda-items`, support),
    '/meetings/{id}/attendance/{attendanceId}': await first(`/meetings/${meeting}/attendance`, support),
    '/meeting-answers/{token}': await meetingLink(k, group, support),
    '/minutes/{id}': minutes,
    '/meetings/{id}/papers/{paperId}': await first(`/meetings/${meeting}/papers?mediaType=application/vnd.oasis.opendocument.text`, support),
    '/meetings/{id}/recusals/{recusalId}': await first(`/meetings/${meeting}/recusals`, support),
    '/decisions/{id}': decision,
    '/actions/{id}': action,
    '/status-reports/{id}': report,
    '/plans/{id}': approved,
    '/plans/{id}/initiatives/{initiativeId}': await first(`/plans/${approved}/initiatives`),
    '/gaps/{id}': await first('/groups/npo-aldres-halsa-och-palliativ-vard/gaps'),
    '/reviews/{id}': await first('/reviews?outcome=close'),
    '/groups/{id}/hosts/{tieId}': await first(`/groups/${group}/hosts`),
    '/groups/{id}/relations/{tieId}': await first(`/groups/${group}/relations`),
    '/groups/{id}/requirements/{requirementId}': await first(`/groups/${group}/requirements`),
    '/group-kinds/{id}/requirements/{requirementId}': await first('/group-kinds/nag/requirements'),
    '/memberships/{id}': await first(`/groups/${group}/memberships?role=member&status=current`),
    '/organisations/{id}': 'region-vasterbotten',
    '/mandates/{id}': await first(`/groups/${group}/mandates?status=draft`, support),
    '/nomination-calls/{id}': await first(`/groups/${group}/nomination-calls?sort=closesOn`),
    '/nominations/{id}': nominated.waiting,
    '/candidates/{token}': nominated.answer,
    '/employer-approvals/{token}': nominated.employer,
    '/group-kinds/{id}/mandates/{mandateId}': await first('/group-kinds/nag/mandates'),
    '/group-kinds/{id}': 'nag',
    '/declarations/{id}': draft.json.id,
    '/declarations/{id}/questions/{number}': '1',
    '/declaration-forms/{id}': await first('/declaration-forms'),
    '/glossary/{id}': await first('/glossary'),
    '/levels/healthcare-region/{organisationId}': 'norra',
    '/levels/local/{regionId}': 'region-vasterbotten',
    '/accounts/{id}': account,
    '/persons/{id}': await first('/persons?q=astrid lindqvist'),
    '/retention-rules/{id}': await first('/retention-rules'),
    '/site-texts/{id}': await first('/site-texts'),
    '/shortcomings/{id}': await first('/shortcomings', support),
    '/settings/{id}': await first('/settings'),
    '/mails/{id}': (await k.api('/mails/tests', { token, method: 'POST', body: {} })).json.id,
    '/mail/stop/{secret}': stopSecret(k, 'karin.bergstrom@kansli.example'),
    '/imports/{id}': file.json.id,
    '/problems/{rule}': 'not-found',
    '/invitations/{token}': await link('invitations', await first('/accounts?q=auditor')),
    '/resets/{token}': await link('resets', account),
  };
  // Pages of the same object that are for another of its states.
  const others = {
    '/nominations/{id}/edit': nominated.draft, '/nominations/{id}/delete': nominated.draft, '/nominations/{id}/submissions/new': nominated.draft,
    '/nominations/{id}/letter': nominated.appointed, '/nomination-calls/{id}/nominations/new': nominated.call,
    '/nomination-calls/{id}/nominations': nominated.call, '/nomination-calls/{id}/comparison': nominated.call,
    '/groups/{id}/plans/new': programmeArea,
    ...Object.fromEntries(['edit', 'delete', 'submissions/new', 'initiatives/new', 'initiative-orders/new'].map((rest) => [`/plans/{id}/${rest}`, written])),
    ...Object.fromEntries(['remarks/new', 'positions/new', 'decisions/new'].map((rest) => [`/plans/{id}/${rest}`, submitted])),
    '/plans/{id}/remarks/{remarkId}/edit': { '{id}': submitted, '{remarkId}': remark },
    '/plans/{id}/positions/{positionId}/edit': { '{id}': submitted, '{positionId}': position },
    '/minutes/{id}/receipts': sent, '/minutes/{id}/document': sent,
  };
  const fill = (path) => path.replace(/\{\w+\}/g, (name, at) => {
    const upTo = path.slice(0, at + name.length);
    if (path in others) return others[path][name] ?? others[path];
    assert.ok(upTo in values, `addresses.mjs has no value for ${upTo}`);
    return values[upTo];
  });
  return JSON.parse(stdout)
    .filter((route) => route.method === 'GET' && route.page && !['/robots.txt', '/dcat.ttl', '/.well-known/api-catalog', '/imports/template', '/nomination-calls/feed'].includes(route.path))
    .filter(({ path }) => !/.\/(calendar|file)$|^\/calendars\//.test(path)) // files for calendars, and papers
    .filter(({ path }) => path !== '/minutes/{id}/merge') // only while two write: minutes.test.mjs
    .map(({ path, may }) => ({ path, may, address: fill(path) }));
}

// The pages that every theme, width and language is tried on, and who looks.
export const dozen = [
  ['/'], ['/levels'], ['/levels/healthcare-region/norra'], ['/levels/local'], ['/groups'],
  ['/groups/nag-palliativ-vard'], ['/groups/npo-cancersjukdomar', 'support'], ['/groups/nag-palliativ-vard/edit', 'support'],
  ['/groups/nag-palliativ-vard/history', 'support'], ['/matrix'], ['/tree'], ['/organisations'], ['/organisations/region-halland'],
  ['/glossary'], ['/login'], ['/search?q=palliativ'], ['/api'], ['/tillganglighet'], ['/accounts', 'administrator'],
  ['/groups/nag-palliativ-vard/coverage', 'process leader'], ['/vacancies'],
  ['/statistics/shares?healthcareRegion=norra'], ['/statistics/attendance?groupId=nag-palliativ-vard&by=member', 'process leader'],
  ['/calendar?mine=true', 'process leader'], ['/calendar?mine=true&year=2026', 'process leader'], ['/checks?by=processLeader', 'process leader'],
];
