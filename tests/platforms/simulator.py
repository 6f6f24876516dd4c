"""Starts the simulator as a process, for tests and the demo. Standard library only.

with Simulator(world="hagiang", speed=14400) as sim:
    sim.url                              # http://127.0.0.1:PORT
    sim.clock(now="end")                 # control endpoint
    sim.fault("status", path="/grades/", status=500, count=3)
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import NamedTuple


class Reply(NamedTuple):
    status: int
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


class Simulator:
    """`platform` names the program (openedx, xapi, canvas, onetouch, moodle,
    oneroster). Further arguments are its options:
    expires_in=5 is --expires-in 5, lists repeat the flag, True gives a bare flag."""

    def __init__(self, platform: str = "openedx", **options):
        self._program = f"{platform}.py"
        self._options = options
        self._process: subprocess.Popen | None = None
        self._folder = tempfile.TemporaryDirectory(prefix=f"{platform}-sim-")
        self.url = ""
        self.token = ""

    def __enter__(self) -> Simulator:
        port_file = Path(self._folder.name) / "port"
        command = [
            sys.executable,
            str(Path(__file__).with_name(self._program)),
            "--port-file",
            str(port_file),
        ]
        for key, value in self._options.items():
            flag = "--" + key.replace("_", "-")
            for one in value if isinstance(value, (list, tuple)) else [value]:
                command += [flag] if one is True else [flag, str(one)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not port_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the simulator did not start: " + " ".join(command))
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        return self

    def __exit__(self, *_exc) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._folder.cleanup()

    @property
    def pid(self) -> int:
        return self._process.pid

    def request(
        self, method: str, path: str, body=None, headers=None, timeout: float = 30
    ) -> Reply:
        """Any request; `path` may be a whole URL. HTTP errors are replies, not exceptions."""
        url = path if path.startswith("http") else self.url + path
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
        if data is not None and not isinstance(body, bytes):
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as reply:
                return Reply(reply.status, dict(reply.headers), reply.read())
        except urllib.error.HTTPError as error:
            return Reply(error.code, dict(error.headers), error.read())

    def login(self, client: str = "mooc-pulse", secret: str = "sim-secret") -> Reply:
        """Fetches a token and keeps it for get()."""
        basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
        form = urllib.parse.urlencode(
            {"grant_type": "client_credentials", "token_type": "jwt"}
        ).encode()
        reply = self.request(
            "POST", "/oauth2/access_token", form, {"Authorization": f"Basic {basic}"}
        )
        if reply.status == 200:
            self.token = reply.json()["access_token"]
        return reply

    def get(self, path: str, timeout: float = 30) -> Reply:
        """GET as a logged-in client."""
        if not self.token:
            self.login()
        return self.request(
            "GET", path, headers={"Authorization": f"JWT {self.token}"}, timeout=timeout
        )

    def walk(self, path: str, limit: int = 10_000) -> list:
        """All results of a paged list, following `next`."""
        out: list = []
        while path and limit:
            page = self.get(path).json()
            out += page["results"]
            path, limit = page["next"], limit - 1
        return out

    # ---- the control endpoint

    def clock(self, **change) -> dict:
        """now="begin"|"end"|ISO, advance=seconds, speed=x; without arguments the clock as it is."""
        if change:
            return self.request("POST", "/_sim/clock", change).json()
        return self.request("GET", "/_sim/clock").json()

    def fault(self, kind: str, **spec) -> dict:
        reply = self.request("POST", "/_sim/faults", {"kind": kind, **spec})
        if reply.status != 200:
            raise ValueError(reply.json()["error"])
        return reply.json()

    def clear_faults(self) -> None:
        self.request("DELETE", "/_sim/faults")

    def stats(self) -> dict:
        return self.request("GET", "/_sim/stats").json()

    def truth(self, at: str | None = None) -> dict:
        query = f"?{urllib.parse.urlencode({'at': at})}" if at else ""
        return self.request("GET", "/_sim/truth" + query).json()

    def state(self) -> dict:
        return self.request("GET", "/_sim/state").json()
