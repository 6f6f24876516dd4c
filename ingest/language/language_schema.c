#include "language_schema.h"

#include <stdio.h>
#include <string.h>

#include "language.h"
#include "schema_writer.h"

/* Of the mapping's keys those that its chooser asks for (chosen NULL: always), and of further ones. */
static void required(struct writer *w, const struct language_mapping *m, const char *chosen,
                     const struct language_key *more, size_t more_count)
{
    bool any = false;
    for (size_t i = 0; i < m->key_count + more_count; i++) {
        const struct language_key *k = i < m->key_count ? &m->keys[i] : &more[i - m->key_count];
        if (!k->required || !k->with != !chosen || (chosen && !language_among(k->with, chosen)))
            continue;
        if (!any)
            schema_key(w, "required");
        text_buffer_add_text(w->out, any ? ", " : "[");
        text_buffer_add_json_string(w->out, k->name);
        any = true;
    }
    if (any)
        text_buffer_add_text(w->out, "]");
}

/* Where the chooser has this value: what must stand there, and what may not. */
static void consequence(struct writer *w, const struct language_mapping *m, const char *chosen)
{
    schema_line(w);
    schema_open(w, "{");
    schema_key(w, "if");
    text_buffer_add_format(w->out, "{\"properties\": {\"%s\": {\"const\": \"%s\"}}}", m->chooser,
                           chosen);
    schema_key(w, "then");
    schema_open(w, "{");
    required(w, m, chosen, NULL, 0);
    bool any = false;
    for (size_t i = 0; i < m->key_count; i++) {
        const struct language_key *k = &m->keys[i];
        if (language_key_fits(k, chosen))
            continue;
        if (!any) {
            schema_key(w, "properties");
            schema_open(w, "{");
        }
        schema_raw(w, k->name, "false");
        any = true;
    }
    if (any)
        schema_close(w, "}");
    schema_close(w, "}");
    schema_close(w, "}");
}

static void chooser(struct writer *w, const struct language_mapping *m)
{
    const char *all = language_key(m, m->chooser)->choices;
    schema_key(w, "allOf");
    schema_open(w, "[");
    for (const char *at = all; *at;) {
        char name[64];
        size_t part = strcspn(at, "|");
        snprintf(name, sizeof name, "%.*s", (int)part, at);
        consequence(w, m, name);
        at += part + (at[part] ? 1 : 0);
    }
    schema_close(w, "]");
}

static void exactly_one(struct writer *w, const char *names)
{
    if (strcmp(names, "*") == 0) {
        schema_raw(w, "minProperties", "1");
        schema_raw(w, "maxProperties", "1");
        return;
    }
    schema_key(w, "oneOf");
    schema_open(w, "[");
    for (const char *at = names; *at;) {
        size_t part = strcspn(at, "|");
        schema_line(w);
        text_buffer_add_format(w->out, "{\"required\": [\"%.*s\"]}", (int)part, at);
        at += part + (at[part] ? 1 : 0);
    }
    schema_close(w, "]");
}

void schema_of_mapping(struct writer *w, const char *name, const struct language_mapping *m,
                       const struct language_key *more, size_t more_count)
{
    schema_key(w, name);
    schema_open(w, "{");
    schema_text(w, "description", m->help);
    schema_text(w, "type", "object");
    schema_key(w, "properties");
    schema_open(w, "{");
    for (size_t i = 0; i < m->key_count; i++) {
        schema_key(w, m->keys[i].name);
        schema_of_key(w, &m->keys[i]);
    }
    for (size_t i = 0; i < more_count; i++) {
        schema_key(w, more[i].name);
        schema_of_key(w, &more[i]);
    }
    schema_close(w, "}");
    schema_raw(w, "additionalProperties", "false");
    required(w, m, NULL, more, more_count);
    if (m->chooser)
        chooser(w, m);
    if (m->one_of)
        exactly_one(w, m->one_of);
    schema_close(w, "}");
}

void language_schema(struct text_buffer *out)
{
    struct writer w = {.out = out, .first = true};
    const struct language_mapping *m;
    schema_open(&w, "{");
    schema_text(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    schema_text(&w, "title", "Connector of MOOC Pulse");
    schema_text(&w, "$comment",
                "Made by `mooc-ingest connectors schema` from the table of the language.");
    schema_reference_to(&w, "connector");
    schema_key(&w, "$defs");
    schema_open(&w, "{");
    for (size_t i = 0; (m = language_at(i)); i++)
        if (!language_of_sources(m))
            schema_of_mapping(&w, m->name, m, NULL, 0);
    schema_close(&w, "}");
    schema_close(&w, "}");
    text_buffer_add_text(out, "\n");
}
