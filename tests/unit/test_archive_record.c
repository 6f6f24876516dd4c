#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "../../aggregator/archive/month_rows.h"
#include "../../aggregator/archive/record.h"

static void expect_line(struct archive_record record, const char *line)
{
    struct text_buffer out = {0}, scratch = {0};
    struct archive_record again;
    struct error err = {0};
    archive_record_write(&record, &out);
    text_buffer_add(&out, "", 1);
    assert_string_equal(out.data, line);
    if (!archive_record_read(out.data, strlen(out.data) - 1, &scratch, &again, &err))
        fail_msg("%s: %s", line, err.message);
    assert_int_equal(again.partition, record.partition);
    assert_int_equal(again.offset, record.offset);
    assert_int_equal(again.log_time_us, record.log_time_us);
    assert_int_equal(again.content, record.content);
    assert_int_equal(again.length, record.length);
    if (record.length > 0)
        assert_memory_equal(again.value, record.value, record.length);
    text_buffer_free(&out);
    text_buffer_free(&scratch);
}

static void lines(void **state)
{
    (void)state;
    const int64_t t = INT64_C(1772323200123456); /* 2026-03-01T00:00:00.123456Z */
    expect_line((struct archive_record){3, 12, t, ARCHIVE_VALUE, "{\"a\":\"\\\"\"}", 10},
                "{\"partition\":3,\"offset\":12,\"log_time\":\"2026-03-01T00:00:00.123456Z\","
                "\"value\":\"{\\\"a\\\":\\\"\\\\\\\"\\\"}\"}\n");
    expect_line((struct archive_record){0, 0, 0, ARCHIVE_VALUE, "\n\x1f\xc4\x91", 4},
                "{\"partition\":0,\"offset\":0,\"log_time\":\"1970-01-01T00:00:00.000000Z\","
                "\"value\":\"\\u000a\\u001f\xc4\x91\"}\n");
    expect_line((struct archive_record){0, INT64_MAX, t, ARCHIVE_VALUE, "a\0b", 3},
                "{\"partition\":0,\"offset\":9223372036854775807,\"log_time\":\"2026-03-01T00:00:"
                "00.123456Z\","
                "\"value_base64\":\"YQBi\"}\n");
    expect_line((struct archive_record){0, 1, INT64_C(253402300799000000), ARCHIVE_VALUE, "\xff", 1},
                "{\"partition\":0,\"offset\":1,\"log_time\":\"9999-12-31T23:59:59.000000Z\","
                "\"value_base64\":\"/w==\"}\n");
    expect_line((struct archive_record){0, 1, t, ARCHIVE_VALUE, "", 0},
                "{\"partition\":0,\"offset\":1,\"log_time\":\"2026-03-01T00:00:00.123456Z\","
                "\"value\":\"\"}\n");
    expect_line((struct archive_record){0, 1, t, ARCHIVE_TOMBSTONE, NULL, 0},
                "{\"partition\":0,\"offset\":1,\"log_time\":\"2026-03-01T00:00:00.123456Z\","
                "\"value\":null}\n");
    expect_line((struct archive_record){0, 1, t, ARCHIVE_ERASED, "e\"1", 3},
                "{\"partition\":0,\"offset\":1,\"log_time\":\"2026-03-01T00:00:00.123456Z\","
                "\"erased\":true,\"id\":\"e\\\"1\"}\n");
}

#define HEAD "{\"partition\":0,\"offset\":1,\"log_time\":\"2026-03-01T00:00:00.123456Z\","

static void refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{}",
        "null",
        HEAD "\"value\":\"a\"",
        HEAD "\"value\":\"a\"} ",
        HEAD "\"value\":\"a\"}}",
        HEAD "\"value\":\"a",
        HEAD "\"value\":\"a\\",
        HEAD "\"value\":\"a\\n\"}",
        HEAD "\"value\":\"a\\u00\"}",
        HEAD "\"value\":\"a\\u0041\"}",
        HEAD "\"value\":\"a\\u0000\"}",
        HEAD "\"value\":\"\x01\"}",
        HEAD "\"value\":\"\xff\"}",
        HEAD "\"value\":1}",
        HEAD "\"value_base64\":\"YQ=\"}",
        HEAD "\"value_base64\":\"Y===\"}",
        HEAD "\"value_base64\":\"YQ==YQ==\"}",
        HEAD "\"value_base64\":\" YQ=\"}",
        HEAD "\"value_base64\":\"YQ==",
        HEAD "\"erased\":false,\"id\":\"a\"}",
        "{\"partition\":-1,\"offset\":1,\"log_time\":\"2026-03-01T00:00:00.123456Z\",\"value\":"
        "\"\"}",
        "{\"partition\":2147483648,\"offset\":1,\"log_time\":\"2026-03-01T00:00:00.123456Z\","
        "\"value\":\"\"}",
        "{\"partition\":0,\"offset\":01,\"log_time\":\"2026-03-01T00:00:00.123456Z\",\"value\":"
        "\"\"}",
        "{\"partition\":0,\"offset\":9223372036854775808,\"log_time\":\"2026-03-01T00:00:00."
        "123456Z\",\"value\":\"\"}",
        "{\"partition\":0,\"offset\":1,\"log_time\":\"2026-02-30T00:00:00.123456Z\",\"value\":"
        "\"\"}",
        "{\"partition\":0,\"offset\":1,\"log_time\":\"2026-13-01T00:00:00.123456Z\",\"value\":"
        "\"\"}",
        "{\"partition\":0,\"offset\":1,\"log_time\":\"1969-12-31T00:00:00.123456Z\",\"value\":"
        "\"\"}",
        "{\"partition\":0,\"offset\":1,\"log_time\":\"2026-03-01T24:00:00.123456Z\",\"value\":"
        "\"\"}",
        "{\"partition\":0,\"offset\":1,\"log_time\":\"2026-03-01",
        "{\"partition\": "
        "0,\"offset\":1,\"log_time\":\"2026-03-01T00:00:00.123456Z\",\"value\":\"\"}",
    };
    struct text_buffer scratch = {0};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct archive_record record;
        struct error err = {0};
        /* Of exactly that length, so that the sanitizer sees who reads on. */
        size_t length = strlen(bad[i]);
        char *line = malloc(length + (length == 0));
        assert_non_null(line);
        memcpy(line, bad[i], length);
        if (archive_record_read(line, length, &scratch, &record, &err))
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(err.kind, ERROR_DATA);
        free(line);
    }
    text_buffer_free(&scratch);
}

/* Worked out with: printf '\0\0\0\0\0\0\0\014\0\0\0\0\0\0\0\007\1ab' | sha256sum */
static void hashes(void **state)
{
    (void)state;
    struct sha256_stream *sha256 = sha256_stream_new();
    struct archive_record record = {9, 12, 7, ARCHIVE_VALUE, "ab", 2};
    assert_true(archive_record_hash(sha256, &record) == UINT64_C(0x1274c4a525eb2e24));
    record.content = ARCHIVE_ERASED;
    assert_true(archive_record_hash(sha256, &record) == UINT64_C(0x8dcad6bf4fae3873));
    record.content = ARCHIVE_TOMBSTONE;
    record.value = NULL;
    assert_true(archive_record_hash(sha256, &record) == UINT64_C(0x15d3219364380a68));
    sha256_stream_free(sha256);
}

/* COPY data cut anywhere gives the same records. */
static void copy_in_pieces(void **state)
{
    (void)state;
    static const char data[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
                               "\0\5\0\0\0\4\0\0\0\2\0\0\0\10\0\0\0\0\0\0\0\11\0\0\0\10\0\0\0\0\0\0"
                               "\0\1\377\377\377\377\0\0\0\2ab"
                               "\0\5\0\0\0\4\0\0\0\2\0\0\0\10\0\0\0\0\0\0\0\12\0\0\0\10\0\0\0\0\0\0"
                               "\0\1\0\0\0\1i\377\377\377\377"
                               "\377\377";
    for (size_t piece = 1; piece < sizeof(data); piece++) {
        struct month_rows rows = {0};
        struct archive_record record;
        struct error err = {0};
        size_t found = 0;
        for (size_t at = 0; at < sizeof(data) - 1; at += piece) {
            month_rows_add(&rows, data + at,
                           sizeof(data) - 1 - at < piece ? sizeof(data) - 1 - at : piece);
            int got;
            while ((got = month_rows_next(&rows, &record, &err)) > 0) {
                assert_int_equal(record.offset, 9 + (int64_t)found);
                assert_int_equal(record.log_time_us, INT64_C(946684800000001));
                assert_int_equal(record.content, found == 0 ? ARCHIVE_VALUE : ARCHIVE_ERASED);
                assert_memory_equal(record.value, found == 0 ? "ab" : "i", record.length);
                found++;
            }
            assert_int_equal(got, 0);
        }
        assert_int_equal(found, 2);
        assert_true(rows.ended);
        month_rows_free(&rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines), cmocka_unit_test(refused),
                                       cmocka_unit_test(hashes), cmocka_unit_test(copy_in_pieces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
