#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "../../aggregator/archive/census.h"

static struct archive_part parts[2][2] = {
    {{0, 2, 1, 0, 5, 7, INT64_C(1767225600000000), INT64_C(1767225600000001), 1,
      "events-a.jsonl.gz", 9, ""},
     {1, 0, 0, 0, -1, -1, -1, -1, 0, "", 0, ""}},
    {{0, 1, 0, 2, 9, 9, INT64_C(1769904000000000), INT64_C(1769904000000000), 3,
      "events-b.jsonl.gz", 9, ""},
     {1, 1, 0, 0, 0, 0, INT64_C(1772323199999999), INT64_C(1772323199999999), UINT64_MAX,
      "events-c.jsonl.gz", 9, ""}}};
static struct archive_month months[2] = {{"2026-01", true, 1, 2, parts[0]},
                                         {"2026-02", false, 2, 2, parts[1]}};
static struct archive_reach reaches[2] = {{0, 20, 10}, {1, 1, 1}};

static struct archive_manifest sample(void)
{
    for (int m = 0; m < 2; m++)
        for (int p = 0; p < 2; p++)
            memset(parts[m][p].sha256, parts[m][p].rows ? 'a' : 0, 64);
    return (struct archive_manifest){"mooc.events.v1", "0a-1b", 10, 20, 2, 2, reaches, months};
}

static bool reads(const struct text_buffer *text, struct archive_manifest *m, struct error *err)
{
    /* Of exactly that length, so that the sanitizer sees who reads on. */
    char *copy = malloc(text->length);
    assert_non_null(copy);
    memcpy(copy, text->data, text->length);
    bool ok = archive_manifest_read(copy, text->length, m, err);
    free(copy);
    return ok;
}

static void comes_back(void **state)
{
    (void)state;
    struct archive_manifest m = sample(), again;
    struct text_buffer text = {0}, second = {0};
    struct error err = {0};
    archive_manifest_write(&m, &text);
    if (!reads(&text, &again, &err))
        fail_msg("%s", err.message);
    assert_int_equal(again.month_count, 2);
    assert_true(again.months[1].parts[1].hash == UINT64_MAX);
    assert_int_equal(again.reaches[0].through, 10);
    archive_manifest_write(&again, &second);
    assert_int_equal(second.length, text.length);
    assert_memory_equal(second.data, text.data, text.length);
    /* Every byte counts. */
    for (size_t i = 0; i < text.length; i++) {
        struct archive_manifest other;
        text.data[i] ^= 1;
        if (reads(&text, &other, &err))
            fail_msg("byte %zu may be changed", i);
        text.data[i] ^= 1;
    }
    for (size_t length = 0; length < text.length; length++) {
        struct archive_manifest other;
        struct text_buffer cut = {text.data, length ? length : 1, 0};
        assert_false(reads(&cut, &other, &err));
        assert_int_equal(err.kind, ERROR_DATA);
    }
    archive_manifest_free(&again);
    text_buffer_free(&text);
    text_buffer_free(&second);
}

static void expect_refusal(const struct archive_manifest *m, const char *why)
{
    struct archive_manifest again;
    struct text_buffer text = {0};
    struct error err = {0};
    archive_manifest_write(m, &text);
    if (reads(&text, &again, &err))
        fail_msg("taken, though %s", why);
    if (!strstr(err.message, why))
        fail_msg("%s, not: %s", err.message, why);
    text_buffer_free(&text);
}

static void name_file(struct archive_part *part, const char *name)
{
    memset(part->file, 0, sizeof(part->file));
    memcpy(part->file, name, strlen(name));
}

static void what_does_not_fit(void **state)
{
    (void)state;
    struct archive_manifest m = sample();
    parts[1][0].rows_before = 1;
    expect_refusal(&m, "a month is missing before the records of 2026-02");
    parts[1][0].rows_before = 2;
    reaches[0].through = 21;
    expect_refusal(&m, "numbers that do not fit");
    reaches[0].through = 10;
    parts[0][0].last_offset = 5;
    expect_refusal(&m, "offsets that do not fit");
    parts[0][0].last_offset = 7;
    parts[0][0].erased = 3;
    expect_refusal(&m, "numbers that do not fit");
    parts[0][0].erased = 1;
    parts[0][0].last_time_us = INT64_C(1769904000000000);
    expect_refusal(&m, "times outside of 2026-01");
    parts[0][0].last_time_us = INT64_C(1767225600000001);
    name_file(&parts[0][0], "../b.jsonl.gz");
    expect_refusal(&m, "a name that no export gives");
    name_file(&parts[0][0], "events-a.jsonl.gz");
    parts[0][0].sha256[63] = 'x';
    expect_refusal(&m, "no checksum of sha256");
    parts[0][0].sha256[63] = 'a';
    months[1].month[6] = '1';
    expect_refusal(&m, "of 2026-01");
    months[1].month[6] = '2';
    parts[1][1].partition = 0;
    expect_refusal(&m, "partitions out of order");
    parts[1][1].partition = 1;
    m.topic[0] = '\0';
    expect_refusal(&m, "no text of topic");
}

static void month_names(void **state)
{
    (void)state;
    int64_t begins, ends;
    assert_true(archive_month_check("2026-12") && archive_month_check("9999-01"));
    assert_false(archive_month_check("2026-13") || archive_month_check("2026-00") ||
                 archive_month_check("2026-1") || archive_month_check("2026/01") ||
                 archive_month_check("1969-12") || archive_month_check("2026-01-01"));
    archive_month_bounds("2026-12", &begins, &ends);
    assert_int_equal(begins, INT64_C(1796083200000000));
    assert_int_equal(ends, INT64_C(1798761600000000));
}

/* A census of two partitions, of which the second has nothing after January. */
static void whole_months(void **state)
{
    (void)state;
    struct told why;
    struct census_row rows[] = {{"2026-01", 0, 10, 0, 0, INT64_C(1767225600000000), true},
                                {"2026-01", 1, 10, 0, 0, INT64_C(1767225600000000), true},
                                {"2026-02", 0, 10, 0, 50, INT64_C(1769904000000000), true}};
    struct census_end ends[] = {{0, 100, INT64_C(1769904000000000), false},
                                {1, 40, INT64_C(1767225600000000), false}};
    struct census c = {3, 2, rows, ends};
    const int64_t february = INT64_C(1769904000000000), hour = INT64_C(3600000000);
    assert_false(census_month_is_whole(&c, "2026-01", february - 1, &why));
    assert_string_equal(why.en, "month 2026-01 is not over (in UTC)");
    assert_false(census_month_is_whole(&c, "2026-01", february + hour, &why));
    assert_non_null(strstr(why.en, "partition 1 may still have records"));
    ends[1].at_end = true;
    assert_false(census_month_is_whole(&c, "2026-01", february + hour - 1, &why));
    assert_true(census_month_is_whole(&c, "2026-01", february + hour, &why));
    ends[1].at_end = false;
    ends[1].latest_us = february;
    assert_true(census_month_is_whole(&c, "2026-01", february, &why));
    assert_int_equal(census_rows_before(&c, "2026-02", 0), 10);
    assert_int_equal(census_rows_before(&c, "2026-01", 0), 0);
}

static void how_far_it_reaches(void **state)
{
    (void)state;
    struct census_row rows[] = {{"2026-01", 0, 10, 0, 0, 0, true},
                                {"2026-02", 0, 10, 0, 50, 0, true},
                                {"2026-03", 0, 10, 0, 70, 0, true}};
    struct census_end ends[] = {{0, 100, 0, false}};
    struct census c = {3, 1, rows, ends};
    struct archive_part january = {.rows = 10, .last_offset = 49},
                        march = {.rows = 4, .first_offset = 70, .last_offset = 75};
    struct archive_month have[] = {{"2026-01", true, 0, 1, &january},
                                   {"2026-03", false, 0, 1, &march}};
    struct archive_manifest m = {.month_count = 1, .months = have};
    assert_int_equal(census_through(&c, &m, 0), 50);
    rows[1].rows = 0;
    rows[1].first_offset = INT64_MAX;
    assert_int_equal(census_through(&c, &m, 0), 70);
    m.month_count = 2;
    assert_int_equal(census_through(&c, &m, 0), 76);
    march.rows = 10;
    assert_int_equal(census_through(&c, &m, 0), 100);
    m.month_count = 0;
    assert_int_equal(census_through(&c, &m, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back),
                                       cmocka_unit_test(what_does_not_fit),
                                       cmocka_unit_test(month_names), cmocka_unit_test(whole_months),
                                       cmocka_unit_test(how_far_it_reaches)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
