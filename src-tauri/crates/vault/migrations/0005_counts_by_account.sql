-- Which account's password a count is of; NULL where the address is nobody's. The key of a count is a keyed hash, so that
-- without this nobody could say who waits.
ALTER TABLE throttle ADD COLUMN account TEXT;
-- Over all rows, also those of nobody: writing either kind is the same work.
CREATE INDEX throttle_by_account ON throttle (account);
