#include "connectors_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/file.h"
#include "../../common/nearest.h"
#include "../../common/text_buffer.h"
#include "language_schema.h"
#include "registry.h"
#include "service_schema.h"

static int failed(struct error *err)
{
    fprintf(stderr, "mooc-ingest: %s\n", err->message);
    return error_exit_code(err);
}

static int print(struct text_buffer *text)
{
    bool written = fwrite(text->data, 1, text->length, stdout) == text->length && !fflush(stdout);
    text_buffer_free(text);
    return written ? 0 : 1;
}

int connectors_list(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct text_buffer out = {0};
    struct registry *registry = registry_open(options_text(options, "connectors_dir"), &err);
    if (!registry)
        return failed(&err);
    for (size_t i = 0; i < registry_count(registry); i++) {
        const char *origin;
        const struct connector *c = registry_at(registry, i, &origin);
        text_buffer_add_format(&out, "%-16s version %-3u %s (%s)\n", c->name, c->version,
                               c->title_en, origin);
        for (size_t k = 0; k < c->option_count; k++)
            text_buffer_add_format(&out, "    %-24s %s%s%s%s\n", c->options[k].name,
                                   c->options[k].help, c->options[k].required ? " Required." : "",
                                   c->options[k].fallback ? " Default: " : "",
                                   c->options[k].fallback ? c->options[k].fallback : "");
    }
    registry_close(registry);
    return print(&out);
}

/* The file's own text, to read or to start another one from. */
static bool add_file(const struct registry *registry, const char *name, struct text_buffer *out,
                     struct error *err)
{
    const char *names[256];
    size_t count = 0;
    for (size_t i = 0; i < registry_count(registry); i++) {
        const char *origin;
        const struct connector *c = registry_at(registry, i, &origin);
        if (strcmp(c->name, name) == 0 && strcmp(origin, "shipped") == 0) {
            text_buffer_add_text(out, registry_text(name));
            return true;
        }
        if (strcmp(c->name, name) == 0) {
            size_t length;
            char *text = file_read_whole(origin, (size_t)1 << 20, &length, err);
            if (text)
                text_buffer_add(out, text, length);
            free(text);
            return text != NULL;
        }
        if (count < ARRAY_LEN(names))
            names[count++] = c->name;
    }
    const char *nearest = nearest_name(name, names, count);
    return error_set(err, ERROR_USAGE, false, "no connector is named %s%s%s%s", name,
                     nearest ? "; did you mean " : " (`mooc-ingest connectors list`)",
                     nearest ? nearest : "", nearest ? "?" : "");
}

int connectors_show(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct text_buffer out = {0};
    struct registry *registry = registry_open(options_text(options, "connectors_dir"), &err);
    if (!registry)
        return failed(&err);
    bool found = add_file(registry, options_argument(options, 0), &out, &err);
    registry_close(registry);
    return found ? print(&out) : failed(&err);
}

/* Of connector files, or of the service's configuration with the connectors there are. */
int connectors_schema(const struct program *program, const struct options *options)
{
    struct error err = {0};
    struct text_buffer out = {0};
    const char *what =
        options_argument_count(options) > 0 ? options_argument(options, 0) : "connector";
    if (strcmp(what, "connector") == 0) {
        language_schema(&out);
        return print(&out);
    }
    if (strcmp(what, "service") != 0) {
        error_set(&err, ERROR_USAGE, false, "no schema of %s: connector or service", what);
        return failed(&err);
    }
    struct registry *registry = registry_open(options_text(options, "connectors_dir"), &err);
    if (!registry)
        return failed(&err);
    service_schema(program, registry, &out);
    registry_close(registry);
    return print(&out);
}

int connectors_reference(const struct program *program, const struct options *options)
{
    (void)program;
    (void)options;
    struct text_buffer out = {0};
    language_reference(&out);
    return print(&out);
}
