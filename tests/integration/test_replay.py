"""Replay: the next generation is what the live one would be, is promoted and rolled back in a moment, and follows meanwhile."""
import csv
import io
import json
import os
import random
import re
import shutil
import subprocess
import threading
import time

import psycopg
import pytest
from confluent_kafka import Producer

from conftest import BINARIES
from harness import recompute
from harness.hand_made import event
from harness.refusal import in_english
from harness.random_events import RandomEvents, write_reference
from harness.stack import REFERENCE, Stack, wait_for
from harness.terminal import typed

TABLES = ("states", "members", "carriers", "tallies", "activity", "activity_5min", "deadlines", "issues", "totals", "headcounts",
          "marks", "dead_letters", "unmapped")


class World:
    """Random events of some people, counted by a running aggregator."""

    def __init__(self, folder, seed=1, people=120, events=3, naming=0.0):
        self.stack = Stack(folder, BINARIES, events=events).open()
        self.reference = self.stack.folder / "reference"
        shutil.copytree(REFERENCE, self.reference)
        write_reference(self.reference)
        self.service = self.stack.make_aggregator(cache_bytes="4MiB")
        self.command("config", "load", self.reference)
        self.producer = Producer({"bootstrap.servers": self.stack.brokers})
        self.events, self.sent = RandomEvents(seed, people, naming), 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def command(self, *words, code=0, **environment):
        done = subprocess.run([BINARIES / "mooc-aggregator", *in_english(words, code), "--config", self.service.config],
                              capture_output=True, text=True, timeout=120,
                              env={k: v for k, v in os.environ.items() if not k.startswith("MOOC_")} | environment)
        assert code is None or done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def send(self, count):
        events = self.events.take(count)
        for key, value in events:
            self.producer.produce(self.stack.topics["events"], value, key)
        assert self.producer.flush(60) == 0
        self.sent += len(events)

    def send_odd(self):
        """What is about no learner, what cannot be read, and what ingest rejected."""
        odd = [b"no JSON", b"", event("roster.listed", "x", None, wave="W", unit="U")]
        for turn in (2, 1, 3):
            odd += [event("source.swept", f"mark:{p}", None, source="p1", revision=turn, stream="grades", substream="c1", partition=p,
                          through=f"2023-09-2{turn}T00:00:00Z", records=turn, dead=0, every=60 * turn) for p in range(3)]
        for value in odd:
            self.producer.produce(self.stack.topics["events"], value, b"odd")
        for turn in (1, 2):
            for n in range(3):
                self.producer.produce(self.stack.topics["dead"], event(
                    "record.rejected" if turn == 1 or n else "record.accepted", f"dead:{n}", None, revision=turn, stream="grades",
                    **({"reason": "unit_unknown", "detail": f"row {turn}"} if turn == 1 or n else {})), b"k")
        assert self.producer.flush(60) == 0
        self.sent += len(odd)

    def count(self, count):
        self.send(count)
        self.counted()

    def counted(self):
        wait_for(lambda: self.stack.query("SELECT count(*) FROM archive.events") == [(self.sent,)], 60, "all is counted", 0.05)

    def tables(self, generation):
        return {t: [row for row, in self.stack.query(f"SELECT t::text FROM gen_{generation}.{t} t ORDER BY 1")] for t in TABLES}

    def vector(self, generation):
        return self.stack.query("SELECT topic, partition, next_offset FROM pulse.offsets WHERE generation = %s ORDER BY 1, 2", generation)

    def level(self, a, b):
        wait_for(lambda: self.vector(a) == self.vector(b), 30, "both generations stand at one vector", 0.05)

    def live(self):
        return self.stack.query("SELECT generation FROM pulse.live")[0][0]


@pytest.fixture
def world(tmp_path):
    with World(tmp_path, naming=0.08) as made:
        made.service.start()
        yield made


def equal(world, a, b):
    left, right = world.tables(a), world.tables(b)
    for table in TABLES:
        assert left[table] == right[table], table
    return left


def switched(switching, old, new):
    """The switch gives up after a moment rather than be a deadlock with a writer that takes over: tried again, as `replay promote` does."""
    for _ in range(20):
        try:
            switching.execute("SELECT pulse.switch_generation(%s, %s)", (old, new))
            return
        except psycopg.errors.LockNotAvailable:
            switching.rollback()
    raise AssertionError(f"generation {old} was not switched to {new} in twenty attempts")


def test_a_replay_equals_live_follows_it_and_takes_its_place(world):
    world.send_odd()
    world.count(2500)
    wait_for(lambda: len(world.tables(1)["dead_letters"]) >= 5, 20, "letters")
    first = json.loads(world.command("replay", "start", "--format", "json", "--threads", "3").stdout)
    assert "nobody" not in world.command("replay", "status").stdout  # it is followed in a moment
    assert first["generation"] == 2 and first["records"] >= 2500
    equal(world, 1, 2)
    sums = json.loads(world.command("replay", "status", "--checksums", "--format", "json").stdout)
    assert [s["role"] for s in sums] == ["live", "next"] and sums[0]["tables"] == sums[1]["tables"] == first["tables"]
    world.count(1500)
    world.level(1, 2)
    held = equal(world, 1, 2)
    assert all(held[t] for t in ("states", "members", "carriers", "tallies", "activity", "deadlines", "issues", "marks"))
    world.command("replay", "promote", "--reason", "a test")
    said = world.command("replay", "status").stdout  # the program changes over
    assert "nobody" not in said and said.count("current") == 2, said
    assert world.live() == 2
    told = json.loads(world.command("status", "--format", "json").stdout)
    assert told["generation"] == 2 and all(p["log_time"].endswith("Z") for p in told["partitions"] if p["next_offset"])
    page = world.command("status").stdout
    assert "generation 2, config version 1" in page and page.count("+07:00") >= 4, page
    world.count(1000)
    world.level(1, 2)
    equal(world, 1, 2)
    assert recompute.differences(world.stack.query, 2) == []
    world.command("replay", "rollback")
    page = world.command("status").stdout  # the program changes over
    assert world.live() == 1 and "nobody" not in page.splitlines()[0], page
    assert re.search(r"Counting +\S+ (is taking over these figures, which were put into use a moment ago|since .*)\n", page), page
    world.service.stop()  # a switch of seconds ago, but no program that could change over
    wait_for(lambda: world.command("replay", "status").stdout.count("nobody keeps it current") == 2, 5, "nobody is said to")
    world.service.start()
    world.count(500)
    world.level(1, 2)
    assert recompute.differences(world.stack.query, 1) == []
    world.command("replay", "drop")
    assert [g for g, in world.stack.query("SELECT generation FROM pulse.generations")] == [1]
    world.count(200)
    actions = [a for a, in world.stack.query("SELECT action FROM pulse.audit WHERE action LIKE 'replay%' ORDER BY entry")]
    assert actions == ["replay start", "replay promote", "replay rollback", "replay drop"]


def test_who_changes_over_is_named_though_nobody_had_followed_yet(world):
    """Promoted within a second of its start, as a script does: no alarm that nobody counts."""
    world.count(100)
    world.service.stop()
    world.command("replay", "start")
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"]), application_name="mooc-aggregator look"):  # a program is there
        world.command("replay", "promote")
        page = world.command("status").stdout
        assert "aggregator is taking over these figures, which were put into use a moment ago" in page and "nobody is counting" not in page, page
        assert world.command("replay", "status").stdout.count("aggregator is about to keep it current") == 2


@pytest.mark.parametrize("how", [("--from-archive", "--threads", "2"), ("--ranges", "3", "--threads", "1"),
                                 ("--ranges", "2", "--threads", "3", "--from-archive")])
def test_however_it_is_read_it_is_the_same(world, how):
    world.send_odd()
    world.count(2000)
    wait_for(lambda: len(world.tables(1)["dead_letters"]) >= 5, 20, "letters")
    world.command("replay", "start", *how)
    equal(world, 1, 2)
    world.count(300)
    world.level(1, 2)
    equal(world, 1, 2)


def test_what_follows_never_passes_live(world):
    world.count(300)
    world.command("replay", "start")
    world.count(100)
    world.level(1, 2)
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as holding:
        holding.execute("SELECT FROM pulse.offsets WHERE generation = 1 FOR UPDATE")
        before = world.vector(1)
        world.send(500)
        time.sleep(2)
        assert world.vector(1) == before and world.vector(2) == before
        holding.rollback()
    world.counted()
    world.level(1, 2)
    equal(world, 1, 2)


def changed_rule(world, score="0.9"):
    """A folder in which one training passes at another score."""
    folder = world.stack.folder / "changed"
    shutil.copytree(world.reference, folder)
    text = (folder / "trainings.yaml").read_text()
    assert "pass_rule: {min_score: 0.5}" in text
    (folder / "trainings.yaml").write_text(text.replace("pass_rule: {min_score: 0.5}", f"pass_rule: {{min_score: {score}}}"))
    return folder


def compared(world, *words):
    return json.loads(world.command("replay", *words, "--format", "json", "--limit", "100000").stdout)["rows"]


def passed(world, generation):
    return world.stack.query(f"SELECT sum(passed)::integer FROM gen_{generation}.tallies WHERE scope = 'training' AND training = 'TB'")[0][0]


def test_another_pass_rule_is_tried_compared_explained_and_promoted(world):
    world.count(3000)
    folder, before = changed_rule(world), world.tables(1)
    versions = world.stack.query("SELECT count(*) FROM pulse.config_versions")
    tried = compared(world, "start", "--config", folder, "--dry-run")
    assert [g for g, in world.stack.query("SELECT generation FROM pulse.generations")] == [1]
    assert world.stack.query("SELECT count(*) FROM pulse.config_versions") == versions and world.tables(1) == before
    refused = world.command("config", "load", folder, code=2)
    assert "replay start --config" in refused.stderr
    world.command("replay", "start", "--config", folder, "--reason", "the mark was wrong")
    number = max(g for g, in world.stack.query("SELECT generation FROM pulse.generations"))
    assert recompute.differences(world.stack.query, number) == []
    found = compared(world, "compare")
    people = ("states", "members", "carriers")
    assert [r for r in found if r["level"] not in people] == tried and tried
    noted, = world.stack.query("SELECT detail, generation FROM pulse.audit WHERE action = 'replay compare'")
    assert noted[0]["with"] == 1 and noted[0]["differing"] >= len(found) and noted[1] == number
    total, = [r for r in found if r["level"] == "training" and r["training"] == "TB" and r["measure"] == "passed"]
    assert (total["old"], total["new"]) == (passed(world, 1), passed(world, number)) and total["new"] < total["old"]
    cell = max((r for r in found if r["level"] == "cell training" and r["training"] == "TB" and r["measure"] == "passed"),
               key=lambda r: abs(r["change"]))
    why = compared(world, "compare", "--why", f"training=TB unit={cell.get('unit') or ''} measure=passed")
    assert len({r["person"] for r in why}) >= abs(cell["change"]) and all(r["old"] == 1 and r["new"] == 0 for r in why)
    assert {r["type"] for r in why} >= {"exam.graded"}
    # Each of them has one event that decides: the first exam that passed by the old mark.
    decides = [r for r in why if r["decides"]]
    assert len(decides) == len({r["person"] for r in why}) and {r["type"] for r in decides} == {"exam.graded"}
    for row in decides:
        (value,), = world.stack.query("SELECT value FROM archive.events WHERE partition = %s AND \"offset\" = %s", row["partition"], row["offset"])
        data = json.loads(value)["data"]
        assert 0.5 <= data["score"] / data["max_score"] < 0.9, data
    table = world.command("replay", "compare").stdout
    assert {"Từng ô theo khóa", "Đạt"} <= {w.strip() for line in table.splitlines() for w in line.split("  ")}, table
    assert "cell " not in table and "passed" not in table
    # A terminal holds the largest of each level and how many more there are; what a program reads is whole.
    assert "không nêu ở đây; xem tất cả: --format csv --out FILE" in table and len(table.splitlines()) < 100 < len(found)
    assert json.loads(world.command("replay", "compare", "--format", "json").stdout)["rows"] == found
    assert len(list(csv.reader(io.StringIO(world.command("replay", "compare", "--format", "csv").stdout)))) == len(found) + 1
    assert len(world.command("replay", "compare", "--limit", "100000").stdout.splitlines()) > len(found)
    assert "Exam graded" in world.command("replay", "compare", "--why", "training=TB measure=passed", "--lang", "en").stdout
    # Each person's events stand in the order in which they happened, whatever key they go by; who is left out is told.
    times = {}
    for row in compared(world, "compare", "--why", "training=TB measure=passed"):
        times.setdefault(row["person"], []).append(row["time"])
    assert all(t == sorted(t) for t in times.values())
    few = world.command("replay", "compare", "--why", "training=TB measure=passed", "--lang", "en", "--limit", "2").stdout
    assert f"Listed: 2 of {len(times):,}; --limit N lists more." in few, few
    assert 'there is no training "TX"; there are: TA, TB' in world.command("replay", "compare", "--why", "training=TX measure=passed", code=2).stderr
    others = compared(world, "compare", "--why", f"training=TB unit={cell.get('unit') or ''} measure=not_passed")
    assert {(r["old"], r["new"]) for r in others} == {(0, 1)}
    assert {r["person"] for r in others} <= {r["person"] for r in why}, "who passed no more"
    graded = world.stack.query("SELECT count(*) FROM archive.events WHERE id = ANY(%s) AND type IS NOT NULL", [r["event"] for r in why])
    assert graded[0][0] >= len({r["event"] for r in why})
    asked = ("replay", "compare", "--why", "training=TB measure=passed", "--lang", "en")
    assert " Next " in world.command(*asked).stdout and "; next: " in world.command(*asked).stdout
    world.command("replay", "promote")
    told = world.command(*asked).stdout  # the other one was live before
    assert " Before " in told and "; before: " in told and " Next " not in told and "next:" not in told, told
    world.count(500)
    world.level(1, number)
    assert recompute.differences(world.stack.query, number) == [] and recompute.differences(world.stack.query, 1) == []
    with open(folder / "courses.csv", "a") as courses:
        courses.write("p9,c9,TA,x\n")
    assert "is kept beside the live one" in world.command("config", "load", folder, code=1).stderr
    world.command("replay", "drop")
    assert "course p9 c9: added" in world.command("config", "load", folder).stdout


def test_one_trainings_rules_alone_are_counted_from_what_is_held(world):
    world.send_odd()
    world.count(2500)
    folder = changed_rule(world)
    tried = compared(world, "start", "--config", folder, "--training", "TB", "--dry-run")
    assert tried and tried == compared(world, "start", "--config", folder, "--dry-run")
    world.command("replay", "start", "--config", folder, "--training", "TB", "--threads", "3")
    number = max(g for g, in world.stack.query("SELECT generation FROM pulse.generations"))
    part = world.tables(number)
    world.count(300)
    world.level(1, number)
    assert recompute.differences(world.stack.query, number) == []
    world.command("replay", "drop")
    assert "beyond training TA" in world.command("replay", "start", "--config", folder, "--training", "TA", code=2).stderr
    courses = (folder / "courses.csv").read_text()
    (folder / "courses.csv").write_text(courses.replace("p1,c3,TB", "p1,c3,TC"))
    assert "course p1 c3" in world.command("replay", "start", "--config", folder, "--training", "TB", code=2).stderr
    (folder / "courses.csv").write_text(courses)
    assert part["tallies"] and [g for g, in world.stack.query("SELECT generation FROM pulse.generations")] == [1]


def readers(world, count, until):
    """Sessions of BI tools that ask again and again, each answer in one piece; their failures."""
    failures = []

    def read():
        with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as connection:
            while not until.is_set():
                with connection.transaction():
                    live, total = connection.execute("SELECT (SELECT generation FROM bi.generation), sum(registered) FROM"
                                                     " bi.participation_training").fetchone()
                if total is None:
                    failures.append((live, total))
    threads = [threading.Thread(target=read) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, failures


def test_promote_with_readers_is_a_moment_and_an_old_snapshot_stays_with_the_old(world):
    world.count(2000)
    world.command("replay", "start", "--config", changed_rule(world))
    until = threading.Event()
    threads, failures = readers(world, 20, until)
    user = os.environ["PGUSER"]
    with psycopg.connect(world.stack.conninfo(user)) as old, psycopg.connect(world.stack.conninfo(user)) as committed:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        ask = "SELECT generation FROM bi.generation"
        figures = "SELECT sum(passed) FROM bi.participation_training"
        seen = old.execute(ask).fetchone()[0], old.execute(figures).fetchone()
        assert committed.execute(ask).fetchone()[0] == 1
        said = world.command("replay", "promote").stdout
        assert int(said.split("it took ")[1].split(" ms")[0]) < 1000
        assert committed.execute(ask).fetchone()[0] == 2
        assert (old.execute(ask).fetchone()[0], old.execute(figures).fetchone()) == seen
        committed.rollback()
        until.set()
        for thread in threads:
            thread.join()
        assert failures == []
        # Without a lock on the tables, only on what was read: the drop waits for nobody who has ended a transaction.
        dropping = subprocess.Popen([BINARIES / "mooc-aggregator", "replay", "drop", "--config", world.service.config],
                                    stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        told = json.loads(dropping.stderr.readline())
        assert dropping.poll() is None, "an open transaction still reads the old one"
        # The longest of them; others may be so for a moment, as a vacuum is.
        assert (told["pid"], told["login"]) == (old.info.backend_pid, user) and told["sessions"] >= 1 and told["since"].endswith("Z"), told
        old.rollback()
        assert dropping.wait(30) == 0


def test_live_is_not_held_still_for_one_that_nobody_brings_up(world):
    world.count(300)
    world.command("replay", "start")
    world.service.kill()
    world.stack.query("UPDATE pulse.generations SET fold_version = 99 WHERE generation = 2")
    world.service.start()
    world.count(100)
    waiting = subprocess.Popen([BINARIES / "mooc-aggregator", "replay", "promote", "--hold", "4s", "--config", world.service.config],
                               stderr=subprocess.PIPE, text=True)
    wait_for(lambda: world.stack.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mooc-aggregator replay promote'"
                                       " AND datname = current_database()") == [(1,)], 20, "it is connected", 0.01)
    time.sleep(0.5)
    world.send(100)
    wait_for(lambda: world.stack.query("SELECT count(*) FROM archive.events") == [(world.sent,)], 2, "live goes on", 0.05)
    assert waiting.poll() is None
    waiting.terminate()
    waiting.wait(10)
    assert world.live() == 1


def test_a_follower_that_comes_nearer_too_slowly_is_not_said_to_be_nobodys(world):
    """The test itself is the follower: a record now and then."""
    world.count(300)
    world.command("replay", "start")
    world.service.kill()
    world.stack.query("UPDATE pulse.generations SET fold_version = 99 WHERE generation = 2")
    world.service.start()
    world.count(400)
    ended = threading.Event()

    def follow():
        with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"]), autocommit=True) as own:
            while not ended.wait(0.02):
                own.execute("UPDATE pulse.offsets SET next_offset = next_offset + 1 WHERE generation = 2 AND topic = %s AND partition = 0",
                            [world.stack.topics["events"]])

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        said = world.command("replay", "promote", "--hold", "300ms", code=1).stderr
    finally:
        ended.set()
        follower.join()
    assert "is being brought up to date" in said and "nobody" not in said, said
    assert world.live() == 1
    said = world.command("replay", "promote", "--hold", "100ms", code=1).stderr  # now nobody does
    assert "nobody brings it up" in said, said


def test_promote_lets_through_who_takes_over_at_that_moment(world):
    world.count(300)
    world.command("replay", "start")
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as taking:
        taking.execute("SELECT FROM pulse.writers WHERE generation = 1 FOR UPDATE")
        promoting = subprocess.Popen([BINARIES / "mooc-aggregator", "replay", "promote", "--config", world.service.config],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: world.stack.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mooc-aggregator replay promote'"
                                           " AND wait_event_type = 'Lock' AND datname = current_database()") == [(1,)], 20, "it waits", 0.01)
        taking.execute("UPDATE pulse.offsets SET writer_epoch = writer_epoch WHERE generation = 1")
    assert promoting.wait(20) == 0, promoting.stderr.read()
    assert world.live() == 2


@pytest.mark.long
def test_what_was_in_the_way_once_is_not_said_of_what_fails_later(world):
    world.count(300)
    world.command("replay", "start")
    world.service.kill()
    assert world.vector(1) == world.vector(2)
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as taking:
        taking.execute("SELECT FROM pulse.writers WHERE generation = 1 FOR UPDATE")
        promoting = subprocess.Popen([BINARIES / "mooc-aggregator", "replay", "promote", "--hold", "100ms", "--config", world.service.config],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: world.stack.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mooc-aggregator replay promote'"
                                           " AND wait_event_type = 'Lock' AND datname = current_database()") == [(1,)], 20, "it waits", 0.01)
        taking.execute("UPDATE pulse.offsets SET next_offset = next_offset + 1 WHERE generation = 1")  # when it lets go
    assert promoting.wait(10) == 1
    assert "nobody brings it up" in promoting.stderr.read()
    assert world.live() == 1


def test_roles_that_change_while_both_are_taken_over(world):
    """Who chose a generation to write and then waited for it must look again what that one is by now."""
    world.count(300)
    world.command("replay", "start")
    world.level(1, 2)
    own = "FROM pg_stat_activity WHERE datname = current_database() AND application_name ~ 'mooc-aggregator (run|follow"
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as switching:
        switching.execute("SELECT FROM pulse.writers FOR UPDATE")
        world.stack.query(f"SELECT pg_terminate_backend(pid) {own}|load)'")
        world.send(50)  # and so the one that writes notices
        wait_for(lambda: world.stack.query(f"SELECT count(*) {own})' AND wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE%'") == [(2,)],
                 20, "both wait for the generation of before", 0.05)
        switched(switching, 1, 2)
        switching.commit()
    world.count(200)
    world.level(1, 2)
    assert world.live() == 2
    equal(world, 1, 2)


def test_in_a_quiet_hour_the_last_transaction_s_end_is_reached_too(world):
    """Behind its last record a transaction has marks of its own, which no record follows: live steps over them a moment after the follower was
    as far as live, and so must that."""
    producer = Producer({"bootstrap.servers": world.stack.brokers, "transactional.id": f"{world.stack.topics['events']}-quiet"})
    producer.init_transactions(30)
    world.count(300)
    world.command("replay", "start")
    for _ in range(5):
        producer.begin_transaction()
        events = world.events.take(8)
        for key, value in events:
            producer.produce(world.stack.topics["events"], value, key)
        producer.commit_transaction(30)
        world.sent += len(events)
        world.counted()
        world.level(1, 2)
        time.sleep(1)
        world.level(1, 2)
    world.command("replay", "promote")
    equal(world, 1, 2)


def test_who_writes_is_known_after_a_restart_of_the_database_too(world):
    """Its session is of before the restart, and is only made anew when there is something to write; its signs of life go on."""
    world.count(100)
    kept = lambda: [g["writer"] for g in json.loads(world.command("replay", "status", "--format", "json").stdout)]  # noqa: E731
    writer = kept()
    assert writer != [""]
    world.stack.query("UPDATE pulse.writers SET pid = 2147483647, backend_start = pg_postmaster_start_time() - interval '1 second'")
    assert kept() == writer
    world.stack.query("UPDATE pulse.writers SET backend_start = clock_timestamp()")  # a session of now that is gone is gone
    assert kept() == [""]


def test_who_waited_for_what_was_dropped_goes_on(world):
    """The generation that was written goes while its heartbeat waits for its row and a statement for its tables: both wake at one moment."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name"
    world.count(300)
    for old in range(1, 7):
        world.command("replay", "start")
        world.level(old, old + 1)
        with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as switching:
            switched(switching, old, old + 1)
            switching.execute("SELECT pulse.drop_generation(%s)", (old,))
            world.send(50)
            for name in ("heartbeat", "load"):
                wait_for(lambda: world.stack.query(f"{waits} = 'mooc-aggregator {name}'") >= [(1,)], 20, f"{name} waits", 0.01)
            switching.commit()
        world.counted()
        assert world.service.alive() and world.live() == old + 1


def test_a_terminal_is_asked_what_is_dropped(world):
    world.count(300)
    world.command("replay", "start")
    drop = [BINARIES / "mooc-aggregator", "replay", "drop", "--config", world.service.config]
    generations = lambda: [g for g, in world.stack.query("SELECT generation FROM pulse.generations ORDER BY 1")]  # noqa: E731
    kept = typed(drop, ("", b"y\n"), ("[y/N] ", b"n\n"))  # what was typed before it was asked answers nothing
    assert kept.code == 1 and "Drop generation 2 (next, not promoted) for ever?" in kept.shown and generations() == [1, 2]
    world.stack.query("SELECT pulse.begin_replay(fold_version, config_version) FROM pulse.generations WHERE generation = 1")
    which = world.command("replay", "drop", code=2).stderr
    assert "generation 2 (next, not promoted), generation 3 (not finished)" in which and generations() == [1, 2, 3]
    world.command("replay", "drop", "3")
    world.command("replay", "promote")
    gone = typed(drop, ("[y/N] ", b"y\n"))
    assert gone.code == 0 and "generation 1 (the way back from 2)" in gone.shown and generations() == [2]


def test_who_began_before_the_drop_is_told_so(world):
    world.count(500)
    world.command("replay", "start")
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as old:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        old.execute("SELECT 1 FROM pulse.schema_version")  # the snapshot is taken; no figure is read yet
        world.command("replay", "promote")
        world.command("replay", "drop")
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            old.execute("SELECT sum(registered) FROM bi.participation_training")


def test_a_reader_who_asks_for_more_while_the_views_change_is_not_the_one_to_fail(world):
    world.count(500)
    world.command("replay", "start")
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as reader:
        reader.execute("SELECT count(*) FROM bi.activity_5min")
        dropping = subprocess.Popen([BINARIES / "mooc-aggregator", "replay", "drop", "--config", world.service.config], stderr=subprocess.PIPE)
        wait_for(lambda: world.stack.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mooc-aggregator replay drop'"
                                           " AND wait_event_type = 'Lock' AND datname = current_database()") == [(1,)], 20, "it waits", 0.01)
        assert reader.execute("SELECT sum(registered) FROM bi.participation_training").fetchone()[0]
        reader.rollback()
        assert dropping.wait(30) == 0


@pytest.mark.parametrize("phase", ["held", "switched", "noted", "committed"])
def test_ended_while_promoting_the_same_command_goes_on(world, phase):
    world.count(300)
    world.command("replay", "start")
    world.command("replay", "promote", code=-9, MOOC_FAIL_AT=phase)
    assert world.live() == (2 if phase == "committed" else 1)
    again = world.command("replay", "promote", code=None)
    assert again.returncode == (1 if phase == "committed" else 0), again.stderr
    assert world.live() == 2
    world.count(300)
    world.level(1, 2)
    equal(world, 1, 2)


@pytest.mark.parametrize("phase", ["read", "filled", "shown"])
def test_ended_while_building_the_same_command_begins_anew(world, phase):
    world.count(300)
    world.command("replay", "start", code=-9, MOOC_FAIL_AT=phase)
    again = world.command("replay", "start", code=None)
    if phase == "shown":  # it was whole already
        assert again.returncode == 1 and "promote it or drop it" in again.stderr
    else:
        assert again.returncode == 0 and "was not finished" in again.stderr
    other, = [g for g, in world.stack.query("SELECT generation FROM pulse.generations WHERE generation > 1")]
    equal(world, 1, other)


def test_a_second_replay_is_refused_and_the_first_named(world):
    world.count(300)
    first = subprocess.Popen([BINARIES / "mooc-aggregator", "replay", "start", "--rate", "3", "--config", world.service.config],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: world.stack.query("SELECT count(*) FROM pulse.generations WHERE state = 'building'") == [(1,)], 20, "it builds")
    second = world.command("replay", "start", code=1)
    assert "another replay is at work: mooc-aggregator replay start" in second.stderr
    time.sleep(0.5)
    first.terminate()  # while it waits, for minutes, so that it reads no faster than it may
    assert first.wait(5) == 1
    world.command("replay", "start")


@pytest.mark.long
def test_a_replay_that_may_read_a_few_records_a_second_does_not_take_its_own_waiting_for_kafkas(world):
    world.count(500)
    world.command("replay", "start", "--rate", "7", "--threads", "1")
    equal(world, 1, 2)


def test_what_is_dropped_while_somebody_is_about_to_follow_it_holds_up_nothing(world):
    world.count(300)
    world.command("replay", "start")
    world.service.kill()
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"])) as dropping:
        dropping.execute("SELECT pulse.drop_generation(2)")
        world.service.start()
        wait_for(lambda: world.stack.query("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'mooc-aggregator follow%%'"
                                           " AND wait_event_type = 'Lock' AND datname = current_database()") == [(1,)], 20, "it waits", 0.05)
    world.command("replay", "start")
    world.count(300)
    wait_for(lambda: world.vector(1) == world.vector(3), 5, "the next one is followed", 0.05)
    assert "is not kept current" not in world.service.log_text()


def test_without_the_logs_start_it_names_the_way_out(world):
    world.count(1000)
    deleted = {p: n - 3 for t, p, n in world.vector(1) if t == world.stack.topics["events"]}
    from confluent_kafka import TopicPartition
    from confluent_kafka.admin import AdminClient
    client = AdminClient({"bootstrap.servers": world.stack.brokers})
    for future in client.delete_records([TopicPartition(world.stack.topics["events"], p, n) for p, n in deleted.items()]).values():
        future.result()
    refused = world.command("replay", "start", code=1)
    assert "--from-archive" in refused.stderr
    world.command("replay", "start", "--from-archive")
    other, = [g for g, in world.stack.query("SELECT generation FROM pulse.generations WHERE generation > 1")]
    equal(world, 1, other)
    world.count(300)
    world.level(1, other)
    equal(world, 1, other)


def test_a_generation_that_is_being_built_is_none_that_was_left(world):
    world.count(400)
    building = subprocess.Popen([BINARIES / "mooc-aggregator", "replay", "start", "--rate", "50", "--config", world.service.config],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: world.stack.query("SELECT state FROM pulse.generations WHERE generation = 2") == [("building",)], 20, "it is begun", 0.05)
    told = world.command("replay", "status").stdout.splitlines()[1]
    assert told.startswith("generation 2 (being built)") and told.endswith("; a replay start is at work on it"), told
    building.kill()
    building.wait()
    wait_for(lambda: "generation 2 (left unfinished)" in world.command("replay", "status").stdout, 10, "it was left")
    assert "; the next replay start clears away what was left unfinished" in world.command("replay", "status").stdout


WHILE_IT_WAITED = {
    "a start ended": ("UPDATE pulse.generations SET state = 'building' WHERE generation = 2",
                      "UPDATE pulse.generations SET state = 'ready' WHERE generation = 2",
                      "generation 2 (next, not promoted) came meanwhile", 2, "generation 2 is dropped\n"),
    "a promote ended": ("SELECT", "SELECT pulse.switch_generation(1, 2)",
                        "generation 1 (the way back from 2) was live until just now", 1,
                        "generation 1 is dropped: there is no way back to it\n"),
}


@pytest.mark.parametrize("what", WHILE_IT_WAITED)
def test_drop_without_a_number_takes_nothing_that_was_another_when_it_was_typed(world, what):
    """Another's start or promote was at work then, and ends while the command waits for it."""
    before, meanwhile, refused, number, dropped = WHILE_IT_WAITED[what]
    world.count(300)
    world.command("replay", "start")
    world.level(1, 2)
    with psycopg.connect(world.stack.conninfo(os.environ["PGUSER"]), autocommit=True) as another:
        another.execute("SELECT pg_advisory_lock(1836020579, 1)")
        another.execute(before)
        dropping = subprocess.Popen([BINARIES / "mooc-aggregator", "replay", "drop", "--config", world.service.config],
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: world.stack.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mooc-aggregator replay drop'"
                                           " AND query LIKE '%pg_try_advisory_lock%' AND datname = current_database()") == [(1,)],
                 10, "it waits", 0.01)
        another.execute(meanwhile)
    said = "".join(dropping.communicate(timeout=30))
    assert dropping.returncode == 2 and f"{refused}: if it is meant, say replay drop {number}" in said, said
    assert [g for g, in world.stack.query("SELECT generation FROM pulse.generations")] == [1, 2]
    again = world.command("replay", "drop")
    assert again.stdout.startswith(f"dropping generation {number} (") and again.stdout.endswith(dropped) and again.stderr == ""
