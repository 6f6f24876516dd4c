#include "files_settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fault(const struct yaml *doc, const struct yaml_node *config, const char *key,
                  const char *what, struct error *err)
{
    const struct yaml_node *node = yaml_get(config, key);
    return error_set(err, ERROR_CONFIG, false, "%s:%d: %s: %s", yaml_name(doc),
                     yaml_line(node != NULL ? node : config), key, what);
}

/* "250ms", "2s", "5m" */
static bool read_poll(const char *text, int64_t *ms)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    int64_t unit = strcmp(end, "ms") == 0  ? 1
                   : strcmp(end, "s") == 0 ? 1000
                   : strcmp(end, "m") == 0 ? 60000
                                           : 0;
    if (errno != 0 || end == text || unit == 0 || number < 1 || number > 86400000)
        return false;
    *ms = number * unit;
    return *ms >= 100;
}

/* One of two words; the first is false. */
static bool read_word(const char *text, const char *no, const char *yes, bool *out)
{
    *out = strcmp(text, yes) == 0;
    return *out || strcmp(text, no) == 0;
}

static bool read_days(const char *text, int64_t *ms)
{
    char *end = NULL;
    errno = 0;
    long days = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || days < 1 || days > 3650)
        return false;
    *ms = (int64_t)days * 86400000;
    return true;
}

/* columns: {score: "Điểm tổng kết"} */
static bool read_columns(const struct yaml *doc, const struct yaml_node *config,
                         struct table_mapping *out, struct error *err)
{
    const struct yaml_node *columns = yaml_get(config, "columns");
    for (size_t i = 0; i < yaml_count(columns); i++) {
        const char *key = yaml_key(columns, i);
        struct table_mapped *mapped = &out->items[out->count];
        if (key == NULL || !table_field_parse(key, &mapped->field) || out->count == TABLE_FIELDS)
            return error_set(err, ERROR_CONFIG, false, "%s:%d: columns: %s is no column; known: %s",
                             yaml_name(doc), yaml_line(columns), key != NULL ? key : "(a list)",
                             TABLE_FIELD_NAMES);
        mapped->title = yaml_text(columns, key, "");
        out->count++;
    }
    return true;
}

bool files_settings_read(const struct options *options, const struct yaml *doc,
                         const struct yaml_node *config, struct files_settings *out,
                         struct error *err)
{
    static const char *const keys[] = {
        "name",      "kind",        "wave",     "unit",     "inbox",   "scope",    "holds", "poll",
        "keep_days", "keep_emails", "encoding", "platform", "columns", "received", NULL};
    memset(out, 0, sizeof(*out));
    if (!yaml_only_keys(doc, config, keys, err))
        return false;
    out->wave = yaml_text(config, "wave", NULL);
    out->unit = yaml_text(config, "unit", NULL);
    if ((out->wave != NULL && strlen(out->wave) > 32) ||
        (out->unit != NULL && strlen(out->unit) > 32))
        return fault(doc, config, out->wave != NULL ? "wave" : "unit", "no code is that long", err);
    if (!files_kind_parse(yaml_text(config, "holds", "roster"), &out->kind))
        return fault(doc, config, "holds", "must be one of " FILES_KIND_NAMES, err);
    const char *scope = files_kind_is_complete(out->kind) ? "complete" : "supplement";
    if (!read_word(yaml_text(config, "scope", scope), "supplement", "complete", &out->complete))
        return fault(doc, config, "scope", "must be supplement or complete", err);
    if (!read_word(yaml_text(config, "received", "read"), "read", "saved", &out->received_when_saved))
        return fault(doc, config, "received", "must be read or saved", err);
    if (!text_encoding_parse(yaml_text(config, "encoding", "auto"), &out->encoding))
        return fault(doc, config, "encoding", "must be one of " TEXT_ENCODING_OPTIONS, err);
    out->platform = yaml_text(config, "platform", NULL);
    if (!read_columns(doc, config, &out->columns, err))
        return false;
    if (!read_word(yaml_text(config, "keep_emails", "true"), "false", "true", &out->keep_emails))
        return fault(doc, config, "keep_emails", "must be true or false", err);
    if (!read_days(yaml_text(config, "keep_days", "30"), &out->keep_ms))
        return fault(doc, config, "keep_days", "must be a number of days from 1 to 3650", err);
    if (!read_poll(yaml_text(config, "poll", "2s"), &out->poll_ms))
        return fault(doc, config, "poll", "must be a duration of 100ms at least, such as 2s", err);
    const char *inbox = yaml_text(config, "inbox", NULL);
    if (inbox != NULL && inbox[0] != '\0') {
        if (out->wave == NULL && (out->kind == FILES_ROSTER || out->kind == FILES_ATTENDANCE))
            return fault(doc, config, "inbox", "a watched folder needs the wave of its lists", err);
        out->inbox = options_resolve_path(options, inbox);
    }
    return true;
}

void files_settings_complete(const struct files_settings *settings, struct files_job *job)
{
    if (job->wave[0] == '\0' && settings->wave != NULL)
        (void)snprintf(job->wave, sizeof(job->wave), "%s", settings->wave);
    if (job->unit[0] == '\0' && settings->unit != NULL)
        (void)snprintf(job->unit, sizeof(job->unit), "%s", settings->unit);
    if (job->encoding == ENCODING_AUTO)
        job->encoding = settings->encoding;
}

void files_settings_free(struct files_settings *settings)
{
    free(settings->inbox);
    settings->inbox = NULL;
}
