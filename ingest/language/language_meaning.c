/* What a connector file means for the events that come of it. */
#include <string.h>

#include "../../common/text_buffer.h"
#include "language.h"

/* What a node may hold: a mapping of the table (NULL: texts, values, conditions); or named by the author, each being such a mapping. */
struct expected {
    const struct language_mapping *mapping;
    bool named;
};

static struct key128 meaning(const struct yaml_node *node, struct expected expected);

static void add_key(struct text_buffer *out, struct key128 key)
{
    uint8_t bytes[16];
    key128_store(key, bytes);
    text_buffer_add(out, (const char *)bytes, sizeof bytes);
}

static struct expected below(const struct language_key *key, const struct yaml_node *node)
{
    bool own = key && key->of && yaml_kind(node) != YAML_SCALAR;
    return (struct expected){.mapping = own ? language_mapping(key->of) : NULL,
                             .named = own && (key->shapes & SHAPE_MAP_OF)};
}

/* A sum, so that the order does not count. */
static struct key128 of_pairs(const struct yaml_node *node, struct expected expected)
{
    struct key128 sum = {0};
    struct text_buffer pair = {.data = NULL};
    for (size_t i = 0; i < yaml_count(node); i++) {
        const char *name = yaml_key(node, i);
        const struct language_key *key =
            expected.mapping && !expected.named ? language_key(expected.mapping, name) : NULL;
        const struct yaml_node *item = yaml_item(node, i);
        if (key && key->aside)
            continue;
        text_buffer_clear(&pair);
        add_key(&pair, meaning(item, expected.named ? (struct expected){expected.mapping, false}
                                                    : below(key, item)));
        text_buffer_add_text(&pair, name);
        struct key128 one = key128_of(pair.data, pair.length);
        sum.hi += one.hi;
        sum.lo += one.lo;
    }
    text_buffer_free(&pair);
    return sum;
}

/* Depth is bounded: yaml.h lets no more than 32 levels through. */
static struct key128 meaning(const struct yaml_node *node, struct expected expected)
{
    struct text_buffer out = {.data = NULL};
    if (yaml_kind(node) == YAML_SCALAR) {
        text_buffer_add_text(&out, "s");
        text_buffer_add_text(&out, yaml_scalar(node));
    } else if (yaml_kind(node) == YAML_MAPPING) {
        text_buffer_add_text(&out, "{");
        add_key(&out, of_pairs(node, expected));
    } else {
        text_buffer_add_text(&out, "[");
        for (size_t i = 0; i < yaml_count(node); i++)
            add_key(&out, meaning(yaml_item(node, i), expected));
    }
    struct key128 hash = key128_of(out.data, out.length);
    text_buffer_free(&out);
    return hash;
}

struct key128 language_meaning(const struct yaml_node *node, const char *mapping)
{
    return meaning(node, (struct expected){.mapping = language_mapping(mapping)});
}
