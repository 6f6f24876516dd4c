#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/options.h"
#include "../http/http.h"
#include "../language/language.h"

struct reader {
    const struct connector *connector;
    const struct yaml *doc;
    const struct yaml_node *config;
    struct source_settings *out;
    struct error *err;
};

static const char *text_of(const struct yaml_node *node, const char *mapping, const char *key)
{
    return yaml_text(node, key, language_key(language_mapping(mapping), key)->fallback);
}

static double number_of(const struct yaml_node *node, const char *key, double fallback)
{
    double number;
    const char *text = yaml_text(node, key, NULL);
    return text && language_number(text, &number) ? number : fallback;
}

static int64_t duration_of(const char *text, int64_t fallback)
{
    int64_t ms;
    return text && option_duration(text, &ms) ? ms : fallback;
}

static bool boolean_of(const struct yaml_node *node, const char *mapping, const char *key)
{
    bool yes;
    const char *text = text_of(node, mapping, key);
    return text && option_boolean(text, &yes) && yes;
}

static bool fault(const struct reader *r, const struct yaml_node *node, const char *key,
                  const char *what)
{
    return error_set(r->err, ERROR_CONFIG, false, "%s:%d: %s: %s", yaml_name(r->doc),
                     yaml_line(node), key, what);
}

/* ---- the connector's own options ---- */

static bool check_option(const struct reader *r, const struct connector_option *option,
                         const struct yaml_node *node)
{
    double number;
    bool yes;
    const char *text = yaml_scalar(node);
    if (!text || (option->required && !*text))
        return fault(r, node, option->name, "expected a text");
    if (option->kind == CONNECTOR_NUMBER && !language_number(text, &number))
        return fault(r, node, option->name, "expected a number");
    if (option->kind == CONNECTOR_BOOLEAN && !option_boolean(text, &yes))
        return fault(r, node, option->name, "expected true or false");
    return true;
}

/* Booleans are known by two texts only, however they were written. */
static const char *as_text(const struct connector_option *option, const char *text)
{
    bool yes;
    if (text && option->kind == CONNECTOR_BOOLEAN && option_boolean(text, &yes))
        return yes ? "true" : "false";
    return text && *text ? text : NULL;
}

static bool read_options(const struct reader *r)
{
    for (size_t i = 0; i < r->connector->option_count; i++) {
        const struct connector_option *option = &r->connector->options[i];
        const struct yaml_node *node = yaml_get(r->config, option->name);
        if (!node && option->required)
            return error_set(r->err, ERROR_CONFIG, false, "%s:%d: %s: missing: %s",
                             yaml_name(r->doc), yaml_line(r->config), option->name, option->help);
        if (node && !check_option(r, option, node))
            return false;
        r->out->options[i] = as_text(option, node ? yaml_scalar(node) : option->fallback);
    }
    return true;
}

/* ---- streams ---- */

/* Of page_size: one number for all, or by stream. */
static int64_t page_size(const struct reader *r, const struct stream_rules *rules)
{
    const struct yaml_node *node = yaml_get(r->config, "page_size");
    const char *key = rules->size_key ? rules->size_key : rules->spec.name;
    if (node && yaml_kind(node) == YAML_MAPPING)
        return (int64_t)number_of(node, key, 0);
    return node ? (int64_t)number_of(r->config, "page_size", 0) : 0;
}

static void read_stream(const struct reader *r, size_t index)
{
    const struct stream_rules *rules = &r->connector->streams[index];
    const struct yaml_node *own = yaml_get(yaml_get(r->config, "streams"), rules->spec.name);
    struct stream_settings *s = &r->out->streams[index];
    const char *every = yaml_text(r->config, "sweep_every", NULL);
    if (rules->for_each == FOR_LEARNER || rules->for_each == FOR_LISTED_EMAIL || rules->every_key)
        every = NULL; /* these have a pace of their own */
    if (rules->every_key)
        every = yaml_text(r->config, rules->every_key, NULL);
    s->spec = rules->spec;
    s->every_ms = duration_of(yaml_text(own, "every", every), rules->every_ms);
    s->spec.every_ms = s->every_ms;
    s->head_ms = rules->head_ms;
    if (rules->head_ms)
        s->head_ms = duration_of(
            yaml_text(own, "head_every", yaml_text(r->config, "head_every", NULL)), rules->head_ms);
    s->sweep_ms = rules->sweep_ms;
    s->page_size = (int64_t)number_of(own, "page_size", (double)page_size(r, rules));
    s->off = own && boolean_of(own, "source_stream", "off");
    s->spec.hold_share = number_of(own, "hold_share", rules->spec.hold_share);
    const char *vanish = yaml_text(own, "on_vanish", NULL);
    if (vanish)
        s->spec.on_vanish = strcmp(vanish, "remove") == 0   ? VANISH_REMOVE
                            : strcmp(vanish, "lookup") == 0 ? VANISH_LOOKUP
                                                            : VANISH_KEEP;
}

static bool check_stream_names(const struct reader *r)
{
    const struct yaml_node *streams = yaml_get(r->config, "streams");
    const char *names[CONNECTOR_MAX_STREAMS + 1] = {NULL};
    for (size_t i = 0; i < r->connector->stream_count; i++)
        names[i] = r->connector->streams[i].spec.name;
    return !streams || yaml_only_keys(r->doc, streams, names, r->err);
}

/* ---- the source ---- */

static void read_lists(const struct reader *r)
{
    const struct yaml_node *resolve = yaml_get(r->config, "resolve");
    const struct yaml_node *courses = yaml_get(r->config, "courses");
    for (size_t i = 0; i < yaml_count(resolve) && i < SETTINGS_MAX_RESOLVE; i++)
        r->out->resolve[i] = yaml_scalar(yaml_item(resolve, i));
    r->out->courses = courses && yaml_kind(courses) == YAML_SEQUENCE ? courses : NULL;
}

static bool check_courses(const struct reader *r)
{
    for (size_t i = 0; i < yaml_count(r->out->courses); i++) {
        const char *id = yaml_scalar(yaml_item(r->out->courses, i));
        if (!id || !*id || strlen(id) > 150)
            return fault(r, r->out->courses, "courses",
                         "expected course ids of at most 150 characters");
    }
    return true;
}

static bool is_among(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

bool settings_read(const struct connector *connector, const struct yaml *doc,
                   const struct yaml_node *config, struct source_settings *out, struct error *err)
{
    const struct reader r = {connector, doc, config, out, err};
    const char *more[CONNECTOR_MAX_OPTIONS + CONNECTOR_MAX_STREAMS + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < connector->option_count; i++)
        more[count++] = connector->options[i].name;
    for (size_t i = 0; i < connector->stream_count; i++) {
        const char *key = connector->streams[i].every_key;
        if (key && !language_key(language_mapping("source"), key) && !is_among(more, key))
            more[count++] = key;
    }
    *out = (struct source_settings){.url = NULL};
    if (!language_check(doc, config, "source", more, err) || !check_stream_names(&r))
        return false;
    out->url = yaml_text(config, "url", "");
    out->ca_file = yaml_text(config, "ca_file", NULL);
    out->proxy = yaml_text(config, "proxy", NULL);
    out->contact = yaml_text(config, "contact", NULL);
    const char *quiet = yaml_text(config, "quiet_hours", NULL);
    if (quiet && !quiet_hours_parse(quiet, &out->quiet, err))
        return error_context(err, "%s:%d", yaml_name(doc),
                             yaml_line(yaml_get(config, "quiet_hours")));
    out->allow_http = boolean_of(config, "source", "allow_http");
    out->paused = boolean_of(config, "source", "pause");
    out->requests_per_minute =
        number_of(config, "requests_per_minute", connector->requests_per_minute);
    out->max_concurrent = (int)number_of(config, "max_concurrent", connector->max_concurrent);
    out->requests_per_day =
        (int64_t)number_of(config, "requests_per_day", (double)connector->requests_per_day);
    out->timeout_ms = duration_of(text_of(config, "source", "timeout"), 60000);
    read_lists(&r);
    for (size_t i = 0; i < connector->stream_count; i++)
        read_stream(&r, i);
    return check_courses(&r) && read_options(&r);
}
