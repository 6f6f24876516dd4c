#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "folder_json.h"
#include "sql.h"

#define MOST_LINES 12 /* of one thing newly added */

enum column { COLUMN_CLASS, COLUMN_THING, COLUMN_CODE, COLUMN_CHANGE, COLUMN_DETAIL };

struct config_changes {
    struct pg_rows *rows;
};

static const char *const class_name[CHANGE_CLASS_COUNT] = {"label", "addition", "generation",
                                                           "fault"};
static const char *const class_heading[CHANGE_CLASS_COUNT] = {
    "labels, in effect at once",
    "additions to what is counted",
    ("changes of what is already counted: all figures are counted anew for them, as a new "
     "generation "
     "(mooc-aggregator replay start --folder DIR; replay start --config DIR is the same)"),
    "faults",
};

bool config_changes_stage(struct pg *pg, const struct reference *reference, struct error *err)
{
    if (!pg_run(pg, sql_config_folder_table, err))
        return false;
    struct text_buffer json = {0};
    folder_json(reference, &json);
    const char *parameters[] = {json.data};
    struct pg_rows *rows = pg_query(pg, sql_config_folder_put, 1, parameters, err);
    text_buffer_free(&json);
    if (rows == NULL)
        return false;
    pg_rows_free(rows);
    return pg_run(pg, sql_config_stage, err);
}

struct config_changes *config_changes_find(struct pg *pg, struct error *err)
{
    if (!pg_run(pg, sql_config_pairs_labels, err) || !pg_run(pg, sql_config_pairs_counted, err))
        return NULL;
    struct pg_rows *rows = pg_query(pg, sql_config_diff, 0, NULL, err);
    if (rows == NULL)
        return NULL;
    struct config_changes *changes = malloc(sizeof(*changes));
    if (changes == NULL)
        abort();
    changes->rows = rows;
    return changes;
}

int64_t config_changes_store(struct pg *pg, const struct reference *reference, struct error *err)
{
    char fingerprint[33];
    reference_fingerprint(reference, fingerprint);
    const char *parameters[] = {fingerprint};
    struct pg_rows *rows = pg_query(pg, sql_config_new_version, 1, parameters, err);
    if (rows == NULL)
        return -1;
    int64_t version = pg_rows_integer(rows, 0, 0, 0);
    pg_rows_free(rows);
    return pg_run(pg, sql_config_store_version, err) ? version : -1;
}

void config_changes_free(struct config_changes *changes)
{
    if (changes == NULL)
        return;
    pg_rows_free(changes->rows);
    free(changes);
}

static bool is_of(const struct config_changes *changes, size_t row, enum change_class of_class)
{
    return strcmp(pg_rows_value(changes->rows, row, COLUMN_CLASS), class_name[of_class]) == 0;
}

size_t config_changes_count(const struct config_changes *changes, enum change_class of_class)
{
    size_t count = 0;
    for (size_t i = 0; i < pg_rows_count(changes->rows); i++)
        count += is_of(changes, i, of_class);
    return count;
}

static bool same(const struct config_changes *changes, size_t a, size_t b, enum column column)
{
    return strcmp(pg_rows_value(changes->rows, a, column),
                  pg_rows_value(changes->rows, b, column)) == 0;
}

/* How many rows from this one on are the same class, thing and change (rows come ordered by thing). */
static size_t run_length(const struct config_changes *changes, size_t row)
{
    size_t next = row + 1;
    while (next < pg_rows_count(changes->rows) && same(changes, row, next, COLUMN_CLASS) &&
           same(changes, row, next, COLUMN_THING) && same(changes, row, next, COLUMN_CHANGE))
        next++;
    return next - row;
}

static void print_row(const struct config_changes *changes, size_t row, FILE *out)
{
    const char *detail = pg_rows_value(changes->rows, row, COLUMN_DETAIL);
    fprintf(out, "  %s %s: %s%s%s\n", pg_rows_value(changes->rows, row, COLUMN_THING),
            pg_rows_value(changes->rows, row, COLUMN_CODE),
            pg_rows_value(changes->rows, row, COLUMN_CHANGE), detail[0] != '\0' ? ", " : "", detail);
}

static void print_class(const struct config_changes *changes, enum change_class of_class, FILE *out)
{
    size_t count = config_changes_count(changes, of_class);
    if (count == 0)
        return;
    fprintf(out, "%s (%zu):\n", class_heading[of_class], count);
    for (size_t row = 0; row < pg_rows_count(changes->rows);) {
        size_t length = is_of(changes, row, of_class) ? run_length(changes, row) : 0;
        const char *change = pg_rows_value(changes->rows, row, COLUMN_CHANGE);
        if (length > MOST_LINES && strcmp(change, "added") == 0 &&
            (of_class == CHANGE_LABEL || of_class == CHANGE_ADDITION)) {
            fprintf(out, "  %s: %zu added\n", pg_rows_value(changes->rows, row, COLUMN_THING),
                    length);
        } else {
            for (size_t i = 0; i < length; i++)
                print_row(changes, row + i, out);
        }
        row += length > 0 ? length : 1;
    }
}

void config_changes_print(const struct config_changes *changes, FILE *out)
{
    for (int i = 0; i < CHANGE_CLASS_COUNT; i++)
        print_class(changes, (enum change_class)i, out);
}
