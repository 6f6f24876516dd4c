"""The live table: redrawn in place on a terminal, as wide and high as that is; a line now and then elsewhere."""
import shutil
import sys
import time
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
HEADINGS = ("danh sách", "tài khoản", "tham gia", "đạt", "chứng nhận")
WIDTHS = (11, 11, 10, 8, 12)
NAME_WIDTH = 30
QUERY = """
SELECT printed_name, registered, accounts, participated, passed, certified
  FROM bi.participation WHERE wave = %s AND registered > 0 ORDER BY registered DESC, print_order"""
# Through when the platform was read, by its own clock, stream by stream; lists come when somebody sends them and do not age.
FRESH = """
SELECT stream, extract(epoch FROM complete_through)::float8
  FROM bi.freshness WHERE stream NOT IN ('roster', 'totals') ORDER BY complete_through DESC NULLS LAST, stream"""


def dotted(number):
    return f"{number:,}".replace(",", ".")


def cut(text, width):
    return text if len(text) <= width else text[:max(width - 1, 0)] + "…"


class Live:
    """site: see demo.py. clock() is the platform's time in seconds, of which `speed` go by in one of ours."""

    def __init__(self, site, wave, clock, speed):
        self.site, self.wave, self.clock, self.speed = site, wave, clock, speed
        self.terminal = sys.stdout.isatty()
        self.lines = 0
        self.before = time.monotonic(), 0.0
        self.said = 0.0
        self.figures = None

    def _rate(self):
        now, records = time.monotonic(), self.site.counted()
        rate = (records - self.before[1]) / max(now - self.before[0], 1e-6)
        self.before = now, records
        return max(rate, 0)

    def show(self, last=False):
        if not self.terminal and not last and time.monotonic() - self.said <= 5:
            return
        units = self.site.query(QUERY, self.wave)
        total = [sum(unit[i] for unit in units) for i in range(1, 6)]
        if not self.terminal and last and total == self.figures:
            return
        self.figures = total
        clock = self.clock()
        now = f"{datetime.fromtimestamp(clock, VIETNAM):%d/%m/%Y %H:%M}  {self._rate():>6.0f} events/s"
        ages = [f"{stream} {'not read whole yet' if through is None else f'{max(clock - through, 0) / self.speed:.1f} s'}"
                for stream, through in self.site.query(FRESH)]
        if self.terminal:
            self._draw(now, "  as old as  " + ", ".join(ages), units, total)
        else:
            self.said = time.monotonic()
            figures = [f"{name} {dotted(count)}" for name, count in
                       zip(("registered", "accounts", "participated", "passed", "certified"), total)]
            print(f"{now}, {', '.join(figures)}; as old as {', '.join(ages)}", flush=True)

    def _draw(self, now, ages, units, total):
        columns, height = shutil.get_terminal_size()
        name_width = min(NAME_WIDTH, max(columns - sum(WIDTHS) - 3, 12))

        def row(name, cells):
            return f"  {cut(name, name_width):<{name_width}}" + "".join(f"{c:>{w}}" for c, w in zip(cells, WIDTHS))
        shown = units[:max(min(12, height - 7), 0)]
        text = [now, ages, row("Đơn vị", HEADINGS)]
        text += [row(name, map(dotted, counts)) for name, *counts in shown]
        if len(units) > len(shown):
            text.append(f"  … {len(units) - len(shown)} more")
        text.append(row(f"Tổng số, {len(units)} đơn vị", map(dotted, total)))
        sys.stdout.write(f"\x1b[{self.lines}F" if self.lines else "")
        sys.stdout.write("".join(f"\x1b[2K{cut(line, columns - 1)}\n" for line in text) + "\x1b[J")
        sys.stdout.flush()
        self.lines = len(text)

    def done(self):
        """What it came to, also where a line was written a moment ago."""
        self.show(last=True)
        self.lines = 0
