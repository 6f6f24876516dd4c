/* What the shipped connectors make of records as the platforms' documents show them. */
#include "cmocka_all.h"

#include "support/ingest/shipped.h"

static void moodle(void **state)
{
    (void)state;
    shipped_says("enrollments", "{\"id\":5,\"roles\":[{\"roleid\":5,\"shortname\":\"student\"}]}",
                 "enrollment.created enrollment:s:7:# seen {\"course\":\"7\"}\n");
    shipped_says("enrollments", "{\"id\":5,\"roles\":[{\"roleid\":3,\"shortname\":\"teacher\"}]}",
                 "skipped\n");
    shipped_says("enrollments", "{\"id\":5,\"roles\":[]}",
                 "enrollment.created enrollment:s:7:# seen {\"course\":\"7\"}\n");
    shipped_says("enrollments", "{\"id\":5}",
                 "enrollment.created enrollment:s:7:# seen {\"course\":\"7\"}\n");
    shipped_says("accounts", "{\"id\":5,\"firstaccess\":0,\"idnumber\":\"x\",\"fullname\":\"An\"}",
                 "account.created account:s:# seen {\"name\":\"name:f0808536c11682ec\"}\n");
    shipped_says("accounts",
                 "{\"id\":5,\"firstaccess\":1700000000,\"email\":\"a@b.vn\",\"fullname\":\"An\"}",
                 "account.activated account:s:# at "
                 "{\"activated\":true,\"identifiers\":[\"email:380ea24bdc426c5cc1abac65cf058a4a\"],"
                 "\"name\":\"name:f0808536c11682ec\"}\n");
    const char *user = "{\"userid\":5}";
    shipped_says_within(
        "grades",
        user, "{\"itemtype\":\"course\",\"iteminstance\":3,\"graderaw\":8,\"grademax\":10,\"gradedategraded\":null}",
        "learning.progressed progress:s:7:# seen "
        "{\"course\":\"7\",\"day\":\"2024-10-04\",\"percent\":0.8}\n"
        "exam.graded exam:s:7:#:course seen "
        "{\"course\":\"7\",\"exam\":\"course\",\"max_score\":10,\"sat\":true,\"score\":8}\n");
    shipped_says_within(
        "grades", user,
        "{\"itemtype\":\"course\",\"iteminstance\":3,\"graderaw\":null,\"grademax\":10}",
        "remove learning.progressed progress:s:7:#\n"
        "remove exam.graded exam:s:7:#:course\n");
    /* Below zero by penalties: that is no share of the course, and none is told. */
    shipped_says_within(
        "grades", user,
        "{\"itemtype\":\"course\",\"iteminstance\":3,\"graderaw\":-0.5,\"grademax\":10}",
        "remove learning.progressed progress:s:7:#\n"
        "exam.graded exam:s:7:#:course seen "
        "{\"course\":\"7\",\"exam\":\"course\",\"max_score\":10,\"sat\":false,\"score\":-0.5}\n");
    shipped_says_within(
        "grades", user,
        "{\"itemtype\":\"mod\",\"itemmodule\":\"quiz\",\"iteminstance\":9,\"graderaw\":8,"
        "\"grademax\":10,\"gradedatesubmitted\":1700000000}",
        "exam.graded exam:s:7:#:quiz:9 at "
        "{\"course\":\"7\",\"exam\":\"quiz:9\",\"max_score\":10,\"score\":8}\n");
    shipped_says_within("grades", user, "{\"itemtype\":\"category\",\"iteminstance\":9}",
                        "skipped\n");
#define SECOND                                                                                     \
    "\"itemtype\":\"mod\",\"itemmodule\":\"workshop\",\"iteminstance\":9,\"itemnumber\":1"
    shipped_says_within(
        "grades", user, "{" SECOND ",\"graderaw\":8,\"grademax\":10}",
        "exam.graded exam:s:7:#:workshop:9/1 seen "
        "{\"course\":\"7\",\"exam\":\"workshop:9/1\",\"max_score\":10,\"score\":8}\n");
    shipped_says_within("grades", user, "{" SECOND ",\"graderaw\":null}",
                        "remove exam.graded exam:s:7:#:workshop:9/1\n");
    shipped_says_within("grades", user, "{" SECOND ",\"outcomeid\":3,\"graderaw\":2}", "skipped\n");
    shipped_text("parent.quiz", "9");
    shipped_text("parent.exam", "quiz:9");
    shipped_text("parent.marks", "20");
    shipped_text("learner", "5");
    shipped_says(
        "attempts",
        "{\"id\":1,\"quiz\":9,\"userid\":5,\"attempt\":2,\"state\":\"finished\",\"timefinish\":"
        "1700000000,\"sumgrades\":15.5,\"preview\":0}",
        "exam.graded exam:s:7:#:quiz:9:2 at "
        "{\"attempt\":2,\"course\":\"7\",\"exam\":\"quiz:9\",\"max_score\":20,\"score\":15.5}\n");
    shipped_says("completion",
                 "{\"completed\":false,\"completions\":[{\"complete\":true},{\"complete\":false}]}",
                 "learning.progressed progress:s:7:#:completion seen "
                 "{\"course\":\"7\",\"day\":\"2024-10-04\",\"progress\":0.5}\n");
    shipped_says("completion", "{\"completed\":true,\"completions\":[{\"complete\":true}]}",
                 "learning.progressed progress:s:7:#:completion seen "
                 "{\"course\":\"7\",\"day\":\"2024-10-04\",\"progress\":1}\n");
    shipped_says("completion", "{\"completed\":false,\"completions\":[{\"complete\":false}]}",
                 "remove learning.progressed progress:s:7:#:completion\n");
}

static void canvas(void **state)
{
    (void)state;
    shipped_says(
        "users", "{\"id\":\"5\",\"name\":\"An\",\"login_id\":\"an\",\"created_at\":\"2026-01-02T03:04:05Z\"}",
        "account.created account:s:# at {\"name\":\"name:f0808536c11682ec\"}\n");
    shipped_says("enrollments",
                 "{\"id\":\"99\",\"user_id\":\"5\",\"enrollment_state\":\"active\",\"role\":"
                 "\"StudentEnrollment\",\"created_at\":\"2026-01-02T03:04:05Z\"}",
                 "enrollment.created s:enrollment:99 at "
                 "{\"course\":\"7\",\"mode\":\"StudentEnrollment\"}\n");
    shipped_says("enrollments",
                 "{\"id\":\"99\",\"user_id\":\"5\",\"enrollment_state\":\"deleted\",\"role\":"
                 "\"StudentEnrollment\",\"updated_at\":\"2026-01-02T03:04:05Z\"}",
                 "enrollment.cancelled s:enrollment:99 at "
                 "{\"course\":\"7\",\"mode\":\"StudentEnrollment\"}\n");
    shipped_says("enrollments", "{\"id\":\"99\",\"user_id\":\"5\",\"enrollment_state\":\"invited\"}",
                 "enrollment.created s:enrollment:99 seen {\"course\":\"7\"}\n");
    shipped_says(
        "submissions",
        "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"attempt\":1,\"score\":15,\"submitted_at\":"
        "\"2026-01-02T03:04:05Z\",\"workflow_state\":\"graded\",\"excused\":false,\"assignment\":{"
        "\"points_possible\":20}}",
        "exam.graded exam:s:7:#:3 at "
        "{\"attempt\":1,\"course\":\"7\",\"exam\":\"3\",\"max_score\":20,\"sat\":true,\"score\":"
        "15}\n"
        "learning.progressed progress:s:7:#:2026-01-02 at "
        "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n");
    shipped_says(
        "submissions",
        "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"attempt\":null,\"score\":0,\"submitted_at\":"
        "null,\"graded_at\":\"2026-01-02T03:04:05Z\",\"workflow_state\":\"graded\",\"excused\":"
        "null,\"assignment\":{\"points_possible\":20}}",
        "exam.graded exam:s:7:#:3 at "
        "{\"course\":\"7\",\"exam\":\"3\",\"max_score\":20,\"sat\":false,\"score\":0}\n");
    shipped_says(
        "submissions",
        "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"score\":null,\"submitted_at\":\"2026-01-"
        "02T03:04:05Z\",\"workflow_state\":\"submitted\"}",
        "remove exam.graded exam:s:7:#:3\n"
        "learning.progressed progress:s:7:#:2026-01-02 at "
        "{\"course\":\"7\",\"day\":\"2026-01-02\"}\n");
    shipped_says(
        "submissions", "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"score\":null,\"submitted_at\":null,\"workflow_state\":\"unsubmitted\"}",
        "remove exam.graded exam:s:7:#:3\n"); /* the teacher took the grade back */
    shipped_says(
        "submissions",
        "{\"user_id\":\"5\",\"assignment_id\":\"3\",\"score\":4,\"submitted_at\":null,\"workflow_"
        "state\":"
        "\"graded\",\"excused\":true}",
        "remove exam.graded exam:s:7:#:3\n");
    shipped_says(
        "progress",
        "{\"id\":5,\"progress\":{\"requirement_count\":4,\"requirement_completed_count\":3}}",
        "learning.progressed progress:s:7:#:modules seen "
        "{\"course\":\"7\",\"day\":\"2024-10-04\",\"progress\":0.75}\n");
    shipped_says("progress", "{\"id\":5,\"progress\":{\"error\":{\"message\":\"no modules\"}}}",
                 "skipped\n");
}

static void oneroster(void **state)
{
    (void)state;
    shipped_says(
        "users",
        "{\"sourcedId\":\"u\",\"status\":\"active\",\"role\":\"student\",\"enabledUser\":\"true\","
        "\"givenName\":\"An\",\"familyName\":\"Ly\",\"dateLastModified\":\"2026-01-02T03:04:05."
        "000Z\"}",
        "account.activated account:s:# seen "
        "{\"activated\":true,\"name\":\"name:2baca42a46a45895\"}\n");
    shipped_says(
        "users",
        "{\"sourcedId\":\"u\",\"status\":\"active\",\"role\":\"student\",\"enabledUser\":false}",
        "account.created account:s:# seen {}\n");
    shipped_says(
        "users",
        "{\"sourcedId\":\"u\",\"status\":\"tobedeleted\",\"roles\":[],\"enabledUser\":true,"
        "\"dateLastModified\":\"2026-01-02T03:04:05.000Z\"}",
        "account.closed account:s:# at {}\n");
    shipped_says("users", "{\"sourcedId\":\"u\",\"status\":\"active\",\"role\":\"teacher\"}",
                 "skipped\n");
    shipped_says(
        "users",
        "{\"sourcedId\":\"u\",\"status\":\"active\",\"roles\":[{\"roleType\":\"primary\",\"role\":"
        "\"teacher\"}]}",
        "skipped\n");
    shipped_says(
        "users",
        "{\"sourcedId\":\"u\",\"status\":\"active\",\"roles\":[{\"role\":\"aide\"},{\"role\":"
        "\"student\"}]}",
        "account.created account:s:# seen {}\n");
    shipped_says(
        "enrollments",
        "{\"sourcedId\":\"e\",\"status\":\"active\",\"role\":\"student\",\"user\":{\"sourcedId\":"
        "\"u\"},\"class\":{\"sourcedId\":\"7\"},\"beginDate\":\"2026-01-02\"}",
        "enrollment.created s:enrollment:e at {\"course\":\"7\"}\n");
    shipped_says(
        "enrollments",
        "{\"sourcedId\":\"e\",\"status\":\"tobedeleted\",\"role\":\"student\",\"user\":{"
        "\"sourcedId\":\"u\"},\"class\":{\"sourcedId\":\"7\"},\"dateLastModified\":\"2026-01-"
        "02T03:04:05Z\"}",
        "enrollment.cancelled s:enrollment:e at {\"course\":\"7\"}\n");
    shipped_says(
        "enrollments",
        "{\"sourcedId\":\"e\",\"status\":\"active\",\"role\":\"student\",\"user\":{\"sourcedId\":"
        "\"u\"},\"class\":{\"sourcedId\":\"8\"}}",
        "skipped\n");
    shipped_says("results",
                 "{\"sourcedId\":\"r\",\"status\":\"active\",\"student\":{\"sourcedId\":\"u\"},"
                 "\"lineItem\":{\"sourcedId\":\"l\"},\"score\":8.5,\"scoreDate\":\"2026-01-02\","
                 "\"scoreStatus\":\"fully graded\"}",
                 "skipped\n");
    shipped_text("line_items", "true");
    shipped_text("line_items.class", "7");
    shipped_text("line_items.most", "10");
    shipped_says("results",
                 "{\"sourcedId\":\"r\",\"status\":\"active\",\"student\":{\"sourcedId\":\"u\"},"
                 "\"lineItem\":{\"sourcedId\":\"l\"},\"score\":8.5,\"scoreDate\":\"2026-01-02\","
                 "\"scoreStatus\":\"fully graded\"}",
                 "exam.graded exam:s:7:#:l at "
                 "{\"course\":\"7\",\"exam\":\"l\",\"max_score\":10,\"score\":8.5}\n");
    shipped_says(
        "results",
        "{\"sourcedId\":\"r\",\"status\":\"tobedeleted\",\"student\":{\"sourcedId\":\"u\"},"
        "\"lineItem\":{\"sourcedId\":\"l\"},\"score\":8.5,\"scoreDate\":\"2026-01-02\"}",
        "remove exam.graded exam:s:7:#:l\n");
    shipped_says("results",
                 "{\"sourcedId\":\"r\",\"status\":\"active\",\"student\":{\"sourcedId\":\"u\"},"
                 "\"lineItem\":{\"sourcedId\":\"l\"},\"scoreStatus\":\"not submitted\"}",
                 "remove exam.graded exam:s:7:#:l\n");
}

static void onetouch(void **state)
{
    (void)state;
    shipped_says(
        "users",
        "{\"userId\":\"u\",\"active\":true,\"email\":\"a@b.vn\",\"cccd\":\"001099000001\","
        "\"fullName\":\"An\",\"createdAt\":\"02/01/2026 03:04:05\"}",
        "account.activated account:s:# at "
        "{\"activated\":true,\"identifiers\":[\"email:380ea24bdc426c5cc1abac65cf058a4a\","
        "\"citizen:dcec0b109e07626c1f5570290abd763c\"],\"name\":\"name:f0808536c11682ec\"}\n");
    shipped_says(
        "users", "{\"userId\":\"u\",\"active\":false,\"createdAt\":\"02/01/2026 03:04:05\",\"activatedAt\":null}",
        "account.created account:s:# at {\"activated\":false}\n");
    shipped_says(
        "enrollments", "{\"userId\":\"u\",\"registeredAt\":\"02/01/2026 03:04:05\",\"lecturesDone\":3,\"progressPercent\":30}",
        "enrollment.created enrollment:s:7:# at {\"course\":\"7\"}\n"
        "learning.progressed progress:s:7:# seen "
        "{\"course\":\"7\",\"day\":\"2024-10-04\",\"progress\":0.3}\n");
    shipped_says(
        "progress",
        "{\"userId\":\"u\",\"date\":\"02/01/2026\",\"lastLearnedAt\":\"02/01/2026 03:04:05\","
        "\"lecturesDone\":3,\"lectureCount\":10}",
        "learning.progressed progress:s:7:#:02/01/2026 at "
        "{\"course\":\"7\",\"day\":\"2026-01-02\",\"progress\":0.3}\n");
    shipped_says(
        "exams",
        "{\"userId\":\"u\",\"attemptNo\":1,\"submittedAt\":\"02/01/2026 "
        "03:04:05\",\"correctAnswers\":17,\"questionCount\":20,\"result\":\"PASS\"}",
        "exam.graded exam:s:7:#:course:1 at "
        "{\"attempt\":1,\"course\":\"7\",\"exam\":\"course\",\"max_score\":20,\"passed\":true,"
        "\"score\":17}\n");
    shipped_says("certificates", "{\"userId\":\"u\",\"issuedAt\":\"02/01/2026 03:04:05\"}",
                 "certificate.issued certificate:s:7:# at {\"course\":\"7\"}\n");
    shipped_says(
        "certificates", "{\"userId\":\"u\",\"issuedAt\":\"02/01/2026 03:04:05\",\"revokedAt\":\"03/01/2026 03:04:05\"}",
        "remove certificate.issued certificate:s:7:#\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHIPPED(moodle),
        SHIPPED(canvas),
        SHIPPED(oneroster),
        SHIPPED(onetouch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
