"""One world in which people move, change their address, leave, are marked again, sit late or on two platforms: at each of three moments
the log says what the timeline says, by a computation that looks at no platform (world_truth.py)."""
import json
import time
from datetime import datetime

import pytest

import shard_log
import world as worlds
import world_truth as truth
from ingest_process import IngestProcess
from simulator import Simulator
from world import package
from world.model import instant
from xapi_statements import HOME

OPTIONS = {"learners": 80, "courses": 2, "units": 2, "left_after_passing": 5, "revoked": 0, "moved": 5, "new_emails": 4, "regraded": 4,
           "late": 2, "shown_late": 2, "second": 6}
WORLD = {"world": "generic", "seed": 4, "start": "begin", "speed": 0, "set": [f"{k}={v}" for k, v in OPTIONS.items()]}
OFTEN = {"sweep_every": "700ms", "requests_per_minute": 60000}
ACCOUNTS = {"accounts_every": "700ms"}
CLIENT = {"client_id": "mooc-pulse"} | ACCOUNTS


def openedx(url, secret):
    return {"kind": "openedx", "client_secret_file": secret, "head_every": "500ms", "certificates_every": "700ms", **CLIENT}


def moodle(url, secret):
    return {"kind": "moodle", "token_file": secret, "grades_every": "700ms", "courses": ["2", "3"], **ACCOUNTS}


def canvas(url, secret):
    return {"kind": "canvas", "token_file": secret, "courses": ["1", "2"],
            "streams": {"submissions": {"every": "500ms"}, "progress": {"off": True}}, **ACCOUNTS}


def oneroster(url, secret):
    return {"kind": "oneroster", "client_secret_file": secret, "courses": ["class-1", "class-2"], **CLIENT}


def xapi(url, secret):
    return {"kind": "xapi", "url": url + "/xapi", "user": "mooc-pulse", "password_file": secret, "home_page": HOME,
            "streams": {"statements": {"every": "500ms"}}}


def onetouch(url, secret):
    return {"kind": "onetouch", "api_key_file": secret, "courses": ["1", "2"]}


KINDS = {  # truth, source, secret, options of the simulator
    "openedx": (truth.OpenEdx, openedx, b"sim-secret", {"rate": ["enrollment=60000/minute", "default=60000/minute"]}),
    "moodle": (truth.Moodle, moodle, b"sim-token", {}),
    "canvas": (truth.Canvas, canvas, b"sim-token", {"admin": True, "quota": 1e9, "sim_date": True}),
    "oneroster": (truth.OneRoster, oneroster, b"sim-secret", {"sim_date": True}),
    "xapi": (truth.Xapi, xapi, b"sim-secret", {"actor": "account", "sim_date": True}),
    "xapi of openedx": (truth.XapiOfOpenEdx, xapi, b"sim-secret", {"actor": "account", "sim_date": True, "dialect": "openedx"}),
    "onetouch": (truth.OneTouch, onetouch, b"sim-key", {}),
}


class Ingest(IngestProcess):
    def __init__(self, brokers, prefix, folder, reference, sources, secrets):
        super().__init__(brokers, prefix, folder, sources[0], secrets)
        config = json.loads(self.config.read_text())
        config |= {"sources": sources, "reference": str(reference)}
        self.config.write_text(json.dumps(config))

    def importing(self, folder, wave):
        for path in sorted((folder / "rosters").iterdir()):
            done = self.command("import", path, "--scope", "complete", "--wave", wave, "--unit", path.stem)
            assert done.returncode == 0, done.stdout + done.stderr

    def settles(self, wanted, seconds=25):
        """Until the log says all that is wanted: {name: (told(last) -> facts, facts)}."""
        deadline = time.monotonic() + seconds
        while True:
            last = self.last()
            wrong = {name: (is_(last) - want, want - is_(last)) for name, (is_, want) in wanted.items() if is_(last) != want}
            if not wrong:
                return last
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail("\n".join(f"{name}: {word} {fact}" for name, two in wrong.items()
                                      for word, facts in zip(("told, not so:", "not told:"), two)
                                      for fact in sorted(map(str, facts))[:8]) + "\n" + self.errors()[-800:])
            time.sleep(0.4)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_the_log_follows_the_timeline(brokers, prefix, tmp_path, kind):
    w = worlds.load("generic", 4, **OPTIONS)
    end = w.courses[0].end
    make, source, secret, options = KINDS[kind]
    one, two = make(w, 0, "daotao"), truth.OneTouch(w, 1, "hai")
    package.write_generic(w, tmp_path / "lists")
    (tmp_path / "one").touch(mode=0o600)
    (tmp_path / "two").touch(mode=0o600)
    (tmp_path / "one").write_bytes(secret)
    (tmp_path / "two").write_bytes(b"sim-key")
    with Simulator(kind.partition(" ")[0], **WORLD, **options) as first, Simulator("onetouch", **WORLD, site=1) as second:
        courses = [c.id for c in w.courses]
        if kind.startswith("xapi"):
            courses = [one.course(n) for n in range(len(courses))]
        sources = [{"name": "daotao", "url": first.url, "courses": courses, **OFTEN} | source(first.url, str(tmp_path / "one")),
                   {"name": "hai", "url": second.url, **OFTEN} | onetouch(second.url, str(tmp_path / "two")),
                   {"name": "lists", "kind": "files", "wave": "W-C01", "inbox": str(tmp_path / "inbox"), "scope": "complete"}]
        if kind.startswith("xapi"):
            del sources[0]["sweep_every"]
        (tmp_path / "inbox").mkdir()
        with Ingest(brokers, prefix, tmp_path, tmp_path / "lists/reference", sources, {}) as ingest:
            ingest.wait(lambda _: True)  # what is wrong with the configuration is told at once
            for t in (w.begins + 3 * (end - w.begins) // 8, end, w.ends):
                one.see(t), two.see(t)
                for sim in (first, second):
                    sim.clock(now=str(t))
                package.write_generic(w, tmp_path / "lists", t)
                ingest.importing(tmp_path / "lists", "W-C01")
                last = ingest.settles({
                    "daotao": (lambda last: one.told(truth.told(last, "daotao", kind == "moodle")), one.facts()),
                    "hai": (lambda last: truth.told(last, "hai"), two.facts()),
                    "lists": (truth.told_listed, truth.listed(w, t))})
            ingest.stop()
        log = shard_log.events(brokers, prefix)
    shard_log.check_chains(log)
    check_changes(w, kind, one, last, log)


def check_changes(w, kind, one, last, log):
    """Each kind of change is in the log as it should be: the comparison above was not of a world in which nothing happened."""
    movers = [p for p in w.people if p.moves]
    gone = {e["data"]["unit"] for e in last["roster.removed"].values()}
    assert len(last["roster.removed"]) == len(movers) == 5 and gone == {p.unit for p in movers}
    changed = [a for a in one.accounts if a.emails]
    if not kind.startswith("xapi"):
        replaced = 0  # who came after the first moment was never told under the old address
        for a in changed:
            old, new = (truth.keyed("email", email) for email in (a.email, a.emails[0][1]))
            said = [e["data"]["identifiers"] for e in log if e["source"] == "daotao" and e.get("subject") == one.subject(a)
                    and e["type"].startswith("account.")]
            assert new in said[-1] and old not in said[-1]
            replaced += old in said[0]
        assert replaced > 1
    assert last["enrollment.cancelled"]
    late = {one.who(e) for e in one.mine for at, g in e.grades if at > w.courses[0].end and not g.regrade and not g.when}
    shown_late = {one.who(e): g.when for e in one.mine for at, g in e.grades if g.when}
    exams = [e for e in last["exam.graded"].values() if e["source"] == "daotao" and (kind != "moodle" or "attempt" in e["data"])]
    end = instant(w.courses[0].end)
    if kind not in ("openedx", "oneroster", "xapi of openedx"):  # no times, days, times of computing
        after = {e["subject"] for e in exams if datetime.fromisoformat(e["time"]) > end}
        assert after == late and len(late) == 2
        assert len(shown_late) == 2 and not set(shown_late) & after
    both = {e["source"] for e in log if e["type"] == "exam.graded"}
    assert both == {"daotao", "hai"}
