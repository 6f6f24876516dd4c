#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/text_buffer.h"
#include "asks_internal.h"

#define ASKS_PER_CALL 50
#define MAX_NAME_BYTES 3000 /* of the names in one URL: servers refuse lines of 4 KiB and more */
#define GATHER_MS 1000      /* a batch of accounts that is not full leaves after this */
#define MAX_QUEUED 1000000

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

bool asks_hold_certificate(const struct asks *a, size_t course, const char *username)
{
    struct map_input in = openedx_map_input(a->o, &a->o->courses[course]);
    char entity[EVENT_MAX_KEY + 1];
    map_certificate_entity(&in, username, entity);
    return shard_holds(a->o->shard, entity);
}

void asks_want_account(struct asks *a, const char *username, bool in_cycle, bool by_email)
{
    struct openedx *o = a->o;
    struct learner_note *note = learner_table_put(a->accounts, username);
    if (note->cycle == o->accounts_cycle_number)
        in_cycle = false;
    if (!in_cycle && ((note->flags & ASK_QUEUED) || clock_monotonic_ms() < note->next_ms ||
                      holds_account(a, username)))
        return;
    struct ask *ask = enqueue(a, ASK_ACCOUNTS, username, 0, in_cycle);
    if (!ask) {
        o->accounts_failed = true;
        return;
    }
    ask->by_email = by_email;
    note->flags |= ASK_QUEUED;
    if (in_cycle) {
        note->cycle = o->accounts_cycle_number;
        o->accounts_pending++;
    }
}

void asks_account(struct asks *a, const char *username)
{
    asks_want_account(a, username, a->o->accounts_cycle && !a->o->accounts_listed, false);
}

void asks_postpone(struct learner_note *note, int64_t first_ms, int64_t most_ms)
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
    if ((note->flags & ASK_QUEUED) || (!in_cycle && clock_monotonic_ms() < note->next_ms))
        return;
    if (!enqueue(a, ASK_EMAIL, email, 0, in_cycle))
        return;
    note->flags |= ASK_QUEUED;
    o->accounts_pending += in_cycle;
}

struct learner_note *asks_certificate_note(struct asks *a, size_t course, const char *username)
{
    char name[640];
    snprintf(name, sizeof name, "%zu\n%s", course, username);
    return learner_table_put(a->certificates, name);
}

void asks_certificate(struct asks *a, size_t course, const char *username, bool passed)
{
    struct course *c = &a->o->courses[course];
    bool held = asks_hold_certificate(a, course, username);
    if (!passed && !held)
        return;
    struct learner_note *note = asks_certificate_note(a, course, username);
    bool in_cycle =
        c->certificates && !c->certificates_listed && note->cycle != c->certificates_cycle;
    bool known = held && note->absences == 0; /* one that was missing once is looked up again soon */
    if (!in_cycle && (known || (note->flags & ASK_QUEUED) || clock_monotonic_ms() < note->next_ms))
        return;
    if (!enqueue(a, ASK_CERTIFICATE, username, course, in_cycle)) {
        c->certificates_failed = true;
        return;
    }
    note->flags |= ASK_QUEUED;
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
    slot->kind = kind;
    size_t most = kind == ASK_ACCOUNTS || search ? ASKS_PER_CALL : 1;
    size_t count = ask_queue_move(&a->waiting[kind], &slot->asked, most, MAX_NAME_BYTES), i = 0;
    for (const struct ask *ask = slot->asked.first; ask; ask = ask->next)
        names[i++] = ask->name;
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
                                              .take = kind == ASK_CERTIFICATE ? asks_take_certificates
                                                      : kind == ASK_EMAIL     ? asks_take_emails
                                                                              : asks_take_accounts,
                                              .context = slot});
    free(path);
    free(body);
}

/* An older release has no search by many e-mails, and says so in one way or another: they are asked for one by one. */
static bool falls_back(struct slot *slot)
{
    struct asks *a = slot->owner;
    long status = walk_status(slot->walk);
    if (slot->kind != ASK_EMAIL || a->no_search || walk_state(slot->walk) != WALK_FAILED ||
        status == 0 || status == 401 || status == 429)
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
        asks_settle(slot->owner, slot->kind, ask, ok);
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
