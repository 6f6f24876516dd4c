/* How a worksheet prints (ECMA-376 Part 1, 18.3.1): one page wide, A4 landscape. Pure. */
#ifndef MOOC_FOLLOW_UP_PAGE_SETUP_H
#define MOOC_FOLLOW_UP_PAGE_SETUP_H

#include "../../common/text_buffer.h"

/* The sheet's XML with that set, and margins that are not too wide; another paper that was chosen, headers and all else stay. To the end
 * of out. */
void sheet_fit_width(const char *xml, size_t length, struct text_buffer *out);

#endif
