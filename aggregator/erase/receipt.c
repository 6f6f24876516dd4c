#include "receipt.h"

#include <stdio.h>

#include "../../common/clock.h"
#include "sql.h"

void erase_describe(const struct erase_people *p, struct text_buffer *out)
{
    text_buffer_add_format(
        out,
        "%lld person%s: %lld accounts, %lld rows of lists, %lld links between identifiers, "
        "%lld keys of which nothing is in force any more; facts in %lld trainings\n",
        (long long)p->people, p->people == 1 ? "" : "s", (long long)p->accounts,
        (long long)p->listings, (long long)p->links, (long long)p->former, (long long)p->trainings);
}

bool erase_tell_generations(struct pg *pg, const struct key_list *learners, struct text_buffer *out,
                            struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_erase_generations, 0, NULL, err);
    bool fine = rows != NULL;
    for (size_t i = 0; fine && i < pg_rows_count(rows); i++) {
        int generation = (int)pg_rows_integer(rows, i, 0, 0);
        bool live = *pg_rows_value(rows, i, 1) == 't';
        int64_t left = 0;
        fine = erase_number(pg, sql_erase_left, generation, learners, &left, err);
        text_buffer_add_format(
            out, "  generation %d%s: %s\n", generation, live ? " (shown)" : "",
            left == 0 ? "nothing is left of them"
                      : "not counted so far yet: it forgets them when a program writes it again, "
                        "or when it is dropped");
    }
    pg_rows_free(rows);
    return fine;
}

bool erase_read_open(struct pg *pg, struct erase_open *out, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_erase_open, 0, NULL, err);
    *out = (struct erase_open){0};
    if (rows) {
        out->learners = pg_rows_integer(rows, 0, 0, 0);
        snprintf(out->since, sizeof(out->since), "%s",
                 out->learners ? pg_rows_value(rows, 0, 1) : "");
    }
    pg_rows_free(rows);
    return rows != NULL;
}

static void tell_open(const struct erase_open *open, struct text_buffer *out)
{
    text_buffer_add_format(out,
                           "NOT ERASED YET: %lld learner keys, handed over since %s and counted by "
                           "nobody; this receipt is not of them\n",
                           (long long)open->learners, open->since);
}

static void tell_ingest(const struct erasure_result *r, struct text_buffer *out)
{
    text_buffer_add_format(out,
                           "mooc-ingest: %lld records of its state forgotten; %lld kept files that "
                           "named them cleared, "
                           "%lld rows in quarantine and %lld listed e-mail addresses removed; "
                           "drops them from now on\n",
                           (long long)r->entities, (long long)r->copies, (long long)r->rows,
                           (long long)r->addresses);
    if (r->elsewhere > 0)
        text_buffer_add_format(
            out,
            "  %lld of %lld parts of its work are another instance's: give that one the job too "
            "(--job-out, then `mooc-ingest erase FILE` there)\n",
            (long long)r->elsewhere, (long long)r->shards);
}

static void tell_rest(struct text_buffer *out)
{
    text_buffer_add_text(
        out, "what remains:\n"
             "  the hash of each key, in the events learner.erased and where they are looked up, "
             "so that they stay erased\n"
             "  the Kafka log as it was written, until its next re-export into a new topic\n"
             "  exports of the archive and backups made before: export those months again, let old "
             "backups expire\n"
             "  figures closed for a report, which are not recalled, and reports printed\n"
             "  the originals of lists, at the offices that sent them and in the watched folder's "
             "done/\n");
}

void erase_write_receipt(const struct erase_receipt *r, struct text_buffer *out)
{
    char now[CLOCK_LOCAL_SIZE];
    clock_format_local(clock_now_us(), now);
    text_buffer_add_format(out, "erased %s\n", now);
    if (r->people)
        erase_describe(r->people, out);
    text_buffer_add_format(out, "learner keys: %lld\n",
                           r->ingest   ? (long long)r->ingest->learners
                           : r->people ? (long long)r->people->subjects.count
                                       : (long long)r->pass->learners.count);
    if (r->ingest)
        tell_ingest(r->ingest, out);
    text_buffer_add_format(out, "figures:\n%s", r->generations);
    text_buffer_add_format(
        out,
        "archive: %lld records in %lld months lost all but place, time and id; what comes later is "
        "kept that way from the start\n",
        (long long)r->pass->rows, (long long)r->pass->months);
    if (r->open && r->open->learners > 0)
        tell_open(r->open, out);
    tell_rest(out);
}
