#include "rotate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/file.h"
#include "../engine.h"
#include "../shard/shard.h"
#include "../shard/shard_writers.h"
#include "../sources.h"

struct rotating {
    const struct options *options;
    const struct sources *sources;
    const char *first_file;
    int64_t from;
    struct key_ring *ring; /* with the new key */
    char fingerprint[33];
    struct shard_writers writers;
    int32_t home;           /* shard of the links */
    struct key_set *known;  /* keys in the log */
    struct key_set *linked; /* link entities in the state */
    struct erased_keys erased;
    struct event_decoder *decoder;
    int64_t links;
};

/* ---- the key ---- */

static void new_key_file(const struct rotating *r, char *out, size_t size)
{
    key_ring_file(r->first_file, r->from + 1, out, size);
}

static bool make_key(const struct rotating *r, struct error *err)
{
    char path[4096], hex[65];
    uint8_t bytes[32];
    for (size_t i = 0; i < sizeof(bytes); i += 8) {
        uint64_t random = random_u64();
        memcpy(bytes + i, &random, 8);
    }
    hex_encode(bytes, sizeof(bytes), hex);
    new_key_file(r, path, sizeof(path));
    if (!file_write_lasting(path, hex, strlen(hex), err)) /* the log cannot be without it any more */
        return false;
    fprintf(stderr, "made %s: keep a copy where you keep keys\n", path);
    return true;
}

/* No ring while the new key is not made. */
static bool open_ring(struct rotating *r, struct error *err)
{
    char path[4096];
    new_key_file(r, path, sizeof(path));
    if (access(path, F_OK) != 0)
        return true;
    hmac_hex(r->sources->context.hmac, "fingerprint", "", 0, r->fingerprint);
    r->fingerprint[16] = '\0';
    r->ring = key_ring_open(r->first_file, r->from + 1, r->fingerprint, err);
    return r->ring != NULL;
}

/* ---- what stands in the state ---- */

/* all: every shard has the new version already. */
static bool check_metas(struct rotating *r, bool *all, struct error *err)
{
    struct shard_meta *metas = must_have(calloc((size_t)r->writers.partitions, sizeof(*metas)));
    bool fine = shard_writers_metas(&r->writers, metas, err);
    *all = true;
    for (int32_t p = 0; fine && p < r->writers.partitions; p++) {
        const struct shard_meta *meta = &metas[p];
        bool rotated = meta->key_version == r->from + 1 && strcmp(meta->hmac, r->fingerprint) == 0;
        bool before =
            meta->key_version == r->from && strcmp(meta->hmac, r->sources->hmac_fingerprint) == 0;
        *all = *all && rotated;
        if (meta->seen && !rotated && !before)
            fine =
                error_set(err, ERROR_STATE, false,
                          "the state of shard %d is at key version %lld with fingerprint %s, the "
                          "configuration at version %lld with %s: rotate with the keys that the "
                          "state was made with",
                          (int)p, (long long)meta->key_version, meta->hmac, (long long)r->from,
                          r->sources->hmac_fingerprint);
    }
    free(metas);
    return fine;
}

static bool visit_state(void *context, const struct log_record *record, struct error *err)
{
    struct rotating *r = context;
    struct state_record decoded;
    if (record->value && record->key_length == 34 && memcmp(record->key, "x|", 2) == 0) {
        if (!state_record_decode(record->key, record->key_length, record->value,
                                 record->value_length, &decoded, err))
            return false;
        erased_keys_add(&r->erased, decoded.erased);
        state_record_free(&decoded);
    }
    if (record->value && record->key_length > 8 && memcmp(record->key, "e|rekey:", 8) == 0)
        key_set_add(r->linked, key_hash(record->key + 2, record->key_length - 2));
    return true;
}

/* ---- the links ---- */

static bool is_identifier(const char *key, size_t length)
{
    static const char *const kinds[] = {"email:", "citizen:", "phone:", "account@"};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (length > strlen(kinds[i]) && strncmp(key, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return false;
}

static void add_link(struct rotating *r, const char *old, const char *new, const char *entity)
{
    struct batch *batch = &r->writers.batches[r->home];
    struct text_buffer data = {0}, hashed = {0};
    int64_t now = clock_now_us();
    const char *type = event_type_name(EVENT_IDENTITY_LINKED);
    struct event e = {.type = EVENT_IDENTITY_LINKED,
                      .type_name = type,
                      .source = KEYS_SOURCE,
                      .entity = entity,
                      .revision = now,
                      .time = now,
                      .time_observed = true,
                      .identifiers = {2, {old, new}},
                      .present = UINT64_C(1) << FIELD_IDENTIFIERS};
    event_encode_data(&e, &data);
    text_buffer_add(&hashed, type, strlen(type) + 1);
    text_buffer_add(&hashed, data.data, data.length);
    batch_put_event(batch, batch_add(batch, BATCH_EVENTS, BATCH_BY_KEY, BATCH_NO_ENTRY), &e,
                    data.data, data.length);
    const struct state_entity kept = {.event = e,
                                      .stream = KEYS_SOURCE,
                                      .substream = "",
                                      .fingerprint = key128_of(hashed.data, hashed.length).hi,
                                      .since = (uint32_t)(now / 1000000)};
    size_t at = shard_writers_add(&r->writers, r->home);
    state_entity_key(entity, &batch->arena);
    batch_begin_value(batch, at);
    state_entity_value(&kept, &batch->arena);
    batch_end_value(batch, at);
    text_buffer_free(&data);
    text_buffer_free(&hashed);
    r->links++;
}

static void take_key(void *context, const char *key, size_t length)
{
    struct rotating *r = context;
    char old[EVENT_MAX_KEY + 1], new[EVENT_MAX_KEY + 1], entity[EVENT_MAX_KEY + 16];
    if (!key_set_add(r->known, key_hash(key, length)) || !is_identifier(key, length))
        return;
    memcpy(old, key, length);
    old[length] = '\0';
    key_ring_wrap(r->ring, r->from + 1, old, new);
    snprintf(entity, sizeof(entity), "rekey:%s", old);
    if (strcmp(old, new) != 0 && strlen(entity) <= EVENT_MAX_KEY &&
        !key_set_has(r->linked, key_hash(entity, strlen(entity))))
        add_link(r, old, new, entity);
}

static bool visit_event(void *context, const struct log_record *record, struct error *err)
{
    struct rotating *r = context;
    struct event e;
    event_decoder_reset(r->decoder);
    if (!record->value ||
        !event_decode(r->decoder, record->value, record->value_length, &e, NULL) || !e.source)
        return true;
    /* The links of earlier rotations carry forms that nobody published; what the log still has of an erased learner is to end with it. */
    if (strcmp(e.source, KEYS_SOURCE) != 0 && !erased_keys_name(&r->erased, NULL, &e))
        event_keys(&e, take_key, r);
    return shard_writers_send_some(&r->writers, r->home, err);
}

/* ---- all of it ---- */

static bool rotate(struct rotating *r, struct error *err)
{
    const struct options *o = r->options;
    const char *state = options_text(o, "state_topic");
    bool all;
    if (!shard_writers_open(&r->writers, o, err) || !open_ring(r, err) || !check_metas(r, &all, err))
        return false;
    if (all)
        return true;
    if (!r->ring && (!make_key(r, err) || !open_ring(r, err)))
        return false;
    r->home = shard_of_source(KEYS_SOURCE, r->writers.partitions);
    if (!shard_writers_take_over(&r->writers, err) ||
        !shard_writers_read(&r->writers, state, visit_state, r, err) ||
        !shard_writers_read(&r->writers, options_text(o, "events_topic"), visit_event, r, err) ||
        !shard_writers_read(&r->writers, options_text(o, "dead_topic"), visit_event, r, err) ||
        !shard_writers_send(&r->writers, r->home, err) ||
        !shard_writers_put_keys(&r->writers, r->known, err))
        return false;
    const struct state_meta meta = {r->fingerprint, r->from + 1, r->sources->connectors.data};
    for (int32_t p = 0; p < r->writers.partitions; p++)
        if (!shard_writers_make_whole(&r->writers, p, &meta, err))
            return false;
    return true;
}

int command_key_rotate(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct rotating r = {.options = options,
                         .from = options_number(options, "hmac_key_version"),
                         .first_file = options_text(options, "hmac_key_file"),
                         .known = key_set_new(),
                         .linked = key_set_new(),
                         .decoder = event_decoder_new()};
    int lock = -1;
    struct sources *sources = sources_open(options, "", &err);
    r.sources = sources;
    if (sources && (lock = engine_lock(options_text(options, "data_dir"), &err)) >= 0 &&
        rotate(&r, &err))
        printf("the state is at key version %lld: %lld links published, %zu keys known to the log. "
               "Give every instance the file %s.%lld and set hmac_key_version: %lld, then start\n",
               (long long)r.from + 1, (long long)r.links, key_set_count(r.known), r.first_file,
               (long long)r.from + 1, (long long)r.from + 1);
    else
        fprintf(stderr, "mooc-ingest: %s\n", err.message);
    shard_writers_close(&r.writers);
    key_ring_free(r.ring);
    key_set_free(r.known);
    key_set_free(r.linked);
    erased_keys_free(&r.erased);
    event_decoder_free(r.decoder);
    sources_close(sources);
    if (lock >= 0)
        close(lock);
    return error_exit_code(&err);
}
