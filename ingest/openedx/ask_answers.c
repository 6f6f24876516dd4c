/* What the answers about single learners mean. */
#include <string.h>

#include "../../common/clock.h"
#include "asks_internal.h"

#define ALIVE_MS 600000 /* 404 counts as "no such account" only if accounts were answered lately */
#define ABSENCES_TO_REMOVE 2

static void mark_answered(struct slot *slot, const char *username, const char *email)
{
    for (struct ask *ask = slot->asked.first; ask; ask = ask->next) {
        if (strcmp(ask->name, username) != 0)
            continue;
        ask->answered = true;
        if (!ask->by_email)
            emails_enrolled(slot->owner->o->emails, email);
    }
}

static void account_absent(struct asks *a, const char *username)
{
    struct learner_note *note = learner_table_put(a->accounts, username);
    asks_postpone(note, a->o->settings.sweep_ms, a->o->settings.accounts_ms);
    if (clock_monotonic_ms() - a->accounts_alive_ms > ALIVE_MS)
        return;
    if (note->absences < UINT8_MAX)
        note->absences++;
    if (note->absences < ABSENCES_TO_REMOVE)
        return;
    struct map_input in = openedx_map_input(a->o, NULL);
    char entity[EVENT_MAX_KEY + 1];
    map_account_entity(&in, username, entity);
    shard_remove(a->o->shard, &openedx_streams[STREAM_ACCOUNTS].spec, in.source, "", entity,
                 EVENT_ACCOUNT_CLOSED);
}

bool asks_take_accounts(void *context, const struct walk_page *page, struct error *err)
{
    struct slot *slot = context;
    struct asks *a = slot->owner;
    struct map_input in = openedx_map_input(a->o, NULL);
    struct map_output out;
    (void)err;
    if (page->records)
        a->accounts_alive_ms = clock_monotonic_ms();
    for (const struct json *r = json_first(page->records); r; r = json_next(r)) {
        openedx_apply(a->o, STREAM_ACCOUNTS, &in, r, &out);
        if (out.username)
            mark_answered(slot, out.username, json_get_string(r, "email"));
    }
    return true;
}

/* Who has an account with one of the e-mails; the account itself is asked for by user name like every other. */
bool asks_take_emails(void *context, const struct walk_page *page, struct error *err)
{
    struct slot *slot = context;
    (void)err;
    for (const struct json *r = json_first(page->records); r; r = json_next(r)) {
        const char *username = json_get_string(r, "username");
        if (map_usable_username(username))
            asks_want_account(slot->owner, username, slot->asked.first->in_cycle, true);
    }
    return true;
}

bool asks_take_certificates(void *context, const struct walk_page *page, struct error *err)
{
    struct slot *slot = context;
    struct asks *a = slot->owner;
    struct ask *ask = slot->asked.first;
    struct course *course = &a->o->courses[ask->course];
    struct map_input in = openedx_map_input(a->o, course);
    struct map_output out;
    (void)err;
    for (const struct json *r = json_first(page->records); r; r = json_next(r)) {
        bool mapped = openedx_apply(a->o, STREAM_CERTIFICATES, &in, r, &out);
        ask->answered = ask->answered || !mapped || out.count > 0;
    }
    struct learner_note *note = asks_certificate_note(a, ask->course, ask->name);
    if (ask->answered) {
        note->absences = 0;
    } else if (page->records && note->absences < UINT8_MAX) {
        note->absences++; /* a 404 is no list: it proves nothing */
    }
    if (note->absences >= ABSENCES_TO_REMOVE) {
        char entity[EVENT_MAX_KEY + 1];
        map_certificate_entity(&in, ask->name, entity);
        shard_remove(a->o->shard, &openedx_streams[STREAM_CERTIFICATES].spec, in.source, course->id,
                     entity, EVENT_CERTIFICATE_REVOKED);
    }
    return true;
}

void asks_settle(struct asks *a, enum ask_kind kind, const struct ask *ask, bool ok)
{
    struct openedx *o = a->o;
    struct course *course = &o->courses[ask->course];
    if (kind == ASK_CERTIFICATE) {
        struct learner_note *note = asks_certificate_note(a, ask->course, ask->name);
        note->flags &= (uint8_t)~ASK_QUEUED;
        if (!ok || note->absences > 0 || !asks_hold_certificate(a, ask->course, ask->name))
            asks_postpone(note, o->settings.sweep_ms, o->settings.certificates_ms);
        else
            note->tries = 0;
        course->certificates_pending -= ask->in_cycle;
        course->certificates_failed |= ask->in_cycle && !ok;
        return;
    }
    if (kind == ASK_ACCOUNTS) {
        struct learner_note *note = learner_table_put(a->accounts, ask->name);
        note->flags &= (uint8_t)~ASK_QUEUED;
        if (!ok) {
            asks_postpone(note, o->settings.sweep_ms, o->settings.accounts_ms);
        } else if (ask->answered) {
            note->absences = note->tries = 0;
            note->next_ms = 0;
        } else {
            account_absent(a, ask->name);
        }
    }
    if (kind == ASK_EMAIL) {
        struct learner_note *note = learner_table_put(a->emails, ask->name);
        note->flags &= (uint8_t)~ASK_QUEUED;
        asks_postpone(note, o->settings.sweep_ms, o->settings.accounts_ms);
    }
    o->accounts_pending -= ask->in_cycle;
    o->accounts_failed |= ask->in_cycle && !ok;
}
