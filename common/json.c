/* The only file that knows cJSON. struct json is a cJSON node under another name. */
#include "json_internal.h"

#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "allocate.h"

#define PAIRWISE_LIMIT 32
#define EXACT_INTEGER 9007199254740992.0 /* 2^53 */

/* A tree's nodes and texts are many, small, and freed together: they lie in blocks, the root first. A node of 64 bytes stands for
 * some 20 bytes of text, so nearly every tree has one block. */
struct block {
    struct block *next;
    size_t used, size;
    _Alignas(16) char bytes[];
};

static _Thread_local struct block *first_block, *last_block; /* of the tree being parsed */

static struct block *new_block(size_t size)
{
    struct block *block = malloc(sizeof(*block) + size);
    if (block) {
        block->next = NULL;
        block->used = 0;
        block->size = size;
    }
    return block;
}

static void *allocate(size_t bytes)
{
    bytes = (bytes + 15) & ~(size_t)15;
    struct block *block = last_block;
    if (block->size - block->used < bytes) {
        block = new_block(bytes > block->size ? bytes : block->size);
        if (!block)
            return NULL;
        last_block->next = block;
        last_block = block;
    }
    block->used += bytes;
    return block->bytes + block->used - bytes;
}

static void keep(void *place)
{
    (void)place; /* goes with its tree */
}

static void free_blocks(struct block *block)
{
    for (struct block *next; block; block = next) {
        next = block->next;
        free(block);
    }
}

static void set_hooks(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){allocate, keep});
}

static cJSON *parse(const char *text, size_t length)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_hooks);
    first_block = last_block = new_block(length * 4 + 512);
    cJSON *root = first_block ? cJSON_ParseWithLength(text, length) : NULL;
    if (!root)
        free_blocks(first_block);
    first_block = last_block = NULL;
    return root;
}

static const cJSON *node_of(const struct json *node)
{
    return (const cJSON *)(const void *)node;
}

static const struct json *json_of(const cJSON *node)
{
    return (const struct json *)(const void *)node;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_duplicate_pairwise(const cJSON *object)
{
    for (const cJSON *a = object->child; a; a = a->next) {
        for (const cJSON *b = a->next; b; b = b->next) {
            if (strcmp(a->string, b->string) == 0)
                return true;
        }
    }
    return false;
}

static bool has_duplicate_sorted(const cJSON *object, size_t count)
{
    const char **keys = malloc(count * sizeof *keys);
    if (!keys)
        abort();
    size_t filled = 0;
    for (const cJSON *member = object->child; member && filled < count; member = member->next)
        keys[filled++] = member->string;
    qsort(keys, filled, sizeof *keys, compare_keys);
    bool duplicate = false;
    for (size_t i = 1; i < filled && !duplicate; i++)
        duplicate = strcmp(keys[i - 1], keys[i]) == 0;
    free(keys);
    return duplicate;
}

/* Recursion is bounded: json_check let no more than JSON_MAX_DEPTH levels through. */
static bool has_duplicate_key(const cJSON *node)
{
    size_t count = 0;
    for (const cJSON *child = node->child; child; child = child->next) {
        count++;
        if (child->child && has_duplicate_key(child))
            return true;
    }
    if (!cJSON_IsObject(node))
        return false;
    return count <= PAIRWISE_LIMIT ? has_duplicate_pairwise(node) : has_duplicate_sorted(node, count);
}

struct json *json_parse(const char *text, size_t length, struct error *err)
{
    return json_check(text, length, err) ? json_parse_checked(text, length, err) : NULL;
}

struct json *json_parse_checked(const char *text, size_t length, struct error *err)
{
    cJSON *root = parse(text, length);
    if (!root) {
        error_set(err, ERROR_INTERNAL, false, "out of memory for a JSON text of %zu bytes", length);
        return NULL;
    }
    if (has_duplicate_key(root)) {
        json_free((struct json *)(void *)root);
        error_set(err, ERROR_DATA, false, "not_json: an object has the same key twice");
        return NULL;
    }
    return (struct json *)(void *)root;
}

/* The text with quotes around these numbers. */
static struct json *parse_quoted(const char *text, struct json_span span,
                                 const struct json_span *numbers, size_t count, struct error *err)
{
    char *quoted = must_have(malloc(span.end - span.begin + 2 * count));
    size_t from = span.begin, to = 0;
    for (size_t i = 0; i < count; i++) {
        const struct json_span *n = &numbers[i];
        memcpy(quoted + to, text + from, n->begin - from);
        to += n->begin - from;
        quoted[to++] = '"';
        memcpy(quoted + to, text + n->begin, n->end - n->begin);
        to += n->end - n->begin;
        quoted[to++] = '"';
        from = n->end;
    }
    memcpy(quoted + to, text + from, span.end - from);
    struct json *root = json_parse_checked(quoted, to + span.end - from, err);
    free(quoted);
    return root;
}

/* The first of the numbers, which rise, that begins at `at` or behind it. */
static size_t first_number(const struct json_spans *numbers, size_t at)
{
    size_t low = 0, high = numbers->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (numbers->items[middle].begin < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct json *json_parse_span(const char *text, struct json_span span,
                             const struct json_spans *inexact, struct error *err)
{
    size_t first = first_number(inexact, span.begin), behind = first_number(inexact, span.end);
    if (first < behind)
        return parse_quoted(text, span, inexact->items + first, behind - first, err);
    return json_parse_checked(text + span.begin, span.end - span.begin, err);
}

struct json *json_parse_exact(const char *text, size_t length, struct error *err)
{
    struct json_spans numbers = {0};
    struct json *root = NULL;
    if (json_check_inexact(text, length, &numbers, err))
        root = json_parse_span(text, (struct json_span){0, length}, &numbers, err);
    free(numbers.items);
    return root;
}

void json_free(struct json *root)
{
    if (root)
        free_blocks((struct block *)(void *)((char *)root - offsetof(struct block, bytes)));
}

struct json *json_list_of(const struct json *node)
{
    cJSON *list = must_have(
        calloc(2, sizeof *list)); /* the array, and a copy of the node without its neighbours */
    list[1] = *node_of(node);
    list[1].next = list[1].prev = NULL;
    list->type = cJSON_Array;
    list->child = &list[1];
    return (struct json *)(void *)list;
}

void json_list_free(struct json *list)
{
    free(list);
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (!json_is_object(object))
        return NULL;
    return json_of(cJSON_GetObjectItemCaseSensitive(node_of(object), key));
}

const struct json *json_first(const struct json *container)
{
    return json_is_object(container) || json_is_array(container) ? json_of(node_of(container)->child)
                                                                 : NULL;
}

const struct json *json_next(const struct json *item)
{
    return item ? json_of(node_of(item)->next) : NULL;
}

size_t json_size(const struct json *container)
{
    size_t count = 0;
    for (const struct json *item = json_first(container); item; item = json_next(item))
        count++;
    return count;
}

const char *json_key(const struct json *member)
{
    return member ? node_of(member)->string : NULL;
}

bool json_is_object(const struct json *node)
{
    return cJSON_IsObject(node_of(node));
}

bool json_is_array(const struct json *node)
{
    return cJSON_IsArray(node_of(node));
}

bool json_is_null(const struct json *node)
{
    return cJSON_IsNull(node_of(node));
}

bool json_is_string(const struct json *node)
{
    return cJSON_IsString(node_of(node));
}

bool json_is_number(const struct json *node)
{
    return cJSON_IsNumber(node_of(node));
}

bool json_is_boolean(const struct json *node)
{
    return cJSON_IsBool(node_of(node));
}

const char *json_string(const struct json *node)
{
    return json_is_string(node) ? node_of(node)->valuestring : NULL;
}

double json_number(const struct json *node, double fallback)
{
    return json_is_number(node) ? node_of(node)->valuedouble : fallback;
}

bool json_integer(const struct json *node, int64_t *value)
{
    if (!json_is_number(node))
        return false;
    double number = node_of(node)->valuedouble;
    if (fabs(number) > EXACT_INTEGER || number != trunc(number))
        return false;
    *value = (int64_t)number;
    return true;
}

bool json_boolean(const struct json *node, bool fallback)
{
    return json_is_boolean(node) ? cJSON_IsTrue(node_of(node)) : fallback;
}

const char *json_get_string(const struct json *object, const char *key)
{
    return json_string(json_get(object, key));
}
