/* One option table per program gives flags, MOOC_* variables, YAML keys, --help, the man page and the docs table.
 *
 * An option named "metrics.listen" is the flag --metrics-listen, the variable MOOC_METRICS_LISTEN and the YAML path
 * metrics: {listen: …}; "_" in a name is "-" in the flag. Precedence: flag, variable, YAML, default; an empty variable and a
 * YAML null count as not given. A secret is only ever a file: its option name ends in "_file" (flag --hmac-key-file, variable
 * MOOC_HMAC_KEY_FILE). The YAML file itself: --config or MOOC_CONFIG. Every program has log_level, log_format and config
 * without naming them in its table.
 * "kafka.*" (YAML mapping `kafka:`, flags --kafka NAME=VALUE repeated, variable MOOC_KAFKA_<NAME with _ for .>) passes
 * librdkafka properties through. Secret properties (sasl.password, ssl.key.password …) are refused there: with "_file" behind
 * its name any property is read from a file. */
#ifndef MOOC_OPTIONS_H
#define MOOC_OPTIONS_H

#include "base.h"
#include "error.h"
#include "yaml.h"

enum option_type {
    OPTION_TEXT,
    OPTION_NUMBER,   /* integer within [min, max] */
    OPTION_BOOLEAN,  /* true|false|yes|no|on|off; a bare flag is true */
    OPTION_DURATION, /* "250ms", "30s", "5m", "2h", "7d"; held in ms */
    OPTION_SIZE,     /* "64KiB", "8MiB", "1GiB", plain bytes */
    OPTION_FILE, /* path; relative ones are taken from the YAML file's folder when they come from there */
    OPTION_SECTION, /* a YAML subtree of its own shape (sources:), no flag */
};

struct options;
struct program;

struct option_spec {
    const char *name;
    enum option_type type;
    const char *fallback; /* default as text; NULL = unset */
    int64_t min, max;     /* numbers, durations (ms), sizes (bytes); both 0 = unbounded */
    const char *value; /* placeholder in --help: "FILE", "HOST:PORT"; "json|text" is also all that is allowed */
    const char *help; /* one or two sentences, with the unit and what it is for */
    /* NULL: every command; else space separated: "import config-load" (flag valid there only; "-" in a command of two words). With
     * some first arguments of a command only: "report:groups,summary", "-" among them for none. */
    const char *commands;
};

/* What an option takes with some commands, where that is less than elsewhere: for --help. value NULL: nothing, and it is not listed. */
struct option_narrowing {
    const char *option, *commands, *value, *help;
};

struct command_spec {
    const char *name;      /* "run", "config load"; two words allowed */
    const char *arguments; /* "FILE", "NAME" … ; NULL = none. "[X]" optional, "X..." one or more */
    const char *help;
    int (*run)(const struct program *program, const struct options *options);
};

/* What a command does with one of its arguments: instead of the command's help on that argument's page. */
struct argument_spec {
    const char *command, *name, *help;
};

struct program {
    const char *name, *summary;
    const char *description; /* paragraphs for the man page */
    const struct option_spec *options;
    size_t option_count;
    const struct command_spec *commands;
    size_t command_count;
    const struct argument_spec *arguments;
    size_t argument_count;
    const struct option_narrowing *narrowings;
    size_t narrowing_count;
    /* The command that puts secret files back, or NULL: for it, a Kafka property whose file is missing counts as not given. */
    const char *restores_secrets;
    /* Space separated, or NULL: what they print is Vietnamese unless another language is asked for, and so are their refusals. */
    const char *vietnamese_commands;
    /* What --check-config must look at beyond single options (sections); may be NULL. */
    bool (*check)(const struct options *options, struct error *err);
};

/* Is the table itself right: names, defaults, help, commands column? For the unit test of every table. */
bool options_check_table(const struct program *program, struct error *err) MUST_CHECK;

/* The program's options, then those that every program has. */
size_t option_total(const struct program *program);
const struct option_spec *option_at(const struct program *program, size_t index);

/* Parses argv, environment and YAML. --help, --version, --man (prints the roff page) and --options-markdown are answered here:
 * then *exit_code is 0 and NULL is returned without err set. On bad usage err is ERROR_USAGE or ERROR_CONFIG and names the
 * flag, variable or YAML line, with the nearest option name for a typing mistake. */
struct options *options_parse(const struct program *program, int argc, char **argv, int *exit_code,
                              struct error *err);
void options_free(struct options *options);

/* NULL only with --check-config, which needs no command. */
const struct command_spec *options_command(const struct options *options);
/* Does the command, where no language is asked for? */
bool options_speak_vietnamese(const struct options *options);
size_t options_argument_count(const struct options *options);
const char *options_argument(const struct options *options, size_t index);

/* Getters abort on a name that is not in the table (a programming error). Text may be NULL when unset. */
const char *options_text(const struct options *options, const char *name);
int64_t options_number(const struct options *options,
                       const char *name); /* also duration in ms, size in bytes */
bool options_boolean(const struct options *options, const char *name);
bool options_given(const struct options *options, const char *name); /* not by default */
/* Is the option one of the command, with the argument that it was given? What stands in the YAML file is for all commands. */
bool options_apply(const struct options *options, const char *name);
bool options_flag_given(const struct options *options, const char *name); /* on the command line */
/* False, with ERROR_USAGE, where one of these flags is given, NULL behind the last: beside what, it would be passed over. */
bool options_leave_out(const struct options *options, const char *const *names, const char *what,
                       struct error *err) MUST_CHECK;
const struct yaml_node *options_section(const struct options *options, const char *name);
const struct yaml *options_document(const struct options *options); /* NULL without a YAML file */
/* Resolves a path written in the YAML file against its folder. Caller frees. */
char *options_resolve_path(const struct options *options, const char *path);

size_t options_kafka_count(const struct options *options);
const char *options_kafka_name(const struct options *options, size_t index);
const char *options_kafka_value(const struct options *options, size_t index);

/* How durations and booleans are written, for YAML sections that a service reads itself: false if text is none. */
bool option_duration(const char *text, int64_t *ms) MUST_CHECK;
bool option_boolean(const char *text, bool *value) MUST_CHECK;

/* Where the value came from, for messages: "--name", "MOOC_NAME", "FILE: name" or "default of name"; out holds 300 bytes. */
#define OPTIONS_ORIGIN_SIZE 300
void options_origin(const struct options *options, const char *name, char out[OPTIONS_ORIGIN_SIZE]);

/* Reads a secret file: not readable by group or others (warns when it is), trailing newline cut, 1 byte to 64 KiB. Caller frees
 * with secret_free, which wipes. What is given has a NUL behind it. */
char *secret_read_file(const char *path, size_t *length, struct error *err);
void secret_free(char *secret, size_t length);
/* Would secret_read_file read it? For --check-config. */
bool secret_check_file(const char *path, struct error *err) MUST_CHECK;

/* The whole of main: parse, set up logs and stop flag, run the command or --check-config; returns the exit code. */
int program_main(const struct program *program, int argc, char **argv);

#endif
