/* Is an export what its manifest says, and is that what the archive holds? */
#ifndef MOOC_ARCHIVE_CHECK_H
#define MOOC_ARCHIVE_CHECK_H

#include "../pg.h"
#include "archive_read.h"

/* What is wrong, one line each. */
struct archive_faults {
    bool vietnamese; /* what they are written in, else English */
    size_t count;
    size_t stale; /* of them: months whose rows changed since; the next export writes these anew */
    char **lines;
};
void archive_faults_free(struct archive_faults *faults);

/* Reads every file to its end. False only where the reading was stopped: what is wrong stands in faults. */
bool archive_check_files(const struct archive_export *export, struct archive_faults *faults,
                         struct error *err) MUST_CHECK;

/* Compares rows and hashes of every whole month with the archive's, or with what was detached, and notes in archive.exports, under
 * the folder's name, those that are equal. *months: how many were compared. False: the database could not be asked. */
bool archive_check_database(const struct archive_export *export, struct pg *pg, const char *folder,
                            size_t *months, struct archive_faults *faults, struct error *err)
    MUST_CHECK;

/* Compares with the records that Kafka still holds of those before archive_through; of each partition the first difference is told.
 * What the export has as erased may still have its value there. *records: how many were compared. False: Kafka could not be asked. */
bool archive_check_log(const struct archive_export *export, const struct options *options,
                       int64_t *records, struct archive_faults *faults, struct error *err) MUST_CHECK;
/* Adds a line. */
void archive_fault(struct archive_faults *faults, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
