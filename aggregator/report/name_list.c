#include "name_list.h"

#include <string.h>
#include <strings.h>

#include "../../common/nearest.h"

#define MOST_MEANT ((size_t)3)
#define MOST_BYTES ((size_t)300) /* of a message */
#define FEW ((size_t)12)
#define SHORTEST_PART ((size_t)2)

static const char *label_of(const struct name_list *list, size_t i)
{
    return list->labels && list->labels[i] ? list->labels[i] : "";
}

/* ASCII letters without their case; the others as they stand. */
static bool holds(const char *text, const char *part)
{
    size_t length = strlen(part);
    for (; length >= SHORTEST_PART && strlen(text) >= length; text++)
        if (strncasecmp(text, part, length) == 0)
            return true;
    return false;
}

static bool is_same(const struct name_list *list, size_t i, const char *typed)
{
    return *typed &&
           (strcasecmp(list->codes[i], typed) == 0 || strcasecmp(label_of(list, i), typed) == 0);
}

static bool is_part(const struct name_list *list, size_t i, const char *typed)
{
    return holds(list->codes[i], typed) || holds(label_of(list, i), typed);
}

struct meant {
    const char *codes[MOST_MEANT];
    size_t count;
};

static void add_meant(struct meant *meant, const char *code)
{
    for (size_t i = 0; i < meant->count; i++)
        if (meant->codes[i] == code)
            return;
    if (code && meant->count < MOST_MEANT)
        meant->codes[meant->count++] = code;
}

bool name_list_add_meant(const struct name_list *list, const char *typed, struct text_buffer *out)
{
    struct meant meant = {.count = 0};
    for (size_t i = 0; i < list->count; i++)
        if (is_same(list, i, typed))
            add_meant(&meant, list->codes[i]);
    if (meant.count == 0)
        add_meant(&meant, nearest_name(typed, list->codes, list->count));
    for (size_t i = 0; i < list->count; i++)
        if (is_part(list, i, typed))
            add_meant(&meant, list->codes[i]);
    for (size_t i = 0; i < meant.count; i++)
        text_buffer_add_format(
            out, "%s%s", i == 0 ? TELL(list, "có phải là ", "did you mean ") : ", ", meant.codes[i]);
    text_buffer_add_text(out, meant.count > 0 ? "? " : "");
    bool enough = meant.count > 0 && list->count > FEW;
    if (enough)
        text_buffer_add_format(out, TELL(list, "Cả %zu có trong %s", "All %zu are in %s"),
                               list->count, list->all_in);
    return enough;
}

void name_list_add(const struct name_list *list, struct text_buffer *out)
{
    size_t begin = out->length, shown = 0;
    for (; shown < list->count; shown++) {
        const char *code = list->codes[shown];
        if (out->length - begin + strlen(code) > MOST_BYTES)
            break;
        text_buffer_add_format(out, "%s%s", shown > 0 ? ", " : "", code);
    }
    if (list->count == 0)
        text_buffer_add_text(out, TELL(list, "không có", "none"));
    else if (shown < list->count)
        text_buffer_add_format(out,
                               TELL(list, ", … (tất cả %zu: xem %s)", ", … (%zu in all: see %s)"),
                               list->count, list->all_in);
}
