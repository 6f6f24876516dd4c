"""One writer: fail-over, zombies, a changed configuration, a lost COMMIT reply, a log that is not the old one."""
import json
import os
import signal
import socket
import subprocess
import threading
import time

import psycopg
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions

from harness import checks, recompute
from harness.stack import REFERENCE, wait_for

COURSE = "course-v1:DEAN06+CDS01+2023"


class Feed:
    """Publishes enrolments of ever new accounts; knows how many."""

    def __init__(self, stack):
        self.stack, self.count = stack, 0
        self.producer = Producer({"bootstrap.servers": stack.brokers, "linger.ms": 2})

    def publish(self, count, course=COURSE):
        for _ in range(count):
            self.count += 1
            account = f"account@daotao:{self.count:032x}"
            entity = f"enrollment:daotao:{course}:{self.count:032x}"
            event = {"specversion": "1.0", "id": f"{self.count:032x}", "source": "daotao", "type": "enrollment.created",
                     "subject": account, "time": "2023-09-21T00:00:00Z", "datacontenttype": "application/json",
                     "entity": entity, "revision": "1", "previous": "0", "timebasis": "platform",
                     "data": {"course": course, "mode": "honor"}}
            self.producer.produce(self.stack.topics["events"], json.dumps(event, separators=(",", ":")), key=account)
        assert self.producer.flush(30) == 0

    def counted(self):
        rows = self.stack.query("SELECT enrolled FROM gen_1.tallies WHERE scope = 'training'")
        return rows[0][0] if rows else 0

    def wait(self, seconds=30):
        wait_for(lambda: self.counted() == self.count, seconds, f"{self.count} enrolments are counted")


@pytest.fixture
def feed(stack):
    stack.make_aggregator(batch={"records": 500})
    stack.command("mooc-aggregator", "config", "load", REFERENCE)
    return Feed(stack)


def test_a_stopped_writer_is_replaced_and_its_return_changes_nothing(stack, feed):
    first = stack.aggregator.start()
    feed.publish(2000)
    feed.wait()
    second = stack.make_aggregator("standby", batch={"records": 500}).start()
    try:
        wait_for(lambda: second.port_file.exists() and "standing by" in second.get("/readyz")[1], 20, "the second stands by")
        feed.publish(5000)
        first.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        feed.publish(1000)
        feed.wait()
        assert time.monotonic() - began < 12
        feed.publish(1000)
        first.process.send_signal(signal.SIGCONT)
        feed.publish(1000)
        feed.wait()
        wait_for(lambda: "standing by" in first.get("/readyz")[1], 20, "the first stands by after its return")
        checks.check_tallies(stack)
    finally:
        second.stop()


def test_config_loaded_beside_a_running_writer(stack, feed, tmp_path):
    stack.aggregator.start()
    feed.publish(3000)
    folder = tmp_path / "reference"
    subprocess.run(["cp", "-r", REFERENCE, folder], check=True)
    with open(folder / "courses.csv", "a", encoding="utf-8") as courses:
        courses.write("daotao,course-v1:NEW+ONE+2023,DA06-2023,\n")
    feed.publish(3000)
    stack.command("mooc-aggregator", "config", "load", folder)
    feed.publish(3000)
    # Counts only if the writer noticed that its configuration is not the one of its offsets any more.
    feed.publish(300, "course-v1:NEW+ONE+2023")
    feed.wait()
    checks.check_tallies(stack)


def test_offsets_of_another_epoch_fence_a_writer_that_does_not_know(stack, feed):
    """What a zombie would meet that nobody could end: its batch must leave no trace, whatever its heartbeat believes."""
    stack.aggregator.start()
    feed.publish(1000)
    feed.wait()
    wait_for(lambda: checks.counted_to_the_end(stack), 20, "all is counted")
    stack.query("UPDATE pulse.offsets SET writer_epoch = writer_epoch + 1000")
    feed.publish(500)
    feed.wait()
    wait_for(lambda: checks.counted_to_the_end(stack), 20, "the offsets moved with what was counted")
    assert "not where this writer left them" in stack.aggregator.log_text()
    checks.check_tallies(stack)


class CommitEater:
    """A proxy before PostgreSQL: passes everything, but every n-th COMMIT's answer is swallowed, with the connection or without."""

    def __init__(self, every, keep_open=False):
        self.every, self.keep_open, self.seen, self.eaten = every, keep_open, 0, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection((os.environ["PGHOST"], int(os.environ["PGPORT"])))
            state = {"eat": False}
            threading.Thread(target=self._pump, args=(client, server, state, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, state, False), daemon=True).start()

    def _pump(self, source, target, state, upwards):
        try:
            while data := source.recv(1 << 16):
                if upwards and b"COMMIT\0" in data:
                    self.seen += 1
                    state["eat"] = self.seen % self.every == 0
                if not upwards and state["eat"]:
                    self.eaten += 1
                    if self.keep_open:
                        continue
                    break
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


def test_lost_commit_replies_are_no_errors(stack, feed):
    proxy = CommitEater(every=4)
    config = json.loads(stack.aggregator.config.read_text())
    config["database"] = f"host=127.0.0.1 port={proxy.port} dbname={stack.database} user=mooc_writer"
    stack.aggregator.config.write_text(json.dumps(config))
    stack.aggregator.start()
    for _ in range(40):
        feed.publish(200)
        time.sleep(0.1)
    feed.wait(120)
    assert proxy.eaten >= 5
    checks.check_tallies(stack)
    proxy.listener.close()


def test_a_reply_that_never_comes_is_not_waited_for_without_end(stack, feed):
    proxy = CommitEater(every=5, keep_open=True)
    config = json.loads(stack.aggregator.config.read_text())
    config["database"] = f"host=127.0.0.1 port={proxy.port} dbname={stack.database} user=mooc_writer"
    config["writer"] = {"reply_timeout": "1s", "heartbeat": "200ms", "takeover": "1s"}
    stack.aggregator.config.write_text(json.dumps(config))
    stack.aggregator.start()
    for _ in range(4):
        feed.publish(200)
        feed.wait()
    assert proxy.eaten >= 1
    wait_for(lambda: "no reply comes" in stack.aggregator.log_text(), 10, "the silence is noticed")
    checks.check_tallies(stack)
    proxy.listener.close()


def test_the_writer_ends_transactions_of_bi_tools_without_end(stack, feed):
    """Whatever time-outs they set; others' sessions and the counting go on."""
    login = f"bi_{stack.name}"
    secret = stack.folder / "bi-password"
    secret.write_text("correct horse battery")
    secret.chmod(0o600)
    config = json.loads(stack.aggregator.config.read_text())
    stack.aggregator.config.write_text(json.dumps(config | {"bi": {"longest_transaction": "2s"}}))
    stack.command("mooc-aggregator", "bi-user", "add", login, "--password-file", secret)
    try:
        with psycopg.connect(stack.conninfo(login)) as tool, psycopg.connect(stack.conninfo()) as other:
            tool.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SELECT count(*) FROM bi.participation")
            other.execute("SELECT 1")
            stack.aggregator.start()
            feed.publish(200)
            feed.wait()
            wait_for(lambda: "sessions of BI tools were ended" in stack.aggregator.log_text(), 10, "the session is ended")
            with pytest.raises(psycopg.OperationalError):
                tool.execute("SELECT 1")
            assert other.execute("SELECT 1").fetchone() == (1,)
        feed.publish(200)
        feed.wait()
        checks.check_tallies(stack)
    finally:
        stack.query(f"DROP ROLE {login}")


def test_a_login_whose_idle_sessions_are_ended_counts(stack, feed):
    """The writer's connections rest while nothing comes in; who keeps the server may have set this for all logins."""
    stack.query(f"ALTER ROLE mooc_writer IN DATABASE {stack.database} SET idle_session_timeout = '300ms'")
    stack.aggregator.start()
    for _ in range(3):
        feed.publish(100)
        feed.wait()
        time.sleep(1)
    assert "idle-session timeout" not in stack.aggregator.log_text()
    assert stack.aggregator.log_text().count("this instance writes now") == 1
    checks.check_tallies(stack)


@pytest.mark.parametrize("table", ["pulse.writers", "gen_1.tallies"])
def test_status_does_not_wait_without_end_for_a_locked_table(stack, feed, table):
    """A monitor gets an answer, and a person is told that somebody holds it up."""
    with psycopg.connect(stack.conninfo(os.environ["PGUSER"])) as operator:
        operator.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        check = stack.command("mooc-aggregator", "status", "--check", code=1, timeout=30)
        asked = stack.command("mooc-aggregator", "status", code=1, timeout=30)
    for said in (check.stdout, asked.stderr):
        assert "somebody else holds it" in said and said.count("\n") == 1
    assert "nobody is counting" in stack.command("mooc-aggregator", "status", "--check", code=1, timeout=30).stdout


def test_a_topic_that_grows_is_read_whole(stack, feed):
    stack.aggregator.start()
    feed.publish(500)
    feed.wait()
    admin = AdminClient({"bootstrap.servers": stack.brokers})
    admin.create_partitions([NewPartitions(stack.topics["events"], 6)])[stack.topics["events"]].result()
    account = "f" * 32
    event = {"specversion": "1.0", "id": account, "source": "daotao", "type": "enrollment.created", "subject": f"account@daotao:{account}",
             "time": "2023-09-21T00:00:00Z", "entity": f"enrollment:daotao:{account}", "revision": "1", "previous": "0",
             "data": {"course": COURSE}}
    wait_for(lambda: 5 in feed.producer.list_topics(stack.topics["events"], 5).topics[stack.topics["events"]].partitions, 10,
             "the new partition is known")
    feed.producer.produce(stack.topics["events"], json.dumps(event), partition=5)
    assert feed.producer.flush(30) == 0
    feed.count += 1
    feed.wait()


def test_a_recreated_log_is_refused(stack, feed):
    stack.aggregator.start()
    feed.publish(1000)
    feed.wait()
    assert stack.aggregator.stop()[0] == 0
    stack._topics("--delete")
    time.sleep(1)
    stack._topics()
    feed.publish(2000)
    service = stack.aggregator.start()
    assert service.process.wait(30) == 1
    assert "recreated" in service.log_text()
    assert feed.counted() == 1000


def test_a_check_says_that_the_log_was_made_anew_though_run_has_ended(stack, feed):
    """`run` ends because of it, and that nobody counts is the smaller half of the news."""
    stack.aggregator.start()
    feed.publish(100)
    feed.wait()
    assert stack.aggregator.stop()[0] == 0
    stack._topics("--delete")
    topics = lambda: feed.producer.list_topics(timeout=10).topics  # noqa: E731
    wait_for(lambda: not set(stack.topics.values()) & set(topics()), 20, "the topics are gone")
    check = lambda: stack.command("mooc-aggregator", "status", "--check", code=1).stdout  # noqa: E731
    assert check() == "nobody is counting: start mooc-aggregator run\n", "how far the log goes is not known"
    stack._topics()
    wait_for(lambda: " ends at 0, but was counted up to " in check(), 20, "it sees the log that was made anew")
    assert ": the log was made anew, " in check() and check().count("\n") == 1


def test_an_older_schema_is_refused_with_the_command_to_run(stack, feed):
    stack.query("UPDATE pulse.schema_version SET version = 1")
    service = stack.aggregator.start()
    assert service.process.wait(20) == 1
    assert "sqitch deploy" in service.log_text()


def test_the_recomputation_finds_planted_errors(stack, feed):
    """A check that cannot fail proves nothing."""
    stack.aggregator.start()
    feed.publish(500)
    feed.wait()
    assert recompute.differences(stack.query) == []
    stack.query("UPDATE gen_1.tallies SET enrolled = enrolled + 1 WHERE scope = 'training'")
    found, = recompute.differences(stack.query)
    assert found.table == "tallies" and found.key[0] == "training"
    assert (found.stored, found.recomputed) == ({"enrolled": 501}, {"enrolled": 500})
