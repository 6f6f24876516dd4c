#include "cmocka_all.h"

#include <string.h>

#include "../../common/error.h"
#include "../../common/json.h"

static void set_fills_everything(void **state)
{
    (void)state;
    struct error err = {0};
    assert_false(error_set(&err, ERROR_SOURCE, true, "page %d of %s", 3, "grades"));
    assert_int_equal(err.kind, ERROR_SOURCE);
    assert_true(err.retriable);
    assert_string_equal(err.message, "page 3 of grades");
    assert_false(error_set(NULL, ERROR_SOURCE, true, "nobody listens"));
}

static void context_goes_in_front(void **state)
{
    (void)state;
    struct error err = {0};
    error_set(&err, ERROR_DATA, false, "row 7: no e-mail");
    assert_false(error_context(&err, "list %s", "so-y-te.xlsx"));
    assert_string_equal(err.message, "list so-y-te.xlsx: row 7: no e-mail");
    assert_int_equal(err.kind, ERROR_DATA);
    assert_false(error_context(NULL, "nobody"));
}

static void context_can_be_left_out(void **state)
{
    (void)state;
    struct error err = {0};
    error_tell(&err, ERROR_DATA, false, "a.csv: dòng %d: a.csv: sai", "a.csv: row %d: a.csv: wrong",
               7);
    error_without_context(&err, "a");
    assert_string_equal(err.message, "a.csv: row 7: a.csv: wrong");
    error_without_context(&err, "");
    error_without_context(&err, "a.csv");
    assert_string_equal(err.message, "row 7: a.csv: wrong");
    assert_string_equal(err.vi, "dòng 7: a.csv: sai");
    error_without_context(NULL, "a.csv");
}

static void message_may_quote_itself(void **state)
{
    (void)state;
    struct error err = {0};
    error_set(&err, ERROR_DATA, false, "inner");
    error_set(&err, ERROR_CONFIG, false, "outer of %s", err.message);
    assert_string_equal(err.message, "outer of inner");
}

static void vietnamese_stands_beside_it(void **state)
{
    (void)state;
    struct error err = {0};
    assert_false(error_tell(&err, ERROR_USAGE, false, "không có đơn vị %s, dòng %d",
                            "there is no unit %s, row %d", "X", 7));
    assert_string_equal(error_words(&err, true), "không có đơn vị X, dòng 7");
    assert_string_equal(error_words(&err, false), "there is no unit X, row 7");
    assert_int_equal(err.kind, ERROR_USAGE);
    error_context(&err, "%s", "list.csv");
    assert_string_equal(error_words(&err, true), "list.csv: không có đơn vị X, dòng 7");
    assert_string_equal(err.message, "list.csv: there is no unit X, row 7");
    /* Of another message it says nothing. */
    error_set(&err, ERROR_USAGE, false, "only English");
    assert_string_equal(error_words(&err, true), "only English");
    assert_false(error_vi(&err, "%d", 2));
    assert_string_equal(error_words(&err, true), "2");
    error_clear(&err);
    assert_string_equal(error_words(&err, true), "");
    assert_false(error_tell(NULL, ERROR_USAGE, false, "%d", "%d", 1));
    assert_false(error_vi(NULL, "%d", 2));
}

static void long_messages_are_cut_between_characters(void **state)
{
    (void)state;
    /* "ế" has three bytes; with each of three offsets, the cut falls at another place within it. */
    for (size_t shift = 0; shift < 3; shift++) {
        char text[3000];
        size_t at = 0;
        while (at < shift)
            text[at++] = 'x';
        while (at + 3 < sizeof text) {
            memcpy(text + at, "\xe1\xba\xbf", 3);
            at += 3;
        }
        text[at] = '\0';
        struct error err = {0};
        error_set(&err, ERROR_DATA, false, "%s", text);
        size_t length = strlen(err.message);
        assert_true(length <= 1023 && length > 1019);
        assert_true(utf8_valid(err.message, length));
        error_context(&err, "%s", text);
        assert_true(utf8_valid(err.message, strlen(err.message)));
    }
}

static void long_context_keeps_to_the_size(void **state)
{
    (void)state;
    for (size_t length = 1015; length < 1030; length++) {
        char text[1100];
        memset(text, 'c', length);
        text[length] = '\0';
        struct error err = {0};
        error_set(&err, ERROR_DATA, false, "tail");
        error_context(&err, "%s", text);
        size_t expected = length + 6 < 1023 ? length + 6 : 1023;
        /* Where not even ": " fits, nothing of it is there. */
        assert_in_range(strlen(err.message), expected - 1, 1023);
        assert_int_equal(err.message[0], 'c');
    }
}

static void both_languages_are_told(void **state)
{
    (void)state;
    struct error err = {0};
    assert_false(error_tell(&err, ERROR_USAGE, false, "đợt %s không có", "wave %s is unknown", "X"));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_string_equal(error_words(&err, false), "wave X is unknown");
    assert_string_equal(error_words(&err, true), "đợt X không có");
    error_context(&err, "so-y-te.xlsx");
    assert_string_equal(error_words(&err, false), "so-y-te.xlsx: wave X is unknown");
    assert_string_equal(error_words(&err, true), "so-y-te.xlsx: đợt X không có");
    error_tell_plain(&err, ERROR_DATA, true, err.vi, err.message); /* of itself */
    assert_string_equal(error_words(&err, true), "so-y-te.xlsx: đợt X không có");
    error_set(&err, ERROR_DATA, false, "100 %% of it");
    assert_string_equal(error_words(&err, true), "100 % of it"); /* no words of its own */
    error_tell(&err, ERROR_DATA, false, "%s", "%s", "x");
    error_clear(&err);
    assert_string_equal(error_words(&err, true), "");
}

static void long_words_are_cut_between_characters(void **state)
{
    (void)state;
    char text[900];
    size_t at = 0;
    while (at + 3 < sizeof text) {
        memcpy(text + at, "\xe1\xba\xbf", 3);
        at += 3;
    }
    text[at] = '\0';
    for (size_t shift = 0; shift < 3; shift++) {
        struct error err = {0};
        error_tell(&err, ERROR_DATA, false, "%.*s%s", "%.*s%s", (int)shift, "xx", text);
        assert_in_range(strlen(err.vi), sizeof err.vi - 4, sizeof err.vi - 1);
        assert_true(utf8_valid(err.vi, strlen(err.vi)));
        error_context(&err, "%s", "tệp");
        assert_true(utf8_valid(err.vi, strlen(err.vi)));
    }
}

static void exit_codes(void **state)
{
    (void)state;
    static const struct {
        enum error_kind kind;
        int code;
        const char *name;
    } expected[] = {
        {ERROR_NONE, 0, "none"},         {ERROR_USAGE, 2, "usage"},
        {ERROR_CONFIG, 2, "config"},     {ERROR_UNREACHABLE, 3, "unreachable"},
        {ERROR_SOURCE, 1, "source"},     {ERROR_DATA, 1, "data"},
        {ERROR_FENCED, 1, "fenced"},     {ERROR_UNKNOWN_OUTCOME, 1, "unknown_outcome"},
        {ERROR_STATE, 1, "state"},       {ERROR_STOPPED, 0, "stopped"},
        {ERROR_INTERNAL, 1, "internal"},
    };
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        struct error err = {.kind = expected[i].kind};
        assert_int_equal(error_exit_code(&err), expected[i].code);
        assert_string_equal(error_kind_name(expected[i].kind), expected[i].name);
    }
}

static void clear_empties(void **state)
{
    (void)state;
    struct error err;
    error_clear(NULL);
    error_set(&err, ERROR_STATE, true, "something");
    error_clear(&err);
    assert_int_equal(err.kind, ERROR_NONE);
    assert_false(err.retriable);
    assert_string_equal(err.message, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_fills_everything),
        cmocka_unit_test(context_goes_in_front),
        cmocka_unit_test(context_can_be_left_out),
        cmocka_unit_test(message_may_quote_itself),
        cmocka_unit_test(vietnamese_stands_beside_it),
        cmocka_unit_test(long_messages_are_cut_between_characters),
        cmocka_unit_test(long_context_keeps_to_the_size),
        cmocka_unit_test(both_languages_are_told),
        cmocka_unit_test(long_words_are_cut_between_characters),
        cmocka_unit_test(exit_codes),
        cmocka_unit_test(clear_empties),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
