#include "cmocka_all.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/json.h"
#include "../../common/log.h"

/* Standard error goes into a file while a test captures. */
static FILE *captured;
static int saved_stderr;

static void capture(void)
{
    fflush(stderr);
    captured = tmpfile();
    assert_non_null(captured);
    saved_stderr = dup(STDERR_FILENO);
    assert_int_equal(dup2(fileno(captured), STDERR_FILENO), STDERR_FILENO);
}

/* What was written; the caller frees. */
static char *release(void)
{
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    long size = (fseek(captured, 0, SEEK_END), ftell(captured));
    char *text = calloc(1, (size_t)size + 1);
    rewind(captured);
    assert_int_equal(fread(text, 1, (size_t)size, captured), size);
    fclose(captured);
    return text;
}

static void json_lines_parse(void **state)
{
    (void)state;
    log_setup("mooc-ingest", LOG_INFO, LOG_FORMAT_JSON);
    capture();
    LOG_WARN_EVENT("sweep \"grades\"\nends", LOG_TEXT("source", "daotao"), LOG_NUMBER("rows", -7),
                   LOG_TEXT("none", NULL));
    char *text = release();
    size_t length = strlen(text);
    assert_int_equal(text[length - 1], '\n');
    assert_ptr_equal(strchr(text, '\n'), text + length - 1);
    struct json *line = json_parse(text, length, NULL);
    assert_non_null(line);
    assert_int_equal(json_size(line), 7);
    int64_t when, rows = 0;
    assert_true(clock_parse(json_get_string(line, "ts"), &when));
    assert_in_range(clock_now_us() - when, 0, 60000000);
    assert_string_equal(json_get_string(line, "level"), "warn");
    assert_string_equal(json_get_string(line, "program"), "mooc-ingest");
    assert_string_equal(json_get_string(line, "message"), "sweep \"grades\"\nends");
    assert_string_equal(json_get_string(line, "source"), "daotao");
    assert_true(json_integer(json_get(line, "rows"), &rows));
    assert_int_equal(rows, -7);
    assert_string_equal(json_get_string(line, "none"), "");
    json_free(line);
    free(text);
}

static void text_lines_read_well(void **state)
{
    (void)state;
    log_setup("mooc-ingest", LOG_DEBUG, LOG_FORMAT_TEXT);
    capture();
    LOG_AT(LOG_DEBUG, "begins", LOG_NUMBER("n", 1));
    LOG_INFO_EVENT("list read", LOG_TEXT("file", "Sở Y tế.xlsx"), LOG_TEXT("unit", "YTE"),
                   LOG_NUMBER("row", 12), LOG_TEXT("empty", ""), LOG_TEXT("odd", "a\nb"));
    log_write(LOG_ERROR, "two\nlines", NULL, 0);
    char *text = release();
    char *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1;
    assert_int_equal(text[26], 'Z');
    assert_memory_equal(text + 27, " DEBUG begins  n=1\n", 19);
    const char *expected = " INFO  list read  file=\"Sở Y tế.xlsx\" unit=YTE row=12 empty=\"\" "
                           "odd=\"a\\nb\"\n";
    assert_memory_equal(second + 27, expected, strlen(expected));
    assert_string_equal(third + 27, " ERROR \"two\\nlines\"\n");
    free(text);
}

static void lower_levels_are_silent(void **state)
{
    (void)state;
    log_setup("p", LOG_WARN, LOG_FORMAT_TEXT);
    capture();
    LOG_INFO_EVENT("not shown", LOG_NUMBER("n", 1));
    LOG_WARN_EVENT("shown", LOG_NUMBER("n", 1));
    char *text = release();
    assert_null(strstr(text, "not shown"));
    assert_non_null(strstr(text, "shown"));
    free(text);
}

static void bad_bytes_and_length_are_tamed(void **state)
{
    (void)state;
    log_setup("p", LOG_INFO, LOG_FORMAT_JSON);
    char *big = malloc(50001);
    memset(big, 'm', 50000);
    big[50000] = '\0';
    capture();
    LOG_INFO_EVENT(big, LOG_TEXT("bad", "a\xff\xc3(ế\xe1\xba"));
    char *text = release();
    size_t length = strlen(text);
    assert_in_range(length, 8192, 8192 + 300);
    struct json *line = json_parse(text, length, NULL);
    assert_non_null(line);
    assert_string_equal(json_get_string(line, "bad"), "a\ufffd\ufffd(ế\ufffd\ufffd");
    const char *message = json_get_string(line, "message");
    assert_int_equal(strspn(message, "m"), 8192);
    assert_string_equal(message + 8192, "…");
    json_free(line);
    free(text);
    free(big);
}

static void errors_name_kind_and_hope(void **state)
{
    (void)state;
    log_setup("p", LOG_INFO, LOG_FORMAT_JSON);
    static const struct {
        enum error_kind kind;
        bool retriable;
        const char *level, *kind_name, *retriable_text;
    } cases[] = {
        {ERROR_CONFIG, false, "error", "config", "false"},
        {ERROR_UNREACHABLE, true, "warn", "unreachable", "true"},
        {ERROR_STOPPED, false, "info", "stopped", "false"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct error err = {0};
        error_set(&err, cases[i].kind, cases[i].retriable, "the reason");
        capture();
        log_error("sweep ended", &err);
        char *text = release();
        struct json *line = json_parse(text, strlen(text), NULL);
        assert_string_equal(json_get_string(line, "message"), "sweep ended");
        assert_string_equal(json_get_string(line, "error"), "the reason");
        assert_string_equal(json_get_string(line, "level"), cases[i].level);
        assert_string_equal(json_get_string(line, "kind"), cases[i].kind_name);
        assert_string_equal(json_get_string(line, "retriable"), cases[i].retriable_text);
        json_free(line);
        free(text);
    }
}

static void *write_many(void *name)
{
    for (int i = 0; i < 200; i++)
        LOG_INFO_EVENT("from a thread", LOG_TEXT("thread", (const char *)name), LOG_NUMBER("i", i));
    return NULL;
}

static void threads_do_not_mix_lines(void **state)
{
    (void)state;
    log_setup("p", LOG_INFO, LOG_FORMAT_JSON);
    capture();
    pthread_t threads[4];
    char names[4][2] = {"a", "b", "c", "d"};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, names[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    char *text = release();
    int lines = 0;
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        struct json *parsed = json_parse(line, (size_t)(end - line), NULL);
        assert_non_null(parsed);
        json_free(parsed);
        lines++;
    }
    assert_int_equal(lines, 800);
    free(text);
}

static void levels_parse(void **state)
{
    (void)state;
    enum log_level level = LOG_ERROR;
    assert_true(log_level_parse("debug", &level));
    assert_int_equal(level, LOG_DEBUG);
    assert_true(log_level_parse("error", &level));
    assert_int_equal(level, LOG_ERROR);
    assert_false(log_level_parse("Error", &level));
    assert_false(log_level_parse("", &level));
    assert_false(log_level_parse(NULL, &level));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_lines_parse),
        cmocka_unit_test(text_lines_read_well),
        cmocka_unit_test(lower_levels_are_silent),
        cmocka_unit_test(bad_bytes_and_length_are_tamed),
        cmocka_unit_test(errors_name_kind_and_hope),
        cmocka_unit_test(threads_do_not_mix_lines),
        cmocka_unit_test(levels_parse),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
