-- The vault, version 1. Forward only: a later change is a new file.
-- Times are RFC 3339 in UTC, hashes hex, booleans 0 or 1.

-- The journal: what was committed is never changed and never deleted. It has no
-- index of its own: one put back to an older copy would contradict it. Envelopes
-- stand apart, so that reading every leaf stays cheap.
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    act TEXT NOT NULL,
    item_id TEXT,
    at TEXT NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries are immutable');
END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries are immutable');
END;
CREATE TRIGGER entries_in_order BEFORE INSERT ON entries
WHEN NEW.seq <> (SELECT coalesce(max(seq), -1) + 1 FROM entries)
BEGIN
    SELECT RAISE(ABORT, 'entries leave no gap');
END;

-- `exact` opens the entry's commitment to its exact moment; it stays here.
CREATE TABLE envelopes (
    seq INTEGER PRIMARY KEY REFERENCES entries (seq),
    envelope BLOB NOT NULL,
    exact BLOB NOT NULL
) STRICT;
CREATE TRIGGER envelopes_no_update BEFORE UPDATE ON envelopes
BEGIN
    SELECT RAISE(ABORT, 'envelopes are immutable');
END;
CREATE TRIGGER envelopes_no_delete BEFORE DELETE ON envelopes
BEGIN
    SELECT RAISE(ABORT, 'envelopes are immutable');
END;

-- Free text beside an entry: erasable, never rewritten.
CREATE TABLE openings (
    seq INTEGER PRIMARY KEY REFERENCES entries (seq),
    salt BLOB NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TRIGGER openings_no_update BEFORE UPDATE ON openings
BEGIN
    SELECT RAISE(ABORT, 'openings are immutable');
END;

CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    batch_id TEXT NOT NULL UNIQUE,
    coordinator TEXT NOT NULL,
    seq INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    policy_sha256 TEXT NOT NULL,
    config_sha256 TEXT NOT NULL,
    issued TEXT NOT NULL,
    not_after TEXT NOT NULL,
    media_file TEXT NOT NULL,
    items_count INTEGER NOT NULL,
    languages TEXT NOT NULL,
    UNIQUE (coordinator, seq)
) STRICT;
CREATE TRIGGER batches_no_update BEFORE UPDATE ON batches
BEGIN
    SELECT RAISE(ABORT, 'batches are immutable');
END;

-- What a batch says about its items; `data` is the item as JSON, without identity.
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES batches (id),
    position INTEGER NOT NULL,
    item_id TEXT NOT NULL UNIQUE,
    data BLOB NOT NULL,
    UNIQUE (batch, position)
) STRICT;
CREATE TRIGGER items_no_update BEFORE UPDATE ON items
BEGIN
    SELECT RAISE(ABORT, 'items are immutable');
END;

-- Each item's age identity, wrapped; a missing row is a shredded item.
CREATE TABLE item_keys (
    id INTEGER PRIMARY KEY REFERENCES items (id),
    generation INTEGER NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;

-- What now holds for an item: a projection of the journal, and healed from it.
-- `severity` is the one to show; `touched` is the last entry that moved the standing.
CREATE TABLE standings (
    id INTEGER PRIMARY KEY REFERENCES items (id),
    batch INTEGER NOT NULL,
    kind TEXT NOT NULL DEFAULT 'open',
    severity INTEGER,
    seq INTEGER,
    touched INTEGER NOT NULL DEFAULT -1,
    decision BLOB,
    opened INTEGER NOT NULL DEFAULT 0,
    keep INTEGER NOT NULL DEFAULT 0,
    own_severity INTEGER
) STRICT;
CREATE INDEX standings_by_batch ON standings (batch, kind, severity);

-- Full text: only the index is stored, never the text a second time.
CREATE VIRTUAL TABLE search USING fts5 (
    ref, tags, context, text,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE seal_keys (
    id INTEGER PRIMARY KEY,
    key_id TEXT NOT NULL UNIQUE,
    private BLOB NOT NULL,
    published INTEGER NOT NULL
) STRICT;

CREATE TABLE submissions (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE TRIGGER submissions_no_update BEFORE UPDATE ON submissions
BEGIN
    SELECT RAISE(ABORT, 'submissions are frozen');
END;

CREATE TABLE receipts (
    id INTEGER PRIMARY KEY,
    submission TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE TRIGGER receipts_no_update BEFORE UPDATE ON receipts
BEGIN
    SELECT RAISE(ABORT, 'receipts are immutable');
END;
CREATE TRIGGER receipts_no_delete BEFORE DELETE ON receipts
BEGIN
    SELECT RAISE(ABORT, 'receipts are immutable');
END;

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: the highest signed time seen; it never goes back.
CREATE TABLE signed_time (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    time TEXT NOT NULL
) STRICT;
CREATE TRIGGER signed_time_rises BEFORE UPDATE ON signed_time
WHEN NEW.time < OLD.time
BEGIN
    SELECT RAISE(ABORT, 'signed time never goes back');
END;
