-- What somebody has yet to be told is asked for by their account; restoring a backup may tell everybody something.
CREATE INDEX notices_by_account ON notices (account, state, id);
