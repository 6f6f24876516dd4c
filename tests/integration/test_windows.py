"""Random worlds through the aggregator: every table is that of the definitions, whatever the order, duplicates and batches."""
import os
import random
import shutil

import psycopg
import pytest
from confluent_kafka import Producer

from conftest import BINARIES
from harness import checks, recompute
from harness.random_events import RandomEvents, write_reference
from harness.stack import REFERENCE, Stack, wait_for

TABLES = ("states", "members", "carriers", "tallies", "activity", "activity_5min", "deadlines", "issues", "headcounts", "totals",
          "marks", "unmapped")
PLANTED = [
    ("tallies", "UPDATE gen_1.tallies SET score_sum = score_sum + 1 WHERE ctid = (SELECT min(ctid) FROM gen_1.tallies)"),
    ("tallies", "DELETE FROM gen_1.tallies WHERE scope = 'audience'"),
    ("activity", "UPDATE gen_1.activity SET active[1] = active[1] + 1 WHERE active IS NOT NULL"),
    ("activity", "UPDATE gen_1.activity SET change_7 = change_7[2:] || change_7[1] WHERE change_7 IS NOT NULL"),
    ("activity", "UPDATE gen_1.activity SET change_30_sum = change_30_sum + 1"),
    ("activity", "UPDATE gen_1.activity SET newly_passed = exams_passed WHERE newly_passed <> exams_passed"),
    ("activity", "DELETE FROM gen_1.activity WHERE month = (SELECT max(month) FROM gen_1.activity)"),
    ("activity_5min", "UPDATE gen_1.activity_5min SET began_at = began_at - interval '3 min'"),
    ("deadlines", "UPDATE gen_1.deadlines SET learners = learners + 1 WHERE lectures > 0"),
    ("issues", "DELETE FROM gen_1.issues WHERE kind = 'passed_too_fast'"),
    ("issues", "UPDATE gen_1.issues SET unit = unit || '?' WHERE kind = 'identifier_shared'"),
    ("members", "DELETE FROM gen_1.members WHERE subject = (SELECT max(subject::text)::uuid FROM gen_1.members)"),
    ("headcounts", "UPDATE gen_1.headcounts SET people = people + 1"),
    ("totals", "UPDATE gen_1.totals SET in_force = NOT in_force"),
]


class World:
    """A stack with reference data of its own, fed in pieces; after each the aggregator starts again with other batches."""

    def __init__(self, stack):
        self.stack, self.published = stack, 0
        folder = stack.folder / "reference"
        shutil.copytree(REFERENCE, folder)
        write_reference(folder)
        stack.make_aggregator()
        stack.command("mooc-aggregator", "config", "load", folder)
        self.producer = Producer({"bootstrap.servers": stack.brokers, "compression.type": "zstd"})

    def feed(self, events, batch, cache="1MiB"):
        for key, value in events:
            self.producer.produce(self.stack.topics["events"], value, key)
        assert self.producer.flush(60) == 0
        self.published += len(events)
        service = self.stack.make_aggregator(batch={"records": batch}, cache_bytes=cache)
        service.start()
        count = "SELECT count(*) FROM archive.events"
        try:
            wait_for(lambda: self.stack.query(count) == [(self.published,)], 60 + len(events) // 200, "all is counted", 0.05)
        finally:
            if service.alive():
                assert service.stop()[0] == 0, service.log_text()

    def tables(self):
        """Table -> its rows as text, without where the log had them."""
        return {t: [row for row, in self.stack.query(f"SELECT t::text FROM gen_1.{t} t ORDER BY 1")] for t in TABLES}


def cut(chance, events, pieces):
    at = sorted(chance.sample(range(1, len(events)), pieces - 1))
    return [events[a:b] for a, b in zip([0, *at], [*at, len(events)])]


def planted_errors_are_found(stack):
    """A check that cannot fail proves nothing."""
    with psycopg.connect(stack.conninfo(os.environ["PGUSER"])) as connection:
        def query(sql, *parameters):
            return connection.execute(sql, parameters or None).fetchall()
        for table, statement in PLANTED:
            with connection.transaction(force_rollback=True):
                assert connection.execute(statement).rowcount > 0, statement
                found = recompute.differences(query)
                assert found and {d.table for d in found} == {table}, f"{statement}: {found[:3]}"
                if table == "activity":
                    assert recompute.shown_windows(query, random.Random(1), 1000, 1)[1], statement


def run(stack, folder, seed, people, events, pieces):
    chance = random.Random(seed)
    first, events = World(stack), RandomEvents(seed, people, naming=0.08).take(events)
    for piece in cut(chance, events, pieces):
        first.feed(piece, chance.choice((7, 100, 5000)))
        assert recompute.differences(stack.query) == []
    checks.check_tallies(stack)
    cells, found = recompute.shown_windows(stack.query, chance, keys=60, days=10)
    assert cells > 1000 and found == []
    again = events + chance.sample(events, len(events) // 4)
    chance.shuffle(again)
    with Stack(folder, BINARIES, events=2) as other:
        second = World(other)
        for piece in cut(chance, again, 2):
            second.feed(piece, chance.choice((50, 5000)), "64MiB")
        left, right = first.tables(), second.tables()
    for table in TABLES:
        assert left[table] == right[table], table
        assert left[table] or table == "marks"


def test_every_table_is_that_of_the_definitions(stack, tmp_path):
    run(stack, tmp_path / "other", seed=11, people=40, events=2500, pieces=3)
    assert stack.query("SELECT count(*) FROM archive.events WHERE type IS NULL AND id IS NULL") == [(0,)]
    planted_errors_are_found(stack)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(21, 31))
def test_larger_worlds(stack, tmp_path, seed):
    run(stack, tmp_path / "other", seed, people=60 * (seed - 20), events=20000, pieces=4)
