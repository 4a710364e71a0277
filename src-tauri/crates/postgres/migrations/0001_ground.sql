-- Records are JSON documents with a version that grows by one with every write, as in a vault. What lists are filtered and
-- ordered by stands beside them, written with them and from them. Texts compare byte by byte, as the program compares them.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE workspace (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE communities (
    id UUID PRIMARY KEY,
    version BIGINT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);

-- Written with every code that is accepted, so nothing is indexed here that such a write changes, and each page keeps room
-- for the next version of its rows.
CREATE TABLE accounts (
    id UUID PRIMARY KEY,
    version BIGINT NOT NULL,
    email_folded TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT accounts_email UNIQUE (email_folded)
) WITH (fillfactor = 60, toast_tuple_target = 8160);

-- What lists say of an account; written only when it changes.
CREATE TABLE people (
    account UUID PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    email_folded TEXT COLLATE "C" NOT NULL,
    -- The folded name, address and second address, a line each.
    searched TEXT COLLATE "C" NOT NULL,
    owner BOOLEAN NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    rank SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    signed_in_at BIGINT,
    few_codes BOOLEAN NOT NULL,
    unsaved_codes BOOLEAN NOT NULL,
    one_authenticator BOOLEAN NOT NULL,
    in_a_row BIGINT NOT NULL,
    waits_until BIGINT,
    begun_at BIGINT
) WITH (fillfactor = 80);
CREATE INDEX people_by_name ON people (name_folded, account);
CREATE INDEX people_by_email ON people (email_folded, name_folded, account);
CREATE INDEX people_by_state ON people (rank, name_folded, account);
CREATE INDEX people_by_age ON people (created_at, name_folded, account);
CREATE INDEX people_searched ON people USING gin (searched gin_trgm_ops);
CREATE INDEX people_owning ON people (account) WHERE owner;

CREATE TABLE memberships (
    account UUID NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    community UUID NOT NULL REFERENCES communities (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account, community)
);
CREATE INDEX memberships_by_community ON memberships (community, account);

CREATE TABLE sessions (
    id BYTEA PRIMARY KEY,
    version BIGINT NOT NULL,
    account UUID NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    body TEXT NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX sessions_by_account ON sessions (account);

-- The key of a count is a keyed hash, so that without `account` nobody could say who waits; NULL where the address is
-- nobody's. Over all rows, also those of nobody: writing either kind is the same work.
CREATE TABLE throttle (
    id BYTEA PRIMARY KEY,
    version BIGINT NOT NULL,
    account UUID,
    waits_until BIGINT,
    body TEXT NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX throttle_by_account ON throttle (account);

CREATE TABLE cases (
    id UUID PRIMARY KEY,
    version BIGINT NOT NULL,
    target UUID NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    opener UUID NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    opened_at BIGINT NOT NULL,
    undecided BOOLEAN NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX cases_by_target ON cases (target, opened_at);
CREATE INDEX cases_by_opener ON cases (opener);
CREATE INDEX cases_undecided ON cases (opened_at, id) WHERE undecided;

CREATE TABLE help_requests (
    account UUID PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    version BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    undecided BOOLEAN NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX help_requests_undecided ON help_requests (asked_at, account) WHERE undecided;

CREATE TABLE tokens (
    id UUID PRIMARY KEY,
    version BIGINT NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    community UUID,
    serial_folded TEXT COLLATE "C" NOT NULL,
    maker_folded TEXT COLLATE "C" NOT NULL,
    known_as TEXT COLLATE "C" UNIQUE,
    fingerprint BYTEA NOT NULL UNIQUE,
    state TEXT COLLATE "C" NOT NULL,
    holder UUID REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    batch UUID NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX tokens_by_serial ON tokens (serial_folded, id);
CREATE INDEX tokens_by_holder ON tokens (holder, state) WHERE holder IS NOT NULL;
CREATE INDEX tokens_by_batch ON tokens (batch);

CREATE TABLE imports (
    id UUID PRIMARY KEY,
    version BIGINT NOT NULL,
    importer UUID NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX imports_by_time ON imports (at, id);
CREATE INDEX imports_by_importer ON imports (importer);

CREATE TABLE import_people (
    import UUID NOT NULL REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
    account UUID NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (import, account)
);
CREATE INDEX import_people_by_account ON import_people (account);

-- How somebody was called whose account was removed: the journal goes on naming them.
CREATE TABLE removed_accounts (
    id UUID PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL
);

CREATE TABLE notices (
    id UUID PRIMARY KEY,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account UUID NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    -- Whom the words name, where that is somebody else.
    about UUID,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    failure TEXT COLLATE "C",
    -- While it waits: from when on, since when, and when it was last tried.
    due_at BIGINT,
    queued_at BIGINT NOT NULL,
    tried_at BIGINT,
    -- What is typed to answer "this was not me", hashed under a key that is not here.
    answer BYTEA UNIQUE,
    body TEXT NOT NULL
);
CREATE INDEX notices_by_account ON notices (account, at, id);
CREATE INDEX notices_by_about ON notices (about) WHERE about IS NOT NULL;
CREATE INDEX notices_by_time ON notices (at, id);
CREATE INDEX notices_by_state ON notices (state, at, id);
-- Of the ones that are neither sent nor handed over, of which there are few.
CREATE INDEX notices_undone ON notices (state, failure, account) WHERE state NOT IN ('sent', 'handed-over');

-- What people say was not them: one record a person.
CREATE TABLE reports (
    account UUID PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    version BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    waits BOOLEAN NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX reports_waiting ON reports (first_at, account) WHERE waits;

-- Entries that were committed and have no number yet. Whoever holds the head numbers them: those of one commit together, in
-- their order, and after all that it could have seen.
CREATE SEQUENCE journal_batches AS BIGINT;
CREATE TABLE journal_pending (
    batch BIGINT NOT NULL,
    place INTEGER NOT NULL,
    draft TEXT NOT NULL,
    facts_key BYTEA NOT NULL,
    persons_key BYTEA NOT NULL,
    PRIMARY KEY (batch, place)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- The number of the next entry. Only whoever has this row locked numbers.
CREATE TABLE journal_head (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    next BIGINT NOT NULL
) WITH (fillfactor = 10);
INSERT INTO journal_head (id, next) VALUES (1, 0);

-- No row is ever deleted. Erasing a person empties persons and persons_key, actor and subject. `batch` is that under which
-- an entry waited for its number, if it did.
CREATE TABLE journal (
    idx BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    actor UUID,
    subject UUID,
    facts TEXT COLLATE "C" NOT NULL,
    facts_key BYTEA NOT NULL,
    persons TEXT COLLATE "C",
    persons_key BYTEA,
    leaf BYTEA NOT NULL,
    batch BIGINT
);
CREATE INDEX journal_by_actor ON journal (actor, idx) WHERE actor IS NOT NULL;
CREATE INDEX journal_by_subject ON journal (subject, idx) WHERE subject IS NOT NULL;
CREATE INDEX journal_by_kind ON journal (kind, idx);
CREATE INDEX journal_by_time ON journal USING brin (at) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX journal_by_batch ON journal (batch) WHERE batch IS NOT NULL;

CREATE TABLE journal_communities (
    community UUID NOT NULL,
    sequence BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    PRIMARY KEY (community, sequence),
    CONSTRAINT journal_communities_by_entry UNIQUE (community, idx)
);

-- Checkpoints that were taken, and what is remembered of the journal's tree: the hash over each complete run of 256
-- leaves. Entries never change, so neither do these rows.
CREATE TABLE checkpoints (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL
);

CREATE TABLE journal_blocks (
    idx BIGINT PRIMARY KEY,
    hash BYTEA NOT NULL
);
