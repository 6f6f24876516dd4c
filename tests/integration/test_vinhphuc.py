"""Vĩnh Phúc: two waves of a week in August 2023 on OneTouch, 10,000 people whom many bodies invited, 8,950 of them finished; about
12,000 in the year, first-time and repeat apart. Every cell is what the world itself says (tests/world/citizens.py)."""
import time
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

import world as worlds
from scenario_site import Cells, Site, secret, table
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


def sources(stack, url, every):
    inboxes = {}
    for n, wave in enumerate(vinhphuc.WAVES, 1):
        inboxes[wave] = stack.folder / f"inbox-{n}"
        inboxes[wave].mkdir()
    files = [{"name": f"danh-sach-{n}", "kind": "files", "wave": wave, "inbox": str(inbox), "poll": "200ms"}
             for n, (wave, inbox) in enumerate(inboxes.items(), 1)]
    onetouch = {"name": vinhphuc.SOURCE, "kind": "onetouch", "url": url, "api_key_file": secret(stack, "key", b"sim-key"),
                "requests_per_minute": 60000, "sweep_every": every}
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
    yearly = [*SHOWN, "first_time"]
    return {
        "participation": (truth.tables["waves"] | unlisted, f"SELECT training, coalesce(wave, ''), coalesce(unit, ''), {of}"
                          " FROM bi.participation", 3, SHOWN),
        "participation_training": (truth.tables["trainings"], f"SELECT training, coalesce(unit, ''), {of}"
                                   " FROM bi.participation_training", 2, SHOWN),
        "participation_all": (truth.tables["all"], f"SELECT coalesce(unit, ''), {of} FROM bi.participation_all", 1, SHOWN),
        "participation_year": (years, f"SELECT year, coalesce(unit, ''), {', '.join(yearly)}, coalesce(repeat, not_registered - first_time)"
                               " FROM bi.participation_year", 2, [*yearly, "repeat"]),
        "audience_status": (truth.tables["audiences"], f"SELECT training, audience, coalesce(unit, ''), {', '.join(SHOWN[:-1])}"
                            " FROM bi.audience_status", 3, SHOWN[:-1]),
        "inviter_status": (truth.tables["inviters"], f"SELECT training, inviter, coalesce(unit, ''), {', '.join(SHOWN[:-1])}"
                           " FROM bi.inviter_status", 3, SHOWN[:-1]),
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


def check_views(site, truth, cells):
    for name, (want, sql, keys, measures) in shown(truth).items():
        want = {key if keys > 1 else key[0]: row for key, row in want.items()}
        cells.equal(f"bi.{name}", want, table(site.query(sql), keys, measures), measures)
    cells.verdict()
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
        configured, inboxes = sources(stack, platform.url, "2s" if scale == 1 else "700ms")
        site = Site(stack, vinhphuc.REFERENCE, configured)
        site.drop({inboxes[wave]: sent for (wave, late), sent in files.items() if not late})
        time.sleep(1)  # which list came last is known to the second
        site.drop({inboxes[wave]: sent for (wave, late), sent in files.items() if late})
        assert today() == began, "midnight in Viet Nam came in between: progress was seen on two days"
        truth = citizens.Truth(made, vinhphuc.WAVES, vinhphuc.COURSES, began)

        def compare():
            cells = Cells()
            for name, rows in truth.tables.items():
                cells.equal(f"tallies of {name}", rows, of_scope(site, name), MEASURES)
            return cells
        cells = site.settles(compare, seconds)
        check_views(site, truth, cells)
        check_issues(site, made)
        if scale == 1:
            printed(site)
        site.stop()
    print(f"\nVĩnh Phúc 2023, 1:{scale}, cells equal: {cells}\n{site.seconds}")


def printed(site):
    """The talk's own figures."""
    province = ("SELECT registered, completed, round(100 * completion_rate, 1) FROM bi.unit_rollup_training_on(%s, 'management')"
                " WHERE training = %s AND unit = 'VP'")
    assert site.query(province, date(2023, 12, 28), vinhphuc.MAIN) == [(10000, 8950, Decimal("89.5"))]
    waves = ("SELECT w.ends - w.begins + 1, sum(p.registered)::int FROM bi.waves w JOIN bi.participation p USING (wave)"
             " WHERE w.training = %s GROUP BY wave, w.begins, w.ends ORDER BY wave")
    assert site.query(waves, vinhphuc.MAIN) == [(7, 5100), (6, 5000)]  # a hundred people were in both
    year = "SELECT sum(registered), sum(first_time), sum(repeat) FROM bi.participation_year WHERE year = 2023 AND unit IS NOT NULL"
    assert site.query(year) == [(12000, 11290, 710)]
    tags = "SELECT count(DISTINCT {0}), sum(registered) > 10000 FROM bi.{0}_status WHERE training = %s AND unit IS NOT NULL"
    assert site.query(tags.format("audience"), vinhphuc.MAIN) == [(8, True)]  # they overlap
    assert site.query(tags.format("inviter"), vinhphuc.MAIN)[0][0] > 40


def test_small(stack, tmp_path):
    run(stack, tmp_path, 20, 30)


@pytest.mark.long
def test_whole(stack, tmp_path):
    run(stack, tmp_path, 1, 240)
