// The matrix: every row of the route table × every role, as a script (token) and as a browser
// (session), against one table. A route without a row fails; so does a row that nobody is answered
// on, or that refuses nobody although it is not open to all. What would change something is sent
// empty or impossible, so that "may" shows as 400, 409 or 428 and nothing changes.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, test } from 'node:test';
import { goodPassword, run, start } from '../lib/kansli.mjs';
import { lifted } from '../lib/lifted.mjs';
import { sqlite, stopSecret } from '../lib/mail.mjs';

// ---- who ----

const accounts = {
  reader: 'reader@example.org',
  administrator: 'admin@kansli.example',
  support: 'support@kansli.example',
  norra: 'norra@kansli.example',                // coordinator of the healthcare region
  vasterbotten: 'vasterbotten@kansli.example',  // coordinator of a region in it
  auditor: 'auditor@kansli.example',
  dataProtection: 'dataskydd@kansli.example',
  officer: 'karin.bergstrom@kansli.example',    // process leader of nag-palliativ-vard and of its principal
  member: 'viveka.lundhede@kansli.example',     // member of nag-palliativ-vard, as a patient
  steering: 'oskar.lillbro@kansli.example',     // process leader of the steering group
};
const demoPassword = 'kansli-demo-2026';
const everyone = ['anonymous', ...Object.keys(accounts)];
const someone = Object.keys(accounts);

// A group of each level: whose officer Karin is, in Norra's area, in Västerbotten's.
const national = 'nag-palliativ-vard';
const regional = 'rag-palliativ-vard-norra';
const local = 'lag-palliativ-vard-vasterbotten';

// ---- who may what: the rows of domain.md 1, route by route ----
//
// A row is the roles that may, or a list of {may, id?, body?} for several objects. A read token may
// what its account (support) may, for GET alone.

const at = (id, may, more = {}) => ({ id, may, ...more });
const changing = [at(national, ['support', 'officer', 'steering']), at(regional, ['support', 'norra']), at(local, ['support', 'vasterbotten'])];
const closing = [at(national, ['support', 'officer']), at(regional, ['support']), at(local, ['support'])];
const support = ['support'];
const changingPerson = ['support', 'dataProtection', 'officer']; // somebody of the officer's group
const enteringSeat = ['support', 'officer', 'steering']; // membership.test.mjs tries every actor of the row
const nominating = [{ may: ['support', 'norra'], body: { nominatorId: 'norra' } }];
const deciding = ['support', 'officer'];
const knowing = ['support', 'auditor', 'norra', 'member', 'officer', 'steering']; // the nominee is the member
const administrator = ['administrator'];
const both = ['support', 'administrator'];
const overseers = ['support', 'auditor', 'administrator'];
// Right in everything but its address, which is taken: what is left to say no is the right to do it.
const taken = { kind: 'nag', name: 'Prov', startDate: '2027-01-01', principalIds: ['npo-tandvard'], id: 'norra' };
const takenLocal = {
  kind: 'lpo', name: 'Prov', startDate: '2027-01-01', regionId: 'region-vasterbotten', id: 'norra',
};
// Meetings: who may change them, and who sees the drafts of nag-palliativ-vard. Before the group began nobody met.
const keeping = ['support', 'officer', 'steering'];
const inside = [...keeping, 'auditor', 'norra', 'member'];
const reporting = ['support', 'officer'];
// Plans: the officer's programme area, whose principal is the steering group. Norra's member sits in it.
const area = 'npo-aldres-halsa-och-palliativ-vard';
const planning = ['support', 'officer', 'steering'];
const insidePlan = [...planning, 'auditor', 'norra'];
const raising = [...planning, 'member']; // who takes part in a group raises gaps in its name
const longAgo = { startsAt: '1999-05-03T09:00:00Z', endsAt: '1999-05-03T10:00:00Z', mode: 'online' };

const table = {
  'GET /': everyone,
  'GET /levels': everyone,
  'GET /levels/national': everyone,
  'GET /levels/healthcare-region': everyone,
  'GET /levels/healthcare-region/{organisationId}': everyone,
  'GET /levels/local': everyone,
  'GET /levels/local/{regionId}': everyone,
  'GET /matrix': everyone,
  'GET /statistics': everyone,
  'GET /statistics/shares': everyone,
  'GET /statistics/resources': everyone,
  'GET /steering': everyone,
  'GET /groups/{id}/progress': everyone,
  'GET /statistics/attendance': everyone,
  'GET /tree': everyone,
  'GET /search': everyone,

  'GET /groups': everyone,
  'POST /groups': [{ may: support, body: taken }, { may: ['support', 'vasterbotten'], body: takenLocal }],
  'GET /groups/new': ['support', 'norra', 'vasterbotten', 'officer', 'steering'],
  'GET /groups/{id}': everyone,
  'PATCH /groups/{id}': changing,
  'GET /groups/{id}/edit': changing,
  'DELETE /groups/{id}': closing,
  'GET /groups/{id}/delete': closing,
  'POST /groups/{id}/closures': closing,
  'GET /groups/{id}/closures/new': closing,
  'POST /groups/{id}/dormancies': changing,
  'GET /groups/{id}/dormancies/new': changing,
  'POST /groups/{id}/reopenings': changing,
  'GET /groups/{id}/reopenings/new': changing,
  'GET /groups/{id}/history': [at(national, [...overseers, 'officer', 'steering']), at(local, overseers)],
  'GET /groups/{id}/hosts': everyone,
  'POST /groups/{id}/hosts': changing,
  'GET /groups/{id}/hosts/new': changing,
  'GET /groups/{id}/hosts/{tieId}': everyone,
  'PATCH /groups/{id}/hosts/{tieId}': ['support', 'officer', 'steering'],
  'GET /groups/{id}/hosts/{tieId}/edit': ['support', 'officer', 'steering'],
  'DELETE /groups/{id}/hosts/{tieId}': ['support', 'officer', 'steering'],
  'GET /groups/{id}/hosts/{tieId}/delete': ['support', 'officer', 'steering'],
  'GET /groups/{id}/relations': everyone,
  'POST /groups/{id}/relations': changing,
  'GET /groups/{id}/relations/new': changing,
  'GET /groups/{id}/relations/{tieId}': everyone,
  'PATCH /groups/{id}/relations/{tieId}': ['support', 'officer', 'steering'],
  'GET /groups/{id}/relations/{tieId}/edit': ['support', 'officer', 'steering'],
  'DELETE /groups/{id}/relations/{tieId}': ['support', 'officer', 'steering'],
  'GET /groups/{id}/relations/{tieId}/delete': ['support', 'officer', 'steering'],

  'GET /groups/{id}/coverage': everyone,
  'GET /groups/{id}/requirements': everyone,
  'POST /groups/{id}/requirements': changing,
  'GET /groups/{id}/requirements/new': changing,
  'GET /groups/{id}/requirements/{requirementId}': everyone,
  'PATCH /groups/{id}/requirements/{requirementId}': ['support', 'officer', 'steering'],
  'DELETE /groups/{id}/requirements/{requirementId}': ['support', 'officer', 'steering'],
  'GET /groups/{id}/requirements/{requirementId}/edit': ['support', 'officer', 'steering'],
  'GET /groups/{id}/requirements/{requirementId}/delete': ['support', 'officer', 'steering'],
  'POST /groups/{id}/requirements/{requirementId}/moves': ['support', 'officer', 'steering'],
  'GET /group-kinds/{id}/requirements': everyone,
  'POST /group-kinds/{id}/requirements': administrator,
  'GET /group-kinds/{id}/requirements/new': administrator,
  'GET /group-kinds/{id}/requirements/{requirementId}': everyone,
  'PATCH /group-kinds/{id}/requirements/{requirementId}': administrator,
  'DELETE /group-kinds/{id}/requirements/{requirementId}': administrator,
  'GET /group-kinds/{id}/requirements/{requirementId}/edit': administrator,
  'GET /group-kinds/{id}/requirements/{requirementId}/delete': administrator,
  'POST /group-kinds/{id}/requirements/{requirementId}/moves': administrator,
  'GET /vacancies': everyone,

  'GET /organisations': everyone,
  'POST /organisations': support,
  'GET /organisations/new': support,
  'GET /organisations/{id}': everyone,
  'PATCH /organisations/{id}': support,
  'DELETE /organisations/{id}': support,
  'GET /organisations/{id}/edit': support,
  'GET /organisations/{id}/history': overseers,
  'GET /group-kinds': everyone,
  'POST /group-kinds': administrator,
  'GET /group-kinds/new': administrator,
  'GET /group-kinds/{id}': everyone,
  'PATCH /group-kinds/{id}': administrator,
  'DELETE /group-kinds/{id}': administrator,
  'GET /group-kinds/{id}/edit': administrator,
  'GET /group-kinds/{id}/history': overseers,
  'GET /persons': everyone,
  'POST /persons': ['support', 'norra', 'vasterbotten', 'officer', 'steering'],
  'GET /persons/new': ['support', 'norra', 'vasterbotten', 'officer', 'steering'],
  'GET /persons/duplicates': ['support', 'auditor'],
  'GET /persons/{id}': everyone,
  'PATCH /persons/{id}': changingPerson,
  'DELETE /persons/{id}': changingPerson,
  'GET /persons/{id}/edit': changingPerson,
  'GET /persons/{id}/history': overseers,
  'POST /persons/{id}/merges': support,
  'GET /persons/{id}/merges/new': support,
  'GET /persons/{id}/data-export': [{ may: ['dataProtection'] }, at('self', ['dataProtection', 'officer'])],
  'POST /persons/{id}/anonymisations': ['dataProtection'],
  'GET /persons/{id}/anonymisations/new': ['dataProtection'],
  'GET /retention-rules': ['administrator', 'dataProtection'],
  'POST /retention-rules': ['dataProtection'],
  'GET /retention-rules/new': ['dataProtection'],
  'GET /retention-rules/{id}': ['administrator', 'dataProtection'],
  'PATCH /retention-rules/{id}': ['dataProtection'],
  'DELETE /retention-rules/{id}': ['dataProtection'],
  'GET /retention-rules/{id}/edit': ['dataProtection'],
  'POST /retention-rules/{id}/applications': ['dataProtection'],
  'GET /glossary': everyone,
  'POST /glossary': support,
  'GET /glossary/new': support,
  'GET /glossary/{id}': everyone,
  'PATCH /glossary/{id}': support,
  'DELETE /glossary/{id}': support,
  'GET /glossary/{id}/edit': support,
  'GET /glossary/{id}/history': overseers,

  'GET /login': everyone,
  'POST /login': everyone,
  'GET /login/code': someone,
  'POST /login/code': someone,
  'POST /logout': someone,
  'GET /invitations/{token}': everyone,
  'POST /invitations/{token}': everyone,
  'GET /resets/{token}': everyone,
  'POST /resets/{token}': everyone,
  'POST /preferences': everyone,
  'GET /me': someone,
  'GET /me/tasks': someone,
  'GET /me/tokens': someone,
  'GET /me/tokens/{id}': someone,
  'GET /account': someone,
  'POST /account': someone,
  'POST /account/session-endings': someone,
  'GET /account/password': someone,
  'POST /account/password': someone,
  'GET /account/second-factor': someone,
  'POST /account/second-factor': someone,
  'POST /account/second-factor/confirmations': someone,
  'POST /account/second-factor/removals': someone,
  'GET /account/tokens': someone,
  'POST /account/tokens': someone,
  'POST /account/tokens/{id}/revocations': someone,
  'GET /accounts': administrator,
  'POST /accounts': administrator,
  'GET /accounts/new': administrator,
  'GET /accounts/{id}': administrator,
  'GET /accounts/{id}/history': administrator,
  'PATCH /accounts/{id}': administrator,
  'GET /accounts/{id}/edit': administrator,
  'POST /accounts/{id}/invitations': administrator,
  'POST /accounts/{id}/resets': administrator,
  'POST /accounts/{id}/second-factor-removals': administrator,
  'POST /accounts/{id}/tokens/{tokenId}/revocations': administrator,

  'GET /audit-events': overseers,
  'GET /audit-events/{id}': overseers,
  'GET /checks': [...overseers, 'officer', 'steering'],

  'GET /mandates': everyone,
  'POST /mandates': [{ may: ['support', 'officer', 'steering'], body: { groupId: national } }, { may: ['support', 'vasterbotten'], body: { groupId: local } }],
  'POST /mandates/previews': someone,
  'GET /mandates/{id}': everyone,
  'PATCH /mandates/{id}': ['support', 'officer', 'steering'],
  'DELETE /mandates/{id}': ['support', 'officer', 'steering'],
  'GET /mandates/{id}/edit': ['support', 'officer', 'steering'],
  'GET /mandates/{id}/delete': ['support', 'officer', 'steering'],
  'POST /mandates/{id}/submissions': ['support', 'officer', 'steering'],
  'POST /mandates/{id}/approvals': ['support', 'officer'],
  'GET /mandates/{id}/approvals/new': ['support', 'officer'],
  'POST /mandates/{id}/extensions': ['support', 'officer', 'steering'],
  'GET /mandates/{id}/extensions/new': ['support', 'officer', 'steering'],
  'GET /mandates/{id}/comparison': everyone,
  'GET /mandates/{id}/document': everyone,
  'GET /groups/{id}/mandates': everyone,
  'POST /groups/{id}/mandates': changing,
  'GET /groups/{id}/mandates/new': changing,
  'GET /groups/{id}/mandates/comparison': everyone,
  'GET /group-kinds/{id}/mandates': everyone,
  'POST /group-kinds/{id}/mandates': support,
  'GET /group-kinds/{id}/mandates/new': support,
  'GET /group-kinds/{id}/mandates/{mandateId}': everyone,
  'PATCH /group-kinds/{id}/mandates/{mandateId}': support,
  'DELETE /group-kinds/{id}/mandates/{mandateId}': support,
  'GET /group-kinds/{id}/mandates/{mandateId}/edit': support,
  'GET /group-kinds/{id}/mandates/{mandateId}/delete': support,
  'POST /group-kinds/{id}/mandates/{mandateId}/approvals': support,

  'GET /nomination-calls': everyone,
  'POST /nomination-calls': [{ may: enteringSeat, body: { groupId: national } }],
  'GET /nomination-calls/feed': everyone,
  'GET /nomination-calls/{id}': everyone,
  'PATCH /nomination-calls/{id}': enteringSeat,
  'DELETE /nomination-calls/{id}': enteringSeat,
  'GET /nomination-calls/{id}/edit': enteringSeat,
  'GET /nomination-calls/{id}/delete': enteringSeat,
  'POST /nomination-calls/{id}/publications': enteringSeat,
  'POST /nomination-calls/{id}/closures': enteringSeat,
  'GET /nomination-calls/{id}/closures/new': enteringSeat,
  'POST /nomination-calls/{id}/nominations': nominating, // nomination.test.mjs tries every actor of these rows
  'POST /nomination-calls/{id}/decisions': deciding,
  'GET /nominations': someone,
  'POST /nominations': nominating,
  'GET /nominations/{id}': knowing,
  'PATCH /nominations/{id}': ['support', 'norra'],
  'DELETE /nominations/{id}': ['support', 'norra'],
  'POST /nominations/{id}/submissions': ['support', 'norra'],
  'POST /nominations/{id}/answers': ['member'],
  'POST /nominations/{id}/region-approvals': ['support', 'norra'],
  'POST /nominations/{id}/employer-approvals': ['support', 'norra'],
  'POST /nominations/{id}/exemptions': ['support', 'norra'],
  'POST /nominations/{id}/decisions': deciding,
  'POST /nominations/{id}/withdrawals': ['support', 'norra', 'member'],
  'GET /nominations/{id}/history': ['support', 'auditor', 'officer', 'steering'],
  'GET /nominations/{id}/letter': [at('appointed', ['support', 'auditor', 'officer', 'steering'])],
  'GET /nominations/{id}/calendar': [at('appointed', ['support', 'auditor', 'officer', 'steering'])],
  'GET /nominations/{id}/edit': [at('draft', ['support', 'norra'])],
  'GET /nominations/{id}/delete': [at('draft', ['support', 'norra'])],
  'GET /nominations/{id}/submissions/new': [at('draft', ['support', 'norra'])],
  'GET /nominations/{id}/answers/new': [at('waiting', ['steering'])],
  'GET /nominations/{id}/answer-requests/new': [at('waiting', ['support', 'norra'])],
  'POST /nominations/{id}/answer-requests': [at('waiting', ['support', 'norra'])], // asked a moment ago
  'GET /nominations/{id}/region-approvals/new': [at('waiting', ['support', 'norra'])],
  'GET /nominations/{id}/employer-approvals/new': [at('waiting', ['support', 'norra'])],
  'GET /nominations/{id}/employer-requests/new': [at('waiting', ['support', 'norra', 'steering'])],
  'POST /nominations/{id}/employer-requests': [at('waiting', ['support', 'norra', 'steering'])],
  'GET /nominations/{id}/exemptions/new': [at('waiting', ['support', 'norra'])],
  'GET /nominations/{id}/decisions/new': [at('waiting', deciding)],
  'GET /nominations/{id}/withdrawals/new': [at('waiting', ['support', 'norra', 'steering'])],
  'GET /nomination-calls/{id}/nominations': someone,
  'GET /nomination-calls/{id}/nominations/new': [at('open', ['support', 'norra', 'vasterbotten'])],
  'POST /nomination-calls/{id}/nominations/new': someone, // who may speak for whom: nomination.test.mjs
  'GET /nomination-calls/{id}/comparison': [...enteringSeat, 'auditor'],
  'POST /nomination-calls/{id}/decisions/new': deciding,
  'GET /candidates/{token}': everyone,
  'POST /candidates/{token}': everyone,
  'GET /employer-approvals/{token}': everyone,
  'POST /employer-approvals/{token}': everyone,
  'GET /groups/{id}/nomination-calls': everyone,
  'POST /groups/{id}/nomination-calls': enteringSeat,
  'GET /groups/{id}/nomination-calls/new': enteringSeat,

  'GET /declarations': someone,
  'POST /declarations': ['officer', 'member', 'steering'], // those who are somebody
  'GET /declarations/{id}': ['support', 'auditor', 'officer', 'member'], // declaration.test.mjs tries every field × actor
  'PATCH /declarations/{id}': ['member'],
  'DELETE /declarations/{id}': ['member'],
  'POST /declarations/{id}/submissions': ['member'],
  'POST /declarations/{id}/reviews': ['member'], // whom it concerns: told why not
  'GET /declarations/{id}/inquiries': ['support', 'auditor', 'officer', 'member'],
  'POST /declarations/{id}/inquiries': ['member'],
  'POST /declarations/{id}/withdrawals': ['member'],
  'GET /declarations/{id}/readings': ['member'],
  'GET /declarations/new': ['officer', 'member', 'steering'],
  'POST /declarations/new': ['officer', 'member', 'steering'],
  'GET /declarations/{id}/questions/{number}': ['member'],
  'POST /declarations/{id}/questions/{number}': ['member'],
  'GET /declarations/{id}/check': ['member'],
  'GET /declarations/{id}/delete': ['member'],
  'GET /declarations/{id}/withdrawals/new': ['member'],
  'GET /declarations/{id}/reviews/new': ['member'],
  'GET /declarations/{id}/inquiries/new': ['member'],
  'GET /declaration-statuses': someone,
  'GET /declaration-statuses/{id}': ['support', 'auditor', 'officer', 'member'],
  'GET /groups/{id}/declaration-statuses': ['support', 'auditor', 'officer', 'member', 'norra'],
  'POST /groups/{id}/declaration-reminders': [{ may: ['support', 'officer'], body: { personIds: ['nobody'] } }],
  'POST /groups/{id}/declarations': ['officer'],
  'GET /groups/{id}/declarations/new-paper': ['officer'],
  'POST /groups/{id}/declarations/new-paper': ['officer'],
  'GET /groups/{id}/declaration-concentration': ['support', 'auditor', 'officer', 'member', 'norra'],
  'GET /declaration-forms': everyone,
  'POST /declaration-forms': administrator,
  'GET /declaration-forms/{id}': everyone,
  'GET /declaration-forms/new': administrator,
  'POST /declaration-forms/new': administrator,

  'GET /memberships': everyone,
  'POST /memberships': [{ may: enteringSeat, body: { groupId: national } }],
  'GET /memberships/{id}': everyone,
  'PATCH /memberships/{id}': enteringSeat,
  'DELETE /memberships/{id}': enteringSeat,
  'GET /memberships/{id}/edit': enteringSeat,
  'GET /memberships/{id}/delete': enteringSeat,
  'POST /memberships/{id}/endings': enteringSeat,
  'GET /memberships/{id}/endings/new': enteringSeat,
  'POST /memberships/{id}/extensions': enteringSeat,
  'GET /memberships/{id}/extensions/new': enteringSeat,
  'POST /memberships/{id}/successions': enteringSeat,
  'GET /memberships/{id}/successions/new': enteringSeat,
  'POST /memberships/{id}/introductions': [{ may: [...enteringSeat, 'member'], body: { introducedDate: 'i morgon' } }],
  'GET /groups/{id}/memberships': everyone,
  'POST /groups/{id}/memberships': enteringSeat,
  'GET /groups/{id}/memberships/new': enteringSeat,
  'POST /groups/{id}/memberships/new': enteringSeat,
  'POST /groups/{id}/membership-changes': enteringSeat,
  'GET /groups/{id}/membership-changes/new': enteringSeat,
  'GET /groups/{id}/addresses': ['support', 'auditor', 'officer', 'steering', 'member', 'norra'],
  'POST /groups/{id}/addresses': ['support', 'auditor', 'officer', 'steering', 'member', 'norra'],
  'GET /groups/{id}/introduction': everyone,

  'GET /imports': someone,
  'POST /imports': ['support', 'norra', 'vasterbotten', 'officer', 'steering'],
  'GET /imports/new': ['support', 'norra', 'vasterbotten', 'officer', 'steering'],
  'GET /imports/template': someone,
  'GET /imports/{id}': ['support', 'auditor'],
  'DELETE /imports/{id}': support,
  'GET /imports/{id}/rows': ['support', 'auditor'],
  'GET /imports/{id}/rows/{rowId}': ['support', 'auditor'],
  'POST /imports/{id}/choices': support,
  'POST /imports/{id}/applications': support,

  'GET /tillganglighet': everyone,
  'GET /personuppgifter': everyone,
  'GET /site-texts': everyone,
  'GET /site-texts/{id}': everyone,
  'GET /site-texts/{id}/edit': both,
  'PATCH /site-texts/{id}': both,
  'POST /site-texts/{id}/previews': both,
  'POST /previews': someone,
  'POST /shortcomings': everyone,
  'GET /shortcomings/thanks': everyone,
  'GET /shortcomings': overseers,
  'GET /shortcomings/{id}': overseers,
  'PATCH /shortcomings/{id}': both,
  'GET /administration': overseers,
  'GET /settings': administrator,
  'GET /settings/{id}': administrator,
  'GET /settings/{id}/edit': administrator,
  'PATCH /settings/{id}': administrator,
  'GET /mails': administrator,
  'GET /mails/{id}': administrator,
  'POST /mails/tests': administrator,
  'POST /mails/{id}/retries': administrator,
  'POST /mails/{id}/cancellations': administrator,
  'GET /me/mail-choices': someone,
  'POST /me/mail-choices': someone,
  'GET /mail/stop/{secret}': everyone,
  'POST /mail/stop/{secret}': everyone,

  'GET /meetings/{id}/calendar': inside,
  'GET /groups/{id}/calendar': everyone,
  'GET /levels/national/calendar': everyone,
  'GET /levels/healthcare-region/calendar': everyone,
  'GET /levels/healthcare-region/{organisationId}/calendar': everyone,
  'GET /levels/local/calendar': everyone,
  'GET /levels/local/{regionId}/calendar': everyone,
  'GET /calendar': everyone,
  'GET /me/calendar-secrets': someone,
  'POST /me/calendar-secrets': someone,
  'GET /me/calendar-secrets/{id}': someone,
  'DELETE /me/calendar-secrets/{id}': someone,
  'GET /calendars': everyone,
  'GET /calendars/{secret}': everyone,

  'GET /meetings': everyone,
  'POST /meetings': [{ may: keeping, body: { ...longAgo, groupIds: [national] } }],
  'GET /groups/{id}/meetings': everyone,
  'POST /groups/{id}/meetings': changing.map((one) => ({ ...one, body: longAgo })),
  'GET /meetings/{id}': inside,
  'PATCH /meetings/{id}': keeping,
  'DELETE /meetings/{id}': keeping,
  'POST /meetings/{id}/notices': keeping,
  'POST /meetings/{id}/cancellations': keeping,
  'POST /meetings/{id}/answers': ['officer', 'member'],
  'GET /meetings/{id}/agenda-items': inside,
  'POST /meetings/{id}/agenda-items': keeping,
  'GET /meetings/{id}/agenda-items/{itemId}': inside,
  'PATCH /meetings/{id}/agenda-items/{itemId}': keeping,
  'DELETE /meetings/{id}/agenda-items/{itemId}': keeping,
  'POST /meetings/{id}/agenda-orders': keeping,
  'GET /meetings/{id}/attendance': inside,
  'POST /meetings/{id}/attendance': keeping,
  'GET /meetings/{id}/attendance/{attendanceId}': inside,
  'PATCH /meetings/{id}/attendance/{attendanceId}': keeping,
  'DELETE /meetings/{id}/attendance/{attendanceId}': keeping,
  'POST /meetings/{id}/attendance-marks': keeping,
  'GET /meetings/{id}/recusals': inside,
  'POST /meetings/{id}/recusals': [...keeping, 'member'], // held: a member's own is an officer's to record, and the answer says so
  'GET /meetings/{id}/recusals/{recusalId}': inside,
  'PATCH /meetings/{id}/recusals/{recusalId}': keeping,
  'DELETE /meetings/{id}/recusals/{recusalId}': keeping,
  'GET /meetings/{id}/recusal-suggestions': inside,
  'GET /meetings/{id}/papers': inside,
  'POST /meetings/{id}/papers': keeping,
  'GET /meetings/{id}/papers/{paperId}': inside,
  'PATCH /meetings/{id}/papers/{paperId}': keeping,
  'DELETE /meetings/{id}/papers/{paperId}': keeping,
  'GET /meetings/{id}/papers/{paperId}/file': inside,
  'GET /meetings/{id}/papers/new': keeping,
  'GET /meetings/{id}/papers/{paperId}/edit': keeping,
  'GET /meetings/{id}/papers/{paperId}/delete': keeping,
  'GET /groups/{id}/meetings/new': changing,
  'GET /meetings/{id}/edit': keeping,
  'GET /meetings/{id}/delete': keeping,
  'GET /meetings/{id}/notices/new': keeping,
  'GET /meetings/{id}/cancellations/new': keeping,
  'GET /meetings/{id}/answers/new': ['officer', 'member'],
  'GET /meetings/{id}/agenda-items/new': keeping,
  'GET /meetings/{id}/agenda-items/{itemId}/edit': keeping,
  'GET /meetings/{id}/agenda-items/{itemId}/delete': keeping,
  'POST /meetings/{id}/agenda-orders/new': keeping,
  'GET /meetings/{id}/attendance/new': keeping,
  'POST /meetings/{id}/attendance/new': keeping,
  'GET /meetings/{id}/attendance/{attendanceId}/edit': keeping,
  'GET /meetings/{id}/attendance/{attendanceId}/delete': keeping,
  'GET /meetings/{id}/recusals/new': keeping,
  'GET /meetings/{id}/recusals/{recusalId}/edit': keeping,
  'GET /meetings/{id}/recusals/{recusalId}/delete': keeping,
  'GET /meeting-answers/{token}': everyone,
  'POST /meeting-answers/{token}': everyone,
  'GET /meeting-answers/{token}/calendar': everyone,
  'GET /decisions': everyone,
  'GET /decisions/{id}': inside,
  'GET /groups/{id}/decisions': everyone,
  'GET /actions': everyone,
  'POST /actions': [{ may: keeping, body: { groupId: national } }],
  'GET /me/actions': someone,
  'GET /groups/{id}/actions': everyone,
  'POST /groups/{id}/actions': changing,
  'GET /groups/{id}/actions/new': changing,
  'GET /actions/{id}': inside,
  'PATCH /actions/{id}': keeping,
  'DELETE /actions/{id}': keeping,
  'GET /actions/{id}/edit': keeping,
  'GET /actions/{id}/delete': keeping,
  'GET /status-reports': someone,
  'POST /status-reports': [{ may: reporting, body: { groupId: national } }],
  'GET /groups/{id}/status-reports': inside,
  'POST /groups/{id}/status-reports': reporting,
  'GET /groups/{id}/status-reports/new': reporting,
  'GET /status-reports/{id}': inside,
  'PATCH /status-reports/{id}': reporting,
  'GET /status-reports/{id}/edit': reporting,
  'GET /gaps': everyone,
  'POST /gaps': [{ may: raising, body: { groupId: area } }],
  'GET /groups/{id}/gaps': everyone,
  'POST /groups/{id}/gaps': [at(area, raising)],
  'GET /groups/{id}/gaps/new': [at(area, raising)],
  'GET /gaps/{id}': everyone,
  'PATCH /gaps/{id}': planning,
  'GET /gaps/{id}/edit': planning,
  'GET /reviews': everyone,
  'POST /reviews': [{ may: ['support', 'officer'], body: { groupId: national } }],
  'GET /groups/{id}/reviews': everyone,
  'POST /groups/{id}/reviews': closing,
  'GET /groups/{id}/reviews/new': closing,
  'GET /reviews/{id}': everyone,
  'PATCH /reviews/{id}': ['support', 'officer'],
  'GET /reviews/{id}/edit': ['support', 'officer'],
  'GET /reviews/{id}/closing': inside,
  'POST /reviews/{id}/closing-steps': keeping,
  'POST /reviews/{id}/thanks': keeping,
  'GET /minutes': everyone,
  'GET /meetings/{id}/minutes': inside,
  'POST /meetings/{id}/minutes': keeping, // there is a draft already
  'GET /minutes/{id}': inside,
  'PATCH /minutes/{id}': keeping,
  'DELETE /minutes/{id}': keeping,
  'POST /minutes/{id}/adjustments': keeping, // adjusted: a correction of it is the draft
  'POST /minutes/{id}/distributions': [{ may: keeping, body: { bodyIds: ['ingen'] } }],
  'GET /minutes/{id}/edit': keeping,
  'POST /minutes/{id}/edit': keeping,
  'POST /minutes/{id}/previews': keeping,
  'POST /minutes/{id}/draft': [{ may: keeping, body: { nonsens: 'x' } }],
  'GET /minutes/{id}/merge': keeping, // nothing to put together: on to the editor
  'POST /minutes/{id}/merge': keeping,
  'POST /meetings/{id}/minutes/drafts': keeping,
  'GET /minutes/{id}/adjustments/new': keeping,
  'GET /minutes/{id}/distributions/new': keeping,
  'GET /minutes/{id}/document': inside,
  'GET /minutes/{id}/receipts': inside,
  'GET /minutes/{id}/receipts/{receiptId}': inside,
  'GET /minutes/{id}/comparison': inside,

  'GET /plans': everyone,
  'POST /plans': [{ may: planning, body: { groupId: area } }, { may: ['support', 'vasterbotten'], body: { groupId: 'lpo-aldres-halsa-och-palliativ-vard-vasterbotten' } }],
  'GET /groups/{id}/plans': everyone,
  'POST /groups/{id}/plans': [at(area, planning)],
  'POST /groups/{id}/plan-decisions': [at('sks', ['support', 'steering']), at(area, ['support', 'officer'])],
  'GET /groups/{id}/plans/new': [at(area, planning)],
  'GET /groups/{id}/incoming-plans': [at('sks', ['support', 'steering', 'auditor']), at(area, ['support', 'officer', 'auditor'])],
  'POST /groups/{id}/plan-decisions/new': [at('sks', ['support', 'steering']), at(area, ['support', 'officer'])],
  'POST /organisations/{id}/plan-decisions': ['support', 'norra'],
  'GET /organisations/{id}/incoming-plans': ['support', 'norra', 'auditor'],
  'POST /organisations/{id}/plan-decisions/new': ['support', 'norra'],
  'POST /plans/previews': someone,
  'GET /plans/{id}/edit': planning, // it is submitted
  'GET /plans/{id}/delete': planning,
  'GET /plans/{id}/submissions/new': reporting,
  'GET /plans/{id}/follow-ups/new': reporting,
  'GET /plans/{id}/decisions/new': ['support', 'steering'],
  'GET /plans/{id}/review': insidePlan,
  'GET /plans/{id}/document': [{ id: 'approved', may: everyone }, { id: 'plans', may: insidePlan }],
  'GET /plans/{id}/initiatives/new': planning,
  'GET /plans/{id}/initiatives/{initiativeId}/edit': planning,
  'GET /plans/{id}/initiatives/{initiativeId}/delete': planning,
  'POST /plans/{id}/initiative-orders': planning,
  'GET /plans/{id}/initiative-orders/new': planning,
  'POST /plans/{id}/initiative-orders/new': planning,
  'GET /plans/{id}/remarks/new': ['support', 'steering'],
  'GET /plans/{id}/remarks/{remarkId}/edit': ['support', 'steering', 'officer'],
  'GET /plans/{id}/positions/new': ['support', 'steering'],
  'GET /plans/{id}/positions/{positionId}/edit': ['steering'], // whose it is
  'GET /plans/{id}': [{ id: 'approved', may: everyone }, { id: 'plans', may: insidePlan }],
  'PATCH /plans/{id}': planning,
  'DELETE /plans/{id}': planning,
  'POST /plans/{id}/submissions': reporting, // it is submitted
  'POST /plans/{id}/decisions': ['support', 'steering'],
  'POST /plans/{id}/flags': ['support', 'steering'],
  'POST /plans/{id}/follow-ups': reporting,
  'GET /plans/{id}/comparison': [{ id: 'approved', may: everyone }, { id: 'plans', may: insidePlan }],
  'GET /plans/{id}/history': [{ id: 'approved', may: ['support', 'auditor', 'administrator', 'officer', 'steering'] }],
  'GET /plans/{id}/versions': insidePlan,
  'GET /plans/{id}/versions/{versionId}': insidePlan,
  'GET /plans/{id}/initiatives': [{ id: 'approved', may: everyone }, { id: 'plans', may: insidePlan }],
  'POST /plans/{id}/initiatives': planning,
  'GET /plans/{id}/initiatives/{initiativeId}': insidePlan,
  'PATCH /plans/{id}/initiatives/{initiativeId}': planning,
  'DELETE /plans/{id}/initiatives/{initiativeId}': planning,
  'GET /plans/{id}/remarks': [{ id: 'approved', may: insidePlan }, { id: 'plans', may: insidePlan }],
  'POST /plans/{id}/remarks': ['support', 'steering'],
  'GET /plans/{id}/remarks/{remarkId}': insidePlan,
  'PATCH /plans/{id}/remarks/{remarkId}': ['support', 'steering', 'officer'],
  'GET /plans/{id}/positions': [{ id: 'approved', may: insidePlan }, { id: 'plans', may: insidePlan }],
  'POST /plans/{id}/positions': ['support', 'steering'],
  'GET /plans/{id}/positions/{positionId}': insidePlan,
  'PATCH /plans/{id}/positions/{positionId}': ['steering'], // whose it is

  'GET /openapi.json': everyone,
  'GET /api-info': everyone,
  'GET /api': everyone,
  'GET /problems': everyone,
  'GET /problems/{rule}': everyone,
  'GET /shortcuts': everyone,
  'GET /robots.txt': everyone,
  'GET /api/try': everyone,
  'GET /exports/popolo': everyone,
  'GET /dcat.ttl': everyone,
  'GET /.well-known/api-catalog': everyone,
};

// ---- the run ----

let k;
let routes;
const tokens = {};  // role → token of scope write; readToken: support's, of scope read
const jars = {};    // role → a browser's session
const spare = {};   // role → a token of its own that may be revoked
const addresses = {}; // of each role's own calendar
const keptTokens = []; // of the account that is administered: each revocation takes one
const ids = {};     // path pattern or name → an id in it
const met = new Map();  // row → how often it was answered and refused
let before_;

const census = async () => {
  const counts = {};
  for (const list of ['groups', 'organisations', 'group-kinds', 'glossary', 'accounts', 'site-texts', 'shortcomings', 'settings', 'mandates', 'memberships', 'nomination-calls']) {
    const { json } = await k.api(`/${list}?limit=500`, { token: tokens.administrator });
    counts[list] = json.items.map((i) => [i.id, i.modified]);
  }
  return counts;
};

before(async () => {
  k = await start({ demo: true });
  routes = JSON.parse((await run(['routes'])).stdout);
  await k.user(accounts.reader);
  for (const [role, email] of Object.entries(accounts)) {
    tokens[role] = await k.token(email, 'write');
    await k.token(email, 'read');
    jars[role] = await k.login(email, role === 'reader' ? goodPassword : demoPassword);
  }
  jars.anonymous = k.jar();
  tokens.readToken = await k.token(accounts.support, 'read');
  await findObjects();
  before_ = await census();
});

const first = async (path, token = tokens.administrator) => (await k.api(path, { token })).json.items[0].id;

// A nomination of the member by Norra that has ended: what may be done with it is refused for what it is.
async function withdrawn() {
  const make = async (path, body) => (await k.api(path, { method: 'POST', token: tokens.support, body })).json.id;
  const personId = (await k.api('/me', { token: tokens.member })).json.personId;
  const call = await make(`/groups/${national}/nomination-calls`, { title: 'Prov', askedIds: ['norra'], opensOn: '2026-01-01' });
  await make(`/nomination-calls/${call}/publications`, {});
  const id = await make(`/nomination-calls/${call}/nominations`, { personId, nominatorId: 'norra', capacity: 'patient' });
  await make(`/nominations/${id}/submissions`, {});
  await make(`/nominations/${id}/withdrawals`, {});
  return id;
}

// The steering group's process leader nominated by Norra in an open call, with the links that went out; a draft beside it; and
// one of the worked example that ended with an appointment.
async function nominated() {
  const make = async (path, body) => (await k.api(path, { method: 'POST', token: tokens.support, body })).json.id;
  const link = (purpose) => sqlite(k, `SELECT json_extract(content, '$.path') FROM mail WHERE event LIKE 'nominations:${ids.waiting}:${purpose}:%';`).split('/').at(-1);
  const personId = (await k.api('/me', { token: tokens.steering })).json.personId;
  ids.open = await make(`/groups/${national}/nomination-calls`, { title: 'Öppen', askedIds: ['norra'], opensOn: '2026-01-01' });
  await make(`/nomination-calls/${ids.open}/publications`, {});
  ids.waiting = await make(`/nomination-calls/${ids.open}/nominations`, { personId, nominatorId: 'norra', capacity: 'patient' });
  await make(`/nominations/${ids.waiting}/submissions`, {});
  await make(`/nominations/${ids.waiting}/employer-requests`, { name: 'Chefen', email: 'chef@example.org' });
  ids.candidates = link('answer');
  ids['employer-approvals'] = link('employer');
  ids.draft = await make(`/nomination-calls/${ids.open}/nominations`, { personId: ids.persons, nominatorId: 'norra', capacity: 'profession' });
  ids.appointed = await first('/nominations?status=appointed', tokens.support);
}

// The member's own, in the group whose officer and support function know of it.
async function withdrawnDeclaration() {
  const send = (path, body = {}) => k.api(path, { method: 'POST', token: tokens.member, body });
  const { json: { id } } = await send('/declarations', { formVariant: 'patientRepresentative', groupIds: [national], noInterests: true, attested: true });
  await send(`/declarations/${id}/submissions`);
  assert.equal((await send(`/declarations/${id}/withdrawals`)).status, 201);
  return id;
}

async function findObjects() {
  ids.organisations = 'norra';
  ids['group-kinds'] = 'nag';
  ids.organisationId = 'norra';
  ids.regionId = 'region-vasterbotten';
  ids.rule = 'not-found';
  ids.glossary = await first('/glossary');
  ids.hosts = await first(`/groups/${national}/hosts`);
  ids.relations = await first(`/groups/${national}/relations`);
  ids.mandates = await first(`/groups/${national}/mandates?status=approved`); // what is approved is neither changed nor approved again
  ids['nomination-calls'] = await first('/groups/nag-fallskador-hos-aldre/nomination-calls?sort=opensOn'); // over: neither published nor closed again
  ids.nominations = await withdrawn();
  ids.declarations = await withdrawnDeclaration(); // neither changed, submitted, reviewed nor withdrawn again
  ids['declaration-forms'] = await first('/declaration-forms');
  ids.number = '1';
  ids['declaration-statuses'] = (await k.api(`/groups/${national}/declaration-statuses`, { token: tokens.support })).json
    .items.find((row) => row.personName === 'Viveka Lundhede').id;
  ids.memberships = await first(`/groups/${national}/memberships?role=member&status=current`);
  ids.meetings = await first(`/groups/${national}/meetings?from=2026-05-21&to=2026-05-21`, tokens.support); // held, with everything noted
  ids['agenda-items'] = await first(`/meetings/${ids.meetings}/agenda-items`, tokens.support);
  ids.attendance = await first(`/meetings/${ids.meetings}/attendance`, tokens.support);
  ids.recusals = await first(`/meetings/${ids.meetings}/recusals`, tokens.support);
  ids.papers = await first(`/meetings/${ids.meetings}/papers?mediaType=application/vnd.oasis.opendocument.text`, tokens.support);
  ids.decisions = lifted(k, 'decision', ids.meetings, { number: 900 }).id; // of a meeting for members
  const make = async (where, body) => (await k.api(where, { method: 'POST', token: tokens.support, body })).json.id;
  ids.actions = await make(`/groups/${national}/actions`, { text: 'Att göra' });
  ids['status-reports'] = await make(`/groups/${national}/status-reports`, { periodStart: '2026-01-01', periodEnd: '2026-06-30', state: 'onTrack', text: 'Enligt plan.' });
  ids['meeting-answers'] = 'svar'; // of a meeting to come
  const coming = await make(`/groups/${national}/meetings`, { startsAt: '2099-01-15T12:00:00Z', endsAt: '2099-01-15T13:00:00Z', mode: 'online' });
  sqlite(k, `INSERT INTO meeting_link (digest, meeting_key, person_key, created) SELECT '${crypto.createHash('sha256').update(ids['meeting-answers']).digest('hex')}', m.key, (SELECT min(key) FROM person), '2026-11-22T10:00:00.000Z' FROM meeting m WHERE m.id = '${coming}';`);
  // Adjusted, so that nothing changes it, and a correction begun, so that nobody begins another.
  const minutes = async () => (await k.api(`/meetings/${ids.meetings}/minutes`, { method: 'POST', token: tokens.support, body: { text: 'Prov' } })).json.id;
  if (!(await k.api(`/meetings/${ids.meetings}/minutes`, { token: tokens.support })).json.items.length) {
    await k.api(`/minutes/${await minutes()}/adjustments`, { method: 'POST', token: tokens.support, body: {} });
  }
  ids.minutes = await first(`/meetings/${ids.meetings}/minutes?sort=version`, tokens.support);
  await minutes();
  // A submitted plan that somebody has remarked on and taken a position on, and an approved one.
  ids.plans = await make('/plans', { groupId: area, year: 2031, goals: 'Mål' });
  ids.initiatives = await make(`/plans/${ids.plans}/initiatives`, { title: 'Insats', priority: 1 });
  await make(`/plans/${ids.plans}/submissions`, {});
  ids.remarks = await make(`/plans/${ids.plans}/remarks`, { text: 'Varför?' });
  ids.positions = (await k.api(`/plans/${ids.plans}/positions`, { method: 'POST', token: tokens.steering, body: { position: 'supports' } })).json.id;
  ids.versions = await first(`/plans/${ids.plans}/versions`, tokens.support);
  ids.approved = await first(`/groups/${area}/plans?status=approved`);
  ids.gaps = await first(`/groups/${area}/gaps`);
  // One that says that the group is to be closed: nothing in the table closes it.
  ids.reviews = await first(`/groups/${national}/reviews`);
  const review = await k.api(`/reviews/${ids.reviews}`, { token: tokens.support });
  const closed = await k.api(`/reviews/${ids.reviews}`, { method: 'PATCH', token: tokens.support, body: { outcome: 'close' }, headers: { 'if-match': review.etag } });
  assert.equal(closed.status, 200, closed.text);
  ids.receipts = await first(`/minutes/${ids.minutes}/receipts`, tokens.support);
  ids.requirements = await first(`/groups/${national}/requirements`);
  ids.defaults = await first('/group-kinds/nag/requirements');
  ids.annexes = await first('/group-kinds/nag/mandates');
  ids['site-texts'] = await first('/site-texts');
  ids['audit-events'] = await first('/audit-events');
  ids['retention-rules'] = await first('/retention-rules');
  ids.persons = await first('/persons?q=astrid lindqvist');
  await nominated();
  const file = await k.api('/imports?resource=persons', {
    method: 'POST', token: tokens.support, headers: { 'content-type': 'text/csv' }, body: 'Förnamn;E-post\nBo;fel\n',
  });
  ids.imports = file.json.id;
  ids.rows = await first(`/imports/${ids.imports}/rows`, tokens.support);
  ids.self = (await k.api('/me', { token: tokens.officer })).json.personId;
  ids.settings = 'sessionHours';
  ids.mails = (await k.api('/mails/tests', { method: 'POST', token: tokens.administrator, body: {} })).json.id;
  ids.secret = stopSecret(k, accounts.reader);
  await k.api('/shortcomings', { method: 'POST', body: { text: 'Tabellen går inte att läsa.' } });
  ids.shortcomings = await first('/shortcomings');
  // One to be administered, one invited, one with a reset on its way: each act ends the other's links.
  for (const email of ['kept@example.org', 'reset@example.org']) await k.user(email);
  for (let i = 0; i < 2; i++) await k.token('kept@example.org', 'read');
  ids.calendars = 'kalender'; // of an account that nobody logs in to here: each new address ends the one before
  sqlite(k, `INSERT INTO calendar_secret (id, account_key, digest, created, modified) SELECT 'adress', key, '${crypto.createHash('sha256').update(ids.calendars).digest('hex')}', '2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00.000Z' FROM account WHERE email = 'reset@example.org';`);
  const said = await k.cli('user', 'add', 'invited@example.org');
  ids.invitations = /\/invitations\/([\w-]+)/.exec(said.stdout)[1];
  const all = (await k.api('/accounts?limit=500', { token: tokens.administrator })).json.items;
  ids.accounts = all.find((a) => a.email === 'kept@example.org').id;
  const reset = all.find((a) => a.email === 'reset@example.org').id;
  const link = await k.api(`/accounts/${reset}/resets`, { method: 'POST', token: tokens.administrator, body: {} });
  ids.resets = /\/resets\/([\w-]+)/.exec(link.text)[1];
  const kept = await k.api(`/accounts/${ids.accounts}?embed=tokens`, { token: tokens.administrator });
  keptTokens.push(...kept.json._embedded.tokens.map((t) => t.id));
  for (const role of someone) {
    const own = (await k.api('/me/tokens', { token: tokens[role] })).json.items;
    spare[role] = own.find((t) => t.scope === 'read').id;
    addresses[role] = (await k.api('/me/calendar-secrets', { token: tokens[role], method: 'POST', body: {} })).json.id;
  }
}

// The path of a case, for a role: {id} is of the collection before it.
function fill(path, one, role) {
  const segments = path.split('/');
  return segments.map((s, i) => {
    if (!s.startsWith('{')) return s;
    const collection = segments[i - 1];
    if (s === '{mandateId}') return ids.annexes;
    if (s === '{requirementId}') return segments[1] === 'groups' ? ids.requirements : ids.defaults;
    if (collection === 'groups') return one.id ?? national;
    if (collection === 'persons') return ids[one.id] ?? ids.persons;
    if (['nominations', 'nomination-calls', 'plans'].includes(collection)) return ids[one.id] ?? ids[collection];
    if (collection === 'tokens' && segments[1] === 'accounts') return role === 'administrator' ? keptTokens.pop() : keptTokens[0] ?? ids.accounts;
    if (collection === 'tokens') return spare[role] ?? ids.accounts;
    if (collection === 'calendar-secrets') return addresses[role] ?? ids.accounts;
    return ids[collection] ?? ids[s.slice(1, -1)] ?? assert.fail(`no object for ${path}`);
  }).join('/');
}

const cases = (row) => (typeof row[0] === 'string' ? [{ may: row }] : row);
const mayOf = (one, role, method) => (role === 'readToken' ? method === 'GET' && one.may.includes('support') : one.may.includes(role));

// true: answered, or asked to mend what was sent; false: refused; otherwise a sentence.
function verdict(status, where, text) {
  if (status === 303) return /^\/login(\?|$)/.test(where ?? '') ? false : true;
  if ([200, 201, 204, 304, 400, 409, 412, 415, 428].includes(status)) return true;
  if ([401, 403, 404].includes(status)) return /forged-form/.test(text) ? 'refused as forged' : false;
  return `answered ${status}`;
}

function note(faults, row, role, one, way, status, where, text, method) {
  const found = verdict(status, where, text);
  const wanted = mayOf(one, role, method);
  const count = met.get(row) ?? met.set(row, { yes: 0, no: 0 }).get(row);
  count[found === true ? 'yes' : 'no'] += 1;
  if (found !== wanted) {
    const rule = /"rule":"([^"]+)"|<code>([a-z-]+)<\/code>/.exec(text)?.slice(1).join('');
    faults.push(`${row} ${one.id ?? ''} as ${role} (${way}): ${wanted ? 'may' : 'may not'}, but ${status} ${where ?? ''} ${rule ?? ''}`);
  }
}

const tell = (faults) => `${faults.length}:\n${faults.slice(0, 60).join('\n')}`;

test('every route has a row, and every row a route', () => {
  const known = routes.map((r) => `${r.method} ${r.path}`);
  assert.deepEqual(known.filter((row) => !(row in table)), [], 'routes without a row');
  assert.deepEqual(Object.keys(table).filter((row) => !known.includes(row)), [], 'rows without a route');
});

test('as a script: every route × every role', async () => {
  const faults = [];
  for (const { method, path } of routes.filter((r) => r.api)) {
    const row = `${method} ${path}`;
    for (const one of cases(table[row] ?? [])) {
      for (const role of [...everyone, 'readToken']) {
        const body = method === 'GET' || method === 'DELETE' ? undefined : one.body ?? {};
        const reply = await k.api(fill(path, one, role === 'readToken' ? 'support' : role), { method, token: tokens[role], body });
        note(faults, row, role, one, 'api', reply.status, undefined, reply.text, method);
      }
    }
  }
  assert.equal(faults.length, 0, tell(faults));
});

// The token that the page's forms carry.
async function csrf(jar) {
  return /<meta name="csrf" content="([^"]+)">/.exec((await jar.get('/login')).text)?.[1] ??
    /<meta name="csrf" content="([^"]+)">/.exec((await jar.get('/shortcuts')).text)[1];
}

test('as a browser: every route × every role, with the page cache on', async () => {
  const faults = [];
  const marks = {};
  for (const role of everyone) marks[role] = await csrf(jars[role]);
  const last = (r) => (r.path === '/logout' ? 2 : r.path === '/account/session-endings' ? 1 : 0);
  for (const { method, path } of routes.filter((r) => r.page).sort((a, b) => last(a) - last(b))) {
    const row = `${method} ${path}`;
    for (const one of cases(table[row] ?? [])) {
      const anonymous = [];
      for (const role of ['anonymous', ...everyone, 'anonymous']) {
        const where = fill(path, one, role);
        const fields = { ...one.body, _csrf: marks[role] };
        for (const [name, value] of Object.entries(fields).filter(([, v]) => Array.isArray(v))) {
          fields[`${name}[]`] = value;
          delete fields[name];
        }
        const jar = jars[role];
        const reply = method === 'GET' ? await jar.get(where)
          : await jar.post(method === 'POST' ? where : `${where}?_method=${method}`, fields);
        note(faults, row, role, one, 'page', reply.status, reply.headers.location, reply.text, method);
        if (role === 'anonymous' && method === 'GET') anonymous.push(reply.text);
      }
      if (new Set(anonymous).size > 1 && one.may.includes('anonymous')) faults.push(`${row}: an anonymous reader's page changed when others had seen it`);
    }
  }
  assert.equal(faults.length, 0, tell(faults));
});

test('no row is dead: somebody is answered, and unless it is open to all somebody is refused', () => {
  const dead = Object.entries(table).filter(([row, value]) => {
    const open = cases(value).every((one) => one.may.length === everyone.length) && row.startsWith('GET');
    const count = met.get(row) ?? { yes: 0, no: 0 };
    return count.yes === 0 || (!open && value !== everyone && count.no === 0);
  });
  assert.deepEqual(dead.map(([row]) => row), []);
});

after(async () => {
  if (!before_) return;
  const now = await census();
  delete before_.accounts; // links and logins were made of them
  delete now.accounts;
  assert.deepEqual(now, before_, 'the matrix changed something');
});
