#include "copy_rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "../write/pg_binary.h"

#define SEND_BYTES ((size_t)256 * 1024)

struct copy_rows {
    struct pg *pg;
    int generation;
    struct text_buffer rows; /* being filled */
};

struct copy_rows *copy_rows_new(struct pg *pg, int generation)
{
    struct copy_rows *c = must_have(calloc(1, sizeof(*c)));
    c->pg = pg;
    c->generation = generation;
    return c;
}

void copy_rows_free(struct copy_rows *c)
{
    if (!c)
        return;
    text_buffer_free(&c->rows);
    free(c);
}

static bool send_full(struct copy_rows *c, size_t least, struct error *err)
{
    if (c->rows.length < least)
        return true;
    bool ok = pg_copy_put(c->pg, c->rows.data, c->rows.length, err);
    text_buffer_clear(&c->rows);
    return ok;
}

static bool add_state(void *context, struct key128 subject, const char *training, const void *facts,
                      size_t length, struct error *err)
{
    struct copy_rows *c = context;
    pg_copy_row(&c->rows, 3);
    pg_put_key(&c->rows, subject);
    pg_put_text(&c->rows, training);
    pg_put_bytes(&c->rows, facts, length);
    return send_full(c, SEND_BYTES, err);
}

static bool add_member(void *context, struct key128 subject, struct key128 person, struct error *err)
{
    struct copy_rows *c = context;
    pg_copy_row(&c->rows, 2);
    pg_put_key(&c->rows, subject);
    pg_put_key(&c->rows, person);
    return send_full(c, SEND_BYTES, err);
}

static bool add_carrier(void *context, struct key128 identifier, const struct carrier *carrier,
                        struct error *err)
{
    struct copy_rows *c = context;
    pg_copy_row(&c->rows, 5);
    pg_put_key(&c->rows, identifier);
    pg_put_key(&c->rows, carrier->subject);
    pg_put_bool(&c->rows, carrier->on_roster);
    pg_put_int8(&c->rows, carrier->name);
    if (carrier->citizen.hi || carrier->citizen.lo)
        pg_put_key(&c->rows, carrier->citizen);
    else
        pg_put_null(&c->rows);
    return send_full(c, SEND_BYTES, err);
}

struct bulk_rows copy_rows_sink(struct copy_rows *c)
{
    return (struct bulk_rows){
        .context = c, .state = add_state, .member = add_member, .carrier = add_carrier};
}

bool copy_rows_begin(struct copy_rows *c, const char *table, struct error *err)
{
    char sql[128];
    snprintf(sql, sizeof(sql), "COPY gen_%d.%s FROM STDIN (FORMAT binary)", c->generation, table);
    pg_copy_start(&c->rows);
    return pg_copy_begin(c->pg, sql, err);
}

bool copy_rows_end(struct copy_rows *c, struct error *err)
{
    pg_copy_end(&c->rows);
    return send_full(c, 0, err) && pg_copy_end_in(c->pg, err);
}
