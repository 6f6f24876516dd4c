/* What Open edX records become, read again as every consumer does. */
#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/openedx/map.h"
#include "../../ingest/replayed.h"

#define COURSE "course-v1:ORG+DX01+2026"

/* Every mapped event must be one that the contract accepts, and from which a lost state can be rebuilt. */
static void mapped_events_pass_the_contract(void **state)
{
    (void)state;
    static const struct {
        map_function map;
        const char *record;
    } cases[] = {
        {map_grade, "{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":0.83}"},
        {map_grade, "{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":0.3}"},
        {map_enrollment, "{\"user\":\"nguyen_a\",\"is_active\":true,\"mode\":\"honor\"}"},
        {map_enrollment, "{\"user\":\"nguyen_a\",\"is_active\":false,\"mode\":\"honor\"}"},
        {map_certificate,
         "{\"username\":\"nguyen_a\",\"course_id\":\"" COURSE "\",\"status\":\"downloadable\"}"},
        {map_account, "{\"username\":\"nguyen_a\",\"is_active\":true}"},
        {map_account, "{\"username\":\"nguyen_a\",\"is_active\":false}"},
    };
    struct error err = {.kind = ERROR_NONE};
    struct hmac *hmac = hmac_new("a key of sixteen", 16, &err);
    struct event_decoder *decoder = event_decoder_new();
    struct text_buffer data = {.data = NULL}, text = {.data = NULL}, scratch = {.data = NULL};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct map_input in = {.source = "daotao", .course = COURSE, .hmac = hmac, .today = 20779};
        struct map_output out;
        struct json *r = json_parse(cases[c].record, strlen(cases[c].record), &err);
        assert_non_null(r);
        assert_true(cases[c].map(&in, r, &out, &err));
        for (size_t i = 0; i < out.count; i++) {
            struct event e = out.items[i].event, back;
            struct replayed replayed;
            e.time = INT64_C(1795311600000000);
            e.revision = e.time;
            text_buffer_clear(&data);
            text_buffer_clear(&text);
            event_encode_data(&e, &data);
            event_encode(&e, data.data, data.length, &text);
            assert_true(event_decode(decoder, text.data, text.length, &back, &err));
            assert_int_equal(back.type, e.type);
            assert_string_equal(back.entity, e.entity);
            assert_true(replayed_entity(&back, &scratch, &replayed));
            assert_false(replayed.entity.gone);
            assert_int_equal(replayed.entity.event.type, e.type);
            if (!replayed.entity.total)
                assert_int_equal(replayed.entity.status, out.items[i].status);
        }
        json_free(r);
    }
    text_buffer_free(&data);
    text_buffer_free(&text);
    text_buffer_free(&scratch);
    event_decoder_free(decoder);
    hmac_free(hmac);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(mapped_events_pass_the_contract)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
