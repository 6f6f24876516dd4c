#include "message.h"

#include <inttypes.h>

static void add_number(struct text_buffer *out, int64_t count, enum language language)
{
    char text[NUMBER_SIZE];
    format_count(count, language, text);
    text_buffer_add_text(out, text);
}

/* "12/18 (66,7%)", "18/18 (100%)". */
static void add_share(struct text_buffer *out, int64_t part, int64_t whole, enum language language)
{
    char rate[NUMBER_SIZE];
    add_number(out, part, language);
    text_buffer_add_text(out, "/");
    add_number(out, whole, language);
    if (format_share(part, whole, language, rate))
        text_buffer_add_format(out, " (%s)", rate);
}

/* "Tổ 17 – "; nothing of a unit that is not divided. */
static void add_group(struct text_buffer *out, const struct group_standing *s, enum language language)
{
    const char *group = s->group;
    bool numbered = group[0] >= '0' && group[0] <= '9';
    if (s->undivided)
        return;
    if (group[0] == '\0')
        text_buffer_add_text(out,
                             language == LANGUAGE_VI ? "Người chưa xếp Tổ" : "People in no group");
    else
        text_buffer_add_format(out, "%s%s",
                               !numbered                 ? ""
                               : language == LANGUAGE_VI ? "Tổ "
                                                         : "Group ",
                               group);
    text_buffer_add_text(out, " – ");
}

static void add_without_account(struct text_buffer *out, int64_t count, bool all,
                                enum language language)
{
    bool vi = language == LANGUAGE_VI;
    if (count <= 0)
        return;
    if (all) {
        text_buffer_add_text(out, !vi          ? ", for want of an account"
                                  : count == 1 ? " vì chưa có tài khoản"
                                               : ", đều chưa có tài khoản");
        return;
    }
    text_buffer_add_text(out, vi ? ", trong đó " : ", of them ");
    add_number(out, count, language);
    text_buffer_add_text(out, vi           ? " người chưa có tài khoản"
                              : count == 1 ? " has no account"
                                           : " have no account");
}

/* What is left to do, as people of the group: without one left, thanks. */
static void add_left(struct text_buffer *out, const struct group_standing *s, enum language language)
{
    bool vi = language == LANGUAGE_VI;
    int64_t no_account = s->registered - s->accounts, not_begun = s->registered - s->participated;
    if (not_begun <= 0) {
        text_buffer_add_text(out, !vi           ? " All have taken part, thank you."
                                  : s->group[0] ? " Cả Tổ đã tham gia học, xin cảm ơn."
                                                : " Tất cả đã tham gia học, xin cảm ơn.");
        return;
    }
    text_buffer_add_text(out, vi ? " Còn " : " ");
    add_number(out, not_begun, language);
    text_buffer_add_text(out, vi               ? " người chưa tham gia học"
                              : not_begun == 1 ? " has not taken part yet"
                                               : " have not taken part yet");
    add_without_account(out, no_account, no_account == not_begun, language);
    text_buffer_add_text(out, vi ? "; đề nghị sớm tham gia và hoàn thành khóa học."
                                 : "; please go on soon.");
}

void message_add(const struct group_standing *s, enum language language, struct text_buffer *out)
{
    bool vi = language == LANGUAGE_VI;
    add_group(out, s, language);
    text_buffer_add_format(out, vi ? "%s (%s), đến %s: " : "%s (%s), as of %s: ", s->unit_name,
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
