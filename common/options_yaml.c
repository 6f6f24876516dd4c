/* The YAML file's keys to options. */
#include "options_internal.h"

#include <stdio.h>

#include "nearest.h"

/* Does an option's name begin with this path and a dot? */
static bool is_group(const struct program *program, const char *path)
{
    size_t length = strlen(path);
    for (size_t i = 0; i < option_total(program); i++) {
        const char *name = option_at(program, i)->name;
        if (strncmp(name, path, length) == 0 && name[length] == '.')
            return true;
    }
    return false;
}

/* The nearest name of a mapping at the top ("metrics" of metrics.listen, or kafka); false if none is near. */
static bool nearest_group(const struct program *program, const char *path, char out[OPTION_NAME_SIZE])
{
    for (size_t i = 0; i <= option_total(program); i++) {
        const char *name = i < option_total(program) ? option_at(program, i)->name : "kafka.";
        size_t length = strcspn(name, ".");
        if (name[length] != '.')
            continue;
        (void)snprintf(out, OPTION_NAME_SIZE, "%.*s", (int)length, name);
        const char *group = out;
        if (nearest_name(path, &group, 1))
            return true;
    }
    return false;
}

static bool refuse_key(const struct options *options, const char *path, int line, struct error *err)
{
    const char *file = yaml_name(options->document);
    char nearest[OPTION_NAME_SIZE];
    if (strcmp(path, "config") == 0)
        return error_tell(err, ERROR_CONFIG, false,
                          "%s:%d: config không thể nằm trong chính tệp mà nó chỉ đến",
                          "%s:%d: config cannot stand in the file that it names", file, line);
    if (option_has_file_form(options->program, path))
        return error_tell(
            err, ERROR_CONFIG, false,
            "%s:%d: %s: bí mật chỉ được lấy từ tệp: hãy ghi %s_file là đường dẫn của tệp",
            "%s:%d: %s: secrets are only taken from files: write %s_file with a "
            "file's path",
            file, line, path, path);
    if (option_nearest(options->program, path, false, nearest) ||
        nearest_group(options->program, path, nearest))
        return error_tell(err, ERROR_CONFIG, false, "%s:%d: không có mục \"%s\"; có phải là \"%s\"?",
                          "%s:%d: unknown key \"%s\"; did you mean \"%s\"?", file, line, path,
                          nearest);
    return error_tell(err, ERROR_CONFIG, false, "%s:%d: không có mục \"%s\"; xem `%s --help`",
                      "%s:%d: unknown key \"%s\"; `%s --help` lists them", file, line, path,
                      options->program->name);
}

static bool assign_node(struct options *options, size_t index, const struct yaml_node *node,
                        int line, struct error *err)
{
    const struct option_spec *spec = option_at(options->program, index);
    const char *text = yaml_scalar(node);
    char where[512];
    (void)snprintf(where, sizeof where, "%.400s:%d: %s", yaml_name(options->document), line,
                   spec->name);
    if (text && *text == '\0')
        return true; /* a null: not given */
    if (options->values[index].origin == ORIGIN_YAML)
        return error_tell(err, ERROR_CONFIG, false, "%s: được nêu hai lần", "%s: is given twice",
                          where);
    if (spec->type == OPTION_SECTION) {
        options->values[index].section = node;
        options->values[index].origin = ORIGIN_YAML;
        return true;
    }
    if (!text)
        return error_tell(err, ERROR_CONFIG, false,
                          "%s: phải là một giá trị, không phải danh sách hay nhóm mục",
                          "%s: must be one value, no list or mapping", where);
    return option_assign(options, index, ORIGIN_YAML, text, where, err);
}

static bool is_null(const struct yaml_node *node)
{
    return yaml_scalar(node) && yaml_scalar(node)[0] == '\0';
}

static bool assign_mapping(struct options *options, const struct yaml_node *mapping,
                           const char *path, struct error *err);

static bool assign_key(struct options *options, const char *path, const struct yaml_node *node,
                       int line, struct error *err)
{
    size_t index;
    if (strcmp(path, "kafka") == 0)
        return kafka_from_yaml(options, node, err);
    if (strcmp(path, "config") != 0 && option_find(options->program, path, &index))
        return assign_node(options, index, node, line, err);
    if (!is_group(options->program, path))
        return refuse_key(options, path, line, err);
    if (yaml_kind(node) == YAML_MAPPING)
        return assign_mapping(options, node, path, err);
    return is_null(node) || error_tell(err, ERROR_CONFIG, false, "%s:%d: %s: phải có các mục con",
                                       "%s:%d: %s: must hold keys of its own",
                                       yaml_name(options->document), line, path);
}

/* Keys under path ("" at the top). The depth is that of option names: a few. */
static bool assign_mapping(struct options *options, const struct yaml_node *mapping,
                           const char *path, struct error *err)
{
    for (size_t i = 0; i < yaml_count(mapping); i++) {
        char full[OPTION_NAME_SIZE];
        (void)snprintf(full, sizeof full, "%s%s%.40s", path, *path ? "." : "", yaml_key(mapping, i));
        if (!assign_key(options, full, yaml_item(mapping, i), yaml_key_line(mapping, i), err))
            return false;
    }
    return true;
}

bool options_assign_yaml(struct options *options, struct error *err)
{
    const struct yaml_node *root = yaml_root(options->document);
    if (!root)
        return true;
    if (yaml_kind(root) != YAML_MAPPING)
        return error_tell(err, ERROR_CONFIG, false, "%s:%d: phải có các mục như log_level: info",
                          "%s:%d: must hold keys such as log_level: info",
                          yaml_name(options->document), yaml_line(root));
    return assign_mapping(options, root, "", err);
}
