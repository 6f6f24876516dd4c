/* Reads a file in a thread of its own, so that the engine's loop goes on: opening a workbook takes a child process and seconds. */
#ifndef MOOC_FILE_READER_H
#define MOOC_FILE_READER_H

#include "correction_read.h"
#include "files_job.h"
#include "../../common/roster_read.h"
#include "table_read.h"
#include "totals_read.h"

/* What to read it as. */
struct file_format {
    bool corrections; /* else */
    enum files_kind kind;
    bool leave_examples; /* those of the kind's template out: they are no data */
    enum text_encoding encoding;
    const struct table_mapping *columns; /* NULL = recognised */
};

struct file_reader;

/* What came out; one of the lists, or err. The texts belong to it. */
struct file_contents {
    struct roster_list *roster;
    struct totals_list *totals;
    struct correction_list *corrections;
    struct table_list *table;
    struct sheet_book *book; /* the cells themselves */
    char encoding[300];      /* what the text was, for people */
    size_t example_rows;     /* of the template, left out */
    size_t sheet_count;
    char **sheet_names;
    struct error err;
};

/* reference, and the texts in settings, must outlive the reader. settings may be NULL for corrections. */
struct file_reader *file_reader_start(const char *path, const struct file_format *format,
                                      const struct roster_settings *settings);
/* NULL while it reads; then what came out, which stays the reader's. */
const struct file_contents *file_reader_done(struct file_reader *reader);
/* Waits until it is read; for commands. */
const struct file_contents *file_reader_wait(struct file_reader *reader);
/* Waits for the thread; NULL-safe. */
void file_reader_free(struct file_reader *reader);

#endif
