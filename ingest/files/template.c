#include "template.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/file.h"
#include "../../common/text_buffer.h"
#include "../../common/xlsx_book.h"
#include "../answer.h"
#include "template_example.h"

#define ROWS 2000 /* that have drop-downs */
#define CHOICES_SHEET "Danh mục"

struct choices {
    size_t count[CHOICE_YES_NO + 1];
};

struct styles {
    struct xlsx_style *heading, *text, *number, *meaning;
};

static const char *const sheet_names[FILES_KINDS] = {"Danh sách", "Số liệu tổng", "Kết quả thi",
                                                     "Điểm danh", "Biểu số lượt"};

static void add(struct xlsx_sheet *sheet, struct choices *c, enum table_choice choice,
                const char *text)
{
    xlsx_text(sheet, c->count[choice]++, (size_t)choice - 1, text, NULL);
}

static void offer(struct xlsx_sheet *sheet, struct choices *c, enum files_kind kind,
                  const struct reference *r, const char *source)
{
    add(sheet, c, CHOICE_YES_NO, "Đạt");
    add(sheet, c, CHOICE_YES_NO, "Không đạt");
    add(sheet, c, CHOICE_YES_NO, "Vắng");
    if (r == NULL)
        return;
    for (size_t i = 0; i < r->unit_count; i++) {
        if (r->units[i].parent[0] != '\0')
            add(sheet, c, CHOICE_UNITS, r->units[i].name);
    }
    for (size_t i = 0; i < r->wave_count; i++) {
        if (r->waves[i].totals_only == (kind == FILES_TOTALS))
            add(sheet, c, CHOICE_WAVES, r->waves[i].code);
    }
    for (size_t i = 0; i < r->course_count; i++) {
        if (source == NULL || strcmp(r->courses[i].source, source) == 0)
            add(sheet, c, CHOICE_COURSES, r->courses[i].course);
    }
}

/* In characters, wide enough for heading and example. */
static double width_of(const struct table_column *column, const char *example)
{
    size_t heading = strlen(column->title) / 2, example_length = strlen(example);
    size_t widest = heading > example_length ? heading : example_length;
    return widest < 8 ? 10.0 : widest > 38 ? 40.0 : (double)widest + 4.0;
}

static void write_list(struct xlsx_sheet *sheet, const struct table_column *columns,
                       const struct template_example *row, const struct choices *c,
                       const struct styles *styles)
{
    for (size_t i = 0; columns[i].title != NULL; i++) {
        const struct table_column *column = &columns[i];
        const char *example = row->cell[i];
        struct xlsx_style *style = column->text ? styles->text : styles->number;
        xlsx_width(sheet, i, width_of(column, example), style);
        xlsx_text(sheet, 0, i, column->title, styles->heading);
        if (example[0] == '\0')
            xlsx_blank(sheet, 1, i, style);
        else if (column->text)
            xlsx_text(sheet, 1, i, example, style);
        else
            xlsx_number(sheet, 1, i, strtod(example, NULL), style);
        if (column->choice != CHOICE_NONE && c->count[column->choice] > 0)
            xlsx_choices(sheet, 1, ROWS, i, CHOICES_SHEET, (size_t)column->choice - 1,
                         c->count[column->choice]);
    }
    xlsx_height(sheet, 0, 40);
    xlsx_headings(sheet, 0, 0);
}

static void write_meanings(struct xlsx_sheet *sheet, const struct table_column *columns,
                           const struct styles *styles)
{
    xlsx_width(sheet, 0, 40, NULL);
    xlsx_width(sheet, 1, 12, NULL);
    xlsx_width(sheet, 2, 90, NULL);
    xlsx_text(sheet, 0, 0, "Cột", styles->heading);
    xlsx_text(sheet, 0, 1, "Bắt buộc", styles->heading);
    xlsx_text(sheet, 0, 2, "Ý nghĩa", styles->heading);
    size_t row = 1;
    for (size_t i = 0; columns[i].title != NULL; i++, row++) {
        xlsx_text(sheet, row, 0, columns[i].title, styles->meaning);
        xlsx_text(sheet, row, 1, columns[i].required ? "có" : "", styles->meaning);
        xlsx_text(sheet, row, 2, columns[i].meaning, styles->meaning);
    }
    xlsx_text(sheet, row + 1, 2,
              "Dòng thứ hai của trang đầu là ví dụ: thay bằng dữ liệu của đơn vị trước khi gửi. "
              "Khi nạp, dòng "
              "ví dụ còn nguyên được bỏ qua.",
              styles->meaning);
    xlsx_text(sheet, row + 2, 2,
              "Lưu dưới dạng .xlsx hoặc CSV UTF-8, phông Unicode (không dùng .VnTime, VNI-Times).",
              styles->meaning);
}

bool template_write(enum files_kind kind, const struct reference *reference, const char *source,
                    const char *path, struct error *err)
{
    struct xlsx_book *book = xlsx_book_new(path, sheet_names[kind], err);
    struct choices choices = {.count = {0}};
    struct template_example example;
    if (book == NULL)
        return false;
    const struct styles styles = {
        .heading = xlsx_style(
            book, &(struct xlsx_look){.bold = true, .border = true, .centre = true, .wrap = true}),
        .text = xlsx_style(book, &(struct xlsx_look){.numbers = "@"}),
        .number = xlsx_style(book, &(struct xlsx_look){.numbers = "0"}),
        .meaning = xlsx_style(book, &(struct xlsx_look){.wrap = true})};
    struct xlsx_sheet *list = xlsx_sheet(book, sheet_names[kind]),
                      *meanings = xlsx_sheet(book, "Giải thích"),
                      *lists = xlsx_sheet(book, CHOICES_SHEET);
    offer(lists, &choices, kind, reference, source);
    xlsx_hide(lists);
    template_example(kind, reference, source, &example);
    write_list(list, table_columns(kind), &example, &choices, &styles);
    write_meanings(meanings, table_columns(kind), &styles);
    return xlsx_book_close(book, err);
}

/* What stands under that name may be a list that somebody has filled in. */
static bool is_new(const char *path, struct error *err)
{
    struct stat info;
    return lstat(path, &info) != 0 ||
           error_tell(err, ERROR_USAGE, false,
                      "%s đã có và có thể đã điền: hãy nêu tên khác ở --out, hoặc chuyển tệp đó đi",
                      "%s is there already, and may be filled in: give another name with --out, or "
                      "move it away",
                      path);
}

/* Beside it first: of a template that does not fit on the disk nothing stands under the name. */
static bool write_whole(enum files_kind kind, const struct reference *reference, const char *source,
                        const char *path, struct error *err)
{
    struct text_buffer beside = {0};
    text_buffer_add_format(&beside, "%s.part", path);
    bool fine = template_write(kind, reference, source, beside.data, err) &&
                (rename(beside.data, path) == 0 ||
                 error_tell(err, ERROR_INTERNAL, false, "không ghi được: " REASON_VI,
                            "cannot be written: " REASON_EN, ERROR_REASON(errno)));
    if (!fine)
        (void)unlink(beside.data);
    text_buffer_free(&beside);
    return fine || error_context(err, "%s", path);
}

int files_template_command(const struct program *program, const struct options *options)
{
    struct error err = {0};
    enum files_kind kind;
    struct reference *reference = NULL;
    char name[64];
    const char *folder = options_text(options, "reference"), *out = options_text(options, "out");
    (void)program;
    bool fine = files_kind_parse(options_argument(options, 0), &kind) ||
                error_tell_plain(&err, ERROR_USAGE, false,
                                 "template: loại biểu mẫu là một trong " FILES_KIND_NAMES,
                                 "template: a kind is one of " FILES_KIND_NAMES);
    if (fine && folder != NULL)
        fine = (reference = reference_load(folder, NULL, NULL, &err)) != NULL;
    if (fine) {
        (void)snprintf(name, sizeof(name), "%s.xlsx", files_kind_name(kind));
        out = out != NULL ? out : name;
        fine = file_check_out(out, &err) && is_new(out, &err) &&
               write_whole(kind, reference, options_text(options, "source"), out, &err);
    }
    reference_free(reference);
    if (!fine)
        return answer_fail(options, &err);
    (void)printf("%s\n", out);
    return 0;
}
