/* connector_read on anything: a connector within its bounds, or an error that says where. */
#include <stdlib.h>
#include <string.h>

#include "../../ingest/language/connector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_stream(const struct connector *c, const struct stream_rules *s)
{
    must(s->spec.name && s->request.path && s->pages.size > 0 && s->every_ms >= 100);
    must(s->parent < (int)c->stream_count && s->parent >= -1);
    must((s->for_each == FOR_LEARNER || s->for_each == FOR_ROWS) == (s->parent >= 0));
    must(s->batch >= 1 && s->lookup_count <= 4 && s->field_count <= 8 && s->taken_count <= 4);
    must(s->mapping || s->remembered);
    for (size_t i = 0; i < s->lookup_count; i++) {
        const struct stream_rules *table = &c->streams[s->lookups[i].stream];
        must(table->remembered && s->lookups[i].first_name == table->first_name);
        must(s->lookups[i].first_name + s->lookups[i].field_count < c->names.count);
    }
    for (size_t i = 0; i < s->taken_count; i++)
        must(s->taken[i].value && s->taken[i].name < c->names.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct connector *c = connector_read((const char *)data, size, "f", &err);
    if (!c) {
        must(err.kind == ERROR_CONFIG && strncmp(err.message, "f:", 2) == 0);
        return 0;
    }
    must(c->stream_count >= 1 && c->stream_count <= CONNECTOR_MAX_STREAMS);
    must(c->names.count <= CONNECTOR_MAX_NAMES && strlen(c->fingerprint) == 16);
    for (size_t i = 0; i < c->stream_count; i++)
        check_stream(c, &c->streams[i]);
    connector_free(c);
    return 0;
}
