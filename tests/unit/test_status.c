#include <stdio.h>
#include <stdlib.h>

#include "cmocka_all.h"

#include "../../aggregator/options.h"
#include "../../aggregator/status/status.h"
#include "../../aggregator/status/storage.h"
#include "../../common/json.h"
#include "support/status_case.h"

static void all_is_well(void **state)
{
    (void)state;
    struct status status = well();
    char line[256] = "";
    assert_false(status_problem(&status, &limits, line, sizeof(line)));
    struct partition_end end = {.topic = "mooc.events.v1", .end = 600};
    status_add_ends(&status, &end, 1);
    assert_int_equal(status_lag(&status.partitions[0]), 100);
    assert_false(status_problem(&status, &limits, line, sizeof(line)));
    status_free(&status);
}

static void names_what_is_not_well(void **state)
{
    (void)state;
    struct status status = well();
    status.heartbeat_age_ms = 75000;
    expect_problem(&status,
                   "a1 counted last and has given no sign of life for 75 s: see whether it runs");
    snprintf(status.restarted, sizeof(status.restarted), "2023-09-29T03:00:00Z");
    expect_problem(&status, "nobody is counting: a1 counted until the database was restarted at "
                            "2023-09-29 10:00:00 +07:00, and has not come back: start "
                            "mooc-aggregator run, unless it was meant to stop");
    status.restarted[0] = '\0';
    status.heartbeat_age_ms = STATUS_UNKNOWN;
    expect_problem(&status, "nobody is counting: start mooc-aggregator run");
    status.heartbeat_age_ms = 0;
    status.streams[0].age_ms = 7200001;
    expect_problem(&status, "grades of daotao is 2 h old: see mooc-ingest status");
    status.streams[0].age_ms = STATUS_UNKNOWN;
    expect_problem(&status, "grades of daotao has not been read whole yet: see mooc-ingest status");
    (void)error_set(&status.ends_failure, ERROR_UNREACHABLE, true, "no broker answers");
    expect_problem(&status, "cannot see how far the log goes: no broker answers");
    status_free(&status);
}

/* A switch parts the figures from who kept them current; the program at work comes back to them within seconds. */
static void a_writer_that_changes_over_is_well(void **state)
{
    (void)state;
    struct status status = well();
    struct text_buffer out = {0};
    char line[256] = "";
    status.heartbeat_age_ms = STATUS_UNKNOWN;
    snprintf(status.taking_over, sizeof(status.taking_over), "a1");
    assert_false(status_problem(&status, &limits, line, sizeof(line)));
    status_write_text(&status, &limits, &out);
    assert_non_null(strstr(out.data,
                           "All is well\nCounting    a1 is taking over these figures, which "
                           "were put into use a moment ago\n"));
    text_buffer_clear(&out);
    status.vietnamese = true;
    status_write_text(&status, &limits, &out);
    assert_non_null(
        strstr(out.data, "\nĐang tính     a1 đang tiếp nhận số liệu này, vừa được đưa vào dùng\n"));
    text_buffer_free(&out);
    status_free(&status);
}

static void add_line(void *context, const char *line)
{
    text_buffer_add_format(context, "%s\n", line);
}

/* Lines that end in \n each. */
static void expect_warnings(const struct status *status, const char *expected)
{
    struct text_buffer lines = {0};
    text_buffer_add_text(&lines, "");
    status_warnings(status, add_line, &lines);
    assert_string_equal(lines.data, expected);
    text_buffer_free(&lines);
}

static void an_erasure_that_is_not_finished_is_warned_of(void **state)
{
    (void)state;
    struct status status = well();
    status.erasures_open = 3;
    status.erasures_age_ms = STATUS_ERASURE_MS - 1; /* the command may be at work */
    expect_warnings(&status, "");
    status.erasures_age_ms = 26 * 3600000;
    expect_warnings(&status, "an erasure of 3 keys has not been finished for 26 h: run "
                             "mooc-aggregator erase --finish\n");
    status.vietnamese = true;
    expect_warnings(&status, "việc xóa dữ liệu cá nhân chưa xong với 3 mã, từ 26 giờ trước: chạy "
                             "mooc-aggregator erase --finish\n");
    struct text_buffer out = {0};
    status_write_json(&status, &limits, &out);
    assert_non_null(strstr(out.data, "\"erasures_open\":3,\"erasures_age_ms\":93600000"));
    text_buffer_free(&out);
    status_free(&status);
}

static void the_end_of_the_calendar_is_warned_of_and_then_a_problem(void **state)
{
    (void)state;
    struct status status = well();
    char line[256] = "";
    expect_warnings(&status, ""); /* no deadline, so nobody needs it */
    snprintf(status.calendar_ends, sizeof(status.calendar_ends), "31/12/2026");
    status.calendar_days = 61;
    expect_warnings(&status, "");
    status.calendar_days = 60;
    expect_warnings(&status,
                    "the calendar of working days ends on 31/12/2026, in 60 days: add next "
                    "year's holidays to calendar.csv and run mooc-aggregator config load\n");
    status.calendar_days = 0;
    assert_false(status_problem(&status, &limits, line, sizeof(line)));
    struct text_buffer out = {0};
    status_write_text(&status, &limits, &out);
    assert_non_null(strstr(out.data, "All is well\nWARNING     the calendar"));
    text_buffer_clear(&out);
    status_write_json(&status, &limits, &out);
    assert_non_null(strstr(out.data, "\"warnings\":[\"the calendar"));
    assert_non_null(strstr(out.data, "\"calendar_ends\":\"31/12/2026\""));
    text_buffer_free(&out);
    status.calendar_days = -1;
    expect_warnings(&status, "");
    expect_problem(&status, "the calendar of working days ended on 31/12/2026, so deadlines cannot "
                            "be counted: add this year's holidays to calendar.csv and run "
                            "mooc-aggregator config load");
    status_free(&status);
}

static void lag_is_summed_and_counts_partitions_never_read(void **state)
{
    (void)state;
    struct status status = well();
    struct partition_end ends[] = {{.topic = "mooc.events.v1", .partition = 0, .end = 540},
                                   {.topic = "mooc.events.v1", .partition = 1, .end = 61},
                                   {.topic = "mooc.dead.v1", .partition = 0, .end = 0}};
    status_add_ends(&status, ends, ARRAY_LEN(ends));
    assert_int_equal(status.partition_count, 3);
    assert_int_equal(status_lag(&status.partitions[1]), 61);
    expect_problem(&status, "up to 101 records are not counted yet (limit 100)");
    status_free(&status);
}

static void a_log_made_anew_is_a_problem_and_nobody_knows_how_far_behind(void **state)
{
    (void)state;
    struct status status = well();
    struct partition_end end = {.topic = "mooc.events.v1", .partition = 0, .end = 40};
    status_add_ends(&status, &end, 1);
    assert_int_equal(status_lag(&status.partitions[0]), STATUS_UNKNOWN);
    expect_problem(
        &status,
        "mooc.events.v1 partition 0 ends at 40, but was counted up to 500: the log was made "
        "anew, cut off or restored from an older backup, and nothing is counted until it is "
        "the old one again");
    status.heartbeat_age_ms = STATUS_UNKNOWN;
    expect_problem(
        &status,
        "mooc.events.v1 partition 0 ends at 40, but was counted up to 500: the log was made "
        "anew, cut off or restored from an older backup, and nothing is counted until it is "
        "the old one again");
    end.begin = end.end = 501;
    status_add_ends(&status, &end, 1);
    expect_problem(&status,
                   "mooc.events.v1 partition 0 begins at 501, but was counted up to 500: records "
                   "were deleted uncounted; restore the log or its archive export");
    end.begin = 500; /* what is gone was counted */
    status_add_ends(&status, &end, 1);
    expect_problem(&status, "nobody is counting: start mooc-aggregator run");
    status_free(&status);
}

static void differences_of_the_last_verification_are_a_problem(void **state)
{
    (void)state;
    struct status status = well();
    struct text_buffer out = {0};
    char line[256] = "";
    status.verified_age_ms = STATUS_UNKNOWN;
    status.verify_differences = STATUS_UNKNOWN;
    assert_false(status_problem(&status, &limits, line, sizeof(line)));
    status_write_text(&status, &limits, &out);
    assert_non_null(strstr(out.data, "\nVerified    never\n"));
    text_buffer_clear(&out);
    status.verified_age_ms = 7200000;
    status.verify_differences = 0;
    assert_false(status_problem(&status, &limits, line, sizeof(line)));
    status_write_text(&status, &limits, &out);
    assert_non_null(strstr(out.data, "\nVerified    2 h ago, 0 differences\n"));
    status.verify_differences = 3;
    expect_problem(
        &status,
        "the figures differed from the archive in 3 places 2 h ago: mooc-aggregator verify "
        "shows where, mooc-aggregator replay start counts anew");
    text_buffer_free(&out);
    status_free(&status);
}

static void both_forms_say_it(void **state)
{
    (void)state;
    struct status status = well();
    struct text_buffer out = {0};
    struct error err = {0};
    status_write_text(&status, &limits, &out);
    assert_non_null(strstr(out.data, "All is well\n"));
    assert_non_null(strstr(out.data, "2023-09-29 10:00:00 +07:00"));
    assert_null(strstr(out.data, "stands by"));
    assert_non_null(strstr(out.data, "\nStanding by nobody\n"));
    text_buffer_clear(&out);
    snprintf(status.standing_by, sizeof(status.standing_by), "a2, a3");
    status.counted_by = 1;
    status.counts_by = 2;
    status_write_text(&status, &limits, &out);
    assert_non_null(strstr(out.data,
                           "stands by: it counts by the rules of version 2, these figures "
                           "are counted by version 1; "));
    assert_non_null(strstr(out.data, "\nStanding by a2, a3\n"));
    text_buffer_clear(&out);
    status.heartbeat_age_ms = STATUS_UNKNOWN;
    status_write_text(&status, &limits, &out);
    assert_non_null(strstr(out.data, "NOT WELL    nobody is counting"));
    text_buffer_clear(&out);
    status_write_json(&status, &limits, &out);
    struct json *root = json_parse(out.data, out.length, &err);
    assert_non_null(root);
    assert_false(json_boolean(json_get(root, "well"), true));
    const struct json *partition = json_first(json_get(root, "partitions"));
    int64_t offset = 0;
    assert_true(json_integer(json_get(partition, "next_offset"), &offset));
    assert_int_equal(offset, 500);
    assert_true(json_is_null(json_get(partition, "lag")));
    assert_int_equal(json_size(json_get(root, "streams")), 2);
    json_free(root);
    text_buffer_free(&out);
    status_free(&status);
}

static void vietnamese_says_all_of_it(void **state)
{
    (void)state;
    struct status status = well();
    struct storage_part part = {.name = "database", .bytes = 2048, .bytes_per_day = -1};
    struct storage storage = {.vietnamese = true,
                              .part_count = 1,
                              .parts = &part,
                              .unchecked_since_us = -1,
                              .database_free = -1,
                              .kafka_free = -1};
    struct text_buffer out = {0};
    status.vietnamese = true;
    status.storage = &storage;
    status.verified_age_ms = STATUS_UNKNOWN;
    status_write_text(&status, &limits, &out);
    static const char *const expected[] = {
        "Mọi việc bình thường\nĐang tính     a1 từ ", "báo còn chạy cách đây 0,4 giây\n",
        "\nDự phòng      không có máy nào\n",
        "\nSố liệu       phiên bản số liệu 1, danh mục 3 (generation 1, config version 3)\n",
        "\nĐối chiếu     chưa lần nào\n",
        /* as wide as on a terminal, whatever bytes a letter takes */
        "\nNhật ký                       phần    đã tính đến    nhật ký đến    còn lại  bản ghi "
        "sau "
        "cùng đã tính\nmooc.events.v1                   0            500       không rõ   không rõ",
        "\nNguồn                    luồng            đầy đủ đến                    đã cũ    bản "
        "ghi",
        "\ndaotao                   grades           29/09/2023 10:00:00         60 giây         "
        " 0",
        "\ncơ sở dữ liệu                         2,0 KiB      không rõ   không rõ\n"};
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        if (!strstr(out.data, expected[i]))
            fail_msg("%s\nis not in\n%s", expected[i], out.data);
    }
    text_buffer_clear(&out);
    status.heartbeat_age_ms = STATUS_UNKNOWN;
    status_write_text(&status, &limits, &out);
    assert_non_null(
        strstr(out.data, "CÓ VẤN ĐỀ     không có máy nào đang tính: chạy mooc-aggregator run\n"));
    assert_non_null(strstr(out.data, "\nĐang tính     không có máy nào\n"));
    text_buffer_free(&out);
    status_free(&status);
}

static void the_option_table_is_sound(void **state)
{
    (void)state;
    struct error err = {0};
    bool sound = options_check_table(&aggregator_program, &err);
    if (!sound)
        print_message("%s\n", err.message);
    assert_true(sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_well),
        cmocka_unit_test(names_what_is_not_well),
        cmocka_unit_test(a_writer_that_changes_over_is_well),
        cmocka_unit_test(lag_is_summed_and_counts_partitions_never_read),
        cmocka_unit_test(a_log_made_anew_is_a_problem_and_nobody_knows_how_far_behind),
        cmocka_unit_test(the_end_of_the_calendar_is_warned_of_and_then_a_problem),
        cmocka_unit_test(an_erasure_that_is_not_finished_is_warned_of),
        cmocka_unit_test(differences_of_the_last_verification_are_a_problem),
        cmocka_unit_test(both_forms_say_it),
        cmocka_unit_test(vietnamese_says_all_of_it),
        cmocka_unit_test(the_option_table_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
