#include "status.h"

static const struct {
    const char *code, *vi, *en;
} words[FOLLOW_UP_STATUSES] = {
    {"no_account", "Chưa có tài khoản", "No account"},
    {"not_activated", "Chưa kích hoạt tài khoản", "Account not activated"},
    {"not_started", "Chưa tham gia học", "Not started"},
    {"learning", "Đang học", "Learning"},
    {"not_sat", "Học xong, chưa thi", "Not sat the exam"},
    {"failed", "Thi không đạt", "Failed"},
    {"passed", "Đạt", "Passed"},
    {"certified", "Đã được cấp giấy chứng nhận", "Certified"},
    {"unclear", "Không xác định được", "Cannot be told"},
};

bool follow_up_status_known(enum follow_up_status status, bool has_completion)
{
    return has_completion || status != FOLLOW_UP_NOT_SAT;
}

enum follow_up_status follow_up_status_of(uint32_t measures, bool activation_shown)
{
    if (measures & BIT(CERTIFIED))
        return FOLLOW_UP_CERTIFIED;
    if (measures & BIT(PASSED))
        return FOLLOW_UP_PASSED;
    if (measures & BIT(SAT))
        return FOLLOW_UP_FAILED;
    if (measures & BIT(COMPLETED))
        return FOLLOW_UP_NOT_SAT;
    if (measures & BIT(PARTICIPATED))
        return FOLLOW_UP_LEARNING;
    if (!(measures & BIT(ACCOUNTS)))
        return FOLLOW_UP_NO_ACCOUNT;
    return activation_shown && !(measures & BIT(ACTIVATED)) ? FOLLOW_UP_NOT_ACTIVATED
                                                            : FOLLOW_UP_NOT_STARTED;
}

const char *follow_up_status_code(enum follow_up_status status)
{
    return words[status].code;
}

const char *follow_up_status_text(enum follow_up_status status, enum language language)
{
    return language == LANGUAGE_VI ? words[status].vi : words[status].en;
}
