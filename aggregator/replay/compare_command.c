/* mooc-aggregator replay compare */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../common/file.h"
#include "../../common/stop.h"
#include "../../common/tell.h"
#include "../audit.h"
#include "../commands.h"
#include "../session.h"
#include "compare.h"
#include "hold.h"
#include "why.h"

/* Both are held at one vector only until the snapshot that is compared is taken. */
static bool at_one_vector(struct pg *holding, struct pg *looking, const struct options *options,
                          const struct generation *live, const struct generation *other,
                          struct error *err)
{
    struct replay_vector vector = {0};
    int64_t since_ms;
    bool ok = hold_at_one_vector(holding, options, live, other, &vector, &since_ms, err) &&
              pg_run(looking,
                     "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                     "SET LOCAL work_mem = '128MB'; SELECT FROM pulse.live",
                     err);
    pg_rollback(holding);
    replay_vector_release(&vector);
    return ok;
}

#define STOP_S 2

/* Who promotes later may be asked what was known then. */
static bool note(struct pg *pg, const struct options *options, const struct generation *live,
                 const struct generation *other, int64_t differing, struct error *err)
{
    char detail[96];
    snprintf(detail, sizeof(detail), "{\"with\":%d,\"differing\":%" PRId64 "}", live->number,
             differing);
    const struct audit_entry entry = {"replay compare", options_text(options, "reason"),
                                      other->number, other->config_version, detail};
    return audit_note(pg, &entry, err);
}

static bool compare(struct pg *pg, struct pg *noting, const struct options *options,
                    const struct generation *live, const struct generation *other, struct error *err)
{
    char old_schema[24], new_schema[24], title[200];
    int64_t differing;
    snprintf(old_schema, sizeof(old_schema), "gen_%d", live->number);
    snprintf(new_schema, sizeof(new_schema), "gen_%d", other->number);
    snprintf(
        title, sizeof(title),
        strcmp(options_text(options, "lang"), "en") == 0
            ? "generation %d (live, config version %d) -> generation %d (config version %d)"
            : "phiên bản số liệu %d (hiện hành, danh mục %d) → phiên bản số liệu %d (danh mục %d)",
        live->number, live->config_version, other->number, other->config_version);
    if (options_text(options, "why"))
        return why_print(pg, options, live, other, err);
    const struct comparison comparison = {old_schema, new_schema, true,
                                          other->number < live->number, title};
    return compare_print(pg, options, &comparison, &differing, err) &&
           note(noting, options, live, other, differing, err);
}

int command_replay_compare(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    const struct teller to = tell_of(options);
    stop_ends_within(STOP_S);
    struct generations kept;
    const struct generation *other = NULL;
    struct pg *holding = file_check_out(options_text(options, "out"), &err)
                             ? session_open(options, "replay compare", false, &err)
                             : NULL;
    struct pg *looking = NULL;
    bool ok = holding && generations_read(holding, &kept, &err);
    if (ok && !(other = generations_other(&kept)))
        ok = error_set(&err, ERROR_STATE, false,
                       TELL(&to,
                            "chưa có gì để so sánh: mooc-aggregator replay start tính lại thành "
                            "một phiên bản số liệu khác",
                            "there is nothing to compare: mooc-aggregator replay start makes "
                            "another generation"));
    ok = ok && (looking = session_open(options, "replay compare look", false, &err));
    if (ok)
        pg_end_on_stop(looking); /* nothing is changed here, and a statement may take minutes */
    ok = ok && at_one_vector(holding, looking, options, generations_live(&kept), other, &err) &&
         compare(looking, holding, options, generations_live(&kept), other, &err);
    pg_free(holding);
    pg_free(looking);
    return ok ? 0 : session_fail(options, &err);
}
