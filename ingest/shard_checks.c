#include "shard_checks.h"

#include <string.h>

#define CLOCK_LIMIT_US INT64_C(5000000)

bool shard_check_meta(const struct shard_settings *s, const struct state_meta *meta, struct error *err)
{
    if (strcmp(meta->hmac, s->hmac_fingerprint) != 0 || meta->key_version != s->key_version)
        return error_set(err, ERROR_STATE, false,
                         "the state of shard %d was made with another HMAC key (fingerprint %s, "
                         "version %lld; ours %s, version %lld): with this key everybody would be a "
                         "new person. Give the key file that belongs to it",
                         (int)s->partition, meta->hmac, (long long)meta->key_version,
                         s->hmac_fingerprint, (long long)s->key_version);
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
