-- Verdicts on operations of desktops, by the device and the key that it drew. A workspace in a vault has none of its own: they come
-- with one that was moved.
CREATE TABLE operations (
    id BLOB PRIMARY KEY,
    version BIGINT NOT NULL,
    person TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX operations_by_time ON operations (decided_at);
CREATE INDEX operations_by_person ON operations (person);

-- The outbox of a desk: what its person asked for without network, in the order in which they did.
CREATE TABLE desk_operations (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
);
