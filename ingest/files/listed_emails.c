#include "listed_emails.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../common/crypto.h"
#include "../../common/file.h"
#include "../../common/text_buffer.h"

#define MAX_FILE (512U * 1024 * 1024)
#define PURPOSE "listed-emails"
static const char magic[8] = "LISTED1";

struct entry {
    char *email;
    struct key128 substream, entity;
    bool found;
    bool old; /* within a replacement: not seen again yet */
};

struct listed_emails {
    char path[4096];
    const void *secret;
    size_t secret_length;
    struct entry *entries;            /* sorted by email, entity */
    size_t count, capacity, unsorted; /* entries from `unsorted` on are new */
    bool changed;
};

static struct key128 substream_key(const char *source, const char *substream)
{
    char text[512];
    int length = snprintf(text, sizeof(text), "%.200s\x1f%.200s", source, substream);
    return key128_of(text, (size_t)length);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->email, y->email);
    return order != 0 ? order : key128_compare(x->entity, y->entity);
}

static void append(struct listed_emails *list, const struct entry *entry)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 1024 : list->capacity * 2;
        list->entries = realloc(list->entries, list->capacity * sizeof(list->entries[0]));
        if (list->entries == NULL)
            abort();
    }
    list->entries[list->count++] = *entry;
}

static void wipe(char *text)
{
    volatile char *p = text;
    while (*p != '\0')
        *p++ = '\0';
    free(text);
}

/* Drops entries for which `gone` holds and keeps the order. */
static void drop(struct listed_emails *list, bool (*gone)(const struct entry *, const void *),
                 const void *what)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (gone(&list->entries[i], what)) {
            wipe(list->entries[i].email);
            list->changed = true;
        } else {
            list->entries[kept++] = list->entries[i];
        }
    }
    if (list->unsorted > kept)
        list->unsorted = kept;
    list->count = kept;
}

/* Sorts what was added; of two equal entries the first stays. */
static void settle(struct listed_emails *list)
{
    if (list->unsorted == list->count)
        return;
    qsort(list->entries, list->count, sizeof(list->entries[0]), compare_entries);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (kept > 0 && compare_entries(&list->entries[kept - 1], &list->entries[i]) == 0) {
            struct entry *stays = &list->entries[kept - 1];
            /* qsort is not stable: the older one knows whether an account was found. */
            stays->found = stays->found || list->entries[i].found;
            stays->old = stays->old && list->entries[i].old;
            wipe(list->entries[i].email);
        } else {
            list->entries[kept++] = list->entries[i];
        }
    }
    list->count = list->unsorted = kept;
}

/* magic, then per entry: substream (16), entity (16), found (1), length (1), address. */
static bool decode(struct listed_emails *list, const uint8_t *bytes, size_t length, struct error *err)
{
    size_t at = sizeof(magic);
    if (length < at || memcmp(bytes, magic, at) != 0)
        return error_set(err, ERROR_STATE, false, "%s has an unknown form", list->path);
    while (at + 34 <= length) {
        size_t size = bytes[at + 33];
        if (at + 34 + size > length)
            break;
        struct entry entry = {malloc(size + 1), key128_load(bytes + at),
                              key128_load(bytes + at + 16), bytes[at + 32] != 0, false};
        if (entry.email == NULL)
            abort();
        memcpy(entry.email, bytes + at + 34, size);
        entry.email[size] = '\0';
        append(list, &entry);
        at += 34 + size;
    }
    list->unsorted = list->count;
    return at == length || error_set(err, ERROR_STATE, false, "%s is cut off", list->path);
}

struct listed_emails *listed_emails_load(const char *data_dir, const void *secret,
                                         size_t secret_length, struct error *err)
{
    struct listed_emails *list = calloc(1, sizeof(*list));
    if (list == NULL)
        abort();
    (void)snprintf(list->path, sizeof(list->path), "%s/listed-emails.sealed", data_dir);
    list->secret = secret;
    list->secret_length = secret_length;
    struct stat status;
    if (stat(list->path, &status) != 0 && errno == ENOENT)
        return list;
    size_t sealed_length = 0, length = 0;
    uint8_t *plain = NULL;
    char *sealed = file_read_whole(list->path, MAX_FILE, &sealed_length, err);
    bool ok = sealed != NULL &&
              unseal(secret, secret_length, PURPOSE, sealed, sealed_length, &plain, &length, err) &&
              decode(list, plain, length, err);
    if (plain != NULL) {
        memset(plain, 0, length);
        free(plain);
    }
    free(sealed);
    if (ok)
        return list;
    listed_emails_free(list);
    (void)error_context(err, "e-mails of listed people");
    return NULL;
}

void listed_emails_free(struct listed_emails *list)
{
    if (list == NULL)
        return;
    for (size_t i = 0; i < list->count; i++)
        wipe(list->entries[i].email);
    free(list->entries);
    free(list);
}

bool listed_emails_save(struct listed_emails *list, struct error *err)
{
    settle(list);
    if (!list->changed)
        return true;
    struct text_buffer plain = {0};
    text_buffer_add(&plain, magic, sizeof(magic));
    for (size_t i = 0; i < list->count; i++) {
        const struct entry *e = &list->entries[i];
        uint8_t head[34];
        key128_store(e->substream, head);
        key128_store(e->entity, head + 16);
        head[32] = e->found;
        head[33] = (uint8_t)strlen(e->email);
        text_buffer_add(&plain, head, sizeof(head));
        text_buffer_add(&plain, e->email, head[33]);
    }
    uint8_t *sealed = NULL;
    size_t length = 0;
    bool ok = seal(list->secret, list->secret_length, PURPOSE, plain.data, plain.length, &sealed,
                   &length, err) &&
              file_write_whole(list->path, sealed, length, err);
    free(sealed);
    memset(plain.data, 0, plain.length);
    text_buffer_free(&plain);
    if (ok)
        list->changed = false;
    return ok;
}

void listed_emails_add(struct listed_emails *list, const char *source, const char *substream,
                       const char *entity, const char *email)
{
    if (strlen(email) > 254)
        return;
    struct entry wanted = {strdup(email), substream_key(source, substream),
                           key128_of(entity, strlen(entity)), false, false};
    if (wanted.email == NULL)
        abort();
    struct entry *held = list->unsorted > 0 ? bsearch(&wanted, list->entries, list->unsorted,
                                                      sizeof(list->entries[0]), compare_entries)
                                            : NULL;
    if (held != NULL) {
        held->old = false;
        wipe(wanted.email);
        return;
    }
    append(list, &wanted);
    list->changed = true;
}

/* Sorted. */
struct entities {
    const struct key128 *keys;
    size_t count;
};

static int compare_keys(const void *a, const void *b)
{
    const struct key128 *x = a, *y = b;
    return key128_compare(*x, *y);
}

static struct entities sorted(struct key128 *keys, size_t count)
{
    if (count > 1)
        qsort(keys, count, sizeof(*keys), compare_keys);
    return (struct entities){keys, count};
}

static bool is_among(const struct entry *entry, const void *what)
{
    const struct entities *among = what;
    return among->count > 0 && bsearch(&entry->entity, among->keys, among->count,
                                       sizeof(*among->keys), compare_keys) != NULL;
}

void listed_emails_remove(struct listed_emails *list, struct key128 *entities, size_t count)
{
    struct entities gone = sorted(entities, count);
    drop(list, is_among, &gone);
}

static bool has_address(const struct entry *entry, const void *email)
{
    return strcmp(entry->email, email) == 0;
}

int64_t listed_emails_remove_address(struct listed_emails *list, const char *email)
{
    size_t before = list->count;
    char address[256]; /* `email` may be the very one that goes */
    (void)snprintf(address, sizeof(address), "%s", email);
    drop(list, has_address, address);
    return (int64_t)(before - list->count);
}

void listed_emails_replace_begin(struct listed_emails *list, const char *source, const char *substream)
{
    struct key128 replaced = substream_key(source, substream);
    settle(list);
    for (size_t i = 0; i < list->count; i++)
        list->entries[i].old =
            list->entries[i].old || key128_equal(list->entries[i].substream, replaced);
}

void listed_emails_keep(struct listed_emails *list, struct key128 *entities, size_t count)
{
    struct entities kept = sorted(entities, count);
    for (size_t i = 0; i < list->count; i++)
        list->entries[i].old = list->entries[i].old && !is_among(&list->entries[i], &kept);
}

static bool is_old(const struct entry *entry, const void *nothing)
{
    (void)nothing;
    return entry->old;
}

void listed_emails_replace_end(struct listed_emails *list)
{
    settle(list);
    drop(list, is_old, NULL);
}

void listed_emails_set_found(struct listed_emails *list, const char *email, bool found)
{
    settle(list);
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(list->entries[middle].email, email) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < list->count && strcmp(list->entries[low].email, email) == 0; low++) {
        list->changed = list->changed || list->entries[low].found != found;
        list->entries[low].found = found;
    }
}

void listed_emails_for_each(const struct listed_emails *list, listed_emails_visit visit, void *context)
{
    for (size_t from = 0, to; from < list->unsorted; from = to) {
        const char *email = list->entries[from].email;
        bool found = false;
        for (to = from; to < list->unsorted && strcmp(list->entries[to].email, email) == 0; to++)
            found = found || list->entries[to].found;
        if (!visit(context, email, found))
            return;
    }
}
