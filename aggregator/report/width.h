/* How wide text stands on a terminal, and how it wraps. Pure. */
#ifndef MOOC_AGGREGATOR_WIDTH_H
#define MOOC_AGGREGATOR_WIDTH_H

#include "../../common/text_buffer.h"

/* The first of `bytes` (at least 1) bytes' characters and its length; a broken byte gives itself, so that the caller moves on. */
size_t text_character(const char *text, size_t bytes, uint32_t *character);

/* Columns that valid UTF-8 takes: combining marks none, East Asian wide characters two, others one. */
size_t text_width(const char *text);
size_t text_width_of(const char *text, size_t bytes);

enum alignment { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };

/* Appends text, padded with blanks to width. */
void text_pad(struct text_buffer *out, const char *text, size_t bytes, size_t width,
              enum alignment alignment);

/* Appends text without what would command a terminal: control characters, but for line ends where they are kept, as "\x1b". */
void text_add_plain(struct text_buffer *out, const char *text, bool keep_lines);

/* The next line of at most width columns, broken at blanks (a longer word stands by itself): its start and bytes; *rest moves
 * behind it. False when nothing is left. */
bool text_wrap(const char **rest, size_t width, const char **line, size_t *bytes);

/* Widest single word, in columns. */
size_t text_widest_word(const char *text);

#endif
