CREATE VIEW participation AS
SELECT m.person_key, m.group_key, m.role, m.capacity, m.on_behalf_of_key, m.start_date, m.end_date,
       m.key AS membership_key, CAST(NULL AS INTEGER) AS nomination_key
FROM membership m WHERE m.role NOT IN ('contact', 'observer')
UNION ALL
SELECT n.person_key, c.group_key, n.role, n.capacity, n.nominator_key, CAST(NULL AS TEXT), CAST(NULL AS TEXT),
       CAST(NULL AS INTEGER), n.key
FROM nomination n JOIN nomination_call c ON c.key = n.call_key
WHERE coalesce(n.state, '') IN ('submitted', 'reserve');
CREATE TABLE account (
    key               INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    email             TEXT NOT NULL,         -- as written
    email_folded      TEXT NOT NULL UNIQUE,  -- lower case, for finding
    name              TEXT,                  -- shown until a person is tied to the account
    person_key        INTEGER REFERENCES person (key),
    password          TEXT,                  -- NULL until an invitation has been used
    totp_secret       TEXT,                  -- base32; NULL: no second factor
    totp_pending      TEXT,                  -- a secret that has not been confirmed by a code yet
    totp_step         INTEGER,               -- last step used: a code works once
    language          TEXT CHECK (language IN ('sv', 'en')),
    theme             TEXT CHECK (theme IN ('light', 'dark')),
    shortcuts         INTEGER NOT NULL DEFAULT 1, -- 0: no single-key shortcuts (WCAG 2.1.4)
    disabled          INTEGER NOT NULL DEFAULT 0,
    last_seen         TEXT,                  -- by a session, at most a minute late
    version           INTEGER NOT NULL DEFAULT 1,
    modified          TEXT NOT NULL
) STRICT;
CREATE TABLE account_role (
    key               INTEGER PRIMARY KEY,
    account_key       INTEGER NOT NULL REFERENCES account (key) ON DELETE CASCADE,
    role              TEXT NOT NULL CHECK (role IN ('administrator', 'support', 'coordinator', 'auditor', 'dataProtection')),
    organisation_key  INTEGER REFERENCES organisation (key),
    CHECK ((role = 'coordinator') = (organisation_key IS NOT NULL))
) STRICT;
CREATE TABLE action (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    group_key    INTEGER NOT NULL REFERENCES workgroup (key),
    meeting_key  INTEGER REFERENCES meeting (key), -- NULL: entered by hand
    item_key     INTEGER REFERENCES agenda_item (key) ON DELETE SET NULL,
    text         TEXT NOT NULL,
    owner_key    INTEGER REFERENCES person (key),
    due_date     TEXT,
    status       TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'dropped')),
    reason       TEXT,                       -- why it was dropped
    closed_on    TEXT,                       -- the day on which it was done or dropped
    position       INTEGER,                  -- of its line among the actions of the minutes
    line_owner_key INTEGER REFERENCES person (key), -- what the line says: whose it is and by when
    line_due_date  TEXT,                     -- follow it only when it changes
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL
) STRICT;
CREATE TABLE agenda_item (
    key           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    meeting_key   INTEGER NOT NULL REFERENCES meeting (key) ON DELETE CASCADE,
    position      INTEGER NOT NULL,          -- 1, 2, 3 ... : its number
    title         TEXT NOT NULL,
    type          TEXT NOT NULL CHECK (type IN ('information', 'discussion', 'decision', 'declaration')),
    text          TEXT,                      -- Markdown
    minutes_text  TEXT,                      -- Markdown: what is noted at the meeting
    tags          TEXT,                      -- JSON array of texts: what a recusal is suggested by
    from_key      INTEGER REFERENCES agenda_item (key) ON DELETE SET NULL, -- the item of an earlier meeting that it goes on with
    postponed     INTEGER NOT NULL DEFAULT 0, -- 1: left for the next meeting
    version       INTEGER NOT NULL DEFAULT 1,
    modified      TEXT NOT NULL
) STRICT;
CREATE TABLE agenda_presenter (
    item_key    INTEGER NOT NULL REFERENCES agenda_item (key) ON DELETE CASCADE,
    person_key  INTEGER NOT NULL REFERENCES person (key),
    position    INTEGER NOT NULL,
    PRIMARY KEY (item_key, person_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE attendance (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    meeting_key  INTEGER NOT NULL REFERENCES meeting (key) ON DELETE CASCADE,
    person_key   INTEGER NOT NULL REFERENCES person (key),
    status       TEXT CHECK (status IN ('present', 'remote', 'absent', 'excused')), -- NULL: not noted yet
    for_key      INTEGER REFERENCES person (key), -- whose deputy
    answer       TEXT CHECK (answer IN ('yes', 'no', 'deputy')), -- to the notice
    answered_at  TEXT,
    note         TEXT,                       -- with the answer: who comes instead
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL,
    UNIQUE (meeting_key, person_key)
) STRICT;
CREATE TABLE audit_event (
    key          INTEGER PRIMARY KEY,        -- 1, 2, 3 ... without a gap
    id           TEXT NOT NULL UNIQUE,       -- UUID
    at           TEXT NOT NULL,              -- instant, never earlier than the row before
    actor        TEXT NOT NULL,              -- account's UUID, or "kansli" for the command line and the program itself
    as_support   INTEGER NOT NULL DEFAULT 0, -- 1: the support function acted in another's place (domain.md 1)
    object_type  TEXT NOT NULL,              -- resource: "groups", "hosts" ...
    object_key   INTEGER NOT NULL,           -- row of the object, also when it has been renamed or is gone
    object_id    TEXT NOT NULL,              -- its id at the time
    within_type  TEXT,                       -- the object whose page shows this too: a hosting's group
    within_key   INTEGER,
    act          TEXT NOT NULL,              -- create, update, delete, close ... ; erase for an erasure
    version      INTEGER NOT NULL,           -- the object's version after the act
    changes      TEXT,                       -- JSON: field → [before, after]; NULL when erased
    salt         TEXT,                       -- random; NULL when erased
    digest       TEXT NOT NULL,              -- SHA-256 of salt and content; stays when both are erased
    chain        TEXT NOT NULL               -- SHA-256 of the row before's chain, this digest and the row's other columns
) STRICT;
CREATE TABLE audit_head (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    length  INTEGER NOT NULL,                -- audit_event's last key
    chain   TEXT NOT NULL                    -- and its chain
) STRICT;
CREATE TABLE body (
    key   INTEGER PRIMARY KEY AUTOINCREMENT,
    id    TEXT NOT NULL UNIQUE,              -- slug: a-z, 0-9, hyphen
    type  TEXT NOT NULL CHECK (type IN ('organisation', 'group'))
) STRICT;
CREATE TABLE body_alias (
    id        TEXT PRIMARY KEY,
    body_key  INTEGER NOT NULL REFERENCES body (key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE calendar_secret (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    account_key  INTEGER NOT NULL UNIQUE REFERENCES account (key) ON DELETE CASCADE,
    digest       TEXT NOT NULL UNIQUE,
    created      TEXT NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL
) STRICT;
CREATE TABLE decision (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    group_key    INTEGER NOT NULL REFERENCES workgroup (key),
    meeting_key  INTEGER NOT NULL REFERENCES meeting (key),
    item_key     INTEGER REFERENCES agenda_item (key) ON DELETE SET NULL,
    year         INTEGER NOT NULL,
    number       INTEGER,                    -- § in the group's series of the year; NULL until adjusted
    text         TEXT NOT NULL,
    decided_on   TEXT NOT NULL,
    position     INTEGER NOT NULL,           -- of its line among the decisions of the minutes
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL,
    UNIQUE (group_key, year, number)
) STRICT;
CREATE TABLE declaration (
    key           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    person_key    INTEGER NOT NULL REFERENCES person (key),
    form_key      INTEGER NOT NULL REFERENCES declaration_form (key), -- the questions that were answered
    state         TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'withdrawn')), -- the rest is computed
    answers       TEXT,                      -- JSON: question's code -> true or false, while it is written one by one
    no_interests  INTEGER CHECK (no_interests IN (0, 1)), -- an explicit choice
    interests     TEXT,                      -- JSON array, api.md
    attested      INTEGER NOT NULL DEFAULT 0,
    begun_from_key INTEGER REFERENCES declaration (key), -- the one it was begun from
    on_paper      INTEGER NOT NULL DEFAULT 0, -- 1: a signed paper form, recorded by a process leader
    signed_date   TEXT,                      -- of the paper
    entered_by_key INTEGER REFERENCES account (key) ON DELETE SET NULL,
    submitted_at  TEXT,
    submitted_on  TEXT,                      -- the day in Stockholm, or the paper's
    valid_until   TEXT,                      -- from submission on
    withdrawn_at  TEXT,
    version       INTEGER NOT NULL DEFAULT 1,
    modified      TEXT NOT NULL
) STRICT;
CREATE TABLE declaration_form (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    variant     TEXT NOT NULL,               -- publicRepresentative patientRepresentative organisationRepresentative staff
    number      INTEGER NOT NULL,            -- 1, 2, 3 ... by variant
    valid_from  TEXT NOT NULL,
    questions   TEXT NOT NULL,               -- JSON array of {code, text, textEnglish, hint, hintEnglish, kinds}
    version     INTEGER NOT NULL DEFAULT 1,
    modified    TEXT NOT NULL,
    UNIQUE (variant, number)
) STRICT;
CREATE TABLE declaration_group (
    declaration_key  INTEGER NOT NULL REFERENCES declaration (key) ON DELETE CASCADE,
    group_key        INTEGER NOT NULL REFERENCES workgroup (key),
    PRIMARY KEY (declaration_key, group_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE declaration_inquiry (
    key              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    declaration_key  INTEGER NOT NULL REFERENCES declaration (key) ON DELETE CASCADE,
    group_key        INTEGER NOT NULL REFERENCES workgroup (key),
    text             TEXT NOT NULL,
    account_key      INTEGER REFERENCES account (key) ON DELETE SET NULL,
    at               TEXT NOT NULL
) STRICT;
CREATE TABLE declaration_reading (
    key              INTEGER PRIMARY KEY,
    declaration_key  INTEGER NOT NULL REFERENCES declaration (key) ON DELETE CASCADE,
    account_key      INTEGER REFERENCES account (key) ON DELETE SET NULL,
    parts            TEXT NOT NULL,          -- "interests", "interests details", "interests details motivation"
    at               TEXT NOT NULL
) STRICT;
CREATE TABLE declaration_review (
    key              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    declaration_key  INTEGER NOT NULL REFERENCES declaration (key) ON DELETE CASCADE,
    group_key        INTEGER NOT NULL REFERENCES workgroup (key),
    outcome          TEXT NOT NULL,          -- noConflict declareOnly partialExclusion completeExclusion notEligible
    conditions       TEXT,
    motivation       TEXT,                   -- for reviewers and the person
    valid_until      TEXT NOT NULL,
    account_key      INTEGER REFERENCES account (key) ON DELETE SET NULL, -- who reviewed
    at               TEXT NOT NULL
) STRICT;
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
CREATE TABLE glossary (
    key           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    abbreviation  TEXT NOT NULL COLLATE sv,
    name          TEXT NOT NULL COLLATE sv,
    name_english  TEXT,
    text          TEXT,
    version       INTEGER NOT NULL DEFAULT 1,
    modified      TEXT NOT NULL
) STRICT;
CREATE TABLE group_kind (
    key               INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,  -- "npo": also the abbreviation, in capitals
    name              TEXT NOT NULL COLLATE sv,
    name_english      TEXT NOT NULL,
    level             TEXT NOT NULL CHECK (level IN ('national', 'healthcareRegion', 'local')),
    category          TEXT NOT NULL,
    any_principal     INTEGER NOT NULL DEFAULT 0, -- 1: any kind may commission it
    chair_max_months  INTEGER,
    version           INTEGER NOT NULL DEFAULT 1,
    modified          TEXT NOT NULL
) STRICT;
CREATE TABLE group_kind_alias (
    id        TEXT PRIMARY KEY,
    kind_key  INTEGER NOT NULL REFERENCES group_kind (key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE group_kind_principal (
    kind_key       INTEGER NOT NULL REFERENCES group_kind (key) ON DELETE CASCADE,
    principal_key  INTEGER NOT NULL REFERENCES group_kind (key),
    PRIMARY KEY (kind_key, principal_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE group_pause (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    group_key   INTEGER NOT NULL REFERENCES workgroup (key) ON DELETE CASCADE,
    status      TEXT NOT NULL CHECK (status IN ('dormant', 'closed')),
    start_date  TEXT NOT NULL,
    end_date    TEXT,
    reason      TEXT NOT NULL
) STRICT;
CREATE TABLE group_principal (
    key            INTEGER PRIMARY KEY,
    group_key      INTEGER NOT NULL REFERENCES workgroup (key) ON DELETE CASCADE,
    principal_key  INTEGER NOT NULL REFERENCES workgroup (key),
    position       INTEGER NOT NULL DEFAULT 0, -- the order in which they were named
    start_date     TEXT NOT NULL,
    end_date       TEXT
) STRICT;
CREATE TABLE hosting (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    group_key   INTEGER NOT NULL REFERENCES workgroup (key) ON DELETE CASCADE,
    body_key    INTEGER NOT NULL REFERENCES body (key),
    status      TEXT NOT NULL CHECK (status IN ('active', 'dormant')),
    start_date  TEXT,
    end_date    TEXT,
    version     INTEGER NOT NULL DEFAULT 1,
    modified    TEXT NOT NULL
) STRICT;
CREATE TABLE idempotency (
    actor        TEXT NOT NULL,
    name         TEXT NOT NULL,              -- the Idempotency-Key
    request      TEXT NOT NULL,              -- digest of method, path and body
    status       INTEGER NOT NULL,
    location     TEXT,
    body         TEXT NOT NULL,              -- the answer, as sent
    version      INTEGER NOT NULL,           -- of the object in it: its ETag
    at           TEXT NOT NULL,
    PRIMARY KEY (actor, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE import_piece (
    run_key  INTEGER NOT NULL REFERENCES import_run (key) ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    texts    TEXT NOT NULL, -- JSON: [[line, {field: text as sent}], ...]
    PRIMARY KEY (run_key, number)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE "import_run" (
    key            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    resource       TEXT NOT NULL,              -- "persons", "memberships", "groups" ...
    file_name      TEXT,
    group_key      INTEGER REFERENCES workgroup (key) ON DELETE CASCADE, -- of every row in a file that names no group
    account_key    INTEGER REFERENCES account (key) ON DELETE CASCADE, -- whose; NULL: the command line
    asked_by_key   INTEGER REFERENCES account (key) ON DELETE SET NULL, -- who asked for what is being done; NULL: the program
    language       TEXT NOT NULL DEFAULT 'sv', -- in which its rows are told what is wrong
    status         TEXT NOT NULL DEFAULT 'trying' CHECK (status IN ('trying', 'tried', 'applying', 'applied', 'undoing', 'undone', 'failed', 'removing')),
    at_once        INTEGER NOT NULL DEFAULT 0, -- 1: applied as soon as it is tried without an error
    skip_errors    INTEGER NOT NULL DEFAULT 0, -- 1: applied without the rows that have errors
    columns        TEXT NOT NULL,              -- JSON array of {heading, field}: what each column was taken for
    row_count      INTEGER NOT NULL,
    done_count     INTEGER NOT NULL DEFAULT 0, -- rows gone through by what is being done
    done_line      INTEGER NOT NULL DEFAULT 0, -- the file's line of the last of them
    new_count      INTEGER NOT NULL DEFAULT 0, -- rows by what applying makes of them
    same_count     INTEGER NOT NULL DEFAULT 0,
    changed_count  INTEGER NOT NULL DEFAULT 0,
    error_count    INTEGER NOT NULL DEFAULT 0,
    message        TEXT,                       -- why it failed, or what stands in the way of undoing
    created        TEXT NOT NULL,
    applied_at     TEXT,
    undone_at      TEXT,
    version        INTEGER NOT NULL DEFAULT 1,
    modified       TEXT NOT NULL
) STRICT;
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
CREATE TABLE link (
    key          INTEGER PRIMARY KEY,
    digest       TEXT NOT NULL UNIQUE,
    account_key  INTEGER NOT NULL REFERENCES account (key) ON DELETE CASCADE,
    purpose      TEXT NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    expires      TEXT NOT NULL,
    used         TEXT
) STRICT;
CREATE TABLE login_failure (
    email      TEXT PRIMARY KEY,             -- SHA-256 of the address as written, in lower case
    failures   INTEGER NOT NULL,
    failed_at  TEXT NOT NULL                 -- the last of them
) STRICT, WITHOUT ROWID;
CREATE TABLE mail (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    event        TEXT NOT NULL,              -- what happened: "nominations:<id>:appointed"
    kind         TEXT NOT NULL CHECK (kind IN ('request', 'notice', 'reminder', 'digest')), -- the last two can be stopped
    address      TEXT NOT NULL,
    account_key  INTEGER REFERENCES account (key) ON DELETE SET NULL, -- whose choices it follows
    person_key   INTEGER REFERENCES person (key) ON DELETE SET NULL,  -- or whose, without an account
    language     TEXT NOT NULL CHECK (language IN ('sv', 'en')),
    content      TEXT,                       -- JSON {name, subject, paragraphs, path, action, why, list}; gone once it
                                             -- was sent or stopped: it may name others, or hold a one-time link
    state        TEXT NOT NULL DEFAULT 'waiting'
                 CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'unsure', 'stopped')), -- unsure: nobody knows whether it was sent
    attempts     INTEGER NOT NULL DEFAULT 0,
    due          TEXT NOT NULL,              -- the instant of the next attempt
    problem      TEXT,                       -- what went wrong last
    created      TEXT NOT NULL,
    sent_at      TEXT,
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL,
    UNIQUE (event, address)
) STRICT;
CREATE TABLE mail_choice (
    key          INTEGER PRIMARY KEY,
    account_key  INTEGER UNIQUE REFERENCES account (key) ON DELETE CASCADE,
    person_key   INTEGER UNIQUE REFERENCES person (key) ON DELETE CASCADE,
    reminders    INTEGER NOT NULL DEFAULT 1,
    digest       TEXT NOT NULL DEFAULT 'off' CHECK (digest IN ('off', 'weekly')),
    CHECK ((account_key IS NULL) <> (person_key IS NULL))
) STRICT;
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
CREATE TABLE meeting (
    key            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    group_key      INTEGER NOT NULL REFERENCES workgroup (key), -- the one that leads: its series, its history
    title          TEXT NOT NULL COLLATE sv,
    starts_at      TEXT NOT NULL,            -- instants, UTC; people see Stockholm's time
    ends_at        TEXT NOT NULL,
    starts_on      TEXT NOT NULL,            -- the day in Stockholm: what lists and calendars ask by
    mode           TEXT NOT NULL CHECK (mode IN ('inPerson', 'online', 'hybrid')),
    location       TEXT,                     -- a place, or how to join
    visibility     TEXT NOT NULL DEFAULT 'members' CHECK (visibility IN ('public', 'members', 'principals')),
    called_at      TEXT,                     -- when the notice was sent; NULL: planned
    cancelled_at   TEXT,
    cancel_reason  TEXT,
    sequence       INTEGER NOT NULL DEFAULT 0, -- of its calendar event: each change of time or place raises it
    version        INTEGER NOT NULL DEFAULT 1,
    modified       TEXT NOT NULL
) STRICT;
CREATE TABLE meeting_group (
    meeting_key  INTEGER NOT NULL REFERENCES meeting (key) ON DELETE CASCADE,
    group_key    INTEGER NOT NULL REFERENCES workgroup (key),
    position     INTEGER NOT NULL,
    starts_on    TEXT NOT NULL,              -- as the meeting's: one index tells a group's meetings in order
    PRIMARY KEY (meeting_key, group_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE meeting_link (
    key          INTEGER PRIMARY KEY,
    digest       TEXT NOT NULL UNIQUE,
    meeting_key  INTEGER NOT NULL REFERENCES meeting (key) ON DELETE CASCADE,
    person_key   INTEGER NOT NULL REFERENCES person (key) ON DELETE CASCADE,
    created      TEXT NOT NULL               -- works until the meeting has ended
) STRICT;
CREATE TABLE membership (
    key                   INTEGER PRIMARY KEY,
    id                    TEXT NOT NULL UNIQUE,
    person_key            INTEGER NOT NULL REFERENCES person (key),
    group_key             INTEGER NOT NULL REFERENCES workgroup (key) ON DELETE CASCADE,
    role                  TEXT NOT NULL,     -- chair viceChair member coOpted processLeader secretary contact observer
    capacity              TEXT NOT NULL,
    on_behalf_of_key      INTEGER REFERENCES body (key),
    speaks_for            TEXT CHECK (speaks_for IN ('self', 'organisation')),
    workload_percent      INTEGER,
    competences           TEXT,              -- JSON array of texts
    start_date            TEXT NOT NULL,
    end_date              TEXT,
    end_reason            TEXT,
    appointed_by_key      INTEGER REFERENCES body (key),
    appointed_date        TEXT,
    decision_reference    TEXT,
    introduced_date       TEXT,
    version               INTEGER NOT NULL DEFAULT 1,
    modified              TEXT NOT NULL
) STRICT;
CREATE TABLE minutes (
    key             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    meeting_key     INTEGER NOT NULL REFERENCES meeting (key),
    number          INTEGER NOT NULL,        -- 1, 2, 3 ... by meeting: a correction is the next
    state           TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'adjusted', 'distributed')),
    text            TEXT NOT NULL,           -- Markdown
    html            TEXT NOT NULL,           -- rendered when saved, and again with § when adjusted
    contents        TEXT NOT NULL,           -- JSON: its headings and their anchors
    renderer        INTEGER NOT NULL,        -- by which version
    adjusted_at     TEXT,
    adjusted_by_key INTEGER REFERENCES account (key) ON DELETE SET NULL,
    distributed_at  TEXT,
    version         INTEGER NOT NULL DEFAULT 1,
    modified        TEXT NOT NULL,
    UNIQUE (meeting_key, number)
) STRICT;
CREATE TABLE minutes_draft (
    minutes_key   INTEGER NOT NULL REFERENCES minutes (key) ON DELETE CASCADE,
    account_key   INTEGER NOT NULL REFERENCES account (key) ON DELETE CASCADE,
    base_version  INTEGER NOT NULL,          -- minutes.version that it was begun from
    base_text     TEXT,                      -- its text; NULL: it had been written over before the first word was kept
    text          TEXT NOT NULL,
    begun_at      TEXT NOT NULL,
    saved_at      TEXT NOT NULL,
    PRIMARY KEY (minutes_key, account_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE minutes_receipt (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    minutes_key  INTEGER NOT NULL REFERENCES minutes (key) ON DELETE CASCADE,
    body_key     INTEGER NOT NULL REFERENCES body (key),
    sent_at      TEXT NOT NULL,
    opened_at    TEXT,
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL,
    UNIQUE (minutes_key, body_key)
) STRICT;
CREATE TABLE nomination (
    key                 INTEGER PRIMARY KEY,
    id                  TEXT NOT NULL UNIQUE,
    call_key            INTEGER NOT NULL REFERENCES nomination_call (key),
    person_key          INTEGER NOT NULL REFERENCES person (key),
    nominator_key       INTEGER REFERENCES organisation (key), -- NULL: the person
    role                TEXT NOT NULL,
    capacity            TEXT NOT NULL,
    competences         TEXT,                -- JSON array of texts
    statement           TEXT,                -- why this person
    state               TEXT NOT NULL DEFAULT 'draft'
                        CHECK (state IN ('draft', 'submitted', 'appointed', 'reserve', 'notAppointed', 'withdrawn')),
    answer              TEXT CHECK (answer IN ('yes', 'no')), -- the nominee's own; NULL: not yet
    answered_at         TEXT,
    submitted_at        TEXT,
    submitted_by_key    INTEGER REFERENCES account (key) ON DELETE SET NULL,
    decided_at          TEXT,
    decided_by_key      INTEGER REFERENCES account (key) ON DELETE SET NULL,
    decided_for_key     INTEGER REFERENCES workgroup (key), -- the principal in whose name
    decision_reference  TEXT,
    reason              TEXT,                -- of a decision not to appoint, or of a withdrawal
    membership_key      INTEGER REFERENCES membership (key) ON DELETE SET NULL, -- what it became
    support_told_at     TEXT,                -- when the support function was told of the appointment (R32)
    entered_by_key      INTEGER REFERENCES account (key) ON DELETE SET NULL,
    version             INTEGER NOT NULL DEFAULT 1,
    modified            TEXT NOT NULL
) STRICT;
CREATE TABLE nomination_call (
    key              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    group_key        INTEGER NOT NULL REFERENCES workgroup (key) ON DELETE CASCADE,
    title            TEXT NOT NULL COLLATE sv,
    text             TEXT,                   -- Markdown
    seats            INTEGER NOT NULL DEFAULT 1,
    self_nomination  INTEGER NOT NULL DEFAULT 0,
    opens_on         TEXT NOT NULL,
    closes_on        TEXT,                   -- the last day
    published_at     TEXT,                   -- NULL: a draft
    closed_on        TEXT,                   -- by an act, before its day: closed from this day on
    close_reason     TEXT,                   -- of that act
    version          INTEGER NOT NULL DEFAULT 1,
    modified         TEXT NOT NULL
) STRICT;
CREATE TABLE nomination_call_asked (
    call_key          INTEGER NOT NULL REFERENCES nomination_call (key) ON DELETE CASCADE,
    organisation_key  INTEGER NOT NULL REFERENCES organisation (key),
    position          INTEGER NOT NULL,
    PRIMARY KEY (call_key, organisation_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE nomination_call_requirement (
    call_key         INTEGER NOT NULL REFERENCES nomination_call (key) ON DELETE CASCADE,
    requirement_key  INTEGER NOT NULL REFERENCES requirement (key) ON DELETE CASCADE,
    position         INTEGER NOT NULL,
    PRIMARY KEY (call_key, requirement_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE nomination_check (
    key               INTEGER PRIMARY KEY,
    nomination_key    INTEGER NOT NULL REFERENCES nomination (key) ON DELETE CASCADE,
    name              TEXT NOT NULL CHECK (name IN ('regionProcess', 'employer', 'declaration')),
    outcome           TEXT NOT NULL CHECK (outcome IN ('approved', 'declined', 'notApplicable')),
    by_name           TEXT,                  -- the manager, who has no account
    account_key       INTEGER REFERENCES account (key) ON DELETE SET NULL, -- who recorded it; NULL: by a one-time link
    workload_percent  INTEGER,               -- what the employer gives
    reason            TEXT,
    at                TEXT NOT NULL
) STRICT;
CREATE TABLE nomination_link (
    key             INTEGER PRIMARY KEY,
    digest          TEXT NOT NULL UNIQUE,
    nomination_key  INTEGER NOT NULL REFERENCES nomination (key) ON DELETE CASCADE,
    purpose         TEXT NOT NULL CHECK (purpose IN ('answer', 'employer')),
    address         TEXT NOT NULL,           -- where it was sent
    name            TEXT,
    created         TEXT NOT NULL,
    expires         TEXT NOT NULL,
    used            TEXT
) STRICT;
CREATE TABLE nomination_requirement (
    nomination_key   INTEGER NOT NULL REFERENCES nomination (key) ON DELETE CASCADE,
    requirement_key  INTEGER NOT NULL REFERENCES requirement (key) ON DELETE CASCADE,
    PRIMARY KEY (nomination_key, requirement_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE organisation (
    key         INTEGER PRIMARY KEY REFERENCES body (key) ON DELETE CASCADE,
    type        TEXT NOT NULL,
    name        TEXT NOT NULL COLLATE sv,
    short_name  TEXT COLLATE sv,
    code        TEXT,                        -- länskod or kommunkod: text, leading zeros count
    parent_key  INTEGER REFERENCES organisation (key),
    start_date  TEXT,
    end_date    TEXT,
    version     INTEGER NOT NULL DEFAULT 1,
    modified    TEXT NOT NULL
) STRICT;
CREATE TABLE organisation_area (
    organisation_key       INTEGER NOT NULL REFERENCES organisation (key) ON DELETE CASCADE,
    healthcare_region_key  INTEGER NOT NULL REFERENCES organisation (key),
    is_primary             INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    PRIMARY KEY (organisation_key, healthcare_region_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE paper (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    meeting_key  INTEGER NOT NULL REFERENCES meeting (key) ON DELETE CASCADE,
    item_key     INTEGER REFERENCES agenda_item (key) ON DELETE SET NULL,
    title        TEXT NOT NULL,
    href         TEXT,                       -- of a link
    file_name    TEXT,                       -- of a file: what a download is saved as
    media_type   TEXT,                       -- told by its content
    size         INTEGER,
    added_at     TEXT NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL,
    CHECK ((href IS NULL) = (media_type IS NOT NULL)),
    CHECK ((media_type IS NULL) = (file_name IS NULL) AND (media_type IS NULL) = (size IS NULL))
) STRICT;
CREATE TABLE paper_piece (
    paper_key  INTEGER NOT NULL REFERENCES paper (key) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (paper_key, number)
) STRICT;
CREATE TABLE paper_reading (
    key          INTEGER PRIMARY KEY,
    paper_key    INTEGER NOT NULL REFERENCES paper (key) ON DELETE CASCADE,
    account_key  INTEGER REFERENCES account (key) ON DELETE SET NULL,
    at           TEXT NOT NULL
) STRICT;
CREATE TABLE person (
    key                 INTEGER PRIMARY KEY,
    id                  TEXT NOT NULL UNIQUE,
    given_name          TEXT NOT NULL COLLATE sv,
    family_name         TEXT NOT NULL COLLATE sv,
    title               TEXT,
    professions         TEXT,                -- JSON array of texts
    employer_key        INTEGER REFERENCES body (key),
    email               TEXT,
    phone               TEXT,
    language            TEXT,
    gender              TEXT CHECK (gender IN ('woman', 'man', 'other')),
    publish_name        INTEGER CHECK (publish_name IN (0, 1)), -- NULL: not asked
    protected_identity  INTEGER NOT NULL DEFAULT 0,
    invented            INTEGER NOT NULL DEFAULT 0, -- 1: of the worked example, no real person
    version             INTEGER NOT NULL DEFAULT 1,
    modified            TEXT NOT NULL
, entered_by_key INTEGER REFERENCES account (key) ON DELETE SET NULL, anonymised_date TEXT, name TEXT COLLATE sv GENERATED ALWAYS AS (given_name || ' ' || family_name) VIRTUAL) STRICT;
CREATE TABLE person_alias (
    id          TEXT PRIMARY KEY,
    person_key  INTEGER NOT NULL REFERENCES person (key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
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
CREATE TABLE recusal (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    meeting_key  INTEGER NOT NULL REFERENCES meeting (key) ON DELETE CASCADE,
    item_key     INTEGER NOT NULL REFERENCES agenda_item (key) ON DELETE CASCADE,
    person_key   INTEGER NOT NULL REFERENCES person (key),
    action       TEXT NOT NULL CHECK (action IN ('openDeclaration', 'answeredQuestionsOnly', 'leftForDecision', 'leftRoom')),
    note         TEXT,                       -- public: it goes into the minutes
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL,
    UNIQUE (item_key, person_key)
) STRICT;
CREATE TABLE relation (
    key         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    group_key   INTEGER NOT NULL REFERENCES workgroup (key) ON DELETE CASCADE,
    type        TEXT NOT NULL CHECK (type IN ('anchoredWith', 'cooperatesWith', 'near')),
    body_key    INTEGER NOT NULL REFERENCES body (key),
    start_date  TEXT,
    end_date    TEXT,
    version     INTEGER NOT NULL DEFAULT 1,
    modified    TEXT NOT NULL
) STRICT;
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
CREATE TABLE review_closing (
    review_key  INTEGER NOT NULL REFERENCES review (key) ON DELETE CASCADE,
    item        TEXT NOT NULL CHECK (item IN ('actions', 'products', 'thanks')),
    note        TEXT,                        -- who takes over what
    done_on     TEXT,                        -- NULL: not done
    PRIMARY KEY (review_key, item)
) STRICT;
CREATE TABLE schema_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE search_actions USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_agenda_items USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_decisions USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE TABLE search_entry (
    key         INTEGER PRIMARY KEY,
    type        TEXT NOT NULL,
    object_key  INTEGER NOT NULL,
    UNIQUE (type, object_key)
) STRICT;
CREATE VIRTUAL TABLE search_gaps USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_initiatives USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_mandates USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_meetings USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_minutes USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_plans USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_text USING fts5(words, prefix='2 3');
CREATE TABLE session (
    key          INTEGER PRIMARY KEY,
    digest       TEXT NOT NULL UNIQUE,
    account_key  INTEGER NOT NULL REFERENCES account (key) ON DELETE CASCADE,
    csrf         TEXT NOT NULL,              -- the forms' token
    created      TEXT NOT NULL,
    seen         TEXT NOT NULL,              -- at most a minute late
    expires      TEXT NOT NULL,
    full         INTEGER NOT NULL DEFAULT 1, -- 0: password right, second factor not yet given
    agent        TEXT                        -- the browser's name, to tell one's sessions apart
) STRICT;
CREATE TABLE setting (
    key       INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,          -- "secondFactorRoles", "sessionIdleMinutes", "serverSecret" ...
    value     TEXT NOT NULL,
    version   INTEGER NOT NULL DEFAULT 1,
    modified  TEXT NOT NULL DEFAULT '1970-01-01T00:00:00Z' -- until it is changed for the first time
) STRICT;
CREATE TABLE shortcoming (
    key       INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    text      TEXT NOT NULL,
    page      TEXT,                          -- where it was met
    contact   TEXT,                          -- how to answer, if the person wants an answer
    status    TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'answered', 'closed')),
    answer    TEXT,
    created   TEXT NOT NULL,
    version   INTEGER NOT NULL DEFAULT 1,
    modified  TEXT NOT NULL
) STRICT;
CREATE TABLE site_text (
    key       INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,          -- UUID
    page      TEXT NOT NULL,                 -- "accessibility", "personalData"
    language  TEXT NOT NULL CHECK (language IN ('sv', 'en')),
    text      TEXT NOT NULL,                 -- Markdown
    html      TEXT NOT NULL,                 -- rendered when saved
    renderer  INTEGER NOT NULL,              -- by which version
    version   INTEGER NOT NULL DEFAULT 1,
    modified  TEXT NOT NULL,
    UNIQUE (page, language)
) STRICT;
CREATE TABLE status_report (
    key           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    group_key     INTEGER NOT NULL REFERENCES workgroup (key),
    period_start  TEXT NOT NULL,
    period_end    TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('onTrack', 'atRisk', 'offTrack')),
    text          TEXT NOT NULL,             -- Markdown
    facts         TEXT,                      -- JSON: what the register said when it was written
    version       INTEGER NOT NULL DEFAULT 1,
    modified      TEXT NOT NULL
) STRICT;
CREATE TABLE status_report_reading (
    report_key   INTEGER NOT NULL REFERENCES status_report (key) ON DELETE CASCADE,
    account_key  INTEGER NOT NULL REFERENCES account (key) ON DELETE CASCADE,
    PRIMARY KEY (report_key, account_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE token (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    digest       TEXT NOT NULL UNIQUE,
    account_key  INTEGER NOT NULL REFERENCES account (key) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    scope        TEXT NOT NULL CHECK (scope IN ('read', 'write')),
    expires      TEXT,
    last_used    TEXT,                       -- at most a minute late
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL
) STRICT;
CREATE TABLE tombstone (
    key         INTEGER PRIMARY KEY,
    type        TEXT NOT NULL,               -- resource
    id          TEXT NOT NULL,
    modified    TEXT NOT NULL,
    within_key  INTEGER,                     -- row of what it lived within: a hosting's group
    hidden      INTEGER NOT NULL DEFAULT 0   -- 1: not everyone knew of it, nor learns that it is gone
) STRICT;
CREATE TABLE workgroup (
    key                    INTEGER PRIMARY KEY REFERENCES body (key) ON DELETE CASCADE,
    kind_key               INTEGER NOT NULL REFERENCES group_kind (key),
    name                   TEXT NOT NULL COLLATE sv,  -- without the kind
    full_name              TEXT NOT NULL COLLATE sv,  -- with it; kept by group.c
    short_name             TEXT COLLATE sv,
    purpose                TEXT,
    permanence             TEXT NOT NULL DEFAULT 'permanent' CHECK (permanence IN ('permanent', 'timeLimited')),
    start_date             TEXT NOT NULL,
    end_date               TEXT,
    close_reason           TEXT,             -- why it was closed, while it has an end
    parent_key             INTEGER REFERENCES workgroup (key),
    healthcare_region_key  INTEGER REFERENCES organisation (key),
    region_key             INTEGER REFERENCES organisation (key),
    mirrors_key            INTEGER REFERENCES workgroup (key),
    contact_email          TEXT,
    access_mode            TEXT NOT NULL DEFAULT 'open' CHECK (access_mode IN ('open', 'transparent', 'restricted')),
    version                INTEGER NOT NULL DEFAULT 1,
    modified               TEXT NOT NULL
, gap_key INTEGER REFERENCES gap (key)) STRICT;
CREATE UNIQUE INDEX account_role_once ON account_role (account_key, role, organisation_key);
CREATE INDEX action_group ON action (group_key, status, due_date);
CREATE INDEX action_line_owner ON action (line_owner_key);
CREATE INDEX action_listed ON action (CASE status WHEN 'open' THEN 0 ELSE 1 END, due_date IS NULL, due_date, key);
CREATE INDEX action_meeting ON action (meeting_key, position);
CREATE INDEX action_modified ON action (modified, key);
CREATE INDEX action_owner ON action (owner_key, status, due_date);
CREATE INDEX agenda_item_from ON agenda_item (from_key);
CREATE INDEX agenda_item_meeting ON agenda_item (meeting_key, position);
CREATE INDEX agenda_presenter_person ON agenda_presenter (person_key);
CREATE INDEX attendance_person ON attendance (person_key, meeting_key);
CREATE INDEX audit_object ON audit_event (object_type, object_key, key);
CREATE INDEX audit_within ON audit_event (within_type, within_key, key);
CREATE INDEX body_alias_body ON body_alias (body_key);
CREATE INDEX decision_decided ON decision (decided_on, meeting_key);
CREATE INDEX decision_group ON decision (group_key, decided_on);
CREATE INDEX decision_meeting ON decision (meeting_key, position);
CREATE INDEX decision_modified ON decision (modified, key);
CREATE INDEX declaration_modified ON declaration (modified, key);
CREATE INDEX declaration_person ON declaration (person_key, state, submitted_at);
CREATE INDEX declaration_submitted ON declaration (submitted_at);
CREATE INDEX declaration_valid ON declaration (valid_until) WHERE state = 'submitted';
CREATE INDEX declaration_writer ON declaration (entered_by_key) WHERE state = 'draft';
CREATE INDEX declaration_group_group ON declaration_group (group_key, declaration_key);
CREATE INDEX declaration_inquiry_declaration ON declaration_inquiry (declaration_key);
CREATE INDEX declaration_reading_declaration ON declaration_reading (declaration_key, at);
CREATE INDEX declaration_review_declaration ON declaration_review (declaration_key, group_key, at);
CREATE INDEX declaration_review_group ON declaration_review (group_key, valid_until);
CREATE INDEX gap_group ON gap (group_key, state, raised_on);
CREATE INDEX gap_modified ON gap (modified, key);
CREATE INDEX gap_order ON gap (CASE state WHEN 'raised' THEN 0 WHEN 'prioritised' THEN 1 WHEN 'addressed' THEN 2 ELSE 3 END, priority, raised_on);
CREATE INDEX gap_raised_by ON gap (raised_by_key);
CREATE UNIQUE INDEX glossary_abbreviation ON glossary (abbreviation);
CREATE INDEX group_kind_alias_kind ON group_kind_alias (kind_key);
CREATE INDEX group_pause_group ON group_pause (group_key, status, start_date, end_date);
CREATE INDEX group_principal_group ON group_principal (group_key, position, key, principal_key, start_date, end_date);
CREATE INDEX group_principal_principal ON group_principal (principal_key, group_key, start_date, end_date);
CREATE INDEX hosting_body ON hosting (body_key, status, group_key);
CREATE INDEX hosting_dormant ON hosting (group_key) WHERE status = 'dormant';
CREATE INDEX hosting_group ON hosting (group_key, status, key, start_date, end_date, body_key);
CREATE INDEX idempotency_at ON idempotency (at);
CREATE INDEX import_row_run ON import_row (run_key, number);
CREATE INDEX import_run_account ON import_run (account_key, created);
CREATE INDEX import_run_created ON import_run (created);
CREATE INDEX import_run_waiting ON import_run (created) WHERE status IN ('trying', 'applying', 'undoing', 'removing');
CREATE INDEX initiative_from ON initiative (from_key);
CREATE INDEX initiative_gap ON initiative (gap_key);
CREATE INDEX initiative_group ON initiative (group_key);
CREATE INDEX initiative_modified ON initiative (modified, key);
CREATE INDEX initiative_parent ON initiative (parent_key);
CREATE INDEX initiative_plan ON initiative (plan_key, position);
CREATE INDEX link_account ON link (account_key);
CREATE INDEX mail_account ON mail (account_key);
CREATE INDEX mail_created ON mail (created, key);
CREATE INDEX mail_due ON mail (due) WHERE state = 'waiting';
CREATE INDEX mail_person ON mail (person_key);
CREATE INDEX mail_state ON mail (state, created);
CREATE INDEX mandate_group ON mandate (group_key, state, valid_from, valid_to);
CREATE INDEX mandate_modified ON mandate (modified, key);
CREATE INDEX mandate_submitted ON mandate (submitted_at) WHERE state = 'submitted';
CREATE INDEX mandate_valid_to ON mandate (valid_to) WHERE valid_to IS NOT NULL;
CREATE INDEX mandate_approval_mandate ON mandate_approval (mandate_key, principal_key);
CREATE INDEX mandate_approval_principal ON mandate_approval (principal_key);
CREATE INDEX meeting_days ON meeting (starts_on, key);
CREATE INDEX meeting_lead ON meeting (group_key, starts_at);
CREATE INDEX meeting_modified ON meeting (modified, key);
CREATE INDEX meeting_seen ON meeting (key, visibility, called_at, starts_on);
CREATE INDEX meeting_starts ON meeting (starts_at, key);
CREATE INDEX meeting_group_group ON meeting_group (group_key, starts_on, meeting_key);
CREATE INDEX meeting_link_meeting ON meeting_link (meeting_key, person_key);
CREATE INDEX meeting_link_person ON meeting_link (person_key);
CREATE INDEX membership_behalf ON membership (on_behalf_of_key, role, start_date, end_date, group_key);
CREATE INDEX membership_end ON membership (end_date, group_key) WHERE end_date IS NOT NULL;
CREATE INDEX membership_group ON membership (group_key, role, start_date, end_date, person_key);
CREATE INDEX membership_modified ON membership (modified, key);
CREATE INDEX membership_person ON membership (person_key, role, group_key, start_date, end_date);
CREATE INDEX minutes_modified ON minutes (modified, key);
CREATE INDEX minutes_seen ON minutes (key, meeting_key, number, state);
CREATE INDEX minutes_draft_account ON minutes_draft (account_key);
CREATE INDEX minutes_draft_saved ON minutes_draft (saved_at);
CREATE INDEX minutes_receipt_body ON minutes_receipt (body_key, opened_at);
CREATE INDEX nomination_call_state ON nomination (call_key, state);
CREATE INDEX nomination_modified ON nomination (modified, key);
CREATE INDEX nomination_nominator ON nomination (nominator_key, state);
CREATE INDEX nomination_person ON nomination (person_key, state);
CREATE INDEX nomination_state ON nomination (state, submitted_at);
CREATE INDEX nomination_submitted ON nomination (submitted_at);
CREATE INDEX nomination_call_days ON nomination_call (closes_on, opens_on);
CREATE INDEX nomination_call_group ON nomination_call (group_key, opens_on);
CREATE INDEX nomination_call_modified ON nomination_call (modified, key);
CREATE INDEX nomination_call_opens ON nomination_call (opens_on);
CREATE INDEX nomination_call_asked_organisation ON nomination_call_asked (organisation_key, call_key);
CREATE INDEX nomination_call_requirement_row ON nomination_call_requirement (requirement_key);
CREATE INDEX nomination_check_nomination ON nomination_check (nomination_key, name, at);
CREATE INDEX nomination_link_nomination ON nomination_link (nomination_key, purpose);
CREATE INDEX nomination_requirement_row ON nomination_requirement (requirement_key);
CREATE INDEX organisation_modified ON organisation (modified, key);
CREATE INDEX organisation_name ON organisation (name);
CREATE INDEX organisation_parent ON organisation (parent_key);
CREATE INDEX organisation_type ON organisation (type, name);
CREATE INDEX organisation_area_region ON organisation_area (healthcare_region_key, is_primary, organisation_key);
CREATE INDEX paper_item ON paper (item_key);
CREATE INDEX paper_meeting ON paper (meeting_key);
CREATE INDEX paper_reading_account ON paper_reading (account_key);
CREATE INDEX paper_reading_paper ON paper_reading (paper_key);
CREATE INDEX person_email ON person (email);
CREATE INDEX person_email_folded ON person (fold(email));
CREATE INDEX person_employer ON person (employer_key);
CREATE INDEX person_modified ON person (modified, key);
CREATE INDEX person_name ON person (family_name, given_name);
CREATE INDEX person_whole_name ON person (name);
CREATE INDEX person_alias_person ON person_alias (person_key);
CREATE INDEX plan_modified ON plan (modified, key);
CREATE INDEX plan_state ON plan (state, year);
CREATE INDEX plan_year ON plan (year DESC, group_key);
CREATE INDEX plan_decision_decided_by ON plan_decision (decided_by_key);
CREATE INDEX plan_decision_plan ON plan_decision (plan_key, number);
CREATE INDEX plan_decision_presented_by ON plan_decision (presented_by_key);
CREATE INDEX plan_decision_principal ON plan_decision (principal_key);
CREATE INDEX plan_position_account ON plan_position (account_key);
CREATE INDEX plan_position_person ON plan_position (person_key);
CREATE INDEX plan_remark_initiative ON plan_remark (initiative_key);
CREATE INDEX plan_remark_plan ON plan_remark (plan_key);
CREATE INDEX recusal_meeting ON recusal (meeting_key);
CREATE INDEX recusal_person ON recusal (person_key);
CREATE INDEX relation_body ON relation (body_key, type);
CREATE INDEX relation_group ON relation (group_key, type);
CREATE INDEX requirement_body ON requirement (body_key);
CREATE INDEX requirement_group ON requirement (group_key, position);
CREATE INDEX requirement_kind ON requirement (kind_key, position);
CREATE INDEX requirement_modified ON requirement (modified, key);
CREATE INDEX review_modified ON review (modified, key);
CREATE INDEX review_reviewed_by ON review (reviewed_by_key);
CREATE INDEX review_year ON review (year, reviewed_on);
CREATE INDEX session_account ON session (account_key);
CREATE INDEX shortcoming_status ON shortcoming (status, created);
CREATE INDEX status_report_group ON status_report (group_key, period_end);
CREATE INDEX status_report_modified ON status_report (modified, key);
CREATE INDEX status_report_reading_account ON status_report_reading (account_key);
CREATE INDEX token_account ON token (account_key);
CREATE INDEX tombstone_type ON tombstone (type, modified, key);
CREATE INDEX workgroup_days ON workgroup (start_date, end_date, access_mode);
CREATE INDEX workgroup_ended ON workgroup (end_date) WHERE end_date IS NOT NULL;
CREATE INDEX workgroup_gap ON workgroup (gap_key);
CREATE INDEX workgroup_healthcare_region ON workgroup (healthcare_region_key, kind_key, name);
CREATE INDEX workgroup_kind ON workgroup (kind_key, full_name, key, access_mode, start_date, end_date);
CREATE INDEX workgroup_mirrors ON workgroup (mirrors_key);
CREATE INDEX workgroup_modified ON workgroup (modified, key, access_mode);
CREATE INDEX workgroup_name ON workgroup (full_name, key, access_mode, start_date, end_date);
CREATE INDEX workgroup_parent ON workgroup (parent_key);
CREATE INDEX workgroup_region ON workgroup (region_key, kind_key, name);
CREATE INDEX workgroup_restricted ON workgroup (kind_key) WHERE access_mode = 'restricted';
