-- $1: wave or NULL, $2: unit or NULL. Is there such a wave, such a unit, in the reference data or among the issues?
SELECT $1::text IS NULL OR EXISTS (SELECT FROM bi.waves WHERE wave = $1 COLLATE "C")
           OR EXISTS (SELECT FROM bi.data_issues WHERE wave = $1 COLLATE "C"),
       $2::text IS NULL OR EXISTS (SELECT FROM bi.units WHERE unit = $2 COLLATE "C")
           OR EXISTS (SELECT FROM bi.data_issues WHERE unit = $2 COLLATE "C")
