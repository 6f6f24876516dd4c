/* The reports by name: each asks the views of schema bi, and those of schema pulse for what day it is and how far platforms were read, and
 * gives a report. */
#ifndef MOOC_AGGREGATOR_REPORTS_H
#define MOOC_AGGREGATOR_REPORTS_H

#include "../../common/clock.h"
#include "../pg.h"
#include "report.h"
#include "trace.h"

/* Before the code of an audience whose column in `headcounts` would have the name of another one. */
#define HEADCOUNT_AUDIENCE "audience:"

struct report_request {
    const char *name;
    const char *wave;     /* NULL: the only counted one, where a report needs one */
    const char *training; /* NULL: the wave's, or the only one */
    const char *unit;     /* NULL: all; else this one with all below it */
    const char *month;    /* "2023-09"; NULL: the month of today, or all time */
    int64_t below;        /* percent */
    bool reads_only; /* by a BI tool's login, which may give no other command; reports_make fills it in */
    enum language language;
    char at[CLOCK_TEXT_SIZE];   /* the views show the figures as of this instant; "": as of now */
    struct report_trace *trace; /* NULL: nobody wants to know what is asked */
};

/* What a report is about. Texts live as long as the report. */
struct report_scope {
    /* NULL: no single one */
    const char *wave, *wave_name, *begins, *ends; /* days as "20/09/2023" */
    const char *province, *province_name;
    const char *figures; /* of the wave: "counted" or "published" */
    const char *training, *training_name;
    const char *unit, *unit_name;
    const char *units; /* "{HG,HG-CAT}": the unit with all below it; NULL: all */
    const char *month; /* "2023-09-01" */
};

/* Inside a read-only transaction. Reads schema bi alone, also for a login that is limited to units: then the report is of a unit of its
 * own. NULL on failure; an unknown name, wave, training, unit or month is ERROR_USAGE and says which
 * there are. */
struct report *reports_make(struct pg *pg, const struct report_request *asked, struct error *err);

/* The reports of a wave, which are closed for a document: by number, NULL behind the last. */
const char *reports_of_wave(size_t number);
/* Sets of the request what is asked for when the report is closed for a document of the wave, of that training. */
void reports_ask_of_wave(struct report_request *request, const char *name, const char *wave,
                         const char *training);
/* What the report that is asked for would be about; texts go into report. */
bool reports_scope(struct pg *pg, const struct report_request *request, struct report *report,
                   struct report_scope *scope, struct error *err) MUST_CHECK;

/* Each fills a report whose scope is known; false with err set on failure. Nothing to tell (a training without deadlines) is no failure:
 * the report prints a note, and says_nothing is set. */
typedef bool report_maker(struct pg *pg, const struct report_request *request,
                          const struct report_scope *scope, struct report *report, struct error *err);

report_maker report_appendix1, report_appendix2, report_groups, report_participation, report_waves,
    report_monthly, report_deadlines, report_issues, report_headcounts, report_targets,
    report_summary;
/* A part of the monthly report: of all units together. */
report_maker report_deadlines_of_waves;

/* pg_query, kept for the reader who asks where a report is from. */
struct pg_rows *report_ask(struct pg *pg, const struct report_request *request, const char *sql,
                           size_t count, const char *const *parameters, struct error *err);

/* The streams of the training's platforms that have not been read through request->at, as text, in one row; NULL: all have. Then through when
 * all have been read, as people read it; NULL: one was never read. without: sources that do not count, with commas between them, or NULL. */
struct pg_rows *report_unread_streams(struct pg *pg, const struct report_request *request,
                                      const char *training, const char *without, struct error *err);
/* Under a line that states request->at: which were not read so far. unread: as above, not NULL. */
void report_add_unread_line(struct report *report, const char *unread);

/* "Khóa học: …", and of a wave its name and days, and of a unit its name, as lines under the title. */
void report_add_scope_lines(struct report *report, const struct report_scope *scope);

/* Puts an integer of the query into a count column, leaving it empty where it is not known. */
void report_put_known(struct report *report, size_t row, const char *column,
                      const struct pg_rows *rows, size_t from, size_t at);

#endif
