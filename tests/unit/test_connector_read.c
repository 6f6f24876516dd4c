/* Connector files: each fault with its line and message; what a good file comes to. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../ingest/language/connector.h"
#include "../../ingest/language/language.h"

/* A connector that is right; each case puts one line in the place of another. */
static const char *const good[] = {
    /* 1 */ "connector: demo",
    /* 2 */ "version: 3",
    /* 3 */ "title: {en: Demo}",
    /* 4 */ "options: {key_file: {kind: secret, help: Key., required: true}, role: {help: R, default: s}}",
    /* 5 */ "auth: {kind: header, name: X-Key, value: '{option.key_file}'}",
    /* 6 */ "budget: {requests_per_minute: 30}",
    /* 7 */ "faults: [{when: {exists: /error}, kind: refused, message: /error}]",
    /* 8 */ "headers: {Accept: application/json}",
    /* 9 */ "streams:",
    /* 10 */ "  rows:",
    /* 11 */ "    for_each: course",
    /* 12 */ "    request: {path: '/c/{course}/rows', query: {page: '{page}', n: '{size}', s: [a, b]}}",
    /* 13 */ "    pages: {by: page, size: 50, smallest: 10}",
    /* 14 */ "    records: [/data, '']",
    /* 15 */ "    remember: {key: /id, fields: {tried: {is: [/tried, true]}, mark: /mark}}",
    /* 16 */ "  people:",
    /* 17 */ "    for_each: course",
    /* 18 */ "    request: {path: '/c/{course}/people', query: {since: '{since}'}}",
    /* 19 */ "    window: {time: /at, format: unix, sweep_every: 1d, overlap: 90s}",
    /* 20 */ "    on_vanish: remove",
    /* 21 */ "    look_up: {rows: {key: /id}}",
    /* 22 */ "    learner: {account: /id}",
    /* 23 */ "    skip: {is: ['{rows.tried}', 'false']}",
    /* 24 */ "    events: [{type: enrollment.created, mode: '{option.role}'}]",
    /* 25 */ "  accounts:",
    /* 26 */ "    for_each: {learner_of: people, when: {known: rows}, batch: 20}",
    /* 27 */ "    request: {path: /users, query: {ids: '{learners}'}}",
    /* 28 */ "    on_vanish: lookup",
    /* 29 */ "    learner: {account: /id, identifiers: {email: /mail}}",
    /* 30 */ "    events: [{type: account.created}]",
    /* 31 */ "  marks:",
    /* 32 */ "    for_each: {learner_of: [people], take: {exam: /exam}, on_change: true}",
    /* 33 */ "    request: {path: '/c/{course}/marks/{learner}', form: {exam: '{parent.exam}'}}",
    /* 34 */ "    record: /mark",
    /* 35 */ "    on_vanish: keep",
    /* 36 */ "    learner: {account: '{learner}'}",
    /* 37 */ "    events: [{type: exam.graded, exam: '{parent.exam}', score: /score, passed: /passed}]",
};

/* Line `line` (from 1) replaced; 0: none. */
static char *file_with(size_t line, const char *text)
{
    struct text_buffer out = {0};
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        text_buffer_add_format(&out, "%s\n", i + 1 == line ? text : good[i]);
    return out.data;
}

static void refused(size_t line, const char *text, const char *message)
{
    struct error err = {0};
    char *file = file_with(line, text);
    struct connector *c = connector_read(file, strlen(file), "demo.yaml", &err);
    if (c)
        fail_msg("accepted: %s", text);
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (strcmp(err.message, message) != 0)
        fail_msg("%s\n  is:     %s\n  wanted: %s", text, err.message, message);
    free(file);
}

static void a_good_file(void **state)
{
    (void)state;
    struct error err = {0};
    char *file = file_with(0, NULL);
    struct connector *c = connector_read(file, strlen(file), "demo.yaml", &err);
    if (!c)
        fail_msg("%s", err.message);
    assert_string_equal(c->name, "demo");
    assert_int_equal(c->version, 3);
    assert_string_equal(c->title_vi, "Demo");
    assert_int_equal(c->option_count, 2);
    assert_int_equal(c->options[0].kind, CONNECTOR_SECRET);
    assert_true(c->options[0].required);
    assert_string_equal(c->options[1].fallback, "s");
    assert_int_equal(c->auth.kind, AUTH_HEADER);
    assert_true(c->requests_per_minute == 30.0);
    assert_int_equal(c->max_concurrent, 2);
    assert_int_equal(c->fault_count, 1);
    assert_int_equal(c->stream_count, 4);
    assert_string_equal(c->names.items[NAME_COURSE_EXAM], "course.exam");
    assert_string_equal(c->names.items[c->first_option], "option.key_file");

    const struct stream_rules *rows = &c->streams[0], *people = &c->streams[1],
                              *accounts = &c->streams[2], *marks = &c->streams[3];
    assert_int_equal(rows->pages.rule, PAGES_NUMBER);
    assert_int_equal(rows->pages.first, 1);
    assert_int_equal(rows->pages.smallest, 10);
    assert_string_equal(rows->records[1], "");
    assert_null(rows->mapping);
    assert_int_equal(rows->request.query_count, 4);
    assert_string_equal(rows->request.query[3].name, "s");
    assert_non_null(rows->fields[0].condition);
    assert_non_null(rows->fields[1].value);
    assert_string_equal(c->names.items[rows->first_name + 1], "rows.tried");

    assert_int_equal(people->spec.on_vanish, VANISH_REMOVE);
    assert_int_equal(people->spec.confirmations, 2);
    assert_int_equal(people->spec.hold_minimum, 20);
    assert_true(people->spec.hold_share == 0.05);
    assert_int_equal(people->every_ms, 300000);
    assert_string_equal(people->every_key, "sweep_every");
    assert_true(people->windowed);
    assert_string_equal(people->window_format, "unix");
    assert_int_equal(people->window_overlap_ms, 90000);
    assert_int_equal(people->sweep_ms, 86400000);
    assert_int_equal(people->lookups[0].stream, 0);
    assert_int_equal(people->lookups[0].first_name, rows->first_name);
    assert_int_equal(people->lookups[0].field_count, 2);
    assert_true(people->per_course);

    assert_int_equal(accounts->for_each, FOR_LEARNER);
    assert_int_equal(accounts->parent, 1);
    assert_int_equal(accounts->batch, 20);
    assert_false(accounts->per_course);
    assert_non_null(accounts->ask_when);

    assert_true(marks->per_course);
    assert_true(marks->ask_on_change);
    assert_true(marks->request.post);
    assert_string_equal(marks->record, "/mark");
    assert_int_equal(marks->taken_count, 1);
    assert_string_equal(c->names.items[marks->taken[0].name], "parent.exam");
    assert_int_equal(marks->other_parents[0], -1);
    connector_free(c);
    free(file);
}

/* A list that has not changed says nothing where its records depend on the time, or where somebody says so. */
static void not_modified_is_believed_or_not(void **state)
{
    (void)state;
    static const struct {
        size_t line;
        const char *text;
        bool conditional;
    } cases[] = {
        {0, NULL, true},
        {20, "    on_vanish: remove\n    conditional: true", true},
        {20, "    on_vanish: remove\n    conditional: false", false},
        {23, "    skip: {any: [{is: ['{rows.tried}', 'false']}, {is: [/ends, '{now}']}]}", false},
        {24, "    events: [{type: enrollment.created, mode: 'at {now}'}]", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct error err = {0};
        char *file = file_with(cases[i].line, cases[i].text);
        struct connector *c = connector_read(file, strlen(file), "demo.yaml", &err);
        if (!c)
            fail_msg("%s", err.message);
        assert_string_equal(c->streams[1].spec.name, "people");
        assert_int_equal(c->streams[1].conditional, cases[i].conditional);
        assert_true(c->streams[0].conditional); /* the others keep theirs */
        connector_free(c);
        free(file);
    }
}

static void fingerprint_of(size_t line, const char *text, char out[17])
{
    struct error err = {0};
    char *file = file_with(line, text);
    struct connector *c = connector_read(file, strlen(file), "demo.yaml", &err);
    if (!c)
        fail_msg("%s", err.message);
    memcpy(out, c->fingerprint, 17);
    connector_free(c);
    free(file);
}

static void the_fingerprint_is_of_the_meaning(void **state)
{
    (void)state;
    char plain[17], other[17];
    fingerprint_of(0, NULL, plain);
    assert_int_equal(strlen(plain), 16);
    fingerprint_of(3, "title: {en: Another} # and a comment", other);
    assert_string_equal(plain, other);
    fingerprint_of(22, "    learner: {\"account\": \"/id\"}", other);
    assert_string_equal(plain, other);
    fingerprint_of(22, "    learner: {account: /key}", other);
    assert_string_not_equal(plain, other);
    fingerprint_of(2, "version: 4", other);
    assert_string_not_equal(plain, other);
}

static void the_fingerprint_leaves_out_what_no_event_depends_on(void **state)
{
    (void)state;
    static const char stream[] = "connector: demo\nversion: 1\ntitle: {en: %s}\n"
                                 "options: {role: {default: \"%s\", help: %s}}\n"
                                 "budget: {requests_per_minute: %s}\n"
                                 "auth: {kind: header, name: K, value: \"%s\"}\n"
                                 "streams:\n  s:\n%s"
                                 "    on_vanish: remove\n    learner: {account: /id}\n"
                                 "    events:\n      - {type: account.created, %s}\n";
    static const char request[] =
        "    request: {path: /s, query: {every: \"%s\", size: \"{size}\", p: \"{page}\"}}\n"
        "    pages: {by: page, size: %s}\n    every: %s\n";
    /* title, default, help, rate, key, query, page size, interval, event */
    static const char *const files[][9] = {
        {"A", "x", "h", "60", "k", "1", "100", "5m", "time: /t, when: /w"}, /* the first */
        {"B", "x", "i", "90", "l", "1", "200", "1h", "when: /w, time: /t"}, /* the same */
        {"A", "y", "h", "60", "k", "1", "100", "5m", "time: /t, when: /w"},
        {"A", "x", "h", "60", "k", "2", "100", "5m",
         "time: /t, when: /w"}, /* a parameter's name is no key */
        {"A", "x", "h", "60", "k", "1", "100", "5m", "time: /w, when: /t"},
    };
    char first[17] = "";
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        const char *const *f = files[i];
        char middle[500], text[1500];
        struct error err = {0};
        snprintf(middle, sizeof middle, request, f[5], f[6], f[7]);
        snprintf(text, sizeof text, stream, f[0], f[1], f[2], f[3], f[4], middle, f[8]);
        struct connector *c = connector_read(text, strlen(text), "demo.yaml", &err);
        if (!c)
            fail_msg("%s", err.message);
        if (i == 0)
            memcpy(first, c->fingerprint, sizeof first);
        assert_int_equal(strcmp(first, c->fingerprint) == 0, i <= 1);
        connector_free(c);
    }
}

static void keys_and_kinds(void **state)
{
    (void)state;
    refused(13, "    pages: {by: next, nxt: /a}",
            "demo.yaml:13: streams.rows.pages: unknown key `nxt`; did you mean `next`?");
    refused(6, "budgt: {}", "demo.yaml:6: unknown key `budgt`; did you mean `budget`?");
    refused(2, "version: one", "demo.yaml:2: version: expected a whole number, without quotes");
    refused(2, "version: '1'", "demo.yaml:2: version: expected a whole number, without quotes");
    refused(2, "version: 0", "demo.yaml:2: version: `0` is not from 1 to 1000000");
    refused(
        1, "connector: De Mo",
        "demo.yaml:1: connector: expected a name of small letters, digits, - and _ (at most 63)");
    refused(1, "#",
            "demo.yaml:2: `connector` is missing: Name of this kind of platform: what "
            "`kind:` of a source says.");
    refused(5, "auth: {kind: oauth2, path: /t, user: a, secret: b, name: x}",
            "demo.yaml:5: auth: `name` stands only where `kind` is header|form");
    refused(5, "auth: {kind: baisc}",
            "demo.yaml:5: auth.kind: `baisc` is none of the choices; did you mean `basic`?");
    refused(5, "auth: none", "demo.yaml:5: auth: expected a mapping");
    refused(19, "    window: {time: /at, overlap: 90}",
            "demo.yaml:19: streams.people.window.overlap: expected a duration such as 250ms, 10s, "
            "5m, 1h, 7d");
    refused(14, "    records: data",
            "demo.yaml:14: streams.rows.records: expected a JSON pointer such as /data/items, or "
            "\"\" for the root");
    refused(23, "    skip: {is: [/a]}",
            "demo.yaml:23: streams.people.skip.is: expected a list of two");
    refused(23, "    skip: {is: [/a, 1], exists: /b}",
            "demo.yaml:23: streams.people.skip: exactly one key must stand here");
    refused(23, "    skip: {matches: [/a, '(']}",
            "demo.yaml:23: streams.people.skip.matches: no regular expression (POSIX extended): "
            "Unmatched ( or \\(");
    refused(24, "    events: [{type: enrollment.created, score: /x}]",
            "demo.yaml:24: streams.people.events: `score` stands only where `type` is exam.graded");
    refused(24, "    events: []", "demo.yaml:24: streams.people.events: has 0 items, not 1 to 12");
    refused(
        25,
        "  Accounts:", "demo.yaml:25: streams: `Accounts` is no name: small letters, digits, - and _ (at most 63)");
    refused(
        26, "    for_each: {learner_of: people, rows_of: rows}",
        "demo.yaml:26: streams.accounts.for_each: exactly one of learner_of|rows_of|listed must "
        "stand here");
    refused(20, "    on_vanish: [remove]",
            "demo.yaml:20: streams.people.on_vanish: expected one value, no list or mapping");
}

static void names(void **state)
{
    (void)state;
    refused(12, "    request: {path: '/c/{cuorse}/rows', query: {page: '{page}', n: '{size}'}}",
            "demo.yaml:12: no name `cuorse` here; did you mean `course`?");
    refused(27, "    request: {path: '/{course}', query: {ids: '{learners}'}}",
            "demo.yaml:27: no name `course` here");
    refused(18, "    request: {path: '/{rows.tried}', query: {since: '{since}'}}",
            "demo.yaml:18: no name `rows.tried` here");
    refused(5, "auth: {kind: header, name: X-Key, value: '{option.keyfile}'}",
            "demo.yaml:5: no name `option.keyfile` here; did you mean `option.key_file`?");
    refused(8, "headers: {X-Second: '{option.key_file}'}",
            "demo.yaml:8: `option.key_file` is a secret, which only `auth` sends");
    refused(27, "    request: {path: /users, query: {key: '{option.key_file}', ids: '{learners}'}}",
            "demo.yaml:27: `option.key_file` is a secret, which only `auth` sends");
    refused(24, "    events: [{type: enrollment.created, mode: '{parent.exam}'}]",
            "demo.yaml:24: no name `parent.exam` here");
    refused(4, "options: {key_file: {help: K}, url: {help: U}, role: {help: R}}",
            "demo.yaml:4: options: `url` is a key that every source has: choose another name");
    refused(4, "options: {key_file: {help: K}, role: {help: R, kind: number, default: s}}",
            "demo.yaml:4: options.role: the default is no number");
    refused(10, "  course:",
            "demo.yaml:10: streams: the name `course` stands for something else already");
}

static void what_must_fit_together(void **state)
{
    (void)state;
    refused(12, "    request: {path: '/c/{course}', query: {n: '{size}'}}",
            "demo.yaml:12: request: pages go by page, but {page} is nowhere");
    refused(18, "    request: {path: '/c/{course}/people'}",
            "demo.yaml:19: streams.people.window: {since} is nowhere in the request");
    refused(
        19, "    window: {time: /at}",
        "demo.yaml:20: streams.people.on_vanish: a window shows only what is new: say `keep`, or "
        "give window.sweep_every");
    refused(24, "    events: [{type: account.created}]",
            "demo.yaml:24: streams.people.events: an account belongs to no course: give accounts a "
            "stream of their own (once, or learner_of)");
    refused(
        30, "    events: [{type: account.created}, {type: certificate.issued}]",
        "demo.yaml:30: streams.accounts.events: accounts and other events need streams of their "
        "own");
    refused(17, "    for_each: once",
            "demo.yaml:24: streams.people.events: whose course? ask `for_each: course`, or say "
            "`course:` of a record");
    refused(26, "    for_each: {learner_of: peple}",
            "demo.yaml:26: no stream is named `peple`; did you mean `people`?");
    refused(26, "    for_each: {learner_of: rows}",
            "demo.yaml:26: streams.accounts.for_each: learner_of: rows has no `learner:`");
    refused(27, "    request: {path: /users}",
            "demo.yaml:26: streams.accounts.request: {learner} or {learners} is nowhere");
    refused(21, "    look_up: {accounts: {key: /id}}",
            "demo.yaml:21: streams.people.look_up: accounts remembers nothing");
    refused(11, "    for_each: once",
            "demo.yaml:21: streams.people.look_up: rows has another `for_each`");
    refused(
        20, "    confirmations: 3",
        "demo.yaml:17: streams.people: `on_vanish` is missing: what does it mean that a record is "
        "no longer there?");
    refused(32, "    for_each: {learner_of: marks, take: {exam: /exam}}",
            "demo.yaml:31: streams.marks.for_each: the streams drive each other in a circle");
    refused(21, "    look_up: {rows: {key: /id}}\n    head: {every: 10s, time: /at}",
            "demo.yaml:22: streams.people.head: a head scan reads no tables: records would say "
            "something "
            "else than in a sweep");
    refused(13, "    pages: {by: page, size: 5, smallest: 10}",
            "demo.yaml:13: pages: `smallest` is larger than `size`");
    refused(27, "    request: {path: users, query: {ids: '{learners}'}}",
            "demo.yaml:27: request.path: must begin with /: the host is the source's `url`");
    refused(27, "    request: {path: /users, form: {ids: '{learners}'}, json: '{{}'}",
            "demo.yaml:27: request: `form` and `json` exclude each other");
    refused(27, "    request: {path: /users, headers: {'a b': x}, form: {ids: '{learners}'}}",
            "demo.yaml:27: headers: `a b` is no name of a header");
    refused(
        34, "    record: /mark\n    records: /marks",
        "demo.yaml:34: streams.marks.record: `record` stands without `records` and without further "
        "pages");
    refused(32, "    for_each: {learner_of: people, take: {exam: /exam}, numbered: true}",
            "demo.yaml:32: streams.marks.for_each: `numbered` stands with `on_vanish: lookup`, "
            "without `batch`");
    refused(26, "    for_each: {learner_of: people, numbered: true}",
            "demo.yaml:26: streams.accounts.for_each: `numbered` needs one event, with `key`");
    refused(25,
            "  tries:\n"
            "    for_each: {learner_of: people, numbered: true}\n"
            "    request: {path: '/c/{course}/tries/{learner}'}\n"
            "    on_vanish: lookup\n"
            "    learner: {account: /id}\n"
            "    events: [{type: exam.graded, exam: 'quiz:{/quiz}', key: /n, score: /score}]\n"
            "  accounts:",
            "demo.yaml:26: streams.tries.for_each: `numbered`: the exam must be known without a "
            "record; `take` it along");
    refused(7, "faults: [{kind: retry}]",
            "demo.yaml:7: faults: one of `status`, `when` and `contains` is needed");
    refused(
        15, "    note: x",
        "demo.yaml:11: streams.rows: none of `events`, `learner` and `remember`: what is it asked "
        "for?");
}

static void bounds(void **state)
{
    (void)state;
    struct error err = {0};
    struct text_buffer file = {0};
    assert_null(connector_read("", 0, "empty.yaml", &err));
    assert_string_equal(err.message, "empty.yaml:1: the file is empty");
    while (file.length <= 256 << 10)
        text_buffer_add_text(&file, "# nothing but words, again and again\n");
    assert_null(connector_read(file.data, file.length, "large.yaml", &err));
    assert_string_equal(err.message, "large.yaml: larger than 256 KiB");
    text_buffer_clear(&file);
    text_buffer_add_text(&file, "connector: a\nversion: 1\nstreams:\n");
    for (int i = 0; i < 17; i++)
        text_buffer_add_format(&file, "  s%d: {}\n", i);
    assert_null(connector_read(file.data, file.length, "many.yaml", &err));
    assert_string_equal(err.message, "many.yaml:4: streams: has 17 items, not 1 to 16");
    text_buffer_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file),
        cmocka_unit_test(not_modified_is_believed_or_not),
        cmocka_unit_test(the_fingerprint_is_of_the_meaning),
        cmocka_unit_test(the_fingerprint_leaves_out_what_no_event_depends_on),
        cmocka_unit_test(keys_and_kinds),
        cmocka_unit_test(names),
        cmocka_unit_test(what_must_fit_together),
        cmocka_unit_test(bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
