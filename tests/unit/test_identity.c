#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../common/identity.h"

struct example {
    const char *raw, *normal; /* NULL: malformed; "": missing */
};

typedef enum identity_fault (*normaliser)(const char *raw, char out[IDENTITY_TEXT]);

static void check(normaliser normalise, const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char out[IDENTITY_TEXT];
        enum identity_fault fault = normalise(examples[i].raw, out);
        enum identity_fault expected = examples[i].normal == NULL      ? IDENTITY_MALFORMED
                                       : examples[i].normal[0] == '\0' ? IDENTITY_MISSING
                                                                       : IDENTITY_OK;
        if (fault != expected)
            print_error("\"%s\": fault %d instead of %d\n", examples[i].raw, fault, expected);
        assert_int_equal(fault, expected);
        assert_string_equal(out, examples[i].normal == NULL ? "" : examples[i].normal);
    }
}

static void test_email(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"nguyen.a@gmail.com", "nguyen.a@gmail.com"},
        {"  Nguyen.A@GMAIL.com\xC2\xA0", "nguyen.a@gmail.com"},
        {"mailto:a@hagiang.gov.vn", "a@hagiang.gov.vn"},
        {"<a@hagiang.gov.vn>", "a@hagiang.gov.vn"},
        {"\xE2\x80\x8B"
         "a@b.vn",
         "a@b.vn"},
        {"a_b-c+d@x-y.edu.vn", "a_b-c+d@x-y.edu.vn"},
        {"a\xEF\xBC\xA0"
         "b\xEF\xBC\x8E"
         "vn",
         "a@b.vn"}, /* full-width @ and dot */
        {"", ""},
        {" \xC2\xA0 ", ""},
        {"nguyen.a.gmail.com", NULL},
        {"nguyen.a@gmail", NULL},
        {"nguyen a@gmail.com", NULL},
        {"a@@gmail.com", NULL},
        {"a@gmail..com", NULL},
        {"a@gmail,com", NULL},
        {"a@.com", NULL},
        {"a@gmail.com.", NULL},
        {".a@gmail.com", NULL},
        {"a..b@gmail.com", NULL},
        {"@gmail.com", NULL},
        {"nguyễna@gmail.com", NULL},
        {"a@gmail.c", NULL},
        {"a@-x.com", NULL},
    };
    check(identity_normalise_email, examples, sizeof(examples) / sizeof(examples[0]));
    char out[IDENTITY_TEXT], longest[300];
    memset(longest, 'a', sizeof(longest));
    memcpy(longest + 200, "@x.vn", 6);
    assert_int_equal(identity_normalise_email(longest, out), IDENTITY_MALFORMED);
    assert_int_equal(identity_normalise_email(NULL, out), IDENTITY_MISSING);
}

static void test_citizen(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"002085001234", "002085001234"},
        {"2085001234", "002085001234"},
        {"22085001234", "022085001234"},
        {"2085001234.0", "002085001234"},
        {"2085001234.000000", "002085001234"},
        {"'002085001234", "002085001234"},
        {"002 085 001 234", "002085001234"},
        {"002.085.001.234", "002085001234"},
        {"\xEF\xBC\x90\xEF\xBC\x90\xEF\xBC\x92"
         "085001234",
         "002085001234"},           /* full-width digits */
        {"073123456", "073123456"}, /* the old number */
        {"", ""},
        {"'", ""},
        {"12345678", NULL},
        {"0020850012345", NULL},
        {"00208500123A", NULL},
        {"2.09E+09", NULL}, /* digits are lost */
        {"2.08500E+09", NULL},
        {"2.085001234E+09", "002085001234"}, /* none is */
        {"2.085001234E9", "002085001234"},
        {"2,2085001234e+10", "022085001234"},
        {"2.208500123E10", "022085001230"}, /* its zero at the end is left out */
        {"2.085001234E+08", NULL},
        {"22.085001234E+09", NULL},
        {"2.085001234E-09", NULL},
        {"000000000000", NULL},
    };
    check(identity_normalise_citizen, examples, sizeof(examples) / sizeof(examples[0]));
}

static void test_phone(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"0912345678", "+84912345678"},
        {"912345678", "+84912345678"},
        {"84912345678", "+84912345678"},
        {"+84 912 345 678", "+84912345678"},
        {"(0)912345678", "+84912345678"},
        {"+84(0)912345678", "+84912345678"},
        {"0084912345678", "+84912345678"},
        {"0912.345.678", "+84912345678"},
        {"0912-345-678", "+84912345678"},
        {"0912\xE2\x80\x93"
         "345\xE2\x80\x93"
         "678",
         "+84912345678"}, /* dashes of a word processor */
        {"\xE2\x80\xAA"
         "+84 912 345 678\xE2\x80\xAC",
         "+84912345678"},
        {"912345678.0", "+84912345678"},
        {"9.12345678E8", "+84912345678"},
        {"9.12E+08", NULL},
        {"02193866123", "+842193866123"},
        {"2193866123", "+842193866123"},
        {"842193866123", "+842193866123"},
        {"0842345678", "+84842345678"}, /* a mobile prefix that looks like the country code */
        {"842345678", "+84842345678"},
        {"", ""},
        {"091234567", NULL},
        {"09123456789", NULL},
        {"0112345678", NULL},
        {"+1 202 555 0100", NULL},
        {"không có", NULL},
    };
    check(identity_normalise_phone, examples, sizeof(examples) / sizeof(examples[0]));
}

static struct hmac *test_hmac(void)
{
    struct error err = {0};
    struct hmac *hmac = hmac_new("0123456789abcdef0123456789abcdef", 32, &err);
    assert_non_null(hmac);
    return hmac;
}

static void test_keys(void **state)
{
    (void)state;
    struct hmac *hmac = test_hmac();
    char a[IDENTITY_KEY], b[IDENTITY_KEY];
    identity_key(hmac, "email", "a@b.vn", a);
    /* printf 'email\0a@b.vn' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef */
    assert_string_equal(a, "email:18737a7660ea9ec776e3d16848f3de9b");
    identity_key(hmac, "phone", "a@b.vn", b);
    assert_string_not_equal(a + 6, b + 6); /* kinds are apart */

    identity_account_key(hmac, "daotao", "an", a);
    identity_account_key(hmac, "daotao", "An", b);
    assert_memory_equal(a, "account@daotao:", 15);
    assert_int_equal(strlen(a), 15 + 32);
    assert_string_not_equal(a, b);

    assert_true(identity_name_key(hmac, "Nguyễn Thị HÒA", a));
    assert_true(identity_name_key(hmac, " nguyễn  thị hoà ", b));
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), 5 + 16);
    assert_true(identity_name_key(hmac, "Nguyễn Thị Hoa", b));
    assert_string_not_equal(a, b);
    assert_false(identity_name_key(hmac, "  ", a));
    hmac_free(hmac);
}

static void test_row_key(void **state)
{
    (void)state;
    struct hmac *hmac = test_hmac();
    char name[IDENTITY_KEY], out[IDENTITY_KEY], expected[IDENTITY_KEY], other[IDENTITY_KEY];
    assert_true(identity_name_key(hmac, "Vàng A Páo", name));
    identity_row_key(hmac, "citizen:c", "email:e", "phone:p", "HG", "Vàng A Páo", "", out);
    (void)snprintf(expected, sizeof(expected), "citizen:c+%.16s", name + 5);
    assert_string_equal(out, expected);
    identity_row_key(hmac, NULL, "email:e", "phone:p", "HG", "VÀNG A PÁO", "1990-01-01", out);
    (void)snprintf(expected, sizeof(expected), "email:e+%.16s", name + 5);
    assert_string_equal(out, expected);
    identity_row_key(hmac, NULL, NULL, "phone:p", "HG", "Vàng A Páo", "", out);
    (void)snprintf(expected, sizeof(expected), "phone:p+%.16s", name + 5);
    assert_string_equal(out, expected);

    identity_row_key(hmac, NULL, NULL, NULL, "HG", "Vàng A Páo", "1990-01-01", out);
    assert_memory_equal(out, "row:", 4);
    assert_int_equal(strlen(out), 36);
    identity_row_key(hmac, NULL, NULL, NULL, "HG", "vàng a  páo", "1990-01-01", other);
    assert_string_equal(out, other);
    identity_row_key(hmac, NULL, NULL, NULL, "HG", "Vàng A Páo", "1990-01-02", other);
    assert_string_not_equal(out, other);
    identity_row_key(hmac, NULL, NULL, NULL, "HG-SYTE", "Vàng A Páo", "1990-01-01", other);
    assert_string_not_equal(out, other);
    hmac_free(hmac);
}

static void test_mask(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"nguyen.van.an@gmail.vn", "n***@g***.vn"},
        {"0912345678", "0912***"},
        {"002085001234", "0020***"},
        {"nguyen.van.an.gmail.vn", "n***"},
        {"Đặng Văn A", "Đ***"},
        {"", "***"},
        {"+84912345678", "+849***"},
        {"a@b@c.vn", "a***@b***.vn"},
    };
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        char out[64];
        identity_mask(examples[i].raw, out, sizeof(out));
        assert_string_equal(out, examples[i].normal);
    }
    char tiny[4];
    identity_mask("nguyen@gmail.com", tiny, sizeof(tiny));
    assert_true(strlen(tiny) < sizeof(tiny));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_email), cmocka_unit_test(test_citizen), cmocka_unit_test(test_phone),
        cmocka_unit_test(test_keys),  cmocka_unit_test(test_row_key), cmocka_unit_test(test_mask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
