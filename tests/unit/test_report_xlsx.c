/* Workbooks: equal values make equal files. What stands in them is read by Python in tests/integration/test_report_print.py. */
#include "cmocka_all.h"

#include <fcntl.h>
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

/* What goes to standard error meanwhile is the second file's. */
static void a_full_disk_is_told_by_us_alone(void **state)
{
    (void)state;
    char path[64], said[64], words[256];
    (void)snprintf(path, sizeof(path), "/tmp/test_report_full_%ld.xlsx", (long)getpid());
    (void)snprintf(said, sizeof(said), "/tmp/test_report_full_%ld.txt", (long)getpid());
    assert_int_equal(symlink("/dev/full", path), 0);
    int kept = dup(STDERR_FILENO), file = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(kept >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    struct report *report = report_case_random(1);
    struct error err = {0};
    bool written = report_write_xlsx(report, path, &err);
    (void)fputs("ours\n", stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    assert_false(written);
    assert_string_equal(err.message, "cannot be written: No space left on device");
    assert_string_equal(err.vi, "không ghi được: hết chỗ trên đĩa");
    FILE *what = fopen(said, "rb");
    assert_non_null(what);
    assert_non_null(fgets(words, sizeof(words), what));
    assert_string_equal(words, "ours\n");
    (void)fclose(what);
    report_free(report);
    (void)close(kept);
    (void)close(file);
    (void)unlink(path);
    (void)unlink(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workbooks_are_the_same_bytes),
        cmocka_unit_test(a_full_disk_is_told_by_us_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
