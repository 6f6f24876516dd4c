/* Requests as a connector file writes them, and what it says of answers. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text_buffer.h"
#include "platform.h"

static char *taken(struct text_buffer *text)
{
    char *data = text->data ? text->data : must_have(strdup(""));
    *text = (struct text_buffer){.data = NULL};
    return data;
}

/* name=value, percent-encoded, behind *separator (NUL = nothing); false where the value is absent. */
static bool add_pair(const struct request_part *part, const struct scope *scope, char *separator,
                     struct text_buffer *out)
{
    struct text_buffer room = {.data = NULL};
    const char *value = value_text(part->value, scope, &room);
    if (value) {
        char *escaped = http_escape(value), *name = http_escape(part->name);
        text_buffer_add(out, separator, *separator ? 1 : 0);
        text_buffer_add_format(out, "%s=%s", name, escaped);
        *separator = '&';
        free(escaped);
        free(name);
    }
    text_buffer_free(&room);
    return value != NULL;
}

/* A part that is there only with a learner's (or person's) name is there once for each. */
static void add_pairs(const struct request_part *parts, size_t count, struct texts *texts,
                      char separator, struct text_buffer *out)
{
    const struct scope scope = {NULL, NULL, texts->at};
    const char *nobody = NULL;
    const char **name = texts->each_count > 0 ? &texts->at[texts->each_name] : &nobody;
    const char *single = *name, *escaped_list = texts->at[texts->list_name];
    if (texts->list)
        texts->at[texts->list_name] = texts->list; /* pairs are escaped as a whole */
    for (size_t i = 0; i < count; i++) {
        *name = NULL;
        if (add_pair(&parts[i], &scope, &separator, out))
            continue;
        for (size_t k = 0; k < texts->each_count; k++) {
            *name = texts->each[k];
            (void)add_pair(&parts[i], &scope, &separator, out);
        }
    }
    *name = single;
    if (texts->list)
        texts->at[texts->list_name] = escaped_list;
}

static char *url_of(const struct request_rules *rules, struct texts *texts)
{
    const struct scope scope = {NULL, NULL, texts->at};
    struct text_buffer url = {.data = NULL}, room = {.data = NULL};
    const char *path = value_text_escaped(rules->path, &scope, VALUE_URL, &room);
    text_buffer_add_text(&url, path ? path : "/");
    add_pairs(rules->query, rules->query_count, texts, strchr(url.data, '?') ? '&' : '?', &url);
    text_buffer_free(&room);
    return taken(&url);
}

static bool add_headers(const struct request_part *parts, size_t count, const struct scope *scope,
                        struct walk_request *out, struct error *err)
{
    struct text_buffer room = {.data = NULL};
    size_t at = 0;
    bool fine = true;
    while (at < ARRAY_LEN(out->headers) && out->headers[at])
        at++;
    for (size_t i = 0; fine && i < count; i++) {
        struct text_buffer line = {.data = NULL};
        text_buffer_clear(&room);
        const char *value = value_text(parts[i].value, scope, &room);
        if (!value)
            continue;
        if (strpbrk(value, "\r\n") || at + 1 >= ARRAY_LEN(out->headers)) {
            fine = error_set(err, ERROR_CONFIG, false,
                             "header %s: it has a line break, or there are too many headers",
                             parts[i].name);
            continue;
        }
        text_buffer_add_format(&line, "%s: %s", parts[i].name, value);
        out->headers[at++] = taken(&line);
    }
    text_buffer_free(&room);
    return fine;
}

static void add_body(const struct platform *p, const struct request_rules *rules,
                     struct texts *texts, struct walk_request *out)
{
    const struct scope scope = {NULL, NULL, texts->at};
    struct text_buffer body = {.data = NULL};
    const char *name, *value;
    if (rules->json) {
        text_buffer_add_text(&body, "");
        if (!value_text_escaped(rules->json, &scope, VALUE_JSON, &body))
            text_buffer_clear(&body);
        out->body_type = "application/json";
    } else {
        if (auth_form_field(p->auth, &name, &value)) {
            char *escaped = http_escape(value);
            text_buffer_add_format(&body, "%s=%s", name, escaped);
            explicit_bzero(escaped, strlen(escaped));
            free(escaped);
        }
        add_pairs(rules->form, rules->form_count, texts, body.length ? '&' : '\0', &body);
        out->body_type = "application/x-www-form-urlencoded";
    }
    out->body = taken(&body);
}

bool platform_request(struct platform *p, const struct request_rules *r, struct texts *texts,
                      const struct page_position *position, struct walk_request *out,
                      struct error *err)
{
    const struct scope scope = {NULL, NULL, texts->at};
    out->url = position->link ? must_have(strdup(position->link)) : url_of(r, texts);
    if (r->post)
        add_body(p, r, texts, out);
    return add_headers(p->connector->headers, p->connector->header_count, &scope, out, err) &&
           add_headers(r->headers, r->header_count, &scope, out, err);
}

int64_t platform_page_size(const struct platform *p, size_t stream, const struct place *place)
{
    const struct page_rules *pages = &p->connector->streams[stream].pages;
    int64_t whole = p->settings.streams[stream].page_size;
    if (whole == 0)
        whole = pages->size;
    if (pages->smallest == 0 || whole <= pages->smallest)
        return whole;
    int64_t size = whole >> place->page_shift;
    return size < pages->smallest ? pages->smallest : size;
}

/* ---- answers ---- */

static bool among(const long *statuses, size_t count, long status)
{
    for (size_t i = 0; i < count && statuses[i]; i++)
        if (statuses[i] == status)
            return true;
    return false;
}

static bool applies(const struct answer_fault *fault, const struct walk_answer *answer,
                    const struct scope *scope)
{
    bool holds = true;
    if (fault->status && fault->status != answer->status)
        return false;
    if (fault->contains && !(answer->body && strstr(answer->body, fault->contains)))
        return false;
    if (fault->when)
        return answer->root && condition_holds(fault->when, scope, &holds, NULL) && holds;
    return true;
}

#define MESSAGE_LOOKED_AT                                                                          \
    16384 /* bytes, of which a few are told: room for credentials that are masked before them */

/* Messages of a platform may quote what was asked for, and with what credential: they are masked and cut, and stay in this machine's
 * log and status. */
static void say(const struct platform *p, const struct answer_fault *fault,
                const struct scope *scope, const struct walk_answer *answer, struct error *err)
{
    struct text_buffer room = {.data = NULL};
    const char *text = fault->message ? value_text(fault->message, scope, &room) : NULL;
    char *message = text ? must_have(strndup(text, MESSAGE_LOOKED_AT)) : NULL;
    if (message)
        auth_mask(p->auth, message);
    bool passing = fault->kind == FAULT_THROTTLED || fault->kind == FAULT_RETRY;
    error_set(err, passing ? ERROR_UNREACHABLE : ERROR_SOURCE, passing,
              "the platform answers with an error (HTTP %ld)%s%.120s", answer->status,
              message ? ": " : "", message ? message : "");
    free(message);
    text_buffer_free(&room);
}

enum walk_verdict platform_judge(const struct platform *p, const struct stream_rules *rules,
                                 const struct texts *texts, const struct walk_answer *answer,
                                 struct error *err)
{
    static const enum walk_verdict verdicts[] = {[FAULT_REFUSED] = WALK_REFUSED,
                                                 [FAULT_UNAUTHORISED] = WALK_UNAUTHORISED,
                                                 [FAULT_THROTTLED] = WALK_THROTTLED,
                                                 [FAULT_RETRY] = WALK_AGAIN,
                                                 [FAULT_EMPTY] = WALK_NOTHING};
    const struct connector *c = p->connector;
    const struct scope scope = {answer->root, NULL, texts->at};
    for (size_t i = 0; i < c->fault_count; i++) {
        if (!applies(&c->faults[i], answer, &scope))
            continue;
        say(p, &c->faults[i], &scope, answer, err);
        return verdicts[c->faults[i].kind];
    }
    return among(rules->empty_statuses, ARRAY_LEN(rules->empty_statuses), answer->status)
               ? WALK_NOTHING
               : WALK_AS_IT_IS;
}
