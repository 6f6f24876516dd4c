"""Runs a real LRS, Ralph (PyPI ralph-malph) with file storage, for tests.

with Ralph() as lrs:
    lrs.send(statements(world))
    lrs.url, lrs.user, lrs.password      # http://127.0.0.1:PORT/xAPI/statements

It lives in a venv of its own under .run/, made when it is first needed; where that cannot be done,
Unavailable says why (`running()` skips the test with that reason).
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from datetime import datetime, timezone
from pathlib import Path

from .xapi_statements import Stored

VERSION = "5.1.0"
# This release imports requests without asking for it.
PACKAGES = (f"ralph-malph[cli,lrs]=={VERSION}", "requests==2.32.5")
HOME = Path(__file__).resolve().parents[2] / ".run" / "ralph"
SET_BY_THE_LRS = ("stored", "authority")
MBOX = "mailto:sim@example.org"


class Unavailable(Exception):
    """Ralph cannot be installed here."""


def install(home: Path = HOME) -> Path:
    """The folder of Ralph's programs, installed first if it is not there. A second process waits
    for the first."""
    stamp = home / "installed"
    home.parent.mkdir(parents=True, exist_ok=True)
    with open(home.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == " ".join(PACKAGES):
            return home / "bin"
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        command = [home / "bin" / "python", "-m", "pip", "install", "-q", "--retries", "1",
                   "--timeout", "10", "--disable-pip-version-check", *PACKAGES]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            raise Unavailable(f"pip did not install {PACKAGES[0]} within 300 seconds") from None
        if done.returncode != 0:
            last = done.stderr.strip().splitlines()[-1:] or ["no message"]
            raise Unavailable(f"pip could not install {PACKAGES[0]}: {last[0]}")
        stamp.write_text(" ".join(PACKAGES))
    return home / "bin"


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Ralph:
    user, password = "mooc-pulse", "sim-secret"

    def __init__(self):
        self._stack = contextlib.ExitStack()
        self._process: subprocess.Popen | None = None
        self.url = ""

    def __enter__(self) -> Ralph:
        programs = install()
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ralph-")))
            self._start(programs, folder, stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exc) -> None:
        self._stack.close()

    def _start(self, programs: Path, folder: Path, stack: contextlib.ExitStack) -> None:
        data = folder / "data"
        data.mkdir()
        self._file = data / "fs_lrs.jsonl"
        own = {k: v for k, v in os.environ.items() if not k.startswith(("RALPH_", "PYTHON"))}
        env = {
            **own,
            "RALPH_APP_DIR": str(folder),
            "RALPH_RUNSERVER_BACKEND": "fs",
            "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(data),
        }
        auth = [programs / "ralph", "auth", "--write-to-disk", "--username", self.user,
                "--password", self.password, "--scope", "statements/write",
                "--scope", "statements/read", "--agent-ifi-mbox", MBOX]  # fmt: skip
        made = subprocess.run(auth, env=env, cwd=folder, capture_output=True, text=True)
        if made.returncode != 0:
            raise RuntimeError(f"ralph auth failed: {made.stderr.strip()[-300:]}")
        port = _free_port()
        log = stack.enter_context(open(folder / "log", "w+"))
        serve = [programs / "uvicorn", "ralph.api:app", "--host", "127.0.0.1", "--port", str(port),
                 "--log-level", "warning"]  # fmt: skip
        self._process = subprocess.Popen(serve, env=env, cwd=folder, stdout=log, stderr=log)
        stack.callback(self._stop)
        self.url = f"http://127.0.0.1:{port}/xAPI/statements"
        deadline = time.monotonic() + 60
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                raise RuntimeError(f"ralph did not start: {log.read().strip()[-500:]}")
            time.sleep(0.1)

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            return self.get("?limit=1")[0] == 200
        except OSError:
            return False

    def _request(self, url: str, data: bytes | None = None) -> tuple[int, dict, bytes]:
        basic = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        request = urllib.request.Request(url, data=data, method="POST" if data else "GET")
        request.add_header("Authorization", f"Basic {basic}")
        request.add_header("X-Experience-API-Version", "1.0.3")
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, dict(reply.headers), reply.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def get(self, query: str = "") -> tuple[int, dict, bytes]:
        """Status, headers and body of GET statements; `query` may also be a `more` link."""
        if query.startswith("/"):
            return self._request(self.url.removesuffix("/xAPI/statements") + query)
        return self._request(self.url + query)

    def walk(self, query: str = "") -> list[dict]:
        """All statements of a query, following `more`."""
        out, page = [], json.loads(self.get(query)[2])
        while True:
            out += page["statements"]
            if not page.get("more"):
                return out
            page = json.loads(self.get(page["more"])[2])

    def send(self, statements: list[Stored]) -> None:
        """Stores statements in their order; Ralph itself sets when they are stored. Only the first
        time are they posted: its file storage refuses each further write, as the file exists, so
        what comes later is appended to that file (and reads the same)."""
        bodies = [{k: v for k, v in s.body.items() if k not in SET_BY_THE_LRS} for s in statements]
        if not self._file.exists():
            status, _, answer = self._request(self.url, json.dumps(bodies).encode())
            if status != 200:
                raise RuntimeError(f"ralph refused statements: {status} {answer[:300]!r}")
            return
        with open(self._file, "a") as out:
            for body in bodies:
                now = datetime.now(timezone.utc).isoformat()  # each its own, as Ralph does
                row = {**body, "stored": now, "authority": {"mbox": MBOX}}
                out.write(json.dumps(row) + "\n")


@contextlib.contextmanager
def running():
    """Ralph for a test, which is skipped where it cannot be installed."""
    import pytest

    try:
        install()
    except Unavailable as error:
        print(f"skipped: {error}", file=sys.stderr)
        pytest.skip(str(error))
    with Ralph() as lrs:
        yield lrs
