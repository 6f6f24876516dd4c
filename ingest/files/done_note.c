#include "done_note.h"

#include "../../common/log.h"
#include "../operate/audit.h"

void done_note(const struct files_env *env, const struct files_job *job,
               const struct files_report *report, const char *result)
{
    static const char *const commands[] = {
        [FILES_IMPORT] = "import", [FILES_CORRECT] = "correct", [FILES_REVOKE] = "import revoke"};
    struct error err = {0};
    if (report->preview || report->retry || report->error.kind != ERROR_NONE)
        return;
    const struct audit_entry entry = {
        .source = env->source,
        .command = commands[job->command],
        .by = job->by,
        .reason = job->reason,
        .import = job->command == FILES_REVOKE ? job->target : job->id,
        .result = result,
    };
    if (!audit_note(env->context->data_dir, &entry, &err))
        log_error("who did this could not be noted", &err);
}
