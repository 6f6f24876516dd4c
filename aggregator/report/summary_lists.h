/* The enumerations in the sentences of a summary: kinds of units, names of units, groups. Pure. */
#ifndef MOOC_AGGREGATOR_SUMMARY_LISTS_H
#define MOOC_AGGREGATOR_SUMMARY_LISTS_H

#include "summary.h"

/* Which units a sentence is about. */
enum summary_share { SHARE_ANY, SHARE_WHOLE, SHARE_PART }; /* everybody took part, or not */

bool summary_is(const struct summary_unit *unit, enum summary_class unit_class,
                enum summary_share share);
size_t summary_units(const struct summary_figures *figures, enum summary_class unit_class,
                     enum summary_share share);

/* "20 sở, ngành, 02 đoàn thể, 11 UBND các huyện, thành phố" */
const char *summary_senders(struct report *report, const struct summary_figures *figures);
/* "sở, ngành, đoàn thể", "sở", "huyện", "địa phương": what these units are, as far as there are such, in words for count of them. */
const char *summary_kinds(struct report *report, const struct summary_figures *figures,
                          enum summary_class unit_class, enum summary_share share, size_t count);
/* "Vị Xuyên, Thành phố": localities where everybody took part, cities last. */
const char *summary_whole_localities(struct report *report, const struct summary_figures *figures);
/* "Xín Mần (31,0%), Mèo Vạc (61,5%)": the lowest of those not whole, at most so many; *listed is how many. */
const char *summary_lowest(struct report *report, const struct summary_figures *figures,
                           enum summary_class unit_class, size_t most, size_t *listed);
/* "Sở Y tế (729), …, huyện Đồng Văn (285), Bắc Quang (273)": the largest of each class, at most so many. */
const char *summary_largest(struct report *report, const struct summary_figures *figures,
                            size_t departments, size_t localities);
/* "Tổ 17 thuộc Sở Y tế; các Tổ 26, 27, 30 của huyện Xín Mần": groups where nobody took part. */
const char *summary_empty_groups(struct report *report, const struct summary_figures *figures);
/* "Sở Y tế: Tổ 17 (0%), Tổ 153 (5,7%); huyện Xín Mần: các Tổ 26, 27, 30 (cùng đạt 0%)": groups below the threshold. */
const char *summary_low_groups(struct report *report, const struct summary_figures *figures);

#endif
