#include "holds.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/crypto.h"
#include "../../common/file.h"
#include "../../common/json.h"
#include "../numbers.h"

#define MAX_FILE ((size_t)4 << 20)

static char *copy(const char *text)
{
    char *copied = strdup(text);
    if (!copied) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return copied;
}

void hold_id(const char *source, const char *stream, const char *substream, char out[HOLD_ID_SIZE])
{
    struct text_buffer text = {0};
    text_buffer_add(&text, source, strlen(source) + 1);
    text_buffer_add(&text, stream, strlen(stream) + 1);
    text_buffer_add_text(&text, substream);
    uint8_t digest[16];
    key128_store(key128_of(text.data, text.length), digest);
    hex_encode(digest, (HOLD_ID_SIZE - 1) / 2, out);
    text_buffer_free(&text);
}

void hold_release(struct hold *hold)
{
    free(hold->source);
    free(hold->stream);
    free(hold->substream);
}

void holds_free(struct holds *holds)
{
    for (size_t i = 0; i < holds->count; i++)
        hold_release(&holds->items[i]);
    free(holds->items);
    *holds = (struct holds){0};
}

struct hold *holds_find(const struct holds *holds, const char *id)
{
    for (size_t i = 0; i < holds->count; i++)
        if (strcmp(holds->items[i].id, id) == 0)
            return &holds->items[i];
    return NULL;
}

struct hold *holds_put(struct holds *holds, const struct hold *hold)
{
    struct hold added = *hold;
    added.source = copy(hold->source);
    added.stream = copy(hold->stream);
    added.substream = copy(hold->substream);
    struct hold *at = holds_find(holds, hold->id);
    if (at) {
        if (at->vanished > 0 || added.vanished == 0) /* else it waits anew */
            added.since_us = at->since_us;
        hold_release(at);
    } else {
        struct hold *more = realloc(holds->items, (holds->count + 1) * sizeof(*more));
        if (!more)
            abort();
        holds->items = more;
        at = &holds->items[holds->count++];
    }
    *at = added;
    return at;
}

void holds_remove(struct holds *holds, const char *id)
{
    struct hold *at = holds_find(holds, id);
    if (!at)
        return;
    hold_release(at);
    *at = holds->items[--holds->count];
}

static void text_member(struct text_buffer *out, const char *name, const char *value)
{
    text_buffer_add_text(out, name);
    text_buffer_add_json_string(out, value);
}

void hold_encode(const struct hold *hold, struct text_buffer *out)
{
    text_member(out, "{\"id\":", hold->id);
    text_member(out, ",\"source\":", hold->source);
    text_member(out, ",\"stream\":", hold->stream);
    text_member(out, ",\"substream\":", hold->substream);
    text_buffer_add_format(out,
                           ",\"vanished\":%lld,\"of\":%lld,\"kept\":%lld,\"lately\":%lld,"
                           "\"since_us\":%lld,\"through_us\":%lld,\"seen\":%lld,"
                           "\"confirmations\":%d,\"recalled\":%d}",
                           (long long)hold->vanished, (long long)hold->of, (long long)hold->kept,
                           (long long)hold->lately, (long long)hold->since_us,
                           (long long)hold->through_us, (long long)hold->seen, hold->confirmations,
                           hold->recalled);
}

static bool take(const struct json *node, struct hold *out, struct error *err)
{
    const char *id = json_get_string(node, "id"), *source = json_get_string(node, "source"),
               *stream = json_get_string(node, "stream"),
               *substream = json_get_string(node, "substream");
    int64_t confirmations, recalled = 0;
    struct hold hold = {0};
    if (!id || strlen(id) != HOLD_ID_SIZE - 1 || !source || !stream || !substream ||
        !json_integer(json_get(node, "vanished"), &hold.vanished) ||
        !json_integer(json_get(node, "of"), &hold.of) ||
        (json_get(node, "kept") && !json_integer(json_get(node, "kept"), &hold.kept)) ||
        !json_integer(json_get(node, "lately"), &hold.lately) ||
        !json_integer(json_get(node, "since_us"), &hold.since_us) ||
        !json_integer(json_get(node, "through_us"), &hold.through_us) ||
        !json_integer(json_get(node, "seen"), &hold.seen) ||
        !json_integer(json_get(node, "confirmations"), &confirmations) || confirmations < 0 ||
        confirmations > 15 ||
        (json_get(node, "recalled") && !json_integer(json_get(node, "recalled"), &recalled)) ||
        recalled < 0 || recalled > 15)
        return error_set(err, ERROR_STATE, false, "a stored hold is damaged");
    memcpy(hold.id, id, sizeof(hold.id));
    hold.confirmations = (int)confirmations;
    hold.recalled = (int)recalled;
    hold.source = copy(source);
    hold.stream = copy(stream);
    hold.substream = copy(substream);
    *out = hold;
    return true;
}

bool hold_decode(const char *text, struct hold *hold, struct error *err)
{
    struct json *root = json_parse(text, strlen(text), err);
    bool fine = root && take(root, hold, err);
    json_free(root);
    return fine;
}

static void file_name(const char *data_dir, int32_t shard, char *out, size_t size)
{
    snprintf(out, size, "%s/holds.%d.json", data_dir, (int)shard);
}

bool holds_save(const struct holds *holds, const char *data_dir, int32_t shard, struct error *err)
{
    char path[4096];
    struct text_buffer text = {0};
    file_name(data_dir, shard, path, sizeof(path));
    text_buffer_add_text(&text, "[");
    for (size_t i = 0; i < holds->count; i++) {
        text_buffer_add_text(&text, i ? ",\n" : "");
        hold_encode(&holds->items[i], &text);
    }
    text_buffer_add_text(&text, "]\n");
    bool fine = file_write_whole(path, text.data, text.length, err);
    text_buffer_free(&text);
    return fine;
}

static bool load(struct holds *holds, const char *path, struct error *err)
{
    size_t length;
    char *text = file_read_whole(path, MAX_FILE, &length, err);
    struct json *root = text ? json_parse(text, length, err) : NULL;
    bool fine = root != NULL;
    for (const struct json *item = json_first(root); fine && item; item = json_next(item)) {
        struct hold hold;
        fine = take(item, &hold, err);
        if (fine) {
            holds_put(holds, &hold);
            hold_release(&hold);
        }
    }
    json_free(root);
    free(text);
    return fine || error_context(err, "%s", path);
}

bool holds_load_all(struct holds *holds, const char *data_dir, struct error *err)
{
    DIR *dir = opendir(data_dir);
    if (!dir)
        return error_tell(err, ERROR_CONFIG, false, "data_dir %s: " REASON_VI,
                          "data_dir %s: " REASON_EN, data_dir, ERROR_REASON(errno));
    bool fine = true;
    for (struct dirent *entry; fine && (entry = readdir(dir));) {
        static const char before[] = "holds.";
        if (strncmp(entry->d_name, before, strlen(before)) != 0)
            continue;
        int64_t shard;
        const char *behind = numbers_read(entry->d_name + strlen(before), &shard, 1);
        if (!behind || strcmp(behind, ".json") != 0 || shard < 0 || shard > INT32_MAX)
            continue;
        char path[4096];
        file_name(data_dir, (int32_t)shard, path, sizeof(path));
        fine = load(holds, path, err);
    }
    closedir(dir);
    return fine;
}

static void decision_name(const char *data_dir, const char *id, const char *decision, char *out,
                          size_t size)
{
    snprintf(out, size, "%s/holds/%s.%s", data_dir, id, decision);
}

enum hold_decision hold_decision(const char *data_dir, const char *id)
{
    char path[4096];
    decision_name(data_dir, id, "reject", path, sizeof(path));
    if (access(path, F_OK) == 0)
        return HOLD_REJECTED;
    decision_name(data_dir, id, "accept", path, sizeof(path));
    return access(path, F_OK) == 0 ? HOLD_ACCEPTED : HOLD_UNDECIDED;
}

int64_t hold_accepted(const char *data_dir, const char *id)
{
    char path[4096];
    size_t length = 0;
    if (hold_decision(data_dir, id) != HOLD_ACCEPTED)
        return -1;
    decision_name(data_dir, id, "accept", path, sizeof(path));
    char *text = file_read_whole(path, 64, &length, NULL);
    int64_t missing = text && text[0] >= '0' && text[0] <= '9' ? strtoll(text, NULL, 10) : INT64_MAX;
    free(text);
    return missing;
}

static bool write_decision(const char *data_dir, const char *id, enum hold_decision decision,
                           int64_t missing, struct error *err)
{
    char path[4096], text[32];
    snprintf(path, sizeof(path), "%s/holds", data_dir);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_tell(err, ERROR_CONFIG, false, "%s: " REASON_VI, "%s: " REASON_EN, path,
                          ERROR_REASON(errno));
    hold_decision_done(data_dir, id);
    decision_name(data_dir, id, decision == HOLD_ACCEPTED ? "accept" : "reject", path, sizeof(path));
    snprintf(text, sizeof(text), "%lld\n", (long long)missing);
    return file_write_whole(path, text, strlen(text), err);
}

bool hold_decide(const char *data_dir, const char *id, enum hold_decision decision, int64_t missing,
                 struct error *err)
{
    char path[4096];
    decision_name(data_dir, id, "", path, sizeof(path));
    file_as_owner_of(path);
    bool fine = write_decision(data_dir, id, decision, missing, err);
    file_as_ourselves();
    return fine;
}

void hold_decision_done(const char *data_dir, const char *id)
{
    char path[4096];
    decision_name(data_dir, id, "accept", path, sizeof(path));
    unlink(path);
    decision_name(data_dir, id, "reject", path, sizeof(path));
    unlink(path);
}
