#include <errno.h>
#include <stdio.h>
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
        if (strcmp(wanted, format_names[i]) == 0) {
            *format = (enum output_format)i;
            return true;
        }
    }
    if (name == NULL) {
        *format = OUTPUT_TABLE;
        return true;
    }
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

static bool write_text(const struct text_buffer *text, const char *path, struct error *err)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return error_set(err, ERROR_INTERNAL, false, "%s: %s", path, strerror(errno));
    bool written = fwrite(text->data, 1, text->length, file) == text->length;
    if (fclose(file) != 0 || !written)
        return error_set(err, ERROR_INTERNAL, false, "%s: %s", path, strerror(errno));
    return true;
}

static bool write_file(const struct report *report, enum output_format format, const char *path,
                       struct error *err)
{
    if (format == OUTPUT_XLSX)
        return report_write_xlsx(report, path, err);
    struct text_buffer text = {0};
    render(report, format, true, &text);
    bool written = write_text(&text, path, err);
    text_buffer_free(&text);
    return written;
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
    bool done = write_file(report, format, beside.data, err);
    if (done && rename(beside.data, path) != 0)
        done = error_set(err, ERROR_INTERNAL, false, "%s: %s", path, strerror(errno));
    if (!done)
        unlink(beside.data);
    text_buffer_free(&beside);
    return done;
}
