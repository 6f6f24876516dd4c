#include "openedx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"

#define MAX_BODY_BYTES (64 << 20)

static struct openedx *self(const struct source *source)
{
    return (struct openedx *)(uintptr_t)source; /* struct source is the first member */
}

/* --- courses --- */

static const char *exam_of(const struct openedx *o, const char *course)
{
    const struct reference *r = o->context->reference;
    for (size_t i = 0; r && i < r->course_count; i++) {
        if (strcmp(r->courses[i].source, o->base.name) == 0 &&
            strcmp(r->courses[i].course, course) == 0)
            return r->courses[i].exam;
    }
    return "";
}

/* A course keeps its place and its id's memory for good: walks, asks and events refer to both. */
static void put_course(struct openedx *o, const char *id)
{
    struct course *course = NULL;
    for (size_t i = 0; i < o->course_count; i++) {
        if (strcmp(o->courses[i].id, id) == 0)
            course = &o->courses[i];
    }
    if (!course) {
        o->courses = reallocarray(o->courses, o->course_count + 1, sizeof *o->courses);
        if (!o->courses)
            abort();
        course = &o->courses[o->course_count++];
        *course = (struct course){.id = strdup(id)};
    }
    course->active = true;
    free(course->exam);
    course->exam = strdup(exam_of(o, id));
    if (!course->id || !course->exam)
        abort();
}

bool openedx_load_courses(struct openedx *o, struct error *err)
{
    const struct yaml_node *listed = o->settings.courses;
    const struct reference *r = o->context->reference;
    size_t active = 0;
    if (!listed && !r)
        return error_set(err, ERROR_CONFIG, true,
                         "source %s: no courses; list them under `courses:` or set the option "
                         "`reference` to a folder whose courses.csv has them",
                         o->base.name);
    for (size_t i = 0; i < o->course_count; i++)
        o->courses[i].active = false;
    for (size_t i = 0; i < yaml_count(listed); i++)
        put_course(o, yaml_scalar(yaml_item(listed, i)));
    for (size_t i = 0; !listed && i < r->course_count; i++) {
        if (strcmp(r->courses[i].source, o->base.name) == 0 && strlen(r->courses[i].course) <= 150)
            put_course(o, r->courses[i].course);
    }
    for (size_t i = 0; i < o->course_count; i++)
        active += o->courses[i].active;
    if (active == 0)
        return error_set(err, ERROR_CONFIG, true,
                         "source %s: courses.csv of the reference folder has no course of this "
                         "source; add a row or list them under `courses:`",
                         o->base.name);
    return true;
}

/* --- life --- */

/* Everything read so far is given up: the shard starts anew, or there is no shard yet. */
static void reset(struct openedx *o)
{
    schedule_free(o->schedule);
    asks_free(o->asks);
    emails_free(o->emails);
    o->schedule = NULL;
    o->asks = NULL;
    o->emails = NULL;
    if (o->accounts)
        shard_sweep_abandon(o->accounts);
    o->accounts = NULL;
    o->accounts_cycle = o->accounts_listed = o->accounts_failed = false;
    o->accounts_pending = 0;
    o->accounts_due_ms = 0;
    for (size_t i = 0; i < o->course_count; i++) {
        struct course *c = &o->courses[i];
        if (c->certificates)
            shard_sweep_abandon(c->certificates);
        c->certificates = NULL;
        c->certificates_pending = 0;
        c->certificates_due_ms = 0;
    }
}

static void openedx_close(struct source *source)
{
    struct openedx *o = self(source);
    if (!o)
        return;
    reset(o);
    token_free(o->token);
    http_origin_free(o->origin);
    for (size_t i = 0; i < o->course_count; i++) {
        free(o->courses[i].id);
        free(o->courses[i].exam);
    }
    free(o->courses);
    free(o);
}

static char *resolve(const struct source_context *context, const char *path)
{
    if (!path)
        return NULL;
    char *resolved = context->options ? options_resolve_path(context->options, path) : strdup(path);
    if (!resolved)
        abort();
    return resolved;
}

static bool connect_platform(struct openedx *o, struct error *err)
{
    const struct openedx_settings *s = &o->settings;
    char *ca_file = resolve(o->context, s->ca_file);
    char *secret_file = resolve(o->context, s->client_secret_file);
    size_t length;
    char *secret = secret_read_file(secret_file, &length, err);
    if (secret)
        o->origin = http_origin_new(
            o->context->http,
            &(struct http_origin_settings){.base_url = s->url,
                                           .ca_file = ca_file,
                                           .allow_http = s->allow_http,
                                           .requests_per_minute = s->requests_per_minute,
                                           .max_concurrent = s->max_concurrent,
                                           .timeout_ms = s->timeout_ms,
                                           .max_body_bytes = MAX_BODY_BYTES},
            err);
    if (o->origin)
        o->token = token_new(o->origin, s->client_id, secret, length);
    if (secret)
        secret_free(secret, length);
    free(ca_file);
    free(secret_file);
    return o->token != NULL;
}

static bool openedx_check_settings(const struct options *options, const struct yaml *doc,
                                   const struct yaml_node *config, struct error *err)
{
    (void)options;
    struct openedx_settings settings;
    return openedx_settings_read(doc, config, &settings, err);
}

static struct source *openedx_open(const struct source_context *context, const struct yaml *doc,
                                   const struct yaml_node *config, struct error *err)
{
    struct openedx *o = calloc(1, sizeof *o);
    if (!o)
        abort();
    o->base.kind = &source_kind_openedx;
    o->context = context;
    snprintf(o->base.name, sizeof o->base.name, "%s", yaml_text(config, "name", ""));
    if (!openedx_settings_read(doc, config, &o->settings, err) || !connect_platform(o, err)) {
        error_context(err, "source %s", o->base.name);
        openedx_close(&o->base);
        return NULL;
    }
    o->auth = token_auth(o->token);
    return &o->base;
}

static void openedx_tick(struct source *source, struct shard *shard)
{
    struct openedx *o = self(source);
    o->shard = shard;
    if (o->incarnation != shard_incarnation(shard) || !o->schedule) {
        reset(o);
        o->incarnation = shard_incarnation(shard);
        o->asks = asks_new(o);
        o->emails = emails_new();
        o->schedule = schedule_new(o);
    }
    schedule_step(o->schedule);
}

/* --- status --- */

static bool is_held(const struct openedx *o, enum stream_id stream)
{
    for (size_t i = 0; i < o->course_count; i++) {
        if (o->courses[i].active && o->courses[i].seen[stream].held)
            return true;
    }
    return false;
}

static void describe(const struct openedx *o, enum stream_id stream, char *out, size_t size)
{
    int64_t wait = http_origin_wait_ms(o->origin);
    size_t asks = o->asks ? asks_pending(o->asks, stream) : 0;
    if (is_held(o, stream))
        snprintf(out, size, "held: see `mooc-ingest hold list`");
    else if (wait > 2000 && o->schedule)
        snprintf(out, size, "waiting %lld s (rate limit)", (long long)(wait + 999) / 1000);
    else if (stream >= STREAM_CERTIFICATES && asks > 0)
        snprintf(out, size, "asking for %zu learners", asks);
    else if (stream >= STREAM_CERTIFICATES || !o->schedule)
        snprintf(out, size, "idle");
    else
        schedule_describe(o->schedule, out, size);
}

/* What this platform does not show. */
static void note(const struct openedx *o, enum stream_id stream, char *out, size_t size)
{
    size_t active = 0, hidden = 0, unnamed = 0;
    *out = '\0';
    if (stream == STREAM_ACCOUNTS && !o->settings.accounts_by_email)
        snprintf(out, size, "accounts without enrolment not visible here (accounts_by_email is off)");
    for (size_t i = 0; stream == STREAM_GRADES && i < o->course_count; i++) {
        const struct course *c = &o->courses[i];
        active += c->active;
        hidden += c->active && c->gradebook == GRADEBOOK_NOT_VISIBLE;
        unnamed += c->active && c->gradebook == GRADEBOOK_READ && !*c->exam;
    }
    if (hidden > 0)
        snprintf(out, size,
                 "exam attempts not visible here (%zu of %zu courses): sat counts passed only",
                 hidden, active);
    else if (unnamed > 0)
        snprintf(out, size,
                 "courses.csv names no exam for %zu of %zu courses: sat counts passed only",
                 unnamed, active);
}

static void fill_status(const struct openedx *o, enum stream_id stream,
                        struct source_stream_status *out)
{
    const struct stream_report *report = &o->reports[stream];
    bool by_course = stream != STREAM_ACCOUNTS;
    out->stream = openedx_streams[stream].spec.name;
    out->entities = by_course ? 0 : o->accounts_seen.entities;
    out->through_us = by_course ? INT64_MAX : o->accounts_seen.through_us;
    for (size_t i = 0; by_course && i < o->course_count; i++) {
        const struct course *c = &o->courses[i];
        out->entities += c->seen[stream].entities;
        if (c->active && c->seen[stream].through_us < out->through_us)
            out->through_us = c->seen[stream].through_us;
    }
    if (out->through_us == INT64_MAX)
        out->through_us = 0;
    describe(o, stream, out->state, sizeof out->state);
    out->problem =
        token_error(o->token)->kind != ERROR_NONE ? *token_error(o->token) : report->problem;
    if (out->problem.kind == ERROR_NONE && report->rejected > 0)
        error_set(&out->problem, ERROR_DATA, false,
                  "%lld records could not be mapped; see the data issues",
                  (long long)report->rejected);
    note(o, stream, out->note, sizeof out->note);
}

static size_t openedx_status(const struct source *source, struct source_stream_status *out, size_t max)
{
    size_t count = 0;
    for (; count < STREAM_COUNT && count < max; count++) {
        out[count] = (struct source_stream_status){.stream = NULL};
        fill_status(self(source), (enum stream_id)count, &out[count]);
    }
    return count;
}

const struct source_kind source_kind_openedx = {
    .name = "openedx",
    .open = openedx_open,
    .check_settings = openedx_check_settings,
    .close = openedx_close,
    .tick = openedx_tick,
    .check = openedx_check,
    .sample = openedx_sample,
    .status = openedx_status,
};
