#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../report/width.h"
#include "members.h"
#include "status.h"
#include "storage.h"

/* A line's name in front of what it says. */
static void begin_line(const struct status *status, const char *name, struct text_buffer *out)
{
    text_pad(out, name, strlen(name), status->vietnamese ? 14 : 12, ALIGN_LEFT);
}

static void format_number(const struct status *status, int64_t number, char out[32])
{
    if (number == STATUS_UNKNOWN)
        snprintf(out, 32, "%s", TELL(status, "không rõ", "unknown"));
    else
        snprintf(out, 32, "%" PRId64, number);
}

static void write_writer(const struct status *status, struct text_buffer *out)
{
    begin_line(status, TELL(status, "Đang tính", "Counting"), out);
    if (status->taking_over[0] != '\0') {
        text_buffer_add_format(
            out,
            TELL(status, "%s đang tiếp nhận số liệu này, vừa được đưa vào dùng\n",
                 "%s is taking over these figures, which were put into use a moment ago\n"),
            status->taking_over);
    } else if (status->instance[0] == '\0' || status->heartbeat_age_ms == STATUS_UNKNOWN) {
        text_buffer_add_text(out, TELL(status, "không có máy nào\n", "nobody\n"));
    } else {
        char age[32];
        char since[CLOCK_LOCAL_SIZE];
        tell_instant_of(status->since, status->vietnamese, since);
        tell_age(status->heartbeat_age_ms, status->vietnamese, age);
        text_buffer_add_format(out,
                               TELL(status, "%s từ %s, báo còn chạy cách đây %s\n",
                                    "%s since %s, last sign of life %s ago\n"),
                               status->instance, since, age);
    }
    begin_line(status, TELL(status, "Dự phòng", "Standing by"), out);
    text_buffer_add_format(out, "%s\n",
                           status->standing_by[0] ? status->standing_by
                                                  : TELL(status, "không có máy nào", "nobody"));
    begin_line(status, TELL(status, "Số liệu", "Figures"), out);
    text_buffer_add_format(out,
                           TELL(status, "phiên bản số liệu %" PRId64 ", danh mục %" PRId64,
                                "set of figures %" PRId64 ", reference data %" PRId64),
                           status->generation, status->config_version);
    /* As other commands call them. */
    text_buffer_add_format(out, " (generation %" PRId64 ", config version %" PRId64 ")\n",
                           status->generation, status->config_version);
    if (status->counts_by == status->counted_by)
        return;
    begin_line(status, TELL(status, "Chương trình", "Program"), out);
    text_buffer_add_format(
        out,
        TELL(status,
             "đang dự phòng: chương trình này tính theo quy tắc phiên bản %" PRId64
             ", số liệu đang dùng tính theo phiên bản %" PRId64
             "; chương trình của phiên bản đó còn tính đến khi chạy `replay promote`\n",
             "stands by: it counts by the rules of version %" PRId64
             ", these figures are counted by version %" PRId64
             "; the program of that version counts on until `replay promote`\n"),
        status->counts_by, status->counted_by);
}

static void write_verified(const struct status *status, struct text_buffer *out)
{
    char age[32];
    begin_line(status, TELL(status, "Đối chiếu", "Verified"), out);
    if (status->verified_age_ms == STATUS_UNKNOWN) {
        text_buffer_add_text(out, TELL(status, "chưa lần nào\n", "never\n"));
        return;
    }
    tell_age(status->verified_age_ms, status->vietnamese, age);
    text_buffer_add_format(out,
                           TELL(status, "cách đây %s, %" PRId64 " chỗ khác nhau\n",
                                "%s ago, %" PRId64 " differences\n"),
                           age, status->verify_differences);
}

struct column {
    size_t width;
    enum alignment alignment;
};

/* Texts under each other; the last is not padded. */
static void write_row(struct text_buffer *out, const struct column *columns,
                      const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count;
        if (last && columns[i].alignment == ALIGN_LEFT)
            text_buffer_add_text(out, texts[i]);
        else
            text_pad(out, texts[i], strlen(texts[i]), columns[i].width, columns[i].alignment);
        text_buffer_add_text(out, last ? "\n" : " ");
    }
}

static void write_partitions(const struct status *status, struct text_buffer *out)
{
    static const struct column columns[] = {{24, ALIGN_LEFT},  {9, ALIGN_RIGHT},  {14, ALIGN_RIGHT},
                                            {14, ALIGN_RIGHT}, {10, ALIGN_RIGHT}, {0, ALIGN_LEFT}};
    static const char *const vi[] = {"Nhật ký",     "phần",    "đã tính đến",
                                     "nhật ký đến", "còn lại", " bản ghi sau cùng đã tính"};
    static const char *const en[] = {"Log",         "partition", "counted up to",
                                     "log ends at", "behind",    " last record counted"};
    if (status->partition_count == 0) {
        text_buffer_add_text(
            out, TELL(status, "\nChưa tính bản ghi nào.\n", "\nNothing has been counted yet.\n"));
        return;
    }
    text_buffer_add_text(out, "\n");
    write_row(out, columns, TELL(status, vi, en), ARRAY_LEN(columns));
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct status_partition *p = &status->partitions[i];
        char partition[32], counted[32], end[32], lag[32], log_time[CLOCK_LOCAL_SIZE + 1] = " ";
        tell_instant_of(p->log_time, status->vietnamese, log_time + 1);
        format_number(status, p->partition, partition);
        format_number(status, p->counted == STATUS_UNKNOWN ? 0 : p->counted, counted);
        format_number(status, p->end, end);
        format_number(status, status_lag(p), lag);
        write_row(out, columns,
                  (const char *const[]){p->topic, partition, counted, end, lag, log_time},
                  ARRAY_LEN(columns));
    }
}

static void write_streams(const struct status *status, struct text_buffer *out)
{
    static const struct column columns[] = {{24, ALIGN_LEFT}, {16, ALIGN_LEFT},  {26, ALIGN_LEFT},
                                            {8, ALIGN_RIGHT}, {10, ALIGN_RIGHT}, {9, ALIGN_RIGHT}};
    static const char *const vi[] = {"Nguồn", "luồng", "đầy đủ đến", "đã cũ", "bản ghi", "bị loại"};
    static const char *const en[] = {"Source", "stream",  "complete through",
                                     "age",    "records", "rejected"};
    if (status->stream_count == 0) {
        text_buffer_add_text(out, TELL(status, "\nChưa đọc đủ nguồn nào.\n",
                                       "\nNo source has been read whole yet.\n"));
        return;
    }
    text_buffer_add_text(out, "\n");
    write_row(out, columns, TELL(status, vi, en), ARRAY_LEN(columns));
    for (size_t i = 0; i < status->stream_count; i++) {
        const struct status_stream *s = &status->streams[i];
        char age[32] = "", through[64], records[32], rejected[32];
        if (s->stream[0] == '\0') {
            snprintf(through, sizeof(through), "%s", TELL(status, "chưa đọc", "not read yet"));
        } else if (s->age_ms != STATUS_UNKNOWN) {
            tell_age(s->age_ms, status->vietnamese, age);
            tell_instant_of(s->complete_through, status->vietnamese, through);
        } else {
            snprintf(through, sizeof(through),
                     TELL(status, "%" PRId64 "/%" PRId64 " phần", "%" PRId64 " of %" PRId64 " parts"),
                     s->parts_complete, s->parts);
        }
        format_number(status, s->records, records);
        format_number(status, s->rejected, rejected);
        write_row(out, columns,
                  (const char *const[]){s->source, s->stream, through, age, records, rejected},
                  ARRAY_LEN(columns));
    }
}

struct lines {
    const struct status *status;
    struct text_buffer *out;
};

static void say_warning(void *context, const char *line)
{
    const struct lines *lines = context;
    begin_line(lines->status, TELL(lines->status, "LƯU Ý", "WARNING"), lines->out);
    text_buffer_add_format(lines->out, "%s\n", line);
}

void status_write_text(const struct status *status, const struct status_limits *limits,
                       struct text_buffer *out)
{
    char line[768];
    struct text_buffer late = {0};
    struct lines lines = {status, &late};
    size_t late_sources = status_late(status, limits, say_warning, &lines);
    if (status_problem(status, limits, line, sizeof(line))) {
        begin_line(status, TELL(status, "CÓ VẤN ĐỀ", "NOT WELL"), out);
        text_buffer_add_format(out, "%s\n", line);
    } else if (late_sources == 0) {
        text_buffer_add_text(out, TELL(status, "Mọi việc bình thường\n", "All is well\n"));
    }
    if (late_sources > 0)
        text_buffer_add(out, late.data, late.length);
    text_buffer_free(&late);
    lines.out = out;
    status_warnings(status, say_warning, &lines);
    if (status->storage != NULL)
        (void)storage_warnings(status->storage, clock_now_us(), say_warning, &lines);
    write_writer(status, out);
    write_verified(status, out);
    write_partitions(status, out);
    write_streams(status, out);
    if (status->storage != NULL)
        storage_write_text(status->storage, out);
}

static void add_streams(const struct status *status, struct text_buffer *out)
{
    for (size_t i = 0; i < status->stream_count; i++) {
        const struct status_stream *s = &status->streams[i];
        text_buffer_add_text(out, i > 0 ? ",\n{\"source\":" : "\n{\"source\":");
        text_buffer_add_json_string(out, s->source);
        member_text(out, "stream", s->stream);
        member_text(out, "complete_through", s->complete_through);
        member_number(out, "age_ms", s->age_ms);
        member_number(out, "parts", s->parts);
        member_number(out, "parts_complete", s->parts_complete);
        member_number(out, "records", s->records);
        member_number(out, "rejected", s->rejected);
        member_number(out, "every_ms", s->every_ms > 0 ? s->every_ms : STATUS_UNKNOWN);
        text_buffer_add_text(out, "}");
    }
}

static void add_late(const struct status *status, const struct status_limits *limits,
                     struct text_buffer *out)
{
    struct member_lines lines = {out, 0};
    text_buffer_add_text(out, ",\"late\":[");
    (void)status_late(status, limits, member_line, &lines);
    text_buffer_add_text(out, "]");
}

static void add_warnings(const struct status *status, struct text_buffer *out)
{
    struct member_lines lines = {out, 0};
    text_buffer_add_text(out, ",\"warnings\":[");
    status_warnings(status, member_line, &lines);
    text_buffer_add_text(out, "]");
}

void status_write_json(const struct status *status, const struct status_limits *limits,
                       struct text_buffer *out)
{
    char line[768] = "";
    bool well = !status_problem(status, limits, line, sizeof(line));
    text_buffer_add_text(out, well ? "{\"well\":true" : "{\"well\":false");
    member_text(out, "problem", line);
    add_warnings(status, out);
    add_late(status, limits, out);
    member_text(out, "calendar_ends", status->calendar_ends);
    member_number(out, "generation", status->generation);
    member_number(out, "config_version", status->config_version);
    member_number(out, "counting_version", status->counted_by);
    member_number(out, "program_counting_version", status->counts_by);
    member_text(out, "instance", status->instance);
    member_text(out, "since", status->since);
    member_number(out, "heartbeat_age_ms", status->heartbeat_age_ms);
    member_text(out, "taking_over", status->taking_over);
    member_text(out, "standing_by", status->standing_by);
    member_number(out, "verified_age_ms", status->verified_age_ms);
    member_number(out, "verify_differences", status->verify_differences);
    member_number(out, "erasures_open", status->erasures_open);
    member_number(out, "erasures_age_ms", status->erasures_age_ms);
    text_buffer_add_text(out, ",\"partitions\":[");
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct status_partition *p = &status->partitions[i];
        text_buffer_add_text(out, i > 0 ? ",\n{\"topic\":" : "\n{\"topic\":");
        text_buffer_add_json_string(out, p->topic);
        member_number(out, "partition", p->partition);
        member_number(out, "next_offset", p->counted);
        member_number(out, "end_offset", p->end);
        member_number(out, "lag", status_lag(p));
        member_text(out, "log_time", p->log_time);
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
