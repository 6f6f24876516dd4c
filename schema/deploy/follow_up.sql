-- Deploy mooc_pulse:follow_up to pg
-- What a chasing list is made of: where the people of a list stand, asked for by their keys. Nobody is listed by these functions who was
-- not named to them, and what comes out names nobody. Who may ask is a member of mooc_follow_up; the service's login is.
BEGIN;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mooc_follow_up') THEN
        CREATE ROLE mooc_follow_up NOLOGIN;
    END IF;
    IF NOT pg_has_role('mooc_writer', 'mooc_follow_up', 'MEMBER') THEN
        GRANT mooc_follow_up TO mooc_writer;
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO mooc_follow_up', current_database());
END $$;
COMMENT ON ROLE mooc_follow_up IS 'May ask where the people of a list stand (mooc-aggregator report follow-up); needs the key file beside';

SET LOCAL ROLE mooc_owner;

CREATE FUNCTION pulse.follow_up_people(subjects uuid[]) RETURNS TABLE (person uuid, subject uuid, training text, facts bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT w.person, s.subject, s.training::text, s.facts
          FROM (SELECT m.subject, m.person FROM %1$I.members m
                 WHERE m.person IN (SELECT own.person FROM %1$I.members own WHERE own.subject = ANY ($1))
                 UNION ALL
                SELECT DISTINCT a.subject, a.subject FROM unnest($1) a (subject)
                 WHERE NOT EXISTS (SELECT FROM %1$I.members own WHERE own.subject = a.subject)) w
          JOIN %1$I.states s ON s.subject = w.subject$q$, format('gen_%s', (SELECT l.generation FROM pulse.live l)))
    USING subjects;
END $$;
COMMENT ON FUNCTION pulse.follow_up_people IS 'The facts in the live generation of the whole persons that these subjects belong to';

CREATE FUNCTION pulse.follow_up_carriers(identifiers uuid[])
RETURNS TABLE (identifier uuid, subject uuid, on_roster boolean, name bigint, citizen uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT c.identifier, c.subject, c.on_roster, c.name, c.citizen FROM %I.carriers c '
                                'WHERE c.identifier = ANY ($1)', format('gen_%s', (SELECT l.generation FROM pulse.live l)))
    USING identifiers;
END $$;
COMMENT ON FUNCTION pulse.follow_up_carriers IS 'Who carries these identifiers in the live generation';

-- A name that very many bear tells nobody apart.
CREATE FUNCTION pulse.follow_up_named(names bigint[]) RETURNS TABLE (subject uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT unnest(n.subjects)
          FROM (SELECT array_agg(DISTINCT c.subject) AS subjects FROM %I.carriers c
                 WHERE c.on_roster AND c.name = ANY ($1) GROUP BY c.name) n
         WHERE cardinality(n.subjects) <= 200$q$, format('gen_%s', (SELECT l.generation FROM pulse.live l)))
    USING names;
END $$;
COMMENT ON FUNCTION pulse.follow_up_named IS 'Rows of lists that carry an identifier and one of these names (hashes of keyed names)';

-- As bi.data_issues words them.
CREATE FUNCTION pulse.follow_up_issues(subjects uuid[], of_wave text) RETURNS TABLE (subject uuid, unit text, kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
WITH mine AS MATERIALIZED (
    SELECT i.subject, i.unit, i.kind, i.name FROM pulse.live_issues i WHERE i.subject = ANY (subjects) AND i.wave = of_wave COLLATE "C"
), stray AS (
    SELECT i.name FROM pulse.live_issues i
     WHERE i.kind = 'account_not_on_roster' AND i.name <> 0 AND i.name IN (SELECT m.name FROM mine m WHERE m.kind = 'no_account')
     GROUP BY i.name HAVING count(DISTINCT i.subject) = 1
)
SELECT m.subject, m.unit::text, m.kind::text FROM mine m WHERE m.kind <> 'no_account'
UNION ALL
SELECT m.subject, m.unit::text, 'account_under_other_email' FROM mine m JOIN stray USING (name) WHERE m.kind = 'no_account'
$$;
COMMENT ON FUNCTION pulse.follow_up_issues IS 'The data issues of these rows of lists in a wave';

CREATE FUNCTION pulse.follow_up_platforms(of_training text) RETURNS TABLE (source text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT value::text FROM pulse.live_tallies
 WHERE scope = 'platform' AND training = of_training COLLATE "C" GROUP BY value HAVING sum(activated) > 0
$$;
COMMENT ON FUNCTION pulse.follow_up_platforms IS 'Platforms that show whether an account is activated: somebody''s is';

CREATE FUNCTION pulse.follow_up_due(days date[], working_days integer) RETURNS TABLE (day_0 date, due date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT z.day, min(d.day)
  FROM pulse.counted_days z JOIN pulse.counted_days d ON d.stretch = z.stretch AND d.number = z.number + working_days
 WHERE z.day = ANY (days) GROUP BY z.day
$$;
COMMENT ON FUNCTION pulse.follow_up_due IS 'The day due of each day 0 that the calendar covers so far';

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['pulse.follow_up_people(uuid[])', 'pulse.follow_up_carriers(uuid[])', 'pulse.follow_up_named(bigint[])',
                             'pulse.follow_up_issues(uuid[], text)', 'pulse.follow_up_platforms(text)',
                             'pulse.follow_up_due(date[], integer)']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mooc_follow_up', f);
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA pulse TO mooc_follow_up;
GRANT SELECT ON pulse.schema_version, pulse.live, pulse.generations, pulse.trainings, pulse.pass_rules, pulse.waves, pulse.courses,
    pulse.units, pulse.unit_aliases, pulse.unit_successors, pulse.unit_lines, pulse.wave_labels, pulse.issue_kinds,
    pulse.training_completion TO mooc_follow_up;
GRANT EXECUTE ON FUNCTION pulse.audit_note TO mooc_follow_up;
GRANT USAGE ON SCHEMA bi TO mooc_follow_up;
GRANT SELECT ON bi.freshness TO mooc_follow_up;
-- The functions of a view are its reader's to call.
GRANT EXECUTE ON FUNCTION pulse.live_among TO mooc_follow_up;

COMMIT;
