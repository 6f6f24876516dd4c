/* A piece of work for a files source: what a command hands over in the spool, and what a file in the watched folder becomes. */
#ifndef MOOC_FILES_JOB_H
#define MOOC_FILES_JOB_H

#include "../../common/error.h"
#include "../../common/text_buffer.h"
#include "../../common/text_encoding.h"
#include "files_kind.h"

enum files_command { FILES_IMPORT, FILES_CORRECT, FILES_REVOKE, FILES_DEAD_RETRY };

struct files_job {
    char id[64]; /* names the import in events, too */
    enum files_command command;
    char file[256];  /* the file's own name, as operators know it */
    char path[4096]; /* where its bytes are now */
    enum files_kind kind;
    enum text_encoding encoding; /* forced, or ENCODING_AUTO */
    bool complete;           /* the list is all of what it is about: wave and unit, course, class */
    bool preview;            /* tell what would change */
    char wave[64], unit[64]; /* "" = not given */
    char target[64];         /* the import that is revoked; "" = none */
    char by[64], reason[512]; /* who asked for it, and why; "" */
    int64_t received_us;      /* when it was handed in; 0 = now */
    bool received_as_saved; /* nobody said so: it is when the file was saved. Not part of the text */
};

void files_job_encode(const struct files_job *job, struct text_buffer *out);
/* ERROR_DATA when it is no job. The id is not part of the text. */
bool files_job_decode(const char *text, size_t length, struct files_job *job, struct error *err)
    MUST_CHECK;

/* "20231002T101530123456-1f3a", as the spool names its jobs: ids sort by time. */
void files_new_id(char out[64]);
int64_t files_id_time(const char *id); /* when it was made, by whole seconds (µs); 0 where it says none */

/* The last part of a path, cleaned (NFC), at most 250 bytes. */
void files_base_name(const char *path, char out[256]);
/* Creates the folder and those above it, mode 0700. */
bool files_make_folder(const char *path, struct error *err) MUST_CHECK;
/* Copies bytes into a new file of mode 0600. The error is retriable where room or handles were missing. */
bool files_copy(const char *from, const char *to, struct error *err) MUST_CHECK;
/* Removes a folder with its files, one level deep. */
void files_remove_folder(const char *path);
/* Removes the folders below that were not changed for longer, with their files. */
void files_prune_folders(const char *path, int64_t older_than_ms);

#endif
