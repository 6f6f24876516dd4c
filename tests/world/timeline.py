"""When things happen to one learner on the platform: lessons, exam, certificate, regrades."""

from __future__ import annotations

import math
import random
import uuid

from .model import Certificate, Course, Enrollment, Grade, Section

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def online_course(course_id: str, name: str, start: int, end: int) -> Course:
    """A course of five graded exercises (40 %) and a final exam of 20 questions (60 %)."""
    org, number, run = course_id.removeprefix("course-v1:").split("+")

    def block(kind: str) -> str:
        tag = uuid.uuid5(uuid.NAMESPACE_URL, f"{course_id}/{kind}").hex
        return f"block-v1:{org}+{number}+{run}+type@sequential+block@{tag}"

    sections = [
        Section(
            "Bài luyện tập",
            f"LT {n:02d}",
            f"Luyện tập chuyên đề {n}",
            block(f"lt{n}"),
            0.08,
            4,
            False,
        )
        for n in range(1, 6)
    ]
    sections.append(
        Section("Thi cuối khóa", "Thi 01", "Thi cuối khóa", block("thi"), 0.6, 20, True)
    )
    return Course(course_id, org, number, name, start, end, sections)


def grade_of(course: Course, scores: list[tuple[bool, int]]) -> Grade:
    """The course grade as Open edX computes it: weighted, rounded to whole percents."""
    raw = sum(s.weight * earned / s.questions for s, (_, earned) in zip(course.sections, scores))
    percent = math.floor(raw * 100 + 0.5 + 1e-9) / 100
    return Grade(percent, percent >= course.pass_mark, tuple(scores))


def awake(rng: random.Random, day: int) -> int:
    """A moment of that day (given by its local midnight) between 07:00 and 22:00."""
    return day + 7 * HOUR + rng.randrange(15 * HOUR)


class Learner:
    """Fills one enrolment with what a learner of a given fate does. Fates: passed, failed (sat the
    exam), unfinished (learned, never sat), idle (enrolled, did nothing), gone (un-enrolled, did
    nothing).
    """

    def __init__(self, rng: random.Random, course: Course, enrollment: Enrollment, latest: int):
        self.rng = rng
        self.course = course
        self.e = enrollment
        self.latest = latest
        self.scores: list[tuple[bool, int]] = [(False, 0)] * len(course.sections)

    def live(self, fate: str) -> None:
        rng, e = self.rng, self.e
        e.toggles.append((e.created, True))
        if fate == "idle":
            return
        if fate == "gone":
            e.toggles.append((self._between(e.created, self.latest), False))
            return
        if rng.random() < 0.012:
            self._leave_and_return()
        exercises = [n for n, s in enumerate(self.course.sections) if not s.is_exam]
        if fate == "unfinished":
            exercises = exercises[: rng.randint(1, len(exercises) - 1)]
        room = max(self.latest - e.created, 2 * HOUR)
        times = sorted(e.created + int(room * (0.02 + 0.75 * rng.random())) for _ in exercises)
        for n, at in zip(exercises, times):
            # A few learn without getting one answer right: attempted, still at 0.0.
            blank = fate == "unfinished" and rng.random() < 0.25
            earned = 0 if blank else rng.randint(1 if fate != "passed" else 2, 4)
            self._score(at, n, earned)
        if fate == "unfinished":
            return
        self._exam(times[-1] if times else e.created, fate)

    def _between(self, a: int, b: int) -> int:
        return a + self.rng.randrange(1, max(b - a, 2))

    def _score(self, at: int, section: int, earned: int) -> None:
        self.scores[section] = (True, earned)
        grade = grade_of(self.course, self.scores)
        grades = self.e.grades
        if grades and at <= grades[-1][0]:
            at = grades[-1][0] + MINUTE
        grades.append((at, grade))

    def _exam(self, after: int, fate: str) -> None:
        rng = self.rng
        exam = next(n for n, s in enumerate(self.course.sections) if s.is_exam)
        full = self.course.sections[exam].questions
        lowest = next(k for k in range(full + 1) if self._would(exam, k).passed)
        at = self._between(after + 10 * MINUTE, max(self.latest - 3 * HOUR, after + 20 * MINUTE))
        if fate == "failed":
            self._score(at, exam, rng.randint(0, lowest - 1))
            return
        if rng.random() < 0.02:
            self._score(at, exam, rng.randint(0, lowest - 1))
            at = self._between(at + 30 * MINUTE, max(self.latest - 2 * HOUR, at + HOUR))
        earned = min(full, max(lowest, int(rng.triangular(lowest, full + 1, full - 2))))
        self._score(at, exam, earned)
        passed_at = self.e.grades[-1][0]
        grade = self.e.grades[-1][1]
        issued = passed_at + rng.randrange(2 * MINUTE, 90 * MINUTE)
        tag = str(uuid.UUID(int=rng.getrandbits(128), version=4)).replace("-", "")
        cert = Certificate(issued, issued, "downloadable", f"{grade.percent:.2f}", tag)
        self.e.certificates.append((issued, cert))
        if rng.random() < 0.03:
            self._regrade(passed_at + rng.randrange(30 * MINUTE, 2 * HOUR), cert)

    def _would(self, exam: int, earned: int) -> Grade:
        scores = list(self.scores)
        scores[exam] = (True, earned)
        return grade_of(self.course, scores)

    def _regrade(self, at: int, cert: Certificate) -> None:
        """An exercise is marked up by one question: 0.80 becomes 0.82, passed stays passed."""
        for n, (attempted, earned) in enumerate(self.scores):
            if attempted and not self.course.sections[n].is_exam and earned < 4:
                self._score(at, n, earned + 1)
                changed = max(at, cert.created) + MINUTE
                grade = f"{self.e.grades[-1][1].percent:.2f}"
                self.e.certificates.append((changed, cert._replace(modified=changed, grade=grade)))
                return

    def _leave_and_return(self) -> None:
        gap = max((self.latest - self.e.created) // 3, 3 * MINUTE)
        left = self._between(self.e.created, self.e.created + gap)
        back = self._between(left + MINUTE, left + gap)
        self.e.toggles += [(left, False), (back, True)]

    def revoke(self) -> None:
        """The certificate is taken back; the grade stays."""
        at, cert = self.e.certificates[-1]
        later = self._between(at, max(self.latest, at + HOUR))
        self.e.certificates.append((later, cert._replace(modified=later, status="unavailable")))

    def leave(self) -> None:
        """Un-enrols for good after all else."""
        last = max(self.e.grades[-1][0], self.e.certificates[-1][0] if self.e.certificates else 0)
        self.e.toggles.append((last + 12 * HOUR, False))
