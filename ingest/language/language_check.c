/* The check of a file against the table. */
#include "language.h"

#include <math.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../common/nearest.h"
#include "../../common/options.h"
#include "../../common/text_buffer.h"

#define MAX_CHOICES 24

struct place { /* where in the file, for messages; on the stack of whoever descends */
    const struct place *outer;
    const char *name; /* NULL for items */
};

struct checking {
    const struct yaml *doc;
    const char *const *more;
    struct error *err;
};

static void add_place(struct text_buffer *out, const struct place *place)
{
    if (!place)
        return;
    add_place(out, place->outer);
    if (place->name)
        text_buffer_add_format(out, "%s%s", out->length ? "." : "", place->name);
}

PRINTF_LIKE(4, 5)
static bool refuse(const struct checking *c, int line, const struct place *place,
                   const char *format, ...)
{
    char what[512];
    struct text_buffer where = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    add_place(&where, place);
    error_set(c->err, ERROR_CONFIG, false, "%s:%d: %.200s%s%s", yaml_name(c->doc), line,
              where.length ? where.data : "", where.length ? ": " : "", what);
    text_buffer_free(&where);
    return false;
}

/* "; did you mean `x`?" or all that may stand here. */
static void add_hint(struct text_buffer *out, const char *typed, const char *const *names,
                     size_t count)
{
    const char *nearest = nearest_name(typed, names, count);
    if (nearest) {
        text_buffer_add_format(out, "; did you mean `%s`?", nearest);
        return;
    }
    text_buffer_add_text(out, "; known here:");
    for (size_t i = 0; i < count; i++)
        text_buffer_add_format(out, "%s %s", i ? "," : "", names[i]);
}

static bool refuse_choice(const struct checking *c, const struct yaml_node *node,
                          const struct place *place, const char *choices)
{
    char texts[MAX_CHOICES][32];
    const char *names[MAX_CHOICES];
    size_t count = 0;
    for (const char *at = choices; *at && count < MAX_CHOICES; count++) {
        size_t part = strcspn(at, "|");
        snprintf(texts[count], sizeof texts[count], "%.*s", (int)part, at);
        names[count] = texts[count];
        at += part + (at[part] ? 1 : 0);
    }
    struct text_buffer hint = {0};
    add_hint(&hint, yaml_scalar(node), names, count);
    refuse(c, yaml_line(node), place, "`%.60s` is none of the choices%s", yaml_scalar(node),
           hint.data);
    text_buffer_free(&hint);
    return false;
}

static bool check_bounds(const struct checking *c, const struct yaml_node *node,
                         const struct place *place, const struct language_key *key, double number)
{
    if ((key->least == 0 && key->most == 0) || (number >= key->least && number <= key->most))
        return true;
    const char *unit = key->kind == KEY_DURATION ? " ms" : "";
    return refuse(c, yaml_line(node), place, "`%.60s` is not from %.15g to %.15g%s",
                  yaml_scalar(node), key->least, key->most, unit);
}

static bool check_regex(const struct checking *c, const struct yaml_node *node,
                        const struct place *place)
{
    regex_t regex;
    char why[200];
    int code = strlen(yaml_scalar(node)) > 1000 ? REG_ESPACE
                                                : regcomp(&regex, yaml_scalar(node), REG_EXTENDED);
    if (code == 0) {
        regfree(&regex);
        return true;
    }
    regerror(code, NULL, why, sizeof why);
    return refuse(c, yaml_line(node), place, "no regular expression (POSIX extended): %s", why);
}

static bool expected(const struct checking *c, const struct yaml_node *node,
                     const struct place *place, const char *what)
{
    return refuse(c, yaml_line(node), place, "expected %s", what);
}

static bool check_scalar(const struct checking *c, const struct yaml_node *node,
                         const struct place *place, const struct language_key *key)
{
    const char *text = yaml_scalar(node);
    double number;
    int64_t ms;
    bool yes;
    switch (key->kind) {
    case KEY_NAME: /* true, no, on: no text without quotes */
        return (language_name(text) && !(yaml_is_plain(node) && option_boolean(text, &yes))) ||
               expected(c, node, place, "a name of small letters, digits, - and _ (at most 63)");
    case KEY_NUMBER:
    case KEY_INTEGER:
        if (!yaml_is_plain(node) || !language_number(text, &number) ||
            (key->kind == KEY_INTEGER && trunc(number) != number))
            return expected(c, node, place,
                            key->kind == KEY_INTEGER ? "a whole number, without quotes"
                                                     : "a number, without quotes");
        return check_bounds(c, node, place, key, number);
    case KEY_DURATION:
        if (!option_duration(text, &ms))
            return expected(c, node, place, "a duration such as 250ms, 10s, 5m, 1h, 7d");
        return check_bounds(c, node, place, key, (double)ms);
    case KEY_BOOLEAN:
        return option_boolean(text, &yes) || expected(c, node, place, "true or false");
    case KEY_CHOICE:
        return language_among(key->choices, text) || refuse_choice(c, node, place, key->choices);
    case KEY_POINTER:
        return language_pointer(text) ||
               expected(c, node, place, "a JSON pointer such as /data/items, or \"\" for the root");
    case KEY_ZONE:
        return language_zone(text) ||
               expected(c, node, place, "UTC, Asia/Ho_Chi_Minh or an offset such as +07:00");
    case KEY_REGEX:
        return check_regex(c, node, place);
    default:
        return *text != '\0' || key->kind == KEY_LITERAL || expected(c, node, place, "a text");
    }
}

static bool check_mapping(const struct checking *c, const struct yaml_node *node,
                          const struct place *place, const struct language_mapping *mapping,
                          const char *const *more);
static bool check_key(const struct checking *c, const struct yaml_node *node,
                      const struct place *place, const struct language_key *key);

/* A mapping in the place of a value or condition. */
static const struct language_mapping *mapping_of_kind(enum key_kind kind, const struct yaml_node *node)
{
    switch (kind) {
    case KEY_VALUE:
        return language_mapping("value");
    case KEY_TIME:
        return language_mapping("time");
    case KEY_CONDITION:
    case KEY_FIELD:
        return language_mapping(language_is_value(node) ? "value" : "condition");
    default:
        return NULL;
    }
}

static bool check_one(const struct checking *c, const struct yaml_node *node,
                      const struct place *place, const struct language_key *key)
{
    if (yaml_kind(node) == YAML_SCALAR)
        return check_scalar(c, node, place, key);
    const struct language_mapping *mapping =
        yaml_kind(node) == YAML_MAPPING ? mapping_of_kind(key->kind, node) : NULL;
    if (mapping)
        return check_mapping(c, node, place, mapping, NULL);
    return expected(c, node, place, "one value here, no list or mapping");
}

static bool check_count(const struct checking *c, const struct yaml_node *node,
                        const struct place *place, const struct language_key *key)
{
    /* The bounds of a number in a list are those of the number. */
    if (key->kind == KEY_INTEGER)
        return yaml_count(node) <= 16 || expected(c, node, place, "at most 16 here");
    double least = key->least, most = key->most > 0 ? key->most : 100;
    double count = (double)yaml_count(node);
    return (count >= least && count <= most) ||
           refuse(c, yaml_line(node), place, "has %.0f items, not %.0f to %.0f", count, least, most);
}

/* Items of a list or values of a map: each as single key. */
static bool check_items(const struct checking *c, const struct yaml_node *node,
                        const struct place *place, const struct language_key *key, bool of)
{
    if (!check_count(c, node, place, key))
        return false;
    for (size_t i = 0; i < yaml_count(node); i++) {
        const struct yaml_node *item = yaml_item(node, i);
        const struct place inner = {place, yaml_key(node, i)};
        if (of && inner.name && !language_name(inner.name))
            return refuse(c, yaml_key_line(node, i), place,
                          "`%.60s` is no name: small letters, digits, - and _ (at most 63)",
                          inner.name);
        bool lists = key->shapes & SHAPE_MAP_LIST && yaml_kind(item) == YAML_SEQUENCE && inner.name;
        if (of      ? !check_mapping(c, item, &inner, language_mapping(key->of), NULL)
            : lists ? !check_items(c, item, &inner, key, false)
                    : !check_one(c, item, &inner, key))
            return false;
    }
    return true;
}

static bool check_pair(const struct checking *c, const struct yaml_node *node,
                       const struct place *place, const struct language_key *key)
{
    static const struct language_key value = {.kind = KEY_VALUE, .shapes = SHAPE_ONE};
    bool list = key->shapes & SHAPE_PAIR_LIST;
    if (yaml_count(node) != 2)
        return expected(c, node, place, list ? "[value, [texts]]" : "a list of two");
    const struct yaml_node *second = yaml_item(node, 1);
    if (!check_one(c, yaml_item(node, 0), place, &value))
        return false;
    if (!list)
        return check_one(c, second, place, key);
    if (yaml_kind(second) != YAML_SEQUENCE || yaml_count(second) == 0)
        return expected(c, second, place, "a list of texts");
    return check_items(c, second, place, key, false);
}

static bool check_key(const struct checking *c, const struct yaml_node *node,
                      const struct place *place, const struct language_key *key)
{
    unsigned shapes = key->shapes;
    switch (yaml_kind(node)) {
    case YAML_SCALAR:
        if (shapes & SHAPE_ONE)
            return check_one(c, node, place, key);
        break;
    case YAML_SEQUENCE:
        if (shapes & (SHAPE_PAIR | SHAPE_PAIR_LIST))
            return check_pair(c, node, place, key);
        if (shapes & (SHAPE_LIST | SHAPE_LIST_OF))
            return check_items(c, node, place, key, shapes & SHAPE_LIST_OF);
        break;
    case YAML_MAPPING:
        if (shapes & SHAPE_OF)
            return check_mapping(c, node, place, language_mapping(key->of), NULL);
        if (shapes & (SHAPE_MAP | SHAPE_MAP_OF))
            return check_items(c, node, place, key, shapes & SHAPE_MAP_OF);
        if ((shapes & SHAPE_ONE) && mapping_of_kind(key->kind, node))
            return check_one(c, node, place, key);
        break;
    }
    return expected(c, node, place,
                    shapes & (SHAPE_OF | SHAPE_MAP | SHAPE_MAP_OF) ? "a mapping"
                    : shapes & (SHAPE_LIST | SHAPE_LIST_OF)        ? "a list"
                    : shapes & (SHAPE_PAIR | SHAPE_PAIR_LIST)      ? "a list of two"
                                                              : "one value, no list or mapping");
}

static bool refuse_key(const struct checking *c, const struct yaml_node *node, size_t index,
                       const struct place *place, const struct language_mapping *mapping,
                       const char *chosen)
{
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < mapping->key_count && count < ARRAY_LEN(names); i++)
        if (language_key_fits(&mapping->keys[i], chosen))
            names[count++] = mapping->keys[i].name;
    for (size_t i = 0; c->more && place == NULL && c->more[i] && count < ARRAY_LEN(names); i++)
        names[count++] = c->more[i];
    struct text_buffer hint = {0};
    add_hint(&hint, yaml_key(node, index), names, count);
    refuse(c, yaml_key_line(node, index), place, "unknown key `%.60s`%s", yaml_key(node, index),
           hint.data);
    text_buffer_free(&hint);
    return false;
}

static bool is_among(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static bool check_pairs(const struct checking *c, const struct yaml_node *node,
                        const struct place *place, const struct language_mapping *mapping,
                        const char *const *more, const char *chosen)
{
    for (size_t i = 0; i < yaml_count(node); i++) {
        const struct place inner = {place, yaml_key(node, i)};
        const struct language_key *key = language_key(mapping, inner.name);
        if (!key && is_among(more, inner.name))
            continue;
        if (!key)
            return refuse_key(c, node, i, place, mapping, chosen);
        if (!language_key_fits(key, chosen))
            return refuse(c, yaml_key_line(node, i), place, "`%s` stands only where `%s` is %s",
                          key->name, mapping->chooser, key->with);
        if (!check_key(c, yaml_item(node, i), &inner, key))
            return false;
    }
    return true;
}

static bool check_needed(const struct checking *c, const struct yaml_node *node,
                         const struct place *place, const struct language_mapping *mapping,
                         const char *chosen)
{
    for (size_t i = 0; i < mapping->key_count; i++) {
        const struct language_key *key = &mapping->keys[i];
        if (key->required && language_key_fits(key, chosen) && !yaml_get(node, key->name))
            return refuse(c, yaml_line(node), place, "`%s` is missing: %s", key->name, key->help);
    }
    if (!mapping->one_of)
        return true;
    bool any = strcmp(mapping->one_of, "*") == 0;
    size_t found = any ? yaml_count(node) : 0;
    for (size_t i = 0; !any && i < yaml_count(node); i++)
        found += language_among(mapping->one_of, yaml_key(node, i));
    return found == 1 || refuse(c, yaml_line(node), place, "exactly one %s%s must stand here",
                                any ? "key" : "of ", any ? "" : mapping->one_of);
}

static bool check_mapping(const struct checking *c, const struct yaml_node *node,
                          const struct place *place, const struct language_mapping *mapping,
                          const char *const *more)
{
    if (yaml_kind(node) != YAML_MAPPING)
        return expected(c, node, place, "a mapping");
    const struct language_key *chooser =
        mapping->chooser ? language_key(mapping, mapping->chooser) : NULL;
    const struct yaml_node *choice = chooser ? yaml_get(node, chooser->name) : NULL;
    const struct place at = {place, mapping->chooser};
    if (choice && !check_key(c, choice, &at, chooser))
        return false;
    const char *chosen = yaml_scalar(choice);
    return check_pairs(c, node, place, mapping, more, chosen) &&
           check_needed(c, node, place, mapping, chosen);
}

bool language_check(const struct yaml *doc, const struct yaml_node *node, const char *mapping,
                    const char *const *more, struct error *err)
{
    const struct checking c = {doc, more, err};
    if (!node)
        return error_set(err, ERROR_CONFIG, false, "%s:1: the file is empty", yaml_name(doc));
    return check_mapping(&c, node, NULL, language_mapping(mapping), more);
}
