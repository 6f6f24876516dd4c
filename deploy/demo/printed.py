"""Compares what `mooc-aggregator report` gives with the printed tables, cell by cell, by value."""
import csv
import io
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "tests/data"


def _printed(name):
    with open(DATA / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _rows(text):
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def _rate(text):
    """Either "76,3%" or 76.3 as a decimal with one place; None where there is none."""
    text = (text or "").strip().rstrip("%").replace(",", ".")
    return Decimal(text).quantize(Decimal("0.1"), ROUND_HALF_UP) if text else None


def _count(text):
    text = (text or "").strip().replace(".", "")
    return int(text) if text else None


def _compare(printed, reported, counts, rates, what):
    """(rows equal, messages of what differs)."""
    equal, wrong = 0, []
    for row, is_ in zip(printed, reported):
        bad = [f"{c}: {is_.get(c)} instead of {row[p]}" for c, p in counts.items() if _count(is_.get(c)) != _count(row[p])]
        bad += [f"{c}: {is_.get(c)} instead of {row[p]}" for c, p in rates.items() if _rate(is_.get(c)) != _rate(row[p])]
        equal += not bad
        wrong += [f"{what} {row[next(iter(row))]}: {b}" for b in bad]
    if len(printed) != len(reported):
        wrong.append(f"{what}: {len(reported)} rows instead of {len(printed)}")
    return equal, wrong


def appendix1(text):
    printed, rows = _printed("hagiang_2023_units.csv"), _rows(text)
    units, total = rows[:-1], rows[-1]
    for row, is_ in zip(printed, units):
        is_["unit_name"] = is_.get("unit_name") or ""
    equal, wrong = _compare(
        printed, units,
        {"no": "no", "registered": "registered", "accounts": "accounts", "participated": "participated",
         "passed": "passed", "not_passed": "not_passed"},
        {"account_rate": "account_rate_printed", "participation_rate": "participation_rate_printed",
         "pass_rate_registered": "pass_rate_of_registered_printed",
         "pass_rate_participants": "pass_rate_of_participants_printed"}, "appendix 1, row")
    wrong += [f"appendix 1, row {r['no']}: {i['unit_name']} instead of {r['unit']}"
              for r, i in zip(printed, units) if i["unit_name"] != r["unit"]]
    # The totals row is not among the transcribed rows; it stands in the report's text.
    for column, value in {"registered": 2716, "accounts": 2287, "participated": 2103, "passed": 2072,
                          "not_passed": 644}.items():
        if _count(total.get(column)) != value:
            wrong.append(f"appendix 1, total: {column} is {total.get(column)} instead of {value}")
    for column, value in {"account_rate": "84,2", "participation_rate": "77,4", "pass_rate_registered": "76,3",
                          "pass_rate_participants": "98,5"}.items():
        if _rate(total.get(column)) != _rate(value):
            wrong.append(f"appendix 1, total: {column} is {total.get(column)} instead of {value}")
    return equal, len(printed), wrong


def appendix2(text):
    printed, rows = _printed("provinces_2023.csv"), _rows(text)
    equal, wrong = _compare(printed, rows, {"no": "no", "registered": "registered", "passed": "passed"},
                            {"pass_rate_registered": "pass_rate_printed"}, "appendix 2, row")
    wrong += [f"appendix 2, row {r['no']}: {i['province_and_wave']} instead of {r['province_and_wave']}"
              for r, i in zip(printed, rows) if i["province_and_wave"] != r["province_and_wave"]]
    return equal, len(printed), wrong


def groups(text):
    """The document names the ten by unit and number; their order is not the point."""
    printed = {(r["unit"], r["group"]): _rate(r["participation_rate_printed"])
               for r in _printed("hagiang_2023_groups_under_20pct.csv")}
    rows = {(r["unit_name"], r["study_group"]): _rate(r["participation_rate"]) for r in _rows(text)}
    wrong = [f"group {g} of {u}: {rows.get((u, g))} instead of {rate}" for (u, g), rate in printed.items()
             if rows.get((u, g)) != rate]
    wrong += [f"group {g} of {u} is below 20 % but not printed" for u, g in rows if (u, g) not in printed]
    return sum(rows.get(k) == v for k, v in printed.items()), len(printed), wrong
