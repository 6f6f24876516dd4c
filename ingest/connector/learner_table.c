#include "learner_table.h"

#include <stdlib.h>
#include <string.h>

struct learner_table {
    struct learner_note *notes;
    size_t capacity, count; /* capacity is a power of two */
};

struct learner_table *learner_table_new(void)
{
    struct learner_table *table = calloc(1, sizeof *table);
    if (table)
        table->notes = calloc(64, sizeof *table->notes);
    if (!table || !table->notes)
        abort();
    table->capacity = 64;
    return table;
}

void learner_table_free(struct learner_table *table)
{
    if (!table)
        return;
    free(table->notes);
    free(table);
}

static struct learner_note *slot(const struct learner_table *table, struct key128 key)
{
    size_t i = (size_t)key.lo & (table->capacity - 1);
    while (table->notes[i].used && !key128_equal(table->notes[i].key, key))
        i = (i + 1) & (table->capacity - 1);
    return &table->notes[i];
}

static void grow(struct learner_table *table)
{
    struct learner_table larger = {calloc(table->capacity * 2, sizeof *larger.notes),
                                   table->capacity * 2, table->count};
    if (!larger.notes)
        abort();
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->notes[i].used)
            *slot(&larger, table->notes[i].key) = table->notes[i];
    }
    free(table->notes);
    *table = larger;
}

struct learner_note *learner_table_put(struct learner_table *table, const char *name)
{
    if (table->count * 3 >= table->capacity * 2)
        grow(table);
    struct key128 key = key128_of(name, strlen(name));
    struct learner_note *note = slot(table, key);
    if (!note->used) {
        *note = (struct learner_note){.key = key, .used = true};
        table->count++;
    }
    return note;
}
