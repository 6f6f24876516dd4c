#include "paper_widths.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../report/width.h"

#define BESIDE 1.6    /* what a cell has beside its text */
#define NARROWEST 4.0 /* of a column with something in it */
#define WIDEST_TEXT 24
#define TIGHTEST_TEXT 12
#define TO_WRITE 10      /* in a column with a heading alone somebody writes by hand */
#define BOLD 1.4         /* capitals of a heading to a digit */
#define LETTERS 1.1      /* letters of a text to a digit, by which widths are measured */
#define LINE_POINTS 16.0 /* of a line of size 13, as offices write */

/* In characters. A figure cannot be broken: a number that is too wide is no number any more. */
struct need {
    size_t text, word, figure;
};

static bool is_figure(const char *text)
{
    return text[strspn(text, "0123456789.,/-+:%() ")] == '\0';
}

static void widen(size_t *widest, size_t width)
{
    if (width > *widest)
        *widest = width;
}

static void note(struct need *need, const char *text, bool head)
{
    if (head)
        widen(&need->word, (size_t)((double)text_widest_word(text) * BOLD));
    else if (is_figure(text))
        widen(&need->figure, text_width(text));
    else
        widen(&need->text, text_width(text));
}

/* Text is broken at `most`, and a word that is longer, as an e-mail address, within. */
static double width_of(const struct need *need, size_t most)
{
    size_t width = need->text < most ? need->text : most;
    widen(&width, need->word < most ? need->word : most);
    widen(&width, need->figure);
    if (width == 0)
        return 0;
    if (need->text == 0 && need->figure == 0)
        widen(&width, TO_WRITE);
    double wide = (double)width + BESIDE;
    return wide < NARROWEST ? NARROWEST : wide;
}

static double fill(const struct need *needs, size_t most, double *widths, size_t count)
{
    double sum = 0;
    for (size_t c = 0; c < count; c++)
        sum += widths[c] = width_of(&needs[c], most);
    return sum;
}

void paper_widths(const struct sheet_book *book, size_t sheet, const struct added_row *rows,
                  size_t row_count, double room, double *widths, size_t count)
{
    struct need *needs = must_have(calloc(count + 1, sizeof(*needs)));
    for (size_t i = 0; i < row_count; i++) {
        size_t row = rows[i].row - 1;
        for (size_t c = 0; c < count && c < sheet_columns(book, sheet, row); c++)
            note(&needs[c], sheet_cell(book, sheet, row, c), rows[i].head);
    }
    size_t most = WIDEST_TEXT;
    while (fill(needs, most, widths, count) > room && most > TIGHTEST_TEXT)
        most--;
    free(needs);
}

static size_t lines_of(const char *text, double width)
{
    const char *rest = text, *line;
    size_t bytes, lines = 0, most = width > 2 ? (size_t)((width - BESIDE / 2) * LETTERS) : 1;
    while (text_wrap(&rest, most, &line, &bytes))
        lines += (text_width_of(line, bytes) + most - 1) / most;
    return lines;
}

static void grow(size_t *lines, const char *text, double width)
{
    size_t needed = text != NULL && width > 0 ? lines_of(text, width) : 1;
    if (needed > *lines)
        *lines = needed;
}

void paper_heights(const struct sheet_book *book, size_t sheet, const double *widths, size_t count,
                   const double *ours, struct added_row *rows, size_t row_count)
{
    for (size_t i = 0; i < row_count; i++) {
        size_t lines = 1, row = rows[i].row - 1;
        for (size_t c = 0; c < count && c < sheet_columns(book, sheet, row); c++)
            grow(&lines, sheet_cell(book, sheet, row, c), widths[c]);
        for (size_t c = 0; c < ADDED_COLUMNS; c++)
            grow(&lines, rows[i].text[c], ours[c]);
        rows[i].height = (double)lines * LINE_POINTS;
    }
}
