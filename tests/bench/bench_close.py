"""Closing the figures of one wave, printing them again, and telling what has changed since; next to a replay of the same archive, which
reads and folds as many records. Each by its own seconds, CPU time and peak memory, the writer at rest."""
import json
import os
import subprocess
import sys
import time
from itertools import chain

import psycopg
from confluent_kafka import Producer

from bench_aggregator import configured, counted, produce
from figures import parent, say, server_cpu_seconds
from harness.hand_made import event
from harness.stack import Stack, wait_for
from workload import Workload

AT, SWEPT = "2023-08-29", "2023-08-30T00:00:00Z"  # the end of a day: all that the workload's days have
DOC = "1/BENCH"
LATE = 2000  # events that come after the closing

# What config load would have made of a reference folder: one province, its units, four trainings, a wave of each.
LABELS = """
INSERT INTO pulse.units (unit, name, printed_name, kind, print_order) VALUES ('P', 'Tỉnh P', 'Tỉnh P', 'tinh', 1);
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, territory, print_order)
SELECT 'u-' || to_char(u, 'FM0000'), 'Đơn vị ' || u, 'Đơn vị ' || u, CASE WHEN u < 300 THEN 'so' ELSE 'huyen' END, 'P', 'P', u FROM generate_series(0, 599) u;
INSERT INTO pulse.unit_lines (unit, tree, above)
SELECT unit, tree, parent FROM pulse.units, (VALUES ('management'), ('territory')) t (tree) WHERE parent IS NOT NULL;
INSERT INTO pulse.calendar VALUES ('2023-01-01', 'holiday', 'Tết dương lịch'), ('2023-09-02', 'holiday', 'Quốc khánh');
SELECT pulse.rebuild_unit_paths(), pulse.rebuild_working_days();
INSERT INTO pulse.training_labels SELECT 'T' || c, 'Khóa ' || c, 'Training ' || c FROM generate_series(0, 3) c;
INSERT INTO pulse.wave_labels SELECT wave, 'P', 'Đợt ' || wave, 'Đợt ' || wave, 1 FROM pulse.waves
"""


def marks(partitions, courses=4):
    """The platform was read through SWEPT."""
    for course in range(courses):
        for stream in ("enrollments", "grades"):
            for partition in range(partitions):
                code = f"course-v1:BENCH+C{course}+2023"
                yield partition, event("source.swept", f"swept:bench:{stream}:{code}:{partition}", source="bench", stream=stream,
                                       substream=code, partition=partition, through=SWEPT, records=1, dead=0)


def swept(stack):
    """To every partition by its number, as ingest does."""
    producer = Producer({"bootstrap.servers": stack.brokers})
    made = list(marks(stack.partitions["events"]))
    for partition, value in made:
        producer.produce(stack.topics["events"], value, b"mark", partition=partition)
    assert producer.flush(60) == 0
    return len(made)


# Runs a command and writes what that child alone used; in between, for a child begins with the peak of who starts it.
USED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[2:], stderr=subprocess.PIPE, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump({"cpu": used.ru_utime + used.ru_stime, "peak_rss": used.ru_maxrss * 1024}, open(sys.argv[1], "w"))
sys.exit(done.stderr[-2000:] if done.returncode else 0)
"""


def measured(stack, what, *words):
    """One call of the aggregator: its output and what it took, of its process and of the server."""
    with psycopg.connect(stack.conninfo()) as connection:
        postmaster = parent(connection.info.backend_pid)
    before, began, used = server_cpu_seconds(postmaster), time.monotonic(), stack.folder / "used.json"
    done = subprocess.run([sys.executable, "-S", "-c", USED, used, stack.binaries / "mooc-aggregator", *words, "--config",
                           stack.aggregator.config], stdout=subprocess.PIPE, text=True, check=True)
    took = {"seconds": time.monotonic() - began, "server_cpu": server_cpu_seconds(postmaster) - before} | json.loads(used.read_text())
    say(f"  {what:<34} {took['seconds']:>7.2f} s   CPU: command {took['cpu']:6.2f}, PostgreSQL {took['server_cpu']:6.2f}   "
        f"peak RSS {took['peak_rss'] / 2**20:5.0f} MiB   load {os.getloadavg()[0]:.1f}")
    return done.stdout, took


def world(stack, learners, count):
    """Counted by a live writer, which then rests; and the events that are to come late."""
    workload = Workload(learners=learners)
    service = configured(stack)
    for statement in LABELS.strip().split(";\n"):
        stack.query(statement)
    records = produce(stack, chain(workload.setup(), workload.events(count))) + swept(stack)
    service.start()
    wait_for(lambda: counted(service) >= records, 3600, "live has counted all", every=0.1)
    service.stop(60)
    subprocess.run(["vacuumdb", "--analyze", "--quiet", stack.database], check=True)
    return workload, service, records


def bench_close(arguments, figures):
    learners = arguments.learners if arguments.learners_given else 5000 if arguments.small else 250_000
    say(f"close: {4 * learners:,} (person, training), {arguments.events:,} events")
    with Stack(arguments.folder / "close", arguments.binaries, events=8) as stack:
        workload, service, records = world(stack, learners, arguments.events)
        replay, replayed = measured(stack, "replay start --from-archive", "replay", "start", "--from-archive", "--format", "json")
        assert json.loads(replay)["records"] == records
        measured(stack, "replay drop", "replay", "drop")
        words = ("close", "--wave", "BENCH", "--at", AT, "--doc", DOC)
        _, closed = measured(stack, "close --wave", *words)
        _, again = measured(stack, "report --closed", "report", "--closed", DOC, "--format", "json")
        none, unchanged = measured(stack, "report changes, nothing changed", "report", "changes", "--since", DOC, "--format", "json")
        late = produce(stack, workload.events(LATE))
        service.start()
        wait_for(lambda: counted(service) >= late, 600, "the late events are counted", every=0.1)
        service.stop(60)
        some, changed = measured(stack, f"report changes, {LATE} events late", "report", "changes", "--since", DOC, "--format", "json")
        assert not json.loads(none)["rows"] and len(json.loads(some)["rows"]) > 10
        cells = stack.query("SELECT count(*) FROM bi.closed_figures WHERE doc = %s", DOC)[0][0]
    rate = records / closed["seconds"]
    say(f"  {records:,} records in the archive, {cells:,} cells closed: {rate:,.0f} records/s; the replay "
        f"{records / replayed['seconds']:,.0f} records/s")
    figures.keep(close=closed, close_printed=again, close_unchanged=unchanged, close_changed=changed, close_replay=replayed,
                 close_records=records)
    figures.judge("close / replay from the archive, CPU seconds", (closed["cpu"] + closed["server_cpu"]) /
                  (replayed["cpu"] + replayed["server_cpu"]), 3, least=False)
    figures.judge("close / replay from the archive, elapsed", closed["seconds"] / replayed["seconds"], 3, least=False)
    for what, took in (("close", closed), ("report --closed", again), ("report changes", changed)):
        figures.judge(f"{what}, peak RSS", took["peak_rss"] / 2**20, 1024, unit=" MiB", least=False)
