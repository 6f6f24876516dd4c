"""mooc-ingest and a real LRS, Ralph: what is written to it arrives as the right events, each once, though `since` compares another
time there, what is voided stays in its lists, and no reply says through when it is consistent."""
import json
import time
from datetime import datetime, timedelta, timezone

import pytest

import shard_log
import world as worlds
import world_truth as truth
from ingest_process import IngestProcess
from platforms import ralph
from platforms.xapi_statements import HOME, VERBS, Style, statements

SOURCE = "lrs"


def redated(some, begin):
    """The same statements, made from `begin` on, a second apart."""
    for n, s in enumerate(some):
        s.body["timestamp"] = (begin + timedelta(seconds=n)).isoformat(timespec="milliseconds")
    return some


def expected(bodies):
    """Facts of all that was written, in its order; what is voided counts no more."""
    gone = {b["object"]["id"] for b in bodies if b["verb"]["id"] == VERBS["voided"]}
    seats, out = {}, set()
    for b in bodies:
        verb = b["verb"]["id"]
        if verb == VERBS["voided"]:
            continue
        who = truth.keyed(f"account@{SOURCE}", b["actor"]["account"]["name"])
        at = int(datetime.fromisoformat(b["timestamp"].replace("123Z", "Z")).timestamp())
        out.add(("account", who, None, None))
        if verb in (VERBS["registered"], VERBS["unregistered"]):
            seats[who, b["object"]["id"]] = "enrolled" if verb == VERBS["registered"] else "left"
        elif b["id"] in gone:
            continue
        elif verb == VERBS["earned"]:
            out.add(("certified", who, b["context"]["contextActivities"]["parent"][0]["id"]))
        elif verb in (VERBS["passed"], VERBS["failed"]):
            course = b["context"]["contextActivities"]["parent"][0]["id"]
            out.add(("exam", who, course, b["object"]["id"], None, b["result"]["score"]["scaled"], verb == VERBS["passed"], at))
    return out | {(what, *key) for key, what in seats.items()}


def arrives(ingest, bodies, seconds=30):
    want, deadline = expected(bodies), time.monotonic() + seconds
    while (is_ := truth.told(last := ingest.last(), SOURCE)) != want:
        if ingest.process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"not so: {sorted(map(str, is_ - want))[:6]}\nnot told: {sorted(map(str, want - is_))[:6]}\n{ingest.errors()}")
        time.sleep(0.3)
    return last


def stays(ingest, brokers, prefix, seconds=3):
    """Reading the same again and again adds nothing but marks."""
    facts = lambda: [e for e in shard_log.events(brokers, prefix) if e["type"] != "source.swept"]  # noqa: E731
    before, marks = {e["id"] for e in facts()}, ingest.marks()
    time.sleep(seconds)
    assert ingest.marks()["statements"] > marks["statements"], ingest.errors()
    more = [(e["type"], e["entity"], e["data"]) for e in facts() if e["id"] not in before]
    assert not more, "told again"


@pytest.mark.long
def test_what_is_written_to_ralph_arrives_once(brokers, prefix, tmp_path):
    w = worlds.load("generic", 4, learners=60, courses=1, units=2, regraded=2, late=1)
    made = statements(w, Style(actor="account", zoneless=False, mistakes=3))
    assert sum(s.target is not None for s in made) > 4
    split = len(made) * 3 // 4 // 100 * 100
    first, live, late = made[:split], made[split:-20], made[-20:]
    assert first and len(first) % 100 == 0, "a full last page, so that an empty one is behind it"
    assert any(s.target for s in first) and any(s.target for s in live)
    (tmp_path / "courses").mkdir()
    course = f"https://lms.sim.example/courses/{w.courses[0].id}"
    with ralph.running() as lrs:
        lrs.send(first)
        source = {"name": SOURCE, "kind": "xapi", "url": lrs.url.removesuffix("/statements"), "user": lrs.user, "home_page": HOME,
                  "password_file": str(tmp_path / "secret"), "courses": [course], "requests_per_minute": 60000,
                  "streams": {"statements": {"every": "400ms"}}}
        with IngestProcess(brokers, prefix, tmp_path, source, {"secret": lrs.password.encode()}) as ingest:
            done = [s.body for s in first]
            arrives(ingest, done)
            # What is sent while things happen, a little at a time, with mistakes that are voided at once.
            redated(live, datetime.now(timezone.utc) - timedelta(seconds=len(live)))
            for n in range(0, len(live), 150):
                lrs.send(live[n : n + 150])
                done += [s.body for s in live[n : n + 150]]
                arrives(ingest, done)
            stays(ingest, brokers, prefix)
            ingest.kill()
            ingest.start()
            last = arrives(ingest, done)
            assert last["exam.graded"] and last["certificate.issued"]
            stays(ingest, brokers, prefix)
            # `since` compares when a thing was done, not when it was stored: what comes long after needs to be asked for, and
            # without an end, which is one of `stored`.
            old = datetime(2026, 3, 20, tzinfo=timezone.utc)
            lrs.send(redated(late, old))
            asked = ingest.command("backfill", SOURCE, "--from", "2026-03-19")
            assert asked.returncode == 0, asked.stderr
            last = arrives(ingest, done + [s.body for s in late])
            stays(ingest, brokers, prefix)
            assert not last["record.rejected"] and "sim-secret" not in json.dumps(shard_log.events(brokers, prefix))
            ingest.stop()
