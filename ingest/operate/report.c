#include "report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/file.h"
#include "../../common/log.h"
#include "../../common/text_buffer.h"
#include "source_control.h"

#define MAX_STREAMS 64

const char *report_shard_status(enum shard_status status)
{
    switch (status) {
    case SHARD_LOADING:
        return "loading";
    case SHARD_READY:
        return "ready";
    case SHARD_PAUSED:
        return "paused";
    case SHARD_FENCED:
        return "fenced";
    case SHARD_FAILED:
        return "failed";
    }
    return "";
}

static void text(struct text_buffer *out, const char *name, const char *value)
{
    text_buffer_add_format(out, "%s\"%s\":", out->data[out->length - 1] == '{' ? "" : ",", name);
    text_buffer_add_json_string(out, value);
}

static void number(struct text_buffer *out, const char *name, int64_t value)
{
    text_buffer_add_format(out, "%s\"%s\":%lld", out->data[out->length - 1] == '{' ? "" : ",", name,
                           (long long)value);
}

static void instant(struct text_buffer *out, const char *name, int64_t us)
{
    char written[CLOCK_TEXT_SIZE];
    clock_format(us, written);
    text(out, name, written);
}

/* In English, and in Vietnamese beside it: the command that prints knows which is asked for. */
static void told(struct text_buffer *out, const char *name, const struct told *line)
{
    char name_vi[40];
    snprintf(name_vi, sizeof(name_vi), "%s_vi", name);
    text(out, name, line->en);
    text(out, name_vi, line->vi);
}

static void begin(struct text_buffer *out, const char *state)
{
    text_buffer_add_text(out, "{");
    instant(out, "at", clock_now_us());
    number(out, "at_us", clock_now_us());
    number(out, "pid", getpid());
    text(out, "version", MOOC_PULSE_VERSION);
    text(out, "state", state);
}

/* Of the process's one status, which is tried every second: said once, until it goes again. */
static bool save_failed;

static void save(const struct options *options, struct text_buffer *out)
{
    char path[4096];
    struct error err = {0};
    text_buffer_add_text(out, "}\n");
    snprintf(path, sizeof(path), "%s/status.json", options_text(options, "data_dir"));
    bool saved = file_write_whole(path, out->data, out->length, &err);
    if (!saved && !save_failed)
        log_error("status cannot be written", &err);
    save_failed = !saved;
    text_buffer_free(out);
}

/* The words of an error, in both languages where it has them. */
static void told_error(struct text_buffer *out, const char *name, const struct error *err)
{
    char name_vi[40];
    snprintf(name_vi, sizeof(name_vi), "%s_vi", name);
    text(out, name, err->message);
    if (err->vi[0])
        text(out, name_vi, err->vi);
}

void report_write_waiting(const struct options *options, const struct error *reason)
{
    struct text_buffer out = {0};
    begin(&out, "waiting");
    told_error(&out, "reasons", reason);
    told_error(&out, "kafka_away", reason);
    save(options, &out);
}

void report_write_stopped(const struct options *options, const char *sources)
{
    struct text_buffer out = {0};
    begin(&out, "stopped");
    text_buffer_add_text(&out, sources ? sources : "");
    save(options, &out);
}

/* ---- shards ---- */

static void tell_shard(const struct report *r, const struct shard *shard, struct text_buffer *out)
{
    const struct shard_counters *c = shard_counters(shard);
    struct metrics *m = r->sources->metrics;
    char labels[40], condition[40];
    int32_t p = shard_partition(shard);
    text_buffer_add_text(out, "{");
    number(out, "shard", p);
    text(out, "status", report_shard_status(shard_status(shard)));
    text(out, "reason", shard_reason(shard));
    if (shard_reason_vi(shard)[0])
        text(out, "reason_vi", shard_reason_vi(shard));
    number(out, "entities", shard_entities(shard));
    number(out, "events", c->events);
    number(out, "changes", c->changes);
    number(out, "dead_letters", c->dead_letters);
    number(out, "commits", c->commits);
    number(out, "clock_offset_ms", c->clock_offset_us / 1000);
    text_buffer_add_text(out, "}");
    snprintf(labels, sizeof(labels), "shard=\"%d\"", (int)p);
    metric_set(metrics_add(m, METRIC_GAUGE, "mooc_ingest_shard_ready", labels,
                           "1 when this instance publishes for the shard"),
               shard_status(shard) == SHARD_READY);
    metric_set(metrics_add(m, METRIC_GAUGE, "mooc_ingest_entities", labels,
                           "Entities in force that the shard knows"),
               (double)shard_entities(shard));
    metric_set(metrics_add(m, METRIC_GAUGE, "mooc_ingest_ledger_bytes", labels,
                           "Memory of what the shard knows of entities, gone ones too"),
               (double)shard_bytes(shard));
    metric_set(metrics_add(m, METRIC_COUNTER, "mooc_ingest_events_total", labels,
                           "Events committed by this process, marks of sweeps among them"),
               (double)c->events);
    metric_set(metrics_add(m, METRIC_COUNTER, "mooc_ingest_dead_letters_total", labels,
                           "Rejections and their withdrawals committed by this process"),
               (double)c->dead_letters);
    metric_set(metrics_add(m, METRIC_COUNTER, "mooc_ingest_commits_total", labels,
                           "Kafka transactions committed by this process"),
               (double)c->commits);
    metric_set(metrics_add(m, METRIC_COUNTER, "mooc_ingest_unchanged_total", labels,
                           "Records seen again without a difference"),
               (double)c->unchanged);
    metric_set(metrics_add(m, METRIC_COUNTER, "mooc_ingest_erased_total", labels,
                           "Observations of erased learners, left out"),
               (double)c->erased);
    metric_set(metrics_add(m, METRIC_GAUGE, "mooc_ingest_clock_offset_seconds", labels,
                           "This machine's clock less Kafka's"),
               (double)c->clock_offset_us / 1e6);
    snprintf(condition, sizeof(condition), "shard %d", (int)p);
    enum shard_status status = shard_status(shard);
    bool met = status == SHARD_READY || status == SHARD_PAUSED;
    metrics_ready(m, condition,
                  met ? NULL : (shard_reason(shard)[0] ? shard_reason(shard) : "loading"));
}

static void tell_shards(const struct report *r, struct text_buffer *out)
{
    bool first = true;
    text_buffer_add_text(out, ",\"shards\":[");
    for (int32_t p = 0; p < r->partitions; p++) {
        if (!r->shards[p])
            continue;
        text_buffer_add_text(out, first ? "" : ",");
        first = false;
        tell_shard(r, r->shards[p], out);
    }
    text_buffer_add_text(out, "]");
}

/* ---- sources ---- */

static void tell_stream(const struct report *r, const struct source *source,
                        const struct source_stream_status *s, struct text_buffer *out)
{
    char labels[200];
    text_buffer_add_text(out, "{");
    text(out, "stream", s->stream);
    if (s->through_us)
        instant(out, "through", s->through_us);
    if (s->swept_us)
        instant(out, "swept", s->swept_us);
    if (s->taken_us) {
        instant(out, "taken", s->taken_us);
        text(out, "taken_scope", s->taken_complete ? "complete" : "supplement");
    }
    if (s->not_kept)
        text(out, "kept", "no");
    if (s->next_ms)
        number(out, "next_s", (s->next_ms + 999) / 1000);
    if (s->every_ms)
        number(out, "every_s", s->every_ms / 1000);
    number(out, "entities", s->entities);
    told(out, "state", &s->state);
    if (s->problem.kind != ERROR_NONE) {
        text(out, "problem", s->problem.message);
        text(out, "problem_kind", error_kind_name(s->problem.kind));
        if (s->problem_vi[0])
            text(out, "problem_vi", s->problem_vi);
    }
    if (s->note.en[0])
        told(out, "note", &s->note);
    text_buffer_add_text(out, "}");
    snprintf(labels, sizeof(labels), "source=\"%s\",stream=\"%s\"", source->name, s->stream);
    metric_set(metrics_add(r->sources->metrics, METRIC_GAUGE, "mooc_ingest_complete_through_seconds",
                           labels, "The stream is complete through this instant; 0 = never yet"),
               (double)s->through_us / 1e6);
    metric_set(metrics_add(r->sources->metrics, METRIC_GAUGE, "mooc_ingest_stream_problem", labels,
                           "1 when the stream has a problem"),
               s->problem.kind != ERROR_NONE);
}

/* What was asked of the platform, and what may still be. */
static void tell_usage(const struct report *r, const struct source *source, struct text_buffer *out)
{
    struct http_usage usage;
    char labels[100];
    if (!source->kind->usage)
        return;
    source->kind->usage(source, &usage);
    number(out, "requests", (int64_t)usage.requests);
    number(out, "requests_refused", (int64_t)usage.refused);
    number(out, "requests_this_hour", (int64_t)usage.this_hour);
    number(out, "requests_today", (int64_t)usage.today);
    if (usage.today_since_us > 0)
        instant(out, "requests_today_since", usage.today_since_us);
    if (usage.left_today >= 0)
        number(out, "requests_left_today", usage.left_today);
    if (usage.hold != HTTP_FREE && usage.hold != HTTP_BUDGET && usage.hold_ms > 0)
        number(out, "hold_s", (usage.hold_ms + 999) / 1000);
    snprintf(labels, sizeof(labels), "source=\"%s\"", source->name);
    metric_set(metrics_add(r->sources->metrics, METRIC_COUNTER, "mooc_ingest_requests_total",
                           labels, "Requests sent to the platform by this process"),
               (double)usage.requests);
    metric_set(metrics_add(r->sources->metrics, METRIC_COUNTER, "mooc_ingest_requests_refused_total",
                           labels, "Of them answered by \"too many\" or a server's fault"),
               (double)usage.refused);
    metric_set(metrics_add(r->sources->metrics, METRIC_GAUGE, "mooc_ingest_request_rate", labels,
                           "Share of the declared request rate that is in use"),
               usage.rate);
}

static void tell_control(const struct report *r, const struct source *source, struct shard *shard,
                         struct text_buffer *out)
{
    char labels[100];
    struct error refused = {0};
    bool ready = shard && shard_status(shard) == SHARD_READY;
    text(out, "runs_here", ready ? "yes" : "no");
    bool paused = shard && source_is_paused(shard, source->name);
    text(out, "paused", paused ? "yes" : "no");
    bool fits = !ready || source_connector_fits(shard, source, &refused);
    text(out, "refused", fits ? "" : refused.message);
    if (!fits && refused.vi[0])
        text(out, "refused_vi", refused.vi);
    snprintf(labels, sizeof(labels), "connector of %s", source->name);
    metrics_ready(r->sources->metrics, labels, fits ? NULL : refused.message);
    snprintf(labels, sizeof(labels), "source=\"%s\"", source->name);
    metric_set(metrics_add(r->sources->metrics, METRIC_GAUGE, "mooc_ingest_source_paused", labels,
                           "1 when the source was paused by `mooc-ingest pause`"),
               paused);
}

static void tell_sources(const struct report *r, struct text_buffer *out)
{
    struct source_stream_status streams[MAX_STREAMS];
    text_buffer_add_text(out, ",\"sources\":[");
    for (size_t i = 0; i < r->sources->count; i++) {
        const struct source *source = r->sources->items[i];
        memset(streams, 0, sizeof(streams));
        size_t count = source->kind->status(source, r->shards[r->home[i]], streams, MAX_STREAMS);
        text_buffer_add_text(out, i ? ",{" : "{");
        text(out, "source", source->name);
        text(out, "kind", source->kind->name);
        number(out, "shard", r->home[i]);
        tell_control(r, source, r->shards[r->home[i]], out);
        tell_usage(r, source, out);
        text_buffer_add_text(out, ",\"streams\":[");
        for (size_t s = 0; s < count && s < MAX_STREAMS; s++) {
            text_buffer_add_text(out, s ? "," : "");
            tell_stream(r, source, &streams[s], out);
        }
        text_buffer_add_text(out, "]}");
    }
    text_buffer_add_text(out, "]");
}

void report_sources(const struct report *r, struct text_buffer *out)
{
    tell_sources(r, out);
}

/* ---- what it waits for ---- */

static void add_reason(struct text_buffer out[2], const char *vi, const char *en)
{
    text_buffer_add_format(&out[0], "%s%s", out[0].length ? "; " : "", en);
    text_buffer_add_format(&out[1], "%s%s", out[1].length ? "; " : "", vi[0] ? vi : en);
}

/* One after the other, [0] in English and [1] in Vietnamese. While Kafka does not answer, nothing else can be known. */
static void gather_reasons(const struct report *r, struct text_buffer out[2])
{
    if (r->kafka_away) {
        add_reason(out, r->kafka_away->vi, r->kafka_away->message);
        return;
    }
    if (r->group_problem)
        add_reason(out, r->group_problem->vi, r->group_problem->message);
    for (int32_t p = 0; p < r->partitions; p++) {
        const struct shard *shard = r->shards[p];
        if (!shard || shard_status(shard) == SHARD_READY || shard_status(shard) == SHARD_PAUSED)
            continue;
        if (shard_reason(shard)[0])
            add_reason(out, shard_reason_vi(shard), shard_reason(shard));
        else
            add_reason(out, "đang đọc lại những gì đã biết", "what is known is being read back");
    }
    for (size_t i = 0; i < r->sources->count; i++) {
        const struct source *source = r->sources->items[i];
        struct shard *shard = r->shards[r->home[i]];
        struct error refused = {0};
        if (shard && shard_status(shard) == SHARD_READY &&
            !source_connector_fits(shard, source, &refused))
            add_reason(out, refused.vi, refused.message);
    }
}

static void tell_reasons(const struct report *r, bool ready, struct text_buffer *out)
{
    struct text_buffer reasons[2] = {{0}, {0}};
    if (!ready)
        gather_reasons(r, reasons);
    text(out, "reasons", reasons[0].length ? reasons[0].data : "");
    if (reasons[1].length)
        text(out, "reasons_vi", reasons[1].data);
    if (r->kafka_away)
        told_error(out, "kafka_away", r->kafka_away);
    text_buffer_free(&reasons[0]);
    text_buffer_free(&reasons[1]);
}

void report_write(const struct report *r)
{
    struct text_buffer out = {0};
    char unmet[4096];
    struct metrics *metrics = r->sources->metrics;
    const struct error *group = r->kafka_away ? NULL : r->group_problem;
    metrics_ready(metrics, "kafka", r->kafka_away ? r->kafka_away->message : NULL);
    metrics_ready(metrics, "group", group ? group->message : NULL);
    begin(&out, "running");
    text(&out, "instance", r->instance);
    tell_shards(r, &out);
    tell_sources(r, &out);
    bool ready = metrics_readiness(metrics, unmet, sizeof(unmet));
    text_buffer_add_format(&out, ",\"ready\":%s", ready ? "true" : "false");
    tell_reasons(r, ready, &out);
    save(r->options, &out);
}
