"""The demo with both services and the platform as processes, on the Kafka and PostgreSQL that `make up` started."""
import os
import shutil

from harness.stack import REFERENCE, wait_for
from simulator import Simulator


class Local:
    """See demo.py for what a site offers."""

    def __init__(self, stack):
        self.stack, self.folder, self.binaries = stack, stack.folder, stack.binaries
        self.login = f"bi_{stack.name}"
        self.logs = f"{stack.folder}/*.log"
        self.platform = None

    def __enter__(self):
        self.stack.open()
        return self

    def __exit__(self, *_):
        self.close_platform()
        self.stack.close(keep_server_side=True)

    def close_platform(self):
        if self.platform:
            self.platform.__exit__()

    def start(self, speed):
        self.platform = Simulator(world="hagiang", seed=1, start="begin", speed=speed, expires_in=30, sim_date=True,
                                  rate=["enrollment=6000/minute", "default=6000/minute"])
        self.platform.__enter__()
        self.stack.make_aggregator(hmac_key_file=str(self.stack.folder / "hmac-key"))
        self.stack.make_ingest([self.stack.openedx_source(self.platform.url, accounts_by_email=True),
                                self.stack.files_source(poll="500ms", received="saved")])
        said = self.stack.command("mooc-aggregator", "config", "load", REFERENCE).stdout.strip().splitlines()[-1]
        self.stack.aggregator.start()
        self.stack.ingest.start()
        for service in (self.stack.aggregator, self.stack.ingest):
            wait_for(lambda s=service: s.port_file.exists() and s.get("/readyz")[0] == 200, 30,
                     f"{service.binary.name} ready (see {service.log})")
        return said

    def clock(self, **change):
        return self.platform.clock(**change)

    def send(self, roster, saved):
        there = self.stack.folder / "inbox" / roster.name
        shutil.copy(roster, there.with_name(there.name + ".part"))
        os.utime(there.with_name(there.name + ".part"), (saved, saved))
        there.with_name(there.name + ".part").rename(there)

    def hand(self, _program, path):
        return path

    def place(self, name):
        return self.folder / name

    def fetch(self, _program, there):
        return there

    def command(self, program, *arguments):
        return self.stack.command(program, *arguments).stdout

    def query(self, sql, *parameters):
        return self.stack.query(sql, *parameters)

    def counted(self):
        return self.stack.aggregator.metrics().get("mooc_aggregator_records_total", 0.0)

    def stop(self):
        return [(s.binary.name, *s.stop()) for s in (self.stack.ingest, self.stack.aggregator)]

    def psql(self):
        return f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={self.stack.database} user={self.login}"
