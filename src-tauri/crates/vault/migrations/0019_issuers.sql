-- Who issues recovery codes out of the server's reach: one person at one device. `id` is the name of the key that they issue with, and their
-- number with it.
CREATE TABLE issuers (
    id BLOB PRIMARY KEY,
    version BIGINT NOT NULL,
    device TEXT NOT NULL,
    staff TEXT NOT NULL,
    touched_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX issuers_by_device ON issuers (device, staff);
CREATE INDEX issuers_by_time ON issuers (touched_at);
