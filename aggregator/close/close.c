/* mooc-aggregator close: figures of a wave as of an instant, kept for a report that is sent. */
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/tell.h"
#include "../commands.h"
#include "../session.h"
#include "../report/scope.h"
#include "document.h"
#include "sql.h"

struct closing {
    const struct options *options;
    struct teller to;
    struct pg *pg;
    struct document document;
    struct report_scope scope;
};

static bool read_request(struct closing *c, struct error *err)
{
    const char *at = options_text(c->options, "at");
    c->document.name = options_text(c->options, "doc");
    c->document.reason = options_text(c->options, "reason");
    if (!c->document.name || !*c->document.name || strchr(" \t", c->document.name[0]) ||
        strchr(" \t", c->document.name[strlen(c->document.name) - 1]) ||
        strlen(c->document.name) > DOCUMENT_NAME_MAX)
        return error_set(
            err, ERROR_USAGE, false,
            TELL(&c->to,
                 "chốt cho văn bản nào? --doc 555/CAT, số hiệu như in trên văn bản (tối "
                 "đa %d byte, không có dấu cách ở hai đầu)",
                 "for which document? --doc 555/CAT, its number as it is printed (up "
                 "to %d bytes, no blanks around it)"),
            DOCUMENT_NAME_MAX);
    if (!at)
        return error_set(
            err, ERROR_USAGE, false, "%s",
            TELL(&c->to,
                 "chốt đến lúc nào? --at 2023-10-02T17:00: thời điểm mà các nền tảng đã "
                 "được đọc đủ",
                 "as of when? --at 2023-10-02T17:00: a moment that the platforms have "
                 "been read through"));
    return as_of_read(c->options, at, &c->document.at_us, err);
}

static bool name_is_free(struct closing *c, struct error *err)
{
    struct document_head taken;
    struct error missing = {0};
    bool found = document_find(c->pg, c->document.name, &taken, &missing);
    if (found)
        error_set(
            err, ERROR_STATE, false,
            TELL(&c->to,
                 "số liệu của văn bản “%.100s” đã chốt lúc %s và không thay đổi nữa: in lại bằng "
                 "`report TÊN --closed VĂN-BẢN`, hoặc chốt cho văn bản khác",
                 "figures are closed for \"%.100s\" since %s and stay as they are: print them with "
                 "`report NAME --closed DOC`, or close under another name"),
            c->document.name, taken.closed_at);
    else if (missing.kind != ERROR_USAGE)
        *err = missing;
    document_head_release(&taken);
    return err->kind == ERROR_NONE;
}

/* A slip of the pen would wait on for the source that was meant, or close without a word. */
static bool without_is_known(struct closing *c, struct error *err)
{
    const char *without = options_text(c->options, "without");
    struct pg_rows *rows = without ? pg_query(c->pg, sql_close_unknown_sources, 2,
                                              (const char *const[]){c->scope.training, without}, err)
                                   : NULL;
    const char *unknown = rows ? pg_rows_value(rows, 0, 0) : NULL;
    const char *known = rows ? pg_rows_value(rows, 0, 1) : NULL;
    bool ok = !without || (rows && !unknown);
    if (unknown) {
        error_set(
            err, ERROR_USAGE, false,
            "--without: no source \"%.200s\" feeds the training of wave %.64s; there %s: %.400s",
            unknown, c->scope.wave, known ? "are" : "is", known ? known : "none");
        error_vi(err,
                 "--without: khóa của đợt %.64s không lấy dữ liệu từ nguồn nào là \"%.200s\"; các "
                 "nguồn của khóa: %.400s",
                 c->scope.wave, unknown, known ? known : "không có");
    }
    pg_rows_free(rows);
    return ok;
}

/* A list that has not come is printed as such; a platform's answer that has not come would be missing unsaid. */
static bool platforms_reach(struct closing *c, struct error *err)
{
    struct report_request request = {.wave = c->scope.wave,
                                     .language = TELL(&c->to, LANGUAGE_VI, LANGUAGE_EN)};
    clock_format(c->document.at_us, request.at);
    struct pg_rows *rows = report_unread_streams(c->pg, &request, c->scope.training,
                                                 options_text(c->options, "without"), err);
    if (!rows)
        return false;
    const char *missing = pg_rows_value(rows, 0, 0);
    if (missing)
        error_set(
            err, ERROR_STATE, true,
            TELL(
                &c->to,
                "các nền tảng chưa được đọc đủ đến thời điểm đó, mới đọc đến: %.600s; hãy chờ, "
                "hoặc "
                "xem mooc-ingest status; nguồn không bao giờ đọc được đến đó thì nêu tên ở "
                "--without",
                "the platforms have not been read through that instant yet, only through: %.600s; "
                "wait, or see mooc-ingest status; a source that will never be read so far is named "
                "with --without"),
            missing);
    pg_rows_free(rows);
    return !missing;
}

/* A report that has nothing to tell of the wave is left out; one that cannot be made ends the closing, whatever the reason. */
static bool make_reports(struct closing *c, struct error *err)
{
    struct report_request request = {.below = options_number(c->options, "below")};
    const char *name;
    clock_format(c->document.at_us, request.at);
    for (size_t i = 0; (name = reports_of_wave(i)); i++) {
        reports_ask_of_wave(&request, name, c->scope.wave, c->scope.training);
        for (request.language = LANGUAGE_VI; request.language <= LANGUAGE_EN; request.language++) {
            struct report *report = reports_make(c->pg, &request, err);
            if (!report)
                return false;
            if (report->says_nothing)
                report_free(report);
            else
                document_add(&c->document, report);
        }
    }
    return true;
}

/* A name is closed once: not for figures of nobody. */
static bool anybody(struct closing *c, struct error *err)
{
    struct pg_rows *rows = pg_query(c->pg, sql_close_registered, 1, &c->scope.wave, err);
    if (!rows)
        return false;
    bool any = pg_rows_integer(rows, 0, 0, 0) > 0;
    pg_rows_free(rows);
    return any || error_set(err, ERROR_STATE, false,
                            TELL(&c->to,
                                 "đến lúc đó chưa ai có tên trong danh sách của đợt %s: chưa có gì "
                                 "để chốt",
                                 "nobody was on a list of wave %s by then: there is nothing to "
                                 "close"),
                            c->scope.wave);
}

/* Somebody else may have closed it meanwhile. */
static bool keep(struct closing *c, struct error *err)
{
    struct pg_rows *locked =
        pg_begin(c->pg, err) ? pg_query(c->pg, sql_close_lock, 1, &c->document.name, err) : NULL;
    pg_rows_free(locked);
    return locked && name_is_free(c, err) && document_keep(c->pg, &c->document, err) &&
           pg_commit(c->pg, err);
}

static bool close_figures(struct closing *c, struct report *texts, struct error *err)
{
    const struct report_request asked = {.wave = options_text(c->options, "wave")};
    const struct as_of as_of = {.at_us = c->document.at_us, .config_version = -1};
    if (!name_is_free(c, err) || !scope_find(c->pg, &asked, SCOPE_NEEDS_WAVE, texts, &c->scope, err) ||
        !without_is_known(c, err) || !platforms_reach(c, err))
        return false;
    c->document.wave = c->scope.wave;
    c->document.training = c->scope.training;
    bool ok = as_of_show(c->pg, c->options, &as_of, &c->document.basis, err) && anybody(c, err) &&
              make_reports(c, err);
    pg_rollback(c->pg);
    return ok && keep(c, err);
}

int command_close(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct closing c = {.options = options, .to = tell_of(options)};
    struct report *texts = report_new("close", LANGUAGE_VI); /* owns the names */
    bool ok = read_request(&c, &err) && (c.pg = session_open(options, "close", false, &err)) &&
              close_figures(&c, texts, &err);
    if (ok)
        printf(TELL(&c.to, "đã chốt %zu biểu của đợt %s cho văn bản %s\n",
                    "%zu reports of wave %s are closed for %s\n"),
               c.document.report_count / 2, c.scope.wave, c.document.name);
    document_release(&c.document);
    report_free(texts);
    pg_free(c.pg);
    return ok ? 0 : session_fail(options, &err);
}
