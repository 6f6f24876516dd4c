/* The only file that knows libyaml. */
#include "yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <yaml.h>

#include "json.h"
#include "text.h"
#include "text_buffer.h"
#include "yaml_tree.h"

#define MAX_DEPTH 32
#define MAX_BYTES ((size_t)4 << 20)
#define MAX_KEYS 10000 /* of one mapping; keys are compared pair by pair */

struct reader {
    yaml_parser_t parser;
    const char *name;
    struct error *err;
};

static int line_of(const yaml_event_t *event)
{
    return (int)event->start_mark.line + 1;
}

/* Both formats take the same arguments in one order. */
PRINTF_LIKE(3, 5)
PRINTF_LIKE(4, 5)
static bool refuse(const struct reader *r, int line, const char *vi, const char *en, ...)
{
    char what[512], what_vi[512];
    va_list args;
    va_start(args, en);
    vsnprintf(what, sizeof what, en, args);
    va_end(args);
    va_start(args, en);
    vsnprintf(what_vi, sizeof what_vi, vi, args);
    va_end(args);
    error_set(r->err, ERROR_CONFIG, false, "%s:%d: %s", r->name, line, what);
    return error_vi(r->err, "%s:%d: %s", r->name, line, what_vi);
}

static bool next_event(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event))
        return true;
    const char *problem = r->parser.problem ? r->parser.problem : "no YAML";
    const char *context = r->parser.context ? r->parser.context : "";
    bool tab = strcmp(problem, "found character that cannot start any token") == 0 ||
               strstr(problem, "tab character");
    return refuse(r, (int)r->parser.problem_mark.line + 1,
                  tab ? "không đúng cú pháp YAML: thụt dòng bằng dấu cách, không dùng tab; để văn "
                        "bản có ký tự đặc biệt trong ngoặc kép%.0s%.0s%.0s"
                      : "không đúng cú pháp YAML (%s%s%s)",
                  tab ? "%s%s%s (indent with blanks, not tabs; put texts with special characters "
                        "into quotes)"
                      : "%s%s%s",
                  context, *context ? ": " : "", problem);
}

static bool refuse_extras(const struct reader *r, const yaml_event_t *event,
                          const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        return refuse(r, line_of(event), "không hỗ trợ neo (&%s): hãy viết hẳn giá trị ra",
                      "anchors (&%s) are not supported: write the value out", (const char *)anchor);
    if (tag)
        return refuse(r, line_of(event), "không hỗ trợ thẻ (%s)", "tags (%s) are not supported",
                      (const char *)tag);
    return true;
}

static bool is_null(const char *text)
{
    return strcmp(text, "~") == 0 || strcmp(text, "null") == 0 || strcmp(text, "Null") == 0 ||
           strcmp(text, "NULL") == 0;
}

/* The text of a scalar event, NULL if refused. */
static char *scalar_text(const struct reader *r, const yaml_event_t *event)
{
    if (!refuse_extras(r, event, event->data.scalar.anchor, event->data.scalar.tag))
        return NULL;
    const char *text = (const char *)event->data.scalar.value;
    if (strlen(text) != event->data.scalar.length) {
        refuse(r, line_of(event), "trong văn bản có ký tự NUL", "NUL character in a text");
        return NULL;
    }
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && is_null(text))
        text = "";
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

/* The text of the event that should be a key, NULL if refused. */
static char *read_key(const struct reader *r, const yaml_event_t *event,
                      const struct yaml_node *mapping)
{
    if (event->type != YAML_SCALAR_EVENT) {
        refuse(r, line_of(event), "tên mục phải là văn bản thường", "a key must be a plain text");
        return NULL;
    }
    char *key = scalar_text(r, event);
    if (!key)
        return NULL;
    bool ok = true;
    if (*key == '\0')
        ok = refuse(r, line_of(event), "tên mục bị trống", "an empty key");
    else if (yaml_get(mapping, key))
        ok = refuse(r, line_of(event), "mục \"%s\" được nêu lần thứ hai",
                    "the key \"%s\" stands here for the second time", key);
    else if (mapping->count == MAX_KEYS)
        ok = refuse(r, line_of(event), "có hơn %d mục trong một nhóm",
                    "more than %d keys in one mapping", MAX_KEYS);
    if (ok)
        return key;
    free(key);
    return NULL;
}

static struct yaml_node *read_node(struct reader *r, const yaml_event_t *event, int depth);

/* The value behind a key, which is taken, or an item of a sequence (key NULL). */
static bool read_child(struct reader *r, const yaml_event_t *event, struct yaml_node *node,
                       char *key, int key_line, int depth)
{
    struct yaml_node *item = read_node(r, event, depth);
    if (!item) {
        free(key);
        return false;
    }
    item->key_line = key_line;
    yaml_node_add(node, key, item);
    return true;
}

static bool read_pair(struct reader *r, const yaml_event_t *key_event, struct yaml_node *node,
                      int depth)
{
    char *key = read_key(r, key_event, node);
    if (!key)
        return false;
    yaml_event_t event;
    if (!next_event(r, &event)) {
        free(key);
        return false;
    }
    bool ok = read_child(r, &event, node, key, line_of(key_event), depth);
    yaml_event_delete(&event);
    return ok;
}

static bool read_children(struct reader *r, struct yaml_node *node, int depth)
{
    bool mapping = node->kind == YAML_MAPPING;
    yaml_event_type_t end = mapping ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    for (;;) {
        yaml_event_t event;
        if (!next_event(r, &event))
            return false;
        bool done = event.type == end, ok = true;
        if (!done)
            ok = mapping ? read_pair(r, &event, node, depth)
                         : read_child(r, &event, node, NULL, 0, depth);
        yaml_event_delete(&event);
        if (done || !ok)
            return ok;
    }
}

static struct yaml_node *read_node(struct reader *r, const yaml_event_t *event, int depth)
{
    struct yaml_node *node = yaml_node_new(line_of(event));
    bool ok;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        node->kind = YAML_SCALAR;
        node->scalar = scalar_text(r, event);
        node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        ok = node->scalar != NULL;
        break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        if (event->type == YAML_MAPPING_START_EVENT) {
            node->kind = YAML_MAPPING;
            ok = refuse_extras(r, event, event->data.mapping_start.anchor,
                               event->data.mapping_start.tag);
        } else {
            node->kind = YAML_SEQUENCE;
            ok = refuse_extras(r, event, event->data.sequence_start.anchor,
                               event->data.sequence_start.tag);
        }
        if (ok && depth == MAX_DEPTH)
            ok = refuse(r, node->line, "có hơn %d cấp", "more than %d levels", MAX_DEPTH);
        ok = ok && read_children(r, node, depth + 1);
        break;
    case YAML_ALIAS_EVENT:
        ok = refuse(r, node->line, "không hỗ trợ bí danh (*%s): hãy viết hẳn giá trị ra",
                    "aliases (*%s) are not supported: write the value out",
                    (const char *)event->data.alias.anchor);
        break;
    default:
        ok = refuse(r, node->line, "thiếu giá trị", "no value where one must be");
        break;
    }
    if (ok)
        return node;
    yaml_node_free(node);
    return NULL;
}

/* One document, or none: *root stays NULL then. */
static bool read_stream(struct reader *r, struct yaml_node **root)
{
    int documents = 0;
    for (;;) {
        yaml_event_t event;
        if (!next_event(r, &event))
            return false;
        bool end = event.type == YAML_STREAM_END_EVENT, ok = true;
        if (event.type == YAML_DOCUMENT_START_EVENT && documents++ > 0)
            ok = refuse(r, line_of(&event), "trong tệp có tài liệu thứ hai (---)",
                        "a second document (---) in the file");
        else if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT &&
                 event.type != YAML_DOCUMENT_END_EVENT && !end)
            ok = (*root = read_node(r, &event, 0)) != NULL;
        yaml_event_delete(&event);
        if (end || !ok)
            return ok;
    }
}

/* "--- " alone, or an empty file, holds a null: no document to speak of. */
static bool is_empty(const struct yaml_node *root)
{
    return root->kind == YAML_SCALAR && root->scalar[0] == '\0';
}

struct yaml *yaml_load_text(const char *text, size_t length, const char *name, struct error *err)
{
    struct reader r = {.name = name, .err = err};
    if (length > MAX_BYTES) {
        error_tell(err, ERROR_CONFIG, false, "%s: lớn hơn 4 MiB", "%s: larger than 4 MiB", name);
        return NULL;
    }
    if (!utf8_valid(text, length)) {
        refuse(&r, text_bad_line(text, length), "không phải UTF-8: hãy lưu tệp dạng UTF-8",
               "not UTF-8: save the file as UTF-8");
        return NULL;
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark */
        text += 3;
        length -= 3;
    }
    if (!yaml_parser_initialize(&r.parser))
        abort();
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    struct yaml_node *root = NULL;
    bool ok = read_stream(&r, &root);
    yaml_parser_delete(&r.parser);
    if (!ok) {
        yaml_node_free(root);
        return NULL;
    }
    if (root && is_empty(root)) {
        yaml_node_free(root);
        root = NULL;
    }
    return yaml_document_new(name, root);
}

struct yaml *yaml_load_file(const char *path, struct error *err)
{
    struct text_buffer text = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : 0;
    while (fd >= 0 && text.length <= MAX_BYTES) {
        text_buffer_reserve(&text, 65536);
        got = read(fd, text.data + text.length, 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        text.length += (size_t)got;
    }
    struct yaml *doc = NULL;
    if (got < 0)
        error_tell(err, ERROR_CONFIG, false, "%s: không đọc được: " REASON_VI,
                   "%s: cannot be read: " REASON_EN, path, ERROR_REASON(errno));
    else
        doc = yaml_load_text(text.data, text.length, path, err);
    if (fd >= 0)
        close(fd);
    text_buffer_free(&text);
    return doc;
}
