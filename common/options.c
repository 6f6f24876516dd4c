/* Puts defaults, YAML file, environment and command line together over a program's table, and answers from the result. */
#include "options_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "allocate.h"

extern char **environ;

bool option_assign(struct options *options, size_t index, enum option_origin origin,
                   const char *text, const char *where, struct error *err)
{
    const struct option_spec *spec = option_at(options->program, index);
    struct option_value *value = &options->values[index];
    struct told why;
    int64_t number;
    if (!option_parse_value(spec, text, &number, &why)) {
        error_set(err, origin == ORIGIN_FLAG ? ERROR_USAGE : ERROR_CONFIG, false,
                  "%s: \"%.100s\": %s", where, text, why.en);
        return error_vi(err, "%s: \"%.100s\": %s", where, text, why.vi);
    }
    free(value->text);
    value->text = spec->type == OPTION_FILE && origin == ORIGIN_YAML
                      ? options_resolve_path(options, text)
                      : must_have(strdup(text));
    value->number = number;
    value->origin = origin;
    return true;
}

static bool assign_defaults(struct options *options, struct error *err)
{
    for (size_t i = 0; i < option_total(options->program); i++) {
        const struct option_spec *spec = option_at(options->program, i);
        char where[OPTION_NAME_SIZE + 16];
        (void)snprintf(where, sizeof where, "default of %s", spec->name);
        if (spec->fallback && !option_assign(options, i, ORIGIN_DEFAULT, spec->fallback, where, err))
            return false;
    }
    return true;
}

static bool assign_variables(struct options *options, struct error *err)
{
    const struct program *program = options->program;
    for (size_t i = 0; i < option_total(program); i++) {
        const struct option_spec *spec = option_at(program, i);
        char variable[OPTION_NAME_SIZE];
        option_variable(spec, variable);
        const char *text = spec->type == OPTION_SECTION ? NULL : getenv(variable);
        if (text && *text && !option_assign(options, i, ORIGIN_VARIABLE, text, variable, err))
            return false;
        size_t length = strlen(variable);
        if (length > 5 && strcmp(variable + length - 5, "_FILE") == 0) {
            variable[length - 5] = '\0';
            const char *bare = getenv(variable);
            if (bare && *bare && !option_is_variable(program, variable, length - 5))
                return error_tell(
                    err, ERROR_CONFIG, false,
                    "%s: bí mật chỉ được lấy từ tệp: đặt %s_FILE là đường dẫn của tệp và bỏ %s",
                    "%s: secrets are only taken from files: set %s_FILE to a file's "
                    "path and unset %s",
                    variable, variable, variable);
        }
    }
    return kafka_from_environment(options, environ, err);
}

static bool refuse_flag(const struct options *options, const struct option_spec *spec,
                        const char *flag, struct error *err)
{
    struct text_buffer en = {0}, vi = {0};
    const char *name = options->command->name;
    const char *argument = options->argument_count > 0 ? options->argument : NULL;
    /* Who has the wrong report is helped by the right one alone. */
    const struct command_spec *only =
        option_applies(spec, options->command, NULL) ? options->command : NULL;
    option_add_commands(options->program, spec, only, false, &en);
    option_add_commands(options->program, spec, only, true, &vi);
    error_set(err, ERROR_USAGE, false, "%s is no option of %s%s%s, but of: %.700s", flag, name,
              argument ? " " : "", argument ? argument : "", en.data);
    error_vi(err, "%s không dùng được với %s%s%s, chỉ dùng với: %.500s", flag, name,
             argument ? " " : "", argument ? argument : "", vi.data);
    text_buffer_free(&en);
    text_buffer_free(&vi);
    return false;
}

static bool assign_flags(struct options *options, const struct command_line *line, struct error *err)
{
    for (size_t i = 0; i < option_total(options->program); i++) {
        const struct option_spec *spec = option_at(options->program, i);
        char flag[OPTION_NAME_SIZE];
        option_flag(spec, flag);
        if (!line->flags[i])
            continue;
        if (options->command && !option_applies(spec, options->command, options->argument))
            return refuse_flag(options, spec, flag, err);
        if (!option_assign(options, i, ORIGIN_FLAG, line->flags[i], flag, err))
            return false;
    }
    for (size_t i = 0; i < line->kafka_count; i++) {
        if (!kafka_from_flag(options, line->kafka[i], err))
            return false;
    }
    return true;
}

static bool read_document(struct options *options, const struct command_line *line, struct error *err)
{
    size_t index;
    if (!option_find(options->program, "config", &index))
        abort();
    const char *path = line->flags[index];
    bool flag = path != NULL;
    if (!flag)
        path = getenv("MOOC_CONFIG");
    if (!path || (!flag && !*path))
        return true;
    options->document = yaml_load_file(path, err);
    if (!options->document)
        return error_context(err, flag ? "--config" : "MOOC_CONFIG");
    const char *slash = strrchr(path, '/');
    options->folder = slash ? must_have(strndup(path, (size_t)(slash - path) + 1)) : NULL;
    return options_assign_yaml(options, err);
}

static bool refuse_word(const struct command_spec *command, const char *word, struct error *err)
{
    const char *wanted = command->arguments;
    bool value = strchr(word, '=') != NULL;
    error_set(err, ERROR_USAGE, false, "%s takes %s; \"%.100s\" is too much%s", command->name,
              wanted ? wanted : "no arguments", word,
              value ? ": a value with blanks in it stands in quotation marks" : "");
    return error_vi(err, "%s %s%s; \"%.100s\" là thừa%s", command->name,
                    wanted ? "chỉ nhận " : "không nhận gì thêm", wanted ? wanted : "", word,
                    value ? ": giá trị có dấu cách phải để trong ngoặc kép" : "");
}

static bool take_words(struct options *options, const struct command_line *line, struct error *err)
{
    size_t used = 0, least, most;
    if (line->word_count > 0 || !line->check_only) {
        options->command = command_match(options->program, line->words, line->word_count, &used, err);
        if (!options->command)
            return false;
    }
    size_t count = line->word_count - used;
    options->arguments = must_have(calloc(count + 1, sizeof *options->arguments));
    for (size_t i = 0; i < count; i++)
        options->arguments[options->argument_count++] = must_have(strdup(line->words[used + i]));
    if (!options->command)
        return true;
    command_argument_bounds(options->command, &least, &most);
    const char *name = options->command->name, *wanted = options->command->arguments;
    options->argument =
        option_known_argument(options->program, options->command, options_argument(options, 0));
    if (count < least)
        return error_tell(err, ERROR_USAGE, false, "%s cần có %s", "%s needs %s", name, wanted);
    if (count > most)
        return refuse_word(options->command, options->arguments[most], err);
    return true;
}

static bool parse_into(struct options *options, int argc, char **argv, struct error *err)
{
    struct command_line line = {0};
    bool ok = command_line_read(options->program, argc, argv, &line, err) &&
              take_words(options, &line, err) && assign_defaults(options, err) &&
              read_document(options, &line, err) && assign_variables(options, err) &&
              assign_flags(options, &line, err);
    options->check_only = line.check_only;
    command_line_free(&line);
    return ok;
}

/* The command whose words stand somewhere in argv, for `COMMAND --help`, and its first argument where the table knows it. */
static const struct command_spec *command_in(const struct program *program, int argc, char **argv,
                                             const char **argument)
{
    for (int i = 1; i < argc; i++) {
        size_t used;
        struct error ignored = {0};
        const struct command_spec *command =
            command_match(program, argv + i, (size_t)(argc - i), &used, &ignored);
        if (command) {
            int next = i + (int)used;
            *argument = next < argc ? option_known_argument(program, command, argv[next]) : NULL;
            return command;
        }
    }
    return NULL;
}

bool options_speak_vietnamese(const struct options *options)
{
    return options->command && command_speaks_vietnamese(options->program, options->command->name);
}

/* Of the command or the commands that argv names, else of the program. */
static void add_help(const struct program *program, int argc, char **argv, struct text_buffer *out)
{
    const char *argument = NULL;
    const struct command_spec *command = command_in(program, argc, argv, &argument);
    for (int i = 1; i < argc && !command; i++)
        if (command_is_group(program, argv[i])) {
            options_add_group_help(program, argv[i], out);
            return;
        }
    options_add_help(program, command, argument, out);
}

/* --help and its like count wherever they stand, also beside what is wrong. */
static bool answer(const struct program *program, int argc, char **argv)
{
    struct text_buffer out = {0};
    for (int i = 1; i < argc && out.length == 0 && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            add_help(program, argc, argv, &out);
        else if (strcmp(argv[i], "--version") == 0)
            text_buffer_add_format(&out, "%s %s\n", program->name, MOOC_PULSE_VERSION);
        else if (strcmp(argv[i], "--man") == 0)
            options_add_man(program, &out);
        else if (strcmp(argv[i], "--options-markdown") == 0)
            options_add_markdown(program, &out);
    }
    bool answered = out.length > 0;
    if (answered)
        fwrite(out.data, 1, out.length, stdout);
    text_buffer_free(&out);
    return answered;
}

struct options *options_parse(const struct program *program, int argc, char **argv, int *exit_code,
                              struct error *err)
{
    *exit_code = 0;
    error_clear(err);
    if (answer(program, argc, argv))
        return NULL;
    struct options *options = must_have(calloc(1, sizeof *options));
    options->program = program;
    options->values = must_have(calloc(option_total(program), sizeof *options->values));
    if (parse_into(options, argc, argv, err))
        return options;
    *exit_code = err ? error_exit_code(err) : 2;
    options_free(options);
    return NULL;
}

void options_free(struct options *options)
{
    if (!options)
        return;
    for (size_t i = 0; i < option_total(options->program); i++)
        free(options->values[i].text);
    free(options->values);
    for (size_t i = 0; i < options->argument_count; i++)
        free(options->arguments[i]);
    free(options->arguments);
    kafka_free(options);
    yaml_unload(options->document);
    free(options->folder);
    free(options);
}

const struct command_spec *options_command(const struct options *options)
{
    return options->command;
}

size_t options_argument_count(const struct options *options)
{
    return options->argument_count;
}

const char *options_argument(const struct options *options, size_t index)
{
    return index < options->argument_count ? options->arguments[index] : NULL;
}

static const struct option_value *value_of(const struct options *options, const char *name,
                                           const struct option_spec **spec)
{
    size_t index;
    if (!option_find(options->program, name, &index)) {
        fprintf(stderr, "options: %s is not in the table\n", name);
        abort();
    }
    *spec = option_at(options->program, index);
    return &options->values[index];
}

static void type_must(bool fits, const char *name)
{
    if (fits)
        return;
    fprintf(stderr, "options: %s is asked for as another type\n", name);
    abort();
}

const char *options_text(const struct options *options, const char *name)
{
    const struct option_spec *spec;
    const struct option_value *value = value_of(options, name, &spec);
    type_must(spec->type != OPTION_SECTION, name);
    return value->text;
}

int64_t options_number(const struct options *options, const char *name)
{
    const struct option_spec *spec;
    const struct option_value *value = value_of(options, name, &spec);
    type_must(spec->type == OPTION_NUMBER || spec->type == OPTION_DURATION ||
                  spec->type == OPTION_SIZE,
              name);
    return value->number;
}

bool options_boolean(const struct options *options, const char *name)
{
    const struct option_spec *spec;
    const struct option_value *value = value_of(options, name, &spec);
    type_must(spec->type == OPTION_BOOLEAN, name);
    return value->number != 0;
}

bool options_given(const struct options *options, const char *name)
{
    const struct option_spec *spec;
    return value_of(options, name, &spec)->origin != ORIGIN_DEFAULT;
}

bool options_apply(const struct options *options, const char *name)
{
    const struct option_spec *spec;
    (void)value_of(options, name, &spec);
    return !options->command || option_applies(spec, options->command, options->argument);
}

bool options_flag_given(const struct options *options, const char *name)
{
    const struct option_spec *spec;
    return value_of(options, name, &spec)->origin == ORIGIN_FLAG;
}

bool options_leave_out(const struct options *options, const char *const *names, const char *what,
                       struct error *err)
{
    for (; *names; names++) {
        const struct option_spec *spec;
        char flag[OPTION_NAME_SIZE];
        if (value_of(options, *names, &spec)->origin != ORIGIN_FLAG)
            continue;
        option_flag(spec, flag);
        error_set(err, ERROR_USAGE, false, "%s has no part in %s: leave it out", flag, what);
        return error_vi(err, "%s không dùng với %.*s: hãy bỏ đi", flag, (int)strcspn(what, ","),
                        what);
    }
    return true;
}

const struct yaml_node *options_section(const struct options *options, const char *name)
{
    const struct option_spec *spec;
    const struct option_value *value = value_of(options, name, &spec);
    type_must(spec->type == OPTION_SECTION, name);
    return value->section;
}

const struct yaml *options_document(const struct options *options)
{
    return options->document;
}

char *options_resolve_path(const struct options *options, const char *path)
{
    struct text_buffer whole = {0};
    if (path[0] != '/' && options->folder)
        text_buffer_add_text(&whole, options->folder);
    text_buffer_add_text(&whole, path);
    return whole.data;
}

void options_origin(const struct options *options, const char *name, char out[OPTIONS_ORIGIN_SIZE])
{
    const struct option_spec *spec;
    const struct option_value *value = value_of(options, name, &spec);
    char form[OPTION_NAME_SIZE];
    switch (value->origin) {
    case ORIGIN_FLAG:
        option_flag(spec, form);
        (void)snprintf(out, OPTIONS_ORIGIN_SIZE, "%s", form);
        return;
    case ORIGIN_VARIABLE:
        option_variable(spec, form);
        (void)snprintf(out, OPTIONS_ORIGIN_SIZE, "%s", form);
        return;
    case ORIGIN_YAML:
        (void)snprintf(out, OPTIONS_ORIGIN_SIZE, "%.200s: %s", yaml_name(options->document), name);
        return;
    case ORIGIN_DEFAULT:
        (void)snprintf(out, OPTIONS_ORIGIN_SIZE, "default of %s", name);
        return;
    }
}
