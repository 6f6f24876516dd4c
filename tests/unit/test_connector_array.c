/* Values out of arrays, and shares. */
#include "cmocka_all.h"

#include <math.h>
#include <string.h>

#include "../../ingest/mapping/value.h"

static const char *const name_items[] = {"option.type"};
static const struct name_list names = {.count = 1, .items = name_items};
static const char *texts[] = {"course"};

static const char *const record_text =
    "{\"id\":7,\"done\":3,\"all\":4,\"none\":0,\"word\":\"three\",\"empty\":[],"
    "\"items\":[{\"ok\":true,\"of\":7},{\"ok\":false,\"of\":7},{\"ok\":true,\"of\":8}],"
    "\"odd\":[{\"ok\":1}],"
    "\"groups\":[{\"type\":\"site\",\"id\":\"a\"},{\"type\":\"course\",\"id\":\"b\"},"
    "{\"type\":\"course\",\"id\":\"c\"}]}";

/* The text of the value, "absent", or "malformed". */
static void says(const char *yaml, const char *expected)
{
    struct error err = {0};
    struct json *record = json_parse(record_text, strlen(record_text), &err);
    struct yaml *doc = yaml_load_text(yaml, strlen(yaml), "case.yaml", &err);
    struct value *value = doc ? value_compile(doc, yaml_root(doc), &names, &err) : NULL;
    if (!record || !value)
        fail_msg("%s: %s", yaml, err.message);
    struct scope scope = {.record = record, .texts = texts};
    struct text_buffer room = {0};
    double number = 0;
    const char *text = value_text(value, &scope, &room);
    if (!text)
        text = value_number(value, &scope, &number) == VALUE_MALFORMED ? "malformed" : "absent";
    if (strcmp(text, expected) != 0)
        fail_msg("%s is %s, not %s", yaml, text, expected);
    text_buffer_free(&room);
    value_free(value);
    yaml_unload(doc);
    json_free(record);
}

static void refused(const char *yaml, const char *message)
{
    struct error err = {0};
    struct yaml *doc = yaml_load_text(yaml, strlen(yaml), "case.yaml", &err);
    assert_non_null(doc);
    assert_null(value_compile(doc, yaml_root(doc), &names, &err));
    assert_string_equal(err.message, message);
    yaml_unload(doc);
}

static void elements_are_counted(void **state)
{
    (void)state;
    says("{count: {of: /items}}", "3");
    says("{count: {of: /items, where: /ok}}", "2");
    says("{count: {of: /items, where: {is: [/of, \"8\"]}}}", "1");
    says("{count: {of: /items, where: {same: [/of, ^/id]}}}", "2");
    says("{count: {of: /empty}}", "0");
    says("{count: {of: /id}}", "absent");
    says("{count: {of: /nowhere}, default: 0}", "0");
    says("{count: {of: /odd, where: /ok}}", "malformed");
}

static void one_is_picked(void **state)
{
    (void)state;
    says("{pick: {of: /groups, where: {is: [/type, \"{option.type}\"]}, value: /id}}", "b");
    says("{pick: {of: /groups, where: {is: [/type, unit]}, value: /id}}", "absent");
    says("{pick: {of: /groups, where: {is: [/type, site]}, value: \"{/id}-{^/id}\"}}", "a-7");
    says("{first: [{pick: {of: /none, where: /x, value: /id}}, /id]}", "7");
}

static void numbers_are_divided(void **state)
{
    (void)state;
    says("{value: /done, divide: /all}", "0.75");
    says("{value: /done, divide: /all, scale: 100}", "75");
    says("{value: /done, divide: /none}", "absent");
    says("{value: /done, divide: /nowhere, default: 1}", "1");
    says("{value: /done, divide: /word}", "malformed");
    says("{value: /word, divide: /all}", "malformed");
    says("{value: /nowhere, divide: /all}", "absent");
    says("{count: {of: /items, where: /ok}, divide: {count: {of: /items}}, scale: 3}", "2");
}

static void shapes_are_checked(void **state)
{
    (void)state;
    refused("{count: {of: /a}, value: /b}",
            "case.yaml:1: a value is written with one of `value`, `first`, `count`, `pick`");
    refused("{count: {of: /a, value: /b}}",
            "case.yaml:1: `count` takes {of: POINTER, where: CONDITION}");
    refused("{pick: {of: /a, value: /b}}",
            "case.yaml:1: `pick` takes {of: POINTER, where: CONDITION, value: VALUE}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_counted),
        cmocka_unit_test(one_is_picked),
        cmocka_unit_test(numbers_are_divided),
        cmocka_unit_test(shapes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
