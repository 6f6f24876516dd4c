-- $1: wave. Every unit's row in printed order, the row of people on no roster (unit NULL) last.
SELECT unit, printed_name, planned, registered, accounts, activated, enrolled, participated, completed, sat, passed, failed,
       not_passed, certified, not_registered
  FROM bi.participation
 WHERE wave = $1
 ORDER BY unit IS NULL, print_order NULLS LAST, printed_name, unit
