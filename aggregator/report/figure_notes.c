#include "figure_notes.h"

#include <string.h>

/* NULL: the table has no such column. */
static const struct report_cell *total_of(const struct report *r, const char *name)
{
    for (size_t i = 0; i < r->column_count; i++)
        if (strcmp(r->columns[i].name, name) == 0)
            return report_cell(r, r->row_count - 1, i);
    return NULL;
}

static bool is_count(const struct report_cell *cell)
{
    return cell != NULL && cell->kind == CELL_COUNT;
}

void figure_note_completion(struct report *r)
{
    report_add_note(r, "%s",
                    SAY(r,
                        "Hoàn thành: không có dữ liệu (để trống, không phải 0), vì khóa học không "
                        "quy định hoàn thành hoặc nền tảng không cho biết tiến độ học.",
                        "Completed: no data (empty, not zero), for the training has no rule of "
                        "completion, or no platform tells how far people are."));
}

void figure_note_accounts(struct report *r, const char *label, int64_t people)
{
    if (people < 0)
        report_add_note(r,
                        SAY(r,
                            "%s: đếm mọi tài khoản, kể cả tài khoản chưa ghi danh hoặc đã rút khỏi "
                            "khóa học; “Ngoài danh sách” ở các biểu khác chỉ đếm người có dữ liệu "
                            "học.",
                            "%s: every account counts, also one that is not, or no longer, in a "
                            "course; “on no roster” in the other reports counts people with facts "
                            "alone."),
                        label);
    else
        report_add_note(r,
                        SAY(r,
                            "%s: đếm mọi tài khoản, kể cả tài khoản chưa ghi danh hoặc đã rút khỏi "
                            "khóa học; “Ngoài danh sách” ở các biểu khác chỉ đếm người có dữ liệu "
                            "học của khóa học: %s.",
                            "%s: every account counts, also one that is not, or no longer, in a "
                            "course; “on no roster” in the other reports counts people with facts "
                            "of the training alone: %s."),
                        label, report_number(r, people));
}

void figure_plan_gap_add(struct text_buffer *gaps, const struct report *r, const char *of,
                         int64_t planned_units, int64_t units)
{
    char texts[2][NUMBER_SIZE];
    if (planned_units == 0 || planned_units == units)
        return;
    format_count(planned_units, r->language, texts[0]);
    format_count(units, r->language, texts[1]);
    text_buffer_add_text(gaps, gaps->length > 0 ? ", " : "");
    text_buffer_add_format(
        gaps, SAY_COUNT(r, units, "%s (%s/%s đơn vị)", "%s (%s of %s unit)", "%s (%s of %s units)"),
        of, texts[0], texts[1]);
}

void figure_note_plan_gaps(struct report *r, struct text_buffer *gaps)
{
    if (gaps->length > 0)
        report_add_note(r,
                        SAY(r,
                            "Kế hoạch và tỷ lệ so với kế hoạch để trống (không phải 0), vì mới có "
                            "kế hoạch của một số đơn vị: %s.",
                            "Planned and the plan rate are empty (not zero), for only some of the "
                            "units have a plan: %s."),
                        gaps->data);
    text_buffer_free(gaps);
}

void figure_note_wave_gap(struct report *r, int64_t planned_waves, int64_t waves)
{
    char texts[2][NUMBER_SIZE];
    if (planned_waves == 0 || planned_waves == waves)
        return;
    format_count(planned_waves, r->language, texts[0]);
    format_count(waves, r->language, texts[1]);
    report_add_note(
        r,
        SAY(r,
            "Kế hoạch của cả khóa học để trống (không phải 0), vì mới có kế hoạch của %s/%s đợt "
            "có danh sách.",
            "Planned of the training is empty (not zero), for only %s of %s waves with "
            "a list have a plan."),
        texts[0], texts[1]);
}

void figure_note_certificates(struct report *r, int64_t passed, int64_t certified)
{
    char texts[2][NUMBER_SIZE];
    if (certified <= passed)
        return;
    format_count(certified, r->language, texts[0]);
    format_count(passed, r->language, texts[1]);
    report_add_note(r,
                    SAY(r,
                        "Được cấp chứng nhận (%s) nhiều hơn đạt (%s): chứng nhận do nền tảng cấp "
                        "theo mức đạt khi đó, còn số đạt tính theo quy định đạt hiện hành.",
                        "More are certified (%s) than passed (%s): the platform gave the "
                        "certificates by its mark of then, passed goes by the rule in force now."),
                    texts[0], texts[1]);
}

void figure_notes_add(struct report *r)
{
    if (r->row_count == 0)
        return;
    const struct report_cell *completed = total_of(r, "completed"), *passed = total_of(r, "passed"),
                             *certified = total_of(r, "certified");
    if (completed != NULL && completed->kind == CELL_EMPTY && is_count(certified))
        figure_note_completion(r);
    if (is_count(passed) && is_count(certified))
        figure_note_certificates(r, passed->count, certified->count);
}
