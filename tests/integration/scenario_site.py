"""A scenario on both services: lists come, platforms are pulled, and every cell of a view or table is compared with what it must be."""
import shutil
import time

from harness.stack import wait_for


def secret(stack, name, text):
    """A file that holds it; its path."""
    path = stack.folder / name
    path.touch(mode=0o600)
    path.write_bytes(text)
    return str(path)


class Site:
    """`sources` are those of the configuration; `reference` is the folder that both services read."""

    def __init__(self, stack, reference, sources):
        self.stack = stack
        stack.make_aggregator()
        stack.make_ingest([*sources, {"name": "lists", "kind": "files"}], reference=str(reference))
        self.seconds = {}
        stack.command("mooc-aggregator", "config", "load", reference)
        stack.aggregator.start()
        stack.ingest.start()
        for service in (stack.aggregator, stack.ingest):
            wait_for(lambda s=service: s.port_file.exists() and s.get("/readyz")[0] == 200, 60,
                     f"{service.binary.name} ready (see {service.log})")

    def took(self, what, begun):
        self.seconds[what] = round(self.seconds.get(what, 0) + time.monotonic() - begun, 1)

    def send(self, files):
        """(kind, wave, file, source) each, complete of what it is about."""
        begun = time.monotonic()
        for kind, wave, path, source in files:
            of = ("--wave", wave) if wave else ()
            self.stack.command("mooc-ingest", "import", path, "--kind", kind, "--scope", "complete", "--source", source, *of, timeout=600)
        self.took("lists", begun)

    def drop(self, files, seconds=120):
        """Into watched folders ({folder: files}), in each in this order; returns when all were read without a rejected row."""
        def read():
            return {path for inbox in files for path in inbox.glob("done/*.txt")}
        begun, before = time.monotonic(), read()
        for inbox, paths in files.items():
            for path in paths:
                part = inbox / (path.name + ".part")
                shutil.copy(path, part)
                part.rename(inbox / path.name)
        wait_for(lambda: len(read() - before) == sum(map(len, files.values())), seconds,
                 f"all of {files} read; failed: {sorted(p.name for inbox in files for p in inbox.glob('failed/*'))}")
        self.took("lists", begun)

    def pull(self, streams, seconds):
        """Until every stream of the platforms ({name: number of streams}) was read whole once more, from now on, and all of it counts."""
        begun = time.monotonic()
        now = self.stack.query("SELECT now()")[0][0]

        def whole():
            seen = self.stack.query("SELECT source, count(*) FROM bi.freshness WHERE source = ANY(%s) AND complete_through >= %s"
                                    " GROUP BY source", list(streams), now)
            return dict(seen) == streams
        wait_for(whole, seconds, f"every platform read whole (see {self.stack.ingest.log})", every=0.3)
        self.took("platforms", begun)

    def settles(self, compare, seconds):
        """Until compare() gives Cells without a difference, which are returned; else fails with what differs."""
        deadline = time.monotonic() + seconds
        while (cells := compare()).wrong and time.monotonic() < deadline:
            time.sleep(0.5)
        cells.verdict()
        return cells

    def query(self, sql, *parameters):
        return self.stack.query(sql, *parameters)

    def today(self, day):
        """From now on it is that day, in this database."""
        self.query(f"CREATE OR REPLACE VIEW pulse.today AS SELECT DATE '{day}' AS today")


    def stop(self):
        for service in (self.stack.ingest, self.stack.aggregator):
            code, _ = service.stop()
            assert code == 0, service.log_text()[-2000:]


class Cells:
    """Counts the cells that were compared and keeps those that differ."""

    def __init__(self):
        self.count, self.wrong = {}, []

    def equal(self, what, expected, got, columns):
        """{row: {column: value}} of both; a row that is missing is one of zeros."""
        cells = 0
        for row in sorted(set(expected) | set(got), key=str):
            for column in columns:
                want, have = expected.get(row, {}).get(column) or 0, got.get(row, {}).get(column) or 0
                cells += 1
                if want != have:
                    self.wrong.append(f"{what} {row} {column}: expected {want}, got {have}")
        self.count[what] = self.count.get(what, 0) + cells

    def verdict(self, when=""):
        shown = "\n".join(self.wrong[:40])
        assert not self.wrong, f"{len(self.wrong)} of {sum(self.count.values())} cells differ {when}:\n{shown}"

    def __str__(self):
        return ", ".join(f"{name} {n:,}" for name, n in self.count.items())


def table(rows, keys, columns):
    """Rows of a query as {row: {column: value}}: the first `keys` columns are the row."""
    return {tuple(r[:keys]) if keys > 1 else r[0]: dict(zip(columns, r[keys:])) for r in rows}
