#include "erasure_queue.h"

#include <string.h>

#include "json.h"

static int64_t number(const struct json *root, const char *name)
{
    int64_t value = -1;
    const struct json *node = json_get(root, name);
    return node && json_integer(node, &value) ? value : -1;
}

bool erasure_result_parse(const char *text, struct erasure_result *out, struct error *err)
{
    struct json *root = json_parse(text, strlen(text), err);
    if (!root)
        return false;
    *out = (struct erasure_result){.learners = number(root, "learners"),
                                   .entities = number(root, "entities"),
                                   .shards = number(root, "shards"),
                                   .elsewhere = number(root, "elsewhere"),
                                   .published = json_boolean(json_get(root, "published"), false),
                                   .copies = number(root, "copies"),
                                   .rows = number(root, "rows"),
                                   .addresses = number(root, "addresses")};
    json_free(root);
    return out->learners >= 0 ||
           error_tell(
               err, ERROR_DATA, false,
               "mooc-ingest không hiểu việc được giao: hai chương trình có cùng phiên bản không?",
               "mooc-ingest did not understand the job: are both programs of one version?");
}
