#include "cmocka_all.h"

#include <stdio.h>

#include "support/options_case.h"

static void the_table_is_right(void **state)
{
    (void)state;
    struct error err = {0};
    if (!options_check_table(&case_program, &err))
        fail_msg("%s", err.message);
}

static void defaults(void **state)
{
    (void)state;
    struct options *o = case_parse("run");
    assert_string_equal(options_command(o)->name, "run");
    assert_int_equal(options_argument_count(o), 0);
    assert_null(options_argument(o, 0));
    assert_string_equal(options_text(o, "state_dir"), "/var/lib/x");
    assert_string_equal(options_text(o, "log_level"), "info");
    assert_int_equal(options_number(o, "batch.rows"), 500);
    assert_int_equal(options_number(o, "batch.delay"), 250);
    assert_int_equal(options_number(o, "batch.bytes"), 8 << 20);
    assert_false(options_boolean(o, "dry_run"));
    assert_null(options_text(o, "hmac_key_file"));
    assert_null(options_section(o, "sources"));
    assert_null(options_document(o));
    assert_false(options_given(o, "batch.rows"));
    assert_int_equal(options_kafka_count(o), 0);
    assert_null(options_kafka_name(o, 0));
    char origin[OPTIONS_ORIGIN_SIZE];
    options_origin(o, "batch.rows", origin);
    assert_string_equal(origin, "default of batch.rows");
    options_free(o);
    options_free(NULL);
}

static void flags(void **state)
{
    (void)state;
    struct options *o = case_parse("--batch-rows 7 import --dry-run --batch-delay=1m a.csv --scope "
                                   "complete --batch-bytes 64KiB -- --b.csv");
    assert_string_equal(options_command(o)->name, "import");
    assert_int_equal(options_argument_count(o), 2);
    assert_string_equal(options_argument(o, 0), "a.csv");
    assert_string_equal(options_argument(o, 1), "--b.csv");
    assert_int_equal(options_number(o, "batch.rows"), 7);
    assert_int_equal(options_number(o, "batch.delay"), 60000);
    assert_int_equal(options_number(o, "batch.bytes"), 65536);
    assert_true(options_boolean(o, "dry_run"));
    assert_true(options_given(o, "dry_run"));
    assert_string_equal(options_text(o, "scope"), "complete");
    options_free(o);
    o = case_parse("status - --dry-run=no --metrics-listen=");
    assert_string_equal(options_argument(o, 0), "-");
    assert_false(options_boolean(o, "dry_run"));
    assert_string_equal(options_text(o, "metrics.listen"), "");
    options_free(o);
    o = case_parse("config load --offset -12 dir");
    assert_string_equal(options_command(o)->name, "config load");
    assert_int_equal(options_number(o, "offset"), -12);
    assert_string_equal(options_argument(o, 0), "dir");
    options_free(o);
}

static void flag_faults(void **state)
{
    (void)state;
    case_refused("run --batch-row 7", ERROR_USAGE,
                 "--batch-row is no option; did you mean --batch-rows?");
    case_refused("run --frobnicate", ERROR_USAGE,
                 "--frobnicate is no option; `mooc-test --help` lists them");
    case_refused("run -v", ERROR_USAGE,
                 "-v is no option: options begin with two dashes; `mooc-test --help` lists them");
    case_refused("run --batch-rows", ERROR_USAGE, "--batch-rows needs a value: NUMBER");
    case_refused("run --metrics-listen --dry-run", ERROR_USAGE,
                 "--metrics-listen needs a value: HOST:PORT");
    case_refused("run --kafka", ERROR_USAGE, "--kafka needs a value: NAME=VALUE");
    case_refused("run --batch-rows 1 --batch-rows 2", ERROR_USAGE,
                 "--batch-rows is given twice, as 1 and 2: leave one out");
    case_refused("run --scope complete", ERROR_USAGE,
                 "--scope is no option of run, but of: import, correct");
    case_refused("run --offset 3", ERROR_USAGE, "--offset is no option of run, but of: config load");
    case_refused("run --sources x", ERROR_USAGE,
                 "--sources is no option; `mooc-test --help` lists them");
    case_refused("run --hmac-key=topsecret", ERROR_USAGE,
                 "--hmac-key: secrets are only taken from files: use --hmac-key-file FILE");
    case_refused("run --batch-rows seven", ERROR_USAGE,
                 "--batch-rows: \"seven\": must be a whole number");
    case_refused("run --batch-rows 0", ERROR_USAGE, "--batch-rows: \"0\": must be from 1 to 100000");
    case_refused("run --dry-run=maybe", ERROR_USAGE, "--dry-run: \"maybe\": must be true or false");
    case_refused("run --mode medium", ERROR_USAGE, "--mode: \"medium\": must be one of fast|slow");
    case_refused("run --mode fas", ERROR_USAGE, "--mode: \"fas\": must be one of fast|slow");
    case_refused(
        "run --batch-delay 5", ERROR_USAGE,
        "--batch-delay: \"5\": must be a duration with its unit, such as 250ms, 30s, 5m, 2h or "
        "7d");
    case_refused("run --batch-delay 2h", ERROR_USAGE,
                 "--batch-delay: \"2h\": must be from 10ms to 1m");
    case_refused("run --batch-bytes 5KB", ERROR_USAGE,
                 "--batch-bytes: \"5KB\": must be a size, such as 64KiB, 8MiB, 1GiB or a number of "
                 "bytes");
    case_refused("run --batch-bytes 2GiB", ERROR_USAGE,
                 "--batch-bytes: \"2GiB\": must be from 1KiB to 1GiB");
    case_refused("run --state-dir=", ERROR_USAGE, "--state-dir: \"\": must name a file");
    case_refused("run --metrics-listen \xff", ERROR_USAGE,
                 "--metrics-listen: \"\xff\": is not UTF-8");
}

static void command_faults(void **state)
{
    (void)state;
    case_refused("", ERROR_USAGE, "a command is needed; `mooc-test --help` lists them");
    case_refused("imprt x", ERROR_USAGE, "\"imprt\" is no command; did you mean \"import\"?");
    case_refused("dance", ERROR_USAGE, "\"dance\" is no command; `mooc-test --help` lists them");
    case_refused("config", ERROR_USAGE, "config needs one of: check, load");
    case_refused("config lood", ERROR_USAGE,
                 "\"config lood\" is no command; config has: check, load");
    case_refused("import", ERROR_USAGE, "import needs FILE...");
    case_refused("run fast", ERROR_USAGE, "run takes no arguments; \"fast\" is too much");
    case_refused("correct a b", ERROR_USAGE, "correct takes FILE; \"b\" is too much");
    case_refused("correct a unit=b", ERROR_USAGE,
                 "correct takes FILE; \"unit=b\" is too much: a value with blanks in it stands in "
                 "quotation marks");
    case_refused("config load d n x", ERROR_USAGE, "config load takes DIR [NOTE]; \"x\" is too much");
}

/* Every type's good values, through the flags. */
static void value_forms(void **state)
{
    (void)state;
    static const struct {
        const char *line, *name;
        int64_t value;
    } cases[] = {
        {"run --batch-delay 10ms", "batch.delay", 10},
        {"run --batch-delay 30s", "batch.delay", 30000},
        {"run --batch-delay 1m", "batch.delay", 60000},
        {"run --batch-bytes 1GiB", "batch.bytes", 1 << 30},
        {"run --batch-bytes 4096", "batch.bytes", 4096},
        {"run --batch-rows 100000", "batch.rows", 100000},
        {"config load x --offset 999999999999999999", "offset", INT64_C(999999999999999999)},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct options *o = case_parse(cases[i].line);
        assert_int_equal(options_number(o, cases[i].name), cases[i].value);
        options_free(o);
    }
    case_refused("config load x --offset 9999999999999999999", ERROR_USAGE,
                 "--offset: \"9999999999999999999\": must be a whole number");
    case_refused("config load x --offset 1_000", ERROR_USAGE,
                 "--offset: \"1_000\": must be a whole number");
    static const char *const yes[] = {"true", "yes", "on", "True", "ON"};
    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "run --dry-run=%s", yes[i]);
        struct options *o = case_parse(line);
        assert_true(options_boolean(o, "dry_run"));
        options_free(o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_right),
        cmocka_unit_test(defaults),
        cmocka_unit_test(flags),
        cmocka_unit_test(flag_faults),
        cmocka_unit_test(command_faults),
        cmocka_unit_test(value_forms),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
