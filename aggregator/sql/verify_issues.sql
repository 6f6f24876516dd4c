-- Faults of people's data. The listing that counts in a wave is the latest one there.
CREATE TEMP TABLE verify_faulty ON COMMIT DROP AS
WITH counted AS (
    SELECT l.*, c.unit AS counted_unit, c.rank = l.rank AS counts, o.passed, t.lectures * t.lecture_minutes * 60000000::bigint AS needed
      FROM verify_listings l
      JOIN verify_person_waves c USING (person, training, wave)
      JOIN verify_trainings t USING (training)
      LEFT JOIN verify_of_wave o ON o.person = l.person AND o.training = l.training AND o.wave = l.wave),
began AS (
    SELECT person, training, min(us) FILTER (WHERE kind IN ('enrollment', 'learning') AND NOT observed) AS us,
           bool_or(kind IN ('learning', 'attendance')) AS learned
      FROM verify_facts GROUP BY person, training),
-- Attempts that pass: by the platform's own clock, and where learning would be seen.
passing AS (
    SELECT f.person, f.training, f.wave, min(f.us) FILTER (WHERE NOT f.observed) AS us, bool_or(c.learning_shown) AS in_sight
      FROM verify_facts f JOIN verify_courses c ON c.source = f.platform AND c.course = f.course
     WHERE f.ok GROUP BY f.person, f.training, f.wave)
SELECT CASE WHEN f.fault IN ('email_malformed', 'email_missing', 'citizen_malformed', 'phone_malformed', 'listed_twice', 'birth_date_malformed')
            THEN f.fault ELSE 'other_fault' END COLLATE "C" AS kind, c.*
  FROM counted c, LATERAL unnest(c.faults) f (fault)
UNION ALL SELECT 'identifier_shared', c.* FROM counted c WHERE c.shared
UNION ALL SELECT 'listed_in_two_units', c.* FROM counted c WHERE c.unit <> c.counted_unit
UNION ALL SELECT 'listed_twice', c.* FROM counted c WHERE c.unit = c.counted_unit AND NOT c.counts
UNION ALL SELECT 'no_account', c.* FROM counted c WHERE c.person NOT IN (SELECT person FROM verify_accounts WHERE open)
UNION ALL
SELECT 'passed_without_learning', c.*
  FROM counted c
  JOIN passing p USING (person, training, wave)
  JOIN began b USING (person, training)
 WHERE c.counts AND c.passed AND p.in_sight AND NOT b.learned
UNION ALL
SELECT 'passed_too_fast', c.*
  FROM counted c
  JOIN passing p USING (person, training, wave)
  JOIN began b USING (person, training)
 WHERE c.counts AND p.us - b.us < c.needed;

CREATE TEMP TABLE verify_issues ON COMMIT DROP AS
-- Two rows of one list under one key differ in where they stand; which of them is shown says nothing.
SELECT DISTINCT ON (kind, subject, wave, unit) kind, subject, wave, unit,
       coalesce(nullif(pg_temp.verify_rank(convert_to(name, 'UTF8')), 0), CASE WHEN name IS NULL THEN 0 ELSE 1 END) AS name,
       source, file, sheet, row_number
  FROM verify_faulty ORDER BY kind, subject, wave, unit, rank DESC;
-- People with an open account on no list, named by their least account.
INSERT INTO verify_issues
SELECT DISTINCT ON (a.person) 'account_not_on_roster', a.subject, '', '',
       coalesce((SELECT pg_temp.verify_rank(convert_to(x.name, 'UTF8')) FROM verify_accounts x
                  WHERE x.subject = a.subject AND x.name IS NOT NULL ORDER BY x.entity LIMIT 1), 0),
       coalesce((SELECT x.platform FROM verify_accounts x WHERE x.subject = a.subject AND x.stated ORDER BY x.entity LIMIT 1), ''), '', '', 0
  FROM verify_accounts a
  JOIN verify_persons p USING (person)
 WHERE p.rank IS NULL AND a.person IN (SELECT person FROM verify_accounts WHERE open)
 ORDER BY a.person, a.subject;

SELECT pg_temp.verify_compare('issues',
    '(SELECT i.* FROM gen_N.issues i WHERE pg_temp.verify_whole() OR i.subject IN (SELECT subject FROM verify_people))',
    'verify_issues', '{kind,subject,wave,unit}', '{name,source,file,sheet,row_number}');
