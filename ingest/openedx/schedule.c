/* Rounds over all courses, head scans in between, and the ends of the slow cycles over accounts and certificates. */
#include <stdio.h>
#include <stdlib.h>

#include "../../common/clock.h"
#include "openedx.h"

struct schedule {
    struct openedx *o;
    bool in_round, enrollments_complete;
    bool emails_due; /* when the accounts of the enrolled have been answered */
    size_t course;   /* of the round */
    int64_t next_round_ms, next_head_ms;
    struct course_sweep *sweep;
    struct head_scan *head;
    size_t head_course;
    bool head_running;
};

struct schedule *schedule_new(struct openedx *o)
{
    struct schedule *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->o = o;
    s->next_round_ms = s->next_head_ms = clock_monotonic_ms();
    return s;
}

void schedule_free(struct schedule *s)
{
    if (!s)
        return;
    course_sweep_free(s->sweep);
    head_scan_free(s->head);
    free(s);
}

static void begin_round(struct schedule *s)
{
    struct openedx *o = s->o;
    int64_t now = clock_monotonic_ms();
    struct error err = {.kind = ERROR_NONE};
    s->next_round_ms = now + o->settings.sweep_ms;
    if (!openedx_load_courses(o, &err)) {
        openedx_problem(o, STREAM_ENROLLMENTS, &err);
        return;
    }
    for (size_t i = 0; i < STREAM_COUNT; i++) {
        o->reports[i].failed = false;
        o->reports[i].rejected = 0;
    }
    s->in_round = s->enrollments_complete = true;
    s->course = 0;
    if (!o->accounts_cycle && now >= o->accounts_due_ms) {
        o->accounts_cycle = true;
        o->accounts_cycle_number++;
        o->accounts_listed = o->accounts_failed = false;
        o->accounts_pending = 0;
        s->emails_due = false;
    }
}

static void end_round(struct schedule *s)
{
    struct openedx *o = s->o;
    s->in_round = false;
    for (size_t i = 0; i < STREAM_COUNT; i++) {
        if (!o->reports[i].failed)
            o->reports[i].problem.kind = ERROR_NONE;
    }
    s->emails_due = true;
}

/* After the enrolled, so that only those who are not among them are asked for by e-mail. */
static void step_emails(struct schedule *s)
{
    struct openedx *o = s->o;
    if (!s->emails_due || asks_pending(o->asks, STREAM_ACCOUNTS) > 0)
        return;
    s->emails_due = false;
    emails_ask(o->emails, o);
    if (o->accounts_cycle && !o->accounts_listed) {
        o->accounts_listed = true;
        o->accounts_failed |= !s->enrollments_complete;
    }
}

static void step_round(struct schedule *s)
{
    struct openedx *o = s->o;
    if (!s->in_round && clock_monotonic_ms() >= s->next_round_ms)
        begin_round(s);
    while (s->in_round) {
        while (!s->sweep && s->course < o->course_count && !o->courses[s->course].active)
            s->course++;
        if (s->course >= o->course_count) {
            end_round(s);
            return;
        }
        if (!s->sweep)
            s->sweep = course_sweep_new(o, s->course);
        if (!course_sweep_step(s->sweep))
            return;
        s->enrollments_complete &= course_sweep_enrollments_complete(s->sweep);
        course_sweep_free(s->sweep);
        s->sweep = NULL;
        s->course++;
    }
}

static void step_heads(struct schedule *s)
{
    int64_t now = clock_monotonic_ms();
    if (!s->head_running && now >= s->next_head_ms) {
        s->head_running = true;
        s->head_course = 0;
        s->next_head_ms = now + s->o->settings.head_ms;
    }
    while (s->head_running) {
        if (!s->head && s->head_course >= s->o->course_count) {
            s->head_running = false;
            return;
        }
        if (!s->head && s->o->courses[s->head_course].active)
            s->head = head_scan_new(s->o, s->head_course);
        if (s->head && !head_scan_step(s->head))
            return;
        head_scan_free(s->head);
        s->head = NULL;
        s->head_course++;
    }
}

/* A slow cycle is over when everybody was listed and every ask is answered. */
static void end_cycles(struct openedx *o)
{
    int64_t now = clock_monotonic_ms();
    if (o->accounts_cycle && o->accounts_listed && o->accounts_pending == 0) {
        bool ok = !o->accounts_failed;
        o->accounts_cycle = false;
        o->accounts_due_ms = now + (ok ? o->settings.accounts_ms : o->settings.sweep_ms);
        openedx_end_sweep(o, STREAM_ACCOUNTS, &o->accounts, ok, o->accounts_started_us,
                          &o->accounts_seen);
    }
    for (size_t i = 0; i < o->course_count; i++) {
        struct course *c = &o->courses[i];
        if (!c->certificates || !c->certificates_listed || c->certificates_pending > 0)
            continue;
        bool ok = !c->certificates_failed;
        c->certificates_due_ms = now + (ok ? o->settings.certificates_ms : o->settings.sweep_ms);
        openedx_end_sweep(o, STREAM_CERTIFICATES, &c->certificates, ok, c->certificates_started_us,
                          &c->seen[STREAM_CERTIFICATES]);
    }
}

void schedule_step(struct schedule *s)
{
    step_round(s);
    step_heads(s);
    asks_step(s->o->asks);
    step_emails(s);
    end_cycles(s->o);
}

void schedule_describe(const struct schedule *s, char *out, size_t size)
{
    if (s->in_round)
        snprintf(out, size, "sweeping %zu of %zu courses (%s)", s->course + 1, s->o->course_count,
                 s->sweep ? course_sweep_phase(s->sweep) : "waiting");
    else
        snprintf(out, size, "idle");
}
