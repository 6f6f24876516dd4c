#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ingest/files/roster_map.h"

static struct hmac *hmac;
static const struct roster_origin origin = {"lists", "DA06-2023-HG", "import-1", "Danh sách.xlsx"};
static const struct row_correction none;

static struct roster_person person(void)
{
    return (struct roster_person){.row = 12,
                                  .name = "Vàng A Páo",
                                  .birth_date = "1990-01-02",
                                  .citizen = "002090001234",
                                  .phone = "+84912345678",
                                  .emails = {"pao@b.vn", "apao@b.vn"},
                                  .email_count = 2,
                                  .unit = "HG-SYTE",
                                  .unit_text = "Sở y tế",
                                  .suggestions = "",
                                  .group = "17",
                                  .audiences = {"can-bo", "vien-chuc"},
                                  .audience_count = 2,
                                  .invited_by = "hoi-nong-dan-tinh",
                                  .content = "row one",
                                  .own_content = "row one",
                                  .raw_email = "pao@b.vn; apao@b.vn",
                                  .same_as = SIZE_MAX};
}

static void key(const char *kind, const char *normal, char out[IDENTITY_KEY])
{
    identity_key(hmac, kind, normal, out);
}

static void test_listed(void **state)
{
    (void)state;
    struct roster_person p = person();
    struct roster_event out;
    char citizen[IDENTITY_KEY], name[IDENTITY_KEY], expected[400], email[2][IDENTITY_KEY];
    p.faults = 1U << ROSTER_LISTED_TWICE | 1U << ROSTER_EMAIL_MALFORMED | 1U << ROSTER_EMAIL_SHARED;
    roster_map(hmac, &origin, &p, "DS 1", &none, &out);
    assert_false(out.rejected);
    assert_int_equal(out.event.type, EVENT_ROSTER_LISTED);
    key("citizen", "002090001234", citizen);
    key("email", "pao@b.vn", email[0]);
    key("email", "apao@b.vn", email[1]);
    assert_true(identity_name_key(hmac, "VÀNG A PÁO", name));
    (void)snprintf(expected, sizeof(expected), "roster:DA06-2023-HG:HG-SYTE:%s+%s", citizen,
                   name + 5);
    assert_string_equal(out.event.entity, expected);
    assert_string_equal(out.event.subject, expected + strlen("roster:DA06-2023-HG:HG-SYTE:"));
    assert_string_equal(out.substream, "DA06-2023-HG/HG-SYTE");
    assert_string_equal(out.event.unit, "HG-SYTE");
    assert_string_equal(out.event.group, "17");
    assert_string_equal(out.event.name, name);
    assert_string_equal(out.event.import_id, "import-1");
    assert_string_equal(out.event.file, "Danh sách.xlsx");
    assert_string_equal(out.event.sheet, "DS 1");
    assert_int_equal(out.event.row, 12);
    assert_int_equal(out.event.identifiers.count, 4);
    assert_string_equal(out.event.identifiers.items[0], citizen);
    /* e-mails in the order of their keys, whatever the cell's order */
    assert_true(strcmp(out.event.identifiers.items[1], out.event.identifiers.items[2]) < 0);
    assert_int_equal(out.event.faults.count, 2); /* what the aggregator finds itself is not sent */
    assert_string_equal(out.event.faults.items[0], "email_malformed");
    assert_string_equal(out.event.faults.items[1], "listed_twice");
    assert_int_equal(out.event.audience.count, 2);
    assert_string_equal(out.event.invited_by, "hoi-nong-dan-tinh");
    assert_true(event_has(&out.event, FIELD_INVITED_BY));
    p.invited_by = "";
    roster_map(hmac, &origin, &p, "DS 1", &none, &out);
    assert_false(event_has(&out.event, FIELD_INVITED_BY));
}

/* Nothing in clear leaves. */
static void test_nothing_personal_in_the_event(void **state)
{
    (void)state;
    struct roster_person p = person();
    struct roster_event out;
    struct text_buffer data = {0}, whole = {0};
    static const char *const secrets[] = {"Páo", "pao@", "002090001234", "912345678", "1990"};
    for (int rejected = 0; rejected < 2; rejected++) {
        if (rejected) {
            p.unit = NULL;
            p.unit_text = "Sở Không Có";
            p.suggestions = "Sở Tư pháp";
            p.faults = 1U << ROSTER_UNIT_UNKNOWN;
        }
        roster_map(hmac, &origin, &p, "DS 1", &none, &out);
        assert_int_equal(out.rejected, rejected);
        text_buffer_clear(&data);
        text_buffer_clear(&whole);
        event_encode_data(&out.event, &data);
        event_encode(&out.event, data.data, data.length, &whole);
        for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
            assert_null(strstr(whole.data, secrets[i]));
    }
    assert_non_null(strstr(whole.data, "unit_unknown"));
    assert_non_null(strstr(out.detail, "Sở Không Có"));
    assert_non_null(strstr(out.detail, "Sở Tư pháp"));
    assert_non_null(strstr(out.detail, "p***@b***.vn"));
    assert_string_equal(out.substream, "DA06-2023-HG/-");
    text_buffer_free(&data);
    text_buffer_free(&whole);
}

/* Columns that slipped: an identifier where the unit should be. */
static void test_unit_that_is_an_identifier_is_masked(void **state)
{
    (void)state;
    static const char *const units[] = {"pao@b.vn", "002090001234", "0912.345.678",
                                        "Lò A, 0912 345 678"};
    static const char *const secrets[] = {"pao@", "090001234", "345", "Páo"};
    struct roster_event out;
    struct roster_person p = person();
    p.unit = NULL;
    p.faults = 1U << ROSTER_UNIT_UNKNOWN;
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        p.unit_text = units[i];
        roster_map(hmac, &origin, &p, "DS 1", &none, &out);
        for (size_t k = 0; k < ARRAY_LEN(secrets); k++)
            assert_null(strstr(out.detail, secrets[k]));
    }
    p.unit_text = "VÀNG A  PÁO"; /* the row's own name */
    roster_map(hmac, &origin, &p, "DS 1", &none, &out);
    assert_null(strstr(out.detail, "PÁO"));
    p.unit_text = "Đội 2, Km 17, Quốc lộ 4C";
    roster_map(hmac, &origin, &p, "DS 1", &none, &out);
    assert_non_null(strstr(out.detail, p.unit_text));
}

static void test_row_without_identifiers(void **state)
{
    (void)state;
    struct roster_person p = person();
    struct roster_event a, b;
    p.citizen = p.phone = "";
    p.email_count = 0;
    roster_map(hmac, &origin, &p, "", &none, &a);
    assert_memory_equal(a.event.subject, "row:", 4);
    assert_false(event_has(&a.event, FIELD_IDENTIFIERS));
    assert_null(a.event.sheet);
    p.birth_date = "1990-01-03";
    roster_map(hmac, &origin, &p, "", &none, &b);
    assert_string_not_equal(a.entity, b.entity);
}

static void test_corrections(void **state)
{
    (void)state;
    struct roster_person p = person();
    struct roster_event before, after;
    struct row_correction c = {0};
    p.citizen = "";
    p.email_count = 0;
    p.faults = 1U << ROSTER_EMAIL_MALFORMED | 1U << ROSTER_LISTED_TWICE;
    roster_map(hmac, &origin, &p, "DS", &none, &before);
    key("email", "right@b.vn", c.emails[0]);
    c.email_count = 1;
    roster_map(hmac, &origin, &p, "DS", &c, &after);
    /* the strongest identifier changed: one entity gone and one new */
    assert_string_not_equal(before.entity, after.entity);
    assert_non_null(strstr(after.entity, c.emails[0]));
    assert_int_equal(after.event.faults.count, 1);
    assert_string_equal(after.event.faults.items[0], "listed_twice");
    c.one_person = true;
    roster_map(hmac, &origin, &p, "DS", &c, &after);
    assert_false(event_has(&after.event, FIELD_FAULTS));
    assert_string_equal(before.row_key, after.row_key); /* the row itself is what it was */
    /* a unit that was not known */
    p.unit = NULL;
    (void)snprintf(c.unit, sizeof(c.unit), "HG-STP");
    roster_map(hmac, &origin, &p, "DS", &c, &after);
    assert_false(after.rejected);
    assert_string_equal(after.event.unit, "HG-STP");
    /* no name stays no name */
    p.faults |= 1U << ROSTER_NAME_MISSING;
    roster_map(hmac, &origin, &p, "DS", &c, &after);
    assert_true(after.rejected);
    assert_string_equal(after.event.reason, "name_missing");
}

static void test_correction_text(void **state)
{
    (void)state;
    struct row_correction c = {0}, back, later = {0};
    const struct key128 former = key128_of("a", 1), other_former = key128_of("b", 1);
    char text[ROW_CORRECTION_VALUE], name[ROW_CORRECTION_NAME], other[ROW_CORRECTION_NAME];
    row_correction_encode(&c, text);
    assert_string_equal(text, "");
    key("email", "a@b.vn", c.emails[0]);
    key("email", "c@b.vn", c.emails[1]);
    c.email_count = 2;
    (void)snprintf(c.unit, sizeof(c.unit), "HG-STP");
    c.one_person = true;
    c.listed = 1695142800;
    c.given = 1695574800;
    row_correction_add_former(&c, former);
    row_correction_add_former(&c, other_former);
    row_correction_add_former(&c, former);
    assert_int_equal(c.former_count, 2);
    row_correction_encode(&c, text);
    row_correction_decode(text, &back);
    assert_memory_equal(&c, &back, sizeof(c));
    key("phone", "+84912345678", later.phone);
    (void)snprintf(later.unit, sizeof(later.unit), "HG-SNV");
    row_correction_merge(&back, &later);
    assert_string_equal(back.unit, "HG-SNV");
    assert_string_equal(back.phone, later.phone);
    assert_int_equal(back.email_count, 2);
    assert_true(back.one_person);
    assert_int_equal(back.given, 1695574800);
    later.listed = 1695142800;
    for (char n = 'b'; n < 'b' + ROW_FORMERS; n++)
        row_correction_add_former(&later, key128_of(&n, 1));
    row_correction_merge(&back, &later);
    assert_int_equal(back.given, 0);
    assert_int_equal(back.former_count, ROW_FORMERS);
    assert_true(key128_equal(back.formers[0], other_former));
    row_correction_decode(NULL, &back);
    assert_int_equal(back.email_count, 0);
    row_correction_decode("future=x;unit=HG-STP;=;", &back);
    assert_string_equal(back.unit, "HG-STP");
    row_correction_name(hmac, "row one", name);
    row_correction_name(hmac, "row two", other);
    assert_memory_equal(name, "correction:", 11);
    assert_int_equal(strlen(name), 11 + 32);
    assert_string_not_equal(name, other);
}

static void test_links(void **state)
{
    (void)state;
    struct roster_person p = person();
    struct link_event ab, ba;
    char a[IDENTITY_KEY], b[IDENTITY_KEY], expected[IDENTITY_KEY];
    assert_true(roster_link_key(hmac, &p, &none, a));
    key("email", "pao@b.vn", expected);
    assert_string_equal(a, expected); /* the e-mail before the citizen number: accounts have e-mails */
    key("email", "other@b.vn", b);
    roster_map_link(&origin, "DS", 12, a, b, &ab);
    roster_map_link(&origin, "DS", 12, b, a, &ba);
    assert_string_equal(ab.entity, ba.entity);
    assert_int_equal(ab.event.type, EVENT_IDENTITY_LINKED);
    assert_int_equal(ab.event.identifiers.count, 2);
    assert_true(strcmp(ab.event.identifiers.items[0], ab.event.identifiers.items[1]) < 0);
    p.email_count = 0;
    assert_true(roster_link_key(hmac, &p, &none, a));
    assert_memory_equal(a, "citizen:", 8);
    p.citizen = p.phone = "";
    assert_false(roster_link_key(hmac, &p, &none, a));
}

static int set_up(void **state)
{
    (void)state;
    struct error err = {0};
    hmac = hmac_new("0123456789abcdef0123456789abcdef", 32, &err);
    return hmac == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    hmac_free(hmac);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listed),
        cmocka_unit_test(test_nothing_personal_in_the_event),
        cmocka_unit_test(test_unit_that_is_an_identifier_is_masked),
        cmocka_unit_test(test_row_without_identifiers),
        cmocka_unit_test(test_corrections),
        cmocka_unit_test(test_correction_text),
        cmocka_unit_test(test_links),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
