/* Writes the archive into a folder: months that are over and whole, each at most once; and again where their rows changed. */
#ifndef MOOC_ARCHIVE_EXPORT_H
#define MOOC_ARCHIVE_EXPORT_H

#include "../../common/tell.h"
#include "../pg.h"

struct archive_wish {
    const char *dir;
    const char *month; /* "2026-03": only this one; NULL: all */
    bool open_months;  /* also months that are not over, as far as they are */
};

struct archive_outcome {
    size_t months; /* written now */
    int64_t rows, bytes;
    struct told waiting; /* why the first month that is not whole yet was left out; "": none was */
};

bool archive_export(const struct options *options, const struct archive_wish *wish,
                    struct archive_outcome *outcome, struct error *err) MUST_CHECK;

#endif
