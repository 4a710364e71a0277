-- Records are JSON documents with a version that grows by one with every write. The columns beside a document are
-- what lists are filtered and ordered by; they are written with it, from it.

CREATE TABLE workspace (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE communities (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    name_folded TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX accounts_by_name ON accounts (name_folded, id);

CREATE TABLE memberships (
    account TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    community TEXT NOT NULL REFERENCES communities (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL,
    PRIMARY KEY (account, community)
);
CREATE INDEX memberships_by_community ON memberships (community, account);

CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    version BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    body TEXT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account);

CREATE TABLE throttle (
    id BLOB PRIMARY KEY,
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);

-- No row is ever deleted: numbers are given out by counting on from the last. Erasing a person empties persons and
-- persons_key, actor and subject.
CREATE TABLE journal (
    idx BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT,
    subject TEXT,
    facts TEXT NOT NULL,
    facts_key BLOB NOT NULL,
    persons TEXT,
    persons_key BLOB,
    leaf BLOB NOT NULL
);
CREATE INDEX journal_by_actor ON journal (actor, idx);
CREATE INDEX journal_by_subject ON journal (subject, idx);

CREATE TABLE journal_communities (
    community TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    idx BIGINT NOT NULL REFERENCES journal (idx) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (community, sequence)
);
CREATE UNIQUE INDEX journal_communities_by_entry ON journal_communities (community, idx);

-- No row is ever deleted: one that was sent changes its state.
CREATE TABLE notices (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX notices_by_state ON notices (state, id);
