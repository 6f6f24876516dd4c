#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/file.h"
#include "../../ingest/files/files_job.h"
#include "../../ingest/files/files_report.h"
#include "../../ingest/files/folder.h"

static char top[] = "/tmp/test_folder_XXXXXX";

static void put(const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", top, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    (void)fputs(text, f);
    (void)fclose(f);
}

static int64_t saved_us; /* of the file that a look found */

static bool there(const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", top, name);
    return access(path, F_OK) == 0;
}

/* However soon it is looked at again (another file was just done). */
static void test_a_file_must_rest_before_it_is_whole(void **state)
{
    (void)state;
    struct error err = {0};
    char path[4096];
    struct folder *folder = folder_open(top, &err);
    assert_non_null(folder);
    put("slow.csv", "half");
    assert_false(folder_next(folder, 300, path, &saved_us, &err));
    assert_false(folder_next(folder, 300, path, &saved_us, &err));
    (void)usleep(200000);
    put("slow.csv", "half and more");
    assert_false(folder_next(folder, 300, path, &saved_us, &err));
    (void)usleep(200000);
    assert_false(folder_next(folder, 300, path, &saved_us, &err)); /* since it grew */
    (void)usleep(200000);
    assert_true(folder_next(folder, 300, path, &saved_us, &err));
    assert_true(folder_finish(folder, path, true, "fine\n", &err));
    folder_clean(folder, -1);
    folder_close(folder);
}

/* A share that went away is no empty folder. */
static void test_a_folder_that_is_gone_is_told(void **state)
{
    (void)state;
    struct error err = {0};
    char path[4096], away[300], words[600];
    (void)snprintf(away, sizeof(away), "%s.away", top);
    (void)snprintf(words, sizeof(words),
                   "the folder of lists %s cannot be looked into: No such file or directory; lists "
                   "that are put there wait until it can be",
                   top);
    struct folder *folder = folder_open(top, &err);
    assert_non_null(folder);
    assert_int_equal(rename(top, away), 0);
    assert_false(folder_next(folder, 0, path, &saved_us, &err));
    assert_string_equal(err.message, words);
    assert_int_equal(rename(away, top), 0);
    assert_false(folder_next(folder, 0, path, &saved_us, &err));
    assert_int_equal(err.kind, ERROR_NONE);
    folder_close(folder);
}

static void test_takes_a_file_when_it_is_whole(void **state)
{
    (void)state;
    struct error err = {0};
    char path[4096];
    struct folder *folder = folder_open(top, &err);
    assert_non_null(folder);
    put("~$open.xlsx", "x");
    put(".hidden.csv", "x");
    put("copying.csv.part", "x");
    put("copying.csv.filepart", "x");
    put("copying.csv.crdownload", "x");
    put("copying.csv.PARTIAL", "x");
    put("a.csv", "half");
    assert_false(folder_next(folder, 0, path, &saved_us, &err)); /* seen for the first time */
    put("a.csv", "half and more");
    assert_false(folder_next(folder, 0, path, &saved_us, &err)); /* it grew */
    assert_true(folder_next(folder, 0, path, &saved_us, &err));
    assert_string_equal(strrchr(path, '/'), "/a.csv");
    struct stat saved;
    assert_int_equal(stat(path, &saved), 0);
    assert_int_equal(saved_us / 1000000, saved.st_mtime);
    assert_true(folder_finish(folder, path, true, "fine\n", &err));
    assert_false(there("a.csv"));
    assert_true(there("done/a.csv"));
    assert_true(there("done/a.csv.txt"));
    assert_false(folder_next(folder, 0, path, &saved_us, &err));
    /* the same name again does not overwrite the earlier one */
    put("a.csv", "again");
    assert_false(folder_next(folder, 0, path, &saved_us, &err));
    assert_true(folder_next(folder, 0, path, &saved_us, &err));
    assert_true(folder_finish(folder, path, true, "fine\n", &err));
    assert_true(there("done/a.csv"));
    assert_false(there("a.csv"));
    char command[256];
    (void)snprintf(command, sizeof(command), "rm -r %s/failed", top); /* somebody tidied up */
    assert_int_equal(system(command), 0);
    put("b.xls", "x");
    assert_false(folder_next(folder, 0, path, &saved_us, &err));
    assert_true(folder_next(folder, 0, path, &saved_us, &err));
    assert_true(folder_finish(folder, path, false, "no\n", &err));
    assert_true(there("failed/b.xls"));
    char why[300];
    (void)snprintf(why, sizeof(why), "%s/failed/b.xls.txt", top);
    size_t length = 0;
    char *text = file_read_whole(why, 100, &length, &err);
    assert_string_equal(text, "no\n");
    free(text);
    folder_clean(folder, 3600000);
    assert_true(there("failed/b.xls"));
    folder_clean(folder, -1);
    assert_false(there("failed/b.xls"));
    assert_false(there("done/a.csv"));
    folder_close(folder);
}

/* What lies there when the work is done may not be what was read. */
static void test_a_file_replaced_under_way_stays(void **state)
{
    (void)state;
    struct error err = {0};
    char path[4096];
    struct folder *folder = folder_open(top, &err);
    put("r.csv", "first");
    assert_false(folder_next(folder, 0, path, &saved_us, &err));
    assert_true(folder_next(folder, 0, path, &saved_us, &err));
    put("r.csv", "second, and longer");
    assert_true(folder_finish(folder, path, true, "fine\n", &err));
    assert_true(there("r.csv"));
    assert_false(there("done/r.csv"));
    assert_false(folder_next(folder, 0, path, &saved_us, &err)); /* it changed: seen for the first time */
    assert_true(folder_next(folder, 0, path, &saved_us, &err));
    assert_true(folder_finish(folder, path, true, "fine\n", &err));
    assert_true(there("done/r.csv"));
    folder_clean(folder, -1);
    folder_close(folder);
}

/* 255 bytes are room for a name, but not for a name with ".txt" behind or the time in front. */
static void test_long_names(void **state)
{
    (void)state;
    struct error err = {0};
    char name[256], path[4096];
    size_t length = 0;
    while (length < 250)
        length +=
            (size_t)snprintf(name + length, sizeof(name) - length, "%s", length == 0 ? "d" : "ộ");
    (void)snprintf(name + length, sizeof(name) - length, ".csv");
    struct folder *folder = folder_open(top, &err);
    for (int i = 0; i < 2; i++) {
        put(name, i == 0 ? "one" : "another");
        assert_false(folder_next(folder, 0, path, &saved_us, &err));
        assert_true(folder_next(folder, 0, path, &saved_us, &err));
        assert_true(folder_finish(folder, path, true, "fine\n", &err));
        assert_false(there(name));
    }
    char command[256];
    (void)snprintf(command, sizeof(command), "test $(ls %s/done/*.txt | wc -l) = 2", top);
    assert_int_equal(system(command), 0);
    folder_clean(folder, -1);
    folder_close(folder);
}

static void test_says_what_it_leaves(void **state)
{
    (void)state;
    struct error err = {0};
    char path[4096], below[300];
    struct folder *folder = folder_open(top, &err);
    assert_int_equal(folder_ignored(folder), 0);
    (void)snprintf(below, sizeof(below), "%s/Huyện A", top);
    assert_int_equal(mkdir(below, 0700), 0);
    assert_false(folder_next(folder, 0, path, &saved_us, &err));
    assert_int_equal(folder_ignored(folder), 1);
    assert_int_equal(rmdir(below), 0);
    assert_false(folder_next(folder, 0, path, &saved_us, &err));
    assert_int_equal(folder_ignored(folder), 0);
    folder_close(folder);
}

static void test_jobs_travel_as_json(void **state)
{
    (void)state;
    struct error err = {0};
    struct files_job job = {.command = FILES_IMPORT, .complete = true, .preview = true}, back = {0};
    (void)snprintf(job.file, sizeof(job.file), "Danh sách \"1\".xlsx");
    (void)snprintf(job.path, sizeof(job.path), "/spool/list.xlsx");
    (void)snprintf(job.wave, sizeof(job.wave), "W-1");
    struct text_buffer text = {0};
    files_job_encode(&job, &text);
    assert_true(files_job_decode(text.data, text.length, &back, &err));
    assert_memory_equal(&job, &back, sizeof(job));
    text_buffer_free(&text);
    assert_false(files_job_decode("{\"command\":\"import\"}", 20, &back, &err));
    char name[256];
    files_base_name("/a/b/Danh sa\xCC\x81"
                    "ch.xlsx",
                    name);
    assert_string_equal(name, "Danh sách.xlsx");
    char longest[256];
    memset(longest, 'n', sizeof(longest));
    memcpy(longest + 244, "\xE1\xBB\x87.csv", 8); /* 251 bytes: a name may have 255 */
    files_base_name(longest, name);
    assert_int_equal(strlen(name), 248);
    assert_string_equal(name + 244, ".csv");
    files_base_name("\xFF\xFE.csv", name);
    assert_string_equal(name, "__.csv");
}

static void test_reports(void **state)
{
    (void)state;
    struct files_report report = {.added = 3, .removed = 1};
    const struct teller en = {.vietnamese = false}, vi = {.vietnamese = true};
    struct text_buffer json = {0}, text = {0};
    int exit_code = -1;
    (void)snprintf(report.file, sizeof(report.file), "a.xlsx");
    files_report_find(&report, "fault", "email_missing", "DS", 12);
    files_report_find(&report, "skipped", "total", "DS", 40);
    files_report_find(&report, "fault", "email_missing", "DS", 9);
    files_report_note(&report, "đơn vị %s", "unit %s", "HG-SYTE");
    files_report_json(&report, &json);
    assert_true(files_report_text(json.data, json.length, &en, &text, &exit_code));
    assert_int_equal(exit_code, 0);
    assert_non_null(strstr(text.data, "a.xlsx: 3 added, 1 removed, 0 changed"));
    assert_non_null(strstr(text.data, "note: unit HG-SYTE"));
    assert_non_null(strstr(text.data, "email_missing"));
    assert_non_null(strstr(text.data, "sheet DS: row 9, 12"));
    assert_non_null(strstr(text.data, "what to do: "));
    text_buffer_clear(&text);
    assert_true(files_report_text(json.data, json.length, &vi, &text, &exit_code));
    static const char *const told[] = {
        "a.xlsx: 3 thêm mới, 1 rời danh sách, 0 thay đổi, 0 giữ nguyên, 0 chưa nhận\n",
        "  ghi chú: đơn vị HG-SYTE\n",
        "  lỗi        không có e-mail                         2   trang tính DS: dòng 9, 12\n",
        "  cần làm: ghi e-mail vào biểu sửa",
        "  bỏ qua     dòng tổng cộng                          1   trang tính DS: dòng 40\n"};
    for (size_t i = 0; i < ARRAY_LEN(told); i++) {
        if (strstr(text.data, told[i]) == NULL)
            fail_msg("%s\nis not in\n%s", told[i], text.data);
    }
    (void)error_set(&report.error, ERROR_USAGE, false, "wave X is not in waves.csv");
    text_buffer_clear(&json);
    text_buffer_clear(&text);
    files_report_json(&report, &json);
    assert_true(files_report_text(json.data, json.length, &en, &text, &exit_code));
    assert_int_equal(exit_code, 2);
    assert_non_null(strstr(text.data, "a.xlsx: wave X is not in waves.csv"));
    assert_false(files_report_text("{}", 2, &en, &text, &exit_code));
    files_report_free(&report);
    text_buffer_free(&json);
    text_buffer_free(&text);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(top) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", top);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_must_rest_before_it_is_whole),
        cmocka_unit_test(test_a_folder_that_is_gone_is_told),
        cmocka_unit_test(test_takes_a_file_when_it_is_whole),
        cmocka_unit_test(test_a_file_replaced_under_way_stays),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_says_what_it_leaves),
        cmocka_unit_test(test_jobs_travel_as_json),
        cmocka_unit_test(test_reports),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
