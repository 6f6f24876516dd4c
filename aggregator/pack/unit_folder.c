#include "unit_folder.h"

#include <stdio.h>
#include <string.h>

#include "../../common/file.h"
#include "../../common/tree.h"
#include "../report/output.h"

#define GROUPS_BELOW 100 /* percent: a unit hears of all its groups that are not whole */

enum { GROUP_UNIT, GROUP, GROUP_REGISTERED, GROUP_ACCOUNTS, GROUP_PARTICIPATED, GROUP_PASSED };
enum { UNREAD, READ_THROUGH };

static char *path_of(const struct unit_folder *u, const char *ending, struct text_buffer *path)
{
    char unit[FILE_NAME_SIZE], wave[FILE_NAME_SIZE];
    file_name_of(u->now->unit, unit);
    file_name_of(u->scope->wave, wave);
    text_buffer_clear(path);
    text_buffer_add_format(path, "%s/%s", u->folder, unit);
    if (ending)
        text_buffer_add_format(path, "/%s%s", wave, ending);
    return path->data;
}

static void as_of_text(const struct unit_folder *u, char out[32])
{
    int64_t us = 0;
    int year, month, day;
    if (!clock_parse(u->request->at, &us))
        us = 0;
    clock_civil_from_day(clock_day(us), &year, &month, &day);
    int minute = (int)((us / 60000000 + 7 * 60) % (24 * 60));
    snprintf(out, 32, "%02d:%02d %02d/%02d/%04d", minute / 60, minute % 60, day, month, year);
}

/* A message is one line: it states the instant that its figures reach. */
static void add_reached(const struct unit_folder *u, struct text_buffer *out)
{
    const char *unread = pg_rows_value(u->unread, 0, UNREAD);
    const char *through = pg_rows_value(u->unread, 0, READ_THROUGH);
    char as_of[32];
    as_of_text(u, as_of);
    text_buffer_add_text(out, unread && through ? through : as_of);
    if (unread && !through)
        text_buffer_add_format(out,
                               u->request->language == LANGUAGE_VI
                                   ? " (số liệu chưa đầy đủ, mới đọc đến: %s)"
                                   : " (not complete, read only through: %s)",
                               unread);
}

/* Over figures before and now; the reports of the unit with all below it follow. */
static void head(const struct unit_folder *u, struct report *r)
{
    char period[PERIOD_NAME_SIZE], as_of[32];
    period_name(u->period, u->request->language, period);
    as_of_text(u, as_of);
    r->title = report_copy(r, SAY(r, "KẾT QUẢ HỌC TẬP THEO KỲ", "RESULTS OF THE PERIOD"));
    r->sheet = SAY(r, "Theo kỳ", "Period");
    r->wave = report_copy(r, u->scope->wave);
    r->as_of = report_copy(r, u->request->at);
    report_add_line(r, "%s", u->now->name);
    report_add_line(r, "%s", u->scope->wave_name);
    report_add_line(r, SAY(r, "Kỳ báo cáo: %s", "Period: %s"), period);
    report_add_line(r, SAY(r, "Số liệu tính đến %s", "Figures as of %s (UTC+7)"), as_of);
    if (pg_rows_value(u->unread, 0, UNREAD))
        report_add_unread_line(r, pg_rows_value(u->unread, 0, UNREAD));
    if (!u->now->known)
        report_add_note(r, "%s",
                        SAY(r,
                            "Đơn vị này không có trong danh mục đơn vị: các biểu khác không lập "
                            "được.",
                            "The list of units does not have this one: no other report can be "
                            "made of it."));
    report_sign(r, u->scope->province_name, NULL);
}

/* A report that has nothing to tell of the unit (no deadline, no groups) is left out, as are all of a unit that the
 * reference data lacks; one that cannot be made is a failure. */
static bool append(const struct unit_folder *u, const char *name, struct report *to, struct error *err)
{
    if (!u->now->known)
        return true;
    struct report_request request = *u->request;
    request.name = name;
    request.unit = u->now->unit;
    if (strcmp(name, "groups") == 0)
        request.below = GROUPS_BELOW;
    struct report *part = reports_make(u->pg, &request, err);
    if (part && part->says_nothing)
        report_free(part);
    else if (part)
        report_append(to, part);
    return part != NULL;
}

static bool write_workbook(const struct unit_folder *u, struct text_buffer *path, struct error *err)
{
    static const char *const names[] = {"participation", "groups", "deadlines", "issues"};
    struct report *r = unit_changes(u->before, u->now, u->request->language);
    bool ok = true;
    head(u, r);
    for (size_t i = 0; ok && i < ARRAY_LEN(names); i++)
        ok = append(u, names[i], r, err);
    report_dress(r, u->attached_to, u->place, u->signer);
    ok = ok && output_report(r, OUTPUT_XLSX, path_of(u, ".xlsx", path), err);
    report_free(r);
    return ok;
}

static bool write_text(const struct unit_folder *u, struct text_buffer *path, struct error *err)
{
    struct report *r = unit_words(u->before, u->now, u->request->language);
    head(u, r);
    bool ok = append(u, "summary", r, err) &&
              output_report(r, OUTPUT_TEXT, path_of(u, ".txt", path), err);
    report_free(r);
    return ok;
}

/* A unit that is not divided has all its people in the one group without a name. */
static bool is_divided(const struct unit_folder *u)
{
    for (size_t i = 0; i < pg_rows_count(u->groups); i++)
        if (strcmp(pg_rows_value(u->groups, i, GROUP_UNIT), u->now->unit) == 0 &&
            pg_rows_value(u->groups, i, GROUP)[0] != '\0')
            return true;
    return false;
}

static bool write_messages(const struct unit_folder *u, struct text_buffer *path, struct error *err)
{
    struct text_buffer text = {0}, reached = {0};
    bool undivided = !is_divided(u);
    add_reached(u, &reached);
    for (size_t i = 0; i < pg_rows_count(u->groups); i++) {
        if (strcmp(pg_rows_value(u->groups, i, GROUP_UNIT), u->now->unit) != 0)
            continue;
        const struct group_standing standing = {
            .unit_name = u->now->name,
            .wave_name = u->scope->wave_name,
            .group = pg_rows_value(u->groups, i, GROUP),
            .undivided = undivided,
            .as_of = reached.data,
            .registered = pg_rows_integer(u->groups, i, GROUP_REGISTERED, 0),
            .accounts = pg_rows_integer(u->groups, i, GROUP_ACCOUNTS, -1),
            .participated = pg_rows_integer(u->groups, i, GROUP_PARTICIPATED, -1),
            .passed = pg_rows_integer(u->groups, i, GROUP_PASSED, -1)};
        if (text.length)
            text_buffer_add_text(&text, "\n");
        message_add(&standing, u->request->language, &text);
    }
    bool ok = !text.length ||
              file_write_whole(path_of(u, ".message.txt", path), text.data, text.length, err);
    text_buffer_free(&text);
    text_buffer_free(&reached);
    return ok;
}

bool unit_folder_write(const struct unit_folder *unit, struct error *err)
{
    struct text_buffer path = {0};
    bool ok = tree_make(path_of(unit, NULL, &path), err) && write_workbook(unit, &path, err) &&
              write_text(unit, &path, err) && write_messages(unit, &path, err);
    text_buffer_free(&path);
    return ok;
}
