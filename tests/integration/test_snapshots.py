"""Whoever reads sees figures of a prefix of the log at every moment, also while the writer is killed again and again."""
import itertools
import os
import shutil
import threading
import time

import psycopg
from confluent_kafka import Producer

from harness import recompute
from harness.random_events import RandomEvents, write_reference
from harness.stack import REFERENCE, wait_for


class Reader:
    """Recomputes each new state that it sees, in one snapshot."""

    def __init__(self, stack):
        self.conninfo, self.states, self.wrong, self.done = stack.conninfo(os.environ["PGUSER"]), set(), [], False
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        with psycopg.connect(self.conninfo) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            while not self.done:
                with connection.transaction():
                    self._look(connection)
                time.sleep(0.01)

    def _look(self, connection):
        def query(sql, *parameters):
            return connection.execute(sql, parameters or None).fetchall()
        state, = query("SELECT sum(next_offset) FROM archive.offsets")
        if state not in self.states:
            self.states.add(state)
            self.wrong += [(state, *difference) for difference in recompute.differences(query)]

    def close(self):
        self.done = True
        self.thread.join()


def test_every_committed_state_is_that_of_a_prefix(stack, tmp_path):
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)
    write_reference(folder)
    stack.make_aggregator(batch={"records": 5}, cache_bytes="1MiB")
    stack.command("mooc-aggregator", "config", "load", folder)
    producer = Producer({"bootstrap.servers": stack.brokers, "compression.type": "zstd"})
    events = RandomEvents(seed=5, people=25).take(1500)
    waiting = iter(events)

    def produce(count):
        for key, value in itertools.islice(waiting, count):
            producer.produce(stack.topics["events"], value, key)
        assert producer.flush(30) == 0

    reader = Reader(stack)
    try:
        for _ in range(3):
            produce(len(events) // 4)
            seen = len(reader.states)
            stack.aggregator.start()
            wait_for(lambda: len(reader.states) > seen, 30, "it counts again")
            stack.aggregator.kill()
        produce(len(events))
        stack.aggregator.start()
        wait_for(lambda: stack.query("SELECT count(*) FROM archive.events") == [(len(events),)], 60, "all is counted")
    finally:
        reader.close()
    assert stack.aggregator.stop()[0] == 0
    assert stack.query("SELECT count(*) FROM archive.events WHERE type IS NULL AND id IS NULL") == [(0,)]
    assert len(reader.states) > 4
    assert reader.wrong == []
    assert recompute.differences(stack.query) == []
    assert stack.query("SELECT count(*) > 30 FROM gen_1.tallies") == [(True,)]
