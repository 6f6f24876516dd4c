/* Platforms that are read no more, seen from what was counted. */
#include <stdio.h>
#include <stdlib.h>

#include "cmocka_all.h"

#include "../../aggregator/status/status.h"
#include "../../common/turns.h"
#include "support/status_case.h"

#define FIVE_MINUTES ((int64_t)300000)
#define ONE_DAY ((int64_t)86400000)

struct said {
    char lines[3][256];
    size_t count;
};

static void keep(void *context, const char *line)
{
    struct said *said = context;
    assert_in_range(said->count, 0, ARRAY_LEN(said->lines) - 1);
    snprintf(said->lines[said->count++], sizeof(said->lines[0]), "%s", line);
}

/* Two streams of daotao, one read every five minutes and one once a day, and the lists, which never age. */
static struct status two_streams(int64_t enrollments_age_ms, int64_t grades_age_ms)
{
    struct status status = well();
    free(status.streams);
    status.streams = calloc(4, sizeof(*status.streams));
    status.stream_count = 3;
    const struct status_stream streams[] = {
        {"daotao", "enrollments", "2023-09-29T03:20:00Z", enrollments_age_ms, 1, 1, 0, 0, true,
         FIVE_MINUTES},
        {"daotao", "grades", "2023-09-29T03:00:00Z", grades_age_ms, 1, 1, 0, 0, true, ONE_DAY},
        {"lists", "roster", "2023-09-01T03:00:00Z", 999999999, 1, 1, 0, 0, false, 0}};
    memcpy(status.streams, streams, sizeof(streams));
    return status;
}

static void a_platform_that_is_read_no_more_is_warned_of(void **state)
{
    (void)state;
    struct status status = two_streams(3 * FIVE_MINUTES + 1, 3 * ONE_DAY + 1);
    struct said said = {.count = 0};
    struct text_buffer out = {0};
    assert_int_equal(status_late(&status, &limits, keep, &said), 1);
    assert_string_equal(said.lines[0],
                        "daotao has not been read whole since 2023-09-29 10:00:00 +07:00 (3 d), "
                        "streams enrollments, grades: see mooc-ingest status");
    status_write_text(&status, &limits, &out);
    assert_null(strstr(out.data, "All is well"));
    assert_non_null(strstr(out.data, "WARNING     daotao has not"));
    text_buffer_clear(&out);
    status_write_json(&status, &limits, &out);
    assert_non_null(strstr(out.data, "\"late\":[\"daotao has not been"));
    assert_non_null(strstr(out.data, "\"every_ms\":86400000"));
    text_buffer_clear(&out);
    status.vietnamese = true;
    status_write_text(&status, &limits, &out);
    assert_null(strstr(out.data, "Mọi việc bình thường"));
    assert_non_null(strstr(out.data,
                           "LƯU Ý         nguồn daotao chưa được đọc đủ lại từ 29/09/2023 10:00:00 "
                           "(đã 3 ngày), các luồng enrollments, grades: xem mooc-ingest status\n"));
    text_buffer_free(&out);
    status_free(&status);
}

/* The stream that stopped is told while the platform's other one goes on. */
static void each_stream_is_judged_by_its_own_turns(void **state)
{
    (void)state;
    struct status status = two_streams(3 * FIVE_MINUTES + 1, ONE_DAY);
    struct said said = {.count = 0};
    char line[256] = "";
    assert_int_equal(status_late(&status, &limits, keep, &said), 1);
    assert_string_equal(said.lines[0],
                        "daotao has not been read whole since 2023-09-29 10:20:00 +07:00 (15 min), "
                        "streams enrollments: see mooc-ingest status");
    assert_false(status_problem(&status, &limits, line, sizeof(line)));
    status_free(&status);
}

static void what_is_read_once_a_day_is_not_late_each_day(void **state)
{
    (void)state;
    struct status status = two_streams(FIVE_MINUTES, 3 * ONE_DAY);
    struct said said = {.count = 0};
    char line[256] = "";
    assert_int_equal(status_late(&status, &limits, keep, &said), 0);
    assert_false(status_problem(&status, &limits, line, sizeof(line)));
    status.streams[1].age_ms++;
    assert_int_equal(status_late(&status, &limits, keep, &said), 1);
    expect_problem(&status, "grades of daotao is 3 d old: see mooc-ingest status");
    status_free(&status);
}

/* Both services' rule: older than late_after, and than three turns; nothing promised, nothing late. */
static void late_is_later_than_both(void **state)
{
    (void)state;
    assert_false(turns_late(TURNS_LATE_AFTER_MS, FIVE_MINUTES, TURNS_LATE_AFTER_MS));
    assert_true(turns_late(TURNS_LATE_AFTER_MS + 1, FIVE_MINUTES, TURNS_LATE_AFTER_MS));
    assert_false(turns_late(3 * ONE_DAY, ONE_DAY, TURNS_LATE_AFTER_MS));
    assert_true(turns_late(3 * ONE_DAY + 1, ONE_DAY, TURNS_LATE_AFTER_MS));
    assert_false(turns_late(INT64_MAX, 0, TURNS_LATE_AFTER_MS));
}

static void a_platform_of_which_nothing_is_known_is_warned_of(void **state)
{
    (void)state;
    struct status status = well();
    struct said said = {.count = 0};
    struct text_buffer out = {0};
    char line[256] = "";
    snprintf(status.streams[1].source, sizeof(status.streams[1].source), "moodle");
    status.streams[1].stream[0] = '\0';
    status.streams[1].age_ms = STATUS_UNKNOWN;
    status.streams[1].ages = true;
    assert_int_equal(status_late(&status, &limits, keep, &said), 1);
    assert_string_equal(said.lines[0],
                        "nothing of moodle has been read yet: see mooc-ingest status");
    assert_false(status_problem(&status, &limits, line, sizeof(line)));
    status_write_text(&status, &limits, &out);
    assert_non_null(strstr(out.data, "not read yet"));
    assert_null(strstr(out.data, "All is well"));
    text_buffer_free(&out);
    status_free(&status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_platform_that_is_read_no_more_is_warned_of),
        cmocka_unit_test(each_stream_is_judged_by_its_own_turns),
        cmocka_unit_test(what_is_read_once_a_day_is_not_late_each_day),
        cmocka_unit_test(late_is_later_than_both),
        cmocka_unit_test(a_platform_of_which_nothing_is_known_is_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
