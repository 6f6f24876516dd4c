#include "fake_shard.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/text_buffer.h"

struct shard {
    struct fake_entity *entities;
    size_t count;
    struct fake_mark *marks;
    size_t mark_count;
    struct {
        char *name, *value;
    } * cursors;
    size_t cursor_count, events, open_sweeps;
    unsigned sweeps;
    uint64_t incarnation;
    bool accepting;
};

struct sweep {
    struct shard *shard;
    char *stream, *substream;
    int64_t through, seen;
    unsigned number;
};

static char *copy(const char *text)
{
    char *out = strdup(text ? text : "");
    if (!out)
        abort();
    return out;
}

struct shard *fake_shard_new(void)
{
    struct shard *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->incarnation = 1;
    s->accepting = true;
    return s;
}

static void forget(struct shard *s)
{
    for (size_t i = 0; i < s->count; i++) {
        struct fake_entity *e = &s->entities[i];
        free(e->entity);
        free(e->type);
        free(e->data);
        free(e->subject);
        free(e->substream);
        free(e->stream);
    }
    for (size_t i = 0; i < s->mark_count; i++) {
        free(s->marks[i].stream);
        free(s->marks[i].substream);
    }
    for (size_t i = 0; i < s->cursor_count; i++) {
        free(s->cursors[i].name);
        free(s->cursors[i].value);
    }
    s->count = s->mark_count = s->cursor_count = s->events = 0;
}

void fake_shard_free(struct shard *s)
{
    forget(s);
    free(s->entities);
    free(s->marks);
    free(s->cursors);
    free(s);
}

void fake_shard_drop(struct shard *s)
{
    forget(s);
    s->incarnation++;
}

static struct fake_entity *find(const struct shard *s, const char *entity)
{
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->entities[i].entity, entity) == 0)
            return &s->entities[i];
    }
    return NULL;
}

const struct fake_entity *fake_shard_find(const struct shard *s, const char *entity)
{
    return find(s, entity);
}

size_t fake_shard_count(const struct shard *s, const char *prefix)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        count += !s->entities[i].gone && strncmp(s->entities[i].entity, prefix, strlen(prefix)) == 0;
    return count;
}

size_t fake_shard_events(const struct shard *s)
{
    return s->events;
}

size_t fake_shard_open_sweeps(const struct shard *s)
{
    return s->open_sweeps;
}

void fake_shard_set_accepting(struct shard *s, bool accepting)
{
    s->accepting = accepting;
}

const struct fake_mark *fake_shard_mark(const struct shard *s, const char *stream,
                                        const char *substream)
{
    for (size_t i = s->mark_count; i > 0; i--) {
        const struct fake_mark *m = &s->marks[i - 1];
        if (strcmp(m->stream, stream) == 0 && strcmp(m->substream, substream) == 0)
            return m;
    }
    return NULL;
}

enum observe_result shard_observe(struct shard *s, const struct observation *o)
{
    const char *name = o->total_entity ? o->total_entity : o->event->entity;
    struct event plain = *o->event;
    if (o->total_entity)
        plain.present &= ~(1ULL << FIELD_DAY);
    struct text_buffer data = {.data = NULL};
    event_encode_data(&plain, &data);
    struct fake_entity *e = find(s, name);
    enum observe_result result = e ? OBSERVE_UNCHANGED : OBSERVE_NEW;
    if (!e) {
        s->entities = reallocarray(s->entities, s->count + 1, sizeof *s->entities);
        if (!s->entities)
            abort();
        e = &s->entities[s->count++];
        *e = (struct fake_entity){.entity = copy(name),
                                  .type = copy(""),
                                  .data = copy(""),
                                  .subject = copy(plain.subject),
                                  .substream = copy(o->substream),
                                  .stream = copy(o->stream->name)};
    } else if (e->gone || strcmp(e->data, data.data) != 0 || strcmp(e->type, plain.type_name) != 0) {
        result = OBSERVE_CHANGED;
    }
    e->seen_by = s->sweeps;
    if (result != OBSERVE_UNCHANGED) {
        free(e->data);
        free(e->type);
        e->data = copy(data.data);
        e->type = copy(plain.type_name);
        e->time = plain.time;
        e->observed_time = plain.time_observed;
        e->status = o->status;
        e->gone = false;
        e->changes++;
        s->events++;
    }
    text_buffer_free(&data);
    return result;
}

void shard_remove(struct shard *s, const struct stream_spec *stream, const char *source,
                  const char *substream, const char *entity, enum event_type removing_type)
{
    (void)stream;
    (void)source;
    (void)substream;
    (void)removing_type;
    struct fake_entity *e = find(s, entity);
    if (!e || e->gone)
        return;
    e->gone = true;
    s->events++;
}

void shard_reject(struct shard *s, const struct observation *o)
{
    shard_observe(s, o);
}

void shard_accept(struct shard *s, const struct stream_spec *stream, const char *source,
                  const char *substream, const char *entity)
{
    shard_remove(s, stream, source, substream, entity, EVENT_RECORD_ACCEPTED);
}

void shard_see(struct shard *s, const char *entity)
{
    struct fake_entity *e = find(s, entity);
    if (e)
        e->seen_by = s->sweeps;
}

bool shard_holds(const struct shard *s, const char *entity)
{
    const struct fake_entity *e = find(s, entity);
    return e && !e->gone;
}

struct sweep *shard_sweep_begin(struct shard *s, const struct stream_spec *stream,
                                const char *source, const char *substream, int64_t server_time_us)
{
    (void)source;
    struct sweep *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    *w = (struct sweep){s, copy(stream->name), copy(substream), server_time_us, 0, ++s->sweeps};
    s->open_sweeps++;
    return w;
}

void shard_sweep_abandon(struct sweep *w)
{
    w->shard->open_sweeps--;
    free(w->stream);
    free(w->substream);
    free(w);
}

bool shard_sweep_end(struct sweep *w, struct sweep_outcome *outcome, struct error *err)
{
    struct shard *s = w->shard;
    (void)err;
    for (size_t i = 0; i < s->count; i++)
        w->seen += strcmp(s->entities[i].stream, w->stream) == 0 &&
                   strcmp(s->entities[i].substream, w->substream) == 0 &&
                   s->entities[i].seen_by >= w->number;
    *outcome = (struct sweep_outcome){.seen = w->seen};
    s->marks = reallocarray(s->marks, s->mark_count + 1, sizeof *s->marks);
    if (!s->marks)
        abort();
    s->marks[s->mark_count++] =
        (struct fake_mark){copy(w->stream), copy(w->substream), w->through, w->seen};
    shard_sweep_abandon(w);
    return true;
}

void shard_cursor_set(struct shard *s, const char *source, const char *name, const char *value)
{
    (void)source;
    for (size_t i = 0; i < s->cursor_count; i++) {
        if (strcmp(s->cursors[i].name, name) == 0) {
            free(s->cursors[i].value);
            s->cursors[i].value = copy(value);
            return;
        }
    }
    s->cursors = reallocarray(s->cursors, s->cursor_count + 1, sizeof *s->cursors);
    if (!s->cursors)
        abort();
    s->cursors[s->cursor_count].name = copy(name);
    s->cursors[s->cursor_count++].value = copy(value);
}

const char *shard_cursor_get(const struct shard *s, const char *source, const char *name)
{
    (void)source;
    for (size_t i = 0; i < s->cursor_count; i++) {
        if (strcmp(s->cursors[i].name, name) == 0)
            return s->cursors[i].value;
    }
    return NULL;
}

bool shard_can_accept(const struct shard *s)
{
    return s->accepting;
}

uint64_t shard_incarnation(const struct shard *s)
{
    return s->incarnation;
}
