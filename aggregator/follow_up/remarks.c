#include "remarks.h"

static void say_nobody(const struct list_back *back, struct text_buffer *out)
{
    if (back->language == LANGUAGE_VI)
        text_buffer_add_format(
            out,
            "Lưu ý: Không nhận ra ai trong %zu dòng của danh sách, nên tình trạng của mọi người "
            "là không xác định được. hmac_key_file có phải là tệp khóa mà mooc-ingest dùng "
            "không, và danh sách đã nạp chưa?",
            back->list->person_count);
    else
        text_buffer_add_format(
            out,
            "Note: None of the list's %zu row%s is recognised, so it cannot be told where anybody "
            "stands. Is hmac_key_file the one that mooc-ingest has, and was the list imported?",
            back->list->person_count, back->list->person_count == 1 ? "" : "s");
}

void remarks_make(const struct list_back *back, struct remarks *out)
{
    *out = (struct remarks){0};
    if (back->match->nobody)
        say_nobody(back, &out->text[REMARK_NOBODY]);
}

void remarks_release(struct remarks *remarks)
{
    for (size_t i = 0; i < REMARKS; i++)
        text_buffer_free(&remarks->text[i]);
}
