"""The aggregator: events per second through a backlog and latency at a steady rate, next to plain consumers of the same run; where the
time goes; and (`--growth`) how it changes with the number of learners.
"""
import bisect
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
from confluent_kafka import Producer

from figures import cpu_seconds, histogram, parent, peak_rss, say, server_cpu_seconds
from harness.stack import Stack, wait_for
from workload import Workload

CACHE_MIB = 512
OPTIONS = json.loads(os.environ.get("MOOC_BENCH_OPTIONS", "{}"))  # of the aggregator, to try others: {"batch": {"records": 50000}}
GROWTH = (100_000, 1_000_000, 5_000_000)


def produce(stack, records):
    producer = Producer({"bootstrap.servers": stack.brokers, "compression.type": "lz4", "linger.ms": 50,
                         "batch.size": 1000000, "queue.buffering.max.messages": 1000000})
    count = 0
    for key, value in records:
        while True:
            try:
                producer.produce(stack.topics["events"], value, key)
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


COUNTED = "mooc_aggregator_records_total"


def counted(service):
    return service.metrics().get(COUNTED, 0)


def drain(service, expected):
    wait_for(lambda: counted(service) >= expected, 3600, "the backlog is counted", every=0.02)


class Spent:
    """What is spent from here on: elapsed time, CPU time of the service and of PostgreSQL, and the service's own figures."""

    def __init__(self, stack, service):
        self.service = service
        with psycopg.connect(stack.conninfo()) as connection:
            self.postmaster = parent(connection.info.backend_pid)
        self.began, self.before = time.monotonic(), service.metrics()
        self.cpu_before = self._cpu()

    def _cpu(self):
        return cpu_seconds(self.service), server_cpu_seconds(self.postmaster)

    def end(self):
        self.seconds, after = time.monotonic() - self.began, self.service.metrics()
        self.cpu, self.server_cpu = (b - a for a, b in zip(self.cpu_before, self._cpu()))
        self.spent = {name: value - self.before.get(name, 0) for name, value in after.items()}
        self.events = self.spent[COUNTED]
        self.rate = self.events / self.seconds
        return self

    def _shares(self, name):
        """Seconds per million events by the label of that counter, the largest first."""
        shares = {key.split('"')[1]: value * 1e6 / self.events for key, value in self.spent.items() if key.startswith(name)}
        return dict(sorted(shares.items(), key=lambda item: -item[1]))

    def say(self):
        million = self.events / 1e6
        say(f"    seconds per million events: {self.seconds / million:.2f} elapsed; CPU: service {self.cpu / million:.2f}, "
            f"PostgreSQL {self.server_cpu / million:.2f}")
        for name, what in (("mooc_aggregator_part_seconds_total", "service, by part"),
                           ("mooc_aggregator_statement_seconds_total", "committing thread, by table")):
            say(f"      {what}: " + ", ".join(f"{key} {value:.2f}" for key, value in self._shares(name).items() if value >= .005))

    def kept(self):
        return {"events": self.events, "seconds": self.seconds, "service_cpu_seconds": self.cpu,
                "postgresql_cpu_seconds": self.server_cpu, "parts": self._shares("mooc_aggregator_part_seconds_total"),
                "statements": self._shares("mooc_aggregator_statement_seconds_total")}


def configured(stack):
    for statement in CONFIG.strip().split(";\n"):
        stack.query(statement)
    return stack.make_aggregator(**{"cache_bytes": f"{CACHE_MIB}MiB"} | OPTIONS)


def people_first(stack, service, workload):
    people = produce(stack, workload.setup())
    service.start()
    wait_for(lambda: counted(service) > 0, 60, "the first batch", every=0.01)
    spent = Spent(stack, service)
    drain(service, people)
    spent.end()
    say(f"  people first: {people} listings and accounts       {spent.rate:>10,.0f} events/s")
    spent.say()
    return spent


def backlog(stack, service, what, records):
    """Through a backlog by a writer that knows the people: it stands still while the records come in."""
    records, before = list(records), counted(service)
    service.process.send_signal(signal.SIGSTOP)
    waiting = produce(stack, records)
    service.process.send_signal(signal.SIGCONT)
    wait_for(lambda: counted(service) > before, 60, "the first batch", every=0.005)
    spent = Spent(stack, service)
    drain(service, before + waiting)
    spent.end()
    resident = service.metrics()["mooc_aggregator_resident_bytes"] / 2**20
    say(f"  {what:<46} {spent.rate:>10,.0f} events/s   peak RSS {peak_rss(service):.0f} MiB, {resident:.0f} MiB of it cache")
    spent.say()
    return spent


def cold(stack, service, records):
    """The same, just started, nobody in its cache."""
    service.stop(60)
    waiting = produce(stack, records)
    service.start()
    wait_for(lambda: counted(service) > 0, 60, "the first batch", every=0.005)
    spent = Spent(stack, service)
    drain(service, waiting)
    spent.end()
    say(f"  the same, just started, nobody in its cache    {spent.rate:>10,.0f} events/s")
    spent.say()
    return spent


def latency(stack, workload, rate, seconds):
    """Milliseconds from the broker's append to visible in PostgreSQL, of every event of a steady rate; sorted. A checkpoint first, for a
    server that has run for a while has WAL segments to write into; one just made zeroes 16 MiB for each, and a commit waits."""
    with psycopg.connect(stack.conninfo(os.environ["PGUSER"]), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
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
    return sorted(1000 * (seen[p][1][bisect.bisect_right(seen[p][0], offset)] - time_)
                  for p, offset, time_ in stack.query(appended, began))


def steady(stack, service, workload, seconds):
    spent = Spent(stack, service)
    samples = latency(stack, workload, 5000, seconds)
    spent.end()
    middle, tail = statistics.median(samples), samples[int(len(samples) * 0.99)]
    batches = spent.spent["mooc_aggregator_batches_total"]
    say(f"  broker append to visible at 5,000 events/s     p50 {middle:.0f} ms, p99 {tail:.0f} ms, longest {samples[-1]:.0f} ms; "
        f"{batches:.0f} batches")
    for line in histogram(samples, (5, 10, 20, 30, 50, 75, 100, 150, 250, 500)):
        say(f"    ms {line}")
    spent.say()
    return middle, tail


def plain_upsert(stack, program, records):
    done = subprocess.run([*program, stack.brokers, stack.topics["events"], stack.conninfo(os.environ["PGUSER"]), str(records)],
                          capture_output=True, text=True, check=True, timeout=900)
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
    learners, count = arguments.learners, arguments.events
    say(f"aggregator: {learners} learners in 4 trainings, {count} events")
    with Stack(arguments.folder / "aggregator", arguments.binaries, events=8) as stack:
        workload = Workload(learners=learners)
        service = configured(stack)
        people = people_first(stack, service, workload)
        past = backlog(stack, service, "days at random: archive, states, all figures", workload.events(count))
        workload.now = True
        now = backlog(stack, service, "days of now", workload.events(count))
        rss = peak_rss(service)
        middle, tail = steady(stack, service, workload, arguments.latency_seconds)
        started = cold(stack, service, workload.events(count // 2))
        service.stop(60)
        python = plain_upsert(stack, [sys.executable, Path(__file__).parent / "plain_upsert.py"], count)
        upsert = plain_upsert(stack, [arguments.binaries / "bench/plain_upsert"], count)
        copy = bare_copy(stack, Workload(learners=learners, seed=2), min(count, 300_000))
    figures.keep(live_events_per_second=past.rate, live_now_events_per_second=now.rate, live_cold_events_per_second=started.rate,
                 live_people_per_second=people.rate, live_peak_rss_mib=rss, latency_p50_ms=middle, latency_p99_ms=tail,
                 plain_upsert_per_second=upsert, plain_upsert_python_per_second=python, bare_copy_per_second=copy,
                 live_spent={"people": people.kept(), "past": past.kept(), "now": now.kept(), "cold": started.kept()})
    for what, rate in (("plain consumer that only upserts, in Python", python), ("the same in C", upsert),
                       ("bare COPY of (key, text)", copy)):
        say(f"  baseline: {what:<43} {rate:>10,.0f} events/s   days at random {past.rate / rate:.2f}, of now {now.rate / rate:.2f} of it")
    figures.judge("days at random / plain consumer in Python", past.rate / python, 1)
    figures.judge("days of now / plain consumer in Python", now.rate / python, 1)
    figures.judge("days at random / plain consumer in C", past.rate / upsert)
    figures.judge("days of now / plain consumer in C", now.rate / upsert)
    figures.judge("days of now, events/s", now.rate, None, 120_000)
    figures.judge("broker append to visible at 5,000 events/s, p99", tail, 100, 50, unit=" ms", least=False)
    figures.judge(f"peak RSS of live with a cache of {CACHE_MIB} MiB", rss, 128 + CACHE_MIB, unit=" MiB", least=False)


def bench_growth(arguments, figures):
    """The same figures at other numbers of learners; each learner is listed once, for setting up takes most of the time."""
    sizes = [10_000, 20_000] if arguments.small else [arguments.learners] if arguments.learners_given else GROWTH
    grown = {}
    for learners in sizes:
        say(f"growth: {learners} learners, {arguments.events} events")
        with Stack(arguments.folder / f"growth-{learners}", arguments.binaries, events=8) as stack:
            workload = Workload(learners=learners, waves=1)
            service = configured(stack)
            people = people_first(stack, service, workload)
            past = backlog(stack, service, "days at random: archive, states, all figures", workload.events(arguments.events))
            workload.now = True
            now = backlog(stack, service, "days of now", workload.events(arguments.events))
            middle, tail = steady(stack, service, workload, arguments.latency_seconds)
            grown[learners] = {"people": people.kept(), "past": past.kept(), "now": now.kept(), "p50_ms": middle, "p99_ms": tail,
                               "peak_rss_mib": peak_rss(service)}
            service.stop(60)
    figures.keep(growth=grown)
