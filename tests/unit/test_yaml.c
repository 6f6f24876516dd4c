#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/text_buffer.h"
#include "../../common/yaml.h"

static struct yaml *load(const char *text)
{
    struct error err = {0};
    struct yaml *doc = yaml_load_text(text, strlen(text), "test.yaml", &err);
    if (!doc)
        fail_msg("%s", err.message);
    return doc;
}

static void refused_bytes(const char *text, size_t length, const char *message)
{
    struct error err = {0};
    struct yaml *doc = yaml_load_text(text, length, "test.yaml", &err);
    assert_null(doc);
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_false(err.retriable);
    assert_string_equal(err.message, message);
}

static void refused(const char *text, const char *message)
{
    refused_bytes(text, strlen(text), message);
}

/* Editors of Windows put a mark before the text. */
static void a_byte_order_mark_is_no_text(void **state)
{
    (void)state;
    struct yaml *doc = load("\xEF\xBB\xBF"
                            "a: 1\nb: 2\n");
    assert_int_equal(yaml_count(yaml_root(doc)), 2);
    assert_string_equal(yaml_text(yaml_root(doc), "a", "-"), "1");
    assert_int_equal(yaml_key_line(yaml_root(doc), 1), 2);
    yaml_unload(doc);
}

static void a_tree_with_lines(void **state)
{
    (void)state;
    struct yaml *doc = load("# comment\n"
                            "state_dir: /var/lib/mooc\n"
                            "sources:\n"
                            "  - name: daotao\n"
                            "    kind: openedx\n"
                            "    rate: 0120\n"
                            "  - name: lists\n"
                            "flow: {a: [1, 2, 'x: y'], b: \"\\u00e0\"}\n"
                            "text: |\n"
                            "  two\n"
                            "  lines\n");
    const struct yaml_node *root = yaml_root(doc);
    assert_int_equal(yaml_kind(root), YAML_MAPPING);
    assert_int_equal(yaml_count(root), 4);
    assert_string_equal(yaml_name(doc), "test.yaml");
    assert_string_equal(yaml_text(root, "state_dir", "-"), "/var/lib/mooc");
    assert_string_equal(yaml_text(root, "absent", "fallback"), "fallback");
    assert_string_equal(yaml_text(root, "sources", "no scalar"), "no scalar");
    const struct yaml_node *sources = yaml_get(root, "sources");
    assert_int_equal(yaml_kind(sources), YAML_SEQUENCE);
    assert_int_equal(yaml_count(sources), 2);
    assert_int_equal(yaml_line(sources), 4);
    assert_int_equal(yaml_key_line(root, 1), 3);
    assert_string_equal(yaml_key(root, 1), "sources");
    const struct yaml_node *first = yaml_item(sources, 0);
    assert_string_equal(yaml_text(first, "rate", ""), "0120"); /* as written, no number */
    assert_int_equal(yaml_line(yaml_get(first, "rate")), 6);
    assert_null(yaml_item(sources, 2));
    assert_null(yaml_key(sources, 0));
    assert_null(yaml_get(sources, "name"));
    const struct yaml_node *flow = yaml_get(root, "flow");
    assert_string_equal(yaml_scalar(yaml_item(yaml_get(flow, "a"), 2)), "x: y");
    assert_string_equal(yaml_text(flow, "b", ""), "à");
    assert_string_equal(yaml_text(root, "text", ""), "two\nlines\n");
    yaml_unload(doc);
}

static void nulls_are_empty_texts(void **state)
{
    (void)state;
    struct yaml *doc = load("a:\nb: ~\nc: null\nd: 'null'\ne: ''\nf: Null\n");
    const struct yaml_node *root = yaml_root(doc);
    static const char *const expected[] = {"", "", "", "null", "", ""};
    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        assert_string_equal(yaml_scalar(yaml_item(root, i)), expected[i]);
    yaml_unload(doc);
}

static void empty_documents_have_no_root(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n\n", "# only a comment\n", "---\n", "--- ~\n"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct yaml *doc = load(texts[i]);
        assert_null(yaml_root(doc));
        yaml_unload(doc);
    }
    assert_null(yaml_root(NULL));
    assert_int_equal(yaml_count(NULL), 0);
    assert_null(yaml_get(NULL, "a"));
    assert_null(yaml_scalar(NULL));
    assert_null(yaml_item(NULL, 0));
    assert_int_equal(yaml_key_line(NULL, 0), 0);
    yaml_unload(NULL);
}

static void what_is_refused(void **state)
{
    (void)state;
    refused("a: 1\nb: 2\na: 3\n", "test.yaml:3: the key \"a\" stands here for the second time");
    refused("x:\n  a: &one 1\n",
            "test.yaml:2: anchors (&one) are not supported: write the value out");
    refused("x: &m {a: 1}\n", "test.yaml:1: anchors (&m) are not supported: write the value out");
    refused("x: &s [1]\n", "test.yaml:1: anchors (&s) are not supported: write the value out");
    refused("a: 1\nb: *one\n",
            "test.yaml:2: aliases (*one) are not supported: write the value out");
    refused("a: !!int 1\n", "test.yaml:1: tags (tag:yaml.org,2002:int) are not supported");
    refused("a: !mine {}\n", "test.yaml:1: tags (!mine) are not supported");
    refused("a: !mine []\n", "test.yaml:1: tags (!mine) are not supported");
    refused("a: 1\n---\nb: 2\n", "test.yaml:2: a second document (---) in the file");
    refused("? [a, b]\n: 1\n", "test.yaml:1: a key must be a plain text");
    refused("'': 1\n", "test.yaml:1: an empty key");
    refused("a: \"x\\0y\"\n", "test.yaml:1: NUL character in a text");
    refused("a: 1\nb: \xff\n", "test.yaml:2: not UTF-8: save the file as UTF-8");
    refused("a: 1\n\n\xc3", "test.yaml:3: not UTF-8: save the file as UTF-8");
    refused("a: [1, 2\n",
            "test.yaml:2: while parsing a flow sequence: did not find expected ',' or ']'");
    refused("a:\n\tb: 1\n", "test.yaml:2: while scanning for the next token: found character that "
                            "cannot start any token (indent with blanks, not tabs; put texts with "
                            "special characters into quotes)");
    refused_bytes("a: b\0c", 6, "test.yaml:1: control characters are not allowed");
}

static void bounds(void **state)
{
    (void)state;
    struct text_buffer b = {0};
    for (int depth = 31; depth <= 33; depth++) {
        text_buffer_clear(&b);
        for (int i = 0; i < depth; i++)
            text_buffer_add_text(&b, "[");
        for (int i = 0; i < depth; i++)
            text_buffer_add_text(&b, "]");
        if (depth <= 32)
            yaml_unload(load(b.data));
        else
            refused(b.data, "test.yaml:1: more than 32 levels");
    }
    text_buffer_clear(&b);
    for (int i = 0; i <= 10000; i++)
        text_buffer_add_format(&b, "k%d:\n", i);
    refused(b.data, "test.yaml:10001: more than 10000 keys in one mapping");
    text_buffer_clear(&b);
    text_buffer_add_text(&b, "a: ");
    while (b.length < ((size_t)4 << 20))
        text_buffer_add(&b, "x", 1);
    yaml_unload(load(b.data));
    text_buffer_add(&b, "x", 1);
    refused(b.data, "test.yaml: larger than 4 MiB");
    text_buffer_free(&b);
}

static void only_keys(void **state)
{
    (void)state;
    static const char *const keys[] = {"name", "kind", "base_url", NULL};
    struct yaml *doc = load("name: a\nkind: b\n");
    assert_true(yaml_only_keys(doc, yaml_root(doc), keys, NULL));
    assert_true(yaml_only_keys(doc, NULL, keys, NULL));
    yaml_unload(doc);
    struct error err = {0};
    doc = load("name: a\nbase_ulr:\n  b\n");
    assert_false(yaml_only_keys(doc, yaml_root(doc), keys, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_string_equal(err.message,
                        "test.yaml:2: unknown key \"base_ulr\"; did you mean \"base_url\"?");
    yaml_unload(doc);
    doc = load("colour: a\n");
    assert_false(yaml_only_keys(doc, yaml_root(doc), keys, &err));
    assert_string_equal(err.message,
                        "test.yaml:1: unknown key \"colour\"; known here: name, kind, base_url");
    yaml_unload(doc);
}

static void files(void **state)
{
    (void)state;
    char path[] = "/tmp/mooc-yaml-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd,
                           "\xef\xbb\xbf"
                           "a: 1\n",
                           8),
                     8);
    close(fd);
    struct error err = {0};
    struct yaml *doc = yaml_load_file(path, &err);
    assert_non_null(doc);
    assert_string_equal(yaml_name(doc), path);
    assert_string_equal(yaml_text(yaml_root(doc), "a", ""), "1"); /* a byte-order mark is passed over */
    yaml_unload(doc);
    unlink(path);
    assert_null(yaml_load_file(path, &err));
    char expected[128];
    (void)snprintf(expected, sizeof expected, "%s: cannot be read: No such file or directory", path);
    assert_string_equal(err.message, expected);
    assert_null(yaml_load_file("/tmp", &err));
    assert_string_equal(err.message, "/tmp: cannot be read: Is a directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_with_lines),
        cmocka_unit_test(a_byte_order_mark_is_no_text),
        cmocka_unit_test(nulls_are_empty_texts),
        cmocka_unit_test(empty_documents_have_no_root),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(bounds),
        cmocka_unit_test(only_keys),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
