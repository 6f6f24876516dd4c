#include "state_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"

/* ---- encoding ---- */

void state_entity_key(const char *entity, struct text_buffer *out)
{
    text_buffer_add(out, "e|", 2);
    text_buffer_add_text(out, entity);
}

static void member_text(struct text_buffer *out, const char *name, const char *value)
{
    text_buffer_add_text(out, name);
    text_buffer_add_json_string(out, value);
}

static void member_number(struct text_buffer *out, const char *name, int64_t value)
{
    text_buffer_add_text(out, name);
    text_buffer_add_number(out, value);
}

static void add_hex64(struct text_buffer *out, uint64_t number)
{
    uint8_t bytes[8];
    char hex[17];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    hex_encode(bytes, sizeof(bytes), hex);
    text_buffer_add(out, hex, 16);
}

void state_entity_value(const struct state_entity *entity, struct text_buffer *out)
{
    const struct event *e = &entity->event;
    member_text(out, "{\"t\":", event_type_name(e->type));
    member_text(out, ",\"s\":", e->source);
    member_text(out, ",\"m\":", entity->stream);
    if (entity->substream[0])
        member_text(out, ",\"b\":", entity->substream);
    if (e->subject)
        member_text(out, ",\"j\":", e->subject);
    member_number(out, ",\"r\":\"", e->revision); /* text: JSON numbers hold 53 bits */
    text_buffer_add_text(out, "\",\"f\":\"");
    add_hex64(out, entity->fingerprint);
    member_number(out, "\",\"n\":", entity->since);
    if (entity->status)
        member_number(out, ",\"a\":", entity->status);
    if (entity->gone)
        text_buffer_add_text(out, ",\"g\":true");
    if (entity->total)
        text_buffer_add_text(out, ",\"o\":true");
    struct event kept = *e;
    bool link = e->type == EVENT_IDENTITY_LINKED || e->type == EVENT_IDENTITY_UNLINKED;
    kept.present &= STATE_STORED_FIELDS | (link ? UINT64_C(1) << FIELD_IDENTIFIERS : 0);
    text_buffer_add_text(out, ",\"d\":");
    event_encode_data(&kept, out);
    text_buffer_add(out, "}", 1);
}

void state_substream_key(const char *source, const char *stream, const char *substream,
                         struct text_buffer *out)
{
    text_buffer_add_format(out, "w|%s|%s|%s", source, stream, substream);
}

void state_substream_value(const struct state_substream *substream, struct text_buffer *out)
{
    member_number(out, "{\"r\":\"", substream->revision);
    member_number(out, "\",\"through\":\"", substream->through_us);
    member_number(out, "\",\"partitions\":", substream->partitions);
    member_number(out, ",\"hour\":", substream->hour);
    text_buffer_add_text(out, ",\"removed\":[");
    size_t last = STATE_REMOVAL_HOURS;
    while (last && !substream->removed[last - 1])
        last--;
    for (size_t i = 0; i < last; i++)
        member_number(out, i ? "," : "", substream->removed[i]);
    text_buffer_add_text(out, "]}");
}

void state_cursor_key(const char *source, const char *name, struct text_buffer *out)
{
    text_buffer_add_format(out, "c|%s|%s", source, name);
}

void state_cursor_value(const char *value, struct text_buffer *out)
{
    member_text(out, "{\"value\":", value);
    text_buffer_add(out, "}", 1);
}

void state_meta_key(struct text_buffer *out)
{
    text_buffer_add_text(out, "m|meta");
}

void state_meta_value(const struct state_meta *meta, struct text_buffer *out)
{
    member_text(out, "{\"format\":1,\"hmac\":", meta->hmac);
    member_number(out, ",\"key_version\":", meta->key_version);
    member_text(out, ",\"connectors\":", meta->connectors);
    text_buffer_add(out, "}", 1);
}

void state_erased_key(struct key128 learner, struct text_buffer *out)
{
    uint8_t bytes[16];
    char hex[33];
    key128_store(learner, bytes);
    hex_encode(bytes, sizeof(bytes), hex);
    text_buffer_add(out, "x|", 2);
    text_buffer_add_text(out, hex);
}

void state_erased_value(int64_t now_us, struct text_buffer *out)
{
    char now[CLOCK_TEXT_SIZE];
    clock_format(now_us, now);
    member_text(out, "{\"at\":", now);
    text_buffer_add(out, "}", 1);
}

void state_owner_key(struct text_buffer *out)
{
    text_buffer_add_text(out, "m|owner");
}

void state_owner_value(const char *instance, int64_t now_us, struct text_buffer *out)
{
    char now[CLOCK_TEXT_SIZE];
    clock_format(now_us, now);
    member_text(out, "{\"instance\":", instance);
    member_text(out, ",\"at\":", now);
    text_buffer_add(out, "}", 1);
}

/* ---- decoding ---- */

static bool bad(struct error *err, const char *what)
{
    return error_set(err, ERROR_STATE, false, "a record of the state topic has %s", what);
}

static bool take_decimal(const struct json *object, const char *name, int64_t *out)
{
    const char *text = json_get_string(object, name);
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
        return false;
    *out = strtoll(text, NULL, 10);
    return true;
}

static bool take_small(const struct json *object, const char *name, int64_t max, int64_t *out)
{
    const struct json *node = json_get(object, name);
    *out = 0;
    return !node || (json_integer(node, out) && *out >= 0 && *out <= max);
}

static const char *take_text(const struct json *object, const char *name)
{
    const char *text = json_get_string(object, name);
    return text && strlen(text) <= EVENT_MAX_KEY ? text : NULL;
}

static void keep_text(const struct json *data, const char *name, enum event_field field,
                      const char **member, struct event *e)
{
    *member = take_text(data, name);
    if (*member)
        e->present |= UINT64_C(1) << field;
}

static bool take_stored_fields(const struct json *data, struct event *e, struct error *err)
{
    if (!json_is_object(data))
        return bad(err, "no data (d)");
    keep_text(data, "class", FIELD_CLASS, &e->class_name, e);
    keep_text(data, "course", FIELD_COURSE, &e->course, e);
    keep_text(data, "exam", FIELD_EXAM, &e->exam, e);
    keep_text(data, "stream", FIELD_STREAM, &e->stream, e);
    keep_text(data, "substream", FIELD_SUBSTREAM, &e->substream, e);
    keep_text(data, "unit", FIELD_UNIT, &e->unit, e);
    keep_text(data, "wave", FIELD_WAVE, &e->wave, e);
    if (json_get(data, "attempt")) {
        if (!json_integer(json_get(data, "attempt"), &e->attempt))
            return bad(err, "a bad attempt");
        e->present |= UINT64_C(1) << FIELD_ATTEMPT;
    }
    const char *day = json_get_string(data, "day");
    if (day) {
        if (!clock_parse_date(day, &e->day))
            return bad(err, "a bad day");
        e->present |= UINT64_C(1) << FIELD_DAY;
    }
    const struct json *list = json_get(data, "identifiers");
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        if (!json_is_string(item) || e->identifiers.count == EVENT_MAX_LIST)
            return bad(err, "bad identifiers");
        e->identifiers.items[e->identifiers.count++] = json_string(item);
    }
    if (list)
        e->present |= UINT64_C(1) << FIELD_IDENTIFIERS;
    return true;
}

static bool take_fingerprint(const struct json *object, uint64_t *out)
{
    const char *hex = json_get_string(object, "f");
    uint8_t bytes[8];
    if (!hex || strlen(hex) != 16 || !hex_decode(hex, sizeof(bytes), bytes))
        return false;
    *out = 0;
    for (int i = 0; i < 8; i++)
        *out = *out << 8 | bytes[i];
    return true;
}

static bool take_entity(const struct json *root, const char *name, struct state_entity *out,
                        struct error *err)
{
    struct event *e = &out->event;
    int64_t since, status;
    const char *type = json_get_string(root, "t");
    e->type = type ? event_type_parse(type) : EVENT_UNKNOWN;
    e->type_name = event_type_name(e->type);
    e->source = take_text(root, "s");
    e->entity = name;
    e->subject = take_text(root, "j");
    out->stream = take_text(root, "m");
    out->substream = json_get(root, "b") ? take_text(root, "b") : "";
    if (e->type == EVENT_UNKNOWN || !e->source || !out->stream || !out->substream)
        return bad(err, "a bad type, source, stream or sub-stream (t, s, m, b)");
    if (!take_decimal(root, "r", &e->revision) || !take_fingerprint(root, &out->fingerprint))
        return bad(err, "a bad revision or fingerprint (r, f)");
    if (!take_small(root, "n", UINT32_MAX, &since) || !take_small(root, "a", UINT8_MAX, &status))
        return bad(err, "a bad since or status (n, a)");
    out->since = (uint32_t)since;
    out->status = (uint8_t)status;
    out->gone = json_boolean(json_get(root, "g"), false);
    out->total = json_boolean(json_get(root, "o"), false);
    return take_stored_fields(json_get(root, "d"), e, err);
}

static bool take_substream(const struct json *root, struct state_substream *out, struct error *err)
{
    if (!take_decimal(root, "r", &out->revision) || !take_decimal(root, "through", &out->through_us) ||
        !take_small(root, "partitions", 1 << 20, &out->partitions) ||
        !take_small(root, "hour", INT32_MAX, &out->hour))
        return bad(err, "a bad sub-stream (w|)");
    size_t count = 0;
    const struct json *item = json_first(json_get(root, "removed"));
    for (; item; item = json_next(item), count++)
        if (count >= STATE_REMOVAL_HOURS || !json_integer(item, &out->removed[count]) ||
            out->removed[count] < 0)
            return bad(err, "bad removal counts (w|)");
    return true;
}

static bool take_meta(const struct json *root, struct state_meta *out, struct error *err)
{
    int64_t format;
    out->hmac = take_text(root, "hmac");
    out->connectors = take_text(root, "connectors");
    if (!take_small(root, "format", INT32_MAX, &format) || format != 1)
        return bad(err, "a format that this version does not know: run the newer mooc-ingest");
    if (!out->hmac || !out->connectors ||
        !take_small(root, "key_version", INT32_MAX, &out->key_version))
        return bad(err, "a bad m|meta");
    return true;
}

static bool take_log(const struct json *root, struct state_log *out, struct error *err)
{
    const struct json *item = json_first(json_get(root, "ends"));
    for (; item; item = json_next(item), out->count++)
        if (out->count >= STATE_MAX_PARTITIONS || !json_integer(item, &out->ends[out->count]) ||
            out->ends[out->count] < 0)
            return bad(err, "bad ends (m|log)");
    return true;
}

/* Cuts "a|b|rest" in place at its first bars. */
static bool cut(char *text, const char **parts, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        char *bar = strchr(text, '|');
        if (!bar)
            return false;
        *bar = '\0';
        parts[i] = text;
        text = bar + 1;
    }
    parts[count - 1] = text;
    return true;
}

static bool take_key(struct state_record *record, struct error *err)
{
    char *key = record->text.data;
    const char *parts[3];
    if (strncmp(key, "e|", 2) == 0) {
        record->kind = STATE_ENTITY;
    } else if (strncmp(key, "w|", 2) == 0) {
        record->kind = STATE_SUBSTREAM;
        if (!cut(key + 2, parts, 3))
            return bad(err, "a bad key of class w|");
        record->substream =
            (struct state_substream){.source = parts[0], .stream = parts[1], .substream = parts[2]};
    } else if (strncmp(key, "c|", 2) == 0) {
        record->kind = STATE_CURSOR;
        if (!cut(key + 2, parts, 2))
            return bad(err, "a bad key of class c|");
        record->cursor = (struct state_cursor){.source = parts[0], .name = parts[1]};
    } else if (strcmp(key, "m|meta") == 0) {
        record->kind = STATE_META;
    } else if (strcmp(key, "m|owner") == 0) {
        record->kind = STATE_OWNER;
    } else if (strcmp(key, "m|log") == 0) {
        record->kind = STATE_LOG;
    } else if (strncmp(key, "k|", 2) == 0) {
        record->kind = STATE_KEYS;
    } else if (strncmp(key, "x|", 2) == 0) {
        uint8_t bytes[16];
        record->kind = STATE_ERASED;
        if (strlen(key) != 34 || !hex_decode(key + 2, sizeof(bytes), bytes))
            return bad(err, "a bad key of class x|");
        record->erased = key128_load(bytes);
    }
    return true;
}

static bool take_value(struct state_record *record, const char *value, size_t length,
                       struct error *err)
{
    record->tree = json_parse(value, length, err);
    if (!record->tree) {
        error_context(err, "a record of the state topic");
        if (err)
            err->kind = ERROR_STATE;
        return false;
    }
    switch (record->kind) {
    case STATE_ENTITY:
        return take_entity(record->tree, record->text.data + 2, &record->entity, err);
    case STATE_SUBSTREAM:
        return take_substream(record->tree, &record->substream, err);
    case STATE_CURSOR:
        record->cursor.value = json_get_string(record->tree, "value");
        return record->cursor.value || bad(err, "no value in a cursor");
    case STATE_META:
        return take_meta(record->tree, &record->meta, err);
    case STATE_LOG:
        return take_log(record->tree, &record->log, err);
    case STATE_KEYS:
        record->keys = json_get_string(record->tree, "keys");
        return (record->keys && strlen(record->keys) % 16 == 0) || bad(err, "bad keys (k|)");
    case STATE_ERASED:
    case STATE_FORGOTTEN_ENTITY:
    case STATE_FORGOTTEN_SUBSTREAM:
    case STATE_FORGOTTEN_META:
    case STATE_OWNER:
    case STATE_UNKNOWN:
        break;
    }
    return true;
}

static void take_tombstone(struct state_record *record)
{
    if (record->kind == STATE_ENTITY) {
        record->kind = STATE_FORGOTTEN_ENTITY;
        record->entity.event.entity = record->text.data + 2;
    } else if (record->kind == STATE_SUBSTREAM) {
        record->kind = STATE_FORGOTTEN_SUBSTREAM;
    } else if (record->kind == STATE_META) {
        record->kind = STATE_FORGOTTEN_META;
    } else if (record->kind != STATE_CURSOR) {
        record->kind = STATE_UNKNOWN;
    }
}

bool state_record_decode(const char *key, size_t key_length, const char *value, size_t value_length,
                         struct state_record *record, struct error *err)
{
    memset(record, 0, sizeof(*record));
    if (!key || key_length < 2 || key_length > 4 * EVENT_MAX_KEY || memchr(key, 0, key_length) ||
        value_length > EVENT_MAX_BYTES || !utf8_valid(key, key_length))
        return bad(err, "no key, a bad key, or too large a value");
    text_buffer_add(&record->text, key, key_length);
    bool fine = take_key(record, err);
    if (fine && value && record->kind != STATE_UNKNOWN)
        fine = take_value(record, value, value_length, err);
    else if (fine)
        take_tombstone(record);
    if (!fine)
        state_record_free(record);
    return fine;
}

void state_record_free(struct state_record *record)
{
    json_free(record->tree);
    text_buffer_free(&record->text);
    record->tree = NULL;
}
