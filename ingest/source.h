/* A source: something that is watched. A kind is `files` (folder files/) or a connector (folder connector/ runs what a file of
 * connectors/ says): one struct source_kind, and the engine knows no other thing about it. A source lives on one shard (hash of its name over the state topic's partitions). */
#ifndef MOOC_INGEST_SOURCE_H
#define MOOC_INGEST_SOURCE_H

#include "../common/base.h"
#include "../common/crypto.h"
#include "../common/error.h"
#include "../common/metrics.h"
#include "../common/options.h"
#include "../common/reference.h"
#include "../common/tell.h"
#include "erase/local_erasure.h"
#include "http/http.h"
#include "shard/shard.h"

struct sightings;

/* What every source is given; owned by the engine, outlives the source. */
struct source_context {
    const struct options *options;
    struct sightings *sightings; /* connector/sightings.h: shared by the sources whose records are lists read again */
    struct http *http;
    struct hmac *hmac;
    const struct reference *reference; /* NULL when the option is unset; replaced when the folder changes */
    struct metrics *metrics;
    const char *data_dir; /* private folder, 0700: spool, quarantine, sealed files */
    const char *secret;   /* the HMAC key's bytes, for sealing local files */
    size_t secret_length;
};

/* A line of `status`: what an operator is told of one stream. */
struct source_stream_status {
    const char *stream;
    int64_t through_us; /* complete through, by the state; 0 = never yet */
    int64_t entities;
    int64_t taken_us;    /* of lists: when the last one was taken; 0 = none yet */
    bool taken_complete; /* it was all of what it is about */
    bool not_kept; /* only helps to read others: no process knows what an earlier one read of it */
    int64_t swept_us; /* end of the last complete sweep, of the slowest course; 0 = never by this process */
    int64_t next_ms;  /* until it is asked next; 0 = now or unknown */
    int64_t every_ms; /* how often it is to be read whole; 0 = no such promise (lists, what is switched off, quiet hours) */
    struct told state; /* "sweeping 3 of 12 courses", "waiting 40 s (rate limit)", "held", "idle" */
    struct error problem; /* ERROR_NONE if fine */
    char problem_vi[320]; /* of one that this service found by itself; "" = only its kind has words */
    struct told note;     /* what this platform does not show */
};

struct source;
struct connector;

struct source_kind {
    const char *name;
    const struct connector *connector; /* NULL: files */
    /* config: the source's YAML mapping, already known to have `name` and `kind`. */
    struct source *(*open)(const struct source_kind *kind, const struct source_context *context,
                           const struct yaml *doc, const struct yaml_node *config, struct error *err);
    /* What open would say of the source's own keys, without opening anything: for --check-config. */
    bool (*check_settings)(const struct source_kind *kind, const struct options *options,
                           const struct yaml *doc, const struct yaml_node *config, struct error *err);
    /* Can the secret files that the settings name be read? For --check-config alone; NULL = it names none. The settings are checked. */
    bool (*check_secrets)(const struct source_kind *kind, const struct options *options,
                          const struct yaml *doc, const struct yaml_node *config, struct error *err);
    void (*close)(struct source *source);
    /* Called by the engine's loop, about every 100 ms or when something happened, while the shard is READY. Starts requests,
     * handles what came back, observes into the shard; must not block. Watches shard_incarnation to start anew. */
    void (*tick)(struct source *source, struct shard *shard);
    /* `mooc-ingest check`: blocking; reaches the platform, tells what is visible and what is not. Prints to stdout. */
    bool (*check)(struct source *source, struct error *err);
    /* `mooc-ingest sample`: blocking; prints up to n mapped events (identifiers keyed) without publishing. */
    bool (*sample)(struct source *source, int n, struct error *err);
    /* `mooc-ingest discover`: blocking; prints the courses that the platform shows, as YAML; NULL where there are none. */
    bool (*discover)(struct source *source, struct error *err);
    /* shard: the source's, whatever it does just now; NULL where it was never this instance's. */
    size_t (*status)(const struct source *source, const struct shard *shard,
                     struct source_stream_status *out, size_t max);
    /* Takes away what its local files hold of learners whom the shard knows as erased, a piece at each call; true when it is over. NULL:
     * it keeps no such files. */
    bool (*forget_erased)(struct source *source, struct shard *shard,
                          const struct local_erasure *erasure, struct local_erased *done);
    /* Requests made and what is left of the budget; NULL where nothing is asked for. */
    void (*usage)(const struct source *source, struct http_usage *out);
    /* Raised when the mapping changes its meaning: an instance with another one leaves the source alone (source_control.h). */
    unsigned mapping_version;
    const char *mapping_fingerprint; /* of an operator's own file, who may forget to raise it (connector.h); NULL */
};

/* First member of every kind's own struct. */
struct source {
    const struct source_kind *kind;
    char name[64];
};

extern const struct source_kind source_kind_files;

#endif
