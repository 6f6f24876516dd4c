/* Records of facts, one behind the other. Adding one is a copy; an entity told again is found when the dossier has doubled. */
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
    int16_t course;
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

static void put_record(uint8_t *out, const struct fact *fact)
{
    struct head head = {fact->entity, fact->revision,        fact->hash, fact->time,
                        fact->day,    (int16_t)fact->course, fact->kind, fact->flags};
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

static struct fact_identity *read_identity(const uint8_t **at, const uint32_t *remap)
{
    struct identity_head head;
    memcpy(&head, *at, IDENTITY_BYTES);
    *at += IDENTITY_BYTES;
    size_t keys = head.identifiers * sizeof(struct key128);
    struct fact_identity *identity =
        must_have(malloc(sizeof(*identity) + keys + head.audiences * sizeof(uint32_t)));
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

bool bulk_record_next(const struct bulk_dossier *dossier, size_t *at, const uint32_t *remap,
                      struct fact *fact)
{
    if (*at == dossier->used)
        return false;
    const uint8_t *in = dossier->records + *at;
    struct head head;
    memcpy(&head, in, HEAD_BYTES);
    in += HEAD_BYTES;
    *fact = (struct fact){.entity = head.entity,
                          .revision = head.revision,
                          .hash = head.hash,
                          .time = head.time,
                          .day = head.day,
                          .course = head.course,
                          .kind = head.kind,
                          .flags = head.flags};
    if (has_value(head.kind)) {
        memcpy(&fact->value, in, sizeof(fact->value));
        in += sizeof(fact->value);
    }
    if (fact_has_identity(head.kind))
        fact->identity = read_identity(&in, remap);
    *at = (size_t)(in - dossier->records);
    return true;
}

/* Adding ----------------------------------------------------------------------------------------------------------------- */

/* By entity, the one that counts first. */
static int compare_facts(const void *a, const void *b)
{
    const struct fact *x = a, *y = b;
    if (x->entity != y->entity)
        return x->entity < y->entity ? -1 : 1;
    return fact_supersedes(x, y) ? -1 : fact_supersedes(y, x);
}

/* How long the record at `at` is, and its head. */
static size_t look_at(const struct bulk_dossier *dossier, size_t at, struct head *head)
{
    memcpy(head, dossier->records + at, HEAD_BYTES);
    size_t length = HEAD_BYTES + (has_value(head->kind) ? sizeof(double) : 0);
    if (!fact_has_identity(head->kind))
        return length;
    struct identity_head identity;
    memcpy(&identity, dossier->records + at + length, IDENTITY_BYTES);
    return length + IDENTITY_BYTES + (identity.citizen ? sizeof(struct key128) : 0) +
           identity.identifiers * sizeof(struct key128) + identity.audiences * sizeof(uint32_t);
}

bool bulk_identity_next(const struct bulk_dossier *dossier, size_t *at, struct bulk_identity *identity)
{
    while (*at < dossier->used) {
        struct head head;
        const uint8_t *in = dossier->records + *at + HEAD_BYTES;
        *at += look_at(dossier, *at, &head);
        if (!fact_has_identity(head.kind))
            continue;
        struct identity_head held;
        memcpy(&held, in, IDENTITY_BYTES);
        in += IDENTITY_BYTES;
        *identity = (struct bulk_identity){
            .connects = (head.flags & FACT_IN_FORCE) || head.kind == FACT_ACCOUNT,
            .on_roster = head.kind == FACT_LISTING || head.kind == FACT_ATTENDANCE,
            .name = held.name,
            .count = held.identifiers};
        if (held.citizen) {
            memcpy(&identity->citizen, in, sizeof(identity->citizen));
            in += sizeof(identity->citizen);
        }
        memcpy(identity->identifiers, in, held.identifiers * sizeof(struct key128));
        return true;
    }
    return false;
}

/* Few records are compared with each other; with many it is cheaper to sort. */
static bool has_repetitions(const struct bulk_dossier *dossier)
{
    enum { FEW = 16 };
    uint64_t entities[FEW];
    size_t count = 0;
    for (size_t at = 0; at < dossier->used;) {
        struct head head;
        at += look_at(dossier, at, &head);
        for (size_t i = 0; i < count; i++)
            if (entities[i] == head.entity)
                return true;
        if (count == FEW)
            return true; /* who knows */
        entities[count++] = head.entity;
    }
    return false;
}

void bulk_dossier_settle(struct bulk_dossier *dossier)
{
    if (!has_repetitions(dossier)) {
        dossier->settled = dossier->used;
        return;
    }
    struct fact *facts = NULL, fact;
    size_t count = 0, capacity = 0, at = 0;
    while (bulk_record_next(dossier, &at, NULL, &fact)) {
        facts = array_room(facts, count, &capacity, sizeof(*facts));
        facts[count++] = fact;
    }
    qsort(facts, count, sizeof(*facts), compare_facts);
    dossier->used = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || facts[i].entity != facts[i - 1].entity) {
            put_record(dossier->records + dossier->used, &facts[i]);
            dossier->used += (uint32_t)record_bytes(&facts[i]);
        }
    }
    for (size_t i = 0; i < count; i++)
        fact_release(&facts[i]);
    free(facts);
    dossier->settled = dossier->used;
}

struct bulk_dossier *bulk_dossier_new(int training, size_t intake, const struct fact *fact,
                                      size_t *bytes)
{
    size_t length = record_bytes(fact);
    struct bulk_dossier *dossier = must_have(malloc(sizeof(*dossier) + length));
    *dossier = (struct bulk_dossier){.used = (uint32_t)length,
                                     .capacity = (uint32_t)length,
                                     .training = (int16_t)training,
                                     .intake = (uint8_t)intake,
                                     .identity = fact->identity != NULL,
                                     .erased = fact->kind == FACT_ERASED};
    put_record(dossier->records, fact);
    *bytes += sizeof(*dossier) + length;
    return dossier;
}

struct bulk_dossier *bulk_dossier_add(struct bulk_dossier *dossier, const struct fact *fact,
                                      size_t *bytes)
{
    size_t length = record_bytes(fact);
    if (dossier->used + length > dossier->capacity && dossier->used >= LEAST_SETTLED &&
        dossier->used >= 2 * dossier->settled)
        bulk_dossier_settle(dossier);
    if (dossier->used + length > dossier->capacity) {
        /* Most have one fact or two; who has many gets room for more. */
        size_t wanted = dossier->used + length + (dossier->used > 256 ? dossier->used / 4 : 0);
        if (wanted > UINT32_MAX)
            abort(); /* gigabytes of one person's facts in one training */
        *bytes += wanted - dossier->capacity;
        dossier = must_have(realloc(dossier, sizeof(*dossier) + wanted));
        dossier->capacity = (uint32_t)wanted;
    }
    put_record(dossier->records + dossier->used, fact);
    dossier->used += (uint32_t)length;
    dossier->identity |= fact->identity != NULL;
    dossier->erased |= fact->kind == FACT_ERASED;
    return dossier;
}
