#include "answer.h"

#include "../common/stop.h"
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

bool answer_nobody(const char *id, struct error *err)
{
    return error_set(err, ERROR_UNREACHABLE, true,
                     "mooc-ingest does not run here: what was handed over is kept as job %s and is "
                     "done as soon as `mooc-ingest run` is started; there is no need to hand it "
                     "over again",
                     id);
}

char *answer_wait(const struct options *options, const char *queue, const char *id, struct error *err)
{
    const char *data_dir = options_text(options, "data_dir");
    if (!options_given(options, "timeout") && !answer_expected(data_dir)) {
        (void)answer_nobody(id, err);
        return NULL;
    }
    return spool_wait(data_dir, queue, id, options_number(options, "timeout"), err);
}
