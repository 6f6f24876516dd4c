#include "message.h"

#include <inttypes.h>

static void add_number(struct text_buffer *out, int64_t count, enum language language)
{
    char text[NUMBER_SIZE];
    format_count(count, language, text);
    text_buffer_add_text(out, text);
}

/* "12/18 (66,7%)". */
static void add_share(struct text_buffer *out, int64_t part, int64_t whole, enum language language)
{
    char text[NUMBER_SIZE];
    int64_t tenths;
    add_number(out, part, language);
    text_buffer_add_text(out, "/");
    add_number(out, whole, language);
    if (rate_tenths(part, whole, &tenths)) {
        format_rate(tenths, language, text);
        text_buffer_add_format(out, " (%s)", text);
    }
}

static void add_group(struct text_buffer *out, const char *group, enum language language)
{
    bool numbered = group[0] >= '0' && group[0] <= '9';
    if (group[0] == '\0')
        text_buffer_add_text(out,
                             language == LANGUAGE_VI ? "Người chưa xếp Tổ" : "People in no group");
    else
        text_buffer_add_format(out, "%s%s",
                               !numbered                 ? ""
                               : language == LANGUAGE_VI ? "Tổ "
                                                         : "Group ",
                               group);
}

/* What is left to do, as people of the group: without one left, thanks. */
static void add_left(struct text_buffer *out, const struct group_standing *s, enum language language)
{
    bool vi = language == LANGUAGE_VI;
    int64_t no_account = s->registered - s->accounts, not_begun = s->registered - s->participated;
    if (not_begun <= 0) {
        text_buffer_add_text(out, vi ? " Cả Tổ đã tham gia học, xin cảm ơn."
                                     : " All have taken part, thank you.");
        return;
    }
    text_buffer_add_text(out, vi ? " Còn " : " ");
    add_number(out, not_begun, language);
    text_buffer_add_text(out, vi               ? " người chưa tham gia học"
                              : not_begun == 1 ? " has not taken part yet"
                                               : " have not taken part yet");
    if (no_account > 0) {
        text_buffer_add_text(out, vi ? ", trong đó " : ", of them ");
        add_number(out, no_account, language);
        text_buffer_add_text(out, vi                ? " người chưa có tài khoản"
                                  : no_account == 1 ? " has no account"
                                                    : " have no account");
    }
    text_buffer_add_text(out, vi ? "; đề nghị các đồng chí hoàn thành sớm." : "; please go on soon.");
}

void message_add(const struct group_standing *s, enum language language, struct text_buffer *out)
{
    bool vi = language == LANGUAGE_VI;
    add_group(out, s->group, language);
    text_buffer_add_format(out, vi ? " – %s (%s), đến %s: " : " – %s (%s), as of %s: ", s->unit_name,
                           s->wave_name, s->as_of);
    if (s->participated < 0 || s->accounts < 0) {
        add_number(out, s->registered, language);
        text_buffer_add_text(out, vi ? " người đăng ký; chưa có số liệu học tập.\n"
                                     : " registered; nothing is known of their learning yet.\n");
        return;
    }
    text_buffer_add_text(out, vi ? "tham gia học " : "took part ");
    add_share(out, s->participated, s->registered, language);
    if (s->passed >= 0) {
        text_buffer_add_text(out, vi ? ", đạt " : ", passed ");
        add_share(out, s->passed, s->registered, language);
    }
    text_buffer_add_text(out, ".");
    add_left(out, s, language);
    text_buffer_add_text(out, "\n");
}
