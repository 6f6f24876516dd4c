/* What the files of table_map share. */
#ifndef MOOC_TABLE_MAP_INTERNAL_H
#define MOOC_TABLE_MAP_INTERNAL_H

#include "../../common/roster_cells.h"
#include "table_map.h"

struct table_mapping_row {
    const struct table_origin *origin;
    const struct table_row *row;
    table_emit emit;
    void *context;
    struct table_reject *reject;
};

/* Who the row is about, keyed. */
struct table_person {
    char citizen[IDENTITY_KEY], phone[IDENTITY_KEY], emails[ROSTER_MAX_EMAILS][IDENTITY_KEY];
    size_t email_count;
    char name_key[IDENTITY_KEY];                                     /* "" = no name */
    char name[512], birth_date[ROSTER_DATE], account[IDENTITY_TEXT]; /* in clear: not into events */
};

/* Returns false. */
bool table_refuse(const struct table_mapping_row *m, const char *reason, const char *format, ...)
    PRINTF_LIKE(3, 4);
#define table_refuse(...) error_false(table_refuse(__VA_ARGS__))

/* What a cell says, for a message: cut short between characters, masked where it is the person's. */
#define TABLE_QUOTE 128
const char *table_quote(const struct table_mapping_row *m, const char *cell, char out[TABLE_QUOTE]);
/* Columns slipped: where a class or a unit should stand is the person's number, address or name. */
bool table_is_personal(const struct table_mapping_row *m, const char *cell);

/* False when the row names nobody, or somebody by nothing that can be told apart. */
bool table_take_person(const struct table_mapping_row *m, struct table_person *out) MUST_CHECK;
/* The strongest of its identifiers; NULL when there is none. */
const char *table_strongest(const struct table_person *p);
void table_identify(const struct table_person *p, struct event *e);

/* Source and origin of an event of this row. */
struct event table_event(const struct table_mapping_row *m, enum event_type type);

/* 16 hex digits of a text that is no personal data, compared as people do. */
void table_hash(const char *text, char out[17]);

bool table_map_result(const struct table_mapping_row *m) MUST_CHECK;
bool table_map_attendance(const struct table_mapping_row *m) MUST_CHECK;
bool table_map_headcount(const struct table_mapping_row *m) MUST_CHECK;

#endif
