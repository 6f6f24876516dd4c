#include "../common/kafka_conf.h"
#include "../common/metrics.h"
#include "../common/text_encoding.h"
#include "commands.h"
#include "options.h"
#include "pg.h"

#define KIB ((int64_t)1 << 10)
#define MIB ((int64_t)1 << 20)
#define GIB ((int64_t)1 << 30)
#define SECOND ((int64_t)1000)
#define DAY (24 * 3600 * SECOND)

/* Reports of a wave; those that are counted; and all that print figures ("-": report --closed DOC, which prints every one). */
#define OF_WAVE                                                                                    \
    "appendix1,appendix2,groups,participation,waves,deadlines,issues,headcounts,targets,summary"
#define COUNTED OF_WAVE ",monthly"
#define PRINTED COUNTED ",closed,changes,-"

static const struct option_spec option_table[] = {
    {"brokers", OPTION_TEXT, "127.0.0.1:9092", 0, 0, "HOST:PORT,…",
     "Kafka brokers to start from, comma separated.", NULL},
    {"events_topic", OPTION_TEXT, "mooc.events.v1", 0, 0, "TOPIC", "Topic of the events.", NULL},
    {"dead_topic", OPTION_TEXT, "mooc.dead.v1", 0, 0, "TOPIC",
     "Topic of the records that could not be mapped.", NULL},
    {"database", OPTION_TEXT, "dbname=mooc user=mooc_writer", 0, 0, "CONNINFO",
     "PostgreSQL database as a connection string or URI, without password.", NULL},
    {"database_password_file", OPTION_FILE, NULL, 0, 0, "FILE",
     "File with the password of the database login.", NULL},
    {"instance", OPTION_TEXT, NULL, 0, 0, "NAME",
     "Name of this instance in status and logs; default: the host name.", NULL},
    {"batch.records", OPTION_NUMBER, "8000", 1, 1000000, "N",
     "Most records folded at a time; a PostgreSQL transaction takes up to seven such batches, "
     "while "
     "the one before is being written.",
     "run"},
    {"batch.bytes", OPTION_SIZE, "8MiB", 64 * KIB, GIB, "SIZE",
     "Most bytes of records folded at a time.", "run"},
    {"batch.linger", OPTION_DURATION, "5ms", 0, 10 * SECOND, "DURATION",
     "How long a batch that is not full waits for more records.", "run"},
    {"cache_bytes", OPTION_SIZE, "256MiB", MIB, 64 * GIB, "SIZE",
     "Memory for learners' states kept between batches; a transaction has at most one record for "
     "each "
     "4 KiB of it.",
     "run"},
    {"follow.cache_bytes", OPTION_SIZE, "64MiB", MIB, 64 * GIB, "SIZE",
     "The same of a generation that is kept beside the live one, while there is one.", "run"},
    {"writer.heartbeat", OPTION_DURATION, "1s", 100, 60 * SECOND, "DURATION",
     "How often the writing instance says in the database that it lives.", "run"},
    {"writer.takeover", OPTION_DURATION, "5s", 500, 600 * SECOND, "DURATION",
     "Silence of the writing instance after which another takes over.", "run"},
    {"writer.reply_timeout", OPTION_DURATION, "60s", SECOND, DAY, "DURATION",
     "Silence of the database within a statement after which its connection counts as lost.", "run"},
    {"bi.longest_transaction", OPTION_DURATION, "1h", SECOND, 365 * DAY, "DURATION",
     "Age of a BI login's transaction at which its session is ended, whatever time-outs it set.",
     "run"},
    {"metrics.listen", OPTION_TEXT, "127.0.0.1:9465", 0, 0, "HOST:PORT",
     "Where /metrics, /healthz and /readyz are served; port 0 = any free one, off = nowhere.", "run"},
    {"metrics.port_file", OPTION_FILE, NULL, 0, 0, "FILE",
     "Where the port that metrics.listen got is written.", "run"},
    {"status.max_lag", OPTION_NUMBER, "100000", 0, 0, "N",
     "Records not yet counted above which status --check fails.", "status"},
    {"status.max_heartbeat_age", OPTION_DURATION, "15s", SECOND, DAY, "DURATION",
     "Silence of the writing instance above which status --check fails.", "status"},
    {"status.max_stream_age", OPTION_DURATION, "24h", SECOND, 365 * DAY, "DURATION",
     "Age of a platform's stream above which status --check fails, where that is more than three "
     "of its turns.",
     "status"},
    {"status.late_after", OPTION_DURATION, "2h", SECOND, 365 * DAY, "DURATION",
     "Age above which status warns of a platform's stream, where that is more than three of its "
     "turns, as mooc-ingest status does; longer where a platform has quiet hours. --check does not "
     "fail by it.",
     "status"},
    {"status.by_hand", OPTION_TEXT, NULL, 0, 0, "SOURCE,…",
     "Sources whose results people hand in when they have them: these do not grow old.", "status"},
    {"storage.capacity", OPTION_SIZE, "0", 0, 0, "SIZE",
     "Room that the database may take, for the days left in status; 0: unknown.", "status"},
    {"storage.path", OPTION_FILE, NULL, 0, 0,
     "DIR", "A folder on the database's disk, where that is in this machine: status asks how much is free.",
     "status"},
    {"storage.kafka_capacity", OPTION_SIZE, "0", 0, 0, "SIZE",
     "Room that the events may take in Kafka, for the days left in status; 0: unknown.", "status"},
    {"check", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Print nothing when all is well; otherwise one line why not, and exit 1, or where nobody can "
     "tell: 3 as the database or Kafka does not answer, 2 as the configuration is at fault.",
     "status"},
    {"wave", OPTION_TEXT, NULL, 0, 0, "CODE",
     "The wave; a report needs it where more than one is counted.",
     "report:" OF_WAVE ",follow-up,pack close issues dead-list dead-retry dead-drop"},
    {"unit", OPTION_TEXT, NULL, 0, 0, "CODE",
     "Only this unit's issues or records; of a report this unit with all below it; follow-up: the "
     "unit whose list it is, whatever its rows say.",
     "report:appendix1,groups,participation,waves,monthly,deadlines,issues,headcounts,targets,"
     "summary,follow-up,pack issues verify dead-list dead-retry dead-drop bi-user-add"},
    {"roster", OPTION_FILE, NULL, 0, 0, "FILE",
     "follow-up: the unit's list of people, .xlsx or .csv, which is given back with --out.",
     "report:follow-up"},
    {"encoding", OPTION_TEXT, "auto", 0, 0, "NAME",
     "follow-up: what the list's text is, where it is not found out: " TEXT_ENCODING_OPTIONS ".",
     "report:follow-up"},
    {"below", OPTION_NUMBER, "20", 1, 100, "PERCENT",
     "Groups whose participation rate is below this.", "report:groups,summary,changes close"},
    {"at", OPTION_TEXT, NULL, 0, 0, "INSTANT",
     "Figures as of then, counted from the archive's facts timed up to it: 2023-10-02 (the end of "
     "that day), 2023-10-02T17:00 (time of Vietnam) or RFC 3339.",
     "report:" COUNTED " close"},
    {"doc", OPTION_TEXT, NULL, 0, 0, "NUMBER",
     "The document that the figures are closed for, by its printed number: 555/CAT.", "close"},
    {"without", OPTION_TEXT, NULL, 0, 0, "SOURCE,…",
     "Sources that the closing does not wait for: a platform that is no more, results that are "
     "handed in and are never the whole.",
     "close"},
    {"period", OPTION_TEXT, NULL, 0, 0, "PERIOD",
     "The period of a pack: 2023-W39, 2023-09, 2023-Q3, 2023-H1 or 2023.", "report:pack"},
    {"closed", OPTION_TEXT, NULL, 0, 0, "NUMBER",
     "Print the report as it was closed for this document, not as the figures are now.",
     "report:" OF_WAVE ",-"},
    {"format", OPTION_TEXT, NULL, 0, 0, "table|csv|csv-excel|json|xlsx|html|text",
     "table, text (to paste), json, xlsx and html (both print on A4), csv (for programs) or "
     "csv-excel (\";\", decimal comma; a text that begins with = + - @ or a tab gets an apostrophe "
     "in "
     "front, so that no spreadsheet takes it for a formula); for status text or json. Default: "
     "table or text; with --out what the file's name ends in.",
     "report:" PRINTED ",follow-up status issues replay-start replay-status replay-compare verify "
     "archive-check dead-list dead-show dead-retry audit"},
    {"out", OPTION_FILE, NULL, 0, 0, "FILE", "Write here instead of the terminal.",
     "report issues replay-compare replay-start verify"},
    {"lang", OPTION_TEXT, "vi", 0, 0, "vi|en",
     "Language of headings, notes and numbers. Reports and issues are Vietnamese, and so is why "
     "they "
     "are refused, unless this is given; what the other commands tell, and why they refuse, is "
     "English unless this is given.",
     "report status issues replay-start replay-status replay-compare replay-promote "
     "replay-rollback replay-drop verify close "
     "config-check config-diff config-load bi-user-add bi-user-list bi-user-drop audit dead-list "
     "dead-show dead-retry dead-drop erase archive-export archive-check archive-import "
     "archive-refill archive-detach archive-attach"},
    {"attached_to", OPTION_TEXT, NULL, 0, 0, "TEXT",
     "The document that the report is attached to, as in \"Báo cáo số 193/BC-UBND ngày 21/9/2023 "
     "của "
     "UBND xã Tịnh Châu\": printed under the title.",
     "report:" PRINTED ",pack"},
    {"place", OPTION_TEXT, NULL, 0, 0, "TEXT",
     "Where it is signed, in front of the date that is left open (xlsx, html).",
     "report:" PRINTED ",pack"},
    {"signer", OPTION_TEXT, NULL, 0, 0, "TEXT",
     "The title of who signs, as in \"KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC\": | begins a new line (xlsx, "
     "html).",
     "report:" PRINTED ",pack"},
    {"export", OPTION_FILE, NULL, 0, 0, "DIR",
     "Write one file per unit that the unit fills in and sends back.", "issues"},
    {"reason", OPTION_TEXT, NULL, 0, 0, "TEXT", "Why it is done: kept with who did it and when.",
     "config-load close replay-start replay-compare replay-promote replay-rollback replay-drop "
     "archive-import archive-refill archive-detach archive-attach dead-drop restore erase "
     "report:follow-up dead-list dead-retry"},
    {"folder", OPTION_FILE, NULL, 0, 0, "DIR",
     "Count with this folder of reference data, as a config version of its own (--config DIR says "
     "the "
     "same); default: with what the live figures are counted with.",
     "replay-start"},
    {"from_archive", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Read the events from the database's archive, not from Kafka: needed once the log's start is "
     "gone. Dead letters are in no archive and still come from Kafka.",
     "replay-start restore"},
    {"training", OPTION_TEXT, NULL, 0, 0, "CODE",
     "report: the training, where there are several and no wave names it. replay start: only the "
     "rules of this training have changed: count anew from what the live generation holds of "
     "everybody, without reading the log; refused where the folder changes more. verify: compare "
     "this training's figures only, recomputed from all facts of everybody in it.",
     "report:" COUNTED ",pack replay-start verify"},
    {"dry_run", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Only tell what would change, by unit and measure; keep nothing.", "replay-start"},
    {"threads", OPTION_NUMBER, "0", 0, 64, "N",
     "Threads and database connections; 0: as many as the machine has cores.", "replay-start"},
    {"hold", OPTION_DURATION, "5s", 100, 600 * SECOND, "DURATION",
     "How long the live figures may be held still until the other generation stands where they do.",
     "replay-promote replay-rollback replay-compare"},
    {"limit", OPTION_NUMBER, "20", 1, 1000000, "N",
     "Most differences shown of each level, the largest first (without it compare and --dry-run "
     "show "
     "5, or 2 of details, at a terminal, and all in files, csv and json); most people behind a "
     "cell.",
     "report:" COUNTED " replay-compare replay-start verify"},
    {"why", OPTION_TEXT, NULL, 0, 0, "CELL",
     "report: who counts in a cell of it, and by which events: \"unit=U measure=passed\", with "
     "units below it: below=yes; replay "
     "compare: in one generation and not in the other: \"scope=wave training=T wave=W unit=U "
     "measure=passed\" (what is left out is any; scope: all).",
     "report:" COUNTED " replay-compare"},
    {"explain", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Tell where the figures are from, as a script for psql: generation, config, complete-through "
     "and every statement; the report itself only goes into --out FILE.",
     "report:" COUNTED},
    {"checksums", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Also print rows and a checksum of each table: equal contents give equal ones.", "replay-status"},
    {"ranges", OPTION_NUMBER, "1", 1, 1000, "N",
     "Count people in so many parts, one after the other, where not all fit into memory (120 bytes "
     "for each person and training, 40 for each fact): the log is read once more than that.",
     "replay-start"},
    {"rate", OPTION_NUMBER, "0", 0, 100000000, "N",
     "Most records read per second, so that live is not disturbed; 0: no limit.", "replay-start"},
    {"generation", OPTION_NUMBER, "0", 0, INT32_MAX, "N",
     "The generation to verify; default: the one whose figures are shown.", "verify"},
    {"metrics_file", OPTION_FILE, NULL, 0, 0, "FILE",
     "Write the outcome for Prometheus here, as a textfile collector reads it.", "verify"},
    {"source", OPTION_TEXT, NULL, 0, 0, "NAME", "Platform that a user name is of.",
     "dead-list dead-retry dead-drop erase"},
    {"value", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Also print the bytes that could not be read, escaped; they may be about a person.", "dead-show"},
    {"since", OPTION_TEXT, NULL, 0, 0, "DAY-OR-DOC",
     "audit: only what was done on this day or later; report changes: the document whose closed "
     "figures are counted again.",
     "report:changes audit"},
    {"identifier_file", OPTION_FILE, NULL, 0, 0, "FILE",
     "Who is to be erased: a line each of e-mail, citizen number, phone, or user name with "
     "--source; "
     "without it the terminal is asked.",
     "erase"},
    {"hmac_key_file", OPTION_FILE, NULL, 0, 0, "FILE",
     "Key file of mooc-ingest, by which people are found; only erase and report follow-up need it.",
     "report:follow-up erase"},
    {"hmac_key_version", OPTION_NUMBER, "1", 1, 1000, "N",
     "Version of the newest key, as mooc-ingest has it.", "report:follow-up erase"},
    {"ingest_data_dir", OPTION_FILE, NULL, 0, 0, "DIR",
     "data_dir of the mooc-ingest on this machine, which carries an erasure out.", "erase"},
    {"job_out", OPTION_FILE, NULL, 0, 0, "FILE",
     "Write the job there, for `mooc-ingest erase FILE` on other machines; it holds hashes only.",
     "erase"},
    {"preview", OPTION_BOOLEAN, "false", 0, 0, NULL, "Tell how much it is, and change nothing.",
     "erase"},
    {"yes", OPTION_BOOLEAN, "false", 0, 0, NULL, "Do not ask before it is done.", "erase replay-drop"},
    {"finish", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Clear the archive of what was erased and counted before, and print the receipt.", "erase"},
    {"receipt", OPTION_FILE, NULL, 0, 0, "FILE", "Write the receipt there, too.", "erase"},
    {"timeout", OPTION_DURATION, "120s", SECOND, DAY, "DURATION",
     "How long to wait until mooc-ingest has done its part, and until it is counted.", "erase"},
    {"password_file", OPTION_FILE, NULL, 0, 0, "FILE",
     "File with the new login's password: 12 characters or more.", "bi-user-add"},
    {"month", OPTION_TEXT, NULL, 0, 0,
     "YYYY-MM", "The month of the report; monthly without it: the latest that has data; of the archive only this month (UTC).",
     "report:monthly,headcounts archive-export archive-import archive-detach archive-attach"},
    {"all", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Also what is left out otherwise: of an export months that are not over (the next one writes "
     "them anew), of a list records that were set aside.",
     "archive-export dead-list"},
    {"against", OPTION_TEXT, NULL, 0, 0, "database|log",
     "Also compare every whole month with what the database holds, and note there which are safe; "
     "or every record with those that Kafka still holds.",
     "archive-check"},
    {"drop", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Remove the month's rows instead of keeping them in a table aside.", "archive-detach"},
};

static const struct command_spec command_table[] = {
    {"run", NULL, "Count: read the events and keep the figures right until stopped.", aggregator_run},
    {"status", NULL, "How far the figures are, how old, and who writes them.", command_status},
    {"report", "[NAME]", "Print a report, one of those that its --help lists.", command_report},
    {"close", NULL,
     "Keep a wave's figures as of an instant for a document that is sent (--doc): no replay, "
     "promote, rollback or erasure changes them.",
     command_close},
    {"issues", NULL, "List the faults of the data; --export writes a file for each unit.",
     command_issues},
    {"config check", "DIR", "Check a folder of reference data without touching the database.",
     command_config_check},
    {"config diff", "DIR", "Show what loading the folder would change, and whether it may.",
     command_config_diff},
    {"config load", "DIR", "Load a folder of reference data.", command_config_load},
    {"replay start", NULL,
     "Count everything anew into a new generation beside the live one: with --folder under another "
     "configuration.",
     command_replay_start},
    {"replay status", NULL, "Which generations are kept, how far they are, and what they take.",
     command_replay_status},
    {"replay compare", NULL, "How the figures of the next generation differ from the live ones.",
     command_replay_compare},
    {"replay promote", NULL, "Make the next generation the live one; the old one is kept.",
     command_replay_promote},
    {"replay rollback", NULL, "Make the old generation the live one again.", command_replay_rollback},
    {"replay drop",
     "[N]", "Drop the generation that is kept beside the live one; without its number a terminal is asked.",
     command_replay_drop},
    {"verify", NULL,
     "Recompute every figure from the archive by independent SQL, beside the running service, and "
     "tell each difference; exit 1 if there is one.",
     command_verify},
    {"erase", NULL, "Forget a person for ever, in figures, archive and mooc-ingest; prints a receipt.",
     command_erase},
    {"bi-user add", "NAME",
     "Make a read-only login that sees schema bi and nothing else; with --unit only the figures of "
     "its units.",
     command_bi_user_add},
    {"bi-user list", NULL, "List the read-only logins and the units each is limited to.",
     command_bi_user_list},
    {"bi-user drop", "NAME", "End the sessions of a read-only login and remove it.",
     command_bi_user_drop},
    {"archive export", "DIR",
     "Write whole months of the archive into compressed files; what is there already stays.",
     command_archive_export},
    {"archive check", "DIR",
     "Read every file of an export, and say before which offsets the log may be shortened.",
     command_archive_check},
    {"archive import", "DIR",
     "Load an export into an empty archive, or a month that was detached back.",
     command_archive_import},
    {"archive refill", NULL,
     "Write the archive's records back into an empty events topic, each into its partition: after "
     "the log was lost, or to leave out who was erased. Ended, the same command goes on.",
     command_archive_refill},
    {"archive detach", NULL, "Take a month out of the archive once an export of it was checked.",
     command_archive_detach},
    {"archive attach", NULL, "Take back a month whose table was kept.", command_archive_attach},
    {"dead list", NULL, "List the records that could not be used, and how many of each reason.",
     command_dead_list},
    {"dead show", "RECORD",
     "Tell all that is known of one: RECORD is its entity or TOPIC/PARTITION/OFFSET.",
     command_dead_show},
    {"dead retry", "RECORD...",
     "Tell what would become of them (\"all\": of every one) now, and what to type for it.",
     command_dead_retry},
    {"dead drop", "RECORD...",
     "Set records aside (\"all\": every one), so that no list of faults has them; needs --reason.",
     command_dead_drop},
    {"backup", "DIR",
     "Save what no log can give back: configuration, secrets, reference data, audit, logins.",
     command_backup},
    {"restore", "DIR",
     "Put a backup into a database that was deployed anew; the figures then come from the log.",
     command_restore},
    {"audit", NULL, "Tell who did what to the figures, when and why.", command_audit},
};

static const struct argument_spec arguments[] = {
    {"report", "appendix1", "Appendix 1 as it is printed: the units of a wave."},
    {"report", "appendix2",
     "Appendix 2 as it is printed: the ranking of the provinces' waves, with those of published "
     "totals."},
    {"report", "groups", "The study groups of a wave whose participation is below --below."},
    {"report", "participation", "All measures and rates of a wave's units."},
    {"report", "waves", "The waves of a training side by side, and its people once each."},
    {"report", "monthly",
     "The monthly report to the province and the Ministry: what is new in a month and what there "
     "is "
     "by its end, against the plan."},
    {"report", "deadlines",
     "Who is on time, late, overdue and at risk, and what is due next, by unit and wave."},
    {"report", "issues",
     "How many faults of each kind a unit has, and what to do about them; the command issues lists "
     "each."},
    {"report", "headcounts", "Appendix II: attendances by activity and audience."},
    {"report", "targets", "Every target: planned, reached, what is missing."},
    {"report", "summary",
     "Section II as running text, of a training as a whole or of one of its waves."},
    {"report", "follow-up",
     "A unit's own list (--roster) back as a workbook (--out), with where each person stands."},
    {"report", "pack", "A folder (--out) for each unit with its reports of a period (--period)."},
    {"report", "closed", "The documents whose figures are closed."},
    {"report", "changes",
     "Which of the figures closed for a document (--since) are others now, and why."},
};

/* What an option is for a report alone, and --format of the commands that print none. */
static const struct option_narrowing narrowings[] = {
    {"format", "status replay-status dead-show dead-retry", "text|json",
     "text, or json for programs."},
    {"format", "verify archive-check audit", "table|json", "table, or json for programs."},
    {"format", "dead-list", "table|csv|json", "table; csv and json are for programs."},
    {"format", "report:follow-up", "xlsx", "The list is given back as xlsx."},
    {"unit", "report:follow-up", "CODE", "The unit whose list it is, whatever its rows say."},
    {"unit", "report", "CODE", "Only this unit, with all below it."},
    {"training", "report", "CODE", "The training, where there are several and no wave names it."},
    {"limit", "report", "N", "Most people behind a cell that --why lists."},
    {"why", "report", "CELL",
     "Who counts in a cell, and by which events: \"unit=U measure=passed\", with units below it: "
     "below=yes."},
    {"since", "report", "DOC", "The document whose closed figures are counted again."},
    {"unit", "bi-user-add", "CODE,…",
     "Only the figures of these units and all below them; default: of all."},
};

static bool check(const struct options *options, struct error *err)
{
    const char *file = options_text(options, "database_password_file");
    return pg_check_options(options, err) && (file == NULL || secret_check_file(file, err)) &&
           kafka_conf_check(options, err) &&
           metrics_check_listen(options_text(options, "metrics.listen"), err);
}

const struct program aggregator_program = {
    .name = "mooc-aggregator",
    .summary = "keeps participation and pass figures right to the event",
    .description =
        "mooc-aggregator reads the events that mooc-ingest publishes in Kafka and keeps, in "
        "PostgreSQL, how many people of each unit registered, opened an account, took part, "
        "passed and were certified. Each event counts once, whatever fails.\n\n"
        "Any number of instances may run: one writes, the others stand by. Figures are read "
        "from the views of schema bi with any BI tool, or printed with the command report.",
    .options = option_table,
    .option_count = ARRAY_LEN(option_table),
    .commands = command_table,
    .command_count = ARRAY_LEN(command_table),
    .arguments = arguments,
    .argument_count = ARRAY_LEN(arguments),
    .narrowings = narrowings,
    .narrowing_count = ARRAY_LEN(narrowings),
    .restores_secrets = "restore",
    .vietnamese_commands = "report issues",
    .check = check,
};
