/* Memory of bulk facts: blocks that grow and move by the million, by one thread, and go all at once. malloc would walk its lists and lock
 * for each. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "bulk_private.h"

#define CHUNK_BYTES ((size_t)1024 * 1024)

struct bulk_chunk {
    _Alignas(STORE_GRAIN) struct bulk_chunk *next;
    size_t used;
};

/* A large block stands alone. */
struct bulk_large {
    _Alignas(STORE_GRAIN) struct bulk_large *next;
    struct bulk_large *before;
};

struct bulk_spare {
    struct bulk_spare *next;
};

size_t bulk_store_rounded(size_t bytes)
{
    return (bytes + STORE_GRAIN - 1) / STORE_GRAIN * STORE_GRAIN;
}

static void *take_large(struct bulk_store *store, size_t bytes)
{
    struct bulk_large *large = must_have(malloc(sizeof(*large) + bytes));
    large->before = NULL;
    large->next = store->large;
    if (large->next)
        large->next->before = large;
    store->large = large;
    store->bytes += bytes;
    return large + 1;
}

static struct bulk_chunk *new_chunk(struct bulk_store *store)
{
    struct bulk_chunk *chunk = must_have(malloc(CHUNK_BYTES));
    chunk->next = store->chunks;
    chunk->used = sizeof(*chunk);
    store->bytes += CHUNK_BYTES;
    return store->chunks = chunk;
}

void *bulk_store_take(struct bulk_store *store, size_t bytes)
{
    if (bytes > STORE_LARGEST)
        return take_large(store, bytes);
    struct bulk_spare *spare = store->spare[bytes / STORE_GRAIN];
    if (spare) {
        store->spare[bytes / STORE_GRAIN] = spare->next;
        return spare;
    }
    struct bulk_chunk *chunk = store->chunks;
    if (!chunk || CHUNK_BYTES - chunk->used < bytes)
        chunk = new_chunk(store);
    void *block = (uint8_t *)chunk + chunk->used;
    chunk->used += bytes;
    return block;
}

size_t bulk_store_best(const struct bulk_store *store, size_t least, size_t most)
{
    for (size_t bytes = most; bytes >= least; bytes -= STORE_GRAIN)
        if (bytes <= STORE_LARGEST && store->spare[bytes / STORE_GRAIN])
            return bytes;
    return most;
}

void bulk_store_give(struct bulk_store *store, void *block, size_t bytes)
{
    if (bytes <= STORE_LARGEST) {
        struct bulk_spare *spare = block;
        spare->next = store->spare[bytes / STORE_GRAIN];
        store->spare[bytes / STORE_GRAIN] = spare;
        return;
    }
    struct bulk_large *large = (struct bulk_large *)block - 1;
    if (large->next)
        large->next->before = large->before;
    if (large->before)
        large->before->next = large->next;
    else
        store->large = large->next;
    store->bytes -= bytes;
    free(large);
}

void bulk_store_release(struct bulk_store *store)
{
    for (struct bulk_chunk *chunk = store->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    for (struct bulk_large *large = store->large, *next; large; large = next) {
        next = large->next;
        free(large);
    }
    memset(store, 0, sizeof(*store));
}

/* Scratch ---------------------------------------------------------------------------------------------------------------- */

#define LEAST_SCRATCH ((size_t)16 * 1024)

struct bulk_sheet {
    struct bulk_sheet *next; /* smaller, and full */
    size_t size;
    _Alignas(16) uint8_t bytes[];
};

void *bulk_scratch_take(struct bulk_scratch *scratch, size_t bytes)
{
    bytes = (bytes + 15) & ~(size_t)15;
    struct bulk_sheet *sheet = scratch->sheets;
    if (!sheet || sheet->size - scratch->used < bytes) {
        size_t size = sheet ? sheet->size * 2 : LEAST_SCRATCH;
        while (size < bytes)
            size *= 2;
        sheet = must_have(malloc(sizeof(*sheet) + size));
        sheet->next = scratch->sheets;
        sheet->size = size;
        scratch->sheets = sheet;
        scratch->used = 0;
    }
    void *taken = sheet->bytes + scratch->used;
    scratch->used += bytes;
    return taken;
}

static void free_sheets(struct bulk_sheet *sheet)
{
    for (struct bulk_sheet *next; sheet; sheet = next) {
        next = sheet->next;
        free(sheet);
    }
}

void bulk_scratch_clear(struct bulk_scratch *scratch)
{
    scratch->used = 0;
    if (scratch->sheets) {
        free_sheets(scratch->sheets->next);
        scratch->sheets->next = NULL;
    }
}

void bulk_scratch_release(struct bulk_scratch *scratch)
{
    free_sheets(scratch->sheets);
    memset(scratch, 0, sizeof(*scratch));
}
