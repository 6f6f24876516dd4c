#include "options.h"

#include "../common/kafka_conf.h"
#include "../common/metrics.h"
#include "../common/text_encoding.h"
#include "operate/audit.h"
#include "operate/backup.h"
#include "operate/commands.h"
#include "connector/backfill_command.h"
#include "language/connectors_command.h"
#include "operate/dead_command.h"
#include "engine.h"
#include "erase/erase_jobs.h"
#include "files/commands.h"
#include "files/files_kind.h"
#include "files/template.h"
#include "operate/source_control.h"
#include "state/rebuild.h"
#include "keys/rotate.h"
#include "sources.h"

static const struct option_spec option_table[] = {
    {"brokers", OPTION_TEXT, "127.0.0.1:9092", 0, 0, "HOST:PORT,...",
     "Kafka brokers to start from.", NULL},
    {"events_topic", OPTION_TEXT, "mooc.events.v1", 0, 0, "NAME",
     "Topic that events are published to.", NULL},
    {"state_topic", OPTION_TEXT, "mooc.state.v1", 0, 0, "NAME",
     "Compacted topic that holds what this service remembers.", NULL},
    {"dead_topic", OPTION_TEXT, "mooc.dead.v1", 0, 0, "NAME",
     "Topic for records that could not be understood.", NULL},
    {"data_dir", OPTION_FILE, "/var/lib/mooc-ingest", 0, 0, "DIR",
     "Private folder of this instance: spool, quarantine, status.", NULL},
    {"hmac_key_file", OPTION_FILE, NULL, 0, 0, "FILE",
     "Key that personal identifiers are hashed with, at least 16 bytes; it can never be changed "
     "without rotating it.",
     NULL},
    {"hmac_key_version", OPTION_NUMBER, "1", 1, 1000, "N",
     "Version of the newest key; later ones stand beside the first as FILE.2, FILE.3 and so on.",
     NULL},
    {"reference", OPTION_FILE, NULL, 0, 0, "DIR",
     "Folder with units, waves and courses, the same that `mooc-aggregator config load` takes.", NULL},
    {"instance", OPTION_TEXT, NULL, 0, 0, "NAME",
     "Name of this instance within its group, stable over restarts; default: the host's name.", "run"},
    {"group", OPTION_TEXT, "mooc-ingest", 0, 0, "NAME",
     "Consumer group by which instances share the sources out.", "run"},
    {"batch.records", OPTION_NUMBER, "20000", 100, 500000, "N",
     "Records after which a transaction is committed.", "run"},
    {"batch.bytes", OPTION_SIZE, "8MiB", 65536, 256 << 20, "SIZE",
     "Bytes after which a transaction is committed.", "run"},
    {"batch.linger", OPTION_DURATION, "50ms", 1, 10000, "TIME",
     "Longest time that a change waits for others before its transaction begins.", "run"},
    {"allow_short_retention", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Accept topics that do not keep events for ever, where a checked export covers what goes.",
     "run"},
    {"metrics.listen", OPTION_TEXT, "127.0.0.1:9464", 0, 0, "HOST:PORT",
     "Address of /metrics, /healthz and /readyz; \"off\" serves nothing.", "run"},
    {"metrics.port_file", OPTION_FILE, NULL, 0, 0, "FILE",
     "File that the port is written to (for port 0).", "run"},
    {"connectors_dir", OPTION_FILE, NULL, 0, 0, "DIR",
     "Folder with connectors of your own (NAME.yaml) besides the shipped ones; see `connectors "
     "list`.",
     NULL},
    {"sources", OPTION_SECTION, NULL, 0, 0, NULL,
     "The platforms and lists to watch: a list of mappings with name, kind (files, or the name of "
     "a "
     "connector) and the kind's own keys.",
     NULL},
    {"count", OPTION_NUMBER, "10", 1, 10000, "N",
     "Most events to print, at most a quarter of them of one stream.", "sample"},
    {"format", OPTION_TEXT, "text", 0, 0, "text|json", "Form of the output.",
     "status hold-list dead-list audit"},
    {"lang", OPTION_TEXT, "en", 0, 0, "vi|en",
     "Language of what people are told: by these commands, and by run in the answers beside lists.",
     "run status hold-list hold-accept hold-reject dead-list dead-retry dead-drop import "
     "import-list "
     "import-revoke correct pause resume state-accept erase check template audit"},
    {"source", OPTION_TEXT, NULL, 0, 0, "NAME",
     "Source of kind files that the list belongs to; needed when there are several. Of a template: "
     "whose "
     "courses it offers.",
     "import import-list import-revoke correct template dead-list dead-retry dead-drop"},
    {"out", OPTION_FILE, NULL, 0, 0, "FILE", "Where the template goes; default: KIND.xlsx here.",
     "template"},
    {"kind", OPTION_TEXT, "roster", 0, 0, FILES_KIND_NAMES,
     "What the file holds: a list of people, totals published by a wave, exam results exported by "
     "hand, "
     "attendance of in-person classes, or a form of head counts.",
     "import"},
    {"encoding", OPTION_TEXT, "auto", 0, 0, TEXT_ENCODING_OPTIONS,
     "What the text of the file is written in, if it is not to be found out.", "import correct"},
    {"scope", OPTION_TEXT, NULL, 0, 0, "complete|supplement",
     "Whether the list is all of its wave and unit (who is missing leaves) or adds people.", "import"},
    {"wave", OPTION_TEXT, NULL, 0, 0, "CODE", "Wave that the list is for.", "import"},
    {"unit", OPTION_TEXT, NULL, 0, 0, "CODE", "Unit that the list is for, when no column names it.",
     "import"},
    {"from", OPTION_TEXT, NULL, 0, 0, "TIME",
     "Date or instant from which windowed streams are read again; default: all that there is. "
     "Other "
     "streams show only the present, which is read whole.",
     "backfill"},
    {"to", OPTION_TEXT, NULL, 0, 0, "TIME", "Date or instant up to which they are read.", "backfill"},
    {"course", OPTION_TEXT, NULL, 0, 0, "ID,...", "Courses to read; default: all of the source.",
     "backfill"},
    {"received", OPTION_TEXT, NULL, 0, 0, "TIME",
     "Day or instant at which the list or the corrections were handed in, for what is loaded "
     "later; default: now; for corrections, the day from which their rows count by their lists.",
     "import correct"},
    {"preview", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Tell what the list would add, remove and change, and change nothing.", "import import-revoke"},
    {"reason", OPTION_TEXT, NULL, 0, 0, "TEXT", "Why it is done: kept with who did it and when.",
     "import import-revoke correct"},
    {"yes", OPTION_BOOLEAN, "false", 0, 0, NULL,
     "Do not ask after the preview that a whole list, or a list taken back, is shown with. Without "
     "a terminal a whole list is not asked about; one is taken back only with this.",
     "import import-revoke"},
    {"timeout", OPTION_DURATION, "60s", 1000, 86400000, "TIME",
     "How long to wait for the running mooc-ingest to take the work; unless given, not at all "
     "while "
     "none runs here.",
     "import import-revoke correct dead-retry dead-drop pause resume state-accept erase"},
};

static const struct command_spec commands[] = {
    {"run", NULL, "Watch the sources and publish what changes.", engine_run},
    {"check", "SOURCE", "Reach the source and tell what is visible of it.", command_check},
    {"discover", "SOURCE", "List the courses that the source shows, as YAML to paste.",
     command_discover},
    {"backfill", "SOURCE", "Have a source read out of turn, and tell how far that is.",
     backfill_command},
    {"sample", "SOURCE", "Print mapped records without publishing them.", command_sample},
    {"import", "FILE",
     "Hand a list to the running mooc-ingest, after a preview. Exit 1 also when rows of it were "
     "not "
     "taken, while the others are: each is told with sheet, row and reason.",
     files_import_command},
    {"import list", NULL, "Show the imports that are kept and can be revoked.", files_list_command},
    {"import revoke", "ID", "Show what an import said, and take it back.", files_revoke_command},
    {"correct", "FILE",
     "Hand a filled-in list of corrections to the running mooc-ingest. Each row is taken by "
     "itself; "
     "exit 1 when some were refused: each is told with sheet, row and reason.",
     files_correct_command},
    {"audit", NULL, "Show who imported, corrected and took back what, when and why.", command_audit},
    {"template", "KIND", "Write a workbook to fill in: " FILES_KIND_NAMES ".", files_template_command},
    {"connectors list", NULL, "Tell which kinds of platforms there are, with their options.",
     connectors_list},
    {"connectors show", "NAME", "Print a connector's file, to read or to start another one from.",
     connectors_show},
    {"connectors schema", "[connector|service]",
     "Print the JSON Schema of connector files, or of this service's configuration, for editors.",
     connectors_schema},
    {"connectors reference", NULL, "Print the reference of the connector language.",
     connectors_reference},
    {"hold list", NULL, "Show mass removals that wait for a decision.", command_hold_list},
    {"hold accept", "ID", "Let a held removal happen.", command_hold_accept},
    {"hold reject", "ID", "Keep the records: the platform, or the list, was wrong.",
     command_hold_reject},
    {"dead list", NULL, "Show records that were rejected: reason, masked detail, where they stand.",
     command_dead_list},
    {"dead retry", NULL,
     "Have rejected records read or asked for again, now, and tell what came of it.",
     command_dead_retry},
    {"dead drop", "ID", "Withdraw a rejection (\"all\": every one) and forget the record.",
     command_dead_drop},
    {"pause", "SOURCE", "Ask nothing of the source until it is resumed.", command_pause},
    {"resume", "SOURCE", "Watch a paused source again.", command_resume},
    {"erase", "FILE",
     "Hand over an erasure that `mooc-aggregator erase` wrote; it names people by hashes only.",
     command_erase},
    {"key rotate", NULL,
     "Publish people not known yet under a new HMAC key, with mooc-ingest stopped.",
     command_key_rotate},
    {"backup", "DIR", "Save keys, configuration, connectors and local files into an empty folder.",
     command_backup},
    {"restore", "DIR", "Put back what `backup` saved, onto an empty data_dir.", command_restore},
    {"status", NULL, "Tell how the running mooc-ingest fares.", command_status},
    {"state show", NULL, "Show what the state topic holds, by source and stream.", state_show},
    {"state accept", "SOURCE", "Say that a source's changed connector is meant.", command_accept},
    {"state rebuild", NULL, "Write the state topic anew from the published events.", state_rebuild},
};

static bool check(const struct options *options, struct error *err)
{
    const char *file = options_text(options, "hmac_key_file");
    return sources_check(options, err) && (file == NULL || secret_check_file(file, err)) &&
           kafka_conf_check(options, err) &&
           metrics_check_listen(options_text(options, "metrics.listen"), err);
}

const struct program ingest_program = {
    .name = "mooc-ingest",
    .summary = "watches training platforms and publishes what changes",
    .description =
        "mooc-ingest asks training platforms and reads offices' lists again and again, compares "
        "each "
        "record with what it saw last, and publishes every difference as one event to Kafka, "
        "exactly "
        "once. Events, the memory of what was seen and the place reached are committed in one "
        "Kafka "
        "transaction, so that it can be killed at any moment.\n\nIts memory is a compacted Kafka "
        "topic; several instances share the sources out and take over from each other. Personal "
        "identifiers leave it only as keyed hashes.",
    .options = option_table,
    .option_count = ARRAY_LEN(option_table),
    .commands = commands,
    .command_count = ARRAY_LEN(commands),
    .restores_secrets = "restore",
    .check = check,
};
