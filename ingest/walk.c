#include "walk.h"

#include <stdlib.h>
#include <string.h>

#include "../common/backoff.h"
#include "../common/clock.h"
#include "walk_page.h"

#define MAX_ATTEMPTS 8 /* of one page */
#define MAX_PAGES 200000
#define MAX_EMPTY_PAGES 100 /* in a row, where rows may lack */
#define BACKOFF_BASE_MS 500
#define BACKOFF_CAP_MS 60000

struct walk {
    struct walk_spec spec;
    char *what, *records, *json_body;
    enum walk_state state;
    bool complete;
    struct error error, trouble;
    long status;

    char *link;      /* the page to ask for; NULL when there is none left */
    bool in_flight;  /* asked for, no answer yet */
    uint64_t serial; /* of the credential it was asked with */
    unsigned attempts, unauthorised;
    int64_t retry_at_ms;
    struct backoff backoff;

    bool arrived, missing; /* an answer waits to be decoded */
    char *body, content_type[128];
    size_t body_length;
    int64_t body_time_us;

    struct decoded_page page; /* waits to be taken in */
    bool has_page;
    int64_t page_time_us;
    size_t pages, empty_pages;
    uint64_t previous; /* digest of the page before */

    struct key128 *seen; /* links, sorted */
    size_t seen_count, seen_capacity;
};

static char *copy_text(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

struct walk *walk_new(const struct walk_spec *spec)
{
    struct walk *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->spec = *spec;
    w->what = copy_text(spec->what);
    w->records = copy_text(spec->records);
    w->link = copy_text(spec->path);
    w->json_body = spec->json_body ? copy_text(spec->json_body) : NULL;
    w->spec.path = w->spec.json_body = NULL;
    backoff_init(&w->backoff, BACKOFF_BASE_MS, BACKOFF_CAP_MS, random_u64());
    return w;
}

void walk_free(struct walk *w)
{
    if (!w)
        return;
    http_cancel(w->spec.origin, w);
    json_free(w->page.root);
    free(w->body);
    free(w->link);
    free(w->what);
    free(w->records);
    free(w->json_body);
    free(w->seen);
    free(w);
}

static void fail(struct walk *w, const struct error *err)
{
    http_cancel(w->spec.origin, w);
    w->state = WALK_FAILED;
    w->error = *err;
    error_context(&w->error, "%s", w->what);
}

/* Remembers a link; false if it was followed before. */
static bool remember_link(struct walk *w, const char *link)
{
    struct key128 key = key128_of(link, strlen(link));
    size_t low = 0, high = w->seen_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key128_compare(w->seen[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < w->seen_count && key128_equal(w->seen[low], key))
        return false;
    if (w->seen_count == w->seen_capacity) {
        w->seen_capacity = w->seen_capacity ? w->seen_capacity * 2 : 64;
        w->seen = reallocarray(w->seen, w->seen_capacity, sizeof *w->seen);
        if (!w->seen)
            abort();
    }
    memmove(w->seen + low + 1, w->seen + low, (w->seen_count - low) * sizeof *w->seen);
    w->seen[low] = key;
    w->seen_count++;
    return true;
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

static void handle_401(struct walk *w)
{
    struct error err = {.kind = ERROR_NONE};
    if (w->spec.auth && w->unauthorised++ == 0) {
        w->spec.auth->refused(w->spec.auth->context, w->serial);
        return; /* the same page, with a new credential */
    }
    error_set(&err, ERROR_SOURCE, false,
              "the platform does not accept our credential (HTTP 401), not even a fresh one; check "
              "client_id and client_secret_file");
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

static void on_response(void *context, const struct http_response *response)
{
    struct walk *w = context;
    w->in_flight = false;
    w->status = response->status;
    if (response->error.kind != ERROR_NONE && response->error.retriable) {
        try_again(w, &response->error, response->retry_after_ms);
    } else if (response->error.kind != ERROR_NONE) {
        fail(w, &response->error);
    } else if (response->status == 401) {
        handle_401(w);
    } else if (response->status == 200 || (response->status == 404 && w->spec.missing_is_empty)) {
        w->missing = response->status == 404;
        w->body = malloc(response->body_length + 1);
        if (!w->body)
            abort();
        memcpy(w->body, response->body, response->body_length + 1);
        w->body_length = response->body_length;
        w->body_time_us = clock_now_us();
        if (response->server_time_us > 0 && response->server_time_us < w->body_time_us)
            w->body_time_us = response->server_time_us;
        strncpy(w->content_type, response->content_type ? response->content_type : "",
                sizeof w->content_type - 1);
        w->arrived = true;
        w->attempts = w->unauthorised = 0;
        w->trouble.kind = ERROR_NONE;
        backoff_reset(&w->backoff);
    } else {
        handle_refusal(w, response->status);
    }
}

static void submit(struct walk *w)
{
    if (!w->link || w->in_flight || w->arrived || clock_monotonic_ms() < w->retry_at_ms)
        return;
    const char *headers[4] = {"Accept: application/json"};
    size_t count = 1;
    if (w->json_body)
        headers[count++] = "Content-Type: application/json";
    if (w->spec.auth) {
        headers[count] = w->spec.auth->header(w->spec.auth->context, &w->serial);
        if (!headers[count])
            return;
    }
    struct error err = {.kind = ERROR_NONE};
    w->in_flight = true;
    if (!http_submit(w->spec.origin, w->link, headers, w->json_body, on_response, w, &err)) {
        w->in_flight = false;
        fail(w, &err);
    }
}

/* Where to go after this page; the checks that keep a broken platform from leading us in circles. */
static bool follow(struct walk *w, const struct decoded_page *page, struct error *err)
{
    char *asked = w->link;
    w->link = page->next && *page->next ? http_follow(w->spec.origin, asked, page->next) : NULL;
    free(asked);
    size_t records = json_size(page->records);
    bool repeats = w->pages > 0 && records > 0 && page->digest == w->previous;
    w->previous = page->digest;
    if (repeats)
        return error_set(err, ERROR_SOURCE, false,
                         "page %zu repeats the page before it; the list was not read to its end",
                         w->pages + 1);
    if (!w->link)
        return true;
    w->empty_pages = records == 0 ? w->empty_pages + 1 : 0;
    if (w->empty_pages > (w->spec.rows_may_lack ? MAX_EMPTY_PAGES : 0))
        return error_set(err, ERROR_SOURCE, false,
                         "page %zu is empty but has a next page; the list was not read to its end",
                         w->pages + 1);
    if (w->pages + 1 >= MAX_PAGES)
        return error_set(err, ERROR_SOURCE, false, "the list has more than %d pages", MAX_PAGES);
    if (!remember_link(w, w->link))
        return error_set(err, ERROR_SOURCE, false,
                         "page %zu leads back to a page already read; the list has no end",
                         w->pages + 1);
    return true;
}

static void decode(struct walk *w)
{
    if (!w->arrived || w->has_page)
        return;
    struct error err = {.kind = ERROR_NONE};
    w->arrived = false;
    w->page_time_us = w->body_time_us;
    bool ok = true;
    if (w->missing) {
        w->page = (struct decoded_page){.root = NULL};
        free(w->link);
        w->link = NULL;
    } else {
        ok = page_decode(w->body, w->body_length, w->content_type, w->records, &w->page, &err) &&
             follow(w, &w->page, &err);
    }
    free(w->body);
    w->body = NULL;
    if (!ok) {
        json_free(w->page.root);
        w->page.root = NULL;
        fail(w, &err);
        return;
    }
    w->pages++;
    w->has_page = true;
}

static void take(struct walk *w)
{
    if (!w->has_page)
        return;
    struct error err = {.kind = ERROR_NONE};
    struct walk_page page = {w->page.records, w->pages, w->page_time_us};
    bool go_on = w->spec.take(w->spec.context, &page, &err);
    json_free(w->page.root);
    w->page = (struct decoded_page){.root = NULL};
    w->has_page = false;
    if (!go_on && err.kind != ERROR_NONE) {
        fail(w, &err);
    } else if (!go_on || !w->link) {
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
