/* The event contract: what is encoded decodes to the same, what is wrong is refused with its reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../common/event.h"

static struct event exam_event(void)
{
    struct event e = {.type = EVENT_EXAM_GRADED,
                      .source = "daotao",
                      .subject = "account@daotao:00112233445566778899aabbccddeeff",
                      .entity =
                          "exam:daotao:course-v1:X+Y+Z:00112233445566778899aabbccddeeff:course",
                      .revision = 1700000000000001,
                      .previous = 0,
                      .time = 1695612245123456,
                      .time_observed = true,
                      .course = "course-v1:X+Y+Z",
                      .exam = "course",
                      .score = 0.8,
                      .max_score = 1,
                      .passed = true,
                      .sat = true};
    e.present = 1ULL << FIELD_COURSE | 1ULL << FIELD_EXAM | 1ULL << FIELD_SCORE |
                1ULL << FIELD_MAX_SCORE | 1ULL << FIELD_PASSED | 1ULL << FIELD_SAT;
    return e;
}

static void encodes_canonically(void **state)
{
    (void)state;
    struct event e = exam_event();
    struct text_buffer data = {0}, out = {0};
    event_encode_data(&e, &data);
    assert_string_equal(data.data,
                        "{\"course\":\"course-v1:X+Y+Z\",\"exam\":\"course\",\"max_score\":1,"
                        "\"passed\":true,\"sat\":true,\"score\":0.8}");
    event_encode(&e, data.data, data.length, &out);
    assert_string_equal(
        out.data,
        /* id: SHA-256 of source, NUL, entity, NUL, revision, computed with another implementation */
        "{\"specversion\":\"1.0\",\"id\":\"8d7150835eb98bd5ed0bee98c040ddce\",\"source\":"
        "\"daotao\","
        "\"type\":\"exam.graded\",\"subject\":\"account@daotao:00112233445566778899aabbccddeeff\","
        "\"time\":\"2023-09-25T03:24:05.123456Z\",\"datacontenttype\":\"application/json\","
        "\"entity\":\"exam:daotao:course-v1:X+Y+Z:00112233445566778899aabbccddeeff:course\","
        "\"revision\":\"1700000000000001\",\"previous\":\"0\",\"timebasis\":\"observed\","
        "\"data\":{\"course\":\"course-v1:X+Y+Z\",\"exam\":\"course\",\"max_score\":1,"
        "\"passed\":true,\"sat\":true,\"score\":0.8}}");
    text_buffer_free(&data);
    text_buffer_free(&out);
}

static void survives_the_round_trip(void **state)
{
    (void)state;
    struct event e = {.type = EVENT_ROSTER_LISTED,
                      .source = "lists",
                      .subject = "email:0011+22",
                      .entity = "roster:W:U:email:0011+22",
                      .revision = 7,
                      .previous = 3,
                      .time = 1,
                      .import_id = "i1",
                      .file = "Danh s\u00e1ch \"A\".xlsx",
                      .sheet = "Sheet1",
                      .row = 12,
                      .wave = "W",
                      .unit = "U",
                      .group = "17",
                      .invited_by = "tinh-doan"};
    e.identifiers = (struct event_list){2, {"email:0011", "citizen:0022"}};
    e.faults = (struct event_list){1, {"listed_twice"}};
    e.present = 1ULL << FIELD_WAVE | 1ULL << FIELD_UNIT | 1ULL << FIELD_GROUP |
                1ULL << FIELD_INVITED_BY | 1ULL << FIELD_IDENTIFIERS | 1ULL << FIELD_FAULTS;
    struct text_buffer data = {0}, out = {0};
    event_encode_data(&e, &data);
    event_encode(&e, data.data, data.length, &out);
    struct event_decoder *decoder = event_decoder_new();
    struct event d;
    struct error err = {0};
    assert_true(event_decode(decoder, out.data, out.length, &d, &err));
    assert_int_equal(d.type, EVENT_ROSTER_LISTED);
    assert_string_equal(d.subject, e.subject);
    assert_string_equal(d.file, e.file);
    assert_int_equal(d.row, 12);
    assert_int_equal(d.revision, 7);
    assert_int_equal(d.previous, 3);
    assert_false(d.time_observed);
    assert_int_equal(d.present, e.present);
    assert_int_equal(d.identifiers.count, 2);
    assert_string_equal(d.identifiers.items[1], "citizen:0022");
    assert_string_equal(d.faults.items[0], "listed_twice");
    assert_string_equal(d.invited_by, "tinh-doan");
    assert_non_null(strstr(data.data, ",\"invited_by\":\"tinh-doan\",\"unit\""));
    assert_int_not_equal(d.hash, 0);
    char id[33];
    event_id("lists", e.entity, 7, id);
    assert_string_equal(d.id, id);
    event_decoder_free(decoder);
    text_buffer_free(&data);
    text_buffer_free(&out);
}

#define ENVELOPE                                                                                   \
    "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"entity\":\"e\",\"revision\":\"1\","   \
    "\"previous\":\"0\",\"time\":\"2023-09-20T00:00:00Z\","

static void assert_refused(const char *text, size_t length, const char *reason)
{
    struct event_decoder *decoder = event_decoder_new();
    struct event e;
    struct error err = {0};
    if (event_decode(decoder, text, length, &e, &err))
        fail_msg("accepted, but should be refused with %s: %.60s", reason, text);
    assert_int_equal(err.kind, ERROR_DATA);
    if (strncmp(err.message, reason, strlen(reason)) != 0)
        fail_msg("refused with \"%s\" instead of %s", err.message, reason);
    event_decoder_free(decoder);
}

static void refuses_poison_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"", "not_json"},
        {"{", "not_json"},
        {"[]", "not_cloudevent"},
        {"{\"a\":1}", "not_cloudevent"},
        {"{\"specversion\":\"1.0\",\"x\":\"\xff\"}", "not_utf8"},
        {"{\"specversion\":\"1.0\",\"x\":\"\\u0000\"}", "nul_character"},
        {"{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"s\",\"type\":\"x\"}",
         "bad_attribute: specversion"},
        {"{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\"}", "bad_attribute: type"},
        {"{" ENVELOPE "\"type\":\"exam.graded\",\"data\":{}}", "bad_attribute: subject"},
        {"{" ENVELOPE "\"type\":\"exam.graded\",\"subject\":\"a\",\"data\":{\"exam\":\"x\"}}",
         "bad_data: data.course is missing"},
        {"{" ENVELOPE
         "\"type\":\"exam.graded\",\"subject\":\"a\",\"data\":{\"exam\":\"x\",\"course\":1}}",
         "bad_data: data.course is not a string"},
        {"{" ENVELOPE "\"type\":\"exam.graded\",\"subject\":\"a\"}", "bad_attribute: data"},
        {"{" ENVELOPE
         "\"type\":\"learning.progressed\",\"subject\":\"a\",\"data\":{\"course\":\"c\","
         "\"day\":\"2023-02-30\"}}",
         "bad_data: data.day"},
        {"{" ENVELOPE
         "\"type\":\"learning.progressed\",\"subject\":\"a\",\"data\":{\"course\":\"c\","
         "\"day\":\"2023-02-03\",\"percent\":1.5}}",
         "bad_data: data.percent"},
        {"{" ENVELOPE "\"type\":\"identity.linked\",\"data\":{\"identifiers\":[\"a\"]}}",
         "bad_data: data.identifiers"},
        {"{" ENVELOPE
         "\"type\":\"source.swept\",\"data\":{\"stream\":\"x\",\"partition\":2147483648,"
         "\"through\":\"2023-09-20T00:00:00Z\"}}",
         "bad_data: data.partition is no number of a partition"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_refused(cases[i].text, strlen(cases[i].text), cases[i].reason);
    char *deep = malloc(400);
    memset(deep, '[', 200);
    memset(deep + 200, ']', 200);
    assert_refused(deep, 400, "too_deep");
    free(deep);
    size_t size = 2 * 1024 * 1024;
    char *large = malloc(size);
    memset(large, 'x', size);
    assert_refused(large, size, "too_large");
    free(large);
}

static void keeps_unknown_types_and_fields(void **state)
{
    (void)state;
    struct event_decoder *decoder = event_decoder_new();
    struct event e;
    struct error err = {0};
    const char *unknown =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"future.thing\"}";
    assert_true(event_decode(decoder, unknown, strlen(unknown), &e, &err));
    assert_int_equal(e.type, EVENT_UNKNOWN);
    assert_string_equal(e.type_name, "future.thing");
    const char *field =
        "{" ENVELOPE "\"type\":\"enrollment.created\",\"subject\":\"a\",\"colour\":[1],"
        "\"data\":{\"course\":\"c\",\"seat\":{\"row\":3}}}";
    assert_true(event_decode(decoder, field, strlen(field), &e, &err));
    assert_string_equal(e.course, "c");
    assert_int_equal(e.present, 1ULL << FIELD_COURSE);
    event_decoder_free(decoder);
}

static void hash_follows_type_and_data_only(void **state)
{
    (void)state;
    struct event_decoder *decoder = event_decoder_new();
    struct event a, b, c;
    struct error err = {0};
    const char *one =
        "{" ENVELOPE "\"type\":\"enrollment.created\",\"subject\":\"a\",\"importrow\":4,"
        "\"data\":{\"course\":\"c\"}}";
    const char *two =
        "{" ENVELOPE "\"type\":\"enrollment.created\",\"subject\":\"a\",\"importrow\":9,"
        "\"data\":{\"course\":\"c\"}}";
    const char *three = "{" ENVELOPE "\"type\":\"enrollment.cancelled\",\"subject\":\"a\","
                        "\"data\":{\"course\":\"c\"}}";
    assert_true(event_decode(decoder, one, strlen(one), &a, &err));
    assert_true(event_decode(decoder, two, strlen(two), &b, &err));
    assert_true(event_decode(decoder, three, strlen(three), &c, &err));
    assert_true(a.hash == b.hash);
    assert_true(a.hash != c.hash);
    event_decoder_free(decoder);
}

static void order_spaces_and_escapes_do_not_matter(void **state)
{
    (void)state;
    static const char canonical[] =
        "{" ENVELOPE "\"type\":\"exam.graded\",\"subject\":\"a\",\"timebasis\":\"observed\","
        "\"data\":{\"attempt\":2,\"course\":\"c\",\"exam\":\"x\",\"score\":0.325}}";
    static const char other[] =
        " {\"data\" :{ \"score\":325e-3 , "
        "\"e\\u0078am\":\"\\u0078\",\"course\":\"c\",\"attempt\":2.0},\n"
        "\"timebas\\u0069s\":\"observ\\u0065d\",\"colour\":{\"a\":[1]},\"subject\":\"a\","
        "\"type\":\"exam\\u002egraded\",\"time\":\"2023-09-20T07:00:00+07:00\",\"previous\":\"0\","
        "\"revision\":\"\\u0031\",\"entity\":\"e\",\"source\":\"s\",\"id\":\"1\","
        "\"specversion\":\"1\\u002e0\"} ";
    struct event_decoder *decoder = event_decoder_new();
    struct event a, b;
    struct error err = {0};
    assert_true(event_decode(decoder, canonical, strlen(canonical), &a, &err));
    assert_true(event_decode(decoder, other, strlen(other), &b, &err));
    struct text_buffer texts[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        struct text_buffer data = {0};
        event_encode_data(i ? &b : &a, &data);
        event_encode(i ? &b : &a, data.data, data.length, &texts[i]);
        text_buffer_free(&data);
    }
    assert_string_equal(texts[0].data, texts[1].data);
    assert_true(a.score == 0.325 && b.attempt == 2);
    assert_true(key128_equal(b.subject_key, key128_of("a", 1)));
    assert_true(key128_equal(b.entity_key, key128_of("e", 1)));
    text_buffer_free(&texts[0]);
    text_buffer_free(&texts[1]);
    event_decoder_free(decoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_canonically),
        cmocka_unit_test(survives_the_round_trip),
        cmocka_unit_test(refuses_poison_with_its_reason),
        cmocka_unit_test(keeps_unknown_types_and_fields),
        cmocka_unit_test(hash_follows_type_and_data_only),
        cmocka_unit_test(order_spaces_and_escapes_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
