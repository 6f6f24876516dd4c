#include "settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* "250ms", "10s", "5m", "1h", "7d" */
static bool duration(const char *text, int64_t *ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (end == text || errno != 0 || number < 0 || number > 1000000000)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (strcmp(end, units[i].unit) == 0) {
            *ms = number * units[i].ms;
            return true;
        }
    }
    return false;
}

struct reader {
    const struct yaml *doc;
    const struct yaml_node *config;
    struct error *err;
    bool ok;
};

static void fault(struct reader *r, const struct yaml_node *node, const char *key, const char *what)
{
    if (r->ok)
        error_set(r->err, ERROR_CONFIG, false, "%s:%d: %s: %s", yaml_name(r->doc), yaml_line(node),
                  key, what);
    r->ok = false;
}

static int64_t read_duration(struct reader *r, const char *key, int64_t fallback, int64_t least)
{
    const struct yaml_node *node = yaml_get(r->config, key);
    int64_t ms = fallback;
    if (node && (!yaml_scalar(node) || !duration(yaml_scalar(node), &ms) || ms < least))
        fault(r, node, key, "expected a duration such as 250ms, 10s, 5m, 1h");
    return ms;
}

static int read_number(struct reader *r, const struct yaml_node *parent, const char *key,
                       int fallback, int least, int most)
{
    const struct yaml_node *node = yaml_get(parent, key);
    if (!node)
        return fallback;
    const char *text = yaml_scalar(node);
    char *end = NULL;
    long number = text ? strtol(text, &end, 10) : 0;
    if (!text || end == text || *end || number < least || number > most) {
        fault(r, node, key, "not a number, or out of range");
        return fallback;
    }
    return (int)number;
}

static bool read_boolean(struct reader *r, const char *key, bool fallback)
{
    const struct yaml_node *node = yaml_get(r->config, key);
    const char *text = yaml_scalar(node);
    if (!node)
        return fallback;
    if (text && (strcmp(text, "true") == 0 || strcmp(text, "yes") == 0))
        return true;
    if (!text || (strcmp(text, "false") != 0 && strcmp(text, "no") != 0))
        fault(r, node, key, "expected true or false");
    return false;
}

static const char *read_needed(struct reader *r, const char *key, const char *what)
{
    const char *text = yaml_scalar(yaml_get(r->config, key));
    if (!text || !*text)
        fault(r, r->config, key, what);
    return text;
}

static void read_courses(struct reader *r, struct openedx_settings *out)
{
    const struct yaml_node *courses = yaml_get(r->config, "courses");
    const char *from = yaml_text(courses, "from", NULL);
    out->courses = NULL;
    if (!courses || (from && strcmp(from, "reference") == 0))
        return;
    if (yaml_kind(courses) != YAML_SEQUENCE || yaml_count(courses) == 0) {
        fault(r, courses, "courses", "expected a list of course ids, or `from: reference`");
        return;
    }
    for (size_t i = 0; i < yaml_count(courses); i++) {
        const char *id = yaml_scalar(yaml_item(courses, i));
        if (!id || !*id || strlen(id) > 150)
            fault(r, courses, "courses", "expected course ids of at most 150 characters");
    }
    out->courses = courses;
}

bool openedx_settings_read(const struct yaml *doc, const struct yaml_node *config,
                           struct openedx_settings *out, struct error *err)
{
    static const char *const keys[] = {"name",
                                       "kind",
                                       "url",
                                       "client_id",
                                       "client_secret_file",
                                       "ca_file",
                                       "allow_http",
                                       "courses",
                                       "page_size",
                                       "requests_per_minute",
                                       "max_concurrent",
                                       "sweep_every",
                                       "head_every",
                                       "timeout",
                                       "certificates_every",
                                       "accounts_every",
                                       "accounts_by_email",
                                       NULL};
    static const char *const page_keys[] = {"enrollments", "grades", NULL};
    const struct yaml_node *pages = yaml_get(config, "page_size");
    if (!yaml_only_keys(doc, config, keys, err) ||
        (pages && !yaml_only_keys(doc, pages, page_keys, err)))
        return false;
    struct reader r = {doc, config, err, true};
    *out = (struct openedx_settings){
        .url = read_needed(&r, "url", "missing: the address of the LMS, https://…"),
        .client_id = read_needed(&r, "client_id", "missing: the OAuth application's client id"),
        .client_secret_file = read_needed(&r, "client_secret_file",
                                          "missing: the file that holds the OAuth client secret"),
        .ca_file = yaml_text(config, "ca_file", NULL),
        .allow_http = read_boolean(&r, "allow_http", false),
        .accounts_by_email = read_boolean(&r, "accounts_by_email", false),
        .requests_per_minute = read_number(&r, config, "requests_per_minute", 60, 1, 600000),
        .max_concurrent = read_number(&r, config, "max_concurrent", 2, 1, 64),
        .enrollments_page = read_number(&r, pages, "enrollments", 100, 1, 10000),
        .grades_page = read_number(&r, pages, "grades", 1000, 1, 10000),
        .sweep_ms = read_duration(&r, "sweep_every", 300000, 100),
        .head_ms = read_duration(&r, "head_every", 10000, 100),
        .certificates_ms = read_duration(&r, "certificates_every", 3600000, 100),
        .accounts_ms = read_duration(&r, "accounts_every", 3600000, 100),
        .timeout_ms = read_duration(&r, "timeout", 60000, 100)};
    read_courses(&r, out);
    return r.ok;
}
