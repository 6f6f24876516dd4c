/* mooc-aggregator replay status */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/tell.h"
#include "../commands.h"
#include "../report/number.h"
#include "../session.h"
#include "generations.h"
#include "plan.h"
#include "replay_print.h"

/* For programs, and what people are told. */
struct role {
    const char *code, *vi, *en;
    bool at_work;
};

static const struct role *role_of(const struct generations *kept, const struct generation *g,
                                  bool at_work)
{
    static const struct role live = {"live", "đang dùng", "live", false},
                             being_built = {"being built", "đang tính", "being built", true},
                             unfinished = {"left unfinished", "bỏ dở", "left unfinished", false},
                             next = {"next", "tính lại, chưa dùng", "next", false},
                             old = {"old", "trước đó", "old", false};
    if (g->live)
        return &live;
    if (!g->ready)
        return at_work ? &being_built : &unfinished;
    return g->number > generations_live(kept)->number ? &next : &old;
}

static bool behind_of(struct pg *pg, const struct generations *kept, const struct generation *g,
                      int64_t *behind, struct error *err)
{
    struct replay_vector live = {0}, own = {0};
    bool ok = replay_vector_read(pg, generations_live(kept)->number, &live, err) &&
              replay_vector_read(pg, g->number, &own, err);
    *behind = ok ? replay_vector_behind(&live, &own) : 0;
    replay_vector_release(&live);
    replay_vector_release(&own);
    return ok;
}

/* A running program takes a new one up within seconds; "": none does. */
static const char *soon(const struct generation *live, const struct generation *g)
{
    if (*g->changing_over)
        return g->changing_over;
    return !g->live && live->fold_version == g->fold_version ? live->writer : "";
}

static void print_follower(const struct teller *to, const struct generation *live,
                           const struct generation *g)
{
    if (*g->writer)
        printf(TELL(to, ", %s đang cập nhật\n", ", kept current by %s\n"), g->writer);
    else if (*soon(live, g))
        printf(TELL(to, ", %s sắp cập nhật\n", ", %s is about to keep it current\n"), soon(live, g));
    else
        printf(TELL(to,
                    ", không máy nào cập nhật: hãy chạy mooc-aggregator run của quy tắc đếm phiên "
                    "bản %d\n",
                    ", nobody keeps it current: start a mooc-aggregator run of fold version %d\n"),
               g->fold_version);
}

/* "12,5" in Vietnamese. */
static void format_mebibytes(const struct teller *to, int64_t bytes, char out[32])
{
    snprintf(out, 32, "%.1f", (double)bytes / 1048576);
    char *point = strchr(out, '.');
    if (to->vietnamese && point)
        *point = ',';
}

static void print_text(const struct teller *to, const struct generation *live,
                       const struct generation *g, const struct role *role, int64_t behind)
{
    char made[CLOCK_LOCAL_SIZE], size[32], records[NUMBER_SIZE];
    tell_instant_of(g->created_at, to->vietnamese, made);
    format_mebibytes(to, g->bytes, size);
    format_count(behind, TELL(to, LANGUAGE_VI, LANGUAGE_EN), records);
    printf(
        TELL(to,
             "phiên bản số liệu %d (%s): quy tắc đếm phiên bản %d, danh mục phiên bản %d, lập %s, "
             "%s MiB",
             "generation %d (%s): fold version %d, config version %d, made %s, %s MiB"),
        g->number, TELL(to, role->vi, role->en), g->fold_version, g->config_version, made, size);
    if (!g->live && g->ready)
        printf(TELL(to, ", còn cách số liệu đang dùng tối đa %s bản ghi",
                    ", up to %s records behind the live one"),
               records);
    if (g->ready)
        print_follower(to, live, g);
    else if (role->at_work)
        printf("%s", TELL(to, "; replay start đang làm\n", "; a replay start is at work on it\n"));
    else
        printf("%s", TELL(to, "; replay start lần sau sẽ xóa phần bỏ dở, replay drop cũng vậy\n",
                          "; the next replay start clears away what was left unfinished, replay "
                          "drop as well\n"));
}

static void print_json(const struct generation *g, const char *role, int64_t behind)
{
    printf("{\"generation\":%d,\"role\":\"%s\",\"fold_version\":%d,\"config_version\":%d,"
           "\"created_at\":\"%s\",\"bytes\":%" PRId64 ",\"behind\":%" PRId64 ",\"writer\":\"%s\"",
           g->number, role, g->fold_version, g->config_version, g->created_at, g->bytes, behind,
           g->writer);
}

static bool print(struct pg *pg, const struct options *options, struct error *err)
{
    struct generations kept;
    const struct teller to = tell_of(options);
    const char *format = options_text(options, "format");
    bool json = format && strcmp(format, "json") == 0, at_work = false;
    bool ok = generations_read(pg, &kept, err) && generations_at_work(pg, &at_work, err);
    bool checksums = options_boolean(options, "checksums");
    if (ok && json)
        printf("[");
    for (size_t i = 0; ok && i < kept.count; i++) {
        const struct generation *g = &kept.items[i];
        const struct role *role = role_of(&kept, g, at_work);
        int64_t behind = 0;
        ok = behind_of(pg, &kept, g, &behind, err);
        if (ok && json) {
            printf("%s", i ? "," : "");
            print_json(g, role->code, behind);
        } else if (ok) {
            print_text(&to, generations_live(&kept), g, role, behind);
        }
        if (ok && checksums && g->ready) {
            printf("%s", json ? ",\"tables\":{" : "");
            ok = replay_print_checksums(pg, &to, g->number, json, err);
            printf("%s", json ? "}" : "");
        }
        printf("%s", json ? "}" : "");
    }
    if (ok && json)
        printf("]\n");
    return ok;
}

int command_replay_status(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct pg *pg = session_open(options, "replay status", true, &err);
    bool ok = pg && print(pg, options, &err);
    pg_free(pg);
    return ok ? 0 : session_fail(options, &err);
}
