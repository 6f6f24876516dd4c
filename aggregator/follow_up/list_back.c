#include "list_back.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "../../common/allocate.h"
#include "../../common/arena.h"
#include "../../common/clock.h"
#include "../../common/roster_columns.h"
#include "../../common/xml.h"
#include "groups_sheet.h"
#include "page_setup.h"
#include "paper_widths.h"
#include "print_area.h"
#include "sheet_edit.h"
#include "given_book.h"

enum { STATUS, DUE, FAULT, REASON };

static const char *const headings[2][ADDED_COLUMNS] = {
    {"Tình trạng", "Hạn hoàn thành", "Lỗi của dòng", "Lý do"},
    {"Status", "Due date", "Fault of the row", "Reason"}};

/* ---- counting ---- */

static const char *unit_of_row(const struct list_back *back, const struct roster_person *p)
{
    const struct reference_unit *unit =
        p->unit ? reference_find_unit(back->reference, p->unit) : NULL;
    return unit ? unit->printed_name : p->unit ? p->unit : p->unit_text ? p->unit_text : "";
}

void list_back_count(const struct list_back *back, struct group_counts *groups, int64_t *listed)
{
    struct key_table counted = {0};
    *listed = 0;
    for (size_t i = 0; i < back->list->person_count; i++) {
        const struct roster_person *p = &back->list->persons[i];
        const struct match_person *m = &back->match->persons[i];
        if (p->same_as != SIZE_MAX || (m->found && key_table_get(&counted, m->person)))
            continue;
        if (m->found)
            key_table_put(&counted, m->person, &counted);
        *listed += m->listed;
        groups_add(groups, unit_of_row(back, p), p->group[0] ? p->group : m->group, m->status);
    }
    key_table_clear(&counted);
    groups_sort(groups);
}

/* ---- rows ---- */

struct rows {
    struct arena arena; /* owns the texts */
    struct added_row *items;
    size_t count, capacity;
};

static struct added_row *add_row(struct rows *rows, size_t row)
{
    rows->items = array_room(rows->items, rows->count, &rows->capacity, sizeof(*rows->items));
    rows->items[rows->count] = (struct added_row){.row = row};
    return &rows->items[rows->count++];
}

static const char *due_text(struct rows *rows, const struct list_back *back, int32_t due)
{
    int year, month, day;
    char text[32];
    if (due == NEVER)
        return NULL;
    clock_civil_from_day(due, &year, &month, &day);
    if (back->language == LANGUAGE_VI)
        snprintf(text, sizeof(text), "%02d/%02d/%04d", day, month, year);
    else
        snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
    return arena_text(&rows->arena, text);
}

static const char *const not_listed[] = {"Không có trong danh sách đã nhận của đợt này",
                                         "Not on the lists received for this wave"};
static const char *const misnamed[] = {"Họ tên khác với danh sách đã nhận",
                                       "Name differs from the list received"};
static const char *const unclear[] = {
    "Có CCCD, e-mail hoặc số điện thoại của người khác tên trong danh sách đã nhận",
    "Has the citizen number, e-mail or phone of somebody of another name on the lists received"};
static const char *const nobody_known[] = {"Không nhận ra ai trong danh sách này",
                                           "Nobody of this list is recognised"};

static void add_fault(struct text_buffer *text, const char *fault)
{
    text_buffer_add_format(text, "%s%s", text->length ? "; " : "", fault);
}

static const char *fault_text(struct rows *rows, const struct list_back *back,
                              const struct match_person *m)
{
    struct text_buffer text = {0};
    bool english = back->language == LANGUAGE_EN;
    follow_up_kinds_text(back->kinds, m->issues, english, &text);
    if (m->misnamed)
        add_fault(&text, misnamed[english]);
    if (back->match->nobody)
        add_fault(&text, nobody_known[english]);
    else if (m->unclear)
        add_fault(&text, unclear[english]);
    else if (!m->listed)
        add_fault(&text, not_listed[english]);
    const char *copy = text.length ? arena_text(&rows->arena, text.data) : NULL;
    text_buffer_free(&text);
    return copy;
}

static void add_heading(struct rows *rows, const struct list_back *back, size_t row)
{
    struct added_row *added = add_row(rows, row);
    added->head = true;
    for (size_t i = 0; i < ADDED_COLUMNS; i++)
        added->text[i] = headings[back->language == LANGUAGE_EN][i];
}

static int compare_rows(const void *a, const void *b)
{
    const struct added_row *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

static void collect(const struct list_back *back, size_t sheet,
                    const struct roster_columns *columns, struct rows *rows)
{
    add_heading(rows, back, columns->header_row + 1);
    for (size_t row = columns->header_row + 1; row < columns->first_row; row++)
        add_row(rows, row + 1)->head = true;
    for (size_t i = 0; i < back->list->skip_count; i++) {
        const struct roster_skip *skip = &back->list->skips[i];
        if (skip->sheet == sheet && strcmp(skip->reason, "repeated_header") == 0)
            add_heading(rows, back, (size_t)skip->row);
    }
    for (size_t i = 0; i < back->list->person_count; i++) {
        const struct match_person *m = &back->match->persons[i];
        if (back->list->persons[i].sheet != sheet)
            continue;
        struct added_row *added = add_row(rows, (size_t)back->list->persons[i].row);
        added->text[STATUS] = follow_up_status_text(m->status, back->language);
        added->text[DUE] = due_text(rows, back, m->due);
        added->text[FAULT] = fault_text(rows, back, m);
        added->text[REASON] = NULL;
    }
    qsort(rows->items, rows->count, sizeof(*rows->items), compare_rows);
}

/* ---- sheets ---- */

static bool is_ours(const char *cell, size_t column)
{
    return strcmp(cell, headings[0][column]) == 0 || strcmp(cell, headings[1][column]) == 0;
}

/* The column where ours stand from before: a list that came back with reasons keeps them. */
static size_t ours_from_before(const struct list_back *back, size_t sheet, size_t row)
{
    for (size_t c = 0; c < sheet_columns(back->book, sheet, row); c++) {
        size_t same = 0;
        while (same < ADDED_COLUMNS && is_ours(sheet_cell(back->book, sheet, row, c + same), same))
            same++;
        if (same == ADDED_COLUMNS)
            return c;
    }
    return SIZE_MAX;
}

static bool has_ours(const struct list_back *back)
{
    for (size_t i = 0; i < sheet_count(back->book); i++) {
        struct roster_columns columns;
        if (roster_find_header(back->book, i, 0, &columns) &&
            ours_from_before(back, i, columns.header_row) != SIZE_MAX)
            return true;
    }
    return false;
}

#define GIVEN_COLUMNS 64 /* more no paper takes */
/* In characters; their texts wrap. */
#define OUR_WIDTHS 16, 12, 19, 16
#define OURS_TOGETHER 63

/* Of the workbook's formats, as struct added_columns has them. */
struct twins {
    size_t wrapping, unlocking;
};

static bool edit_sheet(const struct list_back *back, struct book_parts *workbook, size_t sheet,
                       bool named, const struct twins *twins, const struct roster_columns *columns,
                       struct error *err)
{
    const struct book_sheet *its =
        book_parts_sheet(workbook, named ? sheet_name(back->book, sheet) : NULL, sheet);
    size_t length;
    const char *xml = its ? package_part(workbook->package, its->part, &length) : NULL;
    if (!xml)
        return error_tell(
            err, ERROR_DATA, false,
            "tệp thiếu một trang tính: hãy mở bằng Excel và lưu lại thành .xlsx",
            "a sheet of the workbook is missing: open it in Excel and save it anew as .xlsx");
    struct rows rows = {0};
    struct text_buffer out = {0}, printed = {0};
    double given[GIVEN_COLUMNS];
    size_t wrapping = twins->wrapping, first;
    collect(back, sheet, columns, &rows);
    const struct added_columns added = {.rows = rows.items,
                                        .row_count = rows.count,
                                        .like_column = columns->at[ROSTER_NAME],
                                        .again = ours_from_before(back, sheet, columns->header_row),
                                        .widths = {OUR_WIDTHS},
                                        .wrapping = wrapping,
                                        .unlocking = twins->unlocking,
                                        .first = &first,
                                        .given_widths = given,
                                        .given_count = wrapping ? GIVEN_COLUMNS : 0};
    paper_widths(back->book, sheet, rows.items, rows.count, PAPER_CHARACTERS - OURS_TOGETHER, given,
                 GIVEN_COLUMNS);
    if (wrapping)
        paper_heights(back->book, sheet, given, GIVEN_COLUMNS, added.widths, rows.items, rows.count);
    bool fine = sheet_add_columns(xml, length, &added, &out, err);
    if (fine) {
        /* With four columns more it would be cut into pages side by side. */
        sheet_fit_width(out.data, out.length, &printed);
        package_put(workbook->package, its->part, &printed);
        given_book_repeat_rows(workbook, its->place, its->name, columns->header_row + 1,
                               columns->first_row);
        given_book_widen_print(workbook, its->place, first + ADDED_COLUMNS - 1);
    }
    text_buffer_free(&out);
    text_buffer_free(&printed);
    free(rows.items);
    arena_free(&rows.arena);
    return fine;
}

/* Is it the sheet of counts from before, whatever it was saved with since? */
static bool is_counts(const struct sheet_book *book, size_t sheet)
{
    for (size_t row = 0; row < sheet_rows(book, sheet) && row < 20; row++)
        if (groups_sheet_is_heading(sheet_cell(book, sheet, row, 0), sheet_cell(book, sheet, row, 1),
                                    sheet_cell(book, sheet, row, 2)))
            return true;
    return false;
}

/* In its place, or as a new one. */
static bool put_counts(const struct list_back *back, struct book_parts *given, bool named,
                       size_t heading, struct text_buffer *counts, struct error *err)
{
    for (size_t i = 0; named && i < sheet_count(back->book); i++) {
        const struct book_sheet *its =
            is_counts(back->book, i) ? book_parts_sheet(given, sheet_name(back->book, i), i) : NULL;
        if (its != NULL) {
            package_put(given->package, its->part, counts);
            return true;
        }
    }
    return given_book_add_sheet(given, back->language == LANGUAGE_VI ? "Theo Tổ" : "By group",
                                heading, counts, err);
}

static bool is_protected(const struct book_parts *workbook)
{
    for (size_t i = 0; i < workbook->sheet_count; i++) {
        size_t length;
        struct xml_tag tag;
        const char *xml = package_part(workbook->package, workbook->sheets[i].part, &length);
        if (xml && xml_find(xml, xml + length, "sheetProtection", false, &tag))
            return true;
    }
    return false;
}

/* named: the workbook's sheets have the book's names. */
static bool edit_all(const struct list_back *back, const struct group_counts *groups,
                     struct package *package, bool named, struct text_buffer *out, struct error *err)
{
    struct book_parts workbook;
    struct text_buffer counts = {0};
    if (!book_parts_open(package, &workbook, err))
        return false;
    bool fine = true;
    /* A list that comes again has them already. */
    struct twins twins = {0};
    if (!has_ours(back)) {
        twins.wrapping = given_book_wrap(&workbook);
        twins.unlocking = is_protected(&workbook) ? given_book_unlock(&workbook) : 0;
    }
    for (size_t i = 0; fine && i < sheet_count(back->book); i++) {
        struct roster_columns columns;
        if (roster_find_header(back->book, i, 0, &columns))
            fine = edit_sheet(back, &workbook, i, named, &twins, &columns, err);
    }
    if (fine) {
        struct given_book_looks looks;
        given_book_looks(&workbook, &looks);
        size_t heading = groups_sheet(groups, &looks, back, &counts);
        fine = put_counts(back, &workbook, named, heading, &counts, err) &&
               package_pack(package, out, err);
    }
    book_parts_close(&workbook);
    text_buffer_free(&counts);
    return fine;
}

static bool from_cells(const struct list_back *back, const struct group_counts *groups,
                       struct text_buffer *out, struct error *err)
{
    size_t count = sheet_count(back->book);
    size_t *head = must_have(calloc(2 * count + 1, sizeof(*head))), *body = head + count;
    for (size_t i = 0; i < count; i++) {
        struct roster_columns columns;
        bool list = roster_find_header(back->book, i, 0, &columns);
        head[i] = list ? columns.header_row : SIZE_MAX;
        body[i] = list ? columns.first_row : 0;
    }
    struct package *package = given_book_of_cells(back->book, head, body);
    bool fine = edit_all(back, groups, package, false, out, err);
    package_free(package);
    free(head);
    return fine;
}

bool list_back_make(const struct list_back *back, const struct group_counts *groups,
                    struct text_buffer *out, bool *as_cells, struct error *err)
{
    const char *dot = strrchr(back->path, '.');
    *as_cells = !dot || strcasecmp(dot, ".xlsx") != 0;
    if (!*as_cells) {
        struct error why = {0};
        struct package *package = package_read(back->path, &why);
        bool fine = package && edit_all(back, groups, package, true, out, &why);
        package_free(package);
        if (fine)
            return true;
        text_buffer_clear(out);
        *as_cells = true;
    }
    return from_cells(back, groups, out, err);
}
