#include "report.h"

void report_write_html(const struct report *report, struct text_buffer *out)
{
    report_write_text(report, out);
}
