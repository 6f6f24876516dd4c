/* What is written, and what is refused before long work begins. */
#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../common/file.h"

static char top[64];
static char calls[64]; /* in their order: f a file is synced, d a folder, r something is renamed */
static int refuse_sync;

static void note(char call)
{
    size_t length = strlen(calls);
    if (length + 1 < sizeof(calls))
        calls[length] = call;
}

/* In the place of the C library's. */
int fsync(int fd)
{
    struct stat info;
    note(fstat(fd, &info) == 0 && S_ISDIR(info.st_mode) ? 'd' : 'f');
    if (refuse_sync) {
        errno = refuse_sync;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int rename(const char *from, const char *to)
{
    note('r');
    return (int)syscall(SYS_renameat2, -100 /* AT_FDCWD */, from, -100, to, 0);
}

static int reads_until_broken; /* 0: the disk is sound */

ssize_t read(int fd, void *out, size_t size)
{
    if (reads_until_broken > 0 && --reads_until_broken == 0) {
        errno = EIO;
        return -1;
    }
    return (ssize_t)syscall(SYS_read, fd, out, reads_until_broken > 0 && size > 4 ? 4 : size);
}

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

/* Renamed before its bytes are on the disk, a file is there and empty after a power cut; its name is lost with the folder's. */
static void what_is_to_last_is_on_the_disk_before_it_has_its_name(void **state)
{
    (void)state;
    struct error err = {0};
    memset(calls, 0, sizeof(calls));
    assert_true(file_write_lasting(at("file"), "key", 3, &err));
    assert_string_equal(calls, "frd");
}

static void what_does_not_reach_the_disk_replaces_nothing(void **state)
{
    (void)state;
    struct error err = {0};
    size_t length = 0;
    memset(calls, 0, sizeof(calls));
    refuse_sync = EIO;
    assert_false(file_write_lasting(at("file"), "key", 3, &err));
    refuse_sync = 0;
    assert_string_equal(calls, "f");
    assert_non_null(strstr(err.message, "cannot be written: Input/output error"));
    char *text = file_read_whole(at("file"), 10, &length, &err);
    assert_string_equal(text, "x");
    free(text);
}

/* Half of it would be taken for the whole, and copied so into a backup. */
static void what_cannot_be_read_to_its_end_is_not_read(void **state)
{
    (void)state;
    struct error err = {0};
    size_t length = 0;
    assert_true(file_write_whole(at("file"), "eleven byte", 11, &err));
    reads_until_broken = 3;
    char *text = file_read_whole(at("file"), 100, &length, &err);
    reads_until_broken = 0;
    assert_null(text);
    assert_non_null(strstr(err.message, "cannot be read: Input/output error"));
    errno = 0;
    assert_null(file_read_whole(at("folder"), 100, &length, &err));
    assert_non_null(strstr(err.message, "is no plain file"));
    text = file_read_whole(at("file"), 100, &length, &err);
    assert_string_equal(text, "eleven byte");
    free(text);
}

/* What an earlier process of the same number left, or somebody else laid there. */
static void what_lies_in_the_way_gives_it_neither_place_nor_mode(void **state)
{
    (void)state;
    struct error err = {0};
    struct stat info;
    char beside[256], target[256];
    (void)snprintf(target, sizeof(target), "%s", at("folder/other"));
    (void)snprintf(beside, sizeof(beside), "%s/file.%ld.tmp", top, (long)getpid());
    assert_int_equal(symlink(target, beside), 0);
    assert_true(file_write_whole(at("file"), "secret", 6, &err));
    assert_int_equal(access(target, F_OK), -1);
    assert_int_equal(lstat(at("file"), &info), 0);
    assert_true(S_ISREG(info.st_mode));
    FILE *left = fopen(beside, "w");
    assert_non_null(left);
    assert_int_equal(fclose(left), 0);
    assert_int_equal(chmod(beside, 0644), 0);
    assert_true(file_write_whole(at("file"), "secret", 6, &err));
    assert_int_equal(stat(at("file"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
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
        cmocka_unit_test_setup_teardown(what_is_to_last_is_on_the_disk_before_it_has_its_name,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_does_not_reach_the_disk_replaces_nothing, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_to_its_end_is_not_read, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_lies_in_the_way_gives_it_neither_place_nor_mode,
                                        make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
