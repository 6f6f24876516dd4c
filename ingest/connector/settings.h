/* What the configuration says of one source whose kind is a connector. */
#ifndef MOOC_CONNECTOR_SETTINGS_H
#define MOOC_CONNECTOR_SETTINGS_H

#include "../../common/yaml.h"
#include "../http/quiet_hours.h"
#include "../language/connector.h"

#define SETTINGS_MAX_RESOLVE 8

struct stream_settings {
    struct stream_spec spec;             /* the connector's, with what the source says otherwise */
    int64_t every_ms, head_ms, sweep_ms; /* 0 = none */
    int64_t page_size;
    bool off;
};

struct source_settings { /* texts live in the YAML document */
    const char *url, *ca_file, *proxy, *contact;
    struct quiet_hours quiet;
    const char *resolve[SETTINGS_MAX_RESOLVE + 1]; /* NULL-terminated "host:port:address" */
    bool allow_http, paused;
    const struct yaml_node *courses; /* a sequence of ids; NULL = from the reference folder */
    double requests_per_minute;
    int max_concurrent;
    int64_t requests_per_day, timeout_ms;
    struct stream_settings streams[CONNECTOR_MAX_STREAMS];
    const char *options[CONNECTOR_MAX_OPTIONS]; /* as written (a secret: its path); NULL = absent */
};

bool settings_read(const struct connector *connector, const struct yaml *doc,
                   const struct yaml_node *config, struct source_settings *out, struct error *err)
    MUST_CHECK;

#endif
