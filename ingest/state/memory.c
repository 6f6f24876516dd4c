#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

/* Open addressing over an array's numbers + 1. */
struct slots {
    uint32_t *at;
    uint32_t size; /* a power of two */
};

struct memory_index {
    struct slots substreams, cursors;
};

struct memory_cursor {
    char *source, *name, *value;
};

static char *copy(const char *text)
{
    return must_have(strdup(text));
}

static void empty_slots(struct slots *slots, uint32_t size)
{
    free(slots->at);
    slots->size = size;
    slots->at = must_have(calloc(size, sizeof(uint32_t)));
}

struct memory *memory_new(void)
{
    struct memory *memory = must_have(calloc(1, sizeof(*memory)));
    memory->ledger = ledger_new();
    memory->known_keys = key_set_new();
    memory->index = must_have(calloc(1, sizeof(*memory->index)));
    empty_slots(&memory->index->substreams, 64);
    empty_slots(&memory->index->cursors, 64);
    return memory;
}

void memory_free(struct memory *memory)
{
    if (!memory)
        return;
    for (uint32_t i = 0; i < memory->substream_count; i++) {
        free((char *)(uintptr_t)memory->substreams[i]->kept.source);
        free(memory->substreams[i]);
    }
    for (size_t i = 0; i < memory->cursor_count; i++) {
        free(memory->cursors[i].source);
        free(memory->cursors[i].name);
        free(memory->cursors[i].value);
    }
    free((char *)(uintptr_t)memory->meta.hmac);
    free((char *)(uintptr_t)memory->meta.connectors);
    free(memory->cursors);
    free(memory->substreams);
    free(memory->index->substreams.at);
    free(memory->index->cursors.at);
    free(memory->index);
    ledger_free(memory->ledger);
    key_set_free(memory->known_keys);
    erased_keys_free(&memory->erased);
    free(memory);
}

/* ---- sub-streams ---- */

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (;; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
        if (!*text)
            return hash ^ (hash >> 29);
    }
}

static uint32_t slot_of(const struct memory *memory, const char *source, const char *stream,
                        const char *name)
{
    uint64_t hash =
        hash_text(hash_text(hash_text(UINT64_C(0xCBF29CE484222325), source), stream), name);
    const struct slots *slots = &memory->index->substreams;
    uint32_t mask = slots->size - 1, at = (uint32_t)(hash & mask);
    for (; slots->at[at]; at = (at + 1) & mask) {
        const struct state_substream *kept = &memory->substreams[slots->at[at] - 1]->kept;
        if (strcmp(kept->substream, name) == 0 && strcmp(kept->stream, stream) == 0 &&
            strcmp(kept->source, source) == 0)
            break;
    }
    return at;
}

static void grow_substream_index(struct memory *memory)
{
    struct slots *slots = &memory->index->substreams;
    empty_slots(slots, slots->size * 2);
    for (uint32_t i = 0; i < memory->substream_count; i++) {
        const struct state_substream *kept = &memory->substreams[i]->kept;
        slots->at[slot_of(memory, kept->source, kept->stream, kept->substream)] = i + 1;
    }
}

struct substream *memory_find_substream(const struct memory *memory, const char *source,
                                        const char *stream, const char *name)
{
    uint32_t held = memory->index->substreams.at[slot_of(memory, source, stream, name)];
    return held ? memory->substreams[held - 1] : NULL;
}

struct substream *memory_substream(struct memory *memory, const char *source, const char *stream,
                                   const char *name)
{
    struct substream *found = memory_find_substream(memory, source, stream, name);
    if (found)
        return found;
    struct substream *added = must_have(calloc(1, sizeof(*added)));
    size_t source_size = strlen(source) + 1, stream_size = strlen(stream) + 1;
    char *names = must_have(malloc(source_size + stream_size + strlen(name) + 1));
    memcpy(names, source, source_size);
    memcpy(names + source_size, stream, stream_size);
    memcpy(names + source_size + stream_size, name, strlen(name) + 1);
    added->kept.source = names;
    added->kept.stream = names + source_size;
    added->kept.substream = names + source_size + stream_size;
    added->first = LEDGER_NONE;
    added->index = memory->substream_count;
    memory->substreams = must_have(
        realloc(memory->substreams, (memory->substream_count + 1) * sizeof(*memory->substreams)));
    memory->substreams[memory->substream_count++] = added;
    memory->index->substreams.at[slot_of(memory, source, stream, name)] = added->index + 1;
    if (memory->substream_count > memory->index->substreams.size / 2)
        grow_substream_index(memory);
    return added;
}

/* ---- entities ---- */

uint32_t memory_add_entity(struct memory *memory, struct key128 key, struct substream *substream)
{
    uint32_t index = ledger_insert(memory->ledger, key);
    struct ledger_entry *entry = ledger_at(memory->ledger, index);
    ledger_set(entry, LEDGER_GONE, true);
    entry->substream = substream->index;
    entry->next = substream->first;
    substream->first = index;
    return index;
}

static void count(struct memory *memory, const struct ledger_entry *entry, int64_t by)
{
    struct substream *substream = memory->substreams[entry->substream];
    if (ledger_is(entry, LEDGER_GONE))
        return;
    if (ledger_is(entry, LEDGER_DEAD))
        substream->dead += by;
    else
        substream->in_force += by;
}

void memory_set_force(struct memory *memory, struct ledger_entry *entry, bool in_force, bool dead)
{
    memory->births += in_force && ledger_is(entry, LEDGER_GONE);
    memory->substreams[entry->substream]->changes++;
    count(memory, entry, -1);
    ledger_set(entry, LEDGER_GONE, !in_force);
    ledger_set(entry, LEDGER_DEAD, dead);
    count(memory, entry, 1);
}

void memory_move(struct memory *memory, uint32_t index, struct substream *substream)
{
    struct ledger_entry *entry = ledger_at(memory->ledger, index);
    if (entry->substream == substream->index)
        return;
    struct substream *old = memory->substreams[entry->substream];
    if (old->first == index) {
        old->first = entry->next;
    } else {
        struct ledger_entry *before = ledger_at(memory->ledger, old->first);
        while (before->next != index)
            before = ledger_at(memory->ledger, before->next);
        before->next = entry->next;
    }
    count(memory, entry, -1);
    old->withdrawn -= memory_was_withdrawn(old, entry);
    old->changes++;
    substream->changes++;
    entry->substream = substream->index;
    entry->mark = 0;
    entry->next = substream->first;
    substream->first = index;
    count(memory, entry, 1);
}

void memory_begin_sweep(struct memory *memory, struct substream *substream)
{
    substream->sweeping = true;
    substream->seen = substream->withdrawn = substream->contradicted = 0;
    if (substream->mark <= UINT8_MAX + 1 - 2 * MEMORY_MARKS) {
        substream->mark += MEMORY_MARKS;
        return;
    }
    substream->mark = MEMORY_MARKS;
    for (uint32_t i = substream->first; i != LEDGER_NONE;) {
        struct ledger_entry *entry = ledger_at(memory->ledger, i);
        entry->mark = 0;
        i = entry->next;
    }
}

void memory_see(struct memory *memory, struct ledger_entry *entry)
{
    struct substream *substream = memory->substreams[entry->substream];
    ledger_set_misses(entry, 0);
    if (!substream->sweeping || memory_was_seen(substream, entry))
        return;
    substream->withdrawn -= memory_was_withdrawn(substream, entry);
    entry->mark = substream->mark;
    substream->seen++;
}

void memory_withdraw(struct memory *memory, struct ledger_entry *entry)
{
    struct substream *substream = memory->substreams[entry->substream];
    if (!substream->sweeping || memory_was_told(substream, entry) ||
        memory_was_withdrawn(substream, entry))
        return;
    substream->seen -= memory_was_seen(substream, entry);
    substream->withdrawn++;
    entry->mark = (uint8_t)(substream->mark + 2);
}

/* ---- records ---- */

static void apply_entity(struct memory *memory, const struct state_entity *e, int64_t offset)
{
    struct substream *substream = memory_substream(memory, e->event.source, e->stream, e->substream);
    struct key128 key = key128_of(e->event.entity, strlen(e->event.entity));
    uint32_t index = ledger_find(memory->ledger, key);
    if (index == LEDGER_NONE)
        index = memory_add_entity(memory, key, substream);
    else
        memory_move(memory, index, substream);
    struct ledger_entry *entry = ledger_at(memory->ledger, index);
    entry->fingerprint = e->fingerprint;
    entry->revision = e->event.revision;
    entry->since = e->since;
    entry->status = e->status;
    ledger_set_offset(entry, offset);
    ledger_set(entry, LEDGER_TOTAL, e->total);
    memory_set_force(memory, entry, !e->gone, e->event.type == EVENT_RECORD_REJECTED);
}

bool memory_forget(struct memory *memory, struct key128 entity)
{
    uint32_t index = ledger_find(memory->ledger, entity);
    struct ledger_entry *entry = index == LEDGER_NONE ? NULL : ledger_at(memory->ledger, index);
    if (!entry || (ledger_is(entry, LEDGER_GONE) && entry->revision == 0))
        return false;
    memory_set_force(memory, entry, false, false);
    entry->fingerprint = 0;
    entry->revision = 0;
    entry->since = 0;
    ledger_set(entry, LEDGER_TOTAL, false);
    return true;
}

static void forget_substream(struct memory *memory, const struct state_substream *s)
{
    struct substream *substream = memory_find_substream(memory, s->source, s->stream, s->substream);
    if (substream)
        substream->kept = (struct state_substream){.source = substream->kept.source,
                                                   .stream = substream->kept.stream,
                                                   .substream = substream->kept.substream};
}

static void apply_substream(struct memory *memory, const struct state_substream *s)
{
    struct substream *substream = memory_substream(memory, s->source, s->stream, s->substream);
    struct state_substream kept = *s;
    kept.source = substream->kept.source;
    kept.stream = substream->kept.stream;
    kept.substream = substream->kept.substream;
    substream->kept = kept;
}

static void forget_meta(struct memory *memory)
{
    free((char *)(uintptr_t)memory->meta.hmac);
    free((char *)(uintptr_t)memory->meta.connectors);
    memory->meta = (struct state_meta){.hmac = NULL};
    memory->has_meta = false;
}

static void apply_meta(struct memory *memory, const struct state_meta *meta)
{
    forget_meta(memory);
    memory->meta = (struct state_meta){copy(meta->hmac), meta->key_version, copy(meta->connectors)};
    memory->has_meta = true;
}

static void apply_keys(struct memory *memory, const char *hex)
{
    uint8_t bytes[8];
    for (; *hex && hex_decode(hex, sizeof(bytes), bytes); hex += 16) {
        uint64_t key = 0;
        for (size_t i = 0; i < sizeof(bytes); i++)
            key = key << 8 | bytes[i];
        key_set_add(memory->known_keys, key);
    }
}

void memory_apply(struct memory *memory, const struct state_record *record, int64_t offset)
{
    memory->records++;
    switch (record->kind) {
    case STATE_ENTITY:
        apply_entity(memory, &record->entity, offset);
        break;
    case STATE_SUBSTREAM:
        apply_substream(memory, &record->substream);
        break;
    case STATE_CURSOR:
        memory_cursor_set(memory, record->cursor.source, record->cursor.name, record->cursor.value);
        break;
    case STATE_META:
        apply_meta(memory, &record->meta);
        break;
    case STATE_KEYS:
        apply_keys(memory, record->keys);
        break;
    case STATE_LOG:
        memory->log = record->log;
        break;
    case STATE_FORGOTTEN_ENTITY:
        (void)memory_forget(
            memory, key128_of(record->entity.event.entity, strlen(record->entity.event.entity)));
        break;
    case STATE_ERASED:
        erased_keys_add(&memory->erased, record->erased);
        break;
    case STATE_FORGOTTEN_SUBSTREAM:
        forget_substream(memory, &record->substream);
        break;
    case STATE_FORGOTTEN_META:
        forget_meta(memory);
        break;
    case STATE_OWNER:
    case STATE_UNKNOWN:
        break;
    }
}

/* ---- cursors ---- */

static uint32_t cursor_slot(const struct memory *memory, const char *source, const char *name)
{
    uint64_t hash = hash_text(hash_text(UINT64_C(0xCBF29CE484222325), source), name);
    const struct slots *slots = &memory->index->cursors;
    uint32_t mask = slots->size - 1, at = (uint32_t)(hash & mask);
    for (; slots->at[at]; at = (at + 1) & mask) {
        const struct memory_cursor *cursor = &memory->cursors[slots->at[at] - 1];
        if (strcmp(cursor->name, name) == 0 && strcmp(cursor->source, source) == 0)
            break;
    }
    return at;
}

static struct memory_cursor *find_cursor(const struct memory *memory, const char *source,
                                         const char *name)
{
    uint32_t held = memory->index->cursors.at[cursor_slot(memory, source, name)];
    return held ? &memory->cursors[held - 1] : NULL;
}

static struct memory_cursor *add_cursor(struct memory *memory, const char *source, const char *name)
{
    struct slots *slots = &memory->index->cursors;
    memory->cursors = array_room(memory->cursors, memory->cursor_count, &memory->cursor_room,
                                 sizeof(*memory->cursors));
    struct memory_cursor *cursor = &memory->cursors[memory->cursor_count++];
    *cursor = (struct memory_cursor){copy(source), copy(name), NULL};
    slots->at[cursor_slot(memory, source, name)] = (uint32_t)memory->cursor_count;
    if (memory->cursor_count > slots->size / 2) {
        empty_slots(slots, slots->size * 2);
        for (size_t i = 0; i < memory->cursor_count; i++)
            slots->at[cursor_slot(memory, memory->cursors[i].source, memory->cursors[i].name)] =
                (uint32_t)i + 1;
    }
    return cursor;
}

void memory_cursor_set(struct memory *memory, const char *source, const char *name, const char *value)
{
    struct memory_cursor *cursor = find_cursor(memory, source, name);
    if (!cursor)
        cursor = add_cursor(memory, source, name);
    char *kept = value ? copy(value) : NULL; /* value may be the very one that is held */
    free(cursor->value);
    cursor->value = kept;
}

const char *memory_cursor_get(const struct memory *memory, const char *source, const char *name)
{
    const struct memory_cursor *cursor = find_cursor(memory, source, name);
    return cursor ? cursor->value : NULL;
}

size_t memory_cursor_count(const struct memory *memory)
{
    return memory->cursor_count;
}

void memory_cursor_at(const struct memory *memory, size_t index, const char **name, const char **value)
{
    *name = memory->cursors[index].name;
    *value = memory->cursors[index].value;
}
