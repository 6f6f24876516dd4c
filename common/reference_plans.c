/* targets.csv, staff.csv, audiences.csv of the reference folder. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "reference_table.h"
#include "text_buffer.h"

#define MOST 1000000000

/* What can be reached: measures as in the tallies, and head counts, also of one audience ("attendances:CODE"). */
static const char *const measures[] = {"registered",   "accounts",   "activated", "enrolled",
                                       "participated", "completed",  "sat",       "passed",
                                       "certified",    "attendances"};

const char *reference_target_audience(const char *measure)
{
    static const char before[] = "attendances:";
    size_t length = sizeof(before) - 1;
    return strncmp(measure, before, length) == 0 ? measure + length : "";
}

static const char *measure(const struct table *t, size_t n)
{
    const char *text = table_cell(t, n);
    if (text[0] == '\0')
        return measures[0];
    for (size_t i = 0; i < ARRAY_LEN(measures); i++) {
        if (strcmp(text, measures[i]) == 0)
            return measures[i];
    }
    if (reference_target_audience(text)[0] != '\0')
        return text;
    const char *nearest = nearest_name(text, measures, ARRAY_LEN(measures));
    struct text_buffer known = {0};
    for (size_t i = 0; i < ARRAY_LEN(measures); i++)
        text_buffer_add_format(&known, "%s%s", i > 0 ? ", " : "", measures[i]);
    if (nearest != NULL)
        reference_fault(t->faults, t->name, table_line(t),
                        "không có chỉ số \"%.40s\"; có phải là %s?",
                        "measure \"%.40s\" is not known; did you mean %s?", text, nearest);
    else
        reference_fault(t->faults, t->name, table_line(t), "không có chỉ số \"%.40s\": %s",
                        "measure \"%.40s\" is not known: %s", text, known.data);
    text_buffer_free(&known);
    return measures[0];
}

static double share(const struct table *t, size_t n)
{
    const char *text = table_cell(t, n);
    if (text[0] == '\0')
        return -1;
    char *end = NULL;
    errno = 0;
    double value = strtod(text, &end);
    if (errno != 0 || end == text || *end != '\0' || !(value > 0 && value <= 1))
        reference_fault(
            t->faults, t->name, table_line(t),
            "share \"%.40s\" không phải là phần của biên chế (trên 0, nhiều nhất "
            "là 1; tất cả: 1)",
            "share \"%.40s\" is no part of the staff (above 0, at most 1; all of it: 1)", text);
    return value;
}

static bool approximate(const struct table *t, size_t n)
{
    const char *text = table_cell(t, n);
    bool yes = strcmp(text, "khoảng") == 0 || strcmp(text, "yes") == 0;
    if (!yes && text[0] != '\0' && strcmp(text, "no") != 0)
        reference_fault(t->faults, t->name, table_line(t),
                        "approximate \"%.40s\" phải là khoảng, yes, no hoặc để trống",
                        "approximate \"%.40s\" must be khoảng, yes, no or empty", text);
    return yes;
}

static const char *code_of(const struct table *t, const struct reference_target *target)
{
    const char *stated = table_code(t, 3, false);
    if (stated[0] != '\0')
        return stated;
    bool plain = strcmp(target->measure, measures[0]) == 0;
    const char *const parts[] = {target->wave, target->training, target->unit,
                                 plain ? "" : target->measure, target->phase};
    struct text_buffer code = {0};
    text_buffer_add_text(&code, "");
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (parts[i][0] != '\0')
            text_buffer_add_format(&code, "%s%s", code.length > 0 ? " " : "", parts[i]);
    }
    const char *copy = reference_text(t->arena, code.data);
    text_buffer_free(&code);
    return copy;
}

static void check_amount(const struct table *t, const struct reference_target *target)
{
    int stated = (target->planned >= 0) + (target->share >= 0) + (target->per_helper >= 0);
    if (stated != 1)
        reference_fault(t->faults, t->name, table_line(t),
                        "phải ghi một và chỉ một trong planned, share và per_helper",
                        "one of planned, share and per_helper must be stated, and only one");
    if (target->planned_max >= 0 && target->planned < 0)
        reference_fault(t->faults, t->name, table_line(t), "planned_max đi cùng planned",
                        "planned_max goes with planned");
    else if (target->planned_max >= 0 && target->planned_max < target->planned)
        reference_fault(t->faults, t->name, table_line(t), "planned_max nhỏ hơn planned",
                        "planned_max is less than planned");
    if (target->share >= 0 && target->staff_on[0] == '\0')
        reference_fault(t->faults, t->name, table_line(t),
                        "share đi cùng staff_on: ngày tính biên chế",
                        "share goes with staff_on: the day on which the staff was counted");
    if (target->share < 0 && target->staff_on[0] != '\0')
        reference_fault(t->faults, t->name, table_line(t), "staff_on đi cùng share",
                        "staff_on goes with share");
    if (target->per_helper == 0)
        reference_fault(t->faults, t->name, table_line(t), "per_helper phải ít nhất là 1",
                        "per_helper must be at least 1");
    if (target->begins[0] != '\0' && target->ends[0] != '\0' &&
        strcmp(target->begins, target->ends) > 0)
        reference_fault(t->faults, t->name, table_line(t), "chỉ tiêu kết thúc trước khi bắt đầu",
                        "the target ends before it begins");
}

static bool read_targets(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {
        "wave",         "unit",         "planned", "?code",     "?training",
        "?measure",     "?planned_max", "?share",  "?staff_on", "?per_helper",
        "?approximate", "?phase",       "?begins", "?ends",     NULL};
    struct table t = {.name = "targets.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = table_open(&t, folder, false);
    struct reference_target *targets = table_items(&t, sizeof(*targets), 1);
    while (ok && table_next(&t)) {
        struct reference_target *target = &targets[r->target_count++];
        target->wave = table_code(&t, 0, false);
        target->unit = table_code(&t, 1, true);
        target->planned = table_number(&t, 2, false, MOST, -1);
        target->training = table_code(&t, 4, false);
        target->measure = measure(&t, 5);
        target->planned_max = table_number(&t, 6, false, MOST, -1);
        target->share = share(&t, 7);
        target->staff_on = table_date(&t, 8, false);
        target->per_helper = table_number(&t, 9, false, MOST, -1);
        target->approximate = approximate(&t, 10);
        target->phase = table_cell(&t, 11);
        target->begins = table_date(&t, 12, false);
        target->ends = table_date(&t, 13, false);
        target->code = code_of(&t, target);
        check_amount(&t, target);
    }
    r->targets = targets;
    t.arena->lines.targets = t.lines;
    table_close(&t);
    return ok;
}

static bool read_staff(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"unit", "day", "staff", "helpers", NULL};
    struct table t = {.name = "staff.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = table_open(&t, folder, false);
    struct reference_staff *staff = table_items(&t, sizeof(*staff), 1);
    while (ok && table_next(&t)) {
        struct reference_staff *s = &staff[r->staff_count++];
        s->unit = table_code(&t, 0, true);
        s->day = table_date(&t, 1, true);
        s->staff = table_number(&t, 2, false, MOST, -1);
        s->helpers = table_number(&t, 3, false, MOST, -1);
        if (s->staff < 0 && s->helpers < 0)
            reference_fault(faults, t.name, table_line(&t), "phải ghi staff hoặc helpers",
                            "staff or helpers must be stated");
    }
    r->staff = staff;
    t.arena->lines.staff = t.lines;
    table_close(&t);
    return ok;
}

static bool read_audiences(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"kind", "code", "name_vi", "name_en", NULL};
    struct table t = {
        .name = "audiences.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = table_open(&t, folder, false);
    struct reference_audience *audiences = table_items(&t, sizeof(*audiences), 1);
    while (ok && table_next(&t)) {
        struct reference_audience *a = &audiences[r->audience_count++];
        a->kind = table_cell(&t, 0);
        if (strcmp(a->kind, "audience") != 0 && strcmp(a->kind, "inviter") != 0)
            reference_fault(faults, t.name, table_line(&t), "kind phải là audience hoặc inviter",
                            "kind must be audience or inviter");
        a->code = table_text(&t, 1);
        a->name_vi = table_text(&t, 2);
        a->name_en = table_cell(&t, 3)[0] != '\0' ? table_cell(&t, 3) : a->name_vi;
    }
    r->audiences = audiences;
    t.arena->lines.audiences = t.lines;
    table_close(&t);
    return ok;
}

bool reference_read_plans(struct reference *r, const char *folder, struct reference_faults *faults)
{
    bool targets = read_targets(r, folder, faults), staff = read_staff(r, folder, faults);
    return read_audiences(r, folder, faults) && targets && staff;
}
