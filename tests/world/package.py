"""Writes a world's files: rosters, corrections, totals of the other waves, and what is true of
them."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from pathlib import Path

from openpyxl import Workbook

from . import hagiang, mess as mess_of, roster, variants
from .model import MEASURES, UTC7, World, instant
from .names import Faker

CORRECTION_HEAD = ("File", "Sheet", "Dòng", "Lỗi", "Cần làm", "Sửa thành")
TOTALS_HEAD = ("Đợt", "Tỉnh", "Số đăng ký", "Số đạt")


def totals() -> list[tuple[str, str, int, int | None]]:
    """(wave, province as printed, registered, passed or None) of the waves other than Hà Giang."""
    waves = {w["print_order"]: w for w in hagiang.read_csv(hagiang.REFERENCE / "waves.csv")}
    rows = []
    for r in hagiang.read_csv(hagiang.DATA / "provinces_2023.csv"):
        wave = waves[r["no"]]
        if wave["kind"] == "totals":
            rows.append(
                (
                    wave["code"],
                    r["province_and_wave"],
                    int(r["registered"]),
                    int(r["passed"]) if r["passed"] else None,
                )
            )
    return rows


def _save_sheet(path: Path, title: str, rows: list[tuple]) -> None:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)


def _sum(table: dict) -> dict[str, int]:
    return {m: sum(r[m] for r in table.values()) for m in MEASURES}


def write_hagiang(world: World, out: Path) -> dict:
    """Fills the folder `out`; returns (and writes) truth.json."""
    out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(f"hagiang/lists/{world.seed}")
    fake = Faker(rng)
    for p in world.people:  # nothing drawn later may collide with an address that exists
        fake.once(iter((p.email,)).__next__)
    mess = mess_of.make(world, rng, fake)
    written = roster.write(world, mess, rng, out / "rosters")

    wrong = [w for w in written if w.fault]
    fixes = [w for w in wrong if w.replacement or w.fault == "listed_twice"]
    _save_sheet(
        out / "corrections.xlsx",
        "Sửa danh sách",
        [CORRECTION_HEAD]
        + [
            (w.file, w.sheet, w.row, w.fault, mess_of.TO_DO[w.fault], w.replacement or None)
            for w in fixes
        ],
    )

    rows = totals()
    _save_sheet(out / "totals.xlsx", "Kết quả các tỉnh", [TOTALS_HEAD, *rows])
    with open(out / "totals.csv", "w", encoding="utf-8", newline="") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow(TOTALS_HEAD)
        table.writerows([["" if v is None else v for v in r] for r in rows])

    truth = _truth(world, mess, written, wrong, fixes)
    truth["variants"] = variants.write(world, truth, out)
    (out / "truth.json").write_text(
        json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return truth


def _truth(world: World, mess, written, wrong, fixes) -> dict:
    t = world.ends
    known = mess_of.known_before(world, mess)
    before = world.truth_at(t, matched=known)
    before[mess_of.UNKNOWN_UNIT] = dict.fromkeys(MEASURES, 0)
    matched = {known(p) for p in world.people} - {None}
    units = world.truth_at(t)
    groups = world.truth_at(t, key="group")
    unit_of = {p.group: p.unit for p in world.people}
    files = {}
    for w in written:
        sheets = files.setdefault(
            w.file, {"file": w.file, "unit": world.people[w.person].unit, "sheets": {}}
        )["sheets"]
        s = sheets.setdefault(w.sheet, {"first_row": w.row, "last_row": w.row, "rows": 0})
        s["last_row"], s["rows"] = w.row, s["rows"] + 1
    listed, fixed = Counter(w.fault for w in wrong), Counter(w.fault for w in fixes)
    return {
        "world": world.name,
        "seed": world.seed,
        "wave": hagiang.WAVE,
        "course": hagiang.COURSE,
        "people": len(world.people),
        "rows": len(written),
        "faults": {f: {"rows": listed[f], "corrections": fixed[f]} for f in mess_of.FAULTS},
        "two_emails_in_a_cell": sum(x.two for x in mess.listings),
        "before": {
            "units": before,
            "total": _sum(before),
            "not_registered": world.not_registered_at(t, matched),
        },
        "after": {
            "units": units,
            "total": _sum(units),
            "not_registered": world.not_registered_at(t),
            "groups": {str(g): {"unit": unit_of[g], **groups[g]} for g in sorted(groups)},
        },
        "groups_below_100": sum(g["participated"] < g["registered"] for g in groups.values()),
        "groups_at_0": sum(g["participated"] == 0 for g in groups.values()),
        "files": list(files.values()),
        "fault_rows": [
            {
                "file": w.file,
                "sheet": w.sheet,
                "row": w.row,
                "fault": w.fault,
                "corrected": w in fixes,
            }
            for w in wrong
        ],
    }


def write_generic(world: World, out: Path, at: int | None = None) -> dict:
    """Clean lists (one CSV per unit) as they are at `at` (in the beginning), a reference folder and
    truth.json for a generic world."""
    at = world.begins if at is None else at
    (out / "rosters").mkdir(parents=True, exist_ok=True)
    ref = out / "reference"
    ref.mkdir(exist_ok=True)
    for unit in world.units:
        with open(out / "rosters" / f"{unit}.csv", "w", encoding="utf-8", newline="") as f:
            table = csv.writer(f, lineterminator="\n")
            table.writerow(
                (
                    "TT",
                    "Họ và tên",
                    "Ngày sinh",
                    "Số CCCD",
                    "Email",
                    "Số điện thoại",
                    "Đơn vị",
                    "Tổ",
                )
            )
            members = [p for p in world.people if p.place_at(at)[0] == unit]
            table.writerows(
                (n, p.name, f"{p.born:%d/%m/%Y}", p.citizen, p.email_at(at), p.phone, *p.place_at(at))
                for n, p in enumerate(members, 1)
            )
    _write_reference(world, ref)
    tables = {c.id: world.truth_at(world.ends, course=n) for n, c in enumerate(world.courses)}
    truth = {
        "world": world.name,
        "seed": world.seed,
        "people": len(world.people),
        "units": world.truth_at(world.ends),
        "courses": tables,
        "not_registered": world.not_registered_at(world.ends),
    }
    (out / "truth.json").write_text(
        json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return truth


def _write_reference(world: World, ref: Path) -> None:
    begins, ends = (local_day(d) for d in (world.begins, world.courses[0].end - 1))
    files = {
        "units.csv": [
            [
                "code",
                "name",
                "printed_name",
                "aliases",
                "kind",
                "parent",
                "territory",
                "print_order",
                "valid_from",
                "valid_to",
                "successor",
            ],
            ["SIM", "Tỉnh Mẫu", "Tỉnh Mẫu", "", "tinh", "", "", 1, "", "", ""],
        ]
        + [
            [u, f"Huyện {u}", f"Huyện {u}", u, "huyen", "SIM", "SIM", n, "", "", ""]
            for n, u in enumerate(world.units, 1)
        ],
        "waves.csv": [
            [
                "code",
                "training",
                "province",
                "name",
                "printed_name",
                "begins",
                "ends",
                "kind",
                "print_order",
            ]
        ]
        + [
            [
                f"W-{c.number}",
                f"T-{c.number}",
                "SIM",
                f"Đợt {c.name}",
                f"Đợt {n}",
                begins,
                ends,
                "counted",
                n,
            ]
            for n, c in enumerate(world.courses, 1)
        ],
        "courses.csv": [["source", "course", "training", "exam"]]
        + [["daotao", c.id, f"T-{c.number}", "Thi cuối khóa"] for c in world.courses],
        "targets.csv": [["wave", "unit", "planned"]],
        "calendar.csv": [["date", "kind", "name"], ["2026-04-30", "holiday", "Ngày Chiến thắng"]],
    }
    for name, rows in files.items():
        with open(ref / name, "w", encoding="utf-8", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows(rows)
    with open(ref / "trainings.yaml", "w", encoding="utf-8") as f:
        for c in world.courses:
            f.write(
                f'- code: T-{c.number}\n  name:\n    vi: "{c.name}"\n    en: "Course {c.number}"\n'
                "  pass_rule:\n    by: platform\n  completion:\n    min_progress: 1.0\n"
            )


def local_day(us: int) -> str:
    """The local calendar day of an instant."""
    return instant(us).astimezone(UTC7).strftime("%Y-%m-%d")
