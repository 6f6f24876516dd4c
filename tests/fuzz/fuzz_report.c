/* Any bytes as a kept report: refused with a reason, or loaded; then all text writers take it, and it is kept as it was. */
#include <stdlib.h>
#include <string.h>

#include "../../aggregator/report/report.h"
#include "../../common/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void write_all(const struct report *report)
{
    static void (*const writers[])(const struct report *, struct text_buffer *) = {
        report_write_table, report_write_text, report_write_json,
        report_write_html,  report_write_csv,  report_write_csv_excel,
    };
    for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
        struct text_buffer out = {0};
        text_buffer_add_text(&out, "");
        writers[i](report, &out);
        must(utf8_valid(out.data, out.length));
        if (writers[i] == report_write_json) {
            struct json *json = json_parse(out.data, out.length, NULL);
            must(json != NULL);
            json_free(json);
        }
        text_buffer_free(&out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct report *report = report_load((const char *)data, size, &err);
    if (report == NULL) {
        must(err.kind == ERROR_DATA && err.message[0] != '\0');
        return 0;
    }
    struct text_buffer kept = {0}, again = {0};
    report_save(report, &kept);
    struct report *same = report_load(kept.data, kept.length, &err);
    must(same != NULL);
    report_save(same, &again);
    must(kept.length == again.length && memcmp(kept.data, again.data, kept.length) == 0);
    write_all(report);
    text_buffer_free(&kept);
    text_buffer_free(&again);
    report_free(same);
    report_free(report);
    return 0;
}
