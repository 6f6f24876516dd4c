/* Streams: first what they are and how they hang together, then what is compiled with the names that follow from it. */
#include <string.h>

#include "../../common/nearest.h"
#include "connector_read.h"
#include "language.h"

static void read_parents(struct reading *r, const struct yaml_node *each, struct stream_rules *s)
{
    const struct yaml_node *parents =
        yaml_get(each, s->for_each == FOR_ROWS ? "rows_of" : "learner_of");
    if (!parents)
        return;
    const struct yaml_node *first = yaml_scalar(parents) ? parents : yaml_item(parents, 0);
    s->parent = reading_find_stream(r, first, yaml_scalar(first));
    for (size_t i = 1; i < yaml_count(parents); i++) {
        const struct yaml_node *other = yaml_item(parents, i);
        s->other_parents[i - 1] = reading_find_stream(r, other, yaml_scalar(other));
    }
}

static void read_for_each(struct reading *r, const struct yaml_node *node, struct stream_rules *s)
{
    const struct yaml_node *each = yaml_get(node, "for_each");
    const char *once = yaml_scalar(each);
    s->parent = s->instead_of = -1;
    for (size_t i = 0; i < ARRAY_LEN(s->other_parents); i++)
        s->other_parents[i] = -1;
    s->batch = 1;
    s->for_each = !each || (once && strcmp(once, "once") == 0) ? FOR_ONCE : FOR_COURSE;
    if (!each || once)
        return;
    s->batch = (int)reading_number(each, "for_each", "batch");
    s->ask_on_change = reading_boolean(each, "for_each", "on_change");
    s->ask_if_held = reading_boolean(each, "for_each", "if_held");
    s->numbered = reading_boolean(each, "for_each", "numbered");
    s->for_each = yaml_get(each, "learner_of") ? FOR_LEARNER
                  : yaml_get(each, "rows_of")  ? FOR_ROWS
                                               : FOR_LISTED_EMAIL;
    read_parents(r, each, s);
    const struct yaml_node *take = yaml_get(each, "take");
    for (; s->taken_count < yaml_count(take); s->taken_count++)
        s->taken[s->taken_count].name = scope_taken(r, yaml_key(take, s->taken_count));
}

static void read_spec(const struct yaml_node *node, struct stream_spec *spec)
{
    const struct yaml_node *hold = yaml_get(node, "hold");
    const char *vanish = yaml_text(node, "on_vanish", "keep");
    spec->on_vanish = strcmp(vanish, "remove") == 0   ? VANISH_REMOVE
                      : strcmp(vanish, "lookup") == 0 ? VANISH_LOOKUP
                                                      : VANISH_KEEP;
    spec->confirmations = (int)reading_number(node, "stream", "confirmations");
    spec->hold_share = reading_number(hold, "hold", "share");
    spec->hold_minimum = (int64_t)reading_number(hold, "hold", "minimum");
    spec->hold_empty = reading_boolean(hold, "hold", "empty");
}

static void read_statuses(struct reading *r, const struct yaml_node *list, long *out, size_t room)
{
    for (size_t i = 0; i < yaml_count(list); i++) {
        double number;
        if (i + 1 == room || !language_number(yaml_scalar(yaml_item(list, i)), &number)) {
            reading_refuse(r, yaml_line(list), "more than %zu statuses", room - 1);
            return;
        }
        out[i] = (long)number;
    }
}

/* What the names and the other streams depend on. */
static void read_shape(struct reading *r, const struct yaml_node *node, struct stream_rules *s)
{
    const struct yaml_node *remember = yaml_get(node, "remember");
    const struct yaml_node *fields = yaml_get(remember, "fields");
    read_for_each(r, node, s);
    read_spec(node, &s->spec);
    reading_pages(r, yaml_get(node, "pages"), &s->pages);
    reading_pointers(yaml_get(node, "records"), s->records);
    s->record = yaml_text(node, "record", NULL);
    s->each = yaml_text(node, "each", NULL);
    s->every_key = reading_text(node, "stream", "every_key");
    s->size_key = yaml_text(node, "size_key", s->spec.name);
    s->every_ms = reading_duration(node, "stream", "every");
    s->reads_now =
        reading_mentions(node, "{now}"); /* a record may mean something else though it is as it was */
    s->rows_may_lack = reading_boolean(node, "stream", "rows_may_lack");
    s->conditional = reading_boolean(node, "stream", "conditional") && !s->reads_now;
    const char *note = yaml_text(node, "note", "");
    told_set(&s->invisible_note, yaml_text(node, "note_vi", note), note);
    read_statuses(r, yaml_get(node, "absent"), s->absent_statuses, ARRAY_LEN(s->absent_statuses));
    read_statuses(r, yaml_get(node, "empty"), s->empty_statuses, ARRAY_LEN(s->empty_statuses));
    const struct yaml_node *instead = yaml_get(node, "instead_of");
    if (instead)
        s->instead_of = reading_find_stream(r, instead, yaml_scalar(instead));
    s->empty_is_evidence = reading_boolean(node, "stream", "empty_is_evidence");
    s->windowed = yaml_get(node, "window") != NULL;
    s->remembered = remember != NULL;
    for (; s->field_count < yaml_count(fields); s->field_count++)
        s->fields[s->field_count].name = yaml_key(fields, s->field_count);
    if (s->remembered)
        s->first_name = scope_table(r, s->spec.name);
}

static bool tells_accounts(const struct yaml_node *node)
{
    const struct yaml_node *events = yaml_get(node, "events");
    for (size_t i = 0; i < yaml_count(events); i++)
        if (strncmp(yaml_text(yaml_item(events, i), "type", ""), "account.", 8) == 0)
            return true;
    return false;
}

/* Streams are driven by streams: the chain must begin at one that is not. */
static void resolve_courses(struct reading *r, const struct yaml_node *streams)
{
    struct connector *c = r->connector;
    for (size_t i = 0; i < c->stream_count && !r->failed; i++) {
        const struct stream_rules *first = &c->streams[i];
        for (size_t steps = 0; first->parent >= 0 && steps <= c->stream_count; steps++)
            first = &c->streams[first->parent];
        if (first->parent >= 0)
            reading_refuse(r, yaml_key_line(streams, i),
                           "streams.%s.for_each: the streams drive each other in a circle",
                           c->streams[i].spec.name);
        c->streams[i].per_course =
            first->for_each == FOR_COURSE &&
            (c->streams[i].for_each != FOR_LEARNER || !tells_accounts(yaml_item(streams, i)));
    }
}

static void read_lookups(struct reading *r, const struct yaml_node *node, struct stream_rules *s)
{
    const struct yaml_node *tables = yaml_get(node, "look_up");
    scope_show(r, SCOPE_RECORD, s);
    for (size_t i = 0; i < yaml_count(tables) && !r->failed; i++) {
        int stream = reading_find_stream(r, tables, yaml_key(tables, i));
        if (stream < 0)
            return;
        const struct stream_rules *table = &r->connector->streams[stream];
        if (!table->remembered || table->for_each != s->for_each)
            reading_refuse(r, yaml_key_line(tables, i), "streams.%s.look_up: %s %s", s->spec.name,
                           table->spec.name,
                           table->remembered ? "has another `for_each`" : "remembers nothing");
        s->lookups[i].stream = stream;
        s->lookups[i].first_name = table->first_name;
        s->lookups[i].field_count = table->field_count;
        s->lookups[i].key = reading_value(r, yaml_get(yaml_item(tables, i), "key"));
        s->lookups[i].required = reading_boolean(yaml_item(tables, i), "look_up", "required");
        s->lookup_count++;
    }
}

static void read_remember(struct reading *r, const struct yaml_node *node, struct stream_rules *s)
{
    const struct yaml_node *fields = yaml_get(node, "fields");
    s->row_key = reading_value(r, yaml_get(node, "key"));
    for (size_t i = 0; i < s->field_count; i++) {
        const struct yaml_node *field = yaml_item(fields, i);
        if (yaml_scalar(field) || language_is_value(field))
            s->fields[i].value = reading_value(r, field);
        else
            s->fields[i].condition = reading_condition(r, field);
    }
}

static void read_strategy(struct reading *r, const struct yaml_node *node, struct stream_rules *s)
{
    const struct yaml_node *head = yaml_get(node, "head"), *window = yaml_get(node, "window");
    if (head) {
        s->head_ms = reading_duration(head, "head", "every");
        s->head_time = reading_value(r, yaml_get(head, "time"));
        s->head_overlap_ms = reading_duration(head, "head", "overlap");
        s->head_delay_ms = reading_duration(head, "head", "delay");
    }
    if (window) {
        s->window_time = reading_value(r, yaml_get(window, "time"));
        s->window_format = reading_text(window, "window", "format");
        s->window_log = reading_boolean(window, "window", "log");
        s->bound_header = yaml_text(window, "bound_header", NULL);
        s->window_overlap_ms = reading_duration(window, "window", "overlap");
        s->window_delay_ms = reading_duration(window, "window", "delay");
        s->sweep_ms = reading_duration(window, "window", "sweep_every");
    }
}

static void read_also(struct reading *r, const struct yaml_node *list, struct stream_rules *s)
{
    struct request_rules *also = arena_allocate(r->arena, (yaml_count(list) + 1) * sizeof *also);
    for (size_t i = 0; i < yaml_count(list); i++)
        reading_request(r, yaml_item(list, i), &also[i]);
    s->also = also;
    s->also_count = yaml_count(list);
}

/* All that is compiled. */
static void read_rules(struct reading *r, const struct yaml_node *node, struct stream_rules *s)
{
    const struct yaml_node *when = yaml_get(yaml_get(node, "for_each"), "when");
    scope_show(r, SCOPE_OPTIONS, NULL);
    s->only_if = reading_condition(r, yaml_get(node, "only_if"));
    scope_show(r, SCOPE_REQUEST, s);
    reading_request(r, yaml_get(node, "request"), &s->request);
    read_also(r, yaml_get(yaml_get(node, "window"), "also"), s);
    if (s->parent >= 0) {
        const struct yaml_node *take = yaml_get(yaml_get(node, "for_each"), "take");
        scope_show(r, SCOPE_RECORD, &r->connector->streams[s->parent]);
        s->ask_when = reading_condition(r, when);
        for (size_t i = 0; i < s->taken_count; i++)
            s->taken[i].value = reading_value(r, yaml_item(take, i));
    }
    scope_show(r, SCOPE_RECORD, s);
    read_strategy(r, node, s);
    if (s->remembered)
        read_remember(r, yaml_get(node, "remember"), s);
    if (yaml_get(node, "learner"))
        s->mapping = reading_mapping(r, node);
}

void reading_streams(struct reading *r, const struct yaml_node *streams)
{
    struct connector *c = r->connector;
    c->stream_count = yaml_count(streams);
    for (size_t i = 0; i < c->stream_count; i++)
        c->streams[i].spec.name = yaml_key(streams, i);
    for (size_t i = 0; i < c->stream_count && !r->failed; i++)
        read_shape(r, yaml_item(streams, i), &c->streams[i]);
    if (!r->failed)
        resolve_courses(r, streams);
    for (size_t i = 0; i < c->stream_count && !r->failed; i++)
        reading_check_stream(r, yaml_item(streams, i), &c->streams[i]);
    for (size_t i = 0; i < c->stream_count && !r->failed; i++)
        read_lookups(r, yaml_item(streams, i), &c->streams[i]);
    for (size_t i = 0; i < c->stream_count && !r->failed; i++)
        read_rules(r, yaml_item(streams, i), &c->streams[i]);
}

int reading_find_stream(struct reading *r, const struct yaml_node *node, const char *name)
{
    const struct connector *c = r->connector;
    const char *names[CONNECTOR_MAX_STREAMS];
    for (size_t i = 0; i < c->stream_count; i++) {
        names[i] = c->streams[i].spec.name;
        if (strcmp(names[i], name) == 0)
            return (int)i;
    }
    const char *nearest = nearest_name(name, names, c->stream_count);
    reading_refuse(r, yaml_line(node), "no stream is named `%.60s`%s%s%s", name,
                   nearest ? "; did you mean `" : "", nearest ? nearest : "", nearest ? "`?" : "");
    return -1;
}
