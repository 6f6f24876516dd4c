/* What people are told at a terminal, in Vietnamese or English: both words stand beside each other where they are said. */
#ifndef MOOC_TELL_H
#define MOOC_TELL_H

#include <stdio.h>

#include "clock.h"
#include "options.h"

/* In whichever language `it` speaks, a struct with a member `vietnamese`. A macro, so that the compiler checks both as formats. */
#define TELL(it, vi, en) ((it)->vietnamese ? (vi) : (en))

struct teller {
    bool vietnamese;
};

/* Scripts and monitors read English: Vietnamese is asked for by the option lang, in a command's line, a variable or a file. A command that
 * prints Vietnamese without it also refuses in Vietnamese. */
bool tell_in_vietnamese(const struct options *options);
static inline struct teller tell_of(const struct options *options)
{
    return (struct teller){tell_in_vietnamese(options)};
}
/* "12 s", "3 min", "5 h", "2 d"; "12 giây", "3 phút", "5 giờ", "2 ngày". */
void tell_age(int64_t ms, bool vietnamese, char out[32]);

/* The instant in Vietnam, as clock_format_local has it, or "20/09/2023 15:15:30". */
void tell_instant(int64_t us, bool vietnamese, char out[CLOCK_LOCAL_SIZE]);
/* The same of what clock_parse takes; of anything else "". */
void tell_instant_of(const char *text, bool vietnamese, char out[CLOCK_LOCAL_SIZE]);
/* "12.3 GiB"; "12,3 GiB". */
void tell_bytes(int64_t bytes, bool vietnamese, char out[32]);

/* A line that is told later, in a language not known yet. */
struct told {
    char vi[320], en[240]; /* "" = nothing to say */
};

void told_set(struct told *told, const char *vi, const char *en);
/* The same with arguments, which both take in one order. */
#define TOLD_FORMAT(told, vi_format, en_format, ...)                                               \
    ((void)snprintf((told)->vi, sizeof((told)->vi), vi_format, __VA_ARGS__),                       \
     (void)snprintf((told)->en, sizeof((told)->en), en_format, __VA_ARGS__))

#endif
