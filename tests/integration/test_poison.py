"""Records that cannot be read become dead letters; unknown types are kept; the stream goes on."""
import json

from confluent_kafka import Producer

from harness.stack import wait_for

GOOD = {"specversion": "1.0", "id": "good", "source": "daotao", "type": "account.created", "subject": "account@daotao:aa",
        "time": "2023-09-20T00:00:00Z", "datacontenttype": "application/json", "entity": "account:daotao:aa", "revision": "1",
        "previous": "0", "timebasis": "platform", "data": {"identifiers": ["email:aa"]}}


def text(**changes):
    return json.dumps(GOOD | changes).encode()


POISON = {
    "not_utf8": text().replace(b"daotao:aa", b"daotao:\xff\xfe"),
    "nul_character": text(id="x").replace(b'"x"', b'"x\\u0000"'),
    "too_deep": b'{"specversion":"1.0","data":' + b"[" * 100 + b"]" * 100 + b"}",
    "too_large": text(id="long", data={"identifiers": ["x" * (2 << 20)]}),
    "not_json": b"<html>502 Bad Gateway</html>",
    "not_cloudevent": b'{"hello": "world"}',
    "bad_attribute": text(id="bad", revision=7),
    "bad_data": text(id="late", type="learning.progressed", data={"course": "c", "day": "2023-02-30"}),
    "empty": None,
}


def test_poison_is_kept_and_the_stream_goes_on(stack):
    stack.make_aggregator()
    producer = Producer({"bootstrap.servers": stack.brokers, "message.max.bytes": 8 << 20})
    for number, value in enumerate(POISON.values()):
        producer.produce(stack.topics["events"], value, key=str(number))
        producer.produce(stack.topics["events"], text(id=f"good-{number}", subject=f"account@daotao:{number}",
                                                      entity=f"account:daotao:{number}",
                                                      data={"identifiers": [f"email:{number}"]}), key=str(number))
    producer.produce(stack.topics["events"], text(id="future", type="badge.awarded", data={"badge": [1]}), key="u")
    producer.produce(stack.topics["dead"], b"\xff", key="d")
    for partition in range(4):  # a name that the aggregator might give a record that it cannot read
        producer.produce(stack.topics["events"], text(id=f"forged-{partition}", type="record.rejected", data={"reason": "forged"},
                                                      entity=f"unreadable:{stack.topics['events']}:{partition}:0"), key="f")
    assert producer.flush(30) == 0
    stack.aggregator.start()  # so that all comes in one batch
    wanted = len(POISON)
    wait_for(lambda: stack.query("SELECT registered + not_registered FROM gen_1.tallies WHERE scope = 'all'") == [(wanted,)],
             30, "every good record behind a poisoned one is counted")
    dead = stack.query('SELECT reason, topic, count(*)::int FROM gen_1.dead_letters WHERE in_force GROUP BY 1, 2')
    expected = {(reason, stack.topics["events"], 1) for reason in POISON} | {("not_utf8", stack.topics["dead"], 1),
                                                                             ("forged", stack.topics["events"], 4)}
    assert set(dead) == expected
    kept = stack.query("SELECT type, convert_from(value, 'UTF8')::json ->> 'id' FROM archive.events WHERE type = 'badge.awarded'")
    assert kept == [("badge.awarded", "future")]
    raw = stack.query("SELECT value FROM archive.events WHERE type IS NULL AND value IS NOT NULL")
    assert {bytes(v) for (v,) in raw} == {v for v in POISON.values() if v}
    issues, = stack.query("SELECT sum(count)::int FROM bi.data_issues WHERE kind LIKE 'unreadable%%'")[0]
    assert issues == len(POISON) + 1 + 4
    assert stack.aggregator.stop()[0] == 0
