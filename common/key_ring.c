#include "key_ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocate.h"
#include "crypto.h"
#include "options.h"

struct key_ring {
    int64_t version;
    struct hmac **later; /* of versions 2 … */
};

void key_ring_file(const char *first_file, int64_t version, char *out, size_t size)
{
    if (version == 1)
        snprintf(out, size, "%s", first_file);
    else
        snprintf(out, size, "%s.%lld", first_file, (long long)version);
}

struct key_ring *key_ring_open(const char *first_file, int64_t version, char fingerprint[33],
                               struct error *err)
{
    struct key_ring *ring = must_have(calloc(1, sizeof(*ring)));
    ring->version = 1;
    ring->later = must_have(calloc((size_t)version, sizeof(*ring->later)));
    for (int64_t v = 2; v <= version; v++) {
        char path[4096];
        size_t length;
        key_ring_file(first_file, v, path, sizeof(path));
        char *secret = secret_read_file(path, &length, err);
        struct hmac *hmac = secret ? hmac_new(secret, length, err) : NULL;
        if (secret)
            secret_free(secret, length);
        if (!hmac) {
            error_context(err, "key version %lld (made by `mooc-ingest key rotate`)", (long long)v);
            key_ring_free(ring);
            return NULL;
        }
        char chained[33];
        hmac_hex(hmac, "fingerprint", fingerprint, strlen(fingerprint), chained);
        memcpy(fingerprint, chained, 16);
        ring->later[v - 2] = hmac;
        ring->version = v;
    }
    return ring;
}

void key_ring_free(struct key_ring *ring)
{
    if (!ring)
        return;
    for (int64_t v = 2; v <= ring->version; v++)
        hmac_free(ring->later[v - 2]);
    free(ring->later);
    free(ring);
}

int64_t key_ring_version(const struct key_ring *ring)
{
    return ring->version;
}

static void wrap(struct key_ring *ring, int64_t version, const char *key, size_t length, char *out)
{
    size_t digits = 0;
    while (digits < length && strchr("0123456789abcdef", key[length - digits - 1]) != NULL)
        digits++;
    bool keyed = (digits == 32 || digits == 16) && digits < length && key[length - digits - 1] == ':';
    memcpy(out, key, length);
    out[length] = '\0';
    if (!keyed)
        return;
    char hex[33];
    hmac_hex(ring->later[version - 2], "wrapped", key + length - digits, digits, hex);
    memcpy(out + length - digits, hex, digits);
}

void key_ring_wrap(struct key_ring *ring, int64_t version, const char *key, char *out)
{
    size_t length = strlen(key);
    wrap(ring, version, key, length < EVENT_MAX_KEY ? length : EVENT_MAX_KEY, out);
}

/* A key keeps the form that stood in the log before it would have been wrapped again. */
static void publish_one(struct key_ring *ring, const struct key_set *known, const char *key,
                        size_t length, char *out)
{
    char now[EVENT_MAX_KEY + 1];
    memcpy(now, key, length);
    now[length] = '\0';
    for (int64_t v = 2; v <= ring->version && !key_set_has(known, key_hash(now, strlen(now))); v++) {
        key_ring_wrap(ring, v, now, out);
        memcpy(now, out, strlen(out) + 1);
    }
    memcpy(out, now, strlen(now) + 1);
}

/* A roster row's learner key joins an identifier and the 16 digits of a name: "citizen:…+0123456789abcdef". */
static const char *name_part(const char *subject)
{
    const char *plus = strrchr(subject, '+');
    return plus && strlen(plus) == 17 ? plus : NULL;
}

static void publish_subject(struct key_ring *ring, const struct key_set *known, const char *subject,
                            char *out)
{
    const char *plus = name_part(subject);
    if (!plus) {
        publish_one(ring, known, subject, strlen(subject), out);
        return;
    }
    char name[5 + 17], published[EVENT_MAX_KEY + 1];
    snprintf(name, sizeof(name), "name:%s", plus + 1);
    publish_one(ring, known, subject, (size_t)(plus - subject), out);
    publish_one(ring, known, name, strlen(name), published);
    snprintf(out + strlen(out), (size_t)EVENT_MAX_KEY + 1 - strlen(out), "+%s", published + 5);
}

/* out: the form of the version, 1 = as it is. */
static void form_of(struct key_ring *ring, const char *key, size_t length, int64_t version, char *out)
{
    char now[EVENT_MAX_KEY + 1];
    memcpy(out, key, length);
    out[length] = '\0';
    for (int64_t v = 2; v <= version; v++) {
        memcpy(now, out, strlen(out) + 1);
        key_ring_wrap(ring, v, now, out);
    }
}

/* The parts of a learner key were met by the log at different times: each has the form of its own time. */
bool key_ring_any_form(struct key_ring *ring, const char *key,
                       bool (*visit)(void *context, const char *form), void *context)
{
    int64_t versions = ring ? ring->version : 1;
    const char *plus = name_part(key);
    char form[EVENT_MAX_KEY + 32], name[5 + 17], named[EVENT_MAX_KEY + 1];
    if (versions == 1 || strlen(key) > EVENT_MAX_KEY)
        return visit(context, key);
    snprintf(name, sizeof(name), "name:%s", plus ? plus + 1 : "");
    for (int64_t v = 1; v <= versions; v++) {
        form_of(ring, key, plus ? (size_t)(plus - key) : strlen(key), v, form);
        size_t length = strlen(form);
        for (int64_t n = 1; n <= (plus ? versions : 1); n++) {
            if (plus) {
                form_of(ring, name, strlen(name), n, named);
                snprintf(form + length, sizeof(form) - length, "+%.16s", named + 5);
            }
            if (visit(context, form))
                return true;
        }
    }
    return false;
}

void key_ring_publish(struct key_ring *ring, const struct key_set *known, struct event *event,
                      struct published_keys *keys)
{
    if (event->subject) {
        publish_subject(ring, known, event->subject, keys->subject);
        event->subject = keys->subject;
    }
    if (event_has(event, FIELD_NAME) && event->name) {
        publish_one(ring, known, event->name, strlen(event->name), keys->name);
        event->name = keys->name;
    }
    for (size_t i = 0; event_has(event, FIELD_IDENTIFIERS) && i < event->identifiers.count; i++) {
        const char *key = event->identifiers.items[i];
        publish_one(ring, known, key, strlen(key), keys->identifiers[i]);
        event->identifiers.items[i] = keys->identifiers[i];
    }
}

void event_keys(const struct event *event,
                void (*visit)(void *context, const char *key, size_t length), void *context)
{
    const char *plus = event->subject ? name_part(event->subject) : NULL;
    if (plus) {
        char name[5 + 17];
        snprintf(name, sizeof(name), "name:%s", plus + 1);
        visit(context, event->subject, (size_t)(plus - event->subject));
        visit(context, name, strlen(name));
    } else if (event->subject) {
        visit(context, event->subject, strlen(event->subject));
    }
    if (event_has(event, FIELD_NAME) && event->name)
        visit(context, event->name, strlen(event->name));
    for (size_t i = 0; event_has(event, FIELD_IDENTIFIERS) && i < event->identifiers.count; i++)
        visit(context, event->identifiers.items[i], strlen(event->identifiers.items[i]));
}
