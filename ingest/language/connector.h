/* A connector: one YAML file that says how a kind of platform is asked and what its records mean. Read once, checked whole, never
 * changed afterwards; any number of sources of that kind share it. docs/connectors/ explains the language; language.h holds the
 * table of its keys, from which the JSON Schema and the reference page are made. */
#ifndef MOOC_CONNECTOR_CONNECTOR_H
#define MOOC_CONNECTOR_CONNECTOR_H

#include "../../common/error.h"
#include "../../common/tell.h"
#include "../../common/yaml.h"
#include "../shard/shard.h"
#include "../walk/walk_page.h"
#include "../mapping/mapping.h"
#include "../mapping/value.h"

#define CONNECTOR_MAX_FIELDS 8 /* of a row that is remembered */
#define CONNECTOR_MAX_STREAMS 16
#define CONNECTOR_MAX_OPTIONS 32
#define CONNECTOR_MAX_NAMES 96

/* ---- options: keys that a source of this kind has besides the common ones ---- */

enum connector_option_kind {
    CONNECTOR_TEXT,
    CONNECTOR_SECRET, /* a path; its content is the text; read again when the file changes */
    CONNECTOR_NUMBER,
    CONNECTOR_BOOLEAN,
};

struct connector_option {
    const char *name; /* available as {option.<name>} */
    enum connector_option_kind kind;
    bool required;
    const char *fallback, *help; /* fallback NULL = absent */
};

/* ---- authorisation ---- */

enum auth_kind {
    AUTH_NONE,
    AUTH_BASIC,  /* user, secret */
    AUTH_HEADER, /* header: "Authorization", value: "Bearer {option.token_file}" */
    AUTH_FORM,   /* a field of every POST form: field, value (Moodle's wstoken) */
    AUTH_OAUTH2, /* client credentials: path, client in header or form, further form fields, scheme */
};

struct auth_rules {
    enum auth_kind kind;
    struct value *user, *secret; /* basic; oauth2: client id and secret */
    const char *name;            /* header or form field */
    struct value *value;
    struct value *token_path; /* a template of options */
    bool client_in_form;
    const char *scheme; /* in front of a token; NULL = Bearer or JWT, as the answer's token_type says */
    size_t form_count;
    struct {
        const char *name;
        struct value *value;
    } form[8]; /* of the token request, besides grant_type */
};

/* ---- requests ---- */

struct request_part { /* of a query, a form or the headers */
    const char *name;
    struct value *value; /* absent at run time: the part is left out */
};

struct request_rules {
    bool post;
    struct value *path; /* names in braces are percent-encoded; joined to the source's url */
    size_t query_count, form_count, header_count;
    const struct request_part *query, *form, *headers;
    struct value *json; /* POST of this JSON text; names in it are JSON-escaped */
};

enum fault_kind { FAULT_REFUSED, FAULT_UNAUTHORISED, FAULT_THROTTLED, FAULT_RETRY, FAULT_EMPTY };

struct answer_fault { /* an error inside an answer with a good or bad status */
    enum fault_kind kind;
    long status;            /* 0 = any */
    struct condition *when; /* over the body's root; NULL = always (by status alone) */
    const char *contains;   /* text in a body that is no JSON; NULL */
    struct value *message;  /* NULL */
};

/* ---- streams ---- */

enum stream_for {
    FOR_ONCE,
    FOR_COURSE,  /* every configured course; {course}, {course.exam} */
    FOR_ROWS,    /* every row of a remembered table of the same course; {<table>.<field>} */
    FOR_LEARNER, /* every learner of another stream's records; {learner}, or {learners} in batches */
    FOR_LISTED_EMAIL, /* every listed person not yet found on this platform; {email}, or {emails} in batches */
};

/* Where what outlives its record stands, beside the rest of its stream. */
#define STREAM_LASTING_NAME "%.63s.lasting"

struct stream_rules {
    struct stream_spec spec; /* name, on_vanish, confirmations, holds */
    enum stream_for for_each;
    /* Its sub-streams are courses: asked for each, or driven by a stream that is, and about no accounts (which belong to none). */
    bool per_course;
    struct condition *only_if; /* over the source's options; the stream exists only where it holds; NULL = always */
    const char *every_key; /* the source's key for every_ms, besides streams: NAME: every */
    const char *size_key;  /* the stream's key within the source's page_size */
    int parent;            /* index of the stream whose records or rows it is driven by; -1 */
    int other_parents[3]; /* further streams whose learners are asked about; -1 where there are fewer */
    int instead_of;       /* runs only where that stream was found not to be shown; -1 */
    struct condition *ask_when; /* FOR_LEARNER: over the parent's record; NULL = every */
    bool ask_on_change; /* … only when the parent's record is new or changed; else once in `every`, new ones soon */
    bool ask_if_held; /* … and whoever this stream holds an entity of */
    bool numbered; /* an answer tells of all that the learner has, numbered from 1 by `key`: what it does not is gone */
    int batch; /* learners or addresses a request; then a query or form part with {learner} is repeated for each */
    /* FOR_LEARNER: what is taken along from the parent's record; learner and texts together are what is asked about. */
    size_t taken_count;
    struct {
        size_t name; /* "parent.<name>", place among the names */
        struct value *value;
    } taken[4];
    struct request_rules request;
    struct page_rules pages;
    const char *records[PAGE_POINTERS]; /* tried in turn; "" = the root */
    const char *record;                 /* instead: the one record of an answer stands here; NULL */
    const char *each;                   /* NULL */
    long absent_statuses[8]; /* these answers mean that the platform does not show this: no error; 0-terminated */
    long empty_statuses[8]; /* these mean an empty list */
    bool empty_is_evidence; /* … and say of a learner that was asked about that there is nothing */
    bool rows_may_lack; /* the platform leaves rows out silently: a page of the middle may be empty */
    bool reads_now;     /* some text of it names {now} */
    bool conditional; /* "not modified" is believed: records do not depend on {now}, and nobody said otherwise */
    int64_t every_ms;

    /* strategy: head scan between sweeps */
    int64_t head_ms;         /* 0 = none */
    struct value *head_time; /* newest first by this */
    int64_t head_overlap_ms, head_delay_ms;

    /* strategy: window */
    bool windowed;             /* {since} (and {until}) limit the request */
    struct value *window_time; /* of a record: what `since` compares with */
    const char *window_format; /* of {since}: iso | iso_s | iso_ms | unix | unix_ms */
    bool window_log;           /* several records may tell of one entity, newest first or not */
    const char *bound_header;  /* never past the instant in this header; NULL */
    int64_t window_overlap_ms, window_delay_ms;
    size_t also_count; /* further requests of a window (not of a full walk), whose records belong to it */
    const struct request_rules *also;
    int64_t sweep_ms; /* a full walk so often besides, without {since}; 0 = never */

    /* remember: rows kept in memory for the streams that look them up */
    bool remembered;
    size_t first_name; /* place of the table's own name among the names; its fields' follow */
    struct value *row_key;
    size_t field_count;
    struct {
        const char *name; /* available as {<stream>.<name>} */
        struct value *value;
        struct condition *condition; /* kept as "true" or "false" */
    } fields[CONNECTOR_MAX_FIELDS];
    /* looked up by this stream's records */
    size_t lookup_count;
    struct {
        int stream;
        struct value *key;
        size_t first_name, field_count; /* as the remembered stream has them */
        bool required;                  /* without that stream this one is not visible either */
    } lookups[4];

    struct mapping *mapping;    /* NULL: no events */
    struct told invisible_note; /* for status, where the platform does not show it */
};

struct connector {
    const char *name;
    unsigned version; /* raised when the mapping changes its meaning */
    const char *title_en, *title_vi;
    /* Of what decides which events come of the platform's answers: version, options' defaults, faults, streams (whom and what is asked,
     * where records stand, what they mean, what absence means). Left out: what the table calls `aside` (language.h): titles, notes and
     * help, credentials, rates, intervals, page and batch sizes, holds; and comments, layout and the order of keys. */
    char fingerprint[17];
    struct connector_option options[CONNECTOR_MAX_OPTIONS];
    size_t option_count;
    struct auth_rules auth;
    double requests_per_minute;
    int max_concurrent;
    int64_t requests_per_day; /* 0 = unlimited */
    size_t header_count;
    const struct request_part *headers; /* of every request */
    size_t fault_count;
    const struct answer_fault *faults;
    struct stream_rules streams[CONNECTOR_MAX_STREAMS];
    size_t stream_count;
    struct request_rules discover; /* path NULL = none; its records: id and name of courses */
    struct page_rules discover_pages;
    const char *discover_records[PAGE_POINTERS];
    struct value *discover_id, *discover_name;
    /* The scope's names: fixed ones first (enum connector_name), then option.*, parent.*, tables' fields. */
    struct name_list names;
    size_t first_option;
    struct yaml *doc; /* owns the texts */
    void *memory;     /* owns the rest */
};

enum connector_name {
    NAME_COURSE,
    NAME_COURSE_EXAM, /* "course.exam": as courses.csv names it */
    NAME_LEARNER,
    NAME_LEARNERS, /* joined by commas, each percent-encoded */
    NAME_EMAIL,
    NAME_EMAILS, /* a JSON array's inside: "a","b" */
    NAME_SIZE,
    NAME_PAGE,
    NAME_OFFSET,
    NAME_CURSOR,
    NAME_SINCE,
    NAME_UNTIL,
    NAME_NOW,
    NAME_FIXED
};

/* NULL with ERROR_CONFIG naming file and line. */
struct connector *connector_load(const char *path, struct error *err);
struct connector *connector_read(const char *text, size_t length, const char *name,
                                 struct error *err);
void connector_free(struct connector *connector);

#endif
