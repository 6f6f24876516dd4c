"""mooc-ingest as an operator meets it: held removals, lost state, wrong topics, another key, a wrong clock."""
import datetime
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

import shard_log
from harness.kafka_proxy import KafkaProxy
from harness.stack import wait_for
from test_lists import INGEST, Lists, people, write
from test_shard import Driver, produce

ROOT = Path(__file__).resolve().parents[2]
COURSE = "course-v1:DEAN06+CDS01+2023"
BIN = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan"))
sys.path.insert(0, str(ROOT / "tests/platforms"))
from simulator import Simulator  # noqa: E402


def topics(brokers, prefix, *more):
    subprocess.run([sys.executable, ROOT / "deploy/dev/topics.py", "--brokers", brokers, "--prefix",
                    prefix, "--events", "3", "--state", "2", "--dead", "1", *more], check=True)


@pytest.fixture
def prefix(brokers):
    name = f"t{uuid.uuid4().hex[:8]}."
    topics(brokers, name)
    yield name
    topics(brokers, name, "--delete")


@pytest.fixture(scope="module")
def platform():
    with Simulator(world="hagiang", seed=1, port=0, start="end", speed=0) as simulator:
        yield simulator


class Instance:
    """One configured mooc-ingest. Instances of one test share key and topics, not data_dir."""

    def __init__(self, brokers, prefix, folder, name, url=None, key=b"k" * 32):
        self.folder = folder / name
        self.folder.mkdir(exist_ok=True)
        for secret, value in (("key", key), ("secret", b"sim-secret")):
            (self.folder / secret).touch(mode=0o600)
            (self.folder / secret).write_bytes(value)
        config = {"brokers": brokers, "data_dir": str(self.folder / "data"), "instance": name,
                  "group": prefix + "group", "hmac_key_file": str(self.folder / "key"),
                  "metrics": {"listen": "off"},
                  "reference": str(ROOT / "config/hagiang-2023")}
        config |= {f"{t}_topic": f"{prefix}mooc.{t}.v1" for t in ("events", "state", "dead")}
        if url:
            config["sources"] = [{"name": "daotao", "kind": "openedx", "url": url,
                                  "client_id": "mooc-pulse", "allow_http": True,
                                  "client_secret_file": str(self.folder / "secret"),
                                  "requests_per_minute": 60000, "sweep_every": "1s"}]
        self.config = self.folder / "ingest.yaml"
        self.config.write_text(json.dumps(config))  # JSON is YAML
        self.log = self.folder / "log"
        self.process = None

    def start(self, **environment):
        self.process = subprocess.Popen([BIN / "mooc-ingest", "run", "--config", self.config],
                                        stderr=open(self.log, "ab"), env=os.environ | environment)
        return self

    def stop(self):
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0, self.errors()
        took = time.monotonic() - begun
        assert took < 5
        return took

    def kill(self):
        self.process.kill()
        self.process.wait()

    def errors(self):
        return self.log.read_text()[-3000:]

    def command(self, *arguments):
        return subprocess.run([BIN / "mooc-ingest", *arguments, "--config", self.config],
                              capture_output=True, text=True, timeout=60)

    def status(self):
        try:
            return json.loads(self.command("status", "--format", "json").stdout or "{}")
        except json.JSONDecodeError:
            return {}

    def wait(self, condition, seconds=40):
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.errors()
            assert time.monotonic() < deadline, self.errors()
            time.sleep(0.2)

    def through(self):
        """Instants through which the streams are complete, as status tells them."""
        return {t["stream"]: t.get("through", "") for s in self.status().get("sources", [])
                if s["runs_here"] == "yes" for t in s["streams"]}

    def wait_complete(self, seconds=180):
        self.wait(lambda: len(self.through()) >= 4 and all(self.through().values()), seconds)


def chains(brokers, prefix):
    return shard_log.check_chains(shard_log.events(brokers, prefix))


def test_stopped_instance_says_so(brokers, prefix, tmp_path, platform):
    instance = Instance(brokers, prefix, tmp_path, "a", platform.url)
    never = instance.command("status")
    assert never.returncode == 1 and "nothing is known" in never.stderr
    instance.start()
    instance.wait_complete()
    running = instance.command("status")
    assert running.returncode == 0, running
    assert "mooc-ingest runs" in running.stdout and "complete as of" in running.stdout and "+07:00" in running.stdout
    changes = sum(json.loads(value)["type"] != "source.swept"
                  for _, _, _, value in shard_log.read(brokers, prefix + "mooc.events.v1"))
    wait_for(lambda: f"\n{changes} changes published since the start, 0 records" in instance.command("status").stdout, 10,
             f"{changes} changes and no mark in {running.stdout}")
    told = instance.command("status", "--lang", "vi")
    assert told.returncode == 0 and told.stdout.startswith("mooc-ingest đang chạy ("), told
    for words in ("  hôm nay đã hỏi ", " bản ghi  đầy đủ đến ", " (cách đây ", "đã chuyển đi "):
        assert words in told.stdout, told.stdout
    for words in ("records", "complete", "requests", "idle", "refused", "+07:00"):
        assert words not in told.stdout, told.stdout
    assert re.search(r"đầy đủ đến \d\d/\d\d/20\d\d \d\d:\d\d:\d\d \(cách đây ", told.stdout), told.stdout
    assert json.loads(instance.command("status", "--lang", "vi", "--format", "json").stdout)["sources"][0]["streams"][0]["state"]
    unknown = instance.command("status", "--lang", "fr")
    assert unknown.returncode == 2 and "must be one of vi|en" in unknown.stderr
    second = Instance(brokers, prefix, tmp_path, "a", platform.url).start()
    assert second.process.wait(20) == 2
    assert "stop it first" in second.errors()
    instance.stop()
    stopped = instance.command("status")
    assert stopped.returncode == 1 and "is stopped" in stopped.stdout and "changes" not in stopped.stdout
    assert re.match(r"mooc-ingest đã dừng \(từ \d\d/\d\d/20", instance.command("status", "--lang", "vi").stdout)


def test_check_and_template_speak_vietnamese(brokers, prefix, tmp_path, platform):
    instance = Instance(brokers, prefix, tmp_path, "a", platform.url)
    english, told = (instance.command("check", "daotao", *more) for more in ((), ("--lang", "vi")))
    assert english.returncode == told.returncode == 0, told
    for words in ("\ncả nền tảng\n", "\nkhóa học course-v1:", " tốt          ", " bản ghi ở ", "thấy được số định danh",
                  " lần hỏi mỗi vòng đọc, ", "\nchi phí (", "  tổng cộng "):
        assert words in told.stdout, (words, told.stdout)
    for words in ("records on", "requests", "what it costs", "the platform as a whole", "visible"):
        assert words not in told.stdout and words in english.stdout, (words, told.stdout)
    wrong = instance.command("template", "list", "--lang", "vi")
    assert (wrong.returncode, wrong.stderr) == (
        2, "mooc-ingest: template: loại biểu mẫu là một trong roster|totals|results|attendance|headcount\n")
    wrong = instance.command("template", "roster", "--out", tmp_path / "none/a.xlsx", "--lang", "vi")
    assert wrong.returncode == 2 and f"không có thư mục {tmp_path}/none/: hãy tạo trước" in wrong.stderr, wrong


def test_lost_state_is_rebuilt_from_the_log(brokers, prefix, tmp_path, platform):
    instance = Instance(brokers, prefix, tmp_path, "a", platform.url).start()
    instance.wait_complete()
    instance.stop()
    before = chains(brokers, prefix)
    topic = f"{prefix}mooc.state.v1"
    admin = AdminClient({"bootstrap.servers": brokers})
    admin.delete_topics([topic])[topic].result()
    wait_for(lambda: topic not in admin.list_topics(timeout=10).topics, 30, "the topic is gone")
    topics(brokers, prefix)
    wait_for(lambda: len(admin.list_topics(topic, timeout=10).topics[topic].partitions) == 2, 30, "the topic is there anew")
    instance.start()
    instance.wait(lambda: "mooc-ingest state rebuild" in str(instance.status().get("shards")))
    running = instance.command("state", "rebuild")
    assert running.returncode == 2 and "stop it first" in running.stderr
    instance.stop()
    assert len(chains(brokers, prefix)) == len(before)
    rebuilt = instance.command("state", "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    counts = {topic: len(shard_log.read(brokers, topic)) for topic in (f"{prefix}mooc.events.v1", f"{prefix}mooc.dead.v1")}
    assert counts[f"{prefix}mooc.events.v1"] > 0
    assert rebuilt.stderr == "".join(f"{topic}: {count} records read\n" for topic, count in counts.items())
    assert f"from {sum(counts.values())} records of the log (0 unreadable)" in rebuilt.stdout
    shown = instance.command("state", "show").stdout
    assert "daotao grades" in shown
    # again, over a state that has what no log has: a record out of nowhere, a hold, a place in a sweep
    stray = {"t": "exam.graded", "s": "daotao", "m": "grades", "r": "1", "f": "0" * 16, "n": 1, "d": {}}
    for partition in range(2):
        produce(brokers, topic, [("e|stray", json.dumps(stray)), ("c|daotao|hold:0", '{"value":"{}"}'),
                                 ("c|daotao|resume:x", '{"value":"1"}'), ("c|daotao|kept", '{"value":"1"}')],
                commit=True, partition=partition)
    assert instance.command("state", "show").stdout != shown
    another = Instance(brokers, prefix, tmp_path, "b", platform.url, key=b"x" * 32)
    refused = another.command("state", "rebuild")
    assert refused.returncode == 1 and "another HMAC key" in refused.stderr, refused
    rebuilt = instance.command("state", "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr

    def in_force(text):
        return [l for l in re.findall(r"\d+ in force, \d+ rejected, complete through \S+", text) if l[:2] != "0 "]
    assert in_force(instance.command("state", "show").stdout) == in_force(shown)
    instance.start()
    instance.wait(lambda: any(e["revision"] != before[k]["revision"] for k, e in chains(brokers, prefix).items() if k in before))
    instance.wait_complete()
    instance.stop()
    after = chains(brokers, prefix)
    assert set(after) == set(before)
    changed = {e["type"] for k, e in after.items() if e["revision"] != before[k]["revision"]}
    assert changed == {"source.swept"}


@pytest.mark.long
def test_another_connector_is_refused_for_its_source_alone(brokers, prefix, tmp_path, platform):
    instance = Instance(brokers, prefix, tmp_path, "a", platform.url)
    config = json.loads(instance.config.read_text())
    own = tmp_path / "connectors/mine.yaml"
    own.parent.mkdir()
    text = (ROOT / "ingest/connectors/openedx.yaml").read_text().replace("connector: openedx", "connector: mine")
    own.write_text(text)
    config["connectors_dir"] = str(own.parent)
    config["sources"].append(config["sources"][0] | {"name": "other", "kind": "mine", "courses": [COURSE]})
    instance.config.write_text(json.dumps(config))
    instance.start().wait_complete()
    instance.stop()
    for partition in range(2):  # as an instance with an older file would have left it
        produce(brokers, f"{prefix}mooc.state.v1", [("c|daotao|connector", '{"value":"openedx=99"}')],
                commit=True, partition=partition)
        produce(brokers, f"{prefix}mooc.state.v1", [("c|other|connector", '{"value":"mine=1"}')],
                commit=True, partition=partition)  # as it was noted before contents were
    before = chains(brokers, prefix)
    instance.start()
    instance.wait(lambda: "state accept daotao" in str(instance.status().get("reasons")))
    assert instance.errors().count("a source is not watched") == 1
    assert "refused: the state of source daotao was made by connector openedx=99" in \
        instance.command("status").stdout
    def marks(last, source):
        return {e["entity"]: e["data"]["through"] for e in last.values()
                if e["source"] == source and e["type"] == "source.swept"}
    instance.wait(lambda: marks(chains(brokers, prefix), "other") != marks(before, "other"))
    assert marks(chains(brokers, prefix), "daotao") == marks(before, "daotao")
    accepted = instance.command("state", "accept", "daotao")
    assert accepted.returncode == 0, accepted
    instance.wait(lambda: marks(chains(brokers, prefix), "daotao") != marks(before, "daotao"))
    instance.wait(lambda: instance.status()["ready"], 5)
    pause_and_resume(instance, platform)
    own.write_text("# of our own\n" + text.replace("every: 5m", "every: 6m"))
    instance.start()
    instance.wait(lambda: instance.status().get("ready") and not instance.status().get("reasons"))
    instance.stop()
    own.write_text(text.replace("mode: /mode", "mode: /track"))
    instance.start()
    instance.wait(lambda: "state accept other" in str(instance.status().get("reasons")))
    told = instance.command("status").stdout
    assert "refused: the state of source other was made by connector mine=1:" in told
    assert "the same version with another content" in told and "refused: the state of source daotao" not in told
    instance.stop()


def asked_for(platform):
    """How many requests the platform has had but for its own statistics."""
    return sum(count for path, count in platform.stats()["paths"].items() if not path.startswith("/_sim"))


def pause_and_resume(instance, platform):
    """Nothing is asked of the paused source, also after a restart."""
    unknown = instance.command("pause", "no-such")
    assert unknown.returncode == 2 and "no source is named" in unknown.stderr
    began = time.monotonic()
    paused = instance.command("pause", "daotao")
    assert paused.returncode == 0 and "daotao: paused" in paused.stdout, paused
    assert time.monotonic() - began < 3
    assert instance.command("pause", "other").returncode == 0
    instance.wait(lambda: "daotao (openedx): paused" in instance.command("status").stdout, 3)
    instance.stop()
    asked = asked_for(platform)
    instance.start()
    instance.wait(lambda: instance.status().get("ready") and instance.status()["pid"] == instance.process.pid)
    assert instance.status()["sources"][0]["paused"] == "yes"
    time.sleep(1.5)  # a sweep and more
    assert asked_for(platform) == asked
    assert asked > 0
    resumed = instance.command("resume", "daotao")
    assert resumed.returncode == 0, resumed
    instance.wait(lambda: asked_for(platform) != asked)
    instance.wait(lambda: "daotao (openedx)\n" in instance.command("status").stdout, 5)
    instance.stop()
    instance.process = None
    waited = instance.command("pause", "daotao", "--timeout", "1s")
    assert waited.returncode == 3, waited


def test_another_key_is_refused(brokers, prefix, tmp_path, platform):
    first = Instance(brokers, prefix, tmp_path, "a", platform.url).start()
    first.wait_complete()
    first.stop()
    before = chains(brokers, prefix)
    other = Instance(brokers, prefix, tmp_path, "b", platform.url, key=b"x" * 32).start()
    assert other.process.wait(40) == 2 and "was made with another HMAC key" in other.errors(), other.errors()
    assert other.command("status").returncode == 1
    # Nor does it make a new one of it, or leave a file that looks like one.
    for command, code, words in ((("key", "rotate"), 1, "rotate with the keys that the state was made with"),
                                 (("key", "rotate", "--brokers", "127.0.0.1:9"), 3, "Kafka at 127.0.0.1:9 does not answer")):
        refused = other.command(*command)
        assert refused.returncode == code and words in refused.stderr, refused
        assert not (other.folder / "key.2").exists()
    assert chains(brokers, prefix) == before


def test_another_key_version_is_refused_with_the_one_that_is_expected(brokers, prefix, tmp_path, platform):
    instance = Instance(brokers, prefix, tmp_path, "a", platform.url).start()
    instance.wait_complete()
    instance.stop()
    rotated = instance.command("key", "rotate")
    assert rotated.returncode == 0 and (instance.folder / "key.2").stat().st_mode & 0o777 == 0o600, rotated
    instance.start()
    assert instance.process.wait(40) == 2, instance.errors()
    assert "set hmac_key_version to 2 and give it the key files of all versions" in instance.errors()
    instance.config.write_text(json.dumps(json.loads(instance.config.read_text()) | {"hmac_key_version": 2}))
    instance.start()
    instance.wait_complete()
    instance.stop()


def test_topics_with_wrong_settings_are_refused(brokers, prefix, tmp_path):
    instance = Instance(brokers, prefix + "no-such-", tmp_path, "a").start()
    assert instance.process.wait(20) == 2
    assert "kafka-topics.sh" in instance.errors()
    config = json.loads(instance.config.read_text())
    for name in ("events", "dead"):
        config[f"{name}_topic"] = f"{prefix}mooc.{name}.v1"
    config["state_topic"] = f"{prefix}mooc.dead.v1"
    instance.config.write_text(json.dumps(config))
    assert instance.start().process.wait(20) == 2
    assert "must be three topics" in instance.errors()
    wrong = f"{prefix}wrong"
    admin = AdminClient({"bootstrap.servers": brokers})
    admin.create_topics([NewTopic(wrong, 1, 1)])[wrong].result()
    config["state_topic"] = wrong
    instance.config.write_text(json.dumps(config))
    assert instance.start().process.wait(20) == 2
    assert "--add-config cleanup.policy=compact" in instance.errors()
    admin.delete_topics([wrong])[wrong].result()


def test_unreachable_kafka_is_waited_for(tmp_path):
    instance = Instance("127.0.0.1:1", "none.", tmp_path, "a").start()
    instance.wait(lambda: instance.status().get("state") == "waiting")
    told = ("Kafka at 127.0.0.1:1 does not answer: start it, or correct option brokers "
            "(Local: Timed out; 127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused)")
    assert told in instance.command("status").stdout
    vi = instance.command("status", "--lang", "vi").stdout
    assert vi.startswith("mooc-ingest đang chạy nhưng còn chờ: Kafka ở 127.0.0.1:1 không trả lời: chạy lại Kafka, hoặc sửa mục brokers"), vi
    assert "\nkhông mất gì: " in vi
    shown = instance.command("state", "show")
    assert shown.returncode == 3 and re.fullmatch(
        r"mooc-ingest: Kafka at 127\.0\.0\.1:1 does not answer: .* Connection refused\)\n", shown.stderr), shown.stderr
    assert instance.stop() < 3
    instance.start()
    time.sleep(1)  # in the midst of asking
    assert instance.stop() < 3


def test_kafka_that_stops_answering_is_named_and_lists_are_kept(brokers, prefix, tmp_path):
    """It used to be told as "another instance owns this shard", and a list handed over waited a minute for nothing."""
    proxy = KafkaProxy(brokers)
    instance = Instance(proxy.address, prefix, tmp_path, "a")
    config = json.loads(instance.config.read_text())
    config["sources"] = [{"name": "lists", "kind": "files", "wave": "DA06-2023-HG"}]
    instance.config.write_text(json.dumps(config))
    roster = tmp_path / "list.csv"
    roster.write_text("STT,Họ và tên,Số CCCD,Email,Đơn vị,Tổ\n1,Nguyễn Thị Lan,002090000011,lan@example.org,Sở Tư pháp,1\n")
    instance.start()
    instance.wait(lambda: instance.status().get("ready"))
    proxy.close()
    instance.wait(lambda: "does not answer" in instance.command("status").stdout, 20)
    for lang, named in (("en", f"Kafka at {proxy.address} does not answer: start it"), ("vi", f"Kafka ở {proxy.address} không trả lời: ")):
        told = instance.command("status", "--lang", lang)
        assert told.returncode == 1 and named in told.stdout.splitlines()[0], told
        assert ("nothing is lost: " if lang == "en" else "không mất gì: ") in told.stdout.splitlines()[1]
        assert ("waits for Kafka" if lang == "en" else "chờ Kafka") in told.stdout.splitlines()[2]
        for word in ("shard", "group", "another instance", "máy khác", "shared out"):
            assert word not in told.stdout, told.stdout
    begun = time.monotonic()
    handed = instance.command("import", roster, "--scope", "supplement", "--lang", "vi")
    assert handed.returncode == 3 and time.monotonic() - begun < 10, handed
    assert handed.stderr.startswith(f"mooc-ingest: Kafka ở {proxy.address} không trả lời: "), handed.stderr
    assert "được giữ lại (việc " in handed.stderr and "does not" not in handed.stderr, handed.stderr
    again = KafkaProxy(brokers, port=proxy.port)
    try:
        instance.wait(lambda: "1 added" in instance.command("import", "list").stdout, 60)
        instance.wait(lambda: instance.command("status").returncode == 0, 20)
    finally:
        instance.kill()
        again.close()


def test_a_stream_is_late_by_its_own_turns(tmp_path):
    """Also while others of its platform go on, and not one that is read once a day."""
    instance = Instance("127.0.0.1:1", "none.", tmp_path, "a")
    stamp = lambda ago: datetime.datetime.fromtimestamp(time.time() - ago, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    stream = lambda name, ago, **more: {"stream": name, "through": stamp(ago), "entities": 1, "state": "idle", "state_vi": "chờ lượt sau",
                                        **more}
    streams = [stream("grades", 7300, every_s=300), stream("users", 7100, every_s=300), stream("attempts", 3 * 86400 - 99, every_s=86400),
               stream("old", 3 * 86400 + 99, every_s=86400), stream("off", 9 * 86400)]
    status = {"at_us": int(time.time() * 1e6), "state": "running", "ready": True, "instance": "a", "shards": [],
              "sources": [{"source": "daotao", "kind": "openedx", "runs_here": "yes", "streams": streams}]}
    (instance.folder / "data").mkdir(mode=0o700)
    running = open(instance.folder / "data/lock", "w")
    fcntl.flock(running, fcntl.LOCK_EX)
    for paused, late in (("no", {"grades": "5 min", "old": "24 h"}), ("yes", {})):
        status["sources"][0]["paused"] = paused
        (instance.folder / "data/status.json").write_text(json.dumps(status))
        said = instance.command("status").stdout
        assert dict(re.findall(r"^  (\w+) .*LATE: to be read every (\d+ \w+) ", said, re.M)) == late, said
    status["sources"][0]["paused"] = "no"
    # Since when the day's requests are counted, where a restart forgets them.
    counted = {"requests_today": 7, "requests_this_hour": 2, "requests_refused": 0, "requests_today_since": "2026-03-01T01:12:34.000000Z"}
    status["sources"][0] |= counted
    (instance.folder / "data/status.json").write_text(json.dumps(status))
    said = instance.command("status", "--lang", "vi").stdout
    assert said.count("TRỄ: phải đọc ") == 2 and "  hôm nay đã hỏi 7 lần (tính từ 08:12); giờ này 2 lần" in said, said
    assert "  7 requests today (since 08:12); 2 in this hour" in instance.command("status").stdout


SHIFTED_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *out)
{
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(id, out);
    if (id == CLOCK_REALTIME)
        out->tv_sec += 90;
    return code;
}
"""


def test_clock_that_is_off_publishes_nothing(brokers, prefix, tmp_path, platform):
    library = tmp_path / "shifted_clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, "-x", "c", "-", "-ldl"],
                   input=SHIFTED_CLOCK, text=True, check=True)
    instance = Instance(brokers, prefix, tmp_path, "a", platform.url)
    instance.start(LD_PRELOAD=str(library), ASAN_OPTIONS="verify_asan_link_order=0")
    instance.wait(lambda: "clock is off by 90" in instance.errors())
    time.sleep(2)
    instance.stop()
    assert shard_log.events(brokers, prefix) == []
    instance.start()  # put right: goes on by itself
    instance.wait_complete()
    instance.stop()


@pytest.mark.long
def test_a_partition_added_while_it_runs_gets_its_marks(brokers, prefix, tmp_path, platform):
    """Without them no stream would ever be complete again."""
    events = prefix + "mooc.events.v1"
    instance = Instance(brokers, prefix, tmp_path, "a", platform.url).start()
    instance.wait_complete()
    admin = AdminClient({"bootstrap.servers": brokers})
    admin.create_partitions([NewPartitions(events, 4)])[events].result(20)
    instance.wait(lambda: any(p == 3 and json.loads(value)["type"] == "source.swept" for p, _, _, value in shard_log.read(brokers, events)))
    instance.stop()
    chains(brokers, prefix)


# ---- held removals, with the made-up platform of the shard's driver ----

def in_force(brokers, prefix):
    last = shard_log.by_type(chains(brokers, prefix))
    return [len(last[kind]) for kind in ("exam.graded", "certificate.issued")]


def console_of_driver(brokers, prefix, tmp_path):
    """950 people are there; commands for the driver's folder, and the folder."""
    data = tmp_path / "driver"
    data.mkdir()
    Driver(brokers, prefix, data, 9, 950, 4).finish()
    console = Instance(brokers, prefix, tmp_path, "console")
    config = json.loads(console.config.read_text()) | {"data_dir": str(data)}
    console.config.write_text(json.dumps(config))
    return console, data


def held(brokers, prefix, tmp_path, decide):
    """900 of 950 people vanish from the platform, from a list and by look-ups; returns how many of both are in force before the
    decision and after."""
    console, data = console_of_driver(brokers, prefix, tmp_path)
    assert "no removals are held" in console.command("hold", "list").stdout
    assert "không có gì bị giữ lại" in console.command("hold", "list", "--lang", "vi").stdout
    driver = Driver(brokers, prefix, data, 9, 50, 100000, pause=50)
    driver.wait_line("round 7")
    listed = console.command("hold", "list")
    assert "bản ghi không còn trên nền tảng" in console.command("hold", "list", "--lang", "vi").stdout
    assert "made-up grades" in listed.stdout, listed
    before = in_force(brokers, prefix)
    marks = [e for e in chains(brokers, prefix).values()
             if e["type"] == "source.swept" and e["data"]["stream"] == "grades"]
    assert console.command("hold", decide, "000000000000").returncode == 2
    for stream in (" grades ", " desks "):
        hold = next(line.split()[0] for line in listed.stdout.splitlines() if stream in line)
        decided = console.command("hold", decide, hold)
        assert decided.returncode == 0 and (": rejected; the records stay" in decided.stdout) == (decide == "reject"), decided
    driver.wait_line("round 60")
    driver.process.send_signal(signal.SIGTERM)
    driver.finish()
    last = chains(brokers, prefix)
    return before, in_force(brokers, prefix), marks, last, console


def test_accepted_removal_happens(brokers, prefix, tmp_path):
    before, after, marks, last, console = held(brokers, prefix, tmp_path, "accept")
    assert before[0] > 700 and before[1] > 175
    assert after[0] <= 50 and after[1] <= 13
    # Later absences are few, but with what was just removed they are many within 24 hours.
    lately = re.search(r" grades .* (\d+) of \d+ .*\((\d+) more", console.command("hold", "list").stdout)
    assert int(lately[1]) < 25 and int(lately[2]) > 700
    for mark in marks:  # the held sweeps did not advance them, the later ones did
        key = mark["source"], mark["entity"]
        assert last[key]["data"]["through"] > mark["data"]["through"]


def test_rejected_removal_is_kept(brokers, prefix, tmp_path):
    before, after, marks, last, console = held(brokers, prefix, tmp_path, "reject")
    assert before[0] > 700 and before[1] > 175
    assert after[0] > before[0] - 50 and after[1] > before[1] - 13, "of those left, some are absent in the last rounds"
    kept = console.command("hold", "list").stdout
    assert len(re.findall(r"made-up (?:grades|desks) .*: \d{3} of .* are kept, as decided", kept)) == 2, kept
    for mark in marks:  # nothing waits
        key = mark["source"], mark["entity"]
        assert last[key]["data"]["through"] > mark["data"]["through"]
    for line in kept.splitlines():
        hold = line.split()[0]
        for language, said in (("en", "was rejected already, nothing changes"), ("vi", "đã bác bỏ từ trước, không có gì thay đổi")):
            if "are kept, as decided" not in line:
                continue
            again = console.command("hold", "reject", hold, "--lang", language)
            assert again.returncode == 0 and said in again.stdout and not (tmp_path / f"driver/holds/{hold}.reject").exists(), again
        assert console.command("hold", "accept", line.split()[0]).returncode == 0
    # Which ones were kept is found out again after a restart, then they go.
    driver = Driver(brokers, prefix, tmp_path / "driver", 9, 50, 100000, pause=50)
    deadline = time.monotonic() + 20
    while list((tmp_path / "driver/holds").iterdir()):  # a decision goes when what follows from it is committed
        assert time.monotonic() < deadline, console.command("hold", "list").stdout
        time.sleep(0.1)
    driver.process.send_signal(signal.SIGTERM)
    driver.finish()
    left = in_force(brokers, prefix)
    assert left[0] <= 50 and left[1] <= 13


def test_a_decision_of_before_decides_nothing(brokers, prefix, tmp_path):
    """Its file stays where the process is killed after the commit, or where it is written while the removal ceases to wait: the next
    mass removal from the same course has the same id, and waits for a person."""
    console, data = console_of_driver(brokers, prefix, tmp_path)
    driver = Driver(brokers, prefix, data, 9, 50, 100000, pause=50)
    driver.wait_line("round 7")
    driver.process.send_signal(signal.SIGTERM)
    driver.finish()
    holds = [line.split()[0] for line in console.command("hold", "list").stdout.splitlines()]
    assert len(holds) == 3
    Driver(brokers, prefix, data, 9, 950, 100).finish()  # all are there again
    assert console.command("hold", "list").stdout == "no removals are held\n"
    (data / "holds").mkdir(exist_ok=True)
    for hold in holds:
        (data / f"holds/{hold}.accept").touch()
    driver = Driver(brokers, prefix, data, 9, 50, 100000, pause=50)
    driver.wait_line("round 130")
    driver.process.send_signal(signal.SIGTERM)
    driver.finish()
    assert in_force(brokers, prefix) > [700, 175]
    listed = console.command("hold", "list").stdout
    assert sorted(line.split()[0] for line in listed.splitlines()) == sorted(holds), listed
    assert listed.count("waiting for a decision") == 3, listed


@pytest.mark.long
def test_an_erasure_claims_no_part_that_came_meanwhile(brokers, prefix, tmp_path):
    """The part that publishes learner.erased comes to this instance while it waits for a list that is being read."""
    pair = {}
    for name in "ab":
        (tmp_path / name).mkdir()
        pair[name] = Lists(brokers, prefix, tmp_path / name)
        pair[name].config.write_text(json.dumps(json.loads(pair[name].config.read_text()) | {"instance": name}))
        pair[name].start()
    a, b = pair.values()
    ready = lambda lists: {s["shard"] for s in json.loads((lists.folder / "data/status.json").read_text())["shards"] if s["status"] == "ready"}
    a.wait_for(lambda: (ready(a), ready(b)) == ({0}, {1}))
    assert a.importing(write(tmp_path / "one.xlsx", people(1)), scope="supplement")["added"] == 1
    subject = next(iter(a.listed().values()))["subject"]
    job = tmp_path / "job"
    job.write_text(f"mooc-pulse erasure 1\nlearner {hashlib.sha256(subject.encode()).hexdigest()[:32]}\n")
    reading = subprocess.Popen([INGEST, "import", write(tmp_path / "many.xlsx", people(20000)), "--scope", "supplement", "--config", a.config])
    children = lambda: subprocess.run(["pgrep", "-P", str(a.process.pid)], capture_output=True, text=True).stdout.split()
    a.wait_for(children)
    child, = children()
    os.kill(int(child), signal.SIGSTOP)
    erasing = subprocess.Popen([INGEST, "erase", job, "--timeout", "60s", "--config", a.config], stdout=subprocess.PIPE, text=True)
    time.sleep(1.5)  # its own part is done
    b.process.kill()
    b.process.wait()
    a.wait_for(lambda: ready(a) == {0, 1})
    os.kill(int(child), signal.SIGCONT)
    said = erasing.communicate(timeout=60)[0]
    reading.wait(60)
    assert "1 of 2 parts of the work belong to another instance" in said, said
    again = a.command("erase", job)
    assert "belong to another" not in again
    assert list(a.last()["learner.erased"])
    a.stop()


def test_backup_is_put_back_elsewhere(tmp_path):
    instance = Instance("127.0.0.1:1", "none.", tmp_path, "a", "http://127.0.0.1:1")
    data = instance.folder / "data"
    for name in ("quarantine/lists/one", "spool/lists/job", "imports/x/list.csv", "listed-emails.sealed", "lock",
                 "status.json", "holds.0.json"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(name)
    own = tmp_path / "connectors/own.yaml"
    own.parent.mkdir()
    own.write_text("connector: own")
    kafka = instance.folder / "kafka-password"
    kafka.touch(mode=0o600)
    kafka.write_text("correct")
    instance.config.write_text(json.dumps(json.loads(instance.config.read_text()) | {
        "connectors_dir": str(own.parent), "kafka": {"sasl.password_file": str(kafka)}}))
    saved = tmp_path / "saved"
    done = instance.command("backup", saved)
    assert done.returncode == 0, done
    assert saved.stat().st_mode & 0o777 == 0o700
    assert (saved / "secrets/0").read_bytes() == b"k" * 32
    assert (saved / "secrets/1").read_bytes() == b"sim-secret"
    assert (saved / "ingest.yaml").read_text() == instance.config.read_text()
    again = instance.command("backup", saved)
    assert again.returncode == 2 and "is not empty" in again.stderr, again
    refused = instance.command("restore", saved)
    assert refused.returncode == 2 and "is not empty" in refused.stderr, refused
    shutil.rmtree(data)
    for name, change, said in (("secrets/0", lambda b: b"K" + b[1:], "its checksum is another"),
                               ("data/imports/x/list.csv", None, "is not whole"),
                               ("manifest.json", lambda b: b.replace(b'"format":1', b'"format":2'), "has format 2"),
                               ("manifest.json", lambda b: b.replace(b"mooc-ingest", b"mooc-other"), "of mooc-other"),
                               ("manifest.json", None, "made and finished")):
        whole = (saved / name).read_bytes()
        (saved / name).unlink() if change is None else (saved / name).write_bytes(change(whole))
        refused = instance.command("restore", saved)
        assert refused.returncode in (1, 2) and said in refused.stderr and not data.exists(), refused
        (saved / name).write_bytes(whole)
    (instance.folder / "key").write_bytes(b"x" * 32)
    refused = instance.command("restore", saved)
    assert refused.returncode == 2 and "is another than the saved one" in refused.stderr and not data.exists(), refused
    (instance.folder / "key").unlink()
    (instance.folder / "secret").unlink()
    kafka.unlink()
    own.unlink()
    restored = instance.command("restore", saved)
    assert restored.returncode == 0, restored
    assert own.read_text() == "connector: own" and kafka.read_text() == "correct"
    assert (instance.folder / "key").read_bytes() == b"k" * 32
    assert (instance.folder / "key").stat().st_mode & 0o777 == 0o600
    assert {str(f.relative_to(data)) for f in data.rglob("*") if f.is_file()} == {
        "quarantine/lists/one", "spool/lists/job", "imports/x/list.csv", "listed-emails.sealed"}


def test_status_of_one_that_runs_and_cannot_say_so(tmp_path):
    """Its disk is full, or it stands still: whoever is told that none runs would start another."""
    def status():
        done = subprocess.run([INGEST, "status", "--data-dir", tmp_path, "--lang", "en"], capture_output=True, text=True)
        assert done.returncode == 1
        return done.stdout.splitlines()[0]
    (tmp_path / "status.json").write_text('{"at":"2026-01-01T00:00:00Z","at_us":1767225600000000,"state":"running","ready":true}')
    assert "mooc-ingest does not run" in status()
    with open(tmp_path / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "runs, but has said nothing of itself for" in status() and "disk full" in status()
