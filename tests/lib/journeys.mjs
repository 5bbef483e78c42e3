// @ts-check
// What a script author writes: the journeys of the register through a client that openapi-fetch makes of types that
// openapi-typescript makes of openapi.json. tests/http/client.test.mjs lets the compiler read this file (a member,
// address or value that the description does not have is an error there) and then takes the journeys.
//
// Knows the API as its description tells it, and nothing of the tests' harness.
import createClient from 'openapi-fetch';

/** @typedef {import('../out/api.d.ts').paths} paths */
/** @typedef {import('../out/api.d.ts').components['schemas']} schemas */
/** @typedef {{_links: schemas['Link'][]}} Linked */

/** A caller of its own: what she may is what her token may.
 * @param {string} url @param {string} token */
export function caller(url, token) {
  /** @type {import('openapi-fetch').Client<paths, 'application/json'>} */
  const api = createClient({ baseUrl: `${url}/api/v1`, headers: { authorization: `Bearer ${token}` } });
  return api;
}
/** @typedef {ReturnType<typeof caller>} Caller */

/** The answer's document, or the problem as an error.
 * @template T @param {{data?: T, error?: unknown, response: Response}} reply @returns {T} */
export function said({ data, error, response }) {
  if (data === undefined) throw new Error(`${response.status} ${response.url} ${JSON.stringify(error)}`);
  return data;
}

/** Takes a way that the object offers: the link is there, and the typed call goes where it leads.
 * @template {{data?: any, error?: unknown, response: Response}} R
 * @param {Linked} object @param {string} rel @param {() => Promise<R>} call @returns {Promise<NonNullable<R['data']>>} */
export async function by(object, rel, call) {
  const link = object._links.find((l) => l.rel === rel);
  if (!link) throw new Error(`no ${rel} among ${object._links.map((l) => l.rel).join(' ')}`);
  const reply = await call();
  if (reply.response.url !== link.href) throw new Error(`${rel} leads to ${link.href}, not to ${reply.response.url}`);
  return said(reply);
}

/** @param {Response} response */
const etag = (response) => response.headers.get('etag') ?? '';

/** Establishes a programme area and a working group that it commissions, with a mandate approved by its principal.
 * @param {{support: Caller, enroll: (name: string, personId: string) => Promise<Caller>}} cast */
export async function setUp({ support, enroll }) {
  const hospital = said(await support.POST('/organisations', { body: { type: 'hospital', name: 'Klientens sjukhus', parentId: 'region-vasterbotten' } }));
  /** @param {string} givenName */
  const person = async (givenName) => said(await support.POST('/persons', { body: { givenName, familyName: 'Klientsson', employerId: hospital.id, email: `${givenName.toLowerCase()}@kansli.example` } }));
  const [chief, leader, nominee] = [await person('Cesilia'), await person('Leo'), await person('Nomi')];
  const area = said(await support.POST('/groups', { body: { kind: 'npo', name: 'Klienten', startDate: '2026-01-01', principalIds: ['sks'] } }));
  await by(area, 'hosts', () => support.GET('/groups/{id}/hosts', { params: { path: { id: area.id } } }));
  said(await support.POST('/groups/{id}/hosts', { params: { path: { id: area.id } }, body: { bodyId: 'norra', startDate: '2026-01-01' } }));
  const group = said(await support.POST('/groups', { body: { kind: 'nag', name: 'Klienten', startDate: '2026-01-01', principalIds: [area.id] } }));
  for (const [groupId, personId] of [[area.id, chief.id], [group.id, leader.id]]) {
    said(await support.POST('/memberships', { body: { groupId, personId, role: 'processLeader', capacity: 'profession', startDate: '2026-01-01' } }));
  }
  said(await support.POST('/groups/{id}/requirements', { params: { path: { id: group.id } }, body: { type: 'eachHealthcareRegion', text: 'En från varje sjukvårdsregion' } }));
  const cast = { chief: await enroll('chief', chief.id), leader: await enroll('leader', leader.id), nominee: await enroll('nominee', nominee.id) };

  const path = { id: group.id };
  const draft = said(await cast.leader.POST('/groups/{id}/mandates', { params: { path }, body: { purpose: 'Jämlik vård.', tasks: ['Ta fram stöd'], validFrom: '2026-11-22' } }));
  const read = await cast.leader.GET('/mandates/{id}', { params: { path: { id: draft.id } } });
  const changed = await by(said(read), 'edit', () => cast.leader.PATCH('/mandates/{id}', {
    params: { path: { id: draft.id }, header: { 'If-Match': etag(read.response) } }, body: { tasks: ['Ta fram stöd', 'Följa upp'] },
  }));
  const submitted = await by(changed, 'submit', () => cast.leader.POST('/mandates/{id}/submissions', { params: { path: { id: draft.id } } }));
  const seen = said(await cast.chief.GET('/mandates/{id}', { params: { path: { id: submitted.id } } }));
  const approved = await by(seen, 'approve', () => cast.chief.POST('/mandates/{id}/approvals', { params: { path: { id: draft.id } }, body: { principalId: area.id, outcome: 'approved' } }));
  if (approved.status !== 'approved') throw new Error(`it is ${approved.status}`);
  return { ...cast, area: area.id, group: group.id, nomineeId: nominee.id };
}

/** A call made from what the group lacks, a nomination with its declaration and approvals, and the decision.
 * @param {{leader: Caller, norra: Caller, nominee: Caller, chief: Caller, area: string, group: string, nomineeId: string}} cast */
export async function appoint({ leader, norra, nominee, chief, group, nomineeId }) {
  const draft = said(await leader.POST('/groups/{id}/nomination-calls', { params: { path: { id: group } },
    body: { title: 'Två ledamöter', fromGaps: true, askedIds: ['norra'], opensOn: '2026-11-22', closesOn: '2026-12-31' } }));
  const open = await by(draft, 'publish', () => leader.POST('/nomination-calls/{id}/publications', { params: { path: { id: draft.id } } }));
  const asked = said(await norra.GET('/nomination-calls/{id}', { params: { path: { id: open.id } } }));
  const begun = await by(asked, 'nominate', () => norra.POST('/nomination-calls/{id}/nominations', { params: { path: { id: open.id } },
    body: { personId: nomineeId, nominatorId: 'norra', role: 'member', capacity: 'profession', statement: 'Kan detta väl.' } }));
  const path = { id: begun.id };
  await by(begun, 'submit', () => norra.POST('/nominations/{id}/submissions', { params: { path } }));
  said(await nominee.POST('/nominations/{id}/answers', { params: { path }, body: { answer: 'yes' } }));

  const written = said(await nominee.POST('/declarations', { body: { formVariant: 'organisationRepresentative', groupIds: [group] } }));
  const declared = await by(written, 'submit', () => nominee.POST('/declarations/{id}/submissions', { params: { path: { id: written.id } }, body: { noInterests: true, attested: true } }));
  const waits = said(await norra.GET('/declarations/{id}', { params: { path: { id: declared.id } } }));
  await by(waits, 'review', () => norra.POST('/declarations/{id}/reviews', { params: { path: { id: declared.id } }, body: { groupId: group, outcome: 'noConflict' } }));

  const here = said(await norra.GET('/nominations/{id}', { params: { path } }));
  await by(here, 'approve-region', () => norra.POST('/nominations/{id}/region-approvals', { params: { path }, body: { outcome: 'approved' } }));
  await by(here, 'approve-employer', () => norra.POST('/nominations/{id}/employer-approvals', { params: { path }, body: { outcome: 'approved', name: 'Chefen', workloadPercent: 10 } }));
  const complete = said(await chief.GET('/nominations/{id}', { params: { path } }));
  await by(complete, 'decide', () => chief.POST('/nominations/{id}/decisions', { params: { path }, body: { outcome: 'appointed', startDate: '2026-11-23' } }));
  const seats = said(await leader.GET('/groups/{id}/memberships', { params: { path: { id: group }, query: { personId: [nomineeId] } } }));
  if (seats._meta.totalRecords !== 1) throw new Error('appointed, and not a member');
}

/** A meeting with an item, and everybody called.
 * @param {{leader: Caller, group: string}} cast */
export async function callMeeting({ leader, group }) {
  const planned = said(await leader.POST('/groups/{id}/meetings', { params: { path: { id: group } },
    body: { title: 'Första mötet', startsAt: '2026-12-03T08:00:00Z', endsAt: '2026-12-03T09:00:00Z', mode: 'online' } }));
  const path = { id: planned.id };
  said(await leader.POST('/meetings/{id}/agenda-items', { params: { path }, body: { title: 'Arbetssätt', type: 'decision' } }));
  const called = await by(planned, 'call', () => leader.POST('/meetings/{id}/notices', { params: { path }, body: { to: 'all', message: 'Välkomna!' } }));
  if (called.status !== 'called') throw new Error(`it is ${called.status}`);
  return { meeting: planned.id };
}

/** Who came, what was decided and is to be done, and the minutes to the principal, who opens them.
 * @param {{leader: Caller, chief: Caller, area: string, group: string, meeting: string}} cast */
export async function minute({ leader, chief, area, group, meeting }) {
  const path = { id: meeting };
  const held = said(await leader.GET('/meetings/{id}', { params: { path } }));
  await by(held, 'mark-attendance', () => leader.POST('/meetings/{id}/attendance-marks', { params: { path }, body: { status: 'present' } }));
  const none = said(await leader.GET('/meetings/{id}/minutes', { params: { path } }));
  await by(none, 'create', () => leader.POST('/meetings/{id}/minutes', { params: { path } }));
  const versions = said(await leader.GET('/meetings/{id}/minutes', { params: { path } }));
  const id = versions.items[0].id;
  const read = await leader.GET('/minutes/{id}', { params: { path: { id } } });
  const text = `${said(read).text}\n\nBeslut: Arbetssättet gäller.\n\nÅtgärd: @Leo Klientsson skickar ut det, senast 2026-12-20\n`;
  const edited = await by(said(read), 'edit', () => leader.PATCH('/minutes/{id}', { params: { path: { id }, header: { 'If-Match': etag(read.response) } }, body: { text } }));
  await by(edited, 'adjust', () => leader.POST('/minutes/{id}/adjustments', { params: { path: { id } } }));
  const adjusted = said(await leader.GET('/minutes/{id}', { params: { path: { id } } }));
  await by(adjusted, 'distribute', () => leader.POST('/minutes/{id}/distributions', { params: { path: { id } }, body: { bodyIds: [area] } }));
  said(await chief.GET('/minutes/{id}', { params: { path: { id } } }));
  const receipts = said(await leader.GET('/minutes/{id}/receipts', { params: { path: { id } } }));
  if (!receipts.items.some((one) => 'bodyId' in one && one.bodyId === area && one.openedAt)) throw new Error('no receipt');
  const decisions = said(await chief.GET('/groups/{id}/decisions', { params: { path: { id: group } } }));
  if (decisions._meta.totalRecords !== 1) throw new Error('no decision');
  const actions = said(await leader.GET('/me/actions'));
  const mine = actions.items.find((one) => 'text' in one && one.text.startsWith('skickar'));
  if (!mine) throw new Error('nothing to do');
  const open = await leader.GET('/actions/{id}', { params: { path: { id: mine.id } } });
  const done = await by(said(open), 'edit', () => leader.PATCH('/actions/{id}', { params: { path: { id: mine.id }, header: { 'If-Match': etag(open.response) } }, body: { status: 'done' } }));
  if (done.status !== 'done') throw new Error(`it is ${done.status}`);
}

/** The year's plan: written, submitted, remarked upon, answered, approved, followed up.
 * @param {{chief: Caller, steering: Caller, area: string}} cast */
export async function plan({ chief, steering, area }) {
  const written = said(await chief.POST('/groups/{id}/plans', { params: { path: { id: area } }, body: { year: 2027, goals: 'Jämlik vård.' } }));
  const path = { id: written.id };
  const initiative = await by(written, 'add', () => chief.POST('/plans/{id}/initiatives', { params: { path }, body: { title: 'Stöd i vardagen', priority: 1 } }));
  const ready = said(await chief.GET('/plans/{id}', { params: { path } }));
  await by(ready, 'submit', () => chief.POST('/plans/{id}/submissions', { params: { path } }));
  const waits = said(await steering.GET('/plans/{id}', { params: { path } }));
  const remark = await by(waits, 'remark', () => steering.POST('/plans/{id}/remarks', { params: { path }, body: { text: 'Vem gör det?', initiativeId: initiative.id } }));
  const asked = await chief.GET('/plans/{id}/remarks/{remarkId}', { params: { path: { id: written.id, remarkId: remark.id } } });
  await by(said(asked), 'edit', () => chief.PATCH('/plans/{id}/remarks/{remarkId}', {
    params: { path: { id: written.id, remarkId: remark.id }, header: { 'If-Match': etag(asked.response) } }, body: { answer: 'Arbetsgruppen.' },
  }));
  const answered = await steering.GET('/plans/{id}/remarks/{remarkId}', { params: { path: { id: written.id, remarkId: remark.id } } });
  await by(said(answered), 'edit', () => steering.PATCH('/plans/{id}/remarks/{remarkId}', {
    params: { path: { id: written.id, remarkId: remark.id }, header: { 'If-Match': etag(answered.response) } }, body: { resolved: true },
  }));
  said(await steering.POST('/plans/{id}/positions', { params: { path }, body: { position: 'supports' } }));
  const decided = await by(waits, 'decide', () => steering.POST('/plans/{id}/decisions', { params: { path }, body: { outcome: 'approved' } }));
  if (decided.status !== 'approved') throw new Error(`it is ${decided.status}`);
  const own = said(await chief.GET('/plans/{id}', { params: { path } }));
  const followed = await by(own, 'follow-up', () => chief.POST('/plans/{id}/follow-ups', { params: { path },
    body: { summary: 'Det gick bra.', initiatives: [{ initiativeId: initiative.id, progress: 'done', outcome: 'Stödet används.' }] } }));
  if (followed.status !== 'followedUp') throw new Error(`it is ${followed.status}`);
}

/** The group tells how it goes, and its principal says whether it is to go on.
 * @param {{leader: Caller, chief: Caller, group: string}} cast */
export async function followUp({ leader, chief, group }) {
  const path = { id: group };
  said(await leader.POST('/groups/{id}/status-reports', { params: { path }, body: { periodStart: '2026-07-01', periodEnd: '2026-11-30', state: 'onTrack', text: 'Enligt plan.' } }));
  const review = said(await chief.POST('/groups/{id}/reviews', { params: { path }, body: { year: 2026, outcome: 'continue', text: 'Uppdraget behövs.' } }));
  said(await chief.GET('/reviews/{id}', { params: { path: { id: review.id } } }));
}

/** What the compiler refuses: never called. @param {Caller} api */
export async function refusedByTheCompiler(api) {
  // @ts-expect-error a member that is not there
  await api.POST('/organisations', { body: { type: 'other', nam: 'x' } });
  // @ts-expect-error a value that is not among those of the enumeration
  await api.POST('/plans/{id}/positions', { params: { path: { id: 'x' } }, body: { position: 'perhaps' } });
  // @ts-expect-error a change that does not say what it changes
  await api.PATCH('/groups/{id}', { params: { path: { id: 'x' } }, body: { name: 'x' } });
  // @ts-expect-error an address that is not there
  await api.GET('/group');
  // @ts-expect-error a parameter that the list does not take
  await api.GET('/groups', { params: { query: { colour: ['red'] } } });
}
