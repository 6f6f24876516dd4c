/* mooc-aggregator erase */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/consent.h"
#include "../../common/file.h"
#include "../../common/spool.h"
#include "../../common/stop.h"
#include "../../common/tell.h"
#include "../commands.h"
#include "../session.h"
#include "handover.h"
#include "keys.h"
#include "receipt.h"
#include "sql.h"

#define LOOK_MS 300
#define ANSWER_MS 60000 /* after which no command can still be about to read it */

struct erasing {
    const struct options *options;
    struct pg *pg;
    struct erase_people people;
    struct handover handover;
};

/* ---- who ---- */

static bool nobody(const struct erasing *e, struct error *err)
{
    return e->people.before
               ? error_tell(
                     err, ERROR_STATE,
                     false, "dữ liệu của người đó đã được xóa từ trước; nếu kho sự kiện còn gì thì `mooc-aggregator erase --finish` xóa nốt",
                     "they are erased already; `mooc-aggregator erase --finish` "
                     "sees to what the archive may still have of them")
               : error_tell(
                     err, ERROR_STATE, false,
                     "không nhận ra ai theo những gì đã nêu: dữ liệu của họ đã được xóa từ trước "
                     "(mooc-aggregator audit cho biết)? Nếu không: hmac_key_file và "
                     "hmac_key_version có phải là của mooc-ingest không, và những gì nó thấy đã "
                     "được đếm chưa?",
                     "nobody is known by what was given: were they erased before "
                     "(mooc-aggregator audit tells)? If not: are hmac_key_file and "
                     "hmac_key_version those of mooc-ingest, and has what it saw been counted?");
}

/* Of an erasure that was handed over before, some or all may be counted by now. */
static bool find(struct erasing *e, struct error *err)
{
    struct key_list given = {0};
    struct text_buffer text = {0};
    const struct teller to = tell_of(e->options);
    bool fine = erase_read_keys(e->options, &given, err) &&
                erase_find_people(e->pg, &given, &e->people, err) &&
                handover_find(&e->handover, e->options, &given, &e->people, err);
    key_list_release(&given);
    bool found = e->people.subjects.count > 0;
    if (fine && found)
        erase_describe(&e->people, &to, &text);
    else if (fine)
        erase_tell_away(&e->people, &to, &text);
    if (fine && e->handover.open)
        text_buffer_add_text(&text, TELL(&to, "việc xóa người này đã được chuyển từ trước\n",
                                         "their erasure is handed over already\n"));
    if (fine && text.data)
        fputs(text.data, stdout);
    text_buffer_free(&text);
    return fine && (found || e->handover.open || nobody(e, err));
}

static bool agreed(const struct options *options, struct error *err)
{
    const struct teller to = tell_of(options);
    if (options_boolean(options, "yes"))
        return true;
    if (!isatty(STDIN_FILENO))
        return error_tell(err, ERROR_USAGE, false, "chưa thay đổi gì; thêm --yes để xóa vĩnh viễn",
                          "nothing was changed; say --yes to erase them for ever");
    return consent_given(
        options, TELL(&to, "Xóa vĩnh viễn dữ liệu của người này?", "Erase them for ever?"), err);
}

/* ---- until it is counted ---- */

static bool not_counted(const struct erasing *e, struct error *err)
{
    bool published = e->handover.ingest.published;
    error_set(err, ERROR_STATE, true,
              "the erasure is %s, and not counted yet: is `mooc-aggregator run` at "
              "work? Afterwards give the same command, or `mooc-aggregator erase --finish`",
              published ? "published" : "handed over, to be published by another mooc-ingest");
    return error_vi(
        err,
        "việc xóa %s nhưng chưa được đếm: `mooc-aggregator run` có đang chạy không? Sau "
        "đó gõ lại đúng lệnh này, hoặc `mooc-aggregator erase --finish`",
        published ? "đã được công bố" : "đã được chuyển để một mooc-ingest khác công bố,");
}

static bool wait_folded(struct erasing *e, struct error *err)
{
    int64_t until = clock_monotonic_ms() + options_number(e->options, "timeout"), folded = 0;
    for (;;) {
        if (!erase_number(e->pg, sql_erase_folded, e->people.generation, &e->people.subjects,
                          &folded, err))
            return false;
        if ((size_t)folded == e->people.subjects.count)
            return true;
        if (clock_monotonic_ms() >= until && e->handover.earlier)
            handover_end(&e->handover); /* somebody of whom that job knew nothing: hand over anew */
        if (clock_monotonic_ms() >= until)
            return not_counted(e, err);
        if (!stop_sleep_ms(LOOK_MS))
            return error_tell(
                err, ERROR_STOPPED,
                false, "đã dừng; gõ lại đúng lệnh này để làm tiếp, hoặc `mooc-aggregator erase --finish` khi việc xóa đã được đếm",
                "stopped; the same command goes on, or `mooc-aggregator erase --finish` when the "
                "erasure is counted");
    }
}

/* ---- the end ---- */

/* Whom it was about, as far as they are still to be found; of one that was cleared before: all who ever were erased. */
static bool whom(struct erasing *e, const struct erase_pass *pass, struct key_list *out,
                 struct error *err)
{
    for (size_t i = 0; i < e->people.subjects.count; i++)
        key_list_add(out, e->people.subjects.keys[i]);
    for (size_t i = 0; i < pass->learners.count; i++)
        key_list_add(out, pass->learners.keys[i]);
    return out->count > 0 || erase_read_everyone(e->pg, out, err);
}

/* open: what else was handed over, where that is to be told; NULL. */
static bool finish(struct erasing *e, const struct erase_open *open, struct error *err)
{
    struct erase_pass pass;
    struct key_list learners = {0};
    struct text_buffer generations = {0}, text = {0};
    const char *file = options_text(e->options, "receipt");
    const struct teller to = tell_of(e->options);
    bool fine = erase_archive(e->pg, options_text(e->options, "reason"), &pass, err) &&
                whom(e, &pass, &learners, err) &&
                erase_tell_generations(e->pg, &learners, &to, &generations, err);
    if (fine) {
        erase_write_receipt(
            &(struct erase_receipt){e->people.subjects.count > 0 ? &e->people : NULL,
                                    e->handover.answered ? &e->handover.ingest : NULL, &pass,
                                    generations.data ? generations.data : "", open},
            &to, &text);
        fputs(text.data, stdout);
        fine = !file || file_write_whole(file, text.data, text.length, err);
    }
    if (fine)
        handover_end(&e->handover);
    key_list_release(&learners);
    key_list_release(&pass.learners);
    text_buffer_free(&generations);
    text_buffer_free(&text);
    return fine;
}

/* Of commands that were killed: nobody goes on with them after this. */
static void forget_answers(const struct options *options)
{
    if (options_text(options, "ingest_data_dir"))
        spool_clean(options_text(options, "ingest_data_dir"), ERASURE_QUEUE, ANSWER_MS);
}

/* What mooc-ingest has not taken yet is not published, and nobody may be told that it is done. */
static bool nothing_waits(const struct options *options, struct error *err)
{
    const char *data_dir = options_text(options, "ingest_data_dir");
    char id[SPOOL_ID_SIZE];
    size_t length;
    char *waiting = data_dir ? spool_next(data_dir, ERASURE_QUEUE, "", id, &length, err) : NULL;
    free(waiting);
    if (waiting)
        return error_tell(
            err, ERROR_STATE, true,
            "còn một việc xóa đang chờ mooc-ingest (việc %s), chưa có gì được làm nốt: khởi động "
            "mooc-ingest, và gõ lại đúng lệnh này khi việc xóa đã được công bố và đếm",
            "an erasure still waits for mooc-ingest (job %s), nothing is finished: start "
            "mooc-ingest, and give the same command when it is published and counted",
            id);
    return err->kind == ERROR_NONE;
}

static bool still_open(const struct erase_open *open, struct error *err)
{
    return error_tell(
        err, ERROR_STATE, true,
        "chưa xong: %lld mã người học, được chuyển từ %s, chưa được xóa: mooc-ingest chưa công bố, "
        "hoặc `mooc-aggregator run` không chạy. Hãy gõ lại đúng lệnh `erase` đó, hoặc đưa tệp việc "
        "của nó cho `mooc-ingest erase`, rồi `erase --finish` khi đã được đếm",
        "not finished: %lld learner keys, handed over since %s, are not erased: "
        "mooc-ingest has not published it, or `mooc-aggregator run` is not at work. Give "
        "the same `erase` command again, or its job file to `mooc-ingest erase`, and "
        "`erase --finish` when it is counted",
        (long long)open->learners, open->since);
}

static bool anybody_was_erased(struct pg *pg, const struct erase_open *open, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_erase_any, 0, NULL, err);
    if (!rows)
        return false;
    bool any = *pg_rows_value(rows, 0, 0) == 't';
    pg_rows_free(rows);
    if (!any && open->learners > 0)
        return still_open(open, err);
    return any || error_tell(err, ERROR_STATE, false,
                             "chưa có việc xóa nào được đếm: không có gì để làm nốt",
                             "no erasure was counted yet: there is nothing to finish");
}

/* Of whoever is counted; that others are not is told, and is no success. */
static bool finish_earlier(struct erasing *e, struct error *err)
{
    struct erase_open open;
    return nothing_waits(e->options, err) && erase_read_open(e->pg, &open, err) &&
           anybody_was_erased(e->pg, &open, err) && finish(e, &open, err) &&
           (open.learners == 0 || still_open(&open, err));
}

static bool has_a_way(const struct options *options, struct error *err)
{
    return options_boolean(options, "preview") || options_text(options, "job_out") ||
           options_text(options, "ingest_data_dir") ||
           error_tell(
               err, ERROR_USAGE, false,
               "ai thực hiện? Đặt ingest_data_dir là data_dir của mooc-ingest trên máy này, hoặc "
               "thêm --job-out TỆP rồi mang tệp đó đến `mooc-ingest erase TỆP` trên máy của nó",
               "who carries it out? Set ingest_data_dir to the data_dir of the mooc-ingest on this "
               "machine, or "
               "give --job-out FILE and take that file to `mooc-ingest erase FILE` on its machine");
}

/* Of an erasure that ends, or is only looked at, what begins one has no part. */
static bool fits(const struct options *options, struct error *err)
{
    static const char *const of_begin[] = {"identifier_file", "source", "job_out",
                                           "preview",         "yes",    NULL},
                             *const of_deed[] = {"receipt", "job_out", "yes",
                                                 "timeout", "reason",  NULL};
    return (!options_boolean(options, "finish") ||
            options_leave_out(options, of_begin, "erase --finish", err)) &&
           (!options_boolean(options, "preview") ||
            options_leave_out(options, of_deed, "erase --preview, which changes nothing", err));
}

static bool erase(struct erasing *e, struct error *err)
{
    const struct teller to = tell_of(e->options);
    if (!file_check_out(options_text(e->options, "receipt"), err) ||
        !file_check_out(options_text(e->options, "job_out"), err))
        return false;
    if (options_boolean(e->options, "finish")) {
        if (!finish_earlier(e, err))
            return false;
        forget_answers(e->options);
        return true;
    }
    if (!has_a_way(e->options, err) || !find(e, err))
        return false;
    if (options_boolean(e->options, "preview"))
        return true;
    if ((!e->handover.open && !agreed(e->options, err)) ||
        !handover_begin(&e->handover, e->pg, e->options, &e->people, err))
        return false;
    if (!e->handover.data_dir) {
        printf(TELL(&to,
                    "%s: đưa tệp này cho `mooc-ingest erase` trên mọi máy chạy mooc-ingest; khi đã "
                    "được đếm, `mooc-aggregator erase --finish` dọn kho sự kiện và in biên nhận\n",
                    "%s: give it to `mooc-ingest erase` on every machine that runs one; when it is "
                    "counted, "
                    "`mooc-aggregator erase --finish` clears the archive and prints the receipt\n"),
               options_text(e->options, "job_out"));
        return true;
    }
    int64_t timeout_ms = options_number(e->options, "timeout");
    fprintf(
        stderr,
        TELL(&to, "đã chuyển cho mooc-ingest; chờ tối đa %lld s để nó công bố việc xóa\n",
             "handed over to mooc-ingest; waiting up to %lld s for it to publish the erasure\n"),
        (long long)(timeout_ms / 1000));
    return handover_wait(&e->handover, timeout_ms, err) && wait_folded(e, err) &&
           finish(e, NULL, err);
}

int command_erase(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct erasing e = {.options = options};
    if (!fits(options, &err))
        return session_fail(options, &err);
    e.pg = session_open(options, "erase", false, &err);
    bool fine = e.pg && erase(&e, &err);
    pg_free(e.pg);
    erase_people_release(&e.people);
    return fine ? 0 : session_fail(options, &err);
}
