-- What the journal is searched by, in the order of the entries: read once through, and then only what came after.
CREATE INDEX journal_columns ON journal (idx, at, kind, actor, subject);
CREATE INDEX journal_communities_in_order ON journal_communities (idx, community);
