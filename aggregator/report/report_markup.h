/* Pieces of HTML and SVG. Whatever text comes in, it comes out as text. */
#ifndef MOOC_AGGREGATOR_REPORT_MARKUP_H
#define MOOC_AGGREGATOR_REPORT_MARKUP_H

#include "report.h"

/* For content and for attributes in quotes: nothing in it can become markup; control characters, which HTML forbids, become U+FFFD. */
void markup_text(struct text_buffer *out, const char *text);

/* The report's chart as an image in SVG; nothing if it has none, or no row to show. */
void markup_chart(const struct report *report, struct text_buffer *out);

#endif
