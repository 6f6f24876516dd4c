/* Any bytes of a record: decoded or refused, and what is decoded survives being written and read again. */
#include <stdlib.h>
#include <string.h>

#include "../../common/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct event_decoder *decoder = event_decoder_new();
    struct event first, second;
    struct error err = {0};
    if (event_decode(decoder, (const char *)bytes, size, &first, &err)) {
        if (first.type != EVENT_UNKNOWN) {
            struct text_buffer data = {0}, text = {0};
            event_encode_data(&first, &data);
            event_encode(&first, data.data, data.length, &text);
            if (!event_decode(decoder, text.data, text.length, &second, &err) ||
                second.present != first.present || second.revision != first.revision ||
                second.time != first.time || strcmp(second.entity, first.entity) != 0)
                abort();
            text_buffer_free(&data);
            text_buffer_free(&text);
        }
    } else if (err.kind != ERROR_DATA || !strchr(err.message, ':')) {
        abort();
    }
    event_decoder_free(decoder);
    return 0;
}
