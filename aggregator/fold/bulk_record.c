/* A fact as a record: the head, then time, revision, place, day and value, each as short as it can be; then the identity, where the kind has
 * one. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "bulk_private.h"
#include "number.h"

#define TIME_IN_SECONDS 32U  /* 32 bits of them, else 64 of microseconds */
#define REVISION_IS_TIME 64U /* and does not stand there */
#define SHORT_VALUE 128U     /* of kinds with a value: 16 bits of ten-thousandths */
#define HAS_CITIZEN 128U     /* of kinds with an identity */
#define FORMS (TIME_IN_SECONDS | REVISION_IS_TIME | SHORT_VALUE | HAS_CITIZEN)
_Static_assert(!(FORMS & FACT_FLAGS), "flags of facts are others");

#define SHARES 10000 /* of a value of one */

#define HAS_ACCOUNTS 128U /* in the byte that says how many identifiers there are */
_Static_assert(FACT_MAX_IDENTIFIERS < HAS_ACCOUNTS, "a number of identifiers is less");

/* Of an identity: the name, how many identifiers and audiences, the citizen number if there is one, the identifiers, which of them are keys of
 * accounts if any is, and small numbers of few bytes each. */
/* In this order; the unit comes first, for it is asked for more than others. */
enum { UNIT, SOURCE, WAVE_CODE, STUDY_GROUP, FILE_NAME, SHEET, INVITED_BY, TEXTS };
enum { FAULTS = TEXTS, WAVE, PLATFORM, ROW, NUMBERS };

#define IDENTITY_MOST                                                                              \
    (sizeof(int64_t) + 2 + (FACT_MAX_IDENTIFIERS + 1) * sizeof(struct key128) + sizeof(uint32_t) + \
     (NUMBERS + FACT_MAX_AUDIENCES) * NUMBER_MOST)
_Static_assert(BULK_HEAD_BYTES + 2 * sizeof(int64_t) + 1 + 3 * NUMBER_MOST + IDENTITY_MOST <=
                   BULK_RECORD_MOST,
               "the largest record fits");

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

static uint8_t *put_identity(uint8_t *out, const struct fact_identity *i)
{
    uint64_t numbers[NUMBERS] = {
        [UNIT] = i->unit,
        [SOURCE] = i->source,
        [WAVE_CODE] = i->wave_code,
        [STUDY_GROUP] = i->study_group,
        [FILE_NAME] = i->file,
        [SHEET] = i->sheet,
        [INVITED_BY] = i->invited_by,
        [FAULTS] = i->faults,
        [WAVE] = (uint64_t)(i->wave - RULES_NONE),
        [PLATFORM] = (uint64_t)(i->platform - RULES_NONE),
        [ROW] = (uint64_t)i->row,
    };
    out = put(out, &i->name, sizeof(i->name));
    *out++ = (uint8_t)(i->identifier_count | (i->accounts ? HAS_ACCOUNTS : 0));
    *out++ = (uint8_t)i->audience_count;
    if (has_citizen(i))
        out = put(out, &i->citizen, sizeof(i->citizen));
    out = put(out, i->identifiers, i->identifier_count * sizeof(struct key128));
    if (i->accounts)
        out = put(out, &i->accounts, sizeof(i->accounts));
    for (size_t n = 0; n < NUMBERS; n++)
        out = number_put(out, numbers[n]);
    for (uint32_t n = 0; n < i->audience_count; n++)
        out = number_put(out, identity_audiences(i)[n]);
    return out;
}

static uint8_t *put_time(uint8_t *out, const struct fact *fact, uint8_t *forms)
{
    int64_t seconds = fact->time / US_PER_SECOND;
    if (fact->time % US_PER_SECOND == 0 && seconds >= 0 && seconds <= UINT32_MAX) {
        uint32_t as_is = (uint32_t)seconds;
        *forms |= TIME_IN_SECONDS;
        out = put(out, &as_is, sizeof(as_is));
    } else {
        out = put(out, &fact->time, sizeof(fact->time));
    }
    if (fact->revision != fact->time)
        return number_put(out, (uint64_t)fact->revision);
    *forms |= REVISION_IS_TIME;
    return out;
}

static uint8_t *put_value(uint8_t *out, double value, uint8_t *forms)
{
    double share = value * SHARES;
    if (share >= 0 && share <= UINT16_MAX) {
        uint16_t rounded = (uint16_t)(share + 0.5);
        if ((double)rounded / SHARES == value && !signbit(value)) {
            *forms |= SHORT_VALUE;
            return put(out, &rounded, sizeof(rounded));
        }
    }
    return put(out, &value, sizeof(value));
}

/* What names the training: the course, of facts without one the training. */
static int place_of(const struct bulk_fact *held)
{
    return held->fact.course == RULES_NONE ? held->training : held->fact.course;
}

size_t bulk_record_put(uint8_t record[BULK_RECORD_MOST], const struct bulk_fact *held)
{
    const struct fact *fact = &held->fact;
    struct bulk_head head = {
        .entity = fact->entity, .hash = fact->hash, .kind = fact->kind, .flags = fact->flags};
    uint8_t *out = put_time(record + BULK_HEAD_BYTES, fact, &head.flags);
    out = number_put(out, (uint64_t)(place_of(held) - RULES_NONE));
    if (fact_states_day(fact->kind))
        out = number_put(out, number_of_signed((int64_t)fact->day - clock_day(fact->time)));
    if (has_value(fact->kind))
        out = put_value(out, fact->value, &head.flags);
    if (fact->kind == FACT_EXAM)
        *out++ = fact->attempt;
    if (fact->identity) {
        if (has_citizen(fact->identity))
            head.flags |= HAS_CITIZEN;
        out = put_identity(out, fact->identity);
    }
    head.bytes = (uint16_t)(out - record);
    memcpy(record, &head, BULK_HEAD_BYTES);
    return head.bytes;
}

/* Reading ---------------------------------------------------------------------------------------------------------------- */

static uint32_t mapped(const uint32_t *remap, uint64_t number)
{
    return remap ? remap[number] : (uint32_t)number;
}

static const uint8_t *take(const uint8_t *in, void *bytes, size_t length)
{
    memcpy(bytes, in, length);
    return in + length;
}

/* Until the identifiers; whether any is an account's key is what `accounts` says so far. */
static const uint8_t *read_carried(const uint8_t *in, bool citizen, struct fact_identity *carried)
{
    in = take(in, &carried->name, sizeof(carried->name));
    carried->accounts = *in & HAS_ACCOUNTS;
    carried->identifier_count = *in++ & ~HAS_ACCOUNTS;
    carried->audience_count = *in++;
    return citizen ? take(in, &carried->citizen, sizeof(carried->citizen)) : in;
}

/* `out`: NULL passes them over. */
static const uint8_t *read_identifiers(const uint8_t *in, struct fact_identity *carried,
                                       struct key128 *out)
{
    size_t bytes = carried->identifier_count * sizeof(struct key128);
    if (out)
        memcpy(out, in, bytes);
    in += bytes;
    return carried->accounts ? take(in, &carried->accounts, sizeof(carried->accounts)) : in;
}

static struct fact_identity *read_identity(const uint8_t **at, bool citizen, const uint32_t *remap,
                                           struct bulk_scratch *scratch)
{
    struct fact_identity head = {0};
    uint64_t numbers[NUMBERS];
    const uint8_t *in = read_carried(*at, citizen, &head);
    size_t keys = head.identifier_count * sizeof(struct key128);
    struct fact_identity *identity =
        bulk_scratch_take(scratch, sizeof(*identity) + keys + head.audience_count * sizeof(uint32_t));
    *identity = head;
    in = read_identifiers(in, identity, identity->identifiers);
    for (size_t n = 0; n < NUMBERS; n++)
        numbers[n] = number_take(&in);
    identity->unit = mapped(remap, numbers[UNIT]);
    identity->source = mapped(remap, numbers[SOURCE]);
    identity->wave_code = mapped(remap, numbers[WAVE_CODE]);
    identity->study_group = mapped(remap, numbers[STUDY_GROUP]);
    identity->file = mapped(remap, numbers[FILE_NAME]);
    identity->sheet = mapped(remap, numbers[SHEET]);
    identity->invited_by = mapped(remap, numbers[INVITED_BY]);
    identity->faults = (uint32_t)numbers[FAULTS];
    identity->wave = (int32_t)numbers[WAVE] + RULES_NONE;
    identity->platform = (int32_t)numbers[PLATFORM] + RULES_NONE;
    identity->row = (int64_t)numbers[ROW];
    uint32_t *audiences = (uint32_t *)(uintptr_t)identity_audiences(identity);
    for (uint32_t i = 0; i < identity->audience_count; i++)
        audiences[i] = mapped(remap, number_take(&in));
    *at = in;
    return identity;
}

static bool has_course(uint8_t kind)
{
    return !fact_has_identity(kind) && kind != FACT_ERASED;
}

/* What tells which of two facts counts, and the place. */
static const uint8_t *read_standing(const uint8_t *record, struct fact *fact, int *place)
{
    const struct bulk_head head = bulk_head_of(record);
    const uint8_t *in = record + BULK_HEAD_BYTES;
    *fact = (struct fact){.entity = head.entity,
                          .hash = head.hash,
                          .course = RULES_NONE,
                          .kind = head.kind,
                          .flags = (uint8_t)(head.flags & ~FORMS)};
    if (head.flags & TIME_IN_SECONDS) {
        uint32_t seconds;
        in = take(in, &seconds, sizeof(seconds));
        fact->time = (int64_t)seconds * US_PER_SECOND;
    } else {
        in = take(in, &fact->time, sizeof(fact->time));
    }
    fact->revision = head.flags & REVISION_IS_TIME ? fact->time : (int64_t)number_take(&in);
    *place = (int)number_take(&in) + RULES_NONE;
    return in;
}

/* All before the identity. */
static const uint8_t *read_body(const uint8_t *record, struct fact *fact, int *place)
{
    const uint8_t *in = read_standing(record, fact, place);
    fact->day = clock_day(fact->time);
    if (fact_states_day(fact->kind))
        fact->day += (int32_t)number_signed(number_take(&in));
    if (!has_value(fact->kind))
        return in;
    if (bulk_head_of(record).flags & SHORT_VALUE) {
        uint16_t share;
        in = take(in, &share, sizeof(share));
        fact->value = (double)share / SHARES;
    } else {
        in = take(in, &fact->value, sizeof(fact->value));
    }
    if (fact->kind == FACT_EXAM)
        fact->attempt = *in++;
    return in;
}

bool bulk_record_next(const struct bulk_facts *facts, size_t *at, const struct rules *rules,
                      const uint32_t *remap, struct bulk_scratch *scratch, struct bulk_fact *out)
{
    if (*at == facts->used)
        return false;
    const uint8_t *record = facts->records + *at;
    const struct bulk_head head = bulk_head_of(record);
    int place;
    const uint8_t *in = read_body(record, &out->fact, &place);
    if (fact_has_identity(head.kind))
        out->fact.identity = read_identity(&in, head.flags & HAS_CITIZEN, remap, scratch);
    bool course = has_course(head.kind);
    out->fact.course = course ? place : RULES_NONE;
    out->training = course ? rules_course(rules, place)->training : place;
    *at += head.bytes;
    return true;
}

static int64_t row_of_identity(const uint8_t *in, bool citizen)
{
    struct fact_identity carried = {0};
    uint64_t number = 0;
    in = read_identifiers(read_carried(in, citizen, &carried), &carried, NULL);
    for (size_t n = 0; n <= ROW; n++)
        number = number_take(&in);
    return (int64_t)number;
}

/* Rows are told apart only where all else is equal. */
static bool is_later_row(const uint8_t *record, const uint8_t *other)
{
    const uint8_t *const records[] = {record, other};
    int64_t rows[2];
    for (int i = 0; i < 2; i++) {
        struct fact fact;
        int place;
        const uint8_t *in = read_body(records[i], &fact, &place);
        rows[i] = row_of_identity(in, bulk_head_of(records[i]).flags & HAS_CITIZEN);
    }
    return rows[0] > rows[1];
}

enum bulk_standing bulk_record_against(const uint8_t *record, const uint8_t *other)
{
    struct fact fact, than;
    int place, other_place;
    if (bulk_head_of(record).entity != bulk_head_of(other).entity)
        return BULK_OF_ANOTHER;
    read_standing(record, &fact, &place);
    read_standing(other, &than, &other_place);
    if (place != other_place)
        return BULK_OF_ANOTHER;
    bool counts = fact_supersedes(&fact, &than);
    if (!counts && !fact_supersedes(&than, &fact) && fact_has_identity(fact.kind) &&
        fact_has_identity(than.kind))
        counts = is_later_row(record, other);
    return counts ? BULK_SUPERSEDES : BULK_YIELDS;
}

bool bulk_identity_next(const struct bulk_facts *facts, size_t *at, struct bulk_identity *identity)
{
    while (*at < facts->used) {
        const struct bulk_head head = bulk_head_of(facts->records + *at);
        const uint8_t *record = facts->records + *at;
        *at += head.bytes;
        if (!fact_has_identity(head.kind))
            continue;
        struct fact fact;
        struct fact_identity carried = {0};
        int place;
        const uint8_t *in =
            read_carried(read_body(record, &fact, &place), head.flags & HAS_CITIZEN, &carried);
        identity->connects = (head.flags & FACT_IN_FORCE) || head.kind == FACT_ACCOUNT;
        identity->on_roster = head.kind == FACT_LISTING || head.kind == FACT_ATTENDANCE;
        identity->name = carried.name;
        identity->citizen = carried.citizen;
        identity->count = carried.identifier_count;
        in = read_identifiers(in, &carried, identity->identifiers);
        identity->unit = (uint32_t)number_take(&in);
        return true;
    }
    return false;
}
