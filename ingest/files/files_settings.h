/* A files source's keys in the YAML file. */
#ifndef MOOC_FILES_SETTINGS_H
#define MOOC_FILES_SETTINGS_H

#include "../../common/options.h"
#include "../../common/text_encoding.h"
#include "files_job.h"
#include "table_columns.h"

struct files_settings {
    const char *wave, *unit; /* NULL = not given */
    char *inbox;             /* resolved path, owned; NULL = no watched folder */
    bool complete;           /* scope of files in the watched folder */
    bool received_when_saved; /* they count as handed in when they were last saved, not when they are read */
    enum files_kind kind; /* … and what they hold */
    enum text_encoding encoding;
    const char *platform; /* whose accounts the user names of results are; NULL = the source's own */
    struct table_mapping columns;
    bool keep_emails;
    int64_t keep_ms, poll_ms;
};

bool files_settings_read(const struct options *options, const struct yaml *doc,
                         const struct yaml_node *config, struct files_settings *out,
                         struct error *err) MUST_CHECK;
/* Wave, unit and encoding of a job that names none. */
void files_settings_complete(const struct files_settings *settings, struct files_job *job);
void files_settings_free(struct files_settings *settings);

#endif
