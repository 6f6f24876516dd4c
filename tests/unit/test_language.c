/* The table of the connector language, and what is made of it. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/text_buffer.h"
#include "../../ingest/language/language.h"
#include "../../ingest/language/language_schema.h"
#include "../../ingest/language/registry.h"
#include "../../ingest/language/service_schema.h"
#include "../../ingest/options.h"

/* ---- what is made of the table ---- */

static void same_as_file(const char *path, struct text_buffer *made)
{
    struct text_buffer kept = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t got;
    do {
        text_buffer_reserve(&kept, 65536);
        got = fread(kept.data + kept.length, 1, 65536, file);
        kept.length += got;
    } while (got > 0);
    fclose(file);
    if (kept.length != made->length || memcmp(kept.data, made->data, made->length) != 0)
        fail_msg("%s is not what the tables say: make schemas", path);
    text_buffer_free(&kept);
    text_buffer_free(made);
}

static void schema_and_reference_are_those_of_the_table(void **state)
{
    (void)state;
    struct text_buffer schema = {0}, reference = {0}, service = {0};
    struct error err = {0};
    language_schema(&schema);
    same_as_file("schema/connector.schema.json", &schema);
    language_reference(&reference);
    same_as_file("docs/connectors/reference.md", &reference);
    struct registry *registry = registry_open(NULL, &err);
    if (!registry)
        fail_msg("%s", err.message);
    service_schema(&ingest_program, registry, &service);
    registry_close(registry);
    same_as_file("schema/mooc-ingest.schema.json", &service);
}

static void the_table_is_sound(void **state)
{
    (void)state;
    const struct language_mapping *m;
    for (size_t i = 0; (m = language_at(i)); i++) {
        assert_ptr_equal(language_mapping(m->name), m);
        assert_true(!m->chooser || language_key(m, m->chooser)->required);
        for (size_t k = 0; k < m->key_count; k++) {
            const struct language_key *key = &m->keys[k];
            unsigned of = SHAPE_OF | SHAPE_LIST_OF | SHAPE_MAP_OF;
            assert_ptr_equal(language_key(m, key->name), key);
            assert_int_equal(key->of != NULL, (key->shapes & of) != 0);
            assert_true(!key->of || language_mapping(key->of));
            assert_int_equal(key->choices != NULL, key->kind == KEY_CHOICE);
            assert_true(!key->with || m->chooser);
            if (!key->help[0] || key->help[strlen(key->help) - 1] != '.')
                fail_msg("%s.%s: help is no sentence: %s", m->name, key->name, key->help);
            assert_null(strchr(key->help, '|'));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_and_reference_are_those_of_the_table),
        cmocka_unit_test(the_table_is_sound),
    };
    return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
