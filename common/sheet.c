#include "sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "arena.h"
#include "file.h"
#include "json.h"
#include "sheet_csv.h"
#include "sheet_legacy.h"
#include "sheet_merges.h"
#include "sheet_xlsx.h"
#include "sheet_zip.h"
#include "text.h"
#include "text_buffer.h"

#define UNPACKED_MAX ((uint64_t)512 << 20)

struct sheet {
    const char *name;
    struct csv_table table;
    struct sheet_merges merges;
};

struct sheet_book {
    char *text;                  /* holds every cell and sheet name … */
    struct arena arena;          /* … but for those that were converted */
    struct text_buffer encoding; /* told */
    size_t count;
    bool knows_merges;
    struct sheet sheets[SHEET_MAX_SHEETS];
};

static bool has_suffix(const char *path, const char *suffix)
{
    size_t length = strlen(path), end = strlen(suffix);
    return length > end && strcasecmp(path + length - end, suffix) == 0;
}

static bool is_text_file(const char *path)
{
    return has_suffix(path, ".csv") || has_suffix(path, ".tsv") || has_suffix(path, ".txt");
}

static bool is_kept(const char *path)
{
    return has_suffix(path, SHEET_KEPT);
}

/* Refuses by name and by first bytes what cannot be read, with the way out. */
static bool check_kind(const char *path, const unsigned char *head, size_t length, struct error *err)
{
    if (has_suffix(path, ".xls") || has_suffix(path, ".xlsb") || has_suffix(path, ".et"))
        return error_tell(
            err, ERROR_SOURCE,
            false, "tệp Excel loại này (%s) không đọc được: mở bằng Excel, chọn File > Save As > Excel Workbook (.xlsx), rồi gửi tệp đó",
            "this Excel format (%s) is not read: open it in Excel, choose File > Save "
            "As > Excel Workbook (.xlsx), and send that file",
            strrchr(path, '.'));
    if (is_kept(path))
        return true;
    bool workbook = has_suffix(path, ".xlsx") || has_suffix(path, ".xlsm");
    if (!workbook && !is_text_file(path))
        return error_tell(
            err, ERROR_SOURCE, false,
            "chỉ đọc được .xlsx và .csv: mở tệp, chọn Save As .xlsx, rồi gửi tệp đó",
            "only .xlsx and .csv are read: open it, Save As .xlsx, and send that file");
    static const unsigned char ole[] = {0xD0, 0xCF, 0x11, 0xE0};
    if (length >= 4 && memcmp(head, ole, 4) == 0)
        return error_tell(
            err, ERROR_SOURCE,
            false, "đây là tệp Excel đời cũ hoặc có mật khẩu, dù tên là gì: mở bằng Excel, bỏ mật khẩu, chọn Save As .xlsx",
            "it is an old Excel file or has a password, whatever its name says: open "
            "it in Excel, take the password off, Save As .xlsx");
    bool zip = length >= 4 && memcmp(head, "PK\003\004", 4) == 0;
    if (workbook && !zip)
        return error_tell(
            err, ERROR_SOURCE, false,
            "đây không phải là tệp .xlsx, dù tên là gì: mở bằng Excel rồi chọn Save As .xlsx",
            "it is no .xlsx workbook, whatever its name says: open it in Excel and "
            "Save As .xlsx");
    if (!workbook && zip)
        return error_tell(
            err, ERROR_SOURCE,
            false, "đây là bảng tính hoặc tệp nén, không phải CSV: nếu là bảng tính thì đặt tên đuôi .xlsx",
            "it is a workbook or archive, not CSV: name it .xlsx if it is one");
    return true;
}

/* A bomb is refused before anything unpacks it. What cannot be told is left to the reader. */
static bool check_unpacked(FILE *file, struct error *err)
{
    uint64_t size = 0;
    if (zip_unpacked_size(file, &size) && size > UNPACKED_MAX)
        return error_tell(
            err, ERROR_SOURCE,
            false, "giải nén ra hơn 512 MiB: bỏ hình ảnh và định dạng, hoặc chép danh sách sang một bảng tính mới",
            "it unpacks to more than 512 MiB: take pictures and formats out, or copy "
            "the list into a new workbook");
    return true;
}

static char *read_bytes(FILE *file, size_t size, size_t *length, struct error *err)
{
    char *bytes = malloc(size + 1);
    if (bytes == NULL)
        abort();
    *length = fread(bytes, 1, size, file);
    if (!ferror(file))
        return bytes;
    free(bytes);
    (void)error_tell(err, ERROR_SOURCE, true, "không đọc được: " REASON_VI,
                     "cannot be read: " REASON_EN, ERROR_REASON(errno));
    return NULL;
}

static bool load_csv(struct sheet_book *book, FILE *file, size_t size, enum text_encoding *encoding,
                     struct error *err)
{
    size_t length = 0, position = 0;
    char *bytes = read_bytes(file, size, &length, err);
    if (bytes == NULL)
        return false;
    book->text = text_decode(bytes, length, encoding, &length, err);
    free(bytes);
    if (book->text == NULL)
        return false;
    text_buffer_add_text(&book->encoding, text_encoding_name(*encoding));
    char delimiter = '\0';
    if (length >= 5 && memcmp(book->text, "sep=", 4) == 0) {
        delimiter = book->text[4];
        while (position < length && book->text[position] != '\n')
            position++;
        position += position < length;
    }
    if (delimiter != ',' && delimiter != ';' && delimiter != '\t')
        delimiter = csv_sniff_delimiter(book->text + position, length - position);
    book->sheets[0].name = "";
    book->count = 1;
    return csv_parse(book->text, length, &position, delimiter, '\0', &book->sheets[0].table, err);
}

static bool in_sheet(struct error *err, const char *name)
{
    char vi[sizeof(err->vi)];
    memcpy(vi, err->vi, sizeof(vi));
    (void)error_context(err, "sheet %s", name);
    if (vi[0] != '\0')
        (void)snprintf(err->vi, sizeof(err->vi), "trang tính %.120s: %.480s", name, vi);
    return false;
}

/* One after the other, each below a line with its name. */
static bool parse_sheets(struct sheet_book *book, size_t length, struct error *err)
{
    size_t position = 0;
    while (position < length) {
        if (book->count == SHEET_MAX_SHEETS)
            return error_tell(err, ERROR_SOURCE, false, "có hơn %d trang tính",
                              "more than %d sheets", SHEET_MAX_SHEETS);
        char *line = book->text + position, *end = memchr(line, '\n', length - position);
        if (line[0] != XLSX_SHEET_MARKER || end == NULL)
            return error_tell(err, ERROR_INTERNAL, false,
                              "chương trình xlsx2csv trả lời theo dạng không nhận ra",
                              "xlsx2csv answered in an unknown form");
        *end = '\0';
        char *name = strstr(line, " - ");
        struct sheet *sheet = &book->sheets[book->count];
        sheet->name = name != NULL ? name + 3 : "";
        position = (size_t)(end - book->text) + 1;
        if (!csv_parse(book->text, length, &position, ',', XLSX_SHEET_MARKER, &sheet->table, err))
            return in_sheet(err, sheet->name);
        book->count++;
    }
    return true;
}

static bool load_workbook(const char *path, struct sheet_book *book, struct error *err)
{
    size_t length = 0;
    if (!xlsx_to_text(path, &book->text, &length, err))
        return false;
    if (!utf8_valid(book->text, length) || memchr(book->text, '\0', length) != NULL)
        return error_tell(err, ERROR_SOURCE, false, "trong tệp có chữ không đúng bảng mã Unicode",
                          "it holds text that is not valid Unicode");
    char *composed = text_compose(book->text, length, &length);
    if (composed != NULL) {
        free(book->text);
        book->text = composed;
    }
    text_buffer_add_text(&book->encoding, "Excel");
    return parse_sheets(book, length, err);
}

/* As sheet_save wrote it: nothing is to be found out. */
static bool load_kept(struct sheet_book *book, FILE *file, size_t size, struct error *err)
{
    size_t length = 0;
    book->text = read_bytes(file, size, &length, err);
    if (book->text == NULL)
        return false;
    book->text[length] = '\0';
    text_buffer_add_text(&book->encoding, "UTF-8");
    if (!utf8_valid(book->text, length) || memchr(book->text, '\0', length) != NULL)
        return error_tell_plain(err, ERROR_SOURCE, false, "bản đang giữ bị hỏng",
                                "the kept copy is damaged");
    return parse_sheets(book, length, err);
}

/* Columns that were typed with a legacy font, in every sheet. */
static bool convert_legacy(struct sheet_book *book, enum text_encoding encoding, struct error *err)
{
    enum legacy_font forced = encoding == ENCODING_TCVN3 ? LEGACY_TCVN3
                              : encoding == ENCODING_VNI ? LEGACY_VNI
                                                         : LEGACY_NONE;
    bool ok = true;
    for (size_t i = 0; ok && i < book->count; i++) {
        struct text_buffer told = {0};
        ok = sheet_legacy_convert(&book->sheets[i].table, forced, &book->arena, &told, err);
        if (!ok && book->sheets[i].name[0] != '\0')
            (void)in_sheet(err, book->sheets[i].name);
        if (told.length > 0)
            text_buffer_add_format(&book->encoding, ", %s%s%s", book->sheets[i].name,
                                   book->sheets[i].name[0] != '\0' ? " " : "", told.data);
        text_buffer_free(&told);
    }
    return ok;
}

static bool load(struct sheet_book *book, const char *path, FILE *file, size_t size,
                 enum text_encoding encoding, struct error *err)
{
    /* Said to be Unicode, it is taken as it stands. */
    bool as_it_stands = encoding == ENCODING_UTF8 || encoding == ENCODING_UTF16LE ||
                        encoding == ENCODING_WINDOWS_1258;
    if (is_kept(path))
        return load_kept(book, file, size, err);
    bool ok = is_text_file(path) ? load_csv(book, file, size, &encoding, err)
                                 : check_unpacked(file, err) && load_workbook(path, book, err);
    return ok && (as_it_stands || convert_legacy(book, encoding, err));
}

struct sheet_book *sheet_open(const char *path, struct error *err)
{
    return sheet_open_as(path, ENCODING_AUTO, err);
}

struct sheet_book *sheet_open_as(const char *path, enum text_encoding encoding, struct error *err)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    struct sheet_book *book = NULL;
    /* A pipe that nobody writes to would keep us waiting before it can be seen that it is one. */
    int handle = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    FILE *file = handle >= 0 ? fdopen(handle, "rb") : NULL;
    struct stat status;
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        (void)error_tell(err, ERROR_SOURCE, true, "%s: không mở được: " REASON_VI,
                         "%s: cannot be opened: " REASON_EN, name, ERROR_REASON(errno));
        if (file != NULL)
            (void)fclose(file);
        return NULL;
    }
    unsigned char head[8];
    size_t head_length = 0;
    bool ok;
    if (!S_ISREG(status.st_mode) || status.st_size > (off_t)SHEET_MAX_BYTES) {
        ok = S_ISREG(status.st_mode) ? error_tell_plain(err, ERROR_SOURCE, false,
                                                        "tệp lớn hơn 64 MiB: chia nhỏ danh sách",
                                                        "it is over 64 MiB: split the list")
                                     : error_tell_plain(err, ERROR_SOURCE, false,
                                                        "đây không phải là một tệp thông thường",
                                                        "it is no regular file");
    } else {
        head_length = fread(head, 1, sizeof(head), file);
        rewind(file);
        ok = check_kind(path, head, head_length, err);
    }
    if (ok) {
        book = calloc(1, sizeof(*book));
        if (book == NULL)
            abort();
        ok = load(book, path, file, (size_t)status.st_size, encoding, err);
    }
    (void)fclose(file);
    if (ok)
        return book;
    sheet_free(book);
    (void)error_context(err, "%s", name);
    return NULL;
}

void sheet_free(struct sheet_book *book)
{
    if (book == NULL)
        return;
    for (size_t i = 0; i < SHEET_MAX_SHEETS; i++) {
        csv_table_free(&book->sheets[i].table);
        free(book->sheets[i].merges.items);
    }
    free(book->text);
    arena_free(&book->arena);
    text_buffer_free(&book->encoding);
    free(book);
}

const char *sheet_encoding(const struct sheet_book *book)
{
    return book->encoding.data;
}

size_t sheet_count(const struct sheet_book *book)
{
    return book->count;
}

const char *sheet_name(const struct sheet_book *book, size_t sheet)
{
    return book->sheets[sheet].name;
}

size_t sheet_rows(const struct sheet_book *book, size_t sheet)
{
    return book->sheets[sheet].table.row_count;
}

size_t sheet_columns(const struct sheet_book *book, size_t sheet, size_t row)
{
    const struct csv_table *t = &book->sheets[sheet].table;
    return row < t->row_count ? t->row_first[row + 1] - t->row_first[row] : 0;
}

const char *sheet_cell(const struct sheet_book *book, size_t sheet, size_t row, size_t column)
{
    if (column >= sheet_columns(book, sheet, row))
        return "";
    const struct csv_table *t = &book->sheets[sheet].table;
    return t->cells[t->row_first[row] + column];
}

void sheet_read_merges(struct sheet_book *book, const char *path)
{
    const char *names[SHEET_MAX_SHEETS];
    struct sheet_merges merges[SHEET_MAX_SHEETS] = {0};
    if (is_text_file(path) || is_kept(path) || book->knows_merges)
        return;
    for (size_t i = 0; i < book->count; i++)
        names[i] = book->sheets[i].name;
    book->knows_merges = sheet_merges_read(path, names, book->count, merges);
    for (size_t i = 0; i < book->count; i++)
        book->sheets[i].merges = merges[i];
}

bool sheet_knows_merges(const struct sheet_book *book)
{
    return book->knows_merges;
}

size_t sheet_merged_from(const struct sheet_book *book, size_t sheet, size_t row, size_t column)
{
    const struct sheet_merge *merge = sheet_merges_at(&book->sheets[sheet].merges, row, column);
    return merge != NULL && merge->top < row ? merge->top : SIZE_MAX;
}

void sheet_empty_row(struct sheet_book *book, size_t sheet, size_t row)
{
    struct csv_table *t = &book->sheets[sheet].table;
    size_t columns = sheet_columns(book, sheet, row);
    for (size_t column = 0; column < columns; column++)
        t->cells[t->row_first[row] + column] = "";
}

static void add_quoted(struct text_buffer *out, const char *text)
{
    text_buffer_add_text(out, "\"");
    for (const char *c; (c = strchr(text, '"')) != NULL; text = c + 1) {
        text_buffer_add(out, text, (size_t)(c - text));
        text_buffer_add_text(out, "\"\"");
    }
    text_buffer_add_text(out, text);
    text_buffer_add_text(out, "\"");
}

static size_t widest(const struct sheet_book *book, size_t sheet)
{
    size_t most = 1;
    for (size_t row = 0; row < sheet_rows(book, sheet); row++)
        most = sheet_columns(book, sheet, row) > most ? sheet_columns(book, sheet, row) : most;
    return most;
}

/* As far as it may become; false where it becomes more. */
static bool add_rows(const struct sheet_book *book, size_t sheet, sheet_text text, void *context,
                     struct text_buffer *out)
{
    size_t columns = widest(book, sheet);
    for (size_t row = 0; row < sheet_rows(book, sheet) && out->length <= SHEET_MAX_BYTES; row++)
        for (size_t column = 0; column < columns; column++) {
            add_quoted(out, text(context, sheet, row, column));
            text_buffer_add_text(out, column + 1 < columns ? "," : "\n");
        }
    return out->length <= SHEET_MAX_BYTES;
}

bool sheet_save(const struct sheet_book *book, const char *path, sheet_text text, void *context,
                struct error *err)
{
    struct text_buffer out = {0};
    bool fits = true;
    for (size_t sheet = 0; fits && sheet < book->count; sheet++) {
        text_buffer_add_format(&out, "%c - %s\n", XLSX_SHEET_MARKER, sheet_name(book, sheet));
        fits = add_rows(book, sheet, text, context, &out);
    }
    bool ok =
        fits ? file_write_whole(path, out.data, out.length, err)
             : error_tell_plain(err, ERROR_SOURCE, false, "tệp lớn hơn 64 MiB: chia nhỏ danh sách",
                                "it is over 64 MiB: split the list");
    text_buffer_free(&out);
    return ok;
}
