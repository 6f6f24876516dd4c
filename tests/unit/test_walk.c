/* The HTTP client and the page walker against a server that misbehaves on purpose (tests/fakes/hostile_server.py). */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../ingest/walk/walk.h"
#include "support/hostile.h"

static struct http_origin *new_origin(double per_minute, int concurrent)
{
    struct error err;
    struct http_origin *origin =
        http_origin_new(hostile.http,
                        &(struct http_origin_settings){.base_url = hostile.base,
                                                       .requests_per_minute = per_minute,
                                                       .max_concurrent = concurrent,
                                                       .timeout_ms = 1500,
                                                       .max_body_bytes = 1 << 20},
                        &err);
    assert_non_null(origin);
    return origin;
}

struct seen {
    const char *path;
    size_t pages, records;
    bool missing, missing_is_empty, unauthorised, refused;
    bool enough_after_first;
    struct error fail_with;
    int64_t server_time_us;
};

static bool take(void *context, const struct walk_page *page, struct error *err)
{
    struct seen *seen = context;
    seen->pages++;
    seen->records += page->list ? page_list_count(page->list) : 0;
    seen->missing = page->list == NULL;
    seen->server_time_us = page->server_time_us;
    if (seen->fail_with.kind != ERROR_NONE)
        *err = seen->fail_with;
    return !seen->enough_after_first && seen->fail_with.kind == ERROR_NONE;
}

static bool ask(void *context, const struct page_position *position, struct walk_request *request,
                struct error *err)
{
    struct seen *seen = context;
    (void)err;
    request->url = strdup(position->link ? position->link : seen->path);
    return true;
}

static enum walk_verdict judge(void *context, const struct walk_answer *answer, struct error *err)
{
    struct seen *seen = context;
    if (seen->unauthorised) {
        error_set(err, ERROR_SOURCE, false, "invalidtoken");
        return WALK_UNAUTHORISED;
    }
    if (seen->refused) {
        error_set(err, ERROR_SOURCE, false, "nopermission");
        return WALK_REFUSED;
    }
    bool bare = json_boolean(json_get(answer->root, "bare"), false);
    return seen->missing_is_empty && (answer->status == 404 || bare) ? WALK_NOTHING : WALK_AS_IT_IS;
}

static const struct page_rules by_link = {.rule = PAGES_NEXT, .next = {"/next"}};
static const char *const records[PAGE_POINTERS] = {"/results", ""};

static struct walk_spec spec_of(struct http_origin *origin, const char *path, struct seen *seen)
{
    seen->path = path;
    return (struct walk_spec){.origin = origin,
                              .what = "the list",
                              .pages = &by_link,
                              .records = records,
                              .ask = ask,
                              .judge = judge,
                              .take = take,
                              .context = seen};
}

static struct walk *new_walk(struct http_origin *origin, const char *path, struct seen *seen)
{
    struct walk_spec spec = spec_of(origin, path, seen);
    return walk_new(&spec);
}

static enum walk_state run(struct walk *walk, int64_t limit_ms)
{
    int64_t end = clock_monotonic_ms() + limit_ms;
    while (walk_step(walk, true) == WALK_RUNNING && clock_monotonic_ms() < end)
        http_poll(hostile.http, 50);
    return walk_state(walk);
}

static void a_list_is_walked_to_its_end(void **state)
{
    (void)state;
    struct seen seen = {.pages = 0};
    struct http_origin *origin = new_origin(60000, 2);
    struct walk *walk = new_walk(origin, "/good", &seen);
    assert_int_equal(run(walk, 10000), WALK_DONE);
    assert_true(walk_complete(walk));
    assert_int_equal(seen.pages, 5);
    assert_int_equal(seen.records, 50);
    int64_t age = clock_now_us() - seen.server_time_us;
    assert_in_range(age, 0, 60000000);
    walk_free(walk);
    http_origin_free(origin);
}

static void seen_enough_is_not_complete(void **state)
{
    (void)state;
    struct seen seen = {.enough_after_first = true};
    struct http_origin *origin = new_origin(60000, 2);
    struct walk *walk = new_walk(origin, "/good", &seen);
    assert_int_equal(run(walk, 10000), WALK_DONE);
    assert_false(walk_complete(walk));
    assert_int_equal(seen.pages, 1);
    assert_int_equal(pending(origin), 0); /* the prefetched page was cancelled */
    walk_free(walk);
    http_origin_free(origin);
}

static void a_taker_may_fail(void **state)
{
    (void)state;
    struct seen seen = {.fail_with = {.kind = ERROR_STATE, .message = "stop"}};
    struct http_origin *origin = new_origin(60000, 2);
    struct walk *walk = new_walk(origin, "/good", &seen);
    assert_int_equal(run(walk, 10000), WALK_FAILED);
    assert_string_equal(walk_error(walk)->message, "the list: stop");
    walk_free(walk);
    http_origin_free(origin);
}

/* At most one decoded page and one body are held while nothing may be taken. */
static void back_pressure_stops_the_fetching(void **state)
{
    (void)state;
    struct seen seen = {.pages = 0};
    struct http_origin *origin = new_origin(60000, 2);
    struct walk *walk = new_walk(origin, "/good", &seen);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(walk_step(walk, false), WALK_RUNNING);
        http_poll(hostile.http, 20);
    }
    assert_int_equal(seen.pages, 0);
    assert_int_equal(walk_pages(walk), 1);
    assert_int_equal(pending(origin), 0);
    assert_int_equal(run(walk, 10000), WALK_DONE);
    assert_int_equal(seen.records, 50);
    walk_free(walk);
    http_origin_free(origin);
}

static void what_is_not_data_fails(void **state)
{
    (void)state;
    static const struct {
        const char *path, *says;
        size_t pages; /* taken in before it is noticed */
    } cases[] = {
        {"/repeat", "already read", 1},
        {"/same", "repeats the page before", 1},
        {"/empty", "empty but has a next", 0},
        {"/foreign", "not the configured", 1},
        {"/html", "HTML", 0},
        {"/envelope", "no list `/results`", 0},
        {"/redirect", "redirect", 0},
        {"/bomb", "larger than 1048576 bytes", 0},
        {"/headers", "larger than", 0},
        {"/forbidden", "HTTP 403", 0},
        {"/nowhere", "HTTP 404", 0},
        {"/refusing", "HTTP 401", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen seen = {.pages = 0};
        struct http_origin *origin = new_origin(60000, 2);
        struct walk *walk = new_walk(origin, cases[i].path, &seen);
        assert_int_equal(run(walk, 10000), WALK_FAILED);
        assert_int_equal(walk_error(walk)->kind, ERROR_SOURCE);
        assert_false(walk_complete(walk));
        if (!strstr(walk_error(walk)->message, cases[i].says))
            fail_msg("%s: %s", cases[i].path, walk_error(walk)->message);
        assert_in_range(seen.pages, 0, cases[i].pages + 1);
        walk_free(walk);
        http_origin_free(origin);
    }
}

static void links_come_in_many_forms(void **state)
{
    (void)state;
    static const char *const paths[] = {"/relative", "/proxied"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct seen seen = {.pages = 0};
        struct http_origin *origin = new_origin(60000, 2);
        struct walk *walk = new_walk(origin, paths[i], &seen);
        assert_int_equal(run(walk, 10000), WALK_DONE);
        assert_true(walk_complete(walk));
        assert_int_equal(seen.records, 30);
        walk_free(walk);
        http_origin_free(origin);
    }
}

static void a_page_may_be_empty_where_rows_may_lack(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool rows_may_lack;
        enum walk_state ends;
        size_t records;
    } cases[] = {{"/gap", true, WALK_DONE, 20},
                 {"/gap", false, WALK_FAILED, 10},
                 {"/bare_gap", true, WALK_DONE, 20},
                 {"/bare_gap", false, WALK_FAILED, 10},
                 {"/empty", true, WALK_FAILED, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen seen = {.missing_is_empty = true};
        struct http_origin *origin = new_origin(60000, 2);
        struct walk_spec spec = spec_of(origin, cases[i].path, &seen);
        spec.rows_may_lack = cases[i].rows_may_lack;
        struct walk *walk = walk_new(&spec);
        assert_int_equal(run(walk, 10000), cases[i].ends);
        assert_int_equal(seen.records, cases[i].records);
        walk_free(walk);
        http_origin_free(origin);
    }
}

static void an_answer_may_be_one_record(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        enum walk_state ends;
        size_t records;
    } cases[] = {{"", WALK_DONE, 1},
                 {"/results/3", WALK_DONE, 1},
                 {"/results", WALK_FAILED, 0},
                 {"/none", WALK_FAILED, 0}};
    static const struct page_rules one = {.rule = PAGES_ONE};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen seen = {.pages = 0};
        struct http_origin *origin = new_origin(60000, 2);
        struct walk_spec spec = spec_of(origin, "/good", &seen);
        spec.pages = &one;
        spec.record = cases[i].record;
        struct walk *walk = walk_new(&spec);
        assert_int_equal(run(walk, 10000), cases[i].ends);
        assert_int_equal(seen.records, cases[i].records);
        if (cases[i].ends == WALK_FAILED)
            assert_non_null(strstr(walk_error(walk)->message, cases[i].record));
        walk_free(walk);
        http_origin_free(origin);
    }
}

static void a_refused_credential_keeps_the_words_of_the_platform(void **state)
{
    (void)state;
    struct seen seen = {.unauthorised = true};
    struct http_origin *origin = new_origin(60000, 2);
    struct walk *walk = new_walk(origin, "/good", &seen);
    assert_int_equal(run(walk, 10000), WALK_FAILED);
    assert_non_null(strstr(walk_error(walk)->message, "does not accept our credential (HTTP 200)"));
    assert_non_null(strstr(walk_error(walk)->message, "; invalidtoken"));
    walk_free(walk);
    http_origin_free(origin);
}

/* So that it can mean "not shown to us" wherever a 403 can. */
static void a_refusal_in_the_body_counts_as_403(void **state)
{
    (void)state;
    struct seen seen = {.refused = true};
    struct http_origin *origin = new_origin(60000, 2);
    struct walk *walk = new_walk(origin, "/good", &seen);
    assert_int_equal(run(walk, 10000), WALK_FAILED);
    assert_non_null(strstr(walk_error(walk)->message, "nopermission"));
    assert_int_equal(walk_status(walk), 403);
    walk_free(walk);
    http_origin_free(origin);
}

static void missing_may_mean_none(void **state)
{
    (void)state;
    struct seen seen = {.pages = 0};
    struct http_origin *origin = new_origin(60000, 2);
    seen.missing_is_empty = true;
    struct walk *walk = new_walk(origin, "/nowhere", &seen);
    assert_int_equal(run(walk, 10000), WALK_DONE);
    assert_true(seen.missing);
    assert_int_equal(seen.pages, 1);
    walk_free(walk);
    http_origin_free(origin);
}

static void a_broken_answer_is_asked_for_again(void **state)
{
    (void)state;
    struct seen seen = {.pages = 0};
    struct http_origin *origin = new_origin(60000, 2);
    struct walk *walk = new_walk(origin, "/truncated_then_good", &seen);
    assert_int_equal(run(walk, 20000), WALK_DONE);
    assert_int_equal(seen.records, 10);
    assert_int_equal(walk_trouble(walk)->kind, ERROR_NONE);
    walk_free(walk);
    http_origin_free(origin);
}

static void a_drip_ends_with_the_time_limit(void **state)
{
    (void)state;
    struct seen seen = {.pages = 0};
    struct http_origin *origin = new_origin(60000, 2);
    struct walk *walk = new_walk(origin, "/drip", &seen);
    int64_t begin = clock_monotonic_ms();
    while (walk_trouble(walk)->kind == ERROR_NONE && clock_monotonic_ms() - begin < 10000) {
        assert_int_equal(walk_step(walk, true), WALK_RUNNING);
        http_poll(hostile.http, 50);
    }
    assert_int_equal(walk_trouble(walk)->kind, ERROR_UNREACHABLE);
    assert_in_range(clock_monotonic_ms() - begin, 1400, 5000);
    assert_int_equal(seen.pages, 0);
    walk_free(walk);
    http_origin_free(origin);
}

static void retry_after_is_obeyed(void **state)
{
    (void)state;
    struct seen seen = {.pages = 0};
    struct http_origin *origin = new_origin(60000, 2);
    struct walk *walk = new_walk(origin, "/throttled", &seen);
    int64_t begin = clock_monotonic_ms();
    assert_int_equal(run(walk, 10000), WALK_DONE);
    assert_in_range(clock_monotonic_ms() - begin, 1000, 8000);
    assert_int_equal(seen.records, 3);
    walk_free(walk);
    http_origin_free(origin);
}

/* 20 requests of 300 ms on one connection take 6 s, more than the 1.5 s that one may take: waiting burns no time-out. */
static void waiting_for_a_turn_burns_no_time(void **state)
{
    (void)state;
    enum { WALKS = 12 };
    struct seen seen[WALKS];
    struct walk *walks[WALKS];
    struct http_origin *origin = new_origin(60000, 1);
    memset(seen, 0, sizeof seen);
    for (int i = 0; i < WALKS; i++)
        walks[i] = new_walk(origin, "/slow", &seen[i]);
    int64_t begin = clock_monotonic_ms();
    bool running = true;
    while (running && clock_monotonic_ms() - begin < 15000) {
        running = false;
        for (int i = 0; i < WALKS; i++)
            running |= walk_step(walks[i], true) == WALK_RUNNING;
        if (running)
            http_poll(hostile.http, 50);
    }
    assert_true(clock_monotonic_ms() - begin >= WALKS * 300);
    for (int i = 0; i < WALKS; i++) {
        assert_int_equal(walk_state(walks[i]), WALK_DONE);
        assert_int_equal(walk_trouble(walks[i])->kind, ERROR_NONE);
        walk_free(walks[i]);
    }
    http_origin_free(origin);
}

static void a_slow_origin_does_not_delay_another(void **state)
{
    (void)state;
    struct seen slow = {.pages = 0}, quick = {.pages = 0};
    struct http_origin *a = new_origin(60000, 1), *b = new_origin(60000, 1);
    struct walk *drip = new_walk(a, "/drip", &slow), *good = new_walk(b, "/good", &quick);
    walk_step(drip, true);
    int64_t begin = clock_monotonic_ms();
    assert_int_equal(run(good, 10000), WALK_DONE);
    assert_in_range(clock_monotonic_ms() - begin, 0, 1200);
    assert_int_equal(walk_step(drip, true), WALK_RUNNING);
    walk_free(drip); /* cancels in mid-transfer */
    walk_free(good);
    http_origin_free(a);
    http_origin_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_walked_to_its_end),
        cmocka_unit_test(seen_enough_is_not_complete),
        cmocka_unit_test(a_taker_may_fail),
        cmocka_unit_test(back_pressure_stops_the_fetching),
        cmocka_unit_test(what_is_not_data_fails),
        cmocka_unit_test(links_come_in_many_forms),
        cmocka_unit_test(a_page_may_be_empty_where_rows_may_lack),
        cmocka_unit_test(an_answer_may_be_one_record),
        cmocka_unit_test(a_refused_credential_keeps_the_words_of_the_platform),
        cmocka_unit_test(a_refusal_in_the_body_counts_as_403),
        cmocka_unit_test(missing_may_mean_none),
        cmocka_unit_test(a_broken_answer_is_asked_for_again),
        cmocka_unit_test(a_drip_ends_with_the_time_limit),
        cmocka_unit_test(retry_after_is_obeyed),
        cmocka_unit_test(waiting_for_a_turn_burns_no_time),
        cmocka_unit_test(a_slow_origin_does_not_delay_another),
    };
    return cmocka_run_group_tests(tests, hostile_start, hostile_stop);
}
