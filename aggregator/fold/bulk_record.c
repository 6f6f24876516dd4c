/* A fact as a record: a head, and what some kinds carry. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "bulk_private.h"

#define HEAD_BYTES 40
#define CARRIED_BYTES 16
#define NUMBER_MOST 5 /* bytes of 32 bits, seven to the byte */

struct head {
    uint64_t entity;
    int64_t revision, hash, time;
    int32_t day;
    int16_t place; /* the course, which names the training; of facts without one the training */
    uint8_t kind, flags;
};

/* Then the citizen number if there is one, the identifiers, and small numbers of few bytes each. */
struct carried {
    int64_t name;
    uint16_t bytes; /* of all that is carried */
    uint8_t citizen, identifiers, audiences, unused[3];
};

_Static_assert(sizeof(struct head) == HEAD_BYTES, "records have no holes");
_Static_assert(sizeof(struct carried) == CARRIED_BYTES, "records have no holes");

/* In this order; the unit comes first, for it is asked for more than others. */
enum { UNIT, SOURCE, WAVE_CODE, STUDY_GROUP, FILE_NAME, SHEET, INVITED_BY, TEXTS };
enum { FAULTS = TEXTS, WAVE, PLATFORM, ROW_LOW, ROW_HIGH, NUMBERS };

#define CARRIED_MOST                                                                               \
    (CARRIED_BYTES + (EVENT_MAX_LIST + 2) * sizeof(struct key128) +                                \
     (NUMBERS + EVENT_MAX_LIST) * NUMBER_MOST)
_Static_assert(CARRIED_MOST <= UINT16_MAX, "carried.bytes holds it");

static bool has_value(uint8_t kind)
{
    return kind == FACT_EXAM || kind == FACT_PROGRESS;
}

static bool has_citizen(const struct fact_identity *identity)
{
    return identity->citizen.hi || identity->citizen.lo;
}

static uint8_t *put(uint8_t *out, const void *bytes, size_t length)
{
    memcpy(out, bytes, length);
    return out + length;
}

static uint8_t *put_number(uint8_t *out, uint32_t number)
{
    for (; number >= 0x80; number >>= 7)
        *out++ = (uint8_t)(number | 0x80);
    *out++ = (uint8_t)number;
    return out;
}

static uint8_t *put_numbers(uint8_t *out, const struct fact_identity *i)
{
    uint32_t numbers[NUMBERS] = {
        [UNIT] = i->unit,
        [SOURCE] = i->source,
        [WAVE_CODE] = i->wave_code,
        [STUDY_GROUP] = i->study_group,
        [FILE_NAME] = i->file,
        [SHEET] = i->sheet,
        [INVITED_BY] = i->invited_by,
        [FAULTS] = i->faults,
        [WAVE] = (uint32_t)(i->wave - RULES_NONE),
        [PLATFORM] = (uint32_t)(i->platform - RULES_NONE),
        [ROW_LOW] = (uint32_t)i->row,
        [ROW_HIGH] = (uint32_t)((uint64_t)i->row >> 32),
    };
    for (size_t n = 0; n < NUMBERS; n++)
        out = put_number(out, numbers[n]);
    for (uint32_t n = 0; n < i->audience_count; n++)
        out = put_number(out, identity_audiences(i)[n]);
    return out;
}

static void put_identity(uint8_t *begin, const struct fact_identity *i, size_t *bytes)
{
    struct carried carried = {.name = i->name,
                              .citizen = has_citizen(i),
                              .identifiers = (uint8_t)i->identifier_count,
                              .audiences = (uint8_t)i->audience_count};
    uint8_t *out = begin + CARRIED_BYTES;
    if (carried.citizen)
        out = put(out, &i->citizen, sizeof(i->citizen));
    out = put(out, i->identifiers, i->identifier_count * sizeof(struct key128));
    out = put_numbers(out, i);
    carried.bytes = (uint16_t)(out - begin);
    memcpy(begin, &carried, CARRIED_BYTES);
    *bytes += carried.bytes;
}

_Static_assert(HEAD_BYTES + sizeof(double) + CARRIED_MOST <= BULK_RECORD_MOST,
               "the largest record fits");

size_t bulk_record_put(uint8_t out[BULK_RECORD_MOST], const struct bulk_fact *held)
{
    const struct fact *fact = &held->fact;
    int place = fact->course == RULES_NONE ? held->training : fact->course;
    struct head head = {fact->entity, fact->revision, fact->hash, fact->time,
                        fact->day,    (int16_t)place, fact->kind, fact->flags};
    size_t bytes = HEAD_BYTES;
    memcpy(out, &head, HEAD_BYTES);
    if (has_value(fact->kind)) {
        memcpy(out + bytes, &fact->value, sizeof(fact->value));
        bytes += sizeof(fact->value);
    }
    if (fact->identity)
        put_identity(out + bytes, fact->identity, &bytes);
    return bytes;
}

/* Reading ---------------------------------------------------------------------------------------------------------------- */

static uint32_t mapped(const uint32_t *remap, uint32_t number)
{
    return remap ? remap[number] : number;
}

static uint32_t read_number(const uint8_t **at)
{
    uint32_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        number |= (uint32_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return number;
    }
}

static struct fact_identity *read_identity(const uint8_t **at, const uint32_t *remap,
                                           struct bulk_scratch *scratch)
{
    struct carried carried;
    uint32_t numbers[NUMBERS];
    memcpy(&carried, *at, CARRIED_BYTES);
    *at += CARRIED_BYTES;
    size_t keys = carried.identifiers * sizeof(struct key128);
    struct fact_identity *identity =
        bulk_scratch_take(scratch, sizeof(*identity) + keys + carried.audiences * sizeof(uint32_t));
    *identity = (struct fact_identity){.name = carried.name,
                                       .identifier_count = carried.identifiers,
                                       .audience_count = carried.audiences};
    if (carried.citizen) {
        memcpy(&identity->citizen, *at, sizeof(struct key128));
        *at += sizeof(struct key128);
    }
    memcpy(identity->identifiers, *at, keys);
    *at += keys;
    for (size_t n = 0; n < NUMBERS; n++)
        numbers[n] = read_number(at);
    identity->unit = mapped(remap, numbers[UNIT]);
    identity->source = mapped(remap, numbers[SOURCE]);
    identity->wave_code = mapped(remap, numbers[WAVE_CODE]);
    identity->study_group = mapped(remap, numbers[STUDY_GROUP]);
    identity->file = mapped(remap, numbers[FILE_NAME]);
    identity->sheet = mapped(remap, numbers[SHEET]);
    identity->invited_by = mapped(remap, numbers[INVITED_BY]);
    identity->faults = numbers[FAULTS];
    identity->wave = (int32_t)numbers[WAVE] + RULES_NONE;
    identity->platform = (int32_t)numbers[PLATFORM] + RULES_NONE;
    identity->row = (int64_t)((uint64_t)numbers[ROW_HIGH] << 32 | numbers[ROW_LOW]);
    uint32_t *audiences = (uint32_t *)(uintptr_t)identity_audiences(identity);
    for (uint32_t i = 0; i < identity->audience_count; i++)
        audiences[i] = mapped(remap, read_number(at));
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

static size_t look_at(const struct bulk_facts *facts, size_t at, struct head *head)
{
    memcpy(head, facts->records + at, HEAD_BYTES);
    size_t length = HEAD_BYTES + (has_value(head->kind) ? sizeof(double) : 0);
    if (!fact_has_identity(head->kind))
        return length;
    struct carried carried;
    memcpy(&carried, facts->records + at + length, CARRIED_BYTES);
    return length + carried.bytes;
}

size_t bulk_record_look(const struct bulk_facts *facts, size_t at, uint64_t *entity, uint8_t *kind)
{
    struct head head;
    size_t length = look_at(facts, at, &head);
    *entity = head.entity;
    *kind = head.kind;
    return length;
}

bool bulk_identity_next(const struct bulk_facts *facts, size_t *at, struct bulk_identity *identity)
{
    while (*at < facts->used) {
        struct head head;
        const uint8_t *in = facts->records + *at + HEAD_BYTES;
        *at += look_at(facts, *at, &head);
        if (!fact_has_identity(head.kind))
            continue;
        struct carried held;
        memcpy(&held, in, CARRIED_BYTES);
        in += CARRIED_BYTES;
        identity->connects = (head.flags & FACT_IN_FORCE) || head.kind == FACT_ACCOUNT;
        identity->on_roster = head.kind == FACT_LISTING || head.kind == FACT_ATTENDANCE;
        identity->name = held.name;
        identity->citizen = (struct key128){0, 0};
        identity->count = held.identifiers;
        if (held.citizen) {
            memcpy(&identity->citizen, in, sizeof(identity->citizen));
            in += sizeof(identity->citizen);
        }
        memcpy(identity->identifiers, in, held.identifiers * sizeof(struct key128));
        in += held.identifiers * sizeof(struct key128);
        identity->unit = read_number(&in);
        return true;
    }
    return false;
}
