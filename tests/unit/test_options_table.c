#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../common/options.h"

static int nothing(const struct program *program, const struct options *options)
{
    (void)program;
    (void)options;
    return 0;
}

static const struct command_spec commands[] = {
    {"run", NULL, "Run until stopped.", nothing},
    {"config load", "DIR", "Load a folder.", nothing},
};

static const struct program program = {
    .name = "mooc-test",
    .summary = "a program to test with",
    .commands = commands,
    .command_count = ARRAY_LEN(commands),
};

static void table_faults(void **state)
{
    (void)state;
    static const struct {
        struct option_spec spec;
        const char *message;
    } cases[] = {
        {{.name = "Bad", .type = OPTION_TEXT, .help = "H."},
         "option table: Bad: a name is made of a-z, 0-9, dots and underscores"},
        {{.name = "kafka.acks", .type = OPTION_TEXT, .help = "H."},
         "option table: kafka.acks: kafka is the mapping of librdkafka's properties"},
        {{.name = "log_level", .type = OPTION_TEXT, .help = "H."},
         "option table: log_level: is there twice"},
        {{.name = "log.level", .type = OPTION_TEXT, .help = "H."},
         "option table: log_level: has the same variable as another option"},
        {{.name = "a", .type = OPTION_TEXT, .help = "no sentence"},
         "option table: a: its help must be a sentence"},
        {{.name = "a", .type = OPTION_TEXT, .help = "H.", .commands = "run imprt"},
         "option table: a: its commands column names no command"},
        {{.name = "a", .type = OPTION_TEXT, .help = "H.", .commands = "config-lo"},
         "option table: a: its commands column names no command"},
        {{.name = "a", .type = OPTION_TEXT, .help = "H.", .commands = "config"},
         "option table: a: its commands column names no command"},
        {{.name = "a", .type = OPTION_TEXT, .help = "H.", .commands = "run:"},
         "option table: a: its commands column names no command"},
        {{.name = "a", .type = OPTION_NUMBER, .help = "H.", .min = 5, .max = 1},
         "option table: a: its bounds are the wrong way round"},
        {{.name = "a", .type = OPTION_NUMBER, .help = "H.", .fallback = "7", .min = 1, .max = 5},
         "default \"7\": option table: a: must be from 1 to 5"},
        {{.name = "a", .type = OPTION_DURATION, .help = "H.", .fallback = "7"},
         "default \"7\": option table: a: must be a duration with its unit, such as 250ms, 30s, "
         "5m, 2h or 7d"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct program faulty = program;
        faulty.options = &cases[i].spec;
        faulty.option_count = 1;
        struct error err = {0};
        assert_false(options_check_table(&faulty, &err));
        assert_int_equal(err.kind, ERROR_INTERNAL);
        assert_string_equal(err.message, cases[i].message);
    }
}

static void right_tables_pass(void **state)
{
    (void)state;
    static const struct option_spec table[] = {
        {.name = "a.b", .type = OPTION_NUMBER, .fallback = "5", .max = 5, .help = "H."},
        {.name = "c", .type = OPTION_TEXT, .help = "H.", .commands = "run config-load:a,b,-"},
    };
    struct program fine = program;
    fine.options = table;
    fine.option_count = ARRAY_LEN(table);
    assert_true(options_check_table(&fine, NULL));
    assert_true(options_check_table(&program, NULL)); /* what every program has */
}

static const struct option_spec of_reports[] = {
    {.name = "a", .type = OPTION_TEXT, .help = "H.", .commands = "report:one,two,three,- run"},
    {.name = "b", .type = OPTION_TEXT, .help = "H.", .commands = "report:one,two"},
    {.name = "c", .type = OPTION_TEXT, .help = "H.", .commands = "report:four report-list"},
    {.name = "d", .type = OPTION_TEXT, .help = "H.", .commands = "report:one,two,three,four"},
};
static const struct command_spec report_commands[] = {
    {"run", NULL, "Run until stopped.", nothing},
    {"report", "[NAME]", "Print a report.", nothing},
    {"report list", NULL, "List reports.", nothing},
};

/* The message, or "" where the words are taken; good until the next call. */
static const char *refusal(const char *words)
{
    static struct error err;
    struct program reports = program;
    char text[100], *rest = NULL, *argv[12] = {"mooc-test"};
    int argc = 1, code;
    reports.commands = report_commands;
    reports.command_count = ARRAY_LEN(report_commands);
    reports.options = of_reports;
    reports.option_count = ARRAY_LEN(of_reports);
    assert_true(options_check_table(&reports, NULL));
    snprintf(text, sizeof(text), "%s", words);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    struct options *o = options_parse(&reports, argc, argv, &code, &err);
    assert_int_equal(code, o ? 0 : 2);
    options_free(o);
    return o ? "" : err.message;
}

static void arguments_narrow_options(void **state)
{
    (void)state;
    assert_string_equal(refusal("report one --a x --b x --d x"), "");
    assert_string_equal(refusal("report four --c x --d x"), "");
    assert_string_equal(refusal("report --a x"), "");
    assert_string_equal(refusal("report list --c x"), "");
    assert_string_equal(refusal("run --a x"), "");
    assert_string_equal(refusal("report unknown --a x --b x --c x"),
                        ""); /* the command names those there are */
    assert_string_equal(refusal("report three --b x"),
                        "--b is no option of report three, but of: report (one, two)");
    assert_string_equal(refusal("report four --a x"),
                        "--a is no option of report four, but of: report (all but four)");
    assert_string_equal(refusal("report one --c x"),
                        "--c is no option of report one, but of: report (four)");
    assert_string_equal(refusal("report --b x"),
                        "--b is no option of report, but of: report (one, two)");
    assert_string_equal(refusal("report list --d x"),
                        "--d is no option of report list, but of: report");
}

static void commands_need_help_and_function(void **state)
{
    (void)state;
    static const struct command_spec cases[] = {{"x", NULL, "", nothing}, {"x", NULL, "X.", NULL}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct program faulty = program;
        faulty.commands = &cases[i];
        faulty.command_count = 1;
        struct error err = {0};
        assert_false(options_check_table(&faulty, &err));
        assert_string_equal(err.message, "command table: x: no help or no function");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_tables_pass),
        cmocka_unit_test(table_faults),
        cmocka_unit_test(arguments_narrow_options),
        cmocka_unit_test(commands_need_help_and_function),
    };
    return cmocka_run_group_tests_name("options_table", tests, NULL, NULL);
}
