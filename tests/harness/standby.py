"""Aggregators that stand by for each other: the faults of processes and connections, and what must hold after each of them.

Every instance reaches PostgreSQL through a proxy of its own (pg_proxy). Triggers on the offset rows note who advanced what: rows of figures and archive must all come from transactions noted there.
"""
import os
import random
import re
import signal
import statistics
import threading
import time
from collections import defaultdict
from pathlib import Path

import psycopg
from confluent_kafka import Consumer, Producer, TopicPartition

from harness.pg_proxy import PgProxy
from harness.random_events import RandomEvents
from harness.stack import wait_for

LIMIT_S = 10
TAKING = b"nextval('pulse.writer_epoch')"
COPYING = b"COPY archive."

AUDIT = """
CREATE SCHEMA audit;
CREATE TABLE audit.moves (at bigserial, topic text, partition integer, old_epoch bigint, new_epoch bigint, old_next bigint,
    new_next bigint, pid integer, xid bigint, noted_at timestamptz);
CREATE FUNCTION audit.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO audit.moves (topic, partition, old_epoch, new_epoch, old_next, new_next, pid, xid, noted_at)
    VALUES (NEW.topic, NEW.partition, OLD.writer_epoch, NEW.writer_epoch, OLD.next_offset, NEW.next_offset, pg_backend_pid(),
            pg_current_xact_id()::text::bigint, clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER UPDATE ON pulse.offsets FOR EACH ROW EXECUTE FUNCTION audit.note();
"""


class Feed(threading.Thread):
    """Random events, steadily, with bursts now and then."""

    def __init__(self, stack, seed, people=2000, per_second=200):
        super().__init__(daemon=True)
        self.topic, self.events, self.waiting = stack.topics["events"], RandomEvents(seed, people), []
        self.producer = Producer({"bootstrap.servers": stack.brokers, "linger.ms": 2})
        self.random, self.per_second, self.ending = random.Random(seed), per_second, threading.Event()

    def _take(self, count):
        if len(self.waiting) < count:
            self.events.now = 0  # each portion goes through all of the world's days
            self.waiting += self.events.take(2000)
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken

    def run(self):
        while not self.ending.wait(0.05):
            burst = self.random.random() < 0.01
            for key, value in self._take(2000 if burst else max(1, self.per_second // 20)):
                self.producer.produce(self.topic, value, key=key)
            self.producer.poll(0)

    def end(self):
        self.ending.set()
        self.join()
        assert self.producer.flush(30) == 0


class Watcher(threading.Thread):
    """What is committed, looked at every 20 ms: [(monotonic, highest epoch, lowest epoch, sum of next offsets)], when it changes."""

    def __init__(self, stack):
        super().__init__(daemon=True)
        self.conninfo, self.seen, self.ending = stack.conninfo(os.environ["PGUSER"]), [], threading.Event()

    def run(self):
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            while not self.ending.wait(0.02):
                at = time.monotonic()
                highest, lowest, offsets = connection.execute(
                    "SELECT coalesce(max(writer_epoch), 0), coalesce(min(writer_epoch), 0), coalesce(sum(next_offset), 0)"
                    " FROM pulse.offsets").fetchone()
                if not self.seen or self.seen[-1][1:] != (highest, lowest, int(offsets)):
                    self.seen.append((at, highest, lowest, int(offsets)))

    def end(self):
        self.ending.set()
        self.join()

    def last(self):
        return self.seen[-1]

    def progress(self, began, epoch=None):
        """When something was committed after `began`: by a higher epoch than `epoch`, where that is given. None: not yet."""
        base = None
        for at, highest, _, offsets in list(self.seen):
            if at < began:
                base = offsets if epoch is None else None
                continue
            if epoch is not None and highest <= epoch:
                continue
            if base is None:
                base = offsets
            elif offsets > base:
                return at
        return None

    def longest_gap(self, begin, end):
        times = [begin] + [b[0] for a, b in zip(self.seen, self.seen[1:]) if b[3] > a[3] and begin < b[0] < end] + [end]
        return max(b - a for a, b in zip(times, times[1:]))


class Instance:
    def __init__(self, fleet, name, binary=None):
        self.fleet, self.name, self.proxy = fleet, name, PgProxy(f"{fleet.seed} {name}")
        stack = fleet.stack
        conninfo = re.sub(r"port=\d+", f"port={self.proxy.port}", stack.conninfo())
        self.service = stack.make_aggregator(name, database=conninfo, **fleet.options)
        if binary:
            self.service.binary = binary
        self.service.start()

    def send(self, number):
        self.service.process.send_signal(number)

    def readiness(self):
        try:
            return self.service.get("/readyz")[1]
        except (OSError, ValueError) as failure:
            return f"no answer: {failure}"

    def says(self, text):
        return text in self.readiness()

    def stands_by(self):
        return self.says("standing by")

    def pids(self, what=""):
        ports = [link.client_port for link in self.proxy.all_links()]
        return [pid for (pid,) in self.fleet.stack.query(
            "SELECT pid FROM pg_stat_activity WHERE client_port = ANY(%s) AND application_name LIKE %s", ports, f"%{what}%")]

    def end(self):
        if self.service.alive():
            self.service.process.send_signal(signal.SIGCONT)
            self.service.kill()
        self.proxy.close()


class Fleet:
    """Instances against one database, and the faults. A fault returns what the progress is measured from."""

    def __init__(self, stack, seed, count, **options):
        self.stack, self.seed, self.options = stack, seed, options
        self.random = random.Random(seed)
        self.took, self.gaps = defaultdict(list), defaultdict(list)
        stack.query(AUDIT)
        self.watcher = Watcher(stack)
        self.watcher.start()
        self.instances = {}
        self.count = count

    def __enter__(self):
        for i in range(self.count):
            self.add(f"n{i}")
        return self

    def __exit__(self, *_):
        self.watcher.end()
        for instance in self.instances.values():
            instance.end()

    def add(self, name, binary=None):
        self.instances[name] = Instance(self, name, binary)
        return self.instances[name]

    def backend(self):
        """(pid, backend_start) of the writer, as its lease has it."""
        return self.stack.query("SELECT pid, backend_start FROM pulse.writers WHERE generation = 1")[0]

    def lives(self, backend):
        return bool(self.stack.query("SELECT FROM pg_stat_activity WHERE pid = %s AND backend_start = %s", *backend))

    def writer(self):
        rows = self.stack.query("SELECT instance FROM pulse.writers WHERE generation = 1 AND pid IS NOT NULL")
        return self.instances[rows[0][0]] if rows and rows[0][0] else None

    def settle(self):
        """One writes and everybody else says that it stands by."""
        def settled():
            writer = self.writer()
            return writer and not writer.stands_by() and all(i.stands_by() for i in self.instances.values() if i is not writer)
        self.wait_for(settled, 20, "one writes, the others stand by", every=0.05)
        return self.writer()

    def wait_for(self, check, seconds, what, every):
        try:
            return wait_for(check, seconds, what, every)
        except AssertionError:
            print(self.describe(), flush=True)
            raise

    def wait_progress(self, began, epoch=None):
        # Not judged here: the figure is, in the end. What never comes fails here.
        at = self.wait_for(lambda: self.watcher.progress(began, epoch), 4 * LIMIT_S, "somebody writes after the fault", every=0.02)
        return at - began

    def describe(self):
        """For who reads a failure."""
        now = time.monotonic()
        said = [f"seconds ago, epochs, offsets: {[(round(now - at, 2), *seen) for at, *seen in self.watcher.seen[-6:]]}"]
        for name, instance in self.instances.items():
            pid = instance.service.process.pid
            state = Path(f"/proc/{pid}/status").read_text().split("State:")[1].split("\n")[0] if instance.service.alive() else f"gone, exit code {instance.service.process.returncode}"
            said.append(f"{name}: {state.strip()}; {instance.readiness()}")
        said += map(str, self.stack.query("SELECT *, clock_timestamp() FROM pulse.writers"))
        said += map(str, self.stack.query("SELECT pid, application_name, client_port, state, wait_event_type, wait_event, xact_start,"
                                          " left(query, 60), pg_blocking_pids(pid) FROM pg_stat_activity WHERE datname = current_database()"))
        return "\n".join(said)

    def round(self, kind):
        writer = self.settle()
        time.sleep(self.random.uniform(0, 0.5))
        entered, epoch, backend = time.monotonic(), self.watcher.last()[1], self.backend()
        began, changes, repair = KINDS[kind](self, writer)
        took = self.wait_progress(began, epoch if changes else None)
        self.took[kind].append(took)
        if changes:
            assert self.writer() is not writer or kind in SAME_MAY_WRITE, "the one that failed writes"
            assert not self.lives(backend), "the backend of the writer before still lives"
        time.sleep(self.random.uniform(0, 0.3))
        repair()
        began = time.monotonic()
        self.wait_progress(began)
        gone = [name for name, i in self.instances.items() if not i.service.alive()]
        assert not gone, f"not alive any more: {gone}, exit codes {[self.instances[n].service.process.returncode for n in gone]}"
        self.gaps[kind].append(self.watcher.longest_gap(entered, time.monotonic()))
        return took

    def check_fence(self):
        """Epochs never go down; who advances is who raised that epoch last; every row comes from such a transaction."""
        query = self.stack.query
        assert query("SELECT count(*) FROM audit.moves WHERE new_epoch < old_epoch") == [(0,)]
        pids = defaultdict(set)
        for epoch, pid in query("SELECT new_epoch, pid FROM audit.moves GROUP BY 1, 2"):
            pids[epoch].add(pid)
        assert all(len(p) == 1 for p in pids.values()), {e: p for e, p in pids.items() if len(p) > 1}
        assert query("""SELECT count(*) FROM (SELECT new_epoch, max(new_epoch) OVER (PARTITION BY topic, partition ORDER BY at) AS most
                        FROM audit.moves) m WHERE new_epoch < most""") == [(0,)]
        tables = [t for (t,) in query("""SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                                         WHERE schemaname = 'gen_1' OR schemaname = 'archive' AND tablename LIKE 'events%'""")]
        for table in tables:
            strange = query(f"""SELECT count(*) FROM ONLY {table} t WHERE NOT EXISTS (
                SELECT FROM audit.moves m WHERE m.new_next > m.old_next AND (m.xid % 4294967296) = t.xmin::text::bigint)""")
            assert strange == [(0,)], f"{table}: {strange[0][0]} rows of transactions that advanced no offset"
        return len(pids)

    def check_archive(self):
        """The archive has every record of the log exactly once, and the offsets stand at the log's end."""
        topic = self.stack.topics["events"]
        consumer = Consumer({"bootstrap.servers": self.stack.brokers, "group.id": "check", "enable.auto.commit": False})
        ends = {p: consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=10)
                for p in range(self.stack.partitions["events"])}
        consumer.close()
        rows = {p: (n, d, low, high) for p, n, d, low, high in self.stack.query(
            """SELECT partition, count(*), count(DISTINCT "offset"), min("offset"), max("offset") FROM archive.events GROUP BY 1""")}
        reached = dict(self.stack.query("SELECT partition, next_offset FROM pulse.offsets WHERE topic = %s", topic))
        for p, (begin, end) in ends.items():
            assert rows.get(p) == (end - begin, end - begin, begin, end - 1), f"partition {p}: {rows.get(p)}, the log {begin}..{end}"
            assert reached[p] == end
        return sum(end for _, end in ends.values())

    def report(self):
        def line(kind, took, gaps):
            return (f"{kind:24} {len(took):4} {statistics.median(took):8.2f} {max(took):8.2f}"
                    + (f" {statistics.median(gaps):8.2f} {max(gaps):8.2f}" if gaps else ""))
        rows = [line(kind, took, self.gaps.get(kind)) for kind, took in sorted(self.took.items())]
        every = [sum(times.values(), []) for times in (self.took, self.gaps)]
        return "\n".join([f"{'seconds':24} {'n':>4} {'fault to progress':>17} {'nothing committed':>17}",
                          f"{'':24} {'':4} {'median':>8} {'most':>8} {'median':>8} {'most':>8}", *rows, line("all", *every)])

    def check_times(self):
        slow = {kind: max(took) for times in (self.took, self.gaps) for kind, took in times.items() if max(took) >= LIMIT_S}
        assert not slow, f"more than {LIMIT_S} s: {slow}"


# Faults: (fleet, writer) -> (when it began, does the epoch have to rise, repair) -----------------------------------------------


def kill(fleet, writer):
    began = time.monotonic()
    writer.service.kill()
    return began, True, writer.service.start


def hand_over(fleet, writer):
    """Stopped as an upgrade does it: it gives its lease back."""
    began = time.monotonic()
    assert writer.service.stop()[0] == 0
    return began, True, writer.service.start


def stop(fleet, writer):
    began = time.monotonic()
    writer.send(signal.SIGSTOP)
    return began, True, lambda: writer.send(signal.SIGCONT)


def _trap_copy(fleet, writer):
    trap = writer.proxy.set_trap(COPYING, within=True)
    assert trap["sprung"].wait(20), "no COPY was begun"
    state = fleet.stack.query("SELECT state, query, wait_event FROM pg_stat_activity WHERE client_port = %s",
                              trap["link"].client_port)
    wait_for(lambda: fleet.stack.query("SELECT 1 FROM pg_stat_activity WHERE client_port = %s AND state = 'active'"
                                       " AND query LIKE 'COPY archive.%%' AND wait_event = 'ClientRead'",
                                       trap["link"].client_port), 5, f"the backend waits within COPY, not {state}", every=0.02)
    return trap["link"]


def stop_in_copy(fleet, writer):
    """Stopped with half of a COPY sent: its backend holds the offset rows. What it had still to send follows when it goes on."""
    link = _trap_copy(fleet, writer)
    began, _, go_on = stop(fleet, writer)
    link.thaw() if fleet.random.random() < 0.5 else None

    def repair():
        writer.proxy.heal()
        go_on()
    return began, True, repair


def _links(fleet, writer, what):
    """The writer's links to its backends of that name."""
    ports = {port for (port,) in fleet.stack.query("SELECT client_port FROM pg_stat_activity WHERE pid = ANY(%s)", writer.pids(what))}
    return [link for link in writer.proxy.all_links() if link.client_port in ports]


def stop_in_load(fleet, writer):
    """Stopped between the statements that load a batch: what it loads when it goes on is of the other's writing, and its heartbeat
    learns of the other only later."""
    (link,) = fleet.wait_for(lambda: _links(fleet, writer, "load"), 20, "the writer has its loading connection", every=0.05)
    trap = writer.proxy.set_trap_on(link)
    assert trap["sprung"].wait(20), "nothing was loaded"
    began, _, go_on = stop(fleet, writer)
    for other in _links(fleet, writer, "heartbeat"):
        other.freeze()

    def repair():
        link.thaw()
        go_on()
        time.sleep(0.5)
        writer.proxy.heal()
    return began, True, repair


def kill_in_copy(fleet, writer):
    _trap_copy(fleet, writer)
    began = time.monotonic()
    writer.service.kill()

    def repair():
        writer.proxy.heal()
        writer.service.start()
    return began, True, repair


def terminate(fleet, writer):
    what = fleet.random.choice(("", "run", "load", "heartbeat"))
    pids = writer.pids(what)
    began = time.monotonic()
    fleet.stack.query("SELECT pg_terminate_backend(p) FROM unnest(%s::integer[]) AS p", pids)
    return began, what in ("", "run"), lambda: None


def cut(fleet, writer):
    began = time.monotonic()
    for link in writer.proxy.all_links():
        link.cut()
    return began, True, lambda: None


def mute(fleet, writer):
    """All its connections stand and carry nothing; new ones neither."""
    began = time.monotonic()
    writer.proxy.freeze_all()
    return began, True, writer.proxy.heal


def mute_in_copy(fleet, writer):
    """Only the writing connection is mute, within a COPY, while the heartbeat goes on."""
    _trap_copy(fleet, writer)
    return time.monotonic(), True, writer.proxy.heal


def mute_load(fleet, writer):
    """Only the connection that loads is mute."""
    began = time.monotonic()
    for link in _links(fleet, writer, "load"):
        link.freeze()
    return began, True, writer.proxy.heal


def taker_stops(fleet, writer):
    """The writer is killed, and who wants to take over is stopped in the middle of it: in a transaction that locks the lease's row."""
    others = [i for i in fleet.instances.values() if i is not writer]
    traps = [(i, i.proxy.set_trap(TAKING)) for i in others]
    began = time.monotonic()
    writer.service.kill()
    deadline = time.monotonic() + 10
    while not (sprung := [i for i, t in traps if t["sprung"].is_set()]):
        assert time.monotonic() < deadline, "nobody tried to take over"
        time.sleep(0.01)
    for i in others:
        i.proxy.trap = None
    taker = sprung[0]
    taker.send(signal.SIGSTOP)
    for i in others:
        if i is not taker:
            i.proxy.heal()
    writer.service.start()

    def repair():
        taker.proxy.heal()
        taker.send(signal.SIGCONT)
    return began, True, repair


def standby_stops(fleet, writer):
    """One that stands by is stopped, then the writer is killed and comes back."""
    other = fleet.random.choice([i for i in fleet.instances.values() if i is not writer])
    other.send(signal.SIGSTOP)
    time.sleep(fleet.random.uniform(0, 0.3))
    began = time.monotonic()
    writer.service.kill()
    writer.service.start()
    return began, True, lambda: other.send(signal.SIGCONT)


KINDS = {"SIGTERM": hand_over, "kill": kill, "kill in COPY": kill_in_copy, "stop": stop, "stop in COPY": stop_in_copy,
         "stop in load": stop_in_load, "terminate": terminate, "cut": cut, "mute": mute, "mute in COPY": mute_in_copy,
         "mute load": mute_load, "taker stops": taker_stops, "standby stops": standby_stops}
# Whose process lives may have its place back: somebody writes.
SAME_MAY_WRITE = {"terminate", "cut", "mute in COPY", "mute load", "taker stops", "standby stops"}
