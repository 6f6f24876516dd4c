/* Shared by the files behind options.h. */
#ifndef MOOC_OPTIONS_INTERNAL_H
#define MOOC_OPTIONS_INTERNAL_H

#include "options.h"
#include "tell.h"
#include "text_buffer.h"

/* In the order of precedence. */
enum option_origin { ORIGIN_DEFAULT, ORIGIN_YAML, ORIGIN_VARIABLE, ORIGIN_FLAG };

struct option_value {
    enum option_origin origin;
    char *text; /* NULL when unset */
    int64_t number;
    const struct yaml_node *section;
};

struct kafka_property {
    char *name, *value;
    size_t value_length;
    enum option_origin origin;
};

struct options {
    const struct program *program;
    const struct command_spec *command;
    const char *argument; /* the command's first, as option_applies wants it */
    bool check_only;
    struct option_value *values; /* one per option of the program, then of every program */
    size_t argument_count;
    char **arguments;
    struct yaml *document;
    char *folder; /* of the YAML file */
    size_t kafka_count;
    struct kafka_property *kafka;
};

bool option_find(const struct program *program, const char *name, size_t *index);

#define OPTION_NAME_SIZE 96
void option_flag(const struct option_spec *spec, char out[OPTION_NAME_SIZE]); /* "--metrics-listen" */
void option_variable(const struct option_spec *spec,
                     char out[OPTION_NAME_SIZE]); /* "MOOC_METRICS_LISTEN" */
bool option_is_variable(const struct program *program, const char *name, size_t length);
/* Is there an option of this name with _file behind it? Then somebody wrote a secret where none may be. */
bool option_has_file_form(const struct program *program, const char *name);
/* The nearest option, as flag or as YAML name; NULL if none is near. */
const char *option_nearest(const struct program *program, const char *typed, bool flags,
                           char out[OPTION_NAME_SIZE]);
/* Is the option of use with the command and this first argument of it? argument: one that option_known_argument knows; NULL: any. */
bool option_applies(const struct option_spec *spec, const struct command_spec *command,
                    const char *argument);
/* Is the command one of a commands column? */
bool option_commands_name(const char *commands, const struct command_spec *command,
                          const char *argument);
bool option_commands_exist(const struct program *program, const struct option_spec *spec);
/* The argument, or OPTION_NO_ARGUMENT for NULL, where some commands column names it; else NULL. */
#define OPTION_NO_ARGUMENT "-"
const char *option_known_argument(const struct program *program, const struct command_spec *command,
                                  const char *argument);
/* "close, report (groups, summary)", "report (all but pack)", of one command alone where only is not NULL. */
void option_add_commands(const struct program *program, const struct option_spec *spec,
                         const struct command_spec *only, bool vietnamese, struct text_buffer *out);
const char *option_placeholder(const struct option_spec *spec); /* NULL for booleans and sections */

/* Text to number (also milliseconds, bytes, 0 or 1), within the bounds; why gets the reason otherwise. */
bool option_parse_value(const struct option_spec *spec, const char *text, int64_t *number,
                        struct told *why);
void option_format_duration(int64_t ms, char *out, size_t size); /* "250ms", "30s", "7d" */
void option_format_size(int64_t bytes, char *out, size_t size);  /* "64KiB", "100" */

/* The command line as it was written. Everything in it belongs to argv. */
struct command_line {
    const char **flags; /* one per option, NULL = not given */
    const char **kafka;
    size_t kafka_count;
    char **words;
    size_t word_count;
    bool check_only;
};
bool command_line_read(const struct program *program, int argc, char **argv,
                       struct command_line *line, struct error *err) MUST_CHECK;
void command_line_free(struct command_line *line);

/* Sets the value that this origin gives. where: for messages. */
bool option_assign(struct options *options, size_t index, enum option_origin origin,
                   const char *text, const char *where, struct error *err) MUST_CHECK;
/* Everything in options->document. */
bool options_assign_yaml(struct options *options, struct error *err) MUST_CHECK;

/* Least and most arguments of a command; most is SIZE_MAX for "X...". */
void command_argument_bounds(const struct command_spec *command, size_t *least, size_t *most);
/* The command that the first words name (*used of them), NULL with err set if none. */
const struct command_spec *command_match(const struct program *program, char *const *words,
                                         size_t count, size_t *used, struct error *err);

/* Kafka properties, one source after the other in the order of precedence. where: for messages. */
bool kafka_set(struct options *options, const char *name, const char *value,
               enum option_origin origin, const char *where, struct error *err) MUST_CHECK;
bool kafka_from_flag(struct options *options, const char *name_and_value, struct error *err)
    MUST_CHECK;
bool kafka_from_environment(struct options *options, char *const *environment, struct error *err)
    MUST_CHECK;
bool kafka_from_yaml(struct options *options, const struct yaml_node *mapping, struct error *err)
    MUST_CHECK;
void kafka_free(struct options *options);

/* Do the words of the command line, a variable or the file ask for Vietnamese? Of options that could not be read. */
bool command_speaks_vietnamese(const struct program *program, const char *name);
bool options_ask_for_vietnamese(const struct program *program, int argc, char **argv);

/* Are there commands of two words that begin with this one? */
bool command_is_group(const struct program *program, const char *word);

/* Whole texts, added to out. command NULL: the program's own. argument: as option_applies has it. */
void options_add_help(const struct program *program, const struct command_spec *command,
                      const char *argument, struct text_buffer *out);
/* Of the commands that begin with this word. */
void options_add_group_help(const struct program *program, const char *word, struct text_buffer *out);
void options_add_markdown(const struct program *program, struct text_buffer *out);
void options_add_man(const struct program *program, struct text_buffer *out);

#endif
