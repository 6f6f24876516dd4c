/* Options from the YAML file and the environment, and who comes first. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/options_case.h"

/* A folder for the test's files. */
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

/* The same with a YAML file of this text; %s in message is its path. */
static void refused_yaml(const char *yaml, const char *format)
{
    const char *path = write_file("refused.yaml", yaml);
    char message[1024], line[256];
    const char *hole = strstr(format, "%s");
    assert_non_null(hole);
    (void)snprintf(message, sizeof message, "%.*s%s%s", (int)(hole - format), format, path, hole + 2);
    (void)snprintf(line, sizeof line, "run --config %s", path);
    case_refused(line, ERROR_CONFIG, message);
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
    struct options *o = case_parse(line);
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
    o = case_parse("run");
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
    case_refused("run", ERROR_CONFIG, "MOOC_BATCH_ROWS: \"many\": must be a whole number");
    case_refused("run --batch-rows 3", ERROR_CONFIG,
                 "MOOC_BATCH_ROWS: \"many\": must be a whole number");
    unsetenv("MOOC_BATCH_ROWS");
    setenv("MOOC_HMAC_KEY", "topsecret", 1);
    case_refused(
        "run", ERROR_CONFIG,
        "MOOC_HMAC_KEY: secrets are only taken from files: set MOOC_HMAC_KEY_FILE to a file's "
        "path and unset MOOC_HMAC_KEY");
    unsetenv("MOOC_HMAC_KEY");
    setenv("MOOC_CONFIG", "/nowhere/x.yaml", 1);
    case_refused("run", ERROR_CONFIG,
                 "MOOC_CONFIG: /nowhere/x.yaml: cannot be read: No such file or directory");
    unsetenv("MOOC_CONFIG");
    case_refused("run --config /nowhere/x.yaml", ERROR_CONFIG,
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
    struct options *o = case_parse(line);
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
    o = case_parse("run --state-dir here");
    assert_string_equal(options_text(o, "state_dir"), "here"); /* a flag's is the shell's */
    resolved = options_resolve_path(o, "x");
    assert_string_equal(resolved, "x");
    free(resolved);
    options_free(o);
    o = case_parse("run --check-config");
    assert_non_null(o);
    options_free(o);
    o = case_parse("--check-config");
    assert_null(options_command(o));
    options_free(o);
}

static void yaml_faults(void **state)
{
    (void)state;
    refused_yaml("state_dir: a\nbatch:\n  rows: 5\n  dely: 3s\n",
                 "%s:4: unknown key \"batch.dely\"; did you mean \"batch.delay\"?");
    refused_yaml("bach: {delay: 1s}\n", "%s:1: unknown key \"bach\"; did you mean \"batch\"?");
    refused_yaml("kafak: {}\n", "%s:1: unknown key \"kafak\"; did you mean \"kafka\"?");
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
    struct options *o = case_parse(line);
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
    o = case_parse("run");
    assert_string_equal(kafka(o, "ssl.key.password"), "s3cret");
    options_free(o);
    unsetenv("MOOC_KAFKA_SSL_KEY_PASSWORD_FILE");
}

static void kafka_faults(void **state)
{
    (void)state;
    case_refused(
        "run --kafka sasl.password=topsecret", ERROR_CONFIG,
        "--kafka sasl.password: secrets are only taken from files: write the secret into a "
        "file of mode 0600 and give its path as sasl.password_file");
    case_refused("run --kafka acks", ERROR_USAGE,
                 "--kafka: must be NAME=VALUE, such as --kafka bootstrap.servers=kafka:9092");
    case_refused("run --kafka =x", ERROR_USAGE,
                 "--kafka: must be NAME=VALUE, such as --kafka bootstrap.servers=kafka:9092");
    case_refused("run --kafka Bad!=x", ERROR_CONFIG,
                 "--kafka Bad!: a Kafka property is a librdkafka name, such as bootstrap.servers");
    setenv("MOOC_KAFKA_SSL_KEY_PASSWORD", "topsecret", 1);
    case_refused(
        "run", ERROR_CONFIG,
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

/* The command that puts secrets back runs before they are there; it still reads those that are. */
static void a_kafka_secret_may_be_about_to_come(void **state)
{
    (void)state;
    char line[256];
    const char *path = write_file("later.yaml", "kafka: {sasl.password_file: later}\n");
    (void)snprintf(line, sizeof line, "correct FILE --config %s", path);
    struct options *o = case_parse(line);
    assert_null(kafka(o, "sasl.password"));
    options_free(o);
    write_file("later", "s3cret\n");
    o = case_parse(line);
    assert_string_equal(kafka(o, "sasl.password"), "s3cret");
    options_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(precedence),
        cmocka_unit_test(variable_faults),
        cmocka_unit_test(yaml_values),
        cmocka_unit_test(yaml_faults),
        cmocka_unit_test(kafka_properties),
        cmocka_unit_test(kafka_faults),
        cmocka_unit_test(a_kafka_secret_may_be_about_to_come),
    };
    return cmocka_run_group_tests_name("options_files", tests, set_up, tear_down);
}
