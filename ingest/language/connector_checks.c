/* What must fit together within one stream, and with those that it names. */
#include <string.h>

#include "connector_read.h"

/* "streams.NAME: …" at the line of a key, or of the stream. */
static void refuse(struct reading *r, const struct yaml_node *node, const struct stream_rules *s,
                   const char *key, const char *what)
{
    const struct yaml_node *value = key ? yaml_get(node, key) : NULL;
    reading_refuse(r, value ? yaml_line(value) : yaml_line(node), "streams.%s%s%s: %s",
                   s->spec.name, value ? "." : "", value ? key : "", what);
}

static void check_events(struct reading *r, const struct yaml_node *node,
                         const struct stream_rules *s)
{
    const struct yaml_node *events = yaml_get(node, "events");
    size_t accounts = 0, count = yaml_count(events);
    for (size_t i = 0; i < count; i++)
        accounts += strncmp(yaml_text(yaml_item(events, i), "type", ""), "account.", 8) == 0;
    if (accounts > 0 && s->per_course)
        refuse(r, node, s, "events",
               "an account belongs to no course: give accounts a stream of their own (once, or "
               "learner_of)");
    if (accounts > 0 && accounts < count && s->for_each == FOR_LEARNER)
        refuse(r, node, s, "events", "accounts and other events need streams of their own");
    if (accounts < count && !s->per_course && !yaml_get(node, "course"))
        refuse(r, node, s, "events",
               "whose course? ask `for_each: course`, or say `course:` of a record");
    if (events && !yaml_get(node, "learner"))
        refuse(r, node, s, NULL, "events need `learner:`, whom a record is about");
    if (events && !yaml_get(node, "on_vanish"))
        refuse(r, node, s, NULL,
               "`on_vanish` is missing: what does it mean that a record is no longer there?");
    bool learner = yaml_get(node, "learner");
    if (!learner && !s->remembered)
        refuse(r, node, s, NULL, "none of `events`, `learner` and `remember`: what is it asked for?");
    if (!learner && (yaml_get(node, "skip") || yaml_get(node, "course")))
        refuse(r, node, s, NULL, "`course` and `skip` stand with `learner` only");
}

static void check_window(struct reading *r, const struct yaml_node *node,
                         const struct stream_rules *s)
{
    const struct yaml_node *window = yaml_get(node, "window");
    if (yaml_get(node, "head") && yaml_get(node, "look_up"))
        refuse(r, node, s, "head",
               "a head scan reads no tables: records would say something else than in a sweep");
    if (!window)
        return;
    const struct yaml_node *also = yaml_get(window, "also");
    for (size_t i = 0; i <= yaml_count(also); i++)
        if (!reading_mentions(i == 0 ? yaml_get(node, "request") : yaml_item(also, i - 1),
                              "{since}"))
            refuse(r, node, s, "window", "{since} is nowhere in the request");
    if (yaml_get(node, "head"))
        refuse(r, node, s, "head", "`head` and `window` exclude each other");
    if (s->spec.on_vanish == VANISH_REMOVE && !yaml_get(window, "sweep_every"))
        refuse(r, node, s, "on_vanish",
               "a window shows only what is new: say `keep`, or give window.sweep_every");
}

static void check_learners_of(struct reading *r, const struct yaml_node *node,
                              const struct stream_rules *s)
{
    const struct yaml_node *streams = yaml_get(yaml_root(r->doc), "streams");
    int parents[1 + ARRAY_LEN(s->other_parents)] = {s->parent};
    for (size_t i = 0; i < ARRAY_LEN(s->other_parents); i++)
        parents[i + 1] = s->other_parents[i];
    for (size_t i = 0; i < ARRAY_LEN(parents); i++) {
        const struct yaml_node *parent =
            parents[i] < 0 ? NULL : yaml_item(streams, (size_t)parents[i]);
        if (parent && !yaml_get(parent, "learner"))
            reading_refuse(r, yaml_line(yaml_get(node, "for_each")),
                           "streams.%s.for_each: learner_of: %s has no `learner:`", s->spec.name,
                           r->connector->streams[parents[i]].spec.name);
    }
}

/* The names of all that a learner can have must follow from the question. */
static void check_numbered(struct reading *r, const struct yaml_node *node,
                           const struct stream_rules *s)
{
    const struct yaml_node *events = yaml_get(node, "events"), *event = yaml_item(events, 0);
    const struct yaml_node *exam = event ? yaml_get(event, "exam") : NULL;
    const char *pointer = exam ? yaml_scalar(exam) : NULL;
    if (s->spec.on_vanish != VANISH_LOOKUP || s->batch > 1)
        refuse(r, node, s, "for_each", "`numbered` stands with `on_vanish: lookup`, without `batch`");
    if (yaml_count(events) != 1 || !yaml_get(event, "key"))
        refuse(r, node, s, "for_each", "`numbered` needs one event, with `key`");
    if (exam && (!pointer || *pointer == '/' || strstr(pointer, "{/")))
        refuse(r, node, s, "for_each",
               "`numbered`: the exam must be known without a record; `take` it along");
}

static void check_parent(struct reading *r, const struct yaml_node *node,
                         const struct stream_rules *s)
{
    const struct yaml_node *each = yaml_get(node, "for_each");
    const char *placeholder = NULL;
    if (s->for_each == FOR_LEARNER) {
        placeholder = "{learner";
        check_learners_of(r, node, s);
    }
    if (s->for_each == FOR_LISTED_EMAIL)
        placeholder = "{email";
    if (s->for_each == FOR_ROWS && !r->connector->streams[s->parent].remembered)
        refuse(r, node, s, "for_each", "rows_of: that stream remembers nothing");
    if (placeholder && !reading_mentions(yaml_get(node, "request"), placeholder))
        reading_refuse(r, yaml_line(each), "streams.%s.request: %s} or %ss} is nowhere",
                       s->spec.name, placeholder, placeholder);
    if (s->for_each != FOR_LEARNER &&
        (yaml_get(each, "when") || yaml_get(each, "take") || yaml_get(each, "on_change") ||
         yaml_get(each, "if_held") || yaml_get(each, "numbered")))
        refuse(r, node, s, "for_each",
               "`when`, `take`, `on_change`, `if_held` and `numbered` stand with learner_of only");
    if (s->numbered)
        check_numbered(r, node, s);
    if (s->taken_count > 0 && s->batch > 1)
        refuse(r, node, s, "for_each", "`take` and `batch` exclude each other");
    if (s->for_each == FOR_ROWS && yaml_get(each, "batch"))
        refuse(r, node, s, "for_each", "`batch` does not stand with rows_of");
}

void reading_check_stream(struct reading *r, const struct yaml_node *node,
                          const struct stream_rules *s)
{
    check_parent(r, node, s);
    check_events(r, node, s);
    check_window(r, node, s);
    reading_check_pages(r, yaml_get(node, "request"), s->pages.rule);
    if (s->record && (yaml_get(node, "records") || s->pages.rule != PAGES_ONE))
        refuse(r, node, s, "record", "`record` stands without `records` and without further pages");
    if (s->pages.smallest > 0 && !reading_mentions(yaml_get(node, "request"), "{size}"))
        refuse(r, node, s, "pages", "`smallest` needs {size} in the request");
}
