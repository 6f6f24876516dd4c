"""Baseline: what a good team writes in an afternoon. Consumes a topic, parses each record with orjson, and upserts flat rows by id: COPY
into a temporary table, INSERT … ON CONFLICT, commit, 20,000 records a time. No archive, no states, no figures, no exactly-once.

    plain_upsert.py BROKERS TOPIC CONNINFO RECORDS    prints records and seconds
"""
import json
import sys
import time

import orjson
import psycopg
from confluent_kafka import Consumer, TopicPartition

BATCH = 20_000
UPSERT = """
INSERT INTO plain_python SELECT DISTINCT ON (id) * FROM incoming
    ON CONFLICT (id) DO UPDATE SET type = EXCLUDED.type, learner = EXCLUDED.learner, course = EXCLUDED.course,
                                   time = EXCLUDED.time, score = EXCLUDED.score, passed = EXCLUDED.passed"""


def row(value):
    event = orjson.loads(value)
    data = event["data"]
    return (event["id"], event["type"], event.get("subject"), data.get("course"), event["time"], data.get("score", 0.0),
            data.get("passed", False))


def write(connection, messages):
    with connection.cursor() as cursor:
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for message in messages:
                copy.write_row(row(message.value()))
        cursor.execute(UPSERT)
    connection.commit()


def main():
    brokers, topic, conninfo, limit = *sys.argv[1:4], int(sys.argv[4])
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "plain", "enable.auto.commit": False,
                         "isolation.level": "read_committed", "queued.min.messages": 1_000_000,
                         "queued.max.messages.kbytes": 65536})
    partitions = consumer.list_topics(topic).topics[topic].partitions
    consumer.assign([TopicPartition(topic, p, 0) for p in partitions])
    with psycopg.connect(conninfo) as connection:
        connection.execute("DROP TABLE IF EXISTS plain_python")
        connection.execute("CREATE TABLE plain_python (id text PRIMARY KEY, type text, learner text, course text, time timestamptz,"
                           " score float8, passed bool) WITH (fillfactor = 80)")
        connection.execute("CREATE TEMP TABLE incoming (LIKE plain_python) ON COMMIT DELETE ROWS")
        connection.commit()
        total, began = 0, None
        while total < limit:
            messages = consumer.consume(min(BATCH, limit - total), 10)
            assert messages and not any(m.error() for m in messages), "nothing for 10 s"
            began = began or time.monotonic()
            write(connection, messages)
            total += len(messages)
        print(json.dumps({"records": total, "seconds": time.monotonic() - began}))
    consumer.close()


if __name__ == "__main__":
    main()
