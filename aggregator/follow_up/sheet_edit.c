#include "sheet_edit.h"

#include <stdio.h>
#include <stdlib.h>

#include "sheet_edit_private.h"

#define MOST_COLUMNS 16384
#define MERGED_TITLE                                                                               \
    300 /* a merge wider than a list is a title's: nothing stands below its right end */

void sheet_column_name(size_t column, char out[4])
{
    char digits[4];
    size_t count = 0;
    for (column++; column > 0 && count < 3; column = (column - 1) / 26)
        digits[count++] = (char)('A' + (column - 1) % 26);
    for (size_t i = 0; i < count; i++)
        out[i] = digits[count - 1 - i];
    out[count] = '\0';
}

/* "BC12" -> 54 and 12; SIZE_MAX where it says no column. */
static size_t column_of(const char *reference, size_t length, size_t *row)
{
    size_t column = 0, i = 0;
    for (; i < length && reference[i] >= 'A' && reference[i] <= 'Z'; i++)
        column = column * 26 + (size_t)(reference[i] - 'A') + 1;
    *row = 0;
    for (; i < length && reference[i] >= '0' && reference[i] <= '9'; i++)
        *row = *row * 10 + (size_t)(reference[i] - '0');
    return column > 0 && column <= MOST_COLUMNS ? column - 1 : SIZE_MAX;
}

/* A cell's column: said, or the one after the cell before. */
static size_t cell_column(const struct xml_tag *cell, size_t next)
{
    const char *value;
    size_t length, row;
    return xml_attribute(cell, "r", &value, &length) ? column_of(value, length, &row) : next;
}

static bool has_content(const struct xml_tag *cell, const char *cell_end)
{
    struct xml_tag inner;
    for (const char *at = cell->end; !cell->empty && xml_next(at, cell_end, &inner); at = inner.end)
        if (!inner.closing && (xml_is(&inner, "v") || xml_is(&inner, "is") || xml_is(&inner, "f")))
            return true;
    return false;
}

/* ---- where there is room ---- */

static bool last_content(const char *from, const char *end, size_t *last)
{
    struct xml_tag tag;
    size_t next = 0;
    *last = 0;
    for (; xml_next(from, end, &tag); from = tag.end) {
        if (tag.closing)
            continue;
        if (xml_is(&tag, "row"))
            next = 0;
        if (!xml_is(&tag, "c"))
            continue;
        const char *cell_end = xml_element_end(&tag, end);
        size_t column = cell_column(&tag, next);
        if (column == SIZE_MAX)
            return false;
        next = column + 1;
        if (column > *last && has_content(&tag, cell_end))
            *last = column;
        tag.end = cell_end;
    }
    return true;
}

/* Past merged cells of the list's own rows, whose inside is hidden. */
static size_t past_merges(const char *xml, const char *end, size_t top, size_t first)
{
    struct xml_tag tag;
    for (const char *at = xml; xml_find(at, end, "mergeCell", false, &tag); at = tag.end) {
        const char *value, *colon;
        size_t length, row;
        if (!xml_attribute(&tag, "ref", &value, &length))
            continue;
        colon = memchr(value, ':', length);
        if (!colon)
            continue;
        size_t right = column_of(colon + 1, length - (size_t)(colon + 1 - value), &row);
        if (right != SIZE_MAX && right < MERGED_TITLE && row >= top && right >= first)
            first = right + 1;
    }
    return first;
}

/* ---- cells ---- */

static void add_cell(struct editing *e, size_t row, size_t column, const char *text,
                     const char *style, size_t style_length, size_t unlocking)
{
    char name[4];
    sheet_column_name(column, name);
    edit_add_tag(e, "<", "c");
    text_buffer_add_format(e->out, " r=\"%s%zu\"", name, row);
    if (style_length || e->added->wrapping || unlocking)
        text_buffer_add_format(e->out, " s=\"%zu\"",
                               e->added->wrapping + unlocking +
                                   (style_length ? strtoul(style, NULL, 10) : 0));
    if (!text) {
        text_buffer_add_text(e->out, "/>");
        return;
    }
    text_buffer_add_text(e->out, " t=\"inlineStr\">");
    edit_add_tag(e, "<", "is>");
    edit_add_tag(e, "<", "t xml:space=\"preserve\">");
    xml_add_text(e->out, text);
    edit_add_tag(e, "</", "t>");
    edit_add_tag(e, "</", "is>");
    edit_add_tag(e, "</", "c>");
}

/* How the added cells of a row look. */
struct look {
    const char *style;
    size_t length;
    bool fixed;
};

static void note_look(struct look *look, const struct editing *e, const struct added_row *row,
                      const struct xml_tag *cell, size_t column, bool content)
{
    bool it = !row->head && column == e->added->like_column;
    if (look->fixed || !(it || content))
        return;
    const char *style;
    size_t length;
    if (!xml_attribute(cell, "s", &style, &length))
        length = 0;
    *look = (struct look){style, length, it};
}

static void add_cells(struct editing *e, const struct added_row *row, const struct look *look)
{
    for (size_t i = 0; i < e->count; i++)
        add_cell(e, row->row, e->first + i, row->text[i], look->style, look->length,
                 row->head || i + 1 < ADDED_COLUMNS ? 0 : e->added->unlocking);
}

/* A cell that was there, wrapped where that can be: e->at is its tag. */
static void copy_cell(struct editing *e, const struct xml_tag *cell, const char *cell_end)
{
    char style[24];
    if (e->added->wrapping) {
        snprintf(style, sizeof(style), "%zu", e->added->wrapping + xml_number(cell, "s"));
        edit_copy_to(e, cell->start);
        xml_add_tag_with(e->out, cell, "s", style);
        e->at = cell->end;
    }
    edit_copy_to(e, cell_end);
}

/* The cells of a row that gets some: e->at is behind its tag. Empty cells where ours go are left out. */
static bool edit_cells(struct editing *e, const struct added_row *row, const char *row_end)
{
    struct look look = {0};
    struct xml_tag tag;
    size_t next = 0;
    bool added = false;
    while (xml_next(e->at, row_end, &tag) && !tag.closing) {
        const char *cell_end = xml_element_end(&tag, row_end);
        if (!xml_is(&tag, "c")) {
            if (!added)
                add_cells(e, row, &look);
            added = true;
            edit_copy_to(e, cell_end);
            continue;
        }
        size_t column = cell_column(&tag, next);
        if (column == SIZE_MAX)
            return false;
        next = column + 1;
        if (column < e->first) {
            note_look(&look, e, row, &tag, column, has_content(&tag, cell_end));
            copy_cell(e, &tag, cell_end);
            continue;
        }
        if (!added)
            add_cells(e, row, &look);
        added = true;
        if (column < e->first + e->count)
            e->at = cell_end;
        else
            edit_copy_to(e, cell_end);
    }
    if (!added)
        add_cells(e, row, &look);
    return true;
}

static void make_row(struct editing *e, const struct added_row *row)
{
    const struct look none = {0};
    edit_add_tag(e, "<", "row");
    text_buffer_add_format(e->out, " r=\"%zu\">", row->row);
    add_cells(e, row, &none);
    edit_add_tag(e, "</", "row>");
}

/* The tag in *text, written anew; false where it is no tag then, as of attributes that nobody would write. */
static bool rewrite(struct text_buffer *text, struct xml_tag *tag, const char *name, const char *value)
{
    struct text_buffer now = {0};
    xml_add_tag_with(&now, tag, name, value);
    text_buffer_free(text);
    *text = now;
    return xml_next(now.data, now.data + now.length, tag);
}

/* "spans" tells where a row's cells are, and would be wrong now; its height may be one of text that was not wrapped. */
static bool open_row(struct editing *e, const struct xml_tag *tag, const struct added_row *row)
{
    const char *given;
    size_t length;
    char height[32];
    struct text_buffer text = {0};
    struct xml_tag open = *tag;
    bool higher = row->height > 0 && !(row->head && xml_attribute(tag, "ht", &given, &length) &&
                                       strtod(given, NULL) >= row->height);
    open.empty = false;
    snprintf(height, sizeof(height), "%.2f", row->height);
    bool fine = rewrite(&text, &open, "spans", NULL) &&
                (!higher || (rewrite(&text, &open, "customHeight", NULL) &&
                             rewrite(&text, &open, "ht", height)));
    text_buffer_add(e->out, text.data, fine ? text.length : 0);
    text_buffer_free(&text);
    return fine;
}

static bool edit_row(struct editing *e, const struct xml_tag *tag)
{
    const struct added_columns *added = e->added;
    size_t number = xml_number(tag, "r");
    const char *row_end = xml_element_end(tag, e->end);
    e->row = number ? number : e->row + 1;
    for (; e->next < added->row_count && added->rows[e->next].row < e->row; e->next++) {
        edit_copy_to(e, tag->start);
        make_row(e, &added->rows[e->next]);
    }
    if (e->next == added->row_count || added->rows[e->next].row != e->row) {
        edit_copy_to(e, row_end);
        return true;
    }
    edit_copy_to(e, tag->start);
    const struct added_row *row = &added->rows[e->next++];
    if (!open_row(e, tag, row))
        return false;
    e->at = tag->end;
    if (!tag->empty) {
        if (!edit_cells(e, row, row_end))
            return false;
        edit_copy_to(e, row_end);
        return true;
    }
    const struct look none = {0};
    add_cells(e, row, &none);
    edit_add_tag(e, "</", "row>");
    return true;
}

static bool edit_rows(struct editing *e, const char *data_end)
{
    struct xml_tag tag;
    while (xml_next(e->at, data_end, &tag) && !tag.closing)
        if (!xml_is(&tag, "row") || !edit_row(e, &tag))
            return false;
    for (; e->next < e->added->row_count; e->next++)
        make_row(e, &e->added->rows[e->next]);
    return true;
}

/* ---- a sheet ---- */

/* Up to the rows. False where what tells of the columns does not end before them. */
static bool edit_widths(struct editing *e, const char *rows)
{
    struct xml_tag cols, last;
    bool given =
        e->added->again == SIZE_MAX && xml_find(e->at, rows, "cols", false, &cols) && !cols.empty;
    if (given) {
        if (!xml_find(cols.end, rows, "cols", true, &last))
            return false;
        edit_given_widths(e, &cols, xml_element_end(&cols, rows));
        return true;
    }
    edit_copy_to(e, rows);
    if (e->added->again == SIZE_MAX)
        edit_new_widths(e);
    return true;
}

bool sheet_add_columns(const char *xml, size_t length, const struct added_columns *added,
                       struct text_buffer *out, struct error *err)
{
    const char *end = xml + length;
    struct editing e = {.added = added, .out = out, .at = xml, .end = end};
    struct xml_tag data, tag;
    size_t last;
    if (!xml_find(xml, end, "sheetData", false, &data) || data.empty || added->row_count == 0)
        return error_tell(err, ERROR_DATA, false,
                          "trang tính bị hỏng (không có dòng nào): hãy lưu lại thành .xlsx",
                          "the sheet is damaged (no rows): save it anew as .xlsx");
    const char *data_end = xml_element_end(&data, end);
    e.prefix = data.prefix;
    e.prefix_length = data.prefix_length;
    if (!last_content(data.end, data_end, &last))
        return error_tell(err, ERROR_DATA, false,
                          "trang tính bị hỏng (một ô): hãy lưu lại thành .xlsx",
                          "the sheet is damaged (a cell): save it anew as .xlsx");
    e.count = added->again == SIZE_MAX ? ADDED_COLUMNS : ADDED_COLUMNS - 1;
    e.first = added->again == SIZE_MAX ? past_merges(data_end, end, added->rows[0].row, last + 1)
                                       : added->again;
    if (added->first)
        *added->first = e.first;
    if (e.first + ADDED_COLUMNS > MOST_COLUMNS)
        return error_tell(err, ERROR_DATA, false,
                          "không còn chỗ thêm cột: hãy xóa các cột trống bên phải",
                          "no room for more columns: delete empty ones on the right");
    if (xml_find(xml, data.start, "dimension", false, &tag)) {
        edit_copy_to(&e, tag.start);
        e.at = xml_element_end(&tag, data.start);
    }
    if (!edit_widths(&e, data.start))
        return error_tell(err, ERROR_DATA, false,
                          "trang tính bị hỏng (các cột): hãy lưu lại thành .xlsx",
                          "the sheet is damaged (its columns): save it anew as .xlsx");
    edit_copy_to(&e, data.end);
    if (!edit_rows(&e, data_end))
        return error_tell(err, ERROR_DATA, false,
                          "trang tính bị hỏng (một dòng): hãy lưu lại thành .xlsx",
                          "the sheet is damaged (a row): save it anew as .xlsx");
    edit_copy_to(&e, end);
    return true;
}
