#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../write/pg_binary.h"
#include "sql.h"

bool replay_vector_read(struct pg *pg, int generation, struct replay_vector *vector, struct error *err)
{
    char number[16];
    const char *parameter = number;
    snprintf(number, sizeof(number), "%d", generation);
    struct pg_rows *rows = pg_query(pg, sql_replay_vector, 1, &parameter, err);
    if (!rows)
        return false;
    replay_vector_release(vector);
    vector->count = pg_rows_count(rows);
    vector->items = must_have(calloc(vector->count + 1, sizeof(*vector->items)));
    for (size_t i = 0; i < vector->count; i++) {
        struct replay_offset *item = &vector->items[i];
        snprintf(item->topic, sizeof(item->topic), "%s", pg_rows_value(rows, i, 0));
        item->partition = (int32_t)pg_rows_integer(rows, i, 1, 0);
        item->next_offset = pg_rows_integer(rows, i, 2, 0);
    }
    pg_rows_free(rows);
    return true;
}

void replay_vector_release(struct replay_vector *vector)
{
    free(vector->items);
    *vector = (struct replay_vector){0};
}

int64_t replay_vector_offset(const struct replay_vector *vector, const char *topic, int32_t partition)
{
    for (size_t i = 0; i < vector->count; i++)
        if (vector->items[i].partition == partition && strcmp(vector->items[i].topic, topic) == 0)
            return vector->items[i].next_offset;
    return 0;
}

int64_t replay_vector_behind(const struct replay_vector *a, const struct replay_vector *b)
{
    int64_t behind = 0;
    for (size_t i = 0; i < a->count; i++) {
        const struct replay_offset *item = &a->items[i];
        int64_t other = replay_vector_offset(b, item->topic, item->partition);
        behind += item->next_offset > other ? item->next_offset - other : 0;
    }
    return behind;
}

bool replay_vector_write(struct pg *pg, const struct replay_plan *plan, struct error *err)
{
    const struct replay_vector *vector = &plan->until;
    struct pg_array arrays[5] = {0};
    static const enum pg_type types[] = {PG_INT4, PG_TEXT, PG_INT4, PG_INT8, PG_INT4};
    struct pg_parameter parameters[5];
    for (int i = 0; i < 5; i++)
        pg_array_start(&arrays[i], types[i]);
    for (size_t i = 0; i < vector->count; i++) {
        pg_array_int4(&arrays[0], plan->generation);
        pg_array_text(&arrays[1], vector->items[i].topic);
        pg_array_int4(&arrays[2], vector->items[i].partition);
        pg_array_int8(&arrays[3], vector->items[i].next_offset);
        pg_array_int4(&arrays[4], plan->config_version);
    }
    for (int i = 0; i < 5; i++)
        parameters[i] = pg_array_parameter(&arrays[i]);
    struct pg_rows *rows = pg_query_binary(pg, sql_replay_start_vector, 5, parameters, err);
    for (int i = 0; i < 5; i++)
        pg_array_release(&arrays[i]);
    pg_rows_free(rows);
    return rows != NULL;
}
