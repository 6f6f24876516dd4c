#include "template_example.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text.h"

#define SEARCH_ROWS 200

/* One whose people are counted, or of totals one that has nothing else. */
static const struct reference_wave *wave_of(enum files_kind kind, const struct reference *r)
{
    for (size_t i = 0; i < r->wave_count; i++) {
        if (r->waves[i].totals_only == (kind == FILES_TOTALS))
            return &r->waves[i];
    }
    return NULL;
}

static const char *unit_of(enum files_kind kind, const struct reference *r)
{
    const struct reference_wave *wave = wave_of(kind, r);
    for (size_t i = 0; wave != NULL && i < r->unit_count; i++) {
        const struct reference_unit *unit = &r->units[i];
        if (unit->parent[0] != '\0' &&
            reference_match_unit(r, wave->province, unit->name, NULL, 0) == unit)
            return unit->name;
    }
    return "";
}

static const char *course_of(const struct reference *r, const char *source)
{
    for (size_t i = 0; i < r->course_count; i++) {
        if (source == NULL || strcmp(r->courses[i].source, source) == 0)
            return r->courses[i].course;
    }
    return "";
}

/* What is on offer first. */
static const char *choice_of(enum table_choice choice, enum files_kind kind,
                             const struct reference *r, const char *source)
{
    const struct reference_wave *wave;
    switch (choice) {
    case CHOICE_UNITS:
        return unit_of(kind, r);
    case CHOICE_WAVES:
        wave = wave_of(kind, r);
        return wave != NULL ? wave->code : "";
    case CHOICE_COURSES:
        return course_of(r, source);
    case CHOICE_YES_NO:
    case CHOICE_NONE:
        break;
    }
    return "";
}

void template_example(enum files_kind kind, const struct reference *reference, const char *source,
                      struct template_example *out)
{
    const struct table_column *columns = table_columns(kind);
    for (size_t i = 0; columns[i].title != NULL && i < TEMPLATE_COLUMNS_MAX; i++)
        out->cell[i] = columns[i].example[0] != '\0' ? columns[i].example
                       : reference != NULL ? choice_of(columns[i].choice, kind, reference, source)
                                           : "";
}

/* ---- in a file that was handed in ---- */

struct found {
    size_t at[TEMPLATE_COLUMNS_MAX]; /* where each column of the template stands */
};

static bool says(const struct sheet_book *book, size_t sheet, size_t row, size_t column,
                 const char *wanted)
{
    char text[512];
    const char *cell = sheet_cell(book, sheet, row, column);
    return strcmp(cell, wanted) == 0 ||
           (strlen(cell) < sizeof(text) / 3 && text_clean(cell, text, sizeof(text)) &&
            strcmp(text, wanted) == 0);
}

/* A row with every heading of the template, in whatever order they were put. */
static bool has_headings(const struct sheet_book *book, size_t sheet, size_t row,
                         const struct table_column *columns, struct found *found)
{
    size_t width = sheet_columns(book, sheet, row);
    for (size_t i = 0; columns[i].title != NULL; i++) {
        size_t c = 0;
        while (c < width && !says(book, sheet, row, c, columns[i].title))
            c++;
        if (c == width)
            return false;
        found->at[i] = c;
    }
    return true;
}

static bool is_example(const struct sheet_book *book, size_t sheet, size_t row,
                       const struct table_column *columns, const struct found *found,
                       const struct template_example *example)
{
    size_t filled = 0, known = 0;
    for (size_t c = 0; c < sheet_columns(book, sheet, row); c++)
        filled += !says(book, sheet, row, c, "");
    for (size_t i = 0; columns[i].title != NULL; i++) {
        if (!says(book, sheet, row, found->at[i], example->cell[i]))
            return false;
        known += example->cell[i][0] != '\0';
    }
    return filled == known; /* nothing stands beside it */
}

/* Each way in which the template may have been written: without the reference folder, with it for all sources, or for one. */
struct examples {
    struct template_example *ways;
    size_t count;
};

static void add_way(struct examples *examples, enum files_kind kind,
                    const struct reference *reference, const char *source)
{
    template_example(kind, reference, source, &examples->ways[examples->count++]);
}

static void add_ways(struct examples *examples, enum files_kind kind,
                     const struct reference *reference)
{
    size_t courses = reference != NULL ? reference->course_count : 0;
    examples->ways = must_have(calloc(courses + 2, sizeof(examples->ways[0])));
    add_way(examples, kind, NULL, NULL);
    if (reference != NULL)
        add_way(examples, kind, reference, NULL);
    for (size_t i = 0; kind == FILES_RESULTS && i < courses; i++)
        add_way(examples, kind, reference, reference->courses[i].source);
}

static size_t leave_out_of_sheet(struct sheet_book *book, size_t sheet,
                                 const struct table_column *columns, const struct examples *examples)
{
    struct found found;
    size_t rows = sheet_rows(book, sheet), row = 0, left_out = 0;
    while (row < rows && row < SEARCH_ROWS && !has_headings(book, sheet, row, columns, &found))
        row++;
    if (row == SEARCH_ROWS)
        return 0;
    for (row++; row < rows; row++) {
        size_t way = 0;
        while (way < examples->count &&
               !is_example(book, sheet, row, columns, &found, &examples->ways[way]))
            way++;
        if (way == examples->count)
            continue;
        sheet_empty_row(book, sheet, row);
        left_out++;
    }
    return left_out;
}

size_t template_leave_out_examples(struct sheet_book *book, enum files_kind kind,
                                   const struct reference *reference)
{
    size_t left_out = 0;
    struct examples examples = {0};
    add_ways(&examples, kind, reference);
    for (size_t sheet = 0; sheet < sheet_count(book); sheet++)
        left_out += leave_out_of_sheet(book, sheet, table_columns(kind), &examples);
    free(examples.ways);
    return left_out;
}
