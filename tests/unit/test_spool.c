/* Jobs for the owner, and what is left of them when somebody is killed in between. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/file.h"
#include "../../common/spool.h"

#define QUEUE "lists"

static char data_dir[] = "/tmp/test_spool_XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(data_dir, sizeof(data_dir), "/tmp/test_spool_XXXXXX");
    return mkdtemp(data_dir) ? 0 : 1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[64];
    (void)snprintf(command, sizeof(command), "rm -r %s", data_dir);
    return system(command);
}

static const char *at(const char *id, const char *ending)
{
    static char path[256];
    (void)snprintf(path, sizeof(path), "%s/spool/" QUEUE "/%s%s", data_dir, id, ending);
    return path;
}

static void submit(const char *bytes, char id[SPOOL_ID_SIZE])
{
    struct error err = {0};
    assert_true(spool_submit(data_dir, QUEUE, bytes, strlen(bytes), id, &err));
    assert_int_equal(usleep(10), 0); /* ids sort by time */
}

static void assert_next(const char *bytes, const char *id)
{
    struct error err = {0};
    char found[SPOOL_ID_SIZE] = "";
    size_t length = 0;
    char *text = spool_next(data_dir, QUEUE, "", found, &length, &err);
    assert_int_equal(err.kind, ERROR_NONE);
    if (bytes == NULL) {
        assert_null(text);
        return;
    }
    assert_non_null(text);
    assert_string_equal(text, bytes);
    assert_string_equal(found, id);
    free(text);
}

static void jobs_are_taken_in_their_order_and_answered(void **state)
{
    (void)state;
    struct error err = {0};
    char one[SPOOL_ID_SIZE], two[SPOOL_ID_SIZE];
    assert_next(NULL, NULL); /* there is no folder yet */
    submit("first", one);
    submit("second", two);
    assert_next("first", one);
    assert_true(spool_finish(data_dir, QUEUE, one, "{\"done\":1}", &err));
    assert_next("second", two);
    char *answer = spool_wait(data_dir, QUEUE, one, 0, &err);
    assert_string_equal(answer, "{\"done\":1}");
    free(answer);
    assert_int_equal(access(at(one, ".result"), F_OK), -1);
}

/* The owner was killed between the result and the end of its job. */
static void what_has_its_result_is_not_done_again(void **state)
{
    (void)state;
    struct error err = {0};
    char one[SPOOL_ID_SIZE], two[SPOOL_ID_SIZE];
    submit("first", one);
    submit("second", two);
    assert_true(spool_finish(data_dir, QUEUE, one, "{}", &err));
    assert_true(file_write_whole(at(one, ".job"), "first", 5, &err));
    assert_next("second", two);
    assert_int_equal(access(at(one, ".job"), F_OK), -1); /* nor when the result is cleaned away */
    assert_int_equal(access(at(one, ".result"), F_OK), 0);
    assert_true(spool_finish(data_dir, QUEUE, two, "{}", &err));
    assert_next(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(jobs_are_taken_in_their_order_and_answered, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_has_its_result_is_not_done_again, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
