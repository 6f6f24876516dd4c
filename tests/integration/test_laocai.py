"""Lào Cai 2022 through both services: 612 schools and 17,559 staff on three vendors' systems and an examination system's exports; per
school, office, district and province as the units stood in 2022, and as they have stood since 1 July 2025."""
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

import world as worlds
from harness import checks
from scenario_site import Cells, Site, secret, table
from simulator import Simulator
from world import figures, laocai, laocai_lists, laocai_reference

PEOPLE = ("registered", "accounts", "activated", "enrolled", "participated", "completed", "sat", "passed", "failed", "certified")
pytestmark = pytest.mark.scenario
THEN, NOW = date(2022, 8, 31), date(2025, 7, 1)


def sources(stack, sims, every):
    often = {"requests_per_minute": 60000, "sweep_every": every, "accounts_every": every}
    lms = {"grades_every": every, "attempts_every": every, "completion_every": every}
    sis, lms_url, vnedu = (s.url for s in sims)
    return [{"name": "sis", "kind": "oneroster", "url": sis, "client_id": "mooc-pulse", "page_size": 1000, "courses": ["class-1"],
             "client_secret_file": secret(stack, "sis", b"sim-secret"), **often},
            {"name": "lms", "kind": "moodle", "url": lms_url, "token_file": secret(stack, "lms", b"sim-token"), "courses": ["2"],
             **often, **lms},
            {"name": "vnedu", "kind": "onetouch", "url": vnedu, "api_key_file": secret(stack, "vnedu", b"sim-key"),
             "page_size": 1000, "courses": ["2"], "requests_per_minute": 60000, "sweep_every": every},
            {"name": laocai.FILES, "kind": "files", "holds": "results"}]


def simulators(scale):
    common = {"world": "laocai", "seed": 1, "set": [f"scale={scale}"], "start": "end", "speed": 0}
    return (Simulator("oneroster", site=0, **common), Simulator("moodle", site=1, completion="off", **common),
            Simulator("onetouch", site=2, lectures=laocai.LECTURES, max_size=1000, **common))


def compare(site, w):
    """Per school and platform, then per unit of both trees as they were and as they are."""
    cells = Cells()
    of = figures.Figures(laocai_lists.rules(), laocai_lists.people(w))
    want = of.tallies()
    columns = ", ".join(PEOPLE)
    got = table(site.query(f"SELECT unit, {columns} FROM bi.participation_training WHERE unit IS NOT NULL"), 1, PEOPLE)
    schools = {u: row for (scope, _, u), row in want.items() if scope == "training"}
    cells.equal("bi.participation_training", schools, got, PEOPLE)
    got = table(site.query(f"SELECT unit, {columns} FROM bi.participation_all WHERE unit IS NOT NULL"), 1, PEOPLE)
    cells.equal("bi.participation_all", schools, got, PEOPLE)
    sums = ", ".join(f"sum({c})::bigint" for c in PEOPLE)
    got = table(site.query(f"SELECT value, unit, {sums} FROM pulse.live_tallies WHERE scope = 'platform' GROUP BY 1, 2"), 2, PEOPLE)
    cells.equal("platforms", {(v, u): row for (scope, v, u), row in want.items() if scope == "platform"}, got, PEOPLE)
    got = table(site.query(f"SELECT platform, {columns} FROM bi.platform_status"), 1, PEOPLE)
    by_platform = {}
    for (scope, v, _), row in want.items():
        if scope == "platform":
            by_platform.setdefault(v, Counter()).update(row)
    cells.equal("bi.platform_status", by_platform, got, PEOPLE)
    assert sum(row["registered"] for row in got.values()) > sum(bool(p.accounts) for p in laocai_lists.people(w)), "nobody is on two platforms"
    for tree in ("management", "territory"):
        for day in (THEN, NOW):
            rolled = laocai_lists.Tree(w.extra["units"], tree, day).rolled(schools)
            rows = site.query(f"SELECT unit, {columns} FROM bi.unit_rollup_training_on(%s, %s)", day, tree)
            cells.equal(f"{tree} of {day.year}", rolled, table(rows, 1, PEOPLE), PEOPLE)
    # People of a school that was split, and of offices that ended: an issue each until somebody assigns them.
    issues = dict(site.query("SELECT CASE WHEN kind IN ('unit_split', 'unit_ended') THEN kind || ' ' || unit ELSE kind END, sum(count)::int"
                             " FROM bi.data_issues GROUP BY 1"))
    said = {"passed_without_learning": of.without_learning(laocai_lists.HIDDEN), "account_under_other_email": of.same_names()}
    ended = {f"unit_{'split' if u.heirs else 'ended'} {u.code}": schools[u.code]["registered"] for u in w.extra["units"]
             if u.valid_to and len(u.heirs) != 1 and u.code in schools}
    cells.equal("bi.data_issues", {"": ended | said}, {"": issues}, sorted({*ended, *said, *issues}))
    return cells


def printed(site):
    """The report's own figures."""
    assert site.query("SELECT registered FROM bi.unit_rollup_training_on(%s, 'territory') WHERE unit = 'LC'", THEN) == [(17_559,)]
    schools = "SELECT count(*) FROM bi.units WHERE unit_kind = 'truong' AND unit LIKE 'LC-%%' AND coalesce(valid_from, %s) <= %s"
    assert site.query(schools, THEN, THEN) == [(612,)]


def run(stack, scale, wait, every):
    w = worlds.load("laocai", 1, scale=scale)
    begun = time.monotonic()
    reference = laocai_reference.write(w, stack.folder / "reference")
    sims = simulators(scale)
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda sim: sim.__enter__(), sims))
        site = Site(stack, reference, sources(stack, sims, every))
        site.send(laocai_lists.write(w, stack.folder / "lists"))
        site.pull({"sis": 3, "lms": 5, "vnedu": 4}, wait)
        cells = site.settles(lambda: compare(site, w), wait)
        if scale == 1:
            printed(site)
    finally:
        for sim in sims:
            sim.__exit__()
    print(f"\nLào Cai 2022, 1:{scale}, cells equal: {cells}\n{site.seconds} of {time.monotonic() - begun:.0f} s")
    site.stop()
    checks.check_log(stack)


@pytest.mark.long
def test_a_fortieth_of_the_province(stack):
    run(stack, 40, 30, "700ms")


@pytest.mark.long
def test_the_whole_province(stack):
    run(stack, 1, 300, "10s")
