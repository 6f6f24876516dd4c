/* Commands and their arguments as the table writes them: pure. */
#include "options_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "nearest.h"

void command_argument_bounds(const struct command_spec *command, size_t *least, size_t *most)
{
    *least = *most = 0;
    for (const char *p = command->arguments ? command->arguments : ""; *p;) {
        size_t length = strcspn(p, " ");
        bool optional = p[0] == '[';
        size_t name = length - (optional && p[length - 1] == ']' ? 1 : 0);
        bool many = name >= 3 && strncmp(p + name - 3, "...", 3) == 0;
        *least += optional ? 0 : 1;
        *most = many || *most == SIZE_MAX ? SIZE_MAX : *most + 1;
        p += length + strspn(p + length, " ");
    }
}

/* How many of the words the command's name takes; 0 if they do not spell it. */
static size_t words_matched(const struct command_spec *command, char *const *words, size_t count)
{
    size_t used = 0;
    for (const char *p = command->name; *p;) {
        size_t length = strcspn(p, " ");
        if (used == count || strlen(words[used]) != length || strncmp(words[used], p, length) != 0)
            return 0;
        used++;
        p += length + strspn(p + length, " ");
    }
    return used;
}

/* The second words of the commands that begin with the first. False if there are none. */
static bool list_followers(const struct program *program, const char *first, struct text_buffer *out)
{
    size_t length = strlen(first);
    bool any = false;
    for (size_t i = 0; i < program->command_count; i++) {
        const char *name = program->commands[i].name;
        if (strncmp(name, first, length) != 0 || name[length] != ' ')
            continue;
        text_buffer_add_format(out, "%s%s", any ? ", " : "", name + length + 1);
        any = true;
    }
    return any;
}

bool command_is_group(const struct program *program, const char *word)
{
    struct text_buffer followers = {0};
    bool any = list_followers(program, word, &followers);
    text_buffer_free(&followers);
    return any;
}

static void refuse_command(const struct program *program, char *const *words, size_t count,
                           struct error *err)
{
    struct text_buffer followers = {0};
    if (list_followers(program, words[0], &followers)) {
        if (count > 1)
            error_tell(err, ERROR_USAGE, false, "không có lệnh \"%s %.100s\"; %s có: %s",
                       "\"%s %.100s\" is no command; %s has: %s", words[0], words[1], words[0],
                       followers.data);
        else
            error_tell(err, ERROR_USAGE, false, "sau %s cần một trong: %s", "%s needs one of: %s",
                       words[0], followers.data);
        text_buffer_free(&followers);
        return;
    }
    const char **names = calloc(program->command_count + 1, sizeof *names);
    if (!names)
        abort();
    for (size_t i = 0; i < program->command_count; i++)
        names[i] = program->commands[i].name;
    const char *nearest = nearest_name(words[0], names, program->command_count);
    free(names);
    if (nearest)
        error_tell(err, ERROR_USAGE, false, "không có lệnh \"%.100s\"; có phải là \"%s\"?",
                   "\"%.100s\" is no command; did you mean \"%s\"?", words[0], nearest);
    else
        error_tell(err, ERROR_USAGE, false, "không có lệnh \"%.100s\"; xem `%s --help`",
                   "\"%.100s\" is no command; `%s --help` lists them", words[0], program->name);
}

const struct command_spec *command_match(const struct program *program, char *const *words,
                                         size_t count, size_t *used, struct error *err)
{
    const struct command_spec *best = NULL;
    *used = 0;
    for (size_t i = 0; i < program->command_count; i++) {
        size_t matched = words_matched(&program->commands[i], words, count);
        if (matched > *used) {
            *used = matched;
            best = &program->commands[i];
        }
    }
    if (best)
        return best;
    if (count == 0)
        error_tell(err, ERROR_USAGE, false, "cần nêu một lệnh; xem `%s --help`",
                   "a command is needed; `%s --help` lists them", program->name);
    else
        refuse_command(program, words, count, err);
    return NULL;
}
