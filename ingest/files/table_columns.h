/* The columns of results, attendance and head counts: what their headings are, for reading; and of every kind what a template says
 * of them. Pure. */
#ifndef MOOC_TABLE_COLUMNS_H
#define MOOC_TABLE_COLUMNS_H

#include "../../common/base.h"
#include "../../common/sheet.h"
#include "files_kind.h"

enum table_field {
    TABLE_NUMBER,
    TABLE_NAME,
    TABLE_GIVEN,
    TABLE_BIRTH,
    TABLE_CITIZEN,
    TABLE_EMAIL,
    TABLE_PHONE,
    TABLE_ACCOUNT, /* user name on the platform */
    TABLE_UNIT,
    TABLE_GROUP,
    TABLE_WAVE,
    TABLE_CLASS,
    TABLE_DATE,
    TABLE_PRESENT,
    TABLE_AUDIENCE,
    TABLE_COUNT,
    TABLE_COURSE,
    TABLE_EXAM,
    TABLE_ATTEMPT,
    TABLE_SCORE,
    TABLE_MAX_SCORE,
    TABLE_PASSED,
    TABLE_REGISTERED,
    TABLE_FIELDS,
    TABLE_MARK = TABLE_FIELDS, /* one of several: a day of a class, an audience of a form */
    TABLE_NO_FIELD,
};

#define TABLE_FIELD_NAMES                                                                          \
    "number, name, given, birth_date, citizen, email, phone, account, unit, group, wave, class, "  \
    "date, present, audience, count, course, exam, attempt, score, max_score, passed, registered"
bool table_field_parse(const char *name, enum table_field *out) MUST_CHECK;

/* Headings that somebody says instead of leaving them to be recognised. */
struct table_mapped {
    enum table_field field;
    const char *title;
};
struct table_mapping {
    size_t count;
    struct table_mapped items[TABLE_FIELDS];
};

enum table_choice { CHOICE_NONE, CHOICE_UNITS, CHOICE_WAVES, CHOICE_COURSES, CHOICE_YES_NO };

/* A column of a template; the reader takes its heading for what it is. */
struct table_column {
    enum table_field field;
    bool required, text; /* text: digits stay as they are typed */
    enum table_choice choice;
    const char *title, *example, *meaning; /* in Vietnamese */
};
/* Ends with a column without a title. */
const struct table_column *table_columns(enum files_kind kind);

/* What a heading names in a file of this kind; mapping may be NULL. */
enum table_field table_field_of(enum files_kind kind, const char *heading,
                                const struct table_mapping *mapping);

/* The audience that a heading or a cell names: "cbccvc", "to-cong-nghe-so", "nguoi-dan", else a code made of its words. */
void table_audience(const char *text, char out[64]);

#endif
