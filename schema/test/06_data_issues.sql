-- Each fault is a countable row that says where and what to do.
BEGIN;
\ir support/hagiang.psql
SELECT plan(17);

CREATE FUNCTION pg_temp.issue(kind text, unit text, name bigint, file text, row_number bigint, subject uuid DEFAULT gen_random_uuid())
RETURNS void LANGUAGE sql AS $$
    INSERT INTO gen_1.issues VALUES (kind, subject, 'DA06-2023-HG', unit, name, 'danh-sach', file, 'Sheet1', row_number)$$;

SELECT pg_temp.issue('email_malformed', 'HG-SYTE', 1, 'so-y-te.xlsx', 12);
SELECT pg_temp.issue('email_malformed', 'HG-SYTE', 2, 'so-y-te.xlsx', 14);
SELECT row_eq($$SELECT kind COLLATE "default", unit COLLATE "default", unit_name COLLATE "default", file COLLATE "default",
                       sheet COLLATE "default", "row", count, issue COLLATE "default"
                  FROM bi.data_issues WHERE kind = 'email_malformed' AND "row" = 12$$,
              ROW('email_malformed'::text, 'HG-SYTE'::text, 'Sở Y tế'::text, 'so-y-te.xlsx'::text, 'Sheet1'::text, 12::bigint, 1,
                  'E-mail sai định dạng'::text), 'a fault names unit, file, sheet and row');
SELECT is((SELECT sum(count)::integer FROM bi.data_issues WHERE unit = 'HG-SYTE'), 2, 'faults can be summed');
SELECT is_empty('SELECT kind FROM bi.data_issues WHERE to_do IS NULL OR to_do_en IS NULL OR issue IS NULL', 'each says what to do');

-- A listed person without account is no fault by itself; with one stray account of the same name it is a suggestion.
SELECT pg_temp.issue('no_account', 'HG-SYTE', 100, 'so-y-te.xlsx', 20);
SELECT is((SELECT count(*)::integer FROM bi.data_issues WHERE "row" = 20), 0, 'no account alone is no issue');
INSERT INTO gen_1.issues VALUES ('account_not_on_roster', gen_random_uuid(), '', '', 100, 'daotao', '', '', 0);
SELECT row_eq($$SELECT kind COLLATE "default", unit COLLATE "default", file COLLATE "default" FROM bi.data_issues WHERE "row" = 20$$,
              ROW('account_under_other_email'::text, 'HG-SYTE'::text, 'so-y-te.xlsx'::text),
              'one stray account of that name: perhaps theirs');
SELECT is((SELECT count(*)::integer FROM bi.data_issues WHERE kind = 'account_not_on_roster'), 1, 'the stray account is an issue too');
INSERT INTO gen_1.issues VALUES ('account_not_on_roster', gen_random_uuid(), '', '', 100, 'daotao', '', '', 0);
SELECT is((SELECT count(*)::integer FROM bi.data_issues WHERE "row" = 20), 0, 'two stray accounts of that name: nobody can tell');
SELECT pg_temp.issue('no_account', 'HG-SYTE', 0, 'so-y-te.xlsx', 21);
INSERT INTO gen_1.issues VALUES ('account_not_on_roster', gen_random_uuid(), '', '', 0, 'daotao', '', '', 0);
SELECT is((SELECT count(*)::integer FROM bi.data_issues WHERE "row" = 21), 0, 'no name matches no name');

-- Records that ingest could not map, and records that could not be read.
INSERT INTO gen_1.dead_letters VALUES
    (gen_random_uuid(), true, 'danh-sach', 'unit_unknown', 'S** y* t**; perhaps: Sở Y tế', 'roster', 'DA06-2023-HG', '', 'tong-hop.xlsx', 'A', 5,
     'mooc.dead.v1', 0, 7, 1, 1),
    (gen_random_uuid(), false, 'danh-sach', 'unit_unknown', '', 'roster', 'DA06-2023-HG', '', 'tong-hop.xlsx', 'A', 6, 'mooc.dead.v1', 0, 8,
     1, 1),
    (gen_random_uuid(), true, '', 'not_utf8', 'byte 17', '', '', '', '', '', 0, 'mooc.events.v1', 2, 99, 1, 1);
SELECT row_eq($$SELECT file COLLATE "default", "row", detail COLLATE "default" FROM bi.data_issues WHERE kind = 'unit_unknown'$$,
              ROW('tong-hop.xlsx'::text, 5::bigint, 'S** y* t**; perhaps: Sở Y tế'::text), 'a row of an unknown unit');
INSERT INTO gen_1.dead_letters VALUES
    (gen_random_uuid(), true, 'danh-sach', 'unit_unknown', 'unit "Sở Lạ" is not known; nearest: Sở Y tế; e-mail a***@x.vn', 'roster',
     'DA06-2023-HG', '', 'la.xlsx', 'A', 5, 'mooc.dead.v1', 0, 9, 1, 1);
SELECT row_eq($$SELECT detail COLLATE "default", detail_en COLLATE "default" FROM bi.data_issues WHERE file = 'la.xlsx'$$,
              ROW('đơn vị "Sở Lạ" chưa có trong danh mục; gần giống: Sở Y tế; e-mail a***@x.vn'::text,
                  'unit "Sở Lạ" is not known; nearest: Sở Y tế; e-mail a***@x.vn'::text), 'what we say of it is said in both languages');
DELETE FROM gen_1.dead_letters WHERE file = 'la.xlsx';
SELECT is((SELECT count(*)::integer FROM bi.data_issues WHERE kind = 'unit_unknown'), 1, 'one that was taken back is gone');
SELECT row_eq($$SELECT detail COLLATE "default", file COLLATE "default", for_unit FROM bi.data_issues WHERE kind = 'unreadable_record'$$,
              ROW('not_utf8: byte 17 (mooc.events.v1, partition 2, offset 99)'::text, NULL::text, false),
              'an unreadable record names its place in the log');

INSERT INTO gen_1.unmapped VALUES ('wave', '', 'DA06-2024-HG'), ('course', 'daotao', 'course-v1:X');
SELECT row_eq($$SELECT wave COLLATE "default", detail COLLATE "default" FROM bi.data_issues WHERE kind = 'wave_unknown'$$,
              ROW('DA06-2024-HG'::text, 'DA06-2024-HG'::text), 'an unknown wave');
SELECT row_eq($$SELECT source COLLATE "default", detail COLLATE "default" FROM bi.data_issues WHERE kind = 'course_unknown'$$,
              ROW('daotao'::text, 'course-v1:X'::text), 'an unknown course');

INSERT INTO gen_1.dead_letters VALUES
    (gen_random_uuid(), true, 'daotao', 'percent_malformed', 'not a share', 'grades', '', '', '', '', 0, 'mooc.dead.v1', 1, 3, 1, 1);
SELECT is((SELECT detail::text FROM bi.data_issues WHERE kind = 'unreadable_record' AND source = 'daotao'),
          'percent_malformed: not a share (mooc.dead.v1, partition 1, offset 3)', 'a reason without words of its own is told');

-- A kind that is newer than this schema still shows.
SELECT pg_temp.issue('something_new', 'HG-CAT', 3, 'cat.xlsx', 2);
SELECT row_eq($$SELECT issue COLLATE "default", to_do_en, for_unit FROM bi.data_issues WHERE unit = 'HG-CAT'$$,
              ROW('something_new'::text, 'Give it to the operator'::text, false), 'an unknown kind shows its code');
SELECT is_empty(
    $$SELECT kind FROM unnest(ARRAY['email_malformed', 'email_missing', 'citizen_malformed', 'phone_malformed', 'birth_date_malformed',
        'listed_twice', 'identifier_shared', 'listed_in_two_units', 'account_not_on_roster', 'account_under_other_email', 'unit_unknown',
        'wave_unknown', 'course_unknown', 'unreadable_record', 'identifier_malformed', 'identifier_missing', 'course_missing',
        'unit_missing', 'wave_missing', 'class_missing', 'class_malformed', 'exam_malformed', 'exam_other', 'score_malformed',
        'score_inconsistent', 'max_score_missing', 'passed_malformed', 'present_malformed', 'attempt_malformed', 'date_malformed',
        'day_missing', 'name_missing', 'number_malformed', 'totals_inconsistent', 'activity_missing', 'count_malformed']) kind WHERE kind NOT IN (SELECT k.kind FROM pulse.issue_kinds k)$$,
    'every kind that services write has its words');

SELECT * FROM finish();
ROLLBACK;
