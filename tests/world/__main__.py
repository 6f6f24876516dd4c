"""python -m world NAME --seed N --out DIR: writes the world's files (lists, corrections, totals,
truth)."""

from __future__ import annotations

import argparse
import ast
from pathlib import Path

from . import load, package


def options(pairs: list[str]) -> dict:
    """key=value pairs, values as Python literals where they are."""
    out = {}
    for pair in pairs:
        key, _, value = pair.partition("=")
        try:
            out[key] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            out[key] = value
    return out


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m world", description=__doc__)
    parser.add_argument("world", choices=("hagiang", "generic"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="option of the world, e.g. --set learners=1000",
    )
    args = parser.parse_args()
    world = load(args.world, args.seed, **options(args.set))
    write = package.write_hagiang if args.world == "hagiang" else package.write_generic
    truth = write(world, args.out)
    print(
        f"{args.out}: {truth['people']} people, {len(world.accounts)} accounts, "
        f"{len(world.enrollments)} enrollments"
    )


if __name__ == "__main__":
    main()
