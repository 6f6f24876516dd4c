#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/json.h"

#define DAY_US ((int64_t)24 * 3600 * 1000000)

/* Instants --------------------------------------------------------------------------------------------------------------- */

static void put_digits(char *out, int count, int64_t number)
{
    while (count-- > 0) {
        out[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

void archive_instant(int64_t us, char out[ARCHIVE_INSTANT])
{
    if (us < 0)
        us = 0;
    int64_t in_day = us % DAY_US;
    clock_format_date((int32_t)(us / DAY_US), out);
    memcpy(out + 10, "T00:00:00.000000Z", 18);
    put_digits(out + 11, 2, in_day / 3600000000);
    put_digits(out + 14, 2, in_day / 60000000 % 60);
    put_digits(out + 17, 2, in_day / 1000000 % 60);
    put_digits(out + 20, 6, in_day % 1000000);
}

static int64_t digits_at(const char *text, int count)
{
    int64_t number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

bool archive_instant_read(const char *text, size_t length, int64_t *us)
{
    char again[ARCHIVE_INSTANT];
    if (length != ARCHIVE_INSTANT - 1)
        return false;
    for (size_t i = 0; i < length; i++)
        if ("0000-00-00T00:00:00.000000Z"[i] == '0' && (text[i] < '0' || text[i] > '9'))
            return false;
    int64_t year = digits_at(text, 4), month = digits_at(text + 5, 2);
    if (year < 1970 || month < 1 || month > 12)
        return false;
    int32_t day = clock_day_from_civil((int)year, (int)month, (int)digits_at(text + 8, 2));
    *us = day * DAY_US + digits_at(text + 11, 2) * 3600000000 + digits_at(text + 14, 2) * 60000000 +
          digits_at(text + 17, 2) * 1000000 + digits_at(text + 20, 6);
    archive_instant(*us, again);
    return *us >= 0 && memcmp(again, text, length) == 0;
}

/* Writing ---------------------------------------------------------------------------------------------------------------- */

static void add(struct text_buffer *out, const char *literal)
{
    text_buffer_add(out, literal, strlen(literal));
}

static void add_escape(struct text_buffer *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char escape[6] = {'\\', (char)c, '0', '0', hex[c >> 4], hex[c & 15]};
    size_t length = 6;
    if (c == '"' || c == '\\')
        length = 2;
    else
        escape[1] = 'u';
    text_buffer_add(out, escape, length);
}

static void add_string(struct text_buffer *out, const char *text, size_t length)
{
    const char *run = text, *end = text + length;
    add(out, "\"");
    for (const char *p = text; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        text_buffer_add(out, run, (size_t)(p - run));
        add_escape(out, c);
        run = p + 1;
    }
    text_buffer_add(out, run, (size_t)(end - run));
    add(out, "\"");
}

static void add_value(struct text_buffer *out, const char *value, size_t length)
{
    if (utf8_valid(value, length) && (length == 0 || !memchr(value, 0, length))) {
        add(out, ",\"value\":");
        add_string(out, value, length);
        return;
    }
    char *base64 = base64_encode(value, length);
    add(out, ",\"value_base64\":\"");
    add(out, base64);
    add(out, "\"");
    free(base64);
}

void archive_record_write(const struct archive_record *record, struct text_buffer *out)
{
    char instant[ARCHIVE_INSTANT];
    archive_instant(record->log_time_us, instant);
    add(out, "{\"partition\":");
    text_buffer_add_number(out, record->partition);
    add(out, ",\"offset\":");
    text_buffer_add_number(out, record->offset);
    add(out, ",\"log_time\":\"");
    add(out, instant);
    add(out, "\"");
    if (record->content == ARCHIVE_VALUE) {
        add_value(out, record->value, record->length);
    } else if (record->content == ARCHIVE_TOMBSTONE) {
        add(out, ",\"value\":null");
    } else {
        add(out, ",\"erased\":true,\"id\":");
        add_string(out, record->value, record->length);
    }
    add(out, "}\n");
}

/* Reading ---------------------------------------------------------------------------------------------------------------- */

struct scan {
    const char *text, *at, *end;
};

static bool wrong(const struct scan *s, const char *vi, const char *en, struct error *err)
{
    return error_tell(err, ERROR_DATA, false, "%s%.0s ở byte %zu của dòng",
                      "%.0s%s at byte %zu of the line", vi, en, (size_t)(s->at - s->text));
}

static bool take(struct scan *s, const char *literal)
{
    size_t length = strlen(literal);
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, literal, length) != 0)
        return false;
    s->at += length;
    return true;
}

/* Digits without a leading zero, at most max. */
static bool take_number(struct scan *s, int64_t max, int64_t *number)
{
    const char *begin = s->at;
    *number = 0;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
        if (*number > (max - (*s->at - '0')) / 10)
            return false;
        *number = *number * 10 + (*s->at++ - '0');
    }
    size_t digits = (size_t)(s->at - begin);
    return digits == 1 || (digits > 1 && *begin != '0');
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind a backslash. */
static bool take_escape(struct scan *s, struct text_buffer *out)
{
    if (s->at < s->end && (*s->at == '"' || *s->at == '\\')) {
        text_buffer_add(out, s->at++, 1);
        return true;
    }
    if (s->end - s->at < 5 || memcmp(s->at, "u00", 3) != 0)
        return false;
    int high = hex_digit(s->at[3]), low = hex_digit(s->at[4]);
    if (high < 0 || high > 1 || low < 0 || high + low == 0)
        return false;
    text_buffer_add(out, &(char){(char)(high << 4 | low)}, 1);
    s->at += 5;
    return true;
}

/* Behind the opening quote; takes the closing one. */
static bool take_string(struct scan *s, struct text_buffer *out, struct error *err)
{
    for (;;) {
        const char *run = s->at;
        while (s->at < s->end && (unsigned char)*s->at >= 0x20 && *s->at != '"' && *s->at != '\\')
            s->at++;
        text_buffer_add(out, run, (size_t)(s->at - run));
        if (s->at == s->end || (unsigned char)*s->at < 0x20)
            return wrong(s, "một chuỗi không kết thúc", "a string does not end", err);
        if (*s->at++ == '"')
            break;
        if (!take_escape(s, out))
            return wrong(s, "một ký hiệu thoát mà bản xuất không ghi",
                         "an escape that an export does not write", err);
    }
    if (out->length > ARCHIVE_MAX_VALUE)
        return wrong(s, "giá trị lớn hơn 64 MiB", "a value of more than 64 MiB", err);
    if (!utf8_valid(out->data, out->length))
        return wrong(s, "chuỗi không phải là UTF-8", "a string that is not UTF-8", err);
    return true;
}

static bool take_base64(struct scan *s, struct text_buffer *out, struct error *err)
{
    const char *quote = memchr(s->at, '"', (size_t)(s->end - s->at));
    size_t length = quote ? (size_t)(quote - s->at) : 0, bytes;
    if (!quote || length > ARCHIVE_MAX_VALUE / 3 * 4 + 4)
        return wrong(s, "base64 không kết thúc, hoặc giá trị lớn hơn 64 MiB",
                     "base64 that does not end, or a value of more than 64 MiB", err);
    text_buffer_reserve(out, length + 1);
    if (!base64_decode(s->at, length, (uint8_t *)out->data, &bytes))
        return wrong(s, "không phải là base64", "no base64", err);
    out->length = bytes;
    s->at = quote + 1;
    return true;
}

static bool take_content(struct scan *s, struct text_buffer *out, struct archive_record *record,
                         struct error *err)
{
    text_buffer_clear(out);
    text_buffer_reserve(out, 1);
    record->content = ARCHIVE_VALUE;
    if (take(s, ",\"value\":\""))
        return take_string(s, out, err);
    if (take(s, ",\"value_base64\":\""))
        return take_base64(s, out, err);
    if (take(s, ",\"value\":null")) {
        record->content = ARCHIVE_TOMBSTONE;
        return true;
    }
    record->content = ARCHIVE_ERASED;
    return take(s, ",\"erased\":true,\"id\":\"")
               ? take_string(s, out, err)
               : wrong(s, "không có value, value_base64 hay erased",
                       "no value, value_base64 or erased", err);
}

bool archive_record_read(const char *line, size_t length, struct text_buffer *scratch,
                         struct archive_record *record, struct error *err)
{
    struct scan s = {line, line, line + length};
    int64_t partition;
    if (!take(&s, "{\"partition\":") || !take_number(&s, INT32_MAX, &partition))
        return wrong(&s, "không có partition", "no partition", err);
    if (!take(&s, ",\"offset\":") || !take_number(&s, INT64_MAX, &record->offset))
        return wrong(&s, "không có offset", "no offset", err);
    if (!take(&s, ",\"log_time\":\"") || s.end - s.at < ARCHIVE_INSTANT ||
        !archive_instant_read(s.at, ARCHIVE_INSTANT - 1, &record->log_time_us))
        return wrong(&s, "không có log_time", "no log_time", err);
    s.at += ARCHIVE_INSTANT - 1;
    if (!take(&s, "\""))
        return wrong(&s, "không có log_time", "no log_time", err);
    if (!take_content(&s, scratch, record, err))
        return false;
    if (!take(&s, "}") || s.at != s.end)
        return wrong(&s, "nhiều hơn một bản ghi", "more than a record", err);
    record->partition = (int32_t)partition;
    record->value = record->content == ARCHIVE_TOMBSTONE ? NULL : scratch->data;
    record->length = record->content == ARCHIVE_TOMBSTONE ? 0 : scratch->length;
    return true;
}

/* Checksum --------------------------------------------------------------------------------------------------------------- */

static void put_number(uint8_t *out, int64_t number)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
}

uint64_t archive_record_hash(struct sha256_stream *sha256, const struct archive_record *record)
{
    static const uint8_t marks[] = {
        [ARCHIVE_TOMBSTONE] = 0, [ARCHIVE_VALUE] = 1, [ARCHIVE_ERASED] = 2};
    uint8_t head[17], digest[32];
    uint64_t hash = 0;
    put_number(head, record->offset);
    put_number(head + 8, record->log_time_us);
    head[16] = marks[record->content];
    sha256_start(sha256);
    sha256_add(sha256, head, sizeof(head));
    if (record->content != ARCHIVE_TOMBSTONE)
        sha256_add(sha256, record->value, record->length);
    sha256_finish(sha256, digest);
    for (int i = 0; i < 8; i++)
        hash = hash << 8 | digest[i];
    return hash;
}
