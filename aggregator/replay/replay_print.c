#include "replay_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../report/number.h"
#include "sql.h"

bool replay_print_checksums(struct pg *pg, const struct teller *to, int generation, bool json,
                            struct error *err)
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
            printf(TELL(to, "  %-16s %12s dòng  %s\n", "  %-16s %12s rows  %s\n"), table, count, sum);
    }
    pg_rows_free(rows);
    return true;
}

static void print_numbers_json(const struct replay_outcome *o, int64_t rate)
{
    printf("{\"generation\":%d,\"config_version\":%d,\"records\":%" PRId64 ",\"people\":%" PRId64
           ",\"seconds\":%.3f,\"records_per_second\":%" PRId64 ",\"memory_bytes\":%" PRId64
           ",\"states\":%" PRId64 ",\"facts\":%" PRId64 ",\"phases\":{\"read_ms\":%" PRId64
           ",\"link_ms\":%" PRId64 ",\"count_ms\":%" PRId64 "},\"tables\":{",
           o->generation, o->config_version, o->records, o->people, (double)o->elapsed_ms / 1000,
           rate, o->bytes, o->dossiers, o->facts, o->read_ms, o->link_ms, o->count_ms);
}

static void print_numbers(const struct teller *to, const struct replay_outcome *o, int64_t rate)
{
    enum language language = TELL(to, LANGUAGE_VI, LANGUAGE_EN);
    char records[NUMBER_SIZE], people[NUMBER_SIZE], a_second[NUMBER_SIZE];
    format_count(o->records, language, records);
    format_count(o->people, language, people);
    format_count(rate, language, a_second);
    printf(TELL(to,
                "đã tính xong phiên bản số liệu %d (danh mục %d): %s bản ghi, %s người, trong "
                "%" PRId64 ",%d giây (%s bản ghi/giây)\n",
                "generation %d is ready (config version %d): %s records, %s people, in %" PRId64
                ".%d s (%s records/s)\n"),
           o->generation, o->config_version, records, people, o->elapsed_ms / 1000,
           (int)(o->elapsed_ms % 1000 / 100), a_second);
}

bool replay_print_outcome(struct pg *pg, const struct options *options,
                          const struct replay_outcome *outcome, struct error *err)
{
    const char *format = options_text(options, "format");
    const struct teller to = tell_of(options);
    bool json = format && strcmp(format, "json") == 0;
    int64_t rate = outcome->elapsed_ms > 0 ? outcome->records * 1000 / outcome->elapsed_ms : 0;
    if (json)
        print_numbers_json(outcome, rate);
    else
        print_numbers(&to, outcome, rate);
    if (!replay_print_checksums(pg, &to, outcome->generation, json, err))
        return false;
    if (json)
        printf("}}\n");
    else
        printf("%s",
               TELL(&to,
                    "tiếp theo: mooc-aggregator replay compare để so sánh, rồi replay promote "
                    "để dùng\n",
                    "next: mooc-aggregator replay compare, then replay promote\n"));
    return true;
}
