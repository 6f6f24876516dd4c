/* yaml_load_text on anything: a tree within its bounds, or an error that says where. */
#include <stdlib.h>
#include <string.h>

#include "../../common/json.h"
#include "../../common/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void walk(const struct yaml_node *node, int depth)
{
    must(depth <= 32 && yaml_line(node) >= 1);
    const char *text = yaml_scalar(node);
    must((text != NULL) == (yaml_kind(node) == YAML_SCALAR));
    must(!text || utf8_valid(text, strlen(text)));
    for (size_t i = 0; i < yaml_count(node); i++) {
        const struct yaml_node *item = yaml_item(node, i);
        if (yaml_kind(node) == YAML_MAPPING) {
            must(*yaml_key(node, i) && yaml_key_line(node, i) >= 1);
            must(yaml_get(node, yaml_key(node, i)) == item);
        }
        walk(item, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct yaml *doc = yaml_load_text((const char *)data, size, "f", &err);
    if (!doc) {
        must(err.kind == ERROR_CONFIG && strncmp(err.message, "f:", 2) == 0);
        return 0;
    }
    if (yaml_root(doc))
        walk(yaml_root(doc), 0);
    yaml_unload(doc);
    return 0;
}
