#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/text_buffer.h"
#include "ask_queue.h"
#include "openedx.h"

#define ASKS_PER_CALL 50
#define GATHER_MS 1000 /* a batch of accounts that is not full leaves after this */
#define MAX_QUEUED 1000000
#define ALIVE_MS 600000 /* 404 counts as "no such account" only if accounts were answered lately */
#define QUEUED 1        /* learner_note.flags */
#define ABSENCES_TO_REMOVE 2

enum ask_kind { ASK_ACCOUNTS, ASK_EMAIL, ASK_CERTIFICATE, ASK_KINDS };

struct slot {
    struct asks *owner;
    struct walk *walk; /* NULL = free */
    enum ask_kind kind;
    struct ask_queue asked;
};

struct asks {
    struct openedx *o;
    struct ask_queue waiting[ASK_KINDS];
    struct learner_table *accounts, *certificates, *emails;
    struct slot *slots;
    size_t slot_count;
    bool certificates_next; /* certificates and e-mails take turns */
    bool no_search;         /* this platform cannot look up many e-mails at once */
    int64_t accounts_alive_ms;
};

struct asks *asks_new(struct openedx *o)
{
    struct asks *a = calloc(1, sizeof *a);
    if (!a)
        abort();
    a->o = o;
    a->accounts = learner_table_new();
    a->certificates = learner_table_new();
    a->emails = learner_table_new();
    for (size_t i = 0; i < ASK_KINDS; i++)
        ask_queue_init(&a->waiting[i]);
    a->slot_count = (size_t)o->settings.max_concurrent;
    a->slots = calloc(a->slot_count, sizeof *a->slots);
    if (!a->slots)
        abort();
    for (size_t i = 0; i < a->slot_count; i++) {
        a->slots[i].owner = a;
        ask_queue_init(&a->slots[i].asked);
    }
    a->accounts_alive_ms = INT64_MIN / 2;
    return a;
}

void asks_free(struct asks *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->slot_count; i++) {
        walk_free(a->slots[i].walk);
        ask_queue_free(&a->slots[i].asked);
    }
    for (size_t i = 0; i < ASK_KINDS; i++)
        ask_queue_free(&a->waiting[i]);
    learner_table_free(a->accounts);
    learner_table_free(a->certificates);
    learner_table_free(a->emails);
    free(a->slots);
    free(a);
}

/* NULL when too much waits already. */
static struct ask *enqueue(struct asks *a, enum ask_kind kind, const char *name, size_t course,
                           bool in_cycle)
{
    if (a->waiting[kind].count >= MAX_QUEUED)
        return NULL;
    struct ask *ask = ask_new(name, clock_monotonic_ms());
    ask->course = course;
    ask->in_cycle = in_cycle;
    ask_queue_push(&a->waiting[kind], ask);
    return ask;
}

static bool holds_account(const struct asks *a, const char *username)
{
    struct map_input in = openedx_map_input(a->o, NULL);
    char entity[EVENT_MAX_KEY + 1];
    map_account_entity(&in, username, entity);
    return shard_holds(a->o->shard, entity);
}

static bool holds_certificate(const struct asks *a, size_t course, const char *username)
{
    struct map_input in = openedx_map_input(a->o, &a->o->courses[course]);
    char entity[EVENT_MAX_KEY + 1];
    map_certificate_entity(&in, username, entity);
    return shard_holds(a->o->shard, entity);
}

/* in_cycle: asked for even if it is known, and the slow cycle waits for the answer. */
static void want_account(struct asks *a, const char *username, bool in_cycle, bool by_email)
{
    struct openedx *o = a->o;
    struct learner_note *note = learner_table_put(a->accounts, username);
    if (note->cycle == o->accounts_cycle_number)
        in_cycle = false;
    if (!in_cycle && ((note->flags & QUEUED) || clock_monotonic_ms() < note->next_ms ||
                      holds_account(a, username)))
        return;
    struct ask *ask = enqueue(a, ASK_ACCOUNTS, username, 0, in_cycle);
    if (!ask) {
        o->accounts_failed = true;
        return;
    }
    ask->by_email = by_email;
    note->flags |= QUEUED;
    if (in_cycle) {
        note->cycle = o->accounts_cycle_number;
        o->accounts_pending++;
    }
}

void asks_account(struct asks *a, const char *username)
{
    want_account(a, username, a->o->accounts_cycle && !a->o->accounts_listed, false);
}

/* Asked in vain: the next time later, in the end as seldom as the slow cycle. */
static void postpone(struct learner_note *note, int64_t first_ms, int64_t most_ms)
{
    int64_t wait = first_ms << (note->tries < 12 ? note->tries : 12);
    note->next_ms = clock_monotonic_ms() + (wait < most_ms ? wait : most_ms);
    if (note->tries < UINT8_MAX)
        note->tries++;
}

void asks_email(struct asks *a, const char *email)
{
    struct openedx *o = a->o;
    struct learner_note *note = learner_table_put(a->emails, email);
    bool in_cycle = o->accounts_cycle && !o->accounts_listed;
    if ((note->flags & QUEUED) || (!in_cycle && clock_monotonic_ms() < note->next_ms))
        return;
    if (!enqueue(a, ASK_EMAIL, email, 0, in_cycle))
        return;
    note->flags |= QUEUED;
    o->accounts_pending += in_cycle;
}

static struct learner_note *certificate_note(struct asks *a, size_t course, const char *username)
{
    char name[640];
    snprintf(name, sizeof name, "%zu\n%s", course, username);
    return learner_table_put(a->certificates, name);
}

void asks_certificate(struct asks *a, size_t course, const char *username, bool passed)
{
    struct course *c = &a->o->courses[course];
    bool held = holds_certificate(a, course, username);
    if (!passed && !held)
        return;
    struct learner_note *note = certificate_note(a, course, username);
    bool in_cycle =
        c->certificates && !c->certificates_listed && note->cycle != c->certificates_cycle;
    if (!in_cycle && (held || (note->flags & QUEUED) || clock_monotonic_ms() < note->next_ms))
        return;
    if (!enqueue(a, ASK_CERTIFICATE, username, course, in_cycle)) {
        c->certificates_failed = true;
        return;
    }
    note->flags |= QUEUED;
    if (in_cycle) {
        note->cycle = c->certificates_cycle;
        c->certificates_pending++;
    }
}

size_t asks_pending(const struct asks *a, enum stream_id stream)
{
    size_t count = stream == STREAM_ACCOUNTS
                       ? a->waiting[ASK_ACCOUNTS].count + a->waiting[ASK_EMAIL].count
                       : a->waiting[ASK_CERTIFICATE].count;
    for (size_t i = 0; i < a->slot_count; i++) {
        if (a->slots[i].walk && (a->slots[i].kind == ASK_CERTIFICATE) == (stream != STREAM_ACCOUNTS))
            count += a->slots[i].asked.count;
    }
    return count;
}

/* --- answers --- */

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
    postpone(note, a->o->settings.sweep_ms, a->o->settings.accounts_ms);
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

static bool take_accounts(void *context, const struct walk_page *page, struct error *err)
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
static bool take_emails(void *context, const struct walk_page *page, struct error *err)
{
    struct slot *slot = context;
    (void)err;
    for (const struct json *r = json_first(page->records); r; r = json_next(r)) {
        const char *username = json_get_string(r, "username");
        if (map_usable_username(username))
            want_account(slot->owner, username, slot->asked.first->in_cycle, true);
    }
    return true;
}

static bool take_certificates(void *context, const struct walk_page *page, struct error *err)
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
    struct learner_note *note = certificate_note(a, ask->course, ask->name);
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

/* Settles one ask after its walk: notes, and the slow cycle's count. */
static void settle(struct asks *a, enum ask_kind kind, const struct ask *ask, bool ok)
{
    struct openedx *o = a->o;
    struct course *course = &o->courses[ask->course];
    if (kind == ASK_CERTIFICATE) {
        struct learner_note *note = certificate_note(a, ask->course, ask->name);
        note->flags &= (uint8_t)~QUEUED;
        if (!ok || !holds_certificate(a, ask->course, ask->name))
            postpone(note, o->settings.sweep_ms, o->settings.certificates_ms);
        else
            note->tries = 0;
        course->certificates_pending -= ask->in_cycle;
        course->certificates_failed |= ask->in_cycle && !ok;
        return;
    }
    if (kind == ASK_ACCOUNTS) {
        struct learner_note *note = learner_table_put(a->accounts, ask->name);
        note->flags &= (uint8_t)~QUEUED;
        if (!ok) {
            postpone(note, o->settings.sweep_ms, o->settings.accounts_ms);
        } else if (ask->answered) {
            note->absences = note->tries = 0;
            note->next_ms = 0;
        } else {
            account_absent(a, ask->name);
        }
    }
    if (kind == ASK_EMAIL) {
        struct learner_note *note = learner_table_put(a->emails, ask->name);
        note->flags &= (uint8_t)~QUEUED;
        postpone(note, o->settings.sweep_ms, o->settings.accounts_ms);
    }
    o->accounts_pending -= ask->in_cycle;
    o->accounts_failed |= ask->in_cycle && !ok;
}

/* --- requests --- */

static char *emails_body(const struct slot *slot)
{
    struct text_buffer body = {.data = NULL};
    text_buffer_add_text(&body, "{\"emails\":[");
    for (const struct ask *ask = slot->asked.first; ask; ask = ask->next) {
        text_buffer_add_json_string(&body, ask->name);
        text_buffer_add_text(&body, ask->next ? "," : "]}");
    }
    return body.data;
}

static void start(struct slot *slot, enum ask_kind kind)
{
    struct asks *a = slot->owner;
    const char *names[ASKS_PER_CALL];
    bool search = kind == ASK_EMAIL && !a->no_search;
    size_t count = 0, most = kind == ASK_ACCOUNTS || search ? ASKS_PER_CALL : 1;
    slot->kind = kind;
    while (count < most && a->waiting[kind].count > 0) {
        struct ask *ask = ask_queue_pop(&a->waiting[kind]);
        names[count++] = ask->name;
        ask_queue_push(&slot->asked, ask);
    }
    const struct stream_def *def =
        &openedx_streams[kind == ASK_CERTIFICATE ? STREAM_CERTIFICATES : STREAM_ACCOUNTS];
    const char *template = search              ? openedx_search_emails_path
                           : kind == ASK_EMAIL ? openedx_account_by_email_path
                                               : def->path;
    char *path = stream_path(
        template,
        &(struct path_values){.usernames = names, .username_count = count, .email = names[0]});
    char *body = search ? emails_body(slot) : NULL;
    slot->walk = walk_new(&(struct walk_spec){.origin = a->o->origin,
                                              .auth = &a->o->auth,
                                              .what = def->spec.name,
                                              .path = path,
                                              .records = def->records,
                                              .json_body = body,
                                              .missing_is_empty = !search,
                                              .take = kind == ASK_CERTIFICATE ? take_certificates
                                                      : kind == ASK_EMAIL     ? take_emails
                                                                              : take_accounts,
                                              .context = slot});
    free(path);
    free(body);
}

/* An older release has no search by many e-mails: they are asked for one by one. */
static bool falls_back(struct slot *slot)
{
    struct asks *a = slot->owner;
    long status = walk_status(slot->walk);
    if (slot->kind != ASK_EMAIL || a->no_search || walk_state(slot->walk) != WALK_FAILED ||
        (status != 400 && status != 403 && status != 404 && status != 405 && status != 415))
        return false;
    a->no_search = true;
    struct ask *ask;
    while ((ask = ask_queue_pop(&slot->asked)))
        ask_queue_push(&a->waiting[ASK_EMAIL], ask);
    return true;
}

static void finish(struct slot *slot)
{
    struct openedx *o = slot->owner->o;
    bool ok = walk_state(slot->walk) == WALK_DONE;
    enum stream_id stream = slot->kind == ASK_CERTIFICATE ? STREAM_CERTIFICATES : STREAM_ACCOUNTS;
    if (!falls_back(slot) && !ok && !o->reports[stream].failed)
        openedx_problem(o, stream, walk_error(slot->walk));
    struct ask *ask;
    while ((ask = ask_queue_pop(&slot->asked))) {
        settle(slot->owner, slot->kind, ask, ok);
        ask_free(ask);
    }
    walk_free(slot->walk);
    slot->walk = NULL;
}

static enum ask_kind next_kind(struct asks *a)
{
    const struct ask_queue *accounts = &a->waiting[ASK_ACCOUNTS];
    if (accounts->count >= ASKS_PER_CALL ||
        (accounts->count > 0 && clock_monotonic_ms() - accounts->first->since_ms >= GATHER_MS))
        return ASK_ACCOUNTS;
    bool certificates = a->waiting[ASK_CERTIFICATE].count > 0,
         emails = a->waiting[ASK_EMAIL].count > 0;
    a->certificates_next = !a->certificates_next;
    if (certificates && (a->certificates_next || !emails))
        return ASK_CERTIFICATE;
    return emails ? ASK_EMAIL : ASK_KINDS;
}

void asks_step(struct asks *a)
{
    for (size_t i = 0; i < a->slot_count; i++) {
        struct slot *slot = &a->slots[i];
        if (slot->walk && walk_step(slot->walk, shard_can_accept(a->o->shard)) != WALK_RUNNING)
            finish(slot);
        enum ask_kind kind = slot->walk ? ASK_KINDS : next_kind(a);
        if (kind == ASK_KINDS)
            continue;
        start(slot, kind);
        walk_step(slot->walk, false);
    }
}
