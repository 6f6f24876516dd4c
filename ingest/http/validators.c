#include "validators.h"

#include <stdlib.h>

#include "../../common/allocate.h"

/* Chains of places; a place that is taken again leaves its chain first. */
#define CHAINS 64

struct place {
    struct http_validator validator;
    uint16_t next; /* place + 1; 0 = the chain ends */
};

struct validators {
    struct place places[VALIDATORS_MAX];
    uint16_t chains[CHAINS];
    size_t used, oldest;
};

void validators_free(struct validators *validators)
{
    free(validators);
}

static size_t chain_of(struct key128 url)
{
    return (size_t)(url.lo % CHAINS);
}

static struct place *find(const struct validators *v, struct key128 url)
{
    for (uint16_t at = v->chains[chain_of(url)]; at; at = v->places[at - 1].next) {
        if (key128_equal(v->places[at - 1].validator.url, url))
            return (struct place *)(uintptr_t)&v->places[at - 1];
    }
    return NULL;
}

static void unchain(struct validators *v, size_t place)
{
    uint16_t *at = &v->chains[chain_of(v->places[place].validator.url)];
    while (*at != place + 1)
        at = &v->places[*at - 1].next;
    *at = v->places[place].next;
}

void validators_put(struct validators **validators, const struct http_validator *validator)
{
    if (!*validators)
        *validators = must_have(calloc(1, sizeof **validators));
    struct validators *v = *validators;
    struct place *known = find(v, validator->url);
    if (known) {
        known->validator = *validator;
        return;
    }
    size_t place = v->used;
    if (v->used < VALIDATORS_MAX) {
        v->used++;
    } else {
        place = v->oldest;
        v->oldest = (v->oldest + 1) % VALIDATORS_MAX;
        unchain(v, place);
    }
    uint16_t *chain = &v->chains[chain_of(validator->url)];
    v->places[place] = (struct place){*validator, *chain};
    *chain = (uint16_t)(place + 1);
}

const struct http_validator *validators_get(const struct validators *validators, struct key128 url)
{
    const struct place *place = validators ? find(validators, url) : NULL;
    return place ? &place->validator : NULL;
}
