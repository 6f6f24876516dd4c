/* What the office calls the levels, measures and events that comparisons name. Programs are given the codes. Pure. */
#ifndef MOOC_CELLS_WORDS_H
#define MOOC_CELLS_WORDS_H

#include "../report/number.h"

/* Of a level of sql/replay_compare.sql or sql/replay_compare_people.sql; a code without words is given back as it is. */
const char *words_of_level(const char *code, enum language language);
/* Of a measure there. */
const char *words_of_measure(const char *code, enum language language);
/* Of a type of events: "exam.graded". */
const char *words_of_type(const char *code, enum language language);

#endif
