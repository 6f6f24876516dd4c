/* Pages of a platform, whatever bytes they are: decoding and mapping by connector files must neither crash nor make what the event
 * contract refuses. First byte: which stream of which connector; second: which names of the scope are known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ingest/language/connector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FEATURES "tests/fuzz/data/every_feature.yaml"

static const char *const files[] = {
    "ingest/connectors/openedx.yaml",   "ingest/connectors/moodle.yaml",
    "ingest/connectors/xapi.yaml",      "ingest/connectors/canvas.yaml",
    "ingest/connectors/oneroster.yaml", "ingest/connectors/onetouch.yaml"};

static const char *const feature_names[] = {"course", "option.least"};

/* Every stream of every connector that tells something, and the one that uses all of the language. */
static struct target {
    const struct mapping *mapping;
    const struct stream_rules *rules; /* NULL: the one with all of the language */
    size_t names;
    bool per_course;
} targets[ARRAY_LEN(files) * CONNECTOR_MAX_STREAMS + 1];
static size_t target_count;
static struct hmac *hmac;
static struct event_decoder *decoder;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static const void *loaded(const void *made, const struct error *err)
{
    if (!made) {
        fprintf(stderr, "%s\n", err->message);
        exit(1);
    }
    return made;
}

static void set_up(void)
{
    struct error err = {.kind = ERROR_NONE};
    const struct name_list names = {.count = ARRAY_LEN(feature_names), .items = feature_names};
    hmac = hmac_new("0123456789abcdef", 16, NULL);
    decoder = event_decoder_new();
    struct yaml *doc = yaml_load_file(FEATURES, &err);
    const struct yaml_node *streams = yaml_get(yaml_root(loaded(doc, &err)), "streams");
    targets[target_count++] = (struct target){
        loaded(mapping_compile(doc, yaml_get(streams, "everything"), &names, &err), &err), NULL,
        names.count, false};
    yaml_unload(doc);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        const struct connector *c = loaded(connector_load(files[i], &err), &err);
        for (size_t k = 0; k < c->stream_count; k++) {
            const struct stream_rules *s = &c->streams[k];
            if (s->mapping || s->field_count > 0)
                targets[target_count++] =
                    (struct target){s->mapping, s, c->names.count, s->per_course};
        }
    }
}

static void check_event(const struct map_item *item)
{
    struct event e = item->event, back;
    struct text_buffer text = {.data = NULL}, whole = {.data = NULL};
    struct error err;
    must(e.entity == item->entity && *e.entity && strlen(e.entity) <= EVENT_MAX_KEY);
    if (e.time_observed)
        e.time = INT64_C(1700000000000000);
    e.revision = e.time;
    event_encode_data(&e, &text);
    event_encode(&e, text.data, text.length, &whole);
    if (item->action != MAP_REMOVE_IF_HELD && whole.length <= EVENT_MAX_BYTES)
        must(event_decode(decoder, whole.data, whole.length, &back, &err));
    event_decoder_reset(decoder);
    text_buffer_free(&text);
    text_buffer_free(&whole);
}

/* What a stream remembers of a record. */
static void read_fields(const struct target *t, const struct scope *scope)
{
    struct text_buffer room = {.data = NULL};
    struct error err = {.kind = ERROR_NONE};
    for (size_t i = 0; t->rules && i < t->rules->field_count; i++) {
        bool holds;
        if (t->rules->fields[i].value)
            (void)value_text(t->rules->fields[i].value, scope, &room);
        else if (!condition_holds(t->rules->fields[i].condition, scope, &holds, &err))
            must(err.kind == ERROR_DATA);
    }
    text_buffer_free(&room);
}

static void map_record(const struct target *t, const struct json *record,
                       const struct json *enclosing, const char *const *texts)
{
    static struct map_output out;
    struct error err = {.kind = ERROR_NONE};
    struct map_input in = {.source = "fuzz",
                           .hmac = hmac,
                           .today = 19000,
                           .record = record,
                           .enclosing = enclosing,
                           .texts = texts,
                           .course = t->per_course ? texts[0] : NULL};
    read_fields(t, &(struct scope){record, enclosing, texts});
    if (!t->mapping)
        return;
    bool ok = mapping_apply(t->mapping, &in, &out, &err);
    must(ok || (err.kind == ERROR_DATA && strchr(err.message, ':')));
    for (size_t i = 0; ok && i < out.count; i++) {
        must(out.account || out.items[i].action == MAP_REMOVE_IF_HELD);
        for (size_t j = 0; j < i; j++)
            must(strcmp(out.items[i].entity, out.items[j].entity) != 0);
        check_event(&out.items[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!hmac)
        set_up();
    if (size < 2)
        return 0;
    const struct target *t = &targets[data[0] % target_count];
    const char *texts[CONNECTOR_MAX_NAMES] = {"course-v1:F+Z+1"};
    for (size_t i = 1; i < t->names; i++)
        texts[i] = data[1] >> (i % 8) & 1 ? (i % 3 ? "true" : "0.5") : NULL;
    struct json *root = json_parse_exact((const char *)data + 2, size - 2, NULL);
    const struct json *records = json_is_object(root) ? json_get(root, "results") : root;
    if (root && !json_is_array(records))
        map_record(t, root, NULL, texts);
    for (const struct json *r = json_first(records); json_is_array(records) && r; r = json_next(r))
        map_record(t, r, root, texts);
    json_free(root);
    return 0;
}
