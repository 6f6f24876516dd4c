/* Workbooks: equal values make equal files. What stands in them is read by Python in tests/integration/test_report_print.py. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../aggregator/report/report.h"
#include "support/report_case.h"

#define MOST ((size_t)1 << 20)

static struct report *loaded(const struct report *report)
{
    struct text_buffer text = {0};
    struct error err = {0};
    report_save(report, &text);
    struct report *again = report_load(text.data, text.length, &err);
    assert_non_null(again);
    text_buffer_free(&text);
    return again;
}

/* The file's bytes, freed by the caller. */
static char *bytes_of(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = malloc(MOST);
    *length = fread(bytes, 1, MOST, file);
    (void)fclose(file);
    return bytes;
}

static void workbooks_are_the_same_bytes(void **state)
{
    (void)state;
    char paths[2][64];
    for (int i = 0; i < 2; i++)
        (void)snprintf(paths[i], sizeof(paths[i]), "/tmp/test_report_save_%ld_%d.xlsx",
                       (long)getpid(), i);
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct report *report = report_case_random(seed), *again = loaded(report);
        struct error err = {0};
        size_t lengths[2];
        assert_true(report_write_xlsx(report, paths[0], &err));
        if (seed == 0)
            sleep(2); /* a clock in the file would show: zip counts in two seconds */
        assert_true(report_write_xlsx(again, paths[1], &err));
        char *one = bytes_of(paths[0], &lengths[0]), *other = bytes_of(paths[1], &lengths[1]);
        assert_int_equal(lengths[0], lengths[1]);
        assert_memory_equal(one, other, lengths[0]);
        free(one);
        free(other);
        report_free(again);
        report_free(report);
    }
    (void)unlink(paths[0]);
    (void)unlink(paths[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workbooks_are_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
