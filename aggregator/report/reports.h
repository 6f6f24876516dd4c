/* The reports by name: each asks the views of schema bi and gives a report. */
#ifndef MOOC_AGGREGATOR_REPORTS_H
#define MOOC_AGGREGATOR_REPORTS_H

#include "../../common/clock.h"
#include "../pg.h"
#include "report.h"

struct report_wave {
    const char *wave, *wave_name, *training, *training_name, *province_name;
    const char *begins, *ends; /* "20/09/2023" or NULL */
    const char *figures;       /* "counted" or "published" */
};

struct report_request {
    const char *name;
    const char *wave; /* NULL: the only counted one */
    int64_t below;    /* percent */
    enum language language;
    char at[CLOCK_TEXT_SIZE]; /* the views show the figures as of this instant; "": as of now */
};

/* NULL-terminated. */
extern const char *const report_names[];

/* Inside a read-only transaction. NULL on failure; an unknown name or wave is ERROR_USAGE and says which there are. */
struct report *reports_make(struct pg *pg, const struct report_request *request, struct error *err);

/* Is it one of those that are closed for a document: of one wave, at one instant? */
bool reports_closable(const char *name);

/* The wave that is asked for, or the only counted one; *texts own what *wave says. */
bool reports_find_wave(struct pg *pg, const struct report_request *request, struct report *texts,
                       struct report_wave *wave, struct error *err) MUST_CHECK;

/* Refuses a wave that is not there, NULL where one must be named, naming those that are. */
void reports_refuse_wave(struct pg *pg, const char *wave, struct error *err);

/* Each fills a report whose title lines, wave and as_of are set. */
bool report_appendix1(struct pg *pg, const struct report_request *request,
                      const struct report_wave *wave, struct report *report, struct error *err);
bool report_appendix2(struct pg *pg, const struct report_request *request,
                      const struct report_wave *wave, struct report *report, struct error *err);
bool report_groups(struct pg *pg, const struct report_request *request,
                   const struct report_wave *wave, struct report *report, struct error *err);
bool report_participation(struct pg *pg, const struct report_request *request,
                          const struct report_wave *wave, struct report *report, struct error *err);

#endif
