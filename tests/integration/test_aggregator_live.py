"""A running aggregator seen by those who ask: reports, status and reference data loaded while events are being counted."""
import csv
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid

import openpyxl
import pytest
from confluent_kafka import Producer

from private_database import BINARY, ROOT, private_database

FOLDER = ROOT / "config/hagiang-2023"
COURSE = "course-v1:DEAN06+CDS01+2023"
PARTITIONS = 3


def wait_for(check, seconds=20):
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value or time.monotonic() > deadline:
            assert value
            return value
        time.sleep(0.1)


def hashed(kind, text, size=32):
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()[:size]}"


class Log:
    """Publishes contract events into topics of its own."""

    def __init__(self, prefix):
        self.events, self.dead = f"{prefix}mooc.events.v1", f"{prefix}mooc.dead.v1"
        self.producer = Producer({"bootstrap.servers": os.environ["MOOC_KAFKA_BROKERS"], "linger.ms": 5})
        self.revisions = {}

    def publish(self, kind, source, entity, data, subject=None, topic=None, partition=None, **origin):
        previous = self.revisions.get(entity, 0)
        revision = self.revisions[entity] = max(previous + 1, int(time.time() * 1e6))
        event = {"specversion": "1.0", "id": hashlib.sha256(f"{source}\0{entity}\0{revision}".encode()).hexdigest()[:32],
                 "source": source, "type": kind, "time": "2023-09-22T03:00:00.000000Z",
                 "datacontenttype": "application/json", "entity": entity, "revision": str(revision),
                 "previous": str(previous), "timebasis": "platform", **origin, "data": data}
        if subject:
            event["subject"] = subject
        where = {} if partition is None else {"partition": partition}
        self.producer.produce(topic or self.events, json.dumps(event), key=subject or entity, **where)

    def listed(self, person, wave="DA06-2023-HG", unit="HG-SYTE", group="17", row=1, faults=()):
        email, name = hashed("email", person), hashed("name", person, 16)
        self.publish("roster.listed", "danh-sach", f"roster:{wave}:{unit}:{email}",
                     {"faults": list(faults), "group": group, "identifiers": [email], "name": name, "unit": unit, "wave": wave},
                     f"{email}+{name[5:]}", importid="i1", importfile="so-y-te.xlsx", importsheet="A", importrow=row)

    def learner(self, person, passed):
        account = hashed("account@daotao", person)
        key = account.split(":")[-1]
        self.publish("account.created", "daotao", f"account:daotao:{key}",
                     {"activated": True, "identifiers": [hashed("email", person)], "name": hashed("name", person, 16)}, account)
        self.publish("enrollment.created", "daotao", f"enrollment:daotao:{COURSE}:{key}", {"course": COURSE, "mode": "audit"}, account)
        self.publish("learning.progressed", "daotao", f"progress:daotao:{COURSE}:{key}:2023-09-22",
                     {"course": COURSE, "day": "2023-09-22", "percent": 0.5}, account)
        self.publish("exam.graded", "daotao", f"exam:daotao:{COURSE}:{key}:course",
                     {"course": COURSE, "exam": "course", "max_score": 1, "passed": passed, "sat": True, "score": 0.5}, account)

    def swept(self, stream, through, every):
        for p in range(PARTITIONS):
            self.publish("source.swept", "daotao", f"swept:daotao:{stream}:{COURSE}:{p}",
                         {"dead": 0, "every": every, "partition": p, "records": 2, "stream": stream, "substream": COURSE, "through": through},
                         partition=p)

    def flush(self):
        assert self.producer.flush(20) == 0


@pytest.fixture(scope="module")
def world():
    prefix = f"t{uuid.uuid4().hex[:8]}."
    topics = [sys.executable, ROOT / "deploy/dev/topics.py", "--brokers", os.environ["MOOC_KAFKA_BROKERS"], "--prefix", prefix,
              "--events", str(PARTITIONS), "--state", "1", "--dead", "1"]
    subprocess.run(topics, check=True)
    with private_database() as database:
        database.log = Log(prefix)
        database.topics = ["--brokers", os.environ["MOOC_KAFKA_BROKERS"], "--events-topic", database.log.events,
                           "--dead-topic", database.log.dead]
        yield database
    subprocess.run([*topics, "--delete"], check=True)


@pytest.fixture(scope="module")
def running(world, tmp_path_factory):
    """The aggregator is started before any reference data is there, as an operator would."""
    log_file = open(tmp_path_factory.mktemp("run") / "log", "w+")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MOOC_")}
    process = subprocess.Popen([BINARY, "run", *world.topics, "--database", world.writer, "--instance", "a1",
                                "--metrics-listen", "127.0.0.1:0"], env=environment, stdout=log_file, stderr=log_file)
    wait_for(lambda: world.query("SELECT count(*) FROM pulse.offsets WHERE topic = %s", world.log.events) == [(PARTITIONS,)])
    yield world
    process.send_signal(signal.SIGTERM)
    code = process.wait(20)
    log_file.seek(0)
    assert code == 0, log_file.read()


def unit_row(database, unit="HG-SYTE", wave="DA06-2023-HG"):
    rows = database.query("""SELECT registered, accounts, participated, passed, pass_rate_participants FROM bi.participation
                             WHERE unit = %s AND wave = %s""", unit, wave)
    return rows[0] if rows else None


def test_figures_follow_events_and_reference_data_follows_the_operator(running, tmp_path):
    database, log = running, running.log
    assert "loaded as config version 1" in database.aggregator("config", "load", FOLDER).stdout

    log.listed("lan", row=1)
    log.listed("huong", row=2, faults=["phone_malformed"])
    log.learner("lan", passed=True)
    log.learner("stranger", passed=True)
    log.flush()
    wait_for(lambda: unit_row(database) == (2, 1, 1, 1, 1))
    rows = list(csv.DictReader(io.StringIO(database.aggregator("report", "appendix1", "--format", "csv").stdout)))
    assert [(r["unit_name"], r["registered"], r["account_rate"], r["passed"]) for r in rows] == [
        ("Sở y tế", "2", "50.0", "1"), ("Tổng số", "2", "50.0", "1")]
    wait_for(lambda: database.query("SELECT not_registered, passed FROM bi.participation WHERE unit IS NULL") == [(1, 1)])
    rows = database.query("""SELECT kind, unit, file, "row" FROM bi.data_issues ORDER BY kind""")
    assert rows == [("account_not_on_roster", None, None, None), ("phone_malformed", "HG-SYTE", "so-y-te.xlsx", 2)]

    # Behind each cell of the report stand people, and behind them events.
    def behind(cell, report="appendix1"):
        told = database.aggregator("report", report, "--why", cell, "--format", "csv").stdout
        return list(csv.DictReader(io.StringIO(told)))
    passed = behind("unit=HG-SYTE measure=passed")
    assert len({r["person"] for r in passed}) == 1
    assert {r["type"] for r in passed} == {"roster.listed", "account.created", "enrollment.created", "learning.progressed", "exam.graded"}
    found = database.query("SELECT count(*) FROM archive.events WHERE id = ANY(%s)", [r["event"] for r in passed])
    assert found == [(len(passed),)] and len(passed) == 5
    assert len({r["person"] for r in behind("unit=HG-SYTE measure=registered")}) == 2
    assert behind("unit=HG-CAT measure=registered") == []
    people = {m: {r["person"] for r in behind(f"unit=HG-SYTE measure={m}")} for m in ("registered", "passed", "not_passed")}
    assert people["not_passed"] == people["registered"] - people["passed"] and len(people["not_passed"]) == 1
    # A province has nobody of its own: those of the units below it are who is meant.
    assert {r["person"] for r in behind("unit=HG measure=registered")} == people["registered"]
    assert {r["person"] for r in behind("unit=HG below=yes measure=passed")} == people["passed"]
    told = database.aggregator("report", "appendix1", "--why", "unit=HG measure=passed", "--lang", "en").stdout
    assert "Nobody is in the unit itself: these are of the units below it." in told
    told = database.aggregator("report", "appendix1", "--unit", "HG", "--why", "measure=passed", "--lang", "en").stdout
    assert "measure=passed unit=HG below=yes" in told and "1 person counts in this cell" in told
    told = database.aggregator("report", "monthly", "--why", "unit=HG measure=passed", "--lang", "en").stdout
    assert "unit=HG measure=passed training=DA06-2023 below=yes" in told and "Nobody is in" not in told
    told = database.aggregator("report", "appendix1", "--why", "unit=T-KH measure=passed", "--lang", "en").stdout
    assert "Nobody counts in this cell." in told and "below" not in told
    outside = behind("measure=not_registered")
    assert len({r["person"] for r in outside}) == 1 and not {r["person"] for r in outside} & people["registered"]
    assert "exam.graded" in {r["type"] for r in outside} and "roster.listed" not in {r["type"] for r in outside}
    # Who stands on no list is in no printed cell: of the province neither, nor of the training.
    lan = {r["person"] for r in passed}
    for report in ("appendix2", "waves", "summary"):
        assert {r["person"] for r in behind("measure=passed", report)} == lan, report
    assert {r["person"] for r in behind("scope=training measure=passed")} == {r["person"] for r in behind("scope=all measure=passed")} == lan
    (printed,), = database.query("SELECT passed FROM bi.province_ranking WHERE wave = 'DA06-2023-HG'")
    assert printed == len(lan)
    assert "measure=x" in database.aggregator("report", "appendix1", "--why", "measure=x", code=2).stderr

    # A wave and a course are added while it runs; it goes on with them without being restarted.
    folder = tmp_path / "reference"
    shutil.copytree(FOLDER, folder)
    with open(folder / "waves.csv", "a", encoding="utf-8") as file:
        file.write("DA06-2024-HG,DA06-2023,HG,Đợt 2024,Hà Giang 2024,2024-03-01,2024-03-10,counted,29\n")
    assert "loaded as config version 2" in database.aggregator("config", "load", folder).stdout
    log.listed("minh", wave="DA06-2024-HG", unit="HG-CAT", group="1")
    log.flush()
    wait_for(lambda: unit_row(database, "HG-CAT", "DA06-2024-HG") == (1, 0, 0, 0, None))
    assert database.query("SELECT DISTINCT config_version FROM pulse.offsets") == [(2,)]
    assert unit_row(database) == (2, 1, 1, 1, 1)

    # A wave that an event mentioned first needs a new generation.
    log.listed("hoa", wave="UNKNOWN-WAVE", row=9)
    log.flush()
    wait_for(lambda: database.query("SELECT code FROM gen_1.unmapped WHERE kind = 'wave'") == [("UNKNOWN-WAVE",)])
    with open(folder / "waves.csv", "a", encoding="utf-8") as file:
        file.write("UNKNOWN-WAVE,DA06-2023,HG,x,x,2024-03-01,2024-03-10,counted,30\n")
    assert "wave UNKNOWN-WAVE: added, events that are already counted mention it" in \
        database.aggregator("config", "load", folder, code=2).stderr


def test_status_is_well_when_everything_was_read(running):
    database, log = running, running.log
    minute_ago = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(time.time() - 60))
    log.swept("enrollments", minute_ago, every=5)
    log.swept("grades", minute_ago, every=86400)
    log.flush()
    wait_for(lambda: database.query("SELECT count(complete_through) FROM bi.freshness") == [(2,)])
    wait_for(lambda: database.query("""SELECT count(*) FROM pulse.writers WHERE heartbeat_at > now() - interval '5 s'""") == [(1,)])
    status = json.loads(database.aggregator("status", "--format", "json", *database.topics).stdout)
    assert status["well"], status["problem"]
    assert status["instance"] == "a1" and status["config_version"] == 2
    assert sum(p["lag"] for p in status["partitions"]) == 0
    assert sum(p["next_offset"] for p in status["partitions"] if p["topic"] == log.events) >= 18
    text = database.aggregator("status", *database.topics).stdout
    assert text.startswith("All is well\nCounting    a1 since ")
    text = database.aggregator("status", "--lang", "vi", *database.topics).stdout
    assert text.startswith("Mọi việc bình thường\nĐang tính     a1 từ "), text
    assert database.aggregator("status", "--check", *database.topics).stdout == ""
    late = ("status", "--status-late-after", "10s", *database.topics)
    text = database.aggregator(*late).stdout
    assert text.startswith("WARNING     daotao has not been read whole since ") and "All is well" not in text, text
    # Grades are read once a day: a minute is no age for them.
    assert "streams enrollments: see mooc-ingest status\n" in text.split("\nCounting")[0] + "\n", text
    assert database.aggregator(*late, "--lang", "vi").stdout.startswith("LƯU Ý         nguồn daotao chưa được đọc đủ lại từ ")
    assert database.aggregator(*late, "--check").stdout == "", "late is no failure yet"
    assert database.aggregator(*late, "--status-by-hand", "x, daotao").stdout.startswith("All is well\n")
    old = database.aggregator("status", "--check", "--status-max-stream-age", "1s", *database.topics, code=1)
    assert old.stdout.startswith("enrollments of daotao is "), old.stdout
    old = database.aggregator("status", "--check", "--lang", "vi", "--status-max-stream-age", "1s", *database.topics, code=1)
    assert old.stdout.startswith("luồng ") and old.stdout.endswith(": xem mooc-ingest status\n"), old.stdout
    told = database.aggregator("status", "--lang", "vi", "--format", "json", "--status-max-stream-age", "1s", *database.topics).stdout
    assert "of daotao is " in json.loads(told)["problem"], "programs read the same in every language"


def test_rejected_records_are_issues_until_they_are_accepted(running, tmp_path):
    database, log = running, running.log
    entity = "dead:roster:DA06-2023-HG:" + hashed("email", "x")
    rejected = {"detail": "unit \"Sở X\" is not known", "reason": "unit_unknown", "stream": "roster", "wave": "DA06-2023-HG"}
    log.publish("record.rejected", "danh-sach", entity, rejected, topic=log.dead, importfile="tong-hop.xlsx", importsheet="A", importrow=5)
    log.flush()
    count = "SELECT count(*) FROM bi.data_issues WHERE kind = 'unit_unknown'"
    wait_for(lambda: database.query(count) == [(1,)])
    database.aggregator("issues", "--export", tmp_path)
    rows = list(openpyxl.load_workbook(tmp_path / "khong-ro-don-vi.xlsx").active.iter_rows(values_only=True))
    assert ("tong-hop.xlsx", "A", 5, "unit_unknown") in [r[:4] for r in rows]
    log.publish("record.accepted", "danh-sach", entity, {"stream": "roster"}, topic=log.dead)
    log.flush()
    wait_for(lambda: database.query(count) == [(0,)])
