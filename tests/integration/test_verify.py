"""`verify` recomputes in SQL what the fold in C wrote: equal on random worlds, as the recomputation in Python is, and every planted
error is found."""
import hashlib
import json
import os
import random
import signal
import subprocess
import threading

import psycopg
import pytest

from harness import hand_made, recompute
from harness.random_events import RandomEvents
from harness.stack import wait_for
from test_windows import World, cut

# Check -> what is planted; each leaves rows in one check only, but a lost state takes its facts along.
PLANTED = {
    "tallies": "UPDATE gen_1.tallies SET participated = participated + 1 WHERE ctid = (SELECT min(ctid) FROM gen_1.tallies WHERE scope = 'year')",
    "activity by day": "UPDATE gen_1.activity SET active = active[2:] || active[1] WHERE (scope, training) = ('training', 'TA') AND month = '2023-10-01'",
    "activity by month": "UPDATE gen_1.activity SET change_7_sum = change_7_sum - 1 WHERE ctid = (SELECT min(ctid) FROM gen_1.activity)",
    "activity by five minutes": "UPDATE gen_1.activity_5min SET learners = learners + 1 WHERE ctid = (SELECT min(ctid) FROM gen_1.activity_5min)",
    "members": "DELETE FROM gen_1.members WHERE subject = (SELECT subject FROM gen_1.members LIMIT 1)",
    "carriers": "UPDATE gen_1.carriers SET name = name + 1 WHERE ctid = (SELECT min(ctid) FROM gen_1.carriers)",
    "states": "DELETE FROM gen_1.states WHERE ctid = (SELECT min(ctid) FROM gen_1.states WHERE training = 'TB')",
    "deadlines": "UPDATE gen_1.deadlines SET day_0 = day_0 + 1 WHERE ctid = (SELECT min(ctid) FROM gen_1.deadlines WHERE day_0 < '2024-01-01')",
    "issues": "DELETE FROM gen_1.issues WHERE ctid = (SELECT min(ctid) FROM gen_1.issues WHERE kind = 'no_account')",
    "head counts": "UPDATE gen_1.headcounts SET people = people + 7 WHERE ctid = (SELECT min(ctid) FROM gen_1.headcounts)",
    "published totals": "UPDATE gen_1.totals SET in_force = NOT in_force WHERE ctid = (SELECT min(ctid) FROM gen_1.totals)",
    "marks": "DELETE FROM gen_1.marks",
    "dead letters": "DELETE FROM gen_1.dead_letters",
    "unmapped": "DELETE FROM gen_1.unmapped WHERE kind = 'wave'",
}


def chained(revision, previous, progress=0.5):
    """One account's progress of one day, revised again and again."""
    event = json.loads(hand_made.progressed("chain", "2023-09-21", progress))
    return event["subject"], json.dumps(event | {"revision": str(revision), "previous": str(previous), "id": str(revision)}).encode()


def swept():
    event = json.loads(hand_made.event("source.swept", "mark:p1:0", stream="grades", partition=0, through="2023-09-21T00:00:00.1234567Z"))
    return "mark", json.dumps(event).encode()


def special():
    """What random events leave out: a chain of revisions, a mark, a record that nobody reads, and a number that PostgreSQL's JSON refuses."""
    return [chained(1000, 0), chained(2000, 1000), chained(3000, 2000, 1), swept(), ("x", b'{"specversion":"1.0"'),
            ("y", hand_made.progressed("tiny", "2023-09-22", 0.25).replace(b'"data": {', b'"data": {"x-tiny": 1e-9999999, '))]


def passed_again():
    """In wave W6 of TC, where the last attempt counts: passed, failed, passed, failed, passed, and passed once more."""
    marks = (9, 1, 6, 1, 9, 6)
    of_p2 = {"source": "p2", "course": "c3"}
    made = [hand_made.listed("again", "W6", "HG-SNV", "2024-02-19"), hand_made.account("again", source="p2"),
            hand_made.progressed("again", "2024-02-21", 1, **of_p2)]
    made += [hand_made.graded("again", f"2024-02-{20 + n}T03:00:00Z", n, score=mark, max_score=10, **of_p2) for n, mark in enumerate(marks, 1)]
    return [("again", value) for value in made]


def verify(stack, *arguments, code=0):
    done = stack.command("mooc-aggregator", "verify", "--format", "json", *arguments, code=code)
    return json.loads(done.stdout)


def found(outcome):
    return {name: check["differences"] for name, check in outcome["checks"].items() if check["differences"]}


class kept:
    """The table as it was, when the block ends."""

    def __init__(self, stack, *tables):
        self.stack, self.tables = stack, tables

    def __enter__(self):
        for number, table in enumerate(self.tables):
            self.stack.query(f"CREATE TABLE public.kept_{number} AS TABLE {table}")

    def __exit__(self, *_):
        for number, table in enumerate(self.tables):
            self.stack.query(f"TRUNCATE {table}")
            self.stack.query(f"INSERT INTO {table} SELECT * FROM public.kept_{number}")
            self.stack.query(f"DROP TABLE public.kept_{number}")


def figures_of_planted_errors(stack):
    with kept(stack, *sorted({statement.split()[1] if statement.startswith("UPDATE") else statement.split()[2] for statement in PLANTED.values()})):
        for statement in PLANTED.values():
            stack.query(statement)
        outcome = verify(stack, code=1)
        assert set(found(outcome)) == set(PLANTED) | {"facts in states"}
        first = {difference["check"]: difference for difference in outcome["largest"]}
        assert first["tallies"]["key"]["scope"] == "year" and first["tallies"]["column"] == "participated"
        assert int(first["tallies"]["stored"]) == int(first["tallies"]["recomputed"]) + 1
        assert first["activity by month"]["column"] == "change_7_sum"
        assert int(first["activity by month"]["stored"]) == int(first["activity by month"]["recomputed"]) - 1
        assert (first["states"]["stored"], first["states"]["recomputed"]) == ("none", "a row")
        assert first["head counts"]["column"] == "people"
        text = stack.command("mooc-aggregator", "verify", "--limit", "1", code=1).stdout
        assert "head counts, the largest differences first:" in text and "Nothing was changed" in text
        text = stack.command("mooc-aggregator", "verify", "--limit", "1", "--lang", "vi", code=1).stdout
        assert "Lượt người, khác nhiều nhất trước:" in text and "Không có gì bị thay đổi" in text and "+07:00, tính lại từ kho lưu" in text


def archive_of_planted_errors(stack):
    with kept(stack, "archive.events", "archive.offsets"):
        (place,), = stack.query('SELECT "offset" FROM archive.events WHERE revision = 1000 AND previous = 0 AND id = \'1000\'')
        stack.query("INSERT INTO archive.events SELECT * FROM archive.events WHERE id = '1000'")
        stack.query("DELETE FROM archive.events WHERE id = '2000'")
        columns = "partition, 1000000, log_time, 'stray', type, source, subject, entity, revision, previous, event_time, data_hash, value"
        stack.query(f"INSERT INTO archive.events SELECT {columns} FROM archive.events WHERE id = '1000' LIMIT 1")
        stack.query("UPDATE archive.events SET event_time = event_time + interval '1 day', subject = entity WHERE id = '3000'")
        stack.query("UPDATE archive.offsets SET last_id = 'other' WHERE partition = 0")
        outcome = verify(stack, code=1)
        assert (found(outcome)["archive rows"], found(outcome)["archive columns"]) == (4, 1)
        rows = {(d["column"], d["stored"]): d for d in outcome["largest"] if d["check"].startswith("archive")}
        assert rows["rows", "2"]["key"]["offset"] == place
        assert rows[None, "none"]["key"]["revision"] == 2000
        assert rows["beyond", "a row"]["key"]["offset"] == 1000000
        assert [d["recomputed"] for (column, _), d in rows.items() if column == "id"] == ["other"]
        assert ("subject event_time", "other than the value says") in rows
    with kept(stack, "archive.events"):
        # The newest of its entity: no other row names it, but the figures were counted with it.
        stack.query("DELETE FROM archive.events WHERE id = '3000'")
        lacking = found(verify(stack, code=1))
        assert lacking["facts in states"] == 3 and lacking["tallies"] > 0 and "archive rows" not in lacking


def samples(stack, whole):
    """Only what is asked for is compared, and everybody in it counts whole."""
    with kept(stack, "gen_1.tallies"):
        stack.query("UPDATE gen_1.tallies SET sat = sat + 2 WHERE (scope, training, unit) = ('training', 'TA', 'HG-STP')")
        for arguments, wanted in ((("--training", "TC"), {}), (("--unit", "U-X"), {}), (("--training", "TA"), {"tallies": 1}),
                                  (("--unit", "HG-STP", "--training", "TA"), {"tallies": 1})):
            outcome = verify(stack, *arguments, code=1 if wanted else 0)
            assert found(outcome) == wanted
            for name in ("tallies", "activity by day", "issues", "deadlines"):
                assert 0 < outcome["checks"][name]["compared"] < whole[name]["compared"]


def outcomes_are_noted(stack, tmp_path):
    count = "SELECT count(*) FROM pulse.verifications"
    (before,), = stack.query(count)
    path = tmp_path / "verify.prom"
    others = tmp_path / "somebody else's"
    others.write_text("kept")
    (tmp_path / "verify.prom.part").symlink_to(others)
    outcome = verify(stack, "--metrics-file", path)
    assert others.read_text() == "kept", "it wrote through what lay in the way, as another verify's file would"
    metrics = dict(line.rsplit(" ", 1) for line in path.read_text().splitlines() if not line.startswith("#"))
    assert metrics['mooc_aggregator_verify_differences{check="tallies"}'] == "0"
    assert float(metrics["mooc_aggregator_verify_timestamp_seconds"]) > 1.6e9
    (after,), = stack.query(count)
    assert after == before + 1
    (row,) = stack.query("SELECT generation, differences, compared, checks, vector, training FROM pulse.verifications"
                         " ORDER BY verification DESC LIMIT 1")
    status = json.loads(stack.command("mooc-aggregator", "status", "--format", "json").stdout)
    assert status["verify_differences"] == 0 and 0 < status["verified_age_ms"] < 600_000
    assert row == (1, 0, outcome["compared"], outcome["checks"], outcome["vector"], None)


def ended_by_a_stop(stack):
    """A statement may take minutes: who is asked to stop lets go of it at once."""
    verify = [stack.binaries / "mooc-aggregator", "verify", "--config", stack.aggregator.config]
    with psycopg.connect(stack.conninfo(os.environ["PGUSER"])) as holder:
        holder.execute("LOCK TABLE archive.events IN ACCESS EXCLUSIVE MODE")
        process = subprocess.Popen(verify, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: stack.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mooc-aggregator verify'"
                                     " AND wait_event_type = 'Lock' AND datname = current_database()") == [(1,)], 20, "it waits")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20) == ("", "mooc-aggregator: stopped\n")
        assert process.returncode == 1


def run(stack, seed, people, count, pieces, more=()):
    chance, world = random.Random(seed), World(stack)
    events = RandomEvents(seed, people, naming=0.08).take(count)
    events[count // 2:count // 2] = more
    for piece in cut(chance, events, pieces):
        world.feed(piece, chance.choice((7, 100, 5000)))
    outcome = verify(stack)
    assert outcome["equal"] and found(outcome) == {}
    assert outcome["checks"]["archive rows"]["compared"] == len(events)
    return world, outcome["checks"]


def test_equal_and_every_planted_error_is_found(stack, tmp_path):
    _, checks = run(stack, 31, 40, 2000, 2, special() + passed_again())
    assert stack.query("SELECT completed_on::text FROM gen_1.deadlines WHERE (wave, unit) = ('W6', 'HG-SNV')") == [("2024-02-25",)]
    assert recompute.differences(stack.query) == []
    assert not [name for name, check in checks.items() if check["compared"] == 0]
    figures_of_planted_errors(stack)
    archive_of_planted_errors(stack)
    samples(stack, checks)
    outcomes_are_noted(stack, tmp_path)
    ended_by_a_stop(stack)


def follower(stack):
    """Generation 2 as a copy of the live one, counted as far as that is now."""
    stack.query("SELECT pulse.create_generation(2, fold_version, config_version) FROM pulse.generations WHERE generation = 1")
    stack.query("UPDATE pulse.generations SET state = 'building' WHERE generation = 2")  # so that no writer follows
    for table, in stack.query("SELECT tablename FROM pg_tables WHERE schemaname = 'gen_1'"):
        stack.query(f"INSERT INTO gen_2.{table} SELECT * FROM gen_1.{table}")
    stack.query("INSERT INTO pulse.offsets SELECT 2, topic, partition, next_offset, writer_epoch, config_version FROM pulse.offsets")


def test_beside_the_writer_and_of_a_generation_that_is_behind(stack):
    world, _ = run(stack, 32, 40, 600, 2)
    follower(stack)
    (before,), = stack.query("SELECT count(*) FROM archive.events")
    events = RandomEvents(33, 40).take(3000)
    feeding = threading.Thread(target=world.feed, args=(events, 20))
    feeding.start()
    compared = [verify(stack)["checks"]["archive rows"]["compared"]]
    while feeding.is_alive():
        compared.append(verify(stack)["checks"]["archive rows"]["compared"])
    feeding.join()
    assert verify(stack)["checks"]["archive rows"]["compared"] == before + len(events)
    assert any(before < n < before + len(events) for n in compared), compared
    assert "still being built" in stack.command("mooc-aggregator", "verify", "--generation", "2", code=1).stderr
    stack.query("UPDATE pulse.generations SET state = 'ready' WHERE generation = 2")
    assert verify(stack, "--generation", "2")["checks"]["archive rows"]["compared"] == before
    stack.query("UPDATE pulse.offsets SET next_offset = next_offset + 10000 WHERE generation = 2 AND partition = 1")
    refused = stack.command("mooc-aggregator", "verify", "--generation", "2", code=1)
    assert "the archive ends at" in refused.stderr and refused.stdout == ""
    stack.command("mooc-aggregator", "verify", "--generation", "3", code=2)
    stack.command("mooc-aggregator", "verify", "--training", "TX", code=2)


@pytest.mark.parametrize("first", ("the fact", "the erasure"))
def test_a_course_that_only_somebody_erased_was_in(stack, tmp_path, first):
    """That the config lacks it is nobody's data, and stays."""
    world = World(stack)
    learner = "account@p1:x"
    fact = json.loads(hand_made.event("enrollment.created", "enrollment:p1:nowhere:x", learner, course="nowhere"))
    erased = json.loads(hand_made.event("learner.erased", "erased:x", key=hashlib.sha256(learner.encode()).hexdigest()[:32]))
    events = [(e["entity"], json.dumps(e).encode()) for e in (fact, erased)]
    world.feed(events if first == "the fact" else events[::-1], 1)
    assert stack.query("SELECT kind, code FROM gen_1.unmapped") == [("course", "nowhere")]
    assert found(verify(stack)) == {}
    stack.query("INSERT INTO gen_1.unmapped VALUES ('course', 'p1', 'elsewhere')")
    assert found(verify(stack)) == {}  # nobody can tell
    stack.query("DELETE FROM gen_1.states")
    assert "states" in found(verify(stack, code=1))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(41, 47))
def test_larger_worlds(stack, seed):
    run(stack, seed, 30 * (seed - 40) ** 2, 15000, 3, special())
    assert recompute.differences(stack.query) == []


def test_many_accounts_on_no_list(stack):
    """Before the first list comes all accounts are so. Four times as many must not take sixteen times as long: then this took over 50 s."""
    World(stack).feed([(f"p1:{n}", hand_made.in_course("enrollment.created", str(n))) for n in range(16000)], 5000)
    assert stack.query("SELECT count(*) FROM gen_1.issues WHERE kind = 'account_not_on_roster'") == [(16000,)]
    assert "Everything is equal." in stack.command("mooc-aggregator", "verify", timeout=25).stdout
