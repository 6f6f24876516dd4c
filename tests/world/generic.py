"""A world of any size for tests, fault runs and benches: N learners, M courses, U units."""

from __future__ import annotations

import random
from datetime import datetime

from . import timeline
from .model import Account, Enrollment, Person, World, micros
from .names import Faker


def build(
    seed: int = 1,
    learners: int = 200,
    courses: int = 2,
    units: int = 8,
    per_course: float = 0.8,
    outsiders: int = 3,
    revoked: int = 2,
    left_after_passing: int = 2,
    bulk: int = 0,
    days: int = 7,
) -> World:
    """Each learner has an account with probability 0.9 and is in each course with `per_course`.

    The first `bulk` enrolments of the first course share one `created` (an import in bulk, which
    stresses cursors). `revoked` certificates are taken back; `left_after_passing` learners un-enrol
    for good after passing.
    """
    rng = random.Random(f"generic/{seed}")
    fake = Faker(rng)
    begins = micros(datetime(2026, 3, 2))
    ends = begins + days * timeline.DAY
    latest = ends - 3 * timeline.HOUR
    courses_ = [
        timeline.online_course(
            f"course-v1:SIM+C{n + 1:02d}+2026", f"Khóa học số {n + 1}", begins, ends
        )
        for n in range(courses)
    ]
    names = [f"U-{n + 1:03d}" for n in range(units)]
    people, accounts = [], []
    for i in range(learners + outsiders):
        name, born, male = fake.person()
        p = Person(
            i,
            names[i % units],
            1 + i // 20,
            name,
            born,
            male,
            fake.citizen(born, male),
            fake.phone(),
            fake.email(name, born, "sim.example"),
        )
        if i < learners:
            people.append(p)
            if rng.random() > 0.9:
                continue
        joined = begins + rng.randrange((ends - begins) // 2)
        activated = joined + rng.randrange(30 * timeline.MINUTE) if rng.random() < 0.95 else None
        accounts.append(
            Account(
                len(accounts) + 11, fake.username(), p.email, name, born.year, joined, activated
            )
        )
        p.account = len(accounts) - 1

    enrollments, passers = [], []
    for i, a in enumerate(accounts):
        for c, course in enumerate(courses_):
            if rng.random() >= per_course:
                continue
            created = a.joined + rng.randrange(timeline.MINUTE, 10 * timeline.HOUR)
            e = Enrollment(0, i, c, created + rng.randrange(1_000_000))
            if c == 0 and bulk > 0:
                bulk -= 1
                e.created = begins + (ends - begins) // 2
            fate = rng.choices(
                ("passed", "failed", "unfinished", "idle", "gone"), (60, 8, 14, 14, 4)
            )[0]
            learner = timeline.Learner(rng, course, e, latest)
            learner.live(fate)
            enrollments.append(e)
            if fate == "passed":
                passers.append(learner)
    for learner in rng.sample(passers, min(revoked, len(passers))):
        learner.revoke()
    for learner in rng.sample(passers, min(left_after_passing, len(passers))):
        learner.leave()
    enrollments.sort(key=lambda e: (e.created, e.account, e.course))
    for n, e in enumerate(enrollments):
        e.id = n + 1
    return World(
        "generic",
        seed,
        begins,
        ends,
        courses_,
        accounts,
        enrollments,
        people,
        names,
        {u: u for u in names},
    )
