#include "replay_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sql.h"

bool replay_print_checksums(struct pg *pg, int generation, bool json, struct error *err)
{
    char number[16];
    const char *parameter = number;
    snprintf(number, sizeof(number), "%d", generation);
    struct pg_rows *rows = pg_query(pg, sql_replay_checksums, 1, &parameter, err);
    if (!rows)
        return false;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *table = pg_rows_value(rows, i, 0), *count = pg_rows_value(rows, i, 1);
        const char *sum = pg_rows_value(rows, i, 2);
        if (json)
            printf("%s\"%s\":{\"rows\":%s,\"checksum\":\"%s\"}", i ? "," : "", table, count, sum);
        else
            printf("  %-16s %12s rows  %s\n", table, count, sum);
    }
    pg_rows_free(rows);
    return true;
}

static void print_numbers(const struct replay_outcome *o, bool json)
{
    double seconds = (double)o->elapsed_ms / 1000;
    int64_t rate = o->elapsed_ms > 0 ? o->records * 1000 / o->elapsed_ms : 0;
    if (json) {
        printf("{\"generation\":%d,\"config_version\":%d,\"records\":%" PRId64
               ",\"people\":%" PRId64 ",\"seconds\":%.3f,\"records_per_second\":%" PRId64
               ",\"memory_bytes\":%" PRId64 ",\"states\":%" PRId64 ",\"facts\":%" PRId64
               ",\"phases\":{\"read_ms\":%" PRId64 ",\"link_ms\":%" PRId64 ",\"count_ms\":%" PRId64
               "},\"tables\":{",
               o->generation, o->config_version, o->records, o->people, seconds, rate, o->bytes,
               o->dossiers, o->facts, o->read_ms, o->link_ms, o->count_ms);
        return;
    }
    printf("generation %d is ready (config version %d): %" PRId64 " records, %" PRId64
           " people, in %.1f s (%" PRId64 " records/s)\n",
           o->generation, o->config_version, o->records, o->people, seconds, rate);
}

bool replay_print_outcome(struct pg *pg, const struct options *options,
                          const struct replay_outcome *outcome, struct error *err)
{
    const char *format = options_text(options, "format");
    bool json = format && strcmp(format, "json") == 0;
    print_numbers(outcome, json);
    if (!replay_print_checksums(pg, outcome->generation, json, err))
        return false;
    if (json)
        printf("}}\n");
    else
        printf("next: mooc-aggregator replay compare, then replay promote\n");
    return true;
}
