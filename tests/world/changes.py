"""What changes afterwards in a world: units, addresses, marks, late attempts, second platforms.

A draw of its own: without these options a world is what it was.
"""

from __future__ import annotations

import random
import uuid

from . import timeline
from .model import Account, Certificate, Enrollment, Grade, Person, World
from .timeline import DAY, HOUR, MINUTE

OPTIONS = ("moved", "new_emails", "regraded", "late", "shown_late", "second")


class Changer:
    def __init__(self, world: World):
        self.world = world
        self.rng = random.Random(f"changes/{world.name}/{world.seed}")
        self.used: set[int] = set()  # an enrolment changes in one way only

    # ---- people

    def _people(self, count: int) -> list[Person]:
        """People whose account of the first platform is in a course."""
        busy = {e.account for e in self.world.enrollments}
        return self.rng.sample([p for p in self.world.people if p.account in busy], count)

    def _while_open(self) -> int:
        """A moment of the middle of the courses' time."""
        w = self.world
        return w.begins + int((w.courses[0].end - w.begins) * (0.4 + 0.4 * self.rng.random()))

    def moved(self, count: int) -> None:
        """So many people are on another unit's list from some moment on."""
        for p in self._people(count):
            mates = [q for q in self.world.people if q.unit != p.unit]
            other = self.rng.choice(mates)
            p.moves.append((self._while_open(), (other.unit, other.group)))

    def new_emails(self, count: int) -> None:
        """So many people change the address of their account, and later their office's list."""
        for n, p in enumerate(self._people(count)):
            a = self.world.accounts[p.account]
            at = max(self._while_open(), a.joined + HOUR)
            new = f"doi{n}.{a.email}"
            a.emails.append((at, new))
            p.emails.append((at + DAY, new))

    # ---- exams

    def _exam(self, e: Enrollment) -> int:
        return next(n for n, s in enumerate(self.world.courses[e.course].sections) if s.is_exam)

    def _tried(self, e: Enrollment) -> int:
        """How many attempts at the exam there are."""
        exam, before, count = self._exam(e), (False, 0), 0
        for _, g in e.grades:
            count += g.scores[exam] != before
            before = g.scores[exam]
        return count

    def _pick(self, count: int, wanted) -> list[Enrollment]:
        """Enrolments that go on to the end, hold `wanted`, and do not change otherwise."""
        found = [
            n
            for n, e in enumerate(self.world.enrollments)
            if n not in self.used and e.toggles[-1][1] and e.grades and wanted(e)
        ]
        chosen = self.rng.sample(found, count)
        self.used |= set(chosen)
        return [self.world.enrollments[n] for n in chosen]

    def _mark(self, e: Enrollment, at: int, passes: bool, **how) -> None:
        """From `at` on the exam has a score with which the course is passed, or is not."""
        course, exam = self.world.courses[e.course], self._exam(e)
        scores = list(e.grades[-1][1].scores)
        most = course.sections[exam].questions
        order = range(most + 1) if passes else range(most, -1, -1)
        for right in order:
            scores[exam] = (True, right)
            grade = timeline.grade_of(course, scores)
            if grade.passed == passes:
                break
        assert grade.passed == passes and scores[exam] != e.grades[-1][1].scores[exam]
        e.grades.append((at, Grade(*grade[:3], **how)))
        self._certify(e, at + MINUTE, grade)

    def _certify(self, e: Enrollment, at: int, grade: Grade) -> None:
        last = e.certificates[-1][1] if e.certificates else None
        if grade.passed and last is None:
            tag = uuid.UUID(int=self.rng.getrandbits(128), version=4).hex
            made = Certificate(at, at, "downloadable", f"{grade.percent:.2f}", tag)
            e.certificates.append((at, made))
        elif not grade.passed and last is not None:
            e.certificates.append((at, last._replace(modified=at, status="notpassing")))

    def _after(self, e: Enrollment, at: int) -> int:
        last = max(e.grades[-1][0], e.certificates[-1][0] if e.certificates else 0)
        return max(at, last + HOUR)

    def regraded(self, count: int) -> None:
        """So many exams get other marks: every second passes no more, the others pass now."""
        ends = self.world.courses[0].end
        for n in range(count):
            passed = n % 2 == 0
            few = self._pick(1, lambda e: self._tried(e) == 1 and e.grades[-1][1].passed == passed
                             and (passed or self._can_pass(e)))  # fmt: skip
            for e in few:
                at = self._after(e, ends - self.rng.randrange(HOUR, 8 * HOUR))
                self._mark(e, at, not passed, regrade=True)

    def _can_pass(self, e: Enrollment) -> bool:
        exam = self._exam(e)
        scores = list(e.grades[-1][1].scores)
        scores[exam] = (True, self.world.courses[e.course].sections[exam].questions)
        return timeline.grade_of(self.world.courses[e.course], scores).passed

    def late(self, count: int) -> None:
        """So many failed learners sit the exam again after the course has ended, and pass."""
        for e in self._pick(count, lambda e: self._tried(e) == 1 and not e.grades[-1][1].passed
                            and self._can_pass(e)):  # fmt: skip
            end = self.world.courses[e.course].end
            self._mark(e, self._after(e, end + self.rng.randrange(HOUR, 2 * DAY)), True)

    def shown_late(self, count: int) -> None:
        """So many sat the exam in time where no network was: the platform shows it days later."""
        for e in self._pick(count, lambda e: self._tried(e) == 0 and self._can_pass(e)):
            end = self.world.courses[e.course].end
            sat = self._after(e, end - self.rng.randrange(HOUR, 6 * HOUR))
            at = max(sat, end) + DAY + self.rng.randrange(DAY)
            self._mark(e, at, True, when=sat)

    # ---- two platforms

    def second(self, count: int) -> None:
        """So many people have an account on a second platform, too, every other one under another
        address, and take the first course there: some for the first time, some again."""
        w = self.world
        next_id = max(a.user_id for a in w.accounts) + 1000
        for n, p in enumerate(self._people(count)):
            one = w.accounts[p.account]
            joined = one.joined + self.rng.randrange(HOUR, 12 * HOUR)
            email = one.email if n % 2 == 0 else f"hai{n}.{one.email}"
            w.accounts.append(Account(next_id + n, f"{one.username}_b", email, one.name,
                                      one.birth_year, joined, joined + MINUTE, platform=1))  # fmt: skip
            p.others.append(len(w.accounts) - 1)
            e = Enrollment(len(w.enrollments) + 1, p.others[-1], 0, joined + 10 * MINUTE)
            fate = ("passed", "failed", "unfinished", "idle")[n % 4]
            timeline.Learner(self.rng, w.courses[0], e, w.courses[0].end - 3 * HOUR).live(fate)
            w.enrollments.append(e)


def apply(world: World, **counts: int) -> World:
    """The world with so many changes of each kind (OPTIONS). After late ones it goes on for four
    days beyond its courses."""
    if counts.get("late") or counts.get("shown_late"):
        world.ends += 4 * DAY
    changer = Changer(world)
    for name in OPTIONS:
        if counts.get(name):
            getattr(changer, name)(counts[name])
    world.extra.pop("by_account", None)
    return world
