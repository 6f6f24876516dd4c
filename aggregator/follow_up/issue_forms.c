#include "issue_forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/sheet.h"
#include "../../common/text.h"
#include "../../common/tree.h"
#include "../report/output.h"
#include "groups.h"

#define ANSWER "Sửa thành"
#define MOST_KINDS 64

struct form {
    const struct pg_rows *rows;
    const struct issue_groups *groups;
    enum language language;
    size_t first, end; /* the unit's rows */
    size_t *order;     /* … in the order of its groups and lists */
    struct text_buffer path;
};

/* The kinds that `mooc-ingest correct` takes an answer to; the others are put right in the next list. */
static bool is_correctable(const char *kind)
{
    static const char *const kinds[] = {
        "email_malformed",   "email_missing",   "identifier_shared", "account_under_other_email",
        "citizen_malformed", "phone_malformed", "listed_twice",      "unit_unknown"};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    }
    return false;
}

static const char *text_of(const struct form *f, size_t row, enum issues_column column)
{
    const char *text = pg_rows_value(f->rows, row, column);
    return text != NULL ? text : "";
}

/* In the form's language. */
static const char *issue_of(const struct form *f, size_t row)
{
    return text_of(f, row, f->language == LANGUAGE_VI ? ISSUES_ISSUE : ISSUES_ISSUE_EN);
}

static const char *to_do_of(const struct form *f, size_t row)
{
    return text_of(f, row, f->language == LANGUAGE_VI ? ISSUES_TO_DO : ISSUES_TO_DO_EN);
}

static const char *group_of(const struct form *f, size_t row)
{
    return issue_groups_find(f->groups, text_of(f, row, ISSUES_FILE_NAME),
                             text_of(f, row, ISSUES_SHEET),
                             pg_rows_integer(f->rows, row, ISSUES_ROW, 0));
}

static bool has_place(const struct form *f, size_t row)
{
    return text_of(f, row, ISSUES_FILE_NAME)[0] != '\0' &&
           pg_rows_value(f->rows, row, ISSUES_ROW) != NULL;
}

/* ---- order ---- */

struct ordered {
    const struct form *form;
    const char *group;
    size_t row;
};

static int compare_rows(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    const struct form *f = x->form;
    static const enum issues_column texts[] = {ISSUES_FILE_NAME, ISSUES_SHEET};
    int order = groups_compare(x->group, y->group);
    for (size_t i = 0; order == 0 && i < ARRAY_LEN(texts); i++)
        order = strcmp(text_of(f, x->row, texts[i]), text_of(f, y->row, texts[i]));
    if (order != 0)
        return order;
    int64_t one = pg_rows_integer(f->rows, x->row, ISSUES_ROW, 0);
    int64_t other = pg_rows_integer(f->rows, y->row, ISSUES_ROW, 0);
    if (one != other)
        return one < other ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row); /* by kind */
}

static void put_in_order(struct form *f)
{
    size_t count = f->end - f->first;
    struct ordered *rows = must_have(calloc(count + 1, sizeof(*rows)));
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct ordered){f, group_of(f, f->first + i), f->first + i};
    qsort(rows, count, sizeof(*rows), compare_rows);
    f->order = must_have(calloc(count + 1, sizeof(*f->order)));
    for (size_t i = 0; i < count; i++)
        f->order[i] = rows[i].row;
    free(rows);
}

/* ---- the sheets ---- */

/* "Tổ 17 - E-mail sai định dạng: …"; a group with a name of its own is told by that. */
static void put_to_do(const struct form *f, struct report *r, size_t at, size_t row)
{
    struct text_buffer text = {0};
    bool vi = f->language == LANGUAGE_VI;
    const char *group = group_of(f, row);
    const char *detail = text_of(f, row, vi ? ISSUES_DETAIL : ISSUES_DETAIL_EN);
    bool numbered = group[0] >= '0' && group[0] <= '9';
    if (group[0] != '\0')
        text_buffer_add_format(&text, "%s%s - ", !numbered ? "" : vi ? "Tổ " : "Group ", group);
    text_buffer_add_format(&text, "%s: %s", issue_of(f, row), to_do_of(f, row));
    if (detail[0] != '\0')
        text_buffer_add_format(&text, " (%s)", detail);
    report_put_text(r, at, "Cần làm", text.data);
    text_buffer_free(&text);
}

static void put_place(const struct form *f, struct report *r, size_t at, size_t row)
{
    report_put_text(r, at, "File", text_of(f, row, ISSUES_FILE_NAME));
    if (text_of(f, row, ISSUES_SHEET)[0] != '\0')
        report_put_text(r, at, "Sheet", text_of(f, row, ISSUES_SHEET));
    if (pg_rows_value(f->rows, row, ISSUES_ROW) != NULL)
        report_put_number(r, at, "Dòng", pg_rows_integer(f->rows, row, ISSUES_ROW, 0));
}

static void add_places(struct report *r)
{
    report_add_column(r, CELL_TEXT, "File", NULL, "File");
    report_add_column(r, CELL_TEXT, "Sheet", NULL, "Sheet");
    report_add_column(r, CELL_NUMBER, "Dòng", NULL, "Dòng");
}

/* mooc-ingest correct reads it, so headings and the code in "Lỗi" stay as they are in every language, and nothing stands below. */
static struct report *answers_of(const struct form *f)
{
    struct report *r = report_new("issues", f->language);
    r->title = report_copy(r, text_of(f, f->first, ISSUES_UNIT_NAME));
    r->sheet = SAY(r, "Lỗi cần sửa", "To correct");
    report_add_line(r, "%s",
                    SAY(r,
                        "Ghi vào cột “Sửa thành”, giữ nguyên các cột khác; chưa biết thì để trống. "
                        "Giải thích ở trang “Hướng dẫn”.",
                        "Fill in the column “Sửa thành” and leave the others as they are; what is "
                        "not known stays empty. The sheet “Legend” explains."));
    add_places(r);
    report_add_column(r, CELL_TEXT, "Lỗi", NULL, "Lỗi");
    report_add_column(r, CELL_TEXT, "Cần làm", NULL, "Cần làm");
    report_add_column(r, CELL_TEXT, ANSWER, NULL, ANSWER);
    for (size_t i = 0; i < f->end - f->first; i++) {
        size_t row = f->order[i];
        if (!has_place(f, row) || !is_correctable(text_of(f, row, ISSUES_KIND)))
            continue;
        size_t at = report_add_row(r);
        put_place(f, r, at, row);
        report_put_text(r, at, "Lỗi", text_of(f, row, ISSUES_KIND));
        put_to_do(f, r, at, row);
    }
    return r;
}

/* What the form has no answer for: it is put right in the next list, or looked into. */
static struct report *others_of(const struct form *f)
{
    struct report *r = report_new("issues-other", f->language);
    r->sheet = SAY(r, "Lỗi khác", "Other faults");
    r->title = SAY(r, "CÁC LỖI KHÔNG SỬA BẰNG BIỂU NÀY", "FAULTS THAT THIS FORM DOES NOT PUT RIGHT");
    add_places(r);
    report_add_column(r, CELL_TEXT, "Cần làm", NULL, SAY(r, "Cần làm", "What to do"));
    for (size_t i = 0; i < f->end - f->first; i++) {
        size_t row = f->order[i];
        bool answered = has_place(f, row) && is_correctable(text_of(f, row, ISSUES_KIND));
        if (answered || text_of(f, row, ISSUES_FOR_UNIT)[0] != 't')
            continue;
        size_t at = report_add_row(r);
        put_place(f, r, at, row);
        put_to_do(f, r, at, row);
    }
    return r;
}

/* Of the kinds that the form has: what its code means. */
static struct report *legend_of(const struct form *f)
{
    struct report *r = report_new("legend", f->language);
    const char *seen[MOST_KINDS];
    size_t count = 0;
    r->sheet = SAY(r, "Hướng dẫn", "Legend");
    r->title = SAY(r, "HƯỚNG DẪN GHI BIỂU", "HOW TO FILL IN THE FORM");
    report_add_column(r, CELL_TEXT, "code", NULL, SAY(r, "Mã lỗi", "Code"));
    report_add_column(r, CELL_TEXT, "issue", NULL, SAY(r, "Nghĩa là", "Means"));
    report_add_column(r, CELL_TEXT, "to_do", NULL, SAY(r, "Cần làm", "What to do"));
    for (size_t i = f->first; i < f->end; i++) {
        size_t k = 0;
        const char *kind = text_of(f, i, ISSUES_KIND);
        while (k < count && strcmp(seen[k], kind) != 0)
            k++;
        if (k < count || count == MOST_KINDS || !is_correctable(kind) || !has_place(f, i))
            continue;
        seen[count++] = kind;
        size_t at = report_add_row(r);
        report_put_text(r, at, "code", kind);
        report_put_text(r, at, "issue", issue_of(f, i));
        report_put_text(r, at, "to_do", to_do_of(f, i));
    }
    report_add_note(r, "%s",
                    SAY(r,
                        "Cột “Dòng” là số dòng mà Excel hiện trong tệp ghi ở cột “File”. Không đổi "
                        "cột “File”, “Sheet”, “Dòng”, “Lỗi”; không gộp ô.",
                        "“Dòng” is the row's number as Excel shows it in the file named. Do not "
                        "change “File”, “Sheet”, “Dòng”, “Lỗi”; do not merge cells."));
    report_add_note(r, "%s",
                    SAY(r, "Mỗi dòng là một lỗi; một người có hai lỗi thì có hai dòng.",
                        "Each row is one fault; who has two stands in two rows."));
    report_add_note(r, "%s",
                    SAY(r,
                        "listed_twice: đúng là một người thì để trống; là hai người khác nhau thì "
                        "xóa dòng đó khỏi biểu và sửa trong danh sách gửi lần sau.",
                        "listed_twice: leave it empty if it is one person; if they are two, delete "
                        "the row from the form and put it right in the next list."));
    report_add_note(r, "%s",
                    SAY(r, "Gửi lại biểu hai lần không làm thay đổi gì thêm.",
                        "A form that is sent twice changes nothing more."));
    return r;
}

/* ---- files ---- */

/* Codes are [A-Z0-9-]; anything else becomes "_". */
static void set_path(struct form *f, const char *folder)
{
    const char *unit = pg_rows_value(f->rows, f->first, ISSUES_UNIT);
    size_t length = strlen(folder);
    text_buffer_clear(&f->path);
    text_buffer_add_format(&f->path, "%s%s", folder,
                           length > 0 && folder[length - 1] == '/' ? "" : "/");
    for (const char *c = unit != NULL ? unit : "khong-ro-don-vi"; *c != '\0'; c++) {
        bool plain = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                     (*c >= '0' && *c <= '9') || *c == '-';
        text_buffer_add(&f->path, plain ? c : "_", 1);
    }
    text_buffer_add_text(&f->path, ".xlsx");
}

static bool is_answer_heading(const char *cell)
{
    char text[64];
    return text_skeleton(cell, text, sizeof(text)) && strcmp(text, "sua thanh") == 0;
}

static bool sheet_is_answered(const struct sheet_book *book, size_t sheet)
{
    size_t column = SIZE_MAX;
    for (size_t row = 0; row < sheet_rows(book, sheet); row++) {
        if (column != SIZE_MAX && sheet_cell(book, sheet, row, column)[0] != '\0')
            return true;
        for (size_t c = 0; column == SIZE_MAX && c < sheet_columns(book, sheet, row); c++)
            column = is_answer_heading(sheet_cell(book, sheet, row, c)) ? c : SIZE_MAX;
    }
    return false;
}

/* A form that came back stands under the same name: its answers are not to be lost. */
static bool refuse_answered(const struct form *f, struct error *err)
{
    if (access(f->path.data, F_OK) != 0)
        return true;
    struct sheet_book *book = sheet_open(f->path.data, err);
    if (book == NULL)
        return error_context(err, "%s is there already", f->path.data);
    bool answered = false;
    for (size_t i = 0; i < sheet_count(book); i++)
        answered = answered || sheet_is_answered(book, i);
    sheet_free(book);
    return !answered ||
           error_tell(err, ERROR_STATE, false,
                      "%s đã được điền: hãy đưa nó cho `mooc-ingest correct` rồi chuyển đi, "
                      "hoặc xuất vào thư mục khác",
                      "%s is filled in: give it to `mooc-ingest correct` and move it away, or "
                      "export into another folder",
                      f->path.data);
}

static bool write_form(struct form *f, struct error *err)
{
    put_in_order(f);
    struct report *form = answers_of(f), *others = others_of(f);
    size_t answers = form->row_count;
    bool written = true;
    if (answers + others->row_count > 0) {
        report_append(form, legend_of(f));
        if (others->row_count > 0) {
            report_append(form, others);
            others = NULL;
        }
        written = output_report(form, OUTPUT_XLSX, f->path.data, err);
        if (written)
            printf("%s: %zu\n", f->path.data, answers);
    }
    report_free(others);
    report_free(form);
    free(f->order);
    f->order = NULL;
    return written;
}

static bool next_unit(struct form *f)
{
    f->first = f->end;
    if (f->first == pg_rows_count(f->rows))
        return false;
    const char *unit = text_of(f, f->first, ISSUES_UNIT);
    while (f->end < pg_rows_count(f->rows) && strcmp(unit, text_of(f, f->end, ISSUES_UNIT)) == 0)
        f->end++;
    return true;
}

/* Has the unit anything to do? Then it gets a form. */
static bool is_wanted(const struct form *f)
{
    for (size_t i = f->first; i < f->end; i++)
        if (text_of(f, i, ISSUES_FOR_UNIT)[0] == 't' ||
            (has_place(f, i) && is_correctable(text_of(f, i, ISSUES_KIND))))
            return true;
    return false;
}

bool issue_forms_write(const struct pg_rows *rows, const struct issue_groups *groups,
                       const char *folder, enum language language, struct error *err)
{
    struct form f = {.rows = rows, .groups = groups, .language = language};
    bool fine = tree_make_folder(folder, 0770, err);
    size_t forms = 0;
    while (fine && next_unit(&f)) {
        set_path(&f, folder);
        fine = refuse_answered(&f, err);
    }
    f.first = f.end = 0;
    while (fine && next_unit(&f)) {
        if (!is_wanted(&f))
            continue;
        set_path(&f, folder);
        fine = write_form(&f, err);
        forms++;
    }
    text_buffer_free(&f.path);
    if (fine && forms == 0)
        printf("%s\n", language == LANGUAGE_VI ? "Không có dòng nào để các đơn vị sửa."
                                               : "No row for the units to correct.");
    return fine;
}
