/* Made-up reports for tests. */
#ifndef MOOC_TESTS_REPORT_CASE_H
#define MOOC_TESTS_REPORT_CASE_H

#include "../../../aggregator/report/report.h"

/* Appendix 1 in small: two-level headings, a section, subtotal and totals, chart, signature, notes; 3 + `rows` rows. */
struct report *report_case_units(enum language language, size_t rows);
/* Anything that a report can be, the same for the same seed; from 0 to 3 parts. */
struct report *report_case_random(uint64_t seed);
/* How both are kept, side by side. */
bool report_case_equal(const struct report *a, const struct report *b);

#endif
