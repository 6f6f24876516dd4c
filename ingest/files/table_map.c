#include "table_map_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/text.h"

#undef table_refuse /* the function itself */
bool table_refuse(const struct table_mapping_row *m, const char *reason, const char *format, ...)
{
    char text[1200];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    m->reject->reason = reason;
    (void)snprintf(m->reject->detail, sizeof(m->reject->detail), "%.*s",
                   text_fit(text, sizeof(m->reject->detail) - 1), text);
    return false;
}

static bool same_text(const char *a, const char *b)
{
    char x[1024], y[1024];
    return a[0] != '\0' && text_fold(a, x, sizeof(x)) && text_fold(b, y, sizeof(y)) &&
           strcmp(x, y) == 0;
}

bool table_is_personal(const struct table_mapping_row *m, const char *cell)
{
    return roster_is_identifier(cell) || same_text(cell, m->row->cell[TABLE_NAME]) ||
           same_text(cell, m->row->cell[TABLE_ACCOUNT]);
}

const char *table_quote(const struct table_mapping_row *m, const char *cell, char out[TABLE_QUOTE])
{
    bool personal = table_is_personal(m, cell);
    (void)snprintf(out, TABLE_QUOTE, "%.*s", personal ? 3 : text_fit(cell, TABLE_QUOTE - 1),
                   personal ? "***" : cell);
    return out;
}

/* ---- the person ---- */

static void key_emails(const struct table_mapping_row *m, struct table_person *p, bool *malformed)
{
    struct arena arena = {0};
    const char *emails[ROSTER_MAX_EMAILS];
    *malformed = roster_emails(&arena, m->row->cell[TABLE_EMAIL], emails, &p->email_count) ==
                 IDENTITY_MALFORMED;
    for (size_t i = 0; i < p->email_count; i++)
        identity_key(m->origin->hmac, "email", emails[i], p->emails[i]);
    arena_free(&arena);
}

static void take_name(const struct table_mapping_row *m, struct table_person *p)
{
    const char *family = m->row->cell[TABLE_NAME], *given = m->row->cell[TABLE_GIVEN];
    int length = snprintf(p->name, sizeof(p->name), "%s%s%s", family,
                          family[0] != '\0' && given[0] != '\0' ? " " : "", given);
    if (length < 0 || roster_is_error(family) || roster_is_error(given) ||
        (size_t)length >= sizeof(p->name) ||
        !identity_name_key(m->origin->hmac, p->name, p->name_key))
        p->name_key[0] = '\0';
}

bool table_take_person(const struct table_mapping_row *m, struct table_person *p)
{
    char normal[IDENTITY_TEXT], masked[64];
    bool malformed = false;
    memset(p, 0, sizeof(*p));
    take_name(m, p);
    key_emails(m, p, &malformed);
    enum identity_fault fault = roster_citizen(m->row->cell[TABLE_CITIZEN], normal);
    malformed = malformed || fault == IDENTITY_MALFORMED;
    if (fault == IDENTITY_OK)
        identity_key(m->origin->hmac, "citizen", normal, p->citizen);
    fault = roster_phone(m->row->cell[TABLE_PHONE], normal);
    malformed = malformed || fault == IDENTITY_MALFORMED;
    if (fault == IDENTITY_OK)
        identity_key(m->origin->hmac, "phone", normal, p->phone);
    (void)roster_birth_date(m->row->cell[TABLE_BIRTH], p->birth_date);
    if (!text_narrow(m->row->cell[TABLE_ACCOUNT], p->account, sizeof(p->account)))
        p->account[0] = '\0';
    if (table_strongest(p) != NULL || p->account[0] != '\0')
        return true;
    identity_mask(m->row->cell[TABLE_EMAIL], masked, sizeof(masked));
    if (malformed)
        return table_refuse(m, "identifier_malformed",
                            "no e-mail, citizen number or phone of the row can be one; e-mail %s",
                            masked);
    if (p->name_key[0] == '\0')
        return table_refuse(m, "name_missing", "the row names nobody");
    return true;
}

const char *table_strongest(const struct table_person *p)
{
    return p->citizen[0] != '\0' ? p->citizen
           : p->email_count > 0  ? p->emails[0]
           : p->phone[0] != '\0' ? p->phone
                                 : NULL;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void table_identify(const struct table_person *p, struct event *e)
{
    struct event_list *list = &e->identifiers;
    list->count = 0;
    for (size_t i = 0; i < p->email_count; i++)
        list->items[list->count++] = p->emails[i];
    qsort(list->items, list->count, sizeof(list->items[0]), compare_texts);
    if (p->citizen[0] != '\0')
        list->items[list->count++] = p->citizen;
    if (p->phone[0] != '\0')
        list->items[list->count++] = p->phone;
    if (list->count > 0)
        e->present |= 1ULL << FIELD_IDENTIFIERS;
    if (p->name_key[0] != '\0') {
        e->name = p->name_key;
        e->present |= 1ULL << FIELD_NAME;
    }
}

/* ---- events ---- */

struct event table_event(const struct table_mapping_row *m, enum event_type type)
{
    const struct table_origin *o = m->origin;
    return (struct event){.type = type,
                          .type_name = event_type_name(type),
                          .source = o->source,
                          .time_observed = true,
                          .import_id = o->import_id,
                          .file = o->file,
                          .sheet = o->sheet[0] != '\0' ? o->sheet : NULL,
                          .row = m->row->row};
}

void table_hash(const char *text, char out[17])
{
    char folded[1024];
    uint8_t bytes[16];
    if (!text_fold(text, folded, sizeof(folded)))
        (void)snprintf(folded, sizeof(folded), "%s", text);
    key128_store(key128_of(folded, strlen(folded)), bytes);
    hex_encode(bytes, 8, out);
}

void table_attendance_substream(const struct event *e, char out[TABLE_SUBSTREAM])
{
    char class_hash[17];
    const char *wave = e->wave != NULL ? e->wave : "-", *unit = e->unit != NULL ? e->unit : "-";
    table_hash(e->class_name != NULL ? e->class_name : "", class_hash);
    if (e->subject != NULL)
        (void)snprintf(out, TABLE_SUBSTREAM, "%.64s/%s", wave, class_hash);
    else
        (void)snprintf(out, TABLE_SUBSTREAM, "%.64s/%.64s/%s", wave, unit, class_hash);
}

void table_dead_entity(const struct table_origin *origin, const struct table_row *row,
                       char out[EVENT_MAX_KEY + 1])
{
    char hex[33];
    hmac_hex(origin->hmac, "table row", row->content, strlen(row->content), hex);
    (void)snprintf(out, EVENT_MAX_KEY + 1, "dead:%s:%.64s:%s", files_kind_name(origin->kind),
                   origin->source, hex);
}

bool table_map(const struct table_origin *origin, const struct table_row *row, table_emit emit,
               void *context, struct table_reject *reject)
{
    const struct table_mapping_row m = {origin, row, emit, context, reject};
    switch (origin->kind) {
    case FILES_RESULTS:
        return table_map_result(&m);
    case FILES_ATTENDANCE:
        return table_map_attendance(&m);
    default:
        return table_map_headcount(&m);
    }
}
