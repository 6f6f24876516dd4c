/* What an answer to a walk means, and what follows from it. */
#include <stdlib.h>

#include "../../common/clock.h"
#include "walk_internal.h"

#define MAX_ATTEMPTS 8 /* of one page */

void walk_fail(struct walk *w, const struct error *err)
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
        walk_fail(w, err);
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
              "the platform does not accept our credential (HTTP %ld), not even read or "
              "fetched anew; check the credential in the source's configuration%s%.160s",
              w->status, said->kind != ERROR_NONE ? "; " : "", said->message);
    walk_fail(w, &err);
}

static void handle_refusal(struct walk *w, long status)
{
    struct error err = {.kind = ERROR_NONE};
    error_set(&err, ERROR_SOURCE, false, "the platform answers HTTP %ld%s", status,
              status == 403   ? " (our account may not see this; it needs staff rights)"
              : status == 404 ? " (not there: wrong course id, or this platform has no such API)"
                              : "");
    walk_fail(w, &err);
}

/* The page that was asked for needs no other attempt. */
static void settle(struct walk *w, const struct http_response *response)
{
    w->arrived_time_us = clock_now_us();
    if (response->server_time_us > 0 && response->server_time_us < w->arrived_time_us)
        w->arrived_time_us = response->server_time_us;
    w->attempts = w->unauthorised = 0;
    w->trouble.kind = ERROR_NONE;
    backoff_reset(&w->backoff);
}

/* Keeps an answer until the page before it is taken in. */
static void arrive(struct walk *w, struct page_list *list, const struct http_response *response)
{
    w->list = list;
    w->none = false;
    settle(w, response);
    if (w->spec.reader && walk_is_at_first(w))
        w->has_validator = http_response_validator(response, w->spec.reader, &w->validator);
    free(w->link_header);
    free(w->bound);
    w->link_header = walk_copy_text(http_response_header(response, "Link"));
    w->bound = w->spec.bound_header
                   ? walk_copy_text(http_response_header(response, w->spec.bound_header))
                   : NULL;
    w->arrived = true;
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
    if (verdict == WALK_NOTHING) {
        arrive(w, list, response);
        w->none = true;
        return;
    }
    page_list_free(list);
    if (verdict == WALK_UNAUTHORISED || (verdict == WALK_AS_IT_IS && response->status == 401)) {
        handle_401(w, &err);
    } else if (verdict == WALK_THROTTLED || verdict == WALK_AGAIN) {
        if (err.kind == ERROR_NONE)
            error_set(&err, ERROR_UNREACHABLE, true, "the platform asks to come back later");
        try_again(w, &err, response->retry_after_ms);
    } else if (verdict == WALK_REFUSED) {
        w->status = 403; /* what the platform says in its body, whatever the status */
        walk_fail(w, &err);
    } else if (response->status == 200) {
        walk_fail(w, &unusable);
    } else {
        handle_refusal(w, response->status);
    }
}

void walk_on_response(void *context, const struct http_response *response)
{
    struct walk *w = context;
    w->in_flight = false;
    w->status = response->status;
    if (response->server_time_us > 0)
        w->server_us_ahead = response->server_time_us - clock_now_us();
    if (response->error.kind != ERROR_NONE && response->error.retriable)
        try_again(w, &response->error, response->retry_after_ms);
    else if (response->error.kind != ERROR_NONE)
        walk_fail(w, &response->error);
    else if (response->not_modified)
        settle(w, response);
    else
        handle_answer(w, response);
    w->unmodified = w->state == WALK_RUNNING && response->not_modified;
}
