"""An account that a link or a list names is its owner's, on a platform that tells what is learned and nothing of accounts: whichever of
the two comes first, over restarts and with next to no memory. Live, replay, `verify` and the recomputation agree after every step."""
import hashlib
import hmac
import json
import shutil

import pytest
from confluent_kafka import Producer

from conftest import BINARIES
from harness import checks, recompute
from harness.hand_made import event
from harness.stack import REFERENCE, WAVE, Stack, wait_for
from json_server import JsonServer

TABLES = ("states", "members", "carriers", "tallies", "activity", "activity_5min", "deadlines", "issues")
HALL = """
connector: hall
version: 1
title: {en: A hall where people learn}
auth: {kind: none}
streams:
  enrollments:
    for_each: course
    request: {path: "/members", query: {course: "{course}"}}
    pages: {by: next, next: /next}
    records: /rows
    every: 500ms
    on_vanish: keep
    learner: {account: /id}
    events:
      - {type: enrollment.created, time: /at}
  results:
    for_each: course
    request: {path: "/results", query: {course: "{course}"}}
    pages: {by: next, next: /next}
    records: /rows
    every: 500ms
    on_vanish: keep
    learner: {account: /id}
    events:
      - {type: exam.graded, exam: course, time: /at, passed: {is: [/result, "PASS"]}}
"""
PEOPLE = [("Lò Thị An", "an@x.vn"), ("Lò Thị Bình", "binh@x.vn"), ("Lò Thị Chi", "chi@x.vn"), ("Lò Thị Dung", "dung@x.vn")]


class World:
    def __init__(self, folder, hall_url):
        self.stack = stack = Stack(folder, BINARIES, events=3).open()
        self.reference = stack.folder / "reference"
        shutil.copytree(REFERENCE, self.reference)
        with (self.reference / "courses.csv").open("a") as courses:
            courses.write("hall,c,DA06-2023,\n")
        (stack.folder / "connectors").mkdir()
        (stack.folder / "connectors/hall.yaml").write_text(HALL)
        stack.make_aggregator(cache_bytes="1MiB")
        hall = {"name": "hall", "kind": "hall", "url": hall_url, "courses": ["c"], "requests_per_minute": 60000}
        stack.make_ingest([hall, stack.files_source(poll="200ms")], reference=str(self.reference),
                          connectors_dir=str(stack.folder / "connectors"))
        stack.command("mooc-aggregator", "config", "load", self.reference)
        for service in (stack.aggregator, stack.ingest):
            service.start()
        for service in (stack.aggregator, stack.ingest):
            wait_for(lambda s=service: s.port_file.exists() and s.get("/readyz")[0] == 200, 60, f"{service.binary.name} ready")
        self.producer, self.turn = Producer({"bootstrap.servers": stack.brokers}), 0

    def key(self, kind, text):
        secret = (self.stack.folder / "hmac-key").read_bytes().removesuffix(b"\n").removesuffix(b"\r")
        return f"{kind}:{hmac.new(secret, kind.encode() + bytes(1) + text.encode(), hashlib.sha256).hexdigest()[:32]}"

    def account(self, name):
        return self.key("account@hall", name)

    def publish(self, value):
        key = json.loads(value)
        self.producer.produce(self.stack.topics["events"], value, key.get("subject") or key["entity"])
        assert self.producer.flush(60) == 0

    def link(self, email, account, linked=True):
        self.turn += 1
        self.publish(event("identity.linked" if linked else "identity.unlinked", f"link:{email}:{account}", source="lists", revision=self.turn,
                           identifiers=[self.key("email", email), self.account(account)]))

    def name_in_a_row(self, email, account):
        """As another producer lists somebody."""
        self.turn += 1
        name = self.key("name", email)[:21]
        identifiers = [self.key("email", email)] + ([self.account(account)] if account else [])
        self.publish(event("roster.listed", f"roster:other:{email}", f"{identifiers[0]}+{name[5:]}", "2023-09-15T08:00:00+07:00", "others",
                           self.turn, wave=WAVE, unit="HG-SNV", name=name, identifiers=identifiers))

    def counted(self):
        """All that the log holds now."""
        ends = checks.log_ends(self.stack)

        def there():
            read = {(t, p): o for t, p, o in self.stack.query("SELECT topic, partition, next_offset FROM pulse.offsets WHERE generation = 1")}
            return all(read.get(place, 0) >= end for place, end in ends.items())
        wait_for(there, 30, "all is counted", 0.05)

    def figures(self):
        (listed,), (apart,) = self.stack.query(
            "SELECT ARRAY[sum(registered), sum(accounts), sum(enrolled), sum(sat), sum(passed)]::bigint[] FROM gen_1.tallies WHERE scope = 'wave'"
            " UNION ALL SELECT ARRAY[sum(not_registered)]::bigint[] FROM gen_1.tallies WHERE scope = 'training'")
        return [n or 0 for n in (*listed, *apart)]

    def issues(self, kind):
        return self.stack.query("SELECT count(*) FROM gen_1.issues WHERE kind = %s", kind)[0][0]

    def comes_to(self, *wanted):
        """registered, with an account, enrolled, sat, passed of those listed; and how many are on no list."""
        try:
            wait_for(lambda: self.figures() == list(wanted), 30, "the figures", 0.1)
            self.counted()
            assert self.figures() == list(wanted)
        except AssertionError as fault:
            raise AssertionError(f"figures {self.figures()}, should be {wanted}") from fault
        assert self.issues("account_not_on_roster") == wanted[-1] and self.issues("no_account") == wanted[0] - wanted[1]
        assert [d for d in recompute.differences(self.stack.query) if d.table != "marks"] == []  # these go on coming
        outcome = json.loads(self.stack.command("mooc-aggregator", "verify", "--format", "json").stdout)
        assert outcome["equal"], outcome
        for how in ((), ("--ranges", "3")):
            self.replayed(*how)

    def replayed(self, *how):
        made = json.loads(self.stack.command("mooc-aggregator", "replay", "start", "--format", "json", *how).stdout)["generation"]
        for table in TABLES:
            one, two = (self.stack.query(f"SELECT t::text FROM gen_{g}.{table} t ORDER BY 1") for g in (1, made))
            assert one == two, table
        self.stack.command("mooc-aggregator", "replay", "drop")

    def restart(self):
        assert self.stack.aggregator.stop()[0] == 0
        self.stack.aggregator.start()


@pytest.fixture
def hall():
    """The learners shown so far."""
    shown = []

    def answer(path, query, headers):
        rows = [{"id": name, "at": "2023-09-21T08:00:00Z"} | ({"result": "PASS"} if path == "/results" else {}) for name in shown]
        return 200, {"rows": rows, "next": None}, {}
    with JsonServer(answer) as server:
        yield server.url, shown


@pytest.mark.long
def test_an_account_is_whose_it_is_named_before_and_after_it_learned(hall, tmp_path):
    url, shown = hall
    world = World(tmp_path, url)
    try:
        path = world.stack.folder / "people.csv"
        path.write_text("STT,Họ và tên,Email,Đơn vị,Tổ\n" + "".join(f"{n},{name},{email},Sở Nội vụ,1\n" for n, (name, email) in enumerate(PEOPLE)))
        world.stack.command("mooc-ingest", "import", path, "--scope", "complete", "--received", "2023-09-15", "--yes")
        world.comes_to(4, 0, 0, 0, 0, 0)
        world.link("an@x.vn", "an")  # of whom nothing is known yet
        world.comes_to(4, 0, 0, 0, 0, 0)
        world.restart()
        shown += ["an", "binh"]
        world.comes_to(4, 1, 1, 1, 1, 1)
        world.link("binh@x.vn", "binh")  # who has learned
        world.comes_to(4, 2, 2, 2, 2, 0)
        world.link("an@x.vn", "an", linked=False)
        world.comes_to(4, 1, 1, 1, 1, 1)
        world.restart()
        world.link("an@x.vn", "an")
        world.comes_to(4, 2, 2, 2, 2, 0)

        # Lists that name accounts: of one who comes later, and of one who was there before.
        world.name_in_a_row("emi@x.vn", "emi")
        world.comes_to(5, 2, 2, 2, 2, 0)
        shown += ["emi", "giang"]
        world.comes_to(5, 3, 3, 3, 3, 1)
        world.name_in_a_row("giang@x.vn", "giang")
        world.comes_to(6, 4, 4, 4, 4, 0)
        world.name_in_a_row("giang@x.vn", "")  # the list without it
        world.restart()
        world.comes_to(6, 3, 3, 3, 3, 1)
    finally:
        world.stack.close()
