/* `discover`: the courses that a platform shows to our account, as YAML to paste into the source. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/stop.h"
#include "../../common/text_buffer.h"
#include "platform.h"
#include "records.h"

#define PATIENCE_MS 60000 /* without a further page */

struct discovery {
    struct platform *p;
    struct texts texts;
    struct text_buffer room;
    size_t courses, unnamed;
    int64_t alive_ms;
};

static const struct stream_rules no_stream; /* no status of an answer means anything special */

static bool ask(void *context, const struct page_position *position, struct walk_request *request,
                struct error *err)
{
    struct discovery *d = context;
    texts_position(&d->texts, position, d->p->connector->discover_pages.size);
    return platform_request(d->p, &d->p->connector->discover, &d->texts, position, request, err);
}

static enum walk_verdict judge(void *context, const struct walk_answer *answer, struct error *err)
{
    struct discovery *d = context;
    return platform_judge(d->p, &no_stream, &d->texts, answer, err);
}

/* A double-quoted YAML scalar takes JSON's escapes. */
static void print_course(void *context, const struct json *record, const struct json *enclosing)
{
    struct discovery *d = context;
    const struct connector *c = d->p->connector;
    const struct scope scope = {record, enclosing, d->texts.at};
    struct text_buffer line = {.data = NULL};
    text_buffer_clear(&d->room);
    const char *id = value_text(c->discover_id, &scope, &d->room);
    if (!id) {
        d->unnamed++;
        return;
    }
    text_buffer_add_text(&line, "  - ");
    text_buffer_add_json_string(&line, id);
    text_buffer_clear(&d->room);
    const char *name = c->discover_name ? value_text(c->discover_name, &scope, &d->room) : NULL;
    printf("%s%s%.*s\n", line.data, name ? " # " : "", name ? (int)strcspn(name, "\r\n") : 0,
           name ? name : "");
    text_buffer_free(&line);
    d->courses++;
}

static bool take(void *context, const struct walk_page *page, struct error *err)
{
    struct discovery *d = context;
    d->alive_ms = clock_monotonic_ms();
    return records_of_page(page->list, NULL, print_course, d, err);
}

static bool finish(struct discovery *d, const struct walk *walk, struct error *err)
{
    if (walk_state(walk) == WALK_DONE) {
        if (d->courses == 0)
            printf("  [] # the platform shows no course to our account\n");
        if (d->unnamed > 0)
            printf("# %zu more, without an id where the connector looks for it\n", d->unnamed);
        return true;
    }
    if (walk_state(walk) == WALK_FAILED)
        *err = *walk_error(walk);
    else if (auth_error(d->p->auth)->kind != ERROR_NONE)
        *err = *auth_error(d->p->auth);
    else if (walk_trouble(walk)->kind != ERROR_NONE)
        *err = *walk_trouble(walk);
    else
        error_set(err, stop_requested() ? ERROR_STOPPED : ERROR_UNREACHABLE, true,
                  "no answer within %d s", PATIENCE_MS / 1000);
    return false;
}

bool platform_discover(struct source *source, struct error *err)
{
    struct platform *p = (struct platform *)source;
    const struct connector *c = p->connector;
    if (!c->discover.path)
        return error_set(err, ERROR_USAGE, false,
                         "connector %s cannot list courses: take their ids from the platform's own "
                         "pages",
                         c->name);
    struct discovery d = {.p = p, .alive_ms = clock_monotonic_ms()};
    texts_begin(&d.texts, p, NO_COURSE);
    struct walk *walk = walk_new(&(struct walk_spec){.origin = p->origin,
                                                     .auth = &p->walk_auth,
                                                     .what = "courses",
                                                     .pages = &c->discover_pages,
                                                     .records = c->discover_records,
                                                     .ask = ask,
                                                     .judge = judge,
                                                     .rows_may_lack = true,
                                                     .take = take,
                                                     .context = &d});
    printf("courses:\n");
    while (walk_step(walk, true) == WALK_RUNNING && !stop_requested() &&
           clock_monotonic_ms() - d.alive_ms < PATIENCE_MS && auth_error(p->auth)->kind == ERROR_NONE)
        http_poll(p->context->http, 100);
    bool found = finish(&d, walk, err);
    walk_free(walk);
    text_buffer_free(&d.room);
    return found;
}
