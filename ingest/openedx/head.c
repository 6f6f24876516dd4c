/* Head scan: the newest-first list of enrolments, read from its head to the watermark, finds new learners between sweeps. */
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/text_buffer.h"
#include "openedx.h"

#define OVERLAP_US                                                                                 \
    INT64_C(120000000) /* rows that became visible late, or share the watermark's instant */
#define DELAY_US INT64_C(5000000) /* the watermark stays behind the platform's own clock */

struct head_scan {
    struct openedx *o;
    size_t course;
    struct walk *walk;
    int64_t watermark_us, newest_us, server_time_us;
};

static void cursor_name(const struct course *course, struct text_buffer *out)
{
    text_buffer_add_text(out, "head:");
    text_buffer_add_text(out, course->id);
}

static bool watermark(const struct openedx *o, const struct course *course, int64_t *us)
{
    struct text_buffer name = {.data = NULL};
    cursor_name(course, &name);
    const char *text = shard_cursor_get(o->shard, o->base.name, name.data);
    text_buffer_free(&name);
    return text && clock_parse(text, us);
}

void head_scan_mark(struct openedx *o, const struct course *course, int64_t newest_us,
                    int64_t server_time_us)
{
    int64_t before, mark = newest_us;
    if (mark > server_time_us - DELAY_US)
        mark = server_time_us - DELAY_US;
    if (newest_us == 0 || (watermark(o, course, &before) && before >= mark))
        return;
    struct text_buffer name = {.data = NULL};
    char text[CLOCK_TEXT_SIZE];
    cursor_name(course, &name);
    clock_format(mark, text);
    shard_cursor_set(o->shard, o->base.name, name.data, text);
    text_buffer_free(&name);
}

static bool take(void *context, const struct walk_page *page, struct error *err)
{
    struct head_scan *scan = context;
    struct map_input in = openedx_map_input(scan->o, &scan->o->courses[scan->course]);
    struct map_output out;
    bool reached = false;
    (void)err;
    if (page->number == 1)
        scan->server_time_us = page->server_time_us;
    for (const struct json *r = json_first(page->records); r; r = json_next(r)) {
        bool mapped = openedx_apply(scan->o, STREAM_ENROLLMENTS, &in, r, &out);
        if (!mapped || out.count == 0)
            continue;
        asks_account(scan->o->asks, out.username);
        if (out.created_us > scan->newest_us)
            scan->newest_us = out.created_us;
        reached = reached || (out.created_us && out.created_us < scan->watermark_us - OVERLAP_US);
    }
    return !reached;
}

struct head_scan *head_scan_new(struct openedx *o, size_t course)
{
    struct course *c = &o->courses[course];
    int64_t us;
    if (!watermark(o, c, &us))
        return NULL; /* the first sweep will set it */
    struct head_scan *scan = calloc(1, sizeof *scan);
    if (!scan)
        abort();
    scan->o = o;
    scan->course = course;
    scan->watermark_us = us;
    const struct stream_def *def = &openedx_streams[STREAM_ENROLLMENTS];
    struct text_buffer what = {.data = NULL};
    text_buffer_add_format(&what, "new enrolments of %s", c->id);
    char *path = stream_path(
        def->path, &(struct path_values){.course = c->id, .page_size = o->settings.enrollments_page});
    scan->walk = walk_new(&(struct walk_spec){.origin = o->origin,
                                              .auth = &o->auth,
                                              .what = what.data,
                                              .path = path,
                                              .records = def->records,
                                              .take = take,
                                              .context = scan});
    free(path);
    text_buffer_free(&what);
    return scan;
}

void head_scan_free(struct head_scan *scan)
{
    if (!scan)
        return;
    walk_free(scan->walk);
    free(scan);
}

bool head_scan_step(struct head_scan *scan)
{
    struct openedx *o = scan->o;
    enum walk_state state = walk_step(scan->walk, shard_can_accept(o->shard));
    if (state == WALK_DONE)
        head_scan_mark(o, &o->courses[scan->course], scan->newest_us, scan->server_time_us);
    else if (state == WALK_FAILED && !o->reports[STREAM_ENROLLMENTS].failed)
        openedx_problem(o, STREAM_ENROLLMENTS, walk_error(scan->walk));
    return state != WALK_RUNNING;
}
