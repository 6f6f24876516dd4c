/* mooc-aggregator report follow-up: a unit's list back, with where each person stands. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "../../common/allocate.h"
#include "../../common/file.h"
#include "../audit.h"
#include "../commands.h"
#include "../report/name_list.h"
#include "../report/output.h"
#include "../session.h"
#include "../write/rules_read.h"
#include "list_back.h"
#include "remarks.h"
#include "sql.h"

struct asking {
    const struct options *options;
    const char *path, *out, *file; /* file: the list's own name */
    enum language language;
    struct seeker *seeker;
    struct sheet_book *book;
    const char **sheet_names;
    struct pg *pg;
    int generation, config_version;
    struct rules *rules;
    struct reference *reference;
    struct follow_up_kinds kinds;
    struct follow_up_waves waves;
    const struct follow_up_wave *wave;
    struct roster_list *list;
    struct match match;
    struct group_counts groups;
    int64_t listed; /* people, of those in the groups */
    char as_of[256];
};

/* ---- what is asked ---- */

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return strcmp(a, b) == 0 ||
           (stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

/* A list that was given back before may hold what people wrote into it. */
static bool is_new(const char *path, struct error *err)
{
    struct stat info;
    return stat(path, &info) != 0 ||
           error_tell(err, ERROR_USAGE, false,
                      "%s đã có và có thể đã điền Lý do: hãy nêu tên khác, hoặc chuyển tệp "
                      "đó đi",
                      "%s is there already, and may hold answers (Lý do): give another name, or "
                      "move it away",
                      path);
}

static bool read_options(struct asking *a, struct error *err)
{
    a->path = options_text(a->options, "roster");
    a->out = options_text(a->options, "out");
    if (!a->path || !a->out)
        return error_tell(
            err, ERROR_USAGE, false,
            "hãy nêu danh sách của đơn vị ở --roster IN.xlsx (hoặc .csv), và nơi "
            "ghi danh sách kèm tình trạng từng người ở --out OUT.xlsx",
            "give the unit's list with --roster IN.xlsx (or .csv), and where the list "
            "with everybody's status goes with --out OUT.xlsx");
    const char *format = options_text(a->options, "format");
    if (format && strcasecmp(format, "xlsx") != 0)
        return error_tell(err, ERROR_USAGE, false, "danh sách chỉ được trả lại dưới dạng xlsx",
                          "the list is given back as xlsx only");
    const char *dot = strrchr(a->out, '.'), *slash = strrchr(a->path, '/');
    if (!dot || strcasecmp(dot, ".xlsx") != 0)
        return error_tell(err, ERROR_USAGE, false, "%s: danh sách được trả lại dưới dạng .xlsx",
                          "%s: the list is given back as .xlsx", a->out);
    if (same_file(a->path, a->out))
        return error_tell(err, ERROR_USAGE, false,
                          "--out trùng với chính danh sách, vốn được giữ nguyên: hãy nêu tên khác",
                          "--out names the list itself, which stays as it is: give another name");
    a->file = slash ? slash + 1 : a->path;
    return file_check_out(a->out, err) && is_new(a->out, err) &&
           output_language_parse(options_text(a->options, "lang"), &a->language, err);
}

static bool open_list(struct asking *a, struct error *err)
{
    enum text_encoding encoding;
    if (!text_encoding_parse(options_text(a->options, "encoding"), &encoding))
        return error_set(err, ERROR_USAGE, false, "--encoding is one of " TEXT_ENCODING_OPTIONS);
    a->book = sheet_open_as(a->path, encoding, err);
    if (!a->book) {
        error_without_context(err, a->file);
        return error_context(err, "%s", a->path);
    }
    a->sheet_names = must_have(calloc(sheet_count(a->book) + 1, sizeof(*a->sheet_names)));
    for (size_t i = 0; i < sheet_count(a->book); i++)
        a->sheet_names[i] = sheet_name(a->book, i);
    return true;
}

/* ---- who asks ---- */

static bool may_ask(struct asking *a, struct error *err)
{
    struct pg_rows *rows = pg_query(a->pg, sql_follow_up_may, 0, NULL, err);
    if (!rows)
        return false;
    bool may = *pg_rows_value(rows, 0, 1) == 't';
    if (!may)
        error_tell(err, ERROR_CONFIG, false,
                   "tài khoản cơ sở dữ liệu %s không được hỏi tình trạng từng người; "
                   "người quản trị cơ sở dữ liệu cho phép bằng: GRANT mooc_follow_up TO %s",
                   "the database login %s may not ask where persons stand; who administers the "
                   "database allows it with: GRANT mooc_follow_up TO %s",
                   pg_rows_value(rows, 0, 0), pg_rows_value(rows, 0, 0));
    pg_rows_free(rows);
    return may;
}

static bool connect(struct asking *a, struct error *err)
{
    /* A login that may only read is told that it may not, instead of that its sessions are read-only. */
    a->pg = pg_connect(a->options, "mooc-aggregator report follow-up", true, err);
    return a->pg && may_ask(a, err) && session_check_schema(a->pg, err) &&
           pg_run(a->pg, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ WRITE", err);
}

/* ---- what is known ---- */

static bool read_live(struct asking *a, struct error *err)
{
    struct pg_rows *rows = pg_query(a->pg, sql_read_live, 0, NULL, err);
    if (!rows)
        return false;
    a->generation = (int)pg_rows_integer(rows, 0, 0, 0);
    a->config_version = (int)pg_rows_integer(rows, 0, 2, 0);
    pg_rows_free(rows);
    a->rules = rules_read(a->pg, a->config_version, err);
    return a->rules != NULL;
}

static bool read_as_of(struct asking *a, struct error *err)
{
    struct pg_rows *rows = pg_query(a->pg, sql_follow_up_as_of, 0, NULL, err);
    if (!rows)
        return false;
    bool vi = a->language == LANGUAGE_VI;
    const char *through = pg_rows_value(rows, 0, 1), *missing = pg_rows_value(rows, 0, 2);
    if (missing || !through)
        snprintf(a->as_of, sizeof(a->as_of),
                 vi ? "Số liệu chưa đầy đủ: chưa đọc hết %.150s"
                    : "The figures are not complete: %.150s not read whole yet",
                 missing ? missing
                 : vi    ? "nguồn nào"
                         : "any source");
    else
        snprintf(a->as_of, sizeof(a->as_of),
                 vi ? "Số liệu tính đến %s" : "Figures as of %s (UTC+7)", through);
    pg_rows_free(rows);
    return true;
}

static bool read_known(struct asking *a, struct error *err)
{
    if (!read_live(a, err) || !follow_up_kinds_read(a->pg, &a->kinds, err) ||
        !follow_up_waves_read(a->pg, &a->waves, err) || !read_as_of(a, err))
        return false;
    a->reference = follow_up_units(a->pg, err);
    const char *unit = options_text(a->options, "unit");
    return a->reference &&
           (!unit || reference_find_unit(a->reference, unit) ||
            error_tell(err, ERROR_USAGE, false, "không có đơn vị \"%s\"; mã đơn vị ở units.csv",
                       "there is no unit \"%s\"; units.csv has the codes", unit));
}

/* ---- the list, and its wave ---- */

static bool read_list(struct asking *a, const char *province, struct error *err)
{
    const struct roster_settings settings = {a->reference, province,
                                             options_text(a->options, "unit")};
    roster_free(a->list);
    a->list = roster_read(a->book, &settings, err);
    return a->list || error_context(err, "%s", a->file);
}

static struct match_request request_of(const struct asking *a)
{
    return (struct match_request){.pg = a->pg,
                                  .rules = a->rules,
                                  .seeker = a->seeker,
                                  .kinds = &a->kinds,
                                  .list = a->list,
                                  .file = a->file,
                                  .sheet_names = a->sheet_names,
                                  .wave = a->wave ? rules_find_wave(a->rules, a->wave->code)
                                                  : RULES_NONE};
}

static bool refuse_waves(const struct asking *a, const size_t *listed, struct error *err)
{
    struct text_buffer text = {0};
    bool any = false;
    for (size_t i = 0; listed && i < a->waves.count; i++)
        any = any || listed[i] > 0;
    for (size_t i = 0; i < a->waves.count; i++) {
        if (any && !listed[i])
            continue;
        text_buffer_add_format(&text, "%s%s", text.length ? ", " : "", a->waves.items[i].code);
        if (any)
            text_buffer_add_format(&text, " (%zu)", listed[i]);
    }
    /* With another key nobody is known either, and naming the wave would not help. */
    error_set(err, ERROR_USAGE, false, "%s; %s with --wave: %.600s",
              any ? "people of this list are listed in several waves"
                  : "no wave lists anybody of this list, so which one it is for cannot be told: is "
                    "hmac_key_file the one that mooc-ingest has, and was the list imported?",
              any ? "say which" : "if both are so, say the wave",
              text.length ? text.data : "(none is loaded)");
    error_vi(err, "%s; %s ở --wave: %.600s",
             any ? "người của danh sách này có tên trong nhiều đợt"
                 : "không đợt nào có ai của danh sách này nên không biết là của đợt nào: "
                   "hmac_key_file có phải là tệp mà mooc-ingest dùng không, và danh sách đã nạp "
                   "chưa?",
             any ? "hãy nêu đợt" : "nếu đúng cả hai thì hãy nêu đợt",
             text.length ? text.data : "(chưa nạp đợt nào)");
    text_buffer_free(&text);
    return false;
}

/* The only wave in which people of the list are listed. */
static bool guess_wave(struct asking *a, struct error *err)
{
    if (!read_list(a, NULL, err))
        return false;
    int *waves = must_have(calloc(a->waves.count + 1, sizeof(*waves)));
    size_t *listed = must_have(calloc(a->waves.count + 1, sizeof(*listed))), fits = 0;
    for (size_t i = 0; i < a->waves.count; i++)
        waves[i] = rules_find_wave(a->rules, a->waves.items[i].code);
    struct match_request request = request_of(a);
    bool fine = match_waves(&request, waves, a->waves.count, listed, err);
    for (size_t i = 0; fine && i < a->waves.count; i++) {
        if (!listed[i])
            continue;
        a->wave = &a->waves.items[i];
        fits++;
    }
    if (fine && fits != 1)
        fine = refuse_waves(a, listed, err);
    free(waves);
    free(listed);
    return fine;
}

static void write_waves(const struct name_list *list, const char *wanted, struct text_buffer *out)
{
    if (name_list_add_meant(list, wanted, out))
        return;
    text_buffer_add_text(out, TELL(list, "có: ", "there are: "));
    name_list_add(list, out);
}

static bool refuse_wave(const struct asking *a, const char *wanted, struct error *err)
{
    struct text_buffer text = {0};
    const char **codes = must_have(calloc(a->waves.count + 1, sizeof(*codes)));
    const char **names = must_have(calloc(a->waves.count + 1, sizeof(*names)));
    for (size_t i = 0; i < a->waves.count; i++) {
        codes[i] = a->waves.items[i].code;
        names[i] = a->waves.items[i].name;
    }
    struct name_list list = {codes, names, a->waves.count, "waves.csv", false};
    write_waves(&list, wanted, &text);
    error_set(err, ERROR_USAGE, false,
              "there is no wave \"%.64s\" whose people are counted one by one; %s", wanted,
              text.data);
    text_buffer_clear(&text);
    list.vietnamese = true;
    write_waves(&list, wanted, &text);
    error_vi(err, "không có đợt \"%.64s\" nào đếm từng người; %s", wanted, text.data);
    text_buffer_free(&text);
    free(names);
    free(codes);
    return false;
}

static bool find_wave(struct asking *a, struct error *err)
{
    const char *wanted = options_text(a->options, "wave");
    if (!wanted && a->waves.count != 1)
        return guess_wave(a, err);
    if (!wanted) {
        a->wave = a->waves.items;
        return true;
    }
    for (size_t i = 0; i < a->waves.count; i++)
        if (strcmp(a->waves.items[i].code, wanted) == 0)
            a->wave = &a->waves.items[i];
    if (a->wave)
        return true;
    return refuse_wave(a, wanted, err);
}

/* ---- what comes out ---- */

/* Who asked about how many, of which list; no name. */
static bool note(const struct asking *a, struct error *err)
{
    struct text_buffer detail = {0};
    struct group_count total = groups_total(&a->groups);
    text_buffer_add_text(&detail, "{\"file\":");
    text_buffer_add_json_string(&detail, a->file);
    text_buffer_add_text(&detail, ",\"wave\":");
    text_buffer_add_json_string(&detail, a->wave->code);
    text_buffer_add_format(&detail,
                           ",\"rows\":%zu,\"people\":%" PRId64 ",\"people_on_lists\":%" PRId64,
                           a->list->person_count, total.persons, a->listed);
    for (enum follow_up_status s = 0; s < FOLLOW_UP_STATUSES; s++) {
        text_buffer_add_format(&detail, ",\"%s\":", follow_up_status_code(s));
        if (follow_up_status_known(s, a->wave->has_completion))
            text_buffer_add_format(&detail, "%" PRId64, total.by_status[s]);
        else
            text_buffer_add_text(&detail, "null");
    }
    text_buffer_add_text(&detail, "}");
    const struct audit_entry entry = {.action = "report follow-up",
                                      .reason = options_text(a->options, "reason"),
                                      .generation = a->generation,
                                      .config_version = a->config_version,
                                      .detail = detail.data};
    bool noted = audit_note(a->pg, &entry, err) && pg_commit(a->pg, err);
    text_buffer_free(&detail);
    return noted;
}

static void tell(const struct asking *a, const struct remarks *remarks, bool as_cells)
{
    struct group_count total = groups_total(&a->groups);
    bool vi = a->language == LANGUAGE_VI;
    printf("%s: %zu %s, %" PRId64 " %s, %s %s\n", a->out, a->list->person_count,
           vi                           ? "dòng"
           : a->list->person_count == 1 ? "row"
                                        : "rows",
           total.persons,
           vi                   ? "người"
           : total.persons == 1 ? "person"
                                : "people",
           vi ? "đợt" : "wave", a->wave->code);
    for (enum follow_up_status s = 0; s < FOLLOW_UP_STATUSES; s++) {
        printf("  %s: ", follow_up_status_text(s, a->language));
        if (follow_up_status_known(s, a->wave->has_completion))
            printf("%" PRId64 "\n", total.by_status[s]);
        else
            printf("%s\n", vi ? "chưa có dữ liệu" : "no data");
    }
    for (size_t i = 0; i < REMARKS; i++)
        if (remarks->text[i].length)
            fprintf(stderr, "%s\n", remarks->text[i].data);
    const char *dot = strrchr(a->path, '.');
    if (as_cells && dot && strcasecmp(dot, ".xlsx") == 0)
        fprintf(stderr,
                "%s: its format is one that this program cannot add to: its cells are "
                "given back as text\n",
                a->file);
}

static bool give_back(struct asking *a, struct error *err)
{
    struct text_buffer out = {0};
    bool as_cells = false;
    struct remarks remarks;
    const struct list_back back = {.path = a->path,
                                   .book = a->book,
                                   .list = a->list,
                                   .match = &a->match,
                                   .kinds = &a->kinds,
                                   .reference = a->reference,
                                   .remarks = &remarks,
                                   .language = a->language,
                                   .wave_name = a->wave->name,
                                   .has_completion = a->wave->has_completion,
                                   .as_of = a->as_of};
    remarks_make(&back, options_text(a->options, "unit"), &remarks);
    list_back_count(&back, &a->groups, &a->listed);
    bool fine = list_back_make(&back, &a->groups, &out, &as_cells, err) && note(a, err) &&
                file_write_whole(a->out, out.data, out.length, err);
    if (fine)
        tell(a, &remarks, as_cells);
    remarks_release(&remarks);
    text_buffer_free(&out);
    return fine;
}

#define STRANGERS 10

/* Another key than the lists were read with finds nobody, and "no account" would stand at everybody's name. */
static bool knows_anybody(const struct asking *a, struct error *err)
{
    return !a->match.nobody || a->list->person_count < STRANGERS ||
           error_tell(
               err, ERROR_STATE, false,
               "không nhận ra ai trong %zu dòng của danh sách, cả theo danh sách lẫn "
               "theo tài khoản: hmac_key_file có phải là tệp mà mooc-ingest dùng "
               "không, và danh sách đã nạp chưa?",
               "nobody of the list's %zu rows is known, neither as listed nor by an account: "
               "is hmac_key_file the one that mooc-ingest has, and was the list imported?",
               a->list->person_count);
}

static bool follow_up(struct asking *a, struct error *err)
{
    if (!read_options(a, err))
        return false;
    a->seeker = seeker_open(a->options, err);
    if (!a->seeker || !open_list(a, err) || !connect(a, err) || !read_known(a, err) ||
        !find_wave(a, err) || !read_list(a, a->wave->province, err))
        return false;
    struct match_request request = request_of(a);
    return match_list(&request, &a->match, err) && knows_anybody(a, err) && give_back(a, err);
}

int command_follow_up(const struct options *options)
{
    struct error err = {0};
    struct asking a = {.options = options};
    bool fine = follow_up(&a, &err);
    groups_release(&a.groups);
    match_release(&a.match);
    roster_free(a.list);
    follow_up_waves_release(&a.waves);
    follow_up_kinds_release(&a.kinds);
    reference_free(a.reference);
    rules_free(a.rules);
    pg_free(a.pg);
    free(a.sheet_names);
    sheet_free(a.book);
    seeker_free(a.seeker);
    return fine ? 0 : session_fail(options, &err);
}
