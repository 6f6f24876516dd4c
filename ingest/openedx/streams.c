#include "streams.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/text_buffer.h"
#include "../http/http.h"

/* Grades list active enrolments only, and accounts and certificates are asked for one by one: absence from what was read means
 * nothing there by itself. */
const struct stream_def openedx_streams[STREAM_COUNT] = {
    [STREAM_ENROLLMENTS] =
        {.spec = {.name = "enrollments",
                  .on_vanish = VANISH_REMOVE,
                  .confirmations = 2,
                  .hold_share = 0.05,
                  .hold_minimum = 5,
                  .hold_empty = true}, /* of a course that is gone the platform says just that */
         .path = "/api/enrollment/v1/enrollments?course_id={course}&page_size={page_size}",
         .records = "results",
         .map = map_enrollment},
    [STREAM_GRADES] = {.spec = {.name = "grades",
                                .on_vanish = VANISH_KEEP,
                                .confirmations = 2,
                                .hold_share = 0.05,
                                .hold_minimum = 20},
                       .path = "/api/grades/v1/courses/{course}/?page_size={page_size}",
                       .records = "results",
                       .map = map_grade},
    [STREAM_CERTIFICATES] = {.spec = {.name = "certificates",
                                      .on_vanish = VANISH_LOOKUP,
                                      .confirmations = 2,
                                      .hold_share = 0.05,
                                      .hold_minimum = 20},
                             .path = "/api/certificates/v0/certificates/{username}/",
                             .records = "results",
                             .map = map_certificate},
    [STREAM_ACCOUNTS] = {.spec = {.name = "accounts",
                                  .on_vanish = VANISH_LOOKUP,
                                  .confirmations = 2,
                                  .hold_share = 0.05,
                                  .hold_minimum = 20},
                         .path = "/api/user/v1/accounts?username={usernames}",
                         .records = "results",
                         .map = map_account},
};

const char openedx_gradebook_path[] = "/api/grades/v1/gradebook/{course}/?page_size={page_size}";
const char openedx_account_by_email_path[] = "/api/user/v1/accounts?email={email}";
const char openedx_search_emails_path[] = "/api/user/v1/accounts/search_emails";

static void append_escaped(struct text_buffer *out, const char *text)
{
    char *escaped = http_escape(text);
    text_buffer_add_text(out, escaped);
    free(escaped);
}

static void append_value(struct text_buffer *out, const char *name, size_t length,
                         const struct path_values *v)
{
    if (strncmp(name, "course", length) == 0) {
        append_escaped(out, v->course);
    } else if (strncmp(name, "page_size", length) == 0) {
        text_buffer_add_number(out, v->page_size);
    } else if (strncmp(name, "email", length) == 0) {
        append_escaped(out, v->email);
    } else if (strncmp(name, "username", length) == 0) {
        append_escaped(out, v->usernames[0]);
    } else if (strncmp(name, "usernames", length) == 0) {
        for (size_t i = 0; i < v->username_count; i++) {
            if (i > 0)
                text_buffer_add_text(out, ",");
            append_escaped(out, v->usernames[i]);
        }
    }
}

char *stream_path(const char *template, const struct path_values *values)
{
    struct text_buffer out = {.data = NULL};
    while (*template) {
        size_t plain = strcspn(template, "{");
        text_buffer_add(&out, template, plain);
        template += plain;
        if (*template != '{')
            continue;
        size_t length = strcspn(++template, "}");
        append_value(&out, template, length, values);
        template += length + (template[length] == '}');
    }
    return out.data;
}
