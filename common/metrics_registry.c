/* Time series, readiness conditions and their text. Pure but for the process's own figures. */
#include "metrics_registry.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "allocate.h"

struct metric {
    struct metric *next;
    char *labels;          /* "" for none */
    _Atomic uint64_t bits; /* of the double */
};

struct metric_family {
    struct metric_family *next;
    enum metric_type type;
    char *name, *help;
    struct metric *first, **end;
};

struct metric_condition {
    struct metric_condition *next;
    char *name, *reason; /* NULL = met */
};

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void metrics_registry_init(struct metrics *metrics)
{
    if (pthread_mutex_init(&metrics->lock, NULL) != 0)
        abort();
    metrics->families_end = &metrics->families;
    metrics->conditions_end = &metrics->conditions;
}

static void free_family(struct metric_family *family)
{
    for (struct metric *metric = family->first, *next; metric; metric = next) {
        next = metric->next;
        free(metric->labels);
        free(metric);
    }
    free(family->name);
    free(family->help);
    free(family);
}

void metrics_registry_free(struct metrics *metrics)
{
    for (struct metric_family *family = metrics->families, *next; family; family = next) {
        next = family->next;
        free_family(family);
    }
    for (struct metric_condition *c = metrics->conditions, *next; c; c = next) {
        next = c->next;
        free(c->name);
        free(c->reason);
        free(c);
    }
    pthread_mutex_destroy(&metrics->lock);
}

static void must(bool holds, const char *name, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "metrics: %s: %s\n", name, what);
    abort();
}

static bool is_name(const char *name)
{
    size_t length =
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:");
    return length > 0 && name[length] == '\0' && !(name[0] >= '0' && name[0] <= '9');
}

static struct metric_family *family_of(struct metrics *metrics, enum metric_type type,
                                       const char *name, const char *help)
{
    for (struct metric_family *family = metrics->families; family; family = family->next) {
        if (strcmp(family->name, name) == 0) {
            must(family->type == type, name, "is there with another type");
            return family;
        }
    }
    struct metric_family *family = must_have(calloc(1, sizeof *family));
    family->type = type;
    family->name = must_have(strdup(name));
    family->help = must_have(strdup(help));
    family->end = &family->first;
    *metrics->families_end = family;
    metrics->families_end = &family->next;
    return family;
}

struct metric *metrics_add(struct metrics *metrics, enum metric_type type, const char *name,
                           const char *labels, const char *help)
{
    must(is_name(name), name, "is no metric name");
    if (!labels)
        labels = "";
    pthread_mutex_lock(&metrics->lock);
    struct metric_family *family = family_of(metrics, type, name, help);
    struct metric *metric = family->first;
    while (metric && strcmp(metric->labels, labels) != 0)
        metric = metric->next;
    if (!metric) {
        metric = must_have(calloc(1, sizeof *metric));
        metric->labels = must_have(strdup(labels));
        *family->end = metric;
        family->end = &metric->next;
    }
    pthread_mutex_unlock(&metrics->lock);
    return metric;
}

static void add_escaped(struct text_buffer *out, const char *text, bool quotes)
{
    for (const char *p = text; *p; p++) {
        if (*p == '\n')
            text_buffer_add_text(out, "\\n");
        else if (*p == '\\' || (quotes && *p == '"'))
            text_buffer_add_format(out, "\\%c", *p);
        else
            text_buffer_add(out, p, 1);
    }
}

void metrics_label(struct text_buffer *labels, const char *name, const char *value)
{
    text_buffer_add_format(labels, "%s%s=\"", labels->length > 0 ? "," : "", name);
    add_escaped(labels, value, true);
    text_buffer_add_text(labels, "\"");
}

void metric_set(struct metric *metric, double value)
{
    atomic_store_explicit(&metric->bits, bits_of(value), memory_order_relaxed);
}

void metric_increase(struct metric *metric, double by)
{
    uint64_t old = atomic_load_explicit(&metric->bits, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&metric->bits, &old, bits_of(double_of(old) + by),
                                                  memory_order_relaxed, memory_order_relaxed))
        ;
}

double metric_value(const struct metric *metric)
{
    return double_of(atomic_load_explicit(&metric->bits, memory_order_relaxed));
}

void metrics_ready(struct metrics *metrics, const char *condition, const char *unmet_reason)
{
    pthread_mutex_lock(&metrics->lock);
    struct metric_condition *c = metrics->conditions;
    while (c && strcmp(c->name, condition) != 0)
        c = c->next;
    if (!c) {
        c = must_have(calloc(1, sizeof *c));
        c->name = must_have(strdup(condition));
        *metrics->conditions_end = c;
        metrics->conditions_end = &c->next;
    }
    free(c->reason);
    c->reason = unmet_reason ? must_have(strdup(unmet_reason)) : NULL;
    pthread_mutex_unlock(&metrics->lock);
}

bool metrics_readiness(struct metrics *metrics, char *out, size_t size)
{
    struct text_buffer text = {0};
    pthread_mutex_lock(&metrics->lock);
    for (struct metric_condition *c = metrics->conditions; c; c = c->next) {
        if (c->reason)
            text_buffer_add_format(&text, "%s%s: %s", text.length ? "\n" : "", c->name, c->reason);
    }
    pthread_mutex_unlock(&metrics->lock);
    bool ready = text.length == 0;
    (void)snprintf(out, size, "%s", ready ? "ready" : text.data);
    text_buffer_free(&text);
    return ready;
}

static void add_value(struct text_buffer *out, double value)
{
    if (isnan(value))
        text_buffer_add_text(out, "NaN");
    else if (isinf(value))
        text_buffer_add_text(out, value > 0 ? "+Inf" : "-Inf");
    else
        text_buffer_add_json_double(out, value);
}

static void add_head(struct text_buffer *out, const char *name, enum metric_type type,
                     const char *help)
{
    text_buffer_add_format(out, "# HELP %s ", name);
    add_escaped(out, help, false);
    text_buffer_add_format(out, "\n# TYPE %s %s\n", name,
                           type == METRIC_COUNTER ? "counter" : "gauge");
}

static void add_single(struct text_buffer *out, const char *name, enum metric_type type,
                       const char *help, double value)
{
    add_head(out, name, type, help);
    text_buffer_add_format(out, "%s ", name);
    add_value(out, value);
    text_buffer_add_text(out, "\n");
}

/* Linux: the second number of statm is the resident pages. */
static double resident_bytes(void)
{
    char line[256], *second = NULL;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (!statm)
        return NAN;
    if (fgets(line, sizeof line, statm))
        second = strchr(line, ' ');
    fclose(statm);
    return second ? strtod(second, NULL) * (double)sysconf(_SC_PAGESIZE) : NAN;
}

static double cpu_seconds(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return NAN;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void add_process(struct text_buffer *out)
{
    add_single(out, "process_resident_memory_bytes", METRIC_GAUGE, "Resident memory.",
               resident_bytes());
    add_single(out, "process_cpu_seconds_total", METRIC_COUNTER, "User and system CPU time.",
               cpu_seconds());
    add_head(out, "mooc_build_info", METRIC_GAUGE, "The version that runs.");
    text_buffer_add_text(out, "mooc_build_info{version=\"" MOOC_PULSE_VERSION "\"} 1\n");
}

void metrics_add_text(struct metrics *metrics, struct text_buffer *out)
{
    pthread_mutex_lock(&metrics->lock);
    for (struct metric_family *family = metrics->families; family; family = family->next) {
        add_head(out, family->name, family->type, family->help);
        for (struct metric *metric = family->first; metric; metric = metric->next) {
            text_buffer_add_text(out, family->name);
            if (*metric->labels)
                text_buffer_add_format(out, "{%s}", metric->labels);
            text_buffer_add_text(out, " ");
            add_value(out, metric_value(metric));
            text_buffer_add_text(out, "\n");
        }
    }
    pthread_mutex_unlock(&metrics->lock);
    add_process(out);
}
