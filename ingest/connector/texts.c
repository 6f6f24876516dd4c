/* The texts behind the names of a connector's scope. */
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "platform.h"

void texts_begin(struct texts *texts, const struct platform *p, size_t course)
{
    const struct connector *c = p->connector;
    memset(texts, 0, sizeof *texts);
    texts->hash = p->hash;
    for (size_t i = 0; i < c->option_count; i++) {
        const struct connector_option *option = &c->options[i];
        if (option->kind != CONNECTOR_SECRET) /* secrets are for authorisation only */
            texts->at[c->first_option + i] =
                p->settings.options[i] ? p->settings.options[i] : option->fallback;
    }
    texts_instant(clock_now_us(), "iso", texts->now);
    texts->at[NAME_NOW] = texts->now;
    if (course == NO_COURSE)
        return;
    texts->at[NAME_COURSE] = p->courses[course].id;
    snprintf(texts->exam, sizeof texts->exam, "%s",
             p->courses[course].exam); /* courses.csv may change */
    if (*texts->exam)
        texts->at[NAME_COURSE_EXAM] = texts->exam;
}

void texts_position(struct texts *texts, const struct page_position *position, int64_t size)
{
    snprintf(texts->size, sizeof texts->size, "%lld", (long long)size);
    snprintf(texts->page, sizeof texts->page, "%lld", (long long)position->page);
    snprintf(texts->offset, sizeof texts->offset, "%lld", (long long)position->offset);
    texts->at[NAME_SIZE] = size > 0 ? texts->size : NULL;
    texts->at[NAME_PAGE] = texts->page;
    texts->at[NAME_OFFSET] = texts->offset;
    texts->at[NAME_CURSOR] = position->cursor;
}

bool texts_look_up(struct texts *texts, const struct stream_rules *rules,
                   struct row_table *const *tables, const struct json *record,
                   const struct json *enclosing, struct text_buffer *room)
{
    const struct scope scope = {record, enclosing, texts->at};
    bool readable = true;
    for (size_t i = 0; i < rules->lookup_count; i++) {
        const char **fields = &texts->at[rules->lookups[i].first_name + 1];
        size_t count = rules->lookups[i].field_count;
        memset(fields, 0, count * sizeof *fields);
        const struct row_table *table = tables ? tables[i] : NULL;
        texts->at[rules->lookups[i].first_name] = table ? "true" : NULL;
        text_buffer_clear(room);
        const char *key = table ? value_text(rules->lookups[i].key, &scope, room) : NULL;
        texts->row_keys[i] = key ? siphash(texts->hash, key, strlen(key)) : 0;
        size_t row = key ? row_table_find(table, texts->row_keys[i]) : SIZE_MAX;
        if (row == SIZE_MAX)
            continue;
        row_table_row(table, row, fields);
        readable = readable && !(count > 0 && fields[0] && *fields[0] == ROW_UNREADABLE[0]);
    }
    return readable;
}

void texts_row(struct texts *texts, const struct connector *connector, size_t stream,
               const struct row_table *table, size_t row)
{
    const struct stream_rules *remembered = &connector->streams[stream];
    texts->at[remembered->first_name] = "true";
    row_table_row(table, row, &texts->at[remembered->first_name + 1]);
}

void texts_instant(int64_t us, const char *format, char out[40])
{
    char iso[CLOCK_TEXT_SIZE];
    clock_format(us, iso);
    if (strcmp(format, "unix") == 0)
        snprintf(out, 40, "%lld", (long long)(us / 1000000));
    else if (strcmp(format, "unix_ms") == 0)
        snprintf(out, 40, "%lld", (long long)(us / 1000));
    else if (strcmp(format, "iso_ms") == 0)
        snprintf(out, 40, "%.23sZ", iso);
    else if (strcmp(format, "iso_s") == 0)
        snprintf(out, 40, "%.19sZ", iso);
    else
        snprintf(out, 40, "%s", iso);
}
