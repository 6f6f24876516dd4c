/* Between asks.c, which knows what is asked when, and ask_answers.c, which knows what an answer means. */
#ifndef MOOC_OPENEDX_ASKS_INTERNAL_H
#define MOOC_OPENEDX_ASKS_INTERNAL_H

#include "ask_queue.h"
#include "openedx.h"

#define ASK_QUEUED 1 /* learner_note.flags */

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

/* --- asks.c --- */

bool asks_hold_certificate(const struct asks *asks, size_t course, const char *username);
struct learner_note *asks_certificate_note(struct asks *asks, size_t course, const char *username);
/* in_cycle: asked for even if it is known, and the slow cycle waits for the answer. */
void asks_want_account(struct asks *asks, const char *username, bool in_cycle, bool by_email);
/* Asked in vain: the next time later, in the end as seldom as the slow cycle. */
void asks_postpone(struct learner_note *note, int64_t first_ms, int64_t most_ms);

/* --- ask_answers.c: a walk_take for each kind, context = the slot --- */

bool asks_take_accounts(void *context, const struct walk_page *page, struct error *err);
bool asks_take_emails(void *context, const struct walk_page *page, struct error *err);
bool asks_take_certificates(void *context, const struct walk_page *page, struct error *err);
/* Settles one ask after its walk: notes, and the slow cycle's count. */
void asks_settle(struct asks *asks, enum ask_kind kind, const struct ask *ask, bool ok);

#endif
