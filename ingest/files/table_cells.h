/* Cells of results, attendance and head counts. Pure. */
#ifndef MOOC_TABLE_CELLS_H
#define MOOC_TABLE_CELLS_H

#include "../../common/base.h"

/* "20/6/2023", "20-06-23", "2023-06-20", "Ngày 20 tháng 6 năm 2023", a spreadsheet's day number of 1990 to 2099 -> days since 1970. */
bool table_day(const char *text, int32_t *day) MUST_CHECK;
/* A day, with or without a time of day in Vietnam ("28/09/2023 14:30", "14h30", "2:30 CH", ISO with a zone) -> µs. */
bool table_instant(const char *text, int64_t *us) MUST_CHECK;
/* "8,5", "8.50", "85%" (0.85 of 1), "17/20" -> score; *max is set where the cell says it, else left alone. */
bool table_score(const char *text, double *score, double *max) MUST_CHECK;

enum table_answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO, ANSWER_ABSENT, ANSWER_UNCLEAR };
/* "Đạt", "Không đạt", "x", "Vắng", "" … */
enum table_answer table_answer(const char *text);

#endif
