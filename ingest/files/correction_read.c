#include "correction_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/text.h"
#include "../../common/roster_cells.h"
#include "totals_read.h"

enum column { FILE_NAME, SHEET_NAME, ROW_NUMBER, FAULT, VALUE, COLUMN_COUNT };

static const char *const column_words[COLUMN_COUNT] = {
    "|file|tep|ten tep|ten file|tap tin|", "|sheet|trang|trang tinh|ten sheet|",
    "|dong|hang|row|so dong|", "|loi|fault|ma loi|",
    "|sua thanh|correct to|corrected|sua lai thanh|gia tri dung|"};

static const struct {
    const char *code;
    enum correction_kind kind;
    bool of_list;
} faults[] = {
    {"email malformed", CORRECT_EMAIL, true},
    {"email missing", CORRECT_EMAIL, true},
    {"email shared", CORRECT_EMAIL, true},
    {"identifier shared", CORRECT_EMAIL, false},
    {"account under other email", CORRECT_ACCOUNT_EMAIL, false},
    {"listed twice", CORRECT_ONE_PERSON, true},
    {"unit unknown", CORRECT_UNIT, true},
    {"citizen malformed", CORRECT_CITIZEN, true},
    {"phone malformed", CORRECT_PHONE, true},
};

static enum column column_of(const char *cell)
{
    char text[64], wanted[72];
    if (!text_skeleton(cell, text, sizeof(text)) || text[0] == '\0')
        return COLUMN_COUNT;
    (void)snprintf(wanted, sizeof(wanted), "|%s|", text);
    for (enum column c = 0; c < COLUMN_COUNT; c++) {
        if (strstr(column_words[c], wanted) != NULL)
            return c;
    }
    return COLUMN_COUNT;
}

static bool find_header(const struct sheet_book *book, size_t sheet, size_t at[COLUMN_COUNT],
                        size_t *header)
{
    for (size_t row = 0; row < sheet_rows(book, sheet) && row < 50; row++) {
        size_t found = 0;
        for (size_t i = 0; i < COLUMN_COUNT; i++)
            at[i] = SIZE_MAX;
        for (size_t c = 0; c < sheet_columns(book, sheet, row); c++) {
            enum column column = column_of(sheet_cell(book, sheet, row, c));
            if (column != COLUMN_COUNT && at[column] == SIZE_MAX) {
                at[column] = c;
                found++;
            }
        }
        *header = row;
        if (found == COLUMN_COUNT)
            return true;
    }
    return false;
}

static const char *clean(struct correction_list *list, const char *cell)
{
    char text[1024];
    return text_clean(cell, text, sizeof(text)) ? arena_text(&list->arena, text) : "";
}

static bool find_kind(struct correction *c)
{
    char text[64];
    if (!text_skeleton(c->fault, text, sizeof(text)))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        if (strcmp(faults[i].code, text) == 0) {
            c->kind = faults[i].kind;
            c->of_list = faults[i].of_list;
            return true;
        }
    }
    return false;
}

/* The value in the form in which it is compared and keyed; NULL when it cannot be one. */
static const char *take_value(struct correction_list *list, enum correction_kind kind,
                              const char *cell)
{
    char normal[IDENTITY_TEXT];
    enum identity_fault fault = IDENTITY_OK;
    switch (kind) {
    case CORRECT_EMAIL:
    case CORRECT_ACCOUNT_EMAIL:
        fault = identity_normalise_email(cell, normal);
        break;
    case CORRECT_CITIZEN:
        fault = identity_normalise_citizen(cell, normal);
        break;
    case CORRECT_PHONE:
        fault = identity_normalise_phone(cell, normal);
        break;
    case CORRECT_UNIT:
        return cell;
    case CORRECT_ONE_PERSON: /* the line itself says yes; a "no" beside it must not pass for one */
        return cell[0] == '\0' ? "" : NULL;
    }
    return fault == IDENTITY_OK ? arena_text(&list->arena, normal) : NULL;
}

static const char *take_line(struct correction_list *list, const struct sheet_book *book,
                             size_t sheet, size_t row, const size_t at[COLUMN_COUNT],
                             struct correction *c)
{
    const char *value = clean(list, sheet_cell(book, sheet, row, at[VALUE]));
    c->at_row = (int64_t)row + 1;
    c->file = clean(list, sheet_cell(book, sheet, row, at[FILE_NAME]));
    c->sheet = clean(list, sheet_cell(book, sheet, row, at[SHEET_NAME]));
    c->fault = clean(list, sheet_cell(book, sheet, row, at[FAULT]));
    c->row = totals_number(sheet_cell(book, sheet, row, at[ROW_NUMBER]));
    if (c->file[0] == '\0')
        return "file_missing";
    if (c->row < 1)
        return "row_malformed";
    if (!find_kind(c))
        return "fault_unknown";
    if (value[0] == '\0' && c->kind != CORRECT_ONE_PERSON)
        return "not_filled_in";
    c->value = take_value(list, c->kind, value);
    return c->value == NULL ? "value_malformed" : NULL;
}

static bool is_blank_row(const struct sheet_book *book, size_t sheet, size_t row)
{
    for (size_t c = 0; c < sheet_columns(book, sheet, row); c++) {
        if (sheet_cell(book, sheet, row, c)[0] != '\0')
            return false;
    }
    return true;
}

static void read_sheet(struct correction_list *list, const struct sheet_book *book, size_t sheet,
                       const size_t at[COLUMN_COUNT], size_t row)
{
    size_t rows = sheet_rows(book, sheet);
    const char *name = arena_text(&list->arena, sheet_name(book, sheet));
    list->corrections =
        realloc(list->corrections, (list->count + rows + 1) * sizeof(list->corrections[0]));
    list->problems =
        realloc(list->problems, (list->problem_count + rows + 1) * sizeof(list->problems[0]));
    if (list->corrections == NULL || list->problems == NULL)
        abort();
    for (; row < rows; row++) {
        if (is_blank_row(book, sheet, row))
            continue;
        struct correction *c = &list->corrections[list->count];
        c->at_sheet = name;
        const char *problem = take_line(list, book, sheet, row, at, c);
        if (problem == NULL)
            list->count++;
        else
            list->problems[list->problem_count++] =
                (struct correction_problem){name, (int64_t)row + 1, problem};
    }
}

struct correction_list *correction_read(const struct sheet_book *book, struct error *err)
{
    struct correction_list *list = calloc(1, sizeof(*list));
    if (list == NULL)
        abort();
    bool found = false;
    for (size_t sheet = 0; sheet < sheet_count(book); sheet++) {
        size_t at[COLUMN_COUNT], header = 0;
        if (!find_header(book, sheet, at, &header))
            continue;
        found = true;
        read_sheet(list, book, sheet, at, header + 1);
    }
    if (found)
        return list;
    (void)error_tell(err, ERROR_DATA, false,
                     "không trang tính nào có đủ các cột File, Sheet, Dòng, Lỗi, Sửa thành: hãy "
                     "điền vào chính tệp mà `mooc-aggregator issues --export` xuất ra",
                     "no sheet has the columns File, Sheet, Dòng, Lỗi, Sửa thành: fill in the file "
                     "that `mooc-aggregator issues --export` writes");
    correction_free(list);
    return NULL;
}

void correction_free(struct correction_list *list)
{
    if (list == NULL)
        return;
    free(list->corrections);
    free(list->problems);
    arena_free(&list->arena);
    free(list);
}
