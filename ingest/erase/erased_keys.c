#include "erased_keys.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/erasure_queue.h"

#define HEAD ERASURE_JOB_HEAD
#define HEX 32

static size_t position(const struct erased_keys *set, struct key128 key)
{
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (key128_compare(set->keys[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool erased_keys_has(const struct erased_keys *set, struct key128 key)
{
    size_t at = position(set, key);
    return at < set->count && key128_equal(set->keys[at], key);
}

bool erased_keys_has_text(const struct erased_keys *set, const char *text)
{
    return erased_keys_has(set, key128_of(text, strlen(text)));
}

bool erased_keys_add(struct erased_keys *set, struct key128 key)
{
    size_t at = position(set, key);
    if (at < set->count && key128_equal(set->keys[at], key))
        return false;
    set->keys = array_room(set->keys, set->count, &set->capacity, sizeof(*set->keys));
    memmove(&set->keys[at + 1], &set->keys[at], (set->count - at) * sizeof(*set->keys));
    set->keys[at] = key;
    set->count++;
    return true;
}

void erased_keys_free(struct erased_keys *set)
{
    free(set->keys);
    *set = (struct erased_keys){0};
}

static bool has(void *context, const char *form)
{
    return erased_keys_has_text(context, form);
}

bool erased_keys_has_form(const struct erased_keys *set, struct key_ring *ring, const char *key)
{
    return set->count > 0 && key_ring_any_form(ring, key, has, (void *)(uintptr_t)set);
}

bool erased_keys_name(const struct erased_keys *set, struct key_ring *ring, const struct event *event)
{
    if (set->count == 0)
        return false;
    if (event->subject)
        return erased_keys_has_form(set, ring, event->subject);
    return event->entity && erased_keys_has_text(set, event->entity); /* entities keep their names */
}

/* ---- the job ---- */

static bool take_hex(const char *hex, struct key128 *key)
{
    uint8_t bytes[HEX / 2];
    if (strspn(hex, "0123456789abcdef") < HEX || !hex_decode(hex, sizeof(bytes), bytes))
        return false;
    *key = key128_load(bytes);
    return true;
}

/* One whole line; NULL when it is none that a job has. */
static const char *take_line(const char *at, struct erase_job *job)
{
    static const char learner[] = "learner ", identifier[] = "identifier ";
    bool is_learner = strncmp(at, learner, strlen(learner)) == 0;
    if (!is_learner && strncmp(at, identifier, strlen(identifier)) != 0)
        return NULL;
    struct key128 key;
    const char *hex = at + strlen(is_learner ? learner : identifier);
    if (!take_hex(hex, &key) || hex[HEX] != '\n')
        return NULL;
    erased_keys_add(is_learner ? &job->learners : &job->identifiers, key);
    return hex + HEX + 1;
}

bool erase_job_parse(const char *text, size_t length, struct erase_job *job, struct error *err)
{
    *job = (struct erase_job){0};
    const char *at = length >= strlen(HEAD) && strncmp(text, HEAD, strlen(HEAD)) == 0
                         ? text + strlen(HEAD)
                         : NULL;
    while (at && at < text + length)
        at = take_line(at, job);
    if (at && job->learners.count > 0)
        return true;
    return error_tell(
        err, ERROR_DATA, false,
        "đây không phải là tệp yêu cầu mà `mooc-aggregator erase` của phiên bản này ghi ra",
        "this is no job that `mooc-aggregator erase` of this version wrote");
}

void erase_job_free(struct erase_job *job)
{
    erased_keys_free(&job->learners);
    erased_keys_free(&job->identifiers);
}
