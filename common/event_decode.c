/* From bytes to a checked struct event. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "event.h"
#include "event_fields.h"
#include "json.h"

/* Trees are kept until the decoder is reset: the decoded events borrow their strings. */
struct event_decoder {
    struct json **trees;
    size_t count, capacity;
    struct text_buffer scratch;
};

struct event_decoder *event_decoder_new(void)
{
    struct event_decoder *decoder = calloc(1, sizeof(*decoder));
    if (!decoder)
        abort();
    return decoder;
}

void event_decoder_reset(struct event_decoder *decoder)
{
    for (size_t i = 0; i < decoder->count; i++)
        json_free(decoder->trees[i]);
    decoder->count = 0;
}

void event_decoder_free(struct event_decoder *decoder)
{
    if (!decoder)
        return;
    event_decoder_reset(decoder);
    text_buffer_free(&decoder->scratch);
    free(decoder->trees);
    free(decoder);
}

static void keep_tree(struct event_decoder *decoder, struct json *tree)
{
    if (decoder->count == decoder->capacity) {
        decoder->capacity = decoder->capacity ? decoder->capacity * 2 : 64;
        decoder->trees = realloc(decoder->trees, decoder->capacity * sizeof(struct json *));
        if (!decoder->trees)
            abort();
    }
    decoder->trees[decoder->count++] = tree;
}

static bool bad_attribute(struct error *err, const char *name, const char *why)
{
    return error_set(err, ERROR_DATA, false, "bad_attribute: %s %s", name, why);
}

static bool bad_data(struct error *err, const char *name, const char *why)
{
    return error_set(err, ERROR_DATA, false, "bad_data: data.%s %s", name, why);
}

/* A non-empty text of bounded length; absent is allowed unless required. */
static bool take_attribute(const struct json *root, const char *name, bool required,
                           const char **out, struct error *err)
{
    const struct json *node = json_get(root, name);
    *out = NULL;
    if (!node || json_is_null(node))
        return required ? bad_attribute(err, name, "is missing") : true;
    const char *text = json_string(node);
    if (!text)
        return bad_attribute(err, name, "is not a string");
    size_t length = strlen(text);
    if (length == 0 || length > EVENT_MAX_KEY)
        return bad_attribute(err, name, "is empty or longer than 300 bytes");
    *out = text;
    return true;
}

/* Revisions are decimal strings: a CloudEvents Integer has 32 bits only. */
static bool take_revision(const struct json *root, const char *name, int64_t *out, struct error *err)
{
    const char *text;
    if (!take_attribute(root, name, true, &text, err))
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

static bool take_time(const struct json *root, struct event *e, struct error *err)
{
    const char *time, *basis;
    if (!take_attribute(root, "time", true, &time, err) ||
        !take_attribute(root, "timebasis", false, &basis, err))
        return false;
    if (!clock_parse(time, &e->time))
        return bad_attribute(err, "time", "is not an RFC 3339 instant");
    e->time_observed = basis && strcmp(basis, "observed") == 0;
    return true;
}

static bool take_origin(const struct json *root, struct event *e, struct error *err)
{
    const struct json *row = json_get(root, "importrow");
    if (row && (!json_integer(row, &e->row) || e->row < 0 || e->row > INT32_MAX))
        return bad_attribute(err, "importrow", "is not a row number");
    return take_attribute(root, "importid", false, &e->import_id, err) &&
           take_attribute(root, "importfile", false, &e->file, err) &&
           take_attribute(root, "importsheet", false, &e->sheet, err);
}

static bool take_attributes(const struct json *root, struct event *e, struct error *err)
{
    const char *version;
    if (!take_attribute(root, "specversion", true, &version, err))
        return false;
    if (strcmp(version, "1.0") != 0)
        return bad_attribute(err, "specversion", "is not 1.0");
    if (!take_attribute(root, "type", true, &e->type_name, err) ||
        !take_attribute(root, "id", true, &e->id, err) ||
        !take_attribute(root, "source", true, &e->source, err))
        return false;
    e->type = event_type_parse(e->type_name);
    if (e->type == EVENT_UNKNOWN)
        return true;
    e->type_name = event_type_name(e->type);
    return take_attribute(root, "entity", true, &e->entity, err) &&
           take_attribute(root, "subject", event_type_table[e->type].has_subject, &e->subject, err) &&
           take_revision(root, "revision", &e->revision, err) &&
           take_revision(root, "previous", &e->previous, err) && take_time(root, e, err) &&
           take_origin(root, e, err);
}

static bool take_list(const struct json *node, const struct field_spec *spec,
                      struct event_list *list, struct error *err)
{
    if (!json_is_array(node))
        return bad_data(err, spec->name, "is not a list");
    list->count = 0;
    for (const struct json *item = json_first(node); item; item = json_next(item)) {
        const char *text = json_string(item);
        if (!text || !*text || strlen(text) > EVENT_MAX_KEY)
            return bad_data(err, spec->name, "has an item that is no text of 1 to 300 bytes");
        if (list->count == EVENT_MAX_LIST)
            return bad_data(err, spec->name, "has more than 16 items");
        list->items[list->count++] = text;
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

static bool take_text_value(const struct json *node, const struct field_spec *spec, void *at,
                            struct error *err)
{
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
    *(const char **)at = text;
    return true;
}

static bool take_value(const struct json *node, const struct field_spec *spec, struct event *e,
                       struct error *err)
{
    void *at = (char *)e + spec->offset;
    switch (spec->kind) {
    case KIND_TEXT:
    case KIND_DATE:
    case KIND_INSTANT:
        return take_text_value(node, spec, at, err);
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
        return take_list(node, spec, at, err);
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

static bool take_data(const struct json *data, struct event *e, struct error *err)
{
    for (const struct json *member = json_first(data); member; member = json_next(member)) {
        const struct field_spec *spec = find_field(e->type, json_key(member));
        if (!spec || json_is_null(member))
            continue;
        if (!take_value(member, spec, e, err))
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
    keep_tree(decoder, root);
    if (!json_is_object(root) || !json_get(root, "specversion"))
        return error_set(err, ERROR_DATA, false, "not_cloudevent: no JSON object with specversion");
    if (!take_attributes(root, e, err))
        return false;
    if (e->type == EVENT_UNKNOWN)
        return true;
    const struct json *data = json_get(root, "data");
    if (!json_is_object(data))
        return bad_attribute(err, "data", "is not an object");
    e->hash = hash_data(decoder, e->type_name, text + start, end - start);
    return take_data(data, e, err);
}
