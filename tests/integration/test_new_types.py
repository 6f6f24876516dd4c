"""Attendance and revoked imports: archived whole; head counts are kept, a wave that nobody declared is noted, no person is counted."""
import json
from pathlib import Path

from confluent_kafka import Producer

from harness.stack import ROOT, wait_for

EXAMPLES = Path(ROOT) / "schema/events/examples"
NEW = ("attendance.recorded", "attendance.withdrawn", "import.revoked")


def test_attendance_and_revocations_are_archived_and_counted(stack):
    stack.make_aggregator().start()
    producer = Producer({"bootstrap.servers": stack.brokers})
    for name in (*NEW, "account.created"):
        event = json.loads((EXAMPLES / f"{name}.json").read_text())
        producer.produce(stack.topics["events"], json.dumps(event).encode(), key=event.get("subject", event["entity"]))
    head = json.loads((EXAMPLES / "attendance.recorded.json").read_text())
    del head["subject"]
    head |= {"id": "count", "entity": "headcount:x", "data": {"class": "Ra quân", "count": 29, "unit": "HG-XINMAN"}}
    producer.produce(stack.topics["events"], json.dumps(head).encode(), key="headcount:x")
    assert producer.flush(30) == 0
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.events WHERE value IS NOT NULL")[0][0] == 5, 30, "archived")
    assert stack.query("SELECT type, count(*)::int FROM archive.events WHERE type <> 'account.created' GROUP BY 1 ORDER BY 1") == [
        ("attendance.recorded", 2), ("attendance.withdrawn", 1), ("import.revoked", 1)]
    assert stack.query("SELECT count(*) FROM gen_1.dead_letters") == [(0,)]
    wave = json.loads((EXAMPLES / "attendance.recorded.json").read_text())["data"]["wave"]
    assert stack.query("SELECT kind, code FROM gen_1.unmapped") == [("wave", wave)]
    assert stack.query("SELECT unit, activity, people::int, audiences FROM gen_1.headcounts") == [("HG-XINMAN", "Ra quân", 29, [])]
    assert stack.query("SELECT registered + not_registered FROM gen_1.tallies WHERE scope = 'all'") == [(1,)]  # the account
    assert stack.aggregator.stop()[0] == 0
