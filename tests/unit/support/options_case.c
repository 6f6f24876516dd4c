#include "options_case.h"

#include "../cmocka_all.h"

#include <stdio.h>
#include <string.h>

static int nothing(const struct program *program, const struct options *options)
{
    (void)program;
    (void)options;
    return 0;
}

static const struct option_spec table[] = {
    {.name = "state_dir", .type = OPTION_FILE, .fallback = "/var/lib/x", .help = "Private folder."},
    {.name = "metrics.listen",
     .type = OPTION_TEXT,
     .fallback = "127.0.0.1:9400",
     .value = "HOST:PORT",
     .help = "Where metrics are served."},
    {.name = "metrics.port_file", .type = OPTION_FILE, .help = "The port goes there."},
    {.name = "batch.rows",
     .type = OPTION_NUMBER,
     .fallback = "500",
     .min = 1,
     .max = 100000,
     .help = "Rows in a batch."},
    {.name = "batch.delay",
     .type = OPTION_DURATION,
     .fallback = "250ms",
     .min = 10,
     .max = 60000,
     .help = "Longest wait."},
    {.name = "batch.bytes",
     .type = OPTION_SIZE,
     .fallback = "8MiB",
     .min = 1024,
     .max = 1 << 30,
     .help = "Largest batch."},
    {.name = "dry_run", .type = OPTION_BOOLEAN, .fallback = "false", .help = "Change nothing."},
    {.name = "mode", .type = OPTION_TEXT, .fallback = "fast", .value = "fast|slow", .help = "How."},
    {.name = "hmac_key_file", .type = OPTION_FILE, .help = "The key."},
    {.name = "sources", .type = OPTION_SECTION, .help = "What is watched."},
    {.name = "scope",
     .type = OPTION_TEXT,
     .value = "complete|supplement",
     .help = "What a list means.",
     .commands = "import correct"},
    {.name = "offset", .type = OPTION_NUMBER, .help = "Any number.", .commands = "config-load"},
};

static const struct command_spec commands[] = {
    {"run", NULL, "Run until stopped.", nothing},
    {"import", "FILE...", "Import lists.", nothing},
    {"correct", "FILE", "Correct a list.", nothing},
    {"config check", "DIR", "Check a folder.", nothing},
    {"config load", "DIR [NOTE]", "Load a folder.", nothing},
    {"status", "[SOURCE...]", "Tell how it goes.", nothing},
};

const struct program case_program = {
    .name = "mooc-test",
    .summary = "a program to test with",
    .description = "First paragraph.\n\n.Second with a dot.",
    .options = table,
    .option_count = ARRAY_LEN(table),
    .commands = commands,
    .command_count = ARRAY_LEN(commands),
    .restores_secrets = "correct",
};

static struct options *parse_words(const char *line, int *exit_code, struct error *err)
{
    static char buffer[1024];
    char *argv[32] = {0};
    int argc = 0;
    char name[] = "mooc-test";
    argv[argc++] = name;
    (void)snprintf(buffer, sizeof buffer, "%s", line);
    for (char *rest = buffer, *word; (word = strtok_r(rest, " ", &rest));)
        argv[argc++] = word;
    return options_parse(&case_program, argc, argv, exit_code, err);
}

struct options *case_parse(const char *line)
{
    struct error err = {0};
    int exit_code;
    struct options *options = parse_words(line, &exit_code, &err);
    if (!options)
        fail_msg("%s: %s", line, err.message);
    return options;
}

void case_refused(const char *line, enum error_kind kind, const char *message)
{
    struct error err = {0};
    int exit_code = 0;
    struct options *options = parse_words(line, &exit_code, &err);
    if (options)
        fail_msg("accepted: %s", line);
    assert_string_equal(err.message, message);
    assert_int_equal(err.kind, kind);
    assert_int_equal(exit_code, 2);
}
