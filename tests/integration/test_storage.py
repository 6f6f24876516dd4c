"""What `status` says of room, growth and retention; and what happens when the disk is full."""
import json

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, ConfigResource

from harness.stack import wait_for
from test_archive import event


def storage(stack, *options):
    return json.loads(stack.command("mooc-aggregator", "status", "--format", "json", *options).stdout)["storage"]


def set_topic(stack, topic, **config):
    resource = ConfigResource(ConfigResource.Type.TOPIC, stack.topics[topic],
                              set_config={"message.timestamp.type": "LogAppendTime"} | config)
    for future in AdminClient({"bootstrap.servers": stack.brokers}).alter_configs([resource]).values():
        future.result(30)


def test_status_shows_room_growth_and_retention(stack):
    stack.make_aggregator()
    producer = Producer({"bootstrap.servers": stack.brokers})
    for number in range(100):
        producer.produce(stack.topics["events"], event(number, 1), key=str(number))
    assert producer.flush(30) == 0
    stack.aggregator.start()
    wait_for(lambda: stack.query("SELECT count(*)::int FROM archive.events") == [(100,)], 30, "all is archived")
    wait_for(lambda: stack.query("SELECT count(*)::int FROM pulse.sizes") > [(2,)], 10, "the writer notes today's sizes")
    seen = storage(stack)
    parts = {p["part"]: p for p in seen["parts"]}
    assert parts["database"]["bytes"] > parts["archive"]["bytes"] > 10000 and parts["generation 1"]["bytes"] > 10000
    assert parts["database"]["days_left"] is None and parts["database"]["bytes_per_day"] is None  # one day tells nothing
    events = seen["topics"][0]
    assert (events["records_held"], events["records_deleted"], events["retention_ms"], events["retention_bytes"]) == (100, 0, -1, -1)
    assert seen["warnings"] == [] and [m["exported"] for m in seen["months"]] == [False]
    # Four days ago it was half a GiB smaller, of which the archive has the half; what is older does not count.
    stack.query("UPDATE pulse.sizes SET day = day - 4, bytes = bytes - 400 * 1024 * 1024, records = 60")
    stack.query("INSERT INTO pulse.sizes SELECT day - 4, part, 0, 0 FROM pulse.sizes")
    seen = storage(stack, "--storage-capacity", "2900MiB", "--storage-kafka-capacity", "1MiB")
    parts = {p["part"]: p for p in seen["parts"]}
    assert abs(parts["archive"]["bytes_per_day"] - 100 * 2**20) < 2**20
    assert parts[f"topic {stack.topics['events']}"]["records_per_day"] == 10
    assert parts["database"]["days_left"] == (2900 * 2**20 - parts["database"]["bytes"]) // parts["database"]["bytes_per_day"]
    per_record = parts["archive"]["bytes"] // 100
    assert seen["topics"][0]["bytes_per_day_estimated"] == 10 * per_record
    assert seen["topics"][0]["days_left"] == (2**20 - 100 * per_record) // (10 * per_record)
    assert len(seen["warnings"]) == 1 and "the database has room for 2" in seen["warnings"][0]
    assert storage(stack, "--storage-path", "/")["database_free"] > 0
    text = stack.command("mooc-aggregator", "status").stdout
    assert "100 records held, kept for ever" in text and "storage.capacity" in text
    set_topic(stack, "events", **{"retention.ms": str(86400000)})
    set_topic(stack, "dead", **{"retention.bytes": "1000000"})
    stack.query("SELECT archive.ensure_month('2023-01-01Z')")  # long ago, and exported nowhere
    seen = storage(stack)["warnings"]
    assert len(seen) == 2 and "after 1 days, but those since 2023-01-01 are in no checked export" in seen[0] and "by size" in seen[1]
    assert f"WARNING     {seen[0]}\n" in stack.command("mooc-aggregator", "status").stdout
    stack.query("INSERT INTO archive.exports (month, partition, folder, rows, erased, hash) VALUES ('2023-01-01', 0, '/e', 0, 0, 0)")
    set_topic(stack, "events", **{"retention.ms": str(40 * 86400000)})  # longer than this month is old
    assert len(storage(stack)["warnings"]) == 1
