-- What nearly every decision begins with and nearly none changes is remembered by each process, for as long as this is the
-- same. Drawn at random: after a restore it is that of what was restored, and of nothing else.
CREATE TABLE ground (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    stamp UUID NOT NULL
) WITH (fillfactor = 10);
INSERT INTO ground (id, stamp) VALUES (1, gen_random_uuid());

CREATE FUNCTION ground_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ground SET stamp = gen_random_uuid() WHERE id = 1;
    RETURN NULL;
END $$;

CREATE TRIGGER ground_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON workspace
    FOR EACH STATEMENT EXECUTE FUNCTION ground_changed();
CREATE TRIGGER ground_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON communities
    FOR EACH STATEMENT EXECUTE FUNCTION ground_changed();

-- Holds the workspace and its communities until the commit ends, and answers whether they have these versions. The lock is the
-- one that versions.rs names; each statement in here sees what was committed before it began, and so before the lock was had.
CREATE FUNCTION hold_ground(workspace_version BIGINT, ids UUID[], versions BIGINT[]) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1396788313, 0);
    RETURN (workspace_version IS NULL OR EXISTS (SELECT 1 FROM workspace WHERE version = workspace_version))
        AND (SELECT count(*) FROM unnest(ids, versions) AS read (id, version)
             JOIN communities ON communities.id = read.id AND communities.version = read.version) = cardinality(ids);
END $$;

-- Undoes a commit of one statement unless it found all that it rests on.
CREATE FUNCTION conflict_unless(held BOOLEAN) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    IF held IS NOT TRUE THEN
        RAISE EXCEPTION 'a record changed since it was read' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;
