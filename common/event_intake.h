/* Between the two files that decode events: event_decode.c (envelope and memory) and event_data.c (the data member). */
#ifndef MOOC_EVENT_INTAKE_H
#define MOOC_EVENT_INTAKE_H

#include <string.h>

#include "event_fields.h"
#include "json_outline.h"

/* A string's text, for as long as the decoder keeps it. */
const char *event_keep(struct event_decoder *decoder, struct json_slice string);
/* The same string without escapes. */
struct json_slice event_plain(struct event_decoder *decoder, struct json_slice string);

/* Fills the fields from data's members; ERROR_DATA when one of them is wrong or missing. */
bool event_take_data(struct event_decoder *decoder, const struct json_members *members,
                     struct event *e, struct error *err) MUST_CHECK;

static inline bool slice_is(struct json_slice string, const char *text, size_t length)
{
    return string.length == length && memcmp(string.text, text, length) == 0;
}

#define SHORT_TEXT 64

/* For what is parsed and not kept, NUL-terminated; "" where the string is longer than any such text. */
static inline void slice_short_text(struct json_slice string, char out[SHORT_TEXT])
{
    size_t length = string.length < SHORT_TEXT ? string.length : 0;
    memcpy(out, string.text, length);
    out[length] = '\0';
}

#endif
