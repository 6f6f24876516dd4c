/* Section II of an office's report as running text: the figures, the words for them, the sentences. All pure; summary.c asks the
 * database. */
#ifndef MOOC_AGGREGATOR_SUMMARY_H
#define MOOC_AGGREGATOR_SUMMARY_H

#include "report.h"

enum summary_class {
    CLASS_DEPARTMENT, /* sở, ngành, đoàn thể, trường … */
    CLASS_LOCALITY,   /* huyện, xã, thôn */
    CLASS_COUNT
};

struct summary_unit {
    const char *code, *name, *kind; /* "Huyện Xín Mần", "huyen" */
    int64_t registered, participated;
};

struct summary_group {
    size_t unit; /* index into units */
    const char *name;
    int64_t registered, participated;
};

struct summary_province {
    const char *name;
    int64_t registered;
};

struct summary_figures {
    const char *begins, *ends; /* "20/09/2023", or NULL */
    int64_t waves;             /* that the figures are of */
    const char *province;      /* NULL: none */
    bool is_city;              /* a city of the rank of a province */
    bool officials;            /* all learners are officials, so far as is known */
    int64_t below;             /* percent: groups below it are named */
    const struct summary_unit *units;
    size_t unit_count;
    const struct summary_group *groups; /* of each unit together, the lowest rate first */
    size_t group_count;
    int64_t registered;
    bool has_data; /* a platform was seen: else what follows is not known */
    int64_t accounts, participated, sat, passed, certified;
    const char *pass_rules; /* in the report's language, "điểm từ 80%, lần thi tốt nhất"; NULL: none */
    int64_t provinces, rank; /* 0: not ranked */
    const struct summary_province *ahead;
    size_t ahead_count;
};

/* Adds the paragraphs, and the groups' rates as a note. */
void summary_write(const struct summary_figures *figures, struct report *report);

/* Words. All texts belong to the report. ------------------------------------------------------------------------------------- */

/* "02", "154", "2.716" as the offices write counts; "2" in English. */
const char *summary_count(struct report *report, int64_t count);
/* "77,4%"; whole: "10%" for 10,0 %. "" without a whole. */
const char *summary_rate(struct report *report, int64_t part, int64_t whole, bool short_form);
/* "20/9", "2/01/2024" of "20/09/2023": a month below 3 and a day below 10 keep their zero, as is the rule. */
const char *summary_day(struct report *report, const char *day, bool with_year);

enum summary_class summary_class_of(const char *kind);
/* Districts lose their kind, the province's city its name: "Xín Mần", "Thành phố"; with_kind: "huyện Xín Mần". */
const char *summary_name(struct report *report, const struct summary_figures *figures,
                         const struct summary_unit *unit, bool with_kind);
/* A copy of what the buffer holds, which is freed. */
const char *summary_keep(struct report *report, struct text_buffer *text);

#endif
