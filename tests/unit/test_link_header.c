#include "cmocka_all.h"

#include <stdlib.h>

#include "../../ingest/http/link_header.h"

static void the_link_of_a_relation_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *value, *next;
    } cases[] = {
        /* as Canvas, GitHub and OneRoster send it */
        {"<https://c.example/api?page=1>; rel=\"current\",<https://c.example/api?page=2>; "
         "rel=\"next\",<https://c.example/api?page=1>; rel=\"first\"",
         "https://c.example/api?page=2"},
        {"</v1p1/users?offset=10&limit=10>; rel=next", "/v1p1/users?offset=10&limit=10"},
        {"<?p=2>;rel=\"prev NEXT last\"", "?p=2"},
        {"<a,b;c>;rel=next", "a,b;c"},
        {"<x>; title=\"a, \\\"b\\\"; rel=next\"; rel=\"next\"", "x"},
        {"<x>; title=\"rel=next, <y>; rel=next\"; rel=prev, <z> ; REL = next", "z"},
        {"<x>; rel=prev; rel=next, <y>; rel=next", "y"}, /* only the first rel counts */
        {"<x>; rel=next; anchor=\"/other\", <y>; rel=next", "y"},
        {", ,<y>; rel=next;,", "y"},
        {"<>; rel=next", ""},
        {"<x>; rel=nextish, <y>; rel=\"un next-to\"", NULL},
        {"<x>; rel", NULL},
        {"<x>; next", NULL},
        {"<x", NULL},
        {"<x>; title=\"open, <y>; rel=next", NULL},
        {"<x> rel=next", NULL},
        {"https://c.example/?page=2; rel=next", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *next = link_header_find(cases[i].value, "next");
        if (cases[i].next) {
            assert_non_null(next);
            assert_string_equal(next, cases[i].next);
        } else {
            assert_null(next);
        }
        free(next);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_link_of_a_relation_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
