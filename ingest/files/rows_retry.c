#include "rows_retry.h"

#include <stdlib.h>

#include "../../common/allocate.h"
#include "letter_retry.h"
#include "quarantine_retry.h"

struct rows_retry {
    struct quarantine_retry *people;
    struct letter_retry *others;
    bool people_done;
};

struct rows_retry *rows_retry_new(const struct files_env *env)
{
    struct rows_retry *retry = must_have(calloc(1, sizeof(*retry)));
    retry->people = quarantine_retry_new(env);
    retry->others = letter_retry_new(env);
    return retry;
}

bool rows_retry_tick(struct rows_retry *retry, struct shard *shard)
{
    retry->people_done = retry->people_done || quarantine_retry_tick(retry->people, shard);
    return retry->people_done && letter_retry_tick(retry->others, shard);
}

int64_t rows_retry_taken(const struct rows_retry *retry)
{
    return quarantine_retry_listed(retry->people) + letter_retry_taken(retry->others);
}

void rows_retry_free(struct rows_retry *retry)
{
    if (retry == NULL)
        return;
    quarantine_retry_free(retry->people);
    letter_retry_free(retry->others);
    free(retry);
}
