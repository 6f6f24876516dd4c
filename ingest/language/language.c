#include "language.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "language_parts.h"

const struct language_mapping *language_at(size_t index)
{
    if (index < language_connector_count)
        return &language_connector[index];
    index -= language_connector_count;
    if (index < language_values_count)
        return &language_values[index];
    index -= language_values_count;
    return index < language_source_count ? &language_source[index] : NULL;
}

const struct language_mapping *language_mapping(const char *name)
{
    const struct language_mapping *mapping;
    for (size_t i = 0; (mapping = language_at(i)); i++)
        if (strcmp(mapping->name, name) == 0)
            return mapping;
    return NULL;
}

bool language_of_sources(const struct language_mapping *mapping)
{
    return mapping >= language_source && mapping < language_source + language_source_count;
}

const struct language_key *language_key(const struct language_mapping *mapping, const char *name)
{
    for (size_t i = 0; i < mapping->key_count; i++)
        if (strcmp(mapping->keys[i].name, name) == 0)
            return &mapping->keys[i];
    return NULL;
}

bool language_among(const char *choices, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = choices; length > 0 && *at;) {
        size_t part = strcspn(at, "|");
        if (part == length && memcmp(at, name, part) == 0)
            return true;
        at += part + (at[part] ? 1 : 0);
    }
    return false;
}

bool language_key_fits(const struct language_key *key, const char *chosen)
{
    return !key->with || (chosen && language_among(key->with, chosen));
}

bool language_number(const char *text, double *number)
{
    char *end;
    if (!*text || strspn(text, "0123456789+-.eE") != strlen(text))
        return false;
    errno = 0;
    *number = strtod(text, &end);
    return *end == '\0' && isfinite(*number);
}

bool language_name(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length < 64 && *text >= 'a' && *text <= 'z' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

bool language_zone(const char *text)
{
    static const char digits[] = "0123456789";
    if (strcmp(text, "UTC") == 0 || strcmp(text, "Asia/Ho_Chi_Minh") == 0)
        return true;
    return (*text == '+' || *text == '-') && strlen(text) == 6 && text[3] == ':' &&
           strspn(text + 1, digits) == 2 && strspn(text + 4, digits) == 2;
}

bool language_is_value(const struct yaml_node *node)
{
    const struct language_mapping *value = language_mapping("value");
    for (size_t i = 0; i < yaml_count(node); i++)
        if (yaml_key(node, i) && language_among(value->one_of, yaml_key(node, i)))
            return true;
    return false;
}

bool language_pointer(const char *text)
{
    if (*text == '^')
        text++;
    if (*text != '\0' && *text != '/')
        return false;
    for (; *text; text++)
        if (*text == '~' && text[1] != '0' && text[1] != '1')
            return false;
    return true;
}
