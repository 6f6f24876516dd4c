/* A growing byte buffer with a hard cap, and a JSON writer on top of it. Out of memory aborts the process. */
#ifndef MOOC_TEXT_BUFFER_H
#define MOOC_TEXT_BUFFER_H

#include <string.h>

#include "base.h"

#define TEXT_BUFFER_MAX ((size_t)1 << 30) /* more is a programming error: aborts */

/* Zeroed is empty. */
struct text_buffer {
    char *data; /* always NUL-terminated once anything was added */
    size_t length, capacity;
};

void text_buffer_free(struct text_buffer *b);
void text_buffer_reserve(struct text_buffer *b, size_t more);
static inline void text_buffer_clear(struct text_buffer *b)
{
    b->length = 0;
}
void text_buffer_add(struct text_buffer *b, const void *bytes, size_t length);
static inline void text_buffer_add_text(struct text_buffer *b, const char *text)
{
    text_buffer_add(b, text, strlen(text));
}
void text_buffer_add_format(struct text_buffer *b, const char *format, ...) PRINTF_LIKE(2, 3);
void text_buffer_add_number(struct text_buffer *b, int64_t number);
/* "text" with quotes, escaped as RFC 8259 asks; text must be valid UTF-8. */
void text_buffer_add_json_string(struct text_buffer *b, const char *text);
/* Shortest form that reads back as the same double (at most 17 digits); "null" for infinities and NaN, "0" for -0. */
void text_buffer_add_json_double(struct text_buffer *b, double number);

#endif
