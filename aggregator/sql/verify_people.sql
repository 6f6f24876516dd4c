-- Who is one person: subjects connected by the identifiers in force. A link is a subject of its own.
CREATE TEMP TABLE verify_carried ON COMMIT DROP AS
SELECT c.line, c.of_subject AS subject, pg_temp.verify_key(i.identifier) AS identifier, c.kind IN ('roster', 'attendance') AS on_roster,
       CASE WHEN c.kind IN ('roster', 'attendance') THEN pg_temp.verify_rank(convert_to(c.name, 'UTF8')) END AS name,
       CASE WHEN c.kind IN ('roster', 'attendance')
            THEN pg_temp.verify_key((SELECT n FROM unnest(c.identifiers) WITH ORDINALITY u (n, o) WHERE n LIKE 'citizen:%' ORDER BY o LIMIT 1)) END AS citizen,
       i.identifier LIKE 'account@%' AS names_account
  FROM verify_current c, LATERAL unnest(c.identifiers) i (identifier)
 WHERE c.training IS NOT NULL AND (c.kind = 'account' OR c.type IN ('roster.listed', 'attendance.recorded', 'identity.linked'))
UNION ALL
-- An account's own key is an identifier too.
SELECT c.line, c.of_subject, c.of_subject, false, NULL, NULL, false FROM verify_current c WHERE c.kind = 'account';
-- So is that of an account that somebody else names, whether or not it ever told anything. Of no line: these begin with 1.
INSERT INTO verify_carried
SELECT 0, n.account, n.account, false, NULL, NULL, false
  FROM (SELECT DISTINCT identifier AS account FROM verify_carried WHERE names_account AND subject <> identifier) n
 WHERE n.account NOT IN (SELECT subject FROM verify_erased);
UPDATE verify_carried SET name = 1 WHERE name = 0;
ANALYZE verify_carried;

-- One that stands on rows of different names or citizen numbers connects nobody.
CREATE TEMP TABLE verify_shared ON COMMIT DROP AS
SELECT identifier FROM verify_carried WHERE on_roster
 GROUP BY identifier HAVING count(DISTINCT name) > 1 OR count(DISTINCT citizen) > 1;
ANALYZE verify_shared;

CREATE TEMP TABLE verify_subjects ON COMMIT DROP AS
SELECT subject, row_number() OVER (ORDER BY subject)::integer AS number
  FROM (SELECT of_subject AS subject FROM verify_current WHERE training IS NOT NULL
         UNION
        SELECT subject FROM verify_carried WHERE line = 0) s;
ANALYZE verify_subjects;

CREATE TEMP TABLE verify_edges ON COMMIT DROP AS
SELECT DISTINCT identifier, number
  FROM (SELECT s.number, dense_rank() OVER (ORDER BY c.identifier) AS identifier,
               min(s.number) OVER (PARTITION BY c.identifier) <> max(s.number) OVER (PARTITION BY c.identifier) AS connects
          FROM verify_carried c
          JOIN verify_subjects s USING (subject)
         WHERE c.identifier NOT IN (SELECT identifier FROM verify_shared)) e
 WHERE connects;
CREATE TEMP TABLE verify_labels ON COMMIT DROP AS SELECT DISTINCT number, number AS label FROM verify_edges;
CREATE INDEX ON verify_labels (number);
ANALYZE verify_edges, verify_labels;

-- Each takes the least number that it can see, until nobody sees a lesser one.
DO $$
BEGIN
    LOOP
        UPDATE verify_labels l SET label = seen.label
          FROM (SELECT e.number, min(i.label) AS label
                  FROM verify_edges e
                  JOIN (SELECT e.identifier, min(l.label) AS label
                          FROM verify_edges e JOIN verify_labels l USING (number) GROUP BY e.identifier) i USING (identifier)
                 GROUP BY e.number) seen
         WHERE seen.number = l.number AND seen.label < l.label;
        EXIT WHEN NOT FOUND;
        UPDATE verify_labels l SET label = far.label FROM verify_labels far WHERE far.number = l.label AND far.label < l.label;
    END LOOP;
END $$;

-- A person is named by the least subject.
CREATE TEMP TABLE verify_people ON COMMIT DROP AS
SELECT s.subject, coalesce(l.label, s.number) AS person FROM verify_subjects s LEFT JOIN verify_labels l USING (number);
ANALYZE verify_people;

-- Of a sample: everybody with anything in it, whole.
DELETE FROM verify_people
 WHERE NOT pg_temp.verify_whole()
   AND person NOT IN (SELECT p.person
                        FROM verify_current c JOIN verify_people p ON p.subject = c.of_subject
                       WHERE c.training <> '' AND pg_temp.verify_wanted(c.training, CASE WHEN c.kind = 'roster' THEN c.unit END));
ANALYZE verify_people;

SELECT pg_temp.verify_compare('members',
    '(SELECT m.subject, m.person FROM gen_N.members m WHERE pg_temp.verify_whole() OR m.subject IN (SELECT subject FROM verify_people))',
    '(SELECT p.subject, s.subject AS person FROM verify_people p JOIN verify_subjects s ON s.number = p.person
       WHERE p.person IN (SELECT person FROM verify_people GROUP BY person HAVING count(*) > 1))',
    '{subject}', '{person}');

-- Of several names of one subject, which there should not be, the greatest as a number without a sign.
SELECT pg_temp.verify_compare('carriers',
    '(SELECT c.* FROM gen_N.carriers c WHERE pg_temp.verify_whole() OR c.subject IN (SELECT subject FROM verify_people))',
    '(SELECT identifier, subject, bool_or(on_roster) AS on_roster,
             coalesce(max(name # (-9223372036854775807 - 1)) # (-9223372036854775807 - 1), 0) AS name, max(citizen::text)::uuid AS citizen
        FROM verify_carried JOIN verify_people USING (subject) GROUP BY identifier, subject)',
    '{identifier,subject}', '{on_roster,name,citizen}');

-- Presence only; what the rows hold is compared fact by fact.
SELECT pg_temp.verify_compare('states',
    '(SELECT s.subject, s.training FROM gen_N.states s WHERE pg_temp.verify_whole() OR s.subject IN (SELECT subject FROM verify_people))',
    '(SELECT DISTINCT c.of_subject AS subject, c.training FROM verify_current c JOIN verify_people p ON p.subject = c.of_subject
       WHERE c.training IS NOT NULL)',
    '{subject,training}', '{}');
