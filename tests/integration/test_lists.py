"""mooc-ingest reading the lists that offices send, against a real broker: what is listed is what the world says, whatever the
order of rows, files and crashes, and nothing personal leaves."""
import csv
import datetime
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

import shard_log
from harness.kafka_proxy import KafkaProxy

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

INGEST = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan")) / "mooc-ingest"
TOPICS = ("events", "state", "dead")
WAVE = "DA06-2023-HG"
HEAD = ("STT", "Họ và tên", "Ngày sinh", "CCCD", "Email", "Điện thoại", "Đơn vị", "Tổ")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    out = tmp_path_factory.mktemp("hagiang")
    subprocess.run([sys.executable, "-m", "world", "hagiang", "--seed", "1", "--out", out], check=True,
                   cwd=ROOT / "tests", stdout=subprocess.DEVNULL)
    return out


@pytest.fixture(scope="module")
def truth(world):
    return json.loads((world / "truth.json").read_text())


class Lists:
    """A mooc-ingest with one source of lists."""

    def __init__(self, brokers, prefix, folder, **source):
        self.brokers, self.prefix, self.folder = brokers, prefix, folder
        self.reference = folder / "reference"
        shutil.copytree(ROOT / "config/hagiang-2023", self.reference)
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        (folder / "data").mkdir(mode=0o700)
        (folder / "key").touch(mode=0o600)
        (folder / "key").write_bytes(b"k" * 32)
        settings = {"name": "lists", "kind": "files", "wave": WAVE, "inbox": str(self.inbox), "poll": "200ms",
                    "scope": "complete"} | source
        config = {"brokers": brokers, "data_dir": str(folder / "data"), "instance": "a", "group": prefix + "g",
                  "hmac_key_file": str(folder / "key"), "reference": str(self.reference),
                  "metrics": {"listen": "off"}, "sources": [settings]}
        config |= {f"{topic}_topic": f"{prefix}mooc.{topic}.v1" for topic in TOPICS}
        self.config = folder / "ingest.yaml"
        self.config.write_text(json.dumps(config))
        self.process = None

    def start(self):
        self.log = open(self.folder / "log", "ab")
        begun = (self.folder / "log").stat().st_size
        self.process = subprocess.Popen([INGEST, "run", "--config", self.config], stderr=self.log)
        self.wait_for(lambda: '"running"' in (self.folder / "log").read_bytes()[begun:].decode())
        return self

    def stop(self):
        deadline = time.monotonic() + 20
        while not self.errors() and time.monotonic() < deadline:  # a signal before main() kills any program
            time.sleep(0.05)
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0, self.errors()

    def errors(self):
        return (self.folder / "log").read_text()[-3000:]

    def run(self, *arguments):
        return subprocess.run([INGEST, *arguments, "--config", self.config], capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def command(self, *arguments, code=0):
        done = self.run(*arguments)
        assert done.returncode == code, (arguments, done.stdout, done.stderr, self.errors())
        return done.stdout + done.stderr

    def importing(self, path, *arguments, scope="complete"):
        """The counts that the command tells: exit 1 tells a script that rows were not taken."""
        done = self.run("import", path, "--scope", scope, *arguments)
        assert done.stdout, (arguments, done.stderr, self.errors())
        words = done.stdout.splitlines()[0].rsplit(": ", 1)[1].removeprefix("would be ").split(", ")
        counts = {word.split()[1]: int(word.split()[0]) for word in words}
        assert done.returncode == (counts["rejected"] > 0), (done.returncode, done.stdout)
        return counts

    def last(self):
        return shard_log.by_type(shard_log.check_chains(shard_log.events(self.brokers, self.prefix)))

    def listed(self):
        return self.last()["roster.listed"]

    def drop(self, path):
        """Into the watched folder, whole at once."""
        hidden = self.inbox / f".{path.name}"
        shutil.copy(path, hidden)
        hidden.rename(self.inbox / path.name)

    def wait_for(self, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.errors()
            assert time.monotonic() < deadline, self.errors()
            time.sleep(0.2)

    def is_ready(self):
        return '"ready":true' in (self.folder / "data/status.json").read_text()

    def inbox_is_empty(self):
        return not [p for p in self.inbox.iterdir() if p.is_file()]


@pytest.fixture
def lists(brokers, prefix, tmp_path):
    running = Lists(brokers, prefix, tmp_path).start()
    yield running
    if running.process.poll() is None:
        running.stop()


def write(path, rows, head=HEAD):
    book = openpyxl.Workbook()
    book.active.append(head)
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def people(n, unit="Sở Tư pháp", start=0):
    return [(i + 1, f"Vàng A {chr(65 + i // 26)}{chr(97 + i % 26)}", "2/9/1990", f"0020900{i:05d}",
             f"nguoi{i}@hagiang.example", f"09120{i:05d}", unit, "Tổ 1") for i in range(start, start + n)]


def by_unit(listed):
    return Counter(event["data"]["unit"] for event in listed.values())


def test_lists_of_ha_giang(lists, world, truth):
    rejected = 0
    for path in sorted((world / "rosters").iterdir()):
        rejected += lists.importing(path)["rejected"]
    last = lists.last()
    faults = Counter(f for e in last["roster.listed"].values() for f in e["data"].get("faults", []))
    wanted = truth["faults"]
    assert rejected == len(last["record.rejected"]) == wanted["unit_unknown"]["rows"]
    assert faults == {k: wanted[k]["rows"] for k in ("email_malformed", "email_missing", "listed_twice")}
    assert len(last["roster.listed"]) == truth["people"] - rejected
    assert by_unit(last["roster.listed"]) == {
        u: m["registered"] for u, m in truth["before"]["units"].items() if m["registered"]}

    said = lists.command("correct", world / "corrections.xlsx")
    fixes = sum(f["corrections"] for f in wanted.values())
    assert f"{fixes} corrections applied, 0 already" in said
    said = lists.command("correct", world / "corrections.xlsx")
    assert f"0 corrections applied, {fixes} already" in said
    last = lists.last()
    assert not last["record.rejected"]
    assert len(last["identity.linked"]) == wanted["account_under_other_email"]["corrections"]
    assert by_unit(last["roster.listed"]) == {u: m["registered"] for u, m in truth["after"]["units"].items()}
    groups = Counter((e["data"]["group"], e["data"]["unit"]) for e in last["roster.listed"].values())
    assert groups == {(g, m["unit"]): m["registered"] for g, m in truth["after"]["groups"].items()}
    faults = Counter(f for e in last["roster.listed"].values() for f in e["data"].get("faults", []))
    open_ones = wanted["email_missing"]["rows"] - wanted["email_missing"]["corrections"]
    assert faults == {"email_missing": open_ones}

    # The uncorrected lists sent again undo nothing and change nothing.
    before = {e: v["revision"] for e, v in last["roster.listed"].items()}
    for path in sorted((world / "rosters").iterdir()):
        counts = lists.importing(path)
        assert counts["added"] == counts["removed"] == counts["changed"] == counts["rejected"] == 0
    assert {e: v["revision"] for e, v in lists.listed().items()} == before

    # Totals of the other waves, twice, from both forms.
    assert "27 added" in lists.command("import", world / "totals.xlsx", "--kind", "totals")
    assert "27 unchanged" in lists.command("import", world / "totals.csv", "--kind", "totals")
    totals = lists.last()["totals.published"].values()
    assert sum("passed" not in e["data"] for e in totals) == 13
    with open(ROOT / "tests/data/provinces_2023.csv", encoding="utf-8") as f:
        printed = [r for r in csv.DictReader(f) if r["province_and_wave"] != "Hà Giang"]
    assert sorted((e["data"]["registered"], e["data"].get("passed", -1)) for e in totals) == sorted(
        (int(r["registered"]), int(r["passed"] or -1)) for r in printed)


def test_nothing_personal_leaves(lists, world, brokers, prefix):
    path = next(p for p in (world / "rosters").iterdir() if p.name.startswith("so_y_te"))
    lists.importing(path)
    book = openpyxl.load_workbook(path, data_only=True)
    cells = {str(c.value).strip() for s in book for row in s.iter_rows() for c in row if c.value}
    secrets = [c.encode() for c in cells
               if "@" in c or (c.replace(" ", "").isdigit() and len(c) >= 9) or c.startswith("Nguyễn ")]
    assert len(secrets) > 1000
    for topic in TOPICS:
        log = b"\n".join((key or b"") + (value or b"") for _, _, key, value in
                         shard_log.read(brokers, f"{prefix}mooc.{topic}.v1"))
        assert not [s for s in secrets if s in log]
    told = (lists.folder / "log").read_bytes() + (lists.folder / "data/listed-emails.sealed").read_bytes()
    assert not [s for s in secrets if s in told]
    for kept in (lists.folder / "data").rglob("*"):
        if kept.is_file() and ("imports" in kept.parts or "quarantine" in kept.parts or kept.suffix == ".sealed"):
            assert kept.stat().st_mode & 0o077 == 0, kept


def test_complete_and_supplement(lists, tmp_path):
    rows = people(20)
    full = write(tmp_path / "full.xlsx", rows)
    assert lists.importing(full, "--preview") == {
        "added": 20, "removed": 0, "changed": 0, "unchanged": 0, "rejected": 0}
    assert not lists.listed()
    assert lists.importing(full)["added"] == 20
    # Three late names do not remove twenty.
    late = write(tmp_path / "late.xlsx", people(3, start=20))
    assert lists.importing(late, scope="supplement") == {
        "added": 3, "removed": 0, "changed": 0, "unchanged": 0, "rejected": 0}
    # Two are missing from the complete list: they leave. So do the three late ones.
    random.Random(1).shuffle(rows)
    fewer = write(tmp_path / "fewer.xlsx", rows[2:])
    assert lists.importing(fewer, "--preview")["removed"] == 5
    assert lists.importing(fewer)["removed"] == 5
    assert len(lists.listed()) == 18
    # Half of them at once is held, and so are three after the five of today; what else the list says goes on. The preview says so.
    said = lists.command("import", write(tmp_path / "three.xlsx", rows[5:]), "--scope", "complete", "--preview")
    assert said.startswith("three.xlsx: would be 0 added, 0 removed, 0 changed, 15 unchanged, 0 rejected\n")
    assert ("note: unit HG-STP: 3 of 18 people are missing from the list, and 5 left in the 24 hours before: more than 30 % would not be "
            "removed at once but held until somebody decides (mooc-ingest hold list)\n") in said, said
    half = write(tmp_path / "half.xlsx", rows[11:] + people(1, start=30))
    said = lists.command("import", half, "--scope", "complete", "--preview", "--lang", "vi")
    assert ("ghi chú: đơn vị HG-STP: 9 trong 18 người không còn trong danh sách, và 5 người đã rời trong 24 giờ trước đó: quá 30 % thì sẽ "
            "không bị bỏ ngay mà được giữ lại cho đến khi có quyết định (mooc-ingest hold list)\n") in said, said
    assert lists.command("hold", "list") == "no removals are held\n", "a preview holds nothing"
    assert lists.importing(half) == {"added": 1, "removed": 0, "changed": 0, "unchanged": 9, "rejected": 0}
    assert len(lists.listed()) == 19
    held = lists.command("hold", "list")
    assert (f"lists, wave {WAVE}, unit HG-STP: 9 of 19 records are missing from the latest complete list (5 more were removed in the 24 hours "
            "before); held since ") in held, held
    held_vi = lists.command("hold", "list", "--lang", "vi")
    assert "nền tảng" not in held_vi and f"lists, đợt {WAVE}, đơn vị HG-STP: 9 trong 19 bản ghi" in held_vi, held_vi
    assert "mass removals that wait for a decision: 1; `mooc-ingest hold list` shows them\n" in lists.command("status")
    assert "1 chỗ có nhiều bản ghi biến mất đang chờ quyết định" in lists.command("status", "--lang", "vi")
    # After a restart nobody knows any more who is missing: it says that it waits for the list, and for what.
    lists.stop()
    lists.start()
    lists.wait_for(lists.is_ready)
    said = lists.command("hold", "accept", held.split()[0])
    assert "accepted; mooc-ingest was started anew since then, so this waits for the next complete list of that unit" in said, said
    assert ": đã chấp nhận; mooc-ingest đã khởi động lại" in lists.command("hold", "accept", held.split()[0], "--lang", "vi")
    assert "accepted, not yet carried out: mooc-ingest was started anew" in lists.command("hold", "list")
    assert "wait for a decision" not in lists.command("status")
    assert lists.importing(half)["removed"] == 9
    lists.wait_for(lambda: len(lists.listed()) == 10 and lists.command("hold", "list") == "no removals are held\n")


def test_a_removal_is_accepted_as_it_was_told(lists, tmp_path):
    """After a restart the next complete list carries it out: one that has hardly anybody is another removal."""
    rows = people(20)
    lists.importing(write(tmp_path / "full.xlsx", rows))
    half = write(tmp_path / "half.xlsx", rows[10:])
    assert lists.importing(half)["removed"] == 0
    hold = lists.command("hold", "list").split()[0]
    lists.stop()
    lists.start()
    lists.wait_for(lists.is_ready)
    lists.command("hold", "accept", hold)
    assert lists.importing(write(tmp_path / "wrong.xlsx", rows[19:]))["removed"] == 0
    held = lists.command("hold", "list")
    assert held.startswith(f"{hold}  lists, wave {WAVE}, unit HG-STP: 19 of 20 records ") and "waiting for a decision" in held, held
    assert len(lists.listed()) == 20
    # What is accepted as it is told now happens at once.
    lists.command("hold", "accept", hold)
    lists.wait_for(lambda: len(lists.listed()) == 1 and lists.command("hold", "list") == "no removals are held\n")


def test_when_lists_were_taken_is_told_after_a_restart(lists, tmp_path):
    begun = time.time()
    lists.wait_for(lists.is_ready)
    lists.importing(write(tmp_path / "a.xlsx", people(3)), "--preview")
    lists.wait_for(lambda: "no list taken yet" in lists.command("status"))
    for scope, kind, count in (("supplement", "a supplement", 3), ("complete", "complete", 4)):
        lists.importing(write(tmp_path / "a.xlsx", people(count)), scope=scope)
        for _ in range(2):
            lists.wait_for(lambda: f" {count} records  last list ({kind}) taken " in lists.command("status"))
            assert "not read completely" not in lists.command("status")
            stream, = json.loads(lists.command("status", "--format", "json"))["sources"][0]["streams"]
            taken = datetime.datetime.fromisoformat(stream["taken"].replace("Z", "+00:00")).timestamp()
            assert begun - 1 < taken < time.time() + 1
            lists.stop()
            lists.start()
            lists.wait_for(lists.is_ready)
    assert "danh sách gần nhất (đầy đủ) nạp lúc " in lists.command("status", "--lang", "vi")


def test_rows_in_any_order_are_the_same_people(lists, tmp_path):
    rows = people(12) + people(4)[::-1] + [(99, "VÀNG A AA", None, None, "nguoi0@hagiang.example", None,
                                           "SỞ TƯ PHÁP", "1")]
    lists.importing(write(tmp_path / "a.xlsx", rows))
    first = {e: v["data"] for e, v in lists.listed().items()}
    assert len(first) == 12
    for seed in range(4):
        random.Random(seed).shuffle(rows)
        counts = lists.importing(write(tmp_path / "a.xlsx", rows))
        assert counts["unchanged"] == 12 and counts["added"] == counts["changed"] == counts["removed"] == 0


def test_corrected_email_is_one_gone_and_one_new(lists, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("STT,Họ và tên,Email,Đơn vị\n1,Lò Thị A,sai@x.vn,Sở Tư pháp\n2,Lò Thị B,b@x.vn,Sở Tư pháp\n")
    lists.importing(path)
    old = next(e for e in lists.listed().values() if e["importrow"] == 2)
    fix = tmp_path / "fix.csv"
    fix.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\nlist.csv,,2,email_shared,,dung@x.vn\n"
                   "list.csv,,9,email_shared,,x@x.vn\nother.csv,,2,email_shared,,x@x.vn\n")
    said = lists.command("correct", fix, code=1)
    assert said.startswith("fix.csv: 1 corrections applied, 0 already in force, 2 refused\n")
    assert "row 2 of the form: the list has no such fault in row 2; it was changed as the form says" in said and "row 3 of the form" not in said
    assert re.search(r"correction row_not_found +1 +row 3\n", said) and re.search(r"correction file_not_kept +1 +row 4\n", said)
    last = lists.last()
    assert old["entity"] in last["roster.removed"]
    new = [e for e in last["roster.listed"].values() if e["importrow"] == 2]
    assert len(new) == 1 and new[0]["subject"] != old["subject"]
    log = shard_log.read(lists.brokers, f"{lists.prefix}mooc.events.v1")
    assert sum(json.loads(v)["type"].startswith("roster.") for _, _, _, v in log) == 4
    assert lists.importing(path)["unchanged"] == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is somebody else's operator")
def test_root_hands_over_to_the_user_that_runs_it(brokers, prefix):
    """As behind sudo. What that user could not read would stop whatever is handed over behind it."""
    nobody = 65534
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        lists = Lists(brokers, prefix, Path(folder))
        (lists.folder / "log").touch()
        for path in (lists.folder, *lists.folder.rglob("*")):
            os.chown(path, nobody, nobody)
        with open(lists.folder / "log", "ab") as log:
            lists.process = subprocess.Popen([INGEST, "run", "--config", lists.config], stderr=log, user=nobody, group=nobody, extra_groups=[])
        lists.wait_for(lambda: '"running"' in lists.errors() and lists.is_ready())
        half = write(lists.folder / "half.xlsx", people(20)[10:])
        os.chmod(half, 0o600)
        assert lists.importing(write(lists.folder / "all.xlsx", people(20)))["added"] == 20
        assert lists.importing(half)["unchanged"] == 10
        lists.command("hold", "accept", lists.command("hold", "list").split()[0])
        lists.wait_for(lambda: len(lists.listed()) == 10 and not list((lists.folder / "data/holds").iterdir()))
        assert {path.stat().st_uid for path in (lists.folder / "data").rglob("*")} == {nobody}
        lists.stop()


def test_a_job_that_cannot_be_read_is_told(lists, tmp_path):
    """Whatever is handed over behind it waits."""
    lists.wait_for(lists.is_ready)
    job = tmp_path / "data/spool/lists/20200101T000000000000-0000.job"
    job.mkdir(parents=True)
    said = lists.run("import", write(tmp_path / "one.xlsx", people(1)), "--scope", "supplement", "--timeout", "2s")
    assert said.returncode == 3, said
    assert f"problem: a job in the spool cannot be read: {job} is no plain file" in lists.command("status")
    assert lists.errors().count("a job in the spool cannot be read") == 1
    job.rmdir()
    lists.wait_for(lambda: len(lists.listed()) == 1)


def test_two_sources_keep_addresses_at_once(brokers, prefix, tmp_path):
    """What a list of another source adds while corrections wait for their commit stays. Both sources are of one shard."""
    with KafkaProxy(brokers) as proxy:
        lists = Lists(proxy.address, prefix, tmp_path)
        config = json.loads(lists.config.read_text())
        config["sources"].insert(0, {"name": "others", "kind": "files", "wave": WAVE})
        lists.config.write_text(json.dumps(config))
        lists.start()
        lists.wait_for(lists.is_ready)
        rows = [list(row) for row in people(2)]
        rows[0][4] = "nguoi0@@hagiang.example"
        lists.command("import", write(tmp_path / "two.xlsx", rows), "--source", "lists", "--scope", "supplement")
        sealed = tmp_path / "data/listed-emails.sealed"
        before = sealed.stat().st_size
        fix = tmp_path / "fix.csv"
        fix.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\ntwo.xlsx,,2,email_malformed,,nguoi0@hagiang.example\n")
        other = write(tmp_path / "one.xlsx", people(1, start=50))
        proxy.cut()
        said = []
        for words in (("correct", fix, "--source", "lists"), ("import", other, "--source", "others", "--scope", "supplement")):
            said.append(subprocess.Popen([INGEST, *words, "--timeout", "60s", "--config", lists.config], stdout=subprocess.PIPE, text=True))
            time.sleep(1.2)
        proxy.heal()
        assert [command.communicate(timeout=60)[0].splitlines()[0] for command in said] == [
            "fix.csv: 1 corrections applied, 0 already in force, 0 refused", "one.xlsx: 1 added, 0 removed, 0 changed, 0 unchanged, 0 rejected"]
        # Of each address its own bytes and 34 more.
        assert sealed.stat().st_size - before == len("nguoi0@hagiang.example") + len("nguoi50@hagiang.example") + 2 * 34
        lists.stop()


def test_who_did_what_and_why_is_kept(lists, tmp_path):
    """Who typed it, also behind sudo, or nobody for the watched folder; no preview, no refusal, nothing of the people."""
    assert lists.command("audit") == "nothing yet\n" and lists.command("audit", "--format", "json") == ""
    path = tmp_path / "list.csv"
    path.write_text("STT,Họ và tên,Email,Đơn vị\n1,Lò Thị A,a@@x,Sở Tư pháp\n2,Lò Thị B,b@x.vn,Sở Tư pháp\n")
    supplement, why = ("--scope", "supplement"), 'theo công văn 12/STP, "gấp"'
    lists.command("import", path, *supplement, "--preview")
    asked = subprocess.run([INGEST, "import", path, *supplement, "--reason", why, "--config", lists.config], capture_output=True, text=True,
                           env=os.environ | {"SUDO_USER": "van-thu"})
    assert asked.returncode == 0, asked.stderr
    fix = tmp_path / "fix.csv"
    fix.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\nlist.csv,,2,email_malformed,,a@x.vn\n")
    lists.command("correct", fix, "--reason", "đơn vị báo lại")
    imported = json.loads(lists.command("audit", "--format", "json").splitlines()[0])["import"]
    lists.command("import", "revoke", imported, "--yes", "--reason", "nhầm đợt")
    lists.command("import", tmp_path / "none.csv", *supplement, code=1)
    assert "--reason: longer than" in lists.command("import", path, *supplement, "--reason", "x" * 600, code=2)
    lists.drop(write(tmp_path / "folder.xlsx", people(2)))
    lists.wait_for((lists.inbox / "done/folder.xlsx.txt").exists)
    entries = [json.loads(line) for line in lists.command("audit", "--format", "json").splitlines()]
    me = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
    me = os.environ.get("SUDO_USER") or me
    assert [(e["by"], e["command"], e["reason"], e["result"]["file"]) for e in entries] == [
        ("van-thu", "import", why, "list.csv"), (me, "correct", "đơn vị báo lại", "fix.csv"), (me, "import revoke", "nhầm đợt", "list.csv"),
        ("", "import", "", "folder.xlsx")]
    assert [e["import"] == imported for e in entries] == [True, False, True, False] and all(e["source"] == "lists" for e in entries)
    assert [(e["result"]["added"], e["result"]["removed"], e["result"]["applied"]) for e in entries] == [(2, 0, 0), (0, 0, 1), (0, 2, 0), (2, 0, 0)]
    said = lists.command("audit", "--lang", "vi")
    assert f"  van-thu  import  {imported}  list.csv: 2 thêm mới" in said and f"    lý do: {why}\n" in said and "thư mục theo dõi" in said
    kept = lists.folder / "data/audit.jsonl"
    assert kept.stat().st_mode & 0o777 == 0o600 and not re.search("Lò|@x", kept.read_text())


def test_a_correction_gives_nobody_the_address_of_another(lists, tmp_path):
    """Of another row, or of another row of the form: neither loses what is linked by it."""
    lists.importing(write(tmp_path / "a.xlsx", [
        ["1", "Lò A", "a@x.vn", "Sở Tư pháp", ""], ["2", "Lò B", "", "Sở Tư pháp", ""], ["3", "Lò C", "", "Sở Tư pháp", ""],
        ["4", "Lò D", "", "Sở Tư pháp", ""], ["5", "Lò E", "", "Sở Tư pháp", ""]],
        head=["STT", "Họ và tên", "Email", "Đơn vị", "Tổ"]))
    before = lists.listed()
    fix = write(tmp_path / "fix.xlsx", [["a.xlsx", "", "3", "email_missing", "", "a@x.vn"], ["a.xlsx", "", "4", "email_missing", "", "c@x.vn"],
                                       ["a.xlsx", "", "5", "email_missing", "", "c@x.vn"]],
                head=["File", "Sheet", "Dòng", "Lỗi", "Cần làm", "Sửa thành"])
    said = lists.command("correct", fix, code=1)
    assert said.startswith("fix.xlsx: 0 corrections applied, 0 already in force, 3 refused\n"), said
    assert re.search(r"correction email_of_other +3 +sheet Sheet: row 2, 3, 4\n", said), said
    for row, other in ((2, 2), (3, 5), (4, 4)):
        assert f"row {row} of the form: this e-mail address is already another person's, row {other}\n" in said, said
    assert lists.listed() == before
    said = lists.command("correct", fix, "--lang", "vi", code=1)
    assert "địa chỉ e-mail này đã có ở dòng 2 của người khác" in said and "e-mail là của người khác" in said, said
    write(fix, [["a.xlsx", "", "3", "email_missing", "", "b@x.vn"]], head=["File", "Sheet", "Dòng", "Lỗi", "Cần làm", "Sửa thành"])
    assert "1 corrections applied" in lists.command("correct", fix)
    write(fix, [["a.xlsx", "", "6", "email_missing", "", "b@x.vn"]], head=["File", "Sheet", "Dòng", "Lỗi", "Cần làm", "Sửa thành"])
    assert "already another person's, row 3\n" in lists.command("correct", fix, code=1)


def test_a_row_that_changes_keeps_its_day(lists, tmp_path):
    """Only new rows count from a later list's day: what changes in a row is what it should have said."""
    path = tmp_path / "list.csv"
    head, a, b, c = "STT,Họ và tên,Email,Đơn vị,Tổ\n", "1,Lò Thị A,a@x.vn,Sở Tư pháp,", "2,Lò Thị B,b@x.vn,Sở Tư pháp,1\n", "3,Lò Thị C,c@x.vn,Sở Tư pháp,1\n"
    path.write_text(f"{head}{a}1\n{b}")
    lists.importing(path, "--received", "2023-09-20")
    path.write_text(f"{head}{a}2\n{b}{c}")
    said = lists.command("import", path, "--scope", "complete", "--received", "2023-09-25")
    assert "as do rows of which only something changed; --received counts for rows that are new" in said, said
    lists.wait_for(lambda: len(lists.listed()) == 3)
    found = sorted((e["importrow"], e["data"]["group"], e["time"][:10]) for e in lists.listed().values())
    assert found == [(2, "2", "2023-09-19"), (3, "1", "2023-09-19"), (4, "1", "2023-09-24")], found


def test_a_list_without_addresses_says_whom_it_takes_them_from(lists, tmp_path):
    """Its rows are what the newest list says: before it is imported, the preview tells what that costs."""
    path = tmp_path / "list.csv"
    path.write_text("Họ và tên,CCCD,Email,Đơn vị\nLò Thị A,002090000001,a@x.vn,Sở Tư pháp\nLò Thị B,002090000002,b@x.vn,Sở Tư pháp\n")
    lists.importing(path)
    path.write_text("Họ và tên,CCCD,Đơn vị\nLò Thị A,002090000001,Sở Tư pháp\nLò Thị C,002090000003,Sở Tư pháp\n")
    for more in (("--preview",), ()):
        said = lists.command("import", path, "--scope", "supplement", *more)
        assert "the list has no e-mail address at all, and 1 row that was there is now as it says" in said, said
    assert "no e-mail address" not in lists.command("import", path, "--scope", "supplement"), "nothing changes any more"
    path.write_text("Họ và tên,CCCD,Email,Đơn vị\nLò Thị A,002090000001,,Sở Tư pháp\nLò Thị B,002090000002,b@x.vn,Sở Xây dựng\n")
    assert "no e-mail address" not in lists.command("import", path, "--scope", "supplement"), "one cell that is empty"


def test_lists_are_timed_by_when_they_were_handed_in(brokers, prefix, tmp_path):
    lists = Lists(brokers, prefix, tmp_path, received="saved").start()
    try:
        path = tmp_path / "list.csv"
        path.write_text("STT,Họ và tên,Email,Đơn vị\n1,Lò Thị A,sai@x.vn,Sở Tư pháp\n2,Lò Thị B,b@x.vn,Sở Tư pháp\n")
        lists.importing(path, "--received", "2023-09-20")
        assert {e["time"] for e in lists.listed().values()} == {"2023-09-19T17:00:00.000000Z"}, "the day's begin in Vietnam"
        for more in ((), ("--preview",)):  # another day for what is there already
            again = lists.command("import", path, "--scope", "complete", "--received", "2023-09-21", *more)
            assert "note: 2 rows were there already and say nothing new: they keep the day on which they were handed in first" in again, again
        assert "dòng đã có từ trước" in lists.command("import", path, "--scope", "complete", "--received", "2023-09-21", "--lang", "vi")
        assert "already" not in lists.command("import", path, "--scope", "complete")
        assert {e["time"] for e in lists.listed().values()} == {"2023-09-19T17:00:00.000000Z"}
        fix = tmp_path / "fix.csv"
        fix.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\nlist.csv,,2,email_shared,,dung@x.vn\n")
        assert "handed in first" not in lists.command("correct", fix, "--received", "2023-09-30 09:00")
        said = lists.command("correct", fix, "--received", "2023-10-01")
        assert "note: 1 corrections were in force already: they keep the day on which they were handed in first" in said, said
        last = lists.last()
        corrected = next(e for e in last["roster.listed"].values() if e["importrow"] == 2)
        assert {e["time"] for e in (corrected, *last["roster.removed"].values())} == {"2023-09-30T02:00:00.000000Z"}
        saved = write(tmp_path / "saved.xlsx", people(2, unit="Sở Ngoại vụ"))
        os.utime(saved, (1695200000, 1695200000))
        shutil.copy2(saved, lists.inbox / ".saved.xlsx")
        (lists.inbox / ".saved.xlsx").rename(lists.inbox / "saved.xlsx")
        lists.wait_for(lambda: len(lists.listed()) == 4)
        assert sum(e["time"] == "2023-09-20T08:53:20.000000Z" for e in lists.listed().values()) == 2
        for wrong in ("2199-01-01", "hôm qua"):
            assert "--received" in lists.command("import", path, "--scope", "complete", "--received", wrong, code=2)
    finally:
        lists.stop()


def test_corrections_find_their_list_among_those_of_one_name(lists, tmp_path):
    """Many offices send a "danh sach.xlsx", and an office sends its own again, re-sorted."""
    head = "STT,Họ và tên,Email,Đơn vị\n"
    for n, unit in enumerate(("Sở Tư pháp", "Sở Nội vụ")):
        folder = tmp_path / str(n)
        folder.mkdir()
        rows = [f"1,Lò Thị {n}A,a{n}@x.vn,{unit}\n", f"2,Lò Thị {n}B,sai{n},{unit}\n", f"3,Lò Thị {n}C,,{unit}\n"]
        (folder / "ds.csv").write_text(head + "".join(rows if n == 0 else rows[::-1]))
        lists.importing(folder / "ds.csv")
    fix = tmp_path / "fix.csv"
    fix.write_text("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\n"
                   "ds.csv,,4,email_missing,,c0@x.vn\n"    # the older list: the newer one's row 4 has an e-mail
                   "ds.csv,,2,email_missing,,c1@x.vn\n"    # the newer one
                   "ds.csv,,3,email_malformed,,b1@x.vn\n"  # in both: the newest
                   "ds.csv,,9,email_missing,,x@x.vn\n")
    said = lists.command("correct", fix, code=1)
    assert "3 corrections applied" in said and "row_not_found" in said, said
    left = sorted((e["data"]["unit"], e["importrow"], *e["data"]["faults"])
                  for e in lists.listed().values() if "faults" in e["data"])
    assert left == [("HG-STP", 3, "email_malformed")]
    assert "0 corrections applied, 3 already" in lists.command("correct", fix, code=1)


def test_unknown_unit_waits_for_the_reference(lists, tmp_path):
    path = write(tmp_path / "la.xlsx", people(2, unit="Ban Lạ") + people(1, start=5))
    assert lists.importing(path, "--received", "2023-09-20")["rejected"] == 2
    lists.importing(write(tmp_path / "khac.xlsx", people(1, start=5)), "--received", "2023-09-25", scope="supplement")
    dead = lists.last()["record.rejected"].values()
    assert {e["data"]["reason"] for e in dead} == {"unit_unknown"}
    assert len(list((lists.folder / "data/quarantine/lists").iterdir())) == 2
    told = lists.command("dead", "list", "--lang", "vi")
    assert "  tên đơn vị chưa có trong danh mục: " in told and "la.xlsx, Sheet dòng 2 (lần nạp " in told, told
    assert 'đơn vị "Ban Lạ" chưa có trong danh mục' in told and "is not known" not in told, told
    assert "unit_unknown" not in told and "unit_unknown: " in lists.command("dead", "list")
    kept = lists.command("import", "list", "--lang", "vi")
    assert "roster      đầy đủ   la.xlsx  đợt " + WAVE in kept, kept
    units = lists.reference / "units.csv"
    units.write_text(units.read_text().replace("SNV|", "SNV|Ban Lạ|"))
    lists.wait_for(lambda: len(lists.listed()) == 3)
    last = lists.last()
    assert by_unit(last["roster.listed"]) == {"HG-SNV": 2, "HG-STP": 1}
    assert {e["time"] for e in last["roster.listed"].values()} == {"2023-09-19T17:00:00.000000Z"}, "they count from the day of their list"
    assert not last["record.rejected"] and len(last["record.accepted"]) == 2
    assert not list((lists.folder / "data/quarantine/lists").iterdir())
    # A row without a name is an issue as long as the file has it so.
    path = write(tmp_path / "ten.xlsx", people(1, start=8) + [(2, None, *people(1, start=9)[0][2:])])
    for _ in range(2):
        assert lists.importing(path, scope="supplement")["rejected"] == 1
        assert [e["data"]["reason"] for e in lists.last()["record.rejected"].values()] == ["name_missing"]
    assert lists.importing(write(path, people(2, start=8)), scope="supplement")["rejected"] == 0
    assert not lists.last()["record.rejected"]
    # A row that its file no longer has is no issue any more.
    said = lists.command("import", write(tmp_path / "mo.xlsx", people(1, unit="Ban Mơ", start=7)), "--scope", "supplement", code=1)
    assert said.count('note: unit "Ban Mơ" is not known') == 1 and "@" not in said
    assert len(lists.last()["record.rejected"]) == 1
    lists.importing(write(tmp_path / "mo.xlsx", people(1, start=7)), scope="supplement")
    assert not lists.last()["record.rejected"]


def test_watched_folder_says_why(lists, tmp_path):
    (tmp_path / "cũ.xls").write_bytes(b"\xd0\xcf\x11\xe0....")
    lists.drop(tmp_path / "cũ.xls")
    lists.drop(write(tmp_path / "tốt.xlsx", people(6)))
    lists.wait_for(lists.inbox_is_empty)
    lists.wait_for(lambda: (lists.inbox / "failed/cũ.xls.txt").exists() and (lists.inbox / "done/tốt.xlsx.txt").exists())
    assert "Save As > Excel Workbook (.xlsx)" in (lists.inbox / "failed/cũ.xls.txt").read_text()
    assert "6 added" in (lists.inbox / "done/tốt.xlsx.txt").read_text()
    lists.stop()
    lists.config.write_text(json.dumps(json.loads(lists.config.read_text()) | {"lang": "vi"}))
    lists.start()
    lists.drop(write(tmp_path / "nữa.xlsx", people(7)))
    lists.wait_for((lists.inbox / "done/nữa.xlsx.txt").exists)
    assert "nữa.xlsx: 1 thêm mới, 0 rời danh sách, " in (lists.inbox / "done/nữa.xlsx.txt").read_text()
    assert len(lists.listed()) == 7


def test_usage_is_told(lists, tmp_path):
    """Also while nobody runs, when it is handed over: nothing that is wrong by itself waits in the spool."""
    path = write(tmp_path / "a.xlsx", people(1))
    (tmp_path / "b.csv").write_text("Màu,Số\nđỏ,1\n")
    for stopped in (False, True):
        assert "--scope" in lists.command("import", path, code=2)
        assert "wave X is not in" in lists.command("import", path, "--scope", "complete", "--wave", "X", code=2)
        assert "published totals only" in lists.command("import", path, "--scope", "complete", "--wave",
                                                        "DA06-2023-KH", code=2)
        assert "unit X is not in" in lists.command("import", path, "--scope", "complete", "--unit", "X", code=2)
        assert "b.csv: no sheet has a header row" in lists.command("import", tmp_path / "b.csv", "--scope", "complete", code=1)
        assert "b.csv: no sheet has the columns File" in lists.command("correct", tmp_path / "b.csv", code=1)
        assert "no import of source lists has this id" in lists.command("import", "revoke", "20230920T000000000000-0000", "--yes", code=2)
        assert not list((lists.folder / "data/spool/lists").glob("*.*"))
        if not stopped:
            assert not lists.listed()
            lists.stop()
    assert "no preview can be made" in lists.command("import", path, "--scope", "complete", "--preview", code=3)
    assert not list((lists.folder / "data/spool/lists").glob("*.*"))


def test_an_office_reads_refusals_in_its_own_language(lists, tmp_path):
    """What is said of somebody's own file, whoever says it: the command, or the service that takes the file."""
    path = write(tmp_path / "a.xlsx", people(1))
    (tmp_path / "b.csv").write_text("Màu,Số\nđỏ,1\n")
    (tmp_path / "c.csv").write_text("STT,Họ và tên,Email\n")
    (tmp_path / "d.csv").write_text('STT,Họ và tên,Email\n1,"An,a@x.vn\n')
    (tmp_path / "cu.xls").write_bytes(b"\xd0\xcf\x11\xe0....")
    supplement = ("--scope", "supplement")
    for words, code, *arguments in (
            ("ghi rõ đây là danh sách gì", 2, "import", path), ("đợt X không có trong waves.csv", 2, "import", path, *supplement, "--wave", "X"),
            ("đơn vị X không có trong units.csv", 2, "import", path, *supplement, "--unit", "X"),
            ("chỉ có số tổng được công bố", 2, "import", path, *supplement, "--wave", "DA06-2023-KH"),
            ("--received: \"hôm qua\" không phải là một ngày", 2, "import", path, *supplement, "--received", "hôm qua"),
            ("b.csv: không trang tính nào có dòng tiêu đề", 1, "import", tmp_path / "b.csv", *supplement),
            ("c.csv: có dòng tiêu đề nhưng bên dưới không có ai", 1, "import", tmp_path / "c.csv", *supplement),
            ("d.csv: dòng 2: có dấu ngoặc kép mở mà không đóng", 1, "import", tmp_path / "d.csv", *supplement),
            (f"mooc-ingest: {tmp_path}/cu.xls: tệp Excel loại này (.xls) không đọc được", 1, "import", tmp_path / "cu.xls", *supplement),
            (f"mooc-ingest: {tmp_path}/khong-co.csv: không mở được: không có tệp hoặc thư mục này\n", 1,
             "import", tmp_path / "khong-co.csv", *supplement),
            ("mooc-ingest: noi-khac/khong-co.csv: không mở được: không có tệp hoặc thư mục này\n", 1, "correct", "noi-khac/khong-co.csv"),
            ("b.csv: không trang tính nào có dòng tiêu đề của kết quả thi", 1, "import", tmp_path / "b.csv", "--kind", "results"),
            (f"mooc-ingest: {tmp_path}/b.csv: không trang tính nào có đủ các cột File", 1, "correct", tmp_path / "b.csv"),
            ("không có lần nạp nào mang mã này", 2, "import", "revoke", "20230920T000000000000-0000", "--yes"),
            ("không có mục nào bị giữ mang mã 0123", 2, "hold", "accept", "0123"), ("không có mục nào bị giữ", 2, "hold", "reject", "0123")):
        said = lists.command(*arguments, "--lang", "vi", code=code)
        assert words in said and not re.search(r"\b(the|is|no|must|not)\b", said), said
    assert "--lang được nêu hai lần, là vi và fr: hãy bỏ một" in lists.command("status", "--lang", "vi", "--lang", "fr", code=2)
    lists.drop(tmp_path / "b.csv")
    lists.wait_for((lists.inbox / "failed/b.csv.txt").exists)

    def told():  # until Kafka has given it its shards, status says that it waits
        done = lists.run("status", "--lang", "vi")
        return done.returncode == 0 and "trục trặc: b.csv: không trang tính nào có dòng tiêu đề" in done.stdout
    lists.wait_for(told)
    assert "no sheet" not in lists.command("status", "--lang", "vi")
    said = lists.command("import", write(tmp_path / "mo.xlsx", people(1, unit="Ban Mơ", start=7)), *supplement, "--lang", "vi", code=1)
    assert 'ghi chú: đơn vị "Ban Mơ" chưa có trong danh mục' in said and "is not known" not in said, said


def test_what_came_of_a_job_that_nobody_waited_for_is_told(lists, tmp_path):
    lists.importing(write(tmp_path / "a.xlsx", people(3)), scope="supplement")
    lists.stop()
    path = write(tmp_path / "b.xlsx", people(4))
    said = lists.command("import", path, "--scope", "supplement", "--wave", "DA06-2023-HG", code=3)
    assert "later, `mooc-ingest import list` tells what came of it" in said
    waves = lists.reference / "waves.csv"
    assert "lists: jobs that wait for `mooc-ingest run`: 1" in lists.command("status", code=1)
    assert "b.xlsx  waits to be done" in lists.command("import", "list")
    waves.write_text("\n".join(line for line in waves.read_text().splitlines() if not line.startswith("DA06-2023-HG,")) + "\n")
    lists.start()
    lists.wait_for(lambda: list((lists.folder / "data/spool/lists").glob("*.result")) and lists.is_ready())
    assert "lists: answers that nobody fetched: 1, refusals among them: 1; `mooc-ingest import list` shows them" in lists.command("status")
    said = lists.command("import", "list")
    assert "b.xlsx: wave DA06-2023-HG is not in waves.csv\n" in said and "a.xlsx" in said, said
    assert "b.xlsx: đợt DA06-2023-HG không có trong waves.csv\n" in lists.command("import", "list", "--lang", "vi")
    assert "1 trả lời chưa ai xem, trong đó 1 bị từ chối" in lists.command("status", "--lang", "vi")


def test_job_waits_for_a_run_and_is_not_queued_twice(lists, tmp_path):
    lists.stop()
    path, spool = write(tmp_path / "a.xlsx", people(3)), lists.folder / "data/spool/lists"
    said = lists.command("import", path, "--scope", "complete", "--timeout", "1s", code=3)
    assert "is kept as job" in said
    begun = time.monotonic()
    said = lists.command("import", path, "--scope", "complete", code=3)
    assert time.monotonic() - begun < 10, "nobody is waited for who does not run"
    assert "no `mooc-ingest run` is at work here" in said and "no need to hand it over again" in said, said
    assert "handed over before as job" in said
    assert len(list(spool.glob("*.job"))) == len(list((spool / "files").iterdir())) == 1
    form = write(tmp_path / "form.xlsx", [("a.xlsx", None, 2, "email_malformed", "", "moi@hagiang.gov.vn")],
                 head=("File", "Sheet", "Dòng", "Lỗi", "Cần làm", "Sửa thành"))
    for _ in range(2):
        assert "is kept as job" in lists.command("correct", form, code=3)
    assert "chưa có `mooc-ingest run` nào chạy" in lists.command("correct", form, "--lang", "vi", code=3)
    assert len(list(spool.glob("*.job"))) == 2
    write(form, [("a.xlsx", None, 2, "email_malformed", "", "khac@hagiang.gov.vn")],
          head=("File", "Sheet", "Dòng", "Lỗi", "Cần làm", "Sửa thành"))
    lists.command("correct", form, code=3)
    assert len(list(spool.glob("*.job"))) == 3, "another content under the same name"
    lists.start()
    lists.wait_for(lambda: len(lists.listed()) == 3 and not list(spool.glob("*.job")))
    assert not any((spool / "files").iterdir())
    assert "already" in lists.command("correct", form), "done, so it may be handed over again"


@pytest.mark.timeout(240)
def test_killed_at_any_moment(lists, world, truth):
    rng = random.Random(7)
    for path in sorted((world / "rosters").iterdir()):
        lists.drop(path)
    for _ in range(12):
        time.sleep(rng.uniform(0.05, 1.5))
        lists.process.kill()
        lists.process.wait()
        lists.start()
    lists.wait_for(lists.inbox_is_empty, 120)
    lists.wait_for(lambda: len(lists.listed()) == truth["people"] - 5, 30)
    last = lists.last()  # checks every chain
    assert by_unit(last["roster.listed"]) == {
        u: m["registered"] for u, m in truth["before"]["units"].items() if m["registered"]}
    assert not last["roster.removed"]
