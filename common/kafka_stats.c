#include "kafka_stats.h"

#include <string.h>

#include "json.h"

static int64_t number(const struct json *object, const char *name)
{
    int64_t value = 0;
    return json_integer(json_get(object, name), &value) ? value : 0;
}

static bool is_up(const struct json *broker)
{
    const char *state = json_get_string(broker, "state");
    return state && (strcmp(state, "UP") == 0 || strcmp(state, "UPDATE") == 0);
}

bool kafka_stats_answers(const char *text, size_t length)
{
    struct json *root = json_parse(text, length, NULL);
    const struct json *brokers = json_get(root, "brokers");
    bool any = false, up = false, mute = false, heard = false;
    for (const struct json *b = json_first(brokers); b; b = json_next(b)) {
        int64_t idle_us = number(b, "rxidle");
        bool late = idle_us > INT64_C(1000) * KAFKA_MUTE_MS;
        any = true;
        if (!is_up(b))
            continue;
        up = true;
        heard = heard || (idle_us >= 0 && !late);
        mute = mute || (late && number(b, "waitresp_cnt") > 0);
    }
    json_free(root);
    return !any || (up && (heard || !mute));
}
