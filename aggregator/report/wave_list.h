/* What report_wave_list.sql gives of each counted wave of a training. */
#ifndef MOOC_AGGREGATOR_WAVE_LIST_H
#define MOOC_AGGREGATOR_WAVE_LIST_H

enum wave_list_column {
    WAVE_CODE,
    WAVE_NAME,
    WAVE_BEGINS,
    WAVE_ENDS,
    WAVE_PLANNED,
    WAVE_REGISTERED,
    WAVE_ACCOUNTS,
    WAVE_PARTICIPATED,
    WAVE_COMPLETED,
    WAVE_SAT,
    WAVE_PASSED,
    WAVE_CERTIFIED,
    WAVE_PLANNED_UNITS, /* that have a plan, of the next */
    WAVE_UNITS          /* that have a plan or people */
};

#endif
