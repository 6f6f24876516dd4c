#include "log.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "json.h"
#include "text_buffer.h"

#define MESSAGE_MAX ((size_t)8192)
#define PROGRAM_MAX 64

/* Written once before there are threads; a log has no context to be given. */
static struct {
    char program[PROGRAM_MAX];
    enum log_level level;
    enum log_format format;
} settings = {"mooc-pulse", LOG_INFO, LOG_FORMAT_TEXT};

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static const char *const level_labels[] = {"DEBUG", "INFO ", "WARN ", "ERROR"};

void log_setup(const char *program, enum log_level level, enum log_format format)
{
    size_t length = strnlen(program, PROGRAM_MAX - 1);
    memcpy(settings.program, program, length);
    settings.program[length] = '\0';
    settings.level = level;
    settings.format = format;
}

bool log_level_parse(const char *text, enum log_level *level)
{
    for (size_t i = 0; text && i < ARRAY_LEN(level_names); i++) {
        if (strcmp(text, level_names[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* At most MESSAGE_MAX bytes of text, what is no UTF-8 replaced by U+FFFD: a log line is always readable by machines. */
static void add_clean(struct text_buffer *out, const char *text)
{
    size_t length = strnlen(text, MESSAGE_MAX + 1);
    bool cut = length > MESSAGE_MAX;
    if (cut)
        length = MESSAGE_MAX;
    for (size_t at = 0; at < length;) {
        size_t sequence = 1;
        while (sequence <= 4 && at + sequence <= length && !utf8_valid(text + at, sequence))
            sequence++;
        if (sequence <= 4 && at + sequence <= length) {
            text_buffer_add(out, text + at, sequence);
            at += sequence;
        } else {
            text_buffer_add_text(out, "\xef\xbf\xbd");
            at++;
        }
    }
    if (cut)
        text_buffer_add_text(out, "…");
}

static void add_json(struct text_buffer *out, const char *text, struct text_buffer *scratch)
{
    text_buffer_clear(scratch);
    text_buffer_add_text(scratch, "");
    add_clean(scratch, text);
    text_buffer_add_json_string(out, scratch->data);
}

/* Plain where a reader sees its ends, else quoted. */
static void add_plain(struct text_buffer *out, const char *text, const char *quote_for,
                      struct text_buffer *scratch)
{
    bool quote = false;
    for (const char *p = text; *p && !quote; p++)
        quote = (unsigned char)*p < 0x20 || strchr(quote_for, *p);
    if (quote)
        add_json(out, text, scratch);
    else
        add_clean(out, text);
}

static void format_json(struct text_buffer *line, enum log_level level, const char *ts,
                        const char *message, const struct log_field *fields, size_t count)
{
    struct text_buffer scratch = {0};
    text_buffer_add_format(line, "{\"ts\":\"%s\",\"level\":\"%s\",\"program\":", ts,
                           level_names[level]);
    add_json(line, settings.program, &scratch);
    text_buffer_add_text(line, ",\"message\":");
    add_json(line, message, &scratch);
    for (size_t i = 0; i < count; i++) {
        text_buffer_add_text(line, ",");
        add_json(line, fields[i].name, &scratch);
        text_buffer_add_text(line, ":");
        if (fields[i].text)
            add_json(line, fields[i].text, &scratch);
        else
            text_buffer_add_number(line, fields[i].number);
    }
    text_buffer_add_text(line, "}\n");
    text_buffer_free(&scratch);
}

static void format_text(struct text_buffer *line, enum log_level level, const char *ts,
                        const char *message, const struct log_field *fields, size_t count)
{
    struct text_buffer scratch = {0};
    text_buffer_add_format(line, "%s %s ", ts, level_labels[level]);
    add_plain(line, message, "", &scratch);
    for (size_t i = 0; i < count; i++) {
        text_buffer_add_text(line, i == 0 ? "  " : " ");
        add_plain(line, fields[i].name, "", &scratch);
        text_buffer_add_text(line, "=");
        if (!fields[i].text)
            text_buffer_add_number(line, fields[i].number);
        else if (fields[i].text[0] == '\0')
            text_buffer_add_text(line, "\"\"");
        else
            add_plain(line, fields[i].text, " =\"", &scratch);
    }
    text_buffer_add_text(line, "\n");
    text_buffer_free(&scratch);
}

void log_write(enum log_level level, const char *message, const struct log_field *fields,
               size_t field_count)
{
    if (level < settings.level)
        return;
    char ts[CLOCK_TEXT_SIZE];
    clock_format(clock_now_us(), ts);
    struct text_buffer line = {0};
    if (settings.format == LOG_FORMAT_JSON)
        format_json(&line, level, ts, message, fields, field_count);
    else
        format_text(&line, level, ts, message, fields, field_count);
    for (size_t at = 0; at < line.length;) {
        ssize_t written = write(STDERR_FILENO, line.data + at, line.length - at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break; /* nobody to tell */
        at += (size_t)written;
    }
    text_buffer_free(&line);
}

void log_error(const char *message, const struct error *err)
{
    enum log_level level = err->kind == ERROR_STOPPED ? LOG_INFO
                           : err->retriable           ? LOG_WARN
                                                      : LOG_ERROR;
    LOG_AT(level, message, LOG_TEXT("error", err->message),
           LOG_TEXT("kind", error_kind_name(err->kind)),
           LOG_TEXT("retriable", err->retriable ? "true" : "false"));
}
