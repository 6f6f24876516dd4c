"""Lào Cai, June 2022: 612 schools and 17,559 staff, whom several vendors' systems hold, and the units of 1 July 2025. The report prints
numbers; names, places and people are made up from a seed. `scale` divides schools and people."""

from __future__ import annotations

import random
import uuid
from datetime import datetime
from typing import NamedTuple

from .model import Account, Course, Enrollment, Grade, Person, Section, World, micros
from .names import Faker
from .nghean import shares
from .timeline import DAY, HOUR, MINUTE

STAFF, OFFICE_STAFF, YEN_BAI = 17_559, 72, 140
LEVELS = (("MN", "Trường Mầm non", 193), ("TH", "Trường Tiểu học", 185), ("CS", "Trường THCS", 188), ("PT", "Trường THPT", 46))
DISTRICTS = ("Thành phố Lào Cai", "Thị xã Sa Pa", "Huyện Bát Xát", "Huyện Bảo Thắng", "Huyện Bảo Yên", "Huyện Bắc Hà",
             "Huyện Mường Khương", "Huyện Si Ma Cai", "Huyện Văn Bàn")  # fmt: skip
COMMUNES, NEW_COMMUNES = 152, 99
OLD_END, NEW_BEGIN = "2025-06-30", "2025-07-01"
SITES = ("sis", "lms", "vnedu")  # OneRoster, Moodle, a JSON API, by number of the platform
FILES = "khao-thi"  # an examination system that gives exports only
QUESTIONS, LECTURES = 20, 10


class Unit(NamedTuple):
    """`heirs`: who took its place. `lines`: (tree, above, from) that hold from a later day than its own beginning."""

    code: str
    name: str
    kind: str
    parent: str = ""
    territory: str = ""
    valid_from: str = ""
    valid_to: str = ""
    heirs: tuple[str, ...] = ()
    lines: tuple[tuple[str, str, str], ...] = ()


def _offices() -> list[Unit]:
    old = {"valid_to": OLD_END}
    return [
        Unit("LC", "Tỉnh Lào Cai (đến 30/6/2025)", "tinh", **old, heirs=("LCM",)),
        Unit("YB", "Tỉnh Yên Bái", "tinh", **old, heirs=("LCM",)),
        Unit("LCM", "Tỉnh Lào Cai", "tinh", valid_from=NEW_BEGIN),
        Unit("LC-SGD", "Sở Giáo dục và Đào tạo Lào Cai (đến 30/6/2025)", "so", "LC", "LC", **old, heirs=("LCM-SGD",)),
        Unit("YB-SGD", "Sở Giáo dục và Đào tạo Yên Bái", "so", "YB", "YB", **old, heirs=("LCM-SGD",)),
        Unit("LCM-SGD", "Sở Giáo dục và Đào tạo Lào Cai", "so", "LCM", "LCM", valid_from=NEW_BEGIN),
    ]


def _districts() -> list[Unit]:
    """They and their offices of education ended without anybody in their place."""
    out = []
    for n, name in enumerate(DISTRICTS, 1):
        out.append(Unit(f"LC-H{n}", name, "huyen", "LC", "LC", valid_to=OLD_END))
        out.append(Unit(f"LC-P{n}", f"Phòng GD&ĐT {name}", "co_so", "LC-SGD", f"LC-H{n}", valid_to=OLD_END))
    out.append(Unit("YB-H1", "Huyện Văn Yên", "huyen", "YB", "YB", valid_to=OLD_END))
    out.append(Unit("YB-P1", "Phòng GD&ĐT Huyện Văn Yên", "co_so", "YB-SGD", "YB-H1", valid_to=OLD_END))
    return out


def _communes(old: int, new: int) -> list[Unit]:
    """Old ones merge by order; the first was split in two."""
    out = [Unit(f"LCM-X{n:03d}", f"Xã mới số {n}", "xa", "LCM", "LCM", valid_from=NEW_BEGIN) for n in range(1, new + 2)]
    for n in range(1, old + 1):
        above = f"LC-H{1 + (n - 1) * 9 // old}"
        heirs = ("LCM-X001", "LCM-X002") if n == 1 else (f"LCM-X{2 + (n - 2) * (new - 2) // (old - 1):03d}",)
        out.append(Unit(f"LC-X{n:03d}", f"Xã số {n}", "xa", above, above, valid_to=OLD_END, heirs=heirs))
    out += [Unit(f"YB-X{n}", f"Xã Văn Yên số {n}", "xa", "YB-H1", "YB-H1", valid_to=OLD_END, heirs=(f"LCM-X{new + 1:03d}",))
            for n in (1, 2)]  # fmt: skip
    return out


def _schools(counts: list[int], communes: list[Unit]) -> list[Unit]:
    """Below district offices (upper secondary schools below the department) and in communes. Of 2025: most are the new commune's, a
    few are nowhere yet but below the department that their office was below; two merged, one was split."""
    old = [u for u in communes if u.code.startswith("LC-X")]
    out = []
    for (short, title, _), count in zip(LEVELS, counts):
        for n in range(1, count + 1):
            home = old[(n * 7 + len(short) + ord(short[0])) % len(old)]
            office = "LC-SGD" if short == "PT" else "LC-P" + home.parent.removeprefix("LC-H")
            lines: tuple = ()
            new = home.heirs[n % len(home.heirs)]
            if len(home.heirs) > 1:
                lines += (("territory", new, NEW_BEGIN),)
            if short != "PT" and n % 12:
                lines += (("management", new, NEW_BEGIN),)
            out.append(Unit(f"LC-{short}{n:03d}", f"{title} số {n}", "truong", office, home.code, lines=lines))
    by_code = {u.code: n for n, u in enumerate(out)}
    kept = {"valid_to": OLD_END, "lines": ()}
    merged, into, split = (by_code[c] for c in ("LC-TH001", "LC-TH002", "LC-CS001"))
    out[merged] = out[merged]._replace(**kept, heirs=(out[into].code,))
    out[split] = out[split]._replace(**kept, heirs=("LC-CS001A", "LC-CS001B"))
    near = next(u.heirs[0] for u in old if u.code == out[split].territory)
    out += [Unit(f"LC-CS001{x}", f"Trường THCS số 1 {x}", "truong", near, near, valid_from=NEW_BEGIN) for x in "AB"]
    out += [Unit(f"YB-TH{n}", f"Trường Tiểu học Văn Yên số {n}", "truong", "YB-P1", f"YB-X{1 + n % 2}") for n in range(1, 5)]
    return out


def units_of(scale: int = 1) -> list[Unit]:
    counts = [max(3, n // scale) for _, _, n in LEVELS]
    communes = _communes(max(9, COMMUNES // scale), max(6, NEW_COMMUNES // scale))
    return _offices() + _districts() + communes + _schools(counts, communes)


def _course(tag: str, lectures: int, begins: int, ends: int) -> Course:
    def part(n: int) -> Section:
        exam = n == lectures
        id_ = uuid.uuid5(uuid.NAMESPACE_URL, f"lc-2022/{tag}/{n}").hex
        name = "Bài kiểm tra" if exam else f"Bài giảng {n + 1}"
        return Section(name, name, name, id_, float(exam), QUESTIONS if exam else 1, exam)

    return Course(f"lc-{tag}", "LC", tag, "Năng lực số cho cán bộ, giáo viên", begins, ends, [part(n) for n in range(lectures + 1)])


class Builder:
    def __init__(self, seed: int, scale: int):
        self.rng = random.Random(f"laocai/{seed}")
        self.fake = Faker(self.rng)
        self.scale = scale
        self.begins, self.ends = (micros(datetime.fromisoformat(t)) for t in ("2022-06-13", "2022-09-01"))
        self.people: list[Person] = []
        self.accounts: list[Account] = []
        self.enrollments: list[Enrollment] = []
        self.exports: list[tuple[int, int, int, int]] = []  # person, attempt, right answers, when

    def account(self, p: Person, site: int, email: str) -> None:
        rng = self.rng
        joined = self.begins + rng.randrange(20) * DAY + 7 * HOUR + rng.randrange(9 * HOUR)
        active = None if rng.random() < 0.06 else joined + rng.randrange(HOUR)
        self.accounts.append(Account(1000 + len(self.accounts), self.fake.username(), email, p.name, p.born.year, joined, active,
                                     platform=site))  # fmt: skip
        index = len(self.accounts) - 1
        if p.account is None:
            p.account = index
        else:
            p.others.append(index)
        if rng.random() < 0.92:
            e = Enrollment(0, index, 1 if site == 2 else 0, joined + rng.randrange(MINUTE, 2 * DAY))
            e.toggles.append((e.created, True))
            self.enrollments.append(e)
            self.learn(e, LECTURES if site == 2 else 0)

    def learn(self, e: Enrollment, lectures: int) -> None:
        rng, at, done = self.rng, e.created, 0
        fate = rng.choices(("all", "some", "none"), (80, 12, 8))[0]
        for _ in range(lectures if fate == "all" else rng.randint(0, max(lectures - 1, 0)) if fate == "some" else 0):
            at, done = at + rng.randrange(30 * MINUTE, DAY), done + 1
            self.show(e, at, done, lectures, 0)
        if fate != "all":
            return
        right = 0
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            at += rng.randrange(HOUR, 2 * DAY)
            right = min(QUESTIONS, right + 1 + (rng.randint(3, 17) if right == 0 else rng.randint(0, 6)))
            if not e.grades or e.grades[-1][1].scores[-1] != (True, right):
                self.show(e, at, done, lectures, right)

    def show(self, e: Enrollment, at: int, done: int, lectures: int, right: int) -> None:
        scores = tuple((n < done, int(n < done)) for n in range(lectures)) + ((right > 0, right),)
        e.grades.append((at, Grade(right / QUESTIONS, right >= 10, scores)))

    def person(self, unit: str) -> None:
        rng, fake = self.rng, self.fake
        name, born, male = fake.person()
        p = Person(len(self.people), unit, 0, name, born, male, fake.citizen(born, male), fake.phone(),
                   fake.email(name, born, "laocai.example"))  # fmt: skip
        self.people.append(p)
        homes = {"MN": 2, "TH": 0, "CS": 1, "PT": 0}
        site = homes.get(unit[3:5], 2)
        if site == 1 and rng.random() < 0.6:  # most lower secondary schools have the exports only
            if rng.random() < 0.85:
                self.export(p)
        elif rng.random() < 0.9:
            self.account(p, site, p.email)
        if rng.random() < 0.1:  # and a second vendor, half of them under another address: the citizen number connects
            other = rng.choice([s for s in (0, 2) if s != site])
            self.account(p, other, p.email if rng.random() < 0.5 else fake.email(name, born, "vendor.example"))

    def export(self, p: Person) -> None:
        rng = self.rng
        at, right = self.begins + rng.randrange(5, 30) * DAY, rng.randint(4, QUESTIONS)
        for attempt in range(1, rng.choice((2, 2, 3))):
            self.exports.append((p.index, attempt, right, at))
            at, right = at + 3 * DAY, min(QUESTIONS, right + 4)


def build(seed: int = 1, scale: int = 1) -> World:
    b = Builder(seed, scale)
    units = units_of(scale)
    weights = {u.code: b.rng.randint(14, 44) for u in units if u.kind == "truong" and u.code.startswith("LC-") and not u.valid_from}
    places = shares(weights, (STAFF - OFFICE_STAFF) // scale)
    places |= shares({f"LC-P{n}": 1 for n in range(1, 10)}, max(9, OFFICE_STAFF // scale))
    places |= shares({f"YB-TH{n}": n for n in range(1, 5)}, max(8, YEN_BAI // scale))
    for unit, count in places.items():
        for _ in range(count):
            b.person(unit)
    b.enrollments.sort(key=lambda e: (e.created, e.account))
    for n, e in enumerate(b.enrollments):
        e.id = n + 1
    courses = [_course("exam", 0, b.begins, b.ends), _course("vnedu", LECTURES, b.begins, b.ends)]
    codes = list(places)
    return World("laocai", seed, b.begins, b.ends, courses, b.accounts, b.enrollments, b.people, codes, {u: u for u in codes},
                 {"units": units, "exports": b.exports})  # fmt: skip
