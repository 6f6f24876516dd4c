-- $1: how long a transaction of a BI login may last. How many sessions were ended.
SELECT pulse.end_bi_sessions($1::interval)
