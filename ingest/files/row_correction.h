/* What a correction changes in a row, without personal data: kept in the shard's state under the row's key, so that sending the
 * uncorrected list again does not undo it. Pure. */
#ifndef MOOC_ROW_CORRECTION_H
#define MOOC_ROW_CORRECTION_H

#include "../../common/base.h"
#include "../../common/crypto.h"
#include "../../common/identity.h"
#include "../../common/roster_cells.h"

#define ROW_FORMERS 16 /* the oldest ones beyond that are forgotten */

struct row_correction {
    size_t email_count;
    char emails[ROSTER_MAX_EMAILS][IDENTITY_KEY];    /* keyed; replace those of the row */
    char citizen[IDENTITY_KEY], phone[IDENTITY_KEY]; /* keyed; "" = as the row says */
    char unit[64];                                   /* code; "" = as the row says */
    bool one_person;                                 /* listed twice: confirmed, no longer told */
    /* From when the row counts by its list, and by the last correction if it was to count from another day, else 0: seconds. */
    uint32_t listed, given;
    size_t former_count;
    struct key128 formers[ROW_FORMERS]; /* hashes of the entities that the row was before */
};

/* Name of the cursor: "correction:<32 hex>", the HMAC of the row's content. */
#define ROW_CORRECTION_NAME 48
void row_correction_name(struct hmac *hmac, const char *content, char out[ROW_CORRECTION_NAME]);

/* "email=email:…,email:…;citizen=…;phone=…;unit=HG-SYTE;twice=1;listed=1695142800;given=1695574800;was=<32 hex>,<32 hex>" */
#define ROW_CORRECTION_VALUE 2048
void row_correction_encode(const struct row_correction *c, char out[ROW_CORRECTION_VALUE]);
/* Unknown parts are ignored; NULL or "" gives the empty correction. */
void row_correction_decode(const char *value, struct row_correction *c);
/* What `later` says goes before what *c said. */
void row_correction_merge(struct row_correction *c, const struct row_correction *later);
/* The row was this entity; once is enough. */
void row_correction_add_former(struct row_correction *c, struct key128 entity);

#endif
