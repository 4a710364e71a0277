-- Desktops that are paired with a server. A workspace in a vault has none of its own: they come with one that was moved.
-- `code` is the hash that an invitation is found by, `live_until` the moment from which the device is of no use.
CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    invited_at BIGINT NOT NULL,
    live_until BIGINT NOT NULL,
    code BLOB UNIQUE,
    person TEXT,
    body TEXT NOT NULL
);
CREATE INDEX devices_by_time ON devices (invited_at, id);
CREATE INDEX devices_by_person ON devices (person) WHERE person IS NOT NULL;
-- Through which device a session began.
ALTER TABLE sessions ADD COLUMN device TEXT;
CREATE INDEX sessions_by_device ON sessions (device) WHERE device IS NOT NULL;
