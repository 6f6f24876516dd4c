/* librdkafka's properties on their way through; what they mean is librdkafka's business. */
#include "options_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "json.h"

#define VARIABLE_PREFIX "MOOC_KAFKA_"
#define FILE_SUFFIX "_file"
#define NAME_MAX_BYTES ((size_t)80)

static bool ends_with(const char *text, const char *suffix)
{
    size_t length = strlen(text), wanted = strlen(suffix);
    return length > wanted && strcmp(text + length - wanted, suffix) == 0;
}

/* Properties that may stand in no command line, environment or configuration file. */
static bool is_secret(const char *name)
{
    return ends_with(name, ".password") || ends_with(name, ".secret") ||
           strcmp(name, "ssl.key.pem") == 0 || strcmp(name, "sasl.oauthbearer.config") == 0;
}

static bool is_name(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_");
    return length > 0 && name[length] == '\0' && length <= NAME_MAX_BYTES;
}

static struct kafka_property *property_of(struct options *options, const char *name)
{
    for (size_t i = 0; i < options->kafka_count; i++) {
        if (strcmp(options->kafka[i].name, name) == 0)
            return &options->kafka[i];
    }
    struct kafka_property *grown =
        realloc(options->kafka, (options->kafka_count + 1) * sizeof *grown);
    if (!grown)
        abort();
    options->kafka = grown;
    grown += options->kafka_count++;
    *grown = (struct kafka_property){.name = strdup(name)};
    if (!grown->name)
        abort();
    return grown;
}

static char *resolve(const struct options *options, const char *path, enum option_origin origin)
{
    char *resolved = origin == ORIGIN_YAML ? options_resolve_path(options, path) : strdup(path);
    if (!resolved)
        abort();
    return resolved;
}

/* Is it a file that the command is about to put back? */
static bool is_to_come(const struct options *options, const char *path, enum option_origin origin)
{
    const char *restores = options->program->restores_secrets;
    if (!restores || !options->command || strcmp(options->command->name, restores) != 0)
        return false;
    char *resolved = resolve(options, path, origin);
    bool missing = access(resolved, F_OK) != 0;
    free(resolved);
    return missing;
}

/* The value of a property whose name ended in _file. */
static char *read_value(const struct options *options, const char *path, enum option_origin origin,
                        const char *where, size_t *length, struct error *err)
{
    char *resolved = resolve(options, path, origin);
    char *value = secret_read_file(resolved, length, err);
    if (!value) {
        error_context(err, "%s", where);
    } else if (strlen(value) != *length || !utf8_valid(value, *length)) {
        error_tell(err, ERROR_CONFIG, false, "%s: %s không chứa văn bản", "%s: %s holds no text",
                   where, resolved);
        secret_free(value, *length);
        value = NULL;
    }
    free(resolved);
    return value;
}

bool kafka_set(struct options *options, const char *name, const char *value,
               enum option_origin origin, const char *where, struct error *err)
{
    if (!is_name(name))
        return error_tell(
            err, ERROR_CONFIG, false,
            "%s: thuộc tính của Kafka phải là tên của librdkafka, chẳng hạn bootstrap.servers",
            "%s: a Kafka property is a librdkafka name, such as bootstrap.servers", where);
    if (is_secret(name))
        return error_tell(
            err, ERROR_CONFIG,
            false, "%s: bí mật chỉ được lấy từ tệp: ghi bí mật vào một tệp có quyền 0600 và nêu đường dẫn ở %s%s",
            "%s: secrets are only taken from files: write the secret into a file of "
            "mode 0600 and give its path as %s%s",
            where, name, FILE_SUFFIX);
    char plain[NAME_MAX_BYTES + 1];
    (void)snprintf(plain, sizeof plain, "%s", name);
    char *text;
    size_t length;
    if (ends_with(name, FILE_SUFFIX)) {
        plain[strlen(name) - strlen(FILE_SUFFIX)] = '\0';
        if (is_to_come(options, value, origin))
            return true;
        text = read_value(options, value, origin, where, &length, err);
        if (!text)
            return false;
    } else {
        text = strdup(value);
        if (!text)
            abort();
        length = strlen(text);
    }
    struct kafka_property *property = property_of(options, plain);
    secret_free(property->value, property->value_length);
    property->value = text;
    property->value_length = length;
    property->origin = origin;
    return true;
}

bool kafka_from_flag(struct options *options, const char *name_and_value, struct error *err)
{
    const char *equals = strchr(name_and_value, '=');
    size_t length = equals ? (size_t)(equals - name_and_value) : 0;
    if (length == 0 || length > NAME_MAX_BYTES)
        return error_tell_plain(
            err, ERROR_USAGE, false,
            "--kafka: phải là TÊN=GIÁ-TRỊ, chẳng hạn --kafka bootstrap.servers=kafka:9092",
            "--kafka: must be NAME=VALUE, such as --kafka bootstrap.servers=kafka:9092");
    char name[NAME_MAX_BYTES + 1], where[NAME_MAX_BYTES + 16];
    (void)snprintf(name, sizeof name, "%.*s", (int)length, name_and_value);
    (void)snprintf(where, sizeof where, "--kafka %s", name);
    return kafka_set(options, name, equals + 1, ORIGIN_FLAG, where, err);
}

bool kafka_from_environment(struct options *options, char *const *environment, struct error *err)
{
    const size_t prefix = strlen(VARIABLE_PREFIX);
    for (; environment && *environment; environment++) {
        const char *variable = *environment, *equals = strchr(variable, '=');
        if (strncmp(variable, VARIABLE_PREFIX, prefix) != 0 || !equals || equals[1] == '\0')
            continue;
        size_t length = (size_t)(equals - variable);
        char where[NAME_MAX_BYTES + sizeof VARIABLE_PREFIX], name[sizeof where];
        (void)snprintf(where, sizeof where, "%.*s", (int)length, variable);
        (void)snprintf(name, sizeof name, "%s", where + prefix);
        for (char *p = name; *p; p++)
            *p = *p == '_' ? '.' : (char)tolower((unsigned char)*p);
        if (ends_with(name, ".file"))
            name[strlen(name) - strlen(".file")] = FILE_SUFFIX[0];
        if (!kafka_set(options, name, equals + 1, ORIGIN_VARIABLE, where, err))
            return false;
    }
    return true;
}

bool kafka_from_yaml(struct options *options, const struct yaml_node *mapping, struct error *err)
{
    const char *file = yaml_name(options->document);
    if (yaml_kind(mapping) != YAML_MAPPING) {
        if (yaml_scalar(mapping) && yaml_scalar(mapping)[0] == '\0')
            return true;
        return error_tell(
            err, ERROR_CONFIG, false,
            "%s:%d: mục kafka phải gồm các thuộc tính của librdkafka, mỗi dòng một cái",
            "%s:%d: kafka must hold librdkafka properties, one a line", file, yaml_line(mapping));
    }
    for (size_t i = 0; i < yaml_count(mapping); i++) {
        const char *name = yaml_key(mapping, i);
        const char *value = yaml_scalar(yaml_item(mapping, i));
        char where[512];
        (void)snprintf(where, sizeof where, "%s:%d: kafka: %.80s", file, yaml_key_line(mapping, i),
                       name);
        if (!value)
            return error_tell(
                err, ERROR_CONFIG, false,
                "%s: phải là một văn bản: hãy viết cả tên thuộc tính với các dấu chấm",
                "%s: must be one text: write the property's whole name with its dots", where);
        if (!kafka_set(options, name, value, ORIGIN_YAML, where, err))
            return false;
    }
    return true;
}

void kafka_free(struct options *options)
{
    for (size_t i = 0; i < options->kafka_count; i++) {
        free(options->kafka[i].name);
        secret_free(options->kafka[i].value, options->kafka[i].value_length);
    }
    free(options->kafka);
    options->kafka = NULL;
    options->kafka_count = 0;
}

size_t options_kafka_count(const struct options *options)
{
    return options->kafka_count;
}

const char *options_kafka_name(const struct options *options, size_t index)
{
    return index < options->kafka_count ? options->kafka[index].name : NULL;
}

const char *options_kafka_value(const struct options *options, size_t index)
{
    return index < options->kafka_count ? options->kafka[index].value : NULL;
}
