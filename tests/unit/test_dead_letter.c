#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "../../aggregator/dead/letter.h"
#include "../../aggregator/dead/print.h"
#include "../../common/rejected_words.h"

static void expect_place(const char *text, const char *topic, int64_t partition, int64_t offset)
{
    struct letter_name name;
    struct error err = {0};
    assert_true(letter_name_parse(text, &name, &err));
    assert_string_equal(name.topic, topic);
    assert_string_equal(name.entity, "");
    assert_int_equal(name.partition, partition);
    assert_int_equal(name.offset, offset);
}

static void a_record_is_named_by_place_or_entity(void **state)
{
    (void)state;
    struct letter_name name;
    struct error err = {0};
    expect_place("mooc.events.v1/3/120000000000", "mooc.events.v1", 3, 120000000000);
    expect_place("a/0/0", "a", 0, 0);
    assert_true(letter_name_parse("3ce2481923fbd393478002221b4088e9", &name, &err));
    assert_string_equal(name.entity, "3ce2481923fbd393478002221b4088e9");
    assert_true(letter_name_parse("3CE24819-23fb-d393-4780-02221b4088e9", &name, &err));
    assert_string_equal(name.topic, "");
    static const char *const wrong[] = {"",
                                        "all",
                                        "/",
                                        "//",
                                        "/1/2",
                                        "a/b/1/2",
                                        "a/1",
                                        "a/1/",
                                        "a//2",
                                        "a/-1/2",
                                        "a/1/2x",
                                        "a/1/99999999999999999999",
                                        "a/4294967296/1",
                                        "3ce2481923fbd393478002221b4088eg",
                                        "3ce24819-23fbd-393-4780-02221b4088e9",
                                        "3ce2481923fbd393478002221b4088e90000"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_false(letter_name_parse(wrong[i], &name, &err));
        assert_int_equal(err.kind, ERROR_USAGE);
    }
}

static void a_topic_has_at_most_249_characters(void **state)
{
    (void)state;
    struct letter_name name;
    struct error err = {0};
    char text[300];
    memset(text, 'a', sizeof(text));
    memcpy(text + 249, "/1/2", 5);
    assert_true(letter_name_parse(text, &name, &err));
    assert_int_equal(strlen(name.topic), 249);
    memcpy(text + 249, "a/1/2", 6);
    assert_false(letter_name_parse(text, &name, &err));
}

static void expect_verdict(const struct letter *letter, struct letter_record record,
                           enum letter_verdict verdict, const char *said)
{
    struct text_buffer why = {0};
    assert_int_equal(letter_judge(letter, &record, false, &why), verdict);
    assert_non_null(strstr(why.data, said));
    text_buffer_free(&why);
}

#define EVENT(type)                                                                                \
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"daotao\",\"type\":\"" type                 \
    "\",\"subject\":\"account@daotao:aa\",\"time\":\"2023-09-20T00:00:00Z\","                      \
    "\"datacontenttype\":\"application/json\",\"entity\":\"e\",\"revision\":\"1\","                \
    "\"previous\":\"0\",\"timebasis\":\"platform\",\"data\":{\"identifiers\":[\"email:aa\"]}}"

static struct letter_record kept(const char *value)
{
    return (struct letter_record){.asked = true,
                                  .found = true,
                                  .kept = true,
                                  .value = (char *)(uintptr_t)value,
                                  .length = strlen(value)};
}

static void the_program_reads_it_again(void **state)
{
    (void)state;
    struct letter bad = {.kind = LETTER_UNREADABLE_EVENT, .reason = "not_json", .source = ""};
    struct letter empty = {.kind = LETTER_UNREADABLE_EVENT, .reason = "empty", .source = ""};
    expect_verdict(&bad, kept("<html>"), VERDICT_UNREADABLE, "still unreadable: not_json: ");
    expect_verdict(&bad, kept(EVENT("account.created")), VERDICT_READABLE,
                   "account.created of daotao): the next generation counts it, once");
    expect_verdict(&bad, kept(EVENT("badge.awarded")), VERDICT_READABLE_UNKNOWN, "badge.awarded");
    expect_verdict(&bad, (struct letter_record){.asked = true}, VERDICT_GONE, "does not hold it");
    expect_verdict(&bad, (struct letter_record){.asked = true, .found = true}, VERDICT_GONE,
                   "erased");
    expect_verdict(&empty, (struct letter_record){.asked = true, .found = true}, VERDICT_UNREADABLE,
                   "no value at all");
}

static void ingest_is_named_for_what_it_rejected(void **state)
{
    (void)state;
    struct letter row = {.kind = LETTER_REJECTED, .source = "lists", .row = 12};
    struct letter platform = {.kind = LETTER_REJECTED, .source = "two words"};
    struct letter report = {.kind = LETTER_UNREADABLE_REPORT, .source = ""};
    expect_verdict(&row, (struct letter_record){0}, VERDICT_ASK_INGEST,
                   "`mooc-ingest dead retry --source lists` reads its row again");
    expect_verdict(&platform, (struct letter_record){0}, VERDICT_ASK_INGEST,
                   "--source 'two words'` asks the source for it again");
    expect_verdict(&report, (struct letter_record){0}, VERDICT_GONE, "not archived");
}

static void expect_text(void (*put)(const char *, struct text_buffer *), const char *text,
                        const char *expected)
{
    struct text_buffer out = {0};
    put(text, &out);
    assert_string_equal(out.data, expected);
    text_buffer_free(&out);
}

static void put_escaped(const char *text, struct text_buffer *out)
{
    letter_escape(text, strlen(text), out);
}

static void nothing_commands_the_terminal(void **state)
{
    (void)state;
    expect_text(put_escaped, "a\\b\x1b[2J\n\xff\xc3\xa0", "a\\\\b\\x1b[2J\\x0a\\xff\\xc3\\xa0");
    expect_text(letter_put_text,
                "Sở Y tế\t\x7f\xc2\x9b"
                "31m",
                "Sở Y tế\\x09\\x7f\\xc2\\x9b31m");
    expect_text(letter_quote_word, "lists", "lists");
    expect_text(letter_quote_word, "a'; rm -rf /", "'a'\\''; rm -rf /'");
    expect_text(letter_quote_word, "", "''");
}

static void the_list_counts_reasons(void **state)
{
    (void)state;
    struct letter letters[3] = {0};
    for (size_t i = 0; i < 3; i++)
        letters[i] = (struct letter){.kind = LETTER_REJECTED,
                                     .entity = "e",
                                     .topic = "dead",
                                     .offset = (int64_t)i,
                                     .source = "lists",
                                     .reason = i == 0 ? "wave_unknown" : "unit_unknown",
                                     .label = i == 0 ? "Unknown wave" : "Unknown unit",
                                     .advice = "Do it"};
    struct report *r = dead_list_report(letters, 3, false, 0, true, LANGUAGE_EN);
    assert_int_equal(r->row_count, 3);
    assert_int_equal(r->note_count, 2);
    assert_string_equal(r->notes[0], "2 unit_unknown (Unknown unit): Do it.");
    assert_string_equal(r->notes[1], "1 wave_unknown (Unknown wave): Do it.");
    report_free(r);
    letters[0].since = "2023-09-20T03:00:00Z";
    r = dead_list_report(letters, 1, false, 2, true, LANGUAGE_EN);
    assert_string_equal(report_cell(r, 0, 6)->text, "2023-09-20 10:00:00 +07:00");
    assert_string_equal(
        r->notes[1],
        "2 more were set aside (dead drop): --all shows them, with who did it and why.");
    report_free(r);
    r = dead_list_report(letters, 1, false, 0, false, LANGUAGE_EN);
    assert_string_equal(report_cell(r, 0, 6)->text, "2023-09-20T03:00:00Z");
    report_free(r);
    r = dead_list_report(NULL, 0, true, 0, true, LANGUAGE_EN);
    assert_string_equal(r->notes[0], "No record fits; without filters all are shown.");
    report_free(r);
}

static void each_source_is_asked_once(void **state)
{
    (void)state;
    struct letter letters[4] = {
        {.kind = LETTER_REJECTED, .entity = "1", .topic = "dead", .source = "a", .reason = "x"},
        {.kind = LETTER_REJECTED, .entity = "2", .topic = "dead", .source = "b", .reason = "x"},
        {.kind = LETTER_REJECTED, .entity = "3", .topic = "dead", .source = "a", .reason = "x"},
        {.kind = LETTER_UNREADABLE_EVENT, .entity = "4", .topic = "ev", .source = "", .reason = "y"}};
    const enum letter_verdict verdicts[4] = {VERDICT_ASK_INGEST, VERDICT_ASK_INGEST,
                                             VERDICT_ASK_INGEST, VERDICT_READABLE};
    const char *const why[4] = {"w", "w", "w", "w"};
    struct report *r = dead_retry_report(letters, verdicts, why, 4, LANGUAGE_EN);
    assert_int_equal(r->note_count, 3);
    assert_non_null(strstr(r->notes[0], "1 can be read now. Nothing is counted twice"));
    assert_non_null(strstr(r->notes[1], "2 records were rejected by mooc-ingest"));
    assert_non_null(strstr(r->notes[1], "mooc-ingest dead retry --source a"));
    assert_non_null(strstr(r->notes[2], "1 record was rejected by mooc-ingest"));
    report_free(r);
}

static void bytes_are_shown_only_when_asked_for(void **state)
{
    (void)state;
    struct letter letter = {.kind = LETTER_UNREADABLE_EVENT,
                            .entity = "e",
                            .topic = "ev",
                            .partition = 2,
                            .offset = 9,
                            .source = "",
                            .reason = "not_json",
                            .detail = "byte 0"};
    struct letter_record record = kept("<html>");
    struct text_buffer out = {0};
    dead_show_text(&letter, &record, false, false, &out);
    assert_non_null(strstr(out.data, "ev/2/9"));
    assert_non_null(strstr(out.data, "6 bytes"));
    assert_null(strstr(out.data, "html"));
    text_buffer_clear(&out);
    dead_show_text(&letter, &record, true, false, &out);
    assert_non_null(strstr(out.data, "<html>"));
    text_buffer_clear(&out);
    dead_show_json(&letter, &record, false, &out);
    assert_null(strstr(out.data, "html"));
    assert_non_null(strstr(out.data, "\"bytes\":6"));
    text_buffer_free(&out);
}

static void expect_detail(const char *detail, const char *vi)
{
    struct text_buffer out = {0};
    rejected_add_detail(detail, true, &out);
    assert_string_equal(out.data, vi);
    text_buffer_clear(&out);
    rejected_add_detail(detail, false, &out);
    assert_string_equal(out.data, detail);
    text_buffer_free(&out);
}

static void details_have_vietnamese_words(void **state)
{
    (void)state;
    expect_detail("unit \"Sở Y\" is not known; nearest: HG-SYTE Sở Y tế; e-mail a***@b***.vn",
                  "đơn vị \"Sở Y\" chưa có trong danh mục; gần giống: HG-SYTE Sở Y tế; e-mail "
                  "a***@b***.vn");
    expect_detail("course \"C1\" of source lists is not in courses.csv",
                  "khóa học \"C1\" của nguồn lists không có trong courses.csv");
    expect_detail("the row has no name; e-mail none", "dòng không có họ tên; e-mail none");
    expect_detail("data.score above 100", "data.score above 100"); /* of platforms */
    const struct letter letter = {.kind = LETTER_REJECTED,
                                  .reason = "wave_unknown",
                                  .source = "lists",
                                  .detail = "wave \"X\" is not in waves.csv"};
    struct report *report = dead_list_report(&letter, 1, false, 0, true, LANGUAGE_VI);
    for (size_t i = 0; i < report->column_count; i++)
        if (strcmp(report->columns[i].name, "detail") == 0)
            assert_string_equal(report_cell(report, 0, i)->text,
                                "đợt \"X\" không có trong waves.csv");
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_named_by_place_or_entity),
        cmocka_unit_test(a_topic_has_at_most_249_characters),
        cmocka_unit_test(the_program_reads_it_again),
        cmocka_unit_test(ingest_is_named_for_what_it_rejected),
        cmocka_unit_test(nothing_commands_the_terminal),
        cmocka_unit_test(the_list_counts_reasons),
        cmocka_unit_test(each_source_is_asked_once),
        cmocka_unit_test(bytes_are_shown_only_when_asked_for),
        cmocka_unit_test(details_have_vietnamese_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
