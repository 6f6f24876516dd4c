/* A source of kind openedx as configured. */
#ifndef MOOC_OPENEDX_SETTINGS_H
#define MOOC_OPENEDX_SETTINGS_H

#include "../../common/error.h"
#include "../../common/yaml.h"

struct openedx_settings {
    const char *url, *client_id, *client_secret_file,
        *ca_file; /* live in the document; files as written there */
    bool allow_http, accounts_by_email;
    int requests_per_minute, max_concurrent;
    int enrollments_page, grades_page;
    int64_t sweep_ms, head_ms, certificates_ms, accounts_ms, timeout_ms;
    /* Courses: a list of ids, or NULL = those that the reference folder's courses.csv has for this source. */
    const struct yaml_node *courses;
};

bool openedx_settings_read(const struct yaml *doc, const struct yaml_node *config,
                           struct openedx_settings *out, struct error *err) MUST_CHECK;

#endif
