/* The reference folder that `mooc-aggregator config load` and mooc-ingest (option `reference`) read: units.csv, trainings.yaml,
 * waves.csv, courses.csv and, where they are there, official-units.csv, unit_history.csv, targets.csv, staff.csv, audiences.csv,
 * calendar.csv. Read whole, checked whole: every fault is reported with file and line. */
#ifndef MOOC_REFERENCE_H
#define MOOC_REFERENCE_H

#include "base.h"
#include "error.h"

struct reference_unit {
    const char *code, *name, *printed_name, *kind, *parent, *territory;
    const char *official_code; /* of the official list of administrative units, or "" */
    int print_order;
    const char *valid_from, *valid_to; /* ISO date or "" */
    size_t successor_count;            /* several: the unit was split */
    const char *const *successors;
    size_t alias_count;
    const char *const *aliases;
};

/* Which unit stood above another; of one unit and tree without overlap, in order of unit, tree, day. */
struct reference_unit_line {
    const struct reference_unit *unit, *above; /* above NULL: none */
    bool by_territory;                         /* else by management */
    int32_t from,
        to;   /* days as in clock.h, both belong to it; REFERENCE_OPEN_FROM, REFERENCE_OPEN_TO */
    int line; /* in unit_history.csv; 0: it is the parent or territory of units.csv */
};
#define REFERENCE_OPEN_FROM INT32_MIN
#define REFERENCE_OPEN_TO INT32_MAX

/* An attempt is judged by the first rule of its training whose waves and days fit it. */
struct reference_pass_rule {
    bool by_platform;    /* else by score */
    double min_score;    /* share of max_score, 0..1; negative: by platform */
    double min_progress; /* 0..1, must be reached as well; negative: none stated */
    bool certificate;    /* is required as well */
    const char *attempt; /* which of the attempts decides: best, last, first */
    size_t wave_count;   /* 0: all waves */
    const char *const *waves;
    const char *from, *to; /* of the attempt: ISO date or "" */
    int line;              /* in trainings.yaml */
};

struct reference_training {
    const char *code, *name_vi, *name_en;
    size_t rule_count; /* at least 1 */
    const struct reference_pass_rule *rules;
    /* Completed: when any of these holds. */
    double completion_min_progress; /* 0..1; negative: none stated */
    const char *completion_by;      /* "passed", "certificate" or "" */
    int completion_min_attendance;  /* days of classes; 0: none stated */
    int deadline_working_days;      /* 0: none stated */
    int lectures, lecture_minutes;  /* 0: none stated */
};

struct reference_wave {
    const char *code, *training, *province, *name, *printed_name;
    const char *begins, *ends; /* ISO date or "" */
    bool totals_only;
    int print_order;
};

struct reference_course {
    const char *source, *course, *training,
        *exam;            /* exam: label or id of the exam's subsection, may be "" */
    bool learning_hidden; /* who passes here may have learned where nobody sees it */
};

/* Of planned, share, per_helper exactly one is stated. */
struct reference_target {
    const char *code, *wave, *training, *unit; /* wave and training may be "" */
    const char *measure;          /* as in the tallies, "attendances" or "attendances:AUDIENCE" */
    int64_t planned, planned_max; /* -1: not stated */
    double share;                 /* of the staff on the day staff_on; negative: not stated */
    const char *staff_on;
    int64_t per_helper; /* -1: not stated */
    bool approximate;   /* the plan says "khoảng" */
    const char *phase, *begins, *ends;
};

struct reference_staff {
    const char *unit, *day;
    int64_t staff, helpers; /* -1: not known */
};

struct reference_audience {
    const char *kind, *code, *name_vi, *name_en; /* kind: audience or inviter */
};

struct reference_day {
    const char *date, *kind, *name;
};

struct reference {
    size_t unit_count, line_count, training_count, wave_count, course_count, target_count;
    size_t staff_count, audience_count, day_count;
    const struct reference_unit *units;
    const struct reference_unit_line *lines;
    const struct reference_training *trainings;
    const struct reference_wave *waves;
    const struct reference_course *courses;
    const struct reference_target *targets;
    const struct reference_staff *staff;
    const struct reference_audience *audiences;
    const struct reference_day *days;
    void *arena; /* owns everything above */
};

/* fault: its message names file and line, in both languages. */
typedef void reference_report(void *context, const struct error *fault);
/* NULL with ERROR_CONFIG naming the first fault; all faults go one by one to report (may be NULL). */
struct reference *reference_load(const char *folder, reference_report *report, void *context,
                                 struct error *err);
void reference_free(struct reference *reference);

/* Which unit stood above another, by codes; from, to: ISO date or "". */
struct reference_above {
    const char *unit, *above, *from, *to;
    bool by_territory;
};
/* Units alone, from where a folder was loaded into before: for finding them by name. Texts are copied. */
struct reference *reference_of_units(const struct reference_unit *units, size_t count,
                                     const struct reference_above *lines, size_t line_count);

const struct reference_wave *reference_find_wave(const struct reference *r, const char *code);
const struct reference_unit *reference_find_unit(const struct reference *r, const char *code);

/* A unit by code, name, printed name or alias, as DOMAIN says (case, spaces, Unicode form, tone placement, "TP."/"H."/"GD&ĐT",
 * "UBND huyện X" = "Huyện X"). Only within the subtree of province (code) when province is not NULL. NULL if unknown or
 * ambiguous; then suggestions (if not NULL) gets up to three printed names, comma separated. */
const struct reference_unit *reference_match_unit(const struct reference *r, const char *province,
                                                  const char *text, char *suggestions, size_t size);

/* Hash over everything in the folder: changes when anything changes (32 hex digits). */
void reference_fingerprint(const struct reference *r, char out[33]);

#endif
