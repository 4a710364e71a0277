-- Owners are found without reading everybody: rules across accounts ask for them.

ALTER TABLE accounts ADD COLUMN owner BIGINT NOT NULL DEFAULT 0;
UPDATE accounts SET owner = 1 WHERE json_extract(body, '$.owner');
CREATE INDEX accounts_by_owner ON accounts (id) WHERE owner = 1;
CREATE INDEX accounts_by_state ON accounts (state, name_folded, id);
