#include "probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/stop.h"
#include "../../common/text_buffer.h"
#include "job.h"
#include "records.h"

#define PROBE_MS 30000

static const struct stream_rules *rules_of(const struct probe *b)
{
    return b->p->streams[b->stream].rules;
}

static void print_event(struct event *e)
{
    struct text_buffer data = {.data = NULL}, text = {.data = NULL};
    int64_t now = clock_now_us();
    e->revision = now;
    e->previous = 0;
    if (e->time_observed)
        e->time = now;
    event_encode_data(e, &data);
    event_encode(e, data.data, data.length, &text);
    printf("%.*s\n", (int)text.length, text.data);
    text_buffer_free(&data);
    text_buffer_free(&text);
}

/* The first record that a stream would ask about is its example. */
static void find_examples(struct probe *b, const struct scope *scope, const char *account)
{
    const struct connector *c = b->p->connector;
    for (size_t s = 0; b->examples && s < c->stream_count; s++) {
        const struct stream_rules *child = &c->streams[s];
        struct probe_example *e = &b->examples[s];
        bool wanted = true;
        if (child->parent != (int)b->stream || *e->account ||
            (child->ask_when && !condition_holds(child->ask_when, scope, &wanted, NULL)) || !wanted)
            continue;
        snprintf(e->account, sizeof e->account, "%.255s", account);
        for (size_t i = 0; i < child->taken_count; i++) {
            struct text_buffer room = {.data = NULL};
            const char *text = value_text(child->taken[i].value, scope, &room);
            e->has_taken[i] = text != NULL;
            snprintf(e->taken[i], sizeof e->taken[i], "%.99s", text ? text : "");
            text_buffer_free(&room);
        }
    }
}

static void map_one(void *context, const struct json *record, const struct json *enclosing)
{
    struct probe *b = context;
    struct platform *p = b->p;
    struct map_output *out = &p->mapped;
    struct row_table *tables[4] = {NULL};
    struct error err = {.kind = ERROR_NONE};
    b->records++;
    if (!rules_of(b)->mapping) {
        b->mapped++;
        return;
    }
    for (size_t i = 0; b->tables && i < rules_of(b)->lookup_count; i++)
        tables[i] = b->tables[rules_of(b)->lookups[i].stream];
    (void)texts_look_up(&b->texts, rules_of(b), tables, record, enclosing, &p->room);
    const struct map_input in = {.source = p->base.name,
                                 .hmac = p->context->hmac,
                                 .today = clock_day(clock_now_us()),
                                 .record = record,
                                 .enclosing = enclosing,
                                 .texts = b->texts.at,
                                 .course = b->course == NO_COURSE ? NULL : p->courses[b->course].id};
    if (!mapping_apply(rules_of(b)->mapping, &in, out, &err)) {
        if (b->fault.kind == ERROR_NONE)
            b->fault = err;
        return;
    }
    b->mapped++;
    if (out->account && !out->skipped)
        find_examples(b, &(struct scope){record, enclosing, b->texts.at}, out->account);
    bool says = false;
    for (size_t i = 0; i < out->count; i++) {
        if (out->items[i].action == MAP_OBSERVE) {
            b->told[out->items[i].event.type]++;
            b->timed |= !out->items[i].event.time_observed;
            says = true;
        }
        b->identifiers |= event_has(&out->items[i].event, FIELD_IDENTIFIERS);
        if (b->print_most > 0 && out->items[i].action == MAP_OBSERVE) {
            b->print_most--;
            print_event(&out->items[i].event);
        }
    }
    b->silent += says ? 0 : 1;
}

static bool take(void *context, const struct walk_page *page, struct error *err)
{
    struct probe *b = context;
    const char *total = rules_of(b)->pages.total;
    b->pages++;
    if (!page->list || !total ||
        !json_integer(json_pointer(page_list_root(page->list), total), &b->total))
        b->total = -1;
    b->listed += page->list ? (int64_t)page_list_count(page->list) : 0;
    if (!records_of_page(page->list, rules_of(b)->each, map_one, b, err))
        return false;
    if (rules_of(b)->remembered && b->rows) {
        struct job job = {.p = b->p, .stream = b->stream, .course = b->course};
        struct job_table table = {b->stream, b->rows};
        job.texts = b->texts;
        if (!job_remember(&job, &table, page->list, err))
            return false;
    }
    return b->pages < b->most_pages;
}

static bool ask(void *context, const struct page_position *position, struct walk_request *request,
                struct error *err)
{
    struct probe *b = context;
    struct place *place = platform_place(b->p, b->stream, b->course);
    texts_position(&b->texts, position, platform_page_size(b->p, b->stream, place));
    return platform_request(b->p, &rules_of(b)->request, &b->texts, position, request, err);
}

static enum walk_verdict judge(void *context, const struct walk_answer *answer, struct error *err)
{
    struct probe *b = context;
    return platform_judge(b->p, rules_of(b), &b->texts, answer, err);
}

static void name_it(struct probe *b)
{
    texts_begin(&b->texts, b->p, b->course);
    if (b->about && *b->about->account)
        b->texts.at[NAME_LEARNER] = b->texts.at[NAME_LEARNERS] = b->about->account;
    for (size_t i = 0; b->about && i < rules_of(b)->taken_count; i++)
        b->texts.at[rules_of(b)->taken[i].name] = b->about->has_taken[i] ? b->about->taken[i] : NULL;
    b->texts.at[NAME_EMAIL] = "nobody@example.invalid";
    b->texts.at[NAME_EMAILS] = "nobody@example.invalid";
    if (b->table && row_table_count(b->table) > 0)
        texts_row(&b->texts, b->p->connector, (size_t)rules_of(b)->parent, b->table, b->asked_rows);
}

static void explain(const struct probe *b, struct walk *walk, enum walk_state state, struct error *err)
{
    if (state == WALK_FAILED)
        *err = *walk_error(walk);
    else if (auth_error(b->p->auth)->kind != ERROR_NONE)
        *err = *auth_error(b->p->auth);
    else if (walk_trouble(walk)->kind != ERROR_NONE)
        *err = *walk_trouble(walk);
    else
        error_tell(err, stop_requested() ? ERROR_STOPPED : ERROR_UNREACHABLE, true,
                   "không trả lời trong %d giây", "no answer within %d s", PROBE_MS / 1000);
}

static bool run_once(struct probe *b, struct error *err)
{
    const struct stream_rules *rules = rules_of(b);
    name_it(b);
    b->total = -1;
    if (rules->remembered && !b->rows)
        b->rows = row_table_new(rules->field_count);
    struct walk *walk = walk_new(&(struct walk_spec){.origin = b->p->origin,
                                                     .auth = &b->p->walk_auth,
                                                     .what = rules->spec.name,
                                                     .pages = &rules->pages,
                                                     .records = rules->records,
                                                     .record = rules->record,
                                                     .ask = ask,
                                                     .judge = judge,
                                                     .rows_may_lack = rules->rows_may_lack,
                                                     .take = take,
                                                     .context = b});
    int64_t begun = clock_monotonic_ms();
    enum walk_state state;
    while ((state = walk_step(walk, true)) == WALK_RUNNING) {
        http_poll(b->p->context->http, 100);
        if (stop_requested() || clock_monotonic_ms() - begun > PROBE_MS ||
            auth_error(b->p->auth)->kind != ERROR_NONE)
            break;
    }
    b->took_ms += clock_monotonic_ms() - begun;
    b->status = walk_status(walk);
    b->ahead_us = walk_server_ahead_us(walk);
    b->more = state == WALK_DONE && !walk_complete(walk) && walk_position(walk);
    if (state != WALK_DONE)
        explain(b, walk, state, err);
    walk_free(walk);
    return state == WALK_DONE;
}

static bool says_something(const struct probe *b)
{
    for (size_t i = 0; i < ARRAY_LEN(b->told); i++)
        if (b->told[i] > 0)
            return true;
    return false;
}

bool probe_run(struct probe *b, struct error *err)
{
    size_t rows = b->table ? row_table_count(b->table) : 0;
    if (rows > PROBE_ROWS)
        rows = PROBE_ROWS;
    bool answered = run_once(b, err);
    b->asked_rows++;
    while (answered && b->asked_rows < rows && !says_something(b) && !stop_requested()) {
        answered = run_once(b, err);
        b->asked_rows++;
    }
    return answered;
}

bool probe_is_silent(const struct probe *b)
{
    const struct mapping *mapping = rules_of(b)->mapping;
    return mapping && mapping_first_type(mapping) != EVENT_UNKNOWN && b->silent > 0 &&
           !says_something(b);
}

static void describe_events(const struct probe *b, const struct teller *to, struct text_buffer *out)
{
    const char *before = ": ";
    for (size_t i = 0; i < ARRAY_LEN(b->told); i++) {
        if (b->told[i] == 0)
            continue;
        text_buffer_add_format(out, "%s%" PRId64 " %s", before, b->told[i],
                               event_type_name((enum event_type)i));
        before = ", ";
    }
    if (probe_is_silent(b))
        text_buffer_add_text(
            out, TELL(to, ", nhưng không bản ghi nào cho biết gì: `when` hoặc `skip` bỏ hết",
                      ", but none says anything: `when` or `skip` leave all of them out"));
    else if (says_something(b) && b->silent > 0)
        text_buffer_add_format(
            out, TELL(to, "; %" PRId64 " không cho biết gì", "; %" PRId64 " say nothing"), b->silent);
    if (says_something(b) && !b->timed)
        text_buffer_add_text(
            out, TELL(to, "; nền tảng không ghi thời gian", "; no time of the platform's own"));
}

void probe_describe(const struct probe *b, const struct teller *to, struct text_buffer *out)
{
    if (b->records == 0) {
        text_buffer_add_text(out, TELL(to, "không có bản ghi: không có ai, hoặc không có khóa học này",
                                       "no records: nobody is there, or there is no such course"));
        return;
    }
    if (b->pages == 1)
        text_buffer_add_format(
            out, TELL(to, "%" PRId64 " bản ghi ở trang đầu", "%" PRId64 " records on the first page"),
            b->records);
    else
        text_buffer_add_format(out,
                               TELL(to, "%" PRId64 " bản ghi ở %" PRId64 " trang đầu",
                                    "%" PRId64 " records on the first %" PRId64 " pages"),
                               b->records, b->pages);
    describe_events(b, to, out);
    if (b->mapped < b->records)
        text_buffer_add_format(out,
                               TELL(to, "; %" PRId64 " không chuyển đổi được: %.199s",
                                    "; %" PRId64 " cannot be mapped: %.199s"),
                               b->records - b->mapped, error_words(&b->fault, to->vietnamese));
    if (b->identifiers)
        text_buffer_add_text(
            out, TELL(to, "; thấy được số định danh (chỉ rời khỏi đây dưới dạng mã băm có khóa)",
                      "; identifiers are visible (they leave here only as keyed hashes)"));
}

bool probe_is_hidden(const struct probe *b)
{
    return stream_is_hidden(rules_of(b), b->status);
}
