"""Replay: the log from its start to a generation that could be promoted; next to bare readers of the same log and a bare COPY. And what
live feels of it."""
import json
import os
import statistics
import subprocess
import sys
import threading

import psycopg

from bench_aggregator import bare_copy, configured, counted, latency, produce
from figures import parent, say, server_cpu_seconds
from harness.stack import Stack, wait_for
from workload import Workload

THREADS = 2
ROUNDS = 3


def replayed(stack, service):
    """One replay, start to ready: its own figures, and the peak memory of its process."""
    with psycopg.connect(stack.conninfo()) as connection:
        postmaster = parent(connection.info.backend_pid)
    before = server_cpu_seconds(postmaster)
    done = subprocess.run([sys.executable, "-c", PEAK, str(stack.binaries / "mooc-aggregator"), "replay", "start", "--threads",
                           str(THREADS), "--format", "json", "--config", str(service.config)], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    figures["server_cpu"] = server_cpu_seconds(postmaster) - before
    subprocess.run([stack.binaries / "mooc-aggregator", "replay", "drop", "--config", service.config], check=True, capture_output=True)
    return figures


# Runs a command and adds the peak memory and CPU time of that child alone to its JSON.
PEAK = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps(json.loads(done.stdout) | {"peak_rss": used.ru_maxrss * 1024, "cpu": used.ru_utime + used.ru_stime}))
"""


def parsed(stack):
    done = subprocess.run([stack.binaries / "bench/parse_log", stack.brokers, stack.topics["events"], str(stack.partitions["events"]),
                           str(THREADS)], capture_output=True, text=True, check=True, timeout=600)
    answer = json.loads(done.stdout)
    return answer["records"] / answer["seconds"]


def bench_replay(arguments, figures):
    learners, count = arguments.learners, arguments.events
    say(f"replay: {learners} learners in 4 trainings, {count} events, {THREADS} threads")
    with Stack(arguments.folder / "replay", arguments.binaries, events=8) as stack:
        workload = Workload(learners=learners)
        service = configured(stack)
        records = produce(stack, workload.setup()) + produce(stack, workload.events(count))
        service.start()
        wait_for(lambda: counted(service) >= records, 3600, "live has counted all", every=0.1)
        service.stop(60)  # what is measured is measured alone
        rounds = []
        for number in range(ROUNDS):
            bare = parsed(stack)
            one = replayed(stack, service) | {"bare": bare}
            rounds.append(one)
            pairs, rate = one["states"], one["records"] / one["seconds"]
            say(f"  round {number + 1}: {one['records']:>9,} records in {one['seconds']:.2f} s   {rate:>10,.0f} records/s = "
                f"{rate / bare:.2f} of bare consume + cJSON ({bare:,.0f}/s); {one['phases']}")
            say(f"    CPU seconds per million records: service {one['cpu'] * 1e6 / one['records']:.2f}, "
                f"PostgreSQL {one['server_cpu'] * 1e6 / one['records']:.2f}")
            say(f"    {one['people']:,} people, {pairs:,} (subject, training), {one['facts']:,} entities: {one['memory_bytes'] / 2**20:.0f}"
                f" MiB of facts, peak RSS {one['peak_rss'] / 2**20:.0f} MiB; "
                f"{120 * pairs / 2**20 + 40 * one['facts'] / 2**20:.0f} MiB allowed")
        copy = bare_copy(stack, Workload(learners=learners, seed=2), min(count, 300_000))
    best = sorted(rounds, key=lambda r: r["seconds"])[len(rounds) // 2]
    rate = best["records"] / best["seconds"]
    say(f"  baseline: bare COPY of (key, text) {copy:,.0f} rows/s")
    figures.keep(replay_records_per_second=rate, replay_bare_parse_per_second=best["bare"], replay_bare_copy_per_second=copy,
                 replay_peak_rss=best["peak_rss"], replay_phases=best["phases"])
    figures.judge(f"replay of {best['records'] / 1e6:.1f} M records / bare consume + cJSON", rate / best["bare"], 0.7)
    figures.judge("replay / bare COPY of (key, text)", rate / copy, 0.8)
    figures.judge("replay, records/s", rate, None, 500_000)
    figures.judge("replay, peak RSS / (120 B per pair + 40 B per entity)", best["peak_rss"] / (120 * best["states"] + 40 * best["facts"]), 1,
                  least=False)


def again_and_again(stack, service, until, words, seconds):
    """Replays, one after the other, dropped when they are there."""
    while not until.is_set():
        done = subprocess.run([stack.binaries / "mooc-aggregator", "replay", "start", "--format", "json", *words, "--config", service.config],
                              capture_output=True, text=True, check=True)
        seconds.append(json.loads(done.stdout)["seconds"])
        subprocess.run([stack.binaries / "mooc-aggregator", "replay", "drop", "--config", service.config], check=True, capture_output=True)


def beside(stack, service, workload, words, seconds):
    """Milliseconds from append to visible at a steady rate while replays run, or none (words None); and how long each replay took."""
    until, took = threading.Event(), []
    replays = threading.Thread(target=again_and_again, args=(stack, service, until, words, took))
    if words is not None:
        replays.start()
    try:
        samples = latency(stack, workload, 5000, seconds)
    finally:
        until.set()
        if words is not None:
            replays.join()
    return samples, took


def bench_replay_live(arguments, figures):
    """Live at 5,000 events/s alone, beside replays at full speed, and beside replays with a rate; in turns, for the machine is noisy."""
    learners, count = arguments.learners, arguments.events
    with Stack(arguments.folder / "replay-live", arguments.binaries, events=8) as stack:
        workload = Workload(learners=learners)
        service = configured(stack)
        records = produce(stack, workload.setup()) + produce(stack, workload.events(count))
        service.start()
        wait_for(lambda: counted(service) >= records, 3600, "live has counted all", every=0.1)
        workload.now = True
        rate = records // arguments.latency_seconds
        kinds = {"alone": None, "beside replays, 2 threads": ["--threads", "2"], "beside replays, 1 thread": ["--threads", "1"],
                 f"beside replays, 1 thread, --rate {rate}": ["--threads", "1", "--rate", str(rate)]}
        say(f"live beside replays: {learners} learners in 4 trainings, {records} records in the log, 5,000 events/s")
        found = {kind: [] for kind in kinds}
        for _ in range(1 if arguments.small else 2):
            for kind, words in kinds.items():
                samples, took = beside(stack, service, workload, words, arguments.latency_seconds)
                middle, tail = statistics.median(samples), samples[int(len(samples) * 0.99)]
                found[kind].append((middle, tail))
                say(f"  {kind:<46} p50 {middle:6.0f} ms, p99 {tail:6.0f} ms, longest {samples[-1]:6.0f} ms; load {os.getloadavg()[0]:.1f}"
                    + (f"; replays took {', '.join(f'{s:.1f}' for s in took)} s" if took else ""))
        service.stop(60)
    figures.keep(replay_live_ms=found)
    for kind, pairs in found.items():
        figures.judge(f"live {kind}, p99", min(tail for _, tail in pairs), 100 if kind == "alone" or "rate" in kind else None, unit=" ms", least=False)
