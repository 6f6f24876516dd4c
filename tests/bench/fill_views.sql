-- A big country in the tables of generation 1, for bench_views.py: 600 units that send people in 10 provinces (and 11,400 more units),
-- 5 trainings of 20 waves, 1 M (person, training), 36 months of days. Figures are plausible, not consistent with each other.
SET client_min_messages = warning;
SELECT setseed(0.42);

INSERT INTO pulse.config_versions VALUES (1, 'bench');
UPDATE pulse.generations SET config_version = 1;
CREATE TEMPORARY TABLE months AS
SELECT n, (date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh') - n * interval '1 month')::date AS month,
       extract(day FROM date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh') - (n - 1) * interval '1 month' - interval '1 day')::integer AS days
  FROM generate_series(0, 35) n;

-- Reference data.
INSERT INTO pulse.trainings (config_version, training, completion_min_progress, deadline_working_days, lectures, lecture_minutes)
SELECT 1, 'T' || t, 1.0, 10, 10, 30 FROM generate_series(1, 5) t;
INSERT INTO pulse.pass_rules (config_version, training, position, by_platform, min_score, certificate, attempt)
SELECT 1, 'T' || t, p, p = 2, CASE WHEN p = 1 THEN 0.5 END, false, 'best' FROM generate_series(1, 5) t, generate_series(1, 2) p;
INSERT INTO pulse.training_labels SELECT 'T' || t, 'Khóa ' || t, 'Training ' || t FROM generate_series(1, 5) t;
INSERT INTO pulse.units (unit, name, printed_name, kind, print_order) VALUES ('VN', 'Việt Nam', 'Việt Nam', 'quoc_gia', 1);
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, territory, print_order)
SELECT 'P' || p, 'Tỉnh ' || p, 'Tỉnh ' || p, 'tinh', 'VN', 'VN', p FROM generate_series(1, 10) p;
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, territory, print_order, valid_to)
SELECT format('P%s-D%s', p, d), format('Huyện %s tỉnh %s', d, p), format('Huyện %s', d), 'huyen', 'P' || p, 'P' || p, d, '2025-06-30'
  FROM generate_series(1, 10) p, generate_series(1, 5) d;
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, territory, print_order)
SELECT format('P%s-C%s', p, c), format('Xã %s tỉnh %s', c, p), format('Xã %s', c), 'xa', format('P%s-D%s', p, 1 + c % 5), format('P%s-D%s', p, 1 + c % 5), c
  FROM generate_series(1, 10) p, generate_series(1, 54) c;
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, territory, print_order)
SELECT 'S' || s, 'Trường ' || s, 'Trường ' || s, 'truong', format('P%s-C%s', 1 + s % 10, 1 + s % 54), format('P%s-C%s', 1 + s % 10, 1 + s % 54), s
  FROM generate_series(1, 11400) s;
INSERT INTO pulse.unit_successors SELECT format('P%s-D%s', p, d), 'P' || p FROM generate_series(1, 10) p, generate_series(1, 4) d;
INSERT INTO pulse.unit_aliases SELECT unit, 'UBND ' || name FROM pulse.units;
INSERT INTO pulse.unit_lines (unit, tree, above)
SELECT unit, tree, CASE tree WHEN 'management' THEN parent ELSE territory END
  FROM pulse.units, (VALUES ('management'), ('territory')) t (tree) WHERE parent IS NOT NULL;
INSERT INTO pulse.calendar
SELECT make_date(y, m, d), 'holiday', 'Ngày nghỉ'
  FROM generate_series(extract(year FROM now())::integer - 4, extract(year FROM now())::integer + 1) y,
       (VALUES (1, 1), (4, 30), (5, 1), (9, 2)) v (m, d);
SELECT pulse.rebuild_unit_paths(), pulse.rebuild_working_days();
CREATE TEMPORARY TABLE senders AS SELECT unit, (row_number() OVER ())::integer AS n FROM pulse.units WHERE kind IN ('tinh', 'huyen', 'xa');
INSERT INTO pulse.waves
SELECT 1, format('T%s-W%s', t, w), 'T' || t, m.month, m.month + 40, false
  FROM generate_series(1, 5) t, generate_series(1, 20) w JOIN months m ON m.n = (20 - w) * 17 / 10 + 1;
INSERT INTO pulse.wave_labels
SELECT wave, 'P' || (1 + row_number() OVER (PARTITION BY training ORDER BY wave) % 10), 'Đợt ' || wave, 'Đợt ' || wave, 1 FROM pulse.waves;
INSERT INTO pulse.courses SELECT 1, 'platform' || (1 + c % 3), 'course' || t || '-' || c, 'T' || t, '' FROM generate_series(1, 5) t, generate_series(1, 12) c;
INSERT INTO pulse.audience_labels SELECT 'audience', 'a' || a, 'Đối tượng ' || a, 'Audience ' || a FROM generate_series(1, 8) a
UNION ALL SELECT 'inviter', 'i' || a, 'Nơi mời ' || a, 'Inviter ' || a FROM generate_series(1, 10) a;
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned)
SELECT wave || '/' || unit, wave, '', unit, 'registered', 20 FROM pulse.waves, senders
UNION ALL SELECT t.training || '/' || unit, '', t.training, unit, 'completed', 350 FROM pulse.trainings t, senders;
INSERT INTO pulse.targets (target, wave, training, unit, measure, share, staff_on) SELECT 'share/' || unit, '', 'T1', unit, 'passed', 0.8, '2024-01-01' FROM senders;
INSERT INTO pulse.targets (target, wave, training, unit, measure, per_helper) SELECT 'quota/' || unit, '', 'T2', unit, 'attendances', 7 FROM senders;
INSERT INTO pulse.staff SELECT unit, '2023-12-31', 400, 10 FROM senders;
SELECT pulse.rebuild_plans();

-- People.
CREATE TEMPORARY TABLE keys AS
SELECT 'wave' AS scope, w.training, w.wave, 0 AS year, '' AS value, s.unit, g::text AS study_group, 8 AS people
  FROM pulse.waves w, senders s, generate_series(1, 2) g
UNION ALL SELECT 'training', 'T' || t, '', 0, '', s.unit, '', 333 FROM generate_series(1, 5) t, senders s
UNION ALL SELECT 'all', '', '', 0, '', s.unit, '', 400 FROM senders s
UNION ALL SELECT 'year', '', '', extract(year FROM now())::integer - y, '', s.unit, '', 250 FROM generate_series(0, 3) y, senders s
UNION ALL SELECT 'platform', 'T' || t, '', 0, 'platform' || p, s.unit, '', 120 FROM generate_series(1, 5) t, generate_series(1, 3) p, senders s
UNION ALL SELECT 'course', 'T' || t, '', 0, format('platform%s course%s-%s', 1 + c % 3, t, c), s.unit, '', 40 FROM generate_series(1, 5) t, generate_series(1, 12) c, senders s
UNION ALL SELECT 'audience', 'T' || t, '', 0, 'a' || a, s.unit, '', 60 FROM generate_series(1, 5) t, generate_series(1, 8) a, senders s
UNION ALL SELECT 'inviter', 'T' || t, '', 0, 'i' || a, s.unit, '', 40 FROM generate_series(1, 5) t, generate_series(1, 10) a, senders s
UNION ALL SELECT 'training', 'T' || t, '', 0, '', '', '', 0 FROM generate_series(1, 5) t;
INSERT INTO gen_1.tallies
SELECT scope, training, wave, year, value, unit, study_group, people, people * 9 / 10, people / 2, people * 8 / 10, people * 7 / 10, people * 6 / 10,
       people * 6 / 10, people / 2, people / 10, people / 2, CASE WHEN unit = '' THEN 999 ELSE 0 END, people / 3, people / 3, people / 2,
       people, people / 2, people * 3500::bigint
  FROM keys;

-- Days: a pool of months' arrays, of which each row takes one.
CREATE TEMPORARY TABLE pool AS
SELECT days, p, array_agg(floor(random() * 20)::integer) AS active, array_agg(floor(random() * 11)::integer - 5) AS change_7,
       array_agg(floor(random() * 11)::integer - 5) AS change_30, array_agg(floor(random() * 5)::integer) AS few,
       array_agg(floor(random() * 3)::integer) AS fewer
  FROM generate_series(28, 31) days, generate_series(0, 49) p, LATERAL generate_series(1, days) d
 GROUP BY days, p;
INSERT INTO gen_1.activity
SELECT k.scope, k.training, k.wave, k.value, k.unit, m.month, p.active, p.change_7, p.change_30,
       (SELECT sum(x) FROM unnest(p.change_7) x), (SELECT sum(x) FROM unnest(p.change_30) x), p.few, p.few, p.fewer, p.fewer
  FROM (SELECT DISTINCT scope, training, wave, value, unit FROM keys WHERE scope IN ('wave', 'training', 'all')
        UNION ALL SELECT DISTINCT scope, training, wave, value, '' FROM keys WHERE scope IN ('platform', 'audience')) k
  LEFT JOIN pulse.waves w ON w.wave = k.wave
  JOIN months m ON k.scope <> 'wave' OR m.month BETWEEN w.begins AND w.ends + 30
  JOIN pool p ON p.days = m.days AND p.p = abs(hashtext(k.unit || k.wave || m.month)) % 50;
INSERT INTO gen_1.activity_5min
SELECT w.training, w.wave, (w.begins + d) AT TIME ZONE 'Asia/Ho_Chi_Minh' + interval '7 hours' + n * interval '5 minutes', 20, 10, 2, 1
  FROM pulse.waves w, generate_series(0, 29) d, generate_series(0, 143) n;
INSERT INTO gen_1.deadlines
SELECT w.training, w.wave, s.unit, w.begins + l % 4, CASE WHEN l % 7 = 0 THEN 'infinity' ELSE w.begins + 8 + l + s.n % 5 END,
       CASE WHEN l % 7 = 0 THEN l % 10 ELSE 0 END, 1
  FROM pulse.waves w, senders s, generate_series(1, 12) l;

-- Faults, marks, forms.
INSERT INTO gen_1.issues
SELECT CASE WHEN g.n <= 160000 THEN 'no_account' WHEN g.n % 4 = 0 THEN 'email_malformed' WHEN g.n % 4 = 1 THEN 'listed_twice'
            WHEN g.n % 4 = 2 THEN 'account_not_on_roster' ELSE 'passed_too_fast' END,
       gen_random_uuid(), format('T%s-W%s', 1 + g.n % 5, 1 + g.n / 5 % 20), s.unit, hashtext(g.n::text), 'roster', 'list.xlsx', 'Sheet1', g.n
  FROM generate_series(1, 180000) g (n) JOIN senders s ON s.n = 1 + g.n % 600;
INSERT INTO archive.offsets (topic, partition, next_offset, generation) SELECT 'mooc.events.v1', p, 10, 1 FROM generate_series(0, 7) p;
INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version, log_time)
SELECT 1, 'mooc.events.v1', p, 10, 1, 1, now() FROM generate_series(0, 7) p;
INSERT INTO gen_1.marks
SELECT gen_random_uuid(), source, stream, substream, p, now() - interval '1 minute', 1000, 0, 1, 1
  FROM (SELECT c.source, t.stream, c.course AS substream FROM pulse.courses c, (VALUES ('enrollments'), ('grades'), ('certificates'), ('progress')) t (stream)
        UNION ALL SELECT DISTINCT source, 'accounts', '' FROM pulse.courses
        UNION ALL SELECT 'roster', 'roster', w.wave || ':' || s.unit FROM pulse.waves w, senders s WHERE s.n % 5 = 0) s,
       generate_series(0, 7) p;
INSERT INTO gen_1.headcounts
SELECT gen_random_uuid(), true, w.wave, s.unit, 'Lớp ' || a, w.begins + a, ARRAY['a' || a], 30, 'forms', now(), 'form.xlsx', 'A', a, 1, 1
  FROM pulse.waves w, senders s, generate_series(1, 3) a WHERE s.n % 10 = 0;
INSERT INTO gen_1.totals
SELECT gen_random_uuid(), wave, true, 10000, 5000, 'totals', now(), 'totals.xlsx', 'A', 1, 1, 1 FROM pulse.waves;
INSERT INTO gen_1.dead_letters
SELECT gen_random_uuid(), true, 'roster', 'unit_unknown', format('unit "Phòng %s" is not known; nearest: P3-C7', n), 'roster',
       format('T%s-W%s', 1 + n % 5, 1 + n / 5 % 20), '', 'list.xlsx', 'A', n, 'mooc.dead.v1', 0, n, 1, 1
  FROM generate_series(1, 20000) n;
