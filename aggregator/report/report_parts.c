/* What stands around a report's table: chart, signature, what it is attached to, further parts. */
#include <stdarg.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "report.h"

/* The printed column of that name; a value is a count or a rate. */
static size_t chart_column(const struct report *report, const char *name, bool label)
{
    for (size_t i = 0; i < report->column_count; i++) {
        const struct report_column *column = &report->columns[i];
        bool fits = label ? column->kind == CELL_TEXT
                          : column->kind == CELL_COUNT || column->kind == CELL_RATE;
        if (fits && !column->for_programs && strcmp(column->name, name) == 0)
            return i;
    }
    abort();
}

void report_set_chart(struct report *report, enum chart_kind kind, const char *title,
                      const char *label, ...)
{
    struct report_chart chart = {.kind = kind, .title = report_copy(report, title)};
    chart.label = chart_column(report, label, true);
    va_list names;
    va_start(names, label);
    for (const char *name; (name = va_arg(names, const char *)) != NULL;) {
        size_t column = chart_column(report, name, false);
        if (chart.value_count == REPORT_CHART_VALUES ||
            (chart.value_count > 0 &&
             report->columns[column].kind != report->columns[chart.values[0]].kind))
            abort();
        chart.values[chart.value_count++] = column;
    }
    va_end(names);
    report->chart = chart;
}

void report_sign(struct report *report, const char *place, const char *signer)
{
    report->signature.wanted = true;
    if (place != NULL)
        report->signature.place = report_copy(report, place);
    if (signer != NULL)
        report->signature.signer = report_copy(report, signer);
}

void report_dress(struct report *report, const char *attached_to, const char *place,
                  const char *signer)
{
    bool signs = place != NULL || signer != NULL, any = report->signature.wanted;
    for (size_t i = 0; i < report->part_count; i++)
        any = any || report->parts[i]->signature.wanted;
    for (size_t i = 0; i <= report->part_count; i++) {
        struct report *part = i == 0 ? report : report->parts[i - 1];
        if (attached_to != NULL)
            part->attached_to = report_copy(part, attached_to);
        if (part->signature.wanted || (!any && signs && i == report->part_count))
            report_sign(part, place, signer);
    }
}

static void add_part(struct report *report, struct report *part)
{
    report->parts =
        must_have(realloc(report->parts, (report->part_count + 1) * sizeof(*report->parts)));
    report->parts[report->part_count++] = part;
}

void report_append(struct report *report, struct report *part)
{
    add_part(report, part);
    for (size_t i = 0; i < part->part_count; i++)
        add_part(report, part->parts[i]);
    free(part->parts);
    part->parts = NULL;
    part->part_count = 0;
}

const struct report *report_part(const struct report *report, size_t index)
{
    return index == 0 ? report : index <= report->part_count ? report->parts[index - 1] : NULL;
}
