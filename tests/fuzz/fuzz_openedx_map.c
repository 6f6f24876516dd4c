/* Pages of a platform, whatever bytes they are: decoding, fingerprinting and mapping must neither crash nor accept what the event
 * contract refuses. First byte: which stream. */
#include <stdlib.h>
#include <string.h>

#include "../../ingest/openedx/streams.h"
#include "../../ingest/walk_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_events(struct map_output *out, struct event_decoder *decoder)
{
    for (size_t i = 0; i < out->count; i++) {
        struct event e = out->items[i].event, back;
        struct text_buffer text = {.data = NULL}, whole = {.data = NULL};
        struct error err;
        if (e.time_observed)
            e.time = INT64_C(1700000000000000);
        e.revision = e.time;
        event_encode_data(&e, &text);
        event_encode(&e, text.data, text.length, &whole);
        if (whole.length <= EVENT_MAX_BYTES &&
            !event_decode(decoder, whole.data, whole.length, &back, &err))
            abort(); /* we would publish what our own contract refuses */
        event_decoder_reset(decoder);
        text_buffer_free(&text);
        text_buffer_free(&whole);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hmac *hmac;
    static struct event_decoder *decoder;
    if (!hmac) {
        hmac = hmac_new("0123456789abcdef", 16, NULL);
        decoder = event_decoder_new();
    }
    if (size < 1)
        return 0;
    struct learner_table *gradebook = learner_table_new();
    struct decoded_page page;
    struct map_output out;
    enum stream_id stream = (enum stream_id)(data[0] % STREAM_COUNT);
    struct map_input in = {.source = "fuzz",
                           .course = stream == STREAM_ACCOUNTS ? NULL : "course-v1:F+Z+1",
                           .hmac = hmac,
                           .today = 19000,
                           .gradebook = data[0] & 0x80 ? gradebook : NULL};
    if (page_decode((const char *)data + 1, size - 1, "", "results", &page, NULL)) {
        for (const struct json *r = json_first(page.records); r; r = json_next(r)) {
            const char *username;
            uint8_t flags;
            if (map_gradebook_row(r, "Final", &username, &flags, NULL))
                learner_table_put(gradebook, username)->flags = flags;
            if (openedx_streams[stream].map(&in, r, &out, NULL))
                check_events(&out, decoder);
        }
        json_free(page.root);
    }
    learner_table_free(gradebook);
    return 0;
}
