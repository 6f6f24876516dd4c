-- $1: training. Are learners told apart by audience? Then they are not all officials.
SELECT EXISTS (SELECT FROM bi.audience_status WHERE training = $1 COLLATE "C")
