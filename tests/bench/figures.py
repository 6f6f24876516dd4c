"""How figures are printed and kept: each with what it must reach and what it aims at."""
import bisect
import os
from pathlib import Path


def say(text):
    print(text, flush=True)


def peak_rss(service):
    """In MiB."""
    for line in Path(f"/proc/{service.process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu_seconds(service):
    fields = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _stat(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def server_cpu_seconds(postmaster):
    """Of a PostgreSQL server: the postmaster, the children that ended and those that run."""
    ticks = sum(int(n) for n in _stat(postmaster)[11:15])
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = _stat(folder.name)
        except OSError:
            continue  # it has just ended
        if int(fields[1]) == postmaster:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def parent(pid):
    return int(_stat(pid)[1])


def histogram(samples, bounds):
    """Lines of how many samples are below each bound and at least the one before."""
    counts = [0] * (len(bounds) + 1)
    for sample in samples:
        counts[bisect.bisect_right(bounds, sample)] += 1
    names = [f"< {bound}" for bound in bounds] + [f">= {bounds[-1]}"]
    return [f"{name:>8} {count:>8} {100 * count / len(samples):6.2f} % {'#' * round(60 * count / len(samples))}"
            for name, count in zip(names, counts) if count]


def memory_budget(entities):
    """Of mooc-ingest, in MiB: 64 MiB and 64 B for each."""
    return 64 + 64 * entities / 2**20


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


class Figures:
    def __init__(self, smoke=False):
        self.smoke, self.results, self.judged = smoke, {}, []

    def keep(self, **values):
        self.results |= values

    def judge(self, what, value, must=None, aim=None, unit="", least=True):
        """Prints a figure next to its bounds; least: it must be at least that. A smoke run is too short to judge."""
        def reached(bound):
            return None if bound is None else value >= bound if least else value <= bound
        self.judged.append({"what": what, "value": value, "unit": unit.strip(), "must": must, "aim": aim, "at_least": least,
                            "must_reached": reached(must), "aim_reached": reached(aim)})
        known = reached(must) is not None or reached(aim) is not None
        verdict = "" if self.smoke or not known else "MISS" if reached(must) is False else "short" if reached(aim) is False else "ok"
        bounds = ", ".join(f"{name} {'>=' if least else '<='} {number(bound)}{unit}"
                           for name, bound in (("must", must), ("aim", aim)) if bound is not None)
        say(f"  {verdict:<5} {what:<64} {number(value):>8}{unit:<4} {bounds}".rstrip())
