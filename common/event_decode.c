/* From bytes to a checked struct event. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "event.h"
#include "event_intake.h"

#define CHUNK_BYTES ((size_t)64 * 1024)
#define SPARE_CHUNKS 128

/* The decoded texts live in chunks. */
struct chunk {
    struct chunk *next;
    size_t used, size;
    char bytes[];
};

struct event_decoder {
    struct chunk *chunks; /* the first one is being filled */
    struct chunk *spare;  /* emptied */
    size_t spare_count;
    struct text_buffer scratch;
    struct json_outline outline;
    bool trusts;
};

struct event_decoder *event_decoder_new(void)
{
    struct event_decoder *decoder = calloc(1, sizeof(*decoder));
    if (!decoder)
        abort();
    return decoder;
}

void event_decoder_trust(struct event_decoder *decoder)
{
    decoder->trusts = true;
}

/* Chunks serve the next batch again, up to a bound. */
void event_decoder_reset(struct event_decoder *decoder)
{
    for (struct chunk *chunk = decoder->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        if (chunk->size != CHUNK_BYTES || decoder->spare_count == SPARE_CHUNKS) {
            free(chunk);
            continue;
        }
        chunk->next = decoder->spare;
        decoder->spare = chunk;
        decoder->spare_count++;
    }
    decoder->chunks = NULL;
}

void event_decoder_free(struct event_decoder *decoder)
{
    if (!decoder)
        return;
    event_decoder_reset(decoder);
    for (struct chunk *chunk = decoder->spare, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    text_buffer_free(&decoder->scratch);
    json_outline_release(&decoder->outline);
    free(decoder);
}

static struct chunk *new_chunk(struct event_decoder *decoder, size_t size)
{
    struct chunk *chunk = decoder->spare;
    if (size <= CHUNK_BYTES && chunk) {
        decoder->spare = chunk->next;
        decoder->spare_count--;
        size = CHUNK_BYTES;
    } else {
        size = size < CHUNK_BYTES ? CHUNK_BYTES : size;
        chunk = malloc(sizeof(*chunk) + size);
        if (!chunk)
            abort();
    }
    *chunk = (struct chunk){decoder->chunks, 0, size};
    decoder->chunks = chunk;
    return chunk;
}

static char *room_for(struct event_decoder *decoder, size_t length)
{
    struct chunk *chunk = decoder->chunks;
    if (!chunk || chunk->size - chunk->used <= length)
        chunk = new_chunk(decoder, length + 1);
    return chunk->bytes + chunk->used;
}

const char *event_keep(struct event_decoder *decoder, struct json_slice string)
{
    char *copy = room_for(decoder, string.length);
    size_t length = string.length;
    if (string.escaped)
        length = json_unescape(string, copy);
    else
        memcpy(copy, string.text, length);
    copy[length] = '\0';
    decoder->chunks->used += length + 1;
    return copy;
}

struct json_slice event_plain(struct event_decoder *decoder, struct json_slice string)
{
    if (string.escaped) {
        string.text = event_keep(decoder, string);
        string.length = (uint32_t)strlen(string.text);
        string.escaped = false;
    }
    return string;
}

/* In the order in which events are written. */
enum attribute {
    ATTRIBUTE_SPECVERSION,
    ATTRIBUTE_ID,
    ATTRIBUTE_SOURCE,
    ATTRIBUTE_TYPE,
    ATTRIBUTE_SUBJECT,
    ATTRIBUTE_TIME,
    ATTRIBUTE_ENTITY,
    ATTRIBUTE_REVISION,
    ATTRIBUTE_PREVIOUS,
    ATTRIBUTE_TIMEBASIS,
    ATTRIBUTE_IMPORTID,
    ATTRIBUTE_IMPORTFILE,
    ATTRIBUTE_IMPORTSHEET,
    ATTRIBUTE_IMPORTROW,
    ATTRIBUTE_COUNT
};

#define NAME(text)                                                                                 \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }
static const struct {
    const char *text;
    size_t length;
} attribute_names[ATTRIBUTE_COUNT] = {NAME("specversion"), NAME("id"),       NAME("source"),
                                      NAME("type"),        NAME("subject"),  NAME("time"),
                                      NAME("entity"),      NAME("revision"), NAME("previous"),
                                      NAME("timebasis"),   NAME("importid"), NAME("importfile"),
                                      NAME("importsheet"), NAME("importrow")};

/* Where one record is decoded. */
struct intake {
    struct event_decoder *decoder;
    struct json_slice attributes[ATTRIBUTE_COUNT];
    struct event *event;
    struct error *err;
};

/* Each name is looked for from where the last one was found: mostly it is the next. */
static void find_attributes(struct intake *in)
{
    const struct json_members *members = &in->decoder->outline.members;
    unsigned next = 0;
    for (size_t i = 0; i < members->count; i++) {
        struct json_slice key = event_plain(in->decoder, members->items[i].key);
        for (unsigned tried = 0; tried < ATTRIBUTE_COUNT; tried++) {
            unsigned at =
                next + tried < ATTRIBUTE_COUNT ? next + tried : next + tried - ATTRIBUTE_COUNT;
            if (!slice_is(key, attribute_names[at].text, attribute_names[at].length))
                continue;
            in->attributes[at] = members->items[i].value;
            next = at + 1 < ATTRIBUTE_COUNT ? at + 1 : 0;
            break;
        }
    }
}

static bool bad_attribute(struct error *err, const char *name, const char *why)
{
    return error_set(err, ERROR_DATA, false, "bad_attribute: %s %s", name, why);
}

/* A non-empty text of bounded length; absent (then of kind JSON_NONE) is allowed unless required. */
static bool take_attribute(const struct intake *in, enum attribute attribute, bool required,
                           struct json_slice *out)
{
    const char *name = attribute_names[attribute].text;
    struct json_slice value = in->attributes[attribute];
    *out = (struct json_slice){0};
    if (value.kind == JSON_NONE || value.kind == JSON_NULL)
        return required ? bad_attribute(in->err, name, "is missing") : true;
    if (value.kind != JSON_STRING)
        return bad_attribute(in->err, name, "is not a string");
    value = event_plain(in->decoder, value);
    if (value.length == 0 || value.length > EVENT_MAX_KEY)
        return bad_attribute(in->err, name, "is empty or longer than 300 bytes");
    *out = value;
    return true;
}

static bool keep_attribute(const struct intake *in, enum attribute attribute, bool required,
                           const char **out)
{
    struct json_slice value;
    bool ok = take_attribute(in, attribute, required, &value);
    *out = value.kind == JSON_STRING ? event_keep(in->decoder, value) : NULL;
    return ok;
}

/* Revisions are decimal strings: a CloudEvents Integer has 32 bits only. */
static bool take_revision(const struct intake *in, enum attribute attribute, int64_t *out)
{
    struct json_slice digits;
    if (!take_attribute(in, attribute, true, &digits))
        return false;
    uint64_t value = 0;
    bool decimal = digits.length <= 18 && (digits.text[0] != '0' || digits.length == 1);
    for (size_t i = 0; decimal && i < digits.length; i++) {
        decimal = digits.text[i] >= '0' && digits.text[i] <= '9';
        value = value * 10 + (uint64_t)(digits.text[i] - '0');
    }
    if (!decimal)
        return bad_attribute(in->err, attribute_names[attribute].text,
                             "is not a decimal string of at most 18 digits");
    *out = (int64_t)value;
    return true;
}

static bool take_time(const struct intake *in)
{
    struct event *e = in->event;
    struct json_slice time, basis;
    char text[SHORT_TEXT];
    if (!take_attribute(in, ATTRIBUTE_TIME, true, &time) ||
        !take_attribute(in, ATTRIBUTE_TIMEBASIS, false, &basis))
        return false;
    slice_short_text(time, text);
    if (!clock_parse(text, &e->time))
        return bad_attribute(in->err, "time", "is not an RFC 3339 instant");
    e->time_observed = basis.kind == JSON_STRING && slice_is(basis, "observed", 8);
    return true;
}

static bool take_origin(const struct intake *in)
{
    struct event *e = in->event;
    struct json_slice row = in->attributes[ATTRIBUTE_IMPORTROW];
    if (row.kind != JSON_NONE &&
        (!json_slice_integer(row, &e->row) || e->row < 0 || e->row > INT32_MAX))
        return bad_attribute(in->err, "importrow", "is not a row number");
    return keep_attribute(in, ATTRIBUTE_IMPORTID, false, &e->import_id) &&
           keep_attribute(in, ATTRIBUTE_IMPORTFILE, false, &e->file) &&
           keep_attribute(in, ATTRIBUTE_IMPORTSHEET, false, &e->sheet);
}

/* Of a type that is not known, nothing but what CloudEvents demands may be wrong with the record. */
static void take_what_is_there(const struct intake *in)
{
    struct intake lenient = *in;
    struct error ignored = {0};
    lenient.err = &ignored;
    (void)keep_attribute(&lenient, ATTRIBUTE_ENTITY, false, &in->event->entity);
    (void)keep_attribute(&lenient, ATTRIBUTE_SUBJECT, false, &in->event->subject);
}

static bool take_type(const struct intake *in)
{
    struct event *e = in->event;
    struct json_slice name;
    if (!take_attribute(in, ATTRIBUTE_TYPE, true, &name))
        return false;
    for (int type = EVENT_UNKNOWN + 1; type < EVENT_TYPE_COUNT; type++) {
        const struct type_spec *spec = &event_type_table[type];
        if (!slice_is(name, spec->name, spec->name_length))
            continue;
        e->type = (enum event_type)type;
        e->type_name = spec->name;
        return true;
    }
    e->type = EVENT_UNKNOWN;
    e->type_name = event_keep(in->decoder, name);
    return true;
}

static bool take_attributes(const struct intake *in)
{
    struct event *e = in->event;
    struct json_slice version;
    if (!take_attribute(in, ATTRIBUTE_SPECVERSION, true, &version))
        return false;
    if (!slice_is(version, "1.0", 3))
        return bad_attribute(in->err, "specversion", "is not 1.0");
    if (!take_type(in) || !keep_attribute(in, ATTRIBUTE_ID, true, &e->id) ||
        !keep_attribute(in, ATTRIBUTE_SOURCE, true, &e->source))
        return false;
    if (e->type == EVENT_UNKNOWN) {
        take_what_is_there(in);
        return true;
    }
    return keep_attribute(in, ATTRIBUTE_ENTITY, true, &e->entity) &&
           keep_attribute(in, ATTRIBUTE_SUBJECT, event_type_table[e->type].has_subject, &e->subject) &&
           take_revision(in, ATTRIBUTE_REVISION, &e->revision) &&
           take_revision(in, ATTRIBUTE_PREVIOUS, &e->previous) && take_time(in) && take_origin(in);
}

static uint64_t hash_data(struct event_decoder *decoder, const char *type, struct json_slice data)
{
    text_buffer_clear(&decoder->scratch);
    text_buffer_add(&decoder->scratch, type, strlen(type) + 1);
    text_buffer_add(&decoder->scratch, data.text, data.length);
    return key128_of(decoder->scratch.data, decoder->scratch.length).hi;
}

static void take_keys(struct event *e)
{
    if (e->entity)
        e->entity_key = key128_of(e->entity, strlen(e->entity));
    if (e->subject)
        e->subject_key = key128_of(e->subject, strlen(e->subject));
}

static bool take_record(struct intake *in)
{
    const struct json_outline *outline = &in->decoder->outline;
    find_attributes(in);
    if (!outline->is_object || in->attributes[ATTRIBUTE_SPECVERSION].kind == JSON_NONE)
        return error_set(in->err, ERROR_DATA, false,
                         "not_cloudevent: no JSON object with specversion");
    if (!take_attributes(in))
        return false;
    take_keys(in->event);
    if (in->event->type == EVENT_UNKNOWN)
        return true;
    if (outline->inner.kind != JSON_OBJECT)
        return bad_attribute(in->err, "data", "is not an object");
    in->event->hash = hash_data(in->decoder, in->event->type_name, outline->inner);
    return event_take_data(in->decoder, &outline->inner_members, in->event, in->err);
}

bool event_decode(struct event_decoder *decoder, const char *text, size_t length, struct event *e,
                  struct error *err)
{
    memset(e, 0, sizeof(*e));
    if (length > EVENT_MAX_BYTES && !decoder->trusts)
        return error_set(err, ERROR_DATA, false, "too_large: %zu bytes, at most %d are read",
                         length, EVENT_MAX_BYTES);
    if (!json_outline_of(text, length, "data", &decoder->outline, err))
        return false;
    struct intake in = {.decoder = decoder, .event = e, .err = err};
    return take_record(&in);
}
