/* Structured logs: one line per event on stderr, JSON or logfmt-like text. No personal data, no secrets: callers pass
 * locators (source, file, sheet, row, partition, offset), never record content. */
#ifndef MOOC_LOG_H
#define MOOC_LOG_H

#include "base.h"
#include "error.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_FORMAT_JSON, LOG_FORMAT_TEXT };

struct log_field {
    const char *name;
    const char *text; /* used when not NULL */
    int64_t number;
};

static inline struct log_field log_text_field(const char *name, const char *text)
{
    return (struct log_field){name, text ? text : "", 0};
}

static inline struct log_field log_number_field(const char *name, int64_t number)
{
    return (struct log_field){name, NULL, number};
}

#define LOG_TEXT(field_name, value) log_text_field((field_name), (value)) /* NULL is "" */
#define LOG_NUMBER(field_name, value) log_number_field((field_name), (int64_t)(value))

/* Once at start, before threads. program and the level live for the whole process. */
void log_setup(const char *program, enum log_level level, enum log_format format);

bool log_level_parse(const char *text, enum log_level *level);

/* Thread-safe; one write(2) per line; message and texts are cut at 8 KiB each; what is no UTF-8 becomes U+FFFD. */
void log_write(enum log_level level, const char *message, const struct log_field *fields,
               size_t field_count);

#define LOG_AT(level, message, ...)                                                                \
    log_write((level), (message), (const struct log_field[]){__VA_ARGS__},                         \
              sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))
#define LOG_INFO_EVENT(message, ...) LOG_AT(LOG_INFO, message, __VA_ARGS__)
#define LOG_WARN_EVENT(message, ...) LOG_AT(LOG_WARN, message, __VA_ARGS__)

/* Logs the error with the event that it ended: message, kind, retriable. A warning if trying again can help, else an error;
 * ERROR_STOPPED is information. */
void log_error(const char *message, const struct error *err);

#endif
