#include "sheet_legacy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocate.h"

struct column {
    struct legacy_tally tally;
    enum legacy_verdict verdict;
    enum legacy_font font;
};

struct converter {
    struct csv_table *table;
    struct arena *arena;
    struct column *columns;
    size_t count;
};

static size_t width(const struct csv_table *t, size_t row)
{
    return t->row_first[row + 1] - t->row_first[row];
}

static bool is_ascii(const char *cell)
{
    for (; *cell != '\0'; cell++) {
        if ((unsigned char)*cell >= 0x80)
            return false;
    }
    return true;
}

static const char *decoded(struct converter *c, enum legacy_font font, const char *cell)
{
    size_t length = strlen(cell), count = 0;
    uint32_t *in = must_have(malloc((length + 1) * 2 * sizeof(*in))), *out = in + length + 1;
    const unsigned char *p = (const unsigned char *)cell;
    while (*p != '\0') {
        size_t bytes = *p < 0x80 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
        uint32_t point = bytes == 1 ? *p : *p & (0xFFU >> (bytes + 1));
        for (size_t i = 1; i < bytes; i++)
            point = point << 6 | (p[i] & 0x3FU);
        in[count++] = point;
        p += bytes;
    }
    count = legacy_font_decode(font, in, count, out);
    struct text_buffer text = {0};
    for (size_t i = 0; i < count; i++) {
        uint32_t point = out[i];
        size_t rest = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
        char bytes[4];
        for (size_t k = rest; k > 0; k--, point >>= 6)
            bytes[k] = (char)(0x80U | (point & 0x3FU));
        bytes[0] = (char)(rest == 0 ? point : ((0xFF00U >> (rest + 1)) & 0xFFU) | point);
        text_buffer_add(&text, bytes, rest + 1);
    }
    const char *kept = arena_text(c->arena, text.length > 0 ? text.data : "");
    text_buffer_free(&text);
    free(in);
    return kept;
}

static void count_words(struct converter *c)
{
    const struct csv_table *t = c->table;
    for (size_t row = 0; row < t->row_count; row++)
        c->count = width(t, row) > c->count ? width(t, row) : c->count;
    c->columns = must_have(calloc(c->count + 1, sizeof(c->columns[0])));
    for (size_t row = 0; row < t->row_count; row++) {
        for (size_t i = 0; i < width(t, row); i++)
            legacy_tally_add(&c->columns[i].tally, t->cells[t->row_first[row] + i]);
    }
}

/* First each column by itself; then those with little text in the light of the others. */
static void judge(struct converter *c)
{
    enum legacy_font certain = LEGACY_NONE;
    for (size_t i = 0; i < c->count; i++) {
        struct column *column = &c->columns[i];
        column->verdict = legacy_judge(&column->tally, LEGACY_NONE, &column->font);
        if (column->verdict == LEGACY_IS_FONT)
            certain = column->font;
    }
    for (size_t i = 0; certain != LEGACY_NONE && i < c->count; i++) {
        struct column *column = &c->columns[i];
        if (column->verdict != LEGACY_IS_FONT)
            column->verdict = legacy_judge(&column->tally, certain, &column->font);
    }
}

/* The cell's own reading: -1 Unicode for sure, 1 the font for sure, 0 it could be either. */
static int leaning(const char *cell, enum legacy_font font)
{
    struct legacy_tally tally = {0};
    if (is_ascii(cell))
        return 0;
    legacy_tally_add(&tally, cell);
    if (tally.unicode > 0 || tally.lost[font] > tally.gained[font])
        return -1;
    return tally.gained[font] > 0;
}

/* A cell that could be either goes with its column, unless its row is a header in Unicode above a column in the font. */
static bool row_is_unicode(const struct converter *c, size_t row)
{
    bool unicode = false;
    for (size_t i = 0; i < width(c->table, row); i++) {
        const struct column *column = &c->columns[i];
        const char *cell = c->table->cells[c->table->row_first[row] + i];
        int leans = leaning(cell, column->font != LEGACY_NONE ? column->font : LEGACY_TCVN3);
        if (leans > 0 && column->verdict == LEGACY_IS_FONT)
            return false;
        unicode = unicode || leans < 0;
    }
    return unicode;
}

static void convert_cells(struct converter *c)
{
    struct csv_table *t = c->table;
    for (size_t row = 0; row < t->row_count; row++) {
        int whole_row = -1; /* is it Unicode? not asked yet */
        bool *convert = must_have(calloc(c->count + 1, sizeof(*convert)));
        for (size_t i = 0; i < width(t, row); i++) {
            const char *cell = t->cells[t->row_first[row] + i];
            if (c->columns[i].verdict != LEGACY_IS_FONT || is_ascii(cell))
                continue;
            int leans = leaning(cell, c->columns[i].font);
            if (leans == 0 && whole_row < 0)
                whole_row = row_is_unicode(c, row);
            convert[i] = leans > 0 || (leans == 0 && whole_row == 0);
        }
        for (size_t i = 0; i < width(t, row); i++) {
            const char **cell = &t->cells[t->row_first[row] + i];
            *cell = convert[i] ? decoded(c, c->columns[i].font, *cell) : *cell;
        }
        free(convert);
    }
}

static void convert_all(struct converter *c, enum legacy_font font)
{
    for (size_t i = 0; i < c->table->cell_count; i++) {
        struct legacy_tally tally = {0};
        if (is_ascii(c->table->cells[i]))
            continue;
        legacy_tally_add(&tally, c->table->cells[i]);
        if (tally.unicode == 0)
            c->table->cells[i] = decoded(c, font, c->table->cells[i]);
    }
}

/* A row with a number or an address in it is about somebody, and no header. */
static bool may_be_header(const struct csv_table *t, size_t row)
{
    for (size_t i = 0; i < width(t, row); i++) {
        const char *cell = t->cells[t->row_first[row] + i];
        bool number = cell[0] != '\0' && strspn(cell, "0123456789.,/-") == strlen(cell);
        if (number || strchr(cell, '@') != NULL)
            return false;
    }
    return true;
}

/* What the column is called: its cell in the fullest row that may be a header; "" where there is none. */
static const char *title_of(const struct converter *c, size_t column)
{
    const struct csv_table *t = c->table;
    size_t best = SIZE_MAX, most = 0;
    for (size_t row = 0; row < t->row_count && row < 50; row++) {
        size_t filled = 0;
        for (size_t i = 0; i < width(t, row); i++)
            filled += t->cells[t->row_first[row] + i][0] != '\0';
        if (filled > most && column < width(t, row) && may_be_header(t, row)) {
            most = filled;
            best = row;
        }
    }
    const char *title = best != SIZE_MAX ? t->cells[t->row_first[best] + column] : "";
    return strlen(title) <= 80 ? title : "";
}

static void column_letters(size_t column, char out[4])
{
    out[0] = '\0';
    if (column < 26)
        (void)snprintf(out, 4, "%c", (char)('A' + column));
    else
        (void)snprintf(out, 4, "%c%c", (char)('A' + column / 26 - 1), (char)('A' + column % 26));
}

/* The column's title as it is meant to be read. */
static const char *shown_title(struct converter *c, size_t column, enum legacy_font font)
{
    const char *title = title_of(c, column);
    return leaning(title, font) > 0 ? decoded(c, font, title) : title;
}

static bool refuse(struct converter *c, size_t column, struct error *err)
{
    char letters[4];
    enum legacy_font font = c->columns[column].font;
    const char *title = shown_title(c, column, font);
    column_letters(column, letters);
    return error_tell(err, ERROR_SOURCE, false,
                      "cột %s có vẻ là %s: lưu lại dạng Unicode, hoặc thêm --encoding %s",
                      "column %s looks like %s: save as Unicode, or say --encoding %s",
                      title[0] != '\0' ? title : letters, legacy_font_name(font),
                      font == LEGACY_VNI ? "vni" : "tcvn3");
}

static void tell(struct converter *c, struct text_buffer *told)
{
    for (size_t i = 0; i < c->count; i++) {
        char letters[4];
        if (c->columns[i].verdict != LEGACY_IS_FONT)
            continue;
        column_letters(i, letters);
        text_buffer_add_format(told, "%scolumn %s from %s", told->length > 0 ? ", " : "", letters,
                               legacy_font_name(c->columns[i].font));
    }
}

bool sheet_legacy_convert(struct csv_table *table, enum legacy_font forced, struct arena *arena,
                          struct text_buffer *told, struct error *err)
{
    struct converter c = {.table = table, .arena = arena};
    bool ok = true;
    if (forced != LEGACY_NONE) {
        convert_all(&c, forced);
        return true;
    }
    count_words(&c);
    judge(&c);
    for (size_t i = 0; ok && i < c.count; i++) {
        if (c.columns[i].verdict == LEGACY_LOOKS_LIKE)
            ok = refuse(&c, i, err);
    }
    if (ok) {
        tell(&c, told);
        convert_cells(&c);
    }
    free(c.columns);
    return ok;
}
