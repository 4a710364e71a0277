-- The inventory of tokens. A secret is known again by its keyed fingerprint alone, a device by its maker and serial number.

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    origin TEXT NOT NULL,
    community TEXT,
    serial_folded TEXT NOT NULL,
    maker_folded TEXT NOT NULL,
    known_as TEXT UNIQUE,
    fingerprint BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    holder TEXT REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    batch TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX tokens_by_serial ON tokens (serial_folded, id);
CREATE INDEX tokens_by_holder ON tokens (holder, state) WHERE holder IS NOT NULL;
CREATE INDEX tokens_by_batch ON tokens (batch);
