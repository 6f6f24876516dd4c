#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/backup_files.h"
#include "../../common/manifest.h"
#include "../../common/file.h"
#include "../../common/tree.h"

static const struct program program = {.name = "mooc-test"}, other = {.name = "mooc-other"};
static char top[64];

static const char *at(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % 4];
    (void)snprintf(path, sizeof(paths[0]), "%s/%s", top, name);
    return path;
}

static void put(const char *name, const char *text)
{
    struct error err = {0};
    assert_true(file_write_whole(at(name), text, strlen(text), &err));
}

static void expect(const char *name, const char *text)
{
    size_t length;
    struct error err = {0};
    char *bytes = file_read_whole(at(name), 1000, &length, &err);
    assert_non_null(bytes);
    assert_string_equal(bytes, text);
    free(bytes);
}

static int make_folder(void **state)
{
    (void)state;
    struct error err = {0};
    (void)snprintf(top, sizeof(top), "/tmp/test_backup_XXXXXX");
    assert_non_null(mkdtemp(top));
    assert_true(tree_make(at("b/secrets"), &err));
    put("b/one", "first");
    put("b/secrets/0", "key");
    char list[300];
    (void)snprintf(list, sizeof(list), "0 %s/there/key\n", top);
    put("b/secrets/list", list);
    assert_true(manifest_write(&program, "backup_of", at("b"), ",\"more\":7", &err));
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf %s", top);
    return system(command);
}

static void expect_refused(const struct program *by, enum error_kind kind, const char *said)
{
    struct error err = {0};
    assert_null(manifest_check(by, at("b"), &err));
    assert_int_equal(err.kind, kind);
    assert_non_null(strstr(err.message, said));
}

static void a_manifest_names_every_file(void **state)
{
    (void)state;
    struct error err = {0};
    int64_t more = 0, bytes = 0;
    struct json *root = manifest_check(&program, at("b"), &err);
    assert_non_null(root);
    assert_true(json_integer(json_get(root, "more"), &more));
    assert_int_equal(more, 7);
    const struct json *files = json_get(root, "files"), *file = json_first(files);
    assert_int_equal(json_size(files), 3);
    assert_string_equal(json_get_string(file, "name"), "one");
    assert_true(json_integer(json_get(file, "bytes"), &bytes));
    assert_int_equal(bytes, 5);
    /* printf first | sha256sum */
    assert_string_equal(json_get_string(file, "sha256"),
                        "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e");
    json_free(root);
}

static void damage_is_found(void **state)
{
    (void)state;
    put("b/one", "furst");
    expect_refused(&program, ERROR_STATE, "its checksum is another");
    put("b/one", "first and more");
    expect_refused(&program, ERROR_STATE, "its checksum is another");
    unlink(at("b/one"));
    expect_refused(&program, ERROR_STATE, "is not whole");
    put("b/one", "first");
    expect_refused(&other, ERROR_USAGE, "is a backup of mooc-test, not of mooc-other");
    put("b/manifest.json", "{\"backup_of\":\"mooc-test\",\"format\":2,\"version\":\"9\"}");
    expect_refused(&program, ERROR_USAGE, "has format 2");
    put("b/manifest.json", "{");
    expect_refused(&program, ERROR_STATE, "is damaged");
    unlink(at("b/manifest.json"));
    expect_refused(&program, ERROR_USAGE, "made and finished");
}

static void a_file_goes_back_to_where_it_stood(void **state)
{
    (void)state;
    struct error err = {0};
    struct backup_put look = {.other = BACKUP_OTHER_REFUSED};
    struct backup_put write = {.other = BACKUP_OTHER_REFUSED, .write = true};
    assert_true(backup_files_put(at("b"), &look, &err));
    assert_int_equal(access(at("there"), F_OK), -1);
    assert_true(backup_files_put(at("b"), &write, &err));
    expect("there/key", "key");
    struct stat info;
    assert_int_equal(stat(at("there/key"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_true(backup_files_put(at("b"), &write, &err)); /* the same stands there */
    assert_int_equal(write.kept.length, 0);
}

static void another_file_is_refused_or_kept(void **state)
{
    (void)state;
    struct error err = {0};
    struct backup_put refuse = {.other = BACKUP_OTHER_REFUSED, .write = true};
    struct backup_put keep = {.other = BACKUP_OTHER_KEPT, .write = true};
    assert_true(tree_make(at("there"), &err));
    put("there/key", "mine");
    assert_false(backup_files_put(at("b"), &refuse, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_non_null(strstr(err.message, "is another than the saved one"));
    assert_true(backup_files_put(at("b"), &keep, &err));
    assert_non_null(strstr(keep.kept.data, "/there/key (saved as "));
    expect("there/key", "mine");
    backup_put_free(&keep);
    put("b/secrets/list", "x /nowhere\n");
    assert_false(backup_files_put(at("b"), &refuse, &err));
    assert_non_null(strstr(err.message, "is damaged"));
}

/* What the configuration names ------------------------------------------------------------------------------------------- */

static int nothing(const struct program *its, const struct options *options)
{
    (void)its;
    (void)options;
    return 0;
}

static struct options *configured(const char *yaml)
{
    static const struct option_spec table[] = {
        {.name = "hmac_key_file", .type = OPTION_FILE, .help = "The key."},
        {.name = "database_password_file", .type = OPTION_FILE, .help = "The password."},
        {.name = "metrics.port_file", .type = OPTION_FILE, .help = "The port goes there."},
        {.name = "metrics_file", .type = OPTION_FILE, .help = "The outcome goes there."},
        {.name = "sources", .type = OPTION_SECTION, .help = "What is watched."},
    };
    static const struct command_spec commands[] = {{"backup", NULL, "Save.", nothing}};
    static const struct program with_options = {.name = "mooc-test",
                                                .options = table,
                                                .option_count = ARRAY_LEN(table),
                                                .commands = commands,
                                                .command_count = ARRAY_LEN(commands)};
    struct error err = {0};
    int exit_code;
    char *argv[] = {(char[]){"mooc-test"}, (char[]){"backup"}, (char[]){"--config"},
                    (char *)(uintptr_t)at("config.yaml")};
    put("config.yaml", yaml);
    struct options *options = options_parse(&with_options, ARRAY_LEN(argv), argv, &exit_code, &err);
    if (!options)
        fail_msg("%s", err.message);
    return options;
}

/* A key without a value is none, and what a program writes is no secret: neither may keep a backup from being made. */
static void only_files_that_are_read_are_saved(void **state)
{
    (void)state;
    struct error err = {0};
    struct backup_files files;
    put("key", "the key");
    struct options *options = configured("hmac_key_file: key\n"
                                         "database_password_file:\n"
                                         "metrics.port_file: port\n"
                                         "metrics_file: verify.prom\n"
                                         "sources: [{name: a, client_secret_file: ~}]\n");
    if (!backup_files_begin(&files, options, at("saved"), "config.yaml", &err) ||
        !backup_files_add_named(&files, &err) || !backup_files_end(&files, &err))
        fail_msg("%s", err.message);
    assert_int_equal(files.count, 1);
    expect("saved/secrets/0", "the key");
    backup_files_free(&files);
    options_free(options);
}

/* /proc keeps no files, whoever asks. */
static void a_folder_that_cannot_be_made_says_what_to_do(void **state)
{
    (void)state;
    static const char *const paths[] = {"/proc/packs", "/proc/packs/2023-W39"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct error err = {0};
        assert_false(tree_make(paths[i], &err));
        assert_int_equal(err.kind, ERROR_USAGE);
        assert_non_null(strstr(err.message, "the folder /proc/packs cannot be made ("));
        assert_non_null(strstr(err.message, "name another, on a disk that keeps files"));
    }
    struct error err = {0};
    assert_true(tree_make_folder(at("one"), 0700, &err));
    assert_true(tree_make_folder(at("one"), 0700, &err));
}

static void a_folder_goes_with_all_that_stands_in_it(void **state)
{
    (void)state;
    struct error err = {0};
    assert_true(tree_make(at("gone/a/b"), &err));
    assert_true(tree_make(at("stays"), &err));
    put("gone/a/b/file", "text");
    put("stays/file", "text");
    assert_int_equal(symlink(at("stays"), at("gone/a/link")), 0);
    tree_remove(at("gone"));
    assert_int_equal(access(at("gone"), F_OK), -1);
    expect("stays/file", "text");
    tree_remove(at("gone")); /* it is not there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_manifest_names_every_file, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(damage_is_found, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_file_goes_back_to_where_it_stood, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(another_file_is_refused_or_kept, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(only_files_that_are_read_are_saved, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_folder_goes_with_all_that_stands_in_it, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_made_says_what_to_do, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
