"""Units that were merged, split from their line or abolished: in every report their people count once, where they count today."""
import json

import pytest

import report_world as world
from private_database import private_database

# Province Q is part of P since July, its department of P's; its district ended without an heir. An office under P's department became a commune.
UNITS = """code,name,printed_name,aliases,kind,parent,territory,print_order,valid_from,valid_to,successor
P,Tỉnh P,P,,tinh,,,1,,,
Q,Tỉnh Q,Q,,tinh,,,2,,2025-06-30,P
P-SO,Sở P,Sở P,,so,P,P,3,,,
Q-SO,Sở Q,Sở Q,,so,Q,Q,4,,2025-06-30,P-SO
Q-H,Huyện Q,Huyện Q,,huyen,Q,Q,5,,2025-06-30,
Q-X,Xã Q,Xã Q,,xa,Q-H,Q-H,6,,2025-06-30,P-X
P-X,Xã P,Xã P,,xa,P,P,7,,,
P-T,Trường P,Trường P,,truong,P-SO,P-X,8,,,
P-CU,Cơ sở cũ,Cơ sở cũ,,co_so,P-SO,P-X,9,,2025-06-30,P-X
"""
LISTED = {"P": 1, "Q": 2, "P-SO": 30, "Q-SO": 40, "Q-H": 500, "Q-X": 6000, "P-X": 7000, "P-T": 80000, "P-CU": 90000}
WAVES = "code,training,province,name,printed_name,begins,ends,kind,print_order\nW,T,P,Đợt 1,Đợt 1,2025-03-01,2025-03-31,counted,1\n"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reference")
    for name, text in (("units.csv", UNITS), ("waves.csv", WAVES), ("courses.csv", "source,course,training,exam\np1,c,T,\n"),
                       ("trainings.yaml", "- {code: T, name: {vi: T, en: T}, pass_rule: {by: platform}}\n")):
        (folder / name).write_text(text, encoding="utf-8")
    with private_database() as private:
        private.aggregator("config", "load", folder)
        with private.owner() as c:
            for unit, n in LISTED.items():
                for wave in ("", "W"):
                    world.tally(c, "T", wave, unit, registered=n, accounts=n, participated=n)
                world.day(c, "T", "", unit, "2025-03-03", n, n, 0)
        yield private


def rows(database, *arguments):
    made = json.loads(database.aggregator("report", *arguments, "--format", "json").stdout)
    part = next(p for p in made if p["report"] == "units") if isinstance(made, list) else made
    return {r["unit"]: r for r in part["rows"]}, part["totals"]


def test_the_monthly_report_counts_each_person_in_one_row(database):
    units, totals = rows(database, "monthly", "--training", "T", "--month", "2025-03")
    counted = {u: [r["registered"], r["new_participants"], r["participated"]] for u, r in units.items()}
    assert counted == {"P": [3] * 3, "P-SO": [80070] * 3, "P-X": [103000] * 3, "Q-H": [500] * 3}
    assert totals["registered"] == sum(LISTED.values()) == sum(n for n, *_ in counted.values())
    below = dict(database.query("SELECT unit, registered FROM bi.unit_rollup_training WHERE tree = 'management' AND is_current AND level = 1"))
    assert below == {u: n for u, (n, *_) in counted.items() if u != "P"}, "as the view has it"


def test_the_monthly_report_of_a_unit_has_those_below_it_today(database):
    units, _ = rows(database, "monthly", "--training", "T", "--month", "2025-03", "--unit", "P-SO")
    assert {u: r["registered"] for u, r in units.items()} == {"P-SO": 70, "P-T": 80000}


@pytest.mark.parametrize("unit, counted", [("P", set(LISTED)), ("P-SO", {"P-SO", "Q-SO", "P-T"}), ("P-X", {"P-X", "Q-X", "P-CU"})])
def test_a_report_of_a_unit_has_those_below_it_today(database, unit, counted):
    """A unit that ended counts below the one that took its place, and no longer where it stood."""
    units, totals = rows(database, "participation", "--wave", "W", "--unit", unit)
    assert set(units) == counted and totals["registered"] == sum(LISTED[u] for u in counted)
