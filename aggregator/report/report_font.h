/* How wide text is in Times New Roman. Pure. */
#ifndef MOOC_AGGREGATOR_REPORT_FONT_H
#define MOOC_AGGREGATOR_REPORT_FONT_H

#include "../../common/base.h"

#define FONT_LINE 1.2 /* height of a line, in sizes of the font */

/* In points. Letters with marks are as wide as without; what is neither Latin nor punctuation is guessed. */
double font_width(const char *text, size_t bytes, double size, bool bold);
double font_widest_word(const char *text, double size, bool bold);
/* Lines that the text takes where it is wrapped at blanks to so many points; at least 1. Line ends break, too. A word that is wider
 * than the line is broken anywhere. */
size_t font_lines(const char *text, double width, double size, bool bold);

#endif
