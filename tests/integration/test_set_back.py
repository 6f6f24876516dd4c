"""A platform whose clock is set back, whose right to see a list goes after its credential did, and whose records are looked up elsewhere."""
import time
from datetime import datetime, timedelta, timezone

import shard_log
from ingest_process import IngestProcess
from json_server import JsonServer

COURSE = "https://lms.example/c/1"


def until(true, say):
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, say()
        time.sleep(0.2)


class Store:
    """An LRS; `back` is how far its clock, and with it what it vouches for, is behind."""

    def __init__(self):
        self.statements, self.back = [], timedelta()

    def now(self):
        return (datetime.now(timezone.utc) - self.back).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def put(self, name):
        self.statements.append({
            "id": name, "actor": {"account": {"homePage": "https://lms.example", "name": name}}, "object": {"id": COURSE},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/registered"}, "timestamp": self.now(), "stored": self.now()})

    def answer(self, _path, query, _headers):
        rows = [s for s in self.statements if s["stored"] > query.get("since", "")]
        rows.sort(key=lambda s: s["stored"], reverse=True)
        return 200, {"statements": rows, "more": ""}, {"X-Experience-API-Consistent-Through": self.now()}


def test_clock_set_back(brokers, prefix, tmp_path):
    store = Store()
    store.put("a")
    with JsonServer(store.answer) as server:
        source = {"name": "lrs", "kind": "xapi", "url": server.url, "allow_http": True, "user": "u",
                  "password_file": str(tmp_path / "password"), "requests_per_minute": 60000, "sweep_every": "500ms",
                  "courses": [COURSE]}
        with IngestProcess(brokers, prefix, tmp_path, source, {"password": b"p"}) as ingest:
            def enrolled():
                return sum(e["type"] == "enrollment.created" for e in shard_log.events(brokers, prefix))
            until(lambda: enrolled() == 1, ingest.errors)
            time.sleep(2)
            store.back = timedelta(hours=3)
            store.put("b")
            until(lambda: enrolled() == 2, ingest.errors)
            store.back = timedelta()
            store.put("c")
            until(lambda: enrolled() == 3, ingest.errors)


class Canvas:
    def __init__(self):
        self.status = 200

    def answer(self, path, *_):
        if path.endswith("/users"):
            return self.status, [] if self.status == 200 else {"errors": [{"message": "no"}]}, {}
        return 200, [], {}


def test_hidden_after_unauthorised(brokers, prefix, tmp_path):
    canvas = Canvas()
    with JsonServer(canvas.answer) as server:
        source = {"name": "c", "kind": "canvas", "url": server.url, "allow_http": True, "token_file": str(tmp_path / "token"),
                  "requests_per_minute": 60000, "accounts_every": "500ms", "sweep_every": "500ms", "courses": ["41"]}
        with IngestProcess(brokers, prefix, tmp_path, source, {"token": b"t"}) as ingest:
            def says():
                return ingest.command("status").stdout
            canvas.status = 401
            until(lambda: "check the credential" in says(), says)
            canvas.status = 403
            until(lambda: "accounts not visible here" in says(), says)
            until(lambda: "check the credential" not in says(), says)


def gradebook(path, query, _headers):
    if path == "/token":
        return 200, {"access_token": "t", "token_type": "bearer", "expires_in": 3600}, {}
    kind = path.rsplit("/", 1)[1]
    rows = {"lineItems": [{"sourcedId": "li", "status": "active", "class": {"sourcedId": "k"}, "resultValueMax": 10.0}],
            "results": [{"sourcedId": "r", "status": "active", "dateLastModified": "2026-09-20T00:00:00.000Z", "score": 7,
                         "lineItem": {"sourcedId": "li"}, "student": {"sourcedId": "s"}, "scoreStatus": "fully graded"}]}
    return 200, {kind: rows.get(kind, []) if query.get("offset", "0") == "0" else []}, {}


def test_check_and_sample_look_up(brokers, prefix, tmp_path):
    with JsonServer(gradebook) as server:
        source = {"name": "sis", "kind": "oneroster", "url": server.url, "allow_http": True, "client_id": "c",
                  "client_secret_file": str(tmp_path / "secret"), "requests_per_minute": 60000, "courses": ["k"]}
        with IngestProcess(brokers, prefix, tmp_path, source, {"secret": b"s"}) as ingest:
            checked = ingest.command("check", "sis").stdout
            assert "1 exam.graded" in checked and "silent" not in checked, checked
            sampled = ingest.command("sample", "sis").stdout
            assert '"max_score":10' in sampled, sampled
