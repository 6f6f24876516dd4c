"""Counters of what was asked of the platform."""

from __future__ import annotations

import time
from collections import Counter


CREDENTIALS = {"access_token", "token", "wstoken", "api_key", "apikey", "client_secret", "password"}


class Stats:
    def __init__(self):
        self.reset()

    def reset(self) -> None:
        self.started = time.time()
        self.paths: Counter = Counter()
        self.status: Counter = Counter()
        self.by_path: dict[str, Counter] = {}
        self.users: Counter = Counter()
        self.credentials: Counter = Counter()
        self.bytes = 0
        self.rows = 0
        self.in_flight = 0
        self.max_in_flight = 0
        self.last = 0.0

    def enter(self) -> None:
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)

    def leave(self, path: str, status: int, size: int) -> None:
        self.in_flight -= 1
        self.last = time.time()
        self.paths[path] += 1
        self.status[status] += 1
        self.by_path.setdefault(path, Counter())[status] += 1
        self.bytes += size

    def url(self, query, secrets=()) -> None:
        """Counts query parameters that carry a credential, by their name or by their value."""
        for name, value in query.items():
            if name.lower() in CREDENTIALS or (value and value in secrets):
                self.credentials[name] += 1

    def asked(self, names) -> None:
        """Learners (or e-mails) named in requests."""
        self.users.update(names)

    def shown(self) -> dict:
        return {
            "seconds": round(time.time() - self.started, 3),
            "last": self.last,
            "requests": sum(self.paths.values()),
            "bytes": self.bytes,
            "rows": self.rows,
            "max_in_flight": self.max_in_flight,
            "paths": dict(self.paths),
            "status": {str(k): v for k, v in self.status.items()},
            "path_status": {p: {str(k): v for k, v in c.items()} for p, c in self.by_path.items()},
            "credentials_in_urls": dict(self.credentials),
            "distinct_users": len(self.users),
            "most_users": self.users.most_common(10),
        }
