"""What scenarios share: both services on a reference folder of their own, lists sent in order, tables compared cell by cell."""
import shutil
import time

from harness.stack import wait_for


def differences(expected, got, measures, limit=20):
    """Lines that name cell, expected and got, of two tables {key: {measure: number}}; a row that is missing is one of zeros."""
    lines = []
    for key in sorted(set(expected) | set(got), key=str):
        for m in measures:
            want, is_ = int(expected.get(key, {}).get(m) or 0), int(got.get(key, {}).get(m) or 0)
            if want != is_:
                lines.append(f"{'/'.join(map(str, key))}: {m} should be {want}, is {is_}")
    return lines[:limit] + [f"and {len(lines) - limit} more"] * (len(lines) > limit)


def cells(table, measures):
    return sum(len([m for m in measures if row.get(m)]) for row in table.values())


class Site:
    """Both services of a stack with these sources and this reference folder."""

    def __init__(self, stack, reference, sources):
        self.stack, self.reference = stack, reference
        for name in {name for s in sources for name in s.pop("secrets", {}).items()}:
            path = stack.folder / name[0]
            path.touch(mode=0o600)
            path.write_bytes(name[1])
        stack.make_aggregator()
        stack.make_ingest(sources, reference=str(reference))

    def start(self):
        self.stack.command("mooc-aggregator", "config", "load", self.reference)
        for service in (self.stack.aggregator, self.stack.ingest):
            service.start()
        for service in (self.stack.aggregator, self.stack.ingest):
            wait_for(lambda s=service: s.port_file.exists() and s.get("/readyz")[0] == 200, 30,
                     f"{service.binary.name} ready (see {service.log})")

    def send(self, inbox, files, seconds=120):
        """Into a watched folder, in this order; returns when all were read without a rejected row."""
        done = inbox / "done"
        before = set(done.glob("*.txt")) if done.exists() else set()
        for path in files:
            part = inbox / (path.name + ".part")
            shutil.copy(path, part)
            part.rename(inbox / path.name)
        wait_for(lambda: done.exists() and len(set(done.glob("*.txt")) - before) == len(files), seconds,
                 f"{len(files)} files read from {inbox}; failed: {sorted(p.name for p in inbox.glob('failed/*'))}")

    def query(self, sql, *parameters):
        return self.stack.query(sql, *parameters)

    def table(self, sql, keys, measures, *parameters):
        """{values of the first `keys` columns: {measure: value}}"""
        return {row[:keys]: dict(zip(measures, row[keys:])) for row in self.query(sql, *parameters)}

    def settles(self, compare, seconds):
        """Until compare() gives no difference; else fails with what differs."""
        deadline = time.monotonic() + seconds
        while wrong := compare():
            if time.monotonic() > deadline:
                raise AssertionError("\n".join(["cells differ:", *wrong]))
            time.sleep(1)

    def stop(self):
        for service in (self.stack.ingest, self.stack.aggregator):
            code, _ = service.stop()
            assert code == 0, service.log_text()[-2000:]
