#include "correct_row.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/text.h"
#include "quarantine.h"
#include "row_lookup.h"

/* The row as the sheet of corrections names it; *own is that very row, the result the row that stands for the person. */
static const struct roster_person *find_row(const struct correct_list *list,
                                            const struct correction *c, size_t *index,
                                            const struct roster_person **own)
{
    char wanted[256], name[256];
    if (!text_fold(c->sheet, wanted, sizeof(wanted)))
        return NULL;
    for (size_t i = 0; i < list->roster->person_count; i++) {
        const struct roster_person *p = &list->roster->persons[i];
        if (p->row != c->row || !text_fold(list->sheet_names[p->sheet], name, sizeof(name)))
            continue;
        /* A book with one sheet needs no sheet named. */
        if (strcmp(name, wanted) != 0 && !(wanted[0] == '\0' && list->sheet_count == 1))
            continue;
        *own = p;
        *index = p->same_as != SIZE_MAX ? p->same_as : i;
        return &list->roster->persons[*index];
    }
    return NULL;
}

const struct roster_person *correct_row_find(const struct correct_list *list,
                                             const struct correction *c, size_t *index)
{
    const struct roster_person *own = NULL;
    return find_row(list, c, index, &own);
}

/* The faults of a row that a correction of this kind is made for; 0 = no list shows them by itself. */
static unsigned faults_for(enum correction_kind kind)
{
    switch (kind) {
    case CORRECT_EMAIL:
        return 1U << ROSTER_EMAIL_MALFORMED | 1U << ROSTER_EMAIL_MISSING | 1U << ROSTER_EMAIL_SHARED;
    case CORRECT_ONE_PERSON:
        return 1U << ROSTER_LISTED_TWICE;
    case CORRECT_UNIT:
        return 1U << ROSTER_UNIT_UNKNOWN;
    case CORRECT_CITIZEN:
        return 1U << ROSTER_CITIZEN_MALFORMED;
    case CORRECT_PHONE:
        return 1U << ROSTER_PHONE_MALFORMED;
    case CORRECT_ACCOUNT_EMAIL:
        break;
    }
    return 0;
}

bool correct_row_fits(const struct correct_list *list, const struct correction *c)
{
    const struct roster_person *own = NULL;
    size_t index = 0;
    const struct roster_person *p = find_row(list, c, &index, &own);
    unsigned wanted = faults_for(c->kind);
    return p != NULL && (wanted == 0 || ((p->faults | own->faults) & wanted) != 0);
}

static bool effect_of(const struct correct_list *list, const struct correction *c,
                      struct row_correction *effect, const char **reason)
{
    struct hmac *hmac = list->env->context->hmac;
    memset(effect, 0, sizeof(*effect));
    switch (c->kind) {
    case CORRECT_EMAIL:
        identity_key(hmac, "email", c->value, effect->emails[0]);
        effect->email_count = 1;
        break;
    case CORRECT_CITIZEN:
        identity_key(hmac, "citizen", c->value, effect->citizen);
        break;
    case CORRECT_PHONE:
        identity_key(hmac, "phone", c->value, effect->phone);
        break;
    case CORRECT_ONE_PERSON:
        effect->one_person = true;
        break;
    case CORRECT_UNIT: {
        const struct reference_unit *unit =
            reference_match_unit(list->reference, list->province, c->value, NULL, 0);
        if (unit == NULL) {
            *reason = "unit_unknown";
            return false;
        }
        (void)snprintf(effect->unit, sizeof(effect->unit), "%s", unit->code);
        break;
    }
    case CORRECT_ACCOUNT_EMAIL:
        break;
    }
    return true;
}

/* ---- from when it counts ---- */

/* A correction says what the row should have said: it counts from when the row does by its list, whatever earlier corrections were
 * to count from; *listed is that second. */
static uint32_t counts_from(const struct correct_list *list, const struct shard *shard,
                            const struct row_correction *known, const char *before,
                            const char *after, uint32_t *listed)
{
    int64_t us = shard_counts_from(shard, before);
    if (us == 0)
        us = shard_counts_from(shard, after);
    *listed = (uint32_t)(us / 1000000);
    if (known->given > 0 && *listed == known->given)
        *listed = known->listed;
    return list->received_us > 0 ? (uint32_t)(list->received_us / 1000000) : *listed;
}

/* ---- what it does ---- */

static enum correct_result link_account(const struct correct_list *list, struct shard *shard,
                                        const struct correction *c, const struct roster_person *p,
                                        const struct row_correction *known, const char **reason)
{
    char a[IDENTITY_KEY], b[IDENTITY_KEY];
    struct link_event link;
    struct roster_event mapped;
    uint32_t listed;
    identity_key(list->env->context->hmac, "email", c->value, b);
    if (!roster_link_key(list->env->context->hmac, p, known, a)) {
        *reason = "no_identifier"; /* give the row the address itself: fault email_missing */
        return CORRECT_FAILED;
    }
    if (strcmp(a, b) == 0) {
        *reason = "same_email";
        return CORRECT_FAILED;
    }
    roster_map_link(&list->origin, list->sheet_names[p->sheet], p->row, a, b, &link);
    struct observation seen = {
        .stream = &files_stream_corrections, .substream = "", .event = &link.event};
    roster_map(list->env->context->hmac, &list->origin, p, "", known, &mapped);
    uint32_t day = counts_from(list, shard, known, mapped.entity, mapped.entity, &listed);
    shard_seen_at(shard, (int64_t)day * 1000000);
    bool already = shard_observe(shard, &seen) == OBSERVE_UNCHANGED;
    shard_seen_at(shard, list->received_us);
    /* The platform must be asked for the account under its own address. */
    if (list->emails != NULL && !mapped.rejected)
        listed_changes_add(list->emails, list->env->source, mapped.substream, mapped.entity,
                           c->value);
    return already ? CORRECT_ALREADY : CORRECT_APPLIED;
}

static void follow_emails(const struct correct_list *list, const struct correction *c,
                          const struct roster_event *before, const struct roster_event *after,
                          const struct roster_person *p)
{
    if (list->emails == NULL || after->rejected)
        return;
    if (strcmp(before->entity, after->entity) != 0)
        listed_changes_remove(list->emails, before->entity);
    if (c->kind == CORRECT_EMAIL) {
        listed_changes_remove(list->emails, after->entity);
        listed_changes_add(list->emails, list->env->source, after->substream, after->entity,
                           c->value);
        return;
    }
    for (size_t i = 0; i < p->email_count; i++)
        listed_changes_add(list->emails, list->env->source, after->substream, after->entity,
                           p->emails[i]);
}

/* Takes the row from what it was to what it is. The shard sends both in one transaction. */
static enum correct_result replace(const struct correct_list *list, struct shard *shard,
                                   const struct roster_event *before, struct roster_event *after,
                                   bool changes)
{
    struct observation seen = {.stream = &files_stream_roster,
                               .substream = after->substream,
                               .event = &after->event,
                               .dated = changes};
    bool same = strcmp(before->entity, after->entity) == 0;
    if (before->rejected && !after->rejected) {
        char path[4096];
        shard_accept(shard, &files_stream_roster, list->env->source, before->substream,
                     before->entity);
        quarantine_path(list->env, list->origin.wave, before->row_key, path);
        (void)unlink(path);
    } else if (!same && !before->rejected) {
        shard_remove(shard, &files_stream_roster, list->env->source, before->substream,
                     before->entity, EVENT_ROSTER_REMOVED);
    }
    if (after->rejected) {
        shard_reject(shard, &seen);
        return CORRECT_APPLIED;
    }
    return shard_observe(shard, &seen) == OBSERVE_UNCHANGED ? CORRECT_ALREADY : CORRECT_APPLIED;
}

static void remember(const struct correct_list *list, struct shard *shard, const char *content,
                     const struct row_correction *effect)
{
    char name[ROW_CORRECTION_NAME], value[ROW_CORRECTION_VALUE];
    struct row_correction kept;
    row_lookup_one(list->env, shard, content, &kept);
    row_correction_merge(&kept, effect);
    row_correction_encode(&kept, value);
    row_correction_name(list->env->context->hmac, content, name);
    shard_cursor_set(shard, list->env->source, name, value);
}

/* From its day on the row is what the correction says, and nothing that it ever was before: so it stands once as of every instant. What
 * is so already keeps the day on which it was said first. */
static enum correct_result put_right(const struct correct_list *list, struct shard *shard,
                                     const char *content, const struct row_correction *known,
                                     struct row_correction *effect,
                                     const struct roster_event *before, struct roster_event *after)
{
    const struct observation seen = {
        .stream = &files_stream_roster, .substream = after->substream, .event = &after->event};
    bool same = strcmp(before->entity, after->entity) == 0;
    bool changes = !same || shard_peek(shard, &seen) != OBSERVE_UNCHANGED;
    uint32_t listed;
    uint32_t day = counts_from(list, shard, known, before->entity, after->entity, &listed);
    if (changes) {
        effect->listed = listed;
        effect->given = day != listed ? day : 0;
    }
    if (!same && !before->rejected)
        row_correction_add_former(effect, key128_of(before->entity, strlen(before->entity)));
    remember(list, shard, content, effect);
    shard_seen_at(shard, (int64_t)day * 1000000);
    enum correct_result result = replace(list, shard, before, after, changes);
    for (size_t i = 0; changes && i < known->former_count; i++)
        shard_remove_earlier(shard, known->formers[i]);
    if (!same)
        shard_remove_earlier(shard, key128_of(before->entity, strlen(before->entity)));
    shard_seen_at(shard, list->received_us);
    return result;
}

enum correct_result correct_row(const struct correct_list *list, struct shard *shard,
                                const struct correction *c, const char **reason)
{
    struct hmac *hmac = list->env->context->hmac;
    const struct roster_person *own = NULL;
    size_t index = 0;
    const struct roster_person *p = find_row(list, c, &index, &own);
    struct row_correction effect, known, now;
    struct roster_event before, after;
    *reason = "row_not_found";
    if (p == NULL)
        return CORRECT_FAILED;
    const char *sheet = list->sheet_names[p->sheet];
    row_lookup(list->env, shard, list->roster, index, &known);
    if (c->kind == CORRECT_ACCOUNT_EMAIL)
        return link_account(list, shard, c, p, &known, reason);
    if (!effect_of(list, c, &effect, reason))
        return CORRECT_FAILED;
    now = known;
    row_correction_merge(&now, &effect);
    roster_map(hmac, &list->origin, p, sheet, &known, &before);
    roster_map(hmac, &list->origin, p, sheet, &now, &after);
    if (!shard_holds(shard, before.entity) && !shard_holds(shard, after.entity)) {
        *reason = "row_gone"; /* a later complete list no longer has it */
        return CORRECT_FAILED;
    }
    follow_emails(list, c, &before, &after, p);
    return put_right(list, shard, own->own_content, &known, &effect, &before, &after);
}
