#include "fact.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"

const char *const fault_names[FAULT_COUNT] = {
    "email_malformed", "email_missing",        "citizen_malformed", "phone_malformed",
    "listed_twice",    "birth_date_malformed", "other_fault",
};

bool fact_supersedes(const struct fact *a, const struct fact *b)
{
    if (a->revision != b->revision)
        return a->revision > b->revision;
    if (a->hash != b->hash)
        return a->hash > b->hash;
    /* The hash covers type and data; what a producer says beside them must not depend on the order either. */
    if (a->time != b->time)
        return a->time > b->time;
    if ((a->flags ^ b->flags) & FACT_OBSERVED)
        return a->flags & FACT_OBSERVED;
    return a->identity && b->identity && a->identity->row > b->identity->row;
}

bool fact_of_its_day(const struct fact *fact)
{
    return clock_day(fact->revision) == clock_day(fact->time);
}

bool fact_connects(const struct fact *fact)
{
    return fact->identity && ((fact->flags & FACT_IN_FORCE) || fact->kind == FACT_ACCOUNT);
}

void fact_release(struct fact *fact)
{
    free(fact->identity);
    fact->identity = NULL;
}

const uint32_t *identity_audiences(const struct fact_identity *identity)
{
    return (const uint32_t *)(const void *)&identity->identifiers[identity->identifier_count];
}

size_t identity_size(const struct fact_identity *identity)
{
    return sizeof(*identity) + identity->identifier_count * sizeof(struct key128) +
           identity->audience_count * sizeof(uint32_t);
}

static int compare_keys(const void *a, const void *b)
{
    return key128_compare(*(const struct key128 *)a, *(const struct key128 *)b);
}

static uint32_t faults_of(const struct event *event)
{
    uint32_t faults = 0;
    for (size_t i = 0; i < event->faults.count; i++) {
        int fault = 0;
        while (fault < FAULT_OTHER && strcmp(fault_names[fault], event->faults.items[i]) != 0)
            fault++;
        faults |= 1U << fault;
    }
    return faults;
}

static uint32_t intern(struct strings *strings, const char *text)
{
    return text ? strings_intern(strings, text, strlen(text)) : 0;
}

static void mark_account(struct fact_identity *identity, struct key128 key)
{
    uint32_t at = 0;
    while (!key128_equal(identity->identifiers[at], key))
        at++;
    identity->accounts |= 1U << at;
}
_Static_assert(FACT_MAX_IDENTIFIERS <= 32, "a bit for each identifier");

/* Distinct keys of the identifiers, ascending; sets the citizen number's too, and which are keys of accounts. */
static void take_identifiers(const struct event *event, struct fact_identity *identity)
{
    struct key128 accounts[EVENT_MAX_LIST];
    uint32_t count = 0, account_count = 0;
    for (size_t i = 0; i < event->identifiers.count; i++) {
        const char *text = event->identifiers.items[i];
        struct key128 key = key128_of(text, strlen(text));
        if (strncmp(text, "citizen:", 8) == 0 && !identity->citizen.hi && !identity->citizen.lo)
            identity->citizen = key;
        if (strncmp(text, "account@", 8) == 0)
            accounts[account_count++] = key;
        identity->identifiers[count++] = key;
    }
    if (event->type >= EVENT_ACCOUNT_CREATED && event->type <= EVENT_ACCOUNT_CLOSED)
        /* An account's own key is an identifier too: a correction may link it to a listed person. */
        identity->identifiers[count++] = event->subject_key;
    qsort(identity->identifiers, count, sizeof(struct key128), compare_keys);
    for (uint32_t i = 0; i < count; i++)
        if (i == 0 || !key128_equal(identity->identifiers[i], identity->identifiers[i - 1]))
            identity->identifiers[identity->identifier_count++] = identity->identifiers[i];
    for (uint32_t i = 0; i < account_count; i++)
        mark_account(identity, accounts[i]);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Behind the identifiers, which are complete. */
static void take_audiences(const struct event *event, struct strings *strings,
                           struct fact_identity *identity)
{
    const char *sorted[EVENT_MAX_LIST];
    uint32_t *out = (uint32_t *)(void *)&identity->identifiers[identity->identifier_count];
    size_t count = event->audience.count;
    for (size_t i = 0; i < count; i++)
        sorted[i] = event->audience.items[i];
    if (count)
        qsort(sorted, count, sizeof(sorted[0]), compare_texts);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(sorted[i], sorted[i - 1]) != 0)
            out[identity->audience_count++] = intern(strings, sorted[i]);
}

static struct fact_identity *identity_of(const struct event *event, const struct rules *rules,
                                         struct strings *strings)
{
    struct fact_identity *identity = must_have(calloc(1, sizeof(*identity) + FACT_LISTS_MOST));
    if (event->name) {
        identity->name = (int64_t)key128_of(event->name, strlen(event->name)).hi;
        if (identity->name == 0)
            identity->name = 1;
    }
    take_identifiers(event, identity);
    take_audiences(event, strings, identity);
    identity = must_have(realloc(identity, identity_size(identity)));
    identity->source = intern(strings, event->source);
    identity->wave_code = intern(strings, event->wave);
    identity->wave = event->wave ? rules_find_wave(rules, event->wave) : RULES_NONE;
    identity->platform = rules_find_platform(rules, event->source);
    identity->unit = intern(strings, event->unit);
    identity->study_group = intern(strings, event->group);
    identity->invited_by = intern(strings, event->invited_by);
    identity->file = intern(strings, event->file);
    identity->sheet = intern(strings, event->sheet);
    identity->row = event->row;
    identity->faults = faults_of(event);
    return identity;
}

static void describe_exam(const struct event *event, struct fact *fact)
{
    if (event_has(event, FIELD_SCORE) && event->max_score > 0) {
        fact->value = event->score / event->max_score;
        fact->flags |= FACT_SCORED;
    }
    if (event_has(event, FIELD_ATTEMPT) && event->attempt > 0)
        fact->attempt = event->attempt < MOST_ATTEMPT ? (uint8_t)event->attempt : MOST_ATTEMPT;
    if (event->passed)
        fact->flags |= FACT_PASSED;
    /* A platform that says nothing of sat shows attempts only: then each is one. */
    if (event->sat || event->passed || !event_has(event, FIELD_SAT))
        fact->flags |= FACT_SAT;
}

static bool describe(const struct event *event, struct fact *fact)
{
    bool in_force = true;
    switch (event->type) {
    case EVENT_ROSTER_REMOVED:
        in_force = false;
        __attribute__((fallthrough));
    case EVENT_ROSTER_LISTED:
        fact->kind = FACT_LISTING;
        break;
    case EVENT_ACCOUNT_CLOSED:
        in_force = false;
        __attribute__((fallthrough));
    case EVENT_ACCOUNT_CREATED:
    case EVENT_ACCOUNT_ACTIVATED:
        fact->kind = FACT_ACCOUNT;
        if (event->type == EVENT_ACCOUNT_ACTIVATED || event->activated)
            fact->flags |= FACT_ACTIVATED;
        break;
    case EVENT_IDENTITY_UNLINKED:
        in_force = false;
        __attribute__((fallthrough));
    case EVENT_IDENTITY_LINKED:
        fact->kind = FACT_LINK;
        break;
    case EVENT_ENROLLMENT_CANCELLED:
        in_force = false;
        __attribute__((fallthrough));
    case EVENT_ENROLLMENT_CREATED:
        fact->kind = FACT_ENROLLMENT;
        break;
    case EVENT_LEARNING_WITHDRAWN:
        in_force = false;
        __attribute__((fallthrough));
    case EVENT_LEARNING_PROGRESSED:
        fact->kind = FACT_PROGRESS;
        fact->value = event->progress;
        break;
    case EVENT_EXAM_ANNULLED:
        in_force = false;
        __attribute__((fallthrough));
    case EVENT_EXAM_GRADED:
        fact->kind = FACT_EXAM;
        describe_exam(event, fact);
        break;
    case EVENT_CERTIFICATE_REVOKED:
        in_force = false;
        __attribute__((fallthrough));
    case EVENT_CERTIFICATE_ISSUED:
        fact->kind = FACT_CERTIFICATE;
        break;
    case EVENT_ATTENDANCE_WITHDRAWN:
        in_force = false;
        __attribute__((fallthrough));
    case EVENT_ATTENDANCE_RECORDED:
        if (!event->subject)
            return false; /* a number of nameless people */
        fact->kind = FACT_ATTENDANCE;
        break;
    default:
        return false;
    }
    if (event->time_observed)
        fact->flags |= FACT_OBSERVED;
    if (in_force)
        fact->flags |= FACT_IN_FORCE;
    return true;
}

/* Its training, and the course's index; or why there is none. */
static enum fact_place place(const struct event *event, const struct rules *rules,
                             struct fact *fact, int *training)
{
    if (fact->kind == FACT_LISTING || fact->kind == FACT_ATTENDANCE) {
        int wave = event->wave ? rules_find_wave(rules, event->wave) : RULES_NONE;
        if (wave == RULES_NONE)
            return FACT_UNKNOWN_WAVE;
        *training = rules_wave(rules, wave)->training;
    } else if (fact->kind != FACT_ACCOUNT && fact->kind != FACT_LINK) {
        fact->course = rules_find_course(rules, event->source, event->course);
        if (fact->course == RULES_NONE)
            return FACT_UNKNOWN_COURSE;
        *training = rules_course(rules, fact->course)->training;
    }
    return FACT_PLACED;
}

enum fact_place fact_from_event(const struct event *event, const struct rules *rules,
                                struct strings *strings, struct fact *fact, int *training)
{
    memset(fact, 0, sizeof(*fact));
    *training = fact->course = RULES_NONE;
    if (event->type == EVENT_LEARNER_ERASED) {
        fact->kind = FACT_ERASED;
        fact->day = clock_day(fact->time);
        return FACT_PLACED;
    }
    if (!describe(event, fact))
        return FACT_NOT_A_FACT;
    enum fact_place found = place(event, rules, fact, training);
    if (found != FACT_PLACED)
        return found;
    fact->entity = event->entity_key.hi;
    fact->revision = event->revision;
    fact->hash = (int64_t)event->hash;
    fact->time = event->time;
    fact->day = event_has(event, FIELD_DAY) ? event->day : clock_day(event->time);
    if (fact_has_identity(fact->kind))
        fact->identity = identity_of(event, rules, strings);
    return FACT_PLACED;
}

struct key128 fact_subject(const struct event *event)
{
    return event->subject || event->type == EVENT_LEARNER_ERASED ? event->subject_key
                                                                 : event->entity_key;
}
