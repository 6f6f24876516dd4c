/* --help and the docs table, from the tables. */
#include "options_internal.h"

#include <stdio.h>
#include <string.h>

#define HELP_WIDTH 100
#define HELP_COLUMN 30

static size_t columns_of(const char *text, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

/* Text in lines of up to HELP_WIDTH columns from HELP_COLUMN on; the cursor stands at `column`. Ends the line. */
static void add_wrapped(struct text_buffer *out, size_t column, const char *text)
{
    if (column > HELP_COLUMN - 2) {
        text_buffer_add_text(out, "\n");
        column = 0;
    }
    bool first = true;
    for (const char *p = text; *p;) {
        size_t length = strcspn(p, " ");
        size_t width = columns_of(p, length);
        if (!first && column + 1 + width > HELP_WIDTH) {
            text_buffer_add_text(out, "\n");
            column = 0;
            first = true;
        }
        if (first) {
            text_buffer_add_format(out, "%*s", (int)(HELP_COLUMN - column), "");
            column = HELP_COLUMN;
        } else {
            text_buffer_add_text(out, " ");
            column++;
        }
        text_buffer_add(out, p, length);
        column += width;
        first = false;
        p += length + strspn(p + length, " ");
    }
    text_buffer_add_text(out, "\n");
}

/* group: only the commands of two words that begin with it; NULL: all. */
static void add_commands(const struct program *program, const char *group, struct text_buffer *out)
{
    size_t length = group ? strlen(group) : 0;
    text_buffer_add_text(out, "\nCommands:\n");
    for (size_t i = 0; i < program->command_count; i++) {
        const struct command_spec *command = &program->commands[i];
        if (group && (strncmp(command->name, group, length) != 0 || command->name[length] != ' '))
            continue;
        size_t before = out->length;
        text_buffer_add_format(out, "  %s%s%s", command->name, command->arguments ? " " : "",
                               command->arguments ? command->arguments : "");
        add_wrapped(out, columns_of(out->data + before, out->length - before), command->help);
    }
    text_buffer_add_format(out, "\n`%s COMMAND --help` tells more of one command.\n", program->name);
}

static void add_command_arguments(const struct program *program, const struct command_spec *command,
                                  struct text_buffer *out)
{
    bool any = false;
    for (size_t i = 0; i < program->argument_count; i++) {
        const struct argument_spec *argument = &program->arguments[i];
        if (strcmp(argument->command, command->name) != 0)
            continue;
        text_buffer_add_text(out, any ? "" : "\nArguments:\n");
        any = true;
        text_buffer_add_format(out, "  %s", argument->name);
        add_wrapped(out, 2 + columns_of(argument->name, strlen(argument->name)), argument->help);
    }
    const char *name = command->arguments;
    if (!any || !name)
        return;
    name += name[0] == '[';
    text_buffer_add_format(out, "\n`%s %s %.*s --help` tells more of one.\n", program->name,
                           command->name, (int)strcspn(name, "] "), name);
}

/* Of which of its arguments alone, if not of all. */
static void add_arguments(const struct program *program, const struct option_spec *spec,
                          const struct command_spec *command, struct text_buffer *help)
{
    struct text_buffer takers = {0};
    if (command)
        option_add_commands(program, spec, command, false, &takers);
    if (takers.length > 0 && strchr(takers.data, '('))
        text_buffer_add_format(help, " [%s]", takers.data);
    text_buffer_free(&takers);
}

static void add_option(const struct program *program, const struct option_spec *spec,
                       const struct option_narrowing *narrowing, const struct command_spec *command,
                       struct text_buffer *out)
{
    struct text_buffer help = {0};
    size_t before = out->length;
    const char *placeholder = narrowing ? narrowing->value : option_placeholder(spec);
    if (spec->type == OPTION_SECTION) {
        text_buffer_add_format(out, "  %s: (YAML)", spec->name);
    } else {
        char flag[OPTION_NAME_SIZE];
        option_flag(spec, flag);
        text_buffer_add_format(out, "  %s%s%s", flag, placeholder ? " " : "",
                               placeholder ? placeholder : "");
    }
    text_buffer_add_text(&help, narrowing ? narrowing->help : spec->help);
    if (spec->fallback && spec->type != OPTION_BOOLEAN)
        text_buffer_add_format(&help, " [default: %s]", spec->fallback);
    else if (spec->fallback && strcmp(spec->fallback, "true") == 0)
        text_buffer_add_text(&help, " [default: true]");
    add_arguments(program, spec, command, &help);
    add_wrapped(out, columns_of(out->data + before, out->length - before), help.data);
    text_buffer_free(&help);
}

static void add_plain_option(struct text_buffer *out, const char *flag, const char *help)
{
    text_buffer_add_format(out, "  %s", flag);
    add_wrapped(out, 2 + strlen(flag), help);
}

static const struct option_narrowing *narrowing_of(const struct program *program,
                                                   const struct option_spec *spec,
                                                   const struct command_spec *command,
                                                   const char *argument)
{
    for (size_t i = 0; command && i < program->narrowing_count; i++) {
        const struct option_narrowing *n = &program->narrowings[i];
        if (strcmp(n->option, spec->name) == 0 &&
            option_commands_name(n->commands, command, argument ? argument : OPTION_NO_ARGUMENT))
            return n;
    }
    return NULL;
}

/* own: those alone that not every command takes. */
static void add_spec_options(const struct program *program, const struct command_spec *command,
                             const char *argument, bool own, struct text_buffer *out)
{
    text_buffer_add_text(out, "\nOptions:\n");
    for (size_t i = 0; i < option_total(program); i++) {
        const struct option_spec *spec = option_at(program, i);
        /* The program's own page has what every command takes; the rest stands on its command's page. */
        const struct option_narrowing *narrowing = narrowing_of(program, spec, command, argument);
        if ((command ? option_applies(spec, command, argument) : spec->commands == NULL) &&
            (!narrowing || narrowing->value) && (!own || spec->commands))
            add_option(program, spec, narrowing, argument ? NULL : command, out);
    }
}

static void add_options(const struct program *program, const struct command_spec *command,
                        const char *argument, struct text_buffer *out)
{
    add_spec_options(program, command, argument, false, out);
    add_plain_option(out, "--kafka NAME=VALUE",
                     "A librdkafka property, as often as needed; with _file behind its name, the "
                     "value is read from a file.");
    add_plain_option(out, "--check-config", "Check options and configuration; exit 0 or 2.");
    if (!command) {
        add_plain_option(out, "--version", "Print the version.");
        add_plain_option(out, "--man", "Print the manual page (roff).");
        add_plain_option(out, "--options-markdown", "Print the table of options (Markdown).");
    }
    add_plain_option(out, "--help", "Print this page.");
}

static const struct argument_spec *argument_of(const struct program *program,
                                               const struct command_spec *command,
                                               const char *argument)
{
    for (size_t i = 0; command && argument && i < program->argument_count; i++)
        if (strcmp(program->arguments[i].command, command->name) == 0 &&
            strcmp(program->arguments[i].name, argument) == 0)
            return &program->arguments[i];
    return NULL;
}

/* What it is and what it alone takes; the command's page has its neighbours, the program's what all take. */
static void add_argument_help(const struct program *program, const struct command_spec *command,
                              const struct argument_spec *argument, struct text_buffer *out)
{
    text_buffer_add_format(out, "Usage: %s %s %s [--OPTION VALUE ...]\n\n%s\n", program->name,
                           command->name, argument->name, argument->help);
    add_spec_options(program, command, argument->name, true, out);
    text_buffer_add_format(out,
                           "\n`%s %s --help` tells what else there is, `%s --help` which "
                           "options every\ncommand takes.\n",
                           program->name, command->name, program->name);
}

void options_add_help(const struct program *program, const struct command_spec *command,
                      const char *argument, struct text_buffer *out)
{
    const struct argument_spec *page = argument_of(program, command, argument);
    if (page) {
        add_argument_help(program, command, page, out);
        return;
    }
    if (command) {
        const char *wanted = argument ? argument : command->arguments;
        text_buffer_add_format(out, "Usage: %s %s%s%s [--OPTION VALUE ...]\n\n%s\n", program->name,
                               command->name, wanted ? " " : "", wanted ? wanted : "", command->help);
    } else {
        text_buffer_add_format(out, "%s: %s\n\nUsage: %s COMMAND [ARGUMENTS] [--OPTION VALUE ...]\n",
                               program->name, program->summary, program->name);
        add_commands(program, NULL, out);
    }
    if (command && !argument)
        add_command_arguments(program, command, out);
    if (command && command_is_group(program, command->name))
        add_commands(program, command->name, out);
    add_options(program, command, argument, out);
    text_buffer_add_text(
        out, "\nEvery option can also stand in the environment (--log-level is MOOC_LOG_LEVEL) and "
             "in the\nYAML file that --config or MOOC_CONFIG names; a flag counts before a "
             "variable, a variable\nbefore the file. Secrets are only taken from files.\n"
             "\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 source or server "
             "unreachable.\n");
}

void options_add_group_help(const struct program *program, const char *word, struct text_buffer *out)
{
    text_buffer_add_format(out, "Usage: %s %s COMMAND [ARGUMENTS] [--OPTION VALUE ...]\n",
                           program->name, word);
    add_commands(program, word, out);
}

/* A table cell: no line breaks, no bars. */
static void add_cell(struct text_buffer *out, const char *text)
{
    for (const char *p = text; *p; p++)
        text_buffer_add_format(out, "%s%c", *p == '|' ? "\\" : "", *p == '\n' ? ' ' : *p);
}

static void add_code(struct text_buffer *out, const char *text)
{
    text_buffer_add_text(out, "`");
    add_cell(out, text);
    text_buffer_add_text(out, "`");
}

void options_add_markdown(const struct program *program, struct text_buffer *out)
{
    text_buffer_add_text(out, "| YAML | flag | variable | default | meaning |\n"
                              "|---|---|---|---|---|\n");
    for (size_t i = 0; i < option_total(program); i++) {
        const struct option_spec *spec = option_at(program, i);
        bool section = spec->type == OPTION_SECTION;
        char flag[OPTION_NAME_SIZE], variable[OPTION_NAME_SIZE];
        option_flag(spec, flag);
        option_variable(spec, variable);
        text_buffer_add_text(out, "| ");
        if (strcmp(spec->name, "config") != 0)
            add_code(out, spec->name);
        text_buffer_add_text(out, " | ");
        if (!section)
            add_code(out, flag);
        text_buffer_add_text(out, " | ");
        if (!section)
            add_code(out, variable);
        text_buffer_add_text(out, " | ");
        if (spec->fallback)
            add_code(out, spec->fallback);
        text_buffer_add_text(out, " | ");
        add_cell(out, spec->help);
        if (spec->value && strchr(spec->value, '|')) {
            text_buffer_add_text(out, " One of ");
            add_code(out, spec->value);
            text_buffer_add_text(out, ".");
        }
        if (spec->commands) {
            text_buffer_add_text(out, " Only for: ");
            option_add_commands(program, spec, NULL, false, out);
            text_buffer_add_text(out, ".");
        }
        text_buffer_add_text(out, " |\n");
    }
    text_buffer_add_text(out, "| `kafka` | `--kafka NAME=VALUE` | `MOOC_KAFKA_<NAME>` | | "
                              "librdkafka properties, in YAML one a line; with `_file` behind its "
                              "name, a value is read from a file. |\n");
}
