#include "siphash.h"

#include <string.h>

#include "crypto.h"

struct state {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t turned(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void turn(struct state *s)
{
    s->v0 += s->v1;
    s->v1 = turned(s->v1, 13) ^ s->v0;
    s->v0 = turned(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = turned(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = turned(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = turned(s->v1, 17) ^ s->v2;
    s->v2 = turned(s->v2, 32);
}

static inline void add(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    turn(s);
    s->v0 ^= word;
}

/* Little-endian, whatever the machine is; compilers see the plain load. */
static inline uint64_t word_at(const unsigned char *bytes, size_t count)
{
    uint64_t word = 0;
    for (size_t i = 0; i < count; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

struct siphash_key siphash_key_random(void)
{
    return (struct siphash_key){{random_u64(), random_u64()}};
}

uint64_t siphash(struct siphash_key key, const void *data, size_t length)
{
    const unsigned char *at = data;
    struct state s = {
        key.words[0] ^ UINT64_C(0x736f6d6570736575), key.words[1] ^ UINT64_C(0x646f72616e646f6d),
        key.words[0] ^ UINT64_C(0x6c7967656e657261), key.words[1] ^ UINT64_C(0x7465646279746573)};
    size_t left = length;
    for (; left >= 8; left -= 8, at += 8)
        add(&s, word_at(at, 8));
    add(&s, (left ? word_at(at, left) : 0) | (uint64_t)(length & 0xFF) << 56);
    s.v2 ^= 0xFF;
    for (int i = 0; i < 3; i++)
        turn(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
