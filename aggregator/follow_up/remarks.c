#include "remarks.h"

#include <string.h>

static void say_nobody(const struct list_back *back, struct text_buffer *out)
{
    if (back->language == LANGUAGE_VI)
        text_buffer_add_format(
            out,
            "Lưu ý: Không nhận ra ai trong %zu dòng của danh sách, nên tình trạng của mọi người "
            "là không xác định được. hmac_key_file có phải là tệp khóa mà mooc-ingest dùng "
            "không, và danh sách đã nạp chưa?",
            back->list->person_count);
    else
        text_buffer_add_format(
            out,
            "Note: None of the list's %zu row%s is recognised, so it cannot be told where anybody "
            "stands. Is hmac_key_file the one that mooc-ingest has, and was the list imported?",
            back->list->person_count, back->list->person_count == 1 ? "" : "s");
}

/* The unit or one below it. */
static bool is_within(const struct reference *reference, const char *code, const char *unit)
{
    for (int depth = 0; code && *code && depth < 16; depth++) {
        const struct reference_unit *it = reference_find_unit(reference, code);
        if (strcmp(code, unit) == 0)
            return true;
        code = it ? it->parent : NULL;
    }
    return false;
}

/* As the lists received have the person; of who is on none, as the row itself says. */
static const char *unit_of(const struct list_back *back, size_t row)
{
    const struct roster_person *p = &back->list->persons[row];
    if (back->match->persons[row].listed)
        return back->match->persons[row].unit;
    const struct reference_unit *unit =
        p->unit_text && *p->unit_text
            ? reference_match_unit(back->reference, NULL, p->unit_text, NULL, 0)
            : NULL;
    return unit ? unit->code : "";
}

static void say_other_units(const struct list_back *back, const char *unit, struct text_buffer *out)
{
    const struct reference_unit *its = reference_find_unit(back->reference, unit);
    size_t count = 0;
    for (size_t i = 0; i < back->list->person_count; i++) {
        const char *code = unit_of(back, i);
        count += *code && !is_within(back->reference, code, unit);
    }
    if (count && back->language == LANGUAGE_VI)
        text_buffer_add_format(out,
                               "Lưu ý: %zu trong %zu dòng là người của đơn vị khác, không phải của "
                               "%s. Có đúng là danh sách của đơn vị nêu ở --unit không?",
                               count, back->list->person_count, its ? its->name : unit);
    else if (count)
        text_buffer_add_format(
            out,
            "Note: %zu of %zu row%s %s of other units, not of %s. Is it the list "
            "of the unit that --unit names?",
            count, back->list->person_count, back->list->person_count == 1 ? "" : "s",
            count == 1 ? "is" : "are", its ? its->name : unit);
}

void remarks_make(const struct list_back *back, const char *unit, struct remarks *out)
{
    *out = (struct remarks){0};
    if (back->match->nobody)
        say_nobody(back, &out->text[REMARK_NOBODY]);
    if (unit)
        say_other_units(back, unit, &out->text[REMARK_OTHER_UNITS]);
}

void remarks_release(struct remarks *remarks)
{
    for (size_t i = 0; i < REMARKS; i++)
        text_buffer_free(&remarks->text[i]);
}
