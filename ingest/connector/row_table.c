#include "row_table.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text_buffer.h"

#define ABSENT                                                                                     \
    '\1' /* texts from a platform are checked JSON strings: this control character stands for none */

struct row {
    uint64_t key;
    size_t texts; /* where they begin: one behind the other, each with its NUL */
};

struct row_table {
    size_t fields;
    struct row *rows;
    size_t count, capacity;
    uint32_t *slots; /* row + 1; a power of two of them */
    size_t slot_count;
    struct text_buffer texts;
};

struct row_table *row_table_new(size_t fields)
{
    struct row_table *t = must_have(calloc(1, sizeof *t));
    t->fields = fields;
    t->slot_count = 64;
    t->slots = must_have(calloc(t->slot_count, sizeof *t->slots));
    return t;
}

void row_table_free(struct row_table *t)
{
    if (!t)
        return;
    text_buffer_free(&t->texts);
    free(t->rows);
    free(t->slots);
    free(t);
}

static uint32_t *slot_of(const struct row_table *t, uint64_t key)
{
    size_t at = (size_t)key & (t->slot_count - 1);
    while (t->slots[at] && t->rows[t->slots[at] - 1].key != key)
        at = (at + 1) & (t->slot_count - 1);
    return &t->slots[at];
}

static void grow(struct row_table *t)
{
    free(t->slots);
    t->slot_count *= 2;
    t->slots = must_have(calloc(t->slot_count, sizeof *t->slots));
    for (size_t i = 0; i < t->count; i++)
        *slot_of(t, t->rows[i].key) = (uint32_t)i + 1;
}

static size_t keep(struct row_table *t, const char *const *texts)
{
    size_t at = t->texts.length;
    static const char none[] = {ABSENT, '\0'};
    for (size_t i = 0; i < t->fields; i++) {
        const char *text = texts[i] ? texts[i] : none;
        text_buffer_add(&t->texts, text, strlen(text) + 1);
    }
    return at;
}

void row_table_put(struct row_table *t, uint64_t key, const char *const *texts)
{
    uint32_t *slot = slot_of(t, key);
    if (*slot) {
        t->rows[*slot - 1].texts = keep(t, texts);
        return;
    }
    t->rows = array_room(t->rows, t->count, &t->capacity, sizeof *t->rows);
    t->rows[t->count] = (struct row){key, keep(t, texts)};
    *slot = (uint32_t)++t->count;
    if (t->count * 3 > t->slot_count * 2)
        grow(t);
}

size_t row_table_find(const struct row_table *t, uint64_t key)
{
    uint32_t held = *slot_of(t, key);
    return held ? held - 1 : SIZE_MAX;
}

size_t row_table_count(const struct row_table *t)
{
    return t->count;
}

void row_table_row(const struct row_table *t, size_t row, const char **texts)
{
    const char *text = t->texts.data ? t->texts.data + t->rows[row].texts : "";
    for (size_t i = 0; i < t->fields; i++) {
        texts[i] = *text == ABSENT ? NULL : text;
        text += strlen(text) + 1;
    }
}
