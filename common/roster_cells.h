/* Single cells of a list, as people fill them in. Pure. */
#ifndef MOOC_ROSTER_CELLS_H
#define MOOC_ROSTER_CELLS_H

#include "base.h"
#include "identity.h"
#include "arena.h"

#define ROSTER_MAX_EMAILS 4
#define ROSTER_MAX_AUDIENCES 8

/* "", "-", "0", "không có", "chưa có" … */
bool roster_is_nothing(const char *cell);

/* "#N/A", "#REF!", "Err:502" …: what a workbook shows where a formula has no result. */
bool roster_is_error(const char *cell);

/* Looks like an e-mail, a phone or a citizen number: where another column's text stands, it must not leave. */
bool roster_is_identifier(const char *cell);

/* "", "nt", "như trên", "//": the same as in the row above. */
bool roster_is_ditto(const char *cell);

/* Splits at ; , / | and line ends where each part has an '@', or at these and blanks, else takes the cell as one. Good ones, each once, go to emails;
 * IDENTITY_MALFORMED when any part is none, IDENTITY_MISSING when nothing is there. */
enum identity_fault roster_emails(struct arena *arena, const char *cell,
                                  const char *emails[ROSTER_MAX_EMAILS], size_t *count);

/* The first good number in the cell goes to out. */
enum identity_fault roster_phone(const char *cell, char out[IDENTITY_TEXT]);
enum identity_fault roster_citizen(const char *cell, char out[IDENTITY_TEXT]);

/* To "1985-04-30", "1985-04" or "1985": day before month, as in Vietnam; also ISO and a spreadsheet's day number. */
#define ROSTER_DATE 16
enum identity_fault roster_birth_date(const char *cell, char out[ROSTER_DATE]);

/* "Tổ số 03" -> "3", "17.0" -> "17", "Tổ 5A" -> "5A"; a name stays, an identifier does not. At most 60 bytes. */
#define ROSTER_GROUP_SIZE 64
void roster_group(const char *cell, char out[ROSTER_GROUP_SIZE]);

/* Codes made of the words: "Cán bộ; Viên chức" -> "can-bo", "vien-chuc". */
size_t roster_audiences(struct arena *arena, const char *cell,
                        const char *audiences[ROSTER_MAX_AUDIENCES]);

/* Such a code of the one body that invited: "Hội Nông dân tỉnh" -> "hoi-nong-dan-tinh"; "" for nothing and for an identifier. */
#define ROSTER_BODY_SIZE 301
void roster_body(const char *cell, char out[ROSTER_BODY_SIZE]);

#endif
