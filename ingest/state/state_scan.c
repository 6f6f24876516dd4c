#include "state_scan.h"

#include <string.h>

struct scan {
    const char *at, *end;
    struct text_buffer *texts; /* has room for all: never moves */
};

static bool literal(struct scan *s, const char *text, size_t length)
{
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, text, length) != 0)
        return false;
    s->at += length;
    return true;
}
#define LITERAL(s, text) literal((s), (text), sizeof(text) - 1)

/* The rest of a JSON text without escapes, and its closing quote. */
static const char *rest_of_text(struct scan *s)
{
    const char *begin = s->at;
    while (s->at < s->end && *s->at != '"' && *s->at != '\\' && (unsigned char)*s->at >= 0x20)
        s->at++;
    if (s->at == s->end || *s->at != '"' || s->at - begin > EVENT_MAX_KEY)
        return NULL;
    const char *copied = s->texts->data + s->texts->length;
    text_buffer_add(s->texts, begin, (size_t)(s->at - begin));
    text_buffer_add(s->texts, "", 1);
    s->at++;
    return copied;
}

static bool digits(struct scan *s, size_t most, int64_t *out)
{
    const char *begin = s->at;
    *out = 0;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9' && (size_t)(s->at - begin) < most)
        *out = *out * 10 + (*s->at++ - '0');
    return s->at > begin && (s->at == s->end || *s->at < '0' || *s->at > '9');
}

static bool fingerprint(struct scan *s, uint64_t *out)
{
    *out = 0;
    if (s->end - s->at < 16)
        return false;
    for (int i = 0; i < 16; i++) {
        char c = *s->at++;
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                                : 16;
        if (digit > 15)
            return false;
        *out = *out << 4 | digit;
    }
    return true;
}

static bool take(struct scan *s, struct state_entity *e)
{
    int64_t since, status = 0;
    const char *type;
    if (!LITERAL(s, "{\"t\":\"") || !(type = rest_of_text(s)) || !LITERAL(s, ",\"s\":\"") ||
        !(e->event.source = rest_of_text(s)) || !LITERAL(s, ",\"m\":\"") ||
        !(e->stream = rest_of_text(s)))
        return false;
    e->event.type = event_type_parse(type);
    e->substream = "";
    if (LITERAL(s, ",\"b\":\"") && !(e->substream = rest_of_text(s)))
        return false;
    if (LITERAL(s, ",\"j\":\"") && !rest_of_text(s))
        return false;
    if (!LITERAL(s, ",\"r\":\"") || !digits(s, 18, &e->event.revision) ||
        !LITERAL(s, "\",\"f\":\"") || !fingerprint(s, &e->fingerprint) ||
        !LITERAL(s, "\",\"n\":") || !digits(s, 10, &since) || since > UINT32_MAX ||
        (LITERAL(s, ",\"a\":") && (!digits(s, 3, &status) || status > UINT8_MAX)))
        return false;
    e->since = (uint32_t)since;
    e->status = (uint8_t)status;
    e->gone = LITERAL(s, ",\"g\":true");
    e->total = LITERAL(s, ",\"o\":true");
    return e->event.type != EVENT_UNKNOWN && LITERAL(s, ",\"d\":{") && s->end - s->at >= 2 &&
           memcmp(s->end - 2, "}}", 2) == 0;
}

bool state_entity_scan(const char *key, size_t key_length, const char *value, size_t value_length,
                       struct state_record *record)
{
    if (!key || !value || key_length < 3 || key_length > EVENT_MAX_KEY + 2 ||
        value_length > EVENT_MAX_BYTES || memcmp(key, "e|", 2) != 0 || memchr(key, 0, key_length))
        return false;
    text_buffer_clear(&record->text);
    text_buffer_reserve(&record->text, key_length + value_length + 8);
    text_buffer_add(&record->text, key, key_length);
    text_buffer_add(&record->text, "", 1);
    memset(&record->entity, 0, sizeof(record->entity));
    record->kind = STATE_ENTITY;
    record->entity.event.entity = record->text.data + 2;
    struct scan scan = {value, value + value_length, &record->text};
    return take(&scan, &record->entity);
}
