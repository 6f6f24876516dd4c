#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/json_slices.h"
#include "../../common/text_buffer.h"

/* The elements' bytes joined by "|"; "none" when no array is found, "refused" when the text is. */
static void expect(const char *text, const char *pointer, const char *elements, const char *rest)
{
    size_t length = strlen(text);
    char *exact = malloc(length ? length : 1);
    memcpy(exact, text,
           length); /* in a block of its size, so that a sanitizer sees any read behind it */
    struct json_slices *slices = NULL;
    struct error err = {0};
    struct text_buffer out = {0};
    text_buffer_add_text(&out, "");
    if (!json_slices_of(exact, length, pointer, &slices, &err))
        text_buffer_add_text(&out, "refused");
    else if (!slices)
        text_buffer_add_text(&out, "none");
    for (size_t i = 0; slices && i < json_slices_count(slices); i++) {
        size_t size;
        const char *bytes = json_slices_text(slices, i, &size);
        text_buffer_add_text(&out, i ? "|" : "");
        text_buffer_add(&out, bytes, size);
        struct json *element = json_slices_element(slices, i, &err);
        assert_non_null(element);
        json_free(element);
    }
    assert_string_equal(out.data, elements);
    if (rest) {
        struct json *root = json_slices_rest(slices, &err);
        assert_non_null(root);
        assert_int_equal(json_size(json_pointer(root, pointer)), 0);
        assert_true(json_is_array(json_pointer(root, pointer)));
        assert_string_equal(json_get_string(root, "next") ? json_get_string(root, "next") : "", rest);
        json_free(root);
    }
    json_slices_free(slices);
    text_buffer_free(&out);
    free(exact);
}

static void finds_elements_where_they_stand(void **state)
{
    (void)state;
    expect("[1, {\"a\":[2,3]} ,[4],\"x\\\"]\",null]", "", "1|{\"a\":[2,3]}|[4]|\"x\\\"]\"|null", "");
    expect("{\"next\":\"n\",\"results\":[{\"a\":1},{\"a\":2}]}", "/results", "{\"a\":1}|{\"a\":2}",
           "n");
    expect("{\"results\" : [ ] ,\"next\":\"m\"}", "/results", "", "m");
    expect("{\"data\":{\"x\":[0],\"items\":[ true ]},\"items\":[9],\"next\":\"o\"}", "/data/items",
           "true", "o");
    expect("{\"o\":{\"data\":{\"items\":[1]}},\"data\":{\"items\":[2]}}", "/data/items", "2", "");
    expect("{\"a\":{\"items\":[1]},\"data\":{\"items\":[2]}}", "/data/items", "2", "");
    expect("{\"a\":[{\"results\":[7]}],\"results\":[8]}", "/results", "8", "");
    expect("{\"\\u0072esults\":[5]}", "/results", "5", NULL);
    expect("{\"data\":{},\"b\":{\"items\":[1]}}", "/data/items", "none", NULL);
    expect(" [\n] ", "", "", "");
}

static void finds_nothing_where_no_array_is(void **state)
{
    (void)state;
    expect("{\"results\":{\"a\":1}}", "/results", "none", NULL);
    expect("{\"results\":\"[1]\"}", "/results", "none", NULL);
    expect("{\"data\":[{\"items\":[1]}]}", "/data/items", "none", NULL);
    expect("{\"data\":1}", "/data/items", "none", NULL);
    expect("[[1]]", "/0", "none", NULL);
    expect("{\"a~b\":[1]}", "/a~0b", "none", NULL);
    expect("{}", "", "none", NULL);
    expect("{\"a\":[1]}", "a", "none", NULL);
    expect("3", "", "none", NULL);
}

static void refuses_what_the_check_refuses(void **state)
{
    (void)state;
    expect("", "", "refused", NULL);
    expect("[1,]", "", "refused", NULL);
    expect("{\"results\":[1],\"results\":[2]}", "/results", "refused", NULL);
    expect("{\"results\":[\"\xff\"]}", "/results", "refused", NULL);
    expect("{\"results\":[1]}}", "/results", "refused", NULL);
}

static void numbers_stay_exact(void **state)
{
    (void)state;
    const char *text = "{\"count\":12345678901234567,\"rows\":[{\"id\":9007199254740993},{\"id\":"
                       "1e999},{\"id\":5}]}";
    static const char *const ids[] = {"9007199254740993", "1e999", NULL};
    struct json_slices *slices = NULL;
    struct error err = {0};
    assert_true(json_slices_of(text, strlen(text), "/rows", &slices, &err));
    for (size_t i = 0; i < 3; i++) {
        struct json *row = json_slices_element(slices, i, &err);
        const char *id = json_get_string(row, "id");
        if (ids[i])
            assert_string_equal(id, ids[i]);
        else
            assert_true(json_number(json_get(row, "id"), 0) == 5.0);
        json_free(row);
    }
    struct json *root = json_slices_rest(slices, &err);
    assert_string_equal(json_get_string(root, "count"), "12345678901234567");
    json_free(root);
    json_slices_free(slices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_elements_where_they_stand),
        cmocka_unit_test(finds_nothing_where_no_array_is),
        cmocka_unit_test(refuses_what_the_check_refuses),
        cmocka_unit_test(numbers_stay_exact),
    };
    return cmocka_run_group_tests_name("json_slices", tests, NULL, NULL);
}
