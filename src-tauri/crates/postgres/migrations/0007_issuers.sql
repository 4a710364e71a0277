-- Who issues recovery codes out of the server's reach: one person at one device. `id` is the name of the key that they issue with, and their
-- number with it.
CREATE TABLE issuers (
    id BYTEA PRIMARY KEY,
    version BIGINT NOT NULL,
    device UUID NOT NULL,
    staff UUID NOT NULL,
    touched_at BIGINT NOT NULL,
    body TEXT NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX issuers_by_device ON issuers (device, staff);
CREATE INDEX issuers_by_time ON issuers (touched_at);
