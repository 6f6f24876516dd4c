#include <inttypes.h>
#include <stdio.h>

#include "../../common/clock.h"
#include "status.h"
#include "storage.h"

static void format_number(int64_t number, char out[32])
{
    if (number == STATUS_UNKNOWN)
        snprintf(out, 32, "unknown");
    else
        snprintf(out, 32, "%" PRId64, number);
}

static void write_writer(const struct status *status, struct text_buffer *out)
{
    if (status->instance[0] == '\0' || status->heartbeat_age_ms == STATUS_UNKNOWN) {
        text_buffer_add_text(out, "Counting    nobody\n");
    } else {
        char age[32];
        char since[CLOCK_LOCAL_SIZE];
        clock_localise(status->since, since);
        status_format_age(status->heartbeat_age_ms, age);
        text_buffer_add_format(out, "Counting    %s since %s, last sign of life %s ago\n",
                               status->instance, since, age);
    }
    text_buffer_add_format(out, "Standing by %s\n",
                           status->standing_by[0] ? status->standing_by : "nobody");
    text_buffer_add_format(out, "Figures     generation %" PRId64 ", config version %" PRId64 "\n",
                           status->generation, status->config_version);
    if (status->counts_by != status->counted_by)
        text_buffer_add_format(out,
                               "Program     stands by: it counts by the rules of version %" PRId64
                               ", these figures are counted by version %" PRId64
                               "; the program of that version counts on until `replay promote`\n",
                               status->counts_by, status->counted_by);
}

static void write_verified(const struct status *status, struct text_buffer *out)
{
    char age[32];
    if (status->verified_age_ms == STATUS_UNKNOWN) {
        text_buffer_add_text(out, "Verified    never\n");
        return;
    }
    status_format_age(status->verified_age_ms, age);
    text_buffer_add_format(out, "Verified    %s ago, %" PRId64 " differences\n", age,
                           status->verify_differences);
}

static void write_partitions(const struct status *status, struct text_buffer *out)
{
    if (status->partition_count == 0) {
        text_buffer_add_text(out, "\nNothing has been counted yet.\n");
        return;
    }
    text_buffer_add_format(out, "\n%-24s %9s %14s %14s %10s  %s\n", "Log", "partition",
                           "counted up to", "log ends at", "behind", "last record counted");
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct status_partition *p = &status->partitions[i];
        char counted[32], end[32], lag[32], log_time[CLOCK_LOCAL_SIZE];
        clock_localise(p->log_time, log_time);
        format_number(p->counted == STATUS_UNKNOWN ? 0 : p->counted, counted);
        format_number(p->end, end);
        format_number(status_lag(p), lag);
        text_buffer_add_format(out, "%-24s %9" PRId64 " %14s %14s %10s  %s\n", p->topic,
                               p->partition, counted, end, lag, log_time);
    }
}

static void write_streams(const struct status *status, struct text_buffer *out)
{
    if (status->stream_count == 0) {
        text_buffer_add_text(out, "\nNo source has been read whole yet.\n");
        return;
    }
    text_buffer_add_format(out, "\n%-24s %-16s %-26s %8s %10s %9s\n", "Source", "stream",
                           "complete through", "age", "records", "rejected");
    for (size_t i = 0; i < status->stream_count; i++) {
        const struct status_stream *s = &status->streams[i];
        char age[32] = "", through[64];
        if (s->age_ms != STATUS_UNKNOWN) {
            status_format_age(s->age_ms, age);
            clock_localise(s->complete_through, through);
        } else {
            snprintf(through, sizeof(through), "%" PRId64 " of %" PRId64 " parts",
                     s->parts_complete, s->parts);
        }
        text_buffer_add_format(out, "%-24s %-16s %-26s %8s %10" PRId64 " %9" PRId64 "\n", s->source,
                               s->stream, through, age, s->records, s->rejected);
    }
}

static void say_warning(void *context, const char *line)
{
    text_buffer_add_format(context, "WARNING     %s\n", line);
}

void status_write_text(const struct status *status, const struct status_limits *limits,
                       struct text_buffer *out)
{
    char line[768];
    if (status_problem(status, limits, line, sizeof(line)))
        text_buffer_add_format(out, "NOT WELL    %s\n", line);
    else
        text_buffer_add_text(out, "All is well\n");
    if (status_warning(status, line, sizeof(line)))
        text_buffer_add_format(out, "WARNING     %s\n", line);
    if (status->storage != NULL)
        (void)storage_warnings(status->storage, clock_now_us(), say_warning, out);
    write_writer(status, out);
    write_verified(status, out);
    write_partitions(status, out);
    write_streams(status, out);
    if (status->storage != NULL)
        storage_write_text(status->storage, out);
}

static void add_member(struct text_buffer *out, const char *name)
{
    text_buffer_add_text(out, ",");
    text_buffer_add_json_string(out, name);
    text_buffer_add_text(out, ":");
}

static void add_text(struct text_buffer *out, const char *name, const char *text)
{
    add_member(out, name);
    if (text[0] == '\0')
        text_buffer_add_text(out, "null");
    else
        text_buffer_add_json_string(out, text);
}

static void add_number(struct text_buffer *out, const char *name, int64_t number)
{
    add_member(out, name);
    if (number == STATUS_UNKNOWN)
        text_buffer_add_text(out, "null");
    else
        text_buffer_add_number(out, number);
}

static void add_streams(const struct status *status, struct text_buffer *out)
{
    for (size_t i = 0; i < status->stream_count; i++) {
        const struct status_stream *s = &status->streams[i];
        text_buffer_add_text(out, i > 0 ? ",\n{\"source\":" : "\n{\"source\":");
        text_buffer_add_json_string(out, s->source);
        add_text(out, "stream", s->stream);
        add_text(out, "complete_through", s->complete_through);
        add_number(out, "age_ms", s->age_ms);
        add_number(out, "parts", s->parts);
        add_number(out, "parts_complete", s->parts_complete);
        add_number(out, "records", s->records);
        add_number(out, "rejected", s->rejected);
        text_buffer_add_text(out, "}");
    }
}

void status_write_json(const struct status *status, const struct status_limits *limits,
                       struct text_buffer *out)
{
    char line[768] = "";
    bool well = !status_problem(status, limits, line, sizeof(line));
    text_buffer_add_text(out, well ? "{\"well\":true" : "{\"well\":false");
    add_text(out, "problem", line);
    line[0] = '\0';
    (void)status_warning(status, line, sizeof(line));
    add_text(out, "warning", line);
    add_text(out, "calendar_ends", status->calendar_ends);
    add_number(out, "generation", status->generation);
    add_number(out, "config_version", status->config_version);
    add_number(out, "counting_version", status->counted_by);
    add_number(out, "program_counting_version", status->counts_by);
    add_text(out, "instance", status->instance);
    add_text(out, "since", status->since);
    add_number(out, "heartbeat_age_ms", status->heartbeat_age_ms);
    add_text(out, "standing_by", status->standing_by);
    add_number(out, "verified_age_ms", status->verified_age_ms);
    add_number(out, "verify_differences", status->verify_differences);
    text_buffer_add_text(out, ",\"partitions\":[");
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct status_partition *p = &status->partitions[i];
        text_buffer_add_text(out, i > 0 ? ",\n{\"topic\":" : "\n{\"topic\":");
        text_buffer_add_json_string(out, p->topic);
        add_number(out, "partition", p->partition);
        add_number(out, "next_offset", p->counted);
        add_number(out, "end_offset", p->end);
        add_number(out, "lag", status_lag(p));
        add_text(out, "log_time", p->log_time);
        text_buffer_add_text(out, "}");
    }
    text_buffer_add_text(out, "],\"streams\":[");
    add_streams(status, out);
    text_buffer_add_text(out, "]");
    if (status->storage != NULL) {
        text_buffer_add_text(out, ",\n");
        storage_write_json(status->storage, out);
    }
    text_buffer_add_text(out, "}\n");
}
