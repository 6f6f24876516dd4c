/* Rejected records as they are kept on this machine: <data_dir>/quarantine/<source>/<name>.json, mode 0600, one file each. Whatever
 * else a source keeps of the record, each file says the dead letter's entity, reason and masked detail, and where it came from. */
#ifndef MOOC_INGEST_LETTERS_H
#define MOOC_INGEST_LETTERS_H

#include "../../common/error.h"
#include "../../common/event.h"

struct letter {
    char id[128]; /* the file's name without ".json": what operators call it */
    char path[4096];
    const char *entity, *reason, *detail;
    const char *kind; /* of file that it stood in; "" of platforms */
    const char *import, *file, *sheet,
        *about;  /* about: the platform's course or stream; each may be "" */
    int64_t row; /* 0 = none */
};

/* Notes a dead letter that nothing else is kept of (its file is: by its import). id: "<kind>.<hash at the end of the entity>". */
bool letters_put(const char *data_dir, const char *source, const char *kind, const struct event *e,
                 struct error *err) MUST_CHECK;

/* Calls back for each letter of the source; return false to stop. The texts live until the call returns. */
typedef bool (*letters_visit)(void *context, const struct letter *letter);
void letters_for_each(const char *data_dir, const char *source, letters_visit visit, void *context);

#endif
