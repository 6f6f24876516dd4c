#include "cmocka_all.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../common/json.h"
#include "../../common/log.h"
#include "../../common/options.h"
#include "../../common/stop.h"

static int run_it(const struct program *program, const struct options *options)
{
    printf("%s runs %s with %zu arguments, mode %s\n", program->name, options_command(options)->name,
           options_argument_count(options), options_text(options, "mode"));
    LOG_INFO_EVENT("running", LOG_NUMBER("n", 1));
    return 0;
}

static int fail_it(const struct program *program, const struct options *options)
{
    (void)program;
    (void)options;
    return 3;
}

static int wait_for_stop(const struct program *program, const struct options *options)
{
    (void)program;
    (void)options;
    raise(SIGTERM);
    return stop_requested() ? 0 : 1;
}

static int open_a_file(const struct program *program, const struct options *options)
{
    (void)program;
    (void)options;
    int fd = open("/dev/zero", O_RDONLY);
    return fd > STDERR_FILENO ? 0 : 4;
}

static bool check_sections(const struct options *options, struct error *err)
{
    const struct yaml_node *sources = options_section(options, "sources");
    if (sources && yaml_kind(sources) != YAML_SEQUENCE)
        return error_set(err, ERROR_CONFIG, false, "%s:%d: sources must be a list",
                         yaml_name(options_document(options)), yaml_line(sources));
    return true;
}

static const struct option_spec table[] = {
    {.name = "mode", .type = OPTION_TEXT, .fallback = "fast", .value = "fast|slow", .help = "How it goes."},
    {.name = "batch.rows",
     .type = OPTION_NUMBER,
     .fallback = "500",
     .value = "N",
     .help = "Rows that go into one batch; more of them make it faster and use more memory, fewer "
             "make it more current."},
    {.name = "hmac_key_file", .type = OPTION_FILE, .help = "The key."},
    {.name = "scope",
     .type = OPTION_TEXT,
     .value = "complete|supplement",
     .help = "What a list means.",
     .commands = "import"},
    {.name = "sources", .type = OPTION_SECTION, .help = "What is watched."},
};

static const struct command_spec commands[] = {
    {"run", NULL, "Run until stopped.", run_it},
    {"import", "FILE...", "Import lists.", run_it},
    {"config load", "DIR", "Load a folder.", run_it},
    {"import revoke", "ID", "Take a list back.", run_it},
    {"break", NULL, "Fail.", fail_it},
    {"stop", NULL, "Stop.", wait_for_stop},
    {"open", NULL, "Open a file.", open_a_file},
};

static const struct option_narrowing narrowings[] = {
    {"mode", "config-load", "slow", "Only slowly."},
    {"mode", "import-revoke", NULL, NULL},
};

static const struct program program = {
    .name = "mooc-test",
    .narrowings = narrowings,
    .narrowing_count = ARRAY_LEN(narrowings),
    .summary = "a program to test with",
    .description = "First paragraph.\n\n.Second begins with a dot, has a back\\slash and a - sign.",
    .options = table,
    .option_count = ARRAY_LEN(table),
    .commands = commands,
    .command_count = ARRAY_LEN(commands),
    .check = check_sections,
};

struct outcome {
    int code;
    char out[32768], err[32768];
};

static void read_back(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
    unlink(path);
}

static void redirect(const char *path, int fd)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, fd) != fd)
        _exit(99);
    close(file);
}

/* program_main in a process of its own, since it sets up signals and logs; words are split at blanks. */
static struct outcome *run(const char *line, const char *out_path)
{
    static struct outcome outcome;
    char own_out[64], own_err[64];
    (void)snprintf(own_out, sizeof own_out, "/tmp/mooc-program-%d.out", (int)getpid());
    (void)snprintf(own_err, sizeof own_err, "/tmp/mooc-program-%d.err", (int)getpid());
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char buffer[512], name[] = "mooc-test", *argv[32] = {name};
        int argc = 1;
        if (out_path && !*out_path)
            close(STDOUT_FILENO);
        else
            redirect(out_path ? out_path : own_out, STDOUT_FILENO);
        redirect(own_err, STDERR_FILENO);
        (void)snprintf(buffer, sizeof buffer, "%s", line);
        for (char *rest = buffer, *word; (word = strtok_r(rest, " ", &rest));)
            argv[argc++] = word;
        exit(program_main(&program, argc, argv));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    outcome.code = WEXITSTATUS(status);
    outcome.out[0] = '\0';
    if (!out_path)
        read_back(own_out, outcome.out, sizeof outcome.out);
    read_back(own_err, outcome.err, sizeof outcome.err);
    return &outcome;
}

static void contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" is in:\n%s", part, text);
}

static void runs_the_command(void **state)
{
    (void)state;
    struct outcome *o = run("import a b --mode slow", NULL);
    assert_int_equal(o->code, 0);
    assert_string_equal(o->out, "mooc-test runs import with 2 arguments, mode slow\n");
    contains(o->err, "\"program\":\"mooc-test\",\"message\":\"running\",\"n\":1}\n"); /* no terminal */
    o = run("run --log-format text", NULL);
    contains(o->err, " INFO  running  n=1\n");
    o = run("run --log-level warn", NULL);
    assert_string_equal(o->err, "");
    assert_int_equal(run("break", NULL)->code, 3);
    assert_int_equal(run("stop", NULL)->code, 0);
}

static void usage_errors_are_plain(void **state)
{
    (void)state;
    struct outcome *o = run("run --mod slow", NULL);
    assert_int_equal(o->code, 2);
    assert_string_equal(o->out, "");
    assert_string_equal(o->err, "mooc-test: --mod is no option; did you mean --mode?\n");
}

static void config_errors_are_log_lines(void **state)
{
    (void)state;
    struct outcome *o = run("run --config /nowhere/x.yaml", NULL);
    assert_int_equal(o->code, 2);
    struct json *line = json_parse(o->err, strlen(o->err), NULL);
    assert_non_null(line);
    assert_string_equal(json_get_string(line, "message"), "cannot start");
    assert_string_equal(json_get_string(line, "kind"), "config");
    assert_string_equal(json_get_string(line, "error"),
                        "--config: /nowhere/x.yaml: cannot be read: No such file or directory");
    json_free(line);
    o = run("stop --config /nowhere/x.yaml", NULL); /* a command that ends tells its caller */
    assert_int_equal(o->code, 2);
    assert_string_equal(
        o->err,
        "mooc-test: --config: /nowhere/x.yaml: cannot be read: No such file or directory\n");
}

static void checks_the_configuration(void **state)
{
    (void)state;
    char path[] = "/tmp/mooc-program-XXXXXX", line[128], expected[256];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "sources: []\n", 12), 12);
    (void)snprintf(line, sizeof line, "--check-config --config %s", path);
    struct outcome *o = run(line, NULL);
    assert_int_equal(o->code, 0);
    (void)snprintf(expected, sizeof expected, "mooc-test: the configuration is valid: %s\n", path);
    assert_string_equal(o->out, expected);
    assert_int_equal(pwrite(fd, "sources: 12\n", 12, 0), 12);
    o = run(line, NULL);
    assert_int_equal(o->code, 2);
    (void)snprintf(expected, sizeof expected, "mooc-test: %s:1: sources must be a list\n", path);
    assert_string_equal(o->err, expected);
    assert_int_equal(pwrite(fd, "surces: {}\n\n", 12, 0), 12);
    o = run(line, NULL);
    assert_int_equal(o->code, 2);
    (void)snprintf(expected, sizeof expected,
                   "mooc-test: %s:1: unknown key \"surces\"; did you mean \"sources\"?\n", path);
    assert_string_equal(o->err, expected);
    close(fd);
    unlink(path);
    o = run("run --check-config", NULL);
    assert_int_equal(o->code, 0);
    assert_string_equal(o->out, "mooc-test: the configuration is valid\n");
}

static void warns_in_the_form_of_the_log(void **state)
{
    (void)state;
    char path[] = "/tmp/mooc-program-XXXXXX", line[128];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "secret\n", 7), 7);
    assert_int_equal(fchmod(fd, 0644), 0);
    (void)snprintf(line, sizeof line, "--check-config --kafka sasl.password_file=%s", path);
    struct outcome *o = run(line, NULL);
    assert_int_equal(o->code, 0);
    struct error err = {0};
    struct json *warning = json_parse(o->err, strlen(o->err), &err);
    assert_non_null(warning);
    assert_string_equal(json_get_string(warning, "program"), "mooc-test");
    assert_string_equal(json_get_string(warning, "level"), "warn");
    assert_string_equal(json_get_string(warning, "file"), path);
    lacks(o->err, "secret\n");
    json_free(warning);
    close(fd);
    unlink(path);
}

static void helps(void **state)
{
    (void)state;
    struct outcome *o = run("--help", NULL);
    assert_int_equal(o->code, 0);
    assert_string_equal(o->err, "");
    contains(o->out, "mooc-test: a program to test with\n\nUsage: mooc-test COMMAND");
    contains(o->out, "\n  import FILE...              Import lists.\n");
    contains(o->out, "\n  config load DIR             Load a folder.\n");
    contains(o->out, "\n  --mode fast|slow            How it goes. [default: fast]\n");
    contains(o->out, "\n  --log-level debug|info|warn|error\n                              Least");
    contains(o->out, "\n  sources: (YAML)             What is watched.\n");
    contains(o->out, "\n  --check-config ");
    lacks(o->out, "--scope"); /* import's own */
    assert_true(strstr(o->out, "Commands:") < strstr(o->out, "Options:"));
    for (char *rest = o->out, *line; (line = strtok_r(rest, "\n", &rest));)
        assert_true(strlen(line) <= 100);
    o = run("import --help", NULL);
    contains(o->out, "Usage: mooc-test import FILE... [--OPTION VALUE ...]\n\nImport lists.\n");
    contains(o->out, "--scope complete|supplement");
    o = run("config load --nonsense -h", NULL);
    assert_int_equal(o->code, 0);
    contains(o->out, "Usage: mooc-test config load DIR");
    lacks(o->out, "--scope");
    contains(o->out, "--mode slow                 Only slowly. [default: fast]\n");
}

static void helps_with_a_group_of_commands(void **state)
{
    (void)state;
    struct outcome *o = run("config --help", NULL);
    assert_int_equal(o->code, 0);
    contains(o->out, "Usage: mooc-test config COMMAND");
    contains(o->out, "\n  config load DIR             Load a folder.\n");
    lacks(o->out, "break");
    lacks(o->out, "Options:");
    o = run("import --help", NULL); /* a command itself, too */
    contains(o->out, "Usage: mooc-test import FILE...");
    contains(o->out, "\n  import revoke ID            Take a list back.\n");
    contains(o->out, "--mode fast|slow");
    o = run("import revoke --help", NULL);
    contains(o->out, "Usage: mooc-test import revoke ID");
    lacks(o->out, "--mode");
    o = run("nonsense --help", NULL);
    contains(o->out, "Usage: mooc-test COMMAND");
}

static void tells_its_version(void **state)
{
    (void)state;
    struct outcome *o = run("--version", NULL);
    assert_int_equal(o->code, 0);
    assert_string_equal(o->out, "mooc-test " MOOC_PULSE_VERSION "\n");
}

static void writes_a_manual_page(void **state)
{
    (void)state;
    struct outcome *o = run("--man", NULL);
    assert_int_equal(o->code, 0);
    static const char *const parts[] = {
        ".TH MOOC-TEST 1 ",
        ".SH NAME\nmooc\\-test \\- a program to test with\n",
        ".SH SYNOPSIS\n",
        ".SH DESCRIPTION\nFirst paragraph.\n.PP\n\\&.Second begins with a dot, has a "
        "back\\eslash and a \\- sign.\n",
        ".SH COMMANDS\n",
        ".TP\n\\fBimport\\fR \\fIFILE...\\fR\nImport lists.\n",
        ".SH OPTIONS\n",
        ".TP\n\\fB\\-\\-batch\\-rows\\fR \\fIN\\fR\n",
        "YAML: batch.rows. Variable: "
        "MOOC_BATCH_ROWS.",
        "Only for: import.",
        ".SH ENVIRONMENT\n",
        "\\fBMOOC_HMAC_KEY_FILE\\fR",
        ".SH FILES\n",
        ".SH EXIT STATUS\n"};
    const char *at = o->out;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        contains(at, parts[i]); /* in this order */
        at = strstr(at, parts[i]);
    }
}

static void writes_the_table_of_options(void **state)
{
    (void)state;
    struct outcome *o = run("--options-markdown", NULL);
    assert_int_equal(o->code, 0);
    contains(o->out, "| `mode` | `--mode` | `MOOC_MODE` | `fast` | How it goes. One of "
                     "`fast\\|slow`. |\n");
    contains(o->out, "| `sources` |  |  |  | What is watched. |\n");
    contains(o->out, "|  | `--config` | `MOOC_CONFIG` |");
    contains(o->out, "Only for: import. |\n");
}

static void full_disk_is_a_failure(void **state)
{
    (void)state;
    struct outcome *o = run("--help", "/dev/full");
    assert_int_equal(o->code, 1);
    assert_string_equal(o->err, "mooc-test: standard output cannot be written\n");
}

/* Else a file or a socket would be standard output from then on. */
static void closed_output_stays_closed(void **state)
{
    (void)state;
    assert_int_equal(run("open", "")->code, 0);
    assert_int_equal(run("--help", "")->code, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_the_command),
        cmocka_unit_test(usage_errors_are_plain),
        cmocka_unit_test(config_errors_are_log_lines),
        cmocka_unit_test(checks_the_configuration),
        cmocka_unit_test(warns_in_the_form_of_the_log),
        cmocka_unit_test(helps),
        cmocka_unit_test(helps_with_a_group_of_commands),
        cmocka_unit_test(tells_its_version),
        cmocka_unit_test(writes_a_manual_page),
        cmocka_unit_test(writes_the_table_of_options),
        cmocka_unit_test(full_disk_is_a_failure),
        cmocka_unit_test(closed_output_stays_closed),
    };
    return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
