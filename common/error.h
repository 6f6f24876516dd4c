/* Errors as values: what kind, whether trying again can help, and a message that tells the operator what to do. */
#ifndef MOOC_ERROR_H
#define MOOC_ERROR_H

#include "base.h"

enum error_kind {
    ERROR_NONE = 0,
    ERROR_USAGE,           /* wrong command line */
    ERROR_CONFIG,          /* wrong configuration or reference data */
    ERROR_UNREACHABLE,     /* a server or source does not answer */
    ERROR_SOURCE,          /* a platform or file answered with what is not data */
    ERROR_DATA,            /* one record is bad; its neighbours are not */
    ERROR_FENCED,          /* another instance has taken over: drop what is held */
    ERROR_UNKNOWN_OUTCOME, /* a commit may or may not have happened: re-read before going on */
    ERROR_STATE,           /* what is stored does not fit what is seen: a person must decide */
    ERROR_STOPPED,         /* the stop flag was raised */
    ERROR_INTERNAL,        /* out of memory, a library's refusal */
};

struct error {
    enum error_kind kind;
    bool retriable;
    char message[1024];
    char vi[640]; /* the same for people who read Vietnamese; "" = the message alone */
};

/* What sets an error returns false, so that `return error_set(…)` reads well. Said in the header, it holds for the compiler and for
 * clang-tidy too, which else follow a caller to where a refusal was none. */
static inline bool error_false(bool returned)
{
    (void)returned;
    return false;
}

/* Fills *err (which may be NULL) and returns false. */
bool error_set(struct error *err, enum error_kind kind, bool retriable, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* The same in both languages, where an office reads it. Both formats take the same arguments in one order. */
bool error_tell(struct error *err, enum error_kind kind, bool retriable, const char *vi,
                const char *en, ...) PRINTF_LIKE(4, 6) PRINTF_LIKE(5, 6);
/* Of texts that stand as they are. */
bool error_tell_plain(struct error *err, enum error_kind kind, bool retriable, const char *vi,
                      const char *en);
/* Of a call that failed: formats of error_tell end in these, and take both arguments there. */
#define REASON_VI "%s%.0s"
#define REASON_EN "%.0s%s"
#define ERROR_REASON(code) error_reason_vi(code), strerror(code)
/* What a value of errno means; the system's own words where there are none in Vietnamese. */
const char *error_reason_vi(int code);
/* In the language that is asked for, if it has words in it. */
const char *error_words(const struct error *err, bool vietnamese);

/* Puts "context: " in front of the message, in either language. Returns false. */
bool error_context(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Leaves out "name: " where the message begins with it: a name that says nothing to who reads it, or is told better. */
void error_without_context(struct error *err, const char *name);

void error_clear(struct error *err);

/* 1 failed, 2 usage or config, 3 source or server unreachable; 0 for ERROR_NONE and ERROR_STOPPED. */
int error_exit_code(const struct error *err);

/* What was broken off because a stop was asked for (stop.h). Returns false. */
bool error_stopped(struct error *err);

const char *error_kind_name(enum error_kind kind);

/* The Vietnamese of the message that was set just now, where it takes other arguments than the English. Returns false. */
bool error_vi(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

#define error_set(...) error_false(error_set(__VA_ARGS__))
#define error_tell(...) error_false(error_tell(__VA_ARGS__))
#define error_tell_plain(...) error_false(error_tell_plain(__VA_ARGS__))
#define error_context(...) error_false(error_context(__VA_ARGS__))
#define error_stopped(...) error_false(error_stopped(__VA_ARGS__))
#define error_vi(...) error_false(error_vi(__VA_ARGS__))

#endif
