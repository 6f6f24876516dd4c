"""The shard against a real broker: killed at any moment it neither loses nor doubles, whatever the end of its state looks like it
finds its place again, and a fenced zombie publishes nothing."""
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource)

import shard_log

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan")) / "tools/shard_driver"
KILLS = int(os.environ.get("MOOC_KILLS", "20"))


class Driver:
    def __init__(self, brokers, prefix, folder, seed, entities, rounds, instance="a", pause=0,
                 more=()):
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [DRIVER, brokers, prefix, instance, folder, str(seed), str(entities), str(rounds),
             str(pause), *more],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def wait_line(self, start):
        said = []
        for line in self.process.stdout:
            if line.startswith(start):
                return line.strip()
            said.append(line)
        raise AssertionError(f"no line '{start}': exit {self.process.wait()} after {''.join(said)}")

    def finish(self, code=0, seconds=60):
        output, _ = self.process.communicate(timeout=seconds)
        assert self.process.returncode == code, output
        return output

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def finished(brokers, prefix, tmp_path, seed, entities, rounds):
    driver = Driver(brokers, prefix, tmp_path, seed, entities, rounds)
    output = driver.finish()
    assert "done" in output and "look-up failed" not in output and "damaged" not in output
    return output


@pytest.mark.long
def test_killed_at_seeded_moments(brokers, prefix, tmp_path):
    seed, entities, rounds = int(os.environ.get("MOOC_SEED", "7")), 1500, 80
    moments = random.Random(seed)
    kills = 0
    while kills < KILLS:
        driver = Driver(brokers, prefix, tmp_path, seed, entities, rounds)
        driver.wait_line("ready")
        time.sleep(moments.uniform(0, 0.25))
        if driver.process.poll() is not None:
            break
        driver.kill()
        kills += 1
    finished(brokers, prefix, tmp_path, seed, entities, rounds)
    assert kills == KILLS, f"the work was done after {kills} kills: make more rounds"
    last = shard_log.check_chains(shard_log.events(brokers, prefix))
    shard_log.check_truth(last, seed, entities, rounds - 1)
    desks = len(shard_log.truth(seed, entities, rounds - 1)[2])
    assert f"desks {desks}\n" in finished(brokers, prefix, tmp_path, seed, entities, rounds)
    assert len(shard_log.by_type(last)["certificate.revoked"]) > 20
    aborted = len(shard_log.read(brokers, f"{prefix}mooc.events.v1", "read_uncommitted")) - \
        len(shard_log.read(brokers, f"{prefix}mooc.events.v1"))
    print(f"{kills} kills, {len(last)} entities, {aborted} records of aborted transactions")


def test_second_run_publishes_nothing_but_marks(brokers, prefix, tmp_path):
    finished(brokers, prefix, tmp_path, 3, 400, 8)
    before = shard_log.events(brokers, prefix)
    finished(brokers, prefix, tmp_path, 3, 400, 8)
    assert shard_log.events(brokers, prefix) == before


def produce(brokers, topic, records, commit, partition=0):
    """A transaction of another producer at the end of the state partition."""
    producer = Producer({"bootstrap.servers": brokers, "transactional.id": f"x-{uuid.uuid4().hex}"})
    producer.init_transactions(10)
    producer.begin_transaction()
    for key, value in records:
        producer.produce(topic, value, key, partition=partition)
    producer.flush(10)
    (producer.commit_transaction if commit else producer.abort_transaction)(10)


def compact(brokers, topic):
    admin = AdminClient({"bootstrap.servers": brokers})
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    for name, value in (("segment.ms", "500"), ("min.cleanable.dirty.ratio", "0.0"),
                        ("delete.retention.ms", "1"), ("min.compaction.lag.ms", "0")):
        resource.add_incremental_config(ConfigEntry(
            name, value, incremental_operation=AlterConfigOpType.SET))
    for future in admin.incremental_alter_configs([resource]).values():
        future.result()


@pytest.mark.parametrize("tail", ["empty", "trailing commit", "another's commit", "trailing abort",
                                  "many aborts", "compacted"])
def test_state_is_read_to_its_end(brokers, prefix, tmp_path, tail):
    topic = f"{prefix}mooc.state.v1"
    known = 0
    if tail != "empty":
        finished(brokers, prefix, tmp_path, 5, 400, 8)
        known = 1
    if tail == "another's commit":
        produce(brokers, topic, [("c|made-up|x", '{"value":"1"}')], commit=True)
    if tail == "trailing abort":
        produce(brokers, topic, [("c|made-up|x", '{"value":"1"}')], commit=False)
    if tail == "many aborts":
        for _ in range(5):
            produce(brokers, topic, [("c|made-up|x", '{"value":"1"}')] * 50, commit=False)
    if tail == "compacted":
        compact(brokers, topic)
        count = len(shard_log.read(brokers, topic))
        for _ in range(30):
            produce(brokers, topic, [("c|made-up|x", '{"value":"1"}')], commit=True)
            time.sleep(1)
            now = len(shard_log.read(brokers, topic))
            if now < count:
                break
        assert now < count, "the cleaner did not run: the case is not tested"
    driver = Driver(brokers, prefix, tmp_path, 5, 400, 8)
    line = driver.wait_line("ready")
    took = time.monotonic() - driver.started
    driver.finish()
    assert took < 5, f"{took:.1f} s"
    assert (int(line.split()[1]) > 0) == bool(known)
    shard_log.check_truth(shard_log.check_chains(shard_log.events(brokers, prefix)), 5, 400, 7)


@contextmanager
def hanging(brokers, topic, partitions=(0,)):
    """A transaction that another producer opened and left; ended with the block."""
    producer = Producer({"bootstrap.servers": brokers, "transactional.id": f"x-{uuid.uuid4().hex}",
                         "transaction.timeout.ms": 60000})
    producer.init_transactions(10)
    producer.begin_transaction()
    for partition in partitions:
        producer.produce(topic, '{"value":"1"}', "c|made-up|x", partition=partition)
    producer.flush(10)
    yield
    producer.abort_transaction(10)


PATIENCE = ("500", "go", "0", "1000")


def test_hanging_transaction_is_not_taken_for_the_end(brokers, prefix, tmp_path):
    finished(brokers, prefix, tmp_path, 5, 400, 8)
    with hanging(brokers, f"{prefix}mooc.state.v1"):
        driver = Driver(brokers, prefix, tmp_path, 5, 400, 10, more=PATIENCE)
        line = driver.wait_line(("ready", "loading"))
        assert "is not ready" in line and "find-hanging" in line
    line = driver.wait_line("ready")
    assert int(line.split()[1]) > 0
    driver.finish()
    shard_log.check_truth(shard_log.check_chains(shard_log.events(brokers, prefix)), 5, 400, 9)


def test_hanging_transaction_hides_no_event_from_a_shard_without_state(brokers, prefix, tmp_path):
    """The log's last stable offset stays before it; what was committed behind counts all the same."""
    finished(brokers, prefix, tmp_path, 5, 300, 0)
    with hanging(brokers, f"{prefix}mooc.events.v1", (0, 1, 2)):
        finished(brokers, prefix, tmp_path, 5, 300, 4)
        lose_state(brokers, prefix)
        driver = Driver(brokers, prefix, tmp_path, 5, 300, 8, more=PATIENCE)
        assert "is not ready" in driver.wait_line(("ready", "loading", "failed"))
    assert "mooc-ingest state rebuild" in driver.finish(code=1)


def test_fenced_zombie_cannot_commit(brokers, prefix, tmp_path):
    seed, entities, rounds = 11, 1500, 48
    zombie = Driver(brokers, prefix, tmp_path, seed, entities, rounds, "zombie", pause=20)
    zombie.wait_line("round 5")
    zombie.process.send_signal(signal.SIGSTOP)
    heir = Driver(brokers, prefix, tmp_path, seed, entities, rounds, "heir", pause=20)
    heir.wait_line("round 12")
    zombie.process.send_signal(signal.SIGCONT)
    output = zombie.finish(code=4)
    assert "fenced another instance owns this part of the work" in output
    heir.finish()
    shard_log.check_truth(shard_log.check_chains(shard_log.events(brokers, prefix)), seed, entities,
                          rounds - 1)


def make_topics(brokers, prefix):
    subprocess.run([sys.executable, ROOT / "deploy/dev/topics.py", "--brokers", brokers, "--prefix",
                    prefix, "--events", "3", "--state", "1", "--dead", "1"], check=True)


def lose_state(brokers, prefix):
    admin = AdminClient({"bootstrap.servers": brokers})
    topic = f"{prefix}mooc.state.v1"
    admin.delete_topics([topic])[topic].result()
    while topic in admin.list_topics(timeout=10).topics:
        time.sleep(0.1)
    make_topics(brokers, prefix)


def test_lost_state_is_an_error_not_a_fresh_start(brokers, prefix, tmp_path):
    finished(brokers, prefix, tmp_path, 5, 300, 4)
    before = len(shard_log.events(brokers, prefix))
    lose_state(brokers, prefix)
    output = Driver(brokers, prefix, tmp_path, 5, 300, 8).finish(code=1)
    assert "mooc-ingest state rebuild" in output
    assert len(shard_log.events(brokers, prefix)) == before


def test_truncated_or_recreated_log_is_refused(brokers, prefix, tmp_path):
    finished(brokers, prefix, tmp_path, 5, 300, 4)
    admin = AdminClient({"bootstrap.servers": brokers})
    topic = f"{prefix}mooc.events.v1"
    finished(brokers, prefix, tmp_path, 5, 300, 6)  # notes how far the log reaches
    admin.delete_records([TopicPartition(topic, 0, 10)])[TopicPartition(topic, 0, 10)].result()
    output = Driver(brokers, prefix, tmp_path, 5, 300, 8).finish(code=1)
    assert "has lost its first 10 records" in output
    admin.delete_topics([topic])[topic].result()
    while topic in admin.list_topics(timeout=10).topics:
        time.sleep(0.1)
    make_topics(brokers, prefix)
    output = Driver(brokers, prefix, tmp_path, 5, 300, 8).finish(code=1)
    assert "was recreated" in output and "state rebuild" in output
    assert shard_log.events(brokers, prefix) == []


def test_a_log_that_is_recreated_meanwhile_stops_the_shard(brokers, prefix, tmp_path):
    """What goes into the new topic first tells that it is another one; and the state remembers how far the old one reached."""
    driver = Driver(brokers, prefix, tmp_path, 5, 1500, 100000)
    driver.wait_line("round 3")
    admin = AdminClient({"bootstrap.servers": brokers})
    topic = f"{prefix}mooc.events.v1"
    admin.delete_topics([topic])[topic].result()
    while topic in admin.list_topics(timeout=10).topics:
        time.sleep(0.1)
    make_topics(brokers, prefix)
    output = driver.finish(code=1, seconds=60)
    assert "was recreated while we ran" in output or "it was recreated" in output, output


def test_sigterm_ends_within_five_seconds(brokers, prefix, tmp_path):
    driver = Driver(brokers, prefix, tmp_path, 5, 1500, 100000)
    driver.wait_line("round 3")
    asked = time.monotonic()
    driver.process.send_signal(signal.SIGTERM)
    driver.finish(code=0, seconds=10)
    assert time.monotonic() - asked < 5
    shard_log.check_chains(shard_log.events(brokers, prefix))


def test_reader_finds_a_planted_duplicate_and_gap(brokers, prefix, tmp_path):
    """The checker itself can fail."""
    finished(brokers, prefix, tmp_path, 5, 300, 4)
    log = shard_log.events(brokers, prefix)
    with pytest.raises(AssertionError):
        shard_log.check_chains(log + [log[-1]])
    changed = next(e for e in log if e["previous"] != "0")
    with pytest.raises(AssertionError):
        shard_log.check_chains([e for e in log if (e["entity"], e["revision"]) !=
                                (changed["entity"], changed["previous"])])
