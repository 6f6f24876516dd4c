/* What one person adds to the cells of a wave's reports, as far as persons stand behind them, and which of it a cell counts. Pure. */
#ifndef MOOC_CLOSE_SHARE_H
#define MOOC_CLOSE_SHARE_H

#include "../fold/contribution.h"

enum share_kind { SHARE_TALLY, SHARE_DEADLINE, SHARE_ISSUE };

/* Codes are interned by whoever holds the shares; 0: none. */
struct share {
    enum share_kind kind;
    uint32_t wave, unit; /* tally without a wave: of all the training, where the person counts once */
    uint32_t detail;     /* tally: study group; issue: its kind, of enum issue_kind */
    union {
        uint32_t measures; /* tally: bit per enum measure */
        struct {
            int32_t day_0, completed_on, lectures; /* days, or NEVER */
        } deadline;
        int64_t name; /* issue: of the person, 0 without */
    } of;
};

/* Equal for equal shares, and practically for no others. Never 0. */
uint64_t share_hash(const struct share *share);

/* By which a deadline is judged, as the views judge it: of each day since `first` the day due and the number of the working day. */
struct due_calendar {
    int32_t first, today;
    int32_t today_number; /* -1: the calendar does not have today */
    int32_t lectures;     /* that a learner has; -1: not said */
    size_t count;
    int32_t *due; /* NEVER: the calendar does not reach so far */
    int32_t *numbers;
    bool completion_unknown; /* no platform says who completed: nothing can be said of who has begun */
};
void due_calendar_release(struct due_calendar *calendar);

enum deadline_state {
    DEADLINE_ON_TIME,
    DEADLINE_LATE,
    DEADLINE_OVERDUE,
    DEADLINE_AT_RISK,
    DEADLINE_IN_TIME,
    DEADLINE_NOT_BEGUN,
    DEADLINE_NOT_COMPUTABLE,
    DEADLINE_STATES
};
/* *due: the day due, of the states at risk and in time. */
enum deadline_state deadline_state_of(const struct share *share,
                                      const struct due_calendar *calendar, int32_t *due);

/* Which shares a cell counts, and what of them. */
struct share_query {
    enum share_kind kind;
    bool any_wave, any_unit;
    bool of_training; /* tally: of all the training, instead of a wave */
    bool any_detail; /* issue: but a row without an account, which is a fault only if its person is seen elsewhere */
    uint32_t wave, detail;
    const uint32_t *units; /* unless any_unit */
    size_t unit_count;
    uint32_t measures; /* tally: these; a rate has those of both its parts */
    bool not_passed;   /* tally: registered less passed, instead of measures */
    unsigned states;   /* deadline: bit per enum deadline_state */
    bool next_due;     /* deadline: not how many, but when it is due */
    bool uncovered;    /* deadline: instead of states, those whose due day no calendar has */
    const struct due_calendar *calendar; /* of deadlines */
    /* issue: only of these names, ascending, before and after */
    bool named;
    const int64_t *names[2];
    size_t name_count[2];
};

/* What the shares of one side (0: before, 1: after) add to the cell: the sums of both are equal where the cell has the same of the person. */
uint64_t shares_sum(const struct share_query *query, int side, const struct share *shares,
                    size_t count);

#endif
