/* The courses that a source watches: listed in its configuration, else those of the reference folder. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text_buffer.h"
#include "platform.h"

#define MAX_COURSE 150 /* characters: an entity holds source, course and learner */

static const char *exam_of(const struct platform *p, const char *course)
{
    const struct reference *r = p->context->reference;
    for (size_t i = 0; r && i < r->course_count; i++)
        if (strcmp(r->courses[i].source, p->base.name) == 0 &&
            strcmp(r->courses[i].course, course) == 0)
            return r->courses[i].exam;
    return "";
}

size_t platform_course(const struct platform *p, const char *id)
{
    for (size_t i = 0; i < p->course_count; i++)
        if (strcmp(p->courses[i].id, id) == 0)
            return i;
    return NO_COURSE;
}

static void add_places(struct platform *p)
{
    for (size_t i = 0; i < p->connector->stream_count; i++) {
        struct stream *s = &p->streams[i];
        if (!platform_by_course(p, i))
            continue;
        s->places = must_have(reallocarray(s->places, p->course_count, sizeof *s->places));
        s->places[p->course_count - 1] = (struct place){.due_ms = 0};
    }
}

/* A course keeps its place and its id's memory for good: walks, asks and events refer to both. */
static void put_course(struct platform *p, const char *id)
{
    size_t at = platform_course(p, id);
    if (at == NO_COURSE) {
        p->courses = must_have(reallocarray(p->courses, p->course_count + 1, sizeof *p->courses));
        at = p->course_count++;
        p->courses[at] = (struct course){.id = must_have(strdup(id)), .exam = must_have(strdup(""))};
        add_places(p);
    }
    p->courses[at].active = true;
    const char *exam = exam_of(p, id);
    if (strcmp(exam, p->courses[at].exam) != 0) {
        free(p->courses[at].exam);
        p->courses[at].exam = must_have(strdup(exam));
    }
}

static bool needs_courses(const struct platform *p)
{
    for (size_t i = 0; i < p->connector->stream_count; i++)
        if (platform_by_course(p, i) && !p->streams[i].off)
            return true;
    return false;
}

/* Which records count, and what they are called by, hangs on the courses. */
static void note_meaning(struct platform *p)
{
    struct text_buffer text = {.data = NULL};
    for (size_t i = 0; i < p->course_count; i++)
        if (p->courses[i].active)
            text_buffer_add_format(&text, "%s\n%s\n", p->courses[i].id, p->courses[i].exam);
    struct key128 digest = key128_of(text.data ? text.data : "", text.length);
    text_buffer_free(&text);
    p->meaning += !key128_equal(digest, p->courses_digest);
    p->courses_digest = digest;
}

bool platform_load_courses(struct platform *p, struct error *err)
{
    const struct yaml_node *listed = p->settings.courses;
    const struct reference *r = p->context->reference;
    size_t active = 0;
    if (!listed && !r)
        return !needs_courses(p) ||
               error_set(err, ERROR_CONFIG, true,
                         "source %s: no courses; list them under `courses:` or set the option "
                         "`reference` to a folder whose courses.csv has them",
                         p->base.name);
    for (size_t i = 0; i < p->course_count; i++)
        p->courses[i].active = false;
    for (size_t i = 0; i < yaml_count(listed); i++)
        put_course(p, yaml_scalar(yaml_item(listed, i)));
    for (size_t i = 0; !listed && i < r->course_count; i++)
        if (strcmp(r->courses[i].source, p->base.name) == 0 &&
            strlen(r->courses[i].course) <= MAX_COURSE)
            put_course(p, r->courses[i].course);
    note_meaning(p);
    for (size_t i = 0; i < p->course_count; i++)
        active += p->courses[i].active;
    if (active == 0 && needs_courses(p))
        return error_set(err, ERROR_CONFIG, true,
                         "source %s: courses.csv of the reference folder has no course of this "
                         "source; add a row or list them under `courses:`",
                         p->base.name);
    return true;
}
