/* A job: one stream of one course, within one sweep (or window) of the shard: first the tables that its records look up or that drive
 * it, then its own pages, once or for every row of the driving table. What fails is given up and reported; a table that the platform
 * does not show is simply not there. */
#include "job.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/log.h"
#include "../../common/text_buffer.h"
#include "backfill.h"
#include "resume.h"

#define NO_TABLE SIZE_MAX
#define MAX_IDLE_PAGES 100

/* ---- walks ---- */

const struct stream_rules *job_rules(const struct job *j)
{
    return j->p->streams[j->stream].rules;
}

struct place *job_place(const struct job *j)
{
    return platform_place(j->p, j->stream, j->course);
}

/* The stream whose pages are read now: a table's, or the job's own. */
size_t job_reading(const struct job *j)
{
    return j->phase < j->table_count ? j->tables[j->phase].stream : j->stream;
}

static bool ask(void *context, const struct page_position *position, struct walk_request *request,
                struct error *err)
{
    struct job *j = context;
    size_t stream = job_reading(j);
    struct place *place = platform_place(j->p, stream, j->course);
    texts_position(&j->texts, position, platform_page_size(j->p, stream, place));
    const struct stream_rules *rules = j->p->streams[stream].rules;
    return platform_request(j->p, j->also > 0 ? &rules->also[j->also - 1] : &rules->request,
                            &j->texts, position, request, err);
}

static enum walk_verdict judge(void *context, const struct walk_answer *answer, struct error *err)
{
    struct job *j = context;
    return platform_judge(j->p, j->p->streams[job_reading(j)].rules, &j->texts, answer, err);
}

static void note_start(struct job *j, const struct walk_page *page)
{
    if (j->started_us == 0 || page->server_time_us < j->started_us)
        j->started_us = page->server_time_us;
}

static bool take_table(void *context, const struct walk_page *page, struct error *err)
{
    struct job *j = context;
    note_start(j, page);
    return job_remember(j, &j->tables[j->phase], page->list, err);
}

void job_tell_children(struct job *j, bool begins, bool complete)
{
    for (size_t i = 0; i < j->p->connector->stream_count; i++) {
        struct stream *child = &j->p->streams[i];
        if (!child->asks || child->rules->parent != (int)j->stream)
            continue;
        if (begins)
            asks_parent_begins(child->asks, j->course, j->started_us);
        else
            asks_parent_ends(child->asks, j->course, complete);
    }
}

/* Of a list that is read from end to end the first record of an entity counts. */
static bool is_whole(const struct job *j)
{
    return j->kind == JOB_SWEEP_ALL && !job_rules(j)->windowed;
}

void job_begin_sweep(struct job *j)
{
    const struct stream_rules *rules = job_rules(j);
    struct platform *p = j->p;
    if (!rules->mapping || j->sweep)
        return;
    j->spec = j->kind != JOB_SWEEP_ALL ? &p->streams[j->stream].window_spec
                                       : &p->settings.streams[j->stream].spec;
    j->sweep = shard_sweep_begin(p->shard, j->spec, p->base.name,
                                 platform_substream(p, j->stream, j->course), j->started_us);
    if (is_whole(j) && mapping_tells_lasting(rules->mapping))
        j->lasting = shard_sweep_begin(p->shard, &p->streams[j->stream].lasting_spec, p->base.name,
                                       platform_substream(p, j->stream, j->course), j->started_us);
    if (j->resumed || j->table_hidden)
        shard_sweep_is_rest(j->sweep, j->resumed_seen);
    job_tell_children(j, true, true);
}

static void note_bound(struct job *j, const struct walk_page *page)
{
    int64_t us;
    if (page->bound && clock_parse(page->bound, &us) && (j->bound_us == 0 || us < j->bound_us))
        j->bound_us = us;
}

/* Entities that this sweep has come upon, those that outlive their records among them. */
static int64_t seen_so_far(const struct job *j)
{
    return shard_sweep_seen(j->sweep) + shard_sweep_seen(j->lasting);
}

/* A list that is read in circles would never end; one with nameless records proves nobody gone. */
static bool take_in(struct job *j, const struct apply *apply, const struct walk_page *page,
                    struct error *err)
{
    int64_t told = j->tally.told, seen = seen_so_far(j);
    uint64_t before = conclusion_before(j->p, j->stream, j->course);
    bool recalls = j->kind == JOB_SWEEP_ALL && !j->times.newest;
    j->read_us = page->server_time_us;
    shard_seen_at(j->p->shard, page->server_time_us);
    bool fine = platform_apply_page(apply, page->list, recalls, err);
    shard_seen_at(j->p->shard, 0);
    conclusion_page(&j->reading, j->p, j->stream, j->course, before);
    if (!fine)
        return false;
    if (j->sweep && j->tally.nameless > 0)
        shard_sweep_proves_nothing(j->sweep);
    if (j->sweep && apply->once && j->tally.told > told)
        j->idle_pages = seen_so_far(j) > seen ? 0 : j->idle_pages + 1;
    return j->idle_pages < MAX_IDLE_PAGES ||
           error_set(err, ERROR_SOURCE, false,
                     "%d pages in a row say nothing of anybody new; the list has no end",
                     MAX_IDLE_PAGES);
}

static bool take(void *context, const struct walk_page *page, struct error *err)
{
    struct job *j = context;
    struct row_table *tables[4] = {NULL};
    note_start(j, page);
    if (!j->learning) {
        note_bound(j, page);
        job_begin_sweep(j);
    }
    for (size_t i = 0; i < job_rules(j)->lookup_count; i++)
        tables[i] = j->tables[i].table;
    const struct apply apply = {.p = j->p,
                                .stream = j->stream,
                                .course = j->course,
                                .spec = j->spec,
                                .texts = &j->texts,
                                .tables = tables,
                                .rejected = &job_place(j)->rejected,
                                .times = &j->times,
                                .offers_again = j->offers_again,
                                .tally = &j->tally,
                                .once = is_whole(j)};
    if (j->learning)
        return platform_learn_page(&apply, page->list, err);
    j->seen += page->list ? (int64_t)page_list_count(page->list) : 0;
    return take_in(j, &apply, page, err);
}

static void start_walk(struct job *j)
{
    size_t stream = job_reading(j);
    bool is_table = j->phase < j->table_count;
    const struct stream_rules *rules = j->p->streams[stream].rules;
    struct text_buffer what = {.data = NULL};
    text_buffer_add_format(&what, "%s of %s", rules->spec.name,
                           j->course == NO_COURSE ? j->p->base.name : j->p->courses[j->course].id);
    if (is_table)
        j->tables[j->phase].table = row_table_new(rules->field_count);
    else if (j->rows != NO_TABLE)
        texts_row(&j->texts, j->p->connector, j->tables[j->rows].stream, j->tables[j->rows].table,
                  j->row);
    j->walk = walk_new(&(struct walk_spec){.origin = j->p->origin,
                                           .auth = &j->p->walk_auth,
                                           .what = what.data,
                                           .pages = &rules->pages,
                                           .records = rules->records,
                                           .record = rules->record,
                                           .ask = ask,
                                           .judge = judge,
                                           .bound_header = rules->bound_header,
                                           .rows_may_lack = rules->rows_may_lack,
                                           .from = !is_table && j->resumed ? &j->from : NULL,
                                           .take = is_table ? take_table : take,
                                           .reader = j->may_conclude ? "sweep" : NULL,
                                           .unchanged = j->may_skip ? job_unchanged : NULL,
                                           .context = j});
    text_buffer_free(&what);
    j->times.before_us = 0;
}

/* ---- life ---- */

/* What was told before is read again by a window and by a range: is the newest of each entity to be found first? */
static bool must_learn(const struct job *j)
{
    const struct place *place = job_place(j);
    const struct stream_rules *rules = job_rules(j);
    return rules->window_log && j->times.newest && j->kind != JOB_SWEEP_ALL &&
           (place->rises || !place->falls) &&
           shard_substream_entities(j->p->shard, &j->p->settings.streams[j->stream].spec,
                                    j->p->base.name,
                                    platform_substream(j->p, j->stream, j->course)) > 0;
}

static void add_table(struct job *j, size_t stream)
{
    j->tables[j->table_count++] = (struct job_table){.stream = stream};
}

struct job *job_new(struct platform *p, size_t stream, size_t course, enum job_kind kind)
{
    struct job *j = must_have(calloc(1, sizeof *j));
    const struct stream_rules *rules = p->streams[stream].rules;
    *j = (struct job){.p = p,
                      .stream = stream,
                      .course = course,
                      .kind = kind,
                      .rows = NO_TABLE,
                      .spec = &p->settings.streams[stream].spec,
                      .times = {.of = rules->window_time ? rules->window_time : rules->head_time}};
    for (size_t i = 0; i < rules->lookup_count; i++)
        add_table(j, (size_t)rules->lookups[i].stream);
    if (rules->for_each == FOR_ROWS) {
        j->rows = j->table_count;
        add_table(j, (size_t)rules->parent);
    }
    texts_begin(&j->texts, p, course);
    if (rules->windowed && rules->window_time)
        j->times.newest = newest_new();
    if (kind == JOB_WINDOW)
        job_window_since(j);
    else if (kind == JOB_RANGE)
        job_range(j);
    j->asked_for = backfill_wants(p->backfill, stream, course);
    j->learning = must_learn(j);
    j->resumed = rules->for_each != FOR_ROWS && kind == JOB_SWEEP_ALL && resume_find(j);
    j->may_conclude = kind == JOB_SWEEP_ALL && !j->resumed && conclusion_of_sweeps(p, stream);
    j->may_skip = j->may_conclude && !backfill_wants(p->backfill, stream, course) && job_may_skip(j);
    j->reading = conclusion_begin(p, stream, course);
    job_place(j)->rejected = 0;
    j->offers_again = clock_monotonic_ms() >= job_place(j)->offer_ms;
    if (j->offers_again)
        job_place(j)->offer_ms = INT64_MAX;
    job_place(j)->running = true;
    start_walk(j);
    return j;
}

void job_free(struct job *j)
{
    if (!j)
        return;
    job_place(j)->running = false;
    walk_free(j->walk);
    if (j->sweep)
        shard_sweep_abandon(j->sweep);
    if (j->lasting)
        shard_sweep_abandon(j->lasting);
    for (size_t i = 0; i < j->table_count; i++)
        row_table_free(j->tables[i].table);
    newest_free(j->times.newest);
    page_end(&j->from);
    free(j);
}

/* Goes on to what comes next; false at the end of the job. */
static bool next_walk(struct job *j)
{
    bool own = j->phase == j->table_count;
    if (!own)
        j->phase++;
    if (j->phase < j->table_count)
        return true;
    if (own && j->learning) {
        j->learning = false;
        return true;
    }
    if (own && j->kind != JOB_SWEEP_ALL && j->also < job_rules(j)->also_count) {
        j->also++;
        return true;
    }
    j->also = 0;
    j->row += own;
    if (j->rows == NO_TABLE)
        return j->row == 0;
    return j->tables[j->rows].table && j->row < row_table_count(j->tables[j->rows].table);
}

bool job_step(struct job *j)
{
    struct platform *p = j->p;
    if (j->ending)
        return job_end_stream(j);
    while (true) {
        bool may_take = shard_can_accept(p->shard) && !schedule_asks_full(p);
        enum walk_state state = walk_step(j->walk, may_take);
        if (state == WALK_RUNNING) {
            resume_keep(j);
            return false;
        }
        job_judge_page_size(j);
        bool complete = state == WALK_DONE && walk_complete(j->walk);
        if (j->phase < j->table_count)
            job_end_table(j, complete);
        else
            job_end_walk(j, complete);
        walk_free(j->walk);
        j->walk = NULL;
        if (j->failed || !next_walk(j)) {
            if (j->rows != NO_TABLE && j->tables[j->rows].table && !j->failed && !j->sweep) {
                if (j->started_us == 0)
                    j->started_us = clock_now_us();
                job_begin_sweep(j); /* no rows: nothing is there, and that was seen */
            }
            j->ending = true;
            return job_end_stream(j);
        }
        start_walk(j);
    }
}

size_t job_course(const struct job *j)
{
    return j->course;
}

bool job_is_asked_for(const struct job *j)
{
    return j->asked_for;
}

bool job_succeeded(const struct job *j)
{
    return !j->failed && !j->incomplete;
}

size_t job_stream(const struct job *j)
{
    return j->stream;
}

const struct error *job_trouble(const struct job *j)
{
    static const struct error none = {.kind = ERROR_NONE};
    return j->walk ? walk_trouble(j->walk) : &none;
}

void job_describe(const struct job *j, struct told *out)
{
    const char *name = j->p->streams[job_reading(j)].rules->spec.name;
    if (j->course == NO_COURSE)
        TOLD_FORMAT(out, "đang đọc %s", "reading %s", name);
    else
        TOLD_FORMAT(out, "đang đọc %s, khóa %zu trong %zu", "reading %s, course %zu of %zu", name,
                    j->course + 1, j->p->course_count);
}
