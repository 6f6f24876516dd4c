-- What each chart of the boards must show, asked of the views themselves: the test compares what stands on the page. A column has the name that
-- it has in the chart; columns of the chart that are missing here are not compared. With ORDER BY the page must have the same order.
-- Parameters: %(training)s, %(wave)s, %(province)s are the first values of the boards' filters.

-- chart: national_registered
SELECT sum(registered) FROM bi.participation_training WHERE training = %(training)s AND unit IS NOT NULL;
-- chart: national_accounts
SELECT sum(accounts) FROM bi.participation_training WHERE training = %(training)s AND unit IS NOT NULL;
-- chart: national_participated
SELECT sum(participated) FROM bi.participation_training WHERE training = %(training)s AND unit IS NOT NULL;
-- chart: national_passed
SELECT sum(passed) FROM bi.participation_training WHERE training = %(training)s AND unit IS NOT NULL;
-- chart: national_participation_percent
SELECT round(100.0 * sum(participated) / sum(registered), 1) FROM bi.participation_training WHERE training = %(training)s AND unit IS NOT NULL;
-- chart: national_pass_percent
SELECT round(100.0 * sum(passed) / sum(registered), 1) FROM bi.participation_training WHERE training = %(training)s AND unit IS NOT NULL;
-- chart: national_complete_through
SELECT to_char(min(complete_through) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM') FROM bi.training_freshness WHERE training = %(training)s;
-- chart: national_rolling
SELECT day, sum(active_1) AS active_1_people, sum(active_7) AS active_7_people, sum(active_30) AS active_30_people
  FROM bi.rolling_participation WHERE training = %(training)s GROUP BY day HAVING sum(active_30) > 0;
-- chart: national_exam_rates
SELECT day, round(100.0 * sum(exams_passed_7) / nullif(sum(exams_sat_7), 0), 1) AS exam_pass_percent_7,
       round(100.0 * sum(exams_passed_30) / nullif(sum(exams_sat_30), 0), 1) AS exam_pass_percent_30
  FROM bi.rolling_participation WHERE training = %(training)s GROUP BY day HAVING sum(active_30) > 0;
-- chart: national_map
SELECT round(100.0 * province_pass_rate_registered, 1) AS metric
  FROM (SELECT DISTINCT province, province_pass_rate_registered FROM bi.province_ranking WHERE training = %(training)s) p;
-- chart: national_ranking
SELECT printed_name, rank_pass_rate AS rank, registered AS registered_people, passed AS passed_people,
       round(100 * pass_rate_registered, 1) AS pass_percent_registered
  FROM bi.province_ranking WHERE training = %(training)s ORDER BY position;
-- chart: national_pass_rates
SELECT printed_name, round(100 * pass_rate_registered, 1) AS pass_percent_registered
  FROM bi.province_ranking WHERE training = %(training)s AND pass_rate_registered IS NOT NULL;
-- chart: national_targets
SELECT phase, unit_name, planned_low, planned_high, actual, remaining, status FROM bi.target_progress;
-- chart: national_target_states
SELECT status, count(*) AS targets FROM bi.target_progress GROUP BY status ORDER BY count(*) DESC;
-- chart: national_freshness
SELECT source, stream, complete_through AT TIME ZONE 'Asia/Ho_Chi_Minh' AS through_local, CASE WHEN holds_back THEN 'đang giữ lại' ELSE '' END AS holds_back_vi
  FROM bi.training_freshness WHERE training = %(training)s;

-- chart: province_registered
SELECT sum(registered) FROM bi.participation WHERE wave = %(wave)s;
-- chart: province_accounts_percent
SELECT round(100.0 * sum(accounts) / sum(registered), 1) FROM bi.participation WHERE wave = %(wave)s;
-- chart: province_participation_percent
SELECT round(100.0 * sum(participated) / sum(registered), 1) FROM bi.participation WHERE wave = %(wave)s;
-- chart: province_pass_percent
SELECT round(100.0 * sum(passed) / sum(registered), 1) FROM bi.participation WHERE wave = %(wave)s;
-- chart: province_units_whole
SELECT count(*) FROM bi.participation WHERE wave = %(wave)s AND participation_rate = 1;
-- chart: province_units_no_list
SELECT count(*) FROM bi.participation WHERE wave = %(wave)s AND NOT list_received AND unit <> %(province)s;
-- chart: province_units
SELECT printed_name, registered AS registered_people, accounts AS accounts_people, round(100 * account_rate, 1) AS account_percent,
       participated AS participated_people, round(100 * participation_rate, 1) AS participation_percent, passed AS passed_people,
       round(100 * pass_rate_registered, 1) AS pass_percent_registered, round(100 * pass_rate_participants, 1) AS pass_percent_participants,
       certified AS certified_people
  FROM bi.participation WHERE wave = %(wave)s AND unit <> %(province)s ORDER BY print_order;
-- chart: province_chasing
SELECT printed_name, registered - accounts AS status_no_account, accounts - participated AS status_not_started,
       participated - sat AS status_not_sat, failed AS status_failed, passed AS passed_people
  FROM bi.participation WHERE wave = %(wave)s AND unit <> %(province)s;
-- chart: province_chasing_table
SELECT printed_name, registered - accounts AS status_no_account, accounts - participated AS status_not_started,
       participated - sat AS status_not_sat, failed AS status_failed
  FROM bi.participation WHERE wave = %(wave)s AND unit <> %(province)s ORDER BY print_order;
-- chart: province_groups_below_20
SELECT count(*) FROM bi.group_status WHERE wave = %(wave)s AND participation_rate < 0.2;
-- chart: province_groups_at_0
SELECT count(*) FROM bi.group_status WHERE wave = %(wave)s AND participation_rate = 0;
-- chart: province_groups_below_100
SELECT count(*) FROM bi.group_status WHERE wave = %(wave)s AND participation_rate < 1;
-- chart: province_groups
SELECT unit_name, study_group, registered AS registered_people, participated AS participated_people,
       round(100 * participation_rate, 1) AS participation_percent, passed AS passed_people
  FROM bi.group_status WHERE wave = %(wave)s;
-- chart: province_issues
SELECT issue, unit_name, file, to_do, sum("count") AS issues FROM bi.data_issues WHERE wave = %(wave)s GROUP BY 1, 2, 3, 4;
-- chart: province_issue_kinds
SELECT issue, sum("count") AS issues FROM bi.data_issues WHERE wave = %(wave)s GROUP BY 1;
-- chart: province_deadlines
SELECT unit_name, overdue AS overdue_people, at_risk AS at_risk_people, in_time AS in_time_people, not_begun AS not_begun_people, late AS late_people,
       on_time AS on_time_people, not_computable AS not_computable_people
  FROM bi.deadline_status WHERE wave = %(wave)s;
-- chart: province_deadline_table
SELECT unit_name, learners AS learners_people, overdue AS overdue_people, at_risk AS at_risk_people, in_time AS in_time_people, late AS late_people,
       on_time AS on_time_people, not_begun AS not_begun_people, next_due AS next_due_first
  FROM bi.deadline_status WHERE wave = %(wave)s;

-- chart: operations_generation
SELECT generation FROM bi.generation;
-- chart: operations_records
SELECT records_counted FROM bi.generation;
-- chart: operations_incomplete
SELECT count(*) FROM bi.freshness WHERE complete_through IS NULL OR substreams_complete < substreams;
-- chart: operations_oldest about
SELECT round(extract(epoch FROM max(age)) / 60, 1) FROM bi.freshness;
-- chart: operations_rejected
SELECT sum(rejected_records) FROM bi.freshness;
-- chart: operations_issues
SELECT sum("count") FROM bi.data_issues;
-- chart: operations_freshness
SELECT source, stream, complete_through AT TIME ZONE 'Asia/Ho_Chi_Minh' AS through_local, substreams_complete, substreams, records, rejected_records
  FROM bi.freshness;
-- chart: operations_activity
SELECT began_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS began_at_local, coalesce(wave_name, 'Không thuộc đợt nào') AS series, facts AS value FROM bi.activity_5min
 WHERE began_at > now() - interval '24 hours';
-- chart: operations_learners
SELECT began_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS began_at_local, coalesce(wave_name, 'Không thuộc đợt nào') AS series, learners AS value FROM bi.activity_5min
 WHERE began_at > now() - interval '24 hours';
-- chart: operations_issue_kinds
SELECT issue, to_do, sum("count") FILTER (WHERE for_unit) AS issues_for_units, sum("count") FILTER (WHERE NOT for_unit) AS issues_for_operator
  FROM bi.data_issues GROUP BY issue, to_do ORDER BY min(kind_order);
-- chart: operations_rejected_streams
SELECT source, stream, records AS records_sum, rejected_records AS rejected FROM bi.freshness;
-- chart: operations_holds_back
SELECT training_name, source, stream, complete_through AT TIME ZONE 'Asia/Ho_Chi_Minh' AS through_local FROM bi.training_freshness WHERE holds_back;
-- chart: operations_generation_table
SELECT generation, fold_version, config_version, created_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS created_local,
       config_loaded_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS config_loaded_local, records_counted FROM bi.generation;
