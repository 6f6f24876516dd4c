#include "table_read.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text.h"
#include "../../common/text_buffer.h"

#define SEARCH_ROWS 200
#define MAX_COLUMNS 256

struct header {
    size_t at[TABLE_FIELDS]; /* column, SIZE_MAX = none */
    size_t marks[MAX_COLUMNS];
    size_t mark_count, known, row;
};

struct reader {
    const struct sheet_book *book;
    struct table_list *list;
    const struct table_mapping *mapping;
    size_t sheet;
    struct header header;
    const char *filled[TABLE_FIELDS]; /* what merged cells say further down */
};

static const enum table_field merged[] = {TABLE_CLASS, TABLE_COURSE, TABLE_EXAM, TABLE_UNIT,
                                          TABLE_WAVE};

/* Cleaned, in the arena; "" for what is empty or no text. */
static const char *clean(struct reader *r, const char *cell)
{
    if (cell[0] == '\0')
        return "";
    size_t size = strlen(cell) * 3 + 1;
    char *room = must_have(malloc(size));
    const char *kept =
        text_clean(cell, room, size) && room[0] != '\0' ? arena_text(&r->list->arena, room) : "";
    free(room);
    return kept;
}

static bool has(const struct header *h, enum table_field field)
{
    return h->at[field] != SIZE_MAX;
}

static bool has_person(const struct header *h)
{
    return has(h, TABLE_NAME) || has(h, TABLE_EMAIL) || has(h, TABLE_CITIZEN) ||
           has(h, TABLE_ACCOUNT);
}

/* The columns without which it is no such table. */
static bool is_enough(enum files_kind kind, const struct header *h)
{
    switch (kind) {
    case FILES_RESULTS:
        return has_person(h) && (has(h, TABLE_SCORE) || has(h, TABLE_PASSED));
    case FILES_ATTENDANCE:
        return has_person(h) && h->known + h->mark_count >= 2 &&
               (h->mark_count > 0 || has(h, TABLE_DATE) || has(h, TABLE_CLASS));
    case FILES_HEADCOUNT:
        return has(h, TABLE_CLASS) && (h->mark_count > 0 || has(h, TABLE_COUNT));
    default:
        return false;
    }
}

static bool read_header(const struct reader *r, size_t row, struct header *h)
{
    memset(h, 0, sizeof(*h));
    for (size_t i = 0; i < TABLE_FIELDS; i++)
        h->at[i] = SIZE_MAX;
    h->row = row;
    for (size_t c = 0; c < sheet_columns(r->book, r->sheet, row) && c < MAX_COLUMNS; c++) {
        enum table_field field =
            table_field_of(r->list->kind, sheet_cell(r->book, r->sheet, row, c), r->mapping);
        if (field == TABLE_MARK)
            h->marks[h->mark_count++] = c;
        else if (field != TABLE_NO_FIELD && !has(h, field)) {
            h->at[field] = c;
            h->known++;
        }
    }
    return is_enough(r->list->kind, h);
}

static const char *cell_of(const struct reader *r, size_t row, enum table_field field)
{
    return has(&r->header, field) ? sheet_cell(r->book, r->sheet, row, r->header.at[field]) : "";
}

/* "(1) (2) (3)", "1 2 3", "A B C" below the header. */
static bool numbers_columns(const struct reader *r, size_t row)
{
    size_t numbered = 0;
    for (size_t c = 0; c < sheet_columns(r->book, r->sheet, row); c++) {
        char text[64];
        const char *cell = sheet_cell(r->book, r->sheet, row, c);
        if (cell[0] == '\0')
            continue;
        if (strlen(cell) > 8 || !text_skeleton(cell, text, sizeof(text)) || strlen(text) > 2)
            return false;
        numbered++;
    }
    enum table_field key = r->list->kind == FILES_HEADCOUNT ? TABLE_CLASS : TABLE_NAME;
    return numbered >= 3 && has(&r->header, key) && cell_of(r, row, key)[0] != '\0';
}

static bool is_total(const struct reader *r, size_t row)
{
    for (size_t c = 0; c < sheet_columns(r->book, r->sheet, row) && c < 3; c++) {
        char text[64];
        const char *cell = sheet_cell(r->book, r->sheet, row, c);
        if (strlen(cell) < 48 && text_skeleton(cell, text, sizeof(text)) &&
            (strncmp(text, "tong cong", 9) == 0 || strncmp(text, "tong so", 7) == 0 ||
             strcmp(text, "tong") == 0 || strcmp(text, "cong") == 0 || strcmp(text, "total") == 0))
            return true;
    }
    return false;
}

static void skip(struct table_list *list, size_t sheet, size_t row, const char *reason)
{
    list->skips =
        array_room(list->skips, list->skip_count, &list->skip_capacity, sizeof(list->skips[0]));
    list->skips[list->skip_count++] = (struct table_skip){sheet, (int64_t)row + 1, reason};
}

static const char *content_of(struct reader *r, const struct table_row *row)
{
    struct text_buffer text = {0};
    for (size_t i = TABLE_NUMBER + 1; i < TABLE_FIELDS; i++)
        text_buffer_add_format(&text, "%s\x1f", row->cell[i]);
    for (size_t i = 0; i < row->mark_count; i++)
        text_buffer_add_format(&text, "%s\x1f%s\x1f", row->marks[i].heading, row->marks[i].text);
    const char *content = arena_text(&r->list->arena, text.data);
    text_buffer_free(&text);
    return content;
}

static void take_marks(struct reader *r, size_t row, struct table_row *out)
{
    const struct header *h = &r->header;
    out->marks = arena_allocate(&r->list->arena, (h->mark_count + 1) * sizeof(out->marks[0]));
    for (size_t i = 0; i < h->mark_count; i++) {
        const char *text = clean(r, sheet_cell(r->book, r->sheet, row, h->marks[i]));
        if (text[0] != '\0')
            out->marks[out->mark_count++] = (struct table_mark){
                clean(r, sheet_cell(r->book, r->sheet, h->row, h->marks[i])), text};
    }
}

/* How many cells say something, leaving out the number and what merged cells say anyway. */
static size_t filled_cells(const struct table_row *row)
{
    size_t filled = row->mark_count;
    for (size_t i = TABLE_NUMBER + 1; i < TABLE_FIELDS; i++)
        filled += row->cell[i][0] != '\0';
    return filled;
}

static bool names_somebody(const struct table_row *row)
{
    return row->cell[TABLE_NAME][0] != '\0' || row->cell[TABLE_GIVEN][0] != '\0' ||
           row->cell[TABLE_EMAIL][0] != '\0' || row->cell[TABLE_CITIZEN][0] != '\0' ||
           row->cell[TABLE_ACCOUNT][0] != '\0' || row->cell[TABLE_PHONE][0] != '\0';
}

/* Signatures and remarks fill one cell, or none that is known. */
static bool is_record(enum files_kind kind, const struct table_row *row)
{
    if (kind == FILES_HEADCOUNT)
        return row->mark_count > 0 || row->cell[TABLE_COUNT][0] != '\0';
    return names_somebody(row) &&
           (filled_cells(row) >= 2 || row->cell[TABLE_NUMBER][0] != '\0' || row->mark_count > 0);
}

/* A day of a class stands once above merged cells, too; an exam without a day has none, and the next activity has its own. */
static void fill_day(struct reader *r, struct table_row *row)
{
    const char **day = &row->cell[TABLE_DATE];
    bool goes_on = row->cell[TABLE_CLASS][0] == '\0';
    if ((*day)[0] != '\0' || !goes_on)
        r->filled[TABLE_DATE] = *day;
    else if (r->list->kind != FILES_RESULTS && r->filled[TABLE_DATE] != NULL)
        *day = r->filled[TABLE_DATE];
}

static bool same_or_none(const char *cell, const char *above)
{
    char a[512], b[512];
    return cell[0] == '\0' || (above != NULL && text_fold(cell, a, sizeof(a)) &&
                               text_fold(above, b, sizeof(b)) && strcmp(a, b) == 0);
}

/* The activity that a form's row without one belongs to; "" for none: then the cell was left empty. A workbook says which cells are
 * merged. Elsewhere it is the one above where the row adds an audience or a day to it: not where it has a number of its own, nor
 * where it is another unit's. */
static const char *activity_above(struct reader *r, size_t row, const struct table_row *out)
{
    const char *above = r->filled[TABLE_CLASS];
    if (sheet_knows_merges(r->book)) {
        size_t column = r->header.at[TABLE_CLASS];
        size_t top = sheet_merged_from(r->book, r->sheet, row, column);
        return top != SIZE_MAX && top > r->header.row
                   ? clean(r, sheet_cell(r->book, r->sheet, top, column))
                   : "";
    }
    bool adds = out->cell[TABLE_AUDIENCE][0] != '\0' || out->cell[TABLE_DATE][0] != '\0';
    bool goes_on = above != NULL && adds && out->cell[TABLE_NUMBER][0] == '\0' &&
                   same_or_none(out->cell[TABLE_UNIT], r->filled[TABLE_UNIT]) &&
                   same_or_none(out->cell[TABLE_WAVE], r->filled[TABLE_WAVE]);
    return goes_on ? above : "";
}

static void fill_activity(struct reader *r, size_t row, struct table_row *out)
{
    const char *above = out->cell[TABLE_CLASS][0] == '\0' ? activity_above(r, row, out) : "";
    if (out->cell[TABLE_CLASS][0] == '\0' && above[0] == '\0')
        r->filled[TABLE_CLASS] = r->filled[TABLE_DATE] = NULL; /* nor for the rows below */
    else
        fill_day(r, out);
    if (above[0] != '\0')
        out->cell[TABLE_CLASS] = above;
}

static void take_row(struct reader *r, size_t row)
{
    struct table_list *list = r->list;
    struct table_row out = {.sheet = r->sheet, .row = (int64_t)row + 1};
    for (size_t i = 0; i < TABLE_FIELDS; i++)
        out.cell[i] = clean(r, cell_of(r, row, (enum table_field)i));
    take_marks(r, row, &out);
    if (out.mark_count == 0 && filled_cells(&out) == 0)
        return;
    if (!is_record(list->kind, &out)) {
        skip(list, r->sheet, row, "no_record");
        return;
    }
    if (list->kind == FILES_HEADCOUNT)
        fill_activity(r, row, &out);
    else
        fill_day(r, &out);
    for (size_t i = 0; i < ARRAY_LEN(merged); i++) {
        enum table_field field = merged[i];
        if (out.cell[field][0] != '\0')
            r->filled[field] = out.cell[field];
        else if (r->filled[field] != NULL)
            out.cell[field] = r->filled[field];
    }
    out.content = content_of(r, &out);
    list->rows = array_room(list->rows, list->row_count, &list->row_capacity, sizeof(list->rows[0]));
    list->rows[list->row_count++] = out;
}

static void begin_table(struct reader *r, const struct header *h)
{
    r->header = *h;
    memset(r->filled, 0, sizeof(r->filled));
}

static bool read_sheet(struct reader *r)
{
    struct header h;
    size_t rows = sheet_rows(r->book, r->sheet), row = 0;
    while (row < rows && row < SEARCH_ROWS && !read_header(r, row, &h))
        row++;
    if (row == rows || row == SEARCH_ROWS)
        return false;
    begin_table(r, &h);
    for (row++; row < rows; row++) {
        bool numbered =
            cell_of(r, row, TABLE_NUMBER)[0] >= '0' && cell_of(r, row, TABLE_NUMBER)[0] <= '9';
        if (!numbered && read_header(r, row, &h)) {
            skip(r->list, r->sheet, row, "repeated_header");
            begin_table(r, &h);
        } else if (is_total(r, row)) {
            skip(r->list, r->sheet, row, "total");
        } else if (!numbers_columns(r, row)) {
            take_row(r, row);
        }
    }
    return true;
}

static bool has_no_table(enum files_kind kind, struct error *err)
{
    switch (kind) {
    case FILES_RESULTS:
        return error_tell_plain(
            err, ERROR_DATA, false,
            "không trang tính nào có dòng tiêu đề của kết quả thi: cần một trong các cột \"Họ và "
            "tên\", "
            "\"Email\", \"Số CCCD\", \"Tài khoản\", và cột \"Điểm\" hoặc \"Kết quả\" (hoặc ghi tên "
            "cột "
            "ở mục columns)",
            "no sheet has a header row of results: one of \"Họ và tên\", \"Email\", \"Số CCCD\", "
            "\"Tài khoản\", and \"Điểm\" or \"Kết quả\" (or say the headings in columns:)");
    case FILES_ATTENDANCE:
        return error_tell_plain(
            err, ERROR_DATA, false,
            "không trang tính nào có dòng tiêu đề của điểm danh: cần cột \"Họ và tên\" hoặc "
            "\"Email\", và "
            "cột \"Lớp\", \"Ngày học\" hoặc các cột mang tên ngày (hoặc ghi tên cột ở mục columns)",
            "no sheet has a header row of attendance: \"Họ và tên\" or \"Email\", and \"Lớp\", "
            "\"Ngày học\" or columns headed by a day (or say the headings in columns:)");
    default:
        return error_tell_plain(
            err, ERROR_DATA, false,
            "không trang tính nào có dòng tiêu đề của biểu số lượt người: cần cột \"Tên hoạt "
            "động\" hoặc "
            "\"Lớp\", và các cột \"Số lượng …\" (hoặc ghi tên cột ở mục columns)",
            "no sheet has a header row of head counts: \"Tên hoạt động\" or \"Lớp\", and \"Số "
            "lượng …\" (or say the headings in columns:)");
    }
}

struct table_list *table_read(const struct sheet_book *book, enum files_kind kind,
                              const struct table_mapping *mapping, struct error *err)
{
    struct table_list *list = must_have(calloc(1, sizeof(*list)));
    struct reader *r = must_have(calloc(1, sizeof(*r)));
    bool found = false;
    list->kind = kind;
    *r = (struct reader){.book = book, .list = list, .mapping = mapping};
    for (r->sheet = 0; r->sheet < sheet_count(book); r->sheet++)
        found = read_sheet(r) || found;
    free(r);
    if (list->row_count > 0)
        return list;
    if (found)
        (void)error_tell_plain(err, ERROR_DATA, false,
                               "có dòng tiêu đề nhưng bên dưới không có dòng nào",
                               "there is a header row and no record below it");
    else
        (void)has_no_table(kind, err);
    table_free(list);
    return NULL;
}

void table_free(struct table_list *list)
{
    if (list == NULL)
        return;
    free(list->rows);
    free(list->skips);
    arena_free(&list->arena);
    free(list);
}
