-- What names a person, by that person: removing an account asks for it, and would read all of it otherwise.

CREATE INDEX cases_by_opener ON cases (opener);
CREATE INDEX imports_by_importer ON imports (importer);
CREATE INDEX import_people_by_account ON import_people (account);
