"""Where the recomputation could go wrong without a plain world noticing: ties, borders, what counts beside what."""
import datetime
import hashlib
import itertools

import pytest

from harness.hand_made import (BY_PLATFORM, HALF, account, attended, counted, event, graded, in_course, listed, progressed, series,
                               training, world)
from harness.recompute import Recomputation, rolling
from harness.recompute.events import key, ordinal


def test_equal_revisions_are_decided_by_type_and_data():
    def graded_by(score, time):
        return event("exam.graded", "exam:1", "p1:lan", time, course="c1", exam="x", score=score, max_score=10)
    scores = {hashlib.sha256(b'exam.graded\0{"course": "c1", "exam": "x", "score": %d, "max_score": 10}' % n).digest()[0] >> 7: n
              for n in range(1, 9)}
    # As the contract's numbers are signed, a digest that begins with a bit set is the lesser.
    low, high = scores[1], scores[0]
    records = [graded_by(low, "2023-09-23T10:00:00Z"), graded_by(high, "2023-09-21T10:00:00Z"), graded_by(high, "2023-09-22T10:00:00Z")]
    for order in itertools.permutations(records):
        made = Recomputation(order, world())
        assert counted(made, "training", "TA")["score_sum"] == high * 1000
        assert series(made, "exams_sat", "training", "TA") == {"2023-09-22": 1}


@pytest.mark.parametrize("data, sat, passed", [
    ({"passed": True, "sat": False}, 1, 1), ({"sat": False}, 0, 0), ({}, 1, 0), ({"passed": False}, 1, 0), ({"sat": True}, 1, 0)])
def test_which_attempts_are_sat(data, sat, passed):
    made = counted(Recomputation([graded("lan", "2023-09-21T10:00:00Z", **data)], world()), "training", "TA")
    assert (made.get("sat", 0), made.get("attempts", 0), made.get("passed", 0)) == (sat, sat, passed)


def test_a_score_without_a_maximum_is_none():
    records = [graded("lan", "2023-09-21T10:00:00Z", 1, score=5, max_score=0), graded("lan", "2023-09-21T10:00:00Z", 2, score=5)]
    assert "scored" not in counted(Recomputation(records, world(training(HALF))), "training", "TA")


def test_halves_of_scores_go_to_the_even():
    records = [graded(who, "2023-09-21T10:00:00Z", score=score, max_score=32) for who, score in (("lan", 1), ("huong", 3))]
    # 312.5 and 937.5
    assert counted(Recomputation(records, world()), "training", "TA")["score_sum"] == 312 + 938


def test_the_stated_day_counts_before_the_time():
    records = [progressed("lan", "2023-09-21", 1, time="2023-10-05T08:00:00+07:00"), attended("minh", "2023-09-22")]
    made = Recomputation(records, world())
    assert series(made, "active", "training", "TA") == {"2023-09-21": 1, "2023-09-22": 1}
    assert series(made, "new_participants", "all") == {"2023-09-21": 1, "2023-09-22": 1}


def test_waves_of_a_day():
    config = world()
    config.waves["W0"], config.waves["W9"] = (config.waves["W1"]._replace(begins=b) for b in (ordinal("2023-09-25"), None))
    for waves, day, wave in ((("W2", "W0"), "2023-09-26", "W0"),    # begun on one day: by code
                             (("W1", "W2"), "2023-09-29", "W2"), (("W1", "W2"), "2023-09-24", "W1"),
                             (("W1", "W2"), "2023-10-10", "W2"), (("W1", "W2"), "2023-10-11", "W2"),
                             (("W2", "W0"), "2023-09-29", "W0"),    # still
                             (("W2", "W0"), "2023-10-01", "W2"),    # W0 is over
                             (("W1", "W0"), "2023-10-01", "W0"),    # both are
                             (("W1", "W2"), "2023-09-01", "W1"),    # none has begun
                             (("W1", "W9"), "2023-09-01", "W9"),    # one without a begin always has
                             (("W1", "W9"), "2023-09-20", "W1"), ((), "2023-09-20", "")):
        assert config.wave_of(set(waves), ordinal(day)) == wave, (waves, day)


def test_accounts_of_the_training_count_before_others():
    rule = training(deadline=10)
    records = [listed("lan"), account("lan", day="2023-09-21", source="p9"), account("lan", day="2023-09-23"),
               listed("huong"), account("huong", day="2023-09-22", source="p9"), account("huong", "closed", day="2023-09-24"),
               listed("minh"), account("minh"), account("minh", source="p2"), in_course("enrollment.created", "minh", "2023-09-28"),
               in_course("enrollment.created", "minh", "2023-09-27", source="p2")]
    assert {day for _, _, _, day, _, _ in Recomputation(records, world(rule)).deadlines} == {"2023-09-23", "2023-09-22", "2023-09-27"}


def test_completion_by_passing_needs_the_rule_to_hold():
    rule = training(BY_PLATFORM._replace(attempt="last"), by="passed", deadline=10)
    records = [listed("lan"), account("lan"), graded("lan", "2023-09-22T10:00:00Z", 1, passed=True),
               graded("lan", "2023-09-23T10:00:00Z", 2, passed=False)]
    assert list(Recomputation(records, world(rule)).deadlines) == [("TA", "W1", "U1", "2023-09-20", "infinity", 0)]
    assert list(Recomputation(records[:3], world(rule)).deadlines) == [("TA", "W1", "U1", "2023-09-20", "2023-09-22", 0)]


@pytest.mark.parametrize("which, verdicts, day", [
    ("best", "-+-", 23), ("best", "++", 22), ("first", "+-", 22), ("first", "++", 22), ("first", "-+", None), ("last", "+", 22),
    ("last", "+-", None), ("last", "-+", 23), ("last", "++", 22), ("last", "+-++", 24), ("last", "+-+-+", 26)])
def test_completion_by_passing_is_since_the_rule_holds(which, verdicts, day):
    """An attempt a day from 22 September on."""
    rule = training(BY_PLATFORM._replace(attempt=which), by="passed", deadline=10)
    records = [listed("lan"), account("lan")]
    for n, verdict in enumerate(verdicts):
        records.append(graded("lan", f"2023-09-{22 + n}T02:00:00Z", n, passed=verdict == "+"))
    (row,) = Recomputation(records, world(rule)).deadlines
    assert row[4] == (f"2023-09-{day}" if day else "infinity")


def test_a_rule_is_held_by_its_own_attempts():
    september, october = (BY_PLATFORM._replace(attempt="last", begins=begins, ends=ends)
                          for begins, ends in ((0, ordinal("2023-09-30")), (ordinal("2023-10-01"), 10**7)))
    records = [listed("lan"), account("lan")]
    records += [graded("lan", f"{day}T02:00:00Z", n, passed=passed)
                for n, (day, passed) in enumerate((("2023-09-22", True), ("2023-09-23", False), ("2023-10-02", True)))]
    (row,) = Recomputation(records, world(training(september, october, by="passed", deadline=10))).deadlines
    assert row[4] == "2023-10-02"


def test_lectures_are_whole_ones():
    rule = training(deadline=10, lectures=10)
    for progress, lectures in ((0.3, 3), (0.7, 7), (0.29, 2), (1, 10), (0, 0)):
        records = [listed("lan"), account("lan"), progressed("lan", "2023-09-22", progress)]
        assert [row[5] for row in Recomputation(records, world(rule)).deadlines] == [lectures], progress


def test_people_are_distinct_in_five_minutes():
    own = int(datetime.datetime(2023, 9, 21, 3, tzinfo=datetime.timezone.utc).timestamp() * 1e6)
    records = [progressed("lan", f"2023-09-{day}", 0, time="2023-09-21T10:00:00+07:00", revision=own) for day in (20, 21)]
    records.append(event("attendance.recorded", "attended:1", "row:minh", "2023-09-21T10:01:00+07:00", "lists", own, wave="W1",
                         **{"class": "L"}))
    records.append(in_course("certificate.issued", "lan", revision=own))
    (first, second), = [sorted(Recomputation(records, world()).five_minutes.values())]
    assert (first, second) == ((1, 1, 0, 0), (3, 2, 0, 0))


def test_what_links_and_what_does_not():
    def persons(*records):
        members = Recomputation(records, world()).members
        return sorted(sum(p == person for p in members.values()) for person in set(members.values()))

    lan = account("lan")
    assert persons(lan, listed("lan")) == [2]
    assert persons(lan, attended("lan", "2023-09-21")) == [2]
    # A list and a class give the e-mail to people of different names.
    other = listed("huong", identifiers=["email:lan"])
    assert persons(lan, attended("lan", "2023-09-21"), other) == []
    assert persons(lan, listed("lan", name="name:x"), listed("huong", identifiers=["email:lan"], name="name:x")) == [3]
    citizens = [listed(who, name="name:x", identifiers=["email:lan", f"citizen:{who}"]) for who in ("a", "b")]
    assert persons(lan, *citizens) == []
    assert persons(lan, citizens[0], listed("c", name="name:x", identifiers=["email:lan"])) == [3]
    # A correction links an account by its own key; taken back, it does not.
    link = [event(f"identity.{kind}", "link:1", identifiers=["p1:lan", "email:huong"], revision=n) for n, kind in ((1, "linked"), (2, "unlinked"))]
    assert persons(lan, listed("huong"), link[0]) == [3]
    assert persons(lan, listed("huong"), *link) == []
    assert persons(account("lan", "closed"), listed("lan")) == [2]
    # An account that told nothing of itself: linked, unlinked, named by a list, by lists of two people, and erased.
    learner = "account@p1:lan"
    told = event("enrollment.created", "enrollment:1", learner, course="c1")
    link = [event(f"identity.{kind}", "link:1", identifiers=[learner, "email:huong"], revision=n) for n, kind in ((1, "linked"), (2, "unlinked"))]
    naming = [listed(who, identifiers=[f"email:{who}", learner]) for who in ("huong", "minh")]
    erased = event("learner.erased", "erased:1", None, key=key(learner).hex)
    for facts in ([], [told]):  # one that learned, and one of which nothing is known yet
        assert persons(*facts, listed("huong"), link[0]) == [3]
        assert persons(*facts, listed("huong"), *link) == []
        assert persons(*facts, naming[0]) == [2]
        assert persons(*facts, *naming) == []
        assert persons(*facts, listed("huong"), link[0], erased) == [2]
    assert persons(event("enrollment.created", "enrollment:1", learner, course="c1"), naming[0], account("lan")) == [2]
    assert persons(lan, listed("lan", "WX")) == []


def test_a_fact_elsewhere_is_an_account_but_no_row():
    """A subject without account events: its facts in another training of the platform say that the account is there."""
    records = [listed("lan", subject="p1:lan"), progressed("lan", "2023-09-21", 1, "c2")]
    made = Recomputation(records, world())
    assert counted(made, "platform", "TA", value="p1", unit="U1") is None
    assert counted(made, "training", "TA", unit="U1") == {"registered": 1, "accounts": 1}
    with_closed = [*records, account("x", "closed"), event("identity.linked", "link:1", identifiers=["p1:x", "email:lan"]),
                   progressed("x", "2023-09-21", 1)]
    assert counted(Recomputation(with_closed, world()), "platform", "TA", value="p1", unit="U1") == {
        "registered": 1, "accounts": 1, "participated": 1}


def test_issues_that_attendance_and_observed_times_decide():
    rule = training(lectures=2, minutes=30)
    lan = [listed("lan"), account("lan"), graded("lan", "2023-09-22T08:10:00+07:00", passed=True)]

    def kinds(*records):
        return {kind for kind, *_ in Recomputation(records, world(rule)).issues}

    assert kinds(*lan) == {"passed_without_learning"}
    assert kinds(*lan, attended("lan", "2023-09-22")) == set()
    learned = progressed("lan", "2023-09-22", 0.1, time="2023-09-22T08:00:00+07:00")
    assert kinds(*lan, learned) == {"passed_too_fast"}
    observed = event("exam.graded", "exam:p1:c1:lan:1", "p1:lan", "2023-09-22T08:10:00+07:00", timebasis="observed", course="c1",
                     exam="final", attempt=1, passed=True)
    assert kinds(*lan[:2], observed, learned) == set()
    two = [account("lan"), account("lan", source="p2")]
    assert Recomputation(two, world()).issues == {("account_not_on_roster", min(key("p1:lan"), key("p2:lan")), "", "")}


def test_windows_add_up_what_happened_in_them():
    records = [progressed("lan", "2024-02-01", 0.1), graded("lan", "2024-02-28T10:00:00+07:00", 1, passed=True),
               graded("lan", "2024-03-05T10:00:00+07:00", 2, passed=False), graded("huong", "2024-02-29T10:00:00+07:00", passed=False)]
    activity = Recomputation(records, world()).activity

    def figures(day):
        return rolling.figures(activity, ("training", "TA", "", "", ""), ordinal(day))
    #                              active    new        sat        passed     newly passed
    assert figures("2024-01-31") is None
    assert figures("2024-02-01") == (1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert figures("2024-03-01") == (0, 2, 2, 0, 1, 2, 0, 2, 2, 0, 1, 1, 0, 1, 1)
    assert figures("2024-03-05") == (1, 2, 2, 0, 1, 1, 1, 3, 3, 0, 1, 1, 0, 1, 1)
    assert figures("2024-03-06") == (0, 2, 2, 0, 1, 1, 0, 2, 3, 0, 0, 1, 0, 0, 1)
    assert figures("2024-04-04") == (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
