#include "handover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/file.h"
#include "../../common/text_buffer.h"
#include "../audit.h"
#include "sql.h"

#define MOST_BYTES ((size_t)64 << 20)

/* ---- the job ---- */

static void write_keys(const char *what, const struct key_list *keys, struct text_buffer *out)
{
    for (size_t i = 0; i < keys->count; i++) {
        uint8_t bytes[16];
        char hex[33];
        key128_store(keys->keys[i], bytes);
        hex_encode(bytes, sizeof(bytes), hex);
        text_buffer_add_format(out, "%s %s\n", what, hex);
    }
}

static void write_job(const struct erase_people *people, struct text_buffer *out)
{
    text_buffer_add_text(out, ERASURE_JOB_HEAD);
    write_keys("learner", &people->subjects, out);
    write_keys("identifier", &people->identifiers, out);
}

/* Is every learner key of the one a line of the other? */
static bool covers(const char *job, const struct key_list *subjects)
{
    bool all = true;
    for (size_t i = 0; all && i < subjects->count; i++) {
        const struct key_list one = {.keys = &subjects->keys[i], .count = 1};
        struct text_buffer line = {0};
        write_keys("learner", &one, &line);
        all = strstr(job, line.data) != NULL;
        text_buffer_free(&line);
    }
    return all;
}

/* ---- found again ---- */

static void make_mark(const struct key_list *given, char mark[17])
{
    struct text_buffer text = {0};
    uint8_t bytes[16];
    write_keys("given", given, &text);
    key128_store(key128_of(text.data, text.length), bytes);
    hex_encode(bytes, 8, mark);
    text_buffer_free(&text);
}

bool handover_find(struct handover *h, const struct options *options, const struct key_list *given,
                   const struct erase_people *people, struct error *err)
{
    const char *file = options_text(options, "job_out");
    *h = (struct handover){.data_dir = file ? NULL : options_text(options, "ingest_data_dir")};
    make_mark(given, h->mark);
    if (!h->data_dir)
        return true;
    h->open = h->earlier =
        spool_find_marked(h->data_dir, ERASURE_QUEUE, h->mark, h->id, &h->answered);
    if (!h->open || h->answered)
        return true;
    size_t length;
    char *job = spool_job(h->data_dir, ERASURE_QUEUE, h->id, &length, err);
    if (job)
        h->open = h->earlier = covers(job, &people->subjects);
    else /* it was answered at this moment */
        error_clear(err);
    free(job);
    return true;
}

/* ---- handed over ---- */

/* Until they are counted, an erasure that got lost on its way is not taken for one that is done. */
static bool note_asked(struct pg *pg, const struct erase_people *people, struct error *err)
{
    char *learners = erase_array(&people->subjects);
    struct pg_rows *rows = pg_query(pg, sql_erase_ask, 1, (const char *const[]){learners}, err);
    free(learners);
    pg_rows_free(rows);
    return rows != NULL;
}

/* In the audit for ever: the job's time, not its mark. */
static bool note(struct pg *pg, const struct options *options, const struct erase_people *people,
                 const char *job, struct error *err)
{
    char detail[320];
    snprintf(detail, sizeof(detail),
             "{\"people\":%lld,\"learner_keys\":%zu,\"accounts\":%lld,\"listings\":%lld,"
             "\"trainings\":%lld%s%.*s%s}",
             (long long)people->people, people->subjects.count, (long long)people->accounts,
             (long long)people->listings, (long long)people->trainings, job ? ",\"job\":\"" : "",
             job ? (int)strcspn(job, "-") : 0, job ? job : "", job ? "\"" : "");
    const struct audit_entry entry = {.action = "erase",
                                      .reason = options_text(options, "reason"),
                                      .generation = people->generation,
                                      .config_version = -1,
                                      .detail = detail};
    return note_asked(pg, people, err) && audit_note(pg, &entry, err);
}

static bool is_noted(struct pg *pg, const char *id, bool *noted, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_erase_noted, 1, &id, err);
    if (rows)
        *noted = *pg_rows_value(rows, 0, 0) == 't';
    pg_rows_free(rows);
    return rows != NULL;
}

/* Killed between the job and the commit of its note, the same command notes it. */
static bool note_open(struct handover *h, struct pg *pg, const struct options *options,
                      const struct erase_people *people, struct error *err)
{
    char time[SPOOL_ID_SIZE];
    bool noted = false;
    snprintf(time, sizeof(time), "%.*s", (int)strcspn(h->id, "-"), h->id);
    return is_noted(pg, time, &noted, err) && (noted || note(pg, options, people, h->id, err));
}

static bool any_unasked(struct pg *pg, const struct erase_people *people, bool *any, struct error *err)
{
    char *learners = erase_array(&people->subjects);
    struct pg_rows *rows = pg_query(pg, sql_erase_unasked, 1, (const char *const[]){learners}, err);
    free(learners);
    if (rows)
        *any = *pg_rows_value(rows, 0, 0) == 't';
    pg_rows_free(rows);
    return rows != NULL;
}

/* The file may be there from the command that was killed, and that one before its note was kept. */
static bool write_file(struct pg *pg, const struct options *options,
                       const struct erase_people *people, const char *file,
                       const struct text_buffer *job, struct error *err)
{
    struct error none = {0};
    size_t length = 0;
    char *there = file_read_whole(file, MOST_BYTES, &length, &none);
    bool same = there && length == job->length && memcmp(there, job->data, length) == 0;
    bool unasked = true;
    free(there);
    if (same && !any_unasked(pg, people, &unasked, err))
        return false;
    if (same && !unasked)
        return true;
    if (pg_begin(pg, err) && note(pg, options, people, NULL, err) &&
        file_write_lasting(file, job->data, job->length, err) && pg_commit(pg, err))
        return true;
    pg_rollback(pg);
    return false;
}

bool handover_begin(struct handover *h, struct pg *pg, const struct options *options,
                    const struct erase_people *people, struct error *err)
{
    if (h->open)
        return note_open(h, pg, options, people, err);
    struct text_buffer job = {0};
    write_job(people, &job);
    if (!h->data_dir) {
        bool written = write_file(pg, options, people, options_text(options, "job_out"), &job, err);
        text_buffer_free(&job);
        return written;
    }
    h->open =
        spool_submit_marked(h->data_dir, ERASURE_QUEUE, h->mark, job.data, job.length, h->id, err);
    text_buffer_free(&job);
    return h->open && note(pg, options, people, h->id, err);
}

bool handover_wait(struct handover *h, int64_t timeout_ms, struct error *err)
{
    char *result = spool_answer(h->data_dir, ERASURE_QUEUE, h->id, timeout_ms, err);
    h->answered = result && erasure_result_parse(result, &h->ingest, err);
    if (result && !h->answered)
        handover_end(h); /* refused: there is nothing to go on with */
    free(result);
    return h->answered;
}

void handover_end(struct handover *h)
{
    if (h->data_dir && h->open)
        spool_forget(h->data_dir, ERASURE_QUEUE, h->id);
}
