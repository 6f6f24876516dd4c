"""The world adds up to the printed report, and its files say what truth.json says they say."""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from world import hagiang, mess, package  # noqa: E402

ADDRESS = re.compile(r"^[^@\s,;()]+@[a-z0-9-]+(\.[a-z0-9-]+)+$", re.I)


def table(path: Path) -> list[dict]:
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def percent(part: int, whole: int) -> str:
    """As the report prints it: one decimal, half away from zero, decimal comma."""
    rate = (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rate}".replace(".", ",") + "%"


@pytest.fixture(scope="module", params=(1, 2, 7))
def w(request):
    return worlds.load("hagiang", request.param)


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    out = tmp_path_factory.mktemp("hagiang")
    world = worlds.load("hagiang", 1)
    return world, out, package.write_hagiang(world, out)


def test_appendix_1_row_by_row(w):
    units = w.truth_at(w.ends)
    codes = {u["printed_name"]: u["code"] for u in table(hagiang.REFERENCE / "units.csv")}
    printed = table(hagiang.DATA / "hagiang_2023_units.csv")
    assert len(printed) == 33
    for row in printed:
        truth = units[codes[row["unit"]]]
        for measure in ("registered", "accounts", "participated", "passed"):
            assert truth[measure] == int(row[measure]), (row["unit"], measure)
        assert truth["registered"] - truth["passed"] == int(row["not_passed"])
        assert percent(truth["accounts"], truth["registered"]) == row["account_rate_printed"]
        assert (
            percent(truth["participated"], truth["registered"]) == row["participation_rate_printed"]
        )
        assert (
            percent(truth["passed"], truth["registered"]) == row["pass_rate_of_registered_printed"]
        )
        assert (
            percent(truth["passed"], truth["participated"])
            == row["pass_rate_of_participants_printed"]
        )


def test_totals_of_the_report(w):
    total = w.truth_at(w.ends, key=None)["all"]
    assert (total["registered"], total["accounts"], total["participated"], total["passed"]) == (
        2716,
        2287,
        2103,
        2072,
    )
    assert total["certified"] == 2072
    assert total["sat"] == total["passed"] + total["failed"]
    assert total["passed"] < total["sat"] < total["participated"] < total["enrolled"]
    assert total["enrolled"] < total["accounts"] and total["activated"] < total["accounts"]


def test_groups(w):
    groups = w.truth_at(w.ends, key="group")
    unit_of = {p.group: w.printed[p.unit] for p in w.people}
    assert sorted(groups) == list(range(1, 155))
    assert sum(g["participated"] < g["registered"] for g in groups.values()) == 85
    low = {n for n, g in groups.items() if 5 * g["participated"] < g["registered"]}
    printed = table(hagiang.DATA / "hagiang_2023_groups_under_20pct.csv")
    assert {(unit_of[n], n) for n in low} == {(r["unit"], int(r["group"])) for r in printed}
    for r in printed:
        g = groups[int(r["group"])]
        assert (
            percent(g["participated"], g["registered"]).replace(",0%", "%")
            == r["participation_rate_printed"]
        )
    assert sorted(n for n, g in groups.items() if not g["participated"]) == [17, 26, 27, 30]
    assert len({(p.unit, p.group) for p in w.people}) == 154, "a group belongs to one unit"


def test_offices_at_a_hundred_percent(w):
    kinds = {u["code"]: u["kind"] for u in table(hagiang.REFERENCE / "units.csv")}
    full = [code for code, t in w.truth_at(w.ends).items() if t["participated"] == t["registered"]]
    assert Counter(kinds[c] == "huyen" for c in full) == {True: 2, False: 19}


def test_equal_seed_equal_world_and_other_seed_other_world():
    one, again, two = (worlds.load("hagiang", s) for s in (1, 1, 2))
    assert one.changes() == again.changes() and one.people == again.people
    assert one.accounts == again.accounts
    assert [p.name for p in one.people] != [p.name for p in two.people]


def test_everything_happens_within_the_wave_and_in_order(w):
    for e in w.enrollments:
        account = w.accounts[e.account]
        assert w.begins <= account.joined < e.created <= e.toggles[0][0]
        for steps in (e.toggles, e.grades, e.certificates):
            times = [at for at, _ in steps]
            assert times == sorted(set(times)) and all(e.created <= at < w.ends for at in times)
        if e.certificates:
            assert any(g.passed and at < e.certificates[0][0] for at, g in e.grades)
    assert [e.id for e in w.enrollments] == sorted({e.id for e in w.enrollments})


def test_the_week_is_lively(w):
    regrades = sum(
        a[1].passed and b[1].passed and a[1].percent != b[1].percent
        for e in w.enrollments
        for a, b in zip(e.grades, e.grades[1:])
    )
    second_try = sum(
        any(g.scores[-1][0] and not g.passed for _, g in e.grades) and e.grades[-1][1].passed
        for e in w.enrollments
        if e.grades
    )
    returned = sum(len(e.toggles) == 3 for e in w.enrollments)
    zero = sum(e.grades[-1][1].percent == 0 for e in w.enrollments if e.grades)
    late = sum(a.joined > w.begins + 4 * 86_400_000_000 for a in w.accounts)
    assert regrades > 30 and second_try > 20 and returned > 10 and zero >= 1 and late > 200


def test_measures_never_shrink_the_wrong_way(w):
    """Accounts, participants, passers and certificates only grow, from nothing to the sums."""
    last = dict.fromkeys(("accounts", "participated", "passed", "certified"), 0)
    assert w.truth_at(w.begins, key=None)["all"]["accounts"] == 0
    for step in range(0, 11):
        total = w.truth_at(w.begins + step * (w.ends - w.begins) // 10, key=None)["all"]
        for measure, value in last.items():
            assert total[measure] >= value
            last[measure] = total[measure]


def test_view_agrees_with_truth_at_any_time():
    w = worlds.load("generic", 3, learners=120, courses=2)
    for step in (7, 3, 5, 10):
        t = w.begins + step * (w.ends - w.begins) // 10
        view = w.state_at(t)
        for account in range(len(w.accounts)):
            facts = w.facts_at(account, t)
            mine = view.by_account.get(account, [])
            assert facts["enrolled"] == any(view.shown[i] for i in mine)
            assert facts["passed"] == any(
                view.grade[i] is not None and view.grade[i].passed for i in mine
            )
            assert facts["certified"] == any(
                view.certificate[i] is not None and view.certificate[i].passing for i in mine
            )
            assert facts["accounts"] == (w.accounts[account].username in view.usernames)


def test_view_can_go_back():
    w = worlds.load("generic", 3, learners=60)
    view = w.state_at(w.ends)
    view.inject(0, 5)
    middle = (w.begins + w.ends) // 2
    view.advance(middle)
    fresh = w.state_at(middle)
    assert view.shown == fresh.shown and view.grade == fresh.grade
    assert view.usernames == fresh.usernames


def test_bulk_import_shares_one_created():
    w = worlds.load("generic", 1, learners=400, courses=1, bulk=150)
    assert Counter(e.created for e in w.enrollments).most_common(1)[0][1] == 150


# ---- the offices' files


def rows_of(path: Path) -> dict[str, list[tuple]]:
    book = load_workbook(path)
    return {s.title: list(s.iter_rows(values_only=True)) for s in book}


def test_rosters_hold_every_person_once_and_the_duplicates(packed):
    world, out, truth = packed
    assert len(list((out / "rosters").iterdir())) == 33 == len(truth["files"])
    assert truth["people"] == 2716
    assert truth["rows"] == 2716 + truth["faults"]["listed_twice"]["rows"]
    names = Counter()
    for f in truth["files"]:
        sheets = rows_of(out / "rosters" / f["file"])
        for sheet, where in f["sheets"].items():
            grid = sheets[sheet]
            head = grid[where["first_row"] - 2]
            column = next(i for i, c in enumerate(head) if c and "tên" in str(c).lower())
            body = grid[where["first_row"] - 1 : where["last_row"]]
            assert len(body) == where["rows"]
            names.update(unicodedata.normalize("NFC", r[column]).casefold() for r in body)
            after = [str(c) for r in grid[where["last_row"] :] for c in r if c is not None]
            assert after[0].casefold().startswith("tổng cộng")
            assert any("THỦ TRƯỞNG" in c for c in after)
    twice = Counter(p.name.casefold() for p in world.people)
    assert sum(names.values()) == truth["rows"]
    assert sum((names - twice).values()) == truth["faults"]["listed_twice"]["rows"]
    assert not twice - names


def test_fault_rows_are_where_truth_says(packed):
    world, out, truth = packed
    sheets = {f["file"]: rows_of(out / "rosters" / f["file"]) for f in truth["files"]}
    counted = Counter(r["fault"] for r in truth["fault_rows"])
    assert counted == {k: v["rows"] for k, v in truth["faults"].items()}
    assert set(counted) == set(mess.FAULTS)
    shared = defaultdict(list)
    for r in truth["fault_rows"]:
        cells = sheets[r["file"]][r["sheet"]][r["row"] - 1]
        text = " ".join(str(c) for c in cells if c is not None)
        addresses = [str(c) for c in cells if c is not None and ADDRESS.match(str(c).strip())]
        if r["fault"] in ("email_malformed", "email_missing"):
            assert not addresses, text
        if r["fault"] == "email_missing":
            assert "@" not in text
        if r["fault"] == "email_shared":
            shared[addresses[0]].append(r)
    assert sorted(len(v) for v in shared.values()) == [2, 6]


def test_corrections_lead_every_account_home(packed):
    """Applying the corrections by hand gives every person with an account its address, and only
    then."""
    world, out, truth = packed
    fixes = rows_of(out / "corrections.xlsx")["Sửa danh sách"]
    assert fixes[0] == package.CORRECTION_HEAD
    by_row = {(f, s, r): (fault, new) for f, s, r, fault, _, new in fixes[1:]}
    assert len(by_row) == len(fixes) - 1 == sum(v["corrections"] for v in truth["faults"].values())
    assert all((new is None) == (fault == "listed_twice") for fault, new in by_row.values())
    emails = {a.email.casefold() for a in world.accounts}
    mine = {p.email.casefold(): p for p in world.people}
    for fault, new in by_row.values():
        if fault.startswith("email_") or fault == "account_under_other_email":
            assert ADDRESS.match(new) and new.casefold() in mine
        if fault == "account_under_other_email":
            assert new.casefold() in emails
    rng_world = worlds.load("hagiang", 1)
    again = package.write_hagiang(rng_world, out / "again")
    assert (
        again == truth
        and (out / "again" / "truth.json").read_text() == (out / "truth.json").read_text()
    )


def test_before_corrections_some_are_missing_afterwards_none(packed):
    _, _, truth = packed
    before, after = truth["before"]["total"], truth["after"]["total"]
    assert (
        after["registered"],
        after["accounts"],
        after["participated"],
        after["passed"],
        after["certified"],
    ) == (2716, 2287, 2103, 2072, 2072)
    assert before["registered"] == 2716 - 5
    assert 40 < after["accounts"] - before["accounts"] < 70
    for measure in ("enrolled", "participated", "passed", "certified"):
        gone = after[measure] - before[measure]
        assert gone > 20
        assert (
            gone
            == truth["before"]["not_registered"][measure]
            - truth["after"]["not_registered"][measure]
        )


def test_unit_spellings_are_covered_except_one():
    from world import roster

    def fold(text: str) -> str:
        return " ".join(unicodedata.normalize("NFC", text).casefold().split())

    known = {}
    for u in table(hagiang.REFERENCE / "units.csv"):
        for name in (u["name"], u["printed_name"], *filter(None, u["aliases"].split("|"))):
            assert known.setdefault(fold(name), u["code"]) == u["code"], name
    for code, spellings in roster.SPELLINGS.items():
        for text in spellings:
            assert known.get(fold(text)) == (None if code == mess.UNKNOWN_UNIT else code), text


def test_lists_have_the_mess_of_real_ones(packed):
    world, out, truth = packed
    citizens, phones, heads = [], set(), set()
    for f in truth["files"]:
        for sheet, where in f["sheets"].items():
            grid = rows_of(out / "rosters" / f["file"])[sheet]
            head = grid[where["first_row"] - 2]
            heads.add(tuple(str(h) for h in head))
            for n, title in enumerate(head):
                if title and ("CCCD" in str(title) or "định danh" in str(title)):
                    citizens += [r[n] for r in grid[where["first_row"] - 1 : where["last_row"]]]
                if title and (
                    "thoại" in str(title) or "SĐT" in str(title) or "Số ĐT" in str(title)
                ):
                    phones |= {
                        re.sub(r"\d", "9", str(r[n]))
                        for r in grid[where["first_row"] - 1 : where["last_row"]]
                    }
    lost = [c for c in citizens if isinstance(c, int) and len(str(c)) in (10, 11)]
    assert len(lost) > 500 and sum(c is None for c in citizens) >= 28
    assert sum(isinstance(c, str) and len(c) == 9 for c in citizens) == 20
    assert len(phones) >= 6 and len(heads) > 8


def test_totals_of_the_other_waves(packed):
    _, out, _ = packed
    rows = table(out / "totals.csv")
    printed = [
        r
        for r in table(hagiang.DATA / "provinces_2023.csv")
        if r["province_and_wave"] != "Hà Giang"
    ]
    assert [(r["Tỉnh"], r["Số đăng ký"], r["Số đạt"]) for r in rows] == [
        (r["province_and_wave"], r["registered"], r["passed"]) for r in printed
    ]
    assert len(rows) == 27 and sum(r["Số đạt"] == "" for r in rows) == 13
    waves = {r["code"]: r for r in table(hagiang.REFERENCE / "waves.csv")}
    assert (
        all(waves[r["Đợt"]]["kind"] == "totals" for r in rows)
        and len({r["Đợt"] for r in rows}) == 27
    )
    book = rows_of(out / "totals.xlsx")["Kết quả các tỉnh"]
    assert [[("" if c is None else str(c)) for c in r] for r in book[1:]] == [
        list(r.values()) for r in rows
    ]


def test_variants_of_a_list(packed):
    world, out, truth = packed
    kinds = {v["kind"]: (n, v) for n, v in truth["variants"].items()}
    entry = next(f for f in truth["files"] if f["unit"] == "HG-SYTE")
    rows = sum(s["rows"] for s in entry["sheets"].values())

    def body(kind: str) -> list[tuple]:
        name, variant = kinds[kind]
        grid = rows_of(out / "variants" / name)["Danh sách"]
        assert len(grid) - 4 == variant["rows"]
        return [r[1:] for r in grid[4:]]

    first = [
        r
        for s, where in entry["sheets"].items()
        for r in rows_of(out / "rosters" / entry["file"])[s][
            where["first_row"] - 1 : where["last_row"]
        ]
    ]
    # The row's own cells are untouched (columns: TT, name, post, unit, birth, number, phone,
    # e-mail, Tổ).
    assert Counter((r[1], *r[4:8]) for r in first) == Counter(
        (r[0], *r[3:7]) for r in body("resorted")
    )
    assert all(r[2] and r[7] for r in body("resorted"))
    assert len(body("three_removed")) == rows - 3 and len(body("mass_removal")) == 300
    late = body("supplement")
    assert len(late) == 3 and all(r[0] and r[6] and r[7] for r in late)
    assert not {r[0] for r in late} & {
        p.name for p in world.people if p.email in {r[6] for r in late}
    }


def test_generic_files(tmp_path):
    w = worlds.load("generic", 5, learners=50, courses=2, units=4)
    truth = package.write_generic(w, tmp_path)
    assert sum(len(table(p)) for p in (tmp_path / "rosters").iterdir()) == 50
    assert json.loads((tmp_path / "truth.json").read_text())["units"] == truth["units"]
    assert len(table(tmp_path / "reference" / "waves.csv")) == 2
