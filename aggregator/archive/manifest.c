#include "manifest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "record.h"

void archive_manifest_free(struct archive_manifest *m)
{
    for (size_t i = 0; i < m->month_count; i++)
        free(m->months[i].parts);
    free(m->months);
    free(m->reaches);
    *m = (struct archive_manifest){0};
}

struct archive_month *archive_manifest_month(const struct archive_manifest *m, const char *month)
{
    for (size_t i = 0; i < m->month_count; i++)
        if (strcmp(m->months[i].month, month) == 0)
            return &m->months[i];
    return NULL;
}

struct archive_month *archive_manifest_renew(struct archive_manifest *m, const char *month)
{
    struct archive_month *found = archive_manifest_month(m, month);
    if (!found) {
        size_t at = 0;
        while (at < m->month_count && strcmp(m->months[at].month, month) < 0)
            at++;
        m->months = must_have(realloc(m->months, (m->month_count + 1) * sizeof(*m->months)));
        found = &m->months[at];
        memmove(found + 1, found, (m->month_count - at) * sizeof(*found));
        m->month_count++;
        *found = (struct archive_month){0};
    }
    free(found->parts);
    *found = (struct archive_month){0};
    snprintf(found->month, sizeof(found->month), "%s", month);
    return found;
}

const struct archive_part *archive_month_part(const struct archive_month *month, int32_t partition)
{
    for (size_t i = 0; i < month->part_count; i++)
        if (month->parts[i].partition == partition)
            return &month->parts[i];
    return NULL;
}

bool archive_month_check(const char *text)
{
    if (strlen(text) != ARCHIVE_MONTH - 1)
        return false;
    for (int i = 0; i < 7; i++)
        if (i == 4 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    int month = (text[5] - '0') * 10 + text[6] - '0';
    return month >= 1 && month <= 12 && strncmp(text, "1970", 4) >= 0;
}

void archive_month_bounds(const char *text, int64_t *begins_us, int64_t *ends_us)
{
    const int64_t day_us = (int64_t)24 * 3600 * 1000000;
    int year = (int)strtol(text, NULL, 10), month = (int)strtol(text + 5, NULL, 10);
    *begins_us = clock_day_from_civil(year, month, 1) * day_us;
    *ends_us =
        clock_day_from_civil(month < 12 ? year : year + 1, month < 12 ? month + 1 : 1, 1) * day_us;
}

/* Writing ---------------------------------------------------------------------------------------------------------------- */

static void add_instant(struct text_buffer *out, const char *name, int64_t us)
{
    char instant[ARCHIVE_INSTANT];
    archive_instant(us, instant);
    text_buffer_add_format(out, ",\"%s\":\"%s\"", name, instant);
}

static void add_part(struct text_buffer *out, const struct archive_part *p)
{
    text_buffer_add_format(out,
                           "{\"partition\":%" PRId32 ",\"rows\":%" PRId64 ",\"erased\":%" PRId64
                           ",\"rows_before\":%" PRId64,
                           p->partition, p->rows, p->erased, p->rows_before);
    if (p->rows > 0) {
        text_buffer_add_format(out, ",\"first_offset\":%" PRId64 ",\"last_offset\":%" PRId64,
                               p->first_offset, p->last_offset);
        add_instant(out, "first_log_time", p->first_time_us);
        add_instant(out, "last_log_time", p->last_time_us);
        text_buffer_add_format(out,
                               ",\"hash\":\"%016" PRIx64 "\",\"file\":\"%s\",\"bytes\":%" PRId64
                               ",\"sha256\":\"%s\"",
                               p->hash, p->file, p->bytes, p->sha256);
    }
    text_buffer_add_text(out, "}");
}

static void add_month(struct text_buffer *out, const struct archive_month *m)
{
    text_buffer_add_format(out, "{\"month\":\"%s\",\"complete\":%s", m->month,
                           m->complete ? "true" : "false");
    add_instant(out, "exported_at", m->exported_us);
    text_buffer_add_text(out, ",\"partitions\":[\n");
    for (size_t i = 0; i < m->part_count; i++) {
        text_buffer_add_text(out, i > 0 ? ",\n " : " ");
        add_part(out, &m->parts[i]);
    }
    text_buffer_add_text(out, "]}");
}

static const char about[] = "The events log of MOOC Pulse. Each file is gzip of lines of JSON, one "
                            "a record, in order of offset. The hash of a file's "
                            "records: docs/archive-format.md. Check the files with sha256sum, this "
                            "file with: head -n -1 manifest.json | sha256sum";

void archive_manifest_write(const struct archive_manifest *m, struct text_buffer *out)
{
    size_t begin = out->length;
    uint8_t digest[32];
    char hex[65];
    text_buffer_add_format(out, "{\"format\":\"mooc-archive-export\",\"version\":%d,\n\"about\":",
                           ARCHIVE_FORMAT_VERSION);
    text_buffer_add_json_string(out, about);
    text_buffer_add_text(out, ",\n\"topic\":");
    text_buffer_add_json_string(out, m->topic);
    text_buffer_add_format(out, ",\"archive\":\"%s\"", m->archive_id);
    add_instant(out, "created_at", m->created_us);
    add_instant(out, "updated_at", m->updated_us);
    text_buffer_add_text(out, ",\n\"partitions\":[");
    for (size_t i = 0; i < m->reach_count; i++)
        text_buffer_add_format(out,
                               "%s{\"partition\":%" PRId32 ",\"archived\":%" PRId64
                               ",\"complete_through\":%" PRId64 "}",
                               i > 0 ? "," : "", m->reaches[i].partition, m->reaches[i].archived,
                               m->reaches[i].through);
    text_buffer_add_text(out, "],\n\"months\":[");
    for (size_t i = 0; i < m->month_count; i++) {
        text_buffer_add_text(out, i > 0 ? ",\n" : "\n");
        add_month(out, &m->months[i]);
    }
    text_buffer_add_text(out, "],\n");
    sha256(out->data + begin, out->length - begin, digest);
    hex_encode(digest, sizeof(digest), hex);
    text_buffer_add_format(out, "\"sha256\":\"%s\"}\n", hex);
}
