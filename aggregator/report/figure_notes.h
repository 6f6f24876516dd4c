/* What has to be said beside figures that would be misread alone. Pure. */
#ifndef MOOC_AGGREGATOR_FIGURE_NOTES_H
#define MOOC_AGGREGATOR_FIGURE_NOTES_H

#include "report.h"

/* Of the table's last row, its totals: that nobody tells who completed, that more are certified than passed. */
void figure_notes_add(struct report *report);

void figure_note_completion(struct report *report);
/* Beside a count of accounts on no list, whose kind is called `label`: of how many people the other reports say so; -1: of none in
 * particular. */
void figure_note_accounts(struct report *report, const char *label, int64_t people);
/* Where no sum of plans stands because not all of its units have one, "Đợt 1 (2/33 đơn vị)" goes to the end of gaps; nothing where none or
 * all have. Then the note of what is in gaps, if anything, which is freed. */
void figure_plan_gap_add(struct text_buffer *gaps, const struct report *report, const char *of,
                         int64_t planned_units, int64_t units);
void figure_note_plan_gaps(struct report *report, struct text_buffer *gaps);
/* Where the training's row has no plan because not all of its waves with a list have one; says nothing where none or all have. */
void figure_note_wave_gap(struct report *report, int64_t planned_waves, int64_t waves);
/* Says nothing where no more are certified than passed. */
void figure_note_certificates(struct report *report, int64_t passed, int64_t certified);

#endif
