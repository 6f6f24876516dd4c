#include "fold_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct rules *script_rules(void)
{
    struct rules *rules = rules_new();
    int32_t first = clock_day_from_civil(2023, 9, 20);
    rules_add_training(rules, &(struct rule_training){.code = "T1", .completion_min_progress = 1.0});
    rules_add_training(rules, &(struct rule_training){.code = "T2", .completion_min_progress = -1});
    rules_add_pass_rule(rules, 0, &(struct pass_rule){RULE_DEFAULTS, .by_platform = true});
    rules_add_pass_rule(rules, 1, &(struct pass_rule){RULE_DEFAULTS, .min_score = 0.5});
    rules_add_wave(rules, "W1", 0, first, first + 9);
    rules_add_wave(rules, "W2", 0, first + 5, first + 20);
    rules_add_wave(rules, "W3", 1, clock_day_from_civil(2024, 1, 2), INT32_MAX);
    rules_add_course(rules, "mooc", "C1", 0);
    rules_add_course(rules, "mooc", "C2", 0);
    rules_add_course(rules, "mooc", "C3", 1);
    return rules;
}

struct event *script_add(struct script *s, enum event_type type, const char *subject,
                         const char *entity, int64_t revision)
{
    struct event *e = &s->events[s->count];
    memset(e, 0, sizeof(*e));
    snprintf(s->text[s->count][0], 96, "%s", subject ? subject : "");
    snprintf(s->text[s->count][1], 96, "%s", entity);
    e->type = type;
    e->type_name = event_type_name(type);
    e->source = "mooc";
    e->subject = subject ? s->text[s->count][0] : NULL;
    e->entity = s->text[s->count][1];
    e->revision = revision;
    e->time = clock_day_from_civil(2023, 9, 21) * DAY_US + revision;
    s->count++;
    return e;
}

struct event *script_list(struct script *s, const char *subject, const char *wave, const char *unit,
                          const char *name, const char *email)
{
    char entity[96];
    snprintf(entity, sizeof(entity), "roster:%s:%s:%s", wave, unit, subject);
    struct event *e = script_add(s, EVENT_ROSTER_LISTED, subject, entity, (int64_t)s->count + 1);
    e->wave = wave;
    e->unit = unit;
    e->group = "7";
    e->name = name;
    e->present = HAS(WAVE) | HAS(UNIT) | HAS(GROUP) | HAS(NAME) | HAS(IDENTIFIERS);
    if (email)
        e->identifiers = (struct event_list){1, {email}};
    return e;
}

struct event *script_account(struct script *s, const char *subject, const char *email)
{
    char entity[96];
    snprintf(entity, sizeof(entity), "account:%s", subject);
    struct event *e = script_add(s, EVENT_ACCOUNT_CREATED, subject, entity, (int64_t)s->count + 1);
    e->present = HAS(IDENTIFIERS);
    if (email)
        e->identifiers = (struct event_list){1, {email}};
    return e;
}

struct event *script_in_course(struct script *s, enum event_type type, const char *subject,
                               const char *course, int64_t revision)
{
    char entity[96];
    snprintf(entity, sizeof(entity), "%.4s:%s:%s", event_type_name(type), course, subject);
    struct event *e = script_add(s, type, subject, entity, revision);
    e->course = course;
    e->present = HAS(COURSE);
    return e;
}

struct event *script_graded(struct script *s, const char *subject, const char *course, bool sat,
                            bool passed, double score)
{
    struct event *e = script_in_course(s, EVENT_EXAM_GRADED, subject, course, (int64_t)s->count + 1);
    e->present |= HAS(SAT) | HAS(PASSED) | HAS(SCORE) | HAS(MAX_SCORE) | HAS(EXAM);
    e->exam = "course";
    e->sat = sat;
    e->passed = passed;
    e->score = score;
    e->max_score = 1;
    return e;
}

struct event *script_erase(struct script *s, const char *learner)
{
    char entity[96];
    snprintf(entity, sizeof(entity), "erased:%s", learner);
    struct event *e = script_add(s, EVENT_LEARNER_ERASED, NULL, entity, (int64_t)s->count + 1);
    snprintf(s->text[s->count - 1][0], 96, "%s", learner);
    e->key = s->text[s->count - 1][0];
    e->present = HAS(KEY);
    return e;
}

struct run run_start(struct rules *rules, size_t cache)
{
    struct run run = {rules, NULL, fold_store_new()};
    run.fold = fold_new(run.rules, cache);
    return run;
}

void run_finish(struct run *run)
{
    fold_free(run->fold);
    rules_free(run->rules);
    fold_store_free(run->store);
}

void run_expect(const struct run *run, enum scope scope, enum measure measure, int64_t value)
{
    int64_t is = fold_store_sum(run->store, scope, measure);
    if (is != value)
        fail_msg("scope %s measure %d is %ld, should be %ld", scope_names[scope], measure, is, value);
}

size_t run_count(const struct run *run, const char *text)
{
    char *dump = fold_store_dump(run->store, run->fold);
    size_t count = 0;
    for (const char *at = strstr(dump, text); at; at = strstr(at + 1, text))
        count++;
    free(dump);
    return count;
}
