"""What must hold whenever nothing is under way."""
import json
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

from harness import recompute


def read_log(stack, kind="events"):
    """Every committed record's value of a topic, in the order of each partition."""
    topic = stack.topics[kind]
    consumer = Consumer({"bootstrap.servers": stack.brokers, "group.id": "check", "enable.auto.commit": False,
                         "isolation.level": "read_committed", "enable.partition.eof": True})
    waiting = set(consumer.list_topics(topic, timeout=10).topics[topic].partitions)
    consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in waiting])
    values = []
    while waiting:
        message = consumer.poll(20)
        assert message is not None, f"{topic} cannot be read to its end"
        if not message.error():
            values.append(message.value())
        elif message.error().code() == KafkaError._PARTITION_EOF:
            waiting.discard(message.partition())
        else:
            raise AssertionError(message.error())
    consumer.close()
    return values


def read_until_now(stack, kind="events", keys=False):
    """The same up to where the topic ends now, while more is being written; keys: (key, value) of each."""
    topic = stack.topics[kind]
    consumer = Consumer({"bootstrap.servers": stack.brokers, "group.id": "check", "enable.auto.commit": False,
                         "isolation.level": "read_committed", "fetch.wait.max.ms": 20})
    places = [TopicPartition(topic, p, OFFSET_BEGINNING) for p in range(stack.partitions[kind])]
    ends = {p.partition: high for p in places for low, high in [consumer.get_watermark_offsets(p, timeout=10)] if high > low}
    consumer.assign([p for p in places if p.partition in ends])
    values, deadline = [], time.monotonic() + 30
    while any(p.offset < ends[p.partition] for p in consumer.position([p for p in places if p.partition in ends])):
        values += [(m.key(), m.value()) if keys else m.value() for m in consumer.consume(10000, 0.05) if not m.error()]
        assert time.monotonic() < deadline, f"{topic} cannot be read to its end"
    consumer.close()
    return values


def log_ends(stack):
    """(topic, partition) -> end of what the aggregator reads."""
    consumer = Consumer({"bootstrap.servers": stack.brokers, "group.id": "check", "isolation.level": "read_committed"})
    ends = {(topic, p): consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=10)[1]
            for kind, topic in stack.topics.items() if kind != "state" for p in range(stack.partitions[kind])}
    consumer.close()
    return ends


def counted_to_the_end(stack):
    """Has the aggregator read every partition to its end? Asked of Kafka, not of a gauge that may be a moment old."""
    ends = log_ends(stack)
    read = {(topic, p): offset for topic, p, offset in stack.query("SELECT topic, partition, next_offset FROM pulse.offsets")}
    return read == ends


def check_log(stack):
    """No id twice; per entity the chain of previous is unbroken. Gives the number of events."""
    ids, last = set(), {}
    for kind in ("events", "dead"):
        for value in read_log(stack, kind):
            event = json.loads(value)
            assert event["id"] not in ids, f"id {event['id']} is twice in the log"
            ids.add(event["id"])
            entity = event["source"], event["entity"]
            assert event["previous"] == last.get(entity, "0"), \
                f"{event['entity']}: previous {event['previous']}, in the log before it {last.get(entity, '0')}"
            assert int(event["revision"]) > int(event["previous"])
            last[entity] = event["revision"]
    return len(ids)


def check_tallies(stack):
    """The generation's tables equal the independent recomputation from the archive, and the archive is the log."""
    archived, distinct = stack.query('SELECT count(*), count(DISTINCT (partition, "offset")) FROM archive.events')[0]
    logged = len(read_log(stack))
    assert archived == distinct == logged, f"the archive has {archived} rows, {distinct} places, the log {logged} records"
    differences = recompute.differences(stack.query)
    assert not differences, f"{len(differences)} rows differ, first: {differences[0]}"
