#!/usr/bin/env python3
"""Writes the archive's records into an empty events topic: each into its partition, in its order.

    refill_log.py --brokers HOST:PORT --topic mooc.events.v1 --database "host=… dbname=mooc user=mooc_writer" [--kafka NAME=VALUE …]

What has no value any more (erased learners) is left out. A topic that holds anything is refused. Exit 1 unless every record is in the
topic. Needs python3-psycopg and python3-confluent-kafka; docs/operate.md says when this is done.
"""
import argparse
import json
import sys

import psycopg
from confluent_kafka import Consumer, Producer, TopicPartition

ROWS = 'SELECT partition, value FROM archive.events WHERE value IS NOT NULL ORDER BY partition, "offset"'


def ends(consumer, topic):
    known = consumer.list_topics(topic, timeout=30).topics[topic]
    if known.error:
        sys.exit(f"{topic}: {known.error.str()}")
    return {p: consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=30)[1] for p in known.partitions}


def key_of(value):
    """As mooc-ingest chooses it: the learner, else the entity. What cannot be read has none."""
    try:
        event = json.loads(value)
        return str(event.get("subject") or event.get("entity"))
    except (ValueError, AttributeError):
        return None


class Refill:
    def __init__(self, args):
        self.topic, self.database = args.topic, args.database
        settings = {"bootstrap.servers": args.brokers} | dict(s.split("=", 1) for s in args.kafka)
        self.consumer = Consumer(settings | {"group.id": "mooc-refill"})
        self.producer = Producer(settings | {"enable.idempotence": True, "compression.type": "lz4", "linger.ms": 50})
        self.failed = None

    def _told(self, error, _):
        self.failed = self.failed or error

    def _send(self, partition, value):
        while not self.failed:
            try:
                self.producer.produce(self.topic, value, key_of(value), partition, on_delivery=self._told)
                break
            except BufferError:
                self.producer.poll(0.1)
        self.producer.poll(0)

    def run(self):
        written = ends(self.consumer, self.topic)
        if any(written.values()):
            sys.exit(f"{self.topic} is not empty: make it anew, and see that no mooc-ingest runs")
        with psycopg.connect(self.database) as database, database.cursor("rows") as rows:
            rows.itersize = 10000
            for partition, value in rows.execute(ROWS):
                if partition not in written:
                    sys.exit(f"{self.topic} has {len(written)} partitions, the archive has number {partition}: make it as it was")
                self._send(partition, bytes(value))
                written[partition] += 1
        left = self.producer.flush(600)
        if self.failed or left or ends(self.consumer, self.topic) != written:
            sys.exit(f"{self.topic} is not whole ({self.failed or f'{left} records were not taken'}): make it anew and begin again")
        print(f"{sum(written.values())} records in {len(written)} partitions of {self.topic}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--database", required=True, help="connection string; the password comes from ~/.pgpass")
    parser.add_argument("--kafka", action="append", default=[], metavar="NAME=VALUE", help="a property of librdkafka")
    Refill(parser.parse_args()).run()
