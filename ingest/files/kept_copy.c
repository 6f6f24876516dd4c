#include "kept_copy.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text.h"

#define FOLDED 4096

struct clearing {
    const struct sheet_book *book;
    const struct roster_list *roster;
    const bool *gone;
    char **names; /* what names those who go, folded */
    size_t name_count, name_capacity;
};

/* ---- what names them ---- */

static void add_name(struct clearing *c, const char *text)
{
    char folded[FOLDED];
    if (text[0] == '\0' || !text_fold(text, folded, sizeof(folded)) || folded[0] == '\0')
        return;
    c->names = array_room(c->names, c->name_count, &c->name_capacity, sizeof(c->names[0]));
    c->names[c->name_count++] = must_have(strdup(folded));
}

static void add_names(struct clearing *c, const struct roster_person *p)
{
    if (strchr(p->name, ' ') != NULL) /* "An" alone names nobody */
        add_name(c, p->name);
    add_name(c, p->citizen);
    add_name(c, p->phone);
    for (size_t i = 0; i < p->email_count; i++)
        add_name(c, p->emails[i]);
}

static bool names_them(const struct clearing *c, const char *cell)
{
    char folded[FOLDED];
    if (cell[0] == '\0')
        return false;
    if (!text_fold(cell, folded, sizeof(folded)))
        return true; /* too long to tell */
    for (size_t i = 0; i < c->name_count; i++)
        if (strstr(folded, c->names[i]) != NULL)
            return true;
    return false;
}

/* ---- cells ---- */

/* Persons stand in the order of the file. */
static size_t find_person(const struct roster_list *roster, size_t sheet, int64_t row)
{
    size_t low = 0, high = roster->person_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct roster_person *p = &roster->persons[middle];
        if (p->sheet < sheet || (p->sheet == sheet && p->row < row))
            low = middle + 1;
        else
            high = middle;
    }
    const struct roster_person *p = &roster->persons[low];
    bool found = low < roster->person_count && p->sheet == sheet && p->row == row;
    return found ? low : SIZE_MAX;
}

/* A unit or group that stood once, above merged cells, may have stood in a row that goes. */
static const char *handed_down(const struct clearing *c, size_t index, size_t column)
{
    const struct roster_person *p = &c->roster->persons[index];
    if (index == 0 || !c->gone[index - 1] || c->roster->persons[index - 1].sheet != p->sheet)
        return NULL;
    if (p->unit_above && column == p->unit_column)
        return p->unit_text;
    return p->group_above && column == p->group_column ? p->group : NULL;
}

static const char *text_of(void *context, size_t sheet, size_t row, size_t column)
{
    const struct clearing *c = context;
    const char *cell = sheet_cell(c->book, sheet, row, column);
    size_t index = find_person(c->roster, sheet, (int64_t)row + 1);
    if (index == SIZE_MAX)
        return names_them(c, cell) ? "" : cell;
    if (c->gone[index])
        return "";
    const char *handed = handed_down(c, index, column);
    return handed != NULL ? handed : cell;
}

bool kept_copy_write(const struct sheet_book *book, const struct roster_list *roster,
                     const bool *gone, const char *path, struct error *err)
{
    struct clearing c = {.book = book, .roster = roster, .gone = gone};
    for (size_t i = 0; i < roster->person_count; i++)
        if (gone[i])
            add_names(&c, &roster->persons[i]);
    bool ok = sheet_save(book, path, text_of, &c, err);
    for (size_t i = 0; i < c.name_count; i++)
        free(c.names[i]);
    free(c.names);
    return ok;
}
