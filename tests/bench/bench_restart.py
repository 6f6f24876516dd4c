"""Ingest with a million entities: seconds from the start of the process until every shard has its state back, and peak memory."""
import json
import time
from datetime import datetime

from bench_ingest import Pages, first_sweep_over, make_ingest, total
from figures import memory_budget, peak_rss, say
from harness.stack import Stack, wait_for


def loaded(log, start, shards):
    """(when, entities) once each shard has told that it is ready, after that place in the log."""
    lines = [json.loads(line) for line in log.read_text()[start:].splitlines() if line.endswith("}")]
    ready = {line["shard"]: line for line in lines if line["message"] == "shard ready"}
    if len(ready) < shards:
        return None
    return (max(datetime.fromisoformat(line["ts"]).timestamp() for line in ready.values()),
            sum(line["entities"] for line in ready.values()))


def start_again(ingest, shards):
    """Seconds and entities."""
    start, began = len(ingest.log_text()), time.time()
    ingest.start()
    at, entities = wait_for(lambda: loaded(ingest.log, start, shards), 120, "the state is read", every=0.1)
    return at - began, entities


def bench_restart(arguments, figures):
    learners = arguments.entities // (2 * arguments.courses)  # of each an enrolment and its progress
    entities = 2 * learners * arguments.courses
    server = Pages(arguments.folder, arguments.courses, learners)
    try:
        with Stack(arguments.folder / "restart", arguments.binaries, events=8, database=False) as stack:
            ingest = make_ingest(stack, server, arguments.courses, "1h").start()
            wait_for(lambda: first_sweep_over(ingest) and total(ingest, "entities") >= entities, 300, "the state is filled", every=0.5)
            filled = peak_rss(ingest)
            ingest.stop(30)
            stopped, known = start_again(ingest, stack.partitions["state"])
            assert known == entities, f"{known} of {entities} entities after a restart"
            wait_for(lambda: total(ingest, "unchanged_total") >= entities, 120, "a re-sweep is done", every=0.5)
            again = peak_rss(ingest)
            ingest.kill()
            killed, known = start_again(ingest, stack.partitions["state"])
            assert known == entities, f"{known} of {entities} entities after kill -9"
            ingest.stop(30)
    finally:
        server.close()
    figures.keep(restart_entities=entities, restart_seconds=stopped, restart_after_kill_seconds=killed,
                 restart_fill_peak_rss_mib=filled, restart_peak_rss_mib=again)
    say(f"restart: {entities:,} entities")
    figures.judge("stopped and started, until the state is back", stopped, 10, unit=" s", least=False)
    figures.judge("killed and started, until the state is back", killed, 10, unit=" s", least=False)
    budget = memory_budget(entities)
    figures.judge("peak RSS of the first sweep", filled, budget, unit=" MiB", least=False)
    figures.judge("peak RSS of restart and re-sweep", again, budget, unit=" MiB", least=False)
