/* Whole numbers in few bytes: seven bits a byte, the least first, the eighth where another byte follows (LEB128, as DWARF has it). */
#ifndef MOOC_FOLD_NUMBER_H
#define MOOC_FOLD_NUMBER_H

#include <stdint.h>

#define NUMBER_MOST 10 /* bytes */

/* Returns where the next byte goes. */
static inline uint8_t *number_put(uint8_t *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *out++ = (uint8_t)(value | 0x80);
    *out++ = (uint8_t)value;
    return out;
}

/* Of bytes that number_put wrote. */
static inline uint64_t number_take(const uint8_t **at)
{
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
}

/* Small numbers of either sign stay small. */
static inline uint64_t number_of_signed(int64_t value)
{
    return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static inline int64_t number_signed(uint64_t number)
{
    return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

#endif
