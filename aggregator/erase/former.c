#include "former.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../common/text_buffer.h"
#include "months.h"
#include "sql.h"

/* Names: text of a bigint[]. The identifiers that are these people's alone go to those given. */
static bool read_known(struct pg *pg, struct erase_people *people, struct text_buffer *names,
                       struct error *err)
{
    char *subjects = erase_array(&people->subjects);
    struct pg_rows *rows = erase_query(pg, sql_erase_identifiers, people->generation, 1,
                                       (const char *const[]){subjects}, err);
    free(subjects);
    text_buffer_add_text(names, "{");
    for (size_t i = 0; rows && i < pg_rows_count(rows); i++)
        if (pg_rows_value(rows, i, 0))
            erase_add_once(&people->identifiers, erase_key_of(pg_rows_value(rows, i, 0)));
        else
            text_buffer_add_format(names, "%s%s", names->length > 1 ? "," : "",
                                   pg_rows_value(rows, i, 1));
    text_buffer_add_text(names, "}");
    pg_rows_free(rows);
    return rows != NULL;
}

static bool collect(struct pg *pg, const char *month, void *context, struct error *err)
{
    const struct erase_people *people = context;
    char generation[16];
    snprintf(generation, sizeof(generation), "%d", people->generation);
    struct pg_rows *rows =
        pg_query(pg, sql_erase_former_month, 2, (const char *const[]){month, generation}, err);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool collect_all(struct pg *pg, struct erase_people *people, struct error *err)
{
    int64_t months;
    return pg_run(pg, sql_erase_former_begin, err) &&
           erase_visit_months(pg, "months of the archive looked through",
                              "stopped; nothing was changed", collect, people, &months, err);
}

static bool take(struct pg *pg, const char *names, struct erase_people *people, struct error *err)
{
    char *identifiers = erase_array(&people->identifiers), *subjects = erase_array(&people->subjects);
    struct pg_rows *rows = erase_query(pg, sql_erase_former, people->generation, 3,
                                       (const char *const[]){identifiers, names, subjects}, err);
    free(identifiers);
    free(subjects);
    bool fine = rows != NULL;
    for (size_t i = 0; fine && i < pg_rows_count(rows); i++) {
        fine = *pg_rows_value(rows, i, 1) == 'f' || erase_refuse_shared(err);
        key_list_add(&people->subjects, erase_key_of(pg_rows_value(rows, i, 0)));
        people->former++;
    }
    pg_rows_free(rows);
    return fine;
}

bool erase_find_former(struct pg *pg, struct erase_people *people, struct error *err)
{
    struct text_buffer names = {0};
    bool fine = read_known(pg, people, &names, err) && collect_all(pg, people, err) &&
                take(pg, names.data, people, err);
    text_buffer_free(&names);
    return fine;
}
