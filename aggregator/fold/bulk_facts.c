/* Records of facts, one behind the other. Adding one is a copy; an entity told again is found when the facts have doubled. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "bulk_private.h"

#define HEAD_BYTES 40
#define IDENTITY_BYTES 60
/* Below this nobody looks for repetitions. */
#define LEAST_SETTLED 512

struct head {
    uint64_t entity;
    int64_t revision, hash, time;
    int32_t day;
    int16_t place; /* the course, which names the training; of facts without one the training */
    uint8_t kind, flags;
};

struct identity_head {
    int64_t name, row;
    uint32_t source, wave_code, unit, study_group, file, sheet, invited_by;
    uint32_t faults;
    int32_t wave, platform;
    uint8_t citizen, identifiers, audiences, unused;
};

_Static_assert(sizeof(struct head) == HEAD_BYTES, "records have no holes");
_Static_assert(offsetof(struct identity_head, unused) + 1 == IDENTITY_BYTES,
               "records have no holes");

static bool has_value(uint8_t kind)
{
    return kind == FACT_EXAM || kind == FACT_PROGRESS;
}

static bool has_citizen(const struct fact_identity *identity)
{
    return identity->citizen.hi || identity->citizen.lo;
}

static size_t identity_record(const struct fact_identity *identity)
{
    return IDENTITY_BYTES + (has_citizen(identity) ? sizeof(struct key128) : 0) +
           identity->identifier_count * sizeof(struct key128) +
           identity->audience_count * sizeof(uint32_t);
}

static size_t record_bytes(const struct fact *fact)
{
    return HEAD_BYTES + (has_value(fact->kind) ? sizeof(double) : 0) +
           (fact->identity ? identity_record(fact->identity) : 0);
}

static uint8_t *put(uint8_t *out, const void *bytes, size_t length)
{
    memcpy(out, bytes, length);
    return out + length;
}

static uint8_t *put_identity(uint8_t *out, const struct fact_identity *i)
{
    struct identity_head head = {
        i->name,
        i->row,
        i->source,
        i->wave_code,
        i->unit,
        i->study_group,
        i->file,
        i->sheet,
        i->invited_by,
        i->faults,
        i->wave,
        i->platform,
        has_citizen(i),
        (uint8_t)i->identifier_count,
        (uint8_t)i->audience_count,
        0,
    };
    out = put(out, &head, IDENTITY_BYTES);
    if (head.citizen)
        out = put(out, &i->citizen, sizeof(i->citizen));
    out = put(out, i->identifiers, i->identifier_count * sizeof(struct key128));
    return put(out, identity_audiences(i), i->audience_count * sizeof(uint32_t));
}

static void put_record(uint8_t *out, const struct bulk_fact *held)
{
    const struct fact *fact = &held->fact;
    int place = fact->course == RULES_NONE ? held->training : fact->course;
    struct head head = {fact->entity, fact->revision, fact->hash, fact->time,
                        fact->day,    (int16_t)place, fact->kind, fact->flags};
    out = put(out, &head, HEAD_BYTES);
    if (has_value(fact->kind))
        out = put(out, &fact->value, sizeof(fact->value));
    if (fact->identity)
        put_identity(out, fact->identity);
}

/* Reading ---------------------------------------------------------------------------------------------------------------- */

static uint32_t mapped(const uint32_t *remap, uint32_t number)
{
    return remap ? remap[number] : number;
}

static struct fact_identity *read_identity(const uint8_t **at, const uint32_t *remap,
                                           struct bulk_scratch *scratch)
{
    struct identity_head head;
    memcpy(&head, *at, IDENTITY_BYTES);
    *at += IDENTITY_BYTES;
    size_t keys = head.identifiers * sizeof(struct key128);
    struct fact_identity *identity =
        bulk_scratch_take(scratch, sizeof(*identity) + keys + head.audiences * sizeof(uint32_t));
    *identity = (struct fact_identity){
        .name = head.name,
        .source = mapped(remap, head.source),
        .wave_code = mapped(remap, head.wave_code),
        .unit = mapped(remap, head.unit),
        .study_group = mapped(remap, head.study_group),
        .file = mapped(remap, head.file),
        .sheet = mapped(remap, head.sheet),
        .invited_by = mapped(remap, head.invited_by),
        .wave = head.wave,
        .platform = head.platform,
        .faults = head.faults,
        .row = head.row,
        .identifier_count = head.identifiers,
        .audience_count = head.audiences,
    };
    if (head.citizen) {
        memcpy(&identity->citizen, *at, sizeof(struct key128));
        *at += sizeof(struct key128);
    }
    memcpy(identity->identifiers, *at, keys);
    *at += keys;
    uint32_t *audiences = (uint32_t *)(uintptr_t)identity_audiences(identity);
    for (uint32_t i = 0; i < identity->audience_count; i++, *at += sizeof(uint32_t)) {
        uint32_t number;
        memcpy(&number, *at, sizeof(number));
        audiences[i] = mapped(remap, number);
    }
    return identity;
}

static bool has_course(uint8_t kind)
{
    return !fact_has_identity(kind) && kind != FACT_ERASED;
}

bool bulk_record_next(const struct bulk_facts *facts, size_t *at, const struct rules *rules,
                      const uint32_t *remap, struct bulk_scratch *scratch, struct bulk_fact *out)
{
    if (*at == facts->used)
        return false;
    const uint8_t *in = facts->records + *at;
    struct head head;
    memcpy(&head, in, HEAD_BYTES);
    in += HEAD_BYTES;
    bool course = has_course(head.kind);
    out->training = course ? rules_course(rules, head.place)->training : head.place;
    out->fact = (struct fact){.entity = head.entity,
                              .revision = head.revision,
                              .hash = head.hash,
                              .time = head.time,
                              .day = head.day,
                              .course = course ? head.place : RULES_NONE,
                              .kind = head.kind,
                              .flags = head.flags};
    if (has_value(head.kind)) {
        memcpy(&out->fact.value, in, sizeof(out->fact.value));
        in += sizeof(out->fact.value);
    }
    if (fact_has_identity(head.kind))
        out->fact.identity = read_identity(&in, remap, scratch);
    *at = (size_t)(in - facts->records);
    return true;
}

size_t bulk_facts_at_most(const struct bulk_facts *facts)
{
    return facts->used / HEAD_BYTES;
}

/* How long the record at `at` is, and its head. */
static size_t look_at(const struct bulk_facts *facts, size_t at, struct head *head)
{
    memcpy(head, facts->records + at, HEAD_BYTES);
    size_t length = HEAD_BYTES + (has_value(head->kind) ? sizeof(double) : 0);
    if (!fact_has_identity(head->kind))
        return length;
    struct identity_head identity;
    memcpy(&identity, facts->records + at + length, IDENTITY_BYTES);
    return length + IDENTITY_BYTES + (identity.citizen ? sizeof(struct key128) : 0) +
           identity.identifiers * sizeof(struct key128) + identity.audiences * sizeof(uint32_t);
}

bool bulk_identity_next(const struct bulk_facts *facts, size_t *at, struct bulk_identity *identity)
{
    while (*at < facts->used) {
        struct head head;
        const uint8_t *in = facts->records + *at + HEAD_BYTES;
        *at += look_at(facts, *at, &head);
        if (!fact_has_identity(head.kind))
            continue;
        struct identity_head held;
        memcpy(&held, in, IDENTITY_BYTES);
        in += IDENTITY_BYTES;
        identity->connects = (head.flags & FACT_IN_FORCE) || head.kind == FACT_ACCOUNT;
        identity->on_roster = head.kind == FACT_LISTING || head.kind == FACT_ATTENDANCE;
        identity->unit = held.unit;
        identity->name = held.name;
        identity->citizen = (struct key128){0, 0};
        identity->count = held.identifiers;
        if (held.citizen) {
            memcpy(&identity->citizen, in, sizeof(identity->citizen));
            in += sizeof(identity->citizen);
        }
        memcpy(identity->identifiers, in, held.identifiers * sizeof(struct key128));
        return true;
    }
    return false;
}

/* Settling --------------------------------------------------------------------------------------------------------------- */

/* By training and entity, the one that counts first. */
static int compare_facts(const void *a, const void *b)
{
    const struct bulk_fact *x = a, *y = b;
    if (x->training != y->training)
        return x->training < y->training ? -1 : 1;
    if (x->fact.entity != y->fact.entity)
        return x->fact.entity < y->fact.entity ? -1 : 1;
    return fact_supersedes(&x->fact, &y->fact) ? -1 : fact_supersedes(&y->fact, &x->fact);
}

/* Few records are compared with each other; with many it is cheaper to sort. */
static bool has_repetitions(const struct bulk_facts *facts, bool identities_only)
{
    enum { FEW = 24 };
    uint64_t entities[FEW];
    size_t count = 0;
    for (size_t at = 0; at < facts->used;) {
        struct head head;
        at += look_at(facts, at, &head);
        if (identities_only && !fact_has_identity(head.kind))
            continue;
        for (size_t i = 0; i < count; i++)
            if (entities[i] == head.entity)
                return true;
        if (count == FEW)
            return true; /* who knows */
        entities[count++] = head.entity;
    }
    return false;
}

static bool same_entity(const struct bulk_fact *a, const struct bulk_fact *b)
{
    return a->training == b->training && a->fact.entity == b->fact.entity;
}

static void settle(struct bulk_facts *facts, const struct rules *rules)
{
    struct bulk_scratch scratch = {0};
    struct bulk_fact *held = bulk_scratch_take(&scratch, bulk_facts_at_most(facts) * sizeof(*held));
    size_t count = 0, at = 0;
    while (bulk_record_next(facts, &at, rules, NULL, &scratch, &held[count]))
        count++;
    qsort(held, count, sizeof(*held), compare_facts);
    facts->used = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && same_entity(&held[i], &held[i - 1]))
            continue;
        put_record(facts->records + facts->used, &held[i]);
        facts->used += (uint32_t)record_bytes(&held[i].fact);
    }
    bulk_scratch_release(&scratch);
}

void bulk_facts_settle(struct bulk_facts *facts, const struct rules *rules)
{
    if (has_repetitions(facts, false))
        settle(facts, rules);
    facts->settled = facts->used;
}

void bulk_facts_settle_identities(struct bulk_facts *facts, const struct rules *rules)
{
    if (has_repetitions(facts, true))
        settle(facts, rules);
}

void bulk_facts_erase(struct bulk_facts *facts)
{
    struct head head;
    size_t at = 0, length;
    while ((length = look_at(facts, at, &head)) && head.kind != FACT_ERASED)
        at += length;
    memmove(facts->records, facts->records + at, length);
    facts->used = facts->settled = (uint32_t)length;
    facts->identity = false;
}

/* Adding ----------------------------------------------------------------------------------------------------------------- */

static struct bulk_facts *with_room(struct bulk_store *store, struct bulk_facts *facts,
                                    size_t intake, size_t wanted)
{
    size_t bytes = bulk_store_rounded(sizeof(*facts) + wanted);
    if (bytes > UINT32_MAX)
        abort(); /* gigabytes of one person's facts */
    struct bulk_facts *larger = bulk_store_take(store, bytes);
    if (facts) {
        memcpy(larger, facts, sizeof(*facts) + facts->used);
        bulk_store_give(store, facts, sizeof(*facts) + facts->capacity);
    } else {
        *larger = (struct bulk_facts){.intake = (uint8_t)intake};
    }
    larger->capacity = (uint32_t)(bytes - sizeof(*facts));
    return larger;
}

struct bulk_facts *bulk_facts_add(struct bulk_store *store, struct bulk_facts *facts, size_t intake,
                                  const struct rules *rules, const struct bulk_fact *fact)
{
    size_t length = record_bytes(&fact->fact);
    if (!facts) {
        facts = with_room(store, NULL, intake, length);
    } else if (facts->used + length > facts->capacity) {
        if (facts->used >= LEAST_SETTLED && facts->used >= 2 * facts->settled)
            bulk_facts_settle(facts, rules);
        /* Who has many gets room for more. */
        if (facts->used + length > facts->capacity)
            facts =
                with_room(store, facts, intake,
                          facts->used + length + (facts->used > LEAST_SETTLED ? facts->used / 4 : 0));
    }
    put_record(facts->records + facts->used, fact);
    facts->used += (uint32_t)length;
    facts->identity |= fact->fact.identity != NULL;
    facts->erased |= fact->fact.kind == FACT_ERASED;
    return facts;
}
