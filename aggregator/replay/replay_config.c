#include "replay_config.h"

#include <stdio.h>

#include "../config/changes.h"
#include "../config/folder.h"
#include "sql.h"

static int store(struct pg *pg, const struct options *options, const struct reference *reference,
                 int live_version, struct error *err)
{
    struct config_changes *changes = NULL;
    if (!config_changes_stage(pg, reference, err) || !(changes = config_changes_find(pg, err)))
        return -1;
    config_changes_print(changes, stderr);
    int64_t version = live_version;
    bool counts = config_changes_count(changes, CHANGE_GENERATION) > 0 ||
                  config_changes_count(changes, CHANGE_ADDITION) > 0;
    if (config_changes_count(changes, CHANGE_FAULT) > 0) {
        error_set(err, ERROR_CONFIG, false, "the folder has faults: nothing was done");
        version = -1;
    } else if (!options_boolean(options, "dry_run") && !pg_run(pg, sql_config_apply_labels, err)) {
        version = -1;
    } else if (counts) {
        version = config_changes_store(pg, reference, err);
    } else {
        fprintf(stderr, "the folder counts with what the live figures are counted with\n");
    }
    config_changes_free(changes);
    return (int)version;
}

int replay_config(struct pg *pg, const struct options *options, int live_version, struct error *err)
{
    const char *folder = options_text(options, "folder");
    if (!folder)
        return live_version;
    struct reference *reference = config_folder_read(folder, err);
    if (!reference)
        return -1;
    int version = store(pg, options, reference, live_version, err);
    reference_free(reference);
    return version;
}
