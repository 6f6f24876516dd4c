/* The rows of the states, unpacked into a temporary table, fact by fact. */
#include <stdlib.h>
#include <string.h>

#include "../fold/fact.h"
#include "../write/pg_binary.h"
#include "../write/rules_read.h"
#include "sql.h"
#include "steps.h"

#define COLUMNS 25
#define HEX 16

struct unpacking {
    const struct rules *rules;
    struct strings *strings;
    struct text_buffer copy, list;
};

static void put_interned(struct unpacking *u, uint32_t text)
{
    pg_put_text(&u->copy, strings_text(u->strings, text));
}

/* As PostgreSQL prints a uuid. */
static void add_key_text(struct text_buffer *out, struct key128 key)
{
    text_buffer_add_format(out, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(key.hi >> 32),
                           (unsigned)(key.hi >> 16) & 0xffffU, (unsigned)key.hi & 0xffffU,
                           (unsigned)(key.lo >> 48),
                           (unsigned long long)(key.lo & 0xffffffffffffULL));
}

static void put_identifiers(struct unpacking *u, const struct fact_identity *identity)
{
    text_buffer_clear(&u->list);
    text_buffer_add(&u->list, "", 0);
    for (uint32_t i = 0; i < identity->identifier_count; i++) {
        text_buffer_add(&u->list, " ", i ? 1 : 0);
        add_key_text(&u->list, identity->identifiers[i]);
    }
    pg_put_bytes(&u->copy, u->list.data, u->list.length);
}

static void put_audiences(struct unpacking *u, const struct fact_identity *identity)
{
    text_buffer_clear(&u->list);
    for (uint32_t i = 0; i < identity->audience_count; i++) {
        text_buffer_add(&u->list, "\n", i ? 1 : 0);
        text_buffer_add_text(&u->list, strings_text(u->strings, identity_audiences(identity)[i]));
    }
    pg_put_bytes(&u->copy, u->list.data, u->list.length);
}

static void put_identity(struct unpacking *u, const struct fact_identity *identity)
{
    static const struct fact_identity none;
    if (!identity)
        identity = &none;
    pg_put_int8(&u->copy, identity->name);
    if (identity->citizen.hi || identity->citizen.lo)
        pg_put_key(&u->copy, identity->citizen);
    else
        pg_put_null(&u->copy);
    pg_put_int4(&u->copy, (int32_t)identity->faults);
    pg_put_int8(&u->copy, identity->row);
    put_interned(u, identity->source);
    put_interned(u, identity->wave_code);
    put_interned(u, identity->unit);
    put_interned(u, identity->study_group);
    put_interned(u, identity->invited_by);
    put_interned(u, identity->file);
    put_interned(u, identity->sheet);
    put_identifiers(u, identity);
    put_audiences(u, identity);
}

static void put_fact(struct unpacking *u, struct key128 subject, const char *training,
                     size_t training_length, const struct fact *fact)
{
    int64_t value;
    memcpy(&value, &fact->value, sizeof(value));
    pg_copy_row(&u->copy, COLUMNS);
    pg_put_key(&u->copy, subject);
    pg_put_bytes(&u->copy, training, training_length);
    pg_put_int8(&u->copy, (int64_t)fact->entity);
    pg_put_int4(&u->copy, fact->kind);
    pg_put_int4(&u->copy, fact->flags);
    pg_put_int8(&u->copy, fact->revision);
    pg_put_int8(&u->copy, fact->hash);
    pg_put_int8(&u->copy, fact->time);
    pg_put_int4(&u->copy, fact->day);
    pg_put_int8(&u->copy, value); /* a float8 is sent as its bits */
    pg_put_int4(&u->copy, fact->attempt);
    pg_put_text(&u->copy,
                fact->course == RULES_NONE ? "" : rules_course(u->rules, fact->course)->course);
    put_identity(u, fact->identity);
}

static bool put_row(struct unpacking *u, const struct pg_rows *rows, size_t row, struct error *err)
{
    struct fact *facts;
    size_t count;
    if (!facts_unpack(pg_rows_value(rows, row, 2), pg_rows_length(rows, row, 2), u->rules,
                      u->strings, &facts, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        put_fact(u, pg_read_key(pg_rows_value(rows, row, 0)), pg_rows_value(rows, row, 1),
                 pg_rows_length(rows, row, 1), &facts[i]);
        fact_release(&facts[i]);
    }
    free(facts);
    return true;
}

/* A damaged row is left out: then its facts are missing, and are told of one by one. */
static bool copy_page(struct pg *pg, struct unpacking *u, const struct pg_rows *rows,
                      struct error *err)
{
    text_buffer_clear(&u->copy);
    pg_copy_start(&u->copy);
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        (void)put_row(u, rows, i, NULL);
    pg_copy_end(&u->copy);
    return pg_copy_in(pg, sql_verify_states_copy, u->copy.data, u->copy.length, err);
}

/* After the last row of a page; *rows NULL: from the first. */
static bool next_page(struct pg *pg, const char *sql, struct pg_rows **rows, struct error *err)
{
    static const char least[HEX];
    struct pg_parameter after[] = {{PG_UUID, least, HEX}, {PG_TEXT, "", 0}};
    struct pg_rows *before = *rows;
    if (before) {
        size_t last = pg_rows_count(before) - 1;
        after[0].data = pg_rows_value(before, last, 0);
        after[1].data = pg_rows_value(before, last, 1);
        after[1].length = pg_rows_length(before, last, 1);
    }
    *rows = pg_query_binary(pg, sql, ARRAY_LEN(after), after, err);
    pg_rows_free(before);
    return *rows != NULL;
}

bool verify_unpack_states(struct pg *pg, int generation, int config_version, struct error *err)
{
    struct rules *rules = rules_read(pg, config_version, err);
    if (!rules)
        return false;
    struct unpacking u = {.rules = rules, .strings = strings_new()};
    char *sql = verify_statement(sql_verify_states_page, generation);
    struct pg_rows *rows = NULL;
    bool ok;
    do
        ok = next_page(pg, sql, &rows, err) && copy_page(pg, &u, rows, err);
    while (ok && pg_rows_count(rows) > 0);
    pg_rows_free(rows);
    free(sql);
    strings_free(u.strings);
    rules_free(rules);
    text_buffer_free(&u.copy);
    text_buffer_free(&u.list);
    return ok && pg_run(pg, "ANALYZE verify_packed", err);
}
