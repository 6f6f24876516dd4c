/* The tables that the CSV files of the reference folder are read with. */
#include "reference_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "nearest.h"
#include "text.h"

int table_line(const struct table *t)
{
    return (int)t->row + 1;
}

bool table_has(const struct table *t, size_t n)
{
    return t->place[n] != SIZE_MAX;
}

/* Without the mark of a column that may be missing. */
static const char *column_name(const struct table *t, size_t n)
{
    return t->columns[n] + (t->columns[n][0] == '?');
}

const char *table_cell(const struct table *t, size_t n)
{
    if (!table_has(t, n))
        return "";
    const char *raw = sheet_cell(t->book, 0, t->row, t->place[n]);
    if (raw[0] == '\0')
        return "";
    size_t size = strlen(raw) + 1;
    char *clean = reference_allocate(t->arena, size * 3); /* NFC may grow */
    if (!text_clean(raw, clean, size * 3))
        clean[0] = '\0';
    return clean;
}

const char *table_code(const struct table *t, size_t n, bool required)
{
    const char *code = table_cell(t, n);
    size_t length = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    if (code[0] == '\0' && required)
        reference_fault(t->faults, t->name, table_line(t), "%s để trống", "%s is empty",
                        column_name(t, n));
    else if (code[length] != '\0' || length > 32)
        reference_fault(t->faults, t->name, table_line(t),
                        "%s \"%.60s\" không phải là mã (A-Z, 0-9 và dấu gạch nối, nhiều nhất "
                        "32)",
                        "%s \"%.60s\" is no code (A-Z, 0-9 and hyphens, at most 32)",
                        column_name(t, n), code);
    return code;
}

const char *table_text(const struct table *t, size_t n)
{
    const char *text = table_cell(t, n);
    if (text[0] == '\0')
        reference_fault(t->faults, t->name, table_line(t), "%s để trống", "%s is empty",
                        column_name(t, n));
    if (strlen(text) > 250)
        reference_fault(t->faults, t->name, table_line(t), "%s dài quá 250 byte",
                        "%s is longer than 250 bytes", column_name(t, n));
    return text;
}

const char *table_date(const struct table *t, size_t n, bool required)
{
    const char *text = table_cell(t, n);
    int32_t day;
    if (text[0] == '\0' ? required : !clock_parse_date(text, &day))
        reference_fault(t->faults, t->name, table_line(t),
                        "%s \"%.40s\" không phải là ngày (YYYY-MM-DD)",
                        "%s \"%.40s\" is no date (YYYY-MM-DD)", column_name(t, n), text);
    return text;
}

int64_t table_number(const struct table *t, size_t n, bool required, int64_t max, int64_t if_empty)
{
    const char *text = table_cell(t, n);
    if (text[0] == '\0' && !required)
        return if_empty;
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 0 || value > max)
        reference_fault(
            t->faults, t->name, table_line(t), "%s \"%.40s\" không phải là số từ 0 đến %lld",
            "%s \"%.40s\" is no number from 0 to %lld", column_name(t, n), text, (long long)max);
    return value;
}

size_t table_list(const struct table *t, size_t n, const char *const **parts)
{
    const char *text = table_cell(t, n);
    size_t most = 1, count = 0;
    for (const char *p = text; *p != '\0'; p++)
        most += *p == '|';
    const char **list = reference_allocate(t->arena, most * sizeof(*list));
    char *copy = reference_allocate(t->arena, strlen(text) + 1), *rest = copy;
    memcpy(copy, text, strlen(text) + 1);
    for (char *part; (part = strtok_r(rest, "|", &rest)) != NULL;) {
        size_t size = strlen(part) + 1;
        char *clean = reference_allocate(t->arena, size);
        if (text_clean(part, clean, size) && clean[0] != '\0')
            list[count++] = clean;
    }
    *parts = list;
    return count;
}

static bool find_column(struct table *t, size_t n)
{
    const char *name = column_name(t, n);
    t->place[n] = SIZE_MAX;
    for (size_t c = 0; c < t->width; c++) {
        if (strcmp(sheet_cell(t->book, 0, 0, c), name) != 0)
            continue;
        if (t->place[n] != SIZE_MAX)
            reference_fault(t->faults, t->name, 1, "cột %s có hai lần", "column %s stands twice",
                            name);
        t->place[n] = c;
    }
    if (table_has(t, n) || t->columns[n][0] == '?')
        return true;
    reference_fault(t->faults, t->name, 1,
                    "thiếu cột %s: dòng đầu phải nêu mọi cột, kể cả cột để trống",
                    "column %s is missing: the first line names every column, also those that stay "
                    "empty",
                    name);
    return false;
}

/* Columns of one's own are free, a mistyped one would be lost in silence. */
static void refuse_mistyped(const struct table *t, size_t known)
{
    const char *missing[TABLE_COLUMNS];
    size_t count = 0;
    for (size_t n = 0; n < known; n++) {
        if (!table_has(t, n))
            missing[count++] = column_name(t, n);
    }
    for (size_t c = 0; count > 0 && c < t->width; c++) {
        const char *name = sheet_cell(t->book, 0, 0, c);
        bool declared = name[0] == '\0';
        for (size_t n = 0; n < known; n++)
            declared = declared || strcmp(name, column_name(t, n)) == 0;
        const char *nearest = declared ? NULL : nearest_name(name, missing, count);
        if (nearest != NULL)
            reference_fault(t->faults, t->name, 1, "không có cột %.60s; có phải là %s?",
                            "column %.60s is not known; did you mean %s?", name, nearest);
    }
}

bool table_open(struct table *t, const char *folder, bool required)
{
    char path[4096];
    struct stat status;
    struct error err = {0};
    (void)snprintf(path, sizeof(path), "%s/%s", folder, t->name);
    t->book = NULL;
    t->rows = 0;
    if (!required && stat(path, &status) != 0 && errno == ENOENT)
        return true;
    t->book = sheet_open_as(path, ENCODING_UTF8, &err);
    if (t->book == NULL) {
        reference_fault(t->faults, NULL, 0, "%s%.0s", "%.0s%s", error_words(&err, true),
                        err.message); /* begins with the file's name */
        return false;
    }
    bool ok = true;
    size_t n = 0;
    t->width = sheet_columns(t->book, 0, 0);
    for (; t->columns[n] != NULL; n++)
        ok = find_column(t, n) && ok;
    if (ok)
        refuse_mistyped(t, n);
    t->rows = ok ? sheet_rows(t->book, 0) : 0;
    return ok;
}

void table_close(struct table *t)
{
    sheet_free(t->book);
}

bool table_next(struct table *t)
{
    while (++t->row < t->rows) {
        size_t cells = sheet_columns(t->book, 0, t->row);
        if (cells == 0)
            continue;
        if (cells > t->width)
            reference_fault(t->faults, t->name, table_line(t),
                            "%zu ô mà dòng đầu nêu %zu cột: chữ có dấu phẩy phải đặt trong ngoặc "
                            "kép",
                            "%zu cells where the first line names %zu columns: a text with commas "
                            "must stand in quotation marks",
                            cells, t->width);
        t->lines[t->read++] = table_line(t);
        return true;
    }
    return false;
}

void *table_items(struct table *t, size_t size, size_t per_row)
{
    size_t count = t->rows > 1 ? t->rows - 1 : 1;
    t->lines = reference_allocate(t->arena, count * sizeof(*t->lines));
    return reference_allocate(t->arena, count * size * per_row);
}
