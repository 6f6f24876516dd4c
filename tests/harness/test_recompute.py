"""The recomputation on tiny worlds whose figures were worked out by hand."""
import datetime

import pytest

from harness.hand_made import (BY_PLATFORM, HALF, account, attended, counted, event, graded, in_course, listed, progressed, series,
                               training, world)
from harness.recompute import Recomputation, activity_rows
from harness.recompute.events import key, ordinal

LAN = [listed("lan", group="1", audience=["women", "youth"], invited_by="union"), account("lan", activated=True),
       in_course("enrollment.created", "lan"), progressed("lan", "2023-09-22", 0.5),
       graded("lan", "2023-09-23T10:00:00+07:00", 1, passed=False, score=3, max_score=10),
       graded("lan", "2023-09-24T23:59:59+07:00", 2, passed=True, score=7.77777, max_score=10),
       in_course("certificate.issued", "lan", "2023-09-26")]
LAN_COUNTS = {"registered": 1, "accounts": 1, "activated": 1, "enrolled": 1, "participated": 1, "sat": 1, "passed": 1,
              "certified": 1, "scored": 1, "attempts": 2, "attempts_passed": 1, "score_sum": 7778}


def test_one_learner_in_every_scope():
    made = Recomputation(LAN, world())
    assert counted(made, "training", "TA", unit="U1") == LAN_COUNTS
    assert counted(made, "wave", "TA", "W1", unit="U1", group="1") == LAN_COUNTS
    assert counted(made, "all", unit="U1") == LAN_COUNTS
    assert counted(made, "year", year=2023, unit="U1") == LAN_COUNTS | {"first_time": 1}
    assert counted(made, "platform", "TA", value="p1", unit="U1") == LAN_COUNTS
    assert counted(made, "course", "TA", value="p1 c1", unit="U1") == LAN_COUNTS
    for scope, value in (("audience", "women"), ("audience", "youth"), ("inviter", "union")):
        assert counted(made, scope, "TA", value=value, unit="U1") == LAN_COUNTS
    assert len(made.tallies) == 9
    assert made.members == dict.fromkeys((key("row:lan"), key("p1:lan")), min(key("row:lan"), key("p1:lan")))
    assert made.issues == set()


def test_a_newer_event_replaces_and_a_removal_takes_away():
    changed = [graded("lan", "2023-09-24T23:59:59+07:00", 2, kind="annulled"),
               event("certificate.revoked", "certificate:p1:c1:lan", "p1:lan", revision=2, course="c1"),
               listed("lan", unit="U2", day="2023-09-11"), event("roster.removed", "row:W1:U1:lan", "row:lan", revision=2, wave="W1", unit="U1")]
    made = Recomputation(LAN + changed[1:] + [changed[0].replace(b'"revision": "1"', b'"revision": "2"')], world())
    assert counted(made, "training", "TA", unit="U2") == {
        "registered": 1, "accounts": 1, "activated": 1, "enrolled": 1, "participated": 1, "sat": 1, "failed": 1, "scored": 1,
        "attempts": 1, "score_sum": 3000}
    assert counted(made, "training", "TA", unit="U1") is None
    assert counted(made, "audience", "TA", value="women", unit="U2") is None


@pytest.mark.parametrize("rules, holds", [
    ([HALF], True),
    ([HALF._replace(attempt="last")], False),
    ([HALF._replace(attempt="first")], True),
    ([HALF._replace(min_score=0.8)], False),
    ([BY_PLATFORM], True),
    ([BY_PLATFORM._replace(attempt="first")], False),
    ([HALF._replace(min_progress=0.7)], True),
    ([HALF._replace(min_progress=0.8)], False),
    ([HALF._replace(certificate=True)], False),
    ([HALF._replace(waves=["W2"])], False),
    ([HALF._replace(waves=["W1"])], True),
    ([HALF._replace(begins=ordinal("2023-09-22"))], False),
    ([HALF._replace(begins=ordinal("2023-09-21"))], True),
    ([HALF._replace(ends=ordinal("2023-09-21"))], True),
    # The first rule that fits judges, also where a later one would pass it.
    ([HALF._replace(ends=ordinal("2023-09-21"), min_score=0.9), HALF], False),
    ([HALF._replace(ends=ordinal("2023-09-20"), min_score=0.9), HALF], True),
    ([HALF._replace(ends=ordinal("2023-09-21")), HALF._replace(min_score=0.9)], True),
])
def test_pass_rules(rules, holds):
    records = [listed("lan"), account("lan"), progressed("lan", "2023-09-21", 0.7),
               graded("lan", "2023-09-21T23:30:00+07:00", 1, score=5, max_score=10),
               graded("lan", "2023-09-22T00:10:00+07:00", 2, score=4, max_score=10, passed=True),
               graded("lan", "2023-09-23T00:10:00+07:00", 3, score=10, max_score=10, sat=False)]
    found = counted(Recomputation(records, world(training(*rules))), "wave", "TA", "W1", unit="U1")
    assert found.get("passed", 0) == holds and found.get("failed", 0) == (not holds) and found["attempts"] == 2


def test_an_attempt_belongs_to_the_wave_of_its_day():
    records = [listed("lan", "W1"), listed("lan", "W2", "U2", "2023-09-12"), account("lan"),
               graded("lan", "2023-09-24T10:00:00+07:00", 1, passed=True),
               graded("lan", "2023-09-25T10:00:00+07:00", 2, passed=False)]
    made = Recomputation(records, world())
    assert counted(made, "wave", "TA", "W1", unit="U1")["passed"] == 1
    assert counted(made, "wave", "TA", "W2", unit="U2")["failed"] == 1
    assert counted(made, "training", "TA", unit="U2") == {
        "registered": 1, "accounts": 1, "participated": 1, "sat": 1, "passed": 1, "passed_first": 1, "attempts": 2, "attempts_passed": 1}


def test_years_and_first_time():
    records = [listed("lan", "W1"), account("lan"), graded("lan", "2024-01-05T10:00:00+07:00", 1, passed=True),
               graded("lan", "2023-12-31T17:30:00Z", 1, "c2", passed=False)]
    made = Recomputation(records, world())
    # In TA the wave began in 2023; in TB there is no wave, and it is 2024 already in Vietnam.
    assert counted(made, "year", year=2023, unit="U1")["first_time"] == 1
    assert counted(made, "year", year=2023, unit="U1")["passed"] == 1
    assert counted(made, "year", year=2024) == {
        "not_registered": 1, "accounts": 1, "participated": 1, "sat": 1, "failed": 1, "attempts": 1}
    assert {k: counted(made, "all", unit="U1")[k] for k in ("passed", "failed", "attempts")} == {"passed": 1, "failed": 1, "attempts": 2}


def test_platforms_have_accounts_of_their_own():
    records = [listed("lan"), account("lan"), account("lan", source="p2", activated=True), account("huong", "closed"),
               progressed("huong", "2023-09-21", 1)]
    made = Recomputation(records, world())
    assert counted(made, "platform", "TA", value="p1", unit="U1") == {"registered": 1, "accounts": 1}
    assert counted(made, "platform", "TA", value="p2", unit="U1") == {"registered": 1, "accounts": 1, "activated": 1}
    assert counted(made, "platform", "TA", value="p1") == {"not_registered": 1, "participated": 1}
    assert counted(made, "training", "TA") == {"not_registered": 1, "participated": 1}
    # Nobody's account alone is not taking part in a training, but somebody is there.
    assert counted(Recomputation([account("huong")], world()), "all") == {"not_registered": 1, "accounts": 1}


def test_completion_and_deadlines():
    rule = training(min_progress=1.0, min_attendance=2, deadline=10, lectures=10, sources=("p1", "p2"))
    records = [listed("lan"), account("lan", day="2023-09-22"), progressed("lan", "2023-09-23", 0.3), progressed("lan", "2023-09-24", 0.2),
               listed("huong"), account("huong", day="2023-09-18"), in_course("enrollment.created", "huong", "2023-09-19"),
               attended("huong", "2023-09-22"), attended("huong", "2023-09-21", number=2), attended("huong", "2023-09-21"),
               listed("minh"), listed("tuan", subject="p1:tuan"), progressed("tuan", "2023-09-27", 1), progressed("tuan", "2023-09-26", 1)]
    made = Recomputation(records, world(rule))
    assert made.deadlines == {
        ("TA", "W1", "U1", "2023-09-22", "infinity", 3): 1,    # Lan: since the account
        ("TA", "W1", "U1", "2023-09-20", "2023-09-22", 0): 1,  # Hương: since the wave began; done on the second day of class
        ("TA", "W1", "U1", "infinity", "infinity", 0): 1,      # Minh: no account
        ("TA", "W1", "U1", "2023-09-26", "2023-09-26", 0): 1}  # Tuấn: the account is known by its facts
    assert counted(made, "wave", "TA", "W1", unit="U1")["completed"] == 2
    assert counted(made, "wave", "TA", "W1", unit="U1")["participated"] == 3
    by = {"passed": world(rule._replace(min_progress=None, by="passed")), "certificate": world(rule._replace(by="certificate"))}
    assert ("TA", "W1", "U1", "2023-09-21", "2023-09-24", 0) in Recomputation(LAN, by["passed"]).deadlines
    assert ("TA", "W1", "U1", "2023-09-21", "2023-09-26", 0) in Recomputation(LAN, by["certificate"]).deadlines


def test_attendance_connects_and_counts_without_a_listing():
    made = Recomputation([attended("lan", "2023-09-28", "W2"), progressed("lan", "2023-09-28", 0.5), account("lan")], world())
    assert counted(made, "training", "TA") == {"not_registered": 1, "accounts": 1, "participated": 1}
    assert made.issues == {("account_not_on_roster", key("p1:lan"), "", "")}
    made = Recomputation([attended("lan", "2023-09-28")], world())
    assert counted(made, "all") == {"not_registered": 1, "participated": 1}
    assert made.issues == set() and made.members == {}
    # It counts in the wave that it names if the person is listed there, else in that of its day.
    made = Recomputation([listed("lan", "W1"), listed("lan", "W2"), attended("lan", "2023-09-28", "W1")], world())
    assert "participated" in counted(made, "wave", "TA", "W1", unit="U1")
    assert "participated" not in counted(made, "wave", "TA", "W2", unit="U1")
    made = Recomputation([listed("lan", "W1"), attended("lan", "2023-09-28", "W2")], world())
    assert "participated" in counted(made, "wave", "TA", "W1", unit="U1")


def test_days_and_windows():
    records = [listed("lan", audience=["women"]), account("lan"), progressed("lan", "2024-02-28", 0.1), progressed("lan", "2024-03-02", 0.2),
               graded("lan", "2024-02-28T17:00:00Z", 1, passed=False), graded("lan", "2024-03-01T16:59:59Z", 2, passed=True),
               progressed("huong", "2024-02-29", 0), progressed("huong", "2024-03-20", 0, source="p2")]
    made = Recomputation(records + [account("huong"), account("huong", source="p2")], world())
    own = {"scope": "training", "training": "TA", "unit": "U1"}
    assert series(made, "active", **own) == {"2024-02-28": 1, "2024-02-29": 1, "2024-03-01": 1, "2024-03-02": 1}
    assert series(made, "exams_sat", **own) == {"2024-02-29": 1, "2024-03-01": 1}
    assert series(made, "exams_passed", **own) == series(made, "newly_passed", **own) == {"2024-03-01": 1}
    assert series(made, "new_participants", **own) == {"2024-02-28": 1}
    week = series(made, "active_7", **own)
    assert (min(week), max(week), len(week), set(week.values())) == ("2024-02-28", "2024-03-08", 10, {1})
    month = series(made, "active_30", **own)
    assert (max(month), len(month)) == ("2024-03-31", 33)
    assert series(made, "active_7", "audience", "TA", value="women") == week
    assert series(made, "active_7", "wave", "TA", "W1", unit="U1") == week
    assert series(made, "active", "platform", "TA", value="p2") == {"2024-03-20": 1}
    assert series(made, "new_participants", "all") == {"2024-02-29": 1}
    week = series(made, "active_7", "all")
    assert list(week) == [f"2024-{d}" for d in ("02-29", *(f"03-{n:02}" for n in (1, 2, 3, 4, 5, 6, *range(20, 27))))]
    assert series(made, "active", "all", unit="U1") == series(made, "active", **own)


def test_newly_passed_over_all_is_of_a_training_that_was_passed():
    """An attempt that met the mark of a training without making anybody pass it does not date the pass of another."""
    records = [listed("lan"), account("lan"), graded("lan", "2023-09-22T10:00:00+07:00", passed=True),
               graded("lan", "2023-09-25T10:00:00+07:00", course="c2", passed=True)]
    made = Recomputation(records, world(one=training(BY_PLATFORM._replace(certificate=True), sources=("p1", "p2"))))
    assert series(made, "exams_passed", "all", unit="U1") == {"2023-09-22": 1, "2023-09-25": 1}
    assert series(made, "newly_passed", "all", unit="U1") == {"2023-09-25": 1}


@pytest.mark.parametrize("done, holds", [(sum([0.1] * 10), 1), (0.999, 0)])
def test_who_did_just_what_is_asked_did_it(done, holds):
    records = [listed("lan"), account("lan"), progressed("lan", "2023-09-21", done), graded("lan", "2023-09-22T10:00:00Z", score=9, max_score=10)]
    made = counted(Recomputation(records, world(training(HALF._replace(min_progress=1.0), min_progress=1.0))), "training", "TA", unit="U1")
    assert (made.get("completed", 0), made.get("passed", 0)) == (holds, holds)


def test_newly_passed_is_of_a_rule_that_holds():
    """Nor does an attempt under a rule that asks for more than was done, where another rule of the training made the person pass."""
    rules = [HALF._replace(ends=ordinal("2023-09-24"), min_progress=0.5), HALF]
    records = [listed("lan"), account("lan")] + [graded("lan", f"2023-09-{day}T10:00:00+07:00", day, score=9, max_score=10) for day in (22, 25)]
    made = Recomputation(records, world(training(*rules)))
    assert series(made, "exams_passed", "all", unit="U1") == {"2023-09-22": 1, "2023-09-25": 1}
    for scope in (("all",), ("training", "TA"), ("wave", "TA", "W1")):
        assert series(made, "newly_passed", *scope, unit="U1") == {"2023-09-25": 1}


def test_five_minutes():
    own = int(datetime.datetime(2023, 9, 21, 23, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=7))).timestamp() * 1e6)
    records = [listed("lan"), listed("huong"), account("lan", revision=own), account("huong", revision=own)]
    for who, time, revision in (("lan", "10:04:59.999999", own), ("huong", "10:00:00", own), ("huong", "10:05:00", own),
                                ("huong", "10:06:00", own + 1800 * 10**6)):
        records.append(event("exam.graded", f"exam:{who}:{time}", f"p1:{who}", f"2023-09-21T{time}+07:00", revision=revision,
                             course="c1", exam="x", passed=who == "lan", sat=False))
    made = Recomputation(records, world())
    began = datetime.datetime(2023, 9, 21, 3, tzinfo=datetime.timezone.utc)
    # The last one was observed when the next day had begun.
    assert made.five_minutes == {("TA", "W1", began): (2, 2, 1, 1), ("TA", "W1", began + datetime.timedelta(minutes=5)): (1, 1, 0, 0)}


def test_issues():
    rule = training(lectures=2, minutes=30)
    early, late = "2023-09-22T08:59:59+07:00", "2023-09-22T09:00:00+07:00"
    at = {"time": "2023-09-22T08:00:00+07:00"}

    def found(*records):
        return {(kind, wave, unit) for kind, _, wave, unit in Recomputation(records, world(rule)).issues}

    lan, learned = [listed("lan"), account("lan")], progressed("lan", "2023-09-22", 0.1, **at)
    assert found(*lan, learned, graded("lan", early, passed=True)) == {("passed_too_fast", "W1", "U1")}
    assert found(*lan, learned, graded("lan", late, passed=True)) == set()
    assert found(*lan, learned, graded("lan", early, passed=False)) == set()
    observed = progressed("lan", "2023-09-22", 0.1, timebasis="observed", **at)
    assert found(*lan, observed, graded("lan", early, passed=True)) == set()
    assert found(*lan, graded("lan", early, passed=True)) == {("passed_without_learning", "W1", "U1")}
    assert found(listed("lan"), account("lan", "closed")) == {("no_account", "W1", "U1")}
    assert found(listed("lan", faults=["email_malformed", "new"]), account("lan")) == {("email_malformed", "W1", "U1"), ("other_fault", "W1", "U1")}
    assert found(listed("lan", day="2023-09-11"), listed("lan", unit="U2"), account("lan")) == {("listed_in_two_units", "W1", "U2")}
    twice = listed("lan2", day="2023-09-11", identifiers=["email:lan"], name="name:lan")
    assert found(listed("lan"), twice, account("lan")) == {("listed_twice", "W1", "U1")}
    office = [listed(who, unit=unit, identifiers=["email:office"]) for who, unit in (("lan", "U1"), ("huong", "U2"))]
    assert found(*office, account("office")) == {(kind, "W1", unit) for kind in ("identifier_shared", "no_account") for unit in ("U1", "U2")} | {
        ("account_not_on_roster", "", "")}


def test_head_counts_are_of_no_person():
    record = event("attendance.recorded", "form:1", time="2023-09-21T10:00:00+07:00", source="forms", revision=7, row=3, count=57,
                   wave="W1", unit="U1", day="2023-09-20", audience=["team"], **{"class": "III.2"})
    made = Recomputation([record], world())
    (values,) = made.headcounts.values()
    assert values[:8] == (True, "W1", "U1", "III.2", datetime.date(2023, 9, 20), ["team"], 57, "forms")
    assert made.tallies == {} and made.activity == {}


def row(month, **values):
    empty = dict.fromkeys((*activity_rows.COLUMNS, *activity_rows.SUMS.values()))
    return ("all", "", "", "", ""), datetime.date.fromisoformat(month), empty | {"change_7_sum": 0, "change_30_sum": 0} | values


def array(month_days, **values):
    return [values.get(f"d{n}", 0) for n in range(1, month_days + 1)]


def test_stored_changes_are_running_counts_over_months():
    rows = [row("2024-02-01", change_7=array(29, d27=2, d29=1), change_7_sum=3, active=array(29, d27=2, d29=1)),
            row("2024-04-01", change_7=array(30, d1=-3), change_7_sum=-3)]
    assert list(activity_rows.malformed(rows)) == []
    found = activity_rows.daily(rows, 0)
    assert found[("all", "", "", "", ""), "active"] == {ordinal("2024-02-27"): 2, ordinal("2024-02-29"): 1}
    running = found[("all", "", "", "", ""), "active_7"]
    assert [running[ordinal(d)] for d in ("2024-02-27", "2024-02-28", "2024-02-29", "2024-03-31", "2024-04-01")] == [2, 2, 3, 3, 0]
    # Without the end of the interval it goes on.
    assert activity_rows.daily(rows[:1], ordinal("2024-07-01"))[("all", "", "", "", ""), "active_7"][ordinal("2024-07-01")] == 3


@pytest.mark.parametrize("bad", [row("2024-02-01", active=array(28, d1=1)), row("2024-02-01", active=array(29)), row("2024-02-01"),
                                 row("2024-02-01", change_7=array(29, d1=1), change_7_sum=2)])
def test_malformed_rows_are_found(bad):
    assert list(activity_rows.malformed([bad]))
