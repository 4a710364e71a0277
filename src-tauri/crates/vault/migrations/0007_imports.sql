-- Imports of people, so that they can be told and taken back. What one did to each of its people is kept until then, with the
-- version that it left their account in.

CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    importer TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX imports_by_time ON imports (at, id);

CREATE TABLE import_people (
    import TEXT NOT NULL REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
    account TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (import, account)
);

-- How somebody was called whose account was removed: the journal goes on naming them.
CREATE TABLE removed_accounts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL
);
