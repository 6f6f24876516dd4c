/* Rows that a job remembers, and the window that limits what it asks for. */
#include <string.h>

#include "../../common/clock.h"
#include "../../common/text_buffer.h"
#include "backfill.h"
#include "job.h"
#include "recall.h"
#include "records.h"

/* One row's fields; conditions as "true" and "false". The texts live in *texts. */
static void read_row(const struct stream_rules *rules, const struct scope *scope,
                     struct text_buffer *texts, const char **fields)
{
    size_t at[ARRAY_LEN(rules->fields)];
    text_buffer_clear(texts);
    for (size_t i = 0; i < rules->field_count; i++) {
        bool holds = false;
        at[i] = SIZE_MAX;
        if (rules->fields[i].condition) {
            if (!condition_holds(rules->fields[i].condition, scope, &holds, NULL)) {
                fields[0] = ROW_UNREADABLE;
                memset(fields + 1, 0, (rules->field_count - 1) * sizeof *fields);
                return;
            }
            at[i] = texts->length;
            text_buffer_add(texts, holds ? "true" : "false", holds ? 5 : 6);
            continue;
        }
        struct text_buffer room = {.data = NULL};
        const char *text = value_text(rules->fields[i].value, scope, &room);
        if (text) {
            at[i] = texts->length;
            text_buffer_add(texts, text, strlen(text) + 1);
        }
        text_buffer_free(&room);
    }
    for (size_t i = 0; i < rules->field_count; i++)
        fields[i] = at[i] == SIZE_MAX ? NULL : texts->data + at[i];
}

struct remembering {
    struct job *job;
    struct job_table *table;
    struct text_buffer texts;
    /* the row remembered last, and how many there were of the element under way */
    const char *fields[CONNECTOR_MAX_FIELDS];
    uint64_t key;
    size_t count;
};

static void remember_row(void *context, const struct json *record, const struct json *enclosing)
{
    struct remembering *m = context;
    struct job *j = m->job;
    const struct stream_rules *rules = j->p->streams[m->table->stream].rules;
    const struct scope scope = {record, enclosing, j->texts.at};
    text_buffer_clear(&j->p->room);
    const char *key = value_text(rules->row_key, &scope, &j->p->room);
    if (!key)
        return; /* nothing could look it up */
    read_row(rules, &scope, &m->texts, m->fields);
    m->key = siphash(j->p->hash, key, strlen(key));
    m->count++;
    row_table_put(m->table->table, m->key, m->fields);
}

/* The few kinds of rows that the stream has, if it has only few. */
static struct row_table *kinds_of(struct stream *stream)
{
    if (!stream->kinds)
        stream->kinds = row_table_new(stream->rules->field_count);
    return stream->kinds;
}

bool job_remember(struct job *j, struct job_table *t, struct page_list *list, struct error *err)
{
    struct remembering m = {.job = j, .table = t};
    struct stream *stream = &j->p->streams[t->stream];
    struct recall recall;
    size_t count = list ? page_list_count(list) : 0;
    bool fine = true;
    bool recalls = j->p->shard && recall_begin(&recall, j->p, t->stream, j->course, &j->texts);
    for (size_t i = 0; fine && i < count; i++) {
        size_t length;
        const char *text = recalls ? page_list_text(list, i, &length) : NULL;
        uint64_t digest = text ? siphash(recall.key, text, length) : 0;
        if (text && recall_row(&recall, kinds_of(stream), t->table, digest))
            continue;
        const struct json *element = page_list_record(list, i, err);
        fine = element != NULL;
        m.count = 0;
        if (fine)
            records_of_element(element, stream->rules->each, remember_row, &m);
        if (fine && text && m.count < 2)
            recall_learn_row(&recall, kinds_of(stream), digest, m.key, m.count ? m.fields : NULL,
                             stream->rules->field_count);
    }
    text_buffer_free(&m.texts);
    return fine;
}

/* ---- windows ---- */

static void cursor_name(const struct job *j, struct text_buffer *out)
{
    text_buffer_add_format(out, "window:%s:%s", j->p->connector->streams[j->stream].spec.name,
                           platform_substream(j->p, j->stream, j->course));
}

static bool cursor(const struct job *j, int64_t *us)
{
    struct text_buffer name = {.data = NULL};
    cursor_name(j, &name);
    const char *text = shard_cursor_get(j->p->shard, j->p->base.name, name.data);
    text_buffer_free(&name);
    return text && clock_parse(text, us);
}

void job_window_since(struct job *j)
{
    const struct stream_rules *rules = j->p->streams[j->stream].rules;
    int64_t us;
    if (!cursor(j, &us))
        return; /* the first time: everything */
    us -= rules->window_overlap_ms * 1000;
    texts_instant(us > 0 ? us : 0, rules->window_format, j->texts.since);
    j->texts.at[NAME_SINCE] = j->texts.since;
}

/* Asked for up to now whatever the range's end is: a record in it must not undo what a later one says of the same entity. */
void job_range(struct job *j)
{
    const struct stream_rules *rules = j->p->streams[j->stream].rules;
    int64_t from;
    backfill_range(j->p->backfill, &from, &j->times.told_until_us);
    if (from > 0) {
        texts_instant(from, rules->window_format, j->texts.since);
        j->texts.at[NAME_SINCE] = j->texts.since;
    }
}

/* Never past what the platform vouches for, nor its own clock less the delay; where records tell when they were stored, nor past the
 * newest one seen, since that clock and the one in Date may differ. */
void job_window_advance(struct job *j)
{
    const struct stream_rules *rules = j->p->streams[j->stream].rules;
    int64_t before = 0, most = j->started_us - rules->window_delay_ms * 1000;
    if (j->bound_us && most > j->bound_us)
        most = j->bound_us;
    bool ahead = cursor(j, &before) && before > most; /* the platform's clock was set back */
    int64_t mark = most;
    if (rules->window_time && !ahead && j->times.newest_us < mark)
        mark = j->times.newest_us;
    if (mark <= 0 || (!ahead && before >= mark))
        return;
    struct text_buffer name = {.data = NULL};
    char text[CLOCK_TEXT_SIZE];
    cursor_name(j, &name);
    clock_format(mark, text);
    shard_cursor_set(j->p->shard, j->p->base.name, name.data, text);
    text_buffer_free(&name);
}
