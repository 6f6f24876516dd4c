/* A reference folder of small files made for one test. */
#ifndef MOOC_TEST_REFERENCE_FOLDER_H
#define MOOC_TEST_REFERENCE_FOLDER_H

#include "../../../common/error.h"

struct folder {
    char path[64];
};

#define FOLDER_UNITS                                                                               \
    "code,name,printed_name,aliases,kind,parent,territory,print_order,valid_from,valid_to,"        \
    "successor\n"
#define FOLDER_WAVES "code,training,province,name,printed_name,begins,ends,kind,print_order\n"

/* Units P and P-A below it, training T, wave W, a course, a target, a holiday: no fault in it. */
struct folder folder_good(void);
void folder_put(const struct folder *f, const char *name, const char *text);
void folder_drop(const struct folder *f);

/* For reference_load's report: what it said, a line each. Emptied by the caller. */
extern char folder_reported[8192];
void folder_note(void *context, const struct error *fault);

/* The good folder with one file changed (text NULL: taken away) is refused, and a fault holds the expected text. */
void folder_assert_fault(const char *file, const char *text, const char *expected);

#endif
