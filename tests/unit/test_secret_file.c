/* Files with secrets: what is read of them, what is refused, and what is warned of. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/log.h"
#include "../../common/options.h"

static void contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static char *secret_of(const char *bytes, size_t count, size_t *length, struct error *err)
{
    char path[] = "/tmp/mooc-secret-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, count), count);
    close(fd);
    char *secret = secret_read_file(path, length, err);
    unlink(path);
    return secret;
}

static void secrets(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        size_t count;
        const char *secret;
        size_t length;
    } cases[] = {{"s3cret\n", 7, "s3cret", 6},
                 {"s3cret\r\n", 8, "s3cret", 6},
                 {"s3cret", 6, "s3cret", 6},
                 {"a\n\n", 3, "a\n", 2},
                 {"a\0b", 3, "a\0b", 3}};
    size_t length;
    struct error err = {0};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char *secret = secret_of(cases[i].file, cases[i].count, &length, &err);
        assert_non_null(secret);
        assert_int_equal(length, cases[i].length);
        assert_memory_equal(secret, cases[i].secret, length);
        assert_int_equal(secret[length], 0);
        secret_free(secret, length);
    }
    assert_null(secret_of("", 0, &length, &err));
    contains(err.message, "is empty");
    assert_null(secret_of("\n", 1, &length, &err));
    contains(err.message, "is empty");
    char *big = calloc(1, 65538);
    memset(big, 'x', 65537);
    char *fits = secret_of(big, 65536, &length, &err);
    assert_int_equal(length, 65536);
    secret_free(fits, length);
    assert_null(secret_of(big, 65537, &length, &err));
    contains(err.message, "is larger than 64 KiB");
    free(big);
    assert_null(secret_read_file("/nowhere/key", &length, &err));
    assert_string_equal(err.message,
                        "the secret file /nowhere/key cannot be read: No such file or directory");
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_null(secret_read_file("/tmp", &length, &err));
    secret_free(NULL, 0);
}

static void readable_secrets_are_warned_of(void **state)
{
    (void)state;
    char path[] = "/tmp/mooc-secret-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "key", 3), 3);
    for (int open = 0; open < 2; open++) {
        assert_int_equal(fchmod(fd, open ? 0640 : 0600), 0);
        FILE *captured = tmpfile();
        int saved = dup(STDERR_FILENO);
        dup2(fileno(captured), STDERR_FILENO);
        size_t length;
        secret_free(secret_read_file(path, &length, NULL), 3);
        dup2(saved, STDERR_FILENO);
        close(saved);
        rewind(captured);
        char text[1024] = "";
        (void)!fread(text, 1, sizeof text - 1, captured);
        fclose(captured);
        if (open)
            contains(text, "secret file can be read by others: chmod 600");
        else
            assert_string_equal(text, "");
    }
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets),
        cmocka_unit_test(readable_secrets_are_warned_of),
    };
    return cmocka_run_group_tests_name("secret_file", tests, NULL, NULL);
}
