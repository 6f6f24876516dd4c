#include "service_schema.h"

#include <stdio.h>
#include <string.h>

#include "schema_writer.h"

#define MAX_MORE (CONNECTOR_MAX_OPTIONS + CONNECTOR_MAX_STREAMS)

/* ---- options ---- */

static void option_kind(struct writer *w, const struct option_spec *spec)
{
    struct language_key k = {.kind = KEY_TEXT, .shapes = SHAPE_ONE, .help = spec->help};
    if (spec->type == OPTION_SECTION) {
        schema_open(w, "{");
        schema_text(w, "description", spec->help);
        schema_text(w, "type", "array");
        schema_key(w, "items");
        text_buffer_add_text(w->out, "{\"$ref\": \"#/$defs/any_source\"}");
        schema_close(w, "}");
        return;
    }
    if (spec->type == OPTION_NUMBER) {
        k.kind = KEY_INTEGER;
        k.least = (double)spec->min;
        k.most = (double)spec->max;
    } else if (spec->type == OPTION_DURATION) {
        k.kind = KEY_DURATION;
    } else if (spec->type == OPTION_BOOLEAN) {
        k.kind = KEY_BOOLEAN;
    } else if (spec->type == OPTION_TEXT && spec->value && strchr(spec->value, '|')) {
        k.kind = KEY_CHOICE;
        k.choices = spec->value;
    }
    k.fallback = spec->fallback;
    schema_of_key(w, &k);
}

/* Does an earlier option stand in the same group ("metrics" of metrics.listen)? */
static bool is_written(const struct program *program, size_t index, size_t group)
{
    const char *name = option_at(program, index)->name;
    for (size_t i = 0; i < index; i++)
        if (strncmp(option_at(program, i)->name, name, group + 1) == 0)
            return true;
    return false;
}

static void group_schema(struct writer *w, const struct program *program, size_t index, size_t length)
{
    char group[64];
    const char *name = option_at(program, index)->name;
    snprintf(group, sizeof group, "%.*s", (int)length, name);
    schema_key(w, group);
    schema_open(w, "{");
    schema_text(w, "type", "object");
    schema_key(w, "properties");
    schema_open(w, "{");
    for (size_t i = index; i < option_total(program); i++) {
        const struct option_spec *spec = option_at(program, i);
        if (strncmp(spec->name, name, length + 1) != 0)
            continue;
        schema_key(w, spec->name + length + 1);
        option_kind(w, spec);
    }
    schema_close(w, "}");
    schema_raw(w, "additionalProperties", "false");
    schema_close(w, "}");
}

static void options_schema(struct writer *w, const struct program *program)
{
    for (size_t i = 0; i < option_total(program); i++) {
        const struct option_spec *spec = option_at(program, i);
        size_t group = strcspn(spec->name, ".");
        if (strcmp(spec->name, "config") == 0)
            continue;
        if (spec->name[group] == '.') {
            if (!is_written(program, i, group))
                group_schema(w, program, i, group);
            continue;
        }
        schema_key(w, spec->name);
        option_kind(w, spec);
    }
    schema_raw(w, "kafka", "{\"description\": \"Properties of librdkafka.\", \"type\": \"object\"}");
}

/* ---- sources ---- */

static enum key_kind kind_of(enum connector_option_kind kind)
{
    switch (kind) {
    case CONNECTOR_NUMBER:
        return KEY_NUMBER;
    case CONNECTOR_BOOLEAN:
        return KEY_BOOLEAN;
    default:
        return KEY_TEXT;
    }
}

static bool is_among(const struct language_key *keys, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i].name, name) == 0)
            return true;
    return language_key(language_mapping("source"), name);
}

static void source_schema(struct writer *w, const struct connector *c)
{
    struct language_key more[MAX_MORE];
    char name[80];
    size_t count = 0;
    for (size_t i = 0; i < c->option_count; i++) {
        const struct connector_option *option = &c->options[i];
        more[count++] = (struct language_key){.name = option->name,
                                              .kind = kind_of(option->kind),
                                              .shapes = SHAPE_ONE,
                                              .required = option->required,
                                              .fallback = option->fallback,
                                              .help = option->help};
    }
    for (size_t i = 0; i < c->stream_count; i++)
        if (!is_among(more, count, c->streams[i].every_key))
            more[count++] = (struct language_key){.name = c->streams[i].every_key,
                                                  .kind = KEY_DURATION,
                                                  .shapes = SHAPE_ONE,
                                                  .help = "How often this is asked."};
    snprintf(name, sizeof name, "source_%s", c->name);
    schema_of_mapping(w, name, language_mapping("source"), more, count);
}

static void any_source(struct writer *w, const struct registry *registry)
{
    schema_key(w, "any_source");
    schema_open(w, "{");
    schema_text(w, "type", "object");
    schema_raw(w, "required", "[\"name\", \"kind\"]");
    schema_key(w, "allOf");
    schema_open(w, "[");
    for (size_t i = 0; i < registry_count(registry); i++) {
        const char *name = registry_at(registry, i, NULL)->name;
        schema_line(w);
        text_buffer_add_format(
            w->out,
            "{\"if\": {\"properties\": {\"kind\": {\"const\": \"%s\"}}}, \"then\": "
            "{\"$ref\": \"#/$defs/source_%s\"}}",
            name, name);
    }
    schema_close(w, "]");
    schema_close(w, "}");
}

void service_schema(const struct program *program, const struct registry *registry,
                    struct text_buffer *out)
{
    struct writer w = {.out = out, .first = true};
    const struct language_mapping *m;
    schema_open(&w, "{");
    schema_text(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    schema_text(&w, "title", "Configuration of mooc-ingest");
    schema_text(&w, "$comment", "Made by `mooc-ingest connectors schema service`.");
    schema_text(&w, "type", "object");
    schema_key(&w, "properties");
    schema_open(&w, "{");
    options_schema(&w, program);
    schema_close(&w, "}");
    schema_raw(&w, "additionalProperties", "false");
    schema_key(&w, "$defs");
    schema_open(&w, "{");
    any_source(&w, registry);
    for (size_t i = 0; i < registry_count(registry); i++)
        source_schema(&w, registry_at(registry, i, NULL));
    for (size_t i = 0; (m = language_at(i)); i++)
        if (language_of_sources(m) && strcmp(m->name, "source") != 0)
            schema_of_mapping(&w, m->name, m, NULL, 0);
    schema_close(&w, "}");
    schema_close(&w, "}");
    text_buffer_add_text(out, "\n");
}
