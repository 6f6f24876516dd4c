#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/file.h"
#include "../../ingest/files/listed_emails.h"

static char folder[] = "/tmp/test_listed_XXXXXX";
static const char secret[] = "0123456789abcdef0123456789abcdef";

static struct listed_emails *load(void)
{
    struct error err = {0};
    struct listed_emails *list = listed_emails_load(folder, secret, 32, &err);
    if (list == NULL)
        print_error("%s\n", err.message);
    assert_non_null(list);
    return list;
}

static void save(struct listed_emails *list)
{
    struct error err = {0};
    assert_true(listed_emails_save(list, &err));
    listed_emails_free(list);
}

static bool join(void *context, const char *email, bool found)
{
    char *out = context;
    size_t used = strlen(out);
    (void)snprintf(out + used, 512 - used, "%s%s", email, found ? "! " : " ");
    return true;
}

static void remove_one(struct listed_emails *list, const char *entity)
{
    struct key128 key = key128_of(entity, strlen(entity));
    listed_emails_remove(list, &key, 1);
}

static void assert_holds(const char *expected)
{
    struct listed_emails *list = load();
    char all[512] = "";
    listed_emails_for_each(list, join, all);
    assert_string_equal(all, expected);
    listed_emails_free(list);
}

static void test_adds_removes_and_remembers(void **state)
{
    (void)state;
    assert_holds("");
    struct listed_emails *list = load();
    listed_emails_add(list, "lists", "W/A", "entity-1", "b@x.vn");
    listed_emails_add(list, "lists", "W/A", "entity-1", "a@x.vn");
    listed_emails_add(list, "lists", "W/B", "entity-2", "a@x.vn");
    listed_emails_add(list, "lists", "W/B", "entity-2", "a@x.vn");
    save(list);
    assert_holds("a@x.vn b@x.vn ");
    list = load();
    listed_emails_set_found(list, "a@x.vn", true);
    listed_emails_set_found(list, "nobody@x.vn", true);
    save(list);
    assert_holds("a@x.vn! b@x.vn ");
    list = load();
    listed_emails_add(list, "lists", "W/B", "entity-2", "a@x.vn"); /* stays found */
    remove_one(list, "entity-1");
    save(list);
    assert_holds("a@x.vn! ");
    list = load();
    remove_one(list, "entity-2");
    save(list);
    assert_holds("");
}

static void test_complete_list_replaces(void **state)
{
    (void)state;
    struct listed_emails *list = load();
    listed_emails_add(list, "lists", "W/A", "a1", "a1@x.vn");
    listed_emails_add(list, "lists", "W/A", "a2", "a2@x.vn");
    listed_emails_add(list, "lists", "W/A", "a3", "a3@x.vn");
    listed_emails_add(list, "lists", "W/B", "b1", "b1@x.vn");
    save(list);
    list = load();
    listed_emails_set_found(list, "a2@x.vn", true);
    listed_emails_replace_begin(list, "lists", "W/A");
    listed_emails_add(list, "lists", "W/A", "a2", "a2@x.vn");
    struct key128 corrected[] = {key128_of("b1", 2), key128_of("a3", 2), key128_of("a1x", 3)};
    listed_emails_keep(list, corrected, 3); /* their addresses are not in the list */
    listed_emails_add(list, "lists", "W/A", "a4", "a4@x.vn");
    listed_emails_replace_end(list);
    save(list);
    assert_holds("a2@x.vn! a3@x.vn a4@x.vn b1@x.vn ");
    list = load();
    listed_emails_replace_begin(list, "other", "W/A"); /* another source's sub-stream */
    listed_emails_replace_end(list);
    save(list);
    assert_holds("a2@x.vn! a3@x.vn a4@x.vn b1@x.vn ");
}

static void test_several_go_at_once(void **state)
{
    (void)state;
    struct listed_emails *list = load();
    struct key128 gone[] = {key128_of("b1", 2), key128_of("a4", 2), key128_of("nobody", 6),
                            key128_of("a3", 2)};
    listed_emails_remove(list, gone, 4);
    listed_emails_remove(list, NULL, 0);
    save(list);
    assert_holds("a2@x.vn! ");
}

static void test_file_is_private_and_sealed(void **state)
{
    (void)state;
    char path[256];
    struct stat status;
    struct error err = {0};
    size_t length = 0;
    (void)snprintf(path, sizeof(path), "%s/listed-emails.sealed", folder);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    char *bytes = file_read_whole(path, 65536, &length, &err);
    assert_non_null(bytes);
    for (size_t i = 0; i + 5 < length; i++)
        assert_memory_not_equal(bytes + i, "@x.vn", 5);
    assert_null(listed_emails_load(folder, "another key of 32 bytes.........", 32, &err));
    bytes[length / 2] = (char)(bytes[length / 2] ^ 1);
    assert_true(file_write_whole(path, bytes, length, &err));
    assert_null(listed_emails_load(folder, secret, 32, &err));
    free(bytes);
    assert_int_equal(unlink(path), 0);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adds_removes_and_remembers),
        cmocka_unit_test(test_complete_list_replaces),
        cmocka_unit_test(test_several_go_at_once),
        cmocka_unit_test(test_file_is_private_and_sealed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
