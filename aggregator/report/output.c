#include <errno.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "output.h"

static const char *const format_names[] = {"table", "csv",  "csv-excel", "json",
                                           "xlsx",  "html", "text"};

static const char *suffix_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL && strchr(dot, '/') == NULL ? dot + 1 : "";
}

bool output_format_parse(const char *name, const char *path, enum output_format *format,
                         struct error *err)
{
    const char *wanted = name != NULL ? name : path != NULL ? suffix_of(path) : "table";
    for (size_t i = 0; i < ARRAY_LEN(format_names); i++) {
        if (strcasecmp(wanted, format_names[i]) == 0) {
            *format = (enum output_format)i;
            return true;
        }
    }
    if (name == NULL && (wanted[0] == '\0' || strcasecmp(wanted, "txt") == 0)) {
        *format = OUTPUT_TABLE;
        return true;
    }
    if (name == NULL) /* a table in a file that calls itself .xls or .pdf would not open */
        return error_tell(
            err, ERROR_USAGE, false,
            "%s: tệp được ghi thành .csv, .html, .json, .xlsx hoặc .txt; nếu tên "
            "khác thì thêm --format",
            "%s: files are written as .csv, .html, .json, .xlsx or .txt; for another name say "
            "--format",
            path);
    return error_tell(err, ERROR_USAGE, false,
                      "không có định dạng \"%s\"; có: table, csv, csv-excel, json, xlsx, "
                      "html, text",
                      "there is no format \"%s\"; there are: table, csv, csv-excel, json, xlsx, "
                      "html, text",
                      name);
}

bool output_language_parse(const char *name, enum language *language, struct error *err)
{
    if (strcmp(name, "vi") != 0 && strcmp(name, "en") != 0)
        return error_tell(err, ERROR_USAGE, false, "không có ngôn ngữ \"%s\"; có: vi, en",
                          "there is no language \"%s\"; there are: vi, en", name);
    *language = name[0] == 'v' ? LANGUAGE_VI : LANGUAGE_EN;
    return true;
}

bool output_render(const struct report *report, enum output_format format, struct text_buffer *out,
                   struct error *err)
{
    if ((format == OUTPUT_CSV || format == OUTPUT_CSV_EXCEL) && !report_fits_csv(report, err))
        return false;
    switch (format) {
    case OUTPUT_TABLE:
        report_write_table(report, out);
        break;
    case OUTPUT_CSV:
        report_write_csv(report, out);
        break;
    case OUTPUT_CSV_EXCEL:
        report_write_csv_excel(report, out);
        break;
    case OUTPUT_JSON:
        report_write_json(report, out);
        break;
    case OUTPUT_HTML:
        report_write_html(report, out);
        break;
    case OUTPUT_TEXT:
        report_write_text(report, out);
        break;
    case OUTPUT_XLSX:
        break;
    }
    return true;
}

/* path: for messages; beside: where it is written first. Of xlsx the file is only made here, so that a folder that takes none is
 * told in the system's words. */
static bool write_file(const struct report *report, enum output_format format,
                       const struct text_buffer *text, const char *path, const char *beside,
                       struct error *err)
{
    (void)unlink(beside); /* of a process of the same number that was killed */
    FILE *file = fopen(beside, "wbx");
    bool written = file != NULL && (format != OUTPUT_CSV || fputs("\xEF\xBB\xBF", file) >= 0) &&
                   (text->length == 0 || fwrite(text->data, 1, text->length, file) == text->length);
    if ((file != NULL && fclose(file) != 0) || !written)
        return error_tell(err, ERROR_INTERNAL, false, "không ghi được %s: " REASON_VI,
                          "%s cannot be written: " REASON_EN, path, ERROR_REASON(errno));
    if (format == OUTPUT_XLSX && !report_write_xlsx(report, beside, err))
        return error_context(err, "%s", path);
    return rename(beside, path) == 0 ||
           error_tell(err, ERROR_INTERNAL, false, "không ghi được %s: " REASON_VI,
                      "%s cannot be written: " REASON_EN, path, ERROR_REASON(errno));
}

static bool print(const struct text_buffer *text, struct error *err)
{
    return fwrite(text->data, 1, text->length, stdout) == text->length ||
           error_tell(err, ERROR_INTERNAL, false, "không in ra được: " REASON_VI,
                      "standard output: " REASON_EN, ERROR_REASON(errno));
}

bool output_report(const struct report *report, enum output_format format, const char *path,
                   struct error *err)
{
    struct text_buffer text = {0}, beside = {0};
    if (path == NULL && format == OUTPUT_XLSX)
        return error_tell(err, ERROR_USAGE, false, "tệp xlsx cần --out TỆP",
                          "an xlsx file needs --out FILE");
    text_buffer_add_text(&text, "");
    bool done = output_render(report, format, &text, err);
    if (done && path == NULL) {
        done = print(&text, err);
    } else if (done) {
        text_buffer_add_format(&beside, "%s.%ld.part", path, (long)getpid());
        done = write_file(report, format, &text, path, beside.data, err);
        if (!done)
            unlink(beside.data);
    }
    text_buffer_free(&beside);
    text_buffer_free(&text);
    return done;
}
