/* Any bytes in column facts: unpacked or refused, and what is unpacked packs to the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "../../aggregator/fold/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct rules *rules = rules_new();
    struct strings *strings = strings_new();
    struct fact *facts;
    size_t count;
    struct error err = {0};
    if (facts_unpack(bytes, size, rules, strings, &facts, &count, &err)) {
        struct text_buffer out = {0};
        facts_pack(facts, count, strings, &out);
        if (out.length != size || memcmp(out.data, bytes, size) != 0)
            abort();
        for (size_t i = 0; i < count; i++)
            fact_release(&facts[i]);
        free(facts);
        text_buffer_free(&out);
    } else if (err.kind != ERROR_STATE) {
        abort();
    }
    strings_free(strings);
    rules_free(rules);
    return 0;
}
