/* The packed form of a dossier, as column facts of table states holds it: little-endian, version byte first; counts, lengths and what is
 * mostly small as numbers of few bytes. Half of what is stored are listings, and each is written again with its dossier. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "fact.h"
#include "number.h"

#define PACK_VERSION 5
#define LEAST_FACT (1 + 1 + 8 + 1 + 8 + 1) /* kind, flags, entity, revision, hash, time */

static void put(struct text_buffer *out, uint64_t value, size_t bytes)
{
    uint8_t raw[8];
    for (size_t i = 0; i < bytes; i++)
        raw[i] = (uint8_t)(value >> (8 * i));
    text_buffer_add(out, raw, bytes);
}

static void put_number(struct text_buffer *out, uint64_t value)
{
    uint8_t raw[NUMBER_MOST];
    text_buffer_add(out, raw, (size_t)(number_put(raw, value) - raw));
}

static void put_text(struct text_buffer *out, const char *text)
{
    size_t length = strlen(text);
    put_number(out, length);
    text_buffer_add(out, text, length);
}

static void put_key(struct text_buffer *out, struct key128 key)
{
    put(out, key.hi, 8);
    put(out, key.lo, 8);
}

/* Bits of the byte that says what an identity has besides. */
#define HAS_CITIZEN 1U
#define HAS_ACCOUNTS 2U /* identifiers that are keys of accounts */

static void put_identity(struct text_buffer *out, const struct fact_identity *identity,
                         const struct strings *strings)
{
    put(out, (uint64_t)identity->name, 8);
    bool citizen = identity->citizen.hi || identity->citizen.lo;
    put(out, (citizen ? HAS_CITIZEN : 0) | (identity->accounts ? HAS_ACCOUNTS : 0), 1);
    if (citizen)
        put_key(out, identity->citizen);
    put_number(out, identity->faults);
    put_number(out, number_of_signed(identity->row));
    put_text(out, strings_text(strings, identity->source));
    put_text(out, strings_text(strings, identity->wave_code));
    put_text(out, strings_text(strings, identity->unit));
    put_text(out, strings_text(strings, identity->study_group));
    put_text(out, strings_text(strings, identity->file));
    put_text(out, strings_text(strings, identity->sheet));
    put_text(out, strings_text(strings, identity->invited_by));
    put_number(out, identity->identifier_count);
    for (uint32_t i = 0; i < identity->identifier_count; i++)
        put_key(out, identity->identifiers[i]);
    if (identity->accounts)
        put_number(out, identity->accounts);
    put_number(out, identity->audience_count);
    for (uint32_t i = 0; i < identity->audience_count; i++)
        put_text(out, strings_text(strings, identity_audiences(identity)[i]));
}

/* The courses that the facts name, each once, in the order of the facts: mostly one or two. */
static size_t number_of_course(const struct fact *facts, size_t count, int course)
{
    size_t number = 0;
    for (size_t i = 0; i < count; i++) {
        bool seen = facts[i].course == RULES_NONE;
        for (size_t k = 0; k < i && !seen; k++)
            seen = facts[k].course == facts[i].course;
        if (seen)
            continue;
        if (facts[i].course == course)
            return number;
        number++;
    }
    return number;
}

static void put_courses(struct text_buffer *out, const struct fact *facts, size_t count,
                        const struct rules *rules)
{
    size_t courses = number_of_course(facts, count, RULES_NONE);
    put_number(out, courses);
    for (size_t i = 0, put_so_far = 0; put_so_far < courses; i++)
        if (facts[i].course != RULES_NONE &&
            number_of_course(facts, count, facts[i].course) == put_so_far) {
            put_text(out, rules_course(rules, facts[i].course)->source);
            put_text(out, rules_course(rules, facts[i].course)->course);
            put_so_far++;
        }
}

/* Platforms tell whole seconds, mostly: the lowest bit says that microseconds follow. */
static void put_time(struct text_buffer *out, int64_t time)
{
    int64_t rest = time % US_PER_SECOND;
    put_number(out, number_of_signed(time / US_PER_SECOND) << 1 | (rest != 0));
    if (rest)
        put_number(out, number_of_signed(rest));
}

static void put_fact(struct text_buffer *out, const struct fact *fact)
{
    put(out, fact->kind, 1);
    put(out, fact->flags, 1);
    put(out, fact->entity, 8);
    put_number(out, (uint64_t)fact->revision);
    put(out, (uint64_t)fact->hash, 8);
    put_time(out, fact->time);
    if (fact->kind == FACT_EXAM || fact->kind == FACT_PROGRESS) {
        uint64_t bits;
        memcpy(&bits, &fact->value, sizeof(bits));
        put(out, bits, 8);
    }
    if (fact->kind == FACT_EXAM)
        put(out, fact->attempt, 1);
    if (fact_states_day(fact->kind))
        put_number(out, number_of_signed((int64_t)fact->day - clock_day(fact->time)));
}

void facts_pack(const struct fact *facts, size_t count, const struct rules *rules,
                const struct strings *strings, struct text_buffer *out)
{
    put(out, PACK_VERSION, 1);
    put_number(out, count);
    put_courses(out, facts, count, rules);
    for (size_t i = 0; i < count; i++) {
        put_fact(out, &facts[i]);
        if (facts[i].course != RULES_NONE)
            put_number(out, number_of_course(facts, count, facts[i].course));
        if (facts[i].identity)
            put_identity(out, facts[i].identity, strings);
    }
}

struct reader {
    const uint8_t *at;
    size_t left;
    bool failed;
};

static uint64_t take(struct reader *in, size_t bytes)
{
    if (in->left < bytes) {
        in->failed = true;
        return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)in->at[i] << (8 * i);
    in->at += bytes;
    in->left -= bytes;
    return value;
}

static uint64_t take_number(struct reader *in)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint64_t byte = take(in, 1);
        value |= (byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
    in->failed = true;
    return 0;
}

static struct key128 take_key(struct reader *in)
{
    uint64_t hi = take(in, 8), lo = take(in, 8);
    return (struct key128){hi, lo};
}

static uint32_t take_text(struct reader *in, struct strings *strings)
{
    uint64_t length = take_number(in);
    if (in->left < length || memchr(in->at, 0, length)) {
        in->failed = true;
        return 0;
    }
    uint32_t number = strings_intern(strings, (const char *)in->at, length);
    in->at += length;
    in->left -= length;
    return number;
}

/* Of a list. */
static uint32_t take_count(struct reader *in, uint32_t most)
{
    uint64_t count = take_number(in);
    if (count > most)
        in->failed = true;
    return in->failed ? 0 : (uint32_t)count;
}

/* What stands before the lists; *has says which of HAS_... there are. */
static struct fact_identity take_identity_head(struct reader *in, const struct rules *rules,
                                               struct strings *strings, unsigned *has)
{
    struct fact_identity head = {0};
    head.name = (int64_t)take(in, 8);
    *has = (unsigned)take(in, 1);
    in->failed |= (*has & ~(HAS_CITIZEN | HAS_ACCOUNTS)) != 0;
    if (*has & HAS_CITIZEN)
        head.citizen = take_key(in);
    head.faults = (uint32_t)take_number(in);
    head.row = number_signed(take_number(in));
    head.source = take_text(in, strings);
    head.wave_code = take_text(in, strings);
    head.unit = take_text(in, strings);
    head.study_group = take_text(in, strings);
    head.file = take_text(in, strings);
    head.sheet = take_text(in, strings);
    head.invited_by = take_text(in, strings);
    head.wave =
        head.wave_code ? rules_find_wave(rules, strings_text(strings, head.wave_code)) : RULES_NONE;
    head.platform = rules_find_platform(rules, strings_text(strings, head.source));
    return head;
}

/* Which of so many identifiers are keys of accounts. */
static uint32_t take_accounts(struct reader *in, uint32_t identifiers)
{
    uint64_t accounts = take_number(in);
    if (accounts == 0 || accounts >> identifiers)
        in->failed = true;
    return in->failed ? 0 : (uint32_t)accounts;
}

static struct fact_identity *take_identity(struct reader *in, const struct rules *rules,
                                           struct strings *strings)
{
    unsigned has;
    struct fact_identity head = take_identity_head(in, rules, strings, &has);
    struct fact_identity *identity = must_have(malloc(sizeof(*identity) + FACT_LISTS_MOST));
    *identity = head;
    identity->identifier_count = take_count(in, FACT_MAX_IDENTIFIERS);
    for (uint32_t i = 0; i < identity->identifier_count; i++)
        identity->identifiers[i] = take_key(in);
    if (has & HAS_ACCOUNTS)
        identity->accounts = take_accounts(in, identity->identifier_count);
    identity->audience_count = take_count(in, FACT_MAX_AUDIENCES);
    uint32_t *audiences = (uint32_t *)(uintptr_t)identity_audiences(identity);
    for (uint32_t i = 0; i < identity->audience_count; i++)
        audiences[i] = take_text(in, strings);
    return must_have(realloc(identity, identity_size(identity)));
}

/* Courses of the dossier as indices in rules. Freed by the caller; NULL when it fails. */
static int *take_courses(struct reader *in, const struct rules *rules, uint64_t *count)
{
    *count = take_number(in);
    if (in->failed || *count > in->left / 4) {
        in->failed = true;
        return NULL;
    }
    int *courses = must_have(malloc((*count + 1) * sizeof(int)));
    for (uint64_t i = 0; i < *count; i++) {
        char texts[2][EVENT_MAX_KEY + 1];
        for (int k = 0; k < 2; k++) {
            uint64_t length = take_number(in);
            if (in->left < length || length > EVENT_MAX_KEY) {
                in->failed = true;
                length = 0;
            }
            memcpy(texts[k], in->at, length);
            texts[k][length] = 0;
            in->at += length;
            in->left -= length;
        }
        courses[i] = rules_find_course(rules, texts[0], texts[1]);
        if (courses[i] == RULES_NONE)
            in->failed = true;
    }
    return courses;
}

static int64_t take_time(struct reader *in)
{
    uint64_t number = take_number(in);
    int64_t seconds = number_signed(number >> 1), rest = 0;
    if (number & 1)
        rest = number_signed(take_number(in));
    int64_t most = INT64_MAX / US_PER_SECOND - 1;
    if (seconds > most || seconds < -most || rest >= US_PER_SECOND || rest <= -US_PER_SECOND) {
        in->failed = true;
        return 0;
    }
    return seconds * US_PER_SECOND + rest;
}

struct intake {
    struct reader *in;
    const struct rules *rules;
    struct strings *strings;
    const int *courses;
    uint64_t course_count;
};

static void take_fact(const struct intake *intake, struct fact *fact)
{
    struct reader *in = intake->in;
    memset(fact, 0, sizeof(*fact));
    fact->course = RULES_NONE;
    fact->kind = (uint8_t)take(in, 1);
    fact->flags = (uint8_t)take(in, 1);
    fact->entity = take(in, 8);
    fact->revision = (int64_t)take_number(in);
    fact->hash = (int64_t)take(in, 8);
    fact->time = take_time(in);
    if (fact->kind == FACT_EXAM || fact->kind == FACT_PROGRESS) {
        uint64_t bits = take(in, 8);
        memcpy(&fact->value, &bits, sizeof(bits));
    }
    if (fact->kind == FACT_EXAM)
        fact->attempt = (uint8_t)take(in, 1);
    fact->day = clock_day(fact->time);
    if (fact_states_day(fact->kind))
        fact->day =
            (int32_t)(uint32_t)((uint64_t)fact->day + (uint64_t)number_signed(take_number(in)));
    if (fact->kind < FACT_LISTING || fact->kind > FACT_ERASED)
        in->failed = true;
    if (in->failed || fact->kind == FACT_ERASED)
        return;
    if (fact_has_identity(fact->kind)) {
        fact->identity = take_identity(in, intake->rules, intake->strings);
        return;
    }
    uint64_t course = take_number(in);
    if (course >= intake->course_count)
        in->failed = true;
    else
        fact->course = intake->courses[course];
}

static bool take_facts(struct reader *in, const struct rules *rules, struct strings *strings,
                       struct fact **facts, size_t *count)
{
    uint64_t expected = take_number(in), course_count;
    if (in->failed || expected > in->left / LEAST_FACT)
        return false;
    int *courses = take_courses(in, rules, &course_count);
    *facts = must_have(calloc(expected + 1, sizeof(struct fact)));
    struct intake intake = {in, rules, strings, courses, course_count};
    for (uint64_t i = 0; i < expected && !in->failed; i++) {
        take_fact(&intake, &(*facts)[i]);
        *count = i + 1;
    }
    free(courses);
    return !in->failed && in->left == 0;
}

bool facts_unpack(const void *bytes, size_t length, const struct rules *rules,
                  struct strings *strings, struct fact **facts, size_t *count, struct error *err)
{
    struct reader in = {bytes, length, false};
    uint64_t version = take(&in, 1);
    *facts = NULL;
    *count = 0;
    if (version != PACK_VERSION)
        return error_set(err, ERROR_STATE, false,
                         "a stored dossier of %zu bytes has version %u, this binary writes %u: run "
                         "the binary of its generation",
                         length, (unsigned)version, PACK_VERSION);
    if (take_facts(&in, rules, strings, facts, count))
        return true;
    for (size_t i = 0; i < *count; i++)
        fact_release(&(*facts)[i]);
    free(*facts);
    *facts = NULL;
    *count = 0;
    return error_set(err, ERROR_STATE, false,
                     "a stored dossier of %zu bytes is damaged, or names a course that the "
                     "generation's config lacks: restore it or replay",
                     length);
}

bool facts_training(const struct rules *rules, const char *code, size_t length, int *index,
                    struct error *err)
{
    char training[EVENT_MAX_KEY + 1] = "";
    *index = RULES_NONE;
    if (length == 0)
        return true;
    if (length >= sizeof(training))
        return error_tell(err, ERROR_STATE, false,
                          "số liệu bị hỏng (mã khóa dài %zu byte): `mooc-aggregator verify` cho "
                          "biết thêm",
                          "the figures are damaged (a training code of %zu bytes): "
                          "`mooc-aggregator verify` tells more",
                          length);
    memcpy(training, code, length);
    *index = rules_find_training(rules, training);
    return *index != RULES_NONE ||
           error_tell(err, ERROR_STATE, false,
                      "trong số liệu có khóa %s mà danh mục không có: `mooc-aggregator verify` cho "
                      "biết thêm",
                      "the figures hold facts of training %s, which their reference data lacks: "
                      "`mooc-aggregator verify` tells more",
                      training);
}
