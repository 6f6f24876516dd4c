#include "strings.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

struct strings {
    char **texts;
    uint32_t count, capacity;
    uint32_t *slots; /* number, or UINT32_MAX where empty */
    uint32_t slot_count;
};

static uint32_t hash_text(const char *text, size_t length)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619U;
    return hash;
}

static void rehash(struct strings *strings, uint32_t slot_count)
{
    free(strings->slots);
    strings->slots = must_have(malloc(slot_count * sizeof(uint32_t)));
    memset(strings->slots, 0xff, slot_count * sizeof(uint32_t));
    strings->slot_count = slot_count;
    for (uint32_t n = 0; n < strings->count; n++) {
        uint32_t at = hash_text(strings->texts[n], strlen(strings->texts[n])) & (slot_count - 1);
        while (strings->slots[at] != UINT32_MAX)
            at = (at + 1) & (slot_count - 1);
        strings->slots[at] = n;
    }
}

struct strings *strings_new(void)
{
    struct strings *strings = must_have(calloc(1, sizeof(*strings)));
    rehash(strings, 256);
    strings_intern(strings, "", 0);
    return strings;
}

void strings_free(struct strings *strings)
{
    if (!strings)
        return;
    for (uint32_t n = 0; n < strings->count; n++)
        free(strings->texts[n]);
    free(strings->texts);
    free(strings->slots);
    free(strings);
}

/* The slot where the text is, or belongs. */
static uint32_t slot_of(const struct strings *strings, const char *text, size_t length)
{
    uint32_t at = hash_text(text, length) & (strings->slot_count - 1);
    for (; strings->slots[at] != UINT32_MAX; at = (at + 1) & (strings->slot_count - 1)) {
        const char *held = strings->texts[strings->slots[at]];
        if (strncmp(held, text, length) == 0 && held[length] == 0)
            break;
    }
    return at;
}

uint32_t strings_find(const struct strings *strings, const char *text, size_t length)
{
    return strings->slots[slot_of(strings, text, length)];
}

uint32_t strings_intern(struct strings *strings, const char *text, size_t length)
{
    uint32_t at = slot_of(strings, text, length);
    if (strings->slots[at] != UINT32_MAX)
        return strings->slots[at];
    if (strings->count == strings->capacity) {
        strings->capacity = strings->capacity ? strings->capacity * 2 : 128;
        strings->texts = must_have(realloc(strings->texts, strings->capacity * sizeof(char *)));
    }
    strings->texts[strings->count] = must_have(strndup(text, length));
    strings->slots[at] = strings->count++;
    if (strings->count * 2 > strings->slot_count)
        rehash(strings, strings->slot_count * 2);
    return strings->count - 1;
}

size_t strings_count(const struct strings *strings)
{
    return strings->count;
}

const char *strings_text(const struct strings *strings, uint32_t number)
{
    return number < strings->count ? strings->texts[number] : "";
}
