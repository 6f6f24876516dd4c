/* The members of an event's data, by the table of fields. */
#include <math.h>
#include <string.h>

#include "clock.h"
#include "event_intake.h"

static bool bad_data(struct error *err, const char *name, const char *why)
{
    return error_set(err, ERROR_DATA, false, "bad_data: data.%s %s", name, why);
}

static bool take_list(struct event_decoder *decoder, struct json_slice array,
                      const struct field_spec *spec, struct event_list *list, struct error *err)
{
    if (array.kind != JSON_ARRAY)
        return bad_data(err, spec->name, "is not a list");
    list->count = 0;
    struct json_slice item;
    for (size_t at = 0; json_slice_next(array, &at, &item);) {
        if (item.kind == JSON_STRING)
            item = event_plain(decoder, item);
        if (item.kind != JSON_STRING || item.length == 0 || item.length > EVENT_MAX_KEY)
            return bad_data(err, spec->name, "has an item that is no text of 1 to 300 bytes");
        if (list->count == EVENT_MAX_LIST)
            return bad_data(err, spec->name, "has more than 16 items");
        list->items[list->count++] = event_keep(decoder, item);
    }
    return true;
}

static bool take_double(struct json_slice number, const struct field_spec *spec, double *out,
                        struct error *err)
{
    if (number.kind != JSON_NUMBER)
        return bad_data(err, spec->name, "is not a number");
    double value = json_slice_number(number);
    if (!isfinite(value))
        return bad_data(err, spec->name, "is not finite");
    if (spec->kind == KIND_SHARE && (value < 0 || value > 1))
        return bad_data(err, spec->name, "is not between 0 and 1");
    *out = value;
    return true;
}

static bool take_text_value(struct event_decoder *decoder, struct json_slice string,
                            const struct field_spec *spec, void *at, struct error *err)
{
    char text[SHORT_TEXT];
    if (string.kind != JSON_STRING)
        return bad_data(err, spec->name, "is not a string");
    string = event_plain(decoder, string);
    if (spec->kind == KIND_DATE || spec->kind == KIND_INSTANT) {
        slice_short_text(string, text);
        if (spec->kind == KIND_DATE)
            return clock_parse_date(text, at) || bad_data(err, spec->name, "is not a date");
        return clock_parse(text, at) || bad_data(err, spec->name, "is not an instant");
    }
    /* Details are read by people; everything else is a key of some table. */
    if (spec->field != FIELD_DETAIL && (string.length == 0 || string.length > EVENT_MAX_KEY))
        return bad_data(err, spec->name, "is empty or longer than 300 bytes");
    *(const char **)at = event_keep(decoder, string);
    return true;
}

static bool take_value(struct event_decoder *decoder, struct json_slice value,
                       const struct field_spec *spec, struct event *e, struct error *err)
{
    void *at = (char *)e + spec->offset;
    switch (spec->kind) {
    case KIND_TEXT:
    case KIND_DATE:
    case KIND_INSTANT:
        return take_text_value(decoder, value, spec, at, err);
    case KIND_BOOLEAN:
        if (value.kind != JSON_TRUE && value.kind != JSON_FALSE)
            return bad_data(err, spec->name, "is neither true nor false");
        *(bool *)at = value.kind == JSON_TRUE;
        return true;
    case KIND_INTEGER:
        if (!json_slice_integer(value, at) || *(int64_t *)at < 0)
            return bad_data(err, spec->name, "is not a whole number from 0");
        if (spec->field == FIELD_PARTITION && *(int64_t *)at > INT32_MAX)
            return bad_data(err, spec->name, "is no number of a partition");
        return true;
    case KIND_DOUBLE:
    case KIND_SHARE:
        return take_double(value, spec, at, err);
    case KIND_LIST:
        return take_list(decoder, value, spec, at, err);
    }
    return false;
}

/* Fields are written in the table's order: each name is looked for from where the last one was found. */
static const struct field_spec *find_field(enum event_type type, struct json_slice name, size_t *next)
{
    for (size_t tried = 0, at = *next; tried < event_field_table_size; tried++, at++) {
        if (at >= event_field_table_size)
            at = 0;
        const struct field_spec *spec = &event_field_table[at];
        if (!((spec->types >> type) & 1U) || !slice_is(name, spec->name, spec->name_length))
            continue;
        *next = at + 1;
        return spec;
    }
    return NULL;
}

/* The subject that is erased, by the hash under which every reader knows it. */
static bool take_erased_key(struct event *e)
{
    uint8_t bytes[16];
    if (strlen(e->key) != 32 || strspn(e->key, "0123456789abcdef") != 32 ||
        !hex_decode(e->key, sizeof(bytes), bytes))
        return false;
    e->subject_key = key128_load(bytes);
    return true;
}

bool event_take_data(struct event_decoder *decoder, const struct json_members *members,
                     struct event *e, struct error *err)
{
    size_t next = 0;
    for (size_t i = 0; i < members->count; i++) {
        struct json_slice value = members->items[i].value;
        const struct field_spec *spec =
            find_field(e->type, event_plain(decoder, members->items[i].key), &next);
        if (!spec || value.kind == JSON_NULL)
            continue;
        if (!take_value(decoder, value, spec, e, err))
            return false;
        e->present |= 1ULL << spec->field;
    }
    uint64_t missing = event_type_table[e->type].required & ~e->present;
    for (size_t i = 0; missing && i < event_field_table_size; i++)
        if ((missing >> event_field_table[i].field) & 1U)
            return bad_data(err, event_field_table[i].name, "is missing");
    if (e->type == EVENT_LEARNER_ERASED && !take_erased_key(e))
        return bad_data(err, "key", "is not 32 hex digits");
    if ((e->type == EVENT_IDENTITY_LINKED || e->type == EVENT_IDENTITY_UNLINKED) &&
        e->identifiers.count != 2)
        return bad_data(err, "identifiers", "does not name exactly two");
    return true;
}
