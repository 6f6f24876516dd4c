#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message that was cut must not end within a UTF-8 sequence: it goes into JSON logs. */
static void trim_partial_character(char *text, size_t size)
{
    size_t length = strlen(text);
    if (length + 1 < size)
        return;
    size_t lead = length;
    while (lead > 0 && length - lead < 4 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead == 0 || (unsigned char)text[lead - 1] < 0xC0)
        return;
    unsigned char first = (unsigned char)text[lead - 1];
    size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (length - (lead - 1) < wanted)
        text[lead - 1] = '\0';
}

bool error_set(struct error *err, enum error_kind kind, bool retriable, const char *format, ...)
{
    if (!err)
        return false;
    /* The arguments may point into err->message itself. */
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (written < 0)
        message[0] = '\0';
    trim_partial_character(message, sizeof message);
    err->kind = kind;
    err->retriable = retriable;
    memcpy(err->message, message, strlen(message) + 1);
    return false;
}

bool error_context(struct error *err, const char *format, ...)
{
    if (!err)
        return false;
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (written < 0)
        return false;
    size_t used = strlen(message), rest = strlen(err->message);
    if (used + 2 < sizeof message) {
        memcpy(message + used, ": ", 2);
        used += 2;
    }
    if (rest > sizeof message - 1 - used)
        rest = sizeof message - 1 - used;
    memcpy(message + used, err->message, rest);
    message[used + rest] = '\0';
    trim_partial_character(message, sizeof message);
    memcpy(err->message, message, strlen(message) + 1);
    return false;
}

void error_clear(struct error *err)
{
    if (!err)
        return;
    err->kind = ERROR_NONE;
    err->retriable = false;
    err->message[0] = '\0';
}

int error_exit_code(const struct error *err)
{
    switch (err->kind) {
    case ERROR_NONE:
    case ERROR_STOPPED:
        return 0;
    case ERROR_USAGE:
    case ERROR_CONFIG:
        return 2;
    case ERROR_UNREACHABLE:
        return 3;
    case ERROR_SOURCE:
    case ERROR_DATA:
    case ERROR_FENCED:
    case ERROR_UNKNOWN_OUTCOME:
    case ERROR_STATE:
    case ERROR_INTERNAL:
        return 1;
    }
    return 1;
}

const char *error_kind_name(enum error_kind kind)
{
    switch (kind) {
    case ERROR_NONE:
        return "none";
    case ERROR_USAGE:
        return "usage";
    case ERROR_CONFIG:
        return "config";
    case ERROR_UNREACHABLE:
        return "unreachable";
    case ERROR_SOURCE:
        return "source";
    case ERROR_DATA:
        return "data";
    case ERROR_FENCED:
        return "fenced";
    case ERROR_UNKNOWN_OUTCOME:
        return "unknown_outcome";
    case ERROR_STATE:
        return "state";
    case ERROR_STOPPED:
        return "stopped";
    case ERROR_INTERNAL:
        return "internal";
    }
    return "internal";
}
