-- The workspace that moves here, part by part, before there is one; and that it has arrived, afterwards.
CREATE TABLE arrival (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);
