#include "shard_checks.h"

#include <string.h>

#define CLOCK_LIMIT_US INT64_C(5000000)

/* Does the list "a=1 b=2" have the word? */
static bool has_word(const char *list, const char *word, size_t length)
{
    for (const char *at = list; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, word, length) == 0 && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

/* Is every connector of the state one of ours, with the same mapping? */
static bool connectors_fit(const char *stored, const char *ours)
{
    while (*stored) {
        size_t length = strcspn(stored, " ");
        if (!has_word(ours, stored, length))
            return false;
        stored += length;
        stored += *stored == ' ';
    }
    return true;
}

bool shard_check_meta(const struct shard_settings *s, const struct state_meta *meta, struct error *err)
{
    if (strcmp(meta->hmac, s->hmac_fingerprint) != 0 || meta->key_version != s->key_version)
        return error_set(err, ERROR_STATE, false,
                         "the state of shard %d was made with another HMAC key (fingerprint %s, "
                         "version %lld; ours %s, version %lld): with this key everybody would be a "
                         "new person. Give the key file that belongs to it",
                         (int)s->partition, meta->hmac, (long long)meta->key_version,
                         s->hmac_fingerprint, (long long)s->key_version);
    if (!connectors_fit(meta->connectors, s->connectors))
        return error_set(err, ERROR_STATE, false,
                         "the state of shard %d was made by connectors \"%s\", this binary has "
                         "\"%s\": run the version that made it, or `mooc-ingest state rebuild`",
                         (int)s->partition, meta->connectors, s->connectors);
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
