#include "sheet_csv.h"

#include <stdlib.h>
#include <string.h>

#include "allocate.h"

static void add_cell(struct csv_table *t, const char *cell)
{
    if (t->cell_count == t->cell_capacity)
        t->cells = array_room(t->cells, t->cell_capacity, &t->cell_capacity, sizeof(t->cells[0]));
    t->cells[t->cell_count++] = cell;
}

static void begin_row(struct csv_table *t)
{
    if (t->row_count + 1 >= t->row_capacity)
        t->row_first =
            array_room(t->row_first, t->row_capacity, &t->row_capacity, sizeof(t->row_first[0]));
    t->row_first[t->row_count] = t->cell_count;
}

static bool end_row(struct csv_table *t, struct error *err)
{
    size_t first = t->row_first[t->row_count];
    while (t->cell_count > first && t->cells[t->cell_count - 1][0] == '\0')
        t->cell_count--;
    if (t->cell_count - first > SHEET_MAX_COLUMNS)
        return error_tell(err, ERROR_SOURCE, false, "dòng %zu có hơn %d cột",
                          "row %zu has more than %d columns", t->row_count + 1, SHEET_MAX_COLUMNS);
    t->row_count++;
    if (t->row_count > SHEET_MAX_ROWS)
        return error_tell(err, ERROR_SOURCE, false, "có hơn %d dòng", "more than %d rows",
                          SHEET_MAX_ROWS);
    t->row_first[t->row_count] = t->cell_count;
    return true;
}

/* The parser's place in the buffer: reading at `from`, the unquoted bytes go to `to`, which never passes `from`. */
struct scanner {
    char *text;
    size_t length, from, to;
    char delimiter;
};

static bool ends_field(const struct scanner *s)
{
    char c = s->text[s->from];
    return c == s->delimiter || c == '\n' || c == '\r';
}

/* ="0912345678" is how Excel is made to keep a zero: the text in it is meant. */
static char *without_formula(char *cell, size_t length)
{
    if (length < 3 || cell[0] != '=' || cell[1] != '"' || cell[length - 1] != '"' ||
        memchr(cell + 2, '"', length - 3))
        return cell;
    cell[length - 1] = '\0';
    return cell + 2;
}

/* One field, NUL-terminated in place. The byte that ended it goes to *terminator ('\0' at the end of text). */
static bool scan_field(struct scanner *s, const char **cell, char *terminator, size_t row,
                       struct error *err)
{
    size_t begin = s->to;
    if (s->from < s->length && s->text[s->from] == '"') {
        s->from++;
        for (;;) {
            if (s->from >= s->length)
                return error_tell(err, ERROR_SOURCE, false,
                                  "dòng %zu: có dấu ngoặc kép mở mà không đóng",
                                  "row %zu: a quotation mark is opened and never closed", row);
            char c = s->text[s->from++];
            if (c == '"') {
                if (s->from >= s->length || s->text[s->from] != '"')
                    break;
                s->from++;
            }
            s->text[s->to++] = c;
        }
    }
    while (s->from < s->length && !ends_field(s))
        s->text[s->to++] = s->text[s->from++];
    if (s->to - begin > SHEET_MAX_CELL)
        return error_tell(err, ERROR_SOURCE, false, "dòng %zu: có ô dài hơn 32 KiB",
                          "row %zu: a cell of more than 32 KiB", row);
    *terminator = '\0';
    if (s->from < s->length) {
        *terminator = s->text[s->from++];
        if (*terminator == '\r' && s->from < s->length && s->text[s->from] == '\n')
            s->from++;
    }
    s->text[s->to] = '\0';
    *cell = without_formula(s->text + begin, s->to - begin);
    s->to++;
    return true;
}

bool csv_parse(char *text, size_t length, size_t *position, char delimiter, char marker,
               struct csv_table *table, struct error *err)
{
    struct scanner s = {text, length, *position, *position, delimiter};
    memset(table, 0, sizeof(*table));
    begin_row(table);
    while (s.from < s.length && (marker == '\0' || s.text[s.from] != marker)) {
        begin_row(table);
        char terminator = delimiter;
        while (terminator == delimiter) {
            const char *cell = NULL;
            if (!scan_field(&s, &cell, &terminator, table->row_count + 1, err)) {
                csv_table_free(table);
                return false;
            }
            add_cell(table, cell);
        }
        if (!end_row(table, err)) {
            csv_table_free(table);
            return false;
        }
    }
    *position = s.from;
    return true;
}

void csv_table_free(struct csv_table *table)
{
    free(table->cells);
    free(table->row_first);
    memset(table, 0, sizeof(*table));
}

char csv_sniff_delimiter(const char *text, size_t length)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t lines[3] = {0}, total[3] = {0}, in_line[3] = {0};
    bool quoted = false;
    size_t end = length < 65536 ? length : 65536;
    for (size_t i = 0; i <= end; i++) {
        char c = i < end ? text[i] : '\n';
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        for (size_t k = 0; k < 3; k++) {
            if (c == candidates[k])
                in_line[k]++;
            if (c == '\n') {
                lines[k] += in_line[k] >= 2;
                total[k] += in_line[k];
                in_line[k] = 0;
            }
        }
    }
    size_t best = 0;
    for (size_t k = 1; k < 3; k++) {
        if (lines[k] > lines[best] || (lines[k] == lines[best] && total[k] > total[best]))
            best = k;
    }
    return candidates[best];
}
