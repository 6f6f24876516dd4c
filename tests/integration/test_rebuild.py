"""State that was lost is made anew from the log: what the platform did meanwhile is told, what it did not do is not."""
import json
from datetime import datetime, timezone

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions

import shard_log
from harness.stack import wait_for
from ingest_process import IngestProcess
from json_server import JsonServer

CONNECTOR = """
connector: lop
version: 1
title: {en: Lop}
auth: {kind: none}
budget: {requests_per_minute: 6000, max_concurrent: 4}
options:
  by_day: {kind: boolean, default: "false", help: Days are listed.}
streams:
  people:
    request: {path: /people}
    records: /rows
    every: 300ms
    on_vanish: remove
    learner: {account: /id, identifiers: {email: /mail}, name: /name}
    events:
      - {type: account.created}
  seats:
    for_each: course
    request: {path: /seats}
    records: /rows
    every: 300ms
    on_vanish: remove
    hold: {share: 0.6, minimum: 5}
    learner: {account: /id}
    events:
      - {type: enrollment.created}
      - {type: learning.progressed, total: true, when: {all: [{above: [/done, 0]}, {is: ["{option.by_day}", "false"]}]}, on_vanish: keep, percent: /done}
  days:
    only_if: {is: ["{option.by_day}", "true"]}
    for_each: course
    request: {path: /days}
    records: /rows
    every: 300ms
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: learning.progressed, key: /day, time: {value: /day, format: "%Y-%m-%d", zone: "+07:00"}, percent: /done}
  tests:
    for_each: course
    request: {path: /tests}
    records: /rows
    every: 300ms
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: exam.graded, exam: final, key: /try, attempt: /try, score: /right, max_score: "10"}
"""


class Site:
    def __init__(self, people="abcd"):
        self.rows = {"people": [{"id": p, "mail": f"{p}@example.vn", "name": f"Người {p}"} for p in people],
                     "seats": [{"id": p, "done": 50} for p in people],
                     "days": [{"id": p, "day": "2026-11-0" + d, "done": 30} for p in people for d in "12"],
                     "tests": [{"id": p, "try": t, "right": 7} for p in people for t in (1, 2)]}

    def answer(self, path, _query, _headers):
        return 200, {"rows": self.rows[path[1:]]}, {}

    def leave(self, person):
        for rows in self.rows.values():
            rows[:] = [r for r in rows if r["id"] != person]


def ingest(brokers, prefix, tmp_path, url, **options):
    (tmp_path / "connectors").mkdir(exist_ok=True)
    (tmp_path / "connectors/lop.yaml").write_text(CONNECTOR)
    source = {"name": "lop", "kind": "lop", "url": url, "courses": ["41"]} | options.pop("source", {})
    return IngestProcess(brokers, prefix, tmp_path, source, {}, connectors_dir=str(tmp_path / "connectors"), **options)


def through(last):
    marks = {}
    for event in last["source.swept"].values():
        marks.setdefault(event["data"]["stream"], []).append(event["data"]["through"])
    return {name: min(times) for name, times in marks.items()}


def settled(instance):
    """Every stream was read twice more."""
    now = clock()
    instance.wait(lambda last: len(through(last)) >= 3 and min(through(last).values()) > now)
    now = clock()
    instance.wait(lambda last: min(through(last).values()) > now)


def clock():
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def counts(instance):
    return {kind: len(events) for kind, events in instance.last().items() if kind != "source.swept"}


def rebuild(instance):
    done = instance.command("state", "rebuild")
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_what_left_meanwhile_is_taken_back(brokers, prefix, tmp_path):
    site = Site()
    with JsonServer(site.answer) as server, ingest(brokers, prefix, tmp_path, server.url) as instance:
        instance.wait(lambda last: len(last["exam.graded"]) == 8 and len(last["account.created"]) == 4 and
                      len(last["learning.progressed"]) == 4)
        before = facts(instance)
        instance.stop()
        rebuild(instance)
        site.leave("a")
        instance.start()
        instance.wait(lambda last: last["account.closed"] and len(last["exam.annulled"]) == 2 and last["enrollment.cancelled"])
        instance.stop()
        after = facts(instance)
        assert counts(instance) == {"account.created": 3, "account.closed": 1, "enrollment.created": 3, "enrollment.cancelled": 1,
                                    "learning.progressed": 4, "exam.graded": 6, "exam.annulled": 2}
        assert len(after.items() - before.items()) == 4, "nothing but what left"


def facts(instance):
    return {entity: event["revision"] for kind, events in instance.last().items() if kind != "source.swept"
            for entity, event in events.items()}


def unchanged(instance):
    """Two sweeps after a rebuild publish nothing but marks."""
    settled(instance)
    instance.stop()
    before = facts(instance)
    rebuild(instance)
    instance.start()
    settled(instance)
    assert facts(instance) == before


@pytest.mark.long
def test_a_rebuild_that_was_broken_off_is_no_state(brokers, prefix, tmp_path):
    """Killed after it took away what makes the state whole and half of the entities."""
    with JsonServer(Site().answer) as server, ingest(brokers, prefix, tmp_path, server.url) as instance:
        instance.wait(lambda last: len(last["exam.graded"]) == 8)
        instance.stop()
        before = facts(instance)
        topic = f"{prefix}mooc.state.v1"
        entities = {key for _, _, key, _ in shard_log.read(brokers, topic) if key.startswith(b"e|")}
        producer = Producer({"bootstrap.servers": brokers})
        for key in [b"m|meta", *sorted(entities)[::2]]:
            producer.produce(topic, key=key, value=None, partition=0)
        assert producer.flush(20) == 0
        instance.start()
        wait_for(lambda: "is not whole" in instance.command("status").stdout, 20, "it refuses")
        instance.stop()
        assert facts(instance) == before
        rebuild(instance)
        instance.start()
        begun = clock()
        instance.wait(lambda last: len(through(last)) >= 3 and min(through(last).values()) > begun)
        instance.stop()
        assert facts(instance) == before


@pytest.mark.long
def test_days_that_stand_for_themselves_are_known_again(brokers, prefix, tmp_path):
    with JsonServer(Site().answer) as server, \
            ingest(brokers, prefix, tmp_path, server.url, source={"by_day": True}) as instance:
        instance.wait(lambda last: len(last["learning.progressed"]) == 8)
        unchanged(instance)
        instance.stop()


@pytest.mark.long
def test_who_came_under_a_newer_key_is_known_again(brokers, prefix, tmp_path):
    site = Site("ab")
    with JsonServer(site.answer) as server, ingest(brokers, prefix, tmp_path, server.url) as instance:
        instance.wait(lambda last: len(last["account.created"]) == 2)
        instance.stop()
        done = instance.command("key", "rotate")
        assert done.returncode == 0, done
        instance.config.write_text(json.dumps(json.loads(instance.config.read_text()) | {"hmac_key_version": 2}))
        for name, rows in Site("abc").rows.items():
            site.rows[name] = rows
        instance.start()
        instance.wait(lambda last: len(last["account.created"]) == 3)
        unchanged(instance)
        for rows in site.rows.values():
            for row in rows:
                row.update({"right": 9} if "right" in row else {})
        instance.wait(lambda last: all(e["data"]["score"] == 9 for e in last["exam.graded"].values()))
        instance.stop()


@pytest.mark.long
def test_the_newest_counts_after_the_topic_has_grown(brokers, prefix, tmp_path):
    """Whose key now goes to an earlier partition has newer events there; the partitions are read one after another."""
    def grades():
        log = [e for e in shard_log.events(brokers, prefix) if e["type"] == "exam.graded"]
        return log, sum(e["data"]["score"] == 9 for e in log)

    site = Site("abcdefgh")
    topic = f"{prefix}mooc.events.v1"
    with JsonServer(site.answer) as server, ingest(brokers, prefix, tmp_path, server.url) as instance:
        instance.wait(lambda last: len(last["exam.graded"]) == 16)
        instance.stop()
        admin = AdminClient({"bootstrap.servers": brokers})
        admin.create_partitions([NewPartitions(topic, 7)])[topic].result()
        for row in site.rows["tests"]:
            row["right"] = 9
        instance.start()
        wait_for(lambda: grades()[1] == 16, 30, "all have another score")
        instance.stop()
        rebuild(instance)
        marks = len(shard_log.events(brokers, prefix))
        instance.start()
        wait_for(lambda: len(shard_log.events(brokers, prefix)) > marks + 100, 30, "the streams were read again")
        instance.stop()
        assert len(grades()[0]) == 32
