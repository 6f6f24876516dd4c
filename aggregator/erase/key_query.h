/* Statements about keys: subjects and identifiers as hashes, lists of them as array parameters. */
#ifndef MOOC_AGGREGATOR_ERASE_KEY_QUERY_H
#define MOOC_AGGREGATOR_ERASE_KEY_QUERY_H

#include "../fold/fold.h"
#include "../pg.h"

/* Text of an array parameter: "{<32 hex>,…}". The caller frees. */
char *erase_array(const struct key_list *keys);

/* Of a uuid as PostgreSQL writes it. */
struct key128 erase_key_of(const char *uuid);

/* If the list does not have it yet. */
void erase_add_once(struct key_list *list, struct key128 key);

/* Rows of a statement in which gen_N is the generation. The caller frees; NULL on an error. */
struct pg_rows *erase_query(struct pg *pg, const char *sql, int generation, size_t count,
                            const char *const *parameters, struct error *err) MUST_CHECK;

/* The first cell of the statement's result, with one array parameter. */
bool erase_number(struct pg *pg, const char *sql, int generation, const struct key_list *keys,
                  int64_t *out, struct error *err) MUST_CHECK;

/* ERROR_STATE: an identifier is several people's. */
bool erase_refuse_shared(struct error *err);

#endif
