#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/tell.h"
#include "../../common/yaml.h"
#include "../shard/holds.h"
#include "../answer.h"
#include "../sources.h"

static int finish(const struct options *options, const struct error *err)
{
    return err->kind != ERROR_NONE ? answer_fail(options, err) : error_exit_code(err);
}

int command_check(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct sources *sources = sources_open(options, options_argument(options, 0), &err);
    if (sources)
        (void)sources->items[0]->kind->check(sources->items[0], &err);
    sources_close(sources);
    return finish(options, &err);
}

int command_sample(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct sources *sources = sources_open(options, options_argument(options, 0), &err);
    if (sources)
        (void)sources->items[0]->kind->sample(sources->items[0],
                                              (int)options_number(options, "count"), &err);
    sources_close(sources);
    return finish(options, &err);
}

int command_discover(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct sources *sources = sources_open(options, options_argument(options, 0), &err);
    const struct source_kind *kind = sources ? sources->items[0]->kind : NULL;
    if (kind && kind->discover)
        (void)kind->discover(sources->items[0], &err);
    else if (kind)
        error_set(&err, ERROR_USAGE, false, "a source of kind %s has no courses to discover",
                  kind->name);
    sources_close(sources);
    return finish(options, &err);
}

/* ---- hold ---- */

/* Does it come from lists that people hand in, not from a platform? */
static bool is_of_lists(const struct options *options, const char *source)
{
    const struct yaml_node *list = options_section(options, "sources");
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_node *node = yaml_item(list, i);
        if (strcmp(yaml_text(node, "name", ""), source) == 0)
            return strcmp(yaml_text(node, "kind", ""), "files") == 0;
    }
    return false;
}

/* Of a list of people the sub-stream is "<wave>/<unit>". */
static void describe_place(const struct teller *to, const struct hold *hold, bool of_lists,
                           char out[400])
{
    const char *slash = strrchr(hold->substream, '/');
    if (of_lists && slash && strcmp(hold->stream, "roster") == 0)
        snprintf(out, 400, TELL(to, "%s, đợt %.*s, đơn vị %s", "%s, wave %.*s, unit %s"),
                 hold->source, (int)(slash - hold->substream), hold->substream, slash + 1);
    else
        snprintf(out, 400, "%s %s %s", hold->source, hold->stream, hold->substream);
}

/* Who is missing is not stored: after a restart it must be seen again before anything is removed. "" = it is known. */
static void describe_wait(const struct teller *to, const struct hold *hold, bool of_lists,
                          char out[400])
{
    out[0] = '\0';
    if (hold->recalled > 0 && of_lists)
        snprintf(
            out, 400, "%s",
            TELL(to,
                 "mooc-ingest đã khởi động lại từ đó nên chờ danh sách đầy đủ kế tiếp của đơn vị "
                 "này: nạp lại danh sách thì được thực hiện ngay",
                 "mooc-ingest was started anew since then, so this waits for the next complete "
                 "list of that unit: hand the list in again, and it is carried out"));
    else if (hold->recalled > 0)
        snprintf(
            out, 400,
            TELL(to,
                 "mooc-ingest đã khởi động lại từ đó nên phải đọc đủ nền tảng lại trước (nhiều "
                 "nhất %d lượt nữa), rồi tự thực hiện",
                 "mooc-ingest was started anew since then, so this waits until the platform was "
                 "read whole again (%d sweeps at most), and is then carried out by itself"),
            hold->recalled);
}

static int64_t missing(const struct hold *hold)
{
    return hold->vanished > 0 ? hold->vanished : hold->kept;
}

static void print_hold(const struct teller *to, const struct hold *hold, bool of_lists,
                       const char *data_dir)
{
    char since[CLOCK_LOCAL_SIZE];
    static const char *const decided_vi[] = {"chờ quyết định", "đã chấp nhận, chưa thực hiện",
                                             "đã bác bỏ, chưa thực hiện"};
    static const char *const decided_en[] = {
        "waiting for a decision", "accepted, not yet carried out", "rejected, not yet carried out"};
    const char *const *decided = TELL(to, decided_vi, decided_en);
    char waits[400];
    describe_wait(to, hold, of_lists, waits);
    const char *gone = of_lists ? TELL(to, "không còn trong danh sách đầy đủ nạp gần nhất",
                                       "are missing from the latest complete list")
                                : TELL(to, "không còn trên nền tảng", "are gone from the platform");
    enum hold_decision decision = hold_decision(data_dir, hold->id);
    tell_instant(hold->since_us, to->vietnamese, since);
    char what[400];
    describe_place(to, hold, of_lists, what);
    printf(TELL(to, "%s  %s: %lld trong %lld bản ghi %s", "%s  %s: %lld of %lld records %s"),
           hold->id, what, (long long)missing(hold), (long long)hold->of, gone);
    if (hold->vanished > 0)
        printf(TELL(to, " (trong 24 giờ trước đó đã bỏ thêm %lld); giữ lại từ %s; %s",
                    " (%lld more were removed in the 24 hours before); held since %s; %s"),
               (long long)hold->lately, since, decided[decision]);
    else
        printf(TELL(to, " và được giữ theo quyết định; %s", " and are kept, as decided; %s"),
               decision == HOLD_ACCEPTED ? decided[decision]
                                         : TELL(to, "muốn bỏ thì dùng `hold accept`",
                                                "`hold accept` removes them after all"));
    printf("%s%s\n", decision == HOLD_ACCEPTED && waits[0] ? ": " : "",
           decision == HOLD_ACCEPTED ? waits : "");
}

int command_hold_list(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct holds holds = {0};
    struct text_buffer json = {0};
    const struct teller to = {tell_in_vietnamese(options)};
    const char *data_dir = options_text(options, "data_dir");
    if (!holds_load_all(&holds, data_dir, &err))
        return finish(options, &err);
    bool as_json = strcmp(options_text(options, "format"), "json") == 0;
    for (size_t i = 0; i < holds.count; i++) {
        if (as_json) {
            text_buffer_clear(&json);
            hold_encode(&holds.items[i], &json);
            printf("%s\n", json.data);
        } else {
            print_hold(&to, &holds.items[i], is_of_lists(options, holds.items[i].source), data_dir);
        }
    }
    if (holds.count == 0 && !as_json)
        puts(TELL(&to, "không có gì bị giữ lại chờ quyết định", "no removals are held"));
    text_buffer_free(&json);
    holds_free(&holds);
    return 0;
}

static void say_decided(const struct teller *to, const struct hold *hold,
                        enum hold_decision decision, bool of_lists)
{
    char waits[400];
    describe_wait(to, hold, of_lists, waits);
    if (decision == HOLD_REJECTED)
        printf(
            TELL(to,
                 "%s: đã bác bỏ; các bản ghi đó được giữ, cả khi các lượt đọc hoặc danh sách sau "
                 "vẫn "
                 "không có; muốn bỏ thì dùng `hold accept`\n",
                 "%s: rejected; the records stay, also if later sweeps or lists still miss them; "
                 "`hold accept` removes them after all\n"),
            hold->id);
    else if (waits[0])
        printf(TELL(to, "%s: đã chấp nhận; %s\n", "%s: accepted; %s\n"), hold->id, waits);
    else
        printf(
            TELL(
                to,
                "%s: đã chấp nhận; mooc-ingest đang chạy sẽ bỏ các bản ghi đó trong vòng một giây, "
                "hoặc sau lượt đọc đủ hoặc danh sách đầy đủ kế tiếp\n",
                "%s: accepted; a running mooc-ingest removes the records within a second or after "
                "the next complete sweep or list\n"),
            hold->id);
}

/* To keep what is kept already changes nothing, whether that was carried out or still waits. */
static bool is_rejected(const char *data_dir, const struct hold *hold)
{
    enum hold_decision decision = hold_decision(data_dir, hold->id);
    return decision == HOLD_REJECTED || (decision == HOLD_UNDECIDED && hold->vanished == 0);
}

static int decide(const struct options *options, enum hold_decision decision)
{
    struct error err = {0};
    struct holds holds = {0};
    const struct teller to = tell_of(options);
    const char *data_dir = options_text(options, "data_dir"), *id = options_argument(options, 0);
    if (!holds_load_all(&holds, data_dir, &err))
        return answer_fail(options, &err);
    const struct hold *hold = holds_find(&holds, id);
    if (!hold)
        error_tell(&err, ERROR_USAGE, false,
                   "không có mục nào bị giữ mang mã %s: xem `mooc-ingest hold list`",
                   "no hold has the id %s: `mooc-ingest hold list` shows them", id);
    else if (decision == HOLD_REJECTED && is_rejected(data_dir, hold))
        printf(TELL(&to,
                    "%s: đã bác bỏ từ trước, không có gì thay đổi; muốn bỏ các bản ghi đó thì dùng "
                    "`hold accept`\n",
                    "%s: was rejected already, nothing changes; `hold accept` removes the records "
                    "after all\n"),
               id);
    else if (hold_decide(data_dir, id, decision, missing(hold), &err))
        say_decided(&to, hold, decision, is_of_lists(options, hold->source));
    holds_free(&holds);
    return err.kind == ERROR_NONE ? 0 : answer_fail(options, &err);
}

int command_hold_accept(const struct program *program, const struct options *options)
{
    (void)program;
    return decide(options, HOLD_ACCEPTED);
}

int command_hold_reject(const struct program *program, const struct options *options)
{
    (void)program;
    return decide(options, HOLD_REJECTED);
}
