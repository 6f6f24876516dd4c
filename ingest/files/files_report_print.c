/* A report in lines for a person. */
#include <string.h>

#include "../../common/json.h"
#include "files_report.h"
#include "finding_words.h"

static int64_t count_of(const struct json *root, const char *name)
{
    int64_t value = 0;
    return json_integer(json_get(root, name), &value) ? value : 0;
}

/* Texts are in NFC: a letter is one column wide. */
static void add_padded(struct text_buffer *out, const char *text, size_t width)
{
    text_buffer_add_text(out, text);
    for (const char *c = text; *c != '\0'; c++)
        width -= width > 0 && ((unsigned char)*c & 0xC0U) != 0x80U;
    for (; width > 0; width--)
        text_buffer_add_text(out, " ");
}

static void write_finding(const struct teller *to, const struct json *f, struct text_buffer *out)
{
    const char *kind = json_get_string(f, "kind"), *code = json_get_string(f, "code");
    if (kind == NULL || code == NULL)
        return;
    int64_t count = count_of(f, "count");
    size_t named = 0;
    text_buffer_add_text(out, "  ");
    add_padded(out, finding_kind(to, kind), 10);
    text_buffer_add_text(out, " ");
    add_padded(out, finding_name(to, code), to->vietnamese ? 36 : 26);
    text_buffer_add_format(out, " %4lld   ", (long long)count);
    const char *sheet_before = "";
    const struct json *rows = json_get(f, "rows");
    for (const struct json *r = json_first(rows); r != NULL; r = json_next(r), named++) {
        const char *sheet = json_string(json_first(r));
        int64_t row = 0;
        if (sheet == NULL || !json_integer(json_next(json_first(r)), &row))
            continue;
        if (strcmp(sheet, sheet_before) != 0)
            text_buffer_add_format(out, TELL(to, "%strang tính %s: ", "%ssheet %s: "),
                                   named > 0 ? "; " : "", sheet);
        text_buffer_add_format(out, "%s%lld",
                               named == 0                         ? TELL(to, "dòng ", "row ")
                               : strcmp(sheet, sheet_before) == 0 ? ", "
                                                                  : "",
                               (long long)row);
        sheet_before = sheet;
    }
    text_buffer_add_text(out, count > (int64_t)named ? ", ...\n" : "\n");
    const char *hint = finding_to_do(to, kind, code);
    if (hint != NULL)
        text_buffer_add_format(out, "             %s: %s\n", TELL(to, "cần làm", "what to do"), hint);
}

static void write_import(const struct teller *to, const struct json *root, const char *file,
                         struct text_buffer *out)
{
    bool preview = json_boolean(json_get(root, "preview"), false);
    text_buffer_add_format(
        out,
        TELL(to,
             "%s: %s%lld thêm mới, %lld rời danh sách, %lld thay đổi, %lld giữ nguyên, %lld chưa "
             "nhận\n",
             "%s: %s%lld added, %lld removed, %lld changed, %lld unchanged, %lld rejected\n"),
        file, preview ? TELL(to, "xem trước: ", "would be ") : "", (long long)count_of(root, "added"),
        (long long)count_of(root, "removed"), (long long)count_of(root, "changed"),
        (long long)count_of(root, "unchanged"), (long long)count_of(root, "rejected"));
    const char *encoding = json_get_string(root, "encoding");
    bool plain = encoding == NULL || strcmp(encoding, "") == 0 || strcmp(encoding, "UTF-8") == 0 ||
                 strcmp(encoding, "Excel") == 0;
    if (preview || !plain)
        text_buffer_add_format(out, TELL(to, "  bảng mã: %s\n", "  read as: %s\n"),
                               encoding != NULL ? encoding : "");
}

static void write_first(const struct teller *to, const struct json *root, const char *file,
                        struct text_buffer *out)
{
    if (json_boolean(json_get(root, "correction"), false))
        text_buffer_add_format(
            out,
            TELL(to,
                 "%s: đã sửa %lld chỗ, %lld chỗ đã đúng từ trước, %lld chỗ không "
                 "nhận\n",
                 "%s: %lld corrections applied, %lld already in force, %lld "
                 "refused\n"),
            file, (long long)count_of(root, "applied"), (long long)count_of(root, "already"),
            (long long)count_of(root, "rejected"));
    else if (json_boolean(json_get(root, "revocation"), false))
        text_buffer_add_format(
            out,
            TELL(to, "%s: %s%lld dòng rút lại, %lld dòng giữ theo lần nạp khác, %lld lỗi bỏ đi\n",
                 "%s: %s%lld taken back, %lld stay as another import says, %lld rejections "
                 "withdrawn\n"),
            file,
            json_boolean(json_get(root, "preview"), false) ? TELL(to, "xem trước: ", "would be ") : "",
            (long long)count_of(root, "removed"), (long long)count_of(root, "changed"),
            (long long)count_of(root, "rejected"));
    else if (json_boolean(json_get(root, "retry"), false))
        text_buffer_add_format(out,
                               TELL(to, "%s: %lld dòng bị loại nay đã nhận được\n",
                                    "%s: %lld rejected rows have become good\n"),
                               file, (long long)count_of(root, "added"));
    else
        write_import(to, root, file, out);
}

bool files_report_text(const char *json, size_t length, const struct teller *to,
                       struct text_buffer *out, int *exit_code)
{
    struct json *root = json_parse(json, length, NULL);
    const char *file = root != NULL ? json_get_string(root, "file") : NULL;
    if (file == NULL) {
        json_free(root);
        return false;
    }
    const char *message = json_get_string(root, "error");
    *exit_code = (int)count_of(root, "exit");
    const char *vi = json_get_string(root, "error_vi");
    if (message != NULL && message[0] != '\0') {
        text_buffer_add_format(out, "%s: %s\n", file, to->vietnamese && vi != NULL ? vi : message);
        *exit_code = *exit_code == 0 ? 1 : *exit_code;
    } else {
        write_first(to, root, file, out);
    }
    const struct json *notes = json_get(root, TELL(to, "notes_vi", "notes"));
    for (const struct json *n = json_first(notes); n != NULL; n = json_next(n))
        text_buffer_add_format(out, TELL(to, "  ghi chú: %s\n", "  note: %s\n"),
                               json_string(n) != NULL ? json_string(n) : "");
    const struct json *findings = json_get(root, "findings");
    for (const struct json *f = json_first(findings); f != NULL; f = json_next(f))
        write_finding(to, f, out);
    json_free(root);
    return true;
}

bool files_report_is_refusal(const char *json, size_t length)
{
    struct json *root = json_parse(json, length, NULL);
    const char *message = json_get_string(root, "error");
    bool refusal = message != NULL && message[0] != '\0';
    json_free(root);
    return refusal;
}
