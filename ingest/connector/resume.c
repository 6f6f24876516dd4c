#include "resume.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/text_buffer.h"
#include "../numbers.h"

#define PURPOSE "sweep position"
#define KEEP_MS 2000        /* along with other records */
#define KEEP_ALONE_MS 30000 /* where nothing else is written */
#define MAX_AGE_US                                                                                 \
    INT64_C(21600000000) /* links live for a day at most (xAPI), a sweep should be younger */

static void cursor_name(const struct job *j, struct text_buffer *out)
{
    text_buffer_add_format(out, "resume:%s:%s", j->p->connector->streams[j->stream].spec.name,
                           platform_substream(j->p, j->stream, j->course));
}

static void store(struct job *j, const char *value)
{
    struct text_buffer name = {.data = NULL};
    cursor_name(j, &name);
    shard_cursor_set(j->p->shard, j->p->base.name, name.data, value);
    text_buffer_free(&name);
}

static int64_t page_size(const struct job *j)
{
    return platform_page_size(j->p, j->stream, platform_place(j->p, j->stream, j->course));
}

static char *to_hex(const uint8_t *bytes, size_t length)
{
    char *hex = must_have(malloc(length * 2 + 1));
    hex_encode(bytes, length, hex);
    return hex;
}

static uint8_t *from_hex(const char *hex, size_t *length)
{
    *length = strlen(hex) / 2;
    uint8_t *bytes = must_have(malloc(*length + 1));
    if (hex_decode(hex, *length, bytes))
        return bytes;
    free(bytes);
    return NULL;
}

/* "started seen number page offset records size\nlink\ncursor", an absent text as an empty line. */
static void encode(const struct job *j, const struct page_position *at, struct text_buffer *out)
{
    int64_t seen = j->seen + j->resumed_seen;
    text_buffer_add_format(out, "%lld %lld %lld %lld %lld %lld %lld\n", (long long)j->started_us,
                           (long long)seen, (long long)at->number, (long long)at->page,
                           (long long)at->offset, (long long)at->seen, (long long)page_size(j));
    text_buffer_add_format(out, "%s\n%s", at->link ? at->link : "", at->cursor ? at->cursor : "");
}

static char *line_of(const char *from, size_t length)
{
    return length ? must_have(strndup(from, length)) : NULL;
}

static bool decode(struct job *j, const char *text)
{
    int64_t n[7];
    if (!numbers_read(text, n, ARRAY_LEN(n)))
        return false;
    const char *link = strchr(text, '\n'), *cursor = link ? strchr(link + 1, '\n') : NULL;
    bool counts_pages = j->p->connector->streams[j->stream].pages.rule == PAGES_NUMBER;
    if (!cursor || n[0] < clock_now_us() - MAX_AGE_US || n[0] > clock_now_us() ||
        (counts_pages && n[6] != page_size(j))) /* the fifth page is another one then */
        return false;
    j->started_us = n[0];
    j->resumed_seen = n[1];
    j->from = (struct page_position){.number = n[2],
                                     .page = n[3],
                                     .offset = n[4],
                                     .seen = n[5],
                                     .link = line_of(link + 1, (size_t)(cursor - link - 1)),
                                     .cursor = line_of(cursor + 1, strlen(cursor + 1))};
    return true;
}

bool resume_find(struct job *j)
{
    const struct source_context *c = j->p->context;
    struct text_buffer name = {.data = NULL};
    j->kept_at_ms = clock_monotonic_ms();
    cursor_name(j, &name);
    const char *kept = shard_cursor_get(j->p->shard, j->p->base.name, name.data);
    text_buffer_free(&name);
    if (!kept || !*kept)
        return false;
    j->kept = true;
    size_t length, plain_length;
    uint8_t *sealed = from_hex(kept, &length), *plain = NULL;
    bool found =
        sealed &&
        unseal(c->secret, c->secret_length, PURPOSE, sealed, length, &plain, &plain_length, NULL) &&
        decode(j, (const char *)plain);
    free(sealed);
    free(plain);
    return found;
}

void resume_keep(struct job *j)
{
    const struct page_position *at = j->walk && j->sweep ? walk_position(j->walk) : NULL;
    int64_t now = clock_monotonic_ms(), since = now - j->kept_at_ms;
    if (!at || j->kind == JOB_WINDOW || since < KEEP_MS ||
        (since < KEEP_ALONE_MS && shard_is_flushed(j->p->shard)) ||
        j->p->streams[j->stream].rules->for_each == FOR_ROWS)
        return;
    const struct source_context *c = j->p->context;
    struct text_buffer text = {.data = NULL};
    uint8_t *sealed;
    size_t length;
    encode(j, at, &text);
    j->kept_at_ms = now;
    if (seal(c->secret, c->secret_length, PURPOSE, text.data, text.length, &sealed, &length, NULL)) {
        char *hex = to_hex(sealed, length);
        store(j, hex);
        j->kept = true;
        free(hex);
        free(sealed);
    }
    text_buffer_free(&text);
}

void resume_forget(struct job *j)
{
    if (j->kept)
        store(j, "");
    j->kept = false;
}
