-- People, what a group should hold, mandates, retention, imports.

-- ---------------------------------------------------------------- people

-- Who entered the person: that account sees it before it has a seat anywhere.
ALTER TABLE person ADD COLUMN entered_by_key INTEGER REFERENCES account (key) ON DELETE SET NULL;
-- The day on which everything that names the person was taken away; role, organisation and dates stay (domain.md 4).
ALTER TABLE person ADD COLUMN anonymised_date TEXT;
-- The whole name, as lists sort it and everything else shows it.
ALTER TABLE person ADD COLUMN name TEXT COLLATE sv GENERATED ALWAYS AS (given_name || ' ' || family_name) VIRTUAL;
CREATE INDEX person_whole_name ON person (name);
CREATE INDEX person_employer ON person (employer_key);
CREATE INDEX person_modified ON person (modified, key);
CREATE INDEX person_email ON person (email);

-- Ids of persons that were merged into another: they answer 308.
CREATE TABLE person_alias (
    id          TEXT PRIMARY KEY,
    person_key  INTEGER NOT NULL REFERENCES person (key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX person_alias_person ON person_alias (person_key);

CREATE INDEX membership_behalf ON membership (on_behalf_of_key, role, start_date, end_date, group_key);
CREATE INDEX membership_modified ON membership (modified, key);
CREATE INDEX membership_end ON membership (end_date, group_key) WHERE end_date IS NOT NULL;

-- How long what is kept (domain.md 4). A rule without a decision destroys nothing.
CREATE TABLE retention_rule (
    key               INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    name              TEXT NOT NULL COLLATE sv,
    applies_to        TEXT NOT NULL,         -- personsWithoutRoles, contactDetails, accounts: what it takes away
    months            INTEGER NOT NULL,      -- after the last role's end, or the last login
    decision          TEXT,                  -- what it rests on; NULL: the rule only counts
    decided_date      TEXT,
    version           INTEGER NOT NULL DEFAULT 1,
    modified          TEXT NOT NULL
) STRICT;

-- ---------------------------------------------------------------- what a group should hold (R21)

-- Conditions in one row hold together. What an administrator wants every group of a kind to begin with has the kind
-- instead of the group.
CREATE TABLE requirement (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    group_key   INTEGER REFERENCES workgroup (key) ON DELETE CASCADE,
    kind_key    INTEGER REFERENCES group_kind (key) ON DELETE CASCADE,
    position    INTEGER NOT NULL DEFAULT 0,  -- order within the group
    type        TEXT NOT NULL,               -- eachHealthcareRegion eachRegion body capacity competence role
    text        TEXT NOT NULL,
    body_key    INTEGER REFERENCES body (key),
    capacity    TEXT,
    competence  TEXT,
    role        TEXT,
    min_count   INTEGER NOT NULL DEFAULT 1,
    weight      TEXT NOT NULL DEFAULT 'required' CHECK (weight IN ('required', 'desirable')),
    version     INTEGER NOT NULL DEFAULT 1,
    modified    TEXT NOT NULL,
    CHECK ((group_key IS NULL) <> (kind_key IS NULL))
) STRICT;
CREATE INDEX requirement_group ON requirement (group_key, position);
CREATE INDEX requirement_kind ON requirement (kind_key, position);
CREATE INDEX requirement_body ON requirement (body_key);
CREATE INDEX requirement_modified ON requirement (modified, key);

-- ---------------------------------------------------------------- mandates (R10–R13)

-- A version of a group's mandate; with a kind instead of a group: of the generic annex to all mandates of that kind (R11).
CREATE TABLE mandate (
    key                     INTEGER PRIMARY KEY,
    id                      TEXT NOT NULL UNIQUE,
    group_key               INTEGER REFERENCES workgroup (key) ON DELETE CASCADE,
    kind_key                INTEGER REFERENCES group_kind (key) ON DELETE CASCADE,
    number                  INTEGER NOT NULL,      -- 1, 2, 3 … by group or kind
    state                   TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'returned', 'approved')),
    purpose                 TEXT NOT NULL,         -- Markdown
    tasks                   TEXT,                  -- JSON array of texts
    scope                   TEXT,                  -- Markdown
    time_plan               TEXT,                  -- Markdown
    deliverables            TEXT,                  -- JSON array of {text, dueDate}
    member_count            INTEGER,               -- the resource estimate (R12)
    member_percent          INTEGER,
    chair_percent           INTEGER,
    process_leader_percent  INTEGER,
    nomination_process      TEXT,                  -- Markdown
    costs                   TEXT,                  -- Markdown
    reporting               TEXT,                  -- Markdown
    reference               TEXT,                  -- diary number or decision: free text
    valid_from              TEXT NOT NULL,
    valid_to                TEXT,
    submitted_at            TEXT,
    approved_at             TEXT,                  -- by the last principal
    version                 INTEGER NOT NULL DEFAULT 1,
    modified                TEXT NOT NULL,
    CHECK ((group_key IS NULL) <> (kind_key IS NULL)),
    UNIQUE (group_key, number),
    UNIQUE (kind_key, number)
) STRICT;
CREATE INDEX mandate_group ON mandate (group_key, state, valid_from, valid_to);
CREATE INDEX mandate_modified ON mandate (modified, key);
CREATE INDEX mandate_valid_to ON mandate (valid_to) WHERE valid_to IS NOT NULL;

-- What each principal said of a submitted version.
CREATE TABLE mandate_approval (
    key            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    mandate_key    INTEGER NOT NULL REFERENCES mandate (key) ON DELETE CASCADE,
    principal_key  INTEGER REFERENCES workgroup (key), -- NULL: the support function, where nobody commissions, and for annexes
    outcome        TEXT NOT NULL CHECK (outcome IN ('approved', 'returned')),
    comment        TEXT,
    at             TEXT NOT NULL,
    account_key    INTEGER REFERENCES account (key) ON DELETE SET NULL -- who said it; NULL: the command line, or an account that is gone
) STRICT;
CREATE INDEX mandate_approval_mandate ON mandate_approval (mandate_key, principal_key);
CREATE INDEX mandate_approval_principal ON mandate_approval (principal_key);

-- ---------------------------------------------------------------- imports

-- A file somebody sent, row by row, before and after it was applied.
CREATE TABLE import_run (
    key            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    resource       TEXT NOT NULL,              -- "persons", "memberships"
    file_name      TEXT,
    group_key      INTEGER REFERENCES workgroup (key) ON DELETE CASCADE, -- of every membership in a file that names no group
    account_key    INTEGER REFERENCES account (key) ON DELETE CASCADE, -- whose; NULL: the command line
    status         TEXT NOT NULL DEFAULT 'tried' CHECK (status IN ('tried', 'applied', 'undone')),
    columns        TEXT NOT NULL,              -- JSON array of {heading, field}: what each column was taken for
    row_count      INTEGER NOT NULL,
    new_count      INTEGER NOT NULL DEFAULT 0, -- rows by what applying makes of them
    same_count     INTEGER NOT NULL DEFAULT 0,
    changed_count  INTEGER NOT NULL DEFAULT 0,
    error_count    INTEGER NOT NULL DEFAULT 0,
    created        TEXT NOT NULL,
    applied_at     TEXT,
    undone_at      TEXT,
    version        INTEGER NOT NULL DEFAULT 1,
    modified       TEXT NOT NULL
) STRICT;
CREATE INDEX import_run_account ON import_run (account_key, created);
CREATE INDEX import_run_created ON import_run (created);

-- The rows, for 30 days or until they are undone: they name people.
CREATE TABLE import_row (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    run_key     INTEGER NOT NULL REFERENCES import_run (key) ON DELETE CASCADE,
    number      INTEGER NOT NULL,            -- the line of the file
    texts       TEXT NOT NULL,               -- JSON: field → text as sent
    choice      TEXT,                        -- whom a person said the row is about: an id, or "new"
    act         TEXT NOT NULL DEFAULT 'none' CHECK (act IN ('create', 'update', 'none', 'error')),
    object_id   TEXT,                        -- what it changes, or made when applied
    matched_by  TEXT,                        -- id, email, name, choice
    message     TEXT,                        -- why the row cannot be, when no cell is to blame
    cells       TEXT,                        -- JSON array: how each cell stands to the register
    candidates  TEXT,                        -- JSON array: whom it may be about
    effects     TEXT                         -- JSON array, once applied: what was done, for undoing
) STRICT;
CREATE INDEX import_row_run ON import_row (run_key, number);
