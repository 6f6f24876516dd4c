#include "xml.h"

#include <stdlib.h>

static const char *find_text(const char *from, const char *end, const char *what)
{
    size_t length = strlen(what);
    for (const char *at = from; at + length <= end; at++) {
        at = memchr(at, what[0], (size_t)(end - at));
        if (!at || at + length > end)
            return NULL;
        if (memcmp(at, what, length) == 0)
            return at;
    }
    return NULL;
}

/* Behind what begins at `at` and is no tag; NULL when it is one. */
static const char *past_no_tag(const char *at, const char *end)
{
    static const char *const pairs[][2] = {
        {"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}};
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        size_t length = strlen(pairs[i][0]);
        if ((size_t)(end - at) < length || memcmp(at, pairs[i][0], length) != 0)
            continue;
        const char *last = find_text(at + length, end, pairs[i][1]);
        return last ? last + strlen(pairs[i][1]) : end;
    }
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The '>' that ends the tag: one in quotes does not. */
static const char *tag_end(const char *at, const char *end)
{
    char quote = 0;
    for (; at < end; at++) {
        if (quote)
            quote = *at == quote ? 0 : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == '>')
            return at;
    }
    return NULL;
}

bool xml_next(const char *from, const char *end, struct xml_tag *tag)
{
    for (const char *at = from; at < end;) {
        at = memchr(at, '<', (size_t)(end - at));
        if (!at)
            return false;
        const char *past = past_no_tag(at, end);
        if (past) {
            at = past;
            continue;
        }
        const char *last = tag_end(at, end);
        if (!last)
            return false;
        *tag = (struct xml_tag){.start = at, .end = last + 1, .closing = at[1] == '/'};
        tag->empty = !tag->closing && last[-1] == '/';
        tag->name = tag->prefix = at + 1 + tag->closing;
        const char *name_end = tag->name;
        for (; name_end < last && !is_blank(*name_end) && *name_end != '/'; name_end++)
            if (*name_end == ':')
                tag->name = name_end + 1;
        tag->prefix_length = (size_t)(tag->name - tag->prefix);
        tag->name_length = (size_t)(name_end - tag->name);
        return true;
    }
    return false;
}

bool xml_is(const struct xml_tag *tag, const char *name)
{
    return strlen(name) == tag->name_length && memcmp(name, tag->name, tag->name_length) == 0;
}

bool xml_find(const char *from, const char *end, const char *name, bool closing, struct xml_tag *tag)
{
    while (xml_next(from, end, tag)) {
        if (tag->closing == closing && xml_is(tag, name))
            return true;
        from = tag->end;
    }
    return false;
}

const char *xml_element_end(const struct xml_tag *tag, const char *end)
{
    struct xml_tag inner;
    size_t depth = 1;
    const char *at = tag->end;
    if (tag->empty)
        return at;
    while (xml_next(at, end, &inner)) {
        at = inner.end;
        if (inner.name_length != tag->name_length ||
            memcmp(inner.name, tag->name, tag->name_length) != 0 || inner.empty)
            continue;
        depth = inner.closing ? depth - 1 : depth + 1;
        if (depth == 0)
            return at;
    }
    return end;
}

/* One attribute after the other: *at moves on. */
static bool next_attribute(const struct xml_tag *tag, const char **at, const char **name,
                           size_t *name_length, const char **value, size_t *length)
{
    const char *last = tag->end - 1;
    while (*at < last && (is_blank(**at) || **at == '/'))
        ++*at;
    *name = *at;
    while (*at < last && **at != '=' && !is_blank(**at))
        ++*at;
    *name_length = (size_t)(*at - *name);
    while (*at < last && **at != '"' && **at != '\'')
        ++*at;
    if (*at >= last)
        return false;
    char quote = *(*at)++;
    *value = *at;
    while (*at < last && **at != quote)
        ++*at;
    *length = (size_t)(*at - *value);
    ++*at;
    return true;
}

static bool is_named(const char *name, size_t length, const char *wanted)
{
    const char *colon = memchr(name, ':', length);
    if (*wanted == ':') {
        if (!colon)
            return false;
        length -= (size_t)(colon - name);
        name = colon;
    }
    return strlen(wanted) == length && memcmp(name, wanted, length) == 0;
}

bool xml_attribute(const struct xml_tag *tag, const char *name, const char **value, size_t *length)
{
    const char *at = tag->name + tag->name_length, *its_name;
    size_t its_length;
    while (next_attribute(tag, &at, &its_name, &its_length, value, length))
        if (is_named(its_name, its_length, name))
            return true;
    *length = 0;
    return false;
}

bool xml_ends_with(const char *value, size_t length, const char *end)
{
    size_t least = strlen(end);
    return length >= least && memcmp(value + length - least, end, least) == 0;
}

size_t xml_number(const struct xml_tag *tag, const char *name)
{
    const char *value;
    size_t length, number = 0;
    if (!xml_attribute(tag, name, &value, &length))
        return 0;
    for (size_t i = 0; i < length && i < 9 && value[i] >= '0' && value[i] <= '9'; i++)
        number = number * 10 + (size_t)(value[i] - '0');
    return number;
}

void xml_add_tag_with(struct text_buffer *out, const struct xml_tag *tag, const char *name,
                      const char *value)
{
    const char *at = tag->name + tag->name_length, *its_name, *its_value;
    size_t its_length, length;
    text_buffer_add(out, tag->start, (size_t)(at - tag->start));
    while (next_attribute(tag, &at, &its_name, &its_length, &its_value, &length)) {
        if (is_named(its_name, its_length, name))
            continue;
        char quote = its_value[length];
        text_buffer_add(out, " ", 1);
        text_buffer_add(out, its_name, its_length);
        text_buffer_add(out, "=", 1);
        text_buffer_add(out, &quote, 1);
        text_buffer_add(out, its_value, length);
        text_buffer_add(out, &quote, 1);
    }
    if (value)
        text_buffer_add_format(out, " %s=\"%s\"", name, value);
    text_buffer_add_text(out, tag->empty ? "/>" : ">");
}

void xml_add_text(struct text_buffer *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '&')
            text_buffer_add_text(out, "&amp;");
        else if (c == '<')
            text_buffer_add_text(out, "&lt;");
        else if (c == '>')
            text_buffer_add_text(out, "&gt;");
        else if (c == '"')
            text_buffer_add_text(out, "&quot;");
        else if (c >= 0x20 || c == '\n' || c == '\t')
            text_buffer_add(out, text, 1);
    }
}

static void add_character(struct text_buffer *out, unsigned long c)
{
    char bytes[4];
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length; i-- > 1; c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)(first[length] | c);
    text_buffer_add(out, bytes, length);
}

void xml_decode(const char *text, size_t length, struct text_buffer *out)
{
    static const struct {
        const char *entity, *is;
    } entities[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}};
    for (size_t i = 0; i < length;) {
        size_t k = 0;
        while (k < ARRAY_LEN(entities) &&
               (length - i < strlen(entities[k].entity) ||
                memcmp(text + i, entities[k].entity, strlen(entities[k].entity)) != 0))
            k++;
        if (k < ARRAY_LEN(entities)) {
            text_buffer_add_text(out, entities[k].is);
            i += strlen(entities[k].entity);
        } else if (length - i > 3 && text[i] == '&' && text[i + 1] == '#') {
            bool hex = text[i + 2] == 'x';
            char *after;
            unsigned long c = strtoul(text + i + 2 + hex, &after, hex ? 16 : 10);
            if (c > 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF))
                add_character(out, c);
            i = (size_t)(after - text) + (*after == ';');
        } else {
            text_buffer_add(out, text + i++, 1);
        }
    }
    text_buffer_add(out, "", 0);
}
