-- What takes two people, and what people at the second door have asked staff for. Whose role reaches a row is decided by
-- the memberships that its person has now.

CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    target TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    opener TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    opened_at BIGINT NOT NULL,
    undecided BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX cases_by_target ON cases (target, opened_at);
CREATE INDEX cases_undecided ON cases (opened_at, id) WHERE undecided = 1;

CREATE TABLE help_requests (
    account TEXT PRIMARY KEY REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    version BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    undecided BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX help_requests_undecided ON help_requests (asked_at, account) WHERE undecided = 1;
