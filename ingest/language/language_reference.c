/* The table as a page for people. */
#include <stdio.h>
#include <string.h>

#include "language.h"
#include "language_schema.h"

static const char *kind_name(enum key_kind kind)
{
    static const char *const names[] = {
        [KEY_TEXT] = "text",
        [KEY_NAME] = "name",
        [KEY_LITERAL] = "literal",
        [KEY_NUMBER] = "number",
        [KEY_INTEGER] = "integer",
        [KEY_DURATION] = "duration",
        [KEY_BOOLEAN] = "boolean",
        [KEY_CHOICE] = "choice",
        [KEY_POINTER] = "pointer",
        [KEY_REGEX] = "regular expression",
        [KEY_ZONE] = "zone",
        [KEY_VALUE] = "[value](#value)",
        [KEY_TIME] = "[time](#time)",
        [KEY_CONDITION] = "[condition](#condition)",
        [KEY_FIELD] = "[value](#value) or [condition](#condition)",
        [KEY_OWN] = "",
    };
    return names[kind];
}

static void add_choices(struct text_buffer *out, const char *choices)
{
    for (const char *at = choices; *at;) {
        size_t part = strcspn(at, "|");
        text_buffer_add_format(out, "%s`%.*s`", at == choices ? "" : ", ", (int)part, at);
        at += part + (at[part] ? 1 : 0);
    }
}

/* "list of pointer", "mapping of names to [stream](#stream)" … */
static void add_kind(struct text_buffer *out, const struct language_key *k)
{
    static const struct {
        unsigned shape;
        const char *before, *after;
        bool of;
    } forms[] = {
        {SHAPE_ONE, "", "", false},
        {SHAPE_LIST, "list of ", "", false},
        {SHAPE_MAP, "names with ", "", false},
        {SHAPE_MAP_LIST, "names with lists of ", "", false},
        {SHAPE_PAIR, "[[value](#value), ", "]", false},
        {SHAPE_PAIR_LIST, "[[value](#value), [", ", …]]", false},
        {SHAPE_OF, "", "", true},
        {SHAPE_LIST_OF, "list of ", "", true},
        {SHAPE_MAP_OF, "names with ", "", true},
    };
    bool first = true;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (!(k->shapes & forms[i].shape))
            continue;
        text_buffer_add_format(out, "%s%s", first ? "" : "; or ", forms[i].before);
        if (forms[i].of)
            text_buffer_add_format(out, "[%s](#%s)", k->of, k->of);
        else if (k->kind == KEY_CHOICE)
            add_choices(out, k->choices);
        else
            text_buffer_add_text(out, kind_name(k->kind));
        text_buffer_add_text(out, forms[i].after);
        first = false;
    }
}

static void add_bound(struct text_buffer *out, const struct language_key *k, double bound)
{
    static const struct {
        double ms;
        const char *name;
    } units[] = {{86400e3, "d"}, {3600e3, "h"}, {60e3, "m"}, {1e3, "s"}, {1, "ms"}};
    if (k->kind != KEY_DURATION) {
        text_buffer_add_json_double(out, bound);
        return;
    }
    size_t i = 0;
    while (i + 1 < ARRAY_LEN(units) &&
           (bound < units[i].ms || (double)(int64_t)(bound / units[i].ms) * units[i].ms != bound))
        i++;
    text_buffer_add_format(out, "%.0f%s", bound / units[i].ms, units[i].name);
}

static void add_row(struct text_buffer *out, const struct language_mapping *m,
                    const struct language_key *k)
{
    text_buffer_add_format(out, "| `%s` | ", k->name);
    add_kind(out, k);
    bool many = k->shapes & (SHAPE_MAP | SHAPE_MAP_OF | SHAPE_LIST | SHAPE_LIST_OF);
    if (k->least != 0 || k->most != 0) {
        text_buffer_add_text(out, many && k->kind != KEY_INTEGER ? ", count " : ", ");
        add_bound(out, k, k->least);
        text_buffer_add_text(out, " to ");
        add_bound(out, k, k->most);
    }
    text_buffer_add_text(out, " | ");
    if (k->required)
        text_buffer_add_text(out, "required");
    else if (k->fallback)
        text_buffer_add_format(out, "`%s`", k->fallback);
    text_buffer_add_text(out, " | ");
    if (k->with) {
        text_buffer_add_format(out, "With `%s` ", m->chooser);
        add_choices(out, k->with);
        text_buffer_add_text(out, ": ");
    }
    text_buffer_add_format(out, "%s |\n", k->help);
}

static void add_mapping(struct text_buffer *out, const struct language_mapping *m)
{
    text_buffer_add_format(out, "\n### %s\n\n%s", m->name, m->help);
    if (m->one_of && strcmp(m->one_of, "*") == 0) {
        text_buffer_add_text(out, " Exactly one of these keys.");
    } else if (m->one_of) {
        text_buffer_add_text(out, " Exactly one of ");
        add_choices(out, m->one_of);
        text_buffer_add_text(out, ".");
    }
    text_buffer_add_text(out, "\n\n| key | what | default | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < m->key_count; i++)
        add_row(out, m, &m->keys[i]);
}

static const char preface[] = "# Reference of the connector language\n"
                              "\n"
                              "Made by `mooc-ingest connectors reference` from the table that also "
                              "checks every file: change the\n"
                              "table (`ingest/language/language_*.c`), not this page. "
                              "[README](README.md) explains the language\n"
                              "by an example.\n"
                              "\n"
                              "A **pointer** is a JSON pointer (RFC 6901): `/data/items`, `\"\"` "
                              "for the whole; with `^` in front it\n"
                              "begins at the record that encloses the one at hand. A **value** is "
                              "a pointer, a text with names and\n"
                              "pointers in braces (`\"{course}-{/id}\"`; `{{` is a brace), or the "
                              "mapping below. A **condition** is\n"
                              "a value that must be a JSON boolean, or the mapping below. A "
                              "**duration** is `250ms`, `10s`, `5m`,\n"
                              "`1h` or `7d`. A **name** has small letters, digits, `-` and `_`, "
                              "and begins with a letter. JSON `null`\n"
                              "and blank texts count as absent.\n"
                              "\n"
                              "Names in braces: `{option.NAME}` and `{now}` everywhere; `{course}` "
                              "and `{course.exam}` in streams of a\n"
                              "course; `{learner}` or `{learners}`, `{email}` or `{emails}`, "
                              "`{parent.NAME}` where a stream is asked for\n"
                              "them; `{size}`, `{page}`, `{offset}`, `{cursor}`, `{since}` and "
                              "`{until}` in requests; `{STREAM.FIELD}`\n"
                              "for rows that are remembered. Options of kind `secret` stand in "
                              "`auth` alone.\n";

void language_reference(struct text_buffer *out)
{
    const struct language_mapping *m;
    bool sources = false;
    text_buffer_add_text(out, preface);
    text_buffer_add_text(out, "\n## Connector files\n");
    for (size_t i = 0; (m = language_at(i)); i++) {
        if (language_of_sources(m) && !sources)
            text_buffer_add_text(out, "\n## Sources in the configuration of mooc-ingest\n");
        sources = language_of_sources(m);
        add_mapping(out, m);
    }
}
