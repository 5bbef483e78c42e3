-- Mail, declarations of interests, calls for nominations, nominations.

-- ---------------------------------------------------------------- mail

-- What is to be sent, and what was: kept 90 days. The same event goes to the same address once.
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
CREATE INDEX mail_due ON mail (due) WHERE state = 'waiting';
CREATE INDEX mail_created ON mail (created, key);
CREATE INDEX mail_state ON mail (state, created);
CREATE INDEX mail_account ON mail (account_key);
CREATE INDEX mail_person ON mail (person_key);

-- What somebody wants beside what must be known: an account, or a person who is written to without one. No row:
-- reminders, no digest.
CREATE TABLE mail_choice (
    key          INTEGER PRIMARY KEY,
    account_key  INTEGER UNIQUE REFERENCES account (key) ON DELETE CASCADE,
    person_key   INTEGER UNIQUE REFERENCES person (key) ON DELETE CASCADE,
    reminders    INTEGER NOT NULL DEFAULT 1,
    digest       TEXT NOT NULL DEFAULT 'off' CHECK (digest IN ('off', 'weekly')),
    CHECK ((account_key IS NULL) <> (person_key IS NULL))
) STRICT;

-- The server and the sender, and for how many months a declaration holds. The password of the server is never here.
INSERT INTO setting (name, value) VALUES
    ('mailServer', ''), ('mailSender', ''), ('mailUser', ''), ('mailPaused', 'no'), ('declarationMonths', '36');

-- ---------------------------------------------------------------- declarations (domain.md 3)

-- The questions of a variant, as they stood from a day on.
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
CREATE INDEX declaration_person ON declaration (person_key, state, submitted_at);
CREATE INDEX declaration_submitted ON declaration (submitted_at); -- the order of lists
CREATE INDEX declaration_writer ON declaration (entered_by_key) WHERE state = 'draft';
CREATE INDEX declaration_modified ON declaration (modified, key);
CREATE INDEX declaration_valid ON declaration (valid_until) WHERE state = 'submitted';

-- The groups that are asked to review it.
CREATE TABLE declaration_group (
    declaration_key  INTEGER NOT NULL REFERENCES declaration (key) ON DELETE CASCADE,
    group_key        INTEGER NOT NULL REFERENCES workgroup (key),
    PRIMARY KEY (declaration_key, group_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX declaration_group_group ON declaration_group (group_key, declaration_key);

-- One for each group; the last one given holds.
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
CREATE INDEX declaration_review_declaration ON declaration_review (declaration_key, group_key, at);
CREATE INDEX declaration_review_group ON declaration_review (group_key, valid_until);

-- What a reviewer needs to know more of: the person answers with a new declaration.
CREATE TABLE declaration_inquiry (
    key              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    declaration_key  INTEGER NOT NULL REFERENCES declaration (key) ON DELETE CASCADE,
    group_key        INTEGER NOT NULL REFERENCES workgroup (key),
    text             TEXT NOT NULL,
    account_key      INTEGER REFERENCES account (key) ON DELETE SET NULL,
    at               TEXT NOT NULL
) STRICT;
CREATE INDEX declaration_inquiry_declaration ON declaration_inquiry (declaration_key);

-- Who read what others may not: shown to the person.
CREATE TABLE declaration_reading (
    key              INTEGER PRIMARY KEY,
    declaration_key  INTEGER NOT NULL REFERENCES declaration (key) ON DELETE CASCADE,
    account_key      INTEGER REFERENCES account (key) ON DELETE SET NULL,
    parts            TEXT NOT NULL,          -- "interests", "interests details", "interests details motivation"
    at               TEXT NOT NULL
) STRICT;
CREATE INDEX declaration_reading_declaration ON declaration_reading (declaration_key, at);

-- ---------------------------------------------------------------- calls and nominations (R30-R33)

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
CREATE INDEX nomination_call_group ON nomination_call (group_key, opens_on);
CREATE INDEX nomination_call_days ON nomination_call (closes_on, opens_on);
CREATE INDEX nomination_call_opens ON nomination_call (opens_on); -- the order of lists
CREATE INDEX nomination_call_modified ON nomination_call (modified, key);

-- What is sought: rows of the group's requirements.
CREATE TABLE nomination_call_requirement (
    call_key         INTEGER NOT NULL REFERENCES nomination_call (key) ON DELETE CASCADE,
    requirement_key  INTEGER NOT NULL REFERENCES requirement (key) ON DELETE CASCADE,
    position         INTEGER NOT NULL,
    PRIMARY KEY (call_key, requirement_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX nomination_call_requirement_row ON nomination_call_requirement (requirement_key);

-- Who is asked to nominate.
CREATE TABLE nomination_call_asked (
    call_key          INTEGER NOT NULL REFERENCES nomination_call (key) ON DELETE CASCADE,
    organisation_key  INTEGER NOT NULL REFERENCES organisation (key),
    position          INTEGER NOT NULL,
    PRIMARY KEY (call_key, organisation_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX nomination_call_asked_organisation ON nomination_call_asked (organisation_key, call_key);

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
CREATE INDEX nomination_call_state ON nomination (call_key, state);
CREATE INDEX nomination_person ON nomination (person_key, state);
CREATE INDEX nomination_nominator ON nomination (nominator_key, state);
CREATE INDEX nomination_state ON nomination (state, submitted_at);
CREATE INDEX nomination_submitted ON nomination (submitted_at); -- the order of lists
CREATE INDEX nomination_modified ON nomination (modified, key);

-- Which of the sought rows the person would fill.
CREATE TABLE nomination_requirement (
    nomination_key   INTEGER NOT NULL REFERENCES nomination (key) ON DELETE CASCADE,
    requirement_key  INTEGER NOT NULL REFERENCES requirement (key) ON DELETE CASCADE,
    PRIMARY KEY (nomination_key, requirement_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX nomination_requirement_row ON nomination_requirement (requirement_key);

-- What was said at the first two checks; the last word on each counts. And, once a nomination has ended, the review of
-- the declaration that held then.
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
CREATE INDEX nomination_check_nomination ON nomination_check (nomination_key, name, at);

-- Links to people without an account: the nominee's answer, the employer's approval.
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
CREATE INDEX nomination_link_nomination ON nomination_link (nomination_key, purpose);

-- Who takes part in a group, or may come to: each membership but contacts and observers, and each nomination that
-- awaits its decision or stands in reserve (without days). Whoever stands here declares interests. Both halves have the
-- same types, and a nomination's state is no way into its index: so SQLite asks each half by the person or the group that
-- a query names, instead of making the whole first.
CREATE VIEW participation AS
SELECT m.person_key, m.group_key, m.role, m.capacity, m.on_behalf_of_key, m.start_date, m.end_date,
       m.key AS membership_key, CAST(NULL AS INTEGER) AS nomination_key
FROM membership m WHERE m.role NOT IN ('contact', 'observer')
UNION ALL
SELECT n.person_key, c.group_key, n.role, n.capacity, n.nominator_key, CAST(NULL AS TEXT), CAST(NULL AS TEXT),
       CAST(NULL AS INTEGER), n.key
FROM nomination n JOIN nomination_call c ON c.key = n.call_key
WHERE coalesce(n.state, '') IN ('submitted', 'reserve');

-- The mandates that wait for an approval: those of groups that nobody commissions are the support function's to find.
CREATE INDEX mandate_submitted ON mandate (submitted_at) WHERE state = 'submitted';
