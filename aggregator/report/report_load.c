/* A kept report back from JSON. Nothing in it is believed: members, kinds, indexes and sizes are checked before they are used. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../common/clock.h"
#include "../../common/json.h"
#include "report.h"
#include "report_names.h"

#define MAX_BYTES ((size_t)256 << 20)
#define MAX_PARTS 1000
#define MAX_COLUMNS 256
#define MAX_ROWS 1000000
#define PART_MEMBERS 15
#define COLUMN_MEMBERS 5

static bool refuse(struct error *err, const char *what)
{
    return error_set(err, ERROR_DATA, false, "this is no kept report: %s", what);
}

/* A copy that belongs to the report, or NULL for null. */
static bool read_text(struct report *report, const struct json *object, const char *name,
                      bool may_be_null, const char **text, struct error *err)
{
    const struct json *node = json_get(object, name);
    *text = report_copy(report, json_string(node));
    return *text != NULL || (may_be_null && node != NULL && json_is_null(node)) || refuse(err, name);
}

/* Which of the words the string is. */
static bool read_word(const struct json *node, const char *const *words, size_t count, unsigned *which)
{
    const char *text = json_string(node);
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (strcmp(words[i], text) == 0) {
            *which = (unsigned)i;
            return true;
        }
    }
    return false;
}

/* The one way in which report_save writes a number beyond 2^53. */
static bool read_digits(const char *text, int64_t *value)
{
    char again[24];
    errno = 0;
    *value = strtoll(text, NULL, 10);
    (void)snprintf(again, sizeof(again), "%" PRId64, *value);
    return errno == 0 && strcmp(again, text) == 0;
}

static bool read_integer(const struct json *node, int64_t *value)
{
    const char *digits = json_string(node);
    return digits != NULL ? read_digits(digits, value) : json_integer(node, value);
}

static bool read_list(struct report *report, const struct json *part, const char *name,
                      void (*add)(struct report *report, const char *format, ...), struct error *err)
{
    const struct json *list = json_get(part, name);
    if (!json_is_array(list))
        return refuse(err, name);
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item)) {
        if (!json_is_string(item))
            return refuse(err, name);
        add(report, "%s", json_string(item));
    }
    return true;
}

static bool is_column(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->column_count; i++) {
        if (strcmp(report->columns[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool read_column(struct report *report, const struct json *node, struct error *err)
{
    const char *name, *group, *heading;
    unsigned kind = CELL_EMPTY;
    const struct json *for_programs = json_get(node, "for_programs");
    if (!json_is_object(node) || json_size(node) != COLUMN_MEMBERS || !json_is_boolean(for_programs) ||
        !read_word(json_get(node, "kind"), cell_kind_names, ARRAY_LEN(cell_kind_names), &kind) ||
        kind == CELL_EMPTY)
        return refuse(err, "a column");
    if (!read_text(report, node, "name", false, &name, err) ||
        !read_text(report, node, "group", true, &group, err) ||
        !read_text(report, node, "heading", false, &heading, err))
        return false;
    if (is_column(report, name))
        return refuse(err, "a column twice");
    if (json_boolean(for_programs, false)) {
        if (group != NULL || strcmp(name, heading) != 0)
            return refuse(err, "a column for programs with a heading");
        report_add_program_column(report, (enum cell_kind)kind, name);
    } else {
        report_add_column(report, (enum cell_kind)kind, name, group, heading);
    }
    return true;
}

static bool read_columns(struct report *report, const struct json *part, struct error *err)
{
    const struct json *list = json_get(part, "columns");
    if (!json_is_array(list) || json_size(list) > MAX_COLUMNS)
        return refuse(err, "columns");
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item)) {
        if (!read_column(report, item, err))
            return false;
    }
    return true;
}

static bool read_cell(struct report *report, size_t row, const struct report_column *column,
                      const struct json *node)
{
    int64_t count = 0, of = 0;
    if (json_is_null(node))
        return true;
    switch (column->kind) {
    case CELL_TEXT:
        report_put_text(report, row, column->name, json_string(node));
        return json_is_string(node) && json_string(node)[0] != '\0';
    case CELL_COUNT:
        if (!read_integer(node, &count))
            return false;
        report_put_count(report, row, column->name, count);
        return true;
    case CELL_NUMBER:
        if (!read_integer(node, &count))
            return false;
        report_put_number(report, row, column->name, count);
        return true;
    case CELL_RATE:
        if (!json_is_array(node) || json_size(node) != 2 || !read_integer(json_first(node), &count) ||
            !read_integer(json_next(json_first(node)), &of) || of <= 0)
            return false;
        report_put_rate(report, row, column->name, count, of);
        return true;
    case CELL_DATE: {
        int32_t day;
        report_put_date(report, row, column->name, json_string(node));
        return json_is_string(node) && clock_parse_date(json_string(node), &day);
    }
    case CELL_EMPTY:
        break;
    }
    return false;
}

static bool read_row(struct report *report, const struct json *node, bool last, struct error *err)
{
    unsigned kind = ROW_PLAIN;
    if (!json_is_array(node) || json_size(node) != report->column_count + 1 ||
        !read_word(json_first(node), row_kind_names, ARRAY_LEN(row_kind_names), &kind) ||
        (kind == ROW_TOTALS && !last))
        return refuse(err, "a row");
    size_t row = report_add_row(report), column = 0;
    report_mark_row(report, row, (enum row_kind)kind);
    for (const struct json *cell = json_next(json_first(node)); cell != NULL; cell = json_next(cell)) {
        if (!read_cell(report, row, &report->columns[column++], cell))
            return refuse(err, "a cell");
    }
    return true;
}

static bool read_rows(struct report *report, const struct json *part, struct error *err)
{
    const struct json *list = json_get(part, "rows");
    if (!json_is_array(list) || json_size(list) > MAX_ROWS ||
        (report->column_count == 0 && json_size(list) > 0))
        return refuse(err, "rows");
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item)) {
        if (!read_row(report, item, json_next(item) == NULL, err))
            return false;
    }
    return true;
}

/* A printed column, by index. */
static bool read_index(const struct report *report, const struct json *node, size_t *index)
{
    int64_t value = -1;
    if (!json_is_number(node) || !json_integer(node, &value) || value < 0 ||
        (uint64_t)value >= report->column_count || report->columns[value].for_programs)
        return false;
    *index = (size_t)value;
    return true;
}

static bool read_chart(struct report *report, const struct json *part, struct error *err)
{
    const struct json *node = json_get(part, "chart"), *values = json_get(node, "values");
    struct report_chart chart = {0};
    unsigned kind = CHART_NONE;
    if (node != NULL && json_is_null(node))
        return true;
    if (!json_is_object(node) || json_size(node) != 4 ||
        !read_word(json_get(node, "kind"), chart_kind_names, ARRAY_LEN(chart_kind_names), &kind) ||
        kind == CHART_NONE || !json_is_array(values) || json_size(values) > REPORT_CHART_VALUES ||
        !read_index(report, json_get(node, "label"), &chart.label) ||
        report->columns[chart.label].kind != CELL_TEXT)
        return refuse(err, "a chart");
    for (const struct json *item = json_first(values); item != NULL; item = json_next(item)) {
        size_t *value = &chart.values[chart.value_count];
        if (!read_index(report, item, value))
            return refuse(err, "a chart");
        enum cell_kind of = report->columns[*value].kind;
        if ((of != CELL_COUNT && of != CELL_RATE) || of != report->columns[chart.values[0]].kind)
            return refuse(err, "a chart");
        chart.value_count++;
    }
    chart.kind = (enum chart_kind)kind;
    report->chart = chart;
    return read_text(report, node, "title", true, &report->chart.title, err);
}

static bool read_signature(struct report *report, const struct json *part, struct error *err)
{
    const struct json *node = json_get(part, "signature");
    if (node != NULL && json_is_null(node))
        return true;
    if (!json_is_object(node) || json_size(node) != 2)
        return refuse(err, "a signature");
    report->signature.wanted = true;
    return read_text(report, node, "place", true, &report->signature.place, err) &&
           read_text(report, node, "signer", true, &report->signature.signer, err);
}

static bool read_texts(struct report *report, const struct json *part, struct error *err)
{
    return read_text(report, part, "name", false, &report->name, err) &&
           read_text(report, part, "sheet", true, &report->sheet, err) &&
           read_text(report, part, "caption", true, &report->caption, err) &&
           read_text(report, part, "title", false, &report->title, err) &&
           read_text(report, part, "attached_to", true, &report->attached_to, err) &&
           read_text(report, part, "wave", true, &report->wave, err) &&
           read_text(report, part, "as_of", true, &report->as_of, err) &&
           read_list(report, part, "lines", report_add_line, err) &&
           read_list(report, part, "paragraphs", report_add_paragraph, err) &&
           read_list(report, part, "notes", report_add_note, err);
}

static struct report *read_part(const struct json *part, struct error *err)
{
    unsigned language = LANGUAGE_VI;
    if (!json_is_object(part) || json_size(part) != PART_MEMBERS ||
        !read_word(json_get(part, "language"), language_names, ARRAY_LEN(language_names), &language)) {
        refuse(err, "a part");
        return NULL;
    }
    struct report *report = report_new("", (enum language)language);
    if (read_texts(report, part, err) && read_columns(report, part, err) &&
        read_rows(report, part, err) && read_chart(report, part, err) &&
        read_signature(report, part, err))
        return report;
    report_free(report);
    return NULL;
}

static struct report *read_parts(const struct json *root, struct error *err)
{
    const struct json *list = json_get(root, "reports");
    struct report *report = NULL;
    int64_t format = 0;
    if (!json_is_object(root) || json_size(root) != 2 || !json_is_number(json_get(root, "format")) ||
        !json_integer(json_get(root, "format"), &format) || format != REPORT_FORMAT ||
        !json_is_array(list) || json_size(list) == 0 || json_size(list) > MAX_PARTS) {
        refuse(err, "its form");
        return NULL;
    }
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item)) {
        struct report *part = read_part(item, err);
        if (part == NULL) {
            report_free(report);
            return NULL;
        }
        if (report == NULL)
            report = part;
        else
            report_append(report, part);
    }
    return report;
}

struct report *report_load(const char *text, size_t length, struct error *err)
{
    if (length > MAX_BYTES) {
        refuse(err, "its size");
        return NULL;
    }
    struct json *root = json_parse(text, length, err);
    if (root == NULL)
        return NULL;
    struct report *report = read_parts(root, err);
    json_free(root);
    return report;
}
