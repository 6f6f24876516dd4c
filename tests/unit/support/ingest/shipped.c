#include "shipped.h"

#include "../../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../../ingest/language/connector.h"

static struct hmac *hmac;
static struct connector *connector;
static const char *texts[CONNECTOR_MAX_NAMES];

int shipped_open(void **state)
{
    struct error err = {0};
    char path[100];
    snprintf(path, sizeof path, "ingest/connectors/%s.yaml", (const char *)*state);
    memset(texts, 0, sizeof texts);
    hmac = hmac_new("0123456789abcdef", 16, &err);
    connector = connector_load(path, &err);
    if (!connector)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < connector->option_count; i++)
        texts[connector->first_option + i] = connector->options[i].fallback;
    return 0;
}

int shipped_close(void **state)
{
    (void)state;
    connector_free(connector);
    hmac_free(hmac);
    return 0;
}

void shipped_text(const char *name, const char *text)
{
    for (size_t i = 0; i < connector->names.count; i++) {
        if (strcmp(connector->names.items[i], name) == 0) {
            texts[i] = text;
            return;
        }
    }
    fail_msg("no name %s", name);
}

static const struct stream_rules *stream(const char *name)
{
    for (size_t i = 0; i < connector->stream_count; i++)
        if (strcmp(connector->streams[i].spec.name, name) == 0)
            return &connector->streams[i];
    fail_msg("no stream %s", name);
    return NULL;
}

/* "enrollment:s:7:<32 hex>:x" with # for the hash. */
static void add_entity(struct text_buffer *out, const char *entity)
{
    for (const char *at = entity; *at;) {
        size_t digits = strspn(at, "0123456789abcdef");
        if (digits == 32) {
            text_buffer_add_text(out, "#");
            at += digits;
        } else {
            text_buffer_add(out, at, digits ? digits : 1);
            at += digits ? digits : 1;
        }
    }
}

static void add_item(struct text_buffer *out, const struct map_item *item)
{
    static const char *const actions[] = {"", "if held ", "remove "};
    struct text_buffer data = {0};
    text_buffer_add_format(out, "%s%s ", actions[item->action], event_type_name(item->event.type));
    add_entity(out, *item->total_entity ? item->total_entity : item->entity);
    if (item->action != MAP_REMOVE_IF_HELD) {
        event_encode_data(&item->event, &data);
        text_buffer_add_format(out, " %s %s", item->event.time_observed ? "seen" : "at", data.data);
    }
    text_buffer_add_text(out, "\n");
    text_buffer_free(&data);
}

static bool wants(void *context, const char *course)
{
    (void)context;
    return strcmp(course, "7") == 0;
}

void shipped_says_within(const char *name, const char *enclosing, const char *record,
                         const char *expected)
{
    struct error err = {0};
    const struct stream_rules *s = stream(name);
    struct json *node = json_parse(record, strlen(record), &err);
    struct json *outer = enclosing ? json_parse(enclosing, strlen(enclosing), &err) : NULL;
    if (!node || (enclosing && !outer))
        fail_msg("%s", err.message);
    const struct map_input in = {.source = "s",
                                 .hmac = hmac,
                                 .today = 20000,
                                 .record = node,
                                 .enclosing = outer,
                                 .texts = texts,
                                 .course = s->per_course ? "7" : NULL,
                                 .wants_course = wants};
    struct map_output out = {.count = 0};
    struct text_buffer said = {0};
    if (!mapping_apply(s->mapping, &in, &out, &err))
        text_buffer_add_format(&said, "malformed %s\n", err.message);
    else if (out.skipped)
        text_buffer_add_text(&said, "skipped\n");
    for (size_t i = 0; err.kind == ERROR_NONE && i < out.count; i++)
        add_item(&said, &out.items[i]);
    if (strcmp(said.length ? said.data : "", expected) != 0)
        fail_msg("%s of %s\n is:\n%s\n wanted:\n%s", name, record, said.length ? said.data : "",
                 expected);
    text_buffer_free(&said);
    text_buffer_free(&out.room);
    text_buffer_free(&out.scratch);
    json_free(node);
    json_free(outer);
}

void shipped_says(const char *name, const char *record, const char *expected)
{
    shipped_says_within(name, NULL, record, expected);
}

void shipped_learner(const char *name, const char *record, char *subject)
{
    struct error err = {0};
    struct json *node = json_parse(record, strlen(record), &err);
    const struct map_input in = {
        .source = "s", .hmac = hmac, .today = 20000, .record = node, .texts = texts};
    struct map_output out = {.count = 0};
    if (!node || !mapping_apply(stream(name)->mapping, &in, &out, &err))
        fail_msg("%s: %s", record, err.message);
    memcpy(subject, out.subject, IDENTITY_KEY);
    text_buffer_free(&out.room);
    text_buffer_free(&out.scratch);
    json_free(node);
}

const struct connector *shipped_connector(void)
{
    return connector;
}

struct hmac *shipped_hmac(void)
{
    return hmac;
}
