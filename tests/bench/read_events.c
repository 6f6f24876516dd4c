/* What the aggregator's reading thread does most of the time: decodes events, here the lines of a file, in batches of 20,000. Next to
 * it what cJSON alone takes for the same lines.
 *
 *   read_events FILE ROUNDS    prints CPU seconds per million events: the best round of ours, one of cJSON */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "../../common/allocate.h"
#include "../../common/event.h"

#define BATCH 20000

struct lines {
    char *text;
    size_t length, count;
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct lines read_lines(const char *path)
{
    struct lines lines = {0};
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    lines.length = (size_t)ftell(file);
    lines.text = must_have(malloc(lines.length + 1));
    rewind(file);
    if (fread(lines.text, 1, lines.length, file) != lines.length)
        exit(1);
    fclose(file);
    for (size_t i = 0; i < lines.length; i++)
        lines.count += lines.text[i] == '\n';
    return lines;
}

static double decode(const struct lines *lines, struct event *events)
{
    struct event_decoder *decoder = event_decoder_new();
    double began = cpu_seconds();
    const char *at = lines->text, *end = lines->text + lines->length;
    for (size_t count = 0; at < end; count = (count + 1) % BATCH) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        struct error err = {0};
        if (count == 0)
            event_decoder_reset(decoder);
        if (!event_decode(decoder, at, (size_t)(newline - at), &events[count], &err)) {
            fprintf(stderr, "read_events: %s\n", err.message);
            exit(1);
        }
        at = newline + 1;
    }
    double seconds = cpu_seconds() - began;
    event_decoder_free(decoder);
    return seconds;
}

static double parse(const struct lines *lines)
{
    double began = cpu_seconds();
    const char *at = lines->text, *end = lines->text + lines->length;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        cJSON_Delete(cJSON_ParseWithLength(at, (size_t)(newline - at)));
        at = newline + 1;
    }
    return cpu_seconds() - began;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: read_events FILE ROUNDS\n");
        return 2;
    }
    struct lines lines = read_lines(argv[1]);
    struct event *events = must_have(calloc(BATCH, sizeof(*events)));
    /* cJSON first: what json.c sets in it is for json.c only. */
    double theirs = parse(&lines), ours = decode(&lines, events);
    for (long round = strtol(argv[2], NULL, 10); round > 1; round--) {
        double seconds = decode(&lines, events);
        ours = seconds < ours ? seconds : ours;
    }
    double millions = (double)lines.count / 1e6;
    printf("{\"events\": %zu, \"decode_seconds_per_million\": %.3f, \"cjson_seconds_per_million\": "
           "%.3f}\n",
           lines.count, ours / millions, theirs / millions);
    free(events);
    free(lines.text);
    return 0;
}
