#include "validators.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

/* Chains of places; a place that is taken again leaves its chain first. */
#define CHAINS 256

struct place {
    struct http_validator validator;
    int64_t put_ms;
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

static size_t chain_of(struct key128 page)
{
    return (size_t)(page.lo % CHAINS);
}

static struct place *find(const struct validators *v, struct key128 page)
{
    for (uint16_t at = v->chains[chain_of(page)]; at; at = v->places[at - 1].next) {
        if (key128_equal(v->places[at - 1].validator.page, page))
            return (struct place *)(uintptr_t)&v->places[at - 1];
    }
    return NULL;
}

static void unchain(struct validators *v, size_t place)
{
    uint16_t *at = &v->chains[chain_of(v->places[place].validator.page)];
    while (*at != place + 1)
        at = &v->places[*at - 1].next;
    *at = v->places[place].next;
}

void validators_put(struct validators **validators, const struct http_validator *validator,
                    int64_t now_ms)
{
    if (!*validators)
        *validators = must_have(calloc(1, sizeof **validators));
    struct validators *v = *validators;
    struct place *known = find(v, validator->page);
    if (known) {
        known->validator = *validator;
        known->put_ms = now_ms;
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
    uint16_t *chain = &v->chains[chain_of(validator->page)];
    v->places[place] = (struct place){*validator, now_ms, *chain};
    *chain = (uint16_t)(place + 1);
}

const struct http_validator *validators_get(const struct validators *validators, struct key128 page,
                                            int64_t now_ms)
{
    const struct place *place = validators ? find(validators, page) : NULL;
    return place && now_ms - place->put_ms < VALIDATORS_MS ? &place->validator : NULL;
}

/* Reader, line feed, URL: no name has a line feed. */
struct key128 validators_page(const char *reader, const char *url)
{
    size_t length = strlen(reader);
    char *text = must_have(malloc(length + strlen(url) + 2));
    memcpy(text, reader, length);
    text[length] = '\n';
    memcpy(text + length + 1, url, strlen(url) + 1);
    struct key128 page = key128_of(text, length + 1 + strlen(url));
    free(text);
    return page;
}
