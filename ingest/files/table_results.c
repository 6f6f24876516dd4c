/* Exam results exported by hand: the person's account with what identifies it, and the graded attempt. */
#include "table_map_internal.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/text.h"
#include "table_cells.h"
#include "totals_read.h"

/* The bits of a graded exam's status, as every source sets them. */
#define PASSED_BIT 1U
#define SAT_BIT 2U

struct result {
    const struct reference_course *course;
    const char *exam;
    int64_t attempt, time;
    double score, max_score;
    bool has_score, has_max, has_passed, passed, absent, has_time;
};

static bool same_text(const char *a, const char *b)
{
    char x[400], y[400];
    return text_fold(a, x, sizeof(x)) && text_fold(b, y, sizeof(y)) && strcmp(x, y) == 0;
}

/* A code is nobody's, be there digits in it: unless it is an address, the person's name, or nothing but a long number. */
static const char *quote_course(const struct table_mapping_row *m, const char *cell,
                                char out[TABLE_QUOTE])
{
    bool number = cell[strspn(cell, "0123456789 .-+()")] == '\0' && roster_is_identifier(cell);
    if (number || strchr(cell, '@') != NULL || same_text(cell, m->row->cell[TABLE_NAME]) ||
        same_text(cell, m->row->cell[TABLE_ACCOUNT]))
        return table_quote(m, cell, out);
    (void)snprintf(out, TABLE_QUOTE, "%.*s", text_fit(cell, TABLE_QUOTE - 1), cell);
    return out;
}

/* By the cell, or the only one of this source. */
static bool take_course(const struct table_mapping_row *m, struct result *out)
{
    const struct reference *r = m->origin->reference;
    const char *cell = m->row->cell[TABLE_COURSE];
    char quoted[TABLE_QUOTE];
    size_t known = 0;
    for (size_t i = 0; i < r->course_count; i++) {
        const struct reference_course *c = &r->courses[i];
        if (strcmp(c->source, m->origin->source) != 0)
            continue;
        known++;
        if (cell[0] == '\0' || same_text(cell, c->course)) {
            out->course = c;
            known = cell[0] == '\0' ? known : 1;
            if (cell[0] != '\0')
                break;
        }
    }
    if (cell[0] == '\0' && known != 1)
        return table_refuse(m, "course_missing", "the row names no course");
    if (out->course == NULL)
        return table_refuse(m, "course_unknown", "course \"%s\" of source %s is not in courses.csv",
                            quote_course(m, cell, quoted), m->origin->source);
    return true;
}

static bool take_score(const struct table_mapping_row *m, struct result *out)
{
    const char *score = m->row->cell[TABLE_SCORE], *max = m->row->cell[TABLE_MAX_SCORE];
    char quoted[TABLE_QUOTE];
    double ignored = 0, said = -1;
    enum table_answer answer = table_answer(m->row->cell[TABLE_PASSED]);
    out->absent = answer == ANSWER_ABSENT;
    if (score[0] != '\0' && strcmp(score, "-") != 0 && table_answer(score) == ANSWER_ABSENT)
        out->absent = true;
    else if (score[0] != '\0' && strcmp(score, "-") != 0) {
        if (!table_score(score, &out->score, &said))
            return table_refuse(m, "score_malformed", "\"%s\" is no score",
                                table_quote(m, score, quoted));
        out->has_score = true;
    }
    if (max[0] != '\0' && (!table_score(max, &out->max_score, &ignored) || out->max_score <= 0))
        return table_refuse(m, "score_malformed", "the highest score possible is no number above 0");
    out->has_max = max[0] != '\0' || said > 0;
    out->max_score = said > 0 ? said : out->max_score;
    if (out->has_score && out->has_max && out->score > out->max_score)
        return table_refuse(m, "score_inconsistent", "the score is above the highest one possible");
    if (answer == ANSWER_UNCLEAR)
        return table_refuse(m, "passed_malformed",
                            "the column of passed or not says neither \"Đạt\" nor \"Không đạt\"");
    out->has_passed = answer == ANSWER_YES || answer == ANSWER_NO;
    out->passed = answer == ANSWER_YES;
    if (out->has_score && !out->has_max && !out->has_passed)
        return table_refuse(m, "max_score_missing",
                            "a score without the highest one possible says nothing: add the column "
                            "\"Điểm tối đa\"");
    return true;
}

static bool take_rest(const struct table_mapping_row *m, struct result *out)
{
    const char *attempt = m->row->cell[TABLE_ATTEMPT], *date = m->row->cell[TABLE_DATE];
    out->attempt = totals_number(attempt);
    if (out->attempt == -2 || out->attempt == 0 || out->attempt > 1000)
        return table_refuse(m, "attempt_malformed", "the number of the attempt is none");
    out->has_time = date[0] != '\0' && strcmp(date, "-") != 0;
    if (out->has_time && !table_instant(date, &out->time))
        return table_refuse(m, "date_malformed", "the day of the exam is none: write day/month/year");
    out->exam = m->row->cell[TABLE_EXAM][0] != '\0' ? m->row->cell[TABLE_EXAM] : "course";
    if (strlen(out->exam) > EVENT_MAX_KEY || table_is_personal(m, out->exam))
        return table_refuse(m, "exam_malformed", "the name of the exam is none");
    /* A quiz that was exported too would pass people who never sat the final exam. */
    const char *final_exam = out->course->exam;
    char quoted[TABLE_QUOTE];
    if (m->row->cell[TABLE_EXAM][0] != '\0' && final_exam[0] != '\0' &&
        !same_text(out->exam, final_exam))
        return table_refuse(m, "exam_other",
                            "\"%s\" is not the final exam that courses.csv names: \"%s\"",
                            table_quote(m, out->exam, quoted), final_exam);
    return true;
}

/* "account@<platform>:<32 hex>" */
static void account_key(const struct table_mapping_row *m, const struct table_person *p,
                        char out[IDENTITY_KEY])
{
    const struct table_origin *o = m->origin;
    char text[1200], folded[600];
    const char *strongest = table_strongest(p);
    if (p->account[0] != '\0') {
        identity_account_key(o->hmac, o->platform != NULL ? o->platform : o->source, p->account, out);
        return;
    }
    if (!text_fold(p->name, folded, sizeof(folded)))
        folded[0] = '\0';
    if (strongest != NULL)
        (void)snprintf(text, sizeof(text), "%s+%s", strongest, folded);
    else
        (void)snprintf(text, sizeof(text), "row:%s:%s", folded, p->birth_date);
    identity_account_key(o->hmac, o->source, text, out);
}

static void emit_account(const struct table_mapping_row *m, const struct table_person *p,
                         const char *subject)
{
    char entity[EVENT_MAX_KEY + 1];
    struct table_fact fact = {.event = table_event(m, EVENT_ACCOUNT_CREATED),
                              .stream = TABLE_STREAM_ACCOUNTS,
                              .substream = ""};
    (void)snprintf(entity, sizeof(entity), "account:%.64s:%s", m->origin->source,
                   strrchr(subject, ':') + 1);
    fact.event.entity = entity;
    fact.event.subject = subject;
    table_identify(p, &fact.event);
    m->emit(m->context, &fact);
}

static void name_exam(const struct table_mapping_row *m, const struct result *r,
                      const char *subject, char out[EVENT_MAX_KEY + 1])
{
    char which[24], exam[17], course[17];
    if (r->attempt > 0)
        (void)snprintf(which, sizeof(which), "%lld", (long long)r->attempt);
    else if (r->has_time)
        clock_format_date(clock_day(r->time), which);
    else
        (void)snprintf(which, sizeof(which), "1");
    table_hash(r->exam, exam);
    table_hash(r->course->course, course);
    (void)snprintf(out, EVENT_MAX_KEY + 1, "exam:%.64s:%.100s:%s:%s:%s", m->origin->source,
                   strlen(r->course->course) <= 100 ? r->course->course : course,
                   strrchr(subject, ':') + 1, strcmp(r->exam, "course") == 0 ? "course" : exam,
                   which);
}

static void emit_exam(const struct table_mapping_row *m, const struct result *r, const char *subject)
{
    char entity[EVENT_MAX_KEY + 1];
    struct table_fact fact = {.event = table_event(m, EVENT_EXAM_GRADED),
                              .stream = TABLE_STREAM_GRADES,
                              .substream = r->course->course};
    struct event *e = &fact.event;
    bool sat = !r->absent && (r->has_score || r->has_passed);
    name_exam(m, r, subject, entity);
    e->entity = entity;
    e->subject = subject;
    e->course = r->course->course;
    e->exam = r->exam;
    e->sat = sat;
    e->time = r->time;
    e->time_observed = !r->has_time;
    e->present = 1ULL << FIELD_COURSE | 1ULL << FIELD_EXAM | 1ULL << FIELD_SAT;
    if (r->attempt > 0) {
        e->attempt = r->attempt;
        e->present |= 1ULL << FIELD_ATTEMPT;
    }
    if (sat && r->has_score) {
        e->score = r->score;
        e->present |= 1ULL << FIELD_SCORE;
    }
    if (sat && r->has_score && r->has_max) {
        e->max_score = r->max_score;
        e->present |= 1ULL << FIELD_MAX_SCORE;
    }
    if (sat && r->has_passed) {
        e->passed = r->passed;
        e->present |= 1ULL << FIELD_PASSED;
    }
    fact.status = (uint8_t)((e->passed ? PASSED_BIT : 0) | (sat ? SAT_BIT : 0));
    m->emit(m->context, &fact);
}

bool table_map_result(const struct table_mapping_row *m)
{
    struct table_person person;
    struct result result = {0};
    char subject[IDENTITY_KEY];
    if (!table_take_person(m, &person) || !take_course(m, &result) || !take_score(m, &result) ||
        !take_rest(m, &result))
        return false;
    if (table_strongest(&person) == NULL && person.account[0] == '\0')
        return table_refuse(
            m, "identifier_missing",
            "a name alone tells nobody apart: add e-mail, citizen number or user name");
    if (!result.has_score && !result.has_passed && !result.absent)
        return true; /* enrolled, and did not sit yet */
    account_key(m, &person, subject);
    emit_account(m, &person, subject);
    emit_exam(m, &result, subject);
    return true;
}
