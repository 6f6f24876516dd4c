/* The option table: its names in their three forms, and whether it is right. Pure. */
#include "options_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "nearest.h"

static const struct option_spec shared_options[] = {
    {.name = "config",
     .type = OPTION_FILE,
     .value = "FILE",
     .help = "YAML file with any of these options. Paths in it are taken from its folder."},
    {.name = "log_level",
     .type = OPTION_TEXT,
     .fallback = "info",
     .value = "debug|info|warn|error",
     .help = "Least severe log lines to write."},
    {.name = "log_format",
     .type = OPTION_TEXT,
     .fallback = "auto",
     .value = "json|text|auto",
     .help =
         "Form of the log lines on standard error; auto is text on a terminal, JSON elsewhere."},
};

size_t option_total(const struct program *program)
{
    return program->option_count + ARRAY_LEN(shared_options);
}

const struct option_spec *option_at(const struct program *program, size_t index)
{
    return index < program->option_count ? &program->options[index]
                                         : &shared_options[index - program->option_count];
}

bool option_find(const struct program *program, const char *name, size_t *index)
{
    for (size_t i = 0; i < option_total(program); i++) {
        if (strcmp(option_at(program, i)->name, name) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

static void rewrite(const char *prefix, const char *name, char separator, bool upper,
                    char out[OPTION_NAME_SIZE])
{
    (void)snprintf(out, OPTION_NAME_SIZE, "%s%s", prefix, name);
    for (char *p = out + strlen(prefix); *p; p++) {
        if (*p == '.' || *p == '_')
            *p = separator;
        else if (upper)
            *p = (char)toupper((unsigned char)*p);
    }
}

void option_flag(const struct option_spec *spec, char out[OPTION_NAME_SIZE])
{
    rewrite("--", spec->name, '-', false, out);
}

void option_variable(const struct option_spec *spec, char out[OPTION_NAME_SIZE])
{
    rewrite("MOOC_", spec->name, '_', true, out);
}

const char *option_placeholder(const struct option_spec *spec)
{
    static const char *const usual[] = {
        [OPTION_TEXT] = "TEXT", [OPTION_NUMBER] = "NUMBER", [OPTION_DURATION] = "DURATION",
        [OPTION_SIZE] = "SIZE", [OPTION_FILE] = "FILE",
    };
    if (spec->type == OPTION_BOOLEAN || spec->type == OPTION_SECTION)
        return NULL;
    return spec->value ? spec->value : usual[spec->type];
}

bool option_is_variable(const struct program *program, const char *name, size_t length)
{
    for (size_t i = 0; i < option_total(program); i++) {
        char variable[OPTION_NAME_SIZE];
        option_variable(option_at(program, i), variable);
        if (strlen(variable) == length && strncmp(variable, name, length) == 0)
            return true;
    }
    return false;
}

bool option_has_file_form(const struct program *program, const char *name)
{
    char with_file[OPTION_NAME_SIZE];
    size_t index;
    int length = snprintf(with_file, sizeof with_file, "%s_file", name);
    return length > 0 && (size_t)length < sizeof with_file && option_find(program, with_file, &index);
}

const char *option_nearest(const struct program *program, const char *typed, bool flags,
                           char out[OPTION_NAME_SIZE])
{
    size_t count = option_total(program);
    char(*names)[OPTION_NAME_SIZE] = calloc(count, sizeof *names);
    const char **pointers = calloc(count, sizeof *pointers);
    if (!names || !pointers)
        abort();
    for (size_t i = 0; i < count; i++) {
        const struct option_spec *spec = option_at(program, i);
        bool wanted = flags ? spec->type != OPTION_SECTION : strcmp(spec->name, "config") != 0;
        if (flags)
            option_flag(spec, names[i]);
        else
            (void)snprintf(names[i], sizeof names[i], "%s", spec->name);
        pointers[i] = wanted ? names[i] : NULL;
    }
    const char *nearest = nearest_name(typed, pointers, count);
    if (nearest)
        (void)snprintf(out, OPTION_NAME_SIZE, "%s", nearest);
    free(pointers);
    free(names);
    return nearest ? out : NULL;
}

static bool refuse_table(const struct option_spec *spec, const char *what, struct error *err)
{
    return error_set(err, ERROR_INTERNAL, false, "option table: %s: %s", spec->name, what);
}

static bool check_option(const struct program *program, size_t index, struct error *err)
{
    const struct option_spec *spec = option_at(program, index);
    size_t length = strlen(spec->name), first;
    struct told why;
    int64_t number;
    if (length == 0 || length > 64 ||
        strspn(spec->name, "abcdefghijklmnopqrstuvwxyz0123456789._") != length)
        return refuse_table(spec, "a name is made of a-z, 0-9, dots and underscores", err);
    if (strcmp(spec->name, "kafka") == 0 || strncmp(spec->name, "kafka.", 6) == 0)
        return refuse_table(spec, "kafka is the mapping of librdkafka's properties", err);
    if (option_find(program, spec->name, &first) && first != index)
        return refuse_table(spec, "is there twice", err);
    for (size_t i = 0; i < index; i++) {
        char mine[OPTION_NAME_SIZE], other[OPTION_NAME_SIZE];
        option_variable(spec, mine);
        option_variable(option_at(program, i), other);
        if (strcmp(mine, other) == 0)
            return refuse_table(spec, "has the same variable as another option", err);
    }
    if (!spec->help || !*spec->help || spec->help[strlen(spec->help) - 1] != '.')
        return refuse_table(spec, "its help must be a sentence", err);
    if (!option_commands_exist(program, spec))
        return refuse_table(spec, "its commands column names no command", err);
    if (spec->max < spec->min)
        return refuse_table(spec, "its bounds are the wrong way round", err);
    if (spec->fallback && !option_parse_value(spec, spec->fallback, &number, &why)) {
        refuse_table(spec, why.en, err);
        return error_context(err, "default \"%s\"", spec->fallback);
    }
    return true;
}

bool options_check_table(const struct program *program, struct error *err)
{
    for (size_t i = 0; i < option_total(program); i++) {
        if (!check_option(program, i, err))
            return false;
    }
    for (size_t i = 0; i < program->command_count; i++) {
        const struct command_spec *command = &program->commands[i];
        if (!command->help || !*command->help || !command->run)
            return error_set(err, ERROR_INTERNAL, false,
                             "command table: %s: no help or no function", command->name);
    }
    for (size_t i = 0; i < program->argument_count; i++) {
        const struct argument_spec *argument = &program->arguments[i];
        if (!argument->help || !*argument->help || argument->help[strlen(argument->help) - 1] != '.')
            return error_set(err, ERROR_INTERNAL, false,
                             "argument table: %s %s: its help must be a sentence",
                             argument->command, argument->name);
    }
    return true;
}
