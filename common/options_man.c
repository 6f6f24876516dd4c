/* The manual page (man(7) macros), from the tables. */
#include "options_internal.h"

#include <ctype.h>
#include <stdio.h>

/* Text as roff takes it literally; hyphens that a reader may copy stay hyphens. */
static void add_roff(struct text_buffer *out, const char *text)
{
    bool line_start = out->length == 0 || out->data[out->length - 1] == '\n';
    for (const char *p = text; *p; p++) {
        if (line_start && (*p == '.' || *p == '\''))
            text_buffer_add_text(out, "\\&");
        if (*p == '\\')
            text_buffer_add_text(out, "\\e");
        else if (*p == '-')
            text_buffer_add_text(out, "\\-");
        else
            text_buffer_add(out, p, 1);
        line_start = *p == '\n';
    }
}

static void add_line(struct text_buffer *out, const char *text)
{
    add_roff(out, text);
    text_buffer_add_text(out, "\n");
}

static void add_section(struct text_buffer *out, const char *title)
{
    text_buffer_add_format(out, ".SH %s\n", title);
}

/* A tagged paragraph: bold name, italic rest. */
static void add_tag(struct text_buffer *out, const char *name, const char *rest)
{
    text_buffer_add_text(out, ".TP\n\\fB");
    add_roff(out, name);
    text_buffer_add_text(out, "\\fR");
    if (rest) {
        text_buffer_add_text(out, " \\fI");
        add_roff(out, rest);
        text_buffer_add_text(out, "\\fR");
    }
    text_buffer_add_text(out, "\n");
}

/* Blank lines in text part paragraphs. */
static void add_paragraphs(struct text_buffer *out, const char *text)
{
    for (const char *p = text; *p;) {
        size_t length = strcspn(p, "\n");
        if (length == 0) {
            text_buffer_add_text(out, ".PP\n");
        } else {
            char line[2048];
            (void)snprintf(line, sizeof line, "%.*s", (int)length, p);
            add_line(out, line);
        }
        p += length + (p[length] ? 1 : 0);
    }
}

static void add_option(const struct program *program, const struct option_spec *spec,
                       struct text_buffer *out)
{
    char flag[OPTION_NAME_SIZE], variable[OPTION_NAME_SIZE];
    option_flag(spec, flag);
    option_variable(spec, variable);
    bool section = spec->type == OPTION_SECTION;
    add_tag(out, section ? spec->name : flag, section ? "(YAML only)" : option_placeholder(spec));
    add_line(out, spec->help);
    struct text_buffer more = {0};
    if (spec->fallback)
        text_buffer_add_format(&more, "Default: %s. ", spec->fallback);
    if (spec->commands) {
        text_buffer_add_text(&more, "Only for: ");
        option_add_commands(program, spec, NULL, false, &more);
        text_buffer_add_text(&more, ". ");
    }
    if (!section && strcmp(spec->name, "config") != 0)
        text_buffer_add_format(&more, "YAML: %s. ", spec->name);
    if (!section)
        text_buffer_add_format(&more, "Variable: %s.", variable);
    if (more.length > 0)
        add_line(out, more.data);
    text_buffer_free(&more);
}

static void add_commands(const struct program *program, struct text_buffer *out)
{
    add_section(out, "COMMANDS");
    for (size_t i = 0; i < program->command_count; i++) {
        const struct command_spec *command = &program->commands[i];
        add_tag(out, command->name, command->arguments);
        add_line(out, command->help);
        for (size_t k = 0; k < program->argument_count; k++) {
            const struct argument_spec *argument = &program->arguments[k];
            char name[OPTION_NAME_SIZE];
            (void)snprintf(name, sizeof name, "%s %s", argument->command, argument->name);
            if (strcmp(argument->command, command->name) != 0)
                continue;
            add_tag(out, name, NULL);
            add_line(out, argument->help);
        }
    }
}

static void add_options(const struct program *program, struct text_buffer *out)
{
    add_section(out, "OPTIONS");
    for (size_t i = 0; i < option_total(program); i++)
        add_option(program, option_at(program, i), out);
    add_tag(out, "--kafka", "NAME=VALUE");
    add_line(out,
             "A librdkafka property, as often as needed. With _file behind its name, the value "
             "is read from a file; passwords and keys are taken in no other way. YAML: "
             "mapping kafka, one property a line.");
    add_tag(out, "--check-config", NULL);
    add_line(out, "Check options and configuration, do nothing else; exit 0 or 2.");
    add_tag(out, "--help, --version, --man, --options-markdown", NULL);
    add_line(out, "Print help (behind a command: of that command), the version, this page, or the "
                  "table of options.");
}

static void add_environment(const struct program *program, struct text_buffer *out)
{
    add_section(out, "ENVIRONMENT");
    add_line(out, "Each option has a variable; an empty one counts as not given. A flag counts "
                  "before a variable, a variable before the YAML file.");
    for (size_t i = 0; i < option_total(program); i++) {
        const struct option_spec *spec = option_at(program, i);
        if (spec->type == OPTION_SECTION)
            continue;
        char flag[OPTION_NAME_SIZE], variable[OPTION_NAME_SIZE];
        option_flag(spec, flag);
        option_variable(spec, variable);
        add_tag(out, variable, NULL);
        text_buffer_add_text(out, "as ");
        add_line(out, flag);
    }
    add_tag(out, "MOOC_KAFKA_NAME", NULL);
    add_line(out, "a librdkafka property, with _ for each dot of its name");
}

void options_add_man(const struct program *program, struct text_buffer *out)
{
    char title[OPTION_NAME_SIZE];
    (void)snprintf(title, sizeof title, "%s", program->name);
    for (char *p = title; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    text_buffer_add_format(out, ".TH %s 1 \"\" \"MOOC Pulse %s\" \"MOOC Pulse\"\n", title,
                           MOOC_PULSE_VERSION);
    add_section(out, "NAME");
    add_roff(out, program->name);
    text_buffer_add_text(out, " \\- ");
    add_line(out, program->summary);
    add_section(out, "SYNOPSIS");
    text_buffer_add_text(out, ".B ");
    add_line(out, program->name);
    text_buffer_add_text(out, "\\fICOMMAND\\fR [\\fIARGUMENTS\\fR] [\\-\\-\\fIOPTION\\fR "
                              "\\fIVALUE\\fR ...]\n");
    add_section(out, "DESCRIPTION");
    add_paragraphs(out, program->description ? program->description : program->summary);
    add_commands(program, out);
    add_options(program, out);
    add_environment(program, out);
    add_section(out, "FILES");
    add_line(out,
             "The YAML file that --config or MOOC_CONFIG names. Relative paths in it are taken "
             "from its folder. Secret files should have mode 0600.");
    add_section(out, "EXIT STATUS");
    static const char *const codes[][2] = {{"0", "done, or stopped by a signal"},
                                           {"1", "failed"},
                                           {"2", "wrong usage or configuration"},
                                           {"3", "a source or server is unreachable"}};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        add_tag(out, codes[i][0], NULL);
        add_line(out, codes[i][1]);
    }
}
