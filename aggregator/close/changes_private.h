/* What the changes*.c files share: a document's figures counted in several ways, of which neighbours differ by one kind of cause. */
#ifndef MOOC_CLOSE_CHANGES_PRIVATE_H
#define MOOC_CLOSE_CHANGES_PRIVATE_H

#include "../report/report.h"
#include "cell_list.h"
#include "document.h"
#include "late_events.h"
#include "standing.h"

/* The reports of one way of counting. */
struct figures {
    struct report **reports;
    size_t count;
    struct cell_list cells;
    struct standings *standings;
    struct as_of_basis basis;
};

enum {
    CLOSED,   /* as they were printed */
    THEN,     /* counted again from what was counted then, by the config of then */
    BY_RULES, /* the same by what live is counted with; not counted unless that is another config */
    NOW,      /* from all that is known */
    TURNS
};

struct changing {
    struct pg *pg;
    const struct options *options;
    const char *doc;
    enum language language;
    struct document_head head;
    struct pg_rows *names;
    struct strings *codes;
    struct figures turns[TURNS];
    bool moved; /* the log has been written into another topic since: its places of then mean nothing now */
    bool rules_differ;
    struct due_calendar calendar;
    struct late_events ruled; /* no events: people alone, from THEN to BY_RULES */
    struct late_events late;
    struct text_buffer new_reports; /* that had nothing to tell at the closing: "Targets (targets), …" */
};

/* Of the cell by that key puts the cause, and the people and events behind it, into the row. */
bool changes_put_cause(const struct changing *c, const char *key, struct report *r, size_t row,
                       struct error *err) MUST_CHECK;

/* Each cell that is printed otherwise now; rounded: how many more are other ones and read as before. */
bool changes_tell(const struct changing *c, struct report *r, size_t *rounded, struct error *err)
    MUST_CHECK;

#endif
