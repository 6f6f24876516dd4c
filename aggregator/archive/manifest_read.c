#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/json.h"
#include "manifest.h"
#include "record.h"

#define MAX_MONTHS 12000
#define MAX_INTEGER ((int64_t)1 << 53)

static bool wrong(struct error *err, const char *vi, const char *en, const char *where)
{
    return error_tell(err, ERROR_DATA, false, "manifest.json: %s%.0s%s%.0s%s",
                      "manifest.json: %.0s%s%.0s%s%s", vi, en, where[0] ? " của " : "",
                      where[0] ? " of " : "", where);
}

/* Checksum --------------------------------------------------------------------------------------------------------------- */

static bool check_sum(const char *text, size_t length, struct error *err)
{
    static const char mark[] = "\"sha256\":\"";
    const size_t last = sizeof(mark) - 1 + 64 + 3; /* "}\n behind it */
    uint8_t digest[32];
    char hex[65];
    if (length <= last || memcmp(text + length - last, mark, sizeof(mark) - 1) != 0 ||
        memcmp(text + length - 3, "\"}\n", 3) != 0)
        return wrong(err, "không kết thúc bằng mã kiểm tra: bị cắt cụt hoặc bị sửa",
                     "it does not end with its checksum: it is cut off or was edited", "");
    sha256(text, length - last, digest);
    hex_encode(digest, sizeof(digest), hex);
    return memcmp(text + length - last + sizeof(mark) - 1, hex, 64) == 0 ||
           wrong(err, "mã kiểm tra không khớp: bị hỏng hoặc bị sửa",
                 "its checksum does not fit: it is damaged or was edited", "");
}

/* Members ---------------------------------------------------------------------------------------------------------------- */

static bool take_integer(const struct json *object, const char *name, int64_t *out, struct error *err)
{
    return (json_integer(json_get(object, name), out) && *out >= 0) ||
           wrong(err, "không có số", "no number", name);
}

static bool take_instant(const struct json *object, const char *name, int64_t *out, struct error *err)
{
    const char *text = json_get_string(object, name);
    return (text && archive_instant_read(text, strlen(text), out)) ||
           wrong(err, "không có thời điểm", "no time", name);
}

static bool take_text(const struct json *object, const char *name, char *out, size_t size,
                      struct error *err)
{
    const char *text = json_get_string(object, name);
    if (!text || text[0] == '\0' || strlen(text) >= size)
        return wrong(err, "không có chữ", "no text", name);
    memcpy(out, text, strlen(text) + 1);
    return true;
}

/* Letters, digits, "-", "." only: a name that leads out of the folder is refused. */
static bool take_file(const struct json *object, char out[ARCHIVE_FILE], struct error *err)
{
    if (!take_text(object, "file", out, ARCHIVE_FILE, err))
        return false;
    size_t plain = strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789-.");
    return (out[plain] == '\0' && out[0] != '.') ||
           wrong(err, "tên mà không bản xuất nào đặt", "a name that no export gives", "file");
}

static bool take_hex(const struct json *object, const char *name, size_t digits, char *out,
                     struct error *err)
{
    return (take_text(object, name, out, digits + 1, err) &&
            strspn(out, "0123456789abcdef") == digits) ||
           wrong(err, "không có mã kiểm tra", "no checksum", name);
}

static bool take_part(const struct json *object, struct archive_part *p, struct error *err)
{
    char hash[17];
    int64_t partition;
    if (!json_is_object(object) || !take_integer(object, "partition", &partition, err) ||
        !take_integer(object, "rows", &p->rows, err) ||
        !take_integer(object, "erased", &p->erased, err) ||
        !take_integer(object, "rows_before", &p->rows_before, err))
        return false;
    p->partition = (int32_t)partition;
    p->first_offset = p->last_offset = p->first_time_us = p->last_time_us = -1;
    if (partition >= ARCHIVE_MAX_PARTITIONS || p->erased > p->rows ||
        p->rows > MAX_INTEGER - p->rows_before)
        return wrong(err, "các số không khớp", "numbers that do not fit", "a partition");
    if (p->rows == 0)
        return true;
    if (!take_integer(object, "first_offset", &p->first_offset, err) ||
        !take_integer(object, "last_offset", &p->last_offset, err) ||
        !take_instant(object, "first_log_time", &p->first_time_us, err) ||
        !take_instant(object, "last_log_time", &p->last_time_us, err) ||
        !take_hex(object, "hash", 16, hash, err) || !take_file(object, p->file, err) ||
        !take_integer(object, "bytes", &p->bytes, err) ||
        !take_hex(object, "sha256", 64, p->sha256, err))
        return false;
    p->hash = strtoull(hash, NULL, 16);
    return p->last_offset - p->first_offset + 1 >= p->rows ||
           wrong(err, "các vị trí không khớp", "offsets that do not fit", "a partition");
}

static bool take_month(const struct json *object, const struct archive_manifest *m,
                       struct archive_month *month, struct error *err)
{
    int64_t begins, ends;
    const struct json *parts = json_get(object, "partitions");
    if (!json_is_object(object) || !take_text(object, "month", month->month, ARCHIVE_MONTH, err) ||
        !take_instant(object, "exported_at", &month->exported_us, err))
        return false;
    if (!archive_month_check(month->month) || !json_is_boolean(json_get(object, "complete")) ||
        !json_is_array(parts))
        return wrong(err, "không phải là tháng", "no month", month->month);
    month->complete = json_boolean(json_get(object, "complete"), false);
    month->part_count = json_size(parts);
    if (month->part_count > m->reach_count)
        return wrong(err, "quá nhiều phần", "too many partitions", month->month);
    month->parts = must_have(calloc(month->part_count + 1, sizeof(*month->parts)));
    archive_month_bounds(month->month, &begins, &ends);
    size_t i = 0;
    for (const struct json *item = json_first(parts); item; item = json_next(item), i++) {
        struct archive_part *p = &month->parts[i];
        if (!take_part(item, p, err))
            return error_context(err, "%s", month->month);
        if (i > 0 && p->partition <= p[-1].partition)
            return wrong(err, "các phần không theo thứ tự", "partitions out of order", month->month);
        if (p->rows > 0 && (p->first_time_us < begins || p->last_time_us >= ends ||
                            p->last_time_us < p->first_time_us))
            return wrong(err, "thời điểm nằm ngoài", "times outside", month->month);
    }
    return true;
}

/* Through its claim a partition's rows must follow each other without a month missing. */
static bool check_chain(const struct archive_manifest *m, const struct archive_reach *reach,
                        struct error *err)
{
    int64_t expected = 0;
    for (size_t i = 0; i < m->month_count; i++) {
        const struct archive_part *part = archive_month_part(&m->months[i], reach->partition);
        if (!part || part->rows == 0 || part->first_offset >= reach->through)
            continue;
        if (part->rows_before != expected)
            return wrong(err, "thiếu một tháng trước các bản ghi",
                         "a month is missing before the records", m->months[i].month);
        expected = part->rows_before + part->rows;
    }
    return true;
}

static bool check_order(const struct archive_manifest *m, struct error *err)
{
    for (size_t i = 1; i < m->month_count; i++)
        if (strcmp(m->months[i - 1].month, m->months[i].month) >= 0)
            return wrong(err, "các tháng không theo thứ tự", "months out of order",
                         m->months[i].month);
    for (size_t i = 0; i < m->reach_count; i++)
        if (!check_chain(m, &m->reaches[i], err))
            return false;
    return true;
}

static bool take_reaches(const struct json *list, struct archive_manifest *m, struct error *err)
{
    m->reach_count = json_is_array(list) ? json_size(list) : 0;
    if (m->reach_count == 0 || m->reach_count > ARCHIVE_MAX_PARTITIONS)
        return wrong(err, "không có danh sách", "no list", "partitions");
    m->reaches = must_have(calloc(m->reach_count, sizeof(*m->reaches)));
    size_t i = 0;
    for (const struct json *item = json_first(list); item; item = json_next(item), i++) {
        struct archive_reach *r = &m->reaches[i];
        int64_t partition;
        if (!json_is_object(item) || !take_integer(item, "partition", &partition, err) ||
            !take_integer(item, "archived", &r->archived, err) ||
            !take_integer(item, "complete_through", &r->through, err))
            return wrong(err, "không có phần nào", "no partition", "partitions");
        r->partition = (int32_t)partition;
        if (partition >= ARCHIVE_MAX_PARTITIONS || r->through > r->archived ||
            (i > 0 && partition <= r[-1].partition))
            return wrong(err, "các số không khớp", "numbers that do not fit", "partitions");
    }
    return true;
}

static bool take_all(const struct json *root, struct archive_manifest *m, struct error *err)
{
    int64_t version;
    const char *format = json_get_string(root, "format");
    const struct json *months = json_get(root, "months");
    if (!format || strcmp(format, "mooc-archive-export") != 0)
        return wrong(err, "đây không phải là bản xuất kho", "this is no archive export", "");
    if (!take_integer(root, "version", &version, err))
        return false;
    if (version != ARCHIVE_FORMAT_VERSION)
        return wrong(err, "định dạng do bản mooc-aggregator khác ghi",
                     "a format that another release of mooc-aggregator wrote", "this folder");
    if (!take_text(root, "topic", m->topic, sizeof(m->topic), err) ||
        !take_text(root, "archive", m->archive_id, sizeof(m->archive_id), err) ||
        !take_instant(root, "created_at", &m->created_us, err) ||
        !take_instant(root, "updated_at", &m->updated_us, err) ||
        !take_reaches(json_get(root, "partitions"), m, err))
        return false;
    if (strspn(m->archive_id, "0123456789abcdef-") != strlen(m->archive_id))
        return wrong(err, "không có mã", "no id", "archive");
    size_t count = json_is_array(months) ? json_size(months) : MAX_MONTHS + 1;
    if (count > MAX_MONTHS)
        return wrong(err, "không có danh sách", "no list", "months");
    m->months = must_have(calloc(count + 1, sizeof(*m->months)));
    for (const struct json *item = json_first(months); item; item = json_next(item))
        if (!take_month(item, m, &m->months[m->month_count++], err))
            return false;
    return check_order(m, err);
}

bool archive_manifest_read(const char *text, size_t length, struct archive_manifest *m,
                           struct error *err)
{
    *m = (struct archive_manifest){0};
    if (!check_sum(text, length, err))
        return false;
    struct json *root = json_parse(text, length, err);
    bool ok = root && take_all(root, m, err);
    json_free(root);
    if (!ok)
        archive_manifest_free(m);
    return ok;
}
