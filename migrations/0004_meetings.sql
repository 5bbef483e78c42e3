-- Meetings, minutes, decisions, actions, status reports, calendars.

-- ---------------------------------------------------------------- meetings

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
CREATE INDEX meeting_starts ON meeting (starts_at, key);
CREATE INDEX meeting_days ON meeting (starts_on, key);
CREATE INDEX meeting_modified ON meeting (modified, key);
CREATE INDEX meeting_lead ON meeting (group_key, starts_at);
CREATE INDEX meeting_seen ON meeting (key, visibility, called_at, starts_on); -- for the search

-- Whose meeting it is: the first leads, its series numbers the decisions.
CREATE TABLE meeting_group (
    meeting_key  INTEGER NOT NULL REFERENCES meeting (key) ON DELETE CASCADE,
    group_key    INTEGER NOT NULL REFERENCES workgroup (key),
    position     INTEGER NOT NULL,
    starts_on    TEXT NOT NULL,              -- as the meeting's: one index tells a group's meetings in order
    PRIMARY KEY (meeting_key, group_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_group_group ON meeting_group (group_key, starts_on, meeting_key);

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
CREATE INDEX agenda_item_meeting ON agenda_item (meeting_key, position);
CREATE INDEX agenda_item_from ON agenda_item (from_key);

CREATE TABLE agenda_presenter (
    item_key    INTEGER NOT NULL REFERENCES agenda_item (key) ON DELETE CASCADE,
    person_key  INTEGER NOT NULL REFERENCES person (key),
    position    INTEGER NOT NULL,
    PRIMARY KEY (item_key, person_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX agenda_presenter_person ON agenda_presenter (person_key);

-- Who comes, and who came. Before the meeting an answer, at the meeting a status.
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
CREATE INDEX attendance_person ON attendance (person_key, meeting_key);

-- Standing aside for an item (R42): recorded, never imposed.
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
CREATE INDEX recusal_meeting ON recusal (meeting_key);
CREATE INDEX recusal_person ON recusal (person_key);

-- What an item rests on: a link, or a file that is only ever sent as a download.
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
CREATE INDEX paper_meeting ON paper (meeting_key);
CREATE INDEX paper_item ON paper (item_key);
-- Its bytes, in pieces of 128 KB that lists and pages never read.
CREATE TABLE paper_piece (
    paper_key  INTEGER NOT NULL REFERENCES paper (key) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (paper_key, number)
) STRICT;
-- Who was given the bytes of a paper that not everyone may read.
CREATE TABLE paper_reading (
    key          INTEGER PRIMARY KEY,
    paper_key    INTEGER NOT NULL REFERENCES paper (key) ON DELETE CASCADE,
    account_key  INTEGER REFERENCES account (key) ON DELETE SET NULL,
    at           TEXT NOT NULL
) STRICT;
CREATE INDEX paper_reading_paper ON paper_reading (paper_key);
CREATE INDEX paper_reading_account ON paper_reading (account_key);

-- A way to answer a notice without logging in. Whoever has one was called.
CREATE TABLE meeting_link (
    key          INTEGER PRIMARY KEY,
    digest       TEXT NOT NULL UNIQUE,
    meeting_key  INTEGER NOT NULL REFERENCES meeting (key) ON DELETE CASCADE,
    person_key   INTEGER NOT NULL REFERENCES person (key) ON DELETE CASCADE,
    created      TEXT NOT NULL               -- works until the meeting has ended
) STRICT;
CREATE INDEX meeting_link_meeting ON meeting_link (meeting_key, person_key);
CREATE INDEX meeting_link_person ON meeting_link (person_key);

-- ---------------------------------------------------------------- minutes

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
CREATE INDEX minutes_modified ON minutes (modified, key);
CREATE INDEX minutes_seen ON minutes (key, meeting_key, number, state); -- for the search: without their texts

-- What somebody is writing and has not saved: private to the account, no state of the register and without history. Gone when it
-- is saved, thrown away, or has stood for 30 days.
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
CREATE INDEX minutes_draft_account ON minutes_draft (account_key);
CREATE INDEX minutes_draft_saved ON minutes_draft (saved_at);

-- To whom a version was sent, and whether somebody there has opened it.
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
CREATE INDEX minutes_receipt_body ON minutes_receipt (body_key, opened_at);

-- Lifted out of the minutes, and kept with their line.
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
CREATE INDEX decision_meeting ON decision (meeting_key, position);
CREATE INDEX decision_group ON decision (group_key, decided_on);
CREATE INDEX decision_decided ON decision (decided_on, meeting_key);
CREATE INDEX decision_modified ON decision (modified, key);

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
CREATE INDEX action_meeting ON action (meeting_key, position);
CREATE INDEX action_group ON action (group_key, status, due_date);
CREATE INDEX action_owner ON action (owner_key, status, due_date);
CREATE INDEX action_modified ON action (modified, key);
-- The order of their list: what is open first, and of that what is due first.
CREATE INDEX action_listed ON action (CASE status WHEN 'open' THEN 0 ELSE 1 END, due_date IS NULL, due_date, key);
CREATE INDEX action_line_owner ON action (line_owner_key);

-- ---------------------------------------------------------------- status reports (R53)

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
CREATE INDEX status_report_group ON status_report (group_key, period_end);
CREATE INDEX status_report_modified ON status_report (modified, key);

-- Which accounts have read a report as it stands: a correction takes the rows away.
CREATE TABLE status_report_reading (
    report_key   INTEGER NOT NULL REFERENCES status_report (key) ON DELETE CASCADE,
    account_key  INTEGER NOT NULL REFERENCES account (key) ON DELETE CASCADE,
    PRIMARY KEY (report_key, account_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX status_report_reading_account ON status_report_reading (account_key);

-- ---------------------------------------------------------------- calendars

-- An account's own feed, by a secret address that can be revoked.
CREATE TABLE calendar_secret (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    account_key  INTEGER NOT NULL UNIQUE REFERENCES account (key) ON DELETE CASCADE,
    digest       TEXT NOT NULL UNIQUE,
    created      TEXT NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    modified     TEXT NOT NULL
) STRICT;

-- ---------------------------------------------------------------- search over texts

-- Their plain texts, a table for each type. A row's number is the object's key times two; the number after it has the text that
-- those inside may read, where it says more. Words are folded and stemmed; which rules made them is the setting searchRules.
CREATE VIRTUAL TABLE search_minutes USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_decisions USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_actions USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_meetings USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_agenda_items USING fts5(title, body, tokenize='kansli', columnsize=0);
CREATE VIRTUAL TABLE search_mandates USING fts5(title, body, tokenize='kansli', columnsize=0);
