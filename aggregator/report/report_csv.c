/* CSV: for programs as RFC 4180 says (column names, plain numbers, rates in percent with one decimal), and for Excel. */
#include "report.h"

/* What the two differ in. */
struct dialect {
    char separator;
    bool for_people; /* printed columns under their headings, numbers as the language writes them */
};

static const struct dialect programs = {',', false}, excel = {';', true};

/* A spreadsheet takes text that begins like this for a formula; the wide forms as well where East Asian input is on. */
static bool looks_like_formula(const char *text)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return true;
    }
    return text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL;
}

/* An apostrophe in front is what every spreadsheet leaves alone. */
static void add_field(struct text_buffer *out, const char *text)
{
    if (looks_like_formula(text)) {
        text_buffer_add_text(out, "\"'");
    } else if (strpbrk(text, "\",\r\n;") == NULL) {
        text_buffer_add_text(out, text);
        return;
    } else {
        text_buffer_add_text(out, "\"");
    }
    for (const char *c = text; *c != '\0'; c++)
        text_buffer_add(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    text_buffer_add_text(out, "\"");
}

static void add_rate(const struct report *report, const struct dialect *dialect, int64_t tenths,
                     struct text_buffer *out)
{
    char number[NUMBER_SIZE];
    if (dialect->for_people)
        format_rate(tenths, report->language, number);
    else
        format_plain_rate(tenths, number);
    text_buffer_add_text(out, number);
}

static void add_date(const struct report *report, const struct dialect *dialect,
                     const struct report_cell *cell, struct text_buffer *out)
{
    char date[NUMBER_SIZE];
    if (dialect->for_people) {
        report_cell_text(report, cell, out);
        return;
    }
    format_plain_date(cell->count, date);
    text_buffer_add_text(out, date);
}

static void add_cell(const struct report *report, const struct dialect *dialect,
                     const struct report_cell *cell, struct text_buffer *out)
{
    int64_t tenths;
    switch (cell->kind) {
    case CELL_EMPTY:
        break;
    case CELL_TEXT:
        add_field(out, cell->text);
        break;
    case CELL_COUNT:
    case CELL_NUMBER:
        text_buffer_add_number(out, cell->count);
        break;
    case CELL_RATE:
        if (rate_tenths(cell->count, cell->of, &tenths))
            add_rate(report, dialect, tenths, out);
        break;
    case CELL_DATE:
        add_date(report, dialect, cell, out);
        break;
    }
}

static void add_heading(const struct report_column *column, const struct dialect *dialect,
                        struct text_buffer *out)
{
    struct text_buffer text = {0};
    if (!dialect->for_people)
        text_buffer_add_text(&text, column->name);
    else if (column->group != NULL)
        text_buffer_add_format(&text, "%s: %s", column->group, column->heading);
    else
        text_buffer_add_text(&text, column->heading);
    add_field(out, text.data);
    text_buffer_free(&text);
}

/* row SIZE_MAX: the headings. */
static void add_record(const struct report *report, const struct dialect *dialect, size_t row,
                       struct text_buffer *out)
{
    bool first = true;
    for (size_t i = 0; i < report->column_count; i++) {
        if (dialect->for_people && report->columns[i].for_programs)
            continue;
        if (!first)
            text_buffer_add(out, &dialect->separator, 1);
        first = false;
        if (row == SIZE_MAX)
            add_heading(&report->columns[i], dialect, out);
        else
            add_cell(report, dialect, report_cell(report, row, i), out);
    }
    text_buffer_add_text(out, "\r\n");
}

static void write_tables(const struct report *report, const struct dialect *dialect,
                         struct text_buffer *out)
{
    bool headings = false;
    const struct report *part;
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++) {
        if (part->column_count == 0)
            continue;
        if (!headings)
            add_record(part, dialect, SIZE_MAX, out);
        headings = true;
        for (size_t row = 0; row < part->row_count; row++)
            add_record(part, dialect, row, out);
    }
}

void report_write_csv(const struct report *report, struct text_buffer *out)
{
    write_tables(report, &programs, out);
}

void report_write_csv_excel(const struct report *report, struct text_buffer *out)
{
    text_buffer_add_text(out, "\xEF\xBB\xBF");
    write_tables(report, &excel, out);
}

static bool same_columns(const struct report *a, const struct report *b)
{
    if (a->column_count != b->column_count)
        return false;
    for (size_t i = 0; i < a->column_count; i++) {
        if (strcmp(a->columns[i].name, b->columns[i].name) != 0 ||
            a->columns[i].kind != b->columns[i].kind)
            return false;
    }
    return true;
}

bool report_fits_csv(const struct report *report, struct error *err)
{
    const struct report *table = NULL, *part;
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++) {
        if (part->column_count == 0)
            continue;
        if (table != NULL && !same_columns(table, part))
            return error_tell(err, ERROR_USAGE, false,
                              "báo cáo %s có nhiều biểu khác cột mà tệp CSV chỉ chứa một: hãy dùng "
                              "--format xlsx, html hoặc json",
                              "report %s has several tables with different columns, a CSV file "
                              "holds one: use --format xlsx, html or json",
                              report->name);
        table = part;
    }
    return table != NULL ||
           error_tell(err, ERROR_USAGE, false,
                      "báo cáo %s là văn bản, không có biểu: hãy dùng --format text, html "
                      "hoặc json",
                      "report %s is text without a table: use --format text, html or json",
                      report->name);
}
