"""mooc-ingest against the simulated Open edX and a real broker: what the platform shows is what the log says, whatever the
platform does in between."""
import json
import os
import random
import re
import sys
import time

import pytest

import shard_log
from ingest_process import ROOT, IngestProcess

sys.path.insert(0, str(ROOT / "tests/platforms"))
from simulator import Simulator  # noqa: E402

COURSE = "course-v1:DEAN06+CDS01+2023"


@pytest.fixture
def sim():
    with Simulator(world="hagiang", seed=1, port=0, start="end", speed=0) as simulator:
        yield simulator


class Ingest(IngestProcess):
    def __init__(self, brokers, prefix, folder, url, **source):
        settings = {"name": "daotao", "kind": "openedx", "url": url, "client_id": "mooc-pulse",
                    "client_secret_file": str(folder / "secret"), "requests_per_minute": 60000,
                    "max_concurrent": 4, "sweep_every": "1s", "head_every": "500ms",
                    "certificates_every": "3s", "accounts_every": "3s"} | source
        super().__init__(brokers, prefix, folder, settings, {"secret": b"sim-secret"})


def counts(last):
    """Distinct learners by what is in force."""
    exams = last["exam.graded"].values()
    return {"enrolled": len(last["enrollment.created"]),
            "cancelled": len(last["enrollment.cancelled"]),
            "participated": len({e["subject"] for e in last["learning.progressed"].values()}),
            "passed": sum(e["data"]["passed"] for e in exams),
            "sat": sum(e["data"]["sat"] for e in exams),
            "certified": len(last["certificate.issued"])}


def shown(sim):
    """The same, from what the platform shows, walked by the test itself."""
    sim.login()
    enrollments = sim.walk(f"/api/enrollment/v1/enrollments?course_id={COURSE.replace('+', '%2B')}")
    grades = sim.walk(f"/api/grades/v1/courses/{COURSE}/?page_size=5000")
    book = {r["username"]: r["section_breakdown"] for r in sim.walk(f"/api/grades/v1/gradebook/{COURSE}/?page_size=5000")}
    attempted = {name for name, rows in book.items() if any(r["attempted"] for r in rows)}
    exam = {name for name, rows in book.items()
            if any(r["attempted"] and r["subsection_name"] == "Thi cuối khóa" for r in rows)}
    return {"enrolled": sum(r["is_active"] for r in enrollments),
            "cancelled": sum(not r["is_active"] for r in enrollments),
            "participated": sum(r["percent"] > 0 or r["username"] in attempted for r in grades),
            "passed": sum(r["passed"] for r in grades),
            "sat": sum(r["passed"] or r["username"] in exam for r in grades),
            "certified": sim.state()["certificates"]}


@pytest.fixture
def ingest(brokers, prefix, tmp_path, sim):
    instance = Ingest(brokers, prefix, tmp_path, sim.url)
    yield instance
    if instance.process and instance.process.poll() is None:
        instance.kill()


def test_the_log_says_what_the_platform_shows(ingest, sim):
    want = shown(sim)
    assert want["passed"] == 2074 and want["participated"] == 2107  # the world: 2072 + 2 and 2103 + 4 on no list
    ingest.start()
    last = ingest.wait(lambda last: counts(last) == want)
    ingest.wait(lambda last: len(ingest.marks()) == 4)
    every = {e["data"]["stream"]: e["data"]["every"] for e in ingest.last()["source.swept"].values()}
    assert every == {"enrollments": 1, "grades": 1, "certificates": 3, "accounts": 3}, "who reads the log knows what is late"
    accounts = last["account.activated"] | last["account.created"]
    assert len(accounts) == want["enrolled"] + want["cancelled"]
    assert all(e["data"]["identifiers"][0].startswith("email:") for e in accounts.values())
    for kind in last.values():
        for event in kind.values():
            assert "@" not in json.dumps(event).replace("account@daotao:", "")
    ingest.stop()
    ingest.start()
    marks = ingest.marks()
    ingest.wait(lambda last: all(ingest.marks()[name] > through for name, through in marks.items()))
    ingest.stop()
    facts = [e for e in shard_log.events(ingest.brokers, ingest.prefix) if e["type"] != "source.swept"]
    assert len(facts) == sum(len(v) for k, v in last.items() if k != "source.swept"), "a re-sweep published again"


def test_what_is_observed_is_timed_by_the_platforms_clock(brokers, prefix, tmp_path):
    """A result without a time of its own is as old as the answer that showed it; marks go by the same clock."""
    with Simulator(world="hagiang", seed=1, port=0, start="end", speed=0, sim_date=True) as sim:
        ingest = Ingest(brokers, prefix, tmp_path, sim.url)
        ingest.start()
        want = shown(sim)
        last = ingest.wait(lambda last: counts(last) == want)
        ingest.stop()
    observed = [*last["exam.graded"].values(), *last["learning.progressed"].values()]
    assert {e["time"] for e in observed} == {"2023-09-29T17:00:00.000000Z"}
    assert {e["data"]["day"] for e in last["learning.progressed"].values()} == {"2023-09-30"}
    assert all(int(e["revision"]) > 1_700_000_000_000_000 for e in observed), "revisions go by our own clock"
    assert set(ingest.marks().values()) == {"2023-09-29T17:00:00.000000Z"}


@pytest.mark.long
def test_killed_while_people_learn(brokers, prefix, tmp_path):
    moments = random.Random(int(os.environ.get("MOOC_SEED", "11")))
    with Simulator(world="hagiang", seed=1, port=0, start="begin", speed=24000) as sim:
        ingest = Ingest(brokers, prefix, tmp_path, sim.url)
        while not sim.clock()["finished"]:
            ingest.start()
            time.sleep(moments.uniform(0.5, 5))
            ingest.kill()
        want = shown(sim)
        ingest.start()
        ingest.wait(lambda last: counts(last) == want)
        ingest.stop()


@pytest.mark.parametrize("fault, stream, word", [
    pytest.param({"kind": "html", "path": "/enrollments"}, "enrollments", "HTML", marks=pytest.mark.long),
    ({"kind": "foreign_next", "path": "/grades/v1/courses", "host": "evil.example"}, "grades", "evil.example"),
    ({"kind": "oversize", "path": "/gradebook", "bytes": 70_000_000}, "grades", "larger than"),
    pytest.param({"kind": "html", "path": "/certificates"}, "certificates", "HTML", marks=pytest.mark.long),
    ({"kind": "error200", "path": "/accounts"}, "accounts", "no list"),
], ids=lambda value: value.get("kind") if isinstance(value, dict) else None)
def test_what_is_not_data_is_never_taken_for_it(ingest, sim, fault, stream, word):
    """The other streams go on, the broken one says why, gives no mark, and recovers by itself."""
    want = shown(sim)
    sim.fault(**fault)
    ingest.start()

    def problem():
        status = json.loads(ingest.command("status", "--format", "json").stdout or "{}")
        return json.dumps(status, ensure_ascii=False)

    deadline = time.monotonic() + 60
    while word not in problem():
        assert time.monotonic() < deadline, problem()
        time.sleep(0.3)
    sound = {"enrollments": "enrolled", "grades": "participated", "certificates": "certified"}
    healthy = [key for name, key in sound.items() if name != stream and (name, stream) != ("certificates", "grades")]
    last = ingest.wait(lambda last: all(counts(last)[key] == want[key] for key in healthy))
    if "gradebook" in fault["path"]:  # who passed is seen, attempts are not
        last = ingest.wait(lambda last: counts(last)["passed"] == want["passed"])
    assert stream not in ingest.marks()
    assert stream in sound and counts(last)[sound[stream]] < want[sound[stream]] or \
        stream == "accounts" and not last["account.activated"]
    sim.clear_faults()
    ingest.wait(lambda last: counts(last) == want and stream in ingest.marks())
    ingest.stop()


def test_a_broken_record_is_a_dead_letter_until_it_is_whole(ingest, sim):
    want = shown(sim)
    sim.fault("bad_row", path="/grades/v1/courses", row=3, set={"percent": "viel"})
    ingest.start()
    ingest.wait(lambda last: len(last["record.rejected"]) > 0 and "grades" in ingest.marks())
    last = ingest.last()
    for event in last["record.rejected"].values():
        assert event["data"]["reason"] == "percent_malformed"
        assert event["data"]["stream"] == "grades" and event["data"]["substream"] == COURSE
        assert event["entity"].startswith("dead:daotao:grades:")
        kept = ingest.folder / "data/quarantine/daotao" / f"grades.{event['entity'].rpartition(':')[2]}.json"
        assert kept.stat().st_mode & 0o777 == 0o600
        raw = json.loads(kept.read_text())
        assert raw["record"]["percent"] == "viel" and raw["reason"] == "percent_malformed"
        assert raw["record"]["username"] not in json.dumps(event)
    assert counts(last)["passed"] >= want["passed"] - 3
    sim.clear_faults()
    ingest.wait(lambda last: not last["record.rejected"] and counts(last) == want)
    ingest.stop()
    assert not list((ingest.folder / "data/quarantine/daotao").iterdir())


@pytest.fixture
def small():
    """One course of 60 learners, and its id."""
    with Simulator(world="generic", seed=2, port=0, start="end", speed=0, set=["learners=60", "courses=1"]) as simulator:
        simulator.login()
        yield simulator, simulator.get("/api/courses/v1/courses/").json()["results"][0]["id"]


def test_rejected_records_are_asked_for_again_on_request(brokers, prefix, tmp_path, small):
    """Out of turn: of a list, and of what is asked learner by learner."""
    sim, course = small
    off = {name: {"off": True} for name in ("gradebook", "certificates")}
    sim.fault("bad_row", path="/grades/v1/courses", row=3, set={"percent": "viel"})
    sim.fault("bad_row", path="/user/v1/accounts", row=3, set={"date_joined": "bald"})
    ingest = Ingest(brokers, prefix, tmp_path, sim.url, sweep_every="1h", accounts_every="1h", head_every="1h", streams=off,
                    courses=[course])
    with ingest:
        ingest.wait(lambda last: {"grades", "accounts"} <= set(ingest.marks()))
        rejected = [e["data"]["stream"] for e in ingest.last()["record.rejected"].values()]
        assert set(rejected) == {"grades", "accounts"}
        done = ingest.command("dead", "retry")
        total = len(rejected)
        assert done.returncode == 0 and f"0 of {total} records are good now, {total} are still rejected" in done.stdout, done
        assert "percent_malformed" in done.stdout
        sim.clear_faults()
        marks = ingest.marks()
        done = ingest.command("dead", "retry")
        assert done.returncode == 0 and f"{total} of {total} records are good now, 0 are" in done.stdout, done
        assert ingest.command("dead", "list").stdout == "no rejected record is kept here\n"
        ingest.wait(lambda last: not last["record.rejected"], 5)
        assert ingest.marks()["grades"] > marks["grades"]
        ingest.stop()


@pytest.mark.long
def test_accounts_that_all_vanish_are_one_hold(brokers, prefix, tmp_path, small):
    """Found gone one by one, by look-ups, they wait together; rejected they stay and wait no longer; accepted they go."""
    sim, course = small
    off = {name: {"off": True} for name in ("grades", "gradebook", "certificates")}
    ingest = Ingest(brokers, prefix, tmp_path, sim.url, accounts_every="1s", streams=off, courses=[course])

    def held(*words, seconds=20):
        deadline = time.monotonic() + seconds
        while not all(word in (listed := ingest.command("hold", "list").stdout) for word in words):
            assert time.monotonic() < deadline, listed + ingest.command("status").stdout + ingest.errors()
            time.sleep(0.2)
        return listed.split()[0]

    with ingest:
        ingest.wait(lambda last: "accounts" in ingest.marks())
        before = ingest.last()
        known = len(before["account.activated"]) + len(before["account.created"])
        assert known > 40
        sim.fault("status", path="/user/v1/accounts", status=404)
        hold = held("daotao accounts", " records are gone from the platform", "waiting for a decision")
        few = len(ingest.last()["account.closed"])
        assert few <= 2, "found gone alone, before the others"
        held(f" {known - few} of {known - few} records")
        assert "held: see `mooc-ingest hold list`" in ingest.command("status").stdout
        swept = ingest.marks()["accounts"]
        assert ingest.command("hold", "reject", hold).returncode == 0
        held(f" {known - few} of {known - few} records", "are kept, as decided")
        ingest.wait(lambda last: ingest.marks()["accounts"] > swept)
        time.sleep(3)  # more rounds of look-ups say the same
        assert held("are kept, as decided", seconds=0) == hold and len(ingest.last()["account.closed"]) == few
        assert ingest.command("hold", "accept", hold).returncode == 0
        ingest.wait(lambda last: len(last["account.closed"]) == known)
        sim.clear_faults()
        ingest.wait(lambda last: not last["account.closed"])
        ingest.stop()


def test_tokens_that_expire_in_mid_sweep(brokers, prefix, tmp_path):
    with Simulator(world="hagiang", seed=1, port=0, start="end", speed=0) as sim:
        want = shown(sim)
        sim.fault("expire_token", path="/certificates", probability=0.01)
        ingest = Ingest(brokers, prefix, tmp_path, sim.url).start()
        ingest.wait(lambda last: counts(last) == want)
        ingest.stop()
        stats = sim.stats()
        assert stats["status"].get("401", 0) > 0
        assert stats["tokens_issued"] < 200


def test_without_gradebook_only_passing_is_seen(brokers, prefix, tmp_path):
    with Simulator(world="hagiang", seed=1, port=0, start="end", speed=0, no_gradebook=True) as sim:
        sim.login()
        grades = sim.walk(f"/api/grades/v1/courses/{COURSE}/?page_size=5000")
        ingest = Ingest(brokers, prefix, tmp_path, sim.url).start()
        ingest.wait(lambda last: "grades" in ingest.marks())
        last = ingest.last()
        assert counts(last)["sat"] == counts(last)["passed"] == sum(r["passed"] for r in grades)
        assert counts(last)["participated"] == sum(r["percent"] > 0 for r in grades)
        assert "not visible here" in ingest.command("status").stdout
        told = ingest.command("status", "--lang", "vi").stdout
        assert "ghi chú: không xem được lượt thi: dự thi chỉ gồm người đạt" in told and "not visible" not in told, told
        checked = ingest.command("check", "daotao")
        assert checked.returncode == 0 and "not visible" in checked.stdout
        ingest.stop()


def test_new_learners_are_seen_between_sweeps(brokers, prefix, tmp_path, sim):
    ingest = Ingest(brokers, prefix, tmp_path, sim.url, sweep_every="1h", head_every="300ms").start()
    ingest.wait(lambda last: len(ingest.marks()) == 4)
    before = ingest.last()
    sim.request("POST", "/_sim/inject", {"course": COURSE, "count": 5})
    accounts = len(before["account.activated"] | before["account.created"])
    after = ingest.wait(lambda last: len(last["enrollment.created"]) == len(before["enrollment.created"]) + 5, 15)
    if len(after["account.activated"] | after["account.created"]) < accounts + 5:
        ingest.wait(lambda last: len(last["account.activated"] | last["account.created"]) >= accounts + 5, 15)
    ingest.stop()


def test_check_names_what_is_wrong(ingest, sim):
    good = ingest.command("check", "daotao")
    assert good.returncode == 0
    assert re.search(r"enrollments +ok +300 records on the first 3 pages: \d+ enrollment.created", good.stdout), good.stdout
    assert re.search(r"grades +ok +\d+ records .*: \d+ learning.progressed, \d+ exam.graded.*; no time of the platform's own",
                     good.stdout), good.stdout
    (ingest.folder / "secret").write_bytes(b"wrong")
    refused = ingest.command("check", "daotao")
    assert refused.returncode != 0
    assert "check its id and secret" in refused.stdout + refused.stderr
    assert "wrong" not in refused.stdout + refused.stderr


def test_the_configuration_is_checked_without_reaching_anything(ingest, sim):
    assert ingest.command("--check-config").returncode == 0
    right = ingest.config.read_text()
    for before, after, told in (
            (sim.url, "lms.example", "ingest.yaml:1: url: not a web address"),
            (sim.url, "http://lms.example", "url: plain http to lms.example"),
            ('"kind": "openedx"', '"kind": "openedxx"', "no connector is named `openedxx`; did you mean `openedx`?"),
            ('"sweep_every": "1s"', '"quiet_hours": "22-5"', "ingest.yaml:1: quiet_hours: `22-5` is not a span")):
        ingest.config.write_text(right.replace(before, after))
        refused = ingest.command("--check-config")
        assert refused.returncode == 2 and told in refused.stderr, refused.stderr
    ingest.config.write_text(right)
    (ingest.folder / "secret").unlink()
    refused = ingest.command("--check-config")
    assert refused.returncode == 2 and "ingest.yaml:1: client_secret_file: " in refused.stderr, refused.stderr


def test_a_killed_sweep_goes_on_where_it_was(brokers, prefix, tmp_path, sim):
    """What was read before the kill is not asked for again, and its absence from the rest of the sweep removes nobody."""
    path = "/api/enrollment/v1/enrollments"
    off = {name: {"off": True} for name in ("grades", "gradebook", "certificates", "accounts")}
    ingest = Ingest(brokers, prefix, tmp_path, sim.url, page_size={"enrollments": 20}, requests_per_minute=900,
                    sweep_every="1h", head_every="1h", streams=off).start()
    pages = -(-sim.state()["enrollments"] // 20)
    deadline = time.monotonic() + 30
    while sim.stats()["paths"].get(path, 0) < pages * 2 // 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    ingest.kill()
    before = sim.stats()["paths"][path]
    assert before < pages and not ingest.marks()
    ingest.start()
    ingest.wait(lambda last: "enrollments" in ingest.marks())
    asked = sim.stats()["paths"][path] - before
    last = ingest.last()
    assert counts(last)["enrolled"] + counts(last)["cancelled"] == sim.state()["enrollments"]
    assert counts(last)["enrolled"] == shown(sim)["enrolled"], "somebody was removed for not being in the rest"
    assert asked < pages * 3 // 4
    ingest.stop()


def told(ingest):
    """What `status` says of each stream that is published."""
    streams = json.loads(ingest.command("status", "--format", "json").stdout).get("sources", [{"streams": []}])[0]["streams"]
    return {s["stream"]: s for s in streams if s["stream"] != "gradebook"}


def test_what_was_read_before_is_told_while_the_platform_is_away(brokers, prefix, tmp_path, small):
    """After a restart, and of a source that nobody watches now."""
    sim, course = small
    ingest = Ingest(brokers, prefix, tmp_path, sim.url, sweep_every="1h", accounts_every="1h", certificates_every="1h",
                    head_every="1h", courses=[course])
    with ingest:
        ingest.wait(lambda last: {"enrollments", "grades", "certificates", "accounts"} <= set(ingest.marks()))
        marks, before = ingest.marks(), told(ingest)
        for name, stream in before.items():
            assert marks[name][:19] == stream["through"][:19] and stream["entities"] > 0, (name, stream)
        ingest.stop()
        said = ingest.command("status")
        assert said.returncode == 1 and said.stdout.startswith("mooc-ingest is stopped") and said.stdout.count("  stopped\n") == 5
        assert len(re.findall("complete as of .* ago\\)  stopped\n", said.stdout)) == 5, said.stdout
        ingest.config.write_text(ingest.config.read_text().replace(sim.url, "http://127.0.0.1:9"))
        for paused in (False, True):
            if paused:
                assert ingest.command("pause", "daotao").returncode == 0
                ingest.stop()
            ingest.start()
            ingest.wait(lambda last: any("through" in s for s in told(ingest).values()), 20)
            known = {name: (s["through"], s["entities"]) for name, s in told(ingest).items()}
            assert known == {name: (s["through"], s["entities"]) for name, s in before.items()}
            said = ingest.command("status").stdout
            assert said.count("complete as of") == 4 and "never" not in said, said
            assert re.search(r"gradebook +0 records +not kept, read anew after each start", said), said
        ingest.stop()
