/* The page walker asking whether a list has changed (tests/fakes/hostile_server.py). */
#include "cmocka_all.h"

#include <string.h>

#include "../../common/clock.h"
#include "../../ingest/walk/walk.h"
#include "support/http_case.h"

struct seen {
    const char *path;
    size_t pages, records;
    size_t unchanged; /* how often the platform said so */
    bool reads_on;    /* … and it is read all the same */
    int64_t server_time_us;
};

static bool take(void *context, const struct walk_page *page, struct error *err)
{
    struct seen *seen = context;
    (void)err;
    seen->pages++;
    seen->records += page->list ? page_list_count(page->list) : 0;
    seen->server_time_us = page->server_time_us;
    return true;
}

static bool unchanged(void *context, int64_t server_time_us)
{
    struct seen *seen = context;
    seen->unchanged++;
    seen->server_time_us = server_time_us;
    return !seen->reads_on;
}

static bool ask_for(void *context, const struct page_position *position,
                    struct walk_request *request, struct error *err)
{
    struct seen *seen = context;
    (void)err;
    request->url = strdup(position->link ? position->link : seen->path);
    return true;
}

static struct walk_spec spec_of(struct http_origin *origin, const char *path, struct seen *seen)
{
    static const struct page_rules by_link = {.rule = PAGES_NEXT, .next = {"/next"}};
    static const char *const records[PAGE_POINTERS] = {"/results"};
    seen->path = path;
    return (struct walk_spec){.origin = origin,
                              .what = "the list",
                              .pages = &by_link,
                              .records = records,
                              .ask = ask_for,
                              .take = take,
                              .context = seen};
}

static enum walk_state run(struct walk *walk, int64_t limit_ms)
{
    int64_t end = clock_monotonic_ms() + limit_ms;
    while (walk_step(walk, true) == WALK_RUNNING && clock_monotonic_ms() < end)
        http_poll(hostile.http, 50);
    return walk_state(walk);
}

/* Whoever asks knows by which condition; remember: what the caller does when the list asks no more of it. */
static enum walk_state read_on_condition(struct http_origin *origin, struct seen *seen,
                                         const char *reader, const char *path, bool remember)
{
    struct walk_spec spec = spec_of(origin, path, seen);
    spec.reader = reader;
    spec.unchanged = reader ? unchanged : NULL;
    struct walk *walk = walk_new(&spec);
    enum walk_state state = run(walk, 10000);
    if (remember && walk_validator(walk))
        http_remember(origin, walk_validator(walk));
    assert_int_equal(walk_complete(walk), state == WALK_DONE);
    walk_free(walk);
    return state;
}

static void a_first_page_that_is_as_remembered_is_not_read(void **state)
{
    (void)state;
    static const struct {
        const char *reader;
        bool remember, reads_on;
        size_t pages, records, unchanged;
    } steps[] = {
        {"sweep", true, false, 1, 1, 0},  {"sweep", false, false, 0, 0, 1},
        {"sweep", true, false, 1, 2, 0}, /* it has grown */
        {"sweep", false, false, 0, 0, 1}, {"head", false, false, 1, 2, 0},
        {NULL, false, false, 1, 2, 0},    {"sweep", false, true, 1, 2, 1},
    };
    struct http_origin *origin = new_origin();
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct seen seen = {.reads_on = steps[i].reads_on};
        assert_int_equal(
            read_on_condition(origin, &seen, steps[i].reader, "/growing", steps[i].remember),
            WALK_DONE);
        if (seen.pages != steps[i].pages || seen.records != steps[i].records ||
            seen.unchanged != steps[i].unchanged)
            fail_msg("step %zu: %zu pages, %zu records, %zu times unchanged", i, seen.pages,
                     seen.records, seen.unchanged);
        assert_in_range(clock_now_us() - seen.server_time_us, 0, 60000000);
    }
    http_origin_free(origin);
}

static void not_modified_waits_until_it_may_be_taken_in(void **state)
{
    (void)state;
    struct seen first = {.pages = 0}, seen = {.pages = 0};
    struct http_origin *origin = new_origin();
    assert_int_equal(read_on_condition(origin, &first, "sweep", "/versioned", true), WALK_DONE);
    struct walk_spec spec = spec_of(origin, "/versioned", &seen);
    spec.reader = "sweep";
    spec.unchanged = unchanged;
    struct walk *walk = walk_new(&spec);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(walk_step(walk, false), WALK_RUNNING);
        http_poll(hostile.http, 20);
    }
    assert_int_equal(seen.unchanged, 0);
    assert_int_equal(pending(origin), 0);
    assert_int_equal(walk_step(walk, true), WALK_DONE);
    assert_int_equal(seen.unchanged, 1);
    assert_null(walk_validator(walk)); /* what was remembered stays */
    walk_free(walk);
    http_origin_free(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_page_that_is_as_remembered_is_not_read),
        cmocka_unit_test(not_modified_waits_until_it_may_be_taken_in),
    };
    return cmocka_run_group_tests(tests, hostile_start, hostile_stop);
}
