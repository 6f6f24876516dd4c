/* Dead letters as text, JSON and tables. Pure. */
#ifndef MOOC_AGGREGATOR_DEAD_PRINT_H
#define MOOC_AGGREGATOR_DEAD_PRINT_H

#include "../report/report.h"
#include "letter.h"

/* One row each; notes: how many of each reason, and what to do about them. filtered: not all were asked for; aside: so many that fit
 * were set aside and are left out; for_people: times of Vietnam, else UTC. */
struct report *dead_list_report(const struct letter *letters, size_t count, bool filtered,
                                size_t aside, bool for_people, enum language language);
/* One row each with what would become of it, given as letter_judge says; notes: the commands to type. */
struct report *dead_retry_report(const struct letter *letters, const enum letter_verdict *verdicts,
                                 const char *const *why, size_t count, enum language language);
/* Everything that is known of one; value: also the record's bytes, escaped. */
void dead_show_text(const struct letter *letter, const struct letter_record *record, bool value,
                    bool vietnamese, struct text_buffer *out);
void dead_show_json(const struct letter *letter, const struct letter_record *record, bool value,
                    struct text_buffer *out);

#endif
