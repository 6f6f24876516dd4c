#include "transaction.h"

#include <stdlib.h>

#include "../../common/allocate.h"

struct transaction *transaction_new(size_t partition_count)
{
    struct transaction *t = must_have(calloc(1, sizeof(*t)));
    t->partition_count = partition_count;
    t->ranges = must_have(calloc(partition_count, sizeof(*t->ranges)));
    t->writes = store_writes_new();
    return t;
}

static void drop_contents(struct transaction *t)
{
    for (size_t i = 0; i < t->archive_count; i++)
        archive_rows_free(t->archive[i]);
    for (size_t i = 0; i < t->unreadable_count; i++)
        unreadable_record_release(&t->unreadable[i]);
    t->archive_count = t->unreadable_count = 0;
}

void transaction_free(struct transaction *t)
{
    if (!t)
        return;
    drop_contents(t);
    store_writes_free(t->writes);
    free(t->archive);
    free(t->unreadable);
    free(t->ranges);
    free(t);
}

void transaction_start(struct transaction *t)
{
    drop_contents(t);
    for (size_t i = 0; i < t->partition_count; i++)
        t->ranges[i].next_offset = t->ranges[i].last_offset = -1;
    t->records = 0;
    t->oldest_log_time = INT64_MAX;
    store_writes_clear(t->writes);
}

static void extend(struct batch_range *range, const struct batch_range *by)
{
    if (by->next_offset < 0)
        return;
    if (by->last_offset >= 0)
        *range = *by;
    else
        range->next_offset = by->next_offset;
}

void transaction_add(struct transaction *t, struct batch *batch)
{
    for (size_t i = 0; i < t->partition_count; i++)
        extend(&t->ranges[i], &batch->ranges[i]);
    t->archive = array_room(t->archive, t->archive_count, &t->archive_capacity,
                            sizeof(struct archive_rows *));
    t->archive[t->archive_count++] = batch->archive;
    batch->archive = NULL;
    for (size_t i = 0; i < batch->unreadable_count; i++) {
        t->unreadable = array_room(t->unreadable, t->unreadable_count, &t->unreadable_capacity,
                                   sizeof(*t->unreadable));
        t->unreadable[t->unreadable_count++] = batch->unreadable[i];
    }
    batch->unreadable_count = 0;
    t->records += batch->records;
    if (batch->oldest_log_time < t->oldest_log_time)
        t->oldest_log_time = batch->oldest_log_time;
}
