/* The archive's rows of erased learners, before they are sent: the rows are walked in their COPY form. */
#include <stdlib.h>

#include "../../common/allocate.h"
#include "../fold/fact.h"
#include "batch.h"
#include "pg_binary.h"

#define KEPT_FIELDS 4 /* partition, offset, log_time, id */
#define FIELD_HEAD 4  /* its length */

static int16_t field_count(const char *at)
{
    return (int16_t)((uint16_t)(uint8_t)at[0] << 8 | (uint8_t)at[1]);
}

static size_t field_bytes(const char *at)
{
    int32_t length = pg_read_int4(at);
    return FIELD_HEAD + (length > 0 ? (size_t)length : 0);
}

static void copy_blank(const char *row, int16_t fields, struct text_buffer *out)
{
    pg_copy_row(out, fields);
    const char *end = row + sizeof(int16_t);
    for (int16_t i = 0; i < KEPT_FIELDS; i++)
        end += field_bytes(end);
    text_buffer_add(out, row + sizeof(int16_t), (size_t)(end - row) - sizeof(int16_t));
    for (int16_t i = KEPT_FIELDS; i < fields; i++)
        pg_put_null(out);
}

/* Rows stand in the order in which the records were added, and so do the events. */
static bool is_of(const char *row, const struct log_position *position)
{
    const char *partition = row + sizeof(int16_t) + FIELD_HEAD;
    const char *offset = partition + sizeof(int32_t) + FIELD_HEAD;
    return pg_read_int4(partition) == position->partition && pg_read_int8(offset) == position->offset;
}

static int compare_keys(const void *a, const void *b)
{
    return key128_compare(*(const struct key128 *)a, *(const struct key128 *)b);
}

static bool is_noted(const struct key_list *noted, const struct event *event)
{
    if (noted->count == 0 || event->type == EVENT_LEARNER_ERASED ||
        (!event->subject && !event->entity))
        return false;
    struct key128 subject = fact_subject(event);
    return bsearch(&subject, noted->keys, noted->count, sizeof(*noted->keys), compare_keys) != NULL;
}

/* Whoever is erased leaves nothing in the archive, whenever the record comes. Ascending; the caller frees. */
static size_t *find_erased(const struct batch *batch, const struct fold *fold,
                           const struct key_list *noted, size_t *count)
{
    size_t *found = NULL, capacity = 0;
    *count = 0;
    for (size_t i = 0; i < batch->event_count; i++) {
        const struct event *event = &batch->events[i];
        if (!batch->positions[i].archived || !(fold_is_erased(fold, event) || is_noted(noted, event)))
            continue;
        found = array_room(found, *count, &capacity, sizeof(*found));
        found[(*count)++] = i;
    }
    return found;
}

static void rewrite(struct batch *batch, const size_t *events, size_t count)
{
    struct text_buffer *copy = &batch->archive->copy, out = {0};
    size_t next = 0;
    pg_copy_start(&out);
    const char *row = copy->data + out.length;
    for (int16_t fields; (fields = field_count(row)) >= 0;) {
        const char *end = row + sizeof(int16_t);
        for (int16_t i = 0; i < fields; i++)
            end += field_bytes(end);
        if (next < count && is_of(row, &batch->positions[events[next]])) {
            copy_blank(row, fields, &out);
            next++;
        } else {
            text_buffer_add(&out, row, (size_t)(end - row));
        }
        row = end;
    }
    pg_copy_end(&out);
    text_buffer_free(copy);
    *copy = out;
}

void batch_blank(struct batch *batch, const struct fold *fold, const struct key_list *noted)
{
    size_t count;
    size_t *events = find_erased(batch, fold, noted, &count);
    if (count > 0)
        rewrite(batch, events, count);
    free(events);
}
