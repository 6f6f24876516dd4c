"""Nghệ An 2023, plan 420: 36,000 officials in eight overlapping waves on OneTouch, and ten classes of 100 in person. The plan prints
numbers, not people: who they are and what they do is made up from a seed. `scale` divides everybody."""

from __future__ import annotations

import csv
import random
import uuid
from datetime import datetime
from pathlib import Path

from .model import Account, Certificate, Course, Enrollment, Grade, Person, Section, World, micros
from .names import Faker
from .timeline import DAY, HOUR, MINUTE

REFERENCE = Path(__file__).resolve().parents[2] / "config/nghean-2023"
NO_LIST = ("NA-SVHTT", "NA-HND")  # units that sent none
CLASSES, LECTURES, QUESTIONS = "NA-2023-TT", 10, 20
PLATFORM_PASS = 12  # the platform passes at 60 %; the province's rule says 50 %


def read(name: str) -> list[dict]:
    with open(REFERENCE / name, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def midnight(text: str) -> int:
    return micros(datetime.fromisoformat(text))


def shares(weights: dict[str, int], total: int) -> dict[str, int]:
    """total divided by weight, largest remainders first, nobody empty-handed where it suffices."""
    all_ = sum(weights.values())
    exact = {k: total * w / all_ for k, w in weights.items()}
    out = {k: max(int(x), 1 if total >= len(weights) else 0) for k, x in exact.items()}
    order = sorted(exact, key=lambda k: (int(exact[k]) - exact[k], k))
    n = 0
    while sum(out.values()) < total:
        out[order[n % len(order)]] += 1
        n += 1
    for k in sorted(out, key=lambda k: -out[k]):
        out[k] -= min(max(sum(out.values()) - total, 0), out[k] - 1)
    return out


def course(begins: int, ends: int) -> Course:
    def part(n: int, exam: bool) -> Section:
        tag = uuid.uuid5(uuid.NAMESPACE_URL, f"na-2023/{n}").hex
        name = "Bài kiểm tra cuối khóa" if exam else f"Bài giảng {n:02d}"
        return Section("Kiểm tra" if exam else "Bài giảng", name, name, tag, float(exam), QUESTIONS if exam else 1, exam)

    parts = [part(n + 1, False) for n in range(LECTURES)] + [part(LECTURES + 1, True)]
    return Course("na-cds-2023", "NA", "CDS2023", "Chuyển đổi số cho cán bộ, công chức, viên chức", begins, ends, parts, 0.6)


class Official:
    """What one official does in the course, lecture by lecture."""

    def __init__(self, rng: random.Random, e: Enrollment, calendar):
        self.rng, self.e, self.works = rng, e, calendar
        self.done, self.last = 0, e.created
        self.exam = (False, 0)

    def show(self, at: int) -> None:
        scores = tuple((n < self.done, int(n < self.done)) for n in range(LECTURES)) + (self.exam,)
        percent = self.exam[1] / QUESTIONS
        self.e.grades.append((at, Grade(percent, self.exam[1] >= PLATFORM_PASS, scores)))
        self.last = at

    def learn(self, day: int, lectures: int, pace: float) -> None:
        """So many more lectures from that day on; the lower the pace, the more days without any."""
        rng, until = self.rng, min(LECTURES, self.done + lectures)
        while self.done < until:
            if rng.random() < (pace if self.works(day) else 0.15 * pace):
                for _ in range(rng.choice((1, 1, 1, 1, 2, 3))):
                    at = max(day + 7 * HOUR + rng.randrange(4 * HOUR), self.last + 31 * MINUTE)
                    if self.done == until or at >= day + DAY - HOUR:
                        break
                    self.done += 1
                    self.show(at)
            day += DAY

    def hurry(self) -> None:
        """All ten lectures clicked through in an hour or two."""
        for _ in range(LECTURES):
            self.done += 1
            self.show(self.last + self.rng.randrange(2 * MINUTE, 9 * MINUTE))

    def sit(self, good: float) -> None:
        """Up to three attempts; a certificate where the platform passes one."""
        rng = self.rng
        for attempt in range(3):
            gap = rng.randrange(5 * MINUTE, 3 * HOUR) if attempt == 0 else rng.randrange(HOUR, 40 * HOUR)
            right = min(QUESTIONS, max(0, round(rng.gauss(20 * good, 2.5))))
            if (True, right) == self.exam:
                right += 1 if right < QUESTIONS else -1
            self.exam = (True, right)
            self.show(self.last + gap)
            if right >= PLATFORM_PASS:
                self.certify(self.last + rng.randrange(MINUTE, 30 * HOUR), right)
                return
            if rng.random() < 0.35:
                return

    def certify(self, at: int, right: int) -> None:
        tag = str(uuid.UUID(int=self.rng.getrandbits(128), version=4)).replace("-", "")
        self.e.certificates.append((at, Certificate(at, at, "downloadable", f"{right / QUESTIONS:.2f}", tag)))


FATES = ("done", "late", "unfinished", "skips", "hurry", "idle", "no account")
WEIGHTS = (72, 8, 8, 3, 1, 5, 3)


def live(official: Official, fate: str, begins: int, works) -> None:
    rng = official.rng
    day = begins + rng.choice((0, 0, 1, 1, 2, 3)) * DAY
    while day < official.e.created - official.e.created % MINUTE - 20 * HOUR:
        day += DAY
    official.e.toggles.append((official.e.created, True))
    if fate == "done":
        official.learn(day, LECTURES, 0.95)
        if rng.random() < 0.97:
            official.sit(0.78)
    elif fate == "late":
        official.learn(day + 6 * DAY, LECTURES, 0.55)
        official.sit(0.52)
    elif fate == "unfinished":
        official.learn(day, rng.randint(1, LECTURES - 1), 0.6)
    elif fate == "skips":
        official.learn(day, rng.randint(3, 7), 0.9)
        official.sit(0.7)
    elif fate == "hurry":
        official.hurry()
        official.sit(0.85)


class Builder:
    def __init__(self, seed: int, scale: int):
        self.rng = random.Random(f"nghean/{seed}")
        self.fake = Faker(self.rng)
        self.scale = scale
        self.waves = [w for w in read("waves.csv") if w["code"] != CLASSES]
        self.off = {midnight(d["date"]) for d in read("calendar.csv")}
        self.people: list[Person] = []
        self.accounts: list[Account] = []
        self.enrollments: list[Enrollment] = []
        self.first: list[str] = []  # wave of each person
        self.fates: list[str] = []

    def works(self, day: int) -> bool:
        return self._weekday(day) < 5 and day not in self.off

    @staticmethod
    def _weekday(day: int) -> int:
        return ((day + 7 * HOUR) // DAY + 3) % 7  # the epoch was a Thursday

    def official(self, unit: str, wave: dict | None, fate: str) -> Person:
        rng, fake = self.rng, self.fake
        name, born, male = fake.person()
        p = Person(len(self.people), unit, 0, name, born, male, fake.citizen(born, male), fake.phone(),
                   fake.email(name, born, "nghean.example"))  # fmt: skip
        if fate == "no account":
            return p
        begins = midnight(wave["begins"])
        issued = begins + rng.choice((-4, -3, -3, -1, 0, 0, 0, 1, 2, 6)) * DAY + 7 * HOUR + rng.randrange(9 * HOUR)
        active = None if fate == "idle" and rng.random() < 0.5 else issued + rng.randrange(50 * HOUR)
        self.accounts.append(Account(1000 + len(self.accounts), fake.username(), p.email, name, born.year, issued, active))
        p.account = len(self.accounts) - 1
        created = issued + rng.choice((10 * MINUTE, 10 * MINUTE, HOUR, DAY, 2 * DAY)) + rng.randrange(MINUTE)
        e = Enrollment(0, p.account, 0, created)
        live(Official(rng, e, self.works), fate, begins, self.works)
        self.enrollments.append(e)
        return p

    def fill(self) -> None:
        staff = {s["unit"]: int(s["staff"]) for s in read("staff.csv") if s["unit"] not in ("NA", *NO_LIST)}
        places = [u for u, n in shares(staff, 36_000 // self.scale).items() for _ in range(n)]
        self.rng.shuffle(places)
        size = -(-len(places) // len(self.waves))
        for n, unit in enumerate(places):
            wave = self.waves[n // size]
            fate = self.rng.choices(FATES, WEIGHTS)[0]
            self.people.append(self.official(unit, wave, fate))
            self.first.append(wave["code"])
            self.fates.append(fate)
        for _ in range(max(2, 40 // self.scale)):
            self.official("", self.waves[2], self.rng.choice(("done", "unfinished")))

    def again(self) -> dict[int, str]:
        """Some who did not finish are listed three waves later once more, and go on."""
        slow = [p for p in self.people if self.fates[p.index] == "unfinished" and self.first[p.index] in
                {w["code"] for w in self.waves[:5]}]  # fmt: skip
        by_account = {e.account: e for e in self.enrollments}
        out = {}
        for p in self.rng.sample(slow, min(len(slow), max(4, 240 // self.scale))):
            n = next(n for n, w in enumerate(self.waves) if w["code"] == self.first[p.index]) + 3
            out[p.index] = self.waves[n]["code"]
            e = by_account[p.account]
            official = Official(self.rng, e, self.works)
            official.done = sum(tried for tried, _ in e.grades[-1][1].scores[:LECTURES])
            official.last = e.grades[-1][0]
            day = max(midnight(self.waves[n]["begins"]), official.last - (official.last + 7 * HOUR) % DAY + DAY)
            official.learn(day, self.rng.randint(1, LECTURES), 0.8)
            if official.done == LECTURES:
                official.sit(0.7)
        return out

    def classes(self) -> tuple[list[list[int]], dict[int, dict[str, bool]]]:
        """Members of the ten classes, and the days on which each was there."""
        rng, size = self.rng, max(3, 100 // self.scale)
        begins = midnight(next(w for w in read("waves.csv") if w["code"] == CLASSES)["begins"])
        helpers = rng.sample(range(len(self.people)), 10 * size)
        groups, there = [], {}
        for c in range(10):
            groups.append(helpers[c * size : (c + 1) * size])
            days = [begins + (7 * c + n) * DAY for n in range(3)]
            for i in groups[-1]:
                come = rng.choices((1.0, 0.6, 0.0), (90, 7, 3))[0]
                there[i] = {day: rng.random() < come for day in days}
        return groups, there


def build(seed: int = 1, scale: int = 1) -> World:
    b = Builder(seed, scale)
    b.fill()
    second = b.again()
    groups, there = b.classes()
    rng = b.rng
    free = [p.index for p in b.people if p.index not in second]
    moved_wave = rng.sample([i for i in free if b.first[i] == "NA-2023-D6"], max(2, 120 // scale))
    moved_unit = rng.sample([i for i in free if b.first[i] == "NA-2023-D3"], max(2, 80 // scale))
    units = [u for u in sorted({p.unit for p in b.people})]
    b.enrollments.sort(key=lambda e: (e.created, e.account))
    for n, e in enumerate(b.enrollments):
        e.id = n + 1
    begins, ends = midnight("2023-06-19"), midnight("2023-11-15")
    extra = {
        "first": b.first, "second": second, "groups": groups, "there": there,
        "moved_wave": set(moved_wave),
        "moved_unit": {i: rng.choice([u for u in units if u != b.people[i].unit]) for i in moved_unit},
        "fates": b.fates,
    }  # fmt: skip
    return World("nghean", seed, begins, ends, [course(begins, ends)], b.accounts, b.enrollments, b.people, units,
                 {u: u for u in units}, extra)  # fmt: skip
