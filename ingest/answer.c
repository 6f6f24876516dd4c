#include "answer.h"

#include <stdio.h>
#include <stdlib.h>

#include "../common/clock.h"
#include "../common/file.h"
#include "../common/stop.h"
#include "../common/tell.h"
#include "engine.h"
#include "operate/report.h"

#define LOOKS 10
#define LOOK_MS 100
#define TURN_MS 500
#define MAX_STATUS ((size_t)8 << 20)

bool answer_expected(const char *data_dir)
{
    for (int i = 0; i < LOOKS; i++) {
        if (engine_runs(data_dir))
            return true;
        if (!stop_sleep_ms(LOOK_MS))
            break;
    }
    return false;
}

bool answer_nobody(const char *id, struct error *err)
{
    return error_tell(
        err, ERROR_UNREACHABLE, true,
        "ở đây chưa có `mooc-ingest run` nào chạy: yêu cầu được giữ lại (việc %s) và "
        "được làm ngay khi chạy; không cần gửi lại",
        "no `mooc-ingest run` is at work here: what was handed over is kept as job %s "
        "and is done as soon as one is started; there is no need to hand it over again",
        id);
}

int answer_fail(const struct options *options, const struct error *err)
{
    (void)fprintf(stderr, "mooc-ingest: %s\n", error_words(err, tell_in_vietnamese(options)));
    int code = error_exit_code(err);
    return code ? code : 1; /* what was broken off, or refused at the question, is not done */
}

struct json *answer_report(const char *data_dir)
{
    char path[4096];
    size_t length;
    int64_t at_us = 0;
    snprintf(path, sizeof(path), "%s/status.json", data_dir);
    char *text = file_read_whole(path, MAX_STATUS, &length, NULL);
    struct json *root = text ? json_parse(text, length, NULL) : NULL;
    free(text);
    if (root && json_integer(json_get(root, "at_us"), &at_us) &&
        clock_now_us() - at_us <= INT64_C(1000) * REPORT_STALE_MS)
        return root;
    json_free(root);
    return NULL;
}

/* False, and why, where it can do nothing of what is handed over just now. */
static bool kafka_answers(const struct options *options, const char *id, struct error *err)
{
    struct json *report = answer_report(options_text(options, "data_dir"));
    const char *away = json_get_string(report, "kafka_away"),
               *vi = json_get_string(report, "kafka_away_vi");
    bool fine = away == NULL;
    if (!fine) {
        char words[900], words_vi[600];
        snprintf(
            words, sizeof(words),
            "%.600s; what was handed over is kept as job %s and is done as soon as Kafka answers; "
            "there is no need to hand it over again",
            away, id);
        snprintf(words_vi, sizeof(words_vi),
                 "%.380s; yêu cầu được giữ lại (việc %s) và được làm ngay khi Kafka trả lời; không "
                 "cần gửi lại",
                 vi ? vi : away, id);
        (void)error_tell_plain(err, ERROR_UNREACHABLE, true, words_vi, words);
    }
    json_free(report);
    return fine;
}

static bool not_done_yet(const char *id, struct error *err)
{
    return error_tell(
        err, ERROR_UNREACHABLE, true,
        "việc %s chưa làm xong vì mooc-ingest đang bận (`mooc-ingest status` cho biết "
        "đang làm gì); yêu cầu được giữ lại và được làm khi đến lượt, không cần gửi lại",
        "job %s is not done yet: mooc-ingest is busy (`mooc-ingest status` tells with "
        "what); it is kept and done in its turn, there is no need to hand it over again",
        id);
}

char *answer_wait(const struct options *options, const char *queue, const char *id, struct error *err)
{
    const char *data_dir = options_text(options, "data_dir");
    bool patient = options_given(options, "timeout");
    if (!patient && !answer_expected(data_dir)) {
        (void)answer_nobody(id, err);
        return NULL;
    }
    int64_t until = clock_monotonic_ms() + options_number(options, "timeout");
    for (;;) {
        int64_t left = until - clock_monotonic_ms();
        error_clear(err);
        char *result = spool_wait(data_dir, queue, id, left < TURN_MS ? left : TURN_MS, err);
        if (result || err->kind != ERROR_UNREACHABLE)
            return result;
        if ((!patient || left <= TURN_MS) && !kafka_answers(options, id, err))
            return NULL;
        if (left <= TURN_MS)
            break;
    }
    if (engine_runs(data_dir))
        (void)not_done_yet(id, err);
    else
        (void)answer_nobody(id, err);
    return NULL;
}
