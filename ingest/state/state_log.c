/* What the state says of the log: how far it reached, which keys it knows. */
#include "state_record.h"

void state_keys_key(int64_t number, struct text_buffer *out)
{
    text_buffer_add_format(out, "k|%lld", (long long)number);
}

void state_keys_value(const uint64_t *keys, size_t count, struct text_buffer *out)
{
    text_buffer_add_text(out, "{\"keys\":\"");
    for (size_t i = 0; i < count; i++)
        text_buffer_add_format(out, "%016llx", (unsigned long long)keys[i]);
    text_buffer_add_text(out, "\"}");
}

void state_log_key(struct text_buffer *out)
{
    text_buffer_add_text(out, "m|log");
}

void state_log_value(const struct state_log *log, struct text_buffer *out)
{
    text_buffer_add_text(out, "{\"ends\":[");
    for (size_t i = 0; i < log->count; i++)
        text_buffer_add_format(out, "%s%lld", i ? "," : "", (long long)log->ends[i]);
    text_buffer_add_text(out, "]}");
}
