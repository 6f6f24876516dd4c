#include "in_the_way.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/stop.h"
#include "../../common/tell.h"
#include "../../common/text_buffer.h"
#include "sql.h"

#define RETRY_MS 300
#define TELL_MS 1000

static const struct teller english = {false}, vietnamese = {true};

enum column { PID, LOGIN, APPLICATION, SINCE, OTHERS };

bool in_the_way(struct pg *pg)
{
    /* lock_not_available; deadlock_detected: of the two the reader went on, and will be done. */
    return strcmp(pg_sqlstate(pg), "55P03") == 0 || strcmp(pg_sqlstate(pg), "40P01") == 0;
}

static void describe(const struct pg_rows *rows, const struct teller *to, struct text_buffer *out)
{
    const char *since = pg_rows_value(rows, 0, SINCE);
    int64_t others = pg_rows_integer(rows, 0, OTHERS, 0);
    text_buffer_add_format(out,
                           TELL(to, "phiên %s (tài khoản %s, chương trình \"%s\"",
                                "session %s (login %s, application \"%s\""),
                           pg_rows_value(rows, 0, PID), pg_rows_value(rows, 0, LOGIN),
                           pg_rows_value(rows, 0, APPLICATION));
    if (since) {
        char local[CLOCK_LOCAL_SIZE];
        tell_instant_of(since, to->vietnamese, local);
        text_buffer_add_format(out, TELL(to, ", giao dịch mở từ %s", ", transaction open since %s"),
                               local);
    }
    text_buffer_add_text(out, ")");
    if (others > 0)
        text_buffer_add_format(out, TELL(to, " và %lld phiên nữa", " and %lld more"),
                               (long long)others);
}

static void add_member(struct text_buffer *out, const char *name, const char *value)
{
    text_buffer_add_format(out, ",\"%s\":", name);
    if (value)
        text_buffer_add_json_string(out, value);
    else
        text_buffer_add_text(out, "null");
}

static void tell_line(const struct pg_rows *rows, int64_t waited_ms)
{
    struct text_buffer out = {0};
    text_buffer_add_format(
        &out, "{\"what\":\"waiting for sessions\",\"waited_s\":%lld,\"sessions\":%lld,\"pid\":%s",
        (long long)waited_ms / 1000, (long long)pg_rows_integer(rows, 0, OTHERS, 0) + 1,
        pg_rows_value(rows, 0, PID));
    add_member(&out, "login", pg_rows_value(rows, 0, LOGIN));
    add_member(&out, "application", pg_rows_value(rows, 0, APPLICATION));
    add_member(&out, "since", pg_rows_value(rows, 0, SINCE));
    fprintf(stderr, "%s}\n", out.data);
    text_buffer_free(&out);
}

static void tell_terminal(const struct pg_rows *rows, int64_t waited_ms)
{
    struct text_buffer out = {0};
    describe(rows, &english, &out);
    fprintf(stderr, "\r\033[Kwaiting for %s, %lld s", out.data, (long long)waited_ms / 1000);
    fflush(stderr);
    text_buffer_free(&out);
}

/* NULL: nobody is in the way any more, or the question failed; the next attempt tells. */
static struct pg_rows *ask(struct pg *pg, int generation)
{
    struct error ignored = {0};
    char number[16];
    const char *parameter = generation ? number : NULL;
    snprintf(number, sizeof(number), "%d", generation);
    struct pg_rows *rows = pg_query(pg, sql_replay_in_the_way, 1, &parameter, &ignored);
    if (rows && pg_rows_count(rows) > 0)
        return rows;
    pg_rows_free(rows);
    return NULL;
}

static bool give_up(struct pg *pg, int generation, struct error *err)
{
    struct pg_rows *rows = ask(pg, generation);
    struct text_buffer who = {0}, who_vi = {0};
    if (rows) {
        describe(rows, &english, &who);
        describe(rows, &vietnamese, &who_vi);
    }
    const char *pid = rows ? pg_rows_value(rows, 0, PID) : "PID";
    error_set(err, ERROR_STATE, true,
              "nothing was changed: %s %s been in the way all the time. End %s (in its program, or "
              "SELECT pg_terminate_backend(%s)) and give the same command again",
              rows ? who.data : "other sessions", rows ? "has" : "have", rows ? "it" : "them", pid);
    error_vi(err,
             "chưa thay đổi gì: %s vướng suốt thời gian đó. Hãy kết thúc phiên đó (trong chương "
             "trình của nó, hoặc SELECT pg_terminate_backend(%s)) rồi gõ lại lệnh này",
             rows ? who_vi.data : "các phiên khác", pid);
    text_buffer_free(&who_vi);
    text_buffer_free(&who);
    pg_rows_free(rows);
    return false;
}

bool in_the_way_wait(struct pg *pg, int generation, int64_t timeout_ms, patient_attempt attempt,
                     void *context, struct error *err)
{
    const int64_t began_ms = clock_monotonic_ms();
    const bool terminal = isatty(STDERR_FILENO);
    int64_t told_ms = 0;
    bool done, told = false;
    for (;;) {
        error_clear(err);
        pg_forget_error(pg); /* an attempt may fail without a statement */
        done = attempt(context, err);
        int64_t now_ms = clock_monotonic_ms();
        if (done || !in_the_way(pg))
            break;
        if (now_ms - began_ms >= timeout_ms) {
            (void)give_up(pg, generation, err);
            break;
        }
        struct pg_rows *rows = now_ms - told_ms >= TELL_MS ? ask(pg, generation) : NULL;
        if (rows) {
            told_ms = now_ms;
            told = true;
            terminal ? tell_terminal(rows, now_ms - began_ms) : tell_line(rows, now_ms - began_ms);
        }
        pg_rows_free(rows);
        if (!stop_sleep_ms(RETRY_MS)) {
            (void)error_tell(err, ERROR_STOPPED, false, "đã dừng; chưa thay đổi gì",
                             "stopped; nothing was changed");
            break;
        }
    }
    if (told && terminal)
        fputs("\r\033[K", stderr);
    return done;
}
