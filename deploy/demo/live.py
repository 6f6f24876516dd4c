"""The live table: redrawn in place on a terminal, a line now and then elsewhere."""
import sys
import time

SHOWN = 12
QUERY = """
SELECT coalesce(printed_name, '(không có trong danh sách)'), registered, accounts, participated, passed, certified
  FROM bi.participation WHERE wave = %s AND registered > 0 ORDER BY registered DESC LIMIT %s"""
TOTAL = """
SELECT coalesce(sum(registered), 0), coalesce(sum(accounts), 0), coalesce(sum(participated), 0),
       coalesce(sum(passed), 0), coalesce(sum(certified), 0) FROM bi.participation WHERE wave = %s"""
FRESH = "SELECT extract(epoch FROM max(clock_timestamp() - committed_at)) FROM pulse.offsets WHERE committed_at IS NOT NULL"


class Live:
    def __init__(self, stack, wave, clock):
        self.stack, self.wave, self.clock = stack, wave, clock
        self.terminal = sys.stdout.isatty()
        self.lines = 0
        self.before = time.monotonic(), 0.0
        self.said = 0.0

    def _rate(self):
        now, records = time.monotonic(), self.stack.aggregator.metrics().get("mooc_aggregator_records_total", 0.0)
        rate = (records - self.before[1]) / max(now - self.before[0], 1e-6)
        self.before = now, records
        return max(rate, 0)

    def show(self):
        total, = self.stack.query(TOTAL, self.wave)
        head = (f"{self.clock():<17} registered {total[0]:>5}  accounts {total[1]:>5}  participated {total[2]:>5}"
                f"  passed {total[3]:>5}  certified {total[4]:>5}  {self._rate():>6.0f} events/s")
        if not self.terminal:
            if time.monotonic() - self.said > 5:
                self.said = time.monotonic()
                print(head, flush=True)
            return
        fresh = self.stack.query(FRESH)[0][0]
        text = [head + (f"  last change {float(fresh):.1f} s ago" if fresh is not None else ""),
                f"  {'Đơn vị':<42}{'danh sách':>10}{'tài khoản':>10}{'tham gia':>10}{'đạt':>8}{'chứng nhận':>12}"]
        for name, *counts in self.stack.query(QUERY, self.wave, SHOWN):
            widths = (10, 10, 10, 8, 12)
            text.append(f"  {name:<42}" + "".join(f"{c or 0:>{w}}" for c, w in zip(counts, widths)))
        sys.stdout.write(f"\x1b[{self.lines}F" if self.lines else "")
        sys.stdout.write("".join(f"\x1b[2K{line}\n" for line in text) + "\x1b[J")
        sys.stdout.flush()
        self.lines = len(text)

    def done(self):
        self.lines = 0
