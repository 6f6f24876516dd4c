#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../common/clock.h"
#include "walk_internal.h"

#define MAX_PAGES 200000
#define MAX_IDLE_PAGES 100 /* in a row, where rows may lack */
#define BACKOFF_BASE_MS 500
#define BACKOFF_CAP_MS 60000

char *walk_copy_text(const char *text)
{
    char *copy = text ? strdup(text) : NULL;
    if (text && !copy)
        abort();
    return copy;
}

static void copy_position(struct page_position *to, const struct page_position *from)
{
    page_end(to);
    *to = *from;
    to->link = walk_copy_text(from->link);
    to->cursor = walk_copy_text(from->cursor);
}

struct walk *walk_new(const struct walk_spec *spec)
{
    struct walk *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->spec = *spec;
    w->what = walk_copy_text(spec->what);
    w->spec.what = w->what;
    page_begin(&w->position, spec->pages);
    if (spec->from)
        copy_position(&w->position, spec->from);
    w->spec.from = NULL;
    w->more = true;
    w->key = siphash_key_random();
    backoff_init(&w->backoff, BACKOFF_BASE_MS, BACKOFF_CAP_MS, random_u64());
    return w;
}

void walk_free(struct walk *w)
{
    if (!w)
        return;
    http_cancel(w->spec.origin, w);
    page_list_free(w->list);
    page_list_free(w->page.list);
    page_end(&w->position);
    page_end(&w->taken);
    page_end(&w->after);
    free(w->link_header);
    free(w->bound);
    free(w->page_bound);
    free(w->asked);
    free(w->what);
    key_list_free(&w->followed);
    free(w);
}

static void request_free(struct walk_request *request)
{
    free(request->url);
    free(request->body);
    for (size_t i = 0; i < ARRAY_LEN(request->headers); i++)
        free(request->headers[i]);
}

static bool send_request(struct walk *w, const struct walk_request *request, const char *credential,
                         struct error *err)
{
    const char *headers[ARRAY_LEN(request->headers) + 4] = {"Accept: application/json"};
    char type[96];
    size_t count = 1;
    if (request->body) {
        snprintf(type, sizeof type, "Content-Type: %s", request->body_type);
        headers[count++] = type;
    }
    if (credential && *credential)
        headers[count++] = credential;
    for (size_t i = 0; i < ARRAY_LEN(request->headers) && request->headers[i]; i++) {
        if (strncasecmp(request->headers[i], "Accept:", 7) == 0)
            headers[0] = request->headers[i];
        else
            headers[count++] = request->headers[i];
    }
    const struct http_call call = {
        .path_or_url = request->url,
        .headers = headers,
        .body = request->body,
        .body_length = request->body ? strlen(request->body) : 0,
        .reader = w->spec.unchanged && walk_is_at_first(w) ? w->spec.reader : NULL,
        .done = walk_on_response,
        .context = w};
    return http_send(w->spec.origin, &call, err);
}

static void submit(struct walk *w)
{
    if (!w->more || w->in_flight || w->arrived || w->unmodified ||
        clock_monotonic_ms() < w->retry_at_ms)
        return;
    const char *credential = NULL;
    if (w->spec.auth) {
        credential = w->spec.auth->header(w->spec.auth->context, &w->serial);
        if (!credential)
            return;
    }
    struct error err = {.kind = ERROR_NONE};
    struct walk_request request = {.url = NULL};
    w->in_flight = w->spec.ask(w->spec.context, &w->position, &request, &err) &&
                   send_request(w, &request, credential, &err);
    free(w->asked);
    w->asked = request.url;
    request.url = NULL;
    request_free(&request);
    if (!w->in_flight)
        walk_fail(w, &err);
}

/* The checks that keep a broken platform from leading us in circles. Where rows are left out, an offset that counts what came lags
 * behind, and the same few records may come again. */
static bool check_progress(struct walk *w, struct error *err)
{
    size_t count = w->none ? 0 : page_list_count(w->list);
    uint64_t digest = w->none ? 0 : page_list_digest(w->list, w->key);
    bool repeats = w->pages > 0 && count > 0 && digest == w->previous;
    bool lags = w->spec.rows_may_lack && w->spec.pages->rule == PAGES_OFFSET;
    w->previous = digest;
    w->idle_pages = count == 0 || repeats ? w->idle_pages + 1 : 0;
    if (repeats && (!lags || w->idle_pages > MAX_IDLE_PAGES))
        return error_set(err, ERROR_SOURCE, false,
                         "page %zu repeats the page before it; the list was not read to its end",
                         w->pages + 1);
    if (!w->more)
        return true;
    if (count == 0 && w->idle_pages > (w->spec.rows_may_lack ? MAX_IDLE_PAGES : 0))
        return error_set(err, ERROR_SOURCE, false,
                         "page %zu is empty but has a next page; the list was not read to its end",
                         w->pages + 1);
    if (w->pages + 1 >= MAX_PAGES)
        return error_set(err, ERROR_SOURCE, false, "the list has more than %d pages", MAX_PAGES);
    const char *mark = w->position.link ? w->position.link : w->position.cursor;
    if (mark && !key_list_add(&w->followed, mark))
        return error_set(err, ERROR_SOURCE, false,
                         "page %zu leads back to a page already read; the list has no end",
                         w->pages + 1);
    return true;
}

/* Where to go after this page. */
static bool look_through(struct walk *w, struct error *err)
{
    if ((!w->none && !page_list_find(w->list, err)) ||
        !page_advance(&w->position, w->spec.pages, page_list_root(w->list),
                      w->none ? 0 : page_list_count(w->list), w->link_header, &w->more, err))
        return false;
    if (w->position.link) {
        char *whole = http_follow(w->spec.origin, w->asked, w->position.link);
        free(w->position.link);
        w->position.link = whole;
    }
    return check_progress(w, err);
}

/* An empty list in the middle is not its end, where the platform says what comes next. Counted pages end with it. */
static bool names_next(const struct walk *w)
{
    enum page_rule rule = w->spec.pages->rule;
    return rule == PAGES_NEXT || rule == PAGES_CURSOR || rule == PAGES_LINK;
}

static void decode(struct walk *w)
{
    if (!w->arrived || w->has_page)
        return;
    struct error err = {.kind = ERROR_NONE};
    w->arrived = false;
    w->page = (struct walk_page){.list = w->list, .server_time_us = w->arrived_time_us};
    bool ok = true;
    if (w->list && (!w->none || names_next(w)))
        ok = look_through(w, &err);
    else
        w->more = false;
    w->list = NULL;
    if (w->none) {
        page_list_free(w->page.list);
        w->page.list = NULL;
    }
    if (!ok) {
        page_list_free(w->page.list);
        w->page.list = NULL;
        walk_fail(w, &err);
        return;
    }
    free(w->page_bound);
    w->page_bound = w->bound;
    w->bound = NULL;
    w->page.bound = w->page_bound;
    w->page.number = ++w->pages;
    w->page_more = w->more;
    copy_position(&w->after, &w->position);
    w->has_page = true;
}

static void take(struct walk *w)
{
    if (!w->has_page)
        return;
    struct error err = {.kind = ERROR_NONE};
    bool more = w->page_more;
    bool go_on = w->spec.take(w->spec.context, &w->page, &err);
    page_list_free(w->page.list);
    w->page = (struct walk_page){.list = NULL};
    w->has_page = false;
    copy_position(&w->taken, &w->after);
    w->has_taken = more;
    if (!go_on && err.kind != ERROR_NONE) {
        walk_fail(w, &err);
    } else if (!go_on || !more) {
        w->complete = go_on;
        w->state = WALK_DONE;
        http_cancel(w->spec.origin, w);
    }
}

static void take_unmodified(struct walk *w)
{
    w->unmodified = false;
    if (w->spec.unchanged(w->spec.context, w->arrived_time_us)) {
        w->complete = true;
        w->state = WALK_DONE;
    }
    w->spec.unchanged = NULL;
}

enum walk_state walk_step(struct walk *w, bool may_take)
{
    while (w->state == WALK_RUNNING) {
        decode(w);
        if (w->state == WALK_RUNNING)
            submit(w); /* the next page travels while this one is taken in */
        if (w->state != WALK_RUNNING || !(w->has_page || w->unmodified) || !may_take)
            break;
        if (w->unmodified)
            take_unmodified(w);
        else
            take(w);
    }
    return w->state;
}

enum walk_state walk_state(const struct walk *w)
{
    return w->state;
}

bool walk_complete(const struct walk *w)
{
    return w->complete;
}

const struct http_validator *walk_validator(const struct walk *w)
{
    return w->has_validator ? &w->validator : NULL;
}

const struct error *walk_error(const struct walk *w)
{
    return &w->error;
}

long walk_status(const struct walk *w)
{
    return w->status;
}

size_t walk_pages(const struct walk *w)
{
    return w->pages;
}

const struct error *walk_trouble(const struct walk *w)
{
    return &w->trouble;
}

const struct page_position *walk_position(const struct walk *w)
{
    return w->has_taken ? &w->taken : NULL;
}

int64_t walk_server_ahead_us(const struct walk *w)
{
    return w->server_us_ahead;
}
