#include "arena.h"

#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    _Alignas(16) char bytes[];
};

void *arena_allocate(struct arena *arena, size_t bytes)
{
    bytes = (bytes + 15) & ~(size_t)15;
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < bytes) {
        size_t size = bytes > 65536 ? bytes : 65536;
        block = calloc(1, sizeof(*block) + size);
        if (block == NULL)
            abort();
        block->size = size;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *place = block->bytes + block->used;
    block->used += bytes;
    return place;
}

const char *arena_text(struct arena *arena, const char *text)
{
    if (text[0] == '\0')
        return "";
    size_t size = strlen(text) + 1;
    return memcpy(arena_allocate(arena, size), text, size);
}

void arena_free(struct arena *arena)
{
    for (struct arena_block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        volatile char *bytes = block->bytes;
        for (size_t i = 0; i < block->used; i++)
            bytes[i] = 0;
        free(block);
    }
    arena->blocks = NULL;
}
