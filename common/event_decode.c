/* From bytes to a checked struct event. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "event.h"
#include "event_fields.h"
#include "json.h"

#define CHUNK_BYTES (64 * 1024)

/* The decoded texts live in chunks; the JSON trees, ten times as large, go as soon as they are read. */
struct chunk {
    struct chunk *next;
    size_t used, size;
    char bytes[];
};

struct event_decoder {
    struct chunk *chunks; /* the first one is being filled */
    struct text_buffer scratch;
};

struct event_decoder *event_decoder_new(void)
{
    struct event_decoder *decoder = calloc(1, sizeof(*decoder));
    if (!decoder)
        abort();
    return decoder;
}

/* Keeps one chunk for the next batch. */
void event_decoder_reset(struct event_decoder *decoder)
{
    while (decoder->chunks && decoder->chunks->next) {
        struct chunk *rest = decoder->chunks->next;
        free(decoder->chunks);
        decoder->chunks = rest;
    }
    if (decoder->chunks)
        decoder->chunks->used = 0;
}

void event_decoder_free(struct event_decoder *decoder)
{
    if (!decoder)
        return;
    event_decoder_reset(decoder);
    free(decoder->chunks);
    text_buffer_free(&decoder->scratch);
    free(decoder);
}

static const char *keep(struct event_decoder *decoder, const char *text, size_t length)
{
    struct chunk *chunk = decoder->chunks;
    if (!chunk || chunk->size - chunk->used <= length) {
        size_t size = length < CHUNK_BYTES ? CHUNK_BYTES : length + 1;
        chunk = malloc(sizeof(*chunk) + size);
        if (!chunk)
            abort();
        *chunk = (struct chunk){decoder->chunks, 0, size};
        decoder->chunks = chunk;
    }
    char *copy = chunk->bytes + chunk->used;
    memcpy(copy, text, length + 1);
    chunk->used += length + 1;
    return copy;
}

/* Where one record is decoded. */
struct intake {
    struct event_decoder *decoder;
    const struct json *root;
    struct event *event;
    struct error *err;
};

static bool bad_attribute(struct error *err, const char *name, const char *why)
{
    return error_set(err, ERROR_DATA, false, "bad_attribute: %s %s", name, why);
}

static bool bad_data(struct error *err, const char *name, const char *why)
{
    return error_set(err, ERROR_DATA, false, "bad_data: data.%s %s", name, why);
}

/* A non-empty text of bounded length; absent is allowed unless required. */
static bool take_attribute(const struct intake *in, const char *name, bool required, const char **out)
{
    struct error *err = in->err;
    const struct json *node = json_get(in->root, name);
    *out = NULL;
    if (!node || json_is_null(node))
        return required ? bad_attribute(err, name, "is missing") : true;
    const char *text = json_string(node);
    if (!text)
        return bad_attribute(err, name, "is not a string");
    size_t length = strlen(text);
    if (length == 0 || length > EVENT_MAX_KEY)
        return bad_attribute(err, name, "is empty or longer than 300 bytes");
    *out = keep(in->decoder, text, length);
    return true;
}

/* Revisions are decimal strings: a CloudEvents Integer has 32 bits only. */
static bool take_revision(const struct intake *in, const char *name, int64_t *out)
{
    struct error *err = in->err;
    const char *text;
    if (!take_attribute(in, name, true, &text))
        return false;
    uint64_t value = 0;
    size_t length = strlen(text);
    if (length > 18 || strspn(text, "0123456789") != length || (text[0] == '0' && length > 1))
        return bad_attribute(err, name, "is not a decimal string of at most 18 digits");
    for (size_t i = 0; i < length; i++)
        value = value * 10 + (uint64_t)(text[i] - '0');
    *out = (int64_t)value;
    return true;
}

static bool take_time(const struct intake *in)
{
    struct event *e = in->event;
    const char *time, *basis;
    if (!take_attribute(in, "time", true, &time) || !take_attribute(in, "timebasis", false, &basis))
        return false;
    if (!clock_parse(time, &e->time))
        return bad_attribute(in->err, "time", "is not an RFC 3339 instant");
    e->time_observed = basis && strcmp(basis, "observed") == 0;
    return true;
}

static bool take_origin(const struct intake *in)
{
    struct event *e = in->event;
    const struct json *row = json_get(in->root, "importrow");
    if (row && (!json_integer(row, &e->row) || e->row < 0 || e->row > INT32_MAX))
        return bad_attribute(in->err, "importrow", "is not a row number");
    return take_attribute(in, "importid", false, &e->import_id) &&
           take_attribute(in, "importfile", false, &e->file) &&
           take_attribute(in, "importsheet", false, &e->sheet);
}

/* Of a type that is not known, nothing but what CloudEvents demands may be wrong with the record. */
static void take_what_is_there(const struct intake *in)
{
    struct event *e = in->event;
    struct intake lenient = *in;
    struct error ignored = {0};
    lenient.err = &ignored;
    if (!take_attribute(&lenient, "entity", false, &e->entity))
        e->entity = NULL;
    if (!take_attribute(&lenient, "subject", false, &e->subject))
        e->subject = NULL;
}

static bool take_attributes(const struct intake *in)
{
    struct event *e = in->event;
    const char *version;
    if (!take_attribute(in, "specversion", true, &version))
        return false;
    if (strcmp(version, "1.0") != 0)
        return bad_attribute(in->err, "specversion", "is not 1.0");
    if (!take_attribute(in, "type", true, &e->type_name) ||
        !take_attribute(in, "id", true, &e->id) || !take_attribute(in, "source", true, &e->source))
        return false;
    e->type = event_type_parse(e->type_name);
    if (e->type == EVENT_UNKNOWN) {
        take_what_is_there(in);
        return true;
    }
    e->type_name = event_type_name(e->type);
    return take_attribute(in, "entity", true, &e->entity) &&
           take_attribute(in, "subject", event_type_table[e->type].has_subject, &e->subject) &&
           take_revision(in, "revision", &e->revision) &&
           take_revision(in, "previous", &e->previous) && take_time(in) && take_origin(in);
}

static bool take_list(const struct intake *in, const struct json *node,
                      const struct field_spec *spec, struct event_list *list)
{
    struct error *err = in->err;
    if (!json_is_array(node))
        return bad_data(err, spec->name, "is not a list");
    list->count = 0;
    for (const struct json *item = json_first(node); item; item = json_next(item)) {
        const char *text = json_string(item);
        if (!text || !*text || strlen(text) > EVENT_MAX_KEY)
            return bad_data(err, spec->name, "has an item that is no text of 1 to 300 bytes");
        if (list->count == EVENT_MAX_LIST)
            return bad_data(err, spec->name, "has more than 16 items");
        list->items[list->count++] = keep(in->decoder, text, strlen(text));
    }
    return true;
}

static bool take_double(const struct json *node, const struct field_spec *spec, double *out,
                        struct error *err)
{
    if (!json_is_number(node))
        return bad_data(err, spec->name, "is not a number");
    double value = json_number(node, 0);
    if (!isfinite(value))
        return bad_data(err, spec->name, "is not finite");
    if (spec->kind == KIND_SHARE && (value < 0 || value > 1))
        return bad_data(err, spec->name, "is not between 0 and 1");
    *out = value;
    return true;
}

static bool take_text_value(const struct intake *in, const struct json *node,
                            const struct field_spec *spec, void *at)
{
    struct error *err = in->err;
    const char *text = json_string(node);
    if (!text)
        return bad_data(err, spec->name, "is not a string");
    if (spec->kind == KIND_DATE)
        return clock_parse_date(text, at) || bad_data(err, spec->name, "is not a date");
    if (spec->kind == KIND_INSTANT)
        return clock_parse(text, at) || bad_data(err, spec->name, "is not an instant");
    /* Details are read by people; everything else is a key of some table. */
    if (spec->field != FIELD_DETAIL && (!*text || strlen(text) > EVENT_MAX_KEY))
        return bad_data(err, spec->name, "is empty or longer than 300 bytes");
    *(const char **)at = keep(in->decoder, text, strlen(text));
    return true;
}

static bool take_value(const struct intake *in, const struct json *node, const struct field_spec *spec)
{
    struct error *err = in->err;
    void *at = (char *)in->event + spec->offset;
    switch (spec->kind) {
    case KIND_TEXT:
    case KIND_DATE:
    case KIND_INSTANT:
        return take_text_value(in, node, spec, at);
    case KIND_BOOLEAN:
        if (!json_is_boolean(node))
            return bad_data(err, spec->name, "is neither true nor false");
        *(bool *)at = json_boolean(node, false);
        return true;
    case KIND_INTEGER:
        if (!json_integer(node, at) || *(int64_t *)at < 0)
            return bad_data(err, spec->name, "is not a whole number from 0");
        return true;
    case KIND_DOUBLE:
    case KIND_SHARE:
        return take_double(node, spec, at, err);
    case KIND_LIST:
        return take_list(in, node, spec, at);
    }
    return false;
}

static const struct field_spec *find_field(enum event_type type, const char *name)
{
    for (size_t i = 0; i < event_field_table_size; i++) {
        const struct field_spec *spec = &event_field_table[i];
        if (((spec->types >> type) & 1U) && strcmp(spec->name, name) == 0)
            return spec;
    }
    return NULL;
}

static bool take_data(const struct intake *in, const struct json *data)
{
    struct event *e = in->event;
    struct error *err = in->err;
    for (const struct json *member = json_first(data); member; member = json_next(member)) {
        const struct field_spec *spec = find_field(e->type, json_key(member));
        if (!spec || json_is_null(member))
            continue;
        if (!take_value(in, member, spec))
            return false;
        e->present |= 1ULL << spec->field;
    }
    uint64_t missing = event_type_table[e->type].required & ~e->present;
    for (size_t i = 0; missing && i < event_field_table_size; i++)
        if ((missing >> event_field_table[i].field) & 1U)
            return bad_data(err, event_field_table[i].name, "is missing");
    if ((e->type == EVENT_IDENTITY_LINKED || e->type == EVENT_IDENTITY_UNLINKED) &&
        e->identifiers.count != 2)
        return bad_data(err, "identifiers", "does not name exactly two");
    return true;
}

static uint64_t hash_data(struct event_decoder *decoder, const char *type, const char *data,
                          size_t length)
{
    text_buffer_clear(&decoder->scratch);
    text_buffer_add(&decoder->scratch, type, strlen(type) + 1);
    text_buffer_add(&decoder->scratch, data, length);
    return key128_of(decoder->scratch.data, decoder->scratch.length).hi;
}

static bool take_record(const struct intake *in, const char *data, size_t data_length)
{
    if (!json_is_object(in->root) || !json_get(in->root, "specversion"))
        return error_set(in->err, ERROR_DATA, false,
                         "not_cloudevent: no JSON object with specversion");
    if (!take_attributes(in))
        return false;
    if (in->event->type == EVENT_UNKNOWN)
        return true;
    const struct json *node = json_get(in->root, "data");
    if (!json_is_object(node))
        return bad_attribute(in->err, "data", "is not an object");
    in->event->hash = hash_data(in->decoder, in->event->type_name, data, data_length);
    return take_data(in, node);
}

bool event_decode(struct event_decoder *decoder, const char *text, size_t length, struct event *e,
                  struct error *err)
{
    memset(e, 0, sizeof(*e));
    size_t start = 0, end = 0;
    if (length > EVENT_MAX_BYTES)
        return error_set(err, ERROR_DATA, false, "too_large: %zu bytes, at most %d are read",
                         length, EVENT_MAX_BYTES);
    if (!json_check_extent(text, length, "data", &start, &end, err))
        return false;
    struct json *root = json_parse_checked(text, length, err);
    if (!root)
        return false;
    struct intake in = {decoder, root, e, err};
    bool ok = take_record(&in, text + start, end - start);
    json_free(root);
    return ok;
}
