/* What is written, and what is refused before long work begins. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/file.h"

static char top[64];

static const char *at(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", top, name);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    struct error err = {0};
    (void)snprintf(top, sizeof(top), "/tmp/test_file_XXXXXX");
    return mkdtemp(top) && mkdir(at("folder"), 0700) == 0 &&
                   file_write_whole(at("file"), "x", 1, &err)
               ? 0
               : 1;
}

static int remove_folder(void **state)
{
    (void)state;
    return unlink(at("file")) == 0 && rmdir(at("folder")) == 0 && rmdir(top) == 0 ? 0 : 1;
}

static void refused(bool fine, const struct error *err, const char *why)
{
    assert_false(fine);
    assert_int_equal(err->kind, ERROR_USAGE);
    assert_non_null(strstr(err->message, why));
}

static void a_file_needs_a_folder_that_is_there(void **state)
{
    (void)state;
    struct error err = {0};
    assert_true(file_check_out(NULL, &err));
    assert_true(file_check_out(at("new"), &err));
    assert_true(file_check_out(at("file"), &err)); /* is written over */
    assert_true(file_check_out(at("folder/new"), &err));
    assert_true(file_check_out("new", &err));
    refused(file_check_out(at("folder"), &err), &err, "is a folder");
    refused(file_check_out(at("none/new"), &err), &err, "/none/: make it first");
    refused(file_check_out(at("file/new"), &err), &err, "there is no folder");
    assert_int_equal(access(at("new"), F_OK), -1); /* nothing was made */
}

static void a_folder_is_made_without_its_parents(void **state)
{
    (void)state;
    struct error err = {0};
    assert_true(file_check_folder_out(at("folder"), &err));
    assert_true(file_check_folder_out(at("folder/"), &err));
    assert_true(file_check_folder_out(at("new/"), &err));
    refused(file_check_folder_out(at("none/new/"), &err), &err, "/none/: make it first");
    refused(file_check_folder_out(at("file"), &err), &err, "is a file");
    assert_int_equal(access(at("none"), F_OK), -1);
}

static void a_folder_that_takes_nothing_is_told(void **state)
{
    (void)state;
    struct error err = {0};
    if (geteuid() == 0)
        skip(); /* root may write anywhere */
    assert_int_equal(chmod(at("folder"), 0500), 0);
    refused(file_check_out(at("folder/new"), &err), &err, "Permission denied");
    refused(file_check_folder_out(at("folder"), &err), &err, "Permission denied");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_needs_a_folder_that_is_there, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_folder_is_made_without_its_parents, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_folder_that_takes_nothing_is_told, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
