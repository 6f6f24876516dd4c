#include "as_of.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../replay/fill.h"
#include "../session.h"
#include "../write/rules_read.h"
#include "sql.h"

/* Of the vector what the archive holds. */
static struct replay_vector of_topic(const struct replay_vector *vector, const char *topic)
{
    struct replay_vector events = {must_have(calloc(vector->count + 1, sizeof(*events.items))), 0};
    for (size_t i = 0; i < vector->count; i++)
        if (strcmp(vector->items[i].topic, topic) == 0)
            events.items[events.count++] = vector->items[i];
    return events;
}

static bool fold(struct pg *pg, const struct replay_plan *plan, const struct bulk_rows *watch,
                 struct error *err)
{
    static const struct bulk_part everybody;
    struct intake_result *intake = must_have(calloc(1, sizeof(*intake)));
    bool ok = intake_run(plan, &everybody, intake, err) && fill_figures(plan, intake, pg, watch, err);
    intake_release(intake);
    free(intake);
    return ok;
}

static bool live_is(struct pg *pg, struct as_of_basis *basis, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_as_of_begin, 0, NULL, err);
    if (!rows)
        return false;
    basis->generation = (int)pg_rows_integer(rows, 0, 0, 0);
    basis->config_version = (int)pg_rows_integer(rows, 0, 1, 0);
    pg_rows_free(rows);
    return true;
}

/* Of which prefix of the archive, and by which config. */
static bool find_basis(struct pg *pg, const struct options *options, const struct as_of *as_of,
                       struct as_of_basis *basis, struct error *err)
{
    struct replay_vector live = {0};
    const char *topic = options_text(options, "events_topic");
    if (!live_is(pg, basis, err))
        return false;
    if (as_of->config_version >= 0)
        basis->config_version = as_of->config_version;
    bool ok = as_of->until || replay_vector_read(pg, basis->generation, &live, err);
    basis->until = of_topic(as_of->until ? as_of->until : &live, topic);
    replay_vector_release(&live);
    return ok;
}

static bool build(struct pg *pg, const struct options *options, const struct as_of *as_of,
                  const struct as_of_basis *basis, struct error *err)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    char instant[CLOCK_TEXT_SIZE];
    clock_format(as_of->at_us, instant);
    struct rules *rules = rules_read(pg, basis->config_version, err);
    const struct replay_plan plan = {
        .options = options,
        .config_version = basis->config_version,
        .rules = rules,
        .until = basis->until,
        .from_archive = true,
        .timed_until = instant,
        .threads = cores < 1              ? 1
                   : cores > BULK_INTAKES ? BULK_INTAKES
                                          : (size_t)cores,
    };
    bool ok = rules && fold(pg, &plan, as_of->watch, err);
    rules_free(rules);
    struct pg_rows *shown =
        ok ? pg_query(pg, sql_as_of_show, 1, (const char *const[]){instant}, err) : NULL;
    pg_rows_free(shown);
    return shown != NULL;
}

/* In place of what err says. A report has figures of now as well, a closing none. */
static void tell_through(const struct options *options, const char *text, struct error *err)
{
    struct error unasked = {0};
    bool now = strcmp(options_command(options)->name, "close") != 0;
    struct pg *pg = session_open_views(options, "report", &unasked);
    struct pg_rows *rows = pg ? pg_query(pg, sql_follow_up_as_of, 0, NULL, &unasked) : NULL;
    const char *through = rows ? pg_rows_value(rows, 0, 1) : NULL,
               *missing = rows ? pg_rows_value(rows, 0, 2) : NULL;
    const char *until = missing ? missing : through;
    if (until) {
        error_set(err, ERROR_USAGE, false,
                  missing ? "%.40s is still to come, and the figures are not complete (%.200s not "
                            "read whole yet): name an instant that has passed%s"
                          : "%.40s is still to come; figures are complete through %s (UTC+7): name "
                            "an instant no later than that%s",
                  text, until, now ? ", or leave --at out for the figures of now" : "");
        error_vi(err,
                 missing ? "%.40s chưa tới, và số liệu chưa đầy đủ (chưa đọc hết %.200s): hãy nêu "
                           "một thời điểm đã qua%s"
                         : "%.40s chưa tới; số liệu hiện đầy đủ đến %s: hãy nêu thời điểm không "
                           "muộn hơn lúc đó%s",
                 text, until, now ? ", hoặc bỏ --at để lấy số liệu hiện có" : "");
    }
    pg_rows_free(rows);
    pg_free(pg);
}

bool as_of_read(const struct options *options, const char *text, int64_t *at_us, struct error *err)
{
    int64_t now_us = clock_now_us();
    *at_us = 0;
    if (as_of_parse(text, now_us, at_us, err))
        return true;
    if (*at_us > now_us)
        tell_through(options, text, err);
    return false;
}

bool as_of_show(struct pg *pg, const struct options *options, const struct as_of *as_of,
                struct as_of_basis *basis, struct error *err)
{
    struct as_of_basis found = {0};
    bool ok = pg_run(pg, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ", err) &&
              find_basis(pg, options, as_of, &found, err) && build(pg, options, as_of, &found, err);
    if (ok && basis) {
        *basis = found;
        return true;
    }
    as_of_basis_release(&found);
    if (!ok)
        pg_rollback(pg);
    return ok;
}

void as_of_basis_release(struct as_of_basis *basis)
{
    replay_vector_release(&basis->until);
}
