"""A person is erased while both services run: figures as if that person had never been, nothing found anywhere but hashes, and nothing
comes back by sweeps, lists, a restart, a rebuilt state or a rotated key."""
import csv
import hashlib
import hmac
import json
import subprocess
import sys

import pytest
import shard_log
from confluent_kafka import Producer
from harness import checks, recompute
from harness.stack import REFERENCE, ROOT, WAVE, wait_for
from harness.terminal import typed
from simulator import Simulator
from test_failover import Pair, running
from test_ingest import prefix  # noqa: F401

LEARNERS = ["learners=24", "courses=2", "left_after_passing=0", "revoked=0", "outsiders=1", "per_course=1"]
SIMULATOR = {"world": "generic", "seed": 5, "set": LEARNERS, "start": "end", "speed": 0,
             "rate": ["enrollment=60000/minute", "default=60000/minute"]}
HEAD = ("TT", "Họ và tên", "Ngày sinh", "Số CCCD", "Email", "Số điện thoại", "Đơn vị", "Tổ")
WAVES = ("W-C01", "W-C02")
MEASURES = ("registered", "accounts", "enrolled", "participated", "passed", "certified", "not_registered")


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Erasure:
    """The stack, and one person of its world: a citizen number, two e-mails, an account, rows in two trainings."""

    def __init__(self, stack, platform):
        self.stack = stack
        self.world = stack.folder / "world"
        subprocess.run([sys.executable, "-m", "world", "generic", "--seed", "5", *[w for s in LEARNERS for w in ("--set", s)],
                        "--out", self.world], check=True, stdout=subprocess.DEVNULL, cwd=ROOT / "tests")
        self.rows = [row for path in sorted((self.world / "rosters").glob("*.csv"))
                     for row in csv.DictReader(path.open(encoding="utf-8-sig"))]
        stack.make_aggregator(hmac_key_file=str(stack.folder / "hmac-key"), ingest_data_dir=str(stack.folder / "data"))
        stack.make_ingest([stack.openedx_source(platform.url, sweep_every="500ms", head_every="500ms", certificates_every="1s",
                                                accounts_every="1s", accounts_by_email=True),
                           stack.files_source(wave=WAVES[0], poll="200ms", scope="supplement")],
                          reference=str(self.world / "reference"))
        stack.command("mooc-aggregator", "config", "load", self.world / "reference")
        stack.aggregator.start()
        stack.ingest.start()

    def pick(self, accounts):
        """Somebody with an account who passed."""
        self.person = next(r for r in self.rows if self.key("email", r["Email"].lower()) in accounts)
        self.second = "second.address@example.org"

    def key(self, kind, text):
        secret = (self.stack.folder / "hmac-key").read_bytes().removesuffix(b"\n").removesuffix(b"\r")
        return f"{kind}:{hmac.new(secret, kind.encode() + bytes(1) + text.encode(), hashlib.sha256).hexdigest()[:32]}"

    def write(self, path, rows):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEAD)
            writer.writeheader()
            writer.writerows(rows)
        return path

    def lists(self):
        """The one of wave 1 as the office sent it; that of wave 2 has the person twice, by one e-mail or the other, without numbers."""
        bare = self.person | {"Số CCCD": "", "Số điện thoại": ""}
        others = [r for r in self.rows if r is not self.person]
        unknown = bare | {"Đơn vị": "Sở không có"}
        return {"W-C01": self.write(self.stack.folder / "one.csv", [*self.rows, unknown]),
                "W-C02": self.write(self.stack.folder / "two.csv", [*others, bare]),
                "W-C02 ": self.write(self.stack.folder / "three.csv", [bare | {"Email": self.second}])}

    def send_lists(self):
        said = ""
        for wave, path in self.lists().items():
            said += self.stack.command("mooc-ingest", "import", path, "--scope", "supplement", "--wave", wave.strip(), "--yes",
                                       code=int(wave == "W-C01")).stdout  # a row of it is of no unit
        return said

    def link(self):
        """As a correction says it: both e-mails are one person's."""
        pair = sorted(self.key("email", e) for e in (self.person["Email"].lower(), self.second))
        self.publish("identity.linked", "link:" + ":".join(pair), None, {"identifiers": pair})

    def publish(self, kind, entity, subject, data, source="lists", revision=1_700_000_000_000_000):
        event = {"specversion": "1.0", "id": digest(f"{source}\0{entity}\0{revision}"), "source": source, "type": kind,
                 "time": "2026-03-03T10:00:00Z", "entity": entity, "revision": str(revision), "previous": "0", "data": data}
        producer = Producer({"bootstrap.servers": self.stack.brokers})
        producer.produce(self.stack.topics["events"], json.dumps(event | ({"subject": subject} if subject else {})).encode(),
                         key=subject or entity)
        assert producer.flush(30) == 0

    # looking

    def log(self):
        return [json.loads(value) for kind in ("events", "dead") for value in checks.read_until_now(self.stack, kind)]

    def figures(self):
        return {scope: counts for scope, *counts in self.stack.query(
            f"SELECT training, {', '.join(f'sum({m})::int' for m in MEASURES)} FROM bi.participation_training GROUP BY training"
            f" UNION ALL SELECT 'all', {', '.join(f'sum({m})::int' for m in MEASURES)} FROM bi.participation_all ORDER BY 1")}

    def counted(self):
        """What is in the log by now, while marks go on coming."""
        ends = checks.log_ends(self.stack)

        def there():
            read = {(topic, p): offset for topic, p, offset in self.stack.query("SELECT topic, partition, next_offset FROM pulse.offsets")}
            return all(read.get(place, 0) >= end for place, end in ends.items())
        wait_for(there, 30, "all is counted")

    def swept(self, times=2):
        """Complete sweeps of every stream, begun from now on."""
        def marks():
            return {(s, t): n for s, t, n in self.stack.query(
                "SELECT source, stream, min(revision) FROM gen_1.marks WHERE source = 'daotao' GROUP BY 1, 2")}
        for _ in range(times):
            before = marks()
            wait_for(lambda: (now := marks()) and all(now[k] > before.get(k, 0) for k in now), 30, "every stream was swept again")

    def settle(self):
        """Until two sweeps in a row bring no event but their marks."""
        def facts():
            return sum(e["type"] != "source.swept" for e in self.log())
        count = -1
        while (now := facts()) != count:
            count = now
            self.swept(1)
        self.counted()

    def tables(self):
        """(name, all rows as text) of every table and view's base in every schema of ours."""
        for schema, table in self.stack.query(
                "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'sqitch')"):
            rows = self.stack.query(f'SELECT t::text FROM "{schema}"."{table}" t')
            yield f"{schema}.{table}", "\n".join(text for (text,) in rows)

    def words(self):
        """All that names the person: in clear, keyed, and as hashes; from the log as it was written."""
        clear = [self.person[c] for c in ("Email", "Số CCCD", "Họ và tên")] + [self.person["Số điện thoại"][1:], self.second]
        identifiers = {self.key("email", self.person["Email"].lower()), self.key("email", self.second),
                       self.key("citizen", self.person["Số CCCD"])}
        mine, log = set(), self.log()
        while True:  # what carries one of them, and what that carries, but for the name
            found = [e for e in log if e["type"] != "learner.erased" and
                     (e.get("subject") in mine or identifiers & set(e["data"].get("identifiers", ())))]
            now = {e["subject"] for e in found if "subject" in e}
            entities = {e["entity"] for e in found}
            if now == mine:
                break
            mine = now
        self.subjects = mine | {e["entity"] for e in found if "subject" not in e}
        names = {e["data"]["name"] for e in found if e["data"].get("name")}
        return clear, identifiers | mine | entities | names

    def found(self):
        """Where anything of the person stands, and is not one of the hashes that keep it away."""
        clear, keyed = self.words()
        secret = {part for text in keyed for part in text.replace("+", ":").split(":") if len(part) >= 16}
        packed = {p for text in keyed for h in [digest(text)] for p in
                  (h, f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}", bytes.fromhex(h[:16])[::-1].hex())}
        allowed = ("archive.erasures", "gen_1.states")
        hits = []
        for name, text in self.tables():
            hits += [(name, w) for w in clear if w in text or w.encode().hex() in text]
            hits += [(name, w) for w in secret if w in text or w.encode().hex() in text]
            if name.startswith("archive.events"):  # learner.erased names the hash, in columns and value
                text = "\n".join(line for line in text.splitlines() if "learner.erased" not in line)
            if name not in allowed:
                hits += [(name, w) for w in packed if w in text or w.encode().hex() in text]
        for path in (self.stack.folder / "data").rglob("*"):
            data = path.read_bytes() if path.is_file() else b""
            hits += [(str(path), w) for w in [*clear, *secret] if w.encode() in data]
        state = dict(checks.read_until_now(self.stack, "state", keys=True))  # as it is once it is compacted
        text = "\n".join(f"{key} {value}" for key, value in state.items() if value is not None)
        hits += [("state", w) for w in [*clear, *secret] if w in text]
        hits += [(service.log.name, w) for service in (self.stack.ingest, self.stack.aggregator)
                 for w in [*clear, *secret] if w in service.log_text()]
        return hits

    def mentions(self):
        """Events in the log about the person's subjects."""
        return sum(e.get("subject", e["entity"]) in self.subjects for e in self.log())

    def check(self):
        """The tables are what the records say that the archive still has, and of the person there is nothing."""
        self.counted()
        # Marks go on meanwhile.
        differences = [d for d in recompute.differences(self.stack.query) if d.table != "marks"]
        assert not differences, (len(differences), differences[:3])
        assert self.found() == []


def prepare(stack, platform):
    world = Erasure(stack, platform)
    wait_for(lambda: any(e["type"] == "certificate.issued" for e in world.log()), 30, "the platform is read")
    world.settle()
    passed = {e["subject"] for e in world.log() if e["type"] == "certificate.issued"}
    world.pick({i for e in world.log() if e.get("subject") in passed for i in e["data"].get("identifiers", ())})
    world.send_lists()
    world.link()
    world.settle()
    return world


def identifiers(world, *lines):
    path = world.stack.folder / "identifiers"
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n")
    return path


def less(before, after):
    return {scope: [a - b for a, b in zip(before[scope], after[scope])] for scope in before}


@pytest.mark.long
def test_who_is_erased_is_found_nowhere_and_does_not_come_back(stack):
    with Simulator(**SIMULATOR) as platform:
        world = prepare(stack, platform)
        before, found = world.figures(), world.found()
        places = {place.split(".")[0] for place, _ in found}
        assert {"archive", "gen_1", "state"} <= places and any("imports" in place for place, _ in found), places
        assert any("quarantine" in place for place, _ in found)
        preview = stack.command("mooc-aggregator", "erase", "--preview", "--identifier-file", identifiers(world, world.person["Email"]))
        assert preview.stdout.startswith("1 person: 1 accounts, 3 rows of lists, 1 links between identifiers, 0 keys"), preview.stdout
        assert "facts in 2 trainings" in preview.stdout and world.figures() == before
        refused = stack.command("mooc-aggregator", "erase", "--identifier-file", identifiers(world, world.person["Email"]), code=2)
        assert "--yes" in refused.stderr and world.figures() == before
        done = stack.command("mooc-aggregator", "erase", "--yes", "--receipt", stack.folder / "receipt", "--reason", "asked",
                             "--identifier-file", identifiers(world, world.person["Email"]))
        assert (stack.folder / "receipt").read_text() in done.stdout
        assert "learner keys: 5\n" in done.stdout and "generation 1 (shown): nothing is left" in done.stdout
        after = world.figures()
        # Of each training and of all one person less by each measure: listed, with an account, passed, certified.
        assert less(before, after) == {scope: [1, 1, 1, 1, 1, 1, 0] for scope in before}, (before, after)
        world.check()
        erased = [e for e in world.log() if e["type"] == "learner.erased"]
        assert {e["data"]["key"] for e in erased} == {digest(s) for s in world.subjects} and len(erased) == 5
        assert stack.query("SELECT count(*) FROM archive.erasures WHERE blanked_at IS NOT NULL") == [(5,)]
        assert [a for (a,) in stack.query("SELECT action FROM pulse.audit WHERE action LIKE 'erase%%' ORDER BY entry")] == [
            "erase", "erase: archive"]
        again = stack.command("mooc-aggregator", "erase", "--yes", "--identifier-file", identifiers(world, world.person["Email"]), code=1)
        assert "nobody is known by what was given: were they erased before (mooc-aggregator audit tells)?" in again.stderr

        mentions = world.mentions()
        world.swept()
        said = world.send_lists()
        assert "they are left out, also of the copy that is kept" in said
        world.swept()
        assert world.mentions() == mentions and world.figures() == after
        assert sum(n for name, n in stack.ingest.metrics().items() if name.startswith("mooc_ingest_erased_total")) > 0
        world.check()

        # What another instance publishes that was not told: counted as nothing, archived as nothing.
        subject = min(world.subjects)
        world.publish("account.created", "account:late", subject, {"identifiers": [world.key("email", world.person["Email"].lower())]})
        world.publish("exam.graded", "exam:late", subject, {"course": "course-v1:SIM+C99+2026", "exam": "course", "passed": True})
        world.check()
        assert world.figures() == after
        assert stack.query("SELECT count(*) FROM archive.events WHERE id IS NOT NULL AND value IS NULL")[0][0] > mentions
        restart(world)
        assert world.figures() == after
        world.check()


def restart(world, *commands):
    """ingest stopped, the commands given, started again; then everything is read once more."""
    mentions = world.mentions()
    assert world.stack.ingest.stop()[0] == 0
    for command in commands:
        world.stack.command("mooc-ingest", *command)
    world.stack.ingest.start()
    world.swept()
    world.send_lists()
    world.swept(1)
    assert world.mentions() == mentions


@pytest.mark.long
def test_a_rebuilt_state_and_a_rotated_key_bring_nobody_back(stack):
    with Simulator(**SIMULATOR) as platform:
        world = prepare(stack, platform)
        person = identifiers(world, world.second, world.person["Số CCCD"])
        world.words()  # while the log has them
        # The way of two machines: a file that holds hashes only.
        config = json.loads(stack.aggregator.config.read_text())
        config.pop("ingest_data_dir")
        stack.aggregator.config.write_text(json.dumps(config))
        missing = stack.command("mooc-aggregator", "erase", "--yes", "--identifier-file", person, code=2)
        assert "--job-out" in missing.stderr
        job = stack.folder / "job"
        stack.command("mooc-aggregator", "erase", "--yes", "--identifier-file", person, "--job-out", job)
        assert {line.split()[1] for line in job.read_text().splitlines()[1:] if line.startswith("learner ")} == {
            digest(s) for s in world.subjects}
        assert "5 learner keys are erased" in stack.command("mooc-ingest", "erase", job).stdout
        wait_for(lambda: stack.query("SELECT count(*) FROM archive.erasures") == [(5,)], 30, "it is counted")
        assert "learner keys: 5\n" in stack.command("mooc-aggregator", "erase", "--finish").stdout
        after = world.figures()
        world.check()
        restart(world, ["state", "rebuild"])
        assert world.figures() == after
        rotated = json.loads(stack.ingest.config.read_text()) | {"hmac_key_version": 2}
        assert stack.ingest.stop()[0] == 0
        stack.command("mooc-ingest", "key", "rotate")
        stack.ingest.config.write_text(json.dumps(rotated))
        stack.ingest.start()
        world.swept()
        mentions = world.mentions()
        restart(world, ["state", "rebuild"])
        assert world.mentions() == mentions and world.figures() == after
        world.check()
        again = stack.command("mooc-ingest", "erase", job)  # changes nothing
        assert "0 records of the state" in again.stdout, again.stdout
        assert sum(e["type"] == "learner.erased" for e in world.log()) == 5


def test_facts_of_the_erased_are_archived_as_nothing(stack):
    """The aggregator alone: erasures and facts in any order, records of one batch and of later ones."""
    stack.make_aggregator()
    producer = Producer({"bootstrap.servers": stack.brokers})
    made = {}

    def publish(kind, entity, subject, data, partition):
        event = {"specversion": "1.0", "id": f"{entity}", "source": "p1", "type": kind, "time": "2023-09-20T00:00:00Z",
                 "entity": entity, "revision": "1", "previous": "0", "data": data} | ({"subject": subject} if subject else {})
        made[entity] = event
        producer.produce(stack.topics["events"], json.dumps(event).encode(), key=entity, partition=partition)

    def account(who, partition, **data):
        publish("account.created", f"account:{who}", f"account@p1:{who}", {"identifiers": [f"email:{who}"]} | data, partition)

    account("stays", 0)
    account("goes", 1)
    link = "link:email:goes:email:stays"
    publish("identity.linked", link, None, {"identifiers": ["email:goes", "email:stays"]}, 2)
    publish("badge.awarded", "badge:1", "account@p1:goes", {}, 3)
    assert producer.flush(30) == 0
    stack.aggregator.start()
    wait_for(lambda: stack.query("SELECT sum(not_registered) FROM gen_1.tallies WHERE scope = 'all'") == [(1,)], 30, "one person")
    for number, text in enumerate(("account@p1:goes", "account@p1:never seen", link)):
        publish("learner.erased", f"erased:{digest(text)}", None, {"key": digest(text)}, number)
    publish("exam.graded", "exam:1", "account@p1:goes", {"course": "no course", "exam": "x"}, 3)
    publish("badge.awarded", "badge:2", "account@p1:goes", {}, 3)
    account("never seen", 3)
    account("later", 3)
    assert producer.flush(30) == 0
    wait_for(lambda: stack.query("SELECT sum(not_registered) FROM gen_1.tallies WHERE scope = 'all'") == [(2,)], 30, "two people")
    assert stack.query("SELECT count(*) FROM gen_1.members") == [(0,)]
    assert stack.command("mooc-aggregator", "erase", "--finish").stdout.count("learner keys: 3") == 1
    gone = {"account:goes", link, "badge:1", "exam:1", "badge:2", "account:never seen"}
    rows = dict(stack.query("SELECT id, to_jsonb(e) - ARRAY['id', 'partition', 'offset', 'log_time'] FROM archive.events e"))
    assert set(rows) == set(made)
    assert {id for id, row in rows.items() if not any(v is not None for v in row.values())} == gone
    assert all(row["value"] and row["entity"] for id, row in rows.items() if id not in gone)
    assert recompute.differences(stack.query) == []
    assert stack.aggregator.stop()[0] == 0


def test_people_are_found_by_what_they_are_known_by(stack):
    """Who is meant, before anything is done: by each kind of identifier, by links in force and by what is no longer in force."""
    key = stack.folder / "hmac-key"
    stack.make_aggregator(hmac_key_file=str(key), ingest_data_dir=str(stack.folder / "data"))
    stack.command("mooc-aggregator", "config", "load", REFERENCE)
    keyed = lambda kind, text: Erasure.key(world, kind, text)  # noqa: E731
    world = Erasure.__new__(Erasure)
    world.stack = stack
    name, other = keyed("name", "a")[:21], keyed("name", "b")[:21]
    mine, second, office = (keyed("email", f"{who}@example.org") for who in ("lan", "lan.before", "office"))
    citizen, phone, family = keyed("citizen", "001085000123"), keyed("phone", "+84912345678"), keyed("phone", "+84987654321")
    account = keyed("account@daotao", "lan_85")

    events = []

    def publish(*event, **rest):
        world.publish(*event, **rest)
        events.append(event)

    def listed(unit, identifiers, who, gone=False):
        """A row that leaves its list is removed by what it was, not by whose it was."""
        subject = f"{identifiers[0]}+{who[5:]}"
        entity = f"roster:{WAVE}:{unit}:{subject}"
        publish("roster.listed", entity, subject, {"wave": WAVE, "unit": unit, "name": who, "identifiers": identifiers})
        if gone:
            publish("roster.removed", entity, subject, {"wave": WAVE, "unit": unit}, revision=1_700_000_000_000_001)
    listed("HG-SYTE", [citizen, mine], name)
    listed("HG-STP", [phone, mine], name, gone=True)  # the office corrected it
    listed("HG-STP", [second, phone], name, gone=True)  # and before that, when only the phone was known as now
    listed("HG-STP", [mine], other, gone=True)  # somebody else's, who had this address by mistake
    listed("HG-STP", [family], name, gone=True)
    listed("HG-STP", [family], other, gone=True)
    listed("HG-SYTE", [office], name)
    listed("HG-SYTE", [office], other)
    publish("account.created", "account:lan", account, {"identifiers": [mine]}, "daotao")
    pair = sorted([mine, office])
    publish("identity.unlinked", "link:" + ":".join(pair), None, {"identifiers": pair})
    stack.aggregator.start()
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.events") == [(len(events),)], 30, "all is counted")
    assert stack.aggregator.stop()[0] == 0

    def preview(text, code=0, *options):
        done = stack.command("mooc-aggregator", "erase", "--preview", "--identifier-file", identifiers(world, text), *options, code=code)
        assert text not in done.stdout + done.stderr
        return done.stdout + done.stderr
    found = "1 person: 1 accounts, 1 rows of lists, 0 links between identifiers, 3 keys of which nothing is in force any more; " \
            "facts in 1 trainings\n"
    for text in ("Lan@Example.org", "email: lan@example.org", "001085000123", "citizen:1085000123", "001 085 000 123"):
        assert preview(text) == found, text
    assert preview("lan_85", 0, "--source", "daotao") == preview("user:lan_85", 0, "--source", "daotao") == found
    assert "rows of different names" in preview("office@example.org", 1)
    assert "nên không rõ là ai" in preview("office@example.org", 1, "--lang", "vi")
    # Only rows that are gone have the number: nobody who is in force, and so no name to go by but theirs.
    assert preview("0912345678").startswith("1 person: 0 accounts, 0 rows of lists, 0 links between identifiers, 2 keys")
    assert preview("lan.before@example.org").startswith("1 person: 0 accounts, 0 rows of lists, 0 links between identifiers, 2 keys")
    assert "rows of different names" in preview("0987654321", 1)
    assert "nobody is known" in preview("nobody@example.org", 1)
    assert "line 1 is neither" in preview("lan_85", 2)
    assert "line 1 is neither" in preview("citizen:12345", 2)
    # The same where the month was taken out of the archive and kept.
    for month, in stack.query("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'archive.events'::regclass"):
        kept = month.replace("archive.events", "detached")
        stack.query(f"ALTER TABLE archive.events DETACH PARTITION {month}")
        stack.query(f"ALTER TABLE {month} RENAME TO {kept}")
        stack.query("INSERT INTO archive.detached (month, partition, rows, erased, hash, table_name) VALUES ('2026-01-01', 0, 0, 0, 0, %s)", kept)
    assert stack.query("SELECT count(*) FROM archive.events") == [(0,)] and preview("lan@example.org") == found
    stack.query("UPDATE archive.detached SET table_name = NULL")
    only_exported = preview("lan@example.org")
    assert "1 rows of lists, 0 links between identifiers, 0 keys" in only_exported and "an export of the archive holds (2026-01)" in only_exported
    assert "an export of the archive holds (2026-01)" in (unknown := preview("0912345678", 1)) and "nobody is known" in unknown
    nothing = stack.command("mooc-aggregator", "erase", code=2)
    assert "--identifier-file" in nothing.stderr
    assert stack.query("SELECT count(*) FROM pulse.audit WHERE action LIKE 'erase%%'") == [(0,)]


def bare(stack):
    """The aggregator alone, that may erase; no mooc-ingest runs. An Erasure to publish with."""
    stack.make_aggregator(hmac_key_file=str(stack.folder / "hmac-key"), ingest_data_dir=str(stack.folder / "data"))
    stack.command("mooc-aggregator", "config", "load", REFERENCE)
    world = Erasure.__new__(Erasure)
    world.stack = stack
    return world


def spooled(stack):
    folder = stack.folder / "data/spool/+erase"
    return sorted(folder.iterdir()) if folder.exists() else []


def test_the_same_command_goes_on_with_what_was_handed_over(stack):
    world = bare(stack)
    mine = world.key("email", "lan@example.org")
    for account in ("one", "two"):
        world.publish("account.created", f"account:{account}", world.key("account@daotao", account), {"identifiers": [mine]}, "daotao")
    stack.aggregator.start()
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.events") == [(2,)], 30, "both accounts are known")
    erase = ("erase", "--yes", "--identifier-file", identifiers(world, "Lan@Example.org"), "--reason", "asked")
    actions = lambda: [a for a, in stack.query("SELECT action FROM pulse.audit WHERE action LIKE 'erase%%' ORDER BY entry")]  # noqa: E731
    for again in (False, True):  # nobody takes it
        waited = stack.command("mooc-aggregator", *erase, "--timeout", "1s", code=3)
        assert "not done yet" in waited.stderr and ("handed over already" in waited.stdout) == again
        job, = spooled(stack)
        assert actions() == ["erase"]
    process = subprocess.Popen([stack.binaries / "mooc-aggregator", *map(str, erase), "--config", stack.aggregator.config],
                               stdout=subprocess.DEVNULL)
    wait_for(lambda: stack.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mooc-aggregator erase'"
                                 " AND datname = current_database() AND query LIKE '%%pulse.audit%%'") == [(1,)], 20, "it waits", 0.02)
    process.kill()
    process.wait()
    stack.query("DELETE FROM pulse.audit WHERE action = 'erase'")  # killed before it was noted
    stack.command("mooc-aggregator", *erase, "--timeout", "1s", code=3)
    assert spooled(stack) == [job] and actions() == ["erase"]
    learners = [line.split()[1] for line in job.read_text().splitlines() if line.startswith("learner ")]
    assert len(learners) == 2
    still_open = lambda: json.loads(stack.command("mooc-aggregator", "status", "--format", "json").stdout)["erasures_open"]  # noqa: E731
    assert still_open() == 2
    # What mooc-ingest would do.
    for learner in learners:
        world.publish("learner.erased", f"erased:{learner}", None, {"key": learner})
    job.with_suffix(".result").write_text('{"learners":2,"entities":2,"shards":2,"elsewhere":0,"published":true,"copies":0,"rows":0,'
                                          '"addresses":0}')
    job.unlink()
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.erasures") == [(2,)], 30, "it is counted")
    assert still_open() == 2, "the archive has their records yet"
    done = stack.command("mooc-aggregator", *erase)
    assert still_open() == 0
    assert "learner keys: 2\n" in done.stdout and "archive: 2 records" in done.stdout and spooled(stack) == []
    assert actions() == ["erase", "erase: archive"]
    said = stack.command("mooc-aggregator", "audit").stdout
    assert "handed over the erasure of a person" in said and "erased from figures and archive who was handed over" in said
    assert "nobody is known" in stack.command("mooc-aggregator", *erase, code=1).stderr
    # Finished once more: nothing is left, of whoever was erased.
    assert "generation 1 (shown): nothing is left" in stack.command("mooc-aggregator", "erase", "--finish").stdout
    # Of another one the job gets lost: that is not told as done, and is no success.
    world.publish("account.created", "account:three", world.key("account@daotao", "three"), {"identifiers": [world.key("email", "binh@example.org")]},
                  "daotao")
    other = ("erase", "--yes", "--identifier-file", identifiers(world, "binh@example.org"), "--reason", "asked")
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.events WHERE type = 'account.created'") == [(1,)], 30, "he is known")
    stack.command("mooc-aggregator", *other, "--timeout", "1s", code=3)
    spooled(stack)[0].unlink()
    receipt = stack.folder / "receipt"
    lost = stack.command("mooc-aggregator", "erase", "--finish", "--receipt", receipt, code=1)
    assert "NOT ERASED YET: 1 learner keys, handed over since " in lost.stdout and receipt.read_text() == lost.stdout
    assert "not finished: 1 learner keys" in lost.stderr and "Give the same `erase` command again" in lost.stderr
    stack.command("mooc-aggregator", *other, "--timeout", "1s", code=3)
    learner = digest(world.key("account@daotao", "three"))
    world.publish("learner.erased", f"erased:{learner}", None, {"key": learner})
    spooled(stack)[0].unlink()
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.erasures") == [(3,)], 30, "it is counted")
    assert "NOT ERASED" not in stack.command("mooc-aggregator", "erase", "--finish").stdout
    assert stack.query("SELECT count(*) FROM archive.erasures_asked") == [(0,)]


def test_a_job_file_whose_note_was_lost_is_noted_by_the_same_command(stack):
    """Killed between the file and the commit of its note."""
    world = bare(stack)
    world.publish("account.created", "account:one", world.key("account@daotao", "one"), {"identifiers": [world.key("email", "lan@example.org")]},
                  "daotao")
    stack.aggregator.start()
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.events") == [(1,)], 30, "the account is known")
    job = stack.folder / "job.txt"
    erase = ("erase", "--yes", "--identifier-file", identifiers(world, "lan@example.org"), "--reason", "asked", "--job-out", job)
    noted = lambda: stack.query("SELECT (SELECT count(*) FROM pulse.audit WHERE action = 'erase'), (SELECT count(*) FROM archive.erasures_asked)")  # noqa: E731
    stack.command("mooc-aggregator", *erase)
    kept = job.read_text()
    assert noted() == [(1, 1)]
    stack.query("DELETE FROM pulse.audit WHERE action = 'erase'")
    stack.query("DELETE FROM archive.erasures_asked")
    for _ in range(2):
        stack.command("mooc-aggregator", *erase)
        assert job.read_text() == kept and noted() == [(1, 1)]
    assert "not finished: 1 learner keys" in stack.command("mooc-aggregator", "erase", "--finish", code=1).stderr


def test_a_job_that_waited_for_mooc_ingest_is_not_taken_before_there_are_shards(stack):
    """Handed over while mooc-ingest is away, it was done of no shard as soon as that came back, and the person was counted on."""
    world = bare(stack)
    stack.make_ingest([stack.files_source(poll="200ms")])
    stack.aggregator.start()
    stack.ingest.start()
    wait_for(lambda: stack.ingest.port_file.exists() and stack.ingest.get("/readyz")[0] == 200, 60, "mooc-ingest is ready")
    listed = stack.folder / "list.csv"
    listed.write_text("STT,Họ và tên,Số CCCD,Email,Đơn vị,Tổ\n1,Nguyễn Thị Lan,002090000011,lan@example.org,Sở Tư pháp,1\n"
                      "2,Trần Bình,002090000012,,Sở Tư pháp,1\n")
    stack.command("mooc-ingest", "import", listed, "--scope", "complete", "--received", "2023-09-20", "--yes")
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.events WHERE type = 'roster.listed'") == [(2,)], 30, "the list is counted")
    stack.ingest.stop()
    erase = ("erase", "--yes", "--identifier-file", identifiers(world, "lan@example.org"), "--reason", "asked")
    assert "not done yet" in stack.command("mooc-aggregator", *erase, "--timeout", "1s", code=3).stderr
    assert len(spooled(stack)) == 1
    stack.ingest.start()
    done = stack.command("mooc-aggregator", *erase, timeout=60)
    assert "generation 1 (shown): nothing is left" in done.stdout and spooled(stack) == []
    assert stack.query("SELECT count(*) FROM archive.erasures WHERE blanked_at IS NOT NULL") == [(1,)]

    # The other one of the list can still be corrected, also when the office hands in its old list again; and of her there is nothing.
    fix = stack.folder / "fix.csv"
    fix.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\nlist.csv,,3,email_missing,,binh@example.org\nlist.csv,,2,email_malformed,,x@example.org\n")
    for counts in ("1 corrections applied, 0 already in force, 1 refused", "0 corrections applied, 1 already in force, 1 refused"):
        said = stack.command("mooc-ingest", "correct", fix, code=1).stdout
        assert counts in said and "row_not_found" in said and "file_not_kept" not in said, said
        kept = [p for p in (stack.folder / "data/imports").rglob("*") if p.is_file()]
        assert len(kept) % 2 == 0 and kept, kept
        assert not [p for p in kept for word in ("Lan", "002090000011", "lan@example.org") if word in p.read_text()]
        assert any("Trần Bình" in p.read_text() for p in kept)
        said = stack.command("mooc-ingest", "import", listed, "--scope", "complete", "--yes").stdout
        assert "note: the file names people who were erased in 1 rows: they are left out, also of the copy" in said, said


def test_who_left_a_list_is_erased_too(stack):
    """The removal says which row it was, not whose: who she was, only records and lists of before tell."""
    world = bare(stack)
    stack.make_ingest([stack.files_source(poll="200ms")])
    stack.aggregator.start()
    stack.ingest.start()
    wait_for(lambda: stack.ingest.port_file.exists() and stack.ingest.get("/readyz")[0] == 200, 60, "mooc-ingest is ready")
    head, rows = "STT,Họ và tên,Số CCCD,Email,Đơn vị,Tổ\n", ("1,Nguyễn Thị Lan,,lan@example.org,Sở Tư pháp,1\n",
                                                          "2,Trần Bình,002090000012,,Sở Tư pháp,1\n")

    def send(name, lines, day):
        path = stack.folder / name
        path.write_text(head + "".join(lines))
        return stack.command("mooc-ingest", "import", path, "--scope", "complete", "--received", day, "--yes").stdout

    def listed():
        return stack.query("SELECT sum(registered)::int FROM bi.participation_all")[0][0]

    def at(instant):
        done = stack.command("mooc-aggregator", "report", "waves", "--at", instant, "--format", "csv").stdout
        return int(next(csv.DictReader(done.splitlines()))["registered"])
    send("first.csv", rows, "2023-09-20")
    wait_for(lambda: listed() == 2, 30, "both are listed")
    send("second.csv", rows[1:], "2023-09-25")
    wait_for(lambda: listed() == 1, 30, "she left the list")
    removed, = [e for e in world.log() if e["type"] == "roster.removed"]
    assert not removed["data"].keys() & {"identifiers", "name"}
    assert at("2023-09-22 12:00") == 2
    done = stack.command("mooc-aggregator", "erase", "--yes", "--identifier-file", identifiers(world, "lan@example.org"), timeout=60).stdout
    assert "0 rows of lists, 0 links between identifiers, 1 keys of which nothing is in force" in done, done
    assert "generation 1 (shown): nothing is left" in done and "archive: 2 records" in done, done
    assert at("2023-09-22 12:00") == 1
    assert stack.query("SELECT count(*) FROM archive.events WHERE value IS NULL AND id IS NOT NULL") == [(2,)]
    assert recompute.differences(stack.query) == []
    kept = [p for p in (stack.folder / "data/imports").rglob("*") if p.is_file()]
    assert kept and not [p for p in kept for word in ("Lan", "lan@example.org") if word in p.read_text()]
    # The office sends her once more.
    assert "they are left out" in send("third.csv", rows, "2023-09-28")
    assert listed() == 1 and sum(e["type"] == "roster.listed" for e in world.log()) == 2
    assert "nobody is known" in stack.command("mooc-aggregator", "erase", "--yes", "--identifier-file", identifiers(world, "lan@example.org"),
                                              code=1).stderr


def test_who_is_meant_is_typed_at_a_terminal_and_not_shown(stack):
    world = bare(stack)
    mine = world.key("email", "lan@example.org")
    world.publish("account.created", "account:lan", world.key("account@daotao", "lan_85"), {"identifiers": [mine]}, "daotao")
    stack.aggregator.start()
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.events") == [(1,)], 30, "the account is known")
    command = [stack.binaries / "mooc-aggregator", "erase", "--preview", "--config", stack.aggregator.config]
    question = "what you type is not shown"
    found = typed(command, (question, b"lan@example.org\n\n"))
    assert found.code == 0 and "1 person: 1 accounts" in found.shown and "lan@" not in found.shown and found.echoes, found
    wrong = typed(command, (question, b"no such thing\n\n"))
    assert wrong.code == 2 and "line 1 is neither" in wrong.shown and "no such" not in wrong.shown, wrong
    # Given up half-way, nothing is looked for.
    ended = typed(command, (question, b"lan@example.org\n"), (question, b"\x03"))
    assert ended.code == 1 and "nothing was changed" in ended.shown and "1 person" not in ended.shown and ended.echoes, ended


def test_an_erasure_is_told_in_vietnamese(stack):
    """Preview, question, refusals and receipt: no word of English is in them."""
    world = bare(stack)
    mine = world.key("email", "lan@example.org")
    world.publish("account.created", "account:lan", world.key("account@daotao", "lan_85"), {"identifiers": [mine]}, "daotao")
    stack.aggregator.start()
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.events") == [(1,)], 30, "the account is known")
    found = "1 người: 1 tài khoản, 0 dòng danh sách, 0 liên kết giữa các số định danh, 0 mã không còn dữ liệu nào có hiệu lực; " \
            "có dữ liệu trong 0 khóa học\n"
    vi = ("erase", "--lang", "vi")
    of_lan = ("--identifier-file", identifiers(world, "lan@example.org"))
    assert stack.command("mooc-aggregator", *vi, "--preview", *of_lan).stdout == found
    refused = stack.command("mooc-aggregator", *vi, *of_lan, code=2)
    assert refused.stdout == found and "chưa thay đổi gì; thêm --yes để xóa vĩnh viễn" in refused.stderr
    command = [stack.binaries / "mooc-aggregator", *vi, "--config", stack.aggregator.config]
    asked = typed(command, ("không hiện ra khi gõ", b"lan@example.org\n\n"), ("Xóa vĩnh viễn dữ liệu của người này? [c/K]", b"k\n"))
    assert asked.code == 1 and "chưa thay đổi gì" in asked.shown and "Give" not in asked.shown, asked
    nobody = stack.command("mooc-aggregator", *vi, "--preview", "--identifier-file", identifiers(world, "x@example.org"), code=1)
    assert "không nhận ra ai theo những gì đã nêu" in nobody.stderr
    neither = stack.command("mooc-aggregator", *vi, "--preview", "--identifier-file", identifiers(world, "lan_85"), code=2)
    assert "dòng 1 không phải e-mail, số CCCD hay số điện thoại; tên đăng nhập thì cần --source TÊN" in neither.stderr
    nothing = stack.command("mooc-aggregator", *vi, "--finish", code=1)
    assert "chưa có việc xóa nào được đếm: không có gì để làm nốt" in nothing.stderr

    of_lan = ("--yes", "--identifier-file", identifiers(world, "lan@example.org"))
    waited = stack.command("mooc-aggregator", *vi, *of_lan, "--timeout", "1s", code=3)
    assert "đã chuyển cho mooc-ingest; chờ tối đa 1 s" in waited.stderr and "chưa làm xong" in waited.stderr, waited.stderr
    again = stack.command("mooc-aggregator", *vi, *of_lan, "--timeout", "1s", code=3)
    assert "việc xóa người này đã được chuyển từ trước" in again.stdout
    waits = stack.command("mooc-aggregator", *vi, "--finish", code=1)
    assert "còn một việc xóa đang chờ mooc-ingest" in waits.stderr
    job, = spooled(stack)
    learner = digest(world.key("account@daotao", "lan_85"))
    world.publish("learner.erased", f"erased:{learner}", None, {"key": learner})
    job.with_suffix(".result").write_text('{"learners":1,"entities":2,"shards":2,"elsewhere":1,"published":true,"copies":3,"rows":4,'
                                          '"addresses":5}')
    job.unlink()
    wait_for(lambda: stack.query("SELECT count(*) FROM archive.erasures") == [(1,)], 30, "it is counted")
    done = stack.command("mooc-aggregator", *vi, *of_lan, "--receipt", stack.folder / "receipt")
    receipt = (stack.folder / "receipt").read_text()
    assert receipt in done.stdout and receipt.startswith("đã xóa ")
    for words in ("số mã người học: 1\n", "mooc-ingest: đã quên 2 bản ghi", "1 trong 2 phần việc của nó do máy khác làm",
                  "  phiên bản số liệu 1 (đang dùng): không còn gì của người đó\n", "kho sự kiện: 1 bản ghi trong 1 tháng",
                  "những gì còn lại:\n", "bản gốc của danh sách"):
        assert words in receipt, (words, receipt)
    for word in ("erase ", "learner key", "generation", "archive", "remains", "figures"):
        assert word not in receipt.replace("mooc-ingest erase", ""), (word, receipt)


@pytest.mark.long
def test_of_two_instances_the_owner_publishes_once_and_both_leave_it_out(brokers, prefix, tmp_path):  # noqa: F811
    with Simulator(world="hagiang", seed=1, start="end", speed=0, rate=SIMULATOR["rate"]) as platform:
        pair = Pair(brokers, prefix, tmp_path, platform.url)
        with running(*pair.both.values()):
            owner = pair.owner()
            pair.both[owner].wait_complete()
            log = shard_log.events(brokers, prefix)
            subject = min(e["subject"] for e in log if e["type"] == "certificate.issued")
            mentions = sum(e.get("subject") == subject for e in log)
            job = tmp_path / "job"
            job.write_text(f"mooc-pulse erasure 1\nlearner {digest(subject)}\n")
            for name in "ab":  # in whatever order: one of the two shards is each one's
                done = pair.both[name].command("erase", job)
                assert done.returncode == 0 and "1 of 2 parts of the work belong to another instance" in done.stdout, done
            erased = [e for e in shard_log.events(brokers, prefix) if e["type"] == "learner.erased"]
            assert [e["data"]["key"] for e in erased] == [digest(subject)]
            # Who takes the source over was told by the log.
            pair.both[owner].kill()
            other = pair.both["ab".replace(owner, "")]
            other.wait(lambda: len(other.through()) >= 4 and all(other.through().values()), 60)
            ended = max(other.through().values())
            other.wait(lambda: min(other.through().values(), default="") > ended, 60)
            log = shard_log.events(brokers, prefix)
            assert sum(e.get("subject") == subject for e in log) == mentions > 0
            assert sum(e["type"] == "learner.erased" for e in log) == 1
            shard_log.check_chains(log)
