#include "text_encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "legacy_font.h"
#include "text.h"

static const struct {
    const char *option, *name, *iconv;
} encodings[] = {
    [ENCODING_AUTO] = {"auto", "", NULL},
    [ENCODING_UTF8] = {"utf-8", "UTF-8", NULL},
    [ENCODING_UTF16LE] = {"utf-16", "UTF-16 LE", "UTF-16LE"},
    [ENCODING_UTF16BE] = {"", "UTF-16 BE", "UTF-16BE"},
    [ENCODING_WINDOWS_1258] = {"windows-1258", "Windows-1258", "CP1258"},
    [ENCODING_TCVN3] = {"tcvn3", "TCVN3 (font .VnTime)", "CP1252"},
    [ENCODING_VNI] = {"vni", "VNI (font VNI-Times)", "CP1252"},
};

bool text_encoding_parse(const char *name, enum text_encoding *out)
{
    for (size_t i = 0; i < ARRAY_LEN(encodings); i++) {
        if (encodings[i].option[0] != '\0' && strcmp(encodings[i].option, name) == 0) {
            *out = (enum text_encoding)i;
            return true;
        }
    }
    return false;
}

const char *text_encoding_option(enum text_encoding encoding)
{
    return encoding == ENCODING_UTF16BE ? "utf-16" : encodings[encoding].option;
}

const char *text_encoding_name(enum text_encoding encoding)
{
    return encodings[encoding].name;
}

/* By iconv; a byte that the encoding does not have becomes U+FFFD when lenient. NULL when there is one and it is not. */
static char *convert(const char *bytes, size_t length, const char *from, bool lenient, size_t *count)
{
    iconv_t converter = iconv_open("UTF-8", from);
    if (converter == (iconv_t)-1)
        return NULL;
    size_t room = length * 3 + 16, left = length;
    char *text = malloc(room), *out = text, *in = (char *)(uintptr_t)bytes;
    if (text == NULL)
        abort();
    size_t space = room - 1;
    bool ok = true;
    while (ok && left > 0 && iconv(converter, &in, &left, &out, &space) == (size_t)-1) {
        ok = lenient && errno == EILSEQ && space >= 3;
        if (!ok)
            break;
        memcpy(out, "\xEF\xBF\xBD", 3);
        out += 3;
        space -= 3;
        in++;
        left--;
    }
    ok = ok && iconv(converter, NULL, NULL, &out, &space) != (size_t)-1;
    (void)iconv_close(converter);
    *count = (size_t)(out - text);
    /* A code point that UTF-8 text may not hold, or a NUL, would end the cells early. */
    if (ok && memchr(text, '\0', *count) == NULL && utf8_valid(text, *count)) {
        text[*count] = '\0';
        return text;
    }
    free(text);
    return NULL;
}

/* UTF-8 without mark and decomposed letters. Takes `text`. */
static char *finish(char *text, size_t length, size_t *out_length)
{
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        length -= 3;
        memmove(text, text + 3, length);
    }
    char *composed = text_compose(text, length, out_length);
    if (composed == NULL) {
        *out_length = length;
        return text;
    }
    free(text);
    return composed;
}

static char *copy_utf8(const char *bytes, size_t length)
{
    if (!utf8_valid(bytes, length) || memchr(bytes, '\0', length) != NULL)
        return NULL;
    char *text = malloc(length + 1);
    if (text == NULL)
        abort();
    if (length > 0)
        memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}

/* One reading of bytes that are no UTF-8. */
struct reading {
    enum text_encoding encoding;
    char *text;
    size_t length, words, good;
};

static void read_as(const char *bytes, size_t length, enum text_encoding encoding,
                    struct reading *reading)
{
    struct legacy_tally tally = {0};
    *reading = (struct reading){.encoding = encoding};
    reading->text = convert(bytes, length, encodings[encoding].iconv,
                            encoding != ENCODING_WINDOWS_1258, &reading->length);
    if (reading->text == NULL)
        return;
    if (encoding == ENCODING_WINDOWS_1258) {
        char *whole = finish(reading->text, reading->length, &reading->length);
        reading->text = realloc(whole, reading->length + 1);
        if (reading->text == NULL)
            abort();
        reading->text[reading->length] = '\0';
    }
    legacy_tally_add(&tally, reading->text);
    reading->words = tally.unicode + tally.words;
    reading->good = encoding == ENCODING_TCVN3 ? tally.good[LEGACY_TCVN3]
                    : encoding == ENCODING_VNI ? tally.good[LEGACY_VNI]
                                               : tally.unicode_good + tally.good[LEGACY_NONE];
}

/* The reading by which nine of ten words are Vietnamese, if it explains more than any other. */
static char *guess(const char *bytes, size_t length, enum text_encoding *encoding, size_t *out_length)
{
    static const enum text_encoding candidates[] = {ENCODING_WINDOWS_1258, ENCODING_TCVN3,
                                                    ENCODING_VNI};
    struct reading readings[ARRAY_LEN(candidates)];
    size_t best = 0;
    for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
        read_as(bytes, length, candidates[i], &readings[i]);
        best = readings[i].good > readings[best].good ? i : best;
    }
    bool certain = readings[best].text != NULL && readings[best].good >= 2 &&
                   readings[best].good * 10 >= readings[best].words * 9;
    for (size_t i = 0; i < ARRAY_LEN(candidates); i++)
        certain = certain && (i == best || readings[i].good + 2 <= readings[best].good);
    for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
        if (!certain || i != best)
            free(readings[i].text);
    }
    if (!certain)
        return NULL;
    *encoding = readings[best].encoding;
    *out_length = readings[best].length;
    return readings[best].text;
}

static bool has_mark(const char *bytes, size_t length, const char *mark)
{
    return length >= 2 && memcmp(bytes, mark, 2) == 0;
}

static char *decode_utf16(const char *bytes, size_t length, enum text_encoding encoding,
                          size_t *out_length, struct error *err)
{
    char *text = convert(bytes, length, encodings[encoding].iconv, false, out_length);
    if (text != NULL)
        return finish(text, *out_length, out_length);
    (void)error_tell(
        err, ERROR_SOURCE, false,
        "tệp không phải là văn bản %s đầy đủ: trong Excel chọn Save As > CSV UTF-8, hoặc .xlsx",
        "it is no whole %s text: in Excel choose Save As > CSV UTF-8, or .xlsx",
        encodings[encoding].name);
    return NULL;
}

char *text_decode(const char *bytes, size_t length, enum text_encoding *encoding,
                  size_t *out_length, struct error *err)
{
    bool little = has_mark(bytes, length, "\xFF\xFE"), big = has_mark(bytes, length, "\xFE\xFF");
    if ((*encoding == ENCODING_AUTO && (little || big)) || *encoding == ENCODING_UTF16LE) {
        *encoding = big ? ENCODING_UTF16BE : ENCODING_UTF16LE;
        return decode_utf16(bytes, length, *encoding, out_length, err);
    }
    /* The letters of a legacy font may have been saved as UTF-8, too. */
    char *text = *encoding != ENCODING_WINDOWS_1258 ? copy_utf8(bytes, length) : NULL;
    if (text != NULL) {
        *encoding = *encoding == ENCODING_AUTO ? ENCODING_UTF8 : *encoding;
        return finish(text, length, out_length);
    }
    if (*encoding == ENCODING_AUTO && memchr(bytes, '\0', length) == NULL)
        text = guess(bytes, length, encoding, out_length);
    else if (*encoding != ENCODING_AUTO && *encoding != ENCODING_UTF8)
        text = convert(bytes, length, encodings[*encoding].iconv,
                       *encoding != ENCODING_WINDOWS_1258, out_length);
    if (text != NULL)
        return finish(text, *out_length, out_length);
    int line = text_bad_line(bytes, length);
    if (*encoding == ENCODING_AUTO)
        (void)error_tell(
            err, ERROR_SOURCE, false,
            "dòng %d không phải là chữ UTF-8, và không nhận chắc được là bảng mã nào (biết "
            "thì thêm --encoding): trong Excel chọn Save As > CSV UTF-8, hoặc .xlsx",
            "line %d is not UTF-8 text and nothing else for certain (say --encoding if you "
            "know it): in Excel choose Save As > CSV UTF-8, or .xlsx",
            line);
    else
        (void)error_tell(
            err, ERROR_SOURCE, false,
            "dòng %d không phải là chữ %s: trong Excel chọn Save As > CSV UTF-8, hoặc .xlsx",
            "line %d is not %s text: in Excel choose Save As > CSV UTF-8, or .xlsx", line,
            *encoding == ENCODING_WINDOWS_1258 ? "Windows-1258" : "UTF-8");
    return NULL;
}
