/* One cell of the figures, or several of a kind, as an operator names it: "scope=wave training=T wave=W unit=U measure=passed". */
#ifndef MOOC_CELLS_CELL_QUERY_H
#define MOOC_CELLS_CELL_QUERY_H

#include "../fold/fold.h"

#define CELL_TEXT_SIZE 304

struct cell_query {
    enum scope scope; /* all people, unless said otherwise */
    /* "": any */
    char training[CELL_TEXT_SIZE], wave[CELL_TEXT_SIZE], value[CELL_TEXT_SIZE],
        unit[CELL_TEXT_SIZE], group[CELL_TEXT_SIZE];
    bool with_below; /* "below=yes": of the unit with all below it */
    const char *const *below; /* units below it, as strcmp sorts them: whoever asks fills it in, and keeps it */
    size_t below_count;
    int year;    /* 0: any */
    int measure; /* enum measure, or one that follows from two */
    bool listed; /* only people on a list: in a printed cell nobody else is. Not parsed; of not_registered never */
};

/* Behind those of enum measure: who is registered and has not passed. */
enum { CELL_NOT_PASSED = MEASURE_COUNT, CELL_MEASURES };

/* ERROR_USAGE names what cannot be read. Pure. */
bool cell_query_parse(const char *text, struct cell_query *query, struct error *err) MUST_CHECK;

/* Do its people belong to a unit, a wave, a group? Those on no list do not. */
bool cell_query_has_places(const struct cell_query *query);

/* Does the measure hold, where these do (a bit per enum measure)? */
bool cell_query_holds(const struct cell_query *query, uint32_t measures);

/* In how many of these cells the person has the measure; *own: in how many of the unit itself, the others are of units below it. */
size_t cell_query_count(const struct cell_query *query, const struct contribution *contribution,
                        const struct fold *fold, size_t *own);

#endif
