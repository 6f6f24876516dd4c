/* The command line as it was written, before anything is made of it. */
#include "options_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "allocate.h"

static bool find_flag(const struct program *program, const char *flag, size_t *index)
{
    for (size_t i = 0; i < option_total(program); i++) {
        const struct option_spec *spec = option_at(program, i);
        char name[OPTION_NAME_SIZE];
        option_flag(spec, name);
        if (spec->type != OPTION_SECTION && strcmp(name, flag) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

static bool refuse_flag(const struct program *program, const char *flag, struct error *err)
{
    char nearest[OPTION_NAME_SIZE], with_file[OPTION_NAME_SIZE + 8];
    size_t index;
    (void)snprintf(with_file, sizeof with_file, "%.90s-file", flag);
    if (find_flag(program, with_file, &index))
        return error_tell(err, ERROR_USAGE, false, "%s: bí mật chỉ được lấy từ tệp: dùng %s TỆP",
                          "%s: secrets are only taken from files: use %s FILE", flag, with_file);
    if (option_nearest(program, flag, true, nearest))
        return error_tell(err, ERROR_USAGE, false, "không có tùy chọn %s; có phải là %s?",
                          "%s is no option; did you mean %s?", flag, nearest);
    return error_tell(err, ERROR_USAGE, false, "không có tùy chọn %s; xem `%s --help`",
                      "%s is no option; `%s --help` lists them", flag, program->name);
}

/* A program that has an option of that name takes folders of reference data by --config as well: a YAML file is none. */
static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* One flag at argv[*at], with the value behind it if it takes one. */
static bool read_flag(const struct program *program, int argc, char **argv, int *at,
                      struct command_line *line, struct error *err)
{
    const char *equals = strchr(argv[*at], '=');
    size_t length = equals ? (size_t)(equals - argv[*at]) : strlen(argv[*at]);
    char flag[OPTION_NAME_SIZE];
    (void)snprintf(flag, sizeof flag, "%.*s", (int)(length < 90 ? length : 90), argv[*at]);
    if (strcmp(flag, "--check-config") == 0 && !equals) {
        line->check_only = true;
        return true;
    }
    size_t index = 0;
    bool kafka = strcmp(flag, "--kafka") == 0;
    if (!kafka && !find_flag(program, flag, &index))
        return refuse_flag(program, flag, err);
    bool boolean = !kafka && option_at(program, index)->type == OPTION_BOOLEAN;
    const char *value = equals ? equals + 1 : boolean ? "true" : NULL;
    if (!value) {
        if (*at + 1 >= argc || strncmp(argv[*at + 1], "--", 2) == 0) {
            const char *wanted = kafka ? "NAME=VALUE" : option_placeholder(option_at(program, index));
            return error_tell(err, ERROR_USAGE, false, "%s thiếu giá trị: %s",
                              "%s needs a value: %s", flag, wanted);
        }
        value = argv[++*at];
    }
    if (kafka) {
        line->kafka[line->kafka_count++] = value;
        return true;
    }
    if (strcmp(flag, "--config") == 0 && is_folder(value))
        (void)find_flag(program, "--folder", &index);
    if (line->flags[index])
        return error_tell(err, ERROR_USAGE, false,
                          "%s được nêu hai lần, là %.40s và %.40s: hãy bỏ một",
                          "%s is given twice, as %.40s and %.40s: leave one out", flag,
                          line->flags[index], value);
    line->flags[index] = value;
    return true;
}

bool command_line_read(const struct program *program, int argc, char **argv,
                       struct command_line *line, struct error *err)
{
    size_t room = argc > 0 ? (size_t)argc : 1;
    line->flags = must_have(calloc(option_total(program), sizeof *line->flags));
    line->kafka = must_have(calloc(room, sizeof *line->kafka));
    line->words = must_have(calloc(room, sizeof *line->words));
    bool flags_end = false;
    for (int i = 1; i < argc; i++) {
        if (!flags_end && strcmp(argv[i], "--") == 0)
            flags_end = true;
        else if (!flags_end && strncmp(argv[i], "--", 2) == 0) {
            if (!read_flag(program, argc, argv, &i, line, err))
                return false;
        } else if (!flags_end && argv[i][0] == '-' && argv[i][1] != '\0')
            return error_tell(
                err, ERROR_USAGE, false,
                "không có tùy chọn %.40s: tùy chọn bắt đầu bằng hai dấu gạch; xem `%s --help`",
                "%.40s is no option: options begin with two dashes; `%s --help` lists "
                "them",
                argv[i], program->name);
        else
            line->words[line->word_count++] = argv[i];
    }
    return true;
}

/* What argv gives a flag of a value; NULL. */
static const char *flag_value(int argc, char **argv, const char *flag)
{
    size_t length = strlen(flag);
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], flag, length) != 0)
            continue;
        if (argv[i][length] == '=')
            return argv[i] + length + 1;
        if (argv[i][length] == '\0' && i + 1 < argc)
            return argv[i + 1];
    }
    return NULL;
}

bool command_speaks_vietnamese(const struct program *program, const char *name)
{
    const char *at = program->vietnamese_commands;
    size_t length = strlen(name);
    for (; at && *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strncmp(at, name, length) == 0 && strcspn(at, " ") == length)
            return true;
    return false;
}

/* Of a line that could not be read: the first word that is such a command. */
static bool names_vietnamese_command(const struct program *program, int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        for (size_t k = 0; k < program->command_count; k++)
            if (strcmp(program->commands[k].name, argv[i]) == 0)
                return command_speaks_vietnamese(program, argv[i]);
    return false;
}

bool options_ask_for_vietnamese(const struct program *program, int argc, char **argv)
{
    struct error ignored = {0};
    const char *lang = flag_value(argc, argv, "--lang"), *path = flag_value(argc, argv, "--config");
    if (!lang)
        lang = getenv("MOOC_LANG");
    if (!path)
        path = getenv("MOOC_CONFIG");
    struct yaml *document = !lang && path ? yaml_load_file(path, &ignored) : NULL;
    if (document)
        lang = yaml_text(yaml_root(document), "lang", "");
    bool vietnamese =
        lang && *lang ? strcmp(lang, "vi") == 0 : names_vietnamese_command(program, argc, argv);
    yaml_unload(document);
    return vietnamese;
}

void command_line_free(struct command_line *line)
{
    free(line->flags);
    free(line->kafka);
    free(line->words);
}
