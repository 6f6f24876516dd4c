#include "files_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/json.h"

#define ROWS_NAMED 20          /* per code; the rest is counted */
#define CORRECTIONS_NAMED 5000 /* of a form each row is told that was not taken */

void files_report_find(struct files_report *report, const char *kind, const char *code,
                       const char *sheet, int64_t row)
{
    if (report->finding_count == report->finding_capacity) {
        report->finding_capacity = report->finding_capacity == 0 ? 64 : report->finding_capacity * 2;
        report->findings =
            realloc(report->findings, report->finding_capacity * sizeof(report->findings[0]));
        if (report->findings == NULL)
            abort();
    }
    struct files_finding *f = &report->findings[report->finding_count++];
    *f = (struct files_finding){kind, code, "", row};
    size_t length = strlen(sheet);
    if (length >= sizeof(f->sheet)) {
        length = sizeof(f->sheet) - 1;
        while (length > 0 && ((unsigned char)sheet[length] & 0xC0U) == 0x80U)
            length--;
    }
    memcpy(f->sheet, sheet, length);
    f->sheet[length] = '\0';
}

void files_report_note(struct files_report *report, const char *vi, const char *en, ...)
{
    if (report->note_count == ARRAY_LEN(report->notes)) {
        report->notes_left_out++;
        return;
    }
    struct files_note *note = &report->notes[report->note_count++];
    va_list arguments;
    va_start(arguments, en);
    (void)vsnprintf(note->vi, sizeof(note->vi), vi, arguments);
    va_end(arguments);
    va_start(arguments, en);
    (void)vsnprintf(note->en, sizeof(note->en), en, arguments);
    va_end(arguments);
}

void files_report_clear(struct files_report *report)
{
    report->added = report->changed = report->unchanged = report->removed = report->rejected = 0;
    report->erased = 0;
    report->applied = report->already = 0;
    report->finding_count = report->note_count = report->notes_left_out = 0;
    error_clear(&report->error);
}

void files_report_free(struct files_report *report)
{
    free(report->findings);
    report->findings = NULL;
    report->finding_count = report->finding_capacity = 0;
}

static int compare_findings(const void *a, const void *b)
{
    const struct files_finding *x = a, *y = b;
    int order = strcmp(x->kind, y->kind);
    if (order == 0)
        order = strcmp(x->code, y->code);
    if (order == 0)
        order = strcmp(x->sheet, y->sheet);
    return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

static void add_findings(const struct files_report *report, struct text_buffer *out)
{
    struct files_finding *sorted = malloc((report->finding_count + 1) * sizeof(*sorted));
    if (sorted == NULL)
        abort();
    if (report->finding_count > 0)
        memcpy(sorted, report->findings, report->finding_count * sizeof(*sorted));
    qsort(sorted, report->finding_count, sizeof(*sorted), compare_findings);
    text_buffer_add_text(out, ",\"findings\":[");
    for (size_t from = 0, to; from < report->finding_count; from = to) {
        const struct files_finding *f = &sorted[from];
        size_t most = strcmp(f->kind, "correction") == 0 ? CORRECTIONS_NAMED : ROWS_NAMED;
        text_buffer_add_format(out, "%s{\"kind\":\"%s\",\"code\":\"%s\",\"rows\":[",
                               from > 0 ? "," : "", f->kind, f->code);
        for (to = from; to < report->finding_count && strcmp(sorted[to].kind, f->kind) == 0 &&
                        strcmp(sorted[to].code, f->code) == 0;
             to++) {
            if (to - from >= most)
                continue;
            text_buffer_add_text(out, to > from ? ",[" : "[");
            text_buffer_add_json_string(out, sorted[to].sheet);
            text_buffer_add_format(out, ",%lld]", (long long)sorted[to].row);
        }
        text_buffer_add_format(out, "],\"count\":%zu}", to - from);
    }
    text_buffer_add_text(out, "]");
    free(sorted);
}

/* In English as "notes", for programs too; in Vietnamese as "notes_vi". */
static void add_notes(const struct files_report *report, const struct teller *to,
                      struct text_buffer *out)
{
    text_buffer_add_text(out, TELL(to, ",\"notes_vi\":[", ",\"notes\":["));
    for (size_t i = 0; i < report->note_count; i++) {
        text_buffer_add_text(out, i > 0 ? "," : "");
        text_buffer_add_json_string(out, TELL(to, report->notes[i].vi, report->notes[i].en));
    }
    if (report->notes_left_out > 0)
        text_buffer_add_format(
            out,
            TELL(
                to,
                ",\"còn %zu ghi chú như vậy: `mooc-ingest hold list` cho biết những gì đang bị giữ "
                "lại\"",
                ",\"%zu more of this kind: `mooc-ingest hold list` shows what is held\""),
            report->notes_left_out);
    text_buffer_add_text(out, "]");
}

void files_report_json(const struct files_report *report, struct text_buffer *out)
{
    text_buffer_add_text(out, "{\"file\":");
    text_buffer_add_json_string(out, report->file);
    text_buffer_add_text(out, ",\"wave\":");
    text_buffer_add_json_string(out, report->wave);
    text_buffer_add_text(out, ",\"encoding\":");
    text_buffer_add_json_string(out, report->encoding);
    text_buffer_add_format(out, ",\"preview\":%s,\"correction\":%s,\"revocation\":%s,\"retry\":%s",
                           report->preview ? "true" : "false", report->correction ? "true" : "false",
                           report->revocation ? "true" : "false", report->retry ? "true" : "false");
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {{"added", report->added},         {"changed", report->changed},
                  {"unchanged", report->unchanged}, {"removed", report->removed},
                  {"rejected", report->rejected},   {"applied", report->applied},
                  {"already", report->already}};
    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        text_buffer_add_format(out, ",\"%s\":%lld", counts[i].name, (long long)counts[i].value);
    add_findings(report, out);
    add_notes(report, &(struct teller){.vietnamese = false}, out);
    add_notes(report, &(struct teller){.vietnamese = true}, out);
    int exit_code = error_exit_code(&report->error);
    bool withdrawn = report->revocation || report->retry; /* then they are no longer rejected */
    if (exit_code == 0 && report->rejected > 0 && !withdrawn)
        exit_code = 1;
    text_buffer_add_format(out, ",\"exit\":%d", exit_code);
    text_buffer_add_text(out, ",\"error\":");
    text_buffer_add_json_string(out, report->error.kind == ERROR_NONE ? "" : report->error.message);
    if (report->error.kind != ERROR_NONE && report->error.vi[0] != '\0') {
        text_buffer_add_text(out, ",\"error_vi\":");
        text_buffer_add_json_string(out, report->error.vi);
    }
    text_buffer_add_text(out, "}");
}
