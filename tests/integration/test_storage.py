"""What `status` says of room, growth and retention; and what happens when the disk is full."""
import contextlib
import glob
import json
import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, ConfigResource

from harness import checks
from harness.stack import wait_for
from private_database import private_database
from test_archive import event


def storage(stack, *options):
    return json.loads(stack.command("mooc-aggregator", "status", "--format", "json", *options).stdout)["storage"]


def set_topic(stack, topic, **config):
    resource = ConfigResource(ConfigResource.Type.TOPIC, stack.topics[topic],
                              set_config={"message.timestamp.type": "LogAppendTime"} | config)
    admin = AdminClient({"bootstrap.servers": stack.brokers})
    for future in admin.alter_configs([resource]).values():
        future.result(30)


def test_status_shows_room_growth_and_retention(stack):
    stack.make_aggregator()
    producer = Producer({"bootstrap.servers": stack.brokers})
    for number in range(100):
        producer.produce(stack.topics["events"], event(number, 1), key=str(number))
    assert producer.flush(30) == 0
    stack.aggregator.start()
    wait_for(lambda: stack.query("SELECT count(*)::int FROM archive.events") == [(100,)], 30, "all is archived")
    wait_for(lambda: stack.query("SELECT count(*)::int FROM pulse.sizes") > [(2,)], 10, "the writer notes today's sizes")
    seen = storage(stack)
    parts = {p["part"]: p for p in seen["parts"]}
    assert parts["database"]["bytes"] > parts["archive"]["bytes"] > 10000 and parts["generation 1"]["bytes"] > 10000
    assert parts["database"]["days_left"] is None and parts["database"]["bytes_per_day"] is None  # one day tells nothing
    events = seen["topics"][0]
    assert (events["records_held"], events["records_deleted"], events["retention_ms"], events["retention_bytes"]) == (100, 0, -1, -1)
    assert seen["warnings"] == [] and [m["exported"] for m in seen["months"]] == [False]
    # Four days ago it was half a GiB smaller, of which the archive has the half; what is older does not count.
    stack.query("UPDATE pulse.sizes SET day = day - 4, bytes = bytes - 400 * 1024 * 1024, records = 60")
    stack.query("INSERT INTO pulse.sizes SELECT day - 4, part, 0, 0 FROM pulse.sizes")
    seen = storage(stack, "--storage-capacity", "2900MiB", "--storage-kafka-capacity", "1MiB")
    parts = {p["part"]: p for p in seen["parts"]}
    assert abs(parts["archive"]["bytes_per_day"] - 100 * 2**20) < 2**20
    assert parts[f"topic {stack.topics['events']}"]["records_per_day"] == 10
    assert parts["database"]["days_left"] == (2900 * 2**20 - parts["database"]["bytes"]) // parts["database"]["bytes_per_day"]
    per_record = parts["archive"]["bytes"] // 100
    assert seen["topics"][0]["bytes_per_day_estimated"] == 10 * per_record
    assert seen["topics"][0]["days_left"] == (2**20 - 100 * per_record) // (10 * per_record)
    assert len(seen["warnings"]) == 1 and "the database has room for 2" in seen["warnings"][0]
    assert storage(stack, "--storage-path", "/")["database_free"] > 0
    text = stack.command("mooc-aggregator", "status").stdout
    assert "100 positions held (records, and marks that end transactions), kept for ever" in text and "storage.capacity" in text
    told = stack.command("mooc-aggregator", "status", "--lang", "vi").stdout
    assert re.search(r"cơ sở dữ liệu +\d+,\d MiB ", told), told
    assert re.search(r"\n  \d\d/20\d\d +\d+,\d KiB", told) and re.search(r"Đang tính +\S+ từ \d\d/\d\d/20\d\d ", told), told
    assert not re.search(r"\d\.\d [KMG]iB|20\d\d-\d\d|\+07:00", told), told
    set_topic(stack, "events", **{"retention.ms": str(86400000)})
    set_topic(stack, "dead", **{"retention.bytes": "1000000"})
    stack.query("SELECT archive.ensure_month('2023-01-01Z')")  # long ago, and exported nowhere
    seen = storage(stack)["warnings"]
    assert len(seen) == 2 and "after 1 days, but those since 2023-01-01 are in no checked export" in seen[0] and "by size" in seen[1]
    assert f"WARNING     {seen[0]}\n" in stack.command("mooc-aggregator", "status").stdout
    stack.query("INSERT INTO archive.exports (month, partition, folder, rows, erased, hash) VALUES ('2023-01-01', 0, '/e', 0, 0, 0)")
    set_topic(stack, "events", **{"retention.ms": str(40 * 86400000)})  # longer than this month is old
    assert len(storage(stack)["warnings"]) == 1


class SmallServer:
    """A PostgreSQL of its own whose data, or whose write-ahead log, lies on a file system of a few megabytes."""

    def __init__(self, folder, small, size):
        self.folder = folder
        self.bin = Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(Path(p).parts[4]))[-1])
        self.data, self.wal = folder / "data", folder / "wal"
        self.small = getattr(self, small)
        for path in (self.data, self.wal):
            path.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", self.small], capture_output=True, text=True)
        self.mounted = done.returncode == 0
        if not self.mounted:
            pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        subprocess.run(["chown", "-R", "postgres", folder], check=True)
        for path in (self.data, self.wal):
            path.chmod(0o700)
        self.run("initdb", "-D", self.data, "-X", self.wal, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N",
                 "--wal-segsize=1")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = ''\nfsync = off\n"
                       "shared_buffers = 16MB\nmin_wal_size = 4MB\nmax_wal_size = 16MB\ntimezone = 'UTC'\n")
        self.start()

    def run(self, program, *arguments):
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        return subprocess.run([*user, self.bin / program, *arguments], check=True, cwd="/", stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self):
        self.run("pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log")

    def free(self):
        about = os.statvfs(self.small)
        return about.f_bavail * about.f_frsize

    def conninfo(self, user):
        return f"host=127.0.0.1 port={self.port} dbname=mooc user={user}"

    def adopt(self, database):
        """The schema as it is deployed, with its roles."""
        here = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-q", "-X"]
        roles = subprocess.run(["pg_dumpall", "--roles-only"], check=True, capture_output=True, text=True).stdout
        subprocess.run(["psql", *here, "-d", "postgres"], input=roles, text=True, capture_output=True, check=True)
        subprocess.run(["createdb", *here[:6], "-O", "mooc_owner", "mooc"], check=True)
        dump = subprocess.run(["pg_dump", database], check=True, capture_output=True, text=True).stdout
        subprocess.run(["psql", *here, "-d", "mooc", "-v", "ON_ERROR_STOP=1"], input=dump, text=True, capture_output=True, check=True)

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            with contextlib.suppress(subprocess.CalledProcessError):
                self.run("pg_ctl", "stop", "-m", "immediate", "-D", self.data)
        if self.mounted:
            subprocess.run(["umount", "-l", self.small], check=True)
        shutil.rmtree(self.folder)


@contextlib.contextmanager
def small_server(stack, small, size):
    folder = Path(tempfile.mkdtemp(prefix="mooc-small-", dir="/var/tmp"))
    folder.chmod(0o755)
    server = SmallServer.__new__(SmallServer)
    server.folder, server.mounted, server.data = folder, False, folder / "data"
    try:
        server.__init__(folder, small, size)
        with private_database() as deployed:
            server.adopt(deployed.name)
        stack.conninfo = lambda user="mooc_writer": server.conninfo(user)
        yield server
    finally:
        if stack.aggregator and stack.aggregator.alive():
            stack.aggregator.kill()
        del stack.conninfo
        server.stop()


def produce(stack, numbers):
    """About two KiB each that no compression makes small."""
    rng = random.Random(numbers[0])
    producer = Producer({"bootstrap.servers": stack.brokers})
    for number in numbers:
        producer.produce(stack.topics["events"], event(number, 1, data={"identifiers": [f"email:{number}"], "x": rng.randbytes(1000).hex()}),
                         key=str(number))
    assert producer.flush(30) == 0


def archived(stack):
    return stack.query("SELECT count(*)::int FROM archive.events")[0][0]


@pytest.mark.long
def test_a_full_disk_stops_the_writer_cleanly(stack):
    with small_server(stack, "data", "100m") as server:
        stack.make_aggregator().start()
        produce(stack, range(1000))
        wait_for(lambda: archived(stack) == 1000, 30, "it counts while there is room")
        ballast = server.data / "ballast"
        ballast.write_bytes(bytes(server.free() - 3 * 2**20))
        produce(stack, range(1000, 9000))
        wait_for(lambda: "disk is full" in stack.aggregator.log_text(), 60, "the disk is full")
        # It stays so for a while: said once, not ready, nothing lost, nobody tries all the time.
        with pytest.raises(AssertionError, match="still not"):
            wait_for(lambda: not stack.aggregator.alive(), 5, "gone")
        status, reason = stack.aggregator.get("/readyz")
        assert status == 503 and "disk: the database's disk is full; nothing is lost" in reason, reason
        assert stack.aggregator.log_text().count("disk is full") == 1
        assert 1000 <= archived(stack) < 9000
        ballast.unlink()
        wait_for(lambda: archived(stack) == 9000, 60, "it goes on by itself")
        wait_for(lambda: stack.aggregator.get("/readyz")[0] == 200, 10, "ready again")
        assert "has room again" in stack.aggregator.log_text()
        checks.check_tallies(stack)
        assert stack.query("SELECT registered + not_registered FROM gen_1.tallies WHERE scope = 'all'") == [(9000,)]
        assert stack.aggregator.stop()[0] == 0


@pytest.mark.long
def test_a_full_write_ahead_log_too(stack):
    """There PostgreSQL itself ends, until somebody has made room and started it."""
    with small_server(stack, "wal", "40m") as server:
        stack.make_aggregator().start()
        produce(stack, range(1000))
        wait_for(lambda: archived(stack) == 1000, 30, "it counts while there is room")
        ballast = server.wal / "ballast"
        ballast.write_bytes(bytes(max(server.free() - 2**20, 0)))
        produce(stack, range(1000, 9000))

        def gone():
            try:
                return archived(stack) is None
            except Exception:
                return True
        wait_for(gone, 60, "PostgreSQL ends")
        wait_for(lambda: stack.aggregator.get("/readyz")[0] == 503, 20, "not ready")
        assert stack.aggregator.alive()
        ballast.unlink()
        with contextlib.suppress(subprocess.CalledProcessError):
            server.start()
        wait_for(lambda: not gone() and archived(stack) == 9000, 90, "it goes on by itself")
        checks.check_tallies(stack)
