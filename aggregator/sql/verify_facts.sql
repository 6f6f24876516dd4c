-- What is known of people: listings, accounts and facts in force; days are counted from 1970-01-01.
CREATE TEMP TABLE verify_listings ON COMMIT DROP AS
SELECT p.person, c.of_subject AS subject, c.entity, c.us, c.training, c.wave COLLATE "C" AS wave, c.unit COLLATE "C" AS unit,
       coalesce(c.study_group, '') COLLATE "C" AS study_group,
       coalesce(w.year, extract(year FROM date '1970-01-01' + pg_temp.verify_day(c.us))::integer) AS year, c.audiences, c.invited_by,
       c.faults, c.line IN (SELECT line FROM verify_carried JOIN verify_shared USING (identifier)) AS shared, c.name, c.source, c.file,
       c.sheet, c.row_number,
       row_number() OVER (ORDER BY c.us, c.revision, c.entity) AS rank
  FROM verify_current c
  JOIN verify_people p ON p.subject = c.of_subject
  JOIN verify_waves w ON w.wave = c.wave
 WHERE c.type = 'roster.listed';
CREATE TEMP TABLE verify_person_waves ON COMMIT DROP AS
SELECT DISTINCT ON (l.person, l.training, l.wave) l.person, l.training, l.wave, w.first, w.last, l.unit, l.study_group, l.rank
  FROM verify_listings l JOIN verify_waves w USING (wave)
 ORDER BY l.person, l.training, l.wave, l.rank DESC;
CREATE INDEX ON verify_person_waves (person);
ANALYZE verify_listings, verify_person_waves;

-- A fact belongs to the wave that it names, else to the latest begun of the person's waves that hold its day, else the latest begun
-- before it, else the first.
CREATE TEMP TABLE verify_facts ON COMMIT DROP AS
SELECT f.*, w.wave, k.combination, coalesce(v.year, extract(year FROM date '1970-01-01' + f.day)::integer) AS year, r.position AS rule,
       coalesce(CASE WHEN r.by_platform THEN f.said ELSE f.sat AND coalesce(f.share, 0) >= r.min_score - pg_temp.verify_slack() END, false) AS ok
  FROM (SELECT c.line, p.person, c.of_subject AS subject, c.kind COLLATE "C" AS kind, c.training, CASE WHEN c.kind = 'attendance' THEN '' ELSE c.course END COLLATE "C" AS course,
               CASE WHEN c.kind = 'attendance' THEN '' ELSE c.source END COLLATE "C" AS platform, c.us, c.event_time, c.entity, c.observed,
               CASE WHEN c.kind = 'attendance' THEN c.wave END COLLATE "C" AS stated_wave,
               coalesce(c.stated_day - date '1970-01-01', pg_temp.verify_day(c.us)) AS day,
               pg_temp.verify_day(c.revision) = pg_temp.verify_day(c.us) AS own_day, c.progress, c.said, c.attempt,
               c.kind = 'exam' AND (c.said OR coalesce(c.sat, true)) AS sat,
               pg_temp.verify_share(c.score, c.max_score) AS share
          FROM verify_current c
          JOIN verify_people p ON p.subject = c.of_subject
         WHERE c.training <> ''
           AND c.type IN ('enrollment.created', 'learning.progressed', 'exam.graded', 'certificate.issued', 'attendance.recorded')) f
  LEFT JOIN LATERAL (SELECT coalesce(max(x.wave), '') AS wave
                       FROM (SELECT w.wave FROM verify_person_waves w
                              WHERE w.person = f.person AND w.training = f.training
                              ORDER BY (w.wave = f.stated_wave) IS TRUE DESC, w.first <= f.day AND w.last >= f.day DESC,
                                       w.first <= f.day DESC, CASE WHEN w.first <= f.day THEN - w.first ELSE w.first END, w.wave
                              LIMIT 1) x) w ON true
  JOIN verify_combinations k ON k.training = f.training AND k.wave = w.wave AND k.platform = f.platform AND k.course = f.course
  LEFT JOIN verify_waves v ON v.wave = w.wave
  LEFT JOIN LATERAL (SELECT * FROM verify_rules r
                      WHERE f.kind = 'exam' AND r.training = f.training AND (r.waves IS NULL OR w.wave = ANY (r.waves))
                        AND f.day BETWEEN r.first AND r.last
                      ORDER BY r.position LIMIT 1) r ON true;
ANALYZE verify_facts;

-- Accounts as events tell of them; a subject without such an event has those that its facts of courses imply.
CREATE TEMP TABLE verify_accounts ON COMMIT DROP AS
SELECT p.person, c.of_subject AS subject, c.source COLLATE "C" AS platform, pg_temp.verify_day(c.us) AS day,
       c.type <> 'account.closed' AS open, c.type = 'account.activated' OR c.activated AS activated, true AS stated, c.entity, c.name
  FROM verify_current c
  JOIN verify_people p ON p.subject = c.of_subject
 WHERE c.kind = 'account';
INSERT INTO verify_accounts
SELECT f.person, f.subject, f.platform, min(f.day), true, false, false
  FROM verify_facts f
 WHERE f.kind <> 'attendance' AND f.subject NOT IN (SELECT subject FROM verify_accounts)
 GROUP BY f.person, f.subject, f.platform;

-- The trainings of each person with the latest listing there; rank is NULL for who is on no list.
CREATE TEMP TABLE verify_person_trainings ON COMMIT DROP AS
SELECT DISTINCT ON (person, training) person, training, coalesce(unit, '') COLLATE "C" AS unit, rank
  FROM (SELECT person, training, unit, rank FROM verify_person_waves
        UNION ALL SELECT DISTINCT person, training, NULL, NULL::bigint FROM verify_facts) t
 ORDER BY person, training, rank DESC NULLS LAST;
CREATE TEMP TABLE verify_person_years ON COMMIT DROP AS
SELECT DISTINCT ON (person, year) person, year, coalesce(unit, '') COLLATE "C" AS unit, rank
  FROM (SELECT person, year, unit, rank FROM verify_listings
        UNION ALL SELECT DISTINCT person, year, NULL, NULL::bigint FROM verify_facts) t
 ORDER BY person, year, rank DESC NULLS LAST;
-- Everybody who counts at all.
CREATE TEMP TABLE verify_persons ON COMMIT DROP AS
SELECT DISTINCT ON (person) person, coalesce(unit, '') COLLATE "C" AS unit, rank
  FROM (SELECT person, unit, rank FROM verify_person_trainings
        UNION ALL SELECT DISTINCT person, NULL, NULL::bigint FROM verify_accounts WHERE open) t
 ORDER BY person, rank DESC NULLS LAST;
CREATE TEMP TABLE verify_audiences ON COMMIT DROP AS
SELECT DISTINCT l.person, l.training, a.audience COLLATE "C" AS audience
  FROM verify_listings l, LATERAL unnest(l.audiences) a (audience);
-- Of each account on no list its name and platform are asked for.
CREATE INDEX ON verify_accounts (subject, entity);
ANALYZE verify_accounts, verify_person_trainings, verify_person_years, verify_persons, verify_audiences;
