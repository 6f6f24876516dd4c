#include "dead_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/rejected_words.h"
#include "../../common/text_buffer.h"
#include "../answer.h"
#include "../connector/backfill.h"
#include "../connector/backfill_command.h"
#include "dead_jobs.h"
#include "../files/commands.h"
#include "../files/finding_words.h"
#include "letters.h"

struct listing {
    const char *source, *wanted; /* wanted: an id, NULL = any */
    bool json, quiet;
    struct teller to;
    size_t found;
};

static void print_json(const struct listing *l, const struct letter *letter)
{
    const char *const names[] = {"source", "id",   "reason", "detail", "kind",
                                 "import", "file", "sheet",  "about"};
    const char *const values[] = {l->source,      letter->id,    letter->reason,
                                  letter->detail, letter->kind,  letter->import,
                                  letter->file,   letter->sheet, letter->about};
    struct text_buffer out = {0};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        text_buffer_add_format(&out, "%s\"%s\":", i > 0 ? "," : "{", names[i]);
        text_buffer_add_json_string(&out, values[i]);
    }
    (void)printf("%s,\"row\":%lld}\n", out.data, (long long)letter->row);
    text_buffer_free(&out);
}

static bool show(void *context, const struct letter *letter)
{
    struct listing *l = context;
    if (l->wanted != NULL && strcmp(l->wanted, letter->id) != 0)
        return true;
    l->found++;
    if (l->quiet)
        return true;
    if (l->json) {
        print_json(l, letter);
        return true;
    }
    struct text_buffer detail = {0};
    rejected_add_detail(letter->detail, l->to.vietnamese, &detail);
    (void)printf("%s  %s  %s: %s\n    ", l->source, letter->id,
                 finding_name(&l->to, letter->reason), detail.data != NULL ? detail.data : "");
    text_buffer_free(&detail);
    if (letter->file[0] != '\0')
        (void)printf(TELL(&l->to, "%s%s%s dòng %lld (lần nạp %s)\n", "%s%s%s row %lld (import %s)\n"),
                     letter->file, letter->sheet[0] != '\0' ? ", " : "", letter->sheet,
                     (long long)letter->row, letter->import);
    else
        (void)printf("%s\n", letter->about);
    return true;
}

/* Calls back for each configured source, or the one of --source. False when there is none of that name. */
typedef void (*each_source)(void *context, const char *name, const char *kind);
static bool for_sources(const struct options *options, each_source visit, void *context,
                        struct error *err)
{
    const struct yaml_node *list = options_section(options, "sources");
    const char *wanted = options_text(options, "source");
    bool found = false;
    for (size_t i = 0; i < yaml_count(list); i++) {
        const char *name = yaml_text(yaml_item(list, i), "name", "");
        if (wanted != NULL && strcmp(wanted, name) != 0)
            continue;
        found = true;
        visit(context, name, yaml_text(yaml_item(list, i), "kind", ""));
    }
    return found || error_tell(err, ERROR_USAGE, false, "trong cấu hình không có nguồn%s%s",
                               "no source%s%s is configured", wanted != NULL ? " " : "",
                               wanted != NULL ? wanted : "");
}

struct work {
    const struct options *options;
    struct listing listing;
    int exit_code;
};

static void list_source(void *context, const char *name, const char *kind)
{
    struct work *w = context;
    (void)kind;
    w->listing.source = name;
    letters_for_each(options_text(w->options, "data_dir"), name, show, &w->listing);
}

int command_dead_list(const struct program *program, const struct options *options)
{
    struct error err = {0};
    struct work w = {.options = options,
                     .listing = {.json = strcmp(options_text(options, "format"), "json") == 0,
                                 .to = {tell_in_vietnamese(options)}}};
    (void)program;
    if (!for_sources(options, list_source, &w, &err))
        return answer_fail(options, &err);
    if (w.listing.found == 0 && !w.listing.json)
        (void)puts(
            TELL(&w.listing.to, "không có bản ghi bị loại nào", "no rejected record is kept here"));
    return 0;
}

/* ---- retry: files read their rows again, a platform is asked again for the streams that the records are of ---- */

struct retry {
    struct text_buffer job; /* backfill.h */
    char **ids;             /* of the letters before, sorted */
    size_t count, capacity, rejected;
    struct listing listing;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool gather(void *context, const struct letter *letter)
{
    struct retry *r = context;
    const char *end = strrchr(letter->entity, ':'); /* "dead:<source>:<stream>:<hash>" */
    const char *stream = end;
    while (stream > letter->entity && stream[-1] != ':')
        stream--;
    if (end == NULL || stream == letter->entity)
        return true;
    text_buffer_add_format(&r->job, "%.*s\t%s\n", (int)(end - stream), stream, letter->about);
    r->ids = array_room(r->ids, r->count, &r->capacity, sizeof(*r->ids));
    r->ids[r->count++] = must_have(strdup(letter->id));
    return true;
}

static bool show_rest(void *context, const struct letter *letter)
{
    struct retry *r = context;
    const char *id = letter->id;
    if (bsearch(&id, r->ids, r->count, sizeof(*r->ids), by_text) == NULL)
        return true;
    r->rejected++;
    return show(&r->listing, letter);
}

static int ask_again(const struct options *options, const char *source, const struct teller *to)
{
    struct error err = {0};
    const char *data_dir = options_text(options, "data_dir");
    struct retry r = {.listing = {.source = source, .to = *to}};
    text_buffer_add_text(&r.job, BACKFILL_RETRY);
    letters_for_each(data_dir, source, gather, &r);
    if (r.count > 0)
        qsort(r.ids, r.count, sizeof(*r.ids), by_text);
    char *result = backfill_follow(options, source, &r.job, options_number(options, "timeout"), &err);
    if (result != NULL && result[0] != '0')
        (void)error_set(&err, ERROR_STATE, false, "%s: %s", source, result + 1);
    if (result != NULL && result[0] == '0') {
        letters_for_each(data_dir, source, show_rest, &r);
        (void)printf(TELL(to, "%s: đã hỏi lại: %zu trong %zu bản ghi nay dùng được, %zu vẫn bị loại\n",
                          "%s: asked again: %zu of %zu records are good now, %zu are still "
                          "rejected\n"),
                     source, r.count - r.rejected, r.count, r.rejected);
    }
    for (size_t i = 0; i < r.count; i++)
        free(r.ids[i]);
    free(r.ids);
    free(result);
    text_buffer_free(&r.job);
    return err.kind != ERROR_NONE ? answer_fail(options, &err) : 0;
}

/* Has the source any of those that are meant? */
static bool has_any(struct work *w, const char *name, const char *kind)
{
    size_t before = w->listing.found;
    w->listing.quiet = true;
    list_source(w, name, kind);
    return w->listing.found > before;
}

static void retry_source(void *context, const char *name, const char *kind)
{
    struct work *w = context;
    if (!has_any(w, name, kind))
        return;
    int exit_code = strcmp(kind, "files") == 0 ? files_retry(w->options, name)
                                               : ask_again(w->options, name, &w->listing.to);
    w->exit_code = w->exit_code != 0 ? w->exit_code : exit_code;
}

static void say_none(const struct work *w)
{
    (void)puts(
        TELL(&w->listing.to, "không có bản ghi bị loại nào", "no rejected record is kept here"));
}

int command_dead_retry(const struct program *program, const struct options *options)
{
    struct error err = {0};
    struct work w = {.options = options, .listing = {.to = {tell_in_vietnamese(options)}}};
    (void)program;
    if (!for_sources(options, retry_source, &w, &err))
        return answer_fail(options, &err);
    if (w.listing.found == 0)
        say_none(&w);
    return w.exit_code;
}

static void drop_from(void *context, const char *name, const char *kind)
{
    struct work *w = context;
    if (!has_any(w, name, kind))
        return;
    int exit_code =
        dead_jobs_drop(w->options, name, w->listing.wanted != NULL ? w->listing.wanted : DEAD_ALL);
    w->exit_code = w->exit_code != 0 ? w->exit_code : exit_code;
}

int command_dead_drop(const struct program *program, const struct options *options)
{
    struct error err = {0};
    const char *id = options_argument(options, 0);
    struct work w = {.options = options,
                     .listing = {.to = {tell_in_vietnamese(options)},
                                 .wanted = strcmp(id, DEAD_ALL) != 0 ? id : NULL}};
    (void)program;
    if (!for_sources(options, drop_from, &w, &err))
        return answer_fail(options, &err);
    if (w.listing.found == 0 && w.listing.wanted == NULL) {
        say_none(&w);
    } else if (w.listing.found == 0) {
        (void)error_set(&err, ERROR_USAGE, false,
                        "no rejected record has the id %s: `mooc-ingest dead list` shows them", id);
        return answer_fail(options, &err);
    }
    return w.exit_code;
}
