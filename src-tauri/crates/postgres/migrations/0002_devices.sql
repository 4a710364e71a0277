-- Desktops that are paired. `code` is the hash that an invitation is found by, `live_until` the moment from which the device is of
-- no use.
CREATE TABLE devices (
    id UUID PRIMARY KEY,
    version BIGINT NOT NULL,
    invited_at BIGINT NOT NULL,
    live_until BIGINT NOT NULL,
    code BYTEA UNIQUE,
    person UUID,
    body TEXT NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX devices_by_time ON devices (invited_at, id);
CREATE INDEX devices_by_person ON devices (person) WHERE person IS NOT NULL;
-- Through which device a session began.
ALTER TABLE sessions ADD COLUMN device UUID;
CREATE INDEX sessions_by_device ON sessions (device) WHERE device IS NOT NULL;
