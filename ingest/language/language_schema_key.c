/* Kinds and shapes of the table as JSON Schema. */
#include <string.h>

#include "schema_writer.h"

#define TEXT_PATTERN_BOOLEAN                                                                       \
    "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|[Oo][Nn]|[Oo][Ff][Ff])$"

static void pattern(struct writer *w, const char *regex)
{
    schema_text(w, "type", "string");
    schema_text(w, "pattern", regex);
}

static void plain_text(struct writer *w)
{
    schema_raw(w, "type", "[\"string\", \"number\", \"boolean\"]");
    schema_raw(w, "minLength", "1");
}

static void bounds(struct writer *w, const struct language_key *k)
{
    if (k->least == 0 && k->most == 0)
        return;
    schema_number(w, "minimum", k->least);
    schema_number(w, "maximum", k->most);
}

/* A text, or one of these mappings. */
static void text_or(struct writer *w, const char *const *mappings, size_t count)
{
    schema_key(w, "anyOf");
    schema_open(w, "[");
    schema_line(w);
    schema_open(w, "{");
    plain_text(w);
    schema_close(w, "}");
    for (size_t i = 0; i < count; i++) {
        schema_line(w);
        schema_open(w, "{");
        schema_reference_to(w, mappings[i]);
        schema_close(w, "}");
    }
    schema_close(w, "]");
}

/* Members of the schema of one value of this kind. */
static void kind(struct writer *w, const struct language_key *k)
{
    static const char *const value[] = {"value"}, *const time[] = {"time"},
                             *const condition[] = {"value", "condition"};
    switch (k->kind) {
    case KEY_TEXT:
        plain_text(w);
        break;
    case KEY_LITERAL:
        schema_raw(w, "type", "[\"string\", \"number\", \"boolean\", \"null\"]");
        break;
    case KEY_NAME:
        pattern(w, "^[a-z][a-z0-9_-]{0,62}$");
        break;
    case KEY_NUMBER:
    case KEY_INTEGER:
        schema_text(w, "type", k->kind == KEY_NUMBER ? "number" : "integer");
        bounds(w, k);
        break;
    case KEY_DURATION:
        schema_raw(w, "type", "[\"string\", \"integer\"]");
        schema_text(w, "pattern", "^([0-9]{1,18}(ms|s|m|h|d)|0+)$");
        schema_raw(w, "minimum", "0");
        schema_raw(w, "maximum", "0");
        break;
    case KEY_BOOLEAN:
        schema_raw(w, "type", "[\"boolean\", \"string\"]");
        schema_text(w, "pattern", TEXT_PATTERN_BOOLEAN);
        break;
    case KEY_CHOICE:
        schema_key(w, "enum");
        schema_choices(w, k->choices);
        break;
    case KEY_POINTER:
        schema_raw(w, "type", "[\"string\", \"null\"]");
        schema_text(w, "pattern", "^\\^?(/([^~]|~[01])*)?$");
        break;
    case KEY_REGEX:
        schema_raw(w, "type", "[\"string\", \"number\", \"boolean\", \"null\"]");
        break;
    case KEY_ZONE:
        pattern(w, "^(UTC|Asia/Ho_Chi_Minh|[+-][0-9]{2}:[0-9]{2})$");
        break;
    case KEY_VALUE:
        text_or(w, value, ARRAY_LEN(value));
        break;
    case KEY_TIME:
        text_or(w, time, ARRAY_LEN(time));
        break;
    case KEY_CONDITION:
    case KEY_FIELD:
        text_or(w, condition, ARRAY_LEN(condition));
        break;
    case KEY_OWN:
        break;
    }
}

/* The number of items of lists and maps. */
static void counts(struct writer *w, const struct language_key *k, bool map)
{
    bool of_numbers = k->kind == KEY_INTEGER; /* their bounds are the numbers' */
    double least = of_numbers ? 0 : k->least, most = of_numbers ? 16 : k->most > 0 ? k->most : 100;
    schema_number(w, map ? "minProperties" : "minItems", least);
    schema_number(w, map ? "maxProperties" : "maxItems", most);
}

static void one(struct writer *w, const struct language_key *k, bool of)
{
    schema_open(w, "{");
    if (of)
        schema_reference_to(w, k->of);
    else
        kind(w, k);
    schema_close(w, "}");
}

static void list(struct writer *w, const struct language_key *k, bool of)
{
    schema_text(w, "type", "array");
    schema_key(w, "items");
    one(w, k, of);
    counts(w, k, false);
}

static void map(struct writer *w, const struct language_key *k, bool of)
{
    schema_text(w, "type", "object");
    if (of)
        schema_raw(w, "propertyNames", "{\"pattern\": \"^[a-z][a-z0-9_-]{0,62}$\"}");
    schema_key(w, "additionalProperties");
    if (k->shapes & SHAPE_MAP_LIST) {
        schema_open(w, "{");
        schema_key(w, "anyOf");
        schema_open(w, "[");
        schema_line(w);
        one(w, k, of);
        schema_line(w);
        schema_open(w, "{");
        list(w, k, of);
        schema_close(w, "}");
        schema_close(w, "]");
        schema_close(w, "}");
    } else {
        one(w, k, of);
    }
    counts(w, k, true);
}

static void pair(struct writer *w, const struct language_key *k, bool second_is_list)
{
    static const struct language_key value = {.kind = KEY_VALUE};
    schema_text(w, "type", "array");
    schema_key(w, "prefixItems");
    schema_open(w, "[");
    schema_line(w);
    one(w, &value, false);
    schema_line(w);
    if (second_is_list) {
        schema_open(w, "{");
        schema_text(w, "type", "array");
        schema_key(w, "items");
        one(w, k, false);
        schema_raw(w, "minItems", "1");
        schema_raw(w, "maxItems", "100");
        schema_close(w, "}");
    } else {
        one(w, k, false);
    }
    schema_close(w, "]");
    schema_raw(w, "minItems", "2");
    schema_raw(w, "maxItems", "2");
}

static void shape(struct writer *w, const struct language_key *k, unsigned which)
{
    switch (which) {
    case SHAPE_ONE:
        kind(w, k);
        break;
    case SHAPE_LIST:
    case SHAPE_LIST_OF:
        list(w, k, which == SHAPE_LIST_OF);
        break;
    case SHAPE_MAP:
    case SHAPE_MAP_OF:
        map(w, k, which == SHAPE_MAP_OF);
        break;
    case SHAPE_PAIR:
    case SHAPE_PAIR_LIST:
        pair(w, k, which == SHAPE_PAIR_LIST);
        break;
    default:
        schema_reference_to(w, k->of);
    }
}

static void default_of(struct writer *w, const struct language_key *k)
{
    if (!k->fallback)
        return;
    bool bare = k->kind == KEY_NUMBER || k->kind == KEY_INTEGER || k->kind == KEY_BOOLEAN;
    if (bare)
        schema_raw(w, "default", k->fallback);
    else
        schema_text(w, "default", k->fallback);
}

void schema_of_key(struct writer *w, const struct language_key *k)
{
    unsigned shapes = k->shapes & ~(unsigned)SHAPE_MAP_LIST;
    schema_open(w, "{");
    schema_text(w, "description", k->help);
    default_of(w, k);
    if ((shapes & (shapes - 1)) == 0) {
        shape(w, k, shapes);
    } else {
        schema_key(w, "anyOf");
        schema_open(w, "[");
        for (unsigned bit = 1; bit <= shapes; bit <<= 1) {
            if (!(shapes & bit))
                continue;
            schema_line(w);
            schema_open(w, "{");
            shape(w, k, bit);
            schema_close(w, "}");
        }
        schema_close(w, "]");
    }
    schema_close(w, "}");
}
