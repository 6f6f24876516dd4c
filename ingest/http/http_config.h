/* Settings of an origin, checked and copied. Shared by the origin and the requests that were started under them; never changed. */
#ifndef MOOC_INGEST_HTTP_CONFIG_H
#define MOOC_INGEST_HTTP_CONFIG_H

#include "http.h"
#include "origin.h"
#include "rate_budget.h"

struct transport_names;

struct http_config {
    unsigned references;
    char *base; /* without "/" at its end */
    struct origin_parts parts;
    bool plain, http1;
    char *ca_file, *proxy, *user_agent;
    char **resolve;
    struct transport_names *names;
    int64_t timeout_ms;
    size_t max_body, max_concurrent;
    struct rate_limits limits;
    uint64_t per_day;
    struct quiet_hours quiet;
    struct http_throttle *throttles; /* texts are owned */
    size_t throttle_count;
};

/* ERROR_CONFIG names the setting and what is expected. */
struct http_config *http_config_new(const struct http_origin_settings *settings, struct error *err);
struct http_config *http_config_keep(struct http_config *config); /* one more user of it */
void http_config_drop(struct http_config *config);                /* one less; NULL is fine */

#endif
