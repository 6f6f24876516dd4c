/* Rows of results, attendance and head counts to events: identifiers keyed, nothing personal left. Pure but for the key. */
#ifndef MOOC_TABLE_MAP_H
#define MOOC_TABLE_MAP_H

#include "../../common/event.h"
#include "../../common/identity.h"
#include "../../common/reference.h"
#include "table_read.h"

/* What a file is imported as. */
struct table_origin {
    struct hmac *hmac;
    const struct reference *reference;
    enum files_kind kind;
    const char *source,
        *platform;           /* platform: whose accounts the user names are; NULL = the source's */
    const char *wave, *unit; /* of the whole file; "" = as the rows say */
    const char *import_id, *file, *sheet;
};

enum table_stream {
    TABLE_STREAM_ACCOUNTS,
    TABLE_STREAM_GRADES,
    TABLE_STREAM_ATTENDANCE,
    TABLE_STREAM_HEADCOUNTS
};

#define TABLE_SUBSTREAM 320

/* One event of a row. The texts live until the call returns. */
struct table_fact {
    struct event event;
    enum table_stream stream;
    const char *substream;
    uint8_t status;
};
typedef void (*table_emit)(void *context, const struct table_fact *fact);

/* Why a row is no event: reason is a code, detail names no person. */
struct table_reject {
    const char *reason;
    char detail[400];
};

/* Emits the row's events (none for an absent person). False: nothing was emitted, *reject says why. */
bool table_map(const struct table_origin *origin, const struct table_row *row, table_emit emit,
               void *context, struct table_reject *reject) MUST_CHECK;

/* "dead:<kind>:<32 hex>", from the row's content. */
void table_dead_entity(const struct table_origin *origin, const struct table_row *row,
                       char out[EVENT_MAX_KEY + 1]);

/* The sub-stream that an attendance event belongs to, also when read back from the log: "<wave>/<class>", of head counts
 * "<wave>/<unit>/<class>", the class as a hash. */
void table_attendance_substream(const struct event *e, char out[TABLE_SUBSTREAM]);

#endif
