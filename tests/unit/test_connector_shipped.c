/* What the shipped connectors make of records as the platforms' documents show them. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ingest/language/connector.h"

static struct hmac *hmac;
static struct connector *connector;
static const char *texts[CONNECTOR_MAX_NAMES];

static int set_up(void **state)
{
    struct error err = {0};
    char path[100];
    snprintf(path, sizeof path, "ingest/connectors/%s.yaml", (const char *)*state);
    memset(texts, 0, sizeof texts);
    hmac = hmac_new("0123456789abcdef", 16, &err);
    connector = connector_load(path, &err);
    if (!connector)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < connector->option_count; i++)
        texts[connector->first_option + i] = connector->options[i].fallback;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    connector_free(connector);
    hmac_free(hmac);
    return 0;
}

static void set(const char *name, const char *text)
{
    for (size_t i = 0; i < connector->names.count; i++) {
        if (strcmp(connector->names.items[i], name) == 0) {
            texts[i] = text;
            return;
        }
    }
    fail_msg("no name %s", name);
}

static const struct stream_rules *stream(const char *name)
{
    for (size_t i = 0; i < connector->stream_count; i++)
        if (strcmp(connector->streams[i].spec.name, name) == 0)
            return &connector->streams[i];
    fail_msg("no stream %s", name);
    return NULL;
}

/* "enrollment:s:7:<32 hex>:x" with # for the hash. */
static void add_entity(struct text_buffer *out, const char *entity)
{
    for (const char *at = entity; *at;) {
        size_t digits = strspn(at, "0123456789abcdef");
        if (digits == 32) {
            text_buffer_add_text(out, "#");
            at += digits;
        } else {
            text_buffer_add(out, at, digits ? digits : 1);
            at += digits ? digits : 1;
        }
    }
}

static void add_item(struct text_buffer *out, const struct map_item *item)
{
    static const char *const actions[] = {"", "if held ", "remove "};
    struct text_buffer data = {0};
    text_buffer_add_format(out, "%s%s ", actions[item->action], event_type_name(item->event.type));
    add_entity(out, *item->total_entity ? item->total_entity : item->entity);
    if (item->action != MAP_REMOVE_IF_HELD) {
        event_encode_data(&item->event, &data);
        text_buffer_add_format(out, " %s %s", item->event.time_observed ? "seen" : "at", data.data);
    }
    text_buffer_add_text(out, "\n");
    text_buffer_free(&data);
}

static bool wants(void *context, const char *course)
{
    (void)context;
    return strcmp(course, "7") == 0;
}

static void says_within(const char *name, const char *enclosing, const char *record,
                        const char *expected)
{
    struct error err = {0};
    const struct stream_rules *s = stream(name);
    struct json *node = json_parse(record, strlen(record), &err);
    struct json *outer = enclosing ? json_parse(enclosing, strlen(enclosing), &err) : NULL;
    if (!node || (enclosing && !outer))
        fail_msg("%s", err.message);
    const struct map_input in = {.source = "s",
                                 .hmac = hmac,
                                 .today = 20000,
                                 .record = node,
                                 .enclosing = outer,
                                 .texts = texts,
                                 .course = s->per_course ? "7" : NULL,
                                 .wants_course = wants};
    struct map_output out = {.count = 0};
    struct text_buffer said = {0};
    if (!mapping_apply(s->mapping, &in, &out, &err))
        text_buffer_add_format(&said, "malformed %s\n", err.message);
    else if (out.skipped)
        text_buffer_add_text(&said, "skipped\n");
    for (size_t i = 0; err.kind == ERROR_NONE && i < out.count; i++)
        add_item(&said, &out.items[i]);
    if (strcmp(said.length ? said.data : "", expected) != 0)
        fail_msg("%s of %s\n is:\n%s\n wanted:\n%s", name, record, said.length ? said.data : "",
                 expected);
    text_buffer_free(&said);
    text_buffer_free(&out.room);
    text_buffer_free(&out.scratch);
    json_free(node);
    json_free(outer);
}

static void says(const char *name, const char *record, const char *expected)
{
    says_within(name, NULL, record, expected);
}

static void moodle(void **state)
{
    (void)state;
    says("enrollments", "{\"id\":5,\"roles\":[{\"roleid\":5,\"shortname\":\"student\"}]}",
         "enrollment.created enrollment:s:7:# seen {\"course\":\"7\"}\n");
    says("enrollments", "{\"id\":5,\"roles\":[{\"roleid\":3,\"shortname\":\"teacher\"}]}",
         "skipped\n");
    says("enrollments", "{\"id\":5,\"roles\":[]}",
         "enrollment.created enrollment:s:7:# seen {\"course\":\"7\"}\n");
    says("enrollments", "{\"id\":5}",
         "enrollment.created enrollment:s:7:# seen {\"course\":\"7\"}\n");
    says("accounts", "{\"id\":5,\"firstaccess\":0,\"idnumber\":\"x\",\"fullname\":\"An\"}",
         "account.created account:s:# seen {\"name\":\"name:f0808536c11682ec\"}\n");
    says("accounts", "{\"id\":5,\"firstaccess\":1700000000,\"email\":\"a@b.vn\",\"fullname\":\"An\"}",
         "account.activated account:s:# at "
         "{\"activated\":true,\"identifiers\":[\"email:380ea24bdc426c5cc1abac65cf058a4a\"],"
         "\"name\":\"name:f0808536c11682ec\"}\n");
    const char *user = "{\"userid\":5}";
    says_within(
        "grades",
        user, "{\"itemtype\":\"course\",\"iteminstance\":3,\"graderaw\":8,\"grademax\":10,\"gradedategraded\":null}",
        "learning.progressed progress:s:7:# seen "
        "{\"course\":\"7\",\"day\":\"2024-10-04\",\"percent\":0.8}\n"
        "exam.graded exam:s:7:#:course seen "
        "{\"course\":\"7\",\"exam\":\"course\",\"max_score\":10,\"sat\":true,\"score\":8}\n");
    says_within("grades", user,
                "{\"itemtype\":\"course\",\"iteminstance\":3,\"graderaw\":null,\"grademax\":10}",
                "remove learning.progressed progress:s:7:#\n"
                "remove exam.graded exam:s:7:#:course\n");
    says_within("grades", user,
                "{\"itemtype\":\"mod\",\"itemmodule\":\"quiz\",\"iteminstance\":9,\"graderaw\":8,"
                "\"grademax\":10,\"gradedatesubmitted\":1700000000}",
                "exam.graded exam:s:7:#:quiz:9 at "
                "{\"course\":\"7\",\"exam\":\"quiz:9\",\"max_score\":10,\"score\":8}\n");
    says_within("grades", user, "{\"itemtype\":\"category\",\"iteminstance\":9}", "skipped\n");
#define SECOND                                                                                     \
    "\"itemtype\":\"mod\",\"itemmodule\":\"workshop\",\"iteminstance\":9,\"itemnumber\":1"
    says_within("grades", user, "{" SECOND ",\"graderaw\":8,\"grademax\":10}",
                "exam.graded exam:s:7:#:workshop:9/1 seen "
                "{\"course\":\"7\",\"exam\":\"workshop:9/1\",\"max_score\":10,\"score\":8}\n");
    says_within("grades", user, "{" SECOND ",\"graderaw\":null}",
                "remove exam.graded exam:s:7:#:workshop:9/1\n");
    says_within("grades", user, "{" SECOND ",\"outcomeid\":3,\"graderaw\":2}", "skipped\n");
    set("parent.quiz", "9");
    set("parent.marks", "20");
    set("learner", "5");
    says("attempts",
         "{\"id\":1,\"quiz\":9,\"userid\":5,\"attempt\":2,\"state\":\"finished\",\"timefinish\":"
         "1700000000,\"sumgrades\":15.5,\"preview\":0}",
         "exam.graded exam:s:7:#:quiz:9:2 at "
         "{\"attempt\":2,\"course\":\"7\",\"exam\":\"quiz:9\",\"max_score\":20,\"score\":15.5}\n");
    says("completion",
         "{\"completed\":false,\"completions\":[{\"complete\":true},{\"complete\":false}]}",
         "learning.progressed progress:s:7:#:completion seen "
         "{\"course\":\"7\",\"day\":\"2024-10-04\",\"progress\":0.5}\n");
    says("completion", "{\"completed\":true,\"completions\":[{\"complete\":true}]}",
         "learning.progressed progress:s:7:#:completion seen "
         "{\"course\":\"7\",\"day\":\"2024-10-04\",\"progress\":1}\n");
    says("completion", "{\"completed\":false,\"completions\":[{\"complete\":false}]}",
         "remove learning.progressed progress:s:7:#:completion\n");
}

#define ACTOR "\"actor\":{\"account\":{\"name\":\"an\",\"homePage\":\"https://p\"}}"
#define COURSE                                                                                     \
    "\"context\":{\"contextActivities\":{\"grouping\":[{\"id\":\"site\"},{\"id\":\"7\","           \
    "\"definition\":{\"type\":\"http://adlnet.gov/expapi/activities/course\"}}]}}"
#define VERB(v) "\"verb\":{\"id\":\"" v "\"}"
#define ADL "http://adlnet.gov/expapi/verbs/"

/* As the tracking events of Open edX become statements (event-routing-backends, processors/xapi): "earned" is a grade, the verdict on
 * the course is told again whenever a grade is computed, and "progressed" is of one block. */
static void xapi_of_openedx(void)
{
#define EDX_COURSE                                                                                 \
    "{\"id\":\"7\",\"definition\":{\"type\":\"http://adlnet.gov/expapi/activities/course\"}}"
#define EDX_BLOCK                                                                                  \
    "{\"id\":\"b\",\"definition\":{\"type\":\"http://id.tincanapi.com/activitytype/resource\"}}"
#define EDX_PARENT "\"context\":{\"contextActivities\":{\"parent\":[" EDX_COURSE "]}}"
#define AT "\"timestamp\":\"2026-01-02T03:04:05Z\""
#define EARNED VERB("http://id.tincanapi.com/verb/earned")
    says("statements",
         "{\"id\":\"e1\"," ACTOR "," EARNED ",\"object\":" EDX_COURSE "," EDX_PARENT "," AT
         ",\"result\":{\"score\":{\"scaled\":0.6,\"raw\":0.6,\"min\":0,\"max\":1}}}",
         "account.created account:s:# seen {}\n");
    says(
        "statements",
        "{\"id\":\"e2\"," ACTOR "," EARNED ",\"object\":" EDX_BLOCK "," EDX_PARENT "," AT
        ",\"result\":{\"score\":{\"scaled\":0.5,\"raw\":3,\"min\":0,\"max\":6},\"success\":false}}",
        "account.created account:s:# seen {}\n"
        "exam.graded exam:s:7:#:b at "
        "{\"course\":\"7\",\"exam\":\"b\",\"max_score\":1,\"sat\":true,\"score\":0.5}\n");
    says("statements",
         "{\"id\":\"e3\"," ACTOR "," VERB(
             ADL
             "progressed") ",\"object\":" EDX_BLOCK "," EDX_PARENT "," AT
                           ",\"result\":{\"completion\":true,\"extensions\":"
                           "{\"https://w3id.org/xapi/cmi5/result/extensions/progress\":100.0}}}",
         "account.created account:s:# seen {}\n"
         "learning.progressed progress:s:7:#:2026-01-02 at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n");
    says("statements",
         "{\"id\":\"e4\"," ACTOR "," VERB(ADL "passed") ",\"object\":" EDX_COURSE "," AT "}",
         "account.created account:s:# seen {}\n"
         "exam.graded exam:s:7:#:course at "
         "{\"course\":\"7\",\"exam\":\"course\",\"passed\":true}\n");
    says("statements",
         "{\"id\":\"e5\"," ACTOR "," VERB(ADL "failed") ",\"object\":" EDX_COURSE "," AT "}",
         "account.created account:s:# seen {}\n"
         "if held exam.graded exam:s:7:#:course at "
         "{\"course\":\"7\",\"exam\":\"course\",\"passed\":false}\n");
    says("statements",
         "{\"id\":\"e6\"," ACTOR
         "," VERB(ADL "scored") ",\"object\":{\"id\":\"exam\"},"
                                "\"result\":{\"score\":{\"raw\":5,\"max\":20}}," COURSE "," AT "}",
         "account.created account:s:# seen {}\n"
         "learning.progressed progress:s:7:#:2026-01-02 at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n"
         "exam.graded s:e6 at {\"course\":\"7\",\"exam\":\"exam\",\"max_score\":20,\"score\":5}\n");
}

static void xapi(void **state)
{
    (void)state;
    says("statements",
         "{\"id\":\"u1\"," ACTOR "," VERB(
             ADL "registered") ",\"object\":{\"id\":\"7\"},\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "account.created account:s:# seen {}\n"
         "enrollment.created enrollment:s:7:# at {\"course\":\"7\"}\n");
    says("statements",
         "{\"id\":\"u2\"," ACTOR "," VERB(
             "http://id.tincanapi.com/verb/unregistered") ",\"object\":{\"id\":\"7\"},"
                                                          "\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "account.created account:s:# seen {}\n"
         "enrollment.cancelled enrollment:s:7:# at {\"course\":\"7\"}\n");
    says("statements",
         "{\"id\":\"u3\"," ACTOR
         "," VERB(ADL "answered") ",\"object\":{\"id\":\"q\"}," COURSE
                                  ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "account.created account:s:# seen {}\n"
         "learning.progressed progress:s:7:#:2026-01-02 at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n");
    says("statements",
         "{\"id\":\"u4\"," ACTOR
         "," VERB(ADL "passed") ",\"object\":{\"id\":\"exam\"},\"result\":{\"score\":{\"scaled\":0."
                                "85,\"raw\":17,\"max\":20},\"success\":true}," COURSE
                                ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "account.created account:s:# seen {}\n"
         "learning.progressed progress:s:7:#:2026-01-02 at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n"
         "exam.graded s:u4 at "
         "{\"course\":\"7\",\"exam\":\"exam\",\"max_score\":1,\"passed\":true,\"score\":0.85}\n");
    says("statements",
         "{\"id\":\"u5\"," ACTOR "," VERB(ADL "failed") ",\"object\":{\"id\":\"exam\"},\"result\":{"
                                                        "\"score\":{\"raw\":5,\"max\":20}}," COURSE
                                                        ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "account.created account:s:# seen {}\n"
         "learning.progressed progress:s:7:#:2026-01-02 at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n"
         "exam.graded s:u5 at "
         "{\"course\":\"7\",\"exam\":\"exam\",\"max_score\":20,\"passed\":false,\"score\":5}\n");
    says("statements",
         "{\"id\":\"u6\"," ACTOR "," VERB(
             ADL
             "completed") ",\"object\":{\"id\":\"7\",\"definition\":{\"type\":\"http://adlnet.gov/"
                          "expapi/activities/course\"}},\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "account.created account:s:# seen {}\n"
         "learning.progressed progress:s:7:#:2026-01-02 at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n"
         "learning.progressed progress:s:7:#:share at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\",\"progress\":1}\n");
    says("statements",
         "{\"id\":\"u7\"," ACTOR
         "," VERB("http://id.tincanapi.com/verb/earned") ",\"object\":{\"id\":\"c\"}," COURSE
                                                         ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "account.created account:s:# seen {}\n"
         "certificate.issued s:u7 at {\"course\":\"7\"}\n");
    says("statements",
         "{\"id\":\"u8\"," ACTOR
         "," VERB(ADL "voided") ",\"object\":{\"objectType\":\"StatementRef\",\"id\":\"u4\"},"
                                "\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "remove exam.graded s:u4\n");
    says("statements", "{\"id\":\"u9\"," ACTOR "," VERB(ADL "shared") ",\"object\":{\"id\":\"7\"}}",
         "skipped\n");
    says("statements",
         "{\"id\":\"u9\"," ACTOR "," VERB(ADL "answered") ",\"object\":{\"id\":\"q\"}}", "skipped\n");
    xapi_of_openedx();
}

static void xapi_verdicts_and_groups(void **state)
{
    (void)state;
    says("statements",
         "{\"id\":\"u4\"," ACTOR "," VERB(ADL "scored") ",\"object\":{\"id\":\"exam\"},\"result\":{"
                                                        "\"score\":{\"scaled\":0}}," COURSE
                                                        ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "account.created account:s:# seen {}\n"
         "learning.progressed progress:s:7:#:2026-01-02 at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n"
         "exam.graded s:u4 at "
         "{\"course\":\"7\",\"exam\":\"exam\",\"max_score\":1,\"score\":0}\n");
    says("statements",
         "{\"id\":\"u4\",\"actor\":{\"objectType\":\"Group\",\"account\":{\"name\":\"team\","
         "\"homePage\":\"https://p\"}}," VERB(
             ADL "registered") ",\"object\":{\"id\":\"7\"},\"timestamp\":\"2026-01-02T03:04:05Z\"}",
         "skipped\n");
}

static void canvas(void **state)
{
    (void)state;
    says("users", "{\"id\":\"5\",\"name\":\"An\",\"login_id\":\"an\",\"created_at\":\"2026-01-02T03:04:05Z\"}",
         "account.created account:s:# at {\"name\":\"name:f0808536c11682ec\"}\n");
    says("enrollments",
         "{\"id\":\"99\",\"user_id\":\"5\",\"enrollment_state\":\"active\",\"role\":"
         "\"StudentEnrollment\",\"created_at\":\"2026-01-02T03:04:05Z\"}",
         "enrollment.created s:enrollment:99 at "
         "{\"course\":\"7\",\"mode\":\"StudentEnrollment\"}\n");
    says("enrollments",
         "{\"id\":\"99\",\"user_id\":\"5\",\"enrollment_state\":\"deleted\",\"role\":"
         "\"StudentEnrollment\",\"updated_at\":\"2026-01-02T03:04:05Z\"}",
         "enrollment.cancelled s:enrollment:99 at "
         "{\"course\":\"7\",\"mode\":\"StudentEnrollment\"}\n");
    says("enrollments", "{\"id\":\"99\",\"user_id\":\"5\",\"enrollment_state\":\"invited\"}",
         "enrollment.created s:enrollment:99 seen {\"course\":\"7\"}\n");
    says("submissions",
         "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"attempt\":1,\"score\":15,\"submitted_at\":"
         "\"2026-01-02T03:04:05Z\",\"workflow_state\":\"graded\",\"excused\":false,\"assignment\":{"
         "\"points_possible\":20}}",
         "exam.graded exam:s:7:#:3 at "
         "{\"attempt\":1,\"course\":\"7\",\"exam\":\"3\",\"max_score\":20,\"sat\":true,\"score\":"
         "15}\n"
         "learning.progressed progress:s:7:#:2026-01-02 at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n");
    says("submissions",
         "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"attempt\":null,\"score\":0,\"submitted_at\":"
         "null,\"graded_at\":\"2026-01-02T03:04:05Z\",\"workflow_state\":\"graded\",\"excused\":"
         "null,\"assignment\":{\"points_possible\":20}}",
         "exam.graded exam:s:7:#:3 at "
         "{\"course\":\"7\",\"exam\":\"3\",\"max_score\":20,\"sat\":false,\"score\":0}\n");
    says("submissions",
         "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"score\":null,\"submitted_at\":\"2026-01-"
         "02T03:04:05Z\",\"workflow_state\":\"submitted\"}",
         "remove exam.graded exam:s:7:#:3\n"
         "learning.progressed progress:s:7:#:2026-01-02 at "
         "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n");
    says("submissions", "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"score\":null,\"submitted_at\":null,\"workflow_state\":\"unsubmitted\"}",
         "remove exam.graded exam:s:7:#:3\n"); /* the teacher took the grade back */
    says("submissions",
         "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"score\":4,\"submitted_at\":null,\"workflow_"
         "state\":"
         "\"graded\",\"excused\":true}",
         "remove exam.graded exam:s:7:#:3\n");
    says("progress",
         "{\"id\":5,\"progress\":{\"requirement_count\":4,\"requirement_completed_count\":3}}",
         "learning.progressed progress:s:7:#:modules seen "
         "{\"course\":\"7\",\"day\":\"2024-10-04\",\"progress\":0.75}\n");
    says("progress", "{\"id\":5,\"progress\":{\"error\":{\"message\":\"no modules\"}}}", "skipped\n");
}

static void oneroster(void **state)
{
    (void)state;
    says("users",
         "{\"sourcedId\":\"u\",\"status\":\"active\",\"role\":\"student\",\"enabledUser\":\"true\","
         "\"givenName\":\"An\",\"familyName\":\"Ly\",\"dateLastModified\":\"2026-01-02T03:04:05."
         "000Z\"}",
         "account.activated account:s:# seen "
         "{\"activated\":true,\"name\":\"name:2baca42a46a45895\"}\n");
    says("users",
         "{\"sourcedId\":\"u\",\"status\":\"active\",\"role\":\"student\",\"enabledUser\":false}",
         "account.created account:s:# seen {}\n");
    says("users",
         "{\"sourcedId\":\"u\",\"status\":\"tobedeleted\",\"roles\":[],\"enabledUser\":true,"
         "\"dateLastModified\":\"2026-01-02T03:04:05.000Z\"}",
         "account.closed account:s:# at {}\n");
    says("users", "{\"sourcedId\":\"u\",\"status\":\"active\",\"role\":\"teacher\"}", "skipped\n");
    says("users",
         "{\"sourcedId\":\"u\",\"status\":\"active\",\"roles\":[{\"roleType\":\"primary\",\"role\":"
         "\"teacher\"}]}",
         "skipped\n");
    says("users",
         "{\"sourcedId\":\"u\",\"status\":\"active\",\"roles\":[{\"role\":\"aide\"},{\"role\":"
         "\"student\"}]}",
         "account.created account:s:# seen {}\n");
    says("enrollments",
         "{\"sourcedId\":\"e\",\"status\":\"active\",\"role\":\"student\",\"user\":{\"sourcedId\":"
         "\"u\"},\"class\":{\"sourcedId\":\"7\"},\"beginDate\":\"2026-01-02\"}",
         "enrollment.created s:enrollment:e at {\"course\":\"7\"}\n");
    says("enrollments",
         "{\"sourcedId\":\"e\",\"status\":\"tobedeleted\",\"role\":\"student\",\"user\":{"
         "\"sourcedId\":\"u\"},\"class\":{\"sourcedId\":\"7\"},\"dateLastModified\":\"2026-01-"
         "02T03:04:05Z\"}",
         "enrollment.cancelled s:enrollment:e at {\"course\":\"7\"}\n");
    says("enrollments",
         "{\"sourcedId\":\"e\",\"status\":\"active\",\"role\":\"student\",\"user\":{\"sourcedId\":"
         "\"u\"},\"class\":{\"sourcedId\":\"8\"}}",
         "skipped\n");
    says("results",
         "{\"sourcedId\":\"r\",\"status\":\"active\",\"student\":{\"sourcedId\":\"u\"},"
         "\"lineItem\":{\"sourcedId\":\"l\"},\"score\":8.5,\"scoreDate\":\"2026-01-02\","
         "\"scoreStatus\":\"fully graded\"}",
         "skipped\n");
    set("line_items", "true");
    set("line_items.class", "7");
    set("line_items.most", "10");
    says("results",
         "{\"sourcedId\":\"r\",\"status\":\"active\",\"student\":{\"sourcedId\":\"u\"},"
         "\"lineItem\":{\"sourcedId\":\"l\"},\"score\":8.5,\"scoreDate\":\"2026-01-02\","
         "\"scoreStatus\":\"fully graded\"}",
         "exam.graded exam:s:7:#:l at "
         "{\"course\":\"7\",\"exam\":\"l\",\"max_score\":10,\"score\":8.5}\n");
    says("results",
         "{\"sourcedId\":\"r\",\"status\":\"tobedeleted\",\"student\":{\"sourcedId\":\"u\"},"
         "\"lineItem\":{\"sourcedId\":\"l\"},\"score\":8.5,\"scoreDate\":\"2026-01-02\"}",
         "remove exam.graded exam:s:7:#:l\n");
    says("results",
         "{\"sourcedId\":\"r\",\"status\":\"active\",\"student\":{\"sourcedId\":\"u\"},"
         "\"lineItem\":{\"sourcedId\":\"l\"},\"scoreStatus\":\"not submitted\"}",
         "remove exam.graded exam:s:7:#:l\n");
}

static void onetouch(void **state)
{
    (void)state;
    says("users",
         "{\"userId\":\"u\",\"active\":true,\"email\":\"a@b.vn\",\"cccd\":\"001099000001\","
         "\"fullName\":\"An\",\"createdAt\":\"02/01/2026 03:04:05\"}",
         "account.activated account:s:# at "
         "{\"activated\":true,\"identifiers\":[\"email:380ea24bdc426c5cc1abac65cf058a4a\","
         "\"citizen:dcec0b109e07626c1f5570290abd763c\"],\"name\":\"name:f0808536c11682ec\"}\n");
    says("users", "{\"userId\":\"u\",\"active\":false,\"createdAt\":\"02/01/2026 03:04:05\",\"activatedAt\":null}",
         "account.created account:s:# at {\"activated\":false}\n");
    says("enrollments", "{\"userId\":\"u\",\"registeredAt\":\"02/01/2026 03:04:05\",\"lecturesDone\":3,\"progressPercent\":30}",
         "enrollment.created enrollment:s:7:# at {\"course\":\"7\"}\n"
         "learning.progressed progress:s:7:# seen "
         "{\"course\":\"7\",\"day\":\"2024-10-04\",\"progress\":0.3}\n");
    says("exams",
         "{\"userId\":\"u\",\"attemptNo\":1,\"submittedAt\":\"02/01/2026 "
         "03:04:05\",\"correctAnswers\":17,\"questionCount\":20,\"result\":\"PASS\"}",
         "exam.graded exam:s:7:#:course:1 at "
         "{\"attempt\":1,\"course\":\"7\",\"exam\":\"course\",\"max_score\":20,\"passed\":true,"
         "\"score\":17}\n");
    says("certificates", "{\"userId\":\"u\",\"issuedAt\":\"02/01/2026 03:04:05\"}",
         "certificate.issued certificate:s:7:# at {\"course\":\"7\"}\n");
    says("certificates", "{\"userId\":\"u\",\"issuedAt\":\"02/01/2026 03:04:05\",\"revokedAt\":\"03/01/2026 03:04:05\"}",
         "remove certificate.issued certificate:s:7:#\n");
}

#define SHIPPED(name) SHIPPED_AS(name, name)
#define SHIPPED_AS(name, test)                                                                     \
    {                                                                                              \
#test, test, set_up, tear_down, #name                                                      \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHIPPED(moodle),    SHIPPED(xapi),     SHIPPED(canvas),
        SHIPPED(oneroster), SHIPPED(onetouch), SHIPPED_AS(xapi, xapi_verdicts_and_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
