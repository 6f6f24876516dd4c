/* One function per command; each returns the exit code (0 done, 1 failed, 2 usage or config, 3 server unreachable). */
#ifndef MOOC_AGGREGATOR_COMMANDS_H
#define MOOC_AGGREGATOR_COMMANDS_H

#include "../common/options.h"

int aggregator_run(const struct program *program, const struct options *options);
int command_status(const struct program *program, const struct options *options);
int command_report(const struct program *program, const struct options *options);
int command_close(const struct program *program, const struct options *options);
/* report follow-up: names persons, and so is no report like the others. */
int command_follow_up(const struct options *options);
int command_issues(const struct program *program, const struct options *options);
int command_config_check(const struct program *program, const struct options *options);
int command_config_diff(const struct program *program, const struct options *options);
int command_config_load(const struct program *program, const struct options *options);
int command_replay_start(const struct program *program, const struct options *options);
int command_replay_status(const struct program *program, const struct options *options);
int command_replay_compare(const struct program *program, const struct options *options);
int command_replay_promote(const struct program *program, const struct options *options);
int command_replay_rollback(const struct program *program, const struct options *options);
int command_replay_drop(const struct program *program, const struct options *options);
int command_verify(const struct program *program, const struct options *options);
int command_erase(const struct program *program, const struct options *options);
int command_bi_user_add(const struct program *program, const struct options *options);
int command_bi_user_list(const struct program *program, const struct options *options);
int command_bi_user_drop(const struct program *program, const struct options *options);
int command_archive_export(const struct program *program, const struct options *options);
int command_archive_check(const struct program *program, const struct options *options);
int command_archive_import(const struct program *program, const struct options *options);
int command_archive_refill(const struct program *program, const struct options *options);
int command_archive_detach(const struct program *program, const struct options *options);
int command_archive_attach(const struct program *program, const struct options *options);
int command_dead_list(const struct program *program, const struct options *options);
int command_dead_show(const struct program *program, const struct options *options);
int command_dead_retry(const struct program *program, const struct options *options);
int command_dead_drop(const struct program *program, const struct options *options);
int command_backup(const struct program *program, const struct options *options);
int command_restore(const struct program *program, const struct options *options);
int command_audit(const struct program *program, const struct options *options);

#endif
