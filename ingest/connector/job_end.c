/* How a job ends: a table of it, a walk through its own list, and the whole. */
#include "../../common/clock.h"
#include "job.h"
#include "resume.h"

#define FAILURES_TO_BELIEVE 3 /* in a row */

void job_judge_page_size(struct job *j)
{
    size_t stream = job_reading(j);
    struct place *place = platform_place(j->p, stream, j->course);
    const struct page_rules *pages = &j->p->streams[stream].rules->pages;
    long status = walk_status(j->walk);
    if (pages->smallest > 0 && walk_state(j->walk) == WALK_FAILED &&
        (status == 0 || status >= 500) && platform_page_size(j->p, stream, place) > pages->smallest)
        place->page_shift++;
}

void job_end_table(struct job *j, bool complete)
{
    struct job_table *t = &j->tables[j->phase];
    const struct stream_rules *rules = j->p->streams[t->stream].rules;
    struct place *place = platform_place(j->p, t->stream, j->course);
    place->not_visible = !complete && stream_is_hidden(rules, walk_status(j->walk));
    place->entities = complete ? (int64_t)row_table_count(t->table) : 0;
    if (complete) {
        place->problem.kind = ERROR_NONE;
        place->swept_us = clock_now_us();
        place->through_us = j->started_us;
        return;
    }
    row_table_free(t->table);
    t->table = NULL;
    if (place->not_visible)
        place->problem.kind = ERROR_NONE;
    if (place->not_visible && j->phase != j->rows) {
        j->table_hidden = true;
        j->failed = job_place(j)->not_visible = job_rules(j)->lookups[j->phase].required;
        return;
    }
    j->incomplete = true; /* what hangs on it is unknown for now: no mark */
    platform_problem(j->p, t->stream, &place->problem, walk_error(j->walk));
}

/* Takes back what the list's records withdrew and none told of. False: not all of it yet. */
static bool withdraw(struct job *j)
{
    struct platform *p = j->p;
    uint64_t before = conclusion_before(p, j->stream, j->course);
    shard_seen_at(p->shard, j->read_us);
    bool done = (!j->sweep || shard_sweep_withdraw(j->sweep)) &&
                (!j->lasting || shard_sweep_withdraw(j->lasting));
    shard_seen_at(p->shard, 0);
    conclusion_page(&j->reading, p, j->stream, j->course, before);
    return done;
}

/* A record that is for an entity may stand where this reading did not come: on the pages that an earlier process read, or behind
 * one that failed. But a page that fails for ever must not keep the rest as it is for ever. */
static bool may_withdraw(const struct job *j, bool complete)
{
    return !j->resumed && (complete || job_place(j)->failures + 1 >= FAILURES_TO_BELIEVE);
}

bool job_end_stream(struct job *j)
{
    struct place *place = job_place(j);
    bool complete = !j->failed && !j->incomplete;
    if (may_withdraw(j, complete) && !withdraw(j))
        return false;
    place->failures = complete ? 0 : place->failures + 1;
    if (!complete)
        place->offer_ms = 0;
    j->tally.contradicted += (j->sweep ? shard_sweep_contradicted(j->sweep) : 0) +
                             (j->lasting ? shard_sweep_contradicted(j->lasting) : 0);
    if (!j->unchanged)
        place->tally = j->tally;
    if (complete && !j->unchanged)
        place->contradicts = j->tally.contradicted > 0;
    int64_t through = j->bound_us && j->bound_us < j->started_us ? j->bound_us : j->started_us;
    if (complete && j->kind != JOB_RANGE && job_rules(j)->windowed)
        job_window_advance(j);
    else if (complete && j->kind == JOB_SWEEP_ALL && job_rules(j)->head_ms)
        head_scan_mark(j->p, j->stream, j->course, j->times.newest_us, j->started_us);
    bool counts = complete && j->kind != JOB_RANGE; /* a range says nothing of what came since */
    bool ended = platform_end_sweep(j->p, j->stream, j->course, &j->sweep, counts, through);
    if (!j->failed || complete)
        resume_forget(j);
    if (ended)
        place->problem.kind = ERROR_NONE;
    job_conclude(j, ended);
    job_tell_children(j, false, complete);
    return true;
}

void job_end_walk(struct job *j, bool complete)
{
    struct place *place = job_place(j);
    place->not_visible = !complete && stream_is_hidden(job_rules(j), walk_status(j->walk));
    const struct http_validator *validator = walk_validator(j->walk);
    if (complete && validator && walk_pages(j->walk) == 1) {
        j->validator = *validator;
        j->has_validator = true;
    }
    place->rises |= j->times.rises;
    place->falls |= j->times.falls;
    if (!complete) {
        j->failed = true;
        if (j->resumed) /* the link may have expired: from the beginning next time */
            resume_forget(j);
        if (place->not_visible)
            place->problem.kind = ERROR_NONE; /* the note says what is the case */
        else
            platform_problem(j->p, j->stream, &place->problem, walk_error(j->walk));
    }
}
