/* The commands column of the option table: which commands take an option, and with which first arguments. Pure. */
#include "options_internal.h"

#include <stdio.h>
#include <string.h>

/* A token: "config-load", or "report:groups,summary" for those first arguments only ("-": for none). */
struct token {
    const char *command, *arguments; /* arguments NULL: with any */
    size_t command_length, arguments_length;
};

static bool next_token(const char **at, struct token *token)
{
    const char *text = *at;
    size_t length = strcspn(text, " "), command = strcspn(text, ": ");
    *token = (struct token){text, NULL, command, 0};
    if (command < length) {
        token->arguments = text + command + 1;
        token->arguments_length = length - command - 1;
    }
    *at = text + length + strspn(text + length, " ");
    return length > 0;
}

static bool names_command(const struct token *token, const char *command)
{
    size_t i = 0;
    while (i < token->command_length && (command[i] == ' ' ? '-' : command[i]) == token->command[i])
        i++;
    return i == token->command_length && command[i] == '\0';
}

/* The next of the token's arguments from *at on, which begins at NULL. */
static bool next_argument(const struct token *token, const char **at, size_t *length)
{
    if (!token->arguments)
        return false;
    const char *end = token->arguments + token->arguments_length;
    const char *next = *at ? *at + *length + 1 : token->arguments;
    if (next >= end)
        return false;
    *at = next;
    *length = strcspn(next, ", ");
    return true;
}

static bool takes_argument(const struct token *token, const char *argument, size_t length)
{
    const char *at = NULL;
    size_t its_length = 0;
    if (!token->arguments || !argument)
        return true;
    while (next_argument(token, &at, &its_length))
        if (its_length == length && strncmp(at, argument, length) == 0)
            return true;
    return false;
}

bool option_commands_name(const char *commands, const struct command_spec *command,
                          const char *argument)
{
    struct token token;
    for (const char *at = commands; next_token(&at, &token);)
        if (names_command(&token, command->name) &&
            takes_argument(&token, argument, argument ? strlen(argument) : 0))
            return true;
    return false;
}

bool option_applies(const struct option_spec *spec, const struct command_spec *command,
                    const char *argument)
{
    return !spec->commands || option_commands_name(spec->commands, command, argument);
}

bool option_commands_exist(const struct program *program, const struct option_spec *spec)
{
    struct token token;
    for (const char *at = spec->commands ? spec->commands : ""; next_token(&at, &token);) {
        bool found = !token.arguments || token.arguments_length > 0;
        size_t i = 0;
        while (i < program->command_count && !names_command(&token, program->commands[i].name))
            i++;
        if (!found || i == program->command_count)
            return false;
    }
    return true;
}

/* ---- arguments that the table knows of a command ---- */

#define MOST_ARGUMENTS ((size_t)32)

struct arguments {
    const char *texts[MOST_ARGUMENTS];
    size_t lengths[MOST_ARGUMENTS], count;
};

static void add_argument(struct arguments *known, const char *text, size_t length)
{
    for (size_t i = 0; i < known->count; i++)
        if (known->lengths[i] == length && strncmp(known->texts[i], text, length) == 0)
            return;
    if (known->count == MOST_ARGUMENTS)
        return;
    known->texts[known->count] = text;
    known->lengths[known->count++] = length;
}

static struct arguments arguments_of(const struct program *program, const struct command_spec *command)
{
    struct arguments known = {.count = 0};
    for (size_t i = 0; i < option_total(program); i++) {
        struct token token;
        const char *commands = option_at(program, i)->commands;
        for (const char *at = commands ? commands : ""; next_token(&at, &token);) {
            const char *argument = NULL;
            size_t length = 0;
            while (names_command(&token, command->name) && next_argument(&token, &argument, &length))
                add_argument(&known, argument, length);
        }
    }
    return known;
}

const char *option_known_argument(const struct program *program, const struct command_spec *command,
                                  const char *argument)
{
    struct arguments known = arguments_of(program, command);
    const char *wanted = argument ? argument : OPTION_NO_ARGUMENT;
    for (size_t i = 0; i < known.count; i++)
        if (strlen(wanted) == known.lengths[i] &&
            strncmp(wanted, known.texts[i], known.lengths[i]) == 0)
            return wanted;
    return NULL;
}

/* ---- in words ---- */

/* Those of the arguments that the token has, or has not. */
static size_t list_arguments(const struct token *token, const struct arguments *known, bool taken,
                             struct text_buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < known->count; i++) {
        if (takes_argument(token, known->texts[i], known->lengths[i]) != taken ||
            strncmp(known->texts[i], OPTION_NO_ARGUMENT, known->lengths[i]) == 0)
            continue;
        text_buffer_add_format(out, "%s%.*s", count++ ? ", " : "", (int)known->lengths[i],
                               known->texts[i]);
    }
    return count;
}

/* Whichever is shorter. */
static void add_arguments(const struct token *token, const struct arguments *known,
                          const struct teller *to, struct text_buffer *out)
{
    struct text_buffer with = {0}, without = {0};
    size_t taken = list_arguments(token, known, true, &with);
    size_t left = list_arguments(token, known, false, &without);
    if (left == 0)
        ;
    else if (left < taken)
        text_buffer_add_format(out, TELL(to, " (tất cả trừ %s)", " (all but %s)"), without.data);
    else
        text_buffer_add_format(out, " (%s)", with.data);
    text_buffer_free(&with);
    text_buffer_free(&without);
}

void option_add_commands(const struct program *program, const struct option_spec *spec,
                         const struct command_spec *only, bool vietnamese, struct text_buffer *out)
{
    const struct teller to = {.vietnamese = vietnamese};
    struct token token;
    size_t count = 0;
    for (const char *at = spec->commands ? spec->commands : ""; next_token(&at, &token);) {
        for (size_t i = 0; i < program->command_count; i++) {
            const struct command_spec *command = &program->commands[i];
            if (!names_command(&token, command->name) || (only && only != command))
                continue;
            text_buffer_add_format(out, "%s%s", count++ ? ", " : "", command->name);
            if (token.arguments) {
                struct arguments known = arguments_of(program, command);
                add_arguments(&token, &known, &to, out);
            }
        }
    }
}
