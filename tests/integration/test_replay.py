"""Replay: the next generation is what the live one would be, is promoted and rolled back in a moment, and follows meanwhile."""
import json
import os
import random
import shutil
import subprocess
import threading
import time

import psycopg
import pytest
from confluent_kafka import Producer

from conftest import BINARIES
from harness import recompute
from harness.hand_made import event
from harness.random_events import RandomEvents, write_reference
from harness.stack import REFERENCE, Stack, wait_for

TABLES = ("states", "members", "carriers", "tallies", "activity", "activity_5min", "deadlines", "issues", "totals", "headcounts",
          "marks", "dead_letters", "unmapped")


class World:
    """Random events of some people, counted by a running aggregator."""

    def __init__(self, folder, seed=1, people=120, events=3):
        self.stack = Stack(folder, BINARIES, events=events).open()
        self.reference = self.stack.folder / "reference"
        shutil.copytree(REFERENCE, self.reference)
        write_reference(self.reference)
        self.service = self.stack.make_aggregator(cache_bytes="4MiB")
        self.command("config", "load", self.reference)
        self.producer = Producer({"bootstrap.servers": self.stack.brokers})
        self.events, self.sent = RandomEvents(seed, people), 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def command(self, *words, code=0, **environment):
        done = subprocess.run([BINARIES / "mooc-aggregator", *map(str, words), "--config", self.service.config],
                              capture_output=True, text=True, timeout=120,
                              env={k: v for k, v in os.environ.items() if not k.startswith("MOOC_")} | environment)
        assert code is None or done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def send(self, count):
        events = self.events.take(count)
        for key, value in events:
            self.producer.produce(self.stack.topics["events"], value, key)
        assert self.producer.flush(60) == 0
        self.sent += len(events)

    def send_odd(self):
        """What is about no learner, what cannot be read, and what ingest rejected."""
        odd = [b"no JSON", b"", event("roster.listed", "x", None, wave="W", unit="U")]
        for turn in (2, 1, 3):
            odd += [event("source.swept", f"mark:{p}", None, source="p1", revision=turn, stream="grades", substream="c1", partition=p,
                          through=f"2023-09-2{turn}T00:00:00Z", records=turn, dead=0) for p in range(3)]
        for value in odd:
            self.producer.produce(self.stack.topics["events"], value, b"odd")
        for turn in (1, 2):
            for n in range(3):
                self.producer.produce(self.stack.topics["dead"], event(
                    "record.rejected" if turn == 1 or n else "record.accepted", f"dead:{n}", None, revision=turn, stream="grades",
                    **({"reason": "unit_unknown", "detail": f"row {turn}"} if turn == 1 or n else {})), b"k")
        assert self.producer.flush(60) == 0
        self.sent += len(odd)

    def count(self, count):
        self.send(count)
        self.counted()

    def counted(self):
        wait_for(lambda: self.stack.query("SELECT count(*) FROM archive.events") == [(self.sent,)], 60, "all is counted", 0.05)

    def tables(self, generation):
        return {t: [row for row, in self.stack.query(f"SELECT t::text FROM gen_{generation}.{t} t ORDER BY 1")] for t in TABLES}

    def vector(self, generation):
        return self.stack.query("SELECT topic, partition, next_offset FROM pulse.offsets WHERE generation = %s ORDER BY 1, 2", generation)

    def level(self, a, b):
        wait_for(lambda: self.vector(a) == self.vector(b), 30, "both generations stand at one vector", 0.05)

    def live(self):
        return self.stack.query("SELECT generation FROM pulse.live")[0][0]


@pytest.fixture
def world(tmp_path):
    with World(tmp_path) as made:
        made.service.start()
        yield made


def equal(world, a, b):
    left, right = world.tables(a), world.tables(b)
    for table in TABLES:
        assert left[table] == right[table], table
    return left


def test_a_replay_equals_live_follows_it_and_takes_its_place(world):
    world.send_odd()
    world.count(2500)
    wait_for(lambda: len(world.tables(1)["dead_letters"]) >= 5, 20, "letters")
    first = json.loads(world.command("replay", "start", "--format", "json", "--threads", "3").stdout)
    assert first["generation"] == 2 and first["records"] >= 2500
    equal(world, 1, 2)
    sums = json.loads(world.command("replay", "status", "--checksums", "--format", "json").stdout)
    assert [s["role"] for s in sums] == ["live", "next"] and sums[0]["tables"] == sums[1]["tables"] == first["tables"]
    world.count(1500)
    world.level(1, 2)
    held = equal(world, 1, 2)
    assert all(held[t] for t in ("states", "members", "carriers", "tallies", "activity", "deadlines", "issues", "marks"))
    world.command("replay", "promote", "--reason", "a test")
    assert world.live() == 2
    world.count(1000)
    world.level(1, 2)
    equal(world, 1, 2)
    assert recompute.differences(world.stack.query, 2) == []
    world.command("replay", "rollback")
    assert world.live() == 1
    world.count(500)
    world.level(1, 2)
    assert recompute.differences(world.stack.query, 1) == []
    world.command("replay", "drop")
    assert [g for g, in world.stack.query("SELECT generation FROM pulse.generations")] == [1]
    world.count(200)
    actions = [a for a, in world.stack.query("SELECT action FROM pulse.audit WHERE action LIKE 'replay%' ORDER BY entry")]
    assert actions == ["replay start", "replay promote", "replay rollback", "replay drop"]


def test_from_the_archive_it_is_the_same(world):
    world.count(2000)
    world.command("replay", "start", "--from-archive", "--threads", "2")
    equal(world, 1, 2)
