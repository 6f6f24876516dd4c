/* Rows of a list to events: identifiers keyed, corrections applied, nothing personal left. Pure but for the key. */
#ifndef MOOC_ROSTER_MAP_H
#define MOOC_ROSTER_MAP_H

#include "../../common/event.h"
#include "../../common/roster_read.h"
#include "row_correction.h"

/* What a list is imported as. */
struct roster_origin {
    const char *source, *wave, *import_id, *file;
};

/* An event about one row, with the room for its texts. Do not copy: the event points into it. */
struct roster_event {
    struct event event; /* roster.listed, or record.rejected when `rejected` */
    bool rejected;
    char row_key[33]; /* HMAC of the row's content */
    char entity[EVENT_MAX_KEY + 1], subject[IDENTITY_KEY], substream[80], unit[64], sheet[256],
        file[256], detail[640], name[IDENTITY_KEY];
    char identifiers[ROSTER_MAX_EMAILS + 2][IDENTITY_KEY];
};

/* Fills *out for person `index` (one that was not merged into another row). correction: what is known of the row, may be empty. */
void roster_map(struct hmac *hmac, const struct roster_origin *origin,
                const struct roster_person *person, const char *sheet_name,
                const struct row_correction *correction, struct roster_event *out);

/* Of a row's faults (bits) those that the correction does not put right. */
unsigned roster_faults_left(unsigned faults, const struct row_correction *correction);

/* What is wrong with a row that was rejected, in Vietnamese for the answer (the event says it in English), without its e-mail. */
#define ROSTER_WORDS 600
void roster_rejected_words(const struct roster_person *person, char vi[ROSTER_WORDS]);

/* The strongest way to name the row's account for a link: its first keyed e-mail, else citizen number, else phone; false if the
 * row has none. */
bool roster_link_key(struct hmac *hmac, const struct roster_person *person,
                     const struct row_correction *correction, char out[IDENTITY_KEY]);

/* identity.linked between two keyed identifiers; entity "link:<a>:<b>" with a < b. */
struct link_event {
    struct event event;
    char entity[EVENT_MAX_KEY + 1], file[256], sheet[256];
};
void roster_map_link(const struct roster_origin *origin, const char *sheet_name, int64_t row,
                     const char *a, const char *b, struct link_event *out);

/* "<wave>/<unit>", and "<wave>/-" for rows without a known unit. */
void roster_substream(const char *wave, const char *unit, char out[80]);

#endif
