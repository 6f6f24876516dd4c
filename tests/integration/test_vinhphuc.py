"""Vĩnh Phúc: two waves of a week in August 2023 on OneTouch, 10,000 people whom many bodies invited, 8,950 of them finished; about
12,000 in the year, first-time and repeat apart. Every cell is what the world itself says (tests/world/citizens.py)."""
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

import world as worlds
from scenario import Site, cells, differences
from simulator import Simulator
from world import citizens, vinhphuc

MEASURES = citizens.MEASURES
COLUMNS = ", ".join(MEASURES)
SHOWN = [m for m in MEASURES if m != "first_time"]  # of views; the year's have first_time and repeat
pytestmark = pytest.mark.scenario
TALLIES = {
    "waves": ("wave", "training, wave"),
    "trainings": ("training", "training"),
    "all": ("all", ""),
    "years": ("year", "year::int"),
    "audiences": ("audience", "training, value"),
    "inviters": ("inviter", "training, value"),
}


def sources(stack, url):
    inboxes = {}
    for n, wave in enumerate(vinhphuc.WAVES, 1):
        inboxes[wave] = stack.folder / f"inbox-{n}"
        inboxes[wave].mkdir()
    files = [{"name": f"danh-sach-{n}", "kind": "files", "wave": wave, "inbox": str(inbox), "poll": "200ms"}
             for n, (wave, inbox) in enumerate(inboxes.items(), 1)]
    onetouch = {"name": vinhphuc.SOURCE, "kind": "onetouch", "url": url, "api_key_file": str(stack.folder / "onetouch-key"),
                "requests_per_minute": 60000, "sweep_every": "2s", "secrets": {"onetouch-key": b"sim-key"}}
    return [onetouch, *files], inboxes


def of_scope(site, name):
    scope, keys = TALLIES[name]
    keys = [k for k in keys.split(", ") if k] + ["unit"]
    found = {}
    for row in site.query(f"SELECT {', '.join(keys)}, {COLUMNS} FROM gen_1.tallies WHERE scope = '{scope}'"):
        key, values = row[:len(keys)], row[len(keys):]
        total = found.setdefault(key, dict.fromkeys(MEASURES, 0))
        for m, v in zip(MEASURES, values):  # study groups together
            total[m] += v
    return {k: {m: v if m != "first_time" or name == "years" else 0 for m, v in row.items()} for k, row in found.items()}


def shown(truth):
    """{name: (table, SQL, number of key columns, measures)} of what people and BI tools read."""
    of = ", ".join(SHOWN)
    unlisted = {(t, "", ""): row for (t, unit), row in truth.tables["trainings"].items() if unit == ""}
    years = {key: row | {"repeat": row["registered"] + row["not_registered"] - row["first_time"]}
             for key, row in truth.tables["years"].items()}
    audiences = {("audience", *key): row for key, row in truth.tables["audiences"].items()}
    audiences |= {("inviter", *key): row for key, row in truth.tables["inviters"].items()}
    yearly = [*SHOWN, "first_time"]
    return {
        "participation": (truth.tables["waves"] | unlisted, f"SELECT training, coalesce(wave, ''), coalesce(unit, ''), {of}"
                          " FROM bi.participation", 3, SHOWN),
        "participation_training": (truth.tables["trainings"], f"SELECT training, coalesce(unit, ''), {of}"
                                   " FROM bi.participation_training", 2, SHOWN),
        "participation_all": (truth.tables["all"], f"SELECT coalesce(unit, ''), {of} FROM bi.participation_all", 1, SHOWN),
        "participation_year": (years, f"SELECT year, coalesce(unit, ''), {', '.join(yearly)}, coalesce(repeat, not_registered - first_time)"
                               " FROM bi.participation_year", 2, [*yearly, "repeat"]),
        "audience_status": (audiences, f"SELECT audience_kind, training, audience, coalesce(unit, ''), {', '.join(SHOWN[:-1])}"
                            " FROM bi.audience_status", 4, SHOWN[:-1]),
    }


def targets(truth):
    """{target: (least, most, actual, state)}: who is listed under the target's unit, a province with all its units."""
    listed = {unit: row["registered"] for (t, unit), row in truth.tables["trainings"].items() if t == vinhphuc.MAIN and unit}

    def state(low, high, actual):
        return "no_list" if not actual else "exceeded" if actual > high else "reached" if actual >= low else "not_reached"

    out = {"VP-CBCCVC": (1500, 1500, None, "no_list")}
    total = sum(listed.values())
    out["VP-NGUOI-DAN"] = (10000, 10000, total, state(10000, 10000, total))
    for village in vinhphuc.VILLAGES:
        n = listed.get(village)
        out[village.replace("VP-08914", "VP-DAOTRU")] = (3, 5, n, state(3, 5, n))
    return out


def check_views(site, truth):
    for name, (table, sql, keys, measures) in shown(truth).items():
        wrong = differences(table, site.table(sql, keys, measures), measures)
        assert not wrong, "\n".join([f"bi.{name}:", *wrong])
        print(f"bi.{name}: {len(table)} rows, {cells(table, measures)} cells equal")
    found = {row[0]: row[1:] for row in site.query(
        "SELECT target, planned_low::int, planned_high::int, actual::int, state FROM bi.target_progress")}
    assert found == targets(truth)
    assert site.query("SELECT target, approximate FROM bi.target_progress WHERE approximate ORDER BY 1") == [
        ("VP-CBCCVC", True), ("VP-NGUOI-DAN", True)]


def check_issues(site, made):
    """Rows of who is on two lists of one wave, of accounts on no list, of who has no account and the name of one of those."""
    kinds = dict(site.query("SELECT kind, sum(count)::int FROM bi.data_issues GROUP BY 1"))
    strays = Counter(p.name.casefold() for p in made.people if p.unit == "")
    same_name = sum(made.people[x.person].account is None and strays[made.people[x.person].name.casefold()] == 1
                    for x in made.extra["listings"])
    twice = sum(x.late for x in made.extra["listings"])
    strangers = sum(p.unit == "" for p in made.people)
    want = {"listed_in_two_units": twice, "account_not_on_roster": strangers, "account_under_other_email": same_name}
    assert kinds == {kind: n for kind, n in want.items() if n}


def today():
    return (datetime.now(timezone.utc) + timedelta(hours=7)).date()


def run(stack, tmp_path, scale, seconds):
    made = worlds.load("vinhphuc", 1, scale=scale)
    began = today()
    lists = tmp_path / "lists"
    lists.mkdir()
    files = vinhphuc.write_lists(made, lists, by_body=scale == 1)
    with Simulator("onetouch", world="vinhphuc", start="end", set=[f"scale={scale}"]) as platform:
        configured, inboxes = sources(stack, platform.url)
        site = Site(stack, vinhphuc.REFERENCE, configured)
        site.start()
        for (wave, late), sent in files.items():
            if late:
                time.sleep(1)  # which list came last is known to the second
            site.send(inboxes[wave], sent)
        assert today() == began, "midnight in Viet Nam came in between: progress was seen on two days"
        truth = citizens.Truth(made, vinhphuc.WAVES, vinhphuc.COURSES, began)

        def compare():
            return [f"{name} {line}" for name, table in truth.tables.items()
                    for line in differences(table, of_scope(site, name), MEASURES, 8)]
        site.settles(compare, seconds)
        print(", ".join(f"{name}: {cells(t, MEASURES)} cells" for name, t in truth.tables.items()))
        check_views(site, truth)
        check_issues(site, made)
        printed(site) if scale == 1 else None
        site.stop()


def printed(site):
    """The talk's own figures."""
    rate = "SELECT sum(registered), sum(completed), round(100.0 * sum(completed) / sum(registered), 1) FROM bi.participation_training"
    assert site.query(rate + " WHERE training = %s AND unit IS NOT NULL", vinhphuc.MAIN) == [(10000, 8950, Decimal("89.5"))]
    assert site.query("SELECT count(*) FROM bi.waves WHERE training = %s AND ends - begins BETWEEN 5 AND 6", vinhphuc.MAIN) == [(2,)]
    year = "SELECT sum(registered), sum(first_time), sum(repeat) FROM bi.participation_year WHERE year = 2023 AND unit IS NOT NULL"
    assert site.query(year) == [(12000, 11290, 710)]
    assert site.query("SELECT count(DISTINCT audience) FROM bi.audience_status WHERE audience_kind = 'audience'") == [(8,)]


def test_small(stack, tmp_path):
    run(stack, tmp_path, 20, 30)


@pytest.mark.long
def test_whole(stack, tmp_path):
    run(stack, tmp_path, 1, 240)
