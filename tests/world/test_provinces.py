"""The worlds of Nghệ An and Lào Cai are as their documents say, and the figures follow the definitions."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from world import figures, laocai_lists, nghean, nghean_lists  # noqa: E402
from world.figures import Account, Fact, Figures, Listing, Person, Rules, Wave  # noqa: E402

D = date(2023, 8, 1)


def rules(**more):
    waves = {"A": Wave(date(2023, 7, 31), date(2023, 8, 14)), "B": Wave(date(2023, 8, 7), date(2023, 8, 21))}
    return Rules("T", waves, frozenset({"p"}), 0.5, **{"min_progress": 1.0, "deadline": 2, "lectures": 10} | more)


def fact(kind, day, value=0.0, **more):
    return Fact(kind, "p", date(2023, 8, day), day * 86_400_000_000, value, 20, **more)


def test_a_fact_belongs_to_the_wave_that_holds_it():
    both = Person([Listing(1, "A", "u"), Listing(2, "B", "v")])
    of = {day: figures.wave_of(rules(), both, fact("exam", day)) for day in (1, 7, 14, 20, 25)}
    assert of == {1: "A", 7: "B", 14: "B", 20: "B", 25: "B"}
    assert figures.wave_of(rules(), both, fact("attendance", 20, stated="A")) == "A"
    early = Person([Listing(1, "B", "v")])
    assert figures.wave_of(rules(), early, fact("exam", 1)) == "B"


def test_who_counts_where():
    person = Person([Listing(1, "A", "u"), Listing(2, "B", "v")], [Account("p", D, True)],
                    [fact("enrolled", 1), fact("progress", 2, 0.4), fact("exam", 9, 9), fact("exam", 10, 11)])  # fmt: skip
    stranger = Person([], [Account("p", D, False)], [fact("exam", 3, 20)])
    got = Figures(rules(), [person, stranger]).tallies()
    assert got["wave", "A", "u"] == Counter(registered=1, accounts=1, activated=1, enrolled=1, participated=1)
    assert got["wave", "B", "v"]["passed"] == 1 and got["wave", "B", "v"]["attempts"] == 2
    assert got["training", "", "v"] == Counter(registered=1, accounts=1, activated=1, enrolled=1, participated=1, sat=1, passed=1,
                                               scored=1, attempts=2, attempts_passed=1, score_sum=5500)  # fmt: skip
    assert got["training", "", ""]["not_registered"] == 1 and ("training", "", "u") not in got


@pytest.mark.parametrize("done, lectures, today, state", [
    (date(2023, 8, 3), 0, date(2023, 8, 9), "on_time"), (date(2023, 8, 5), 0, date(2023, 8, 9), "late"),
    (figures.NEVER, 1, date(2023, 8, 2), "in_time"), (figures.NEVER, 1, date(2023, 8, 3), "at_risk"),
    (figures.NEVER, 9, date(2023, 8, 4), "overdue")])  # fmt: skip
def test_states_of_a_deadline(done, lectures, today, state):
    assert Figures(rules(), []).state(D, done, lectures, today) == state


def test_holidays_and_weekends_are_no_working_days():
    r = rules(days_off=frozenset({date(2023, 8, 2)}))
    assert r.due(D) == date(2023, 8, 4) and r.due(date(2023, 8, 4)) == date(2023, 8, 8)
    assert r.workdays(date(2023, 8, 4), date(2023, 8, 6)) == 0


def test_nghe_an_is_the_plan(tmp_path):
    w = worlds.load("nghean", 1, scale=40)
    assert len(w.people) == 900 and set(w.units).isdisjoint(nghean.NO_LIST) and len(w.units) == 46
    assert len(w.extra["groups"]) == 10 and all(len(there) == 3 for there in w.extra["there"].values())
    lists = nghean_lists.Lists(w, tmp_path)
    states, waves = [], {}
    for stage, t in enumerate(nghean_lists.MOMENTS):
        lists.send(stage)
        of = Figures(nghean_lists.rules(), lists.people(t))
        states.append(sum(of.states(nghean_lists.day_of(t)).values(), Counter()))
        waves = Counter(key[1] for key in of.tallies() if key[0] == "wave")
    assert set(waves) == set(nghean_lists.rules().waves)
    assert all(states[0][s] for s in ("on_time", "late", "overdue", "at_risk", "in_time", "not_begun"))
    assert states[2]["overdue"] and not states[2]["at_risk"]
    listed = sum(len(rows) for wave, rows in lists.rows.items() if wave != nghean.CLASSES)
    assert listed == 900 + len(w.extra["second"])
    total = sum((row for (s, _, u), row in of.tallies().items() if s == "training" and u), Counter())
    assert total["registered"] == 900 and total["certified"] < total["passed"] < total["sat"]
    assert of.too_fast()


def test_the_waves_end_on_their_tenth_working_day():
    r = nghean_lists.rules()
    ends = {w: r.due(wave.begins) for w, wave in r.waves.items() if w != nghean.CLASSES}
    assert ends == {w: wave.ends for w, wave in r.waves.items() if w != nghean.CLASSES}
    assert ends["NA-2023-D6"] == date(2023, 9, 6)


def test_lao_cai_is_the_report():
    w = worlds.load("laocai", 1)
    units = w.extra["units"]
    schools = Counter(u.code[3:5] for u in units if u.kind == "truong" and u.code.startswith("LC-") and not u.valid_from)
    assert schools == {"MN": 193, "TH": 185, "CS": 188, "PT": 46}
    assert sum(p.unit.startswith("LC-") for p in w.people) == 17_559
    assert all(w.accounts[a].platform != w.accounts[p.account].platform for p in w.people for a in p.others)


def test_the_units_of_2025():
    w = worlds.load("laocai", 1, scale=40)
    units = w.extra["units"]
    now = {tree: laocai_lists.Tree(units, tree, date(2025, 7, 1)) for tree in ("management", "territory")}
    old = laocai_lists.Tree(units, "management", date(2025, 6, 30))
    assert old.path("LC-CS001")[1:] == ["LC-P2", "LC-SGD", "LC"] or old.path("LC-CS001")[-2:] == ["LC-SGD", "LC"]
    assert now["management"].counts_at("LC-TH001") == "LC-TH002" and now["management"].counts_at("LC-CS001") == "LC-CS001"
    for tree in now.values():
        ends = {tree.path(u)[-1] for u in w.units}
        assert ends == {"LCM"}, "everybody is in the province of today"
        assert not any(c.startswith(("LC-H", "LC-P")) for u in w.units for c in tree.path(u)[1:])
