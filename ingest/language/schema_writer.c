#include "schema_writer.h"

#include <stdio.h>
#include <string.h>

void schema_line(struct writer *w)
{
    if (!w->first)
        text_buffer_add_text(w->out, ",");
    w->first = false;
    text_buffer_add_format(w->out, "\n%*s", 2 * w->depth, "");
}

void schema_key(struct writer *w, const char *name)
{
    schema_line(w);
    text_buffer_add_json_string(w->out, name);
    text_buffer_add_text(w->out, ": ");
}

void schema_open(struct writer *w, const char *bracket)
{
    text_buffer_add_text(w->out, bracket);
    w->depth++;
    w->first = true;
}

void schema_close(struct writer *w, const char *bracket)
{
    w->depth--;
    text_buffer_add_format(w->out, "\n%*s%s", 2 * w->depth, "", bracket);
    w->first = false;
}

void schema_text(struct writer *w, const char *name, const char *value)
{
    schema_key(w, name);
    text_buffer_add_json_string(w->out, value);
}

void schema_raw(struct writer *w, const char *name, const char *json)
{
    schema_key(w, name);
    text_buffer_add_text(w->out, json);
}

void schema_number(struct writer *w, const char *name, double value)
{
    schema_key(w, name);
    text_buffer_add_json_double(w->out, value);
}

/* "a|b|c" as ["a", "b", "c"]. */
void schema_choices(struct writer *w, const char *names)
{
    text_buffer_add_text(w->out, "[");
    for (const char *at = names; *at;) {
        char name[64];
        size_t part = strcspn(at, "|");
        snprintf(name, sizeof name, "%.*s", (int)part, at);
        text_buffer_add_text(w->out, at == names ? "" : ", ");
        text_buffer_add_json_string(w->out, name);
        at += part + (at[part] ? 1 : 0);
    }
    text_buffer_add_text(w->out, "]");
}

void schema_reference_to(struct writer *w, const char *mapping)
{
    char path[80];
    snprintf(path, sizeof path, "#/$defs/%s", mapping);
    schema_text(w, "$ref", path);
}
