"""What changes afterwards: each change is there, at its time, and changes the truth as it should."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from world import package  # noqa: E402
from world.model import at_time  # noqa: E402

SIZE = {"learners": 150, "courses": 2, "units": 4, "left_after_passing": 5}
COUNTS = {"moved": 5, "new_emails": 4, "regraded": 6, "late": 3, "shown_late": 3, "second": 8}


@pytest.fixture(scope="module")
def w():
    return worlds.load("generic", 4, **SIZE, **COUNTS)


@pytest.fixture(scope="module")
def plain():
    return worlds.load("generic", 4, **SIZE)


def test_without_changes_a_world_is_what_it_was(plain):
    same = worlds.load("generic", 4, **SIZE, moved=0)
    assert same.changes() == plain.changes() and same.ends == plain.ends == plain.courses[0].end
    assert {c.kind for c in plain.changes()} == {"account", "activate", "toggle", "grade", "cert"}


def test_what_does_not_change_stays(w, plain):
    first = [a for a in w.accounts if a.platform == 0]
    assert [a.username for a in first] == [a.username for a in plain.accounts]
    same = sum(a.grades == b.grades for a, b in zip(w.enrollments, plain.enrollments))
    assert len(plain.enrollments) - same == 6 + 3 + 3
    again = worlds.load("generic", 4, **SIZE, **COUNTS)
    assert again.changes() == w.changes() and again.accounts == w.accounts


def test_who_moves_counts_elsewhere(w):
    movers = [p for p in w.people if p.moves]
    assert len(movers) == 5
    for p in movers:
        (at, (unit, _)), = p.moves
        assert w.begins < at < w.courses[0].end and unit != p.unit
        assert p.place_at(at - 1)[0] == p.unit and p.place_at(at)[0] == unit
        before, after = w.truth_at(at - 1), w.truth_at(at)
        assert after[unit]["registered"] == before[unit]["registered"] + 1
        assert after[p.unit]["registered"] == before[p.unit]["registered"] - 1
    groups = w.truth_at(w.ends, key="group")
    assert sum(g["registered"] for g in groups.values()) == len(w.people)


def test_new_addresses_replace_the_old(w):
    changed = [a for a in w.accounts if a.emails]
    assert len(changed) == 4
    for a in changed:
        (at, new), = a.emails
        view = w.state_at(at - 1)
        i = view.usernames[a.username]
        assert view.emails[a.email.casefold()] == i and new.casefold() not in view.emails
        view.advance(at)
        assert view.emails[new.casefold()] == i and a.email.casefold() not in view.emails
        assert view.accounts[i].email == new
        view.advance(w.begins)  # back: as it was
        assert view.accounts[i].email == a.email


def test_regrades_turn_verdicts_round_without_a_new_attempt(w):
    turned = [(e, n) for e in w.enrollments for n, (_, g) in enumerate(e.grades) if g.regrade]
    assert len(turned) == 6
    verdicts = sorted((e.grades[n - 1][1].passed, e.grades[n][1].passed) for e, n in turned)
    assert verdicts == [(False, True)] * 3 + [(True, False)] * 3
    for e, n in turned:
        at, grade = e.grades[n]
        assert at < w.ends and (at_time(e.certificates, w.ends) or None) is not None
        assert at_time(e.certificates, w.ends).passing == grade.passed


def test_late_attempts_come_after_the_end_and_shown_late_ones_were_made_before(w):
    end = w.courses[0].end
    assert w.ends == end + 4 * 86_400_000_000
    late = [(at, g) for e in w.enrollments for at, g in e.grades if at > end and not g.regrade]
    hidden = [(at, g) for at, g in late if g.when]
    assert len(late) == 6 and len(hidden) == 3 and all(g.passed for _, g in late)
    assert all(end > g.when and at > g.when + 86_400_000_000 for at, g in hidden)
    at_end, at_last = (w.truth_at(t, key=None)["all"] for t in (end, w.ends))
    assert at_last["sat"] > at_end["sat"] and at_last["passed"] > at_end["passed"]


def test_the_second_platform_shows_its_own(w):
    both = [p for p in w.people if p.others]
    assert len(both) == 8
    same = [w.accounts[p.account].email == w.accounts[p.others[0]].email for p in both]
    assert sorted(same) == [False] * 4 + [True] * 4
    one, two = w.state_at(w.ends), w.state_at(w.ends, platform=1)
    assert len(two.usernames) == 8 and not set(one.usernames) & set(two.usernames)
    assert sum(s is not None for s in two.shown) == 8
    assert len(one.usernames) == sum(a.platform == 0 for a in w.accounts)
    twice = [p for p in both if all(w.facts_at(a, w.ends)["passed"] for a in p.accounts)]
    for p in both:  # each once, by what any of the accounts did
        facts = w.facts_at(p.accounts, w.ends)
        assert facts["passed"] == any(w.facts_at(a, w.ends)["passed"] for a in p.accounts)
    assert twice, "somebody passed on both"
    total = w.truth_at(w.ends, key=None)["all"]["passed"]
    assert total == sum(w.facts_at(p.accounts, w.ends)["passed"] for p in w.people)


def test_ha_giang_can_change_too():
    w = worlds.load("hagiang", 1, moved=3, regraded=4, second=2)
    assert sum(bool(p.moves) for p in w.people) == 3
    plain = worlds.load("hagiang", 1).truth_at(w.ends, key=None)["all"]
    assert w.truth_at(w.ends, key=None)["all"]["registered"] == plain["registered"] == 2716


def test_lists_are_those_of_their_day(w, tmp_path):
    def listed(at, name):
        package.write_generic(w, tmp_path / name, at)
        return {unit: {r["Số CCCD"]: r["Email"] for r in csv.DictReader(
            open(tmp_path / name / "rosters" / f"{unit}.csv", encoding="utf-8"))}
            for unit in w.units}  # fmt: skip

    first, last = listed(w.begins, "a"), listed(w.ends, "b")
    for p in w.people:
        assert first[p.unit][p.citizen] == p.email
        assert last[p.place_at(w.ends)[0]][p.citizen] == p.email_at(w.ends)
    assert sum(len(rows) for rows in last.values()) == len(w.people)
