"""Rows and pages of the platform's lists, serialised as the Open edX serialisers do, and cached.

A row is serialised again only after it changed (View.stamp), an order of a list is made again only
after its members changed (View.members), so a re-sweep of a large course costs little more than the
joining.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timezone
from functools import lru_cache

from world.model import Certificate, Section, instant, micros
from world.view import View

from .drf import Ordered


def dumps(value) -> bytes:
    """JSON as the framework renders it: compact, UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def iso(us: int) -> str:
    """2023-09-20T01:15:30.123456Z; without fraction where that is zero, as Django prints it."""
    return instant(us).isoformat().replace("+00:00", "Z")


def position_text(us: int) -> str:
    """A time as it stands in a cursor: str() of the negated key, as the list is newest first."""
    return str(instant(-us))


def position_key(text: str) -> int:
    when = datetime.fromisoformat(text)
    return -micros(when if when.tzinfo else when.replace(tzinfo=timezone.utc))


@lru_cache(maxsize=65536)
def _section(section: Section, attempted: bool, earned: int) -> str:
    return dumps(
        {
            "attempted": attempted,
            "category": section.category,
            "label": section.label,
            "module_id": section.module_id,
            "percent": earned / section.questions if attempted else 0.0,
            "score_earned": float(earned) if attempted else 0.0,
            "score_possible": float(section.questions) if attempted else 0.0,
            "subsection_name": section.name,
        }
    ).decode()


class Rows:
    """Serialised rows over one View. `hidden` enrolments are left out everywhere (a fault).
    `profile_field`: the site's field of accounts that holds the unit, if it has one."""

    def __init__(self, view: View, profile_field: str | None = None):
        self.view = view
        self.profile_field = profile_field
        self.person = {a: p for p in view.world.people for a in p.accounts}
        self.hidden: set[int] = set()
        self.hidden_version = 0
        self._cache: dict[str, dict[int, tuple[int, bytes]]] = {
            "enrollment": {},
            "grade": {},
            "book": {},
        }
        self._orders: dict = {}
        self.course_index = {c.id: n for n, c in enumerate(view.world.courses)}

    def hide(self, indexes) -> None:
        self.hidden = set(indexes)
        self.hidden_version += 1

    def _cached(self, kind: str, i: int, make) -> bytes:
        cache, stamp = self._cache[kind], self.view.stamp[i]
        known = cache.get(i)
        if known is None or known[0] != stamp:
            known = cache[i] = (stamp, make(i))
        return known[1]

    def enrollment(self, i: int) -> bytes:
        return self._cached("enrollment", i, self._enrollment)

    def _enrollment(self, i: int) -> bytes:
        e = self.view.enrollments[i]
        return dumps(
            {
                "created": iso(e.created),
                "mode": "honor",
                "is_active": bool(self.view.shown[i]),
                "user": self.view.accounts[e.account].username,
                "course_id": self.view.world.courses[e.course].id,
            }
        )

    def grade(self, i: int) -> bytes:
        return self._cached("grade", i, self._grade)

    def _grade(self, i: int) -> bytes:
        e, grade = self.view.enrollments[i], self.view.grade[i]
        passed = grade is not None and grade.passed
        return dumps(
            {
                "username": self.view.accounts[e.account].username,
                "email": "",
                "course_id": self.view.world.courses[e.course].id,
                "passed": passed,
                "percent": grade.percent if grade else 0.0,
                "letter_grade": "Pass" if passed else None,
            }
        )

    def book(self, i: int) -> bytes:
        """A gradebook row: per subsection, with the exam among them."""
        return self._cached("book", i, self._book)

    def _book(self, i: int) -> bytes:
        e, grade = self.view.enrollments[i], self.view.grade[i]
        account = self.view.accounts[e.account]
        sections = self.view.world.courses[e.course].sections
        scores = grade.scores if grade else ((False, 0),) * len(sections)
        head = dumps(
            {
                "user_id": account.user_id,
                "username": account.username,
                "email": "",
                "percent": grade.percent if grade else 0.0,
                "section_breakdown": [],
            }
        )[:-2]
        body = ",".join(_section(s, *score) for s, score in zip(sections, scores))
        tail = dumps({"profile_name": account.name})[1:]
        return head + body.encode() + b"]," + tail

    def certificate(self, i: int, base: str) -> dict:
        """One row of a learner's certificate list."""
        e, cert = self.view.enrollments[i], self.view.certificate[i]
        course = self.view.world.courses[e.course]
        return {
            "username": self.view.accounts[e.account].username,
            "course_id": course.id,
            "course_display_name": course.name,
            "course_organization": course.org,
            "certificate_type": "honor",
            "created_date": iso(cert.created),
            "modified_date": iso(cert.modified),
            "status": cert.status,
            "is_passing": cert.passing,
            "download_url": f"{base}/certificates/{cert.uuid}",
            "grade": cert.grade,
            "uuid": cert.uuid,
        }

    def certificates(self, username: str) -> list[tuple[int, Certificate]]:
        """(enrolment, certificate) of a learner's certificates, passing or not."""
        account = self.view.usernames.get(username)
        mine = self.view.by_account.get(account, ()) if account is not None else ()
        return [(i, self.view.certificate[i]) for i in mine if self.view.certificate[i] is not None]

    def account(self, i: int) -> dict:
        """An account as staff sees it."""
        a = self.view.accounts[i]
        active = self.view.is_active_user[i]
        return {
            "account_privacy": "private",
            "bio": None,
            "country": "VN",
            "date_joined": iso(a.joined - a.joined % 1_000_000),
            "email": a.email,
            "extended_profile": self._profile(i),
            "gender": None,
            "goals": None,
            "id": a.user_id,
            "is_active": active,
            "language_proficiencies": [],
            "last_login": iso(a.activated) if active and a.activated else None,
            "level_of_education": None,
            "mailing_address": None,
            "name": a.name,
            "pending_name_change": None,
            "phone_number": None,
            "profile_image": {"has_image": False},
            "requires_parental_consent": False,
            "social_links": [],
            "state": None,
            "username": a.username,
            "verified_name": None,
            "year_of_birth": a.birth_year,
        }

    def _profile(self, i: int) -> list[dict]:
        person = self.person.get(i)
        if not self.profile_field:
            return []
        unit = person.place_at(self.view.now)[0] if person else ""
        return [{"field_name": self.profile_field, "field_value": unit}]

    # ---- orders of lists

    def enrollments(self, courses: tuple[int, ...] | None) -> Ordered:
        """All enrolments (of some courses), active or not, newest first."""
        members = self.view.members
        version = tuple(members[c] for c in courses) if courses else tuple(members)
        key = ("enrollments", courses)

        def make():
            wanted = None if courses is None else set(courses)
            return self._newest_first(
                i
                for i, shown in enumerate(self.view.shown)
                if shown is not None
                and (wanted is None or self.view.enrollments[i].course in wanted)
            )

        return self._order(key, version, make)

    def _newest_first(self, indexes) -> Ordered:
        e = self.view.enrollments
        index = sorted(
            (i for i in indexes if i not in self.hidden), key=lambda i: (-e[i].created, -e[i].id)
        )
        return Ordered(index, [-e[i].created for i in index], position_text, position_key)

    def enrollments_of(self, accounts, courses: tuple[int, ...] | None) -> Ordered:
        """The enrolments of some accounts, newest first."""
        v = self.view
        return self._newest_first(
            i
            for a in set(accounts)
            for i in v.by_account.get(a, ())
            if v.shown[i] is not None and (courses is None or v.enrollments[i].course in courses)
        )

    def active(self, course: int) -> Ordered:
        """Active enrolments of a course by id: what grades and gradebook page over."""
        e = self.view.enrollments

        def make():
            index = sorted(
                (
                    i
                    for i, shown in enumerate(self.view.shown)
                    if shown and e[i].course == course and i not in self.hidden
                ),
                key=lambda i: e[i].id,
            )
            return Ordered(index, [e[i].id for i in index], str, int)

        return self._order(("active", course), (self.view.members[course],), make)

    def _order(self, key, version, make) -> Ordered:
        version = (*version, self.hidden_version)
        known = self._orders.get(key)
        if known is None or known[0] != version:
            known = self._orders[key] = (version, make())
        return known[1]

    def summary(self) -> dict:
        """Counts of what is shown now."""
        v = self.view
        shown = Counter("active" if s else "inactive" for s in v.shown if s is not None)
        return {
            "accounts": len(v.usernames),
            "activated": sum(v.is_active_user),
            "enrollments": sum(shown.values()),
            "active": shown["active"],
            "graded": sum(g is not None and g.active for g in v.grade),
            "passed": sum(g is not None and g.passed for g in v.grade),
            "certificates": sum(c is not None and c.passing for c in v.certificate),
            "hidden": len(self.hidden),
        }
