/* The sweep of one course: its enrolments, then its gradebook (held in memory as two bits a learner), then its grades joined with
 * it. A part that fails is given up and reported; the next part still runs. */
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/text_buffer.h"
#include "openedx.h"

#define MAX_ACCOUNTS_WAITING 10000
#define LEAST_GRADES_PAGE 50 /* the platform's own */

enum phase { PHASE_ENROLLMENTS, PHASE_GRADEBOOK, PHASE_GRADES, PHASE_ENDED };

struct course_sweep {
    struct openedx *o;
    size_t course;
    enum phase phase;
    struct walk *walk;
    struct sweep *sweep; /* the shard's, of the stream under way */
    int64_t started_us;  /* the platform's time at the sweep's first answer */
    int64_t newest_us;
    bool enrollments_complete;
    bool gradebook_failed; /* could be visible, but was not read: attempts are unknown for now */
    struct learner_table *gradebook; /* NULL = not visible, or failed */
};

static struct course *course_of(const struct course_sweep *s)
{
    return &s->o->courses[s->course];
}

static void begin_sweep(struct course_sweep *s, enum stream_id stream)
{
    s->sweep = shard_sweep_begin(s->o->shard, &openedx_streams[stream].spec, s->o->base.name,
                                 course_of(s)->id, s->started_us);
}

static bool take_enrollments(void *context, const struct walk_page *page, struct error *err)
{
    struct course_sweep *s = context;
    struct openedx *o = s->o;
    (void)err;
    if (page->number == 1) {
        s->started_us = page->server_time_us;
        begin_sweep(s, STREAM_ENROLLMENTS);
        if (o->accounts_cycle && !o->accounts_listed && !o->accounts) {
            o->accounts_started_us = page->server_time_us;
            o->accounts = shard_sweep_begin(o->shard, &openedx_streams[STREAM_ACCOUNTS].spec,
                                            o->base.name, "", page->server_time_us);
        }
    }
    struct map_input in = openedx_map_input(o, course_of(s));
    struct map_output out;
    for (const struct json *r = json_first(page->records); r; r = json_next(r)) {
        if (!openedx_apply(o, STREAM_ENROLLMENTS, &in, r, &out) || out.count == 0)
            continue;
        asks_account(o->asks, out.username);
        if (out.created_us > s->newest_us)
            s->newest_us = out.created_us;
    }
    return true;
}

static bool take_gradebook(void *context, const struct walk_page *page, struct error *err)
{
    struct course_sweep *s = context;
    if (page->number == 1)
        s->started_us = page->server_time_us;
    const char *exam = course_of(s)->exam, *username;
    uint8_t flags;
    (void)err;
    for (const struct json *r = json_first(page->records); r; r = json_next(r)) {
        /* A row that cannot be read becomes a dead letter with the learner's grade. */
        if (!map_gradebook_row(r, exam, &username, &flags, NULL))
            flags = GRADEBOOK_UNREADABLE;
        if (username)
            learner_table_put(s->gradebook, username)->flags = flags;
    }
    return true;
}

static void begin_certificates(struct course_sweep *s)
{
    struct course *c = course_of(s);
    if (c->certificates || clock_monotonic_ms() < c->certificates_due_ms)
        return;
    c->certificates_cycle++;
    c->certificates_listed = c->certificates_failed = false;
    c->certificates_pending = 0;
    c->certificates_started_us = s->started_us;
    c->certificates = shard_sweep_begin(s->o->shard, &openedx_streams[STREAM_CERTIFICATES].spec,
                                        s->o->base.name, c->id, s->started_us);
}

static bool take_grades(void *context, const struct walk_page *page, struct error *err)
{
    struct course_sweep *s = context;
    (void)err;
    if (page->number == 1) {
        if (!s->gradebook)
            s->started_us = page->server_time_us;
        begin_sweep(s, STREAM_GRADES);
        begin_certificates(s);
    }
    struct map_input in = openedx_map_input(s->o, course_of(s));
    in.gradebook = s->gradebook;
    struct map_output out;
    for (const struct json *r = json_first(page->records); r; r = json_next(r)) {
        if (openedx_apply(s->o, STREAM_GRADES, &in, r, &out) && out.count > 0)
            asks_certificate(s->o->asks, s->course, out.username, out.passed);
    }
    return true;
}

static int page_size(const struct course_sweep *s, enum phase phase)
{
    const struct openedx_settings *settings = &s->o->settings;
    if (phase == PHASE_ENROLLMENTS)
        return settings->enrollments_page;
    int whole = settings->grades_page, size = whole >> course_of(s)->page_shift;
    return size < LEAST_GRADES_PAGE && whole > LEAST_GRADES_PAGE ? LEAST_GRADES_PAGE : size;
}

/* Grades are computed while we wait: a page that took too long is asked for in halves from the next round on. */
static void judge_page_size(struct course_sweep *s, enum phase phase)
{
    long status = walk_status(s->walk);
    if (phase != PHASE_ENROLLMENTS && walk_state(s->walk) == WALK_FAILED &&
        (status == 0 || status >= 500) && page_size(s, phase) > LEAST_GRADES_PAGE)
        course_of(s)->page_shift++;
}

static void start_phase(struct course_sweep *s, enum phase phase)
{
    static const struct {
        const char *what;
        walk_take take;
    } phases[] = {
        {"enrolments", take_enrollments}, {"gradebook", take_gradebook}, {"grades", take_grades}};
    const char *path = phase == PHASE_ENROLLMENTS ? openedx_streams[STREAM_ENROLLMENTS].path
                       : phase == PHASE_GRADEBOOK ? openedx_gradebook_path
                                                  : openedx_streams[STREAM_GRADES].path;
    struct text_buffer what = {.data = NULL};
    text_buffer_add_format(&what, "%s of %s", phases[phase].what, course_of(s)->id);
    char *first = stream_path(
        path, &(struct path_values){.course = course_of(s)->id, .page_size = page_size(s, phase)});
    if (phase == PHASE_GRADEBOOK)
        s->gradebook = learner_table_new();
    s->phase = phase;
    s->walk = walk_new(&(struct walk_spec){.origin = s->o->origin,
                                           .auth = &s->o->auth,
                                           .what = what.data,
                                           .path = first,
                                           .records = "results",
                                           .rows_may_lack = phase != PHASE_ENROLLMENTS,
                                           .take = phases[phase].take,
                                           .context = s});
    free(first);
    text_buffer_free(&what);
}

struct course_sweep *course_sweep_new(struct openedx *o, size_t course)
{
    struct course_sweep *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->o = o;
    s->course = course;
    start_phase(s, PHASE_ENROLLMENTS);
    return s;
}

void course_sweep_free(struct course_sweep *s)
{
    if (!s)
        return;
    walk_free(s->walk);
    if (s->sweep)
        shard_sweep_abandon(s->sweep);
    learner_table_free(s->gradebook);
    free(s);
}

static void end_stream(struct course_sweep *s, enum stream_id stream, bool complete)
{
    struct course *c = course_of(s);
    if (!complete)
        openedx_problem(s->o, stream, walk_error(s->walk));
    openedx_end_sweep(s->o, stream, &s->sweep, complete, s->started_us, &c->seen[stream]);
}

static void end_enrollments(struct course_sweep *s, bool complete)
{
    end_stream(s, STREAM_ENROLLMENTS, complete);
    s->enrollments_complete = complete;
    if (complete)
        head_scan_mark(s->o, course_of(s), s->newest_us, s->started_us);
}

/* Without it grades say who passed; what was seen of attempts before stays. */
static void end_gradebook(struct course_sweep *s, bool complete)
{
    struct course *c = course_of(s);
    long status = walk_status(s->walk);
    c->gradebook = complete ? GRADEBOOK_READ : GRADEBOOK_NOT_VISIBLE;
    if (complete)
        return;
    learner_table_free(s->gradebook);
    s->gradebook = NULL;
    if (status == 403 || status == 404)
        return;
    c->gradebook = GRADEBOOK_FAILED;
    s->gradebook_failed = true;
    openedx_problem(s->o, STREAM_GRADES, walk_error(s->walk));
}

static void end_grades(struct course_sweep *s, bool complete)
{
    struct course *c = course_of(s);
    if (complete && s->gradebook_failed) /* no mark: attempts are missing */
        openedx_end_sweep(s->o, STREAM_GRADES, &s->sweep, false, 0, NULL);
    else
        end_stream(s, STREAM_GRADES, complete);
    if (c->certificates && !c->certificates_listed) {
        c->certificates_listed = true;
        c->certificates_failed |= !complete;
    }
}

bool course_sweep_step(struct course_sweep *s)
{
    while (s->phase != PHASE_ENDED) {
        bool may_take = shard_can_accept(s->o->shard) &&
                        asks_pending(s->o->asks, STREAM_ACCOUNTS) < MAX_ACCOUNTS_WAITING;
        enum walk_state state = walk_step(s->walk, may_take);
        if (state == WALK_RUNNING)
            return false;
        bool complete = state == WALK_DONE && walk_complete(s->walk);
        enum phase ended = s->phase;
        judge_page_size(s, ended);
        if (ended == PHASE_ENROLLMENTS)
            end_enrollments(s, complete);
        else if (ended == PHASE_GRADEBOOK)
            end_gradebook(s, complete);
        else
            end_grades(s, complete);
        walk_free(s->walk);
        s->walk = NULL;
        if (ended == PHASE_GRADES)
            s->phase = PHASE_ENDED;
        else
            start_phase(s, ended + 1);
    }
    return true;
}

const char *course_sweep_phase(const struct course_sweep *s)
{
    static const char *const names[] = {"enrolments", "gradebook", "grades", "done"};
    return names[s->phase];
}

bool course_sweep_enrollments_complete(const struct course_sweep *s)
{
    return s->enrollments_complete;
}
