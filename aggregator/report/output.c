#include <errno.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "output.h"

static const char *const format_names[] = {"table", "csv", "json", "xlsx"};

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
        return error_set(
            err, ERROR_USAGE, false,
            "%s: files are written as .csv, .json, .xlsx or .txt; for another name say "
            "--format",
            path);
    return error_set(err, ERROR_USAGE, false,
                     "there is no format \"%s\"; there are: table, csv, json, xlsx", name);
}

bool output_language_parse(const char *name, enum language *language, struct error *err)
{
    if (strcmp(name, "vi") != 0 && strcmp(name, "en") != 0)
        return error_set(err, ERROR_USAGE, false, "there is no language \"%s\"; there are: vi, en",
                         name);
    *language = name[0] == 'v' ? LANGUAGE_VI : LANGUAGE_EN;
    return true;
}

static void render(const struct report *report, enum output_format format, bool to_file,
                   struct text_buffer *text)
{
    if (format == OUTPUT_CSV) {
        if (to_file)
            text_buffer_add_text(text, "\xEF\xBB\xBF");
        report_write_csv(report, text);
    } else if (format == OUTPUT_JSON) {
        report_write_json(report, text);
    } else {
        report_write_table(report, text);
    }
}

/* Nothing for xlsx: then the file is only made, so that a folder that takes none is told in the system's words. */
static bool write_text(const struct report *report, enum output_format format, FILE *file)
{
    struct text_buffer text = {0};
    if (format != OUTPUT_XLSX)
        render(report, format, true, &text);
    bool written = text.length == 0 || fwrite(text.data, 1, text.length, file) == text.length;
    text_buffer_free(&text);
    return written;
}

/* path: for messages; beside: where it is written first. */
static bool write_file(const struct report *report, enum output_format format, const char *path,
                       const char *beside, struct error *err)
{
    FILE *file = fopen(beside, "wb");
    bool written = file != NULL && write_text(report, format, file);
    if ((file != NULL && fclose(file) != 0) || !written)
        return error_set(err, ERROR_INTERNAL, false, "%s cannot be written: %s", path,
                         strerror(errno));
    if (format == OUTPUT_XLSX && !report_write_xlsx(report, beside, err))
        return error_context(err, "%s", path);
    return rename(beside, path) == 0 ||
           error_set(err, ERROR_INTERNAL, false, "%s cannot be written: %s", path, strerror(errno));
}

bool output_report(const struct report *report, enum output_format format, const char *path,
                   struct error *err)
{
    if (path == NULL && format == OUTPUT_XLSX)
        return error_set(err, ERROR_USAGE, false, "an xlsx file needs --out FILE");
    if (path == NULL) {
        struct text_buffer text = {0};
        render(report, format, false, &text);
        size_t length = text.length;
        bool written = fwrite(text.data, 1, length, stdout) == length;
        text_buffer_free(&text);
        return written ||
               error_set(err, ERROR_INTERNAL, false, "standard output: %s", strerror(errno));
    }
    struct text_buffer beside = {0};
    text_buffer_add_format(&beside, "%s.part", path);
    bool done = write_file(report, format, path, beside.data, err);
    if (!done)
        unlink(beside.data);
    text_buffer_free(&beside);
    return done;
}
