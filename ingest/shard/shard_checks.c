#include "shard_checks.h"

#include <string.h>

#define CLOCK_LIMIT_US INT64_C(5000000)

bool shard_check_meta(const struct shard_settings *s, const struct state_meta *meta, struct error *err)
{
    if (meta->key_version != s->key_version)
        return error_set(err, ERROR_STATE, false,
                         "the state of shard %d is at key version %lld, this instance at %lld: set "
                         "hmac_key_version to %lld and give it the key files of all versions (the "
                         "later ones stand beside the first, with the version behind the name)",
                         (int)s->partition, (long long)meta->key_version, (long long)s->key_version,
                         (long long)meta->key_version);
    if (strcmp(meta->hmac, s->hmac_fingerprint) != 0)
        return error_set(err, ERROR_STATE, false,
                         "the state of shard %d was made with another HMAC key (fingerprint %s, "
                         "ours %s): with this key everybody would be a new person. Give the key "
                         "file that belongs to it",
                         (int)s->partition, meta->hmac, s->hmac_fingerprint);
    return true;
}

bool shard_check_log(const char *topic, const struct state_log *stored, const int64_t *lows,
                     const struct state_log *now, bool may_lose_beginning, struct error *err)
{
    for (size_t p = 0; p < stored->count; p++)
        if (p >= now->count || now->ends[p] < stored->ends[p])
            return error_set(err, ERROR_STATE, false,
                             "topic %s ends at offset %lld in partition %zu, but reached %lld "
                             "before: it was recreated, or restored from an old copy, and events "
                             "are missing. Bring the log back; if they are lost for good, run "
                             "`mooc-ingest state rebuild`: what the platforms show is then "
                             "published anew",
                             topic, p < now->count ? (long long)now->ends[p] : 0LL, p,
                             (long long)stored->ends[p]);
    for (size_t p = 0; p < now->count && !may_lose_beginning; p++)
        if (lows[p] > 0)
            return error_set(err, ERROR_STATE, false,
                             "topic %s has lost its first %lld records of partition %zu "
                             "(truncated, or deleted by retention): figures can no more be "
                             "recomputed from it. Bring the log back, or set "
                             "allow_short_retention where a checked export covers what is gone",
                             topic, (long long)lows[p], p);
    return true;
}

bool shard_check_clock(int32_t partition, int64_t offset, struct error *err)
{
    if (offset <= CLOCK_LIMIT_US && offset >= -CLOCK_LIMIT_US)
        return true;
    return error_set(err, ERROR_UNREACHABLE, true,
                     "this machine's clock is off by %lld ms against Kafka's: nothing is published "
                     "by shard %d until they agree within 5 s (set the clock, chrony or NTP)",
                     (long long)(offset / 1000), (int)partition);
}
