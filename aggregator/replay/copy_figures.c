#include "copy_figures.h"

#include <stdio.h>

#include "../write/pg_binary.h"
#include "../write/store_sql.h"

static bool copy_table(struct pg *pg, int generation, const char *table, struct text_buffer *rows,
                       struct error *err)
{
    char sql[64];
    snprintf(sql, sizeof(sql), "COPY gen_%d.%s FROM STDIN (FORMAT binary)", generation, table);
    pg_copy_end(rows);
    return pg_copy_in(pg, sql, rows->data, rows->length, err);
}

static void put_deadline(struct text_buffer *out, const struct fold *fold,
                         const struct deadline_change *change)
{
    const struct deadline *d = &change->deadline;
    pg_copy_row(out, 7);
    pg_put_text(out, store_training(fold, d->training));
    pg_put_text(out, store_wave(fold, d->wave));
    pg_put_text(out, fold_text(fold, d->unit));
    pg_put_date(out, d->day_0);
    pg_put_date(out, d->completed_on);
    pg_put_int2(out, (int16_t)d->lectures);
    pg_put_int8(out, change->delta);
}

static void put_issue(struct text_buffer *out, const struct fold *fold, const struct issue *issue)
{
    pg_copy_row(out, 9);
    pg_put_text(out, issue_name(issue->kind));
    pg_put_key(out, issue->subject);
    pg_put_text(out, fold_text(fold, issue->wave_code));
    pg_put_text(out, fold_text(fold, issue->unit));
    pg_put_int8(out, issue->name);
    pg_put_text(out, fold_text(fold, issue->source));
    pg_put_text(out, fold_text(fold, issue->file));
    pg_put_text(out, fold_text(fold, issue->sheet));
    pg_put_int8(out, issue->row);
}

bool copy_figures(struct pg *pg, int generation, const struct fold *fold, struct changes *changes,
                  struct error *err)
{
    struct text_buffer rows = {0};
    pg_copy_start(&rows);
    for (size_t i = 0; i < changes->deadlines.count; i++)
        if (changes->deadlines.items[i].delta != 0)
            put_deadline(&rows, fold, &changes->deadlines.items[i]);
    bool ok = copy_table(pg, generation, "deadlines", &rows, err);
    pg_copy_start(&rows);
    for (size_t i = 0; i < changes->issues.count; i++)
        if (changes->issues.items[i].after)
            put_issue(&rows, fold, &changes->issues.items[i].issue);
    ok = ok && copy_table(pg, generation, "issues", &rows, err);
    changes->deadlines.count = changes->issues.count = 0;
    text_buffer_free(&rows);
    return ok;
}
