#include "vector.h"

#include <stdio.h>
#include <stdlib.h>

#include "sql.h"

struct vector *vector_new(int generation, int64_t epoch, const struct log_partition *partitions,
                          size_t count)
{
    struct vector *v = calloc(1, sizeof(*v));
    if (!v || !(v->next_offsets = calloc(count, sizeof(int64_t))) ||
        !(v->archived_next = calloc(count, sizeof(int64_t))) ||
        !(v->archived_last = calloc(count, sizeof(int64_t))) ||
        !(v->archived_id = calloc(count, sizeof(*v->archived_id))))
        abort();
    v->generation = generation;
    v->epoch = epoch;
    v->partitions = partitions;
    v->count = count;
    return v;
}

void vector_free(struct vector *v)
{
    if (!v)
        return;
    for (size_t i = 0; i < ARRAY_LEN(v->arrays); i++)
        pg_array_release(&v->arrays[i]);
    free(v->next_offsets);
    free(v->archived_next);
    free(v->archived_last);
    free(v->archived_id);
    free(v);
}

/* Reading ---------------------------------------------------------------------------------------------------------------- */

static int32_t partitions_of(const struct vector *v, const char *topic)
{
    int32_t count = 0;
    for (size_t i = 0; i < v->count; i++)
        count += strcmp(v->partitions[i].topic, topic) == 0;
    return count;
}

static bool make_rows(const struct vector *v, struct pg *pg, struct error *err)
{
    char generation[16], count[16], epoch[24];
    snprintf(generation, sizeof(generation), "%d", v->generation);
    snprintf(epoch, sizeof(epoch), "%lld", (long long)v->epoch);
    for (size_t i = 0; i < v->count; i++) {
        if (v->partitions[i].partition != 0)
            continue;
        const char *topic = v->partitions[i].topic;
        snprintf(count, sizeof(count), "%d", partitions_of(v, topic));
        const char *const parameters[] = {generation, topic, count, epoch};
        struct pg_rows *rows = pg_query(pg, sql_start_vector, 4, parameters, err);
        pg_rows_free(rows);
        if (!rows)
            return false;
        if (!v->partitions[i].archived)
            continue;
        rows = pg_query(pg, sql_start_archive_vector, 3, parameters, err);
        pg_rows_free(rows);
        if (!rows)
            return false;
    }
    return true;
}

static size_t find(const struct vector *v, const char *topic, int64_t partition)
{
    size_t i = 0;
    while (i < v->count &&
           !(v->partitions[i].partition == partition && strcmp(v->partitions[i].topic, topic) == 0))
        i++;
    return i;
}

static bool read_rows(struct vector *v, struct pg *pg, struct error *err)
{
    char generation[16];
    const char *parameter = generation;
    snprintf(generation, sizeof(generation), "%d", v->generation);
    struct pg_rows *rows = pg_query(pg, sql_read_vector, 1, &parameter, err);
    if (!rows)
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < pg_rows_count(rows); i++) {
        const char *topic = pg_rows_value(rows, i, 0);
        int64_t partition = pg_rows_integer(rows, i, 1, -1);
        size_t at = find(v, topic, partition);
        if (at == v->count) {
            /* Another topic's rows may stay; fewer partitions of ours cannot be. */
            if (partitions_of(v, topic) > 0)
                ok = error_set(err, ERROR_STATE, false,
                               "topic %s has lost partition %lld, which was read before: was it "
                               "recreated? Nothing is read until it is back",
                               topic, (long long)partition);
            continue;
        }
        v->next_offsets[at] = pg_rows_integer(rows, i, 2, 0);
        v->config_version = (int)pg_rows_integer(rows, i, 3, 0);
        if (pg_rows_integer(rows, i, 4, 0) != v->epoch)
            ok = error_set(err, ERROR_FENCED, true, "another instance has taken over");
    }
    pg_rows_free(rows);
    return ok;
}

static bool read_archive_rows(struct vector *v, struct pg *pg, struct error *err)
{
    const char *topic = v->partitions[0].topic;
    if (!v->partitions[0].archived) /* a follower's */
        return true;
    struct pg_rows *rows = pg_query(pg, sql_read_archive_vector, 1, &topic, err);
    if (!rows)
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < pg_rows_count(rows); i++) {
        size_t at = find(v, topic, pg_rows_integer(rows, i, 1, -1));
        if (at == v->count)
            continue;
        v->archived_next[at] = pg_rows_integer(rows, i, 2, 0);
        v->archived_last[at] = pg_rows_integer(rows, i, 3, -1);
        snprintf(v->archived_id[at], sizeof(v->archived_id[at]), "%s", pg_rows_value(rows, i, 4));
        if (pg_rows_integer(rows, i, 5, 0) != v->generation)
            ok = error_set(err, ERROR_FENCED, true, "another generation writes the archive now");
        else if (v->archived_next[at] != v->next_offsets[at])
            ok = error_set(err, ERROR_STATE, false,
                           "partition %zu: the archive stands at %lld, the generation at %lld; "
                           "restore both from one backup",
                           at, (long long)v->archived_next[at], (long long)v->next_offsets[at]);
    }
    pg_rows_free(rows);
    return ok;
}

bool vector_read(struct vector *v, struct pg *pg, struct error *err)
{
    return make_rows(v, pg, err) && read_rows(v, pg, err) && read_archive_rows(v, pg, err);
}

/* Advancing -------------------------------------------------------------------------------------------------------------- */

static struct pg_parameter int4_parameter(int32_t value, uint8_t bytes[4])
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)((uint32_t)value >> (24 - 8 * i));
    return (struct pg_parameter){PG_INT4, bytes, 4};
}

static struct pg_parameter int8_parameter(int64_t value, uint8_t bytes[8])
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i));
    return (struct pg_parameter){PG_INT8, bytes, 8};
}

static bool moved_all(struct pg *pg, const char *sql, size_t count,
                      const struct pg_parameter *parameters, size_t rows_expected, struct error *err)
{
    struct pg_rows *rows = pg_query_binary(pg, sql, count, parameters, err);
    if (!rows)
        return false;
    bool all = (size_t)pg_rows_affected(rows) == rows_expected;
    pg_rows_free(rows);
    return all || error_set(err, ERROR_FENCED, true,
                            "the offsets are not where this writer left them: another took over, "
                            "or the configuration changed");
}

static bool advance_generation(struct vector *v, struct pg *pg, const struct batch_range *ranges,
                               struct error *err)
{
    static const enum pg_type types[] = {PG_TEXT, PG_INT4, PG_INT8, PG_INT8, PG_TIMESTAMPTZ};
    struct pg_parameter parameters[8];
    uint8_t generation[4], epoch[8], config[4];
    for (int i = 0; i < 5; i++)
        pg_array_start(&v->arrays[i], types[i]);
    for (size_t i = 0; i < v->count; i++) {
        const struct batch_range *range = &ranges[i];
        if (range->next_offset < 0)
            continue;
        pg_array_text(&v->arrays[0], v->partitions[i].topic);
        pg_array_int4(&v->arrays[1], v->partitions[i].partition);
        pg_array_int8(&v->arrays[2], v->next_offsets[i]);
        pg_array_int8(&v->arrays[3], range->next_offset);
        if (range->last_offset >= 0)
            pg_array_instant(&v->arrays[4], range->last_log_time);
        else
            pg_array_null(&v->arrays[4]);
    }
    for (int i = 0; i < 5; i++)
        parameters[i] = pg_array_parameter(&v->arrays[i]);
    parameters[5] = int4_parameter(v->generation, generation);
    parameters[6] = int8_parameter(v->epoch, epoch);
    parameters[7] = int4_parameter(v->config_version, config);
    return moved_all(pg, sql_advance_offsets, 8, parameters, v->arrays[0].count, err);
}

static bool advance_archive(struct vector *v, struct pg *pg, const struct batch_range *ranges,
                            struct error *err)
{
    static const enum pg_type types[] = {PG_TEXT, PG_INT4, PG_INT8, PG_INT8, PG_INT8, PG_TEXT};
    struct pg_parameter parameters[7];
    uint8_t generation[4];
    for (int i = 0; i < 6; i++)
        pg_array_start(&v->arrays[i], types[i]);
    for (size_t i = 0; i < v->count; i++) {
        const struct batch_range *range = &ranges[i];
        if (range->next_offset < 0 || !v->partitions[i].archived)
            continue;
        pg_array_text(&v->arrays[0], v->partitions[i].topic);
        pg_array_int4(&v->arrays[1], v->partitions[i].partition);
        pg_array_int8(&v->arrays[2], v->next_offsets[i]);
        pg_array_int8(&v->arrays[3], range->next_offset);
        if (range->last_offset >= 0)
            pg_array_int8(&v->arrays[4], range->last_offset);
        else
            pg_array_null(&v->arrays[4]);
        pg_array_text(&v->arrays[5], range->last_offset >= 0 ? range->last_id : NULL);
    }
    if (v->arrays[0].count == 0)
        return true;
    for (int i = 0; i < 6; i++)
        parameters[i] = pg_array_parameter(&v->arrays[i]);
    parameters[6] = int4_parameter(v->generation, generation);
    return moved_all(pg, sql_advance_archive, 7, parameters, v->arrays[0].count, err);
}

bool vector_advance(struct vector *v, struct pg *pg, const struct batch_range *ranges,
                    struct error *err)
{
    return advance_generation(v, pg, ranges, err) && advance_archive(v, pg, ranges, err);
}

void vector_confirm(struct vector *v, const struct batch_range *ranges)
{
    for (size_t i = 0; i < v->count; i++)
        if (ranges[i].next_offset >= 0)
            v->next_offsets[i] = ranges[i].next_offset;
}
