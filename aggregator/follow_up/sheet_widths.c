#include <stdio.h>

#include "sheet_edit_private.h"

void edit_copy_to(struct editing *e, const char *to)
{
    text_buffer_add(e->out, e->at, (size_t)(to - e->at));
    e->at = to;
}

void edit_add_tag(struct editing *e, const char *open, const char *name)
{
    text_buffer_add_text(e->out, open);
    text_buffer_add(e->out, e->prefix, e->prefix_length);
    text_buffer_add_text(e->out, name);
}

static void add_width(struct editing *e, size_t column)
{
    edit_add_tag(e, "<", "col");
    text_buffer_add_format(e->out, " min=\"%zu\" max=\"%zu\" width=\"%.2f\" customWidth=\"1\"/>",
                           e->first + column + 1, e->first + column + 1, e->added->widths[column]);
}

static void add_range(struct editing *e, const struct xml_tag *col, size_t from, size_t to)
{
    char number[24];
    struct text_buffer once = {0};
    struct xml_tag tag;
    if (from > to)
        return;
    snprintf(number, sizeof(number), "%zu", from);
    xml_add_tag_with(&once, col, "min", number);
    if (xml_next(once.data, once.data + once.length, &tag)) {
        snprintf(number, sizeof(number), "%zu", to);
        xml_add_tag_with(e->out, &tag, "max", number);
    }
    text_buffer_free(&once);
}

/* What is said of a column, counted from 1: false where nothing is. */
static bool find_width(const struct xml_tag *cols, const char *cols_end, size_t column,
                       struct xml_tag *col)
{
    for (const char *at = cols->end; xml_next(at, cols_end, col) && !col->closing;
         at = xml_element_end(col, cols_end))
        if (xml_number(col, "min") <= column && xml_number(col, "max") >= column)
            return true;
    return false;
}

static bool is_hidden(const struct xml_tag *col)
{
    const char *value;
    size_t length;
    return xml_attribute(col, "hidden", &value, &length) && length > 0 &&
           (*value == '1' || *value == 't');
}

/* One that was there, counted from 1, as wide as it is to be. col: what is said of it, or NULL. */
static void add_given_width(struct editing *e, const struct xml_tag *col, size_t column)
{
    const struct added_columns *added = e->added;
    double width = column <= added->given_count ? added->given_widths[column - 1] : 0;
    if (width <= 0 || (col != NULL && is_hidden(col))) {
        if (col != NULL)
            add_range(e, col, column, column);
        return;
    }
    edit_add_tag(e, "<", "col");
    text_buffer_add_format(e->out, " min=\"%zu\" max=\"%zu\" width=\"%.2f\" customWidth=\"1\"",
                           column, column, width);
    const char *style;
    size_t length;
    if (col != NULL && xml_attribute(col, "style", &style, &length))
        text_buffer_add_format(e->out, " style=\"%.*s\"", (int)length, style);
    text_buffer_add_text(e->out, "/>");
}

/* The widths of a range of columns, ours between them. Columns are counted from 1 here. */
void edit_given_widths(struct editing *e, const struct xml_tag *cols, const char *cols_end)
{
    size_t first = e->first + 1, last = e->first + ADDED_COLUMNS;
    struct xml_tag col;
    edit_copy_to(e, cols->end);
    for (size_t column = 1; column < first; column++)
        add_given_width(e, find_width(cols, cols_end, column, &col) ? &col : NULL, column);
    for (size_t i = 0; i < ADDED_COLUMNS; i++)
        add_width(e, i);
    while (xml_next(e->at, cols_end, &col) && !col.closing) {
        size_t min = xml_number(&col, "min"), max = xml_number(&col, "max");
        e->at = xml_element_end(&col, cols_end);
        add_range(e, &col, min > last ? min : last + 1, max);
    }
    edit_copy_to(e, cols_end);
}

void edit_new_widths(struct editing *e)
{
    edit_add_tag(e, "<", "cols>");
    for (size_t column = 1; column <= e->first; column++)
        add_given_width(e, NULL, column);
    for (size_t i = 0; i < ADDED_COLUMNS; i++)
        add_width(e, i);
    edit_add_tag(e, "</", "cols>");
}
