/* mooc-aggregator replay start */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/file.h"
#include "../../common/stop.h"
#include "../../common/tell.h"
#include "../audit.h"
#include "../commands.h"
#include "../fold/fold.h"
#include "../session.h"
#include "../write/rules_read.h"
#include "compare.h"
#include "fail_at.h"
#include "fill.h"
#include "generations.h"
#include "in_the_way.h"
#include "replay_config.h"
#include "replay_print.h"
#include "sql.h"

#define VIEWS_TIMEOUT_MS (10 * 60 * 1000)

struct start {
    const struct options *options;
    struct teller to;
    struct pg *pg, *looking; /* looking: holds the snapshot of what live holds; mostly NULL */
    char snapshot[64];
    struct generations kept;
    struct replay_plan plan;
    struct rules *rules;
    struct intake_result intake;
    struct fill_result filled;
    int64_t began_ms, read_ms, elapsed_ms;
    bool dry_run;
    size_t ranges; /* of people, of which one at a time is in memory; 1: all at once */
};

/* Before anything is made -------------------------------------------------------------------------------------------------- */

struct unfinished {
    struct pg *pg;
    int generation;
};

static bool try_to_clear(void *context, struct error *err)
{
    const struct unfinished *u = context;
    return generations_call(u->pg, sql_replay_drop, u->generation, err);
}

/* What a replay that was killed left behind. We hold the lock: nobody is at work on it. */
static bool clear_away(struct start *s, struct error *err)
{
    for (size_t i = 0; i < s->kept.count; i++) {
        const struct generation *g = &s->kept.items[i];
        if (g->ready || g->live)
            continue;
        fprintf(stderr,
                TELL(&s->to, "phiên bản số liệu %d bị bỏ dở, được xóa\n",
                     "generation %d was not finished and is dropped\n"),
                g->number);
        struct unfinished unfinished = {s->pg, g->number};
        if (!in_the_way_wait(s->pg, g->number, VIEWS_TIMEOUT_MS, try_to_clear, &unfinished, err))
            return false;
    }
    return true;
}

static bool may_begin(struct start *s, struct error *err)
{
    const struct generation *other = generations_other(&s->kept);
    if (other)
        return error_set(err, ERROR_STATE, false,
                         TELL(&s->to,
                              "phiên bản số liệu %d đang được giữ bên cạnh: hãy dùng hoặc xóa nó "
                              "trước (mooc-aggregator replay promote, hoặc replay drop %d)",
                              "generation %d is kept beside the live one: promote it or drop it "
                              "first (mooc-aggregator replay promote, or replay drop %d)"),
                         other->number, other->number);
    return true;
}

static size_t threads_wanted(const struct options *options)
{
    int64_t wanted = options_number(options, "threads");
    if (wanted <= 0)
        wanted = sysconf(_SC_NPROCESSORS_ONLN);
    return wanted < 1 ? 1 : wanted > BULK_INTAKES ? BULK_INTAKES : (size_t)wanted;
}

static bool begin_generation(struct start *s, struct error *err)
{
    char fold[16], config[16];
    snprintf(fold, sizeof(fold), "%d", FOLD_VERSION);
    snprintf(config, sizeof(config), "%d", s->plan.config_version);
    struct pg_rows *rows =
        pg_query(s->pg, sql_replay_begin, 2, (const char *const[]){fold, config}, err);
    if (!rows)
        return false;
    s->plan.generation = (int)pg_rows_integer(rows, 0, 0, 0);
    pg_rows_free(rows);
    return true;
}

/* A dry run leaves no config version behind: its rules are in memory. */
static bool forget_config(struct start *s, struct error *err)
{
    pg_rollback(s->pg);
    s->plan.config_version = generations_live(&s->kept)->config_version;
    return pg_begin(s->pg, err);
}

/* What live holds, at its vector: the transaction stays open until all of it is read. */
static bool export_states(struct start *s, int live, struct error *err)
{
    s->looking = pg_connect(s->options, "mooc-aggregator replay snapshot", false, err);
    if (!s->looking || !pg_run(s->looking, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ", err) ||
        !replay_vector_read(s->looking, live, &s->plan.until, err))
        return false;
    struct pg_rows *rows = pg_query(s->looking, sql_replay_export_snapshot, 0, NULL, err);
    if (!rows)
        return false;
    snprintf(s->snapshot, sizeof(s->snapshot), "%s", pg_rows_value(rows, 0, 0));
    pg_rows_free(rows);
    s->plan.snapshot = s->snapshot;
    s->plan.from_states = live;
    return true;
}

static bool copy_entities(struct start *s, struct error *err)
{
    char from[24], to[24];
    if (!s->plan.from_states)
        return true;
    snprintf(from, sizeof(from), "gen_%d", s->plan.from_states);
    snprintf(to, sizeof(to), "gen_%d", s->plan.generation);
    char *sql = compare_for_schemas(sql_replay_copy_entities, from, to);
    bool ok = pg_run(s->looking, sql, err) && pg_commit(s->looking, err);
    free(sql);
    return ok;
}

/* How far to read; a dry run keeps the figures of that very moment, to compare with. */
static bool look_at_live(struct start *s, struct error *err)
{
    int live = generations_live(&s->kept)->number;
    if (options_text(s->options, "training") && !export_states(s, live, err))
        return false;
    if (!s->dry_run)
        return s->plan.from_states || replay_vector_read(s->pg, live, &s->plan.until, err);
    char begin[160] = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ";
    if (s->plan.from_states)
        snprintf(begin, sizeof(begin),
                 "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '%s'",
                 s->snapshot);
    return pg_run(s->pg, begin, err) && replay_vector_read(s->pg, live, &s->plan.until, err) &&
           compare_keep_copy(s->pg, live, err) && pg_commit(s->pg, err);
}

/* Another configuration's topics would give an empty generation. */
static bool names_lives_topics(const struct start *s, struct error *err)
{
    const char *topic = options_text(s->options, "events_topic");
    for (size_t i = 0; i < s->plan.until.count; i++)
        if (strcmp(s->plan.until.items[i].topic, topic) == 0)
            return true;
    return s->plan.until.count == 0 ||
           error_set(err, ERROR_CONFIG, false,
                     TELL(&s->to, "số liệu đang dùng được tính từ topic %s, cấu hình này lại ghi %s",
                          "the live figures are counted from topic %s, this configuration names "
                          "%s"),
                     s->plan.until.items[s->plan.until.count - 1].topic, topic);
}

/* The config and the generation belong together. */
static bool prepare(struct start *s, struct error *err)
{
    s->plan.options = s->options;
    s->plan.threads = threads_wanted(s->options);
    s->plan.rate = options_number(s->options, "rate");
    s->plan.from_archive = options_boolean(s->options, "from_archive");
    s->dry_run = options_boolean(s->options, "dry_run");
    s->ranges = (size_t)options_number(s->options, "ranges");
    if (!generations_lock(s->pg, err) || !generations_read(s->pg, &s->kept, err) ||
        !clear_away(s, err) || !may_begin(s, err) || !pg_begin(s->pg, err))
        return false;
    s->plan.config_version =
        replay_config(s->pg, s->options, generations_live(&s->kept)->config_version, err);
    if (s->plan.config_version < 0)
        return false;
    s->rules = rules_read(s->pg, s->plan.config_version, err);
    s->plan.rules = s->rules;
    if (!s->rules || (s->dry_run && !forget_config(s, err)))
        return false;
    return begin_generation(s, err) && pg_commit(s->pg, err) && look_at_live(s, err) &&
           names_lives_topics(s, err);
}

/* Building ----------------------------------------------------------------------------------------------------------------- */

static bool build_range(struct start *s, const struct bulk_who *who, size_t range, struct error *err)
{
    struct intake_result intake = {.records = 0};
    const struct bulk_part part = {.who = who, .range = range, .ranges = s->ranges};
    fprintf(stderr, TELL(&s->to, "nhóm người %zu/%zu\n", "people %zu of %zu\n"), range + 1,
            s->ranges);
    struct pg *pg = pg_connect(s->options, "mooc-aggregator replay write", false, err);
    bool ok = pg && intake_run(&s->plan, &part, &intake, err) && fail_at("read") &&
              fill_range(&s->plan, who, &intake, pg, &s->filled, err);
    pg_free(pg); /* a connection knows its statements by the store that they belong to */
    s->intake.records = intake.records;
    if (intake.bytes > s->intake.bytes)
        s->intake.bytes = intake.bytes; /* there at once */
    intake_release(&intake);
    return ok;
}

/* The log is read once to find who is who, and once for each range of people. */
static bool build_by_ranges(struct start *s, struct error *err)
{
    struct intake_result intake = {.records = 0};
    const struct bulk_part identities = {.identities_only = true};
    bool ok = intake_run(&s->plan, &identities, &intake, err) && fail_at("read");
    struct bulk_who *who = ok ? fill_identities(&s->plan, &intake, s->pg, err) : NULL;
    ok = who != NULL;
    for (size_t range = 0; ok && range < s->ranges; range++)
        ok = build_range(s, who, range, err);
    bulk_who_free(who);
    intake_release(&intake);
    return ok && fill_end(&s->plan, s->pg, err);
}

static bool build(struct start *s, struct error *err)
{
    s->began_ms = clock_monotonic_ms();
    if (s->ranges > 1)
        return build_by_ranges(s, err) && fail_at("filled");
    static const struct bulk_part everybody;
    bool ok = intake_run(&s->plan, &everybody, &s->intake, err) && fail_at("read");
    s->read_ms = clock_monotonic_ms() - s->began_ms;
    return ok && copy_entities(s, err) && fill_run(&s->plan, &s->intake, s->pg, &s->filled, err) &&
           fail_at("filled");
}

static bool note(struct start *s, struct error *err)
{
    char detail[256];
    snprintf(detail, sizeof(detail), "{\"beside\":%d,\"records\":%" PRId64 ",\"seconds\":%.1f}",
             generations_live(&s->kept)->number, s->intake.records,
             (double)(clock_monotonic_ms() - s->began_ms) / 1000);
    const struct audit_entry entry = {"replay start", options_text(s->options, "reason"),
                                      s->plan.generation, s->plan.config_version, detail};
    return audit_note(s->pg, &entry, err);
}

/* From now on it is one of those that are kept. */
static bool try_to_show(void *context, struct error *err)
{
    struct start *s = context;
    if (pg_begin(s->pg, err) && generations_call(s->pg, sql_replay_finish, s->plan.generation, err) &&
        note(s, err) && pg_commit(s->pg, err)) {
        s->elapsed_ms = clock_monotonic_ms() - s->began_ms;
        return true;
    }
    pg_rollback(s->pg);
    return false;
}

static bool show(struct start *s, struct error *err)
{
    return in_the_way_wait(s->pg, s->plan.generation, VIEWS_TIMEOUT_MS, try_to_show, s, err);
}

/* After a failure nothing is kept (the next start begins anew), nor of a dry run. */
static void give_up(struct start *s)
{
    struct error ignored = {0};
    pg_rollback(s->pg);
    if (s->plan.generation && pg_alive(s->pg) &&
        !generations_call(s->pg, sql_replay_drop, s->plan.generation, &ignored))
        fprintf(stderr,
                TELL(&s->to, "phần đã tính còn lại đến replay start lần sau: %s\n",
                     "what was built so far stays until the next replay start: %s\n"),
                ignored.message);
}

static bool say_what_would_change(struct start *s, struct error *err)
{
    char schema[24], title[128];
    int64_t differing;
    snprintf(schema, sizeof(schema), "gen_%d", s->plan.generation);
    snprintf(title, sizeof(title),
             strcmp(options_text(s->options, "lang"), "en") == 0
                 ? "generation %d (live) -> what replay start would make of it"
                 : "phiên bản số liệu %d (hiện hành) → nếu chạy replay start",
             generations_live(&s->kept)->number);
    const struct comparison comparison = {COMPARE_COPY, schema, false, false, title};
    return compare_print(s->pg, s->options, &comparison, &differing, err);
}

static bool print_outcome(struct start *s, struct error *err)
{
    const struct replay_outcome outcome = {
        .generation = s->plan.generation,
        .config_version = s->plan.config_version,
        .records = s->intake.records,
        .people = (int64_t)s->filled.people,
        .dossiers = (int64_t)s->filled.told.states,
        .facts = (int64_t)s->filled.told.facts,
        .bytes = (int64_t)s->intake.bytes,
        .elapsed_ms = s->elapsed_ms,
        .read_ms = s->read_ms,
        .link_ms = s->filled.link_ms,
        .count_ms = s->filled.count_ms,
    };
    return replay_print_outcome(s->pg, s->options, &outcome, err);
}

static bool start(struct start *s, struct error *err)
{
    bool ok = prepare(s, err) && build(s, err);
    if (s->dry_run)
        ok = ok && say_what_would_change(s, err);
    else
        ok = ok && show(s, err) && fail_at("shown");
    if (!ok || s->dry_run)
        give_up(s);
    return ok && (s->dry_run || print_outcome(s, err));
}

static void release(struct start *s)
{
    intake_release(&s->intake);
    rules_free(s->rules);
    replay_vector_release(&s->plan.until);
    pg_free(s->looking);
    pg_free(s->pg);
}

/* What only a dry run prints, and what only reading the log takes. */
static bool fits(const struct options *options, struct error *err)
{
    static const char *const of_comparison[] = {"out", "limit", NULL};
    static const char *const of_reading[] = {"from_archive", "ranges", NULL};
    return (options_boolean(options, "dry_run") ||
            options_leave_out(options, of_comparison, "replay start without --dry-run", err)) &&
           (!options_text(options, "training") ||
            options_leave_out(options, of_reading,
                              "replay start --training, which reads no log and is done at once", err));
}

int command_replay_start(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct start s = {.options = options, .to = tell_of(options)};
    if (!fits(options, &err))
        return session_fail(options, &err);
    s.pg = file_check_out(options_text(options, "out"), &err)
               ? session_open(options, "replay start", false, &err)
               : NULL;
    bool ok = s.pg && start(&s, &err);
    release(&s);
    return ok ? 0 : session_fail(options, &err);
}
