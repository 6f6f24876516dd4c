"""The runbook is played through: its own commands, as they stand in docs/operate.md, with the figures recomputed after each."""
import csv
import hashlib
import json
import shutil
import subprocess
import time

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource

from conftest import BINARIES
from harness import checks, recompute
from harness.runbook import Runbook, check_words, read
from harness.stack import REFERENCE, Stack, wait_for
from test_replay import World, changed_rule

TRAINING = "DA06-2023"  # what the page's examples name
NOTHING = "Không có chỗ nào khác nhau."


@pytest.fixture
def world(tmp_path):
    """An aggregator that counts random events."""
    with World(tmp_path) as made:
        made.service.start()
        yield made


def right(world, *generations):
    """The figures are those recomputed from the archive, of the live generation or of these."""
    for generation in generations or (world.live(),):
        assert recompute.differences(world.stack.query, generation) == [], generation


def kept(world):
    return [g for g, in world.stack.query("SELECT generation FROM pulse.generations ORDER BY 1")]


def audited(world):
    return [a for a, in world.stack.query("SELECT action FROM pulse.audit ORDER BY entry") if a.startswith("replay")]


def book_of(world, play, **replaced):
    book = Runbook(world.stack, play, **{TRAINING: "TB"} | replaced)
    book.services["mooc-aggregator"] = world.service
    return book


def test_every_block_is_of_a_play():
    check_words()
    plays = {name.split("/")[0] for name in read()}
    assert plays == {"wrong-rule", "sent-again", "wrong-roster", "lose-postgresql", "lose-both", "lose-kafka", "yesterday", "new-fold",
                     "erase", "re-export", "retention", "verify"}


@pytest.mark.long
def test_after_a_wrong_pass_rule(world):
    def passed(generation):
        return world.stack.query(f"SELECT sum(passed)::int FROM gen_{generation}.tallies WHERE scope = 'training' AND training = 'TB'")[0][0]

    world.count(2500)
    book = book_of(world, "wrong-rule", **{"/etc/mooc-pulse/reference": changed_rule(world)})
    assert "training TB" in book.step("look")
    before = world.tables(1)
    assert "replay start --config" in book.step("refused")
    assert "TB" in book.step("try") and kept(world) == [1] and world.tables(1) == before
    assert "is ready" in book.step("start")
    two = kept(world)[1]
    right(world, 1, two)
    assert passed(two) < passed(1)
    assert f"phiên bản số liệu 1 (hiện hành, danh mục 1) → phiên bản số liệu {two}" in book.step("compare")
    with open(world.stack.folder / "differences.csv", encoding="utf-8-sig") as rows:
        found = [r for r in csv.DictReader(rows) if (r["level"], r["training"], r["measure"]) == ("training", "TB", "passed")]
    assert [(int(r["old"]), int(r["new"])) for r in found] == [(passed(1), passed(two))]
    assert len((world.stack.folder / "why.csv").read_text().splitlines()) > passed(1) - passed(two)
    world.count(300)
    assert f"generation {two} is live" in book.step("promote") and world.live() == two
    world.count(300)
    world.level(1, two)
    right(world, 1, two)
    book.step("rollback")
    assert world.live() == 1
    world.count(300)
    right(world)
    book.step("again")
    assert world.live() == two
    assert "no way back" in book.step("drop") and kept(world) == [two]
    world.count(300)
    right(world)
    assert audited(world) == [f"replay {a}" for a in ("start", "compare", "compare", "promote", "rollback", "promote", "drop")]
    book.done()


def test_after_a_platform_sent_a_month_again(world):
    first = world.events.take(1500)
    world.events.take = lambda count: first[:count]
    world.count(1500)
    figures = world.tables(1)
    book = book_of(world, "sent-again")
    backwards = first[::-1]
    world.events.take = lambda count: backwards
    world.count(1500)
    assert world.tables(1) == figures  # the same events again, the last ones first
    del world.events.take
    world.count(800)  # of the same people, facts that changed
    assert world.tables(1) != figures
    assert " 0  " in book.step("look")
    right(world)
    assert NOTHING in book.step("prove") and kept(world) == [1]
    if not book.lacks("verify"):
        book.step("verify")
    book.done()


class Office:
    """Both services, and an office that sends lists and results."""

    def __init__(self, folder, partitions=(3, 1, 1)):
        events, state, dead = partitions
        self.stack = Stack(folder, BINARIES, events=events, state=state, dead=dead).open()
        self.reference = self.stack.folder / "reference"
        shutil.copytree(REFERENCE, self.reference)
        for name, old, new in (("trainings.yaml", "by: platform", "min_score: 0.5"), ("courses.csv", None, "\nlists,KH-01,DA06-2023,final\n")):
            text = (self.reference / name).read_text()
            (self.reference / name).write_text(text.replace(old, new) if old else text.splitlines()[0] + new)
        self.service = self.stack.make_aggregator(hmac_key_file=str(self.stack.folder / "hmac-key"),
                                                  ingest_data_dir=str(self.stack.folder / "data"))
        self.ingest = self.stack.make_ingest([self.stack.files_source(poll="200ms")], reference=str(self.reference))
        for name in ("rosters", "backup"):
            (self.stack.folder / name).mkdir()
        self.command("mooc-aggregator", "config", "load", self.reference)

    def __enter__(self):
        self.service.start()
        self.ingest.start()
        wait_for(lambda: '"shard ready"' in self.ingest.log_text(), 30, "ingest is ready")
        return self

    def __exit__(self, *_):
        for name in ("_lost", "_before"):
            subprocess.run(["dropdb", "--if-exists", "--force", self.stack.database + name], check=True, capture_output=True)
        self.stack.close()

    def command(self, *words):
        return self.stack.command(*words).stdout

    def roster(self, name, people, unit="Sở Y tế"):
        path = self.stack.folder / "rosters" / name
        path.write_text("STT,Họ và tên,Email,Đơn vị\n" + "".join(
            f"{i},Nguyễn Văn {chr(65 + i // 26)}{chr(97 + i % 26)},n{i}@hg.example,{unit}\n" for i in people))
        return path

    def corrections(self):
        """The second person's address of y-te.csv was wrong."""
        path = self.stack.folder / "rosters/corrections.csv"
        path.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\ny-te.csv,,3,email_shared,,dung@x.vn\n")
        return path

    def send(self, path, scope="complete", kind="roster"):
        return self.command("mooc-ingest", "import", path, "--kind", kind, "--scope", scope, "--yes")

    def send_results(self, people):
        path = self.stack.folder / "rosters/results.csv"
        path.write_text("Họ và tên,Email,Mã khóa học,Điểm,Điểm tối đa\n" + "".join(
            f"Nguyễn Văn {chr(65 + i // 26)}{chr(97 + i % 26)},n{i}@hg.example,KH-01,{i % 10 + 1},10\n" for i in people))
        return self.send(path, "supplement", "results")

    def settled(self):
        wait_for(lambda: checks.counted_to_the_end(self.stack), 60, "nothing is left to count")

    def figures(self):
        """{unit: (registered, passed)}, when all that was published is counted and equals the recomputation."""
        self.settled()
        assert recompute.differences(self.stack.query, self.live()) == []
        return {u: (r, p) for u, r, p in self.stack.query(
            "SELECT unit, registered::int, passed::int FROM bi.participation WHERE registered > 0")}

    def live(self):
        return self.stack.query("SELECT generation FROM pulse.live")[0][0]

    def book(self, play, **replaced):
        book = Runbook(self.stack, play, **replaced)
        book.services |= {"mooc-aggregator": self.service, "mooc-ingest": self.ingest}
        return book


@pytest.fixture
def office(tmp_path):
    with Office(tmp_path) as made:
        yield made


@pytest.mark.long
def test_after_a_wrong_roster(office):
    office.send(office.roster("y-te.csv", range(20)))
    office.send_results(range(15))
    before = office.figures()
    assert before == {"HG-SYTE": (20, 7)}  # marks 1 to 10, and 1 to 5: 5 to 10, and one 5
    office.send(office.roster("wrong.csv", range(18, 26), "Sở Tư pháp"), "supplement")
    assert sum(r for r, _ in office.figures().values()) == 26 + 2 - 2
    book = office.book("wrong-roster")
    wrong = next(line.split()[0] for line in book.step("which").splitlines() if "wrong.csv" in line)
    told = {"20231002T081500000000-1a2b": wrong}
    assert "8 taken back" in book.step("preview", **told)
    assert sum(r for r, _ in office.figures().values()) == 26
    book.step("revoke")
    assert office.figures() == before
    office.roster("right.csv", range(22))
    assert "2 added" in book.step("import")
    assert office.figures() == {"HG-SYTE": (22, 7)}
    office.corrections()
    assert "1 corrections applied" in book.step("correct")
    office.figures()
    checks.check_tallies(office.stack)
    assert NOTHING in book.step("prove")
    book.done()


def test_after_losing_postgresql(office):
    office.send(office.roster("y-te.csv", range(20)))
    office.send_results(range(15))
    before = office.figures()
    book = office.book("lose-postgresql")
    if not book.lacks("every-day"):
        book.step("every-day")
    book.step("stop")
    subprocess.run(["dropdb", "--force", office.stack.database], check=True)
    office.send(office.roster("more.csv", range(30, 33), "Sở Tư pháp"))  # ingest goes on meanwhile
    book.step("server")
    if not book.lacks("restore"):
        assert book.step("restore")
    book.step("reference")
    book.step("count")
    after = office.figures()
    assert after.pop("HG-STP")[0] == 3 and after == before
    checks.check_tallies(office.stack)
    book.done()


@pytest.mark.long
def test_after_losing_kafka(office):
    stack = office.stack
    office.send(office.roster("y-te.csv", range(20)))
    office.send_results(range(15))
    assert "1 corrections applied" in office.command("mooc-ingest", "correct", office.corrections())
    before = office.figures()
    book = office.book("lose-kafka", **{"--partitions 8": "--partitions 3", "--partitions 4": "--partitions 1"})
    book.step("stop")
    stack._topics("--delete")
    time.sleep(1)  # the broker answers before they are gone
    assert book.step("topics").count("Created topic") == 3
    assert "recreated, truncated or restored" in book.step("refused")
    assert stack.query("SELECT sum(registered)::int FROM bi.participation") == [(20,)]
    assert "records in 3 partitions" in book.step("fill")
    if not book.lacks("backup"):
        book.step("backup")
    book.step("database")
    if not book.lacks("restore"):
        book.step("restore")
    book.step("reference")
    assert "the state is rebuilt" in book.step("state")
    book.step("start")
    assert office.figures() == before
    logged = len(checks.read_log(stack))
    assert "1 already in force" in book.step("correct")
    assert office.figures() == before
    said = office.send(stack.folder / "rosters/y-te.csv")
    assert "0 added, 0 removed, 0 changed, 20 unchanged" in said
    office.send(office.roster("y-te.csv", range(21)))
    assert office.figures()["HG-SYTE"][0] == 21
    checks.check_log(stack)
    assert len(checks.read_log(stack)) > logged
    book.step("drop")
    book.done()


def dump(world):
    """What the page's pg_dump makes."""
    (world.stack.folder / "backup").mkdir()
    subprocess.run(["pg_dump", "-Fc", "-f", world.stack.folder / "backup/mooc.dump", world.stack.database], check=True)


def delete_before(stack, offsets):
    """As retention does."""
    client = AdminClient({"bootstrap.servers": stack.brokers})
    for future in client.delete_records([TopicPartition(stack.topics["events"], p, n) for p, n in offsets.items()]).values():
        future.result()


def ended(service, why):
    """It stops by itself, and says why."""
    assert service.process.wait(20) == 1 and why in service.log_text(), service.log_text()[-2000:]


@pytest.mark.long
def test_postgresql_restored_to_yesterday(world):
    world.send_odd()
    world.count(1500)
    world.command("replay", "start")  # a generation was being followed
    dump(world)
    world.count(1500)
    world.level(1, 2)
    figures = world.tables(1)
    book = book_of(world, "yesterday")
    book.step("stop")
    book.step("restore")
    assert world.stack.query("SELECT count(*) < %s FROM archive.events", world.sent) == [(True,)]
    book.step("reference")
    book.step("start")
    world.counted()
    assert world.tables(1) == figures
    right(world)
    world.level(1, 2)
    right(world, 2)
    world.command("replay", "promote")  # as it was before
    world.count(300)
    right(world)
    book.done()


def test_a_log_older_than_the_database_is_refused(world):
    """Kafka was restored to an earlier moment than PostgreSQL: shorter, or written on since by somebody else."""
    log = world.events.take(1200)
    world.events.take = lambda count: log[:count]
    world.count(1200)
    figures = world.tables(1)
    for again, why in ((log[:600], "but was read to"), (log[::-1] + log, "has another record at offset")):
        world.service.stop()
        world.stack._topics("--delete")
        time.sleep(1)
        world.stack._topics()
        producer = Producer({"bootstrap.servers": world.stack.brokers})
        for key, value in again:
            producer.produce(world.stack.topics["events"], value, key)
        assert producer.flush(60) == 0
        ended(world.service.start(), why)
        assert world.tables(1) == figures  # readable, and as they were


def test_a_log_whose_last_record_retention_has_deleted_goes_on(world):
    """Nobody published for longer than the log is kept: nothing unread is gone, and there is nothing to compare the archive with."""
    world.count(300)
    world.service.stop()
    delete_before(world.stack, {p: n for t, p, n in world.vector(1) if t == world.stack.topics["events"]})
    world.service.start()
    world.count(200)
    right(world)
    world.service.stop()
    world.send(100)
    delete_before(world.stack, {p: n + 1 for t, p, n in world.vector(1) if t == world.stack.topics["events"]})
    ended(world.service.start(), "records were deleted unread")


@pytest.mark.long
def test_a_new_version_that_counts_differently(world, tmp_path):
    from test_standby import build
    (version,), = world.stack.query("SELECT fold_version FROM pulse.generations")
    other = build(tmp_path, "next", f"EXTRA_CFLAGS=-DFOLD_VERSION={version + 1}")
    following = world.stack.make_aggregator("aggregator-next")
    following.binary = other
    book = book_of(world, "new-fold", **{"/opt/mooc-pulse-next/bin/mooc-aggregator": other})
    book.services["mooc-aggregator-next"] = following
    world.count(2000)
    try:
        book.step("stand-by")
        wait_for(lambda: f"is folded by version {version}, this program is version {version + 1}" in following.log_text(), 20, "it says why")
        assert NOTHING in book.step("start")
        world.count(500)
        world.level(1, 2)
        right(world, 1, 2)
        book.step("promote")
        assert world.live() == 2
        world.count(500)
        world.level(1, 2)  # the old program keeps the old one current
        right(world, 1, 2)
        book.step("rollback")
        assert world.live() == 1
        world.count(500)
        world.level(1, 2)
        book.step("again")
        world.count(200)
        world.service.stop()
        world.count(300)
        stuck = world.command("replay", "rollback", "--hold", "500ms", code=1)
        assert f"it takes a running mooc-aggregator of fold version {version}" in stuck.stderr and world.live() == 2
        book.step("end")
        world.count(300)
        right(world)
        assert kept(world) == [2]
        book.done()
    finally:
        following.kill()


@pytest.mark.long
def test_after_losing_postgresql_and_the_logs_start(office):
    book = office.book("lose-both")
    missing = book.lacks("export") or book.lacks("load") or office.book("lose-postgresql").lacks("restore")
    if missing:
        pytest.skip(f"this build has no {missing}")
    office.send(office.roster("y-te.csv", range(20)))
    office.send_results(range(15))
    before = office.figures()
    office.book("lose-postgresql").step("every-day")
    book.step("export")
    office.service.stop()
    ends = office.stack.query("SELECT partition, next_offset FROM archive.offsets")
    delete_before(office.stack, {p: n - 1 for p, n in ends})
    subprocess.run(["dropdb", "--force", office.stack.database], check=True)
    office.book("lose-postgresql").step("server")
    book.step("load")
    book.step("promote")
    assert office.figures() == before
    office.send(office.roster("more.csv", range(30, 33), "Sở Tư pháp"))
    assert office.figures()["HG-STP"][0] == 3
    book.done()


def erased_in(stack, events):
    """Of these records, how many are about who was erased; their erasures apart."""
    keys = {k.hex for k, in stack.query("SELECT subject FROM archive.erasures")}
    events = [json.loads(e) for e in events]
    return sum(hashlib.sha256(e.get("subject", e["entity"]).encode()).hexdigest()[:32] in keys for e in events if e["type"] != "learner.erased")


def use_topic(office, name):
    """What the page says to write into both configurations."""
    for service in (office.service, office.ingest):
        config = json.loads(service.config.read_text())
        config["events_topic"] = name
        service.config.write_text(json.dumps(config))
    office.stack.topics["events"] = name


@pytest.mark.long
def test_erasing_a_person_and_the_logs_next_re_export(office):
    stack = office.stack
    listed = office.roster("y-te.csv", range(20))
    office.send(listed)
    office.send_results(range(15))
    before = office.figures()
    who = stack.folder / "who.txt"
    who.touch(mode=0o600)
    who.write_text("n9@hg.example\n")
    book = office.book("erase")
    assert book.step("preview").startswith("1 person: 1 accounts, 1 rows of lists, ") and office.figures() == before
    said = book.step("erase")
    receipt = (stack.folder / "receipt-17.txt").read_text()
    assert receipt in said and "generation 1 (shown): nothing is left of them" in receipt and not who.exists()
    after = office.figures()
    assert before == {"HG-SYTE": (20, 7)} and after == {"HG-SYTE": (19, 6)}  # the tenth had 10 of 10
    assert [a for a, in stack.query("SELECT action FROM pulse.audit WHERE action LIKE 'erase%%' ORDER BY entry")] == ["erase", "erase: archive"]
    book.done()

    old = stack.topics["events"]
    log = checks.read_log(stack)
    mentions = erased_in(stack, log)
    assert mentions >= 2
    book = office.book("re-export", **{"--partitions 8": "--partitions 3"})
    book.step("open")
    book.step("stop-ingest")
    office.settled()
    book.step("stop")
    assert f"{len(log) - mentions} records in 3 partitions" in book.step("fill")
    use_topic(office, f"{stack.prefix}mooc.events.v2")
    client = AdminClient({"bootstrap.servers": stack.brokers})
    try:
        book.step("database")
        book.step("start")
        assert office.figures() == after
        refilled = checks.read_log(stack)
        assert erased_in(stack, refilled) == 0 and len(refilled) >= len(log) - mentions
        assert "nobody is known" in stack.command("mooc-aggregator", "erase", "--preview", "--identifier-file", identifier(stack), code=1).stderr
        office.send(listed)  # the office sends its list once more
        assert office.figures() == after
        book.step("drop")
        wait_for(lambda: old not in client.list_topics(timeout=10).topics, 20, "the old topic is gone")
        checks.check_log(stack)
        book.done()
    finally:
        client.delete_topics([stack.topics["events"]])[stack.topics["events"]].result(30)


def identifier(stack):
    path = stack.folder / "again.txt"
    path.touch(mode=0o600)
    path.write_text("n9@hg.example\n")
    return path


def test_shortening_kafkas_retention(world):
    world.count(800)
    old = world.sent
    world.service.stop()
    # What was logged until now was logged months ago.
    world.stack.query("SELECT archive.ensure_month('2023-01-15')")
    world.stack.query("UPDATE archive.events SET log_time = '2023-01-15'")
    world.service.start()
    world.count(300)
    figures = world.tables(1)
    book = book_of(world, "retention", **{"2026-01": "2023-01"})
    said = book.step("export")
    assert f"exported 1 month(s): {old} records" in said and "1 whole month(s) are equal to the database" in said
    book.step("shorten")
    resource = ConfigResource(ConfigResource.Type.TOPIC, world.stack.topics["events"])
    client = AdminClient({"bootstrap.servers": world.stack.brokers})
    settings = client.describe_configs([resource])[resource].result(30)
    assert settings["retention.ms"].value == "5356800000"
    said = book.step("detach")
    assert f"month 2023-01 is out of the archive: {old} records; the figures stay" in said and "kept for 62 days" in said
    assert world.stack.query("SELECT count(*)::int FROM archive.events") == [(world.sent - old,)] and world.tables(1) == figures
    assert f"month 2023-01 is in the archive again: {old} records" in book.step("attach")
    right(world)
    book.done()


def test_verify_finds_what_somebody_changed_and_a_replay_puts_it_right(world):
    world.count(1200)
    book = book_of(world, "verify")
    book.step("regular")
    world.service.stop()
    world.stack.query("UPDATE gen_1.tallies SET passed = passed + 1 WHERE scope = 'training' AND training = 'TB' AND unit = ''")
    world.service.start()
    assert "TB" in world.command("verify", code=1).stdout
    said = book.step("anew", **{"--generation N": "--generation 2"})
    assert "generation 2 is ready" in said and "Đạt" in said
    book.step("promote")
    assert world.live() == 2
    world.count(200)
    right(world)
    book.done()
