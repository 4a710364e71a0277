-- A desktop's replica of a workspace on a server: these tables, written by sync alone. How far it has come stands in one row.
CREATE TABLE replica (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- How many leaves of the server's journal it knows. Of those that its person may not read there is no row in `journal`.
    cursor BIGINT NOT NULL,
    body TEXT NOT NULL
);

-- Whoever opened a case may be somebody whom the reader of a replica does not see.
CREATE TABLE cases_of_now (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    target TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    opener TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    undecided BIGINT NOT NULL,
    body TEXT NOT NULL
);
INSERT INTO cases_of_now (id, version, target, opener, opened_at, undecided, body)
    SELECT id, version, target, opener, opened_at, undecided, body FROM cases;
DROP TABLE cases;
ALTER TABLE cases_of_now RENAME TO cases;
CREATE INDEX cases_by_target ON cases (target, opened_at);
CREATE INDEX cases_undecided ON cases (opened_at, id) WHERE undecided = 1;

-- What a desk keeps of itself beside the replica, by name: one document each.
CREATE TABLE desk (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
);
