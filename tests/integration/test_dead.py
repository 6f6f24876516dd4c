"""Dead letters by the aggregator's commands: listed, shown, judged, set aside."""
import csv
import io
import json

from confluent_kafka import Producer

from harness import checks
from harness.stack import wait_for
from test_poison import text

GOOD_NOW = text(id="good-now", subject="account@daotao:bb", entity="account:daotao:bb", data={"identifiers": ["email:bb"]})
ENTITY = "dead:lists:roster:0123"


def rejected(revision, reason="unit_unknown", kind="record.rejected", entity=ENTITY, **data):
    return text(id=f"r{revision}", source="lists", type=kind, subject=None, entity=entity, revision=str(revision), previous=str(revision - 1),
                importfile="so-y-te.xlsx", importsheet="A", importrow=12,
                data={"reason": reason, "detail": "S** y* t\u001b[31m*", "stream": "roster", "wave": "W1"} | data)


def publish(stack, topic, *values):
    producer = Producer({"bootstrap.servers": stack.brokers})
    for value in values:
        producer.produce(stack.topics[topic], value.replace(b'"subject": null, ', b""), partition=0)
    assert producer.flush(30) == 0
    wait_for(lambda: checks.counted_to_the_end(stack), 30, "counted")


def listed(stack, *arguments):
    return json.loads(stack.command("mooc-aggregator", "dead", "list", "--format", "json", *arguments).stdout)["rows"]


def issues(stack):
    return stack.query("SELECT coalesce(sum(count), 0)::int FROM bi.data_issues WHERE kind <> 'account_not_on_roster'")[0][0]


def test_dead_letters(stack):
    stack.make_aggregator()
    events, dead = stack.topics["events"], stack.topics["dead"]
    empty = stack.command("mooc-aggregator", "dead", "list").stdout
    assert "No record was rejected" in empty
    stack.aggregator.start()
    publish(stack, "events", b"\x1b[2J<html>", text(id="bad", revision=7), text(id="fine"))
    publish(stack, "dead", rejected(1_695_178_800_000_000), rejected(5, entity="dead:daotao:grades:9", reason="percent_malformed", stream="grades"),
            b"\xff")
    assert issues(stack) == 5

    rows = listed(stack)
    assert {(r["source"], r["reason"], r["record"], r["row"]) for r in rows} == {
        (None, "not_json", f"{events}/0/0", None), (None, "bad_attribute", f"{events}/0/1", None),
        ("lists", "unit_unknown", f"{dead}/0/0", 12), ("lists", "percent_malformed", f"{dead}/0/1", 12),
        (None, "not_utf8", f"{dead}/0/2", None)}
    one, = listed(stack, "--source", "lists", "--reason", "unit_unknown", "--wave", "W1")
    assert one["since"] == "2023-09-20T03:00:00Z" and one["file"] == "so-y-te.xlsx" and one["detail"] == "S** y* t\\x1b[31m*"
    table = stack.command("mooc-aggregator", "dead", "list").stdout
    assert "1 unit_unknown (Unknown unit): Write the right unit" in table and "\x1b" not in table
    assert "2023-09-20 10:00:00 +07:00" in table
    said = csv.DictReader(io.StringIO(stack.command("mooc-aggregator", "dead", "list", "--format", "csv").stdout.lstrip("\ufeff")))
    assert {r["record"] for r in said} == {r["record"] for r in rows}
    assert stack.command("mooc-aggregator", "dead", "list", "--unit", "U9").stdout.count("No record fits") == 1

    shown(stack, events, dead, one)
    judged(stack, events, dead)
    set_aside(stack, one)
    counted_once(stack, events)
    assert stack.aggregator.stop()[0] == 0


def shown(stack, events, dead, one):
    by_place = json.loads(stack.command("mooc-aggregator", "dead", "show", f"{dead}/0/0", "--format", "json").stdout)
    by_entity = json.loads(stack.command("mooc-aggregator", "dead", "show", one["entity"], "--format", "json").stdout)
    assert by_place == by_entity and by_place["kind"] == "rejected" and by_place["bytes"] is None
    unreadable = stack.command("mooc-aggregator", "dead", "show", f"{events}/0/0").stdout
    assert "10 bytes, in the log since 20" in unreadable and "html" not in unreadable
    unreadable = stack.command("mooc-aggregator", "dead", "show", f"{events}/0/0", "--value").stdout
    assert "\\x1b[2J<html>" in unreadable and "\x1b" not in unreadable
    gone = stack.command("mooc-aggregator", "dead", "show", f"{events}/0/77", code=1)
    assert "is no rejected or unreadable record" in gone.stderr
    assert "names no record: give it as `mooc-aggregator dead list` shows it" in stack.command("mooc-aggregator", "dead", "show", "x/1", code=2).stderr


def judged(stack, events, dead):
    # What an older program could not read and this one can: the bytes are exchanged below it.
    stack.query('UPDATE archive.events SET value = %s WHERE partition = 0 AND "offset" = 1', GOOD_NOW)
    said = json.loads(stack.command("mooc-aggregator", "dead", "retry", "all", "--format", "json").stdout)
    verdicts = {r["record"]: (r["verdict"], r["why"]) for r in said["rows"]}
    assert {k: v for k, (v, _) in verdicts.items()} == {
        f"{events}/0/0": "unreadable", f"{events}/0/1": "readable", f"{dead}/0/0": "ask_ingest", f"{dead}/0/1": "ask_ingest",
        f"{dead}/0/2": "gone"}
    assert verdicts[f"{events}/0/0"][1].startswith("still unreadable: not_json: ")
    assert "account.created of daotao" in verdicts[f"{events}/0/1"][1] and "replay start" in verdicts[f"{events}/0/1"][1]
    assert any("2 records were rejected by mooc-ingest" in n and n.endswith("mooc-ingest dead retry --source lists") for n in said["notes"])
    one = stack.command("mooc-aggregator", "dead", "retry", f"{events}/0/1").stdout
    assert "1 can be read now" in one and "mooc-ingest" not in one
    stack.query('UPDATE archive.events SET value = NULL WHERE partition = 0 AND "offset" = 1')
    assert "its bytes are gone" in stack.command("mooc-aggregator", "dead", "retry", f"{events}/0/1").stdout
    assert issues(stack) == 5


def set_aside(stack, one):
    assert "needs --reason" in stack.command("mooc-aggregator", "dead", "drop", one["entity"], code=2).stderr
    unknown = f"{stack.topics['events']}/0/77"
    assert unknown in stack.command("mooc-aggregator", "dead", "drop", one["entity"], unknown, "--reason", "x", code=1).stderr
    assert issues(stack) == 5 and stack.query("SELECT entry FROM pulse.audit") == []  # all or nothing
    done = stack.command("mooc-aggregator", "dead", "drop", one["record"], "--reason", "the unit was closed").stdout
    assert "set aside: 1 of 1" in done and "mooc-ingest dead drop" in done
    assert issues(stack) == 4 and one["record"] not in {r["record"] for r in listed(stack)}
    assert "1 more was set aside (dead drop): --all shows them" in stack.command("mooc-aggregator", "dead", "list").stdout
    assert "set aside (dead drop)" not in stack.command("mooc-aggregator", "dead", "list", "--all").stdout
    kept, = [r for r in listed(stack, "--all") if r["record"] == one["record"]]
    assert kept["dropped_for"] == "the unit was closed" and kept["dropped_by"]
    assert "set aside: 0 of 1" in stack.command("mooc-aggregator", "dead", "drop", one["record"], "--reason", "again").stdout
    (action, why, generation, detail), = stack.query("SELECT action, reason, generation, detail FROM pulse.audit")
    assert (action, why, generation) == ("dead drop", "the unit was closed", 1)
    assert detail == {"records": [{"entity": one["entity"], "reason": "unit_unknown"}]}
    # Rejected again later, it is another matter; accepted, it is none.
    publish(stack, "dead", rejected(1_695_178_800_000_001))
    assert issues(stack) == 5
    publish(stack, "dead", rejected(1_695_178_800_000_002, kind="record.accepted"))
    assert issues(stack) == 4
    stack.command("mooc-aggregator", "dead", "drop", "all", "--source", "lists", "--reason", "test")
    assert {r["source"] for r in listed(stack)} == {None}


def counted_once(stack, events):
    """The next generation counts what can be read now, and what was set aside stays so."""
    def people():
        return stack.query("SELECT sum(not_registered)::int FROM pulse.live_tallies WHERE scope = 'all'")[0][0]
    stack.query('UPDATE archive.events SET value = %s WHERE partition = 0 AND "offset" = 1', GOOD_NOW)
    before = people()
    for words in (("start", "--from-archive"), ("promote",)):
        stack.command("mooc-aggregator", "replay", *words)
    assert people() == before + 1
    assert {r["record"] for r in listed(stack)} == {f"{events}/0/0", f"{stack.topics['dead']}/0/2"}
    assert len(listed(stack, "--all", "--source", "lists")) == 1
    assert "is no rejected or unreadable record" in stack.command("mooc-aggregator", "dead", "show", f"{events}/0/1", code=1).stderr
