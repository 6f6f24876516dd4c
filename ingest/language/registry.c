#include "registry.h"

#include <connectors.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/log.h"

struct entry {
    struct connector *connector;
    char *origin;
};

struct registry {
    struct entry *entries;
    size_t count, capacity;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->connector->name,
                  ((const struct entry *)b)->connector->name);
}

/* Takes the connector; one of the same name gives way. */
static void put(struct registry *r, struct connector *connector, const char *origin)
{
    for (size_t i = 0; i < r->count; i++) {
        struct entry *held = &r->entries[i];
        if (strcmp(held->connector->name, connector->name) != 0)
            continue;
        LOG_INFO_EVENT("a connector of the folder stands in for another",
                       LOG_TEXT("connector", connector->name), LOG_TEXT("file", origin));
        connector_free(held->connector);
        free(held->origin);
        held->connector = connector;
        held->origin = must_have(strdup(origin));
        return;
    }
    r->entries = array_room(r->entries, r->count, &r->capacity, sizeof *r->entries);
    r->entries[r->count++] = (struct entry){connector, must_have(strdup(origin))};
}

static bool read_shipped(struct registry *r, struct error *err)
{
    for (size_t i = 0; i < connectors_file_count; i++) {
        char name[100];
        const char *text = connectors_files[i].text;
        snprintf(name, sizeof name, "%s.yaml (shipped)", connectors_files[i].name);
        struct connector *connector = connector_read(text, strlen(text), name, err);
        if (!connector)
            return false;
        put(r, connector, REGISTRY_SHIPPED);
    }
    return true;
}

static bool is_connector_file(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

static bool read_folder(struct registry *r, const char *folder, struct error *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return error_tell(err, ERROR_CONFIG, false, "connectors_dir %s: " REASON_VI,
                          "connectors_dir %s: " REASON_EN, folder, ERROR_REASON(errno));
    bool fine = true;
    for (struct dirent *file; fine && (file = readdir(dir));) {
        char path[4096];
        if (!is_connector_file(file->d_name))
            continue;
        snprintf(path, sizeof path, "%.3800s/%.255s", folder, file->d_name);
        struct connector *connector = connector_load(path, err);
        fine = connector != NULL;
        if (fine)
            put(r, connector, path);
    }
    closedir(dir);
    return fine;
}

struct registry *registry_open(const char *folder, struct error *err)
{
    struct registry *r = must_have(calloc(1, sizeof *r));
    if (read_shipped(r, err) && (!folder || read_folder(r, folder, err))) {
        qsort(r->entries, r->count, sizeof *r->entries, by_name);
        return r;
    }
    registry_close(r);
    return NULL;
}

void registry_close(struct registry *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++) {
        connector_free(r->entries[i].connector);
        free(r->entries[i].origin);
    }
    free(r->entries);
    free(r);
}

size_t registry_count(const struct registry *r)
{
    return r->count;
}

const struct connector *registry_at(const struct registry *r, size_t index, const char **origin)
{
    if (origin)
        *origin = r->entries[index].origin;
    return r->entries[index].connector;
}

const char *registry_text(const char *name)
{
    for (size_t i = 0; i < connectors_file_count; i++)
        if (strcmp(connectors_files[i].name, name) == 0)
            return connectors_files[i].text;
    return NULL;
}
