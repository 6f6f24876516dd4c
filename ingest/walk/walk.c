#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../common/backoff.h"
#include "../../common/clock.h"
#include "key_list.h"

#define MAX_ATTEMPTS 8 /* of one page */
#define MAX_PAGES 200000
#define MAX_EMPTY_PAGES 100 /* in a row, where rows may lack */
#define BACKOFF_BASE_MS 500
#define BACKOFF_CAP_MS 60000

struct walk {
    struct walk_spec spec;
    char *what;
    enum walk_state state;
    bool complete;
    struct error error, trouble;
    long status;
    int64_t server_us_ahead;

    struct page_position position; /* of the page that is asked for */
    struct page_position taken;    /* behind the page that was taken in last */
    bool has_taken;
    bool more;       /* there is a page to ask for */
    char *asked;     /* the URL of the page under way or just arrived */
    bool in_flight;  /* asked for, no answer yet */
    uint64_t serial; /* of the credential it was asked with */
    unsigned attempts, unauthorised;
    int64_t retry_at_ms;
    struct backoff backoff;

    struct page_list *list; /* an answer that waits to be looked through; NULL with arrived: it means "none" */
    bool arrived;
    char *link_header, *bound;
    int64_t arrived_time_us;

    struct walk_page page; /* waits to be taken in; its list is owned */
    struct page_position after;
    bool has_page, page_more;
    char *page_bound;
    size_t pages, empty_pages;
    struct siphash_key key;
    uint64_t previous; /* digest of the page before */

    struct key_list followed; /* links and cursors */
};

static char *copy_text(const char *text)
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
    to->link = copy_text(from->link);
    to->cursor = copy_text(from->cursor);
}

struct walk *walk_new(const struct walk_spec *spec)
{
    struct walk *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->spec = *spec;
    w->what = copy_text(spec->what);
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

static void fail(struct walk *w, const struct error *err)
{
    http_cancel(w->spec.origin, w);
    w->state = WALK_FAILED;
    w->error = *err;
    error_context(&w->error, "%s", w->what);
}

/* The page is asked again after a while, or the walk fails when that was tried often enough. */
static void try_again(struct walk *w, const struct error *err, int64_t retry_after_ms)
{
    w->trouble = *err;
    error_context(&w->trouble, "%s", w->what);
    if (++w->attempts >= MAX_ATTEMPTS) {
        fail(w, err);
        return;
    }
    int64_t wait = backoff_next_ms(&w->backoff);
    w->retry_at_ms = clock_monotonic_ms() + (retry_after_ms > wait ? retry_after_ms : wait);
}

/* said: what the platform gave as its reason, if it gave one in its body. */
static void handle_401(struct walk *w, const struct error *said)
{
    struct error err = {.kind = ERROR_NONE};
    if (w->spec.auth && w->unauthorised++ == 0) {
        w->spec.auth->refused(w->spec.auth->context, w->serial);
        return; /* the same page, with a new credential */
    }
    error_set(&err, ERROR_SOURCE, false,
              "the platform does not accept our credential (HTTP %ld), not even a fresh one; check "
              "the credential in the source's configuration%s%.160s",
              w->status, said->kind != ERROR_NONE ? "; " : "", said->message);
    fail(w, &err);
}

static void handle_refusal(struct walk *w, long status)
{
    struct error err = {.kind = ERROR_NONE};
    error_set(&err, ERROR_SOURCE, false, "the platform answers HTTP %ld%s", status,
              status == 403   ? " (our account may not see this; it needs staff rights)"
              : status == 404 ? " (not there: wrong course id, or this platform has no such API)"
                              : "");
    fail(w, &err);
}

/* Keeps an answer until the page before it is taken in. */
static void arrive(struct walk *w, struct page_list *list, const struct http_response *response)
{
    w->list = list;
    w->arrived_time_us = clock_now_us();
    if (response->server_time_us > 0 && response->server_time_us < w->arrived_time_us)
        w->arrived_time_us = response->server_time_us;
    free(w->link_header);
    free(w->bound);
    w->link_header = copy_text(http_response_header(response, "Link"));
    w->bound = w->spec.bound_header ? copy_text(http_response_header(response, w->spec.bound_header))
                                    : NULL;
    w->arrived = true;
    w->attempts = w->unauthorised = 0;
    w->trouble.kind = ERROR_NONE;
    backoff_reset(&w->backoff);
}

static enum walk_verdict judge(struct walk *w, const struct http_response *response,
                               const struct json *root, struct error *err)
{
    if (!w->spec.judge)
        return WALK_AS_IT_IS;
    return w->spec.judge(w->spec.context,
                         &(struct walk_answer){response->status, root, response->body,
                                               response->body ? response->body_length : 0},
                         err);
}

/* An answer whose status says nothing against it, or whose body may. */
static void handle_answer(struct walk *w, const struct http_response *response)
{
    struct error unusable = {.kind = ERROR_NONE}, err = {.kind = ERROR_NONE};
    const struct page_place place = {w->spec.records, w->spec.record};
    struct page_list *list =
        page_list_open(response->body, response->body_length,
                       response->content_type ? response->content_type : "", &place, &unusable);
    enum walk_verdict verdict = judge(w, response, list ? page_list_root(list) : NULL, &err);
    if (verdict == WALK_AS_IT_IS && response->status == 200 && list) {
        arrive(w, list, response);
        return;
    }
    page_list_free(list);
    if (verdict == WALK_NOTHING) {
        arrive(w, NULL, response);
    } else if (verdict == WALK_UNAUTHORISED || (verdict == WALK_AS_IT_IS && response->status == 401)) {
        handle_401(w, &err);
    } else if (verdict == WALK_THROTTLED || verdict == WALK_AGAIN) {
        if (err.kind == ERROR_NONE)
            error_set(&err, ERROR_UNREACHABLE, true, "the platform asks to come back later");
        try_again(w, &err, response->retry_after_ms);
    } else if (verdict == WALK_REFUSED) {
        fail(w, &err);
    } else if (response->status == 200) {
        fail(w, &unusable);
    } else {
        handle_refusal(w, response->status);
    }
}

static void on_response(void *context, const struct http_response *response)
{
    struct walk *w = context;
    w->in_flight = false;
    w->status = response->status;
    if (response->server_time_us > 0)
        w->server_us_ahead = response->server_time_us - clock_now_us();
    if (response->error.kind != ERROR_NONE && response->error.retriable)
        try_again(w, &response->error, response->retry_after_ms);
    else if (response->error.kind != ERROR_NONE)
        fail(w, &response->error);
    else
        handle_answer(w, response);
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
    return http_submit(w->spec.origin, request->url, headers, request->body, on_response, w, err);
}

static void submit(struct walk *w)
{
    if (!w->more || w->in_flight || w->arrived || clock_monotonic_ms() < w->retry_at_ms)
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
        fail(w, &err);
}

/* The checks that keep a broken platform from leading us in circles. */
static bool check_progress(struct walk *w, struct error *err)
{
    size_t count = page_list_count(w->list);
    uint64_t digest = page_list_digest(w->list, w->key);
    bool repeats = w->pages > 0 && count > 0 && digest == w->previous;
    w->previous = digest;
    if (repeats)
        return error_set(err, ERROR_SOURCE, false,
                         "page %zu repeats the page before it; the list was not read to its end",
                         w->pages + 1);
    if (!w->more)
        return true;
    w->empty_pages = count == 0 ? w->empty_pages + 1 : 0;
    if (w->empty_pages > (w->spec.rows_may_lack ? MAX_EMPTY_PAGES : 0))
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
    if (!page_list_find(w->list, err) ||
        !page_advance(&w->position, w->spec.pages, page_list_root(w->list),
                      page_list_count(w->list), w->link_header, &w->more, err))
        return false;
    if (w->position.link) {
        char *whole = http_follow(w->spec.origin, w->asked, w->position.link);
        free(w->position.link);
        w->position.link = whole;
    }
    return check_progress(w, err);
}

static void decode(struct walk *w)
{
    if (!w->arrived || w->has_page)
        return;
    struct error err = {.kind = ERROR_NONE};
    w->arrived = false;
    w->page = (struct walk_page){.list = w->list, .server_time_us = w->arrived_time_us};
    bool ok = true;
    if (w->list)
        ok = look_through(w, &err);
    else
        w->more = false;
    w->list = NULL;
    if (!ok) {
        page_list_free(w->page.list);
        w->page.list = NULL;
        fail(w, &err);
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
        fail(w, &err);
    } else if (!go_on || !more) {
        w->complete = go_on;
        w->state = WALK_DONE;
        http_cancel(w->spec.origin, w);
    }
}

enum walk_state walk_step(struct walk *w, bool may_take)
{
    while (w->state == WALK_RUNNING) {
        decode(w);
        if (w->state == WALK_RUNNING)
            submit(w); /* the next page travels while this one is taken in */
        if (w->state != WALK_RUNNING || !w->has_page || !may_take)
            break;
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
