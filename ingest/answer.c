#include "answer.h"

#include "../common/stop.h"
#include "../common/tell.h"
#include "engine.h"

#define LOOKS 10
#define LOOK_MS 100

bool answer_expected(const char *data_dir)
{
    for (int i = 0; i < LOOKS; i++) {
        if (engine_runs(data_dir))
            return true;
        if (!stop_sleep_ms(LOOK_MS))
            break;
    }
    return false;
}

bool answer_nobody(const struct options *options, const char *id, struct error *err)
{
    const struct teller to = {tell_in_vietnamese(options)};
    return error_set(
        err, ERROR_UNREACHABLE, true,
        TELL(&to,
             "ở đây chưa có `mooc-ingest run` nào chạy: yêu cầu được giữ lại (việc %s) và "
             "được làm ngay khi chạy; không cần gửi lại",
             "no `mooc-ingest run` is at work here: what was handed over is kept as job "
             "%s and is done as soon as one is started; there is no need to hand it over "
             "again"),
        id);
}

char *answer_wait(const struct options *options, const char *queue, const char *id, struct error *err)
{
    const char *data_dir = options_text(options, "data_dir");
    if (!options_given(options, "timeout") && !answer_expected(data_dir)) {
        (void)answer_nobody(options, id, err);
        return NULL;
    }
    return spool_wait(data_dir, queue, id, options_number(options, "timeout"), err);
}
