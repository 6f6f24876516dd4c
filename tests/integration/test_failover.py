"""Instances that share the sources: one is killed, stopped past the group's session and continued, or cut off from Kafka, while the
platform goes on. Its sources move within 15 seconds; what it still sends afterwards counts nowhere."""
import json
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from confluent_kafka import Consumer

import shard_log
from harness.kafka_proxy import KafkaProxy
from harness.stack import wait_for
from test_ingest import Instance, chains, prefix, topics  # noqa: F401

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "platforms"))
from simulator import Simulator  # noqa: E402

WORLD = {"world": "hagiang", "seed": 1, "start": "begin", "speed": 7 * 86400 / 60,
         "rate": ["enrollment=60000/minute", "default=60000/minute"]}


@contextmanager
def running(*instances):
    try:
        yield
    finally:
        for instance in instances:
            if instance.process.poll() is None:
                instance.kill()



def make(proxy, prefix, folder, name, url):
    instance = Instance(proxy.address, prefix, folder, name, url)
    config = json.loads(instance.config.read_text())
    config["sources"][0] |= {"certificates_every": "1s", "accounts_every": "1s"}
    instance.config.write_text(json.dumps(config))
    return instance


class Pair:
    def __init__(self, brokers, prefix, folder, url):
        self.proxies = {name: KafkaProxy(brokers) for name in "ab"}
        self.both = {name: make(self.proxies[name], prefix, folder, name, url).start() for name in "ab"}
        self.settle()

    def settle(self):
        """Each of the two says of itself that it has one of the two shards."""
        for instance in self.both.values():
            def has_one(instance=instance):
                said = instance.status()
                return said.get("pid") == instance.process.pid and said["ready"] and \
                    [s["status"] for s in said["shards"]].count("ready") == 1
            instance.wait(has_one)

    def owner(self):
        """The one that watches the source, once what both say of themselves agrees."""
        def owners():
            return [n for n, i in self.both.items() if i.through()]
        wait_for(lambda: len(owners()) == 1, 30, "one watches the source")
        return owners()[0]

    def taken_over(self, disturb, repair):
        """Disturbs the owner and repairs it when the other has taken over; seconds until that one's first mark."""
        old = self.owner()
        new = "ab".replace(old, "")
        before = max(self.both[old].through().values())
        disturb(old)
        began = time.monotonic()
        self.both[new].wait(lambda: max(self.both[new].through().values(), default="") > before)
        took = time.monotonic() - began
        repair(old)
        self.settle()
        now = max(self.both[new].through().values(), default=before)
        wait_for(lambda: max(self.both[self.owner()].through().values(), default="") > now, 30, "the work goes on")
        return took

    def stop(self, name):
        self.both[name].process.send_signal(signal.SIGSTOP)

    def go_on(self, name):
        self.both[name].process.send_signal(signal.SIGCONT)

    def loads(self):
        return {n: i.log.read_text().count("shard ready") for n, i in self.both.items()}


@pytest.fixture
def platform():
    with Simulator(**WORLD) as simulator:
        yield simulator


@pytest.mark.long
def test_sources_move_and_nothing_doubles(brokers, prefix, tmp_path, platform):  # noqa: F811
    pair = Pair(brokers, prefix, tmp_path, platform.url)
    with running(*pair.both.values()):
        disturb(pair, platform)
    last = shard_log.by_type(chains(brokers, prefix))
    assert len(last["certificate.issued"]) == platform.state()["certificates"] > 50


@pytest.mark.long
def test_who_finds_its_name_taken_waits_until_it_is_free(brokers, prefix, tmp_path, platform):  # noqa: F811
    """By another process, or by what it sent itself before it was cut off and that reached Kafka after a newer request."""
    instance = Instance(brokers, prefix, tmp_path, "a", platform.url)

    def ready():
        return [s["status"] for s in instance.status().get("shards", [])].count("ready") == 2
    with running(instance.start()):
        instance.wait(ready)
        other = Consumer({"bootstrap.servers": brokers, "group.id": f"{prefix}group", "group.instance.id": "a", "session.timeout.ms": 2000,
                          "heartbeat.interval.ms": 500, "partition.assignment.strategy": "range"})
        other.subscribe([f"{prefix}mooc.state.v1"])
        wait_for(lambda: other.poll(0.1) or other.assignment(), 20, "it has the name")
        instance.wait(lambda: "another member of the same instance name" in instance.log.read_text())
        until = time.monotonic() + 2
        while time.monotonic() < until:
            other.poll(0.1)
        assert "back in the group" not in instance.log.read_text() and other.assignment(), "it took the name away again"
        other.close()  # which leaves no group, as it is a static member
        instance.wait(lambda: "back in the group" in instance.log.read_text() and ready())


def alone(pair, name):
    """Cut off for longer than the session, but nobody else was there: the sweep goes on where it was, nothing is read anew."""
    instance, other = pair.both[name], pair.both["ab".replace(name, "")]
    other.stop()
    instance.wait(lambda: [s["status"] for s in instance.status()["shards"]].count("ready") == 2)
    loads, given_up = pair.loads(), instance.log.read_text().count("shards given up")
    pair.proxies[name].cut()
    instance.wait(lambda: instance.log.read_text().count("shards given up") > given_up)
    pair.proxies[name].heal()
    before = max(instance.through().values(), default="")
    instance.wait(lambda: max(instance.through().values(), default="") > before)
    assert pair.loads() == loads
    instance.stop()


def disturb(pair, platform):
    took = {}
    took["stopped"] = pair.taken_over(pair.stop, pair.go_on)
    took["cut off"] = pair.taken_over(lambda n: pair.proxies[n].cut(), lambda n: pair.proxies[n].heal())
    took["killed"] = pair.taken_over(lambda n: pair.both[n].kill(), lambda n: pair.both[n].start())
    owner, loads = pair.owner(), pair.loads()
    other = "ab".replace(owner, "")
    pair.both[owner].kill()  # and back within the session: its place is kept
    pair.both[owner].start().wait(lambda: pair.loads()[owner] > loads[owner])
    pair.both[owner].wait(lambda: pair.both[owner].through())
    assert pair.loads()[other] == loads[other], "the other took over meanwhile"
    platform.clock(now="end", speed=0)
    ended = max(pair.both[owner].through().values())
    pair.both[owner].wait(lambda: min(pair.both[owner].through().values(), default="") > ended)
    alone(pair, owner)
    print({how: f"{seconds:.1f} s" for how, seconds in took.items()})
    assert all(seconds < 15 for seconds in took.values()), took
