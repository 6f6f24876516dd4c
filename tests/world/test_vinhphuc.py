"""Vĩnh Phúc's world adds up to what the province said, and its lists say what the truth is made of."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from world import citizens, vinhphuc  # noqa: E402

SEEN = date(2026, 11, 29)  # a day long after, on which the platform was looked at


@pytest.fixture(scope="module", params=(1, 2))
def w(request):
    return worlds.load("vinhphuc", request.param)


@pytest.fixture(scope="module")
def truth(w):
    return citizens.Truth(w, vinhphuc.WAVES, vinhphuc.COURSES, SEEN)


def total(table: dict, *key) -> Counter:
    return sum((row for k, row in table.items() if k[: len(key)] == key and k[-1]), Counter())


def test_what_the_province_said(truth):
    august = total(truth.tables["trainings"], vinhphuc.MAIN)
    assert (august["registered"], august["completed"]) == (10000, 8950)
    waves = [total(truth.tables["waves"], vinhphuc.MAIN, f"{vinhphuc.MAIN}-D{n}") for n in (1, 2)]
    assert [row["registered"] for row in waves] == [5100, 5000]  # a hundred were in both
    year = total(truth.tables["years"], 2023)
    assert year["registered"] == 12000
    # Seven hundred were on a list of 2022, ten learned then without being on one.
    assert year["registered"] - year["first_time"] == 710
    assert august["passed"] - august["certified"] == 80  # revoked


def test_audiences_overlap_and_are_no_total(w, truth):
    codes = {key[1] for key in truth.tables["audiences"]}
    assert len(codes) == 8
    tagged = sum(total(truth.tables["audiences"], vinhphuc.MAIN, c)["registered"] for c in codes)
    assert tagged > 11000
    bodies = {key[1] for key in truth.tables["inviters"] if key[0] == vinhphuc.MAIN}
    assert len(bodies) > 40 and "ubnd-xa-dao-tru" in bodies and "hoi-nong-dan-tinh" in bodies
    named = {(a["kind"], a["code"]) for a in vinhphuc.read("audiences.csv")}
    assert {("audience", c) for c in codes} | {("inviter", b) for b in bodies} <= named


def test_lists_hold_every_listing_once(w, tmp_path):
    files = vinhphuc.write_lists(w, tmp_path)
    rows = Counter()
    for (wave, _), paths in files.items():
        for path in paths:
            with open(path, encoding="utf-8", newline="") as f:
                rows.update((wave, r["Số CCCD"], r["Đơn vị"]) for r in csv.DictReader(f))
    made = Counter(
        (x.wave, w.people[x.person].citizen, vinhphuc.UNITS[x.unit]["name"]) for x in w.extra["listings"]
    )
    assert rows == made and max(made.values()) == 1
    assert [late for _, late in files] == [False] * 5 + [True] * (len(files) - 5)


def test_equal_seeds_give_equal_worlds():
    a, b, c = (worlds.load("vinhphuc", seed, scale=20) for seed in (3, 3, 4))
    assert a.people == b.people and a.enrollments == b.enrollments and a.people != c.people


@pytest.mark.parametrize(
    ("day", "wave"),
    ((date(2023, 8, 10), "VP-KNS-2023-D1"), (date(2023, 8, 18), "VP-KNS-2023-D1"), (date(2023, 8, 21), "VP-KNS-2023-D2"),
     (date(2023, 1, 1), "VP-KNS-2023-D1"), (date(2026, 1, 1), "VP-KNS-2023-D2")),
)  # fmt: skip
def test_the_wave_of_a_day(day, wave):
    assert citizens.wave_of(vinhphuc.WAVES, {"VP-KNS-2023-D1", "VP-KNS-2023-D2"}, day) == wave
