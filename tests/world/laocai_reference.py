"""The reference folder of Lào Cai 2022, with what is known since 1 July 2025."""

from __future__ import annotations

import csv
from pathlib import Path

from . import laocai, laocai_lists
from .model import World


def write(world: World, ref: Path) -> Path:
    ref.mkdir(parents=True, exist_ok=True)
    units = world.extra["units"]

    def table(name: str, head: tuple, rows) -> None:
        with open(ref / name, "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(head)
            out.writerows(rows)

    table("units.csv", ("code", "name", "printed_name", "aliases", "kind", "parent", "territory", "print_order", "valid_from",
                        "valid_to", "successor"),
          ((u.code, u.name, u.name, "", u.kind, u.parent, u.territory, n, u.valid_from, u.valid_to, "|".join(u.heirs))
           for n, u in enumerate(units, 1)))  # fmt: skip
    history(table, units)
    table("waves.csv", ("code", "training", "province", "name", "printed_name", "begins", "ends", "kind", "print_order"),
          ((w, laocai_lists.TRAINING, mine.rstrip("-"), f"Hè 2022 {w}", w, laocai_lists.BEGINS, laocai_lists.ENDS, "counted", n)
           for n, (w, mine) in enumerate(laocai_lists.WAVES.items(), 1)))  # fmt: skip
    table("courses.csv", ("source", "course", "training", "exam", "learning"),
          ((s, c, laocai_lists.TRAINING, "", "hidden" if s in laocai_lists.HIDDEN else "") for s, c in laocai_lists.COURSES.items()))  # fmt: skip
    (ref / "trainings.yaml").write_text(
        f"- code: {laocai_lists.TRAINING}\n"
        '  name: {vi: "Bồi dưỡng năng lực số cho cán bộ, giáo viên", en: "Digital skills of teachers"}\n'
        "  pass_rules: [{min_score: 0.5}]\n"
        "  completion: {min_progress: 1.0, by: passed}\n", encoding="utf-8")  # fmt: skip
    return ref


def history(table, units: list[laocai.Unit]) -> None:
    """Lines that are not the unit's own for all its time."""
    table("unit_history.csv", ("code", "tree", "above", "valid_from", "valid_to"),
          ((u.code, tree, above, since, "") for u in units for tree, above, since in u.lines))  # fmt: skip
