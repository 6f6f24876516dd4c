/* A source whose kind is a connector: its life and what it says of itself. */
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/log.h"
#include "kind.h"

#define MAX_BODY_BYTES (64 << 20)

static struct platform *self(const struct source *source)
{
    return (struct platform *)(uintptr_t)source; /* struct source is the first member */
}

/* ---- places ---- */

bool platform_by_course(const struct platform *p, size_t stream)
{
    return p->connector->streams[stream].per_course;
}

struct place *platform_place(struct platform *p, size_t stream, size_t course)
{
    struct stream *s = &p->streams[stream];
    return platform_by_course(p, stream) && course != NO_COURSE ? &s->places[course] : &s->whole;
}

bool stream_has_jobs(const struct stream_rules *rules)
{
    return rules->mapping && (rules->for_each == FOR_ONCE || rules->for_each == FOR_COURSE ||
                              rules->for_each == FOR_ROWS);
}

bool stream_hears_of(const struct stream_rules *rules, size_t other)
{
    bool hears = rules->parent == (int)other;
    for (size_t i = 0; i < ARRAY_LEN(rules->other_parents); i++)
        hears |= rules->other_parents[i] == (int)other;
    return hears;
}

bool stream_is_hidden(const struct stream_rules *rules, long status)
{
    for (size_t i = 0; i < ARRAY_LEN(rules->absent_statuses) && rules->absent_statuses[i]; i++)
        if (rules->absent_statuses[i] == status)
            return true;
    return false;
}

const char *platform_substream(const struct platform *p, size_t stream, size_t course)
{
    return platform_by_course(p, stream) && course != NO_COURSE ? p->courses[course].id : "";
}

bool platform_wants(struct platform *p, size_t stream)
{
    const struct stream *s = &p->streams[stream];
    bool asks = s->rules->for_each == FOR_LEARNER || s->rules->for_each == FOR_LISTED_EMAIL;
    if (s->off || (asks && s->whole.not_visible))
        return false;
    return s->rules->instead_of < 0 || p->streams[s->rules->instead_of].whole.not_visible;
}

void platform_problem(struct platform *p, size_t stream, struct error *place, const struct error *err)
{
    *place = *err;
    LOG_WARN_EVENT("a stream could not be read; it will be tried again",
                   LOG_TEXT("source", p->base.name),
                   LOG_TEXT("stream", p->connector->streams[stream].spec.name),
                   LOG_TEXT("error", err->message));
}

/* ---- life ---- */

static void platform_close(struct source *source)
{
    struct platform *p = self(source);
    if (!p)
        return;
    schedule_stop(p);
    auth_free(p->auth);
    http_origin_free(p->origin);
    for (size_t i = 0; i < p->course_count; i++) {
        free(p->courses[i].id);
        free(p->courses[i].exam);
    }
    for (size_t i = 0; i < CONNECTOR_MAX_STREAMS; i++) {
        row_table_free(p->streams[i].kinds);
        free(p->streams[i].places);
    }
    text_buffer_free(&p->mapped.room);
    text_buffer_free(&p->mapped.scratch);
    text_buffer_free(&p->named.room);
    text_buffer_free(&p->named.scratch);
    text_buffer_free(&p->room);
    free(p->courses);
    free(p);
}

static char *resolve(const struct source_context *context, const char *path)
{
    if (!path)
        return NULL;
    return must_have(context->options ? options_resolve_path(context->options, path) : strdup(path));
}

/* What the connector says of throttling by status and text the HTTP client must know: it slows the whole source down. */
static size_t throttles_of(const struct connector *c, struct http_throttle *out, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < c->fault_count && count < room; i++)
        if (c->faults[i].kind == FAULT_THROTTLED && c->faults[i].status && c->faults[i].contains)
            out[count++] = (struct http_throttle){c->faults[i].status, c->faults[i].contains};
    return count;
}

static bool open_origin(struct platform *p, struct error *err)
{
    const struct source_settings *s = &p->settings;
    struct http_throttle throttles[8];
    char *ca_file = resolve(p->context, s->ca_file);
    const struct http_origin_settings settings = {
        .base_url = s->url,
        .ca_file = ca_file,
        .allow_http = s->allow_http,
        .requests_per_minute = s->requests_per_minute,
        .requests_per_day = (uint64_t)s->requests_per_day,
        .max_concurrent = s->max_concurrent,
        .timeout_ms = s->timeout_ms,
        .max_body_bytes = MAX_BODY_BYTES,
        .quiet = s->quiet,
        .proxy = s->proxy,
        .resolve = s->resolve,
        .contact = s->contact,
        .throttles = throttles,
        .throttle_count = throttles_of(p->connector, throttles, ARRAY_LEN(throttles))};
    p->origin = http_origin_new(p->context->http, &settings, err);
    free(ca_file);
    return p->origin != NULL;
}

static bool connect_platform(struct platform *p, struct error *err)
{
    const struct source_settings *s = &p->settings;
    if (!open_origin(p, err))
        return false;
    const char *texts[CONNECTOR_MAX_OPTIONS] = {NULL};
    char *paths[CONNECTOR_MAX_OPTIONS] = {NULL};
    for (size_t i = 0; i < p->connector->option_count; i++) {
        const struct connector_option *option = &p->connector->options[i];
        texts[i] = s->options[i] ? s->options[i] : option->fallback;
        if (option->kind == CONNECTOR_SECRET && texts[i])
            texts[i] = paths[i] = resolve(p->context, texts[i]);
    }
    p->auth = auth_new(p->origin, p->connector, texts, err);
    for (size_t i = 0; i < p->connector->option_count; i++)
        free(paths[i]);
    return p->auth != NULL;
}

/* Conditions over the options alone are decided once. */
static bool set_up_streams(struct platform *p, struct error *err)
{
    struct texts texts;
    texts_begin(&texts, p, NO_COURSE);
    const struct scope scope = {NULL, NULL, texts.at};
    for (size_t i = 0; i < p->connector->stream_count; i++) {
        struct stream *s = &p->streams[i];
        bool wanted = true;
        s->rules = &p->connector->streams[i];
        s->window_spec = p->settings.streams[i].spec;
        s->window_spec.on_vanish = VANISH_KEEP;
        s->lasting_spec = s->window_spec;
        (void)snprintf(s->lasting_name, sizeof s->lasting_name, STREAM_LASTING_NAME,
                       s->rules->spec.name);
        s->lasting_spec.name = s->lasting_name;
        if (s->rules->only_if && !condition_holds(s->rules->only_if, &scope, &wanted, err))
            return false;
        s->off = p->settings.streams[i].off || !wanted;
    }
    return true;
}

static struct source *platform_open(const struct source_kind *kind,
                                    const struct source_context *context, const struct yaml *doc,
                                    const struct yaml_node *config, struct error *err)
{
    struct platform *p = must_have(calloc(1, sizeof *p));
    p->base.kind = kind;
    p->context = context;
    p->hash = siphash_key_random();
    p->connector = kind->connector;
    snprintf(p->base.name, sizeof p->base.name, "%s", yaml_text(config, "name", ""));
    if (settings_read(p->connector, doc, config, &p->settings, err) && set_up_streams(p, err) &&
        connect_platform(p, err)) {
        struct error later = {.kind = ERROR_NONE};
        p->walk_auth = auth_walk(p->auth);
        /* `status` names them also while nothing is asked for; what is wrong with them is told when something is. */
        if (!platform_load_courses(p, &later))
            error_clear(&later);
        return &p->base;
    }
    platform_close(&p->base);
    return NULL;
}

static bool check_files(const struct connector *connector, const struct source_settings *settings,
                        const struct options *options, struct error *err)
{
    bool fine = true;
    for (size_t i = 0; fine && i < connector->option_count; i++) {
        if (connector->options[i].kind != CONNECTOR_SECRET || !settings->options[i])
            continue;
        char *path = options_resolve_path(options, settings->options[i]);
        fine = secret_check_file(path, err) || error_context(err, "%s", connector->options[i].name);
        free(path);
    }
    return fine;
}

static bool platform_check_settings(const struct source_kind *kind, const struct options *options,
                                    const struct yaml *doc, const struct yaml_node *config,
                                    struct error *err)
{
    struct source_settings settings;
    (void)options;
    if (!settings_read(kind->connector, doc, config, &settings, err))
        return false;
    const struct http_origin_settings origin = {.base_url = settings.url,
                                                .allow_http = settings.allow_http,
                                                .proxy = settings.proxy,
                                                .resolve = settings.resolve,
                                                .contact = settings.contact};
    return http_origin_check(&origin, err) ||
           error_context(err, "%s:%d", yaml_name(doc), yaml_line(config));
}

static bool platform_check_secrets(const struct source_kind *kind, const struct options *options,
                                   const struct yaml *doc, const struct yaml_node *config,
                                   struct error *err)
{
    struct source_settings settings;
    return settings_read(kind->connector, doc, config, &settings, err) &&
           (check_files(kind->connector, &settings, options, err) ||
            error_context(err, "%s:%d", yaml_name(doc), yaml_line(config)));
}

static void platform_tick(struct source *source, struct shard *shard)
{
    struct platform *p = self(source);
    p->shard = shard;
    if (p->settings.paused)
        return;
    if (p->incarnation != shard_incarnation(shard) || !p->started) {
        schedule_stop(p);
        p->incarnation = shard_incarnation(shard);
        schedule_start(p);
    }
    schedule_step(p);
}

static size_t platform_status(const struct source *source, const struct shard *shard,
                              struct source_stream_status *out, size_t max)
{
    struct platform *p = self(source);
    size_t count = 0;
    for (size_t i = 0; i < p->connector->stream_count && count < max; i++)
        if (p->connector->streams[i].for_each !=
            FOR_LISTED_EMAIL) /* these only find learners for others */
            platform_stream_status(p, shard, i, &out[count++]);
    return count;
}

static void platform_usage(const struct source *source, struct http_usage *out)
{
    http_origin_usage(self(source)->origin, out);
}

const struct source_kind platform_kind_template = {
    .open = platform_open,
    .check_settings = platform_check_settings,
    .check_secrets = platform_check_secrets,
    .close = platform_close,
    .tick = platform_tick,
    .check = platform_check,
    .sample = platform_sample,
    .discover = platform_discover,
    .status = platform_status,
    .usage = platform_usage,
};
