"""What goes on at once around a replay: a server of its own, steady traffic, an operator who types until it is done, readers.

Each part notes what it saw; the test kills, waits, and judges what was noted.
"""
import json
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections import namedtuple

import psycopg
from confluent_kafka import Producer

from harness.random_events import RandomEvents
from harness.stack import ROOT, wait_for

RETYPE_S = 0.3
# What a connection says when its server goes, is gone, or is coming: nothing else is excused.
SERVER_GONE = {"57P01", "57P02", "57P03", "08000", "08001", "08003", "08006", None}


class Server:
    """A PostgreSQL of this test's own: it is killed and serves nobody else. The environment names it meanwhile."""

    def __init__(self, folder):
        self.folder = folder
        self.before = dict(os.environ)
        self.down = []  # [began, answered again or None] by time.monotonic

    def __enter__(self):
        self.folder.mkdir(parents=True)
        os.environ["MOOC_RUN_DIR"] = str(self.folder)
        self.act("start")
        names = {"PGHOST": "127.0.0.1", "PGPORT": (self.folder / "pg.ports").read_text().strip(), "PGUSER": "postgres",
                 "PGDATABASE": "mooc", "MOOC_KAFKA_BROKERS": os.environ["MOOC_KAFKA_BROKERS"]}
        (self.folder / "env").write_text("".join(f"export {name}={value}\n" for name, value in names.items()))
        os.environ.update(names)
        return self

    def __exit__(self, *_):
        try:
            self.act("wipe")
        finally:
            os.environ.clear()
            os.environ.update(self.before)

    def act(self, action):
        subprocess.run([ROOT / "deploy/dev/postgres.sh", action], check=True, capture_output=True, timeout=120)

    def kill(self):
        self.down.append([time.monotonic(), None])
        self.act("kill")

    def kill_backend(self, pid, conninfo):
        """PostgreSQL then ends every connection, and starts again by itself. Waits until it has noticed."""
        with psycopg.connect(conninfo, autocommit=True) as connection:
            self.down.append([time.monotonic(), None])
            os.kill(pid, signal.SIGKILL)
            try:
                while True:
                    connection.execute("SELECT 1")
                    time.sleep(0.005)
            except psycopg.OperationalError:
                pass

    def answers_again(self, query):
        def answers():
            try:
                return query("SELECT 1") == [(1,)]
            except psycopg.OperationalError:
                return False
        wait_for(answers, 60, "PostgreSQL answers", every=0.02)
        self.down[-1][1] = time.monotonic()

    def down_s(self, began):
        """How long it was down since then; 0: it was not."""
        return sum(up - down for down, up in self.down if down >= began)

    def was_down(self, began, ended, after_s=3):
        """Was it down at some moment between the two? Programs take a moment to notice and to connect again."""
        return any(down < ended and (up is None or up + after_s > began) for down, up in list(self.down))


class PlainEvents(RandomEvents):
    """The same facts in one spelling: twenty times as fast to make."""

    def _text(self, value):
        return json.dumps(value)


class Traffic(threading.Thread):
    """Events at a steady rate, with pauses; a few of them cannot be read."""

    def __init__(self, stack, seed, people, per_second):
        super().__init__(daemon=True)
        self.topic, self.per_second = stack.topics["events"], per_second
        self.events, self.waiting, self.sent = PlainEvents(seed, people), [], 0
        self.producer = Producer({"bootstrap.servers": stack.brokers, "linger.ms": 5, "compression.type": "lz4"})
        self.flowing, self.idle, self.ending = threading.Event(), threading.Event(), threading.Event()
        self.flowed_s, self.flowed = 0.0, 0
        self.idle.set()

    def send(self, count):
        while len(self.waiting) < count:
            self.events.now = 0  # each portion goes through all of the world's days
            self.waiting += [*self.events.take(1000), (b"odd", b"no JSON")]
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        for key, value in taken:
            self.producer.produce(self.topic, value, key)
        self.producer.poll(0)
        self.sent += count

    def _flow(self):
        began, sent = time.monotonic(), 0
        while self.flowing.is_set() and not self.ending.is_set():
            due = int((time.monotonic() - began) * self.per_second) - sent
            if due > 0:
                self.send(due)
                sent += due
            time.sleep(0.02)
        self.flowed_s += time.monotonic() - began
        self.flowed += sent
        assert self.producer.flush(60) == 0

    def run(self):
        while not self.ending.is_set():
            if self.flowing.wait(0.05):
                self.idle.clear()
                self._flow()
                self.idle.set()

    def go(self):
        self.idle.clear()
        self.flowing.set()

    def pause(self):
        self.flowing.clear()
        assert self.idle.wait(60), "the last events did not reach Kafka"

    def end(self):
        self.ending.set()
        self.join(60)


class Patient(threading.Thread):
    """A session that asks again and again and connects again when it is cut off."""

    def __init__(self, conninfo, every_s):
        super().__init__(daemon=True)
        self.conninfo, self.every_s, self.ending = conninfo, every_s, threading.Event()
        self.errors = []  # (began, ended, SQLSTATE, text)

    def run(self):
        while not self.ending.is_set():
            began = time.monotonic()
            try:
                with psycopg.connect(self.conninfo, autocommit=True) as connection:
                    self.connected()
                    while not self.ending.wait(self.every_s):
                        began = time.monotonic()
                        self.ask(connection, began)
            except psycopg.Error as failure:
                self.errors.append((began, time.monotonic(), failure.sqlstate, f"{type(failure).__name__}: {failure}"))
                self.ending.wait(0.05)

    def connected(self):
        pass

    def end(self):
        self.ending.set()
        self.join(30)


class Watcher(Patient):
    """How far the live generation is: [(when asked, generation, sum of its offsets)], when that changes or it was connected again."""

    def __init__(self, conninfo):
        super().__init__(conninfo, 0.02)
        self.seen, self.anew = [], True

    def connected(self):
        self.anew = True

    def ask(self, connection, began):
        found = connection.execute("SELECT generation, coalesce(sum(next_offset), 0)::bigint FROM pulse.live JOIN pulse.offsets"
                                   " USING (generation) GROUP BY 1").fetchone()
        if found and (self.anew or self.seen[-1][1:] != found):
            self.seen.append((began, *found))
            self.anew = False

    def progress(self, began, down):
        """When more was committed than what stood there at that time, or when the server was back (down: it was killed)."""
        seen = list(self.seen)
        base = [s for s in seen if s[0] >= began][:1] if down else [s for s in seen if s[0] < began][-1:]
        return next((at for at, _, offsets in seen if base and at >= began and offsets > base[0][2]), None)


class Reader(Patient):
    """A BI tool: one question, one answer of one piece."""

    QUESTIONS = ("SELECT (SELECT generation FROM bi.generation), sum(registered)::bigint FROM bi.participation_training",
                 "SELECT (SELECT generation FROM bi.generation), sum(registered)::bigint FROM bi.participation",
                 "SELECT (SELECT generation FROM bi.generation), sum(exams_sat)::bigint FROM bi.activity_5min",
                 "SELECT (SELECT generation FROM bi.generation), count(*) FROM bi.data_issues")

    def __init__(self, conninfo, question):
        super().__init__(conninfo, 0.1)
        self.question, self.answers, self.wrong = self.QUESTIONS[question % len(self.QUESTIONS)], 0, []
        self.last, self.slow_s, self.generations = None, [], set()

    def ask(self, connection, began):
        generation, figure = connection.execute(self.question).fetchone()
        ended = time.monotonic()
        if generation is None or not figure or (self.last and not self.last / 2 < figure < self.last * 2):
            self.wrong.append((generation, figure, self.last))
        self.generations.add(generation)
        self.last = figure
        self.answers += 1
        self.slow_s.append((ended - began, began, ended))


Attempt = namedtuple("Attempt", "step words began ended code said")
# What a command may say when it was interrupted only after all was done: it is typed again and has nothing left to do.
DONE = {"start": "is kept beside the live one: promote it or drop it", "promote": "replay rollback goes back to it",
        "rollback": "replay promote makes it live", "drop": "no such generation is kept"}
# In the way for a moment, until the connection of a killed command has ended.
AT_WORK = ("another replay is at work", "another replay has just ended")
BEHIND = ("and nobody brings it up", "is being brought up to date")


class Operator(threading.Thread):
    """Types replay commands, each again until it is done, and knows what must stand there afterwards."""

    def __init__(self, stack, service, server, seed, folders, total):
        super().__init__(daemon=True)
        self.stack, self.service, self.server, self.random = stack, service, server, random.Random(seed)
        self.folders, self.total = folders, total
        self.live, self.other, self.wanted = 1, None, None
        self.existed, self.attempts, self.done, self.wrong = {1}, [], [], []
        self.took = {"start": 2.0, "promote": 0.3, "rollback": 0.3, "drop": 0.3}
        self.process = self.step = self.began = None
        self.going, self.resting, self.ending = threading.Event(), threading.Event(), threading.Event()
        self.killed, self.aggregator_faults, self.leftovers = 0, [], 0
        self.resting.set()

    # what is typed

    def _choose(self):
        if not self.other:
            return "start"
        back = "rollback" if self.other < self.live else "promote"
        if self.wanted in (back, "drop"):
            return self.wanted
        if self.wanted == "start":
            return "drop"
        return back if self.random.random() < (0.4 if back == "rollback" else 0.85) else "drop"

    def _words(self, step):
        if step != "start":
            return [step, "--reason", "trial"]
        r = self.random
        words = ["start", "--format", "json", "--threads", str(r.randrange(1, 4))]
        kind = r.choice(("plain", "archive", "rule", "rule", "training"))
        if kind == "archive":
            words += ["--from-archive"]
        elif kind in ("rule", "training"):
            words += ["--config", str(r.choice(self.folders))] + (["--training", "TB"] if kind == "training" else [])
        if r.random() < 0.6:
            words += ["--rate", str(int(self.total() / r.uniform(1, 3)))]
        return words

    def _type(self, step, words):
        began = time.monotonic()
        self.process = subprocess.Popen(
            [self.stack.binaries / "mooc-aggregator", "replay", *words, "--config", self.service.config], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, process_group=0, env={k: v for k, v in os.environ.items() if not k.startswith("MOOC_")})
        self.began, self.step = began, step
        said = self.process.communicate()
        self.step = None
        attempt = Attempt(step, words, began, time.monotonic(), self.process.returncode, "".join(said))
        self.attempts.append(attempt)
        self.leftovers += said[1].count("was not finished and is dropped")
        return attempt, said[0]

    # what came of it

    def _excused(self, attempt, interrupted):
        """A failure that a fault explains; what the command says must name it."""
        down = self.server.was_down(attempt.began, attempt.ended)
        if attempt.code == -signal.SIGKILL:
            return True  # only the test sends that; it counts how often
        if down:
            return attempt.code in (1, 3)
        if any(text in attempt.said for text in AT_WORK):
            return interrupted
        if any(text in attempt.said for text in BEHIND):
            return any(at < attempt.ended and attempt.began < at + 15 for at in self.aggregator_faults)
        return False

    def _do(self, step, words):
        interrupted, first = False, time.monotonic()
        while not self.ending.is_set():
            attempt, out = self._type(step, words)
            if attempt.code == 0:
                self.took[step] = 0.7 * self.took[step] + 0.3 * (attempt.ended - attempt.began)
                break
            if interrupted and attempt.code == 1 and DONE[step] in attempt.said:
                break
            if not self._excused(attempt, interrupted):
                self.wrong.append(attempt)
            interrupted = True
            time.sleep(RETYPE_S)
        else:
            return
        self._did(step, out, attempt.said)
        self.done.append((step, first, time.monotonic()))

    def _did(self, step, out, said):
        if step == "start":
            self.other = json.loads(out)["generation"] if out else int(re.search(r"generation (\d+) is kept", said)[1])
            self.existed.add(self.other)
        elif step == "drop":
            self.other = None
        else:
            self.live, self.other = self.other, self.live

    def run(self):
        while not self.ending.is_set():
            if not self.going.is_set():
                self.resting.set()
                self.going.wait(0.05)
                continue
            self.resting.clear()
            step = self._choose()
            self._do(step, self._words(step))
            time.sleep(self.random.uniform(0, 0.3))

    # from outside

    def go(self):
        self.resting.clear()
        self.going.set()

    def pause(self):
        self.going.clear()
        wait_for(self.resting.is_set, 120, "the operator's command is done", every=0.05)

    def done_after(self, at):
        """(step, when) of the first that was done after that."""
        return next(((step, ended) for step, _, ended in list(self.done) if ended > at), None)

    def kill_in(self, step, within, kill=None):
        """Waits until that command runs, and a part of its usual time; kills it, unless kill() does something else. Gives when."""
        self.wanted = step
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            process, began = self.process, self.began
            if self.step != step or time.monotonic() - began > within * self.took[step] + 0.05:
                time.sleep(0.002)
                continue
            time.sleep(max(0, began + within * self.took[step] - time.monotonic()))
            if process.poll() is not None:
                continue
            self.wanted = None
            at = time.monotonic()
            if kill:
                return kill() or at
            process.kill()
            self.killed += 1
            return at
        raise AssertionError(f"replay {step} was never caught at work")

    def end(self):
        self.ending.set()
        self.going.set()
        if self.process and self.process.poll() is None:
            self.process.kill()
        self.join(60)
