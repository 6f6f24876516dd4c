#include "archive.h"

#include <stdio.h>
#include <stdlib.h>

#include "../audit.h"
#include "key_query.h"
#include "months.h"
#include "sql.h"

static bool read_learners(struct pg *pg, const char *sql, struct key_list *out, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql, 0, NULL, err);
    for (size_t i = 0; rows && i < pg_rows_count(rows); i++)
        key_list_add(out, erase_key_of(pg_rows_value(rows, i, 0)));
    pg_rows_free(rows);
    return rows != NULL;
}

bool erase_read_everyone(struct pg *pg, struct key_list *out, struct error *err)
{
    return read_learners(pg, sql_erase_everyone, out, err);
}

static bool blank(struct pg *pg, const char *month, void *context, struct error *err)
{
    int64_t *count = context;
    struct pg_rows *rows = pg_query(pg, sql_erase_month, 1, (const char *const[]){month}, err);
    if (rows)
        *count += pg_rows_integer(rows, 0, 0, 0);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool note(struct pg *pg, const char *reason, const struct erase_pass *pass, struct error *err)
{
    char detail[128];
    snprintf(detail, sizeof(detail),
             "{\"learner_keys\":%zu,\"archive_months\":%lld,\"archive_rows\":%lld}",
             pass->learners.count, (long long)pass->months, (long long)pass->rows);
    return audit_note(
        pg,
        &(struct audit_entry){
            .action = "erase: archive", .reason = reason, .config_version = -1, .detail = detail},
        err);
}

bool erase_archive(struct pg *pg, const char *reason, struct erase_pass *pass, struct error *err)
{
    static const struct erase_stopped stopped = {
        "đã dừng; `mooc-aggregator erase --finish` sẽ làm tiếp",
        "stopped; `mooc-aggregator erase --finish` goes on"};
    *pass = (struct erase_pass){0};
    if (!read_learners(pg, sql_erase_waiting, &pass->learners, err) ||
        !erase_visit_months(pg, "months of the archive", &stopped, blank, &pass->rows,
                            &pass->months, err))
        return false;
    char *learners = erase_array(&pass->learners);
    bool fine = pg_begin(pg, err);
    struct pg_rows *rows =
        fine ? pg_query(pg, sql_erase_done, 1, (const char *const[]){learners}, err) : NULL;
    pg_rows_free(rows);
    free(learners);
    if (rows && note(pg, reason, pass, err) && pg_commit(pg, err))
        return true;
    pg_rollback(pg);
    return false;
}
