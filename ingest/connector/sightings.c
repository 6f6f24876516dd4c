#include "sightings.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

#define WAYS 4 /* notes of a line: 64 bytes, one access to memory */
#define BITS UINT64_C(15)
#define FIRST_LINES 64

struct note {
    uint64_t key; /* digest and bits; 0 = free */
    uint64_t value;
};

struct sightings {
    struct note *notes;
    size_t lines, most_lines, count; /* lines: a power of two */
    unsigned turn;                   /* which one a full line gives up next */
};

static struct note *new_notes(size_t lines)
{
    void *notes = NULL;
    size_t bytes = lines * WAYS * sizeof(struct note);
    if (posix_memalign(&notes, WAYS * sizeof(struct note), bytes) != 0)
        must_have(NULL);
    memset(notes, 0, bytes);
    return notes;
}

struct sightings *sightings_new(size_t most_bytes)
{
    struct sightings *s = must_have(calloc(1, sizeof *s));
    s->most_lines = most_bytes / (WAYS * sizeof(struct note));
    s->lines = s->most_lines < FIRST_LINES ? s->most_lines : FIRST_LINES;
    s->notes = new_notes(s->lines);
    return s;
}

void sightings_free(struct sightings *s)
{
    if (!s)
        return;
    free(s->notes);
    free(s);
}

/* Never 0 without its bits. */
static uint64_t name_of(uint64_t digest)
{
    return digest > BITS ? digest & ~BITS : BITS + 1;
}

/* Each note may stand in two lines: so they fill up evenly. */
static struct note *line_of(const struct sightings *s, uint64_t name, bool other)
{
    return s->notes + ((other ? name >> 34 : name >> 4) & (s->lines - 1)) * WAYS;
}

static struct note *find(const struct sightings *s, uint64_t name)
{
    for (int other = 0; other < 2; other++) {
        struct note *line = line_of(s, name, other);
        for (size_t i = 0; i < WAYS; i++)
            if ((line[i].key & ~BITS) == name)
                return &line[i];
    }
    return NULL;
}

bool sightings_find(const struct sightings *s, uint64_t digest, unsigned *bits, uint64_t *value)
{
    const struct note *note = find(s, name_of(digest));
    if (!note)
        return false;
    *bits = (unsigned)(note->key & BITS);
    *value = note->value;
    return true;
}

static void place(struct sightings *s, const struct note *note)
{
    struct note *lines[2];
    size_t used[2] = {0, 0};
    for (int other = 0; other < 2; other++) {
        lines[other] = line_of(s, note->key & ~BITS, other);
        while (used[other] < WAYS && lines[other][used[other]].key)
            used[other]++;
    }
    int emptier = used[1] < used[0];
    bool full = used[emptier] == WAYS;
    s->count += !full;
    lines[emptier][full ? s->turn++ % WAYS : used[emptier]] = *note;
}

static void grow(struct sightings *s)
{
    struct note *old = s->notes;
    size_t count = s->lines * WAYS;
    s->lines *= 2;
    s->notes = new_notes(s->lines);
    s->count = 0;
    for (size_t i = 0; i < count; i++)
        if (old[i].key)
            place(s, &old[i]);
    free(old);
}

void sightings_put(struct sightings *s, uint64_t digest, unsigned bits, uint64_t value)
{
    uint64_t name = name_of(digest);
    struct note note = {name | (bits & BITS), value}, *held = find(s, name);
    if (held) {
        *held = note;
        return;
    }
    if (s->count >= s->lines * WAYS / 4 * 3 && s->lines * 2 <= s->most_lines)
        grow(s);
    place(s, &note);
}
