"""Paths of the generic world's courses, for tests."""

from urllib.parse import quote


def course(n: int) -> str:
    return f"course-v1:SIM+C{n:02d}+2026"


def grades(n: int = 1) -> str:
    return f"/api/grades/v1/courses/{quote(course(n), safe='')}/"


def gradebook(n: int = 1) -> str:
    return f"/api/grades/v1/gradebook/{quote(course(n), safe='')}/"


ENROLLMENTS = "/api/enrollment/v1/enrollments"
