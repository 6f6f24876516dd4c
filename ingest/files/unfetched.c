#include "unfetched.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/spool.h"
#include "../../common/yaml.h"
#include "files_job.h"
#include "files_report.h"

typedef char *(*next_in_spool)(const char *data_dir, const char *queue, const char *after,
                               char id[SPOOL_ID_SIZE], size_t *length, struct error *err);
typedef void (*visit_text)(void *context, const char *id, const char *text, size_t length);

static void for_each(next_in_spool next, const char *data_dir, const char *source, visit_text visit,
                     void *context)
{
    struct error err = {0};
    char id[SPOOL_ID_SIZE], after[SPOOL_ID_SIZE] = "";
    size_t length = 0;
    for (char *text; (text = next(data_dir, source, after, id, &length, &err)) != NULL;) {
        visit(context, id, text, length);
        memcpy(after, id, sizeof(after));
        free(text);
    }
}

static void print_job(void *context, const char *id, const char *text, size_t length)
{
    const struct teller *to = context;
    struct files_job job;
    memset(&job, 0, sizeof(job));
    if (files_job_decode(text, length, &job, NULL))
        (void)printf("%s  %s  %s\n", id, job.file, TELL(to, "đang chờ làm", "waits to be done"));
}

static void print_answer(void *context, const char *id, const char *text, size_t length)
{
    const struct teller *to = context;
    struct text_buffer lines = {0};
    int exit_code;
    if (files_report_text(text, length, to, &lines, &exit_code))
        (void)printf(TELL(to, "%s  trả lời chưa ai xem: %s", "%s  answer that nobody fetched: %s"),
                     id, lines.data);
    text_buffer_free(&lines);
}

void unfetched_print(const char *data_dir, const char *source, const struct teller *to)
{
    struct teller spoken = *to;
    for_each(spool_next, data_dir, source, print_job, &spoken);
    for_each(spool_next_result, data_dir, source, print_answer, &spoken);
}

struct counts {
    size_t jobs, answers, refusals;
};

static void count_job(void *context, const char *id, const char *text, size_t length)
{
    struct counts *counts = context;
    (void)id, (void)text, (void)length;
    counts->jobs++;
}

static void count_answer(void *context, const char *id, const char *text, size_t length)
{
    struct counts *counts = context;
    struct text_buffer lines = {0};
    int exit_code = 0;
    (void)id;
    if (files_report_text(text, length, &(struct teller){false}, &lines, &exit_code)) {
        counts->answers++;
        counts->refusals += files_report_is_refusal(text, length);
    }
    text_buffer_free(&lines);
}

static void print_counts(const struct teller *to, const char *source, const struct counts *c,
                         bool runs)
{
    if (c->jobs > 0 && runs)
        (void)printf(TELL(to, "%s: %zu việc đang chờ làm\n", "%s: %zu jobs wait to be done\n"),
                     source, c->jobs);
    else if (c->jobs > 0)
        (void)printf(TELL(to, "%s: %zu việc đang chờ `mooc-ingest run` chạy\n",
                          "%s: jobs that wait for `mooc-ingest run`: %zu\n"),
                     source, c->jobs);
    if (c->answers > 0)
        (void)printf(TELL(to,
                          "%s: %zu trả lời chưa ai xem, trong đó %zu bị từ chối: xem `mooc-ingest "
                          "import list`\n",
                          "%s: answers that nobody fetched: %zu, refusals among them: %zu; "
                          "`mooc-ingest import list` shows them\n"),
                     source, c->answers, c->refusals);
}

void unfetched_count(const struct options *options, const struct teller *to, bool runs)
{
    const struct yaml_node *list = options_section(options, "sources");
    const char *data_dir = options_text(options, "data_dir");
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_node *node = yaml_item(list, i);
        const char *name = yaml_text(node, "name", "");
        struct counts counts = {0};
        if (strcmp(yaml_text(node, "kind", ""), "files") != 0)
            continue;
        for_each(spool_next, data_dir, name, count_job, &counts);
        for_each(spool_next_result, data_dir, name, count_answer, &counts);
        print_counts(to, name, &counts, runs);
    }
}
