/* Any bytes in column facts: unpacked or refused, and what is unpacked packs to bytes that say the same.
 * tests/unit/test_fact_pack.c writes its seeds, and is red when they are of an earlier form. */
#include <stdlib.h>
#include <string.h>

#include "../../aggregator/fold/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Packs the facts into `out` and frees them. */
static void pack(struct fact *facts, size_t count, const struct rules *rules,
                 const struct strings *strings, struct text_buffer *out)
{
    facts_pack(facts, count, rules, strings, out);
    for (size_t i = 0; i < count; i++)
        fact_release(&facts[i]);
    free(facts);
}

static void round_trip(const struct text_buffer *packed, const struct rules *rules,
                       struct strings *strings)
{
    struct text_buffer again = {0};
    struct fact *facts;
    size_t count;
    struct error err = {0};
    if (!facts_unpack(packed->data, packed->length, rules, strings, &facts, &count, &err))
        abort();
    pack(facts, count, rules, strings, &again);
    if (again.length != packed->length || memcmp(again.data, packed->data, again.length) != 0)
        abort();
    text_buffer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct rules *rules = rules_new();
    struct strings *strings = strings_new();
    struct fact *facts;
    size_t count;
    struct error err = {0};
    rules_add_training(rules, &(struct rule_training){.code = "T"});
    (void)rules_add_course(rules, "s", "c", 0);
    (void)rules_add_course(rules, "s", "d", 0);
    if (facts_unpack(bytes, size, rules, strings, &facts, &count, &err)) {
        struct text_buffer packed = {0};
        pack(facts, count, rules, strings, &packed);
        round_trip(&packed, rules, strings);
        text_buffer_free(&packed);
    } else if (err.kind != ERROR_STATE) {
        abort();
    }
    strings_free(strings);
    rules_free(rules);
    return 0;
}
