"""Reads a shard's topics as every honest reader does, and checks what the delivery guarantee promises of them."""
import json
from collections import defaultdict

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

BITS = 64


def read(brokers, topic, isolation="read_committed"):
    """All records of a topic as (partition, offset, key, value), in the order of each partition."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "test-reader",
                         "enable.auto.commit": False, "isolation.level": isolation,
                         "enable.partition.eof": True, "auto.offset.reset": "error"})
    partitions = list(consumer.list_topics(topic, timeout=10).topics[topic].partitions)
    consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in partitions])
    # Up to the end as it is now: under a steady flow of marks a partition may never be seen at its end.
    ends = {p: consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=10)[1] for p in partitions}
    open_ends, records = set(partitions), []
    while open_ends:
        message = consumer.poll(10)
        assert message is not None, f"{topic} could not be read to its end"
        if message.error():
            assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
            open_ends.discard(message.partition())
        else:
            records.append((message.partition(), message.offset(), message.key(), message.value()))
            if message.offset() >= ends[message.partition()] - 1:
                open_ends.discard(message.partition())
    consumer.close()
    return sorted(records, key=lambda r: r[:2])  # partitions arrive in any order


def events(brokers, prefix):
    return [json.loads(value)
            for name in ("events", "dead")
            for _, _, _, value in read(brokers, f"{prefix}mooc.{name}.v1")]


def check_chains(log):
    """No id twice; every entity's chain of previous is unbroken and rises. Returns the last event of each entity."""
    ids, last = set(), {}
    for event in log:
        assert event["id"] not in ids, f"id {event['id']} twice ({event['entity']})"
        ids.add(event["id"])
        key = event["source"], event["entity"]
        before = last[key]["revision"] if key in last else "0"
        assert event["previous"] == before, \
            f"{event['entity']}: previous {event['previous']}, but the log has {before}"
        assert int(event["revision"]) > int(before)
        last[key] = event
    return last


def by_type(last):
    kinds = defaultdict(dict)
    for (_, entity), event in last.items():
        kinds[event["type"]][entity] = event
    return kinds


# The made-up platform of tests/tools/shard_driver.c.

def mix(seed, i, turn):
    mask = (1 << BITS) - 1
    x = (seed * 0x9E3779B97F4A7C15 & mask) ^ (i * 0xC2B2AE3D27D4EB4F & mask) ^ \
        ((turn & mask) * 0x165667B19E3779F9 & mask)
    x ^= x >> 31
    x = x * 0xD6E8FEB86659FD93 & mask
    return x ^ x >> 32


def truth(seed, entities, turn):
    """What is in force after enough complete sweeps of this round: scores, seats and progress."""
    grades = {f"exam:{i}:course": mix(seed, i, (turn + i) // 4) % 1000 / 1000
              for i in range(entities) if mix(seed, i, turn // 8 + 1000) % 8 != 0}
    seats = {f"seat:{i}:{mix(seed, i, turn // 5) % 1000}" for i in range(0, entities, 10)}
    desks = {f"desk:{e.split(':')[1]}" for e in grades if int(e.split(":")[1]) % 4 == 0}
    return grades, seats, desks


def check_truth(last, seed, entities, turn):
    kinds = by_type(last)
    grades, seats, desks = truth(seed, entities, turn)
    assert {e: v["data"]["score"] for e, v in kinds["exam.graded"].items()} == grades
    assert set(kinds["roster.listed"]) == seats
    assert set(kinds["certificate.issued"]) == desks
    for revoked in kinds["certificate.revoked"].values():
        assert revoked["data"] == {"course": "course-v1:made-up"}
    for removed in kinds["exam.annulled"].values():
        assert removed["data"] == {"course": "course-v1:made-up", "exam": "course"}
        assert removed["subject"] == "account@made-up:" + removed["entity"].split(":")[1]
