/* What a verification found, as people and as programs read it. Pure. */
#ifndef MOOC_VERIFY_PRINT_H
#define MOOC_VERIFY_PRINT_H

#include "../../common/text_buffer.h"
#include "verify.h"

void verify_write_table(const struct verify_request *request, const struct verify_result *result,
                        struct text_buffer *out);
void verify_write_json(const struct verify_result *result, struct text_buffer *out);
/* For the textfile collector of Prometheus' node exporter; now_us: when it ended. */
void verify_write_metrics(const struct verify_result *result, int64_t now_us,
                          struct text_buffer *out);

#endif
