"""What a platform shows at one moment. Moves forward by applying changes; backward by starting
anew."""

from __future__ import annotations

from dataclasses import replace

from .model import Account, Certificate, Enrollment, Grade, World

NEVER = Grade(0.0, False, ())


class View:
    """Current state of a world's platform (of one of them, where the world has several).

    `stamp[i]` rises whenever the enrolment `i` or its grade changes, `members[c]` whenever the set
    of enrolments of course `c` or their activity changes: caches of serialised rows key on these.
    """

    def __init__(self, world: World, platform: int = 0):
        self.world, self.platform = world, platform
        self._changes = [c for c in world.changes() if self._concerns(c)]
        self.reset()

    def _concerns(self, change) -> bool:
        w, kind, i = self.world, change.kind, change.index
        if kind == "move":
            accounts = w.people[i].accounts
        else:
            of_account = kind in ("account", "activate", "email")
            accounts = (i if of_account else w.enrollments[i].account,)
        return any(w.accounts[a].platform == self.platform for a in accounts)

    def reset(self) -> None:
        w = self.world
        self.now = w.begins
        self._next = 0
        self.accounts: list[Account] = list(w.accounts)
        self.enrollments: list[Enrollment] = list(w.enrollments)
        self.usernames: dict[str, int] = {}
        self.emails: dict[str, int] = {}
        self.is_active_user: list[bool] = [False] * len(self.accounts)
        self.shown: list[bool | None] = [None] * len(self.enrollments)
        self.grade: list[Grade | None] = [None] * len(self.enrollments)
        self.certificate: list[Certificate | None] = [None] * len(self.enrollments)
        self.stamp: list[int] = [0] * len(self.enrollments)
        self.members: list[int] = [0] * len(w.courses)
        self._last_user = max((a.user_id for a in self.accounts), default=0)
        self._last_enrollment = max((e.id for e in self.enrollments), default=0)
        self.by_account: dict[int, list[int]] = {}
        for i, e in enumerate(self.enrollments):
            self.by_account.setdefault(e.account, []).append(i)

    def advance(self, t: int) -> int:
        """Moves to time t; returns the number of changes applied. Going back starts from the
        beginning and forgets what was injected."""
        if t < self.now:
            self.reset()
        start = self._next
        changes = self._changes
        while self._next < len(changes) and changes[self._next].at <= t:
            self._apply(changes[self._next])
            self._next += 1
        self.now = t
        return self._next - start

    def _apply(self, change) -> None:
        i = change.index
        if change.kind == "account":
            a = self.accounts[i]
            self.usernames[a.username] = i
            self.emails[a.email.casefold()] = i
        elif change.kind == "activate":
            self.is_active_user[i] = True
        elif change.kind == "email":
            a = self.accounts[i]
            self.emails.pop(a.email.casefold(), None)
            self.accounts[i] = replace(a, email=a.emails[change.step][1])
            self.emails[self.accounts[i].email.casefold()] = i
        elif change.kind == "toggle":
            e = self.enrollments[i]
            self.shown[i] = e.toggles[change.step][1]
            self.stamp[i] += 1
            self.members[e.course] += 1
        elif change.kind == "grade":
            self.grade[i] = self.enrollments[i].grades[change.step][1]
            self.stamp[i] += 1
        elif change.kind == "cert":
            self.certificate[i] = self.enrollments[i].certificates[change.step][1]

    def next_change(self) -> int | None:
        """When the next change comes, None if none is left."""
        return self._changes[self._next].at if self._next < len(self._changes) else None

    def inject(self, course: int, count: int, prefix: str = "moi") -> list[str]:
        """Adds new accounts and enrolments now, as sign-ups that arrive while a client is paging.
        They are not part of the world's truth. Returns the usernames."""
        names = []
        for _ in range(count):
            n = len(self.accounts)
            self._last_user += 1
            self._last_enrollment += 1
            name = f"{prefix}_{n:06d}"
            self.accounts.append(
                Account(
                    self._last_user, name, f"{name}@example.org", name, 1990, self.now, self.now
                )
            )
            self.is_active_user.append(True)
            self.usernames[name] = n
            self.emails[f"{name}@example.org"] = n
            self.enrollments.append(Enrollment(self._last_enrollment, n, course, self.now))
            self.shown.append(True)
            self.grade.append(None)
            self.certificate.append(None)
            self.stamp.append(1)
            self.by_account[n] = [len(self.enrollments) - 1]
            self.members[course] += 1
            names.append(name)
        return names
