/* A files source's keys in the YAML file. */
#ifndef MOOC_FILES_SETTINGS_H
#define MOOC_FILES_SETTINGS_H

#include "../../common/options.h"

struct files_settings {
    const char *wave, *unit; /* NULL = not given */
    char *inbox;             /* resolved path, owned; NULL = no watched folder */
    bool complete;           /* scope of files in the watched folder */
    bool totals;             /* … and what they hold */
    bool keep_emails;
    int64_t keep_ms, poll_ms;
};

bool files_settings_read(const struct options *options, const struct yaml *doc,
                         const struct yaml_node *config, struct files_settings *out,
                         struct error *err) MUST_CHECK;
void files_settings_free(struct files_settings *settings);

#endif
