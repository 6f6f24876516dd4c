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

void files_report_note(struct files_report *report, const char *format, ...)
{
    if (report->note_count == ARRAY_LEN(report->notes)) {
        report->notes_left_out++;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(report->notes[report->note_count++], sizeof(report->notes[0]), format, arguments);
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
    text_buffer_add_text(out, ",\"notes\":[");
    for (size_t i = 0; i < report->note_count; i++) {
        text_buffer_add_text(out, i > 0 ? "," : "");
        text_buffer_add_json_string(out, report->notes[i]);
    }
    if (report->notes_left_out > 0)
        text_buffer_add_format(
            out, ",\"%zu more of this kind: `mooc-ingest hold list` shows what is held\"",
            report->notes_left_out);
    text_buffer_add_format(out, "],\"exit\":%d", error_exit_code(&report->error));
    text_buffer_add_text(out, ",\"error\":");
    text_buffer_add_json_string(out, report->error.kind == ERROR_NONE ? "" : report->error.message);
    text_buffer_add_text(out, "}");
}

/* What an operator does about a finding. */
static const char *what_to_do(const char *kind, const char *code)
{
    if (strcmp(kind, "correction") == 0 && strcmp(code, "unit_unknown") == 0)
        return "write the unit's code or its name as in units.csv";
    static const struct {
        const char *code, *text;
    } hints[] = {
        {"email_malformed",
         "send the right e-mail as a correction (mooc-aggregator issues --export)"},
        {"email_missing", "send the e-mail as a correction (mooc-aggregator issues --export)"},
        {"email_shared", "counted as several people; send each one's own e-mail as a correction"},
        {"citizen_malformed", "send the number (12 digits, or the old 9) as a correction"},
        {"phone_malformed", "send the right number as a correction"},
        {"birth_date_malformed", "put the date right in the next list"},
        {"listed_twice", "counted once; remove the double row from the next list"},
        {"course_unknown", "not taken: add the course of this source to courses.csv (the row is "
                           "then taken by itself)"},
        {"course_missing", "not taken: name the course in the row"},
        {"unit_missing", "not taken: name the unit in the row, or import again with --unit"},
        {"wave_missing", "not taken: name the wave in the row, or import again with --wave"},
        {"class_missing", "not taken: name the class in the row or in the sheet's name"},
        {"class_malformed", "not taken: the class is a number or an address; are columns swapped?"},
        {"exam_malformed", "not taken: the exam is a number or an address; are columns swapped?"},
        {"score_malformed", "not taken: write the score as 8,5 or 17/20"},
        {"score_inconsistent", "not taken: put score and highest score right"},
        {"max_score_missing", "not taken: add the column \"Điểm tối đa\" or \"Kết quả\""},
        {"passed_malformed", "not taken: write Đạt, Không đạt or Vắng"},
        {"present_malformed", "not taken: write x for present, v for absent"},
        {"attempt_malformed", "not taken: write the attempt as 1, 2 …"},
        {"date_malformed", "not taken: write the day as day/month/year"},
        {"day_missing", "not taken: name the day in the row or head columns with days"},
        {"identifier_malformed", "not taken: put e-mail, citizen number or phone right"},
        {"identifier_missing", "not taken: a name alone tells nobody apart; add an identifier"},
        {"unit_unknown",
         "not counted yet: send the unit's name as a correction, or add the alias to "
         "units.csv (the row is then taken by itself), or import again with --unit"},
        {"name_missing", "not counted: give the name and send the list again"},
        {"wave_unknown",
         "not taken yet: add the wave to waves.csv (the row is then taken by itself)"},
        {"number_malformed", "not taken: put the figure right and import the file again"},
        {"totals_inconsistent", "not taken: more passed than registered; ask who published them"},
        {"not_filled_in", "fill in the column \"Sửa thành\" where an answer is known"},
        {"fault_unknown", "leave the codes of the column \"Lỗi\" as they were exported"},
        {"row_malformed", "leave the numbers of the column \"Dòng\" as they were exported"},
        {"value_malformed", "the column \"Sửa thành\" holds no such e-mail, number or unit"},
        {"file_missing", "leave the column \"File\" as it was exported"},
        {"file_not_kept",
         "no list of that name was imported lately: import it again, then correct"},
        {"row_not_found", "that list has nobody in that row: look at sheet and row"},
        {"row_gone", "a later list no longer has that person: nothing to correct"},
        {"no_identifier", "the row has nothing to link to: correct it as email_missing"},
        {"same_email", "that is the row's own address already"},
    };
    for (size_t i = 0; i < ARRAY_LEN(hints); i++) {
        if (strcmp(hints[i].code, code) == 0)
            return hints[i].text;
    }
    return NULL;
}

static int64_t count_of(const struct json *root, const char *name)
{
    int64_t value = 0;
    return json_integer(json_get(root, name), &value) ? value : 0;
}

static void write_finding(const struct json *f, struct text_buffer *out)
{
    const char *kind = json_get_string(f, "kind"), *code = json_get_string(f, "code");
    if (kind == NULL || code == NULL)
        return;
    int64_t count = count_of(f, "count");
    size_t named = 0;
    text_buffer_add_format(out, "  %-10s %-26s %4lld   ", kind, code, (long long)count);
    const char *sheet_before = "";
    const struct json *rows = json_get(f, "rows");
    for (const struct json *r = json_first(rows); r != NULL; r = json_next(r), named++) {
        const char *sheet = json_string(json_first(r));
        int64_t row = 0;
        if (sheet == NULL || !json_integer(json_next(json_first(r)), &row))
            continue;
        if (strcmp(sheet, sheet_before) != 0)
            text_buffer_add_format(out, "%ssheet %s: ", named > 0 ? "; " : "", sheet);
        text_buffer_add_format(out, "%s%lld",
                               named == 0                         ? "row "
                               : strcmp(sheet, sheet_before) == 0 ? ", "
                                                                  : "",
                               (long long)row);
        sheet_before = sheet;
    }
    text_buffer_add_text(out, count > (int64_t)named ? ", ...\n" : "\n");
    const char *hint = what_to_do(kind, code);
    if (hint != NULL)
        text_buffer_add_format(out, "             what to do: %s\n", hint);
}

bool files_report_text(const char *json, size_t length, struct text_buffer *out, int *exit_code)
{
    struct json *root = json_parse(json, length, NULL);
    const char *file = root != NULL ? json_get_string(root, "file") : NULL;
    if (file == NULL) {
        json_free(root);
        return false;
    }
    const char *message = json_get_string(root, "error");
    *exit_code = (int)count_of(root, "exit");
    if (message != NULL && message[0] != '\0') {
        text_buffer_add_format(out, "%s: %s\n", file, message);
        *exit_code = *exit_code == 0 ? 1 : *exit_code;
    } else if (json_boolean(json_get(root, "correction"), false)) {
        text_buffer_add_format(out, "%s: %lld corrections applied, %lld already in force\n", file,
                               (long long)count_of(root, "applied"),
                               (long long)count_of(root, "already"));
    } else if (json_boolean(json_get(root, "revocation"), false)) {
        text_buffer_add_format(
            out,
            "%s: %s%lld taken back, %lld stay as another import says, %lld rejections withdrawn\n",
            file, json_boolean(json_get(root, "preview"), false) ? "would be " : "",
            (long long)count_of(root, "removed"), (long long)count_of(root, "changed"),
            (long long)count_of(root, "rejected"));
    } else if (json_boolean(json_get(root, "retry"), false)) {
        text_buffer_add_format(out, "%s: %lld rejected rows have become good\n", file,
                               (long long)count_of(root, "added"));
    } else {
        bool preview = json_boolean(json_get(root, "preview"), false);
        text_buffer_add_format(
            out, "%s: %s%lld added, %lld removed, %lld changed, %lld unchanged, %lld rejected\n",
            file, preview ? "would be " : "", (long long)count_of(root, "added"),
            (long long)count_of(root, "removed"), (long long)count_of(root, "changed"),
            (long long)count_of(root, "unchanged"), (long long)count_of(root, "rejected"));
        const char *encoding = json_get_string(root, "encoding");
        bool plain = encoding == NULL || strcmp(encoding, "") == 0 ||
                     strcmp(encoding, "UTF-8") == 0 || strcmp(encoding, "Excel") == 0;
        if (preview || !plain)
            text_buffer_add_format(out, "  read as: %s\n", encoding != NULL ? encoding : "");
    }
    const struct json *notes = json_get(root, "notes");
    for (const struct json *n = json_first(notes); n != NULL; n = json_next(n))
        text_buffer_add_format(out, "  note: %s\n", json_string(n) != NULL ? json_string(n) : "");
    const struct json *findings = json_get(root, "findings");
    for (const struct json *f = json_first(findings); f != NULL; f = json_next(f))
        write_finding(f, out);
    json_free(root);
    return true;
}
