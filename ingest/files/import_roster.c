/* A list of people as a kind of import. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/log.h"
#include "erase_run.h"
#include "import_internal.h"
#include "quarantine.h"
#include "row_lookup.h"

const struct stream_spec files_stream_roster = {"roster", VANISH_REMOVE, 1, 0.3, 5, false, 0};
const struct stream_spec files_stream_corrections = {"corrections", VANISH_KEEP, 1, 1, 0, false, 0};

static bool check(const struct import_run *run, struct error *err)
{
    if (run->job.wave[0] == '\0')
        return error_tell(err, ERROR_USAGE, false, "ghi rõ danh sách của đợt nào: --wave MÃ",
                          "say which wave the list is for: --wave CODE");
    const struct reference_wave *wave = reference_find_wave(run->reference, run->job.wave);
    if (wave == NULL)
        return error_tell(err, ERROR_USAGE, false, "đợt %s không có trong waves.csv",
                          "wave %s is not in waves.csv", run->job.wave);
    return !wave->totals_only ||
           error_tell(
               err, ERROR_USAGE,
               false, "đợt %s chỉ có số tổng được công bố (waves.csv): danh sách từng người không thuộc đợt này",
               "wave %s has published totals only (waves.csv): a list of people does not "
               "fit it",
               run->job.wave);
}

/* By row the faults that corrections in force have not put right: where one of two people has an address of her own since, the
 * other one shares it with nobody. */
static unsigned *faults_left(const struct import_run *run, const struct shard *shard)
{
    const struct roster_list *list = run->contents->roster;
    unsigned *left = must_have(calloc(list->person_count + 1, sizeof(*left)));
    bool *mended = must_have(calloc(list->person_count + 1, sizeof(*mended)));
    bool *shared = must_have(calloc(list->person_count + 1, sizeof(*shared)));
    for (size_t i = 0; i < list->person_count; i++) {
        struct row_correction correction;
        const struct roster_person *p = &list->persons[i];
        if (p->same_as != SIZE_MAX || p->faults == 0)
            continue;
        row_lookup(run->env, shard, list, i, &correction);
        left[i] = roster_faults_left(p->faults, &correction);
        mended[i] = correction.email_count > 0;
    }
    roster_find_shared(list, mended, shared);
    for (size_t i = 0; i < list->person_count; i++)
        left[i] &= shared[i] ? ~0U : ~(1U << ROSTER_EMAIL_SHARED);
    free(mended);
    free(shared);
    return left;
}

static void tell(struct import_run *run, const struct shard *shard)
{
    const struct roster_list *list = run->contents->roster;
    unsigned *left = faults_left(run, shard);
    for (size_t i = 0; i < list->person_count; i++) {
        const struct roster_person *p = &list->persons[i];
        bool merged = p->same_as != SIZE_MAX;
        unsigned faults = left[merged ? p->same_as : i];
        for (enum roster_fault fault = 0; fault < ROSTER_FAULT_COUNT; fault++) {
            /* Of two rows of one person the later one is the one too many. */
            if ((faults >> fault) & 1U && merged == (fault == ROSTER_LISTED_TWICE))
                files_report_find(&run->report, "fault", roster_fault_name(fault),
                                  import_sheet(run, p->sheet), p->row);
        }
    }
    for (size_t i = 0; i < list->skip_count; i++)
        files_report_find(&run->report, "skipped", list->skips[i].reason,
                          import_sheet(run, list->skips[i].sheet), list->skips[i].row);
    free(left);
}

/* A row is what the newest list says it is: one without the column of addresses takes them from whoever was listed with one. */
static void tell_after(struct import_run *run)
{
    const struct roster_list *list = run->contents->roster;
    for (size_t i = 0; i < list->person_count; i++)
        if (list->persons[i].raw_email[0] != '\0')
            return;
    if (run->report.changed > 0)
        files_report_note(
            &run->report,
            "danh sách không có e-mail nào, mà %lld dòng đã có từ trước nay theo danh sách này: ai "
            "trước đây được nhận ra bằng e-mail thì không còn nối với tài khoản của mình. Nếu chỉ "
            "thiếu cột e-mail, hãy gửi lại danh sách đủ cột",
            run->report.changed == 1
                ? "the list has no e-mail address at all, and %lld row that was there is now as it "
                  "says: who was known by an address is no longer linked to the account. If only "
                  "the column is missing, send the list again with it"
                : "the list has no e-mail address at all, and %lld rows that were there are now as "
                  "it says: who was known by an address is no longer linked to the account. If "
                  "only "
                  "the column is missing, send the list again with it",
            (long long)run->report.changed);
}

static size_t rows(const struct import_run *run)
{
    return run->contents->roster->person_count;
}

static void each(struct import_run *run, struct shard *shard, size_t index, import_visit visit,
                 void *context)
{
    const struct roster_list *list = run->contents->roster;
    const struct roster_person *p = &list->persons[index];
    struct row_correction correction;
    struct roster_event mapped;
    if (p->same_as != SIZE_MAX)
        return;
    row_lookup(run->env, shard, list, index, &correction);
    roster_map(run->env->context->hmac, &run->origin, p, import_sheet(run, p->sheet), &correction,
               &mapped);
    const struct import_fact fact = {.seen = {.stream = &files_stream_roster,
                                              .substream = mapped.substream,
                                              .event = &mapped.event},
                                     .rejected = mapped.rejected};
    visit(context, &fact);
}

#define UNITS_NAMED 4 /* of the notes of a report */

/* Names an unknown unit once, as its dead letter does but without the row's e-mail. */
static void note_unit(struct files_report *report, const struct roster_person *person,
                      const char *detail)
{
    const char *end = strstr(detail, "; e-mail ");
    size_t length = end != NULL ? (size_t)(end - detail) : strlen(detail);
    for (size_t i = 0; i < report->note_count; i++) {
        if (strncmp(report->notes[i].en, detail, length) == 0)
            return;
    }
    char vi[ROSTER_WORDS], cut[ROSTER_WORDS];
    (void)snprintf(cut, sizeof(cut), "%.*s", (int)length, detail);
    roster_rejected_words(person, vi);
    if (report->note_count < UNITS_NAMED)
        files_report_note(report, "%s%.0s", "%.0s%s", vi, cut);
}

static void rejected(struct import_run *run, struct shard *shard, size_t index,
                     const struct import_fact *fact)
{
    const struct event *e = fact->seen.event;
    const struct roster_list *list = run->contents->roster;
    struct error err = {0};
    struct row_correction correction;
    note_unit(&run->report, &list->persons[index], e->detail);
    row_lookup(run->env, shard, list, index, &correction);
    bool erased = erase_names_row(run->env, shard, &list->persons[index], &correction);
    run->report.erased += erased;
    if (!run->job.preview && !erased &&
        !quarantine_put(run->env, &run->origin, e, &list->persons[index], &err))
        log_error("a rejected row could not be kept for a later try", &err);
}

static const struct stream_spec *stream(enum files_kind kind)
{
    (void)kind;
    return &files_stream_roster;
}

const struct import_kind import_kind_roster = {
    .check = check,
    .tell = tell,
    .tell_after = tell_after,
    .rows = rows,
    .each = each,
    .stream = stream,
    .rejected = rejected,
    .leave = import_leave_quarantine,
    .committed = import_keep_emails,
};
