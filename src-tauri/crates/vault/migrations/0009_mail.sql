-- The outbox: one row for each notice and address. What was written before anything was sent tells of changes long past,
-- and goes. The columns beside the document are what is due, listed and counted by. Rows of one person go with them.
DROP TABLE notices;
CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    -- Whom the words name, where that is somebody else.
    about TEXT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    failure TEXT,
    -- While it waits: from when on, since when, and when it was last tried.
    due_at BIGINT,
    queued_at BIGINT NOT NULL,
    tried_at BIGINT,
    -- What is typed to answer "this was not me", hashed under a key that is not here.
    answer BLOB UNIQUE,
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
    account TEXT PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    version BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    waits BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX reports_waiting ON reports (first_at, account) WHERE waits = 1;
