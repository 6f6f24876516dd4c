#include "letter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/event.h"
#include "../../common/tell.h"
#include "../report/width.h"

/* ---- names ---- */

static bool parse_uuid(const char *text, char out[40])
{
    size_t digits = 0, length = strlen(text);
    if (length != 32 && length != 36)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool dash = length == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
        if (dash ? text[i] != '-' : strchr("0123456789abcdefABCDEF", text[i]) == NULL)
            return false;
        digits += !dash;
    }
    snprintf(out, 40, "%s", text);
    return digits == 32;
}

static bool parse_whole(const char *text, size_t length, int64_t max, int64_t *out)
{
    char digits[20];
    if (length == 0 || length >= sizeof(digits) || strspn(text, "0123456789") < length)
        return false;
    memcpy(digits, text, length);
    digits[length] = '\0';
    *out = strtoll(digits, NULL, 10);
    return *out <= max;
}

static bool parse_place(const char *text, struct letter_name *name)
{
    const char *second = strrchr(text, '/'), *first = second;
    while (first != NULL && first > text && first[-1] != '/')
        first--; /* behind the first slash */
    if (first == NULL || first <= text + 1 || (size_t)(first - 1 - text) >= LETTER_TOPIC)
        return false;
    if (memchr(text, '/', (size_t)(first - 1 - text)) != NULL ||
        !parse_whole(first, (size_t)(second - first), INT32_MAX, &name->partition) ||
        !parse_whole(second + 1, strlen(second + 1), INT64_MAX, &name->offset))
        return false;
    memcpy(name->topic, text, (size_t)(first - 1 - text));
    return true;
}

bool letter_name_parse(const char *text, struct letter_name *name, struct error *err)
{
    *name = (struct letter_name){0};
    if (parse_uuid(text, name->entity) || parse_place(text, name))
        return true;
    return error_tell(
        err, ERROR_USAGE, false,
        "%.200s không nêu bản ghi nào: hãy nêu như `mooc-aggregator dead list` in ra, "
        "bằng vị trí trong nhật ký (TOPIC/PHẦN/VỊ-TRÍ) hoặc bằng entity",
        "%.200s names no record: give it as `mooc-aggregator dead list` shows it, by its "
        "place in the log (TOPIC/PARTITION/OFFSET) or by its entity",
        text);
}

/* ---- verdicts ---- */

const char *letter_verdict_name(enum letter_verdict verdict)
{
    static const char *const names[] = {"ask_ingest", "readable", "readable_unknown_type",
                                        "unreadable", "gone"};
    return names[verdict];
}

static enum letter_verdict judge_value(const struct teller *to, const struct letter_record *record,
                                       struct text_buffer *why)
{
    struct error err = {0};
    struct event event;
    struct event_decoder *decoder = event_decoder_new();
    enum letter_verdict verdict = VERDICT_UNREADABLE;
    if (!event_decode(decoder, record->value, record->length, &event, &err)) {
        text_buffer_add_text(why, TELL(to, "vẫn không đọc được: ", "still unreadable: "));
        letter_put_text(err.message, why);
    } else if (event.type == EVENT_UNKNOWN) {
        verdict = VERDICT_READABLE_UNKNOWN;
        text_buffer_add_text(why,
                             TELL(to, "nay đọc được, nhưng chương trình này không biết loại ",
                                  "it can be read now, but this program does not know its type "));
        letter_put_text(event.type_name, why);
        text_buffer_add_text(why, TELL(to, ": lần tính lại sau giữ nó và không đếm gì từ nó",
                                       ": the next generation keeps it and counts nothing of it"));
    } else {
        verdict = VERDICT_READABLE;
        text_buffer_add_text(why, TELL(to, "nay đọc được (", "it can be read now ("));
        letter_put_text(event.type_name, why);
        text_buffer_add_text(why, TELL(to, " của ", " of "));
        letter_put_text(event.source, why);
        text_buffer_add_text(why,
                             TELL(to,
                                  "): lần tính lại sau đếm nó, một lần (`mooc-aggregator replay "
                                  "start`)",
                                  "): the next generation counts it, once (`mooc-aggregator replay "
                                  "start`)"));
    }
    event_decoder_free(decoder);
    return verdict;
}

enum letter_verdict letter_judge(const struct letter *letter, const struct letter_record *record,
                                 bool vietnamese, struct text_buffer *why)
{
    const struct teller teller = {vietnamese}, *to = &teller;
    if (letter->kind == LETTER_REJECTED) {
        text_buffer_add_text(why, "`mooc-ingest dead retry --source ");
        letter_quote_word(letter->source, why);
        text_buffer_add_text(
            why, letter->row > 0 ? TELL(to, "` đọc lại dòng đó", "` reads its row again")
                                 : TELL(to, "` hỏi lại nguồn", "` asks the source for it again"));
        text_buffer_add_text(why, TELL(to, "; khi đó dòng nào đúng được tính trong vài giây",
                                       "; what is good then is counted within seconds"));
        return VERDICT_ASK_INGEST;
    }
    if (letter->kind == LETTER_UNREADABLE_REPORT) {
        text_buffer_add_text(
            why, TELL(to,
                      "báo về một bản ghi bị loại; loại báo này không có trong kho lưu, nhưng "
                      "`mooc-ingest dead list` biết bản ghi nào",
                      "a report about a rejected record; reports are not archived, but "
                      "`mooc-ingest dead list` knows what it was about"));
        return VERDICT_GONE;
    }
    if (!record->found) {
        text_buffer_add_text(
            why, TELL(to, "kho lưu không có nó (hoặc không còn): chỉ tính lại từ nhật ký mới biết",
                      "the archive does not hold it (any more): only a replay from the log can "
                      "tell"));
        return VERDICT_GONE;
    }
    if (!record->kept && strcmp(letter->reason, "empty") == 0) {
        text_buffer_add_text(
            why, TELL(to, "vẫn không đọc được: bản ghi không có nội dung, và sẽ không có",
                      "still unreadable: it has no value at all, and none will come"));
        return VERDICT_UNREADABLE;
    }
    if (!record->kept) {
        text_buffer_add_text(why, TELL(to, "nội dung không còn: nói về một người đã được xóa dữ liệu",
                                       "its bytes are gone: it was about a person who was erased"));
        return VERDICT_GONE;
    }
    return judge_value(to, record, why);
}

/* ---- text ---- */

void letter_escape(const char *bytes, size_t length, struct text_buffer *out)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\\')
            text_buffer_add_text(out, "\\\\");
        else if (c >= 0x20 && c < 0x7f)
            text_buffer_add(out, &bytes[i], 1);
        else
            text_buffer_add_format(out, "\\x%02x", c);
    }
}

void letter_put_text(const char *text, struct text_buffer *out)
{
    text_add_plain(out, text, false);
}

void letter_quote_word(const char *word, struct text_buffer *out)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+:/";
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        text_buffer_add_text(out, word);
        return;
    }
    struct text_buffer clean = {0};
    letter_put_text(word, &clean);
    text_buffer_add_text(out, "'");
    for (size_t i = 0; i < clean.length; i++) {
        if (clean.data[i] == '\'')
            text_buffer_add_text(out, "'\\''");
        else
            text_buffer_add(out, &clean.data[i], 1);
    }
    text_buffer_add_text(out, "'");
    text_buffer_free(&clean);
}
