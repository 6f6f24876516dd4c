"""Kafka comes back with an older copy of the log while both services run, and is written to beyond where they were before they ask again."""
import os
import shutil
import signal

import pytest
from confluent_kafka import Producer

from conftest import BINARIES
from harness.stack import Stack, wait_for
from json_server import JsonServer
from test_archive import event
from test_set_back import COURSE, Store
from test_shard_broker import Broker


@pytest.fixture
def broker(tmp_path_factory):
    broker = Broker(tmp_path_factory.mktemp("kafka"))
    broker.script("start")
    yield broker
    broker.script("kill")
    shutil.rmtree(broker.folder)


@pytest.fixture
def stack(broker, tmp_path, monkeypatch):
    monkeypatch.setenv("MOOC_KAFKA_BROKERS", broker.address)
    with Stack(tmp_path, BINARIES) as made:
        yield made
        broker.script("start")


def produce(stack, numbers):
    producer = Producer({"bootstrap.servers": stack.brokers})
    for number in numbers:
        producer.produce(stack.topics["events"], event(number, 1), key=str(number))
    assert producer.flush(60) == 0


def archived(stack):
    return stack.query("SELECT count(*)::int FROM archive.events")[0][0]


def enrolled(stack):
    return stack.query("SELECT count(*)::int FROM archive.events WHERE type = 'enrollment.created'")[0][0]


@pytest.mark.long
def test_both_stop_and_say_so(broker, stack):
    store, data, copy = Store(), broker.folder / "kafka/data", broker.folder / "copy"
    store.put("a")
    with JsonServer(store.answer) as server:
        (stack.folder / "password").touch(mode=0o600)
        (stack.folder / "password").write_text("p")
        source = {"name": "lrs", "kind": "xapi", "url": server.url, "allow_http": True, "user": "u", "sweep_every": "2s",
                  "password_file": str(stack.folder / "password"), "requests_per_minute": 60000, "courses": [COURSE]}
        ingest, aggregator = stack.make_ingest([source]).start(), stack.make_aggregator().start()
        wait_for(lambda: enrolled(stack) == 1, 60, "the first sweep is counted")
        produce(stack, range(50))
        wait_for(lambda: archived(stack) > 50, 60, "all is counted")
        broker.script("stop")
        shutil.copytree(data, copy)
        broker.script("start")
        produce(stack, range(50, 70))
        store.put("b")
        wait_for(lambda: enrolled(stack) == 2 and archived(stack) > 71, 60, "what came after the copy is counted")
        os.kill(aggregator.process.pid, signal.SIGSTOP)
        counted = archived(stack)
        broker.script("kill")
        shutil.rmtree(data)
        copy.rename(data)
        broker.script("start")
        wait_for(lambda: "or restored from an old copy, and events are missing" in ingest.log_text(), 60, "ingest says so")
        produce(stack, range(1000, 3000))
        os.kill(aggregator.process.pid, signal.SIGCONT)
        assert aggregator.process.wait(60) == 1
        assert "has another record at offset" in aggregator.log_text() and archived(stack) == counted
