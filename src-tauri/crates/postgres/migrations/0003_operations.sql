-- Verdicts on operations of desktops. `id` is the device and the key that it drew.
CREATE TABLE operations (
    id BYTEA PRIMARY KEY CHECK (octet_length(id) = 32),
    version BIGINT NOT NULL,
    person UUID NOT NULL,
    decided_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX operations_by_time ON operations (decided_at);
CREATE INDEX operations_by_person ON operations (person);
