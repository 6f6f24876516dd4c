#include "folder_json.h"

#include "../../common/clock.h"

static void add_name(struct text_buffer *out, const char *name)
{
    char last = out->length > 0 ? out->data[out->length - 1] : '{';
    if (last != '{' && last != '[')
        text_buffer_add_text(out, ",");
    text_buffer_add_json_string(out, name);
    text_buffer_add_text(out, ":");
}

static void add_text(struct text_buffer *out, const char *name, const char *value)
{
    add_name(out, name);
    text_buffer_add_json_string(out, value);
}

static void add_text_or_null(struct text_buffer *out, const char *name, const char *value)
{
    add_name(out, name);
    if (value == NULL || value[0] == '\0')
        text_buffer_add_text(out, "null");
    else
        text_buffer_add_json_string(out, value);
}

static void add_number(struct text_buffer *out, const char *name, int64_t value)
{
    add_name(out, name);
    text_buffer_add_number(out, value);
}

static void add_number_or_null(struct text_buffer *out, const char *name, int64_t value)
{
    add_name(out, name);
    if (value >= 0)
        text_buffer_add_number(out, value);
    else
        text_buffer_add_text(out, "null");
}

static void add_share_or_null(struct text_buffer *out, const char *name, double value)
{
    add_name(out, name);
    if (value >= 0)
        text_buffer_add_json_double(out, value);
    else
        text_buffer_add_text(out, "null");
}

static void add_boolean(struct text_buffer *out, const char *name, bool value)
{
    add_name(out, name);
    text_buffer_add_text(out, value ? "true" : "false");
}

static void open_array(struct text_buffer *out, const char *name)
{
    add_name(out, name);
    text_buffer_add_text(out, "[");
}

static void add_texts(struct text_buffer *out, const char *name, const char *const *texts,
                      size_t count)
{
    open_array(out, name);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_buffer_add_text(out, ",");
        text_buffer_add_json_string(out, texts[i]);
    }
    text_buffer_add_text(out, "]");
}

typedef void (*add_item)(struct text_buffer *out, const void *item);

/* An array of objects; add: the members of one. */
static void add_list(struct text_buffer *out, const char *name, const void *items, size_t count,
                     size_t size, add_item add)
{
    open_array(out, name);
    for (size_t i = 0; i < count; i++) {
        text_buffer_add_text(out, i > 0 ? ",{" : "{");
        add(out, (const char *)items + i * size);
        text_buffer_add_text(out, "}");
    }
    text_buffer_add_text(out, "]");
}

static void add_unit(struct text_buffer *out, const void *item)
{
    const struct reference_unit *u = item;
    add_text(out, "unit", u->code);
    add_text(out, "name", u->name);
    add_text(out, "printed_name", u->printed_name);
    add_text(out, "kind", u->kind);
    add_text_or_null(out, "parent", u->parent);
    add_text_or_null(out, "territory", u->territory);
    add_number(out, "print_order", u->print_order);
    add_text_or_null(out, "valid_from", u->valid_from);
    add_text_or_null(out, "valid_to", u->valid_to);
    add_text_or_null(out, "official_code", u->official_code);
    if (u->successor_count > 0)
        add_texts(out, "successors", u->successors, u->successor_count);
    else
        add_text_or_null(out, "successors", NULL);
    add_texts(out, "aliases", u->aliases, u->alias_count);
}

static void add_pass_rule(struct text_buffer *out, const struct reference_pass_rule *rule,
                          size_t position)
{
    add_number(out, "position", (int64_t)position);
    add_boolean(out, "by_platform", rule->by_platform);
    add_share_or_null(out, "min_score", rule->min_score);
    add_share_or_null(out, "min_progress", rule->min_progress);
    add_boolean(out, "certificate", rule->certificate);
    add_text(out, "attempt", rule->attempt);
    if (rule->wave_count > 0)
        add_texts(out, "waves", rule->waves, rule->wave_count);
    else
        add_text_or_null(out, "waves", NULL);
    add_text_or_null(out, "valid_from", rule->from);
    add_text_or_null(out, "valid_to", rule->to);
}

/* 0 is none of a training's numbers. */
static int64_t stated(int number)
{
    return number > 0 ? number : -1;
}

static void add_training(struct text_buffer *out, const void *item)
{
    const struct reference_training *t = item;
    add_text(out, "training", t->code);
    add_text(out, "name_vi", t->name_vi);
    add_text(out, "name_en", t->name_en);
    add_share_or_null(out, "completion_min_progress", t->completion_min_progress);
    add_text_or_null(out, "completion_by", t->completion_by);
    add_number_or_null(out, "completion_min_attendance", stated(t->completion_min_attendance));
    add_number_or_null(out, "deadline_working_days", stated(t->deadline_working_days));
    add_number_or_null(out, "lectures", stated(t->lectures));
    add_number_or_null(out, "lecture_minutes", stated(t->lecture_minutes));
    open_array(out, "pass_rules");
    for (size_t i = 0; i < t->rule_count; i++) {
        text_buffer_add_text(out, i > 0 ? ",{" : "{");
        add_pass_rule(out, &t->rules[i], i + 1);
        text_buffer_add_text(out, "}");
    }
    text_buffer_add_text(out, "]");
}

static void add_wave(struct text_buffer *out, const void *item)
{
    const struct reference_wave *w = item;
    add_text(out, "wave", w->code);
    add_text(out, "training", w->training);
    add_text_or_null(out, "province", w->province);
    add_text(out, "name", w->name);
    add_text(out, "printed_name", w->printed_name);
    add_text_or_null(out, "begins", w->begins);
    add_text_or_null(out, "ends", w->ends);
    add_boolean(out, "totals_only", w->totals_only);
    add_number(out, "print_order", w->print_order);
}

static void add_course(struct text_buffer *out, const void *item)
{
    const struct reference_course *c = item;
    add_text(out, "source", c->source);
    add_text(out, "course", c->course);
    add_text(out, "training", c->training);
    add_text(out, "exam", c->exam);
    add_boolean(out, "learning_shown", !c->learning_hidden);
}

static void add_day_or_null(struct text_buffer *out, const char *name, int32_t day)
{
    char text[CLOCK_DATE_SIZE] = "";
    if (day != REFERENCE_OPEN_FROM && day != REFERENCE_OPEN_TO)
        clock_format_date(day, text);
    add_text_or_null(out, name, text);
}

/* Where nothing stands above a unit no line is needed. */
static void add_unit_lines(struct text_buffer *out, const struct reference *r)
{
    size_t written = 0;
    open_array(out, "unit_lines");
    for (size_t i = 0; i < r->line_count; i++) {
        const struct reference_unit_line *line = &r->lines[i];
        if (line->above == NULL)
            continue;
        text_buffer_add_text(out, written++ > 0 ? ",{" : "{");
        add_text(out, "unit", line->unit->code);
        add_text(out, "tree", line->by_territory ? "territory" : "management");
        add_text(out, "above", line->above->code);
        add_day_or_null(out, "valid_from", line->from);
        add_day_or_null(out, "valid_to", line->to);
        text_buffer_add_text(out, "}");
    }
    text_buffer_add_text(out, "]");
}

static void add_target(struct text_buffer *out, const void *item)
{
    const struct reference_target *t = item;
    add_text(out, "target", t->code);
    add_text(out, "wave", t->wave);
    add_text(out, "training", t->training);
    add_text(out, "unit", t->unit);
    add_text(out, "measure", t->measure);
    add_number_or_null(out, "planned", t->planned);
    add_number_or_null(out, "planned_max", t->planned_max);
    add_share_or_null(out, "share", t->share);
    add_text_or_null(out, "staff_on", t->staff_on);
    add_number_or_null(out, "per_helper", t->per_helper);
    add_boolean(out, "approximate", t->approximate);
    add_text(out, "phase", t->phase);
    add_text_or_null(out, "begins", t->begins);
    add_text_or_null(out, "ends", t->ends);
}

static void add_staff(struct text_buffer *out, const void *item)
{
    const struct reference_staff *s = item;
    add_text(out, "unit", s->unit);
    add_text(out, "day", s->day);
    add_number_or_null(out, "staff", s->staff);
    add_number_or_null(out, "helpers", s->helpers);
}

static void add_audience(struct text_buffer *out, const void *item)
{
    const struct reference_audience *a = item;
    add_text(out, "kind", a->kind);
    add_text(out, "audience", a->code);
    add_text(out, "name_vi", a->name_vi);
    add_text(out, "name_en", a->name_en);
}

static void add_day(struct text_buffer *out, const void *item)
{
    const struct reference_day *d = item;
    add_text(out, "day", d->date);
    add_text(out, "kind", d->kind);
    add_text(out, "name", d->name);
}

#define ADD_LIST(out, name, items, count, add)                                                     \
    add_list((out), (name), (items), (count), sizeof(*(items)), (add))

void folder_json(const struct reference *r, struct text_buffer *out)
{
    text_buffer_add_text(out, "{");
    ADD_LIST(out, "units", r->units, r->unit_count, add_unit);
    add_unit_lines(out, r);
    ADD_LIST(out, "trainings", r->trainings, r->training_count, add_training);
    ADD_LIST(out, "waves", r->waves, r->wave_count, add_wave);
    ADD_LIST(out, "courses", r->courses, r->course_count, add_course);
    ADD_LIST(out, "targets", r->targets, r->target_count, add_target);
    ADD_LIST(out, "staff", r->staff, r->staff_count, add_staff);
    ADD_LIST(out, "audiences", r->audiences, r->audience_count, add_audience);
    ADD_LIST(out, "calendar", r->days, r->day_count, add_day);
    text_buffer_add_text(out, "}");
}
