#include "roster_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/roster_keys.h"
#include "../../common/text.h"

#define FIELD_BIT(field) (1ULL << FIELD_##field)

/* Cut at a character's edge: event texts have an upper bound. */
static void copy_text(char *out, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0U) == 0x80U)
            length--;
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

void roster_substream(const char *wave, const char *unit, char out[80])
{
    (void)snprintf(out, 80, "%.38s/%.38s", wave, unit != NULL ? unit : "-");
}

/* A row's identifiers after its correction. */
static void key_all(struct hmac *hmac, const struct roster_person *p,
                    const struct row_correction *c, struct roster_keys *keys)
{
    roster_keys_of(hmac, p, keys);
    if (c->citizen[0] != '\0')
        memcpy(keys->citizen, c->citizen, sizeof(keys->citizen));
    if (c->phone[0] != '\0')
        memcpy(keys->phone, c->phone, sizeof(keys->phone));
    if (c->email_count == 0)
        return;
    keys->email_count = c->email_count;
    memcpy(keys->emails, c->emails, sizeof(keys->emails));
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void list_identifiers(const struct roster_keys *keys, struct roster_event *out)
{
    struct event_list *list = &out->event.identifiers;
    char sorted[ROSTER_MAX_EMAILS][IDENTITY_KEY];
    memcpy(sorted, keys->emails, sizeof(sorted));
    qsort(sorted, keys->email_count, IDENTITY_KEY, compare_keys);
    size_t count = 0;
    if (keys->citizen[0] != '\0')
        memcpy(out->identifiers[count++], keys->citizen, IDENTITY_KEY);
    for (size_t i = 0; i < keys->email_count; i++)
        memcpy(out->identifiers[count++], sorted[i], IDENTITY_KEY);
    if (keys->phone[0] != '\0')
        memcpy(out->identifiers[count++], keys->phone, IDENTITY_KEY);
    for (size_t i = 0; i < count; i++)
        list->items[i] = out->identifiers[i];
    list->count = count;
    if (count > 0)
        out->event.present |= FIELD_BIT(IDENTIFIERS);
}

unsigned roster_faults_left(unsigned faults, const struct row_correction *c)
{
    if (c->email_count > 0)
        faults &= ~((1U << ROSTER_EMAIL_MALFORMED) | (1U << ROSTER_EMAIL_MISSING) |
                    (1U << ROSTER_EMAIL_SHARED));
    if (c->citizen[0] != '\0')
        faults &= ~(1U << ROSTER_CITIZEN_MALFORMED);
    if (c->phone[0] != '\0')
        faults &= ~(1U << ROSTER_PHONE_MALFORMED);
    if (c->one_person)
        faults &= ~(1U << ROSTER_LISTED_TWICE);
    if (c->unit[0] != '\0')
        faults &= ~(1U << ROSTER_UNIT_UNKNOWN);
    return faults;
}

static void list_faults(unsigned faults, struct event *e)
{
    for (enum roster_fault fault = 0; fault < ROSTER_EVENT_FAULTS; fault++) {
        if ((faults >> fault) & 1U)
            e->faults.items[e->faults.count++] = roster_fault_name(fault);
    }
    if (e->faults.count > 0)
        e->present |= FIELD_BIT(FAULTS);
}

static void set_origin(const struct roster_origin *origin, const char *sheet_name, int64_t row,
                       struct event *e, char file[256], char sheet[256])
{
    copy_text(file, 256, origin->file);
    copy_text(sheet, 256, sheet_name);
    e->source = origin->source;
    e->import_id = origin->import_id;
    e->file = file;
    e->sheet = sheet[0] != '\0' ? sheet : NULL;
    e->row = row;
    e->time_observed = true;
}

static bool same_name(const char *a, const char *b)
{
    char x[512], y[512];
    return text_fold(a, x, sizeof(x)) && text_fold(b, y, sizeof(y)) && strcmp(x, y) == 0;
}

/* The unit as written, for the operator; masked when columns slipped and it is the person. */
static void describe_unit(const struct roster_person *p, char *out, size_t size)
{
    if (roster_is_identifier(p->unit_text) || same_name(p->unit_text, p->name))
        identity_mask(p->unit_text, out, size);
    else
        copy_text(out, size, p->unit_text);
}

static void describe_rejected(const struct roster_person *p, struct roster_event *out)
{
    char unit[200], suggestions[250], email[64];
    describe_unit(p, unit, sizeof(unit));
    copy_text(suggestions, sizeof(suggestions), p->suggestions);
    identity_mask(p->email_count > 0 ? p->emails[0] : p->raw_email, email, sizeof(email));
    if (p->faults & (1U << ROSTER_NAME_MISSING))
        (void)snprintf(out->detail, sizeof(out->detail), "the row has no name; e-mail %s", email);
    else if (unit[0] == '\0')
        (void)snprintf(out->detail, sizeof(out->detail),
                       "no unit is named in the row, a heading or the letterhead; e-mail %s", email);
    else
        (void)snprintf(out->detail, sizeof(out->detail), "unit \"%s\" is not known%s%s; e-mail %s",
                       unit, suggestions[0] != '\0' ? "; nearest: " : "", suggestions, email);
}

void roster_rejected_words(const struct roster_person *p, char vi[ROSTER_WORDS])
{
    char unit[200], suggestions[250];
    describe_unit(p, unit, sizeof(unit));
    copy_text(suggestions, sizeof(suggestions), p->suggestions);
    if (p->faults & (1U << ROSTER_NAME_MISSING))
        (void)snprintf(vi, ROSTER_WORDS, "dòng không có họ tên");
    else if (unit[0] == '\0')
        (void)snprintf(vi, ROSTER_WORDS,
                       "không thấy tên đơn vị trong dòng, trong tiêu đề mục và ở đầu danh sách");
    else
        (void)snprintf(vi, ROSTER_WORDS, "đơn vị \"%s\" chưa có trong danh mục%s%s", unit,
                       suggestions[0] != '\0' ? "; gần giống: " : "", suggestions);
}

static void map_rejected(const struct roster_origin *origin, const struct roster_person *p,
                         struct roster_event *out)
{
    struct event *e = &out->event;
    out->rejected = true;
    e->type = EVENT_RECORD_REJECTED;
    (void)snprintf(out->entity, sizeof(out->entity), "dead:roster:%.64s:%s", origin->wave,
                   out->row_key);
    roster_substream(origin->wave, NULL, out->substream);
    describe_rejected(p, out);
    e->reason = roster_fault_name(p->faults & (1U << ROSTER_NAME_MISSING) ? ROSTER_NAME_MISSING
                                                                          : ROSTER_UNIT_UNKNOWN);
    e->detail = out->detail;
    e->stream = "roster";
    e->substream = out->substream;
    e->present |= FIELD_BIT(REASON) | FIELD_BIT(DETAIL) | FIELD_BIT(STREAM) | FIELD_BIT(SUBSTREAM);
}

static void map_listed(struct hmac *hmac, const struct roster_origin *origin,
                       const struct roster_person *p, const struct row_correction *c,
                       struct roster_event *out)
{
    struct event *e = &out->event;
    struct roster_keys keys;
    key_all(hmac, p, c, &keys);
    copy_text(out->unit, sizeof(out->unit), c->unit[0] != '\0' ? c->unit : p->unit);
    roster_keys_subject(hmac, &keys, out->unit, p, out->subject);
    e->type = EVENT_ROSTER_LISTED;
    e->subject = out->subject;
    (void)snprintf(out->entity, sizeof(out->entity), "roster:%.64s:%s:%s", origin->wave, out->unit,
                   out->subject);
    roster_substream(origin->wave, out->unit, out->substream);
    e->unit = out->unit;
    e->present |= FIELD_BIT(UNIT);
    if (p->group[0] != '\0') {
        e->group = p->group;
        e->present |= FIELD_BIT(GROUP);
    }
    for (size_t i = 0; i < p->audience_count; i++)
        e->audience.items[e->audience.count++] = p->audiences[i];
    if (p->audience_count > 0)
        e->present |= FIELD_BIT(AUDIENCE);
    if (p->invited_by[0] != '\0') {
        e->invited_by = p->invited_by;
        e->present |= FIELD_BIT(INVITED_BY);
    }
    if (identity_name_key(hmac, p->name, out->name)) {
        e->name = out->name;
        e->present |= FIELD_BIT(NAME);
    }
    list_identifiers(&keys, out);
    list_faults(roster_faults_left(p->faults, c), e);
}

void roster_map(struct hmac *hmac, const struct roster_origin *origin,
                const struct roster_person *person, const char *sheet_name,
                const struct row_correction *correction, struct roster_event *out)
{
    memset(out, 0, sizeof(*out));
    hmac_hex(hmac, "row content", person->content, strlen(person->content), out->row_key);
    bool nameless = (person->faults >> ROSTER_NAME_MISSING) & 1U;
    if (nameless || (person->unit == NULL && correction->unit[0] == '\0'))
        map_rejected(origin, person, out);
    else
        map_listed(hmac, origin, person, correction, out);
    out->event.entity = out->entity;
    out->event.wave = origin->wave;
    out->event.present |= FIELD_BIT(WAVE);
    set_origin(origin, sheet_name, person->row, &out->event, out->file, out->sheet);
}

bool roster_link_key(struct hmac *hmac, const struct roster_person *person,
                     const struct row_correction *correction, char out[IDENTITY_KEY])
{
    struct roster_keys keys;
    key_all(hmac, person, correction, &keys);
    const char *key = keys.email_count > 0      ? keys.emails[0]
                      : keys.citizen[0] != '\0' ? keys.citizen
                                                : keys.phone;
    memcpy(out, key, IDENTITY_KEY);
    return out[0] != '\0';
}

void roster_map_link(const struct roster_origin *origin, const char *sheet_name, int64_t row,
                     const char *a, const char *b, struct link_event *out)
{
    struct event *e = &out->event;
    memset(out, 0, sizeof(*out));
    if (strcmp(a, b) > 0) {
        const char *swap = a;
        a = b;
        b = swap;
    }
    (void)snprintf(out->entity, sizeof(out->entity), "link:%.140s:%.140s", a, b);
    e->type = EVENT_IDENTITY_LINKED;
    e->entity = out->entity;
    e->identifiers.items[0] = a;
    e->identifiers.items[1] = b;
    e->identifiers.count = 2;
    e->present = FIELD_BIT(IDENTIFIERS);
    set_origin(origin, sheet_name, row, e, out->file, out->sheet);
}
