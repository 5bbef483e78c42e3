-- Annual plans, yearly reviews of groups, needs and gaps.

-- ---------------------------------------------------------------- gaps

-- A need or a gap that somebody raised (R63, R75).
CREATE TABLE gap (
    key             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    group_key       INTEGER NOT NULL REFERENCES workgroup (key), -- whose inventory it stands in
    type            TEXT NOT NULL CHECK (type IN ('care', 'knowledge', 'research')),
    title           TEXT NOT NULL COLLATE sv,
    evidence        TEXT,                    -- Markdown: what it rests on
    raised_by       TEXT,                    -- where it was seen: a register, a survey; words, not a person
    raised_by_key   INTEGER REFERENCES workgroup (key), -- the group of any level that raised it; NULL: the inventory's own
    raised_on       TEXT NOT NULL,
    dimensions      TEXT,                    -- JSON array: dimensions of good care (R65)
    priority        INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 4),
    state           TEXT NOT NULL DEFAULT 'raised' CHECK (state IN ('raised', 'prioritised', 'addressed', 'declined')),
    reason          TEXT,                    -- a declined one has a reason
    answered_on     TEXT,                    -- the day when it left 'raised'
    version         INTEGER NOT NULL DEFAULT 1,
    modified        TEXT NOT NULL
) STRICT;
CREATE INDEX gap_group ON gap (group_key, state, raised_on);
-- The order of lists: what waits first.
CREATE INDEX gap_order ON gap (CASE state WHEN 'raised' THEN 0 WHEN 'prioritised' THEN 1 WHEN 'addressed' THEN 2 ELSE 3 END, priority, raised_on);
CREATE INDEX gap_raised_by ON gap (raised_by_key);
CREATE INDEX gap_modified ON gap (modified, key);

-- The gap that a group closes (R63), which was any UUID as long as there were no gaps.
ALTER TABLE workgroup DROP COLUMN gap_id;
ALTER TABLE workgroup ADD COLUMN gap_key INTEGER REFERENCES gap (key);
CREATE INDEX workgroup_gap ON workgroup (gap_key);

-- ---------------------------------------------------------------- plans

-- One for a group and a year (R60); its number is that of its last submission.
CREATE TABLE plan (
    key             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    group_key       INTEGER NOT NULL REFERENCES workgroup (key),
    year            INTEGER NOT NULL,
    number          INTEGER NOT NULL DEFAULT 1, -- the version that is written, or was last submitted
    state           TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'returned', 'approved', 'followedUp')),
    goals           TEXT,                    -- Markdown, as collaboration, risks, resources and summary
    focus_areas     TEXT,                    -- JSON array of texts: insatsområden
    collaboration   TEXT,
    risks           TEXT,
    resources       TEXT,
    summary         TEXT,                    -- at the year's end: what came of it
    flagged         INTEGER NOT NULL DEFAULT 0, -- 1: the principal takes it up at a meeting
    submitted_at    TEXT,
    decided_on      TEXT,
    version         INTEGER NOT NULL DEFAULT 1,
    modified        TEXT NOT NULL,
    UNIQUE (group_key, year)
) STRICT;
CREATE INDEX plan_year ON plan (year DESC, group_key); -- the order of lists
CREATE INDEX plan_state ON plan (state, year); -- what waits: submitted, returned
CREATE INDEX plan_modified ON plan (modified, key);

-- A plan as it was submitted: nothing changes it.
CREATE TABLE plan_submission (
    key            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    plan_key       INTEGER NOT NULL REFERENCES plan (key) ON DELETE CASCADE,
    number         INTEGER NOT NULL,
    document       TEXT NOT NULL,            -- JSON: the plan with its initiatives; what they name stands by id
    facts          TEXT NOT NULL,            -- JSON: what the register said that day
    at             TEXT NOT NULL,
    account_key    INTEGER REFERENCES account (key) ON DELETE SET NULL,
    UNIQUE (plan_key, number)
) STRICT;

-- What a group means to do (insats).
CREATE TABLE initiative (
    key             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    plan_key        INTEGER NOT NULL REFERENCES plan (key) ON DELETE CASCADE,
    position        INTEGER NOT NULL,
    title           TEXT NOT NULL COLLATE sv,
    focus_area      TEXT,                    -- one of the plan's, as it was called
    problem         TEXT,
    gap_key         INTEGER REFERENCES gap (key),
    group_key       INTEGER REFERENCES workgroup (key), -- who carries it out
    deliverable_type TEXT,
    dimensions      TEXT,                    -- JSON array
    priority        INTEGER CHECK (priority BETWEEN 1 AND 4),
    priority_reason TEXT,
    cost            INTEGER,                 -- kronor; needs the next (R64)
    prioritisation_reference TEXT,
    resource_needs  TEXT,                    -- consequences for people and process support
    start_date      TEXT,
    end_date        TEXT,
    milestones      TEXT,                    -- JSON array of {text, dueDate}
    indicators      TEXT,                    -- in words
    progress        TEXT CHECK (progress IN ('onTrack', 'delayed', 'stopped', 'done')),
    outcome         TEXT,                    -- at the year's end
    deviation       TEXT,
    parent_key      INTEGER REFERENCES initiative (key) ON DELETE SET NULL, -- of the plan one level up
    from_key        INTEGER REFERENCES initiative (key) ON DELETE SET NULL, -- last year's, which it goes on with
    version         INTEGER NOT NULL DEFAULT 1,
    modified        TEXT NOT NULL
) STRICT;
CREATE INDEX initiative_plan ON initiative (plan_key, position);
CREATE INDEX initiative_gap ON initiative (gap_key);
CREATE INDEX initiative_group ON initiative (group_key);
CREATE INDEX initiative_parent ON initiative (parent_key);
CREATE INDEX initiative_from ON initiative (from_key);
CREATE INDEX initiative_modified ON initiative (modified, key);

-- What a reviewer asks of a plan or of one of its rows.
CREATE TABLE plan_remark (
    key             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    plan_key        INTEGER NOT NULL REFERENCES plan (key) ON DELETE CASCADE,
    number          INTEGER NOT NULL,        -- of the submission it was made on
    initiative_key  INTEGER REFERENCES initiative (key) ON DELETE SET NULL,
    text            TEXT NOT NULL,
    answer          TEXT,
    resolved        INTEGER NOT NULL DEFAULT 0,
    account_key     INTEGER REFERENCES account (key) ON DELETE SET NULL,
    at              TEXT NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1,
    modified        TEXT NOT NULL
) STRICT;
CREATE INDEX plan_remark_plan ON plan_remark (plan_key);
CREATE INDEX plan_remark_initiative ON plan_remark (initiative_key);

-- Where a reviewer stands, before the decision: one by reviewer and submission. The support function's accounts need
-- be nobody's own.
CREATE TABLE plan_position (
    key             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    plan_key        INTEGER NOT NULL REFERENCES plan (key) ON DELETE CASCADE,
    number          INTEGER NOT NULL,
    person_key      INTEGER REFERENCES person (key),
    account_key     INTEGER REFERENCES account (key) ON DELETE SET NULL,
    position        TEXT NOT NULL CHECK (position IN ('supports', 'supportsWithRemarks', 'returns')),
    text            TEXT,
    at              TEXT NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1,
    modified        TEXT NOT NULL,
    UNIQUE (plan_key, number, person_key)
) STRICT;
CREATE INDEX plan_position_person ON plan_position (person_key);
CREATE INDEX plan_position_account ON plan_position (account_key);

-- The five facts of a decision (domain.md 2).
CREATE TABLE plan_decision (
    key             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    plan_key        INTEGER NOT NULL REFERENCES plan (key) ON DELETE CASCADE,
    number          INTEGER NOT NULL,        -- the submission it is about
    principal_key   INTEGER REFERENCES workgroup (key), -- NULL: the coordinator of the area
    outcome         TEXT NOT NULL CHECK (outcome IN ('approved', 'returned')),
    comment         TEXT,
    decided_on      TEXT NOT NULL,
    decided_by_key  INTEGER REFERENCES person (key),
    presented_by_key INTEGER REFERENCES person (key),
    present         TEXT,                    -- names of who took part without deciding
    reference       TEXT,                    -- § or diary number
    at              TEXT NOT NULL,
    account_key     INTEGER REFERENCES account (key) ON DELETE SET NULL
) STRICT;
CREATE INDEX plan_decision_plan ON plan_decision (plan_key, number);
CREATE INDEX plan_decision_decided_by ON plan_decision (decided_by_key);
CREATE INDEX plan_decision_presented_by ON plan_decision (presented_by_key);
CREATE INDEX plan_decision_principal ON plan_decision (principal_key);

-- The year's days (domain.md 2), MM-DD: from when plans are written, by when they are submitted, by when they are
-- decided. A day before the first of them is the plan's own year's; 02-29 is the last of February.
INSERT INTO setting (name, value) VALUES
    ('planWritten', '09-01'), ('planSubmitted', '12-15'), ('planDecided', '02-29');

-- ---------------------------------------------------------------- reviews

-- A working group looked at by its principal, once a year (R61).
CREATE TABLE review (
    key             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    group_key       INTEGER NOT NULL REFERENCES workgroup (key),
    year            INTEGER NOT NULL,
    outcome         TEXT NOT NULL CHECK (outcome IN ('continue', 'change', 'close')),
    text            TEXT NOT NULL,           -- Markdown; the reason
    knowledge_based TEXT,                    -- the group's contribution to each dimension of good care (R65)
    safe            TEXT,
    individual      TEXT,
    efficient       TEXT,
    equal           TEXT,
    accessible      TEXT,
    facts           TEXT NOT NULL,           -- JSON: what the register said
    reviewed_by_key INTEGER REFERENCES person (key),
    reviewed_on     TEXT NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1,
    modified        TEXT NOT NULL,
    UNIQUE (group_key, year)
) STRICT;
CREATE INDEX review_year ON review (year, reviewed_on); -- the order of lists
CREATE INDEX review_reviewed_by ON review (reviewed_by_key);
CREATE INDEX review_modified ON review (modified, key);

-- What is done for a group that is to be closed: rows for what has been said of.
CREATE TABLE review_closing (
    review_key  INTEGER NOT NULL REFERENCES review (key) ON DELETE CASCADE,
    item        TEXT NOT NULL CHECK (item IN ('actions', 'products', 'thanks')),
    note        TEXT,                        -- who takes over what
    done_on     TEXT,                        -- NULL: not done
    PRIMARY KEY (review_key, item)
) STRICT;

-- ---------------------------------------------------------------- search over texts

-- As those of 0004.
CREATE VIRTUAL TABLE search_plans USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_initiatives USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_gaps USING fts5(title, body, tokenize='kansli', columnsize=0);
