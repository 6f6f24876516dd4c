/* `check` and `sample`: blocking looks at the platform, nothing published. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/stop.h"
#include "openedx.h"

#define PROBE_MS 30000

struct probe {
    struct openedx *o;
    const struct course *course;
    enum stream_id stream;
    int print_most; /* sample: events still to print */
    size_t records, mapped;
    bool email_seen;
    char username[256]; /* of the first record */
    char first_fault[200];
};

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

static void look_at(struct probe *p, const struct map_input *in, const struct json *record)
{
    struct map_output out;
    struct error err = {.kind = ERROR_NONE};
    p->records++;
    if (!openedx_streams[p->stream].map(in, record, &out, &err)) {
        if (!*p->first_fault)
            snprintf(p->first_fault, sizeof p->first_fault, "%.199s", err.message);
        return;
    }
    p->mapped++;
    if (!*p->username)
        snprintf(p->username, sizeof p->username, "%s", out.username);
    for (size_t i = 0; i < out.count; i++) {
        p->email_seen = p->email_seen || event_has(&out.items[i].event, FIELD_IDENTIFIERS);
        if (p->print_most > 0 && out.items[i].action == MAP_OBSERVE) {
            p->print_most--;
            print_event(&out.items[i].event);
        }
    }
}

static bool take(void *context, const struct walk_page *page, struct error *err)
{
    struct probe *p = context;
    struct map_input in = openedx_map_input(p->o, p->course);
    (void)err;
    for (const struct json *r = json_first(page->records); r; r = json_next(r))
        look_at(p, &in, r);
    return false; /* one page is enough to know */
}

static bool take_gradebook(void *context, const struct walk_page *page, struct error *err)
{
    struct probe *p = context;
    (void)err;
    for (const struct json *r = json_first(page->records); r; r = json_next(r)) {
        const char *username;
        uint8_t flags;
        p->records++;
        p->mapped += map_gradebook_row(r, p->course->exam, &username, &flags, NULL);
    }
    return false;
}

/* Runs one walk to its end. *status = the last HTTP status. */
static bool probe(struct probe *p, const char *template, walk_take taker, long *status,
                  struct error *err)
{
    const char *username = p->username;
    char *path = stream_path(template, &(struct path_values){.course = p->course ? p->course->id : "",
                                                             .page_size = 10,
                                                             .usernames = &username,
                                                             .username_count = 1,
                                                             .email = "nobody@example.invalid"});
    struct walk *walk = walk_new(&(struct walk_spec){.origin = p->o->origin,
                                                     .auth = &p->o->auth,
                                                     .what = p->course ? p->course->id : "accounts",
                                                     .path = path,
                                                     .records = "results",
                                                     .take = taker,
                                                     .context = p});
    free(path);
    int64_t deadline = clock_monotonic_ms() + PROBE_MS;
    enum walk_state state;
    while ((state = walk_step(walk, true)) == WALK_RUNNING) {
        http_poll(p->o->context->http, 100);
        if (stop_requested() || clock_monotonic_ms() > deadline ||
            token_error(p->o->token)->kind != ERROR_NONE)
            break;
    }
    *status = walk_status(walk);
    if (state == WALK_FAILED)
        *err = *walk_error(walk);
    else if (state == WALK_RUNNING && token_error(p->o->token)->kind != ERROR_NONE)
        *err = *token_error(p->o->token);
    else if (state == WALK_RUNNING && walk_trouble(walk)->kind != ERROR_NONE)
        *err = *walk_trouble(walk);
    else if (state == WALK_RUNNING)
        error_set(err, stop_requested() ? ERROR_STOPPED : ERROR_UNREACHABLE, true,
                  "no answer within %d s", PROBE_MS / 1000);
    walk_free(walk);
    return state == WALK_DONE;
}

/* Of several failures the first is told at the end. */
static bool failed(struct error *first, const struct error *why)
{
    if (first->kind == ERROR_NONE)
        *first = *why;
    return false;
}

static void line(const char *what, const char *state, const char *text)
{
    printf("  %-14s %-12s %s\n", what, state, text);
}

static void print_outcome(const char *what, const struct probe *p)
{
    char text[400];
    if (p->records == 0 && p->stream == STREAM_ENROLLMENTS)
        snprintf(text, sizeof text, "nobody is enrolled, or there is no such course");
    else if (p->mapped == p->records)
        snprintf(text, sizeof text, "%zu records on the first page", p->records);
    else
        snprintf(text, sizeof text, "%zu of %zu records on the first page cannot be mapped: %s",
                 p->records - p->mapped, p->records, p->first_fault);
    line(what, p->mapped == p->records ? "ok" : "faults", text);
}

static bool check_list(struct openedx *o, const struct course *course, enum stream_id stream,
                       char username[256], struct error *err)
{
    struct probe p = {.o = o, .course = course, .stream = stream};
    struct error why = {.kind = ERROR_NONE};
    const char *name = openedx_streams[stream].spec.name;
    long status;
    if (!probe(&p, openedx_streams[stream].path, take, &status, &why)) {
        line(name, "FAILED", why.message);
        return failed(err, &why);
    }
    if (!*username)
        memcpy(username, p.username, sizeof p.username);
    print_outcome(name, &p);
    return true;
}

/* course_found: its grades could be read. */
static bool check_gradebook(struct openedx *o, const struct course *course, bool course_found,
                            struct error *err)
{
    struct probe p = {.o = o, .course = course, .stream = STREAM_GRADES};
    struct error why = {.kind = ERROR_NONE};
    long status;
    if (probe(&p, openedx_gradebook_path, take_gradebook, &status, &why)) {
        print_outcome("gradebook", &p);
        if (!*course->exam)
            line("", "", "courses.csv names no exam for this course: sat counts passed only");
        return true;
    }
    if (status == 403 || (status == 404 && course_found)) {
        line("gradebook", "not visible",
             "exam attempts not visible here: sat counts passed only (the platform must turn on "
             "the writable gradebook and give our account course staff rights)");
        return true;
    }
    line("gradebook", "FAILED", why.message);
    return failed(err, &why);
}

/* Certificates and accounts are asked about one learner: the first one enrolled. */
static bool check_learner(struct openedx *o, const struct course *course, const char *username,
                          struct error *err)
{
    struct probe c = {.o = o, .course = course, .stream = STREAM_CERTIFICATES};
    struct probe a = {.o = o, .stream = STREAM_ACCOUNTS};
    struct error no_list = {.kind = ERROR_NONE}, no_account = {.kind = ERROR_NONE};
    long status;
    if (!*username) {
        line("certificates", "unknown", "nobody is enrolled whom to ask about");
        line("accounts", "unknown", "nobody is enrolled whom to ask about");
        return true;
    }
    snprintf(c.username, sizeof c.username, "%s", username);
    snprintf(a.username, sizeof a.username, "%s", username);
    bool ok = probe(&c, openedx_streams[STREAM_CERTIFICATES].path, take, &status, &no_list);
    bool none = !ok && status == 404; /* some say so of a learner without certificate */
    line("certificates", ok || none ? "ok" : "FAILED",
         ok     ? "asked for one learner"
         : none ? "asked for one learner, who has none (HTTP 404)"
                : no_list.message);
    bool accounts = probe(&a, openedx_streams[STREAM_ACCOUNTS].path, take, &status, &no_account);
    if (!accounts)
        line("accounts", "FAILED", no_account.message);
    else if (a.email_seen)
        line("accounts", "ok", "with e-mail addresses (they leave here only as keyed hashes)");
    else
        line(
            "accounts", "no e-mail",
            "without e-mail addresses learners cannot be matched with the lists; our account needs "
            "is_staff");
    line("", "",
         o->settings.accounts_by_email
             ? "accounts without enrolment: asked for by e-mail"
             : "accounts without enrolment: not visible here (accounts_by_email is off)");
    ok = ok || none || failed(err, &no_list);
    return (accounts || failed(err, &no_account)) && ok;
}

bool openedx_check(struct source *source, struct error *err)
{
    struct openedx *o = (struct openedx *)source;
    bool ok = true;
    if (!openedx_load_courses(o, err))
        return false;
    printf("%s: %s\n", source->name, o->settings.url);
    for (size_t i = 0; i < o->course_count && !stop_requested(); i++) {
        const struct course *course = &o->courses[i];
        char username[256] = "";
        printf("course %s\n", course->id);
        ok &= check_list(o, course, STREAM_ENROLLMENTS, username, err);
        bool grades = check_list(o, course, STREAM_GRADES, username, err);
        ok &= grades;
        ok &= check_gradebook(o, course, grades, err);
        ok &= check_learner(o, course, username, err);
        if (token_error(o->token)->kind != ERROR_NONE)
            break;
    }
    return ok;
}

/* Prints a few events of one stream; *left = how many may still be printed. */
static bool sample_list(struct openedx *o, const struct course *course, enum stream_id stream,
                        int *left, char username[256], struct error *err)
{
    struct probe p = {.o = o,
                      .course = stream == STREAM_ACCOUNTS ? NULL : course,
                      .stream = stream,
                      .print_most = *left > 4 ? *left / 4 : 1};
    struct error why = {.kind = ERROR_NONE};
    int before = p.print_most;
    long status;
    memcpy(p.username, username, sizeof p.username);
    bool ok = probe(&p, openedx_streams[stream].path, take, &status, &why);
    if (!*username)
        memcpy(username, p.username, sizeof p.username);
    *left -= before - p.print_most;
    return ok || (stream == STREAM_CERTIFICATES && status == 404) || failed(err, &why);
}

bool openedx_sample(struct source *source, int n, struct error *err)
{
    static const enum stream_id order[] = {STREAM_ENROLLMENTS, STREAM_GRADES, STREAM_ACCOUNTS,
                                           STREAM_CERTIFICATES};
    struct openedx *o = (struct openedx *)source;
    bool ok = true;
    if (!openedx_load_courses(o, err))
        return false;
    for (size_t i = 0; i < o->course_count && n > 0; i++) {
        char username[256] = "";
        for (size_t k = 0; k < ARRAY_LEN(order) && n > 0; k++) {
            if (order[k] >= STREAM_CERTIFICATES && !*username)
                continue;
            ok &= sample_list(o, &o->courses[i], order[k], &n, username, err);
            if (token_error(o->token)->kind != ERROR_NONE)
                return ok;
        }
    }
    return ok;
}
