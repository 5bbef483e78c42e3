-- Files of many rows, and a person's address however its letters are written.

-- ---------------------------------------------------------------- imports

-- A file somebody sent, row by row, before and after it was applied. A few rows are tried and
-- applied at once; many in slices, between which others write, by whoever keeps imports (the
-- server, or a command): status says what is being done, done_count and done_line how far it came,
-- so that it is taken up where it was after a crash.
CREATE TABLE import_run_next (
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
INSERT INTO import_run_next (key, id, resource, file_name, group_key, account_key, status, columns,
    row_count, done_count, new_count, same_count, changed_count, error_count, created, applied_at,
    undone_at, version, modified)
SELECT key, id, resource, file_name, group_key, account_key, status, columns, row_count, row_count,
    new_count, same_count, changed_count, error_count, created, applied_at, undone_at, version,
    modified FROM import_run;
DROP TABLE import_run;
ALTER TABLE import_run_next RENAME TO import_run;
CREATE INDEX import_run_account ON import_run (account_key, created);
CREATE INDEX import_run_created ON import_run (created);
CREATE INDEX import_run_waiting ON import_run (created) WHERE status IN ('trying', 'applying', 'undoing', 'removing');

-- Rows as they came, some at a time, until they are rows of the import: a file is kept in a moment,
-- however many rows it has.
CREATE TABLE import_piece (
    run_key  INTEGER NOT NULL REFERENCES import_run (key) ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    texts    TEXT NOT NULL, -- JSON: [[line, {field: text as sent}], ...]
    PRIMARY KEY (run_key, number)
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- people

-- Whom a row of an import is about, by address.
CREATE INDEX person_email_folded ON person (fold(email));

-- ---------------------------------------------------------------- settings

-- Who answers for the register, for those who find it in a catalogue of data; how much one caller
-- may ask for.
INSERT INTO setting (name, value) VALUES
    ('operatorName', ''), ('operatorEmail', ''), ('requestsPerSecond', '200'), ('requestBurst', '1000');
