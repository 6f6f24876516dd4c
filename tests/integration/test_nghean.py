"""Nghệ An 2023 (plan 420) through both services: 36,000 officials in eight overlapping waves on OneTouch, ten classes in person, at
three days of the course. Every figure is compared with the world's own."""
import time
from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest

import world as worlds
from harness import checks
from scenario_site import Cells, Site, secret, table
from simulator import Simulator
from world import figures, nghean, nghean_lists

PEOPLE = ("registered", "accounts", "activated", "enrolled", "participated", "completed", "sat", "passed", "failed", "certified")
EXAMS = ("sat", "passed", "failed", "passed_first", "scored", "attempts", "attempts_passed")
DAILY = ("active", "new_participants", "exams_sat", "exams_passed", "newly_passed")
STATES = ("on_time", "late", "overdue", "at_risk", "in_time", "not_begun")
SCOPES = ("wave", "training", "all", "platform")
pytestmark = pytest.mark.scenario


def of_scope(want, scope):
    return {k: v for k, v in want.items() if k[0] == scope}


def tallies(site, cells, of, today):
    """Every cell of the tallies, by scope."""
    want, columns = of.tallies(), figures.MEASURES
    rows = site.query("SELECT scope, CASE scope WHEN 'wave' THEN wave ELSE value END, unit, "
                      + ", ".join(f"sum({c})::bigint" for c in columns)
                      + " FROM pulse.live_tallies WHERE scope = ANY(%s) GROUP BY 1, 2, 3", list(SCOPES))
    got = table(rows, 3, columns)
    for scope in SCOPES:
        cells.equal(f"tallies of scope {scope}", of_scope(want, scope), of_scope(got, scope), columns)


def participation(site, cells, of, today):
    """What people read: per wave and unit, per unit of the training, per unit of the year."""
    want, columns = of.tallies(), ", ".join(PEOPLE)
    got = table(site.query(f"SELECT wave, unit, {columns} FROM bi.participation WHERE unit IS NOT NULL"), 2, PEOPLE)
    cells.equal("bi.participation", {(w, u): v for (s, w, u), v in want.items() if s == "wave"}, got, PEOPLE)
    units = {u: v for (s, _, u), v in want.items() if s == "training"}
    for view in ("participation_training", "participation_year WHERE year = 2023"):
        got = table(site.query(f"SELECT coalesce(unit, ''), {columns} FROM bi.{view}"), 1, PEOPLE)
        cells.equal(f"bi.{view.split()[0]}", units, got, PEOPLE)


def exams(site, cells, of, today):
    """Attempts, people who passed at the first, and the average of the best scores."""
    def with_score(rows):
        return {k: v | {"average": Fraction(v["score_sum"], 10000 * v["scored"])} for k, v in rows.items() if v["scored"]}
    want = of.tallies()
    waves = with_score({(w, u): v for (s, w, u), v in want.items() if s == "wave"})
    units = with_score({u: v for (s, _, u), v in want.items() if s == "training"})
    columns = ", ".join(EXAMS)
    for view, key, expected in (("exam_results", "wave, unit", waves), ("exam_results_training", "coalesce(unit, '')", units)):
        rows = site.query(f"SELECT {key}, {columns}, round(average_score, 9) FROM bi.{view} WHERE scored > 0")
        got = table(rows, key.count("unit") + key.count("wave"), (*EXAMS, "average"))
        cells.equal(f"bi.{view}", {k: v | {"average": round(float(v["average"]), 9)} for k, v in expected.items()},
                    {k: v | {"average": float(v["average"])} for k, v in got.items()}, (*EXAMS, "average"))


# By scope: the end of the view's name, and what stands for the value and the unit in it.
DAY_VIEWS = {"wave": ("_wave", "wave, unit"), "training": ("", "'', unit"), "all": ("_all", "'', unit"), "platform": ("_platform", "platform, ''")}


def days(site, cells, of, today):
    """Single days, and the windows of 7 and 30 days that end on them: today, holidays, past days."""
    for day in (today, today - timedelta(1), today - timedelta(5), today - timedelta(18)):
        for scope, (view, keys) in DAY_VIEWS.items():
            want = of.of_day(day, scope)
            if scope == "platform":
                want = _without_units(want)
            rows = site.query(f"SELECT {keys}, {', '.join(DAILY)} FROM bi.participation_daily{view} WHERE day = %s", day)
            cells.equal(f"bi.participation_daily{view}", {k: v for k, v in want.items() if any(v.values())}, table(rows, 2, DAILY), DAILY)
            windows = {f"active_{n}": of.active(day, n, scope) for n in (1, 7, 30)}
            if scope == "platform":
                windows = {k: _without_units({u: {"n": n} for u, n in v.items()}, "n") for k, v in windows.items()}
            want = {}
            for name, found in windows.items():
                for key, n in found.items():
                    want.setdefault(key, {})[name] = n
            rows = site.query(f"SELECT {keys}, {', '.join(windows)} FROM bi.rolling_participation{view} WHERE day = %s", day)
            cells.equal(f"bi.rolling_participation{view}", want, table(rows, 2, windows), windows)


def _without_units(rows, only=None):
    """A platform's and an audience's learners have no unit there."""
    out = {}
    for (value, _), row in rows.items():
        out.setdefault((value, ""), Counter()).update(row)
    return {k: v[only] for k, v in out.items()} if only else out


def deadlines(site, cells, of, today):
    """The rows that the view counts, then the states of today."""
    want, got = {}, {}
    for (wave, unit, day_0, done, lectures), n in of.deadlines().items():
        want.setdefault((wave, unit, day_0, done), {})[lectures] = n
    for wave, unit, day_0, done, lectures, n in site.query(
            "SELECT wave, unit, CASE WHEN isfinite(day_0) THEN day_0 END, CASE WHEN isfinite(completed_on) THEN completed_on END,"
            " lectures, learners FROM pulse.live_deadlines"):
        got.setdefault((wave, unit, day_0 or figures.NEVER, done or figures.NEVER), {})[lectures] = n
    cells.equal("deadlines", want, got, range(nghean.LECTURES + 1))
    rows = site.query(f"SELECT wave, unit, {', '.join(STATES)} FROM bi.deadline_status")
    cells.equal("bi.deadline_status", of.states(today), table(rows, 2, STATES), STATES)


def targets(site, cells, of, today):
    """Every target of the folder, with the people it counts and whether it is reached."""
    staff = {s["unit"]: s for s in nghean.read("staff.csv")}
    tally, want = of.tallies(), {}
    for t in nghean.read("targets.csv"):
        rows = [v for (s, w, u), v in tally.items() if u and (s, w) == (("wave", t["wave"]) if t["wave"] else ("training", ""))
                and t["unit"] in ("NA", u)]
        planned = int(t["planned"] or 0) or (int(staff[t["unit"]]["staff"]) if t["share"] else 36 * int(staff[t["unit"]]["helpers"]))
        actual = sum(v[t["measure"]] for v in rows) if sum(v["registered"] for v in rows) else -1
        state = ("no_list" if actual < 0 else "exceeded" if actual > planned else "reached" if actual == planned else "not_reached")
        want[t["code"]] = {"planned": planned, "actual": actual, state: 1, t["phase"]: 1}
    got = {}
    for target, planned, actual, state, phase in site.query(
            "SELECT target, planned_low, coalesce(actual, -1), state, phase FROM bi.target_progress"):
        got[target] = {"planned": planned, "actual": int(actual), state: 1, phase: 1}
    columns = {c for row in (*want.values(), *got.values()) for c in row}
    cells.equal("bi.target_progress", want, got, sorted(columns))
    missing = {r[0] for r in site.query("SELECT unit FROM bi.target_progress WHERE state = 'no_list' AND wave IS NULL")}
    assert missing >= set(nghean.NO_LIST), missing


def issues(site, cells, of, today):
    got = dict(site.query("SELECT kind, sum(count)::int FROM bi.data_issues GROUP BY kind"))
    want = {"passed_too_fast": of.too_fast(), "passed_without_learning": of.without_learning(), "account_not_on_roster": sum(not p.listings for p in of.people),
            "account_under_other_email": of.same_names()}
    cells.equal("bi.data_issues", {"of kind": want}, {"of kind": got}, sorted(set(want) | set(got)))


CHECKS = (tallies, participation, exams, days, deadlines, targets, issues)


def run(stack, scale, wait, every):
    w = worlds.load("nghean", 1, scale=scale)
    lists = nghean_lists.Lists(w, stack.folder / "lists", one_sheet=scale > 1)
    cells, begun = Cells(), time.monotonic()
    with Simulator("onetouch", world="nghean", seed=1, set=[f"scale={scale}"], start="begin", speed=0, lectures=10,
                   max_size=1000) as sim:
        site = Site(stack, nghean.REFERENCE, [
            {"name": nghean_lists.SOURCE, "kind": "onetouch", "url": sim.url, "api_key_file": secret(stack, "key", b"sim-key"),
             "daily_progress": True, "requests_per_minute": 60000, "page_size": 1000, "sweep_every": every, "courses": ["1"]}])
        for stage, t in enumerate(nghean_lists.MOMENTS):
            site.send(lists.send(stage))
            sim.clock(now=str(t))
            site.pull({nghean_lists.SOURCE: 5}, wait)
            today = nghean_lists.day_of(t)
            site.today(today)
            of = figures.Figures(nghean_lists.rules(), lists.people(t))
            for check in CHECKS:
                compared = time.monotonic()
                check(site, cells, of, today)
                site.took(check.__name__, compared)
            cells.verdict(f"on {today}")
            print(f"\n{today}: {dict(sum(of.states(today).values(), Counter()))}", end="")
    total = sum((v for (s, _, _), v in of.tallies().items() if s == "training"), Counter())
    print(f"\nNghệ An 2023, 1:{scale}: {dict(total)}\ncells equal: {cells}\n{site.seconds} of {time.monotonic() - begun:.0f} s")
    if scale == 1:
        printed(site)
    site.stop()
    checks.check_log(stack)


def printed(site):
    """The plan's own figures."""
    waves = dict(site.query("SELECT wave, sum(registered)::int FROM bi.participation WHERE wave IS NOT NULL GROUP BY wave"))
    assert waves.pop(nghean.CLASSES) == 10 * 100
    assert len(waves) == 8 and all(4_400 <= n <= 4_700 for n in waves.values()), waves
    assert site.query("SELECT sum(registered)::int FROM bi.participation_training WHERE unit IS NOT NULL") == [(36_000,)]
    assert site.query("SELECT DISTINCT deadline_working_days FROM bi.deadline_status") == [(10,)]


@pytest.mark.long
def test_a_fortieth_of_the_plan(stack):
    run(stack, 40, 30, "700ms")


@pytest.mark.long
def test_the_whole_plan(stack):
    run(stack, 1, 300, "15s")
