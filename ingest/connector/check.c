/* `check` and `sample`: what is visible of a platform to our account, whether its clock can be trusted, and what watching it will
 * cost. Nothing is published. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/stop.h"
#include "../../common/text_buffer.h"
#include "probe.h"

#define MAX_COURSES 20 /* looked at one by one */
#define SKEW_US INT64_C(5000000)
#define DAY_MS 86400000.0

struct looked { /* what was learnt of one stream, over the courses looked at */
    size_t courses;
    double requests; /* of one complete sweep of those courses */
    bool at_least;   /* the platform states no total: there may be more */
    double per_ms;   /* how long a request takes */
};

struct look {
    struct platform *p;
    bool vietnamese;
    struct error *err; /* the first failure */
    bool ok, answered;
    bool unreachable; /* the first stream had no answer: nor would the others */
    struct looked streams[CONNECTOR_MAX_STREAMS];
    struct probe_example examples[CONNECTOR_MAX_STREAMS]; /* whom each stream can be tried with */
    struct row_table *rows[CONNECTOR_MAX_STREAMS];
    int64_t ahead_us, learners;
};

/* Letters count, not bytes; texts are in NFC. */
static void print_padded(const char *text, int width)
{
    for (const char *c = text; *c; c++)
        width -= ((unsigned char)*c & 0xC0U) != 0x80U;
    printf("%s%*s ", text, width > 0 ? width : 0, "");
}

static void line(const char *what, const char *state, const char *text)
{
    printf("  ");
    print_padded(what, 16);
    print_padded(state, 12);
    printf("%s\n", text);
}

static void fail(struct look *k, const char *what, const struct error *why)
{
    line(what, TELL(k, "LỖI", "FAILED"), error_words(why, k->vietnamese));
    if (k->ok)
        *k->err = *why;
    k->ok = false;
}

static void tell_records(const struct look *k, const struct probe *b, const char *name)
{
    struct text_buffer text = {.data = NULL};
    const struct teller to = {k->vietnamese};
    probe_describe(b, &to, &text);
    line(name,
         b->mapped < b->records ? TELL(k, "có lỗi", "faults")
         : probe_is_silent(b)   ? TELL(k, "trống", "silent")
                                : TELL(k, "tốt", "ok"),
         text.data);
    text_buffer_free(&text);
}

static void count_cost(struct look *k, const struct probe *b)
{
    struct looked *l = &k->streams[b->stream];
    int64_t page = b->pages > 0 ? b->listed / b->pages : 0;
    int64_t whole = b->pages;
    if (b->total > b->listed && page > 0)
        whole = (b->total + page - 1) / page;
    else if (b->more)
        l->at_least = true;
    double pages = (double)whole;
    l->courses++;
    if (b->table) /* some of the rows stand for all */
        pages *= (double)row_table_count(b->table) / (double)b->asked_rows;
    l->requests += pages;
    l->per_ms += b->pages > 0 ? (double)b->took_ms / (double)b->pages : 0;
    if (b->total > k->learners)
        k->learners = b->total;
    else if (b->listed > k->learners)
        k->learners = b->listed;
}

/* Whom or what the stream needs to be asked at all; false when that is not known. */
static bool prepare(struct look *k, struct probe *b, const char *name)
{
    const struct stream_rules *rules = k->p->streams[b->stream].rules;
    size_t parent = rules->parent >= 0 ? (size_t)rules->parent : 0;
    if (rules->for_each == FOR_LEARNER) {
        b->about = &k->examples[b->stream];
        if (!*b->about->account) {
            line(name, TELL(k, "chưa rõ", "unknown"),
                 TELL(k, "không có ai để hỏi", "there is nobody to ask about"));
            return false;
        }
    }
    if (rules->for_each == FOR_ROWS) {
        b->table = k->rows[parent];
        if (!b->table || row_table_count(b->table) == 0) {
            line(name, TELL(k, "chưa rõ", "unknown"),
                 TELL(k, "không có gì thuộc loại đó để hỏi",
                      "there is nothing of that kind to ask about"));
            return false;
        }
    }
    return true;
}

/* Lists first: they tell whom the others can be tried with. */
static size_t streams_of(const struct platform *p, size_t order[CONNECTOR_MAX_STREAMS])
{
    size_t count = 0;
    for (int by_learner = 0; by_learner < 2; by_learner++)
        for (size_t s = 0; s < p->connector->stream_count; s++)
            if ((p->streams[s].rules->for_each == FOR_LEARNER) == by_learner)
                order[count++] = s;
    return count;
}

static bool is_looked_at(struct platform *p, size_t stream, size_t course)
{
    enum stream_for each = p->streams[stream].rules->for_each;
    bool of_course = platform_by_course(p, stream) || each == FOR_LEARNER;
    return of_course == (course != NO_COURSE) && each != FOR_LISTED_EMAIL &&
           platform_wants(p, stream);
}

/* Another stream may stand in for it. */
static void note_hidden(struct platform *p, const struct probe *b)
{
    if (p->streams[b->stream].rules->for_each != FOR_LEARNER)
        platform_place(p, b->stream, b->course)->not_visible = probe_is_hidden(b);
}

static void look_at(struct look *k, size_t stream, size_t course)
{
    const struct stream_rules *rules = k->p->streams[stream].rules;
    struct probe b = {.p = k->p,
                      .stream = stream,
                      .course = course,
                      .most_pages = 3,
                      .examples = k->examples,
                      .tables = k->rows};
    struct error why = {.kind = ERROR_NONE};
    const char *name = rules->spec.name;
    if (!prepare(k, &b, name))
        return;
    bool answered = probe_run(&b, &why);
    note_hidden(k->p, &b);
    row_table_free(k->rows[stream]);
    k->rows[stream] = b.rows;
    if (b.ahead_us != 0)
        k->ahead_us = b.ahead_us;
    k->answered |= answered || b.status > 0;
    if (answered) {
        tell_records(k, &b, name);
        count_cost(k, &b);
    } else if (probe_is_hidden(&b)) {
        const char *note = TELL(k, rules->invisible_note.vi, rules->invisible_note.en);
        line(name, TELL(k, "không thấy", "not visible"),
             note[0] ? note
                     : TELL(k, "tài khoản của ta không thấy được ở đây",
                            "not visible to our account here"));
    } else {
        fail(k, name, &why);
        k->unreachable = !k->answered && why.kind == ERROR_UNREACHABLE;
    }
}

static void look_at_course(struct look *k, size_t course)
{
    if (course == NO_COURSE)
        puts(TELL(k, "cả nền tảng", "the platform as a whole"));
    else
        printf(TELL(k, "khóa học %s\n", "course %s\n"), k->p->courses[course].id);
    memset(k->examples, 0, course == NO_COURSE ? 0 : sizeof k->examples);
    size_t order[CONNECTOR_MAX_STREAMS];
    for (size_t i = 0, count = streams_of(k->p, order); i < count && !stop_requested(); i++) {
        size_t s = order[i];
        if (!is_looked_at(k->p, s, course))
            continue;
        look_at(k, s, platform_by_course(k->p, s) ? course : NO_COURSE);
        if (auth_error(k->p->auth)->kind != ERROR_NONE || k->unreachable)
            return;
    }
}

/* ---- what it costs ---- */

static void tell_time(const struct look *k, double ms, char *out, size_t size)
{
    if (ms < 90e3)
        snprintf(out, size, TELL(k, "%.0f giây", "%.0f s"), ms / 1e3);
    else if (ms < 5400e3)
        snprintf(out, size, TELL(k, "%.0f phút", "%.0f min"), ms / 60e3);
    else
        snprintf(out, size, TELL(k, "%.0f giờ", "%.1f h"), ms / 3600e3);
}

static double sweep_requests(const struct look *k, size_t s, size_t active)
{
    const struct looked *l = &k->streams[s];
    const struct stream_rules *rules = k->p->streams[s].rules;
    if (l->courses == 0)
        return 0;
    if (rules->for_each == FOR_LEARNER)
        return (double)k->learners / (rules->batch > 0 ? rules->batch : 1);
    return l->requests / (double)l->courses * (double)(platform_by_course(k->p, s) ? active : 1);
}

/* While little is new, a page for each of a window's requests. */
static double window_requests(const struct look *k, size_t s, size_t active)
{
    double each = 1 + (double)k->p->streams[s].rules->also_count;
    return each * (double)(platform_by_course(k->p, s) ? active : 1);
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static void tell_stream_cost(const struct look *k, size_t s, size_t active, double *per_day)
{
    const struct looked *l = &k->streams[s];
    const struct stream_settings *settings = &k->p->settings.streams[s];
    bool windowed = k->p->streams[s].rules->windowed;
    double requests = sweep_requests(k, s, active);
    if (requests <= 0)
        return;
    if (k->p->streams[s].rules->ask_on_change) {
        printf(
            TELL(k, "  %-16s chỉ hỏi về những gì thay đổi; lúc đầu có thể là cả %.0f người học\n",
                 "  %-16s asks about what changes only; at first that can be all %.0f learners\n"),
            k->p->connector->streams[s].spec.name, (double)k->learners);
        return;
    }
    double rate_ms = 60e3 / k->p->settings.requests_per_minute;
    double each_ms = larger(l->per_ms / (double)l->courses / k->p->settings.max_concurrent, rate_ms);
    double round = windowed ? window_requests(k, s, active) : requests;
    double every = larger((double)settings->every_ms, round * each_ms);
    double daily = round * DAY_MS / every;
    if (settings->head_ms > 0)
        daily += DAY_MS / (double)settings->head_ms * (double)active;
    if (windowed && settings->sweep_ms > 0)
        daily += requests * DAY_MS / (double)settings->sweep_ms;
    char duration[32], age[32];
    tell_time(k, requests * each_ms, duration, sizeof duration);
    tell_time(k, settings->head_ms > 0 ? (double)settings->head_ms : every + round * each_ms, age,
              sizeof age);
    *per_day += daily;
    printf(TELL(k, "  %-16s %s%.0f lần hỏi mỗi vòng đọc, %s; %.0f lần mỗi ngày; số liệu cũ nhất %s\n",
                "  %-16s %s%.0f requests a sweep, %s; %.0f requests a day; a figure is at most %s "
                "old\n"),
           k->p->connector->streams[s].spec.name,
           l->at_least ? TELL(k, "ít nhất ", "at least ") : "", requests, duration, daily, age);
}

static void tell_cost(const struct look *k, size_t active)
{
    double per_day = 0, allowed = k->p->settings.requests_per_minute * 1440;
    printf(TELL(k, "chi phí (%zu khóa học%s, theo những gì vừa thấy)\n",
                "what it costs (%zu course%s, by what was seen now)\n"),
           active, active == 1 || k->vietnamese ? "" : "s");
    for (size_t s = 0; s < k->p->connector->stream_count; s++)
        if (!k->p->streams[s].off)
            tell_stream_cost(k, s, active, &per_day);
    if (k->p->settings.requests_per_day > 0 && (double)k->p->settings.requests_per_day < allowed)
        allowed = (double)k->p->settings.requests_per_day;
    printf(TELL(k, "  tổng cộng %.0f lần hỏi mỗi ngày trong %.0f lần cho phép%s\n",
                "  together %.0f requests a day of the %.0f that the budget allows%s\n"),
           per_day, allowed,
           per_day > allowed ? TELL(k, ": vòng đọc sẽ lâu hơn mức ghi ở `every`",
                                    ": sweeps will take longer than `every` says")
                             : "");
}

static void tell_clock(struct look *k)
{
    char text[200];
    int64_t seconds = k->ahead_us / 1000000;
    if (k->ahead_us < SKEW_US && k->ahead_us > -SKEW_US - 1000000)
        return;
    snprintf(
        text, sizeof text,
        TELL(k,
             "đồng hồ của nền tảng lệch %" PRId64 " giây, %s đồng hồ ở đây: thời gian của nó, và "
             "cái gì là mới, có thể bị hiểu sai",
             "the platform's clock is %" PRId64 " s %s ours: its times, and what is new, may be "
             "misjudged"),
        seconds < 0 ? -seconds : seconds,
        seconds < 0 ? TELL(k, "chậm hơn", "behind") : TELL(k, "nhanh hơn", "ahead of"));
    line(TELL(k, "đồng hồ", "clock"), TELL(k, "CÓ LỖI", "FAULTS"), text);
}

bool platform_check(struct source *source, struct error *err)
{
    struct platform *p = (struct platform *)source;
    struct look k = {
        .p = p, .vietnamese = tell_in_vietnamese(p->context->options), .err = err, .ok = true};
    size_t active = 0;
    if (!platform_load_courses(p, err))
        return false;
    printf("%s: %s\n", source->name, p->settings.url);
    look_at_course(&k, NO_COURSE);
    for (size_t c = 0; c < p->course_count && !stop_requested(); c++) {
        if (!p->courses[c].active || auth_error(p->auth)->kind != ERROR_NONE || k.unreachable)
            continue;
        if (active++ < MAX_COURSES)
            look_at_course(&k, c);
    }
    if (active > MAX_COURSES)
        printf(TELL(&k, "còn %zu khóa học, chưa xem đến\n", "%zu more courses, not looked at\n"),
               active - MAX_COURSES);
    tell_clock(&k);
    if (k.unreachable)
        puts(TELL(&k, "  không hỏi gì thêm", "  nothing else was asked"));
    else if (auth_error(p->auth)->kind == ERROR_NONE)
        tell_cost(&k, active);
    for (size_t i = 0; i < CONNECTOR_MAX_STREAMS; i++)
        row_table_free(k.rows[i]);
    return k.ok;
}

/* ---- sample ---- */

/* What does not show in the events that were printed. */
static void tell_sampled(const struct probe *b)
{
    struct text_buffer text = {.data = NULL};
    const struct teller to = tell_of(b->p->context->options);
    if (b->records == 0 || (b->mapped == b->records && !probe_is_silent(b)))
        return;
    probe_describe(b, &to, &text);
    fflush(stdout);
    fprintf(stderr, "mooc-ingest: %s: %s\n", b->p->connector->streams[b->stream].spec.name,
            text.data);
    text_buffer_free(&text);
}

/* Of these streams, whose records may be printed. */
static int streams_left(const struct platform *p, const size_t *order, size_t count)
{
    int left = 0;
    for (size_t i = 0; i < count; i++)
        left += !p->streams[order[i]].off && p->streams[order[i]].rules->mapping != NULL &&
                p->streams[order[i]].rules->for_each != FOR_LISTED_EMAIL;
    return left > 0 ? left : 1;
}

/* left: streams that share the *n events, this one among them. */
static void sample_stream(struct look *k, size_t stream, size_t course, int left, int *n)
{
    struct platform *p = k->p;
    const struct stream_rules *rules = p->streams[stream].rules;
    size_t parent = rules->parent >= 0 ? (size_t)rules->parent : 0;
    struct probe b = {.p = p,
                      .stream = stream,
                      .course = platform_by_course(p, stream) ? course : NO_COURSE,
                      .print_most = (*n + left - 1) / left,
                      .about = &k->examples[stream],
                      .examples = k->examples,
                      .tables = k->rows,
                      .table = rules->for_each == FOR_ROWS ? k->rows[parent] : NULL};
    struct error why = {.kind = ERROR_NONE};
    int before = b.print_most;
    if ((rules->for_each == FOR_LEARNER && !*b.about->account) ||
        (rules->for_each == FOR_ROWS && !(b.table && row_table_count(b.table))))
        return;
    bool answered = probe_run(&b, &why);
    note_hidden(p, &b);
    if (!answered && !probe_is_hidden(&b)) {
        *k->err = k->ok ? why : *k->err;
        k->ok = false;
    }
    tell_sampled(&b);
    *n -= before - b.print_most;
    row_table_free(k->rows[stream]);
    k->rows[stream] = b.rows;
}

bool platform_sample(struct source *source, int n, struct error *err)
{
    struct platform *p = (struct platform *)source;
    struct look k = {.p = p, .err = err, .ok = true};
    size_t order[CONNECTOR_MAX_STREAMS];
    if (!platform_load_courses(p, err))
        return false;
    for (size_t c = 0; c <= p->course_count && n > 0; c++) {
        size_t course = c > 0 ? c - 1 : NO_COURSE;
        memset(k.examples, 0, course == NO_COURSE ? 0 : sizeof k.examples);
        for (size_t i = 0, count = streams_of(p, order); i < count && n > 0 && !stop_requested();
             i++) {
            size_t s = order[i];
            if (is_looked_at(p, s, course))
                sample_stream(&k, s, course, streams_left(p, order + i, count - i), &n);
        }
    }
    for (size_t i = 0; i < CONNECTOR_MAX_STREAMS; i++)
        row_table_free(k.rows[i]);
    return k.ok;
}
