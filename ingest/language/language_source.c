/* The table's part about sources: what the service's configuration says of a platform that is asked by a connector. */
#include "language_parts.h"

static const struct language_key source_keys[] = {
    {"name", KEY_TEXT, SHAPE_ONE, .required = true,
     .help = "Of the source, for ever: it stands in what is published."},
    {"kind", KEY_TEXT, SHAPE_ONE, .required = true, .help = "Name of the connector."},
    {"url", KEY_TEXT, SHAPE_ONE, .required = true, .help = "Address of the platform (https://…)."},
    {"courses", KEY_LITERAL, SHAPE_LIST | SHAPE_OF, .of = "courses", .least = 1, .most = 10000,
     .help =
         "Course ids; absent, or {from: reference}: those that courses.csv of the reference folder "
         "has for this source."},
    {"contact", KEY_TEXT, SHAPE_ONE,
     .help = "Address that the platform's administrator can write to, in User-Agent."},
    {"ca_file", KEY_TEXT, SHAPE_ONE, .help = "Certificates that are trusted instead of the system's."},
    {"proxy", KEY_TEXT, SHAPE_ONE,
     .help = "Proxy for this source: http://HOST:PORT or socks5h://HOST:PORT."},
    {"resolve", KEY_TEXT, SHAPE_LIST, .least = 1, .most = 16,
     .help = "HOST:PORT:ADDRESS instead of what the name service says."},
    {"allow_http", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "Let credentials go over plain http."},
    {"requests_per_minute", KEY_NUMBER, SHAPE_ONE, .least = 0.1, .most = 600000,
     .help = "Most requests in any minute; absent: as the connector says."},
    {"requests_per_day", KEY_INTEGER, SHAPE_ONE, .least = 0, .most = 1e9,
     .help = "Most requests in a day; 0 = unlimited; absent: as the connector says."},
    {"max_concurrent", KEY_INTEGER, SHAPE_ONE, .least = 1, .most = 64,
     .help = "Most requests under way at a time; absent: as the connector says."},
    {"timeout", KEY_DURATION, SHAPE_ONE, .least = 100, .most = 3600e3, .fallback = "60s",
     .help = "Longest time that an answer may take."},
    {"quiet_hours", KEY_TEXT, SHAPE_ONE,
     .help = "Local times at which the platform is left alone, such as \"22:00-06:00\"."},
    {"pause", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "true: ask nothing, remove nothing, until this is taken out."},
    {"sweep_every", KEY_DURATION, SHAPE_ONE, .least = 100, .most = 31 * 86400e3,
     .help = "How often streams are asked whole; absent: as the connector says."},
    {"head_every", KEY_DURATION, SHAPE_ONE, .least = 100, .most = 86400e3,
     .help = "How often the newest records are looked at; absent: as the connector says."},
    {"page_size", KEY_INTEGER, SHAPE_ONE | SHAPE_MAP, .least = 1, .most = 100000,
     .help = "Records a page: for all streams, or by stream."},
    {"streams", KEY_OWN, SHAPE_MAP_OF, .of = "source_stream", .most = 16,
     .help = "What is different for single streams."},
};

static const struct language_key courses_keys[] = {
    {"from", KEY_CHOICE, SHAPE_ONE, .choices = "reference", .required = true,
     .help = "reference: those that courses.csv has for this source."},
};

static const struct language_key source_stream_keys[] = {
    {"every", KEY_DURATION, SHAPE_ONE, .least = 100, .most = 31 * 86400e3,
     .help = "How often all of it is asked."},
    {"head_every", KEY_DURATION, SHAPE_ONE, .least = 100, .most = 86400e3,
     .help = "How often its newest records are looked at."},
    {"page_size", KEY_INTEGER, SHAPE_ONE, .least = 1, .most = 100000, .help = "Records a page."},
    {"on_vanish", KEY_CHOICE, SHAPE_ONE, .choices = "remove|keep|lookup",
     .help = "What it means that a record is no longer there."},
    {"hold_share", KEY_NUMBER, SHAPE_ONE, .least = 0, .most = 1,
     .help = "A larger share that vanishes waits for a decision."},
    {"off", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false", .help = "true: the stream is not asked."},
};

const struct language_mapping language_source[] = {
    MAPPING(source, .help =
                        "A platform that is watched: an item of `sources:` in the configuration of "
                        "mooc-ingest, with the connector's own options besides."),
    MAPPING(courses, .help = "Where the course ids come from."),
    MAPPING(source_stream, .help = "What is different for one stream of a source."),
};
const size_t language_source_count = ARRAY_LEN(language_source);
