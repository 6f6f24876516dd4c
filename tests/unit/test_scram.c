#include <string.h>

#include "cmocka_all.h"

#include "../../aggregator/bi_user/scram.h"

/* RFC 7677, section 3: user "user", password "pencil", salt W22ZaJ0SNY7soEsUEjb6gQ==, 4096 rounds. With this ServerKey the
 * exchange there is signed 6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=. */
static const uint8_t rfc_salt[SCRAM_SALT] = {0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e,
                                             0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81};

static void the_example_of_the_rfc(void **state)
{
    (void)state;
    char out[SCRAM_VERIFIER];
    struct error err = {0};
    assert_true(scram_verifier("pencil", 6, rfc_salt, out, &err));
    assert_string_equal(out, "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
                             "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
                             ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
}

static void unusable_passwords_are_refused(void **state)
{
    (void)state;
    char out[SCRAM_VERIFIER], longer[SCRAM_MAX_PASSWORD + 2];
    memset(longer, 'x', sizeof(longer));
    struct error err = {0};
    assert_false(scram_verifier("", 0, rfc_salt, out, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_false(scram_verifier("mật khẩu", strlen("mật khẩu"), rfc_salt, out, &err));
    assert_false(scram_verifier("a\nb", 3, rfc_salt, out, &err));
    assert_false(scram_verifier(longer, SCRAM_MAX_PASSWORD + 1, rfc_salt, out, &err));
    assert_true(scram_verifier(longer, SCRAM_MAX_PASSWORD, rfc_salt, out, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_rfc),
        cmocka_unit_test(unusable_passwords_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
