/* sweden.c: fills a register with invented countries, for `make bench`: sweden FILE COUNTRIES.
 *
 * The first country is the real one, filled up to 5 000 groups: working groups under its programme
 * areas, in its regions. Every further one is a copy of the 6 healthcare regions and 21 regions with
 * 5 000 groups of its own (RPO, LPO, RAG, LAG). All have a host, people, what they should hold and a
 * mandate, and meet once a quarter; areas below the nation have plans for three years and four gaps,
 * two in three working groups have been reviewed; one in sixteen seeks members, with three
 * nominated, and 2 000 people have declared their interests. One group of the worked example has
 * met 200 times besides, once with twelve items and twenty people. The copies are of type `other`:
 * the matrix and the national level stay those of one country, as they would, while every table and
 * index behind them grows. Through db.h, since the collation in the indexes is ours; the SQL is
 * SQLite's own, nobody ports a yardstick. No history: that is not what is measured.
 */
#include <kansli/db.h>
#include <stdio.h>
#include <stdlib.h>

enum { GROUPS = 5000, PERSONS = 20000, MEMBERS = 12, DECLARED = 2000 };

struct country {
    int number;
    char prefix[16]; /* of its organisations' ids: "" or "s2-" */
};

static void organisations(struct tx *tx, const char *prefix, int number)
{
    db_run(tx,
           "INSERT INTO body (id, type) SELECT ?1 || b.id, 'organisation' FROM organisation o "
           "JOIN body b ON b.key = o.key WHERE o.type IN ('healthcareRegion', 'region')",
           prefix);
    db_run(tx,
           "INSERT INTO organisation (key, type, name, start_date, modified) "
           "SELECT c.key, 'other', o.name || ' ' || ?2, '2018-01-01', ?3 FROM organisation o "
           "JOIN body b ON b.key = o.key JOIN body c ON c.id = ?1 || b.id "
           "WHERE o.type IN ('healthcareRegion', 'region')",
           prefix, number, tx_instant(tx));
    db_run(tx,
           "INSERT INTO organisation_area (organisation_key, healthcare_region_key, is_primary) "
           "SELECT c.key, r.key, a.is_primary FROM organisation_area a "
           "JOIN body b ON b.key = a.organisation_key JOIN body h ON h.key = a.healthcare_region_key "
           "JOIN body c ON c.id = ?1 || b.id JOIN body r ON r.id = ?1 || h.id",
           prefix);
}

/* Scratch tables: the programme areas, the places of this country, the groups to come. */
static void scratch(struct tx *tx, const struct country *country, int groups)
{
    db_run(tx, "CREATE TEMP TABLE IF NOT EXISTS area (n INTEGER PRIMARY KEY, key INTEGER, name TEXT)");
    db_run(tx, "CREATE TEMP TABLE IF NOT EXISTS place (type TEXT, n INTEGER, key INTEGER, "
               "healthcare_region INTEGER, PRIMARY KEY (type, n))");
    db_run(tx, "CREATE TEMP TABLE IF NOT EXISTS fresh (i INTEGER PRIMARY KEY, id TEXT, key INTEGER, "
               "kind TEXT, area INTEGER, healthcare_region INTEGER, region INTEGER)");
    db_run(tx, "CREATE INDEX IF NOT EXISTS temp.fresh_place "
               "ON fresh (kind, area, healthcare_region, region)");
    db_run(tx, "DELETE FROM area");
    db_run(tx, "DELETE FROM place");
    db_run(tx, "DELETE FROM fresh");
    db_run(tx, "INSERT INTO area SELECT row_number() OVER (ORDER BY w.key) - 1, w.key, w.name "
               "FROM workgroup w JOIN group_kind k ON k.key = w.kind_key WHERE k.id = 'npo'");
    db_run(tx,
           "INSERT INTO place SELECT o.type, "
           "row_number() OVER (PARTITION BY o.type ORDER BY o.key) - 1, c.key, "
           "COALESCE((SELECT a.healthcare_region_key FROM organisation_area a "
           "WHERE a.organisation_key = c.key AND a.is_primary = 1), c.key) "
           "FROM organisation o JOIN body b ON b.key = o.key JOIN body c ON c.id = ?1 || b.id "
           "WHERE o.type IN ('healthcareRegion', 'region')",
           country->prefix);
    db_run(tx,
           "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2) "
           "INSERT INTO fresh (i, id, kind, area, healthcare_region, region) "
           "SELECT i, kind || '-s' || ?1 || '-' || i, kind, i % 26, "
           "CASE WHEN kind IN ('rpo', 'rag') THEN (i / 26) % 6 END, "
           "CASE WHEN kind IN ('lpo', 'lag') THEN (i / 26) % 21 END "
           "FROM (SELECT i, CASE WHEN ?1 > 1 AND i <= 156 THEN 'rpo' "
           "WHEN ?1 > 1 AND i <= 702 THEN 'lpo' WHEN ?1 = 1 AND i % 20 = 0 THEN 'nag' "
           "WHEN i % 5 = 0 THEN 'rag' ELSE 'lag' END AS kind FROM n)",
           country->number, groups);
}

static void groups_add(struct tx *tx, const struct country *country)
{
    db_run(tx, "INSERT INTO body (id, type) SELECT id, 'group' FROM fresh");
    db_run(tx, "UPDATE fresh SET key = (SELECT b.key FROM body b WHERE b.id = fresh.id)");
    db_run(tx,
           "INSERT INTO workgroup (key, kind_key, name, full_name, purpose, start_date, "
           "healthcare_region_key, region_key, modified) "
           "SELECT f.key, k.key, a.name || ' ' || f.i, upper(f.kind) || ' ' || a.name || ' ' || f.i, "
           "'Påhittad grupp: finns för att registret ska ha ett lands storlek när det mäts.', "
           "'2020-01-01', COALESCE(h.key, r.healthcare_region), r.key, ?1 FROM fresh f "
           "JOIN group_kind k ON k.id = f.kind JOIN area a ON a.n = f.area "
           "LEFT JOIN place h ON h.type = 'healthcareRegion' AND h.n = f.healthcare_region "
           "LEFT JOIN place r ON r.type = 'region' AND r.n = f.region",
           tx_instant(tx));
    db_run(tx, "INSERT INTO group_principal (group_key, principal_key, start_date) "
               "SELECT f.key, a.key, '2020-01-01' FROM fresh f JOIN area a ON a.n = f.area "
               "WHERE f.kind = 'nag'");
    db_run(tx, "INSERT INTO group_principal (group_key, principal_key, start_date) "
               "SELECT f.key, p.key, '2020-01-01' FROM fresh f JOIN fresh p "
               "ON p.kind = CASE f.kind WHEN 'rag' THEN 'rpo' WHEN 'lag' THEN 'lpo' END "
               "AND p.area = f.area AND p.healthcare_region IS f.healthcare_region "
               "AND p.region IS f.region");
    db_run(tx,
           "INSERT INTO hosting (id, group_key, body_key, status, start_date, modified) "
           "SELECT format('%08x-0001-4000-8000-%012x', ?1, w.key), w.key, "
           "COALESCE(w.region_key, w.healthcare_region_key), 'active', '2020-01-01', w.modified "
           "FROM workgroup w JOIN fresh f ON f.key = w.key WHERE w.healthcare_region_key IS NOT NULL",
           country->number);
    db_run(tx, "INSERT INTO search_entry (type, object_key) SELECT 'groups', key FROM fresh");
    db_run(tx, "INSERT INTO search_text (rowid, words) SELECT e.key, fold(w.full_name) FROM fresh f CROSS "
               "JOIN search_entry e ON e.type = 'groups' AND e.object_key = f.key "
               "JOIN workgroup w ON w.key = f.key");
}

/* Twelve to a group: a chair, a process leader, members; in the national groups for a healthcare
 * region each, elsewhere for a region; every sixth term has an end. */
static void people_add(struct tx *tx, const struct country *country)
{
    long long before = db_int(tx, 0, "SELECT max(key) FROM person");
    db_run(tx,
           "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?3) "
           "INSERT INTO person (key, id, given_name, family_name, title, professions, employer_key, "
           "email, gender, invented, modified) "
           "SELECT ?2 + i, format('%08x-0002-4000-8000-%012x', ?1, i), 'Påhittad', "
           "'Person ' || ?1 || '-' || i, 'Överläkare', '[\"läkare\"]', p.key, "
           "format('person.%d-%d@kansli.example', ?1, i), "
           "CASE i % 2 WHEN 0 THEN 'woman' ELSE 'man' END, 1, ?4 FROM n "
           "JOIN place p ON p.type = 'region' AND p.n = i % 21",
           country->number, before, (int)PERSONS, tx_instant(tx));
    db_run(tx,
           "WITH RECURSIVE n (m) AS (VALUES (1) UNION ALL SELECT m + 1 FROM n WHERE m < ?3) "
           "INSERT INTO membership (id, person_key, group_key, role, capacity, on_behalf_of_key, "
           "workload_percent, competences, start_date, end_date, appointed_by_key, appointed_date, "
           "modified) "
           "SELECT format('%08x-0003-4000-8000-%012x', ?1, f.i * ?3 + m), "
           "?2 + 1 + (f.i * ?3 + m) % ?4, f.key, "
           "CASE m WHEN 1 THEN 'chair' WHEN 2 THEN 'processLeader' ELSE 'member' END, "
           "CASE m WHEN 11 THEN 'patient' WHEN 12 THEN 'nextOfKin' ELSE 'profession' END, "
           "CASE WHEN m < 11 THEN p.key END, 10, '[\"Allmänmedicin\"]', "
           "format('20%02d-01-01', 18 + (f.i + m) % 8), "
           "CASE (f.i + m) % 6 WHEN 0 THEN format('20%02d-12-31', 22 + (f.i + m) % 8) END, "
           "p.key, '2017-12-14', ?5 FROM fresh f CROSS JOIN n "
           "JOIN place p ON p.type = CASE f.kind WHEN 'nag' THEN 'healthcareRegion' ELSE 'region' END "
           "AND p.n = (f.i + m) % CASE f.kind WHEN 'nag' THEN 6 ELSE 21 END",
           country->number, before, (int)MEMBERS, (int)PERSONS, tx_instant(tx));
    db_run(tx,
           "INSERT INTO search_entry (type, object_key) SELECT 'persons', key FROM person WHERE key > ?1",
           before);
    db_run(tx,
           "INSERT INTO search_text (rowid, words) SELECT e.key, fold(p.given_name || ' ' || p.family_name) "
           "FROM person p CROSS JOIN search_entry e ON e.type = 'persons' AND e.object_key = p.key "
           "WHERE p.key > ?1",
           before);
}

/* What the kind asks of every group, and an approved mandate; every third group has one to come. */
static void papers_add(struct tx *tx, const struct country *country)
{
    db_run(tx,
           "INSERT INTO requirement (id, group_key, position, type, text, body_key, capacity, "
           "competence, role, min_count, weight, modified) "
           "SELECT format('%08x-0004-4000-8000-%06x%06x', ?1, f.i, d.key), f.key, d.position, d.type, "
           "d.text, d.body_key, d.capacity, d.competence, d.role, d.min_count, d.weight, ?2 "
           "FROM fresh f JOIN group_kind k ON k.id = f.kind JOIN requirement d ON d.kind_key = k.key",
           country->number, tx_instant(tx));
    db_run(tx,
           "WITH v (number, state, from_day, to_day) AS (VALUES "
           "(1, 'approved', '2024-01-01', '2027-12-31'), (2, 'draft', '2028-01-01', NULL)) "
           "INSERT INTO mandate (id, group_key, number, state, purpose, tasks, member_count, "
           "member_percent, chair_percent, process_leader_percent, valid_from, valid_to, modified) "
           "SELECT format('%08x-0005-4000-8000-%011x%x', ?1, f.i, v.number), f.key, v.number, v.state, "
           "'Påhittat uppdrag: finns för att registret ska ha ett lands storlek när det mäts.', "
           "'[\"Följa området.\",\"Föreslå kunskapsstöd.\"]', 10, 10, 20, 20, v.from_day, v.to_day, ?2 "
           "FROM fresh f JOIN v ON v.number = 1 OR f.i % 3 = 0",
           country->number, tx_instant(tx));
}

/* A third of the calls are open, a third have ended and wait, a third are decided: by `i % 3`. */
static void calls_add(struct tx *tx, const struct country *country)
{
    db_run(tx,
           "INSERT INTO nomination_call (id, group_key, title, text, seats, self_nomination, opens_on, "
           "closes_on, published_at, modified) "
           "SELECT format('%08x-0006-4000-8000-%012x', ?1, f.i), f.key, w.full_name || ': ledamot', "
           "'Gruppen söker någon som arbetar nära patienter.', 1, f.i % 2, date(?2, '-60 days'), "
           "CASE (f.i / 16) % 3 WHEN 0 THEN date(?2, format('+%d days', 1 + f.i % 60)) "
           "ELSE date(?2, format('-%d days', 1 + f.i % 40)) END, ?2, ?2 "
           "FROM fresh f JOIN workgroup w ON w.key = f.key WHERE f.i % 16 = 0",
           country->number, tx_instant(tx));
    db_run(tx, "INSERT INTO nomination_call_requirement (call_key, requirement_key, position) "
               "SELECT c.key, r.key, r.position FROM fresh f JOIN nomination_call c "
               "ON c.group_key = f.key JOIN requirement r ON r.group_key = f.key");
    db_run(tx, "INSERT INTO nomination_call_asked (call_key, organisation_key, position) "
               "SELECT c.key, p.key, p.n FROM fresh f JOIN nomination_call c ON c.group_key = f.key "
               "JOIN place p ON p.type = CASE f.kind WHEN 'nag' THEN 'healthcareRegion' "
               "ELSE 'region' END");
    db_run(tx,
           "WITH n (m, state) AS (VALUES (1, 'appointed'), (2, 'reserve'), (3, 'notAppointed')) "
           "INSERT INTO nomination (id, call_key, person_key, nominator_key, role, capacity, "
           "competences, statement, state, answer, answered_at, submitted_at, decided_at, modified) "
           "SELECT format('%08x-0007-4000-8000-%011x%x', ?1, f.i, n.m), c.key, "
           "(SELECT p.key FROM person p WHERE p.id = format('%08x-0002-4000-8000-%012x', ?1, "
           "1 + (f.i * 7 + n.m) % ?3)), o.key, 'member', 'profession', '[\"Allmänmedicin\"]', "
           "'Har arbetat länge i området.', CASE WHEN (f.i / 16) % 3 = 2 THEN n.state "
           "ELSE 'submitted' END, 'yes', ?2, ?2, CASE WHEN (f.i / 16) % 3 = 2 THEN ?2 END, ?2 "
           "FROM fresh f JOIN nomination_call c ON c.group_key = f.key CROSS JOIN n "
           "JOIN place o ON o.type = CASE f.kind WHEN 'nag' THEN 'healthcareRegion' ELSE 'region' END "
           "AND o.n = (f.i + n.m) % CASE f.kind WHEN 'nag' THEN 6 ELSE 21 END",
           country->number, tx_instant(tx), (int)PERSONS);
    db_run(tx,
           "WITH k (name) AS (VALUES ('regionProcess'), ('employer')) "
           "INSERT INTO nomination_check (nomination_key, name, outcome, by_name, at) "
           "SELECT n.key, k.name, 'approved', 'Påhittad Chef', ?1 FROM fresh f JOIN nomination_call c "
           "ON c.group_key = f.key JOIN nomination n ON n.call_key = c.key "
           "CROSS JOIN k WHERE (n.key + (k.name = 'employer')) % 3 > 0",
           tx_instant(tx));
}

/* Each for the groups where the person sits; one in ten waits for its reviews. */
static void declarations_add(struct tx *tx, const struct country *country)
{
    db_run(tx,
           "INSERT INTO declaration (id, person_key, form_key, state, no_interests, interests, "
           "attested, submitted_at, submitted_on, valid_until, modified) "
           "SELECT format('%08x-0009-4000-8000-%012x', ?1, p.key), p.key, f.key, 'submitted', "
           "p.key % 3 > 0, CASE p.key % 3 WHEN 0 THEN '[{\"kind\":\"advisoryBoard\","
           "\"proximity\":\"direct\",\"nature\":\"financial\",\"holder\":\"self\","
           "\"counterparty\":\"Påhittat bolag\"}]' ELSE '[]' END, 1, date(?2, '-100 days') || "
           "'T08:00:00.000Z', date(?2, '-100 days'), date(?2, '+995 days'), ?2 "
           "FROM person p JOIN declaration_form f ON f.variant = 'publicRepresentative' "
           "AND f.number = 1 WHERE p.id <= format('%08x-0002-4000-8000-%012x', ?1, ?3) "
           "AND p.id >= format('%08x-0002-4000-8000-%012x', ?1, 1)",
           country->number, tx_instant(tx), (int)DECLARED);
    db_run(tx,
           "INSERT INTO declaration_group (declaration_key, group_key) "
           "SELECT DISTINCT d.key, m.group_key FROM declaration d "
           "JOIN membership m ON m.person_key = d.person_key "
           "WHERE d.id >= format('%08x-0009', ?1) AND d.id < format('%08x-000a', ?1)",
           country->number);
    db_run(tx,
           "INSERT INTO declaration_review (id, declaration_key, group_key, outcome, valid_until, at) "
           "SELECT format('%08x-000a-4000-8000-%06x%06x', ?1, d.key, g.group_key), d.key, g.group_key, "
           "CASE d.person_key % 3 WHEN 0 THEN 'declareOnly' ELSE 'noConflict' END, d.valid_until, ?2 "
           "FROM declaration d JOIN declaration_group g ON g.declaration_key = d.key "
           "WHERE d.id >= format('%08x-0009', ?1) AND d.id < format('%08x-000a', ?1) "
           "AND d.key % 10 > 0",
           country->number, tx_instant(tx));
}

/* The areas that have none: followed up, approved, submitted; each initiative of a local area is part
 * of one of the healthcare-regional area's before it. */
static void plans_add(struct tx *tx, const struct country *country)
{
    db_run(tx, "CREATE TEMP TABLE IF NOT EXISTS planned (i INTEGER PRIMARY KEY, key INTEGER)");
    db_run(tx, "DELETE FROM planned");
    db_run(tx,
           "INSERT INTO planned (key) SELECT w.key FROM workgroup w JOIN group_kind k "
           "ON k.key = w.kind_key WHERE k.id IN ('rpo', 'lpo') AND NOT EXISTS ("
           "SELECT 1 FROM plan p WHERE p.group_key = w.key) ORDER BY k.key, w.key");
    db_run(tx,
           "WITH y (back, state) AS (VALUES (1, 'followedUp'), (0, 'approved'), (-1, 'submitted')) "
           "INSERT INTO plan (id, group_key, year, state, goals, submitted_at, decided_on, modified) "
           "SELECT format('%08x-000b-4000-8000-%011x%x', ?1, g.i, 1 + y.back), g.key, "
           "CAST(substr(?2, 1, 4) AS INTEGER) - y.back, y.state, 'Påhittade mål.', "
           "CASE WHEN y.back < 0 THEN date(?2, '-10 days') "
           "ELSE date(?2, format('-%d years', y.back), '-60 days') END || 'T08:00:00.000Z', "
           "CASE WHEN y.back >= 0 THEN date(?2, format('-%d years', y.back), '-30 days') END, ?2 "
           "FROM planned g JOIN y",
           country->number, tx_instant(tx));
    db_run(tx,
           "INSERT INTO plan_submission (id, plan_key, number, document, facts, at) "
           "SELECT format('%08x-000c-4000-8000-%012x', ?1, p.key), p.key, 1, '{}', '{}', "
           "p.submitted_at FROM planned g JOIN plan p ON p.group_key = g.key",
           country->number);
    db_run(tx,
           "INSERT INTO plan_decision (id, plan_key, number, outcome, decided_on, at) "
           "SELECT format('%08x-000d-4000-8000-%012x', ?1, p.key), p.key, 1, 'approved', "
           "p.decided_on, p.modified FROM planned g JOIN plan p ON p.group_key = g.key "
           "WHERE p.decided_on IS NOT NULL",
           country->number);
    db_run(tx,
           "WITH n (m) AS (VALUES (1), (2), (3), (4)) "
           "INSERT INTO initiative (id, plan_key, position, title, group_key, priority, progress, "
           "modified) SELECT format('%08x-000e-4000-8000-%010x%02x', ?1, p.key, n.m), p.key, n.m, "
           "'Påhittad insats', g.key, n.m, CASE (p.key + n.m) % 5 WHEN 0 THEN 'done' "
           "WHEN 1 THEN 'onTrack' WHEN 2 THEN 'delayed' WHEN 3 THEN 'stopped' END, ?2 "
           "FROM planned g JOIN plan p ON p.group_key = g.key JOIN n",
           country->number, tx_instant(tx));
    db_run(tx,
           "UPDATE initiative SET parent_key = (SELECT u.key FROM planned g JOIN planned a "
           "ON a.i = 1 + g.i % 150 JOIN plan p ON p.key = initiative.plan_key AND p.group_key = g.key "
           "JOIN plan q ON q.group_key = a.key AND q.year = p.year JOIN initiative u "
           "ON u.plan_key = q.key AND u.position = initiative.position) "
           "WHERE plan_key IN (SELECT p.key FROM planned g JOIN plan p ON p.group_key = g.key "
           "JOIN workgroup w ON w.key = g.key JOIN group_kind k ON k.key = w.kind_key "
           "WHERE k.id = 'lpo')");
    db_run(tx,
           "INSERT INTO review (id, group_key, year, outcome, text, facts, reviewed_on, modified) "
           "SELECT format('%08x-000f-4000-8000-%012x', ?1, f.i), f.key, "
           "CAST(substr(?2, 1, 4) AS INTEGER), 'continue', 'Påhittat skäl.', '{}', "
           "substr(?2, 1, 10), ?2 FROM fresh f WHERE f.kind IN ('nag', 'rag', 'lag') AND f.i % 3 > 0",
           country->number, tx_instant(tx));
}

/* Four of each of those areas, one in each state; its first initiatives answer the addressed one. */
static void gaps_add(struct tx *tx, const struct country *country)
{
    db_run(tx,
           "WITH n (m, state) AS (VALUES (1, 'addressed'), (2, 'prioritised'), (3, 'raised'), "
           "(4, 'declined')) INSERT INTO gap (id, group_key, type, title, raised_on, priority, state, "
           "reason, answered_on, modified) SELECT format('%08x-0010-4000-8000-%011x%x', ?1, g.i, n.m), "
           "g.key, CASE g.i % 3 WHEN 0 THEN 'research' WHEN 1 THEN 'knowledge' ELSE 'care' END, "
           "'Påhittat behov ' || g.i || ':' || n.m, date(?2, '-300 days'), n.m, n.state, "
           "CASE n.state WHEN 'declined' THEN 'Påhittat skäl.' END, "
           "CASE WHEN n.state <> 'raised' THEN date(?2, '-200 days') END, ?2 "
           "FROM planned g CROSS JOIN n",
           country->number, tx_instant(tx));
    db_run(tx, "UPDATE initiative SET gap_key = (SELECT a.key FROM gap a JOIN plan p "
               "ON p.group_key = a.group_key WHERE p.key = initiative.plan_key "
               "AND a.state = 'addressed' AND a.title LIKE 'Påhittat behov %') "
               "WHERE position = 1 AND plan_key IN (SELECT p.key FROM planned g JOIN plan p "
               "ON p.group_key = g.key)");
}

/* Four meetings of each group, open to all, with four items. */
static void meetings_add(struct tx *tx, const struct country *country)
{
    db_run(tx,
           "WITH n (m) AS (VALUES (0), (1), (2), (3)), d (i, m, key, day) AS (SELECT f.i, n.m, "
           "f.key, date(?2, format('%+d days', 90 * n.m - 200 - f.i % 90)) FROM fresh f "
           "CROSS JOIN n) INSERT INTO meeting (id, group_key, title, starts_at, ends_at, starts_on, "
           "mode, visibility, called_at, modified) "
           "SELECT format('%08x-000b-4000-8000-%011x%x', ?1, d.i, d.m), d.key, 'Möte ' || (1 + d.m), "
           "d.day || 'T08:00:00.000Z', d.day || 'T11:00:00.000Z', d.day, 'online', 'public', ?2, ?2 "
           "FROM d",
           country->number, tx_instant(tx));
}

/* The group with 200 meetings. The last one has twelve items, and twenty people who came. */
static void long_series(struct tx *tx)
{
    db_run(tx,
           "WITH RECURSIVE n (m) AS (VALUES (1) UNION ALL SELECT m + 1 FROM n WHERE m < 200) "
           "INSERT INTO meeting (id, group_key, title, starts_at, ends_at, starts_on, mode, "
           "visibility, called_at, modified) "
           "SELECT format('00000001-000d-4000-8000-%012x', n.m), b.key, 'Möte ' || (1000 - n.m), "
           "date(?1, format('-%d days', 7 * n.m)) || 'T08:00:00.000Z', "
           "date(?1, format('-%d days', 7 * n.m)) || 'T11:00:00.000Z', "
           "date(?1, format('-%d days', 7 * n.m)), 'online', 'public', ?1, ?1 "
           "FROM n JOIN body b ON b.id = 'nag-fallskador-hos-aldre'",
           tx_instant(tx));
    db_run(tx,
           "INSERT INTO attendance (id, meeting_key, person_key, status, modified) "
           "SELECT format('00000001-000f-4000-8000-%012x', p.key), m.key, p.key, "
           "CASE p.key % 4 WHEN 0 THEN 'absent' ELSE 'remote' END, ?1 FROM meeting m JOIN ("
           "SELECT s.person_key AS key, 0 AS guest FROM membership s JOIN body b "
           "ON b.key = s.group_key WHERE b.id = 'nag-fallskador-hos-aldre' AND s.end_date IS NULL "
           "UNION SELECT key, 1 FROM person WHERE id >= '00000001-0002-4000-8000-000000000001' "
           "AND id <= '00000001-0002-4000-8000-00000000000b') p "
           "WHERE m.id = '00000001-000d-4000-8000-000000000001'",
           tx_instant(tx));
}

/* The groups and the items of all of them. */
static void meetings_complete(struct tx *tx, const struct country *country)
{
    db_run(tx, "INSERT INTO meeting_group (meeting_key, group_key, position, starts_on) "
               "SELECT key, group_key, 0, starts_on FROM meeting m WHERE NOT EXISTS "
               "(SELECT 1 FROM meeting_group g WHERE g.meeting_key = m.key)");
    db_run(tx,
           "WITH RECURSIVE n (m) AS (VALUES (1) UNION ALL SELECT m + 1 FROM n WHERE m < 12) "
           "INSERT INTO agenda_item (id, meeting_key, position, title, type, text, minutes_text, "
           "modified) SELECT format('%08x-000e-4000-8000-%010x%02x', ?1, m.key, n.m), m.key, n.m, "
           "CASE n.m WHEN 1 THEN 'Jäv och intressekonflikter' ELSE 'Påhittad punkt ' || n.m END, "
           "CASE n.m WHEN 1 THEN 'declaration' ELSE 'discussion' END, 'Bakgrund till **punkten**.', "
           "'Det som antecknades.', ?2 FROM meeting m CROSS JOIN n WHERE NOT EXISTS "
           "(SELECT 1 FROM agenda_item a WHERE a.meeting_key = m.key) "
           "AND (n.m <= 4 OR m.id = '00000001-000d-4000-8000-000000000001')",
           country->number, tx_instant(tx));
}

static enum code fill(struct tx *tx, void *arg)
{
    struct country *country = arg;
    int groups = GROUPS;
    if (country->number == 1)
        groups -= (int)db_int(tx, 0, "SELECT count(*) FROM workgroup");
    else
        organisations(tx, country->prefix, country->number);
    scratch(tx, country, groups);
    groups_add(tx, country);
    people_add(tx, country);
    papers_add(tx, country);
    calls_add(tx, country);
    declarations_add(tx, country);
    plans_add(tx, country);
    gaps_add(tx, country);
    meetings_add(tx, country);
    if (country->number == 1)
        long_series(tx);
    meetings_complete(tx, country);
    return tx_code(tx);
}

int main(int argc, char **argv)
{
    long countries = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    struct db *db;
    struct err err;
    if (countries < 1) {
        fputs("usage: sweden FILE COUNTRIES\n", stderr);
        return 2;
    }
    err_init(&err);
    enum code c = db_open(argv[1], &(struct db_options){0}, &db, &err);
    for (int i = 1; !c && i <= countries; i++) {
        struct country country = {.number = i};
        if (i > 1)
            snprintf(country.prefix, sizeof country.prefix, "s%d-", i);
        struct arena *arena = arena_new(1 << 20);
        c = db_write_wait(db, arena, &err, fill, &country);
        arena_free(arena);
    }
    if (c) {
        fprintf(stderr, "sweden: %s: %s\n", err.rule, err.msgid);
        return 1;
    }
    db_close(db);
    return 0;
}
