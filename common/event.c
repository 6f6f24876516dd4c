#include "event.h"

#include <stddef.h>
#include <string.h>

#include "clock.h"
#include "event_fields.h"

#define T(type) (1ULL << EVENT_##type)
#define F(field) (1ULL << FIELD_##field)

#define ROSTER (T(ROSTER_LISTED) | T(ROSTER_REMOVED))
#define ACCOUNT (T(ACCOUNT_CREATED) | T(ACCOUNT_ACTIVATED) | T(ACCOUNT_CLOSED))
#define IDENTITY (T(IDENTITY_LINKED) | T(IDENTITY_UNLINKED))
#define ENROLLMENT (T(ENROLLMENT_CREATED) | T(ENROLLMENT_CANCELLED))
#define LEARNING (T(LEARNING_PROGRESSED) | T(LEARNING_WITHDRAWN))
#define EXAM (T(EXAM_GRADED) | T(EXAM_ANNULLED))
#define CERTIFICATE (T(CERTIFICATE_ISSUED) | T(CERTIFICATE_REVOKED))
#define TOTALS (T(TOTALS_PUBLISHED) | T(TOTALS_WITHDRAWN))
#define ATTENDANCE (T(ATTENDANCE_RECORDED) | T(ATTENDANCE_WITHDRAWN))
#define REVOKED T(IMPORT_REVOKED)
#define SWEPT T(SOURCE_SWEPT)
#define ERASED T(LEARNER_ERASED)
#define RECORD (T(RECORD_REJECTED) | T(RECORD_ACCEPTED))
#define IN_COURSE (ENROLLMENT | LEARNING | EXAM | CERTIFICATE)

#define FIELD(json_name, id, kind, member, types)                                                  \
    {                                                                                              \
        (json_name), sizeof(json_name) - 1, FIELD_##id, KIND_##kind,                               \
            offsetof(struct event, member), (types)                                                \
    }

const struct field_spec event_field_table[] = {
    FIELD("activated", ACTIVATED, BOOLEAN, activated, ACCOUNT),
    FIELD("attempt", ATTEMPT, INTEGER, attempt, EXAM),
    FIELD("audience", AUDIENCE, LIST, audience, ROSTER | ATTENDANCE),
    FIELD("class", CLASS, TEXT, class_name, ATTENDANCE),
    FIELD("count", HEADCOUNT, INTEGER, headcount, ATTENDANCE),
    FIELD("course", COURSE, TEXT, course, IN_COURSE),
    FIELD("day", DAY, DATE, day, LEARNING | ATTENDANCE),
    FIELD("dead", DEAD, INTEGER, dead, SWEPT),
    FIELD("detail", DETAIL, TEXT, detail, RECORD),
    FIELD("every", EVERY, INTEGER, every, SWEPT),
    FIELD("exam", EXAM, TEXT, exam, EXAM),
    FIELD("faults", FAULTS, LIST, faults, ROSTER),
    FIELD("group", GROUP, TEXT, group, ROSTER),
    FIELD("identifiers", IDENTIFIERS, LIST, identifiers, ROSTER | ACCOUNT | IDENTITY | ATTENDANCE),
    FIELD("import", IMPORT, TEXT, import, REVOKED),
    FIELD("invited_by", INVITED_BY, TEXT, invited_by, ROSTER),
    FIELD("key", KEY, TEXT, key, ERASED),
    FIELD("max_score", MAX_SCORE, DOUBLE, max_score, EXAM),
    FIELD("mode", MODE, TEXT, mode, ENROLLMENT),
    FIELD("name", NAME, TEXT, name, ROSTER | ACCOUNT | ATTENDANCE),
    FIELD("partition", PARTITION, INTEGER, partition, SWEPT),
    FIELD("passed", PASSED, BOOLEAN, passed, EXAM),
    FIELD("passed", COUNT_PASSED, INTEGER, count_passed, TOTALS),
    FIELD("percent", PERCENT, SHARE, percent, LEARNING),
    FIELD("progress", PROGRESS, SHARE, progress, LEARNING),
    FIELD("reason", REASON, TEXT, reason, RECORD),
    FIELD("records", RECORDS, INTEGER, records, SWEPT | REVOKED),
    FIELD("registered", COUNT_REGISTERED, INTEGER, count_registered, TOTALS),
    FIELD("sat", SAT, BOOLEAN, sat, EXAM),
    FIELD("score", SCORE, DOUBLE, score, EXAM),
    FIELD("status", STATUS, TEXT, status, CERTIFICATE),
    FIELD("stream", STREAM, TEXT, stream, SWEPT | RECORD),
    FIELD("substream", SUBSTREAM, TEXT, substream, SWEPT | RECORD),
    FIELD("through", THROUGH, INSTANT, through, SWEPT),
    FIELD("unit", UNIT, TEXT, unit, ROSTER | RECORD | ATTENDANCE),
    FIELD("wave", WAVE, TEXT, wave, ROSTER | TOTALS | RECORD | ATTENDANCE),
};
const size_t event_field_table_size = ARRAY_LEN(event_field_table);

#define TYPE(name, has_subject, required)                                                          \
    {                                                                                              \
        (name), sizeof(name) - 1, (has_subject), (required)                                        \
    }

const struct type_spec event_type_table[EVENT_TYPE_COUNT] = {
    [EVENT_UNKNOWN] = TYPE("", false, 0),
    [EVENT_ROSTER_LISTED] = TYPE("roster.listed", true, F(WAVE) | F(UNIT)),
    [EVENT_ROSTER_REMOVED] = TYPE("roster.removed", true, F(WAVE) | F(UNIT)),
    [EVENT_ACCOUNT_CREATED] = TYPE("account.created", true, 0),
    [EVENT_ACCOUNT_ACTIVATED] = TYPE("account.activated", true, 0),
    [EVENT_ACCOUNT_CLOSED] = TYPE("account.closed", true, 0),
    [EVENT_IDENTITY_LINKED] = TYPE("identity.linked", false, F(IDENTIFIERS)),
    [EVENT_IDENTITY_UNLINKED] = TYPE("identity.unlinked", false, F(IDENTIFIERS)),
    [EVENT_ENROLLMENT_CREATED] = TYPE("enrollment.created", true, F(COURSE)),
    [EVENT_ENROLLMENT_CANCELLED] = TYPE("enrollment.cancelled", true, F(COURSE)),
    [EVENT_LEARNING_PROGRESSED] = TYPE("learning.progressed", true, F(COURSE) | F(DAY)),
    [EVENT_LEARNING_WITHDRAWN] = TYPE("learning.withdrawn", true, F(COURSE) | F(DAY)),
    [EVENT_EXAM_GRADED] = TYPE("exam.graded", true, F(COURSE) | F(EXAM)),
    [EVENT_EXAM_ANNULLED] = TYPE("exam.annulled", true, F(COURSE) | F(EXAM)),
    [EVENT_CERTIFICATE_ISSUED] = TYPE("certificate.issued", true, F(COURSE)),
    [EVENT_CERTIFICATE_REVOKED] = TYPE("certificate.revoked", true, F(COURSE)),
    [EVENT_TOTALS_PUBLISHED] = TYPE("totals.published", false, F(WAVE)),
    [EVENT_TOTALS_WITHDRAWN] = TYPE("totals.withdrawn", false, F(WAVE)),
    [EVENT_ATTENDANCE_RECORDED] = TYPE("attendance.recorded", false, F(CLASS)),
    [EVENT_ATTENDANCE_WITHDRAWN] = TYPE("attendance.withdrawn", false, F(CLASS)),
    [EVENT_IMPORT_REVOKED] = TYPE("import.revoked", false, F(IMPORT)),
    [EVENT_SOURCE_SWEPT] = TYPE("source.swept", false, F(STREAM) | F(PARTITION) | F(THROUGH)),
    [EVENT_LEARNER_ERASED] = TYPE("learner.erased", false, F(KEY)),
    [EVENT_RECORD_REJECTED] = TYPE("record.rejected", false, F(REASON)),
    [EVENT_RECORD_ACCEPTED] = TYPE("record.accepted", false, 0),
};

const char *event_type_name(enum event_type type)
{
    return (unsigned)type < EVENT_TYPE_COUNT ? event_type_table[type].name : "";
}

enum event_type event_type_parse(const char *name)
{
    for (int type = EVENT_UNKNOWN + 1; type < EVENT_TYPE_COUNT; type++)
        if (strcmp(event_type_table[type].name, name) == 0)
            return (enum event_type)type;
    return EVENT_UNKNOWN;
}

static char *append_decimal(char *out, int64_t number)
{
    char digits[20];
    size_t count = 0;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0)
        *out++ = '-';
    while (count)
        *out++ = digits[--count];
    return out;
}

void event_id(const char *source, const char *entity, int64_t revision, char out[33])
{
    char text[2 * EVENT_MAX_KEY + 32];
    char *end = text;
    size_t length = strnlen(source, EVENT_MAX_KEY);
    memcpy(end, source, length);
    end += length;
    *end++ = 0;
    length = strnlen(entity, EVENT_MAX_KEY);
    memcpy(end, entity, length);
    end += length;
    *end++ = 0;
    end = append_decimal(end, revision);
    uint8_t digest[16];
    key128_store(key128_of(text, (size_t)(end - text)), digest);
    hex_encode(digest, sizeof(digest), out);
}

static void encode_list(const struct event_list *list, struct text_buffer *out)
{
    text_buffer_add(out, "[", 1);
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            text_buffer_add(out, ",", 1);
        text_buffer_add_json_string(out, list->items[i]);
    }
    text_buffer_add(out, "]", 1);
}

static void encode_value(const struct event *e, const struct field_spec *spec, struct text_buffer *out)
{
    const char *at = (const char *)e + spec->offset;
    char text[CLOCK_TEXT_SIZE];
    switch (spec->kind) {
    case KIND_TEXT:
        text_buffer_add_json_string(out, *(const char *const *)(const void *)at);
        break;
    case KIND_BOOLEAN:
        text_buffer_add_text(out, *(const bool *)(const void *)at ? "true" : "false");
        break;
    case KIND_INTEGER:
        text_buffer_add_number(out, *(const int64_t *)(const void *)at);
        break;
    case KIND_DOUBLE:
    case KIND_SHARE:
        text_buffer_add_json_double(out, *(const double *)(const void *)at);
        break;
    case KIND_DATE:
        clock_format_date(*(const int32_t *)(const void *)at, text);
        text_buffer_add_json_string(out, text);
        break;
    case KIND_INSTANT:
        clock_format(*(const int64_t *)(const void *)at, text);
        text_buffer_add_json_string(out, text);
        break;
    case KIND_LIST:
        encode_list((const struct event_list *)(const void *)at, out);
        break;
    }
}

void event_encode_data(const struct event *e, struct text_buffer *out)
{
    char separator = '{';
    for (size_t i = 0; i < event_field_table_size; i++) {
        const struct field_spec *spec = &event_field_table[i];
        if (!event_has(e, spec->field) || !((spec->types >> e->type) & 1U))
            continue;
        text_buffer_add(out, &separator, 1);
        separator = ',';
        text_buffer_add(out, "\"", 1);
        text_buffer_add_text(out, spec->name);
        text_buffer_add(out, "\":", 2);
        encode_value(e, spec, out);
    }
    if (separator == '{')
        text_buffer_add(out, "{", 1);
    text_buffer_add(out, "}", 1);
}

static void encode_text(struct text_buffer *out, const char *member, const char *value)
{
    text_buffer_add_text(out, member);
    text_buffer_add_json_string(out, value);
}

static void encode_origin(const struct event *e, struct text_buffer *out)
{
    if (e->import_id)
        encode_text(out, ",\"importid\":", e->import_id);
    if (e->file)
        encode_text(out, ",\"importfile\":", e->file);
    if (e->sheet)
        encode_text(out, ",\"importsheet\":", e->sheet);
    if (e->row > 0) {
        text_buffer_add_text(out, ",\"importrow\":");
        text_buffer_add_number(out, e->row);
    }
}

void event_encode(const struct event *e, const char *data, size_t data_length, struct text_buffer *out)
{
    char id[33], time[CLOCK_TEXT_SIZE];
    if (!e->id)
        event_id(e->source, e->entity, e->revision, id);
    clock_format(e->time, time);
    encode_text(out, "{\"specversion\":\"1.0\",\"id\":", e->id ? e->id : id);
    encode_text(out, ",\"source\":", e->source);
    encode_text(out,
                ",\"type\":", e->type == EVENT_UNKNOWN ? e->type_name : event_type_name(e->type));
    if (e->subject)
        encode_text(out, ",\"subject\":", e->subject);
    encode_text(out, ",\"time\":", time);
    encode_text(out, ",\"datacontenttype\":\"application/json\",\"entity\":", e->entity);
    text_buffer_add_text(out, ",\"revision\":\"");
    text_buffer_add_number(out, e->revision);
    text_buffer_add_text(out, "\",\"previous\":\"");
    text_buffer_add_number(out, e->previous);
    text_buffer_add_text(out, "\",\"timebasis\":");
    text_buffer_add_text(out, e->time_observed ? "\"observed\"" : "\"platform\"");
    encode_origin(e, out);
    text_buffer_add_text(out, ",\"data\":");
    text_buffer_add(out, data, data_length);
    text_buffer_add(out, "}", 1);
}
