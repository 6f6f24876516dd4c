/* What the xAPI connector makes of statements, as the specification and the stores' documents show them. */
#include "cmocka_all.h"

#include "support/ingest/shipped.h"

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
    shipped_says("statements",
                 "{\"id\":\"e1\"," ACTOR "," EARNED ",\"object\":" EDX_COURSE "," EDX_PARENT "," AT
                 ",\"result\":{\"score\":{\"scaled\":0.6,\"raw\":0.6,\"min\":0,\"max\":1}}}",
                 "account.created account:s:# seen {}\n");
    shipped_says(
        "statements",
        "{\"id\":\"e2\"," ACTOR "," EARNED ",\"object\":" EDX_BLOCK "," EDX_PARENT "," AT
        ",\"result\":{\"score\":{\"scaled\":0.5,\"raw\":3,\"min\":0,\"max\":6},\"success\":false}}",
        "account.created account:s:# seen {}\n"
        "exam.graded exam:s:7:#:b at "
        "{\"course\":\"7\",\"exam\":\"b\",\"max_score\":1,\"sat\":true,\"score\":0.5}\n");
    shipped_says(
        "statements",
        "{\"id\":\"e3\"," ACTOR "," VERB(
            ADL "progressed") ",\"object\":" EDX_BLOCK "," EDX_PARENT "," AT
                              ",\"result\":{\"completion\":true,\"extensions\":"
                              "{\"https://w3id.org/xapi/cmi5/result/extensions/progress\":100.0}}}",
        "account.created account:s:# seen {}\n"
        "learning.progressed progress:s:7:#:2026-01-02 at "
        "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n");
    shipped_says("statements",
                 "{\"id\":\"e4\"," ACTOR "," VERB(ADL "passed") ",\"object\":" EDX_COURSE "," AT "}",
                 "account.created account:s:# seen {}\n"
                 "exam.graded exam:s:7:#:course at "
                 "{\"course\":\"7\",\"exam\":\"course\",\"passed\":true}\n");
    shipped_says("statements",
                 "{\"id\":\"e5\"," ACTOR "," VERB(ADL "failed") ",\"object\":" EDX_COURSE "," AT "}",
                 "account.created account:s:# seen {}\n"
                 "if held exam.graded exam:s:7:#:course at "
                 "{\"course\":\"7\",\"exam\":\"course\",\"passed\":false}\n");
    shipped_says(
        "statements",
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
    shipped_says(
        "statements",
        "{\"id\":\"u1\"," ACTOR "," VERB(
            ADL "registered") ",\"object\":{\"id\":\"7\"},\"timestamp\":\"2026-01-02T03:04:05Z\"}",
        "account.created account:s:# seen {}\n"
        "enrollment.created enrollment:s:7:# at {\"course\":\"7\"}\n");
    shipped_says(
        "statements",
        "{\"id\":\"u2\"," ACTOR "," VERB(
            "http://id.tincanapi.com/verb/unregistered") ",\"object\":{\"id\":\"7\"},"
                                                         "\"timestamp\":\"2026-01-02T03:04:05Z\"}",
        "account.created account:s:# seen {}\n"
        "enrollment.cancelled enrollment:s:7:# at {\"course\":\"7\"}\n");
    shipped_says("statements",
                 "{\"id\":\"u3\"," ACTOR
                 "," VERB(ADL "answered") ",\"object\":{\"id\":\"q\"}," COURSE
                                          ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
                 "account.created account:s:# seen {}\n"
                 "learning.progressed progress:s:7:#:2026-01-02 at "
                 "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n");
    shipped_says(
        "statements",
        "{\"id\":\"u4\"," ACTOR
        "," VERB(ADL "passed") ",\"object\":{\"id\":\"exam\"},\"result\":{\"score\":{\"scaled\":0."
                               "85,\"raw\":17,\"max\":20},\"success\":true}," COURSE
                               ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
        "account.created account:s:# seen {}\n"
        "learning.progressed progress:s:7:#:2026-01-02 at "
        "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n"
        "exam.graded s:u4 at "
        "{\"course\":\"7\",\"exam\":\"exam\",\"max_score\":1,\"passed\":true,\"score\":0.85}\n");
    shipped_says(
        "statements",
        "{\"id\":\"u5\"," ACTOR "," VERB(ADL "failed") ",\"object\":{\"id\":\"exam\"},\"result\":{"
                                                       "\"score\":{\"raw\":5,\"max\":20}}," COURSE
                                                       ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
        "account.created account:s:# seen {}\n"
        "learning.progressed progress:s:7:#:2026-01-02 at "
        "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n"
        "exam.graded s:u5 at "
        "{\"course\":\"7\",\"exam\":\"exam\",\"max_score\":20,\"passed\":false,\"score\":5}\n");
    shipped_says(
        "statements",
        "{\"id\":\"u6\"," ACTOR "," VERB(
            ADL
            "completed") ",\"object\":{\"id\":\"7\",\"definition\":{\"type\":\"http://adlnet.gov/"
                         "expapi/activities/course\"}},\"timestamp\":\"2026-01-02T03:04:05Z\"}",
        "account.created account:s:# seen {}\n"
        "learning.progressed progress:s:7:#:2026-01-02 at "
        "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n"
        "learning.progressed progress:s:7:#:share at "
        "{\"course\":\"7\",\"day\":\"2026-01-02\",\"progress\":1}\n");
    shipped_says(
        "statements",
        "{\"id\":\"u7\"," ACTOR
        "," VERB("http://id.tincanapi.com/verb/earned") ",\"object\":{\"id\":\"c\"}," COURSE
                                                        ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
        "account.created account:s:# seen {}\n"
        "certificate.issued s:u7 at {\"course\":\"7\"}\n");
    shipped_says("statements",
                 "{\"id\":\"u8\"," ACTOR "," VERB(
                     ADL "voided") ",\"object\":{\"objectType\":\"StatementRef\",\"id\":\"u4\"},"
                                   "\"timestamp\":\"2026-01-02T03:04:05Z\"}",
                 "remove exam.graded s:u4\n");
    shipped_says("statements",
                 "{\"id\":\"u9\"," ACTOR "," VERB(ADL "shared") ",\"object\":{\"id\":\"7\"}}",
                 "skipped\n");
    shipped_says("statements",
                 "{\"id\":\"u9\"," ACTOR "," VERB(ADL "answered") ",\"object\":{\"id\":\"q\"}}",
                 "skipped\n");
    xapi_of_openedx();
}

static void xapi_verdicts_and_groups(void **state)
{
    (void)state;
    shipped_says("statements",
                 "{\"id\":\"u4\"," ACTOR
                 "," VERB(ADL "scored") ",\"object\":{\"id\":\"exam\"},\"result\":{"
                                        "\"score\":{\"scaled\":0}}," COURSE
                                        ",\"timestamp\":\"2026-01-02T03:04:05Z\"}",
                 "account.created account:s:# seen {}\n"
                 "learning.progressed progress:s:7:#:2026-01-02 at "
                 "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n"
                 "exam.graded s:u4 at "
                 "{\"course\":\"7\",\"exam\":\"exam\",\"max_score\":1,\"score\":0}\n");
    shipped_says(
        "statements",
        "{\"id\":\"u4\",\"actor\":{\"objectType\":\"Group\",\"account\":{\"name\":\"team\","
        "\"homePage\":\"https://p\"}}," VERB(
            ADL "registered") ",\"object\":{\"id\":\"7\"},\"timestamp\":\"2026-01-02T03:04:05Z\"}",
        "skipped\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHIPPED(xapi),
        SHIPPED_AS(xapi, xapi_verdicts_and_groups),
    };
    return cmocka_run_group_tests_name("connector_xapi", tests, NULL, NULL);
}
