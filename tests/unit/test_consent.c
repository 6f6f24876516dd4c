#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/consent.h"
#include "../../common/options.h"

static int nothing(const struct program *program, const struct options *options)
{
    (void)program;
    (void)options;
    return 0;
}

static const struct option_spec table[] = {
    {.name = "lang", .type = OPTION_TEXT, .fallback = "en", .value = "vi|en", .help = "Language."},
};
static const struct command_spec commands[] = {{"drop", NULL, "Drop it.", nothing}};
static const struct program program = {.name = "mooc-test",
                                       .summary = "asks before it drops",
                                       .options = table,
                                       .option_count = ARRAY_LEN(table),
                                       .commands = commands,
                                       .command_count = ARRAY_LEN(commands)};

/* What is given is read as if it was typed. */
static bool asked(const char *lang, const char *typed, struct error *err)
{
    char name[] = "mooc-test", command[] = "drop", flag[] = "--lang", language[3];
    (void)snprintf(language, sizeof(language), "%s", lang);
    char *words[] = {name, command, flag, language, NULL};
    int ends[2], kept = dup(STDIN_FILENO), exit_code;
    struct options *options = options_parse(&program, 4, words, &exit_code, err);
    assert_non_null(options);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], typed, strlen(typed)), (ssize_t)strlen(typed));
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    clearerr(stdin);
    bool given = consent_given(options, "Drop it?", err);
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    close(kept);
    close(ends[0]);
    options_free(options);
    return given;
}

static void only_yes_is_yes(void **state)
{
    (void)state;
    struct error err = {0};
    assert_true(asked("en", "y\n", &err));
    assert_true(asked("en", "Yes\n", &err));
    assert_true(asked("vi", "c\n", &err));
    assert_true(asked("vi", "y\n", &err));
    for (const char *const *no = (const char *const[]){"n\n", "c\n", "\n", "", NULL}; *no; no++) {
        err = (struct error){0};
        assert_false(asked("en", *no, &err));
        assert_int_equal(err.kind, ERROR_STOPPED);
        assert_string_equal(error_words(&err, false), "nothing was changed");
    }
    assert_false(asked("vi", "k\n", &err));
    assert_string_equal(error_words(&err, true), "chưa thay đổi gì");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_yes_is_yes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
