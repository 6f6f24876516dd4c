#include "map.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/text.h"

#define MAX_USERNAME 255
#define RETIRED_PREFIX "retired__user_" /* how Open edX renames an account it has erased */

#define PASSED_BIT 1
#define SAT_BIT 2

static void set(struct event *e, enum event_field field)
{
    e->present |= 1ULL << field;
}

/* The 32 hex digits at the end of "account@<source>:<hex>". */
static const char *hex_of(const char *subject)
{
    return strrchr(subject, ':') + 1;
}

bool map_usable_username(const char *username)
{
    size_t length = username ? strlen(username) : 0;
    if (length == 0 || length > MAX_USERNAME)
        return false;
    for (const char *c = username; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == ',' || *c == 0x7f)
            return false;
    }
    return true;
}

/* Checks that it is an object with a usable user name under one of two keys. */
static bool read_username(const struct json *record, const char *key, const char *other_key,
                          const char **username, struct error *err)
{
    if (!json_is_object(record))
        return error_set(err, ERROR_DATA, false, "not_an_object: the list holds something else");
    const char *name = json_get_string(record, key);
    if (!name && other_key)
        name = json_get_string(record, other_key);
    if (!map_usable_username(name))
        return error_set(err, ERROR_DATA, false, "username_malformed: `%s` is missing or unusable",
                         key);
    *username = name;
    return true;
}

static bool begin(const struct map_input *in, const struct json *record, const char *key,
                  const char *other_key, struct map_output *out, struct error *err)
{
    out->count = 0;
    out->items[0].entity[0] = '\0';
    out->username = NULL;
    out->created_us = 0;
    out->passed = false;
    if (!read_username(record, key, other_key, &out->username, err))
        return false;
    identity_account_key(in->hmac, in->source, out->username, out->subject);
    return true;
}

static struct map_item *add(const struct map_input *in, struct map_output *out,
                            enum map_action action, enum event_type type)
{
    struct map_item *item = &out->items[out->count++];
    item->action = action;
    item->status = 0;
    item->total_entity[0] = '\0';
    item->event = (struct event){.type = type,
                                 .type_name = event_type_name(type),
                                 .source = in->source,
                                 .entity = item->entity,
                                 .subject = out->subject};
    if (in->course) {
        item->event.course = in->course;
        set(&item->event, FIELD_COURSE);
    }
    return item;
}

static bool is_retired(const char *username)
{
    return strncmp(username, RETIRED_PREFIX, strlen(RETIRED_PREFIX)) == 0;
}

/* The record must be about the course that was asked for; absent is taken as that one. */
static bool check_course(const struct map_input *in, const struct json *record, struct error *err)
{
    const char *course = json_get_string(record, "course_id");
    if (!course)
        course = json_get_string(record, "course_key");
    if (course && strcmp(course, in->course) != 0)
        return error_set(err, ERROR_DATA, false,
                         "course_mismatch: a record of another course than the one asked for");
    return true;
}

/* A date that may be absent or null (then *us is 0) but not wrong. */
static bool read_date(const struct json *record, const char *key, int64_t *us, struct error *err)
{
    const struct json *node = json_get(record, key);
    *us = 0;
    if (!node || json_is_null(node))
        return true;
    const char *text = json_string(node);
    if (!text || !clock_parse(text, us))
        return error_set(err, ERROR_DATA, false, "date_malformed: `%s` is not an instant", key);
    return true;
}

static void set_time(struct event *e, int64_t us)
{
    e->time = us;
    e->time_observed = us == 0;
}

bool map_enrollment(const struct map_input *in, const struct json *record, struct map_output *out,
                    struct error *err)
{
    if (!begin(in, record, "user", "username", out, err) || !check_course(in, record, err))
        return false;
    snprintf(out->items[0].entity, sizeof out->items[0].entity, "enrollment:%s:%s:%s", in->source,
             in->course, hex_of(out->subject));
    if (!read_date(record, "created", &out->created_us, err))
        return false;
    const struct json *active = json_get(record, "is_active");
    if (!json_is_boolean(active))
        return error_set(err, ERROR_DATA, false, "is_active_missing: neither true nor false");
    if (is_retired(out->username))
        return true;
    bool enrolled = json_boolean(active, false);
    struct map_item *item =
        add(in, out, MAP_OBSERVE, enrolled ? EVENT_ENROLLMENT_CREATED : EVENT_ENROLLMENT_CANCELLED);
    /* Open edX does not say when somebody left. */
    set_time(&item->event, enrolled ? out->created_us : 0);
    item->status = enrolled;
    const char *mode = json_get_string(record, "mode");
    if (mode && *mode && strlen(mode) <= EVENT_MAX_KEY) {
        item->event.mode = mode;
        set(&item->event, FIELD_MODE);
    }
    return true;
}

/* percent NULL: the platform says that there is none. */
static void add_progress(const struct map_input *in, struct map_output *out, const double *percent,
                         bool participated)
{
    struct map_item *item =
        add(in, out, participated ? MAP_OBSERVE : MAP_REMOVE_IF_HELD, EVENT_LEARNING_PROGRESSED);
    char day[CLOCK_DATE_SIZE];
    clock_format_date(in->today, day);
    int length = snprintf(item->total_entity, sizeof item->total_entity, "progress:%s:%s:%s",
                          in->source, in->course, hex_of(out->subject));
    snprintf(item->entity, sizeof item->entity, "%.*s:%s", length, item->total_entity, day);
    set_time(&item->event, 0);
    item->event.day = in->today;
    set(&item->event, FIELD_DAY);
    if (percent) {
        item->event.percent = *percent;
        set(&item->event, FIELD_PERCENT);
    }
}

static void add_exam(const struct map_input *in, struct map_output *out, const double *percent,
                     bool sat)
{
    bool passed = out->passed;
    struct map_item *item = add(in, out, sat ? MAP_OBSERVE : MAP_OBSERVE_IF_HELD, EVENT_EXAM_GRADED);
    /* Only what was once sat is held; while the gradebook is not visible nothing speaks against it. */
    sat = sat || !in->gradebook;
    item->status = (uint8_t)((passed ? PASSED_BIT : 0) | (sat ? SAT_BIT : 0));
    set_time(&item->event, 0);
    item->event.exam = "course";
    item->event.passed = passed;
    item->event.sat = sat;
    set(&item->event, FIELD_EXAM);
    if (percent) {
        item->event.score = *percent;
        item->event.max_score = 1.0;
        set(&item->event, FIELD_SCORE);
        set(&item->event, FIELD_MAX_SCORE);
    }
    set(&item->event, FIELD_PASSED);
    set(&item->event, FIELD_SAT);
    snprintf(item->entity, sizeof item->entity, "exam:%s:%s:%s:course", in->source, in->course,
             hex_of(out->subject));
}

bool map_grade(const struct map_input *in, const struct json *record, struct map_output *out,
               struct error *err)
{
    if (!begin(in, record, "username", "user", out, err) || !check_course(in, record, err))
        return false;
    const struct json *share = json_get(record, "percent");
    bool none = share && json_is_null(share);
    double percent = none ? 0.0 : json_number(share, -1.0);
    if (!(percent >= 0.0 && percent <= 100.0))
        return error_set(err, ERROR_DATA, false, "percent_malformed: not a share from 0 to 1");
    if (percent > 1.0)
        percent = 1.0; /* extra credit */
    const struct json *passed = json_get(record, "passed");
    if (!json_is_boolean(passed))
        return error_set(err, ERROR_DATA, false, "passed_missing: neither true nor false");
    if (is_retired(out->username))
        return true;
    out->passed = json_boolean(passed, false);
    const struct learner_note *row =
        in->gradebook ? learner_table_find(in->gradebook, out->username) : NULL;
    uint8_t flags = row ? row->flags : 0;
    if (flags & GRADEBOOK_UNREADABLE)
        return error_set(err, ERROR_DATA, false,
                         "gradebook_row_malformed: the learner's gradebook row cannot be read");
    bool participated = percent > 0.0 || (none && out->passed) || (flags & GRADEBOOK_ATTEMPTED);
    if (participated || in->gradebook) /* else it is unknown: what was seen of activity before stays */
        add_progress(in, out, none ? NULL : &percent, participated);
    add_exam(in, out, none ? NULL : &percent, out->passed || (flags & GRADEBOOK_EXAM_ATTEMPTED));
    return true;
}

void map_certificate_entity(const struct map_input *in, const char *username, char *out)
{
    char subject[IDENTITY_KEY];
    identity_account_key(in->hmac, in->source, username, subject);
    snprintf(out, EVENT_MAX_KEY + 1, "certificate:%s:%s:%s", in->source, in->course, hex_of(subject));
}

bool map_certificate(const struct map_input *in, const struct json *record, struct map_output *out,
                     struct error *err)
{
    if (!begin(in, record, "username", NULL, out, err))
        return false;
    const char *course = json_get_string(record, "course_id"),
               *status = json_get_string(record, "status");
    if (!course || !status || !*status || strlen(status) > EVENT_MAX_KEY)
        return error_set(err, ERROR_DATA, false,
                         "certificate_malformed: `course_id` or `status` is missing");
    if (strcmp(course, in->course) != 0)
        return true; /* the list is about all courses of the learner */
    int64_t created;
    if (!read_date(record, "created_date", &created, err))
        return false;
    bool issued =
        strcmp(status, "downloadable") == 0 && json_boolean(json_get(record, "is_passing"), true);
    struct map_item *item =
        add(in, out, issued ? MAP_OBSERVE : MAP_REMOVE_IF_HELD, EVENT_CERTIFICATE_ISSUED);
    set_time(&item->event, created);
    item->status = 1;
    item->event.status = status;
    set(&item->event, FIELD_STATUS);
    map_certificate_entity(in, out->username, item->entity);
    return true;
}

void map_account_entity(const struct map_input *in, const char *username, char *out)
{
    char subject[IDENTITY_KEY];
    identity_account_key(in->hmac, in->source, username, subject);
    snprintf(out, EVENT_MAX_KEY + 1, "account:%s:%s", in->source, hex_of(subject));
}

bool map_account(const struct map_input *in, const struct json *record, struct map_output *out,
                 struct error *err)
{
    int64_t joined;
    if (!begin(in, record, "username", NULL, out, err) ||
        !read_date(record, "date_joined", &joined, err))
        return false;
    if (is_retired(out->username))
        return true;
    const struct json *active = json_get(record, "is_active");
    bool activated = json_boolean(active, false);
    struct map_item *item =
        add(in, out, MAP_OBSERVE, activated ? EVENT_ACCOUNT_ACTIVATED : EVENT_ACCOUNT_CREATED);
    struct event *e = &item->event;
    set_time(e, joined);
    item->status = activated;
    if (json_is_boolean(active)) {
        e->activated = activated;
        set(e, FIELD_ACTIVATED);
    }
    char normal[IDENTITY_TEXT];
    const char *email = json_get_string(record, "email"), *name = json_get_string(record, "name");
    if (email && identity_normalise_email(email, normal) == IDENTITY_OK) {
        identity_key(in->hmac, "email", normal, out->email);
        e->identifiers = (struct event_list){.count = 1, .items = {out->email}};
        set(e, FIELD_IDENTIFIERS);
    }
    if (name && identity_name_key(in->hmac, name, out->name)) {
        e->name = out->name;
        set(e, FIELD_NAME);
    }
    map_account_entity(in, out->username, item->entity);
    return true;
}

/* Names are compared as people read them: offices type them with composed or decomposed accents. */
static bool same_label(const char *exam, const char *label)
{
    char a[512], b[512];
    if (!label)
        return false;
    return strcmp(exam, label) == 0 ||
           (text_clean(exam, a, sizeof a) && text_clean(label, b, sizeof b) && strcmp(a, b) == 0);
}

static bool is_exam(const struct json *section, const char *exam)
{
    static const char *const names[] = {"subsection_name", "label", "module_id", "category"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (same_label(exam, json_get_string(section, names[i])))
            return true;
    }
    return false;
}

bool map_gradebook_row(const struct json *record, const char *exam, const char **username,
                       uint8_t *flags, struct error *err)
{
    *flags = 0;
    *username = NULL;
    if (!read_username(record, "username", NULL, username, err))
        return false;
    const struct json *sections = json_get(record, "section_breakdown");
    if (!json_is_array(sections))
        return error_set(err, ERROR_DATA, false,
                         "section_breakdown_missing: the gradebook row has no sections");
    for (const struct json *s = json_first(sections); s; s = json_next(s)) {
        if (!json_boolean(json_get(s, "attempted"), false))
            continue;
        *flags |= GRADEBOOK_ATTEMPTED;
        if (*exam && is_exam(s, exam))
            *flags |= GRADEBOOK_EXAM_ATTEMPTED;
    }
    return true;
}
