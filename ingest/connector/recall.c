#include "recall.h"

#include <string.h>

#include "../../common/clock.h"
#include "../../common/text_buffer.h"

/* Bits of a record's note. Its value: the first entity, and a check of what is held of all of them, of the row looked up and, where
 * something was absent, of the entities there are. */
#define COUNT 3U /* 2: the one behind the first; 3: a further note says which */
#define HAS_UNTIL 4U
#define WAS_ABSENT 8U
enum further { FURTHER_RECORD = 1, FURTHER_ENTRIES };

#define NO_ROW 15U /* instead of the number of a kind of row */

static void add_number(struct text_buffer *salt, uint64_t number)
{
    text_buffer_add(salt, (const char *)&number, sizeof number);
}

static void add_text(struct text_buffer *salt, const char *text)
{
    if (text)
        text_buffer_add(salt, text, strlen(text) + 1);
    else
        text_buffer_add(salt, "\1",
                        1); /* in no text: they are checked JSON strings, or of the configuration */
}

/* What changes from page to page, or is of this record. */
static bool is_of_page(const struct stream_rules *rules, size_t name)
{
    for (size_t i = 0; i < rules->lookup_count; i++)
        if (name >= rules->lookups[i].first_name &&
            name <= rules->lookups[i].first_name + rules->lookups[i].field_count)
            return true;
    return (name >= NAME_SIZE && name <= NAME_UNTIL) || (name == NAME_NOW && !rules->reads_now);
}

bool recall_begin(struct recall *recall, const struct platform *p, size_t stream, size_t course,
                  const struct texts *texts)
{
    const struct stream_rules *rules = p->streams[stream].rules;
    if (!p->context->sightings || rules->lookup_count > 1 || (rules->each && rules->lookup_count > 0))
        return false;
    struct text_buffer salt = {.data = NULL};
    add_number(&salt, p->shard ? shard_incarnation(p->shard) : 0);
    add_number(&salt, (uint64_t)clock_day(clock_now_us()));
    add_number(&salt, stream);
    add_number(&salt, course);
    for (size_t i = 0; i < p->connector->names.count; i++)
        if (!is_of_page(rules, i))
            add_text(&salt, texts->at[i]);
    for (size_t i = 0; i < p->course_count; i++)
        text_buffer_add(&salt, p->courses[i].active ? "+" : "-", 1);
    recall->sightings = p->context->sightings;
    recall->offers_again = false;
    recall->key = recall->plain = p->hash;
    recall->key.words[0] ^= siphash(p->hash, salt.data, salt.length);
    text_buffer_free(&salt);
    return true;
}

/* Of the row that is looked up, by its key; 0 where none is. */
static uint32_t row_check(const struct recall *recall, const struct apply *a, uint64_t row_key)
{
    const struct stream_rules *rules = a->p->streams[a->stream].rules;
    const struct row_table *table = a->tables ? a->tables[0] : NULL;
    const char *fields[CONNECTOR_MAX_FIELDS];
    struct text_buffer text = {.data = NULL};
    if (rules->lookup_count == 0)
        return 0;
    size_t row = table && row_key ? row_table_find(table, row_key) : SIZE_MAX;
    add_number(&text, table != NULL);
    add_number(&text, row != SIZE_MAX);
    if (row != SIZE_MAX)
        row_table_row(table, row, fields);
    for (size_t i = 0; row != SIZE_MAX && i < rules->lookups[0].field_count; i++)
        add_text(&text, fields[i]);
    uint64_t hash = siphash(recall->key, text.data, text.length);
    text_buffer_free(&text);
    return (uint32_t)hash;
}

/* Which entities the note names; SIZE_MAX when a further note was pushed out. */
static size_t read_entries(const struct recall *recall, uint64_t digest, unsigned bits,
                           uint64_t value, uint32_t entries[LESSON_MOST])
{
    entries[0] = (uint32_t)(value >> 32);
    if ((bits & COUNT) < 2)
        return bits & COUNT;
    entries[1] = entries[0] + 1;
    if ((bits & COUNT) == 2)
        return 2;
    uint64_t others;
    if (!sightings_find(recall->sightings, sightings_further(digest, FURTHER_ENTRIES), &bits, &others))
        return SIZE_MAX;
    entries[1] = (uint32_t)(others >> 32);
    entries[2] = (uint32_t)others;
    return entries[2] == SHARD_UNKNOWN ? 2 : 3;
}

static uint32_t births_check(const struct recall *recall, const struct apply *a)
{
    uint64_t births = shard_births(a->p->shard);
    return (uint32_t)siphash(recall->key, &births, sizeof births);
}

bool recall_record(const struct recall *recall, const struct apply *a, uint64_t digest)
{
    unsigned bits;
    uint64_t value;
    uint32_t entries[LESSON_MOST], check = 0;
    if (!sightings_find(recall->sightings, digest, &bits, &value))
        return false;
    if (a->p->streams[a->stream].rules->lookup_count > 0) {
        check = row_check(recall, a, value);
        digest = sightings_further(digest, FURTHER_RECORD);
        if (!sightings_find(recall->sightings, digest, &bits, &value))
            return false;
    }
    if ((bits & HAS_UNTIL) && recall->offers_again)
        return false;
    if (bits & WAS_ABSENT)
        check ^= births_check(recall, a);
    size_t count = read_entries(recall, digest, bits, value, entries);
    bool known = count != SIZE_MAX &&
                 shard_observe_known(a->p->shard, entries, count, (uint32_t)value ^ check);
    if (known && a->tally)
        a->tally->told += (int64_t)count;
    return known;
}

static unsigned put_entries(const struct recall *recall, uint64_t digest, const struct lesson *lesson)
{
    const struct shard_known *known = lesson->known;
    if (lesson->count < 2 || (lesson->count == 2 && known[1].entry == known[0].entry + 1))
        return (unsigned)lesson->count;
    uint32_t last = lesson->count == 3 ? known[2].entry : SHARD_UNKNOWN;
    sightings_put(recall->sightings, sightings_further(digest, FURTHER_ENTRIES), 0,
                  (uint64_t)known[1].entry << 32 | last);
    return 3;
}

void recall_learn(const struct recall *recall, const struct apply *a, uint64_t digest,
                  const struct lesson *lesson)
{
    uint32_t check = 0;
    if (lesson->spoilt)
        return;
    for (size_t i = 0; i < lesson->count; i++)
        check = shard_check_add(check, lesson->known[i].check);
    if (a->p->streams[a->stream].rules->lookup_count > 0) {
        check ^= row_check(recall, a, a->texts->row_keys[0]);
        sightings_put(recall->sightings, digest, 0, a->texts->row_keys[0]);
        digest = sightings_further(digest, FURTHER_RECORD);
    }
    unsigned bits = put_entries(recall, digest, lesson);
    if (lesson->until_ms != INT64_MAX) {
        bits |= HAS_UNTIL;
        struct place *place = platform_place(a->p, a->stream, a->course);
        if (lesson->until_ms < place->offer_ms)
            place->offer_ms = lesson->until_ms;
    }
    if (lesson->absent) {
        bits |= WAS_ABSENT;
        check ^= births_check(recall, a);
    }
    uint64_t first = lesson->count > 0 ? lesson->known[0].entry : 0;
    sightings_put(recall->sightings, digest, bits, first << 32 | check);
}

/* ---- rows ---- */

bool recall_row(const struct recall *recall, const struct row_table *kinds, struct row_table *table,
                uint64_t digest)
{
    unsigned kind;
    uint64_t key;
    const char *fields[CONNECTOR_MAX_FIELDS];
    if (!sightings_find(recall->sightings, digest, &kind, &key))
        return false;
    if (kind == NO_ROW)
        return true;
    row_table_row(kinds, kind, fields);
    row_table_put(table, key, fields);
    return true;
}

void recall_learn_row(const struct recall *recall, struct row_table *kinds, uint64_t digest,
                      uint64_t key, const char *const *fields, size_t field_count)
{
    if (!fields) {
        sightings_put(recall->sightings, digest, NO_ROW, 0);
        return;
    }
    struct text_buffer text = {.data = NULL};
    for (size_t i = 0; i < field_count; i++)
        add_text(&text, fields[i]);
    uint64_t name = siphash(recall->plain, text.data, text.length);
    text_buffer_free(&text);
    size_t kind = row_table_find(kinds, name);
    if (kind == SIZE_MAX && row_table_count(kinds) < NO_ROW) {
        kind = row_table_count(kinds);
        row_table_put(kinds, name, fields);
    }
    if (kind != SIZE_MAX)
        sightings_put(recall->sightings, digest, (unsigned)kind, key);
}
