#!/usr/bin/env python3
"""Creates the three topics of the event contract; those that exist stay as they are.

    topics.py --brokers HOST:PORT [--prefix TEXT] [--events N] [--state N] [--dead N] [--timestamps TYPE] [--delete]

A prefix gives a test topics of its own: `--prefix t1.` makes t1.mooc.events.v1 and so on.
"""
import argparse
import sys
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

FOR_EVER = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete",
            "message.timestamp.type": "LogAppendTime", "compression.type": "producer"}
COMPACTED = {"cleanup.policy": "compact", "segment.bytes": "67108864",
             "message.timestamp.type": "LogAppendTime",
             "min.cleanable.dirty.ratio": "0.1", "compression.type": "producer"}


def topics(args):
    def topic(name, partitions, config):
        return NewTopic(args.prefix + name, num_partitions=partitions,
                        replication_factor=args.replication, config=config)
    return [topic("mooc.events.v1", args.events, FOR_EVER | {"message.timestamp.type": args.timestamps}),
            topic("mooc.state.v1", args.state, COMPACTED),
            topic("mooc.dead.v1", args.dead, FOR_EVER)]


def finish(futures, tolerated):
    for name, future in futures.items():
        try:
            future.result()
        except KafkaException as exc:
            if exc.args[0].code() != tolerated:
                sys.exit(f"topics.py: {name}: {exc.args[0].str()}")


def wait_for_leaders(brokers, made, seconds=30):
    """A topic is confirmed before the brokers lead its partitions: who reads it in that moment is told that they do not."""
    reader = Consumer({"bootstrap.servers": brokers, "group.id": "topics.py", "log_level": 0})
    deadline = time.monotonic() + seconds
    for partition in (TopicPartition(t.topic, p) for t in made for p in range(t.num_partitions)):
        while True:
            try:
                reader.get_watermark_offsets(partition, timeout=10)
                break
            except KafkaException as exc:
                if time.monotonic() > deadline:
                    sys.exit(f"topics.py: not there after {seconds} s: {exc.args[0].str()}")
                time.sleep(0.05)
    reader.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--events", type=int, default=8, help="partitions of mooc.events.v1")
    parser.add_argument("--state", type=int, default=4, help="partitions of mooc.state.v1")
    parser.add_argument("--dead", type=int, default=4, help="partitions of mooc.dead.v1")
    parser.add_argument("--replication", type=int, default=1)
    parser.add_argument("--timestamps", default="LogAppendTime", choices=("LogAppendTime", "CreateTime"),
                        help="of mooc.events.v1: the contract's, or what the producer says")
    parser.add_argument("--delete", action="store_true", help="delete the topics instead")
    args = parser.parse_args()
    admin = AdminClient({"bootstrap.servers": args.brokers, "log_level": 0})
    try:
        known = set(admin.list_topics(timeout=30).topics)
    except KafkaException as exc:
        sys.exit(f"topics.py: no answer from Kafka at {args.brokers}: {exc.args[0].str()}")
    wanted = topics(args)
    if args.delete:
        names = [t.topic for t in wanted if t.topic in known]
        if names:
            finish(admin.delete_topics(names, operation_timeout=30),
                   KafkaError.UNKNOWN_TOPIC_OR_PART)
        return
    missing = [t for t in wanted if t.topic not in known]
    if missing:
        finish(admin.create_topics(missing, operation_timeout=30), KafkaError.TOPIC_ALREADY_EXISTS)
        wait_for_leaders(args.brokers, missing)


if __name__ == "__main__":
    main()
