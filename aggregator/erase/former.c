#include "former.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../common/text_buffer.h"
#include "months.h"
#include "sql.h"

struct search {
    struct pg *pg;
    int generation;
    struct key_list *subjects, *identifiers;
    struct text_buffer names; /* text of a bigint[] */
};

static bool read_known(struct search *s, struct error *err)
{
    char *subjects = erase_array(s->subjects);
    struct pg_rows *rows = erase_query(s->pg, sql_erase_identifiers, s->generation, 1,
                                       (const char *const[]){subjects}, err);
    free(subjects);
    text_buffer_add_text(&s->names, "{");
    for (size_t i = 0; rows && i < pg_rows_count(rows); i++)
        if (pg_rows_value(rows, i, 0))
            erase_add_once(s->identifiers, erase_key_of(pg_rows_value(rows, i, 0)));
        else
            text_buffer_add_format(&s->names, "%s%s", s->names.length > 1 ? "," : "",
                                   pg_rows_value(rows, i, 1));
    text_buffer_add_text(&s->names, "}");
    pg_rows_free(rows);
    return rows != NULL;
}

static bool collect(struct pg *pg, const char *month, void *context, struct error *err)
{
    const struct search *s = context;
    char generation[16];
    snprintf(generation, sizeof(generation), "%d", s->generation);
    struct pg_rows *rows =
        pg_query(pg, sql_erase_former_month, 2, (const char *const[]){month, generation}, err);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool collect_all(struct search *s, struct error *err)
{
    static const struct erase_stopped stopped = {"chưa thay đổi gì",
                                                 "stopped; nothing was changed"};
    int64_t months;
    return pg_run(s->pg, sql_erase_former_begin, err) &&
           erase_visit_months(s->pg, "months of the archive looked through", &stopped, collect, s,
                              &months, err);
}

static bool take(struct search *s, int64_t *former, struct error *err)
{
    char *identifiers = erase_array(s->identifiers), *subjects = erase_array(s->subjects);
    struct pg_rows *rows =
        erase_query(s->pg, sql_erase_former, s->generation, 3,
                    (const char *const[]){identifiers, s->names.data, subjects}, err);
    free(identifiers);
    free(subjects);
    bool fine = rows != NULL;
    for (size_t i = 0; fine && i < pg_rows_count(rows); i++) {
        fine = *pg_rows_value(rows, i, 1) == 'f' || erase_refuse_shared(err);
        key_list_add(s->subjects, erase_key_of(pg_rows_value(rows, i, 0)));
        ++*former;
    }
    pg_rows_free(rows);
    return fine;
}

bool erase_find_former(struct pg *pg, int generation, struct key_list *subjects,
                       struct key_list *identifiers, int64_t *former, struct error *err)
{
    struct search s = {pg, generation, subjects, identifiers, {0}};
    *former = 0;
    bool fine = read_known(&s, err) && collect_all(&s, err) && take(&s, former, err);
    text_buffer_free(&s.names);
    return fine;
}
