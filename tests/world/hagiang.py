"""Hà Giang, 20-29 September 2023: a world made up so that it adds up to the printed report.

Only sums are printed. Who is who, which group has which size and when anything happened is drawn
from the seed, under the constraint that every printed figure comes out exactly.
"""

from __future__ import annotations

import csv
import random
from datetime import datetime
from pathlib import Path

from . import timeline
from .model import Account, Enrollment, Person, World, micros
from .names import Faker, unaccented

TESTS = Path(__file__).resolve().parent.parent
DATA = TESTS / "data"
REFERENCE = TESTS.parent / "config" / "hagiang-2023"
COURSE = "course-v1:DEAN06+CDS01+2023"
WAVE = "DA06-2023-HG"

# Groups below 20 % as printed, with sizes that give the printed rate: (number, people,
# participants).
LOW = {
    "HG-SYTE": ((17, 24, 0), (153, 35, 2), (15, 20, 2), (9, 49, 5)),
    "HG-XINMAN": ((26, 21, 0), (27, 18, 0), (30, 22, 0), (28, 16, 2), (32, 24, 3), (31, 19, 3)),
}
# Groups per unit with more than one, and how many of them are below 100 %: 154 and 85 over all
# units.
GROUPS = {
    "HG-SYTE": (37, 20),
    "HG-XINMAN": (11, 10),
    "HG-BACQUANG": (14, 9),
    "HG-DONGVAN": (15, 10),
    "HG-YENMINH": (13, 11),
    "HG-HOANGSUPHI": (9, 3),
    "HG-SGDDT": (8, 5),
    "HG-MEOVAC": (6, 6),
    "HG-TPHAGIANG": (5, 0),
    "HG-QUANBA": (4, 3),
    "HG-VIXUYEN": (4, 0),
    "HG-BACME": (4, 4),
    "HG-QUANGBINH": (3, 3),
    "HG-STP": (1, 1),
    "HG-CAT": (2, 0),
}
NUMBERS = {  # the printed footnote names groups of these two units; they were numbered in two goes
    "HG-SYTE": [*range(1, 22), *range(139, 155)],
    "HG-XINMAN": [*range(22, 33)],
}


def read_csv(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def printed_units() -> list[dict]:
    """The rows of appendix 1 with the unit's code, whole numbers as int."""
    codes = {
        u["printed_name"]: u["code"]
        for u in read_csv(REFERENCE / "units.csv")
        if u["code"].startswith("HG-")
    }
    rows = []
    for r in read_csv(DATA / "hagiang_2023_units.csv"):
        numbers = {k: int(r[k]) for k in ("registered", "accounts", "participated", "passed")}
        rows.append({"code": codes[r["unit"]], "printed": r["unit"], **numbers})
    return rows


def _spread(rng: random.Random, total: int, caps: list[int], least: int) -> list[int]:
    """Splits total into len(caps) parts, each between least and its cap."""
    parts = [least] * len(caps)
    for _ in range(total - least * len(caps)):
        parts[rng.choice([i for i, cap in enumerate(caps) if parts[i] < cap])] += 1
    return parts


def _sizes(rng: random.Random, people: int, groups: int) -> list[int]:
    """Group sizes that differ by a few people."""
    base = people // groups
    caps = [base + 1 + rng.randint(0, max(base // 5, 1)) for _ in range(groups)]
    return _spread(rng, people, caps, max(1, base - base // 5)) if groups > 1 else [people]


def group_plan(rng: random.Random, rows: list[dict]) -> dict[str, list[tuple[int, int, int]]]:
    """Per unit: (group number, people, participants)."""
    free = iter(n for n in range(1, 155) if not any(n in taken for taken in NUMBERS.values()))
    plan = {}
    for row in rows:
        code = row["code"]
        groups, incomplete = GROUPS.get(code, (1, 0))
        numbers = NUMBERS.get(code) or [next(free) for _ in range(groups)]
        low = LOW.get(code, ())
        rest = [n for n in numbers if n not in {g for g, _, _ in low}]
        people = row["registered"] - sum(size for _, size, _ in low)
        absent = (row["registered"] - row["participated"]) - sum(
            size - came for _, size, came in low
        )
        sizes = _sizes(rng, people, len(rest))
        short = sorted(rng.sample(range(len(rest)), incomplete - len(low)))
        missing = dict.fromkeys(range(len(rest)), 0)
        if short:
            # No further group may fall below 20 %, nor look as if it nearly did.
            caps = [max(1, int(sizes[i] * 0.74)) for i in short]
            missing.update(zip(short, _spread(rng, absent, caps, 1)))
        plan[code] = sorted(
            [*low, *((n, sizes[i], sizes[i] - missing[i]) for i, n in enumerate(rest))]
        )
    return plan


def _people(
    rng: random.Random, fake: Faker, rows: list[dict]
) -> tuple[list[Person], dict[int, str]]:
    """Everybody on a list, and each one's fate ("" = no account)."""
    people: list[Person] = []
    fates: dict[int, str] = {}
    for row in rows:
        code = row["code"]
        office = unaccented(code.removeprefix("HG-")) + ".hagiang.example"
        came: list[int] = []
        absent: list[int] = []
        for number, size, participants in row["groups"]:
            members = []
            for _ in range(size):
                name, born, male = fake.person()
                members.append(len(people))
                people.append(
                    Person(
                        len(people),
                        code,
                        number,
                        name,
                        born,
                        male,
                        fake.citizen(born, male),
                        fake.phone(),
                        fake.email(name, born, office),
                    )
                )
            mixed = rng.sample(members, size)
            came += mixed[:participants]
            absent += mixed[participants:]
        failing = rng.sample(came, row["participated"] - row["passed"])
        fates.update((i, "passed") for i in came)
        fates.update((i, "failed" if rng.random() < 0.6 else "unfinished") for i in failing)
        fates.update((i, "") for i in absent)
        for i in rng.sample(absent, row["accounts"] - row["participated"]):
            fates[i] = rng.choices(("idle", "unenrolled", "gone"), (11, 7, 1))[0]
    return people, fates


def _accounts(rng, fake, people, fates, begins) -> tuple[list[Account], list[str]]:
    """Accounts of listed people plus nine that are on no list; the second list has their fates."""
    accounts: list[Account] = []
    fate_of: list[str] = []
    outsiders = ["passed", "passed", "unfinished", "failed", "idle", "idle", "idle", "idle", "gone"]

    def add(email: str, name: str, year: int, fate: str) -> int:
        early = fate not in ("idle", "unenrolled") and rng.random() < 0.85
        day = rng.randrange(4) if early else rng.randrange(4, 8)
        joined = timeline.awake(rng, begins + day * timeline.DAY)
        works = fate not in ("idle", "unenrolled", "gone")
        activated = joined + rng.randrange(timeline.MINUTE, 40 * timeline.MINUTE)
        if not works and rng.random() < 0.3:
            activated = None
        if rng.random() < 0.1:
            email = rng.choice((email.upper(), email.title(), email[0].upper() + email[1:]))
        accounts.append(Account(0, fake.username(), email, name, year, joined, activated))
        fate_of.append(fate)
        return len(accounts) - 1

    for p in people:
        if fates[p.index]:
            p.account = add(p.email, p.name, p.born.year, fates[p.index])
    for fate in outsiders:
        name, born, _ = fake.person()
        add(fake.email(name, born, "edtech.example"), name, born.year, fate)
    order = sorted(range(len(accounts)), key=lambda i: accounts[i].joined)
    for n, i in enumerate(order):
        accounts[i].user_id = 4101 + 3 * n
    return accounts, fate_of


def build(seed: int = 1, revoked: int = 0, left_after_passing: int = 0) -> World:
    """`revoked` certificates are taken back and `left_after_passing` learners un-enrol for good
    after they passed. Both are 0 by default: then the last state of the platform alone shows every
    printed figure."""
    rng = random.Random(f"hagiang/{seed}")
    begins, ends = micros(datetime(2023, 9, 20)), micros(datetime(2023, 9, 30))
    rows = printed_units()
    plan = group_plan(rng, rows)
    for row in rows:
        row["groups"] = plan[row["code"]]
    fake = Faker(rng)
    people, fates = _people(rng, fake, rows)
    accounts, fate_of = _accounts(rng, fake, people, fates, begins)

    course = timeline.online_course(
        COURSE, "Nâng cao nhận thức chuyển đổi số hỗ trợ Đề án 06", begins, ends
    )
    latest = micros(datetime(2023, 9, 29, 21))
    enrollments: list[Enrollment] = []
    passers = []
    for i, fate in enumerate(fate_of):
        if fate == "unenrolled":
            continue
        created = accounts[i].joined + rng.randrange(2 * timeline.MINUTE, 20 * timeline.HOUR)
        created += rng.randrange(1_000_000)
        e = Enrollment(0, i, 0, created)
        learner = timeline.Learner(rng, course, e, latest)
        learner.live(fate)
        enrollments.append(e)
        if fate == "passed":
            passers.append(learner)
    for learner in rng.sample(passers, revoked):
        learner.revoke()
    early = sorted(passers, key=lambda x: x.e.grades[-1][0])[: len(passers) // 2]
    for learner in rng.sample(early, left_after_passing):
        learner.leave()
    enrollments.sort(key=lambda e: e.created)
    for n, e in enumerate(enrollments):
        e.id = 90001 + 2 * n
    world = World(
        "hagiang",
        seed,
        begins,
        ends,
        [course],
        accounts,
        enrollments,
        people,
        [r["code"] for r in rows],
        {r["code"]: r["printed"] for r in rows},
    )
    world.extra["groups"] = plan
    return world
