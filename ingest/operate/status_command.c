/* `mooc-ingest status`: what the running instance wrote of itself, in the office's words. Exit 0 when it runs and is ready. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/file.h"
#include "../../common/json.h"
#include "../../common/tell.h"
#include "../../common/turns.h"
#include "../engine.h"
#include "../files/unfetched.h"
#include "../shard/holds.h"
#include "commands.h"
#include "report.h"

#define MAX_STATUS ((size_t)8 << 20)

static const char *member(const struct json *object, const char *name)
{
    const char *text = json_get_string(object, name);
    return text ? text : "";
}

static int64_t number(const struct json *object, const char *name)
{
    int64_t value = 0;
    return json_integer(json_get(object, name), &value) ? value : 0;
}

/* What the running instance says in both languages: "name" and "name_vi". */
static const char *line_of(const struct teller *to, const struct json *object, const char *name)
{
    char name_vi[40];
    snprintf(name_vi, sizeof(name_vi), "%s_vi", name);
    const char *vi = member(object, name_vi);
    return to->vietnamese && vi[0] ? vi : member(object, name);
}

struct word {
    const char *code, *vi, *en;
};

static const char *find_word(const struct teller *to, const struct word *words, size_t count,
                             const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].code, code) == 0)
            return TELL(to, words[i].vi, words[i].en);
    return code;
}

/* What is wrong, in front of what the machine said of it; English messages need none. */
static void print_problem(const struct teller *to, const struct json *stream)
{
    static const struct word kinds[] = {
        {"unreachable", "không kết nối được", ""},
        {"source", "nền tảng hoặc tệp trả lời không phải là dữ liệu", ""},
        {"data", "có bản ghi không đọc được", ""},
        {"config", "cấu hình hoặc danh mục chưa đúng", ""},
        {"usage", "cấu hình hoặc danh mục chưa đúng", ""},
        {"state", "cần người quyết định", ""},
        {"fenced", "máy khác đang làm phần này", ""},
        {"unknown_outcome", "chưa rõ đã ghi được chưa, đang đọc lại", ""},
        {"internal", "lỗi của chương trình hoặc của máy", ""}};
    bool worded = !to->vietnamese || member(stream, "problem_vi")[0];
    printf("  %-14s %s: %s%s%s\n", "", TELL(to, "trục trặc", "problem"),
           worded ? "" : find_word(to, kinds, ARRAY_LEN(kinds), member(stream, "problem_kind")),
           worded ? "" : ": ", line_of(to, stream, "problem"));
}

/* "2023-09-29 10:00:00 +07:00" and how long ago; false if the stream has no such instant. */
static bool take_instant(const struct teller *to, const struct json *stream, const char *name,
                         char local[CLOCK_LOCAL_SIZE], char age[32])
{
    int64_t us = 0;
    const char *at = member(stream, name);
    if (!at[0] || !clock_parse(at, &us))
        return false;
    tell_instant_of(at, to->vietnamese, local);
    tell_age((clock_now_us() - us) / 1000, to->vietnamese, age);
    return true;
}

/* Lists are never read whole: they come when somebody sends them. */
static void print_last_list(const struct teller *to, const struct json *stream)
{
    char local[CLOCK_LOCAL_SIZE], age[32];
    bool complete = strcmp(member(stream, "taken_scope"), "complete") == 0;
    if (take_instant(to, stream, "taken", local, age))
        printf(TELL(to, "danh sách gần nhất (%s) nạp lúc %s (cách đây %s)",
                    "last list (%s) taken %s (%s ago)"),
               complete ? TELL(to, "đầy đủ", "complete") : TELL(to, "bổ sung", "a supplement"),
               local, age);
    else if (number(stream, "entities") > 0)
        printf("%s", TELL(to, "không rõ nạp lúc nào", "when it was taken is not known"));
    else
        printf("%s", TELL(to, "chưa nạp danh sách nào", "no list taken yet"));
}

/* Each stream by its own turns: one that stopped is told also while the platform's others go on. */
static void print_late(const struct teller *to, const struct json *stream, int64_t age_ms)
{
    char every[32];
    int64_t every_ms = number(stream, "every_s") * 1000;
    if (!turns_late(age_ms, every_ms, TURNS_LATE_AFTER_MS))
        return;
    tell_age(every_ms, to->vietnamese, every);
    printf(TELL(to, "  TRỄ: phải đọc %s một lần", "  LATE: to be read every %s"), every);
}

static void print_through(const struct teller *to, const struct json *stream, bool idle)
{
    int64_t us = 0;
    char local[CLOCK_LOCAL_SIZE], age[32];
    if (take_instant(to, stream, "through", local, age))
        printf(TELL(to, "đầy đủ đến %s (cách đây %s)", "complete as of %s (%s ago)"), local, age);
    else if (strcmp(member(stream, "kept"), "no") == 0)
        printf("%s", TELL(to, "không lưu lại, đọc mới sau mỗi lần khởi động",
                          "not kept, read anew after each start"));
    else
        printf("%s", TELL(to, "chưa đọc đủ lần nào", "not read completely yet"));
    if (!idle && clock_parse(member(stream, "through"), &us))
        print_late(to, stream, (clock_now_us() - us) / 1000);
}

/* idle: "paused", "stopped", and nothing is next; NULL: it is watched. */
static void print_stream(const struct teller *to, const struct json *stream, bool lists,
                         const char *idle)
{
    printf(TELL(to, "  %-14s %10lld bản ghi  ", "  %-14s %10lld records  "),
           member(stream, "stream"), (long long)number(stream, "entities"));
    if (lists)
        print_last_list(to, stream);
    else
        print_through(to, stream, idle != NULL);
    printf("  %s", idle ? idle : line_of(to, stream, "state"));
    if (!idle && number(stream, "next_s") > 0)
        printf(TELL(to, ", lượt sau trong %lld giây nữa", ", next in %lld s"),
               (long long)number(stream, "next_s"));
    printf("\n");
    if (member(stream, "problem")[0])
        print_problem(to, stream);
    if (member(stream, "note")[0])
        printf("  %-14s %s: %s\n", "", TELL(to, "ghi chú", "note"), line_of(to, stream, "note"));
}

static void print_shards(const struct teller *to, const struct json *root)
{
    /* A part of what this instance publishes, where it does not publish now. */
    static const struct word words[] = {
        {"loading", "đang được đọc lại từ Kafka", "is being read back from Kafka"},
        {"paused", "không do máy này làm", "is not this instance's"},
        {"fenced", "nay do máy khác giữ", "is another instance's now"},
        {"failed", "bị hỏng và chờ người xử lý", "has failed and waits for you"}};
    int64_t published = 0, rejected = 0;
    bool away = json_get(root, "kafka_away") != NULL; /* which was told, and nothing else is known */
    for (const struct json *s = json_first(json_get(root, "shards")); s; s = json_next(s)) {
        published += number(s, "changes");
        rejected += number(s, "dead_letters");
        if (strcmp(member(s, "status"), "ready") != 0 && !away)
            printf(TELL(to, "phần %lld của dữ liệu đã biết %s%s%s\n",
                        "part %lld of what is known %s%s%s\n"),
                   (long long)number(s, "shard"),
                   find_word(to, words, ARRAY_LEN(words), member(s, "status")),
                   member(s, "reason")[0] ? ": " : "", line_of(to, s, "reason"));
    }
    printf(TELL(to, "đã chuyển đi %lld thay đổi từ khi chạy, %lld bản ghi bị loại hoặc dùng được trở lại\n",
                "%lld changes published since the start, %lld records rejected or good again\n"),
           (long long)published, (long long)rejected);
}

static void print_requests(const struct teller *to, const struct json *source)
{
    if (!json_get(source, "requests_today"))
        return;
    printf(TELL(to, "  hôm nay đã hỏi %lld lần", "  %lld requests today"),
           (long long)number(source, "requests_today"));
    char since[CLOCK_LOCAL_SIZE];
    clock_localise(member(source, "requests_today_since"), since);
    if (since[0])
        printf(TELL(to, " (tính từ %.5s)", " (since %.5s)"), since + strlen("2023-09-29 "));
    if (json_get(source, "requests_left_today"))
        printf(TELL(to, ", còn %lld lần", ", %lld left"),
               (long long)number(source, "requests_left_today"));
    printf(TELL(to, "; giờ này %lld lần, nền tảng từ chối %lld lần từ khi chạy\n",
                "; %lld in this hour, %lld refused by the platform since the start\n"),
           (long long)number(source, "requests_this_hour"),
           (long long)number(source, "requests_refused"));
}

/* running: else it is what was known when it stopped. */
static void print_sources(const struct teller *to, const struct json *root, bool running)
{
    const struct json *list = json_get(root, "sources");
    for (const struct json *s = json_first(list); s; s = json_next(s)) {
        bool paused = strcmp(member(s, "paused"), "yes") == 0,
             lists = strcmp(member(s, "kind"), "files") == 0;
        printf("%s (%s)%s%s\n", member(s, "source"), member(s, "kind"),
               paused ? TELL(to, ": tạm dừng (`mooc-ingest resume` để đồng bộ tiếp)",
                             ": paused (`mooc-ingest resume` watches it again)")
                      : "",
               !running                       ? ""
               : json_get(root, "kafka_away") ? TELL(to, ": chờ Kafka", ": waits for Kafka")
               : strcmp(member(s, "runs_here"), "yes") == 0
                   ? ""
                   : TELL(to, ": hiện không do máy này đồng bộ",
                          ": not watched by this instance now"));
        print_requests(to, s);
        if (member(s, "refused")[0])
            printf("  %s: %s\n", TELL(to, "từ chối", "refused"), line_of(to, s, "refused"));
        for (const struct json *t = json_first(json_get(s, "streams")); t; t = json_next(t))
            print_stream(to, t, lists,
                         paused     ? TELL(to, "tạm dừng", "paused")
                         : !running ? TELL(to, "đã dừng", "stopped")
                                    : NULL);
    }
}

/* Of lists and platforms alike; what was decided on waits for nobody. */
static void print_held(const struct teller *to, const char *data_dir)
{
    struct holds holds = {0};
    long long waiting = 0;
    if (!holds_load_all(&holds, data_dir, NULL))
        return;
    for (size_t i = 0; i < holds.count; i++)
        waiting += holds.items[i].vanished > 0 &&
                   hold_decision(data_dir, holds.items[i].id) == HOLD_UNDECIDED;
    holds_free(&holds);
    if (waiting > 0)
        printf(TELL(to,
                    "%lld chỗ có nhiều bản ghi biến mất đang chờ quyết định: xem `mooc-ingest hold "
                    "list`\n",
                    "mass removals that wait for a decision: %lld; `mooc-ingest hold list` shows "
                    "them\n"),
               waiting);
}

/* alive: it runs; fresh: and has said lately how it is. */
static void print_head(const struct teller *to, const struct json *root, bool alive, bool fresh,
                       bool ready)
{
    char at[CLOCK_LOCAL_SIZE], age[32];
    tell_instant_of(member(root, "at"), to->vietnamese, at);
    tell_age((clock_now_us() - number(root, "at_us")) / 1000, to->vietnamese, age);
    if (strcmp(member(root, "state"), "stopped") == 0)
        printf(TELL(to, "mooc-ingest đã dừng (từ %s)\n", "mooc-ingest is stopped (since %s)\n"), at);
    else if (!alive)
        printf(TELL(to, "mooc-ingest không chạy: lần cuối báo tin cách đây %s\n",
                    "mooc-ingest does not run: its last word is %s old\n"),
               age);
    else if (!fresh)
        printf(TELL(to,
                    "mooc-ingest đang chạy nhưng không báo tin từ %s nay: nó đứng yên, hoặc không "
                    "ghi được vào data_dir (đĩa đầy, chỉ đọc được?): xem nhật ký của nó\n",
                    "mooc-ingest runs, but has said nothing of itself for %s: it stands still, or "
                    "cannot write in data_dir (disk full, read-only?): see its log\n"),
               age);
    else if (!ready)
        printf(TELL(to, "mooc-ingest đang chạy nhưng còn chờ: %s\n",
                    "mooc-ingest runs, but waits: %s\n"),
               line_of(to, root, "reasons"));
    else
        printf(TELL(to, "mooc-ingest đang chạy (%s)\n", "mooc-ingest runs (%s)\n"),
               member(root, "instance"));
    if (alive && json_get(root, "kafka_away"))
        puts(TELL(
            to,
            "không mất gì: những gì thay đổi trong lúc này, và danh sách gửi vào, được đọc khi "
            "Kafka trả lời lại",
            "nothing is lost: what changes meanwhile, and lists that are handed over, are read "
            "when Kafka answers again"));
}

static int answer(const struct options *options, const struct teller *to, const struct json *root,
                  const char *text)
{
    int64_t age_ms = (clock_now_us() - number(root, "at_us")) / 1000;
    /* The lock is its own; its word grows old also where it cannot be written. */
    bool alive = strcmp(member(root, "state"), "stopped") != 0 &&
                 engine_runs(options_text(options, "data_dir"));
    bool fresh = alive && age_ms <= REPORT_STALE_MS;
    bool ready = fresh && json_boolean(json_get(root, "ready"), false);
    if (strcmp(options_text(options, "format"), "json") == 0) {
        fputs(text, stdout);
        return ready ? 0 : 1;
    }
    print_head(to, root, alive, fresh, ready);
    print_sources(to, root, alive);
    if (json_get(root, "shards")) /* who is stopped has published nothing since */
        print_shards(to, root);
    print_held(to, options_text(options, "data_dir"));
    unfetched_count(options, to, alive);
    return ready ? 0 : 1;
}

int command_status(const struct program *program, const struct options *options)
{
    (void)program;
    char path[4096];
    struct error err = {0};
    const struct teller to = {tell_in_vietnamese(options)};
    size_t length;
    snprintf(path, sizeof(path), "%s/status.json", options_text(options, "data_dir"));
    char *text = file_read_whole(path, MAX_STATUS, &length, &err);
    struct json *root = text ? json_parse(text, length, &err) : NULL;
    int code = 1;
    if (root)
        code = answer(options, &to, root, text);
    else
        fprintf(stderr,
                TELL(&to, "mooc-ingest: chưa từng có mooc-ingest nào chạy ở đây: %s\n",
                     "mooc-ingest: nothing is known of a running instance: %s\n"),
                err.message);
    json_free(root);
    free(text);
    return code;
}
