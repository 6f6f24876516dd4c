#include "totals_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/text.h"
#include "../../common/roster_cells.h"

enum column { WAVE_CODE, WAVE_NAME, REGISTERED, PASSED, COLUMN_COUNT };

int64_t totals_number(const char *cell)
{
    char text[64], digits[20];
    if (!text_clean(cell, text, sizeof(text)))
        return -2;
    if (text[0] == '\0' || strcmp(text, "-") == 0)
        return -1;
    /* "2716.0" is a number cell's zero fraction; three zeros are thousands. */
    char *fraction = strpbrk(text, ".,");
    size_t zeros = fraction != NULL ? strspn(fraction + 1, "0") : 0;
    if (fraction != NULL && zeros > 0 && zeros != 3 && fraction[1 + zeros] == '\0')
        *fraction = '\0';
    size_t count = 0, plain = strspn(text, "0123456789");
    bool grouped = text[plain] != '\0';
    for (const char *p = text; *p != '\0';) {
        size_t group = strspn(p, "0123456789");
        bool first = p == text;
        if (count + group > 15 || group == 0 || (grouped && (first ? group > 3 : group != 3)))
            return -2;
        memcpy(digits + count, p, group);
        count += group;
        p += group;
        if (*p != '\0' && (strchr(".,' ", *p) == NULL || p[1] == '\0'))
            return -2;
        p += *p != '\0';
    }
    digits[count] = '\0';
    return strtoll(digits, NULL, 10);
}

static bool has_any(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strstr(text, words[i]) != NULL)
            return true;
    }
    return false;
}

static enum column column_of(const char *cell)
{
    static const char *const rates[] = {"ty le", "rate"};
    static const char *const registered[] = {"dang ky", "registered"};
    static const char *const passed[] = {" dat ", "passed", "hoan thanh"};
    static const char *const failed[] = {"khong dat", "chua dat", "failed", "chua hoan thanh"};
    static const char *const names[] = {"tinh", "thanh pho", "dia phuong", "ten dot", "name"};
    static const char *const codes[] = {"dot", "wave"};
    char text[128], words[132];
    if (!text_skeleton(cell, text, sizeof(text)) || strchr(cell, '%') != NULL ||
        has_any(text, rates, ARRAY_LEN(rates)) || has_any(text, failed, ARRAY_LEN(failed)))
        return COLUMN_COUNT;
    (void)snprintf(words, sizeof(words), " %s ", text);
    if (has_any(words, passed, ARRAY_LEN(passed)))
        return PASSED;
    if (has_any(text, registered, ARRAY_LEN(registered)))
        return REGISTERED;
    if (has_any(text, names, ARRAY_LEN(names)))
        return WAVE_NAME;
    return has_any(text, codes, ARRAY_LEN(codes)) ? WAVE_CODE : COLUMN_COUNT;
}

static bool find_header(const struct sheet_book *book, size_t sheet, size_t at[COLUMN_COUNT],
                        size_t *header)
{
    for (size_t row = 0; row < sheet_rows(book, sheet) && row < 100; row++) {
        for (size_t i = 0; i < COLUMN_COUNT; i++)
            at[i] = SIZE_MAX;
        for (size_t c = 0; c < sheet_columns(book, sheet, row); c++) {
            enum column column = column_of(sheet_cell(book, sheet, row, c));
            if (column != COLUMN_COUNT && at[column] == SIZE_MAX)
                at[column] = c;
        }
        if (at[REGISTERED] != SIZE_MAX && (at[WAVE_CODE] != SIZE_MAX || at[WAVE_NAME] != SIZE_MAX)) {
            *header = row;
            return true;
        }
    }
    return false;
}

static bool names_wave(const struct reference_wave *w, const char *text)
{
    const char *const names[] = {w->code, w->printed_name, w->name};
    char wanted[512], name[512];
    if (!text_fold(text, wanted, sizeof(wanted)) || wanted[0] == '\0')
        return false;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (text_fold(names[i], name, sizeof(name)) && strcmp(name, wanted) == 0)
            return true;
    }
    return false;
}

/* By code, printed name or name; *several when more than one wave bears it. */
static const struct reference_wave *match_wave(const struct reference *r, const char *text)
{
    const struct reference_wave *found = reference_find_wave(r, text);
    for (size_t i = 0; found == NULL && i < r->wave_count; i++) {
        if (names_wave(&r->waves[i], text))
            found = &r->waves[i];
    }
    return found;
}

static void judge(struct totals_list *list, const struct reference_wave *wave, struct totals_row *row)
{
    if (wave == NULL)
        row->reason = "wave_unknown";
    else if (!wave->totals_only)
        row->reason = "wave_counted"; /* its learners are counted; a printed total is never mixed in */
    else if (row->registered < 0 || row->passed == -2)
        row->reason = "number_malformed";
    else if (row->passed > row->registered)
        row->reason = "totals_inconsistent";
    for (size_t i = 0; row->reason == NULL && i < list->row_count; i++) {
        if (list->rows[i].wave != NULL && strcmp(list->rows[i].wave, wave->code) == 0)
            row->reason = "listed_twice";
    }
    if (row->reason == NULL)
        row->wave = arena_text(&list->arena, wave->code);
}

static bool has_figure(const struct sheet_book *book, size_t sheet, size_t row, size_t column)
{
    const char *cell = column != SIZE_MAX ? sheet_cell(book, sheet, row, column) : "";
    return cell[strcspn(cell, "0123456789")] != '\0';
}

static void read_rows(struct totals_list *list, const struct sheet_book *book, size_t sheet,
                      const struct reference *reference, const size_t at[COLUMN_COUNT], size_t row)
{
    for (; row < sheet_rows(book, sheet); row++) {
        const struct reference_wave *wave = NULL;
        char text[256] = "", folded[256] = "";
        for (size_t k = WAVE_CODE; k <= WAVE_NAME; k++) {
            const char *cell = at[k] != SIZE_MAX ? sheet_cell(book, sheet, row, at[k]) : "";
            char clean[256];
            if (!text_clean(cell, clean, sizeof(clean)) || clean[0] == '\0')
                continue;
            if (text[0] == '\0')
                memcpy(text, clean, sizeof(text));
            wave = wave != NULL ? wave : match_wave(reference, clean);
        }
        bool total = text_fold(text, folded, sizeof(folded)) &&
                     (strncmp(folded, "tổng", strlen("tổng")) == 0 || strcmp(folded, "cộng") == 0);
        bool figures = has_figure(book, sheet, row, at[REGISTERED]) ||
                       has_figure(book, sheet, row, at[PASSED]);
        /* Without a wave or a figure it is a signature or a remark: a signer's name goes nowhere. */
        if (text[0] == '\0' || total || (wave == NULL && !figures))
            continue;
        struct totals_row *rows = realloc(list->rows, (list->row_count + 1) * sizeof(*rows));
        if (rows == NULL)
            abort();
        list->rows = rows;
        struct totals_row new_row = {
            .sheet = sheet,
            .row = (int64_t)row + 1,
            .text = arena_text(&list->arena, text),
            .registered = totals_number(sheet_cell(book, sheet, row, at[REGISTERED])),
            .passed = at[PASSED] != SIZE_MAX ? totals_number(sheet_cell(book, sheet, row, at[PASSED]))
                                             : -1};
        judge(list, wave, &new_row);
        rows[list->row_count++] = new_row;
    }
}

struct totals_list *totals_read(const struct sheet_book *book, const struct reference *reference,
                                struct error *err)
{
    struct totals_list *list = calloc(1, sizeof(*list));
    if (list == NULL)
        abort();
    for (size_t sheet = 0; sheet < sheet_count(book); sheet++) {
        size_t at[COLUMN_COUNT], header = 0;
        if (!find_header(book, sheet, at, &header))
            continue;
        list->passed_shown = list->passed_shown || at[PASSED] != SIZE_MAX;
        read_rows(list, book, sheet, reference, at, header + 1);
    }
    if (list->row_count > 0)
        return list;
    (void)error_tell(
        err, ERROR_DATA, false,
        "không có bảng số tổng: cần một dòng tiêu đề có đợt (\"Đợt\" hoặc \"Tỉnh, thành\") và \"Số "
        "đăng ký\", và ít nhất một dòng số liệu bên dưới",
        "no table of totals: a header row with the wave (\"Đợt\" or \"Tỉnh, thành\") and "
        "\"Số đăng ký\" and at least one row below it are needed");
    totals_free(list);
    return NULL;
}

void totals_free(struct totals_list *list)
{
    if (list == NULL)
        return;
    free(list->rows);
    arena_free(&list->arena);
    free(list);
}

void totals_map(const char *source, const char *import_id, const char *file, const char *sheet_name,
                const struct totals_row *row, struct event *event, char entity[EVENT_MAX_KEY + 1])
{
    memset(event, 0, sizeof(*event));
    (void)snprintf(entity, EVENT_MAX_KEY + 1, "totals:%.64s", row->wave);
    event->type = EVENT_TOTALS_PUBLISHED;
    event->source = source;
    event->entity = entity;
    event->time_observed = true;
    event->import_id = import_id;
    event->file = file;
    event->sheet = sheet_name[0] != '\0' ? sheet_name : NULL;
    event->row = row->row;
    event->wave = row->wave;
    event->count_registered = row->registered;
    event->present = (1ULL << FIELD_WAVE) | (1ULL << FIELD_COUNT_REGISTERED);
    if (row->passed >= 0) {
        event->count_passed = row->passed;
        event->present |= 1ULL << FIELD_COUNT_PASSED;
    }
}
