-- Identifiers that stand on rows of different names or citizen numbers: they lead to several people.
SELECT count(*)
  FROM (SELECT identifier
          FROM gen_N.carriers
         WHERE identifier = ANY ($1::uuid[]) AND on_roster
         GROUP BY identifier
        HAVING count(DISTINCT nullif(name, 0)) > 1 OR count(DISTINCT citizen) > 1) AS shared
