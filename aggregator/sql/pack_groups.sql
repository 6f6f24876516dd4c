-- $1: wave. Its study groups.
SELECT g.unit, g.study_group, g.registered, g.accounts, g.participated, g.passed
  FROM bi.group_status g WHERE g.wave = $1 COLLATE "C" AND g.registered > 0
 ORDER BY g.unit, g.group_order NULLS LAST, g.study_group
