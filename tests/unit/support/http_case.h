/* Requests to the hostile server, one after another, and what came back. */
#ifndef MOOC_TEST_HTTP_CASE_H
#define MOOC_TEST_HTTP_CASE_H

#include "hostile.h"

#define MAX_BODY (1 << 20)
#define READER "test" /* of the validators */

/* What came back, copied. */
struct answer {
    int calls;
    long status;
    struct error error;
    size_t body_length;
    char body[2048], link[256], total[32], late[32];
    bool throttled, not_modified, has_validator;
    int64_t server_time_us, retry_after_ms;
    struct http_validator validator;
};

/* Of an origin at the server with plenty of budget, four requests at once, 3 s and MAX_BODY. */
struct http_origin_settings settings(void);
/* Fails the test if they are refused. */
struct http_origin *origin_of(const struct http_origin_settings *s);
struct http_origin *new_origin(void);

void on_answer(void *context, const struct http_response *r); /* context: struct answer */
void wait_for(const struct answer *a);                        /* fails the test after 10 s */
struct answer ask_with(struct http_origin *origin, struct http_call call);
struct answer ask(struct http_origin *origin, const char *path);

/* Fail the test otherwise. */
void expect(const struct answer *a, enum error_kind kind, bool retriable, const char *text);
void expect_text(const char *whole, const char *text);

#endif
