#include "pack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/manifest.h"
#include "../../common/clock.h"
#include "../../common/file.h"
#include "../../common/progress.h"
#include "../../common/stop.h"
#include "../../common/tree.h"
#include "../close/as_of.h"
#include "../report/output.h"
#include "../report/reports.h"
#include "../report/scope.h"
#include "../session.h"
#include "sql.h"
#include "unit_folder.h"

struct pack {
    const struct program *program;
    const struct options *options;
    struct pg *pg;
    struct period period, before;
    int64_t at_us; /* the period's end, or now while it lasts */
    struct report_request request;
    struct pg_rows *waves;
    struct units_figures *figures; /* of each wave, at the end of the period before */
    struct as_of_basis basis;
    char *folder, *beside;
    bool begun; /* `beside` is ours */
    int64_t units;
};

/* What is asked ------------------------------------------------------------------------------------------------------------ */

static bool read_request(struct pack *p, struct error *err)
{
    const char *period = options_text(p->options, "period"), *out = options_text(p->options, "out");
    int64_t now_us = clock_now_us();
    if (!period)
        return error_tell(err, ERROR_USAGE, false,
                          "của kỳ nào? --period 2023-W39, 2023-09, 2023-Q3, 2023-H1 hoặc 2023",
                          "of which period? --period 2023-W39, 2023-09, 2023-Q3, 2023-H1 or 2023");
    if (!out)
        return error_tell(err, ERROR_USAGE, false,
                          "bộ báo cáo cần --out THƯ-MỤC, một thư mục chưa có",
                          "a pack needs --out DIR, a folder that is not there yet");
    if (!period_parse(period, &p->period, err) || !tree_is_free(out, err) ||
        !file_check_folder_out(out, err) ||
        !output_language_parse(options_text(p->options, "lang"), &p->request.language, err))
        return false;
    p->request.below = options_number(p->options, "below"); /* the summary names groups below it */
    p->before = period_before(&p->period);
    p->at_us = period_end_us(&p->period) < now_us ? period_end_us(&p->period) : now_us;
    if (period_end_us(&p->before) >= now_us)
        return error_tell(err, ERROR_USAGE, false, "kỳ %s chưa bắt đầu", "period %s has not begun",
                          period);
    struct text_buffer folder = {0}, beside = {0};
    size_t length = strlen(out);
    while (length > 1 && out[length - 1] == '/')
        length--;
    text_buffer_add(&folder, out, length);
    text_buffer_add_format(&beside, "%s.part", folder.data);
    p->folder = folder.data;
    p->beside = beside.data;
    if (tree_is_free(p->beside, err))
        return true;
    struct error in_the_way = *err;
    error_set(err, in_the_way.kind, false, "left by a pack that was cut short? remove it: %s",
              in_the_way.message);
    return error_vi(err, "còn lại từ một lần lập dở dang chăng? hãy xóa: %s",
                    error_words(&in_the_way, true));
}

static bool find_waves(struct pack *p, struct error *err)
{
    const char *wave = options_text(p->options, "wave");
    const char *training = options_text(p->options, "training");
    char day[CLOCK_DATE_SIZE];
    clock_format_date(p->period.last, day);
    struct report *texts = report_new("pack", LANGUAGE_VI);
    struct report_scope scope;
    const struct report_request asked = {
        .wave = wave, .training = training, .unit = options_text(p->options, "unit")};
    bool ok = true;
    if (!wave && !training && asked.unit)
        ok = scope_find(p->pg, &asked, SCOPE_NEEDS_NOTHING, texts, &scope, err);
    else if (wave)
        ok = scope_find(p->pg, &asked, SCOPE_NEEDS_WAVE, texts, &scope, err);
    else if (training)
        ok = scope_find(p->pg, &asked, SCOPE_NEEDS_TRAINING, texts, &scope, err);
    report_free(texts);
    p->waves =
        ok ? pg_query(p->pg, sql_pack_waves, 3, (const char *const[]){training, day, wave}, err)
           : NULL;
    if (p->waves && pg_rows_count(p->waves) == 0)
        return error_tell(err, ERROR_USAGE, false, "đến %s chưa đợt nào bắt đầu: hãy nêu kỳ sau",
                          "no wave had begun by %s: name a later period", day);
    return p->waves != NULL;
}

/* The period before ----------------------------------------------------------------------------------------------------------- */

static bool read_before(struct pack *p, struct error *err)
{
    const struct as_of as_of = {.at_us = period_end_us(&p->before), .config_version = -1};
    size_t count = pg_rows_count(p->waves);
    p->figures = must_have(calloc(count + 1, sizeof(*p->figures)));
    bool ok = as_of_show(p->pg, p->options, &as_of, NULL, err);
    for (size_t i = 0; ok && i < count; i++)
        ok = units_figures_read(p->pg, pg_rows_value(p->waves, i, 0),
                                options_text(p->options, "unit"), &p->figures[i], err);
    pg_rollback(p->pg);
    return ok;
}

/* This period ---------------------------------------------------------------------------------------------------------------- */

static bool write_units(struct pack *p, const struct report_scope *scope, size_t wave,
                        const struct units_figures *now, const struct pg_rows *groups,
                        const struct pg_rows *unread, struct error *err)
{
    struct progress *progress = progress_new(scope->wave, (int64_t)now->count);
    bool ok = true;
    for (size_t i = 0; ok && i < now->count; i++) {
        const struct unit_folder unit = {
            .pg = p->pg,
            .folder = p->beside,
            .period = &p->period,
            .request = &p->request,
            .scope = scope,
            .groups = groups,
            .unread = unread,
            .before = units_figures_find(&p->figures[wave], now->items[i].unit),
            .now = &now->items[i],
            .attached_to = options_text(p->options, "attached_to"),
            .place = options_text(p->options, "place"),
            .signer = options_text(p->options, "signer")};
        ok = stop_requested() ? error_stopped(err) : unit_folder_write(&unit, err);
        progress_at(progress, (int64_t)i + 1, (int64_t)now->count);
    }
    progress_end(progress);
    p->units += (int64_t)now->count;
    return ok;
}

static bool write_wave(struct pack *p, size_t wave, struct error *err)
{
    struct units_figures now = {.count = 0};
    struct report_scope scope;
    struct report *texts = report_new("pack", p->request.language);
    p->request.wave = pg_rows_value(p->waves, wave, 0);
    struct pg_rows *groups = NULL, *unread = NULL;
    bool ok = scope_find(p->pg, &p->request, SCOPE_NEEDS_WAVE, texts, &scope, err) &&
              units_figures_read(p->pg, scope.wave, options_text(p->options, "unit"), &now, err) &&
              (groups = pg_query(p->pg, sql_pack_groups, 1, &scope.wave, err)) &&
              (unread = report_unread_streams(p->pg, &p->request, scope.training, NULL, err)) &&
              write_units(p, &scope, wave, &now, groups, unread, err);
    pg_rows_free(groups);
    pg_rows_free(unread);
    units_figures_release(&now);
    report_free(texts);
    return ok;
}

static bool write_period(struct pack *p, struct error *err)
{
    const struct as_of as_of = {.at_us = p->at_us, .config_version = -1};
    bool ok = as_of_show(p->pg, p->options, &as_of, &p->basis, err);
    clock_format(p->at_us, p->request.at);
    for (size_t i = 0; ok && i < pg_rows_count(p->waves); i++)
        ok = write_wave(p, i, err);
    pg_rollback(p->pg);
    if (ok && p->units == 0)
        return error_tell(err, ERROR_USAGE, false,
                          "đến lúc đó chưa đơn vị nào có gì để báo cáo: hãy nêu kỳ sau, hoặc "
                          "--unit hay --wave khác",
                          "no unit had anything to report by then: name a later period, or "
                          "another --unit or --wave");
    return ok;
}

/* ------------------------------------------------------------------------------------------------------------------------------ */

static bool write_manifest(struct pack *p, struct error *err)
{
    struct text_buffer more = {0};
    text_buffer_add_text(&more, ",\"period\":");
    text_buffer_add_json_string(&more, options_text(p->options, "period"));
    text_buffer_add_format(&more,
                           ",\"at\":\"%s\",\"generation\":%d,\"config_version\":%d,\"offsets\":[",
                           p->request.at, p->basis.generation, p->basis.config_version);
    for (size_t i = 0; i < p->basis.until.count; i++)
        text_buffer_add_format(&more, "%s%" PRId64, i ? "," : "",
                               p->basis.until.items[i].next_offset);
    text_buffer_add_text(&more, "]");
    bool ok = manifest_write(p->program, "pack_by", p->beside, more.data, err);
    text_buffer_free(&more);
    return ok;
}

static bool put_in_place(const struct pack *p, struct error *err)
{
    return rename(p->beside, p->folder) == 0 ||
           error_tell(err, ERROR_INTERNAL, false, "không tạo được %s: " REASON_VI,
                      "%s cannot be made: " REASON_EN, p->folder, ERROR_REASON(errno));
}

/* Whatever it writes is rolled back. */
static struct pg *open_session(const struct options *options, struct error *err)
{
    struct pg *pg = session_open(options, "report pack", false, err);
    if (pg)
        pg_end_on_stop(pg);
    return pg;
}

bool pack_write(const struct program *program, const struct options *options, struct error *err)
{
    struct pack p = {.program = program, .options = options};
    bool ok = read_request(&p, err) && (p.pg = open_session(options, err)) && find_waves(&p, err) &&
              (p.begun = tree_make(p.beside, err)) && read_before(&p, err) &&
              write_period(&p, err) && write_manifest(&p, err) && put_in_place(&p, err);
    if (ok)
        printf("%s: %" PRId64 " %s\n", p.folder, p.units,
               p.request.language == LANGUAGE_VI ? "đơn vị"
               : p.units == 1                    ? "unit"
                                                 : "units");
    for (size_t i = 0; p.figures && i < pg_rows_count(p.waves); i++)
        units_figures_release(&p.figures[i]);
    if (!ok && p.begun)
        tree_remove(p.beside);
    free(p.figures);
    pg_rows_free(p.waves);
    as_of_basis_release(&p.basis);
    pg_free(p.pg);
    free(p.folder);
    free(p.beside);
    return ok;
}
