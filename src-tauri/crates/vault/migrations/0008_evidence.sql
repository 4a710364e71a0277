-- Checkpoints that were taken, and what is remembered of the journal's tree: the hash over each complete run of 256
-- leaves. Entries never change, so neither do these rows.

CREATE TABLE checkpoints (
    id INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL
);

CREATE TABLE journal_blocks (
    idx BIGINT PRIMARY KEY,
    hash BLOB NOT NULL
);

CREATE INDEX journal_by_time ON journal (at, idx);
CREATE INDEX journal_by_kind ON journal (kind, idx);
