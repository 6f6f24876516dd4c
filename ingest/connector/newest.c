#include "newest.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/crypto.h"

struct said {
    struct key128 entity; /* all zero: free */
    int64_t us;
    uint64_t record; /* 0: it has yet to speak */
};

struct newest {
    struct said *slots;
    size_t size, count; /* size is a power of two */
};

struct newest *newest_new(void)
{
    struct newest *n = must_have(calloc(1, sizeof *n));
    n->size = 64;
    n->slots = must_have(calloc(n->size, sizeof *n->slots));
    return n;
}

void newest_free(struct newest *n)
{
    if (!n)
        return;
    free(n->slots);
    free(n);
}

static bool is_free(const struct said *said)
{
    return (said->entity.hi | said->entity.lo) == 0;
}

static struct said *slot_of(const struct newest *n, struct key128 entity)
{
    size_t at = (size_t)entity.lo & (n->size - 1);
    while (!is_free(&n->slots[at]) && !key128_equal(n->slots[at].entity, entity))
        at = (at + 1) & (n->size - 1);
    return &n->slots[at];
}

static void grow(struct newest *n)
{
    struct newest larger = {must_have(calloc(n->size * 2, sizeof *n->slots)), n->size * 2, n->count};
    for (size_t i = 0; i < n->size; i++)
        if (!is_free(&n->slots[i]))
            *slot_of(&larger, n->slots[i].entity) = n->slots[i];
    free(n->slots);
    *n = larger;
}

void newest_learn(struct newest *n, const char *entity, int64_t us)
{
    struct key128 key = key128_of(entity, strlen(entity));
    struct said *said = slot_of(n, key);
    bool is_new = is_free(said);
    if (is_new || us > said->us)
        *said = (struct said){key, us, 0};
    if (is_new && ++n->count * 3 > n->size * 2)
        grow(n);
}

bool newest_may_speak(struct newest *n, const char *entity, int64_t us, uint64_t record)
{
    struct key128 key = key128_of(entity, strlen(entity));
    struct said *said = slot_of(n, key);
    if (!is_free(said)) {
        if (said->record != record && (said->us > us || (said->us == us && said->record)))
            return false;
        said->us = us;
        said->record = record;
        return true;
    }
    *said = (struct said){key, us, record};
    if (++n->count * 3 > n->size * 2)
        grow(n);
    return true;
}

bool newest_has_spoken(const struct newest *n, const char *entity)
{
    return !is_free(slot_of(n, key128_of(entity, strlen(entity))));
}
