/* Which names a template may use, and where. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connector_read.h"

static const char *const fixed_names[NAME_FIXED] = {
    [NAME_COURSE] = "course",   [NAME_COURSE_EXAM] = "course.exam",
    [NAME_LEARNER] = "learner", [NAME_LEARNERS] = "learners",
    [NAME_EMAIL] = "email",     [NAME_EMAILS] = "emails",
    [NAME_SIZE] = "size",       [NAME_PAGE] = "page",
    [NAME_OFFSET] = "offset",   [NAME_CURSOR] = "cursor",
    [NAME_SINCE] = "since",     [NAME_UNTIL] = "until",
    [NAME_NOW] = "now",
};

/* Stands for a name that means nothing where we are: longer than any that is looked for, near to none. */
static const char hidden[] =
    "............................................................................................"
    "............................................................................................";

static const char *joined(struct reading *r, const char *table, const char *field)
{
    size_t size = strlen(table) + strlen(field) + 2;
    char *text = arena_allocate(r->arena, size);
    snprintf(text, size, "%s.%s", table, field);
    return text;
}

/* Several streams may take the same along. */
static size_t find_name(const struct reading *r, const char *name)
{
    const struct name_list *list = &r->connector->names;
    size_t i = 0;
    while (i < list->count && strcmp(list->items[i], name) != 0)
        i++;
    return i;
}

static void add(struct reading *r, const char **names, const char *name, int line)
{
    struct name_list *list = &r->connector->names;
    if (find_name(r, name) < list->count)
        reading_refuse(r, line, "streams: the name `%s` stands for something else already", name);
    if (list->count == CONNECTOR_MAX_NAMES)
        reading_refuse(r, line, "more than %d names: options and remembered fields together",
                       CONNECTOR_MAX_NAMES);
    else
        names[list->count++] = name;
}

void scope_collect(struct reading *r, const struct yaml_node *streams)
{
    struct connector *c = r->connector;
    const char **names = arena_allocate(r->arena, CONNECTOR_MAX_NAMES * sizeof *names);
    r->visible = arena_allocate(r->arena, CONNECTOR_MAX_NAMES * sizeof *names);
    c->names.items = names;
    for (size_t i = 0; i < NAME_FIXED; i++)
        add(r, names, fixed_names[i], 0);
    c->first_option = c->names.count;
    for (size_t i = 0; i < c->option_count; i++)
        add(r, names, joined(r, "option", c->options[i].name), 0);
    for (size_t i = 0; i < yaml_count(streams); i++) {
        const struct yaml_node *take =
            yaml_get(yaml_get(yaml_item(streams, i), "for_each"), "take");
        for (size_t k = 0; k < yaml_count(take); k++) {
            const char *name = joined(r, "parent", yaml_key(take, k));
            if (find_name(r, name) == c->names.count)
                add(r, names, name, yaml_key_line(take, k));
        }
    }
    for (size_t i = 0; i < yaml_count(streams); i++) {
        const struct yaml_node *remember = yaml_get(yaml_item(streams, i), "remember");
        const struct yaml_node *fields = yaml_get(remember, "fields");
        if (remember)
            add(r, names, yaml_key(streams, i), yaml_key_line(streams, i));
        for (size_t k = 0; k < yaml_count(fields); k++)
            add(r, names, joined(r, yaml_key(streams, i), yaml_key(fields, k)),
                yaml_key_line(fields, k));
    }
}

size_t scope_table(const struct reading *r, const char *stream)
{
    return find_name(r, stream);
}

size_t scope_taken(struct reading *r, const char *name)
{
    return find_name(r, joined(r, "parent", name));
}

static void show(struct reading *r, enum connector_name name, bool visible)
{
    r->visible[name] = visible ? fixed_names[name] : hidden;
}

static void show_table(struct reading *r, size_t first, size_t fields)
{
    for (size_t i = first; i <= first + fields; i++)
        r->visible[i] = r->connector->names.items[i];
}

void scope_show_pages(struct reading *r, const struct page_rules *pages)
{
    scope_show(r, SCOPE_OPTIONS, NULL);
    show(r, NAME_SIZE, true);
    show(r, NAME_PAGE, pages->rule == PAGES_NUMBER);
    show(r, NAME_OFFSET, pages->rule == PAGES_OFFSET);
    show(r, NAME_CURSOR, pages->rule == PAGES_CURSOR);
}

void scope_show(struct reading *r, enum scope_place place, const struct stream_rules *stream)
{
    struct connector *c = r->connector;
    size_t tables = c->first_option + c->option_count;
    for (size_t i = 0; i < c->names.count; i++)
        r->visible[i] = i < c->first_option || i >= tables ? hidden : c->names.items[i];
    show(r, NAME_NOW, true);
    if (place == SCOPE_OPTIONS)
        return;
    if (place == SCOPE_REQUEST)
        scope_show_pages(r, &stream->pages);
    show(r, NAME_COURSE, stream->per_course);
    show(r, NAME_COURSE_EXAM, stream->per_course);
    bool single = place == SCOPE_REQUEST || stream->batch == 1;
    show(r, NAME_LEARNER, single && stream->for_each == FOR_LEARNER);
    show(r, NAME_EMAIL, single && stream->for_each == FOR_LISTED_EMAIL);
    show(r, NAME_LEARNERS,
         place == SCOPE_REQUEST && stream->for_each == FOR_LEARNER && stream->batch > 1);
    show(r, NAME_EMAILS,
         place == SCOPE_REQUEST && stream->for_each == FOR_LISTED_EMAIL && stream->batch > 1);
    show(r, NAME_SINCE, place == SCOPE_REQUEST && stream->windowed);
    show(r, NAME_UNTIL, place == SCOPE_REQUEST && stream->windowed);
    for (size_t i = 0; i < stream->taken_count; i++)
        show_table(r, stream->taken[i].name, 0);
    if (stream->for_each == FOR_ROWS) {
        const struct stream_rules *parent = &c->streams[stream->parent];
        show_table(r, scope_table(r, parent->spec.name), parent->field_count);
    }
    for (size_t i = 0; place == SCOPE_RECORD && i < stream->lookup_count; i++)
        show_table(r, stream->lookups[i].first_name,
                   c->streams[stream->lookups[i].stream].field_count);
}
