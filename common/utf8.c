#include <string.h>

#include "json_internal.h"

bool utf8_valid(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0;
    while (at < length) {
        uint64_t word;
        if (at + 8 <= length) {
            memcpy(&word, bytes + at, 8);
            if ((word & EACH_BYTE(0x80)) == 0) {
                at += 8;
                continue;
            }
        }
        if (bytes[at] < 0x80) {
            at++;
            continue;
        }
        size_t sequence = utf8_sequence(bytes + at, length - at);
        if (sequence == 0)
            return false;
        at += sequence;
    }
    return true;
}
