/* Words for what a report is made of, in kept reports. Shared by report_save.c and report_load.c. */
#ifndef MOOC_AGGREGATOR_REPORT_NAMES_H
#define MOOC_AGGREGATOR_REPORT_NAMES_H

#define REPORT_FORMAT 1 /* of a kept report: raised when it changes */

static const char *const cell_kind_names[] = {"empty", "text", "count", "number", "rate", "date"};
static const char *const row_kind_names[] = {"plain", "section", "subtotal", "totals"};
static const char *const chart_kind_names[] = {"none", "bars", "line"};
static const char *const language_names[] = {"vi", "en"};

#endif
