"""Events per second through the aggregator, records per second through ingest, peak memory; next to baselines in the same run.

Shared machines are noisy: the ratios count, not the figures.
"""
import argparse
import bisect
import json
import os
import shutil
import signal
import statistics
import subprocess
import threading
import time
from pathlib import Path

import psycopg
from confluent_kafka import Producer

from bench_ingest import bench_ingest
from bench_restart import bench_restart
from figures import Figures, peak_rss, say
from harness.stack import Stack, wait_for
from workload import Workload


def produce(stack, topic, records):
    producer = Producer({"bootstrap.servers": stack.brokers, "compression.type": "lz4", "linger.ms": 50,
                         "batch.size": 1000000, "queue.buffering.max.messages": 1000000})
    count = 0
    for key, value in records:
        while True:
            try:
                producer.produce(topic, value, key)
                break
            except BufferError:
                producer.poll(0.1)
        count += 1
        if count % 10000 == 0:
            producer.poll(0)
    assert producer.flush(120) == 0
    return count


CONFIG = """
INSERT INTO pulse.config_versions VALUES (1, 'bench');
INSERT INTO pulse.trainings (config_version, training, completion_min_progress, deadline_working_days, lectures)
SELECT 1, 'T' || c, 1.0, 10, 10 FROM generate_series(0, 3) c;
INSERT INTO pulse.pass_rules (config_version, training, position, by_platform, certificate, attempt)
SELECT 1, 'T' || c, 1, true, false, 'best' FROM generate_series(0, 3) c;
INSERT INTO pulse.waves (config_version, wave, training, begins, ends, totals_only)
SELECT 1, CASE c WHEN 0 THEN 'BENCH' ELSE 'BENCH-' || c END, 'T' || c, '2023-08-01', '2023-08-28', false FROM generate_series(0, 3) c;
INSERT INTO pulse.courses SELECT 1, 'bench', 'course-v1:BENCH+C' || c || '+2023', 'T' || c, '' FROM generate_series(0, 3) c;
UPDATE pulse.generations SET config_version = 1;
"""


def counted(service):
    return service.metrics().get("mooc_aggregator_records_total", 0)


def drain(service, expected, since):
    """Seconds from `since` until the service has counted so many records since it started."""
    wait_for(lambda: counted(service) >= expected, 900, "the backlog is counted", every=0.02)
    return time.monotonic() - since


def drain_rate(service, expected):
    """Events per second, from the first batch that is counted to the last."""
    before = counted(service)
    wait_for(lambda: counted(service) > before, 60, "the first batch", every=0.005)
    first, began = counted(service), time.monotonic()
    return (expected - first) / drain(service, expected, began)


def backlogs(stack, workload, count):
    """Events per second through a backlog: of a writer that knows the people (it stood still for a while), and of one that
    was just started; and the peak RSS in MiB."""
    service = stack.make_aggregator(cache_bytes="512MiB")
    for statement in CONFIG.strip().split(";\n"):
        stack.query(statement)
    people = produce(stack, stack.topics["events"], workload.setup())
    service.start()
    seconds = drain(service, people, time.monotonic())
    say(f"    people first: {people} listings and accounts, {people / seconds:,.0f} events/s")
    service.process.send_signal(signal.SIGSTOP)
    waiting = produce(stack, stack.topics["events"], workload.events(count))
    service.process.send_signal(signal.SIGCONT)
    warm, rss = drain_rate(service, people + waiting), peak_rss(service)
    service.stop(60)
    waiting = produce(stack, stack.topics["events"], workload.events(count // 2))
    service.start()
    return warm, drain_rate(service, waiting), rss


def latency(stack, workload, rate, seconds):
    """Milliseconds (median, 99th percentile) from the broker's append to visible in PostgreSQL, over all events of a steady rate."""
    seen, done = {p: ([], []) for p in range(stack.partitions["events"])}, threading.Event()
    began, = stack.query("SELECT extract(epoch FROM clock_timestamp())::float8")[0]

    def watch():
        with psycopg.connect(stack.conninfo(), autocommit=True) as connection:
            while not done.is_set():
                for partition, offset, now in connection.execute(
                        "SELECT partition, next_offset, extract(epoch FROM clock_timestamp())::float8 FROM pulse.offsets"
                        " WHERE topic = %s", [stack.topics["events"]]):
                    offsets, times = seen[partition]
                    if not offsets or offset > offsets[-1]:
                        offsets.append(offset)
                        times.append(now)
                time.sleep(0.002)

    thread = threading.Thread(target=watch)
    thread.start()
    producer = Producer({"bootstrap.servers": stack.brokers, "linger.ms": 2, "compression.type": "lz4"})
    started, count = time.monotonic(), 0
    for count, (key, value) in enumerate(workload.events(rate * seconds), 1):
        producer.produce(stack.topics["events"], value, key)
        if count % 50 == 0:
            producer.poll(0)
            time.sleep(max(0, started + count / rate - time.monotonic()))
    producer.flush(30)
    appended = "SELECT partition, \"offset\", extract(epoch FROM log_time)::float8 FROM archive.events WHERE log_time >= to_timestamp(%s)"
    wait_for(lambda: stack.query(f"SELECT count(*) >= %s FROM ({appended}) AS a", count, began)[0][0], 60, "all is visible")
    time.sleep(0.1)
    done.set()
    thread.join()
    samples = sorted(1000 * (seen[p][1][bisect.bisect_right(seen[p][0], offset)] - time_)
                     for p, offset, time_ in stack.query(appended, began))
    return statistics.median(samples), samples[int(len(samples) * 0.99)]


def plain_upsert(stack, binaries):
    done = subprocess.run([binaries / "bench/plain_upsert", stack.brokers, stack.topics["events"],
                           stack.conninfo(os.environ["PGUSER"])], capture_output=True, text=True, check=True, timeout=900)
    answer = json.loads(done.stdout)
    return answer["records"] / answer["seconds"]


def bare_copy(stack, workload, count):
    rows = b"".join(f"{k}\t{v}\n".encode().replace(b"\\", b"\\\\") for k, v in workload.events(count))
    with psycopg.connect(stack.conninfo(os.environ["PGUSER"])) as connection:
        connection.execute("CREATE TABLE bare (key text, value text)")
        connection.commit()
        began = time.monotonic()
        with connection.cursor().copy("COPY bare FROM STDIN") as copy:
            for at in range(0, len(rows), 1 << 20):
                copy.write(rows[at:at + (1 << 20)])
        connection.commit()
        return rows.count(b"\n") / (time.monotonic() - began)


def bench_aggregator(arguments, figures):
    say(f"aggregator: {arguments.learners} learners, {arguments.events} events")
    with Stack(arguments.folder / "aggregator", arguments.binaries, events=8) as stack:
        workload = Workload(learners=arguments.learners)
        live, cold, rss = backlogs(stack, workload, arguments.events)
        middle, tail = latency(stack, workload, 5000, arguments.latency_seconds)
        stack.aggregator.stop(60)
        upsert = plain_upsert(stack, arguments.binaries)
        copy = bare_copy(stack, Workload(learners=arguments.learners, seed=2), min(arguments.events, 300_000))
    figures.keep(live_events_per_second=live, live_cold_events_per_second=cold, live_peak_rss_mib=rss, latency_p50_ms=middle,
                 latency_p99_ms=tail, plain_upsert_per_second=upsert, bare_copy_per_second=copy)
    say(f"  live: archive, states, tallies, exactly once   {live:>10,.0f} events/s   peak RSS {rss:.0f} MiB")
    say(f"  the same, just started, nobody in its cache    {cold:>10,.0f} events/s")
    say(f"  baseline: plain consumer that only upserts     {upsert:>10,.0f} events/s   live is {live / upsert:.2f} of it")
    say(f"  baseline: bare COPY of (key, text)             {copy:>10,.0f} events/s   live is {live / copy:.2f} of it")
    say(f"  broker append to visible at 5,000 events/s     p50 {middle:.0f} ms, p99 {tail:.0f} ms")
    figures.judge("live / plain consumer that only upserts rows", live / upsert, 1)
    figures.judge("live, events/s", live, None, 120_000)
    figures.judge("broker append to visible at 5,000 events/s, p99", tail, 100, 50, unit=" ms", least=False)
    figures.judge("peak RSS of live with a cache of 512 MiB", rss, 128 + 512, unit=" MiB", least=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--binaries", type=Path, required=True)
    parser.add_argument("--small", action="store_true", help="a smoke run")
    parser.add_argument("--only", choices=["aggregator", "ingest", "restart"])
    parser.add_argument("--rounds", type=int, help="of the ingest part")
    arguments = parser.parse_args()
    small = arguments.small
    arguments.learners, arguments.events = (20_000, 100_000) if small else (200_000, 500_000)
    arguments.courses, arguments.per_course = (4, 6000) if small else (20, 25_000)
    arguments.rounds = arguments.rounds or (1 if small else 3)
    arguments.resweeps = 1 if small else 3
    arguments.entities = 100_000 if small else 1_000_000
    arguments.latency_seconds = 5 if small else 20
    shutil.rmtree(arguments.folder, ignore_errors=True)
    arguments.folder.mkdir(parents=True)
    figures = Figures(smoke=small)
    if arguments.only in (None, "aggregator"):
        bench_aggregator(arguments, figures)
    if arguments.only in (None, "ingest"):
        bench_ingest(arguments, figures)
    if arguments.only in (None, "restart"):
        bench_restart(arguments, figures)
    (arguments.folder / "results.json").write_text(json.dumps(figures.results | {"judged": figures.judged}, indent=2))
    say(f"figures: {arguments.folder / 'results.json'}")


if __name__ == "__main__":
    main()
