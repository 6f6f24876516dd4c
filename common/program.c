/* The main() that both services share. */
#include "options_internal.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "log.h"
#include "stop.h"

static bool has_flag(int argc, char **argv, const char *flag)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], flag) == 0)
            return true;
    }
    return false;
}

/* Options that could not be read name no log format: a person at a terminal, or whoever typed a command that ends, reads a plain line. */
static void report(const struct program *program, const struct error *err, bool vietnamese, bool plain)
{
    if (plain || err->kind == ERROR_USAGE || isatty(STDERR_FILENO)) {
        fprintf(stderr, "%s: %s\n", program->name, error_words(err, vietnamese));
        return;
    }
    log_error("cannot start", err);
}

/* Until the options are read: what they say of a secret file is a line like any other. */
static void set_up_first_logs(const struct program *program)
{
    log_setup(program->name, LOG_INFO, isatty(STDERR_FILENO) ? LOG_FORMAT_TEXT : LOG_FORMAT_JSON);
}

static void set_up_logs(const struct program *program, const struct options *options)
{
    enum log_level level = LOG_INFO;
    (void)log_level_parse(options_text(options, "log_level"), &level);
    const char *format = options_text(options, "log_format");
    bool text = strcmp(format, "text") == 0 || (strcmp(format, "auto") == 0 && isatty(STDERR_FILENO));
    log_setup(program->name, level, text ? LOG_FORMAT_TEXT : LOG_FORMAT_JSON);
}

static int check_config(const struct program *program, const struct options *options,
                        const struct teller *to)
{
    struct error err = {0};
    if (program->check && !program->check(options, &err)) {
        report(program, &err, to->vietnamese, true);
        return 2;
    }
    const struct yaml *document = options_document(options);
    printf(TELL(to, "%s: cấu hình hợp lệ%s%s\n", "%s: the configuration is valid%s%s\n"),
           program->name, document ? ": " : "", document ? yaml_name(document) : "");
    return 0;
}

/* A report that did not reach its file is a failure. */
static int flush_output(const struct program *program, int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "%s: standard output cannot be written\n", program->name);
    return code ? code : 1;
}

/* A service that lives for months gives back what it frees. glibc raises its mmap threshold to the largest block ever freed;
 * after one backlog, Kafka's fetch buffers would then be cut from heaps that never shrink (three times the live bytes). */
static void bound_heap(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
    (void)mallopt(M_ARENA_MAX, 4);
#endif
}

/* Where whoever started us closed one of the first three, a socket or a file would be given its number, and our log be written into it.
 * Nothing can be written here: a command whose output is closed goes on to fail. */
static void hold_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
            _exit(1);
}

int program_main(const struct program *program, int argc, char **argv)
{
    struct error err = {0};
    hold_standard_files();
    stop_install_handlers();
    bound_heap();
    set_up_first_logs(program);
    int code = 0;
    struct options *options = options_parse(program, argc, argv, &code, &err);
    if (!options) {
        if (err.kind != ERROR_NONE)
            report(program, &err, options_ask_for_vietnamese(program, argc, argv),
                   has_flag(argc, argv, "--check-config") || !has_flag(argc, argv, "run"));
        return flush_output(program, code);
    }
    set_up_logs(program, options);
    if (options->check_only)
        code = check_config(program, options,
                            &(struct teller){options_ask_for_vietnamese(program, argc, argv)});
    else
        code = options->command->run(program, options);
    options_free(options);
    return flush_output(program, code);
}
