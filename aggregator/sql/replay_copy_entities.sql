-- What is about no learner does not depend on a training's rules.
INSERT INTO gen_B.totals SELECT * FROM gen_A.totals;
INSERT INTO gen_B.headcounts SELECT * FROM gen_A.headcounts;
INSERT INTO gen_B.marks SELECT * FROM gen_A.marks;
INSERT INTO gen_B.dead_letters SELECT * FROM gen_A.dead_letters;
INSERT INTO gen_B.unmapped SELECT * FROM gen_A.unmapped;
