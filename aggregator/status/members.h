/* What the JSON of status is made of. */
#ifndef MOOC_STATUS_MEMBERS_H
#define MOOC_STATUS_MEMBERS_H

#include "../../common/text_buffer.h"

/* ,"name":"text"; null for "" */
void member_text(struct text_buffer *out, const char *name, const char *text);
/* ,"name":5; null for STATUS_UNKNOWN and whatever else is below 0 */
void member_number(struct text_buffer *out, const char *name, int64_t number);

/* An array of lines: the context of a status_say or storage_say that is member_line. */
struct member_lines {
    struct text_buffer *out;
    size_t count;
};
void member_line(void *lines, const char *line);

#endif
