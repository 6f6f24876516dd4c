/* The packed form of a dossier, as column facts of table states holds it: little-endian, version byte first. */
#include <stdlib.h>
#include <string.h>

#include "fact.h"

#define PACK_VERSION 1
#define FIXED_SIZE (1 + 1 + 8 + 8 + 8 + 8 + 8 + 4)

static void put(struct text_buffer *out, uint64_t value, size_t bytes)
{
    uint8_t raw[8];
    for (size_t i = 0; i < bytes; i++)
        raw[i] = (uint8_t)(value >> (8 * i));
    text_buffer_add(out, raw, bytes);
}

static void put_text(struct text_buffer *out, const char *text)
{
    size_t length = strlen(text);
    put(out, length, 2);
    text_buffer_add(out, text, length);
}

static void put_key(struct text_buffer *out, struct key128 key)
{
    put(out, key.hi, 8);
    put(out, key.lo, 8);
}

static void put_identity(struct text_buffer *out, const struct fact_identity *identity,
                         const struct strings *strings)
{
    put(out, (uint64_t)identity->name, 8);
    put_key(out, identity->citizen);
    put(out, identity->faults, 4);
    put(out, (uint64_t)identity->row, 8);
    put_text(out, strings_text(strings, identity->source));
    put_text(out, strings_text(strings, identity->wave_code));
    put_text(out, strings_text(strings, identity->unit));
    put_text(out, strings_text(strings, identity->study_group));
    put_text(out, strings_text(strings, identity->file));
    put_text(out, strings_text(strings, identity->sheet));
    put(out, identity->identifier_count, 1);
    for (uint32_t i = 0; i < identity->identifier_count; i++)
        put_key(out, identity->identifiers[i]);
}

void facts_pack(const struct fact *facts, size_t count, const struct strings *strings,
                struct text_buffer *out)
{
    put(out, PACK_VERSION, 1);
    put(out, count, 4);
    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = &facts[i];
        uint64_t bits;
        memcpy(&bits, &fact->value, sizeof(bits));
        put(out, fact->kind, 1);
        put(out, fact->flags, 1);
        put(out, fact->entity, 8);
        put(out, (uint64_t)fact->revision, 8);
        put(out, (uint64_t)fact->hash, 8);
        put(out, (uint64_t)fact->time, 8);
        put(out, bits, 8);
        put(out, (uint32_t)fact->day, 4);
        if (fact->identity)
            put_identity(out, fact->identity, strings);
    }
}

struct reader {
    const uint8_t *at;
    size_t left;
    bool failed;
};

static uint64_t take(struct reader *in, size_t bytes)
{
    if (in->left < bytes) {
        in->failed = true;
        return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)in->at[i] << (8 * i);
    in->at += bytes;
    in->left -= bytes;
    return value;
}

static struct key128 take_key(struct reader *in)
{
    uint64_t hi = take(in, 8), lo = take(in, 8);
    return (struct key128){hi, lo};
}

static uint32_t take_text(struct reader *in, struct strings *strings)
{
    size_t length = (size_t)take(in, 2);
    if (in->left < length || memchr(in->at, 0, length)) {
        in->failed = true;
        return 0;
    }
    uint32_t number = strings_intern(strings, (const char *)in->at, length);
    in->at += length;
    in->left -= length;
    return number;
}

static struct fact_identity *take_identity(struct reader *in, const struct rules *rules,
                                           struct strings *strings)
{
    struct fact_identity head = {0};
    head.name = (int64_t)take(in, 8);
    head.citizen = take_key(in);
    head.faults = (uint32_t)take(in, 4);
    head.row = (int64_t)take(in, 8);
    head.source = take_text(in, strings);
    head.wave_code = take_text(in, strings);
    head.unit = take_text(in, strings);
    head.study_group = take_text(in, strings);
    head.file = take_text(in, strings);
    head.sheet = take_text(in, strings);
    head.identifier_count = (uint32_t)take(in, 1);
    head.wave =
        head.wave_code ? rules_find_wave(rules, strings_text(strings, head.wave_code)) : RULES_NONE;
    if (in->failed || head.identifier_count > EVENT_MAX_LIST) {
        in->failed = true;
        return NULL;
    }
    struct fact_identity *identity =
        malloc(sizeof(*identity) + head.identifier_count * sizeof(struct key128));
    if (!identity)
        abort();
    *identity = head;
    for (uint32_t i = 0; i < head.identifier_count; i++)
        identity->identifiers[i] = take_key(in);
    return identity;
}

static void take_fact(struct reader *in, const struct rules *rules, struct strings *strings,
                      struct fact *fact)
{
    memset(fact, 0, sizeof(*fact));
    fact->kind = (uint8_t)take(in, 1);
    fact->flags = (uint8_t)take(in, 1);
    fact->entity = take(in, 8);
    fact->revision = (int64_t)take(in, 8);
    fact->hash = (int64_t)take(in, 8);
    fact->time = (int64_t)take(in, 8);
    uint64_t bits = take(in, 8);
    memcpy(&fact->value, &bits, sizeof(bits));
    fact->day = (int32_t)(uint32_t)take(in, 4);
    if (fact->kind < FACT_LISTING || fact->kind > FACT_CERTIFICATE)
        in->failed = true;
    else if (fact->kind <= FACT_LINK && !in->failed)
        fact->identity = take_identity(in, rules, strings);
}

bool facts_unpack(const void *bytes, size_t length, const struct rules *rules,
                  struct strings *strings, struct fact **facts, size_t *count, struct error *err)
{
    struct reader in = {bytes, length, false};
    uint64_t version = take(&in, 1);
    size_t expected = (size_t)take(&in, 4);
    *facts = NULL;
    *count = 0;
    if (version != PACK_VERSION || expected > in.left / FIXED_SIZE)
        return error_set(err, ERROR_STATE, false,
                         "a stored dossier of %zu bytes has version %u, this binary writes %u: run "
                         "the binary of its generation",
                         length, (unsigned)version, PACK_VERSION);
    *facts = calloc(expected + 1, sizeof(struct fact));
    if (!*facts)
        abort();
    for (size_t i = 0; i < expected && !in.failed; i++) {
        take_fact(&in, rules, strings, &(*facts)[i]);
        *count = i + 1;
    }
    if (!in.failed && in.left == 0)
        return true;
    for (size_t i = 0; i < *count; i++)
        fact_release(&(*facts)[i]);
    free(*facts);
    *facts = NULL;
    return error_set(err, ERROR_STATE, false,
                     "a stored dossier of %zu bytes is damaged: restore it or replay", length);
}
