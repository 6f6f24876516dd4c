"""The list of Sở Y tế sent again in other shapes: re-sorted, late names, people missing."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from openpyxl import Workbook, load_workbook

from .model import World
from .names import Faker

UNIT = "HG-SYTE"


def _rows(path: Path, sheets: dict) -> tuple[list, list[list]]:
    """Header and body of a list, unit and group filled down, all sheets together."""
    book = load_workbook(path)
    head, out = [], []
    for name, where in sheets.items():
        grid = list(book[name].iter_rows(values_only=True))
        head = list(grid[where["first_row"] - 2])
        last: dict[int, object] = {}
        fill = [n for n, h in enumerate(head) if h and ("Tổ" in h or "đơn vị" in h.lower())]
        for row in grid[where["first_row"] - 1 : where["last_row"]]:
            row = list(row)
            for n in fill:
                row[n] = last[n] = row[n] if row[n] is not None else last.get(n)
            out.append(row)
    return head, out


def _save(path: Path, head: list, rows: list[list]) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Danh sách"
    sheet.append(["SỞ Y TẾ"])
    sheet.append(["DANH SÁCH HỌC VIÊN"])
    sheet.append([])
    sheet.append(head)
    for no, row in enumerate(rows, 1):
        sheet.append([no, *row[1:]])
    book.save(path)


def write(world: World, truth: dict, out: Path) -> dict[str, dict]:
    """Writes variants/ beside rosters/; returns per file what it is: {kind, unit, rows, people}."""
    rng = random.Random(f"hagiang/variants/{world.seed}")
    fake = Faker(rng)
    folder = out / "variants"
    folder.mkdir(exist_ok=True)
    entry = next(f for f in truth["files"] if f["unit"] == UNIT)
    head, rows = _rows(out / "rosters" / entry["file"], entry["sheets"])
    people = sum(p.unit == UNIT for p in world.people)
    by_name = sorted(rows, key=lambda r: str(r[1]).casefold())
    late = []
    for _ in range(3):
        name, born, male = fake.person()
        values = {
            "tên": name,
            "sinh": f"{born.day}/{born.month}/{born.year}",
            "CCCD": "9" + fake.citizen(born, male)[1:],
            "mail": fake.email(name, born, "muon.example"),
            "ĐT": fake.phone(),
            "đơn vị": "Sở Y tế",
            "Tổ": "Tổ số 1",
        }
        late.append([next((v for k, v in values.items() if k in str(h)), None) for h in head])
    # Only rows whose name stands once are left out: then so many people are missing, too.
    named = Counter(str(r[1]).casefold() for r in rows)
    single = [r for r in rows if named[str(r[1]).casefold()] == 1]
    gone = [id(r) for r in single[:3]]
    variants = {
        "sap_xep_lai.xlsx": ("resorted", by_name, people),
        "bo_sung_3.xlsx": ("supplement", late, 3),
        "bot_3.xlsx": ("three_removed", [r for r in rows if id(r) not in gone], people - 3),
        "thieu_nhieu.xlsx": ("mass_removal", single[:300], 300),
    }
    for name, (_, body, _) in variants.items():
        _save(folder / name, head, body)
    return {
        name: {"kind": kind, "unit": UNIT, "rows": len(body), "people": count}
        for name, (kind, body, count) in variants.items()
    }
