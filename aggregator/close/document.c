#include "document.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/crypto.h"
#include "../../common/json.h"
#include "../../common/operator_name.h"
#include "../audit.h"
#include "../fold/fold.h"
#include "row_key.h"
#include "sql.h"

#define HASH_TEXT 65

static const char *const languages[] = {[LANGUAGE_VI] = "vi", [LANGUAGE_EN] = "en"};

void document_release(struct document *document)
{
    for (size_t i = 0; i < document->report_count; i++)
        report_free(document->reports[i]);
    free(document->reports);
    as_of_basis_release(&document->basis);
}

void document_add(struct document *document, struct report *report)
{
    document->reports =
        must_have(realloc(document->reports, (document->report_count + 1) * sizeof(struct report *)));
    document->reports[document->report_count++] = report;
}

static void hash(const struct text_buffer *text, char out[HASH_TEXT])
{
    uint8_t bytes[32];
    sha256(text->data, text->length, bytes);
    hex_encode(bytes, sizeof(bytes), out);
}

/* Cells -------------------------------------------------------------------------------------------------------------------- */

static void add_name(struct text_buffer *out, const char *name)
{
    text_buffer_add_format(out, ",\"%s\":", name);
}

static void add_cell(const struct report *report, size_t part, size_t row, size_t column,
                     struct text_buffer *out)
{
    const struct report_cell *cell = report_cell(report, row, column);
    const struct report_column *head = &report->columns[column];
    const char *unit = row_text(report, row, "unit");
    struct text_buffer text = {0};
    text_buffer_add_format(out, "%s{\"part\":%zu,\"row\":%zu,\"column\":%zu",
                           out->data[out->length - 1] == '[' ? "" : ",\n", part, row, column);
    if (unit) {
        add_name(out, "unit");
        text_buffer_add_json_string(out, unit);
    }
    row_key(report, row, &text);
    add_name(out, "row_key");
    text_buffer_add_json_string(out, text.data);
    add_name(out, "label");
    text_buffer_add_json_string(out, row_label(report, row));
    add_name(out, "measure");
    text_buffer_add_json_string(out, head->name);
    text_buffer_clear(&text);
    text_buffer_add_format(&text, "%s%s%s", head->group ? head->group : "", head->group ? ": " : "",
                           head->heading);
    add_name(out, "heading");
    text_buffer_add_json_string(out, text.data);
    if (cell->kind == CELL_COUNT || cell->kind == CELL_NUMBER || cell->kind == CELL_RATE)
        text_buffer_add_format(out, ",\"count\":%" PRId64, cell->count);
    if (cell->kind == CELL_RATE)
        text_buffer_add_format(out, ",\"of\":%" PRId64, cell->of);
    text_buffer_clear(&text);
    text_buffer_add_text(&text, "");
    report_cell_text(report, cell, &text);
    add_name(out, "printed");
    text_buffer_add_json_string(out, text.data);
    text_buffer_add_text(out, "}");
    text_buffer_free(&text);
}

static void add_cells(const struct report *report, struct text_buffer *out)
{
    const struct report *part;
    text_buffer_add_text(out, "[");
    for (size_t n = 0; (part = report_part(report, n)) != NULL; n++)
        for (size_t row = 0; row < part->row_count; row++)
            for (size_t column = 0; column < part->column_count; column++)
                add_cell(part, n, row, column, out);
    text_buffer_add_text(out, "]");
}

/* Keeping ------------------------------------------------------------------------------------------------------------------ */

static bool run(struct pg *pg, const char *sql, size_t count, const char *const *parameters,
                struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql, count, parameters, err);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool keep_report(struct pg *pg, const char *name, const struct report *report,
                        struct text_buffer *sum, struct error *err)
{
    struct text_buffer body = {0}, cells = {0};
    char checksum[HASH_TEXT];
    const char *language = languages[report->language];
    report_save(report, &body);
    hash(&body, checksum);
    text_buffer_add_format(sum, "%s %s %s\n", report->name, language, checksum);
    bool ok = run(pg, sql_close_report, 5,
                  (const char *const[]){name, report->name, language, body.data, checksum}, err);
    /* The cells carry Vietnamese labels, as every label of schema bi. */
    if (ok && report->language == LANGUAGE_VI) {
        add_cells(report, &cells);
        ok = run(pg, sql_close_cells, 3, (const char *const[]){name, report->name, cells.data}, err);
    }
    text_buffer_free(&body);
    text_buffer_free(&cells);
    return ok;
}

void document_offsets(const struct replay_vector *vector, struct text_buffer *out)
{
    text_buffer_add_text(out, "[");
    for (size_t i = 0; i < vector->count; i++) {
        text_buffer_add_text(out, i ? ",[" : "[");
        text_buffer_add_json_string(out, vector->items[i].topic);
        text_buffer_add_format(out, ",%d,%" PRId64 "]", vector->items[i].partition,
                               vector->items[i].next_offset);
    }
    text_buffer_add_text(out, "]");
}

static bool keep_head(struct pg *pg, const struct document *d, const char *checksum, struct error *err)
{
    char at[CLOCK_TEXT_SIZE], generation[16], fold[16], config[16];
    struct text_buffer offsets = {0};
    clock_format(d->at_us, at);
    snprintf(generation, sizeof(generation), "%d", d->basis.generation);
    snprintf(fold, sizeof(fold), "%d", FOLD_VERSION);
    snprintf(config, sizeof(config), "%d", d->basis.config_version);
    document_offsets(&d->basis.until, &offsets);
    const char *const parameters[] = {d->name,    d->wave,   d->training,    at,
                                      generation, fold,      config,         offsets.data,
                                      checksum,   d->reason, operator_name()};
    bool ok = run(pg, sql_close_document, 11, parameters, err);
    text_buffer_free(&offsets);
    return ok;
}

static bool note(struct pg *pg, const struct document *d, const char *checksum, struct error *err)
{
    char at[CLOCK_TEXT_SIZE];
    struct text_buffer detail = {0};
    clock_format(d->at_us, at);
    text_buffer_add_text(&detail, "{\"doc\":");
    text_buffer_add_json_string(&detail, d->name);
    text_buffer_add_text(&detail, ",\"wave\":");
    text_buffer_add_json_string(&detail, d->wave);
    text_buffer_add_format(&detail, ",\"at\":\"%s\",\"checksum\":\"%s\"}", at, checksum);
    const struct audit_entry entry = {"close", d->reason, d->basis.generation,
                                      d->basis.config_version, detail.data};
    bool ok = audit_note(pg, &entry, err);
    text_buffer_free(&detail);
    return ok;
}

bool document_keep(struct pg *pg, const struct document *document, struct error *err)
{
    struct text_buffer sum = {0};
    char checksum[HASH_TEXT];
    /* The reports refer to the head, whose checksum is made of theirs: that reference is looked at when all is there. */
    for (size_t i = 0; i < document->report_count; i++) {
        if (!keep_report(pg, document->name, document->reports[i], &sum, err)) {
            text_buffer_free(&sum);
            return false;
        }
    }
    hash(&sum, checksum);
    text_buffer_free(&sum);
    return keep_head(pg, document, checksum, err) && note(pg, document, checksum, err);
}

/* Finding ------------------------------------------------------------------------------------------------------------------ */

static char *copy_value(const struct pg_rows *rows, size_t column)
{
    const char *value = pg_rows_value(rows, 0, column);
    return must_have(strdup(value ? value : ""));
}

static bool read_offsets(const char *text, struct replay_vector *vector, struct error *err)
{
    struct json *root = json_parse(text, strlen(text), err);
    if (!root)
        return false;
    vector->items = must_have(calloc(json_size(root) + 1, sizeof(*vector->items)));
    for (const struct json *item = json_first(root); item; item = json_next(item)) {
        struct replay_offset *offset = &vector->items[vector->count];
        const struct json *topic = json_first(item), *partition = json_next(topic);
        int64_t number;
        if (!json_string(topic) || !json_integer(partition, &number) ||
            !json_integer(json_next(partition), &offset->next_offset)) {
            json_free(root);
            return error_tell(
                err, ERROR_DATA, false,
                "số liệu đã chốt của văn bản bị hỏng (vị trí trong nhật ký): hãy khôi "
                "phục từ bản sao lưu",
                "the closed figures of the document are damaged (their place in the "
                "log): restore them from a "
                "backup");
        }
        snprintf(offset->topic, sizeof(offset->topic), "%s", json_string(topic));
        offset->partition = (int32_t)number;
        vector->count++;
    }
    json_free(root);
    return true;
}

bool document_find(struct pg *pg, const char *name, struct document_head *out, struct error *err)
{
    *out = (struct document_head){.at_us = 0};
    struct pg_rows *rows = pg_query(pg, sql_closed_document, 1, &name, err);
    if (!rows)
        return false;
    bool ok = false;
    if (pg_rows_value(rows, 0, 0)) {
        out->wave = copy_value(rows, 0);
        out->training = copy_value(rows, 1);
        out->closed_at = copy_value(rows, 3);
        out->closed_by = copy_value(rows, 4);
        out->basis.generation = (int)pg_rows_integer(rows, 0, 5, 0);
        out->basis.config_version = (int)pg_rows_integer(rows, 0, 6, 0);
        out->fold_version = (int)pg_rows_integer(rows, 0, 9, 0);
        ok = read_offsets(pg_rows_value(rows, 0, 7), &out->basis.until, err) &&
             (clock_parse(pg_rows_value(rows, 0, 2), &out->at_us) ||
              error_tell(err, ERROR_DATA, false,
                         "số liệu đã chốt của văn bản bị hỏng (thời điểm): hãy khôi phục từ bản "
                         "sao lưu",
                         "the closed figures of the document are damaged (their instant): restore "
                         "them from a "
                         "backup"));
    } else {
        const char *others = pg_rows_value(rows, 0, 8);
        error_tell(err, ERROR_USAGE, false,
                   others ? "chưa chốt số liệu cho văn bản “%.100s”; đã chốt cho: %.400s; xem "
                            "`mooc-aggregator report closed`"
                          : "chưa chốt số liệu cho văn bản “%.100s”, cũng chưa chốt lần nào "
                            "(mooc-aggregator close)%.0s",
                   others ? "no figures are closed for \"%.100s\"; closed are: %.400s; "
                            "`mooc-aggregator report closed` lists them"
                          : "no figures are closed for \"%.100s\"; closed are: none yet "
                            "(mooc-aggregator close)%.0s",
                   name, others ? others : "");
    }
    pg_rows_free(rows);
    return ok;
}

void document_head_release(struct document_head *head)
{
    free(head->wave);
    free(head->training);
    free(head->closed_at);
    free(head->closed_by);
    as_of_basis_release(&head->basis);
}

struct pg_rows *document_reports(struct pg *pg, const char *name, struct error *err)
{
    return pg_query(pg, sql_closed_reports, 1, &name, err);
}

void document_refuse_all(struct pg *pg, const char *name, struct error *err)
{
    struct document_head head;
    bool known = document_find(pg, name, &head, err);
    document_head_release(&head);
    struct pg_rows *rows = known ? document_reports(pg, name, err) : NULL;
    struct text_buffer names = {0};
    for (size_t i = 0; rows && i < pg_rows_count(rows); i++)
        text_buffer_add_format(&names, "%s%s", i ? ", " : "", pg_rows_value(rows, i, 0));
    if (rows)
        error_tell(err, ERROR_USAGE, false,
                   "tệp CSV chỉ chứa một biểu mà văn bản “%.100s” đã chốt nhiều biểu: hãy "
                   "nêu một trong %.400s, hoặc dùng --format xlsx, html hay json",
                   "a CSV file holds one table and \"%.100s\" closed several reports: name one of "
                   "%.400s, or use --format xlsx, html or json",
                   name, names.data ? names.data : "none");
    text_buffer_free(&names);
    pg_rows_free(rows);
}

struct report *document_report(struct pg *pg, const char *name, const char *report,
                               enum language language, struct error *err)
{
    const char *const parameters[] = {name, report, languages[language]};
    struct document_head head;
    bool known = document_find(pg, name, &head, err);
    document_head_release(&head);
    struct pg_rows *rows = known ? pg_query(pg, sql_closed_report, 3, parameters, err) : NULL;
    if (!rows)
        return NULL;
    const char *text = pg_rows_value(rows, 0, 0), *checksum = pg_rows_value(rows, 0, 1);
    struct report *found = NULL;
    if (!text) {
        error_tell(err, ERROR_USAGE, false,
                   "văn bản “%.100s” không chốt biểu \"%.40s\"; đã chốt: %.400s",
                   "\"%.100s\" closed no report \"%.40s\"; it closed: %.400s", name, report,
                   pg_rows_value(rows, 0, 2));
    } else {
        char computed[HASH_TEXT];
        const struct text_buffer body = {(char *)(uintptr_t)text, pg_rows_length(rows, 0, 0), 0};
        hash(&body, computed);
        if (strcmp(computed, checksum) != 0)
            error_tell(
                err, ERROR_DATA, false,
                "biểu %.40s của văn bản “%.100s” đã bị sửa bằng tay sau khi chốt: hãy "
                "khôi phục từ bản sao lưu",
                "what is kept of report %.40s of \"%.100s\" was changed by hand since it was "
                "closed: restore it from a backup",
                report, name);
        else
            found = report_load(text, body.length, err);
    }
    pg_rows_free(rows);
    return found;
}

struct report *document_all(struct pg *pg, const char *name, enum language language, struct error *err)
{
    struct report *all = NULL;
    struct document_head head;
    bool known = document_find(pg, name, &head, err);
    document_head_release(&head);
    struct pg_rows *rows = known ? document_reports(pg, name, err) : NULL;
    for (size_t i = 0; rows && i < pg_rows_count(rows); i++) {
        struct report *report = document_report(pg, name, pg_rows_value(rows, i, 0), language, err);
        if (!report) {
            report_free(all);
            all = NULL;
            break;
        }
        if (all)
            report_append(all, report);
        else
            all = report;
    }
    if (rows && pg_rows_count(rows) == 0)
        error_tell(
            err, ERROR_DATA, false,
            "số liệu đã chốt của văn bản “%.100s” bị hỏng, không còn biểu nào: hãy "
            "khôi phục từ bản sao lưu",
            "what is kept of \"%.100s\" was damaged, no report of it is left: restore it from "
            "a backup",
            name);
    pg_rows_free(rows);
    return all;
}
