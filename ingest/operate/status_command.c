/* `mooc-ingest status`: what the running instance wrote of itself, in the office's words. Exit 0 when it runs and is ready. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/file.h"
#include "../../common/json.h"
#include "commands.h"
#include "report.h"

#define MAX_STATUS ((size_t)8 << 20)

static const char *member(const struct json *object, const char *name)
{
    const char *text = json_get_string(object, name);
    return text ? text : "";
}

static int64_t number(const struct json *object, const char *name)
{
    int64_t value = 0;
    return json_integer(json_get(object, name), &value) ? value : 0;
}

/* A source that is paused is idle, and nothing is next. */
static void print_stream(const struct json *stream, bool paused)
{
    const char *through = member(stream, "through"), *problem = member(stream, "problem");
    printf("  %-14s %10lld records  ", member(stream, "stream"),
           (long long)number(stream, "entities"));
    int64_t us = 0;
    char local[CLOCK_LOCAL_SIZE];
    clock_localise(through, local);
    if (through[0] && clock_parse(through, &us))
        printf("complete as of %s (%lld s ago)", local, (long long)((clock_now_us() - us) / 1000000));
    else
        printf("not read completely yet");
    printf("  %s", paused ? "paused" : member(stream, "state"));
    if (!paused && number(stream, "next_s") > 0)
        printf(", next in %lld s", (long long)number(stream, "next_s"));
    printf("\n");
    if (problem[0])
        printf("  %-14s problem: %s\n", "", problem);
    if (member(stream, "note")[0])
        printf("  %-14s note: %s\n", "", member(stream, "note"));
}

/* A part of what this instance publishes, where it does not publish now. */
static const char *in_words(const char *status)
{
    static const struct {
        const char *status, *words;
    } words[] = {{"loading", "is being read back from Kafka"},
                 {"paused", "is paused"},
                 {"fenced", "is another instance's now"},
                 {"failed", "has failed and waits for you"}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(status, words[i].status) == 0)
            return words[i].words;
    return status;
}

static void print_shards(const struct json *root)
{
    int64_t published = 0, rejected = 0;
    for (const struct json *s = json_first(json_get(root, "shards")); s; s = json_next(s)) {
        published += number(s, "events");
        rejected += number(s, "dead_letters");
        if (strcmp(member(s, "status"), "ready") != 0)
            printf("part %lld of what is known %s%s%s\n", (long long)number(s, "shard"),
                   in_words(member(s, "status")), member(s, "reason")[0] ? ": " : "",
                   member(s, "reason"));
    }
    printf("%lld changes published since the start, %lld records rejected or good again\n",
           (long long)published, (long long)rejected);
}

static void print_sources(const struct json *root)
{
    const struct json *list = json_get(root, "sources");
    for (const struct json *s = json_first(list); s; s = json_next(s)) {
        bool paused = strcmp(member(s, "paused"), "yes") == 0;
        printf("%s (%s)%s%s\n", member(s, "source"), member(s, "kind"),
               paused ? ": paused (`mooc-ingest resume` watches it again)" : "",
               strcmp(member(s, "runs_here"), "yes") == 0 ? ""
                                                          : ": not watched by this instance now");
        if (json_get(s, "requests_today")) {
            printf("  %lld requests today", (long long)number(s, "requests_today"));
            if (json_get(s, "requests_left_today"))
                printf(", %lld left", (long long)number(s, "requests_left_today"));
            printf("; %lld in this hour, %lld refused by the platform since the start\n",
                   (long long)number(s, "requests_this_hour"),
                   (long long)number(s, "requests_refused"));
        }
        if (member(s, "refused")[0])
            printf("  refused: %s\n", member(s, "refused"));
        for (const struct json *t = json_first(json_get(s, "streams")); t; t = json_next(t))
            print_stream(t, paused);
    }
}

static int answer(const struct json *root, const char *text, bool as_json)
{
    int64_t age_ms = (clock_now_us() - number(root, "at_us")) / 1000;
    const char *state = member(root, "state");
    char at[CLOCK_LOCAL_SIZE];
    clock_localise(member(root, "at"), at);
    bool alive = strcmp(state, "stopped") != 0 && age_ms <= REPORT_STALE_MS;
    bool ready = alive && json_boolean(json_get(root, "ready"), false);
    if (as_json) {
        fputs(text, stdout);
        return ready ? 0 : 1;
    }
    if (strcmp(state, "stopped") == 0)
        printf("mooc-ingest is stopped (since %s)\n", at);
    else if (!alive)
        printf("mooc-ingest does not run: its last word is %lld s old\n", (long long)(age_ms / 1000));
    else if (!ready)
        printf("mooc-ingest runs, but waits: %s\n", member(root, "reasons"));
    else
        printf("mooc-ingest runs (%s)\n", member(root, "instance"));
    print_sources(root);
    if (json_get(root, "shards")) /* who is stopped has published nothing since */
        print_shards(root);
    return ready ? 0 : 1;
}

int command_status(const struct program *program, const struct options *options)
{
    (void)program;
    char path[4096];
    struct error err = {0};
    size_t length;
    snprintf(path, sizeof(path), "%s/status.json", options_text(options, "data_dir"));
    char *text = file_read_whole(path, MAX_STATUS, &length, &err);
    struct json *root = text ? json_parse(text, length, &err) : NULL;
    int code = 1;
    if (root)
        code = answer(root, text, strcmp(options_text(options, "format"), "json") == 0);
    else
        fprintf(stderr, "mooc-ingest: nothing is known of a running instance: %s\n", err.message);
    json_free(root);
    free(text);
    return code;
}
