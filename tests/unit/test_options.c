#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/options.h"
#include "../../common/text_buffer.h"

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

static const struct program program = {
    .name = "mooc-test",
    .summary = "a program to test with",
    .description = "First paragraph.\n\n.Second with a dot.",
    .options = table,
    .option_count = ARRAY_LEN(table),
    .commands = commands,
    .command_count = ARRAY_LEN(commands),
};

/* A folder for the test's files, and an environment without our variables. */
static char folder[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/mooc-options-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *write_file(const char *name, const char *text)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
    assert_int_equal(chmod(path, 0600), 0);
    return path;
}

static struct options *parse_words(const char *line, int *exit_code, struct error *err)
{
    static char buffer[1024];
    char *argv[32] = {0};
    int argc = 0;
    char name[] = "mooc-test";
    argv[argc++] = name;
    (void)snprintf(buffer, sizeof buffer, "%s", line);
    for (char *word = strtok(buffer, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    return options_parse(&program, argc, argv, exit_code, err);
}

static struct options *parse(const char *line)
{
    struct error err = {0};
    int exit_code;
    struct options *options = parse_words(line, &exit_code, &err);
    if (!options)
        fail_msg("%s: %s", line, err.message);
    return options;
}

static void refused(const char *line, enum error_kind kind, const char *message)
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

/* The same with a YAML file of this text; %s in message is its path. */
static void refused_yaml(const char *yaml, const char *format)
{
    const char *path = write_file("refused.yaml", yaml);
    char message[1024], line[256];
    const char *hole = strstr(format, "%s");
    assert_non_null(hole);
    (void)snprintf(message, sizeof message, "%.*s%s%s", (int)(hole - format), format, path, hole + 2);
    (void)snprintf(line, sizeof line, "run --config %s", path);
    refused(line, ERROR_CONFIG, message);
}

static void the_table_is_right(void **state)
{
    (void)state;
    struct error err = {0};
    if (!options_check_table(&program, &err))
        fail_msg("%s", err.message);
}

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
        /* "log_level" in the own table is found as the first, so the shared one is the second. */
        assert_string_equal(err.message, cases[i].message);
    }
}

static void defaults(void **state)
{
    (void)state;
    struct options *o = parse("run");
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
    struct options *o = parse("--batch-rows 7 import --dry-run --batch-delay=1m a.csv --scope "
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
    o = parse("status - --dry-run=no --metrics-listen=");
    assert_string_equal(options_argument(o, 0), "-");
    assert_false(options_boolean(o, "dry_run"));
    assert_string_equal(options_text(o, "metrics.listen"), "");
    options_free(o);
    o = parse("config load --offset -12 dir");
    assert_string_equal(options_command(o)->name, "config load");
    assert_int_equal(options_number(o, "offset"), -12);
    assert_string_equal(options_argument(o, 0), "dir");
    options_free(o);
}

static void flag_faults(void **state)
{
    (void)state;
    refused("run --batch-row 7", ERROR_USAGE, "--batch-row is no option; did you mean --batch-rows?");
    refused("run --frobnicate", ERROR_USAGE,
            "--frobnicate is no option; `mooc-test --help` lists them");
    refused("run -v", ERROR_USAGE,
            "-v is no option: options begin with two dashes; `mooc-test --help` lists them");
    refused("run --batch-rows", ERROR_USAGE, "--batch-rows needs a value: NUMBER");
    refused("run --metrics-listen --dry-run", ERROR_USAGE,
            "--metrics-listen needs a value: HOST:PORT");
    refused("run --kafka", ERROR_USAGE, "--kafka needs a value: NAME=VALUE");
    refused("run --batch-rows 1 --batch-rows 2", ERROR_USAGE, "--batch-rows is given twice");
    refused("run --scope complete", ERROR_USAGE,
            "--scope is no option of run, but of: import correct");
    refused("run --offset 3", ERROR_USAGE, "--offset is no option of run, but of: config-load");
    refused("run --sources x", ERROR_USAGE, "--sources is no option; `mooc-test --help` lists them");
    refused("run --hmac-key=topsecret", ERROR_USAGE,
            "--hmac-key: secrets are only taken from files: use --hmac-key-file FILE");
    refused("run --batch-rows seven", ERROR_USAGE, "--batch-rows: \"seven\": must be a whole number");
    refused("run --batch-rows 0", ERROR_USAGE, "--batch-rows: \"0\": must be from 1 to 100000");
    refused("run --dry-run=maybe", ERROR_USAGE, "--dry-run: \"maybe\": must be true or false");
    refused("run --mode medium", ERROR_USAGE, "--mode: \"medium\": must be one of fast|slow");
    refused("run --mode fas", ERROR_USAGE, "--mode: \"fas\": must be one of fast|slow");
    refused("run --batch-delay 5", ERROR_USAGE,
            "--batch-delay: \"5\": must be a duration with its unit, such as 250ms, 30s, 5m, 2h or "
            "7d");
    refused("run --batch-delay 2h", ERROR_USAGE, "--batch-delay: \"2h\": must be from 10ms to 1m");
    refused("run --batch-bytes 5KB", ERROR_USAGE,
            "--batch-bytes: \"5KB\": must be a size, such as 64KiB, 8MiB, 1GiB or a number of "
            "bytes");
    refused("run --batch-bytes 2GiB", ERROR_USAGE,
            "--batch-bytes: \"2GiB\": must be from 1KiB to 1GiB");
    refused("run --state-dir=", ERROR_USAGE, "--state-dir: \"\": must name a file");
    refused("run --metrics-listen \xff", ERROR_USAGE, "--metrics-listen: \"\xff\": is not UTF-8");
}

static void command_faults(void **state)
{
    (void)state;
    refused("", ERROR_USAGE, "a command is needed; `mooc-test --help` lists them");
    refused("imprt x", ERROR_USAGE,
            "\"imprt\" is no command; did you mean \"import\"?");
    refused("dance", ERROR_USAGE, "\"dance\" is no command; `mooc-test --help` lists them");
    refused("config", ERROR_USAGE, "config needs one of: check, load");
    refused("config lood", ERROR_USAGE, "\"config lood\" is no command; config has: check, load");
    refused("import", ERROR_USAGE, "import needs FILE...");
    refused("run fast", ERROR_USAGE, "run takes no arguments; \"fast\" is too much");
    refused("correct a b", ERROR_USAGE, "correct takes FILE; \"b\" is too much");
    refused("config load d n x", ERROR_USAGE, "config load takes DIR [NOTE]; \"x\" is too much");
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
        struct options *o = parse(cases[i].line);
        assert_int_equal(options_number(o, cases[i].name), cases[i].value);
        options_free(o);
    }
    refused("config load x --offset 9999999999999999999", ERROR_USAGE,
            "--offset: \"9999999999999999999\": must be a whole number");
    refused("config load x --offset 1_000", ERROR_USAGE,
            "--offset: \"1_000\": must be a whole number");
    static const char *const yes[] = {"true", "yes", "on", "True", "ON"};
    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "run --dry-run=%s", yes[i]);
        struct options *o = parse(line);
        assert_true(options_boolean(o, "dry_run"));
        options_free(o);
    }
}

static void precedence(void **state)
{
    (void)state;
    const char *path = write_file("p.yaml", "batch:\n  rows: 2\n  delay: 20ms\n"
                                            "mode: slow\nmetrics: {listen: 'yaml:1'}\n");
    char line[256], origin[OPTIONS_ORIGIN_SIZE], expected[OPTIONS_ORIGIN_SIZE];
    setenv("MOOC_BATCH_ROWS", "3", 1);
    setenv("MOOC_METRICS_LISTEN", "variable:1", 1);
    setenv("MOOC_MODE", "", 1); /* empty: not given */
    (void)snprintf(line, sizeof line, "run --config %s --batch-rows 4", path);
    struct options *o = parse(line);
    assert_int_equal(options_number(o, "batch.rows"), 4);
    assert_string_equal(options_text(o, "metrics.listen"), "variable:1");
    assert_int_equal(options_number(o, "batch.delay"), 20);
    assert_string_equal(options_text(o, "mode"), "slow");
    assert_int_equal(options_number(o, "batch.bytes"), 8 << 20);
    options_origin(o, "batch.rows", origin);
    assert_string_equal(origin, "--batch-rows");
    options_origin(o, "metrics.listen", origin);
    assert_string_equal(origin, "MOOC_METRICS_LISTEN");
    options_origin(o, "mode", origin);
    (void)snprintf(expected, sizeof expected, "%s: mode", path);
    assert_string_equal(origin, expected);
    options_free(o);
    setenv("MOOC_CONFIG", path, 1);
    o = parse("run");
    assert_int_equal(options_number(o, "batch.rows"), 3);
    assert_int_equal(options_number(o, "batch.delay"), 20);
    options_free(o);
    unsetenv("MOOC_CONFIG");
    unsetenv("MOOC_BATCH_ROWS");
    unsetenv("MOOC_METRICS_LISTEN");
    unsetenv("MOOC_MODE");
}

static void variable_faults(void **state)
{
    (void)state;
    setenv("MOOC_BATCH_ROWS", "many", 1);
    refused("run", ERROR_CONFIG, "MOOC_BATCH_ROWS: \"many\": must be a whole number");
    refused("run --batch-rows 3", ERROR_CONFIG, "MOOC_BATCH_ROWS: \"many\": must be a whole number");
    unsetenv("MOOC_BATCH_ROWS");
    setenv("MOOC_HMAC_KEY", "topsecret", 1);
    refused("run", ERROR_CONFIG,
            "MOOC_HMAC_KEY: secrets are only taken from files: set MOOC_HMAC_KEY_FILE to a file's "
            "path and unset MOOC_HMAC_KEY");
    unsetenv("MOOC_HMAC_KEY");
    setenv("MOOC_CONFIG", "/nowhere/x.yaml", 1);
    refused("run", ERROR_CONFIG,
            "MOOC_CONFIG: /nowhere/x.yaml: cannot be read: No such file or directory");
    unsetenv("MOOC_CONFIG");
    refused("run --config /nowhere/x.yaml", ERROR_CONFIG,
            "--config: /nowhere/x.yaml: cannot be read: No such file or directory");
}

static void yaml_values(void **state)
{
    (void)state;
    const char *path = write_file("v.yaml", "state_dir: data\n"
                                            "hmac_key_file: /abs/key\n"
                                            "metrics.listen: dotted:1\n"
                                            "dry_run: yes\n"
                                            "batch:\n"
                                            "mode:\n"
                                            "sources:\n"
                                            "  - name: daotao\n");
    char line[256], expected[256];
    (void)snprintf(line, sizeof line, "run --config %s", path);
    struct options *o = parse(line);
    (void)snprintf(expected, sizeof expected, "%s/data", folder);
    assert_string_equal(options_text(o, "state_dir"), expected);
    assert_string_equal(options_text(o, "hmac_key_file"), "/abs/key");
    assert_string_equal(options_text(o, "metrics.listen"), "dotted:1");
    assert_string_equal(options_text(o, "mode"), "fast"); /* null: not given */
    assert_true(options_boolean(o, "dry_run"));
    const struct yaml_node *sources = options_section(o, "sources");
    assert_string_equal(yaml_text(yaml_item(sources, 0), "name", ""), "daotao");
    assert_true(options_given(o, "sources"));
    assert_string_equal(yaml_name(options_document(o)), path);
    char *resolved = options_resolve_path(o, "x/y.csv");
    (void)snprintf(expected, sizeof expected, "%s/x/y.csv", folder);
    assert_string_equal(resolved, expected);
    free(resolved);
    resolved = options_resolve_path(o, "/x");
    assert_string_equal(resolved, "/x");
    free(resolved);
    options_free(o);
    o = parse("run --state-dir here");
    assert_string_equal(options_text(o, "state_dir"), "here"); /* a flag's is the shell's */
    resolved = options_resolve_path(o, "x");
    assert_string_equal(resolved, "x");
    free(resolved);
    options_free(o);
    o = parse("run --check-config");
    assert_non_null(o);
    options_free(o);
    o = parse("--check-config");
    assert_null(options_command(o));
    options_free(o);
}

static void yaml_faults(void **state)
{
    (void)state;
    refused_yaml("state_dir: a\nbatch:\n  rows: 5\n  dely: 3s\n",
                 "%s:4: unknown key \"batch.dely\"; did you mean \"batch.delay\"?");
    refused_yaml("\nfrob: 1\n", "%s:2: unknown key \"frob\"; `mooc-test --help` lists them");
    refused_yaml("batch:\n  rows: none\n", "%s:2: batch.rows: \"none\": must be a whole number");
    refused_yaml("batch: 5\n", "%s:1: batch: must hold keys of its own");
    refused_yaml("batch:\n  rows: [1]\n",
                 "%s:2: batch.rows: must be one value, no list or mapping");
    refused_yaml("batch:\n  rows: 1\nbatch.rows: 2\n", "%s:3: batch.rows: is given twice");
    refused_yaml("config: x\n", "%s:1: config cannot stand in the file that it names");
    refused_yaml("hmac_key: topsecret\n",
                 "%s:1: hmac_key: secrets are only taken from files: write "
                 "hmac_key_file with a file's path");
    refused_yaml("- a\n", "%s:1: must hold keys such as log_level: info");
    refused_yaml("a: 1\na: 2\n", "--config: %s:2: the key \"a\" stands here for the second time");
    refused_yaml("log_level: loud\n", "%s:1: log_level: \"loud\": must be one of "
                                      "debug|info|warn|error");
}

static const char *kafka(const struct options *o, const char *name)
{
    for (size_t i = 0; i < options_kafka_count(o); i++) {
        if (strcmp(options_kafka_name(o, i), name) == 0)
            return options_kafka_value(o, i);
    }
    return NULL;
}

static void kafka_properties(void **state)
{
    (void)state;
    write_file("password", "s3cret\n");
    const char *path = write_file("k.yaml", "kafka:\n"
                                            "  bootstrap.servers: yaml:9092\n"
                                            "  client.id: from-yaml\n"
                                            "  linger.ms: 5\n"
                                            "  sasl.password_file: password\n");
    char line[256];
    setenv("MOOC_KAFKA_CLIENT_ID", "from-variable", 1);
    setenv("MOOC_KAFKA_BOOTSTRAP_SERVERS", "variable:9092", 1);
    setenv("MOOC_KAFKA_ACKS", "", 1);
    (void)snprintf(line, sizeof line,
                   "run --config %s --kafka bootstrap.servers=flag:9092 --kafka=a.b=c=d", path);
    struct options *o = parse(line);
    assert_string_equal(kafka(o, "bootstrap.servers"), "flag:9092");
    assert_string_equal(kafka(o, "client.id"), "from-variable");
    assert_string_equal(kafka(o, "linger.ms"), "5");
    assert_string_equal(kafka(o, "sasl.password"), "s3cret"); /* relative to the YAML file */
    assert_string_equal(kafka(o, "a.b"), "c=d");
    assert_null(kafka(o, "acks"));
    assert_int_equal(options_kafka_count(o), 5);
    options_free(o);
    unsetenv("MOOC_KAFKA_CLIENT_ID");
    unsetenv("MOOC_KAFKA_BOOTSTRAP_SERVERS");
    unsetenv("MOOC_KAFKA_ACKS");
    char secret[128];
    (void)snprintf(secret, sizeof secret, "%s/password", folder);
    setenv("MOOC_KAFKA_SSL_KEY_PASSWORD_FILE", secret, 1);
    o = parse("run");
    assert_string_equal(kafka(o, "ssl.key.password"), "s3cret");
    options_free(o);
    unsetenv("MOOC_KAFKA_SSL_KEY_PASSWORD_FILE");
}

static void kafka_faults(void **state)
{
    (void)state;
    refused("run --kafka sasl.password=topsecret", ERROR_CONFIG,
            "--kafka sasl.password: secrets are only taken from files: write the secret into a "
            "file of mode 0600 and give its path as sasl.password_file");
    refused("run --kafka acks", ERROR_USAGE,
            "--kafka: must be NAME=VALUE, such as --kafka bootstrap.servers=kafka:9092");
    refused("run --kafka =x", ERROR_USAGE,
            "--kafka: must be NAME=VALUE, such as --kafka bootstrap.servers=kafka:9092");
    refused("run --kafka Bad!=x", ERROR_CONFIG,
            "--kafka Bad!: a Kafka property is a librdkafka name, such as bootstrap.servers");
    setenv("MOOC_KAFKA_SSL_KEY_PASSWORD", "topsecret", 1);
    refused("run", ERROR_CONFIG,
            "MOOC_KAFKA_SSL_KEY_PASSWORD: secrets are only taken from files: write the secret into "
            "a file of mode 0600 and give its path as ssl.key.password_file");
    unsetenv("MOOC_KAFKA_SSL_KEY_PASSWORD");
    refused_yaml("kafka:\n  acks: all\n  ssl.key.pem: x\n",
                 "%s:3: kafka: ssl.key.pem: secrets are only taken from files: write the secret "
                 "into a file of mode 0600 and give its path as ssl.key.pem_file");
    refused_yaml("kafka:\n  security: {protocol: ssl}\n",
                 "%s:2: kafka: security: must be one text: write the property's whole name with "
                 "its dots");
    refused_yaml("kafka: x\n", "%s:1: kafka must hold librdkafka properties, one a line");
    refused_yaml(
        "kafka:\n  sasl.password_file: /nowhere\n",
        "%s:2: kafka: sasl.password_file: the secret file /nowhere cannot be read: No such "
        "file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_right), cmocka_unit_test(table_faults),
        cmocka_unit_test(defaults),           cmocka_unit_test(flags),
        cmocka_unit_test(flag_faults),        cmocka_unit_test(command_faults),
        cmocka_unit_test(value_forms),        cmocka_unit_test(precedence),
        cmocka_unit_test(variable_faults),    cmocka_unit_test(yaml_values),
        cmocka_unit_test(yaml_faults),        cmocka_unit_test(kafka_properties),
        cmocka_unit_test(kafka_faults),
    };
    return cmocka_run_group_tests_name("options", tests, set_up, tear_down);
}
