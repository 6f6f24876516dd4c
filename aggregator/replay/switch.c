/* mooc-aggregator replay promote | rollback | drop: which generation is the live one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/consent.h"
#include "../../common/tell.h"
#include "../../common/text_buffer.h"
#include "../audit.h"
#include "../commands.h"
#include "../session.h"
#include "fail_at.h"
#include "hold.h"
#include "in_the_way.h"
#include "sql.h"

#define VIEWS_TIMEOUT_MS 60000

static bool switch_live(struct pg *pg, int from, int to, struct error *err)
{
    char numbers[2][16];
    snprintf(numbers[0], sizeof(numbers[0]), "%d", from);
    snprintf(numbers[1], sizeof(numbers[1]), "%d", to);
    struct pg_rows *rows =
        pg_query(pg, sql_replay_switch, 2, (const char *const[]){numbers[0], numbers[1]}, err);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool note(struct pg *pg, const struct options *options, const char *action,
                 const struct generation *from, const struct generation *to, struct error *err)
{
    char detail[64];
    snprintf(detail, sizeof(detail), "{\"in_the_place_of\":%d}", from->number);
    const struct audit_entry entry = {action, options_text(options, "reason"), to->number,
                                      to->config_version, detail};
    return audit_note(pg, &entry, err);
}

/* One short transaction: until it is over the old figures are seen, from then on the new ones. */
static bool make_live(struct pg *pg, const struct options *options, const char *action,
                      const struct generation *from, const struct generation *to, int64_t *held_ms,
                      struct error *err)
{
    struct replay_vector vector = {0};
    int64_t since_ms = 0;
    bool ok = hold_at_one_vector(pg, options, from, to, &vector, &since_ms, err) &&
              fail_at("held") && switch_live(pg, from->number, to->number, err) &&
              fail_at("switched") && note(pg, options, action, from, to, err) && fail_at("noted") &&
              pg_commit(pg, err) && fail_at("committed");
    *held_ms = clock_monotonic_ms() - since_ms;
    replay_vector_release(&vector);
    return ok;
}

struct switching {
    struct pg *pg;
    const struct options *options;
    const char *action;
    const struct generation *from, *to;
    int64_t held_ms;
};

static bool try_to_make_live(void *context, struct error *err)
{
    struct switching *s = context;
    bool ok = make_live(s->pg, s->options, s->action, s->from, s->to, &s->held_ms, err);
    if (!ok)
        pg_rollback(s->pg);
    return ok;
}

/* Which of the two goes where: promote makes a newer generation live, rollback an older one. */
static bool choose(const struct teller *teller, const struct generations *kept, bool newer,
                   const struct generation **to, struct error *err)
{
    const struct generation *live = generations_live(kept), *other = generations_other(kept);
    for (size_t i = 0; !other && newer && i < kept->count; i++)
        if (!kept->items[i].ready)
            return error_set(
                err, ERROR_STATE, true,
                TELL(teller,
                     "phiên bản số liệu %d chưa tính xong: replay status cho biết có đang tính "
                     "không",
                     "generation %d is not whole yet: replay status says whether it is being "
                     "built"),
                kept->items[i].number);
    if (!other)
        return error_set(err, ERROR_STATE, false,
                         newer ? TELL(teller,
                                      "chưa có phiên bản số liệu nào để chuyển sang: "
                                      "mooc-aggregator replay start tính lại thành một phiên bản",
                                      "there is no generation to promote: mooc-aggregator replay "
                                      "start makes one")
                               : TELL(teller,
                                      "không có phiên bản số liệu cũ nào để trở về: đã xóa, hoặc "
                                      "chưa chuyển lần nào",
                                      "there is no older generation to go back to: it was dropped, "
                                      "or nothing was promoted yet"));
    if (newer != (other->number > live->number))
        return error_set(err, ERROR_STATE, false,
                         newer
                             ? TELL(teller,
                                    "phiên bản số liệu %d đã dùng trước %d: replay rollback trở "
                                    "về nó",
                                    "generation %d was live before %d: replay rollback goes back "
                                    "to it")
                             : TELL(teller,
                                    "phiên bản số liệu %d mới hơn phiên bản đang dùng, %d: replay "
                                    "promote chuyển sang nó",
                                    "generation %d is newer than the live one, %d: replay promote "
                                    "makes it live"),
                         other->number, live->number);
    *to = other;
    return true;
}

/* A command that was ended after its commit and is typed again has nothing left to do, and says so. */
static int change_live(const struct options *options, const char *action, bool newer)
{
    struct error err = {0};
    struct generations kept;
    const struct teller teller = tell_of(options);
    const struct generation *to = NULL;
    struct pg *pg = session_open(options, action, false, &err);
    bool ok = pg && generations_lock(pg, &err) && generations_read(pg, &kept, &err) &&
              choose(&teller, &kept, newer, &to, &err);
    struct switching s = {pg, options, action, ok ? generations_live(&kept) : NULL, to, 0};
    /* While another instance is taking over one of the two, it is let through first. */
    ok = ok && in_the_way_wait(pg, 0, VIEWS_TIMEOUT_MS, try_to_make_live, &s, &err);
    if (ok)
        printf(
            TELL(&teller,
                 "đang dùng phiên bản số liệu %d (danh mục %d); chuyển mất %lld ms. Phiên bản %d "
                 "được giữ cho replay %s đến khi replay drop\n",
                 "generation %d is live (config version %d); it took %lld ms. Generation %d is "
                 "kept for replay %s until replay drop\n"),
            to->number, to->config_version, (long long)s.held_ms, s.from->number,
            newer ? "rollback" : "promote");
    else if (err.kind == ERROR_UNKNOWN_OUTCOME)
        error_context(&err, "%s",
                      TELL(&teller, "chưa rõ đã chuyển hay chưa, xem replay status",
                           "whether it is live now is not known, see replay status"));
    pg_free(pg);
    return ok ? 0 : session_fail(options, &err);
}

int command_replay_promote(const struct program *program UNUSED, const struct options *options)
{
    return change_live(options, "replay promote", true);
}

int command_replay_rollback(const struct program *program UNUSED, const struct options *options)
{
    return change_live(options, "replay rollback", false);
}

/* Drop --------------------------------------------------------------------------------------------------------------------- */

/* "generation 1 (the way back from 2)" */
static void describe(const struct teller *to, const struct generations *kept,
                     const struct generation *g, struct text_buffer *out)
{
    int live = generations_live(kept)->number;
    if (!g->ready)
        text_buffer_add_format(
            out, TELL(to, "phiên bản số liệu %d (bỏ dở)", "generation %d (not finished)"), g->number);
    else if (g->number > live)
        text_buffer_add_format(out,
                               TELL(to, "phiên bản số liệu %d (tính lại, chưa dùng)",
                                    "generation %d (next, not promoted)"),
                               g->number);
    else
        text_buffer_add_format(out,
                               TELL(to, "phiên bản số liệu %d (để trở về từ %d)",
                                    "generation %d (the way back from %d)"),
                               g->number, live);
}

static bool ask_which(const struct teller *to, const struct generations *kept, struct error *err)
{
    struct text_buffer text = {0};
    for (size_t i = 0; i < kept->count; i++) {
        if (kept->items[i].live)
            continue;
        text_buffer_add_text(&text, text.length > 0 ? ", " : "");
        describe(to, kept, &kept->items[i], &text);
    }
    error_set(err, ERROR_USAGE, false,
              TELL(to, "xóa phiên bản nào? Hiện có: %s. Hãy ghi replay drop SỐ",
                   "which one? There are: %s. Say replay drop NUMBER"),
              text.data);
    text_buffer_free(&text);
    return false;
}

/* A number that was typed is an answer already; a script is not asked, but told what it takes. */
static bool agreed(const struct options *options, const struct generations *kept,
                   const struct generation *g, struct error *err)
{
    struct text_buffer text = {0}, question = {0};
    if (options_argument_count(options))
        return true;
    const struct teller to = tell_of(options);
    bool agreed = true;
    describe(&to, kept, g, &text);
    if (!options_boolean(options, "yes") && isatty(STDIN_FILENO)) {
        text_buffer_add_format(&question, TELL(&to, "Xóa hẳn %s?", "Drop %s for ever?"), text.data);
        agreed = consent_given(options, question.data, err);
    } else
        printf(TELL(&to, "đang xóa %s\n", "dropping %s\n"), text.data);
    text_buffer_free(&question);
    text_buffer_free(&text);
    (void)fflush(stdout); /* before it waits for readers */
    return agreed;
}

/* Another's replay start, promote or rollback may have been at work when the command was typed. */
static bool was_there(const struct teller *to, const struct generations *kept,
                      const struct generations *before, const struct generation *g, struct error *err)
{
    struct text_buffer text = {0};
    const struct generation *then = NULL;
    for (size_t i = 0; i < before->count && !then; i++)
        if (before->items[i].number == g->number)
            then = &before->items[i];
    if (then && then->ready == g->ready && !then->live)
        return true;
    describe(to, kept, g, &text);
    error_set(err, ERROR_USAGE, false,
              then && then->live
                  ? TELL(to,
                         "%s vừa mới đây còn được dùng: nếu đúng là muốn xóa thì hãy ghi replay "
                         "drop %d",
                         "%s was live until just now: if it is meant, say replay drop %d")
                  : TELL(to, "%s vừa mới có: nếu đúng là muốn xóa thì hãy ghi replay drop %d",
                         "%s came meanwhile: if it is meant, say replay drop %d"),
              text.data, g->number);
    text_buffer_free(&text);
    return false;
}

/* before: those that were kept when the command began. */
static bool which_to_drop(const struct options *options, const struct generations *kept,
                          const struct generations *before, const struct generation **found,
                          struct error *err)
{
    const struct teller to = tell_of(options);
    const char *argument = options_argument_count(options) ? options_argument(options, 0) : NULL;
    char *end;
    long number = argument ? strtol(argument, &end, 10) : 0;
    if (argument && (*end || end == argument || number <= 0 || number > 1000000))
        return error_set(err, ERROR_USAGE, false,
                         TELL(&to, "%s không phải là số của một phiên bản số liệu",
                              "%s is no number of a generation"),
                         argument);
    size_t count = 0;
    for (size_t i = 0; i < kept->count; i++)
        if (!kept->items[i].live && (!argument || kept->items[i].number == number)) {
            *found = &kept->items[i];
            count++;
        }
    if (count > 1)
        return ask_which(&to, kept, err);
    if (count == 1)
        return argument || was_there(&to, kept, before, *found, err);
    if (argument && number == generations_live(kept)->number)
        return error_set(
            err, ERROR_STATE, false,
            TELL(&to, "phiên bản số liệu %ld đang được dùng", "generation %ld is the live one"),
            number);
    return error_set(err, ERROR_STATE, false, "%s",
                     TELL(&to, "bên cạnh số liệu đang dùng không có phiên bản nào như vậy",
                          "no such generation is kept beside the live one"));
}

struct dropping {
    struct pg *pg;
    const struct options *options;
    const struct generation *generation;
};

static bool try_to_drop(void *context, struct error *err)
{
    const struct dropping *d = context;
    const struct audit_entry entry = {"replay drop", options_text(d->options, "reason"),
                                      d->generation->number, d->generation->config_version, NULL};
    if (pg_begin(d->pg, err) && audit_note(d->pg, &entry, err) &&
        generations_call(d->pg, sql_replay_drop, d->generation->number, err) && pg_commit(d->pg, err))
        return true;
    pg_rollback(d->pg);
    return false;
}

int command_replay_drop(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct generations before, kept;
    const struct teller teller = tell_of(options);
    const struct generation *g = NULL;
    struct pg *pg = session_open(options, "replay drop", false, &err);
    bool ok = pg && generations_read(pg, &before, &err) && generations_lock(pg, &err) &&
              generations_read(pg, &kept, &err) &&
              which_to_drop(options, &kept, &before, &g, &err) && agreed(options, &kept, g, &err) &&
              in_the_way_wait(pg, g->number, VIEWS_TIMEOUT_MS, try_to_drop,
                              &(struct dropping){pg, options, g}, &err);
    if (ok)
        printf(TELL(&teller, "đã xóa phiên bản số liệu %d%s\n", "generation %d is dropped%s\n"),
               g->number,
               g->number < generations_live(&kept)->number
                   ? TELL(&teller, ": không trở về nó được nữa", ": there is no way back to it")
                   : "");
    pg_free(pg);
    return ok ? 0 : session_fail(options, &err);
}
