/* What a unit stands at, and what changed since the period before: in sentences, to be pasted into a letter. */
#include <inttypes.h>

#include "unit_figures.h"

/* "213 người", "170/213 người, đạt tỷ lệ 79,8%". */
static void add_count(struct report *r, const struct unit_figures *now, int measure,
                      struct text_buffer *out)
{
    char count[NUMBER_SIZE], whole[NUMBER_SIZE], rate[NUMBER_SIZE];
    int64_t people = now->counts[measure], registered = now->counts[PACK_REGISTERED];
    format_count(people, r->language, count);
    if (measure == PACK_REGISTERED || !format_share(people, registered, r->language, rate)) {
        text_buffer_add_format(out, SAY_COUNT(r, people, "%s người", "%s person", "%s people"),
                               count);
        return;
    }
    format_count(registered, r->language, whole);
    text_buffer_add_format(out,
                           SAY_COUNT(r, registered, "%s/%s người, đạt tỷ lệ %s",
                                     "%s of %s person, %s", "%s of %s people, %s"),
                           count, whole, rate);
}

/* ", tăng 3 người so với kỳ trước (210 người)"; nothing where the period before says nothing. */
static void add_change(struct report *r, int64_t before, int64_t now, struct text_buffer *out)
{
    char was[NUMBER_SIZE], by[NUMBER_SIZE];
    if (before < 0)
        return;
    if (before == now) {
        text_buffer_add_text(out, SAY(r, ", bằng kỳ trước", ", as in the period before"));
        return;
    }
    if (before == 0) {
        text_buffer_add_text(out, SAY(r, "; kỳ trước chưa có ai", "; nobody in the period before"));
        return;
    }
    format_count(before, r->language, was);
    format_count(now > before ? now - before : before - now, r->language, by);
    text_buffer_add_format(out,
                           now > before ? SAY(r, ", tăng %s người so với kỳ trước (%s người)",
                                              ", %s more than in the period before (%s)")
                                        : SAY(r, ", giảm %s người so với kỳ trước (%s người)",
                                              ", %s fewer than in the period before (%s)"),
                           by, was);
}

static void add_sentence(struct report *r, const char *label, int measure,
                         const struct unit_figures *before, const struct unit_figures *now)
{
    struct text_buffer text = {0};
    if (now->counts[measure] < 0)
        text_buffer_add_text(&text, SAY(r, "chưa có số liệu", "nothing is known yet"));
    else
        add_count(r, now, measure, &text);
    if (now->counts[measure] >= 0)
        add_change(r, before ? before->counts[measure] : -1, now->counts[measure], &text);
    report_add_paragraph(r, "- %s: %s.", label, text.data);
    text_buffer_free(&text);
}

struct report *unit_words(const struct unit_figures *before, const struct unit_figures *now,
                          enum language language)
{
    struct report *r = report_new("pack", language);
    for (size_t i = 0; i < PACK_MEASURES; i++)
        if (unit_has_line(now, (int)i))
            add_sentence(r, unit_measure_name(r, (int)i), (int)i, before, now);
    if (!before || before->counts[PACK_REGISTERED] < 0)
        report_add_paragraph(r, "%s",
                             SAY(r, "Kỳ trước chưa có số liệu để so sánh.",
                                 "The period before has nothing to compare with."));
    unit_add_notes(now, r);
    return r;
}
